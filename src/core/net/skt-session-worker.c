/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-session-worker.h"

#include "skt-client-worker.h"
#include "skt-journal-limit.h"
#include "skt-problem.h"
#include "skt-server-worker.h"
#include "skt-transport.h"

#include <errno.h>
#include <string.h>

#define JOURNAL_RETRY G_TIME_SPAN_SECOND
/* After a pause at the limit: or a 16th of it. */
#define ROOM_TO_RESUME (4 * SKT_READ_SIZE)
#define NOTIFY_INTERVAL (16 * G_TIME_SPAN_MILLISECOND)

/* A record that the journal did not take. At most one read is among them, because nothing more is read then. */
typedef struct
{
  SktRecord record;
  gboolean is_in_room;          /* its bytes are in the journal's reserved room */
  guint8 *data;                 /* owned */
} SktUnwritten;

/* -- Status structures ---------------------------------------------------------------------------------------- */

static void
clear_ref_string (char **string)
{
  g_clear_pointer (string, g_ref_string_release);
}

void
skt_ref_string_set (char **string, const char *text)
{
  clear_ref_string (string);
  if (text != NULL)
    *string = g_ref_string_new (text);
}

static void
copy_ref_string (char **string, char *from)
{
  if (*string == from)
    return;
  clear_ref_string (string);
  if (from != NULL)
    *string = g_ref_string_acquire (from);
}

static void
copy_sample (SktTcpInfo **sample, SktTcpInfo *from)
{
  if (*sample == from)
    return;
  g_clear_pointer (sample, g_atomic_rc_box_release);
  if (from != NULL)
    *sample = g_atomic_rc_box_acquire (from);
}

void
skt_connection_status_copy (SktConnectionStatus *self, const SktConnectionStatus *from)
{
  self->state = from->state;
  self->reason = from->reason;
  self->bytes_received = from->bytes_received;
  self->bytes_sent = from->bytes_sent;
  self->bytes_queued = from->bytes_queued;
  self->bytes_acknowledged = from->bytes_acknowledged;
  self->n_reads = from->n_reads;
  self->n_writes = from->n_writes;
  self->last_traffic_ns = from->last_traffic_ns;
  self->opened_time = from->opened_time;
  self->is_read_stopped = from->is_read_stopped;
  copy_ref_string (&self->local_address, from->local_address);
  copy_ref_string (&self->remote_address, from->remote_address);
  copy_ref_string (&self->end_text, from->end_text);
  copy_sample (&self->sample, from->sample);
}

void
skt_connection_status_clear (SktConnectionStatus *self)
{
  clear_ref_string (&self->local_address);
  clear_ref_string (&self->remote_address);
  clear_ref_string (&self->end_text);
  g_clear_pointer (&self->sample, g_atomic_rc_box_release);
}

void
skt_session_status_copy (SktSessionStatus *self, const SktSessionStatus *from)
{
  self->state = from->state;
  self->bytes_received = from->bytes_received;
  self->bytes_sent = from->bytes_sent;
  self->bytes_queued = from->bytes_queued;
  self->bytes_acknowledged = from->bytes_acknowledged;
  self->bytes_abandoned = from->bytes_abandoned;
  self->n_open = from->n_open;
  self->n_refused = from->n_refused;
  self->pause = from->pause;
  self->journal_size = from->journal_size;
  self->journal_limit = from->journal_limit;
  self->free_disk = from->free_disk;
  self->retry_time = from->retry_time;
  self->retry_number = from->retry_number;
  self->is_closed = from->is_closed;
  copy_ref_string (&self->target, from->target);
  copy_ref_string (&self->attempt, from->attempt);
  copy_ref_string (&self->problem, from->problem);
}

void
skt_session_status_clear (SktSessionStatus *self)
{
  clear_ref_string (&self->target);
  clear_ref_string (&self->attempt);
  clear_ref_string (&self->problem);
}

/* -- Publishing ----------------------------------------------------------------------------------------------- */

static gboolean
deliver_cb (gpointer data)
{
  SktSessionWorker *self = data;
  SktSessionStatus status = { 0, };
  g_autoptr (GPtrArray) transports = NULL;
  g_autoptr (GArray) statuses = NULL;

  if (self->deliver == NULL)
    return G_SOURCE_REMOVE;

  statuses = g_array_new (FALSE, TRUE, sizeof (SktConnectionStatus));
  g_array_set_clear_func (statuses, (GDestroyNotify) skt_connection_status_clear);
  g_mutex_lock (&self->lock);
  self->has_notification = FALSE;
  self->last_delivery = g_get_monotonic_time ();
  transports = g_steal_pointer (&self->dirty);
  self->dirty = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_transport_unref);
  g_array_set_size (statuses, transports->len);
  for (guint i = 0; i < transports->len; i++)
    {
      SktTransport *transport = transports->pdata[i];

      transport->is_dirty = FALSE;
      skt_connection_status_copy (&g_array_index (statuses, SktConnectionStatus, i), &transport->published);
    }
  skt_session_status_copy (&status, &self->published);
  g_mutex_unlock (&self->lock);

  self->deliver (self->deliver_data, &status, transports, statuses);
  skt_session_status_clear (&status);
  return G_SOURCE_REMOVE;
}

static void
notify_locked (SktSessionWorker *self)
{
  if (self->has_notification)
    return;
  self->has_notification = TRUE;
  _skt_call_later (_skt_engine_get_main_context (self->engine), self->last_delivery, NOTIFY_INTERVAL, deliver_cb,
                   skt_session_worker_ref (self), (GDestroyNotify) skt_session_worker_unref);
}

/* A few loads. */
static void
look_at_journal (SktSessionWorker *self)
{
  if (self->journal == NULL)
    return;
  self->now.journal_size = skt_journal_get_disk_size (self->journal);
  self->now.journal_limit = skt_journal_get_limit (self->journal);
  self->now.free_disk = skt_journal_get_free_disk (self->journal);
}

static void
publish (SktSessionWorker *self)
{
  g_autoptr (GPtrArray) touched = g_steal_pointer (&self->touched);

  self->touched = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_transport_unref);
  for (guint i = 0; i < touched->len; i++)
    ((SktTransport *) touched->pdata[i])->is_touched = FALSE;
  look_at_journal (self);

  g_mutex_lock (&self->lock);
  if (self->dirty != NULL)
    {
      for (guint i = 0; i < touched->len; i++)
        {
          SktTransport *transport = touched->pdata[i];

          self->now.bytes_queued += transport->queue.size - transport->now.bytes_queued;
          transport->now.bytes_queued = transport->queue.size;
          skt_connection_status_copy (&transport->published, &transport->now);
          if (!transport->is_dirty)
            g_ptr_array_add (self->dirty, skt_transport_ref (transport));
          transport->is_dirty = TRUE;
        }
      skt_session_status_copy (&self->published, &self->now);
      notify_locked (self);
    }
  g_mutex_unlock (&self->lock);
}

void
skt_session_worker_touch (SktSessionWorker *self)
{
  _skt_engine_touch_in_worker (self->engine, self);
}

void
skt_session_worker_set_state (SktSessionWorker *self, SktState state)
{
  self->now.state = state;
  skt_session_worker_touch (self);
}

void
skt_session_worker_set_target (SktSessionWorker *self, const char *target)
{
  skt_ref_string_set (&self->now.target, target);
  skt_session_worker_touch (self);
}

void
skt_session_worker_set_attempt (SktSessionWorker *self, const char *attempt)
{
  skt_ref_string_set (&self->now.attempt, attempt);
  skt_session_worker_touch (self);
}

void
skt_session_worker_set_problem (SktSessionWorker *self, SktProblem kind, const char *sentences)
{
  const char *shown = NULL;

  if (g_strcmp0 (self->problems[kind], sentences) == 0)
    return;
  g_free (self->problems[kind]);
  self->problems[kind] = g_strdup (sentences);

  for (guint i = SKT_N_PROBLEMS; i > 0; i--)
    if (self->problems[i - 1] != NULL)
      shown = self->problems[i - 1];
  skt_ref_string_set (&self->now.problem, shown);
  skt_session_worker_touch (self);
}

/* -- Journal -------------------------------------------------------------------------------------------------- */

static void
unwritten_free (SktUnwritten *unwritten)
{
  g_free (unwritten->data);
  g_free (unwritten);
}

/* The journal can't be written, as opposed to: it is to grow no more. */
static gboolean
is_failing (SktSessionWorker *self)
{
  return self->now.pause > SKT_PAUSE_LIMIT;
}

gboolean
skt_session_worker_can_store (SktSessionWorker *self)
{
  return self->journal != NULL && !is_failing (self);
}

gboolean
skt_session_worker_can_receive (SktSessionWorker *self)
{
  return self->journal != NULL && self->now.pause == SKT_PAUSE_NONE;
}

/* Bytes of sends that can be appended now, in one record. */
static guint64
get_send_room (SktSessionWorker *self)
{
  guint64 room;

  /* What waits to be appended must stay in order. */
  if (self->journal == NULL || self->unwritten.length > 0)
    return 0;
  room = skt_journal_get_room (self->journal, TRUE);
  return is_failing (self) ? MIN (room, skt_journal_get_buffer_room (self->journal)) : room;
}

gboolean
skt_session_worker_can_send (SktSessionWorker *self)
{
  return get_send_room (self) > 0;
}

/* The reserve is for connections that are there. */
gboolean
skt_session_worker_can_accept (SktSessionWorker *self)
{
  return skt_session_worker_can_store (self) &&
         (self->now.pause == SKT_PAUSE_NONE || skt_journal_get_room (self->journal, TRUE) > 0);
}

/* Writes what could not be written, in order. */
static gboolean
write_again (SktSessionWorker *self, GError **error)
{
  while (self->unwritten.length > 0)
    {
      SktUnwritten *unwritten = g_queue_peek_head (&self->unwritten);

      if (!skt_journal_append (self->journal, &unwritten->record, unwritten->is_in_room ? NULL : unwritten->data,
                               unwritten->record.length, error))
        return FALSE;
      unwritten_free (g_queue_pop_head (&self->unwritten));
    }
  if (!skt_journal_flush (self->journal, error))
    return FALSE;
  _skt_engine_queue_sync_in_worker (self->engine, self->journal);
  return TRUE;
}

static GPtrArray *
list_transports (SktSessionWorker *self)
{
  GPtrArray *transports = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_transport_unref);
  GHashTableIter iter;
  gpointer transport;

  g_hash_table_iter_init (&iter, self->transports);
  while (g_hash_table_iter_next (&iter, NULL, &transport))
    g_ptr_array_add (transports, skt_transport_ref (transport));
  return transports;
}

/* Whether bytes can be stored has changed. */
static void
update_all (SktSessionWorker *self)
{
  g_autoptr (GPtrArray) transports = list_transports (self);

  for (guint i = 0; i < transports->len; i++)
    skt_transport_update (transports->pdata[i]);
  if (self->server != NULL)
    skt_server_worker_update (self->server);
}

/* -- Pausing -------------------------------------------------------------------------------------------------- */

static SktPause
pause_from_code (int code)
{
  if (code == ENOSPC || code == EDQUOT)
    return SKT_PAUSE_DISK_FULL;
  return code == EFBIG ? SKT_PAUSE_FILE_TOO_LARGE : SKT_PAUSE_ERROR;
}

/* How much may be queued before it is refused: what is queued now will take its part of the reserve. */
static void
update_reserve (SktSessionWorker *self)
{
  GHashTableIter iter;
  gpointer transport;
  guint64 room = get_send_room (self), queued = 0;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->transports);
  while (g_hash_table_iter_next (&iter, NULL, &transport))
    queued += ((SktTransport *) transport)->queue.size;
  self->reserve_left = room - MIN (room, queued);
  g_mutex_unlock (&self->lock);
}

static void
set_refusal (SktSessionWorker *self, const char *sentence)
{
  g_mutex_lock (&self->lock);
  g_free (self->refusal);
  self->refusal = g_strdup (sentence);
  if (sentence == NULL)
    g_cond_broadcast (&self->feeds_cond);
  g_mutex_unlock (&self->lock);
}

static gboolean journal_timer_cb (gpointer data);

/* `error`: why the journal can't be written; NULL for the limit, and for SKT_PAUSE_NONE. */
static void
set_pause (SktSessionWorker *self, SktPause pause, const GError *error)
{
  gboolean is_paused = pause != SKT_PAUSE_NONE;
  gboolean was_paused = self->now.pause != SKT_PAUSE_NONE;
  g_autofree char *reason = NULL;
  g_autofree char *problem = NULL;

  if (is_paused)
    reason = skt_problem_for_pause (pause, self->journal, error, &problem);
  self->now.pause = pause;
  set_refusal (self, reason);
  update_reserve (self);
  skt_session_worker_set_problem (self, SKT_PROBLEM_JOURNAL, problem);
  skt_session_worker_touch (self);

  if (is_paused && self->journal_timer == NULL)
    self->journal_timer = _skt_engine_add_timer_in_worker (self->engine, JOURNAL_RETRY, journal_timer_cb, self);
  else if (!is_paused)
    _skt_clear_source (&self->journal_timer);
  /* also when it still is paused: the reserve may have become larger, or be used up */
  if (is_paused || was_paused)
    update_all (self);
}

static void
pause_for_error (SktSessionWorker *self, const GError *error)
{
  set_pause (self, pause_from_code (skt_journal_get_error_code (self->journal)), error);
}

/* Not for a few bytes: it would be paused again at once. */
static gboolean
has_room_to_resume (SktSessionWorker *self)
{
  guint64 limit = skt_journal_get_limit (self->journal);

  return skt_journal_get_room (self->journal, FALSE) >= CLAMP (limit / 16, 1, ROOM_TO_RESUME);
}

/* Leaves the pause if there is room. */
static void
look_for_room (SktSessionWorker *self)
{
  g_autoptr (GError) error = NULL;

  if (is_failing (self) && !write_again (self, &error))
    pause_for_error (self, error);
  else
    set_pause (self, has_room_to_resume (self) ? SKT_PAUSE_NONE : SKT_PAUSE_LIMIT, NULL);
}

static gboolean
journal_timer_cb (gpointer data)
{
  SktSessionWorker *self = data;

  g_source_set_ready_time (self->journal_timer, g_get_monotonic_time () + JOURNAL_RETRY);
  skt_session_worker_resume (self);
  return G_SOURCE_CONTINUE;
}

void
skt_session_worker_resume (SktSessionWorker *self)
{
  if (self->journal == NULL)
    return;
  _skt_engine_measure (self->engine, self->journal);
  skt_session_worker_touch (self);
  if (self->now.pause != SKT_PAUSE_NONE)
    look_for_room (self);
}

void
skt_session_worker_measured (SktSessionWorker *self)
{
  if (self->journal == NULL)
    return;
  if (self->now.pause == SKT_PAUSE_LIMIT)
    look_for_room (self);
  if (self->now.free_disk != skt_journal_get_free_disk (self->journal) ||
      self->now.journal_limit != skt_journal_get_limit (self->journal))
    skt_session_worker_touch (self);
}

/* -- Appending ------------------------------------------------------------------------------------------------ */

guint8 *
skt_session_worker_reserve (SktSessionWorker *self, gsize *ret_size)
{
  g_autoptr (GError) error = NULL;
  guint64 allowed;
  guint8 *room;

  if (!skt_session_worker_can_receive (self))
    return NULL;
  allowed = skt_journal_get_room (self->journal, FALSE);
  if (allowed == 0)
    {
      set_pause (self, SKT_PAUSE_LIMIT, NULL);
      return NULL;
    }
  room = skt_journal_reserve (self->journal, SKT_PIPE_READ_SIZE, ret_size, &error);
  if (room == NULL)
    pause_for_error (self, error);
  else
    *ret_size = MIN (allowed, SKT_PIPE_READ_SIZE);
  return room;
}

guint8 *
skt_session_worker_reserve_to_send (SktSessionWorker *self, gsize wanted, gsize *ret_size)
{
  g_autoptr (GError) error = NULL;
  guint8 *room;

  wanted = MIN (wanted, get_send_room (self));
  if (wanted == 0)
    return NULL;
  room = skt_journal_reserve (self->journal, wanted, ret_size, &error);
  if (room == NULL)
    pause_for_error (self, error);
  else
    *ret_size = wanted;
  return room;
}

static void
keep_unwritten (SktSessionWorker *self, const SktRecord *record, const void *data, gsize length)
{
  SktUnwritten *unwritten = g_new0 (SktUnwritten, 1);

  unwritten->record = *record;
  unwritten->record.length = length;
  unwritten->is_in_room = data == NULL && length > 0;
  unwritten->data = data != NULL ? g_memdup2 (data, length) : NULL;
  g_queue_push_tail (&self->unwritten, unwritten);
}

void
skt_session_worker_append (SktSessionWorker *self, SktRecord *record, const void *data, gsize length)
{
  g_autoptr (GError) error = NULL;

  if (self->journal == NULL)
    return;
  if (record->time_ns == 0)
    record->time_ns = (guint64) g_get_real_time () * 1000;
  skt_session_worker_touch (self);
  self->has_appended = TRUE;
  if (self->unwritten.length > 0)
    keep_unwritten (self, record, data, length);
  else if (!skt_journal_append (self->journal, record, data, length, &error))
    {
      keep_unwritten (self, record, data, length);
      pause_for_error (self, error);
    }
}

void
skt_session_worker_append_from_pipe (SktSessionWorker *self, SktRecord *record, int pipe_fd, gsize length)
{
  skt_session_worker_touch (self);
  self->has_appended = TRUE;
  skt_journal_append_from_pipe (self->journal, record, pipe_fd, length);
}

void
skt_session_worker_append_event (SktSessionWorker *self, SktRecord record, const char *detail)
{
  skt_session_worker_append (self, &record, detail, detail != NULL ? strlen (detail) : 0);
}

void
skt_session_worker_flush (SktSessionWorker *self)
{
  g_autoptr (GError) error = NULL;

  if (self->has_appended && skt_session_worker_can_store (self))
    {
      self->has_appended = FALSE;
      if (!skt_journal_flush (self->journal, &error))
        pause_for_error (self, error);
      else
        _skt_engine_queue_sync_in_worker (self->engine, self->journal);
      /* what is sent fills it as well */
      if (self->now.pause == SKT_PAUSE_NONE && skt_journal_get_room (self->journal, FALSE) == 0)
        set_pause (self, SKT_PAUSE_LIMIT, NULL);
    }
  publish (self);
}

static GKeyFile *
dup_info (SktSessionKind kind, gint64 created, const char *target)
{
  GKeyFile *info = g_key_file_new ();
  g_autoptr (GDateTime) seconds = g_date_time_new_from_unix_utc (created / G_TIME_SPAN_SECOND);
  g_autoptr (GDateTime) time = g_date_time_add (seconds, created % G_TIME_SPAN_SECOND);
  g_autofree char *text = g_date_time_format_iso8601 (time);

  g_key_file_set_string (info, "Session", "kind", kind == SKT_SESSION_CLIENT ? "client" : "server");
  g_key_file_set_string (info, "Session", "created", text);
  if (target != NULL)
    g_key_file_set_string (info, "Session", "target", target);
  return info;
}

void
skt_session_worker_write_info (SktSessionWorker *self)
{
  if (self->journal != NULL)
    _skt_engine_write_info (self->engine, self->journal, dup_info (self->kind, self->created, self->now.target));
}

/* -- Transports ----------------------------------------------------------------------------------------------- */

guint32
skt_session_worker_next_id (SktSessionWorker *self)
{
  return ++self->last_id;
}

void
skt_session_worker_transport_opened (SktSessionWorker *self, SktTransport *transport)
{
  g_hash_table_insert (self->transports, GUINT_TO_POINTER (transport->id), skt_transport_ref (transport));
  _skt_engine_take_descriptor_in_worker (self->engine, transport->fd);
  self->now.n_open++;
  if (self->kind == SKT_SESSION_CLIENT)
    self->now.state = SKT_STATE_CONNECTED;
  skt_session_worker_touch (self);
}

void
skt_session_worker_transport_ended (SktSessionWorker *self, SktTransport *transport)
{
  skt_session_worker_clear_deadline (self, transport);
  self->now.n_open--;
  if (self->kind == SKT_SESSION_CLIENT)
    self->now.state = transport->now.state;
  skt_session_worker_touch (self);
  if (self->server != NULL)
    skt_server_worker_connection_ended (self->server, transport);
  g_hash_table_remove (self->transports, GUINT_TO_POINTER (transport->id));
  _skt_engine_release_descriptor_in_worker (self->engine);
  skt_session_worker_look_at_repeats (self, TRUE);
  if (self->client != NULL)
    skt_client_worker_ended (self->client, transport);
}

static void
set_closing_timer (SktSessionWorker *self)
{
  SktTransport *first = g_queue_peek_head (&self->closing);

  g_source_set_ready_time (self->closing_timer, first != NULL ? first->closing_deadline : -1);
}

static gboolean
closing_timer_cb (gpointer data)
{
  SktSessionWorker *self = data;
  gint64 now = g_get_monotonic_time ();
  SktTransport *first;

  while ((first = g_queue_peek_head (&self->closing)) != NULL && first->closing_deadline <= now)
    {
      g_autoptr (SktTransport) transport = skt_transport_ref (first);

      skt_session_worker_clear_deadline (self, transport);
      skt_transport_end_now (transport, SKT_REASON_LOCAL_CLOSED, 0);
    }
  set_closing_timer (self);
  return G_SOURCE_CONTINUE;
}

void
skt_session_worker_set_deadline (SktSessionWorker *self, SktTransport *transport, gint64 delay_us)
{
  GList *after = self->closing.tail;

  if (transport->closing_deadline != 0)
    return;
  transport->closing_deadline = g_get_monotonic_time () + delay_us;
  transport->closing_link.data = transport;
  /* nearly always at the end: only who lingers longer, or less, is put between */
  while (after != NULL && ((SktTransport *) after->data)->closing_deadline > transport->closing_deadline)
    after = after->prev;
  g_queue_insert_after_link (&self->closing, after, &transport->closing_link);
  if (self->closing_timer == NULL)
    self->closing_timer = _skt_engine_add_timer_in_worker (self->engine, -1, closing_timer_cb, self);
  if (self->closing.head == &transport->closing_link)
    set_closing_timer (self);
}

void
skt_session_worker_clear_deadline (SktSessionWorker *self, SktTransport *transport)
{
  if (transport->closing_deadline == 0)
    return;
  transport->closing_deadline = 0;
  g_queue_unlink (&self->closing, &transport->closing_link);
  if (self->closing.length == 0)
    set_closing_timer (self);
}

void
skt_session_worker_disconnect_all (SktSessionWorker *self)
{
  g_autoptr (GPtrArray) transports = list_transports (self);

  if (self->client != NULL)
    skt_client_worker_cancel (self->client);
  for (guint i = 0; i < transports->len; i++)
    skt_transport_disconnect (transports->pdata[i]);
}

/* -- Life ----------------------------------------------------------------------------------------------------- */

static void
end_all (SktSessionWorker *self)
{
  g_autoptr (GPtrArray) transports = list_transports (self);

  for (guint i = 0; i < transports->len; i++)
    skt_transport_end_now (transports->pdata[i], SKT_REASON_LOCAL_CLOSED, 0);
}

void
skt_session_worker_close (SktSessionWorker *self, gboolean keep)
{
  if (self->journal == NULL)
    return;

  skt_session_worker_end_repeats (self);
  if (self->server != NULL)
    skt_server_worker_stop (self->server);
  if (self->client != NULL)
    skt_client_worker_close (self->client);
  end_all (self);
  skt_session_worker_watch_acks (self, FALSE);
  if (keep)
    skt_session_worker_resume (self);
  skt_session_worker_flush (self);

  _skt_clear_source (&self->journal_timer);
  _skt_clear_source (&self->closing_timer);
  skt_journal_set_delete_on_free (self->journal, !keep);
  _skt_engine_discard_journal (self->engine, g_steal_pointer (&self->journal), !keep);
  self->now.is_closed = TRUE;
  skt_session_worker_touch (self);
  _skt_engine_remove_session_in_worker (self->engine, self);
}

SktSessionWorker *
skt_session_worker_new (SktEngine *engine, SktSessionKind kind, SktJournal *journal, gint64 created)
{
  SktSessionWorker *self = g_new0 (SktSessionWorker, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  g_cond_init (&self->feeds_cond);
  self->engine = engine;
  self->kind = kind;
  self->created = created;
  self->journal = skt_journal_ref (journal);
  look_at_journal (self);
  skt_session_status_copy (&self->published, &self->now);
  skt_session_worker_write_info (self);
  _skt_engine_measure (engine, journal);
  self->transports = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) skt_transport_unref);
  self->touched = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_transport_unref);
  self->dirty = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_transport_unref);
  self->queue_bound = SKT_SEND_QUEUE_BOUND;
  self->closes_on_peer_finish = TRUE;
  self->has_no_delay = TRUE;
  if (kind == SKT_SESSION_CLIENT)
    self->client = skt_client_worker_new (self);
  else
    self->server = skt_server_worker_new (self);
  return self;
}

SktSessionWorker *
skt_session_worker_ref (SktSessionWorker *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
skt_session_worker_unref (SktSessionWorker *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->client, skt_client_worker_free);
  g_clear_pointer (&self->server, skt_server_worker_free);
  g_clear_pointer (&self->journal, skt_journal_unref);
  g_clear_pointer (&self->answers, skt_answers_unref);
  g_queue_clear_full (&self->unwritten, (GDestroyNotify) unwritten_free);
  g_hash_table_unref (self->transports);
  g_ptr_array_unref (self->touched);
  g_clear_pointer (&self->dirty, g_ptr_array_unref);
  for (guint i = 0; i < SKT_N_PROBLEMS; i++)
    g_free (self->problems[i]);
  skt_session_status_clear (&self->now);
  skt_session_status_clear (&self->published);
  g_free (self->refusal);
  g_cond_clear (&self->feeds_cond);
  g_mutex_clear (&self->lock);
  g_free (self->options);
  g_free (self);
}

void
skt_session_worker_forget_main (SktSessionWorker *self)
{
  g_autoptr (GPtrArray) dirty = NULL;

  self->deliver = NULL;
  self->deliver_data = NULL;
  g_mutex_lock (&self->lock);
  dirty = g_steal_pointer (&self->dirty);
  g_mutex_unlock (&self->lock);
}
