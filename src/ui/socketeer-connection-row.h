/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-connection.h"

G_BEGIN_DECLS

/* A connection in the list: address, state, bytes each way, how it ended. */
#define SOCKETEER_TYPE_CONNECTION_ROW (socketeer_connection_row_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerConnectionRow, socketeer_connection_row, SOCKETEER, CONNECTION_ROW, GtkWidget)

GtkWidget *socketeer_connection_row_new (void);

/* NULL: the row that stands for all of them. */
void socketeer_connection_row_set_connection (SocketeerConnectionRow *self, SktConnection *connection);

SktConnection *socketeer_connection_row_get_connection (SocketeerConnectionRow *self); /* borrowed */

/* Icon and style class for a state: so that colour is never alone. */
const char *socketeer_connection_row_get_state_icon (SktState state);
const char *socketeer_connection_row_get_state_class (SktState state);

G_END_DECLS
