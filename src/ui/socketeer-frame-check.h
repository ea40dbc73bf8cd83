/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-frame-check.h"

G_BEGIN_DECLS

/* Where it is chosen whether the checksum of each frame is checked, which one, and where it stands.
 * Signal: changed: there are other settings. They are always good. */
#define SOCKETEER_TYPE_FRAME_CHECK (socketeer_frame_check_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerFrameCheck, socketeer_frame_check, SOCKETEER, FRAME_CHECK, GtkWidget)

/* Does not emit "changed". It must be good. */
void socketeer_frame_check_set (SocketeerFrameCheck *self, const SktFrameCheck *check);
/* Borrowed. */
const SktFrameCheck *socketeer_frame_check_get (SocketeerFrameCheck *self);

G_END_DECLS
