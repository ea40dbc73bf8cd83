/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-access.h"
#include "skt-session-worker.h"

G_BEGIN_DECLS

/* Stands where a server accepts: counts the connections of each address, refuses those that may not be, and has each
 * refusal told in the journal; when there are many, how many. I/O thread, except new and free. */
typedef struct _SktGate SktGate;

/* `session` is borrowed. */
SktGate *skt_gate_new (SktSessionWorker *session);
void skt_gate_free (SktGate *self);

/* NULL: everybody may connect. Connections that are open stay. */
void skt_gate_set_access (SktGate *self, SktAccess *access);
/* FALSE: it is refused, and recorded as such. `name`: address and port. */
gboolean skt_gate_admit (SktGate *self, const SktPeer *peer, const char *name);
/* One that was admitted is open no more. */
void skt_gate_leave (SktGate *self, const SktPeer *peer);
/* Tells what is not told yet: nothing more will be accepted. */
void skt_gate_flush (SktGate *self);

G_END_DECLS
