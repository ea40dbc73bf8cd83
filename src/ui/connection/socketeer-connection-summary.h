/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-connection.h"

G_BEGIN_DECLS

/* Addresses, state, times and counters of a connection. Property: connection (rw, SktConnection, NULL: none). */
#define SOCKETEER_TYPE_CONNECTION_SUMMARY (socketeer_connection_summary_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerConnectionSummary, socketeer_connection_summary, SOCKETEER, CONNECTION_SUMMARY, GtkWidget)

G_END_DECLS
