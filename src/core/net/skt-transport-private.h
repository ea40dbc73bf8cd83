/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-transport.h"

G_BEGIN_DECLS

/* Shared by skt-transport.c (life and states) and skt-transport-io.c (bytes). */

void _skt_transport_touch (SktTransport *self);
void _skt_transport_set_state (SktTransport *self, SktState state);
/* Asks epoll for what is of use now. */
void _skt_transport_update_interest (SktTransport *self);
/* Closes; what is queued is counted as unsent. */
void _skt_transport_end (SktTransport *self, SktReason reason, int code);
/* The socket told its end: reads it empty, then closes; waits for the journal if need be. */
void _skt_transport_end_when_drained (SktTransport *self, SktReason reason, int code);
/* After the queue is written FIN is sent, and after the peer's FIN it ends with `reason`. */
void _skt_transport_begin_ending (SktTransport *self, SktReason reason);
/* Sends FIN if everything is written and it is ending. */
void _skt_transport_finish_if_written (SktTransport *self);
/* Read returned 0. */
void _skt_transport_peer_finished (SktTransport *self);

/* A read of that length is followed by reads by the pipe, until one is shorter than this: small ones are better gathered in memory. Set to
 * 1 by tests, before there are threads. */
extern gsize _skt_transport_pipe_begin;
extern gsize _skt_transport_pipe_keep;

/* `is_urgent`: epoll says that there is an urgent byte. */
gsize _skt_transport_read (SktTransport *self, gsize quota, gboolean is_urgent);
/* Reads what the socket's buffer holds at this moment. FALSE if not all of it could be stored. *ret_code: -1 or, if
 * the socket told its end, errno (0: FIN). */
gboolean _skt_transport_drain (SktTransport *self, int *ret_code);

guint64 _skt_transport_get_queued (SktTransport *self);

/* Pieces and what is collected: skt-transport-shape.c. Something of the queue could be written now: */
gboolean _skt_transport_can_write (SktTransport *self);
gboolean _skt_transport_is_pausing (SktTransport *self);
void _skt_transport_begin_pause (SktTransport *self, guint ms);
/* It is about to be closed. */
void _skt_transport_end_pause (SktTransport *self);
/* Runs func(self) on the I/O thread. FALSE if it is over. Main thread. */
gboolean _skt_transport_request (SktTransport *self, SktCommandFunc func, gboolean ends_sending);
/* FALSE: why not. With the lock. */
gboolean _skt_transport_check_can_queue_locked (SktTransport *self, gsize size, GError **error);

/* Samples and acknowledgements: skt-transport-sample.c. Something was sent: */
void _skt_transport_expect_acknowledgement (SktTransport *self);
void _skt_transport_update_acknowledged (SktTransport *self);
/* It was opened. */
void _skt_transport_update_sampling (SktTransport *self);
/* It is about to be closed. */
void _skt_transport_take_last_sample (SktTransport *self);

G_END_DECLS
