/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-preferences-private.h"

#include <glib/gi18n.h>

#include "skt-encoding.h"
#include "socketeer-settings.h"
#include "socketeer-storage.h"

G_DEFINE_FINAL_TYPE (SocketeerPreferences, socketeer_preferences, ADW_TYPE_PREFERENCES_WINDOW)

#define MAX_KEYS 10

/* What is put back together. */
static const struct
{
  const char *group; /* of the template */
  const char *keys[MAX_KEYS];
} groups[] = {
  { "text_group", { "encoding", "hex-bytes-per-row" } },
  { "font_group", { "font" } },
  { "color_group", { "direction-colors", "received-color", "sent-color" } },
  { "columns_group", { "time-column", "peer-column", "offset-column", "size-column" } },
  { "new_group", { "remember-choices" } },
  { "client_group", { "connect-host", "connect-port", "connect-timeout", "reconnect", "client-socket-options" } },
  { "server_group", { "listen-address", "listen-port", "backlog", "listen-again", "server-socket-options" } },
  { "sending_group", { "send-encoding", "line-ending", "send-queue-limit" } },
  { "journal_group", { "journal-limit" } },
  { "folder_group", { "journal-folder" } },
  { "keep_group", { "keep-closed-days", "keep-closed-limit" } },
  { "notify_group", { "notify-client-connected", "notify-match-found", "notify-transfer-done" } },
};

/* -- Combo rows ------------------------------------------------------------------------------------------------ */

static gboolean
value_to_position (GValue *value, GVariant *variant, gpointer user_data)
{
  const char *const *values = user_data;
  g_autofree char *number = NULL;
  const char *text;

  if (g_variant_is_of_type (variant, G_VARIANT_TYPE_STRING))
    text = g_variant_get_string (variant, NULL);
  else
    text = number = g_strdup_printf ("%d", g_variant_get_int32 (variant));
  for (guint i = 0; values[i] != NULL; i++)
    if (g_str_equal (values[i], text))
      {
        g_value_set_uint (value, i);
        return TRUE;
      }
  return FALSE;
}

static GVariant *
position_to_value (const GValue *value, const GVariantType *type, gpointer user_data)
{
  const char *const *values = user_data;
  guint position = g_value_get_uint (value);

  if (position >= g_strv_length ((char **) values))
    return NULL;
  if (g_variant_type_equal (type, G_VARIANT_TYPE_STRING))
    return g_variant_new_string (values[position]);
  return g_variant_new_int32 ((gint32) g_ascii_strtoll (values[position], NULL, 10));
}

void
_socketeer_preferences_bind_combo (AdwComboRow *row, const char *key, const char *const *values)
{
  g_settings_bind_with_mapping (socketeer_settings_get (), key, row, "selected", G_SETTINGS_BIND_DEFAULT, value_to_position,
                                position_to_value, (gpointer) values, NULL);
}

/* All, in the order of SktEncoding. */
static void
bind_encoding (AdwComboRow *row, const char *key)
{
  static const char *names[SKT_N_ENCODINGS + 1];
  g_autoptr (GtkStringList) model = NULL;

  for (guint i = 0; i < SKT_N_ENCODINGS; i++)
    names[i] = skt_encoding_get_name (i);
  model = gtk_string_list_new (names);
  adw_combo_row_set_model (row, G_LIST_MODEL (model));
  _socketeer_preferences_bind_combo (row, key, names);
}

/* -- Toasts ---------------------------------------------------------------------------------------------------- */

AdwToast *
_socketeer_preferences_say (SocketeerPreferences *self, const char *text, GCallback undo, gpointer user_data, GClosureNotify destroy)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  if (undo != NULL)
    {
      adw_toast_set_button_label (toast, _ ("_Undo"));
      g_signal_connect_data (toast, "button-clicked", undo, user_data, destroy, G_CONNECT_SWAPPED);
    }
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), toast);
  return toast;
}

/* -- Reset ----------------------------------------------------------------------------------------------------- */

static gboolean
is_default (const char *key)
{
  g_autoptr (GVariant) value = g_settings_get_value (socketeer_settings_get (), key);
  g_autoptr (GVariant) otherwise = _socketeer_preferences_dup_default (key);

  return g_variant_equal (value, otherwise);
}

static void
set_value (const char *key, GVariant *value)
{
  GSettings *settings = socketeer_settings_get ();
  g_autoptr (GVariant) otherwise = g_settings_get_default_value (settings, key);

  /* The place that is left is remembered. */
  if (g_str_equal (key, "journal-folder"))
    socketeer_storage_set_place (*g_variant_get_string (value, NULL) != '\0' ? g_variant_get_string (value, NULL) : NULL);
  else if (g_variant_equal (value, otherwise))
    g_settings_reset (settings, key);
  else
    g_settings_set_value (settings, key, value);
}

/* What there was, by key: GVariant. */
static void
undo_cb (gpointer data)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, data);
  while (g_hash_table_iter_next (&iter, &key, &value))
    set_value (key, value);
}

static void
values_free (gpointer data, GClosure *closure)
{
  g_hash_table_unref (data);
}

static AdwPreferencesGroup *
get_group (SocketeerPreferences *self, guint i)
{
  return ADW_PREFERENCES_GROUP (gtk_widget_get_template_child (GTK_WIDGET (self), SOCKETEER_TYPE_PREFERENCES, groups[i].group));
}

static void
reset_clicked_cb (GtkButton *button, gpointer user_data)
{
  SocketeerPreferences *self = user_data;
  guint i = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "group"));
  GHashTable *values = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_variant_unref);
  g_autofree char *text = NULL;

  for (guint k = 0; groups[i].keys[k] != NULL; k++)
    {
      const char *key = groups[i].keys[k];
      g_autoptr (GVariant) otherwise = _socketeer_preferences_dup_default (key);

      g_hash_table_insert (values, (gpointer) key, g_settings_get_value (socketeer_settings_get (), key));
      set_value (key, otherwise);
    }
  /* Translators: %s is the title of a group of preferences */
  text = g_strdup_printf (_ ("“%s” was reset to defaults"), adw_preferences_group_get_title (get_group (self, i)));
  _socketeer_preferences_say (self, text, G_CALLBACK (undo_cb), values, values_free);
}

static void
update_reset (SocketeerPreferences *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      GtkWidget *button = adw_preferences_group_get_header_suffix (get_group (self, i));
      gboolean is_changed = FALSE;

      for (guint k = 0; groups[i].keys[k] != NULL && !is_changed; k++)
        is_changed = !is_default (groups[i].keys[k]);
      /* The keyboard would be nowhere. */
      if (!is_changed && gtk_widget_has_focus (button))
        gtk_widget_child_focus (GTK_WIDGET (get_group (self, i)), GTK_DIR_TAB_FORWARD);
      gtk_widget_set_sensitive (button, is_changed);
    }
}

static void
add_reset_buttons (SocketeerPreferences *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      AdwPreferencesGroup *group = get_group (self, i);
      GtkWidget *button = gtk_button_new_from_icon_name ("edit-undo-symbolic");
      /* Translators: name of a button; %s is the title of a group of preferences */
      g_autofree char *name = g_strdup_printf (_ ("Reset “%s” to defaults"), adw_preferences_group_get_title (group));

      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_set_tooltip_text (button, _ ("Reset to Defaults"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
      g_object_set_data (G_OBJECT (button), "group", GUINT_TO_POINTER (i));
      g_signal_connect (button, "clicked", G_CALLBACK (reset_clicked_cb), self);
      adw_preferences_group_set_header_suffix (group, button);
    }
  g_signal_connect_object (socketeer_settings_get (), "changed", G_CALLBACK (update_reset), self, G_CONNECT_SWAPPED);
  update_reset (self);
}

/* libadwaita 1.2 gives the button of its search no name. */
static void
name_search_button (GtkWidget *widget)
{
  if (GTK_IS_TOGGLE_BUTTON (widget) && g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (widget)), "edit-find-symbolic") == 0)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Search"), -1);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    name_search_button (child);
}

/* -- Object ---------------------------------------------------------------------------------------------------- */

static void
socketeer_preferences_dispose (GObject *object)
{
  SocketeerPreferences *self = SOCKETEER_PREFERENCES (object);

  _socketeer_preferences_storage_dispose (self);
  g_clear_pointer (&self->families, g_ptr_array_unref);

  G_OBJECT_CLASS (socketeer_preferences_parent_class)->dispose (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, SocketeerPreferences, name)
#define BIND_KEEP_ALIVE(i, prefix) \
  bind_inner (widget_class, prefix "_keep_alive_row", G_STRUCT_OFFSET (SocketeerPreferences, keep_alive[i].row)); \
  bind_inner (widget_class, prefix "_idle_spin", G_STRUCT_OFFSET (SocketeerPreferences, keep_alive[i].idle_spin)); \
  bind_inner (widget_class, prefix "_interval_spin", G_STRUCT_OFFSET (SocketeerPreferences, keep_alive[i].interval_spin)); \
  bind_inner (widget_class, prefix "_count_spin", G_STRUCT_OFFSET (SocketeerPreferences, keep_alive[i].count_spin))

static void
bind_inner (GtkWidgetClass *widget_class, const char *name, gssize offset)
{
  gtk_widget_class_bind_template_child_full (widget_class, name, FALSE, offset);
}

static void
socketeer_preferences_class_init (SocketeerPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_preferences_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-preferences.ui");
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    gtk_widget_class_bind_template_child_full (widget_class, groups[i].group, FALSE, 0);
  BIND_KEEP_ALIVE (0, "client");
  BIND_KEEP_ALIVE (1, "server");
  BIND (encoding_row);
  BIND (width_row);
  BIND (font_row);
  BIND (colors_row);
  BIND (time_row);
  BIND (font_size_spin);
  BIND (received_color_row);
  BIND (sent_color_row);
  BIND (received_color_button);
  BIND (sent_color_button);
  BIND (peer_switch);
  BIND (offset_switch);
  BIND (size_switch);
  BIND (remember_switch);
  BIND (reconnect_switch);
  BIND (listen_again_switch);
  BIND (host_row);
  BIND (address_row);
  BIND (connect_port_spin);
  BIND (timeout_spin);
  BIND (listen_port_spin);
  BIND (backlog_spin);
  BIND (queue_spin);
  BIND (send_encoding_row);
  BIND (ending_row);
  BIND (automatic_switch);
  BIND (limit_spin);
  BIND (keep_days_spin);
  BIND (keep_limit_spin);
  BIND (limit_row);
  BIND (folder_row);
  BIND (keep_limit_row);
  BIND (kept_row);
  BIND (choose_button);
  BIND (folder_button);
  BIND (delete_kept_button);
  BIND (notify_client_switch);
  BIND (notify_match_switch);
  BIND (notify_transfer_switch);
  _socketeer_preferences_storage_class_init (widget_class);
}

static void
socketeer_preferences_init (SocketeerPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->keep_alive[0].key = "client-socket-options";
  self->keep_alive[1].key = "server-socket-options";
  bind_encoding (self->encoding_row, "encoding");
  bind_encoding (self->send_encoding_row, "send-encoding");
  _socketeer_preferences_view_init (self);
  _socketeer_preferences_connections_init (self);
  _socketeer_preferences_storage_init (self);
  add_reset_buttons (self);
  name_search_button (GTK_WIDGET (self));
}

SocketeerPreferences *
socketeer_preferences_new (GtkWindow *parent)
{
  return g_object_new (SOCKETEER_TYPE_PREFERENCES, "transient-for", parent, NULL);
}
