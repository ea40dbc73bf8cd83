/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A bin with a horizontal GtkPaned, whose two children stand beside each other where there is room for both, and else one above the
 * other. So it needs no more width than the wider of the two. Properties:
 * “paned”, GtkPaned: the child. “stacked”, boolean, read-only: one is above the other. “stacked-share”, double: how much of the
 * height the first then gets, until the handle is moved. “start-width” and “end-width”, int: with less neither is of use beside the
 * other. A child that its owner hides while they are stacked is still reckoned with,
 * so that hiding it does not put them beside each other. */
#define SOCKETEER_TYPE_SPLIT (socketeer_split_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerSplit, socketeer_split, SOCKETEER, SPLIT, GtkWidget)

gboolean socketeer_split_is_stacked (SocketeerSplit *self);

G_END_DECLS
