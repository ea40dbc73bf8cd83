/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-preferences-private.h"

#include <glib/gi18n.h>

#include "skt-encoding.h"
#include "socketeer-contrast.h"
#include "socketeer-look.h"
#include "socketeer-settings.h"

/* The page “View” of the preferences, beyond what is bound as it is. */

/* -- Font ------------------------------------------------------------------------------------------------------ */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate (*(const char *const *) a, *(const char *const *) b);
}

/* Those whose characters all have one width: the bytes stand in columns. */
static void
list_families (SocketeerPreferences *self)
{
  PangoFontFamily **families;
  int n;

  self->families = g_ptr_array_new_with_free_func (g_free);
  pango_context_list_families (gtk_widget_get_pango_context (GTK_WIDGET (self)), &families, &n);
  for (int i = 0; i < n; i++)
    if (pango_font_family_is_monospace (families[i]) &&
        g_ascii_strcasecmp (pango_font_family_get_name (families[i]), "monospace") != 0)
      g_ptr_array_add (self->families, g_strdup (pango_font_family_get_name (families[i])));
  g_free (families);
  g_ptr_array_sort (self->families, compare_names);
}

static void
offer_family (SocketeerPreferences *self, const char *name, gboolean is_installed)
{
  GtkStringList *model = GTK_STRING_LIST (adw_combo_row_get_model (self->font_row));
  /* Translators: %s is the name of a font */
  g_autofree char *text = is_installed ? g_strdup (name) : g_strdup_printf (_ ("%s (not found)"), name);

  gtk_string_list_append (model, text);
}

/* 0: the system's. One that is not offered is added. */
static guint
get_position (SocketeerPreferences *self, const char *family)
{
  if (family == NULL)
    return 0;
  for (guint i = 0; i < self->families->len; i++)
    if (g_ascii_strcasecmp (family, g_ptr_array_index (self->families, i)) == 0)
      return i + 1;
  g_ptr_array_add (self->families, g_strdup (family));
  offer_family (self, family, FALSE);
  return self->families->len;
}

static void
show_font (SocketeerPreferences *self)
{
  g_autofree char *text = g_settings_get_string (socketeer_settings_get (), "font");
  g_autofree char *family = NULL;
  double size;

  socketeer_look_parse_font (text, &family, &size);
  self->in_change = TRUE;
  adw_combo_row_set_selected (self->font_row, get_position (self, family));
  gtk_spin_button_set_value (self->font_size_spin, size);
  self->in_change = FALSE;
}

static void
store_font (SocketeerPreferences *self)
{
  guint position = adw_combo_row_get_selected (self->font_row);
  const char *family =
    position > 0 && position <= self->families->len ? g_ptr_array_index (self->families, position - 1) : NULL;
  g_autofree char *text = NULL;

  if (self->in_change)
    return;
  text = socketeer_look_dup_font (family, gtk_spin_button_get_value (self->font_size_spin));
  g_settings_set_string (socketeer_settings_get (), "font", text);
}

static void
init_font (SocketeerPreferences *self)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);

  /* Translators: the font that the system uses where all characters have the same width */
  gtk_string_list_append (model, _ ("System monospace"));
  adw_combo_row_set_model (self->font_row, G_LIST_MODEL (model));
  list_families (self);
  for (guint i = 0; i < self->families->len; i++)
    offer_family (self, g_ptr_array_index (self->families, i), TRUE);
  show_font (self);
  g_signal_connect_swapped (self->font_row, "notify::selected", G_CALLBACK (store_font), self);
  g_signal_connect_swapped (self->font_size_spin, "value-changed", G_CALLBACK (store_font), self);
  g_signal_connect_object (socketeer_settings_get (), "changed::font", G_CALLBACK (show_font), self, G_CONNECT_SWAPPED);
}

/* -- Colours --------------------------------------------------------------------------------------------------- */

/* What is hard to read is said, and what is done about it. */
static void
show_contrast (AdwActionRow *row, const GdkRGBA *color)
{
  double light = socketeer_contrast_get_ratio (color, &socketeer_look_backgrounds[0]);
  double dark = socketeer_contrast_get_ratio (color, &socketeer_look_backgrounds[1]);
  g_autofree char *text = NULL;

  if (light < SOCKETEER_CONTRAST_TEXT && light <= dark)
    /* Translators: %.1f is the contrast ratio of a color and its background, up to 21 */
    text = g_strdup_printf (_ ("Hard to read on a light background (contrast %.1f : 1); there it is shown darker"), light);
  else if (dark < SOCKETEER_CONTRAST_TEXT)
    /* Translators: %.1f is the contrast ratio of a color and its background, up to 21 */
    text = g_strdup_printf (_ ("Hard to read on a dark background (contrast %.1f : 1); there it is shown lighter"), dark);
  else
    text = g_strdup (_ ("Good to read on light and dark backgrounds"));
  adw_action_row_set_subtitle (row, text);
}

static void
show_color (GtkColorButton *button, AdwActionRow *row, const char *key)
{
  g_autofree char *text = g_settings_get_string (socketeer_settings_get (), key);
  GdkRGBA color;

  if (!gdk_rgba_parse (&color, text))
    {
      g_autoptr (GVariant) otherwise = g_settings_get_default_value (socketeer_settings_get (), key);
      gdk_rgba_parse (&color, g_variant_get_string (otherwise, NULL));
    }
  gtk_color_chooser_set_rgba (GTK_COLOR_CHOOSER (button), &color);
  show_contrast (row, &color);
}

static void
show_colors (SocketeerPreferences *self)
{
  g_autofree char *scheme = g_settings_get_string (socketeer_settings_get (), "direction-colors");
  gboolean is_own = g_str_equal (scheme, "own");

  show_color (self->received_color_button, self->received_color_row, "received-color");
  show_color (self->sent_color_button, self->sent_color_row, "sent-color");
  gtk_widget_set_sensitive (GTK_WIDGET (self->received_color_row), is_own);
  gtk_widget_set_sensitive (GTK_WIDGET (self->sent_color_row), is_own);
}

static void
color_set_cb (GtkColorButton *button, gpointer key)
{
  GdkRGBA color;
  g_autofree char *text = NULL;

  gtk_color_chooser_get_rgba (GTK_COLOR_CHOOSER (button), &color);
  color.alpha = 1;
  text = g_strdup_printf ("#%02x%02x%02x", (guint) (color.red * 255 + 0.5f), (guint) (color.green * 255 + 0.5f),
                          (guint) (color.blue * 255 + 0.5f));
  g_settings_set_string (socketeer_settings_get (), key, text);
}

static void
init_color (GtkColorButton *button, const char *title, const char *key)
{
  /* What has the keyboard is a button inside. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (button))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect (button, "color-set", G_CALLBACK (color_set_cb), (gpointer) key);
}

static void
init_colors (SocketeerPreferences *self)
{
  static const char *const schemes[] = { "theme", "orange-blue", "teal-purple", "text", "own", NULL };
  static const char *const signals[] = { "changed::direction-colors", "changed::received-color", "changed::sent-color" };

  _socketeer_preferences_bind_combo (self->colors_row, "direction-colors", schemes);
  init_color (self->received_color_button, _ ("Color of what was received"), "received-color");
  init_color (self->sent_color_button, _ ("Color of what was sent"), "sent-color");
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_object (socketeer_settings_get (), signals[i], G_CALLBACK (show_colors), self, G_CONNECT_SWAPPED);
  show_colors (self);
}

/* -------------------------------------------------------------------------------------------------------------- */

void
_socketeer_preferences_view_init (SocketeerPreferences *self)
{
  static const char *const widths[] = { "8", "16", "32", NULL };
  static const char *const times[] = { "clock", "delta", "mark", "none", NULL };
  GSettings *settings = socketeer_settings_get ();

  _socketeer_preferences_bind_combo (self->width_row, "hex-bytes-per-row", widths);
  _socketeer_preferences_bind_combo (self->time_row, "time-column", times);
  g_settings_bind (settings, "peer-column", self->peer_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "offset-column", self->offset_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "size-column", self->size_switch, "active", G_SETTINGS_BIND_DEFAULT);
  init_font (self);
  init_colors (self);
}
