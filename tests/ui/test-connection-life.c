/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-connection-life.h"
#include "socketeer-connection-log.h"
#include "socketeer-life-row.h"

#include <string.h>
#include <unistd.h>

/* -- The log -------------------------------------------------------------------------------------------------------- */

typedef struct
{
  SktJournal *journal;
  SocketeerConnectionLog *log;
  GtkWidget *window;
  GtkTextBuffer *buffer;
  GtkAdjustment *adjustment;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->journal = check_journal_new ();
  self->log = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_CONNECTION_LOG, NULL));
  self->buffer = gtk_text_view_get_buffer (check_child (self->log, SOCKETEER_TYPE_CONNECTION_LOG, "text_view"));
  self->adjustment = gtk_scrolled_window_get_vadjustment (check_child (self->log, SOCKETEER_TYPE_CONNECTION_LOG, "scrolled"));
}

static void
show (Fixture *self)
{
  socketeer_connection_log_set_journal (self->log, self->journal, NULL, NULL);
  self->window = check_window_new (GTK_WIDGET (self->log));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  check_window_destroy (self->window);
  /* a worker that was given up gives the log back */
  check_wait (G_OBJECT (self->log)->ref_count == 1);
  g_assert_finalize_object (self->log);
  skt_journal_unref (self->journal);
}

static void
add_note (Fixture *self, const char *text)
{
  check_journal_add (self->journal, SKT_RECORD_NOTE, 0, text, strlen (text));
  socketeer_connection_log_journal_grown (self->log);
}

static void
add_notes (Fixture *self, guint from, guint n)
{
  for (guint i = from; i < from + n; i++)
    {
      g_autofree char *text = g_strdup_printf ("note %u", i);
      add_note (self, text);
    }
}

static char *
dup_line (Fixture *self, int number)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_line (self->buffer, &start, number);
  end = start;
  gtk_text_iter_forward_to_line_end (&end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
}

static gboolean
line_ends_with (Fixture *self, int number, const char *suffix)
{
  g_autofree char *line = dup_line (self, number);
  return g_str_has_suffix (line, suffix);
}

/* The last but one: after it is an empty one. */
static gboolean
last_line_is (Fixture *self, const char *suffix)
{
  return line_ends_with (self, gtk_text_buffer_get_line_count (self->buffer) - 2, suffix);
}

static gboolean
is_at_end (Fixture *self)
{
  GtkAdjustment *a = self->adjustment;
  return gtk_adjustment_get_value (a) >= gtk_adjustment_get_upper (a) - gtk_adjustment_get_page_size (a) - 1;
}

/* Until the heights of all lines are known. */
static void
wait_settled (Fixture *self)
{
  double upper;

  do
    {
      upper = gtk_adjustment_get_upper (self->adjustment);
      check_frames (self->window, 10);
    }
  while (upper != gtk_adjustment_get_upper (self->adjustment));
}

static void
test_log_is_bounded (Fixture *self, gconstpointer data)
{
  add_notes (self, 0, 2500);
  show (self);
  check_wait (last_line_is (self, " note 2499"));
  g_assert_cmpint (gtk_text_buffer_get_line_count (self->buffer), ==, 2001);
  g_assert_true (line_ends_with (self, 0, " note 500"));
  add_notes (self, 2500, 10);
  check_wait (last_line_is (self, " note 2509"));
  g_assert_cmpint (gtk_text_buffer_get_line_count (self->buffer), ==, 2001);
  g_assert_true (line_ends_with (self, 0, " note 510"));
}

static void
test_log_follows (Fixture *self, gconstpointer data)
{
  add_notes (self, 0, 200);
  show (self);
  check_wait (last_line_is (self, " note 199"));
  check_wait (is_at_end (self) && gtk_adjustment_get_value (self->adjustment) > 0);
  add_notes (self, 200, 50);
  check_wait (last_line_is (self, " note 249"));
  check_wait (is_at_end (self));

  wait_settled (self);
  gtk_adjustment_set_value (self->adjustment, 100);
  check_frames (self->window, 3);
  add_notes (self, 250, 50);
  check_wait (last_line_is (self, " note 299"));
  check_frames (self->window, 5);
  g_assert_cmpfloat (gtk_adjustment_get_value (self->adjustment), <, 200);

  gtk_adjustment_set_value (self->adjustment, gtk_adjustment_get_upper (self->adjustment));
  check_frames (self->window, 3);
  add_notes (self, 300, 50);
  check_wait (last_line_is (self, " note 349"));
  check_wait (is_at_end (self));
}

static void
append_data (SktJournal *journal, guint n)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n; i++)
    {
      SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 1, .stream_offset = i, .time_ns = 1 };
      g_assert_true (skt_journal_append (journal, &record, (const guint8 *) "x", 1, &error));
    }
  g_assert_true (skt_journal_flush (journal, &error));
}

/* Events among a lot of data are found by a worker, and nothing is done while nobody sees it. */
static void
test_log_of_much (Fixture *self, gconstpointer data)
{
  add_note (self, "first");
  append_data (self->journal, 300000);
  socketeer_connection_log_set_journal (self->log, self->journal, NULL, NULL);
  g_assert_cmpint (gtk_text_buffer_get_char_count (self->buffer), ==, 0);
  show (self);
  check_wait (last_line_is (self, " first"));
  append_data (self->journal, 100000);
  add_note (self, "second");
  check_wait (last_line_is (self, " second"));
  g_assert_true (line_ends_with (self, 0, " first"));

  skt_journal_set_first_record (self->journal, 5);
  add_note (self, "third");
  check_wait (last_line_is (self, " third") && line_ends_with (self, 0, " second"));
}

/* It goes away while a worker looks. */
static void
test_log_goes (Fixture *self, gconstpointer data)
{
  append_data (self->journal, 300000);
  show (self);
  socketeer_connection_log_set_journal (self->log, NULL, NULL, NULL);
  g_assert_cmpint (gtk_text_buffer_get_char_count (self->buffer), ==, 0);
}

/* -- The timeline ---------------------------------------------------------------------------------------------------- */

static GtkWidget *
find_step (SocketeerConnectionLife *life, const char *spoken)
{
  GtkWidget *list = check_child (life, SOCKETEER_TYPE_CONNECTION_LIFE, "list");

  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      g_autofree char *problem = gtk_test_accessible_check_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
      if (problem == NULL)
        return row;
    }
  return NULL;
}

static void
test_life (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  int first_fd = check_socket_connect (port), second_fd;
  SktConnection *first = check_wait_for_connection (session, 1), *second;
  SocketeerConnectionLife *life = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_CONNECTION_LIFE, NULL));
  GtkWidget *window, *copy = check_child (life, SOCKETEER_TYPE_CONNECTION_LIFE, "copy_button");
  g_autofree char *report = NULL, *later = NULL;
  SktSocketOptions options;

  skt_session_get_socket_options (session, &options);
  options.keep_alive = TRUE;
  options.ttl = 5;
  skt_session_set_socket_options (session, &options);
  socketeer_connection_life_set_journal (life, skt_session_get_journal (session), session);
  g_assert_null (socketeer_connection_life_dup_report (life));
  window = check_window_new (GTK_WIDGET (life));
  g_assert_false (gtk_widget_get_sensitive (copy));

  check_socket_send (first_fd, "abc", 3);
  check_wait (skt_connection_get_bytes_received (first) == 3);
  g_object_set (life, "connection", first, NULL);
  check_frames (window, 2);
  g_assert_true (gtk_widget_get_sensitive (copy));
  report = socketeer_connection_life_dup_report (life);
  g_assert_nonnull (strstr (report, "LISTEN"));
  g_assert_nonnull (strstr (report, "The first 3 bytes were received in one read."));
  g_assert_nonnull (strstr (report, "Received: 3 bytes"));
  g_assert_nonnull (strstr (report, "reads: 1; writes: 0"));
  g_assert_nonnull (strstr (report, "system’s: keep-alive=1 ttl=5\n"));
  g_assert_null (strstr (report, "CLOSED"));

  /* the end is seen as it comes */
  check_socket_reset (first_fd);
  check_wait (skt_connection_get_state (first) == SKT_STATE_CLOSED);
  g_signal_connect_swapped (session, "journal-grown", G_CALLBACK (socketeer_connection_life_journal_grown), life);
  socketeer_connection_life_journal_grown (life);
  do
    {
      g_free (later);
      later = socketeer_connection_life_dup_report (life);
      check_run_for (1);
    }
  while (strstr (later, "CLOSED") == NULL);

  second_fd = check_socket_connect (port);
  second = check_wait_for_connection (session, 2);
  g_object_set (life, "connection", second, NULL);
  check_frames (window, 2);
  g_free (later);
  later = socketeer_connection_life_dup_report (life);
  g_assert_nonnull (strstr (later, "Connection 2: "));
  g_assert_null (strstr (later, "The first"));
  close (second_fd);
  g_object_set (life, "connection", NULL, NULL);
  g_assert_null (find_step (life, "LISTEN"));
  g_assert_null (gtk_widget_get_first_child (check_child (life, SOCKETEER_TYPE_CONNECTION_LIFE, "list")));

  g_signal_handlers_disconnect_by_data (session, life);
  socketeer_connection_life_set_journal (life, NULL, NULL);
  check_window_destroy (window);
  g_assert_finalize_object (life);
  check_session_close (session);
}

/* A connection whose end is behind much of another one. */
static void
test_life_in_worker (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  SktConnection *connection = check_wait_for_connection (session, 1);
  g_autoptr (SktJournal) journal = check_journal_new ();
  SocketeerConnectionLife *life = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_CONNECTION_LIFE, NULL));
  GtkWidget *window = check_window_new (GTK_WIDGET (life));
  char *report = NULL;

  check_journal_add (journal, SKT_RECORD_OPENED, 1, "a b", 3);
  append_data (journal, 200000);
  check_journal_add (journal, SKT_RECORD_CLOSED, 1, "", 0);
  g_object_set (life, "connection", connection, NULL);
  socketeer_connection_life_set_journal (life, journal, NULL);
  check_wait ((report = socketeer_connection_life_dup_report (life)) != NULL);
  g_assert_nonnull (strstr (report, "For the program the connection is over"));
  g_free (report);

  /* and once more, given up while it is looked at */
  socketeer_connection_life_set_journal (life, journal, NULL);
  socketeer_connection_life_set_journal (life, NULL, NULL);
  g_object_set (life, "connection", NULL, NULL);
  check_window_destroy (window);
  check_wait (G_OBJECT (life)->ref_count == 1);
  g_assert_finalize_object (life);
  close (fd);
  check_session_close (session);
}

/* Of a session that was opened there is only its journal. */
static void
test_life_from_journal (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  SocketeerConnectionLife *life = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_CONNECTION_LIFE, NULL));
  GtkWidget *window, *chooser = check_child (life, SOCKETEER_TYPE_CONNECTION_LIFE, "chooser");
  GtkDropDown *drop_down = GTK_DROP_DOWN (gtk_widget_get_first_child (chooser));
  GtkWidget *copy = check_child (life, SOCKETEER_TYPE_CONNECTION_LIFE, "copy_button");
  g_autofree char *first = NULL, *second = NULL;

  check_journal_add (journal, SKT_RECORD_RESOLVING, 1, "nobody", 6);
  check_journal_add (journal, SKT_RECORD_FAILED, 1, "nobody", 6);
  check_journal_add (journal, SKT_RECORD_CONNECTING, 2, "192.0.2.1:80", 12);
  check_journal_add (journal, SKT_RECORD_OPENED, 2, "192.0.2.9:4000 192.0.2.1:80", 27);
  socketeer_connection_life_set_journal (life, journal, NULL);
  window = check_window_new (GTK_WIDGET (life));
  check_wait (gtk_widget_get_visible (chooser));
  g_assert_cmpstr (gtk_string_object_get_string (gtk_drop_down_get_selected_item (drop_down)), ==, "1: nobody (never made)");
  check_wait ((first = socketeer_connection_life_dup_report (life)) != NULL);
  g_assert_true (gtk_widget_get_sensitive (copy));
  g_assert_nonnull (strstr (first, "Connection 1 of an opened session"));
  g_assert_nonnull (strstr (first, "“nobody” was looked up;"));
  g_assert_null (strstr (first, "The journal ends here"));

  /* the program was killed before the second one ended */
  gtk_drop_down_set_selected (drop_down, 1);
  check_wait ((second = socketeer_connection_life_dup_report (life)) != NULL);
  g_assert_nonnull (strstr (second, "192.0.2.9:4000 → 192.0.2.1:80"));
  g_assert_nonnull (strstr (second, "The journal ends here"));
  g_assert_nonnull (find_step (life, "End not known: The journal ends here: how the connection ended was not recorded."));

  socketeer_connection_life_set_journal (life, journal, NULL);
  socketeer_connection_life_set_journal (life, NULL, NULL);
  g_assert_false (gtk_widget_get_visible (chooser));
  g_assert_false (gtk_widget_get_sensitive (copy));
  check_window_destroy (window);
  g_object_ref (chooser);
  g_assert_finalize_object (life);
  /* a worker that was given up gives it back */
  check_wait (G_OBJECT (chooser)->ref_count == 1);
  g_object_unref (chooser);
}

#define add(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  check_ui_init (&argc, &argv);
  add ("/ui/connection-log/bounded", test_log_is_bounded);
  add ("/ui/connection-log/follows", test_log_follows);
  add ("/ui/connection-log/much", test_log_of_much);
  add ("/ui/connection-log/goes", test_log_goes);
  check_add ("/ui/connection-life/live", test_life);
  check_add ("/ui/connection-life/worker", test_life_in_worker);
  g_test_add_func ("/ui/connection-life/from-journal", test_life_from_journal);
  return g_test_run ();
}
