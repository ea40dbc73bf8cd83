/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-access.h"
#include "skt-session-worker.h"

G_BEGIN_DECLS

/* Listening and accepting. I/O thread, except new and free. */

/* `session` is the owner, borrowed. */
SktServerWorker *skt_server_worker_new (SktSessionWorker *session);
void skt_server_worker_free (SktServerWorker *self);

/* Ignored while it listens. */
void skt_server_worker_listen (SktServerWorker *self, const SktListenOptions *options);
void skt_server_worker_stop (SktServerWorker *self);

/* Who may connect from now on; NULL: everybody. */
void skt_server_worker_set_access (SktServerWorker *self, SktAccess *access);
/* One that was accepted is open no more. */
void skt_server_worker_connection_ended (SktServerWorker *self, SktTransport *transport);

/* Accepts or leaves connections in the kernel's queue, as descriptors and the journal allow. */
void skt_server_worker_update (SktServerWorker *self);

G_END_DECLS
