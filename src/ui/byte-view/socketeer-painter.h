/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-glyphs.h"

G_BEGIN_DECLS

/* Collects what a row shows, and makes as few render nodes of it as can be: one for all glyphs of a font and a colour. What is outside
 * the cells that are asked for is left out. One row after another; main thread. */
typedef struct _SocketeerPainter SocketeerPainter;

SocketeerPainter *socketeer_painter_new (void);
void socketeer_painter_free (SocketeerPainter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SocketeerPainter, socketeer_painter_free)

/* Begins a row, of which the cells [from, to) are wanted. Characters that are not known yet (see socketeer_glyphs_begin_frame()) are
 * boxes of the colour `placeholder`. Colours are borrowed, here and below, until socketeer_painter_end(). */
void socketeer_painter_begin (SocketeerPainter *self,
                              SocketeerGlyphs *glyphs,
                              guint from,
                              guint to,
                              const GdkRGBA *placeholder);

/* A background, behind all glyphs. */
void socketeer_painter_add_box (SocketeerPainter *self, guint cell, guint n_cells, const GdkRGBA *color);

/* A byte a cell: printable ASCII; other bytes are left blank. Cheap. */
void socketeer_painter_add_ascii (SocketeerPainter *self,
                                  const char *text,
                                  gsize length,
                                  guint cell,
                                  const GdkRGBA *color);

/* Any text. cells[i] is the cell, counted from `cell`, where the character begins whose first byte is text[i]; cells[length] the number
 * of cells in all. */
void socketeer_painter_add_text (SocketeerPainter *self,
                                 const char *text,
                                 gsize length,
                                 const guint16 *cells,
                                 guint cell,
                                 const GdkRGBA *color);

/* Text of our own (events, in the user's language), with each character in as many cells as it is wide. Returns the cells taken. */
guint socketeer_painter_add_words (SocketeerPainter *self,
                                   const char *text,
                                   guint cell,
                                   guint max_cells,
                                   const GdkRGBA *color);

/* The row, its top left corner at 0, 0. NULL: nothing to draw. *ret_is_pending (may be NULL): it has placeholders, and is to be made
 * again in a later frame. (transfer full) */
GskRenderNode *socketeer_painter_end (SocketeerPainter *self, gboolean *ret_is_pending);

G_END_DECLS
