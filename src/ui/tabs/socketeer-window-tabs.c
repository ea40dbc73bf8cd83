/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-window-private.h"

#include <glib/gi18n.h>

#include "socketeer-tabs.h"

/* Tabs that go from window to window, are closed and come back, and are there again at the next start. */

#define TOAST_SECONDS 10

static SocketeerPage *
get_page (AdwTabPage *tab)
{
  return SOCKETEER_PAGE (adw_tab_page_get_child (tab));
}

/* -- Kept for the next start ----------------------------------------------------------------------------------- */

SktTabWindow *
_socketeer_window_dup_saved (SocketeerWindow *self)
{
  SktTabWindow *saved = skt_tab_window_new ();
  AdwTabView *view = _socketeer_window_get_tab_view (self);

  gtk_window_get_default_size (GTK_WINDOW (self), &saved->width, &saved->height);
  saved->width = MAX (saved->width, 0);
  saved->height = MAX (saved->height, 0);
  saved->is_maximized = gtk_window_is_maximized (GTK_WINDOW (self));
  for (int i = 0; i < adw_tab_view_get_n_pages (view); i++)
    {
      AdwTabPage *tab = adw_tab_view_get_nth_page (view, i);

      if (adw_tab_page_get_selected (tab))
        saved->selected = saved->tabs->len;
      if (!socketeer_page_is_passing (get_page (tab)))
        g_ptr_array_add (saved->tabs, socketeer_page_dup_tab (get_page (tab)));
    }
  if (saved->selected >= saved->tabs->len)
    saved->selected = 0;
  return saved;
}

gboolean
_socketeer_window_open_saved (SocketeerWindow *self, const SktTabWindow *saved)
{
  AdwTabView *view = _socketeer_window_get_tab_view (self);

  if (saved->width > 0 && saved->height > 0)
    gtk_window_set_default_size (GTK_WINDOW (self), saved->width, saved->height);
  if (saved->is_maximized)
    gtk_window_maximize (GTK_WINDOW (self));
  else
    gtk_window_unmaximize (GTK_WINDOW (self));
  for (guint i = 0; i < saved->tabs->len; i++)
    {
      const SktTab *tab = g_ptr_array_index (saved->tabs, i);
      SocketeerPage *page = socketeer_window_add_page (self, tab->kind == SKT_TAB_SERVER ? SOCKETEER_PAGE_SERVER : SOCKETEER_PAGE_CLIENT);

      if (page == NULL)
        return FALSE;
      socketeer_page_apply_tab (page, tab);
    }
  if (saved->tabs->len > 0)
    adw_tab_view_set_selected_page (view, adw_tab_view_get_nth_page (view, (int) saved->selected));
  return TRUE;
}

/* -- Closed, and brought back ---------------------------------------------------------------------------------- */

static void
offer_undo (SocketeerWindow *self, SocketeerPage *page, guint number)
{
  /* Translators: %s is the title of a tab */
  g_autofree char *title = g_strdup_printf (_ ("Closed “%s”"), socketeer_page_get_title (page));
  g_autofree char *escaped = g_markup_escape_text (title, -1);
  AdwToast *toast = adw_toast_new (escaped);

  /* Translators: button: a tab that was closed comes back */
  adw_toast_set_button_label (toast, _ ("Undo"));
  adw_toast_set_action_name (toast, "win.reopen-tab");
  adw_toast_set_action_target (toast, "u", number);
  adw_toast_set_timeout (toast, TOAST_SECONDS);
  /* It is left to go by itself when the tab comes back in another way: libadwaita 1.2 aborts when one is dismissed while the one that it has
   * taken the place of is still fading. */
  _socketeer_window_add_toast (self, toast);
}

/* The tour may be in another window than its pages. */
static void
tell_tours (SocketeerWindow *self, SocketeerPage *page)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  if (application == NULL)
    _socketeer_window_page_closes (self, page);
  else
    for (GList *l = gtk_application_get_windows (application); l != NULL; l = l->next)
      if (SOCKETEER_IS_WINDOW (l->data))
        _socketeer_window_page_closes (l->data, page);
}

static gboolean
close_page_cb (AdwTabView *view, AdwTabPage *tab, gpointer user_data)
{
  SocketeerWindow *self = user_data;
  g_autoptr (SocketeerPage) page = g_object_ref (get_page (tab));
  int position = adw_tab_view_get_page_position (view, tab);
  GtkWidget *parent;

  tell_tours (self, page);
  socketeer_page_rest (page);
  g_object_set_data (G_OBJECT (page), "is-closing", GINT_TO_POINTER (TRUE));
  adw_tab_view_close_page_finish (view, tab, TRUE);
  g_object_set_data (G_OBJECT (page), "is-closing", NULL);
  /* Somebody may hold the tab still, and with it what the page was in. */
  parent = gtk_widget_get_parent (GTK_WIDGET (page));
  if (ADW_IS_BIN (parent))
    adw_bin_set_child (ADW_BIN (parent), NULL);
  offer_undo (self, page, socketeer_closed_tabs_add (page, position));
  return GDK_EVENT_STOP;
}

static void
reopen (SocketeerWindow *self, guint number)
{
  int position = 0;
  g_autoptr (SocketeerPage) page = socketeer_closed_tabs_take (number, &position);

  if (page != NULL)
    _socketeer_window_insert_tab (self, page, position);
  else
    _socketeer_window_say_problem (self, _ ("There is no closed tab to bring back: it can be done for ten minutes."));
}

static void
undo_close_tab_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  reopen (user_data, 0);
}

static void
reopen_tab_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  reopen (user_data, g_variant_get_uint32 (parameter));
}

void
_socketeer_window_close_tabs (SocketeerWindow *self)
{
  AdwTabView *view = _socketeer_window_get_tab_view (self);

  while (adw_tab_view_get_n_pages (view) > 0)
    adw_tab_view_close_page (view, adw_tab_view_get_nth_page (view, 0));
}

/* -- The menu of a tab ----------------------------------------------------------------------------------------- */

/* The tab whose menu is open; without a menu the one that is shown. */
static AdwTabPage *
get_tab (SocketeerWindow *self)
{
  AdwTabPage *tab = g_object_get_data (G_OBJECT (self), "menu-tab");
  return tab != NULL ? tab : adw_tab_view_get_selected_page (_socketeer_window_get_tab_view (self));
}

static void
set_enabled (SocketeerWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
_socketeer_window_tabs_update (SocketeerWindow *self)
{
  AdwTabPage *tab = get_tab (self);
  int n_pages = adw_tab_view_get_n_pages (_socketeer_window_get_tab_view (self));

  set_enabled (self, "tab-to-new-window", tab != NULL && n_pages > 1);
  set_enabled (self, "close-other-tabs", tab != NULL && n_pages > 1);
  set_enabled (self, "duplicate-tab", tab != NULL && socketeer_page_get_kind (get_page (tab)) != SOCKETEER_PAGE_JOURNAL);
}

static void
setup_menu_cb (AdwTabView *view, AdwTabPage *tab, gpointer user_data)
{
  g_object_set_data_full (user_data, "menu-tab", tab != NULL ? g_object_ref (tab) : NULL, tab != NULL ? g_object_unref : NULL);
  _socketeer_window_tabs_update (user_data);
}

static SocketeerWindow *
new_window_like (SocketeerWindow *self)
{
  SocketeerWindow *window = socketeer_window_new (gtk_window_get_application (GTK_WINDOW (self)), _socketeer_window_get_engine (self));
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  gtk_window_unmaximize (GTK_WINDOW (window));
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

/* A tab was dragged out. */
static AdwTabView *
create_window_cb (AdwTabView *view, gpointer user_data)
{
  return _socketeer_window_get_tab_view (new_window_like (user_data));
}

static void
tab_to_new_window_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AdwTabPage *tab = get_tab (user_data);

  if (tab != NULL)
    adw_tab_view_transfer_page (_socketeer_window_get_tab_view (user_data), tab,
                                _socketeer_window_get_tab_view (new_window_like (user_data)), 0);
}

static void
close_tab_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AdwTabPage *tab = get_tab (user_data);

  if (tab != NULL)
    adw_tab_view_close_page (_socketeer_window_get_tab_view (user_data), tab);
}

static void
close_other_tabs_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AdwTabPage *tab = get_tab (user_data);

  if (tab != NULL)
    adw_tab_view_close_other_pages (_socketeer_window_get_tab_view (user_data), tab);
}

static void
duplicate_tab_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AdwTabPage *tab = get_tab (user_data);
  g_autoptr (SktTab) copied = tab != NULL ? socketeer_page_dup_tab (get_page (tab)) : NULL;
  SocketeerPage *page;

  if (copied == NULL)
    return;
  page = socketeer_window_add_page (user_data, socketeer_page_get_kind (get_page (tab)));
  if (page == NULL)
    return;
  socketeer_page_apply_tab (page, copied);
  socketeer_page_focus (page);
}

/* -- Tabs that come and go ------------------------------------------------------------------------------------- */

static gboolean
close_if_empty_cb (gpointer user_data)
{
  SocketeerWindow *self = user_data;

  if (adw_tab_view_get_n_pages (_socketeer_window_get_tab_view (self)) == 0 && !socketeer_window_is_last (self))
    gtk_window_close (GTK_WINDOW (self));
  return G_SOURCE_REMOVE;
}

static void
page_attached_cb (AdwTabView *view, AdwTabPage *tab, int position, gpointer user_data)
{
  _socketeer_window_tab_comes (user_data, get_page (tab));
  socketeer_tabs_changed ();
}

/* A window whose last tab has gone to another one is of no use any more. */
static void
page_detached_cb (AdwTabView *view, AdwTabPage *tab, int position, gpointer user_data)
{
  SocketeerWindow *self = user_data;

  _socketeer_window_tab_goes (self, get_page (tab));
  if (adw_tab_view_get_n_pages (view) == 0 && g_object_get_data (G_OBJECT (get_page (tab)), "is-closing") == NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, close_if_empty_cb, g_object_ref (self), g_object_unref);
  socketeer_tabs_changed ();
}

static const GActionEntry actions[] = {
  { .name = "undo-close-tab", .activate = undo_close_tab_action },
  { .name = "reopen-tab", .activate = reopen_tab_action, .parameter_type = "u" },
  { .name = "close-tab", .activate = close_tab_action },
  { .name = "close-other-tabs", .activate = close_other_tabs_action },
  { .name = "tab-to-new-window", .activate = tab_to_new_window_action },
  { .name = "duplicate-tab", .activate = duplicate_tab_action },
};

void
_socketeer_window_tabs_init (SocketeerWindow *self)
{
  AdwTabView *view = _socketeer_window_get_tab_view (self);

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  g_signal_connect (view, "close-page", G_CALLBACK (close_page_cb), self);
  g_signal_connect (view, "create-window", G_CALLBACK (create_window_cb), self);
  g_signal_connect (view, "setup-menu", G_CALLBACK (setup_menu_cb), self);
  g_signal_connect (view, "page-attached", G_CALLBACK (page_attached_cb), self);
  g_signal_connect (view, "page-detached", G_CALLBACK (page_detached_cb), self);
  g_signal_connect_swapped (view, "notify::n-pages", G_CALLBACK (_socketeer_window_tabs_update), self);
  g_signal_connect_swapped (view, "notify::selected-page", G_CALLBACK (_socketeer_window_tabs_update), self);
  g_signal_connect (view, "page-reordered", G_CALLBACK (socketeer_tabs_changed), NULL);
  g_signal_connect (self, "notify::default-width", G_CALLBACK (socketeer_tabs_changed), NULL);
  g_signal_connect (self, "notify::maximized", G_CALLBACK (socketeer_tabs_changed), NULL);
  _socketeer_window_tabs_update (self);
}
