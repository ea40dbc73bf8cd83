/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-sequence-run.h"

G_BEGIN_DECLS

/* What the main thread and the run's thread share. Atomically reference counted. */
typedef struct
{
  gatomicrefcount ref_count;

  /* never change */
  SktSequence *sequence;
  SktConnection *connection;    /* borrowed from the run, which joins the thread first */
  SktJournal *journal;          /* the thread's reference, which it drops */
  guint64 first_record;

  /* main thread */
  SktSequenceRun *run;          /* NULL: gone */

  GMutex lock;
  GCond changed;
  /* under the lock */
  gboolean is_stopped;          /* by the user */
  gboolean is_over;             /* the connection has ended */
  gboolean is_awake;            /* the journal has grown, or one of the above has changed */
  char *end_text;               /* how it has ended; may be NULL */
  gboolean is_told;             /* a notification is on its way */
  SktRunState state;
  guint step;
  GQueue lines;                 /* SktRunLine */
  guint64 n_lost;
  guint64 n_passed, n_failed, n_late;
  gint64 begin, end;            /* us, monotonic; end 0: it is running */
} SktRunShared;

SktRunShared *_skt_run_shared_ref (SktRunShared *self);
void _skt_run_shared_unref (SktRunShared *self);
/* The main thread is to look. With the lock held. */
void _skt_run_shared_tell_locked (SktRunShared *self);

/* The thread; owns a reference. */
gpointer _skt_sequence_runner (gpointer shared);

G_END_DECLS
