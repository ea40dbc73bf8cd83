/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-journal-limit.h"

#include <sys/statvfs.h>

#include "skt-journal-private.h"

/* Where very little is free the automatic limit still allows something. */
#define SMALLEST_AUTOMATIC_LIMIT (64 * SKT_JOURNAL_MIB)
/* Raising the limit leaves this much to others on the disk, if it has that. */
#define RAISING_LEAVES (256 * SKT_JOURNAL_MIB)
#define LARGEST_RESERVE (16 * SKT_JOURNAL_MIB)

/* -- Arithmetic ---------------------------------------------------------------------------------------------- */

static guint64
add (guint64 a, guint64 b)
{
  return a > G_MAXUINT64 - b ? G_MAXUINT64 : a + b;
}

static guint64
subtract (guint64 a, guint64 b)
{
  return a > b ? a - b : 0;
}

guint64
skt_journal_compute_automatic_limit (guint64 size, guint64 free)
{
  /* As the journal grows what is free shrinks: their sum stays, unless others use the disk too. */
  guint64 all = add (size, free);
  guint64 allowed = subtract (all, SKT_JOURNAL_AUTOMATIC_FREE);

  if (free == G_MAXUINT64)
    return SKT_JOURNAL_AUTOMATIC_LIMIT;
  allowed = MAX (allowed, MIN (all / 2, SMALLEST_AUTOMATIC_LIMIT));
  return CLAMP (allowed, 1, SKT_JOURNAL_AUTOMATIC_LIMIT);
}

guint64
skt_journal_compute_raised_limit (guint64 limit, guint64 size, guint64 free)
{
  guint64 all = add (size, free);
  guint64 raised = MIN (add (limit, limit), subtract (all, MIN (RAISING_LEAVES, all / 16)));

  raised -= raised % SKT_JOURNAL_MIB;
  /* Next to nothing is not worth a button. */
  return raised >= add (limit, MAX (limit / 64, 1)) ? raised : 0;
}

static guint64
get_reserve (guint64 limit)
{
  return MIN (limit / 64, LARGEST_RESERVE);
}

/* -- Limit --------------------------------------------------------------------------------------------------- */

static void
update_limit_locked (SktJournal *self)
{
  guint64 limit = self->wanted_limit;

  if (limit == 0)
    limit = skt_journal_compute_automatic_limit (self->measured_size, atomic_load (&self->free_disk));
  atomic_store_explicit (&self->limit, limit, memory_order_relaxed);
}

void
skt_journal_set_limit (SktJournal *self, guint64 limit)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL);

  locker = g_mutex_locker_new (&self->limit_lock);
  self->wanted_limit = limit;
  update_limit_locked (self);
}

guint64
skt_journal_get_limit (SktJournal *self)
{
  g_return_val_if_fail (self != NULL, SKT_JOURNAL_AUTOMATIC_LIMIT);

  return atomic_load_explicit (&self->limit, memory_order_relaxed);
}

gboolean
skt_journal_is_limited_by_disk (SktJournal *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  locker = g_mutex_locker_new (&self->limit_lock);
  return self->wanted_limit == 0 && skt_journal_get_limit (self) < SKT_JOURNAL_AUTOMATIC_LIMIT;
}

guint64
skt_journal_get_raised_limit (SktJournal *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return skt_journal_compute_raised_limit (skt_journal_get_limit (self), skt_journal_get_disk_size (self),
                                           skt_journal_get_free_disk (self));
}

/* -- Room ---------------------------------------------------------------------------------------------------- */

guint64
skt_journal_get_room (SktJournal *self, gboolean for_reserve)
{
  guint64 limit = skt_journal_get_limit (self);
  guint64 size;

  g_return_val_if_fail (self != NULL && self->is_writer, 0);

  /* What is published, and what is not yet: bytes in the buffer, or in the file without their records. */
  size = skt_journal_get_disk_size (self) + self->payload_written + self->fill - skt_journal_get_payload_length (self) +
         (self->n_waiting + 1) * sizeof (SktRecord);
  return subtract (for_reserve ? limit : limit - get_reserve (limit), size);
}

guint64
skt_journal_get_buffer_room (SktJournal *self)
{
  g_return_val_if_fail (self != NULL && self->is_writer, 0);

  if (self->fill >= SKT_JOURNAL_BUFFER_SIZE || self->n_waiting >= SKT_JOURNAL_WAITING_RECORDS)
    return 0;
  return SKT_JOURNAL_BUFFER_SIZE - self->fill;
}

int
skt_journal_get_error_code (SktJournal *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->error_code;
}

/* -- Disk ---------------------------------------------------------------------------------------------------- */

void
skt_journal_measure (SktJournal *self)
{
  g_autoptr (GMutexLocker) locker = NULL;
  struct statvfs info;
  guint64 size, free = G_MAXUINT64;

  g_return_if_fail (self != NULL);

  size = skt_journal_get_disk_size (self);
  /* Without blocks: a file system that tells nothing, such as a tmpfs without a size. */
  if (fstatvfs (self->payload_fd, &info) == 0 && info.f_blocks > 0)
    free = (guint64) info.f_bavail * info.f_frsize;

  locker = g_mutex_locker_new (&self->limit_lock);
  self->measured_size = size;
  atomic_store_explicit (&self->free_disk, free, memory_order_relaxed);
  update_limit_locked (self);
}

guint64
skt_journal_get_free_disk (SktJournal *self)
{
  g_return_val_if_fail (self != NULL, G_MAXUINT64);

  return atomic_load_explicit (&self->free_disk, memory_order_relaxed);
}
