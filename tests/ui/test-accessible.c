/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-announce.h"
#include "socketeer-byte-view-private.h"
#include "socketeer-byte-view-text.h"

#include <string.h>

/* What the byte view tells assistive technology: its rows as a text, the cursor, the selection. */

#define BEGIN G_GUINT64_CONSTANT (1767225600000000000) /* 2026-01-01 00:00 UTC */
#define FIRST "00:00:00.000 received from peer, 9 bytes: "
#define SECOND "00:00:00.000 sent to peer, 3 bytes: "

static char *
dup_peer (guint32 connection, gpointer user_data)
{
  return g_strdup ("peer");
}

static void
add (CheckView *self, SktRecordKind kind, const char *bytes, gsize length)
{
  SktRecord record = { .kind = kind, .connection = 1, .time_ns = BEGIN };

  g_assert_true (skt_journal_append (self->journal, &record, (const guint8 *) bytes, length, NULL));
}

static void
set_up (CheckView *self, gconstpointer data)
{
  check_view_set_up (self, data);
  socketeer_byte_view_set_peers (self->view, 0, dup_peer, NULL);
  add (self, SKT_RECORD_RECEIVED, "h\xc3\xa9 you\r\n", 9);
  add (self, SKT_RECORD_SENT, "\xff\x00z", 3);
  g_assert_true (skt_journal_flush (self->journal, NULL));
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  check_view_set_layout (self, SKT_VIEW_TEXT, SKT_ENCODING_UTF_8);
  check_view_settle (self);
}

static void
assert_unit (const SocketeerViewText *text, guint offset, SocketeerTextUnit unit, const char *expected)
{
  g_autofree char *found = NULL;
  guint begin, end;

  socketeer_view_text_find_unit (text, offset, unit, &begin, &end);
  found = socketeer_view_text_dup (text, begin, end);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_text (CheckView *self, gconstpointer data)
{
  g_autoptr (SocketeerViewText) text = socketeer_view_text_new (self->view);
  g_autofree char *whole = socketeer_view_text_dup (text, 0, G_MAXUINT);
  g_autofree char *none = socketeer_view_text_dup (text, 5, 5);

  g_assert_cmpstr (whole, ==, FIRST "h\xc3\xa9 you\\r\\n\n" SECOND "\\xFF\\0z");
  g_assert_cmpuint (text->n_chars, ==, g_utf8_strlen (whole, -1));
  g_assert_cmpstr (none, ==, "");
  assert_unit (text, strlen (FIRST) + 1, SOCKETEER_TEXT_CHARACTER, "\xc3\xa9");
  assert_unit (text, strlen (FIRST) + 1, SOCKETEER_TEXT_WORD, "h\xc3\xa9 ");
  assert_unit (text, strlen (FIRST) + 1, SOCKETEER_TEXT_LINE, FIRST "h\xc3\xa9 you\\r\\n\n");
  assert_unit (text, text->n_chars - 1, SOCKETEER_TEXT_WORD, "\\xFF\\0z");
  assert_unit (text, text->n_chars, SOCKETEER_TEXT_LINE, SECOND "\\xFF\\0z");
  assert_unit (text, text->n_chars, SOCKETEER_TEXT_CHARACTER, "");
  assert_unit (text, G_MAXUINT, SOCKETEER_TEXT_WORD, "");
}

static void
assert_place (CheckView *self, guint64 record, guint32 begin, const char *rest)
{
  g_autoptr (SocketeerViewText) text = socketeer_view_text_new (self->view);
  guint offset = socketeer_view_text_find_position (text, self->view, (SktPosition){ record, begin });
  g_autofree char *found = socketeer_view_text_dup (text, offset, G_MAXUINT);

  if (rest[0] != '\0' && strlen (found) > strlen (rest))
    found[strlen (rest)] = '\0';
  g_assert_cmpstr (found, ==, rest);
}

static void
test_places (CheckView *self, gconstpointer data)
{
  assert_place (self, 0, 0, "h\xc3\xa9 you");
  assert_place (self, 0, 3, " you");
  assert_place (self, 0, 8, "\\n\n");
  assert_place (self, 1, 1, "\\0z");
  assert_place (self, 1, 3, "");
  assert_place (self, 7, 0, "");

  check_view_set_layout (self, SKT_VIEW_HEX, SKT_ENCODING_UTF_8);
  check_view_settle (self);
  assert_place (self, 0, 3, "20 79 6f");
  assert_place (self, 1, 2, "7a");

  check_view_set_layout (self, SKT_VIEW_BOTH, SKT_ENCODING_UTF_8);
  check_view_settle (self);
  assert_place (self, 0, 3, " you\\r");
  self->view->cursor_in_hex = TRUE;
  assert_place (self, 0, 3, "20 79 6f");
}

static void
assert_change (const char *old, const char *new, guint begin, guint old_end, guint new_end)
{
  SocketeerViewText a = { .text = (char *) old, .n_chars = g_utf8_strlen (old, -1) };
  SocketeerViewText b = { .text = (char *) new, .n_chars = g_utf8_strlen (new, -1) };
  guint places[3];

  g_assert_true (socketeer_view_text_compare (&a, &b, &places[0], &places[1], &places[2]));
  g_assert_cmpuint (places[0], ==, begin);
  g_assert_cmpuint (places[1], ==, old_end);
  g_assert_cmpuint (places[2], ==, new_end);
  g_assert_false (socketeer_view_text_compare (&a, &a, &places[0], &places[1], &places[2]));
}

static void
test_compare (void)
{
  assert_change ("", "one", 0, 0, 3);
  assert_change ("one", "", 0, 3, 0);
  assert_change ("one\ntwo", "one\ntwo\nthree", 7, 7, 13);
  assert_change ("\xc3\xa9t\xc3\xa9", "\xc3\xa9s\xc3\xa9", 1, 2, 2);
  assert_change ("aa", "aaa", 2, 2, 3);
  assert_change ("aaa", "aa", 2, 3, 2);
}

/* -- What is said ------------------------------------------------------------------------------------------------ */

static void
assert_said (CheckView *self, SktPosition anchor, SktPosition cursor, const char *expected)
{
  socketeer_byte_view_select (self->view, anchor, cursor);
  check_wait (!self->view->is_to_describe);
  gtk_test_accessible_assert_property (self->view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, expected);
}

static void
assert_cursor (CheckView *self, guint64 record, guint32 begin, const char *expected)
{
  assert_said (self, (SktPosition){ record, begin }, (SktPosition){ record, begin }, expected);
}

/* Before GTK has a text interface, the row is said with the first byte in it. */
#if GTK_CHECK_VERSION(4, 14, 0)
#define ROW(row)
#else
#define ROW(row) row "\n"
#endif

static void
test_cursor (CheckView *self, gconstpointer data)
{
  check_wait (gtk_widget_has_focus (GTK_WIDGET (self->view)));
  assert_cursor (self, 1, 2, ROW (SECOND "\\xFF\\0z") "z, 7A, offset 2 (0x2)");
  assert_cursor (self, 1, 1, "null, 00, offset 1 (0x1)");
  assert_cursor (self, 1, 0, "no character, FF, offset 0 (0x0)");
  assert_cursor (self, 0, 8, ROW (FIRST "h\xc3\xa9 you\\r\\n") "line feed, 0A, offset 8 (0x8)");
  assert_cursor (self, 0, 3, "space, 20, offset 3 (0x3)");
  check_view_set_layout (self, SKT_VIEW_HEX, SKT_ENCODING_UTF_8);
  check_view_settle (self);
  assert_cursor (self, 0, 4, "79, offset 4 (0x4)");
}

static void
test_selection (CheckView *self, gconstpointer data)
{
  check_wait (gtk_widget_has_focus (GTK_WIDGET (self->view)));
  assert_said (self, (SktPosition){ 0, 1 }, (SktPosition){ 0, 4 }, "3 bytes selected, from offset 1 (0x1)");
  assert_said (self, (SktPosition){ 1, 1 }, (SktPosition){ 0, 8 }, "2 bytes selected, from offset 8 (0x8)");
  assert_said (self, (SktPosition){ 1, 2 }, (SktPosition){ 1, 1 }, "1 byte selected, from offset 1 (0x1)");
}

/* A nameless one would be read as an empty row. */
static void
test_rows (CheckView *self, gconstpointer data)
{
  check_wait (self->view->a11y_id == 0);
  g_assert_cmpuint (self->view->a11y_rows->len, ==, 2);
  gtk_test_accessible_assert_property (self->view->a11y_rows->pdata[0], GTK_ACCESSIBLE_PROPERTY_LABEL, FIRST "h\xc3\xa9 you\\r\\n");
  gtk_test_accessible_assert_property (self->view->a11y_rows->pdata[1], GTK_ACCESSIBLE_PROPERTY_LABEL, SECOND "\\xFF\\0z");
  check_view_add_lines (self, 0, 1);
  check_view_settle (self);
  check_wait (self->view->a11y_rows->len == 3);
  check_wait (self->view->a11y_id == 0);
}

#if GTK_CHECK_VERSION(4, 14, 0)
/* The interface as GTK calls it. */
static void
test_interface (CheckView *self, gconstpointer data)
{
  GtkAccessibleText *accessible = (GtkAccessibleText *) self->view;
  GtkAccessibleTextInterface *iface = g_type_interface_peek (G_OBJECT_GET_CLASS (accessible), g_type_from_name ("GtkAccessibleText"));
  g_autoptr (GBytes) whole = iface->get_contents (accessible, 0, G_MAXUINT), line = NULL, grown = NULL;
  g_autofree GtkAccessibleTextRange *ranges = NULL;
  gsize n;
  guint begin, end;

  g_assert_cmpstr (g_bytes_get_data (whole, NULL), ==, FIRST "h\xc3\xa9 you\\r\\n\n" SECOND "\\xFF\\0z");
  g_assert_false (iface->get_selection (accessible, &n, &ranges));
  socketeer_byte_view_select (self->view, (SktPosition){ 0, 0 }, (SktPosition){ 0, 3 });
  check_wait (iface->get_caret_position (accessible) == strlen (FIRST) + 2);
  g_assert_true (iface->get_selection (accessible, &n, &ranges));
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (ranges[0].start, ==, strlen (FIRST));
  g_assert_cmpuint (ranges[0].length, ==, 2);
  line = iface->get_contents_at (accessible, strlen (FIRST), GTK_ACCESSIBLE_TEXT_GRANULARITY_LINE, &begin, &end);
  g_assert_cmpstr (g_bytes_get_data (line, NULL), ==, FIRST "h\xc3\xa9 you\\r\\n\n");
  g_assert_cmpuint (begin, ==, 0);
  check_view_add_lines (self, 0, 1);
  check_view_settle (self);
  check_wait (self->view->a11y_id == 0);
  grown = iface->get_contents (accessible, 0, G_MAXUINT);
  g_assert_cmpuint (g_bytes_get_size (grown), >, g_bytes_get_size (whole));
}
#else
/* The name of the window, where there is nothing else. */
static void
test_announce (CheckView *self, gconstpointer data)
{
  gtk_window_set_title (GTK_WINDOW (self->window), "title");
  check_wait (gtk_window_is_active (GTK_WINDOW (self->window)));
  socketeer_announce (GTK_WIDGET (self->view), "connected");
  gtk_test_accessible_assert_property (self->window, GTK_ACCESSIBLE_PROPERTY_LABEL, "connected — title");
}
#endif

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);

#define ADD(path, func) g_test_add (path, CheckView, NULL, set_up, func, check_view_tear_down)
  ADD ("/ui/accessible/text", test_text);
  ADD ("/ui/accessible/places", test_places);
  g_test_add_func ("/ui/accessible/compare", test_compare);
  ADD ("/ui/accessible/cursor", test_cursor);
  ADD ("/ui/accessible/selection", test_selection);
  ADD ("/ui/accessible/rows", test_rows);
#if GTK_CHECK_VERSION(4, 14, 0)
  ADD ("/ui/accessible/interface", test_interface);
#else
  ADD ("/ui/accessible/announce", test_announce);
#endif

  return g_test_run ();
}
