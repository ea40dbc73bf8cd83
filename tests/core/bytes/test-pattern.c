/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "check-pattern.h"
#include "skt-error.h"
#include "skt-pattern-private.h"

#include "skt-charmap-private.h"

#include <string.h>

static SktPattern *
new_pattern (SktPatternKind kind, const char *text, SktEncoding encoding, gboolean match_case)
{
  g_autoptr (GError) error = NULL;
  gsize position = 4711;
  SktPattern *pattern = skt_pattern_new (kind, text, encoding, match_case, &position, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (position, ==, 0);
  return pattern;
}

/* -- Good and bad -------------------------------------------------------------------------------------------- */

static void
test_refused (void)
{
  static const struct
  {
    SktPatternKind kind;
    const char *text;
    SktEncoding encoding;
    SktError code;
    gsize position;
    const char *message;
  } cases[] = {
    { SKT_PATTERN_TEXT, "", SKT_ENCODING_UTF_8, SKT_ERROR_BAD_PATTERN, 0, "Nothing to search for" },
    { SKT_PATTERN_REGEX, "", SKT_ENCODING_UTF_8, SKT_ERROR_BAD_PATTERN, 0, "Nothing to search for" },
    { SKT_PATTERN_HEX, " ", SKT_ENCODING_UTF_8, SKT_ERROR_BAD_PATTERN, 0, "Nothing to search for" },
    { SKT_PATTERN_HEX, "?? ??", SKT_ENCODING_UTF_8, SKT_ERROR_BAD_PATTERN, 0, "Give at least one digit that is known" },
    { SKT_PATTERN_TEXT, "ab\xFF", SKT_ENCODING_UTF_8, SKT_ERROR_BAD_CHARACTER, 2,
      "This is not text: search for such bytes as hex" },
    { SKT_PATTERN_TEXT, "caf\xC3\xA9 \xE5\xA5\xBD", SKT_ENCODING_ISO_8859_1, SKT_ERROR_BAD_CHARACTER, 5,
      "“好” (U+597D) at position 6 does not exist in ISO-8859-1: "
      "remove it or choose another encoding, such as UTF-8" },
    { SKT_PATTERN_HEX, "de gd", SKT_ENCODING_UTF_8, SKT_ERROR_BAD_HEX, 3,
      "“g” at position 4 is neither a hexadecimal digit nor “?”, which stands for any" },
    { SKT_PATTERN_HEX, "de ?", SKT_ENCODING_UTF_8, SKT_ERROR_HALF_BYTE, 3,
      "Half a byte at position 4: write two digits for each byte" },
    { SKT_PATTERN_HEX, "de ???", SKT_ENCODING_UTF_8, SKT_ERROR_HALF_BYTE, 5,
      "Half a byte at position 6: write two digits for each byte" },
    { SKT_PATTERN_HEX, "0x", SKT_ENCODING_UTF_8, SKT_ERROR_BAD_HEX, 2,
      "Digits are missing at the end: write two for each byte" },
    { SKT_PATTERN_REGEX, "é\\\\\\C+", SKT_ENCODING_UTF_8, SKT_ERROR_BAD_PATTERN, 3,
      "\\C would match half a character: write . for any character, or search for bytes as hex" },
    { SKT_PATTERN_REGEX, "é[ab", SKT_ENCODING_UTF_8, SKT_ERROR_BAD_PATTERN, 3,
      "The regular expression has a mistake at position 4: missing terminating ] for character class" },
    { SKT_PATTERN_REGEX, "a(1", SKT_ENCODING_UTF_8, SKT_ERROR_BAD_PATTERN, 2,
      "The regular expression has a mistake at position 3: missing terminating )" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize position = 4711;

      g_assert_null (skt_pattern_new (cases[i].kind, cases[i].text, cases[i].encoding, TRUE, &position, &error));
      g_assert_error (error, SKT_ERROR, (gint) cases[i].code);
      g_assert_cmpstr (error->message, ==, cases[i].message);
      g_assert_cmpuint (position, ==, cases[i].position);
    }
}

static void
test_too_long (void)
{
  g_autofree char *text = g_strnfill (SKT_PATTERN_MAX + 1, '7');
  g_autofree char *hex = g_strnfill (SKT_PATTERN_MAX * 2 + 2, '7');

  for (SktPatternKind kind = 0; kind < SKT_N_PATTERN_KINDS; kind++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SktPattern) longest = NULL;
      char *long_text = kind == SKT_PATTERN_HEX ? hex : text;

      g_assert_null (skt_pattern_new (kind, long_text, SKT_ENCODING_UTF_8, FALSE, NULL, &error));
      g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_PATTERN);
      longest = new_pattern (kind, long_text + (kind == SKT_PATTERN_HEX ? 2 : 1), SKT_ENCODING_UTF_8, FALSE);
      g_assert_cmpuint (skt_pattern_get_max_length (longest), ==, kind == SKT_PATTERN_REGEX ? 0 : SKT_PATTERN_MAX);
    }
}

typedef struct
{
  SktPatternKind kind;
  gboolean match_case;
  SktEncoding encoding;
  const char *text;
  const char *bytes;
  const char *found;            /* "begin-end begin-end" */
} FindCase;

static void
test_find (void)
{
  static const FindCase cases[] = {
    { SKT_PATTERN_TEXT, TRUE, SKT_ENCODING_UTF_8, "a", "banana", "1-2 3-4 5-6" },
    { SKT_PATTERN_TEXT, TRUE, SKT_ENCODING_UTF_8, "ana", "banana ana", "1-4 7-10" },
    { SKT_PATTERN_TEXT, TRUE, SKT_ENCODING_UTF_8, "aa", "aaaaa", "0-2 2-4" },
    { SKT_PATTERN_TEXT, TRUE, SKT_ENCODING_UTF_8, "An", "banAna", "3-5" },
    { SKT_PATTERN_TEXT, FALSE, SKT_ENCODING_UTF_8, "AN", "banAna", "1-3 3-5" },
    { SKT_PATTERN_TEXT, FALSE, SKT_ENCODING_UTF_8, "sKt", "SKT \xC5\xBF\xE2\x84\xAA" "t skx", "0-3 4-10" },
    { SKT_PATTERN_TEXT, FALSE, SKT_ENCODING_UTF_8, "kk", "Kk\xE2\x84\xAAKkk", "0-2 2-6 6-8" },
    { SKT_PATTERN_TEXT, FALSE, SKT_ENCODING_UTF_8, "é", "Éé e", "0-2 2-4" },
    { SKT_PATTERN_TEXT, FALSE, SKT_ENCODING_UTF_8, "привет", "ПРИВЕТ привет", "0-12 13-25" },
    { SKT_PATTERN_TEXT, FALSE, SKT_ENCODING_UTF_8, "Σ", "σςΣ", "0-2 2-4 4-6" },
    { SKT_PATTERN_TEXT, FALSE, SKT_ENCODING_UTF_8, "i", "Iİı", "0-1" },
    { SKT_PATTERN_TEXT, FALSE, SKT_ENCODING_WINDOWS_1251, "\xD0\xB4", "\xC4\xE4", "0-1 1-2" },
    { SKT_PATTERN_TEXT, TRUE, SKT_ENCODING_WINDOWS_1251, "\xD0\xB4", "\xC4\xE4", "1-2" },
    /* 0x41 is also the second byte of a character, 0xB0A1 is also the halves of two. */
    { SKT_PATTERN_TEXT, TRUE, SKT_ENCODING_GBK, "A", "\x81\x41\x41\x81", "2-3" },
    { SKT_PATTERN_TEXT, TRUE, SKT_ENCODING_GBK, "啊", "\xC4\xB0\xA1\xA1 \xB0\xA1", "5-7" },
    { SKT_PATTERN_TEXT, TRUE, SKT_ENCODING_BIG5, "\\", "\xA5\x5C\x5C", "2-3" },
    { SKT_PATTERN_TEXT, TRUE, SKT_ENCODING_SHIFT_JIS, "\\", "\x83\x5C\x5C\xB1\x5C", "2-3 4-5" },
    { SKT_PATTERN_TEXT, TRUE, SKT_ENCODING_GB18030, "0", "\x81\x30\x81\x30" "0\x81\x30\x20", "4-5 6-7" },
    { SKT_PATTERN_TEXT, FALSE, SKT_ENCODING_GB18030, "K", "\x81\x30\x81\x4Bk", "4-5" },
    { SKT_PATTERN_TEXT, TRUE, SKT_ENCODING_EUC_JP, "\xE4\xBA\x9C", "\x8F\xB0\xB0\xA1\xB0\xA1", "" },
    { SKT_PATTERN_TEXT, TRUE, SKT_ENCODING_EUC_JP, "\xE4\xBA\x9C", "\xB0\xB0\xB0\xA1\xB0\xA1", "2-4 4-6" },
    { SKT_PATTERN_TEXT, TRUE, SKT_ENCODING_UTF_16LE, "A", "BA\x01" "A\x41\x01\x41", "" },
    { SKT_PATTERN_TEXT, TRUE, SKT_ENCODING_UTF_16BE, "\xE4\x84\x81", "\x41\x01\x41\x01", "0-2 2-4" },
    { SKT_PATTERN_TEXT, TRUE, SKT_ENCODING_UTF_16BE, "\xE4\x84\x81", "\x01\x41\x01\x41", "" },
    /* NEC's and IBM's rows have the same sign twice. */
    { SKT_PATTERN_TEXT, TRUE, SKT_ENCODING_SHIFT_JIS, "\xE2\x88\xB5", "\x81\xE6\x87\x9A", "0-2 2-4" },
    { SKT_PATTERN_HEX, TRUE, SKT_ENCODING_UTF_8, "61 6e", "banana", "1-3 3-5" },
    { SKT_PATTERN_HEX, TRUE, SKT_ENCODING_UTF_8, "0x61??61", "banana", "1-4" },
    { SKT_PATTERN_HEX, TRUE, SKT_ENCODING_UTF_8, "?? 61", "banana", "0-2 2-4 4-6" },
    { SKT_PATTERN_HEX, TRUE, SKT_ENCODING_UTF_8, "?E,6?", "banana", "2-4 4-6" },
    { SKT_PATTERN_HEX, TRUE, SKT_ENCODING_UTF_8, "e4bd ?? e5", "\xE4\xBD\xA0\xE5\xA5\xBD", "0-4" },
    { SKT_PATTERN_REGEX, TRUE, SKT_ENCODING_UTF_8, "an?", "banana", "1-3 3-5 5-6" },
    { SKT_PATTERN_REGEX, FALSE, SKT_ENCODING_UTF_8, "^b.", "Banana\r\nbx\nab", "0-2 8-10" },
    { SKT_PATTERN_REGEX, TRUE, SKT_ENCODING_UTF_8, "x*", "axxb", "1-3" },
    { SKT_PATTERN_REGEX, TRUE, SKT_ENCODING_UTF_8, "a$", "a\r\nba\nb a", "0-1 4-5 8-9" },
    { SKT_PATTERN_REGEX, TRUE, SKT_ENCODING_UTF_8, "a\\s", "a\na\r\na", "0-2 2-4" },
    { SKT_PATTERN_REGEX, TRUE, SKT_ENCODING_UTF_8, "a\\nb", "a\nb", "" },
    { SKT_PATTERN_REGEX, TRUE, SKT_ENCODING_UTF_8, "(?<=b)a", "ba aba", "1-2 5-6" },
    { SKT_PATTERN_REGEX, TRUE, SKT_ENCODING_UTF_8, "好.", "\xFF你好\xE5\xA5吗", "4-9" },
    { SKT_PATTERN_REGEX, TRUE, SKT_ENCODING_GBK, "[一-龥]+", "ab\xC4\xE3\xBA\xC3.\xB0\xA1\n\xB0\xA1", "2-6 7-9 10-12" },
    { SKT_PATTERN_REGEX, FALSE, SKT_ENCODING_GBK, "a", "\x81\x41\x41", "2-3" },
    { SKT_PATTERN_REGEX, TRUE, SKT_ENCODING_ISO_8859_1, "\\w+", "\xE9t\xE9 a", "0-3 4-5" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SktPattern) pattern = new_pattern (cases[i].kind, cases[i].text, cases[i].encoding,
                                                    cases[i].match_case);
      g_autofree char *list = check_pattern_list (pattern, (const guint8 *) cases[i].bytes, strlen (cases[i].bytes));

      g_test_message ("case %zu: %s", i, cases[i].text);
      g_assert_cmpstr (list, ==, cases[i].found);
    }
}

static void
test_find_zero_bytes (void)
{
  static const guint8 utf16[] = { 0x00, 0x41, 0x41, 0x00, 0x41, 0x00, 0x0A, 0x00, 0x41, 0x00 };
  g_autoptr (SktPattern) text = new_pattern (SKT_PATTERN_TEXT, "a", SKT_ENCODING_UTF_16LE, FALSE);
  g_autoptr (SktPattern) regex = new_pattern (SKT_PATTERN_REGEX, "A+", SKT_ENCODING_UTF_16LE, TRUE);
  /* a backslash and a C, both ways of writing it */
  g_autoptr (SktPattern) quoted = new_pattern (SKT_PATTERN_REGEX, "\\\\C|\\Qx\\C\\E", SKT_ENCODING_UTF_8, TRUE);
  g_autofree char *by_quoted = check_pattern_list (quoted, (const guint8 *) "a\\C x\\C", 7);
  g_autoptr (SktPattern) nul = new_pattern (SKT_PATTERN_REGEX, "b\\x00c", SKT_ENCODING_UTF_8, TRUE);
  g_autofree char *by_text = check_pattern_list (text, utf16, sizeof utf16);
  g_autofree char *by_regex = check_pattern_list (regex, utf16, sizeof utf16);
  g_autofree char *by_nul = check_pattern_list (nul, (const guint8 *) "ab\0cd", 5);

  g_assert_cmpstr (by_text, ==, "2-4 4-6 8-10");
  g_assert_cmpstr (by_regex, ==, "2-6 8-10");
  g_assert_cmpstr (by_nul, ==, "1-4");
  g_assert_cmpstr (by_quoted, ==, "1-3 4-7");
}

static void
test_may_overlap (void)
{
  static const struct
  {
    SktPatternKind kind;
    const char *text;
    gboolean may;
  } cases[] = {
    { SKT_PATTERN_TEXT, "a", FALSE }, { SKT_PATTERN_TEXT, "ana", TRUE }, { SKT_PATTERN_TEXT, "anb", FALSE },
    { SKT_PATTERN_TEXT, "anA", TRUE }, { SKT_PATTERN_TEXT, "kxK", TRUE }, { SKT_PATTERN_HEX, "12 3? 1f", FALSE },
    { SKT_PATTERN_HEX, "12 3? ?2", TRUE }, { SKT_PATTERN_HEX, "12 ??", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SktPattern) pattern = new_pattern (cases[i].kind, cases[i].text, SKT_ENCODING_UTF_8, FALSE);

      g_assert_cmpint (skt_pattern_may_overlap (pattern), ==, cases[i].may);
    }
}

/* -- The filter ---------------------------------------------------------------------------------------------- */

static guint8
random_byte (void)
{
  return g_test_rand_int_range (0, 4) == 0 ? g_test_rand_int () : g_test_rand_int_range ('a', 'e');
}

static SktProbe
random_probe (gboolean is_exact)
{
  SktProbe probe = { { 0xFF, 0xFF }, { random_byte (), 0 } };

  probe.values[1] = probe.values[0];
  if (is_exact)
    return probe;
  for (gsize i = 0; i < 2; i++)
    {
      probe.masks[i] = g_test_rand_bit () ? 0xFF : ~(1 << g_test_rand_int_range (0, 8));
      probe.values[i] = random_byte () & probe.masks[i];
    }
  return probe;
}

static gsize
seek_naively (const SktFilter *filter, const guint8 *bytes, gsize from, gsize to)
{
  for (gsize i = from; i < to; i++)
    {
      guint n_passed = 0;

      for (gsize form = 0; form < 4; form++)
        n_passed += (bytes[i] & filter->first.masks[form & 1]) == filter->first.values[form & 1]
                    && (bytes[i + filter->distance] & filter->second.masks[form >> 1]) == filter->second.values[form >> 1];
      if (n_passed > 0)
        return i;
    }
  return to;
}

static void
test_scans (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      gboolean is_exact = g_test_rand_bit ();
      SktFilter filter = { random_probe (is_exact), random_probe (is_exact), g_test_rand_int_range (0, 40), is_exact };
      gsize to = g_test_rand_int_range (0, 400);
      gsize from = g_test_rand_int_range (0, to + 1);
      /* Exactly as many as may be read. */
      g_autofree guint8 *bytes = g_malloc (to + filter.distance);
      gsize expected, place;

      for (gsize i = 0; i < to + filter.distance; i++)
        bytes[i] = round % 2 == 0 ? random_byte () : g_test_rand_int ();
      expected = seek_naively (&filter, bytes, from, to);
      for (SktScan scan = 0; scan < SKT_N_SCANS; scan++)
        if (_skt_filter_seek_with (scan, &filter, bytes, from, to, &place))
          g_assert_cmpuint (place, ==, expected);
      g_assert_cmpuint (_skt_filter_seek (&filter, bytes, from, to), ==, expected);
    }
}

/* -- Against the simplest way -------------------------------------------------------------------------------- */

/* A few characters that the encoding has, among them some that are parts of others and some with case. */
static guint
pick_alphabet (SktEncoding encoding, gunichar *alphabet, guint n_wanted)
{
  static const gunichar often[] = { 'A', 'a', 'k', 'K', 's', '0', '@', '\\', 'e', 0xE9, 0xC9, 0x434, 0x414, 0x17F, 0x212A,
                                    0x3C3, 0x3C2, 0x3A3, 0x554A, 0x4E9C };
  guint n = 0;

  while (n < n_wanted)
    {
      gunichar c = often[g_test_rand_int_range (0, G_N_ELEMENTS (often))];
      guint8 unit[4] = { g_test_rand_int (), g_test_rand_int (), g_test_rand_int (), g_test_rand_int () };
      char text[8] = { 0 };
      SktUnitKind kind;
      g_autoptr (GBytes) bytes = NULL;

      if (g_test_rand_bit ())
        {
          gsize length = skt_encoding_next_unit (encoding, unit, sizeof unit, &kind);

          c = kind == SKT_UNIT_CHARACTER ? _skt_charmap_get (encoding, unit, length) : SKT_NO_CHARACTER;
        }
      if (c == SKT_NO_CHARACTER || c == 0)
        continue;
      g_unichar_to_utf8 (c, text);
      bytes = skt_encoding_encode (encoding, text, -1, NULL, NULL);
      if (bytes != NULL)
        alphabet[n++] = c;
    }
  return n;
}

static GByteArray *
make_bytes (SktEncoding encoding, const gunichar *alphabet, guint n_alphabet)
{
  GByteArray *bytes = g_byte_array_new ();
  guint n = g_test_rand_int_range (0, 120);

  for (guint i = 0; i < n; i++)
    {
      char text[8] = { 0 };
      g_autoptr (GBytes) unit = NULL;
      const guint8 *data;
      gsize length;

      g_unichar_to_utf8 (alphabet[g_test_rand_int_range (0, n_alphabet)], text);
      unit = skt_encoding_encode (encoding, text, -1, NULL, NULL);
      data = g_bytes_get_data (unit, &length);
      /* Now and then only a part, so that borders move. */
      if (g_test_rand_int_range (0, 12) == 0)
        {
          data += length > 1 && g_test_rand_bit () ? 1 : 0;
          length = MAX (1, length - 1);
        }
      g_byte_array_append (bytes, data, length);
    }
  return bytes;
}

static void
test_text_at_random (gconstpointer user_data)
{
  SktEncoding encoding = GPOINTER_TO_UINT (user_data);
  guint n_found = 0;

  for (guint round = 0; round < 1500; round++)
    {
      gunichar alphabet[6];
      guint n_alphabet = pick_alphabet (encoding, alphabet, 2 + round % 5);
      guint n_wanted = g_test_rand_int_range (1, 6);
      gboolean match_case = g_test_rand_bit ();
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GByteArray) bytes = make_bytes (encoding, alphabet, n_alphabet);
      g_autofree guint8 *copy = g_memdup2 (bytes->data, bytes->len);
      g_autoptr (SktPattern) pattern = NULL;
      g_autofree char *list = NULL;
      g_autofree char *expected = NULL;

      for (guint i = 0; i < n_wanted; i++)
        g_string_append_unichar (text, alphabet[g_test_rand_int_range (0, n_alphabet)]);
      pattern = new_pattern (SKT_PATTERN_TEXT, text->str, encoding, match_case);
      list = check_pattern_list (pattern, copy, bytes->len);
      expected = check_pattern_list_naively (SKT_PATTERN_TEXT, text->str, encoding, match_case, copy, bytes->len);
      g_assert_cmpstr (list, ==, expected);
      n_found += *list != '\0';
    }
  g_assert_cmpuint (n_found, >, 300);
}

static void
test_hex_at_random (void)
{
  guint n_found = 0;

  for (guint round = 0; round < 5000; round++)
    {
      gsize n = g_test_rand_int_range (1, 12);
      gsize length = g_test_rand_int_range (0, 300);
      g_autofree guint8 *bytes = g_malloc (length);
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (SktPattern) pattern = NULL;
      g_autofree char *list = NULL;
      g_autofree char *expected = NULL;

      for (gsize i = 0; i < length; i++)
        bytes[i] = g_test_rand_int_range (0x60, 0x63);
      for (gsize i = 0; i < n; i++)
        {
          guint8 byte = g_test_rand_int_range (0x60, 0x63);
          gboolean has_high = i == 0 || g_test_rand_int_range (0, 3) != 0;
          gboolean has_low = i == 0 || g_test_rand_bit ();

          g_string_append_c (text, has_high ? "0123456789abcdef"[byte >> 4] : '?');
          g_string_append_c (text, has_low ? "0123456789ABCDEF"[byte & 0xF] : '?');
        }
      pattern = new_pattern (SKT_PATTERN_HEX, text->str, SKT_ENCODING_GBK, FALSE);
      list = check_pattern_list (pattern, bytes, length);
      expected = check_pattern_list_naively (SKT_PATTERN_HEX, text->str, SKT_ENCODING_GBK, FALSE, bytes, length);
      g_assert_cmpstr (list, ==, expected);
      n_found += *list != '\0';
    }
  g_assert_cmpuint (n_found, >, 500);
}

/* Bytes without a certain border for long must not take time by the square. */
static void
test_no_borders (void)
{
  const gsize length = 1024 * 1024;
  g_autofree guint8 *bytes = g_malloc (length);
  g_autoptr (SktPattern) pattern = new_pattern (SKT_PATTERN_TEXT, "啊", SKT_ENCODING_GBK, TRUE);

  for (gsize i = 0; i < length; i++)
    bytes[i] = i % 2 == 0 ? 0xB0 : 0xA1;
  g_assert_cmpuint (skt_pattern_count (pattern, bytes, length), ==, length / 2);
  g_assert_cmpuint (skt_pattern_count (pattern, bytes + 1, length - 1), ==, 0);
}

static void
test_references (void)
{
  SktPattern *pattern = new_pattern (SKT_PATTERN_TEXT, "x", SKT_ENCODING_KOI8_R, TRUE);

  g_assert_true (skt_pattern_ref (pattern) == pattern);
  skt_pattern_unref (pattern);
  g_assert_cmpint (skt_pattern_get_kind (pattern), ==, SKT_PATTERN_TEXT);
  g_assert_cmpint (skt_pattern_get_encoding (pattern), ==, SKT_ENCODING_KOI8_R);
  skt_pattern_unref (pattern);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/pattern/refused", test_refused);
  g_test_add_func ("/core/pattern/too-long", test_too_long);
  g_test_add_func ("/core/pattern/find", test_find);
  g_test_add_func ("/core/pattern/find-zero-bytes", test_find_zero_bytes);
  g_test_add_func ("/core/pattern/may-overlap", test_may_overlap);
  g_test_add_func ("/core/pattern/scans", test_scans);
  for (guint i = 0; i < SKT_N_ENCODINGS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/core/pattern/text-at-random/%s", skt_encoding_get_name (i));

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_text_at_random);
    }
  g_test_add_func ("/core/pattern/hex-at-random", test_hex_at_random);
  g_test_add_func ("/core/pattern/no-borders", test_no_borders);
  g_test_add_func ("/core/pattern/references", test_references);
  return g_test_run ();
}
