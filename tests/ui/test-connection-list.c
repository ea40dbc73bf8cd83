/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-connection-list.h"
#include "socketeer-connection-row.h"

#include <unistd.h>

#define N_CLIENTS 4

typedef struct
{
  CheckFixture base;
  SktSession *session;
  SocketeerConnectionList *list;
  GtkSelectionModel *model;
  GtkWidget *window;
  int clients[N_CLIENTS];
  CheckCount changed;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  guint16 port;

  check_set_up (&self->base, data);
  self->session = check_session_new (&self->base, SKT_SESSION_SERVER);
  self->list = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_CONNECTION_LIST, NULL));
  socketeer_connection_list_set_session (self->list, self->session);
  self->model = gtk_list_view_get_model (check_child (self->list, SOCKETEER_TYPE_CONNECTION_LIST, "list_view"));
  self->window = check_window_new (GTK_WIDGET (self->list));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->model)), ==, 1);
  g_assert_null (socketeer_connection_list_dup_choice (self->list));
  port = check_session_listen (self->session);
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      self->clients[i] = check_socket_connect (port);
      check_wait_for_connection (self->session, i + 1);
    }
  check_wait (skt_session_get_n_open (self->session) == N_CLIENTS);
  check_frames (self->window, 2);
  check_count_signal (self->list, "choice-changed", &self->changed);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < N_CLIENTS; i++)
    close (self->clients[i]);
  self->model = NULL;
  check_window_destroy (self->window);
  g_assert_finalize_object (self->list);
  check_session_close (self->session);
  check_tear_down (&self->base, data);
}

/* The ids of those chosen: "1 3", or "all". */
static char *
dup_choice (Fixture *self)
{
  g_autoptr (GPtrArray) choice = socketeer_connection_list_dup_choice (self->list);
  g_autoptr (GString) text = g_string_new (NULL);

  if (choice == NULL)
    return g_strdup ("all");
  for (guint i = 0; i < choice->len; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? " " : "", skt_connection_get_id (g_ptr_array_index (choice, i)));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

#define assert_choice(self, expected, times) \
  G_STMT_START \
  { \
    g_autofree char *choice = dup_choice (self); \
    g_assert_cmpstr (choice, ==, expected); \
    g_assert_cmpuint ((self)->changed.n, ==, times); \
    g_assert_true (gtk_selection_model_is_selected ((self)->model, 0) == g_str_equal (expected, "all")); \
    (self)->changed.n = 0; \
  } \
  G_STMT_END

static void
test_choice (Fixture *self, gconstpointer data)
{
  assert_choice (self, "all", 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->model)), ==, 1 + N_CLIENTS);

  gtk_selection_model_select_item (self->model, 2, TRUE); /* a click */
  assert_choice (self, "2", 1);
  gtk_selection_model_select_item (self->model, 4, FALSE); /* with Ctrl */
  assert_choice (self, "2 4", 1);
  gtk_selection_model_select_item (self->model, 0, FALSE); /* with Ctrl on All */
  assert_choice (self, "all", 1);
  gtk_selection_model_select_item (self->model, 3, FALSE); /* with Ctrl, from All */
  assert_choice (self, "3", 1);
  gtk_selection_model_unselect_item (self->model, 3); /* nothing is all */
  assert_choice (self, "all", 1);
  gtk_selection_model_select_item (self->model, 1, TRUE);
  assert_choice (self, "1", 1);
  gtk_selection_model_select_range (self->model, 1, 3, TRUE); /* with Shift */
  assert_choice (self, "1 2 3", 1);
  gtk_selection_model_select_item (self->model, 0, TRUE); /* a click on All */
  assert_choice (self, "all", 1);
}

static void
test_quiet (Fixture *self, gconstpointer data)
{
  gtk_selection_model_select_item (self->model, 0, TRUE);
  g_assert_cmpuint (self->changed.n, ==, 0);
  gtk_selection_model_select_item (self->model, 2, TRUE);
  assert_choice (self, "2", 1);
  gtk_selection_model_select_item (self->model, 2, TRUE);
  g_assert_cmpuint (self->changed.n, ==, 0);
}

/* With Ctrl on All when it is chosen: it stays, and nothing is told. */
static void
test_all_stays (Fixture *self, gconstpointer data)
{
  gtk_selection_model_unselect_item (self->model, 0);
  assert_choice (self, "all", 0);
}

/* Those chosen stay chosen when others come, and when they end. */
static void
test_stays (Fixture *self, gconstpointer data)
{
  gtk_selection_model_select_item (self->model, 2, TRUE);
  assert_choice (self, "2", 1);
  close (self->clients[1]);
  check_wait (skt_session_get_n_open (self->session) == N_CLIENTS - 1);
  check_frames (self->window, 2);
  assert_choice (self, "2", 0);
  self->clients[1] = check_socket_connect (check_port_of (skt_session_get_target (self->session)));
  check_wait_for_connection (self->session, N_CLIENTS + 1);
  check_frames (self->window, 2);
  assert_choice (self, "2", 0);
}

static void
test_title (Fixture *self, gconstpointer data)
{
  GtkLabel *title = check_child (self->list, SOCKETEER_TYPE_CONNECTION_LIST, "title_label");

  g_assert_cmpstr (gtk_label_get_label (title), ==, "4 open of 4");
  close (self->clients[0]);
  check_wait (skt_session_get_n_open (self->session) == N_CLIENTS - 1);
  g_assert_cmpstr (gtk_label_get_label (title), ==, "3 open of 4");
  self->clients[0] = check_socket_connect (check_port_of (skt_session_get_target (self->session)));
  check_wait_for_connection (self->session, N_CLIENTS + 1);
  check_wait (skt_session_get_n_open (self->session) == N_CLIENTS);
  g_assert_cmpstr (gtk_label_get_label (title), ==, "4 open of 5");
}

static void
test_row (Fixture *self, gconstpointer data)
{
  SktConnection *connection = skt_session_get_connection (self->session, 1);
  SocketeerConnectionRow *row = SOCKETEER_CONNECTION_ROW (g_object_ref_sink (socketeer_connection_row_new ()));
  GtkLabel *title = check_child (row, SOCKETEER_TYPE_CONNECTION_ROW, "title_label");
  GtkLabel *bytes = check_child (row, SOCKETEER_TYPE_CONNECTION_ROW, "bytes_label");
  GtkLabel *state = check_child (row, SOCKETEER_TYPE_CONNECTION_ROW, "state_label");
  GtkWidget *button = check_child (row, SOCKETEER_TYPE_CONNECTION_ROW, "disconnect_button");

  socketeer_connection_row_set_connection (row, NULL);
  g_assert_cmpstr (gtk_label_get_label (title), ==, "All");
  g_assert_false (gtk_widget_get_visible (button));
  socketeer_connection_row_set_connection (row, connection);
  g_assert_cmpstr (gtk_label_get_label (title), ==, skt_connection_get_remote_address (connection));
  g_assert_cmpstr (gtk_label_get_label (state), ==, skt_state_to_text (SKT_STATE_CONNECTED));
  g_assert_true (gtk_widget_get_visible (button));
  check_socket_send (self->clients[0], "hello", 5);
  check_wait (skt_connection_get_bytes_received (connection) == 5);
  g_assert_cmpstr (gtk_label_get_label (bytes), ==, "← 5 B   → 0 B");
  g_signal_emit_by_name (button, "clicked");
  close (self->clients[0]);
  check_wait (skt_connection_get_end_text (connection) != NULL);
  g_assert_cmpstr (gtk_label_get_label (state), ==, skt_connection_get_end_text (connection));
  g_assert_false (gtk_widget_get_visible (button));
  self->clients[0] = -1;
  g_assert_finalize_object (row);
}

static void
test_state_icons (void)
{
  for (guint i = 0; i < SKT_N_STATES; i++)
    {
      g_assert_nonnull (socketeer_connection_row_get_state_icon (i));
      g_assert_nonnull (socketeer_connection_row_get_state_class (i));
    }
  g_assert_cmpstr (socketeer_connection_row_get_state_icon (SKT_STATE_CONNECTED), !=,
                   socketeer_connection_row_get_state_icon (SKT_STATE_FAILED));
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/ui/connection-list/choice", test_choice);
  ADD ("/ui/connection-list/quiet", test_quiet);
  ADD ("/ui/connection-list/all-stays", test_all_stays);
  ADD ("/ui/connection-list/stays", test_stays);
  ADD ("/ui/connection-list/title", test_title);
  ADD ("/ui/connection-list/row", test_row);
  g_test_add_func ("/ui/connection-list/state-icons", test_state_icons);
  return g_test_run ();
}
