/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-shape.h"

/* The item being placed. */
typedef struct
{
  PangoFont *font;
  PangoGlyphString *string;
  const guint16 *cells; /* of the item's first byte */
  int item_length;
  int advance;
  int x; /* of the item */
  GArray *glyphs;
} Placer;

void
socketeer_shape_keep_font (GHashTable *fonts, PangoFont *font)
{
  if (!g_hash_table_contains (fonts, font))
    g_hash_table_add (fonts, g_object_ref (font));
}

static void
add_glyph (Placer *self, const PangoGlyphInfo *info, int x, float scale)
{
  SocketeerGlyph glyph = {
    .font = self->font,
    .glyph = info->glyph,
    .x = x + info->geometry.x_offset * scale,
    .y = info->geometry.y_offset * scale,
    .width = info->geometry.width,
    .scale = scale,
    .attr = info->attr,
  };
  if (glyph.glyph != PANGO_GLYPH_EMPTY)
    g_array_append_val (self->glyphs, glyph);
}

/* Places the glyphs [first, end) of a cluster into `wanted` units from x on. */
static void
place_cluster (Placer *self, int first, int end, int x, int wanted)
{
  PangoGlyphInfo *glyphs = self->string->glyphs;
  int natural = 0, pen = x;

  for (int i = first; i < end; i++)
    natural += glyphs[i].geometry.width;

  /* A glyph that is wider than its cells (“℃” in one) is drawn smaller. */
  if (end - first == 1 && wanted > 0 && natural > wanted + self->advance / 4)
    {
      add_glyph (self, &glyphs[first], x, (float) wanted / natural);
      return;
    }
  if (end - first > 1 && natural > wanted)
    {
      /* Marks that the font gives a width of their own: onto the base. */
      add_glyph (self, &glyphs[first], x, 1);
      for (int i = first + 1; i < end; i++)
        add_glyph (self, &glyphs[i], glyphs[i].geometry.width > 0 ? x : x + wanted, 1);
      return;
    }
  /* What is narrower or wider than its cells is centred in them. */
  pen += (wanted - natural) / 2;
  for (int i = first; i < end; i++)
    {
      add_glyph (self, &glyphs[i], pen, 1);
      pen += glyphs[i].geometry.width;
    }
}

static void
place_item (Placer *self)
{
  PangoGlyphString *string = self->string;
  int next;

  for (int i = 0; i < string->num_glyphs; i = next)
    {
      int start = string->log_clusters[i], end;

      for (next = i + 1; next < string->num_glyphs && string->log_clusters[next] == start; next++)
        ;
      end = next < string->num_glyphs ? string->log_clusters[next] : self->item_length;
      place_cluster (self, i, next, self->x + (self->cells[start] - self->cells[0]) * self->advance,
                     (self->cells[MAX (start, end)] - self->cells[start]) * self->advance);
    }
}

void
socketeer_shape_text (PangoContext *context,
                      PangoAttrList *attributes,
                      int advance,
                      const char *text,
                      gsize length,
                      const guint16 *cells,
                      GHashTable *fonts,
                      GArray *glyphs)
{
  GList *items = pango_itemize_with_base_dir (context, PANGO_DIRECTION_LTR, text, 0, length, attributes, NULL);
  PangoGlyphString *string = pango_glyph_string_new ();

  for (GList *l = items; l != NULL; l = l->next)
    {
      PangoItem *item = l->data;
      Placer placer = {
        .font = item->analysis.font,
        .string = string,
        .cells = cells + item->offset,
        .item_length = item->length,
        .advance = advance,
        .x = (cells[item->offset] - cells[0]) * advance,
        .glyphs = glyphs,
      };

      item->analysis.level = 0;
      socketeer_shape_keep_font (fonts, item->analysis.font);
      pango_shape_full (text + item->offset, item->length, text, length, &item->analysis, string);
      place_item (&placer);
    }
  pango_glyph_string_free (string);
  g_list_free_full (items, (GDestroyNotify) pango_item_free);
}
