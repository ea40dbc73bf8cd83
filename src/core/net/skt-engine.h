/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The I/O thread and the sync thread: owns every socket and every journal writer of the process. Created and stopped on the main thread. */
#define SKT_TYPE_ENGINE (skt_engine_get_type ())
G_DECLARE_FINAL_TYPE (SktEngine, skt_engine, SKT, ENGINE, GObject)

/* Raises the soft limit of file descriptors, starts both threads. Sessions' notifications are delivered in the
 * thread-default context of the caller (the main thread). */
SktEngine *skt_engine_new (void);

/* Closes what sessions are still open, ends and joins the threads. Blocks for no longer than a few ms unless the disk does. Idempotent; also
 * done by dispose. */
void skt_engine_stop (SktEngine *self);

G_END_DECLS
