/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

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

/* Takes a reference to `bytes`; empty ones are ignored. `flags` are record flags, given back by peek. */
void skt_send_queue_push (SktSendQueue *self, GBytes *bytes, guint16 flags);
/* The same; `share` (may be NULL) counts them from now on. */
void skt_send_queue_push_shared (SktSendQueue *self, GBytes *bytes, guint16 flags, SktSendShare *share);
/* Drops what of a share is not written; one that is partly written is cut there. Returns how many bytes those were. */
guint64 skt_send_queue_remove_share (SktSendQueue *self, SktSendShare *share);
/* Bytes of memory that it takes, about. */
guint64 skt_send_queue_get_cost (const SktSendQueue *self);

/* The part of the first entry that is not written yet (transfer full), NULL if the queue is empty. */
GBytes *skt_send_queue_peek (SktSendQueue *self, gsize max_length, guint16 *ret_flags);

/* The first `length` bytes are written; never more than what peek gave. */
void skt_send_queue_advance (SktSendQueue *self, gsize length);

/* Appends (GBytes, transfer full) what is queued, the first entries, no more than `max`. Returns how many there are. */
guint skt_send_queue_list (SktSendQueue *self, guint max, GPtrArray *bytes);

static inline gboolean
skt_send_queue_is_empty (const SktSendQueue *self)
{
  return self->size == 0;
}

G_END_DECLS
