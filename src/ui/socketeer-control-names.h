/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Gives names to parts of GTK's and libadwaita's own widgets that have the keyboard but no name there: the button inside a drop-down, the
 * buttons of a tab. Once, when the program starts; good for all widgets that come. */
void socketeer_control_names_install (void);

G_END_DECLS
