/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-session.h"
#include "skt-tab.h"

G_BEGIN_DECLS

/* The part of a server's options that says who may connect, and how many. What is entered is in force at once, with Enter or when
 * the keyboard goes elsewhere; what can't be used says so at its place and is not. */
#define SOCKETEER_TYPE_ACCESS_BOX (socketeer_access_box_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerAccessBox, socketeer_access_box, SOCKETEER, ACCESS_BOX, GtkWidget)

void socketeer_access_box_set_session (SocketeerAccessBox *self, SktSession *session);

/* What is entered comes into force. FALSE: it can't be used; *ret_problem says why (transfer full), and the keyboard is there. */
gboolean socketeer_access_box_apply (SocketeerAccessBox *self, char **ret_problem);

/* What is entered, to and from a tab that is kept. */
void socketeer_access_box_get_tab (SocketeerAccessBox *self, SktTab *tab);
void socketeer_access_box_set_tab (SocketeerAccessBox *self, const SktTab *tab);

G_END_DECLS
