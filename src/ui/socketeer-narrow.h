/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* All labels in this widget that are shortened when there is no room for them, and have no tooltip, show their whole text in one
 * then. Unlike a tooltip that is set, it does not take the place of the description that assistive technology reads. */
void socketeer_narrow_add_tips (GtkWidget *widget);

/* Labels in this widget, but for those of buttons and entries, are broken over lines, and what drop-downs show is shortened, where there is
 * no room. */
void socketeer_narrow_let_shrink (GtkWidget *widget);

G_END_DECLS
