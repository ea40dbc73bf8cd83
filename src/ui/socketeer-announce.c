/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-announce.h"

#if GTK_CHECK_VERSION(4, 14, 0)
static void
say (GtkWindow *window, const char *text)
{
  /* Newer than the version that the program is written for. */
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  gtk_accessible_announce (GTK_ACCESSIBLE (window), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
  G_GNUC_END_IGNORE_DEPRECATIONS
}
#else
static void
say (GtkWindow *window, const char *text)
{
  const char *title = gtk_window_get_title (window);
  g_autofree char *name = g_strdup_printf ("%s — %s", text, title != NULL ? title : "");

  gtk_accessible_update_property (GTK_ACCESSIBLE (window), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}
#endif

void
socketeer_announce (GtkWidget *widget, const char *text)
{
  GtkRoot *root;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (text != NULL);

  root = gtk_widget_get_root (widget);
  if (GTK_IS_WINDOW (root) && gtk_window_is_active (GTK_WINDOW (root)) && gtk_widget_get_mapped (widget))
    say (GTK_WINDOW (root), text);
}
