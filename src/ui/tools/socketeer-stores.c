/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-stores.h"

static SktPresetStore *presets;
static SktHistory *history;

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

SktHistory *
socketeer_stores_get_history (void)
{
  if (history == NULL)
    {
      g_autofree char *path = g_build_filename (g_get_user_state_dir (), "socketeer", "history.json", NULL);
      history = skt_history_new (path);
    }
  return history;
}

void
socketeer_stores_close (void)
{
  g_clear_object (&presets);
  g_clear_object (&history);
}
