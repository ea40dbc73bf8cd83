/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"

#include "skt-error.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* -- Networks -------------------------------------------------------------------------------------------------- */

static SktPeer
peer_of (const char *text)
{
  struct sockaddr_in v4 = { .sin_family = AF_INET };
  struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
  SktPeer peer;

  if (inet_pton (AF_INET, text, &v4.sin_addr) == 1)
    g_assert_true (skt_peer_from_native (&peer, (struct sockaddr *) &v4));
  else
    {
      g_assert_cmpint (inet_pton (AF_INET6, text, &v6.sin6_addr), ==, 1);
      g_assert_true (skt_peer_from_native (&peer, (struct sockaddr *) &v6));
    }
  return peer;
}

static SktAdmission
judge (const char *allow, const char *deny, const char *address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktAccess) access = skt_access_new (&(SktAccessOptions){ .allow = allow, .deny = deny }, &error);
  SktPeer peer = peer_of (address);

  g_assert_no_error (error);
  return skt_access_judge (access, &peer, 1000, 1000);
}

static const struct
{
  const char *allow, *deny, *address;
  SktAdmission admission;
} rows[] = {
  { NULL, NULL, "10.0.0.1", SKT_ADMISSION_ACCEPTED },
  { "", " , ;\n", "10.0.0.1", SKT_ADMISSION_ACCEPTED },
  { "10.0.0.0/8", NULL, "10.255.255.255", SKT_ADMISSION_ACCEPTED },
  { "10.0.0.0/8，192.168.0.0/16；172.16.0.0/12、127.0.0.1", NULL, "172.16.0.1", SKT_ADMISSION_ACCEPTED },
  { "10.0.0.0/8", NULL, "11.0.0.0", SKT_ADMISSION_NOT_ALLOWED },
  { "10.0.0.0/8", NULL, "::1", SKT_ADMISSION_NOT_ALLOWED },
  { "10.1.2.3/8", NULL, "10.9.9.9", SKT_ADMISSION_ACCEPTED },
  { "192.168.0.128/25", NULL, "192.168.0.127", SKT_ADMISSION_NOT_ALLOWED },
  { "192.168.0.128/25", NULL, "192.168.0.128", SKT_ADMISSION_ACCEPTED },
  { "192.168.0.1", NULL, "192.168.0.1", SKT_ADMISSION_ACCEPTED },
  { "192.168.0.1", NULL, "192.168.0.0", SKT_ADMISSION_NOT_ALLOWED },
  { "192.168.0.1/32, 10.0.0.0/31;::1", NULL, "10.0.0.1", SKT_ADMISSION_ACCEPTED },
  { "192.168.0.1/32, 10.0.0.0/31;::1", NULL, "10.0.0.2", SKT_ADMISSION_NOT_ALLOWED },
  { "192.168.0.1/32, 10.0.0.0/31;::1", NULL, "::1", SKT_ADMISSION_ACCEPTED },
  { NULL, "10.0.0.5", "10.0.0.5", SKT_ADMISSION_DENIED },
  { "10.0.0.0/8", "10.0.0.5", "10.0.0.5", SKT_ADMISSION_DENIED },
  { "10.0.0.0/8", "10.0.0.5", "10.0.0.6", SKT_ADMISSION_ACCEPTED },
  { NULL, "0.0.0.0/0", "1.2.3.4", SKT_ADMISSION_DENIED },
  { NULL, "0.0.0.0/0", "2001:db8::1", SKT_ADMISSION_ACCEPTED },
  { NULL, "::/0", "2001:db8::1", SKT_ADMISSION_DENIED },
  { NULL, "::/0", "1.2.3.4", SKT_ADMISSION_ACCEPTED },
  { NULL, "::/0", "::ffff:1.2.3.4", SKT_ADMISSION_ACCEPTED },
  { NULL, "1.2.0.0/16", "::ffff:1.2.3.4", SKT_ADMISSION_DENIED },
  { NULL, "::ffff:1.2.0.0/112", "1.2.3.4", SKT_ADMISSION_DENIED },
  { NULL, "::ffff:1.2.0.0/112", "1.3.3.4", SKT_ADMISSION_ACCEPTED },
  { "2001:db8::/33", NULL, "2001:db8:7fff::1", SKT_ADMISSION_ACCEPTED },
  { "2001:db8::/33", NULL, "2001:db8:8000::1", SKT_ADMISSION_NOT_ALLOWED },
  { "fe80::/10", NULL, "febf::1", SKT_ADMISSION_ACCEPTED },
  { "fe80::/10", NULL, "fec0::1", SKT_ADMISSION_NOT_ALLOWED },
};

static void
test_networks (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("allow %s deny %s: %s", rows[i].allow, rows[i].deny, rows[i].address);
      g_assert_cmpint (judge (rows[i].allow, rows[i].deny, rows[i].address), ==, rows[i].admission);
    }
}

static void
test_bad_networks (void)
{
  static const char *const bad[] = { "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/08x", "10.0.0/8", "10.0.0.256", "::/129",
                                     "fe80::1%eth0", "localhost", "10.0.0.1:80", "[::1]", "10.0.0.0/8/8", "/8", "10.0.0.1-10.0.0.9",
                                     "10.0.0.0/8,nonsense", "\xff", "10.0.0.0/ 8" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) same = NULL;
      g_autofree char *shown = g_strescape (bad[i], NULL);

      g_test_message ("%s", shown);
      g_assert_false (skt_access_check_networks (bad[i], &error));
      g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_ADDRESS);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (skt_access_new (&(SktAccessOptions){ .deny = bad[i] }, &same));
      g_assert_error (same, SKT_ERROR, SKT_ERROR_BAD_ADDRESS);
    }
}

/* Against a comparison bit by bit, which is slow and plain. */
static gboolean
is_in (const guint8 *network, guint prefix, const guint8 *address)
{
  for (guint i = 0; i < prefix; i++)
    if (((network[i / 8] ^ address[i / 8]) >> (7 - i % 8) & 1) != 0)
      return FALSE;
  return TRUE;
}

static void
test_random_networks (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      gboolean is_ipv4 = g_test_rand_bit ();
      guint size = is_ipv4 ? 4 : 16, prefix = g_test_rand_int_range (0, 8 * (int) size + 1);
      guint8 network[16], address[16];
      char text[INET6_ADDRSTRLEN], other[INET6_ADDRSTRLEN];
      g_autofree char *list = NULL;

      for (guint i = 0; i < size; i++)
        network[i] = g_test_rand_int_range (0, 256);
      memcpy (address, network, size);
      /* near the border, where mistakes are */
      for (guint i = MAX ((int) prefix - 1, 0); i < 8 * size; i++)
        if (g_test_rand_bit () && (i > prefix || g_test_rand_bit ()))
          address[i / 8] ^= 0x80 >> i % 8;
      inet_ntop (is_ipv4 ? AF_INET : AF_INET6, network, text, sizeof text);
      inet_ntop (is_ipv4 ? AF_INET : AF_INET6, address, other, sizeof other);
      list = g_strdup_printf ("192.0.2.77 ,%s/%u", text, prefix);
      g_assert_cmpint (judge (NULL, list, other), ==,
                       is_in (network, prefix, address) ? SKT_ADMISSION_DENIED : SKT_ADMISSION_ACCEPTED);
    }
}

/* Any text is a list or is refused with a sentence. */
static void
test_random_texts (void)
{
  static const char alphabet[] = "0123456789abcdef:./, %\n\xff-";

  for (guint round = 0; round < 50000; round++)
    {
      char text[40];
      guint length = g_test_rand_int_range (0, sizeof text);
      g_autoptr (GError) error = NULL;

      for (guint i = 0; i < length; i++)
        text[i] = alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)];
      text[MIN (length, sizeof text - 1)] = '\0';
      if (skt_access_check_networks (text, &error))
        g_assert_no_error (error);
      else
        {
          g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_ADDRESS);
          g_assert_true (g_utf8_validate (error->message, -1, NULL));
        }
    }
}

static void
test_limits (void)
{
  g_autoptr (SktAccess) access = skt_access_new (&(SktAccessOptions){ .max_connections = 10, .max_per_address = 2 }, NULL);
  SktPeer peer = peer_of ("10.0.0.1");
  g_autofree char *in_all = skt_access_admission_to_text (access, SKT_ADMISSION_TOO_MANY);
  g_autofree char *from_one = skt_access_admission_to_text (access, SKT_ADMISSION_TOO_MANY_FROM_ADDRESS);

  g_assert_cmpint (skt_access_judge (access, &peer, 9, 1), ==, SKT_ADMISSION_ACCEPTED);
  g_assert_cmpint (skt_access_judge (access, &peer, 9, 2), ==, SKT_ADMISSION_TOO_MANY_FROM_ADDRESS);
  g_assert_cmpint (skt_access_judge (access, &peer, 10, 1), ==, SKT_ADMISSION_TOO_MANY);
  g_assert_cmpstr (in_all, ==, "the limit is 10 connections");
  g_assert_cmpstr (from_one, ==, "the limit is 2 connections from one address");
}

static void
test_peers (void)
{
  SktPeer v4 = peer_of ("127.0.0.1"), mapped = peer_of ("::ffff:127.0.0.1"), v6 = peer_of ("::1");
  struct sockaddr other = { .sa_family = AF_UNIX };
  g_autofree char *v4_text = skt_peer_to_text (&v4);
  g_autofree char *v6_text = skt_peer_to_text (&v6);

  g_assert_true (skt_peer_equal (&v4, &mapped));
  g_assert_false (skt_peer_equal (&v4, &v6));
  g_assert_cmpuint (skt_peer_hash (&v4), ==, skt_peer_hash (&mapped));
  g_assert_cmpstr (v4_text, ==, "127.0.0.1");
  g_assert_cmpstr (v6_text, ==, "::1");
  g_assert_false (skt_peer_from_native (&v4, &other));
}

/* -- A server -------------------------------------------------------------------------------------------------- */

static void
set_access (SktSession *session, SktAccessOptions options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktAccess) access = skt_access_new (&options, &error);

  g_assert_no_error (error);
  skt_session_set_access (session, access);
}

/* The sentences of all notes. */
static GPtrArray *
dup_notes (SktSession *session)
{
  SktJournal *journal = skt_session_get_journal (session);
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  GPtrArray *notes = g_ptr_array_new_with_free_func (g_free);

  for (guint64 i = 0; i < skt_journal_get_n_records (journal); i++)
    {
      SktRecord record;
      char *note;

      g_assert_true (skt_journal_reader_get_record (reader, i, &record));
      if (record.kind != SKT_RECORD_NOTE)
        continue;
      note = g_malloc0 (record.length + 1);
      g_assert_cmpuint (skt_journal_read_payload (journal, record.offset, (guint8 *) note, record.length), ==, record.length);
      g_ptr_array_add (notes, note);
    }
  return notes;
}

/* Connects and is reset: in connect(2) already, if that is slow. Returns the port it came from. */
static guint16
connect_refused (guint16 port)
{
  struct sockaddr_in own = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof own;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (bind (fd, (struct sockaddr *) &own, sizeof own), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &own, &size), ==, 0);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) == 0)
    {
      int code = 0;
      g_autoptr (GByteArray) bytes = check_socket_receive_all (fd, &code);

      g_assert_cmpuint (bytes->len, ==, 0);
      g_assert_cmpint (code, ==, ECONNRESET);
    }
  else
    g_assert_cmpint (errno, ==, ECONNRESET);
  close (fd);
  return ntohs (own.sin_port);
}

static void
test_denied (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  int before = check_socket_connect (port), after;
  g_autofree char *expected = NULL;
  g_autoptr (GPtrArray) notes = NULL;

  check_wait_for_connection (session, 1);
  set_access (session, (SktAccessOptions){ .deny = "127.0.0.0/8" });
  expected = g_strdup_printf ("refused 127.0.0.1:%u: its address is on the deny list", connect_refused (port));
  check_wait (skt_session_get_n_refused (session) == 1);
  notes = dup_notes (session);
  g_assert_cmpuint (notes->len, ==, 1);
  g_assert_cmpstr (notes->pdata[0], ==, expected);
  g_assert_cmpuint (g_list_model_get_n_items (skt_session_get_connections (session)), ==, 1);

  /* the one that is there goes on */
  check_socket_send (before, "on", 2);
  check_wait (skt_session_get_bytes_received (session) == 2);
  skt_session_set_access (session, NULL);
  after = check_socket_connect (port);
  check_wait_for_connection (session, 2);
  close (before);
  close (after);
  check_session_close (session);
}

static void
test_too_many (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  int fds[3];

  set_access (session, (SktAccessOptions){ .max_connections = 2 });
  fds[0] = check_socket_connect (port);
  fds[1] = check_socket_connect (port);
  check_wait_for_connection (session, 2);
  connect_refused (port);
  close (fds[0]);
  check_wait (skt_session_get_n_open (session) == 1);
  fds[2] = check_socket_connect (port);
  check_wait_for_connection (session, 3);

  /* those that came before count as well */
  set_access (session, (SktAccessOptions){ .max_connections = 10, .max_per_address = 2 });
  connect_refused (port);
  close (fds[1]);
  check_wait (skt_session_get_n_open (session) == 1);
  fds[0] = check_socket_connect (port);
  check_wait_for_connection (session, 4);
  g_assert_cmpuint (skt_session_get_n_refused (session), ==, 2);
  close (fds[0]);
  close (fds[2]);
  check_session_close (session);
}

/* Many refusals are a few records, and none of them is left out of the count. */
static void
test_many_refusals (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  const guint n = 300;
  g_autoptr (GPtrArray) notes = NULL;
  guint n_told = 0;

  set_access (session, (SktAccessOptions){ .allow = "192.0.2.0/24" });
  for (guint i = 0; i < n; i++)
    connect_refused (port);
  check_wait (skt_session_get_n_refused (session) == n);
  skt_session_stop_listening (session);
  check_wait (skt_session_get_state (session) == SKT_STATE_IDLE);

  notes = dup_notes (session);
  g_assert_cmpuint (notes->len, <, n / 4);
  for (guint i = 0; i < notes->len; i++)
    {
      g_assert_true (g_str_has_suffix (notes->pdata[i], ": its address is not on the allow list"));
      n_told += g_str_has_prefix (notes->pdata[i], "refused ")
                    ? 1
                    : (guint) g_ascii_strtoull (notes->pdata[i], NULL, 10);
    }
  g_assert_cmpuint (n_told, ==, n);
  check_session_close (session);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/access/networks", test_networks);
  g_test_add_func ("/core/access/bad-networks", test_bad_networks);
  g_test_add_func ("/core/access/random-networks", test_random_networks);
  g_test_add_func ("/core/access/random-texts", test_random_texts);
  g_test_add_func ("/core/access/limits", test_limits);
  g_test_add_func ("/core/access/peers", test_peers);
  check_add ("/core/access/denied", test_denied);
  check_add ("/core/access/too-many", test_too_many);
  check_add ("/core/access/many-refusals", test_many_refusals);
  return g_test_run ();
}
