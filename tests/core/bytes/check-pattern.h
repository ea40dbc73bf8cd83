/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-pattern.h"

G_BEGIN_DECLS

/* What TEXT or HEX matches, found in the simplest way: characters are decoded and compared one by one, bytes at each
 * place. The pattern must be a good one. "begin-end begin-end …". (transfer full) */
char *check_pattern_list_naively (SktPatternKind kind,
                                  const char *text,
                                  SktEncoding encoding,
                                  gboolean match_case,
                                  const guint8 *bytes,
                                  gsize length);

/* The same by skt_pattern_find(); fails if a match is outside of the bytes or overlaps another. (transfer full) */
char *check_pattern_list (const SktPattern *pattern, const guint8 *bytes, gsize length);

G_END_DECLS
