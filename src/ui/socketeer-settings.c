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
