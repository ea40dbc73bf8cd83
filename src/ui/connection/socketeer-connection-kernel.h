/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-connection.h"

G_BEGIN_DECLS

/* The kernel's view of a connection: a verdict, graphs and figures, each with what it says. While it is mapped the connection is sampled.
 * Property: connection (rw, SktConnection, NULL: none). */
#define SOCKETEER_TYPE_CONNECTION_KERNEL (socketeer_connection_kernel_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerConnectionKernel, socketeer_connection_kernel, SOCKETEER, CONNECTION_KERNEL, GtkWidget)

G_END_DECLS
