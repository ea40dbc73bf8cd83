/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-window-private.h"

#include <glib/gi18n.h>

/* The context menu of a tab: by the right button, or the menu key when the tab has the keyboard. */

typedef struct
{
  AdwTabView *view;         /* borrowed: it owns this */
  AdwTabPage *page;         /* weak: that the menu is of */
  GSimpleActionGroup *actions; /* owned */
} TabMenu;

static void
tab_menu_free (gpointer data)
{
  TabMenu *self = data;

  g_clear_weak_pointer (&self->page);
  g_clear_object (&self->actions);
  g_free (self);
}

static void
close_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TabMenu *self = user_data;

  if (self->page != NULL)
    adw_tab_view_close_page (self->view, self->page);
}

static void
close_others_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TabMenu *self = user_data;

  if (self->page != NULL)
    adw_tab_view_close_other_pages (self->view, self->page);
}

static void
move_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TabMenu *self = user_data;

  if (self->page == NULL)
    return;
  if (g_str_equal (g_action_get_name (G_ACTION (action)), "move-back"))
    adw_tab_view_reorder_backward (self->view, self->page);
  else
    adw_tab_view_reorder_forward (self->view, self->page);
}

static void
disconnect_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TabMenu *self = user_data;

  if (self->page != NULL)
    socketeer_page_disconnect (SOCKETEER_PAGE (adw_tab_page_get_child (self->page)));
}

static const GActionEntry actions[] = {
  { .name = "disconnect", .activate = disconnect_action },
  { .name = "move-back", .activate = move_action },
  { .name = "move-on", .activate = move_action },
  { .name = "close-others", .activate = close_others_action },
  { .name = "close", .activate = close_action },
};

static void
set_enabled (TabMenu *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

/* page: NULL when the menu is closed; what was chosen in it comes after that. */
static void
setup_menu_cb (AdwTabView *view, AdwTabPage *page, gpointer user_data)
{
  TabMenu *self = user_data;
  int n = adw_tab_view_get_n_pages (view), at;
  SktSession *session;

  if (page == NULL)
    return;
  g_set_weak_pointer (&self->page, page);
  at = adw_tab_view_get_page_position (view, page);
  session = socketeer_page_get_session (SOCKETEER_PAGE (adw_tab_page_get_child (page)));
  set_enabled (self, "disconnect", session != NULL && skt_session_get_n_open (session) > 0);
  set_enabled (self, "move-back", at > 0);
  set_enabled (self, "move-on", at < n - 1);
  set_enabled (self, "close-others", n > 1);
}

static GMenuModel *
create_menu (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) connection = g_menu_new (), place = g_menu_new (), end = g_menu_new ();

  g_menu_append (connection, _ ("_Disconnect"), "tab.disconnect");
  /* Translators: in the menu of a tab: before the one that is at its left now (at its right, where one reads so) */
  g_menu_append (place, _ ("Move _Back"), "tab.move-back");
  /* Translators: in the menu of a tab: behind the one that follows it now */
  g_menu_append (place, _ ("Move _Forward"), "tab.move-on");
  g_menu_append (end, _ ("Close _Other Tabs"), "tab.close-others");
  g_menu_append (end, _ ("_Close"), "tab.close");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (connection));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (place));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (end));
  return G_MENU_MODEL (menu);
}

void
_socketeer_window_add_tab_menu (SocketeerWindow *self)
{
  TabMenu *menu = g_new0 (TabMenu, 1);
  g_autoptr (GMenuModel) model = create_menu ();

  menu->view = _socketeer_window_get_tab_view (self);
  menu->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (menu->actions), actions, G_N_ELEMENTS (actions), menu);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "tab", G_ACTION_GROUP (menu->actions));
  g_object_set_data_full (G_OBJECT (menu->view), "tab-menu", menu, tab_menu_free);
  g_signal_connect (menu->view, "setup-menu", G_CALLBACK (setup_menu_cb), menu);
  adw_tab_view_set_menu_model (menu->view, model);
}
