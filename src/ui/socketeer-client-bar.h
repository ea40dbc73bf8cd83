/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-session.h"
#include "skt-tab.h"

G_BEGIN_DECLS

/* Where to connect to, and the button that does it.
 * Signals: problem (string or NULL): what was typed can't be used; NULL: it can. */
#define SOCKETEER_TYPE_CLIENT_BAR (socketeer_client_bar_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerClientBar, socketeer_client_bar, SOCKETEER, CLIENT_BAR, GtkWidget)

void socketeer_client_bar_set_session (SocketeerClientBar *self, SktSession *session);

/* Fills in "host:port" (or host alone) and connects. FALSE if it can't be used: the problem was signalled. */
gboolean socketeer_client_bar_connect_to (SocketeerClientBar *self, const char *endpoint);

/* Fills in "host:port". !is_kept: it is not remembered when it is used. */
void socketeer_client_bar_fill (SocketeerClientBar *self, const char *endpoint, gboolean is_kept);

/* What the button does now: connects, cancels or disconnects. */
void socketeer_client_bar_activate (SocketeerClientBar *self);

/* What is typed and chosen, to and from a tab that is kept. Filling in does nothing else. */
void socketeer_client_bar_get_tab (SocketeerClientBar *self, SktTab *tab);
void socketeer_client_bar_set_tab (SocketeerClientBar *self, const SktTab *tab);
void socketeer_client_bar_focus (SocketeerClientBar *self);

/* What is typed for the local side: NULL and 0 where the system chooses. (transfer full) */
void socketeer_client_bar_dup_local (SocketeerClientBar *self, char **ret_address, guint16 *ret_port);

G_END_DECLS
