/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "socketeer-application.h"
#include "socketeer-paths.h"

int
main (int argc, char *argv[])
{
  g_autofree char *locale_folder = socketeer_paths_dup_locale_folder ();
  g_autoptr (SocketeerApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_folder);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Socketeer");

  application = socketeer_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
