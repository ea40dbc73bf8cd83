/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-byte-view-private.h"

#include <math.h>

static void
draw_selection_part (SocketeerByteView *self,
                     GtkSnapshot *snapshot,
                     const SocketeerRow *row,
                     guint32 first,
                     guint32 last,
                     gboolean in_hex,
                     double x,
                     double y)
{
  double advance = socketeer_glyphs_get_advance (self->glyphs);
  guint from, to, n;

  if (!socketeer_row_get_byte_cells (row, self->layout, first, in_hex, &from, &n) ||
      !socketeer_row_get_byte_cells (row, self->layout, last, in_hex, &to, &n))
    return;
  gtk_snapshot_append_color (snapshot, &self->palette.selection,
                             &GRAPHENE_RECT_INIT (x + from * advance, y, MAX (2, (to + n - from) * advance),
                                                  socketeer_glyphs_get_row_height (self->glyphs)));
}

static void
draw_selection (SocketeerByteView *self, GtkSnapshot *snapshot, const SocketeerRow *row, double x, double y)
{
  SktPosition from, to;
  guint32 first, last;

  if (row->bytes == NULL || row->row.length == 0 || !socketeer_byte_view_get_selection (self, &from, &to))
    return;
  first = socketeer_row_find_position (row, from);
  last = socketeer_row_find_position (row, to);
  if (first >= last)
    return;
  draw_selection_part (self, snapshot, row, first, last - 1, TRUE, x, y);
  draw_selection_part (self, snapshot, row, first, last - 1, FALSE, x, y);
}

static void
draw_caret (SocketeerByteView *self, GtkSnapshot *snapshot, const SocketeerRow *row, double x, double y)
{
  double advance = socketeer_glyphs_get_advance (self->glyphs);
  int height = socketeer_glyphs_get_row_height (self->glyphs);
  guint32 i = socketeer_row_find_position (row, self->cursor);
  guint cell = 0, n = 0;

  if (row->bytes == NULL)
    ;
  else if (i < row->row.length)
    socketeer_row_get_byte_cells (row, self->layout, i, self->cursor_in_hex, &cell, &n);
  else if (row->row.length > 0)
    {
      socketeer_row_get_byte_cells (row, self->layout, i - 1, self->cursor_in_hex, &cell, &n);
      cell += n;
    }
  gtk_snapshot_append_color (snapshot, &self->palette.text,
                             &GRAPHENE_RECT_INIT (floor (x + cell * advance) - 1, y + 1, 2, height - 2));
}

static gboolean
has_caret (SocketeerByteView *self, const SocketeerRow *row)
{
  SktPosition begin = { row->row.record, row->row.begin };

  if (row->bytes == NULL)
    return row->row.record == self->cursor.record;
  return skt_position_compare (&begin, &self->cursor) <= 0 && !skt_row_is_before (&row->row, self->cursor) &&
         (self->cursor.record < row->row.end.record || self->cursor.begin <= row->row.end.begin);
}

/* The content of a row, between the gutter and the right edge. */
static void
draw_content (SocketeerByteView *self, GtkSnapshot *snapshot, guint i, const graphene_rect_t *area)
{
  const SocketeerRow *row = g_ptr_array_index (self->rows, i);
  double x = _socketeer_byte_view_get_content_x (self), y = area->origin.y;

  gtk_snapshot_push_clip (snapshot, area);
  if (row->record.kind == SKT_RECORD_SENT)
    gtk_snapshot_append_color (snapshot, &self->palette.sent_background, area);
  _socketeer_byte_view_find_draw (self, snapshot, i, x, y);
  draw_selection (self, snapshot, row, x, y);
  if (row->content != NULL)
    {
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
      gtk_snapshot_append_node (snapshot, row->content);
      gtk_snapshot_restore (snapshot);
    }
  _socketeer_byte_view_find_draw_current (self, snapshot, i, x, y);
  if (has_caret (self, row) && gtk_widget_has_focus (GTK_WIDGET (self)))
    draw_caret (self, snapshot, row, x, y);
  gtk_snapshot_pop (snapshot);
}

static void
draw_row (SocketeerByteView *self, GtkSnapshot *snapshot, guint i, double y)
{
  const SocketeerRow *row = g_ptr_array_index (self->rows, i);
  double gutter = _socketeer_byte_view_get_gutter_width (self);
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = socketeer_glyphs_get_row_height (self->glyphs);

  /* GTK 4.8 leaks what is drawn into an empty clip. */
  if (width > gutter)
    draw_content (self, snapshot, i, &GRAPHENE_RECT_INIT (gutter, y, width - gutter, height));
  if (row->gutter != NULL)
    {
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (floor (_socketeer_byte_view_get_gutter_x (self)), y));
      gtk_snapshot_append_node (snapshot, row->gutter);
      gtk_snapshot_restore (snapshot);
    }
  _socketeer_byte_view_draw_bookmark (self, snapshot, row, y);
  _socketeer_byte_view_draw_check (self, snapshot, row, y);
  _socketeer_byte_view_draw_ack (self, snapshot, row, y);
}

/* Only draws what an update has made ready. */
void
_socketeer_byte_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SocketeerByteView *self = SOCKETEER_BYTE_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  double y = self->first_y, gutter;

  if (self->glyphs == NULL || self->cache == NULL)
    return;
  if (self->rows->len == 0 || width <= 0 || height <= 0)
    return;
  gutter = _socketeer_byte_view_get_gutter_width (self);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gtk_snapshot_append_color (snapshot, &self->palette.gutter_background, &GRAPHENE_RECT_INIT (0, 0, gutter, height));
  gtk_snapshot_append_color (snapshot, &self->palette.line, &GRAPHENE_RECT_INIT (floor (gutter) - 1, 0, 1, height));
  for (guint i = 0; i < self->rows->len; i++)
    {
      draw_row (self, snapshot, i, floor (y));
      y += socketeer_glyphs_get_row_height (self->glyphs);
    }
  gtk_snapshot_pop (snapshot);
}
