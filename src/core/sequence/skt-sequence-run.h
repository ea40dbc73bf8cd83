/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-sequence.h"
#include "skt-session.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_RUN_RUNNING,
  SKT_RUN_PASSED,
  SKT_RUN_FAILED,
  SKT_RUN_STOPPED,      /* by the user */
} SktRunState;

typedef enum
{
  SKT_RUN_LINE_INFO,
  SKT_RUN_LINE_PASS,
  SKT_RUN_LINE_FAIL,
} SktRunLineKind;

/* What became of a step. */
typedef struct
{
  gint64 time_us;       /* realtime */
  guint step;           /* number of it, from 1; 0: of the run as a whole */
  SktRunLineKind kind;
  char *text;           /* translated */
} SktRunLine;
void skt_run_line_free (SktRunLine *self);
/* Appends “12:30:05.123  ✓ 2  matched 5 bytes after 1.2 ms: +PONG” and a line feed; `peer`: who it is about; NULL: that is clear.
 * *ret_time_length (may be NULL): of the bytes appended, the time's. */
void skt_run_line_append (const SktRunLine *self, const char *peer, GString *text, gsize *ret_time_length);

/* How many lines wait to be taken at most. */
#define SKT_RUN_MAX_LINES 2000

/* A sequence that is run on one connection, in a thread of its own. What is waited for is looked for in all that the connection receives from
 * the beginning of the run on, as the journal has it, each byte once: a wait begins where the match before it has ended. Main thread object; the
 * thread is joined when it is disposed, for which it needs a few ms.
 * Signal: updated: the state, the step, or what has been done has changed (at most once per 20 ms). */
#define SKT_TYPE_SEQUENCE_RUN (skt_sequence_run_get_type ())
G_DECLARE_FINAL_TYPE (SktSequenceRun, skt_sequence_run, SKT, SEQUENCE_RUN, GObject)

/* Begins at once. Errors: those of skt_sequence_check(), SKT_ERROR_NOT_CONNECTED. */
SktSequenceRun *skt_sequence_run_new (SktSession *session, SktConnection *connection, SktSequence *sequence, GError **error);
/* Nothing is sent any more when this has returned. What is running ends within some ms. */
void skt_sequence_run_stop (SktSequenceRun *self);

SktRunState skt_sequence_run_get_state (SktSequenceRun *self);
SktConnection *skt_sequence_run_get_connection (SktSequenceRun *self); /* borrowed */
SktSequence *skt_sequence_run_get_sequence (SktSequenceRun *self); /* borrowed */
/* The number of the step that it is at, from 1; 0: it is over. */
guint skt_sequence_run_get_step (SktSequenceRun *self);
/* Lines since the last call, oldest first (element-type SktRunLine, transfer full). *ret_n_lost: how many older ones were left out. */
GPtrArray *skt_sequence_run_take_lines (SktSequenceRun *self, guint64 *ret_n_lost);
/* “12 passed, 1 failed, in 3.2 s”. (transfer full) */
char *skt_sequence_run_dup_summary (SktSequenceRun *self);

G_END_DECLS
