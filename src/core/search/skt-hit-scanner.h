/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-pattern.h"

G_BEGIN_DECLS

/* What a pattern matches in some bytes of the payload, whoever sent or received them: found by any thread ahead of the
 * scanner, which then need not look itself where they are all of one stream. */
typedef struct
{
  GArray *ranges;       /* SktByteRange in the bytes, by where they begin; overlapping ones too */
  GArray *lines;        /* SktRawLine: REGEX only */
  guint next_range;     /* the scanner's place */
  guint next_line;
} SktRawHits;

void skt_raw_hits_init (SktRawHits *self);
void skt_raw_hits_clear (SktRawHits *self);
void skt_raw_hits_fill (SktRawHits *self, const SktPattern *pattern, const guint8 *bytes, gsize length);

/* Bytes of the payload that are part of a hit. */
typedef struct
{
  guint64 offset;
  guint32 length;
} SktHitPart;

typedef struct
{
  guint64 stream;
  guint64 stream_end;   /* in the stream, after its last byte */
  gboolean is_withdrawn; /* one of settle() that is not true any more; only its first part's offset is given */
  guint n_parts;
  const SktHitPart *parts; /* in order; more than one if other streams' bytes lie between */
} SktFoundHit;

typedef void (*SktHitFunc) (const SktFoundHit *hit, gpointer user_data);

/* Searches streams whose bytes come in pieces: those of one stream (skt_stream_key()) in order, different streams mixed
 * in any way. A hit is found wherever it was cut; of different streams' bytes there is none. Hits in one stream do not
 * overlap. Of a stream only as many bytes are kept as a hit may need, or a line. One thread at a time. */
typedef struct _SktHitScanner SktHitScanner;

SktHitScanner *skt_hit_scanner_new (SktPattern *pattern, SktHitFunc func, gpointer user_data);
void skt_hit_scanner_free (SktHitScanner *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktHitScanner, skt_hit_scanner_free)

/* The next bytes of a stream, which are at `stream_offset` there and at `offset` in the payload. After a gap in the
 * stream nothing is found across it. `raw` (may be NULL) was filled from bytes of which these begin at `raw_base`. */
void skt_hit_scanner_feed (SktHitScanner *self,
                           guint64 stream,
                           guint64 stream_offset,
                           guint64 offset,
                           const guint8 *bytes,
                           gsize length,
                           SktRawHits *raw,
                           gsize raw_base);

/* For a stream that was not fed yet: its bytes before `stream_offset`, from a character border (REGEX: a line) on.
 * Hits that begin in the stream before `free_from` are not wanted. */
void skt_hit_scanner_seed (SktHitScanner *self,
                           guint64 stream,
                           guint64 stream_offset,
                           guint64 free_from,
                           guint64 offset,
                           const guint8 *bytes,
                           gsize length);

/* All that there is was fed: lines that are not finished are searched as they are. What is found so is withdrawn when
 * the line goes on. */
void skt_hit_scanner_settle (SktHitScanner *self);

/* How many bytes more of a stream may be needed until hits that begin before what comes next are known; REGEX: 0 if no
 * line is begun, else more than there can be. */
gsize skt_hit_scanner_get_wanted (SktHitScanner *self, guint64 stream);

/* REGEX: a line is cut where it passes the first multiple of this in its stream that is this far from its start. */
#ifndef SKT_LINE_STEP
#define SKT_LINE_STEP (64 * 1024)
#endif
#define SKT_LINE_MAX (2 * SKT_LINE_STEP)

G_END_DECLS
