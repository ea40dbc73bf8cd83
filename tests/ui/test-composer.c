/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-composer.h"
#include "socketeer-format.h"
#include "socketeer-message-options.h"
#include "socketeer-settings.h"

typedef struct
{
  SocketeerComposer *composer;
  GtkTextBuffer *buffer;
  GtkDropDown *encoding, *ending;
  GtkToggleButton *hex, *text, *base64;
  GtkWidget *options;
  GtkEntry *other;
  GtkLabel *note;
  GtkWidget *escape;
  GtkLabel *problem, *count;
  GtkWidget *button;
  GBytes *sent;
  guint n_sent;
} Fixture;

static gboolean
send_cb (SocketeerComposer *composer, GBytes *bytes, Fixture *self)
{
  g_clear_pointer (&self->sent, g_bytes_unref);
  self->sent = g_bytes_ref (bytes);
  self->n_sent++;
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  static const char *const keys[] = { "send-encoding", "line-ending", "send-form", "send-escapes", "send-placeholders",
                                      "send-checksum", "send-checksum-kind", "send-checksum-range", "send-checksum-low-first" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (socketeer_settings_get (), keys[i]);
  self->composer = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_COMPOSER, NULL));
  self->buffer = gtk_text_view_get_buffer (check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "text_view"));
  self->encoding = check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "encoding_drop_down");
  self->ending = check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "ending_drop_down");
  self->hex = check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "hex_button");
  self->text = check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "text_button");
  self->problem = check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "problem_label");
  self->count = check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "count_label");
  self->button = check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "send_button");
  self->base64 = check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "base64_button");
  self->options = check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "options");
  self->other = check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "other_entry");
  self->note = check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "note_label");
  self->escape = check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "escape_button");
  g_signal_connect (self->composer, "send", G_CALLBACK (send_cb), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->sent, g_bytes_unref);
  g_assert_finalize_object (self->composer);
}

static void
type (Fixture *self, const char *text)
{
  gtk_text_buffer_set_text (self->buffer, text, -1);
}

static void
send (Fixture *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self->composer), "composer.send", NULL);
}

static void
assert_count (Fixture *self, gsize n)
{
  g_autofree char *text = socketeer_format_bytes (n);
  g_assert_cmpstr (gtk_label_get_label (self->count), ==, text);
}

/* What is counted is what is sent. */
static void
check_sends (Fixture *self, gconstpointer bytes, gsize length)
{
  guint n = self->n_sent;

  assert_count (self, length);
  g_assert_cmpstr (gtk_label_get_label (self->problem), ==, "");
  send (self);
  if (length == 0)
    {
      g_assert_cmpuint (self->n_sent, ==, n);
      g_assert_cmpstr (gtk_label_get_label (self->problem), !=, "");
      return;
    }
  g_assert_cmpuint (self->n_sent, ==, n + 1);
  g_assert_cmpmem (g_bytes_get_data (self->sent, NULL), g_bytes_get_size (self->sent), bytes, length);
}

static gboolean
is_marked (Fixture *self, guint offset)
{
  GtkTextIter iter;
  g_autoptr (GSList) tags = NULL;

  gtk_text_buffer_get_iter_at_offset (self->buffer, &iter, offset);
  tags = gtk_text_iter_get_tags (&iter);
  return tags != NULL;
}

/* Nothing is sent, and the character is shown that is to blame. */
static void
check_refuses (Fixture *self, guint offset)
{
  guint n = self->n_sent;
  GtkTextIter cursor;
  g_autofree char *position = g_strdup_printf ("%u", offset + 1);

  g_assert_cmpstr (gtk_label_get_label (self->problem), !=, "");
  g_assert_nonnull (strstr (gtk_label_get_label (self->problem), position));
  g_assert_cmpstr (gtk_label_get_label (self->count), ==, "–");
  g_assert_true (is_marked (self, offset));
  if (offset > 0)
    g_assert_false (is_marked (self, offset - 1));
  g_assert_false (is_marked (self, offset + 1));
  send (self);
  g_assert_cmpuint (self->n_sent, ==, n);
  gtk_text_buffer_get_iter_at_mark (self->buffer, &cursor, gtk_text_buffer_get_insert (self->buffer));
  g_assert_cmpint (gtk_text_iter_get_offset (&cursor), ==, offset);
  g_assert_cmpstr (gtk_label_get_label (self->problem), !=, "");
}

static void
test_text (Fixture *self, gconstpointer data)
{
  static const char *const texts[] = { "", "a", "hello", "two\nlines", "ends\n", "\n\n", "tab\there" };

  for (guint encoding = 0; encoding < SKT_N_ENCODINGS; encoding++)
    for (guint ending = 0; ending < SKT_N_LINE_ENDINGS; ending++)
      for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
        {
          g_autoptr (GBytes) expected = skt_payload_from_text (texts[i], -1, encoding, ending, NULL, NULL);
          g_autoptr (GBytes) encoded = NULL;

          gtk_drop_down_set_selected (self->encoding, encoding);
          gtk_drop_down_set_selected (self->ending, ending);
          type (self, texts[i]);
          check_sends (self, g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
          encoded = socketeer_composer_encode_text (self->composer, texts[i], NULL);
          g_assert_true (g_bytes_equal (encoded, expected));
        }
}

static void
test_known_bytes (Fixture *self, gconstpointer data)
{
  socketeer_composer_set_encoding (self->composer, SKT_ENCODING_GBK);
  gtk_drop_down_set_selected (self->ending, SKT_LINE_ENDING_CRLF);
  type (self, "你好\nx");
  check_sends (self, "\xc4\xe3\xba\xc3\r\nx\r\n", 9);
  gtk_drop_down_set_selected (self->encoding, SKT_ENCODING_UTF_16LE);
  assert_count (self, 14);
  gtk_drop_down_set_selected (self->encoding, SKT_ENCODING_UTF_8);
  gtk_drop_down_set_selected (self->ending, SKT_LINE_ENDING_NUL);
  check_sends (self, "\xe4\xbd\xa0\xe5\xa5\xbd\nx\0", 9);
}

static void
test_hex (Fixture *self, gconstpointer data)
{
  gtk_toggle_button_set_active (self->hex, TRUE);
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (self->encoding)));
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (self->ending)));
  /* The line ending is not added to hex. */
  gtk_drop_down_set_selected (self->ending, SKT_LINE_ENDING_CRLF);
  type (self, "de ad,BE:ef\n0x00 \\xff deadbeef");
  check_sends (self, "\xde\xad\xbe\xef\x00\xff\xde\xad\xbe\xef", 10);
  type (self, "");
  check_sends (self, "", 0);
  gtk_toggle_button_set_active (self->text, TRUE);
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (self->encoding)));
  type (self, "00");
  check_sends (self, "00\r\n", 4);
}

static void
test_bad_hex (Fixture *self, gconstpointer data)
{
  gtk_toggle_button_set_active (self->hex, TRUE);
  type (self, "de zd be");
  check_refuses (self, 3);
  type (self, "中");
  check_refuses (self, 0);
  type (self, "de ad");
  g_assert_false (is_marked (self, 3));
  check_sends (self, "\xde\xad", 2);
  type (self, "de a");
  g_assert_cmpstr (gtk_label_get_label (self->problem), !=, "");
  g_assert_cmpstr (gtk_label_get_label (self->count), ==, "–");
  /* What is no hex may be text. */
  gtk_toggle_button_set_active (self->text, TRUE);
  check_sends (self, "de a", 4);
}

static void
test_bad_character (Fixture *self, gconstpointer data)
{
  gtk_drop_down_set_selected (self->encoding, SKT_ENCODING_ISO_8859_1);
  type (self, "ä中c");
  check_refuses (self, 1);
  for (guint ending = 0; ending < SKT_N_LINE_ENDINGS; ending++)
    {
      gtk_drop_down_set_selected (self->ending, ending);
      type (self, "ä\nb\n\xf0\x9f\x98\x80x");
      check_refuses (self, 4);
    }
  gtk_drop_down_set_selected (self->encoding, SKT_ENCODING_UTF_8);
  g_assert_cmpstr (gtk_label_get_label (self->problem), ==, "");
  g_assert_false (is_marked (self, 4));
}

static void
test_can_send (Fixture *self, gconstpointer data)
{
  CheckCount count;
  gboolean can_send;
  GtkWidget *window = check_window_new (GTK_WIDGET (self->composer));

  check_count_notify (self->composer, "can-send", &count);
  type (self, "x");
  g_object_get (self->composer, "can-send", &can_send, NULL);
  socketeer_composer_set_can_send (self->composer, can_send);
  g_assert_cmpuint (count.n, ==, 0);
  socketeer_composer_set_can_send (self->composer, FALSE);
  g_object_set (self->composer, "can-send", FALSE, NULL);
  g_assert_cmpuint (count.n, ==, 1);
  g_assert_false (gtk_widget_get_sensitive (self->button));
  send (self);
  g_assert_cmpuint (self->n_sent, ==, 0);
  socketeer_composer_set_can_send (self->composer, TRUE);
  g_assert_cmpuint (count.n, ==, 2);
  g_assert_true (gtk_widget_get_sensitive (self->button));
  g_signal_emit_by_name (self->button, "clicked");
  g_assert_cmpuint (self->n_sent, ==, 1);
  check_window_destroy (window);
}

static void
test_problem (Fixture *self, gconstpointer data)
{
  socketeer_composer_set_problem (self->composer, "Nobody <b>& there");
  g_assert_cmpstr (gtk_label_get_text (self->problem), ==, "Nobody <b>& there");
  type (self, "x");
  g_assert_cmpstr (gtk_label_get_label (self->problem), ==, "");
  socketeer_composer_set_problem (self->composer, "again");
  socketeer_composer_set_problem (self->composer, NULL);
  g_assert_cmpstr (gtk_label_get_label (self->problem), ==, "");
}

static void
test_large (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (NULL), expected = g_string_new (NULL);

  for (guint i = 0; i < 20000; i++)
    {
      g_string_append_printf (text, "line %u 中文 of a long text\n", i);
      g_string_append_printf (expected, "line %u 中文 of a long text\r\n", i);
    }
  g_string_append (expected, "\r\n");
  gtk_drop_down_set_selected (self->ending, SKT_LINE_ENDING_CRLF);
  type (self, text->str);
  send (self);
  g_assert_cmpuint (self->n_sent, ==, 1);
  g_assert_cmpmem (g_bytes_get_data (self->sent, NULL), g_bytes_get_size (self->sent), expected->str, expected->len);

  g_string_append (text, "\xf0\x9f\x98\x80");
  gtk_drop_down_set_selected (self->encoding, SKT_ENCODING_GBK);
  type (self, text->str);
  send (self);
  g_assert_cmpuint (self->n_sent, ==, 1);
  g_assert_cmpstr (gtk_label_get_label (self->problem), !=, "");
  type (self, "small");
  g_assert_cmpstr (gtk_label_get_label (self->problem), ==, "");
  assert_count (self, 7);
}

/* What was chosen is offered to the next page. */
static void
test_settings (Fixture *self, gconstpointer data)
{
  SocketeerComposer *other;
  SktMessageSettings chosen = { 0, };
  GtkDropDown *encoding, *ending;
  GtkToggleButton *hex;

  gtk_drop_down_set_selected (self->encoding, SKT_ENCODING_KOI8_R);
  gtk_drop_down_set_selected (self->ending, SKT_LINE_ENDING_NUL);
  gtk_toggle_button_set_active (self->hex, TRUE);
  gtk_check_button_set_active (check_child (self->options, SOCKETEER_TYPE_MESSAGE_OPTIONS, "escapes_check"), TRUE);
  gtk_check_button_set_active (check_child (self->options, SOCKETEER_TYPE_MESSAGE_OPTIONS, "checksum_check"), TRUE);
  gtk_drop_down_set_selected (check_child (self->options, SOCKETEER_TYPE_MESSAGE_OPTIONS, "checksum_drop_down"), SKT_CHECKSUM_LRC);
  gtk_spin_button_set_value (check_child (self->options, SOCKETEER_TYPE_MESSAGE_OPTIONS, "begin_spin"), -5);
  other = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_COMPOSER, NULL));
  encoding = check_child (other, SOCKETEER_TYPE_COMPOSER, "encoding_drop_down");
  ending = check_child (other, SOCKETEER_TYPE_COMPOSER, "ending_drop_down");
  hex = check_child (other, SOCKETEER_TYPE_COMPOSER, "hex_button");
  g_assert_cmpuint (gtk_drop_down_get_selected (encoding), ==, SKT_ENCODING_KOI8_R);
  g_assert_cmpuint (gtk_drop_down_get_selected (ending), ==, SKT_LINE_ENDING_NUL);
  g_assert_true (gtk_toggle_button_get_active (hex));
  socketeer_message_options_get (check_child (other, SOCKETEER_TYPE_COMPOSER, "options"), &chosen);
  g_assert_true (chosen.has_escapes && !chosen.has_placeholders && chosen.has_checksum);
  g_assert_cmpint (chosen.checksum, ==, SKT_CHECKSUM_LRC);
  g_assert_cmpint (chosen.checksum_begin, ==, -5);
  g_assert_finalize_object (other);
}

static GtkCheckButton *
option (Fixture *self, const char *name)
{
  return check_child (self->options, SOCKETEER_TYPE_MESSAGE_OPTIONS, name);
}

static void
switch_on (Fixture *self, const char *name)
{
  gtk_check_button_set_active (option (self, name), TRUE);
}

static void
assert_other (Fixture *self, const char *text)
{
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (self->other)), ==, text);
}

static char *
dup_typed (Fixture *self)
{
  char *text;

  g_object_get (self->buffer, "text", &text, NULL);
  return text;
}

static void
assert_typed (Fixture *self, const char *wanted)
{
  g_autofree char *text = dup_typed (self);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_base64 (Fixture *self, gconstpointer data)
{
  gtk_toggle_button_set_active (self->base64, TRUE);
  type (self, "aGVs\nbG8=");
  assert_other (self, "68 65 6c 6c 6f");
  check_sends (self, "hello", 5);
  type (self, "aG!s");
  check_refuses (self, 2);
  assert_other (self, "");
  type (self, "");
  gtk_editable_set_text (GTK_EDITABLE (self->other), "00 ff");
  assert_typed (self, "AP8=");
  check_sends (self, "\0\xff", 2);
}

static void
test_escapes (Fixture *self, gconstpointer data)
{
  type (self, "a\\r\\n\\x00");
  check_sends (self, "a\\r\\n\\x00", 9);
  switch_on (self, "escapes_check");
  check_sends (self, "a\r\n\0", 4);
  assert_other (self, "61 0d 0a 00");
  type (self, "a\\q");
  check_refuses (self, 2);
}

static void
test_checksum (Fixture *self, gconstpointer data)
{
  GtkDropDown *kind = check_child (self->options, SOCKETEER_TYPE_MESSAGE_OPTIONS, "checksum_drop_down");
  GtkDropDown *place = check_child (self->options, SOCKETEER_TYPE_MESSAGE_OPTIONS, "place_drop_down");
  GtkSpinButton *begin = check_child (self->options, SOCKETEER_TYPE_MESSAGE_OPTIONS, "begin_spin");
  GtkSpinButton *end = check_child (self->options, SOCKETEER_TYPE_MESSAGE_OPTIONS, "end_spin");
  GtkSpinButton *at = check_child (self->options, SOCKETEER_TYPE_MESSAGE_OPTIONS, "at_spin");
  GtkLabel *parameters = check_child (self->options, SOCKETEER_TYPE_MESSAGE_OPTIONS, "parameters_label");

  type (self, "123456789");
  switch_on (self, "checksum_check");
  g_assert_nonnull (strstr (gtk_label_get_label (parameters), "poly 8005, init FFFF"));
  check_sends (self, "123456789\x37\x4b", 11);
  assert_other (self, "31 32 33 34 35 36 37 38 39 37 4b");
  g_assert_false (gtk_editable_get_editable (GTK_EDITABLE (self->other)));
  gtk_check_button_set_active (option (self, "little_check"), FALSE);
  check_sends (self, "123456789\x4b\x37", 11);
  /* The usual order of the next one is not asked for twice. */
  gtk_drop_down_set_selected (kind, SKT_CHECKSUM_CRC_16_KERMIT);
  check_sends (self, "123456789\x89\x21", 11);
  gtk_drop_down_set_selected (kind, SKT_CHECKSUM_CRC_16_XMODEM);
  check_sends (self, "123456789\x31\xc3", 11);

  gtk_drop_down_set_selected (kind, SKT_CHECKSUM_LRC);
  gtk_drop_down_set_selected (self->ending, SKT_LINE_ENDING_CRLF);
  type (self, ":123456789");
  gtk_spin_button_set_value (begin, 1);
  gtk_spin_button_set_value (end, -2);
  gtk_spin_button_set_value (at, -2);
  check_sends (self, ":123456789\r\n#", 13);
  gtk_drop_down_set_selected (place, 1);
  check_sends (self, ":123456789#\r\n", 13);
  gtk_spin_button_set_value (begin, 99);
  g_assert_nonnull (strstr (gtk_label_get_label (self->problem), "can’t begin at byte 99"));
  g_assert_cmpstr (gtk_label_get_label (self->count), ==, "–");
}

/* Counters count how often this very message was sent, and what is shown is what is sent next. */
static void
test_placeholders (Fixture *self, gconstpointer data)
{
  switch_on (self, "placeholders_check");
  type (self, "n${counter:width=2}");
  g_assert_false (gtk_editable_get_editable (GTK_EDITABLE (self->other)));
  g_assert_nonnull (strstr (gtk_label_get_label (self->note), "placeholders"));
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *bytes = g_strdup_printf ("n%02u", i);
      g_autofree char *hex = g_strdup_printf ("6e %02x %02x", bytes[1], bytes[2]);

      assert_other (self, hex);
      check_sends (self, bytes, 3);
    }
  type (self, "m${counter}");
  check_sends (self, "m0", 2);
  type (self, "${count}");
  check_refuses (self, 2);
}

static void
test_random (Fixture *self, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GString) sent = g_string_new (NULL);

  switch_on (self, "placeholders_check");
  type (self, "${random:8}${uuid}");
  before = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->other)));
  send (self);
  for (gsize i = 0; i < g_bytes_get_size (self->sent); i++)
    g_string_append_printf (sent, "%s%02x", i > 0 ? " " : "", ((const guint8 *) g_bytes_get_data (self->sent, NULL))[i]);
  g_assert_cmpstr (sent->str, ==, before);
  after = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->other)));
  g_assert_cmpstr (before, !=, after);
}

static void
test_insert (Fixture *self, gconstpointer data)
{
  GtkFlowBox *box = check_child (self->options, SOCKETEER_TYPE_MESSAGE_OPTIONS, "insert_box");
  GtkWidget *counter = gtk_flow_box_child_get_child (gtk_flow_box_get_child_at_index (box, 0));

  type (self, "a");
  g_signal_emit_by_name (counter, "clicked");
  assert_typed (self, "a${counter}");
  g_assert_true (gtk_check_button_get_active (option (self, "placeholders_check")));
  check_sends (self, "a0", 2);
  gtk_toggle_button_set_active (self->hex, TRUE);
  type (self, "01 ");
  g_signal_emit_by_name (counter, "clicked");
  check_sends (self, "\1\0\0", 3);
}

/* Either form can be typed into. */
static void
test_other (Fixture *self, gconstpointer data)
{
  type (self, "hé");
  assert_other (self, "68 c3 a9");
  gtk_editable_set_text (GTK_EDITABLE (self->other), "41 42 5c");
  assert_typed (self, "AB\\");
  g_assert_false (gtk_check_button_get_active (option (self, "escapes_check")));
  check_sends (self, "AB\\", 3);
  /* What can't be typed needs escapes. */
  gtk_editable_set_text (GTK_EDITABLE (self->other), "41 00 0a ff");
  assert_typed (self, "A\\0\n\\xFF");
  g_assert_true (gtk_check_button_get_active (option (self, "escapes_check")));
  check_sends (self, "A\0\n\xff", 4);

  gtk_drop_down_set_selected (self->ending, SKT_LINE_ENDING_CRLF);
  assert_other (self, "41 00 0d 0a ff 0d 0a");
  gtk_editable_set_text (GTK_EDITABLE (self->other), "43 0d 0a");
  assert_typed (self, "C");
  g_assert_cmpuint (gtk_drop_down_get_selected (self->ending), ==, SKT_LINE_ENDING_CRLF);
  gtk_editable_set_text (GTK_EDITABLE (self->other), "43");
  g_assert_cmpuint (gtk_drop_down_get_selected (self->ending), ==, SKT_LINE_ENDING_NONE);
  check_sends (self, "C", 1);

  gtk_toggle_button_set_active (self->hex, TRUE);
  type (self, "0x41,0x0d");
  assert_other (self, "A\\r");
  gtk_editable_set_text (GTK_EDITABLE (self->other), "\\u{e9}\\n");
  assert_typed (self, "c3 a9 0a");
  check_sends (self, "\xc3\xa9\n", 3);
}

/* What stands there is not what would be sent: nothing is. */
static void
test_other_refused (Fixture *self, gconstpointer data)
{
  int end = 2;

  type (self, "A");
  gtk_editable_insert_text (GTK_EDITABLE (self->other), " 4", 2, &end);
  assert_typed (self, "A");
  g_assert_nonnull (strstr (gtk_label_get_label (self->problem), "Half a byte at position 4"));
  g_assert_cmpstr (gtk_label_get_label (self->count), ==, "–");
  send (self);
  g_assert_cmpuint (self->n_sent, ==, 0);
  g_assert_null (socketeer_composer_dup_message (self->composer, NULL));
  gtk_editable_set_text (GTK_EDITABLE (self->other), "41 42");
  check_sends (self, "AB", 2);
  gtk_editable_set_text (GTK_EDITABLE (self->other), "4");
  type (self, "new");
  assert_other (self, "6e 65 77");
  check_sends (self, "new", 3);
}

static void
test_other_long (Fixture *self, gconstpointer data)
{
  g_autofree char *text = g_strnfill (2000, 'x');

  type (self, text);
  g_assert_true (g_str_has_suffix (gtk_editable_get_text (GTK_EDITABLE (self->other)), " 78 …"));
  g_assert_false (gtk_editable_get_editable (GTK_EDITABLE (self->other)));
  check_sends (self, text, 2000);
}

static void
test_note (Fixture *self, gconstpointer data)
{
  gtk_toggle_button_set_active (self->hex, TRUE);
  type (self, "00000000  41 42 43                                          |ABC|\n00000003\n");
  g_assert_nonnull (strstr (gtk_label_get_label (self->note), "hexdump"));
  assert_other (self, "ABC");
  check_sends (self, "ABC", 3);
  type (self, "41");
  g_assert_cmpstr (gtk_label_get_label (self->note), ==, "");
}

/* -- Control characters -------------------------------------------------------------------------------------- */

static void
test_controls (Fixture *self, gconstpointer data)
{
  type (self, "a\\n\x1b[0m\xe2\x80\xae" "b\r");
  g_assert_cmpstr (gtk_label_get_label (self->note), ==, "3 control characters, the first is U+001B at position 4");
  g_assert_true (gtk_widget_get_visible (self->escape));
  g_assert_true (is_marked (self, 3));
  g_assert_false (is_marked (self, 4));
  g_signal_emit_by_name (self->escape, "clicked");
  assert_typed (self, "a\\\\n\\x1B[0m\\u{202E}b\\r");
  g_assert_true (gtk_check_button_get_active (option (self, "escapes_check")));
  g_assert_false (gtk_widget_get_visible (self->escape));
  check_sends (self, "a\\n\x1b[0m\xe2\x80\xae" "b\r", 12);
  /* With escapes they come in as such, and escapes that come in stay what they are. */
  type (self, "\x07\\n");
  assert_typed (self, "\\x07\\n");
  check_sends (self, "\x07\n", 2);
  /* A line break of the chosen ending is nothing hidden. */
  gtk_drop_down_set_selected (self->ending, SKT_LINE_ENDING_CRLF);
  type (self, "a\r\nb");
  check_sends (self, "a\r\nb\r\n", 6);
}

static void
paste (Fixture *self, const char *data, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  g_autoptr (GdkContentProvider) provider = gdk_content_provider_new_for_bytes ("text/plain;charset=utf-8", bytes);
  GtkTextView *view = check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "text_view");
  g_autofree char *before = dup_typed (self);
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (view)), provider);
  g_signal_emit_by_name (view, "paste-clipboard");
  for (;;)
    {
      g_autofree char *now = dup_typed (self);

      if (!g_str_equal (now, before) || *gtk_label_get_label (self->problem) != '\0')
        return;
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
test_paste (Fixture *self, gconstpointer data)
{
  GtkWidget *window = check_window_new (GTK_WIDGET (self->composer));

  paste (self, "plain\ttext\n", 11);
  assert_typed (self, "plain\ttext\n");
  type (self, "c:\\");
  /* NUL is in no text buffer: escapes are switched on, and what stood there stays what it is. */
  paste (self, "a\0b\\\x1b", 5);
  assert_typed (self, "c:\\\\a\\0b\\\\\\x1B");
  check_sends (self, "c:\\a\0b\\\x1b", 8);
  type (self, "");
  paste (self, "\xff\x01", 2);
  assert_typed (self, "\xef\xbf\xbd\\x01");
  gtk_toggle_button_set_active (self->hex, TRUE);
  type (self, "");
  paste (self, "41\0", 3);
  assert_typed (self, "41");
  paste (self, "4\0001", 3);
  g_assert_nonnull (strstr (gtk_label_get_label (self->problem), "NUL"));
  check_window_destroy (window);
}

/* -- Messages ------------------------------------------------------------------------------------------------ */

static void
check_message (Fixture *self, SktMessageSettings settings)
{
  g_autoptr (SktMessage) message = skt_message_new (&settings, NULL, NULL);
  g_autoptr (SktMessage) copy = NULL;
  const SktMessageSettings *got;

  socketeer_composer_set_message (self->composer, message);
  copy = socketeer_composer_dup_message (self->composer, NULL);
  got = skt_message_get_settings (copy);
  g_assert_cmpint (got->form, ==, settings.form);
  g_assert_cmpstr (got->source, ==, settings.source);
  g_assert_cmpint (got->encoding, ==, settings.encoding);
  g_assert_cmpint (got->ending, ==, settings.ending);
  g_assert_cmpint (got->has_escapes, ==, settings.has_escapes);
  g_assert_cmpint (got->has_placeholders, ==, settings.has_placeholders);
  g_assert_cmpint (got->has_checksum, ==, settings.has_checksum);
  g_assert_cmpint (got->checksum, ==, settings.checksum);
  g_assert_cmpint (got->checksum_begin, ==, settings.checksum_begin);
  g_assert_cmpint (got->checksum_end, ==, settings.checksum_end);
  g_assert_cmpint (got->checksum_at, ==, settings.checksum_at);
  g_assert_cmpint (got->checksum_is_little, ==, settings.checksum_is_little);
}

static void
test_message (Fixture *self, gconstpointer data)
{
  check_message (self, (SktMessageSettings){ .source = "a\\n${counter}\x1b", .encoding = SKT_ENCODING_GBK, .ending = SKT_LINE_ENDING_NUL,
                                             .has_escapes = TRUE, .has_placeholders = TRUE });
  check_message (self, (SktMessageSettings){ .form = SKT_MESSAGE_HEX, .source = "de ad be ef", .has_checksum = TRUE,
                                             .checksum = SKT_CHECKSUM_CRC_32_ISCSI, .checksum_begin = 1, .checksum_end = -1,
                                             .checksum_at = -1, .checksum_is_little = TRUE });
  check_message (self, (SktMessageSettings){ .form = SKT_MESSAGE_BASE64, .source = "YQ", .encoding = SKT_ENCODING_BIG5 });
  check_message (self, (SktMessageSettings){ .source = "" });
}

/* Wrapping a very long line stalls the window: it is not wrapped. */
static void
test_long_line (Fixture *self, gconstpointer data)
{
  GtkTextView *view = check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "text_view");
  g_autofree char *text = g_strnfill (60000, 'x');

  type (self, text);
  g_assert_cmpint (gtk_text_view_get_wrap_mode (view), ==, GTK_WRAP_NONE);
  for (guint i = 100; i < 60000; i += 100)
    text[i] = '\n';
  type (self, text);
  g_assert_cmpint (gtk_text_view_get_wrap_mode (view), ==, GTK_WRAP_WORD_CHAR);
  text[8100] = '\n';
  memset (text + 8101, 'y', 9000);
  type (self, text);
  g_assert_cmpint (gtk_text_view_get_wrap_mode (view), ==, GTK_WRAP_NONE);
}

static void
check_long_end (Fixture *self, gsize length, const char *note)
{
  g_autofree char *text = g_strnfill (length, 'x');

  text[1] = '\n';
  type (self, text);
  g_assert_cmpstr (gtk_label_get_label (self->note), ==, note);
  g_assert_true (is_marked (self, length - 1) == (note[0] != '\0'));
  g_assert_false (is_marked (self, 50000));
  send (self);
  g_assert_cmpmem (g_bytes_get_data (self->sent, NULL), g_bytes_get_size (self->sent), text, length);
}

/* Of a line that is wider than what can be drawn nothing would be seen: its end is not shown, and sent. */
static void
test_hidden_end (Fixture *self, gconstpointer data)
{
  check_long_end (self, 1200000, "1099998 characters at the end of a long line are sent, but not shown");
  check_long_end (self, 200000, "99998 characters at the end of a long line are sent, but not shown");
  check_long_end (self, 100004, "2 characters at the end of a long line are sent, but not shown");
  type (self, "short");
  g_assert_cmpstr (gtk_label_get_label (self->note), ==, "");
  check_sends (self, "short", 5);
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/ui/composer/text", test_text);
  ADD ("/ui/composer/known-bytes", test_known_bytes);
  ADD ("/ui/composer/hex", test_hex);
  ADD ("/ui/composer/bad-hex", test_bad_hex);
  ADD ("/ui/composer/bad-character", test_bad_character);
  ADD ("/ui/composer/can-send", test_can_send);
  ADD ("/ui/composer/problem", test_problem);
  ADD ("/ui/composer/large", test_large);
  ADD ("/ui/composer/long-line", test_long_line);
  ADD ("/ui/composer/hidden-end", test_hidden_end);
  ADD ("/ui/composer/settings", test_settings);
  ADD ("/ui/composer/base64", test_base64);
  ADD ("/ui/composer/escapes", test_escapes);
  ADD ("/ui/composer/checksum", test_checksum);
  ADD ("/ui/composer/placeholders", test_placeholders);
  ADD ("/ui/composer/random", test_random);
  ADD ("/ui/composer/insert", test_insert);
  ADD ("/ui/composer/other", test_other);
  ADD ("/ui/composer/other-refused", test_other_refused);
  ADD ("/ui/composer/other-long", test_other_long);
  ADD ("/ui/composer/note", test_note);
  ADD ("/ui/composer/controls", test_controls);
  ADD ("/ui/composer/paste", test_paste);
  ADD ("/ui/composer/message", test_message);
  return g_test_run ();
}
