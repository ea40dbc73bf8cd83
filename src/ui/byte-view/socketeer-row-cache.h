/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-decode.h"
#include "skt-frame-check.h"
#include "skt-row.h"
#include "socketeer-glyphs.h"

G_BEGIN_DECLS

typedef struct
{
  GdkRGBA text;
  GdkRGBA dim;       /* offsets, times, control pictures, what a later row shows whole */
  GdkRGBA error;     /* bytes that are no character */
  GdkRGBA token;     /* invisible characters */
  GdkRGBA event;
  GdkRGBA received;  /* the arrow */
  GdkRGBA sent;
  GdkRGBA box;       /* behind tokens, so that they differ from the same characters typed by the peer by more than colour */
  GdkRGBA sent_background;
  GdkRGBA gutter_background;
  GdkRGBA line;
  GdkRGBA selection;
  GdkRGBA hit;       /* what is searched for, and its outline */
  GdkRGBA hit_line;
} SocketeerPalette;

/* What the gutter says of a row that begins a read, a write or a frame. */
typedef enum
{
  SOCKETEER_TIME_CLOCK,    /* time of day */
  SOCKETEER_TIME_DELTA,    /* since the record that is shown before it */
  SOCKETEER_TIME_MARK,     /* since a moment that the user chose */
  SOCKETEER_TIME_NONE,     /* nothing */
  SOCKETEER_N_TIME_COLUMNS,
} SocketeerTimeColumn;

/* What else it says, if there is room. The direction is always there. */
typedef struct
{
  gboolean peer;
  gboolean offset; /* in its stream, of each row of text; beside hex it is shown anyway */
  gboolean size;   /* of each read or write, in SKT_MODE_READS */
} SocketeerColumns;

/* A row ready to be drawn, with what is needed to say which byte is where. */
typedef struct
{
  SktRow row;
  SktRecord record;
  char *words;            /* event: the sentence */
  guint8 *bytes;          /* data: row.length of them; NULL: an event */
  guint8 *buffer;         /* where they are */
  GArray *pieces;         /* data: SktRowPiece, where they lie */
  SktDecoded decoded;     /* data, views with text */
  guint hex_cell;         /* HEX, BOTH: cell of the first byte */
  guint text_cell;        /* cell of the first character: 0 in TEXT, the ASCII column in HEX */
  guint n_cells;          /* width of the content */
  char time[24];          /* as the gutter says it; empty if it has none or was not drawn */
  GskRenderNode *gutter;  /* NULL: nothing to draw */
  GskRenderNode *content;
  guint from_cell;        /* what of the content was drawn */
  guint to_cell;
  guint64 used;
  guint32 asked_length;   /* row.length is less if the payload could not be read */
  guint64 check_looked;   /* FRAMES: how many records there were when the frame that begins here was last looked at; 0: not yet */
  guint32 check_expected; /* what is known of its checksum then */
  guint32 check_found;
  SktFrameVerdict check_verdict;
  guint tag_cell;         /* where it is said that the frame is not complete, or the byte urgent */
  guint check_is_over : 1; /* there is no more to be known of it */
  guint lacks_peer : 1;   /* the gutter was drawn when the peer's name was not known yet */
  guint is_drawn : 1;
  guint is_pending : 1;   /* drawn with placeholders */
  guint gutter_is_pending : 1;
} SocketeerRow;

/* (transfer full) NULL: not known yet. */
typedef char *(*SocketeerPeerFunc) (guint32 connection, gpointer user_data);

/* Rows that were drawn lately. A row of the journal never changes, so an entry is good until the way of looking changes. */
typedef struct _SocketeerRowCache SocketeerRowCache;

SocketeerRowCache *socketeer_row_cache_new (SktJournal *journal);
void socketeer_row_cache_free (SocketeerRowCache *self);

void socketeer_row_cache_clear (SocketeerRowCache *self);

/* Borrowed, to be set before rows are asked for; a change needs socketeer_row_cache_clear(). */
void socketeer_row_cache_set_style (SocketeerRowCache *self,
                                    SktLayout *layout,
                                    SocketeerGlyphs *glyphs,
                                    const SocketeerPalette *palette);
/* peer_cells: width of the gutter's column for the peer, 0: none. */
void socketeer_row_cache_set_peers (SocketeerRowCache *self, guint peer_cells, SocketeerPeerFunc func, gpointer user_data);
/* since_ns: the moment for SOCKETEER_TIME_MARK. A change needs socketeer_row_cache_clear(). */
void socketeer_row_cache_set_time_column (SocketeerRowCache *self, SocketeerTimeColumn column, guint64 since_ns);
/* For SOCKETEER_TIME_DELTA: the row before the one that is drawn next; NULL: it is the first. After that it is taken for granted that
 * rows are drawn one after another. */
void socketeer_row_cache_set_previous (SocketeerRowCache *self, const SktRow *previous);
/* `peer` is for who calls socketeer_row_cache_set_peers(). A change needs socketeer_row_cache_clear(). */
void socketeer_row_cache_set_columns (SocketeerRowCache *self, const SocketeerColumns *columns);
guint socketeer_row_cache_get_gutter_cells (SocketeerRowCache *self);

/* The row, drawn at least for the cells [from_cell, to_cell) of its content; not drawn if there are none. What has placeholders (see
 * socketeer_glyphs_begin_frame()) is drawn again. Borrowed until socketeer_row_cache_trim(). */
SocketeerRow *socketeer_row_cache_get (SocketeerRowCache *self, const SktRow *row, guint from_cell, guint to_cell);

/* Drops what was not asked for since the call before the last, beyond a few hundred. */
void socketeer_row_cache_trim (SocketeerRowCache *self);

/* Byte border i (0..row.length) as a position. */
SktPosition socketeer_row_get_position (const SocketeerRow *self, guint32 i);
/* The byte border that is at the position, or nearest to it. */
guint32 socketeer_row_find_position (const SocketeerRow *self, SktPosition position);

/* The cells of byte `i` (0 <= i < row.length) in the column of characters, or, if `in_hex`, of bytes. FALSE if it has none. */
gboolean socketeer_row_get_byte_cells (const SocketeerRow *self,
                                       SktLayout *layout,
                                       guint32 i,
                                       gboolean in_hex,
                                       guint *ret_cell,
                                       guint *ret_n_cells);

/* The border between bytes (0..row.length) that is nearest to a place given in cells. */
guint32 socketeer_row_find_byte (const SocketeerRow *self, SktLayout *layout, double cell, gboolean *ret_in_hex);

/* From byte border i to the next or previous character border (views with text), or byte. Stays inside 0..row.length. */
guint32 socketeer_row_step (const SocketeerRow *self, SktLayout *layout, guint32 i, gboolean forward);

/* What the row says, for assistive technology and tests, with the time as in the gutter: "12:00:00.000 received from 127.0.0.1:53412: hello". (transfer full) */
char *socketeer_row_to_label (const SocketeerRow *self, SktLayout *layout, const char *peer);

G_END_DECLS
