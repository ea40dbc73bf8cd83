/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-send-queue.h"

typedef struct
{
  GBytes *bytes;
  SktSendShare *share;  /* borrowed; NULL: nobody counts */
  guint16 flags;
} SktSendQueueEntry;

static void
entry_free (SktSendQueueEntry *entry)
{
  g_bytes_unref (entry->bytes);
  g_free (entry);
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

void
skt_send_queue_push (SktSendQueue *self, GBytes *bytes, guint16 flags)
{
  skt_send_queue_push_shared (self, bytes, flags, NULL);
}

void
skt_send_queue_push_shared (SktSendQueue *self, GBytes *bytes, guint16 flags, SktSendShare *share)
{
  SktSendQueueEntry *entry;

  if (g_bytes_get_size (bytes) == 0)
    return;
  entry = g_new (SktSendQueueEntry, 1);
  entry->bytes = g_bytes_ref (bytes);
  entry->flags = flags;
  entry->share = share;
  if (share != NULL)
    share->queued += g_bytes_get_size (bytes);
  g_queue_push_tail (&self->entries, entry);
  self->size += g_bytes_get_size (bytes);
}

GBytes *
skt_send_queue_peek (SktSendQueue *self, gsize max_length, guint16 *ret_flags)
{
  SktSendQueueEntry *entry = g_queue_peek_head (&self->entries);
  gsize left;

  if (entry == NULL)
    return NULL;
  left = g_bytes_get_size (entry->bytes) - self->offset;
  *ret_flags = entry->flags;
  return g_bytes_new_from_bytes (entry->bytes, self->offset, MIN (left, max_length));
}

void
skt_send_queue_advance (SktSendQueue *self, gsize length)
{
  SktSendQueueEntry *entry = g_queue_peek_head (&self->entries);

  g_assert (entry != NULL);
  g_assert (self->offset + length <= g_bytes_get_size (entry->bytes));

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
}

guint
skt_send_queue_list (SktSendQueue *self, guint max, GPtrArray *bytes)
{
  gsize offset = self->offset;

  for (const GList *link = self->entries.head; link != NULL && max > 0; link = link->next, max--)
    {
      const SktSendQueueEntry *entry = link->data;

      g_ptr_array_add (bytes, g_bytes_new_from_bytes (entry->bytes, offset, g_bytes_get_size (entry->bytes) - offset));
      offset = 0;
    }
  return self->entries.length;
}

guint64
skt_send_queue_remove_share (SktSendQueue *self, SktSendShare *share)
{
  guint64 dropped = share->queued;

  for (GList *l = self->entries.head, *next; l != NULL && share->queued > 0; l = next)
    {
      SktSendQueueEntry *entry = l->data;
      gsize left = g_bytes_get_size (entry->bytes) - (l->prev == NULL ? self->offset : 0);

      next = l->next;
      if (entry->share != share)
        continue;
      if (l->prev == NULL)
        self->offset = 0;
      share->queued -= left;
      self->size -= left;
      entry_free (entry);
      g_queue_delete_link (&self->entries, l);
    }
  return dropped;
}

guint64
skt_send_queue_get_cost (const SktSendQueue *self)
{
  return self->size + (guint64) self->entries.length * SKT_SEND_QUEUE_ENTRY_COST;
}
