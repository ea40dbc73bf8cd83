/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-byte-walk-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "skt-error.h"
#include "skt-row-scanner.h"

/* Of the block that is read ahead: it doubles, so that a few bytes cost a small read. */
#ifndef FIRST_WINDOW
#define FIRST_WINDOW 4096
#define LAST_WINDOW (256 * 1024)
#endif
#define PEEK_RECORDS 2048
#define SKIP_LIMIT 1024 /* records that are not shown, between two looks whether it is cancelled */

struct _SktByteWalk
{
  SktJournal *journal;
  SktLayout *layout;
  SktJournalReader *reader;
  SktPosition from, to;
  SktPosition at;
  SktRecord record; /* at.record, if in_record */
  guint32 end;      /* in that record, of what is wanted */
  gboolean in_record;

  /* a layout that shows only what has a pattern: rows say what that is */
  SktRowScanner *scanner; /* NULL: it shows records as they are */
  SktRow row;
  GArray *pieces;   /* SktRowPiece: of the row */
  guint n_taken;    /* of them */

  guint8 *window; /* LAST_WINDOW */
  guint64 window_offset;
  gsize window_length;
  gsize window_size; /* to read at the next time */

  SktBytePiece left; /* what skt_byte_walk_read() had no room for; length 0: nothing */
};

SktByteWalk *
skt_byte_walk_new (SktJournal *journal, SktLayout *layout, SktPosition from, SktPosition to)
{
  SktByteWalk *self = g_new0 (SktByteWalk, 1);

  self->journal = skt_journal_ref (journal);
  self->layout = skt_layout_ref (layout);
  self->reader = skt_journal_reader_new (journal);
  self->at = self->from = from;
  self->to = to;
  if (skt_layout_get_pattern (layout) != NULL)
    {
      self->scanner = skt_row_scanner_new (journal, layout);
      skt_row_scanner_seek_guess (self->scanner, from.record);
      skt_row_scanner_set_end (self->scanner, to.begin > 0 ? to.record + 1 : to.record);
      skt_row_scanner_set_skip_limit (self->scanner, SKIP_LIMIT);
    }
  self->window = g_malloc (LAST_WINDOW);
  self->window_size = FIRST_WINDOW;
  return self;
}

void
skt_byte_walk_free (SktByteWalk *self)
{
  g_clear_pointer (&self->scanner, skt_row_scanner_free);
  g_clear_pointer (&self->pieces, g_array_unref);
  skt_journal_reader_free (self->reader);
  skt_layout_unref (self->layout);
  skt_journal_unref (self->journal);
  g_free (self->window);
  g_free (self);
}

void
_skt_byte_walk_set_damaged (GError **error)
{
  g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_JOURNAL,
                       _ ("The session’s files can no longer be read as they were written."));
}

/* At self->at, up to where the walk ends in that record. */
static gboolean
enter_record (SktByteWalk *self, guint32 end)
{
  self->end = MIN (end, self->record.length);
  if (self->at.record == self->to.record)
    self->end = MIN (self->end, self->to.begin);
  self->in_record = self->at.begin < self->end;
  return self->in_record;
}

static gboolean
is_wanted (SktByteWalk *self)
{
  return skt_journal_reader_get_record (self->reader, self->at.record, &self->record) &&
         skt_record_is_data (&self->record) && skt_layout_shows (self->layout, &self->record);
}

/* Goes to the next record with bytes that are wanted. FALSE at the end, or if it was cancelled. */
static gboolean
find_record (SktByteWalk *self, GCancellable *cancellable)
{
  guint64 n = skt_journal_get_n_records (self->journal);
  guint n_seen = 0;

  while (self->at.record < n && skt_position_compare (&self->at, &self->to) < 0)
    {
      if (is_wanted (self) && enter_record (self, self->record.length))
        return TRUE;
      self->at = (SktPosition){ self->at.record + 1, 0 };
      if (++n_seen % SKIP_LIMIT == 0 && g_cancellable_is_cancelled (cancellable))
        return FALSE;
    }
  return FALSE;
}

/* The next row with bytes, a piece of which may be wanted. */
static gboolean
find_row (SktByteWalk *self, GCancellable *cancellable)
{
  g_clear_pointer (&self->pieces, g_array_unref);
  while (!g_cancellable_is_cancelled (cancellable))
    {
      if (self->row.is_open)
        return FALSE; /* it was the last */
      if (!skt_row_scanner_next (self->scanner, &self->row))
        {
          if (!skt_row_scanner_was_cut (self->scanner))
            return FALSE;
          continue;
        }
      if (self->row.is_open && skt_row_scanner_was_cut (self->scanner))
        {
          self->row.is_open = FALSE; /* it comes again, whole */
          continue;
        }
      if (skt_record_is_data (skt_row_scanner_get_record (self->scanner)))
        {
          self->pieces = skt_row_list_pieces (&self->row, self->reader, self->layout);
          self->n_taken = 0;
          return TRUE;
        }
    }
  return FALSE;
}

/* The same of a layout with a pattern. */
static gboolean
find_piece (SktByteWalk *self, GCancellable *cancellable)
{
  while (self->pieces != NULL || find_row (self, cancellable))
    {
      while (self->n_taken < self->pieces->len)
        {
          const SktRowPiece *piece = &g_array_index (self->pieces, SktRowPiece, self->n_taken++);
          guint32 index_end = self->n_taken < self->pieces->len ? piece[1].index : self->row.length;
          guint32 begin = piece->begin;

          if (piece->record == self->from.record)
            begin = MAX (begin, self->from.begin);
          self->at = (SktPosition){ piece->record, begin };
          if (skt_position_compare (&self->at, &self->from) >= 0 && skt_position_compare (&self->at, &self->to) < 0 &&
              skt_journal_reader_get_record (self->reader, piece->record, &self->record) &&
              enter_record (self, piece->begin + (index_end - piece->index)))
            return TRUE;
        }
      g_clear_pointer (&self->pieces, g_array_unref);
    }
  return FALSE;
}

static void
read_window (SktByteWalk *self, guint64 offset)
{
  guint64 published = skt_journal_get_payload_length (self->journal);

  self->window_offset = offset;
  self->window_length = 0;
  if (published > offset)
    self->window_length = skt_journal_read_payload (self->journal, offset, self->window,
                                                    MIN (self->window_size, published - offset));
  self->window_size = MIN (2 * self->window_size, LAST_WINDOW);
}

gboolean
skt_byte_walk_next (SktByteWalk *self, SktBytePiece *ret_piece, GCancellable *cancellable, GError **error)
{
  guint64 offset;
  gsize available;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (!self->in_record && !(self->scanner != NULL ? find_piece : find_record) (self, cancellable))
    {
      g_cancellable_set_error_if_cancelled (cancellable, error);
      return FALSE;
    }
  offset = self->record.offset + self->at.begin;
  if (offset < self->window_offset || offset >= self->window_offset + self->window_length)
    read_window (self, offset);
  if (self->window_length == 0)
    {
      _skt_byte_walk_set_damaged (error);
      return FALSE;
    }
  available = self->window_offset + self->window_length - offset;
  *ret_piece = (SktBytePiece){ self->at.record, &self->record, self->window + (offset - self->window_offset),
                               self->at.begin, MIN (available, self->end - self->at.begin) };
  self->at.begin += ret_piece->length;
  if (self->at.begin >= self->end)
    {
      self->at = (SktPosition){ self->at.record + 1, 0 };
      self->in_record = FALSE;
    }
  return TRUE;
}

gboolean
skt_byte_walk_read (SktByteWalk *self,
                    guint8 *buffer,
                    gsize size,
                    gsize *ret_length,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gsize length = 0;

  while (length < size)
    {
      gsize n;

      if (self->left.length == 0 && !skt_byte_walk_next (self, &self->left, cancellable, &local_error))
        break;
      n = MIN (size - length, self->left.length);
      memcpy (buffer + length, self->left.bytes, n);
      self->left.bytes += n;
      self->left.length -= n;
      length += n;
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  *ret_length = length;
  return TRUE;
}

gsize
skt_byte_walk_peek_stream (SktJournal *journal, SktPosition at, guint8 *buffer, gsize length, SktRecord *ret_record)
{
  g_autoptr (SktJournalReader) reader = NULL;
  guint64 end = MIN (skt_journal_get_n_records (journal), at.record + PEEK_RECORDS);
  guint64 stream = 0;
  gsize done = 0;

  if (at.record >= end)
    return 0;
  reader = skt_journal_reader_new (journal);
  for (guint64 i = at.record; i < end && done < length; i++)
    {
      guint32 begin = i == at.record ? at.begin : 0;
      SktRecord record;
      gsize n;

      if (!skt_journal_reader_get_record (reader, i, &record))
        break;
      if (i == at.record)
        {
          if (!skt_record_is_data (&record) || begin >= record.length)
            return 0;
          stream = skt_stream_key (&record);
          if (ret_record != NULL)
            *ret_record = record;
        }
      else if (!skt_record_is_data (&record) || skt_stream_key (&record) != stream)
        continue;
      n = MIN (length - done, record.length - begin);
      if (skt_journal_read_payload (journal, record.offset + begin, buffer + done, n) != n)
        break;
      done += n;
    }
  return done;
}

