/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-settings.h"

#include "socketeer-paths.h"

/* Not installed: the schema that was compiled beside the program. */
static GSettings *
new_from_build_folder (void)
{
  g_autofree char *folder = socketeer_paths_dup_in_build_folder ("data");
  g_autoptr (GSettingsSchemaSource) source = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;

  if (folder != NULL)
    source = g_settings_schema_source_new_from_directory (folder, g_settings_schema_source_get_default (), FALSE, NULL);
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, APP_ID, TRUE);
  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

GSettings *
socketeer_settings_get (void)
{
  static GSettings *settings;
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (settings != NULL)
    return settings;
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, APP_ID, TRUE);
  if (schema == NULL)
    settings = new_from_build_folder ();
  if (settings == NULL)
    settings = g_settings_new (APP_ID);
  return settings;
}

void
socketeer_settings_get_kept (GSettings *settings, const char *key, char **text)
{
  g_free (*text);
  *text = g_settings_get_string (settings, key);
}

/* -- What new tabs begin with ---------------------------------------------------------------------------------- */

static guint n_remembering;

static void
set_quietly (const char *key, GVariant *value)
{
  n_remembering++;
  g_settings_set_value (socketeer_settings_get (), key, value);
  n_remembering--;
}

void
socketeer_settings_remember (const char *key, GVariant *value)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (value);

  if (g_settings_get_boolean (socketeer_settings_get (), "remember-choices"))
    set_quietly (key, owned);
}

void
socketeer_settings_put_back (const char *key, GVariant *value)
{
  g_autoptr (GVariant) now = g_settings_get_value (socketeer_settings_get (), key);

  if (!g_variant_equal (now, value))
    set_quietly (key, value);
}

void
socketeer_settings_remember_string (const char *key, const char *value)
{
  socketeer_settings_remember (key, g_variant_new_string (value));
}

void
socketeer_settings_remember_int (const char *key, int value)
{
  socketeer_settings_remember (key, g_variant_new_int32 (value));
}

gboolean
socketeer_settings_is_remembering (void)
{
  return n_remembering > 0;
}

static char *
dup_default (const char *key)
{
  g_autoptr (GVariant) value = g_settings_get_value (socketeer_settings_get (), key);

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  return g_strdup_printf ("%d", g_variant_get_int32 (value));
}

static void
default_changed_cb (GSettings *settings, const char *key, gpointer user_data)
{
  GtkEditable *editable = user_data;
  const char *last = g_object_get_data (G_OBJECT (editable), "shown-default");
  g_autofree char *text = NULL;

  if (socketeer_settings_is_remembering () || !gtk_widget_get_sensitive (GTK_WIDGET (editable)) ||
      g_strcmp0 (last, gtk_editable_get_text (editable)) != 0)
    return;
  text = dup_default (key);
  gtk_editable_set_text (editable, text);
  if (GTK_IS_SPIN_BUTTON (editable))
    gtk_spin_button_update (GTK_SPIN_BUTTON (editable));
  g_object_set_data_full (G_OBJECT (editable), "shown-default", g_steal_pointer (&text), g_free);
}

void
socketeer_settings_bind_default (const char *key, GtkEditable *editable)
{
  g_autofree char *signal = g_strconcat ("changed::", key, NULL);

  g_return_if_fail (GTK_IS_EDITABLE (editable));

  g_object_set_data_full (G_OBJECT (editable), "shown-default", dup_default (key), g_free);
  g_signal_connect_object (socketeer_settings_get (), signal, G_CALLBACK (default_changed_cb), editable, 0);
}
