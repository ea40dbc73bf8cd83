/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-encoding.h"

G_BEGIN_DECLS

#define SKT_NO_CHARACTER ((gunichar) -1)

/* The name by which iconv knows the encoding. `for_encoding`: to convert to it; else from it. They differ where what is
 * read is a superset of what may be written. */
const char *_skt_charmap_get_iconv_name (SktEncoding encoding, gboolean for_encoding);

/* The character that a unit (of kind SKT_UNIT_CHARACTER) means, or SKT_NO_CHARACTER if it is not assigned. Any
 * thread. */
gunichar _skt_charmap_get (SktEncoding encoding, const guint8 *unit, gsize length);

/* TRUE if bytes 00..7F, each alone, are the characters U+0000..U+007F. */
gboolean _skt_charmap_has_ascii (SktEncoding encoding);

G_END_DECLS
