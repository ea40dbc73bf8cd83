/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-window-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "socketeer-frame-stats.h"
#include "socketeer-narrow.h"
#include "socketeer-problem-toast.h"
#include "socketeer-settings.h"
#include "socketeer-tabs.h"
#include "socketeer-tour-layout.h"
#include "socketeer-wrap-layout.h"

struct _SocketeerWindow
{
  AdwApplicationWindow parent_instance;

  /* template */
  AdwWindowTitle *window_title;
  AdwTabView *tab_view;
  AdwTabBar *tab_bar;
  AdwToastOverlay *toast_overlay;
  GtkStack *stack;
  GtkRevealer *recovery_revealer;
  GtkLabel *recovery_label;
  SocketeerStartPage *start_page;
  GtkWidget *tour_place;
  GtkBox *jobs_box;

  /* owned */
  SktEngine *engine;
  GPtrArray *abandoned; /* paths; NULL: none */
  SocketeerFrameStats *frame_stats; /* NULL: not wanted */
  GCancellable *opening; /* of files */
};

G_DEFINE_FINAL_TYPE (SocketeerWindow, socketeer_window, ADW_TYPE_APPLICATION_WINDOW)

static SocketeerPage *
get_current (SocketeerWindow *self)
{
  AdwTabPage *tab = adw_tab_view_get_selected_page (self->tab_view);
  return tab != NULL ? SOCKETEER_PAGE (adw_tab_page_get_child (tab)) : NULL;
}

/* The latest is seen at once; one that is offered for long, such as an undo, comes back after it. */
void
_socketeer_window_add_toast (SocketeerWindow *self, AdwToast *toast)
{
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (self->toast_overlay, toast);
}

static void
say (SocketeerWindow *self, const char *message)
{
  g_autofree char *escaped = g_markup_escape_text (message, -1);
  _socketeer_window_add_toast (self, adw_toast_new (escaped));
}

void
_socketeer_window_say_problem (SocketeerWindow *self, const char *message)
{
  _socketeer_window_add_toast (self, socketeer_problem_toast_new (message));
}

GtkBox *
_socketeer_window_get_jobs_box (SocketeerWindow *self)
{
  return self->jobs_box;
}

AdwTabView *
_socketeer_window_get_tab_view (SocketeerWindow *self)
{
  return self->tab_view;
}

SktEngine *
_socketeer_window_get_engine (SocketeerWindow *self)
{
  return self->engine;
}

GCancellable *
_socketeer_window_get_opening (SocketeerWindow *self)
{
  return self->opening;
}

GtkWidget *
_socketeer_window_get_tab_bar (SocketeerWindow *self)
{
  return GTK_WIDGET (self->tab_bar);
}

GtkWidget *
_socketeer_window_get_recovery_bar (SocketeerWindow *self)
{
  return GTK_WIDGET (self->recovery_revealer);
}

SocketeerStartPage *
_socketeer_window_get_start_page (SocketeerWindow *self)
{
  return self->start_page;
}

/* -- Tabs ---------------------------------------------------------------------------------------------------- */

static void
set_enabled (SocketeerWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
update (SocketeerWindow *self)
{
  SocketeerPage *page = get_current (self);
  static const char *const needs_page[] = { "close-tab", "zoom-in", "zoom-out", "zoom-normal",
                                            "export",    "clear",   "save",     "view",
                                            "mode",      "encoding", "frame-rule", "frame-check", "filter",
                                            "find",      "find-next", "find-previous" };
  gtk_stack_set_visible_child_name (self->stack, page != NULL ? "tabs" : "start");
  adw_window_title_set_subtitle (self->window_title, page != NULL ? socketeer_page_get_title (page) : "");
  for (guint i = 0; i < G_N_ELEMENTS (needs_page); i++)
    set_enabled (self, needs_page[i], page != NULL);
}

static void
page_title_cb (SocketeerPage *page, GParamSpec *pspec, gpointer user_data)
{
  update (user_data);
}

static void
page_toast_cb (GtkWidget *page, AdwToast *toast, gpointer user_data)
{
  SocketeerWindow *self = user_data;
  _socketeer_window_add_toast (self, g_object_ref (toast));
}

static void
page_activity_cb (SocketeerPage *page, gpointer user_data)
{
  SocketeerWindow *self = user_data;
  AdwTabPage *tab = adw_tab_view_get_page (self->tab_view, GTK_WIDGET (page));

  if (tab != NULL && !adw_tab_page_get_selected (tab))
    adw_tab_page_set_needs_attention (tab, TRUE);
}

static void
selected_page_cb (AdwTabView *view, GParamSpec *pspec, gpointer user_data)
{
  AdwTabPage *tab = adw_tab_view_get_selected_page (view);

  if (tab != NULL)
    adw_tab_page_set_needs_attention (tab, FALSE);
  update (user_data);
  socketeer_tabs_changed ();
  _socketeer_window_move_focus (user_data);
}

static gboolean
activity_to_icon (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  g_value_take_object (to, g_value_get_boolean (from) ? g_themed_icon_new ("network-transmit-receive-symbolic") : NULL);
  return TRUE;
}

void
_socketeer_window_tab_comes (SocketeerWindow *self, SocketeerPage *page)
{
  g_signal_connect (page, "notify::title", G_CALLBACK (page_title_cb), self);
  g_signal_connect (page, "toast", G_CALLBACK (page_toast_cb), self);
  g_signal_connect (page, "activity", G_CALLBACK (page_activity_cb), self);
  update (self);
}

void
_socketeer_window_tab_goes (SocketeerWindow *self, SocketeerPage *page)
{
  g_signal_handlers_disconnect_by_data (page, self);
  update (self);
}

void
_socketeer_window_insert_tab (SocketeerWindow *self, SocketeerPage *page, int position)
{
  AdwTabPage *tab = adw_tab_view_insert (self->tab_view, GTK_WIDGET (page), MIN (position, adw_tab_view_get_n_pages (self->tab_view)));

  g_object_bind_property (page, "title", tab, "title", G_BINDING_SYNC_CREATE);
  g_object_bind_property (page, "title", tab, "tooltip", G_BINDING_SYNC_CREATE);
  g_object_bind_property (page, "busy", tab, "loading", G_BINDING_SYNC_CREATE);
  g_object_bind_property_full (page, "active", tab, "indicator-icon", G_BINDING_SYNC_CREATE, activity_to_icon, NULL,
                               NULL, NULL);
  adw_tab_view_set_selected_page (self->tab_view, tab);
}

void
_socketeer_window_add_tab (SocketeerWindow *self, SocketeerPage *page)
{
  _socketeer_window_insert_tab (self, page, G_MAXINT);
}

SocketeerPage *
socketeer_window_add_page (SocketeerWindow *self, SocketeerPageKind kind)
{
  g_autoptr (GError) error = NULL;
  SocketeerPage *page;

  g_return_val_if_fail (SOCKETEER_IS_WINDOW (self), NULL);

  page = socketeer_page_new (self->engine, kind, &error);
  if (page == NULL)
    {
      say (self, error->message);
      return NULL;
    }
  _socketeer_window_add_tab (self, page);
  return page;
}

SocketeerPage *
socketeer_window_get_free_page (SocketeerWindow *self, SocketeerPageKind kind)
{
  SocketeerPage *page;
  gboolean is_busy = FALSE;

  g_return_val_if_fail (SOCKETEER_IS_WINDOW (self), NULL);

  page = get_current (self);
  if (page != NULL)
    g_object_get (page, "busy", &is_busy, NULL);
  if (page != NULL && socketeer_page_get_kind (page) == kind && !is_busy && !socketeer_page_is_active (page))
    return page;
  return socketeer_window_add_page (self, kind);
}

void
socketeer_window_close_pages (SocketeerWindow *self)
{
  g_return_if_fail (SOCKETEER_IS_WINDOW (self));

  if (self->tour_place != NULL)
    _socketeer_window_end_tour (self);
  for (int i = 0; self->tab_view != NULL && i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      SocketeerPage *page = SOCKETEER_PAGE (adw_tab_page_get_child (adw_tab_view_get_nth_page (self->tab_view, i)));
      g_signal_handlers_disconnect_by_data (page, self);
      socketeer_page_close (page);
    }
}

/* -- Start page ---------------------------------------------------------------------------------------------- */

GtkWidget *
_socketeer_window_get_tour_place (SocketeerWindow *self)
{
  return self->tour_place;
}

void
_socketeer_window_select (SocketeerWindow *self, SocketeerPage *page)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (page));
  SocketeerWindow *owner = SOCKETEER_IS_WINDOW (root) ? SOCKETEER_WINDOW (root) : self;

  adw_tab_view_set_selected_page (owner->tab_view, adw_tab_view_get_page (owner->tab_view, GTK_WIDGET (page)));
  if (owner != self)
    gtk_window_present (GTK_WINDOW (owner));
}

gboolean
_socketeer_window_is_selected (SocketeerWindow *self, SocketeerPage *page)
{
  return get_current (self) == page;
}

/* Filled in; it does not connect by itself. */
static void
open_recent_cb (SocketeerStartPage *start_page, guint kind, const char *endpoint, gpointer user_data)
{
  SocketeerPage *page = socketeer_window_add_page (user_data, kind == SKT_RECENT_LISTEN ? SOCKETEER_PAGE_SERVER : SOCKETEER_PAGE_CLIENT);

  if (page == NULL)
    return;
  socketeer_page_fill (page, endpoint, TRUE);
  socketeer_page_focus (page);
}

/* -- Recovery ------------------------------------------------------------------------------------------------ */

static void
end_recovery (SocketeerWindow *self)
{
  gtk_revealer_set_reveal_child (self->recovery_revealer, FALSE);
  g_clear_pointer (&self->abandoned, g_ptr_array_unref);
}

void
socketeer_window_offer_recovery (SocketeerWindow *self, GPtrArray *paths)
{
  g_autofree char *text = NULL;

  g_return_if_fail (SOCKETEER_IS_WINDOW (self));
  if (paths->len == 0)
    return;
  g_clear_pointer (&self->abandoned, g_ptr_array_unref);
  self->abandoned = g_ptr_array_ref (paths);
  text = g_strdup_printf (ngettext ("%u session of a program that did not end properly was found. All that it had received is there.",
                                    "%u sessions of a program that did not end properly were found. All that they had received is there.",
                                    paths->len),
                          paths->len);
  gtk_label_set_label (self->recovery_label, text);
  gtk_revealer_set_reveal_child (self->recovery_revealer, TRUE);
}

static void
delete_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  GPtrArray *paths = task_data;
  GError *error = NULL;

  for (guint i = 0; i < paths->len; i++)
    if (!skt_journal_delete (g_ptr_array_index (paths, i), &error))
      {
        g_task_return_error (task, error);
        return;
      }
  g_task_return_boolean (task, TRUE);
}

static void
deleted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    say (SOCKETEER_WINDOW (object), error->message);
}

static void
recover_show_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerWindow *self = user_data;

  for (guint i = 0; self->abandoned != NULL && i < self->abandoned->len; i++)
    _socketeer_window_open_session (self, g_ptr_array_index (self->abandoned, i));
  end_recovery (self);
}

static void
recover_delete_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerWindow *self = user_data;
  g_autoptr (GTask) task = NULL;

  if (self->abandoned != NULL)
    {
      task = g_task_new (self, NULL, deleted_cb, NULL);
      g_task_set_task_data (task, g_ptr_array_ref (self->abandoned), (GDestroyNotify) g_ptr_array_unref);
      g_task_run_in_thread (task, delete_in_worker);
    }
  end_recovery (self);
}

static void
recover_later_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  end_recovery (user_data);
}

/* -- Actions: all of them also over D-Bus --------------------------------------------------------------------- */

static void
new_client_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = socketeer_window_add_page (user_data, SOCKETEER_PAGE_CLIENT);
  if (page != NULL)
    socketeer_page_focus (page);
}

static void
new_server_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = socketeer_window_add_page (user_data, SOCKETEER_PAGE_SERVER);
  if (page != NULL)
    socketeer_page_focus (page);
}

static void
demo_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  socketeer_window_show_demo (user_data);
}

static void
tour_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  socketeer_window_start_tour (user_data);
}

static void
connect_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = socketeer_window_get_free_page (user_data, SOCKETEER_PAGE_CLIENT);
  if (page != NULL)
    socketeer_page_connect (page, g_variant_get_string (parameter, NULL));
}

static void
listen_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = socketeer_window_get_free_page (user_data, SOCKETEER_PAGE_SERVER);
  if (page != NULL)
    socketeer_page_listen (page, g_variant_get_string (parameter, NULL));
}

static void
disconnect_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = get_current (user_data);
  if (page != NULL)
    socketeer_page_disconnect (page);
}

static void
stop_listening_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = get_current (user_data);
  if (page != NULL)
    socketeer_page_stop_listening (page);
}

static void
send_text_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = get_current (user_data);
  if (page != NULL)
    socketeer_page_send_text (page, g_variant_get_string (parameter, NULL));
}

static void
send_file_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = get_current (user_data);
  if (page != NULL)
    socketeer_page_send_file (page, g_variant_get_string (parameter, NULL));
}

static void
send_hex_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = get_current (user_data);
  if (page != NULL)
    socketeer_page_send_hex (page, g_variant_get_string (parameter, NULL));
}

static void
export_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = get_current (user_data);
  const char *format, *direction, *path;
  SocketeerSaveChoice choice;

  g_variant_get (parameter, "(&s&s&s)", &format, &direction, &path);
  if (page == NULL)
    return;
  if (socketeer_save_choice_parse (format, direction, &choice))
    socketeer_page_export (page, &choice, path);
  else
    _socketeer_window_say_problem (user_data,
                                   _ ("Can’t save: the format is raw, hexdump, text, csv, jsonl, pcapng or session, the "
                                      "direction received, sent, both or selection."));
}

static void
save_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = get_current (user_data);
  if (page != NULL)
    socketeer_page_save (page, FALSE);
}

static void
open_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  _socketeer_window_ask_and_open (user_data);
}

static void
open_folder_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  _socketeer_window_ask_and_open_folder (user_data);
}

static void
open_file_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  socketeer_window_open (user_data, g_variant_get_string (parameter, NULL));
}

static void
clear_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = get_current (user_data);
  if (page != NULL)
    gtk_widget_activate_action (GTK_WIDGET (page), "page.clear", NULL);
}

static void
view_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = get_current (user_data);
  SktView view;

  if (page != NULL && skt_view_from_name (g_variant_get_string (parameter, NULL), &view))
    socketeer_page_set_view (page, view);
}

static void
mode_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = get_current (user_data);
  SktMode mode;

  if (page != NULL && skt_mode_from_name (g_variant_get_string (parameter, NULL), &mode))
    socketeer_page_set_mode (page, mode);
}

static void
encoding_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = get_current (user_data);
  SktEncoding encoding;

  if (page != NULL && skt_encoding_from_name (g_variant_get_string (parameter, NULL), &encoding))
    socketeer_page_set_encoding (page, encoding);
}

static void
frame_rule_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = get_current (user_data);
  g_autoptr (GError) error = NULL;
  SktFrameRule rule;

  if (page == NULL)
    return;
  if (!skt_frame_rule_parse (g_variant_get_string (parameter, NULL), &rule, &error))
    {
      say (user_data, error->message);
      return;
    }
  socketeer_page_set_frame_rule (page, &rule);
  socketeer_page_set_mode (page, SKT_MODE_FRAMES);
}

static void
frame_check_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = get_current (user_data);
  g_autoptr (GError) error = NULL;
  SktFrameCheck check;

  if (page == NULL)
    return;
  if (skt_frame_check_parse (g_variant_get_string (parameter, NULL), &check, &error))
    socketeer_page_set_frame_check (page, &check);
  else
    say (user_data, error->message);
}

static void
filter_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = get_current (user_data);
  if (page != NULL)
    socketeer_page_show_filter (page);
}

static void
find_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = get_current (user_data);
  if (page != NULL)
    socketeer_page_find (page);
}

static void
find_step_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPage *page = get_current (user_data);
  if (page != NULL)
    socketeer_page_find_step (page, g_str_equal (g_action_get_name (G_ACTION (action)), "find-next"));
}

static void
zoom (SocketeerWindow *self, double factor)
{
  SocketeerPage *page = get_current (self);
  if (page != NULL)
    socketeer_page_zoom (page, factor);
}

static void
zoom_in_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  zoom (user_data, 1.1);
}

static void
zoom_out_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  zoom (user_data, 1 / 1.1);
}

static void
zoom_normal_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  zoom (user_data, 0);
}

static const GActionEntry actions[] = {
  { .name = "new-client", .activate = new_client_action },
  { .name = "new-server", .activate = new_server_action },
  { .name = "demo", .activate = demo_action },
  { .name = "tour", .activate = tour_action },
  { .name = "connect", .activate = connect_action, .parameter_type = "s" },
  { .name = "listen", .activate = listen_action, .parameter_type = "s" },
  { .name = "disconnect", .activate = disconnect_action },
  { .name = "stop-listening", .activate = stop_listening_action },
  { .name = "send-text", .activate = send_text_action, .parameter_type = "s" },
  { .name = "send-file", .activate = send_file_action, .parameter_type = "s" },
  { .name = "send-hex", .activate = send_hex_action, .parameter_type = "s" },
  { .name = "export", .activate = export_action, .parameter_type = "(sss)" },
  { .name = "save", .activate = save_action },
  { .name = "open", .activate = open_action },
  { .name = "open-folder", .activate = open_folder_action },
  { .name = "open-file", .activate = open_file_action, .parameter_type = "s" },
  { .name = "clear", .activate = clear_action },
  { .name = "view", .activate = view_action, .parameter_type = "s" },
  { .name = "mode", .activate = mode_action, .parameter_type = "s" },
  { .name = "encoding", .activate = encoding_action, .parameter_type = "s" },
  { .name = "frame-check", .activate = frame_check_action, .parameter_type = "s" },
  { .name = "frame-rule", .activate = frame_rule_action, .parameter_type = "s" },
  { .name = "filter", .activate = filter_action },
  { .name = "find", .activate = find_action },
  { .name = "find-next", .activate = find_step_action },
  { .name = "find-previous", .activate = find_step_action },
  { .name = "zoom-in", .activate = zoom_in_action },
  { .name = "zoom-out", .activate = zoom_out_action },
  { .name = "zoom-normal", .activate = zoom_normal_action },
  { .name = "recover-show", .activate = recover_show_action },
  { .name = "recover-delete", .activate = recover_delete_action },
  { .name = "recover-later", .activate = recover_later_action },
};

/* -- GObject ------------------------------------------------------------------------------------------------- */

gboolean
socketeer_window_is_last (SocketeerWindow *self)
{
  GtkApplication *application;

  g_return_val_if_fail (SOCKETEER_IS_WINDOW (self), TRUE);

  application = gtk_window_get_application (GTK_WINDOW (self));
  for (GList *l = application != NULL ? gtk_application_get_windows (application) : NULL; l != NULL; l = l->next)
    if (SOCKETEER_IS_WINDOW (l->data) && l->data != self)
      return FALSE;
  return TRUE;
}

static gboolean
socketeer_window_close_request (GtkWindow *window)
{
  SocketeerWindow *self = SOCKETEER_WINDOW (window);
  GSettings *settings = socketeer_settings_get ();
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (window));
  if (!gtk_window_is_maximized (window) && width > 0 && height > 0)
    {
      g_settings_set_int (settings, "window-width", width);
      g_settings_set_int (settings, "window-height", height);
    }
  g_cancellable_cancel (self->opening);
  /* With the last window the program ends, and what was open is opened again; the tabs of another one are closed. */
  if (!socketeer_window_is_last (self))
    _socketeer_window_close_tabs (self);
  else
    socketeer_tabs_end ();
  socketeer_window_close_pages (self);
  return GTK_WINDOW_CLASS (socketeer_window_parent_class)->close_request (window);
}

static void
socketeer_window_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SocketeerWindow *self = SOCKETEER_WINDOW (widget);

  GTK_WIDGET_CLASS (socketeer_window_parent_class)->snapshot (widget, snapshot);
  if (self->frame_stats != NULL)
    socketeer_frame_stats_snapshot_done (self->frame_stats);
}

static void
socketeer_window_dispose (GObject *object)
{
  SocketeerWindow *self = SOCKETEER_WINDOW (object);

  g_clear_pointer (&self->frame_stats, socketeer_frame_stats_free);
  if (self->tour_place != NULL)
    _socketeer_window_end_tour (self);
  if (self->tab_view != NULL)
    g_signal_handlers_disconnect_by_data (self->tab_view, self);
  g_clear_pointer (&self->abandoned, g_ptr_array_unref);

  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_object_set_data (object, "open-chooser", NULL);

  G_OBJECT_CLASS (socketeer_window_parent_class)->dispose (object);
  g_clear_object (&self->opening);
  g_clear_object (&self->engine);
}

static void
socketeer_window_class_init (SocketeerWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_window_dispose;
  widget_class->snapshot = socketeer_window_snapshot;
  GTK_WINDOW_CLASS (klass)->close_request = socketeer_window_close_request;
  g_type_ensure (SOCKETEER_TYPE_START_PAGE);
  g_type_ensure (SOCKETEER_TYPE_TOUR_LAYOUT);
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerWindow, window_title);
  gtk_widget_class_bind_template_child (widget_class, SocketeerWindow, tab_view);
  gtk_widget_class_bind_template_child (widget_class, SocketeerWindow, tab_bar);
  gtk_widget_class_bind_template_child (widget_class, SocketeerWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, SocketeerWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, SocketeerWindow, recovery_revealer);
  gtk_widget_class_bind_template_child (widget_class, SocketeerWindow, recovery_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerWindow, start_page);
  gtk_widget_class_bind_template_child (widget_class, SocketeerWindow, tour_place);
  gtk_widget_class_bind_template_child (widget_class, SocketeerWindow, jobs_box);
}

static void
socketeer_window_init (SocketeerWindow *self)
{
  GSettings *settings = socketeer_settings_get ();
  g_autoptr (GAction) inspector = NULL, connection_pane = NULL, tool_pane = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_narrow_add_tips (GTK_WIDGET (self->window_title));
  self->opening = g_cancellable_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  self->frame_stats = socketeer_frame_stats_new (GTK_APPLICATION_WINDOW (self));
  inspector = g_settings_create_action (settings, "inspector");
  g_action_map_add_action (G_ACTION_MAP (self), inspector);
  connection_pane = g_settings_create_action (settings, "connection-pane");
  g_action_map_add_action (G_ACTION_MAP (self), connection_pane);
  tool_pane = g_settings_create_action (settings, "tool-pane");
  g_action_map_add_action (G_ACTION_MAP (self), tool_pane);
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  _socketeer_window_keys_init (self);

  _socketeer_window_tabs_init (self);
  g_signal_connect (self->tab_view, "notify::selected-page", G_CALLBACK (selected_page_cb), self);
  g_signal_connect (self->start_page, "open", G_CALLBACK (open_recent_cb), self);
  g_signal_connect (self->start_page, "toast", G_CALLBACK (page_toast_cb), self);
  gtk_window_set_focus (GTK_WINDOW (self), socketeer_start_page_get_first (self->start_page));
  update (self);
}

SocketeerWindow *
socketeer_window_new (GtkApplication *application, SktEngine *engine)
{
  SocketeerWindow *self = g_object_new (SOCKETEER_TYPE_WINDOW, "application", application, NULL);
  self->engine = g_object_ref (engine);
  return self;
}
