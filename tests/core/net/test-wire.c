/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"
#include "check-wire.h"

#include "skt-error.h"
#include "skt-socket-options.h"

#include <errno.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <glib-unix.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What networks do to connections, in network namespaces of the test's own. */

#define TRANSFER_BYTES (1024 * 1024)

static SktConnection *
connect_there (SktSession *session, guint16 port, guint timeout_ms)
{
  SktConnectOptions options = { .host = CHECK_WIRE_THERE, .port = port, .timeout_ms = timeout_ms };

  skt_session_connect (session, &options);
  check_wait (skt_session_get_current (session) != NULL);
  return skt_session_get_current (session);
}

static void
assert_fails (SktSession *session, SktReason reason, const char *problem)
{
  check_wait (skt_session_get_state (session) == SKT_STATE_FAILED);
  g_assert_cmpint (skt_connection_get_reason (skt_session_get_current (session)), ==, reason);
  check_wait (skt_session_get_problem (session) != NULL);
  if (strstr (skt_session_get_problem (session), problem) == NULL)
    g_error ("“%s” is not in “%s”", problem, skt_session_get_problem (session));
}

static void
allow_half_close (SktSession *session)
{
  g_object_set (session, "close-on-peer-finish", FALSE, NULL);
}

static gboolean
is_readable (int fd)
{
  struct pollfd poll_fd = { fd, POLLIN, 0 };

  return poll (&poll_fd, 1, 0) == 1;
}

/* -- Connecting ----------------------------------------------------------------------------------------------------- */

static void
test_refused (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);

  connect_there (session, 9, 10000);
  assert_fails (session, SKT_REASON_REFUSED, "10.9.0.2:9 refused the connection: nothing listens on this port.");
  check_session_close (session);
}

static void
test_firewall_resets (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  guint16 port = 0;
  int listener = check_wire_listen_there (AF_INET, &port);

  check_wire_set (&(CheckWireRules){ .answer = CHECK_WIRE_RESETS });
  connect_there (session, port, 10000);
  assert_fails (session, SKT_REASON_REFUSED, "refused the connection");
  g_assert_false (is_readable (listener));
  close (listener);
  check_session_close (session);
}

static void
test_dropped (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);

  check_wire_set (&(CheckWireRules){ .is_cut = TRUE });
  connect_there (session, 80, 300);
  assert_fails (session, SKT_REASON_CONNECT_TIMEOUT, "10.9.0.2:80 did not answer within 0.3 seconds.");
  check_session_close (session);
}

static void
test_unreachable (CheckFixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint8 code; /* RFC 792, RFC 1812 */
    SktReason reason;
  } cases[] = {
    { 0, SKT_REASON_NETWORK_UNREACHABLE }, { 1, SKT_REASON_HOST_UNREACHABLE },  { 3, SKT_REASON_REFUSED },
    { 6, SKT_REASON_NETWORK_UNREACHABLE }, { 12, SKT_REASON_HOST_UNREACHABLE }, { 9, SKT_REASON_NETWORK_UNREACHABLE },
    { 10, SKT_REASON_HOST_UNREACHABLE },   { 13, SKT_REASON_HOST_UNREACHABLE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);

      check_wire_set (&(CheckWireRules){ .answer = CHECK_WIRE_UNREACHABLE, .code = cases[i].code });
      connect_there (session, 80, 10000);
      assert_fails (session, cases[i].reason, "10.9.0.2:80");
      check_session_close (session);
    }
}

static void
test_no_route (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);

  check_session_connect (session, "192.0.2.7", 80);
  assert_fails (session, SKT_REASON_NETWORK_UNREACHABLE, "this machine has no route to that network");
  check_session_close (session);
}

static void
test_link_down_before (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);

  check_wire_set_link (FALSE);
  connect_there (session, 80, 10000);
  assert_fails (session, SKT_REASON_NETWORK_UNREACHABLE, "10.9.0.2:80");
  check_wire_set_link (TRUE);
  check_session_close (session);
}

static void
test_foreign_local_address (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  SktConnectOptions options = { .host = CHECK_WIRE_THERE, .port = 80, .local_address = CHECK_WIRE_THERE, .timeout_ms = 10000 };

  skt_session_connect (session, &options);
  assert_fails (session, SKT_REASON_ADDRESS_NOT_AVAILABLE, "this machine does not have the local address");
  check_session_close (session);
}

/* An adapter that is plugged in later, pulled out, and plugged in again. */
static void
test_address_comes_back (CheckFixture *fixture, gconstpointer data)
{
  static const char address[] = "10.9.0.77";
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  SktListenOptions options = { .address = address, .port = 7788, .again = TRUE };
  int fd;

  skt_session_listen (session, &options);
  check_wait (skt_session_get_state (session) == SKT_STATE_WAITING);
  check_wait (skt_session_get_problem (session) != NULL);
  g_assert_nonnull (strstr (skt_session_get_problem (session), "this machine has no such address"));
  check_wire_set_more (address, TRUE);
  check_wait (skt_session_get_state (session) == SKT_STATE_LISTENING);
  fd = check_wire_connect_there (address, 7788);
  check_wait_for_connection (session, 1);
  check_socket_reset (fd);
  /* RST must be here before its address is gone */
  check_wait (skt_session_get_n_open (session) == 0);

  check_wire_set_more (address, FALSE);
  check_wire_set_more (address, TRUE);
  fd = check_wire_connect_there (address, 7788);
  check_wait_for_connection (session, 2);
  check_socket_reset (fd);
  check_wait (skt_session_get_n_open (session) == 0);
  check_wire_set_more (address, FALSE);
  check_session_close (session);
}

/* Writes a setting of this namespace. FALSE: it can't be changed here. */
static gboolean
write_setting (const char *path, const char *text)
{
  FILE *file = fopen (path, "w");
  gboolean done;

  if (file == NULL)
    return FALSE;
  done = fputs (text, file) >= 0;
  return fclose (file) == 0 && done;
}

static void
test_without_ipv6 (CheckFixture *fixture, gconstpointer data)
{
  static const char path[] = "/proc/sys/net/ipv6/conf/all/disable_ipv6";
  SktSession *client = check_session_new (fixture, SKT_SESSION_CLIENT);
  SktSession *server = check_session_new (fixture, SKT_SESSION_SERVER);
  SktListenOptions all = { .port = 7788 };
  int fd;

  if (write_setting (path, "1"))
    {
      check_session_connect (client, CHECK_WIRE_THERE_6, 80);
      assert_fails (client, SKT_REASON_ADDRESS_NOT_AVAILABLE,
                    "[" CHECK_WIRE_THERE_6 "]:80: this machine has no IPv6 address. IPv6 may be switched off here.");
      skt_session_listen (server, &all);
      check_wait (skt_session_get_state (server) == SKT_STATE_LISTENING);
      fd = check_wire_connect_there (CHECK_WIRE_HERE, 7788);
      check_wait_for_connection (server, 1);
      close (fd);
      write_setting (path, "0");
    }
  else
    g_test_skip ("IPv6 can't be switched off here");
  check_session_close (client);
  check_session_close (server);
}

/* The right to listen below 1024, which root has. */
static void
set_right_to_bind (gboolean has_right)
{
  struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct sets[2];

  g_assert_no_errno (syscall (SYS_capget, &header, sets));
  if (has_right)
    sets[0].effective |= 1u << CAP_NET_BIND_SERVICE;
  else
    sets[0].effective &= ~(1u << CAP_NET_BIND_SERVICE);
  g_assert_no_errno (syscall (SYS_capset, &header, sets));
}

static void
test_privileged_port (void)
{
  CheckFixture fixture;
  SktSession *session;
  SktListenOptions options = { .address = CHECK_WIRE_HERE, .port = 80 };

  /* The thread that listens has the rights of the one that made it. */
  set_right_to_bind (FALSE);
  check_set_up (&fixture, NULL);
  session = check_session_new (&fixture, SKT_SESSION_SERVER);
  skt_session_listen (session, &options);
  check_wait (skt_session_get_state (session) == SKT_STATE_FAILED);
  g_assert_nonnull (strstr (skt_session_get_problem (session), "ports below 1024"));
  check_session_close (session);
  check_tear_down (&fixture, NULL);
  set_right_to_bind (TRUE);
}

/* Cancelled after each millisecond of a connect that takes 40: nothing is left on either side. */
static void
test_cancel_at_each_millisecond (CheckFixture *fixture, gconstpointer data)
{
  guint16 port = 0;
  int listener = check_wire_listen_there (AF_INET, &port);
  guint n_before = check_count_descriptors ();

  check_wire_set (&(CheckWireRules){ .delay_ms = 20 });
  for (guint ms = 0; ms < 50; ms++)
    {
      SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);

      SktConnection *connection = connect_there (session, port, 10000);

      check_run_for (ms);
      skt_session_cancel (session);
      /* the second time at once */
      skt_session_disconnect_all (session);
      skt_session_disconnect_all (session);
      check_wait (skt_connection_get_state (connection) == SKT_STATE_CLOSED);
      g_assert_cmpuint (skt_session_get_n_open (session), ==, 0);
      check_session_close (session);
    }
  check_wait (check_count_descriptors () <= n_before);
  check_wire_set (NULL);

  /* What had been established there has ended. */
  while (is_readable (listener))
    {
      int fd = accept (listener, NULL, NULL);
      guint8 byte;

      check_wait (is_readable (fd));
      g_assert_cmpint (recv (fd, &byte, 1, 0), <=, 0);
      close (fd);
    }
  close (listener);
}

/* -- Names ------------------------------------------------------------------------------------------------------------ */

/* Answers any question: there is no such name. */
static gboolean
name_server_cb (gint fd, GIOCondition condition, gpointer data)
{
  guint8 packet[512];
  struct sockaddr_storage from;
  socklen_t size = sizeof from;
  gssize n = recvfrom (fd, packet, sizeof packet, MSG_DONTWAIT, (struct sockaddr *) &from, &size);

  if (n < 12)
    return G_SOURCE_CONTINUE;
  packet[2] |= 0x80; /* a response */
  packet[3] = 0x83;  /* NXDOMAIN, RFC 1035 */
  g_assert_cmpint (sendto (fd, packet, n, 0, (struct sockaddr *) &from, size), ==, n);
  return G_SOURCE_CONTINUE;
}

static void
test_unknown_name (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (53) };
  int fd = check_wire_socket_there (AF_INET, SOCK_DGRAM);
  guint source;

  g_assert_no_errno (bind (fd, (struct sockaddr *) &address, sizeof address));
  source = g_unix_fd_add (fd, G_IO_IN, name_server_cb, NULL);
  if (check_wire_has_name_server ())
    {
      check_session_connect (session, "no-such-host.example", 80);
      assert_fails (session, SKT_REASON_NAME_NOT_FOUND, "There is no host named “no-such-host.example”.");
    }
  else
    g_test_skip ("the list of name servers can't be replaced here");
  g_source_remove (source);
  close (fd);
  check_session_close (session);
}

/* Nobody answers: everything else goes on meanwhile. */
static void
test_dead_resolver (CheckFixture *fixture, gconstpointer data)
{
  SktSession *dead = check_session_new (fixture, SKT_SESSION_CLIENT);
  SktSession *server = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (server);
  int fd;

  if (!check_wire_has_name_server ())
    {
      g_test_skip ("the list of name servers can't be replaced here");
      check_session_close (dead);
      check_session_close (server);
      return;
    }
  check_wire_set (&(CheckWireRules){ .is_cut = TRUE });
  check_session_connect (dead, "some-host.example", 80);
  check_wait (skt_session_get_state (dead) == SKT_STATE_RESOLVING);
  fd = check_socket_connect (port);
  check_socket_send (fd, "hello", 5);
  check_wait (skt_session_get_bytes_received (server) == 5);
  g_assert_cmpint (skt_session_get_state (dead), ==, SKT_STATE_RESOLVING);
  assert_fails (dead, SKT_REASON_RESOLVER_FAILED, "The address of “some-host.example” could not be looked up");
  close (fd);
  check_session_close (dead);
  check_session_close (server);
}

/* -- Transfers --------------------------------------------------------------------------------------------------------- */

typedef struct
{
  int fd;
  const guint8 *bytes;
  gsize length;
  GByteArray *received;
} Peer;

static gpointer
peer_sends_thread (gpointer data)
{
  Peer *peer = data;

  check_socket_send (peer->fd, peer->bytes, peer->length);
  shutdown (peer->fd, SHUT_WR);
  peer->received = check_socket_receive_all (peer->fd, NULL);
  return NULL;
}

/* Both ways at once; both ends have the same bytes in the end. */
static void
transfer (CheckFixture *fixture, const CheckWireRules *rules, gsize length)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  g_autofree guint8 *bytes = check_random_bytes (length);
  g_autoptr (GBytes) sent = g_bytes_new_static (bytes, length);
  g_autoptr (GByteArray) kept = NULL;
  g_autoptr (GError) error = NULL;
  guint16 port = 0;
  int listener = check_wire_listen_there (AF_INET, &port);
  Peer peer = { .bytes = bytes, .length = length };
  GThread *thread;

  allow_half_close (session);
  connect_there (session, port, 30000);
  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
  peer.fd = check_socket_accept (listener);
  check_wire_set (rules);
  thread = g_thread_new ("peer", peer_sends_thread, &peer);
  skt_session_send (session, NULL, sent, NULL, &error);
  g_assert_no_error (error);
  check_wait (skt_session_get_state (session) == SKT_STATE_PEER_FINISHED);
  skt_session_disconnect_all (session);
  check_wait (skt_session_get_state (session) == SKT_STATE_CLOSED);
  check_wire_set (NULL);
  g_thread_join (thread);

  g_assert_cmpmem (peer.received->data, peer.received->len, bytes, length);
  kept = check_journal_bytes (skt_session_get_journal (session), 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (kept->data, kept->len, bytes, length);
  g_byte_array_unref (peer.received);
  close (peer.fd);
  close (listener);
  check_session_close (session);
}

static void
test_bad_wires (CheckFixture *fixture, gconstpointer data)
{
  transfer (fixture, &(CheckWireRules){ .loss = 50, .delay_ms = 1 }, TRANSFER_BYTES);
  transfer (fixture, &(CheckWireRules){ .reorder = 100, .delay_ms = 1 }, TRANSFER_BYTES);
  transfer (fixture, &(CheckWireRules){ .delay_ms = 40 }, TRANSFER_BYTES);
  transfer (fixture, &(CheckWireRules){ .rate = 1024 * 1024 }, TRANSFER_BYTES);
  transfer (fixture, &(CheckWireRules){ .loss = 20, .reorder = 50, .delay_ms = 5, .rate = 4 * 1024 * 1024 }, TRANSFER_BYTES);
}

/* The plug is pulled in the middle and put back: the connection knows nothing of it. */
static void
test_link_down_and_up (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  g_autofree guint8 *bytes = check_random_bytes (TRANSFER_BYTES);
  g_autoptr (GByteArray) kept = NULL;
  guint16 port = 0;
  int listener = check_wire_listen_there (AF_INET, &port);
  Peer peer = { .bytes = bytes, .length = TRANSFER_BYTES };
  GThread *thread;

  connect_there (session, port, 10000);
  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
  peer.fd = check_socket_accept (listener);
  check_wire_set (&(CheckWireRules){ .rate = 2 * 1024 * 1024 });
  thread = g_thread_new ("peer", peer_sends_thread, &peer);
  check_wait (skt_session_get_bytes_received (session) > TRANSFER_BYTES / 4);
  check_wire_set_link (FALSE);
  check_run_for (300);
  g_assert_cmpint (skt_session_get_state (session), ==, SKT_STATE_CONNECTED);
  check_wire_set_link (TRUE);
  check_wait (skt_session_get_state (session) == SKT_STATE_CLOSED);
  g_thread_join (thread);
  kept = check_journal_bytes (skt_session_get_journal (session), 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (kept->data, kept->len, bytes, TRANSFER_BYTES);
  g_assert_cmpint (skt_connection_get_reason (skt_session_get_current (session)), ==, SKT_REASON_PEER_CLOSED);
  g_byte_array_unref (peer.received);
  close (peer.fd);
  close (listener);
  check_session_close (session);
}

/* A peer that reads nothing: its window closes, what is sent waits in the queue up to its bound, and goes on later. */
static void
test_peer_stops_reading (CheckFixture *fixture, gconstpointer data)
{
  enum { PIECE = 64 * 1024, MAX_PIECES = 4096 };
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  g_autofree guint8 *bytes = check_random_bytes (PIECE);
  g_autoptr (GBytes) piece = g_bytes_new_static (bytes, PIECE);
  g_autofree guint8 *got = g_malloc (PIECE);
  g_autoptr (GError) error = NULL;
  guint16 port = 0;
  int listener = check_wire_listen_there (AF_INET, &port);
  SktConnection *connection = connect_there (session, port, 10000);
  guint n = 0;
  int fd;

  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
  fd = check_socket_accept (listener);
  while (n < MAX_PIECES && skt_connection_send_bytes (connection, piece, &error))
    n++;
  g_assert_error (error, SKT_ERROR, SKT_ERROR_QUEUE_FULL);
  check_wait (skt_connection_get_bytes_queued (connection) > 0);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpuint (check_socket_receive (fd, got, PIECE), ==, PIECE);
      g_assert_cmpmem (got, PIECE, bytes, PIECE);
    }
  check_wait (skt_connection_get_bytes_sent (connection) == (guint64) n * PIECE);
  check_wait (skt_connection_get_bytes_queued (connection) == 0);
  close (fd);
  close (listener);
  check_session_close (session);
}

/* -- Ends --------------------------------------------------------------------------------------------------------------- */

/* It is gone without a word: what was sent is never acknowledged. */
static void
test_peer_vanishes (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("are you there?", 14);
  guint16 port = 0;
  int listener = check_wire_listen_there (AF_INET, &port);
  SktConnection *connection;
  int fd;

  if (!write_setting ("/proc/sys/net/ipv4/tcp_retries2", "3"))
    g_test_skip ("tcp_retries2 can't be set here");
  else
    {
      connection = connect_there (session, port, 10000);
      check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
      fd = check_socket_accept (listener);
      check_wire_set (&(CheckWireRules){ .is_cut = TRUE });
      skt_connection_send_bytes (connection, bytes, NULL);
      check_wait (skt_session_get_state (session) == SKT_STATE_CLOSED);
      g_assert_cmpint (skt_connection_get_reason (connection), ==, SKT_REASON_TIMED_OUT);
      g_assert_true (g_str_has_prefix (skt_connection_get_end_text (connection), "timed out: no acknowledgement"));
      write_setting ("/proc/sys/net/ipv4/tcp_retries2", "15");
      close (fd);
    }
  close (listener);
  check_session_close (session);
}

/* Connects with these options, lets the wire fail so, sends (or not), and waits for the end. */
static void
assert_vanished (CheckFixture *fixture,
                 const SktSocketOptions *options,
                 const CheckWireRules *rules,
                 const char *sent,
                 SktReason reason,
                 const char *end)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  g_autoptr (GBytes) bytes = g_bytes_new (sent, strlen (sent));
  guint16 port = 0;
  int listener = check_wire_listen_there (AF_INET, &port);
  SktConnection *connection;
  gint64 begin;
  int fd;

  skt_session_set_socket_options (session, options);
  connection = connect_there (session, port, 10000);
  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
  fd = check_socket_accept (listener);
  check_wire_set (rules);
  begin = g_get_monotonic_time ();
  if (sent[0] != '\0')
    g_assert_true (skt_connection_send_bytes (connection, bytes, NULL));
  check_wait (skt_session_get_state (session) == SKT_STATE_CLOSED);
  check_wire_set (NULL);
  g_assert_cmpint (skt_connection_get_reason (connection), ==, reason);
  if (strstr (skt_connection_get_end_text (connection), end) == NULL)
    g_error ("“%s” is not in “%s”", end, skt_connection_get_end_text (connection));
  /* not before its time: both are of a second at least */
  g_assert_cmpint (g_get_monotonic_time () - begin, >, G_TIME_SPAN_SECOND * 9 / 10);
  close (fd);
  close (listener);
  check_session_close (session);
}

static void
test_user_timeout (CheckFixture *fixture, gconstpointer data)
{
  SktSocketOptions options;

  skt_socket_options_init (&options);
  options.user_timeout_ms = 1000;
  assert_vanished (fixture, &options, &(CheckWireRules){ .is_cut = TRUE }, "are you there?", SKT_REASON_TIMED_OUT,
                   "timed out: no acknowledgement");
}

/* ICMP on an open connection is no end yet (RFC 9293, 3.9.2.2): it is the reason when nothing is acknowledged in time. */
static void
test_unreachable_while_open (CheckFixture *fixture, gconstpointer data)
{
  SktSocketOptions options;

  skt_socket_options_init (&options);
  options.user_timeout_ms = 1000;
  assert_vanished (fixture, &options, &(CheckWireRules){ .answer = CHECK_WIRE_ALL_UNREACHABLE, .code = 0 }, "are you there?",
                   SKT_REASON_NETWORK_UNREACHABLE, "network");
  assert_vanished (fixture, &options, &(CheckWireRules){ .answer = CHECK_WIRE_ALL_UNREACHABLE, .code = 1 }, "are you there?",
                   SKT_REASON_HOST_UNREACHABLE, "host");
}

static void
test_keep_alive (CheckFixture *fixture, gconstpointer data)
{
  SktSocketOptions options;

  skt_socket_options_init (&options);
  options.keep_alive = TRUE;
  options.keep_idle_s = options.keep_interval_s = 1;
  options.keep_count = 2;
  assert_vanished (fixture, &options, &(CheckWireRules){ .is_cut = TRUE }, "", SKT_REASON_KEEP_ALIVE, "keep-alive");
}

static void
test_reset_after_data (CheckFixture *fixture, gconstpointer data)
{
  enum { LENGTH = 100 * 1000 };
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  g_autofree guint8 *bytes = check_random_bytes (LENGTH);
  g_autoptr (GByteArray) kept = NULL;
  guint16 port = 0;
  int listener = check_wire_listen_there (AF_INET, &port);
  SktConnection *connection = connect_there (session, port, 10000);
  int fd, left = 1;

  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
  fd = check_socket_accept (listener);
  check_socket_send (fd, bytes, LENGTH);
  /* all of it is there, acknowledged; then the reset */
  check_wait (ioctl (fd, SIOCOUTQ, &left) == 0 && left == 0);
  check_socket_reset (fd);
  check_wait (skt_session_get_state (session) == SKT_STATE_CLOSED);
  g_assert_cmpint (skt_connection_get_reason (connection), ==, SKT_REASON_RESET);
  kept = check_journal_bytes (skt_session_get_journal (session), 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (kept->data, kept->len, bytes, LENGTH);
  close (listener);
  check_session_close (session);
}

static void
test_half_closed_peer_receives (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("still here", 10);
  guint16 port = 0;
  int listener = check_wire_listen_there (AF_INET, &port);
  SktConnection *connection = connect_there (session, port, 10000);
  char got[10];
  int fd;

  allow_half_close (session);
  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
  fd = check_socket_accept (listener);
  shutdown (fd, SHUT_WR);
  check_wait (skt_session_get_state (session) == SKT_STATE_PEER_FINISHED);
  g_assert_true (skt_connection_send_bytes (connection, bytes, NULL));
  g_assert_cmpuint (check_socket_receive (fd, got, 10), ==, 10);
  g_assert_cmpmem (got, 10, "still here", 10);
  close (fd);
  close (listener);
  check_session_close (session);
}

/* ------------------------------------------------------------------------------------------------------------------------- */

static void
tear_down (CheckFixture *fixture, gconstpointer data)
{
  check_wire_set (NULL);
  check_tear_down (fixture, data);
}

static void
skip (gconstpointer reason)
{
  g_test_skip (reason);
}

#define add(path, func) g_test_add (path, CheckFixture, NULL, check_set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  const char *reason;
  int status;

  g_test_init (&argc, &argv, NULL);
  if (!check_wire_begin (&reason))
    {
      g_test_add_data_func ("/core/wire/skipped", reason, skip);
      return g_test_run ();
    }
  add ("/core/wire/refused", test_refused);
  add ("/core/wire/firewall-resets", test_firewall_resets);
  add ("/core/wire/dropped", test_dropped);
  add ("/core/wire/unreachable", test_unreachable);
  add ("/core/wire/no-route", test_no_route);
  add ("/core/wire/link-down-before", test_link_down_before);
  add ("/core/wire/foreign-local-address", test_foreign_local_address);
  add ("/core/wire/address-comes-back", test_address_comes_back);
  add ("/core/wire/without-ipv6", test_without_ipv6);
  g_test_add_func ("/core/wire/privileged-port", test_privileged_port);
  add ("/core/wire/cancel-at-each-millisecond", test_cancel_at_each_millisecond);
  add ("/core/wire/unknown-name", test_unknown_name);
  add ("/core/wire/dead-resolver", test_dead_resolver);
  add ("/core/wire/bad-wires", test_bad_wires);
  add ("/core/wire/link-down-and-up", test_link_down_and_up);
  add ("/core/wire/peer-stops-reading", test_peer_stops_reading);
  add ("/core/wire/peer-vanishes", test_peer_vanishes);
  add ("/core/wire/user-timeout", test_user_timeout);
  add ("/core/wire/unreachable-while-open", test_unreachable_while_open);
  add ("/core/wire/keep-alive", test_keep_alive);
  add ("/core/wire/reset-after-data", test_reset_after_data);
  add ("/core/wire/half-closed-peer-receives", test_half_closed_peer_receives);
  status = g_test_run ();
  check_wire_end ();
  return status;
}
