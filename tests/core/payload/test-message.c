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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/payload/message/text", test_text);
  g_test_add_func ("/payload/message/hex", test_hex);
  g_test_add_func ("/payload/message/from-bytes", test_from_bytes);
  g_test_add_func ("/payload/message/bad", test_bad);
  return g_test_run ();
}
