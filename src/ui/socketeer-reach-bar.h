/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-session.h"

G_BEGIN_DECLS

/* While a server listens: from where it can be reached, and what is to be typed on another device, to be copied. Else it is not visible.
 * Signal "message" (string): to be told to the user in passing. */
#define SOCKETEER_TYPE_REACH_BAR (socketeer_reach_bar_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerReachBar, socketeer_reach_bar, SOCKETEER, REACH_BAR, GtkWidget)

void socketeer_reach_bar_set_session (SocketeerReachBar *self, SktSession *session);

G_END_DECLS
