/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-frame.h"
#include "skt-pattern.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_MATCH_ANY,        /* whatever arrived, as it arrived */
  SKT_MATCH_FRAME,      /* a whole frame */
  SKT_MATCH_TEXT,
  SKT_MATCH_HEX,        /* with wildcards */
  SKT_MATCH_REGEX,      /* on each line, as of SKT_PATTERN_REGEX */
  SKT_N_MATCH_KINDS,
} SktMatchKind;

/* What is waited for in a stream of bytes. Immutable, atomically reference counted: any thread. */
typedef struct _SktMatchRule SktMatchRule;

/* `text`, `encoding`, `match_case`: TEXT, HEX, REGEX, as of skt_pattern_new(); `frame`: FRAME (copied). Errors: those of skt_pattern_new() and
 * skt_frame_rule_check(). *ret_position (may be NULL): 0-based offset in characters of `text`. */
SktMatchRule *skt_match_rule_new (SktMatchKind kind,
                                  const char *text,
                                  SktEncoding encoding,
                                  gboolean match_case,
                                  const SktFrameRule *frame,
                                  gsize *ret_position,
                                  GError **error);
SktMatchRule *skt_match_rule_ref (SktMatchRule *self);
void skt_match_rule_unref (SktMatchRule *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktMatchRule, skt_match_rule_unref)
SktMatchKind skt_match_rule_get_kind (const SktMatchRule *self);
/* How many groups a match has beside the whole of it: those of a regular expression, else 0. */
guint skt_match_rule_get_n_groups (const SktMatchRule *self);

/* How many bytes of what is not decided yet are held: longer lines are cut there for REGEX, and of longer frames the bytes are the first ones. */
#define SKT_STREAM_MATCH_MAX (64 * 1024)

/* Where one stream stands for one rule. One thread at a time. */
typedef struct _SktStreamMatcher SktStreamMatcher;
SktStreamMatcher *skt_stream_matcher_new (SktMatchRule *rule);
void skt_stream_matcher_free (SktStreamMatcher *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktStreamMatcher, skt_stream_matcher_free)
/* As if nothing had come yet. */
void skt_stream_matcher_reset (SktStreamMatcher *self);

/* A match. The bytes and groups are valid until the next call on its matcher. */
typedef struct
{
  guint64 begin, end;           /* offsets in the stream since the matcher was new or reset */
  GBytes *bytes;                /* what has matched */
  GPtrArray *groups;            /* REGEX: GBytes, [0] all of it, an empty one for what took no part; else NULL */
} SktMatch;

/* Goes on with the next bytes of the stream (length >= 1), up to the end of the first match. Returns how many bytes it took: the rest, if there is
 * one, is to be given again. *ret_found: there is a match, in *ret_match (NULL if only that matters, which costs nothing per match). It returns 0 only with a
 * match, one that ended before these bytes, which had to be seen first to be sure: a regular expression matches when its line has ended, a
 * frame by pause when the pause is over. Matches don't overlap. Wherever the stream is split, they are the same (ANY but for that).
 * `time_ns`: when the bytes came, of any clock (FRAME by pause). */
gsize skt_stream_matcher_feed (SktStreamMatcher *self,
                               const guint8 *bytes,
                               gsize length,
                               guint64 time_ns,
                               gboolean *ret_found,
                               SktMatch *ret_match);

/* After a match: the bytes that were taken and that come after its end. A matcher of another rule that goes on where this match ended is to be given
 * these first, and then what this one did not take. Borrowed until the next call; none: NULL. */
const guint8 *skt_stream_matcher_get_rest (const SktStreamMatcher *self, gsize *ret_length);

/* FRAME by pause: the time after which the frame that has begun is whole if nothing comes. 0: none. */
guint64 skt_stream_matcher_get_deadline (const SktStreamMatcher *self);
/* Nothing came until `time_ns`. TRUE: a match. */
gboolean skt_stream_matcher_wait (SktStreamMatcher *self, guint64 time_ns, SktMatch *ret_match);

G_END_DECLS
