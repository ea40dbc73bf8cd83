/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-server-bar.h"

#include <glib/gi18n.h>
#include <string.h>

#include "skt-endpoint.h"
#include "socketeer-access-box.h"
#include "socketeer-entry.h"
#include "socketeer-mnemonic.h"
#include "socketeer-page-options.h"
#include "socketeer-settings.h"
#include "socketeer-stores.h"
#include "socketeer-wrap-layout.h"
#include "socketeer-narrow.h"

struct _SocketeerServerBar
{
  GtkWidget parent_instance;

  /* template */
  GtkEntry *address_entry, *port_entry;
  GtkMenuButton *address_button, *options_button;
  GtkToggleButton *echo_button;
  GtkSpinButton *backlog_spin;
  GtkCheckButton *close_check, *no_delay_check, *again_check, *reuse_check;
  SocketeerAccessBox *access_box;
  GtkButton *listen_button;
  SocketeerPageOptions *page_options;

  /* owned */
  SktSession *session;
  GSignalGroup *signals;

  gboolean is_not_kept; /* what was filled in is of no use another time */
};

enum
{
  PROBLEM,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerServerBar, socketeer_server_bar, GTK_TYPE_WIDGET)

static void
set_problem (SocketeerServerBar *self, const char *problem)
{
  g_signal_emit (self, signals[PROBLEM], 0, problem);
}

/* Or waits to be able to. */
static gboolean
is_listening (SocketeerServerBar *self)
{
  SktState state = skt_session_get_state (self->session);

  return state == SKT_STATE_LISTENING || state == SKT_STATE_WAITING;
}

static void
update (SocketeerServerBar *self)
{
  gboolean listening = is_listening (self);
  gboolean is_waiting = skt_session_get_state (self->session) == SKT_STATE_WAITING;
  const char *label = is_waiting ? _ ("_Cancel") : listening ? _ ("Stop _listening") : _ ("_Listen");

  socketeer_mnemonic_set_label (self->listen_button, label);
  if (listening)
    gtk_widget_remove_css_class (GTK_WIDGET (self->listen_button), "suggested-action");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->listen_button), "suggested-action");
  /* A focused entry must not become insensitive: the keyboard would be nowhere. */
  if (listening && gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->listen_button));
  gtk_widget_set_sensitive (GTK_WIDGET (self->address_entry), !listening);
  gtk_widget_set_sensitive (GTK_WIDGET (self->address_button), !listening);
  gtk_widget_set_sensitive (GTK_WIDGET (self->port_entry), !listening);
  gtk_widget_set_sensitive (GTK_WIDGET (self->backlog_spin), !listening);
  gtk_widget_set_sensitive (GTK_WIDGET (self->again_check), !listening);
  gtk_widget_set_sensitive (GTK_WIDGET (self->reuse_check), !listening);
}

static void
state_cb (SktSession *session, GParamSpec *pspec, gpointer user_data)
{
  update (user_data);
}

static void
remember (SocketeerServerBar *self, const char *address, int port)
{
  g_autofree char *endpoint = skt_endpoint_format (*address != '\0' ? address : "*", port);

  socketeer_settings_remember_int ("backlog", gtk_spin_button_get_value_as_int (self->backlog_spin));
  if (self->is_not_kept && port == 0)
    return;
  socketeer_settings_remember_string ("listen-address", address);
  socketeer_settings_remember_int ("listen-port", port);
  skt_recent_add (socketeer_stores_get_recent (), SKT_RECENT_LISTEN, endpoint, g_get_real_time ());
}

static gboolean
listen_now (SocketeerServerBar *self)
{
  g_autofree char *address = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->address_entry)));
  g_autofree char *problem = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  int port;

  g_strstrip (address);
  /* "[::1]" as in an endpoint. */
  length = strlen (address);
  if (length > 2 && address[0] == '[' && address[length - 1] == ']')
    {
      memmove (address, address + 1, length - 2);
      address[length - 2] = '\0';
    }
  port = skt_endpoint_parse_port (gtk_editable_get_text (GTK_EDITABLE (self->port_entry)), 0, &error);
  socketeer_entry_set_bad (self->port_entry, port < 0);
  if (port < 0)
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->port_entry));
      set_problem (self, error->message);
      return FALSE;
    }
  if (!socketeer_access_box_apply (self->access_box, &problem))
    {
      gtk_menu_button_popup (self->options_button);
      set_problem (self, problem);
      return FALSE;
    }
  set_problem (self, NULL);
  remember (self, address, port);
  skt_session_listen (self->session, &(SktListenOptions){
                                       .address = address,
                                       .port = port,
                                       .backlog = gtk_spin_button_get_value_as_int (self->backlog_spin),
                                       .again = gtk_check_button_get_active (self->again_check),
                                       .no_reuse = !gtk_check_button_get_active (self->reuse_check),
                                     });
  return TRUE;
}

void
socketeer_server_bar_activate (SocketeerServerBar *self)
{
  g_return_if_fail (SOCKETEER_IS_SERVER_BAR (self));

  if (is_listening (self))
    skt_session_stop_listening (self->session);
  else
    listen_now (self);
}

gboolean
socketeer_server_bar_fill (SocketeerServerBar *self, const char *endpoint, gboolean is_kept)
{
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;
  int port;

  g_return_val_if_fail (SOCKETEER_IS_SERVER_BAR (self), FALSE);

  if (!skt_endpoint_parse_listen (endpoint, &address, &port, &error))
    {
      set_problem (self, error->message);
      return FALSE;
    }
  /* A port alone: safe by default. */
  if (address == NULL && strchr (endpoint, ':') == NULL)
    address = g_strdup ("127.0.0.1");
  gtk_editable_set_text (GTK_EDITABLE (self->address_entry), address != NULL ? address : "");
  socketeer_entry_set_port (self->port_entry, port);
  self->is_not_kept = !is_kept;
  return TRUE;
}

gboolean
socketeer_server_bar_listen_on (SocketeerServerBar *self, const char *endpoint)
{
  g_return_val_if_fail (SOCKETEER_IS_SERVER_BAR (self), FALSE);
  return socketeer_server_bar_fill (self, endpoint, TRUE) && listen_now (self);
}

void
socketeer_server_bar_focus (SocketeerServerBar *self)
{
  g_return_if_fail (SOCKETEER_IS_SERVER_BAR (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->port_entry));
}

static void
choose_address_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerServerBar *self = SOCKETEER_SERVER_BAR (widget);
  gtk_editable_set_text (GTK_EDITABLE (self->address_entry), g_variant_get_string (parameter, NULL));
}

/* Interfaces come and go: the list is made when it is opened. */
static void
create_address_menu_cb (GtkMenuButton *button, gpointer user_data)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_auto (GStrv) addresses = skt_endpoint_list_local_addresses ();
  g_autoptr (GMenuItem) all = g_menu_item_new (_ ("All addresses"), NULL);

  g_menu_item_set_action_and_target (all, "server-bar.choose-address", "s", "");
  g_menu_append_item (menu, all);
  for (guint i = 0; addresses[i] != NULL; i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (addresses[i], NULL);
      g_menu_item_set_action_and_target (item, "server-bar.choose-address", "s", addresses[i]);
      g_menu_append_item (menu, item);
    }
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

static void
entry_changed_cb (GtkEntry *entry, gpointer user_data)
{
  socketeer_entry_set_bad (entry, FALSE);
}

static void
check_toggled_cb (GtkWidget *check, gpointer user_data)
{
  SocketeerServerBar *self = user_data;

  if (self->session != NULL)
    g_object_set (self->session, "close-on-peer-finish", gtk_check_button_get_active (self->close_check), "no-delay",
                  gtk_check_button_get_active (self->no_delay_check), NULL);
}

void
socketeer_server_bar_set_session (SocketeerServerBar *self, SktSession *session)
{
  g_return_if_fail (SOCKETEER_IS_SERVER_BAR (self));

  g_set_object (&self->session, session);
  g_signal_group_set_target (self->signals, session);
  if (session != NULL)
    g_object_bind_property (session, "close-on-peer-finish", self->close_check, "active", G_BINDING_DEFAULT);
  socketeer_access_box_set_session (self->access_box, session);
  socketeer_page_options_set_session (self->page_options, session);
  g_object_bind_property (session, "echo", self->echo_button, "active",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  update (self);
}

static void
load_settings (SocketeerServerBar *self)
{
  GSettings *settings = socketeer_settings_get ();
  g_autofree char *address = g_settings_get_string (settings, "listen-address");

  gtk_editable_set_text (GTK_EDITABLE (self->address_entry), address);
  socketeer_entry_set_port (self->port_entry, g_settings_get_int (settings, "listen-port"));
  gtk_spin_button_set_value (self->backlog_spin, g_settings_get_int (settings, "backlog"));
  socketeer_settings_bind_default ("listen-address", GTK_EDITABLE (self->address_entry));
  socketeer_settings_bind_default ("listen-port", GTK_EDITABLE (self->port_entry));
  socketeer_settings_bind_default ("backlog", GTK_EDITABLE (self->backlog_spin));
  g_settings_bind (settings, "listen-again", self->again_check, "active", G_SETTINGS_BIND_DEFAULT);
}

void
socketeer_server_bar_get_tab (SocketeerServerBar *self, SktTab *tab)
{
  g_return_if_fail (SOCKETEER_IS_SERVER_BAR (self));

  socketeer_entry_get_kept (self->address_entry, &tab->host);
  socketeer_entry_get_kept (self->port_entry, &tab->port);
  tab->echo = gtk_toggle_button_get_active (self->echo_button);
  tab->backlog = gtk_spin_button_get_value_as_int (self->backlog_spin);
  tab->closes_with_peer = gtk_check_button_get_active (self->close_check);
  tab->no_delay = gtk_check_button_get_active (self->no_delay_check);
  tab->no_reuse = !gtk_check_button_get_active (self->reuse_check);
  socketeer_access_box_get_tab (self->access_box, tab);
  socketeer_page_options_get_tab (self->page_options, tab);
}

void
socketeer_server_bar_set_tab (SocketeerServerBar *self, const SktTab *tab)
{
  g_return_if_fail (SOCKETEER_IS_SERVER_BAR (self));

  gtk_editable_set_text (GTK_EDITABLE (self->address_entry), tab->host);
  gtk_editable_set_text (GTK_EDITABLE (self->port_entry), tab->port);
  gtk_toggle_button_set_active (self->echo_button, tab->echo);
  gtk_spin_button_set_value (self->backlog_spin, tab->backlog);
  gtk_check_button_set_active (self->close_check, tab->closes_with_peer);
  gtk_check_button_set_active (self->no_delay_check, tab->no_delay);
  gtk_check_button_set_active (self->reuse_check, !tab->no_reuse);
  socketeer_access_box_set_tab (self->access_box, tab);
  socketeer_page_options_set_tab (self->page_options, tab);
}

static void
socketeer_server_bar_dispose (GObject *object)
{
  SocketeerServerBar *self = SOCKETEER_SERVER_BAR (object);
  GtkWidget *child;

  g_clear_object (&self->signals);
  g_clear_object (&self->session);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (socketeer_server_bar_parent_class)->dispose (object);
}

static void
socketeer_server_bar_class_init (SocketeerServerBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_server_bar_dispose;
  signals[PROBLEM] = g_signal_new ("problem", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_install_action (widget_class, "server-bar.choose-address", "s", choose_address_action);
  g_type_ensure (SOCKETEER_TYPE_ACCESS_BOX);
  g_type_ensure (SOCKETEER_TYPE_PAGE_OPTIONS);
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-server-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerServerBar, address_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerServerBar, port_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerServerBar, address_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerServerBar, options_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerServerBar, echo_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerServerBar, backlog_spin);
  gtk_widget_class_bind_template_child (widget_class, SocketeerServerBar, close_check);
  gtk_widget_class_bind_template_child (widget_class, SocketeerServerBar, no_delay_check);
  gtk_widget_class_bind_template_child (widget_class, SocketeerServerBar, again_check);
  gtk_widget_class_bind_template_child (widget_class, SocketeerServerBar, reuse_check);
  gtk_widget_class_bind_template_child (widget_class, SocketeerServerBar, access_box);
  gtk_widget_class_bind_template_child (widget_class, SocketeerServerBar, page_options);
  gtk_widget_class_bind_template_child (widget_class, SocketeerServerBar, listen_button);
}

static void
socketeer_server_bar_init (SocketeerServerBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_mnemonic_keep_names (GTK_WIDGET (self));
  socketeer_narrow_let_shrink (GTK_WIDGET (gtk_menu_button_get_popover (self->options_button)));
  load_settings (self);
  self->signals = g_signal_group_new (SKT_TYPE_SESSION);
  g_signal_group_connect (self->signals, "notify::state", G_CALLBACK (state_cb), self);

  gtk_menu_button_set_create_popup_func (self->address_button, create_address_menu_cb, self, NULL);
  g_signal_connect_swapped (self->listen_button, "clicked", G_CALLBACK (socketeer_server_bar_activate), self);
  g_signal_connect_swapped (self->address_entry, "activate", G_CALLBACK (socketeer_server_bar_activate), self);
  g_signal_connect_swapped (self->port_entry, "activate", G_CALLBACK (socketeer_server_bar_activate), self);
  g_signal_connect (self->address_entry, "changed", G_CALLBACK (entry_changed_cb), self);
  g_signal_connect (self->port_entry, "changed", G_CALLBACK (entry_changed_cb), self);
  g_signal_connect (self->close_check, "toggled", G_CALLBACK (check_toggled_cb), self);
  g_signal_connect (self->no_delay_check, "toggled", G_CALLBACK (check_toggled_cb), self);
}
