/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-session.h"

G_BEGIN_DECLS

/* What happened in a session, before, in and without connections: a line for each event, the last 2,000 of them. It follows its end
 * unless the user has scrolled up. It looks into the journal only while it is mapped, and in a worker when there is much. */
#define SOCKETEER_TYPE_CONNECTION_LOG (socketeer_connection_log_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerConnectionLog, socketeer_connection_log, SOCKETEER, CONNECTION_LOG, GtkWidget)

/* `session` (NULL: the journal was opened) knows the addresses of its connections; else `peers` does (connection → string; may be NULL).
 * Journal NULL: nothing is shown any more, and nothing kept of it. */
void socketeer_connection_log_set_journal (SocketeerConnectionLog *self, SktJournal *journal, SktSession *session, GHashTable *peers);
/* More is published. */
void socketeer_connection_log_journal_grown (SocketeerConnectionLog *self);

G_END_DECLS
