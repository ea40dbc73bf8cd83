/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-throttle.h"

typedef struct
{
  SocketeerThrottle *throttle;
  GFunc func;
  gpointer data;
} Call;

static void
call_now (SocketeerThrottle *self, GFunc func, gpointer data)
{
  self->last = g_get_monotonic_time ();
  func (data, NULL);
}

static gboolean
due_cb (gpointer user_data)
{
  Call *call = user_data;

  call->throttle->id = 0;
  call_now (call->throttle, call->func, call->data);
  return G_SOURCE_REMOVE;
}

void
socketeer_throttle_queue (SocketeerThrottle *self, guint interval, GFunc func, gpointer data)
{
  gint64 rest = self->last + interval * G_TIME_SPAN_MILLISECOND - g_get_monotonic_time ();
  Call *call;

  g_return_if_fail (func != NULL);

  if (self->id != 0)
    return;
  if (self->last == 0 || rest <= 0)
    {
      call_now (self, func, data);
      return;
    }
  call = g_new (Call, 1);
  *call = (Call){ self, func, data };
  self->id = g_timeout_add_full (G_PRIORITY_DEFAULT, rest / 1000 + 1, due_cb, call, g_free);
}

void
socketeer_throttle_clear (SocketeerThrottle *self)
{
  g_clear_handle_id (&self->id, g_source_remove);
}
