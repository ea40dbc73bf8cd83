/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-byte-view.h"

G_BEGIN_DECLS

#define SOCKETEER_BYTE_VIEW_PAD 8 /* pixels left of the gutter, of the content and right of it */

/* Cells of a row on the screen that belong to a hit. */
typedef struct
{
  guint row;
  guint cell;
  guint n_cells;
  guint64 hit;            /* its SktHit.offset */
} SocketeerHighlight;

struct _SocketeerByteView
{
  GtkWidget parent_instance;

  /* owned */
  SktJournal *journal;
  SktLayout *layout;
  SktRowSource *source;
  SocketeerRowCache *cache;
  SocketeerGlyphs *glyphs;
  GtkAdjustment *hadjustment, *vadjustment;
  GPtrArray *a11y_rows;   /* SocketeerByteRow, children */
  GCancellable *copying;  /* the copy under way */

  /* what is on the screen: borrowed from the cache until the next update */
  GPtrArray *rows;        /* SocketeerRow */
  double first_y;         /* of rows[0]; <= 0 */

  /* place: the first row that is (partly) visible; the end is named by `following` instead */
  SktPosition top;
  double top_offset;      /* pixels of it above the edge */
  double last_value;      /* of the adjustment, as we set it */

  /* cursor and selection */
  SktPosition anchor, cursor;
  gboolean cursor_in_hex;
  double goal_cell;       /* for up and down; < 0: none */
  SktPosition drag_origin_from, drag_origin_to; /* the word or record that a double or triple click took */
  guint drag_clicks;
  double drag_x, drag_y;
  guint autoscroll_id;

  /* what is searched for */
  SktSearch *search;      /* owned; NULL: nothing */
  GArray *pieces;         /* SktHitPiece: hits on the screen */
  GArray *highlights;     /* SocketeerHighlight, in order of rows */
  SktHit hit;             /* the one that was gone to */
  gboolean has_hit;

  SocketeerPalette palette;
  PangoFontDescription *font; /* owned: what the glyphs were made for */
  double glyphs_scale;
  guint peer_cells;
  SocketeerPeerFunc peer_func;
  gpointer peer_data;
  double font_scale;
  guint max_cells;        /* widest content seen in this layout */
  guint64 shown_payload;  /* payload that was published when following or showing stopped */
  guint64 new_bytes;
  guint tick_id;
  guint a11y_id;
  guint hscroll_policy : 1, vscroll_policy : 1;
  guint following : 1;
  guint paused : 1;
  guint has_selection : 1;
  guint is_empty : 1;
  guint in_update : 1;
  guint in_cursor_scroll : 1;
  guint cursor_is_lost : 1; /* the view has moved since the cursor was placed */
};

void _socketeer_byte_view_queue_update (SocketeerByteView *self);
double _socketeer_byte_view_get_gutter_width (SocketeerByteView *self);
double _socketeer_byte_view_get_content_x (SocketeerByteView *self);
void _socketeer_byte_view_scroll_to_cursor (SocketeerByteView *self);
void _socketeer_byte_view_scroll_pixels (SocketeerByteView *self, double pixels);
void _socketeer_byte_view_cursor_moved (SocketeerByteView *self);

void _socketeer_byte_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);

/* Input: pointer, keyboard, copying. */
void _socketeer_byte_view_input_class_init (GtkWidgetClass *klass);
void _socketeer_byte_view_input_init (SocketeerByteView *self);
void _socketeer_byte_view_input_dispose (SocketeerByteView *self);

/* Rows as assistive technology reads them. */
void _socketeer_byte_view_rows_ensure (SocketeerByteView *self);
void _socketeer_byte_view_rows_allocate (SocketeerByteView *self);
void _socketeer_byte_view_rows_queue (SocketeerByteView *self);
void _socketeer_byte_view_rows_dispose (SocketeerByteView *self);

/* Hits: all that are in sight are found again with the rows, and drawn under their text. */
void _socketeer_byte_view_find_load (SocketeerByteView *self);
void _socketeer_byte_view_find_draw (SocketeerByteView *self, GtkSnapshot *snapshot, guint row, double x, double y);
void _socketeer_byte_view_find_draw_current (SocketeerByteView *self,
                                             GtkSnapshot *snapshot,
                                             guint row,
                                             double x,
                                             double y);
void _socketeer_byte_view_find_dispose (SocketeerByteView *self);

G_END_DECLS
