/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-entry.h"

void
socketeer_entry_set_bad (GtkEntry *entry, gboolean bad)
{
  if (bad)
    gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                               bad ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

void
socketeer_entry_set_port (GtkEntry *entry, int port)
{
  char text[16];

  g_snprintf (text, sizeof text, "%d", port);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

void
socketeer_entry_get_kept (GtkEntry *entry, char **text)
{
  g_free (*text);
  *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry)));
}
