/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"

#include "skt-engine-private.h"
#include "skt-error.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* -- A resolver that answers as the test wants ------------------------------------------------------------------ */

/* Host names of the form "127.0.0.1,::1.test" are those addresses; "hang.test" never answers; others do not exist. */
typedef GResolver CheckResolver;
typedef GResolverClass CheckResolverClass;
GType check_resolver_get_type (void);
G_DEFINE_TYPE (CheckResolver, check_resolver, G_TYPE_RESOLVER)

static guint n_hanging;

static void
hang_cancelled_cb (GCancellable *cancellable, gpointer data)
{
  GTask *task = data;

  n_hanging--;
  g_task_return_error_if_cancelled (task);
  g_object_unref (task);
}

static void
free_addresses (gpointer data)
{
  g_resolver_free_addresses (data);
}

static void
lookup_async (GResolver *resolver, const char *host, GCancellable *cancellable, GAsyncReadyCallback callback,
              gpointer data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, data);
  g_auto (GStrv) texts = NULL;
  g_autofree char *list = NULL;
  GList *addresses = NULL;

  if (g_str_equal (host, "hang.test"))
    {
      n_hanging++;
      g_signal_connect (cancellable, "cancelled", G_CALLBACK (hang_cancelled_cb), g_object_ref (task));
      return;
    }
  if (g_str_equal (host, "dead.test"))
    {
      g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE, "no answer");
      return;
    }
  if (!g_str_has_suffix (host, ".list.test"))
    {
      g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no such name");
      return;
    }
  list = g_strndup (host, strlen (host) - strlen (".list.test"));
  g_strdelimit (list, "_", ':');
  texts = g_strsplit (list, "-", -1);
  for (guint i = 0; texts[i] != NULL; i++)
    addresses = g_list_append (addresses, g_inet_address_new_from_string (texts[i]));
  g_task_return_pointer (task, addresses, free_addresses);
}

static GList *
lookup_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
check_resolver_class_init (CheckResolverClass *klass)
{
  klass->lookup_by_name_async = lookup_async;
  klass->lookup_by_name_finish = lookup_finish;
}

static void
check_resolver_init (CheckResolver *self)
{
}

/* -- Connecting ----------------------------------------------------------------------------------------------- */

static void
test_connect (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  guint16 port;
  int listener = check_socket_listen (8, &port);
  SktConnection *connection;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);
  g_autoptr (GByteArray) received = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", port);
  char buffer[16];
  int fd;

  g_assert_null (skt_session_get_current (session));
  g_assert_cmpint (skt_session_get_state (session), ==, SKT_STATE_IDLE);
  check_session_connect (session, "127.0.0.1", port);
  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
  fd = check_socket_accept (listener);

  connection = skt_session_get_current (session);
  g_assert_nonnull (connection);
  g_assert_cmpuint (skt_connection_get_id (connection), ==, 1);
  g_assert_cmpstr (skt_connection_get_remote_address (connection), ==, address);
  g_assert_true (g_str_has_prefix (skt_connection_get_local_address (connection), "127.0.0.1:"));
  g_assert_cmpstr (skt_session_get_target (session), ==, address);
  g_assert_null (skt_session_get_attempt (session));
  g_assert_null (skt_session_get_problem (session));
  g_assert_cmpuint (skt_session_get_n_open (session), ==, 1);
  g_assert_cmpint (skt_connection_get_opened_time (connection), >, 0);

  g_assert_true (skt_connection_send_bytes (connection, bytes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (check_socket_receive (fd, buffer, 5), ==, 5);
  g_assert_cmpmem (buffer, 5, "hello", 5);
  check_wait (skt_connection_get_bytes_sent (connection) == 5);

  check_socket_send (fd, "world!", 6);
  check_wait (skt_connection_get_bytes_received (connection) == 6);
  g_assert_cmpuint (skt_session_get_bytes_received (session), ==, 6);
  g_assert_cmpuint (skt_session_get_bytes_sent (session), ==, 5);
  received = check_journal_bytes (skt_session_get_journal (session), 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (received->data, received->len, "world!", 6);

  close (fd);
  check_wait (skt_session_get_state (session) == SKT_STATE_CLOSED);
  g_assert_cmpint (skt_connection_get_reason (connection), ==, SKT_REASON_PEER_CLOSED);
  g_assert_true (g_str_has_prefix (skt_connection_get_end_text (connection), "peer closed (FIN) after "));
  g_assert_cmpuint (skt_session_get_n_open (session), ==, 0);
  check_assert_events (session, 1, "connecting opened peer-finished finished closed(2)");

  g_assert_false (skt_connection_send_bytes (connection, bytes, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_NOT_CONNECTED);
  close (listener);
  check_session_close (session);
}

static void
test_refused (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  guint16 port = check_unused_port ();
  g_autofree char *problem =
      g_strdup_printf ("127.0.0.1:%u refused the connection: nothing listens on this port. "
                       "Start the server there or check the port.",
                       port);

  check_session_connect (session, "127.0.0.1", port);
  check_wait (skt_session_get_state (session) == SKT_STATE_FAILED);
  g_assert_cmpstr (skt_session_get_problem (session), ==, problem);
  g_assert_null (skt_session_get_attempt (session));
  g_assert_cmpint (skt_connection_get_state (skt_session_get_current (session)), ==, SKT_STATE_FAILED);
  g_assert_cmpint (skt_connection_get_reason (skt_session_get_current (session)), ==, SKT_REASON_REFUSED);
  check_assert_events (session, 1, "connecting failed(6)");
  check_session_close (session);
}


/* -- Names and addresses -------------------------------------------------------------------------------------- */

static void
test_name (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  guint16 port;
  int listener = check_socket_listen (8, &port);
  g_autofree char *refused = g_strdup_printf ("127.0.0.2:%u", port);
  SktRecord record;

  /* the listener is on 127.0.0.1 only */
  check_session_connect (session, "127.0.0.2-127.0.0.1.list.test", port);
  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
  check_assert_events (session, 1, "resolving connecting failed(6) connecting opened");
  g_assert_null (skt_session_get_problem (session));
  record = check_journal_last (skt_session_get_journal (session), 1, SKT_RECORD_FAILED);
  g_assert_cmpuint (record.length, ==, strlen (refused));
  close (listener);
  check_session_close (session);
}

static void
test_all_fail (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  guint16 port = check_unused_port ();
  g_autofree char *two = g_strdup_printf ("127.0.0.2:%u refused the connection: nothing listens on this port. "
                                          "127.0.0.1:%u refused the connection: nothing listens on this port. "
                                          "Start the server there or check the port.",
                                          port, port);
  g_autofree char *five = g_strdup_printf ("5 addresses were tried; this is the last of them: "
                                           "127.0.0.5:%u refused the connection: nothing listens on this port. "
                                           "Start the server there or check the port.",
                                           port);

  check_session_connect (session, "127.0.0.2-127.0.0.1.list.test", port);
  check_wait (skt_session_get_state (session) == SKT_STATE_FAILED);
  g_assert_cmpstr (skt_session_get_problem (session), ==, two);

  check_session_connect (session, "127.0.0.1-127.0.0.2-127.0.0.3-127.0.0.4-127.0.0.5.list.test", port);
  check_wait (g_strcmp0 (skt_session_get_problem (session), five) == 0);
  g_assert_cmpuint (skt_connection_get_id (skt_session_get_current (session)), ==, 2);
  g_assert_cmpuint (check_journal_count (skt_session_get_journal (session), 2, SKT_RECORD_FAILED), ==, 5);
  check_session_close (session);
}

static void
test_unknown_name (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);

  check_session_connect (session, "foo", 80);
  check_wait (skt_session_get_state (session) == SKT_STATE_FAILED);
  g_assert_cmpstr (skt_session_get_problem (session), ==,
                   "There is no host named “foo”. Check the spelling, or enter its IP address.");
  check_assert_events (session, 1, "resolving failed(9)");

  check_session_connect (session, "dead.test", 80);
  check_wait (skt_session_get_state (session) == SKT_STATE_FAILED && skt_session_get_current (session) != NULL
              && skt_connection_get_id (skt_session_get_current (session)) == 2);
  g_assert_cmpstr (skt_session_get_problem (session), ==,
                   "The address of “dead.test” could not be looked up: the name server did not answer. "
                   "Check this machine’s network connection, or enter the host’s IP address.");
  check_session_close (session);
}

static void
assert_cancelled (SktSession *session, guint id)
{
  SktConnection *connection = skt_session_get_connection (session, id);

  check_wait (skt_session_get_state (session) == SKT_STATE_IDLE);
  g_assert_null (skt_session_get_problem (session));
  g_assert_null (skt_session_get_attempt (session));
  g_assert_cmpint (skt_connection_get_state (connection), ==, SKT_STATE_CLOSED);
  g_assert_cmpint (skt_connection_get_reason (connection), ==, SKT_REASON_CANCELLED);
  g_assert_true (g_str_has_prefix (skt_connection_get_end_text (connection), "you cancelled after "));
}

static void
test_cancel_resolving (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);

  check_session_connect (session, "hang.test", 80);
  check_wait (skt_session_get_state (session) == SKT_STATE_RESOLVING);
  g_assert_cmpstr (skt_session_get_target (session), ==, "hang.test:80");
  skt_session_cancel (session);
  assert_cancelled (session, 1);
  check_assert_events (session, 1, "resolving failed(11)");

  /* the connection's own button does the same, and a third is ended by closing the session */
  check_session_connect (session, "hang.test", 80);
  check_wait (skt_session_get_state (session) == SKT_STATE_RESOLVING);
  skt_connection_disconnect (skt_session_get_current (session));
  assert_cancelled (session, 2);
  check_session_connect (session, "hang.test", 80);
  check_wait (skt_session_get_state (session) == SKT_STATE_RESOLVING);
  check_session_close (session);
  g_assert_cmpuint (n_hanging, ==, 0);
}

/* A listening socket whose queue is full: the kernel leaves SYNs unanswered. */
typedef struct
{
  int listener;
  guint16 port;
  int fillers[8];
} FullListener;

static void
full_listener_open (FullListener *self)
{
  struct sockaddr_in address = { .sin_family = AF_INET };

  self->listener = check_socket_listen (0, &self->port);
  address.sin_port = htons (self->port);
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  for (guint i = 0; i < G_N_ELEMENTS (self->fillers); i++)
    {
      self->fillers[i] = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      connect (self->fillers[i], (struct sockaddr *) &address, sizeof address);
    }
}

static void
full_listener_close (FullListener *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->fillers); i++)
    close (self->fillers[i]);
  close (self->listener);
}

static void
test_timeout (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  FullListener full;
  SktConnectOptions options = { .host = "127.0.0.1", .timeout_ms = 250 };
  g_autofree char *problem = NULL;

  full_listener_open (&full);
  options.port = full.port;
  skt_session_connect (session, &options);
  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTING);
  check_wait (skt_session_get_attempt (session) != NULL);
  check_wait (skt_session_get_state (session) == SKT_STATE_FAILED);
  problem = g_strdup_printf ("127.0.0.1:%u did not answer within 0.2 seconds. Check the address, that the host is on, "
                             "and that no firewall drops the packets; or allow more time.",
                             full.port);
  g_assert_cmpstr (skt_session_get_problem (session), ==, problem);
  check_assert_events (session, 1, "connecting failed(5)");
  full_listener_close (&full);
  check_session_close (session);
}

static void
test_cancel_connecting (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  FullListener full;

  full_listener_open (&full);
  check_session_connect (session, "127.0.0.1", full.port);
  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTING);
  /* ignored: it is connecting */
  check_session_connect (session, "127.0.0.1", full.port);
  skt_session_cancel (session);
  assert_cancelled (session, 1);
  g_assert_cmpuint (g_list_model_get_n_items (skt_session_get_connections (session)), ==, 1);
  check_assert_events (session, 1, "connecting failed(11)");
  full_listener_close (&full);
  check_session_close (session);
}

static void
test_hundred_cycles (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  guint16 port;
  int listener = check_socket_listen (128, &port);
  FullListener full;
  guint n_before;

  full_listener_open (&full);
  /* GIO opens descriptors of its own the first time */
  check_session_connect (session, "127.0.0.1.list.test", port);
  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
  skt_session_disconnect_all (session);
  skt_session_disconnect_all (session);
  check_wait (skt_session_get_state (session) == SKT_STATE_CLOSED);
  n_before = check_count_descriptors ();
  for (guint i = 0; i < 100; i++)
    {
      static const char *const hosts[] = { "127.0.0.1", "hang.test", "127.0.0.1", "127.0.0.1.list.test" };

      /* connected or not when it is cancelled: both happen */
      check_session_connect (session, hosts[i % 4], i % 4 == 0 ? full.port : port);
      if (i % 3 == 0)
        check_wait (g_list_model_get_n_items (skt_session_get_connections (session)) == i + 2);
      skt_session_cancel (session);
      skt_session_disconnect_all (session);
      skt_session_disconnect_all (session);
    }
  check_wait (g_list_model_get_n_items (skt_session_get_connections (session)) == 101);
  check_wait (skt_session_get_state (session) == SKT_STATE_IDLE || skt_session_get_state (session) == SKT_STATE_CLOSED);
  check_wait (check_count_descriptors () <= n_before);
  g_assert_cmpuint (n_hanging, ==, 0);
  full_listener_close (&full);
  close (listener);
  check_session_close (session);
}

/* -- Local addresses ------------------------------------------------------------------------------------------ */

static void
connect_from (SktSession *session, guint16 port, const char *local_address, guint16 local_port)
{
  SktConnectOptions options = {
    .host = "127.0.0.1", .port = port, .local_address = local_address, .local_port = local_port, .timeout_ms = 10000
  };

  skt_session_connect (session, &options);
}

static void
wait_for_end (SktSession *session, guint id)
{
  SktConnection *connection = check_wait_for_connection (session, id);

  check_wait (skt_connection_get_end_text (connection) != NULL);
}

static void
test_local_address (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  guint16 port, busy_port, free_port = check_unused_port ();
  int listener = check_socket_listen (8, &port);
  int busy = check_socket_listen (8, &busy_port);
  g_autofree char *local = g_strdup_printf ("127.0.0.1:%u", free_port);
  g_autofree char *holder = g_strdup_printf ("Another page of this program listens on 127.0.0.1:%u.", busy_port);

  connect_from (session, port, "192.0.2.1", 0);
  wait_for_end (session, 1);
  check_assert_events (session, 1, "connecting failed(13)");
  g_assert_nonnull (strstr (skt_session_get_problem (session), "this machine does not have the local address"));

  connect_from (session, port, NULL, busy_port);
  wait_for_end (session, 2);
  check_assert_events (session, 2, "connecting failed(12)");
  g_assert_nonnull (strstr (skt_session_get_problem (session), "Choose another local port"));
  /* who it is comes a little later */
  check_wait (strstr (skt_session_get_problem (session), holder) != NULL);

  connect_from (session, port, "::1", 0);
  wait_for_end (session, 3);
  g_assert_cmpstr (skt_session_get_problem (session), ==,
                   "“127.0.0.1” has no IPv6 address, but the local address ::1 is one. "
                   "Choose an address of this machine, or none to let the system choose.");

  connect_from (session, port, "eth0", 0);
  wait_for_end (session, 4);
  g_assert_true (g_str_has_prefix (skt_session_get_problem (session),
                                   "The local address “eth0” is not an IP address."));

  connect_from (session, port, "127.0.0.1", free_port);
  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
  g_assert_cmpstr (skt_connection_get_local_address (skt_session_get_current (session)), ==, local);
  g_assert_null (skt_session_get_problem (session));
  close (busy);
  close (listener);
  check_session_close (session);
}

static void
test_self_connect (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  guint16 port = check_unused_port ();

  connect_from (session, port, "127.0.0.1", port);
  wait_for_end (session, 1);
  check_assert_events (session, 1, "connecting failed(15)");
  g_assert_cmpint (skt_session_get_state (session), ==, SKT_STATE_FAILED);
  check_session_close (session);
}

/* -- Ends ----------------------------------------------------------------------------------------------------- */

typedef struct
{
  SktSession *session;
  SktConnection *connection;
  int fd;
} Pair;

static void
pair_open (Pair *pair, CheckFixture *fixture, gboolean closes_on_peer_finish)
{
  guint16 port;
  int listener = check_socket_listen (1, &port);

  pair->session = check_session_new (fixture, SKT_SESSION_CLIENT);
  g_object_set (pair->session, "close-on-peer-finish", closes_on_peer_finish, NULL);
  check_session_connect (pair->session, "127.0.0.1", port);
  pair->fd = check_socket_accept (listener);
  check_wait (skt_session_get_state (pair->session) == SKT_STATE_CONNECTED);
  pair->connection = skt_session_get_current (pair->session);
  close (listener);
}

static void
pair_send (Pair *pair, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  g_assert_true (skt_connection_send_bytes (pair->connection, bytes, &error));
  g_assert_no_error (error);
}

static void
test_peer_resets (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  g_autoptr (GByteArray) received = NULL;

  pair_open (&pair, fixture, TRUE);
  check_socket_send (pair.fd, "last words", 10);
  check_socket_reset (pair.fd);
  check_wait (skt_session_get_state (pair.session) == SKT_STATE_CLOSED);
  g_assert_cmpint (skt_connection_get_reason (pair.connection), ==, SKT_REASON_RESET);
  g_assert_true (g_str_has_prefix (skt_connection_get_end_text (pair.connection),
                                   "peer reset the connection (RST) after "));
  check_assert_events (pair.session, 1, "connecting opened closed(3)");
  g_assert_cmpint (check_journal_last (skt_session_get_journal (pair.session), 1, SKT_RECORD_CLOSED).code, ==,
                   ECONNRESET);
  received = check_journal_bytes (skt_session_get_journal (pair.session), 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (received->data, received->len, "last words", 10);
  check_session_close (pair.session);
}

static void
test_half_close (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  char buffer[16];
  guint64 n_dispatches;

  pair_open (&pair, fixture, FALSE);
  check_socket_send (pair.fd, "question", 8);
  shutdown (pair.fd, SHUT_WR);
  check_wait (skt_session_get_state (pair.session) == SKT_STATE_PEER_FINISHED);
  g_assert_true (skt_connection_can_send (pair.connection));
  g_assert_cmpuint (skt_session_get_n_open (pair.session), ==, 1);

  /* the end of file stays readable: nothing may spin on it */
  n_dispatches = _skt_engine_get_n_dispatches (fixture->engine);
  check_run_for (200);
  g_assert_cmpuint (_skt_engine_get_n_dispatches (fixture->engine) - n_dispatches, <=, 4);

  pair_send (&pair, "answer");
  g_assert_cmpuint (check_socket_receive (pair.fd, buffer, 6), ==, 6);
  g_assert_cmpmem (buffer, 6, "answer", 6);
  skt_connection_disconnect (pair.connection);
  g_assert_cmpuint (check_socket_receive (pair.fd, buffer, 1), ==, 0);
  check_wait (skt_session_get_state (pair.session) == SKT_STATE_CLOSED);
  g_assert_true (g_str_has_prefix (skt_connection_get_end_text (pair.connection), "you closed after "));
  check_assert_events (pair.session, 1, "connecting opened peer-finished finished closed(1)");
  close (pair.fd);
  check_session_close (pair.session);
}

/* A reset after the peer's FIN is told by the hang-up alone: nothing is read any more. */
static void
test_reset_after_half_close (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;

  pair_open (&pair, fixture, FALSE);
  shutdown (pair.fd, SHUT_WR);
  check_wait (skt_session_get_state (pair.session) == SKT_STATE_PEER_FINISHED);
  check_socket_reset (pair.fd);
  check_wait (skt_session_get_state (pair.session) == SKT_STATE_CLOSED);
  check_assert_events (pair.session, 1, "connecting opened peer-finished closed(3)");
  check_session_close (pair.session);
}

#define FLOOD (8 * 1024 * 1024)

static gpointer
flood_thread (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  g_autofree guint8 *bytes = g_malloc0 (FLOOD);
  char end;

  check_socket_send (fd, bytes, FLOOD);
  g_assert_cmpuint (check_socket_receive (fd, &end, 1), ==, 0);
  close (fd);
  return NULL;
}

static void
test_disconnect_unread (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  GThread *thread;

  pair_open (&pair, fixture, TRUE);
  thread = g_thread_new ("flood", flood_thread, GINT_TO_POINTER (pair.fd));
  skt_connection_disconnect (pair.connection);
  check_wait (skt_session_get_state (pair.session) == SKT_STATE_CLOSED);
  g_thread_join (thread);
  /* all that the peer sent, before and after our FIN, and no reset */
  g_assert_cmpuint (skt_connection_get_bytes_received (pair.connection), ==, FLOOD);
  g_assert_cmpint (skt_connection_get_reason (pair.connection), ==, SKT_REASON_LOCAL_CLOSED);
  check_assert_events (pair.session, 1, "connecting opened finished peer-finished closed(1)");
  check_session_close (pair.session);
}

static void
test_disconnect_deadline (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (GError) error = NULL;
  gint64 start, took;

  pair_open (&pair, fixture, TRUE);
  start = g_get_monotonic_time ();
  skt_connection_disconnect (pair.connection);
  g_assert_false (skt_connection_send_bytes (pair.connection, bytes, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_NOT_CONNECTED);
  check_wait (skt_session_get_state (pair.session) == SKT_STATE_CLOSING);
  check_socket_send (pair.fd, "still here", 10);
  check_wait (skt_session_get_state (pair.session) == SKT_STATE_CLOSED);
  took = g_get_monotonic_time () - start;
  g_assert_cmpint (took, >=, 1900 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpint (took, <, 10 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (skt_connection_get_bytes_received (pair.connection), ==, 10);
  check_assert_events (pair.session, 1, "connecting opened finished closed(1)");
  close (pair.fd);
  check_session_close (pair.session);
}

static void
test_disconnect_twice (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  gint64 start;

  pair_open (&pair, fixture, TRUE);
  skt_connection_disconnect (pair.connection);
  check_wait (skt_session_get_state (pair.session) == SKT_STATE_CLOSING);
  start = g_get_monotonic_time ();
  skt_connection_disconnect (pair.connection);
  check_wait (skt_session_get_state (pair.session) == SKT_STATE_CLOSED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, G_TIME_SPAN_SECOND);
  close (pair.fd);
  check_session_close (pair.session);
}

/* What is queued when the user disconnects is written before FIN. */
static void
test_disconnect_writes_queue (CheckFixture *fixture, gconstpointer data)
{
  Pair pair;
  g_autofree guint8 *random = check_random_bytes (FLOOD);
  g_autoptr (GBytes) bytes = g_bytes_new_static (random, FLOOD);
  g_autoptr (GByteArray) received = NULL;
  g_autoptr (GError) error = NULL;
  int code;

  pair_open (&pair, fixture, TRUE);
  g_assert_true (skt_connection_send_bytes (pair.connection, bytes, &error));
  check_wait (skt_connection_get_bytes_queued (pair.connection) > 0);
  skt_connection_disconnect (pair.connection);
  received = check_socket_receive_all (pair.fd, &code);
  g_assert_cmpint (code, ==, 0);
  g_assert_cmpmem (received->data, received->len, random, FLOOD);
  close (pair.fd);
  check_wait (skt_session_get_state (pair.session) == SKT_STATE_CLOSED);
  g_assert_cmpuint (check_journal_last (skt_session_get_journal (pair.session), 1, SKT_RECORD_CLOSED).stream_offset,
                    ==, 0);
  g_assert_cmpuint (skt_connection_get_bytes_queued (pair.connection), ==, 0);
  check_session_close (pair.session);
}

static void
test_reconnect (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  guint16 port;
  int listener = check_socket_listen (8, &port);

  for (guint i = 1; i <= 20; i++)
    {
      int fd;

      check_session_connect (session, "127.0.0.1", port);
      fd = check_socket_accept (listener);
      check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED
                  && skt_connection_get_id (skt_session_get_current (session)) == i);
      check_socket_send (fd, &i, sizeof i);
      close (fd);
      check_wait (skt_session_get_state (session) == SKT_STATE_CLOSED);
      g_assert_cmpuint (skt_connection_get_bytes_received (skt_session_get_current (session)), ==, sizeof i);
      check_assert_events (session, i, "connecting opened peer-finished finished closed(2)");
    }
  close (listener);
  check_session_close (session);
}

int
main (int argc, char **argv)
{
  g_autoptr (GResolver) resolver = NULL;

  g_test_init (&argc, &argv, NULL);
  resolver = g_object_new (check_resolver_get_type (), NULL);
  g_resolver_set_default (resolver);

  check_add ("/core/client/connect", test_connect);
  check_add ("/core/client/refused", test_refused);
  check_add ("/core/client/name", test_name);
  check_add ("/core/client/all-fail", test_all_fail);
  check_add ("/core/client/unknown-name", test_unknown_name);
  check_add ("/core/client/cancel-resolving", test_cancel_resolving);
  check_add ("/core/client/timeout", test_timeout);
  check_add ("/core/client/cancel-connecting", test_cancel_connecting);
  check_add ("/core/client/hundred-cycles", test_hundred_cycles);
  check_add ("/core/client/local-address", test_local_address);
  check_add ("/core/client/self-connect", test_self_connect);
  check_add ("/core/client/peer-resets", test_peer_resets);
  check_add ("/core/client/half-close", test_half_close);
  check_add ("/core/client/reset-after-half-close", test_reset_after_half_close);
  check_add ("/core/client/disconnect-unread", test_disconnect_unread);
  check_add ("/core/client/disconnect-deadline", test_disconnect_deadline);
  check_add ("/core/client/disconnect-twice", test_disconnect_twice);
  check_add ("/core/client/disconnect-writes-queue", test_disconnect_writes_queue);
  check_add ("/core/client/reconnect", test_reconnect);
  return g_test_run ();
}
