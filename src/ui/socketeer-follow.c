/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-follow.h"

static double
get_end (GtkAdjustment *adjustment)
{
  return gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
}

static gboolean
follow_cb (gpointer user_data)
{
  SocketeerFollow *self = user_data;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);

  self->id = 0;
  gtk_adjustment_set_value (adjustment, get_end (adjustment));
  return G_SOURCE_REMOVE;
}

/* A text view learns only by and by how high its lines are, so that the end moves several times. Not at once: that is told while it is
 * allocated. */
void
socketeer_follow_queue (SocketeerFollow *self)
{
  if (self->scrolled != NULL && self->is_on && self->id == 0 && gtk_widget_get_mapped (GTK_WIDGET (self->scrolled)))
    self->id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, follow_cb, self, NULL);
}

static void
adjustment_changed_cb (GtkAdjustment *adjustment, gpointer user_data)
{
  SocketeerFollow *self = user_data;

  socketeer_follow_queue (self);
  self->last_end = get_end (adjustment);
}

/* Only the user scrolls up, and by that the end stays where it is; at the end it is followed again. */
static void
scrolled_cb (GtkAdjustment *adjustment, gpointer user_data)
{
  SocketeerFollow *self = user_data;
  double value = gtk_adjustment_get_value (adjustment), end = get_end (adjustment);

  if (value >= end - 1)
    self->is_on = TRUE;
  else if (value < self->last_value && end == self->last_end && self->id == 0)
    self->is_on = FALSE;
  self->last_value = value;
  self->last_end = end;
}

void
socketeer_follow_init (SocketeerFollow *self, GtkScrolledWindow *scrolled)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (scrolled);

  self->scrolled = scrolled;
  self->is_on = TRUE;
  g_signal_connect (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self);
  g_signal_connect (adjustment, "changed", G_CALLBACK (adjustment_changed_cb), self);
}

void
socketeer_follow_restart (SocketeerFollow *self)
{
  self->is_on = TRUE;
  socketeer_follow_queue (self);
}

void
socketeer_follow_cancel (SocketeerFollow *self)
{
  g_clear_handle_id (&self->id, g_source_remove);
}

void
socketeer_follow_clear (SocketeerFollow *self)
{
  socketeer_follow_cancel (self);
  if (self->scrolled != NULL)
    g_signal_handlers_disconnect_by_data (gtk_scrolled_window_get_vadjustment (self->scrolled), self);
  self->scrolled = NULL;
}
