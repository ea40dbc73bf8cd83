/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-byte-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

typedef enum
{
  MOVE_STEP,  /* byte or character, in the direction of the sign */
  MOVE_ROW,
  MOVE_PAGE,
  MOVE_ROW_EDGE,
  MOVE_EDGE,  /* first or last byte of all */
} Move;

/* Of a frame: what a triple click goes through to find its ends. */
#define MAX_UNIT_ROWS 4096

/* -- Rows at places ------------------------------------------------------------------------------------------ */

static SocketeerRow *
get_row (SocketeerByteView *self, SktPosition position)
{
  SktRow row;

  if (self->source == NULL || skt_row_source_get_rows (self->source, position, 1, &row) == 0)
    return NULL;
  return socketeer_row_cache_get (self->cache, &row, 0, 0);
}

/* The row after or before; NULL at the end. */
static SocketeerRow *
get_neighbour (SocketeerByteView *self, const SocketeerRow *from, gboolean forward)
{
  SktRow rows[2];
  SktPosition position = { from->row.record, from->row.begin };

  if (forward)
    return skt_row_source_get_rows (self->source, position, 2, rows) == 2
             ? socketeer_row_cache_get (self->cache, &rows[1], 0, 0)
             : NULL;
  return skt_row_source_get_rows_before (self->source, position, 1, rows) == 1
           ? socketeer_row_cache_get (self->cache, &rows[0], 0, 0)
           : NULL;
}

/* The byte border nearest to a cell. The end of a row that is not its record's last is where the next row begins: there the
 * border before the last character is taken, to stay in the row. */
static SktPosition
position_at_cell (SocketeerByteView *self, const SocketeerRow *row, double cell, gboolean *ret_in_hex)
{
  guint32 i = socketeer_row_find_byte (row, self->layout, cell, ret_in_hex);

  if (i == row->row.length && i > 0 && !row->row.is_last)
    i = socketeer_row_step (row, self->layout, i, FALSE);
  return socketeer_row_get_position (row, i);
}

/* stay_in_row: a click is on the row that was clicked; a drag goes on to the end of what it passes. */
static gboolean
position_at (SocketeerByteView *self, double x, double y, gboolean stay_in_row, SktPosition *ret_position)
{
  int row_height = socketeer_glyphs_get_row_height (self->glyphs);
  double cell = (x - _socketeer_byte_view_get_content_x (self)) / socketeer_glyphs_get_advance (self->glyphs);
  int i = floor ((y - self->first_y) / row_height);
  gboolean in_hex = FALSE;
  const SocketeerRow *row;

  if (self->rows->len == 0)
    return FALSE;
  if (i < 0)
    i = 0, cell = -1;
  if (i >= (int) self->rows->len)
    i = self->rows->len - 1, cell = 1e6;
  row = g_ptr_array_index (self->rows, i);
  *ret_position = stay_in_row ? position_at_cell (self, row, cell, &in_hex)
                              : socketeer_row_get_position (row, socketeer_row_find_byte (row, self->layout, cell, &in_hex));
  self->cursor_in_hex = in_hex;
  return TRUE;
}

/* -- Keyboard ------------------------------------------------------------------------------------------------ */

static double
get_cursor_cell (SocketeerByteView *self, const SocketeerRow *row)
{
  guint32 i = socketeer_row_find_position (row, self->cursor);
  guint cell, n;

  if (socketeer_row_get_byte_cells (row, self->layout, i, self->cursor_in_hex, &cell, &n))
    return cell;
  if (i > 0 && socketeer_row_get_byte_cells (row, self->layout, i - 1, self->cursor_in_hex, &cell, &n))
    return cell + n;
  return self->cursor_in_hex ? row->hex_cell : row->text_cell;
}

static void
move_step (SocketeerByteView *self, SocketeerRow *row, gboolean forward)
{
  guint32 i = socketeer_row_find_position (row, self->cursor);
  guint32 next = socketeer_row_step (row, self->layout, i, forward);
  gboolean leaves = forward ? (i >= row->row.length || (next == row->row.length && !row->row.is_last)) : i == 0;

  if (!leaves)
    {
      self->cursor = socketeer_row_get_position (row, next);
      return;
    }
  row = get_neighbour (self, row, forward);
  if (row == NULL)
    return;
  if (forward)
    self->cursor = socketeer_row_get_position (row, 0);
  else
    self->cursor = socketeer_row_get_position (row, row->row.is_last ? row->row.length
                                                       : socketeer_row_step (row, self->layout, row->row.length, FALSE));
}

static void
move_rows (SocketeerByteView *self, SocketeerRow *row, gboolean forward, guint n)
{
  gboolean in_hex = self->cursor_in_hex;
  double cell;

  if (self->goal_cell < 0)
    self->goal_cell = get_cursor_cell (self, row);
  cell = self->goal_cell;
  for (; n > 0; n--)
    {
      SocketeerRow *next = get_neighbour (self, row, forward);
      if (next == NULL)
        break;
      row = next;
    }
  self->cursor = position_at_cell (self, row, cell, NULL);
  self->cursor_in_hex = in_hex;
}

static void
move_to_edge (SocketeerByteView *self, gboolean forward)
{
  SktRow row;

  if (forward && skt_row_source_get_rows_before (self->source, (SktPosition){ G_MAXUINT64, 0 }, 1, &row) == 1)
    self->cursor = row.end;
  if (!forward)
    self->cursor = (SktPosition){ skt_journal_get_first_record (self->journal), 0 };
}

/* A cursor that one has scrolled away from is fetched to the edge that one moves away from: keys go on from where one
 * looks. Goes by the adjustment, which is ahead of the rows on the screen when keys come faster than frames. */
static void
fetch_cursor (SocketeerByteView *self, gboolean forward)
{
  int row_height = socketeer_glyphs_get_row_height (self->glyphs);
  double top, bottom, y = (double) skt_row_source_to_row_number (self->source, self->cursor) * row_height;

  if (!self->cursor_is_lost || self->vadjustment == NULL)
    return;
  top = gtk_adjustment_get_value (self->vadjustment);
  bottom = top + gtk_adjustment_get_page_size (self->vadjustment);
  if (y >= top && y + row_height <= bottom)
    return;
  self->cursor = skt_row_source_from_row_number (self->source, forward ? MAX (0, floor (bottom / row_height) - 1)
                                                                       : ceil (top / row_height));
}

static gboolean
move_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  SocketeerByteView *self = SOCKETEER_BYTE_VIEW (widget);
  int move, direction;
  gboolean extend;
  SocketeerRow *row;
  SktPosition from, to;

  g_variant_get (args, "(iib)", &move, &direction, &extend);
  if (self->source == NULL || self->glyphs == NULL)
    return FALSE;
  if (!extend && move != MOVE_EDGE)
    fetch_cursor (self, direction > 0);
  row = get_row (self, self->cursor);
  if (row == NULL)
    return FALSE;

  if (move != MOVE_ROW && move != MOVE_PAGE)
    self->goal_cell = -1;
  switch ((Move) move)
    {
    case MOVE_STEP:
      /* As in a text editor: without Shift a selection is left at its end. */
      if (!extend && socketeer_byte_view_get_selection (self, &from, &to))
        self->cursor = direction > 0 ? to : from;
      else
        move_step (self, row, direction > 0);
      break;
    case MOVE_ROW:
      move_rows (self, row, direction > 0, 1);
      break;
    case MOVE_PAGE:
      move_rows (self, row, direction > 0, MAX (1, self->rows->len > 2 ? self->rows->len - 2 : 1));
      break;
    case MOVE_ROW_EDGE:
      self->cursor = socketeer_row_get_position (row, direction < 0     ? 0
                                       : row->row.is_last ? row->row.length
                                                          : socketeer_row_step (row, self->layout, row->row.length, FALSE));
      break;
    case MOVE_EDGE:
      move_to_edge (self, direction > 0);
      break;
    default:
      g_assert_not_reached ();
    }
  if (!extend)
    self->anchor = self->cursor;
  _socketeer_byte_view_cursor_moved (self);
  _socketeer_byte_view_scroll_to_cursor (self);
  return TRUE;
}

static void
add_move (GtkWidgetClass *klass, guint keyval, guint keypad, GdkModifierType modifiers, Move move, int direction)
{
  const guint keys[] = { keyval, keypad };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      gtk_widget_class_add_binding (klass, keys[i], modifiers, move_cb, "(iib)", move, direction, FALSE);
      gtk_widget_class_add_binding (klass, keys[i], modifiers | GDK_SHIFT_MASK, move_cb, "(iib)", move, direction,
                                    TRUE);
    }
}

static gboolean
zoom_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  double scale, factor;

  g_variant_get (args, "(d)", &factor);
  g_object_get (widget, "font-scale", &scale, NULL);
  g_object_set (widget, "font-scale", factor == 0 ? 1.0 : scale * factor, NULL);
  return TRUE;
}

static gboolean
menu_key_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  _socketeer_byte_view_tip_hide (SOCKETEER_BYTE_VIEW (widget));
  _socketeer_byte_view_set_here (SOCKETEER_BYTE_VIEW (widget), NULL);
  g_signal_emit_by_name (widget, "context-menu", gtk_widget_get_width (widget) / 2.0,
                         gtk_widget_get_height (widget) / 2.0);
  return TRUE;
}

SktJournal *
socketeer_byte_view_get_journal (SocketeerByteView *self)
{
  g_return_val_if_fail (SOCKETEER_IS_BYTE_VIEW (self), NULL);
  return self->journal;
}

SktLayout *
socketeer_byte_view_get_layout (SocketeerByteView *self)
{
  g_return_val_if_fail (SOCKETEER_IS_BYTE_VIEW (self), NULL);
  return self->layout;
}

SktPosition
socketeer_byte_view_get_cursor (SocketeerByteView *self)
{
  g_return_val_if_fail (SOCKETEER_IS_BYTE_VIEW (self), ((SktPosition){ 0, 0 }));
  return self->cursor;
}

/* -- Copying ------------------------------------------------------------------------------------------------- */

static void
copied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SocketeerByteView) self = user_data;
  g_autoptr (GError) error = NULL;
  guint64 n_bytes = 0;
  g_autofree char *text = skt_selection_copy_finish (result, &n_bytes, &error);

  if (text != NULL && n_bytes == 0)
    g_signal_emit_by_name (self, "message", _ ("There are no bytes in the selection."));
  else if (text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit_by_name (self, "message", error->message);
}

void
socketeer_byte_view_copy (SocketeerByteView *self, SktCopyFormat format)
{
  SktPosition from, to;

  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));
  if (self->journal == NULL || !socketeer_byte_view_get_selection (self, &from, &to))
    return;
  g_cancellable_cancel (self->copying);
  g_clear_object (&self->copying);
  self->copying = g_cancellable_new ();
  skt_selection_copy_async (self->journal, self->layout, from, to, format, self->copying, copied_cb,
                            g_object_ref (self));
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerByteView *self = SOCKETEER_BYTE_VIEW (widget);
  const char *format = g_variant_get_string (parameter, NULL);
  SktCopyFormat copy_format;

  if (self->layout == NULL)
    return;
  if (skt_copy_format_from_name (format, &copy_format))
    socketeer_byte_view_copy (self, copy_format);
  else /* as shown, in the column where the cursor is */
    socketeer_byte_view_copy (self, self->cursor_in_hex || skt_layout_get_view (self->layout) == SKT_VIEW_HEX
                                      ? SKT_COPY_HEX
                                      : SKT_COPY_TEXT);
}

static void
select_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerByteView *self = SOCKETEER_BYTE_VIEW (widget);

  if (self->source == NULL)
    return;
  move_to_edge (self, TRUE);
  self->anchor = (SktPosition){ skt_journal_get_first_record (self->journal), 0 };
  _socketeer_byte_view_cursor_moved (self);
}

/* -- Pointer ------------------------------------------------------------------------------------------------- */

/* The run of characters around a byte that are no spaces, controls or tokens. */
static void
get_word (const SocketeerRow *row, guint32 *from, guint32 *to)
{
  const SktDecoded *decoded = &row->decoded;
  gboolean in_word = FALSE;
  guint32 begin = 0, at = *from;

  for (guint i = 0; i < decoded->spans->len; i++)
    {
      const SktSpan *span = &g_array_index (decoded->spans, SktSpan, i);
      gunichar c = g_utf8_get_char (decoded->text->str + span->text_offset);
      gboolean is_word = span->kind == SKT_SPAN_TEXT && !g_unichar_isspace (c);

      if (is_word != in_word || !is_word)
        begin = span->offset;
      in_word = is_word;
      if (at < span->offset + span->length)
        {
          *from = begin;
          *to = span->offset + span->length;
          for (i++; in_word && i < decoded->spans->len; i++)
            {
              span = &g_array_index (decoded->spans, SktSpan, i);
              c = g_utf8_get_char (decoded->text->str + span->text_offset);
              if (span->kind != SKT_SPAN_TEXT || g_unichar_isspace (c))
                break;
              *to = span->offset + span->length;
            }
          return;
        }
    }
}

/* The read, write or frame that the row is of; in a stream the row. */
static void
get_unit_of (SocketeerByteView *self, const SocketeerRow *row, SktPosition *ret_from, SktPosition *ret_to)
{
  const SocketeerRow *next, *first = row;

  if (skt_layout_get_mode (self->layout) == SKT_MODE_READS)
    {
      *ret_from = (SktPosition){ row->row.record, 0 };
      *ret_to = (SktPosition){ row->row.record, row->record.length };
      return;
    }
  *ret_to = row->row.end;
  for (guint i = 0; skt_layout_get_mode (self->layout) == SKT_MODE_FRAMES && i < MAX_UNIT_ROWS; i++)
    {
      next = get_neighbour (self, row, TRUE);
      if (next == NULL || next->bytes == NULL || next->row.is_first)
        break;
      row = next;
      *ret_to = row->row.end;
    }
  for (guint i = 0; skt_layout_get_mode (self->layout) == SKT_MODE_FRAMES && i < MAX_UNIT_ROWS && !first->row.is_first; i++)
    {
      next = get_neighbour (self, first, FALSE);
      if (next == NULL || next->bytes == NULL)
        break;
      first = next;
    }
  *ret_from = socketeer_row_get_position (first, 0);
}

/* A double click takes the run of characters that are no space (or the byte), a triple click the read, write, frame or line. */
static void
get_unit_at (SocketeerByteView *self, SktPosition at, guint clicks, SktPosition *ret_from, SktPosition *ret_to)
{
  const SocketeerRow *row = get_row (self, at);
  guint32 from, to;

  *ret_from = *ret_to = at;
  if (row == NULL || row->bytes == NULL || clicks < 2)
    return;
  if (clicks > 2)
    {
      get_unit_of (self, row, ret_from, ret_to);
      return;
    }
  if (row->row.length == 0)
    return;
  from = MIN (socketeer_row_find_position (row, at), row->row.length - 1);
  to = from + 1;
  if (!self->cursor_in_hex && skt_layout_get_view (self->layout) == SKT_VIEW_HEX)
    {
      while (from > 0 && !g_ascii_isspace (row->bytes[from - 1]))
        from--;
      while (to < row->row.length && !g_ascii_isspace (row->bytes[to]))
        to++;
    }
  else if (!self->cursor_in_hex)
    get_word (row, &from, &to);
  *ret_from = socketeer_row_get_position (row, from);
  *ret_to = socketeer_row_get_position (row, to);
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  SocketeerByteView *self = user_data;
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  SktPosition position;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->glyphs == NULL || !position_at (self, x, y, n_press == 1 && (state & GDK_SHIFT_MASK) == 0, &position))
    return;
  self->goal_cell = -1;
  self->drag_clicks = n_press;
  get_unit_at (self, position, n_press, &self->drag_origin_from, &self->drag_origin_to);
  self->cursor = self->drag_origin_to;
  if ((state & GDK_SHIFT_MASK) == 0)
    self->anchor = self->drag_origin_from;
  else
    self->drag_origin_from = self->drag_origin_to = self->anchor;
  _socketeer_byte_view_cursor_moved (self);
}

static void
drag_to (SocketeerByteView *self)
{
  SktPosition position, from, to;

  if (!position_at (self, self->drag_x, self->drag_y, FALSE, &position))
    return;
  get_unit_at (self, position, self->drag_clicks, &from, &to);
  if (skt_position_compare (&from, &self->drag_origin_from) < 0)
    {
      self->anchor = self->drag_origin_to;
      self->cursor = from;
    }
  else
    {
      self->anchor = self->drag_origin_from;
      self->cursor = skt_position_compare (&to, &self->drag_origin_to) < 0 ? self->drag_origin_to : to;
    }
  _socketeer_byte_view_cursor_moved (self);
}

static gboolean
autoscroll_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  SocketeerByteView *self = SOCKETEER_BYTE_VIEW (widget);
  int height = gtk_widget_get_height (widget), width = gtk_widget_get_width (widget);
  double dy = self->drag_y < 0 ? self->drag_y : self->drag_y > height ? self->drag_y - height : 0;
  double dx = self->drag_x > width ? self->drag_x - width : 0;
  double gutter = _socketeer_byte_view_get_gutter_width (self);

  if (self->hadjustment != NULL && self->drag_x < gutter && gtk_adjustment_get_value (self->hadjustment) > 0)
    dx = self->drag_x - gutter;
  if (dx == 0 && dy == 0)
    {
      self->autoscroll_id = 0;
      return G_SOURCE_REMOVE;
    }
  if (dy != 0)
    _socketeer_byte_view_scroll_pixels (self, dy / 2);
  if (dx != 0 && self->hadjustment != NULL)
    gtk_adjustment_set_value (self->hadjustment, gtk_adjustment_get_value (self->hadjustment) + dx / 4);
  drag_to (self);
  return G_SOURCE_CONTINUE;
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, gpointer user_data)
{
  SocketeerByteView *self = user_data;
  double x, y;

  if (self->glyphs == NULL || self->rows->len == 0)
    return;
  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  if (hypot (dx, dy) < 2)
    return;
  self->drag_x = x + dx;
  self->drag_y = y + dy;
  drag_to (self);
  if (self->autoscroll_id == 0)
    self->autoscroll_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), autoscroll_cb, NULL, NULL);
}

static void
stop_autoscroll (SocketeerByteView *self)
{
  if (self->autoscroll_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->autoscroll_id);
  self->autoscroll_id = 0;
}

static void
drag_end_cb (GtkGestureDrag *gesture, double dx, double dy, gpointer user_data)
{
  stop_autoscroll (user_data);
}

static void
secondary_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  SktPosition here;

  gtk_widget_grab_focus (user_data);
  _socketeer_byte_view_set_here (user_data,
                                 _socketeer_byte_view_find_byte_at (user_data, x, y, &here, NULL) ? &here : NULL);
  g_signal_emit_by_name (user_data, "context-menu", x, y);
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, gpointer user_data)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if ((state & GDK_CONTROL_MASK) == 0 || dy == 0)
    return FALSE;
  return zoom_cb (user_data, g_variant_new ("(d)", dy < 0 ? 1.1 : 1 / 1.1), NULL);
}

static void
focus_changed_cb (GtkEventControllerFocus *controller, gpointer user_data)
{
  SOCKETEER_BYTE_VIEW (user_data)->is_to_describe = TRUE;
  gtk_widget_queue_draw (user_data);
  _socketeer_byte_view_rows_queue (user_data);
}

/* -- Set-up -------------------------------------------------------------------------------------------------- */

void
_socketeer_byte_view_input_class_init (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "transcript.copy", "s", copy_action);
  gtk_widget_class_install_action (klass, "transcript.select-all", NULL, select_all_action);

  add_move (klass, GDK_KEY_Left, GDK_KEY_KP_Left, 0, MOVE_STEP, -1);
  add_move (klass, GDK_KEY_Right, GDK_KEY_KP_Right, 0, MOVE_STEP, 1);
  add_move (klass, GDK_KEY_Up, GDK_KEY_KP_Up, 0, MOVE_ROW, -1);
  add_move (klass, GDK_KEY_Down, GDK_KEY_KP_Down, 0, MOVE_ROW, 1);
  add_move (klass, GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up, 0, MOVE_PAGE, -1);
  add_move (klass, GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down, 0, MOVE_PAGE, 1);
  add_move (klass, GDK_KEY_Home, GDK_KEY_KP_Home, 0, MOVE_ROW_EDGE, -1);
  add_move (klass, GDK_KEY_End, GDK_KEY_KP_End, 0, MOVE_ROW_EDGE, 1);
  add_move (klass, GDK_KEY_Home, GDK_KEY_KP_Home, GDK_CONTROL_MASK, MOVE_EDGE, -1);
  add_move (klass, GDK_KEY_End, GDK_KEY_KP_End, GDK_CONTROL_MASK, MOVE_EDGE, 1);

  /* The last one is shown in the menu. */
  gtk_widget_class_add_binding_action (klass, GDK_KEY_Insert, GDK_CONTROL_MASK, "transcript.copy", "s", "as-shown");
  gtk_widget_class_add_binding_action (klass, GDK_KEY_c, GDK_CONTROL_MASK, "transcript.copy", "s", "as-shown");
  gtk_widget_class_add_binding_action (klass, GDK_KEY_a, GDK_CONTROL_MASK, "transcript.select-all", NULL);
  gtk_widget_class_add_binding (klass, GDK_KEY_Menu, 0, menu_key_cb, NULL);
  gtk_widget_class_add_binding (klass, GDK_KEY_F10, GDK_SHIFT_MASK, menu_key_cb, NULL);
}

void
_socketeer_byte_view_input_init (SocketeerByteView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *click = gtk_gesture_click_new (), *secondary = gtk_gesture_click_new (), *drag = gtk_gesture_drag_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_PRIMARY);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  g_signal_connect (secondary, "pressed", G_CALLBACK (secondary_pressed_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (secondary));

  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_gesture_group (click, drag);

  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (widget, scroll);

  g_signal_connect (focus, "enter", G_CALLBACK (focus_changed_cb), self);
  g_signal_connect (focus, "leave", G_CALLBACK (focus_changed_cb), self);
  gtk_widget_add_controller (widget, focus);

  gtk_widget_set_cursor_from_name (widget, "text");
  gtk_widget_action_set_enabled (widget, "transcript.copy", FALSE);
}

void
_socketeer_byte_view_input_dispose (SocketeerByteView *self)
{
  g_cancellable_cancel (self->copying);
  g_clear_object (&self->copying);
  stop_autoscroll (self);
}
