/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-hit-finder.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Searching a journal, as far as a layout shows it: counts all hits in up to two worker threads, goes on as the
 * journal grows, and finds any hit again. Hits are exact: of one stream (skt_stream_key()), wherever reads cut them,
 * counted from the left without overlaps. Memory does not grow with the hits: 4 bytes for each 64 KiB of payload.
 *
 * Starts when made, and should be cancelled before it is dropped, as its workers keep it. Immutable but for what it
 * has found: for another pattern make another. Main thread only. Signal "changed": hits and progress (at most every 50
 * ms), or what skt_search_get_pieces() gives. */
#define SKT_TYPE_SEARCH (skt_search_get_type ())
G_DECLARE_FINAL_TYPE (SktSearch, skt_search, SKT, SEARCH, GObject)

SktSearch *skt_search_new (SktJournal *journal, SktLayout *layout, SktPattern *pattern);

SktPattern *skt_search_get_pattern (SktSearch *self); /* borrowed */
SktLayout *skt_search_get_layout (SktSearch *self);   /* borrowed */

/* The journal has grown. */
void skt_search_update (SktSearch *self);
/* Stops for good; what was found stays. */
void skt_search_cancel (SktSearch *self);

guint64 skt_search_get_n_hits (SktSearch *self);
/* All that is published was searched. */
gboolean skt_search_is_done (SktSearch *self);
/* 0..1 of what is published. */
double skt_search_get_progress (SktSearch *self);

/* The first hit that begins at or after `from`, or the last that begins before it, found in a worker, also where was
 * not searched yet. `wraps`: then from the other end. Errors: G_IO_ERROR_NOT_FOUND, G_IO_ERROR_CANCELLED. */
void skt_search_find_async (SktSearch *self,
                            SktPosition from,
                            gboolean is_forward,
                            gboolean wraps,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean skt_search_find_finish (SktSearch *self,
                                 GAsyncResult *result,
                                 SktHit *ret_hit,
                                 gboolean *ret_has_wrapped,
                                 GError **error);

/* The hit's number from 1; 0 while what comes before it is being searched. */
guint64 skt_search_get_number (SktSearch *self, const SktHit *hit);

/* Replaces what is in `pieces` (SktHitPiece) by those of hits between the positions, which are at most a few hundred
 * KiB apart, in order of their hits. Gives what is known at once; what is not is fetched, and "changed" follows. */
void skt_search_get_pieces (SktSearch *self, SktPosition from, SktPosition to, GArray *pieces);

/* Where a position is in the payload, for skt_search_get_marks(). */
guint64 skt_search_get_offset (SktSearch *self, SktPosition position);

/* marks[i] is 1 if a hit begins in the payload from bounds[i] to bounds[i + 1]. n + 1 bounds, in order. With very many
 * hits this is exact only to 64 KiB. */
void skt_search_get_marks (SktSearch *self, const guint64 *bounds, guint n, guint8 *marks);

/* Bytes of memory that grow with the journal. */
gsize skt_search_get_memory (SktSearch *self);

G_END_DECLS
