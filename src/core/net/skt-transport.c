/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-transport.h"

#include "skt-client-worker.h"
#include "skt-error.h"
#include "skt-problem.h"
#include "skt-record-text.h"
#include "skt-responder.h"
#include "skt-transport-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <linux/sockios.h>
#include <sys/socket.h>
#include <unistd.h>

/* SktTransport:
 *
 * How it ends. Half-close (finish): is_ending without a deadline, so that the peer can go on for as long as it likes. Disconnect: is_ending; the queue is written, FIN is sent (has_sent_fin), what arrives is kept until the
 * peer's FIN (peer_has_finished), then it is closed. The peer's FIN first: the same from the other side. An error:
 * must_end; what is still in the socket is read, as far as it can be stored, then it is closed. close(2) never comes
 * before the socket is read empty. */

#define CLOSING_PATIENCE (2 * G_TIME_SPAN_SECOND)

/* -- Status --------------------------------------------------------------------------------------------------- */

void
_skt_transport_touch (SktTransport *self)
{
  skt_session_worker_touch (self->session);
  if (self->is_touched)
    return;
  self->is_touched = TRUE;
  g_ptr_array_add (self->session->touched, skt_transport_ref (self));
}

void
_skt_transport_set_state (SktTransport *self, SktState state)
{
  self->now.state = state;
  if (self->session->kind == SKT_SESSION_CLIENT)
    skt_session_worker_set_state (self->session, state);
  _skt_transport_touch (self);
}

guint64
_skt_transport_get_queued (SktTransport *self)
{
  guint64 size;

  g_mutex_lock (&self->session->lock);
  size = self->queue.size;
  g_mutex_unlock (&self->session->lock);
  return size;
}

/* -- What epoll is asked for ---------------------------------------------------------------------------------- */

static guint32
compute_interest (SktTransport *self)
{
  guint32 events = 0;

  if (self->must_end)
    return 0;
  /* EPOLLPRI stays until the urgent byte is read: never without EPOLLIN. */
  if (!self->peer_has_finished && !self->is_read_blocked && !self->is_read_stopped &&
      skt_session_worker_can_receive (self->session))
    events |= EPOLLIN | EPOLLPRI;
  if (_skt_transport_can_write (self) && skt_session_worker_can_send (self->session))
    events |= EPOLLOUT;
  return events;
}

/* Errors and hang-ups are reported whether they are asked for or not: a transport that can do nothing about them now
 * is taken out of the set, else the thread would spin. */
static void
park (SktTransport *self)
{
  if (!self->is_watched)
    return;
  _skt_engine_unwatch_in_worker (self->session->engine, self->fd);
  self->is_watched = FALSE;
}

void
_skt_transport_update_interest (SktTransport *self)
{
  guint32 events;

  if (self->fd < 0 || !self->is_watched)
    return;
  events = compute_interest (self);
  if (events == self->interest)
    return;
  self->interest = events;
  _skt_engine_change_watch_in_worker (self->session->engine, self, self->fd, events);
}

static void
unpark (SktTransport *self)
{
  if (self->is_watched)
    return;
  self->interest = compute_interest (self);
  self->is_watched = _skt_engine_watch_in_worker (self->session->engine, self, self->fd, self->interest);
}

/* -- Ends ----------------------------------------------------------------------------------------------------- */

static void
set_over (SktTransport *self, SktState state, const SktRecord *record)
{
  g_autofree char *text = skt_end_to_text (record, g_get_monotonic_time () - self->started);

  skt_ref_string_set (&self->now.end_text, text);
  self->now.reason = record->reason;
  _skt_transport_set_state (self, state);
}

/* What the kernel has taken and the peer's TCP has not acknowledged. *ret_is_all: not even a FIN is outstanding. The kernel still knows it after
 * an error. */
static guint32
count_unacknowledged (SktTransport *self, gboolean *ret_is_all)
{
  int n = 0;

  if (ioctl (self->fd, SIOCOUTQ, &n) != 0 || n < 0)
    n = 0;
  *ret_is_all = n == 0;
  /* our FIN counts as one */
  if (n > 0 && self->has_sent_fin)
    n--;
  return n;
}

static guint64
refuse_bytes (SktTransport *self)
{
  guint64 unsent;

  g_mutex_lock (&self->session->lock);
  self->accepts_bytes = FALSE;
  self->is_over = TRUE;
  unsent = skt_send_queue_clear (&self->queue);
  if (self->feed != NULL)
    _skt_file_feed_ended_locked (self->feed, SKT_FILE_END_GONE);
  g_mutex_unlock (&self->session->lock);
  return unsent;
}

void
_skt_transport_end (SktTransport *self, SktReason reason, int code)
{
  SktRecord record = { .kind = SKT_RECORD_CLOSED, .connection = self->id, .code = code };
  g_autofree char *duration = NULL;
  gboolean is_all;

  if (self->fd < 0)
    return;
  _skt_transport_take_last_sample (self);
  _skt_transport_end_pause (self);
  record.unacknowledged = count_unacknowledged (self, &is_all);
  /* Probes are only sent while nothing else waits for an acknowledgement. */
  if (reason == SKT_REASON_TIMED_OUT && is_all)
    reason = SKT_REASON_KEEP_ALIVE;
  record.reason = reason;
  park (self);
  close (self->fd);
  self->fd = -1;
  g_clear_pointer (&self->responder, skt_responder_free);

  record.stream_offset = refuse_bytes (self);
  record.flags = self->fin_flags;
  duration = skt_end_dup_detail (g_get_monotonic_time () - self->started);
  set_over (self, SKT_STATE_CLOSED, &record);
  skt_session_worker_append_event (self->session, record, duration);
  skt_session_worker_transport_ended (self->session, self);
}

void
skt_transport_fail (SktTransport *self, SktState state, SktReason reason, int code)
{
  const SktRecord record = { .kind = SKT_RECORD_FAILED, .reason = reason, .code = code };

  g_assert (self->fd < 0);

  refuse_bytes (self);
  set_over (self, state, &record);
}

static void
note_discarded (SktTransport *self)
{
  int available = 0;
  g_autofree char *sentence = NULL;
  SktRecord record = { .kind = SKT_RECORD_NOTE, .connection = self->id };

  if (self->session->journal == NULL || ioctl (self->fd, FIONREAD, &available) != 0 || available <= 0)
    return;
  sentence = g_strdup_printf (ngettext ("%d received byte could not be stored before the connection was closed",
                                        "%d received bytes could not be stored before the connection was closed",
                                        available),
                              available);
  skt_session_worker_append_event (self->session, record, sentence);
}

void
_skt_transport_end_when_drained (SktTransport *self, SktReason reason, int code)
{
  int told = -1;

  if (self->fd < 0)
    return;
  self->must_end = TRUE;
  self->end_reason = reason;
  self->end_code = code;
  if (!skt_session_worker_can_store (self->session) || !_skt_transport_drain (self, &told))
    park (self);
  else
    _skt_transport_end (self, reason, code);
}

/* The first of the two FINs counts. */
static void
note_fin (SktTransport *self, guint flag)
{
  if (self->fin_flags == 0)
    self->fin_flags = flag;
}

void
skt_transport_end_now (SktTransport *self, SktReason reason, int code)
{
  SktRecord record = { .kind = SKT_RECORD_PEER_FINISHED, .connection = self->id };
  int told = -1;

  if (self->fd < 0)
    return;
  if (self->must_end)
    {
      reason = self->end_reason;
      code = self->end_code;
    }
  self->is_ending = TRUE;
  if (!skt_session_worker_can_store (self->session) || !_skt_transport_drain (self, &told))
    note_discarded (self);
  else if (told > 0)
    {
      reason = skt_reason_from_errno (told);
      code = told;
    }
  else if (told == 0 && !self->must_end)
    {
      note_fin (self, SKT_RECORD_FLAG_PEER_FIRST);
      skt_session_worker_append_event (self->session, record, NULL);
    }
  _skt_transport_end (self, reason, code);
}

void
_skt_transport_finish_if_written (SktTransport *self)
{
  if (self->fd < 0 || !self->is_ending || self->must_end || _skt_transport_get_queued (self) > 0)
    return;
  if (!self->has_sent_fin)
    {
      SktRecord record = { .kind = SKT_RECORD_FINISHED, .connection = self->id };

      self->has_sent_fin = TRUE;
      /* fails if the peer has reset: reading tells */
      if (shutdown (self->fd, SHUT_WR) == 0)
        {
          note_fin (self, SKT_RECORD_FLAG_LOCAL_FIRST);
          skt_session_worker_append_event (self->session, record, NULL);
        }
    }
  if (self->peer_has_finished)
    _skt_transport_end (self, self->end_reason, 0);
}

void
_skt_transport_begin_ending (SktTransport *self, SktReason reason)
{
  self->is_ending = TRUE;
  self->end_reason = reason;
  g_mutex_lock (&self->session->lock);
  self->accepts_bytes = FALSE;
  skt_send_queue_release (&self->queue);
  g_mutex_unlock (&self->session->lock);
  skt_session_worker_look_at_repeats (self->session, TRUE);
  _skt_transport_finish_if_written (self);
}

void
_skt_transport_peer_finished (SktTransport *self)
{
  SktRecord record = { .kind = SKT_RECORD_PEER_FINISHED, .connection = self->id };

  self->peer_has_finished = TRUE;
  note_fin (self, SKT_RECORD_FLAG_PEER_FIRST);
  skt_session_worker_append_event (self->session, record, NULL);
  if (self->is_ending)
    {
      _skt_transport_finish_if_written (self);
      return;
    }
  _skt_transport_set_state (self, SKT_STATE_PEER_FINISHED);
  if (g_atomic_int_get (&self->session->closes_on_peer_finish))
    _skt_transport_begin_ending (self, SKT_REASON_PEER_CLOSED);
}

void
skt_transport_disconnect (SktTransport *self)
{
  if (self->now.state == SKT_STATE_RESOLVING || self->now.state == SKT_STATE_CONNECTING)
    {
      skt_client_worker_cancel (self->session->client);
      return;
    }
  if (self->fd < 0)
    return;
  self->user_ended = TRUE;
  self->is_read_stopped = self->now.is_read_stopped = FALSE;
  if (self->must_end || self->closing_deadline != 0)
    {
      skt_transport_end_now (self, SKT_REASON_LOCAL_CLOSED, 0);
      return;
    }
  skt_session_worker_set_deadline (self->session, self,
                                   self->linger_s > 0 ? self->linger_s * G_TIME_SPAN_SECOND : CLOSING_PATIENCE);
  _skt_transport_set_state (self, SKT_STATE_CLOSING);
  _skt_transport_begin_ending (self, SKT_REASON_LOCAL_CLOSED);
  skt_transport_write (self);
}

void
skt_transport_finish (SktTransport *self)
{
  if (self->fd < 0 || self->must_end || self->is_ending)
    return;
  self->user_ended = TRUE;
  if (!self->peer_has_finished)
    _skt_transport_set_state (self, SKT_STATE_FINISHED);
  _skt_transport_begin_ending (self, self->peer_has_finished ? SKT_REASON_LOCAL_CLOSED : SKT_REASON_PEER_CLOSED);
  skt_transport_write (self);
}

void
skt_transport_reset (SktTransport *self)
{
  const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

  if (self->fd < 0)
    {
      skt_transport_disconnect (self);
      return;
    }
  self->user_ended = TRUE;
  setsockopt (self->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  skt_transport_end_now (self, SKT_REASON_LOCAL_RESET, 0);
}

void
skt_transport_set_reading (SktTransport *self, gboolean is_reading)
{
  SktRecord record = { .kind = SKT_RECORD_NOTE, .connection = self->id };

  if (self->fd < 0 || self->must_end || self->is_read_stopped == !is_reading)
    return;
  self->is_read_stopped = self->now.is_read_stopped = !is_reading;
  skt_session_worker_append_event (self->session, record,
                                   is_reading ? _("reading goes on") : _("reading is stopped: what arrives waits in the system"));
  _skt_transport_touch (self);
  skt_transport_update (self);
}

void
skt_transport_queue_changed (SktTransport *self)
{
  g_mutex_lock (&self->session->lock);
  if (self->queue.size <= self->session->queue_bound / 2)
    self->is_read_blocked = FALSE;
  g_mutex_unlock (&self->session->lock);
  _skt_transport_touch (self);
  _skt_transport_finish_if_written (self);
  _skt_transport_update_interest (self);
}

void
skt_transport_discard (SktTransport *self)
{
  SktRecord record = { .kind = SKT_RECORD_NOTE, .connection = self->id };
  g_autofree char *number = NULL, *note = NULL;
  guint64 dropped;

  if (self->fd < 0)
    return;
  g_mutex_lock (&self->session->lock);
  dropped = skt_send_queue_clear (&self->queue);
  /* paused: what was to be stored is not */
  if (self->session->refusal != NULL)
    self->session->reserve_left += dropped;
  if (self->feed != NULL)
    _skt_file_feed_ended_locked (self->feed, SKT_FILE_END_DISCARDED);
  g_mutex_unlock (&self->session->lock);
  if (dropped > 0)
    {
      number = g_strdup_printf ("%" G_GUINT64_FORMAT, dropped);
      /* Translators: %s is a number of bytes */
      note = g_strdup_printf (ngettext ("discarded %s byte that waited to be sent", "discarded %s bytes that waited to be sent",
                                        dropped), number);
      skt_session_worker_append_event (self->session, record, note);
    }
  skt_transport_queue_changed (self);
}

/* -- Events --------------------------------------------------------------------------------------------------- */

static int
get_socket_error (int fd)
{
  int code = 0;
  socklen_t length = sizeof code;

  if (getsockopt (fd, SOL_SOCKET, SO_ERROR, &code, &length) != 0)
    return errno;
  return code;
}

static gboolean
has_unread (SktTransport *self)
{
  int available = 0;

  return ioctl (self->fd, FIONREAD, &available) == 0 && available > 0;
}

/* An error or hang-up that neither reading nor writing has told of. While receiving is paused it waits, unless the
 * peer has reset and nothing is to be read. */
static void
handle_hang_up (SktTransport *self)
{
  int code;

  if (!skt_session_worker_can_store (self->session) ||
      (!skt_session_worker_can_receive (self->session) && has_unread (self)))
    {
      park (self);
      return;
    }
  code = get_socket_error (self->fd);
  if (code != 0)
    _skt_transport_end_when_drained (self, skt_reason_from_errno (code), code);
  else if (!skt_session_worker_can_receive (self->session) || self->is_read_stopped)
    park (self);
  else if ((self->interest & EPOLLIN) == 0)
    _skt_transport_end_when_drained (self, self->is_ending ? self->end_reason : SKT_REASON_RESET, 0);
}

gsize
skt_transport_handle_events (SktTransport *self, guint32 events, gsize quota)
{
  gboolean has_hang_up = (events & (EPOLLERR | EPOLLHUP)) != 0;
  gsize n_read = 0;

  if (self->fd < 0 || !self->is_watched)
    return 0;
  if ((self->interest & EPOLLOUT) != 0 && ((events & EPOLLOUT) != 0 || has_hang_up))
    skt_transport_write (self);
  if (self->fd >= 0 && (self->interest & EPOLLIN) != 0 && ((events & (EPOLLIN | EPOLLPRI)) != 0 || has_hang_up))
    n_read = _skt_transport_read (self, quota, (events & EPOLLPRI) != 0);
  if (self->fd >= 0 && has_hang_up && n_read == 0)
    handle_hang_up (self);
  _skt_transport_update_interest (self);
  return n_read;
}

void
skt_transport_update (SktTransport *self)
{
  if (self->fd < 0)
    return;
  if (!skt_session_worker_can_receive (self->session))
    {
      _skt_transport_update_interest (self);
      return;
    }
  if (self->must_end)
    {
      _skt_transport_end_when_drained (self, self->end_reason, self->end_code);
      return;
    }
  unpark (self);
  skt_transport_write (self);
  _skt_transport_update_interest (self);
}

/* -- Beginning ------------------------------------------------------------------------------------------------ */

void
skt_transport_set_no_delay (SktTransport *self, gboolean no_delay)
{
  int value = no_delay != FALSE;

  if (self->fd >= 0)
    setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &value, sizeof value);
}

static void
set_options (SktTransport *self)
{
  int yes = 1;

  /* else urgent bytes vanish from the stream */
  setsockopt (self->fd, SOL_SOCKET, SO_OOBINLINE, &yes, sizeof yes);
  if (self->session->options != NULL)
    {
      SktSocketOptions options = *self->session->options;
      g_autofree char *refused = NULL;

      options.no_delay = g_atomic_int_get (&self->session->has_no_delay);
      /* set before connecting */
      options.interface[0] = '\0';
      refused = skt_socket_options_apply (&options, NULL, self->fd);
      self->linger_s = MAX (options.linger_s, 0);
      /* of a server's it is said once, when it listens */
      if (refused != NULL && self->session->kind == SKT_SESSION_CLIENT)
        {
          SktRecord record = { .kind = SKT_RECORD_NOTE, .connection = self->id };

          skt_session_worker_append_event (self->session, record, refused);
        }
      return;
    }
  if (g_atomic_int_get (&self->session->has_no_delay))
    skt_transport_set_no_delay (self, TRUE);
}

void
skt_transport_open (SktTransport *self, int fd, const char *local_address, const char *remote_address)
{
  SktRecord record = { .kind = SKT_RECORD_OPENED, .connection = self->id };
  g_autofree char *detail = g_strdup_printf ("%s %s", local_address, remote_address);

  self->fd = fd;
  self->started = g_get_monotonic_time ();
  self->now.opened_time = g_get_real_time ();
  self->now.state = SKT_STATE_CONNECTED;
  skt_ref_string_set (&self->now.local_address, local_address);
  skt_ref_string_set (&self->now.remote_address, remote_address);
  set_options (self);
  g_mutex_lock (&self->session->lock);
  self->accepts_bytes = TRUE;
  g_mutex_unlock (&self->session->lock);

  skt_session_worker_append_event (self->session, record, detail);
  skt_session_worker_transport_opened (self->session, self);
  _skt_transport_update_sampling (self);
  _skt_transport_touch (self);
  unpark (self);
  if (!self->is_watched)
    skt_transport_end_now (self, SKT_REASON_OTHER, errno);
  else
    skt_responder_begin (self);
}

void
skt_transport_set_connecting (SktTransport *self, SktState state, const char *remote_address)
{
  skt_ref_string_set (&self->now.remote_address, remote_address);
  _skt_transport_set_state (self, state);
}

SktTransport *
skt_transport_new (SktSessionWorker *session, SktState state, const char *remote_address)
{
  SktTransport *self = g_new0 (SktTransport, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->session = skt_session_worker_ref (session);
  self->id = skt_session_worker_next_id (session);
  self->fd = -1;
  self->started = g_get_monotonic_time ();
  skt_send_queue_init (&self->queue);
  self->now.state = state;
  skt_ref_string_set (&self->now.remote_address, remote_address);
  _skt_transport_touch (self);
  return self;
}

SktTransport *
skt_transport_ref (SktTransport *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
skt_transport_unref (SktTransport *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->fd < 0);
  skt_send_queue_clear (&self->queue);
  skt_reply_times_free (self->replies);
  skt_connection_status_clear (&self->now);
  skt_connection_status_clear (&self->published);
  skt_session_worker_unref (self->session);
  g_free (self);
}

/* -- Main thread ---------------------------------------------------------------------------------------------- */

static void
write_in_worker (gpointer data)
{
  SktTransport *self = data;

  g_mutex_lock (&self->session->lock);
  self->has_wake_up = FALSE;
  g_mutex_unlock (&self->session->lock);
  if (self->fd < 0)
    return;
  skt_transport_write (self);
  _skt_transport_touch (self);
}

static void
set_queue_full (GError **error, guint64 queued, guint64 size, guint64 bound)
{
  g_autofree char *queued_text = g_format_size_full (queued, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *size_text = g_format_size_full (size, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *bound_text = g_format_size_full (bound, G_FORMAT_SIZE_IEC_UNITS);

  if (size > bound)
    g_set_error (error, SKT_ERROR, SKT_ERROR_QUEUE_FULL,
                 _("Not sent: %s are more than can be queued at once (%s). Send them in parts."), size_text,
                 bound_text);
  else
    g_set_error (error, SKT_ERROR, SKT_ERROR_QUEUE_FULL,
                 _("Not sent: the peer does not read fast enough. %s already wait to be sent, and no more than %s may. "
                   "Wait until it has read, discard what waits, or raise the limit in the preferences."),
                 queued_text, bound_text);
}

gboolean
_skt_transport_check_can_queue_locked (SktTransport *self, gsize size, GError **error)
{
  SktSessionWorker *session = self->session;

  if (!self->accepts_bytes)
    g_set_error_literal (error, SKT_ERROR, SKT_ERROR_NOT_CONNECTED,
                         _("The connection is not open for sending. Connect first."));
  else if (session->refusal != NULL && size + sizeof (SktRecord) > session->reserve_left)
    /* Translators: %s is a sentence, without its full stop, that says why the file could not be written */
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, _("Not sent, because it could not be recorded. %s."),
                 session->refusal);
  else if (self->queue.size + size > session->queue_bound)
    set_queue_full (error, self->queue.size, size, session->queue_bound);
  else if (skt_send_queue_get_cost (&self->queue) > session->queue_bound + SKT_SEND_QUEUE_ENTRY_COST)
    g_set_error (error, SKT_ERROR, SKT_ERROR_QUEUE_FULL,
                 ngettext ("Not sent: the peer does not read fast enough. %u message already waits to be sent, and that "
                           "takes all the memory it may. Wait until it has read, discard what waits, or raise the limit "
                           "in the preferences.",
                           "Not sent: the peer does not read fast enough. %u messages already wait to be sent, and they "
                           "take all the memory they may. Wait until it has read, discard what waits, or raise the limit "
                           "in the preferences.",
                           self->queue.entries.length),
                 self->queue.entries.length);
  else
    return TRUE;
  return FALSE;
}

gboolean
skt_transport_needs_wake_up_locked (SktTransport *self)
{
  gboolean needs_wake_up = !self->has_wake_up;

  self->has_wake_up = TRUE;
  return needs_wake_up;
}

void
skt_transport_wake_up (SktTransport *self)
{
  _skt_engine_invoke (self->session->engine, write_in_worker, skt_transport_ref (self),
                      (GDestroyNotify) skt_transport_unref);
}

static gboolean
queue_bytes (SktTransport *self, GBytes *bytes, guint16 flags, const SktShape *shape, GError **error)
{
  SktSessionWorker *session = self->session;
  gboolean has_queued, needs_wake_up = FALSE;

  g_mutex_lock (&session->lock);
  has_queued = _skt_transport_check_can_queue_locked (self, g_bytes_get_size (bytes), error);
  if (has_queued)
    {
      skt_send_queue_push_shaped (&self->queue, bytes, flags, shape, NULL);
      session->reserve_left -= MIN (session->reserve_left, g_bytes_get_size (bytes) + sizeof (SktRecord));
      if (self->feed != NULL)
        self->feed->n_between += g_bytes_get_size (bytes);
      needs_wake_up = skt_transport_needs_wake_up_locked (self);
    }
  g_mutex_unlock (&session->lock);

  if (needs_wake_up)
    skt_transport_wake_up (self);
  return has_queued;
}

gboolean
skt_transport_queue_bytes (SktTransport *self, GBytes *bytes, GError **error)
{
  return queue_bytes (self, bytes, 0, NULL, error);
}

gboolean
skt_transport_queue_shaped (SktTransport *self, GBytes *bytes, const SktShape *shape, GError **error)
{
  return queue_bytes (self, bytes, 0, shape, error);
}

gboolean
skt_transport_queue_urgent (SktTransport *self, guint8 byte, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (&byte, 1);

  return queue_bytes (self, bytes, SKT_RECORD_FLAG_URGENT, NULL, error);
}

gboolean
_skt_transport_request (SktTransport *self, SktCommandFunc func, gboolean ends_sending)
{
  gboolean is_over;

  g_mutex_lock (&self->session->lock);
  is_over = self->is_over;
  if (ends_sending)
    self->accepts_bytes = FALSE;
  g_mutex_unlock (&self->session->lock);

  if (!is_over)
    _skt_engine_invoke (self->session->engine, func, skt_transport_ref (self), (GDestroyNotify) skt_transport_unref);
  return !is_over;
}

static void
disconnect_in_worker (gpointer data)
{
  skt_transport_disconnect (data);
}

gboolean
skt_transport_request_disconnect (SktTransport *self)
{
  return _skt_transport_request (self, disconnect_in_worker, TRUE);
}

static void
finish_in_worker (gpointer data)
{
  skt_transport_finish (data);
}

gboolean
skt_transport_request_finish (SktTransport *self)
{
  return _skt_transport_request (self, finish_in_worker, TRUE);
}

static void
reset_in_worker (gpointer data)
{
  skt_transport_reset (data);
}

gboolean
skt_transport_request_reset (SktTransport *self)
{
  return _skt_transport_request (self, reset_in_worker, TRUE);
}

static void
stop_reading_in_worker (gpointer data)
{
  skt_transport_set_reading (data, FALSE);
}

static void
resume_reading_in_worker (gpointer data)
{
  skt_transport_set_reading (data, TRUE);
}

gboolean
skt_transport_request_reading (SktTransport *self, gboolean is_reading)
{
  return _skt_transport_request (self, is_reading ? resume_reading_in_worker : stop_reading_in_worker, FALSE);
}

static void
discard_in_worker (gpointer data)
{
  skt_transport_discard (data);
}

gboolean
skt_transport_request_discard (SktTransport *self)
{
  return _skt_transport_request (self, discard_in_worker, FALSE);
}

static void
sample_in_worker (gpointer data)
{
  skt_transport_set_sampled (data, TRUE);
}

static void
stop_sampling_in_worker (gpointer data)
{
  skt_transport_set_sampled (data, FALSE);
}

void
skt_transport_request_sampled (SktTransport *self, gboolean is_sampled)
{
  _skt_engine_invoke (self->session->engine, is_sampled ? sample_in_worker : stop_sampling_in_worker,
                      skt_transport_ref (self), (GDestroyNotify) skt_transport_unref);
}

guint
skt_transport_list_queued (SktTransport *self, guint max, GPtrArray *bytes)
{
  guint n;

  g_mutex_lock (&self->session->lock);
  n = skt_send_queue_list (&self->queue, max, bytes);
  g_mutex_unlock (&self->session->lock);
  return n;
}

void
skt_transport_get_reply_times (SktTransport *self, SktReplySummary *ret_summary)
{
  g_mutex_lock (&self->session->lock);
  skt_reply_times_get_summary (self->replies, ret_summary);
  g_mutex_unlock (&self->session->lock);
}
