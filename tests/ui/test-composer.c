/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-composer.h"
#include "socketeer-format.h"
#include "socketeer-settings.h"

typedef struct
{
  SocketeerComposer *composer;
  GtkTextBuffer *buffer;
  GtkDropDown *encoding, *ending;
  GtkToggleButton *hex, *text;
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
  GtkDropDown *encoding, *ending;
  GtkToggleButton *hex;

  gtk_drop_down_set_selected (self->encoding, SKT_ENCODING_KOI8_R);
  gtk_drop_down_set_selected (self->ending, SKT_LINE_ENDING_NUL);
  gtk_toggle_button_set_active (self->hex, TRUE);
  other = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_COMPOSER, NULL));
  encoding = check_child (other, SOCKETEER_TYPE_COMPOSER, "encoding_drop_down");
  ending = check_child (other, SOCKETEER_TYPE_COMPOSER, "ending_drop_down");
  hex = check_child (other, SOCKETEER_TYPE_COMPOSER, "hex_button");
  g_assert_cmpuint (gtk_drop_down_get_selected (encoding), ==, SKT_ENCODING_KOI8_R);
  g_assert_cmpuint (gtk_drop_down_get_selected (ending), ==, SKT_LINE_ENDING_NUL);
  g_assert_true (gtk_toggle_button_get_active (hex));
  g_assert_finalize_object (other);
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
  ADD ("/ui/composer/settings", test_settings);
  return g_test_run ();
}
