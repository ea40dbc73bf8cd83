/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* CRC-32/ISO-HDLC (that of zlib, gzip, PNG) of `length` more bytes: start with crc 0 and pass on what was returned.
 * Any thread. */
guint32 skt_crc32 (guint32 crc, const guint8 *bytes, gsize length);

G_END_DECLS
