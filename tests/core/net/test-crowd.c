/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#define N_CROWD 500
#define N_STORM 600
#define N_PIECES 30000
#else
#define N_CROWD 4000
#define N_STORM 5000
#define N_PIECES 300000
#endif

/* -- A storm --------------------------------------------------------------------------------------------------- */

/* Connects and is gone at once, in every way there is. */
static gpointer
storm_thread (gpointer data)
{
  guint16 port = GPOINTER_TO_UINT (data);
  static const char bytes[100];

  for (guint i = 0; i < N_STORM; i++)
    {
      int fd = check_socket_connect (port);

      if (i % 3 == 1)
        check_socket_send (fd, bytes, sizeof bytes);
      if (i % 4 == 3)
        shutdown (fd, SHUT_WR);
      if (i % 5 < 4)
        check_socket_reset (fd);
      else
        close (fd);
    }
  return NULL;
}

static void
test_storm (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  GListModel *connections = skt_session_get_connections (session);
  int fd = check_socket_connect (port);
  SktConnection *steady = check_wait_for_connection (session, 1);
  GThread *thread = g_thread_new ("storm", storm_thread, GUINT_TO_POINTER (port));
  guint n_sent = 0;

  /* one that stays is served all the time */
  while (g_list_model_get_n_items (connections) < N_STORM)
    {
      guint64 before = skt_connection_get_bytes_received (steady);

      check_socket_send (fd, "steady", 6);
      n_sent += 6;
      check_wait (skt_connection_get_bytes_received (steady) > before);
    }
  g_thread_join (thread);
  check_wait (skt_session_get_n_open (session) == 1);
  check_wait (skt_connection_get_bytes_received (steady) == n_sent);
  g_assert_cmpuint (g_list_model_get_n_items (connections), ==, N_STORM + 1);
  for (guint32 id = 2; id <= N_STORM + 1; id++)
    g_assert_nonnull (skt_connection_get_end_text (skt_session_get_connection (session, id)));
  close (fd);
  check_session_close (session);
}

/* -- Small pieces ---------------------------------------------------------------------------------------------- */

typedef struct
{
  guint16 port;
  GChecksum *checksum;
  guint32 seed;
} Pieces;

/* A byte at a time, each in a segment of its own, as fast as they are taken. */
static gpointer
pieces_thread (gpointer data)
{
  Pieces *pieces = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (pieces->seed);
  int fd = check_socket_connect (pieces->port), yes = 1;

  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  for (guint i = 0; i < N_PIECES; i++)
    {
      guint8 byte = g_rand_int (rand);

      g_checksum_update (pieces->checksum, &byte, 1);
      check_socket_send (fd, &byte, 1);
    }
  close (fd);
  return NULL;
}

static gboolean
count_cb (gpointer data)
{
  (*(guint *) data)++;
  return G_SOURCE_CONTINUE;
}

static void
test_small_pieces (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  Pieces pieces = { .port = check_session_listen (session), .checksum = g_checksum_new (G_CHECKSUM_SHA256),
                    .seed = g_test_rand_int () };
  GThread *thread = g_thread_new ("pieces", pieces_thread, &pieces);
  guint n_ticks = 0, timer = g_timeout_add (10, count_cb, &n_ticks);
  gint64 begun = g_get_monotonic_time ();
  g_autofree char *hash = NULL;
  guint64 length;
  double seconds;

  check_wait (skt_session_get_bytes_received (session) == N_PIECES);
  seconds = (g_get_monotonic_time () - begun) / 1e6;
  g_source_remove (timer);
  g_thread_join (thread);
  g_test_message ("%.0f segments a second, %u ticks in %.2f s", N_PIECES / seconds, n_ticks, seconds);
  /* the main loop was never far away: a twentieth of the ticks, on a machine that does other things too */
  g_assert_cmpfloat (n_ticks, >, seconds * 100 / 20);
  hash = check_journal_hash (skt_session_get_journal (session), 1, SKT_RECORD_RECEIVED, &length);
  g_assert_cmpuint (length, ==, N_PIECES);
  g_assert_cmpstr (hash, ==, g_checksum_get_string (pieces.checksum));
  g_checksum_free (pieces.checksum);
  check_session_close (session);
}

/* -- Closing --------------------------------------------------------------------------------------------------- */

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  skt_session_close_finish (SKT_SESSION (object), result);
  *(gboolean *) data = TRUE;
}

static void
test_close_crowd (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  g_autofree int *fds = g_new (int, N_CROWD);
  gboolean is_closed = FALSE;
  gint64 begun;

  for (guint i = 0; i < N_CROWD; i++)
    {
      fds[i] = check_socket_connect (port);
      check_socket_send (fds[i], "x", 1);
    }
  check_wait (skt_session_get_n_open (session) == N_CROWD);
  check_wait (skt_session_get_bytes_received (session) == N_CROWD);

  begun = g_get_monotonic_time ();
  skt_session_close_async (session, FALSE, closed_cb, &is_closed);
  check_wait (is_closed);
  g_test_message ("%u connections were closed in %.3f s", N_CROWD, (g_get_monotonic_time () - begun) / 1e6);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 5 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (skt_session_get_n_open (session), ==, 0);
  for (guint i = 0; i < N_CROWD; i++)
    {
      char end;

      g_assert_cmpuint (check_socket_receive (fds[i], &end, 1), ==, 0);
      close (fds[i]);
    }
  g_assert_finalize_object (session);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  check_add ("/core/crowd/storm", test_storm);
  check_add ("/core/crowd/small-pieces", test_small_pieces);
  check_add ("/core/crowd/close", test_close_crowd);
  return g_test_run ();
}
