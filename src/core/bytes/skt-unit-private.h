/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-encoding.h"

G_BEGIN_DECLS

#define SKT_UNIT_MAX 4 /* bytes of the longest unit of any encoding */

/* Bytes of a row that are looked at together with the carry: the last unit that begins in it has one byte there at
 * least. */
#define SKT_UNIT_HEAD_MAX (SKT_CARRY_MAX + SKT_UNIT_MAX - 1)

/* One unit of a row, which may begin in the carry. */
typedef struct
{
  const guint8 *bytes;  /* all of its bytes, those of the carry too */
  guint8 n_bytes;
  guint8 carried;       /* how many of them are of the carry */
  guint8 length;        /* how many of them are the row's */
  SktUnitKind kind;
  gsize offset;         /* in the row */
} SktUnit;

/* Walks the units of a row: first those that begin in the carry, then the rest. */
typedef struct
{
  SktEncoding encoding;
  gboolean is_last;               /* of its piece: what is begun at its end is incomplete, else it is invalid */
  const guint8 *bytes;
  gsize length;
  gsize offset;                   /* the next unit's, in the row */
  guint8 carry_length;
  guint8 head_length;
  guint8 head_offset;             /* < carry_length: the next unit begins in the carry */
  guint8 head[SKT_UNIT_HEAD_MAX]; /* the carry and the row's first bytes */
} SktUnitWalk;

void _skt_unit_walk_init (SktUnitWalk *self,
                          SktEncoding encoding,
                          const SktCarry *carry,
                          const guint8 *bytes,
                          gsize length,
                          gboolean is_last);

/* FALSE after the last unit. */
gboolean _skt_unit_walk_next (SktUnitWalk *self, SktUnit *ret_unit);

G_END_DECLS
