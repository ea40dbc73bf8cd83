/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-glyphs.h"

G_BEGIN_DECLS

/* Shapes text by Pango into a grid of cells `advance` Pango units wide, left to right. Appends to `glyphs` (SocketeerGlyph) what is
 * to be drawn. cells as in socketeer_glyphs_get_cluster(). Fonts are borrowed from the items: `fonts` (a set, PangoFont) keeps them. */
void socketeer_shape_text (PangoContext *context,
                           PangoAttrList *attributes,
                           int advance,
                           const char *text,
                           gsize length,
                           const guint16 *cells,
                           GHashTable *fonts,
                           GArray *glyphs);

/* A font that is used for the first time. */
void socketeer_shape_keep_font (GHashTable *fonts, PangoFont *font);

G_END_DECLS
