/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-client-bar.h"

#include <glib/gi18n.h>

#include "skt-endpoint.h"
#include "skt-error.h"
#include "socketeer-entry.h"
#include "socketeer-mnemonic.h"
#include "socketeer-page-options.h"
#include "socketeer-settings.h"
#include "socketeer-stores.h"
#include "socketeer-wrap-layout.h"
#include "socketeer-narrow.h"

struct _SocketeerClientBar
{
  GtkWidget parent_instance;

  /* template */
  GtkEntry *host_entry, *port_entry, *local_address_entry, *local_port_entry;
  GtkSpinButton *timeout_spin;
  GtkCheckButton *close_check, *no_delay_check;
  GtkMenuButton *options_button;
  GtkLabel *retry_label;
  SocketeerPageOptions *page_options;
  GtkButton *connect_button;

  /* owned */
  SktSession *session;
  GSignalGroup *signals;

  char *not_kept; /* an endpoint that is of no use another time, or NULL */
  guint retry_timer;   /* 0: no countdown */
  gboolean in_change;
};

enum
{
  PROBLEM,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerClientBar, socketeer_client_bar, GTK_TYPE_WIDGET)

static void
set_problem (SocketeerClientBar *self, const char *problem)
{
  g_signal_emit (self, signals[PROBLEM], 0, problem);
}

static gboolean
is_busy (SktState state)
{
  return state == SKT_STATE_RESOLVING || state == SKT_STATE_CONNECTING || state == SKT_STATE_WAITING;
}

static gboolean
is_open (SktState state)
{
  return state == SKT_STATE_CONNECTED || state == SKT_STATE_PEER_FINISHED || state == SKT_STATE_FINISHED || state == SKT_STATE_CLOSING;
}

static gboolean
retry_timer_cb (gpointer user_data)
{
  SocketeerClientBar *self = user_data;
  gint64 left = skt_session_get_retry_time (self->session) - g_get_monotonic_time ();
  int seconds = (int) (MAX (left + G_USEC_PER_SEC - 1, 0) / G_USEC_PER_SEC);
  /* Translators: the first number are seconds, the second how often it was tried */
  g_autofree char *text = g_strdup_printf (_ ("again in %d s (attempt %u)"), seconds, skt_session_get_retry_number (self->session));

  gtk_label_set_label (self->retry_label, text);
  return G_SOURCE_CONTINUE;
}

/* Only while there is something to count. */
static void
update_retry (SocketeerClientBar *self)
{
  gboolean is_waiting = skt_session_get_retry_time (self->session) != 0;

  gtk_widget_set_visible (GTK_WIDGET (self->retry_label), is_waiting);
  if (!is_waiting)
    g_clear_handle_id (&self->retry_timer, g_source_remove);
  else
    {
      retry_timer_cb (self);
      if (self->retry_timer == 0)
        self->retry_timer = g_timeout_add (250, retry_timer_cb, self);
    }
}

static void
update (SocketeerClientBar *self)
{
  SktState state = skt_session_get_state (self->session);
  gboolean editable = !is_busy (state) && !is_open (state);
  const char *label = is_busy (state) ? _ ("_Cancel") : is_open (state) ? _ ("Dis_connect") : _ ("_Connect");

  update_retry (self);
  socketeer_mnemonic_set_label (self->connect_button, label);
  if (editable)
    gtk_widget_add_css_class (GTK_WIDGET (self->connect_button), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->connect_button), "suggested-action");
  /* A focused entry must not become insensitive: the keyboard would be nowhere. */
  if (!editable && gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->connect_button));
  gtk_widget_set_sensitive (GTK_WIDGET (self->host_entry), editable);
  gtk_widget_set_sensitive (GTK_WIDGET (self->port_entry), editable);
  gtk_widget_set_sensitive (GTK_WIDGET (self->local_address_entry), editable);
  gtk_widget_set_sensitive (GTK_WIDGET (self->local_port_entry), editable);
  gtk_widget_set_sensitive (GTK_WIDGET (self->timeout_spin), editable);
}

static void
state_cb (SktSession *session, GParamSpec *pspec, gpointer user_data)
{
  update (user_data);
}

static void
remember (SocketeerClientBar *self, const char *host, int port)
{
  g_autofree char *endpoint = skt_endpoint_format (host, port);

  if (g_strcmp0 (endpoint, self->not_kept) == 0)
    return;
  skt_recent_add (socketeer_stores_get_recent (), SKT_RECENT_CONNECT, endpoint, g_get_real_time ());
  socketeer_settings_remember_string ("connect-host", host);
  socketeer_settings_remember_int ("connect-port", port);
  socketeer_settings_remember_int ("connect-timeout", gtk_spin_button_get_value_as_int (self->timeout_spin));
}

/* FALSE, with the entry marked and the problem told, if the text is no port. */
static gboolean
read_port (SocketeerClientBar *self, GtkEntry *entry, int minimum, int *ret_port)
{
  g_autoptr (GError) error = NULL;
  int port = skt_endpoint_parse_port (gtk_editable_get_text (GTK_EDITABLE (entry)), minimum, &error);

  socketeer_entry_set_bad (entry, port < 0);
  if (port < 0)
    {
      gtk_widget_grab_focus (GTK_WIDGET (entry));
      set_problem (self, error->message);
      return FALSE;
    }
  *ret_port = port;
  return TRUE;
}

static gboolean
connect_now (SocketeerClientBar *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *host = NULL;
  int typed_port = -1, port, local_port = 0;
  SktReconnect reconnect;

  if (!skt_endpoint_parse (gtk_editable_get_text (GTK_EDITABLE (self->host_entry)), &host, &typed_port, &error))
    {
      socketeer_entry_set_bad (self->host_entry, TRUE);
      gtk_widget_grab_focus (GTK_WIDGET (self->host_entry));
      set_problem (self, error->message);
      return FALSE;
    }
  socketeer_entry_set_bad (self->host_entry, FALSE);
  if (typed_port >= 0)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->host_entry), host);
      socketeer_entry_set_port (self->port_entry, typed_port);
    }
  if (!read_port (self, self->port_entry, 1, &port))
    return FALSE;
  if (gtk_entry_get_text_length (self->local_port_entry) > 0 &&
      !read_port (self, self->local_port_entry, 0, &local_port))
    {
      gtk_menu_button_popup (self->options_button);
      return FALSE;
    }

  set_problem (self, NULL);
  remember (self, host, port);
  socketeer_page_options_get_reconnect (self->page_options, &reconnect);
  g_object_set (self->session, "close-on-peer-finish", gtk_check_button_get_active (self->close_check), "no-delay",
                gtk_check_button_get_active (self->no_delay_check), NULL);
  skt_session_connect (self->session,
                       &(SktConnectOptions){
                         .host = host,
                         .port = port,
                         .local_address = gtk_editable_get_text (GTK_EDITABLE (self->local_address_entry)),
                         .local_port = local_port,
                         .timeout_ms = gtk_spin_button_get_value_as_int (self->timeout_spin) * 1000,
                         .reconnect = reconnect,
                       });
  return TRUE;
}

void
socketeer_client_bar_activate (SocketeerClientBar *self)
{
  SktState state;

  g_return_if_fail (SOCKETEER_IS_CLIENT_BAR (self));
  state = skt_session_get_state (self->session);
  if (is_busy (state))
    skt_session_cancel (self->session);
  else if (is_open (state))
    skt_session_disconnect_all (self->session);
  else
    connect_now (self);
}

gboolean
socketeer_client_bar_connect_to (SocketeerClientBar *self, const char *endpoint)
{
  g_return_val_if_fail (SOCKETEER_IS_CLIENT_BAR (self), FALSE);

  gtk_editable_set_text (GTK_EDITABLE (self->host_entry), endpoint);
  return connect_now (self);
}

void
socketeer_client_bar_fill (SocketeerClientBar *self, const char *endpoint, gboolean is_kept)
{
  g_autofree char *host = NULL;
  int port;

  g_return_if_fail (SOCKETEER_IS_CLIENT_BAR (self));

  if (!skt_endpoint_parse (endpoint, &host, &port, NULL) || port < 0)
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->host_entry), host);
  socketeer_entry_set_port (self->port_entry, port);
  g_free (self->not_kept);
  self->not_kept = is_kept ? NULL : skt_endpoint_format (host, port);
}

void
socketeer_client_bar_focus (SocketeerClientBar *self)
{
  g_return_if_fail (SOCKETEER_IS_CLIENT_BAR (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->host_entry));
}

/* "host:port" pasted (or typed, once it is whole) into Host fills both. Only a change of many characters at once is taken apart:
 * who is typing is not interrupted. */
static void
host_inserted_cb (GtkEditable *editable, const char *text, int length, int *position, gpointer user_data)
{
  SocketeerClientBar *self = user_data;
  g_autofree char *pasted = NULL, *host = NULL;
  int port = -1;

  if (self->in_change || g_utf8_strlen (text, length) < 4)
    return;
  pasted = g_strndup (text, length);
  if (!skt_endpoint_parse (pasted, &host, &port, NULL) || port < 0)
    return;
  g_signal_stop_emission_by_name (editable, "insert-text");
  self->in_change = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->host_entry), host);
  *position = -1;
  self->in_change = FALSE;
  socketeer_entry_set_port (self->port_entry, port);
}

static void
entry_changed_cb (GtkEntry *entry, gpointer user_data)
{
  socketeer_entry_set_bad (entry, FALSE);
}

static void
check_toggled_cb (GtkCheckButton *check, gpointer user_data)
{
  SocketeerClientBar *self = user_data;

  if (self->session != NULL)
    g_object_set (self->session, "close-on-peer-finish", gtk_check_button_get_active (self->close_check), "no-delay",
                  gtk_check_button_get_active (self->no_delay_check), NULL);
}

void
socketeer_client_bar_set_session (SocketeerClientBar *self, SktSession *session)
{
  g_return_if_fail (SOCKETEER_IS_CLIENT_BAR (self));

  g_set_object (&self->session, session);
  g_signal_group_set_target (self->signals, session);
  socketeer_page_options_set_session (self->page_options, session);
  update (self);
}

static void
load_settings (SocketeerClientBar *self)
{
  GSettings *settings = socketeer_settings_get ();
  g_autofree char *host = g_settings_get_string (settings, "connect-host");

  gtk_editable_set_text (GTK_EDITABLE (self->host_entry), host);
  socketeer_entry_set_port (self->port_entry, g_settings_get_int (settings, "connect-port"));
  gtk_spin_button_set_value (self->timeout_spin, g_settings_get_int (settings, "connect-timeout"));
  socketeer_settings_bind_default ("connect-host", GTK_EDITABLE (self->host_entry));
  socketeer_settings_bind_default ("connect-port", GTK_EDITABLE (self->port_entry));
  socketeer_settings_bind_default ("connect-timeout", GTK_EDITABLE (self->timeout_spin));
}

void
socketeer_client_bar_dup_local (SocketeerClientBar *self, char **ret_address, guint16 *ret_port)
{
  const char *address = gtk_editable_get_text (GTK_EDITABLE (self->local_address_entry));
  int port = skt_endpoint_parse_port (gtk_editable_get_text (GTK_EDITABLE (self->local_port_entry)), 0, NULL);

  g_return_if_fail (SOCKETEER_IS_CLIENT_BAR (self));

  *ret_address = *address != '\0' ? g_strdup (address) : NULL;
  *ret_port = MAX (port, 0);
}

void
socketeer_client_bar_get_tab (SocketeerClientBar *self, SktTab *tab)
{
  g_return_if_fail (SOCKETEER_IS_CLIENT_BAR (self));

  socketeer_entry_get_kept (self->host_entry, &tab->host);
  socketeer_entry_get_kept (self->port_entry, &tab->port);
  socketeer_entry_get_kept (self->local_address_entry, &tab->local_address);
  socketeer_entry_get_kept (self->local_port_entry, &tab->local_port);
  tab->timeout_s = gtk_spin_button_get_value_as_int (self->timeout_spin);
  tab->closes_with_peer = gtk_check_button_get_active (self->close_check);
  tab->no_delay = gtk_check_button_get_active (self->no_delay_check);
  socketeer_page_options_get_tab (self->page_options, tab);
}

void
socketeer_client_bar_set_tab (SocketeerClientBar *self, const SktTab *tab)
{
  g_return_if_fail (SOCKETEER_IS_CLIENT_BAR (self));

  self->in_change = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->host_entry), tab->host);
  gtk_editable_set_text (GTK_EDITABLE (self->port_entry), tab->port);
  self->in_change = FALSE;
  gtk_editable_set_text (GTK_EDITABLE (self->local_address_entry), tab->local_address);
  gtk_editable_set_text (GTK_EDITABLE (self->local_port_entry), tab->local_port);
  gtk_spin_button_set_value (self->timeout_spin, tab->timeout_s);
  gtk_check_button_set_active (self->close_check, tab->closes_with_peer);
  gtk_check_button_set_active (self->no_delay_check, tab->no_delay);
  socketeer_page_options_set_tab (self->page_options, tab);
}

static void
socketeer_client_bar_dispose (GObject *object)
{
  SocketeerClientBar *self = SOCKETEER_CLIENT_BAR (object);
  GtkWidget *child;

  g_clear_handle_id (&self->retry_timer, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_object (&self->session);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (socketeer_client_bar_parent_class)->dispose (object);
}

static void
socketeer_client_bar_finalize (GObject *object)
{
  g_free (SOCKETEER_CLIENT_BAR (object)->not_kept);
  G_OBJECT_CLASS (socketeer_client_bar_parent_class)->finalize (object);
}

static void
socketeer_client_bar_class_init (SocketeerClientBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_client_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = socketeer_client_bar_finalize;
  signals[PROBLEM] = g_signal_new ("problem", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (SOCKETEER_TYPE_PAGE_OPTIONS);
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-client-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerClientBar, host_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerClientBar, port_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerClientBar, local_address_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerClientBar, local_port_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerClientBar, timeout_spin);
  gtk_widget_class_bind_template_child (widget_class, SocketeerClientBar, close_check);
  gtk_widget_class_bind_template_child (widget_class, SocketeerClientBar, no_delay_check);
  gtk_widget_class_bind_template_child (widget_class, SocketeerClientBar, page_options);
  gtk_widget_class_bind_template_child (widget_class, SocketeerClientBar, retry_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerClientBar, options_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerClientBar, connect_button);
}

static void
socketeer_client_bar_init (SocketeerClientBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_mnemonic_keep_names (GTK_WIDGET (self));
  socketeer_narrow_let_shrink (GTK_WIDGET (gtk_menu_button_get_popover (self->options_button)));
  load_settings (self);
  self->signals = g_signal_group_new (SKT_TYPE_SESSION);
  g_signal_group_connect (self->signals, "notify::state", G_CALLBACK (state_cb), self);
  g_signal_group_connect (self->signals, "notify::retry-time", G_CALLBACK (state_cb), self);

  g_signal_connect_swapped (self->connect_button, "clicked", G_CALLBACK (socketeer_client_bar_activate), self);
  g_signal_connect_swapped (self->host_entry, "activate", G_CALLBACK (socketeer_client_bar_activate), self);
  g_signal_connect_swapped (self->port_entry, "activate", G_CALLBACK (socketeer_client_bar_activate), self);
  g_signal_connect (gtk_editable_get_delegate (GTK_EDITABLE (self->host_entry)), "insert-text",
                    G_CALLBACK (host_inserted_cb), self);
  g_signal_connect (self->host_entry, "changed", G_CALLBACK (entry_changed_cb), self);
  g_signal_connect (self->port_entry, "changed", G_CALLBACK (entry_changed_cb), self);
  g_signal_connect (self->close_check, "toggled", G_CALLBACK (check_toggled_cb), self);
  g_signal_connect (self->no_delay_check, "toggled", G_CALLBACK (check_toggled_cb), self);
}
