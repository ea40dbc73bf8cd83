/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-painter.h"
#include "socketeer-shape.h"

#include <string.h>

typedef struct
{
  GtkWidget *label;
  SocketeerGlyphs *glyphs;
  SocketeerPainter *painter;
} Fixture;

static const GdkRGBA black = { 0, 0, 0, 1 }, red = { 1, 0, 0, 1 };

static void
set_up (Fixture *self, gconstpointer data)
{
  self->label = g_object_ref_sink (gtk_label_new (NULL));
  gtk_widget_add_css_class (self->label, "monospace");
  self->glyphs = socketeer_glyphs_new (gtk_widget_get_pango_context (self->label), 1);
  self->painter = socketeer_painter_new ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  socketeer_painter_free (self->painter);
  socketeer_glyphs_free (self->glyphs);
  g_assert_finalize_object (self->label);
}

static void
begin (Fixture *self, SocketeerGlyphs *glyphs)
{
  socketeer_painter_begin (self->painter, glyphs, 0, G_MAXUINT, &red);
}

static void
test_grid (Fixture *self, gconstpointer data)
{
  double advance = socketeer_glyphs_get_advance (self->glyphs);

  g_assert_cmpfloat (advance, >=, 1);
  g_assert_cmpfloat (advance, ==, (int) advance);
  g_assert_cmpint (socketeer_glyphs_get_row_height (self->glyphs), >, 0);
}

static void
test_scale (Fixture *self, gconstpointer data)
{
  static const double scales[] = { 0.4, 0.5, 1, 2, 5 };
  double last_advance = 0;
  int last_height = 0;

  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      g_autoptr (SocketeerGlyphs) glyphs =
        socketeer_glyphs_new (gtk_widget_get_pango_context (self->label), scales[i]);
      g_assert_cmpfloat (socketeer_glyphs_get_advance (glyphs), >=, last_advance);
      g_assert_cmpint (socketeer_glyphs_get_row_height (glyphs), >=, last_height);
      last_advance = socketeer_glyphs_get_advance (glyphs);
      last_height = socketeer_glyphs_get_row_height (glyphs);
    }
  g_assert_cmpfloat (last_advance, >=, 4 * socketeer_glyphs_get_advance (self->glyphs));
  g_assert_cmpint (last_height, >=, 4 * socketeer_glyphs_get_row_height (self->glyphs));
}

/* Where the glyphs of a text node are, one after another, in pixels. */
static void
collect_places (GskRenderNode *node, double x, GArray *places)
{
  if (node == NULL)
    return;
  if (gsk_render_node_get_node_type (node) == GSK_CONTAINER_NODE)
    {
      for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
        collect_places (gsk_container_node_get_child (node, i), x, places);
    }
  else if (gsk_render_node_get_node_type (node) == GSK_TRANSFORM_NODE)
    {
      float dx, dy;
      if (gsk_transform_get_category (gsk_transform_node_get_transform (node)) >= GSK_TRANSFORM_CATEGORY_2D_TRANSLATE)
        {
          gsk_transform_to_translate (gsk_transform_node_get_transform (node), &dx, &dy);
          collect_places (gsk_transform_node_get_child (node), x + dx, places);
        }
    }
  else if (gsk_render_node_get_node_type (node) == GSK_TEXT_NODE)
    {
      /* Declared pure in GTK 4.8: what it writes to its second argument is not seen. */
      const PangoGlyphInfo *glyphs = gsk_text_node_get_glyphs (node, NULL);
      guint n = gsk_text_node_get_num_glyphs (node);
      x += gsk_text_node_get_offset (node)->x;
      for (guint i = 0; i < n; i++)
        {
          g_array_append_val (places, x);
          x += (double) glyphs[i].geometry.width / PANGO_SCALE;
        }
    }
}

/* A glyph that is not blank stands at its cell whatever is before it. */
static void
test_cells (Fixture *self, gconstpointer data)
{
  static const char text[] = "  iW \t.~ x";
  static const guint wanted[] = { 2, 3, 6, 7, 9 };
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (double));
  double advance = socketeer_glyphs_get_advance (self->glyphs);

  begin (self, self->glyphs);
  socketeer_painter_add_ascii (self->painter, text, strlen (text), 5, &black);
  node = socketeer_painter_end (self->painter, NULL);
  collect_places (node, 0, places);
  g_assert_cmpuint (places->len, ==, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < places->len; i++)
    g_assert_cmpfloat_with_epsilon (g_array_index (places, double, i), (5 + wanted[i]) * advance, 0.5);
}

static void
assert_plain (GskRenderNode *node, guint *n_seen)
{
  if (gsk_render_node_get_node_type (node) == GSK_CONTAINER_NODE)
    for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
      assert_plain (gsk_container_node_get_child (node, i), n_seen);
  else if (gsk_render_node_get_node_type (node) == GSK_TEXT_NODE)
    for (guint i = 0; i < gsk_text_node_get_num_glyphs (node); i++)
      {
        const PangoGlyphInfo *glyph = &gsk_text_node_get_glyphs (node, NULL)[i];
        g_assert_false (glyph->attr.is_color);
        g_assert_true (glyph->attr.is_cluster_start);
        ++*n_seen;
      }
}

/* No glyph claims to have colours of its own, whatever was in the memory or the string before: the gl renderer
 * would not give it the colour of the text. */
static void
test_plain (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (GskRenderNode) node = NULL;
      g_autoptr (SocketeerGlyphs) glyphs =
        socketeer_glyphs_new (gtk_widget_get_pango_context (self->label), 1 + i / 50.0);
      guint n_seen = 0;

      begin (self, glyphs);
      socketeer_painter_add_words (self->painter, "😀😀😀😀😀😀😀😀😀😀", 0, 20, &black);
      g_clear_pointer (&node, gsk_render_node_unref);
      node = socketeer_painter_end (self->painter, NULL);
      g_clear_pointer (&node, gsk_render_node_unref);
      begin (self, glyphs);
      socketeer_painter_add_ascii (self->painter, "The quick brown fox", 19, 0, &black);
      node = socketeer_painter_end (self->painter, NULL);
      assert_plain (node, &n_seen);
      g_assert_cmpuint (n_seen, ==, 16);
    }
}

static void
test_blank (Fixture *self, gconstpointer data)
{
  g_autoptr (GskRenderNode) node = NULL;

  begin (self, self->glyphs);
  socketeer_painter_add_ascii (self->painter, "", 0, 0, &black);
  socketeer_painter_add_ascii (self->painter, "   \x01\xff", 5, 0, &black);
  socketeer_painter_add_text (self->painter, "", 0, (const guint16[]){ 0 }, 0, &black);
  g_assert_cmpuint (socketeer_painter_add_words (self->painter, "", 0, 10, &black), ==, 0);
  node = socketeer_painter_end (self->painter, NULL);
  g_assert_null (node);
}

static void
test_words (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *text;
    guint max;
    guint cells;
  } cases[] = {
    { "abc", 10, 3 },
    { "abc", 2, 2 },
    { "abc", 0, 0 },
    { "中文", 10, 4 },
    { "中文", 3, 2 },
    { "中文", 1, 0 },
    { "e\xcc\x81x", 10, 2 },
    { "“x” → y…", 20, 8 },
    { "\xf0\x9f\x98\x80", 5, 2 },
    { "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", 10, 4 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GskRenderNode) node = NULL;

      begin (self, self->glyphs);
      g_assert_cmpuint (socketeer_painter_add_words (self->painter, cases[i].text, 0, cases[i].max, &black), ==,
                        cases[i].cells);
      node = socketeer_painter_end (self->painter, NULL);
    }
}

/* What follows a character that is drawn by Pango stands at its cell. */
static void
test_text_cells (Fixture *self, gconstpointer data)
{
  static const char *const starts[] = { "中", "é", "\xd7\xa9", "ℵ", "\xf0\x9f\x98\x80" };
  double advance = socketeer_glyphs_get_advance (self->glyphs);

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_autofree char *text = g_strconcat (starts[i], "x", NULL);
      gsize length = strlen (text);
      guint16 cells[16] = { 0 };
      guint wide = g_unichar_iswide (g_utf8_get_char (text)) ? 2 : 1;
      g_autoptr (GskRenderNode) node = NULL;
      g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (double));

      cells[length - 1] = wide;
      cells[length] = wide + 1;
      begin (self, self->glyphs);
      socketeer_painter_add_text (self->painter, text, length, cells, 3, &black);
      node = socketeer_painter_end (self->painter, NULL);
      collect_places (node, 0, places);
      g_assert_cmpuint (places->len, >=, 1);
      g_assert_cmpfloat_with_epsilon (g_array_index (places, double, places->len - 1), (3 + wide) * advance, 0.5);
    }
}

/* -- The same picture, however it was made ---------------------------------------------------------------------- */

#define WIDTH 1200
#define HEIGHT 60

static const char *const samples[] = {
  "plain éàüß ŁŚ ſ",
  "Ελληνικά Кириллица Հայերեն ქართული",
  "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
  "中文字符，标点。「引」 ひらがなカタカナ 한글",
  "ｆｕｌｌ ﾊﾝｶｸ ① ℃ № → ⇒ ∀∃ ─│┼ █▓",
  "\xf0\x9f\x98\x80 \xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd \xf0\x9f\x87\xa9\xf0\x9f\x87\xaa",
  "e\xcc\x81o\xcc\x88\xcc\x81x\xcc\xa3\xcc\x88\xcc\x81\xcc\x82\xcc\x83 n\xcc\x83",
  "\xe2\x97\x8c\xcc\x81 \xe2\x97\x8c\xcc\x82",
  "\xd8\xa7\xd9\x84\xd8\xb9\xd8\xb1\xd8\xa8\xd9\x8a\xd8\xa9 \xd9\x85\xd9\x8e\xd8\xb1",
  "हिन्दी क्षत्रिय தமிழ் ไทยกำลัง",
  "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab",
  "\xf0\x9d\x94\x98\xf0\x90\x8c\xb0\xe1\x9a\xa0",
};

/* As the decoder does it: marks have no cells. */
static guint16 *
get_cells (const char *text)
{
  guint16 *cells = g_new0 (guint16, strlen (text) + 1);
  guint n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      for (const char *q = p; q < g_utf8_next_char (p); q++)
        cells[q - text] = n;
      n += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  cells[strlen (text)] = n;
  return cells;
}

static cairo_surface_t *
paint (GskRenderNode *node)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  if (node != NULL)
    gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

/* Pixels that differ, in columns [from, to). */
static guint
count_differences (cairo_surface_t *a, cairo_surface_t *b, int from, int to)
{
  guint n = 0;

  for (int y = 0; y < HEIGHT; y++)
    for (int x = from; x < to; x++)
      n += memcmp (cairo_image_surface_get_data (a) + y * cairo_image_surface_get_stride (a) + 4 * x,
                   cairo_image_surface_get_data (b) + y * cairo_image_surface_get_stride (b) + 4 * x, 4) != 0;
  return n;
}

static void
assert_same (cairo_surface_t *a, cairo_surface_t *b, const char *what)
{
  guint n = count_differences (a, b, 0, WIDTH);

  if (n > 0)
    g_test_message ("%u pixels of “%s” differ", n, what);
  g_assert_cmpuint (n, ==, 0);
}

static GskRenderNode *
make_node (Fixture *self, const char *text, guint from, guint to, gboolean *ret_is_pending)
{
  g_autofree guint16 *cells = get_cells (text);

  socketeer_painter_begin (self->painter, self->glyphs, from, to, &red);
  socketeer_painter_add_text (self->painter, text, strlen (text), cells, 2, &black);
  return socketeer_painter_end (self->painter, ret_is_pending);
}

static cairo_surface_t *
paint_text (Fixture *self, const char *text)
{
  gboolean is_pending;
  g_autoptr (GskRenderNode) node = make_node (self, text, 0, G_MAXUINT, &is_pending);

  g_assert_false (is_pending);
  return paint (node);
}

static void
append_glyphs (Fixture *self, GtkSnapshot *snapshot, const SocketeerGlyph *glyphs, guint n, gboolean is_plain)
{
  PangoGlyphString *string = pango_glyph_string_new ();
  double advance = socketeer_glyphs_get_advance (self->glyphs);
  double dx = is_plain ? 0 : (double) glyphs->x / PANGO_SCALE, dy = is_plain ? 0 : (double) glyphs->y / PANGO_SCALE;
  GskRenderNode *node;

  pango_glyph_string_set_size (string, n);
  for (guint i = 0; i < n; i++)
    {
      string->glyphs[i] = (PangoGlyphInfo){ glyphs[i].glyph, { glyphs[i].width, 0, 0 }, glyphs[i].attr };
      if (is_plain)
        string->glyphs[i].geometry = (PangoGlyphGeometry){ 0, glyphs[i].x, glyphs[i].y };
      string->log_clusters[i] = i;
    }
  node = gsk_text_node_new (glyphs->font, string, &black, graphene_point_zero ());
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (2 * advance + dx, socketeer_glyphs_get_ascent (self->glyphs) + dy));
  gtk_snapshot_scale (snapshot, glyphs->scale, glyphs->scale);
  if (node != NULL)
    {
      gtk_snapshot_append_node (snapshot, node);
      gsk_render_node_unref (node);
    }
  gtk_snapshot_restore (snapshot);
  pango_glyph_string_free (string);
}

/* All of it given to Pango at once, nothing kept. */
static cairo_surface_t *
paint_by_pango (Fixture *self, const char *text)
{
  g_autofree guint16 *cells = get_cells (text);
  g_autoptr (GHashTable) fonts = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  g_autoptr (GArray) glyphs = g_array_new (FALSE, FALSE, sizeof (SocketeerGlyph));
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  PangoContext *context = gtk_widget_get_pango_context (self->label);
  PangoAttrList *attributes = pango_attr_list_new ();
  double advance = socketeer_glyphs_get_advance (self->glyphs);
  g_autoptr (GskRenderNode) node = NULL;

  pango_attr_list_insert (attributes,
                          pango_attr_font_desc_new (pango_context_get_font_description (context)));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("liga 0, clig 0, calt 0, dlig 0"));
  socketeer_shape_text (context, attributes, advance * PANGO_SCALE, text, strlen (text), cells, fonts, glyphs);
  pango_attr_list_unref (attributes);
  for (guint i = 0, next; i < glyphs->len; i = next)
    {
      const SocketeerGlyph *first = &g_array_index (glyphs, SocketeerGlyph, i);
      gboolean is_plain = first->scale == 1 && (first->glyph & PANGO_GLYPH_UNKNOWN_FLAG) == 0;

      /* Glyphs of one cluster may overlap, and are drawn in one go. */
      for (next = i + 1; is_plain && next < glyphs->len; next++)
        {
          const SocketeerGlyph *glyph = &g_array_index (glyphs, SocketeerGlyph, next);
          if (glyph->font != first->font || glyph->scale < 1 || (glyph->glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0)
            break;
        }
      append_glyphs (self, snapshot, first, next - i, is_plain);
    }
  node = gtk_snapshot_free_to_node (snapshot);
  return paint (node);
}

static void
test_same_as_pango (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      cairo_surface_t *wanted = paint_by_pango (self, samples[i]);

      /* As it is met, and as it is known. */
      for (guint j = 0; j < 2; j++)
        {
          cairo_surface_t *got = paint_text (self, samples[i]);
          assert_same (got, wanted, samples[i]);
          cairo_surface_destroy (got);
        }
      cairo_surface_destroy (wanted);
    }
}

/* What is kept is bounded, and what was forgotten looks as before. */
static void
test_forgotten (Fixture *self, gconstpointer data)
{
  cairo_surface_t *wanted[G_N_ELEMENTS (samples)];

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    wanted[i] = paint_text (self, samples[i]);
  for (gunichar c = 0x3400; c < 0x3400 + 20000; c++)
    {
      g_assert_nonnull (socketeer_glyphs_get_character (self->glyphs, c, 2));
      g_assert_cmpuint (socketeer_glyphs_get_n_kept (self->glyphs), <=, SOCKETEER_GLYPHS_MAX_KEPT);
    }
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      cairo_surface_t *got = paint_text (self, samples[i]);
      assert_same (got, wanted[i], samples[i]);
      cairo_surface_destroy (got);
      cairo_surface_destroy (wanted[i]);
    }
}

/* What there was no time for has boxes in its place, and is right as soon as there was time. */
static void
test_pending (Fixture *self, gconstpointer data)
{
  for (guint i = 1; i < G_N_ELEMENTS (samples); i++)
    {
      g_autoptr (SocketeerGlyphs) fresh =
        socketeer_glyphs_new (gtk_widget_get_pango_context (self->label), 1);
      cairo_surface_t *wanted = paint_text (self, samples[i]), *got;
      SocketeerGlyphs *known = self->glyphs;
      g_autoptr (GskRenderNode) node = NULL;
      gboolean is_pending = FALSE;
      guint n = 0;

      self->glyphs = fresh;
      socketeer_glyphs_begin_frame (fresh, 0);
      node = make_node (self, samples[i], 0, G_MAXUINT, &is_pending);
      g_assert_true (is_pending);
      g_assert_true (socketeer_glyphs_has_pending (fresh));
      got = paint (node);
      g_assert_cmpuint (count_differences (got, wanted, 0, WIDTH), >, 0);
      cairo_surface_destroy (got);
      for (; is_pending; n++)
        {
          socketeer_glyphs_shape_pending (fresh, 0); /* one */
          socketeer_glyphs_begin_frame (fresh, 0);
          g_clear_pointer (&node, gsk_render_node_unref);
          node = make_node (self, samples[i], 0, G_MAXUINT, &is_pending);
          g_assert_cmpuint (n, <, 100);
        }
      g_assert_false (socketeer_glyphs_has_pending (fresh));
      got = paint (node);
      assert_same (got, wanted, samples[i]);
      cairo_surface_destroy (got);
      cairo_surface_destroy (wanted);
      self->glyphs = known;
    }
}

/* A frame does what it can afford: nothing beyond its budget, and all of it when there is enough. */
static void
test_budget (Fixture *self, gconstpointer data)
{
  g_assert_nonnull (socketeer_glyphs_get_character (self->glyphs, 0x4e00, 2));
  socketeer_glyphs_begin_frame (self->glyphs, 0);
  g_assert_nonnull (socketeer_glyphs_get_character (self->glyphs, 0x4e00, 2));
  g_assert_null (socketeer_glyphs_get_character (self->glyphs, 0x4e01, 2));
  g_assert_null (socketeer_glyphs_get_character (self->glyphs, 0x4e01, 2));
  socketeer_glyphs_begin_frame (self->glyphs, 60 * G_USEC_PER_SEC);
  g_assert_nonnull (socketeer_glyphs_get_character (self->glyphs, 0x4e01, 2));
  g_assert_false (socketeer_glyphs_has_pending (self->glyphs));
  /* A script that was never seen waits, as it may load a font. */
  g_assert_null (socketeer_glyphs_get_character (self->glyphs, 0x410, 1));
  g_assert_true (socketeer_glyphs_has_pending (self->glyphs));
  socketeer_glyphs_shape_pending (self->glyphs, 0);
  g_assert_nonnull (socketeer_glyphs_get_character (self->glyphs, 0x410, 1));
  g_assert_nonnull (socketeer_glyphs_get_character (self->glyphs, 0x411, 1));
}

/* What is asked for of a text looks as it does in the whole. */
static void
test_part (Fixture *self, gconstpointer data)
{
  double advance = socketeer_glyphs_get_advance (self->glyphs);

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_autofree guint16 *cells = get_cells (samples[i]);
      guint n = cells[strlen (samples[i])];
      cairo_surface_t *whole = paint_text (self, samples[i]);

      for (guint from = 0; from + 4 < n; from += 3)
        {
          g_autoptr (GskRenderNode) node = make_node (self, samples[i], 2 + from, 2 + from + 4, NULL);
          cairo_surface_t *part = paint (node);
          /* Some glyphs reach a little into the cells beside them. */
          g_assert_cmpuint (count_differences (part, whole, (from + 3) * advance, (from + 5) * advance), ==, 0);
          g_assert_cmpuint (count_differences (part, whole, 0, WIDTH), >, 0);
          cairo_surface_destroy (part);
        }
      cairo_surface_destroy (whole);
    }
}

/* One node for what has one font and one colour. */
static void
test_few_nodes (Fixture *self, gconstpointer data)
{
  g_autoptr (GskRenderNode) node = NULL;

  begin (self, self->glyphs);
  for (guint i = 0; i < 20; i++)
    {
      socketeer_painter_add_ascii (self->painter, "\\xC4", 4, i * 8, &red);
      socketeer_painter_add_ascii (self->painter, "text", 4, i * 8 + 4, &black);
    }
  node = socketeer_painter_end (self->painter, NULL);
  g_assert_cmpint (gsk_render_node_get_node_type (node), ==, GSK_CONTAINER_NODE);
  g_assert_cmpuint (gsk_container_node_get_n_children (node), ==, 2);
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
  g_test_add ("/ui/glyphs/grid", Fixture, NULL, set_up, test_grid, tear_down);
  g_test_add ("/ui/glyphs/scale", Fixture, NULL, set_up, test_scale, tear_down);
  g_test_add ("/ui/glyphs/cells", Fixture, NULL, set_up, test_cells, tear_down);
  g_test_add ("/ui/glyphs/plain", Fixture, NULL, set_up, test_plain, tear_down);
  g_test_add ("/ui/glyphs/blank", Fixture, NULL, set_up, test_blank, tear_down);
  g_test_add ("/ui/glyphs/words", Fixture, NULL, set_up, test_words, tear_down);
  g_test_add ("/ui/glyphs/text-cells", Fixture, NULL, set_up, test_text_cells, tear_down);
  g_test_add ("/ui/glyphs/same-as-pango", Fixture, NULL, set_up, test_same_as_pango, tear_down);
  g_test_add ("/ui/glyphs/forgotten", Fixture, NULL, set_up, test_forgotten, tear_down);
  g_test_add ("/ui/glyphs/pending", Fixture, NULL, set_up, test_pending, tear_down);
  g_test_add ("/ui/glyphs/budget", Fixture, NULL, set_up, test_budget, tear_down);
  g_test_add ("/ui/glyphs/part", Fixture, NULL, set_up, test_part, tear_down);
  g_test_add ("/ui/glyphs/few-nodes", Fixture, NULL, set_up, test_few_nodes, tear_down);
  return g_test_run ();
}
