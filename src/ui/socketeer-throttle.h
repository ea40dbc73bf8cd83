/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* For labels whose numbers change in every frame: nobody can read them, and a label that changes has the whole window measured anew.
 *
 * Embedded in a widget, all zero at first; main thread. */
typedef struct
{
  guint id;     /* a call is due */
  gint64 last;  /* us, monotonic */
} SocketeerThrottle;

/* Calls func(data): at once if it was not called for a while (100 ms), else when that is over. The last change is never left out. */
void socketeer_throttle_queue (SocketeerThrottle *self, GFunc func, gpointer data);
/* Nothing is due any more: when the data goes away. */
void socketeer_throttle_clear (SocketeerThrottle *self);

G_END_DECLS
