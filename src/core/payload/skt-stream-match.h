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

/* Where one stream stands for one rule. Holds no more than 64 KiB of what may still become a match. One thread at a time. */
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

/* Goes on with the next bytes of the stream, up to the end of the first match. Returns how many bytes it took (1..length): the rest is to be given
 * again. *ret_match is filled and *ret_found TRUE if a match ends there. Wherever the stream is split, the matches are the same (ANY but for
 * that, and a regular expression that needs more than a line of 64 KiB). `time_ns`: when the bytes came (FRAME by pause). */
gsize skt_stream_matcher_feed (SktStreamMatcher *self,
                               const guint8 *bytes,
                               gsize length,
                               guint64 time_ns,
                               gboolean *ret_found,
                               SktMatch *ret_match);

G_END_DECLS
