/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-transport-private.h"

#include "skt-problem.h"
#include "skt-responder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

/* What one turn writes at most. */
#define WRITE_QUOTA (1024 * 1024)

gsize _skt_transport_pipe_begin = SKT_READ_SIZE;
gsize _skt_transport_pipe_keep = 4 * 1024;

static guint64
get_time_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);
  return (guint64) now.tv_sec * G_GUINT64_CONSTANT (1000000000) + (guint64) now.tv_nsec;
}

static gssize
send_some (int fd, const void *bytes, gsize length, int flags)
{
  gssize n;

  do
    n = send (fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL | flags);
  while (n < 0 && errno == EINTR);
  return n;
}

static gssize
receive_some (int fd, void *bytes, gsize length)
{
  gssize n;

  do
    n = recv (fd, bytes, length, MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  return n;
}

static void
add_reply (SktTransport *self, guint64 time_ns)
{
  /* the clock may have been set back */
  guint64 duration = time_ns - MIN (time_ns, self->request_time_ns);

  self->request_time_ns = 0;
  g_mutex_lock (&self->session->lock);
  if (self->replies == NULL)
    self->replies = skt_reply_times_new ();
  skt_reply_times_add (self->replies, duration);
  g_mutex_unlock (&self->session->lock);
}

/* time_ns: of the record. */
static void
count_received (SktTransport *self, gsize length, guint64 time_ns)
{
  if (self->request_time_ns != 0)
    add_reply (self, time_ns);
  self->now.n_reads++;
  self->now.last_traffic_ns = time_ns;
  self->now.bytes_received += length;
  self->session->now.bytes_received += length;
  _skt_transport_touch (self);
}

static void
count_sent (SktTransport *self, gsize length, const SktRecord *record)
{
  self->request_time_ns = (record->flags & SKT_RECORD_FLAG_AUTOMATIC) == 0 ? record->time_ns : 0;
  self->now.n_writes++;
  self->now.last_traffic_ns = record->time_ns;
  self->now.bytes_sent += length;
  self->session->now.bytes_sent += length;
  _skt_transport_touch (self);
  _skt_transport_expect_acknowledgement (self);
}

/* -- Receiving ------------------------------------------------------------------------------------------------ */

/* What echo has done with the bytes of one read. */
typedef struct
{
  guint8 *bytes;        /* a copy, because the room is the journal's after the append; NULL: no echo */
  gsize length;
  gsize n_sent;
  int code;             /* errno */
  guint64 time_ns;
} SktAnswer;

static gboolean
wants_echo (SktTransport *self)
{
  return g_atomic_int_get (&self->session->has_echo) && !self->is_ending && !self->must_end;
}

/* The answer goes out before the journal is written, which may take long. */
static void
answer (SktTransport *self, const guint8 *bytes, gsize length, SktAnswer *ret_answer)
{
  gssize n = 0;

  ret_answer->bytes = memcpy (_skt_engine_get_scratch_in_worker (self->session->engine), bytes, length);
  ret_answer->length = length;
  if (_skt_transport_get_queued (self) == 0)
    n = send_some (self->fd, bytes, length, 0);
  ret_answer->n_sent = MAX (n, 0);
  ret_answer->code = n < 0 && errno != EAGAIN && errno != EWOULDBLOCK ? errno : 0;
  ret_answer->time_ns = get_time_ns ();
}

static void
record_answer (SktTransport *self, const SktAnswer *done)
{
  g_autoptr (GBytes) rest = NULL;
  SktRecord record = {
    .kind = SKT_RECORD_SENT,
    .connection = self->id,
    .flags = SKT_RECORD_FLAG_AUTOMATIC,
    .stream_offset = self->now.bytes_sent,
    .time_ns = done->time_ns,
  };

  if (done->n_sent > 0)
    {
      skt_session_worker_append (self->session, &record, done->bytes, done->n_sent);
      count_sent (self, done->n_sent, &record);
    }
  if (done->code != 0)
    {
      _skt_transport_end_when_drained (self, skt_reason_from_errno (done->code), done->code);
      return;
    }
  if (done->n_sent == done->length)
    return;

  rest = g_bytes_new (done->bytes + done->n_sent, done->length - done->n_sent);
  g_mutex_lock (&self->session->lock);
  skt_send_queue_push (&self->queue, rest, SKT_RECORD_FLAG_AUTOMATIC);
  if (self->feed != NULL)
    self->feed->n_between += g_bytes_get_size (rest);
  self->is_read_blocked = self->queue.size >= self->session->queue_bound;
  g_mutex_unlock (&self->session->lock);
}

/* Whether the next byte is the urgent one. A read never goes over it, but it may begin with it and go on. */
static gboolean
is_at_mark (int fd)
{
  int mark = 0;

  return ioctl (fd, SIOCATMARK, &mark) == 0 && mark != 0;
}

static void
take_received (SktTransport *self, guint8 *room, gsize length, guint16 flags)
{
  SktAnswer done = { NULL, };
  SktRecord record = {
    .kind = SKT_RECORD_RECEIVED,
    .connection = self->id,
    .flags = flags,
    .stream_offset = self->now.bytes_received,
    .time_ns = get_time_ns (),
  };

  if (wants_echo (self))
    answer (self, room, length, &done);
  if (self->responder != NULL)
    skt_responder_feed (self->responder, room, length, record.time_ns);
  skt_session_worker_append (self->session, &record, NULL, length);
  count_received (self, length, record.time_ns);
  if (done.bytes != NULL)
    record_answer (self, &done);
  if (self->responder != NULL)
    skt_responder_answer (self->responder);
}

/* The bytes go from the socket into the file without a copy in our memory: twice as fast as recv() and write(). But each read is
 * written by itself, so this is for large ones. Returns as recv(2); EAGAIN also if only recv() can tell (the peer's end, urgent bytes). */
static gssize
receive_by_pipe (SktTransport *self, gsize room_size)
{
  SktRecord record = {
    .kind = SKT_RECORD_RECEIVED,
    .connection = self->id,
    .stream_offset = self->now.bytes_received,
  };
  int read_fd, write_fd;
  gssize n;

  if (!_skt_engine_get_pipe_in_worker (self->session->engine, &read_fd, &write_fd))
    {
      errno = EAGAIN;
      return -1;
    }
  do
    n = splice (self->fd, NULL, write_fd, NULL, MIN (room_size, SKT_PIPE_READ_SIZE), SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
  while (n < 0 && errno == EINTR);
  if (n <= 0)
    {
      /* What the socket told it tells only once; the rest is about the pipe. */
      if (n == 0 || errno == EINVAL || errno == ENOMEM)
        errno = EAGAIN;
      return -1;
    }
  record.time_ns = get_time_ns ();
  skt_session_worker_append_from_pipe (self->session, &record, read_fd, n);
  count_received (self, n, record.time_ns);
  return n;
}

/* Returns as recv(2), which it leaves what it finds. */
static gssize
look (int fd)
{
  guint8 byte;
  gssize n;

  do
    n = recv (fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  return n;
}

/* Returns as recv(2). The urgent byte is a record of its own. may_be_empty: there may be nothing to read yet. Then there is no mark yet either, and
 * an urgent byte that came between the look at the mark and the read would be taken for an ordinary one; of what is there the mark is known. */
static gssize
receive_into (SktTransport *self, guint8 *room, gsize wanted, gboolean may_be_empty)
{
  gssize n = may_be_empty ? look (self->fd) : 1;
  guint16 flags;

  if (n <= 0)
    return n;
  flags = is_at_mark (self->fd) ? SKT_RECORD_FLAG_URGENT : 0;
  n = receive_some (self->fd, room, flags != 0 ? 1 : wanted);
  if (n > 0)
    take_received (self, room, n, flags);
  return n;
}

/* Returns as recv(2). *ret_is_all: there was not more to be read. */
static gssize
receive_one (SktTransport *self, guint8 *room, gsize room_size, gboolean is_urgent, gboolean may_be_empty, gboolean *ret_is_all)
{
  /* Less when the journal is about to reach its limit. */
  gsize wanted = MIN (room_size, SKT_READ_SIZE);
  gssize n = -1;

  errno = EAGAIN;
  if (self->reads_by_pipe && !is_urgent && !wants_echo (self) && self->responder == NULL)
    {
      n = receive_by_pipe (self, room_size);
      /* it ends before an urgent byte, and where there is nothing */
      may_be_empty = TRUE;
    }
  if (n > 0)
    {
      self->reads_by_pipe = (gsize) n >= _skt_transport_pipe_keep;
      *ret_is_all = n < SKT_READ_SIZE / 4;
    }
  else if (errno == EAGAIN || errno == EWOULDBLOCK)
    {
      n = receive_into (self, room, wanted, may_be_empty);
      if (n > 0)
        {
          self->reads_by_pipe |= (gsize) n >= _skt_transport_pipe_begin;
          *ret_is_all = (gsize) n < wanted && !is_urgent;
        }
    }
  return n;
}

gsize
_skt_transport_read (SktTransport *self, gsize quota, gboolean is_urgent)
{
  gsize n_read = 0;
  gboolean is_all = FALSE;

  while (self->fd >= 0 && !self->must_end && n_read < quota && !self->is_read_blocked && !is_all)
    {
      gsize room_size;
      guint8 *room = skt_session_worker_reserve (self->session, &room_size);
      gssize n;

      if (room == NULL)
        break;
      n = receive_one (self, room, room_size, is_urgent, is_urgent || n_read > 0, &is_all);
      if (n > 0)
        n_read += n;
      else
        {
          int code = n == 0 ? 0 : errno;

          if (n == 0)
            _skt_transport_peer_finished (self);
          else if (code != EAGAIN && code != EWOULDBLOCK)
            _skt_transport_end (self, skt_reason_from_errno (code), code);
          break;
        }
    }
  return n_read;
}

gboolean
_skt_transport_drain (SktTransport *self, int *ret_code)
{
  int available = 0;
  gssize n_read = 0;

  *ret_code = -1;
  if (self->peer_has_finished || ioctl (self->fd, FIONREAD, &available) != 0)
    return TRUE;
  /* receiving is paused, but here is nothing to receive */
  if (available == 0 && !skt_session_worker_can_receive (self->session))
    return TRUE;
  /* a peer that goes on sending must not keep this going */
  while (n_read <= available)
    {
      gsize room_size;
      guint8 *room = skt_session_worker_reserve (self->session, &room_size);
      gssize n;

      if (room == NULL)
        return FALSE;
      n = receive_into (self, room, MIN (room_size, SKT_READ_SIZE), TRUE);
      if (n <= 0)
        {
          if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
            *ret_code = n == 0 ? 0 : errno;
          break;
        }
      n_read += n;
    }
  return TRUE;
}

/* -- Sending -------------------------------------------------------------------------------------------------- */

static GBytes *
peek (SktTransport *self, guint16 *ret_flags)
{
  GBytes *bytes;

  g_mutex_lock (&self->session->lock);
  bytes = skt_send_queue_peek (&self->queue, SKT_READ_SIZE, ret_flags);
  g_mutex_unlock (&self->session->lock);
  return bytes;
}

static void
advance (SktTransport *self, gsize length)
{
  guint pause_ms;

  g_mutex_lock (&self->session->lock);
  pause_ms = skt_send_queue_advance (&self->queue, length);
  if (self->feed != NULL)
    _skt_file_feed_drained_locked (self->feed, self->queue.size);
  if (self->is_read_blocked && self->queue.size <= self->session->queue_bound / 2)
    self->is_read_blocked = FALSE;
  g_mutex_unlock (&self->session->lock);
  if (pause_ms > 0)
    _skt_transport_begin_pause (self, pause_ms);
}

/* Room in the journal is taken first, so that what is sent can be recorded. Returns as send(2), 0: it can't be
 * recorded now. */
static gssize
write_one (SktTransport *self, GBytes *bytes, guint16 flags)
{
  SktRecord record = { .kind = SKT_RECORD_SENT, .connection = self->id, .flags = flags };
  gsize length, room_size;
  const void *data = g_bytes_get_data (bytes, &length);
  guint8 *room = skt_session_worker_reserve_to_send (self->session, length, &room_size);
  gssize n;

  if (room == NULL)
    return 0;
  n = send_some (self->fd, data, room_size, (flags & SKT_RECORD_FLAG_URGENT) != 0 ? MSG_OOB : 0);
  if (n <= 0)
    return n;

  record.stream_offset = self->now.bytes_sent;
  record.time_ns = get_time_ns ();
  memcpy (room, data, n);
  skt_session_worker_append (self->session, &record, NULL, n);
  count_sent (self, n, &record);
  advance (self, n);
  return n;
}

void
skt_transport_write (SktTransport *self)
{
  gsize n_written = 0;

  while (self->fd >= 0 && !self->must_end && n_written < WRITE_QUOTA && !_skt_transport_is_pausing (self) &&
         skt_session_worker_can_send (self->session))
    {
      guint16 flags;
      g_autoptr (GBytes) bytes = peek (self, &flags);
      gssize n;

      if (bytes == NULL)
        break;
      n = write_one (self, bytes, flags);
      if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
        {
          int code = errno;

          _skt_transport_end_when_drained (self, skt_reason_from_errno (code), code);
          return;
        }
      if (n <= 0)
        break;
      /* small ones cost as much: others have their turn */
      n_written += MAX (n, WRITE_QUOTA / 256);
    }
  _skt_transport_finish_if_written (self);
  _skt_transport_update_interest (self);
  skt_session_worker_look_at_repeats (self->session, FALSE);
}
