/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-hit-finder.h"

#include <string.h>

/* How far is looked for the rest of a hit if the number of hits in the block is not known yet: records, and bytes at a
 * time. */
#define MAX_RECORDS_AFTER 4096
#ifndef PIECE_SIZE
#define PIECE_SIZE (16 * 1024)
#endif
/* How far is looked back for where a character or a line begins. */
#define MAX_RECORDS_BEFORE 4096
#define BORDER_BYTES 512

typedef struct
{
  guint64 index;
  guint64 offset;
  guint64 end;
} Walked;

typedef struct
{
  guint64 offset;
  guint first_part;
  guint n_parts;
} Found;

struct _SktHitFinder
{
  SktSearchRun *run;    /* owned */
  SktJournalReader *reader; /* owned */
  SktRowScanner *rows;  /* owned */
  guint8 *buffer;       /* PIECE_SIZE */

  /* of one list() */
  SktHitScanner *scanner;
  guint64 begin;        /* payload of the block */
  guint64 end;
  gboolean is_final;
  GArray *walked;       /* Walked: records that were fed, in order */
  GArray *found;        /* Found */
  GArray *parts;        /* SktHitPart */
  GHashTable *open;     /* stream + 1 → bytes that may still be needed of it, after the block */
};

SktHitFinder *
skt_hit_finder_new (SktSearchRun *run)
{
  SktHitFinder *self = g_new0 (SktHitFinder, 1);

  self->run = skt_search_run_ref (run);
  self->reader = skt_journal_reader_new (skt_search_run_get_journal (run));
  self->rows = skt_row_scanner_new (skt_search_run_get_journal (run), skt_search_run_get_layout (run));
  self->buffer = g_malloc (PIECE_SIZE);
  self->walked = g_array_new (FALSE, FALSE, sizeof (Walked));
  self->found = g_array_new (FALSE, FALSE, sizeof (Found));
  self->parts = g_array_new (FALSE, FALSE, sizeof (SktHitPart));
  self->open = g_hash_table_new (NULL, NULL);
  return self;
}

void
skt_hit_finder_free (SktHitFinder *self)
{
  skt_journal_reader_free (self->reader);
  skt_row_scanner_free (self->rows);
  g_free (self->buffer);
  g_array_unref (self->walked);
  g_array_unref (self->found);
  g_array_unref (self->parts);
  g_hash_table_unref (self->open);
  skt_search_run_unref (self->run);
  g_free (self);
}

/* -- What was before ----------------------------------------------------------------------------------------- */

/* The bytes of the record's stream before byte `at` of it, at most `wanted`, as far as they are near. */
static GByteArray *
load_before (SktHitFinder *self, guint64 index, const SktRecord *record, guint32 at, gsize wanted)
{
  SktJournal *journal = skt_search_run_get_journal (self->run);
  guint64 first = skt_journal_get_first_record (journal);
  guint64 stream = skt_stream_key (record);
  guint64 stream_begin = record->stream_offset;
  GByteArray *bytes = g_byte_array_new ();
  SktRecord earlier = *record;
  guint64 i = index;
  gsize n = MIN (wanted, at);

  g_byte_array_set_size (bytes, wanted);
  if (skt_journal_read_payload (journal, record->offset + at - n, bytes->data + wanted - n, n) < n)
    n = 0;
  while (n < wanted && stream_begin > 0 && i > first && index - i < MAX_RECORDS_BEFORE)
    {
      gsize more;

      i--;
      if (!skt_journal_reader_get_record (self->reader, i, &earlier) || !skt_record_is_data (&earlier)
          || earlier.length == 0 || skt_stream_key (&earlier) != stream)
        continue;
      more = MIN (wanted - n, earlier.length);
      if (earlier.stream_offset + earlier.length != stream_begin
          || !skt_search_shows (skt_search_run_get_layout (self->run), self->rows, i, &earlier)
          || skt_journal_read_payload (journal, earlier.offset + earlier.length - more, bytes->data + wanted - n - more,
                                       more) < more)
        break;
      n += more;
      stream_begin = earlier.stream_offset;
    }
  if (wanted > n)
    g_byte_array_remove_range (bytes, 0, wanted - n);
  return bytes;
}

/* Where the line begins that the bytes, which end at `stream_end` of their stream, are the end of. */
static gsize
find_line_start (SktHitFinder *self, const GByteArray *bytes, guint64 stream_end)
{
  SktPattern *pattern = skt_search_run_get_pattern (self->run);
  SktEncoding encoding = skt_pattern_get_encoding (pattern);
  guint64 stream_begin = stream_end - bytes->len;
  gboolean is_utf16 = encoding == SKT_ENCODING_UTF_16LE || encoding == SKT_ENCODING_UTF_16BE;
  gsize line = is_utf16 ? stream_begin % 2 : 0;
  guint64 cut = stream_end / SKT_LINE_STEP * SKT_LINE_STEP;
  gsize n;

  for (gsize from = line; from < bytes->len; from = line)
    {
      n = skt_pattern_find_line_end (pattern, bytes->data + from, bytes->len - from);
      if (n == 0)
        break;
      line += n;
    }
  /* Long lines are cut at a multiple of the step that has as much of the line before it. */
  if (cut >= stream_begin && cut - stream_begin >= line && cut - stream_begin - line >= SKT_LINE_STEP)
    {
      n = cut - stream_begin;
      line = is_utf16 ? n : skt_encoding_find_border (encoding, bytes->data, n, line, n);
    }
  return MIN (line, bytes->len);
}

/* What the scanner would have of the stream if it had been there from the start. */
static void
seed (SktHitFinder *self, guint64 index, const SktRecord *record, guint32 at)
{
  SktPattern *pattern = skt_search_run_get_pattern (self->run);
  SktEncoding encoding = skt_pattern_get_encoding (pattern);
  guint64 stream = skt_stream_key (record);
  guint64 stream_offset = record->stream_offset + at;
  gboolean is_by_line = skt_pattern_get_kind (pattern) == SKT_PATTERN_REGEX;
  guint64 free_from = MAX (stream_offset, skt_search_run_get_straddle (self->run, stream, self->begin));
  g_autoptr (GByteArray) before = NULL;
  gsize start = 0;

  if (stream_offset > 0 && is_by_line)
    {
      before = load_before (self, index, record, at, PIECE_SIZE);
      start = find_line_start (self, before, stream_offset);
      if (start <= 1 && before->len == PIECE_SIZE)
        {
          g_byte_array_unref (before);
          before = load_before (self, index, record, at, SKT_LINE_MAX + SKT_LINE_STEP);
          start = find_line_start (self, before, stream_offset);
        }
      free_from = 0;
    }
  else if (stream_offset > 0 && skt_pattern_needs_borders (pattern) && encoding < SKT_ENCODING_UTF_16LE)
    {
      before = load_before (self, index, record, at, BORDER_BYTES);
      start = skt_encoding_find_border (encoding, before->data, before->len, 0, before->len);
    }
  /* Where the bytes before are does not matter: hits that begin in them are of an earlier block. */
  skt_hit_scanner_seed (self->scanner, stream, stream_offset, free_from, 0,
                        before != NULL ? before->data + start : NULL, before != NULL ? before->len - start : 0);
}

/* -- Walking ------------------------------------------------------------------------------------------------- */

static void
found_cb (const SktFoundHit *hit, gpointer user_data)
{
  SktHitFinder *self = user_data;
  Found found = { hit->parts[0].offset, self->parts->len, hit->n_parts };

  if (hit->is_withdrawn || found.offset < self->begin || found.offset >= self->end)
    return;
  g_array_append_val (self->found, found);
  g_array_append_vals (self->parts, hit->parts, hit->n_parts);
}

/* Bytes [from, to) of the record. */
static void
feed (SktHitFinder *self, const SktRecord *record, guint32 from, guint32 to)
{
  while (from < to)
    {
      gsize n = skt_journal_read_payload (skt_search_run_get_journal (self->run), record->offset + from, self->buffer,
                                          MIN (PIECE_SIZE, to - from));

      if (n == 0)
        return;
      skt_hit_scanner_feed (self->scanner, skt_stream_key (record), record->stream_offset + from, record->offset + from,
                            self->buffer, n, NULL, 0);
      from += n;
    }
}

static gpointer
stream_to_key (guint64 stream)
{
  return (gpointer) (gsize) (stream + 1);
}

static void
feed_in_block (SktHitFinder *self, guint64 index, const SktRecord *record)
{
  Walked walked = { index, record->offset, record->offset + record->length };
  guint32 from = record->offset < self->begin ? self->begin - record->offset : 0;

  if (g_hash_table_add (self->open, stream_to_key (skt_stream_key (record))))
    seed (self, index, record, from);
  g_array_append_val (self->walked, walked);
  feed (self, record, from, MIN (record->length, self->end - record->offset));
}

/* The block is over: which streams may have begun a hit in it? */
static void
begin_rest (SktHitFinder *self)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->open);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      gsize wanted = skt_hit_scanner_get_wanted (self->scanner, (guint64) (gsize) key - 1);

      if (wanted == 0)
        g_hash_table_iter_remove (&iter);
      else
        g_hash_table_iter_replace (&iter, (gpointer) wanted);
    }
}

static void
feed_after_block (SktHitFinder *self, guint64 index, const SktRecord *record)
{
  gpointer key = stream_to_key (skt_stream_key (record));
  gsize wanted = (gsize) g_hash_table_lookup (self->open, key);
  Walked walked = { index, record->offset, record->offset + record->length };
  guint32 from = record->offset < self->end ? self->end - record->offset : 0;
  guint32 n = MIN (record->length - from, wanted);

  if (wanted == 0)
    return;
  if (from == 0)
    g_array_append_val (self->walked, walked);
  feed (self, record, from, from + n);
  if (wanted > n)
    g_hash_table_insert (self->open, key, (gpointer) (wanted - n));
  else
    g_hash_table_remove (self->open, key);
}

/* One record of the walk. Returns whether the block is over. */
static gboolean
walk_record (SktHitFinder *self, guint64 index, const SktRecord *record, gboolean is_after)
{
  gboolean is_searched = record->offset + record->length > self->begin
                         && skt_search_shows (skt_search_run_get_layout (self->run), self->rows, index, record);

  if (!is_after && is_searched && record->offset < self->end)
    feed_in_block (self, index, record);
  if (!is_after && (record->offset >= self->end || record->offset + record->length > self->end))
    {
      is_after = TRUE;
      begin_rest (self);
    }
  if (is_after && is_searched)
    feed_after_block (self, index, record);
  return is_after;
}

/* Feeds the block and what follows until all hits that begin in it are there. FALSE: cancelled. */
static gboolean
walk (SktHitFinder *self, guint32 n_expected, gboolean is_expected, GCancellable *cancellable)
{
  SktJournal *journal = skt_search_run_get_journal (self->run);
  guint64 n_records = skt_journal_get_n_records (journal);
  gboolean is_after = FALSE;
  guint n_after = 0;
  SktRecord record;
  guint64 index;

  if (!skt_search_find_record (self->reader, self->begin, &index, &record))
    index = skt_journal_get_first_record (journal);
  for (; index < n_records; index++)
    {
      if (index % 1024 == 0 && g_cancellable_is_cancelled (cancellable))
        return FALSE;
      if (!skt_journal_reader_get_record (self->reader, index, &record))
        continue;
      is_after = walk_record (self, index, &record, is_after);
      if (!is_after)
        continue;
      if (g_hash_table_size (self->open) == 0)
        return TRUE;
      if (is_expected ? self->found->len >= n_expected : ++n_after > MAX_RECORDS_AFTER)
        return TRUE;
    }
  /* There may be more of this some day. */
  self->is_final = FALSE;
  skt_hit_scanner_settle (self->scanner);
  return TRUE;
}

/* -- Results ------------------------------------------------------------------------------------------------- */

static int
compare_found (const void *a, const void *b)
{
  const Found *x = a;
  const Found *y = b;

  return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static const Walked *
find_walked (SktHitFinder *self, guint64 offset)
{
  guint low = 0, high = self->walked->len;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->walked, Walked, middle).offset <= offset)
        low = middle;
      else
        high = middle;
    }
  return low < self->walked->len ? &g_array_index (self->walked, Walked, low) : NULL;
}

/* A part may be of several records that follow one another. */
static void
append_pieces (SktHitFinder *self, const SktHitPart *part, guint64 hit, GArray *pieces)
{
  guint64 offset = part->offset;
  guint64 end = part->offset + part->length;

  while (offset < end)
    {
      const Walked *walked = find_walked (self, offset);
      SktHitPiece piece;

      if (walked == NULL || offset < walked->offset || offset >= walked->end)
        return;
      piece = (SktHitPiece) { walked->index, offset - walked->offset, MIN (end, walked->end) - offset, hit };
      g_array_append_val (pieces, piece);
      offset += piece.length;
    }
}

static void
give_results (SktHitFinder *self, GArray *hits, GArray *pieces)
{
  g_array_sort (self->found, compare_found);
  for (guint i = 0; i < self->found->len; i++)
    {
      const Found *found = &g_array_index (self->found, Found, i);
      guint first = pieces->len;
      SktHit hit = { .offset = found->offset, .index = i };

      for (guint k = 0; k < found->n_parts; k++)
        append_pieces (self, &g_array_index (self->parts, SktHitPart, found->first_part + k), found->offset, pieces);
      if (pieces->len == first)
        continue;
      hit.from = (SktPosition) { g_array_index (pieces, SktHitPiece, first).record,
                                 g_array_index (pieces, SktHitPiece, first).begin };
      hit.to = (SktPosition) { g_array_index (pieces, SktHitPiece, pieces->len - 1).record,
                               g_array_index (pieces, SktHitPiece, pieces->len - 1).begin
                                   + g_array_index (pieces, SktHitPiece, pieces->len - 1).length };
      if (hits != NULL)
        g_array_append_val (hits, hit);
    }
}

gboolean
skt_hit_finder_list (SktHitFinder *self, guint64 block, GCancellable *cancellable, GArray *hits, GArray *pieces)
{
  g_autoptr (GArray) own_pieces = pieces != NULL ? g_array_ref (pieces)
                                                 : g_array_new (FALSE, FALSE, sizeof (SktHitPiece));
  gboolean is_done = TRUE;
  gboolean is_known;
  guint32 count;

  if (hits != NULL)
    g_array_set_size (hits, 0);
  g_array_set_size (own_pieces, 0);
  is_known = skt_search_run_get_count (self->run, block, &count);
  self->is_final = is_known;
  if (is_known && count == 0)
    return TRUE;

  self->begin = MAX (block * SKT_HIT_BLOCK, skt_search_run_get_start (self->run));
  self->end = (block + 1) * SKT_HIT_BLOCK;
  g_array_set_size (self->walked, 0);
  g_array_set_size (self->found, 0);
  g_array_set_size (self->parts, 0);
  g_hash_table_remove_all (self->open);
  self->scanner = skt_hit_scanner_new (skt_search_run_get_pattern (self->run), found_cb, self);
  is_done = walk (self, count, is_known, cancellable);
  g_clear_pointer (&self->scanner, skt_hit_scanner_free);
  if (is_done)
    give_results (self, hits, own_pieces);
  return is_done;
}

gboolean
skt_hit_finder_is_final (SktHitFinder *self)
{
  return self->is_final;
}

/* The first in order that begins at or after the offset, or the last that begins before it. */
static gboolean
pick (const GArray *hits, guint64 offset, gboolean is_forward, SktHit *ret_hit)
{
  guint low = 0, high = hits->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (hits, SktHit, middle).offset < offset)
        low = middle + 1;
      else
        high = middle;
    }
  if (is_forward ? low == hits->len : low == 0)
    return FALSE;
  *ret_hit = g_array_index (hits, SktHit, is_forward ? low : low - 1);
  return TRUE;
}

gboolean
skt_hit_finder_find (SktHitFinder *self,
                     guint64 offset,
                     gboolean is_forward,
                     GCancellable *cancellable,
                     SktHit *ret_hit)
{
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (SktHit));
  guint64 block = (offset > 0 && !is_forward ? offset - 1 : offset) / SKT_HIT_BLOCK;

  while (skt_search_run_find_block (self->run, block, is_forward, &block))
    {
      if (g_cancellable_is_cancelled (cancellable) || !skt_hit_finder_list (self, block, cancellable, hits, NULL))
        return FALSE;
      if (pick (hits, offset, is_forward, ret_hit))
        return TRUE;
      if (!is_forward && block == 0)
        return FALSE;
      block += is_forward ? 1 : -1;
    }
  return FALSE;
}
