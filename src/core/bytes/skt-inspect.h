/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-encoding.h"

G_BEGIN_DECLS

/* What a few bytes could mean. */
typedef enum
{
  SKT_INSPECT_HEX,      /* of one byte, as the next three */
  SKT_INSPECT_BINARY,
  SKT_INSPECT_OCTAL,
  SKT_INSPECT_UINT_8,
  SKT_INSPECT_INT_8,
  SKT_INSPECT_UINT_16,
  SKT_INSPECT_INT_16,
  SKT_INSPECT_UINT_32,
  SKT_INSPECT_INT_32,
  SKT_INSPECT_UINT_64,
  SKT_INSPECT_INT_64,
  SKT_INSPECT_HALF,     /* IEEE 754: 2, 4 and 8 bytes */
  SKT_INSPECT_FLOAT,
  SKT_INSPECT_DOUBLE,
  SKT_INSPECT_BCD,      /* packed, up to 4 bytes; "?" stands for a half byte that is no digit */
  SKT_INSPECT_UTF_8,    /* the character that begins here, and its code point */
  SKT_INSPECT_GB18030,
  SKT_INSPECT_ENCODING, /* the same in the encoding that is given */
  SKT_INSPECT_TIME_32,  /* Unix time: seconds in 32 bits (unsigned) */
  SKT_INSPECT_TIME_64,  /* seconds in 64 bits */
  SKT_INSPECT_TIME_64_MS, /* milliseconds in 64 bits */
  SKT_INSPECT_IPV4,     /* in network order, as the rest */
  SKT_INSPECT_IPV6,
  SKT_INSPECT_MAC,
  SKT_N_INSPECT,
} SktInspect;

#define SKT_INSPECT_MAX_BYTES 16 /* more are not looked at */

/* Its name, short, translated where it is not a name of C. Of SKT_INSPECT_ENCODING: ask for the encoding's name.
 * Static. */
const char *skt_inspect_get_name (SktInspect what);

/* Whether the byte order matters. */
gboolean skt_inspect_has_order (SktInspect what);

/* The value of the bytes, or NULL if they are too few, or are no such thing (no character, a time before 1990 or
 * after 2099). Numbers have no separators and a point, whatever the locale, and as many digits as it takes to read the
 * same number back. Times are two lines: the first in `zone` (NULL: local time) with its offset, the second in UTC.
 * `encoding`: for SKT_INSPECT_ENCODING. (transfer full) UTF-8, never with control or invisible characters other than
 * that line break. Any thread. */
char *skt_inspect_dup_value (SktInspect what,
                             gboolean is_big_endian,
                             SktEncoding encoding,
                             GTimeZone *zone,
                             const guint8 *bytes,
                             gsize length);

/* The shortest digits that are read back as the same number of that width: "0.1", "-inf", "nan", "1e+20". */
char *skt_inspect_dup_double (double value);
char *skt_inspect_dup_float (float value);
char *skt_inspect_dup_half (guint16 bits);

G_END_DECLS
