/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The fixed-width font of a view as a grid of cells, and what characters look like in it: printable ASCII is shaped once and for
 * all, what else there is when it is met, by Pango, and kept (the last thousands). Text is fitted into the grid cluster by cluster,
 * left to right whatever its script, so that no byte changes places with its neighbours.
 *
 * Shaping is slow next to drawing (10 us a character, and tens of ms when a font is used for the first time), so that a frame does
 * a bounded amount of it: see socketeer_glyphs_begin_frame(). Main thread. */
typedef struct _SocketeerGlyphs SocketeerGlyphs;

/* One glyph, in Pango units from the first cell of its shape and from the baseline. */
typedef struct
{
  PangoFont *font; /* borrowed, lives as long as the glyphs */
  PangoGlyph glyph;
  int x, y;
  int width; /* its own */
  float scale; /* less than 1: wider than its cells, drawn smaller */
  PangoGlyphVisAttr attr;
} SocketeerGlyph;

/* What a character or a cluster looks like. */
typedef struct
{
  guint n_glyphs;
  SocketeerGlyph glyphs[];
} SocketeerShape;

/* scale: factor on the context's font size. */
SocketeerGlyphs *socketeer_glyphs_new (PangoContext *context, double scale);
void socketeer_glyphs_free (SocketeerGlyphs *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SocketeerGlyphs, socketeer_glyphs_free)

/* Pixels. */
double socketeer_glyphs_get_advance (SocketeerGlyphs *self);
int socketeer_glyphs_get_row_height (SocketeerGlyphs *self);
int socketeer_glyphs_get_ascent (SocketeerGlyphs *self);

/* Printable ASCII. NULL: nothing to draw (a space, or no printable ASCII). */
const SocketeerGlyph *socketeer_glyphs_get_ascii (SocketeerGlyphs *self, char c);

/* One character in n_cells cells, and a text of several that are to be shaped together: cells[i] is the cell where the character
 * begins whose first byte is text[i], cells[length] where the next one would. Borrowed until the next call. NULL: not known yet, the
 * budget of the frame is spent; a placeholder is to be drawn. */
const SocketeerShape *socketeer_glyphs_get_character (SocketeerGlyphs *self, gunichar c, guint n_cells);
const SocketeerShape *socketeer_glyphs_get_cluster (SocketeerGlyphs *self,
                                                    const char *text,
                                                    gsize length,
                                                    const guint16 *cells);

/* Whether the character looks the same whatever its neighbours are, marks on it aside. */
gboolean socketeer_glyphs_is_context_free (gunichar c);

/* A new frame begins, which may spend budget_us on shaping (< 0: as long as it takes; so it is at first). What it leaves over is
 * kept to be shaped by socketeer_glyphs_shape_pending(); what the frame before has left over is forgotten. */
void socketeer_glyphs_begin_frame (SocketeerGlyphs *self, gint64 budget_us);
gboolean socketeer_glyphs_has_pending (SocketeerGlyphs *self);
/* Shapes something of what the frame left over, for budget_us or a little longer. */
void socketeer_glyphs_shape_pending (SocketeerGlyphs *self, gint64 budget_us);

/* How many shapes are kept, for tests. */
guint socketeer_glyphs_get_n_kept (SocketeerGlyphs *self);
#define SOCKETEER_GLYPHS_MAX_KEPT 16384

G_END_DECLS
