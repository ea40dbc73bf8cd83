/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-message.h"
#include "skt-stream-match.h"

G_BEGIN_DECLS

/* So that two programs that answer each other don't fill the network unasked. */
#define SKT_ANSWER_DEFAULT_LIMIT 10
#define SKT_ANSWER_MAX_DELAY_MS (60 * 60 * 1000)
#define SKT_ANSWER_MAX_RULES 200

typedef struct
{
  SktMatchRule *match;          /* NULL: when a connection is opened */
  SktMessage *message;          /* what is sent; NULL: nothing, or what matched */
  gboolean is_echo;             /* without a message: what matched is sent */
  guint delay_ms;
  gboolean is_once;             /* for each connection */
  guint max_per_second;         /* for each connection: in a second from the first of them; 0: no limit */
  gboolean closes;              /* after it is written sending is finished, and the connection is closed */
} SktAnswerSettings;

/* One rule. Immutable but for its counters, atomically reference counted: any thread. */
#define SKT_TYPE_ANSWER_RULE (skt_answer_rule_get_type ())
typedef struct _SktAnswerRule SktAnswerRule;
GType skt_answer_rule_get_type (void);

/* Takes references. */
SktAnswerRule *skt_answer_rule_new (const SktAnswerSettings *settings);
SktAnswerRule *skt_answer_rule_ref (SktAnswerRule *self);
void skt_answer_rule_unref (SktAnswerRule *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktAnswerRule, skt_answer_rule_unref)
const SktAnswerSettings *skt_answer_rule_get_settings (const SktAnswerRule *self);

/* Of all connections since it was made. */
typedef struct
{
  guint64 n_matches;
  guint64 n_answers;            /* queued to be written */
  guint64 n_held_back;          /* more than its limit, or the peer does not read, or the connection ended before */
  guint64 n_failed;             /* what its placeholders gave could not be sent */
  gboolean is_too_slow;         /* its expression took so long that it is not tried any more */
} SktAnswerCounts;
/* Any thread; each of them is right, as of about now. */
void skt_answer_rule_get_counts (const SktAnswerRule *self, SktAnswerCounts *ret_counts);

/* The I/O thread only. */
typedef enum
{
  SKT_ANSWER_MATCHED,
  SKT_ANSWER_SENT,
  SKT_ANSWER_HELD_BACK,
  SKT_ANSWER_FAILED,
  SKT_N_ANSWER_EVENTS,
} SktAnswerEvent;
void skt_answer_rule_count (SktAnswerRule *self, SktAnswerEvent event);
void skt_answer_rule_set_too_slow (SktAnswerRule *self);
gboolean skt_answer_rule_is_too_slow (const SktAnswerRule *self);

/* Rules in their order. Immutable, atomically reference counted: any thread. */
typedef struct _SktAnswers SktAnswers;
/* Takes references to the rules (array of SktAnswerRule). A rule that is in a set and in the one that replaces it goes on where it was. */
SktAnswers *skt_answers_new (GPtrArray *rules);
SktAnswers *skt_answers_ref (SktAnswers *self);
void skt_answers_unref (SktAnswers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktAnswers, skt_answers_unref)
guint skt_answers_get_n_rules (const SktAnswers *self);
SktAnswerRule *skt_answers_get_rule (const SktAnswers *self, guint n); /* borrowed */

G_END_DECLS
