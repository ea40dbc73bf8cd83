/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-tour.h"

G_BEGIN_DECLS

/* The card of the guided tour: what a step is about, a button that does it, and what can be seen then.
 * Signals: show-place (uint: SktTourPlace): the user wants to see that; act: a step is about to be done; close: the user wants the tour gone. */
#define SOCKETEER_TYPE_TOUR (socketeer_tour_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerTour, socketeer_tour, SOCKETEER, TOUR, GtkWidget)

/* Takes a reference; the tour is stopped when the card goes. */
GtkWidget *socketeer_tour_new (SktTour *tour);
SktTour *socketeer_tour_get_tour (SocketeerTour *self);
/* Puts the keyboard to the button that does the step. */
void socketeer_tour_focus (SocketeerTour *self);

G_END_DECLS
