/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-byte-view-private.h"
#include "socketeer-filter.h"
#include "socketeer-frame-rule.h"

/* The byte view without borders and by frames, and what chooses these. */

static void
add (CheckView *self, SktRecordKind kind, const char *text)
{
  check_journal_add (self->journal, kind, 1, text, strlen (text));
}

static void
set_mode (CheckView *self, SktView view, SktMode mode, const char *rule_text)
{
  SktFrameRule rule = { 0 };
  SktLayoutOptions options = { .view = view, .mode = mode, .bytes_per_row = 8, .frame_rule = &rule };
  g_autoptr (SktLayout) layout = NULL;

  if (rule_text != NULL)
    g_assert_true (skt_frame_rule_parse (rule_text, &rule, NULL));
  layout = skt_layout_new (&options);
  socketeer_byte_view_set_layout (self->view, layout);
  check_view_settle (self);
}

/* What the rows on the screen say, without times. */
static char *
dup_rows (CheckView *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->view->rows->len; i++)
    {
      const SocketeerRow *row = g_ptr_array_index (self->view->rows, i);
      g_string_append (text, row->words != NULL ? row->words : row->decoded.text->str);
      g_string_append (text, row->gutter != NULL ? " (time)|" : "|");
    }
  return g_string_free (text, FALSE);
}

#define assert_rows(self, expected) \
  G_STMT_START \
  { \
    g_autofree char *shown = dup_rows (self); \
    g_assert_cmpstr (shown, ==, expected); \
  } \
  G_STMT_END

static void
press (CheckView *self, guint keyval, GdkModifierType modifiers)
{
  g_assert_true (check_press (GTK_WIDGET (self->view), keyval, modifiers));
  check_frames (self->window, 2);
}

/* A line that grows is the same row, longer. */
static void
test_open_row (CheckView *self, gconstpointer data)
{
  set_mode (self, SKT_VIEW_TEXT, SKT_MODE_STREAM, NULL);
  add (self, SKT_RECORD_RECEIVED, "one");
  check_view_settle (self);
  assert_rows (self, "one (time)|");
  add (self, SKT_RECORD_RECEIVED, " line");
  check_view_settle (self);
  assert_rows (self, "one line (time)|");
  add (self, SKT_RECORD_RECEIVED, " more\nnext");
  check_view_settle (self);
  assert_rows (self, "one line more\\n (time)|next (time)|");
  add (self, SKT_RECORD_SENT, "answer");
  check_view_settle (self);
  assert_rows (self, "one line more\\n (time)|next (time)|answer (time)|");
}

/* A frame that is not complete says so, until it is. */
static void
test_unfinished (CheckView *self, gconstpointer data)
{
  const SocketeerRow *row;
  g_autofree char *label = NULL;

  set_mode (self, SKT_VIEW_TEXT, SKT_MODE_FRAMES, "fixed 6");
  add (self, SKT_RECORD_RECEIVED, "abcdefgh");
  check_view_settle (self);
  assert_rows (self, "abcdef (time)|gh (time)|");
  row = g_ptr_array_index (self->view->rows, 1);
  label = socketeer_row_to_label (row, self->view->layout, "peer");
  g_assert_true (g_str_has_suffix (label, "received from peer, 2 bytes: gh (partial frame)"));
  add (self, SKT_RECORD_RECEIVED, "ijkl");
  check_view_settle (self);
  assert_rows (self, "abcdef (time)|ghijkl (time)|");
}

/* The cursor goes through a row of several reads byte by byte, and is in one place in each mode. */
static void
test_cursor (CheckView *self, gconstpointer data)
{
  static const SktPosition expected[] = { { 0, 1 }, { 1, 0 }, { 2, 0 }, { 2, 1 }, { 2, 2 } };

  add (self, SKT_RECORD_RECEIVED, "ab");
  add (self, SKT_RECORD_RECEIVED, "c");
  add (self, SKT_RECORD_RECEIVED, "d\ne");
  set_mode (self, SKT_VIEW_TEXT, SKT_MODE_STREAM, NULL);
  assert_rows (self, "abcd\\n (time)|e (time)|");
  socketeer_byte_view_select (self->view, (SktPosition){ 0, 0 }, (SktPosition){ 0, 0 });
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      press (self, GDK_KEY_Right, 0);
      g_assert_cmpuint (self->view->cursor.record, ==, expected[i].record);
      g_assert_cmpuint (self->view->cursor.begin, ==, expected[i].begin);
    }
  press (self, GDK_KEY_Up, 0);
  press (self, GDK_KEY_Home, 0);
  g_assert_cmpuint (self->view->cursor.record, ==, 0);
  press (self, GDK_KEY_Down, GDK_SHIFT_MASK);
  set_mode (self, SKT_VIEW_TEXT, SKT_MODE_READS, NULL);
  g_assert_true (self->view->has_selection);
  g_assert_cmpuint (self->view->anchor.record, ==, 0);
  g_assert_cmpuint (self->view->cursor.record, ==, 2);
  g_assert_cmpuint (self->view->cursor.begin, ==, 2);
}

/* A triple click takes what is one thing in the mode. */
static void
test_unit (CheckView *self, gconstpointer data)
{
  SktPosition from, to;
  double y;

  add (self, SKT_RECORD_RECEIVED, "abc");
  add (self, SKT_RECORD_RECEIVED, "def\nghi");
  set_mode (self, SKT_VIEW_BOTH, SKT_MODE_FRAMES, "fixed 20");
  add (self, SKT_RECORD_RECEIVED, "0123456789ABCDEF");
  check_view_settle (self);
  y = self->view->first_y + 2.5 * check_view_get_row_height (self);
  check_click (GTK_WIDGET (self->view), 3, _socketeer_byte_view_get_content_x (self->view) + 4, y);
  g_assert_true (socketeer_byte_view_get_selection (self->view, &from, &to));
  g_assert_cmpuint (from.record, ==, 0);
  g_assert_cmpuint (from.begin, ==, 0);
  g_assert_cmpuint (to.record, ==, 2);
  g_assert_cmpuint (to.begin, ==, 10);
}

static void
test_frame_rule (void)
{
  static const struct
  {
    const char *rule;
    const char *words;
  } rules[] = {
    { "line crlf", "Lines, CRLF" },
    { "fixed 1", "1 byte each" },
    { "fixed 24", "24 bytes each" },
    { "delimiter 0d0a", "Up to 0d 0a" },
    { "length offset=4 width=8 order=little counts=all adjust=-3", "Length at 4" },
    { "pause 250", "Pause of 250 ms" },
  };
  GtkWidget *widget = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_FRAME_RULE, NULL));
  CheckCount changed = { 0 };
  GtkEntry *entry = check_child (widget, SOCKETEER_TYPE_FRAME_RULE, "delimiter_entry");
  GtkWidget *problem = check_child (widget, SOCKETEER_TYPE_FRAME_RULE, "problem_label");

  check_count_signal (widget, "changed", &changed);
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      SktFrameRule rule;
      g_autofree char *words = NULL, *text = NULL;

      g_assert_true (skt_frame_rule_parse (rules[i].rule, &rule, NULL));
      socketeer_frame_rule_set (SOCKETEER_FRAME_RULE (widget), &rule);
      text = skt_frame_rule_to_string (socketeer_frame_rule_get (SOCKETEER_FRAME_RULE (widget)));
      g_assert_cmpstr (text, ==, rules[i].rule);
      words = socketeer_frame_rule_to_words (&rule);
      g_assert_cmpstr (words, ==, rules[i].words);
    }

  /* What is wrong is said, and the last good rule stays. */
  gtk_drop_down_set_selected (check_child (widget, SOCKETEER_TYPE_FRAME_RULE, "kind_drop_down"), SKT_FRAME_DELIMITER);
  gtk_editable_set_text (GTK_EDITABLE (entry), "0d");
  changed.n = 0;
  gtk_editable_set_text (GTK_EDITABLE (entry), "0d 0");
  g_assert_true (gtk_widget_get_visible (problem));
  g_assert_cmpuint (changed.n, ==, 0);
  g_assert_cmpuint (socketeer_frame_rule_get (SOCKETEER_FRAME_RULE (widget))->delimiter_length, ==, 1);
  gtk_editable_set_text (GTK_EDITABLE (entry), "0d 0a");
  g_assert_false (gtk_widget_get_visible (problem));
  g_assert_cmpuint (changed.n, ==, 1);
  g_assert_cmpuint (socketeer_frame_rule_get (SOCKETEER_FRAME_RULE (widget))->delimiter_length, ==, 2);
  g_object_unref (widget);
}

static void
test_filter (void)
{
  GtkWidget *widget = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_FILTER, NULL));
  SocketeerFilter *filter = SOCKETEER_FILTER (widget);
  GtkEditable *entry = check_child (widget, SOCKETEER_TYPE_FILTER, "entry");
  GtkCheckButton *sent = check_child (widget, SOCKETEER_TYPE_FILTER, "sent_button");
  CheckCount changed = { 0 };

  check_count_signal (widget, "changed", &changed);
  g_assert_false (socketeer_filter_is_active (filter));
  g_assert_null (socketeer_filter_dup_pattern (filter, SKT_ENCODING_UTF_8));
  gtk_check_button_set_active (sent, FALSE);
  g_assert_true (socketeer_filter_is_active (filter));
  g_assert_false (socketeer_filter_shows_sent (filter));
  g_assert_true (socketeer_filter_shows_received (filter));
  g_assert_cmpuint (changed.n, ==, 1);

  /* One change for what is typed in one go. */
  gtk_editable_set_text (entry, "a");
  gtk_editable_set_text (entry, "ab");
  while (changed.n < 2)
    check_iterate (G_MAXINT64, "the text");
  {
    g_autoptr (SktPattern) pattern = socketeer_filter_dup_pattern (filter, SKT_ENCODING_UTF_8);
    gsize begin, end;
    g_assert_true (skt_pattern_find (pattern, (const guint8 *) "xAB", 3, 0, &begin, &end));
  }
  socketeer_filter_reset (filter);
  g_assert_false (socketeer_filter_is_active (filter));
  g_assert_true (socketeer_filter_shows_sent (filter));
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "");
  g_object_unref (widget);
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
  check_view_add ("/ui/modes/open-row", test_open_row);
  check_view_add ("/ui/modes/unfinished", test_unfinished);
  check_view_add ("/ui/modes/cursor", test_cursor);
  check_view_add ("/ui/modes/unit", test_unit);
  g_test_add_func ("/ui/modes/frame-rule", test_frame_rule);
  g_test_add_func ("/ui/modes/filter", test_filter);
  return g_test_run ();
}
