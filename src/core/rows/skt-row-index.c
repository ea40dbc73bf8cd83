/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-row-index.h"

#include <string.h>

/* A new checkpoint when one of these is reached. Overridden by the tests' second build. */
#ifndef BLOCK_BYTES
#define BLOCK_BYTES (64 * 1024)
#endif
#ifndef BLOCK_RECORDS
#define BLOCK_RECORDS 2048 /* shown */
#endif
#ifndef BLOCK_SCANNED
#define BLOCK_SCANNED 16384 /* not shown: see skt_row_scanner_take_looked() */
#endif
#ifndef SLICE_ROWS
#define SLICE_ROWS 2048
#endif
#define N_PAGES 4

/* A checkpoint. Its states are [state_first, state_first of the next block). */
typedef struct
{
  guint64 first_row;
  guint64 record;
  guint64 last_record; /* where the row before begins */
  guint32 begin;
  guint32 state_first;
} Block;

typedef struct
{
  guint64 stream;
  SktStreamState state;
} KnownState;

/* The rows of one block, walked. */
typedef struct
{
  guint64 block; /* G_MAXUINT64: empty */
  guint64 used;
  GArray *rows; /* SktRow */
} Page;

/* How far it has come. */
typedef struct
{
  guint64 n_rows;       /* without the open one */
  guint64 n_seen;       /* records that are taken into account */
  SktPosition position; /* the builder's */
  SktRow open_row;      /* the last, if is_open */
} Known;

struct _SktRowIndex
{
  gatomicrefcount ref_count;
  SktJournal *journal; /* owned */

  guint64 first_record;

  /* Who builds holds this for a slice. It takes the other lock only to make known what was built, so that who draws never waits for
   * a thread that has less of a claim to the processor. */
  GMutex build_lock;
  SktRowScanner *builder; /* at the end of what is known */
  Known built;
  GArray *new_blocks; /* Block */
  GArray *new_states; /* KnownState */
  guint64 block_bytes; /* of the last block */
  guint64 block_records;
  guint64 block_looked;
  guint64 limit;

  GMutex lock;
  /* under the lock; changed with the build lock held too */
  GArray *blocks; /* Block */
  GArray *states; /* KnownState */
  Known known;
  /* under the lock */
  SktRowScanner *walker; /* for pages */
  Page pages[N_PAGES];
  guint64 clock;
};

/* With the build lock held, as what follows up to publish(). */
static void
start_block (SktRowIndex *self, SktPosition position)
{
  Block block = {
    .first_row = self->built.n_rows,
    .record = position.record,
    .last_record = skt_row_scanner_get_last_record (self->builder),
    .begin = position.begin,
    .state_first = self->states->len + self->new_states->len,
  };
  g_array_append_val (self->new_blocks, block);
  self->block_bytes = 0;
  self->block_records = 0;
  self->block_looked = 0;
}

static void
builder_state_cb (guint64 stream, const SktStreamState *state, gpointer user_data)
{
  SktRowIndex *self = user_data;
  KnownState known = { stream, *state };
  g_array_append_val (self->new_states, known);
}

/* Copies what was built to where it is read. */
static void
publish (SktRowIndex *self)
{
  self->built.position = skt_row_scanner_get_position (self->builder);
  g_mutex_lock (&self->lock);
  g_array_append_vals (self->blocks, self->new_blocks->data, self->new_blocks->len);
  g_array_append_vals (self->states, self->new_states->data, self->new_states->len);
  self->known = self->built;
  g_mutex_unlock (&self->lock);
  g_array_set_size (self->new_blocks, 0);
  g_array_set_size (self->new_states, 0);
}

SktRowIndex *
skt_row_index_new (SktJournal *journal, SktLayout *layout)
{
  SktRowIndex *self = g_new0 (SktRowIndex, 1);
  SktPosition start = { skt_journal_get_first_record (journal), 0 };

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->build_lock);
  g_mutex_init (&self->lock);
  self->journal = skt_journal_ref (journal);
  self->limit = G_MAXUINT64;
  self->blocks = g_array_new (FALSE, FALSE, sizeof (Block));
  self->states = g_array_new (FALSE, FALSE, sizeof (KnownState));
  self->new_blocks = g_array_new (FALSE, FALSE, sizeof (Block));
  self->new_states = g_array_new (FALSE, FALSE, sizeof (KnownState));
  self->builder = skt_row_scanner_new (journal, layout);
  self->walker = skt_row_scanner_new (journal, layout);
  self->first_record = start.record;
  /* After a clear the streams have a past that is not walked. */
  if (start.record == 0)
    skt_row_scanner_seek (self->builder, start, G_MAXUINT64);
  else
    skt_row_scanner_seek_guess (self->builder, start.record);
  skt_row_scanner_set_skip_limit (self->builder, BLOCK_SCANNED);
  for (guint i = 0; i < N_PAGES; i++)
    {
      self->pages[i].block = G_MAXUINT64;
      self->pages[i].rows = g_array_new (FALSE, FALSE, sizeof (SktRow));
    }
  /* A new epoch before the first block, so that even a guessed state is noted there. */
  skt_row_scanner_begin_epoch (self->builder, builder_state_cb, self);
  start_block (self, skt_row_scanner_get_position (self->builder));
  self->built.n_seen = start.record;
  publish (self);
  return self;
}

SktRowIndex *
skt_row_index_ref (SktRowIndex *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
skt_row_index_unref (SktRowIndex *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (guint i = 0; i < N_PAGES; i++)
    g_array_unref (self->pages[i].rows);
  skt_row_scanner_free (self->builder);
  skt_row_scanner_free (self->walker);
  g_array_unref (self->blocks);
  g_array_unref (self->states);
  g_array_unref (self->new_blocks);
  g_array_unref (self->new_states);
  skt_journal_unref (self->journal);
  g_mutex_clear (&self->build_lock);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
is_at_block_start (SktRowIndex *self)
{
  GArray *blocks = self->new_blocks->len > 0 ? self->new_blocks : self->blocks;
  const Block *last = &g_array_index (blocks, Block, blocks->len - 1);
  SktPosition position = skt_row_scanner_get_position (self->builder);

  return last->record == position.record && last->begin == position.begin;
}

/* Rows that need not be looked at, up to the end of the block. */
static guint
skip_lines (SktRowIndex *self, guint max_rows)
{
  guint32 begin = skt_row_scanner_get_position (self->builder).begin;
  guint n = skt_row_scanner_skip_lines (self->builder, max_rows, BLOCK_BYTES - self->block_bytes);

  self->built.n_rows += n;
  self->block_bytes += skt_row_scanner_get_position (self->builder).begin - begin;
  if (n > 0)
    self->built.open_row.is_open = FALSE;
  return n;
}

/* At most a slice. TRUE at the end of what is published. */
static gboolean
build_slice (SktRowIndex *self)
{
  guint64 n = MIN (self->limit, skt_journal_get_n_records (self->journal));
  Known *built = &self->built;
  guint64 looked = 0;

  /* With a sparse filter a slice is done when so much was looked at: its lock must not be held for long. */
  for (guint i = 0, n_skipped; i < SLICE_ROWS && looked < BLOCK_SCANNED; i += MAX (n_skipped, 1))
    {
      SktRow row;
      gboolean has_row;
      guint64 n_looked;

      if (self->block_bytes >= BLOCK_BYTES || self->block_records >= BLOCK_RECORDS ||
          (self->block_looked >= BLOCK_SCANNED && !is_at_block_start (self)))
        {
          /* The block first: what the epoch's beginning tells is its. */
          start_block (self, skt_row_scanner_get_position (self->builder));
          skt_row_scanner_begin_epoch (self->builder, builder_state_cb, self);
        }
      n_skipped = skip_lines (self, SLICE_ROWS - i);
      if (n_skipped > 0)
        continue;
      has_row = skt_row_scanner_next (self->builder, &row);
      n_looked = skt_row_scanner_take_looked (self->builder);
      self->block_looked += n_looked;
      looked += n_looked;
      built->open_row.is_open = FALSE;
      if (!has_row || row.is_open)
        {
          if (has_row)
            built->open_row = row;
          if (!skt_row_scanner_was_cut (self->builder))
            {
              built->n_seen = n;
              return TRUE;
            }
          return FALSE;
        }
      built->n_rows++;
      self->block_bytes += row.length;
      self->block_records += row.is_last;
    }
  built->n_seen = MAX (built->n_seen, skt_row_scanner_get_position (self->builder).record);
  return FALSE;
}

void
skt_row_index_set_limit (SktRowIndex *self, guint64 limit)
{
  g_mutex_lock (&self->build_lock);
  self->limit = limit;
  skt_row_scanner_set_end (self->builder, limit);
  g_mutex_unlock (&self->build_lock);
}

gboolean
skt_row_index_extend (SktRowIndex *self, gint64 deadline, const gint *stop)
{
  for (;;)
    {
      gboolean done;

      g_mutex_lock (&self->build_lock);
      done = build_slice (self);
      publish (self);
      g_mutex_unlock (&self->build_lock);
      if (done)
        return TRUE;
      if (g_get_monotonic_time () >= deadline || (stop != NULL && g_atomic_int_get (stop) != 0))
        return FALSE;
    }
}

static guint64
get_n_rows_locked (SktRowIndex *self)
{
  return self->known.n_rows + self->known.open_row.is_open;
}

guint64
skt_row_index_get_n_rows (SktRowIndex *self)
{
  g_mutex_lock (&self->lock);
  guint64 n_rows = get_n_rows_locked (self);
  g_mutex_unlock (&self->lock);
  return n_rows;
}

guint64
skt_row_index_get_n_seen (SktRowIndex *self)
{
  g_mutex_lock (&self->lock);
  guint64 n_seen = self->known.n_seen;
  g_mutex_unlock (&self->lock);
  return n_seen;
}

SktPosition
skt_row_index_get_end (SktRowIndex *self)
{
  g_mutex_lock (&self->lock);
  SktPosition end = self->known.open_row.is_open ? self->known.open_row.end : self->known.position;
  g_mutex_unlock (&self->lock);
  return end;
}

guint64
skt_row_index_get_first_record (SktRowIndex *self)
{
  return self->first_record;
}

static guint64
block_end_row_locked (SktRowIndex *self, guint64 block)
{
  return block + 1 < self->blocks->len ? g_array_index (self->blocks, Block, block + 1).first_row : self->known.n_rows;
}

static void
walk_block_locked (SktRowIndex *self, Page *page, guint64 number)
{
  const Block *block = &g_array_index (self->blocks, Block, number);
  guint32 state_end = number + 1 < self->blocks->len ? g_array_index (self->blocks, Block, number + 1).state_first
                                                     : self->states->len;
  guint64 wanted = block_end_row_locked (self, number) - block->first_row;
  SktRow row;

  skt_row_scanner_seek (self->walker, (SktPosition){ block->record, block->begin }, block->last_record);
  for (guint32 i = block->state_first; i < state_end; i++)
    {
      const KnownState *known = &g_array_index (self->states, KnownState, i);
      skt_row_scanner_set_state (self->walker, known->stream, &known->state);
    }
  g_array_set_size (page->rows, 0);
  while (page->rows->len < wanted && skt_row_scanner_next (self->walker, &row) && !row.is_open)
    g_array_append_val (page->rows, row);
  page->block = number;
}

/* The rows of a block, from the few pages that are kept. Borrowed until the next call. */
static GArray *
get_page_locked (SktRowIndex *self, guint64 number)
{
  Page *page = &self->pages[0];

  for (guint i = 0; i < N_PAGES; i++)
    {
      Page *other = &self->pages[i];
      if (other->block == number)
        {
          page = other;
          break;
        }
      if (other->used < page->used)
        page = other;
    }
  /* Rows never change; but a page that was walked while its block was the last may be short. */
  if (page->block != number ||
      page->rows->len < block_end_row_locked (self, number) - g_array_index (self->blocks, Block, number).first_row)
    walk_block_locked (self, page, number);
  page->used = ++self->clock;
  return page->rows;
}

/* The last block whose first row is not after `row`. */
static guint64
find_block_by_row_locked (SktRowIndex *self, guint64 row)
{
  guint64 low = 0, high = self->blocks->len;

  while (high - low > 1)
    {
      guint64 middle = low + (high - low) / 2;
      if (g_array_index (self->blocks, Block, middle).first_row <= row)
        low = middle;
      else
        high = middle;
    }
  return low;
}

static guint64
find_block_by_position_locked (SktRowIndex *self, SktPosition position)
{
  guint64 low = 0, high = self->blocks->len;

  while (high - low > 1)
    {
      guint64 middle = low + (high - low) / 2;
      const Block *block = &g_array_index (self->blocks, Block, middle);
      SktPosition start = { block->record, block->begin };
      if (skt_position_compare (&start, &position) <= 0)
        low = middle;
      else
        high = middle;
    }
  return low;
}

guint
skt_row_index_get_rows (SktRowIndex *self, guint64 row, guint n, SktRow *ret_rows)
{
  guint done = 0;

  g_mutex_lock (&self->lock);
  if (row < self->known.n_rows)
    for (guint64 number = find_block_by_row_locked (self, row); done < n && number < self->blocks->len; number++)
      {
        guint64 first = g_array_index (self->blocks, Block, number).first_row;
        GArray *rows;

        if (block_end_row_locked (self, number) <= row + done)
          continue;
        rows = get_page_locked (self, number);
        for (guint64 i = row + done - first; i < rows->len && done < n; i++)
          ret_rows[done++] = g_array_index (rows, SktRow, i);
        /* A damaged journal gives fewer rows than were counted. */
        if (row + done < block_end_row_locked (self, number))
          break;
      }
  if (done < n && self->known.open_row.is_open && row + done == self->known.n_rows)
    ret_rows[done++] = self->known.open_row;
  g_mutex_unlock (&self->lock);
  return done;
}

/* The first row in the page that ends after the position: an event, or a row with a byte at or after it. */
static gboolean
find_in_rows (GArray *rows, SktPosition position, guint *ret_index)
{
  guint low = 0, high = rows->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const SktRow *row = &g_array_index (rows, SktRow, middle);
      if (skt_row_is_before (row, position))
        low = middle + 1;
      else
        high = middle;
    }
  *ret_index = low;
  return low < rows->len;
}

gboolean
skt_row_index_find (SktRowIndex *self, SktPosition position, guint64 *ret_row)
{
  gboolean found = FALSE;
  SktPosition end;

  g_mutex_lock (&self->lock);
  /* With an open row this is where that begins. */
  end = self->known.position;
  if (skt_position_compare (&position, &end) < 0)
    {
      guint64 number = find_block_by_position_locked (self, position);
      GArray *rows = get_page_locked (self, number);
      guint i;

      found = TRUE;
      if (find_in_rows (rows, position, &i))
        *ret_row = g_array_index (self->blocks, Block, number).first_row + i;
      else
        *ret_row = block_end_row_locked (self, number); /* not shown, and the last of its block */
    }
  else if (self->known.open_row.is_open && !skt_row_is_before (&self->known.open_row, position))
    {
      found = TRUE;
      *ret_row = self->known.n_rows;
    }
  g_mutex_unlock (&self->lock);
  return found;
}

gsize
skt_row_index_get_memory (SktRowIndex *self)
{
  gsize size = sizeof *self;

  g_mutex_lock (&self->lock);
  size += self->blocks->len * sizeof (Block) + self->states->len * sizeof (KnownState);
  for (guint i = 0; i < N_PAGES; i++)
    size += self->pages[i].rows->len * sizeof (SktRow);
  g_mutex_unlock (&self->lock);
  return size;
}

void
skt_row_index_check (SktRowIndex *self)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i + 1 < self->blocks->len; i++)
    {
      const Block *a = &g_array_index (self->blocks, Block, i), *b = a + 1;
      SktPosition pa = { a->record, a->begin }, pb = { b->record, b->begin };
      g_assert_cmpuint (a->first_row, <=, b->first_row);
      g_assert_cmpint (skt_position_compare (&pa, &pb), <, 0);
      g_assert_cmpuint (a->state_first, <=, b->state_first);
      g_assert_cmpuint (b->first_row, <=, self->known.n_rows);
    }
  g_mutex_unlock (&self->lock);
}
