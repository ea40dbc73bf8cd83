/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-row-index.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* What a view asks for rows. Rows are named by position, so that a page can be shown at once wherever one is, even
 * while the row index is still being built (or is built anew after a change of layout); row numbers, which only the
 * scrollbar needs, are exact for what is indexed and estimated beyond.
 *
 * Main thread only; the index is extended on the main thread when there is little to do and in a worker when there is much.
 * Signal "changed": row numbers or their count have changed (at most every 50 ms while a worker is at it). */
#define SKT_TYPE_ROW_SOURCE (skt_row_source_get_type ())
G_DECLARE_FINAL_TYPE (SktRowSource, skt_row_source, SKT, ROW_SOURCE, GObject)

SktRowSource *skt_row_source_new (SktJournal *journal, SktLayout *layout);

/* Another way of looking, or the same after the journal's first record has changed: the index is built anew. */
void skt_row_source_set_layout (SktRowSource *self, SktLayout *layout);

/* Shows only records before `limit` (a view that is paused), which must not be less than what was indexed. G_MAXUINT64: all. */
void skt_row_source_set_limit (SktRowSource *self, guint64 limit);

/* The journal has grown. Emits "changed" if rows did. Takes at most about 2 ms. */
void skt_row_source_update (SktRowSource *self);

/* All that is published is indexed. */
gboolean skt_row_source_is_exact (SktRowSource *self);
guint64 skt_row_source_get_n_rows (SktRowSource *self);
guint64 skt_row_source_to_row_number (SktRowSource *self, SktPosition position);
SktPosition skt_row_source_from_row_number (SktRowSource *self, guint64 row);

/* Up to n rows, the first being the one that holds `from` (or follows it, if it is not shown). Returns how many there are. */
guint skt_row_source_get_rows (SktRowSource *self, SktPosition from, guint n, SktRow *ret_rows);

/* Up to n rows that end before the row that holds `before`, in order. {G_MAXUINT64, 0}: the last rows there are. */
guint skt_row_source_get_rows_before (SktRowSource *self, SktPosition before, guint n, SktRow *ret_rows);

/* Waits until all is indexed: for tests and programs without a main loop. */
void skt_row_source_finish (SktRowSource *self);

G_END_DECLS
