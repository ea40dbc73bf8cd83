/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-pattern.h"

#include "skt-unit-private.h"

G_BEGIN_DECLS

/* One of up to two forms of a byte: (byte & mask) == value. */
typedef struct
{
  guint8 masks[2];
  guint8 values[2];     /* the second is the same as the first if there is one form only */
} SktProbe;

/* Places where a match may be: bytes[i] is like `first` and bytes[i + distance] like `second`. */
typedef struct
{
  SktProbe first;
  SktProbe second;
  gsize distance;
  gboolean is_exact;    /* one form each and all bits: two comparisons */
} SktFilter;

typedef enum
{
  SKT_SCAN_PORTABLE,
  SKT_SCAN_SSE2,
  SKT_SCAN_AVX2,
  SKT_N_SCANS,
} SktScan;

/* The first place in [from, to) that passes the filter, or `to`. Bytes up to to + distance are read. */
gsize _skt_filter_seek (const SktFilter *self, const guint8 *bytes, gsize from, gsize to);

/* The same in a given way, for tests. FALSE if the processor can't. */
gboolean _skt_filter_seek_with (SktScan scan,
                                const SktFilter *self,
                                const guint8 *bytes,
                                gsize from,
                                gsize to,
                                gsize *ret_place);

/* One way of writing a character. */
typedef struct
{
  guint8 length;
  guint8 bytes[SKT_UNIT_MAX];
} SktSpelling;

/* A character: spellings [first, first + n) of the pattern. */
typedef struct
{
  guint32 first;
  guint8 n;
  guint8 min_length;
  guint8 max_length;
} SktSpelled;

struct _SktPattern
{
  gatomicrefcount ref_count;
  SktPatternKind kind;
  SktEncoding encoding;
  gsize min_length;
  gsize max_length;
  gboolean needs_borders;
  gboolean may_overlap;
  SktFilter filter;

  /* If all bytes are in fixed places: byte i matches if (byte & masks[i]) == values[i]. */
  guint8 *values;
  guint8 *masks;        /* NULL: all bits */
  gsize anchor;         /* which of them the filter's first is */

  /* Else characters one after another, each in any of its spellings. The filter's first byte is `anchor_offset` (-1: the
   * byte before) from the first byte of character `anchor_character`. */
  GArray *spellings;    /* SktSpelling */
  GArray *characters;   /* SktSpelled */
  gsize anchor_character;
  gssize anchor_offset;

  GRegex *regex;
};

/* Fill in values and masks, or spellings and characters, and max_length and the like. */
gboolean _skt_pattern_set_text (SktPattern *self,
                                const char *text,
                                gboolean match_case,
                                gsize *ret_position,
                                GError **error);
gboolean _skt_pattern_set_regex (SktPattern *self,
                                 const char *text,
                                 gboolean match_case,
                                 gsize *ret_position,
                                 GError **error);

/* Chooses the two bytes by which matches are found: the rarest. */
void _skt_pattern_choose_filter (SktPattern *self);

/* REGEX: the first match that begins at or after byte `start` of the line. */
gboolean _skt_pattern_find_in_line (const SktPattern *self,
                                    const guint8 *line,
                                    gsize length,
                                    gsize start,
                                    gsize *ret_begin,
                                    gsize *ret_end);

G_END_DECLS
