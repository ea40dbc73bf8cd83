/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-session.h"

G_BEGIN_DECLS

/* Counters and rates of a session, the promise (nothing dropped), and what the journal takes and the disk has left. */
#define SOCKETEER_TYPE_STATUS_BAR (socketeer_status_bar_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerStatusBar, socketeer_status_bar, SOCKETEER, STATUS_BAR, GtkWidget)

void socketeer_status_bar_set_session (SocketeerStatusBar *self, SktSession *session);

/* Counts from zero again; the journal keeps all. */
void socketeer_status_bar_reset (SocketeerStatusBar *self);

G_END_DECLS
