/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-connection.h"
#include "skt-socket-options.h"

G_BEGIN_DECLS

/* Sets what differs between `old` and `new` on the open connection (both NULL: nothing), then reads what is in effect. Main thread. */
void skt_connection_change_options_async (SktConnection *self, const SktSocketOptions *old, const SktSocketOptions *new,
                                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* *ret_problem (transfer full): what the system refused, in sentences, or NULL. Error: SKT_ERROR_NOT_CONNECTED, or cancelled. */
gboolean skt_connection_change_options_finish (SktConnection *self, GAsyncResult *result, SktSocketOptions *ret_options,
                                               char **ret_problem, GError **error);

G_END_DECLS
