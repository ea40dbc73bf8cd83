/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-value-row.h"

#include <glib/gi18n.h>

#define COPIED_MS 1200 /* for how long the button says so */
#define NONE "—"
#define PENDING "…"

struct _SocketeerValueRow
{
  GtkListBoxRow parent_instance;

  /* children */
  GtkLabel *name_label;
  GtkInscription *value_label; /* not measured anew for each value, which labels are, at 10 ms for a list of them */
  GtkButton *button;

  /* owned */
  char *value;
  char *spoken;

  const char *shown_for_none; /* static */
  guint copied_id;
};

G_DEFINE_FINAL_TYPE (SocketeerValueRow, socketeer_value_row, GTK_TYPE_LIST_BOX_ROW)

static void
update (SocketeerValueRow *self)
{
  const char *shown = self->value != NULL ? self->value : self->shown_for_none;
  g_autofree char *spoken = g_strdup_printf ("%s: %s", self->spoken, shown);

  gtk_inscription_set_text (self->value_label, shown);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), self->value != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

void
socketeer_value_row_set_name (SocketeerValueRow *self, const char *name, const char *spoken)
{
  g_autofree char *copy = NULL;

  g_return_if_fail (SOCKETEER_IS_VALUE_ROW (self));

  gtk_label_set_label (self->name_label, name);
  g_free (self->spoken);
  self->spoken = g_strdup (spoken);
  /* Translators: button that puts a value on the clipboard; %s is its name, such as “int32” */
  copy = g_strdup_printf (_ ("Copy %s"), spoken);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, copy, -1);
  update (self);
}

static void
set_value (SocketeerValueRow *self, const char *value, const char *shown_for_none)
{
  g_return_if_fail (SOCKETEER_IS_VALUE_ROW (self));

  if (g_strcmp0 (self->value, value) == 0 && self->shown_for_none == shown_for_none)
    return;
  g_free (self->value);
  self->value = g_strdup (value);
  self->shown_for_none = shown_for_none;
  update (self);
}

void
socketeer_value_row_set_value (SocketeerValueRow *self, const char *value)
{
  static const char none[] = NONE;
  set_value (self, value, none);
}

void
socketeer_value_row_set_pending (SocketeerValueRow *self)
{
  static const char pending[] = PENDING;
  set_value (self, NULL, pending);
}

const char *
socketeer_value_row_get_value (SocketeerValueRow *self)
{
  g_return_val_if_fail (SOCKETEER_IS_VALUE_ROW (self), NULL);
  return self->value;
}

/* -- Copying ------------------------------------------------------------------------------------------------- */

static gboolean
copied_over_cb (gpointer user_data)
{
  SocketeerValueRow *self = user_data;

  self->copied_id = 0;
  gtk_button_set_icon_name (self->button, "edit-copy-symbolic");
  return G_SOURCE_REMOVE;
}

void
socketeer_value_row_copy (SocketeerValueRow *self)
{
  g_return_if_fail (SOCKETEER_IS_VALUE_ROW (self));

  if (self->value == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->value);
  gtk_button_set_icon_name (self->button, "emblem-ok-symbolic");
  g_clear_handle_id (&self->copied_id, g_source_remove);
  self->copied_id = g_timeout_add (COPIED_MS, copied_over_cb, self);
}

static gboolean
copy_key_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  socketeer_value_row_copy (SOCKETEER_VALUE_ROW (widget));
  return TRUE;
}

/* -- GObject ------------------------------------------------------------------------------------------------- */

static void
socketeer_value_row_dispose (GObject *object)
{
  SocketeerValueRow *self = SOCKETEER_VALUE_ROW (object);

  g_clear_handle_id (&self->copied_id, g_source_remove);
  /* GTK 4.8 does not let go of them. */
  if (self->value_label != NULL)
    gtk_inscription_set_attributes (self->value_label, NULL);
  self->value_label = NULL;
  G_OBJECT_CLASS (socketeer_value_row_parent_class)->dispose (object);
}

static void
socketeer_value_row_finalize (GObject *object)
{
  SocketeerValueRow *self = SOCKETEER_VALUE_ROW (object);

  g_free (self->value);
  g_free (self->spoken);
  G_OBJECT_CLASS (socketeer_value_row_parent_class)->finalize (object);
}

static void
socketeer_value_row_class_init (SocketeerValueRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_value_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = socketeer_value_row_finalize;
  gtk_widget_class_add_binding (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, copy_key_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Insert, GDK_CONTROL_MASK, copy_key_cb, NULL);
}

static GtkLabel *
new_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, css_class);
  return GTK_LABEL (label);
}

/* A value that is broken over lines stays what it is. */
static void
forbid_hyphens (GtkInscription *label)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_inscription_set_attributes (label, attributes);
  pango_attr_list_unref (attributes);
}

static void
socketeer_value_row_init (SocketeerValueRow *self)
{
  self->name_label = new_label ("dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->name_label), "name");

  self->value_label = GTK_INSCRIPTION (gtk_inscription_new (NULL));
  gtk_inscription_set_wrap_mode (self->value_label, PANGO_WRAP_WORD_CHAR);
  forbid_hyphens (self->value_label);
  gtk_widget_set_hexpand (GTK_WIDGET (self->value_label), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->value_label), "value");

  /* Keys have the row for it. */
  self->button = GTK_BUTTON (gtk_button_new_from_icon_name ("edit-copy-symbolic"));
  gtk_widget_set_focusable (GTK_WIDGET (self->button), FALSE);
  gtk_widget_set_valign (GTK_WIDGET (self->button), GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), _ ("Copy"));
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "flat");
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (socketeer_value_row_copy), self);
  self->shown_for_none = NONE;
}

/* Name and value side by side, or one below the other, with the button at their right and the caption below. */
static GtkWidget *
build (SocketeerValueRow *self, const char *caption, gboolean is_wide)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 8);
  gtk_grid_attach (GTK_GRID (grid), GTK_WIDGET (self->name_label), 0, 0, is_wide ? 2 : 1, 1);
  gtk_grid_attach (GTK_GRID (grid), GTK_WIDGET (self->value_label), is_wide ? 0 : 1, is_wide ? 1 : 0, is_wide ? 2 : 1,
                   1);
  gtk_grid_attach (GTK_GRID (grid), GTK_WIDGET (self->button), 2, 0, 1, is_wide ? 2 : 1);
  if (caption != NULL)
    {
      GtkLabel *label = new_label ("caption");

      gtk_widget_add_css_class (GTK_WIDGET (label), "dim-label");
      gtk_label_set_wrap (label, TRUE);
      gtk_label_set_label (label, caption);
      gtk_grid_attach (GTK_GRID (grid), GTK_WIDGET (label), 0, 2, 3, 1);
    }
  return grid;
}

GtkWidget *
socketeer_value_row_new (const char *name,
                         const char *spoken,
                         const char *caption,
                         guint n_lines,
                         guint n_chars,
                         gboolean is_wide,
                         GtkSizeGroup *names)
{
  SocketeerValueRow *self = g_object_new (SOCKETEER_TYPE_VALUE_ROW, NULL);

  gtk_inscription_set_min_lines (self->value_label, n_lines);
  gtk_inscription_set_nat_lines (self->value_label, n_lines);
  /* A name and a value share the width. */
  gtk_inscription_set_min_chars (self->value_label, n_chars);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), build (self, caption, is_wide));
  /* Names that are aligned are short. */
  gtk_label_set_wrap (self->name_label, names == NULL);
  if (names != NULL)
    {
      gtk_size_group_add_widget (names, GTK_WIDGET (self->name_label));
      /* The values of bytes. */
      gtk_widget_set_direction (GTK_WIDGET (self->value_label), GTK_TEXT_DIR_LTR);
    }
  else if (!is_wide)
    gtk_inscription_set_xalign (self->value_label, 1);
  socketeer_value_row_set_name (self, name, spoken);
  return GTK_WIDGET (self);
}
