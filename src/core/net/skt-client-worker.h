/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-session-worker.h"

G_BEGIN_DECLS

/* Resolving and connecting: one address after another. I/O thread, except new and free. */

/* `session` is the owner, borrowed. */
SktClientWorker *skt_client_worker_new (SktSessionWorker *session);
void skt_client_worker_free (SktClientWorker *self);

/* Ignored while it resolves, connects or is connected. */
void skt_client_worker_connect (SktClientWorker *self, const SktConnectOptions *options);
/* Ends resolving or connecting at once. */
/* Its connection has ended: connects again if that was asked for. */
void skt_client_worker_ended (SktClientWorker *self, SktTransport *transport);
void skt_client_worker_cancel (SktClientWorker *self);
/* For good. */
void skt_client_worker_close (SktClientWorker *self);

G_END_DECLS
