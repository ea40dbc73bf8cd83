/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-search.h"

#define MAX_WORKERS 2
/* Less than this is not worth a second worker. */
#define BYTES_FOR_TWO (4 * 1024 * 1024)
#define CHANGED_INTERVAL_MS 50
/* Blocks whose hits are kept. */
#ifndef MAX_KEPT
#define MAX_KEPT 8
#endif

/* Hits of one block, for showing them. */
typedef struct
{
  guint64 block;
  guint64 used_at;
  gboolean is_final;    /* skt_hit_finder_is_final() */
  gboolean is_known;    /* the block was wholly searched then */
  guint32 count;
  guint64 length;       /* of payload, then */
  GArray *pieces;       /* SktHitPiece */
} Kept;

struct _SktSearch
{
  GObject parent_instance;

  /* owned */
  SktSearchRun *run;
  SktJournalReader *reader;
  GCancellable *cancellable;
  GPtrArray *kept;      /* Kept */
  GArray *wanted;       /* guint64: blocks to be listed */
  guint changed_source;

  guint n_workers;
  gboolean is_listing;
  guint64 clock;
};

G_DEFINE_FINAL_TYPE (SktSearch, skt_search, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* -- Telling ------------------------------------------------------------------------------------------------- */

static gboolean
changed_cb (gpointer user_data)
{
  SktSearch *self = user_data;

  if (self->n_workers == 0)
    self->changed_source = 0;
  g_object_ref (self);
  g_signal_emit (self, signals[CHANGED], 0);
  g_object_unref (self);
  return self->n_workers == 0 ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
tell_soon (SktSearch *self)
{
  if (self->changed_source == 0)
    self->changed_source = g_timeout_add (CHANGED_INTERVAL_MS, changed_cb, self);
}

/* -- Counting ------------------------------------------------------------------------------------------------ */

static void
work_in_worker (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  skt_search_run_work (task_data);
  g_task_return_boolean (task, TRUE);
}

static void
worked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SktSearch *self = SKT_SEARCH (object);

  self->n_workers--;
  skt_search_update (self);
  tell_soon (self);
}

static void
start_worker (SktSearch *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, worked_cb, NULL);

  g_task_set_source_tag (task, start_worker);
  g_task_set_task_data (task, skt_search_run_ref (self->run), (GDestroyNotify) skt_search_run_unref);
  self->n_workers++;
  g_task_run_in_thread (task, work_in_worker);
}

void
skt_search_update (SktSearch *self)
{
  guint64 n_bytes;

  g_return_if_fail (SKT_IS_SEARCH (self));

  if (self->n_workers > 0 || !skt_search_run_has_work (self->run, &n_bytes))
    return;
  start_worker (self);
  if (n_bytes >= BYTES_FOR_TWO && MAX_WORKERS > 1)
    start_worker (self);
  tell_soon (self);
}

/* -- One hit ------------------------------------------------------------------------------------------------- */

typedef struct
{
  SktSearchRun *run;
  guint64 offset;
  gboolean is_forward;
  gboolean wraps;
  gboolean has_wrapped;
  SktHit hit;
} Find;

static void
find_free (gpointer data)
{
  Find *find = data;

  skt_search_run_unref (find->run);
  g_free (find);
}

static void
find_in_worker (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Find *find = task_data;
  g_autoptr (SktHitFinder) finder = skt_hit_finder_new (find->run);
  gboolean is_found = skt_hit_finder_find (finder, find->offset, find->is_forward, cancellable, &find->hit);

  if (!is_found && find->wraps)
    {
      guint64 other_end = find->is_forward ? 0 : G_MAXUINT64;

      find->has_wrapped = TRUE;
      is_found = skt_hit_finder_find (finder, other_end, find->is_forward, cancellable, &find->hit);
    }
  if (g_task_return_error_if_cancelled (task))
    return;
  if (is_found)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no match");
}

guint64
skt_search_get_offset (SktSearch *self, SktPosition position)
{
  SktRecord record;

  g_return_val_if_fail (SKT_IS_SEARCH (self), 0);

  if (position.record >= skt_journal_get_n_records (skt_search_run_get_journal (self->run)))
    return skt_journal_get_payload_length (skt_search_run_get_journal (self->run));
  if (!skt_journal_reader_get_record (self->reader, position.record, &record))
    return skt_search_run_get_start (self->run);
  return record.offset + (skt_record_is_data (&record) ? MIN (position.begin, record.length) : 0);
}

void
skt_search_find_async (SktSearch *self,
                       SktPosition from,
                       gboolean is_forward,
                       gboolean wraps,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Find *find;

  g_return_if_fail (SKT_IS_SEARCH (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, skt_search_find_async);
  find = g_new0 (Find, 1);
  find->run = skt_search_run_ref (self->run);
  find->offset = skt_search_get_offset (self, from);
  find->is_forward = is_forward;
  find->wraps = wraps;
  g_task_set_task_data (task, find, find_free);
  g_task_run_in_thread (task, find_in_worker);
}

gboolean
skt_search_find_finish (SktSearch *self,
                        GAsyncResult *result,
                        SktHit *ret_hit,
                        gboolean *ret_has_wrapped,
                        GError **error)
{
  Find *find;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  find = g_task_get_task_data (G_TASK (result));
  *ret_hit = find->hit;
  if (ret_has_wrapped != NULL)
    *ret_has_wrapped = find->has_wrapped;
  return TRUE;
}

guint64
skt_search_get_number (SktSearch *self, const SktHit *hit)
{
  g_return_val_if_fail (SKT_IS_SEARCH (self) && hit != NULL, 0);

  if (hit->offset >= skt_search_run_get_scanned (self->run))
    return 0;
  return skt_search_run_get_count_before (self->run, hit->offset) + hit->index + 1;
}

/* -- All that are in sight ----------------------------------------------------------------------------------- */

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  g_array_unref (kept->pieces);
  g_free (kept);
}

static Kept *
find_kept (SktSearch *self, guint64 block)
{
  for (guint i = 0; i < self->kept->len; i++)
    {
      Kept *kept = self->kept->pdata[i];

      if (kept->block == block)
        return kept;
    }
  return NULL;
}

/* What was found in the block then is all there is now. */
static gboolean
is_true_still (SktSearch *self, const Kept *kept)
{
  guint32 count;
  gboolean is_known = skt_search_run_get_count (self->run, kept->block, &count);

  if (kept->count != count)
    return FALSE;
  return kept->is_final
         || (kept->is_known == is_known
             && kept->length == skt_journal_get_payload_length (skt_search_run_get_journal (self->run)));
}

static void
keep (SktSearch *self, Kept *kept)
{
  Kept *older = find_kept (self, kept->block);
  Kept *oldest = NULL;

  if (older == NULL && self->kept->len >= MAX_KEPT)
    for (guint i = 0; i < self->kept->len; i++)
      {
        Kept *other = self->kept->pdata[i];

        if (oldest == NULL || other->used_at < oldest->used_at)
          oldest = other;
      }
  if (older != NULL || oldest != NULL)
    g_ptr_array_remove_fast (self->kept, older != NULL ? older : oldest);
  kept->used_at = ++self->clock;
  g_ptr_array_add (self->kept, kept);
}

typedef struct
{
  SktSearchRun *run;
  guint n_blocks;
  guint64 blocks[MAX_KEPT];
} Listing;

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  skt_search_run_unref (listing->run);
  g_free (listing);
}

static void
list_in_worker (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Listing *listing = task_data;
  g_autoptr (SktHitFinder) finder = skt_hit_finder_new (listing->run);
  GPtrArray *all = g_ptr_array_new_with_free_func (kept_free);

  for (guint i = 0; i < listing->n_blocks; i++)
    {
      Kept *kept = g_new0 (Kept, 1);

      kept->block = listing->blocks[i];
      kept->pieces = g_array_new (FALSE, FALSE, sizeof (SktHitPiece));
      kept->length = skt_journal_get_payload_length (skt_search_run_get_journal (listing->run));
      kept->is_known = skt_search_run_get_count (listing->run, kept->block, &kept->count);
      g_ptr_array_add (all, kept);
      if (!skt_hit_finder_list (finder, kept->block, cancellable, NULL, kept->pieces))
        break;
      kept->is_final = skt_hit_finder_is_final (finder);
    }
  g_task_return_pointer (task, all, (GDestroyNotify) g_ptr_array_unref);
}

static void start_listing (SktSearch *self);

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SktSearch *self = SKT_SEARCH (object);
  g_autoptr (GPtrArray) all = g_task_propagate_pointer (G_TASK (result), NULL);

  self->is_listing = FALSE;
  if (all == NULL)
    return;
  g_ptr_array_set_free_func (all, NULL);
  for (guint i = 0; i < all->len; i++)
    keep (self, all->pdata[i]);
  start_listing (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
start_listing (SktSearch *self)
{
  g_autoptr (GTask) task = NULL;
  Listing *listing;

  if (self->is_listing || self->wanted->len == 0)
    return;
  listing = g_new0 (Listing, 1);
  listing->run = skt_search_run_ref (self->run);
  listing->n_blocks = MIN (self->wanted->len, MAX_KEPT);
  for (guint i = 0; i < listing->n_blocks; i++)
    listing->blocks[i] = g_array_index (self->wanted, guint64, i);
  g_array_set_size (self->wanted, 0);

  task = g_task_new (self, self->cancellable, listed_cb, NULL);
  g_task_set_source_tag (task, start_listing);
  g_task_set_task_data (task, listing, listing_free);
  self->is_listing = TRUE;
  g_task_run_in_thread (task, list_in_worker);
}

/* Hits of this block, at once if they are kept; stale ones rather than none. */
static void
append_block (SktSearch *self, guint64 block, SktPosition from, SktPosition to, GArray *pieces)
{
  Kept *kept = find_kept (self, block);

  if (kept == NULL || !is_true_still (self, kept))
    g_array_append_val (self->wanted, block);
  if (kept == NULL)
    return;
  kept->used_at = ++self->clock;
  for (guint i = 0; i < kept->pieces->len; i++)
    {
      const SktHitPiece *piece = &g_array_index (kept->pieces, SktHitPiece, i);
      SktPosition begin = { piece->record, piece->begin };
      SktPosition end = { piece->record, piece->begin + piece->length };

      if (skt_position_compare (&end, &from) > 0 && skt_position_compare (&begin, &to) < 0)
        g_array_append_val (pieces, *piece);
    }
}

void
skt_search_get_pieces (SktSearch *self, SktPosition from, SktPosition to, GArray *pieces)
{
  SktPattern *pattern;
  gsize before;
  guint64 begin, end;

  g_return_if_fail (SKT_IS_SEARCH (self) && pieces != NULL);

  g_array_set_size (pieces, 0);
  pattern = skt_search_run_get_pattern (self->run);
  before = skt_pattern_get_kind (pattern) == SKT_PATTERN_REGEX ? SKT_LINE_STEP
                                                               : skt_pattern_get_max_length (pattern) - 1;
  begin = skt_search_get_offset (self, from);
  end = skt_search_get_offset (self, to);
  if (end <= begin)
    return;

  g_array_set_size (self->wanted, 0);
  begin = MAX (skt_search_run_get_start (self->run), begin > before ? begin - before : 0);
  for (guint64 block = begin / SKT_HIT_BLOCK; block <= (end - 1) / SKT_HIT_BLOCK; block++)
    if (block - begin / SKT_HIT_BLOCK < MAX_KEPT)
      append_block (self, block, from, to, pieces);
  start_listing (self);
}

/* -- The rest ------------------------------------------------------------------------------------------------ */

SktPattern *
skt_search_get_pattern (SktSearch *self)
{
  g_return_val_if_fail (SKT_IS_SEARCH (self), NULL);

  return skt_search_run_get_pattern (self->run);
}

SktLayout *
skt_search_get_layout (SktSearch *self)
{
  g_return_val_if_fail (SKT_IS_SEARCH (self), NULL);

  return skt_search_run_get_layout (self->run);
}

guint64
skt_search_get_n_hits (SktSearch *self)
{
  g_return_val_if_fail (SKT_IS_SEARCH (self), 0);

  return skt_search_run_get_n_hits (self->run);
}

gboolean
skt_search_is_done (SktSearch *self)
{
  g_return_val_if_fail (SKT_IS_SEARCH (self), TRUE);

  return self->n_workers == 0 && !skt_search_run_has_work (self->run, NULL);
}

double
skt_search_get_progress (SktSearch *self)
{
  guint64 start, length;

  g_return_val_if_fail (SKT_IS_SEARCH (self), 0);

  if (skt_search_is_done (self))
    return 1;
  start = skt_search_run_get_start (self->run);
  length = skt_journal_get_payload_length (skt_search_run_get_journal (self->run));
  if (length <= start)
    return 0;
  return MIN (1.0, (double) (skt_search_run_get_scanned (self->run) - start) / (length - start));
}

void
skt_search_get_marks (SktSearch *self, const guint64 *bounds, guint n, guint8 *marks)
{
  g_return_if_fail (SKT_IS_SEARCH (self));

  skt_search_run_get_marks (self->run, bounds, n, marks);
}

gsize
skt_search_get_memory (SktSearch *self)
{
  g_return_val_if_fail (SKT_IS_SEARCH (self), 0);

  return skt_search_run_get_memory (self->run);
}

void
skt_search_cancel (SktSearch *self)
{
  g_return_if_fail (SKT_IS_SEARCH (self));

  skt_search_run_cancel (self->run);
  g_cancellable_cancel (self->cancellable);
}

SktSearch *
skt_search_new (SktJournal *journal, SktLayout *layout, SktPattern *pattern)
{
  SktSearch *self;

  g_return_val_if_fail (journal != NULL && layout != NULL && pattern != NULL, NULL);

  self = g_object_new (SKT_TYPE_SEARCH, NULL);
  self->run = skt_search_run_new (journal, layout, pattern);
  self->reader = skt_journal_reader_new (journal);
  skt_search_update (self);
  return self;
}

static void
skt_search_finalize (GObject *object)
{
  SktSearch *self = SKT_SEARCH (object);

  if (self->run != NULL)
    skt_search_run_cancel (self->run);
  g_clear_pointer (&self->run, skt_search_run_unref);
  g_clear_pointer (&self->reader, skt_journal_reader_free);
  g_clear_handle_id (&self->changed_source, g_source_remove);
  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->kept);
  g_array_unref (self->wanted);
  G_OBJECT_CLASS (skt_search_parent_class)->finalize (object);
}

static void
skt_search_class_init (SktSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = skt_search_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
skt_search_init (SktSearch *self)
{
  self->cancellable = g_cancellable_new ();
  self->kept = g_ptr_array_new_with_free_func (kept_free);
  self->wanted = g_array_new (FALSE, FALSE, sizeof (guint64));
}
