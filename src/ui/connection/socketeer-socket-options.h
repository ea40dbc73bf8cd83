/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-socket-options.h"

G_BEGIN_DECLS

/* Editor of SktSocketOptions. Signal "changed": the user has changed one. */
#define SOCKETEER_TYPE_SOCKET_OPTIONS (socketeer_socket_options_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerSocketOptions, socketeer_socket_options, SOCKETEER, SOCKET_OPTIONS, GtkWidget)

void socketeer_socket_options_get (SocketeerSocketOptions *self, SktSocketOptions *ret_options);
/* `is_actual`: they were read from a socket: buffers are shown as what the kernel really gave, and the interface cannot be chosen any more. */
void socketeer_socket_options_set (SocketeerSocketOptions *self, const SktSocketOptions *options, gboolean is_actual);
/* What the system refused, NULL: nothing. */
void socketeer_socket_options_set_problem (SocketeerSocketOptions *self, const char *problem);
/* Whether there is a row for the interface, which only a client chooses, and one for TCP_NODELAY. */
void socketeer_socket_options_show (SocketeerSocketOptions *self, gboolean interface, gboolean no_delay);

G_END_DECLS
