/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As skt_hex_parse(), appended to `bytes`. With `masks` (not NULL) “?” stands for any digit: four bits that are 0 in
 * the byte and in its mask. */
gboolean _skt_hex_parse_masked (const char *text,
                                gsize length,
                                GByteArray *bytes,
                                GByteArray *masks,
                                gsize *ret_position,
                                GError **error);

G_END_DECLS
