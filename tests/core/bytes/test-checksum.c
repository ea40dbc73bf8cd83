/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-checksum.h"

#include <string.h>

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
  return g_test_run ();
}
