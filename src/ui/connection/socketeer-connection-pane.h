/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-session.h"

G_BEGIN_DECLS

/* The pane at the right that tells about one connection of a page, in tabs. Each tab is a widget with a property "connection"
 * (SktConnection, NULL: none) that the template binds to the pane's, and works only while it is mapped.
 * Property: connection. Signal "close": the user wants it gone. */
#define SOCKETEER_TYPE_CONNECTION_PANE (socketeer_connection_pane_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerConnectionPane, socketeer_connection_pane, SOCKETEER, CONNECTION_PANE, GtkWidget)

/* NULL: there is none; `hint` says what to do to see one. */
void socketeer_connection_pane_set_connection (SocketeerConnectionPane *self, SktConnection *connection, const char *hint);

/* Whose connections they are: a session, or a journal that was opened, with the addresses of its connections (connection → string; may be
 * NULL). All NULL: the page is closed, and nothing is kept of the journal. */
void socketeer_connection_pane_set_journal (SocketeerConnectionPane *self, SktJournal *journal, SktSession *session, GHashTable *peers);

G_END_DECLS
