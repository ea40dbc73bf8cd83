/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"

#include "skt-connection-options.h"
#include "skt-engine-private.h"
#include "skt-error.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define MANY_URGENT 20000

/* What can be done to one connection, and how its end is told. */

typedef struct
{
  SktSession *session;
  SktConnection *connection;
  SktJournal *journal;
  int fd;
} Pair;

static void
pair_open (Pair *pair, CheckFixture *fixture)
{
  guint16 port;
  int listener = check_socket_listen (1, &port);

  pair->session = check_session_new (fixture, SKT_SESSION_CLIENT);
  pair->journal = skt_session_get_journal (pair->session);
  check_session_connect (pair->session, "127.0.0.1", port);
  pair->fd = check_socket_accept (listener);
  check_wait (skt_session_get_state (pair->session) == SKT_STATE_CONNECTED);
  pair->connection = skt_session_get_current (pair->session);
  close (listener);
}

static void
pair_close (Pair *pair)
{
  if (pair->fd >= 0)
    close (pair->fd);
  check_session_close (pair->session);
}

static void
pair_send (Pair *pair, const void *data, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  g_autoptr (GError) error = NULL;

  g_assert_true (skt_connection_send_bytes (pair->connection, bytes, &error));
  g_assert_no_error (error);
}

static SktRecord
wait_closed (Pair *pair)
{
  check_wait (skt_session_get_state (pair->session) == SKT_STATE_CLOSED);
  g_assert_false (skt_connection_is_open (pair->connection));
  return check_journal_last (pair->journal, 1, SKT_RECORD_CLOSED);
}

static void
assert_end_text (Pair *pair, const char *prefix, const char *suffix)
{
  const char *text = skt_connection_get_end_text (pair->connection);

  g_assert_nonnull (text);
  if (!g_str_has_prefix (text, prefix) || !g_str_has_suffix (text, suffix))
    g_error ("“%s” does not begin with “%s” or end with “%s”", text, prefix, suffix);
}

/* -- Half-close ----------------------------------------------------------------------------------------------- */

static void
test_finish (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  char buffer[8];
  g_autoptr (GBytes) late = g_bytes_new_static ("x", 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) received = NULL;
  SktRecord closed;
  guint64 n_dispatches;

  pair_open (&pair, fixture);
  pair_send (&pair, "all", 3);
  skt_connection_finish (pair.connection);
  g_assert_false (skt_connection_send_bytes (pair.connection, late, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_NOT_CONNECTED);
  g_assert_cmpuint (check_socket_receive (pair.fd, buffer, 4), ==, 3);
  check_wait (skt_connection_get_state (pair.connection) == SKT_STATE_FINISHED);
  g_assert_false (skt_connection_can_send (pair.connection));
  g_assert_true (skt_connection_is_open (pair.connection));

  /* longer than a disconnect would wait, and without work */
  n_dispatches = _skt_engine_get_n_dispatches (fixture->engine);
  check_run_for (2300);
  g_assert_cmpuint (_skt_engine_get_n_dispatches (fixture->engine) - n_dispatches, <=, 8);
  g_assert_cmpint (skt_connection_get_state (pair.connection), ==, SKT_STATE_FINISHED);

  check_socket_send (pair.fd, "answer", 6);
  check_wait (skt_connection_get_bytes_received (pair.connection) == 6);
  close (pair.fd);
  pair.fd = -1;
  closed = wait_closed (&pair);
  g_assert_cmpint (closed.reason, ==, SKT_REASON_PEER_CLOSED);
  g_assert_cmpuint (closed.flags, ==, SKT_RECORD_FLAG_LOCAL_FIRST);
  g_assert_cmpuint (closed.unacknowledged, ==, 0);
  assert_end_text (&pair, "peer closed (FIN) after ", "; your FIN came first");
  check_assert_events (pair.session, 1, "connecting opened finished peer-finished closed(2)");
  received = check_journal_bytes (pair.journal, 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (received->data, received->len, "answer", 6);
  pair_close (&pair);
}

static void
test_finish_after_peer (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  SktRecord closed;

  pair_open (&pair, fixture);
  g_object_set (pair.session, "close-on-peer-finish", FALSE, NULL);
  shutdown (pair.fd, SHUT_WR);
  check_wait (skt_connection_get_state (pair.connection) == SKT_STATE_PEER_FINISHED);
  skt_connection_finish (pair.connection);
  closed = wait_closed (&pair);
  g_assert_cmpint (closed.reason, ==, SKT_REASON_LOCAL_CLOSED);
  g_assert_cmpuint (closed.flags, ==, SKT_RECORD_FLAG_PEER_FIRST);
  assert_end_text (&pair, "you closed after ", " s; the peer’s FIN came first");
  check_assert_events (pair.session, 1, "connecting opened peer-finished finished closed(1)");
  /* over: nothing of this does anything */
  skt_connection_finish (pair.connection);
  skt_connection_reset (pair.connection);
  skt_connection_set_reading (pair.connection, FALSE);
  pair_close (&pair);
}

static void
test_disconnect_after_finish (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;

  pair_open (&pair, fixture);
  skt_connection_finish (pair.connection);
  check_wait (skt_connection_get_state (pair.connection) == SKT_STATE_FINISHED);
  skt_connection_disconnect (pair.connection);
  check_wait (skt_connection_get_state (pair.connection) == SKT_STATE_CLOSING);
  skt_connection_disconnect (pair.connection);
  g_assert_cmpint (wait_closed (&pair).reason, ==, SKT_REASON_LOCAL_CLOSED);
  pair_close (&pair);
}

/* -- Reset ---------------------------------------------------------------------------------------------------- */

#define MUCH (8 * 1024 * 1024)

/* What came before is kept; what was queued is counted. */
static void
test_reset (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  g_autofree guint8 *random = check_random_bytes (MUCH);
  g_autoptr (GByteArray) received = NULL, peer_got = NULL;
  guint64 n_sent;
  SktRecord closed;
  int code;

  pair_open (&pair, fixture);
  pair_send (&pair, random, MUCH);
  check_wait (skt_connection_get_bytes_sent (pair.connection) > 0);
  check_socket_send (pair.fd, "kept", 4);
  skt_connection_reset (pair.connection);
  closed = wait_closed (&pair);
  peer_got = check_socket_receive_all (pair.fd, &code);
  g_assert_cmpint (code, ==, ECONNRESET);
  g_assert_cmpint (closed.reason, ==, SKT_REASON_LOCAL_RESET);
  n_sent = skt_connection_get_bytes_sent (pair.connection);
  g_assert_cmpuint (closed.stream_offset + n_sent, ==, MUCH);
  g_assert_cmpuint (closed.stream_offset, >, 0);
  g_assert_cmpuint (closed.unacknowledged, <=, n_sent);
  g_assert_cmpuint (closed.flags, ==, 0);
  assert_end_text (&pair, "you reset the connection (RST) after ", "");
  g_assert_nonnull (strstr (skt_connection_get_end_text (pair.connection), "left unsent"));
  received = check_journal_bytes (pair.journal, 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (received->data, received->len, "kept", 4);
  pair_close (&pair);
}

/* The peer never reads, then resets: what it did not acknowledge is told. */
static void
test_unacknowledged (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  g_autofree guint8 *random = check_random_bytes (MUCH);
  SktRecord closed;

  pair_open (&pair, fixture);
  pair_send (&pair, random, MUCH);
  check_wait (skt_connection_get_bytes_sent (pair.connection) > 0);
  check_run_for (50);
  check_socket_reset (pair.fd);
  pair.fd = -1;
  closed = wait_closed (&pair);
  g_assert_cmpint (closed.reason, ==, SKT_REASON_RESET);
  g_assert_cmpuint (closed.unacknowledged, >, 0);
  g_assert_cmpuint (closed.unacknowledged, <, MUCH);
  g_assert_cmpuint (closed.stream_offset, >, 0);
  g_assert_nonnull (strstr (skt_connection_get_end_text (pair.connection), "not acknowledged"));
  pair_close (&pair);
}

/* -- Reading -------------------------------------------------------------------------------------------------- */

/* Until nothing more goes for a while. */
static gsize
send_until_full (int fd, const guint8 *bytes, gsize length)
{
  gsize n_sent = 0;
  guint n_idle = 0;

  while (n_sent < length && n_idle < 20)
    {
      gssize n = send (fd, bytes + n_sent, length - n_sent, MSG_DONTWAIT | MSG_NOSIGNAL);

      n_idle = n > 0 ? 0 : n_idle + 1;
      if (n > 0)
        n_sent += n;
      else
        check_run_for (10);
    }
  return n_sent;
}

#define VERY_MUCH (64 * 1024 * 1024)

static void
test_stop_reading (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  g_autofree guint8 *random = check_random_bytes (VERY_MUCH);
  g_autoptr (GByteArray) received = NULL;
  guint64 n_dispatches;
  gsize n_sent;

  pair_open (&pair, fixture);
  g_assert_true (skt_connection_is_reading (pair.connection));
  skt_connection_set_reading (pair.connection, FALSE);
  check_wait (!skt_connection_is_reading (pair.connection));
  n_sent = send_until_full (pair.fd, random, VERY_MUCH);
  g_assert_cmpuint (n_sent, >, 0);
  g_assert_cmpuint (n_sent, <, VERY_MUCH);
  g_assert_cmpuint (skt_connection_get_bytes_received (pair.connection), ==, 0);

  /* neither readable bytes nor the peer's end may spin */
  n_dispatches = _skt_engine_get_n_dispatches (fixture->engine);
  shutdown (pair.fd, SHUT_WR);
  check_run_for (200);
  g_assert_cmpuint (_skt_engine_get_n_dispatches (fixture->engine) - n_dispatches, <=, 4);
  g_assert_cmpint (skt_connection_get_state (pair.connection), ==, SKT_STATE_CONNECTED);

  skt_connection_set_reading (pair.connection, TRUE);
  wait_closed (&pair);
  received = check_journal_bytes (pair.journal, 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (received->data, received->len, random, n_sent);
  check_assert_events (pair.session, 1, "connecting opened note note peer-finished finished closed(2)");
  pair_close (&pair);
}

/* Both have sent FIN while nothing is read: what waits is not lost, and nothing spins. */
static void
test_stop_reading_and_finish (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  g_autoptr (GByteArray) received = NULL;
  guint64 n_dispatches;

  pair_open (&pair, fixture);
  skt_connection_set_reading (pair.connection, FALSE);
  skt_connection_finish (pair.connection);
  check_wait (skt_connection_get_state (pair.connection) == SKT_STATE_FINISHED);
  check_socket_send (pair.fd, "waiting", 7);
  close (pair.fd);
  pair.fd = -1;
  check_run_for (50);
  n_dispatches = _skt_engine_get_n_dispatches (fixture->engine);
  check_run_for (200);
  g_assert_cmpuint (_skt_engine_get_n_dispatches (fixture->engine) - n_dispatches, <=, 4);
  g_assert_true (skt_connection_is_open (pair.connection));
  skt_connection_set_reading (pair.connection, TRUE);
  g_assert_cmpint (wait_closed (&pair).reason, ==, SKT_REASON_PEER_CLOSED);
  received = check_journal_bytes (pair.journal, 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (received->data, received->len, "waiting", 7);
  pair_close (&pair);
}

/* A reset ends it at once, with what had arrived. */
static void
test_stop_reading_and_reset (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  g_autoptr (GByteArray) received = NULL;

  pair_open (&pair, fixture);
  skt_connection_set_reading (pair.connection, FALSE);
  check_wait (!skt_connection_is_reading (pair.connection));
  check_socket_send (pair.fd, "waiting", 7);
  check_run_for (20);
  check_socket_reset (pair.fd);
  pair.fd = -1;
  g_assert_cmpint (wait_closed (&pair).reason, ==, SKT_REASON_RESET);
  received = check_journal_bytes (pair.journal, 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (received->data, received->len, "waiting", 7);
  pair_close (&pair);
}

/* Disconnecting reads on: what the peer still says is kept. */
static void
test_stop_reading_and_disconnect (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  g_autoptr (GByteArray) received = NULL;
  char buffer[1];

  pair_open (&pair, fixture);
  skt_connection_set_reading (pair.connection, FALSE);
  check_socket_send (pair.fd, "waiting", 7);
  skt_connection_disconnect (pair.connection);
  g_assert_cmpuint (check_socket_receive (pair.fd, buffer, 1), ==, 0);
  close (pair.fd);
  pair.fd = -1;
  g_assert_cmpint (wait_closed (&pair).reason, ==, SKT_REASON_LOCAL_CLOSED);
  received = check_journal_bytes (pair.journal, 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (received->data, received->len, "waiting", 7);
  pair_close (&pair);
}

/* -- Urgent data ---------------------------------------------------------------------------------------------- */

typedef struct
{
  guint n;
  guint64 stream_offset;
} Urgent;

static void
count_urgent (SktJournal *journal, SktRecordKind kind, Urgent *ret_urgent)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);

  *ret_urgent = (Urgent){ 0 };
  for (guint64 i = 0; i < skt_journal_get_n_records (journal); i++)
    {
      SktRecord record;

      g_assert_true (skt_journal_reader_get_record (reader, i, &record));
      if (record.kind != kind || (record.flags & SKT_RECORD_FLAG_URGENT) == 0)
        continue;
      g_assert_cmpuint (record.length, ==, 1);
      ret_urgent->n++;
      ret_urgent->stream_offset = record.stream_offset;
    }
}

static void
test_receive_urgent (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  g_autoptr (GByteArray) received = NULL;
  Urgent urgent;

  pair_open (&pair, fixture);
  check_socket_send (pair.fd, "before", 6);
  g_assert_cmpint (send (pair.fd, "ab!", 3, MSG_OOB), ==, 3);
  check_socket_send (pair.fd, "after", 5);
  check_wait (skt_connection_get_bytes_received (pair.connection) == 14);
  received = check_journal_bytes (pair.journal, 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (received->data, received->len, "beforeab!after", 14);
  count_urgent (pair.journal, SKT_RECORD_RECEIVED, &urgent);
  g_assert_cmpuint (urgent.n, ==, 1);
  g_assert_cmpuint (urgent.stream_offset, ==, 8);
  pair_close (&pair);
}

/* The socket of this process that is connected to it. */
static int
find_other_end (int fd)
{
  struct sockaddr_in local, peer;
  socklen_t length = sizeof local;

  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &local, &length), ==, 0);
  for (int other = 3; other < 1024; other++)
    {
      length = sizeof peer;
      if (other != fd && getpeername (other, (struct sockaddr *) &peer, &length) == 0 && peer.sin_family == AF_INET &&
          peer.sin_port == local.sin_port)
        return other;
    }
  g_assert_not_reached ();
}

/* One comes while the one before is being read: none of them is taken for an ordinary byte. */
static void
test_receive_urgent_often (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  Urgent urgent;
  int other;

  pair_open (&pair, fixture);
  other = find_other_end (pair.fd);
  for (guint i = 1; i <= MANY_URGENT; i++)
    {
      int left = 1;

      g_assert_cmpint (send (pair.fd, "!", 1, MSG_OOB), ==, 1);
      /* The peer's kernel keeps one place only: the next goes off when this one was read, and not a moment later. */
      while (left > 0)
        g_assert_cmpint (ioctl (other, FIONREAD, &left), ==, 0);
    }
  check_wait (skt_connection_get_bytes_received (pair.connection) == MANY_URGENT);
  count_urgent (pair.journal, SKT_RECORD_RECEIVED, &urgent);
  g_assert_cmpuint (urgent.n, ==, MANY_URGENT);
  pair_close (&pair);
}

/* In the midst of much that is read by the pipe. */
static void
test_receive_urgent_in_flood (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  g_autofree guint8 *random = check_random_bytes (MUCH);
  g_autoptr (GByteArray) received = NULL;
  Urgent urgent;

  pair_open (&pair, fixture);
  check_socket_send (pair.fd, random, MUCH);
  g_assert_cmpint (send (pair.fd, "!", 1, MSG_OOB), ==, 1);
  check_socket_send (pair.fd, random, MUCH);
  check_wait (skt_connection_get_bytes_received (pair.connection) == 2 * MUCH + 1);
  received = check_journal_bytes (pair.journal, 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (received->data, MUCH, random, MUCH);
  g_assert_cmpmem (received->data + MUCH, 1, "!", 1);
  g_assert_cmpmem (received->data + MUCH + 1, MUCH, random, MUCH);
  count_urgent (pair.journal, SKT_RECORD_RECEIVED, &urgent);
  g_assert_cmpuint (urgent.n, ==, 1);
  g_assert_cmpuint (urgent.stream_offset, ==, MUCH);
  pair_close (&pair);
}

/* While nothing is read an urgent byte must not wake the thread again and again; closing still tells it. */
static void
test_urgent_while_stopped (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  Urgent urgent;
  guint64 n_dispatches;

  pair_open (&pair, fixture);
  skt_connection_set_reading (pair.connection, FALSE);
  check_wait (!skt_connection_is_reading (pair.connection));
  n_dispatches = _skt_engine_get_n_dispatches (fixture->engine);
  g_assert_cmpint (send (pair.fd, "a!", 2, MSG_OOB), ==, 2);
  check_run_for (200);
  g_assert_cmpuint (_skt_engine_get_n_dispatches (fixture->engine) - n_dispatches, <=, 4);
  skt_connection_reset (pair.connection);
  wait_closed (&pair);
  g_assert_cmpuint (skt_connection_get_bytes_received (pair.connection), ==, 2);
  count_urgent (pair.journal, SKT_RECORD_RECEIVED, &urgent);
  g_assert_cmpuint (urgent.n, ==, 1);
  pair_close (&pair);
}

static void
test_send_urgent (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  Urgent urgent;
  g_autoptr (GError) error = NULL;
  char byte = 0;

  pair_open (&pair, fixture);
  pair_send (&pair, "ab", 2);
  g_assert_true (skt_connection_send_urgent (pair.connection, '!', &error));
  g_assert_no_error (error);
  check_wait (skt_connection_get_bytes_sent (pair.connection) == 3);
  count_urgent (pair.journal, SKT_RECORD_SENT, &urgent);
  g_assert_cmpuint (urgent.n, ==, 1);
  g_assert_cmpuint (urgent.stream_offset, ==, 2);
  check_wait (recv (pair.fd, &byte, 1, MSG_OOB | MSG_DONTWAIT) == 1);
  g_assert_cmpint (byte, ==, '!');
  skt_connection_disconnect (pair.connection);
  g_assert_false (skt_connection_send_urgent (pair.connection, '!', &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_NOT_CONNECTED);
  pair_close (&pair);
}

/* -- Socket options ------------------------------------------------------------------------------------------- */

typedef struct
{
  gboolean is_done;
  SktSocketOptions options;
  char *problem;
  GError *error;
} Answer;

static void
options_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  skt_connection_change_options_finish (SKT_CONNECTION (source), result, &answer->options, &answer->problem,
                                        &answer->error);
  answer->is_done = TRUE;
}

static void
change_options (Pair *pair, const SktSocketOptions *old, const SktSocketOptions *new, Answer *answer)
{
  g_free (answer->problem);
  *answer = (Answer){ 0 };
  skt_connection_change_options_async (pair->connection, old, new, NULL, options_cb, answer);
  check_wait (answer->is_done);
}

static void
test_options (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  Answer answer = { 0 };
  SktSocketOptions before, after;

  pair_open (&pair, fixture);
  change_options (&pair, NULL, NULL, &answer);
  g_assert_no_error (answer.error);
  before = after = answer.options;
  g_assert_true (before.no_delay);
  g_assert_false (before.keep_alive);
  g_assert_cmpint (before.linger_s, ==, -1);
  g_assert_cmpuint (before.keep_idle_s, >, 0);

  after.no_delay = FALSE;
  after.keep_alive = TRUE;
  after.keep_idle_s = 11;
  after.keep_interval_s = 3;
  after.keep_count = 4;
  after.user_timeout_ms = 1500;
  after.linger_s = 0;
  after.ttl = 9;
  after.send_buffer = 20000;
  change_options (&pair, &before, &after, &answer);
  g_assert_no_error (answer.error);
  g_assert_null (answer.problem);
  g_assert_false (answer.options.no_delay);
  g_assert_true (answer.options.keep_alive);
  g_assert_cmpuint (answer.options.keep_idle_s, ==, 11);
  g_assert_cmpuint (answer.options.keep_interval_s, ==, 3);
  g_assert_cmpuint (answer.options.keep_count, ==, 4);
  g_assert_cmpuint (answer.options.user_timeout_ms, ==, 1500);
  g_assert_cmpint (answer.options.linger_s, ==, 0);
  g_assert_cmpuint (answer.options.ttl, ==, 9);
  /* what the kernel gave */
  g_assert_cmpuint (answer.options.send_buffer, ==, 40000);
  g_assert_cmpuint (answer.options.receive_buffer, ==, before.receive_buffer);

  /* refused, in words */
  before = answer.options;
  after = before;
  after.keep_idle_s = 1000000;
  g_strlcpy (after.congestion, "no-such", sizeof after.congestion);
  change_options (&pair, &before, &after, &answer);
  g_assert_no_error (answer.error);
  g_assert_nonnull (strstr (answer.problem, "Keep-alive after (TCP_KEEPIDLE) was refused: Invalid argument."));
  g_assert_nonnull (strstr (answer.problem, "Congestion control (TCP_CONGESTION) was refused: "));
  g_assert_cmpuint (answer.options.keep_idle_s, ==, 11);

  /* SO_LINGER 0: closing resets */
  shutdown (pair.fd, SHUT_WR);
  wait_closed (&pair);
  change_options (&pair, NULL, NULL, &answer);
  g_assert_error (answer.error, SKT_ERROR, SKT_ERROR_NOT_CONNECTED);
  g_error_free (answer.error);
  pair_close (&pair);
}

static void
test_session_options (CheckFixture *fixture, gconstpointer data)
{
  SktSession *server = check_session_new (fixture, SKT_SESSION_SERVER);
  SktSession *client = check_session_new (fixture, SKT_SESSION_CLIENT);
  SktSocketOptions options;
  Answer answer = { 0 };
  Pair pair = { 0 };
  guint16 port;

  skt_socket_options_parse (&options, "no-delay=0 keep-alive=1 idle=33 ttl=7 receive-buffer=50000 linger=5");
  skt_session_set_socket_options (server, &options);
  port = check_session_listen (server);
  g_strlcpy (options.interface, "lo", sizeof options.interface);
  skt_session_set_socket_options (client, &options);
  check_session_connect (client, "127.0.0.1", port);
  pair.connection = check_wait_for_connection (server, 1);
  for (guint i = 0; i < 2; i++)
    {
      gboolean no_delay;

      change_options (&pair, NULL, NULL, &answer);
      g_assert_no_error (answer.error);
      g_assert_false (answer.options.no_delay);
      g_assert_true (answer.options.keep_alive);
      g_assert_cmpuint (answer.options.keep_idle_s, ==, 33);
      g_assert_cmpuint (answer.options.ttl, ==, 7);
      g_assert_cmpuint (answer.options.receive_buffer, ==, 100000);
      g_assert_cmpint (answer.options.linger_s, ==, 5);
      g_assert_cmpstr (answer.options.interface, ==, i == 0 ? "" : "lo");
      g_object_get (server, "no-delay", &no_delay, NULL);
      g_assert_false (no_delay);
      check_wait (skt_session_get_state (client) == SKT_STATE_CONNECTED);
      pair.connection = skt_session_get_current (client);
    }
  skt_session_disconnect_all (client);
  check_wait (skt_session_get_state (client) == SKT_STATE_CLOSED);

  g_strlcpy (options.interface, "none-such", sizeof options.interface);
  skt_session_set_socket_options (client, &options);
  check_session_connect (client, "127.0.0.1", port);
  check_wait (skt_session_get_state (client) == SKT_STATE_FAILED);
  g_assert_nonnull (strstr (skt_session_get_problem (client), "Network interface (SO_BINDTODEVICE) was refused: No such device."));
  check_session_close (client);
  check_session_close (server);
}

static void
assert_round_trip (const char *text)
{
  SktSocketOptions options, again;
  g_autofree char *out = NULL;

  skt_socket_options_parse (&options, text);
  out = skt_socket_options_to_text (&options);
  g_assert_cmpstr (out, ==, text);
  skt_socket_options_parse (&again, out);
  g_assert_true (skt_socket_options_equal (&options, &again));
}

static void
test_options_text (void)
{
  SktSocketOptions options, defaults;

  assert_round_trip ("no-delay=1");
  assert_round_trip ("no-delay=0 keep-alive=1 idle=1 interval=2 count=3 user-timeout=4 send-buffer=5 receive-buffer=6 linger=0 "
                     "ttl=8 congestion=reno interface=eth0");
  skt_socket_options_init (&defaults);
  skt_socket_options_parse (&options, "=  =1 idle=-1 ttl=x idle nonsense=5 linger=99999999999999999999");
  g_assert_true (skt_socket_options_equal (&options, &defaults));
  skt_socket_options_parse (&options, "ttl=999 interface=0123456789012345678901234567890");
  g_assert_cmpuint (options.ttl, ==, 255);
  g_assert_cmpuint (strlen (options.interface), <, SKT_INTERFACE_MAX);
}

/* -- Again ---------------------------------------------------------------------------------------------------- */

static void
connect_again (SktSession *session, guint16 port, guint16 local_port, guint count)
{
  skt_session_connect (session, &(SktConnectOptions){
                                  .host = "127.0.0.1",
                                  .port = port,
                                  .local_address = local_port != 0 ? "127.0.0.1" : NULL,
                                  .local_port = local_port,
                                  .reconnect = { .is_on = TRUE, .interval_ms = 20, .growth = 1.5, .cap_ms = 50, .count = count },
                                });
}

static void
test_reconnect_delays (void)
{
  const SktReconnect grows = { TRUE, 1000, 2, 5000, 0 };
  const SktReconnect same = { TRUE, 1000, 0, 0, 0 };
  const SktReconnect far = { TRUE, 1000, 10, 0, 0 };

  g_assert_cmpuint (skt_reconnect_get_delay (&grows, 1), ==, 1000);
  g_assert_cmpuint (skt_reconnect_get_delay (&grows, 3), ==, 4000);
  g_assert_cmpuint (skt_reconnect_get_delay (&grows, 4), ==, 5000);
  g_assert_cmpuint (skt_reconnect_get_delay (&grows, G_MAXUINT), ==, 5000);
  g_assert_cmpuint (skt_reconnect_get_delay (&same, 1000), ==, 1000);
  g_assert_cmpuint (skt_reconnect_get_delay (&far, G_MAXUINT), ==, G_MAXINT);
}

/* Nobody listens; then somebody does; who resets; and the user ends it. */
static void
test_reconnect (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  GListModel *connections = skt_session_get_connections (session);
  guint16 port;
  int listener = check_socket_listen (4, &port);
  guint n;
  int fd;

  connect_again (session, port, 0, 0);
  fd = check_socket_accept (listener);
  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
  close (listener);
  check_socket_reset (fd);
  check_wait (skt_session_get_retry_number (session) >= 3);
  check_wait (skt_session_get_state (session) == SKT_STATE_WAITING);
  g_assert_cmpint (skt_session_get_retry_time (session), >, 0);
  n = g_list_model_get_n_items (connections);
  check_wait (g_list_model_get_n_items (connections) > n);

  skt_session_cancel (session);
  check_wait (skt_session_get_state (session) == SKT_STATE_IDLE);
  n = g_list_model_get_n_items (connections);
  check_run_for (150);
  g_assert_cmpuint (g_list_model_get_n_items (connections), ==, n);
  g_assert_cmpint (skt_session_get_retry_time (session), ==, 0);

  /* the user's own end is the end */
  listener = check_socket_listen (4, &port);
  connect_again (session, port, 0, 0);
  fd = check_socket_accept (listener);
  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
  n = g_list_model_get_n_items (connections);
  skt_connection_reset (skt_session_get_current (session));
  check_wait (skt_session_get_state (session) == SKT_STATE_CLOSED);
  check_run_for (150);
  g_assert_cmpuint (g_list_model_get_n_items (connections), ==, n);
  close (fd);
  close (listener);
  check_session_close (session);
}

/* So many times and no more; each time it had connected to itself, which is not taken for a connection. */
static void
test_reconnect_to_itself (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  guint16 port = check_unused_port ();

  connect_again (session, port, port, 2);
  check_wait (g_list_model_get_n_items (skt_session_get_connections (session)) == 3 &&
              skt_session_get_state (session) == SKT_STATE_FAILED);
  check_assert_events (session, 1, "connecting failed(15)");
  check_run_for (150);
  g_assert_cmpuint (g_list_model_get_n_items (skt_session_get_connections (session)), ==, 3);
  check_assert_events (session, 0, "note");
  check_session_close (session);
}

/* Closing while it waits. */
static void
test_close_while_waiting (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);

  skt_session_connect (session, &(SktConnectOptions){ .host = "127.0.0.1", .port = check_unused_port (),
                                                      .reconnect = { .is_on = TRUE, .interval_ms = 3600000 } });
  check_wait (skt_session_get_state (session) == SKT_STATE_WAITING);
  check_session_close (session);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  check_add ("/core/actions/finish", test_finish);
  check_add ("/core/actions/finish-after-peer", test_finish_after_peer);
  check_add ("/core/actions/disconnect-after-finish", test_disconnect_after_finish);
  check_add ("/core/actions/reset", test_reset);
  check_add ("/core/actions/unacknowledged", test_unacknowledged);
  check_add ("/core/actions/stop-reading", test_stop_reading);
  check_add ("/core/actions/stop-reading-and-finish", test_stop_reading_and_finish);
  check_add ("/core/actions/stop-reading-and-reset", test_stop_reading_and_reset);
  check_add ("/core/actions/stop-reading-and-disconnect", test_stop_reading_and_disconnect);
  check_add ("/core/actions/receive-urgent", test_receive_urgent);
  check_add ("/core/actions/receive-urgent-often", test_receive_urgent_often);
  check_add ("/core/actions/receive-urgent-in-flood", test_receive_urgent_in_flood);
  check_add ("/core/actions/urgent-while-stopped", test_urgent_while_stopped);
  check_add ("/core/actions/send-urgent", test_send_urgent);

  check_add ("/core/actions/options", test_options);
  check_add ("/core/actions/session-options", test_session_options);
  g_test_add_func ("/core/actions/options-text", test_options_text);

  g_test_add_func ("/core/actions/reconnect-delays", test_reconnect_delays);
  check_add ("/core/actions/reconnect", test_reconnect);
  check_add ("/core/actions/reconnect-to-itself", test_reconnect_to_itself);
  check_add ("/core/actions/close-while-waiting", test_close_while_waiting);

  return g_test_run ();
}
