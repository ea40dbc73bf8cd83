/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-session.h"

G_BEGIN_DECLS

/* What became of a connection, step by step, from the name that was looked up to the state in which the system keeps it after its end.
 * Property: connection. Works only while it is mapped. */
#define SOCKETEER_TYPE_CONNECTION_LIFE (socketeer_connection_life_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerConnectionLife, socketeer_connection_life, SOCKETEER, CONNECTION_LIFE, GtkWidget)

/* Where its records are; NULL: nothing is kept of the journal. `session`: that it belongs to; NULL: it was opened, and which of its
 * connections is shown is chosen here. */
void socketeer_connection_life_set_journal (SocketeerConnectionLife *self, SktJournal *journal, SktSession *session);
/* More is published. */
void socketeer_connection_life_journal_grown (SocketeerConnectionLife *self);
/* All that is known, for a bug report. NULL: there is no connection. (transfer full) */
char *socketeer_connection_life_dup_report (SocketeerConnectionLife *self);

G_END_DECLS
