/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-file-reader.h"

#include "skt-transport.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What of the file is in memory at most, if there are not too many receivers; and of one. */
#define MEMORY (32 * 1024 * 1024)
#define WINDOW_MIN (16 * 1024)
#define WINDOW_MAX (1024 * 1024)
/* With a limit: so many pieces a second, and what was not used is saved up for so long. */
#define PIECES_PER_SECOND 20
#define BURST (100 * G_TIME_SPAN_MILLISECOND)

/* -- Feeds, with the lock held --------------------------------------------------------------------------------- */

static void
set_in (SktFileFeed *feed, GQueue *queue)
{
  SktFileReader *self = feed->reader;
  GList *after;

  if (feed->in == queue)
    return;
  if (feed->in != NULL)
    g_queue_unlink (feed->in, &feed->link);
  feed->in = queue;
  if (queue == &self->timed)
    {
      after = queue->tail;
      while (after != NULL && ((SktFileFeed *) after->data)->due > feed->due)
        after = after->prev;
      g_queue_insert_after_link (queue, after, &feed->link);
    }
  else if (queue != NULL)
    g_queue_push_tail_link (queue, &feed->link);
}

static void
tell (SktFileReader *self)
{
  g_cond_broadcast (&self->session->feeds_cond);
}

/* `end`: why, if it is not whole. */
static void
stop_reading (SktFileFeed *feed, SktFileEnd end)
{
  feed->is_read = TRUE;
  if (feed->end == SKT_FILE_END_NONE)
    feed->end = end;
  set_in (feed, NULL);
}

static void
set_over (SktFileFeed *feed)
{
  if (feed->is_over)
    return;
  feed->is_over = TRUE;
  if (feed->end == SKT_FILE_END_NONE)
    feed->end = SKT_FILE_END_SENT;
  if (feed->transport->feed == feed)
    feed->transport->feed = NULL;
  feed->reader->n_left--;
  tell (feed->reader);
}

void
_skt_file_feed_drained_locked (SktFileFeed *self, guint64 queued)
{
  SktFileReader *reader = self->reader;

  if (self->is_read && self->share.queued == 0)
    set_over (self);
  else if (!self->is_read && self->in == NULL && queued + reader->piece <= reader->window)
    {
      set_in (self, &reader->ready);
      tell (reader);
    }
}

void
_skt_file_feed_ended_locked (SktFileFeed *self, SktFileEnd end)
{
  stop_reading (self, self->share.written == self->reader->size ? SKT_FILE_END_SENT : end);
  set_over (self);
}

/* The next one that may be given a piece; waits for one. NULL: all are over, or it was cancelled. */
static SktFileFeed *
wait_for_feed (SktFileReader *self)
{
  while (!self->is_cancelled && self->n_left > 0)
    {
      gint64 now = g_get_monotonic_time ();
      SktFileFeed *feed = NULL;
      gboolean may_read = !self->is_paused && self->session->refusal == NULL;

      while (may_read && (feed = g_queue_peek_head (&self->timed)) != NULL && feed->due <= now)
        set_in (feed, &self->ready);
      feed = may_read ? g_queue_peek_head (&self->ready) : NULL;
      if (feed != NULL)
        {
          if (self->limit > 0 && feed->due > now)
            set_in (feed, &self->timed);
          else
            set_in (feed, NULL);
          if (feed->in == NULL && feed->transport->queue.size + self->piece <= self->window)
            return feed;
          continue;
        }
      feed = may_read ? g_queue_peek_head (&self->timed) : NULL;
      if (feed != NULL)
        g_cond_wait_until (&self->session->feeds_cond, &self->session->lock, feed->due);
      else
        g_cond_wait (&self->session->feeds_cond, &self->session->lock);
    }
  return NULL;
}

/* -- The file -------------------------------------------------------------------------------------------------- */

static char *
dup_display_name (SktFileReader *self)
{
  return g_filename_display_basename (self->path);
}

static gint64
get_modified (const struct stat *info)
{
  return (gint64) info->st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + info->st_mtim.tv_nsec;
}

static gboolean
refuse_for_error (SktFileReader *self, int code)
{
  g_autofree char *name = dup_display_name (self);

  /* Translators: the first %s is a file's name, the second what the system says, such as “Permission denied” */
  self->problem = g_strdup_printf (_("“%s” cannot be read: %s."), name, g_strerror (code));
  return FALSE;
}

/* A named pipe would wait for who writes to it, a device may never end. */
static gboolean
check_kind (SktFileReader *self, const struct stat *info)
{
  g_autofree char *name = dup_display_name (self);

  if (S_ISDIR (info->st_mode))
    self->problem = g_strdup_printf (_("“%s” is a folder: choose a file, or pack it first."), name);
  else if (!S_ISREG (info->st_mode))
    self->problem = g_strdup_printf (_("“%s” is not a regular file: its length is not known, so it cannot be sent."), name);
  else if (info->st_size == 0)
    self->problem = g_strdup_printf (_("“%s” is empty: there is nothing to send."), name);
  return self->problem == NULL;
}

static gboolean
open_file (SktFileReader *self)
{
  struct stat info;

  if (stat (self->path, &info) != 0)
    return refuse_for_error (self, errno);
  if (!check_kind (self, &info))
    return FALSE;
  self->fd = open (self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (self->fd < 0 || fstat (self->fd, &info) != 0)
    return refuse_for_error (self, errno);
  if (!check_kind (self, &info))
    return FALSE;
  self->modified = get_modified (&info);
  posix_fadvise (self->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  g_mutex_lock (&self->session->lock);
  self->size = info.st_size;
  g_mutex_unlock (&self->session->lock);
  return TRUE;
}

static void
close_file (SktFileReader *self)
{
  struct stat info;

  if (self->fd < 0)
    return;
  self->has_changed = fstat (self->fd, &info) == 0 &&
                      (get_modified (&info) != self->modified || (guint64) info.st_size != self->size);
  close (self->fd);
  self->fd = -1;
}

/* NULL: it can't be, self->problem says why. */
static GBytes *
read_piece (SktFileReader *self, guint64 offset, gsize length)
{
  guint8 *bytes = g_malloc (length);
  gssize n;

  do
    n = pread (self->fd, bytes, length, offset);
  while (n < 0 && errno == EINTR);
  if (n > 0)
    return g_bytes_new_take (bytes, n);

  if (n < 0)
    refuse_for_error (self, errno);
  else
    {
      g_autofree char *name = dup_display_name (self);

      self->problem = g_strdup_printf (_("“%s” became shorter while it was sent."), name);
    }
  g_free (bytes);
  return NULL;
}

/* Whoever is first reads what the others read later. */
static void
add_to_checksum (SktFileReader *self, guint64 offset, GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  guint64 known = self->hashed - MIN (self->hashed, offset);

  if (known >= length)
    return;
  skt_sha256_update (self->checksum, data + known, length - known);
  self->hashed = offset + length;
}

/* -- The thread ------------------------------------------------------------------------------------------------ */

static void
push (SktFileReader *self, SktFileFeed *feed, GBytes *bytes)
{
  gsize length = g_bytes_get_size (bytes);
  gint64 now = g_get_monotonic_time ();

  skt_send_queue_push_shared (&feed->transport->queue, bytes, 0, &feed->share);
  feed->position += length;
  if (self->limit > 0)
    feed->due = MAX (feed->due, now - BURST) + (gint64) ((double) length * G_TIME_SPAN_SECOND / self->limit);
  if (feed->position == self->size)
    stop_reading (feed, SKT_FILE_END_NONE);
  else
    set_in (feed, &self->ready);
}

/* With the lock held, which is given back while it reads. FALSE: the file can't be read. */
static gboolean
serve (SktFileReader *self, SktFileFeed *feed)
{
  GMutex *lock = &self->session->lock;
  g_autoptr (GBytes) bytes = NULL;
  guint64 offset = feed->position;
  guint64 length = MIN (self->piece, self->size - offset);
  gboolean needs_wake_up = FALSE;

  if (self->limit > 0)
    length = MIN (length, MAX (self->limit / PIECES_PER_SECOND, 1));
  if (feed->transport->accepts_bytes)
    {
      g_mutex_unlock (lock);
      bytes = read_piece (self, offset, length);
      if (bytes != NULL)
        add_to_checksum (self, offset, bytes);
      g_mutex_lock (lock);
    }
  else
    stop_reading (feed, SKT_FILE_END_GONE);
  if (!feed->is_read && bytes == NULL)
    return FALSE;

  if (!feed->is_read && !self->is_cancelled)
    {
      push (self, feed, bytes);
      needs_wake_up = skt_transport_needs_wake_up_locked (feed->transport);
    }
  if (feed->is_read && feed->share.queued == 0)
    set_over (feed);
  if (needs_wake_up)
    {
      g_mutex_unlock (lock);
      skt_transport_wake_up (feed->transport);
      g_mutex_lock (lock);
    }
  return TRUE;
}

static gboolean
done_cb (gpointer data)
{
  SktFileReader *self = data;

  g_thread_join (g_steal_pointer (&self->thread));
  self->done (self->done_data);
  return G_SOURCE_REMOVE;
}

/* Any thread: the last thing that is done for it. */
static void
report_done (gpointer data)
{
  SktFileReader *self = data;
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, done_cb, self, NULL);
  g_source_attach (source, _skt_engine_get_main_context (self->engine));
  g_source_unref (source);
}

/* Nothing of it stays in a queue: a message that is half sent is cut there. */
static void
take_back (SktFileFeed *feed)
{
  SktFileReader *self = feed->reader;

  g_mutex_lock (&self->session->lock);
  skt_send_queue_remove_share (&feed->transport->queue, &feed->share);
  if (!feed->is_over)
    _skt_file_feed_ended_locked (feed, SKT_FILE_END_STOPPED);
  g_mutex_unlock (&self->session->lock);
  skt_transport_queue_changed (feed->transport);
}

static void
finish_in_worker (gpointer data)
{
  SktFileReader *self = data;
  SktRecord record = { .kind = SKT_RECORD_NOTE };
  g_autofree char *report = NULL;

  for (guint i = 0; i < self->n_feeds; i++)
    take_back (&self->feeds[i]);
  self->ended = g_get_monotonic_time ();
  report = _skt_file_reader_dup_report (self);
  skt_session_worker_append_event (self->session, record, report);
}

static gpointer
reader_thread (gpointer data)
{
  SktFileReader *self = data;
  gboolean can_read = open_file (self);

  g_mutex_lock (&self->session->lock);
  while (can_read)
    {
      SktFileFeed *feed = wait_for_feed (self);

      if (feed == NULL)
        break;
      can_read = serve (self, feed);
    }
  self->ended = g_get_monotonic_time ();
  g_mutex_unlock (&self->session->lock);

  close_file (self);
  if (self->size > 0 && self->hashed == self->size)
    self->sha256 = skt_sha256_finish (self->checksum);
  _skt_engine_invoke (self->engine, finish_in_worker, self, report_done);
  return NULL;
}

/* -- Main thread ----------------------------------------------------------------------------------------------- */

static guint
take_feeds (SktFileReader *self)
{
  guint n = 0;

  for (guint i = 0; i < self->n_feeds; i++)
    {
      SktFileFeed *feed = &self->feeds[i];

      if (feed->transport->accepts_bytes && feed->transport->feed == NULL)
        {
          feed->transport->feed = feed;
          set_in (feed, &self->ready);
          n++;
        }
      else
        {
          feed->is_read = feed->is_over = TRUE;
          feed->end = SKT_FILE_END_GONE;
        }
    }
  return n;
}

void
_skt_file_reader_start (SktFileReader *self, GSourceFunc done, gpointer done_data)
{
  self->done = done;
  self->done_data = done_data;
  g_mutex_lock (&self->session->lock);
  self->n_left = take_feeds (self);
  self->window = CLAMP (MEMORY / MAX (self->n_left, 1), WINDOW_MIN, WINDOW_MAX);
  self->window = MAX (MIN (self->window, self->session->queue_bound), 4);
  self->piece = self->window / 4;
  self->started = g_get_monotonic_time ();
  self->thread = g_thread_new ("skt-file", reader_thread, self);
  g_mutex_unlock (&self->session->lock);
}

SktFileReader *
_skt_file_reader_new (SktSessionWorker *session, const char *path, guint n_feeds)
{
  SktFileReader *self = g_new0 (SktFileReader, 1);

  self->engine = g_object_ref (session->engine);
  self->session = skt_session_worker_ref (session);
  self->path = g_strdup (path);
  self->feeds = g_new0 (SktFileFeed, n_feeds);
  self->n_feeds = n_feeds;
  for (guint i = 0; i < n_feeds; i++)
    {
      self->feeds[i].reader = self;
      self->feeds[i].link.data = &self->feeds[i];
    }
  g_queue_init (&self->ready);
  g_queue_init (&self->timed);
  self->fd = -1;
  self->checksum = skt_sha256_new ();
  return self;
}

void
_skt_file_reader_free (SktFileReader *self)
{
  g_assert (self->thread == NULL);

  for (guint i = 0; i < self->n_feeds; i++)
    g_clear_pointer (&self->feeds[i].transport, skt_transport_unref);
  g_free (self->feeds);
  g_free (self->path);
  skt_sha256_free (self->checksum);
  g_free (self->sha256);
  g_free (self->problem);
  skt_session_worker_unref (self->session);
  g_object_unref (self->engine);
  g_free (self);
}
