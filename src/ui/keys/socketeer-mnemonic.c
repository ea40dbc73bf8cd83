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
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, plain, -1);
}

/* GTK 4.8 names a button by its label with the underscore and by the label's text, one after the other. */
static void
name_button (GtkAccessible *button, const char *label)
{
  g_autofree char *plain = socketeer_mnemonic_dup_plain (label);
  g_autofree char *other = NULL;

  /* Nobody is told names at all (GTK_A11Y=none). */
  if (!gtk_test_accessible_has_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL))
    return;
  other = gtk_test_accessible_check_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, label);
  if (other == NULL) /* it is GTK's, and not a name of its own */
    gtk_accessible_update_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, plain, -1);
}

void
socketeer_mnemonic_keep_names (GtkWidget *widget)
{
  GtkWidget *target = GTK_IS_LABEL (widget) ? gtk_label_get_mnemonic_widget (GTK_LABEL (widget)) : NULL;
  const char *label = NULL;

  if (GTK_IS_BUTTON (widget) && gtk_button_get_use_underline (GTK_BUTTON (widget)))
    label = gtk_button_get_label (GTK_BUTTON (widget));
  if (GTK_IS_CHECK_BUTTON (widget) && gtk_check_button_get_use_underline (GTK_CHECK_BUTTON (widget)))
    label = gtk_check_button_get_label (GTK_CHECK_BUTTON (widget));
  if (label != NULL)
    name_button (GTK_ACCESSIBLE (widget), label);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    socketeer_mnemonic_keep_names (child);
  if (target != NULL && gtk_test_accessible_has_property (GTK_ACCESSIBLE (target), GTK_ACCESSIBLE_PROPERTY_LABEL))
    gtk_accessible_reset_relation (GTK_ACCESSIBLE (target), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}
