/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-inspector.h"
#include "socketeer-settings.h"
#include "socketeer-transcript.h"
#include "socketeer-value-row.h"

typedef struct
{
  SktJournal *journal;
  SocketeerTranscript *transcript;
  SocketeerInspector *inspector;
  SocketeerByteView *view;
  GtkWidget *window;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  static const char *const keys[] = { "view", "encoding", "inspector", "inspector-page", "inspector-byte-order" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (socketeer_settings_get (), keys[i]);
  self->journal = check_journal_new ();
  self->transcript = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_TRANSCRIPT, NULL));
  self->view = socketeer_transcript_get_byte_view (self->transcript);
  self->inspector = check_child (self->transcript, SOCKETEER_TYPE_TRANSCRIPT, "inspector");
  socketeer_transcript_set_journal (self->transcript, self->journal);
  self->window = check_window_new (GTK_WIDGET (self->transcript));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  check_window_destroy (self->window);
  g_assert_finalize_object (self->transcript);
  skt_journal_unref (self->journal);
}

static void
add (Fixture *self, SktRecordKind kind, const void *bytes, gsize length)
{
  check_journal_add (self->journal, kind, 1, bytes, length);
  socketeer_byte_view_journal_grown (self->view);
  check_frames (self->window, 3);
}

static void
put_cursor (Fixture *self, guint64 record, guint32 begin)
{
  SktPosition at = { record, begin };

  socketeer_byte_view_select (self->view, at, at);
  check_frames (self->window, 3);
}

static void
select_bytes (Fixture *self, guint64 from, guint32 from_begin, guint64 to, guint32 to_begin)
{
  socketeer_byte_view_select (self->view, (SktPosition){ from, from_begin }, (SktPosition){ to, to_begin });
  check_frames (self->window, 3);
}

static void
show (Fixture *self, const char *page)
{
  g_settings_set_string (socketeer_settings_get (), "inspector-page", page);
  gtk_toggle_button_set_active (check_child (self->transcript, SOCKETEER_TYPE_TRANSCRIPT, "inspector_button"), TRUE);
  check_frames (self->window, 3);
}

/* -- Rows, by what a screen reader says of them ----------------------------------------------------------------- */

static GtkWidget *
find_row (Fixture *self, const char *spoken)
{
  const char *const lists[] = { "cursor_list", "selection_list" };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      GtkWidget *list = check_child (self->inspector, SOCKETEER_TYPE_INSPECTOR, lists[i]);

      for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL; row = gtk_widget_get_next_sibling (row))
        {
          g_autofree char *problem
              = gtk_test_accessible_check_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
          if (problem == NULL && gtk_widget_get_visible (row))
            return row;
        }
    }
  return NULL;
}

static void
check_row (Fixture *self, const char *spoken)
{
  if (find_row (self, spoken) == NULL)
    g_error ("There is no row “%s”", spoken);
}

static void
wait_row (Fixture *self, const char *spoken)
{
  g_test_message ("waiting for %s", spoken);
  check_wait (find_row (self, spoken) != NULL);
}

static const char *
get_hint (Fixture *self)
{
  return gtk_label_get_label (check_child (self->inspector, SOCKETEER_TYPE_INSPECTOR, "cursor_hint"));
}

/* -- At the cursor ---------------------------------------------------------------------------------------------- */

static void
test_values (Fixture *self, gconstpointer data)
{
  add (self, SKT_RECORD_RECEIVED, "xx", 2);
  add (self, SKT_RECORD_SENT, "\x01\x02\x03\x04\xff", 5);
  put_cursor (self, 1, 0);
  show (self, "cursor");
  check_row (self, "Hex: 0x01");
  check_row (self, "uint16, little endian: 513");
  check_row (self, "uint16, big endian: 258");
  check_row (self, "int32, big endian: 16909060");
  check_row (self, "uint64, little endian: —");
  check_row (self, "IPv4: 1.2.3.4");
  g_assert_cmpstr (get_hint (self), ==, "Sent, offset 0 (0x0)");

  put_cursor (self, 1, 4);
  check_row (self, "int8: -1");
  check_row (self, "int16, big endian: —");
  g_assert_cmpstr (get_hint (self), ==, "Sent, offset 4 (0x4)");
}

static void
test_no_byte (Fixture *self, gconstpointer data)
{
  show (self, "cursor");
  check_row (self, "Hex: —");
  g_assert_cmpstr (get_hint (self), ==, "There is no byte at the cursor.");
  add (self, SKT_RECORD_RECEIVED, "a", 1);
  put_cursor (self, 0, 0);
  check_row (self, "Hex: 0x61");
  put_cursor (self, 0, 1);
  check_row (self, "Hex: —");
}

/* A number of which the second half comes later, and of another read. */
static void
test_growing (Fixture *self, gconstpointer data)
{
  add (self, SKT_RECORD_RECEIVED, "\x01\x02", 2);
  put_cursor (self, 0, 0);
  show (self, "cursor");
  check_row (self, "uint32, big endian: —");
  add (self, SKT_RECORD_SENT, "zz", 2);
  add (self, SKT_RECORD_RECEIVED, "\x03\x04", 2);
  socketeer_inspector_journal_grown (self->inspector);
  check_frames (self->window, 3);
  check_row (self, "uint32, big endian: 16909060");
}

static void
test_start_of_selection (Fixture *self, gconstpointer data)
{
  add (self, SKT_RECORD_NOTE, "note", 4);
  add (self, SKT_RECORD_RECEIVED, "abcdef", 6);
  show (self, "cursor");
  select_bytes (self, 1, 4, 1, 2); /* made backwards: it begins at c all the same */
  check_row (self, "Hex: 0x63");
  select_bytes (self, 0, 0, 2, 0);
  check_row (self, "Hex: 0x61");
}

static void
test_order (Fixture *self, gconstpointer data)
{
  g_autofree char *order = NULL;

  add (self, SKT_RECORD_RECEIVED, "\x01\x02", 2);
  put_cursor (self, 0, 0);
  show (self, "cursor");
  gtk_toggle_button_set_active (check_child (self->inspector, SOCKETEER_TYPE_INSPECTOR, "big_button"), TRUE);
  g_assert_null (find_row (self, "uint16, little endian: 513"));
  check_row (self, "uint16, big endian: 258");
  check_row (self, "uint8: 1");
  gtk_toggle_button_set_active (check_child (self->inspector, SOCKETEER_TYPE_INSPECTOR, "little_button"), TRUE);
  g_assert_null (find_row (self, "uint16, big endian: 258"));
  check_row (self, "uint16, little endian: 513");
  order = g_settings_get_string (socketeer_settings_get (), "inspector-byte-order");
  g_assert_cmpstr (order, ==, "little");
}

static void
test_encoding (Fixture *self, gconstpointer data)
{
  add (self, SKT_RECORD_RECEIVED, "\x82\xa0\xc4\xe3", 4);
  put_cursor (self, 0, 0);
  show (self, "cursor");
  check_row (self, "UTF-8: —");
  g_assert_null (find_row (self, "UTF-8: あ U+3042"));
  socketeer_transcript_set_encoding (self->transcript, SKT_ENCODING_SHIFT_JIS);
  check_frames (self->window, 3);
  check_row (self, "Shift_JIS: あ U+3042");
  put_cursor (self, 0, 2);
  wait_row (self, "GB18030: 你 U+4F60");
}

/* Nothing is made while nobody sees it. */
static void
test_hidden (Fixture *self, gconstpointer data)
{
  GtkToggleButton *button = check_child (self->transcript, SOCKETEER_TYPE_TRANSCRIPT, "inspector_button");
  GtkWidget *list = check_child (self->inspector, SOCKETEER_TYPE_INSPECTOR, "cursor_list");

  add (self, SKT_RECORD_RECEIVED, "ab", 2);
  put_cursor (self, 0, 0);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (self->inspector)));
  g_assert_null (gtk_widget_get_first_child (list));

  show (self, "cursor");
  check_row (self, "Hex: 0x61");
  g_assert_true (g_settings_get_boolean (socketeer_settings_get (), "inspector"));
  gtk_toggle_button_set_active (button, FALSE);
  g_assert_false (g_settings_get_boolean (socketeer_settings_get (), "inspector"));
  put_cursor (self, 0, 1);
  check_row (self, "Hex: 0x61");
  gtk_toggle_button_set_active (button, TRUE);
  check_frames (self->window, 3);
  check_row (self, "Hex: 0x62");
}

static void
test_close (Fixture *self, gconstpointer data)
{
  add (self, SKT_RECORD_RECEIVED, "ab", 2);
  put_cursor (self, 0, 0);
  gtk_widget_activate_action (GTK_WIDGET (self->view), "transcript.inspect", NULL);
  check_frames (self->window, 3);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (self->inspector)));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (self->window)) == find_row (self, "Hex: 0x61"));
  g_assert_true (check_press (GTK_WIDGET (self->inspector), GDK_KEY_Escape, 0));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (self->inspector)));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (self->window)) == GTK_WIDGET (self->view));
}

/* -- Copying ---------------------------------------------------------------------------------------------------- */

static void
check_clipboard (Fixture *self, const char *wanted)
{
  g_autofree char *text = NULL;

  check_frames (self->window, 1);
  text = check_dup_clipboard (self->window);
  g_assert_cmpstr (text, ==, wanted);
}

static void
test_copy_value (Fixture *self, gconstpointer data)
{
  GtkWidget *row;

  add (self, SKT_RECORD_RECEIVED, "\x01\x02\x03\x04", 4);
  put_cursor (self, 0, 0);
  show (self, "cursor");
  socketeer_value_row_copy (SOCKETEER_VALUE_ROW (find_row (self, "uint32, big endian: 16909060")));
  check_clipboard (self, "16909060");

  row = find_row (self, "uint16, little endian: 513");
  g_assert_true (check_press (row, GDK_KEY_c, GDK_CONTROL_MASK));
  check_clipboard (self, "513");
  g_signal_emit_by_name (gtk_widget_get_parent (row), "row-activated", find_row (self, "Binary: 00000001"));
  check_clipboard (self, "00000001");

  /* There is nothing to copy, and nothing is. */
  check_clear_clipboard (self->window);
  socketeer_value_row_copy (SOCKETEER_VALUE_ROW (find_row (self, "double, big endian: —")));
  check_clipboard (self, "(nothing copied)");
}

static void
wait_clipboard (Fixture *self, const char *wanted)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;

  while (TRUE)
    {
      g_autofree char *text = check_dup_clipboard (self->window);
      if (g_strcmp0 (text, wanted) == 0)
        return;
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      check_frames (self->window, 1);
    }
}

static void
test_copy_as (Fixture *self, gconstpointer data)
{
  static const char *const formats[][2] = {
    { "text", "a\\0\n" },         { "hex", "61 00 0a" },
    { "python", "b'a\\x00\\n'" }, { "escaped", "a\\0\\n" },
    { "base64", "YQAK" },         { "c", "const unsigned char data[3] = {\n  0x61, 0x00, 0x0a,\n};\n" },
  };
  CheckText message;

  add (self, SKT_RECORD_RECEIVED, "a\0\n", 3);
  add (self, SKT_RECORD_NOTE, "note", 4);
  check_keep_text (self->view, "message", &message);
  select_bytes (self, 0, 0, 0, 3);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (self->view), "transcript.copy", "s", formats[i][0]);
      wait_clipboard (self, formats[i][1]);
    }
  g_assert_cmpuint (message.n, ==, 0);

  /* An event has no bytes. */
  check_clear_clipboard (self->window);
  select_bytes (self, 1, 0, 2, 0);
  gtk_widget_activate_action (GTK_WIDGET (self->view), "transcript.copy", "s", "json");
  check_wait (message.n == 1);
  g_assert_cmpstr (message.text, ==, "There are no bytes in the selection.");
  check_clipboard (self, "(nothing copied)");
  check_text_clear (&message);
}

/* -- The selection ---------------------------------------------------------------------------------------------- */

static gboolean
is_shown (Fixture *self, const char *child)
{
  return gtk_widget_get_visible (check_child (self->inspector, SOCKETEER_TYPE_INSPECTOR, child));
}

static void
test_selection (Fixture *self, gconstpointer data)
{
  add (self, SKT_RECORD_RECEIVED, "x12345", 6);
  add (self, SKT_RECORD_SENT, "6789", 4);
  show (self, "selection");
  g_assert_true (is_shown (self, "selection_hint"));
  g_assert_false (is_shown (self, "selection_window"));
  select_bytes (self, 0, 1, 1, 4);
  g_assert_false (is_shown (self, "selection_hint"));
  check_row (self, "Length: 9");
  check_row (self, "Sum: 477");
  check_row (self, "Distinct bytes: 9");
  check_row (self, "Entropy: 3.1699");
  check_row (self, "Sum 8: 0xDD");
  check_row (self, "XOR 8: 0x31");
  check_row (self, "CRC-16/MODBUS: 0x4B37");
  check_row (self, "CRC-32/ISO-HDLC: 0xCBF43926");
  check_row (self, "MD5: 25f9e794323b453885f5181f1b624d0b");
  g_assert_false (is_shown (self, "progress_box"));
  select_bytes (self, 0, 1, 0, 3);
  check_row (self, "Length: 2");
  put_cursor (self, 0, 1);
  g_assert_true (is_shown (self, "selection_hint"));
}

static void
add_zeros (Fixture *self, guint n_mebibytes)
{
  gsize piece = 1024 * 1024;
  g_autofree guint8 *bytes = g_malloc0 (piece);

  for (guint i = 0; i < n_mebibytes; i++)
    check_journal_add (self->journal, SKT_RECORD_RECEIVED, 1, bytes, piece);
  socketeer_byte_view_journal_grown (self->view);
  check_frames (self->window, 3);
}

/* What takes long says that it is at work, and values of another selection are not shown meanwhile. */
static void
test_large_selection (Fixture *self, gconstpointer data)
{
  add (self, SKT_RECORD_RECEIVED, "abc", 3);
  add_zeros (self, 64);
  show (self, "selection");
  select_bytes (self, 0, 0, 0, 3);
  check_row (self, "Length: 3");
  select_bytes (self, 1, 0, 65, 0);
  check_row (self, "CRC-16/ARC: …");
  wait_row (self, "CRC-16/ARC: 0x0000");
  check_row (self, "Length: 67108864");
  check_row (self, "Entropy: 0.0000");
  g_assert_false (is_shown (self, "progress_box"));
}

/* Selection after selection: the last one counts, and the others end. */
static void
test_changing_selection (Fixture *self, gconstpointer data)
{
  add_zeros (self, 24);
  show (self, "selection");
  for (guint i = 0; i < 6; i++)
    select_bytes (self, i, 0, 24, 0);
  wait_row (self, "Length: 19922944");
  wait_row (self, "CRC-16/ARC: 0x0000");
  select_bytes (self, 0, 0, 24, 0);
  select_bytes (self, 0, 0, 0, 2);
  check_row (self, "Length: 2");
  check_row (self, "CRC-16/ARC: 0x0000");
  /* Another one, while the first may still be ending. */
  select_bytes (self, 1, 0, 24, 0);
  wait_row (self, "Length: 24117248");
  wait_row (self, "SHA-1: 8b0629c630f530cde051aeb42ce561756738fbe7");
}

static void
test_stop (Fixture *self, gconstpointer data)
{
  GtkButton *button = check_child (self->inspector, SOCKETEER_TYPE_INSPECTOR, "stop_button");

  add_zeros (self, 64);
  show (self, "selection");
  select_bytes (self, 0, 0, 64, 0);
  check_wait (is_shown (self, "progress_box"));
  g_assert_cmpstr (gtk_button_get_label (button), ==, "Stop");
  g_signal_emit_by_name (button, "clicked");
  check_wait (g_str_equal (gtk_button_get_label (button), "Compute"));
  check_row (self, "SHA-256: —");
  g_signal_emit_by_name (button, "clicked");
  wait_row (self, "Length: 67108864");
  wait_row (self, "CRC-16/ARC: 0x0000");
}

/* Nobody looks at it any more: it ends, and begins anew. */
static void
test_other_page (Fixture *self, gconstpointer data)
{
  add_zeros (self, 64);
  select_bytes (self, 0, 0, 64, 0);
  show (self, "cursor");
  check_row (self, "Hex: 0x00");
  check_row (self, "Length: —");
  show (self, "selection");
  check_row (self, "SHA-1: …");
  show (self, "cursor");
  show (self, "selection");
  wait_row (self, "Length: 67108864");
  wait_row (self, "CRC-16/ARC: 0x0000");
}

/* The page is closed in the midst of it; the journal must be let go. */
static void
test_close_while_running (Fixture *self, gconstpointer data)
{
  add_zeros (self, 64);
  show (self, "selection");
  select_bytes (self, 0, 0, 64, 0);
  check_row (self, "SHA-1: …");
  socketeer_transcript_close (self->transcript);
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
#define add_test(path, func) g_test_add ("/ui/inspector/" path, Fixture, NULL, set_up, func, tear_down)
  add_test ("values", test_values);
  add_test ("no-byte", test_no_byte);
  add_test ("growing", test_growing);
  add_test ("start-of-selection", test_start_of_selection);
  add_test ("order", test_order);
  add_test ("encoding", test_encoding);
  add_test ("hidden", test_hidden);
  add_test ("close", test_close);
  add_test ("copy-value", test_copy_value);
  add_test ("copy-as", test_copy_as);
  add_test ("selection", test_selection);
  add_test ("large-selection", test_large_selection);
  add_test ("changing-selection", test_changing_selection);
  add_test ("stop", test_stop);
  add_test ("other-page", test_other_page);
  add_test ("close-while-running", test_close_while_running);
  return g_test_run ();
}
