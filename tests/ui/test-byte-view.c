/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-byte-view-private.h"

static gboolean
get_flag (CheckView *self, const char *property)
{
  gboolean flag;
  g_object_get (self->view, property, &flag, NULL);
  return flag;
}

static guint64
get_new_bytes (CheckView *self)
{
  guint64 n;
  g_object_get (self->view, "new-bytes", &n, NULL);
  return n;
}

static double
get_value (CheckView *self)
{
  return gtk_adjustment_get_value (self->v);
}

static void
scroll_to (CheckView *self, double value)
{
  gtk_adjustment_set_value (self->v, value);
  check_frames (self->window, 3);
}

static void
test_empty (CheckView *self, gconstpointer data)
{
  SktPosition from, to;

  check_view_settle (self);
  g_assert_true (get_flag (self, "is-empty"));
  g_assert_true (get_flag (self, "following"));
  g_assert_false (get_flag (self, "paused"));
  g_assert_false (get_flag (self, "has-selection"));
  g_assert_cmpuint (get_new_bytes (self), ==, 0);
  g_assert_cmpuint (self->view->rows->len, ==, 0);
  g_assert_cmpfloat (check_view_get_end (self), ==, 0);
  g_assert_false (socketeer_byte_view_get_selection (self->view, &from, &to));

  gtk_widget_activate_action (GTK_WIDGET (self->view), "transcript.select-all", NULL);
  gtk_widget_activate_action (GTK_WIDGET (self->view), "transcript.copy", "s", "text");
  g_assert_false (get_flag (self, "has-selection"));
  check_press (GTK_WIDGET (self->view), GDK_KEY_Down, 0);
  check_press (GTK_WIDGET (self->view), GDK_KEY_End, GDK_CONTROL_MASK);
  check_click (GTK_WIDGET (self->view), 1, 200, 50);
  check_click (GTK_WIDGET (self->view), 3, 200, 50);
  for (guint i = 0; i < SKT_N_VIEWS; i++)
    {
      check_view_set_layout (self, i, SKT_ENCODING_GB18030);
      check_view_settle (self);
    }
  socketeer_byte_view_reload (self->view);
  check_view_settle (self);
  g_assert_true (get_flag (self, "is-empty"));

  socketeer_byte_view_set_journal (self->view, NULL, NULL);
  check_view_settle (self);
  check_click (GTK_WIDGET (self->view), 1, 200, 50);
  check_press (GTK_WIDGET (self->view), GDK_KEY_Down, 0);
  g_assert_true (get_flag (self, "is-empty"));
}

static void
test_following (CheckView *self, gconstpointer data)
{
  guint n = 0;
  CheckCount following, new_bytes;

  check_count_notify (self->view, "following", &following);
  check_count_notify (self->view, "new-bytes", &new_bytes);
  for (guint i = 0; i < 12; i++)
    {
      guint more = 1 << i;
      check_view_add_lines (self, n, more);
      n += more;
      check_view_settle (self);
      g_assert_cmpfloat (check_view_get_upper (self), ==,
                         MAX ((double) n * check_view_get_row_height (self), gtk_widget_get_height (GTK_WIDGET (self->view))));
      g_assert_cmpfloat (get_value (self), ==, check_view_get_end (self));
      g_assert_cmpuint (check_view_get_last (self), ==, n - 1);
      g_assert_false (get_flag (self, "is-empty"));
      g_assert_cmpuint (get_new_bytes (self), ==, 0);
    }
  g_assert_true (get_flag (self, "following"));
  g_assert_cmpuint (following.n, ==, 0);
  g_assert_cmpuint (new_bytes.n, ==, 0);
}

static void
test_scrolling_up (CheckView *self, gconstpointer data)
{
  CheckCount following;
  guint64 first;
  double value;

  check_view_add_lines (self, 0, 1000);
  check_view_settle (self);
  check_count_notify (self->view, "following", &following);
  value = get_value (self) - 100.5 * check_view_get_row_height (self);
  scroll_to (self, value);
  g_assert_false (get_flag (self, "following"));
  g_assert_cmpuint (following.n, ==, 1);
  g_assert_cmpfloat (get_value (self), ==, value);
  first = check_view_get_first (self);
  g_assert_cmpuint (first, ==, (guint64) (value / check_view_get_row_height (self)));

  check_view_add_lines (self, 1000, 10);
  check_view_settle (self);
  g_assert_cmpuint (check_view_get_first (self), ==, first);
  g_assert_cmpfloat (get_value (self), ==, value);
  g_assert_cmpuint (get_new_bytes (self), ==, 10 * 12);
  check_view_add_lines (self, 1010, 500);
  check_view_settle (self);
  g_assert_cmpuint (check_view_get_first (self), ==, first);
  g_assert_cmpuint (get_new_bytes (self), ==, 510 * 12);
  g_assert_cmpuint (following.n, ==, 1);

  scroll_to (self, check_view_get_end (self));
  g_assert_true (get_flag (self, "following"));
  g_assert_cmpuint (following.n, ==, 2);
  g_assert_cmpuint (get_new_bytes (self), ==, 0);
  check_view_add_lines (self, 1510, 100);
  check_view_settle (self);
  g_assert_cmpuint (check_view_get_last (self), ==, 1609);
  g_assert_cmpuint (get_new_bytes (self), ==, 0);
}

static void
test_scrolling_by_steps (CheckView *self, gconstpointer data)
{
  int row_height;

  check_view_add_lines (self, 0, 500);
  check_view_settle (self);
  row_height = check_view_get_row_height (self);
  for (guint i = 0; i < 100; i++)
    {
      double value = MAX (0, check_view_get_end (self) - (i + 1) * 37.0);
      gtk_adjustment_set_value (self->v, value);
      check_frames (self->window, 2);
      g_assert_cmpfloat (get_value (self), ==, value);
      g_assert_cmpuint (check_view_get_first (self), ==, (guint64) (value / row_height));
      g_assert_cmpfloat_with_epsilon (self->view->first_y, -(value - row_height * (guint64) (value / row_height)), 1e-6);
    }
  scroll_to (self, 0);
  g_assert_cmpuint (check_view_get_first (self), ==, 0);
  g_assert_false (get_flag (self, "following"));
}

static void
test_set_following (CheckView *self, gconstpointer data)
{
  CheckCount count;

  check_view_add_lines (self, 0, 300);
  check_view_settle (self);
  check_count_notify (self->view, "following", &count);
  socketeer_byte_view_set_following (self->view, TRUE);
  g_assert_cmpuint (count.n, ==, 0);
  scroll_to (self, 0);
  g_assert_cmpuint (count.n, ==, 1);
  g_object_set (self->view, "following", TRUE, NULL);
  g_assert_cmpuint (count.n, ==, 2);
  check_frames (self->window, 3);
  g_assert_cmpuint (check_view_get_last (self), ==, 299);
  g_assert_cmpfloat (get_value (self), ==, check_view_get_end (self));
}

/* The same record is at the top whatever the way of looking. */
static void
test_place_is_kept (CheckView *self, gconstpointer data)
{
  static const SktEncoding encodings[] = { SKT_ENCODING_UTF_8, SKT_ENCODING_GB18030, SKT_ENCODING_UTF_16LE,
                                           SKT_ENCODING_SHIFT_JIS };
  guint64 first;

  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  check_journal_add_random (self->journal, rand, 800, 200);
  check_view_settle (self);
  scroll_to (self, floor (check_view_get_end (self) / 3));
  first = check_view_get_first (self);
  g_assert_cmpuint (first, >, 10);
  for (guint round = 0; round < 3; round++)
    for (guint i = 0; i < SKT_N_VIEWS; i++)
      for (guint j = 0; j < G_N_ELEMENTS (encodings); j++)
        {
          check_view_set_layout (self, i, encodings[j]);
          check_frames (self->window, 1);
          g_assert_cmpuint (check_view_get_first (self), ==, first);
          check_view_settle (self);
          g_assert_cmpuint (check_view_get_first (self), ==, first);
          g_assert_false (get_flag (self, "following"));
          g_assert_cmpfloat (check_view_get_upper (self), ==,
                             (double) skt_row_source_get_n_rows (self->view->source) * check_view_get_row_height (self));
        }
}

static void
test_end_is_kept (CheckView *self, gconstpointer data)
{
  check_view_add_lines (self, 0, 500);
  check_view_settle (self);
  for (guint i = 0; i < 2 * SKT_N_VIEWS; i++)
    {
      check_view_set_layout (self, i % SKT_N_VIEWS, SKT_ENCODING_UTF_8);
      check_view_settle (self);
      g_assert_true (get_flag (self, "following"));
      g_assert_cmpuint (check_view_get_last (self), ==, 499);
    }
}

static void
test_filter (CheckView *self, gconstpointer data)
{
  const guint32 two[] = { 2 }, none[] = { 9 };
  g_autoptr (SktLayout) only_two = check_layout_new_filtered (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16, two, 1);
  g_autoptr (SktLayout) nothing = check_layout_new_filtered (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16, none, 1);

  for (guint i = 0; i < 300; i++)
    check_journal_add (self->journal, SKT_RECORD_RECEIVED, i % 3, "text\n", 5);
  check_view_settle (self);
  socketeer_byte_view_set_layout (self->view, only_two);
  check_view_settle (self);
  g_assert_cmpuint (skt_row_source_get_n_rows (self->view->source), ==, 200); /* connection 0 is always shown */
  socketeer_byte_view_set_layout (self->view, nothing);
  check_view_settle (self);
  g_assert_cmpuint (skt_row_source_get_n_rows (self->view->source), ==, 100);
  check_view_set_layout (self, SKT_VIEW_TEXT, SKT_ENCODING_UTF_8);
  check_view_settle (self);
  g_assert_cmpuint (check_view_get_last (self), ==, 299);
}

static void
test_pause (CheckView *self, gconstpointer data)
{
  CheckCount paused;
  double upper;

  check_view_add_lines (self, 0, 200);
  check_view_settle (self);
  upper = check_view_get_upper (self);
  check_count_notify (self->view, "paused", &paused);
  socketeer_byte_view_set_paused (self->view, FALSE);
  g_assert_cmpuint (paused.n, ==, 0);
  socketeer_byte_view_set_paused (self->view, TRUE);
  socketeer_byte_view_set_paused (self->view, TRUE);
  g_assert_cmpuint (paused.n, ==, 1);
  check_frames (self->window, 3);
  g_assert_cmpuint (get_new_bytes (self), ==, 0);

  check_view_add_lines (self, 200, 300);
  check_view_settle (self);
  g_assert_cmpuint (check_view_get_last (self), ==, 199);
  g_assert_cmpfloat (check_view_get_upper (self), ==, upper);
  g_assert_cmpuint (get_new_bytes (self), ==, 300 * 12);
  /* Nor in another way of looking. */
  check_view_set_layout (self, SKT_VIEW_HEX, SKT_ENCODING_UTF_8);
  check_view_settle (self);
  g_assert_cmpuint (check_view_get_last (self), ==, 199);
  check_view_set_layout (self, SKT_VIEW_TEXT, SKT_ENCODING_UTF_8);
  check_view_settle (self);
  g_assert_cmpuint (check_view_get_last (self), ==, 199);

  socketeer_byte_view_set_paused (self->view, FALSE);
  check_view_settle (self);
  g_assert_cmpuint (paused.n, ==, 2);
  g_assert_cmpuint (check_view_get_last (self), ==, 499);
  g_assert_cmpuint (get_new_bytes (self), ==, 0);
  g_assert_cmpfloat (check_view_get_upper (self), ==, 500.0 * check_view_get_row_height (self));
}

/* What had arrived when the view was paused is shown, so it is not new. */
static void
test_pause_counts_what_is_not_shown (CheckView *self, gconstpointer data)
{
  check_view_add_lines (self, 0, 100);
  check_view_settle (self);
  check_view_add_lines (self, 100, 5);
  socketeer_byte_view_set_paused (self->view, TRUE);
  check_view_settle (self);
  g_assert_cmpuint (check_view_get_last (self), ==, 104);
  g_assert_cmpuint (get_new_bytes (self), ==, 0);
}

static void
clear (CheckView *self)
{
  skt_journal_set_first_record (self->journal, skt_journal_get_n_records (self->journal));
  socketeer_byte_view_reload (self->view);
  check_view_settle (self);
}

static void
test_clear (CheckView *self, gconstpointer data)
{
  CheckCount is_empty;

  check_view_add_lines (self, 0, 200);
  check_view_settle (self);
  check_count_notify (self->view, "is-empty", &is_empty);
  socketeer_byte_view_select (self->view, (SktPosition){ 3, 0 }, (SktPosition){ 5, 4 });
  g_assert_true (get_flag (self, "has-selection"));
  clear (self);
  g_assert_true (get_flag (self, "is-empty"));
  g_assert_cmpuint (is_empty.n, ==, 1);
  g_assert_false (get_flag (self, "has-selection"));
  g_assert_cmpfloat (check_view_get_end (self), ==, 0);

  check_view_add_lines (self, 200, 3);
  check_view_settle (self);
  g_assert_cmpuint (self->view->rows->len, ==, 3);
  g_assert_cmpuint (check_view_get_first (self), ==, 200);
  g_assert_cmpuint (is_empty.n, ==, 2);

  /* Undone. */
  skt_journal_set_first_record (self->journal, 0);
  socketeer_byte_view_reload (self->view);
  check_view_settle (self);
  g_assert_cmpuint (skt_row_source_get_n_rows (self->view->source), ==, 203);
  g_assert_cmpuint (check_view_get_last (self), ==, 202);
}

/* What was cleared is not offered as new. */
static void
test_clear_while_scrolled_up (CheckView *self, gconstpointer data)
{
  check_view_add_lines (self, 0, 300);
  check_view_settle (self);
  scroll_to (self, 0);
  check_view_add_lines (self, 300, 100);
  check_view_settle (self);
  g_assert_cmpuint (get_new_bytes (self), ==, 1200);
  clear (self);
  g_assert_true (get_flag (self, "is-empty"));
  g_assert_cmpuint (get_new_bytes (self), ==, 0);
}

static void
test_clear_while_paused (CheckView *self, gconstpointer data)
{
  check_view_add_lines (self, 0, 300);
  check_view_settle (self);
  socketeer_byte_view_set_paused (self->view, TRUE);
  check_view_add_lines (self, 300, 100);
  check_view_settle (self);
  clear (self);
  g_assert_cmpuint (self->view->rows->len, ==, 0);
  g_assert_cmpfloat (check_view_get_end (self), ==, 0);
  check_view_add_lines (self, 400, 10);
  check_view_settle (self);
  g_assert_cmpuint (self->view->rows->len, ==, 0);
  socketeer_byte_view_set_paused (self->view, FALSE);
  check_view_settle (self);
  g_assert_cmpuint (self->view->rows->len, ==, 10);
  g_assert_cmpuint (check_view_get_first (self), ==, 400);
}

static void
test_another_journal (CheckView *self, gconstpointer data)
{
  SktJournal *other = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);

  check_view_add_lines (self, 0, 300);
  check_view_settle (self);
  socketeer_byte_view_select (self->view, (SktPosition){ 3, 0 }, (SktPosition){ 5, 4 });
  check_journal_add (other, SKT_RECORD_RECEIVED, 1, "one\ntwo\n", 8);
  socketeer_byte_view_set_journal (self->view, other, layout);
  check_view_settle (self);
  g_assert_cmpuint (self->view->rows->len, ==, 2);
  g_assert_false (get_flag (self, "has-selection"));
  skt_journal_unref (other);
}

/* Paused stays paused with another journal, or is no longer: but not half of it. */
static void
test_another_journal_while_paused (CheckView *self, gconstpointer data)
{
  SktJournal *other = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);

  socketeer_byte_view_set_paused (self->view, TRUE);
  socketeer_byte_view_set_journal (self->view, other, layout);
  check_journal_add (other, SKT_RECORD_RECEIVED, 1, "one\n", 4);
  check_view_settle (self);
  g_assert_cmpuint (self->view->rows->len, ==, get_flag (self, "paused") ? 0 : 1);
  skt_journal_unref (other);
}

static void
test_font_scale (CheckView *self, gconstpointer data)
{
  CheckCount count;
  double scale;
  int usual, least;

  check_view_add_lines (self, 0, 100);
  check_view_settle (self);
  check_count_notify (self->view, "font-scale", &count);
  usual = check_view_get_row_height (self);
  g_object_set (self->view, "font-scale", 1.0, NULL);
  g_assert_cmpuint (count.n, ==, 0);
  g_object_set (self->view, "font-scale", 0.2, NULL);
  check_view_settle (self);
  g_object_get (self->view, "font-scale", &scale, NULL);
  least = check_view_get_row_height (self);
  g_assert_cmpfloat (scale, >=, 0.3);
  g_assert_cmpint (least, >, 0);
  g_assert_cmpint (least, <, usual);
  g_assert_cmpuint (count.n, ==, 1);
  g_object_set (self->view, "font-scale", 0.1, NULL);
  g_assert_cmpuint (count.n, ==, 1);
  g_object_set (self->view, "font-scale", 10.0, NULL);
  check_view_settle (self);
  g_object_get (self->view, "font-scale", &scale, NULL);
  g_assert_cmpfloat (scale, <=, 6);
  g_assert_cmpint (check_view_get_row_height (self), >, 2 * usual);
  g_assert_cmpfloat (check_view_get_upper (self), ==, 100.0 * check_view_get_row_height (self));
  g_assert_cmpuint (check_view_get_last (self), ==, 99);
}

/* Nothing is told when nothing changes. */
static void
test_quiet (CheckView *self, gconstpointer data)
{
  static const char *const names[] = { "following", "paused", "font-scale", "has-selection", "new-bytes", "is-empty" };
  CheckCount counts[G_N_ELEMENTS (names)], value_changed, changed;

  check_view_add_lines (self, 0, 100);
  check_view_settle (self);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    check_count_notify (self->view, names[i], &counts[i]);
  check_count_signal (self->v, "value-changed", &value_changed);
  check_count_signal (self->v, "changed", &changed);
  for (guint i = 0; i < 5; i++)
    {
      socketeer_byte_view_journal_grown (self->view);
      socketeer_byte_view_set_following (self->view, TRUE);
      socketeer_byte_view_set_paused (self->view, FALSE);
      socketeer_byte_view_select (self->view, (SktPosition){ 1, 2 }, (SktPosition){ 1, 2 });
      check_frames (self->window, 2);
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpuint (counts[i].n, ==, 0);
  g_assert_cmpuint (value_changed.n, ==, 0);
  g_assert_cmpuint (changed.n, ==, 0);
}

/* A view that has nothing to do draws nothing. */
static void
test_idle (CheckView *self, gconstpointer data)
{
  check_view_add_lines (self, 0, 100);
  check_view_settle (self);
  check_frames (self->window, 5);
  g_assert_cmpuint (self->view->tick_id, ==, 0);
  check_run_for (400);
  g_assert_cmpuint (self->view->tick_id, ==, 0);
  g_assert_cmpuint (self->view->a11y_id, ==, 0);
}

/* What arrives while the view is in a tab that is not shown is there when it is. */
static void
test_unmapped (CheckView *self, gconstpointer data)
{
  check_view_add_lines (self, 0, 100);
  check_view_settle (self);
  gtk_widget_set_visible (GTK_WIDGET (self->view), FALSE);
  check_view_add_lines (self, 100, 100);
  socketeer_byte_view_journal_grown (self->view);
  check_frames (self->window, 3);
  gtk_widget_set_visible (GTK_WIDGET (self->view), TRUE);
  check_frames (self->window, 5);
  g_assert_cmpuint (check_view_get_last (self), ==, 199);
}

static void
test_events (CheckView *self, gconstpointer data)
{
  g_autoptr (GString) note = g_string_new (NULL);

  while (note->len < 4095)
    g_string_append_c (note, 'n');
  g_string_append (note, "中中中");
  check_journal_add (self->journal, SKT_RECORD_NOTE, 0, note->str, note->len);
  check_journal_add (self->journal, SKT_RECORD_NOTE, 0, "\xff\xfe<b>&amp;\n\t", 13);
  for (guint kind = SKT_RECORD_RESOLVING; kind < SKT_N_RECORD_KINDS; kind++)
    for (guint i = 0; i < 2; i++)
      check_journal_add (self->journal, kind, i, i == 0 ? "127.0.0.1:1 [::1]:2" : "", i == 0 ? 19 : 0);
  for (guint i = 0; i < SKT_N_VIEWS; i++)
    {
      check_view_set_layout (self, i, SKT_ENCODING_UTF_8);
      check_view_settle (self);
      for (guint j = 0; j < self->view->rows->len; j++)
        {
          const SocketeerRow *row = g_ptr_array_index (self->view->rows, j);
          g_assert_nonnull (row->words);
          g_assert_true (g_utf8_validate (row->words, -1, NULL));
        }
    }
  gtk_widget_activate_action (GTK_WIDGET (self->view), "transcript.select-all", NULL);
  check_clear_clipboard (GTK_WIDGET (self->view));
  socketeer_byte_view_copy (self->view, SKT_COPY_TEXT);
  check_frames (self->window, 3);
}

/* Rows have a child each that says them, renewed with them. */
static void
test_accessible_rows (CheckView *self, gconstpointer data)
{
  GtkWidget *child;

  check_view_add_lines (self, 0, 3);
  check_view_settle (self);
  check_wait (self->view->a11y_id == 0);
  child = gtk_widget_get_first_child (GTK_WIDGET (self->view));
  g_assert_nonnull (child);
  g_assert_cmpint (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (child)), ==, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, "Transcript");
  for (guint i = 0; i < 3; i++)
    {
      const SocketeerRow *row = g_ptr_array_index (self->view->rows, i);
      g_autofree char *label = socketeer_row_to_label (row, self->view->layout, NULL);
      gtk_test_accessible_assert_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, label);
      child = gtk_widget_get_next_sibling (child);
    }
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
  check_view_add ("/ui/byte-view/empty", test_empty);
  check_view_add ("/ui/byte-view/following", test_following);
  check_view_add ("/ui/byte-view/scrolling-up", test_scrolling_up);
  check_view_add ("/ui/byte-view/scrolling-by-steps", test_scrolling_by_steps);
  check_view_add ("/ui/byte-view/set-following", test_set_following);
  check_view_add ("/ui/byte-view/place-is-kept", test_place_is_kept);
  check_view_add ("/ui/byte-view/end-is-kept", test_end_is_kept);
  check_view_add ("/ui/byte-view/filter", test_filter);
  check_view_add ("/ui/byte-view/pause", test_pause);
  check_view_add ("/ui/byte-view/pause-counts-what-is-not-shown", test_pause_counts_what_is_not_shown);
  check_view_add ("/ui/byte-view/clear", test_clear);
  check_view_add ("/ui/byte-view/clear-while-scrolled-up", test_clear_while_scrolled_up);
  check_view_add ("/ui/byte-view/clear-while-paused", test_clear_while_paused);
  check_view_add ("/ui/byte-view/another-journal", test_another_journal);
  check_view_add ("/ui/byte-view/another-journal-while-paused", test_another_journal_while_paused);
  check_view_add ("/ui/byte-view/font-scale", test_font_scale);
  check_view_add ("/ui/byte-view/quiet", test_quiet);
  check_view_add ("/ui/byte-view/idle", test_idle);
  check_view_add ("/ui/byte-view/unmapped", test_unmapped);
  check_view_add ("/ui/byte-view/events", test_events);
  check_view_add ("/ui/byte-view/accessible-rows", test_accessible_rows);
  return g_test_run ();
}
