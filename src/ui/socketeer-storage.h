/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "skt-journal.h"
#include "skt-retention.h"

G_BEGIN_DECLS

/* Where sessions are kept and for how long, as the settings want it. Main thread; the disk is left to workers. */

/* From now on new sessions are kept where the settings say, also when they change. Once is enough. */
void socketeer_storage_start (void);

/* What becomes of the journal of a session whose tab is closed: TRUE if it is kept for a while, marked as closed; FALSE: it is to be
 * deleted. To be asked once, when nothing can bring the tab back; what is kept in all is kept within its limits. */
gboolean socketeer_storage_keeps_closed (SktJournal *journal);

/* All places where sessions may be. (transfer full) */
char **socketeer_storage_dup_places (void);

/* Deletes what was kept for long enough, then lists the sessions of programs that were killed, in all places. The result is as of skt_journal_list_abandoned(). */
void socketeer_storage_look_async (GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *socketeer_storage_look_finish (GAsyncResult *result);

/* How much is kept of closed sessions; if `deletes` it is deleted, and what is left is told. */
void socketeer_storage_measure_async (gboolean deletes, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean socketeer_storage_measure_finish (GAsyncResult *result, SktRetentionUsage *ret_usage, GError **error);

/* Tries whether sessions can be kept in a folder in `folder`, and has the settings say so. */
void socketeer_storage_choose_async (const char *folder, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean socketeer_storage_choose_finish (GAsyncResult *result, GError **error);
/* The same with a place that was one already; NULL: the default. */
void socketeer_storage_set_place (const char *place);

G_END_DECLS
