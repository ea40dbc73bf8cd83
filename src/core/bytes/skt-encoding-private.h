/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-encoding.h"

G_BEGIN_DECLS

/* SKT_ERROR_BAD_CHARACTER for what is at `tainted_text` (up to `end`), which is at `position` (0-based) of what the
 * user typed. The message says what to do. */
void _skt_encoding_set_error (GError **error,
                              SktEncoding encoding,
                              const char *tainted_text,
                              const char *end,
                              gsize position);

/* “ä”, or U+202E if it would not be seen, or \xE4 if it is no UTF-8. (transfer full) */
char *_skt_dup_character_name (const char *tainted_text, const char *end);

G_END_DECLS
