/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-byte-view-private.h"

/* Not a tooltip of GTK's: that does not know when other bytes come under a pointer that stands still. */
#define DELAY_MS 600
#define WATCH_MS 200

void
_socketeer_byte_view_tip_hide (SocketeerByteView *self)
{
  g_clear_handle_id (&self->tip_id, g_source_remove);
  if (self->tip != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->tip));
}

static void
make_tip (SocketeerByteView *self)
{
  GtkWidget *label = gtk_label_new (NULL);

  self->tip = gtk_popover_new ();
  gtk_popover_set_autohide (GTK_POPOVER (self->tip), FALSE);
  gtk_popover_set_child (GTK_POPOVER (self->tip), label);
  gtk_popover_set_position (GTK_POPOVER (self->tip), GTK_POS_BOTTOM);
  gtk_widget_set_can_target (self->tip, FALSE);
  gtk_widget_set_can_focus (self->tip, FALSE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_set_parent (self->tip, GTK_WIDGET (self));
}

/* Something else of the program is in front: a menu of the view's, or another window. */
static gboolean
is_covered (SocketeerByteView *self)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_POPOVER (child) && child != self->tip && gtk_widget_get_visible (child))
      return TRUE;
  for (GList *l = windows; l != NULL; l = l->next)
    if (gtk_window_is_active (l->data) && l->data != gtk_widget_get_root (GTK_WIDGET (self)))
      return TRUE;
  return FALSE;
}

/* Where there is a row, but none of its bytes. */
static gboolean
is_beside (SocketeerByteView *self, const GdkRectangle *area)
{
  SktRecord record;

  return area->width <= 1 && self->tip_x >= _socketeer_byte_view_get_gutter_width (self) &&
         socketeer_byte_view_get_record (self, self->tip_position, &record) && skt_record_is_data (&record);
}

static gboolean
show_cb (gpointer user_data)
{
  SocketeerByteView *self = user_data;
  GdkRectangle area;
  g_autofree char *details = NULL;

  /* Rows that run past cannot be read, nor can what is said of them. */
  if (g_get_monotonic_time () - self->moved < DELAY_MS * 1000)
    return G_SOURCE_CONTINUE;
  self->tip_id = 0;
  if (!_socketeer_byte_view_find_byte_at (self, self->tip_x, self->tip_y, &self->tip_position, &area) ||
      is_beside (self, &area) || is_covered (self))
    return G_SOURCE_REMOVE;
  details = socketeer_byte_view_dup_details (self, self->tip_position);
  if (details == NULL)
    return G_SOURCE_REMOVE;
  if (self->tip == NULL)
    make_tip (self);
  gtk_label_set_label (GTK_LABEL (gtk_popover_get_child (GTK_POPOVER (self->tip))), details);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->tip), &area);
  gtk_popover_popup (GTK_POPOVER (self->tip));
  return G_SOURCE_REMOVE;
}

static gboolean
is_shown (SocketeerByteView *self)
{
  return self->tip != NULL && gtk_widget_get_visible (self->tip);
}

void
_socketeer_byte_view_tip_check (SocketeerByteView *self)
{
  SktPosition position;

  if (!is_shown (self) && self->tip_id == 0)
    return;
  if (_socketeer_byte_view_find_byte_at (self, self->tip_x, self->tip_y, &position, NULL) &&
      skt_position_compare (&position, &self->tip_position) == 0)
    return;
  self->tip_position = position;
  self->moved = g_get_monotonic_time ();
  if (!is_shown (self))
    return;
  _socketeer_byte_view_tip_hide (self);
  self->tip_id = g_timeout_add (DELAY_MS, show_cb, self);
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, gpointer user_data)
{
  SocketeerByteView *self = user_data;
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  SktPosition position = { G_MAXUINT64, 0 };

  if (x == self->tip_x && y == self->tip_y)
    return;
  self->tip_x = x;
  self->tip_y = y;
  _socketeer_byte_view_find_byte_at (self, x, y, &position, NULL);
  if (is_shown (self) && skt_position_compare (&position, &self->tip_position) == 0)
    return;
  self->tip_position = position;
  _socketeer_byte_view_tip_hide (self);
  if ((state & (GDK_BUTTON1_MASK | GDK_BUTTON2_MASK | GDK_BUTTON3_MASK)) == 0 && position.record != G_MAXUINT64)
    self->tip_id = g_timeout_add (DELAY_MS, show_cb, self);
}

static gboolean
is_pointer_inside (SocketeerByteView *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GdkDevice *pointer = gdk_seat_get_pointer (gdk_display_get_default_seat (gtk_widget_get_display (GTK_WIDGET (self))));
  double x, y, native_x, native_y;

  if (native == NULL || pointer == NULL || !gdk_surface_get_device_position (gtk_native_get_surface (native), pointer, &x, &y, NULL))
    return FALSE;
  gtk_native_get_surface_transform (native, &native_x, &native_y);
  return gtk_widget_translate_coordinates (GTK_WIDGET (native), GTK_WIDGET (self), x - native_x, y - native_y, &x, &y) &&
         gtk_widget_contains (GTK_WIDGET (self), x, y);
}

static void
leave (SocketeerByteView *self)
{
  self->tip_x = self->tip_y = -1;
  _socketeer_byte_view_tip_hide (self);
}

static gboolean
watch_cb (gpointer user_data)
{
  SocketeerByteView *self = user_data;

  if (is_shown (self) && is_pointer_inside (self))
    return G_SOURCE_CONTINUE;
  self->tip_id = 0;
  leave (self);
  return G_SOURCE_REMOVE;
}

/* A popover that comes up makes GTK tell that the pointer has left what is under it, also when it has not moved, and then not again
 * when it does leave. */
static void
leave_cb (GtkEventControllerMotion *controller, gpointer user_data)
{
  SocketeerByteView *self = user_data;

  if (!is_shown (self) || !is_pointer_inside (self))
    leave (self);
  else if (self->tip_id == 0)
    self->tip_id = g_timeout_add (WATCH_MS, watch_cb, self);
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  _socketeer_byte_view_tip_hide (user_data);
}

static void
is_active_cb (GtkWindow *window, GParamSpec *pspec, gpointer user_data)
{
  _socketeer_byte_view_tip_hide (user_data);
}

static void
root_cb (GtkWidget *widget, GParamSpec *pspec, gpointer user_data)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  if (GTK_IS_WINDOW (root))
    g_signal_connect_object (root, "notify::is-active", G_CALLBACK (is_active_cb), widget, 0);
}

void
_socketeer_byte_view_tip_init (SocketeerByteView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  g_signal_connect (self, "notify::root", G_CALLBACK (root_cb), NULL);

  self->tip_x = self->tip_y = -1;
  g_signal_connect (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
}

void
_socketeer_byte_view_tip_dispose (SocketeerByteView *self)
{
  g_clear_handle_id (&self->tip_id, g_source_remove);
  g_clear_pointer (&self->tip, gtk_widget_unparent);
}
