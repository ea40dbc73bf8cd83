/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-recent-row.h"
#include "socketeer-start-page.h"
#include "socketeer-stores.h"
#include "socketeer-tour.h"
#include "socketeer-tour-layout.h"

/* The start page and the card of the tour. */

static void
keep_open_cb (SocketeerStartPage *page, guint kind, const char *endpoint, gpointer user_data)
{
  char **kept = user_data;

  g_free (*kept);
  *kept = g_strdup_printf ("%u %s", kind, endpoint);
}

static guint
count_rows (GtkListBox *list)
{
  guint n = 0;

  while (gtk_list_box_get_row_at_index (list, n) != NULL)
    n++;
  return n;
}

static void
test_recent (void)
{
  SktRecent *recent = socketeer_stores_get_recent ();
  GtkWidget *page = g_object_new (SOCKETEER_TYPE_START_PAGE, NULL), *window;
  GtkListBox *list = check_child (page, SOCKETEER_TYPE_START_PAGE, "list");
  GtkWidget *box = check_child (page, SOCKETEER_TYPE_START_PAGE, "recent_box");
  g_autofree char *kept = NULL;
  CheckCount toasts = { 0 };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) action = g_simple_action_new ("new-client", NULL);
  GtkListBoxRow *row;

  g_signal_connect (page, "open", G_CALLBACK (keep_open_cb), &kept);
  check_count_signal (page, "toast", &toasts);
  skt_recent_add (recent, SKT_RECENT_CONNECT, "plc:502", 1000);
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (action));
  gtk_widget_insert_action_group (page, "win", G_ACTION_GROUP (actions));
  window = check_window_new (page);
  g_assert_cmpuint (count_rows (list), ==, 1);
  g_assert_true (gtk_widget_get_visible (box));
  skt_recent_add (recent, SKT_RECENT_LISTEN, "*:7788", 2000);
  g_assert_cmpuint (count_rows (list), ==, 2);

  row = gtk_list_box_get_row_at_index (list, 0);
  gtk_widget_activate (GTK_WIDGET (row));
  g_assert_cmpstr (kept, ==, "1 *:7788");
  g_signal_emit_by_name (row, "remove");
  g_assert_cmpuint (count_rows (list), ==, 1);
  g_assert_cmpuint (toasts.n, ==, 1);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == GTK_WIDGET (gtk_list_box_get_row_at_index (list, 0)));
  gtk_widget_activate_action (page, "start.clear-recent", NULL);
  g_assert_cmpuint (skt_recent_get_n (recent), ==, 0);
  g_assert_false (gtk_widget_get_visible (box));
  g_assert_cmpuint (toasts.n, ==, 2);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == socketeer_start_page_get_first (SOCKETEER_START_PAGE (page)));
  check_window_destroy (window);
}

static void
assert_time (GDateTime *now, int days, int hours, const char *expected)
{
  g_autoptr (GDateTime) day = g_date_time_add_days (now, -days);
  g_autoptr (GDateTime) time = g_date_time_add_hours (day, -hours);
  g_autofree char *text = socketeer_start_page_dup_time (time, now);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_time (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 3, 1, 9, 30, 0);

  assert_time (now, 0, 0, "09:30");
  assert_time (now, 0, 9, "00:30");
  assert_time (now, 0, 10, "yesterday");
  assert_time (now, 1, 9, "yesterday"); /* 28 February */
  assert_time (now, 1, 10, "02/27/26");
  assert_time (now, -1, 0, "03/02/26"); /* the clock was changed */
}

/* The text beside its buttons or above them, the card beside the rest or below it. */
static void
test_layout (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *first = gtk_label_new ("first"), *second = gtk_label_new ("second");
  int minimum, natural;

  g_object_ref_sink (box);
  gtk_widget_set_layout_manager (box, g_object_new (SOCKETEER_TYPE_TOUR_LAYOUT, NULL));
  gtk_box_append (GTK_BOX (box), first);
  gtk_widget_allocate (box, 900, 500, -1, NULL);
  g_assert_cmpint (gtk_widget_get_width (first), ==, 900);
  gtk_box_append (GTK_BOX (box), second);
  gtk_widget_measure (box, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, <, 300);
  gtk_widget_allocate (box, 900, 500, -1, NULL);
  g_assert_cmpint (gtk_widget_get_width (first) + gtk_widget_get_width (second), ==, 900);
  g_assert_cmpint (gtk_widget_get_height (second), ==, 500);
  gtk_widget_allocate (box, 600, 500, -1, NULL);
  g_assert_cmpint (gtk_widget_get_width (first), ==, 600);
  g_assert_cmpint (gtk_widget_get_width (second), ==, 600);
  g_assert_cmpint (gtk_widget_get_height (first) + gtk_widget_get_height (second), ==, 500);
  g_assert_cmpint (gtk_widget_get_height (second), <=, 200);
  gtk_widget_set_visible (second, FALSE);
  gtk_widget_allocate (box, 600, 500, -1, NULL);
  g_assert_cmpint (gtk_widget_get_height (first), ==, 500);
  g_assert_finalize_object (box);
}

static void
assert_button (GtkWidget *card, const char *name, const char *label)
{
  g_assert_cmpstr (gtk_button_get_label (check_child (card, SOCKETEER_TYPE_TOUR, name)), ==, label);
}

static void
click (GtkWidget *card, const char *name)
{
  g_signal_emit_by_name (check_child (card, SOCKETEER_TYPE_TOUR, name), "clicked");
}

static void
test_card (CheckFixture *fixture, gconstpointer data)
{
  SktSession *server = check_session_new (fixture, SKT_SESSION_SERVER), *client = check_session_new (fixture, SKT_SESSION_CLIENT);
  g_autofree char *endpoint = NULL;
  CheckCount closed = { 0 }, shown = { 0 };
  GtkWidget *window, *card, *seen;
  SktTour *tour;

  g_object_set (server, "echo", TRUE, NULL);
  endpoint = g_strdup_printf ("127.0.0.1:%u", check_session_listen (server));
  tour = skt_tour_new (server, client, endpoint);
  card = socketeer_tour_new (tour);
  seen = check_child (card, SOCKETEER_TYPE_TOUR, "seen_box");
  check_count_signal (card, "close", &closed);
  check_count_signal (card, "show-place", &shown);
  window = check_window_new (card);

  g_assert_false (gtk_widget_get_sensitive (check_child (card, SOCKETEER_TYPE_TOUR, "back_button")));
  g_assert_false (gtk_widget_get_visible (seen));
  assert_button (card, "act_button", "Connect");
  click (card, "act_button");
  check_wait (gtk_widget_get_visible (seen));
  click (card, "show_button");
  g_assert_cmpuint (shown.n, ==, 1);

  for (guint i = 1; i < SKT_TOUR_N_STEPS; i++)
    {
      assert_button (card, "next_button", "Next");
      click (card, "next_button");
      g_assert_cmpint (skt_tour_get_step (tour), ==, i);
      g_assert_true (gtk_widget_get_visible (check_child (card, SOCKETEER_TYPE_TOUR, "other_button")) == (i == SKT_TOUR_READS));
    }
  assert_button (card, "next_button", "Finish");
  click (card, "act_button");
  g_assert_true (gtk_widget_get_visible (seen));
  click (card, "back_button");
  g_assert_cmpint (skt_tour_get_step (tour), ==, SKT_TOUR_RESET);
  g_assert_false (gtk_widget_get_visible (seen));
  click (card, "next_button");
  click (card, "next_button");
  g_assert_cmpuint (closed.n, ==, 1);

  check_window_destroy (window);
  g_assert_finalize_object (tour);
  check_session_close (client);
  check_session_close (server);
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
  g_test_add_func ("/ui/start/recent", test_recent);
  g_test_add_func ("/ui/start/time", test_time);
  g_test_add_func ("/ui/tour/layout", test_layout);
  check_add ("/ui/tour/card", test_card);
  return g_test_run ();
}
