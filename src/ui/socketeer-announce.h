/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Has a screen reader say it, when it has said what it is saying. Nothing if the widget is not seen, or its window not the active one.
 * GTK before 4.14 has nothing for that. What a screen reader says there by itself is a change of the active window's name: so the text
 * goes before the name, which nobody sees. */
void socketeer_announce (GtkWidget *widget, const char *text);

G_END_DECLS
