/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "skt-message.h"

#include "skt-error.h"

#include <string.h>

static void
tell (const char *source)
{
  g_autofree char *escaped = g_strescape (source, NULL);

  g_test_message ("%s", escaped);
}

/* What can be typed, and what becomes of it; what can't, where that is and what is said. */

#define TEXT .form = SKT_MESSAGE_TEXT
#define ESCAPED .form = SKT_MESSAGE_TEXT, .has_escapes = TRUE
#define HEX .form = SKT_MESSAGE_HEX
#define BASE64 .form = SKT_MESSAGE_BASE64
#define BYTES(text) text, sizeof (text) - 1

static const struct
{
  SktMessageSettings settings;
  const char *bytes;
  gsize length;
} good[] = {
  /* Text as it stands */
  { { TEXT, .source = "" }, BYTES ("") },
  { { TEXT, .source = "a\\n${x}" }, BYTES ("a\\n${x}") },
  { { TEXT, .source = "a\nb\r\nc\rd", .ending = SKT_LINE_ENDING_CRLF }, BYTES ("a\r\nb\r\nc\r\nd\r\n") },
  { { TEXT, .source = "a\r\nb", .ending = SKT_LINE_ENDING_NUL }, BYTES ("a\r\nb\0") },
  { { TEXT, .source = "a", .ending = SKT_LINE_ENDING_LF, .encoding = SKT_ENCODING_UTF_16BE }, BYTES ("\0a\0\n") },
  /* Escapes */
  { { ESCAPED, .source = "\\r\\n\\t\\0\\\\" }, BYTES ("\r\n\t\0\\") },
  { { ESCAPED, .source = "\\x00\\xff\\xFf\\x0d" }, BYTES ("\0\xFF\xFF\r") },
  { { ESCAPED, .source = "\\01" }, BYTES ("\0" "1") },
  { { ESCAPED, .source = "a\\nb\nc\\n", .ending = SKT_LINE_ENDING_CRLF }, BYTES ("a\nb\r\nc\n\r\n") },
  { { ESCAPED, .source = "\\u{41}\\u{20ac}\\u{1F600}\\u{0}" }, BYTES ("A\xE2\x82\xAC\xF0\x9F\x98\x80\0") },
  { { ESCAPED, .source = "你\\xFF好\\n", .encoding = SKT_ENCODING_GBK }, BYTES ("\xC4\xE3\xFF\xBA\xC3\n") },
  { { ESCAPED, .source = "a\\xFF\\n\\u{4F60}", .encoding = SKT_ENCODING_UTF_16LE }, BYTES ("a\0\xFF\n\0\x60\x4F") },
  { { ESCAPED, .source = "\\u{4F60}", .encoding = SKT_ENCODING_GB18030 }, BYTES ("\xC4\xE3") },
  { { ESCAPED, .source = "$${a" }, BYTES ("$${a") },
  /* Hex in many forms */
  { { HEX, .source = "DE AD" }, BYTES ("\xDE\xAD") },
  { { HEX, .source = "deadbeef" }, BYTES ("\xDE\xAD\xBE\xEF") },
  { { HEX, .source = "0xDE,0xAD" }, BYTES ("\xDE\xAD") },
  { { HEX, .source = "de:ad" }, BYTES ("\xDE\xAD") },
  { { HEX, .source = "\\xde\\xad" }, BYTES ("\xDE\xAD") },
  { { HEX, .source = "dead beef\n0000 0001" }, BYTES ("\xDE\xAD\xBE\xEF\0\0\0\1") },
  { { HEX, .source = "0000 dead beef" }, BYTES ("\0\0\xDE\xAD\xBE\xEF") },
  { { HEX, .source = "00000000  64 65 66 0a  |def.|\n00000004\n" }, BYTES ("def\n") },
  { { HEX, .source = "64 65 // two\n66 /* one */ 67" }, BYTES ("defg") },
  { { HEX, .source = "{}" }, BYTES ("") },
  { { HEX, .source = "{0xDE, 0xad, 3, 037, 0b101, 'A', '\\n', '\\x7f', '\\\\', -1, 255u,}" },
    BYTES ("\xDE\xAD\x03\x1F\x05" "A\n\x7F\\\xFF\xFF") },
  { { HEX, .source = "unsigned char foo_txt[] = {\n  0x61, 0x62,\n  0x0a\n};\nunsigned int foo_txt_len = 3;\n" }, BYTES ("ab\n") },
  { { HEX, .source = "static const uint8_t data[2] = { /* “é{” */ 1, // one\n 2 };" }, BYTES ("\1\2") },
  { { HEX, .source = "byte[] b = {(byte)0xde, (unsigned char) 7};" }, BYTES ("\xDE\7") },
  /* Base64 */
  { { BASE64, .source = "" }, BYTES ("") },
  { { BASE64, .source = "aGVsbG8=" }, BYTES ("hello") },
  { { BASE64, .source = "aGVsbG8" }, BYTES ("hello") },
  { { BASE64, .source = "YQ==" }, BYTES ("a") },
  { { BASE64, .source = " Y Q\r\n=\t=\n" }, BYTES ("a") },
  { { BASE64, .source = "+/+/" }, BYTES ("\xFB\xFF\xBF") },
  { { BASE64, .source = "-_-_" }, BYTES ("\xFB\xFF\xBF") },
  { { BASE64, .source = "AAECAwQF\nBgcICQ==\n" }, BYTES ("\0\1\2\3\4\5\6\7\b\t") },
  /* Placeholders of which the first value is known */
  { { TEXT, .has_placeholders = TRUE, .source = "a$${b" }, BYTES ("a${b") },
  { { TEXT, .has_placeholders = TRUE, .source = "$$$${ $5 $" }, BYTES ("$$${ $5 $") },
  { { TEXT, .has_placeholders = TRUE, .source = "${counter}" }, BYTES ("0") },
  { { TEXT, .has_placeholders = TRUE, .source = "<${counter:width=4,base=16,start=255}>" }, BYTES ("<00ff>") },
  { { TEXT, .has_placeholders = TRUE, .source = "${counter:start=-7,width=4}" }, BYTES ("-007") },
  { { TEXT, .has_placeholders = TRUE, .source = "${counter}\n", .encoding = SKT_ENCODING_UTF_16LE, .ending = SKT_LINE_ENDING_LF },
    BYTES ("0\0\n\0\n\0") },
  { { TEXT, .has_placeholders = TRUE, .source = "${received}${1:as=hex}${99}." }, BYTES (".") },
  { { TEXT, .has_placeholders = TRUE, .source = "123456789${crc:crc-16/modbus}" }, BYTES ("123456789\x37\x4B") },
  { { TEXT, .has_placeholders = TRUE, .source = "123456789${crc:crc-16/modbus,order=big}" }, BYTES ("123456789\x4B\x37") },
  { { TEXT, .has_placeholders = TRUE, .source = ":123456789${crc:lrc,begin=1,as=HEX}" }, BYTES (":12345678923") },
  { { TEXT, .has_placeholders = TRUE, .source = "123456789${crc:crc-16/xmodem,as=hex}" }, BYTES ("12345678931c3") },
  { { TEXT, .has_placeholders = TRUE, .source = "${crc:sum-8,begin=1}123456789" }, BYTES ("\xDD" "123456789") },
  { { TEXT, .has_placeholders = TRUE, .source = "123456789ab${crc:sum-8,end=-3}" }, BYTES ("123456789ab\xDD") },
  { { TEXT, .has_placeholders = TRUE, .source = "1${crc:xor-8}${crc:sum-8}" }, BYTES ("11b") },
  { { HEX, .has_placeholders = TRUE, .source = "01 ${counter:width=2,start=258}03" }, BYTES ("\1\1\2\3") },
  { { HEX, .has_placeholders = TRUE, .source = "${counter:width=4,start=1,order=little}" }, BYTES ("\1\0\0\0") },
  { { HEX, .has_placeholders = TRUE, .source = "${counter:start=257}" }, BYTES ("\1") },
  { { HEX, .has_placeholders = TRUE, .source = "31 32 33 34 35 36 37 38 39 ${crc:crc-32/iso-hdlc,order=big}" },
    BYTES ("123456789\xCB\xF4\x39\x26") },
  { { HEX, .has_placeholders = TRUE, .source = "{1, 2}" }, BYTES ("\1\2") },
  { { BASE64, .has_placeholders = TRUE, .has_escapes = TRUE, .source = "YQ" }, BYTES ("a") },
  /* Checksums: over what, where, in which order */
  { { TEXT, .source = "123456789", .has_checksum = TRUE, .checksum = SKT_CHECKSUM_CRC_16_MODBUS, .checksum_is_little = TRUE },
    BYTES ("123456789\x37\x4B") },
  { { HEX, .source = "", .has_checksum = TRUE, .checksum = SKT_CHECKSUM_SUM_8 }, BYTES ("\0") },
  { { TEXT, .source = "x123456789y", .has_checksum = TRUE, .checksum = SKT_CHECKSUM_CRC_32_ISO_HDLC, .checksum_begin = 1, .checksum_end = -1 },
    BYTES ("x123456789y\xCB\xF4\x39\x26") },
  { { TEXT, .source = "123456789", .ending = SKT_LINE_ENDING_CRLF, .has_checksum = TRUE, .checksum = SKT_CHECKSUM_LRC, .checksum_end = -2, .checksum_at = -2 },
    BYTES ("123456789#\r\n") },
  { { TEXT, .source = "ab123456789", .has_checksum = TRUE, .checksum = SKT_CHECKSUM_XOR_8, .checksum_begin = -9, .checksum_at = 2 },
    BYTES ("ab1123456789") },
  { { BASE64, .source = "MTIzNDU2Nzg5", .has_checksum = TRUE, .checksum = SKT_CHECKSUM_ADLER_32 }, BYTES ("123456789\x09\x1E\x01\xDE") },
};

static void
test_good (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize position = 4711;
      g_autoptr (SktMessage) message = skt_message_new (&good[i].settings, &position, &error);
      g_autoptr (GBytes) bytes = NULL, again = NULL;

      tell (good[i].settings.source);
      g_assert_no_error (error);
      g_assert_cmpuint (position, ==, 4711);
      g_assert_cmpstr (skt_message_get_settings (message)->source, ==, good[i].settings.source);
      bytes = skt_message_expand (message, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), good[i].bytes, good[i].length);
      again = skt_message_expand (message, NULL, &error);
      g_assert_true (g_bytes_equal (again, bytes));
      g_assert_true ((again == bytes) == skt_message_is_constant (message));
    }
}

static const struct
{
  SktMessageSettings settings;
  SktError code;
  gsize position;
  const char *message;
} bad[] = {
  { { ESCAPED, .source = "é\\q" }, SKT_ERROR_BAD_MESSAGE, 2, "“q” at position 3 makes no escape: \\r \\n \\t \\0 \\xNN \\u{NNNN} do, and \\\\ is a backslash" },
  { { ESCAPED, .source = "a\\" }, SKT_ERROR_BAD_MESSAGE, 2, "The end at position 3 makes no escape" },
  { { ESCAPED, .source = "\\xg0" }, SKT_ERROR_BAD_MESSAGE, 2, "“g” at position 3 is not a hexadecimal digit: \\x takes two of them" },
  { { ESCAPED, .source = "\\x0" }, SKT_ERROR_BAD_MESSAGE, 3, "The end at position 4 is not a hexadecimal digit" },
  { { ESCAPED, .source = "\\u20AC" }, SKT_ERROR_BAD_MESSAGE, 2, "“2” at position 3 should be “{”" },
  { { ESCAPED, .source = "\\u{}" }, SKT_ERROR_BAD_MESSAGE, 3, "“}” at position 4 is not a hexadecimal digit" },
  { { ESCAPED, .source = "\\u{12" }, SKT_ERROR_BAD_MESSAGE, 5, "The end at position 6 is not a hexadecimal digit" },
  { { ESCAPED, .source = "a\\u{D800}" }, SKT_ERROR_BAD_MESSAGE, 1, "“\\” at position 2 begins the number of no character" },
  { { ESCAPED, .source = "\\u{110000}" }, SKT_ERROR_BAD_MESSAGE, 0, "“\\” at position 1 begins the number of no character" },
  { { ESCAPED, .source = "\\n\\x41é\n€", .encoding = SKT_ENCODING_ISO_8859_1, .ending = SKT_LINE_ENDING_CRLF }, SKT_ERROR_BAD_CHARACTER, 8, "“€” (U+20AC) at position 9 does not exist in ISO-8859-1" },
  { { ESCAPED, .source = "ab\\u{20AC}", .encoding = SKT_ENCODING_ASCII }, SKT_ERROR_BAD_CHARACTER, 2, "“€” (U+20AC) at position 3 does not exist in" },
  { { TEXT, .source = "a\nb€", .encoding = SKT_ENCODING_ASCII, .ending = SKT_LINE_ENDING_CRLF }, SKT_ERROR_BAD_CHARACTER, 3, "“€” (U+20AC) at position 4 does not exist in" },
  { { TEXT, .source = "a\xFF" }, SKT_ERROR_BAD_MESSAGE, 1, "What is at position 2 is no text in UTF-8" },
  /* Hex */
  { { HEX, .source = "de a" }, SKT_ERROR_HALF_BYTE, 3, "Half a byte at position 4" },
  { { HEX, .source = "0xDEA" }, SKT_ERROR_HALF_BYTE, 4, "Half a byte at position 5" },
  { { HEX, .source = "de // é\nag" }, SKT_ERROR_BAD_HEX, 9, "“g” at position 10 is not a hexadecimal digit" },
  { { HEX, .source = "de /* ad" }, SKT_ERROR_BAD_HEX, 3, "“/” at position 4 is not a hexadecimal digit" },
  { { HEX, .source = "{0x100}" }, SKT_ERROR_BAD_MESSAGE, 1, "“0” at position 2 begins a number that is no byte" },
  { { HEX, .source = "{-129}" }, SKT_ERROR_BAD_MESSAGE, 1, "“-” at position 2 begins a number that is no byte" },
  { { HEX, .source = "{1 2}" }, SKT_ERROR_BAD_MESSAGE, 3, "“2” at position 4 should be “,” or “}” after a number" },
  { { HEX, .source = "{1," }, SKT_ERROR_BAD_MESSAGE, 3, "The end at position 4 is no digit of a number" },
  { { HEX, .source = "{1, ,2}" }, SKT_ERROR_BAD_MESSAGE, 4, "“,” at position 5 is no digit of a number" },
  { { HEX, .source = "{0x}" }, SKT_ERROR_BAD_MESSAGE, 3, "“}” at position 4 is no digit of a number" },
  { { HEX, .source = "{08}" }, SKT_ERROR_BAD_MESSAGE, 2, "“8” at position 3 should be “,” or “}”" },
  { { HEX, .source = "{'ab'}" }, SKT_ERROR_BAD_MESSAGE, 3, "“b” at position 4 should be the “'” that ends a character" },
  { { HEX, .source = "{'é'}" }, SKT_ERROR_BAD_MESSAGE, 2, "“é” at position 3 is no character of one byte" },
  { { HEX, .source = "{1}, {2}" }, SKT_ERROR_BAD_MESSAGE, 3, "“,” at position 4 comes after the array" },
  { { HEX, .source = "f(é) = {1}" }, SKT_ERROR_BAD_MESSAGE, 1, "“(” at position 2 can’t be read" },
  { { HEX, .source = "{(byte 1}" }, SKT_ERROR_BAD_MESSAGE, 8, "“}” at position 9 should be “)” after a type" },
  /* Base64 */
  { { BASE64, .source = "aG!sbG8=" }, SKT_ERROR_BAD_MESSAGE, 2, "“!” at position 3 is no character of Base64" },
  { { BASE64, .source = "a+b-" }, SKT_ERROR_BAD_MESSAGE, 3, "“-” at position 4 is of another alphabet" },
  { { BASE64, .source = "aGVsb" }, SKT_ERROR_BAD_MESSAGE, 4, "“b” at position 5 stands alone" },
  { { BASE64, .source = "YR==" }, SKT_ERROR_BAD_MESSAGE, 1, "“R” at position 2 has bits that belong to no byte" },
  { { BASE64, .source = "YWJ" }, SKT_ERROR_BAD_MESSAGE, 2, "“J” at position 3 has bits that belong to no byte" },
  { { BASE64, .source = "YQ=" }, SKT_ERROR_BAD_MESSAGE, 3, "The end at position 4 should be “=”" },
  { { BASE64, .source = "YQ===" }, SKT_ERROR_BAD_MESSAGE, 4, "“=” at position 5 is too much" },
  { { BASE64, .source = "AAAA=" }, SKT_ERROR_BAD_MESSAGE, 4, "“=” at position 5 is too much" },
  { { BASE64, .source = "YQ==YQ==" }, SKT_ERROR_BAD_MESSAGE, 4, "“Y” at position 5 comes after the padding" },
  { { BASE64, .source = "${counter}", .has_placeholders = TRUE }, SKT_ERROR_BAD_MESSAGE, 0, "“$” at position 1 is no character of Base64" },
  /* Placeholders */
  { { TEXT, .has_placeholders = TRUE, .source = "é${counter" }, SKT_ERROR_BAD_MESSAGE, 1, "“${” at position 2 begins a placeholder that “}” does not end; for the two characters write $${" },
  { { TEXT, .has_placeholders = TRUE, .source = "${counter\n}" }, SKT_ERROR_BAD_MESSAGE, 0, "“${” at position 1 begins a placeholder" },
  { { TEXT, .has_placeholders = TRUE, .source = "é${count}" }, SKT_ERROR_BAD_MESSAGE, 3, "“count” at position 4 is no placeholder: counter, time, random, uuid, crc, received, 0, 1, 2, … are" },
  { { TEXT, .has_placeholders = TRUE, .source = "${}" }, SKT_ERROR_BAD_MESSAGE, 2, "“” at position 3 is no placeholder" },
  { { TEXT, .has_placeholders = TRUE, .source = "${100}" }, SKT_ERROR_BAD_MESSAGE, 2, "“100” at position 3 is no number that can be used here: 0…99" },
  { { TEXT, .has_placeholders = TRUE, .source = "${counter:height=3}" }, SKT_ERROR_BAD_MESSAGE, 10, "“height” at position 11 is no option of ${counter} here; it has: width, base, start, step" },
  { { HEX, .has_placeholders = TRUE, .source = "${counter:base=16}" }, SKT_ERROR_BAD_MESSAGE, 10, "“base” at position 11 is no option of ${counter} here; it has: width, start, step, order" },
  { { TEXT, .has_placeholders = TRUE, .source = "${uuid:width=3}" }, SKT_ERROR_BAD_MESSAGE, 7, "“width” at position 8 can’t be used: ${uuid} has no options here" },
  { { TEXT, .has_placeholders = TRUE, .source = "${counter:4}" }, SKT_ERROR_BAD_MESSAGE, 10, "“4” at position 11 is no option of ${counter} here" },
  { { TEXT, .has_placeholders = TRUE, .source = "${counter:width=65}" }, SKT_ERROR_BAD_MESSAGE, 16, "“65” at position 17 is no number that can be used here: 1…64" },
  { { HEX, .has_placeholders = TRUE, .source = "${counter:width=9}" }, SKT_ERROR_BAD_MESSAGE, 16, "“9” at position 17 is no number that can be used here: 1…8" },
  { { TEXT, .has_placeholders = TRUE, .source = "${counter:base=1}" }, SKT_ERROR_BAD_MESSAGE, 15, "“1” at position 16 is no number that can be used here: 2…36" },
  { { TEXT, .has_placeholders = TRUE, .source = "${counter:start=x}" }, SKT_ERROR_BAD_MESSAGE, 16, "“x” at position 17 is no number" },
  { { TEXT, .has_placeholders = TRUE, .source = "${random}" }, SKT_ERROR_BAD_MESSAGE, 0, "“${random}” at position 1 lacks the number of bytes" },
  { { TEXT, .has_placeholders = TRUE, .source = "${random:0}" }, SKT_ERROR_BAD_MESSAGE, 9, "“0” at position 10 is no number that can be used here: 1…65536" },
  { { TEXT, .has_placeholders = TRUE, .source = "${time:now}" }, SKT_ERROR_BAD_MESSAGE, 7, "“now” at position 8 is no form of the time: s, ms, iso and iso-ms are" },
  { { TEXT, .has_placeholders = TRUE, .source = "${crc}" }, SKT_ERROR_BAD_MESSAGE, 0, "“${crc}” at position 1 lacks the checksum" },
  { { TEXT, .has_placeholders = TRUE, .source = "${crc:begin=0}" }, SKT_ERROR_BAD_MESSAGE, 0, "“${crc:begin=0}” at position 1 lacks the checksum" },
  { { TEXT, .has_placeholders = TRUE, .source = "${crc:crc-16}" }, SKT_ERROR_BAD_MESSAGE, 6, "“crc-16” at position 7 is no checksum" },
  { { TEXT, .has_placeholders = TRUE, .source = "${crc:lrc,order=up}" }, SKT_ERROR_BAD_MESSAGE, 16, "“up” at position 17 is no byte order" },
  { { TEXT, .has_placeholders = TRUE, .source = "${received:as=text}" }, SKT_ERROR_BAD_MESSAGE, 14, "“text” at position 15 is no way to write bytes" },
  { { TEXT, .has_placeholders = TRUE, .source = "ab${crc:lrc,begin=9}" }, SKT_ERROR_BAD_MESSAGE, 20, "The checksum at position 3 can’t begin at byte 9: the message is too short" },
  { { TEXT, .has_placeholders = TRUE, .source = "ab${crc:lrc,end=9}" }, SKT_ERROR_BAD_MESSAGE, 18, "The checksum at position 3 can’t end at byte 9" },
  { { TEXT, .has_placeholders = TRUE, .source = "ab${crc:lrc,begin=2,end=1}" }, SKT_ERROR_BAD_MESSAGE, 26, "The checksum at position 3 can’t end at byte 1" },
  { { TEXT, .has_placeholders = TRUE, .source = "ab${crc:lrc,end=0}" }, SKT_ERROR_BAD_MESSAGE, 18, "The range of the checksum at position 3 holds itself, or a later one, at byte 2" },
  { { HEX, .has_placeholders = TRUE, .source = "de a${counter}" }, SKT_ERROR_HALF_BYTE, 3, "Half a byte at position 4" },
  { { HEX, .has_placeholders = TRUE, .source = "de ${counter} ag" }, SKT_ERROR_BAD_HEX, 15, "“g” at position 16" },
  { { HEX, .has_placeholders = TRUE, .source = "de ${x}" }, SKT_ERROR_BAD_MESSAGE, 5, "“x” at position 6 is no placeholder" },
  /* Checksums */
  { { TEXT, .source = "abc", .has_checksum = TRUE, .checksum_begin = 4 }, SKT_ERROR_BAD_MESSAGE, 3, "The checksum can’t begin at byte 4: the message has 3 bytes without it" },
  { { TEXT, .source = "a", .has_checksum = TRUE, .checksum_begin = -2 }, SKT_ERROR_BAD_MESSAGE, 1, "The checksum can’t begin at byte -2: the message has 1 byte without it" },
  { { TEXT, .source = "abc", .has_checksum = TRUE, .checksum_begin = 2, .checksum_end = 1 }, SKT_ERROR_BAD_MESSAGE, 3, "The checksum can’t end at byte 1" },
  { { TEXT, .source = "abc", .has_checksum = TRUE, .checksum_end = 4 }, SKT_ERROR_BAD_MESSAGE, 3, "The checksum can’t end at byte 4" },
  { { TEXT, .source = "abc", .has_checksum = TRUE, .checksum_at = 4 }, SKT_ERROR_BAD_MESSAGE, 3, "The checksum can’t be put at byte 4" },
  { { TEXT, .source = "abc", .has_checksum = TRUE, .checksum_begin = G_MININT }, SKT_ERROR_BAD_MESSAGE, 3, "The checksum can’t begin at byte -2147483648" },
};

static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize position = 4711;
      g_autoptr (SktMessage) message = skt_message_new (&bad[i].settings, &position, &error);

      tell (bad[i].settings.source);
      g_assert_null (message);
      g_assert_error (error, SKT_ERROR, (gint) bad[i].code);
      if (!g_str_has_prefix (error->message, bad[i].message))
        g_assert_cmpstr (error->message, ==, bad[i].message);
      g_assert_cmpuint (position, ==, bad[i].position);
      g_assert_null (skt_message_new (&bad[i].settings, NULL, NULL));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/payload/syntax/good", test_good);
  g_test_add_func ("/payload/syntax/bad", test_bad);
  return g_test_run ();
}
