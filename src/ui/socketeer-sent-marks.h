/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-session.h"
#include "socketeer-byte-view.h"

G_BEGIN_DECLS

/* Has the rows of a transcript say whether what was sent is acknowledged, and asks for it while they are seen. */
typedef struct _SocketeerSentMarks SocketeerSentMarks;

/* Keeps a reference to the session; to be freed before the view goes. */
SocketeerSentMarks *socketeer_sent_marks_new (SocketeerByteView *view, SktSession *session);
void socketeer_sent_marks_free (SocketeerSentMarks *self);

G_END_DECLS
