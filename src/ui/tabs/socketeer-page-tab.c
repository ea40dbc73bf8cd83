/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-page-private.h"

#include "socketeer-settings.h"
#include "socketeer-tabs.h"

/* A page as what is kept of it, and back; and a page that rests because its tab was closed. */

/* -- Its title before it is used ------------------------------------------------------------------------------- */

static SktTab *
dup_bar (SocketeerPage *self)
{
  SktTab *tab = skt_tab_new (self->kind == SOCKETEER_PAGE_SERVER ? SKT_TAB_SERVER : SKT_TAB_CLIENT);

  if (self->client_bar != NULL)
    socketeer_client_bar_get_tab (self->client_bar, tab);
  else
    socketeer_server_bar_get_tab (self->server_bar, tab);
  return tab;
}

void
_socketeer_page_name_by_bar (SocketeerPage *self)
{
  g_autoptr (SktTab) tab = dup_bar (self);

  g_free (self->name);
  self->name = skt_tab_dup_title (tab->kind, tab->host, tab->port);
  _socketeer_page_update_title (self);
}

/* -- Telling of changes ---------------------------------------------------------------------------------------- */

static void
changed_cb (SocketeerPage *self)
{
  if (self->is_closed)
    return;
  if (self->name != NULL && self->session != NULL && skt_session_get_target (self->session) == NULL)
    _socketeer_page_name_by_bar (self);
  socketeer_tabs_changed ();
}

/* The property or signal by which an input tells that the user has changed it; NULL: it is none. */
static const char *
get_change_signal (GtkWidget *widget)
{
  if (GTK_IS_TOGGLE_BUTTON (widget) || GTK_IS_CHECK_BUTTON (widget))
    return "notify::active";
  if (GTK_IS_DROP_DOWN (widget))
    return "notify::selected";
  return GTK_IS_ENTRY (widget) || GTK_IS_SPIN_BUTTON (widget) ? "changed" : NULL;
}

/* Every input there is, also in popovers: one that is added to a bar later is kept without a word here. */
static void
watch (SocketeerPage *self, GtkWidget *widget)
{
  const char *signal = get_change_signal (widget);

  if (signal != NULL)
    g_signal_connect_object (widget, signal, G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  else if (GTK_IS_TEXT_VIEW (widget))
    g_signal_connect_object (gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget)), "changed", G_CALLBACK (changed_cb), self,
                             G_CONNECT_SWAPPED);
  else
    for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
      watch (self, child);
}

void
_socketeer_page_tab_watch (SocketeerPage *self)
{
  watch (self, GTK_WIDGET (self->bar_box));
  watch (self, GTK_WIDGET (self->transcript));
  watch (self, GTK_WIDGET (self->composer));
  g_signal_connect_object (self->session, "notify::echo", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
}

/* -- To and from what is kept ---------------------------------------------------------------------------------- */

SktTab *
socketeer_page_dup_tab (SocketeerPage *self)
{
  SktTab *tab;

  g_return_val_if_fail (SOCKETEER_IS_PAGE (self), NULL);

  if (self->session == NULL)
    return NULL;
  tab = dup_bar (self);
  socketeer_transcript_get_tab (self->transcript, tab);
  socketeer_composer_get_tab (self->composer, tab);
  return tab;
}

/* What is chosen in one tab is what the next new one begins with: filling in is no choice. */
static GHashTable *
remember_settings (GSettings *settings)
{
  GHashTable *values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (guint i = 0; keys[i] != NULL; i++)
    g_hash_table_insert (values, g_strdup (keys[i]), g_settings_get_value (settings, keys[i]));
  return values;
}

static void
put_settings_back (GHashTable *values)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &key, &value))
    socketeer_settings_put_back (key, value);
}

void
socketeer_page_apply_tab (SocketeerPage *self, const SktTab *tab)
{
  g_autoptr (GHashTable) values = remember_settings (socketeer_settings_get ());

  g_return_if_fail (SOCKETEER_IS_PAGE (self) && self->session != NULL);

  if (self->client_bar != NULL)
    socketeer_client_bar_set_tab (self->client_bar, tab);
  else
    socketeer_server_bar_set_tab (self->server_bar, tab);
  socketeer_transcript_set_tab (self->transcript, tab);
  socketeer_composer_set_tab (self->composer, tab);
  _socketeer_page_name_by_bar (self);
  put_settings_back (values);
}

gboolean
socketeer_page_is_passing (SocketeerPage *self)
{
  g_return_val_if_fail (SOCKETEER_IS_PAGE (self), TRUE);
  return self->session == NULL || self->is_passing;
}

/* -- A page whose tab was closed ------------------------------------------------------------------------------- */

void
socketeer_page_rest (SocketeerPage *self)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));

  if (self->session == NULL || self->is_closed)
    return;
  socketeer_send_options_stop (self->send_options);
  socketeer_tool_pane_stop (self->tool_pane);
  _socketeer_page_files_close (self);
  if (self->kind == SOCKETEER_PAGE_SERVER)
    skt_session_stop_listening (self->session);
  else
    skt_session_cancel (self->session);
  skt_session_disconnect_all (self->session);
}
