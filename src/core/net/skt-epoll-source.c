/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-epoll-source.h"

#include "skt-transport.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

/* What is reported goes to the end of the kernel's list of ready descriptors, so small batches are a fair rotation. */
#define BATCH 8
#define MAX_BATCHES 64
#define DISPATCH_BUDGET (4 * 1024 * 1024)
#define TURN_QUOTA (1024 * 1024)

typedef struct
{
  GSource source;
  SktEngine *engine;    /* borrowed */
  int fd;
} SktEpollSource;

static gsize
handle_batch (const struct epoll_event *events, int n, gsize budget)
{
  gsize used = 0;

  for (int i = 0; i < n; i++)
    skt_transport_ref (events[i].data.ptr);
  for (int i = 0; i < n; i++)
    {
      gsize left = used < budget ? budget - used : 0;

      used += skt_transport_handle_events (events[i].data.ptr, events[i].events,
                                           CLAMP (left, SKT_READ_SIZE, TURN_QUOTA));
    }
  for (int i = 0; i < n; i++)
    skt_transport_unref (events[i].data.ptr);
  return used;
}

static gboolean
epoll_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  SktEpollSource *self = (SktEpollSource *) source;
  gsize budget = DISPATCH_BUDGET;

  for (guint batch = 0; batch < MAX_BATCHES && budget > 0; batch++)
    {
      struct epoll_event events[BATCH];
      int n = epoll_wait (self->fd, events, BATCH, 0);

      if (n <= 0)
        break;
      budget -= MIN (budget, handle_batch (events, n, budget));
      if (n < BATCH)
        break;
    }
  _skt_engine_flush_in_worker (self->engine);
  return G_SOURCE_CONTINUE;
}

static void
epoll_source_finalize (GSource *source)
{
  SktEpollSource *self = (SktEpollSource *) source;

  if (self->fd >= 0)
    close (self->fd);
}

static GSourceFuncs epoll_source_funcs = {
  .dispatch = epoll_source_dispatch,
  .finalize = epoll_source_finalize,
};

GSource *
skt_epoll_source_new (SktEngine *engine)
{
  GSource *source = g_source_new (&epoll_source_funcs, sizeof (SktEpollSource));
  SktEpollSource *self = (SktEpollSource *) source;

  self->engine = engine;
  self->fd = epoll_create1 (EPOLL_CLOEXEC);
  if (self->fd < 0)
    g_error ("epoll_create1: %s", g_strerror (errno));
  g_source_set_name (source, "skt-epoll");
  g_source_add_unix_fd (source, self->fd, G_IO_IN);
  return source;
}

gboolean
skt_epoll_source_control (GSource *source, int operation, int fd, guint32 events, SktTransport *transport)
{
  SktEpollSource *self = (SktEpollSource *) source;
  struct epoll_event event = { .events = events, .data.ptr = transport };

  return epoll_ctl (self->fd, operation, fd, &event) == 0;
}
