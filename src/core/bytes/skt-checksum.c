/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-checksum.h"

#include <string.h>

#define POLYNOMIAL 0xEDB88320 /* 04C11DB7, bits reversed */

/* tables[k][b]: the remainder of byte b followed by k zero bytes, so that eight bytes are folded in one step. */
typedef guint32 CrcTables[8][256];

static void
fill_tables (CrcTables tables)
{
  for (guint byte = 0; byte < 256; byte++)
    {
      guint32 remainder = byte;

      for (guint bit = 0; bit < 8; bit++)
        remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? POLYNOMIAL : 0);
      tables[0][byte] = remainder;
    }
  for (guint byte = 0; byte < 256; byte++)
    for (guint k = 1; k < 8; k++)
      tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xFF];
}

static const CrcTables *
get_tables (void)
{
  static CrcTables tables;
  static gsize is_filled;

  if (g_once_init_enter (&is_filled))
    {
      fill_tables (tables);
      g_once_init_leave (&is_filled, 1);
    }
  return &tables;
}

static inline guint32
read_uint32 (const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_LE (value);
}

guint32
skt_crc32 (guint32 crc, const guint8 *bytes, gsize length)
{
  const CrcTables *tables = get_tables ();

  crc = ~crc;
  for (; length >= 8; bytes += 8, length -= 8)
    {
      guint32 low = crc ^ read_uint32 (bytes);
      guint32 high = read_uint32 (bytes + 4);

      crc = (*tables)[7][low & 0xFF] ^ (*tables)[6][(low >> 8) & 0xFF] ^ (*tables)[5][(low >> 16) & 0xFF]
            ^ (*tables)[4][low >> 24] ^ (*tables)[3][high & 0xFF] ^ (*tables)[2][(high >> 8) & 0xFF]
            ^ (*tables)[1][(high >> 16) & 0xFF] ^ (*tables)[0][high >> 24];
    }
  for (; length > 0; bytes++, length--)
    crc = (crc >> 8) ^ (*tables)[0][(crc ^ *bytes) & 0xFF];
  return ~crc;
}
