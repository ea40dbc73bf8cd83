/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-bookmarks.h"
#include "skt-frame-check.h"
#include "skt-row-source.h"
#include "skt-search.h"
#include "skt-selection.h"
#include "socketeer-row-cache.h"

G_BEGIN_DECLS

/* In which colours received and sent are told apart, besides the arrows. They are made readable on the background. */
typedef enum
{
  SOCKETEER_COLORS_THEME,
  SOCKETEER_COLORS_TEXT,   /* none: that of the text */
  SOCKETEER_COLORS_CHOSEN,
} SocketeerColorsKind;

typedef struct
{
  SocketeerColorsKind kind;
  GdkRGBA received[2]; /* on a light and on a dark background */
  GdkRGBA sent[2];
} SocketeerDirectionColors;

/* What is known of bytes that were sent. */
typedef enum
{
  SOCKETEER_ACK_UNKNOWN,
  SOCKETEER_ACK_OUTSTANDING,   /* the kernel has them */
  SOCKETEER_ACK_ACKNOWLEDGED,  /* by the peer's TCP */
  SOCKETEER_ACK_NEVER,         /* not before the connection was closed */
  SOCKETEER_N_ACKS,
} SocketeerAck;

/* How many of the bytes that were sent on a connection are acknowledged, and whether it is over. FALSE: not known. */
typedef gboolean (*SocketeerAckFunc) (guint32 connection,
                                      guint64 *ret_acknowledged,
                                      gboolean *ret_is_over,
                                      gpointer user_data);

/* The transcript: a view of a journal that draws only the rows one sees. A GtkScrollable whose adjustment counts
 * pixels of whole rows, with 64-bit rows behind it.
 *
 * Properties: following (boolean, rw): the last row is kept in sight; paused (boolean, rw): what arrives is not shown until it is
 * FALSE again (it is kept all the same); font-scale (double, rw); has-selection (boolean); new-bytes (uint64): payload
 * that was published since following or showing stopped; is-empty (boolean).
 * Signals: message (string): something to tell the user, e.g. that a selection is too large to copy;
 *          context-menu (double x, double y, in the view's coordinates);
 *          cursor-moved: the cursor or the selection has changed, or the journal or layout that they are in;
 *          reloaded: see socketeer_byte_view_reload().
 * Hovering tells the details of a byte; the accessible description those of the byte at the cursor.
 * Widget actions: transcript.copy (s: as-shown, or see skt_copy_format_from_name()), transcript.select-all. */
#define SOCKETEER_TYPE_BYTE_VIEW (socketeer_byte_view_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerByteView, socketeer_byte_view, SOCKETEER, BYTE_VIEW, GtkWidget)

GtkWidget *socketeer_byte_view_new (void);

/* NULL: nothing to show. Keeps references. The place is kept when the layout changes. */
void socketeer_byte_view_set_journal (SocketeerByteView *self, SktJournal *journal, SktLayout *layout);
void socketeer_byte_view_set_layout (SocketeerByteView *self, SktLayout *layout);

/* See socketeer_row_cache_set_peers(). The function must be good for as long as the view lives. */
void socketeer_byte_view_set_peers (SocketeerByteView *self,
                                    guint peer_cells,
                                    SocketeerPeerFunc func,
                                    gpointer user_data);

/* Each row that was sent has a mark for it at the end of the gutter; NULL: none. The function must be good for as long as it is set. */
void socketeer_byte_view_set_acks (SocketeerByteView *self, SocketeerAckFunc func, gpointer user_data);
/* What the function says has changed. */
void socketeer_byte_view_acks_changed (SocketeerByteView *self);

/* In SKT_MODE_FRAMES the row that a frame begins with has a mark that says whether its checksum is right. Copied; it must be good. */
void socketeer_byte_view_set_frame_check (SocketeerByteView *self, const SktFrameCheck *check);

/* The journal has grown: the view looks at it in the next frame. */
void socketeer_byte_view_journal_grown (SocketeerByteView *self);

/* The journal's first record has changed (clear): all that is shown is read anew. */
void socketeer_byte_view_reload (SocketeerByteView *self);

void socketeer_byte_view_set_following (SocketeerByteView *self, gboolean following);
gboolean socketeer_byte_view_get_following (SocketeerByteView *self);
void socketeer_byte_view_set_paused (SocketeerByteView *self, gboolean paused);

/* Borrowed; NULL: none. */
SktJournal *socketeer_byte_view_get_journal (SocketeerByteView *self);
SktLayout *socketeer_byte_view_get_layout (SocketeerByteView *self);

/* Before the byte there; where the selection ends that the user is moving. */
SktPosition socketeer_byte_view_get_cursor (SocketeerByteView *self);

/* FALSE if nothing is selected. */
gboolean socketeer_byte_view_get_selection (SocketeerByteView *self, SktPosition *ret_from, SktPosition *ret_to);
void socketeer_byte_view_select (SocketeerByteView *self, SktPosition anchor, SktPosition cursor);
void socketeer_byte_view_copy (SocketeerByteView *self, SktCopyFormat format);

/* The byte that the context menu was opened at last; the cursor's, if it was by a key. */
SktPosition socketeer_byte_view_get_here (SocketeerByteView *self);

/* Puts the cursor there and shows it, in the upper third if it was not in sight. Following ends. */
void socketeer_byte_view_go_to (SocketeerByteView *self, SktPosition position);

/* What the gutter says; for SOCKETEER_TIME_MARK since record number `mark`, G_MAXUINT64: since the session began. */
void socketeer_byte_view_set_time_column (SocketeerByteView *self, SocketeerTimeColumn column, guint64 mark);

/* Which columns the gutter has besides time and direction, if there is room. Copied. Default: the peer. */
void socketeer_byte_view_set_columns (SocketeerByteView *self, const SocketeerColumns *columns);
/* Copied. Default: the theme's. */
void socketeer_byte_view_set_colors (SocketeerByteView *self, const SocketeerDirectionColors *colors);

/* The bookmarks to be shown; NULL: none. Keeps a reference. */
void socketeer_byte_view_set_bookmarks (SocketeerByteView *self, SktBookmarks *bookmarks);
/* Removes those of the row at the position, or adds one at its start. FALSE if there are too many. */
gboolean socketeer_byte_view_toggle_bookmark (SocketeerByteView *self, SktPosition position);
/* Goes to the next one from the cursor on, or the one before, round the ends. FALSE if there is none. */
gboolean socketeer_byte_view_step_bookmark (SocketeerByteView *self, gboolean forward);

/* All that is known of a byte, as lines: the record and its peer, the offsets, the time. NULL: there is nothing there. (transfer full) */
char *socketeer_byte_view_dup_details (SocketeerByteView *self, SktPosition position);
/* What begins at the position, in the encoding of the view: a few characters. NULL: nothing. (transfer full) */
char *socketeer_byte_view_dup_excerpt (SocketeerByteView *self, SktPosition position);
/* Where the byte is drawn, or its row if it is not in sight sideways; FALSE: not in sight. */
gboolean socketeer_byte_view_get_area (SocketeerByteView *self, SktPosition position, GdkRectangle *ret_area);
gboolean socketeer_byte_view_get_record (SocketeerByteView *self, SktPosition position, SktRecord *ret_record);

/* -- Finding -- */

/* What is found is shown wherever it is in sight; NULL: no more. Keeps a reference. */
void socketeer_byte_view_set_search (SocketeerByteView *self, SktSearch *search);

/* Selects the hit and brings it into sight; what arrives is not followed any more. */
void socketeer_byte_view_show_hit (SocketeerByteView *self, const SktHit *hit);
/* The same without moving: if it is selected, it is shown as the one. */
void socketeer_byte_view_set_hit (SocketeerByteView *self, const SktHit *hit);
/* Whether the selection is that hit. */
gboolean socketeer_byte_view_is_at_hit (SocketeerByteView *self, const SktHit *hit);

/* Where one looks: the cursor or the start of the selection if it was placed here, else the first row in sight. */
SktPosition socketeer_byte_view_get_place (SocketeerByteView *self);

/* n + 1 positions at equal distances over the height of all rows, which the scrollbar stands for. FALSE: all rows are in
 * sight. */
gboolean socketeer_byte_view_sample (SocketeerByteView *self, SktPosition *positions, guint n);

G_END_DECLS
