/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-glyphs.h"

#include <string.h>

#define FIRST_ASCII 0x20
#define N_ASCII (0x7f - FIRST_ASCII)
#define LINE_SPACING 1.15

typedef struct
{
  PangoFont *font; /* borrowed from the fonts table */
  PangoGlyph glyph;
  int x_offset; /* centres it in its cell */
} Glyph;

struct _SocketeerGlyphs
{
  PangoContext *context;
  PangoFontDescription *description;
  GPtrArray *fonts; /* keeps alive what glyphs point to */
  Glyph ascii[N_ASCII];
  PangoGlyphString *string; /* reused */
  int advance;              /* Pango units */
  int ascent;               /* pixels, from the row's top to the baseline */
  int row_height;
};

static void
shape_one (SocketeerGlyphs *self, gunichar c, PangoAttrList *attributes, Glyph *ret_glyph)
{
  char text[8];
  int length = g_unichar_to_utf8 (c, text);
  GList *items = pango_itemize (self->context, text, 0, length, attributes, NULL);
  PangoItem *item = items->data;

  pango_shape_full (text, length, text, length, &item->analysis, self->string);
  ret_glyph->font = item->analysis.font;
  ret_glyph->glyph = self->string->num_glyphs > 0 ? self->string->glyphs[0].glyph : PANGO_GLYPH_EMPTY;
  ret_glyph->x_offset = 0;
  if (self->string->num_glyphs > 0 && self->advance > 0)
    ret_glyph->x_offset = (self->advance - self->string->glyphs[0].geometry.width) / 2;
  if (!g_ptr_array_find (self->fonts, ret_glyph->font, NULL))
    g_ptr_array_add (self->fonts, g_object_ref (ret_glyph->font));
  g_list_free_full (items, (GDestroyNotify) pango_item_free);
}

static PangoAttrList *
make_attributes (SocketeerGlyphs *self)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_font_desc_new (self->description));
  /* No fi, no ->: a glyph is a byte. */
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("liga 0, clig 0, calt 0, dlig 0"));
  return attributes;
}

static void
measure (SocketeerGlyphs *self, PangoAttrList *attributes)
{
  PangoFontMetrics *metrics = pango_context_get_metrics (self->context, self->description, NULL);
  Glyph zero;
  int height;

  shape_one (self, '0', attributes, &zero);
  self->advance = MAX (PANGO_SCALE, self->string->glyphs[0].geometry.width);
  self->advance = PANGO_SCALE * ((self->advance + PANGO_SCALE / 2) / PANGO_SCALE);
  height = pango_font_metrics_get_ascent (metrics) + pango_font_metrics_get_descent (metrics);
  self->row_height = MAX (4, PANGO_PIXELS_CEIL ((int) (height * LINE_SPACING)));
  self->ascent = PANGO_PIXELS (pango_font_metrics_get_ascent (metrics)) +
                 (self->row_height - PANGO_PIXELS_CEIL (height)) / 2;
  pango_font_metrics_unref (metrics);
}

SocketeerGlyphs *
socketeer_glyphs_new (PangoContext *context, double scale)
{
  SocketeerGlyphs *self = g_new0 (SocketeerGlyphs, 1);
  PangoAttrList *attributes;
  const PangoFontDescription *base = pango_context_get_font_description (context);
  int size = pango_font_description_get_size (base);

  self->context = g_object_ref (context);
  self->description = pango_font_description_copy (base);
  if (size <= 0)
    size = 10 * PANGO_SCALE;
  if (pango_font_description_get_size_is_absolute (base))
    pango_font_description_set_absolute_size (self->description, size * scale);
  else
    pango_font_description_set_size (self->description, size * scale);
  self->fonts = g_ptr_array_new_with_free_func (g_object_unref);
  self->string = pango_glyph_string_new ();

  attributes = make_attributes (self);
  measure (self, attributes);
  for (guint i = 0; i < N_ASCII; i++)
    shape_one (self, FIRST_ASCII + i, attributes, &self->ascii[i]);
  self->ascii[0].glyph = PANGO_GLYPH_EMPTY;
  pango_attr_list_unref (attributes);
  return self;
}

void
socketeer_glyphs_free (SocketeerGlyphs *self)
{
  pango_glyph_string_free (self->string);
  g_ptr_array_unref (self->fonts);
  pango_font_description_free (self->description);
  g_object_unref (self->context);
  g_free (self);
}

double
socketeer_glyphs_get_advance (SocketeerGlyphs *self)
{
  return (double) self->advance / PANGO_SCALE;
}

int
socketeer_glyphs_get_row_height (SocketeerGlyphs *self)
{
  return self->row_height;
}

/* A text node leaves out empty glyphs together with their width: it goes to the glyph before, or to the start. */
static double
merge_empty_glyphs (PangoGlyphString *string)
{
  double start = 0;
  int n = 0;

  for (int i = 0; i < string->num_glyphs; i++)
    {
      if (string->glyphs[i].glyph != PANGO_GLYPH_EMPTY)
        {
          string->log_clusters[n] = string->log_clusters[i];
          string->glyphs[n++] = string->glyphs[i];
        }
      else if (n > 0)
        string->glyphs[n - 1].geometry.width += string->glyphs[i].geometry.width;
      else
        start += string->glyphs[i].geometry.width;
    }
  string->num_glyphs = n;
  return start / PANGO_SCALE;
}

static void
append_node (SocketeerGlyphs *self, GtkSnapshot *snapshot, PangoFont *font, double x, const GdkRGBA *color)
{
  GskRenderNode *node;

  x += merge_empty_glyphs (self->string);
  /* NULL when there is nothing to draw. */
  node = gsk_text_node_new (font, self->string, color, &GRAPHENE_POINT_INIT (x, self->ascent));
  if (node == NULL)
    return;
  gtk_snapshot_append_node (snapshot, node);
  gsk_render_node_unref (node);
}

static const Glyph *
find_glyph (SocketeerGlyphs *self, char c)
{
  guint i = (guchar) c - FIRST_ASCII;
  return &self->ascii[i < N_ASCII ? i : 0];
}

static void
set_glyph (SocketeerGlyphs *self, int i, const Glyph *glyph)
{
  PangoGlyphInfo *info = &self->string->glyphs[i];

  info->glyph = glyph->glyph;
  info->geometry = (PangoGlyphGeometry){ self->advance, glyph->x_offset, 0 };
  /* All of it: a stray is_color makes the gl renderer draw the glyph white. */
  info->attr = (PangoGlyphVisAttr){ .is_cluster_start = 1 };
  self->string->log_clusters[i] = i;
}

void
socketeer_glyphs_append_simple (SocketeerGlyphs *self,
                                GtkSnapshot *snapshot,
                                const char *text,
                                gsize length,
                                guint cell,
                                const GdkRGBA *color)
{
  const char *end = text + length;
  double x = cell * socketeer_glyphs_get_advance (self);

  /* A node for each run of one font: nearly always one. */
  while (text < end)
    {
      PangoFont *font = NULL;
      int n = 0;

      pango_glyph_string_set_size (self->string, end - text);
      while (text < end)
        {
          const Glyph *glyph = find_glyph (self, *text);
          if (font != NULL && glyph->font != font && glyph->glyph != PANGO_GLYPH_EMPTY)
            break;
          if (glyph->glyph != PANGO_GLYPH_EMPTY || font == NULL)
            font = glyph->font;
          set_glyph (self, n++, glyph);
          text++;
        }
      pango_glyph_string_set_size (self->string, n);
      append_node (self, snapshot, font, x, color);
      x += n * socketeer_glyphs_get_advance (self);
    }
}

/* A glyph that is wider than its cells (“℃” in one) is drawn smaller. */
static void
append_squeezed (SocketeerGlyphs *self,
                 GtkSnapshot *snapshot,
                 PangoFont *font,
                 const PangoGlyphInfo *info,
                 int wanted,
                 double x,
                 const GdkRGBA *color)
{
  PangoGlyphString *string = pango_glyph_string_new ();
  double factor = (double) wanted / info->geometry.width;
  GskRenderNode *node;

  pango_glyph_string_set_size (string, 1);
  string->glyphs[0] = *info;
  string->log_clusters[0] = 0;
  node = gsk_text_node_new (font, string, color, graphene_point_zero ());
  if (node != NULL)
    {
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, self->ascent));
      gtk_snapshot_scale (snapshot, factor, factor);
      gtk_snapshot_append_node (snapshot, node);
      gtk_snapshot_restore (snapshot);
      gsk_render_node_unref (node);
    }
  pango_glyph_string_free (string);
}

/* Gives the glyphs [first, end) of a cluster the width of its cells. */
static void
fit_cluster (PangoGlyphInfo *glyphs, int first, int end, int wanted)
{
  int natural = 0;

  for (int i = first; i < end; i++)
    natural += glyphs[i].geometry.width;
  if (natural == wanted)
    return;
  if (end - first > 1 && natural > wanted)
    {
      /* Marks that the font gives a width of their own: onto the base. */
      for (int i = first + 1; i < end; i++)
        {
          if (glyphs[i].geometry.width > 0)
            glyphs[i].geometry.x_offset -= wanted;
          glyphs[i].geometry.width = 0;
        }
      glyphs[first].geometry.width = wanted;
      return;
    }
  /* What is narrower or wider than its cells is centred in them. */
  for (int i = first; i < end; i++)
    glyphs[i].geometry.x_offset += (wanted - natural) / 2;
  glyphs[end - 1].geometry.width += wanted - natural;
}

/* x: where the item begins, in pixels. */
static void
fit_clusters (SocketeerGlyphs *self,
              GtkSnapshot *snapshot,
              const PangoItem *item,
              const guint16 *cells,
              double x,
              const GdkRGBA *color)
{
  PangoGlyphString *string = self->string;
  int next;

  for (int i = 0; i < string->num_glyphs; i = next)
    {
      int start = string->log_clusters[i], end, wanted;
      PangoGlyphInfo *glyph = &string->glyphs[i];

      for (next = i + 1; next < string->num_glyphs && string->log_clusters[next] == start; next++)
        ;
      end = next < string->num_glyphs ? string->log_clusters[next] : item->length;
      wanted = (cells[MAX (start, end)] - cells[start]) * self->advance;
      if (next == i + 1 && wanted > 0 && glyph->geometry.width > wanted + self->advance / 4)
        {
          append_squeezed (self, snapshot, item->analysis.font, glyph, wanted,
                           x + (cells[start] - cells[0]) * socketeer_glyphs_get_advance (self), color);
          glyph->glyph = PANGO_GLYPH_EMPTY;
          glyph->geometry.width = wanted;
          continue;
        }
      fit_cluster (string->glyphs, i, next, wanted);
    }
}

void
socketeer_glyphs_append_text (SocketeerGlyphs *self,
                              GtkSnapshot *snapshot,
                              const char *text,
                              gsize length,
                              const guint16 *cells,
                              guint cell,
                              const GdkRGBA *color)
{
  PangoAttrList *attributes;
  GList *items;

  if (length == 0)
    return;
  attributes = make_attributes (self);
  items = pango_itemize_with_base_dir (self->context, PANGO_DIRECTION_LTR, text, 0, length, attributes, NULL);
  for (GList *l = items; l != NULL; l = l->next)
    {
      PangoItem *item = l->data;
      double x;
      const guint16 *item_cells = cells + item->offset;

      item->analysis.level = 0;
      pango_shape_full (text + item->offset, item->length, text, length, &item->analysis, self->string);
      x = (cell + item_cells[0]) * socketeer_glyphs_get_advance (self);
      fit_clusters (self, snapshot, item, item_cells, x, color);
      append_node (self, snapshot, item->analysis.font, x, color);
    }
  g_list_free_full (items, (GDestroyNotify) pango_item_free);
  pango_attr_list_unref (attributes);
}

guint
socketeer_glyphs_append_words (SocketeerGlyphs *self,
                               GtkSnapshot *snapshot,
                               const char *text,
                               guint cell,
                               guint max_cells,
                               const GdkRGBA *color)
{
  gsize length = strlen (text), end = 0;
  g_autofree guint16 *cells = g_new0 (guint16, length + 1);
  guint n = 0;
  gboolean is_simple = TRUE;

  while (end < length)
    {
      gunichar c = g_utf8_get_char (text + end);
      gsize next = g_utf8_next_char (text + end) - text;
      guint width = g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;

      if (n + width > max_cells)
        break;
      is_simple = is_simple && c < 0x7f;
      for (gsize i = end; i < next; i++)
        cells[i] = n;
      n += width;
      end = next;
    }
  cells[end] = n;
  if (is_simple)
    socketeer_glyphs_append_simple (self, snapshot, text, end, cell, color);
  else
    socketeer_glyphs_append_text (self, snapshot, text, end, cells, cell, color);
  return n;
}
