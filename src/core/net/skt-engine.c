/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-engine.h"

#include "skt-engine-private.h"
#include "skt-epoll-source.h"
#include "skt-server-worker.h"
#include "skt-session-worker.h"
#include "skt-sync.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

/* SktEngine:
 *
 * Commands go down by a queue with one source that wakes the I/O thread. Each session that did something is "touched":
 * before the thread waits again, its journal is flushed and what the main thread is to see is published, once for all
 * of it. */

#define MAX_DESCRIPTORS (1 << 20)
/* For files, the display, D-Bus and what libraries open. */
#define DESCRIPTOR_RESERVE 128
#define ACCEPT_RETRY G_TIME_SPAN_SECOND
/* Twice what is read, as pages may come in pieces; not more than anybody may have (/proc/sys/fs/pipe-max-size). */
#define PIPE_SIZE (2 * SKT_PIPE_READ_SIZE)
#define STOP_PATIENCE (2 * G_TIME_SPAN_SECOND)

typedef struct
{
  SktCommandFunc func;
  gpointer data;
  GDestroyNotify destroy;
} SktCommand;

struct _SktEngine
{
  GObject parent_instance;

  /* main thread */
  GThread *io_thread;           /* NULL: stopped */

  /* set before the threads start */
  GMainContext *main_context;
  GMainContext *io_context;
  GMainLoop *io_loop;
  SktSync *sync;
  GSource *command_source;
  GSource *epoll_source;
  GSource *flush_source;
  GSource *measured_source;
  guint max_descriptors;

  GMutex lock;
  GQueue commands;              /* SktCommand, owned; guarded by lock */

  /* I/O thread */
  GPtrArray *sessions;          /* SktSessionWorker, owned */
  GPtrArray *touched;           /* SktSessionWorker, owned */
  GPtrArray *servers;           /* SktServerWorker that listen, borrowed */
  GSource *accept_timer;        /* not NULL: no server accepts for want of descriptors */
  guint8 *scratch;
  int pipe[2];                  /* -1: none, -2: not made yet */
  guint n_descriptors;
  guint n_operations;

  guint64 n_dispatches;         /* atomic */
};

G_DEFINE_FINAL_TYPE (SktEngine, skt_engine, G_TYPE_OBJECT)

/* -- Sources -------------------------------------------------------------------------------------------------- */

static gboolean
timer_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  g_source_set_ready_time (source, -1);
  return callback (user_data);
}

static GSourceFuncs timer_funcs = { .dispatch = timer_dispatch };

static GSource *
add_timer (SktEngine *self, gint64 delay_us, int priority, GSourceFunc func, gpointer data)
{
  GSource *source = g_source_new (&timer_funcs, sizeof (GSource));

  g_source_set_priority (source, priority);
  g_source_set_callback (source, func, data, NULL);
  g_source_set_ready_time (source, delay_us < 0 ? -1 : g_get_monotonic_time () + delay_us);
  g_source_attach (source, self->io_context);
  return source;
}

GSource *
_skt_engine_add_timer_in_worker (SktEngine *self, gint64 delay_us, GSourceFunc func, gpointer data)
{
  return add_timer (self, delay_us, G_PRIORITY_DEFAULT, func, data);
}

void
_skt_clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static gboolean
later_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static GSourceFuncs later_funcs = { .dispatch = later_dispatch };

void
_skt_call_later (GMainContext *context, gint64 last, gint64 interval, GSourceFunc callback, gpointer data, GDestroyNotify destroy)
{
  GSource *source = g_source_new (&later_funcs, sizeof (GSource));

  g_source_set_callback (source, callback, data, destroy);
  g_source_set_ready_time (source, last == 0 ? 0 : last + interval);
  g_source_attach (source, context);
  g_source_unref (source);
}

/* -- Commands ------------------------------------------------------------------------------------------------- */

static void
command_free (SktCommand *command)
{
  if (command->destroy != NULL)
    command->destroy (command->data);
  g_free (command);
}

static gboolean
run_commands_in_worker (gpointer data)
{
  SktEngine *self = data;
  GQueue commands;
  SktCommand *command;

  g_mutex_lock (&self->lock);
  commands = self->commands;
  g_queue_init (&self->commands);
  g_mutex_unlock (&self->lock);

  while ((command = g_queue_pop_head (&commands)) != NULL)
    {
      command->func (command->data);
      command_free (command);
    }
  _skt_engine_flush_in_worker (self);
  return G_SOURCE_CONTINUE;
}

gboolean
_skt_engine_invoke (SktEngine *self, SktCommandFunc func, gpointer data, GDestroyNotify destroy)
{
  SktCommand *command = g_new (SktCommand, 1);

  *command = (SktCommand){ func, data, destroy };
  g_mutex_lock (&self->lock);
  if (self->io_thread == NULL)
    {
      g_mutex_unlock (&self->lock);
      command_free (command);
      return FALSE;
    }
  g_queue_push_tail (&self->commands, command);
  if (self->commands.length == 1)
    g_source_set_ready_time (self->command_source, 0);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

gboolean
_skt_engine_is_stopped (SktEngine *self)
{
  return self->io_thread == NULL;
}

/* -- Sessions ------------------------------------------------------------------------------------------------- */

void
_skt_engine_add_session_in_worker (SktEngine *self, SktSessionWorker *session)
{
  g_ptr_array_add (self->sessions, skt_session_worker_ref (session));
}

void
_skt_engine_remove_session_in_worker (SktEngine *self, SktSessionWorker *session)
{
  g_ptr_array_remove_fast (self->sessions, session);
}

void
_skt_engine_touch_in_worker (SktEngine *self, SktSessionWorker *session)
{
  if (session->is_touched)
    return;
  session->is_touched = TRUE;
  if (self->touched->len == 0)
    g_source_set_ready_time (self->flush_source, 0);
  g_ptr_array_add (self->touched, skt_session_worker_ref (session));
}

void
_skt_engine_flush_in_worker (SktEngine *self)
{
  __atomic_fetch_add (&self->n_dispatches, 1, __ATOMIC_RELAXED);
  if (self->touched->len == 0)
    return;

  /* flushing may touch a session again: when its journal can't be written, its connections change */
  for (guint i = 0; i < self->touched->len; i++)
    {
      SktSessionWorker *session = self->touched->pdata[i];

      session->is_touched = FALSE;
      skt_session_worker_flush (session);
    }
  g_ptr_array_set_size (self->touched, 0);
  g_source_set_ready_time (self->flush_source, -1);
}

static gboolean
flush_cb (gpointer data)
{
  _skt_engine_flush_in_worker (data);
  return G_SOURCE_CONTINUE;
}

void
_skt_engine_queue_sync_in_worker (SktEngine *self, SktJournal *journal)
{
  skt_sync_queue (self->sync, journal);
}

void
_skt_engine_measure (SktEngine *self, SktJournal *journal)
{
  skt_sync_measure (self->sync, journal);
}

/* In the sync thread, which ends before the source does. */
static void
measured_in_sync (gpointer data)
{
  SktEngine *self = data;

  g_source_set_ready_time (self->measured_source, 0);
}

static gboolean
measured_cb (gpointer data)
{
  SktEngine *self = data;

  for (guint i = 0; i < self->sessions->len; i++)
    skt_session_worker_measured (self->sessions->pdata[i]);
  return G_SOURCE_CONTINUE;
}

void
_skt_engine_write_info (SktEngine *self, SktJournal *journal, GKeyFile *info)
{
  skt_sync_write_info (self->sync, journal, info);
}

void
_skt_engine_discard_journal (SktEngine *self, SktJournal *journal, gboolean is_deleted)
{
  if (self->sync != NULL)
    skt_sync_discard (self->sync, journal, is_deleted);
  else
    skt_journal_unref (journal);
}

/* -- Descriptors ---------------------------------------------------------------------------------------------- */

gboolean
_skt_engine_watch_in_worker (SktEngine *self, SktTransport *transport, int fd, guint32 events)
{
  return skt_epoll_source_control (self->epoll_source, EPOLL_CTL_ADD, fd, events, transport);
}

void
_skt_engine_change_watch_in_worker (SktEngine *self, SktTransport *transport, int fd, guint32 events)
{
  skt_epoll_source_control (self->epoll_source, EPOLL_CTL_MOD, fd, events, transport);
}

void
_skt_engine_unwatch_in_worker (SktEngine *self, int fd)
{
  skt_epoll_source_control (self->epoll_source, EPOLL_CTL_DEL, fd, 0, NULL);
}

static void
update_servers (SktEngine *self)
{
  for (guint i = 0; i < self->servers->len; i++)
    skt_server_worker_update (self->servers->pdata[i]);
}

static void
resume_accepting (SktEngine *self)
{
  if (self->accept_timer == NULL || self->n_descriptors >= self->max_descriptors)
    return;
  _skt_clear_source (&self->accept_timer);
  update_servers (self);
}

/* Descriptors may have become free elsewhere in the process; if they have not, the next accept tells. */
static gboolean
accept_timer_cb (gpointer data)
{
  SktEngine *self = data;

  if (self->n_descriptors >= self->max_descriptors)
    g_source_set_ready_time (self->accept_timer, g_get_monotonic_time () + ACCEPT_RETRY);
  else
    resume_accepting (self);
  return G_SOURCE_CONTINUE;
}

void
_skt_engine_pause_accepting_in_worker (SktEngine *self)
{
  if (self->accept_timer != NULL)
    return;
  self->accept_timer = add_timer (self, ACCEPT_RETRY, G_PRIORITY_DEFAULT, accept_timer_cb, self);
  update_servers (self);
}

void
_skt_engine_take_descriptor_in_worker (SktEngine *self, int fd)
{
  self->n_descriptors++;
  if (self->n_descriptors >= self->max_descriptors || fd >= (int) self->max_descriptors + DESCRIPTOR_RESERVE / 2)
    _skt_engine_pause_accepting_in_worker (self);
}

void
_skt_engine_release_descriptor_in_worker (SktEngine *self)
{
  g_assert (self->n_descriptors > 0);
  self->n_descriptors--;
  resume_accepting (self);
}

gboolean
_skt_engine_has_descriptors_in_worker (SktEngine *self)
{
  return self->accept_timer == NULL && self->n_descriptors < self->max_descriptors;
}

guint
_skt_engine_get_n_connections_in_worker (SktEngine *self)
{
  return self->n_descriptors - self->servers->len;
}

void
_skt_engine_add_server_in_worker (SktEngine *self, SktServerWorker *server)
{
  g_ptr_array_add (self->servers, server);
}

void
_skt_engine_remove_server_in_worker (SktEngine *self, SktServerWorker *server)
{
  g_ptr_array_remove_fast (self->servers, server);
}

/* Most of the limit is of use only to servers with very many connections, but it costs nothing. */
static guint
raise_descriptor_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return 1024;
  if (limit.rlim_cur < MIN (limit.rlim_max, MAX_DESCRIPTORS))
    {
      rlim_t old = limit.rlim_cur;

      limit.rlim_cur = MIN (limit.rlim_max, MAX_DESCRIPTORS);
      if (setrlimit (RLIMIT_NOFILE, &limit) != 0)
        limit.rlim_cur = old;
    }
  return (guint) MIN (limit.rlim_cur, MAX_DESCRIPTORS);
}

/* -- Rest of the I/O thread ----------------------------------------------------------------------------------- */

void
_skt_engine_begin_operation_in_worker (SktEngine *self)
{
  self->n_operations++;
}

void
_skt_engine_end_operation_in_worker (SktEngine *self)
{
  g_assert (self->n_operations > 0);
  self->n_operations--;
}

guint8 *
_skt_engine_get_scratch_in_worker (SktEngine *self)
{
  if (self->scratch == NULL)
    self->scratch = g_malloc (SKT_READ_SIZE);
  return self->scratch;
}

static void
close_pipe (SktEngine *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->pipe); i++)
    {
      if (self->pipe[i] >= 0)
        close (self->pipe[i]);
      self->pipe[i] = -1;
    }
}

gboolean
_skt_engine_get_pipe_in_worker (SktEngine *self, int *ret_read_fd, int *ret_write_fd)
{
  if (self->pipe[0] == -2 &&
      (pipe2 (self->pipe, O_CLOEXEC | O_NONBLOCK) != 0 || fcntl (self->pipe[0], F_SETPIPE_SZ, PIPE_SIZE) < 0))
    close_pipe (self);
  *ret_read_fd = self->pipe[0];
  *ret_write_fd = self->pipe[1];
  return self->pipe[0] >= 0;
}

static void
quit_in_worker (gpointer data)
{
  SktEngine *self = data;

  for (guint i = self->sessions->len; i > 0; i--)
    {
      g_autoptr (SktSessionWorker) session = skt_session_worker_ref (self->sessions->pdata[i - 1]);

      skt_session_worker_close (session, TRUE);
    }
  g_main_loop_quit (self->io_loop);
}

/* Operations that were cancelled still have their callbacks to come. */
static void
finish_operations (SktEngine *self)
{
  gint64 deadline = g_get_monotonic_time () + STOP_PATIENCE;
  GSource *alarm = add_timer (self, STOP_PATIENCE, G_PRIORITY_DEFAULT, flush_cb, self);

  while (self->n_operations > 0 && g_get_monotonic_time () < deadline)
    g_main_context_iteration (self->io_context, TRUE);
  _skt_clear_source (&alarm);
  for (guint i = 0; i < 100 && g_main_context_iteration (self->io_context, FALSE); i++)
    ;
  _skt_engine_flush_in_worker (self);
}

static gpointer
io_thread (gpointer data)
{
  SktEngine *self = data;

  g_main_context_push_thread_default (self->io_context);
  g_main_loop_run (self->io_loop);
  finish_operations (self);
  _skt_clear_source (&self->accept_timer);
  g_main_context_pop_thread_default (self->io_context);
  return NULL;
}

GMainContext *
_skt_engine_get_main_context (SktEngine *self)
{
  return self->main_context;
}

guint64
_skt_engine_get_n_dispatches (SktEngine *self)
{
  return __atomic_load_n (&self->n_dispatches, __ATOMIC_RELAXED);
}

/* -- Object --------------------------------------------------------------------------------------------------- */

static void
skt_engine_dispose (GObject *object)
{
  skt_engine_stop (SKT_ENGINE (object));

  G_OBJECT_CLASS (skt_engine_parent_class)->dispose (object);
}

static void
skt_engine_finalize (GObject *object)
{
  SktEngine *self = SKT_ENGINE (object);

  _skt_clear_source (&self->command_source);
  _skt_clear_source (&self->flush_source);
  _skt_clear_source (&self->measured_source);
  _skt_clear_source (&self->epoll_source);
  g_main_loop_unref (self->io_loop);
  g_main_context_unref (self->io_context);
  g_main_context_unref (self->main_context);
  g_ptr_array_unref (self->sessions);
  g_ptr_array_unref (self->touched);
  g_ptr_array_unref (self->servers);
  g_free (self->scratch);
  close_pipe (self);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (skt_engine_parent_class)->finalize (object);
}

static void
skt_engine_class_init (SktEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = skt_engine_dispose;
  object_class->finalize = skt_engine_finalize;
}

static void
skt_engine_init (SktEngine *self)
{
  guint limit = raise_descriptor_limit ();

  self->pipe[0] = self->pipe[1] = -2;

  /* a peer that is gone and a file that may not grow are error codes, not deaths */
  signal (SIGPIPE, SIG_IGN);
  signal (SIGXFSZ, SIG_IGN);
  g_mutex_init (&self->lock);
  g_queue_init (&self->commands);
  self->main_context = g_main_context_ref_thread_default ();
  self->io_context = g_main_context_new ();
  self->io_loop = g_main_loop_new (self->io_context, FALSE);
  self->sessions = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_session_worker_unref);
  self->touched = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_session_worker_unref);
  self->servers = g_ptr_array_new ();
  self->max_descriptors = limit > 2 * DESCRIPTOR_RESERVE ? limit - DESCRIPTOR_RESERVE : MAX (limit / 2, 1);

  self->command_source = add_timer (self, -1, G_PRIORITY_DEFAULT, run_commands_in_worker, self);
  self->flush_source = add_timer (self, -1, G_PRIORITY_HIGH, flush_cb, self);
  self->epoll_source = skt_epoll_source_new (self);
  g_source_attach (self->epoll_source, self->io_context);
  self->measured_source = add_timer (self, -1, G_PRIORITY_DEFAULT, measured_cb, self);

  self->sync = skt_sync_new (measured_in_sync, self);
  self->io_thread = g_thread_new ("skt-io", io_thread, self);
}

SktEngine *
skt_engine_new (void)
{
  return g_object_new (SKT_TYPE_ENGINE, NULL);
}

void
skt_engine_stop (SktEngine *self)
{
  SktCommand *command;
  GThread *thread;

  g_return_if_fail (SKT_IS_ENGINE (self));

  if (self->io_thread == NULL)
    return;
  _skt_engine_invoke (self, quit_in_worker, self, NULL);
  /* what came after it is freed, as what comes from now on is */
  g_mutex_lock (&self->lock);
  thread = g_steal_pointer (&self->io_thread);
  g_mutex_unlock (&self->lock);
  g_thread_join (thread);
  while ((command = g_queue_pop_head (&self->commands)) != NULL)
    command_free (command);
  g_clear_pointer (&self->sync, skt_sync_free);
}
