/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-checksum.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* -- The catalogue ------------------------------------------------------------------------------------------- */

/* Parameters as the catalogue of parametrised CRC algorithms has them: poly and init are not reflected. `table` is that
 * of the polynomial and direction, which several share. */
typedef struct
{
  const char *id;
  const char *name;
  const char *aliases;
  guint8 width; /* bytes */
  gboolean is_crc, is_reflected;
  guint32 poly, init, xorout;
  guint table;
} Entry;

enum
{
  TABLE_8_07,
  TABLE_8_07_REFLECTED,
  TABLE_8_31_REFLECTED,
  TABLE_16_8005_REFLECTED,
  TABLE_16_1021,
  TABLE_16_1021_REFLECTED,
  TABLE_16_3D65_REFLECTED,
  TABLE_32_04C11DB7,
  TABLE_32_04C11DB7_REFLECTED,
  TABLE_32_1EDC6F41_REFLECTED,
  N_TABLES,
};

#define REFLECTED TRUE
#define PLAIN FALSE

/* clang-format off */
static const Entry entries[SKT_N_CHECKSUMS] = {
  [SKT_CHECKSUM_SUM_8] = { "sum-8", "Sum 8", NULL, 1 },
  [SKT_CHECKSUM_XOR_8] = { "xor-8", "XOR 8", "BCC", 1 },
  [SKT_CHECKSUM_LRC] = { "lrc", "LRC", "Modbus ASCII", 1 },
  [SKT_CHECKSUM_INTERNET] = { "internet", "Internet checksum", "RFC 1071, IP, TCP, UDP", 2 },
  [SKT_CHECKSUM_ADLER_32] = { "adler-32", "Adler-32", "RFC 1950", 4 },
  [SKT_CHECKSUM_CRC_8_SMBUS] = { "crc-8/smbus", "CRC-8/SMBUS", "CRC-8",
    1, TRUE, PLAIN, 0x07, 0x00, 0x00, TABLE_8_07 },
  [SKT_CHECKSUM_CRC_8_MAXIM_DOW] = { "crc-8/maxim-dow", "CRC-8/MAXIM-DOW", "1-Wire",
    1, TRUE, REFLECTED, 0x31, 0x00, 0x00, TABLE_8_31_REFLECTED },
  [SKT_CHECKSUM_CRC_8_ROHC] = { "crc-8/rohc", "CRC-8/ROHC", NULL,
    1, TRUE, REFLECTED, 0x07, 0xFF, 0x00, TABLE_8_07_REFLECTED },
  [SKT_CHECKSUM_CRC_16_ARC] = { "crc-16/arc", "CRC-16/ARC", "CRC-16, CRC-16/IBM",
    2, TRUE, REFLECTED, 0x8005, 0x0000, 0x0000, TABLE_16_8005_REFLECTED },
  [SKT_CHECKSUM_CRC_16_MODBUS] = { "crc-16/modbus", "CRC-16/MODBUS", "Modbus RTU",
    2, TRUE, REFLECTED, 0x8005, 0xFFFF, 0x0000, TABLE_16_8005_REFLECTED },
  [SKT_CHECKSUM_CRC_16_USB] = { "crc-16/usb", "CRC-16/USB", NULL,
    2, TRUE, REFLECTED, 0x8005, 0xFFFF, 0xFFFF, TABLE_16_8005_REFLECTED },
  [SKT_CHECKSUM_CRC_16_XMODEM] = { "crc-16/xmodem", "CRC-16/XMODEM", "ZMODEM, CRC-16/ACORN",
    2, TRUE, PLAIN, 0x1021, 0x0000, 0x0000, TABLE_16_1021 },
  [SKT_CHECKSUM_CRC_16_IBM_3740] = { "crc-16/ibm-3740", "CRC-16/IBM-3740", "CRC-16/CCITT-FALSE",
    2, TRUE, PLAIN, 0x1021, 0xFFFF, 0x0000, TABLE_16_1021 },
  [SKT_CHECKSUM_CRC_16_KERMIT] = { "crc-16/kermit", "CRC-16/KERMIT", "CRC-16/CCITT, CRC-16/CCITT-TRUE",
    2, TRUE, REFLECTED, 0x1021, 0x0000, 0x0000, TABLE_16_1021_REFLECTED },
  [SKT_CHECKSUM_CRC_16_IBM_SDLC] = { "crc-16/ibm-sdlc", "CRC-16/IBM-SDLC", "CRC-16/X-25, HDLC",
    2, TRUE, REFLECTED, 0x1021, 0xFFFF, 0xFFFF, TABLE_16_1021_REFLECTED },
  [SKT_CHECKSUM_CRC_16_DNP] = { "crc-16/dnp", "CRC-16/DNP", "DNP3",
    2, TRUE, REFLECTED, 0x3D65, 0x0000, 0xFFFF, TABLE_16_3D65_REFLECTED },
  [SKT_CHECKSUM_CRC_32_ISO_HDLC] = { "crc-32/iso-hdlc", "CRC-32/ISO-HDLC", "CRC-32, zlib, Ethernet, PNG",
    4, TRUE, REFLECTED, 0x04C11DB7, 0xFFFFFFFF, 0xFFFFFFFF, TABLE_32_04C11DB7_REFLECTED },
  [SKT_CHECKSUM_CRC_32_BZIP2] = { "crc-32/bzip2", "CRC-32/BZIP2", NULL,
    4, TRUE, PLAIN, 0x04C11DB7, 0xFFFFFFFF, 0xFFFFFFFF, TABLE_32_04C11DB7 },
  [SKT_CHECKSUM_CRC_32_MPEG_2] = { "crc-32/mpeg-2", "CRC-32/MPEG-2", NULL,
    4, TRUE, PLAIN, 0x04C11DB7, 0xFFFFFFFF, 0x00000000, TABLE_32_04C11DB7 },
  [SKT_CHECKSUM_CRC_32_ISCSI] = { "crc-32/iscsi", "CRC-32/ISCSI", "CRC-32C, Castagnoli",
    4, TRUE, REFLECTED, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, TABLE_32_1EDC6F41_REFLECTED },
};
/* clang-format on */

const char *
skt_checksum_get_id (SktChecksum checksum)
{
  g_return_val_if_fail (checksum < SKT_N_CHECKSUMS, NULL);
  return entries[checksum].id;
}

gboolean
skt_checksum_from_id (const char *id, SktChecksum *ret_checksum)
{
  g_return_val_if_fail (id != NULL, FALSE);

  for (guint i = 0; i < SKT_N_CHECKSUMS; i++)
    if (g_ascii_strcasecmp (id, entries[i].id) == 0)
      {
        *ret_checksum = i;
        return TRUE;
      }
  return FALSE;
}

const char *
skt_checksum_get_name (SktChecksum checksum)
{
  g_return_val_if_fail (checksum < SKT_N_CHECKSUMS, NULL);
  return entries[checksum].name;
}

const char *
skt_checksum_get_aliases (SktChecksum checksum)
{
  g_return_val_if_fail (checksum < SKT_N_CHECKSUMS, NULL);
  return entries[checksum].aliases;
}

guint
skt_checksum_get_width (SktChecksum checksum)
{
  g_return_val_if_fail (checksum < SKT_N_CHECKSUMS, 0);
  return entries[checksum].width;
}

gboolean
skt_checksum_is_little_endian (SktChecksum checksum)
{
  g_return_val_if_fail (checksum < SKT_N_CHECKSUMS, FALSE);
  return entries[checksum].is_reflected;
}

static const char *
get_sentence (SktChecksum checksum)
{
  if (checksum == SKT_CHECKSUM_SUM_8)
    return _ ("sum of the bytes, modulo 256");
  if (checksum == SKT_CHECKSUM_XOR_8)
    return _ ("exclusive or of the bytes");
  if (checksum == SKT_CHECKSUM_LRC)
    return _ ("two’s complement of the sum of the bytes");
  if (checksum == SKT_CHECKSUM_INTERNET)
    return _ ("one’s complement of the one’s complement sum of 16-bit words");
  return _ ("two sums modulo 65521, starting with 1 and 0");
}

char *
skt_checksum_dup_parameters (SktChecksum checksum)
{
  const Entry *entry;
  int digits;

  g_return_val_if_fail (checksum < SKT_N_CHECKSUMS, NULL);

  entry = &entries[checksum];
  digits = 2 * entry->width;
  if (!entry->is_crc)
    return g_strdup (get_sentence (checksum));
  /* The words of the catalogue, in any language. */
  return g_strdup_printf ("poly %0*X, init %0*X, %s, xorout %0*X", digits, entry->poly, digits, entry->init,
                          entry->is_reflected ? "reflected" : "not reflected", digits, entry->xorout);
}

/* -- CRC ----------------------------------------------------------------------------------------------------- */

/* tables[k][b]: the remainder of byte b followed by k zero bytes, so that eight bytes are folded in one step.
 * Remainders of less than 32 bits are at the low end if reflected, else at the high end: one loop for each direction
 * fits all widths. */
typedef guint32 CrcTables[8][256];

static const struct
{
  guint8 width;
  gboolean is_reflected;
  guint32 poly;
} table_kinds[N_TABLES] = {
  [TABLE_8_07] = { 1, FALSE, 0x07 },
  [TABLE_8_07_REFLECTED] = { 1, TRUE, 0x07 },
  [TABLE_8_31_REFLECTED] = { 1, TRUE, 0x31 },
  [TABLE_16_8005_REFLECTED] = { 2, TRUE, 0x8005 },
  [TABLE_16_1021] = { 2, FALSE, 0x1021 },
  [TABLE_16_1021_REFLECTED] = { 2, TRUE, 0x1021 },
  [TABLE_16_3D65_REFLECTED] = { 2, TRUE, 0x3D65 },
  [TABLE_32_04C11DB7] = { 4, FALSE, 0x04C11DB7 },
  [TABLE_32_04C11DB7_REFLECTED] = { 4, TRUE, 0x04C11DB7 },
  [TABLE_32_1EDC6F41_REFLECTED] = { 4, TRUE, 0x1EDC6F41 },
};

static guint32
reflect (guint32 value, guint width)
{
  guint32 reflected = 0;

  for (guint bit = 0; bit < 8 * width; bit++)
    reflected |= ((value >> bit) & 1) << (8 * width - 1 - bit);
  return reflected;
}

static void
fill_reflected (CrcTables tables, guint32 poly, guint width)
{
  const guint32 polynomial = reflect (poly, width);

  for (guint byte = 0; byte < 256; byte++)
    {
      guint32 remainder = byte;

      for (guint bit = 0; bit < 8; bit++)
        remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? polynomial : 0);
      tables[0][byte] = remainder;
    }
  for (guint byte = 0; byte < 256; byte++)
    for (guint k = 1; k < 8; k++)
      tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xFF];
}

static void
fill_plain (CrcTables tables, guint32 poly, guint width)
{
  const guint32 polynomial = poly << (32 - 8 * width);

  for (guint byte = 0; byte < 256; byte++)
    {
      guint32 remainder = byte << 24;

      for (guint bit = 0; bit < 8; bit++)
        remainder = (remainder << 1) ^ ((remainder >> 31) != 0 ? polynomial : 0);
      tables[0][byte] = remainder;
    }
  for (guint byte = 0; byte < 256; byte++)
    for (guint k = 1; k < 8; k++)
      tables[k][byte] = (tables[k - 1][byte] << 8) ^ tables[0][tables[k - 1][byte] >> 24];
}

static const CrcTables *
get_tables (guint kind)
{
  static CrcTables tables[N_TABLES];
  static gsize is_filled[N_TABLES];

  if (g_once_init_enter (&is_filled[kind]))
    {
      if (table_kinds[kind].is_reflected)
        fill_reflected (tables[kind], table_kinds[kind].poly, table_kinds[kind].width);
      else
        fill_plain (tables[kind], table_kinds[kind].poly, table_kinds[kind].width);
      g_once_init_leave (&is_filled[kind], 1);
    }
  return &tables[kind];
}

static inline guint32
read_le32 (const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_LE (value);
}

static inline guint32
read_be32 (const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_BE (value);
}

static guint32
fold_reflected (const CrcTables *tables, guint32 crc, const guint8 *bytes, gsize length)
{
  for (; length >= 8; bytes += 8, length -= 8)
    {
      guint32 low = crc ^ read_le32 (bytes);
      guint32 high = read_le32 (bytes + 4);

      crc = (*tables)[7][low & 0xFF] ^ (*tables)[6][(low >> 8) & 0xFF] ^ (*tables)[5][(low >> 16) & 0xFF]
            ^ (*tables)[4][low >> 24] ^ (*tables)[3][high & 0xFF] ^ (*tables)[2][(high >> 8) & 0xFF]
            ^ (*tables)[1][(high >> 16) & 0xFF] ^ (*tables)[0][high >> 24];
    }
  for (; length > 0; bytes++, length--)
    crc = (crc >> 8) ^ (*tables)[0][(crc ^ *bytes) & 0xFF];
  return crc;
}

static guint32
fold_plain (const CrcTables *tables, guint32 crc, const guint8 *bytes, gsize length)
{
  for (; length >= 8; bytes += 8, length -= 8)
    {
      guint32 high = crc ^ read_be32 (bytes);
      guint32 low = read_be32 (bytes + 4);

      crc = (*tables)[7][high >> 24] ^ (*tables)[6][(high >> 16) & 0xFF] ^ (*tables)[5][(high >> 8) & 0xFF]
            ^ (*tables)[4][high & 0xFF] ^ (*tables)[3][low >> 24] ^ (*tables)[2][(low >> 16) & 0xFF]
            ^ (*tables)[1][(low >> 8) & 0xFF] ^ (*tables)[0][low & 0xFF];
    }
  for (; length > 0; bytes++, length--)
    crc = (crc << 8) ^ (*tables)[0][(crc >> 24) ^ *bytes];
  return crc;
}

guint32
skt_crc32 (guint32 crc, const guint8 *bytes, gsize length)
{
  return ~fold_reflected (get_tables (TABLE_32_04C11DB7_REFLECTED), ~crc, bytes, length);
}

/* -- Sums ---------------------------------------------------------------------------------------------------- */

static guint8
sum_bytes (guint8 sum, const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    sum += bytes[i];
  return sum;
}

static guint8
xor_bytes (guint8 xor, const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    xor ^= bytes[i];
  return xor;
}

/* RFC 1071. 2^16 is 1 modulo 65535, so that words of 32 bits may be summed too, and folded at the end. */
static void
update_internet (SktChecksumState *self, const guint8 *bytes, gsize length)
{
  if (self->is_odd && length > 0)
    {
      self->sum += *bytes++;
      length--;
      self->is_odd = FALSE;
    }
  while (length > 0)
    {
      gsize piece = MIN (length, 1024 * 1024);

      self->sum = (self->sum & 0xFFFFFFFF) + (self->sum >> 32);
      length -= piece;
      for (; piece >= 4; bytes += 4, piece -= 4)
        self->sum += read_be32 (bytes);
      for (; piece >= 2; bytes += 2, piece -= 2)
        self->sum += (guint) bytes[0] << 8 | bytes[1];
      if (piece > 0)
        {
          self->sum += (guint) *bytes++ << 8;
          self->is_odd = TRUE;
        }
    }
}

static guint32
get_internet (guint64 sum)
{
  while (sum > 0xFFFF)
    sum = (sum & 0xFFFF) + (sum >> 16);
  return ~sum & 0xFFFF;
}

/* RFC 1950. That many bytes can be summed before the larger sum leaves 32 bits. */
#define ADLER_MODULUS 65521
#define ADLER_PIECE 5552

static void
update_adler (SktChecksumState *self, const guint8 *bytes, gsize length)
{
  while (length > 0)
    {
      gsize piece = MIN (length, ADLER_PIECE);

      for (gsize i = 0; i < piece; i++)
        {
          self->a += bytes[i];
          self->b += self->a;
        }
      self->a %= ADLER_MODULUS;
      self->b %= ADLER_MODULUS;
      bytes += piece;
      length -= piece;
    }
}

/* -- All of them --------------------------------------------------------------------------------------------- */

void
skt_checksum_init (SktChecksumState *self, SktChecksum checksum)
{
  const Entry *entry;

  g_return_if_fail (self != NULL && checksum < SKT_N_CHECKSUMS);

  entry = &entries[checksum];
  *self = (SktChecksumState){ .checksum = checksum };
  if (checksum == SKT_CHECKSUM_ADLER_32)
    self->a = 1;
  else if (entry->is_crc)
    self->a = entry->is_reflected ? reflect (entry->init, entry->width) : entry->init << (32 - 8 * entry->width);
}

void
skt_checksum_update (SktChecksumState *self, const guint8 *bytes, gsize length)
{
  const Entry *entry;

  g_return_if_fail (self != NULL && (bytes != NULL || length == 0));

  entry = &entries[self->checksum];
  if (entry->is_crc)
    {
      const CrcTables *tables = get_tables (entry->table);
      self->a = entry->is_reflected ? fold_reflected (tables, self->a, bytes, length)
                                    : fold_plain (tables, self->a, bytes, length);
    }
  else if (self->checksum == SKT_CHECKSUM_XOR_8)
    self->a = xor_bytes (self->a, bytes, length);
  else if (self->checksum == SKT_CHECKSUM_INTERNET)
    update_internet (self, bytes, length);
  else if (self->checksum == SKT_CHECKSUM_ADLER_32)
    update_adler (self, bytes, length);
  else
    self->a = sum_bytes (self->a, bytes, length);
}

guint32
skt_checksum_get_value (const SktChecksumState *self)
{
  const Entry *entry;

  g_return_val_if_fail (self != NULL, 0);

  entry = &entries[self->checksum];
  if (entry->is_crc)
    return (entry->is_reflected ? self->a : self->a >> (32 - 8 * entry->width)) ^ entry->xorout;
  if (self->checksum == SKT_CHECKSUM_INTERNET)
    return get_internet (self->sum);
  if (self->checksum == SKT_CHECKSUM_ADLER_32)
    return self->b << 16 | self->a;
  return self->checksum == SKT_CHECKSUM_LRC ? -self->a & 0xFF : self->a;
}
