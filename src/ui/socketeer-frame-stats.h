/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What frames cost, for build-aux/bench (docs/performance.md): only if the environment variable SOCKETEER_FRAME_STATS names a file. */
typedef struct _SocketeerFrameStats SocketeerFrameStats;

/* NULL if nobody wants to know. Adds the actions stats-begin (s), stats-end and stats-scroll (d) to the window. Main thread. */
SocketeerFrameStats *socketeer_frame_stats_new (GtkApplicationWindow *window);
void socketeer_frame_stats_free (SocketeerFrameStats *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SocketeerFrameStats, socketeer_frame_stats_free)

/* The window's snapshot is made. */
void socketeer_frame_stats_snapshot_done (SocketeerFrameStats *self);

G_END_DECLS
