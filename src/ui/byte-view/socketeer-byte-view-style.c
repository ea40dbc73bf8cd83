/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-byte-view-private.h"

#include <adwaita.h>

#include <string.h>

#include "socketeer-compat.h"
#include "socketeer-contrast.h"

static GdkRGBA
with_alpha (GdkRGBA color, float alpha)
{
  color.alpha *= alpha;
  return color;
}

static GdkRGBA
lookup (SocketeerByteView *self, const char *name, const char *fallback)
{
  GdkRGBA color;
  if (!socketeer_compat_lookup_color (GTK_WIDGET (self), name, &color))
    gdk_rgba_parse (&color, fallback);
  return color;
}

/* What is faint must be seen too. The theme has its own colours with high contrast; this is for what is made from them here. */
static void
raise_contrast (SocketeerPalette *palette)
{
  GdkRGBA text = palette->text, accent = palette->sent;

  palette->dim = with_alpha (text, 0.85);
  palette->event = text;
  palette->box = with_alpha (text, 0.22);
  palette->sent_background = with_alpha (accent, 0.16);
  palette->gutter_background = with_alpha (text, 0.08);
  palette->line = with_alpha (text, 0.5);
  palette->hit.alpha = 0.6;
  palette->hit_line.alpha = 1;
  palette->selection.alpha = 0.55;
}

/* As the user wants them, as far as they can be read. */
static void
update_directions (SocketeerByteView *self, const GdkRGBA *text)
{
  SocketeerPalette *palette = &self->palette;
  gboolean is_dark = socketeer_contrast_get_luminance (text) > 0.5;
  GdkRGBA background = lookup (self, "view_bg_color", is_dark ? "#1e1e1e" : "#ffffff");
  double minimum =
    adw_style_manager_get_high_contrast (adw_style_manager_get_default ()) ? SOCKETEER_CONTRAST_HIGH : SOCKETEER_CONTRAST_TEXT;

  if (self->colors.kind == SOCKETEER_COLORS_TEXT)
    {
      palette->received = palette->sent = *text;
      palette->sent_background = with_alpha (*text, 0.05);
    }
  if (self->colors.kind != SOCKETEER_COLORS_CHOSEN)
    return;
  socketeer_contrast_adapt (&self->colors.received[is_dark], &background, text, minimum, &palette->received);
  socketeer_contrast_adapt (&self->colors.sent[is_dark], &background, text, minimum, &palette->sent);
  palette->sent_background = with_alpha (palette->sent, 0.07);
}

void
socketeer_byte_view_set_colors (SocketeerByteView *self, const SocketeerDirectionColors *colors)
{
  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));

  self->colors = *colors;
  if (self->glyphs != NULL)
    _socketeer_byte_view_update_style (self);
}

static void
update_palette (SocketeerByteView *self)
{
  SocketeerPalette *palette = &self->palette;
  GdkRGBA accent = lookup (self, "accent_color", "#1c71d8");
  GdkRGBA text;

  socketeer_compat_get_color (GTK_WIDGET (self), &text);
  palette->text = text;
  palette->dim = with_alpha (text, 0.62);
  palette->error = lookup (self, "error_color", "#c01c28");
  palette->token = lookup (self, "warning_color", "#9c6e03");
  palette->event = with_alpha (text, 0.75);
  palette->received = lookup (self, "success_color", "#1b8553");
  palette->sent = accent;
  palette->box = with_alpha (text, 0.1);
  palette->sent_background = with_alpha (accent, 0.07);
  update_directions (self, &text);
  palette->gutter_background = with_alpha (text, 0.035);
  palette->line = with_alpha (text, 0.12);
  palette->hit = with_alpha (lookup (self, "warning_bg_color", "#e5a50a"), 0.35);
  palette->hit_line = with_alpha (lookup (self, "warning_color", "#9c6e03"), 0.9);
  palette->selection = with_alpha (lookup (self, "accent_bg_color", "#3584e4"), 0.38);
  if (adw_style_manager_get_high_contrast (adw_style_manager_get_default ()))
    raise_contrast (palette);
}

/* Style changes are many (focus, backdrop), and few of them change what is drawn. */
void
_socketeer_byte_view_update_style (SocketeerByteView *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  const PangoFontDescription *font = pango_context_get_font_description (context);
  SocketeerPalette before = self->palette;

  update_palette (self);
  if (self->glyphs != NULL && self->glyphs_scale == self->font_scale && self->font != NULL &&
      pango_font_description_equal (self->font, font) && memcmp (&before, &self->palette, sizeof before) == 0)
    return;
  g_clear_pointer (&self->font, pango_font_description_free);
  self->font = pango_font_description_copy (font);
  self->glyphs_scale = self->font_scale;
  g_clear_handle_id (&self->shaping_id, g_source_remove);
  g_clear_pointer (&self->bookmark_node, gsk_render_node_unref);
  _socketeer_byte_view_clear_acks (self);
  _socketeer_byte_view_clear_check_marks (self);
  g_clear_pointer (&self->glyphs, socketeer_glyphs_free);
  self->glyphs = socketeer_glyphs_new (context, self->font_scale);
  if (self->cache != NULL)
    {
      socketeer_row_cache_clear (self->cache);
      g_ptr_array_set_size (self->rows, 0);
      socketeer_row_cache_set_style (self->cache, self->layout, self->glyphs, &self->palette);
    }
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
_socketeer_byte_view_ensure_style (SocketeerByteView *self)
{
  if (self->glyphs == NULL)
    _socketeer_byte_view_update_style (self);
}
