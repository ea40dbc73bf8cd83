/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* For what would change in every frame, faster than anybody can read it.
 *
 * Embedded in a widget, all zero at first; main thread. */
typedef struct
{
  guint id;     /* a call is due */
  gint64 last;  /* us, monotonic */
} SocketeerThrottle;

/* Calls func(data): at once if it was not called for that many milliseconds, else when they are over. The last change is never left
 * out. */
void socketeer_throttle_queue (SocketeerThrottle *self, guint interval, GFunc func, gpointer data);
/* Nothing is due any more: when the data goes away. */
void socketeer_throttle_clear (SocketeerThrottle *self);

G_END_DECLS
