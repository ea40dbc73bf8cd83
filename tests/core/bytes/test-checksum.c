/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-checksum.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_ZLIB
#include <zlib.h>
#endif

static guint32
crc32_slowly (guint32 crc, const guint8 *bytes, gsize length)
{
  crc = ~crc;
  for (gsize i = 0; i < length; i++)
    {
      crc ^= bytes[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
    }
  return ~crc;
}

static void
test_known (void)
{
  g_assert_cmphex (skt_crc32 (0, (const guint8 *) "", 0), ==, 0);
  g_assert_cmphex (skt_crc32 (0, NULL, 0), ==, 0);
  g_assert_cmphex (skt_crc32 (0, (const guint8 *) "a", 1), ==, 0xE8B7BE43);
  g_assert_cmphex (skt_crc32 (0, (const guint8 *) "123456789", 9), ==, 0xCBF43926);
  g_assert_cmphex (skt_crc32 (0, (const guint8 *) "The quick brown fox jumps over the lazy dog", 43), ==, 0x414FA339);
}

static void
test_chained (void)
{
  guint8 bytes[200];

  for (gsize i = 0; i < sizeof bytes; i++)
    bytes[i] = g_test_rand_int ();
  for (gsize length = 0; length <= sizeof bytes; length++)
    {
      guint32 whole = skt_crc32 (0, bytes, length);

      g_assert_cmphex (whole, ==, crc32_slowly (0, bytes, length));
      for (gsize cut = 0; cut <= length; cut++)
        g_assert_cmphex (skt_crc32 (skt_crc32 (0, bytes, cut), bytes + cut, length - cut), ==, whole);
    }
}

/* -- The catalogue ------------------------------------------------------------------------------------------- */

static const struct
{
  SktChecksum checksum;
  const char *id;
  guint width;
  guint32 check; /* of "123456789" */
  guint32 empty;
  const char *parameters; /* NULL: a sentence */
} catalogue[] = {
  { SKT_CHECKSUM_SUM_8, "sum-8", 1, 0xDD, 0x00 },
  { SKT_CHECKSUM_XOR_8, "xor-8", 1, 0x31, 0x00 },
  { SKT_CHECKSUM_LRC, "lrc", 1, 0x23, 0x00 },
  { SKT_CHECKSUM_INTERNET, "internet", 2, 0xF62A, 0xFFFF },
  { SKT_CHECKSUM_ADLER_32, "adler-32", 4, 0x091E01DE, 1 },
  { SKT_CHECKSUM_CRC_8_SMBUS, "crc-8/smbus", 1, 0xF4, 0x00, "poly 07, init 00, not reflected, xorout 00" },
  { SKT_CHECKSUM_CRC_8_MAXIM_DOW, "crc-8/maxim-dow", 1, 0xA1, 0x00, "poly 31, init 00, reflected, xorout 00" },
  { SKT_CHECKSUM_CRC_8_ROHC, "crc-8/rohc", 1, 0xD0, 0xFF, "poly 07, init FF, reflected, xorout 00" },
  { SKT_CHECKSUM_CRC_16_ARC, "crc-16/arc", 2, 0xBB3D, 0x0000, "poly 8005, init 0000, reflected, xorout 0000" },
  { SKT_CHECKSUM_CRC_16_MODBUS, "crc-16/modbus", 2, 0x4B37, 0xFFFF, "poly 8005, init FFFF, reflected, xorout 0000" },
  { SKT_CHECKSUM_CRC_16_USB, "crc-16/usb", 2, 0xB4C8, 0x0000, "poly 8005, init FFFF, reflected, xorout FFFF" },
  { SKT_CHECKSUM_CRC_16_XMODEM, "crc-16/xmodem", 2, 0x31C3, 0x0000,
    "poly 1021, init 0000, not reflected, xorout 0000" },
  { SKT_CHECKSUM_CRC_16_IBM_3740, "crc-16/ibm-3740", 2, 0x29B1, 0xFFFF,
    "poly 1021, init FFFF, not reflected, xorout 0000" },
  { SKT_CHECKSUM_CRC_16_KERMIT, "crc-16/kermit", 2, 0x2189, 0x0000, "poly 1021, init 0000, reflected, xorout 0000" },
  { SKT_CHECKSUM_CRC_16_IBM_SDLC, "crc-16/ibm-sdlc", 2, 0x906E, 0x0000,
    "poly 1021, init FFFF, reflected, xorout FFFF" },
  { SKT_CHECKSUM_CRC_16_DNP, "crc-16/dnp", 2, 0xEA82, 0xFFFF, "poly 3D65, init 0000, reflected, xorout FFFF" },
  { SKT_CHECKSUM_CRC_32_ISO_HDLC, "crc-32/iso-hdlc", 4, 0xCBF43926, 0,
    "poly 04C11DB7, init FFFFFFFF, reflected, xorout FFFFFFFF" },
  { SKT_CHECKSUM_CRC_32_BZIP2, "crc-32/bzip2", 4, 0xFC891918, 0,
    "poly 04C11DB7, init FFFFFFFF, not reflected, xorout FFFFFFFF" },
  { SKT_CHECKSUM_CRC_32_MPEG_2, "crc-32/mpeg-2", 4, 0x0376E6E7, 0xFFFFFFFF,
    "poly 04C11DB7, init FFFFFFFF, not reflected, xorout 00000000" },
  { SKT_CHECKSUM_CRC_32_ISCSI, "crc-32/iscsi", 4, 0xE3069283, 0,
    "poly 1EDC6F41, init FFFFFFFF, reflected, xorout FFFFFFFF" },
};

static guint32
get_checksum (SktChecksum checksum, const void *bytes, gsize length)
{
  SktChecksumState state;

  skt_checksum_init (&state, checksum);
  skt_checksum_update (&state, bytes, length);
  return skt_checksum_get_value (&state);
}

static void
test_catalogue (void)
{
  g_assert_cmpuint (G_N_ELEMENTS (catalogue), ==, SKT_N_CHECKSUMS);
  for (guint i = 0; i < SKT_N_CHECKSUMS; i++)
    {
      SktChecksum checksum = catalogue[i].checksum, found = SKT_N_CHECKSUMS;
      g_autofree char *parameters = skt_checksum_dup_parameters (checksum);

      g_test_message ("%s: %s", skt_checksum_get_name (checksum), parameters);
      g_assert_cmpstr (skt_checksum_get_id (checksum), ==, catalogue[i].id);
      g_assert_true (skt_checksum_from_id (catalogue[i].id, &found));
      g_assert_cmpuint (found, ==, checksum);
      g_assert_cmpuint (skt_checksum_get_width (checksum), ==, catalogue[i].width);
      g_assert_cmphex (get_checksum (checksum, "123456789", 9), ==, catalogue[i].check);
      g_assert_cmphex (get_checksum (checksum, NULL, 0), ==, catalogue[i].empty);
      if (catalogue[i].parameters != NULL)
        g_assert_cmpstr (parameters, ==, catalogue[i].parameters);
      else
        g_assert_cmpuint (strlen (parameters), >, 10);
      /* CRCs whose bits are reflected are sent with the low byte first. */
      g_assert_cmpint (skt_checksum_is_little_endian (checksum), ==,
                       catalogue[i].parameters != NULL && strstr (parameters, "not") == NULL);
    }
  g_assert_false (skt_checksum_from_id ("crc-16", &(SktChecksum){ 0 }));
  g_assert_cmpstr (skt_checksum_get_aliases (SKT_CHECKSUM_CRC_16_IBM_3740), ==, "CRC-16/CCITT-FALSE");
  g_assert_null (skt_checksum_get_aliases (SKT_CHECKSUM_CRC_16_USB));
}

/* By the definition, a bit after another. */
static guint32
crc_slowly (guint bits, guint32 poly, guint32 init, gboolean is_reflected, guint32 xorout, const guint8 *bytes,
            gsize length)
{
  const guint64 top = G_GUINT64_CONSTANT (1) << bits;
  guint64 crc = init;
  guint32 reflected = 0;

  for (gsize i = 0; i < length; i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        guint in = is_reflected ? bytes[i] >> bit & 1 : bytes[i] >> (7 - bit) & 1;
        crc = crc << 1 ^ (guint64) in << bits;
        if ((crc & top) != 0)
          crc ^= top | poly;
      }
  if (!is_reflected)
    return crc ^ xorout;
  for (guint bit = 0; bit < bits; bit++)
    reflected |= (crc >> bit & 1) << (bits - 1 - bit);
  return reflected ^ xorout;
}

/* All lengths up to some and all alignments, in one piece and in two. */
static void
test_pieces (void)
{
  guint8 bytes[80];

  for (gsize i = 0; i < sizeof bytes; i++)
    bytes[i] = g_test_rand_int ();
  for (guint i = 0; i < SKT_N_CHECKSUMS; i++)
    for (gsize length = 0; length < sizeof bytes; length++)
      {
        guint32 whole = get_checksum (i, bytes, length);
        guint32 poly, init, xorout;

        if (catalogue[i].parameters != NULL)
          {
            gboolean is_reflected = strstr (catalogue[i].parameters, "not") == NULL;
            g_assert_cmpint (sscanf (catalogue[i].parameters, "poly %X, init %X", &poly, &init), ==, 2);
            xorout = strtoul (strstr (catalogue[i].parameters, "xorout ") + 7, NULL, 16);
            g_assert_cmphex (whole, ==,
                             crc_slowly (8 * catalogue[i].width, poly, init, is_reflected, xorout, bytes, length));
          }
        for (gsize cut = 0; cut <= length; cut++)
          {
            SktChecksumState state;

            skt_checksum_init (&state, i);
            skt_checksum_update (&state, bytes, cut);
            skt_checksum_get_value (&state);
            skt_checksum_update (&state, bytes + cut, length - cut);
            g_assert_cmphex (skt_checksum_get_value (&state), ==, whole);
          }
      }
}

/* Sums that go over their modulus many times, and pieces larger than what is summed at a time. */
static void
test_large (void)
{
  gsize length = 3 * 1024 * 1024 + 5;
  g_autofree guint8 *bytes = g_malloc (length);
  guint32 a = 1, b = 0, words = 0;

  memset (bytes, 0xFF, length);
  for (gsize i = 0; i < length; i++)
    {
      a = (a + bytes[i]) % 65521;
      b = (b + a) % 65521;
      words += i % 2 == 0 ? (guint32) bytes[i] << 8 : bytes[i];
      words = (words & 0xFFFF) + (words >> 16);
    }
  g_assert_cmphex (get_checksum (SKT_CHECKSUM_ADLER_32, bytes, length), ==, b << 16 | a);
  g_assert_cmphex (get_checksum (SKT_CHECKSUM_INTERNET, bytes, length), ==, ~words & 0xFFFF);
#ifdef HAVE_ZLIB
  for (gsize i = 0; i < length; i++)
    bytes[i] = g_test_rand_int ();
  g_assert_cmphex (get_checksum (SKT_CHECKSUM_ADLER_32, bytes, length), ==,
                   adler32 (adler32 (0, NULL, 0), bytes, length));
  g_assert_cmphex (get_checksum (SKT_CHECKSUM_CRC_32_ISO_HDLC, bytes, length), ==,
                   crc32 (crc32 (0, NULL, 0), bytes, length));
#endif
}

static gpointer
checksum_thread (gpointer data)
{
  return GUINT_TO_POINTER (skt_crc32 (0, (const guint8 *) "123456789", 9));
}

static void
test_threads (void)
{
  GThread *threads[8];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("checksum", checksum_thread, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmphex (GPOINTER_TO_UINT (g_thread_join (threads[i])), ==, 0xCBF43926);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/checksum/threads", test_threads);
  g_test_add_func ("/core/checksum/known", test_known);
  g_test_add_func ("/core/checksum/chained", test_chained);
  g_test_add_func ("/core/checksum/catalogue", test_catalogue);
  g_test_add_func ("/core/checksum/pieces", test_pieces);
  g_test_add_func ("/core/checksum/large", test_large);
  return g_test_run ();
}
