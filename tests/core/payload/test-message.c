/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "skt-message.h"

#include "skt-error.h"

static void
check (const SktMessageSettings *settings, const char *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktMessage) message = skt_message_new (settings, NULL, &error);
  g_autoptr (GBytes) expanded = NULL;

  g_assert_no_error (error);
  expanded = skt_message_expand (message, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (expanded, NULL), g_bytes_get_size (expanded), bytes, length);
}

static void
test_text (void)
{
  check (&(SktMessageSettings){ .form = SKT_MESSAGE_TEXT, .source = "你好", .encoding = SKT_ENCODING_GBK, .ending = SKT_LINE_ENDING_CRLF },
         "\xC4\xE3\xBA\xC3\r\n", 6);
}

static void
test_hex (void)
{
  check (&(SktMessageSettings){ .form = SKT_MESSAGE_HEX, .source = "DE AD 0xbe,ef" }, "\xDE\xAD\xBE\xEF", 4);
}

static void
test_from_bytes (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\0\xFF", 2);
  g_autoptr (SktMessage) message = skt_message_new_from_bytes (bytes);

  g_assert_cmpstr (skt_message_get_settings (message)->source, ==, "00 ff");
  check (skt_message_get_settings (message), "\0\xFF", 2);
}

static void
test_bad (void)
{
  g_autoptr (GError) error = NULL;
  gsize position = 0;

  g_assert_null (skt_message_new (&(SktMessageSettings){ .form = SKT_MESSAGE_HEX, .source = "00 1" }, &position, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_HALF_BYTE);
  g_assert_cmpuint (position, ==, 3);
}

static SktMessage *
make (SktMessageForm form, const char *source)
{
  g_autoptr (GError) error = NULL;
  SktMessage *message = skt_message_new (&(SktMessageSettings){ .form = form, .source = source, .has_placeholders = TRUE }, NULL, &error);

  g_assert_no_error (error);
  return message;
}

static void
check_context (SktMessageForm form, const char *source, const SktMessageContext *context, const char *bytes, gsize length)
{
  g_autoptr (SktMessage) message = make (form, source);
  g_autoptr (GBytes) sent = skt_message_expand (message, context, NULL);

  g_assert_false (skt_message_is_constant (message));
  g_assert_true (skt_message_has_placeholder (message));
  g_assert_cmpmem (g_bytes_get_data (sent, NULL), g_bytes_get_size (sent), bytes, length);
}

#define CONTEXT(form, source, bytes, ...) \
  check_context (form, source, &(SktMessageContext){ __VA_ARGS__ }, bytes, sizeof (bytes) - 1)

static void
test_counter (void)
{
  CONTEXT (SKT_MESSAGE_TEXT, "${counter:start=5,step=3}", "305", .index = 100);
  CONTEXT (SKT_MESSAGE_TEXT, "${counter:step=-2}", "-10", .index = 5);
  CONTEXT (SKT_MESSAGE_TEXT, "${counter:width=2}", "123", .index = 123);
  CONTEXT (SKT_MESSAGE_TEXT, "${counter:base=2}", "1010", .index = 10);
  CONTEXT (SKT_MESSAGE_TEXT, "${counter:base=36}", "zz", .index = 36 * 36 - 1);
  CONTEXT (SKT_MESSAGE_TEXT, "${counter}", "18446744073709551615", .index = G_MAXUINT64);
  CONTEXT (SKT_MESSAGE_TEXT, "${counter:start=-9223372036854775808}", "-9223372036854775808", .index = 0);
  CONTEXT (SKT_MESSAGE_HEX, "${counter}", "\xFF", .index = 255);
  CONTEXT (SKT_MESSAGE_HEX, "${counter}", "\0", .index = 256);
  CONTEXT (SKT_MESSAGE_HEX, "${counter:width=2,step=-1}", "\xFF\xFF", .index = 1);
}

static void
test_time (void)
{
  const gint64 t = G_GINT64_CONSTANT (1767225600123456); /* 2026-01-01 00:00:00.123456 UTC */
  g_autoptr (SktMessage) now = make (SKT_MESSAGE_TEXT, "${time:ms}");
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  gint64 before = g_get_real_time () / 1000;

  CONTEXT (SKT_MESSAGE_TEXT, "${time}", "1767225600", .time_us = t);
  CONTEXT (SKT_MESSAGE_TEXT, "${time:s}", "1767225600", .time_us = t);
  CONTEXT (SKT_MESSAGE_TEXT, "${time:ms}", "1767225600123", .time_us = t);
  CONTEXT (SKT_MESSAGE_TEXT, "${time:iso}", "2026-01-01T00:00:00Z", .time_us = t);
  CONTEXT (SKT_MESSAGE_TEXT, "${time:iso-ms}", "2026-01-01T00:00:00.123Z", .time_us = t);
  CONTEXT (SKT_MESSAGE_HEX, "${time}", "\x69\x55\xB9\x00", .time_us = t);
  CONTEXT (SKT_MESSAGE_HEX, "${time:order=little}", "\x00\xB9\x55\x69", .time_us = t);
  CONTEXT (SKT_MESSAGE_HEX, "${time:ms}", "\0\0\x01\x9B\x76\xDA\xA8\x7B", .time_us = t);
  CONTEXT (SKT_MESSAGE_HEX, "${time:iso}", "2026-01-01T00:00:00Z", .time_us = t);
  bytes = skt_message_expand (now, NULL, NULL);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_cmpint (g_ascii_strtoll (text, NULL, 10), >=, before);
  g_assert_cmpint (g_ascii_strtoll (text, NULL, 10), <=, g_get_real_time () / 1000);
}

/* What is previewed with a seed is what is sent with it; without one it is new each time. */
static void
test_random (void)
{
  static const char *const sources[] = { "${random:16}", "${random:8,as=hex}", "${uuid}" };
  static const gsize lengths[] = { 16, 16, 36 };

  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      g_autoptr (SktMessage) message = make (SKT_MESSAGE_TEXT, sources[i]);
      g_autoptr (GBytes) preview = skt_message_expand (message, &(SktMessageContext){ .index = 3, .seed = 7 }, NULL);
      g_autoptr (GBytes) sent = skt_message_expand (message, &(SktMessageContext){ .index = 3, .seed = 7 }, NULL);
      g_autoptr (GBytes) next = skt_message_expand (message, &(SktMessageContext){ .index = 4, .seed = 7 }, NULL);
      g_autoptr (GBytes) other = skt_message_expand (message, &(SktMessageContext){ .index = 3, .seed = 8 }, NULL);
      g_autoptr (GBytes) unseeded = skt_message_expand (message, NULL, NULL);
      g_autoptr (GBytes) again = skt_message_expand (message, NULL, NULL);

      g_assert_cmpuint (g_bytes_get_size (sent), ==, lengths[i]);
      g_assert_true (g_bytes_equal (sent, preview));
      g_assert_false (g_bytes_equal (sent, next));
      g_assert_false (g_bytes_equal (sent, other));
      g_assert_false (g_bytes_equal (unseeded, again));
    }
}

static void
test_uuid (void)
{
  g_autoptr (SktMessage) text = make (SKT_MESSAGE_TEXT, "${uuid}");
  g_autoptr (SktMessage) binary = make (SKT_MESSAGE_HEX, "${uuid}");
  g_autoptr (GBytes) bytes = skt_message_expand (text, NULL, NULL);
  g_autoptr (GBytes) raw = skt_message_expand (binary, NULL, NULL);
  g_autofree char *string = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  const guint8 *data = g_bytes_get_data (raw, NULL);

  g_assert_true (g_uuid_string_is_valid (string));
  g_assert_cmpuint (g_bytes_get_size (raw), ==, 16);
  g_assert_cmpuint (data[6] >> 4, ==, 4);
  g_assert_cmpuint (data[8] >> 6, ==, 2);
}

static void
test_received (void)
{
  g_autoptr (GBytes) received = g_bytes_new_static ("\0\xFF!", 3);
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  g_ptr_array_add (groups, g_bytes_new_static ("all", 3));
  g_ptr_array_add (groups, g_bytes_new_static ("one", 3));
  CONTEXT (SKT_MESSAGE_TEXT, "<${received}>", "<\0\xFF!>", .received = received);
  CONTEXT (SKT_MESSAGE_TEXT, "<${received:as=hex}>", "<00ff21>", .received = received);
  CONTEXT (SKT_MESSAGE_HEX, "3C ${received:as=HEX} 3E", "<00FF21>", .received = received);
  CONTEXT (SKT_MESSAGE_TEXT, "${1}-${0}-${2}.", "one-all-.", .groups = groups);
  CONTEXT (SKT_MESSAGE_TEXT, "<${0}${1}>", "<\0\xFF!>", .received = received);
  CONTEXT (SKT_MESSAGE_TEXT, "${received}${crc:sum-8}", "\0\xFF! ", .received = received);
}

/* A range that only what is received can fill is no mistake of the message. */
static void
test_open (void)
{
  SktMessageSettings settings = { .source = "${received}", .has_placeholders = TRUE, .has_checksum = TRUE, .checksum_begin = 2 };
  g_autoptr (GError) error = NULL;
  g_autoptr (SktMessage) message = skt_message_new (&settings, NULL, &error);
  g_autoptr (GBytes) received = g_bytes_new_static ("abc", 3);
  g_autoptr (GBytes) sent = NULL;

  g_assert_no_error (error);
  g_assert_null (skt_message_expand (message, NULL, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_MESSAGE);
  sent = skt_message_expand (message, &(SktMessageContext){ .received = received }, NULL);
  g_assert_cmpmem (g_bytes_get_data (sent, NULL), g_bytes_get_size (sent), "abcc", 4);
}

static void
test_crc_is_constant (void)
{
  g_autoptr (SktMessage) message = make (SKT_MESSAGE_TEXT, "a${crc:sum-8}");

  g_assert_true (skt_message_is_constant (message));
  g_assert_true (skt_message_has_placeholder (message));
}

/* -- Written in a form --------------------------------------------------------------------------------------- */

static void
check_form (SktMessageSettings settings, const char *bytes, gsize length, const char *source)
{
  g_autoptr (GBytes) wanted = g_bytes_new (bytes, length);
  g_autoptr (SktMessage) message = skt_message_new_in_form (&settings, wanted);
  g_autoptr (GBytes) sent = skt_message_expand (message, NULL, NULL);

  g_assert_true (g_bytes_equal (sent, wanted));
  if (source != NULL)
    g_assert_cmpstr (skt_message_get_settings (message)->source, ==, source);
}

#define FORM(bytes, source, ...) check_form ((SktMessageSettings){ __VA_ARGS__ }, bytes, sizeof (bytes) - 1, source)

static void
test_in_form (void)
{
  FORM ("", "", .ending = SKT_LINE_ENDING_CRLF);
  FORM ("a\tb\\n", "a\tb\\n", .form = SKT_MESSAGE_TEXT);
  FORM ("a\\n", "a\\\\n", .form = SKT_MESSAGE_TEXT, .has_escapes = TRUE);
  FORM ("a\nb", "a\nb", .form = SKT_MESSAGE_TEXT);
  FORM ("a\r\nb\r\n", "a\nb", .ending = SKT_LINE_ENDING_CRLF);
  FORM ("a\r\nb", "a\\r\nb", .ending = SKT_LINE_ENDING_CRLF);
  FORM ("a\rb\n", "a\\rb", .ending = SKT_LINE_ENDING_LF);
  FORM ("a\xFF", "a\\xFF", .encoding = SKT_ENCODING_UTF_8);
  FORM ("\xC4\xE3\xC4", "你\\xC4", .encoding = SKT_ENCODING_GBK);
  FORM ("a\0\n\0", NULL, .encoding = SKT_ENCODING_UTF_16LE, .ending = SKT_LINE_ENDING_LF);
  FORM ("${counter}", "${counter}", .has_placeholders = TRUE);
  FORM ("ab", "61 62", .form = SKT_MESSAGE_HEX);
  FORM ("ab", "YWI=", .form = SKT_MESSAGE_BASE64);
}

static void
test_in_form_random (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      SktMessageSettings settings = { .form = g_test_rand_int_range (0, SKT_N_MESSAGE_FORMS) };
      char bytes[40];
      guint length = g_test_rand_int_range (0, sizeof bytes);

      settings.encoding = g_test_rand_int_range (0, SKT_N_ENCODINGS);
      settings.ending = g_test_rand_int_range (0, SKT_N_LINE_ENDINGS);
      settings.has_escapes = g_test_rand_bit ();
      for (guint i = 0; i < length; i++)
        bytes[i] = g_test_rand_bit () ? g_test_rand_int_range (0, 256) : "\r\n\\a\0$"[g_test_rand_int_range (0, 6)];
      check_form (settings, bytes, length, NULL);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/payload/message/text", test_text);
  g_test_add_func ("/payload/message/hex", test_hex);
  g_test_add_func ("/payload/message/from-bytes", test_from_bytes);
  g_test_add_func ("/payload/message/bad", test_bad);
  g_test_add_func ("/payload/message/counter", test_counter);
  g_test_add_func ("/payload/message/time", test_time);
  g_test_add_func ("/payload/message/random", test_random);
  g_test_add_func ("/payload/message/uuid", test_uuid);
  g_test_add_func ("/payload/message/received", test_received);
  g_test_add_func ("/payload/message/open", test_open);
  g_test_add_func ("/payload/message/crc-is-constant", test_crc_is_constant);
  g_test_add_func ("/payload/message/in-form", test_in_form);
  g_test_add_func ("/payload/message/in-form-random", test_in_form_random);
  return g_test_run ();
}
