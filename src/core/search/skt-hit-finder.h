/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-search-run.h"

G_BEGIN_DECLS

/* One match. */
typedef struct
{
  SktPosition from;
  SktPosition to;       /* after its last byte; other streams' bytes may lie between */
  guint64 offset;       /* of its first byte in the payload: tells hits apart */
  guint32 index;        /* among those that begin in the same block */
} SktHit;

/* Bytes [begin, begin + length) of a record that belong to the hit at that payload offset. */
typedef struct
{
  guint64 record;
  guint32 begin;
  guint32 length;
  guint64 hit;
} SktHitPiece;

/* Finds hits again where they are wanted, by searching the block they begin in. One thread at a time. */
typedef struct _SktHitFinder SktHitFinder;

SktHitFinder *skt_hit_finder_new (SktSearchRun *run);
void skt_hit_finder_free (SktHitFinder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktHitFinder, skt_hit_finder_free)

/* Replaces what is in the arrays (either may be NULL) by the hits that begin in the block, in order. FALSE:
 * cancelled. */
gboolean skt_hit_finder_list (SktHitFinder *self,
                              guint64 block,
                              GCancellable *cancellable,
                              GArray *hits,
                              GArray *pieces);

/* Whether what was listed last stays so, as long as the run counts as many hits there, whatever else is published. */
gboolean skt_hit_finder_is_final (SktHitFinder *self);

/* The first hit that begins at or after payload offset `offset`, or the last that begins before it. Works also where
 * the run has not been yet. FALSE: there is none, or cancelled. */
gboolean skt_hit_finder_find (SktHitFinder *self,
                              guint64 offset,
                              gboolean is_forward,
                              GCancellable *cancellable,
                              SktHit *ret_hit);

G_END_DECLS
