/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-stores.h"

static SktPresetStore *presets;
static SktHistory *history;
static SktSequenceStore *sequences;
static SktAnswerStore *answers;
static SktRecent *recent;

static char *
dup_config_path (const char *name)
{
  return g_build_filename (g_get_user_config_dir (), "socketeer", name, NULL);
}

SktPresetStore *
socketeer_stores_get_presets (void)
{
  if (presets == NULL)
    {
      g_autofree char *path = dup_config_path ("presets.json");
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

SktSequenceStore *
socketeer_stores_get_sequences (void)
{
  if (sequences == NULL)
    {
      g_autofree char *path = dup_config_path ("sequences.json");
      sequences = skt_sequence_store_new (path);
    }
  return sequences;
}

SktAnswerStore *
socketeer_stores_get_answers (void)
{
  if (answers == NULL)
    {
      g_autofree char *path = dup_config_path ("answers.json");
      answers = skt_answer_store_new (path);
    }
  return answers;
}

SktRecent *
socketeer_stores_get_recent (void)
{
  if (recent == NULL)
    {
      g_autofree char *path = g_build_filename (g_get_user_state_dir (), "socketeer", "recent.json", NULL);
      recent = skt_recent_new (path);
    }
  return recent;
}

void
socketeer_stores_close (void)
{
  g_clear_object (&presets);
  g_clear_object (&history);
  g_clear_object (&sequences);
  g_clear_object (&answers);
  g_clear_object (&recent);
}
