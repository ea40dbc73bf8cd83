/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-window-private.h"

#include "socketeer-page-panes.h"
#include "socketeer-shortcuts.h"

/* What the window does by the keyboard alone: the overlay of shortcuts, and from pane to pane. */

static void
show_help_overlay_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (socketeer_shortcuts_create_window (user_data));
}

/* -- Panes --------------------------------------------------------------------------------------------------------- */

static void
add_pane (GArray *panes, GtkWidget *widget, GtkWidget *first)
{
  g_array_append_val (panes, ((SocketeerPane){ widget, first }));
}

/* In the order in which F6 goes through them; also those that are not seen. */
static GArray *
create_panes (SocketeerWindow *self)
{
  GArray *panes = g_array_new (FALSE, FALSE, sizeof (SocketeerPane));
  AdwTabPage *tab = adw_tab_view_get_selected_page (_socketeer_window_get_tab_view (self));
  SocketeerStartPage *start = _socketeer_window_get_start_page (self);

  add_pane (panes, _socketeer_window_get_recovery_bar (self), NULL);
  if (tab != NULL)
    socketeer_page_add_panes (SOCKETEER_PAGE (adw_tab_page_get_child (tab)), panes);
  else
    add_pane (panes, GTK_WIDGET (start), socketeer_start_page_get_first (start));
  for (GtkWidget *child = gtk_widget_get_first_child (_socketeer_window_get_tour_place (self)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (!GTK_IS_STACK (child)) /* the card of the tour */
      add_pane (panes, child, NULL);
  add_pane (panes, _socketeer_window_get_tab_bar (self), NULL);
  return panes;
}

/* The innermost that the keyboard is in; -1: none. */
static int
find_focus (GtkWidget *focus, GArray *panes)
{
  int found = -1;

  for (guint i = 0; focus != NULL && i < panes->len; i++)
    {
      GtkWidget *widget = g_array_index (panes, SocketeerPane, i).widget;

      if ((focus == widget || gtk_widget_is_ancestor (focus, widget)) &&
          (found < 0 || gtk_widget_is_ancestor (widget, g_array_index (panes, SocketeerPane, found).widget)))
        found = i;
    }
  return found;
}

static gboolean
focus_pane (const SocketeerPane *pane)
{
  if (!gtk_widget_get_mapped (pane->widget) || !gtk_widget_is_sensitive (pane->widget))
    return FALSE;
  if (pane->first != NULL && gtk_widget_get_mapped (pane->first) && gtk_widget_grab_focus (pane->first))
    return TRUE;
  return gtk_widget_child_focus (pane->widget, GTK_DIR_TAB_FORWARD);
}

static void
go_to_pane_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerWindow *self = user_data;
  gboolean forward = g_str_equal (g_action_get_name (G_ACTION (action)), "next-pane");
  g_autoptr (GArray) panes = create_panes (self);
  int n = panes->len, at = find_focus (gtk_window_get_focus (GTK_WINDOW (self)), panes);

  if (at < 0)
    at = forward ? n - 1 : 0;
  for (int i = 1; i <= n; i++)
    if (focus_pane (&g_array_index (panes, SocketeerPane, (at + (forward ? i : n - i)) % n)))
      break;
  gtk_window_set_focus_visible (GTK_WINDOW (self), TRUE);
}

/* -- Tabs ---------------------------------------------------------------------------------------------------------- */

#define LAST_FOCUS "last-focus" /* of a page: GWeakRef */

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
remember_focus (GtkWidget *page, GtkWidget *focus)
{
  GWeakRef *ref = g_new (GWeakRef, 1);

  g_weak_ref_init (ref, focus);
  g_object_set_data_full (G_OBJECT (page), LAST_FOCUS, ref, weak_ref_free);
}

static void
restore_focus (SocketeerPage *page)
{
  GWeakRef *ref = g_object_get_data (G_OBJECT (page), LAST_FOCUS);
  g_autoptr (GtkWidget) last = ref != NULL ? g_weak_ref_get (ref) : NULL;

  if (last == NULL || !gtk_widget_is_ancestor (last, GTK_WIDGET (page)) || !gtk_widget_get_mapped (last))
    socketeer_page_focus (page);
  else if (GTK_IS_TEXT (last))
    gtk_text_grab_focus_without_selecting (GTK_TEXT (last));
  else
    gtk_widget_grab_focus (last);
}

void
_socketeer_window_move_focus (SocketeerWindow *self)
{
  AdwTabPage *tab = adw_tab_view_get_selected_page (_socketeer_window_get_tab_view (self));
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkWidget *from = focus != NULL ? gtk_widget_get_ancestor (focus, SOCKETEER_TYPE_PAGE) : NULL;

  if (tab == NULL)
    {
      gtk_widget_grab_focus (socketeer_start_page_get_first (_socketeer_window_get_start_page (self)));
      return;
    }
  if (from == adw_tab_page_get_child (tab) || (from == NULL && focus != NULL && gtk_widget_get_mapped (focus)))
    return;
  if (from != NULL)
    remember_focus (from, focus);
  restore_focus (SOCKETEER_PAGE (adw_tab_page_get_child (tab)));
}

static const GActionEntry actions[] = {
  { .name = "show-help-overlay", .activate = show_help_overlay_action },
  { .name = "next-pane", .activate = go_to_pane_action },
  { .name = "previous-pane", .activate = go_to_pane_action },
};

void
_socketeer_window_keys_init (SocketeerWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  /* Home and End are for what has the keyboard. */
  adw_tab_view_remove_shortcuts (_socketeer_window_get_tab_view (self),
                                 ADW_TAB_VIEW_SHORTCUT_CONTROL_HOME | ADW_TAB_VIEW_SHORTCUT_CONTROL_END |
                                   ADW_TAB_VIEW_SHORTCUT_CONTROL_SHIFT_HOME | ADW_TAB_VIEW_SHORTCUT_CONTROL_SHIFT_END);
}
