/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The fixed-width font of a view as a grid of cells, and the glyphs of printable ASCII, which
 * are shaped once. What else there is goes through Pango, and is fitted into the grid cluster by cluster, left to right
 * whatever its script, so that no byte changes places with its neighbours. Main thread. */
typedef struct _SocketeerGlyphs SocketeerGlyphs;

/* scale: factor on the context's font size. */
SocketeerGlyphs *socketeer_glyphs_new (PangoContext *context, double scale);
void socketeer_glyphs_free (SocketeerGlyphs *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SocketeerGlyphs, socketeer_glyphs_free)

/* Pixels. */
double socketeer_glyphs_get_advance (SocketeerGlyphs *self);
int socketeer_glyphs_get_row_height (SocketeerGlyphs *self);

/* Appends printable ASCII at cell `cell`; other bytes are left blank. Cheap. */
void socketeer_glyphs_append_simple (SocketeerGlyphs *self,
                                     GtkSnapshot *snapshot,
                                     const char *text,
                                     gsize length,
                                     guint cell,
                                     const GdkRGBA *color);

/* Appends any text. cells[i] is the cell, counted from `cell`, where the character begins whose first byte is text[i]; cells[length] the
 * number of cells in all. */
void socketeer_glyphs_append_text (SocketeerGlyphs *self,
                                   GtkSnapshot *snapshot,
                                   const char *text,
                                   gsize length,
                                   const guint16 *cells,
                                   guint cell,
                                   const GdkRGBA *color);

/* Text of our own (events, in the user's language), with each character in as many cells as it is wide. Returns the cells taken. */
guint socketeer_glyphs_append_words (SocketeerGlyphs *self,
                                     GtkSnapshot *snapshot,
                                     const char *text,
                                     guint cell,
                                     guint max_cells,
                                     const GdkRGBA *color);

G_END_DECLS
