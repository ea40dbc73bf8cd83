/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "check-codec.h"

#include <string.h>

#define BYTES(text) ((const guint8 *) (text)), sizeof (text) - 1

/* -- What is shown ------------------------------------------------------------------------------------------- */

/* Each span as kind:text, its bytes (and those of the carry) and cells: "t:a 1 1". */
static char *
describe (const SktDecoded *row)
{
  GString *found = g_string_new (NULL);

  for (guint i = 0; i < row->spans->len; i++)
    {
      const SktSpan *span = &g_array_index (row->spans, SktSpan, i);

      g_string_append_printf (found, "%s%c:%.*s %u", i > 0 ? "|" : "", "tvcip"[span->kind], span->text_length,
                              row->text->str + span->text_offset, span->length);
      if (span->carried > 0)
        g_string_append_printf (found, "+%u", span->carried);
      g_string_append_printf (found, " %u", span->cells);
    }
  return g_string_free (found, FALSE);
}

static void
assert_row_shown (SktEncoding encoding,
                  const char *carry_bytes,
                  const guint8 *bytes,
                  gsize length,
                  gboolean is_last,
                  const char *expected)
{
  SktCarry carry = { .length = strlen (carry_bytes) };
  SktDecoded row;
  g_autofree char *found = NULL;

  memcpy (carry.bytes, carry_bytes, carry.length);
  skt_decoded_init (&row);
  skt_decode_row (encoding, &carry, bytes, length, is_last, &row);
  found = describe (&row);
  g_assert_cmpstr (found, ==, expected);
  skt_decoded_clear (&row);
}

static void
assert_shown_with_carry (SktEncoding encoding,
                         const char *carry_bytes,
                         const guint8 *bytes,
                         gsize length,
                         const char *expected)
{
  assert_row_shown (encoding, carry_bytes, bytes, length, TRUE, expected);
}

static void
assert_shown (SktEncoding encoding, const guint8 *bytes, gsize length, const char *expected)
{
  assert_row_shown (encoding, "", bytes, length, TRUE, expected);
}

static void
test_kinds (void)
{
  assert_shown (SKT_ENCODING_UTF_8, BYTES (""), "");
  assert_shown (SKT_ENCODING_UTF_8, BYTES ("a é"), "t:a 1 1|t:  1 1|t:é 2 1");
  assert_shown (SKT_ENCODING_UTF_8, BYTES ("你😀"), "t:你 3 2|t:😀 4 2");
  assert_shown (SKT_ENCODING_UTF_8, BYTES ("\xEF\xBF\xBD"), "t:\xEF\xBF\xBD 3 1");
  assert_shown (SKT_ENCODING_UTF_8, BYTES ("\xE3\x80\x80"), "t:\xE3\x80\x80 3 2");
  assert_shown (SKT_ENCODING_UTF_8, BYTES ("\0\x1B\x7F\r\n"), "c:\\0 1 2|c:\\x1B 1 4|c:\\x7F 1 4|c:\\r 1 2|c:\\n 1 2");
  assert_shown (SKT_ENCODING_UTF_8, BYTES ("\tab\t\t"), "c:\\t 1 8|t:a 1 1|t:b 1 1|c:\\t 1 6|c:\\t 1 8");
  assert_shown (SKT_ENCODING_UTF_8, BYTES ("\xFF\xE4\xBDx\xE4\xBD"),
                "v:\\xFF 1 4|v:\\xE4\\xBD 2 8|t:x 1 1|p:\\xE4\\xBD 2 8");
  assert_shown (SKT_ENCODING_GBK, BYTES ("\xA2\xA1\xAA\xA1"), "t:ⅰ 2 2|v:\\xAA\\xA1 2 8");
  assert_shown (SKT_ENCODING_GB18030, BYTES ("\xA2\xA1\xAA\xA1"), "t:ⅰ 2 2|i:<U+E000> 2 8");
  assert_shown (SKT_ENCODING_GBK, BYTES ("\xA1\xE6"), "t:℃ 2 2");
  assert_shown (SKT_ENCODING_UTF_8, BYTES ("℃"), "t:℃ 3 1");
  assert_shown (SKT_ENCODING_BIG5, BYTES ("\x81\x40z"), "v:\\x81\\x40 2 8|t:z 1 1");
  assert_shown (SKT_ENCODING_WINDOWS_1252, BYTES ("\x80\x81"), "t:€ 1 1|v:\\x81 1 4");
  assert_shown (SKT_ENCODING_ISO_8859_1, BYTES ("\xA0\x85\xAD"), "i:<U+00A0> 1 8|i:<U+0085> 1 8|i:<U+00AD> 1 8");
  assert_shown (SKT_ENCODING_SHIFT_JIS, BYTES ("\\\xB1"), "t:\\ 1 1|t:ｱ 1 1");
  assert_shown (SKT_ENCODING_EUC_JP, BYTES ("\x8F\xB0\xA1\x8F\xA1\xA1"), "t:丂 3 2|v:\\x8F\\xA1\\xA1 3 12");
  assert_shown (SKT_ENCODING_EUC_KR, BYTES ("\x81\x41"), "t:갂 2 2");
  assert_shown (SKT_ENCODING_GB18030, BYTES ("\x94\x39\xFC\x36\x81\x30\x81\x30\xE3\x32\x9A\x36"),
                "t:😀 4 2|i:<U+0080> 4 8|v:\\xE3\\x32\\x9A\\x36 4 16");
  assert_shown (SKT_ENCODING_UTF_16LE, BYTES ("a\0\x3D\xD8\x00\xDE\x00\xDCz"),
                "t:a 2 1|t:😀 4 2|v:\\x00\\xDC 2 8|p:\\x7A 1 4");
}

static void
test_tokens (void)
{
  static const gunichar invisible[] = {
    0x0080, 0x00A0, 0x00AD, 0x034F, 0x0378,  0x061C,  0x1160,  0x180B,  0x180E,  0x2000,  0x200B,   0x200D,
    0x200F, 0x2028, 0x2029, 0x202E, 0x2060,  0x2066,  0x3164,  0xE000,  0xFDD0,  0xFE0F,  0xFEFF,   0xFFFE,
    0xFFFF, 0xE0001, 0xE007F, 0xE0100, 0xE01EF, 0xF0000, 0x10FFFF,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (invisible); i++)
    {
      char utf8[7] = { 0 };
      gsize n = g_unichar_to_utf8 (invisible[i], utf8);
      g_autofree char *token = g_strdup_printf ("<U+%04X>", invisible[i]);
      g_autofree char *expected = g_strdup_printf ("i:%s %u %u", token, (guint) n, (guint) strlen (token));

      assert_shown (SKT_ENCODING_UTF_8, (const guint8 *) utf8, n, expected);
    }
}

#define ACUTE "\xCC\x81"

static void
test_marks (void)
{
  assert_shown (SKT_ENCODING_UTF_8, BYTES ("e" ACUTE), "t:e 1 1|t:" ACUTE " 2 0");
  assert_shown (SKT_ENCODING_UTF_8, BYTES (ACUTE ACUTE), "t:◌" ACUTE " 2 1|t:" ACUTE " 2 0");
  assert_shown (SKT_ENCODING_UTF_8, BYTES ("\n" ACUTE), "c:\\n 1 2|t:◌" ACUTE " 2 1");
  assert_shown (SKT_ENCODING_UTF_8, BYTES ("\xFF" ACUTE), "v:\\xFF 1 4|t:◌" ACUTE " 2 1");
  assert_shown (SKT_ENCODING_UTF_8, BYTES ("\xE2\x80\x8D" ACUTE), "i:<U+200D> 3 8|t:◌" ACUTE " 2 1");
  assert_shown (SKT_ENCODING_UTF_8,
                BYTES ("e" ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE "x" ACUTE),
                "t:e 1 1|t:" ACUTE " 2 0|t:" ACUTE " 2 0|t:" ACUTE " 2 0|t:" ACUTE " 2 0|t:" ACUTE " 2 0|t:" ACUTE
                " 2 0|t:" ACUTE " 2 0|t:" ACUTE " 2 0|i:<U+0301> 2 8|i:<U+0301> 2 8|t:x 1 1|t:" ACUTE " 2 0");
  /* Spacing marks and conjoining Hangul. */
  assert_shown (SKT_ENCODING_UTF_8, BYTES ("क\xE0\xA4\xBE"), "t:क 3 1|t:\xE0\xA4\xBE 3 1");
  assert_shown (SKT_ENCODING_UTF_8, BYTES ("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB"),
                "t:\xE1\x84\x92 3 2|t:\xE1\x85\xA1 3 0|t:\xE1\x86\xAB 3 0");
}

static void
test_carried (void)
{
  assert_shown_with_carry (SKT_ENCODING_UTF_8, "\xE4\xBD", BYTES ("\xA0x"), "t:你 1+2 2|t:x 1 1");
  assert_shown_with_carry (SKT_ENCODING_UTF_8, "\xE4\xBD", BYTES ("x"), "v:\\xE4\\xBD 0+2 8|t:x 1 1");
  assert_shown_with_carry (SKT_ENCODING_UTF_8, "\xF0\x9F", BYTES ("\x98"), "p:\\x98 1+2 4");
  assert_shown_with_carry (SKT_ENCODING_UTF_8, "\xF0", BYTES ("\x9F\x98"), "p:\\x9F\\x98 2+1 8");
  assert_shown_with_carry (SKT_ENCODING_GB18030, "\x81\x30\x81", BYTES ("\x40z"),
                           "v:\\x81 0+1 4|t:0 0+1 1|t:丂 1+1 2|t:z 1 1");
  assert_shown_with_carry (SKT_ENCODING_UTF_16LE, "\x3D\xD8\x0A", BYTES ("\0"), "v:\\x3D\\xD8 0+2 8|c:\\n 1+1 2");
  assert_shown_with_carry (SKT_ENCODING_EUC_JP, "\x8F\xB0", BYTES ("\xA1"), "t:丂 1+2 2");
}

/* Rows in the middle of a piece end at a border: nothing is begun there. */
static void
test_cut_after_invalid (void)
{
  assert_row_shown (SKT_ENCODING_UTF_8, "", BYTES ("a\xE4\xBD"), FALSE, "t:a 1 1|v:\\xE4\\xBD 2 8");
  assert_row_shown (SKT_ENCODING_UTF_8, "\xF0\x9F", BYTES ("\x98"), FALSE, "v:\\xF0\\x9F\\x98 1+2 12");
  assert_row_shown (SKT_ENCODING_GB18030, "\x81\x30", BYTES ("\x81"), FALSE, "v:\\x81 0+1 4|t:0 0+1 1|v:\\x81 1 4");
  assert_row_shown (SKT_ENCODING_EUC_JP, "", BYTES ("\x8F\xA1"), FALSE, "v:\\x8F 1 4|v:\\xA1 1 4");
  assert_row_shown (SKT_ENCODING_UTF_16LE, "", BYTES ("\x3D\xD8"), FALSE, "v:\\x3D\\xD8 2 8");
  assert_row_shown (SKT_ENCODING_UTF_16LE, "", BYTES ("\x3D\xD8z"), FALSE, "v:\\x3D\\xD8 2 8|v:\\x7A 1 4");
}

static void
test_simple (void)
{
  static const struct
  {
    const char *text;
    gboolean is_simple;
  } cases[] = {
    { "", TRUE },           { "abc ~", TRUE },  { "a\tb\x7F\n", TRUE }, { "\xFF\xE4\xBD", TRUE },
    { "\xE2\x80\xAE", TRUE }, { "␀␡", FALSE },   { "␢", FALSE },         { "é", FALSE },
    { "你", FALSE },        { ACUTE, FALSE },
  };
  SktDecoded row;

  skt_decoded_init (&row);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      skt_decode_row (SKT_ENCODING_UTF_8, NULL, (const guint8 *) cases[i].text, strlen (cases[i].text), TRUE, &row);
      g_assert_cmpint (row.is_simple, ==, cases[i].is_simple);
    }
  skt_decoded_clear (&row);
  skt_decoded_clear (&row);
}

/* -- True text ----------------------------------------------------------------------------------------------- */

static const char *const texts[SKT_N_ENCODINGS] = {
  [SKT_ENCODING_UTF_8] = "你好，世界\n日本語テキスト\tpřílišный 👩‍💻 🇨🇳 e\xCC\x81\r\nend",
  [SKT_ENCODING_GB18030] = "你好，世界\n日本語テキスト\t한국어 ẞ 😀👩‍💻 0123é\r\n€end",
  [SKT_ENCODING_GBK] = "你好，世界€\n日本語テキスト\tабв 0123éà\r\nend",
  [SKT_ENCODING_BIG5] = "你好，世界\n臺灣許功蓋\tㄅㄆㄇ 0123\r\nend",
  [SKT_ENCODING_SHIFT_JIS] = "日本語テキスト、ソ表\\~\nｶﾀｶﾅ\t①ⅱ 0123\r\nend",
  [SKT_ENCODING_EUC_JP] = "日本語テキスト、ソ表\\~\nｶﾀｶﾅ\t丂丄 0123\r\nend",
  [SKT_ENCODING_EUC_KR] = "안녕하세요, 세계\n韓國語\tテキスト 0123\r\nend",
  [SKT_ENCODING_ASCII] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
  [SKT_ENCODING_ISO_8859_1] = "Grüße, ça va?\n£\xC2\xA0\t½ÿ\r\n",
  [SKT_ENCODING_ISO_8859_15] = "Grüße, ça va?\n€\tŒuvre\r\n",
  [SKT_ENCODING_WINDOWS_1252] = "„Grüße“ … €\n\tŒuvre\r\n",
  [SKT_ENCODING_WINDOWS_1251] = "Привет, мир\n№ ёЁ\r\n",
  [SKT_ENCODING_KOI8_R] = "Привет, мир\n═╬ ёЁ\r\n",
  [SKT_ENCODING_UTF_16LE] = "你好，世界ਊ\nĊ日本語\tпривет 👩‍💻 \r\nend",
  [SKT_ENCODING_UTF_16BE] = "你好，世界ਊ\nĊ日本語\tпривет 👩‍💻 \r\nend",
};

static void
test_round_trip (void)
{
  for (SktEncoding encoding = 0; encoding < SKT_N_ENCODINGS; encoding++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = skt_encoding_encode (encoding, texts[encoding], -1, NULL, &error);
      g_autoptr (GString) plain = g_string_new (NULL);

      g_assert_no_error (error);
      skt_decode_append_plain (encoding, NULL, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), TRUE, plain);
      g_assert_cmpstr (plain->str, ==, texts[encoding]);
    }
}

static void
test_plain (void)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  SktCarry carry = { .length = 2, .bytes = { 0xE4, 0xBD } };

  skt_decode_append_plain (SKT_ENCODING_UTF_8, NULL, BYTES ("a\0\xFF\xE2\x80\xAE\n\xE4\xBD"), TRUE, plain);
  g_assert_cmpmem (plain->str, plain->len, "a\0\\xFF\xE2\x80\xAE\n", 10);
  g_string_truncate (plain, 0);
  skt_decode_append_plain (SKT_ENCODING_UTF_8, &carry, BYTES ("\xA0z"), TRUE, plain);
  skt_decode_append_plain (SKT_ENCODING_UTF_8, &carry, BYTES ("z\xC0"), TRUE, plain);
  skt_decode_append_plain (SKT_ENCODING_BIG5, NULL, BYTES ("\x81\x40\xA4"), TRUE, plain);
  g_assert_cmpstr (plain->str, ==, "你z\\xE4\\xBDz\\xC0\\x81\\x40");
}

/* Everything that glibc's own converter makes of all characters of the BMP and some beyond, there and back. */
static void
test_all_characters (void)
{
  for (SktEncoding encoding = 0; encoding < SKT_N_ENCODINGS; encoding++)
    {
      g_autoptr (GString) plain = g_string_new (NULL);
      guint n_found = 0;

      for (gunichar c = 0; c < 0x11000; c++)
        {
          char utf8[7] = { 0 };
          gsize n = g_unichar_to_utf8 (c, utf8);
          g_autoptr (GBytes) bytes = NULL;

          if (c >= 0xD800 && c < 0xE000)
            continue;
          if (c >= 0x80 && c < 0xFFFF && c % 7 != 0)
            continue;
          bytes = skt_encoding_encode (encoding, utf8, n, NULL, NULL);
          if (bytes == NULL)
            continue;
          n_found++;
          g_string_truncate (plain, 0);
          skt_decode_append_plain (encoding, NULL, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), TRUE,
                                   plain);
          if (plain->len != n || memcmp (plain->str, utf8, n) != 0)
            g_assert_cmpint (encoding, ==, SKT_ENCODING_SHIFT_JIS);
        }
      g_assert_cmpuint (n_found, >=, 128);
      if (encoding <= SKT_ENCODING_EUC_KR)
        g_assert_cmpuint (n_found, >, 1000);
    }
}

/* -- Streams cut anywhere ------------------------------------------------------------------------------------ */

typedef struct
{
  SktEncoding encoding;
  const guint8 *bytes;
  gsize length;
  gsize max_bytes;
  GString *plain;       /* of the stream in one piece */
  char *shown;
} Stream;

static void
check_cut (const Stream *stream, const gsize *lengths)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  g_autoptr (GString) shown = g_string_new (NULL);
  g_autofree char *without_marks = NULL;
  SktCarry carry = { 0 };

  for (gsize offset = 0; offset < stream->length; offset += *lengths++)
    check_piece (stream->encoding, &carry, stream->bytes + offset, *lengths, stream->max_bytes, plain, shown);
  g_assert_cmpmem (plain->str, plain->len, stream->plain->str, stream->plain->len);
  without_marks = check_without_marks (shown);
  g_assert_cmpstr (without_marks, ==, stream->shown);
}

static void
check_random_cuts (const Stream *stream)
{
  g_autofree gsize *lengths = g_new (gsize, stream->length);
  gsize offset = 0;

  for (gsize i = 0; offset < stream->length; i++)
    {
      gsize wanted = g_test_rand_int_range (1, 7);

      lengths[i] = MIN (wanted, stream->length - offset);
      offset += lengths[i];
    }
  check_cut (stream, lengths);
}

static void
check_stream (SktEncoding encoding, const guint8 *bytes, gsize length, gsize max_bytes)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  g_autoptr (GString) shown = g_string_new (NULL);
  g_autofree char *without_marks = NULL;
  g_autofree gsize *lengths = g_new (gsize, length);
  SktCarry carry = { 0 };
  Stream stream = { encoding, bytes, length, max_bytes, plain };

  skt_decode_append_plain (encoding, NULL, bytes, length, TRUE, plain);
  check_piece (encoding, &carry, bytes, length, 1024, NULL, shown);
  without_marks = check_without_marks (shown);
  stream.shown = without_marks;

  for (gsize cut = 1; cut < length; cut++)
    check_cut (&stream, (gsize[]) { cut, length - cut });
  for (gsize i = 0; i < length; i++)
    lengths[i] = 1;
  check_cut (&stream, lengths);
  for (guint round = 0; round < 50; round++)
    check_random_cuts (&stream);
}

/* Strews bytes that don't belong there over a text. */
static GByteArray *
spoil (GBytes *bytes)
{
  static const guint8 bad[] = { 0x80, 0x81, 0x8F, 0xC0, 0xE4, 0xF0, 0xFF, 0x30,
                                0x39, 0x0A, 0x00, 0xD8, 0xDC, 0xA1, 0x9F };
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  GByteArray *spoiled = g_byte_array_new ();

  for (gsize i = 0; i < length; i++)
    {
      if (g_test_rand_int_range (0, 5) == 0)
        g_byte_array_append (spoiled, &bad[g_test_rand_int_range (0, sizeof bad)], 1);
      if (g_test_rand_int_range (0, 9) != 0)
        g_byte_array_append (spoiled, data + i, 1);
    }
  return spoiled;
}

static void
test_stream (gconstpointer data)
{
  SktEncoding encoding = GPOINTER_TO_UINT (data);
  g_autoptr (GBytes) bytes = skt_encoding_encode (encoding, texts[encoding], -1, NULL, NULL);
  static const gsize sizes[] = { 1, 2, 3, 4, 5, 8, 16, 1024 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    check_stream (encoding, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), sizes[i]);
  for (guint round = 0; round < 30; round++)
    {
      g_autoptr (GByteArray) spoiled = spoil (bytes);

      check_stream (encoding, spoiled->data, spoiled->len, sizes[round % G_N_ELEMENTS (sizes)]);
    }
}

/* The tables are made by whoever comes first. */
static gpointer
decode_thread (gpointer data)
{
  GString *plain = g_string_new (NULL);

  for (SktEncoding encoding = 0; encoding < SKT_N_ENCODINGS; encoding++)
    skt_decode_append_plain (encoding, NULL, BYTES ("a\x8F\xB0\xA1\xC4\xE3\x81\x30\x84\x32z\n"), TRUE, plain);
  return g_string_free (plain, FALSE);
}

static void
test_threads (void)
{
  GThread *threads[4];
  g_autofree char *first = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("decode", decode_thread, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autofree char *plain = g_thread_join (threads[i]);

      if (first == NULL)
        first = g_steal_pointer (&plain);
      else
        g_assert_cmpstr (plain, ==, first);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/decode/threads", test_threads);
  g_test_add_func ("/core/decode/kinds", test_kinds);
  g_test_add_func ("/core/decode/tokens", test_tokens);
  g_test_add_func ("/core/decode/marks", test_marks);
  g_test_add_func ("/core/decode/carried", test_carried);
  g_test_add_func ("/core/decode/cut-after-invalid", test_cut_after_invalid);
  g_test_add_func ("/core/decode/simple", test_simple);
  g_test_add_func ("/core/decode/round-trip", test_round_trip);
  g_test_add_func ("/core/decode/plain", test_plain);
  g_test_add_func ("/core/decode/all-characters", test_all_characters);
  for (SktEncoding encoding = 0; encoding < SKT_N_ENCODINGS; encoding++)
    {
      g_autofree char *path = g_strconcat ("/core/decode/stream/", skt_encoding_get_name (encoding), NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (encoding), test_stream);
    }
  return g_test_run ();
}
