/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-mnemonic.h"

#include <string.h>

char *
socketeer_mnemonic_dup_plain (const char *label)
{
  GString *plain = g_string_sized_new (strlen (label));

  for (const char *p = label; *p != '\0'; p++)
    {
      if (p[0] == '(' && p[1] == '_' && p[2] != '\0' && p[3] == ')')
        p += 3;
      else if (p[0] == '_' && p[1] == '_')
        g_string_append_c (plain, *++p);
      else if (p[0] != '_')
        g_string_append_c (plain, *p);
    }
  return g_string_free (plain, FALSE);
}

void
socketeer_mnemonic_set_label (GtkButton *button, const char *label)
{
  g_autofree char *plain = socketeer_mnemonic_dup_plain (label);

  gtk_button_set_use_underline (button, TRUE);
  gtk_button_set_label (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, plain, -1);
}
