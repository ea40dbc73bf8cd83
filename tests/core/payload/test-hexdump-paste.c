/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "skt-message.h"

#include "skt-error.h"
#include "skt-hex.h"

#include <string.h>

static void
tell (const char *source)
{
  g_autofree char *escaped = g_strescape (source, NULL);

  g_test_message ("%s", escaped);
}

static SktMessage *
paste (const char *source, gsize *position, GError **error)
{
  return skt_message_new (&(SktMessageSettings){ .form = SKT_MESSAGE_HEX, .source = source }, position, error);
}

static void
check (const char *source, const char *bytes, gsize length, gboolean is_dump)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktMessage) message = paste (source, NULL, &error);
  g_autoptr (GBytes) sent = NULL;

  tell (source);
  g_assert_no_error (error);
  sent = skt_message_expand (message, NULL, &error);
  g_assert_cmpmem (g_bytes_get_data (sent, NULL), g_bytes_get_size (sent), bytes, length);
  g_assert_true ((skt_message_get_note (message) != NULL) == is_dump);
}

#define DUMP(source, bytes) check (source, bytes, sizeof (bytes) - 1, TRUE)
#define PLAIN(source, bytes) check (source, bytes, sizeof (bytes) - 1, FALSE)

static void
test_tools (void)
{
  /* hexdump -C */
  DUMP ("00000000  48 65 6c 6c 6f 20 77 6f  72 6c 64 2c 20 61 62 0a  |Hello world, ab.|\n"
        "00000010  6d 6f 72 65 0a                                    |more.|\n00000015\n",
        "Hello world, ab\nmore\n");
  DUMP ("00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n"
        "00000030  7c 41 7c                                          ||A||\n00000033\n",
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0|A|");
  /* xxd, also where the text is nothing but digits */
  DUMP ("00000000: 4865 6c6c 6f20 776f 726c 642c 2061 620a  Hello world, ab.\n"
        "00000010: 6d6f 7265 0a                             more.\n",
        "Hello world, ab\nmore\n");
  DUMP ("00000000: 6162 6364                                abcd\n", "abcd");
  DUMP ("00000000: 3132 3334 3536 3738 3930 6162 6364 6566  1234567890abcdef\n"
        "00000010: 6162                                     ab\n",
        "1234567890abcdefab");
  DUMP ("00000000: 2041 20                                   A \n", " A ");
  DUMP ("00000000: 4120                                     A\n", "A ");
  /* tcpdump -X */
  DUMP ("\t0x0000:  4500 0034 abcd 4000  E..4..@.\n\t0x0008:  4006                     @.\n", "E\0\0" "4\xAB\xCD@\0@\x06");
  /* od -A x -t x1z, od -t x1 (octal), od -A d */
  DUMP ("000000 48 65 6c 6c 6f 0a  >Hello.<\n000006\n", "Hello\n");
  DUMP ("0000000 48 65 6c 6c 6f 20 77 6f 72 6c 64 21 21 21 21 21\n0000020 0a\n0000021\n", "Hello world!!!!!\n");
  DUMP ("0000000 48 65 6c 6c 6f 20 77 6f 72 6c 64 21 21 21 21 21\n0000016 0a\n0000017\n", "Hello world!!!!!\n");
  /* Wireshark, with a gap in the text, without text, from the middle */
  DUMP ("0000   48 65 6c 6c 6f 20 77 6f 72 6c 64 2c 20 61 62 0a   Hello world, ab.\n0010   6d 6f   mo\n", "Hello world, ab\nmo");
  DUMP ("0000  48 65 6c 6c 6f 20 77 6f  72 6c 64 2c 20 61 62 0a   Hello wo rld, ab.\n0010  6d 6f                                              mo\n",
        "Hello world, ab\nmo");
  DUMP ("0000   de ad be ef\n0004   01 02\n", "\xDE\xAD\xBE\xEF\1\2");
  DUMP ("00000040: dead beef\r\n00000044: 01\r\n", "\xDE\xAD\xBE\xEF\1");
  DUMP ("0000: de ad", "\xDE\xAD");
}

static void
test_no_dump (void)
{
  PLAIN ("dead beef\n0001 0203", "\xDE\xAD\xBE\xEF\0\1\2\3");
  PLAIN ("0000 de ad", "\0\0\xDE\xAD");
  PLAIN ("00000010: de ad", "\0\0\0\x10\xDE\xAD");
  PLAIN ("6162 6364  abcd", "abcd\xAB\xCD");
  PLAIN ("0001 0002\n0003 0004", "\0\1\0\2\0\3\0\4");
  PLAIN ("00010002\n00030004", "\0\1\0\2\0\3\0\4");
}

static void
test_bad (void)
{
  static const struct
  {
    const char *source;
    SktError code;
    gsize position;
    const char *message;
  } cases[] = {
    { "00000000  48 65 6c  |Hel|\n00000004\n", SKT_ERROR_BAD_HEX, 20, "“|” at position 21 is not a hexadecimal digit, nor does a text column begin there" },
    { "0000   de ad be ef\n0004   01 0\n", SKT_ERROR_HALF_BYTE, 29, "Half a byte at position 30" },
    { "0000   de ad be ef\n0004   01 zz\n", SKT_ERROR_BAD_HEX, 29, "“z” at position 30 is not a hexadecimal digit" },
    { "0000   de ad be ef\n0002   01 02\n", SKT_ERROR_BAD_MESSAGE, 19, "The offset at position 20 of the hexdump" },
    { "0000   41 42   AB\n0004 43\n", SKT_ERROR_BAD_MESSAGE, 17, "Bytes are missing at position 18 of the hexdump" },
    { "0000   41 42   AB\n0000 43\n", SKT_ERROR_BAD_MESSAGE, 18, "The offset at position 19 of the hexdump is that of the line before" },
    { "0000000 4548 6c6c 0a6f\n0000006\n", SKT_ERROR_BAD_MESSAGE, 0, "The hexdump at position 1 has words in its machine’s byte order" },
    { "0000  41 42  |AB|\n*\n", SKT_ERROR_BAD_MESSAGE, 18, "After “*” at position 19" },
    { "0000  41 42  |AB|\n*\n0005\n", SKT_ERROR_BAD_MESSAGE, 18, "“*” at position 19 repeats no whole number" },
    { "0000  41 42  |AB|\n*\nfffffffffffe\n", SKT_ERROR_BAD_MESSAGE, 18, "“*” at position 19 stands for more than 64 MiB" },
    { "0004  41 42  |AB|\n*\n0002\n", SKT_ERROR_BAD_MESSAGE, 20, "The offset at position 21 of the hexdump goes back" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize position = 4711;

      tell (cases[i].source);
      g_assert_null (paste (cases[i].source, &position, &error));
      if (!g_str_has_prefix (error->message, cases[i].message))
        g_assert_cmpstr (error->message, ==, cases[i].message);
      g_assert_error (error, SKT_ERROR, (gint) cases[i].code);
      g_assert_cmpuint (position, ==, cases[i].position);
    }
}

/* What the program itself copies as a hexdump. */
static void
test_own (void)
{
  for (guint round = 0; round < 300; round++)
    {
      guint8 bytes[100];
      guint length = g_test_rand_int_range (1, sizeof bytes);
      guint range = g_test_rand_int_range (1, 257);
      g_autoptr (GString) text = g_string_new (NULL);
      SktHexdump dump;

      for (guint i = 0; i < length; i++)
        bytes[i] = g_test_rand_int_range (0, range);
      skt_hexdump_init (&dump);
      skt_hexdump_append (&dump, text, bytes, length);
      skt_hexdump_finish (&dump, text);
      check (text->str, (const char *) bytes, length, TRUE);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/payload/hexdump-paste/tools", test_tools);
  g_test_add_func ("/payload/hexdump-paste/no-dump", test_no_dump);
  g_test_add_func ("/payload/hexdump-paste/bad", test_bad);
  g_test_add_func ("/payload/hexdump-paste/own", test_own);
  return g_test_run ();
}
