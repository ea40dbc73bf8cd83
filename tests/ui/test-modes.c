/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-byte-view-private.h"
#include "socketeer-filter.h"
#include "socketeer-frame-check.h"
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

/* -- Checksums of frames ------------------------------------------------------------------------------------- */

static void
set_check (CheckView *self, const char *text)
{
  SktFrameCheck check;

  g_assert_true (skt_frame_check_parse (text, &check, NULL));
  socketeer_byte_view_set_frame_check (self->view, &check);
  check_view_settle (self);
}

/* What is known of each row: + right, x wrong, ! no room or digits, - no mark. */
static char *
dup_checks (CheckView *self)
{
  GString *marks = g_string_new (NULL);

  for (guint i = 0; i < self->view->rows->len; i++)
    g_string_append_c (marks, "-+x!!"[((SocketeerRow *) self->view->rows->pdata[i])->check_verdict]);
  return g_string_free (marks, FALSE);
}

/* What does not fit in one update is done in those that follow. */
static void
wait_checks (CheckView *self, const char *expected)
{
  gint64 end = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  for (;;)
    {
      g_autofree char *marks = dup_checks (self);
      if (g_str_equal (marks, expected))
        return;
      if (g_get_monotonic_time () > end)
        g_assert_cmpstr (marks, ==, expected);
      check_frames (self->window, 1);
    }
}

static void
add_bytes (CheckView *self, guint32 connection, const char *bytes, gsize length)
{
  check_journal_add (self->journal, SKT_RECORD_RECEIVED, connection, bytes, length);
}

static void
assert_check_words (CheckView *self, guint row, const char *expected)
{
  g_autofree char *words = _socketeer_byte_view_dup_check_words (self->view, self->view->rows->pdata[row]);
  g_assert_cmpstr (words, ==, expected);
}

static void
test_checks (CheckView *self, gconstpointer data)
{
  g_autofree char *details = NULL, *later = NULL;
  double gutter;

  set_mode (self, SKT_VIEW_TEXT, SKT_MODE_FRAMES, "fixed 11");
  gutter = _socketeer_byte_view_get_gutter_width (self->view);
  add_bytes (self, 1, "123456789\x37\x4b" "123456789\x38\x4b" "12345", 27);
  check_view_settle (self);
  wait_checks (self, "---");

  set_check (self, "crc-16/modbus");
  g_assert_cmpfloat (_socketeer_byte_view_get_gutter_width (self->view), >, gutter);
  wait_checks (self, "+x-");
  assert_check_words (self, 0, "checksum right: 4B37");
  assert_check_words (self, 1, "checksum wrong: expected 4B37, found 4B38");
  assert_check_words (self, 2, NULL);
  g_assert_nonnull (self->view->check_nodes[FALSE]);
  g_assert_nonnull (self->view->check_nodes[TRUE]);
  details = socketeer_byte_view_dup_details (self->view, (SktPosition){ 0, 15 });
  g_assert_true (g_str_has_suffix (details, "\nchecksum wrong: expected 4B37, found 4B38"));

  /* Another connection's frame interrupts the third, which is whole in the end. */
  add_bytes (self, 2, "123456789\x37\x4b", 11);
  check_view_settle (self);
  wait_checks (self, "+x-+");
  add_bytes (self, 1, "6789\x37\x4b", 6);
  check_view_settle (self);
  wait_checks (self, "+x++-");
  later = socketeer_byte_view_dup_details (self->view, (SktPosition){ 2, 1 });
  g_assert_true (g_str_has_suffix (later, "\nchecksum right: 4B37"));

  /* Other settings, another look; none, no marks; other modes have no frames. */
  set_check (self, "crc-16/modbus order=big");
  wait_checks (self, "xxxx-");
  set_check (self, "crc-16/modbus begin=10");
  wait_checks (self, "!!!!-");
  set_check (self, "none");
  wait_checks (self, "-----");
  g_assert_cmpfloat (_socketeer_byte_view_get_gutter_width (self->view), ==, gutter);
  set_check (self, "crc-16/modbus");
  set_mode (self, SKT_VIEW_TEXT, SKT_MODE_READS, NULL);
  wait_checks (self, "---");
  g_assert_cmpfloat (_socketeer_byte_view_get_gutter_width (self->view), ==, gutter);
}

/* A frame of many rows has its mark at the first; one of more than 64 KiB none. */
static void
test_checks_long (CheckView *self, gconstpointer data)
{
  static const gsize lengths[] = { 5000, SKT_FRAME_CHECK_MAX_LENGTH, SKT_FRAME_CHECK_MAX_LENGTH + 1 };
  static const SktFrameVerdict verdicts[] = { SKT_FRAME_VERDICT_RIGHT, SKT_FRAME_VERDICT_RIGHT, SKT_FRAME_VERDICT_NONE };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *bytes = g_malloc (lengths[i]);
      g_autofree char *rule = g_strdup_printf ("fixed %" G_GSIZE_FORMAT, lengths[i]);
      g_autofree char *details = NULL;
      guint64 begin = skt_journal_get_n_records (self->journal);
      SocketeerRow *row = NULL, *next = NULL;
      gsize rest = lengths[i] - 1;
      guint8 sum = 0;

      for (gsize k = 0; k < rest; k++)
        {
          bytes[k] = 'a' + k % 26;
          sum += bytes[k];
        }
      bytes[rest] = sum;
      set_mode (self, SKT_VIEW_TEXT, SKT_MODE_FRAMES, rule);
      set_check (self, "sum-8");
      for (gsize k = 0; k < lengths[i]; k += 4000)
        add_bytes (self, i + 1, bytes + k, MIN (4000, lengths[i] - k));
      check_view_settle (self);
      socketeer_byte_view_go_to (self->view, (SktPosition){ begin, 0 });
      check_view_settle (self);
      for (guint k = 0; k < self->view->rows->len; k++)
        {
          row = self->view->rows->pdata[k];
          next = k + 1 < self->view->rows->len ? self->view->rows->pdata[k + 1] : NULL;
          if (row->row.record == begin && row->row.begin == 0)
            break;
        }
      g_assert_nonnull (row);
      g_assert_true (row->row.record == begin && row->row.begin == 0);
      g_assert_cmpuint (row->row.length, ==, 1024);
      g_assert_true (row->check_is_over);
      g_assert_cmpint (row->check_verdict, ==, verdicts[i]);
      if (verdicts[i] == SKT_FRAME_VERDICT_RIGHT)
        {
          gint64 begun = g_get_monotonic_time ();
          row->check_is_over = FALSE;
          row->check_looked = 0;
          row->check_verdict = SKT_FRAME_VERDICT_NONE;
          g_assert_false (_socketeer_byte_view_checks_load (self->view));
          g_test_message ("%" G_GSIZE_FORMAT " bytes checked in %" G_GINT64_FORMAT " us", lengths[i],
                          g_get_monotonic_time () - begun);
          g_assert_cmpint (row->check_verdict, ==, SKT_FRAME_VERDICT_RIGHT);
        }
      g_assert_nonnull (next);
      g_assert_cmpint (next->check_verdict, ==, SKT_FRAME_VERDICT_NONE);
      details = socketeer_byte_view_dup_details (self->view, (SktPosition){ begin, 1030 });
      g_assert_true ((strstr (details, "checksum right") != NULL) == (verdicts[i] == SKT_FRAME_VERDICT_RIGHT));
    }
}

static void
test_frame_check (void)
{
  static const char *const texts[] = {
    "crc-16/modbus form=bytes order=big begin=1 gap=2 at=-5",
    "lrc form=hex-all order=big begin=1 gap=0 at=-2",
    "crc-32/iso-hdlc form=hex order=little begin=0 gap=0 at=-8",
    "none",
  };
  GtkWidget *widget = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_FRAME_CHECK, NULL));
  SocketeerFrameCheck *editor = SOCKETEER_FRAME_CHECK (widget);
  GtkDropDown *checksum = check_child (widget, SOCKETEER_TYPE_FRAME_CHECK, "checksum_drop_down");
  GtkDropDown *order = check_child (widget, SOCKETEER_TYPE_FRAME_CHECK, "order_drop_down");
  GtkSpinButton *begin = check_child (widget, SOCKETEER_TYPE_FRAME_CHECK, "begin_button");
  GtkWidget *box = check_child (widget, SOCKETEER_TYPE_FRAME_CHECK, "settings_box");
  CheckCount changed = { 0 };

  check_count_signal (widget, "changed", &changed);
  g_assert_false (socketeer_frame_check_get (editor)->is_on);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = NULL;
      SktFrameCheck check;

      g_assert_true (skt_frame_check_parse (texts[i], &check, NULL));
      socketeer_frame_check_set (editor, &check);
      text = skt_frame_check_to_string (socketeer_frame_check_get (editor));
      g_assert_cmpstr (text, ==, texts[i]);
      g_assert_true (gtk_widget_get_visible (box) == check.is_on);
    }
  g_assert_cmpuint (changed.n, ==, 0);

  /* Another checksum comes with its usual byte order: one change. */
  gtk_drop_down_set_selected (checksum, 1 + SKT_CHECKSUM_CRC_16_XMODEM);
  g_assert_cmpuint (changed.n, ==, 1);
  g_assert_cmpuint (gtk_drop_down_get_selected (order), ==, 0);
  gtk_drop_down_set_selected (checksum, 1 + SKT_CHECKSUM_CRC_16_MODBUS);
  g_assert_cmpuint (changed.n, ==, 2);
  g_assert_true (socketeer_frame_check_get (editor)->is_little);
  gtk_spin_button_set_value (begin, 3);
  g_assert_cmpuint (changed.n, ==, 3);
  g_assert_cmpuint (socketeer_frame_check_get (editor)->begin, ==, 3);
  gtk_drop_down_set_selected (checksum, 0);
  g_assert_cmpuint (changed.n, ==, 4);
  g_assert_false (socketeer_frame_check_get (editor)->is_on);
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
  check_view_add ("/ui/modes/checks", test_checks);
  check_view_add ("/ui/modes/checks-long", test_checks_long);
  g_test_add_func ("/ui/modes/frame-check", test_frame_check);
  return g_test_run ();
}
