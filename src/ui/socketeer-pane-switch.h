/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The button shows and hides the pane, which is the flap's; so does a setting (boolean) of that name, and the pane's signal "close". A pane that is
 * out of sight is not there for assistive technology either, and the keyboard does not stay in it. All three belong together until they are finalized. */
void socketeer_pane_switch_bind (GtkToggleButton *button, AdwFlap *flap, GtkWidget *pane, const char *key);

G_END_DECLS
