/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-send-queue.h"

typedef struct
{
  GBytes *bytes;                /* NULL while it is being collected */
  GByteArray *joined;           /* what is collected; only the last entry of a queue has it */
  SktSendShare *share;  /* borrowed; NULL: nobody counts */
  gconstpointer owner;
  guint n_joined;               /* messages in it, if it was collected */
  guint piece;                  /* 0: whole */
  guint piece_left;             /* of the piece that is begun; 0: none is */
  guint pause_ms;
  guint16 flags;
} SktSendQueueEntry;

static void
entry_free (SktSendQueueEntry *entry)
{
  g_clear_pointer (&entry->bytes, g_bytes_unref);
  g_clear_pointer (&entry->joined, g_byte_array_unref);
  g_free (entry);
}

static gsize
entry_get_size (const SktSendQueueEntry *entry)
{
  return entry->joined != NULL ? entry->joined->len : g_bytes_get_size (entry->bytes);
}

void
skt_send_queue_init (SktSendQueue *self)
{
  g_queue_init (&self->entries);
  self->offset = 0;
  self->size = 0;
}

guint64
skt_send_queue_clear (SktSendQueue *self)
{
  guint64 dropped = self->size;

  for (GList *l = self->entries.head; l != NULL; l = l->next)
    if (((SktSendQueueEntry *) l->data)->share != NULL)
      ((SktSendQueueEntry *) l->data)->share->queued = 0;
  g_queue_clear_full (&self->entries, (GDestroyNotify) entry_free);
  self->offset = 0;
  self->size = 0;
  return dropped;
}

static SktSendQueueEntry *
push_entry (SktSendQueue *self, guint16 flags, gconstpointer owner)
{
  SktSendQueueEntry *entry = g_new0 (SktSendQueueEntry, 1);

  entry->flags = flags;
  entry->owner = owner;
  g_queue_push_tail (&self->entries, entry);
  return entry;
}

void
skt_send_queue_release (SktSendQueue *self)
{
  SktSendQueueEntry *last = g_queue_peek_tail (&self->entries);

  if (last != NULL && last->joined != NULL)
    last->bytes = g_byte_array_free_to_bytes (g_steal_pointer (&last->joined));
}

static void
collect (SktSendQueue *self, GBytes *bytes, guint16 flags, guint n, gconstpointer owner)
{
  SktSendQueueEntry *last = g_queue_peek_tail (&self->entries);

  if (last == NULL || last->joined == NULL || last->flags != flags)
    {
      skt_send_queue_release (self);
      last = push_entry (self, flags, owner);
      last->joined = g_byte_array_new ();
    }
  g_byte_array_append (last->joined, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  last->n_joined++;
  if (last->n_joined >= n || last->joined->len >= SKT_SHAPE_JOIN_BOUND)
    skt_send_queue_release (self);
}

void
skt_send_queue_push_shaped (SktSendQueue *self, GBytes *bytes, guint16 flags, const SktShape *shape, gconstpointer owner)
{
  SktSendQueueEntry *entry;

  if (g_bytes_get_size (bytes) == 0)
    return;
  self->size += g_bytes_get_size (bytes);
  if (shape != NULL && shape->piece == 0 && shape->join > 1)
    {
      collect (self, bytes, flags, shape->join, owner);
      return;
    }
  skt_send_queue_release (self);
  entry = push_entry (self, flags, owner);
  entry->bytes = g_bytes_ref (bytes);
  if (shape != NULL)
    {
      entry->piece = shape->piece;
      entry->pause_ms = shape->piece > 0 ? shape->pause_ms : 0;
    }
}

void
skt_send_queue_push_shared (SktSendQueue *self, GBytes *bytes, guint16 flags, SktSendShare *share)
{
  skt_send_queue_push_shaped (self, bytes, flags, NULL, NULL);
  if (share == NULL || g_bytes_get_size (bytes) == 0)
    return;
  ((SktSendQueueEntry *) self->entries.tail->data)->share = share;
  share->queued += g_bytes_get_size (bytes);
}

void
skt_send_queue_push (SktSendQueue *self, GBytes *bytes, guint16 flags)
{
  skt_send_queue_push_shaped (self, bytes, flags, NULL, NULL);
}

GBytes *
skt_send_queue_peek (SktSendQueue *self, gsize max_length, guint16 *ret_flags)
{
  SktSendQueueEntry *entry = g_queue_peek_head (&self->entries);
  gsize left;

  if (entry == NULL || entry->joined != NULL)
    return NULL;
  left = g_bytes_get_size (entry->bytes) - self->offset;
  if (entry->piece > 0)
    left = MIN (left, entry->piece_left > 0 ? entry->piece_left : entry->piece);
  *ret_flags = entry->flags;
  return g_bytes_new_from_bytes (entry->bytes, self->offset, MIN (left, max_length));
}

guint
skt_send_queue_advance (SktSendQueue *self, gsize length)
{
  SktSendQueueEntry *entry = g_queue_peek_head (&self->entries);
  guint pause_ms = 0;

  g_assert (entry != NULL && entry->bytes != NULL);
  g_assert (self->offset + length <= g_bytes_get_size (entry->bytes));

  if (entry->piece > 0)
    {
      gsize left = g_bytes_get_size (entry->bytes) - self->offset;

      if (entry->piece_left == 0)
        entry->piece_left = MIN (left, entry->piece);
      g_assert (length <= entry->piece_left);
      entry->piece_left -= length;
      if (entry->piece_left == 0)
        pause_ms = entry->pause_ms;
    }
  self->offset += length;
  self->size -= length;
  if (entry->share != NULL)
    {
      entry->share->queued -= length;
      entry->share->written += length;
    }
  if (self->offset == g_bytes_get_size (entry->bytes))
    {
      entry_free (g_queue_pop_head (&self->entries));
      self->offset = 0;
    }
  return pause_ms;
}

gsize
skt_send_queue_get_held (const SktSendQueue *self)
{
  const SktSendQueueEntry *last = self->entries.tail != NULL ? self->entries.tail->data : NULL;

  return last != NULL && last->joined != NULL ? last->joined->len : 0;
}

/* Returns how many of its bytes were not written. */
static gsize
drop_link (SktSendQueue *self, GList *link)
{
  SktSendQueueEntry *entry = link->data;
  gsize left = entry_get_size (entry);

  if (link == self->entries.head)
    {
      left -= self->offset;
      self->offset = 0;
    }
  self->size -= left;
  if (entry->share != NULL)
    entry->share->queued -= left;
  entry_free (entry);
  g_queue_delete_link (&self->entries, link);
  return left;
}

guint
skt_send_queue_drop (SktSendQueue *self, gconstpointer owner)
{
  guint n = 0;

  for (GList *link = self->entries.head, *next; link != NULL; link = next)
    {
      SktSendQueueEntry *entry = link->data;

      next = link->next;
      if (entry->owner != owner || (link == self->entries.head && self->offset > 0))
        continue;
      n += MAX (entry->n_joined, 1);
      drop_link (self, link);
    }
  return n;
}

guint64
skt_send_queue_drop_shaped (SktSendQueue *self)
{
  guint64 dropped = 0;

  for (GList *link = self->entries.head, *next; link != NULL; link = next)
    {
      SktSendQueueEntry *entry = link->data;

      next = link->next;
      if (entry->piece > 0 || entry->joined != NULL)
        dropped += drop_link (self, link);
    }
  return dropped;
}

guint
skt_send_queue_list (SktSendQueue *self, guint max, GPtrArray *bytes)
{
  gsize offset = self->offset;

  for (const GList *link = self->entries.head; link != NULL && max > 0; link = link->next, max--)
    {
      const SktSendQueueEntry *entry = link->data;

      if (entry->joined != NULL)
        g_ptr_array_add (bytes, g_bytes_new (entry->joined->data, entry->joined->len));
      else
        g_ptr_array_add (bytes, g_bytes_new_from_bytes (entry->bytes, offset, g_bytes_get_size (entry->bytes) - offset));
      offset = 0;
    }
  return self->entries.length;
}

guint64
skt_send_queue_remove_share (SktSendQueue *self, SktSendShare *share)
{
  guint64 dropped = share->queued;

  for (GList *link = self->entries.head, *next; link != NULL && share->queued > 0; link = next)
    {
      next = link->next;
      if (((SktSendQueueEntry *) link->data)->share == share)
        drop_link (self, link);
    }
  return dropped;
}

guint64
skt_send_queue_get_cost (const SktSendQueue *self)
{
  return self->size + (guint64) self->entries.length * SKT_SEND_QUEUE_ENTRY_COST;
}
