/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-answers.h"
#include "skt-transport.h"

G_BEGIN_DECLS

/* What rules do on one connection: where its stream stands for each of them, and answers that are not due yet. The I/O thread's. It does not
 * exist where no rules are on. */

/* Borrows the transport, which owns it. `is_new`: it was opened just now, and is greeted. */
SktResponder *skt_responder_new (SktTransport *transport, SktAnswers *answers, gboolean is_new);
void skt_responder_free (SktResponder *self);
/* Rules that are in both sets go on where they were; what is due of the others is held back. */
void skt_responder_set_answers (SktResponder *self, SktAnswers *answers);

/* Bytes of the stream, which are not to be written to the journal yet: answers are gathered... */
void skt_responder_feed (SktResponder *self, const guint8 *bytes, gsize length, guint64 time_ns);
/* ... and queued when they are. Afterwards the transport may be closed, and the responder gone. */
void skt_responder_answer (SktResponder *self);

/* Session: for its connections now and those to come. connection 0: all; NULL: no rules. */
void skt_session_worker_set_answers (SktSessionWorker *self, SktAnswers *answers, guint32 connection);
/* The transport was opened. */
void skt_responder_begin (SktTransport *transport);

G_END_DECLS
