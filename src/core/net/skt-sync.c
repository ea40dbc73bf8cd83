/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-sync.h"

#include "skt-journal-limit.h"

#include <sys/resource.h>

#define SYNC_INTERVAL G_TIME_SPAN_SECOND
/* With two processors and a fast peer, receiving and drawing come first. What is written early, before the second is over, costs a fifth
 * of the speed; the kernel does that by itself when memory fills. */
#define NICE 19

typedef struct
{
  SktJournal *journal;
  GKeyFile *info;
} SktSyncInfo;

struct _SktSync
{
  GThread *thread;
  void (*measured) (gpointer data);
  gpointer measured_data;
  GMutex lock;
  GCond cond;

  /* guarded by lock */
  GHashTable *queued;   /* set of SktJournal, owned: written since they were synced last */
  GHashTable *to_measure; /* set of SktJournal, owned */
  GPtrArray *infos;     /* SktSyncInfo, owned: to be written, in order */
  GPtrArray *discarded; /* SktJournal, owned */
  gint64 sync_time;     /* us, monotonic: when what is queued is to be synced */
  gboolean is_stopping;
};

static void
measure_journals (SktSync *self, GHashTable *journals)
{
  GHashTableIter iter;
  gpointer journal;

  if (g_hash_table_size (journals) == 0)
    return;
  g_hash_table_iter_init (&iter, journals);
  while (g_hash_table_iter_next (&iter, &journal, NULL))
    skt_journal_measure (journal);
  self->measured (self->measured_data);
}

static void
sync_journals (GHashTable *journals)
{
  GHashTableIter iter;
  gpointer journal;

  g_hash_table_iter_init (&iter, journals);
  while (g_hash_table_iter_next (&iter, &journal, NULL))
    {
      g_autoptr (GError) error = NULL;

      if (!skt_journal_sync (journal, &error))
        g_message ("%s: cannot sync: %s", skt_journal_get_path (journal), error->message);
    }
}

static void
info_free (SktSyncInfo *info)
{
  skt_journal_unref (info->journal);
  g_key_file_unref (info->info);
  g_free (info);
}

static void
write_infos (GPtrArray *infos)
{
  for (guint i = 0; i < infos->len; i++)
    {
      SktSyncInfo *info = infos->pdata[i];
      g_autoptr (GError) error = NULL;

      if (!skt_journal_write_info (info->journal, info->info, &error))
        g_message ("%s: %s", skt_journal_get_path (info->journal), error->message);
    }
}

static GHashTable *
new_set (void)
{
  return g_hash_table_new_full (NULL, NULL, (GDestroyNotify) skt_journal_unref, NULL);
}

static GPtrArray *
new_discarded (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) skt_journal_unref);
}

static GPtrArray *
new_infos (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) info_free);
}

/* Waits until there is something to do now; FALSE: nothing is left and the thread is to end. */
static gboolean
wait_locked (SktSync *self)
{
  for (;;)
    {
      gboolean has_queued = g_hash_table_size (self->queued) > 0;

      if (self->discarded->len > 0 || self->infos->len > 0 || g_hash_table_size (self->to_measure) > 0)
        return TRUE;
      if (self->is_stopping)
        return has_queued;
      if (!has_queued)
        g_cond_wait (&self->cond, &self->lock);
      else if (!g_cond_wait_until (&self->cond, &self->lock, self->sync_time))
        return TRUE;
    }
}

static gpointer
sync_thread (gpointer data)
{
  SktSync *self = data;

  /* 0: this thread */
  setpriority (PRIO_PROCESS, 0, NICE);
  g_mutex_lock (&self->lock);
  while (wait_locked (self))
    {
      gboolean is_due = self->is_stopping || g_get_monotonic_time () >= self->sync_time;
      g_autoptr (GHashTable) queued = NULL;
      g_autoptr (GHashTable) to_measure = g_steal_pointer (&self->to_measure);
      g_autoptr (GPtrArray) infos = g_steal_pointer (&self->infos);
      g_autoptr (GPtrArray) discarded = g_steal_pointer (&self->discarded);

      self->to_measure = new_set ();
      self->infos = new_infos ();
      self->discarded = new_discarded ();
      if (is_due)
        {
          queued = g_steal_pointer (&self->queued);
          self->queued = new_set ();
        }
      g_mutex_unlock (&self->lock);

      measure_journals (self, to_measure);
      g_clear_pointer (&to_measure, g_hash_table_unref);
      write_infos (infos);
      g_clear_pointer (&infos, g_ptr_array_unref);
      g_clear_pointer (&discarded, g_ptr_array_unref);
      if (queued != NULL)
        {
          measure_journals (self, queued);
          sync_journals (queued);
          g_clear_pointer (&queued, g_hash_table_unref);
        }
      g_mutex_lock (&self->lock);
    }
  g_mutex_unlock (&self->lock);
  return NULL;
}

SktSync *
skt_sync_new (void (*measured) (gpointer data), gpointer data)
{
  SktSync *self = g_new0 (SktSync, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->measured = measured;
  self->measured_data = data;
  self->queued = new_set ();
  self->to_measure = new_set ();
  self->infos = new_infos ();
  self->discarded = new_discarded ();
  self->thread = g_thread_new ("skt-sync", sync_thread, self);
  return self;
}

void
skt_sync_free (SktSync *self)
{
  g_mutex_lock (&self->lock);
  self->is_stopping = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);

  g_hash_table_unref (self->queued);
  g_hash_table_unref (self->to_measure);
  g_ptr_array_unref (self->infos);
  g_ptr_array_unref (self->discarded);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}

void
skt_sync_queue (SktSync *self, SktJournal *journal)
{
  g_mutex_lock (&self->lock);
  if (!g_hash_table_contains (self->queued, journal))
    {
      /* What is written within the next second is synced with it. */
      if (g_hash_table_size (self->queued) == 0)
        self->sync_time = g_get_monotonic_time () + SYNC_INTERVAL;
      g_hash_table_add (self->queued, skt_journal_ref (journal));
      g_cond_signal (&self->cond);
    }
  g_mutex_unlock (&self->lock);
}

void
skt_sync_measure (SktSync *self, SktJournal *journal)
{
  g_mutex_lock (&self->lock);
  if (!g_hash_table_contains (self->to_measure, journal))
    {
      g_hash_table_add (self->to_measure, skt_journal_ref (journal));
      g_cond_signal (&self->cond);
    }
  g_mutex_unlock (&self->lock);
}

void
skt_sync_write_info (SktSync *self, SktJournal *journal, GKeyFile *info)
{
  SktSyncInfo *item = g_new (SktSyncInfo, 1);

  item->journal = skt_journal_ref (journal);
  item->info = info;
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->infos, item);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
}

void
skt_sync_discard (SktSync *self, SktJournal *journal, gboolean is_deleted)
{
  g_mutex_lock (&self->lock);
  if (is_deleted && g_hash_table_steal (self->queued, journal))
    g_ptr_array_add (self->discarded, journal);
  g_ptr_array_add (self->discarded, journal);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
}
