/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-row-scanner.h"

G_BEGIN_DECLS

/* Maps row numbers to rows and back, exactly, for what it has seen of the journal so far, in memory that is a
 * thousandth of the payload: a checkpoint every 64 KiB (position, row number, and what streams carry there), from which a short walk
 * leads to any row. Atomically reference counted; all calls are safe from any thread, and those that
 * only look never wait for one that builds. */
typedef struct _SktRowIndex SktRowIndex;

SktRowIndex *skt_row_index_new (SktJournal *journal, SktLayout *layout);
SktRowIndex *skt_row_index_ref (SktRowIndex *self);
void skt_row_index_unref (SktRowIndex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktRowIndex, skt_row_index_unref)

/* Records from `limit` on are left out until it is raised. */
void skt_row_index_set_limit (SktRowIndex *self, guint64 limit);

/* Goes on over what has been published, a slice at a time, until all is seen, `deadline` (g_get_monotonic_time()) has passed or *stop is
 * not 0 (may be NULL). TRUE when all that is published was seen. */
gboolean skt_row_index_extend (SktRowIndex *self, gint64 deadline, const gint *stop);

/* The last row may be open. */
guint64 skt_row_index_get_n_rows (SktRowIndex *self);
/* How many records are taken into account: all that are published, or the limit, when the index is complete. */
guint64 skt_row_index_get_n_seen (SktRowIndex *self);
/* The position up to which rows are known. */
SktPosition skt_row_index_get_end (SktRowIndex *self);
guint64 skt_row_index_get_first_record (SktRowIndex *self);

/* Up to n rows from row number `row`; returns how many. */
guint skt_row_index_get_rows (SktRowIndex *self, guint64 row, guint n, SktRow *ret_rows);

/* The number of the row that holds the position, or the first after it if it is not shown. FALSE if it is
 * not known yet. */
gboolean skt_row_index_find (SktRowIndex *self, SktPosition position, guint64 *ret_row);

/* Bytes of memory that it takes. */
gsize skt_row_index_get_memory (SktRowIndex *self);

/* For tests: aborts if an invariant is broken. */
void skt_row_index_check (SktRowIndex *self);

G_END_DECLS
