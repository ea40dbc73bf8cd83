/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-inspect.h"

#include <locale.h>
#include <math.h>
#include <string.h>

static char *
inspect (SktInspect what, gboolean is_big_endian, const void *bytes, gsize length)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (8 * 3600);
  return skt_inspect_dup_value (what, is_big_endian, SKT_ENCODING_SHIFT_JIS, zone, bytes, length);
}

static void
check (SktInspect what, gboolean is_big_endian, const void *bytes, gsize length, const char *wanted)
{
  g_autofree char *value = inspect (what, is_big_endian, bytes, length);
  g_assert_cmpstr (value, ==, wanted);
}

typedef struct
{
  SktInspect what;
  const char *bytes;
  gsize length; /* that are needed */
  const char *little, *big;
} Case;

static const Case cases[] = {
  { SKT_INSPECT_HEX, "\x0a", 1, "0x0A", "0x0A" },
  { SKT_INSPECT_BINARY, "\xa5", 1, "10100101", "10100101" },
  { SKT_INSPECT_OCTAL, "\x07", 1, "007", "007" },
  { SKT_INSPECT_OCTAL, "\xff", 1, "377", "377" },
  { SKT_INSPECT_UINT_8, "\xff", 1, "255", "255" },
  { SKT_INSPECT_INT_8, "\xff", 1, "-1", "-1" },
  { SKT_INSPECT_UINT_16, "\x01\x02", 2, "513", "258" },
  { SKT_INSPECT_INT_16, "\xff\x80", 2, "-32513", "-128" },
  { SKT_INSPECT_UINT_32, "\x01\x02\x03\xff", 4, "4278387201", "16909311" },
  { SKT_INSPECT_INT_32, "\x01\x02\x03\xff", 4, "-16580095", "16909311" },
  { SKT_INSPECT_UINT_64, "\xff\xff\xff\xff\xff\xff\xff\xff", 8, "18446744073709551615", "18446744073709551615" },
  { SKT_INSPECT_INT_64, "\x80\0\0\0\0\0\0\0", 8, "128", "-9223372036854775808" },
  { SKT_INSPECT_HALF, "\x00\x3c", 2, "1", "3.6e-06" },
  { SKT_INSPECT_FLOAT, "\x00\x00\x80\x3f", 4, "1", "4.6006e-41" },
  { SKT_INSPECT_DOUBLE, "\x00\x00\x00\x00\x00\x00\xf0\x3f", 8, "1", "3.03865e-319" },
  { SKT_INSPECT_BCD, "\x12\x34\x56\x78", 1, "78563412", "12345678" },
  { SKT_INSPECT_BCD, "\x1f\xa2\x00\x09", 1, "0900?21?", "1??20009" },
  { SKT_INSPECT_UTF_8, "A", 1, "A U+0041", "A U+0041" },
  { SKT_INSPECT_UTF_8, "\xe4\xbd\xa0", 3, "你 U+4F60", "你 U+4F60" },
  { SKT_INSPECT_UTF_8, "\xf0\x9f\x98\x80", 4, "😀 U+1F600", "😀 U+1F600" },
  { SKT_INSPECT_UTF_8, "\n", 1, "\\n U+000A", "\\n U+000A" },
  { SKT_INSPECT_UTF_8, "\x1b", 1, "\\x1B U+001B", "\\x1B U+001B" },
  { SKT_INSPECT_UTF_8, "\xe2\x80\xae", 3, "U+202E", "U+202E" },
  { SKT_INSPECT_UTF_8, "\xcc\x88", 2, "◌̈ U+0308", "◌̈ U+0308" },
  { SKT_INSPECT_GB18030, "\xc4\xe3", 2, "你 U+4F60", "你 U+4F60" },
  { SKT_INSPECT_GB18030, "\x81\x30\x81\x30", 4, "U+0080", "U+0080" },
  { SKT_INSPECT_GB18030, "\x94\x39\xfc\x36", 4, "😀 U+1F600", "😀 U+1F600" },
  { SKT_INSPECT_ENCODING, "\x82\xa0", 2, "あ U+3042", "あ U+3042" },
  { SKT_INSPECT_TIME_32, "\xff\x10\x5e\x5f", 4, "2020-09-13 20:30:55 +08:00\n2020-09-13 12:30:55 UTC", NULL },
  { SKT_INSPECT_TIME_32, "\x5f\x5e\x10\x00", 4, NULL, "2020-09-13 20:26:40 +08:00\n2020-09-13 12:26:40 UTC" },
  { SKT_INSPECT_TIME_64, "\x00\x10\x5e\x5f\0\0\0\0", 8, "2020-09-13 20:26:40 +08:00\n2020-09-13 12:26:40 UTC", NULL },
  { SKT_INSPECT_TIME_64_MS, "\0\0\x01\x74\x87\x6e\x80\x07", 8, NULL,
    "2020-09-13 20:26:40.007 +08:00\n2020-09-13 12:26:40.007 UTC" },
  { SKT_INSPECT_IPV4, "\xc0\xa8\x00\x01", 4, "192.168.0.1", "192.168.0.1" },
  { SKT_INSPECT_IPV6, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16, "2001:db8::1", "2001:db8::1" },
  { SKT_INSPECT_MAC, "\x00\x1a\xff\x03\x04\x05", 6, "00:1a:ff:03:04:05", "00:1a:ff:03:04:05" },
};

static void
test_values (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      gsize length = c->what == SKT_INSPECT_BCD ? 4 : c->length;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      check (c->what, FALSE, c->bytes, length, c->little);
      check (c->what, TRUE, c->bytes, length, c->big);
      if (c->little == NULL || c->big == NULL || g_strcmp0 (c->little, c->big) != 0)
        g_assert_true (skt_inspect_has_order (c->what));
    }
}

/* As many bytes as it takes, and not one less; more make no difference. */
static void
test_lengths (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      guint8 padded[SKT_INSPECT_MAX_BYTES];

      for (gsize length = 0; length < c->length; length++)
        check (c->what, FALSE, c->bytes, length, NULL);
      if (c->what == SKT_INSPECT_BCD)
        continue;
      memset (padded, 0xEE, sizeof padded);
      memcpy (padded, c->bytes, c->length);
      check (c->what, FALSE, padded, sizeof padded, c->little);
      check (c->what, TRUE, padded, sizeof padded, c->big);
    }
  check (SKT_INSPECT_BCD, TRUE, "\x12", 1, "12");
  check (SKT_INSPECT_BCD, FALSE, "\x12\x34\x56", 3, "563412");
  check (SKT_INSPECT_BCD, TRUE, "\x12\x34\x56\x78\x90", 5, "12345678");
}

static void
test_no_character (void)
{
  check (SKT_INSPECT_UTF_8, FALSE, "\x80" "abc", 4, NULL);
  check (SKT_INSPECT_UTF_8, FALSE, "\xed\xa0\x80", 3, NULL);
  check (SKT_INSPECT_UTF_8, FALSE, "\xf4\x90\x80\x80", 4, NULL);
  check (SKT_INSPECT_GB18030, FALSE, "\xff\xff", 2, NULL);
}

static void
test_times (void)
{
  check (SKT_INSPECT_TIME_32, TRUE, "\x25\x9e\x9d\x7f", 4, NULL); /* the last second of 1989 */
  check (SKT_INSPECT_TIME_32, TRUE, "\x25\x9e\x9d\x80", 4, "1990-01-01 08:00:00 +08:00\n1990-01-01 00:00:00 UTC");
  check (SKT_INSPECT_TIME_32, TRUE, "\xf4\x86\x57\x00", 4, NULL); /* 2100 */
  check (SKT_INSPECT_TIME_32, TRUE, "\xf4\x86\x56\xff", 4, "2100-01-01 07:59:59 +08:00\n2099-12-31 23:59:59 UTC");
  check (SKT_INSPECT_TIME_32, TRUE, "\0\0\0\0", 4, NULL);
  for (guint what = SKT_INSPECT_TIME_64; what <= SKT_INSPECT_TIME_64_MS; what++)
    {
      check (what, TRUE, "\0\0\0\0\0\0\0\0", 8, NULL);
      check (what, TRUE, "\x7f\xff\xff\xff\xff\xff\xff\xff", 8, NULL);
      check (what, TRUE, "\x80\0\0\0\0\0\0\0", 8, NULL);
      check (what, TRUE, "\xff\xff\xff\xff\xff\xff\xff\xff", 8, NULL);
    }
}

/* -- Digits -------------------------------------------------------------------------------------------------- */

static void
check_double (double value, const char *wanted)
{
  g_autofree char *digits = skt_inspect_dup_double (value);
  g_assert_cmpstr (digits, ==, wanted);
}

static void
check_float (float value, const char *wanted)
{
  g_autofree char *digits = skt_inspect_dup_float (value);
  g_assert_cmpstr (digits, ==, wanted);
}

static void
check_half (guint16 bits, const char *wanted)
{
  g_autofree char *digits = skt_inspect_dup_half (bits);
  g_assert_cmpstr (digits, ==, wanted);
}

static void
test_digits (void)
{
  check_double (0, "0");
  check_double (-0.0, "-0");
  check_double (0.1, "0.1");
  check_double (-1.5, "-1.5");
  check_double (100, "100");
  check_double (123456789, "123456789");
  check_double (9.9999999999999995, "10");
  check_double (0.30000000000000004, "0.30000000000000004");
  check_double (1e20, "1e+20");
  check_double (1e-7, "1e-07");
  check_double (0.00012, "0.00012");
  check_double (1.7976931348623157e308, "1.7976931348623157e+308");
  check_double (5e-324, "5e-324");
  check_double (INFINITY, "inf");
  check_double (-INFINITY, "-inf");
  check_double (NAN, "nan");
  check_float (0.1f, "0.1");
  check_float (16777216.0f, "16777216");
  check_float (3.4028235e38f, "3.4028235e+38");
  check_float (1e-45f, "1e-45");
  check_half (0x0000, "0");
  check_half (0x8000, "-0");
  check_half (0x3C00, "1");
  check_half (0x3555, "0.3333");
  check_half (0x2E66, "0.1");
  check_half (0x7BFF, "65504");
  check_half (0x0001, "6e-08");
  check_half (0x03FF, "6.1e-05");
  check_half (0x0400, "6.104e-05");
  check_half (0x7C00, "inf");
  check_half (0xFC00, "-inf");
  check_half (0x7E00, "nan");
}

static double
half_slowly (guint16 bits)
{
  double value = (bits & 0x3FF) / 1024.0 + ((bits & 0x7C00) != 0);
  return (bits & 0x8000 ? -1 : 1) * value * pow (2, MAX ((bits >> 10) & 0x1F, 1) - 15);
}

/* The half nearest to a number: all of them are tried. */
static gboolean
is_nearest_half (double number, guint16 bits)
{
  double distance = fabs (number - half_slowly (bits));
  guint16 magnitude = bits & 0x7FFF;

  if (magnitude > 0 && fabs (number - half_slowly (bits - 1)) <= distance)
    return FALSE;
  return magnitude >= 0x7BFF || fabs (number - half_slowly (bits + 1)) > distance;
}

static void
test_all_halves (void)
{
  for (guint bits = 0; bits < 0x10000; bits++)
    {
      g_autofree char *digits = NULL;

      if ((bits & 0x7C00) == 0x7C00 || (bits & 0x7FFF) == 0)
        continue;
      digits = skt_inspect_dup_half (bits);
      g_assert_true (is_nearest_half (g_ascii_strtod (digits, NULL), bits));
    }
}

static void
test_read_back (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      guint32 half = g_test_rand_int ();
      guint64 bits = (guint64) half << 32 | (guint32) g_test_rand_int ();
      double d;
      float f;
      g_autofree char *of_double = NULL, *of_float = NULL;

      memcpy (&d, &bits, sizeof d);
      memcpy (&f, &half, sizeof f);
      of_double = skt_inspect_dup_double (d);
      of_float = skt_inspect_dup_float (f);
      if (!isnan (d))
        g_assert_true (g_ascii_strtod (of_double, NULL) == d);
      if (!isnan (f))
        g_assert_true ((float) g_ascii_strtod (of_float, NULL) == f);
      /* Seventeen digits, a sign, a point and an exponent are enough. */
      g_assert_cmpuint (strlen (of_double), <=, 24);
      g_assert_cmpuint (strlen (of_float), <=, 16);
    }
}

/* A decimal comma would not paste into a program. */
static void
test_locale (void)
{
  if (setlocale (LC_NUMERIC, "de_DE.UTF-8") == NULL && setlocale (LC_NUMERIC, "fr_FR.UTF-8") == NULL)
    {
      g_test_skip ("no locale with a decimal comma");
      return;
    }
  check_double (0.5, "0.5");
  check (SKT_INSPECT_UINT_32, TRUE, "\xff\xff\xff\xff", 4, "4294967295");
  setlocale (LC_NUMERIC, "C");
}

static void
test_names (void)
{
  for (guint i = 0; i < SKT_N_INSPECT; i++)
    g_assert_cmpuint (strlen (skt_inspect_get_name (i)), >, 2);
  g_assert_true (skt_inspect_has_order (SKT_INSPECT_INT_16));
  g_assert_false (skt_inspect_has_order (SKT_INSPECT_INT_8));
  g_assert_false (skt_inspect_has_order (SKT_INSPECT_IPV4));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/inspect/values", test_values);
  g_test_add_func ("/core/inspect/lengths", test_lengths);
  g_test_add_func ("/core/inspect/no-character", test_no_character);
  g_test_add_func ("/core/inspect/times", test_times);
  g_test_add_func ("/core/inspect/digits", test_digits);
  g_test_add_func ("/core/inspect/all-halves", test_all_halves);
  g_test_add_func ("/core/inspect/read-back", test_read_back);
  g_test_add_func ("/core/inspect/locale", test_locale);
  g_test_add_func ("/core/inspect/names", test_names);
  return g_test_run ();
}
