/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-repeat.h"

#include "skt-repeat-plan.h"
#include "skt-session-private.h"
#include "skt-transport.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* SktRepeat:
 *
 * The main half of it. The worker half is a source of the I/O thread's context, which a timer descriptor wakes up: GMainContext itself waits in
 * whole milliseconds, so that an interval of 1 ms would miss one in ten. It is in session->repeats while it runs; then it is also woken up when
 * something was written or a connection has ended. */

#define NOTIFY_INTERVAL (100 * G_TIME_SPAN_MILLISECOND)
/* Of what is queued for a connection: what is sent is not far behind what is counted, and little has to be dropped. */
#define QUEUE_BOUND (64 * 1024)
/* As fast as possible: so much, then others have their turn. */
#define TURN_SENDS 128
#define TURN_TIME (2 * G_TIME_SPAN_MILLISECOND)
/* Addresses of who did not get some. */
#define MAX_SKIPPED 8

typedef struct
{
  gatomicrefcount ref_count;

  /* never changed */
  SktMessage *message;
  SktRecipients *recipients;
  SktRepeatOptions options;
  GMainContext *main_context;

  /* I/O thread */
  SktSessionWorker *session;    /* owned; NULL: not begun, or over */
  SktRepeatPlan plan;
  GSource *source;
  int timer_fd;                 /* -1: there is none, the source's ready time has to do */
  guint32 turn;                 /* NEXT: who had the last one */
  gboolean waits;
  gboolean must_look;           /* somebody may be left to send to, or not */

  GMutex lock;
  SktRepeatProgress progress;
  GPtrArray *skipped;           /* addresses, up to MAX_SKIPPED; NULL: none */
  char *failure;
  gboolean has_notification;
  gint64 last_delivery;         /* us, monotonic */

  /* main thread */
  SktRepeat *object;            /* NULL: gone */
} SktRepeatWorker;

struct _SktRepeat
{
  GObject parent_instance;

  SktEngine *engine;
  SktRepeatWorker *worker;
};

typedef struct
{
  GSource source;
  SktRepeatWorker *worker;      /* borrowed: owns the source */
} SktRepeatSource;

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SktRepeat, skt_repeat, G_TYPE_OBJECT)

static SktRepeatWorker *
worker_ref (SktRepeatWorker *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
worker_unref (SktRepeatWorker *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_assert (self->source == NULL);
  skt_message_unref (self->message);
  skt_recipients_unref (self->recipients);
  g_main_context_unref (self->main_context);
  g_clear_pointer (&self->session, skt_session_worker_unref);
  g_clear_pointer (&self->skipped, g_ptr_array_unref);
  g_free (self->failure);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* -- Telling the main thread ---------------------------------------------------------------------------------- */

static gboolean
deliver_cb (gpointer data)
{
  SktRepeatWorker *self = data;

  g_mutex_lock (&self->lock);
  self->has_notification = FALSE;
  self->last_delivery = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
  if (self->object != NULL)
    g_signal_emit (self->object, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
notify_locked (SktRepeatWorker *self)
{
  if (self->has_notification)
    return;
  self->has_notification = TRUE;
  _skt_call_later (self->main_context, self->last_delivery, NOTIFY_INTERVAL, deliver_cb,
                   worker_ref (self), (GDestroyNotify) worker_unref);
}

static void
publish (SktRepeatWorker *self, SktRepeatState state)
{
  g_mutex_lock (&self->lock);
  self->progress.state = state;
  self->progress.n_sent = self->plan.n_taken;
  self->progress.n_missed = self->plan.n_missed;
  self->progress.mean_lateness = skt_repeat_plan_get_mean_lateness (&self->plan);
  self->progress.max_lateness = self->plan.max_lateness;
  notify_locked (self);
  g_mutex_unlock (&self->lock);
}

static void
note_skipped (SktRepeatWorker *self, SktTransport *transport)
{
  const char *address = transport->now.remote_address;

  g_mutex_lock (&self->lock);
  self->progress.n_skipped++;
  if (self->skipped == NULL)
    self->skipped = g_ptr_array_new_with_free_func (g_free);
  if (address != NULL && self->skipped->len < MAX_SKIPPED &&
      !g_ptr_array_find_with_equal_func (self->skipped, address, g_str_equal, NULL))
    g_ptr_array_add (self->skipped, g_strdup (address));
  g_mutex_unlock (&self->lock);
}

/* -- Ends ----------------------------------------------------------------------------------------------------- */

static guint64
drop_queued (SktRepeatWorker *self)
{
  GHashTableIter iter;
  gpointer transport;
  guint64 n = 0;

  g_hash_table_iter_init (&iter, self->session->transports);
  while (g_hash_table_iter_next (&iter, NULL, &transport))
    n += skt_transport_drop (transport, self);
  return n;
}

static void
end (SktRepeatWorker *self, SktRepeatState state)
{
  g_autoptr (SktSessionWorker) session = NULL;

  if (self->session == NULL)
    return;
  if (state == SKT_REPEAT_STOPPED || state == SKT_REPEAT_FAILED)
    {
      guint64 n = drop_queued (self);

      g_mutex_lock (&self->lock);
      self->progress.n_dropped = n;
      g_mutex_unlock (&self->lock);
    }
  publish (self, state);
  _skt_clear_source (&self->source);
  if (self->timer_fd >= 0)
    close (self->timer_fd);
  self->timer_fd = -1;

  session = g_steal_pointer (&self->session);
  g_ptr_array_remove_fast (session->repeats, self);
  if (session->repeats->len == 0)
    g_clear_pointer (&session->repeats, g_ptr_array_unref);
}

static void
end_because (SktRepeatWorker *self, const char *failure)
{
  g_mutex_lock (&self->lock);
  self->failure = g_strdup (failure);
  g_mutex_unlock (&self->lock);
  end (self, SKT_REPEAT_FAILED);
}

/* -- Sending -------------------------------------------------------------------------------------------------- */

static void
wake_at (SktRepeatWorker *self, gint64 time)
{
  const struct itimerspec spec = {
    .it_value = { .tv_sec = time / G_TIME_SPAN_SECOND, .tv_nsec = time % G_TIME_SPAN_SECOND * 1000 },
  };

  g_source_set_ready_time (self->source, -1);
  if (self->timer_fd < 0 || timerfd_settime (self->timer_fd, TFD_TIMER_ABSTIME, &spec, NULL) != 0)
    g_source_set_ready_time (self->source, time);
}

/* Those that are meant and open for sending. */
static GPtrArray *
list_recipients (SktRepeatWorker *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_transport_unref);
  GHashTableIter iter;
  gpointer key, transport;

  g_hash_table_iter_init (&iter, self->session->transports);
  while (g_hash_table_iter_next (&iter, &key, &transport))
    if (skt_recipients_includes (self->recipients, GPOINTER_TO_UINT (key)) && skt_transport_accepts_bytes (transport))
      g_ptr_array_add (list, skt_transport_ref (transport));
  return list;
}

static gboolean
has_recipients (SktRepeatWorker *self)
{
  g_autoptr (GPtrArray) list = list_recipients (self);

  return list->len > 0;
}

static gboolean
has_room (SktRepeatWorker *self, SktTransport *transport, gsize size)
{
  /* In pieces: not before the one before is written. */
  return skt_transport_has_room (transport, size, self->options.shape.piece > 0 ? 0 : QUEUE_BOUND);
}

/* Whose turn it is of those that take it. An earlier one that does not is passed over. NULL: nobody takes it. */
static SktTransport *
pick_next (SktRepeatWorker *self, GPtrArray *list, gsize size)
{
  SktTransport *first = NULL, *taker = NULL;

  for (guint i = 0; i < list->len; i++)
    {
      SktTransport *transport = list->pdata[i];

      if (first == NULL || skt_recipients_get_earlier (first->id, transport->id, self->turn) == transport->id)
        first = transport;
      if (has_room (self, transport, size) &&
          (taker == NULL || skt_recipients_get_earlier (taker->id, transport->id, self->turn) == transport->id))
        taker = transport;
    }
  if (taker != NULL && taker != first)
    note_skipped (self, first);
  return taker;
}

static gboolean
send_to (SktRepeatWorker *self, SktTransport *transport, GBytes *bytes)
{
  if (!skt_transport_push (transport, bytes, &self->options.shape, self, NULL))
    return FALSE;
  skt_transport_write (transport);
  return TRUE;
}

/* FALSE: nobody took it. */
static gboolean
send_to_list (SktRepeatWorker *self, GPtrArray *list, GBytes *bytes)
{
  gsize size = g_bytes_get_size (bytes);
  g_autoptr (GPtrArray) left_out = g_ptr_array_new ();
  guint n_sent = 0;

  if (skt_recipients_get_kind (self->recipients) == SKT_RECIPIENTS_NEXT)
    {
      SktTransport *next = pick_next (self, list, size);

      if (next == NULL || !send_to (self, next, bytes))
        return FALSE;
      self->turn = next->id;
      return TRUE;
    }
  for (guint i = 0; i < list->len; i++)
    if (has_room (self, list->pdata[i], size) && send_to (self, list->pdata[i], bytes))
      n_sent++;
    else
      g_ptr_array_add (left_out, list->pdata[i]);
  for (guint i = 0; n_sent > 0 && i < left_out->len; i++)
    note_skipped (self, left_out->pdata[i]);
  return n_sent > 0;
}

/* Sends the one that is due. FALSE: it could not, or has ended. */
static gboolean
send_one (SktRepeatWorker *self)
{
  const SktMessageContext context = { .index = self->plan.n_taken };
  g_autoptr (GPtrArray) list = list_recipients (self);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  if (list->len == 0)
    {
      end (self, SKT_REPEAT_NOBODY);
      return FALSE;
    }
  bytes = skt_message_expand (self->message, &context, &error);
  if (bytes == NULL)
    {
      end_because (self, error->message);
      return FALSE;
    }
  self->waits = !send_to_list (self, list, bytes);
  if (self->waits)
    {
      publish (self, SKT_REPEAT_WAITS);
      return FALSE;
    }
  skt_repeat_plan_take (&self->plan, g_get_monotonic_time ());
  if (self->options.count == 0 || self->plan.n_taken < self->options.count)
    return TRUE;
  end (self, SKT_REPEAT_FINISHED);
  return FALSE;
}

static void
run (SktRepeatWorker *self)
{
  gint64 begin = g_get_monotonic_time (), now = begin;
  guint n = 0;

  if (self->must_look && !has_recipients (self))
    {
      end (self, SKT_REPEAT_NOBODY);
      return;
    }
  self->must_look = FALSE;
  while (skt_repeat_plan_is_due (&self->plan, now) && n++ < TURN_SENDS && now < begin + TURN_TIME)
    {
      if (!send_one (self))
        return;
      now = g_get_monotonic_time ();
    }
  publish (self, SKT_REPEAT_RUNS);
  if (skt_repeat_plan_is_due (&self->plan, now))
    g_source_set_ready_time (self->source, 0);
  else
    wake_at (self, self->plan.due);
}

static gboolean
repeat_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  SktRepeatWorker *self = worker_ref (((SktRepeatSource *) source)->worker);
  guint64 n_expirations;

  g_source_set_ready_time (source, -1);
  /* what it says does not matter, but it is to be silent again */
  if (self->timer_fd >= 0 && read (self->timer_fd, &n_expirations, sizeof n_expirations) < 0 && errno != EAGAIN)
    g_debug ("timerfd: %s", g_strerror (errno));
  run (self);
  worker_unref (self);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs repeat_funcs = { .dispatch = repeat_dispatch };

static void
begin_in_worker (gpointer data)
{
  SktRepeatWorker *self = data;
  SktSessionWorker *session = self->session;
  SktRepeatSource *source;

  if (session->journal == NULL)
    {
      g_clear_pointer (&self->session, skt_session_worker_unref);
      publish (self, SKT_REPEAT_NOBODY);
      return;
    }
  self->source = g_source_new (&repeat_funcs, sizeof (SktRepeatSource));
  source = (SktRepeatSource *) self->source;
  source->worker = self;
  self->timer_fd = timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (self->timer_fd >= 0)
    g_source_add_unix_fd (self->source, self->timer_fd, G_IO_IN);
  skt_repeat_plan_init (&self->plan, g_get_monotonic_time (), self->options.interval_ms * G_TIME_SPAN_MILLISECOND,
                        self->options.jitter_ms * G_TIME_SPAN_MILLISECOND, g_random_int ());
  g_source_set_ready_time (self->source, 0);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  if (session->repeats == NULL)
    session->repeats = g_ptr_array_new_with_free_func ((GDestroyNotify) worker_unref);
  g_ptr_array_add (session->repeats, worker_ref (self));
}

static void
stop_in_worker (gpointer data)
{
  end (data, SKT_REPEAT_STOPPED);
}

void
_skt_session_worker_wake_repeats (SktSessionWorker *session, gboolean has_ended)
{
  for (guint i = 0; i < session->repeats->len; i++)
    {
      SktRepeatWorker *self = session->repeats->pdata[i];

      self->must_look |= has_ended;
      if (self->waits || has_ended)
        g_source_set_ready_time (self->source, 0);
    }
}

void
skt_session_worker_end_repeats (SktSessionWorker *session)
{
  while (session->repeats != NULL)
    end (session->repeats->pdata[0], SKT_REPEAT_NOBODY);
}

/* -- Main thread ---------------------------------------------------------------------------------------------- */

SktRepeat *
skt_repeat_new (SktSession *session, SktMessage *message, SktRecipients *recipients, const SktRepeatOptions *options)
{
  SktSessionWorker *session_worker;
  SktRepeatWorker *worker;
  SktRepeat *self;

  g_return_val_if_fail (SKT_IS_SESSION (session), NULL);
  g_return_val_if_fail (message != NULL && recipients != NULL && options != NULL, NULL);

  session_worker = _skt_session_get_worker (session);
  self = g_object_new (SKT_TYPE_REPEAT, NULL);
  self->engine = g_object_ref (session_worker->engine);
  worker = self->worker = g_new0 (SktRepeatWorker, 1);
  g_atomic_ref_count_init (&worker->ref_count);
  g_mutex_init (&worker->lock);
  worker->message = skt_message_ref (message);
  worker->recipients = skt_recipients_ref (recipients);
  worker->options = *options;
  worker->main_context = g_main_context_ref (_skt_engine_get_main_context (self->engine));
  worker->session = skt_session_worker_ref (session_worker);
  worker->timer_fd = -1;
  worker->object = self;
  if (!_skt_engine_invoke (self->engine, begin_in_worker, worker_ref (worker), (GDestroyNotify) worker_unref))
    worker->progress.state = SKT_REPEAT_NOBODY;
  return self;
}

void
skt_repeat_stop (SktRepeat *self)
{
  g_return_if_fail (SKT_IS_REPEAT (self));
  _skt_engine_invoke (self->engine, stop_in_worker, worker_ref (self->worker), (GDestroyNotify) worker_unref);
}

void
skt_repeat_get_progress (SktRepeat *self, SktRepeatProgress *ret_progress)
{
  g_return_if_fail (SKT_IS_REPEAT (self));

  g_mutex_lock (&self->worker->lock);
  *ret_progress = self->worker->progress;
  g_mutex_unlock (&self->worker->lock);
}

gboolean
skt_repeat_is_over (SktRepeat *self)
{
  SktRepeatProgress progress;

  g_return_val_if_fail (SKT_IS_REPEAT (self), TRUE);
  skt_repeat_get_progress (self, &progress);
  return progress.state > SKT_REPEAT_WAITS;
}

static char *
dup_number (guint64 n)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, n);
}

static const char *
state_to_text (SktRepeatState state)
{
  switch (state)
    {
    case SKT_REPEAT_RUNS:
      /* Translators: a message is being sent again and again */
      return _("Repeating");
    case SKT_REPEAT_WAITS:
      return _("Waiting: what was sent is not taken, because the peer does not read or nothing can be recorded");
    case SKT_REPEAT_FINISHED:
      /* Translators: all times that were asked for were sent */
      return _("Done");
    case SKT_REPEAT_STOPPED:
      return _("Stopped");
    case SKT_REPEAT_NOBODY:
      return _("Ended: nobody is connected any more to send to");
    case SKT_REPEAT_FAILED:
      return _("Ended: the message could not be made");
    default:
      g_return_val_if_reached ("");
    }
}

static void
append_sent (GString *text, guint64 n)
{
  g_autofree char *number = dup_number (n);

  /* Translators: how often something was sent */
  g_string_append_printf (text, ngettext (" · %s sent", " · %s sent", n), number);
}

static void
append_missed (GString *text, guint64 n)
{
  g_autofree char *number = dup_number (n);

  /* Translators: how often something was due and not sent, because an earlier one was late */
  g_string_append_printf (text, ngettext (" · %s missed", " · %s missed", n), number);
}

static void
append_skipped (GString *text, guint64 n, GPtrArray *addresses)
{
  g_autofree char *number = dup_number (n);
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < addresses->len; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", (char *) addresses->pdata[i]);
  if (addresses->len == MAX_SKIPPED)
    g_string_append (list, ", …");
  /* Translators: %s: a number, and a list of addresses */
  g_string_append_printf (text, ngettext (" · %s not sent to who does not read (%s)", " · %s not sent to who does not read (%s)", n),
                          number, list->str);
}

static void
append_dropped (GString *text, guint64 n)
{
  g_autofree char *number = dup_number (n);

  g_string_append_printf (text, ngettext (" · %s of them still waited and was dropped", " · %s of them still waited and were dropped", n),
                          number);
}

char *
skt_repeat_dup_text (SktRepeat *self)
{
  GString *text;
  SktRepeatProgress progress;

  g_return_val_if_fail (SKT_IS_REPEAT (self), NULL);

  skt_repeat_get_progress (self, &progress);
  text = g_string_new (state_to_text (progress.state));
  g_mutex_lock (&self->worker->lock);
  if (self->worker->failure != NULL)
    g_string_append_printf (text, ": %s", self->worker->failure);
  append_sent (text, progress.n_sent);
  if (self->worker->options.interval_ms > 0 && progress.n_sent > 0)
    g_string_append_printf (text, _(" · late by %.2f ms on average, %.2f ms at most"), progress.mean_lateness / 1000.0,
                            progress.max_lateness / 1000.0);
  if (progress.n_missed > 0)
    append_missed (text, progress.n_missed);
  if (progress.n_skipped > 0 && self->worker->skipped != NULL)
    append_skipped (text, progress.n_skipped, self->worker->skipped);
  if (progress.n_dropped > 0)
    append_dropped (text, progress.n_dropped);
  g_mutex_unlock (&self->worker->lock);
  return g_string_free (text, FALSE);
}

static void
skt_repeat_dispose (GObject *object)
{
  SktRepeat *self = SKT_REPEAT (object);

  if (self->worker != NULL)
    {
      self->worker->object = NULL;
      skt_repeat_stop (self);
      g_clear_pointer (&self->worker, worker_unref);
    }
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (skt_repeat_parent_class)->dispose (object);
}

static void
skt_repeat_class_init (SktRepeatClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = skt_repeat_dispose;
  signals[SIGNAL_CHANGED] =
      g_signal_new ("changed", SKT_TYPE_REPEAT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
skt_repeat_init (SktRepeat *self)
{
}
