/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-session.h"
#include "skt-tab.h"

G_BEGIN_DECLS

/* Where to listen, and the button that does it.
 * Signals: problem (string or NULL): what was typed can't be used; NULL: it can. */
#define SOCKETEER_TYPE_SERVER_BAR (socketeer_server_bar_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerServerBar, socketeer_server_bar, SOCKETEER, SERVER_BAR, GtkWidget)

void socketeer_server_bar_set_session (SocketeerServerBar *self, SktSession *session);

/* Fills in "port", "address:port" or ":port" (all addresses) and listens. FALSE if it can't be used: the problem was
 * signalled. */
gboolean socketeer_server_bar_listen_on (SocketeerServerBar *self, const char *endpoint);

/* Fills in the same. !is_kept: it is not remembered when it is used. FALSE as above. */
gboolean socketeer_server_bar_fill (SocketeerServerBar *self, const char *endpoint, gboolean is_kept);

/* What the button does now: listens, or stops listening. */
void socketeer_server_bar_activate (SocketeerServerBar *self);

/* What is typed and chosen, to and from a tab that is kept. Filling in does nothing else. */
void socketeer_server_bar_get_tab (SocketeerServerBar *self, SktTab *tab);
void socketeer_server_bar_set_tab (SocketeerServerBar *self, const SktTab *tab);
void socketeer_server_bar_focus (SocketeerServerBar *self);

G_END_DECLS
