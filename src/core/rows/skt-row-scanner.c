/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-row-scanner.h"

#include <string.h>

#ifndef WINDOW_SIZE
#define WINDOW_SIZE (128 * 1024)
#endif
/* How far seek_guess() looks back: records, and bytes of one record. */
#ifndef GUESS_RECORDS
#define GUESS_RECORDS 512
#endif
#define GUESS_BYTES 4096

/* Value of the carry table: the carry in the low 32 bits, the epoch it was left in above. Never 0. */
typedef union
{
  struct
  {
    SktCarry carry;
    guint32 epoch;
  } s;
  gpointer pointer;
} CarryEntry;
G_STATIC_ASSERT (sizeof (CarryEntry) == sizeof (gpointer));

struct _SktRowScanner
{
  /* owned */
  SktJournal *journal;
  SktLayout *layout;
  SktJournalReader *reader;
  GHashTable *carries; /* stream key + 1 → CarryEntry.pointer; only what is not empty */
  GHashTable *guessed; /* stream keys whose carry was guessed since the seek; NULL: carries are known */
  guint8 *window;      /* payload bytes [window_offset, window_offset + window_length) */
  guint64 window_offset;
  gsize window_length;

  SktPosition position;
  guint64 end;
  guint64 skip_limit;
  gboolean in_record;  /* `record` is that of position.record and shown */
  SktCarry carry;      /* of the record's stream, at position */
  SktRecord record;

  guint32 epoch;
  SktRowScannerCarryFunc carry_func;
  gpointer carry_data;
};

SktRowScanner *
skt_row_scanner_new (SktJournal *journal, SktLayout *layout)
{
  SktRowScanner *self = g_new0 (SktRowScanner, 1);
  self->journal = skt_journal_ref (journal);
  self->layout = skt_layout_ref (layout);
  self->reader = skt_journal_reader_new (journal);
  self->carries = g_hash_table_new (NULL, NULL);
  self->end = G_MAXUINT64;
  self->epoch = 1;
  return self;
}

void
skt_row_scanner_free (SktRowScanner *self)
{
  g_clear_pointer (&self->reader, skt_journal_reader_free);
  g_clear_pointer (&self->journal, skt_journal_unref);
  g_clear_pointer (&self->layout, skt_layout_unref);
  g_clear_pointer (&self->carries, g_hash_table_unref);
  g_clear_pointer (&self->guessed, g_hash_table_unref);
  g_free (self->window);
  g_free (self);
}

void
skt_row_scanner_seek (SktRowScanner *self, SktPosition position)
{
  g_hash_table_remove_all (self->carries);
  g_clear_pointer (&self->guessed, g_hash_table_unref);
  self->position = position;
  self->in_record = FALSE;
  self->carry = (SktCarry){ 0 };
}

void
skt_row_scanner_set_end (SktRowScanner *self, guint64 end)
{
  self->end = end;
}

void
skt_row_scanner_set_skip_limit (SktRowScanner *self, guint64 limit)
{
  self->skip_limit = limit;
}

static gpointer
stream_to_key (guint64 stream)
{
  return (gpointer) (gsize) (stream + 1);
}

void
skt_row_scanner_set_carry (SktRowScanner *self, guint64 stream, SktCarry carry)
{
  CarryEntry entry = { .s = { carry, self->epoch } };

  if (carry.length == 0)
    g_hash_table_remove (self->carries, stream_to_key (stream));
  else
    g_hash_table_insert (self->carries, stream_to_key (stream), entry.pointer);
}

SktPosition
skt_row_scanner_get_position (SktRowScanner *self)
{
  return self->position;
}

const SktRecord *
skt_row_scanner_get_record (SktRowScanner *self)
{
  return &self->record;
}

void
skt_row_scanner_begin_epoch (SktRowScanner *self, SktRowScannerCarryFunc func, gpointer user_data)
{
  self->epoch++;
  self->carry_func = func;
  self->carry_data = user_data;
}

/* What the bytes at the end of a record leave unfinished, walking from the last place that is surely a unit border. */
static SktCarry
carry_at_end (SktRowScanner *self, const SktRecord *record, SktCarry carry)
{
  SktEncoding encoding = skt_layout_get_encoding (self->layout);
  guint8 buffer[GUESS_BYTES];
  gsize length = MIN (record->length, sizeof buffer), pos = 0;
  gboolean is_utf_16 = encoding == SKT_ENCODING_UTF_16LE || encoding == SKT_ENCODING_UTF_16BE;

  /* In UTF-16 units are counted from the stream's start, whose parity the stream offset tells. */
  if (is_utf_16 && length == sizeof buffer && (record->stream_offset + record->length - length) % 2 != 0)
    length--;
  length = skt_journal_read_payload (self->journal, record->offset + record->length - length, buffer, length);
  if (length < record->length)
    {
      carry = (SktCarry){ 0 };
      for (gsize i = length; !is_utf_16 && i > 0; i--)
        if (buffer[i - 1] < 0x30) /* no trail byte of any of the sets */
          {
            pos = i;
            break;
          }
    }
  while (pos < length)
    pos += skt_encoding_split_row (encoding, &carry, buffer + pos, length - pos, GUESS_BYTES);
  return carry;
}

/* What the record's stream carries where the record begins. */
static SktCarry
guess_carry (SktRowScanner *self, guint64 index, const SktRecord *record)
{
  SktRecord earlier;
  guint64 back[GUESS_RECORDS];
  guint n_back = 0;
  SktCarry carry = { 0 };

  if (record->stream_offset == 0)
    return carry;
  /* Back to a record that is long enough to synchronize in, or to the first of the stream... */
  for (guint64 i = index; i > 0 && index - i < GUESS_RECORDS; i--)
    {
      if (!skt_journal_reader_get_record (self->reader, i - 1, &earlier) || !skt_record_is_data (&earlier) ||
          skt_stream_key (&earlier) != skt_stream_key (record))
        continue;
      back[n_back++] = i - 1;
      if (earlier.length >= 64 || earlier.stream_offset == 0)
        break;
    }
  /* ... and forward again. */
  while (n_back > 0)
    if (skt_journal_reader_get_record (self->reader, back[--n_back], &earlier))
      carry = carry_at_end (self, &earlier, carry);
  return carry;
}

/* The stream's carry comes out of the table: it belongs to the record being walked until that is done. */
static void
enter_record (SktRowScanner *self)
{
  guint64 stream = skt_stream_key (&self->record);
  CarryEntry entry;

  self->in_record = TRUE;
  self->carry = (SktCarry){ 0 };
  if (self->guessed != NULL && skt_record_is_data (&self->record) &&
      g_hash_table_add (self->guessed, stream_to_key (stream)) && self->position.begin == 0)
    {
      self->carry = guess_carry (self, self->position.record, &self->record);
      if (self->carry.length > 0 && self->carry_func != NULL)
        self->carry_func (stream, self->carry, self->carry_data);
      return;
    }
  if (!skt_record_is_data (&self->record) || g_hash_table_size (self->carries) == 0)
    return;

  entry.pointer = g_hash_table_lookup (self->carries, stream_to_key (stream));
  if (entry.pointer == NULL)
    return;
  g_hash_table_remove (self->carries, stream_to_key (stream));
  if (self->position.begin > 0)
    return;
  self->carry = entry.s.carry;
  if (self->carry_func != NULL && entry.s.epoch != self->epoch)
    self->carry_func (stream, self->carry, self->carry_data);
}

static void
leave_record (SktRowScanner *self)
{
  if (self->carry.length > 0)
    skt_row_scanner_set_carry (self, skt_stream_key (&self->record), self->carry);
  self->in_record = FALSE;
  self->position.record++;
  self->position.begin = 0;
}

/* Payload bytes of the record from position on: at least min (wanted, rest of the record) unless the journal is damaged. */
static const guint8 *
peek (SktRowScanner *self, gsize wanted, gsize *ret_length)
{
  guint64 offset = self->record.offset + self->position.begin;
  gsize rest = self->record.length - self->position.begin;
  gsize need = MIN (wanted, rest);

  if (offset < self->window_offset || offset + need > self->window_offset + self->window_length)
    {
      guint64 published = skt_journal_get_payload_length (self->journal);

      if (self->window == NULL)
        self->window = g_malloc (WINDOW_SIZE);
      self->window_offset = offset;
      self->window_length = published <= offset ? 0
                                                : skt_journal_read_payload (self->journal, offset, self->window,
                                                                            MIN (WINDOW_SIZE, published - offset));
    }
  *ret_length = MIN (rest, self->window_offset + self->window_length - offset);
  return self->window + (offset - self->window_offset);
}

static guint32
split (SktRowScanner *self)
{
  guint32 rest = self->record.length - self->position.begin;
  guint per_row = skt_layout_get_bytes_per_row (self->layout);
  gsize max = skt_layout_get_view (self->layout) == SKT_VIEW_TEXT ? SKT_TEXT_ROW_BYTES : per_row;
  const guint8 *bytes;
  gsize length, row;

  if (!skt_layout_has_text (self->layout))
    return MIN (rest, per_row);

  /* A few bytes more than a row, so that the end of what is peeked is never taken for the end of the record. */
  bytes = peek (self, max + 8, &length);
  if (length == 0)
    return rest;
  row = skt_encoding_split_row (skt_layout_get_encoding (self->layout), &self->carry, bytes, length, max);
  return row;
}

/* Goes to the next record that is shown. FALSE at the end, or when the skip limit is reached. */
static gboolean
find_record (SktRowScanner *self)
{
  guint64 n = MIN (self->end, skt_journal_get_n_records (self->journal));
  guint64 skipped = 0;

  while (self->position.record < n)
    {
      if (skt_journal_reader_get_record (self->reader, self->position.record, &self->record) &&
          skt_layout_shows (self->layout, &self->record) &&
          (!skt_record_is_data (&self->record) || self->position.begin < self->record.length))
        {
          enter_record (self);
          return TRUE;
        }
      self->position.record++;
      self->position.begin = 0;
      if (self->skip_limit > 0 && ++skipped >= self->skip_limit)
        return FALSE;
    }
  return FALSE;
}

gboolean
skt_row_scanner_next (SktRowScanner *self, SktRow *ret_row)
{
  if (!self->in_record && !find_record (self))
    return FALSE;

  ret_row->record = self->position.record;
  ret_row->begin = self->position.begin;
  ret_row->carry = self->carry;
  if (!skt_record_is_data (&self->record))
    {
      ret_row->length = 0;
      ret_row->is_last = TRUE;
      leave_record (self);
      return TRUE;
    }

  ret_row->length = split (self);
  self->position.begin += ret_row->length;
  ret_row->is_last = self->position.begin >= self->record.length;
  if (ret_row->is_last)
    leave_record (self);
  return TRUE;
}

void
skt_row_scanner_seek_guess (SktRowScanner *self, guint64 record)
{
  skt_row_scanner_seek (self, (SktPosition){ record, 0 });
  if (!skt_layout_has_text (self->layout))
    return;
  self->guessed = g_hash_table_new (NULL, NULL);
}
