/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-digest.h"

#include <math.h>
#include <string.h>

#include "skt-byte-walk-private.h"

#ifndef DIGEST_BLOCK
#define DIGEST_BLOCK (64 * 1024) /* stays in the cache while each of the checksums goes over it */
#endif
#define NOW_BYTES (32 * 1024)
#define NOW_RECORDS 1024
#define PROGRESS_INTERVAL (G_TIME_SPAN_SECOND / 10)

/* -- Counting ------------------------------------------------------------------------------------------------ */

/* Four tables, as increments of one place wait for each other. */
typedef struct
{
  guint64 n[4][256];
} Counts;

static void
count (Counts *self, const guint8 *bytes, gsize length)
{
  gsize i = 0;

  for (; i + 4 <= length; i += 4)
    {
      self->n[0][bytes[i]]++;
      self->n[1][bytes[i + 1]]++;
      self->n[2][bytes[i + 2]]++;
      self->n[3][bytes[i + 3]]++;
    }
  for (; i < length; i++)
    self->n[0][bytes[i]]++;
}

static void
summarize (const Counts *counts, SktDigest *digest)
{
  *digest = (SktDigest){ 0 };
  for (guint byte = 0; byte < 256; byte++)
    {
      guint64 n = counts->n[0][byte] + counts->n[1][byte] + counts->n[2][byte] + counts->n[3][byte];

      digest->length += n;
      digest->sum += n * byte;
      digest->n_distinct += n > 0;
      if (n % 2 == 1)
        digest->xor ^= byte;
    }
  for (guint byte = 0; byte < 256; byte++)
    {
      double n = counts->n[0][byte] + counts->n[1][byte] + counts->n[2][byte] + counts->n[3][byte];

      if (n > 0)
        digest->entropy -= n / digest->length * log2 (n / digest->length);
    }
  /* Not -0 for bytes that are all the same. */
  digest->entropy = MAX (digest->entropy, 0);
}

/* -- Checksums ----------------------------------------------------------------------------------------------- */

typedef struct
{
  SktChecksumState states[SKT_N_CHECKSUMS];
  GChecksum *md5, *sha1, *sha256;
} Sums;

static void
sums_init (Sums *self)
{
  for (guint i = 0; i < SKT_N_CHECKSUMS; i++)
    skt_checksum_init (&self->states[i], i);
  self->md5 = g_checksum_new (G_CHECKSUM_MD5);
  self->sha1 = g_checksum_new (G_CHECKSUM_SHA1);
  self->sha256 = g_checksum_new (G_CHECKSUM_SHA256);
}

static void
sums_update (Sums *self, const guint8 *bytes, gsize length)
{
  /* Those before are known from the counts. */
  for (guint i = SKT_CHECKSUM_LRC + 1; i < SKT_N_CHECKSUMS; i++)
    skt_checksum_update (&self->states[i], bytes, length);
  g_checksum_update (self->md5, bytes, length);
  g_checksum_update (self->sha1, bytes, length);
  g_checksum_update (self->sha256, bytes, length);
}

static void
sums_finish (Sums *self, SktDigest *digest)
{
  for (guint i = 0; i < SKT_N_CHECKSUMS; i++)
    digest->checksums[i] = skt_checksum_get_value (&self->states[i]);
  digest->checksums[SKT_CHECKSUM_SUM_8] = digest->sum & 0xFF;
  digest->checksums[SKT_CHECKSUM_XOR_8] = digest->xor;
  digest->checksums[SKT_CHECKSUM_LRC] = -digest->sum & 0xFF;
  g_strlcpy (digest->md5, g_checksum_get_string (self->md5), sizeof digest->md5);
  g_strlcpy (digest->sha1, g_checksum_get_string (self->sha1), sizeof digest->sha1);
  g_strlcpy (digest->sha256, g_checksum_get_string (self->sha256), sizeof digest->sha256);
  digest->is_complete = TRUE;
}

static void
sums_clear (Sums *self)
{
  g_clear_pointer (&self->md5, g_checksum_free);
  g_clear_pointer (&self->sha1, g_checksum_free);
  g_clear_pointer (&self->sha256, g_checksum_free);
}

/* -- The task ------------------------------------------------------------------------------------------------ */

/* Told by the worker, called by a source in the caller's context, of which at most one waits. */
typedef struct
{
  gatomicrefcount ref_count;
  SktDigestProgressFunc func;
  gpointer data;
  GMainContext *context;
  int priority;

  GMutex lock;
  SktDigest digest; /* these four: with the lock */
  gboolean has_digest, is_waiting;
  guint64 done, total;

  gint64 last_time; /* the worker's */
} Progress;

typedef struct
{
  SktJournal *journal; /* these two: let go in the worker, as that may take long */
  SktLayout *layout;
  SktPosition from, to;
  Progress *progress; /* NULL: nobody wants it */
  SktDigest digest;
} Job;

static void
progress_unref (gpointer data)
{
  Progress *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
progress_cb (gpointer data)
{
  Progress *self = data;
  SktDigest digest;
  gboolean has_digest;
  guint64 done, total;

  g_mutex_lock (&self->lock);
  digest = self->digest;
  has_digest = self->has_digest;
  done = self->done;
  total = self->total;
  self->is_waiting = FALSE;
  g_mutex_unlock (&self->lock);

  self->func (has_digest ? &digest : NULL, done, total, self->data);
  return G_SOURCE_REMOVE;
}

/* The source has the task's priority and is attached before the task's own: it is never called after that. */
static void
tell (Job *self, gboolean has_digest, guint64 done, guint64 total)
{
  Progress *progress = self->progress;
  gint64 now = g_get_monotonic_time ();
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (GSource) source = NULL;

  if (progress == NULL || now - progress->last_time < PROGRESS_INTERVAL)
    return;
  progress->last_time = now;
  locker = g_mutex_locker_new (&progress->lock);
  if (has_digest)
    progress->digest = self->digest;
  progress->has_digest = has_digest;
  progress->done = done;
  progress->total = total;
  if (progress->is_waiting)
    return;
  progress->is_waiting = TRUE;
  g_atomic_ref_count_inc (&progress->ref_count);
  source = g_idle_source_new ();
  g_source_set_priority (source, progress->priority);
  g_source_set_callback (source, progress_cb, progress, progress_unref);
  g_source_set_static_name (source, "[socketeer] digest progress");
  g_source_attach (source, progress->context);
}

static guint64
get_offset (SktJournal *journal, SktPosition position)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  SktRecord record;

  if (!skt_journal_reader_get_record (reader, position.record, &record))
    return skt_journal_get_payload_length (journal);
  return record.offset + MIN (position.begin, record.length);
}

/* How many bytes there will be is not known before they were counted: the way in the file stands for it. */
static gboolean
count_all (Job *self, guint8 *buffer, GCancellable *cancellable, GError **error)
{
  g_autoptr (SktByteWalk) walk = skt_byte_walk_new (self->journal, self->layout, self->from, self->to);
  guint64 begin = get_offset (self->journal, self->from), end = get_offset (self->journal, self->to);
  guint64 total = end - MIN (begin, end);
  g_autofree Counts *counts = g_new0 (Counts, 1);
  guint64 done = 0;
  gsize length;

  do
    {
      if (!skt_byte_walk_read (walk, buffer, DIGEST_BLOCK, &length, cancellable, error))
        return FALSE;
      count (counts, buffer, length);
      done += length;
      tell (self, FALSE, MIN (done, total), total);
    }
  while (length == DIGEST_BLOCK);
  summarize (counts, &self->digest);
  return TRUE;
}

static gboolean
sum_all (Job *self, guint8 *buffer, Sums *sums, GCancellable *cancellable, GError **error)
{
  g_autoptr (SktByteWalk) walk = skt_byte_walk_new (self->journal, self->layout, self->from, self->to);
  guint64 total = self->digest.length, done = 0;

  while (done < total)
    {
      gsize length;

      if (!skt_byte_walk_read (walk, buffer, MIN (DIGEST_BLOCK, total - done), &length, cancellable, error))
        return FALSE;
      if (length == 0)
        {
          _skt_byte_walk_set_damaged (error);
          return FALSE;
        }
      sums_update (sums, buffer, length);
      done += length;
      tell (self, TRUE, done, total);
    }
  sums_finish (sums, &self->digest);
  return TRUE;
}

static gboolean
run (Job *self, GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (DIGEST_BLOCK);
  gboolean ok = count_all (self, buffer, cancellable, error);

  if (ok)
    {
      Sums sums;

      sums_init (&sums);
      ok = sum_all (self, buffer, &sums, cancellable, error);
      sums_clear (&sums);
    }
  return ok;
}

static void
job_free (gpointer data)
{
  Job *self = data;

  g_clear_pointer (&self->layout, skt_layout_unref);
  g_clear_pointer (&self->journal, skt_journal_unref);
  g_clear_pointer (&self->progress, progress_unref);
  g_free (self);
}

static void
run_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Job *self = task_data;
  GError *error = NULL;
  gboolean ok = run (self, cancellable, &error);

  g_clear_pointer (&self->journal, skt_journal_unref);
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static Progress *
progress_new (SktDigestProgressFunc func, gpointer data, GTask *task)
{
  Progress *self = g_new0 (Progress, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->func = func;
  self->data = data;
  self->context = g_main_context_ref (g_task_get_context (task));
  self->priority = g_task_get_priority (task);
  /* What is done sooner needs none. */
  self->last_time = g_get_monotonic_time ();
  return self;
}

void
skt_digest_async (SktJournal *journal,
                  SktLayout *layout,
                  SktPosition from,
                  SktPosition to,
                  GCancellable *cancellable,
                  SktDigestProgressFunc progress,
                  gpointer progress_data,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *self = g_new0 (Job, 1);

  g_task_set_source_tag (task, skt_digest_async);
  self->journal = skt_journal_ref (journal);
  self->layout = skt_layout_ref (layout);
  self->from = from;
  self->to = to;
  if (progress != NULL)
    self->progress = progress_new (progress, progress_data, task);
  g_task_set_task_data (task, self, job_free);
  g_task_run_in_thread (task, run_in_worker);
}

gboolean
skt_digest_finish (GAsyncResult *result, SktDigest *ret_digest, GError **error)
{
  Job *self = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *ret_digest = self->digest;
  return TRUE;
}

gboolean
skt_digest_try_now (SktJournal *journal, SktLayout *layout, SktPosition from, SktPosition to, SktDigest *ret_digest)
{
  g_autoptr (SktByteWalk) walk = NULL;
  g_autofree guint8 *buffer = NULL;
  g_autofree Counts *counts = NULL;
  gsize length;
  Sums sums;

  if (to.record - MIN (from.record, to.record) > NOW_RECORDS)
    return FALSE;
  walk = skt_byte_walk_new (journal, layout, from, to);
  buffer = g_malloc (NOW_BYTES + 1);
  if (!skt_byte_walk_read (walk, buffer, NOW_BYTES + 1, &length, NULL, NULL) || length > NOW_BYTES)
    return FALSE;
  counts = g_new0 (Counts, 1);
  count (counts, buffer, length);
  summarize (counts, ret_digest);
  sums_init (&sums);
  sums_update (&sums, buffer, length);
  sums_finish (&sums, ret_digest);
  sums_clear (&sums);
  return TRUE;
}
