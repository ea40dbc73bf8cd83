/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-message.h"
#include "skt-stream-match.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_STEP_SEND,        /* sends a message */
  SKT_STEP_WAIT,        /* until the peer has sent what is waited for */
  SKT_STEP_PAUSE,
  SKT_STEP_REPEAT,      /* goes back to an earlier step */
  SKT_STEP_STOP,        /* ends the run if a condition is true */
  SKT_STEP_WAIT_END,    /* until the peer has finished sending (FIN), or the connection has ended */
  SKT_STEP_FINISH,      /* half-close: no more is sent */
  SKT_STEP_CLOSE,       /* disconnects */
  SKT_N_STEP_KINDS,
} SktStepKind;

#define SKT_STEP_MAX_MS (24u * 60 * 60 * 1000)
#define SKT_STEP_MAX_COUNT 1000000000u

/* What belongs to other kinds is ignored. */
typedef struct
{
  SktStepKind kind;
  SktMessage *message;          /* SEND. Its placeholders ${0}, ${1}… and ${received} are of what the last wait has found */
  SktMatchKind match;           /* WAIT, and STOP unless by_count: as of skt_match_rule_new() */
  const char *text;
  SktEncoding encoding;
  gboolean match_case;
  SktFrameRule frame;
  guint timeout_ms;             /* WAIT, WAIT_END: 0: as long as it takes */
  gboolean goes_on;             /* WAIT, WAIT_END: when the time is up, the run goes on; else it has failed */
  guint pause_ms;               /* PAUSE: 1.. */
  guint to;                     /* REPEAT: number of a step, from 1 */
  guint count;                  /* REPEAT: how often the steps run in all, 2..; 0: until it is stopped. STOP by_count: 1.. */
  gboolean by_count;            /* STOP: when it is reached that often; else when a match has come since the last wait's */
  gboolean is_failure;          /* STOP: the run has failed then; else passed */
} SktStepSettings;

/* Immutable, atomically reference counted: any thread. */
typedef struct _SktStep SktStep;
/* Checks all that does not depend on other steps. Errors: SKT_ERROR_BAD_SEQUENCE, those of skt_match_rule_new(). *ret_position (may be NULL):
 * 0-based offset in characters of `text`. */
SktStep *skt_step_new (const SktStepSettings *settings, gsize *ret_position, GError **error);
SktStep *skt_step_ref (SktStep *self);
void skt_step_unref (SktStep *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktStep, skt_step_unref)
/* Borrowed. */
const SktStepSettings *skt_step_get_settings (const SktStep *self);
/* What is waited for; NULL if nothing is. Borrowed. */
SktMatchRule *skt_step_get_rule (const SktStep *self);
/* The step in a line, translated: “Send “GET / HTTP/1.0\r\n\r\n””, “Wait for hex 00 ?? 0a, at most 5 s”. (transfer full) */
char *skt_step_to_words (const SktStep *self);
/* The kind in a word or two, translated. Static. */
const char *skt_step_kind_to_text (SktStepKind kind);

/* Bytes for a line in a log: escaped text, or hex; what is too long is cut with “…”. */
void skt_sequence_append_bytes (GString *text, GBytes *bytes, SktEncoding encoding, gboolean is_hex);
/* “250 ms”, “1.5 s”. (transfer full) */
char *skt_sequence_format_ms (guint64 us);

#define SKT_SEQUENCE_MAX_STEPS 1000
#define SKT_SEQUENCE_MAX_NAME 200 /* characters */

/* A name and steps. Immutable, atomically reference counted: any thread. */
typedef struct _SktSequence SktSequence;
/* `steps`: element-type SktStep; NULL: none. The name is cut to what is allowed. */
SktSequence *skt_sequence_new (const char *name, GPtrArray *steps);
SktSequence *skt_sequence_ref (SktSequence *self);
void skt_sequence_unref (SktSequence *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktSequence, skt_sequence_unref)
const char *skt_sequence_get_name (const SktSequence *self);
guint skt_sequence_get_n_steps (const SktSequence *self);
/* index: from 0. Borrowed. */
SktStep *skt_sequence_get_step (const SktSequence *self, guint index);

/* Whether it can be run. Error: SKT_ERROR_BAD_SEQUENCE; *ret_step (may be NULL) is the number of the step, from 1, or 0. */
gboolean skt_sequence_check (const SktSequence *self, guint *ret_step, GError **error);

/* Others, with a change. Steps that go back to a step go on to do so wherever it is now. (transfer full) */
SktSequence *skt_sequence_rename (const SktSequence *self, const char *name);
SktSequence *skt_sequence_insert (const SktSequence *self, guint index, SktStep *step);
SktSequence *skt_sequence_replace (const SktSequence *self, guint index, SktStep *step);
SktSequence *skt_sequence_remove (const SktSequence *self, guint index);
SktSequence *skt_sequence_move (const SktSequence *self, guint from, guint to);

G_END_DECLS
