/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-connection.h"

G_BEGIN_DECLS

/* What can be done to one connection: names for buttons and menus, and a sentence on what goes over the wire. Translated. */
typedef struct
{
  const char *name;             /* of the action, in group "connection" */
  const char *title;
  const char *sentence;
} SocketeerConnectionAction;

const SocketeerConnectionAction *socketeer_connection_actions_list (guint *ret_n);

/* The actions of group "connection"; they are enabled as it suits the connection's state, for as long as the group lives. (transfer full) */
GSimpleActionGroup *socketeer_connection_actions_new (SktConnection *connection);

/* The context menu of a list of connections, by pointer and by keyboard: once for the list, and for each of its rows which connection it shows
 * (NULL: none). */
void socketeer_connection_menu_install (GtkWidget *list);
void socketeer_connection_menu_set (GtkWidget *row, SktConnection *connection);

G_END_DECLS
