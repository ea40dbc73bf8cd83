/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-connection-list.h"
#include "socketeer-connection-model.h"
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

/* -- Order and filter ------------------------------------------------------------------------------------------ */

/* The ids of those shown, in their order: "1 3". */
static char *
dup_shown (Fixture *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 1; i < g_list_model_get_n_items (G_LIST_MODEL (self->model)); i++)
    {
      g_autoptr (SocketeerConnectionPlace) place = g_list_model_get_item (G_LIST_MODEL (self->model), i);
      SktConnection *connection = socketeer_connection_place_get_connection (place);

      g_string_append_printf (text, "%s%u", i > 1 ? " " : "", skt_connection_get_id (connection));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
is_shown (Fixture *self, const char *expected)
{
  g_autofree char *shown = dup_shown (self);
  return g_str_equal (shown, expected);
}

#define assert_shown(self, expected) \
  G_STMT_START \
  { \
    g_autofree char *shown = dup_shown (self); \
    g_assert_cmpstr (shown, ==, expected); \
  } \
  G_STMT_END

static void
set_state (Fixture *self, const char *action, const char *value)
{
  gtk_widget_activate_action (GTK_WIDGET (self->list), action, "s", value);
}

static void
receive (Fixture *self, guint id, gsize n)
{
  SktConnection *connection = skt_session_get_connection (self->session, id);
  guint64 before = skt_connection_get_bytes_received (connection);
  g_autofree char *bytes = g_malloc0 (n);

  check_socket_send (self->clients[id - 1], bytes, n);
  check_wait (skt_connection_get_bytes_received (connection) == before + n);
}

static void
test_order (Fixture *self, gconstpointer data)
{
  assert_shown (self, "1 2 3 4");
  set_state (self, "connections.order", "newest");
  assert_shown (self, "4 3 2 1");
  receive (self, 3, 10);
  receive (self, 2, 20);
  set_state (self, "connections.order", "received");
  assert_shown (self, "2 3 1 4");
  /* by itself, when the bytes change */
  receive (self, 4, 30);
  check_wait (is_shown (self, "4 2 3 1"));
  close (self->clients[0]);
  self->clients[0] = -1;
  check_wait (skt_session_get_n_open (self->session) == N_CLIENTS - 1);
  set_state (self, "connections.order", "state");
  assert_shown (self, "2 3 4 1");
  set_state (self, "connections.order", "sent");
  assert_shown (self, "1 2 3 4");
  set_state (self, "connections.order", "arrival");
  assert_shown (self, "1 2 3 4");
}

/* The same addresses, so by port: as numbers, not as text. */
static void
test_order_by_address (Fixture *self, gconstpointer data)
{
  int last = 0;

  set_state (self, "connections.order", "address");
  for (guint i = 1; i <= N_CLIENTS; i++)
    {
      g_autoptr (SocketeerConnectionPlace) place = g_list_model_get_item (G_LIST_MODEL (self->model), i);
      SktConnection *connection = socketeer_connection_place_get_connection (place);
      int port = check_port_of (skt_connection_get_remote_address (connection));

      g_assert_cmpint (port, >, last);
      last = port;
    }
}

/* Chosen ones stay chosen wherever they come to be, and nobody is told of a change that is none. */
static void
test_choice_outlives_order (Fixture *self, gconstpointer data)
{
  int late;

  gtk_selection_model_select_item (self->model, 2, TRUE);
  gtk_selection_model_select_item (self->model, 4, FALSE);
  assert_choice (self, "2 4", 2);
  set_state (self, "connections.order", "newest");
  assert_shown (self, "4 3 2 1");
  assert_choice (self, "2 4", 0);
  g_assert_true (gtk_selection_model_is_selected (self->model, 1));
  g_assert_true (gtk_selection_model_is_selected (self->model, 3));
  g_assert_false (gtk_selection_model_is_selected (self->model, 2));
  late = check_socket_connect (check_port_of (skt_session_get_target (self->session)));
  check_wait_for_connection (self->session, N_CLIENTS + 1);
  check_wait (is_shown (self, "5 4 3 2 1"));
  assert_choice (self, "2 4", 0);
  close (late);
}

static void
test_filter (Fixture *self, gconstpointer data)
{
  GtkEditable *entry = check_child (self->list, SOCKETEER_TYPE_CONNECTION_LIST, "search_entry");
  GtkLabel *note = check_child (self->list, SOCKETEER_TYPE_CONNECTION_LIST, "note_label");
  const char *address = skt_connection_get_remote_address (skt_session_get_connection (self->session, 2));

  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (note)));
  gtk_selection_model_select_item (self->model, 4, TRUE);
  assert_choice (self, "4", 1);
  gtk_editable_set_text (entry, strchr (address, ':'));
  assert_shown (self, "2");
  assert_choice (self, "4", 0);
  g_assert_cmpstr (gtk_label_get_label (note), ==, "1 of 4 shown · 1 chosen one is not shown");
  gtk_selection_model_select_all (self->model); /* those that are found */
  assert_choice (self, "2", 1);
  gtk_editable_set_text (entry, "nowhere");
  assert_shown (self, "");
  gtk_editable_set_text (entry, "CONNECTED");
  assert_shown (self, "1 2 3 4");
  gtk_editable_set_text (entry, "");
  gtk_selection_model_select_all (self->model);
  assert_choice (self, "all", 1);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (note)));

  set_state (self, "connections.show", "open");
  close (self->clients[2]);
  self->clients[2] = -1;
  check_wait (is_shown (self, "1 2 4"));
  set_state (self, "connections.show", "ended");
  assert_shown (self, "3");
  set_state (self, "connections.show", "all");
  gtk_widget_activate_action (GTK_WIDGET (self->list), "connections.remove-ended", NULL);
  assert_shown (self, "1 2 4");
  g_assert_cmpstr (gtk_label_get_label (note), ==, "3 of 4 shown");
}

/* Nothing moves while it is held, and what waited comes then. */
static void
test_held (Fixture *self, gconstpointer data)
{
  SocketeerConnectionModel *model = SOCKETEER_CONNECTION_MODEL (self->model);
  int late;

  set_state (self, "connections.order", "received");
  socketeer_connection_model_set_held (model, TRUE);
  receive (self, 3, 10);
  late = check_socket_connect (check_port_of (skt_session_get_target (self->session)));
  check_wait_for_connection (self->session, N_CLIENTS + 1);
  assert_shown (self, "1 2 3 4 5");
  socketeer_connection_model_set_held (model, FALSE);
  check_wait (is_shown (self, "3 1 2 4 5"));
  close (late);
}

static void
test_disconnect_chosen (Fixture *self, gconstpointer data)
{
  /* “All” is not ended by it */
  gtk_widget_activate_action (GTK_WIDGET (self->list), "connections.disconnect", NULL);
  gtk_selection_model_select_item (self->model, 2, TRUE);
  gtk_selection_model_select_item (self->model, 3, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (self->list), "connections.disconnect", NULL);
  for (guint i = 1; i <= 2; i++)
    {
      char end;

      g_assert_cmpuint (check_socket_receive (self->clients[i], &end, 1), ==, 0);
      close (self->clients[i]);
      self->clients[i] = -1;
    }
  check_wait (skt_session_get_n_open (self->session) == 2);
  g_assert_true (skt_connection_can_send (skt_session_get_connection (self->session, 1)));
  g_assert_true (skt_connection_can_send (skt_session_get_connection (self->session, 4)));
}

/* Random operations beside a plain model of what is to be chosen. */
static void
test_random_choice (Fixture *self, gconstpointer data)
{
  static const char *const orders[] = { "arrival", "newest", "address", "state", "received", "sent" };

  for (guint round = 0; round < 2000; round++)
    {
      guint position = g_test_rand_int_range (0, N_CLIENTS + 1);
      g_autoptr (GPtrArray) choice = NULL;
      guint n_selected = 0;

      switch (g_test_rand_int_range (0, 5))
        {
        case 0:
          set_state (self, "connections.order", orders[g_test_rand_int_range (0, G_N_ELEMENTS (orders))]);
          break;
        case 1:
          gtk_selection_model_select_item (self->model, position, g_test_rand_bit ());
          g_assert_true (gtk_selection_model_is_selected (self->model, position));
          break;
        case 2:
          gtk_selection_model_unselect_item (self->model, position);
          break;
        case 3:
          gtk_selection_model_select_range (self->model, position, 2, g_test_rand_bit ());
          break;
        default:
          gtk_selection_model_select_all (self->model);
          break;
        }
      choice = socketeer_connection_list_dup_choice (self->list);
      g_assert_true ((choice == NULL) == gtk_selection_model_is_selected (self->model, 0));
      for (guint i = 1; i <= N_CLIENTS; i++)
        if (gtk_selection_model_is_selected (self->model, i))
          {
            g_autoptr (SocketeerConnectionPlace) place = g_list_model_get_item (G_LIST_MODEL (self->model), i);
            SktConnection *connection = socketeer_connection_place_get_connection (place);

            n_selected++;
            g_assert_nonnull (choice);
            g_assert_true (g_ptr_array_find (choice, connection, NULL));
          }
      g_assert_cmpuint (n_selected, ==, choice != NULL ? choice->len : 0);
    }
}

static guint
count_filled (Fixture *self, guint *ret_n_rows)
{
  GtkWidget *list_view = check_child (self->list, SOCKETEER_TYPE_CONNECTION_LIST, "list_view");
  guint n_filled = 0, n_rows = 0;

  for (GtkWidget *item = gtk_widget_get_first_child (list_view); item != NULL; item = gtk_widget_get_next_sibling (item))
    {
      GtkWidget *row = gtk_widget_get_first_child (item);

      if (!SOCKETEER_IS_CONNECTION_ROW (row))
        continue;
      n_rows++;
      n_filled += gtk_widget_get_first_child (row) != NULL;
    }
  *ret_n_rows = n_rows;
  return n_filled;
}

/* Far more rows than are seen are made when many clients come at once: they are not all filled in one frame. */
static void
test_rows_filled_later (void)
{
  GtkWidget *rows[40];
  guint n_filled = 0;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      rows[i] = g_object_ref_sink (socketeer_connection_row_new ());
      n_filled += gtk_widget_get_first_child (rows[i]) != NULL;
    }
  g_assert_cmpuint (n_filled, <, G_N_ELEMENTS (rows) / 2);
  /* one goes before it was filled */
  g_assert_finalize_object (g_steal_pointer (&rows[38]));
  check_wait (gtk_widget_get_first_child (rows[39]) != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i] != NULL)
      {
        g_assert_nonnull (gtk_widget_get_first_child (rows[i]));
        g_assert_finalize_object (rows[i]);
      }
}

static void
test_many_at_once (Fixture *self, gconstpointer data)
{
  enum { N_MORE = 196 };
  guint16 port = check_port_of (skt_session_get_target (self->session));
  guint n_rows = 0;
  int fds[N_MORE];

  check_frames_watch (self->window);
  for (guint i = 0; i < N_MORE; i++)
    fds[i] = check_socket_connect (port);
  check_wait (skt_session_get_n_open (self->session) == N_CLIENTS + N_MORE);
  check_wait (count_filled (self, &n_rows) == n_rows && n_rows == 1 + N_CLIENTS + N_MORE);
  check_frames (self->window, 2);
  g_test_message ("the longest frame took %" G_GINT64_FORMAT " us", check_frames_take_longest ());
  for (guint i = 0; i < N_MORE; i++)
    close (fds[i]);
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
  ADD ("/ui/connection-list/order", test_order);
  ADD ("/ui/connection-list/order-by-address", test_order_by_address);
  ADD ("/ui/connection-list/choice-outlives-order", test_choice_outlives_order);
  ADD ("/ui/connection-list/filter", test_filter);
  ADD ("/ui/connection-list/held", test_held);
  ADD ("/ui/connection-list/disconnect-chosen", test_disconnect_chosen);
  ADD ("/ui/connection-list/many-at-once", test_many_at_once);
  ADD ("/ui/connection-list/random-choice", test_random_choice);
  g_test_add_func ("/ui/connection-list/rows-filled-later", test_rows_filled_later);
  g_test_add_func ("/ui/connection-list/state-icons", test_state_icons);
  return g_test_run ();
}
