/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "check-codec.h"

#include <string.h>

#define BYTES(text) ((const guint8 *) (text)), sizeof (text) - 1

/* -- Units --------------------------------------------------------------------------------------------------- */

static void
assert_units (SktEncoding encoding, const guint8 *bytes, gsize length, const char *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);

  for (gsize offset = 0; offset < length;)
    {
      SktUnitKind kind;
      gsize n = skt_encoding_next_unit (encoding, bytes + offset, length - offset, &kind);

      g_string_append_printf (found, "%c%u", "cip"[kind], (guint) n);
      offset += n;
    }
  g_assert_cmpstr (found->str, ==, expected);
}

/* c: character, i: invalid, p: part, with their lengths. */
static void
test_units (void)
{
  assert_units (SKT_ENCODING_UTF_8, BYTES ("a\xC3\xA9\xE4\xBD\xA0\xF0\x9F\x98\x80"), "c1c2c3c4");
  /* The examples of the Unicode standard for maximal subparts. */
  assert_units (SKT_ENCODING_UTF_8, BYTES ("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), "i1i1i1i1i1i1i1i1c1");
  assert_units (SKT_ENCODING_UTF_8, BYTES ("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"), "i1i1i1i1i1i1i1i1c1");
  assert_units (SKT_ENCODING_UTF_8, BYTES ("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"), "i1i1i1i1i1c1i1i1c1");
  assert_units (SKT_ENCODING_UTF_8, BYTES ("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), "i2i1i3i2c1");
  assert_units (SKT_ENCODING_UTF_8, BYTES ("\xF4\x8F\xBF\xBF\xF5\xC1\xF0\x9F\x98"), "c4i1i1p3");
  assert_units (SKT_ENCODING_UTF_8, BYTES ("\xE4\xBD"), "p2");
  assert_units (SKT_ENCODING_UTF_8, BYTES ("\xED\xA0"), "i1i1");
  assert_units (SKT_ENCODING_UTF_8, BYTES ("\xF0"), "p1");

  assert_units (SKT_ENCODING_GB18030, BYTES ("a\xC4\xE3\x81\x30\x81\x30\x90\x30\x81\x30"), "c1c2c4c4");
  assert_units (SKT_ENCODING_GB18030, BYTES ("\x80\xFF\x81\x7F\x81\x40\xFE\xFE\xFE\xFF"), "i1i1i1c1c2c2i1i1");
  assert_units (SKT_ENCODING_GB18030, BYTES ("\x81\x30\x81."), "i1c1i1c1");
  assert_units (SKT_ENCODING_GB18030, BYTES ("\x81\x30\x81\x40\x81\x30x"), "i1c1c2i1c1c1");
  assert_units (SKT_ENCODING_GB18030, BYTES ("\x81\x30\x81"), "p3");
  assert_units (SKT_ENCODING_GB18030, BYTES ("\x81\x30"), "p2");
  assert_units (SKT_ENCODING_GB18030, BYTES ("\x81\n"), "i1c1");

  assert_units (SKT_ENCODING_GBK, BYTES ("\x80\xC4\xE3\x81\x30\xFF\x81\x7F\xFE\x80\xC4"), "c1c2i1c1i1i1c1c2p1");
  assert_units (SKT_ENCODING_BIG5, BYTES ("\xA7\x41\x80\xA7\x7F\xA7\x80\xA7\xA1\xA7"), "c2i1i1c1i1i1c2p1");
  assert_units (SKT_ENCODING_SHIFT_JIS, BYTES ("\\\x82\xA0\xB1\x80\xA0\xFD\xFE\xFF\x82\x7F\xFC\xFC\x81"),
                "c1c2c1i1i1i1i1i1i1c1c2p1");
  assert_units (SKT_ENCODING_EUC_JP, BYTES ("\xA4\xA2\x8E\xB1\x8F\xB0\xA1\x8E\xE0\xA4"), "c2c2c3i1c2");
  assert_units (SKT_ENCODING_EUC_JP, BYTES ("\x8F\xA1x\x80\x8D\xA0\xFF\x8F\xA1"), "i1i1c1i1i1i1i1p2");
  assert_units (SKT_ENCODING_EUC_KR, BYTES ("\xB0\xA1\x81\x41\x81\x5B\x81\x81\x80\xFF\xB0"), "c2c2i1c1c2i1i1p1");
  assert_units (SKT_ENCODING_ASCII, BYTES ("a\x7F\x80\xFF"), "c1c1i1i1");
  assert_units (SKT_ENCODING_KOI8_R, BYTES ("a\x7F\x80\xFF"), "c1c1c1c1");

  assert_units (SKT_ENCODING_UTF_16LE, BYTES ("a\0\x3D\xD8\x00\xDE\x00\xDE\x3D\xD8z\0\x3D\xD8\x00"), "c2c4i2i2c2p3");
  assert_units (SKT_ENCODING_UTF_16LE, BYTES ("\x3D\xD8"), "p2");
  assert_units (SKT_ENCODING_UTF_16LE, BYTES ("a"), "p1");
  assert_units (SKT_ENCODING_UTF_16BE, BYTES ("\0a\xD8\x3D\xDE\x00\xDE\x00\xD8\x3D\0z\xD8\x3D\xDE"), "c2c4i2i2c2p3");
  assert_units (SKT_ENCODING_UTF_16BE, BYTES ("\xD8\x3D\x00"), "i2p1");
}

/* Bytes at the borders of the ranges of all the encodings. */
static const guint8 edges[] = {
  0x00, 0x0A, 0x2F, 0x30, 0x39, 0x3A, 0x40, 0x41, 0x5A, 0x5B, 0x61, 0x7A, 0x7E, 0x7F, 0x80, 0x81, 0x8E, 0x8F,
  0x90, 0x9F, 0xA0, 0xA1, 0xBF, 0xC1, 0xC2, 0xD8, 0xDC, 0xDF, 0xE0, 0xE4, 0xED, 0xF0, 0xF4, 0xF5, 0xFC, 0xFE, 0xFF,
};

static gboolean
can_be_finished (SktEncoding encoding, guint8 *bytes, gsize length)
{
  SktUnitKind kind;

  for (gsize i = 0; i < G_N_ELEMENTS (edges) && length < 4; i++)
    {
      bytes[length] = edges[i];
      if (skt_encoding_next_unit (encoding, bytes, length + 1, &kind) == length + 1 && kind == SKT_UNIT_CHARACTER)
        return TRUE;
      if (can_be_finished (encoding, bytes, length + 1))
        return TRUE;
    }
  return FALSE;
}

/* A unit is incomplete if, and only if, more bytes can make it a character; and what follows a unit never changes
 * it. Half a pair of UTF-16 is the exception: an invalid unit has two bytes there as well. */
static void
check_incomplete (SktEncoding encoding, guint8 *bytes, gsize length)
{
  SktUnitKind kind, longer_kind;
  gsize n = skt_encoding_next_unit (encoding, bytes, length, &kind);

  if (kind == SKT_UNIT_INCOMPLETE)
    {
      guint8 more[4];

      g_assert_cmpuint (n, ==, length);
      memcpy (more, bytes, length);
      g_assert_true (can_be_finished (encoding, more, length) || (encoding == SKT_ENCODING_UTF_16BE && length == 1));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (edges) && length < 4; i++)
    {
      bytes[length] = edges[i];
      if (kind != SKT_UNIT_INCOMPLETE)
        {
          g_assert_cmpuint (skt_encoding_next_unit (encoding, bytes, length + 1, &longer_kind), ==, n);
          g_assert_cmpint (longer_kind, ==, kind);
        }
      if (kind == SKT_UNIT_INCOMPLETE || length < 2)
        check_incomplete (encoding, bytes, length + 1);
    }
}

static void
test_incomplete (void)
{
  for (SktEncoding encoding = 0; encoding < SKT_N_ENCODINGS; encoding++)
    for (gsize i = 0; i < G_N_ELEMENTS (edges); i++)
      {
        guint8 bytes[4] = { edges[i] };

        check_incomplete (encoding, bytes, 1);
      }
}

/* Whole UTF-8 against GLib's validator. */
static void
test_utf8_validity (void)
{
  for (guint32 i = 0; i < 0x110000 + 0x800; i++)
    {
      guint8 bytes[4] = { 0xF0 | i >> 18, 0x80 | (i >> 12 & 0x3F), 0x80 | (i >> 6 & 0x3F), 0x80 | (i & 0x3F) };
      SktUnitKind kind;
      gboolean is_whole = skt_encoding_next_unit (SKT_ENCODING_UTF_8, bytes, 4, &kind) == 4
                          && kind == SKT_UNIT_CHARACTER;

      g_assert_cmpint (is_whole, ==, g_utf8_validate_len ((const char *) bytes, 4, NULL));
      bytes[1] = 0xE0 | (i >> 12 & 0xF);
      is_whole = skt_encoding_next_unit (SKT_ENCODING_UTF_8, bytes + 1, 3, &kind) == 3 && kind == SKT_UNIT_CHARACTER;
      g_assert_cmpint (is_whole, ==, g_utf8_validate_len ((const char *) bytes + 1, 3, NULL));
    }
}

/* -- Rows ---------------------------------------------------------------------------------------------------- */

static void
assert_row (SktEncoding encoding,
            const char *carry_bytes,
            const guint8 *bytes,
            gsize length,
            gsize max_bytes,
            gsize expected,
            const char *expected_carry)
{
  SktCarry carry = { .length = strlen (carry_bytes) };

  memcpy (carry.bytes, carry_bytes, carry.length);
  g_assert_cmpuint (skt_encoding_split_row (encoding, &carry, bytes, length, max_bytes), ==, expected);
  g_assert_cmpmem (carry.bytes, carry.length, expected_carry, strlen (expected_carry));
}

static void
test_rows (void)
{
  assert_row (SKT_ENCODING_UTF_8, "", BYTES ("ab\ncd\n"), 1024, 3, "");
  assert_row (SKT_ENCODING_UTF_8, "", BYTES ("abcdef"), 4, 4, "");
  assert_row (SKT_ENCODING_UTF_8, "", BYTES ("abcd\n"), 4, 4, "");
  assert_row (SKT_ENCODING_UTF_8, "", BYTES ("ab\xE4\xBD\xA0"), 4, 2, "");
  assert_row (SKT_ENCODING_UTF_8, "", BYTES ("ab\xE4\xBD\xA0"), 5, 5, "");
  assert_row (SKT_ENCODING_UTF_8, "", BYTES ("ab\xE4\xBD"), 5, 4, "\xE4\xBD");
  assert_row (SKT_ENCODING_UTF_8, "", BYTES ("ab\xE4\xBD"), 3, 2, "");
  assert_row (SKT_ENCODING_UTF_8, "", BYTES ("\xE4\xBD\xA0"), 1, 3, "");
  assert_row (SKT_ENCODING_UTF_8, "", BYTES ("\xE4\xBD"), 1, 2, "\xE4\xBD");
  assert_row (SKT_ENCODING_UTF_8, "\xE4\xBD", BYTES ("\xA0x\ny"), 1024, 3, "");
  assert_row (SKT_ENCODING_UTF_8, "\xE4\xBD", BYTES ("x\ny"), 1024, 2, "");
  assert_row (SKT_ENCODING_UTF_8, "\xE4\xBD", BYTES ("\ny"), 1024, 1, "");
  assert_row (SKT_ENCODING_UTF_8, "\xF0\x9F", BYTES ("\x98\x80"), 1, 2, "");
  assert_row (SKT_ENCODING_UTF_8, "\xF0\x9F", BYTES ("\x98"), 1, 1, "\xF0\x9F\x98");
  assert_row (SKT_ENCODING_UTF_8, "\xF0", BYTES ("\x9F\xE4"), 9, 2, "\xE4");
  /* the same row, whatever comes of what may be a character of four bytes */
  assert_row (SKT_ENCODING_GB18030, "", BYTES ("abc\x81\x30\x81"), 4, 3, "");
  assert_row (SKT_ENCODING_GB18030, "", BYTES ("abc\x81\x30\x81\x30"), 4, 3, "");
  assert_row (SKT_ENCODING_GB18030, "", BYTES ("abc\x81\x30\x81x"), 4, 3, "");
  assert_row (SKT_ENCODING_GB18030, "", BYTES ("abc\x81\n"), 4, 4, "");
  assert_row (SKT_ENCODING_GB18030, "\x81\x30\x81", BYTES ("xy\n"), 1024, 3, "");
  assert_row (SKT_ENCODING_GB18030, "\x81\x30\x81", BYTES ("\x40y\n"), 1, 1, "");
  assert_row (SKT_ENCODING_GB18030, "\x81\x30\x81", BYTES ("\x81"), 1024, 1, "");
  assert_row (SKT_ENCODING_GB18030, "\x81", BYTES ("\x30\x81"), 1024, 2, "\x81\x30\x81");
  assert_row (SKT_ENCODING_UTF_16LE, "", BYTES ("\x0A\x0A\x0A\0z\0"), 1024, 4, "");
  assert_row (SKT_ENCODING_UTF_16LE, "", BYTES ("\x01\x0A\0\x0A\0\0"), 1024, 6, "");
  assert_row (SKT_ENCODING_UTF_16BE, "", BYTES ("\x0A\0\0\x0Az"), 1024, 4, "");
  assert_row (SKT_ENCODING_UTF_16LE, "\x0A", BYTES ("\0a\0"), 1024, 1, "");
  assert_row (SKT_ENCODING_UTF_16LE, "a", BYTES ("\0\x0A\0z\0"), 1024, 3, "");
  assert_row (SKT_ENCODING_UTF_16LE, "\x3D\xD8\x0A", BYTES ("\0z\0"), 1024, 1, "");
  assert_row (SKT_ENCODING_UTF_16LE, "", BYTES ("a\0\x0A\0"), 3, 2, "");
}

/* Bytes of which many are those that matter. */
static void
fill_randomly (guint8 *bytes, gsize length)
{
  static const char *const pieces[] = { "\n", "ab", "\xE4\xBD\xA0", "\xF0\x9F\x98\x80", "\xC4\xE3", "\x81\x30\x81\x30",
                                        "\x82\xA0", "\x8F\xB0\xA1", "\x3D\xD8", "\xDE", "0123", "\x81\x30\x81" };
  guint style = g_test_rand_int_range (0, 4);

  for (gsize i = 0; i < length; i++)
    {
      const char *piece = pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))];

      if (style == 0)
        bytes[i] = g_test_rand_int ();
      else if (style == 1)
        bytes[i] = edges[g_test_rand_int_range (0, G_N_ELEMENTS (edges))];
      else if (style == 2)
        bytes[i] = g_test_rand_int_range (0x81, 0xFF);
      else
        for (; *piece != '\0' && i < length; piece++)
          bytes[i++] = *piece;
      if (style == 3)
        bytes[MIN (i, length - 1)] = g_test_rand_bit () ? 0 : 'x';
    }
}

static SktCarry
make_carry (SktEncoding encoding)
{
  SktCarry carry = { 0 };
  guint8 bytes[8];
  gsize length = g_test_rand_int_range (1, sizeof bytes);

  fill_randomly (bytes, length);
  for (gsize offset = 0; offset < length;)
    offset += skt_encoding_split_row (encoding, &carry, bytes + offset, length - offset, 100);
  return carry;
}

static void
test_random (gconstpointer data)
{
  SktEncoding encoding = GPOINTER_TO_UINT (data);
  guint8 bytes[200];

  for (guint round = 0; round < 20000; round++)
    {
      gsize length = g_test_rand_int_range (1, round % 8 == 0 ? sizeof bytes : 16);
      gsize max_bytes = g_test_rand_int_range (1, round % 3 == 0 ? sizeof bytes : 9);
      SktCarry carry = make_carry (encoding);
      SktCarry slow_carry = carry;

      fill_randomly (bytes, length);
      g_assert_cmpuint (skt_encoding_split_row (encoding, &carry, bytes, length, max_bytes), ==,
                        check_split_row_slowly (encoding, &slow_carry, bytes, length, max_bytes));
      g_assert_cmpmem (&carry, sizeof carry, &slow_carry, sizeof slow_carry);
    }
}

/* A carry that no stream leaves behind must not lead astray either. */
static void
test_foreign_carry (void)
{
  for (guint round = 0; round < 50000; round++)
    {
      SktEncoding encoding = g_test_rand_int_range (0, SKT_N_ENCODINGS);
      SktCarry carry = { .length = g_test_rand_int_range (0, SKT_CARRY_MAX + 1) };
      guint8 bytes[6];
      gsize length = g_test_rand_int_range (1, sizeof bytes + 1);
      gsize n;

      fill_randomly (carry.bytes, sizeof carry.bytes);
      fill_randomly (bytes, length);
      n = skt_encoding_split_row (encoding, &carry, bytes, length, 4);
      g_assert_cmpuint (n, >=, 1);
      g_assert_cmpuint (n, <=, length);
      g_assert_cmpuint (carry.length, <=, SKT_CARRY_MAX);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/split/units", test_units);
  g_test_add_func ("/core/split/incomplete", test_incomplete);
  g_test_add_func ("/core/split/utf8-validity", test_utf8_validity);
  g_test_add_func ("/core/split/rows", test_rows);
  g_test_add_func ("/core/split/foreign-carry", test_foreign_carry);
  for (SktEncoding encoding = 0; encoding < SKT_N_ENCODINGS; encoding++)
    {
      g_autofree char *path = g_strconcat ("/core/split/random/", skt_encoding_get_name (encoding), NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (encoding), test_random);
    }
  return g_test_run ();
}
