/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-hit-scanner.h"

G_BEGIN_DECLS

#ifndef SKT_HIT_BLOCK
#define SKT_HIT_BLOCK (64 * 1024)
#endif

/* How many hits there are, and about where: a count for each block of SKT_HIT_BLOCK bytes of payload, so that memory
 * does not grow with the hits. A hit belongs to the block in which it begins. Not locked: its owner does that. */
typedef struct _SktHitIndex SktHitIndex;

SktHitIndex *skt_hit_index_new (guint64 first_block);
void skt_hit_index_free (SktHitIndex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktHitIndex, skt_hit_index_free)

/* `n` hits more (or less) begin in the block. */
void skt_hit_index_add (SktHitIndex *self, guint64 block, gint64 n);
guint64 skt_hit_index_get_total (SktHitIndex *self);
guint32 skt_hit_index_get_count (SktHitIndex *self, guint64 block);
/* Hits in the blocks before. */
guint64 skt_hit_index_get_count_before (SktHitIndex *self, guint64 block);
/* The first block with hits from `block` on, or the last up to it. FALSE: none. */
gboolean skt_hit_index_find_block (SktHitIndex *self, guint64 block, gboolean is_forward, guint64 *ret_block);

/* Bytes of memory that it takes. */
gsize skt_hit_index_get_memory (SktHitIndex *self);

G_END_DECLS
