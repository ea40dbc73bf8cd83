/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-pattern.h"

G_BEGIN_DECLS

/* Where it is chosen what of the transcript is shown: directions, events, a pattern.
 * Property: active (boolean): something is left out. Signal: changed. */
#define SOCKETEER_TYPE_FILTER (socketeer_filter_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerFilter, socketeer_filter, SOCKETEER, FILTER, GtkWidget)

gboolean socketeer_filter_is_active (SocketeerFilter *self);
gboolean socketeer_filter_shows_received (SocketeerFilter *self);
gboolean socketeer_filter_shows_sent (SocketeerFilter *self);
gboolean socketeer_filter_shows_events (SocketeerFilter *self);

/* NULL if there is none, or none that can be searched for, which is said here. (transfer full) */
SktPattern *socketeer_filter_dup_pattern (SocketeerFilter *self, SktEncoding encoding);

/* Everything is shown again. */
void socketeer_filter_reset (SocketeerFilter *self);

G_END_DECLS
