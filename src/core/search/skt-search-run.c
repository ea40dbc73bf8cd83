/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-search-run.h"

#include "skt-journal-map.h"

/* Two things have to be done with the payload: finding what looks like the pattern, which is most of the work and can
 * be done by several threads with any part of it, and sorting out what of it is in one stream, which must be done in
 * order. Slots hold pieces of payload that are on their way from the first to the second. Whoever has time takes the
 * next step. */

/* Small ones make the threads wait for one another more often than they search. */
#ifndef SLOT_SIZE
#define SLOT_SIZE (1024 * 1024)
#endif
/* Payload is mapped in windows of many slots: mapping each slot by itself costs as much as copying it. Less than a whole window is read. */
#ifndef WINDOW_SIZE
#define WINDOW_SIZE (16 * 1024 * 1024)
#endif
#define N_SLOTS 6
/* Hits whose place is kept, for exact marks; and ends of hits over the border of a block. */
#define MAX_PLACES 4096
#define MAX_STRADDLES 65536

typedef enum
{
  SLOT_FREE,
  SLOT_TAKEN,
  SLOT_READY,
} SlotState;

typedef struct
{
  SktJournalMap map;
  guint64 begin;        /* in the payload */
  guint n_uses;         /* locked */
} Window;

typedef struct
{
  SlotState state;      /* locked */
  guint64 begin;        /* payload [begin, end) */
  guint64 end;
  Window *window;       /* a use of it; NULL: none */
  const guint8 *bytes;  /* of the window, or the buffer */
  gsize length;         /* that could be read */
  guint8 *buffer;       /* SLOT_SIZE; NULL until first used */
  SktRawHits raw;
} Slot;

typedef struct
{
  guint64 block;
  gint64 n;
} Delta;

typedef struct
{
  guint64 stream;
  guint64 offset;
  guint64 end_offset;
  guint64 stream_end;
} Straddle;

struct _SktSearchRun
{
  gatomicrefcount ref_count;

  /* constant */
  SktJournal *journal;
  SktLayout *layout;
  SktPattern *pattern;
  guint64 start;        /* in the payload */
  gboolean keeps_straddles;

  gint is_cancelled;    /* atomic */

  /* locked */
  GMutex lock;
  GCond cond;
  SktHitIndex *index;
  GArray *places;       /* guint64, of the first MAX_PLACES hits */
  gboolean has_all_places;
  GArray *straddles;    /* Straddle */
  guint64 limit_record; /* those before are being searched, or were */
  guint64 limit;        /* the end of their payload */
  guint64 next;         /* payload that no slot was taken for */
  guint64 scanned;      /* payload that is sorted out */
  guint64 n_taken;      /* slots ever, in order */
  guint64 n_merged;
  gboolean is_merging;
  Slot slots[N_SLOTS];
  Window *window;       /* of the last slot, a use of it; NULL: none */

  /* of who merges */
  SktHitScanner *scanner;
  SktJournalReader *reader;
  SktRowScanner *rows;
  guint64 record;       /* the next, or the one that goes on */
  guint64 asked;        /* the record that `answer` is of */
  gboolean has_asked;
  gboolean answer;
  GArray *deltas;       /* Delta */
  GArray *new_places;   /* guint64 */
  GArray *new_straddles; /* Straddle */
};

/* -- Windows --------------------------------------------------------------------------------------------------- */

/* To be freed, without the lock, if it is not NULL. */
static Window *
release_window_locked (Window **window)
{
  Window *released = g_steal_pointer (window);

  return released != NULL && --released->n_uses == 0 ? released : NULL;
}

static void
window_free (Window *self)
{
  if (self == NULL)
    return;
  skt_journal_map_clear (&self->map);
  g_free (self);
}

/* -- What is found ------------------------------------------------------------------------------------------- */

static void
note_withdrawn (SktSearchRun *self, guint64 offset)
{
  for (guint i = self->new_places->len; i > 0; i--)
    if (g_array_index (self->new_places, guint64, i - 1) == offset)
      {
        g_array_remove_index (self->new_places, i - 1);
        return;
      }
  g_mutex_lock (&self->lock);
  for (guint i = self->places->len; i > 0; i--)
    if (g_array_index (self->places, guint64, i - 1) == offset)
      {
        g_array_remove_index (self->places, i - 1);
        break;
      }
  g_mutex_unlock (&self->lock);
}

static void
found_cb (const SktFoundHit *hit, gpointer user_data)
{
  SktSearchRun *self = user_data;
  guint64 offset = hit->parts[0].offset;
  Delta delta = { offset / SKT_HIT_BLOCK, hit->is_withdrawn ? -1 : 1 };
  Delta *last = self->deltas->len > 0 ? &g_array_index (self->deltas, Delta, self->deltas->len - 1) : NULL;

  if (last != NULL && last->block == delta.block)
    last->n += delta.n;
  else
    g_array_append_val (self->deltas, delta);

  if (hit->is_withdrawn)
    {
      note_withdrawn (self, offset);
      return;
    }
  if (self->new_places->len <= MAX_PLACES)
    g_array_append_val (self->new_places, offset);
  if (self->keeps_straddles)
    {
      const SktHitPart *end = &hit->parts[hit->n_parts - 1];
      Straddle straddle = { hit->stream, offset, end->offset + end->length, hit->stream_end };

      if ((straddle.end_offset - 1) / SKT_HIT_BLOCK != delta.block)
        g_array_append_val (self->new_straddles, straddle);
    }
}

static void
publish_locked (SktSearchRun *self)
{
  for (guint i = 0; i < self->deltas->len; i++)
    {
      const Delta *delta = &g_array_index (self->deltas, Delta, i);

      skt_hit_index_add (self->index, delta->block, delta->n);
    }
  if (self->has_all_places && self->places->len + self->new_places->len <= MAX_PLACES)
    g_array_append_vals (self->places, self->new_places->data, self->new_places->len);
  else
    self->has_all_places = FALSE;
  if (self->straddles->len + self->new_straddles->len <= MAX_STRADDLES)
    g_array_append_vals (self->straddles, self->new_straddles->data, self->new_straddles->len);
  g_array_set_size (self->deltas, 0);
  g_array_set_size (self->new_places, 0);
  g_array_set_size (self->new_straddles, 0);
}

/* -- Life ---------------------------------------------------------------------------------------------------- */

/* Where the payload of records from `first` on begins. */
static guint64
find_start (SktJournalReader *reader, guint64 first)
{
  SktRecord record;

  if (skt_journal_reader_get_record (reader, first, &record))
    return record.offset;
  for (guint64 i = first; i > 0; i--)
    if (skt_journal_reader_get_record (reader, i - 1, &record))
      return record.offset + record.length;
  return 0;
}

SktSearchRun *
skt_search_run_new (SktJournal *journal, SktLayout *layout, SktPattern *pattern)
{
  SktSearchRun *self = g_new0 (SktSearchRun, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->journal = skt_journal_ref (journal);
  self->layout = skt_layout_ref (layout);
  self->pattern = skt_pattern_ref (pattern);
  self->keeps_straddles = skt_pattern_may_overlap (pattern) && skt_pattern_get_kind (pattern) != SKT_PATTERN_REGEX;
  self->reader = skt_journal_reader_new (journal);
  self->rows = skt_row_scanner_new (journal, layout);
  self->scanner = skt_hit_scanner_new (pattern, found_cb, self);
  self->deltas = g_array_new (FALSE, FALSE, sizeof (Delta));
  self->new_places = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->new_straddles = g_array_new (FALSE, FALSE, sizeof (Straddle));
  self->places = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->straddles = g_array_new (FALSE, FALSE, sizeof (Straddle));
  self->has_all_places = TRUE;
  for (gsize i = 0; i < N_SLOTS; i++)
    skt_raw_hits_init (&self->slots[i].raw);

  self->record = self->limit_record = skt_journal_get_first_record (journal);
  self->start = self->limit = self->next = self->scanned = find_start (self->reader, self->record);
  self->index = skt_hit_index_new (self->start / SKT_HIT_BLOCK);
  return self;
}

SktSearchRun *
skt_search_run_ref (SktSearchRun *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
skt_search_run_unref (SktSearchRun *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (gsize i = 0; i < N_SLOTS; i++)
    {
      window_free (release_window_locked (&self->slots[i].window));
      g_free (self->slots[i].buffer);
      skt_raw_hits_clear (&self->slots[i].raw);
    }
  window_free (release_window_locked (&self->window));
  skt_hit_scanner_free (self->scanner);
  skt_row_scanner_free (self->rows);
  skt_journal_reader_free (self->reader);
  skt_hit_index_free (self->index);
  g_array_unref (self->deltas);
  g_array_unref (self->new_places);
  g_array_unref (self->new_straddles);
  g_array_unref (self->places);
  g_array_unref (self->straddles);
  skt_pattern_unref (self->pattern);
  skt_layout_unref (self->layout);
  skt_journal_unref (self->journal);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}

SktJournal *
skt_search_run_get_journal (SktSearchRun *self)
{
  return self->journal;
}

SktLayout *
skt_search_run_get_layout (SktSearchRun *self)
{
  return self->layout;
}

SktPattern *
skt_search_run_get_pattern (SktSearchRun *self)
{
  return self->pattern;
}

/* -- Finding ------------------------------------------------------------------------------------------------- */

/* The window that payload is in becomes the last one. */
static void
renew_window_locked (SktSearchRun *self, guint64 begin)
{
  guint64 first = begin - begin % WINDOW_SIZE;
  Window *window;

  if (self->window != NULL && self->window->begin == first)
    return;
  window_free (release_window_locked (&self->window));
  if (self->limit < first + WINDOW_SIZE)
    return;
  window = g_new0 (Window, 1);
  window->begin = first;
  window->n_uses = 1;
  if (skt_journal_map_payload (self->journal, first, WINDOW_SIZE, &window->map))
    self->window = window;
  else
    g_free (window);
}

static void
read_slot (SktSearchRun *self, Slot *slot)
{
  if (slot->buffer == NULL)
    slot->buffer = g_malloc (SLOT_SIZE);
  slot->bytes = slot->buffer;
  slot->length = skt_journal_read_payload (self->journal, slot->begin, slot->buffer, slot->end - slot->begin);
  skt_raw_hits_fill (&slot->raw, self->pattern, slot->bytes, slot->length);
}

static void
fill_slot (SktSearchRun *self, Slot *slot)
{
  if (slot->window != NULL)
    {
      slot->bytes = slot->window->map.bytes + (slot->begin - slot->window->begin);
      slot->length = slot->end - slot->begin;
      skt_raw_hits_fill (&slot->raw, self->pattern, slot->bytes, slot->length);
      if (skt_journal_map_is_sound (&slot->window->map))
        return;
    }
  /* as far as it can be */
  read_slot (self, slot);
}

/* -- Sorting out --------------------------------------------------------------------------------------------- */

gboolean
skt_search_shows (SktLayout *layout, SktRowScanner *rows, guint64 index, const SktRecord *record)
{
  return skt_record_is_data (record) && record->length > 0 && skt_layout_shows (layout, record)
         && skt_row_scanner_shows_bytes (rows, index, record);
}

/* A record that began in an earlier slot was asked then. */
static gboolean
is_searched (SktSearchRun *self, guint64 index, const SktRecord *record)
{
  if (self->asked != index || !self->has_asked)
    {
      self->answer = skt_search_shows (self->layout, self->rows, index, record);
      self->asked = index;
      self->has_asked = TRUE;
    }
  return self->answer;
}

/* Goes on over records that follow one another in their stream and in the payload, as far as they begin in the slot.
 * Returns the end of the last, whose number is then in self->record. */
static guint64
extend_span (SktSearchRun *self, const Slot *slot, const SktRecord *first)
{
  guint64 stream_end = first->stream_offset + first->length;
  guint64 end = first->offset + first->length;
  SktRecord record;

  while (end < slot->end && self->record + 1 < self->limit_record
         && skt_journal_reader_get_record (self->reader, self->record + 1, &record) && record.offset == end
         && skt_record_is_data (&record) && skt_stream_key (&record) == skt_stream_key (first)
         && record.stream_offset == stream_end && is_searched (self, self->record + 1, &record))
    {
      self->record++;
      end += record.length;
      stream_end += record.length;
    }
  return end;
}

static void
merge_span (SktSearchRun *self, Slot *slot, const SktRecord *record, guint64 end)
{
  guint64 begin = MAX (record->offset, slot->begin);
  guint64 readable = MIN (MIN (end, slot->end), slot->begin + slot->length);
  gsize at = begin - slot->begin;

  if (begin < readable)
    skt_hit_scanner_feed (self->scanner, skt_stream_key (record), record->stream_offset + (begin - record->offset),
                          begin, slot->bytes + at, readable - begin, &slot->raw, at);
}

static void
merge_slot (SktSearchRun *self, Slot *slot)
{
  SktRecord record;

  while (self->record < self->limit_record && g_atomic_int_get (&self->is_cancelled) == 0)
    {
      guint64 end;

      if (!skt_journal_reader_get_record (self->reader, self->record, &record))
        {
          self->record++;
          continue;
        }
      if (record.offset >= slot->end && record.length > 0)
        return;
      end = record.offset + record.length;
      if (is_searched (self, self->record, &record))
        {
          end = extend_span (self, slot, &record);
          merge_span (self, slot, &record, end);
        }
      if (end > slot->end)
        return;
      self->record++;
    }
}

/* -- Work ---------------------------------------------------------------------------------------------------- */

/* What was published since. The last record tells how much payload belongs to records: there may be more already. */
static gboolean
raise_limit_locked (SktSearchRun *self)
{
  guint64 n_records = skt_journal_get_n_records (self->journal);
  SktRecord record;

  if (n_records <= self->limit_record)
    return FALSE;
  for (guint64 i = n_records; i > self->limit_record; i--)
    if (skt_journal_reader_get_record (self->reader, i - 1, &record))
      {
        self->limit = MAX (self->limit, record.offset + record.length);
        break;
      }
  self->limit_record = n_records;
  return TRUE;
}

static gboolean
take_slot_locked (SktSearchRun *self, Slot **ret_slot)
{
  Slot *slot = &self->slots[self->n_taken % N_SLOTS];

  if (slot->state != SLOT_FREE || self->next >= self->limit)
    return FALSE;
  slot->state = SLOT_TAKEN;
  slot->begin = self->next;
  slot->end = MIN ((self->next / SLOT_SIZE + 1) * SLOT_SIZE, self->limit);
  renew_window_locked (self, slot->begin);
  if (self->window != NULL)
    self->window->n_uses++;
  slot->window = self->window;
  self->next = slot->end;
  self->n_taken++;
  *ret_slot = slot;
  return TRUE;
}

static gboolean
begin_merge_locked (SktSearchRun *self, Slot **ret_slot)
{
  Slot *slot = &self->slots[self->n_merged % N_SLOTS];

  if (self->is_merging || self->n_merged == self->n_taken || slot->state != SLOT_READY)
    return FALSE;
  self->is_merging = TRUE;
  *ret_slot = slot;
  return TRUE;
}

static void
end_merge_locked (SktSearchRun *self)
{
  publish_locked (self);
  self->is_merging = FALSE;
  g_cond_broadcast (&self->cond);
}

static void
settle (SktSearchRun *self)
{
  self->is_merging = TRUE;
  g_mutex_unlock (&self->lock);
  skt_hit_scanner_settle (self->scanner);
  g_mutex_lock (&self->lock);
  end_merge_locked (self);
}

/* One step with the lock held, released while it takes long. FALSE: all is done. */
static gboolean
step_locked (SktSearchRun *self)
{
  Slot *slot;
  Window *window = NULL;

  if (begin_merge_locked (self, &slot))
    {
      g_mutex_unlock (&self->lock);
      merge_slot (self, slot);
      g_mutex_lock (&self->lock);
      window = release_window_locked (&slot->window);
      slot->state = SLOT_FREE;
      self->scanned = slot->end;
      self->n_merged++;
      end_merge_locked (self);
      if (window != NULL)
        {
          g_mutex_unlock (&self->lock);
          window_free (window);
          g_mutex_lock (&self->lock);
        }
    }
  else if (take_slot_locked (self, &slot))
    {
      g_mutex_unlock (&self->lock);
      fill_slot (self, slot);
      g_mutex_lock (&self->lock);
      slot->state = SLOT_READY;
      g_cond_broadcast (&self->cond);
    }
  else if (self->n_merged < self->n_taken || self->is_merging)
    g_cond_wait (&self->cond, &self->lock);
  else if (!raise_limit_locked (self))
    {
      settle (self);
      return FALSE;
    }
  return TRUE;
}

void
skt_search_run_work (SktSearchRun *self)
{
  g_mutex_lock (&self->lock);
  while (g_atomic_int_get (&self->is_cancelled) == 0 && step_locked (self))
    continue;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}

void
skt_search_run_cancel (SktSearchRun *self)
{
  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->is_cancelled, 1);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}

/* -- What is known ------------------------------------------------------------------------------------------- */

gboolean
skt_search_run_has_work (SktSearchRun *self, guint64 *ret_bytes)
{
  guint64 n_records = skt_journal_get_n_records (self->journal);
  guint64 length = skt_journal_get_payload_length (self->journal);
  gboolean has_work;

  g_mutex_lock (&self->lock);
  has_work = g_atomic_int_get (&self->is_cancelled) == 0
             && (n_records > self->limit_record || self->scanned < self->limit);
  if (ret_bytes != NULL)
    *ret_bytes = length > self->scanned ? length - self->scanned : 0;
  g_mutex_unlock (&self->lock);
  return has_work;
}

guint64
skt_search_run_get_n_hits (SktSearchRun *self)
{
  guint64 n;

  g_mutex_lock (&self->lock);
  n = skt_hit_index_get_total (self->index);
  g_mutex_unlock (&self->lock);
  return n;
}

guint64
skt_search_run_get_start (SktSearchRun *self)
{
  return self->start;
}

guint64
skt_search_run_get_scanned (SktSearchRun *self)
{
  guint64 scanned;

  g_mutex_lock (&self->lock);
  scanned = self->scanned;
  g_mutex_unlock (&self->lock);
  return scanned;
}

guint64
skt_search_run_get_count_before (SktSearchRun *self, guint64 offset)
{
  guint64 n;

  g_mutex_lock (&self->lock);
  n = skt_hit_index_get_count_before (self->index, offset / SKT_HIT_BLOCK);
  g_mutex_unlock (&self->lock);
  return n;
}

gboolean
skt_search_run_get_count (SktSearchRun *self, guint64 block, guint32 *ret_count)
{
  gboolean is_known;

  g_mutex_lock (&self->lock);
  is_known = block < self->scanned / SKT_HIT_BLOCK;
  *ret_count = skt_hit_index_get_count (self->index, block);
  g_mutex_unlock (&self->lock);
  return is_known;
}

gboolean
skt_search_run_find_block (SktSearchRun *self, guint64 block, gboolean is_forward, guint64 *ret_block)
{
  guint64 first = self->start / SKT_HIT_BLOCK;
  guint64 length = skt_journal_get_payload_length (self->journal);
  guint64 known;
  gboolean is_found = TRUE;

  if (length <= self->start || (is_forward && block > (length - 1) / SKT_HIT_BLOCK) || (!is_forward && block < first))
    return FALSE;
  block = CLAMP (block, first, (length - 1) / SKT_HIT_BLOCK);

  g_mutex_lock (&self->lock);
  known = self->scanned / SKT_HIT_BLOCK;
  if (block >= known)
    *ret_block = block;
  else
    {
      is_found = skt_hit_index_find_block (self->index, block, is_forward, ret_block);
      if (is_forward && (!is_found || *ret_block > known))
        {
          *ret_block = known;
          is_found = known <= (length - 1) / SKT_HIT_BLOCK;
        }
    }
  g_mutex_unlock (&self->lock);
  return is_found;
}

guint64
skt_search_run_get_straddle (SktSearchRun *self, guint64 stream, guint64 offset)
{
  guint64 end = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->straddles->len; i++)
    {
      const Straddle *straddle = &g_array_index (self->straddles, Straddle, i);

      if (straddle->stream == stream && straddle->offset < offset && straddle->end_offset > offset)
        end = MAX (end, straddle->stream_end);
    }
  g_mutex_unlock (&self->lock);
  return end;
}

/* The bucket in which the offset is, or n. */
static guint
find_bucket (const guint64 *bounds, guint n, guint64 offset)
{
  guint low = 0, high = n;

  if (offset < bounds[0] || offset >= bounds[n])
    return n;
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (bounds[middle] <= offset)
        low = middle;
      else
        high = middle;
    }
  return low;
}

static void
mark_blocks_locked (SktSearchRun *self, const guint64 *bounds, guint n, guint8 *marks)
{
  guint64 block = bounds[0] / SKT_HIT_BLOCK;

  for (guint i = 0; i < n && skt_hit_index_find_block (self->index, block, TRUE, &block);)
    {
      guint64 begin = block * SKT_HIT_BLOCK;

      while (i < n && bounds[i + 1] <= begin)
        i++;
      for (guint k = i; k < n && bounds[k] < begin + SKT_HIT_BLOCK; k++)
        marks[k] = bounds[k + 1] > bounds[k];
      /* On to the next bucket: in one there may be thousands of blocks. */
      block = MAX (block + 1, i < n ? bounds[i + 1] / SKT_HIT_BLOCK : 0);
    }
}

void
skt_search_run_get_marks (SktSearchRun *self, const guint64 *bounds, guint n, guint8 *marks)
{
  g_return_if_fail (bounds != NULL && marks != NULL);

  for (guint i = 0; i < n; i++)
    marks[i] = 0;
  if (n == 0)
    return;
  g_mutex_lock (&self->lock);
  if (self->has_all_places)
    for (guint i = 0; i < self->places->len; i++)
      {
        guint bucket = find_bucket (bounds, n, g_array_index (self->places, guint64, i));

        if (bucket < n)
          marks[bucket] = 1;
      }
  else
    mark_blocks_locked (self, bounds, n, marks);
  g_mutex_unlock (&self->lock);
}

gsize
skt_search_run_get_memory (SktSearchRun *self)
{
  gsize size;

  g_mutex_lock (&self->lock);
  size = skt_hit_index_get_memory (self->index) + self->places->len * sizeof (guint64)
         + self->straddles->len * sizeof (Straddle);
  g_mutex_unlock (&self->lock);
  return size;
}

/* -- Records ------------------------------------------------------------------------------------------------- */

/* The record, or if it is damaged the nearest readable one before, not before `low`. */
static gboolean
get_readable (SktJournalReader *reader, guint64 low, guint64 *index, SktRecord *ret_record)
{
  for (;; --*index)
    {
      if (skt_journal_reader_get_record (reader, *index, ret_record))
        return TRUE;
      if (*index == low)
        return FALSE;
    }
}

gboolean
skt_search_find_record (SktJournalReader *reader, guint64 offset, guint64 *ret_index, SktRecord *ret_record)
{
  SktJournal *journal = skt_journal_reader_get_journal (reader);
  guint64 low = skt_journal_get_first_record (journal);
  guint64 high = skt_journal_get_n_records (journal);
  gboolean is_found = FALSE;

  while (low < high)
    {
      guint64 middle = low + (high - low) / 2;
      guint64 index = middle;
      SktRecord record;

      if (!get_readable (reader, low, &index, &record))
        low = middle + 1;
      else if (record.offset > offset)
        high = index;
      else
        {
          *ret_index = index;
          *ret_record = record;
          is_found = TRUE;
          low = middle + 1;
        }
    }
  return is_found;
}
