/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-engine-private.h"
#include "skt-file-job.h"
#include "skt-send-queue.h"

G_BEGIN_DECLS

typedef struct _SktFileReader SktFileReader;

/* One receiver of a file: how far it is. Guarded by the session's lock, but for what is said to be others'. */
typedef struct
{
  SktFileReader *reader;        /* borrowed; never changed */
  SktTransport *transport;      /* owned; never changed */
  SktSendShare share;           /* what of the file is in its send queue, and what was written */
  guint64 position;             /* of the file: what comes next into the queue */
  guint64 n_between;            /* bytes of others that came into the queue meanwhile */
  gint64 due;                   /* us, monotonic: with a limit, not before */
  GQueue *in;                   /* the reader's ready or timed; NULL: none, it waits for the queue to drain */
  GList link;
  SktFileEnd end;
  gboolean is_read;             /* nothing more comes into the queue */
  gboolean is_over;             /* and nothing of it is in there */
} SktFileFeed;

/* With the session's lock held, by the transport: bytes were written, `queued` wait (of all senders). */
void _skt_file_feed_drained_locked (SktFileFeed *self, guint64 queued);
/* ... the queue was cleared; lets go of the transport. */
void _skt_file_feed_ended_locked (SktFileFeed *self, SktFileEnd end);

G_END_DECLS
