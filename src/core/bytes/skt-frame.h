/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-payload.h"

G_BEGIN_DECLS

/* TCP keeps the order of bytes and no borders. Where a protocol's messages end, a rule must say. */
typedef enum
{
  SKT_FRAME_LINE,         /* after a line ending */
  SKT_FRAME_FIXED,        /* after so many bytes */
  SKT_FRAME_DELIMITER,    /* after a sequence of bytes */
  SKT_FRAME_LENGTH_FIELD, /* a field near the beginning says how long it is */
  SKT_FRAME_PAUSE,        /* when nothing came (or was sent) for some time */
  SKT_N_FRAME_KINDS,
} SktFrameKind;

#define SKT_FRAME_MAX_DELIMITER 16
#define SKT_FRAME_MAX_OFFSET 65535
#define SKT_FRAME_MAX_LENGTH (1u << 30)
#define SKT_FRAME_MAX_PAUSE_MS (24u * 60 * 60 * 1000)

/* What belongs to other kinds is ignored. */
typedef struct
{
  SktFrameKind kind;
  SktLineEnding line_ending;  /* LINE: LF (which ends CR LF too), CR or CRLF */
  guint32 length;             /* FIXED: bytes, 1.. */
  guint8 delimiter[SKT_FRAME_MAX_DELIMITER]; /* DELIMITER; it ends its frame */
  guint8 delimiter_length;    /* 1.. */
  guint32 field_offset;       /* LENGTH_FIELD: bytes before the field */
  guint8 field_width;         /* 1, 2, 4 or 8 */
  gboolean field_is_little;   /* byte order */
  gboolean field_counts_all;  /* the value counts the whole frame; FALSE: the bytes after the field */
  gint32 field_adjustment;    /* added to the value */
  guint32 pause_ms;           /* PAUSE, 1.. */
} SktFrameRule;

/* FALSE and SKT_ERROR_BAD_RULE, with a sentence that says what to change. */
gboolean skt_frame_rule_check (const SktFrameRule *rule, GError **error);

/* As stored in settings and given on D-Bus: "line lf", "fixed 16", "delimiter 0d0a", "length offset=2 width=2 order=big
 * counts=rest adjust=0" (what is left out is 0, 2, big, rest, 0), "pause 20" (ms). Errors as skt_frame_rule_check(). */
gboolean skt_frame_rule_parse (const char *text, SktFrameRule *ret_rule, GError **error);
char *skt_frame_rule_to_string (const SktFrameRule *rule);

gboolean skt_frame_rule_equal (const SktFrameRule *a, const SktFrameRule *b);

/* Where one stream stands. All zero: at a border, nothing seen. */
typedef struct
{
  guint64 seen;           /* bytes of the frame so far; 0: at a border */
  guint64 value;          /* of the length field so far; then the length of the frame */
  guint64 last_time_ns;   /* PAUSE: of the last piece */
  guint8 matched;         /* bytes of the delimiter */
  guint has_length : 1; /* value is the frame's length */
} SktFrameState;

/* Goes on with the next bytes of the stream (length >= 1) up to the end of the frame, if that is among them. Returns how many bytes
 * belong to the frame; *ret_complete: it ends with them, and the state is at a border again. A length field that
 * is less than the bytes up to its own end is not believed: the frame ends with the field. Any thread. */
gsize skt_frame_next (const SktFrameRule *rule,
                      SktFrameState *state,
                      const guint8 *bytes,
                      gsize length,
                      gboolean *ret_complete);

/* A piece of the stream begins that came (or went) at that time: to be called before its first byte is passed to
 * skt_frame_next(). TRUE: a pause has ended the frame before it; the state is at a border. */
gboolean skt_frame_begin_piece (const SktFrameRule *rule, SktFrameState *state, guint64 time_ns);

/* Whether the rule's pause is over at `now_ns`, when the last byte came (or went) at `last_ns`. FALSE for other rules. */
gboolean skt_frame_pause_is_over (const SktFrameRule *rule, guint64 last_ns, guint64 now_ns);

G_END_DECLS
