/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-net.h"
#include "skt-session-private.h"
#include "skt-tcp-verdict.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What the kernel says of connections that are real. */

/* A client session and its peer, a plain socket. */
typedef struct
{
  SktSession *session;
  SktConnection *connection;
  int peer;
  SktTcpHistory *history;
  guint n_samples;
} Pair;

static void
sampled_cb (SktConnection *connection, Pair *pair)
{
  pair->n_samples++;
  skt_tcp_history_add (pair->history, skt_connection_get_sample (connection));
}

static void
pair_open (Pair *pair, CheckFixture *fixture)
{
  guint16 port;
  int listener = check_socket_listen (1, &port);

  memset (pair, 0, sizeof *pair);
  pair->history = skt_tcp_history_new ();
  pair->session = check_session_new (fixture, SKT_SESSION_CLIENT);
  check_session_connect (pair->session, "127.0.0.1", port);
  pair->connection = g_object_ref (check_wait_for_connection (pair->session, 1));
  check_wait (skt_connection_get_state (pair->connection) == SKT_STATE_CONNECTED);
  pair->peer = check_socket_accept (listener);
  close (listener);
  g_signal_connect (pair->connection, "sampled", G_CALLBACK (sampled_cb), pair);
}

static void
pair_close (Pair *pair)
{
  if (pair->peer >= 0)
    close (pair->peer);
  g_signal_handlers_disconnect_by_data (pair->connection, pair);
  g_object_unref (pair->connection);
  check_session_close (pair->session);
  skt_tcp_history_free (pair->history);
}

static void
pair_send (Pair *pair, gsize length)
{
  g_autofree guint8 *random = check_random_bytes (length);
  g_autoptr (GBytes) bytes = g_bytes_new (random, length);
  g_autoptr (GError) error = NULL;

  skt_connection_send_bytes (pair->connection, bytes, &error);
  g_assert_no_error (error);
}

static void
assert_verdict (Pair *pair, SktVerdictKind kind)
{
  SktVerdict verdict;

  skt_verdict_judge (pair->history, skt_connection_get_state (pair->connection), &verdict);
  g_assert_cmpint (verdict.kind, ==, kind);
}

/* -- Samples --------------------------------------------------------------------------------------------------- */

static void
test_samples (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  const SktTcpInfo *sample;
  guint8 bytes[100];
  guint n;

  pair_open (&pair, fixture);
  pair_send (&pair, 100);
  g_assert_cmpuint (check_socket_receive (pair.peer, bytes, sizeof bytes), ==, sizeof bytes);
  check_socket_send (pair.peer, "1234567", 7);
  check_wait (skt_connection_get_bytes_received (pair.connection) == 7);
  check_run_for (400);
  g_assert_null (skt_connection_get_sample (pair.connection));

  skt_connection_set_sampled (pair.connection, TRUE);
  skt_connection_set_sampled (pair.connection, TRUE);
  check_wait (pair.n_samples >= 4);
  sample = skt_connection_get_sample (pair.connection);
  g_assert_cmpuint (sample->state, ==, SKT_TCP_STATE_ESTABLISHED);
  g_assert_cmpuint (sample->bytes_acked, ==, 101); /* with the SYN */
  g_assert_cmpuint (sample->acknowledged, ==, 100);
  g_assert_cmpuint (sample->bytes_received, ==, 7);
  g_assert_cmpuint (sample->send_queue, ==, 0);
  g_assert_cmpuint (sample->receive_queue, ==, 0);
  g_assert_cmpuint (sample->send_window, >, 0);
  g_assert_cmpuint (sample->rtt, >, 0);
  g_assert_cmpstr (sample->congestion_algorithm, !=, "");

  /* as many as want it */
  skt_connection_set_sampled (pair.connection, FALSE);
  n = pair.n_samples;
  check_wait (pair.n_samples > n);
  skt_connection_set_sampled (pair.connection, FALSE);
  check_run_for (100);
  n = pair.n_samples;
  check_run_for (600);
  g_assert_cmpuint (pair.n_samples, ==, n);
  pair_close (&pair);
}

/* The state at the end is the last sample; later ones are not taken. */
static void
test_last_sample (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  guint n;

  pair_open (&pair, fixture);
  skt_connection_set_sampled (pair.connection, TRUE);
  check_wait (pair.n_samples > 0);
  check_socket_send (pair.peer, "last words", 10);
  check_socket_reset (pair.peer);
  pair.peer = -1;
  check_wait (skt_connection_get_state (pair.connection) == SKT_STATE_CLOSED);
  check_wait (skt_connection_get_sample (pair.connection)->state == SKT_TCP_STATE_CLOSED);
  g_assert_cmpuint (skt_connection_get_sample (pair.connection)->received, ==, 10);
  n = pair.n_samples;
  check_run_for (600);
  g_assert_cmpuint (pair.n_samples, ==, n);
  assert_verdict (&pair, SKT_VERDICT_OVER);
  skt_connection_set_sampled (pair.connection, FALSE);
  pair_close (&pair);
}

static void
test_nobody_looks (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;

  pair_open (&pair, fixture);
  skt_connection_set_sampled (pair.connection, TRUE);
  check_wait (pair.n_samples > 0);
  /* closed while it is sampled, and finalized */
  pair_close (&pair);
}

/* -- Verdicts -------------------------------------------------------------------------------------------------- */

static gboolean
is_window_closed (Pair *pair)
{
  const SktTcpInfo *sample = skt_connection_get_sample (pair->connection);

  return sample != NULL && sample->send_window == 0 && sample->send_queue > 0;
}

static void
test_peer_stops_reading (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  gint64 begun;
  g_autofree guint8 *read = g_malloc (8 * 1024 * 1024);

  pair_open (&pair, fixture);
  skt_connection_set_sampled (pair.connection, TRUE);
  begun = g_get_monotonic_time ();
  pair_send (&pair, 8 * 1024 * 1024);
  check_wait (is_window_closed (&pair));
  g_test_message ("window 0 seen after %.2f s", (g_get_monotonic_time () - begun) / 1e6);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 2 * G_TIME_SPAN_SECOND);
  assert_verdict (&pair, SKT_VERDICT_ZERO_WINDOW);
  g_assert_cmpuint (skt_connection_get_sample (pair.connection)->queued, ==,
                    skt_connection_get_bytes_queued (pair.connection));
  g_assert_cmpuint (skt_connection_get_bytes_acknowledged (pair.connection), <,
                    skt_connection_get_bytes_sent (pair.connection));

  /* it reads again; only when nothing more waits the window stays open */
  g_assert_cmpuint (check_socket_receive (pair.peer, read, 8 * 1024 * 1024), ==, 8 * 1024 * 1024);
  check_wait (skt_connection_get_sample (pair.connection)->send_window > 0);
  skt_connection_set_sampled (pair.connection, FALSE);
  pair_close (&pair);
}

static gboolean
has_verdict (Pair *pair, SktVerdictKind kind)
{
  SktVerdict verdict;

  skt_verdict_judge (pair->history, skt_connection_get_state (pair->connection), &verdict);
  return verdict.kind == kind;
}

static void
test_half_closed (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;

  pair_open (&pair, fixture);
  g_object_set (pair.session, "close-on-peer-finish", FALSE, NULL);
  skt_connection_set_sampled (pair.connection, TRUE);
  check_wait (has_verdict (&pair, SKT_VERDICT_IDLE));
  check_socket_send (pair.peer, "data", 4);
  check_wait (has_verdict (&pair, SKT_VERDICT_FLOWS));
  shutdown (pair.peer, SHUT_WR);
  check_wait (has_verdict (&pair, SKT_VERDICT_PEER_FINISHED));
  g_assert_cmpuint (skt_connection_get_sample (pair.connection)->state, ==, SKT_TCP_STATE_CLOSE_WAIT);
  skt_connection_set_sampled (pair.connection, FALSE);
  pair_close (&pair);
}

/* -- Acknowledged ---------------------------------------------------------------------------------------------- */

static guint64
get_counter (SktSession *session, const char *name)
{
  guint64 value;

  g_object_get (session, name, &value, NULL);
  return value;
}

static void
test_acknowledged (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;

  pair_open (&pair, fixture);
  pair_send (&pair, 1000);
  check_wait (skt_connection_get_bytes_sent (pair.connection) == 1000);
  check_run_for (300);
  g_assert_cmpuint (skt_connection_get_bytes_acknowledged (pair.connection), ==, 0);
  /* what was sent before is found too */
  skt_session_watch_acknowledgements (pair.session, TRUE);
  check_wait (skt_connection_get_bytes_acknowledged (pair.connection) == 1000);
  pair_send (&pair, 500);
  check_wait (skt_connection_get_bytes_acknowledged (pair.connection) == 1500);
  g_assert_cmpuint (get_counter (pair.session, "bytes-acknowledged"), ==, 1500);
  skt_session_watch_acknowledgements (pair.session, FALSE);
  pair_send (&pair, 500);
  check_wait (skt_connection_get_bytes_sent (pair.connection) == 2000);
  check_run_for (300);
  g_assert_cmpuint (skt_connection_get_bytes_acknowledged (pair.connection), ==, 1500);
  /* the end tells in any case, and a FIN is no byte */
  skt_connection_disconnect (pair.connection);
  shutdown (pair.peer, SHUT_WR);
  check_wait (skt_connection_get_state (pair.connection) == SKT_STATE_CLOSED);
  check_wait (skt_connection_get_bytes_acknowledged (pair.connection) == 2000);
  pair_close (&pair);
}

/* The accepting side, whose SYN is not counted. */
static void
test_acknowledged_by_client (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);
  SktConnection *connection;
  int peer = check_socket_connect (check_session_listen (session));

  connection = check_wait_for_connection (session, 1);
  skt_session_watch_acknowledgements (session, TRUE);
  g_assert_true (skt_session_send (session, NULL, bytes, NULL, NULL));
  check_wait (skt_connection_get_bytes_acknowledged (connection) == 5);
  skt_connection_set_sampled (connection, TRUE);
  check_wait (skt_connection_get_sample (connection) != NULL);
  g_assert_cmpuint (skt_connection_get_sample (connection)->bytes_acked, ==, 5);
  skt_connection_set_sampled (connection, FALSE);
  close (peer);
  check_session_close (session);
}

/* What was never acknowledged is known after the end. */
static void
test_never_acknowledged (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  guint64 acknowledged;

  pair_open (&pair, fixture);
  skt_session_watch_acknowledgements (pair.session, TRUE);
  pair_send (&pair, 12 * 1024 * 1024);
  check_wait (get_counter (pair.session, "bytes-queued") > 0);
  check_run_for (500);
  check_socket_reset (pair.peer);
  pair.peer = -1;
  check_wait (skt_connection_get_state (pair.connection) == SKT_STATE_CLOSED);
  check_wait (get_counter (pair.session, "bytes-queued") == 0);
  acknowledged = skt_connection_get_bytes_acknowledged (pair.connection);
  g_assert_cmpuint (acknowledged, >, 0);
  g_assert_cmpuint (acknowledged, <, skt_connection_get_bytes_sent (pair.connection));
  check_run_for (300);
  g_assert_cmpuint (skt_connection_get_bytes_acknowledged (pair.connection), ==, acknowledged);
  pair_close (&pair);
}

/* -- The same as ss(8) ----------------------------------------------------------------------------------------- */

/* The number after `name` in what ss printed, -1 if it is not there. */
static double
find_number (const char *text, const char *name)
{
  g_autofree char *pattern = g_strdup_printf (" %s:?([0-9.]+)", name);
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *number = NULL;

  if (!g_regex_match (regex, text, 0, &match))
    return -1;
  number = g_match_info_fetch (match, 1);
  return g_ascii_strtod (number, NULL);
}

/* ss leaves out what is 0. */
static void
compare (const char *text, const char *name, guint64 ours)
{
  double theirs = MAX (find_number (text, name), 0);

  if (!skt_tcp_is_known (ours))
    return;
  g_test_message ("%s: %.3f in ss, %" G_GUINT64_FORMAT " here", name, theirs, ours);
  g_assert_cmpfloat (theirs, ==, (double) ours);
}

static void
compare_ms (const char *text, const char *name, guint64 ours_us)
{
  g_test_message ("%s: %.3f in ss, %" G_GUINT64_FORMAT " us here", name, find_number (text, name), ours_us);
  /* printed with six digits */
  g_assert_cmpfloat_with_epsilon (MAX (find_number (text, name), 0), ours_us / 1000.0, 0.001 + ours_us / 1e8);
}

static char *
run_ss (guint16 port)
{
  g_autofree char *filter = g_strdup_printf (":%u", port);
  const char *const argv[] = { "ss", "-tinoemH", "sport", "=", filter, NULL };
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, NULL, &error);
  g_assert_no_error (error);
  return g_strdelimit (g_steal_pointer (&output), "\n\t", ' ');
}

static void
compare_all (const char *text, const SktTcpInfo *info)
{
  g_assert_nonnull (strstr (text, info->congestion_algorithm));
  compare (text, "bytes_acked", info->bytes_acked);
  compare (text, "bytes_received", info->bytes_received);
  compare (text, "bytes_sent", info->bytes_sent);
  compare (text, "bytes_retrans", info->bytes_retransmitted);
  compare (text, "segs_out", info->segments_sent);
  compare (text, "segs_in", info->segments_received);
  compare (text, "mss", info->send_mss);
  compare (text, "rcvmss", info->receive_mss);
  compare (text, "advmss", info->advertised_mss);
  compare (text, "pmtu", info->path_mtu);
  compare (text, "cwnd", info->congestion_window);
  compare (text, "unacked", info->unacked);
  compare (text, "notsent", info->not_sent);
  compare (text, "rcv_ssthresh", info->receive_window_limit);
  compare (text, "backoff", info->backoff);
  if (find_number (text, "snd_wnd") >= 0)
    compare (text, "snd_wnd", info->send_window);
  if (info->slow_start_threshold < 0xffff)
    compare (text, "ssthresh", info->slow_start_threshold);
  compare_ms (text, "rto", info->rto);
  compare_ms (text, "rtt", info->rtt);
  compare_ms (text, "minrtt", info->min_rtt);
}

/* What may change between two looks is compared when it did not. */
static gboolean
is_still (const SktTcpInfo *a, const SktTcpInfo *b)
{
  return a->segments_sent == b->segments_sent && a->segments_received == b->segments_received &&
         a->not_sent == b->not_sent && a->send_window == b->send_window && a->rto == b->rto;
}

static void
compare_with_ss (Pair *pair)
{
  guint16 port = check_port_of (skt_connection_get_local_address (pair->connection));

  for (;;)
    {
      guint n = pair->n_samples;
      SktTcpInfo before;
      double receive_queue, send_queue;
      g_autofree char *text = NULL;

      check_wait (pair->n_samples > n);
      before = *skt_connection_get_sample (pair->connection);
      text = run_ss (port);
      n = pair->n_samples;
      check_wait (pair->n_samples > n + 1);
      if (!is_still (&before, skt_connection_get_sample (pair->connection)))
        continue;
      compare_all (text, &before);
      g_assert_cmpint (sscanf (text, "ESTAB %lf %lf", &receive_queue, &send_queue), ==, 2);
      g_assert_cmpfloat (receive_queue, ==, before.receive_queue);
      g_assert_cmpfloat (send_queue, ==, before.send_queue);
      return;
    }
}

static void
test_like_ss (CheckFixture *fixture, gconstpointer data)
{
  g_autofree char *ss = g_find_program_in_path ("ss");
  Pair pair;

  if (ss == NULL)
    {
      g_test_skip ("there is no ss (package iproute2)");
      return;
    }
  pair_open (&pair, fixture);
  skt_connection_set_sampled (pair.connection, TRUE);
  check_socket_send (pair.peer, "1234567", 7);
  pair_send (&pair, 100000);
  compare_with_ss (&pair);
  /* the peer does not read */
  pair_send (&pair, 8 * 1024 * 1024);
  check_wait (is_window_closed (&pair));
  compare_with_ss (&pair);
  skt_connection_set_sampled (pair.connection, FALSE);
  pair_close (&pair);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  check_add ("/core/kernel/samples", test_samples);
  check_add ("/core/kernel/last-sample", test_last_sample);
  check_add ("/core/kernel/nobody-looks", test_nobody_looks);
  check_add ("/core/kernel/peer-stops-reading", test_peer_stops_reading);
  check_add ("/core/kernel/half-closed", test_half_closed);
  check_add ("/core/kernel/acknowledged", test_acknowledged);
  check_add ("/core/kernel/acknowledged-by-client", test_acknowledged_by_client);
  check_add ("/core/kernel/never-acknowledged", test_never_acknowledged);
  check_add ("/core/kernel/like-ss", test_like_ss);
  return g_test_run ();
}
