/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-glyphs.h"

#include <string.h>

#include "socketeer-shape.h"

#define FIRST_ASCII 0x20
#define N_ASCII (0x7f - FIRST_ASCII)
#define LINE_SPACING 1.15
/* No more is kept waiting than can be shaped between two frames. */
#define MAX_PENDING 512
#define N_SCRIPTS 256
#define HAS_SCRIPT(script) ((guint) (script) < N_SCRIPTS)

/* What is kept, or is to be shaped. */
typedef struct
{
  gunichar c;         /* a character of its own, or 0 */
  guint16 n_cells;
  guint16 length;     /* of the text, 0 if it is a character */
  char *text;
  guint16 *cells;     /* only while it waits to be shaped */
  SocketeerShape *shape;
} Entry;

struct _SocketeerGlyphs
{
  PangoContext *context;
  PangoFontDescription *description;
  PangoAttrList *attributes;
  GHashTable *fonts; /* PangoFont, a set: keeps alive what glyphs point to */
  SocketeerGlyph ascii[N_ASCII];
  GArray *scratch; /* SocketeerGlyph */

  /* What was shaped, Entry, sets: when the young are many, the old are forgotten and the young become the old ones. Who is asked for
   * becomes young. */
  GHashTable *young, *old;

  GQueue pending;         /* Entry, owned by the set: in the order of need */
  GHashTable *pending_set;
  gint64 budget, spent;   /* us; budget < 0: without end */
  guint8 has_seen[N_SCRIPTS]; /* scripts whose fonts are loaded */

  int advance; /* Pango units */
  int ascent;  /* pixels, from the row's top to the baseline */
  int row_height;
};

/* -- Entries -------------------------------------------------------------------------------------------------- */

static guint
entry_hash (gconstpointer key)
{
  const Entry *entry = key;
  guint hash = (entry->c ^ (guint) entry->n_cells << 24) * 2654435761u;

  for (guint i = 0; i < entry->length; i++)
    hash = hash * 33 + (guchar) entry->text[i];
  return hash;
}

static gboolean
entry_equal (gconstpointer a, gconstpointer b)
{
  const Entry *x = a, *y = b;
  return x->c == y->c && x->n_cells == y->n_cells && x->length == y->length &&
         (x->length == 0 || memcmp (x->text, y->text, x->length) == 0);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->text);
  g_free (entry->cells);
  g_free (entry->shape);
  g_free (entry);
}

static Entry *
entry_copy (const Entry *entry)
{
  Entry *copy = g_new (Entry, 1);

  *copy = *entry;
  if (entry->length > 0)
    {
      copy->text = g_memdup2 (entry->text, entry->length);
      copy->cells = g_memdup2 (entry->cells, (entry->length + 1) * sizeof *entry->cells);
    }
  return copy;
}

static GHashTable *
new_set (void)
{
  return g_hash_table_new_full (entry_hash, entry_equal, entry_free, NULL);
}

/* -- Shaping -------------------------------------------------------------------------------------------------- */

static void
keep (SocketeerGlyphs *self, Entry *entry)
{
  if (g_hash_table_size (self->young) >= SOCKETEER_GLYPHS_MAX_KEPT / 2)
    {
      g_hash_table_unref (self->old);
      self->old = self->young;
      self->young = new_set ();
    }
  g_hash_table_add (self->young, entry);
}

static const SocketeerShape *
find (SocketeerGlyphs *self, const Entry *key)
{
  Entry *entry = g_hash_table_lookup (self->young, key);

  if (entry == NULL)
    {
      entry = g_hash_table_lookup (self->old, key);
      if (entry == NULL)
        return NULL;
      g_hash_table_steal (self->old, entry);
      keep (self, entry);
    }
  return entry->shape;
}

static void
note_scripts (SocketeerGlyphs *self, const char *text, gsize length)
{
  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    {
      GUnicodeScript script = g_unichar_get_script (g_utf8_get_char (p));
      if (HAS_SCRIPT (script))
        self->has_seen[script] = TRUE;
    }
}

/* (transfer none): it is kept. */
static const SocketeerShape *
shape (SocketeerGlyphs *self, Entry *entry)
{
  char buffer[8];
  guint16 cells[8] = { 0 };
  const char *text = entry->text;
  gsize length = entry->length;

  if (length == 0)
    {
      text = buffer;
      length = g_unichar_to_utf8 (entry->c, buffer);
      cells[length] = entry->n_cells;
    }
  g_array_set_size (self->scratch, 0);
  socketeer_shape_text (self->context, self->attributes, self->advance, text, length,
                        entry->length > 0 ? entry->cells : cells, self->fonts, self->scratch);
  note_scripts (self, text, length);
  /* A node asks for the extents: the first time the glyph is loaded, which is part of the price. */
  for (guint i = 0; i < self->scratch->len; i++)
    {
      const SocketeerGlyph *glyph = &g_array_index (self->scratch, SocketeerGlyph, i);
      pango_font_get_glyph_extents (glyph->font, glyph->glyph, NULL, NULL);
    }
  g_clear_pointer (&entry->cells, g_free);
  entry->shape = g_malloc (sizeof *entry->shape + self->scratch->len * sizeof (SocketeerGlyph));
  entry->shape->n_glyphs = self->scratch->len;
  if (self->scratch->len > 0)
    memcpy (entry->shape->glyphs, self->scratch->data, self->scratch->len * sizeof (SocketeerGlyph));
  keep (self, entry);
  return entry->shape;
}

/* The first use of a script may load a font. */
static gboolean
is_affordable (SocketeerGlyphs *self, const Entry *key)
{
  GUnicodeScript script;

  if (self->budget < 0)
    return TRUE;
  script = g_unichar_get_script (key->length > 0 ? g_utf8_get_char (key->text) : key->c);
  return self->spent < self->budget && HAS_SCRIPT (script) && self->has_seen[script];
}

static const SocketeerShape *
get (SocketeerGlyphs *self, const Entry *key)
{
  const SocketeerShape *found = find (self, key);
  gint64 begin;

  if (found != NULL)
    return found;
  if (!is_affordable (self, key))
    {
      if (self->pending.length < MAX_PENDING && !g_hash_table_contains (self->pending_set, key))
        {
          Entry *entry = entry_copy (key);
          g_hash_table_add (self->pending_set, entry);
          g_queue_push_tail (&self->pending, entry);
        }
      return NULL;
    }
  begin = g_get_monotonic_time ();
  found = shape (self, entry_copy (key));
  self->spent += g_get_monotonic_time () - begin;
  return found;
}

const SocketeerShape *
socketeer_glyphs_get_character (SocketeerGlyphs *self, gunichar c, guint n_cells)
{
  return get (self, &(Entry){ .c = c, .n_cells = n_cells });
}

const SocketeerShape *
socketeer_glyphs_get_cluster (SocketeerGlyphs *self, const char *text, gsize length, const guint16 *cells)
{
  g_return_val_if_fail (length > 0 && length <= G_MAXUINT16, NULL);

  return get (self, &(Entry){ .n_cells = cells[length] - cells[0],
                              .length = length,
                              .text = (char *) text,
                              .cells = (guint16 *) cells });
}

void
socketeer_glyphs_begin_frame (SocketeerGlyphs *self, gint64 budget_us)
{
  g_queue_clear (&self->pending);
  g_hash_table_remove_all (self->pending_set);
  self->budget = budget_us;
  self->spent = 0;
}

gboolean
socketeer_glyphs_has_pending (SocketeerGlyphs *self)
{
  return self->pending.length > 0;
}

void
socketeer_glyphs_shape_pending (SocketeerGlyphs *self, gint64 budget_us)
{
  gint64 end = g_get_monotonic_time () + budget_us;

  while (self->pending.length > 0)
    {
      Entry *entry = g_queue_pop_head (&self->pending);

      g_hash_table_steal (self->pending_set, entry);
      shape (self, entry);
      if (g_get_monotonic_time () >= end)
        return;
    }
}

guint
socketeer_glyphs_get_n_kept (SocketeerGlyphs *self)
{
  return g_hash_table_size (self->young) + g_hash_table_size (self->old);
}

/* Scripts without joining, reordering or ligatures, most used first. What is not in here is shaped together with its neighbours. */
gboolean
socketeer_glyphs_is_context_free (gunichar c)
{
  static const struct
  {
    gunichar first, last;
  } ranges[] = {
    { 0x20, 0x2FF },       /* Latin */
    { 0x370, 0x5FF },      /* Greek, Cyrillic, Armenian, Hebrew */
    { 0x10A0, 0x10FF },    /* Georgian */
    { 0x1200, 0x167F },    /* Ethiopic, Cherokee, Canadian syllables */
    { 0x1E00, 0x1FFF },    /* Latin, Greek */
    { 0x2000, 0x2BFF },    /* punctuation, arrows, mathematics, lines, symbols */
    { 0x2C60, 0x2C7F },    /* Latin */
    { 0x2E00, 0xA4CF },    /* Chinese, Japanese, Yi */
    { 0xA720, 0xA7FF },    /* Latin */
    { 0xAC00, 0xD7A3 },    /* Hangul */
    { 0xF900, 0xFAFF },    /* Chinese */
    { 0xFE30, 0xFE4F },    /* vertical forms */
    { 0xFF01, 0xFFEE },    /* wide and narrow forms */
    { 0x1F000, 0x1F1E5 },  /* symbols, up to the letters that make flags */
    { 0x1F200, 0x1F3FA },  /* up to what changes the colour of a skin */
    { 0x1F400, 0x1FAFF },
    { 0x20000, 0x3FFFD },  /* Chinese */
  };

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    if (c <= ranges[i].last)
      return c >= ranges[i].first;
  return FALSE;
}

/* -- The grid ------------------------------------------------------------------------------------------------- */

static PangoAttrList *
make_attributes (const PangoFontDescription *description)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_font_desc_new (description));
  /* No fi, no ->: a glyph is a byte. */
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("liga 0, clig 0, calt 0, dlig 0"));
  return attributes;
}

/* Returns its width. */
static int
shape_ascii (SocketeerGlyphs *self, PangoGlyphString *string, char c, SocketeerGlyph *ret_glyph)
{
  GList *items = pango_itemize (self->context, &c, 0, 1, self->attributes, NULL);
  PangoItem *item = items->data;
  int width = 0;

  pango_shape_full (&c, 1, &c, 1, &item->analysis, string);
  *ret_glyph = (SocketeerGlyph){ .font = item->analysis.font,
                                 .glyph = PANGO_GLYPH_EMPTY,
                                 .scale = 1,
                                 /* All of it: a stray is_color makes the gl renderer draw the glyph white. */
                                 .attr = { .is_cluster_start = 1 } };
  if (string->num_glyphs > 0)
    {
      ret_glyph->glyph = string->glyphs[0].glyph;
      ret_glyph->width = width = string->glyphs[0].geometry.width;
    }
  /* Centred in its cell. */
  if (self->advance > 0)
    ret_glyph->x = (self->advance - width) / 2;
  socketeer_shape_keep_font (self->fonts, item->analysis.font);
  g_list_free_full (items, (GDestroyNotify) pango_item_free);
  return width;
}

static void
measure (SocketeerGlyphs *self, PangoGlyphString *string)
{
  PangoFontMetrics *metrics = pango_context_get_metrics (self->context, self->description, NULL);
  SocketeerGlyph zero;
  int height;

  self->advance = MAX (PANGO_SCALE, shape_ascii (self, string, '0', &zero));
  self->advance = PANGO_SCALE * ((self->advance + PANGO_SCALE / 2) / PANGO_SCALE);
  height = pango_font_metrics_get_ascent (metrics) + pango_font_metrics_get_descent (metrics);
  self->row_height = MAX (4, PANGO_PIXELS_CEIL ((int) (height * LINE_SPACING)));
  self->ascent = PANGO_PIXELS (pango_font_metrics_get_ascent (metrics)) +
                 (self->row_height - PANGO_PIXELS_CEIL (height)) / 2;
  pango_font_metrics_unref (metrics);
}

static PangoFontDescription *
scale_font (const PangoFontDescription *base, double scale)
{
  PangoFontDescription *description = pango_font_description_copy (base);
  int size = pango_font_description_get_size (base);

  if (size <= 0)
    size = 10 * PANGO_SCALE;
  if (pango_font_description_get_size_is_absolute (base))
    pango_font_description_set_absolute_size (description, size * scale);
  else
    pango_font_description_set_size (description, size * scale);
  return description;
}

SocketeerGlyphs *
socketeer_glyphs_new (PangoContext *context, double scale)
{
  SocketeerGlyphs *self = g_new0 (SocketeerGlyphs, 1);
  PangoGlyphString *string = pango_glyph_string_new ();
  /* What the gutter shows is never waited for. */
  static const gunichar own[] = { 0x2190, 0x2192, 0x2022, 0x2026, 0x25C6 };

  self->context = g_object_ref (context);
  self->description = scale_font (pango_context_get_font_description (context), scale);
  self->attributes = make_attributes (self->description);
  self->fonts = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->scratch = g_array_new (FALSE, FALSE, sizeof (SocketeerGlyph));
  self->young = new_set ();
  self->old = new_set ();
  self->pending_set = new_set ();
  self->budget = -1;

  measure (self, string);
  for (guint i = 0; i < N_ASCII; i++)
    shape_ascii (self, string, FIRST_ASCII + i, &self->ascii[i]);
  self->ascii[0].glyph = PANGO_GLYPH_EMPTY;
  pango_glyph_string_free (string);
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    socketeer_glyphs_get_character (self, own[i], 1);
  return self;
}

void
socketeer_glyphs_free (SocketeerGlyphs *self)
{
  g_queue_clear (&self->pending);
  g_hash_table_unref (self->pending_set);
  g_hash_table_unref (self->young);
  g_hash_table_unref (self->old);
  g_array_unref (self->scratch);
  g_hash_table_unref (self->fonts);
  pango_attr_list_unref (self->attributes);
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

int
socketeer_glyphs_get_ascent (SocketeerGlyphs *self)
{
  return self->ascent;
}

const SocketeerGlyph *
socketeer_glyphs_get_ascii (SocketeerGlyphs *self, char c)
{
  guint i = (guchar) c - FIRST_ASCII;
  return i < N_ASCII && self->ascii[i].glyph != PANGO_GLYPH_EMPTY ? &self->ascii[i] : NULL;
}
