/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-byte-view.h"
#include "socketeer-throttle.h"

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
  SktBookmarks *bookmarks;
  SocketeerAckFunc ack_func;
  gpointer ack_data;
  GskRenderNode *ack_nodes[SOCKETEER_N_ACKS]; /* the marks; made when needed */
  GskRenderNode *bookmark_node; /* the symbol; made when needed */
  SktFrameCheck frame_check;
  SktJournalReader *check_reader; /* owned; made when needed */
  guint8 *check_buffer;           /* owned, SKT_FRAME_CHECK_MAX_LENGTH; made when needed */
  guint check_next;               /* the row on the screen that is looked at again first */
  GskRenderNode *check_nodes[2];  /* the marks: wrong, right; made when needed */

  /* what is on the screen: borrowed from the cache until the next update */
  GPtrArray *rows;        /* SocketeerRow */
  double first_y;         /* of rows[0]; <= 0 */
  SktRow before;          /* the row before rows[0], if has_before */

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
  GtkWidget *tip;         /* popover, a child; made when needed */
  SktPosition tip_position;
  guint tip_id;
  double tip_x, tip_y;    /* the pointer */
  gint64 moved;           /* monotonic: when other rows came under the pointer */
  SktPosition here;       /* where the context menu was opened last */

  SocketeerTimeColumn time_column;
  guint64 mark;           /* the record that SOCKETEER_TIME_MARK counts from; G_MAXUINT64: the first */

  /* what is searched for */
  SktSearch *search;      /* owned; NULL: nothing */
  GArray *pieces;         /* SktHitPiece: hits on the screen */
  GArray *highlights;     /* SocketeerHighlight, in order of rows */
  SktHit hit;             /* the one that was gone to */
  gboolean has_hit;

  SocketeerColumns columns;
  SocketeerDirectionColors colors;
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
  SocketeerThrottle growth; /* updates because the journal grows fast */
  gint64 page_begun;      /* us, monotonic: when the last page was begun */
  gint64 page_us;         /* what the last page in a flood took, until it was painted */
  gulong painted_id;
  guint a11y_id;
  SktPosition described;  /* where the row begins that was said last */
  struct _SocketeerAccessibleText *accessible_text; /* owned; NULL: nobody has asked */
  guint shaping_id;
  guint pause_id; /* when the pause is over that ends the last frame */
  guint hscroll_policy : 1, vscroll_policy : 1;
  guint following : 1;
  guint paused : 1;
  guint has_selection : 1;
  guint is_empty : 1;
  guint is_narrow : 1;
  guint in_update : 1;
  guint in_cursor_scroll : 1;
  guint has_before : 1;
  guint is_to_describe : 1; /* the cursor was moved, or the keyboard came here */
  guint cursor_is_lost : 1; /* the view has moved since the cursor was placed */
};

void _socketeer_byte_view_queue_update (SocketeerByteView *self);
double _socketeer_byte_view_get_gutter_width (SocketeerByteView *self);
double _socketeer_byte_view_get_content_x (SocketeerByteView *self);
void _socketeer_byte_view_scroll_to_cursor (SocketeerByteView *self);
void _socketeer_byte_view_scroll_pixels (SocketeerByteView *self, double pixels);
void _socketeer_byte_view_cursor_moved (SocketeerByteView *self);

/* Colours and glyphs, made anew when style or font have changed. */
void _socketeer_byte_view_update_style (SocketeerByteView *self);
void _socketeer_byte_view_ensure_style (SocketeerByteView *self);

/* Where the text of the gutter begins, right of the symbol of a bookmark. */
double _socketeer_byte_view_get_gutter_x (SocketeerByteView *self);

/* Makes the cursor's cell visible sideways. */
void _socketeer_byte_view_show_cursor_cell (SocketeerByteView *self);

/* Places: bookmarks, going to, what is known of a byte. */
void _socketeer_byte_view_places_init (SocketeerByteView *self);
void _socketeer_byte_view_places_dispose (SocketeerByteView *self);
/* The journal, the layout or the style is another one. */
void _socketeer_byte_view_apply_time_column (SocketeerByteView *self);
void _socketeer_byte_view_draw_bookmark (SocketeerByteView *self,
                                         GtkSnapshot *snapshot,
                                         const SocketeerRow *row,
                                         double y);
gboolean _socketeer_byte_view_has_bookmark (SocketeerByteView *self, const SocketeerRow *row);
/* Marks of what was sent. */
double _socketeer_byte_view_get_ack_width (SocketeerByteView *self);
void _socketeer_byte_view_draw_ack (SocketeerByteView *self, GtkSnapshot *snapshot, const SocketeerRow *row, double y);
void _socketeer_byte_view_clear_acks (SocketeerByteView *self);
/* "": there is no mark. */
const char *_socketeer_byte_view_get_ack_words (SocketeerByteView *self, const SocketeerRow *row);
/* Marks of frames whose checksum is checked: left of the time. */
double _socketeer_byte_view_get_check_width (SocketeerByteView *self);
/* Looks at frames that begin on the screen, at so many as there is time for; the rest in the next update. Called in one. TRUE: there is
 * a rest. */
gboolean _socketeer_byte_view_checks_load (SocketeerByteView *self);

/* Of the n rows in sight: whether a pause has ended the last, or, later, that it has. */
void _socketeer_byte_view_pause_load (SocketeerByteView *self, SktRow *rows, guint n);
void _socketeer_byte_view_draw_check (SocketeerByteView *self, GtkSnapshot *snapshot, const SocketeerRow *row, double y);
/* The style is another one. */
void _socketeer_byte_view_clear_check_marks (SocketeerByteView *self);
/* The journal goes. */
void _socketeer_byte_view_clear_checks (SocketeerByteView *self);
/* (transfer full) NULL: there is no mark. */
char *_socketeer_byte_view_dup_check_words (SocketeerByteView *self, const SocketeerRow *row);
/* Of the frame that the byte is in. (transfer full) NULL: its beginning is not on the screen, or has no mark. */
char *_socketeer_byte_view_dup_check_line (SocketeerByteView *self, SktPosition position);
/* (transfer full) NULL: there is none. */
char *_socketeer_byte_view_dup_ack_line (SocketeerByteView *self, const SktRecord *record, guint32 begin);
/* The byte whose cells are there, or the row's first. FALSE: nothing is. ret_area: of the byte. */
gboolean _socketeer_byte_view_find_byte_at (SocketeerByteView *self,
                                            double x,
                                            double y,
                                            SktPosition *ret_position,
                                            GdkRectangle *ret_area);
/* The pointer or a key has opened a menu there; NULL: at the cursor. */
void _socketeer_byte_view_set_here (SocketeerByteView *self, const SktPosition *here);
/* What is known of the byte under the pointer, when both stand still for a while. */
void _socketeer_byte_view_tip_init (SocketeerByteView *self);
void _socketeer_byte_view_tip_dispose (SocketeerByteView *self);
/* Other rows may be on the screen, and what is under the pointer another byte. */
void _socketeer_byte_view_tip_check (SocketeerByteView *self);
void _socketeer_byte_view_tip_hide (SocketeerByteView *self);

/* Says where the cursor is, for assistive technology. */
void _socketeer_byte_view_describe_cursor (SocketeerByteView *self);
/* The row on the screen that holds the position or is the last one before it; G_MAXUINT: there is none. */
guint _socketeer_byte_view_find_row (SocketeerByteView *self, SktPosition position);
/* Whether the position is in the row, or at its end. */
gboolean _socketeer_byte_view_row_holds (const SocketeerRow *row, SktPosition position);
/* As assistive technology says it. (transfer full) */
char *_socketeer_byte_view_dup_row_label (SocketeerByteView *self, const SocketeerRow *row);

/* GtkAccessibleText, where GTK has it; else these do nothing. The rows or the place of the cursor have changed. */
void _socketeer_byte_view_accessible_text_init (GType type);
void _socketeer_byte_view_accessible_text_update (SocketeerByteView *self);
void _socketeer_byte_view_accessible_text_dispose (SocketeerByteView *self);

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
