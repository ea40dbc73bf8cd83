/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-row.h"

G_BEGIN_DECLS

/* Walks the rows of a journal forward, one after another, decoding state and all: the one place that knows where
 * rows end. The row index, the pages of the byte view and copying are all made of it. One thread at a time. */
typedef struct _SktRowScanner SktRowScanner;

SktRowScanner *skt_row_scanner_new (SktJournal *journal, SktLayout *layout);
void skt_row_scanner_free (SktRowScanner *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktRowScanner, skt_row_scanner_free)

/* Goes to a row's start and forgets all that streams have begun. `last_record`: in which the row before begins; G_MAXUINT64: unknown,
 * or there is none. */
void skt_row_scanner_seek (SktRowScanner *self, SktPosition position, guint64 last_record);

/* Rows of records before `end` only; G_MAXUINT64: all that is published when skt_row_scanner_next() is called. */
void skt_row_scanner_set_end (SktRowScanner *self, guint64 end);

/* What a stream (see skt_stream_key()) has begun and not finished. */
typedef struct
{
  SktCarry carry;
  SktFrameState frame;
} SktStreamState;

/* To be called after a seek, for what is known of the streams at that position. */
void skt_row_scanner_set_state (SktRowScanner *self, guint64 stream, const SktStreamState *state);

/* Where the next row will begin; after the last row: one past the last record seen. */
SktPosition skt_row_scanner_get_position (SktRowScanner *self);
/* Where the row before begins: last_record of a seek to the present position. */
guint64 skt_row_scanner_get_last_record (SktRowScanner *self);

/* The next row. FALSE at the end, where it may be called again when more is published. A row that is_open is the last, and comes
 * again, maybe longer, with the next call. */
gboolean skt_row_scanner_next (SktRowScanner *self, SktRow *ret_row);

/* Goes over rows in the middle of a record that are lines of text, several times as fast as next() does: as many as there are one after
 * another, but no more than max_rows, and none after max_bytes were passed. Returns how many; 0: the next row is one for next(). */
guint skt_row_scanner_skip_lines (SktRowScanner *self, guint max_rows, gsize max_bytes);

/* The first record of the row that was returned last. */
const SktRecord *skt_row_scanner_get_record (SktRowScanner *self);

/* Makes next() return early also after so much was looked at and not shown (a sparse filter; see take_looked()), so that no call takes
 * long: FALSE or a row that is_open, and was_cut() TRUE. 0: no limit. */
void skt_row_scanner_set_skip_limit (SktRowScanner *self, guint64 limit);
gboolean skt_row_scanner_was_cut (SktRowScanner *self);

/* What was looked at and not shown since the last call, counted as for the limit: records, rows, and KiB that were searched for the
 * pattern. */
guint64 skt_row_scanner_take_looked (SktRowScanner *self);

/* Called whenever a record is entered whose stream has something begun since before the current epoch, with that: what
 * must be known at the start of the epoch to repeat the walk from there. */
typedef void (*SktRowScannerStateFunc) (guint64 stream, const SktStreamState *state, gpointer user_data);
void skt_row_scanner_begin_epoch (SktRowScanner *self, SktRowScannerStateFunc func, gpointer user_data);

/* Seeks to a row at or before the start of `record`, near to it. What streams have begun there is found by looking back
 * a bounded way: exact in self-synchronizing encodings and wherever a line or an ASCII character is near, which
 * is all but always. Where frames begin can only be guessed, but for those of fixed length. */
void skt_row_scanner_seek_guess (SktRowScanner *self, guint64 record);

/* Whether a data record that skt_layout_shows() is shown, by its bytes too: in READS with a pattern not all are. Moves the
 * scanner, which should be one for this alone. */
gboolean skt_row_scanner_shows_bytes (SktRowScanner *self, guint64 index, const SktRecord *record);

G_END_DECLS
