/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-preferences-private.h"

#include <glib/gi18n.h>

#include "skt-endpoint.h"
#include "skt-socket-options.h"
#include "socketeer-settings.h"

/* The page “Connections” of the preferences, beyond what is bound as it is. */

/* -- Addresses: only what is one is stored --------------------------------------------------------------------- */

static gboolean
is_good_host (const char *text)
{
  g_autofree char *endpoint = skt_endpoint_format (text, 1);
  g_autofree char *host = NULL;
  int port;

  return *text != '\0' && skt_endpoint_parse (endpoint, &host, &port, NULL);
}

static gboolean
is_good_address (const char *text)
{
  g_autofree char *endpoint = skt_endpoint_format (text, 1);
  g_autofree char *address = NULL;
  int port;

  return *text == '\0' || skt_endpoint_parse_listen (endpoint, &address, &port, NULL);
}

static void
store_address (AdwEntryRow *row, const char *key, gboolean is_good, const char *text)
{
  if (is_good)
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               is_good ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE, -1);
  if (is_good)
    g_settings_set_string (socketeer_settings_get (), key, text);
}

static void
host_changed_cb (SocketeerPreferences *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->host_row))));

  if (!self->in_change)
    store_address (self->host_row, "connect-host", is_good_host (text), text);
}

static void
address_changed_cb (SocketeerPreferences *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->address_row))));

  if (!self->in_change)
    store_address (self->address_row, "listen-address", is_good_address (text), text);
}

/* What is being typed stays as it is. */
static void
show_text (SocketeerPreferences *self, AdwEntryRow *row, const char *key)
{
  g_autofree char *stored = g_settings_get_string (socketeer_settings_get (), key);
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));

  if (g_str_equal (stored, text))
    return;
  self->in_change = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (row), stored);
  self->in_change = FALSE;
  gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  gtk_accessible_reset_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID);
}

static void
show_addresses (SocketeerPreferences *self)
{
  show_text (self, self->host_row, "connect-host");
  show_text (self, self->address_row, "listen-address");
}

/* -- Keep-alive: a part of the socket options ------------------------------------------------------------------ */

static void
show_keep_alive (SocketeerPreferences *self)
{
  self->in_change = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (self->keep_alive); i++)
    {
      SocketeerKeepAliveRows *rows = &self->keep_alive[i];
      g_autofree char *text = g_settings_get_string (socketeer_settings_get (), rows->key);
      SktSocketOptions options;

      skt_socket_options_parse (&options, text);
      adw_expander_row_set_enable_expansion (rows->row, options.keep_alive);
      gtk_spin_button_set_value (rows->idle_spin, options.keep_idle_s);
      gtk_spin_button_set_value (rows->interval_spin, options.keep_interval_s);
      gtk_spin_button_set_value (rows->count_spin, options.keep_count);
    }
  self->in_change = FALSE;
}

static char *
dup_wanted (const SocketeerKeepAliveRows *rows)
{
  g_autofree char *text = g_settings_get_string (socketeer_settings_get (), rows->key);
  SktSocketOptions options;

  skt_socket_options_parse (&options, text);
  options.keep_alive = adw_expander_row_get_enable_expansion (rows->row);
  options.keep_idle_s = gtk_spin_button_get_value_as_int (rows->idle_spin);
  options.keep_interval_s = gtk_spin_button_get_value_as_int (rows->interval_spin);
  options.keep_count = gtk_spin_button_get_value_as_int (rows->count_spin);
  return skt_socket_options_to_text (&options);
}

static void
store_keep_alive (SocketeerPreferences *self)
{
  GSettings *settings = socketeer_settings_get ();
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (self->in_change)
    return;
  /* Storing one shows both. */
  first = dup_wanted (&self->keep_alive[0]);
  second = dup_wanted (&self->keep_alive[1]);
  g_settings_set_string (settings, self->keep_alive[0].key, first);
  g_settings_set_string (settings, self->keep_alive[1].key, second);
}

/* The socket options without keep-alive. */
static char *
dup_without_keep_alive (const char *text)
{
  SktSocketOptions options, defaults;
  g_autofree char *rest = NULL;
  g_autofree char *nothing = NULL;

  skt_socket_options_init (&defaults);
  skt_socket_options_parse (&options, text);
  if (!options.keep_alive && options.keep_idle_s == 0 && options.keep_interval_s == 0 && options.keep_count == 0)
    return g_strdup (text);
  options.keep_alive = FALSE;
  options.keep_idle_s = options.keep_interval_s = options.keep_count = 0;
  rest = skt_socket_options_to_text (&options);
  nothing = skt_socket_options_to_text (&defaults);
  return g_strdup (g_str_equal (rest, nothing) ? "" : rest);
}

GVariant *
_socketeer_preferences_dup_default (const char *key)
{
  GSettings *settings = socketeer_settings_get ();
  g_autofree char *text = NULL;
  g_autofree char *rest = NULL;

  if (!g_str_has_suffix (key, "-socket-options"))
    return g_settings_get_default_value (settings, key);
  text = g_settings_get_string (settings, key);
  rest = dup_without_keep_alive (text);
  return g_variant_ref_sink (g_variant_new_string (rest));
}

static void
init_keep_alive (SocketeerPreferences *self)
{
  show_keep_alive (self);
  for (guint i = 0; i < G_N_ELEMENTS (self->keep_alive); i++)
    {
      SocketeerKeepAliveRows *rows = &self->keep_alive[i];
      g_autofree char *signal = g_strconcat ("changed::", rows->key, NULL);

      g_signal_connect_swapped (rows->row, "notify::enable-expansion", G_CALLBACK (store_keep_alive), self);
      g_signal_connect_swapped (rows->idle_spin, "value-changed", G_CALLBACK (store_keep_alive), self);
      g_signal_connect_swapped (rows->interval_spin, "value-changed", G_CALLBACK (store_keep_alive), self);
      g_signal_connect_swapped (rows->count_spin, "value-changed", G_CALLBACK (store_keep_alive), self);
      g_signal_connect_object (socketeer_settings_get (), signal, G_CALLBACK (show_keep_alive), self, G_CONNECT_SWAPPED);
    }
}

/* -------------------------------------------------------------------------------------------------------------- */

void
_socketeer_preferences_connections_init (SocketeerPreferences *self)
{
  static const char *const endings[] = { "none", "lf", "cr", "crlf", "nul", NULL };
  GSettings *settings = socketeer_settings_get ();
  const struct
  {
    const char *key;
    gpointer widget;
    const char *property;
  } bindings[] = {
    { "remember-choices", self->remember_switch, "active" },
    { "connect-port", self->connect_port_spin, "value" },
    { "connect-timeout", self->timeout_spin, "value" },
    { "reconnect", self->reconnect_switch, "active" },
    { "listen-port", self->listen_port_spin, "value" },
    { "backlog", self->backlog_spin, "value" },
    { "listen-again", self->listen_again_switch, "active" },
    { "send-queue-limit", self->queue_spin, "value" },
    { "notify-client-connected", self->notify_client_switch, "active" },
    { "notify-match-found", self->notify_match_switch, "active" },
    { "notify-transfer-done", self->notify_transfer_switch, "active" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bindings); i++)
    g_settings_bind (settings, bindings[i].key, bindings[i].widget, bindings[i].property, G_SETTINGS_BIND_DEFAULT);
  _socketeer_preferences_bind_combo (self->ending_row, "line-ending", endings);
  show_addresses (self);
  g_signal_connect_swapped (self->host_row, "changed", G_CALLBACK (host_changed_cb), self);
  g_signal_connect_swapped (self->address_row, "changed", G_CALLBACK (address_changed_cb), self);
  g_signal_connect_object (settings, "changed::connect-host", G_CALLBACK (show_addresses), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::listen-address", G_CALLBACK (show_addresses), self, G_CONNECT_SWAPPED);
  init_keep_alive (self);
}
