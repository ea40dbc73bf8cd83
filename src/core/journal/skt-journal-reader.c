/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-journal-private.h"

/* Records first..first + n_records, as stored. Published records never change, so what is cached stays right; a block
 * at the end is read again when more of it was published. */
typedef struct
{
  guint64 first;
  gsize n_records;
  guint64 used_at;
  SktRecord *stored;    /* SKT_JOURNAL_BLOCK_RECORDS; NULL until first used */
} Block;

struct _SktJournalReader
{
  SktJournal *journal;  /* owned */
  Block blocks[SKT_JOURNAL_N_BLOCKS];
  Block *last_block;    /* borrowed, in blocks */
  guint64 clock;

  /* Payload window_start..window_start + window_length. */
  guint8 *window;
  guint64 window_start;
  gsize window_length;
};

SktJournalReader *
skt_journal_reader_new (SktJournal *journal)
{
  SktJournalReader *self;

  g_return_val_if_fail (journal != NULL, NULL);

  self = g_new0 (SktJournalReader, 1);
  self->journal = skt_journal_ref (journal);
  self->last_block = &self->blocks[0];
  return self;
}

void
skt_journal_reader_free (SktJournalReader *self)
{
  if (self == NULL)
    return;
  for (gsize i = 0; i < SKT_JOURNAL_N_BLOCKS; i++)
    g_free (self->blocks[i].stored);
  g_free (self->window);
  skt_journal_unref (self->journal);
  g_free (self);
}

SktJournal *
skt_journal_reader_get_journal (SktJournalReader *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->journal;
}

/* -- Records ------------------------------------------------------------------------------------------------- */

/* The block that begins with record `first`, or the one to be replaced by it. */
static Block *
find_block (SktJournalReader *self, guint64 first)
{
  Block *oldest = &self->blocks[0];

  for (gsize i = 0; i < SKT_JOURNAL_N_BLOCKS; i++)
    {
      Block *block = &self->blocks[i];

      if (block->stored != NULL && block->first == first)
        return block;
      if (block->used_at < oldest->used_at)
        oldest = block;
    }
  if (oldest->stored == NULL)
    oldest->stored = g_new (SktRecord, SKT_JOURNAL_BLOCK_RECORDS);
  oldest->first = first;
  oldest->n_records = 0;
  return oldest;
}

static void
load_block (SktJournalReader *self, Block *block, guint64 n_published)
{
  gsize have = block->n_records;
  gsize wanted = MIN (SKT_JOURNAL_BLOCK_RECORDS, n_published - block->first) - have;
  gsize got = _skt_journal_pread_all (self->journal->records_fd, block->stored + have, wanted * sizeof (SktRecord),
                                      sizeof (SktJournalHeader) + (block->first + have) * sizeof (SktRecord));

  block->n_records = have + got / sizeof (SktRecord);
}

gboolean
skt_journal_reader_get_record (SktJournalReader *self, guint64 index, SktRecord *ret_record)
{
  Block *block;
  SktRecord record;
  guint64 payload_length;

  g_return_val_if_fail (self != NULL, FALSE);

  block = self->last_block;
  if (block->n_records == 0 || index < block->first || index - block->first >= block->n_records)
    {
      guint64 n_published = skt_journal_get_n_records (self->journal);

      if (index >= n_published)
        return FALSE;
      block = find_block (self, index - index % SKT_JOURNAL_BLOCK_RECORDS);
      if (index - block->first >= block->n_records)
        load_block (self, block, n_published);
      block->used_at = ++self->clock;
      self->last_block = block;
      if (index - block->first >= block->n_records)
        return FALSE;
    }

  if (!_skt_record_from_disk (&block->stored[index - block->first], &record))
    return FALSE;
  payload_length = skt_journal_get_payload_length (self->journal);
  if (record.offset > payload_length || record.length > payload_length - record.offset)
    return FALSE;
  *ret_record = record;
  return TRUE;
}

/* -- Payload ------------------------------------------------------------------------------------------------- */

const guint8 *
skt_journal_reader_peek_payload (SktJournalReader *self, guint64 offset, gsize length, gsize *ret_length)
{
  guint64 start = offset - offset % SKT_JOURNAL_PEEK_MAX;
  guint64 end;
  gsize wanted, available;

  g_return_val_if_fail (self != NULL, NULL);

  *ret_length = 0;
  end = skt_journal_get_payload_length (self->journal);
  if (offset >= end)
    return NULL;
  length = MIN (MIN (length, SKT_JOURNAL_PEEK_MAX), end - offset);

  if (offset < self->window_start || offset - self->window_start >= SKT_JOURNAL_WINDOW_SIZE ||
      offset - self->window_start + length > SKT_JOURNAL_WINDOW_SIZE)
    {
      self->window_start = start;
      self->window_length = 0;
    }
  if (self->window == NULL)
    self->window = g_malloc (SKT_JOURNAL_WINDOW_SIZE);

  wanted = offset - self->window_start + length;
  if (self->window_length < wanted)
    {
      gsize more = MIN (SKT_JOURNAL_WINDOW_SIZE, end - self->window_start) - self->window_length;

      self->window_length += skt_journal_read_payload (self->journal, self->window_start + self->window_length,
                                                       self->window + self->window_length, more);
    }

  if (self->window_length <= offset - self->window_start)
    return NULL;
  available = self->window_length - (offset - self->window_start);
  *ret_length = MIN (length, available);
  return self->window + (offset - self->window_start);
}
