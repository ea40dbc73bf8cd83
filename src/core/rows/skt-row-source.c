/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-row-source.h"

#include <string.h>
#include <sys/resource.h>

/* What the main thread does itself before it leaves the rest to a worker. */
#define MAIN_BUDGET_US 1500
#define MAIN_RECORDS 4096
#define MAIN_BYTES (512 * 1024)
/* What a page beyond the index may look at in vain (a sparse filter): records, or KiB that are searched. */
#define LOCAL_SKIP 20000
#define NOTIFY_MS 50
#define WORKER_NICE 10
/* While more than FLOOD_RATE bytes a second come in, the worker takes one part in FLOOD_SHARE of a processor: the end of the journal is
 * shown without the index, and who sends is not held up by it. */
#ifndef FLOOD_RATE
#define FLOOD_RATE (64 * 1024 * 1024)
#endif
#define FLOOD_SHARE 10
#define FLOOD_WAIT_MS 250

/* How much there was when. */
typedef struct
{
  gint64 time; /* us, monotonic */
  guint64 length; /* of the journal, bytes */
} Sample;

/* One run of the worker; shared with it, the rest of the source is not. */
typedef struct
{
  gatomicrefcount ref_count;
  SktJournal *journal;
  SktRowIndex *index;
  GMainContext *context;
  GMutex lock;
  GCond stopped;
  Sample turn_before;
  gint stop;           /* atomic; set under the lock */
  gint is_done;        /* atomic */
  gint is_notifying;   /* atomic */
  GWeakRef source;
} Work;

struct _SktRowSource
{
  GObject parent_instance;

  /* owned */
  SktJournal *journal;
  SktLayout *layout;
  SktRowIndex *index;
  SktJournalReader *reader;
  SktRowScanner *local; /* for pages beyond the index */
  Work *work;           /* while a worker runs */
  Sample last_work;     /* when it began */
  guint64 n_rows_told;
  guint64 limit;
};

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SktRowSource, skt_row_source, G_TYPE_OBJECT)

static guint64
get_n_records (SktRowSource *self)
{
  return MIN (self->limit, skt_journal_get_n_records (self->journal));
}

static void
work_unref (Work *work)
{
  if (!g_atomic_ref_count_dec (&work->ref_count))
    return;
  skt_row_index_unref (work->index);
  skt_journal_unref (work->journal);
  g_main_context_unref (work->context);
  g_weak_ref_clear (&work->source);
  g_mutex_clear (&work->lock);
  g_cond_clear (&work->stopped);
  g_free (work);
}

static void
emit_changed (SktRowSource *self)
{
  guint64 n_rows = skt_row_source_get_n_rows (self);
  if (n_rows == self->n_rows_told)
    return;
  self->n_rows_told = n_rows;
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
work_notify_cb (gpointer user_data)
{
  Work *work = user_data;
  g_autoptr (SktRowSource) self = g_weak_ref_get (&work->source);

  g_atomic_int_set (&work->is_notifying, 0);
  if (self == NULL || self->work != work)
    return G_SOURCE_REMOVE;
  if (g_atomic_int_get (&work->is_done))
    {
      g_clear_pointer (&self->work, work_unref);
      /* What was published after the worker looked. */
      skt_row_source_update (self);
    }
  emit_changed (self);
  return G_SOURCE_REMOVE;
}

static void
work_notify_in_worker (Work *work)
{
  g_autoptr (GSource) source = NULL;

  if (!g_atomic_int_compare_and_exchange (&work->is_notifying, 0, 1))
    return;
  g_atomic_ref_count_inc (&work->ref_count);
  source = g_idle_source_new ();
  g_source_set_callback (source, work_notify_cb, work, (GDestroyNotify) work_unref);
  g_source_attach (source, work->context);
}

static Sample
take_sample (SktJournal *journal)
{
  return (Sample){ g_get_monotonic_time (), skt_journal_get_payload_length (journal) };
}

static gboolean
is_flood (const Sample *before, const Sample *after)
{
  return (after->length - before->length) * G_USEC_PER_SEC / MAX (after->time - before->time, 1) >= FLOOD_RATE;
}

/* Waits as long as is due after a turn that began then, unless it is stopped. */
static void
give_way_in_worker (Work *work, const Sample *begin)
{
  Sample now = take_sample (work->journal);
  gint64 end = now.time + MIN ((now.time - begin->time) * (FLOOD_SHARE - 1), FLOOD_WAIT_MS * G_TIME_SPAN_MILLISECOND);

  if (!is_flood (&work->turn_before, &now))
    return;
  g_mutex_lock (&work->lock);
  while (!g_atomic_int_get (&work->stop) && g_cond_wait_until (&work->stopped, &work->lock, end))
    ;
  g_mutex_unlock (&work->lock);
}

static void
work_run_in_worker (gpointer data, gpointer user_data)
{
  Work *work = data;
  gboolean done = FALSE;

  /* 0: this thread */
  setpriority (PRIO_PROCESS, 0, WORKER_NICE);
  while (!done && !g_atomic_int_get (&work->stop))
    {
      Sample begin = take_sample (work->journal);

      done = skt_row_index_extend (work->index, begin.time + NOTIFY_MS * G_TIME_SPAN_MILLISECOND, &work->stop);
      give_way_in_worker (work, &begin);
      work->turn_before = begin;
      g_atomic_int_set (&work->is_done, done);
      work_notify_in_worker (work);
    }
  work_unref (work);
}

/* Two threads for all sources: indexing is bound by memory, and never more than that should be taken from the rest. They are the pool's
 * own, because they stay nice: receiving and drawing come first. */
static GThreadPool *
get_pool (void)
{
  static GThreadPool *pool;
  static gsize once;
  if (g_once_init_enter (&once))
    {
      pool = g_thread_pool_new (work_run_in_worker, NULL, 2, TRUE, NULL);
      g_once_init_leave (&once, 1);
    }
  return pool;
}

static void
start_work (SktRowSource *self)
{
  Work *work = g_new0 (Work, 1);

  g_atomic_ref_count_init (&work->ref_count);
  g_mutex_init (&work->lock);
  g_cond_init (&work->stopped);
  work->journal = skt_journal_ref (self->journal);
  work->index = skt_row_index_ref (self->index);
  work->context = g_main_context_ref_thread_default ();
  g_weak_ref_init (&work->source, self);
  work->turn_before = self->last_work;
  self->last_work = take_sample (self->journal);
  self->work = work;
  g_atomic_ref_count_inc (&work->ref_count);
  g_thread_pool_push (get_pool (), work, NULL);
}

static void
stop_work (SktRowSource *self)
{
  if (self->work == NULL)
    return;
  g_mutex_lock (&self->work->lock);
  g_atomic_int_set (&self->work->stop, 1);
  g_cond_signal (&self->work->stopped);
  g_mutex_unlock (&self->work->lock);
  g_clear_pointer (&self->work, work_unref);
}

static void
skt_row_source_dispose (GObject *object)
{
  SktRowSource *self = SKT_ROW_SOURCE (object);

  stop_work (self);
  g_clear_pointer (&self->local, skt_row_scanner_free);
  g_clear_pointer (&self->index, skt_row_index_unref);
  g_clear_pointer (&self->layout, skt_layout_unref);
  g_clear_pointer (&self->reader, skt_journal_reader_free);
  g_clear_pointer (&self->journal, skt_journal_unref);

  G_OBJECT_CLASS (skt_row_source_parent_class)->dispose (object);
}

static void
skt_row_source_class_init (SktRowSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = skt_row_source_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
skt_row_source_init (SktRowSource *self)
{
  self->limit = G_MAXUINT64;
}

SktRowSource *
skt_row_source_new (SktJournal *journal, SktLayout *layout)
{
  SktRowSource *self = g_object_new (SKT_TYPE_ROW_SOURCE, NULL);
  self->journal = skt_journal_ref (journal);
  self->reader = skt_journal_reader_new (journal);
  skt_row_source_set_layout (self, layout);
  return self;
}

void
skt_row_source_set_layout (SktRowSource *self, SktLayout *layout)
{
  skt_layout_ref (layout);
  stop_work (self);
  g_clear_pointer (&self->local, skt_row_scanner_free);
  g_clear_pointer (&self->index, skt_row_index_unref);
  g_clear_pointer (&self->layout, skt_layout_unref);
  self->layout = layout;
  self->index = skt_row_index_new (self->journal, layout);
  skt_row_index_set_limit (self->index, self->limit);
  self->local = skt_row_scanner_new (self->journal, layout);
  skt_row_scanner_set_skip_limit (self->local, LOCAL_SKIP);
  self->n_rows_told = G_MAXUINT64;
  skt_row_source_update (self);
}

void
skt_row_source_set_limit (SktRowSource *self, guint64 limit)
{
  self->limit = limit;
  skt_row_index_set_limit (self->index, limit);
  skt_row_source_update (self);
}

/* Records and, where rows depend on them, bytes that are published and not indexed. */
static void
get_rest (SktRowSource *self, guint64 *ret_records, guint64 *ret_bytes)
{
  guint64 seen = skt_row_index_get_n_seen (self->index), n = get_n_records (self);
  guint64 published = skt_journal_get_payload_length (self->journal);
  SktRecord record;

  *ret_records = n > seen ? n - seen : 0;
  *ret_bytes = 0;
  if (*ret_records > 0 && skt_journal_reader_get_record (self->reader, seen, &record))
    *ret_bytes = published - MIN (record.offset, published);
}

void
skt_row_source_update (SktRowSource *self)
{
  guint64 records, bytes;

  if (self->work == NULL)
    {
      get_rest (self, &records, &bytes);
      if (records > 0 &&
          (records > MAIN_RECORDS || bytes > MAIN_BYTES ||
           !skt_row_index_extend (self->index, g_get_monotonic_time () + MAIN_BUDGET_US, NULL)))
        start_work (self);
    }
  emit_changed (self);
}

void
skt_row_source_finish (SktRowSource *self)
{
  stop_work (self);
  while (!skt_row_index_extend (self->index, G_MAXINT64, NULL))
    ;
  emit_changed (self);
}

gboolean
skt_row_source_is_exact (SktRowSource *self)
{
  return skt_row_index_get_n_seen (self->index) >= get_n_records (self);
}

/* How many rows a record beyond the index has, on average: as those before, or, knowing nothing, one for each row's worth of bytes. */
static double
get_rows_per_record (SktRowSource *self, guint64 n_seen)
{
  guint64 seen = n_seen - MIN (n_seen, skt_row_index_get_first_record (self->index));
  guint64 n_rows = skt_row_index_get_n_rows (self->index);

  if (seen > 0 && n_rows > 0)
    return (double) n_rows / seen;
  return MAX (1.0, (double) skt_journal_get_payload_length (self->journal) /
                     MAX (1, get_n_records (self)) / 64);
}

guint64
skt_row_source_get_n_rows (SktRowSource *self)
{
  guint64 n_rows = skt_row_index_get_n_rows (self->index);
  guint64 seen = skt_row_index_get_n_seen (self->index), n = get_n_records (self);

  if (seen >= n)
    return n_rows;
  return n_rows + (guint64) ((n - seen) * get_rows_per_record (self, seen));
}

guint64
skt_row_source_to_row_number (SktRowSource *self, SktPosition position)
{
  guint64 row, seen, n = get_n_records (self);

  if (skt_row_index_find (self->index, position, &row))
    return row;
  seen = skt_row_index_get_n_seen (self->index);
  row = skt_row_index_get_n_rows (self->index);
  if (seen >= n || position.record < seen)
    return row;
  return row + (guint64) ((MIN (position.record, n) - seen) * get_rows_per_record (self, seen));
}

SktPosition
skt_row_source_from_row_number (SktRowSource *self, guint64 number)
{
  SktRow row;
  guint64 n_rows = skt_row_index_get_n_rows (self->index);
  guint64 seen = skt_row_index_get_n_seen (self->index), n = get_n_records (self);

  if (skt_row_index_get_rows (self->index, number, 1, &row) == 1)
    return (SktPosition){ row.record, row.begin };
  if (seen >= n || number <= n_rows)
    return skt_row_index_get_end (self->index);
  seen += (guint64) ((number - n_rows) / get_rows_per_record (self, seen));
  return (SktPosition){ MIN (seen, n - 1), 0 };
}

/* Rows from a position beyond the index, walked from a row near its record. */
static guint
get_rows_locally (SktRowSource *self, SktPosition from, guint n, SktRow *ret_rows)
{
  guint done = 0;
  SktRow row;

  skt_row_scanner_set_end (self->local, self->limit);
  skt_row_scanner_seek_guess (self->local, from.record);
  while (done < n && skt_row_scanner_next (self->local, &row))
    {
      if (!skt_row_is_before (&row, from))
        ret_rows[done++] = row;
      if (row.is_open)
        break;
    }
  return done;
}

guint
skt_row_source_get_rows (SktRowSource *self, SktPosition from, guint n, SktRow *ret_rows)
{
  guint64 number;
  guint done = 0;

  if (skt_row_index_find (self->index, from, &number))
    {
      done = skt_row_index_get_rows (self->index, number, n, ret_rows);
      /* An open row may have become longer than the index knows. */
      if (done > 0 && ret_rows[done - 1].is_open && !skt_row_source_is_exact (self))
        {
          done--;
          from = (SktPosition){ ret_rows[done].record, ret_rows[done].begin };
        }
      else if (done > 0)
        {
          from = ret_rows[done - 1].end;
          if (ret_rows[done - 1].is_last)
            from = (SktPosition){ from.record + 1, 0 };
        }
    }
  if (done < n && !skt_row_source_is_exact (self))
    done += get_rows_locally (self, from, n - done, ret_rows + done);
  return done;
}

/* The last n rows of those before `before` (whose record may have some), among records from `first` on, in a ring. */
static guint
get_last_rows_locally (SktRowSource *self, guint64 first, SktPosition before, guint n, SktRow *ret_rows)
{
  g_autofree SktRow *ring = g_new (SktRow, n);
  guint64 count = 0;
  guint have;
  SktRow row;

  /* Its record too: a row may begin before it and go on there. */
  skt_row_scanner_set_end (self->local, MIN (self->limit, before.record + 1));
  skt_row_scanner_seek_guess (self->local, first);
  while (skt_row_scanner_next (self->local, &row))
    {
      if (!skt_row_is_before (&row, before))
        break;
      ring[count++ % n] = row;
      if (row.is_open)
        break;
    }
  have = MIN (count, n);
  for (guint i = 0; i < have; i++)
    ret_rows[i] = ring[(count - have + i) % n];
  return have;
}

/* Goes back record by record until there are enough rows; a record is 256 KiB at most, so this ends soon unless a
 * filter shows almost nothing. */
static guint
get_rows_before_locally (SktRowSource *self, SktPosition before, guint n, SktRow *ret_rows)
{
  guint64 floor = skt_journal_get_first_record (self->journal);
  guint64 step = 1, first = before.begin > 0 ? before.record : before.record - MIN (1, before.record - floor);
  guint have = 0;

  for (;;)
    {
      have = get_last_rows_locally (self, first, before, n, ret_rows);
      /* Cut: from further back it would not even come here. */
      if (have >= n || first <= floor || before.record - first > LOCAL_SKIP || skt_row_scanner_was_cut (self->local))
        return have;
      step *= 2;
      first = first - floor > step ? first - step : floor;
    }
}

guint
skt_row_source_get_rows_before (SktRowSource *self, SktPosition before, guint n, SktRow *ret_rows)
{
  guint64 number, n_records = get_n_records (self);
  guint have;

  if (n == 0)
    return 0;
  if (before.record >= n_records)
    before = (SktPosition){ n_records, 0 };

  if (skt_row_index_find (self->index, before, &number))
    ;
  else if (skt_row_source_is_exact (self))
    number = skt_row_index_get_n_rows (self->index);
  else
    return get_rows_before_locally (self, before, n, ret_rows);

  have = MIN (number, n);
  return skt_row_index_get_rows (self->index, number - have, have, ret_rows);
}
