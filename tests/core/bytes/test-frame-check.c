/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "skt-frame-check.h"

#include <string.h>

#include "skt-error.h"

static const struct
{
  const char *text, *canonical; /* canonical NULL: refused */
} texts[] = {
  { "none", "none" },
  { " NONE ", "none" },
  { "crc-16/modbus", "crc-16/modbus form=bytes order=little begin=0 gap=0 at=-2" },
  { "crc-16/modbus order=little begin=0 at=-2", "crc-16/modbus form=bytes order=little begin=0 gap=0 at=-2" },
  { "CRC-16/XMODEM at=-5 begin=1", "crc-16/xmodem form=bytes order=big begin=1 gap=0 at=-5" },
  { "crc-32/iso-hdlc order=big", "crc-32/iso-hdlc form=bytes order=big begin=0 gap=0 at=-4" },
  { "crc-32/iso-hdlc form=hex at=-8", "crc-32/iso-hdlc form=hex order=little begin=0 gap=0 at=-8" },
  { "crc-8/smbus form=hex-all gap=65535", "crc-8/smbus form=hex-all order=big begin=0 gap=65535 at=-2" },
  { "", NULL },
  { "none at=-2", NULL },
  { "crc-16", NULL },
  { "crc-16/modbus at=-1", NULL },
  { "crc-16/modbus form=hex at=-2", NULL },
  { "crc-16/modbus at=2", NULL },
  { "crc-16/modbus at=0", NULL },
  { "crc-16/modbus at=-65538", NULL },
  { "crc-16/modbus at=-99999999999", NULL },
  { "crc-16/modbus begin=65536", NULL },
  { "crc-16/modbus begin=-1", NULL },
  { "crc-16/modbus gap=x", NULL },
  { "crc-16/modbus order=middle", NULL },
  { "crc-16/modbus form=octal", NULL },
  { "crc-16/modbus  at=-2", NULL },
  { "crc-16/modbus last", NULL },
};

static void
test_text (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *written = NULL;
      SktFrameCheck check, again;

      if (texts[i].canonical == NULL)
        {
          g_assert_false (skt_frame_check_parse (texts[i].text, &check, &error));
          g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_RULE);
          continue;
        }
      g_assert_true (skt_frame_check_parse (texts[i].text, &check, &error));
      g_assert_no_error (error);
      written = skt_frame_check_to_string (&check);
      g_assert_cmpstr (written, ==, texts[i].canonical);
      g_assert_true (skt_frame_check_parse (written, &again, NULL));
      g_assert_true (skt_frame_check_equal (&check, &again));
    }
}

#define BYTES(text) text, sizeof text - 1

/* Real frames: of Modbus RTU and ASCII, NMEA 0183; "123456789" has the catalogue's check values. */
static const struct
{
  const char *check, *rule, *bytes;
  gsize length;
  const char *text; /* of the verdict */
} frames[] = {
  { "none", "fixed 4", BYTES ("abcd"), NULL },
  { "crc-16/modbus", "pause 20", BYTES ("123456789\x37\x4b"), "checksum right: 4B37" },
  { "crc-16/modbus", "pause 20", BYTES ("123456789\x38\x4b"), "checksum wrong: expected 4B37, found 4B38" },
  { "crc-16/modbus order=big", "pause 20", BYTES ("123456789\x37\x4b"), "checksum wrong: expected 4B37, found 374B" },
  { "crc-16/modbus", "pause 20", BYTES ("\x01\x03\x00\x00\x00\x0a\xc5\xcd"), "checksum right: CDC5" },
  { "crc-16/xmodem begin=2 at=-3", "fixed 14", BYTES ("\x7e\x00" "123456789\x31\xc3\x7e"), "checksum right: 31C3" },
  { "crc-32/iso-hdlc order=big", "delimiter 7e", BYTES ("123456789\xcb\xf4\x39\x26\x7e"), "checksum right: CBF43926" },
  { "crc-32/iso-hdlc order=big", "delimiter 7e", BYTES ("123456789\xcb\xf4\x39\x26"), "checksum right: CBF43926" },
  { "crc-8/smbus", "line lf", BYTES ("123456789\xf4\n"), "checksum right: F4" },
  { "crc-8/smbus", "line lf", BYTES ("123456789\xf4\r\n"), "checksum right: F4" },
  { "crc-8/smbus", "line crlf", BYTES ("123456789\xf4\r\n"), "checksum right: F4" },
  { "crc-8/smbus", "line cr", BYTES ("123456789\xf4\r"), "checksum right: F4" },
  /* a bare line feed does not end a line that ends with CR LF: it is data */
  { "crc-8/smbus", "line crlf", BYTES ("123456789\n"), "checksum wrong: expected F4, found 0A" },
  { "lrc form=hex-all begin=1", "line crlf", BYTES (":010300000001FB\r\n"), "checksum right: FB" },
  { "lrc form=hex-all begin=1", "line crlf", BYTES (":010300000001fb\r\n"), "checksum right: FB" },
  { "lrc form=hex-all begin=1", "line crlf", BYTES (":010300000002FB\r\n"), "checksum wrong: expected FA, found FB" },
  { "lrc form=hex-all begin=1", "line crlf", BYTES (":01030000000xFB\r\n"), "checksum wrong: there should be hex digits only" },
  { "lrc form=hex-all begin=1", "line crlf", BYTES (":01030000001FB\r\n"), "checksum wrong: there should be hex digits only" },
  { "lrc form=hex-all begin=1", "line crlf", BYTES (":010300000001F?\r\n"), "checksum wrong: there should be hex digits only" },
  { "xor-8 form=hex begin=1 gap=1", "line lf",
    BYTES ("$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n"), "checksum right: 47" },
  { "crc-16/modbus form=hex order=big", "line lf", BYTES ("1234567894B37\n"), "checksum right: 4B37" },
  { "crc-16/modbus form=hex order=little", "line lf", BYTES ("123456789374b\n"), "checksum right: 4B37" },
  /* nothing is covered: what the algorithm begins with */
  { "crc-16/modbus", "fixed 2", BYTES ("\xff\xff"), "checksum right: FFFF" },
  { "crc-16/modbus", "fixed 1", BYTES ("\xff"), "checksum missing: the frame is too short for it" },
  { "crc-16/modbus", "line lf", BYTES ("a\r\n"), "checksum missing: the frame is too short for it" },
  { "crc-16/modbus begin=1", "fixed 2", BYTES ("\xff\xff"), "checksum missing: the frame is too short for it" },
  { "crc-16/modbus gap=65535 begin=65535 at=-65537", "fixed 2", BYTES ("\xff\xff"),
    "checksum missing: the frame is too short for it" },
};

static void
test_verify (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_autofree guint8 *bytes = g_memdup2 (frames[i].bytes, frames[i].length);
      g_autofree char *text = NULL;
      guint32 expected = 0, found = 0;
      SktFrameVerdict verdict;
      SktFrameCheck check;
      SktFrameRule rule;

      g_assert_true (skt_frame_check_parse (frames[i].check, &check, NULL));
      g_assert_true (skt_frame_rule_parse (frames[i].rule, &rule, NULL));
      verdict = skt_frame_check_verify (&check, &rule, bytes, frames[i].length, &expected, &found);
      text = skt_frame_verdict_to_text (verdict, &check, expected, found);
      g_assert_cmpstr (text, ==, frames[i].text);
    }
}

/* Every checksum in both orders, and no bit of frame or checksum may change unseen. */
static void
test_all (void)
{
  SktFrameRule rule = { .kind = SKT_FRAME_FIXED, .length = 16 };

  for (guint i = 0; i < 2 * SKT_N_CHECKSUMS; i++)
    {
      SktFrameCheck check = { .is_on = TRUE, .checksum = i / 2, .is_little = i % 2 };
      guint width = skt_checksum_get_width (check.checksum);
      guint8 bytes[16] = "123456789";
      SktChecksumState state;
      guint32 value, expected, found;

      skt_checksum_init (&state, check.checksum);
      skt_checksum_update (&state, bytes, 9);
      value = skt_checksum_get_value (&state);
      for (guint k = 0; k < width; k++)
        bytes[9 + k] = value >> (8 * (check.is_little ? k : width - 1 - k));
      g_assert_cmpint (skt_frame_check_verify (&check, &rule, bytes, 9 + width, &expected, &found), ==,
                       SKT_FRAME_VERDICT_RIGHT);
      g_assert_cmphex (expected, ==, value);
      for (guint bit = 0; bit < 8 * (9 + width); bit++)
        {
          bytes[bit / 8] ^= 1 << bit % 8;
          g_assert_cmpint (skt_frame_check_verify (&check, &rule, bytes, 9 + width, &expected, &found), ==,
                           SKT_FRAME_VERDICT_WRONG);
          bytes[bit / 8] ^= 1 << bit % 8;
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/frame-check/text", test_text);
  g_test_add_func ("/core/frame-check/verify", test_verify);
  g_test_add_func ("/core/frame-check/all", test_all);
  return g_test_run ();
}
