/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-file-job.h"

#include "skt-connection-private.h"
#include "skt-file-reader.h"
#include "skt-session-private.h"

#include <glib/gi18n-lib.h>

/* SktFileJob:
 *
 * The main half. The reader, and its feeds, live as long as it does; its thread holds a reference to it. */

enum
{
  SIGNAL_FINISHED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

struct _SktFileJob
{
  GObject parent_instance;

  SktSession *session;
  GPtrArray *connections;       /* SktConnection, as the reader's feeds */
  SktFileReader *reader;
  SktFileState state;
  char *report;
};

G_DEFINE_FINAL_TYPE (SktFileJob, skt_file_job, G_TYPE_OBJECT)

static void
skt_file_job_dispose (GObject *object)
{
  SktFileJob *self = SKT_FILE_JOB (object);

  g_clear_pointer (&self->reader, _skt_file_reader_free);
  g_clear_pointer (&self->connections, g_ptr_array_unref);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (skt_file_job_parent_class)->dispose (object);
}

static void
skt_file_job_finalize (GObject *object)
{
  SktFileJob *self = SKT_FILE_JOB (object);

  g_free (self->report);

  G_OBJECT_CLASS (skt_file_job_parent_class)->finalize (object);
}

static void
skt_file_job_class_init (SktFileJobClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = skt_file_job_dispose;
  G_OBJECT_CLASS (klass)->finalize = skt_file_job_finalize;
  signals[SIGNAL_FINISHED] = g_signal_new ("finished", SKT_TYPE_FILE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 0);
}

static void
skt_file_job_init (SktFileJob *self)
{
}

SktFileJob *
skt_file_job_new (SktSession *session, GPtrArray *connections, const char *path)
{
  SktFileJob *self;

  g_return_val_if_fail (SKT_IS_SESSION (session), NULL);
  g_return_val_if_fail (connections != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (SKT_TYPE_FILE_JOB, NULL);
  self->session = g_object_ref (session);
  self->connections = g_ptr_array_new_with_free_func (g_object_unref);
  self->reader = _skt_file_reader_new (_skt_session_get_worker (session), path, connections->len);
  for (guint i = 0; i < connections->len; i++)
    {
      SktConnection *connection = connections->pdata[i];

      g_ptr_array_add (self->connections, g_object_ref (connection));
      self->reader->feeds[i].transport = skt_transport_ref (_skt_connection_get_transport (connection));
    }
  return self;
}

static gboolean
done_cb (gpointer data)
{
  g_autoptr (SktFileJob) self = data;

  self->state = _skt_file_reader_get_outcome (self->reader);
  self->report = _skt_file_reader_dup_report (self->reader);
  g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
  return G_SOURCE_REMOVE;
}

void
skt_file_job_start (SktFileJob *self)
{
  g_return_if_fail (SKT_IS_FILE_JOB (self));
  g_return_if_fail (self->state == SKT_FILE_WAITING);

  self->state = SKT_FILE_SENDING;
  _skt_file_reader_start (self->reader, done_cb, g_object_ref (self));
}

/* -- What is asked of it ---------------------------------------------------------------------------------------- */

static void
lock (SktFileJob *self)
{
  g_mutex_lock (&self->reader->session->lock);
}

static void
unlock (SktFileJob *self)
{
  g_mutex_unlock (&self->reader->session->lock);
}

static void
tell_and_unlock (SktFileJob *self)
{
  g_cond_broadcast (&self->reader->session->feeds_cond);
  unlock (self);
}

void
skt_file_job_set_limit (SktFileJob *self, guint64 limit)
{
  SktFileReader *reader;

  g_return_if_fail (SKT_IS_FILE_JOB (self));

  reader = self->reader;
  lock (self);
  reader->limit = limit;
  /* what was to wait for the old one begins anew */
  for (guint i = 0; i < reader->n_feeds; i++)
    reader->feeds[i].due = 0;
  tell_and_unlock (self);
}

guint64
skt_file_job_get_limit (SktFileJob *self)
{
  g_return_val_if_fail (SKT_IS_FILE_JOB (self), 0);
  return self->reader->limit;
}

void
skt_file_job_set_paused (SktFileJob *self, gboolean is_paused)
{
  g_return_if_fail (SKT_IS_FILE_JOB (self));

  lock (self);
  self->reader->is_paused = is_paused;
  tell_and_unlock (self);
}

gboolean
skt_file_job_get_paused (SktFileJob *self)
{
  g_return_val_if_fail (SKT_IS_FILE_JOB (self), FALSE);
  return self->reader->is_paused;
}

void
skt_file_job_cancel (SktFileJob *self)
{
  g_return_if_fail (SKT_IS_FILE_JOB (self));

  if (skt_file_job_is_over (self))
    return;
  lock (self);
  self->reader->is_cancelled = TRUE;
  tell_and_unlock (self);
  if (self->state != SKT_FILE_WAITING)
    return;
  self->state = SKT_FILE_CANCELLED;
  /* Translators: of a file that waited for others to be sent */
  self->report = g_strdup (_("It was cancelled before it began: nothing of it was sent."));
  g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
}

/* -- What it tells ----------------------------------------------------------------------------------------------- */

const char *
skt_file_job_get_path (SktFileJob *self)
{
  g_return_val_if_fail (SKT_IS_FILE_JOB (self), NULL);
  return self->reader->path;
}

char *
skt_file_job_dup_name (SktFileJob *self)
{
  g_return_val_if_fail (SKT_IS_FILE_JOB (self), NULL);
  return g_filename_display_basename (self->reader->path);
}

SktFileState
skt_file_job_get_state (SktFileJob *self)
{
  g_return_val_if_fail (SKT_IS_FILE_JOB (self), SKT_FILE_FAILED);
  return self->state;
}

gboolean
skt_file_job_is_over (SktFileJob *self)
{
  g_return_val_if_fail (SKT_IS_FILE_JOB (self), TRUE);
  return self->state != SKT_FILE_WAITING && self->state != SKT_FILE_SENDING;
}

void
skt_file_job_get_progress (SktFileJob *self, SktFileProgress *ret_progress)
{
  SktFileProgress progress = { 0, };
  SktFileReader *reader;

  g_return_if_fail (SKT_IS_FILE_JOB (self));
  g_return_if_fail (ret_progress != NULL);

  reader = self->reader;
  progress.n_receivers = reader->n_feeds;
  lock (self);
  progress.size = reader->size;
  progress.waits_for_journal = self->state == SKT_FILE_SENDING && reader->session->refusal != NULL;
  progress.n_open = reader->n_left;
  for (guint i = 0; i < reader->n_feeds; i++)
    {
      const SktFileFeed *feed = &reader->feeds[i];

      progress.sent += feed->share.written;
      progress.expected += feed->is_over ? feed->share.written : reader->size;
    }
  if (reader->started != 0)
    progress.elapsed = (reader->ended != 0 ? reader->ended : g_get_monotonic_time ()) - reader->started;
  unlock (self);
  *ret_progress = progress;
}

guint
skt_file_job_get_n_receivers (SktFileJob *self)
{
  g_return_val_if_fail (SKT_IS_FILE_JOB (self), 0);
  return self->reader->n_feeds;
}

void
skt_file_job_get_receiver (SktFileJob *self, guint position, SktFileReceiver *ret_receiver)
{
  g_return_if_fail (SKT_IS_FILE_JOB (self));
  g_return_if_fail (position < self->reader->n_feeds);

  ret_receiver->address = skt_connection_get_remote_address (self->connections->pdata[position]);
  lock (self);
  ret_receiver->sent = self->reader->feeds[position].share.written;
  ret_receiver->end = self->reader->feeds[position].end;
  unlock (self);
}

char *
skt_file_job_dup_receiver_text (SktFileJob *self, guint position)
{
  SktFileFeed feed;
  guint64 size;

  g_return_val_if_fail (SKT_IS_FILE_JOB (self), NULL);
  g_return_val_if_fail (position < self->reader->n_feeds, NULL);

  lock (self);
  feed = self->reader->feeds[position];
  size = self->reader->size;
  unlock (self);
  return _skt_file_feed_dup_text (&feed, skt_connection_get_remote_address (self->connections->pdata[position]), size);
}

const char *
skt_file_job_get_report (SktFileJob *self)
{
  g_return_val_if_fail (SKT_IS_FILE_JOB (self), NULL);
  return self->report;
}

const char *
skt_file_job_get_sha256 (SktFileJob *self)
{
  g_return_val_if_fail (SKT_IS_FILE_JOB (self), NULL);
  return skt_file_job_is_over (self) ? self->reader->sha256 : NULL;
}
