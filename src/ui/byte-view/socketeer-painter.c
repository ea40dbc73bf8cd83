/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-painter.h"

#include <string.h>

/* The most that is shaped together where characters depend on their neighbours, and where it may be cut before. */
#define MAX_CLUSTER_BYTES 240
#define CUT_CLUSTER_BYTES 120
#define VIRAMA 9 /* combining class: what follows may join */

/* The glyphs of one font and colour. */
typedef struct
{
  PangoFont *font;
  const GdkRGBA *color;
  PangoGlyphString *string;
  int n;
  int start; /* of the first glyph's cell, Pango units */
  int last;  /* of the last glyph's cell */
} Bucket;

struct _SocketeerPainter
{
  SocketeerGlyphs *glyphs; /* borrowed, as are the colours */
  const GdkRGBA *placeholder;
  guint from, to;
  int advance; /* Pango units */

  GArray *buckets; /* Bucket; the first n_buckets of them are in use, the others keep their strings */
  guint n_buckets;
  guint last_bucket;
  GPtrArray *boxes;  /* GskRenderNode, owned */
  GPtrArray *alone;  /* GskRenderNode, owned: glyphs that are no part of a bucket */
  guint pending_from, pending_to; /* cells of the placeholder that is being made; empty if they are the same */
  gboolean is_pending;
};

static void
bucket_clear (gpointer data)
{
  Bucket *bucket = data;
  g_clear_pointer (&bucket->string, pango_glyph_string_free);
}

SocketeerPainter *
socketeer_painter_new (void)
{
  SocketeerPainter *self = g_new0 (SocketeerPainter, 1);

  self->buckets = g_array_new (FALSE, TRUE, sizeof (Bucket));
  g_array_set_clear_func (self->buckets, bucket_clear);
  self->boxes = g_ptr_array_new_with_free_func ((GDestroyNotify) gsk_render_node_unref);
  self->alone = g_ptr_array_new_with_free_func ((GDestroyNotify) gsk_render_node_unref);
  return self;
}

void
socketeer_painter_free (SocketeerPainter *self)
{
  g_array_unref (self->buckets);
  g_ptr_array_unref (self->boxes);
  g_ptr_array_unref (self->alone);
  g_free (self);
}

void
socketeer_painter_begin (SocketeerPainter *self,
                         SocketeerGlyphs *glyphs,
                         guint from,
                         guint to,
                         const GdkRGBA *placeholder)
{
  self->glyphs = glyphs;
  self->placeholder = placeholder;
  self->from = from;
  self->to = to;
  self->advance = socketeer_glyphs_get_advance (glyphs) * PANGO_SCALE;
  self->n_buckets = self->last_bucket = 0;
  self->pending_from = self->pending_to = 0;
  self->is_pending = FALSE;
}

static Bucket *
get_bucket (SocketeerPainter *self, PangoFont *font, const GdkRGBA *color)
{
  Bucket *bucket;

  for (guint i = 0; i < self->n_buckets; i++)
    {
      /* From the last one on: it is nearly always that. */
      guint k = (self->last_bucket + i) % self->n_buckets;
      bucket = &g_array_index (self->buckets, Bucket, k);
      if (bucket->font == font && bucket->color == color)
        {
          self->last_bucket = k;
          return bucket;
        }
    }
  self->last_bucket = self->n_buckets++;
  if (self->buckets->len < self->n_buckets)
    g_array_set_size (self->buckets, self->n_buckets);
  bucket = &g_array_index (self->buckets, Bucket, self->last_bucket);
  if (bucket->string == NULL)
    bucket->string = pango_glyph_string_new ();
  bucket->font = font;
  bucket->color = color;
  bucket->n = 0;
  return bucket;
}

/* x: where the glyph's cell begins, Pango units. */
static void
bucket_add (Bucket *bucket, const SocketeerGlyph *glyph, int x)
{
  PangoGlyphInfo *info;


  if (bucket->n >= bucket->string->num_glyphs)
    pango_glyph_string_set_size (bucket->string, bucket->n + 64);
  info = &bucket->string->glyphs[bucket->n];
  if (bucket->n == 0)
    bucket->start = x;
  else
    info[-1].geometry.width = x - bucket->last;
  info->glyph = glyph->glyph;
  info->geometry = (PangoGlyphGeometry){ 0, glyph->x, glyph->y };
  info->attr = glyph->attr;
  bucket->string->log_clusters[bucket->n] = bucket->n;
  bucket->last = x;
  bucket->n++;
}

void
socketeer_painter_add_box (SocketeerPainter *self, guint cell, guint n_cells, const GdkRGBA *color)
{
  double advance = (double) self->advance / PANGO_SCALE;

  if (cell >= self->to || cell + n_cells <= self->from)
    return;
  g_ptr_array_add (self->boxes,
                   gsk_color_node_new (color, &GRAPHENE_RECT_INIT (cell * advance + 0.5, 1, n_cells * advance - 1,
                                                                   socketeer_glyphs_get_row_height (self->glyphs) - 2)));
}

void
socketeer_painter_add_ascii (SocketeerPainter *self, const char *text, gsize length, guint cell, const GdkRGBA *color)
{
  gsize begin = cell < self->from ? self->from - cell : 0;
  gsize end = cell < self->to ? MIN (length, self->to - cell) : 0;
  Bucket *bucket = NULL;

  for (gsize i = begin; i < end; i++)
    {
      const SocketeerGlyph *glyph = socketeer_glyphs_get_ascii (self->glyphs, text[i]);
      if (glyph == NULL)
        continue;
      if (bucket == NULL || bucket->font != glyph->font)
        bucket = get_bucket (self, glyph->font, color);
      bucket_add (bucket, glyph, (cell + i) * self->advance);
    }
}

/* Drawn smaller; or a character that no font has, which Pango draws as a box in the middle of the width. */
static gboolean
is_alone (const SocketeerGlyph *glyph)
{
  return glyph->scale < 1 || (glyph->glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0;
}

static void
add_alone (SocketeerPainter *self, const SocketeerGlyph *glyph, int x, const GdkRGBA *color)
{
  PangoGlyphString *string = pango_glyph_string_new ();
  GskRenderNode *node;

  pango_glyph_string_set_size (string, 1);
  string->glyphs[0] = (PangoGlyphInfo){ glyph->glyph, { glyph->width, 0, 0 }, glyph->attr };
  string->log_clusters[0] = 0;
  node = gsk_text_node_new (glyph->font, string, color, graphene_point_zero ());
  if (node != NULL)
    {
      GskTransform *transform =
        gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT ((double) (x + glyph->x) / PANGO_SCALE,
                                                             socketeer_glyphs_get_ascent (self->glyphs) +
                                                               (double) glyph->y / PANGO_SCALE));
      if (glyph->scale < 1)
        transform = gsk_transform_scale (transform, glyph->scale, glyph->scale);
      g_ptr_array_add (self->alone, gsk_transform_node_new (node, transform));
      gsk_transform_unref (transform);
      gsk_render_node_unref (node);
    }
  pango_glyph_string_free (string);
}

static void
add_shape (SocketeerPainter *self, const SocketeerShape *shape, guint cell, const GdkRGBA *color)
{
  int x = cell * self->advance;

  for (guint i = 0; i < shape->n_glyphs; i++)
    if (is_alone (&shape->glyphs[i]))
      add_alone (self, &shape->glyphs[i], x, color);
    else
      bucket_add (get_bucket (self, shape->glyphs[i].font, color), &shape->glyphs[i], x);
}

static void
end_placeholder (SocketeerPainter *self)
{
  if (self->pending_from < self->pending_to)
    socketeer_painter_add_box (self, self->pending_from, self->pending_to - self->pending_from, self->placeholder);
  self->pending_from = self->pending_to;
}

/* One box for neighbours: there may be thousands. */
static void
add_placeholder (SocketeerPainter *self, guint cell, guint n_cells)
{
  self->is_pending = TRUE;
  if (cell != self->pending_to)
    {
      end_placeholder (self);
      self->pending_from = cell;
    }
  self->pending_to = cell + n_cells;
}

/* -- Text ----------------------------------------------------------------------------------------------------- */

/* Marks, and what else changes the look of the character before. */
static gboolean
is_joining (gunichar c, guint n_cells)
{
  return n_cells == 0 || (c >= 0x1F3FB && c <= 0x1F3FF);
}

/* The end of what is shaped together with the character that begins at text[begin]. */
static gsize
find_cluster_end (const char *text, gsize begin, gsize length, const guint16 *cells)
{
  gunichar c = g_utf8_get_char (text + begin);
  gboolean is_free = socketeer_glyphs_is_context_free (c);
  gsize end = g_utf8_next_char (text + begin) - text, next;

  for (; end < length; end = next)
    {
      gboolean joins;
      gboolean is_open = g_unichar_combining_class (c) == VIRAMA;

      c = g_utf8_get_char (text + end);
      next = g_utf8_next_char (text + end) - text;
      joins = is_joining (c, cells[next] - cells[end]);
      if (next - begin > MAX_CLUSTER_BYTES || (!joins && !is_open && next - begin > CUT_CLUSTER_BYTES))
        break;
      if (!joins && (is_free || socketeer_glyphs_is_context_free (c)))
        break;
    }
  return end;
}

static const SocketeerShape *
get_shape (SocketeerPainter *self, const char *text, gsize begin, gsize end, const guint16 *cells)
{
  if (text + end == g_utf8_next_char (text + begin))
    return socketeer_glyphs_get_character (self->glyphs, g_utf8_get_char (text + begin), cells[end] - cells[begin]);
  return socketeer_glyphs_get_cluster (self->glyphs, text + begin, end - begin, cells + begin);
}

void
socketeer_painter_add_text (SocketeerPainter *self,
                            const char *text,
                            gsize length,
                            const guint16 *cells,
                            guint cell,
                            const GdkRGBA *color)
{
  gsize end;

  for (gsize begin = 0; begin < length; begin = end)
    {
      const SocketeerShape *shape;
      guint from = cell + cells[begin];

      if (from >= self->to)
        return;
      if ((guchar) text[begin] < 0x80 && begin + 1 < length && cells[begin + 1] != cells[begin] &&
          (guchar) text[begin + 1] < 0x80)
        {
          socketeer_painter_add_ascii (self, text + begin, 1, from, color);
          end = begin + 1;
          continue;
        }
      end = find_cluster_end (text, begin, length, cells);
      if (cell + cells[end] <= self->from)
        continue;
      shape = get_shape (self, text, begin, end, cells);
      if (shape != NULL)
        {
          add_shape (self, shape, from, color);
          continue;
        }
      add_placeholder (self, from, MAX (1, cells[end] - cells[begin]));
    }
}

guint
socketeer_painter_add_words (SocketeerPainter *self,
                             const char *text,
                             guint cell,
                             guint max_cells,
                             const GdkRGBA *color)
{
  gsize length = strlen (text), end = 0;
  g_autofree guint16 *cells = g_new0 (guint16, length + 1);
  guint n = 0;
  gboolean is_ascii = TRUE;

  while (end < length)
    {
      gunichar c = g_utf8_get_char (text + end);
      gsize next = g_utf8_next_char (text + end) - text;
      guint width = g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;

      if (n + width > max_cells)
        break;
      is_ascii = is_ascii && c < 0x7f;
      for (gsize i = end; i < next; i++)
        cells[i] = n;
      n += width;
      end = next;
    }
  cells[end] = n;
  if (is_ascii)
    socketeer_painter_add_ascii (self, text, end, cell, color);
  else
    socketeer_painter_add_text (self, text, end, cells, cell, color);
  return n;
}

/* -- Nodes ---------------------------------------------------------------------------------------------------- */

static GskRenderNode *
bucket_to_node (SocketeerPainter *self, Bucket *bucket)
{
  bucket->string->glyphs[bucket->n - 1].geometry.width = self->advance;
  pango_glyph_string_set_size (bucket->string, bucket->n);
  /* NULL when there is nothing to draw. */
  return gsk_text_node_new (bucket->font, bucket->string, bucket->color,
                            &GRAPHENE_POINT_INIT ((double) bucket->start / PANGO_SCALE,
                                                  socketeer_glyphs_get_ascent (self->glyphs)));
}

GskRenderNode *
socketeer_painter_end (SocketeerPainter *self, gboolean *ret_is_pending)
{
  GPtrArray *nodes = self->boxes;
  GskRenderNode *node = NULL;

  end_placeholder (self);
  for (guint i = 0; i < self->n_buckets; i++)
    {
      GskRenderNode *text = bucket_to_node (self, &g_array_index (self->buckets, Bucket, i));
      if (text != NULL)
        g_ptr_array_add (nodes, text);
    }
  for (guint i = 0; i < self->alone->len; i++)
    g_ptr_array_add (nodes, gsk_render_node_ref (g_ptr_array_index (self->alone, i)));
  g_ptr_array_set_size (self->alone, 0);

  if (nodes->len == 1)
    node = gsk_render_node_ref (g_ptr_array_index (nodes, 0));
  else if (nodes->len > 1)
    node = gsk_container_node_new ((GskRenderNode **) nodes->pdata, nodes->len);
  g_ptr_array_set_size (nodes, 0);
  if (ret_is_pending != NULL)
    *ret_is_pending = self->is_pending;
  return node;
}
