/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-encoding.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_PATTERN_TEXT,     /* characters of the encoding */
  SKT_PATTERN_HEX,      /* bytes: "de ad ?? ef", also "d?" and "?f" */
  SKT_PATTERN_REGEX,    /* GRegex, on each line of the decoded text */
  SKT_N_PATTERN_KINDS,
} SktPatternKind;

/* What may be searched for at once: characters of text or regular expression, bytes of hex. */
#define SKT_PATTERN_MAX 1024

/* What is searched for. Immutable and atomically reference counted: any number of threads search with it at once. */
typedef struct _SktPattern SktPattern;

/* TEXT: the characters in the encoding. Without match_case those that Unicode's simple case folding makes the same are
 * the same ("straße" and "STRAßE", not "STRASSE"), also where their bytes differ in number ("k" and the Kelvin sign in
 * UTF-8). A character that an encoding writes in two ways is found in both.
 * HEX: digits and separators as in skt_hex_parse(), “?” for any digit.
 * REGEX: Perl-compatible; what is invalid in the encoding is U+FFFD there. `^` and `$` are the start and the end of a
 * line, which ends with its line feed and is part of the text. Matches of length 0 are none.
 *
 * Errors: SKT_ERROR_BAD_PATTERN (nothing to search for, too long, or a mistake in the expression), SKT_ERROR_BAD_HEX,
 * SKT_ERROR_HALF_BYTE, SKT_ERROR_BAD_CHARACTER (the encoding lacks it). The message says what to do; *ret_position (may
 * be NULL) is the 0-based offset in characters, 0 if no place is to blame. Any thread. */
SktPattern *skt_pattern_new (SktPatternKind kind,
                             const char *text,
                             SktEncoding encoding,
                             gboolean match_case,
                             gsize *ret_position,
                             GError **error);
SktPattern *skt_pattern_ref (SktPattern *self);
void skt_pattern_unref (SktPattern *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktPattern, skt_pattern_unref)

SktPatternKind skt_pattern_get_kind (const SktPattern *self);
SktEncoding skt_pattern_get_encoding (const SktPattern *self);

/* The longest match in bytes; 0 if there is no bound (REGEX: a line). */
gsize skt_pattern_get_max_length (const SktPattern *self);

/* The first match that begins at or after `start` in bytes[0..length): [*ret_begin, *ret_end). bytes[0] begins a
 * character. In sets where a trail byte may look like another character (GBK, GB18030, Big5, Shift_JIS, EUC, UTF-16)
 * text matches only where a character begins. A match that is not all there is none. FALSE: none. Any thread. */
gboolean skt_pattern_find (const SktPattern *self,
                           const guint8 *bytes,
                           gsize length,
                           gsize start,
                           gsize *ret_begin,
                           gsize *ret_end);

/* How many there are from the left, without overlaps: "aa" is found twice in "aaaaa", as editors and grep do. */
gsize skt_pattern_count (const SktPattern *self, const guint8 *bytes, gsize length);

/* -- For searching a stream in pieces ------------------------------------------------------------------------ */

/* As skt_pattern_find(), wherever the bytes are the same: character borders are not looked at. Not for REGEX. */
gboolean skt_pattern_find_raw (const SktPattern *self,
                               const guint8 *bytes,
                               gsize length,
                               gsize start,
                               gsize *ret_begin,
                               gsize *ret_end);

/* Whether what skt_pattern_find_raw() finds must be checked by skt_encoding_find_border(). */
gboolean skt_pattern_needs_borders (const SktPattern *self);

/* Whether one match may begin inside another. */
gboolean skt_pattern_may_overlap (const SktPattern *self);

typedef struct
{
  guint32 begin;
  guint32 end;
} SktByteRange;

/* REGEX: how many groups it captures; else 0. */
guint skt_pattern_get_n_groups (const SktPattern *self);

/* REGEX: appends all matches in one line (SktByteRange). The line may be a piece of a longer one. */
void skt_pattern_list_in_line (const SktPattern *self, const guint8 *line, gsize length, GArray *ranges);

/* REGEX: the first match that begins at or after byte `start` of the line: replaces what is in `ranges` by where its groups are (SktByteRange),
 * [0] all of it, from 0 to 0 what took no part. FALSE: none. */
gboolean skt_pattern_find_groups_in_line (const SktPattern *self,
                                          const guint8 *line,
                                          gsize length,
                                          gsize start,
                                          GArray *ranges);

/* The length of the line at bytes[0] (a character border), line feed included; 0: it does not end in these bytes. */
gsize skt_pattern_find_line_end (const SktPattern *self, const guint8 *bytes, gsize length);

G_END_DECLS
