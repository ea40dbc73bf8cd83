/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-port-holder.h"
#include "skt-session-worker.h"

G_BEGIN_DECLS

/* `subject` and `attempt` are what the search was given. I/O thread. */
typedef void (*SktHolderFunc) (SktSessionWorker *session, const SktPortHolder *holder, const char *subject, guint attempt);

/* Looks for who has an address that is in use, in a worker, since the descriptors of all programs are looked at. `address`: NULL: all.
 * `found` is called if somebody is found; meanwhile the session may have been closed. I/O thread. */
void skt_holder_search (SktSessionWorker *session,
                        const char *address,
                        guint16 port,
                        const char *subject,
                        guint attempt,
                        SktHolderFunc found);

G_END_DECLS
