/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-encoding.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_SPAN_TEXT,        /* a character as itself; a combining mark without a base in its row stands on U+25CC */
  SKT_SPAN_INVALID,     /* shown as \xC4\xE3: bytes that are no character, or one that has no mapping */
  SKT_SPAN_CONTROL,     /* C0 and DEL: shown as \0 \t \n \r or \x1B; in ASCII, as few fonts have the control pictures */
  SKT_SPAN_INVISIBLE,   /* shown as <U+202E>: C1, bidi, zero-width, other format, unassigned, private use,
                           noncharacters, spaces other than U+0020 and U+3000, line and paragraph separators, fillers
                           and variation selectors, and combining marks after the 8th on one base */
  SKT_SPAN_PART,        /* shown as \xE4\xBD, dim: the last bytes of a read, which begin a character that the next read
                           finishes; the whole character is shown there. Not part of the row's text. */
} SktSpanKind;

/* One character, or one thing shown in place of one. Spans are in order, and their byte ranges cover the row
 * without gaps or overlaps. */
typedef struct
{
  guint32 offset;       /* first byte in the row */
  guint32 text_offset;  /* into SktDecoded.text, bytes */
  guint16 length;       /* bytes of the row; 0 if all its bytes came with the carry */
  guint16 text_length;  /* bytes of text */
  guint8 kind;          /* SktSpanKind */
  guint8 carried;       /* how many of its bytes came with the carry */
  guint8 cells;         /* width in columns of a fixed-width font: 0 (combining mark), 1, 2 (wide), more for tokens;
                           a TAB takes at least 2 up to a multiple of 8 columns */
} SktSpan;

/* A row of text, ready to be drawn and reused for the next one. */
typedef struct
{
  GString *text;        /* UTF-8, what is shown */
  GArray *spans;        /* SktSpan */
  guint32 n_cells;      /* sum of the cells */
  gboolean is_simple;   /* the text is printable ASCII only */
} SktDecoded;

void skt_decoded_init (SktDecoded *self);
void skt_decoded_clear (SktDecoded *self);

/* Decodes one row of text, from a unit border (or with what earlier pieces of the stream began in *carry, which may
 * be NULL).
 *
 * is_last: the row reaches the end of its piece (one read or write). What is begun and not finished at its end
 * becomes one SKT_SPAN_PART; a carried unit that stays unfinished through all of the row makes the whole row a PART
 * (of the row's own bytes only). Otherwise skt_encoding_split_row() found a unit border at the row's end by looking
 * at the bytes that follow it, and what seems begun there is INVALID.
 *
 * Never fails: every byte is in exactly one span. A unit with valid structure that iconv can't map is INVALID. Any
 * thread. */
void skt_decode_row (SktEncoding encoding,
                     const SktCarry *carry,
                     const guint8 *bytes,
                     gsize length,
                     gboolean is_last,
                     SktDecoded *ret_row);

/* Appends the row's true text: characters as they are (control characters, line feeds, bidi too), invalid bytes as
 * \xHH, PART left out. The concatenation over a stream's rows does not depend on where it was cut into pieces or
 * rows. For copying, export and tests. Arguments as in skt_decode_row(); several rows of a piece can be given as
 * one. */
void skt_decode_append_plain (SktEncoding encoding,
                              const SktCarry *carry,
                              const guint8 *bytes,
                              gsize length,
                              gboolean is_last,
                              GString *text);

G_END_DECLS
