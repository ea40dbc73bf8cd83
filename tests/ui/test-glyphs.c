/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-glyphs.h"

typedef struct
{
  GtkWidget *label;
  SocketeerGlyphs *glyphs;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->label = g_object_ref_sink (gtk_label_new (NULL));
  gtk_widget_add_css_class (self->label, "monospace");
  self->glyphs = socketeer_glyphs_new (gtk_widget_get_pango_context (self->label), 1);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  socketeer_glyphs_free (self->glyphs);
  g_assert_finalize_object (self->label);
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
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (double));
  double advance = socketeer_glyphs_get_advance (self->glyphs);

  socketeer_glyphs_append_simple (self->glyphs, snapshot, text, strlen (text), 5, &(GdkRGBA){ 0, 0, 0, 1 });
  node = gtk_snapshot_free_to_node (snapshot);
  collect_places (node, 0, places);
  g_assert_cmpuint (places->len, ==, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < places->len; i++)
    g_assert_cmpfloat_with_epsilon (g_array_index (places, double, i), (5 + wanted[i]) * advance, 0.01);
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
      GtkSnapshot *snapshot = gtk_snapshot_new ();
      g_autoptr (GskRenderNode) node = NULL;
      g_autoptr (SocketeerGlyphs) glyphs =
        socketeer_glyphs_new (gtk_widget_get_pango_context (self->label), 1 + i / 50.0);
      guint n_seen = 0;

      socketeer_glyphs_append_words (glyphs, snapshot, "😀😀😀😀😀😀😀😀😀😀", 0, 20, &(GdkRGBA){ 0, 0, 0, 1 });
      gsk_render_node_unref (gtk_snapshot_free_to_node (snapshot));
      snapshot = gtk_snapshot_new ();
      socketeer_glyphs_append_simple (glyphs, snapshot, "The quick brown fox", 19, 0, &(GdkRGBA){ 0, 0, 0, 1 });
      node = gtk_snapshot_free_to_node (snapshot);
      assert_plain (node, &n_seen);
      g_assert_cmpuint (n_seen, ==, 16);
    }
}

static void
test_blank (Fixture *self, gconstpointer data)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;

  socketeer_glyphs_append_simple (self->glyphs, snapshot, "", 0, 0, &(GdkRGBA){ 0, 0, 0, 1 });
  socketeer_glyphs_append_simple (self->glyphs, snapshot, "   \x01\xff", 5, 0, &(GdkRGBA){ 0, 0, 0, 1 });
  socketeer_glyphs_append_text (self->glyphs, snapshot, "", 0, (const guint16[]){ 0 }, 0, &(GdkRGBA){ 0, 0, 0, 1 });
  g_assert_cmpuint (socketeer_glyphs_append_words (self->glyphs, snapshot, "", 0, 10, &(GdkRGBA){ 0, 0, 0, 1 }), ==, 0);
  node = gtk_snapshot_free_to_node (snapshot);
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
      GtkSnapshot *snapshot = gtk_snapshot_new ();
      g_autoptr (GskRenderNode) node = NULL;

      g_assert_cmpuint (socketeer_glyphs_append_words (self->glyphs, snapshot, cases[i].text, 0, cases[i].max,
                                                       &(GdkRGBA){ 0, 0, 0, 1 }),
                        ==, cases[i].cells);
      node = gtk_snapshot_free_to_node (snapshot);
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
      GtkSnapshot *snapshot = gtk_snapshot_new ();
      g_autoptr (GskRenderNode) node = NULL;
      g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (double));

      cells[length - 1] = wide;
      cells[length] = wide + 1;
      socketeer_glyphs_append_text (self->glyphs, snapshot, text, length, cells, 3, &(GdkRGBA){ 0, 0, 0, 1 });
      node = gtk_snapshot_free_to_node (snapshot);
      collect_places (node, 0, places);
      g_assert_cmpuint (places->len, >=, 1);
      g_assert_cmpfloat_with_epsilon (g_array_index (places, double, places->len - 1), (3 + wide) * advance, 0.01);
    }
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
  return g_test_run ();
}
