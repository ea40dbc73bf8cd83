/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-journal.h"
#include "skt-tcp-state.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_LIFE_LISTEN,              /* this side listened when it was accepted */
  SKT_LIFE_LOOKUP,              /* of a name; what it ended with is in `reason` */
  SKT_LIFE_ATTEMPT,             /* SYN to one address; the same */
  SKT_LIFE_OPENED,
  SKT_LIFE_FIRST_RECEIVED,
  SKT_LIFE_FIRST_SENT,
  SKT_LIFE_PEER_FINISHED,
  SKT_LIFE_FINISHED,            /* this side sent FIN */
  SKT_LIFE_CLOSED,              /* the program gave it up: what remains is the system's */
  SKT_LIFE_FAILED,              /* a failure that was not of a lookup or an attempt */
} SktLifeStepKind;

typedef struct
{
  SktLifeStepKind kind;
  SktTcpState state;            /* in which the connection is from then on */
  guint64 time_ns;              /* CLOCK_REALTIME */
  gint64 since_start_ns;        /* after its first own record; LISTEN: before */
  gint64 duration_ns;           /* until the lookup, the attempt or the state was over; -1: it is not over, or has none */
  SktReason reason;             /* NONE: it worked, or is not over */
  int code;                     /* errno, 0: none */
  guint64 n_bytes;              /* FIRST_*: of that record; CLOSED: bytes left unsent */
  guint32 unacknowledged;       /* CLOSED: bytes sent that the peer has not acknowledged */
  guint16 flags;                /* CLOSED: SKT_RECORD_FLAG_*, whose FIN came first */
  char *detail;                 /* host, address, "local remote"; not trusted; NULL: none */
} SktLifeStep;

/* What became of one connection, made from the records of its journal. One thread at a time uses it. */
typedef struct _SktLife SktLife;

/* `connection`: its id, from 1. Reads nothing yet. */
SktLife *skt_life_new (SktJournal *journal, guint32 connection);
void skt_life_free (SktLife *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktLife, skt_life_free)

/* Looks at `max_records` more records at most. FALSE: all that is published was looked at, or the connection is over. Data is not
 * read, and of a connection's data only the first record each way matters, so this costs a look at each record: in a
 * worker if there are many. */
gboolean skt_life_extend (SktLife *self, guint64 max_records, GCancellable *cancellable);
/* How many published records are still to be looked at; 0 when the connection is over. */
guint64 skt_life_get_n_left (SktLife *self);

guint32 skt_life_get_connection (SktLife *self);
/* Nothing more can come. */
gboolean skt_life_is_over (SktLife *self);
/* Element type SktLifeStep, borrowed, in order of time; steps change only by their duration, reason and state once more are added. */
GPtrArray *skt_life_get_steps (SktLife *self);
/* In which state the program knows the connection to be, or left it to the system. */
SktTcpState skt_life_get_state (SktLife *self);

/* -- skt-life-text.c: in words, translated --------------------------------------------------------------------- */

/* "350 µs", "12.3 ms", "1.234 s", "2 min 3 s"; (transfer full) */
char *skt_life_duration_to_text (gint64 duration_ns);
/* What happened, one sentence. (transfer full) */
char *skt_life_step_to_text (const SktLifeStep *step);
/* All steps, a line each with time and state: for a bug report. (transfer full) */
char *skt_life_to_text (SktLife *self);

G_END_DECLS
