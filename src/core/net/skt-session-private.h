/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-session.h"

G_BEGIN_DECLS

/* How many bytes each connection queues at most (SKT_SEND_QUEUE_BOUND): for tests. */
void _skt_session_set_queue_bound (SktSession *self, guint64 bound);

G_END_DECLS
