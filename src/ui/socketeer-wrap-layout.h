/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Children one after another, in as many lines as the width needs; one that expands takes what its line has left over. A child keeps
 * its natural width as long as a line has room for it.
 * Property: spacing (int, pixels): between children and between lines. */
#define SOCKETEER_TYPE_WRAP_LAYOUT (socketeer_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerWrapLayout, socketeer_wrap_layout, SOCKETEER, WRAP_LAYOUT, GtkLayoutManager)

G_END_DECLS
