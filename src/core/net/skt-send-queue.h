/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-shape.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define SKT_SEND_QUEUE_BOUND (64 * 1024 * 1024)
/* What an entry takes beside its bytes, about: a queue of very many very small messages is bounded too. */
#define SKT_SEND_QUEUE_ENTRY_COST 128

/* Of the bytes in a queue, those that one sender has put there. It outlives them: skt_send_queue_remove_share(). */
typedef struct
{
  guint64 queued;       /* not written yet */
  guint64 written;
} SktSendShare;

/* Bytes that wait to be written to a socket, in order: references to GBytes, the first of which may be partly written.
 * Not locked by itself: whoever embeds it says which lock guards it. */
typedef struct
{
  GQueue entries;       /* SktSendQueueEntry, owned */
  gsize offset;         /* bytes of the first entry that are written */
  guint64 size;         /* bytes that are not written yet */
} SktSendQueue;

void skt_send_queue_init (SktSendQueue *self);

/* Drops all. Returns how many bytes those were. */
guint64 skt_send_queue_clear (SktSendQueue *self);

/* Takes a reference to `bytes`; empty ones are ignored. `flags` are record flags, given back by peek. What was being collected before is
 * complete with that: it goes first. */
void skt_send_queue_push (SktSendQueue *self, GBytes *bytes, guint16 flags);
/* The same; `share` (may be NULL) counts them from now on. */
void skt_send_queue_push_shared (SktSendQueue *self, GBytes *bytes, guint16 flags, SktSendShare *share);
/* Drops what of a share is not written; one that is partly written is cut there. Returns how many bytes those were. */
guint64 skt_send_queue_remove_share (SktSendQueue *self, SktSendShare *share);
/* Bytes of memory that it takes, about. */
guint64 skt_send_queue_get_cost (const SktSendQueue *self);
/* The same in a shape (may be NULL). `owner` (may be NULL) is what skt_send_queue_drop() knows it by. */
void skt_send_queue_push_shaped (SktSendQueue *self, GBytes *bytes, guint16 flags, const SktShape *shape, gconstpointer owner);

/* The part of the first entry that is to be written next (transfer full): a piece of it, or the rest. NULL if there is nothing to be written
 * now: the queue is empty, or holds only what is being collected. */
GBytes *skt_send_queue_peek (SktSendQueue *self, gsize max_length, guint16 *ret_flags);

/* The first `length` bytes are written; never more than what peek gave. Returns how long to wait before the next write, in ms. */
guint skt_send_queue_advance (SktSendQueue *self, gsize length);

/* What is being collected is complete. */
void skt_send_queue_release (SktSendQueue *self);
/* Bytes that are being collected; part of the size. */
gsize skt_send_queue_get_held (const SktSendQueue *self);

/* Drops what that owner has pushed and is not begun; what is collected belongs to who began it. Returns how many messages those were. */
guint skt_send_queue_drop (SktSendQueue *self, gconstpointer owner);
/* Drops what is in pieces, also what is begun, and what is being collected. Returns how many bytes those were. */
guint64 skt_send_queue_drop_shaped (SktSendQueue *self);

/* Appends (GBytes, transfer full) what is queued, the first entries, no more than `max`. Returns how many there are. */
guint skt_send_queue_list (SktSendQueue *self, guint max, GPtrArray *bytes);

static inline gboolean
skt_send_queue_is_empty (const SktSendQueue *self)
{
  return self->size == 0;
}

G_END_DECLS
