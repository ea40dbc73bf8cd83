/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "skt-message-json.h"

#include "skt-error.h"

#include <string.h>

/* Over the text of a file, as it is kept. */
static SktMessage *
round_trip (SktMessage *message)
{
  g_autoptr (JsonObject) object = skt_message_to_json (message);
  g_autofree char *text = skt_json_format (object, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) parsed = skt_json_parse (text, -1, &error);
  SktMessage *again;

  g_assert_no_error (error);
  again = skt_message_from_json (parsed, &error);
  g_assert_no_error (error);
  return again;
}

static void
check_round_trip (const SktMessageSettings *settings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktMessage) message = skt_message_new (settings, NULL, &error);
  g_autoptr (SktMessage) again = NULL;
  const SktMessageSettings *kept;

  g_assert_no_error (error);
  again = round_trip (message);
  kept = skt_message_get_settings (again);
  g_assert_cmpstr (kept->source, ==, settings->source);
  g_assert_cmpint (kept->form, ==, settings->form);
  g_assert_cmpint (kept->encoding, ==, settings->encoding);
  g_assert_cmpint (kept->ending, ==, settings->ending);
  g_assert_cmpint (kept->has_escapes, ==, settings->has_escapes);
  g_assert_cmpint (kept->has_placeholders, ==, settings->has_placeholders);
  g_assert_cmpint (kept->has_checksum, ==, settings->has_checksum);
  g_assert_cmpint (kept->checksum, ==, settings->checksum);
  g_assert_cmpint (kept->checksum_begin, ==, settings->checksum_begin);
  g_assert_cmpint (kept->checksum_end, ==, settings->checksum_end);
  g_assert_cmpint (kept->checksum_at, ==, settings->checksum_at);
  g_assert_cmpint (kept->checksum_is_little, ==, settings->checksum_is_little);
}

static void
test_settings (void)
{
  check_round_trip (&(SktMessageSettings){ .source = "" });
  check_round_trip (&(SktMessageSettings){ .source = "01 03 00 00", .form = SKT_MESSAGE_HEX });
  check_round_trip (&(SktMessageSettings){ .source = "AAAA", .form = SKT_MESSAGE_BASE64 });
  check_round_trip (&(SktMessageSettings){ .source = "a\\r\\n\ttab\nline\r\n\x01\x7F\"", .has_escapes = TRUE });
  check_round_trip (&(SktMessageSettings){ .source = "abc", .has_placeholders = TRUE });
  for (guint i = 0; i < SKT_N_ENCODINGS; i++)
    for (guint j = 0; j < SKT_N_LINE_ENDINGS; j++)
      check_round_trip (&(SktMessageSettings){ .source = "abc", .encoding = i, .ending = j });
  for (guint i = 0; i < SKT_N_CHECKSUMS; i++)
    check_round_trip (&(SktMessageSettings){
      .source = "123456789", .has_checksum = TRUE, .checksum = i, .checksum_begin = 1, .checksum_end = -1, .checksum_at = -2,
      .checksum_is_little = i % 2 == 0 });
  /* Chosen, and switched off. */
  check_round_trip (&(SktMessageSettings){ .source = "123456789", .checksum = SKT_CHECKSUM_CRC_16_MODBUS });
}

static void
test_bytes (void)
{
  guint8 all[256];
  g_autoptr (GBytes) bytes = NULL, back = NULL;
  g_autoptr (SktMessage) message = NULL, again = NULL;

  for (guint i = 0; i < sizeof all; i++)
    all[i] = i;
  bytes = g_bytes_new (all, sizeof all);
  message = skt_message_new_from_bytes (bytes);
  again = round_trip (message);
  back = skt_message_expand (again, NULL, NULL);
  g_assert_true (g_bytes_equal (bytes, back));
}

static void
test_missing (void)
{
  g_autoptr (JsonObject) object = skt_json_parse ("{\"source\": \"hi\", \"of a later version\": [1]}", -1, NULL);
  g_autoptr (SktMessage) message = skt_message_from_json (object, NULL);
  const SktMessageSettings *settings = skt_message_get_settings (message);

  g_assert_cmpstr (settings->source, ==, "hi");
  g_assert_cmpint (settings->form, ==, SKT_MESSAGE_TEXT);
  g_assert_cmpint (settings->encoding, ==, SKT_ENCODING_UTF_8);
  g_assert_cmpint (settings->ending, ==, SKT_LINE_ENDING_NONE);
  g_assert_false (settings->has_escapes || settings->has_placeholders || settings->has_checksum);
}

static void
test_wrong (void)
{
  static const struct
  {
    const char *text, *part;
  } wrong[] = {
    { "{\"form\": \"morse\"}", "“form” is “morse”" },
    { "{\"form\": 1}", "“form” is not a string" },
    { "{\"source\": 1}", "“source” is not a string" },
    { "{\"form\": \"hex\", \"source\": \"0\"}", "“source” can't be sent" },
    { "{\"encoding\": \"EBCDIC-42\"}", "“encoding” is “EBCDIC-42”" },
    { "{\"line-ending\": \"\"}", "“line-ending” is “”" },
    { "{\"escapes\": \"yes\"}", "“escapes” is not true or false" },
    { "{\"placeholders\": 0}", "“placeholders” is not true or false" },
    { "{\"checksum\": \"crc\"}", "“checksum” is not an object" },
    { "{\"checksum\": {\"kind\": \"crc\"}}", "“kind” is “crc”" },
    { "{\"checksum\": {\"begin\": 4294967296}}", "“begin” is not between" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) object = skt_json_parse (wrong[i].text, -1, &error);

      g_assert_no_error (error);
      g_assert_null (skt_message_from_json (object, &error));
      g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE);
      if (strstr (error->message, wrong[i].part) == NULL)
        g_error ("%s: %s", wrong[i].text, error->message);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/payload/message-json/settings", test_settings);
  g_test_add_func ("/payload/message-json/bytes", test_bytes);
  g_test_add_func ("/payload/message-json/missing", test_missing);
  g_test_add_func ("/payload/message-json/wrong", test_wrong);
  return g_test_run ();
}
