/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-transcript.h"

G_BEGIN_DECLS

/* What was sent by the user and the kernel has not taken yet, as rows below those that it has: the peer does not read as fast. Shows itself only
 * when that lasts for a moment. */
#define SOCKETEER_TYPE_WAITING (socketeer_waiting_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerWaiting, socketeer_waiting, SOCKETEER, WAITING, GtkWidget)

/* Text is read as in the transcript (borrowed, until the session is another one). NULL: none. */
void socketeer_waiting_set_session (SocketeerWaiting *self, SktSession *session, SocketeerTranscript *transcript);

G_END_DECLS
