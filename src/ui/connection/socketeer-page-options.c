/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-page-options.h"

#include <glib/gi18n.h>

#include "socketeer-settings.h"
#include "socketeer-socket-options.h"

struct _SocketeerPageOptions
{
  GtkWidget parent_instance;

  /* borrowed: children */
  GtkWidget *reconnect_grid;
  SocketeerSocketOptions *editor;

  /* owned */
  SktSession *session;
};

G_DEFINE_FINAL_TYPE (SocketeerPageOptions, socketeer_page_options, GTK_TYPE_WIDGET)

static const char *
get_key (SocketeerPageOptions *self)
{
  return skt_session_get_kind (self->session) == SKT_SESSION_CLIENT ? "client-socket-options" : "server-socket-options";
}

/* TCP_NODELAY has a switch of its own in the bar. */
static void
apply (SocketeerPageOptions *self)
{
  SktSocketOptions options;
  g_autofree char *problem = NULL;

  socketeer_socket_options_get (self->editor, &options);
  g_object_get (self->session, "no-delay", &options.no_delay, NULL);
  skt_session_set_socket_options (self->session, &options);
  problem = skt_socket_options_test (&options);
  socketeer_socket_options_set_problem (self->editor, problem);
}

static void
changed_cb (SocketeerPageOptions *self)
{
  SktSocketOptions options;
  g_autofree char *text = NULL;

  if (self->session == NULL)
    return;
  apply (self);
  socketeer_socket_options_get (self->editor, &options);
  text = skt_socket_options_to_text (&options);
  socketeer_settings_remember_string (get_key (self), text);
}

static void
show_options (SocketeerPageOptions *self)
{
  SktSocketOptions options;
  g_autofree char *text = g_settings_get_string (socketeer_settings_get (), get_key (self));

  skt_socket_options_parse (&options, text);
  socketeer_socket_options_set (self->editor, &options, FALSE);
  apply (self);
}

static void
setting_changed_cb (GSettings *settings, const char *key, gpointer user_data)
{
  SocketeerPageOptions *self = user_data;

  if (self->session != NULL && !socketeer_settings_is_remembering () && g_str_equal (key, get_key (self)))
    show_options (self);
}

void
socketeer_page_options_set_session (SocketeerPageOptions *self, SktSession *session)
{
  gboolean is_client;

  g_return_if_fail (SOCKETEER_IS_PAGE_OPTIONS (self));

  g_set_object (&self->session, session);
  if (session == NULL)
    return;
  is_client = skt_session_get_kind (session) == SKT_SESSION_CLIENT;
  gtk_widget_set_visible (self->reconnect_grid, is_client);
  socketeer_socket_options_show (self->editor, is_client, FALSE);
  show_options (self);
}

void
socketeer_page_options_get_reconnect (SocketeerPageOptions *self, SktReconnect *ret_reconnect)
{
  GSettings *settings = socketeer_settings_get ();

  g_return_if_fail (SOCKETEER_IS_PAGE_OPTIONS (self));

  *ret_reconnect = (SktReconnect){
    .is_on = g_settings_get_boolean (settings, "reconnect"),
    .interval_ms = g_settings_get_int (settings, "reconnect-interval") * 1000,
    .growth = g_settings_get_double (settings, "reconnect-growth"),
    .cap_ms = g_settings_get_int (settings, "reconnect-cap") * 1000,
    .count = g_settings_get_int (settings, "reconnect-count"),
  };
}

void
socketeer_page_options_get_tab (SocketeerPageOptions *self, SktTab *tab)
{
  SktSocketOptions options;

  g_return_if_fail (SOCKETEER_IS_PAGE_OPTIONS (self));

  socketeer_socket_options_get (self->editor, &options);
  g_free (tab->socket_options);
  tab->socket_options = skt_socket_options_to_text (&options);
}

void
socketeer_page_options_set_tab (SocketeerPageOptions *self, const SktTab *tab)
{
  SktSocketOptions options;

  g_return_if_fail (SOCKETEER_IS_PAGE_OPTIONS (self) && self->session != NULL);

  skt_socket_options_parse (&options, tab->socket_options);
  socketeer_socket_options_set (self->editor, &options, FALSE);
  apply (self);
}

static void
add_reconnect_spin (SocketeerPageOptions *self, int row, const char *key, const char *title, GtkWidget *spin)
{
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 7);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_settings_bind (socketeer_settings_get (), key, spin, "value", G_SETTINGS_BIND_DEFAULT);
  gtk_grid_attach (GTK_GRID (self->reconnect_grid), label, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (self->reconnect_grid), spin, 1, row, 1, 1);
}

static void
add_reconnect (SocketeerPageOptions *self)
{
  GtkWidget *check = gtk_check_button_new_with_label (_ ("Connect again by itself"));

  self->reconnect_grid = gtk_grid_new ();
  gtk_grid_set_row_spacing (GTK_GRID (self->reconnect_grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (self->reconnect_grid), 6);
  gtk_widget_set_tooltip_text (check, _ ("After a failure, or an end that was not yours"));
  g_settings_bind (socketeer_settings_get (), "reconnect", check, "active", G_SETTINGS_BIND_DEFAULT);
  gtk_grid_attach (GTK_GRID (self->reconnect_grid), check, 0, 0, 2, 1);
  add_reconnect_spin (self, 1, "reconnect-interval", _ ("First wait (s)"), gtk_spin_button_new_with_range (1, 3600, 1));
  add_reconnect_spin (self, 2, "reconnect-growth", _ ("Each further wait is longer by the factor"), gtk_spin_button_new_with_range (1, 10, 0.1));
  add_reconnect_spin (self, 3, "reconnect-cap", _ ("Longest wait (s)"), gtk_spin_button_new_with_range (1, 86400, 1));
  add_reconnect_spin (self, 4, "reconnect-count", _ ("Attempts (0: no limit)"), gtk_spin_button_new_with_range (0, 100000, 1));
}

static void
socketeer_page_options_dispose (GObject *object)
{
  SocketeerPageOptions *self = SOCKETEER_PAGE_OPTIONS (object);
  GtkWidget *child;

  g_clear_object (&self->session);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (socketeer_page_options_parent_class)->dispose (object);
}

static void
socketeer_page_options_class_init (SocketeerPageOptionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = socketeer_page_options_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
socketeer_page_options_init (SocketeerPageOptions *self)
{
  GtkWidget *expander = gtk_expander_new (_ ("More options"));
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  add_reconnect (self);
  self->editor = g_object_new (SOCKETEER_TYPE_SOCKET_OPTIONS, NULL);
  g_signal_connect_swapped (self->editor, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_object (socketeer_settings_get (), "changed::client-socket-options", G_CALLBACK (setting_changed_cb), self, 0);
  g_signal_connect_object (socketeer_settings_get (), "changed::server-socket-options", G_CALLBACK (setting_changed_cb), self, 0);
  gtk_box_append (GTK_BOX (box), self->reconnect_grid);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->editor));
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_end (box, 12);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 260);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (expander), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("More options"), -1);
  gtk_expander_set_child (GTK_EXPANDER (expander), scrolled);
  gtk_widget_set_parent (expander, GTK_WIDGET (self));
}
