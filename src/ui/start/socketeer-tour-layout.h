/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Two children, what is talked about and who talks: side by side, or where there is not room for that, one below the other; nothing covers
 * anything. With one child (or one that is visible) that has it all. */
#define SOCKETEER_TYPE_TOUR_LAYOUT (socketeer_tour_layout_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerTourLayout, socketeer_tour_layout, SOCKETEER, TOUR_LAYOUT, GtkLayoutManager)

/* The card of the tour: what it says and its buttons, one below the other, or where it is wide and low side by side. */
#define SOCKETEER_TYPE_TOUR_CARD_LAYOUT (socketeer_tour_card_layout_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerTourCardLayout, socketeer_tour_card_layout, SOCKETEER, TOUR_CARD_LAYOUT, GtkLayoutManager)

G_END_DECLS
