/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-session.h"

G_BEGIN_DECLS

/* The connections of a server, "All" first. One or several can be chosen.
 * Signals: choice-changed. */
#define SOCKETEER_TYPE_CONNECTION_LIST (socketeer_connection_list_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerConnectionList, socketeer_connection_list, SOCKETEER, CONNECTION_LIST, GtkWidget)

void socketeer_connection_list_set_session (SocketeerConnectionList *self, SktSession *session);

/* How many connections are in it now, without "All". */
guint socketeer_connection_list_get_n_shown (SocketeerConnectionList *self);

/* The chosen connections (transfer full, element-type SktConnection), or NULL: all. */
GPtrArray *socketeer_connection_list_dup_choice (SocketeerConnectionList *self);
/* What lists them. Borrowed. */
GtkWidget *socketeer_connection_list_get_list (SocketeerConnectionList *self);

G_END_DECLS
