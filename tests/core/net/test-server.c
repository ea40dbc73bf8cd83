/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"

#include "skt-engine-private.h"
#include "skt-error.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* -- Listening ------------------------------------------------------------------------------------------------ */

static void
listen_on (SktSession *session, const char *address, guint16 port)
{
  SktListenOptions options = { .address = address, .port = port, .backlog = 128 };

  skt_session_listen (session, &options);
}

static void
test_accept (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  g_autofree char *target = g_strdup_printf ("127.0.0.1:%u", port);
  SktConnection *connection;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);
  g_autoptr (GError) error = NULL;
  char buffer[8];
  int fd;

  g_assert_cmpstr (skt_session_get_target (session), ==, target);
  g_assert_null (skt_session_get_problem (session));
  g_assert_null (skt_session_get_current (session));
  fd = check_socket_connect (port);
  connection = check_wait_for_connection (session, 1);
  g_assert_cmpint (skt_connection_get_state (connection), ==, SKT_STATE_CONNECTED);
  g_assert_cmpstr (skt_connection_get_local_address (connection), ==, target);
  g_assert_true (g_str_has_prefix (skt_connection_get_remote_address (connection), "127.0.0.1:"));
  g_assert_true (skt_connection_send_bytes (connection, bytes, &error));
  g_assert_cmpuint (check_socket_receive (fd, buffer, 5), ==, 5);
  close (fd);
  check_wait (skt_connection_get_state (connection) == SKT_STATE_CLOSED);
  g_assert_cmpint (skt_session_get_state (session), ==, SKT_STATE_LISTENING);
  check_assert_events (session, 0, "listening");
  check_assert_events (session, 1, "opened peer-finished finished closed(2)");
  check_session_close (session);
}

static void
assert_connects (const char *address, int family, guint16 port)
{
  struct sockaddr_storage native = { 0, };
  g_autoptr (GSocketAddress) target = g_inet_socket_address_new_from_string (address, port);
  int fd = socket (family, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_true (g_socket_address_to_native (target, &native, sizeof native, NULL));
  g_assert_cmpint (connect (fd, (struct sockaddr *) &native, g_socket_address_get_native_size (target)), ==, 0);
  close (fd);
}

static gboolean
has_ipv6 (void)
{
  struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  int fd = socket (AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  gboolean has = fd >= 0 && bind (fd, (struct sockaddr *) &address, sizeof address) == 0;

  if (fd >= 0)
    close (fd);
  return has;
}

static void
test_all_addresses (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port;

  listen_on (session, "*", 0);
  check_wait (skt_session_get_state (session) == SKT_STATE_LISTENING);
  port = check_port_of (skt_session_get_target (session));
  assert_connects ("127.0.0.1", AF_INET, port);
  g_assert_true (g_str_has_prefix (skt_connection_get_remote_address (check_wait_for_connection (session, 1)),
                                   "127.0.0.1:"));
  if (has_ipv6 ())
    {
      assert_connects ("::1", AF_INET6, port);
      g_assert_true (g_str_has_prefix (skt_connection_get_remote_address (check_wait_for_connection (session, 2)),
                                       "[::1]:"));
    }
  else
    g_test_message ("no IPv6 here: only IPv4 was tried");
  check_session_close (session);
}

static void
wait_for_failure (SktSession *session, const char *problem)
{
  check_wait (skt_session_get_state (session) == SKT_STATE_FAILED);
  g_assert_cmpstr (skt_session_get_problem (session), ==, problem);
  g_assert_null (skt_session_get_target (session));
}

static void
test_port_in_use (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port;
  int busy = check_socket_listen (1, &port);
  /* who it is comes a little later */
  g_autofree char *problem =
      g_strdup_printf ("Cannot listen on 127.0.0.1:%u: the address and port are in use. Another page of this program listens on "
                       "127.0.0.1:%u. Choose another port, or stop listening there.",
                       port, port);

  listen_on (session, "127.0.0.1", port);
  check_wait (skt_session_get_state (session) == SKT_STATE_FAILED && g_strcmp0 (skt_session_get_problem (session), problem) == 0);
  wait_for_failure (session, problem);
  check_assert_events (session, 0, "failed(12)");

  /* once it is free, listening again works and the problem is gone */
  close (busy);
  listen_on (session, "127.0.0.1", port);
  check_wait (skt_session_get_state (session) == SKT_STATE_LISTENING);
  g_assert_null (skt_session_get_problem (session));
  check_session_close (session);
}

static void
test_foreign_address (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);

  listen_on (session, "192.0.2.1", 0);
  wait_for_failure (session, "Cannot listen on 192.0.2.1:0: this machine has no such address. "
                             "Choose one of its own addresses, or listen on all of them.");
  check_session_close (session);
}

static void
test_low_port (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session;
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (1),
                                .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int code = bind (fd, (struct sockaddr *) &address, sizeof address) == 0 ? 0 : errno;

  close (fd);
  if (code != EACCES)
    {
      g_test_skip ("this user may listen on ports below 1024");
      return;
    }
  session = check_session_new (fixture, SKT_SESSION_SERVER);
  listen_on (session, "127.0.0.1", 1);
  wait_for_failure (session,
                    "Cannot listen on 127.0.0.1:1: this program has no right to do so; ports below 1024 need one. "
                             "Choose a port from 1024 on.");
  check_session_close (session);
}

/* As long as another has the port it waits, and takes it when it is free; or gives up when it is told to. */
static void
test_listen_again (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  SktListenOptions options = { .address = "127.0.0.1", .again = TRUE };
  guint16 port;
  int other = check_socket_listen (8, &port);
  int fd;

  options.port = port;
  skt_session_listen (session, &options);
  check_wait (skt_session_get_state (session) == SKT_STATE_WAITING);
  g_assert_nonnull (skt_session_get_problem (session));
  skt_session_stop_listening (session);
  check_wait (skt_session_get_state (session) == SKT_STATE_IDLE);
  g_assert_null (skt_session_get_problem (session));

  skt_session_listen (session, &options);
  check_wait (skt_session_get_state (session) == SKT_STATE_WAITING);
  close (other);
  check_wait (skt_session_get_state (session) == SKT_STATE_LISTENING);
  g_assert_null (skt_session_get_problem (session));
  fd = check_socket_connect (port);
  check_wait_for_connection (session, 1);
  close (fd);
  check_session_close (session);
}

/* Without SO_REUSEADDR a port is not free while a connection of it is in TIME-WAIT. */
static void
test_no_reuse (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  SktListenOptions options = { .address = "127.0.0.1", .no_reuse = TRUE };
  int fd;

  options.port = check_session_listen (session);
  fd = check_socket_connect (options.port);
  check_wait_for_connection (session, 1);
  /* this side closes first */
  skt_session_disconnect_all (session);
  check_wait (skt_connection_get_state (skt_session_get_connection (session, 1)) >= SKT_STATE_CLOSING);
  close (fd);
  check_wait (skt_session_get_n_open (session) == 0);
  skt_session_stop_listening (session);
  check_wait (skt_session_get_state (session) == SKT_STATE_IDLE);
  skt_session_listen (session, &options);
  check_wait (skt_session_get_state (session) == SKT_STATE_FAILED);
  options.no_reuse = FALSE;
  skt_session_listen (session, &options);
  check_wait (skt_session_get_state (session) == SKT_STATE_LISTENING);
  check_session_close (session);
}

static void
test_stop_listening (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  int fd = check_socket_connect (port);
  SktConnection *connection = check_wait_for_connection (session, 1);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port),
                                .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int late;

  skt_session_stop_listening (session);
  check_wait (skt_session_get_state (session) == SKT_STATE_IDLE);
  g_assert_null (skt_session_get_target (session));
  late = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (connect (late, (struct sockaddr *) &address, sizeof address), ==, -1);
  g_assert_cmpint (errno, ==, ECONNREFUSED);
  close (late);

  /* the accepted one goes on */
  check_socket_send (fd, "on", 2);
  check_wait (skt_connection_get_bytes_received (connection) == 2);
  check_assert_events (session, 0, "listening stopped-listening(1)");

  listen_on (session, "127.0.0.1", port);
  check_wait (skt_session_get_state (session) == SKT_STATE_LISTENING);
  close (check_socket_connect (port));
  check_wait_for_connection (session, 2);
  close (fd);
  check_session_close (session);
}

/* Listen and stop many times, each with a connection that comes at that moment. */
static void
test_listen_cycles (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint n_before;

  /* GIO opens descriptors of its own the first time */
  check_session_listen (session);
  skt_session_stop_listening (session);
  check_wait (skt_session_get_state (session) == SKT_STATE_IDLE);
  n_before = check_count_descriptors ();
  for (guint i = 0; i < 50; i++)
    {
      close (check_socket_connect (check_session_listen (session)));
      skt_session_stop_listening (session);
      check_wait (skt_session_get_state (session) == SKT_STATE_IDLE);
    }
  check_wait (skt_session_get_n_open (session) == 0);
  check_wait (check_count_descriptors () <= n_before);
  check_session_close (session);
}

/* -- Many connections ----------------------------------------------------------------------------------------- */

static void
test_reset_before_accept (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  SktConnection *connection;
  int fd;

  for (guint i = 0; i < 300; i++)
    check_socket_reset (check_socket_connect (port));
  fd = check_socket_connect (port);
  check_socket_send (fd, "alive", 5);
  check_wait (skt_session_get_bytes_received (session) == 5);
  check_wait (skt_session_get_n_open (session) == 1);
  connection = skt_session_get_connection (session, g_list_model_get_n_items (skt_session_get_connections (session)));
  g_assert_cmpuint (skt_connection_get_bytes_received (connection), ==, 5);
  close (fd);
  check_session_close (session);
}

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  (*(guint *) data)++;
}

#define N_MANY 1000

static void
test_many (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  GListModel *connections = skt_session_get_connections (session);
  g_autofree int *fds = g_new (int, N_MANY);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("to all", 6);
  g_autoptr (GError) error = NULL;
  guint n_changes = 0, n_sent = 0;

  g_signal_connect (connections, "items-changed", G_CALLBACK (items_changed_cb), &n_changes);
  for (guint i = 0; i < N_MANY; i++)
    fds[i] = check_socket_connect (port);
  check_wait (skt_session_get_n_open (session) == N_MANY);
  g_assert_cmpuint (g_list_model_get_n_items (connections), ==, N_MANY);
  g_assert_cmpuint (n_changes, <, N_MANY / 4);
  for (guint i = 0; i < N_MANY; i++)
    {
      g_autoptr (SktConnection) connection = g_list_model_get_item (connections, i);

      g_assert_cmpuint (skt_connection_get_id (connection), ==, i + 1);
      g_assert_true (connection == skt_session_get_connection (session, i + 1));
    }

  g_assert_true (skt_session_send (session, NULL, bytes, &n_sent, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_sent, ==, N_MANY);
  for (guint i = 0; i < N_MANY; i++)
    {
      char buffer[6];

      g_assert_cmpuint (check_socket_receive (fds[i], buffer, 6), ==, 6);
      g_assert_cmpmem (buffer, 6, "to all", 6);
    }

  skt_session_disconnect_all (session);
  for (guint i = 0; i < N_MANY; i++)
    {
      char end;

      g_assert_cmpuint (check_socket_receive (fds[i], &end, 1), ==, 0);
      close (fds[i]);
    }
  check_wait (skt_session_get_n_open (session) == 0);
  for (guint i = 0; i < N_MANY; i++)
    g_assert_cmpint (skt_connection_get_reason (skt_session_get_connection (session, i + 1)), ==,
                     SKT_REASON_LOCAL_CLOSED);
  check_session_close (session);
}

static void
test_send_to_some (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("one", 3);
  g_autoptr (GError) error = NULL;
  guint n_sent = 0;
  int fds[3];
  char buffer[4];

  g_assert_false (skt_session_send (session, NULL, bytes, &n_sent, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_NOT_CONNECTED);
  g_clear_error (&error);
  for (guint i = 0; i < 3; i++)
    {
      fds[i] = check_socket_connect (port);
      check_wait_for_connection (session, i + 1);
    }
  g_ptr_array_add (chosen, skt_session_get_connection (session, 2));
  g_assert_true (skt_session_send (session, chosen, bytes, &n_sent, &error));
  g_assert_cmpuint (n_sent, ==, 1);
  g_assert_cmpuint (check_socket_receive (fds[1], buffer, 3), ==, 3);
  check_wait (skt_session_get_bytes_sent (session) == 3);
  g_assert_cmpint (recv (fds[0], buffer, 1, MSG_DONTWAIT), ==, -1);
  g_assert_cmpint (recv (fds[2], buffer, 1, MSG_DONTWAIT), ==, -1);

  /* one of two is gone: the other gets it, and the error names the one */
  close (fds[1]);
  check_wait (skt_connection_get_state (skt_session_get_connection (session, 2)) == SKT_STATE_CLOSED);
  g_ptr_array_add (chosen, skt_session_get_connection (session, 3));
  g_assert_false (skt_session_send (session, chosen, bytes, &n_sent, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_NOT_CONNECTED);
  g_assert_true (g_str_has_prefix (error->message,
                                   skt_connection_get_remote_address (skt_session_get_connection (session, 2))));
  g_assert_cmpuint (n_sent, ==, 1);
  g_assert_cmpuint (check_socket_receive (fds[2], buffer, 3), ==, 3);
  close (fds[0]);
  close (fds[2]);
  check_session_close (session);
}

static void
test_note (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  SktJournal *journal = skt_session_get_journal (session);
  guint8 text[32];
  SktRecord record;

  skt_session_note (session, "step 2 begins");
  check_wait (skt_journal_get_n_records (journal) == 1);
  record = check_journal_last (journal, 0, SKT_RECORD_NOTE);
  g_assert_cmpuint (record.length, ==, 13);
  g_assert_cmpuint (skt_journal_read_payload (journal, record.offset, text, 13), ==, 13);
  g_assert_cmpmem (text, 13, "step 2 begins", 13);
  check_session_close (session);
}

/* -- Out of descriptors --------------------------------------------------------------------------------------- */

#define LIMIT 300
#define N_PEERS 250

/* The peers are in a process of their own: they hold connections, and close one for each byte that they get told. */
static void
run_peers (guint16 port, int control)
{
  int fds[N_PEERS];
  char byte;

  for (guint i = 0; i < N_PEERS; i++)
    {
      fds[i] = check_socket_connect (port);
      check_socket_send (fds[i], "x", 1);
    }
  for (guint i = 0; i < N_PEERS && recv (control, &byte, 1, 0) == 1; i++)
    close (fds[i]);
  _exit (0);
}

static void
subprocess_descriptors (CheckFixture *fixture)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  guint64 n_dispatches;
  guint n_open;
  int control[2];
  pid_t child;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    run_peers (port, control[1]);

  check_wait (skt_session_get_problem (session) != NULL);
  n_open = skt_session_get_n_open (session);
  g_assert_cmpuint (n_open, >, 50);
  g_assert_cmpuint (n_open, <, N_PEERS);
  g_assert_nonnull (strstr (skt_session_get_problem (session), "New ones wait until one is closed; nothing is lost."));
  g_assert_cmpint (skt_session_get_state (session), ==, SKT_STATE_LISTENING);

  /* it waits, it does not spin */
  n_dispatches = _skt_engine_get_n_dispatches (fixture->engine);
  check_run_for (300);
  g_assert_cmpuint (_skt_engine_get_n_dispatches (fixture->engine) - n_dispatches, <, 10);

  /* as peers go, those that waited come in, and nothing that they sent is missing */
  for (guint i = 0; i < N_PEERS; i++)
    g_assert_cmpint (send (control[0], "c", 1, 0), ==, 1);
  check_wait (g_list_model_get_n_items (skt_session_get_connections (session)) == N_PEERS);
  check_wait (skt_session_get_n_open (session) == 0);
  g_assert_cmpuint (skt_session_get_bytes_received (session), ==, N_PEERS);
  check_wait (skt_session_get_problem (session) == NULL);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  close (control[0]);
  close (control[1]);
  check_session_close (session);
}

static void
test_descriptors (CheckFixture *fixture, gconstpointer data)
{
  struct rlimit limit = { LIMIT, LIMIT };

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 2 * 60 * G_TIME_SPAN_SECOND, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }
  skt_engine_stop (fixture->engine);
  g_object_unref (fixture->engine);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  fixture->engine = skt_engine_new ();
  subprocess_descriptors (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  check_add ("/core/server/accept", test_accept);
  check_add ("/core/server/all-addresses", test_all_addresses);
  check_add ("/core/server/port-in-use", test_port_in_use);
  check_add ("/core/server/foreign-address", test_foreign_address);
  check_add ("/core/server/low-port", test_low_port);
  check_add ("/core/server/listen-again", test_listen_again);
  check_add ("/core/server/no-reuse", test_no_reuse);
  check_add ("/core/server/stop-listening", test_stop_listening);
  check_add ("/core/server/listen-cycles", test_listen_cycles);
  check_add ("/core/server/reset-before-accept", test_reset_before_accept);
  check_add ("/core/server/many", test_many);
  check_add ("/core/server/send-to-some", test_send_to_some);
  check_add ("/core/server/note", test_note);
  check_add ("/core/server/descriptors", test_descriptors);
  return g_test_run ();
}
