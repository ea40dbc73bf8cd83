/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Checksums of byte protocols. CRCs go by the names of the catalogue of parametrised CRC algorithms (reveng):
 * "CRC-16/CCITT" alone means at least four different ones. */
typedef enum
{
  SKT_CHECKSUM_SUM_8,
  SKT_CHECKSUM_XOR_8,
  SKT_CHECKSUM_LRC,
  SKT_CHECKSUM_INTERNET,
  SKT_CHECKSUM_ADLER_32,
  SKT_CHECKSUM_CRC_8_SMBUS,
  SKT_CHECKSUM_CRC_8_MAXIM_DOW,
  SKT_CHECKSUM_CRC_8_ROHC,
  SKT_CHECKSUM_CRC_16_ARC,
  SKT_CHECKSUM_CRC_16_MODBUS,
  SKT_CHECKSUM_CRC_16_USB,
  SKT_CHECKSUM_CRC_16_XMODEM,
  SKT_CHECKSUM_CRC_16_IBM_3740,
  SKT_CHECKSUM_CRC_16_KERMIT,
  SKT_CHECKSUM_CRC_16_IBM_SDLC,
  SKT_CHECKSUM_CRC_16_DNP,
  SKT_CHECKSUM_CRC_32_ISO_HDLC,
  SKT_CHECKSUM_CRC_32_BZIP2,
  SKT_CHECKSUM_CRC_32_MPEG_2,
  SKT_CHECKSUM_CRC_32_ISCSI,
  SKT_N_CHECKSUMS,
} SktChecksum;

/* All of these: any thread. */

/* For settings and commands, never translated, never changed: "crc-16/modbus". Static. */
const char *skt_checksum_get_id (SktChecksum checksum);
/* FALSE if there is none of that id. */
gboolean skt_checksum_from_id (const char *id, SktChecksum *ret_checksum);
/* As shown: "CRC-16/MODBUS". Static. */
const char *skt_checksum_get_name (SktChecksum checksum);
/* Other names that people know it by ("zlib, Ethernet, PNG"), or NULL. Static. */
const char *skt_checksum_get_aliases (SktChecksum checksum);
/* What defines it: of a CRC "poly 8005, init FFFF, reflected, xorout 0000", else a sentence, translated.
 * (transfer full) */
char *skt_checksum_dup_parameters (SktChecksum checksum);
/* Width in bytes: 1, 2 or 4. */
guint skt_checksum_get_width (SktChecksum checksum);
/* Whether protocols usually put its low byte first on the wire. */
gboolean skt_checksum_is_little_endian (SktChecksum checksum);

/* One checksum of bytes that come in pieces. Owns nothing. */
typedef struct
{
  SktChecksum checksum;
  guint32 a, b;
  guint64 sum;
  gboolean is_odd;
} SktChecksumState;

void skt_checksum_init (SktChecksumState *self, SktChecksum checksum);
void skt_checksum_update (SktChecksumState *self, const guint8 *bytes, gsize length);
/* Of all the bytes so far; more can follow. */
guint32 skt_checksum_get_value (const SktChecksumState *self);

/* CRC-32/ISO-HDLC (that of zlib, gzip, PNG) of `length` more bytes: start with crc 0 and pass on what was returned. */
guint32 skt_crc32 (guint32 crc, const guint8 *bytes, gsize length);

G_END_DECLS
