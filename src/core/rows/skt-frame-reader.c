/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-frame-reader.h"

#include <string.h>

#define RECORD_COST 64
/* Most frames are short: no more is read ahead at a time. */
#define CHUNK 4096

typedef struct
{
  SktJournalReader *reader;
  const SktFrameRule *rule;
  SktFrameState state;
  guint8 *buffer;
  gsize size, length, cost;
} Reading;

/* The bytes of a record from `begin` on. OPEN: the frame goes on after them. */
static SktFrameRead
read_record (Reading *self, const SktRecord *record, guint32 begin)
{
  while (begin < record->length)
    {
      gboolean is_complete = FALSE;
      gsize got, n;
      const guint8 *bytes = skt_journal_reader_peek_payload (self->reader, record->offset + begin,
                                                             MIN (CHUNK, record->length - begin), &got);

      if (bytes == NULL || got == 0)
        return SKT_FRAME_READ_NOT;
      self->cost += got;
      n = skt_frame_next (self->rule, &self->state, bytes, got, &is_complete);
      if (n > self->size - self->length)
        return SKT_FRAME_READ_NOT;
      memcpy (self->buffer + self->length, bytes, n);
      self->length += n;
      begin += n;
      if (is_complete)
        return SKT_FRAME_READ_WHOLE;
    }
  return SKT_FRAME_READ_OPEN;
}

static gboolean
ends_stream (const SktRecord *record, guint32 connection)
{
  return record->connection == connection && (record->kind == SKT_RECORD_CLOSED || record->kind == SKT_RECORD_FAILED);
}

SktFrameRead
skt_frame_read (SktJournalReader *reader,
                const SktFrameRule *rule,
                SktPosition begin,
                guint64 now_ns,
                guint8 *buffer,
                gsize size,
                gsize *ret_length,
                gsize *ret_cost)
{
  Reading self = { .reader = reader, .rule = rule, .buffer = buffer, .size = size };
  guint64 n_records = skt_journal_get_n_records (skt_journal_reader_get_journal (reader));
  guint64 end = MIN (n_records, begin.record + SKT_FRAME_READ_MAX_RECORDS);
  SktFrameRead result = SKT_FRAME_READ_OPEN;
  SktRecord first, record;

  if (!skt_journal_reader_get_record (reader, begin.record, &first) || !skt_record_is_data (&first))
    {
      *ret_cost = RECORD_COST;
      return SKT_FRAME_READ_NOT;
    }
  for (guint64 i = begin.record; i < end && result == SKT_FRAME_READ_OPEN; i++)
    {
      self.cost += RECORD_COST;
      if (!skt_journal_reader_get_record (reader, i, &record))
        continue;
      if (ends_stream (&record, first.connection))
        result = SKT_FRAME_READ_NOT;
      else if (!skt_record_is_data (&record) || skt_stream_key (&record) != skt_stream_key (&first) || record.length == 0)
        continue;
      else if (skt_frame_begin_piece (rule, &self.state, record.time_ns) && i > begin.record)
        result = SKT_FRAME_READ_WHOLE;
      else
        result = read_record (&self, &record, i == begin.record ? begin.begin : 0);
    }
  if (result == SKT_FRAME_READ_OPEN && end < n_records)
    result = SKT_FRAME_READ_NOT;
  else if (result == SKT_FRAME_READ_OPEN && skt_frame_pause_is_over (rule, self.state.last_time_ns, now_ns))
    result = SKT_FRAME_READ_WHOLE;
  *ret_length = self.length;
  *ret_cost = self.cost;
  return result;
}
