/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Keeps the end of a scrolled text in sight, until the user scrolls up, and again when they are back at the end.
 *
 * Embedded in a widget, all zero at first; main thread. */
typedef struct
{
  GtkScrolledWindow *scrolled;  /* borrowed */
  double last_value, last_end;  /* of its vertical adjustment */
  guint id;
  gboolean is_on;
} SocketeerFollow;

/* The end is followed from now on. socketeer_follow_clear() must be called before the scrolled window goes away. */
void socketeer_follow_init (SocketeerFollow *self, GtkScrolledWindow *scrolled);
/* After the text has changed, and when it is mapped: goes to the end, soon, if that is followed. */
void socketeer_follow_queue (SocketeerFollow *self);
/* The text begins anew: its end is followed, wherever the user was. */
void socketeer_follow_restart (SocketeerFollow *self);
/* Nothing is due any more: when it is unmapped. */
void socketeer_follow_cancel (SocketeerFollow *self);
void socketeer_follow_clear (SocketeerFollow *self);

G_END_DECLS
