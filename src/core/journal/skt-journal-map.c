/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-journal-map.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "skt-journal-private.h"

/* How many pieces can be mapped at once. */
#define N_ENTRIES 32

/* Read by the signal's handler, in whichever thread. */
static struct
{
  _Atomic (guint8 *) base;      /* NULL: free, or being taken */
  _Atomic gsize size;
  atomic_bool is_taken;
  atomic_bool has_failed;
} entries[N_ENTRIES];

static struct sigaction previous;
static gsize page_size;

/* That page becomes zeros; others may be in use. mmap(2) is a mere system call, safe here though POSIX does not say so. */
static gboolean
replace (guint entry, guint8 *at)
{
  guint8 *base = atomic_load (&entries[entry].base);
  gsize size = atomic_load (&entries[entry].size);
  guint8 *page = at - (guintptr) at % page_size;

  if (base == NULL || at < base || at >= base + size)
    return FALSE;
  if (mmap (page, page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
    return FALSE;
  atomic_store (&entries[entry].has_failed, TRUE);
  return TRUE;
}

static void
sigbus_cb (int number, siginfo_t *info, void *context)
{
  for (guint i = 0; i < N_ENTRIES && info->si_code > 0; i++)
    if (replace (i, info->si_addr))
      return;
  /* Not ours: it comes again when this returns, unless it was sent by kill(2). */
  sigaction (SIGBUS, &previous, NULL);
  if (info->si_code <= 0)
    raise (SIGBUS);
}

static gboolean
install (void)
{
  struct sigaction action = { .sa_sigaction = sigbus_cb, .sa_flags = SA_SIGINFO };

  page_size = sysconf (_SC_PAGESIZE);
  sigemptyset (&action.sa_mask);
  return sigaction (SIGBUS, &action, &previous) == 0;
}

static gboolean
is_installed (void)
{
  static gsize state; /* 1: no, 2: yes */

  if (g_once_init_enter (&state))
    g_once_init_leave (&state, install () ? 2 : 1);
  return state == 2;
}

static gboolean
take_entry (guint *ret_entry)
{
  for (guint i = 0; i < N_ENTRIES; i++)
    if (!atomic_exchange (&entries[i].is_taken, TRUE))
      {
        *ret_entry = i;
        return TRUE;
      }
  return FALSE;
}

gboolean
skt_journal_map_payload (SktJournal *self, guint64 offset, gsize length, SktJournalMap *ret_map)
{
  guint64 end;
  gsize before;
  void *base;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (ret_map != NULL, FALSE);

  end = skt_journal_get_payload_length (self);
  if (offset >= end || !is_installed () || !take_entry (&ret_map->entry))
    return FALSE;
  before = offset % page_size;
  ret_map->length = MIN (length, end - offset);
  ret_map->size = before + ret_map->length;
  base = mmap (NULL, ret_map->size, PROT_READ, MAP_SHARED, self->payload_fd, offset - before);
  if (base == MAP_FAILED)
    {
      atomic_store (&entries[ret_map->entry].is_taken, FALSE);
      return FALSE;
    }
  madvise (base, ret_map->size, MADV_SEQUENTIAL);
  ret_map->base = base;
  ret_map->bytes = ret_map->base + before;
  atomic_store (&entries[ret_map->entry].has_failed, FALSE);
  atomic_store (&entries[ret_map->entry].size, ret_map->size);
  atomic_store (&entries[ret_map->entry].base, ret_map->base);
  return TRUE;
}

gboolean
skt_journal_map_is_sound (const SktJournalMap *self)
{
  return !atomic_load (&entries[self->entry].has_failed);
}

void
skt_journal_map_clear (SktJournalMap *self)
{
  if (self->base == NULL)
    return;
  atomic_store (&entries[self->entry].base, NULL);
  munmap (self->base, self->size);
  atomic_store (&entries[self->entry].is_taken, FALSE);
  *self = (SktJournalMap){ NULL, };
}
