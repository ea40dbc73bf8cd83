/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-hit-index.h"
#include "skt-row-scanner.h"

G_BEGIN_DECLS

/* One search over a journal: what its workers share. Atomically reference counted; all functions are for any thread. */
typedef struct _SktSearchRun SktSearchRun;

SktSearchRun *skt_search_run_new (SktJournal *journal, SktLayout *layout, SktPattern *pattern);
SktSearchRun *skt_search_run_ref (SktSearchRun *self);
void skt_search_run_unref (SktSearchRun *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktSearchRun, skt_search_run_unref)

SktJournal *skt_search_run_get_journal (SktSearchRun *self); /* borrowed */
SktLayout *skt_search_run_get_layout (SktSearchRun *self);   /* borrowed */
SktPattern *skt_search_run_get_pattern (SktSearchRun *self); /* borrowed */

/* Searches on until all that is published was seen, or the run is cancelled. Several threads may be in it at once. */
void skt_search_run_work (SktSearchRun *self);
/* Makes skt_search_run_work() return soon, for ever. */
void skt_search_run_cancel (SktSearchRun *self);

/* More was published than was seen. *ret_bytes (may be NULL): about how much. */
gboolean skt_search_run_has_work (SktSearchRun *self, guint64 *ret_bytes);

guint64 skt_search_run_get_n_hits (SktSearchRun *self);
/* Payload that was searched: from where, and up to where hits are counted. */
guint64 skt_search_run_get_start (SktSearchRun *self);
guint64 skt_search_run_get_scanned (SktSearchRun *self);
/* Hits that begin before `offset`, which begins a block. */
guint64 skt_search_run_get_count_before (SktSearchRun *self, guint64 offset);
/* Hits in a block; FALSE if it was not wholly searched yet. */
gboolean skt_search_run_get_count (SktSearchRun *self, guint64 block, guint32 *ret_count);
/* The next block from `block` on, forward or backward, that has hits or was not searched yet. FALSE: there is none. */
gboolean skt_search_run_find_block (SktSearchRun *self, guint64 block, gboolean is_forward, guint64 *ret_block);

/* Where in the stream a hit from before `offset` ends, if it goes on after it; else 0. */
guint64 skt_search_run_get_straddle (SktSearchRun *self, guint64 stream, guint64 offset);

/* marks[i] is 1 if a hit begins in the payload from bounds[i] to bounds[i + 1]. n + 1 bounds, in order. With very many
 * hits this is exact only to a block. */
void skt_search_run_get_marks (SktSearchRun *self, const guint64 *bounds, guint n, guint8 *marks);

/* Bytes of memory that grow with the journal. */
gsize skt_search_run_get_memory (SktSearchRun *self);

/* Whether the record's bytes are searched: it is shown, with all that the layout filters by. `rows`: a scanner for
 * this. */
gboolean skt_search_shows (SktLayout *layout, SktRowScanner *rows, guint64 index, const SktRecord *record);

/* The record in which the byte of payload is, or the last before it. FALSE: none. */
gboolean skt_search_find_record (SktJournalReader *reader, guint64 offset, guint64 *ret_index, SktRecord *ret_record);

G_END_DECLS
