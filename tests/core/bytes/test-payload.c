/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-error.h"
#include "skt-payload.h"

#include <string.h>

static void
assert_payload (const char *utf8, gssize length, SktEncoding encoding, SktLineEnding ending, GBytes *tmp_expected)
{
  g_autoptr (GBytes) expected = tmp_expected;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = skt_payload_from_text (utf8, length, encoding, ending, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), g_bytes_get_data (expected, NULL),
                   g_bytes_get_size (expected));
}

#define BYTES(text) g_bytes_new_static (text, sizeof (text) - 1)

static void
test_endings (void)
{
  const char *text = "a\nb\r\nc\rd";

  assert_payload (text, -1, SKT_ENCODING_UTF_8, SKT_LINE_ENDING_NONE, BYTES ("a\nb\r\nc\rd"));
  assert_payload (text, -1, SKT_ENCODING_UTF_8, SKT_LINE_ENDING_LF, BYTES ("a\nb\nc\nd\n"));
  assert_payload (text, -1, SKT_ENCODING_UTF_8, SKT_LINE_ENDING_CR, BYTES ("a\rb\rc\rd\r"));
  assert_payload (text, -1, SKT_ENCODING_UTF_8, SKT_LINE_ENDING_CRLF, BYTES ("a\r\nb\r\nc\r\nd\r\n"));
  assert_payload (text, -1, SKT_ENCODING_UTF_8, SKT_LINE_ENDING_NUL, BYTES ("a\nb\r\nc\rd\0"));
}

static void
test_edges (void)
{
  assert_payload ("", 0, SKT_ENCODING_UTF_8, SKT_LINE_ENDING_NONE, BYTES (""));
  assert_payload (NULL, 0, SKT_ENCODING_UTF_8, SKT_LINE_ENDING_CRLF, BYTES ("\r\n"));
  assert_payload ("", -1, SKT_ENCODING_UTF_8, SKT_LINE_ENDING_NUL, BYTES ("\0"));
  assert_payload ("a\n", -1, SKT_ENCODING_UTF_8, SKT_LINE_ENDING_LF, BYTES ("a\n\n"));
  assert_payload ("\n\n", -1, SKT_ENCODING_UTF_8, SKT_LINE_ENDING_CRLF, BYTES ("\r\n\r\n\r\n"));
  assert_payload ("\r\n", 1, SKT_ENCODING_UTF_8, SKT_LINE_ENDING_NONE, BYTES ("\r"));
  assert_payload ("a\0b", 3, SKT_ENCODING_UTF_8, SKT_LINE_ENDING_LF, BYTES ("a\0b\n"));
}

static void
test_encodings (void)
{
  assert_payload ("a\nb", -1, SKT_ENCODING_UTF_16LE, SKT_LINE_ENDING_CRLF, BYTES ("a\0\r\0\n\0b\0\r\0\n\0"));
  assert_payload ("a", -1, SKT_ENCODING_UTF_16BE, SKT_LINE_ENDING_LF, BYTES ("\0a\0\n"));
  assert_payload ("a", -1, SKT_ENCODING_UTF_16BE, SKT_LINE_ENDING_NUL, BYTES ("\0a\0\0"));
  assert_payload ("你好", -1, SKT_ENCODING_GB18030, SKT_LINE_ENDING_CRLF, BYTES ("\xC4\xE3\xBA\xC3\r\n"));
}

static void
assert_refused (const char *utf8, SktLineEnding ending, gsize expected_position, const char *expected_message)
{
  g_autoptr (GError) error = NULL;
  gsize position = 4711;
  g_autoptr (GBytes) bytes =
      skt_payload_from_text (utf8, -1, SKT_ENCODING_ISO_8859_1, ending, &position, &error);

  g_assert_null (bytes);
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_CHARACTER);
  g_assert_cmpuint (position, ==, expected_position);
  g_assert_cmpstr (error->message, ==, expected_message);
}

/* The position is that in the text as typed, whatever its line breaks become. */
static void
test_refused (void)
{
  for (SktLineEnding ending = 0; ending < SKT_N_LINE_ENDINGS; ending++)
    {
      assert_refused ("€", ending, 0,
                      "“€” (U+20AC) at position 1 does not exist in ISO-8859-1: remove it or choose another encoding, "
                      "such as UTF-8");
      assert_refused ("é\n\r\n\r好", ending, 5,
                      "“好” (U+597D) at position 6 does not exist in ISO-8859-1: remove it or choose another encoding, "
                      "such as UTF-8");
      assert_refused ("a\n\xFF", ending, 2, "\\xFF at position 3 is not text: send such bytes as hex");
    }
  g_assert_null (skt_payload_from_text ("€", -1, SKT_ENCODING_ASCII, SKT_LINE_ENDING_LF, NULL, NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/payload/endings", test_endings);
  g_test_add_func ("/core/payload/edges", test_edges);
  g_test_add_func ("/core/payload/encodings", test_encodings);
  g_test_add_func ("/core/payload/refused", test_refused);
  return g_test_run ();
}
