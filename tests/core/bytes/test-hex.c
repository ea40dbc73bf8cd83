/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-error.h"
#include "skt-hex.h"

#include <gio/gio.h>
#include <string.h>

/* -- Parsing ------------------------------------------------------------------------------------------------- */

static void
test_parse (void)
{
  static const char *const same[] = {
    "deadbeef",
    "DE AD be ef",
    "de,ad,be,ef",
    "de:ad-be;ef",
    " \t\r\nde ad\nbe ef\n",
    "0xde 0xAD 0XBE 0xef",
    "0xdeadbeef",
    "0xde, 0xad, 0xbe, 0xef,",
    "\\xde\\xad\\xBE\\XEF",
    "%de%ad%BE%EF",
    "0xde0xad0xbe0xef",
    "dead, \\xbe %ef",
    "de--ad::be,;ef",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize position = 4711;
      g_autoptr (GBytes) bytes = skt_hex_parse (same[i], -1, &position, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "\xDE\xAD\xBE\xEF", 4);
      g_assert_cmpuint (position, ==, 4711);
    }
}

static void
test_parse_nothing (void)
{
  static const char *const blank[] = { "", " ", " \t\r\n", ", ;:-" };

  for (gsize i = 0; i < G_N_ELEMENTS (blank); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = skt_hex_parse (blank[i], -1, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (bytes), ==, 0);
    }
}

static void
test_parse_length (void)
{
  g_autoptr (GBytes) nothing = skt_hex_parse (NULL, 0, NULL, NULL);
  g_autoptr (GBytes) bytes = skt_hex_parse ("0a0bzz", 4, NULL, NULL);

  g_assert_cmpuint (g_bytes_get_size (nothing), ==, 0);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "\n\v", 2);
}

static void
test_parse_refused (void)
{
  static const struct
  {
    const char *text;
    gssize length;
    SktError code;
    gsize position;
    const char *message;
  } cases[] = {
    { "de gd", -1, SKT_ERROR_BAD_HEX, 3, "“g” at position 4 is not a hexadecimal digit" },
    { "g", -1, SKT_ERROR_BAD_HEX, 0, "“g” at position 1 is not a hexadecimal digit" },
    { "好 ", -1, SKT_ERROR_BAD_HEX, 0, "“好” at position 1 is not a hexadecimal digit" },
    { "de ad 好 ", -1, SKT_ERROR_BAD_HEX, 6, "“好” at position 7 is not a hexadecimal digit" },
    { "deg", -1, SKT_ERROR_BAD_HEX, 2, "“g” at position 3 is not a hexadecimal digit" },
    { "de\xC2\xA0" "ad", -1, SKT_ERROR_BAD_HEX, 2, "U+00A0 at position 3 is not a hexadecimal digit" },
    { "de\xFF", -1, SKT_ERROR_BAD_HEX, 2, "\\xFF at position 3 is not a hexadecimal digit" },
    { "de\0", 3, SKT_ERROR_BAD_HEX, 2, "U+0000 at position 3 is not a hexadecimal digit" },
    { "de\\", -1, SKT_ERROR_BAD_HEX, 2, "“\\” at position 3 is not a hexadecimal digit" },
    { "\\nde", -1, SKT_ERROR_BAD_HEX, 0, "“\\” at position 1 is not a hexadecimal digit" },
    { "0xg1", -1, SKT_ERROR_BAD_HEX, 2, "“g” at position 3 is not a hexadecimal digit" },
    { "%%41", -1, SKT_ERROR_BAD_HEX, 1, "“%” at position 2 is not a hexadecimal digit" },
    { "xde", -1, SKT_ERROR_BAD_HEX, 0, "“x” at position 1 is not a hexadecimal digit" },
    { "de 0x", -1, SKT_ERROR_BAD_HEX, 5, "Digits are missing at the end: write two for each byte" },
    { "de %", -1, SKT_ERROR_BAD_HEX, 4, "Digits are missing at the end: write two for each byte" },
    { "d", -1, SKT_ERROR_HALF_BYTE, 0, "Half a byte at position 1: write two digits for each byte" },
    { "de ad b", -1, SKT_ERROR_HALF_BYTE, 6, "Half a byte at position 7: write two digits for each byte" },
    { "de ag", -1, SKT_ERROR_BAD_HEX, 4, "“g” at position 5 is not a hexadecimal digit" },
    { "d ea", -1, SKT_ERROR_HALF_BYTE, 0, "Half a byte at position 1: write two digits for each byte" },
    { "deadb ee", -1, SKT_ERROR_HALF_BYTE, 4, "Half a byte at position 5: write two digits for each byte" },
    { "0x1", -1, SKT_ERROR_HALF_BYTE, 2, "Half a byte at position 3: write two digits for each byte" },
    { "d0x1f", -1, SKT_ERROR_HALF_BYTE, 0, "Half a byte at position 1: write two digits for each byte" },
    { "%4", -1, SKT_ERROR_HALF_BYTE, 1, "Half a byte at position 2: write two digits for each byte" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize position = 4711;
      g_autoptr (GBytes) bytes = skt_hex_parse (cases[i].text, cases[i].length, &position, &error);

      g_assert_null (bytes);
      g_assert_error (error, SKT_ERROR, (gint) cases[i].code);
      g_assert_cmpstr (error->message, ==, cases[i].message);
      g_assert_cmpuint (position, ==, cases[i].position);
    }
}

static void
test_append (void)
{
  g_autoptr (GString) text = g_string_new ("x:");
  guint8 all[256];
  g_autoptr (GBytes) parsed = NULL;

  skt_hex_append (text, NULL, 0);
  g_assert_cmpstr (text->str, ==, "x:");
  skt_hex_append (text, (const guint8 *) "\xDE\xAD\x00\x0F", 4);
  g_assert_cmpstr (text->str, ==, "x:de ad 00 0f");

  for (gsize i = 0; i < sizeof all; i++)
    all[i] = i;
  g_string_truncate (text, 0);
  skt_hex_append (text, all, sizeof all);
  parsed = skt_hex_parse (text->str, text->len, NULL, NULL);
  g_assert_cmpmem (g_bytes_get_data (parsed, NULL), g_bytes_get_size (parsed), all, sizeof all);
}

/* -- hexdump -C ---------------------------------------------------------------------------------------------- */

static char *
dump (const guint8 *bytes, gsize length, gsize piece)
{
  GString *text = g_string_new (NULL);
  SktHexdump hexdump;

  skt_hexdump_init (&hexdump);
  for (gsize offset = 0; offset < length; offset += piece)
    skt_hexdump_append (&hexdump, text, bytes + offset, MIN (piece, length - offset));
  skt_hexdump_finish (&hexdump, text);
  return g_string_free (text, FALSE);
}

static void
assert_dump (const char *bytes, gsize length, const char *expected)
{
  for (gsize piece = 1; piece <= length + 1; piece++)
    {
      g_autofree char *text = dump ((const guint8 *) bytes, length, piece);

      g_assert_cmpstr (text, ==, expected);
    }
}

static void
test_hexdump (void)
{
  char zeros[48] = { 0 };

  assert_dump ("", 0, "");
  assert_dump ("a\n", 2,
               "00000000  61 0a                                             |a.|\n"
               "00000002\n");
  assert_dump ("0123456789abcdef\x7F\xFFz", 19,
               "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
               "00000010  7f ff 7a                                          |..z|\n"
               "00000013\n");
  assert_dump (zeros, sizeof zeros,
               "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n"
               "*\n"
               "00000030\n");
}

static void
test_hexdump_far (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  SktHexdump hexdump;

  skt_hexdump_init (&hexdump);
  hexdump.offset = G_GUINT64_CONSTANT (0xFFFFFFF0);
  skt_hexdump_append (&hexdump, text, (const guint8 *) "0123456789abcdefz", 17);
  skt_hexdump_finish (&hexdump, text);
  g_assert_cmpstr (text->str, ==,
                   "fffffff0  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
                   "100000000  7a                                                |z|\n"
                   "100000001\n");
}

static char *
run_hexdump (const char *program, const guint8 *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "-C", NULL);
  g_autoptr (GBytes) input = g_bytes_new (bytes, length);
  g_autoptr (GBytes) output = NULL;

  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate (process, input, NULL, &output, NULL, &error));
  g_assert_no_error (error);
  if (g_bytes_get_size (output) == 0)
    return g_strdup ("");
  return g_strndup (g_bytes_get_data (output, NULL), g_bytes_get_size (output));
}

/* Lines of 16 bytes of which many are the same. */
static void
fill_with_repeats (guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i += 16)
    {
      gsize n = MIN (16, length - i);

      switch (g_test_rand_int_range (0, 4))
        {
        case 0:
          for (gsize k = 0; k < n; k++)
            bytes[i + k] = g_test_rand_int ();
          break;
        case 1:
          memset (bytes + i, 0, n);
          break;
        default:
          for (gsize k = 0; k < n; k++)
            bytes[i + k] = i >= 16 ? bytes[i + k - 16] : 0;
          break;
        }
    }
}

static void
assert_like_hexdump (const char *program, const guint8 *bytes, gsize length, gsize piece)
{
  g_autofree char *expected = run_hexdump (program, bytes, length);
  g_autofree char *text = dump (bytes, length, piece);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_hexdump_real (void)
{
  g_autofree char *program = g_find_program_in_path ("hexdump");
  const gsize large = 1024 * 1024;
  g_autofree guint8 *bytes = g_malloc (large + 5);

  if (program == NULL)
    {
      g_test_skip ("hexdump (bsdextrautils) is not installed");
      return;
    }
  for (gsize length = 0; length <= 200; length++)
    {
      fill_with_repeats (bytes, length);
      assert_like_hexdump (program, bytes, length, g_test_rand_int_range (1, 40));
    }
  fill_with_repeats (bytes, large + 5);
  assert_like_hexdump (program, bytes, large, 65536);
  assert_like_hexdump (program, bytes, large + 5, 1000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/hex/parse", test_parse);
  g_test_add_func ("/core/hex/parse-nothing", test_parse_nothing);
  g_test_add_func ("/core/hex/parse-length", test_parse_length);
  g_test_add_func ("/core/hex/parse-refused", test_parse_refused);
  g_test_add_func ("/core/hex/append", test_append);
  g_test_add_func ("/core/hex/hexdump", test_hexdump);
  g_test_add_func ("/core/hex/hexdump-far", test_hexdump_far);
  g_test_add_func ("/core/hex/hexdump-real", test_hexdump_real);
  return g_test_run ();
}
