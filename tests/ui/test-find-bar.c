/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-byte-view-private.h"
#include "socketeer-find-bar.h"
#include "socketeer-settings.h"
#include "socketeer-transcript.h"

#include <string.h>

typedef struct
{
  SktJournal *journal;
  SocketeerTranscript *transcript;
  SocketeerFindBar *bar;
  SocketeerHitMarks *marks;
  SocketeerByteView *view;
  GtkWidget *window;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  static const char *const keys[] = { "view", "mode", "encoding", "font-scale", "hex-bytes-per-row" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (socketeer_settings_get (), keys[i]);
  self->journal = check_journal_new ();
  self->transcript = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_TRANSCRIPT, NULL));
  self->view = socketeer_transcript_get_byte_view (self->transcript);
  self->bar = check_child (self->transcript, SOCKETEER_TYPE_TRANSCRIPT, "find_bar");
  self->marks = check_child (self->transcript, SOCKETEER_TYPE_TRANSCRIPT, "hit_marks");
  socketeer_transcript_set_journal (self->transcript, self->journal);
  self->window = check_window_new (GTK_WIDGET (self->transcript));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gpointer weak = self->transcript;

  check_window_destroy (self->window);
  /* A worker may still have the bar until it is told. */
  g_object_add_weak_pointer (G_OBJECT (self->transcript), &weak);
  g_object_unref (self->transcript);
  check_wait (weak == NULL);
  skt_journal_unref (self->journal);
}

#define add_test(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
#define bar_child(self, name) check_child ((self)->bar, SOCKETEER_TYPE_FIND_BAR, name)

static void
settle (Fixture *self)
{
  socketeer_byte_view_journal_grown (self->view);
  socketeer_find_bar_update (self->bar);
  check_frames (self->window, 4);
}

static void
add (Fixture *self, const char *text)
{
  check_journal_add (self->journal, SKT_RECORD_RECEIVED, 1, text, strlen (text));
  settle (self);
}

static void
type (Fixture *self, const char *text)
{
  gtk_editable_set_text (bar_child (self, "entry"), text);
}

static const char *
get_count (Fixture *self)
{
  return gtk_label_get_label (bar_child (self, "count_label"));
}

static void
wait_count (Fixture *self, const char *wanted)
{
  check_wait (g_str_equal (get_count (self), wanted));
}

static gboolean
has_problem (Fixture *self)
{
  return gtk_widget_get_visible (bar_child (self, "problem_label"));
}

static void
assert_selected (Fixture *self, guint64 record, guint32 begin, guint64 to_record, guint32 end)
{
  SktPosition from, to;

  g_assert_true (socketeer_byte_view_get_selection (self->view, &from, &to));
  g_assert_cmpuint (from.record, ==, record);
  g_assert_cmpuint (from.begin, ==, begin);
  g_assert_cmpuint (to.record, ==, to_record);
  g_assert_cmpuint (to.begin, ==, end);
}

/* -- Opening and closing --------------------------------------------------------------------------------------- */

static void
test_open (Fixture *self, gconstpointer data)
{
  GtkWidget *entry = bar_child (self, "entry");

  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (self->bar)));
  g_assert_false (socketeer_find_bar_is_open (self->bar));
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  socketeer_transcript_find (self->transcript);
  check_wait (gtk_widget_get_mapped (entry));
  g_assert_true (gtk_widget_is_ancestor (gtk_root_get_focus (GTK_ROOT (self->window)), entry));
  g_assert_false (gtk_widget_get_sensitive (bar_child (self, "next_button")));
  g_assert_cmpstr (get_count (self), ==, "");

  add (self, "needle");
  type (self, "needle");
  wait_count (self, "1 of 1");
  g_assert_nonnull (self->view->search);
  socketeer_find_bar_close (self->bar);
  g_assert_null (self->view->search);
  check_wait (!gtk_widget_get_mapped (entry));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (self->window)) == GTK_WIDGET (self->view));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "needle");

  socketeer_transcript_find (self->transcript);
  wait_count (self, "1 of 1");
}

/* -- Typing and stepping --------------------------------------------------------------------------------------- */

static void
test_step (Fixture *self, gconstpointer data)
{
  add (self, "needle one\n");
  add (self, "two nee");
  add (self, "dle three Needle\n");
  socketeer_transcript_find (self->transcript);
  type (self, "needle");
  wait_count (self, "1 of 3");
  assert_selected (self, 0, 0, 0, 6);
  g_assert_false (socketeer_byte_view_get_following (self->view));

  socketeer_transcript_find_step (self->transcript, TRUE);
  wait_count (self, "2 of 3");
  assert_selected (self, 1, 4, 2, 3);
  socketeer_transcript_find_step (self->transcript, TRUE);
  wait_count (self, "3 of 3");
  assert_selected (self, 2, 10, 2, 16);
  socketeer_transcript_find_step (self->transcript, TRUE);
  wait_count (self, "1 of 3");
  socketeer_transcript_find_step (self->transcript, FALSE);
  wait_count (self, "3 of 3");
  socketeer_transcript_find_step (self->transcript, FALSE);
  wait_count (self, "2 of 3");

  gtk_toggle_button_set_active (bar_child (self, "case_button"), TRUE);
  wait_count (self, "2 of 2");

  /* From where the cursor was put. */
  socketeer_byte_view_select (self->view, (SktPosition) { 0, 2 }, (SktPosition) { 0, 2 });
  socketeer_transcript_find_step (self->transcript, FALSE);
  wait_count (self, "1 of 2");
}

static void
test_keys (Fixture *self, gconstpointer data)
{
  GtkWidget *entry = bar_child (self, "entry");

  add (self, "a b a b a");
  socketeer_transcript_find (self->transcript);
  type (self, "a");
  wait_count (self, "1 of 3");
  g_signal_emit_by_name (bar_child (self, "next_button"), "clicked");
  wait_count (self, "2 of 3");
  g_signal_emit_by_name (bar_child (self, "previous_button"), "clicked");
  wait_count (self, "1 of 3");
  g_signal_emit_by_name (bar_child (self, "close_button"), "clicked");
  check_wait (!gtk_widget_get_mapped (entry));
  /* A step opens it again, and goes on. */
  socketeer_transcript_find_step (self->transcript, TRUE);
  wait_count (self, "2 of 3");
  g_assert_true (socketeer_find_bar_is_open (self->bar));
}

static void
test_nothing (Fixture *self, gconstpointer data)
{
  add (self, "hay\n");
  socketeer_transcript_find (self->transcript);
  type (self, "needle");
  wait_count (self, "No matches");
  g_assert_false (has_problem (self));
  type (self, "");
  wait_count (self, "");
  g_assert_null (self->view->search);
}

static void
test_problems (Fixture *self, gconstpointer data)
{
  GtkDropDown *kind = bar_child (self, "kind_drop_down");
  GtkLabel *problem = bar_child (self, "problem_label");

  add (self, "hay\n");
  socketeer_transcript_find (self->transcript);
  gtk_drop_down_set_selected (kind, SKT_PATTERN_HEX);
  g_assert_false (gtk_widget_get_sensitive (bar_child (self, "case_button")));
  type (self, "61 7x");
  check_wait (has_problem (self));
  g_assert_cmpstr (gtk_label_get_label (problem), ==,
                   "“x” at position 5 is neither a hexadecimal digit nor “?”, which stands for any");
  g_assert_true (gtk_widget_has_css_class (bar_child (self, "entry"), "error"));
  g_assert_cmpstr (get_count (self), ==, "");
  type (self, "61 7?");
  wait_count (self, "1 of 1");
  g_assert_false (has_problem (self));
  g_assert_false (gtk_widget_has_css_class (bar_child (self, "entry"), "error"));

  gtk_drop_down_set_selected (kind, SKT_PATTERN_REGEX);
  type (self, "[a");
  check_wait (has_problem (self));
  g_assert_true (g_str_has_prefix (gtk_label_get_label (problem), "The regular expression has a mistake at position "));
  gtk_drop_down_set_selected (kind, SKT_PATTERN_TEXT);
  wait_count (self, "No matches");

  type (self, "é");
  wait_count (self, "No matches");
  socketeer_transcript_set_encoding (self->transcript, SKT_ENCODING_ASCII);
  check_wait (has_problem (self));
}

/* Half a byte between two keys is no mistake yet. */
static void
test_patience (Fixture *self, gconstpointer data)
{
  add (self, "hay\n");
  socketeer_transcript_find (self->transcript);
  gtk_drop_down_set_selected (bar_child (self, "kind_drop_down"), SKT_PATTERN_HEX);
  type (self, "6");
  check_wait (self->view->search == NULL && !gtk_widget_get_sensitive (bar_child (self, "next_button")));
  type (self, "61");
  wait_count (self, "1 of 1");
  g_assert_false (has_problem (self));
  check_run_for (700);
  g_assert_false (has_problem (self));
}

/* -- What is searched ------------------------------------------------------------------------------------------ */

static void
test_live (Fixture *self, gconstpointer data)
{
  socketeer_transcript_find (self->transcript);
  type (self, "needle");
  wait_count (self, "No matches");
  add (self, "a nee");
  wait_count (self, "No matches");
  add (self, "dle");
  wait_count (self, "1 match");
  add (self, " needle");
  wait_count (self, "2 matches");
  socketeer_transcript_find_step (self->transcript, TRUE);
  wait_count (self, "1 of 2");
  add (self, " needle");
  wait_count (self, "1 of 3");
  assert_selected (self, 0, 2, 1, 3);
}

static void
test_encoding (Fixture *self, gconstpointer data)
{
  add (self, "\xC4\xE3\xBA\xC3");
  socketeer_transcript_find (self->transcript);
  type (self, "好");
  wait_count (self, "No matches");
  socketeer_transcript_set_encoding (self->transcript, SKT_ENCODING_GBK);
  wait_count (self, "1 match");
  socketeer_transcript_find_step (self->transcript, TRUE);
  wait_count (self, "1 of 1");
  assert_selected (self, 0, 2, 0, 4);
}

/* Another way of looking: the place and the hit stay. */
static void
test_layout (Fixture *self, gconstpointer data)
{
  const guint32 ids[] = { 2 };
  SktPosition top;

  for (guint i = 0; i < 300; i++)
    check_journal_add (self->journal, SKT_RECORD_RECEIVED, 1 + i % 2, "a needle\n", 9);
  settle (self);
  gtk_adjustment_set_value (self->view->vadjustment, gtk_adjustment_get_upper (self->view->vadjustment) / 2);
  settle (self);
  socketeer_transcript_find (self->transcript);
  type (self, "needle");
  check_wait (g_str_has_suffix (get_count (self), " of 300") && self->view->has_selection);
  top = self->view->top;
  socketeer_transcript_set_view (self->transcript, SKT_VIEW_HEX);
  settle (self);
  check_wait (g_str_has_suffix (get_count (self), " of 300"));
  g_assert_cmpuint (self->view->top.record, ==, top.record);
  socketeer_transcript_set_filter (self->transcript, ids, 1);
  check_wait (g_str_has_suffix (get_count (self), " of 150") || g_str_equal (get_count (self), "150 matches"));
  socketeer_transcript_set_mode (self->transcript, SKT_MODE_STREAM);
  check_wait (g_str_has_suffix (get_count (self), " of 150") || g_str_equal (get_count (self), "150 matches"));
}

static void
test_clear (Fixture *self, gconstpointer data)
{
  add (self, "needle");
  socketeer_transcript_find (self->transcript);
  type (self, "needle");
  wait_count (self, "1 of 1");
  skt_journal_set_first_record (self->journal, 1);
  socketeer_byte_view_reload (self->view);
  wait_count (self, "No matches");
  add (self, "needle");
  wait_count (self, "1 match");
}

/* -- The selection --------------------------------------------------------------------------------------------- */

static void
assert_taken (Fixture *self, guint32 from, guint32 to, SktPatternKind kind, const char *text)
{
  socketeer_byte_view_select (self->view, (SktPosition) { 0, from }, (SktPosition) { 0, to });
  socketeer_transcript_find (self->transcript);
  g_assert_cmpuint (gtk_drop_down_get_selected (bar_child (self, "kind_drop_down")), ==, kind);
  g_assert_cmpstr (gtk_editable_get_text (bar_child (self, "entry")), ==, text);
}

static void
test_selection (Fixture *self, gconstpointer data)
{
  g_autofree char *much = g_strnfill (5000, 'x');

  add (self, "tick\ttock \xC3\xA9\xFF tick");
  add (self, much);
  assert_taken (self, 0, 4, SKT_PATTERN_TEXT, "tick");
  wait_count (self, "1 of 2");
  assert_taken (self, 5, 12, SKT_PATTERN_TEXT, "tock é");
  assert_taken (self, 3, 6, SKT_PATTERN_HEX, "6b 09 74");
  assert_taken (self, 12, 13, SKT_PATTERN_HEX, "ff");
  wait_count (self, "1 of 1");
  /* Too much: what was there stays. */
  socketeer_byte_view_select (self->view, (SktPosition) { 0, 0 }, (SktPosition) { 1, 5000 });
  socketeer_transcript_find (self->transcript);
  g_assert_cmpstr (gtk_editable_get_text (bar_child (self, "entry")), ==, "ff");

  socketeer_byte_view_select (self->view, (SktPosition) { 0, 14 }, (SktPosition) { 0, 18 });
  socketeer_find_bar_close (self->bar);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->view), "transcript.find-selection", NULL));
  wait_count (self, "2 of 2");
  g_assert_true (gtk_root_get_focus (GTK_ROOT (self->window)) == GTK_WIDGET (self->view));
}

/* -- What is drawn --------------------------------------------------------------------------------------------- */

static void
test_highlights (Fixture *self, gconstpointer data)
{
  const SocketeerHighlight *first;

  add (self, "one needle, 2 needles\nno\n");
  add (self, "\xC3\xA9\xE4\xBD\xA0needle\n");
  socketeer_transcript_find (self->transcript);
  type (self, "needle");
  wait_count (self, "1 of 3");
  check_wait (self->view->highlights->len == 3);
  first = (const SocketeerHighlight *) (void *) self->view->highlights->data;
  g_assert_cmpuint (first[0].row, ==, 0);
  g_assert_cmpuint (first[0].cell, ==, 4);
  g_assert_cmpuint (first[0].n_cells, ==, 6);
  g_assert_cmpuint (first[1].row, ==, 0);
  g_assert_cmpuint (first[1].cell, ==, 14);
  /* After a narrow and a wide character. */
  g_assert_cmpuint (first[2].row, ==, 2);
  g_assert_cmpuint (first[2].cell, ==, 3);
  g_assert_cmpuint (first[2].n_cells, ==, 6);
  g_assert_true (self->view->has_hit && socketeer_byte_view_is_at_hit (self->view, &self->view->hit));

  /* In two columns each, and over the end of a row twice so. */
  socketeer_transcript_set_view (self->transcript, SKT_VIEW_HEX);
  settle (self);
  check_wait (self->view->highlights->len == 2 + 2 * 2 + 2);
  socketeer_find_bar_close (self->bar);
  check_frames (self->window, 2);
  g_assert_cmpuint (self->view->highlights->len, ==, 0);
}

/* A row that is all hits is not drawn as a thousand. */
static void
test_dense (Fixture *self, gconstpointer data)
{
  g_autofree char *much = g_strnfill (200000, 'x');

  add (self, much);
  socketeer_transcript_find (self->transcript);
  type (self, "x");
  check_wait (g_str_has_suffix (get_count (self), " of 200000") || g_str_has_suffix (get_count (self), " of 200,000"));
  check_wait (self->view->highlights->len > 0);
  settle (self);
  g_assert_cmpuint (self->view->highlights->len, <, 4 * self->view->rows->len);
}

static void
test_marks (Fixture *self, gconstpointer data)
{
  const guint8 *marks;
  guint n_marks = 0, sum = 0;

  for (guint i = 0; i < 2000; i++)
    check_journal_add (self->journal, SKT_RECORD_RECEIVED, 1, i == 1000 ? "a needle\n" : "hay\n", i == 1000 ? 9 : 4);
  settle (self);
  socketeer_transcript_find (self->transcript);
  g_assert_null (socketeer_hit_marks_get (self->marks));
  type (self, "needle");
  wait_count (self, "1 of 1");
  check_wait ((marks = socketeer_hit_marks_get (self->marks)) != NULL);
  for (guint i = 0; i < SOCKETEER_N_HIT_MARKS; i++)
    {
      n_marks += marks[i];
      sum += marks[i] * i;
    }
  g_assert_cmpuint (n_marks, ==, 1);
  g_assert_cmpuint (sum, >=, SOCKETEER_N_HIT_MARKS / 2 - 3);
  g_assert_cmpuint (sum, <=, SOCKETEER_N_HIT_MARKS / 2 + 3);
  /* The row is in sight. */
  g_assert_cmpuint (((SocketeerRow *) self->view->rows->pdata[0])->row.record, <=, 1000);
  check_wait (((SocketeerRow *) self->view->rows->pdata[self->view->rows->len - 1])->row.record >= 1000);
  socketeer_find_bar_close (self->bar);
  g_assert_null (socketeer_hit_marks_get (self->marks));
}

/* A long line is scrolled sideways to the hit. */
static void
test_sideways (Fixture *self, gconstpointer data)
{
  g_autofree char *dots = g_strnfill (900, '.');
  g_autofree char *line = g_strdup_printf ("%sneedle%s\n", dots, "...");

  add (self, line);
  socketeer_transcript_find (self->transcript);
  type (self, "needle");
  wait_count (self, "1 of 1");
  check_frames (self->window, 3);
  g_assert_cmpfloat (gtk_adjustment_get_value (self->view->hadjustment), >, 900);
  type (self, "....");
  wait_count (self, "1 of 225");
  check_frames (self->window, 3);
  g_assert_cmpfloat (gtk_adjustment_get_value (self->view->hadjustment), ==, 0);
}

/* Found in what a paused view does not show: it goes on. */
static void
test_paused (Fixture *self, gconstpointer data)
{
  gboolean is_paused;

  add (self, "hay\n");
  socketeer_byte_view_set_paused (self->view, TRUE);
  add (self, "needle\n");
  socketeer_transcript_find (self->transcript);
  type (self, "needle");
  wait_count (self, "1 of 1");
  g_object_get (self->view, "paused", &is_paused, NULL);
  g_assert_false (is_paused);
}

/* Closed while a worker is at it: nothing is left (see tear_down()). */
static void
test_drop (Fixture *self, gconstpointer data)
{
  g_autofree char *much = g_strnfill (1000000, 'x');

  for (guint i = 0; i < 20; i++)
    check_journal_add (self->journal, SKT_RECORD_RECEIVED, 1, much, 1000000);
  settle (self);
  socketeer_transcript_find (self->transcript);
  gtk_drop_down_set_selected (bar_child (self, "kind_drop_down"), SKT_PATTERN_REGEX);
  type (self, "x.x$|x");
  check_wait (self->view->search != NULL);
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
  add_test ("/ui/find-bar/open", test_open);
  add_test ("/ui/find-bar/step", test_step);
  add_test ("/ui/find-bar/keys", test_keys);
  add_test ("/ui/find-bar/nothing", test_nothing);
  add_test ("/ui/find-bar/problems", test_problems);
  add_test ("/ui/find-bar/patience", test_patience);
  add_test ("/ui/find-bar/live", test_live);
  add_test ("/ui/find-bar/encoding", test_encoding);
  add_test ("/ui/find-bar/layout", test_layout);
  add_test ("/ui/find-bar/clear", test_clear);
  add_test ("/ui/find-bar/selection", test_selection);
  add_test ("/ui/find-bar/highlights", test_highlights);
  add_test ("/ui/find-bar/dense", test_dense);
  add_test ("/ui/find-bar/marks", test_marks);
  add_test ("/ui/find-bar/sideways", test_sideways);
  add_test ("/ui/find-bar/paused", test_paused);
  add_test ("/ui/find-bar/drop", test_drop);
  return g_test_run ();
}
