/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"

#include "skt-engine-private.h"
#include "skt-error.h"
#include "skt-session-private.h"
#include "skt-transport-private.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MIB (1024 * 1024)

/* -- Peers ---------------------------------------------------------------------------------------------------- */

/* Sends random bytes and keeps their checksum. */
typedef struct
{
  guint16 port;
  gsize length;
  guint seed;
  char *hash;
  gint is_done;         /* atomic */
} Sender;

static void
send_random (int fd, Sender *sender)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (sender->seed);
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint32 *block = g_malloc (64 * 1024);
  gsize left = sender->length;

  while (left > 0)
    {
      gsize n = g_rand_int_range (rand, 1, 64 * 1024);

      n = MIN (n, left);
      for (gsize i = 0; i <= n / 4 && i < 16 * 1024; i++)
        block[i] = g_rand_int (rand);
      g_checksum_update (checksum, (guint8 *) block, n);
      check_socket_send (fd, block, n);
      left -= n;
    }
  sender->hash = g_strdup (g_checksum_get_string (checksum));
  g_checksum_free (checksum);
}

static gpointer
sender_thread (gpointer data)
{
  Sender *sender = data;
  int fd = check_socket_connect (sender->port);

  send_random (fd, sender);
  close (fd);
  g_atomic_int_set (&sender->is_done, TRUE);
  return NULL;
}

static void
assert_received (SktSession *session, guint32 id, const Sender *sender)
{
  guint64 length;
  g_autofree char *hash = check_journal_hash (skt_session_get_journal (session), id, SKT_RECORD_RECEIVED, &length);

  g_assert_cmpuint (length, ==, sender->length);
  g_assert_cmpstr (hash, ==, sender->hash);
}

/* -- Receiving ------------------------------------------------------------------------------------------------ */

static void
notified_cb (GObject *object, GParamSpec *pspec, gpointer data)
{
  (*(guint *) data)++;
}

static void
grown_cb (SktSession *session, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_receive (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  Sender sender = { .port = check_session_listen (session), .length = 64 * MIB, .seed = g_test_rand_int () };
  gint64 start = g_get_monotonic_time (), most;
  guint n_notified = 0, n_grown = 0;
  GThread *thread;

  g_signal_connect (session, "notify::bytes-received", G_CALLBACK (notified_cb), &n_notified);
  g_signal_connect (session, "journal-grown", G_CALLBACK (grown_cb), &n_grown);
  thread = g_thread_new ("sender", sender_thread, &sender);
  check_wait (skt_session_get_bytes_received (session) == sender.length);
  check_wait (skt_session_get_n_open (session) == 0);
  g_thread_join (thread);
  assert_received (session, 1, &sender);
  check_assert_events (session, 1, "opened peer-finished finished closed(2)");

  most = (g_get_monotonic_time () - start) / (16 * G_TIME_SPAN_MILLISECOND) + 2;
  g_assert_cmpuint (n_notified, <=, most);
  g_assert_cmpuint (n_grown, <=, most);
  g_assert_cmpuint (n_grown, >, 0);
  g_free (sender.hash);
  check_session_close (session);
}

/* How it ended is told, and nothing before it is missing. */
static void
test_receive_then_reset (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  Sender sender = { .length = 4 * MIB, .seed = g_test_rand_int () };
  int fd;

  sender.port = check_session_listen (session);
  fd = check_socket_connect (sender.port);
  send_random (fd, &sender);
  check_wait (skt_session_get_bytes_received (session) == sender.length);
  check_socket_reset (fd);
  check_wait (skt_session_get_n_open (session) == 0);
  assert_received (session, 1, &sender);
  check_assert_events (session, 1, "opened closed(3)");
  g_free (sender.hash);
  check_session_close (session);
}

#define N_CLIENTS 200

static void
test_many_senders (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  g_autofree Sender *senders = g_new0 (Sender, N_CLIENTS);
  GThread *threads[N_CLIENTS];
  g_autoptr (GHashTable) hashes = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < N_CLIENTS; i++)
    {
      senders[i] = (Sender){ .port = port, .length = 100 * 1024, .seed = g_test_rand_int () };
      threads[i] = g_thread_new ("sender", sender_thread, &senders[i]);
    }
  check_wait (skt_session_get_bytes_received (session) == (guint64) N_CLIENTS * 100 * 1024);
  check_wait (skt_session_get_n_open (session) == 0);
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      g_thread_join (threads[i]);
      g_hash_table_add (hashes, senders[i].hash);
    }

  /* which connection is whose is told by the bytes */
  for (guint id = 1; id <= N_CLIENTS; id++)
    {
      guint64 length;
      g_autofree char *hash = check_journal_hash (skt_session_get_journal (session), id, SKT_RECORD_RECEIVED, &length);

      g_assert_cmpuint (length, ==, 100 * 1024);
      g_assert_true (g_hash_table_remove (hashes, hash));
    }
  for (guint i = 0; i < N_CLIENTS; i++)
    g_free (senders[i].hash);
  check_session_close (session);
}

/* Urgent bytes are part of the stream. */
static void
test_urgent (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  g_autoptr (GByteArray) received = NULL;

  check_wait_for_connection (session, 1);
  check_socket_send (fd, "ab", 2);
  g_assert_cmpint (send (fd, "U", 1, MSG_OOB), ==, 1);
  check_socket_send (fd, "cd", 2);
  check_wait (skt_session_get_bytes_received (session) == 5);
  received = check_journal_bytes (skt_session_get_journal (session), 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (received->data, received->len, "abUcd", 5);
  close (fd);
  check_session_close (session);
}

/* -- Echo ----------------------------------------------------------------------------------------------------- */

/* Sends and receives at the same time; or first all, then nothing is read until `may_read`. */
typedef struct
{
  int fd;
  gsize length;
  guint8 *bytes;
  gint n_sent;          /* atomic, KiB */
} Echoed;

static gpointer
echo_writer_thread (gpointer data)
{
  Echoed *echoed = data;

  for (gsize done = 0; done < echoed->length; done += 1024)
    {
      check_socket_send (echoed->fd, echoed->bytes + done, 1024);
      g_atomic_int_inc (&echoed->n_sent);
    }
  shutdown (echoed->fd, SHUT_WR);
  return NULL;
}

static gpointer
echo_reader_thread (gpointer data)
{
  Echoed *echoed = data;
  int code;
  g_autoptr (GByteArray) received = check_socket_receive_all (echoed->fd, &code);

  g_assert_cmpint (code, ==, 0);
  g_assert_cmpmem (received->data, received->len, echoed->bytes, echoed->length);
  return NULL;
}

static void
assert_echo_recorded (SktSession *session, const Echoed *echoed)
{
  g_autoptr (GByteArray) sent = check_journal_bytes (skt_session_get_journal (session), 1, SKT_RECORD_SENT);
  SktRecord record = check_journal_last (skt_session_get_journal (session), 1, SKT_RECORD_SENT);

  g_assert_cmpmem (sent->data, sent->len, echoed->bytes, echoed->length);
  g_assert_cmpuint (record.flags, ==, SKT_RECORD_FLAG_AUTOMATIC);
  check_assert_events (session, 1, "opened peer-finished finished closed(2)");
}

static void
test_echo (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  Echoed echoed = { .length = 16 * MIB, .bytes = check_random_bytes (16 * MIB) };
  GThread *writer, *reader;

  g_object_set (session, "echo", TRUE, NULL);
  echoed.fd = check_socket_connect (check_session_listen (session));
  writer = g_thread_new ("writer", echo_writer_thread, &echoed);
  reader = g_thread_new ("reader", echo_reader_thread, &echoed);
  check_wait (skt_session_get_bytes_sent (session) == echoed.length);
  g_thread_join (writer);
  g_thread_join (reader);
  check_wait (skt_session_get_n_open (session) == 0);
  assert_echo_recorded (session, &echoed);
  close (echoed.fd);
  g_free (echoed.bytes);
  check_session_close (session);
}

/* A peer that sends and does not read: what is queued stays bounded, nothing is dropped, and nothing spins. */
static void
test_echo_back_pressure (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  Echoed echoed = { .length = 48 * MIB, .bytes = check_random_bytes (48 * MIB) };
  SktConnection *connection;
  GThread *writer, *reader;
  guint64 n_dispatches;
  gint before;

  g_object_set (session, "echo", TRUE, NULL);
  skt_session_set_queue_bound (session, MIB);
  echoed.fd = check_socket_connect (check_session_listen (session));
  connection = check_wait_for_connection (session, 1);
  writer = g_thread_new ("writer", echo_writer_thread, &echoed);
  check_wait (skt_connection_get_bytes_queued (connection) >= MIB);
  do
    {
      before = g_atomic_int_get (&echoed.n_sent);
      n_dispatches = _skt_engine_get_n_dispatches (fixture->engine);
      check_run_for (150);
    }
  while (g_atomic_int_get (&echoed.n_sent) != before);
  g_assert_cmpuint (_skt_engine_get_n_dispatches (fixture->engine) - n_dispatches, <, 50);
  g_assert_cmpuint (skt_connection_get_bytes_queued (connection), <=, MIB + SKT_READ_SIZE);
  g_assert_cmpint (before, <, (gint) (echoed.length / 1024));

  reader = g_thread_new ("reader", echo_reader_thread, &echoed);
  check_wait (skt_session_get_bytes_sent (session) == echoed.length);
  g_thread_join (writer);
  g_thread_join (reader);
  check_wait (skt_session_get_n_open (session) == 0);
  assert_echo_recorded (session, &echoed);
  close (echoed.fd);
  g_free (echoed.bytes);
  check_session_close (session);
}

/* -- Sending -------------------------------------------------------------------------------------------------- */

static void
test_slow_peer (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  SktConnection *connection = check_wait_for_connection (session, 1);
  g_autofree guint8 *random = check_random_bytes (MIB);
  g_autoptr (GBytes) bytes = g_bytes_new_static (random, MIB);
  g_autoptr (GByteArray) sent = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *received = NULL;
  guint n = 0;

  skt_session_set_queue_bound (session, 16 * MIB);
  while (skt_connection_send_bytes (connection, bytes, &error))
    {
      n++;
      check_run_for (1);
      g_assert_cmpuint (n, <, 1000);
    }
  g_assert_error (error, SKT_ERROR, SKT_ERROR_QUEUE_FULL);
  g_assert_nonnull (strstr (error->message, "does not read fast enough"));
  g_assert_nonnull (strstr (error->message, "discard what waits"));
  check_wait (skt_connection_get_bytes_queued (connection) > 15 * MIB);
  g_assert_cmpuint (skt_connection_get_bytes_queued (connection), <=, 16 * MIB);

  /* then it reads: all that was taken arrives, and sending works again */
  received = g_malloc (n * (gsize) MIB);
  g_assert_cmpuint (check_socket_receive (fd, received, n * (gsize) MIB), ==, n * (gsize) MIB);
  for (guint i = 0; i < n; i++)
    g_assert_cmpmem (received + i * (gsize) MIB, MIB, random, MIB);
  check_wait (skt_connection_get_bytes_queued (connection) == 0);
  g_clear_error (&error);
  g_assert_true (skt_connection_send_bytes (connection, bytes, &error));
  check_wait (skt_connection_get_bytes_sent (connection) == (n + 1) * (guint64) MIB
              || skt_connection_get_bytes_queued (connection) > 0);
  close (fd);
  check_session_close (session);
}

static void
test_too_much_at_once (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  SktConnection *connection = check_wait_for_connection (session, 1);
  g_autofree guint8 *zeros = g_malloc0 (17 * MIB);
  g_autoptr (GBytes) bytes = g_bytes_new_static (zeros, 17 * MIB);
  g_autoptr (GError) error = NULL;

  skt_session_set_queue_bound (session, 16 * MIB);
  g_assert_false (skt_connection_send_bytes (connection, bytes, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_QUEUE_FULL);
  g_assert_nonnull (strstr (error->message, "Send them in parts."));
  check_run_for (20);
  g_assert_cmpuint (skt_connection_get_bytes_sent (connection), ==, 0);
  close (fd);
  check_session_close (session);
}

static void
test_unsent_is_counted (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  SktConnection *connection = check_wait_for_connection (session, 1);
  g_autofree guint8 *zeros = g_malloc0 (16 * MIB);
  g_autoptr (GBytes) bytes = g_bytes_new_static (zeros, 16 * MIB);
  g_autoptr (GError) error = NULL;
  SktRecord record;

  g_assert_true (skt_connection_send_bytes (connection, bytes, &error));
  check_wait (skt_connection_get_bytes_sent (connection) > 0);
  check_socket_reset (fd);
  check_wait (skt_connection_get_state (connection) == SKT_STATE_CLOSED);
  record = check_journal_last (skt_session_get_journal (session), 1, SKT_RECORD_CLOSED);
  g_assert_cmpint (record.reason, ==, SKT_REASON_RESET);
  g_assert_cmpuint (record.stream_offset, >, 0);
  g_assert_cmpuint (record.stream_offset + skt_connection_get_bytes_sent (connection), ==, 16 * MIB);
  g_assert_cmpuint (skt_connection_get_bytes_queued (connection), ==, 0);
  check_session_close (session);
}

/* Many small ones, in order, each a record of its own. */
static void
test_small_sends (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  SktConnection *connection = check_wait_for_connection (session, 1);
  guint32 received[5000];

  for (guint32 i = 0; i < G_N_ELEMENTS (received); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (&i, sizeof i);
      g_autoptr (GError) error = NULL;

      g_assert_true (skt_connection_send_bytes (connection, bytes, &error));
    }
  g_assert_cmpuint (check_socket_receive (fd, received, sizeof received), ==, sizeof received);
  for (guint32 i = 0; i < G_N_ELEMENTS (received); i++)
    g_assert_cmpuint (received[i], ==, i);
  check_wait (skt_session_get_bytes_sent (session) == sizeof received);
  g_assert_cmpuint (check_journal_count (skt_session_get_journal (session), 1, SKT_RECORD_SENT), ==,
                    G_N_ELEMENTS (received));
  close (fd);
  check_session_close (session);
}

/* -- Journal full --------------------------------------------------------------------------------------------- */

static void
set_file_limit (rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = MIN (bytes, limit.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

typedef struct
{
  SktSession *session;
  SktConnection *other;         /* a connection besides the sender's */
  int other_fd;
  Sender sender;
  GThread *thread;
} Full;

/* Until the journal is full. */
static void
full_begin (Full *full, CheckFixture *fixture)
{
  guint64 n_dispatches;

  full->session = check_session_new (fixture, SKT_SESSION_SERVER);
  full->sender = (Sender){ .length = 48 * MIB, .seed = g_test_rand_int () };
  full->sender.port = check_session_listen (full->session);
  full->other_fd = check_socket_connect (full->sender.port);
  full->other = check_wait_for_connection (full->session, 1);

  g_assert_false (skt_session_is_stalled (full->session));
  set_file_limit (8 * MIB);
  full->thread = g_thread_new ("sender", sender_thread, &full->sender);
  check_wait (skt_session_get_problem (full->session) != NULL);
  g_assert_true (skt_session_is_stalled (full->session));
  g_assert_nonnull (strstr (skt_session_get_problem (full->session), "nothing is lost"));
  g_assert_cmpint (skt_journal_get_payload_length (skt_session_get_journal (full->session)), <=, 8 * MIB);

  n_dispatches = _skt_engine_get_n_dispatches (fixture->engine);
  check_run_for (200);
  g_assert_cmpuint (_skt_engine_get_n_dispatches (fixture->engine) - n_dispatches, <, 20);
  g_assert_false (g_atomic_int_get (&full->sender.is_done));
}

static void
full_end (Full *full)
{
  check_wait (skt_session_get_problem (full->session) == NULL);
  g_assert_false (skt_session_is_stalled (full->session));
  check_wait (skt_connection_get_state (skt_session_get_connection (full->session, 2)) == SKT_STATE_CLOSED);
  g_thread_join (full->thread);
  assert_received (full->session, 2, &full->sender);
  check_assert_events (full->session, 2, "opened peer-finished finished closed(2)");
  g_free (full->sender.hash);
  check_session_close (full->session);
}

static void
test_journal_full (CheckFixture *fixture, gconstpointer data)
{
  Full full;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (GBytes) many = g_bytes_new_take (g_malloc0 (2 * MIB), 2 * MIB);
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) sent = NULL;
  char buffer[1];

  full_begin (&full, fixture);
  g_assert_cmpint (skt_session_get_pause (full.session), ==, SKT_PAUSE_FILE_TOO_LARGE);

  /* there is a reserve for what is sent; more is refused, because it could not be recorded; what comes waits */
  g_assert_true (skt_connection_send_bytes (full.other, bytes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (check_socket_receive (full.other_fd, buffer, 1), ==, 1);
  g_assert_cmpint (buffer[0], ==, 'x');
  g_assert_false (skt_connection_send_bytes (full.other, many, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_clear_error (&error);
  check_socket_send (full.other_fd, "meanwhile", 9);

  set_file_limit (RLIM_INFINITY);
  skt_session_resume (full.session);
  check_wait (skt_connection_get_bytes_received (full.other) == 9);
  check_wait (skt_session_get_problem (full.session) == NULL);
  g_assert_true (skt_connection_send_bytes (full.other, bytes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (check_socket_receive (full.other_fd, buffer, 1), ==, 1);
  check_wait (skt_connection_get_bytes_sent (full.other) == 2);
  sent = check_journal_bytes (skt_session_get_journal (full.session), 1, SKT_RECORD_SENT);
  g_assert_cmpmem (sent->data, sent->len, "xx", 2);
  close (full.other_fd);
  full_end (&full);
}

/* It goes on by itself; peers that go meanwhile, in whichever way, are recorded when it does. */
static void
test_journal_full_peer_goes (CheckFixture *fixture, gconstpointer data)
{
  Full full;
  guint64 n_dispatches;
  g_autoptr (GByteArray) received = NULL;

  full_begin (&full, fixture);
  check_socket_send (full.other_fd, "goodbye", 7);
  check_socket_reset (full.other_fd);
  check_run_for (50);
  n_dispatches = _skt_engine_get_n_dispatches (fixture->engine);
  check_run_for (200);
  g_assert_cmpuint (_skt_engine_get_n_dispatches (fixture->engine) - n_dispatches, <, 20);
  g_assert_cmpint (skt_connection_get_state (full.other), ==, SKT_STATE_CONNECTED);

  set_file_limit (RLIM_INFINITY);
  check_wait (skt_connection_get_state (full.other) == SKT_STATE_CLOSED);
  received = check_journal_bytes (skt_session_get_journal (full.session), 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (received->data, received->len, "goodbye", 7);
  check_assert_events (full.session, 1, "opened closed(3)");
  full_end (&full);
}

/* Disconnected by the user while full: what could not be stored is told. */
static void
test_journal_full_disconnect (CheckFixture *fixture, gconstpointer data)
{
  Full full;

  full_begin (&full, fixture);
  check_socket_send (full.other_fd, "too late", 8);
  check_run_for (20);
  skt_connection_disconnect (full.other);
  skt_connection_disconnect (full.other);
  check_wait (skt_connection_get_state (full.other) == SKT_STATE_CLOSED);
  set_file_limit (RLIM_INFINITY);
  skt_session_resume (full.session);
  check_wait (skt_session_get_problem (full.session) == NULL);
  check_assert_events (full.session, 1, "opened finished note closed(1)");
  close (full.other_fd);
  full_end (&full);
}

/* -- Other programs ------------------------------------------------------------------------------------------- */

static void
exchange_with (CheckFixture *fixture, const char *const *argv)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  g_autofree guint8 *random = check_random_bytes (3 * MIB);
  g_autoptr (GBytes) input = g_bytes_new_static (random, 3 * MIB);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) received = NULL;

  for (guint i = 0; argv[i] != NULL; i++)
    {
      GString *argument = g_string_new (argv[i]);
      g_autofree char *number = g_strdup_printf ("%u", port);

      g_string_replace (argument, "PORT", number, 0);
      g_ptr_array_add (arguments, g_string_free (argument, FALSE));
    }
  g_ptr_array_add (arguments, NULL);
  process = g_subprocess_newv ((const char *const *) arguments->pdata, G_SUBPROCESS_FLAGS_STDIN_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_async (process, input, NULL, NULL, NULL);
  check_wait (skt_session_get_bytes_received (session) == 3 * MIB);
  check_wait (skt_session_get_n_open (session) == 0);
  received = check_journal_bytes (skt_session_get_journal (session), 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (received->data, received->len, random, 3 * MIB);
  check_assert_events (session, 1, "opened peer-finished finished closed(2)");
  g_assert_true (g_subprocess_wait (process, NULL, &error));
  check_session_close (session);
}

static void
test_programs (CheckFixture *fixture, gconstpointer data)
{
  static const char *const programs[][8] = {
    { "socat", "-u", "-", "TCP4:127.0.0.1:PORT", NULL },
    { "ncat", "--send-only", "127.0.0.1", "PORT", NULL },
    { "nc", "-N", "127.0.0.1", "PORT", NULL },
  };
  guint n_tried = 0;

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *path = g_find_program_in_path (programs[i][0]);
      g_autofree char *target = path != NULL ? g_file_read_link ("/etc/alternatives/nc", NULL) : NULL;

      /* -N is OpenBSD's */
      if (path == NULL || (i == 2 && (target == NULL || strstr (target, "openbsd") == NULL)))
        {
          g_test_message ("%s is not installed, or another than the one this needs", programs[i][0]);
          continue;
        }
      exchange_with (fixture, programs[i]);
      n_tried++;
    }
  if (n_tried == 0)
    g_test_skip ("neither socat nor ncat nor nc is installed");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#ifdef BY_PIPE
  _skt_transport_pipe_begin = _skt_transport_pipe_keep = 1;
#endif
  check_add ("/core/transfer/receive", test_receive);
  check_add ("/core/transfer/receive-then-reset", test_receive_then_reset);
  check_add ("/core/transfer/many-senders", test_many_senders);
  check_add ("/core/transfer/urgent", test_urgent);
  check_add ("/core/transfer/echo", test_echo);
  check_add ("/core/transfer/echo-back-pressure", test_echo_back_pressure);
  check_add ("/core/transfer/slow-peer", test_slow_peer);
  check_add ("/core/transfer/too-much-at-once", test_too_much_at_once);
  check_add ("/core/transfer/unsent-is-counted", test_unsent_is_counted);
  check_add ("/core/transfer/small-sends", test_small_sends);
  check_add ("/core/transfer/journal-full", test_journal_full);
  check_add ("/core/transfer/journal-full-peer-goes", test_journal_full_peer_goes);
  check_add ("/core/transfer/journal-full-disconnect", test_journal_full_disconnect);
  check_add ("/core/transfer/programs", test_programs);
  return g_test_run ();
}
