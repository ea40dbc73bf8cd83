/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-connection.h"

G_BEGIN_DECLS

/* Tab "Control": the actions on a connection, and its socket options. Property "connection" (SktConnection, rw). */
#define SOCKETEER_TYPE_CONNECTION_CONTROL (socketeer_connection_control_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerConnectionControl, socketeer_connection_control, SOCKETEER, CONNECTION_CONTROL, GtkWidget)

G_END_DECLS
