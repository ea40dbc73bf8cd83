/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-encoding.h"
#include "skt-frame.h"
#include "skt-journal.h"
#include "skt-pattern.h"

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

/* How bytes are cut into units. The bytes are the same, and so is their order. */
typedef enum
{
  SKT_MODE_READS,       /* each read and write for itself */
  SKT_MODE_STREAM,      /* without borders: what came one after another in one stream goes on in the same row */
  SKT_MODE_FRAMES,      /* cut by a rule */
  SKT_N_MODES,
} SktMode;

/* "reads", "stream", "frames". FALSE if unknown. */
gboolean skt_mode_from_name (const char *name, SktMode *ret_mode);
const char *skt_mode_get_name (SktMode mode);

/* One line on the screen: an event, or bytes of one stream. In READS they are bytes [begin, begin + length) of one data
 * record; otherwise they may go on in the records of the stream that follow, with nothing shown between them. */
typedef struct
{
  guint64 record;       /* of the first byte */
  guint32 begin;        /* in that record */
  guint32 length;       /* bytes in all */
  SktPosition end;      /* just after the last byte, in that byte's record */
  SktCarry carry;       /* views with text: what earlier records of the stream began; empty unless the row begins a piece */
  guint is_first : 1;      /* begins a unit: a read or write, the bytes of a record that the rows before have none of
                                 (STREAM), a frame or what goes on of it (FRAMES). The row that says when and from whom. */
  guint is_last : 1;       /* its last byte is the last of its record */
  guint ends_piece : 1;    /* a character that is begun at its end goes on elsewhere, if at all: the is_last of skt_decode_row() */
  guint is_open : 1;       /* nothing more has been published: the row may yet become longer */
  guint continues : 1;     /* FRAMES: goes on with a frame that something else has interrupted */
  guint is_unfinished : 1; /* FRAMES: the last row of a piece of a frame that is not complete */
} SktRow;

/* The row is over before the position: neither there nor after it is a byte of the row. */
static inline gboolean
skt_row_is_before (const SktRow *row, SktPosition position)
{
  if (row->end.record != position.record)
    return row->end.record < position.record;
  return !row->is_last && row->end.begin <= position.begin;
}

/* One way of looking. Immutable and atomically reference counted, shared by main thread and workers. */
typedef struct _SktLayout SktLayout;

/* All zero: all, as text in UTF-8, read by read. */
typedef struct
{
  SktView view;
  SktMode mode;
  SktEncoding encoding;
  guint bytes_per_row;         /* 8, 16 or 32, for HEX and BOTH; 0: 16 */
  const guint32 *connections;  /* (copied, any order) only these and the session's own events; NULL: all */
  gsize n_connections;
  gboolean hides_received;
  gboolean hides_sent;
  gboolean hides_events;
  const SktFrameRule *frame_rule; /* (copied) FRAMES: must be good */
  SktPattern *pattern;         /* READS: only reads and writes that have it somewhere; otherwise only rows that have
                                  it, and then no events. NULL: all */
} SktLayoutOptions;

SktLayout *skt_layout_new (const SktLayoutOptions *options);
SktLayout *skt_layout_ref (SktLayout *self);
void skt_layout_unref (SktLayout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktLayout, skt_layout_unref)

SktView skt_layout_get_view (const SktLayout *self);
SktMode skt_layout_get_mode (const SktLayout *self);
const SktFrameRule *skt_layout_get_frame_rule (const SktLayout *self);
SktPattern *skt_layout_get_pattern (const SktLayout *self); /* borrowed; NULL: none */
SktEncoding skt_layout_get_encoding (const SktLayout *self);
guint skt_layout_get_bytes_per_row (const SktLayout *self);
/* Whether its kind and connection are shown; its bytes are not looked at. */
gboolean skt_layout_shows (const SktLayout *self, const SktRecord *record);
/* Whether rows depend on the bytes (TEXT, BOTH) or on lengths only (HEX). */
gboolean skt_layout_has_text (const SktLayout *self);

/* A row's bytes, where they lie: from byte `index` of the row on in `record`, from `begin` on. */
typedef struct
{
  guint64 record;
  guint32 begin;
  guint32 index;
} SktRowPiece;

/* The pieces of a row of the layout that has bytes, in order; at least one. (transfer full, SktRowPiece) */
GArray *skt_row_list_pieces (const SktRow *row, SktJournalReader *reader, const SktLayout *layout);

/* The bytes of a row into buffer (row->length of them). Returns how many could be read: less if the journal is damaged. */
gsize skt_row_read (const SktRow *row,
                    SktJournal *journal,
                    SktJournalReader *reader,
                    const SktLayout *layout,
                    guint8 *buffer);

/* Byte border i (0..row->length) of the row as a position. pieces: its pieces. */
SktPosition skt_row_get_position (const SktRow *row, const GArray *pieces, guint32 i);

/* The border of the row that is at the position, or nearest to it if it is outside. */
guint32 skt_row_find_position (const SktRow *row, const GArray *pieces, SktPosition position);

/* The key of a stream: one direction of one connection. */
static inline guint64
skt_stream_key (const SktRecord *record)
{
  return (guint64) record->connection << 1 | (record->kind == SKT_RECORD_SENT);
}

G_END_DECLS
