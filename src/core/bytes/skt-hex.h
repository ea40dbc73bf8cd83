/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Bytes from hexadecimal text: two digits a byte, in any case; between bytes spaces, tabs, line ends, commas,
 * semicolons, colons or hyphens; each byte or group may have a prefix 0x, \x or %. A run of more than two digits is
 * bytes without gaps ("deadbeef"). Empty or blank text gives 0 bytes.
 * Errors: SKT_ERROR_BAD_HEX (no digit), SKT_ERROR_HALF_BYTE (a run with an odd number of digits; half a byte is
 * never completed by a guess). The message names the character and its 1-based position; *ret_position (may be
 * NULL) is the 0-based offset in characters. (transfer full) Any thread. */
GBytes *skt_hex_parse (const char *text, gssize length, gsize *ret_position, GError **error);

/* "de ad be ef": lower case, a space between bytes. Appends to `text`. */
void skt_hex_append (GString *text, const guint8 *bytes, gsize length);

/* Output of `hexdump -C` (util-linux), byte for byte: repeated lines become "*", the last line is the total length.
 * Feed it pieces of any size, then finish it once. */
typedef struct
{
  guint64 offset;       /* bytes written so far */
  guint8 line[16];      /* the line that is being filled */
  guint8 previous[16];
  guint8 fill;
  gboolean has_previous;
  gboolean in_repeat;
} SktHexdump;

void skt_hexdump_init (SktHexdump *self);
void skt_hexdump_append (SktHexdump *self, GString *text, const guint8 *bytes, gsize length);
void skt_hexdump_finish (SktHexdump *self, GString *text);

G_END_DECLS
