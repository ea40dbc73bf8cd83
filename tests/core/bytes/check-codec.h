/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-decode.h"

G_BEGIN_DECLS

/* What must hold for any bytes; for tests and fuzz targets. A broken promise aborts the program. */

/* skt_encoding_split_row() in the simplest way: one unit after another from the start of the carry. */
gsize check_split_row_slowly (SktEncoding encoding,
                              SktCarry *carry,
                              const guint8 *bytes,
                              gsize length,
                              gsize max_bytes);

/* Splits and decodes a piece of a stream row by row, checks each row in itself and against the slow way, and
 * appends the rows' plain text and the text of their spans without PART. Either may be NULL. */
void check_piece (SktEncoding encoding,
                  SktCarry *carry,
                  const guint8 *bytes,
                  gsize length,
                  gsize max_bytes,
                  GString *plain,
                  GString *shown);

/* The text that is shown for a mark at the start of a row, on a dotted circle, and marks that are too many on one
 * base, depend on where rows begin. This takes both out. Returns a new string. */
char *check_without_marks (const GString *shown);

G_END_DECLS
