/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-tabs.h"
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-page-private.h"
#include "socketeer-window.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Pages and the window with real connections. Journals are in the state folder. */

static const SocketeerSaveChoice raw = { SKT_EXPORT_RAW, SKT_EXPORT_RECEIVED, FALSE };

typedef struct
{
  SktEngine *engine;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->engine = skt_engine_new ();
}

static gboolean
has_sessions (void)
{
  g_autofree char *path = skt_journal_dup_sessions_path ();
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  return dir != NULL && g_dir_read_name (dir) != NULL;
}

/* What was closed leaves nothing on the disk. */
static void
tear_down (Fixture *self, gconstpointer data)
{
  check_wait (!has_sessions ());
  skt_engine_stop (self->engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->engine);
}

static SocketeerPage *
page_new (Fixture *self, SocketeerPageKind kind)
{
  g_autoptr (GError) error = NULL;
  SocketeerPage *page = socketeer_page_new (self->engine, kind, &error);

  g_assert_no_error (error);
  return g_object_ref_sink (page);
}

/* Closes it and waits until nobody refers to it. */
static void
page_close (SocketeerPage *page)
{
  gpointer weak = page;

  g_object_add_weak_pointer (G_OBJECT (page), &weak);
  socketeer_page_close (page);
  g_object_unref (page);
  check_wait (weak == NULL);
}

static guint16
listen_on (SocketeerPage *page)
{
  SktSession *session = socketeer_page_get_session (page);

  g_assert_true (socketeer_page_listen (page, "127.0.0.1:0"));
  check_wait (skt_session_get_state (session) == SKT_STATE_LISTENING && skt_session_get_target (session) != NULL);
  return check_port_of (skt_session_get_target (session));
}

static void
connect_to (SocketeerPage *page, guint16 port)
{
  g_autofree char *endpoint = g_strdup_printf ("127.0.0.1:%u", port);

  g_assert_true (socketeer_page_connect (page, endpoint));
  check_wait (skt_session_get_state (socketeer_page_get_session (page)) == SKT_STATE_CONNECTED);
}

static void
test_new (Fixture *self, gconstpointer data)
{
  for (SocketeerPageKind kind = SOCKETEER_PAGE_CLIENT; kind <= SOCKETEER_PAGE_SERVER; kind++)
    {
      SocketeerPage *page = page_new (self, kind);

      g_assert_cmpint (socketeer_page_get_kind (page), ==, kind);
      g_assert_cmpstr (socketeer_page_get_title (page), ==, kind == SOCKETEER_PAGE_CLIENT ? "New Client" : "New Server");
      g_assert_false (socketeer_page_is_active (page));
      page_close (page);
    }
}

static void
test_shown (Fixture *self, gconstpointer data)
{
  for (SocketeerPageKind kind = SOCKETEER_PAGE_CLIENT; kind <= SOCKETEER_PAGE_SERVER; kind++)
    {
      SocketeerPage *page = page_new (self, kind);
      GtkWidget *window = check_window_new (GTK_WIDGET (page));

      check_window_destroy (window);
      page_close (page);
    }
}

static void
test_journal (Fixture *self, gconstpointer data)
{
  SktJournal *journal = check_journal_new ();
  g_autoptr (GHashTable) peers = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  SocketeerPage *page;
  GtkWidget *window;

  g_hash_table_insert (peers, GUINT_TO_POINTER (1), g_strdup ("127.0.0.1:5"));
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "hello\n", 6);
  check_journal_add (journal, SKT_RECORD_SENT, 2, "you\n", 4);
  page = g_object_ref_sink (socketeer_page_new_for_journal (journal, peers, "2026", "The end is <missing>."));
  window = check_window_new (GTK_WIDGET (page));
  g_assert_cmpstr (socketeer_page_get_title (page), ==, "2026");
  g_assert_null (socketeer_page_get_session (page));
  g_assert_true (gtk_revealer_get_reveal_child (page->problem_revealer));
  g_assert_cmpstr (gtk_label_get_text (page->problem_label), ==, "The end is <missing>.");
  g_assert_false (socketeer_page_send_text (page, "x"));
  socketeer_page_disconnect (page);
  socketeer_page_stop_listening (page);
  socketeer_page_set_echo (page, TRUE);
  check_window_destroy (window);
  page_close (page);
  skt_journal_unref (journal);
}

static void
test_talk (Fixture *self, gconstpointer data)
{
  SocketeerPage *server = page_new (self, SOCKETEER_PAGE_SERVER), *client = page_new (self, SOCKETEER_PAGE_CLIENT);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *window;
  CheckCount title;
  SktSession *session = socketeer_page_get_session (client);

  gtk_box_append (GTK_BOX (box), GTK_WIDGET (server));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (client));
  window = check_window_new (box);
  check_count_notify (client, "title", &title);
  socketeer_page_set_echo (server, TRUE);
  connect_to (client, listen_on (server));
  g_assert_true (socketeer_page_is_active (client));
  g_assert_true (socketeer_page_is_active (server));
  g_assert_cmpuint (title.n, ==, 1);
  g_assert_true (socketeer_page_send_text (client, "hello"));
  g_assert_true (socketeer_page_send_hex (client, "00 ff"));
  g_assert_false (socketeer_page_send_hex (client, "0"));
  check_wait (skt_session_get_bytes_received (session) == 7);
  check_frames (window, 3);
  socketeer_page_disconnect (client);
  check_wait (skt_session_get_state (session) == SKT_STATE_CLOSED);
  g_assert_false (socketeer_page_is_active (client));
  g_assert_false (socketeer_page_send_text (client, "late"));
  socketeer_page_stop_listening (server);
  check_wait (!socketeer_page_is_active (server));
  check_window_destroy (window);
  page_close (client);
  page_close (server);
}

/* A message that cannot be hidden says nothing new when it comes back. */
static void
test_hidden_problem_stays_hidden (Fixture *self, gconstpointer data)
{
  SocketeerPage *page = page_new (self, SOCKETEER_PAGE_CLIENT);
  SktSession *session = socketeer_page_get_session (page);
  g_autofree char *endpoint = g_strdup_printf ("127.0.0.1:%u", check_unused_port ());

  g_assert_true (socketeer_page_connect (page, endpoint));
  check_wait (skt_session_get_problem (session) != NULL && gtk_revealer_get_reveal_child (page->problem_revealer));
  g_signal_emit_by_name (page->problem_close_button, "clicked");
  g_assert_false (gtk_revealer_get_reveal_child (page->problem_revealer));
  g_object_notify (G_OBJECT (session), "n-open");
  g_assert_false (gtk_revealer_get_reveal_child (page->problem_revealer));

  /* The same failure once more, so fast that nothing seems to have changed, is told again. */
  g_assert_true (socketeer_page_connect (page, endpoint));
  check_wait (skt_session_get_connection (session, 2) != NULL &&
              skt_connection_get_state (skt_session_get_connection (session, 2)) == SKT_STATE_FAILED);
  check_wait (gtk_revealer_get_reveal_child (page->problem_revealer));
  page_close (page);
}

/* -- Closing while bytes come and go --------------------------------------------------------------------------- */

/* Sends and reads until the connection ends. */
static gpointer
talk_in_thread (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  static char buffer[16384];
  char input[16384];

  for (;;)
    {
      gssize n = send (fd, buffer, sizeof buffer, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n < 0 && errno != EAGAIN)
        break;
      n = recv (fd, input, sizeof input, MSG_DONTWAIT);
      if (n == 0 || (n < 0 && errno != EAGAIN))
        break;
    }
  close (fd);
  return NULL;
}

static void
test_close_while_echoing (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    {
      SocketeerPage *page = page_new (self, SOCKETEER_PAGE_SERVER);
      GtkWidget *window = check_window_new (GTK_WIDGET (page));
      GThread *threads[2];
      guint16 port;

      socketeer_page_set_echo (page, TRUE);
      socketeer_page_set_view (page, i % SKT_N_VIEWS);
      port = listen_on (page);
      for (guint j = 0; j < G_N_ELEMENTS (threads); j++)
        threads[j] = g_thread_new ("talk", talk_in_thread, GINT_TO_POINTER (check_socket_connect (port)));
      check_wait (skt_session_get_bytes_sent (socketeer_page_get_session (page)) > 1000000);
      check_frames (window, 3);
      if (i == 1) /* what is on its way is given up */
        {
          GtkWidget *view = GTK_WIDGET (socketeer_transcript_get_byte_view (page->transcript));
          gtk_widget_activate_action (view, "transcript.select-all", NULL);
          gtk_widget_activate_action (view, "transcript.copy", "s", "hex");
          socketeer_page_export (page, &raw, "/dev/null/nowhere");
        }
      socketeer_page_close (page);
      check_window_destroy (window);
      page_close (page);
      for (guint j = 0; j < G_N_ELEMENTS (threads); j++)
        g_thread_join (threads[j]);
    }
}

/* -- Clearing -------------------------------------------------------------------------------------------------- */

static void
toast_cb (SocketeerPage *page, AdwToast *toast, GPtrArray *toasts)
{
  g_ptr_array_add (toasts, g_object_ref (toast));
}

static void
send_and_wait (SocketeerPage *page, const char *text)
{
  SktSession *session = socketeer_page_get_session (page);
  guint64 n = skt_session_get_bytes_received (session);

  g_assert_true (socketeer_page_send_text (page, text));
  check_wait (skt_session_get_bytes_received (session) == n + strlen (text));
}

static void
assert_received (SocketeerPage *page, const char *expected)
{
  g_autoptr (GByteArray) bytes =
    check_journal_bytes (skt_session_get_journal (socketeer_page_get_session (page)), 1, SKT_RECORD_RECEIVED);
  g_assert_cmpmem (bytes->data, bytes->len, expected, strlen (expected));
}

static void
test_clear (Fixture *self, gconstpointer data)
{
  SocketeerPage *server = page_new (self, SOCKETEER_PAGE_SERVER), *client = page_new (self, SOCKETEER_PAGE_CLIENT);
  SktJournal *journal = skt_session_get_journal (socketeer_page_get_session (client));
  g_autoptr (GPtrArray) toasts = g_ptr_array_new_with_free_func (g_object_unref);

  g_signal_connect (client, "toast", G_CALLBACK (toast_cb), toasts);
  socketeer_page_set_echo (server, TRUE);
  connect_to (client, listen_on (server));
  send_and_wait (client, "first ");
  gtk_widget_activate_action (GTK_WIDGET (client), "page.clear", NULL);
  check_wait (toasts->len == 1);
  g_assert_cmpuint (skt_journal_get_first_record (journal), ==, skt_journal_get_n_records (journal));
  g_signal_emit_by_name (g_ptr_array_index (toasts, 0), "button-clicked");
  g_signal_emit_by_name (g_ptr_array_index (toasts, 0), "dismissed");
  check_wait (skt_journal_get_first_record (journal) == 0);
  assert_received (client, "first ");
  g_ptr_array_set_size (toasts, 0);
  page_close (client);
  page_close (server);
}

/* Cleared twice: that the first can no longer be undone takes nothing from the second. */
static void
test_clear_twice (Fixture *self, gconstpointer data)
{
  SocketeerPage *server = page_new (self, SOCKETEER_PAGE_SERVER), *client = page_new (self, SOCKETEER_PAGE_CLIENT);
  SktJournal *journal = skt_session_get_journal (socketeer_page_get_session (client));
  g_autoptr (GPtrArray) toasts = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *text = g_strnfill (100000, 'x'), *later = g_strnfill (100000, 'y');
  g_autoptr (SktJournalReader) reader = NULL;
  guint64 n;
  guint8 byte;
  SktRecord record;

  g_signal_connect (client, "toast", G_CALLBACK (toast_cb), toasts);
  socketeer_page_set_echo (server, TRUE);
  connect_to (client, listen_on (server));
  send_and_wait (client, text);
  gtk_widget_activate_action (GTK_WIDGET (client), "page.clear", NULL);
  check_wait (toasts->len == 1);
  n = skt_journal_get_first_record (journal);
  g_assert_cmpuint (n, >, 0);
  send_and_wait (client, later);
  gtk_widget_activate_action (GTK_WIDGET (client), "page.clear", NULL);
  check_wait (toasts->len == 2);

  g_signal_emit_by_name (g_ptr_array_index (toasts, 0), "dismissed");
  check_run_for (300); /* a worker gives the space back */
  g_signal_emit_by_name (g_ptr_array_index (toasts, 1), "button-clicked");
  g_signal_emit_by_name (g_ptr_array_index (toasts, 1), "dismissed");
  check_wait (skt_journal_get_first_record (journal) == n);
  reader = skt_journal_reader_new (journal);
  for (; skt_journal_reader_get_record (reader, n, &record); n++)
    for (guint32 i = 0; skt_record_is_data (&record) && i < record.length; i += 1000)
      {
        g_assert_cmpuint (skt_journal_read_payload (journal, record.offset + i, &byte, 1), ==, 1);
        g_assert_true (byte == 'y' || byte == 'x');
      }
  g_ptr_array_set_size (toasts, 0);
  g_clear_pointer (&reader, skt_journal_reader_free); /* the journal goes with the page */
  page_close (client);
  page_close (server);
}

/* -- Exporting ------------------------------------------------------------------------------------------------- */

static void
test_export (Fixture *self, gconstpointer data)
{
  SocketeerPage *server = page_new (self, SOCKETEER_PAGE_SERVER), *client = page_new (self, SOCKETEER_PAGE_CLIENT);
  g_autoptr (GPtrArray) toasts = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *path = g_build_filename (g_get_user_state_dir (), "a <b> & c.bin", NULL);
  const SocketeerSaveChoice selection = { SKT_EXPORT_RAW, SKT_EXPORT_BOTH, TRUE };
  g_autofree char *contents = NULL;
  GtkWidget *label;
  gsize length;

  g_signal_connect (client, "toast", G_CALLBACK (toast_cb), toasts);
  socketeer_page_set_echo (server, TRUE);
  connect_to (client, listen_on (server));
  send_and_wait (client, "exported");
  socketeer_page_export (client, &raw, path);
  check_wait (toasts->len == 1);
  g_assert_true (pango_parse_markup (adw_toast_get_title (g_ptr_array_index (toasts, 0)), -1, 0, NULL, NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_cmpmem (contents, length, "exported", 8);
  socketeer_page_export (client, &raw, "/nonexistent/folder/a <b> & c");
  check_wait (toasts->len == 2);
  /* A problem may be long: it is no title, which would be cut off, and no markup. */
  label = adw_toast_get_custom_title (g_ptr_array_index (toasts, 1));
  g_assert_true (gtk_label_get_wrap (GTK_LABEL (label)));
  g_assert_nonnull (strstr (gtk_label_get_label (GTK_LABEL (label)), "“/nonexistent/folder/a <b> & c” was not written"));
  socketeer_page_export (client, &selection, path);
  check_wait (toasts->len == 3);
  g_assert_nonnull (strstr (adw_toast_get_title (g_ptr_array_index (toasts, 2)), "nothing is selected"));
  g_unlink (path);
  g_ptr_array_set_size (toasts, 0);
  page_close (client);
  page_close (server);
}

/* -- Window ---------------------------------------------------------------------------------------------------- */

static SocketeerWindow *
window_new (Fixture *self)
{
  SocketeerWindow *window = socketeer_window_new (NULL, self->engine);

  gtk_window_present (GTK_WINDOW (window));
  check_wait (gtk_widget_get_mapped (GTK_WIDGET (window)));
  check_frames (GTK_WIDGET (window), 3);
  return window;
}

static void
window_close (SocketeerWindow *window)
{
  gpointer weak = window;

  g_object_add_weak_pointer (G_OBJECT (window), &weak);
  gtk_window_close (GTK_WINDOW (window));
  check_wait (weak == NULL);
}

static void
test_window_empty (Fixture *self, gconstpointer data)
{
  window_close (window_new (self));
}

static void
test_window_pages (Fixture *self, gconstpointer data)
{
  SocketeerWindow *window = window_new (self);
  gpointer pages[4];

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      pages[i] = socketeer_window_add_page (window, i % 2 == 0 ? SOCKETEER_PAGE_CLIENT : SOCKETEER_PAGE_SERVER);
      g_object_add_weak_pointer (pages[i], &pages[i]);
      check_frames (GTK_WIDGET (window), 2);
    }
  g_assert_true (socketeer_window_get_free_page (window, SOCKETEER_PAGE_SERVER) == pages[3]);
  g_action_group_activate_action (G_ACTION_GROUP (window), "close-tab", NULL);
  /* It can be brought back, until the offer is over. */
  check_frames (GTK_WIDGET (window), 2);
  g_assert_nonnull (pages[3]);
  socketeer_closed_tabs_end ();
  check_wait (pages[3] == NULL);
  g_assert_nonnull (pages[0]);
  window_close (window);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    check_wait (pages[i] == NULL);
}

static AdwTabView *
get_tabs (SocketeerWindow *window)
{
  return check_child (window, SOCKETEER_TYPE_WINDOW, "tab_view");
}

static SocketeerPage *
get_page (SocketeerWindow *window, int n)
{
  return SOCKETEER_PAGE (adw_tab_page_get_child (adw_tab_view_get_nth_page (get_tabs (window), n)));
}

static void
test_window_demo (Fixture *self, gconstpointer data)
{
  SocketeerWindow *window = window_new (self);
  SktSession *session;

  socketeer_window_show_demo (window);
  check_wait (adw_tab_view_get_n_pages (get_tabs (window)) == 2);
  session = socketeer_page_get_session (get_page (window, 1));
  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
  g_action_group_activate_action (G_ACTION_GROUP (window), "send-text", g_variant_new_string ("hello"));
  check_wait (skt_session_get_bytes_received (session) == 5);
  g_action_group_activate_action (G_ACTION_GROUP (window), "clear", NULL);
  for (guint i = 0; i < 40; i++)
    g_action_group_activate_action (G_ACTION_GROUP (window), "zoom-in", NULL);
  for (guint i = 0; i < 80; i++)
    g_action_group_activate_action (G_ACTION_GROUP (window), "zoom-out", NULL);
  g_action_group_activate_action (G_ACTION_GROUP (window), "zoom-normal", NULL);
  check_frames (GTK_WIDGET (window), 3);
  window_close (window);
}

/* Closed with everything going on: traffic, a toast, a page that connects. */
static void
test_window_close_busy (Fixture *self, gconstpointer data)
{
  SocketeerWindow *window = window_new (self);
  SocketeerPage *server = socketeer_window_add_page (window, SOCKETEER_PAGE_SERVER);
  GThread *thread;

  socketeer_page_set_echo (server, TRUE);
  thread = g_thread_new ("talk", talk_in_thread, GINT_TO_POINTER (check_socket_connect (listen_on (server))));
  check_wait (skt_session_get_bytes_sent (socketeer_page_get_session (server)) > 1000000);
  g_action_group_activate_action (G_ACTION_GROUP (window), "clear", NULL);
  socketeer_window_show_demo (window);
  window_close (window);
  g_thread_join (thread);
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/ui/page/new", test_new);
  ADD ("/ui/page/shown", test_shown);
  ADD ("/ui/page/journal", test_journal);
  ADD ("/ui/page/talk", test_talk);
  ADD ("/ui/page/hidden-problem-stays-hidden", test_hidden_problem_stays_hidden);
  ADD ("/ui/page/close-while-echoing", test_close_while_echoing);
  ADD ("/ui/page/clear", test_clear);
  ADD ("/ui/page/clear-twice", test_clear_twice);
  ADD ("/ui/page/export", test_export);
  ADD ("/ui/window/empty", test_window_empty);
  ADD ("/ui/window/pages", test_window_pages);
  ADD ("/ui/window/demo", test_window_demo);
  ADD ("/ui/window/close-busy", test_window_close_busy);
  return g_test_run ();
}
