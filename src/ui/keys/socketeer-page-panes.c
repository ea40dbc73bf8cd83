/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-page-panes.h"

#include "socketeer-page-private.h"
#include "socketeer-shortcuts.h"

static void
add (GArray *panes, gpointer widget, GtkWidget *first)
{
  if (widget != NULL)
    g_array_append_val (panes, ((SocketeerPane){ widget, first }));
}

void
socketeer_page_add_panes (SocketeerPage *self, GArray *panes)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));

  add (panes, self->problem_revealer, NULL);
  add (panes, self->bar_box, NULL);
  add (panes, self->connection_list,
       self->connection_list != NULL ? socketeer_connection_list_get_list (self->connection_list) : NULL);
  add (panes, self->transcript, GTK_WIDGET (socketeer_transcript_get_byte_view (self->transcript)));
  add (panes, socketeer_transcript_get_inspector (self->transcript), NULL);
  add (panes, self->composer_box, socketeer_composer_get_text_view (self->composer));
  add (panes, self->tool_pane, NULL);
  add (panes, self->connection_pane, NULL);
  add (panes, self->jobs_box, NULL);
}

/* -- Escape -------------------------------------------------------------------------------------------------------- */

/* TRUE: it was there. The keyboard goes back to the bytes from what is gone. */
static gboolean
close_pane (SocketeerPage *self, GtkToggleButton *button, GtkWidget *pane, GtkWidget *focus)
{
  if (focus == NULL || !gtk_widget_is_ancestor (focus, pane) || !gtk_toggle_button_get_active (button))
    return FALSE;
  gtk_toggle_button_set_active (button, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (socketeer_transcript_get_byte_view (self->transcript)));
  return TRUE;
}

static gboolean
escape_cb (GtkWidget *widget, const char *name, gpointer user_data)
{
  SocketeerPage *self = user_data;
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  gboolean in_bar = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->problem_revealer));

  if (close_pane (self, self->tool_button, GTK_WIDGET (self->tool_pane), focus) ||
      close_pane (self, self->connection_button, GTK_WIDGET (self->connection_pane), focus))
    return GDK_EVENT_STOP;
  if (!gtk_revealer_get_reveal_child (self->problem_revealer))
    return GDK_EVENT_PROPAGATE;
  g_signal_emit_by_name (self->problem_close_button, "clicked");
  if (in_bar)
    gtk_widget_grab_focus (GTK_WIDGET (socketeer_transcript_get_byte_view (self->transcript)));
  return GDK_EVENT_STOP;
}

void
socketeer_page_add_escape (SocketeerPage *self)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  socketeer_shortcuts_add (GTK_WIDGET (self), "page", GTK_PHASE_BUBBLE, escape_cb, self);
}
