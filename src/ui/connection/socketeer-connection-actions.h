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

/* A section of a menu with all of them but "close". (transfer full) */
GMenuModel *socketeer_connection_actions_create_menu (void);

G_END_DECLS
