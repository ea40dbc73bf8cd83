/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-send-queue.h"

typedef struct
{
  GBytes *bytes;
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

  g_queue_clear_full (&self->entries, (GDestroyNotify) entry_free);
  self->offset = 0;
  self->size = 0;
  return dropped;
}

void
skt_send_queue_push (SktSendQueue *self, GBytes *bytes, guint16 flags)
{
  SktSendQueueEntry *entry;

  if (g_bytes_get_size (bytes) == 0)
    return;
  entry = g_new (SktSendQueueEntry, 1);
  entry->bytes = g_bytes_ref (bytes);
  entry->flags = flags;
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
