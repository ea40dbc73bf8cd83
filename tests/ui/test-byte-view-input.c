/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-byte-view-private.h"

/* Keys, pointer, selection and copying. */

static void
add (CheckView *self, const char *text)
{
  check_journal_add (self->journal, SKT_RECORD_RECEIVED, 1, text, strlen (text));
}

static void
press (CheckView *self, guint keyval, GdkModifierType modifiers)
{
  g_assert_true (check_press (GTK_WIDGET (self->view), keyval, modifiers));
  check_frames (self->window, 2);
}

static void
set_cursor (CheckView *self, guint64 record, guint32 begin)
{
  socketeer_byte_view_select (self->view, (SktPosition){ record, begin }, (SktPosition){ record, begin });
}

#define assert_cursor(self, r, b) \
  G_STMT_START \
  { \
    g_assert_cmpuint ((self)->view->cursor.record, ==, r); \
    g_assert_cmpuint ((self)->view->cursor.begin, ==, b); \
  } \
  G_STMT_END

/* The place of the middle of a cell, in the view's coordinates. */
static double
get_x (CheckView *self, double cell)
{
  return _socketeer_byte_view_get_content_x (self->view) + cell * socketeer_glyphs_get_advance (self->view->glyphs);
}

static double
get_y (CheckView *self, guint row)
{
  return self->view->first_y + (row + 0.5) * check_view_get_row_height (self);
}

static char *
dup_copy (CheckView *self, SktCopyFormat format)
{
  check_clear_clipboard (GTK_WIDGET (self->view));
  socketeer_byte_view_copy (self->view, format);
  for (;;)
    {
      char *text = check_dup_clipboard (GTK_WIDGET (self->view));
      if (g_strcmp0 (text, "(nothing copied)") != 0)
        return text;
      g_free (text);
      check_iterate (G_MAXINT64, "");
    }
}

#define assert_copy(self, format, expected) \
  G_STMT_START \
  { \
    g_autofree char *copied = dup_copy (self, format); \
    g_assert_cmpstr (copied, ==, expected); \
  } \
  G_STMT_END

static void
test_select (CheckView *self, gconstpointer data)
{
  CheckCount count;
  SktPosition from, to;

  add (self, "hello world\nsecond line\n");
  add (self, "third");
  check_view_settle (self);
  check_count_notify (self->view, "has-selection", &count);
  socketeer_byte_view_select (self->view, (SktPosition){ 0, 6 }, (SktPosition){ 0, 18 });
  g_assert_cmpuint (count.n, ==, 1);
  assert_copy (self, SKT_COPY_TEXT, "world\nsecond");
  assert_copy (self, SKT_COPY_HEX, "77 6f 72 6c 64 0a 73 65 63 6f 6e 64");
  /* Backwards, and over the border of two reads. */
  socketeer_byte_view_select (self->view, (SktPosition){ 1, 2 }, (SktPosition){ 0, 19 });
  g_assert_cmpuint (count.n, ==, 1);
  g_assert_true (socketeer_byte_view_get_selection (self->view, &from, &to));
  g_assert_cmpuint (from.record, ==, 0);
  g_assert_cmpuint (from.begin, ==, 19);
  g_assert_cmpuint (to.record, ==, 1);
  g_assert_cmpuint (to.begin, ==, 2);
  assert_copy (self, SKT_COPY_TEXT, "line\nth");
  assert_copy (self, SKT_COPY_HEX, "6c 69 6e 65 0a\n74 68");
  assert_copy (self, SKT_COPY_HEXDUMP,
               "00000000  6c 69 6e 65 0a 74 68                              |line.th|\n00000007\n");
  /* Drawn in each view. */
  for (guint i = 0; i < SKT_N_VIEWS; i++)
    {
      check_view_set_layout (self, i, SKT_ENCODING_UTF_8);
      check_view_settle (self);
      g_assert_true (socketeer_byte_view_get_selection (self->view, &from, &to));
      assert_copy (self, SKT_COPY_HEX, "6c 69 6e 65 0a\n74 68");
    }
  g_assert_cmpuint (count.n, ==, 1);
  set_cursor (self, 0, 0);
  g_assert_cmpuint (count.n, ==, 2);
}

/* Every range of bytes gives exactly those bytes. */
static void
test_select_each_byte (CheckView *self, gconstpointer data)
{
  guint8 bytes[40];

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = i * 37 + 11;
  check_journal_add (self->journal, SKT_RECORD_RECEIVED, 1, bytes, sizeof bytes);
  for (guint view = 0; view < SKT_N_VIEWS; view++)
    {
      check_view_set_layout (self, view, SKT_ENCODING_UTF_8);
      check_view_settle (self);
      for (guint from = 0; from < sizeof bytes; from += 5)
        for (guint to = from + 1; to <= sizeof bytes; to += 7)
          {
            g_autoptr (GString) expected = g_string_new (NULL);
            for (guint i = from; i < to; i++)
              g_string_append_printf (expected, "%s%02x", i > from ? " " : "", bytes[i]);
            socketeer_byte_view_select (self->view, (SktPosition){ 0, from }, (SktPosition){ 0, to });
            assert_copy (self, SKT_COPY_HEX, expected->str);
          }
    }
}

/* Text with NUL bytes does not end at the first. */
static void
test_copy_nul (CheckView *self, gconstpointer data)
{
  g_autofree char *text = NULL;

  check_journal_add (self->journal, SKT_RECORD_RECEIVED, 1, "before\0after", 12);
  check_view_settle (self);
  gtk_widget_activate_action (GTK_WIDGET (self->view), "transcript.select-all", NULL);
  text = dup_copy (self, SKT_COPY_TEXT);
  g_assert_nonnull (strstr (text, "before"));
  g_assert_nonnull (strstr (text, "after"));
}

static void
test_copy_action (CheckView *self, gconstpointer data)
{
  g_autofree char *nothing = NULL;

  add (self, "abc");
  check_view_settle (self);
  check_clear_clipboard (GTK_WIDGET (self->view));
  gtk_widget_activate_action (GTK_WIDGET (self->view), "transcript.copy", "s", "text");
  nothing = check_dup_clipboard (GTK_WIDGET (self->view));
  g_assert_cmpstr (nothing, ==, "(nothing copied)");
  press (self, GDK_KEY_a, GDK_CONTROL_MASK);
  assert_copy (self, SKT_COPY_TEXT, "abc");
}

static void
message_cb (SocketeerByteView *view, const char *message, char **ret_message)
{
  g_free (*ret_message);
  *ret_message = g_strdup (message);
}

static void
test_copy_too_large (CheckView *self, gconstpointer data)
{
  g_autofree guint8 *bytes = g_malloc0 (1024 * 1024);
  g_autofree char *message = NULL;

  memset (bytes, 'x', 1024 * 1024);
  for (guint i = 0; i <= SKT_COPY_MAX_BYTES / (1024 * 1024); i++)
    check_journal_add (self->journal, SKT_RECORD_RECEIVED, 1, bytes, 1024 * 1024);
  check_view_set_layout (self, SKT_VIEW_HEX, SKT_ENCODING_UTF_8);
  check_view_settle (self);
  g_signal_connect (self->view, "message", G_CALLBACK (message_cb), &message);
  gtk_widget_activate_action (GTK_WIDGET (self->view), "transcript.select-all", NULL);
  /* The first is given up for the second. */
  socketeer_byte_view_copy (self->view, SKT_COPY_HEX);
  socketeer_byte_view_copy (self->view, SKT_COPY_HEX);
  check_wait (message != NULL);
  g_assert_nonnull (strstr (message, "too large"));
}

static void
test_steps (CheckView *self, gconstpointer data)
{
  static const guint32 borders[] = { 0, 1, 4, 5, 9, 10 };

  add (self, "a中\n\xf0\x9f\x98\x80z");
  check_view_settle (self);
  set_cursor (self, 0, 0);
  for (guint i = 1; i < G_N_ELEMENTS (borders); i++)
    {
      press (self, GDK_KEY_Right, 0);
      assert_cursor (self, 0, borders[i]);
    }
  press (self, GDK_KEY_Right, 0);
  assert_cursor (self, 0, 10);
  for (guint i = G_N_ELEMENTS (borders) - 1; i > 0; i--)
    {
      press (self, GDK_KEY_Left, 0);
      assert_cursor (self, 0, borders[i - 1]);
    }
  press (self, GDK_KEY_Left, 0);
  assert_cursor (self, 0, 0);
}

static void
test_home_end (CheckView *self, gconstpointer data)
{
  add (self, "first\nsecond\n");
  add (self, "third");
  check_view_settle (self);
  set_cursor (self, 0, 2);
  press (self, GDK_KEY_End, 0);
  assert_cursor (self, 0, 5); /* before the line feed: after it is the next row */
  press (self, GDK_KEY_Home, 0);
  assert_cursor (self, 0, 0);
  press (self, GDK_KEY_End, GDK_CONTROL_MASK);
  assert_cursor (self, 1, 5);
  press (self, GDK_KEY_Home, GDK_CONTROL_MASK | GDK_SHIFT_MASK);
  assert_cursor (self, 0, 0);
  g_assert_cmpuint (self->view->anchor.record, ==, 1);
  assert_copy (self, SKT_COPY_TEXT, "first\nsecond\nthird");
}

/* Up and down go from row to row, and keep the column where rows are long enough. */
static void
test_up_down (CheckView *self, gconstpointer data)
{
  add (self, "a long first row\nshort\na long third row\n");
  check_view_settle (self);
  set_cursor (self, 0, 23 + 12);
  press (self, GDK_KEY_Up, 0);
  g_assert_cmpuint (self->view->cursor.begin, >=, 17);
  g_assert_cmpuint (self->view->cursor.begin, <, 23); /* in the short row, not at the start of the one below */
  press (self, GDK_KEY_Up, 0);
  assert_cursor (self, 0, 12);
  press (self, GDK_KEY_Down, 0);
  g_assert_cmpuint (self->view->cursor.begin, <, 23);
  press (self, GDK_KEY_Down, 0);
  assert_cursor (self, 0, 23 + 12);
}

static void
test_up_from_the_end_in_hex (CheckView *self, gconstpointer data)
{
  add (self, "0123456789abcdef0123456789abcdef0123456789abcdef");
  check_view_set_layout (self, SKT_VIEW_HEX, SKT_ENCODING_UTF_8);
  check_view_settle (self);
  set_cursor (self, 0, 48);
  self->view->cursor_in_hex = TRUE;
  press (self, GDK_KEY_Up, 0);
  g_assert_cmpuint (self->view->cursor.begin, <, 32);
  press (self, GDK_KEY_Up, 0);
  g_assert_cmpuint (self->view->cursor.begin, <, 16);
}

/* Down through everything comes to the end, up to the beginning, whatever the rows are. */
static void
test_up_down_all (CheckView *self, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  check_journal_add_random (self->journal, rand, 40, 60);
  for (guint i = 0; i < SKT_N_VIEWS; i++)
    {
      guint64 n_rows, number;

      check_view_set_layout (self, i, SKT_ENCODING_UTF_8);
      check_view_settle (self);
      n_rows = skt_row_source_get_n_rows (self->view->source);
      set_cursor (self, 0, 0);
      self->view->goal_cell = 25;
      for (number = 1; number < n_rows; number++)
        {
          g_assert_true (check_press (GTK_WIDGET (self->view), GDK_KEY_Down, 0));
          g_assert_cmpuint (skt_row_source_to_row_number (self->view->source, self->view->cursor), ==, number);
        }
      for (number = n_rows - 1; number > 0; number--)
        {
          g_assert_true (check_press (GTK_WIDGET (self->view), GDK_KEY_Up, 0));
          g_assert_cmpuint (skt_row_source_to_row_number (self->view->source, self->view->cursor), ==, number - 1);
        }
      check_frames (self->window, 2);
    }
}

/* Page Up in a view that follows shows the page above, not the beginning of all. */
static void
test_page_up_from_the_end (CheckView *self, gconstpointer data)
{
  double before;

  check_view_add_lines (self, 0, 1000);
  check_view_settle (self);
  before = gtk_adjustment_get_value (self->v);
  press (self, GDK_KEY_Page_Up, 0);
  check_view_settle (self);
  g_assert_cmpfloat (gtk_adjustment_get_value (self->v), <, before);
  g_assert_cmpfloat (gtk_adjustment_get_value (self->v), >, before - 3 * gtk_adjustment_get_page_size (self->v));
}

static void
test_pages (CheckView *self, gconstpointer data)
{
  check_view_add_lines (self, 0, 1000);
  check_view_settle (self);
  set_cursor (self, 999, 0);
  press (self, GDK_KEY_Page_Up, 0);
  g_assert_cmpuint (self->view->cursor.record, <, 999);
  for (guint i = 0; i < 200; i++)
    g_assert_true (check_press (GTK_WIDGET (self->view), GDK_KEY_Page_Up, 0));
  check_view_settle (self);
  assert_cursor (self, 0, 0);
  g_assert_cmpuint (check_view_get_first (self), ==, 0);
  g_assert_false (socketeer_byte_view_get_following (self->view));
  for (guint i = 0; i < 200; i++)
    {
      g_assert_true (check_press (GTK_WIDGET (self->view), GDK_KEY_Page_Down, 0));
      check_frames (self->window, 1);
    }
  check_view_settle (self);
  g_assert_cmpuint (self->view->cursor.record, ==, 999);
  g_assert_true (socketeer_byte_view_get_following (self->view));
}

static void
test_click (CheckView *self, gconstpointer data)
{
  add (self, "hello 中x\n");
  check_view_settle (self);
  check_click (GTK_WIDGET (self->view), 1, get_x (self, 2.2), get_y (self, 0));
  assert_cursor (self, 0, 2);
  check_click (GTK_WIDGET (self->view), 1, get_x (self, 2.8), get_y (self, 0));
  assert_cursor (self, 0, 3);
  check_click (GTK_WIDGET (self->view), 1, get_x (self, 6.8), get_y (self, 0));
  assert_cursor (self, 0, 6);
  check_click (GTK_WIDGET (self->view), 1, get_x (self, 7.2), get_y (self, 0));
  assert_cursor (self, 0, 9);
  check_click (GTK_WIDGET (self->view), 2, get_x (self, 2.5), get_y (self, 0));
  assert_copy (self, SKT_COPY_TEXT, "hello");
  check_click (GTK_WIDGET (self->view), 2, get_x (self, 6.5), get_y (self, 0));
  assert_copy (self, SKT_COPY_TEXT, "中x");
  check_click (GTK_WIDGET (self->view), 3, get_x (self, 6.5), get_y (self, 0));
  assert_copy (self, SKT_COPY_TEXT, "hello 中x\n");
}

/* A click right of a line puts the cursor at its end, not at the start of the next one. */
static void
test_click_beyond_the_line (CheckView *self, gconstpointer data)
{
  add (self, "one\ntwo\n");
  check_view_settle (self);
  check_click (GTK_WIDGET (self->view), 1, get_x (self, 30), get_y (self, 0));
  g_assert_cmpuint (self->view->cursor.begin, <, 4);
}

/* In UTF-16 a word begins and ends at characters. */
static void
test_word_in_utf_16 (CheckView *self, gconstpointer data)
{
  check_journal_add (self->journal, SKT_RECORD_RECEIVED, 1, "a\0b\0 \0c\0d\0", 10);
  check_view_set_layout (self, SKT_VIEW_TEXT, SKT_ENCODING_UTF_16LE);
  check_view_settle (self);
  check_click (GTK_WIDGET (self->view), 2, get_x (self, 3.5), get_y (self, 0));
  assert_copy (self, SKT_COPY_TEXT, "cd");
}

/* A click does not blank a row that is scrolled sideways. */
static void
test_click_when_scrolled_sideways (CheckView *self, gconstpointer data)
{
  g_autofree char *line = g_strnfill (900, 'x');
  const SocketeerRow *row;
  graphene_rect_t before, after;

  add (self, line);
  check_view_settle (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->view)); /* else the click does, which draws all anew */
  check_frames (self->window, 5);
  gtk_adjustment_set_value (self->h, 400 * socketeer_glyphs_get_advance (self->view->glyphs));
  check_frames (self->window, 3);
  row = g_ptr_array_index (self->view->rows, 0);
  g_assert_nonnull (row->content);
  gsk_render_node_get_bounds (row->content, &before);
  check_click (GTK_WIDGET (self->view), 1, 400, get_y (self, 0));
  check_frames (self->window, 3);
  row = g_ptr_array_index (self->view->rows, 0);
  g_assert_nonnull (row->content);
  gsk_render_node_get_bounds (row->content, &after);
  g_assert_cmpfloat (after.size.width, >=, before.size.width);
}

static void
test_sideways (CheckView *self, gconstpointer data)
{
  g_autofree char *line = g_strnfill (900, 'x');

  add (self, line);
  check_view_settle (self);
  g_assert_cmpfloat (gtk_adjustment_get_upper (self->h), >, 900 * socketeer_glyphs_get_advance (self->view->glyphs));
  set_cursor (self, 0, 0);
  press (self, GDK_KEY_End, 0);
  check_view_settle (self);
  g_assert_cmpfloat (gtk_adjustment_get_value (self->h), >, 0);
  g_assert_cmpfloat (get_x (self, 900), <, gtk_widget_get_width (GTK_WIDGET (self->view)));
  press (self, GDK_KEY_Home, 0);
  check_view_settle (self);
  g_assert_cmpfloat (gtk_adjustment_get_value (self->h), ==, 0);
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
  check_view_add ("/ui/byte-view-input/select", test_select);
  check_view_add ("/ui/byte-view-input/select-each-byte", test_select_each_byte);
  check_view_add ("/ui/byte-view-input/copy-action", test_copy_action);
  check_view_add ("/ui/byte-view-input/copy-nul", test_copy_nul);
  check_view_add ("/ui/byte-view-input/copy-too-large", test_copy_too_large);
  check_view_add ("/ui/byte-view-input/steps", test_steps);
  check_view_add ("/ui/byte-view-input/home-end", test_home_end);
  check_view_add ("/ui/byte-view-input/up-down", test_up_down);
  check_view_add ("/ui/byte-view-input/up-from-the-end-in-hex", test_up_from_the_end_in_hex);
  check_view_add ("/ui/byte-view-input/up-down-all", test_up_down_all);
  check_view_add ("/ui/byte-view-input/page-up-from-the-end", test_page_up_from_the_end);
  check_view_add ("/ui/byte-view-input/pages", test_pages);
  check_view_add ("/ui/byte-view-input/click", test_click);
  check_view_add ("/ui/byte-view-input/click-beyond-the-line", test_click_beyond_the_line);
  check_view_add ("/ui/byte-view-input/word-in-utf-16", test_word_in_utf_16);
  check_view_add ("/ui/byte-view-input/click-when-scrolled-sideways", test_click_when_scrolled_sideways);
  check_view_add ("/ui/byte-view-input/sideways", test_sideways);
  return g_test_run ();
}
