/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-session.h"
#include "skt-tab.h"

G_BEGIN_DECLS

/* The part "More" of a bar's options popover: socket options for the connections that the page opens from now on, remembered, and for a client
 * whether it connects again by itself. Appended to the grid of the popover. */
#define SOCKETEER_TYPE_PAGE_OPTIONS (socketeer_page_options_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerPageOptions, socketeer_page_options, SOCKETEER, PAGE_OPTIONS, GtkWidget)

void socketeer_page_options_set_session (SocketeerPageOptions *self, SktSession *session);
/* As chosen. */
void socketeer_page_options_get_reconnect (SocketeerPageOptions *self, SktReconnect *ret_reconnect);

/* The socket options, to and from a tab that is kept. Connecting again by itself is a setting of the program. */
void socketeer_page_options_get_tab (SocketeerPageOptions *self, SktTab *tab);
void socketeer_page_options_set_tab (SocketeerPageOptions *self, const SktTab *tab);

G_END_DECLS
