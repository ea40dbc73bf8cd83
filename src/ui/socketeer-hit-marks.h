/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How many places marks are given for, over the height of the transcript. */
#define SOCKETEER_N_HIT_MARKS 512

/* A strip beside the scrollbar that shows where in all the transcript there are hits. Takes no events. */
#define SOCKETEER_TYPE_HIT_MARKS (socketeer_hit_marks_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerHitMarks, socketeer_hit_marks, SOCKETEER, HIT_MARKS, GtkWidget)

/* SOCKETEER_N_HIT_MARKS of them, 0 or 1, copied; NULL: none. */
void socketeer_hit_marks_set (SocketeerHitMarks *self, const guint8 *marks);
const guint8 *socketeer_hit_marks_get (SocketeerHitMarks *self);

G_END_DECLS
