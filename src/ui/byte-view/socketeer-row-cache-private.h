/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-painter.h"
#include "socketeer-row-cache.h"

G_BEGIN_DECLS

struct _SocketeerRowCache
{
  /* owned */
  SktJournal *journal;
  SktJournalReader *reader;
  GHashTable *rows;   /* SocketeerRow, by record and begin: a set */
  GPtrArray *retired; /* rows that were replaced and may still be on the screen */
  GPtrArray *spare;   /* SocketeerRow, for their memory */
  SocketeerPainter *painter;

  /* borrowed */
  SktLayout *layout;
  SocketeerGlyphs *glyphs;
  SocketeerPalette palette;
  guint peer_cells;
  SocketeerPeerFunc peer_func;
  gpointer peer_data;

  SocketeerTimeColumn time_column;
  guint64 since_ns;
  SocketeerColumns columns;
  SktRow previous;      /* drawn before, for SOCKETEER_TIME_DELTA */
  gboolean has_previous;

  guint64 clock;
};

/* Of byte i in the column of bytes. */
guint _socketeer_row_get_hex_cell (const SocketeerRow *row, guint32 i);

/* Makes the nodes of the row anew; both set is_pending where a character is not known yet. */
void _socketeer_row_draw_gutter (SocketeerRowCache *self, SocketeerRow *row);
void _socketeer_row_draw_content (SocketeerRowCache *self, SocketeerRow *row, guint from, guint to);

/* What stands behind a frame that is not complete, and how wide words are. */
/* What is said behind the bytes, NULL: nothing. Static. */
const char *_socketeer_row_get_tag (const SocketeerRow *row);
guint _socketeer_row_count_cells (const char *words);

/* "12:34:56.789", local time. */
#define SOCKETEER_ROW_TIME_CELLS 12
/* Whether rows that do not begin a read, write or frame have something in the gutter, too. */
gboolean _socketeer_row_has_offset (SocketeerRowCache *self);
void _socketeer_row_format_time (guint64 time_ns, char *buffer, gsize size);
/* As the time column wants it. */
void _socketeer_row_format_time_column (SocketeerRowCache *self, const SocketeerRow *row, char *buffer, gsize size);

G_END_DECLS
