/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-encoding.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_LINE_ENDING_NONE,
  SKT_LINE_ENDING_LF,
  SKT_LINE_ENDING_CR,
  SKT_LINE_ENDING_CRLF,
  SKT_LINE_ENDING_NUL,
  SKT_N_LINE_ENDINGS,
} SktLineEnding;

/* The bytes to send for a text typed in the composer. With LF, CR or CRLF each line of the text ends so, and the
 * ending is added at the end; with NUL one NUL byte is added at the end; with NONE nothing is. With NONE and NUL
 * the text itself is sent as it is: a line break that was typed is LF, one that was pasted may be CRLF. The ending is encoded too (2 bytes in UTF-16).
 * Error: as skt_encoding_encode(); the message names the character, its code point and its 1-based position, the
 * encoding, and what to do. (transfer full) */
GBytes *skt_payload_from_text (const char *utf8,
                               gssize length,
                               SktEncoding encoding,
                               SktLineEnding ending,
                               gsize *ret_position,
                               GError **error);

G_END_DECLS
