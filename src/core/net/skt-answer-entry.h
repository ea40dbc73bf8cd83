/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "skt-answers.h"
#include "skt-json.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_ANSWER_WHEN_ANY,
  SKT_ANSWER_WHEN_FRAME,
  SKT_ANSWER_WHEN_TEXT,
  SKT_ANSWER_WHEN_HEX,
  SKT_ANSWER_WHEN_REGEX,
  SKT_ANSWER_WHEN_CONNECTED,
  SKT_N_ANSWER_WHENS,
} SktAnswerWhen;

typedef enum
{
  SKT_ANSWER_SENDS_MESSAGE,
  SKT_ANSWER_SENDS_MATCH,       /* what matched; not for CONNECTED */
  SKT_ANSWER_SENDS_NOTHING,
  SKT_N_ANSWER_SENDS,
} SktAnswerSends;

/* A rule as the user writes it and as it is kept. What belongs to other choices is kept, and not used. */
typedef struct
{
  gboolean is_on;
  SktAnswerWhen when;
  const char *text;             /* TEXT, HEX, REGEX */
  SktEncoding encoding;         /* TEXT, REGEX */
  gboolean match_case;
  SktFrameRule frame;           /* FRAME */
  SktAnswerSends sends;
  SktMessage *message;
  guint delay_ms;
  gboolean is_once;
  guint max_per_second;
  gboolean closes;
} SktAnswerEntrySettings;

/* Immutable: what is edited is replaced. Any thread. */
#define SKT_TYPE_ANSWER_ENTRY (skt_answer_entry_get_type ())
G_DECLARE_FINAL_TYPE (SktAnswerEntry, skt_answer_entry, SKT, ANSWER_ENTRY, GObject)

/* Checks it. Errors: those of skt_match_rule_new(), with *ret_position (may be NULL) in `text`; SKT_ERROR_BAD_RULE: it does nothing. */
SktAnswerEntry *skt_answer_entry_new (const SktAnswerEntrySettings *settings, gsize *ret_position, GError **error);
const SktAnswerEntrySettings *skt_answer_entry_get_settings (SktAnswerEntry *self); /* borrowed */
/* The same, switched on or off. (transfer full) */
SktAnswerEntry *skt_answer_entry_copy (SktAnswerEntry *self, gboolean is_on);
/* What the I/O thread follows; with counters of its own. (transfer full) */
SktAnswerRule *skt_answer_entry_new_rule (SktAnswerEntry *self);

JsonObject *skt_answer_entry_to_json (SktAnswerEntry *self); /* (transfer full) */
/* Errors: SKT_ERROR_BAD_FILE, or those of skt_answer_entry_new(). (transfer full) */
SktAnswerEntry *skt_answer_entry_from_json (JsonObject *tainted_object, GError **error);

/* The rules in order: a GListModel of SktAnswerEntry that is kept in a file. One for all windows. Main thread.
 * Properties: problem (string): what is wrong with the file, in words, or NULL; can-undo (boolean). */
#define SKT_TYPE_ANSWER_STORE (skt_answer_store_get_type ())
G_DECLARE_FINAL_TYPE (SktAnswerStore, skt_answer_store, SKT, ANSWER_STORE, GObject)

/* Reads the file, at once. A damaged one is kept aside, what is good in it is taken over. `path` NULL: only in memory. */
SktAnswerStore *skt_answer_store_new (const char *path);
const char *skt_answer_store_get_problem (SktAnswerStore *self);
/* Before what is at that position. FALSE: there are SKT_ANSWER_MAX_RULES. */
gboolean skt_answer_store_insert (SktAnswerStore *self, guint position, SktAnswerEntry *entry);
void skt_answer_store_replace (SktAnswerStore *self, guint position, SktAnswerEntry *entry);
void skt_answer_store_remove (SktAnswerStore *self, guint position);
/* FALSE: there is nowhere to go. */
gboolean skt_answer_store_move (SktAnswerStore *self, guint position, int delta);
/* Takes back the last of these, as often as 100 times. */
gboolean skt_answer_store_undo (SktAnswerStore *self);

G_END_DECLS
