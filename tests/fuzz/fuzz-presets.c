/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "fuzz-driver.h"

#include "skt-error.h"
#include "skt-preset-import.h"
#include "skt-preset-store.h"

/* What was taken over is exported and imported again: the same. */
static void
check_imported (GPtrArray *presets)
{
  g_autoptr (SktPresetStore) store = skt_preset_store_new (NULL);
  g_autoptr (GPtrArray) added = skt_preset_store_add_all (store, presets);
  g_autoptr (JsonObject) object = skt_preset_store_to_json (store);
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *problem = NULL;
  gsize length;
  g_autofree char *text = skt_json_format (object, &length);
  SktPresetFile file = SKT_N_PRESET_FILES;
  guint n_bad = 99;

  g_assert_cmpuint (added->len, ==, presets->len);
  again = skt_preset_import (text, length, "", &file, &n_bad, &problem, &error);
  g_assert_no_error (error);
  g_assert_true (file == SKT_PRESET_FILE_OWN && n_bad == 0);
  g_assert_cmpuint (again->len, ==, presets->len);
  for (guint i = 0; i < again->len; i++)
    {
      g_autoptr (SktPreset) preset = g_list_model_get_item (G_LIST_MODEL (store), i);
      SktMessage *before = skt_preset_get_message (preset), *after = skt_preset_get_message (again->pdata[i]);

      g_assert_true (g_utf8_validate (skt_preset_get_name (preset), -1, NULL));
      g_assert_cmpstr (skt_preset_get_name (preset), ==, skt_preset_get_name (again->pdata[i]));
      g_assert_cmpstr (skt_preset_get_group (preset), ==, skt_preset_get_group (again->pdata[i]));
      g_assert_cmpstr (skt_message_get_settings (before)->source, ==, skt_message_get_settings (after)->source);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *problem = NULL;
  guint n_bad = 0;
  g_autoptr (GPtrArray) presets = skt_preset_import ((const char *) data, size, "Group", NULL, &n_bad, &problem, &error);

  if (presets == NULL)
    {
      g_assert_true (error->domain == SKT_ERROR && error->code == SKT_ERROR_BAD_FILE);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  g_assert_true ((problem != NULL) == (n_bad > 0));
  g_assert_true (problem == NULL || g_utf8_validate (problem, -1, NULL));
  check_imported (presets);
  return 0;
}
