/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-control-names.h"

#include <glib/gi18n.h>

#include "socketeer-mnemonic.h"

static GtkWidget *
find_label (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *label = gtk_widget_get_visible (child) && gtk_widget_get_child_visible (child) ? find_label (child) : NULL;
      if (label != NULL)
        return label;
    }
  return NULL;
}

/* The keyboard goes to the button inside, which GTK leaves nameless: it is called like the drop-down, and what is chosen. */
static void
name_button (GtkDropDown *drop_down)
{
  GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (drop_down));
  GtkWidget *label = button != NULL ? find_label (button) : NULL;

  if (!GTK_IS_BUTTON (button))
    return;
  if (label != NULL)
    gtk_accessible_update_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY, drop_down, label, NULL, -1);
  else
    gtk_accessible_update_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY, drop_down, NULL, -1);
}

/* Later versions of GTK say of each button and drop-down that it is labelled by the text in it, and that wins over a name of its own. */
static void
prefer_own_name (GtkWidget *widget)
{
  if (gtk_get_minor_version () >= 10 && gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL))
    gtk_accessible_reset_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

/* A button that has nothing but an icon and a tooltip. */
static void
name_tab_button (GtkWidget *button)
{
  const char *text = gtk_widget_get_tooltip_text (button);

  if (text == NULL)
    /* Translators: a screen reader’s name for the small symbol in a tab */
    text = _ ("Mark of the tab");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

/* The class's own; called first. */
static void (*drop_down_root) (GtkWidget *widget);
static void (*button_root) (GtkWidget *widget);

static void
root_drop_down (GtkWidget *widget)
{
  drop_down_root (widget);
  prefer_own_name (widget);
  name_button (GTK_DROP_DOWN (widget));
  g_signal_handlers_disconnect_by_func (widget, name_button, NULL);
  g_signal_connect (widget, "notify::selected-item", G_CALLBACK (name_button), NULL);
}

/* GTK says that a button is labelled by its picture, which it calls “GtkImage”, and a screen reader says that before the button's name. */
static void
quiet_images (GtkWidget *widget)
{
  if (GTK_IS_IMAGE (widget) && gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)) == GTK_ACCESSIBLE_ROLE_IMG)
    g_object_set (widget, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  else if (GTK_IS_BUTTON (widget) || GTK_IS_BOX (widget))
    for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
      quiet_images (child);
}

static void
root_button (GtkWidget *widget)
{
  quiet_images (widget);
  if (GTK_IS_IMAGE (gtk_button_get_child (GTK_BUTTON (widget))))
    gtk_accessible_reset_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  prefer_own_name (widget);
  g_signal_handlers_disconnect_by_func (widget, prefer_own_name, NULL);
  g_signal_connect (widget, "notify::label", G_CALLBACK (prefer_own_name), NULL);
  button_root (widget);
  if (g_str_equal (G_OBJECT_TYPE_NAME (gtk_widget_get_parent (widget)), "AdwTab"))
    name_tab_button (widget);
}

/* GTK 4.18 says that the items of a menu are labelled by something that has no name. */
static void
name_menu_items (GtkWidget *widget)
{
  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkModelButton"))
    {
      g_autofree char *text = NULL, *name = NULL;

      g_object_get (widget, "text", &text, NULL);
      name = socketeer_mnemonic_dup_plain (text != NULL ? text : "");
      if (*name != '\0')
        {
          gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
          prefer_own_name (widget);
        }
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    name_menu_items (child);
}

static void (*popover_menu_map) (GtkWidget *widget);

static void
map_popover_menu (GtkWidget *widget)
{
  if (gtk_get_minor_version () >= 10)
    name_menu_items (widget);
  popover_menu_map (widget);
}

/* Not in each template: a drop-down that is made tomorrow has its name too. */
void
socketeer_control_names_install (void)
{
  GtkWidgetClass *klass;

  if (drop_down_root != NULL)
    return;
  klass = g_type_class_ref (GTK_TYPE_DROP_DOWN);
  drop_down_root = klass->root;
  klass->root = root_drop_down;
  klass = g_type_class_ref (GTK_TYPE_BUTTON);
  button_root = klass->root;
  klass->root = root_button;
  klass = g_type_class_ref (GTK_TYPE_POPOVER_MENU);
  popover_menu_map = klass->map;
  klass->map = map_popover_menu;
}
