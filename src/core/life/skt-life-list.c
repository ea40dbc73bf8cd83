/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-life-list.h"

#include <string.h>

/* How often it is looked whether to stop. */
#define SLICE 4096
#define MAX_DETAIL 1024

static void
entry_free (SktLifeEntry *self)
{
  g_free (self->address);
  g_free (self);
}

static char *
dup_address (SktJournalReader *reader, const SktRecord *record)
{
  const guint8 *bytes = NULL;
  g_autofree char *detail = NULL;
  const char *space;
  gsize length;

  if (record->length > 0)
    bytes = skt_journal_reader_peek_payload (reader, record->offset, MIN (record->length, MAX_DETAIL), &length);
  if (bytes == NULL)
    return NULL;
  detail = g_strndup ((const char *) bytes, length);
  /* "local remote" */
  space = record->kind == SKT_RECORD_OPENED ? strchr (detail, ' ') : NULL;
  return space != NULL ? g_strdup (space + 1) : g_steal_pointer (&detail);
}

static SktLifeEntry *
get_entry (GPtrArray *list, GHashTable *by_id, guint32 id, guint max)
{
  SktLifeEntry *entry = g_hash_table_lookup (by_id, GUINT_TO_POINTER (id));

  if (entry != NULL || list->len >= max)
    return entry;
  entry = g_new0 (SktLifeEntry, 1);
  entry->id = id;
  g_ptr_array_add (list, entry);
  g_hash_table_insert (by_id, GUINT_TO_POINTER (id), entry);
  return entry;
}

static void
take (SktLifeEntry *entry, SktJournalReader *reader, const SktRecord *record)
{
  gboolean tells = record->kind == SKT_RECORD_OPENED ||
                   (!entry->is_opened && (record->kind == SKT_RECORD_RESOLVING || record->kind == SKT_RECORD_CONNECTING));

  if (!tells)
    return;
  g_free (entry->address);
  entry->address = dup_address (reader, record);
  entry->is_opened = record->kind == SKT_RECORD_OPENED;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const SktLifeEntry *first = *(SktLifeEntry *const *) a, *second = *(SktLifeEntry *const *) b;

  return first->id < second->id ? -1 : first->id > second->id;
}

GPtrArray *
skt_life_list_new (SktJournal *journal, guint max, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  g_autoptr (GHashTable) by_id = g_hash_table_new (NULL, NULL);
  g_autoptr (SktJournalReader) reader = NULL;
  guint64 n;

  g_return_val_if_fail (journal != NULL, NULL);

  reader = skt_journal_reader_new (journal);
  n = skt_journal_get_n_records (journal);
  for (guint64 i = skt_journal_get_first_record (journal); i < n; i++)
    {
      SktLifeEntry *entry;
      SktRecord record;

      if (i % SLICE == 0 && g_cancellable_is_cancelled (cancellable))
        return NULL;
      if (!skt_journal_reader_get_record (reader, i, &record) || record.connection == 0)
        continue;
      entry = get_entry (list, by_id, record.connection, max);
      if (entry != NULL)
        take (entry, reader, &record);
    }
  g_ptr_array_sort (list, compare);
  return g_steal_pointer (&list);
}
