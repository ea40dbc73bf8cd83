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

/* Goes to a row's start and forgets all carries. */
void skt_row_scanner_seek (SktRowScanner *self, SktPosition position);

/* Rows of records before `end` only; G_MAXUINT64: all that is published when skt_row_scanner_next() is called. */
void skt_row_scanner_set_end (SktRowScanner *self, guint64 end);

/* What a stream (see skt_stream_key()) has begun and not finished at the present position. */
void skt_row_scanner_set_carry (SktRowScanner *self, guint64 stream, SktCarry carry);

/* Where the next row will begin; after the last row: one past the last record seen. */
SktPosition skt_row_scanner_get_position (SktRowScanner *self);

/* The next row. FALSE at the end, where it may be called again when more is published. */
gboolean skt_row_scanner_next (SktRowScanner *self, SktRow *ret_row);

/* The record of the row that was returned last. */
const SktRecord *skt_row_scanner_get_record (SktRowScanner *self);

/* Makes next() return FALSE also after this many records were looked at and not shown (a sparse filter), so that no
 * call takes long; the position shows whether it was the end. 0: no limit. */
void skt_row_scanner_set_skip_limit (SktRowScanner *self, guint64 limit);

/* Called whenever a record is entered whose stream has a carry from before the current epoch, with that carry: what
 * must be known at the start of the epoch to repeat the walk from there. */
typedef void (*SktRowScannerCarryFunc) (guint64 stream, SktCarry carry, gpointer user_data);
void skt_row_scanner_begin_epoch (SktRowScanner *self, SktRowScannerCarryFunc func, gpointer user_data);

/* Seeks to the first row of `record`. What a stream carries where its first record from there on begins is found by looking back
 * a bounded way: exact in self-synchronizing encodings and wherever a line or an ASCII character is near, which
 * is all but always. */
void skt_row_scanner_seek_guess (SktRowScanner *self, guint64 record);

G_END_DECLS
