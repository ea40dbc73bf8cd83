/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-net.h"
#include "skt-tour.h"

#include <glib/gstdio.h>
#include <string.h>

/* The tour on real sessions, without a window. */

typedef struct
{
  CheckFixture net;
  SktSession *server, *client;
  SktTour *tour;
  guint16 port;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *endpoint = NULL;

  check_set_up (&self->net, data);
  self->server = check_session_new (&self->net, SKT_SESSION_SERVER);
  self->client = check_session_new (&self->net, SKT_SESSION_CLIENT);
  g_object_set (self->server, "echo", TRUE, NULL);
  self->port = check_session_listen (self->server);
  endpoint = g_strdup_printf ("127.0.0.1:%u", self->port);
  self->tour = skt_tour_new (self->server, self->client, endpoint);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  skt_tour_stop (self->tour);
  skt_tour_act (self->tour, 0); /* nothing happens any more */
  g_assert_false (skt_tour_is_running (self->tour));
  g_assert_finalize_object (self->tour);
  check_session_close (self->client);
  check_session_close (self->server);
  check_tear_down (&self->net, data);
}

static void
act (Fixture *self, SktTourStep step, guint variant)
{
  skt_tour_set_step (self->tour, step);
  skt_tour_act (self->tour, variant);
  check_wait (!skt_tour_is_running (self->tour));
  g_assert_cmpstr (skt_tour_get_problem (self->tour), ==, NULL);
  g_assert_true (skt_tour_is_done (self->tour, step));
  g_assert_nonnull (skt_tour_get_seen (self->tour));
}

static guint
get_n_connections (SktSession *session)
{
  return g_list_model_get_n_items (skt_session_get_connections (session));
}

static void
assert_seen (Fixture *self, const char *words)
{
  if (strstr (skt_tour_get_seen (self->tour), words) == NULL)
    g_error ("“%s” is not in “%s”", words, skt_tour_get_seen (self->tour));
}

static void
test_texts (void)
{
  for (SktTourStep step = 0; step < SKT_TOUR_N_STEPS; step++)
    {
      const char *text = skt_tour_step_get_text (step);
      guint n_sentences = 0;

      g_assert_cmpuint (strlen (skt_tour_step_get_title (step)), >, 5);
      g_assert_nonnull (skt_tour_step_get_action (step, 0));
      for (const char *c = text; *c != '\0'; c++)
        n_sentences += *c == '.' && (c[1] == ' ' || c[1] == '\0');
      g_assert_cmpuint (n_sentences, ==, 2);
    }
  g_assert_nonnull (skt_tour_step_get_action (SKT_TOUR_READS, 1));
  g_assert_null (skt_tour_step_get_action (SKT_TOUR_SEND, 1));
}

static void
test_in_order (Fixture *self, gconstpointer data)
{
  SktJournal *client = skt_session_get_journal (self->client), *server = skt_session_get_journal (self->server);
  SktConnection *connection;

  g_assert_null (skt_tour_get_seen (self->tour));
  act (self, SKT_TOUR_CONNECT, 0);
  connection = skt_session_get_current (self->client);
  assert_seen (self, skt_connection_get_local_address (connection));

  act (self, SKT_TOUR_SEND, 0);
  g_assert_cmpuint (skt_connection_get_bytes_received (connection), ==, 15);

  /* Three writes, one read. */
  act (self, SKT_TOUR_READS, 0);
  assert_seen (self, "Writes of the client: 3. Reads of the server: 1. Bytes of both: 14.");
  g_assert_cmpuint (check_journal_count (client, 1, SKT_RECORD_SENT), ==, 4);
  g_assert_cmpuint (check_journal_count (server, 1, SKT_RECORD_RECEIVED), ==, 2);
  /* One message, four reads. */
  act (self, SKT_TOUR_READS, 1);
  assert_seen (self, "Reads of the server: 4. Bytes of both: 22.");

  act (self, SKT_TOUR_HALF_CLOSE, 0);
  g_assert_cmpint (skt_connection_get_state (connection), ==, SKT_STATE_FINISHED);
  g_assert_false (skt_tour_is_done (self->tour, SKT_TOUR_CLOSE));

  /* All of this was one connection. */
  act (self, SKT_TOUR_CLOSE, 0);
  g_assert_cmpuint (get_n_connections (self->client), ==, 1);
  g_assert_cmpint (skt_connection_get_state (connection), ==, SKT_STATE_CLOSED);
  g_assert_true (check_journal_last (client, 1, SKT_RECORD_CLOSED).flags & SKT_RECORD_FLAG_LOCAL_FIRST);

  act (self, SKT_TOUR_RESET, 0);
  g_assert_cmpuint (get_n_connections (self->client), ==, 2);
  g_assert_cmpint (check_journal_last (client, 2, SKT_RECORD_CLOSED).reason, ==, SKT_REASON_LOCAL_RESET);
  g_assert_cmpint (check_journal_last (server, 2, SKT_RECORD_CLOSED).reason, ==, SKT_REASON_RESET);

  act (self, SKT_TOUR_UDP, 0);
  assert_seen (self, "4, 4, 6 bytes");
  check_wait (check_journal_count (client, 0, SKT_RECORD_NOTE) == 1);
}

/* Whichever step one comes to first, and in whichever state the connection was left. */
static void
test_any_order (Fixture *self, gconstpointer data)
{
  static const SktTourStep order[] = { SKT_TOUR_RESET, SKT_TOUR_CLOSE,      SKT_TOUR_HALF_CLOSE, SKT_TOUR_READS, SKT_TOUR_HALF_CLOSE,
                                       SKT_TOUR_RESET, SKT_TOUR_HALF_CLOSE, SKT_TOUR_CONNECT,    SKT_TOUR_CONNECT, SKT_TOUR_SEND,
                                       SKT_TOUR_CLOSE, SKT_TOUR_SEND,       SKT_TOUR_HALF_CLOSE, SKT_TOUR_HALF_CLOSE };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    act (self, order[i], 0);
}

/* It listens again by itself, at the same port. */
static void
test_makes_server (Fixture *self, gconstpointer data)
{
  skt_session_stop_listening (self->server);
  check_wait (skt_session_get_state (self->server) != SKT_STATE_LISTENING);
  act (self, SKT_TOUR_SEND, 0);
  g_assert_cmpuint (check_port_of (skt_session_get_target (self->server)), ==, self->port);
}

/* The port is somebody else's now, or the client is connected to somebody else. */
static void
test_others (Fixture *self, gconstpointer data)
{
  guint16 other_port;
  int other = check_socket_listen (1, &other_port), accepted;
  g_autofree char *endpoint = g_strdup_printf ("127.0.0.1:%u", other_port);
  SktTour *tour;

  check_session_connect (self->client, "127.0.0.1", other_port);
  accepted = check_socket_accept (other);
  check_wait (skt_session_get_state (self->client) == SKT_STATE_CONNECTED);
  g_close (accepted, NULL);
  act (self, SKT_TOUR_SEND, 0);
  g_assert_cmpuint (check_port_of (skt_connection_get_remote_address (skt_session_get_current (self->client))), ==, self->port);

  skt_session_stop_listening (self->server);
  check_wait (skt_session_get_state (self->server) != SKT_STATE_LISTENING);
  tour = skt_tour_new (self->server, self->client, endpoint);
  skt_tour_act (tour, 0);
  check_wait (!skt_tour_is_running (tour));
  g_assert_nonnull (skt_tour_get_problem (tour));
  g_assert_nonnull (strstr (skt_tour_get_problem (tour), endpoint));
  g_assert_finalize_object (tour);
  g_close (other, NULL);
}

static void
send_by_hand (SktConnection *connection, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  skt_connection_send_bytes (connection, bytes, &error);
  g_assert_no_error (error);
}

/* Somebody does it all without the tour's buttons. */
static void
test_notices (Fixture *self, gconstpointer data)
{
  SktConnection *connection, *peer;

  check_session_connect (self->client, "127.0.0.1", self->port);
  check_wait (skt_tour_is_done (self->tour, SKT_TOUR_CONNECT));
  connection = skt_session_get_current (self->client);
  peer = check_wait_for_connection (self->server, 1);

  skt_tour_set_step (self->tour, SKT_TOUR_SEND);
  g_assert_null (skt_tour_get_seen (self->tour));
  send_by_hand (connection, "by hand");
  check_wait (skt_tour_is_done (self->tour, SKT_TOUR_SEND));
  check_wait (skt_connection_get_bytes_received (connection) == 7);

  skt_tour_set_step (self->tour, SKT_TOUR_READS);
  skt_connection_set_reading (peer, FALSE);
  send_by_hand (connection, "a");
  check_wait (skt_connection_get_n_writes (connection) == 2);
  send_by_hand (connection, "b");
  check_wait (skt_connection_get_n_writes (connection) == 3);
  g_assert_false (skt_tour_is_done (self->tour, SKT_TOUR_READS));
  skt_connection_set_reading (peer, TRUE);
  check_wait (skt_tour_is_done (self->tour, SKT_TOUR_READS));
  assert_seen (self, "Writes of the client: 2. Reads of the server: 1.");

  skt_tour_set_step (self->tour, SKT_TOUR_HALF_CLOSE);
  skt_connection_finish (connection);
  check_wait (skt_tour_is_done (self->tour, SKT_TOUR_HALF_CLOSE));
  g_assert_cmpint (skt_connection_get_state (peer), ==, SKT_STATE_PEER_FINISHED);

  skt_tour_set_step (self->tour, SKT_TOUR_CLOSE);
  skt_connection_disconnect (peer);
  check_wait (skt_tour_is_done (self->tour, SKT_TOUR_CLOSE));

  skt_tour_set_step (self->tour, SKT_TOUR_RESET);
  check_session_connect (self->client, "127.0.0.1", self->port);
  peer = check_wait_for_connection (self->server, 2);
  skt_connection_reset (peer);
  check_wait (skt_tour_is_done (self->tour, SKT_TOUR_RESET));
  g_assert_false (skt_tour_is_done (self->tour, SKT_TOUR_UDP));
}

/* Left in the midst: the server reads, and closes again when its peer has finished. */
static void
test_left (Fixture *self, gconstpointer data)
{
  gboolean closes;

  act (self, SKT_TOUR_CONNECT, 0);
  skt_tour_set_step (self->tour, SKT_TOUR_READS);
  skt_tour_act (self->tour, 0);
  g_assert_true (skt_tour_is_running (self->tour));
  skt_tour_set_step (self->tour, SKT_TOUR_HALF_CLOSE);
  g_assert_false (skt_tour_is_running (self->tour));
  g_object_get (self->server, "close-on-peer-finish", &closes, NULL);
  g_assert_false (closes);
  g_assert_true (skt_connection_is_reading (check_wait_for_connection (self->server, 1)));
  skt_tour_stop (self->tour);
  g_object_get (self->server, "close-on-peer-finish", &closes, NULL);
  g_assert_true (closes);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/tour/texts", test_texts);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/core/tour/in-order", test_in_order);
  ADD ("/core/tour/any-order", test_any_order);
  ADD ("/core/tour/makes-server", test_makes_server);
  ADD ("/core/tour/others", test_others);
  ADD ("/core/tour/notices", test_notices);
  ADD ("/core/tour/left", test_left);
  return g_test_run ();
}
