/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-file-feed.h"
#include "skt-session-worker.h"
#include "skt-sha256.h"

G_BEGIN_DECLS

/* The half of a file job that is not on the main thread: it reads the file, and feeds the send queues. Made and freed on the main thread; while it
 * runs, all but what is said otherwise is its thread's. */
struct _SktFileReader
{
  SktEngine *engine;            /* owned; never changed */
  SktSessionWorker *session;    /* owned; never changed */
  char *path;                   /* never changed */
  SktFileFeed *feeds;           /* never moved */
  guint n_feeds;
  GSourceFunc done;             /* on the main thread, when all is over, once */
  gpointer done_data;
  GThread *thread;              /* main thread: joins it */

  /* guarded by session->lock; session->feeds_cond tells of changes */
  GQueue ready;                 /* SktFileFeed by its link: may have room in the queue */
  GQueue timed;                 /* ... is not due yet, the first one first */
  guint n_left;                 /* those that are not over */
  guint64 size;
  guint64 limit;                /* bytes a second for each, 0: none */
  gint64 started, ended;        /* us, monotonic; 0: not yet */
  gboolean is_paused;
  gboolean is_cancelled;

  /* the thread's until it is done, then the main thread's */
  int fd;
  guint64 window;               /* what may be in a queue */
  gsize piece;                  /* what is read at a time */
  guint64 hashed;               /* so much of the file is in the checksum */
  SktSha256 *checksum;
  char *sha256;
  char *problem;                /* a sentence; NULL: none */
  gboolean has_changed;         /* while it was read */
  gint64 modified;              /* ns */
};

SktFileReader *_skt_file_reader_new (SktSessionWorker *session, const char *path, guint n_feeds);
/* Takes the feeds to their transports and starts the thread. */
void _skt_file_reader_start (SktFileReader *self, GSourceFunc done, gpointer done_data);
void _skt_file_reader_free (SktFileReader *self);

/* skt-file-text.c: what became of it. When it is over; any thread. (transfer full) */
SktFileState _skt_file_reader_get_outcome (SktFileReader *self);
char *_skt_file_reader_dup_report (SktFileReader *self);
char *_skt_file_feed_dup_text (const SktFileFeed *self, const char *address, guint64 size);

G_END_DECLS
