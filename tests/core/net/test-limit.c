/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"

#include "skt-engine-private.h"
#include "skt-journal-limit.h"
#include "skt-transport-private.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MIB (1024 * 1024)

/* A journal that reaches its limit: receiving is paused, nothing is lost, and it goes on when there is room. */

typedef struct
{
  SktSession *session;
  SktJournal *journal;          /* borrowed */
  SktConnection *other;         /* a connection besides the flood's, which is number 2 */
  int other_fd;
  CheckFlood flood;
  GChecksum *checksum;          /* of what was received by the flood's */
  guint64 length;
} Limited;

static void
begin (Limited *self, CheckFixture *fixture, guint64 limit, gsize length)
{
  guint16 port;

  self->session = check_session_new (fixture, SKT_SESSION_SERVER);
  self->journal = skt_session_get_journal (self->session);
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  self->length = 0;
  port = check_session_listen (self->session);
  self->other_fd = check_socket_connect (port);
  self->other = check_wait_for_connection (self->session, 1);
  skt_session_set_journal_limit (self->session, limit);
  check_flood_start (&self->flood, port, length);
}

static void
wait_for_pause (Limited *self)
{
  check_wait (skt_session_get_pause (self->session) == SKT_PAUSE_LIMIT);
  g_assert_true (skt_session_is_stalled (self->session));
  g_assert_nonnull (strstr (skt_session_get_problem (self->session), "nothing is lost"));
}

static void
wait_for_end (Limited *self)
{
  check_wait (skt_session_get_connection (self->session, 2) != NULL &&
              skt_connection_get_state (skt_session_get_connection (self->session, 2)) == SKT_STATE_CLOSED);
  check_wait (skt_session_get_pause (self->session) == SKT_PAUSE_NONE);
  g_assert_null (skt_session_get_problem (self->session));
}

/* Returns the number of the record after what was taken. */
static guint64
take_received (Limited *self)
{
  return check_journal_add_to_hash (self->journal, 2, SKT_RECORD_RECEIVED, self->checksum, &self->length);
}

static void
end (Limited *self)
{
  take_received (self);
  g_assert_cmpuint (self->length, ==, self->flood.length);
  check_flood_end (&self->flood, self->checksum);
  g_checksum_free (self->checksum);
  close (self->other_fd);
  check_session_close (self->session);
}

static void
assert_idle (CheckFixture *fixture)
{
  guint64 n_dispatches = _skt_engine_get_n_dispatches (fixture->engine);

  check_run_for (200);
  g_assert_cmpuint (_skt_engine_get_n_dispatches (fixture->engine) - n_dispatches, <, 20);
}

static void
test_raise (CheckFixture *fixture, gconstpointer data)
{
  Limited limited;
  guint64 size;

  /* more than the sockets' buffers can take as well */
  begin (&limited, fixture, 4 * MIB, 48 * MIB);
  wait_for_pause (&limited);
  size = skt_journal_get_disk_size (limited.journal);
  g_assert_cmpuint (size, <=, 4 * MIB - 4 * MIB / 64);
  /* it is used to the last byte that is not reserved */
  g_assert_cmpuint (size, >=, 4 * MIB - 4 * MIB / 64 - 2 * sizeof (SktRecord));
  g_assert_nonnull (strstr (skt_session_get_problem (limited.session), "its limit of 4 MiB."));
  g_assert_cmpuint (skt_session_get_journal_limit (limited.session), ==, 4 * MIB);
  g_assert_cmpuint (skt_session_get_journal_size (limited.session), ==, size);
  assert_idle (fixture);
  g_assert_false (g_atomic_int_get (&limited.flood.is_done));

  skt_session_set_journal_limit (limited.session, 8 * MIB);
  check_wait (skt_session_get_problem (limited.session) != NULL &&
              strstr (skt_session_get_problem (limited.session), "its limit of 8 MiB.") != NULL);
  size = skt_journal_get_disk_size (limited.journal);
  g_assert_cmpuint (size, >=, 8 * MIB - 8 * MIB / 64 - 2 * sizeof (SktRecord));
  g_assert_cmpuint (size, <=, 8 * MIB - 8 * MIB / 64);

  /* more, but not yet more than it has */
  skt_session_set_journal_limit (limited.session, 8 * MIB + 1);
  check_run_for (50);
  g_assert_cmpint (skt_session_get_pause (limited.session), ==, SKT_PAUSE_LIMIT);

  skt_session_set_journal_limit (limited.session, 0);
  wait_for_end (&limited);
  check_assert_events (limited.session, 2, "opened peer-finished finished closed(2)");
  end (&limited);
}

static gpointer
raise_in_thread (gpointer data)
{
  skt_journal_set_limit (data, 100 * MIB);
  return NULL;
}

/* Nobody says that there is room: it is looked for. */
static void
test_by_itself (CheckFixture *fixture, gconstpointer data)
{
  Limited limited;

  begin (&limited, fixture, 2 * MIB, 6 * MIB);
  wait_for_pause (&limited);
  g_thread_join (g_thread_new ("raise", raise_in_thread, limited.journal));
  wait_for_end (&limited);
  end (&limited);
}

/* Twelve times as much as the journal may have: cleared whenever it is full. */
static void
test_clear (CheckFixture *fixture, gconstpointer data)
{
  Limited limited;
  guint n_cleared = 0;

  begin (&limited, fixture, 2 * MIB, 24 * MIB);
  while (limited.length < 24 * MIB)
    {
      check_wait (skt_session_get_pause (limited.session) == SKT_PAUSE_LIMIT ||
                  skt_session_get_bytes_received (limited.session) == 24 * MIB);
      g_assert_cmpuint (skt_journal_get_disk_size (limited.journal), <=, 2 * MIB);
      /* it may still go on: what is told of the pause is a frame old */
      skt_journal_set_first_record (limited.journal, take_received (&limited));
      skt_journal_release (limited.journal);
      n_cleared++;
      skt_session_resume (limited.session);
      check_wait (skt_journal_get_first_record (limited.journal) != skt_journal_get_n_records (limited.journal) ||
                  limited.length == 24 * MIB);
    }
  g_assert_cmpuint (n_cleared, >=, 12);
  wait_for_end (&limited);
  end (&limited);
}

/* What is sent goes on, as far as the reserve reaches; then it is refused, and what was not refused arrives. */
static void
test_sending (CheckFixture *fixture, gconstpointer data)
{
  Limited limited;
  g_autofree guint8 *bytes = check_random_bytes (1000);
  g_autoptr (GBytes) message = g_bytes_new_static (bytes, 1000);
  g_autofree guint8 *received = g_malloc (2 * MIB);
  g_autoptr (GByteArray) sent = NULL;
  g_autoptr (GError) error = NULL;
  gsize n_sent = 0;

  begin (&limited, fixture, 4 * MIB, 8 * MIB);
  wait_for_pause (&limited);
  while (skt_connection_send_bytes (limited.other, message, &error))
    {
      n_sent += 1000;
      g_assert_cmpuint (check_socket_receive (limited.other_fd, received, 1000), ==, 1000);
      g_assert_cmpmem (received, 1000, bytes, 1000);
      g_assert_cmpuint (n_sent, <, 2 * MIB);
    }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (error->message, "has reached its limit of 4 MiB"));
  g_clear_error (&error);
  g_assert_cmpuint (n_sent, >, 4 * MIB / 64 - 20000);
  check_wait (skt_session_get_bytes_sent (limited.session) == n_sent);
  g_assert_cmpuint (skt_journal_get_disk_size (limited.journal), <=, 4 * MIB);
  sent = check_journal_bytes (limited.journal, 1, SKT_RECORD_SENT);
  g_assert_cmpuint (sent->len, ==, n_sent);
  assert_idle (fixture);

  skt_session_set_journal_limit (limited.session, 0);
  check_wait (skt_session_get_pause (limited.session) == SKT_PAUSE_NONE);
  g_assert_true (skt_connection_send_bytes (limited.other, message, &error));
  g_assert_cmpuint (check_socket_receive (limited.other_fd, received, 1000), ==, 1000);
  wait_for_end (&limited);
  end (&limited);
}

/* Sending alone fills it. What was queued before waits, and goes out when there is room. */
static void
test_sending_only (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  int fd = check_socket_connect (port);
  SktConnection *connection = check_wait_for_connection (session, 1);
  const gsize length = 3 * MIB;
  g_autofree guint8 *bytes = check_random_bytes (length);
  g_autofree guint8 *received = g_malloc (length);
  g_autoptr (GBytes) message = g_bytes_new_static (bytes, length);
  gsize n_first;

  skt_session_set_journal_limit (session, MIB);
  g_assert_true (skt_connection_send_bytes (connection, message, NULL));
  check_wait (skt_session_get_bytes_sent (session) > MIB - 1000);
  check_run_for (20);
  n_first = skt_session_get_bytes_sent (session);
  g_assert_cmpuint (n_first, <, MIB);
  g_assert_cmpuint (skt_journal_get_disk_size (skt_session_get_journal (session)), <=, MIB);
  g_assert_cmpint (skt_session_get_pause (session), ==, SKT_PAUSE_LIMIT);
  assert_idle (fixture);

  skt_session_set_journal_limit (session, 0);
  g_assert_cmpuint (check_socket_receive (fd, received, length), ==, length);
  g_assert_cmpmem (received, length, bytes, length);
  check_wait (skt_session_get_pause (session) == SKT_PAUSE_NONE);
  close (fd);
  check_session_close (session);
}

/* Peers that go while nothing is read from them. */
static void
test_peer_goes (CheckFixture *fixture, gconstpointer data)
{
  Limited limited;
  g_autoptr (GByteArray) received = NULL;
  int second_fd;

  begin (&limited, fixture, 2 * MIB, 4 * MIB);
  wait_for_pause (&limited);
  second_fd = check_socket_connect (limited.flood.port);
  check_wait_for_connection (limited.session, 3);

  /* nothing is to be read: told at once */
  check_socket_reset (second_fd);
  check_wait (skt_connection_get_state (skt_session_get_connection (limited.session, 3)) == SKT_STATE_CLOSED);
  check_assert_events (limited.session, 3, "opened closed(3)");

  /* what it sent last is kept */
  check_socket_send (limited.other_fd, "goodbye", 7);
  check_socket_reset (limited.other_fd);
  assert_idle (fixture);
  g_assert_cmpint (skt_connection_get_state (limited.other), ==, SKT_STATE_CONNECTED);
  skt_session_set_journal_limit (limited.session, 0);
  check_wait (skt_connection_get_state (limited.other) == SKT_STATE_CLOSED);
  received = check_journal_bytes (limited.journal, 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (received->data, received->len, "goodbye", 7);
  check_assert_events (limited.session, 1, "opened closed(3)");
  wait_for_end (&limited);
  limited.other_fd = dup (0);
  end (&limited);
}

/* Disconnected by the user meanwhile: what could not be stored is told. */
static void
test_disconnect (CheckFixture *fixture, gconstpointer data)
{
  Limited limited;

  begin (&limited, fixture, 2 * MIB, 4 * MIB);
  wait_for_pause (&limited);
  check_socket_send (limited.other_fd, "too late", 8);
  check_run_for (20);
  skt_connection_disconnect (limited.other);
  skt_connection_disconnect (limited.other);
  check_wait (skt_connection_get_state (limited.other) == SKT_STATE_CLOSED);
  check_assert_events (limited.session, 1, "opened finished note closed(1)");
  skt_session_set_journal_limit (limited.session, 0);
  wait_for_end (&limited);
  end (&limited);
}

/* Not even the reserve is left: new connections wait. */
static void
test_accept (CheckFixture *fixture, gconstpointer data)
{
  Limited limited;
  int fd;

  begin (&limited, fixture, 2 * MIB, 4 * MIB);
  wait_for_pause (&limited);
  skt_session_set_journal_limit (limited.session, MIB);
  check_wait (strstr (skt_session_get_problem (limited.session), "its limit of 1 MiB.") != NULL);
  fd = check_socket_connect (limited.flood.port);
  check_run_for (50);
  g_assert_null (skt_session_get_connection (limited.session, 3));
  assert_idle (fixture);
  skt_session_set_journal_limit (limited.session, 0);
  check_wait_for_connection (limited.session, 3);
  close (fd);
  wait_for_end (&limited);
  end (&limited);
}

/* A limit below what there is takes effect at the next read, and what was read before stays. */
static void
test_lower (CheckFixture *fixture, gconstpointer data)
{
  Limited limited;

  begin (&limited, fixture, 2 * MIB, 4 * MIB);
  wait_for_pause (&limited);
  skt_session_set_journal_limit (limited.session, 16 * MIB);
  wait_for_end (&limited);
  skt_session_set_journal_limit (limited.session, MIB);
  check_socket_send (limited.other_fd, "hello", 5);
  wait_for_pause (&limited);
  g_assert_cmpuint (skt_connection_get_bytes_received (limited.other), ==, 0);
  skt_session_set_journal_limit (limited.session, 16 * MIB);
  check_wait (skt_connection_get_bytes_received (limited.other) == 5);
  end (&limited);
}

static gpointer
receive_in_thread (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  GByteArray *all = check_socket_receive_all (fd, NULL);

  return all;
}

/* What is answered automatically is recorded too, and stays right over pauses. */
static void
test_echo (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  int fd = check_socket_connect (port);
  const gsize length = 6 * MIB;
  g_autofree guint8 *bytes = check_random_bytes (length);
  g_autoptr (GByteArray) received = NULL;
  GThread *thread = g_thread_new ("receive", receive_in_thread, GINT_TO_POINTER (fd));

  g_object_set (session, "echo", TRUE, NULL);
  skt_session_set_journal_limit (session, 2 * MIB);
  check_wait_for_connection (session, 1);
  /* the sockets' buffers hold the first part */
  check_socket_send (fd, bytes, 3 * MIB);
  check_wait (skt_session_get_pause (session) == SKT_PAUSE_LIMIT);
  assert_idle (fixture);
  /* what was received last is answered, into the reserve and at most a read beyond it */
  g_assert_cmpuint (skt_journal_get_disk_size (skt_session_get_journal (session)), <=, 2 * MIB + SKT_READ_SIZE);
  skt_session_set_journal_limit (session, 0);
  check_socket_send (fd, bytes + 3 * MIB, length - 3 * MIB);
  shutdown (fd, SHUT_WR);
  received = g_thread_join (thread);
  g_assert_cmpmem (received->data, received->len, bytes, length);
  check_wait (skt_session_get_n_open (session) == 0);
  g_assert_cmpuint (skt_session_get_bytes_sent (session), ==, length);
  close (fd);
  check_session_close (session);
}

static void
count_cb (GObject *object, GParamSpec *pspec, gpointer data)
{
  ++*(guint *) data;
}

/* What the status bar shows is told, also when nothing comes or goes. */
static void
test_figures (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);
  SktJournal *journal = skt_session_get_journal (session);
  guint n_limit = 0, n_size = 0;
  guint64 size, limit, free_disk;
  int pause = -1;

  g_assert_cmpuint (skt_session_get_journal_limit (session), ==, SKT_JOURNAL_AUTOMATIC_LIMIT);
  check_wait (skt_session_get_free_disk (session) != G_MAXUINT64);
  g_assert_cmpuint (skt_session_get_free_disk (session), ==, skt_journal_get_free_disk (journal));
  g_signal_connect (session, "notify::journal-limit", G_CALLBACK (count_cb), &n_limit);
  g_signal_connect (session, "notify::journal-size", G_CALLBACK (count_cb), &n_size);
  skt_session_set_journal_limit (session, 5 * MIB);
  check_wait (skt_session_get_journal_limit (session) == 5 * MIB);
  g_assert_cmpuint (n_limit, ==, 1);

  skt_session_note (session, "note");
  check_wait (n_size == 1);
  g_object_get (session, "journal-size", &size, "journal-limit", &limit, "free-disk", &free_disk, "pause", &pause, NULL);
  g_assert_cmpuint (size, ==, 64 + 48 + 4);
  g_assert_cmpuint (size, ==, skt_session_get_journal_size (session));
  g_assert_cmpuint (limit, ==, 5 * MIB);
  g_assert_cmpuint (free_disk, ==, skt_session_get_free_disk (session));
  g_assert_cmpint (pause, ==, SKT_PAUSE_NONE);
  check_session_close (session);
}

int
main (int argc, char **argv)
{
#ifdef BY_PIPE
  _skt_transport_pipe_begin = _skt_transport_pipe_keep = 1;
#endif
  g_test_init (&argc, &argv, NULL);

  check_add ("/core/limit/raise", test_raise);
  check_add ("/core/limit/by-itself", test_by_itself);
  check_add ("/core/limit/clear", test_clear);
  check_add ("/core/limit/sending", test_sending);
  check_add ("/core/limit/sending-only", test_sending_only);
  check_add ("/core/limit/peer-goes", test_peer_goes);
  check_add ("/core/limit/disconnect", test_disconnect);
  check_add ("/core/limit/accept", test_accept);
  check_add ("/core/limit/lower", test_lower);
  check_add ("/core/limit/echo", test_echo);
  check_add ("/core/limit/figures", test_figures);
  return g_test_run ();
}
