/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-byte-view-private.h"

gboolean
socketeer_byte_view_get_selection (SocketeerByteView *self, SktPosition *ret_from, SktPosition *ret_to)
{
  int order;

  g_return_val_if_fail (SOCKETEER_IS_BYTE_VIEW (self), FALSE);

  order = skt_position_compare (&self->anchor, &self->cursor);
  if (order == 0)
    return FALSE;
  *ret_from = order < 0 ? self->anchor : self->cursor;
  *ret_to = order < 0 ? self->cursor : self->anchor;
  return TRUE;
}

void
_socketeer_byte_view_cursor_moved (SocketeerByteView *self)
{
  gboolean has_selection = skt_position_compare (&self->anchor, &self->cursor) != 0;

  self->cursor_is_lost = FALSE;
  self->is_to_describe = TRUE;
  _socketeer_byte_view_tip_hide (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  _socketeer_byte_view_rows_queue (self);
  if (self->has_selection != has_selection)
    {
      self->has_selection = has_selection;
      gtk_widget_action_set_enabled (GTK_WIDGET (self), "transcript.copy", has_selection);
      g_object_notify (G_OBJECT (self), "has-selection");
    }
  g_signal_emit_by_name (self, "cursor-moved");
}

void
socketeer_byte_view_select (SocketeerByteView *self, SktPosition anchor, SktPosition cursor)
{
  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));

  self->anchor = anchor;
  self->cursor = cursor;
  _socketeer_byte_view_cursor_moved (self);
}

/* Brings the cursor's cell into sight, sideways. */
void
_socketeer_byte_view_show_cursor_cell (SocketeerByteView *self)
{
  SktRow skt_row;

  if (skt_row_source_get_rows (self->source, self->cursor, 1, &skt_row) == 1 && self->hadjustment != NULL)
    {
      SocketeerRow *row = socketeer_row_cache_get (self->cache, &skt_row, 0, 0);
      double advance = socketeer_glyphs_get_advance (self->glyphs);
      guint cell = 0, n = 0;
      guint32 i = socketeer_row_find_position (row, self->cursor);
      if (i > 0)
        {
          socketeer_row_get_byte_cells (row, self->layout, i - 1, self->cursor_in_hex, &cell, &n);
          cell += n;
        }
      gtk_adjustment_clamp_page (self->hadjustment, cell > 4 ? (cell - 4) * advance : 0,
                                 _socketeer_byte_view_get_gutter_width (self) + 2 * SOCKETEER_BYTE_VIEW_PAD + (cell + 4) * advance);
    }
}

/* Brings the cursor's row, and its cell, into sight. */
void
_socketeer_byte_view_scroll_to_cursor (SocketeerByteView *self)
{
  int row_height = socketeer_glyphs_get_row_height (self->glyphs);
  int height = gtk_widget_get_height (GTK_WIDGET (self));

  if (self->vadjustment == NULL)
    return;

  double y = (double) skt_row_source_to_row_number (self->source, self->cursor) * row_height;
  double value = gtk_adjustment_get_value (self->vadjustment);

  self->in_cursor_scroll = TRUE;
  if (y < value)
    gtk_adjustment_set_value (self->vadjustment, y);
  else if (y + row_height > value + height)
    gtk_adjustment_set_value (self->vadjustment, y + row_height - height);
  self->in_cursor_scroll = FALSE;

  _socketeer_byte_view_show_cursor_cell (self);
  _socketeer_byte_view_queue_update (self);
}
