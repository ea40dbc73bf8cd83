/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-paths.h"

char *
socketeer_paths_dup_in_build_folder (const char *name)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = NULL, *build = NULL, *mark = NULL, *path = NULL;

  if (program == NULL)
    return NULL;
  folder = g_path_get_dirname (program);
  build = g_path_get_dirname (folder);
  mark = g_build_filename (build, "build.ninja", NULL);
  path = g_build_filename (build, name, NULL);
  if (!g_file_test (mark, G_FILE_TEST_EXISTS) || !g_file_test (path, G_FILE_TEST_IS_DIR))
    return NULL;
  return g_steal_pointer (&path);
}

char *
socketeer_paths_dup_locale_folder (void)
{
  const char *given = g_getenv ("SOCKETEER_LOCALEDIR");
  char *built;

  if (given != NULL)
    return g_strdup (given);
  built = socketeer_paths_dup_in_build_folder ("po");
  return built != NULL ? built : g_strdup (LOCALEDIR);
}

gboolean
socketeer_paths_is_sandboxed (void)
{
  /* The variable is for tests. */
  return g_getenv ("SOCKETEER_SANDBOXED") != NULL || g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}
