/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-encoding.h"

G_BEGIN_DECLS

/* Bytes written so that other programs and languages read them back, exactly. All of these append to `text`; any
 * thread. */

/* A C array of 12 numbers a line: "const unsigned char data[5] = {\n  0x68, …\n};\n". No bytes: nothing, as C has no
 * empty array. */
void skt_literal_append_c (GString *text, const guint8 *bytes, gsize length);

/* Python: b'GET /\r\n\xff'. What would be longer than 80 columns becomes several literals on lines of their own in
 * parentheses, which Python joins; they end where lines end. */
void skt_literal_append_python (GString *text, const guint8 *bytes, gsize length);

/* Text on one line in which \r \n \t \0 \\ stand for those characters and \xNN (always two digits) for a byte: control
 * characters, invisible ones, bytes that are no character of the encoding, and characters that are not written by
 * these very bytes. In UTF-16, whose control characters are two bytes, those are \xNN too. */
void skt_literal_append_escaped (GString *text, SktEncoding encoding, const guint8 *bytes, gsize length);

/* RFC 4648, with padding: one line up to 64 KiB of bytes, else lines of 76 characters. */
#define SKT_BASE64_LINE_BYTES (64 * 1024)
void skt_literal_append_base64 (GString *text, const guint8 *bytes, gsize length);

/* A JSON string with its quotes. Control and invisible characters are \uNNNN. `utf8` must be valid, and may contain NUL. */
void skt_literal_append_json (GString *text, const char *utf8, gsize length);

G_END_DECLS
