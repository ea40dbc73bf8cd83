/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-engine-private.h"

G_BEGIN_DECLS

/* One epoll descriptor as one source, whose user data are transports: a GMainContext polls all its descriptors at each
 * turn, which takes milliseconds with thousands of them. */
GSource *skt_epoll_source_new (SktEngine *engine);

/* As epoll_ctl(2). FALSE with errno set. */
gboolean skt_epoll_source_control (GSource *source, int operation, int fd, guint32 events, SktTransport *transport);

G_END_DECLS
