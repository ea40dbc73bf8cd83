/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-connection.h"
#include "skt-transport.h"

G_BEGIN_DECLS

/* Takes a reference to the transport. */
SktConnection *_skt_connection_new (SktTransport *transport, const SktConnectionStatus *status);
void _skt_connection_update (SktConnection *self, const SktConnectionStatus *status);

SktTransport *_skt_connection_get_transport (SktConnection *self); /* borrowed */

G_END_DECLS
