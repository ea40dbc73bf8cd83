/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-engine-private.h"
#include "skt-session-worker.h"
#include "skt-session.h"

G_BEGIN_DECLS

/* Samples that span the last second. */
#define N_RATE_SAMPLES 5

typedef struct
{
  gint64 time;          /* us, monotonic */
  guint64 received;
  guint64 sent;
} SktRateSample;

struct _SktSession
{
  GObject parent_instance;

  SktEngine *engine;
  SktSessionWorker *worker;
  SktJournal *journal;
  GListStore *connections;
  GPtrArray *by_id;             /* SktConnection, owned by the list: position = id - 1 */
  SktSessionStatus status;
  guint64 n_records_told;
  SktSocketOptions options;     /* of connections that are opened from now on */
  GQueue close_tasks;           /* GTask, owned */
  gboolean is_closing;

  SktRateSample samples[N_RATE_SAMPLES];
  guint n_samples;
  guint rate_timer;             /* 0: idle */
  double rate_received;
  double rate_sent;
};

/* The worker half begins; it ends, once, with the journal kept or not. Connections that are open, and those to come, have that TCP_NODELAY. */
void _skt_session_begin (SktSession *self);
void _skt_session_close_worker (SktSession *self, gboolean keep);
void _skt_session_set_no_delay (SktSession *self, gboolean no_delay);

SktSessionWorker *_skt_session_get_worker (SktSession *self); /* borrowed */

G_END_DECLS
