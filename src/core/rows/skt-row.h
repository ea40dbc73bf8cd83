/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-encoding.h"
#include "skt-journal.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_VIEW_TEXT,        /* rows end at a line feed, or after SKT_TEXT_ROW_BYTES at a character border */
  SKT_VIEW_HEX,         /* rows of bytes_per_row bytes, with offset and ASCII */
  SKT_VIEW_BOTH,        /* as TEXT but no longer than bytes_per_row: bytes beside the characters that they are */
  SKT_N_VIEWS,
} SktView;

#define SKT_TEXT_ROW_BYTES 1024

/* "text", "hex", "both". FALSE if unknown. */
gboolean skt_view_from_name (const char *name, SktView *ret_view);
const char *skt_view_get_name (SktView view);

/* A byte of a session: record number and offset in the record. For an event row begin is 0. */
typedef struct
{
  guint64 record;
  guint32 begin;
} SktPosition;

static inline int
skt_position_compare (const SktPosition *a, const SktPosition *b)
{
  if (a->record != b->record)
    return a->record < b->record ? -1 : 1;
  return a->begin < b->begin ? -1 : a->begin > b->begin;
}

/* One line on the screen: an event, or bytes [begin, begin + length) of a data record. */
typedef struct
{
  guint64 record;
  guint32 begin;
  guint32 length;
  SktCarry carry;       /* views with text: what earlier records of the stream began; empty unless begin is 0 */
  gboolean is_last : 1; /* last row of its record */
} SktRow;

/* One way of looking. Immutable and atomically reference counted, shared by main thread and workers. */
typedef struct _SktLayout SktLayout;

/* bytes_per_row: 8, 16 or 32, for HEX and BOTH. `connections` (copied, any order): only these and the session's own events; NULL: all. */
SktLayout *skt_layout_new (SktView view,
                           SktEncoding encoding,
                           guint bytes_per_row,
                           const guint32 *connections,
                           gsize n_connections);
SktLayout *skt_layout_ref (SktLayout *self);
void skt_layout_unref (SktLayout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktLayout, skt_layout_unref)

SktView skt_layout_get_view (const SktLayout *self);
SktEncoding skt_layout_get_encoding (const SktLayout *self);
guint skt_layout_get_bytes_per_row (const SktLayout *self);
gboolean skt_layout_shows (const SktLayout *self, const SktRecord *record);
/* Whether rows depend on the bytes (TEXT, BOTH) or on lengths only (HEX). */
gboolean skt_layout_has_text (const SktLayout *self);

/* The key of a stream: one direction of one connection. */
static inline guint64
skt_stream_key (const SktRecord *record)
{
  return (guint64) record->connection << 1 | (record->kind == SKT_RECORD_SENT);
}

G_END_DECLS
