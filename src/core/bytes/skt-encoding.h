/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SKT_ENCODING_UTF_8,
  SKT_ENCODING_GB18030,
  SKT_ENCODING_GBK,
  SKT_ENCODING_BIG5,
  SKT_ENCODING_SHIFT_JIS,
  SKT_ENCODING_EUC_JP,
  SKT_ENCODING_EUC_KR,
  SKT_ENCODING_ASCII,
  SKT_ENCODING_ISO_8859_1,
  SKT_ENCODING_ISO_8859_15,
  SKT_ENCODING_WINDOWS_1252,
  SKT_ENCODING_WINDOWS_1251,
  SKT_ENCODING_KOI8_R,
  SKT_ENCODING_UTF_16LE,
  SKT_ENCODING_UTF_16BE,
  SKT_N_ENCODINGS,
} SktEncoding;

/* The name as shown and as used on the command line and in settings ("GB18030"). Static. Any thread. */
const char *skt_encoding_get_name (SktEncoding encoding);

/* Finds an encoding by name or usual alias ("gb18030", "cp936", "latin1", "sjis", "utf8", "UTF-16LE"), ASCII case and
 * '-', '_', ' ' ignored. Returns FALSE and leaves *ret_encoding alone if there is none of that name. */
gboolean skt_encoding_from_name (const char *name, SktEncoding *ret_encoding);

/* The bytes at the end of one piece of a stream that begin a character and do not finish it. All zero: none. */
typedef struct
{
  guint8 length;        /* 0..SKT_CARRY_MAX */
  guint8 bytes[3];
} SktCarry;
#define SKT_CARRY_MAX 3

typedef enum
{
  SKT_UNIT_CHARACTER,   /* structurally one character of the encoding */
  SKT_UNIT_INVALID,     /* bytes that can't be (part of) a character */
  SKT_UNIT_INCOMPLETE,  /* all that is left; could begin a character, more bytes are needed */
} SktUnitKind;

/* The length in bytes of the unit at the start of bytes[0..length), length >= 1; what it is in *ret_kind.
 *
 * Segmentation looks at structure only (lead and trail ranges; UTF-8 after Unicode table 3-7 with maximal subparts as
 * one invalid unit; in multi-byte sets an impossible trail byte makes the lead byte alone invalid; UTF-16 a lone
 * surrogate is an invalid unit of 2 bytes), never at what iconv has mapped, so that borders do not depend on the C
 * library. It has no state but the bytes themselves: decoding from any unit border gives the same units. */
gsize skt_encoding_next_unit (SktEncoding encoding, const guint8 *bytes, gsize length, SktUnitKind *ret_kind);

/* The last unit border at or before `target` (<= length) in bytes[0..length), of which `border` (<= target) is known to
 * be one: found by looking back from the target where that is certain, else by walking. Less than `target` if it is
 * inside a unit, or in what is incomplete at the end of the bytes. Any thread. */
gsize skt_encoding_find_border (SktEncoding encoding, const guint8 *bytes, gsize length, gsize border, gsize target);

/* Where the text row that starts at bytes[0] ends, within a piece of bytes[0..length) (length >= 1) of one read or
 * write: just after the first line feed, or at the last unit border at or before max_bytes, or at `length`. Returns
 * the row's length in bytes, at least 1: if its first unit is longer than max_bytes, the row is that unit.
 *
 * *carry holds on entry the bytes of a begun character from earlier pieces of the same stream (empty unless
 * bytes[0] is the first byte of the piece) and on return what is begun and not finished at the end of the row: not
 * empty only if the row reaches `length`. A border may be known by the bytes after it only: see is_last of
 * skt_decode_row(). Carried bytes do not count in the returned length. A unit that begins in the carry belongs with
 * its remaining bytes to the first row. This is the inner loop of the row index: it must run at memory speed on
 * long lines of ASCII or valid UTF-8 and on short lines (memchr for the line feed, where the encoding allows it). */
gsize skt_encoding_split_row (SktEncoding encoding, SktCarry *carry, const guint8 *bytes, gsize length, gsize max_bytes);

/* UTF-8 to the encoding, strictly: no substitution, no transliteration, no byte order mark. What is written is read
 * back as the same text, but for eight signs that Shift_JIS reads by Microsoft's names (U+301C as U+FF5E and the
 * like).
 * Error: SKT_ERROR_BAD_CHARACTER; *ret_position (may be NULL) is then the offset in characters (not bytes) of the
 * first character that the encoding lacks. (transfer full) Any thread. */
GBytes *skt_encoding_encode (SktEncoding encoding, const char *utf8, gssize length, gsize *ret_position, GError **error);

G_END_DECLS
