/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-net.h"
#include "check-wire.h"
#include "skt-tcp-verdict.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What the kernel says of connections over a wire that is long or cut. */

typedef struct
{
  SktSession *session;
  SktConnection *connection;
  SktTcpHistory *history;
  int peer;
} Pair;

static const char *not_permitted;

static void
sampled_cb (SktConnection *connection, Pair *pair)
{
  skt_tcp_history_add (pair->history, skt_connection_get_sample (connection));
}

static void
pair_open (Pair *pair, CheckFixture *fixture)
{
  guint16 port = 0;
  int listener = check_wire_listen_there (AF_INET, &port);
  SktConnectOptions options = { .host = CHECK_WIRE_THERE, .port = port, .timeout_ms = 20000 };

  pair->history = skt_tcp_history_new ();
  pair->session = check_session_new (fixture, SKT_SESSION_CLIENT);
  skt_session_connect (pair->session, &options);
  pair->connection = g_object_ref (check_wait_for_connection (pair->session, 1));
  check_wait (skt_connection_get_state (pair->connection) == SKT_STATE_CONNECTED);
  pair->peer = check_socket_accept (listener);
  close (listener);
  g_signal_connect (pair->connection, "sampled", G_CALLBACK (sampled_cb), pair);
  skt_connection_set_sampled (pair->connection, TRUE);
  check_wait (skt_tcp_history_get_n (pair->history) > 0);
}

static void
pair_close (Pair *pair)
{
  skt_connection_set_sampled (pair->connection, FALSE);
  g_signal_handlers_disconnect_by_data (pair->connection, pair);
  close (pair->peer);
  g_object_unref (pair->connection);
  check_session_close (pair->session);
  skt_tcp_history_free (pair->history);
  check_wire_set (NULL);
}

static void
pair_send (Pair *pair, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  g_assert_true (skt_connection_send_bytes (pair->connection, bytes, NULL));
}

static SktVerdict
judge (Pair *pair)
{
  SktVerdict verdict;

  skt_verdict_judge (pair->history, skt_connection_get_state (pair->connection), &verdict);
  return verdict;
}

static void
test_round_trip (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;

  check_wire_set (&(CheckWireRules){ .delay_ms = 60 });
  pair_open (&pair, fixture);
  pair_send (&pair, "hello");
  check_wait (skt_tcp_history_get_last (pair.history)->acknowledged == 5);
  g_assert_cmpuint (skt_tcp_history_get_last (pair.history)->min_rtt, >=, 115000);
  g_assert_cmpuint (skt_tcp_history_get_last (pair.history)->rtt, >=, 115000);
  pair_close (&pair);
}

/* A plug is pulled while bytes are under way, and put in again. */
static void
test_outstanding (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  char bytes[5];
  g_autofree char *text = NULL;
  SktVerdict verdict;

  pair_open (&pair, fixture);
  check_wire_set (&(CheckWireRules){ .is_cut = TRUE });
  pair_send (&pair, "hello");
  check_wait (judge (&pair).kind == SKT_VERDICT_OUTSTANDING && judge (&pair).count >= 2);
  verdict = judge (&pair);
  text = skt_verdict_to_text (&verdict);
  g_test_message ("%s", text);
  g_assert_true (g_str_has_prefix (text, "acknowledgement outstanding for "));
  g_assert_cmpuint (skt_tcp_history_get_last (pair.history)->total_retransmitted, >=, 2);
  g_assert_cmpuint (skt_tcp_history_get_last (pair.history)->acknowledged, ==, 0);
  g_assert_cmpuint (skt_tcp_history_get_last (pair.history)->send_queue, ==, 5);
  check_wire_set (NULL);
  g_assert_cmpuint (check_socket_receive (pair.peer, bytes, sizeof bytes), ==, sizeof bytes);
  check_wait (skt_tcp_history_get_last (pair.history)->acknowledged == 5);
  check_wait (judge (&pair).kind == SKT_VERDICT_IDLE);
  pair_close (&pair);
}

static void
skip (gconstpointer data)
{
  g_test_skip (not_permitted);
}

static void
add (const char *path, void (*func) (CheckFixture *, gconstpointer))
{
  if (not_permitted != NULL)
    g_test_add_data_func (path, NULL, skip);
  else
    check_add (path, func);
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (check_wire_begin (&not_permitted))
    not_permitted = NULL;
  add ("/core/kernel-wire/round-trip", test_round_trip);
  add ("/core/kernel-wire/outstanding", test_outstanding);
  status = g_test_run ();
  if (not_permitted == NULL)
    check_wire_end ();
  return status;
}
