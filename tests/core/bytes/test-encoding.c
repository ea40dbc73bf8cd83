/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-encoding.h"
#include "skt-error.h"

#include <string.h>

/* -- Names --------------------------------------------------------------------------------------------------- */

static void
test_names (void)
{
  for (SktEncoding encoding = 0; encoding < SKT_N_ENCODINGS; encoding++)
    {
      const char *name = skt_encoding_get_name (encoding);
      g_autofree char *lower = g_ascii_strdown (name, -1);
      SktEncoding found = SKT_N_ENCODINGS;

      g_assert_true (skt_encoding_from_name (name, &found));
      g_assert_cmpint (found, ==, encoding);
      found = SKT_N_ENCODINGS;
      g_assert_true (skt_encoding_from_name (lower, &found));
      g_assert_cmpint (found, ==, encoding);
    }
}

static void
test_aliases (void)
{
  static const struct
  {
    const char *alias;
    SktEncoding encoding;
  } cases[] = {
    { "gb18030", SKT_ENCODING_GB18030 },       { "GB 18030", SKT_ENCODING_GB18030 },
    { "cp936", SKT_ENCODING_GBK },             { "gb2312", SKT_ENCODING_GBK },
    { "CP_950", SKT_ENCODING_BIG5 },           { "sjis", SKT_ENCODING_SHIFT_JIS },
    { "Windows-31J", SKT_ENCODING_SHIFT_JIS }, { "eucJP", SKT_ENCODING_EUC_JP },
    { "cp949", SKT_ENCODING_EUC_KR },          { "KS_C_5601-1987", SKT_ENCODING_EUC_KR },
    { "us-ascii", SKT_ENCODING_ASCII },        { "latin1", SKT_ENCODING_ISO_8859_1 },
    { "Latin-9", SKT_ENCODING_ISO_8859_15 },   { "cp1252", SKT_ENCODING_WINDOWS_1252 },
    { "CP1251", SKT_ENCODING_WINDOWS_1251 },   { "koi8r", SKT_ENCODING_KOI8_R },
    { "utf8", SKT_ENCODING_UTF_8 },            { "UTF 16le", SKT_ENCODING_UTF_16LE },
    { "utf16be", SKT_ENCODING_UTF_16BE },
  };
  static const char *const strangers[] = { "", "-", "utf", "utf-7", "EBCDIC", "gb18030x", "UTF‑8" };
  SktEncoding found;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      found = SKT_N_ENCODINGS;
      g_assert_true (skt_encoding_from_name (cases[i].alias, &found));
      g_assert_cmpint (found, ==, cases[i].encoding);
    }
  found = SKT_ENCODING_KOI8_R;
  for (gsize i = 0; i < G_N_ELEMENTS (strangers); i++)
    g_assert_false (skt_encoding_from_name (strangers[i], &found));
  g_assert_cmpint (found, ==, SKT_ENCODING_KOI8_R);
}

/* -- Encoding ------------------------------------------------------------------------------------------------ */

static void
assert_encoded (SktEncoding encoding, const char *utf8, const char *expected, gsize expected_length)
{
  g_autoptr (GError) error = NULL;
  gsize position = 4711;
  g_autoptr (GBytes) bytes = skt_encoding_encode (encoding, utf8, -1, &position, &error);

  g_assert_no_error (error);
  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected, expected_length);
  g_assert_cmpuint (position, ==, 4711);
}

#define ASSERT_ENCODED(encoding, utf8, expected) assert_encoded (encoding, utf8, expected, sizeof (expected) - 1)

static void
test_encode (void)
{
  ASSERT_ENCODED (SKT_ENCODING_UTF_8, "你好 é 😀", "你好 é 😀");
  ASSERT_ENCODED (SKT_ENCODING_UTF_8, "", "");
  ASSERT_ENCODED (SKT_ENCODING_GB18030, "你好€😀ḿ", "\xC4\xE3\xBA\xC3\xA2\xE3\x94\x39\xFC\x36\xA8\xBC");
  ASSERT_ENCODED (SKT_ENCODING_GB18030, "é\xC2\x80", "\xA8\xA6\x81\x30\x81\x30");
  ASSERT_ENCODED (SKT_ENCODING_GBK, "你好€", "\xC4\xE3\xBA\xC3\x80");
  ASSERT_ENCODED (SKT_ENCODING_BIG5, "中文", "\xA4\xA4\xA4\xE5");
  ASSERT_ENCODED (SKT_ENCODING_SHIFT_JIS, "あ\\~ｱ表", "\x82\xA0\\~\xB1\x95\\");
  ASSERT_ENCODED (SKT_ENCODING_SHIFT_JIS, "～〜－−", "\x81\x60\x81\x60\x81\x7C\x81\x7C");
  ASSERT_ENCODED (SKT_ENCODING_EUC_JP, "あｱ丂\\", "\xA4\xA2\x8E\xB1\x8F\xB0\xA1\\");
  ASSERT_ENCODED (SKT_ENCODING_EUC_KR, "각", "\xB0\xA2");
  ASSERT_ENCODED (SKT_ENCODING_ASCII, "a\x7F\t", "a\x7F\t");
  ASSERT_ENCODED (SKT_ENCODING_ISO_8859_1, "é\xC2\x85", "\xE9\x85");
  ASSERT_ENCODED (SKT_ENCODING_ISO_8859_15, "€", "\xA4");
  ASSERT_ENCODED (SKT_ENCODING_WINDOWS_1252, "€é", "\x80\xE9");
  ASSERT_ENCODED (SKT_ENCODING_WINDOWS_1251, "Привет", "\xCF\xF0\xE8\xE2\xE5\xF2");
  ASSERT_ENCODED (SKT_ENCODING_KOI8_R, "Привет", "\xF0\xD2\xC9\xD7\xC5\xD4");
  ASSERT_ENCODED (SKT_ENCODING_UTF_16LE, "a你😀", "a\0\x60\x4F\x3D\xD8\x00\xDE");
  ASSERT_ENCODED (SKT_ENCODING_UTF_16BE, "a你😀", "\0a\x4F\x60\xD8\x3D\xDE\x00");
}

/* A text with NUL inside, and one that is larger than any buffer. */
static void
test_encode_sizes (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (SktEncoding encoding = 0; encoding < SKT_N_ENCODINGS; encoding++)
    {
      g_autoptr (GBytes) bytes = skt_encoding_encode (encoding, "a\0b", 3, NULL, NULL);
      g_autoptr (GBytes) nothing = skt_encoding_encode (encoding, NULL, 0, NULL, NULL);

      g_assert_nonnull (bytes);
      g_assert_cmpuint (g_bytes_get_size (bytes), ==, encoding >= SKT_ENCODING_UTF_16LE ? 6 : 3);
      g_assert_nonnull (nothing);
      g_assert_cmpuint (g_bytes_get_size (nothing), ==, 0);
    }
  for (guint i = 0; i < 50000; i++)
    g_string_append (text, "好a");
  for (SktEncoding encoding = SKT_ENCODING_GB18030; encoding <= SKT_ENCODING_EUC_JP; encoding++)
    {
      g_autoptr (GBytes) bytes = skt_encoding_encode (encoding, text->str, text->len, NULL, NULL);

      g_assert_nonnull (bytes);
      g_assert_cmpuint (g_bytes_get_size (bytes), ==, 150000);
    }
}

static void
assert_refused (SktEncoding encoding, const char *utf8, gssize length, gsize expected_position, const char *expected)
{
  g_autoptr (GError) error = NULL;
  gsize position = 4711;
  g_autoptr (GBytes) bytes = skt_encoding_encode (encoding, utf8, length, &position, &error);

  g_assert_null (bytes);
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_CHARACTER);
  g_assert_cmpuint (position, ==, expected_position);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (strstr (error->message, expected) == NULL)
    g_error ("“%s” is not in: %s", expected, error->message);
}

static void
test_refused (void)
{
  assert_refused (SKT_ENCODING_ASCII, "aé", -1, 1, "“é” (U+00E9) at position 2 does not exist in ASCII");
  assert_refused (SKT_ENCODING_GBK, "你好😀", -1, 2, "“😀” (U+1F600) at position 3 does not exist in GBK");
  assert_refused (SKT_ENCODING_BIG5, "们", -1, 0, "Big5");
  assert_refused (SKT_ENCODING_ISO_8859_1, "€", -1, 0, "ISO-8859-1");
  assert_refused (SKT_ENCODING_WINDOWS_1252, "a\xC2\x81", -1, 1, "The character U+0081 at position 2");
  /* What iconv would replace by something similar, or leave out. */
  assert_refused (SKT_ENCODING_SHIFT_JIS, "あ¥", -1, 1, "“¥”");
  assert_refused (SKT_ENCODING_SHIFT_JIS, "‾", -1, 0, "“‾”");
  assert_refused (SKT_ENCODING_EUC_JP, "¥", -1, 0, "“¥”");
  assert_refused (SKT_ENCODING_EUC_KR, "₩", -1, 0, "“₩”");
  assert_refused (SKT_ENCODING_EUC_KR, "각갂", -1, 1, "“갂”");
  assert_refused (SKT_ENCODING_GBK, "a\xF3\xA0\x81\x81z", -1, 1, "U+E0041");
  assert_refused (SKT_ENCODING_GBK, "a\xF3\xA0\x81\x81", -1, 1, "U+E0041");
  assert_refused (SKT_ENCODING_ASCII, "a\xE2\x80\xAE", -1, 1, "U+202E");
  /* No text at all. */
  assert_refused (SKT_ENCODING_UTF_8, "你\xFF", -1, 1, "\\xFF at position 2 is not text");
  assert_refused (SKT_ENCODING_UTF_8, "ab\xE4\xBD", -1, 2, "\\xE4 at position 3");
  assert_refused (SKT_ENCODING_GB18030, "\xF4\x90\x80\x80", -1, 0, "\\xF4");
  assert_refused (SKT_ENCODING_UTF_16LE, "\xED\xA0\x80", -1, 0, "\\xED");
  assert_refused (SKT_ENCODING_UTF_8, "a\0\xFF", 3, 2, "\\xFF at position 3");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/encoding/names", test_names);
  g_test_add_func ("/core/encoding/aliases", test_aliases);
  g_test_add_func ("/core/encoding/encode", test_encode);
  g_test_add_func ("/core/encoding/encode-sizes", test_encode_sizes);
  g_test_add_func ("/core/encoding/refused", test_refused);
  return g_test_run ();
}
