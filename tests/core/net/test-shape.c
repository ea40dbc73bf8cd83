/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct
{
  SktSession *session;
  SktConnection *connection;
  int listener, fd;
} Pair;

static void
pair_open (Pair *self, CheckFixture *fixture)
{
  guint16 port;

  self->listener = check_socket_listen (1, &port);
  self->session = check_session_new (fixture, SKT_SESSION_CLIENT);
  check_session_connect (self->session, "127.0.0.1", port);
  self->fd = check_socket_accept (self->listener);
  self->connection = check_wait_for_connection (self->session, 1);
  check_wait (skt_connection_can_send (self->connection));
}

static void
pair_close (Pair *self)
{
  close (self->fd);
  close (self->listener);
  check_session_close (self->session);
}

static void
send_shaped (Pair *self, const char *text, guint piece, guint pause_ms, guint join)
{
  const SktShape shape = { .piece = piece, .pause_ms = pause_ms, .join = join };
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  skt_connection_send_shaped (self->connection, bytes, &shape, &error);
  g_assert_no_error (error);
}

static void
assert_gets (Pair *self, const char *expected)
{
  gsize length = strlen (expected);
  g_autofree char *buffer = g_malloc (length + 1);

  g_assert_cmpuint (check_socket_receive (self->fd, buffer, length), ==, length);
  g_assert_cmpmem (buffer, length, expected, length);
}

/* Segments with data that the peer's TCP got. */
static guint
count_segments (Pair *self)
{
  struct tcp_info info = { 0, };
  socklen_t size = sizeof info;

  g_assert_cmpint (getsockopt (self->fd, IPPROTO_TCP, TCP_INFO, &info, &size), ==, 0);
  g_assert_cmpuint (size, >=, G_STRUCT_OFFSET (struct tcp_info, tcpi_data_segs_in) + sizeof info.tcpi_data_segs_in);
  return info.tcpi_data_segs_in;
}

static void
wait_writes (Pair *self, guint n)
{
  check_wait (skt_connection_get_n_writes (self->connection) >= n);
  g_assert_cmpuint (skt_connection_get_n_writes (self->connection), ==, n);
}

/* Reads until the peer closes and notes the length of each read. */
static gpointer
read_each (gpointer data)
{
  GString *lengths = g_string_new (NULL);
  char buffer[1000];
  gssize n;

  while ((n = recv (GPOINTER_TO_INT (data), buffer, sizeof buffer, 0)) > 0)
    g_string_append_printf (lengths, "%d ", (int) n);
  return g_string_free (lengths, FALSE);
}

/* A peer that records each recv sees the pieces, and each was a segment of its own. */
static void
test_pieces (CheckFixture *fixture, gconstpointer data)
{
  g_autofree char *lengths = NULL;
  GThread *reader;
  Pair pair;
  gint64 begin = g_get_monotonic_time ();

  pair_open (&pair, fixture);
  reader = g_thread_new ("reader", read_each, GINT_TO_POINTER (pair.fd));
  send_shaped (&pair, "0123456789", 3, 200, 0);
  wait_writes (&pair, 4);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 600 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpuint (count_segments (&pair), ==, 4);
  skt_connection_disconnect (pair.connection);
  lengths = g_thread_join (reader);
  g_assert_cmpstr (lengths, ==, "3 3 3 1 ");
  g_assert_cmpuint (check_journal_count (skt_session_get_journal (pair.session), 1, SKT_RECORD_SENT), ==, 4);
  pair_close (&pair);
}

/* What comes after waits behind. Many pieces without a pause are writes of their own, but TCP may join what it can't send yet. */
static void
test_order (CheckFixture *fixture, gconstpointer data)
{
  g_autofree char *many = g_strnfill (3000, 'm');
  g_autofree char *expected = g_strconcat ("abcdefPLAINghi", many, "end", NULL);
  Pair pair;

  pair_open (&pair, fixture);
  send_shaped (&pair, "abcdef", 1, 20, 0);
  send_shaped (&pair, "PLAIN", 0, 0, 0);
  send_shaped (&pair, "ghi", 2, 20, 0);
  send_shaped (&pair, many, 1, 0, 0);
  send_shaped (&pair, "end", 0, 0, 0);
  assert_gets (&pair, expected);
  wait_writes (&pair, 6 + 1 + 2 + 3000 + 1);
  pair_close (&pair);
}

static void
test_join (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;

  pair_open (&pair, fixture);
  send_shaped (&pair, "one", 0, 0, 3);
  send_shaped (&pair, "two", 0, 0, 3);
  check_wait (skt_session_get_bytes_queued (pair.session) == 0 || skt_session_get_bytes_queued (pair.session) == 6);
  g_assert_cmpuint (skt_connection_get_n_writes (pair.connection), ==, 0);
  send_shaped (&pair, "three", 0, 0, 3);
  assert_gets (&pair, "onetwothree");
  wait_writes (&pair, 1);
  g_assert_cmpuint (count_segments (&pair), ==, 1);

  /* something else is sent */
  send_shaped (&pair, "four", 0, 0, 3);
  send_shaped (&pair, "else", 0, 0, 0);
  assert_gets (&pair, "fourelse");
  wait_writes (&pair, 3);

  send_shaped (&pair, "five", 0, 0, 3);
  skt_connection_release (pair.connection);
  assert_gets (&pair, "five");
  wait_writes (&pair, 4);

  /* nothing is lost at the end */
  send_shaped (&pair, "six", 0, 0, 3);
  skt_connection_finish (pair.connection);
  assert_gets (&pair, "six");
  pair_close (&pair);
}

static void
test_stop (CheckFixture *fixture, gconstpointer data)
{
  g_autofree char *many = g_strnfill (10000, 'm');
  char first;
  Pair pair;

  pair_open (&pair, fixture);
  send_shaped (&pair, many, 1, 3600 * 1000, 0);
  g_assert_cmpuint (check_socket_receive (pair.fd, &first, 1), ==, 1);
  skt_connection_drop_shaped (pair.connection);
  check_wait (check_journal_count (skt_session_get_journal (pair.session), 1, SKT_RECORD_NOTE) == 1);
  check_wait (skt_session_get_bytes_queued (pair.session) == 0);
  check_wait (skt_session_get_bytes_sent (pair.session) >= 1);
  g_assert_cmpuint (skt_session_get_bytes_sent (pair.session), ==, 1);
  /* the pause is over too */
  send_shaped (&pair, "go", 0, 0, 0);
  assert_gets (&pair, "go");
  pair_close (&pair);
}

/* Pieces that wait keep neither the program nor the page from ending. */
static void
test_close (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;

  pair_open (&pair, fixture);
  send_shaped (&pair, "abc", 1, 3600 * 1000, 0);
  wait_writes (&pair, 1);
  pair_close (&pair);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  check_add ("/core/shape/pieces", test_pieces);
  check_add ("/core/shape/order", test_order);
  check_add ("/core/shape/join", test_join);
  check_add ("/core/shape/stop", test_stop);
  check_add ("/core/shape/close", test_close);
  return g_test_run ();
}
