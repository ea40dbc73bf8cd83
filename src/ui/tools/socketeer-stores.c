/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-stores.h"

static SktPresetStore *presets;

SktPresetStore *
socketeer_stores_get_presets (void)
{
  if (presets == NULL)
    {
      g_autofree char *path = g_build_filename (g_get_user_config_dir (), "socketeer", "presets.json", NULL);
      presets = skt_preset_store_new (path);
    }
  return presets;
}

void
socketeer_stores_close (void)
{
  g_clear_object (&presets);
}
