/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-session.h"

#include "skt-connection-private.h"
#include "skt-journal-limit.h"
#include "skt-session-private.h"
#include "skt-session-worker.h"

#include <string.h>

/* SktSession:
 *
 * The main half of a session. Commands go to the worker half by the engine's queue; what the worker publishes is
 * delivered by session_deliver_cb(), at most every 16 ms. */

#define RATE_INTERVAL_MS 250

enum
{
  PROP_0,
  PROP_KIND,
  PROP_STATE,
  PROP_TARGET,
  PROP_ATTEMPT,
  PROP_PROBLEM,
  PROP_BYTES_RECEIVED,
  PROP_BYTES_SENT,
  PROP_BYTES_QUEUED,
  PROP_BYTES_ACKNOWLEDGED,
  PROP_RATE_RECEIVED,
  PROP_RATE_SENT,
  PROP_N_OPEN,
  PROP_N_REFUSED,
  PROP_RETRY_TIME,
  PROP_STALLED,
  PROP_PAUSE,
  PROP_JOURNAL_SIZE,
  PROP_JOURNAL_LIMIT,
  PROP_FREE_DISK,
  PROP_ECHO,
  PROP_CLOSE_ON_PEER_FINISH,
  PROP_NO_DELAY,
  N_PROPS,
};

enum
{
  SIGNAL_JOURNAL_GROWN,
  SIGNAL_CONNECTIONS_UPDATED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SktSession, skt_session, G_TYPE_OBJECT)

/* -- Rates ---------------------------------------------------------------------------------------------------- */

static void
set_rate (SktSession *self, double *rate, double value, guint property)
{
  if (*rate == value)
    return;
  *rate = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
take_sample (SktSession *self)
{
  if (self->n_samples == N_RATE_SAMPLES)
    {
      memmove (self->samples, self->samples + 1, sizeof self->samples - sizeof self->samples[0]);
      self->n_samples--;
    }
  self->samples[self->n_samples++] =
      (SktRateSample){ g_get_monotonic_time (), self->status.bytes_received, self->status.bytes_sent };
}

static gboolean
rate_timer_cb (gpointer data)
{
  SktSession *self = data;
  const SktRateSample *first = &self->samples[0], *last;
  double seconds;

  take_sample (self);
  last = &self->samples[self->n_samples - 1];
  seconds = (double) (last->time - first->time) / G_TIME_SPAN_SECOND;
  if (seconds <= 0)
    return G_SOURCE_CONTINUE;

  g_object_freeze_notify (G_OBJECT (self));
  set_rate (self, &self->rate_received, (last->received - first->received) / seconds, PROP_RATE_RECEIVED);
  set_rate (self, &self->rate_sent, (last->sent - first->sent) / seconds, PROP_RATE_SENT);
  g_object_thaw_notify (G_OBJECT (self));

  if (self->n_samples < N_RATE_SAMPLES || self->rate_received > 0 || self->rate_sent > 0)
    return G_SOURCE_CONTINUE;
  self->rate_timer = 0;
  self->n_samples = 0;
  return G_SOURCE_REMOVE;
}

/* Runs only while there is traffic: nothing wakes up in an idle program. Called before the counters change. */
static void
start_rate_timer (SktSession *self)
{
  if (self->rate_timer != 0)
    return;
  take_sample (self);
  self->rate_timer = g_timeout_add (RATE_INTERVAL_MS, rate_timer_cb, self);
}

/* -- What the worker publishes -------------------------------------------------------------------------------- */

static void
update_connections (SktSession *self, GPtrArray *transports, GArray *statuses)
{
  g_autoptr (GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < transports->len; i++)
    {
      SktTransport *transport = transports->pdata[i];
      const SktConnectionStatus *status = &g_array_index (statuses, SktConnectionStatus, i);
      SktConnection *connection = skt_session_get_connection (self, transport->id);

      if (connection != NULL)
        {
          _skt_connection_update (connection, status);
          continue;
        }
      connection = _skt_connection_new (transport, status);
      g_assert (transport->id == self->by_id->len + 1);
      g_ptr_array_add (self->by_id, connection);
      g_ptr_array_add (added, connection);
    }
  if (added->len > 0)
    g_list_store_splice (self->connections, g_list_model_get_n_items (G_LIST_MODEL (self->connections)), 0,
                         added->pdata, added->len);
}

static void
update_status (SktSession *self, const SktSessionStatus *status)
{
  const SktSessionStatus *old = &self->status;
  const struct
  {
    guint property;
    gboolean has_changed;
  } changes[] = {
    { PROP_TARGET, g_strcmp0 (old->target, status->target) != 0 },
    { PROP_ATTEMPT, g_strcmp0 (old->attempt, status->attempt) != 0 },
    { PROP_PROBLEM, g_strcmp0 (old->problem, status->problem) != 0 },
    { PROP_BYTES_RECEIVED, old->bytes_received != status->bytes_received },
    { PROP_BYTES_SENT, old->bytes_sent != status->bytes_sent },
    { PROP_BYTES_QUEUED, old->bytes_queued != status->bytes_queued },
    { PROP_BYTES_ACKNOWLEDGED, old->bytes_acknowledged != status->bytes_acknowledged },
    { PROP_N_OPEN, old->n_open != status->n_open },
    { PROP_N_REFUSED, old->n_refused != status->n_refused },
    { PROP_STALLED, (old->pause != SKT_PAUSE_NONE) != (status->pause != SKT_PAUSE_NONE) },
    { PROP_PAUSE, old->pause != status->pause },
    { PROP_JOURNAL_SIZE, old->journal_size != status->journal_size },
    { PROP_JOURNAL_LIMIT, old->journal_limit != status->journal_limit },
    { PROP_FREE_DISK, old->free_disk != status->free_disk },
    { PROP_RETRY_TIME, old->retry_time != status->retry_time },
    { PROP_STATE, old->state != status->state },
  };

  if (old->bytes_received != status->bytes_received || old->bytes_sent != status->bytes_sent)
    start_rate_timer (self);
  skt_session_status_copy (&self->status, status);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    if (changes[i].has_changed)
      g_object_notify_by_pspec (G_OBJECT (self), properties[changes[i].property]);
}

static void
finish_closing (SktSession *self)
{
  GTask *task;

  while ((task = g_queue_pop_head (&self->close_tasks)) != NULL)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
}

static void
session_deliver_cb (gpointer data, const SktSessionStatus *status, GPtrArray *transports, GArray *statuses)
{
  g_autoptr (SktSession) self = g_object_ref (SKT_SESSION (data));
  guint64 n_records = skt_journal_get_n_records (self->journal);

  g_object_freeze_notify (G_OBJECT (self));
  update_connections (self, transports, statuses);
  update_status (self, status);
  g_object_thaw_notify (G_OBJECT (self));
  if (transports->len > 0)
    g_signal_emit (self, signals[SIGNAL_CONNECTIONS_UPDATED], 0);

  if (n_records != self->n_records_told)
    {
      self->n_records_told = n_records;
      g_signal_emit (self, signals[SIGNAL_JOURNAL_GROWN], 0);
    }
  if (status->is_closed)
    finish_closing (self);
}

/* -- Object --------------------------------------------------------------------------------------------------- */

static void
skt_session_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SktSession *self = SKT_SESSION (object);

  switch (prop_id)
    {
    case PROP_KIND:
      g_value_set_int (value, self->worker->kind);
      break;
    case PROP_STATE:
      g_value_set_int (value, self->status.state);
      break;
    case PROP_TARGET:
      g_value_set_string (value, self->status.target);
      break;
    case PROP_ATTEMPT:
      g_value_set_string (value, self->status.attempt);
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, self->status.problem);
      break;
    case PROP_BYTES_RECEIVED:
      g_value_set_uint64 (value, self->status.bytes_received);
      break;
    case PROP_BYTES_SENT:
      g_value_set_uint64 (value, self->status.bytes_sent);
      break;
    case PROP_BYTES_QUEUED:
      g_value_set_uint64 (value, self->status.bytes_queued);
      break;
    case PROP_BYTES_ACKNOWLEDGED:
      g_value_set_uint64 (value, self->status.bytes_acknowledged);
      break;
    case PROP_RATE_RECEIVED:
      g_value_set_double (value, self->rate_received);
      break;
    case PROP_RATE_SENT:
      g_value_set_double (value, self->rate_sent);
      break;
    case PROP_N_OPEN:
      g_value_set_uint (value, self->status.n_open);
      break;
    case PROP_N_REFUSED:
      g_value_set_uint64 (value, self->status.n_refused);
      break;
    case PROP_STALLED:
      g_value_set_boolean (value, skt_session_is_stalled (self));
      break;
    case PROP_PAUSE:
      g_value_set_int (value, self->status.pause);
      break;
    case PROP_JOURNAL_SIZE:
      g_value_set_uint64 (value, self->status.journal_size);
      break;
    case PROP_JOURNAL_LIMIT:
      g_value_set_uint64 (value, self->status.journal_limit);
      break;
    case PROP_FREE_DISK:
      g_value_set_uint64 (value, self->status.free_disk);
      break;
    case PROP_RETRY_TIME:
      g_value_set_int64 (value, self->status.retry_time);
      break;
    case PROP_ECHO:
      g_value_set_boolean (value, g_atomic_int_get (&self->worker->has_echo));
      break;
    case PROP_CLOSE_ON_PEER_FINISH:
      g_value_set_boolean (value, g_atomic_int_get (&self->worker->closes_on_peer_finish));
      break;
    case PROP_NO_DELAY:
      g_value_set_boolean (value, g_atomic_int_get (&self->worker->has_no_delay));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static gboolean
set_flag (SktSession *self, gint *flag, gboolean value, guint property)
{
  if (g_atomic_int_get (flag) == (value != FALSE))
    return FALSE;
  g_atomic_int_set (flag, value != FALSE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
  return TRUE;
}

static void
skt_session_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SktSession *self = SKT_SESSION (object);

  switch (prop_id)
    {
    case PROP_ECHO:
      set_flag (self, &self->worker->has_echo, g_value_get_boolean (value), prop_id);
      break;
    case PROP_CLOSE_ON_PEER_FINISH:
      set_flag (self, &self->worker->closes_on_peer_finish, g_value_get_boolean (value), prop_id);
      break;
    case PROP_NO_DELAY:
      if (set_flag (self, &self->worker->has_no_delay, g_value_get_boolean (value), prop_id))
        _skt_session_set_no_delay (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
skt_session_dispose (GObject *object)
{
  SktSession *self = SKT_SESSION (object);

  if (self->worker != NULL)
    {
      _skt_session_close_worker (self, TRUE);
      skt_session_worker_forget_main (self->worker);
    }
  g_clear_handle_id (&self->rate_timer, g_source_remove);
  if (self->by_id != NULL)
    g_ptr_array_set_size (self->by_id, 0);

  G_OBJECT_CLASS (skt_session_parent_class)->dispose (object);
}

static void
skt_session_finalize (GObject *object)
{
  SktSession *self = SKT_SESSION (object);

  g_assert (self->close_tasks.length == 0);
  if (self->journal != NULL)
    _skt_engine_discard_journal (self->engine, g_steal_pointer (&self->journal), FALSE);
  g_clear_pointer (&self->worker, skt_session_worker_unref);
  g_clear_object (&self->connections);
  g_clear_pointer (&self->by_id, g_ptr_array_unref);
  g_clear_object (&self->engine);
  skt_session_status_clear (&self->status);

  G_OBJECT_CLASS (skt_session_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags write = read | G_PARAM_WRITABLE;

  properties[PROP_KIND] = g_param_spec_int ("kind", NULL, NULL, 0, SKT_SESSION_SERVER, 0, read);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, SKT_N_STATES - 1, SKT_STATE_IDLE, read);
  properties[PROP_TARGET] = g_param_spec_string ("target", NULL, NULL, NULL, read);
  properties[PROP_ATTEMPT] = g_param_spec_string ("attempt", NULL, NULL, NULL, read);
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, read);
  properties[PROP_BYTES_RECEIVED] = g_param_spec_uint64 ("bytes-received", NULL, NULL, 0, G_MAXUINT64, 0, read);
  properties[PROP_BYTES_SENT] = g_param_spec_uint64 ("bytes-sent", NULL, NULL, 0, G_MAXUINT64, 0, read);
  properties[PROP_BYTES_QUEUED] = g_param_spec_uint64 ("bytes-queued", NULL, NULL, 0, G_MAXUINT64, 0, read);
  properties[PROP_BYTES_ACKNOWLEDGED] =
      g_param_spec_uint64 ("bytes-acknowledged", NULL, NULL, 0, G_MAXUINT64, 0, read);
  properties[PROP_RATE_RECEIVED] = g_param_spec_double ("rate-received", NULL, NULL, 0, G_MAXDOUBLE, 0, read);
  properties[PROP_RATE_SENT] = g_param_spec_double ("rate-sent", NULL, NULL, 0, G_MAXDOUBLE, 0, read);
  properties[PROP_STALLED] = g_param_spec_boolean ("stalled", NULL, NULL, FALSE, read);
  properties[PROP_PAUSE] = g_param_spec_int ("pause", NULL, NULL, 0, SKT_N_PAUSES - 1, SKT_PAUSE_NONE, read);
  properties[PROP_JOURNAL_SIZE] = g_param_spec_uint64 ("journal-size", NULL, NULL, 0, G_MAXUINT64, 0, read);
  properties[PROP_JOURNAL_LIMIT] = g_param_spec_uint64 ("journal-limit", NULL, NULL, 0, G_MAXUINT64, 0, read);
  properties[PROP_FREE_DISK] = g_param_spec_uint64 ("free-disk", NULL, NULL, 0, G_MAXUINT64, 0, read);
  properties[PROP_N_OPEN] = g_param_spec_uint ("n-open", NULL, NULL, 0, G_MAXUINT, 0, read);
  properties[PROP_N_REFUSED] = g_param_spec_uint64 ("n-refused", NULL, NULL, 0, G_MAXUINT64, 0, read);
  properties[PROP_RETRY_TIME] = g_param_spec_int64 ("retry-time", NULL, NULL, 0, G_MAXINT64, 0, read);
  properties[PROP_ECHO] = g_param_spec_boolean ("echo", NULL, NULL, FALSE, write);
  properties[PROP_CLOSE_ON_PEER_FINISH] = g_param_spec_boolean ("close-on-peer-finish", NULL, NULL, TRUE, write);
  properties[PROP_NO_DELAY] = g_param_spec_boolean ("no-delay", NULL, NULL, TRUE, write);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
skt_session_class_init (SktSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = skt_session_get_property;
  object_class->set_property = skt_session_set_property;
  object_class->dispose = skt_session_dispose;
  object_class->finalize = skt_session_finalize;
  install_properties (object_class);

  signals[SIGNAL_CONNECTIONS_UPDATED] = g_signal_new ("connections-updated", SKT_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                                      NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_JOURNAL_GROWN] = g_signal_new ("journal-grown", SKT_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                                NULL, G_TYPE_NONE, 0);
}

static void
skt_session_init (SktSession *self)
{
  skt_socket_options_init (&self->options);
  self->connections = g_list_store_new (SKT_TYPE_CONNECTION);
  self->by_id = g_ptr_array_new ();
}

SktSession *
skt_session_new (SktEngine *engine, SktSessionKind kind, const char *sessions_path, GError **error)
{
  g_autofree char *default_path = NULL;
  g_autofree char *path = NULL;
  g_autoptr (SktJournal) journal = NULL;
  SktSession *self;

  g_return_val_if_fail (SKT_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (!_skt_engine_is_stopped (engine), NULL);

  if (sessions_path == NULL)
    sessions_path = default_path = skt_journal_dup_sessions_path ();
  path = skt_journal_dup_new_path (sessions_path);
  journal = skt_journal_create (path, error);
  if (journal == NULL)
    return NULL;

  self = g_object_new (SKT_TYPE_SESSION, NULL);
  self->engine = g_object_ref (engine);
  self->journal = skt_journal_ref (journal);
  self->worker = skt_session_worker_new (engine, kind, journal, g_get_real_time ());
  skt_session_status_copy (&self->status, &self->worker->published);
  self->worker->deliver = session_deliver_cb;
  self->worker->deliver_data = self;
  _skt_session_begin (self);
  return self;
}

SktSessionWorker *
_skt_session_get_worker (SktSession *self)
{
  return self->worker;
}

void
skt_session_set_queue_bound (SktSession *self, guint64 bound)
{
  g_return_if_fail (SKT_IS_SESSION (self));

  g_mutex_lock (&self->worker->lock);
  self->worker->queue_bound = bound;
  g_mutex_unlock (&self->worker->lock);
}

/* -- Getters -------------------------------------------------------------------------------------------------- */

SktSessionKind
skt_session_get_kind (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), SKT_SESSION_CLIENT);
  return self->worker->kind;
}

SktState
skt_session_get_state (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), SKT_STATE_IDLE);
  return self->status.state;
}

SktJournal *
skt_session_get_journal (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), NULL);
  return self->journal;
}

const char *
skt_session_get_problem (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), NULL);
  return self->status.problem;
}

const char *
skt_session_get_target (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), NULL);
  return self->status.target;
}

const char *
skt_session_get_attempt (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), NULL);
  return self->status.attempt;
}

guint64
skt_session_get_bytes_received (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), 0);
  return self->status.bytes_received;
}

guint64
skt_session_get_bytes_sent (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), 0);
  return self->status.bytes_sent;
}

guint64
skt_session_get_bytes_queued (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), 0);
  return self->status.bytes_queued;
}

guint64
skt_session_get_bytes_acknowledged (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), 0);
  return self->status.bytes_acknowledged;
}

guint64
skt_session_get_bytes_unacknowledged (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), 0);
  return self->status.bytes_sent - self->status.bytes_acknowledged - self->status.bytes_abandoned;
}

double
skt_session_get_rate_received (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), 0);
  return self->rate_received;
}

double
skt_session_get_rate_sent (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), 0);
  return self->rate_sent;
}

gboolean
skt_session_is_stalled (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), FALSE);
  return self->status.pause != SKT_PAUSE_NONE;
}

SktPause
skt_session_get_pause (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), SKT_PAUSE_NONE);
  return self->status.pause;
}

guint64
skt_session_get_journal_size (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), 0);
  return self->status.journal_size;
}

guint64
skt_session_get_journal_limit (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), 0);
  return self->status.journal_limit;
}

guint64
skt_session_get_free_disk (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), G_MAXUINT64);
  return self->status.free_disk;
}

guint
skt_session_get_n_open (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), 0);
  return self->status.n_open;
}

guint64
skt_session_get_n_refused (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), 0);
  return self->status.n_refused;
}

gint64
skt_session_get_retry_time (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), 0);
  return self->status.retry_time;
}

guint
skt_session_get_retry_number (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), 0);
  return self->status.retry_number;
}

GListModel *
skt_session_get_connections (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), NULL);
  return G_LIST_MODEL (self->connections);
}

SktConnection *
skt_session_get_connection (SktSession *self, guint32 id)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), NULL);
  return id > 0 && id <= self->by_id->len ? self->by_id->pdata[id - 1] : NULL;
}

SktConnection *
skt_session_get_current (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), NULL);
  return self->worker->kind == SKT_SESSION_CLIENT ? skt_session_get_connection (self, self->by_id->len) : NULL;
}

/* -- Its journal and its end --------------------------------------------------------------------------------- */

void
skt_session_set_journal_limit (SktSession *self, guint64 limit)
{
  g_return_if_fail (SKT_IS_SESSION (self));

  skt_journal_set_limit (self->journal, limit);
  skt_session_resume (self);
}

void
skt_session_close_async (SktSession *self, gboolean keep, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (SKT_IS_SESSION (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, skt_session_close_async);
  g_queue_push_tail (&self->close_tasks, task);
  _skt_session_close_worker (self, keep);
  if (self->status.is_closed || _skt_engine_is_stopped (self->engine))
    finish_closing (self);
}

void
skt_session_close_finish (SktSession *self, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, self));

  g_task_propagate_boolean (G_TASK (result), NULL);
}
