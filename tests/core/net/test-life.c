/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"

#include "skt-engine-private.h"
#include "skt-error.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* -- A flood: a peer that sends without end and reads what is echoed ------------------------------------------- */

typedef struct
{
  GThread *thread;
  guint16 port;
  guint64 n_echoed;
} Flood;

static gpointer
flood_thread (gpointer data)
{
  Flood *flood = data;
  int fd = check_socket_connect (flood->port);
  guint8 bytes[16384] = { 0, };

  /* until the other end is closed, in whichever way */
  while (send (fd, bytes, sizeof bytes, MSG_NOSIGNAL) > 0)
    {
      gssize n;

      while ((n = recv (fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
        flood->n_echoed += n;
      if (n == 0)
        break;
    }
  close (fd);
  return NULL;
}

#define N_FLOODS 4

static void
floods_start (Flood *floods, SktSession *session)
{
  guint16 port;

  g_object_set (session, "echo", TRUE, NULL);
  port = check_session_listen (session);
  for (guint i = 0; i < N_FLOODS; i++)
    {
      floods[i] = (Flood){ .port = port };
      floods[i].thread = g_thread_new ("flood", flood_thread, &floods[i]);
    }
  check_wait (skt_session_get_n_open (session) == N_FLOODS);
  check_wait (skt_session_get_bytes_sent (session) > 2 * 1024 * 1024);
}

static void
floods_join (Flood *floods)
{
  for (guint i = 0; i < N_FLOODS; i++)
    g_thread_join (floods[i].thread);
}

/* Journals that were kept on purpose. */
static guint
delete_kept (CheckFixture *fixture)
{
  g_autofree char *sessions = g_build_filename (fixture->folder, "sessions", NULL);
  g_autoptr (GPtrArray) kept = skt_journal_list_abandoned (sessions);

  for (guint i = 0; i < kept->len; i++)
    {
      g_autoptr (GError) error = NULL;

      skt_journal_delete (kept->pdata[i], &error);
      g_assert_no_error (error);
    }
  return kept->len;
}

static void
test_dispose_with_traffic (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  Flood floods[N_FLOODS];

  floods_start (floods, session);
  g_assert_finalize_object (session);
  floods_join (floods);
  /* nobody said that the journal may go */
  skt_engine_stop (fixture->engine);
  g_assert_cmpuint (delete_kept (fixture), ==, 1);
}

static void
test_stop_with_traffic (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  Flood floods[N_FLOODS];
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (GError) error = NULL;
  SktConnection *connection;
  guint64 n_echoed = 0;

  floods_start (floods, session);
  g_assert_cmpuint (check_count_threads ("skt-"), ==, 2);
  skt_engine_stop (fixture->engine);
  check_no_threads ("skt-");
  skt_engine_stop (fixture->engine);
  floods_join (floods);

  /* what happened last is still told, what is asked now is refused or ignored */
  check_wait (skt_session_get_n_open (session) == 0);
  g_assert_cmpint (skt_session_get_state (session), ==, SKT_STATE_IDLE);
  connection = skt_session_get_connection (session, 1);
  g_assert_cmpint (skt_connection_get_state (connection), ==, SKT_STATE_CLOSED);
  g_assert_false (skt_connection_send_bytes (connection, bytes, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_NOT_CONNECTED);
  skt_connection_disconnect (connection);
  skt_session_disconnect_all (session);
  skt_session_stop_listening (session);
  g_object_set (session, "no-delay", FALSE, NULL);

  /* what the peers got back is recorded as sent */
  for (guint i = 0; i < N_FLOODS; i++)
    n_echoed += floods[i].n_echoed;
  g_assert_cmpuint (n_echoed, <=, skt_session_get_bytes_sent (session));
  check_session_close (session);
  g_assert_cmpuint (delete_kept (fixture), ==, 1);
}

static void
test_close_with_traffic (CheckFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 5; i++)
    {
      SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
      Flood floods[N_FLOODS];

      floods_start (floods, session);
      check_session_close (session);
      floods_join (floods);
    }
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  skt_session_close_finish (SKT_SESSION (source), result);
  (*(guint *) data)++;
}

static void
test_close_keeps (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  g_autofree char *path = g_strdup (skt_journal_get_path (skt_session_get_journal (session)));
  g_autoptr (SktJournal) journal = NULL;
  g_autoptr (GKeyFile) info = NULL;
  g_autoptr (GByteArray) received = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *events = NULL;
  g_autofree char *kind = NULL;
  g_autofree char *target = NULL;
  g_autofree char *port = NULL;
  guint n_closed = 0;

  check_wait_for_connection (session, 1);
  port = g_strdup_printf ("%u", check_port_of (skt_session_get_target (session)));
  /* not yet read when it is closed */
  check_socket_send (fd, "the last", 8);
  skt_session_close_async (session, TRUE, closed_cb, &n_closed);
  skt_session_close_async (session, TRUE, closed_cb, &n_closed);
  check_wait (n_closed == 2);
  skt_session_close_async (session, TRUE, closed_cb, &n_closed);
  check_wait (n_closed == 3);
  g_assert_finalize_object (session);
  skt_engine_stop (fixture->engine);

  journal = skt_journal_open (path, NULL, &error);
  g_assert_no_error (error);
  received = check_journal_bytes (journal, 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (received->data, received->len, "the last", 8);
  events = check_journal_events (journal, 0);
  g_assert_cmpstr (events, ==, "listening stopped-listening(1)");
  info = skt_journal_load_info (path, &error);
  g_assert_no_error (error);
  kind = g_key_file_get_string (info, "Session", "kind", NULL);
  g_assert_cmpstr (kind, ==, "server");
  target = g_key_file_get_string (info, "Session", "target", NULL);
  g_assert_true (g_str_has_suffix (target, port));
  close (fd);
  g_clear_pointer (&journal, skt_journal_unref);
  g_assert_cmpuint (delete_kept (fixture), ==, 1);
}

/* Closing gives the main loop back at once even if someone still reads the journal, which goes with the last reader. */
static void
test_close_while_read (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  g_autoptr (SktJournal) journal = skt_journal_ref (skt_session_get_journal (session));

  check_session_listen (session);
  check_session_close (session);
  g_assert_cmpuint (skt_journal_get_n_records (journal), ==, 2);
}

static void
test_new_and_destroy (CheckFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    {
      check_session_close (check_session_new (fixture, SKT_SESSION_CLIENT));
      check_session_close (check_session_new (fixture, SKT_SESSION_SERVER));
    }
}

static void
test_engines (CheckFixture *fixture, gconstpointer data)
{
  guint n_descriptors = check_count_descriptors ();

  for (guint i = 0; i < 20; i++)
    {
      SktEngine *engine = skt_engine_new ();

      if (i % 2 == 0)
        skt_engine_stop (engine);
      g_assert_finalize_object (engine);
    }
  /* those of the fixture's engine; a thread has its name only once it runs */
  check_wait (check_count_threads ("skt-") == 2);
  g_assert_cmpuint (check_count_descriptors (), ==, n_descriptors);
}

static void
test_no_folder (CheckFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (skt_session_new (fixture->engine, SKT_SESSION_CLIENT, "/dev/null/sessions", &error));
  g_assert_nonnull (error);
}

/* -- Properties ----------------------------------------------------------------------------------------------- */

static void
count_cb (GObject *object, GParamSpec *pspec, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_properties (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint n_notified = 0;
  gboolean echo, close_on_peer_finish, no_delay;

  g_object_get (session, "echo", &echo, "close-on-peer-finish", &close_on_peer_finish, "no-delay", &no_delay, NULL);
  g_assert_false (echo);
  g_assert_true (close_on_peer_finish);
  g_assert_true (no_delay);
  g_signal_connect (session, "notify", G_CALLBACK (count_cb), &n_notified);
  g_object_set (session, "echo", FALSE, "close-on-peer-finish", TRUE, "no-delay", TRUE, NULL);
  g_assert_cmpuint (n_notified, ==, 0);
  g_object_set (session, "echo", TRUE, "close-on-peer-finish", FALSE, "no-delay", FALSE, NULL);
  g_assert_cmpuint (n_notified, ==, 3);

  /* nothing happens: nothing is notified, nothing wakes up */
  check_run_for (100);
  n_notified = 0;
  check_run_for (100);
  g_assert_cmpuint (n_notified, ==, 0);
  check_session_close (session);
}

static void
test_rates (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  guint n_notified = 0;

  check_wait_for_connection (session, 1);
  for (guint i = 0; i < 10 || skt_session_get_rate_received (session) == 0; i++)
    {
      check_socket_send (fd, "0123456789", 10);
      check_run_for (20);
    }
  g_assert_cmpfloat (skt_session_get_rate_received (session), >, 0);
  g_assert_cmpfloat (skt_session_get_rate_received (session), <=, 2 * 10 * 1000 / 20.0);
  g_assert_cmpfloat (skt_session_get_rate_sent (session), ==, 0);
  check_wait (skt_session_get_rate_received (session) == 0);
  g_signal_connect (session, "notify", G_CALLBACK (count_cb), &n_notified);
  check_run_for (400);
  g_assert_cmpuint (n_notified, ==, 0);
  close (fd);
  check_session_close (session);
}

/* Connecting is closed with its lookup or attempt still under way. */
static void
test_close_while_connecting (CheckFixture *fixture, gconstpointer data)
{
  guint16 port;
  int listener = check_socket_listen (64, &port);

  for (guint i = 0; i < 40; i++)
    {
      SktSession *session = check_session_new (fixture, SKT_SESSION_CLIENT);

      check_session_connect (session, i % 2 == 0 ? "localhost" : "127.0.0.1", port);
      if (i % 4 < 2)
        check_session_close (session);
      else
        g_assert_finalize_object (session);
    }
  skt_engine_stop (fixture->engine);
  close (listener);
  g_assert_cmpuint (delete_kept (fixture), ==, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  check_add ("/core/life/new-and-destroy", test_new_and_destroy);
  check_add ("/core/life/engines", test_engines);
  check_add ("/core/life/no-folder", test_no_folder);
  check_add ("/core/life/dispose-with-traffic", test_dispose_with_traffic);
  check_add ("/core/life/stop-with-traffic", test_stop_with_traffic);
  check_add ("/core/life/close-with-traffic", test_close_with_traffic);
  check_add ("/core/life/close-keeps", test_close_keeps);
  check_add ("/core/life/close-while-read", test_close_while_read);
  check_add ("/core/life/close-while-connecting", test_close_while_connecting);
  check_add ("/core/life/properties", test_properties);
  check_add ("/core/life/rates", test_rates);
  return g_test_run ();
}
