/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-look.h"

#include <adwaita.h>

#include "socketeer-contrast.h"
#include "socketeer-settings.h"

#define MIN_POINTS 4
#define MAX_POINTS 96

/* As libadwaita's view_bg_color. */
const GdkRGBA socketeer_look_backgrounds[2] = { { 1, 1, 1, 1 }, { 0.118f, 0.118f, 0.118f, 1 } };

/* -- Font ------------------------------------------------------------------------------------------------------ */

void
socketeer_look_parse_font (const char *text, char **ret_family, double *ret_size)
{
  PangoFontDescription *font = pango_font_description_from_string (text);
  const char *family = pango_font_description_get_family (font);
  double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;

  *ret_family = NULL;
  if (family != NULL && *family != '\0' && g_ascii_strcasecmp (family, "monospace") != 0 && g_utf8_validate (family, -1, NULL))
    *ret_family = g_strdup (family);
  *ret_size = size > 0 ? CLAMP (size, MIN_POINTS, MAX_POINTS) : 0;
  pango_font_description_free (font);
}

char *
socketeer_look_dup_font (const char *family, double size)
{
  PangoFontDescription *font;
  char *text;

  if (family == NULL && size <= 0)
    return g_strdup ("");
  font = pango_font_description_new ();
  pango_font_description_set_family (font, family != NULL ? family : "Monospace");
  if (size > 0)
    pango_font_description_set_size (font, (int) (size * PANGO_SCALE + 0.5));
  text = pango_font_description_to_string (font);
  pango_font_description_free (font);
  return text;
}

/* As a string of CSS: nothing of it ends the string. */
static void
append_quoted (GString *css, const char *text)
{
  g_string_append_c (css, '"');
  for (const char *p = text; *p != '\0'; p++)
    if (*p == '"' || *p == '\\' || (guchar) *p < 0x20)
      g_string_append_printf (css, "\\%x ", (guchar) *p);
    else
      g_string_append_c (css, *p);
  g_string_append_c (css, '"');
}

static void
append_font (GString *css)
{
  g_autofree char *text = g_settings_get_string (socketeer_settings_get (), "font");
  g_autofree char *family = NULL;
  char points[G_ASCII_DTOSTR_BUF_SIZE];
  double size;

  socketeer_look_parse_font (text, &family, &size);
  if (family != NULL)
    {
      g_string_append (css, "byteview, .monospace, waiting, list.values .value, graph .value, list.life .time { font-family: ");
      append_quoted (css, family);
      g_string_append (css, ", monospace; }\n");
    }
  if (size > 0)
    g_string_append_printf (css, "byteview, textview.monospace, label.sample { font-size: %spt; }\n",
                            g_ascii_formatd (points, sizeof points, "%.2f", size));
}

/* -- Colours --------------------------------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  const char *received[2]; /* light, dark */
  const char *sent[2];
} Scheme;

static const Scheme schemes[] = {
  { "orange-blue", { "#9a4c00", "#ffbe6f" }, { "#1a5fb4", "#99c1f1" } },
  { "teal-purple", { "#00695c", "#4db6ac" }, { "#7b1fa2", "#ce93d8" } },
};

static void
parse_own (const char *key, GdkRGBA colors[2])
{
  g_autofree char *text = g_settings_get_string (socketeer_settings_get (), key);

  if (!gdk_rgba_parse (&colors[0], text))
    {
      g_autoptr (GVariant) otherwise = g_settings_get_default_value (socketeer_settings_get (), key);
      gdk_rgba_parse (&colors[0], g_variant_get_string (otherwise, NULL));
    }
  colors[0].alpha = 1;
  colors[1] = colors[0];
}

static void
read_colors (SocketeerDirectionColors *ret_colors)
{
  g_autofree char *name = g_settings_get_string (socketeer_settings_get (), "direction-colors");

  *ret_colors = (SocketeerDirectionColors){ .kind = SOCKETEER_COLORS_THEME };
  if (g_str_equal (name, "text"))
    ret_colors->kind = SOCKETEER_COLORS_TEXT;
  if (g_str_equal (name, "own"))
    {
      ret_colors->kind = SOCKETEER_COLORS_CHOSEN;
      parse_own ("received-color", ret_colors->received);
      parse_own ("sent-color", ret_colors->sent);
    }
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_str_equal (name, schemes[i].name))
      {
        ret_colors->kind = SOCKETEER_COLORS_CHOSEN;
        for (guint k = 0; k < 2; k++)
          {
            gdk_rgba_parse (&ret_colors->received[k], schemes[i].received[k]);
            gdk_rgba_parse (&ret_colors->sent[k], schemes[i].sent[k]);
          }
      }
}

static void
append_color (GString *css, const char *selector, const GdkRGBA colors[2])
{
  static const GdkRGBA text[2] = { { 0, 0, 0, 1 }, { 1, 1, 1, 1 } };
  AdwStyleManager *style = adw_style_manager_get_default ();
  guint k = adw_style_manager_get_dark (style) ? 1 : 0;
  double minimum = adw_style_manager_get_high_contrast (style) ? SOCKETEER_CONTRAST_HIGH : SOCKETEER_CONTRAST_TEXT;
  GdkRGBA color;
  g_autofree char *name = NULL;

  socketeer_contrast_adapt (&colors[k], &socketeer_look_backgrounds[k], &text[k], minimum, &color);
  name = gdk_rgba_to_string (&color);
  g_string_append_printf (css, "%s { color: %s; }\n", selector, name);
}

static void
append_colors (GString *css)
{
  SocketeerDirectionColors colors;

  read_colors (&colors);
  if (colors.kind == SOCKETEER_COLORS_TEXT)
    g_string_append (css, ".received, .sent { color: inherit; }\n");
  if (colors.kind != SOCKETEER_COLORS_CHOSEN)
    return;
  append_color (css, ".received", colors.received);
  append_color (css, ".sent", colors.sent);
}

/* -- All widgets ----------------------------------------------------------------------------------------------- */

static void
load_css (GtkCssProvider *provider)
{
  g_autoptr (GString) css = g_string_new (NULL);

  append_font (css);
  append_colors (css);
  gtk_css_provider_load_from_data (provider, css->str, css->len);
}

void
socketeer_look_start (GdkDisplay *display)
{
  static const char *const signals[] = { "changed::font", "changed::direction-colors", "changed::received-color", "changed::sent-color" };
  GtkCssProvider *provider;

  if (g_object_get_data (G_OBJECT (display), "socketeer-look") != NULL)
    return;
  provider = gtk_css_provider_new ();
  g_object_set_data_full (G_OBJECT (display), "socketeer-look", provider, g_object_unref);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_object (socketeer_settings_get (), signals[i], G_CALLBACK (load_css), provider, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (load_css), provider, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast", G_CALLBACK (load_css), provider,
                           G_CONNECT_SWAPPED);
  load_css (provider);
  /* Above style.css. */
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
}

/* -- A view ---------------------------------------------------------------------------------------------------- */

static void
show_columns (SocketeerByteView *view)
{
  GSettings *settings = socketeer_settings_get ();
  SocketeerColumns columns = {
    .peer = g_settings_get_boolean (settings, "peer-column"),
    .offset = g_settings_get_boolean (settings, "offset-column"),
    .size = g_settings_get_boolean (settings, "size-column"),
  };

  socketeer_byte_view_set_columns (view, &columns);
}

static void
show_colors (SocketeerByteView *view)
{
  SocketeerDirectionColors colors;

  read_colors (&colors);
  socketeer_byte_view_set_colors (view, &colors);
}

void
socketeer_look_attach (SocketeerByteView *view)
{
  static const char *const columns[] = { "changed::peer-column", "changed::offset-column", "changed::size-column" };
  static const char *const colors[] = { "changed::direction-colors", "changed::received-color", "changed::sent-color" };

  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (view));

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    g_signal_connect_object (socketeer_settings_get (), columns[i], G_CALLBACK (show_columns), view, G_CONNECT_SWAPPED);
  for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
    g_signal_connect_object (socketeer_settings_get (), colors[i], G_CALLBACK (show_colors), view, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast", G_CALLBACK (show_colors), view,
                           G_CONNECT_SWAPPED);
  show_columns (view);
  show_colors (view);
}
