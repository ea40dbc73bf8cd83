/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-record.h"
#include "skt-shape.h"
#include "skt-tcp-info.h"
#include "skt-reply-times.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  SKT_STATE_IDLE,               /* client: nothing yet; server: not listening */
  SKT_STATE_RESOLVING,
  SKT_STATE_CONNECTING,
  SKT_STATE_CONNECTED,
  SKT_STATE_PEER_FINISHED,      /* half-closed: the peer sent FIN, we may still send */
  SKT_STATE_CLOSING,            /* we sent FIN (or are about to), the peer has not finished yet */
  SKT_STATE_CLOSED,
  SKT_STATE_FAILED,
  SKT_STATE_LISTENING,          /* server */
  SKT_STATE_FINISHED,           /* half-closed: we sent FIN (or are about to), the peer may still send */
  SKT_STATE_WAITING,            /* session only: connects or listens again by itself after a while */
  SKT_N_STATES,
} SktState;

/* The state in words, translated ("connected", "peer has finished"). Static. */
const char *skt_state_to_text (SktState state);

/* One TCP connection as the main thread sees it. All properties change on the main thread only, at most once per 16 ms
 * however much arrives. It stays readable after it ended. */
#define SKT_TYPE_CONNECTION (skt_connection_get_type ())
G_DECLARE_FINAL_TYPE (SktConnection, skt_connection, SKT, CONNECTION, GObject)

/* Properties (read-only, notify): id (uint), state (SktState as int: "state"), local-address, remote-address (string), bytes-received, bytes-sent,
 * bytes-queued (uint64), bytes-acknowledged (uint64: see the getter), reason (int: SktReason), end-text (string, NULL until it ended: "peer closed (FIN) after 12.3 s"). */
guint32 skt_connection_get_id (SktConnection *self);
SktState skt_connection_get_state (SktConnection *self);
const char *skt_connection_get_local_address (SktConnection *self);
const char *skt_connection_get_remote_address (SktConnection *self);
guint64 skt_connection_get_bytes_received (SktConnection *self);
guint64 skt_connection_get_bytes_sent (SktConnection *self);
guint64 skt_connection_get_bytes_queued (SktConnection *self);
/* Appends (GBytes, transfer full) what is queued, the oldest first, no more than `max`; of one that is partly written the rest. Returns how many
 * there are in all. Main thread. */
guint skt_connection_list_queued (SktConnection *self, guint max, GPtrArray *bytes);
/* Of the bytes sent, those that the peer's TCP has acknowledged, as far as it was asked for: while it is sampled, or its session watches
 * acknowledgements; and what was acknowledged when it ended. */
guint64 skt_connection_get_bytes_acknowledged (SktConnection *self);
/* Successful reads and writes: a record of the journal each. */
guint64 skt_connection_get_n_reads (SktConnection *self);
guint64 skt_connection_get_n_writes (SktConnection *self);
/* When bytes last came or went: us, realtime; 0: never. */
gint64 skt_connection_get_last_traffic (SktConnection *self);
/* How long the peer took to answer, as of now; all 0: it has not yet. Main thread. */
void skt_connection_get_reply_times (SktConnection *self, SktReplySummary *ret_summary);
gint64 skt_connection_get_opened_time (SktConnection *self); /* us, realtime; 0: not yet */
SktReason skt_connection_get_reason (SktConnection *self);
const char *skt_connection_get_end_text (SktConnection *self);
/* Somebody looks at it: what the kernel knows is sampled four times a second while it is open, and once at its end; each sample is told by
 * the signal "sampled". Each call with TRUE needs one with FALSE. Main thread. */
void skt_connection_set_sampled (SktConnection *self, gboolean is_sampled);
/* The last sample; NULL: none was taken yet. Borrowed, until the next one. */
const SktTcpInfo *skt_connection_get_sample (SktConnection *self);
/* Open for sending: connected or half-closed by the peer. */
gboolean skt_connection_can_send (SktConnection *self);

/* Queues bytes; takes a reference. Errors: SKT_ERROR_NOT_CONNECTED, SKT_ERROR_QUEUE_FULL (all or nothing: nothing was queued). Any thread,
 * as long as its session is open. */
gboolean skt_connection_send_bytes (SktConnection *self, GBytes *bytes, GError **error);

/* The same in a shape (may be NULL): pieces keep their place before whatever is sent after them; what is being collected is complete with
 * anything that is sent otherwise, or when the connection is finished. */
gboolean skt_connection_send_shaped (SktConnection *self, GBytes *bytes, const SktShape *shape, GError **error);
/* What is being collected is sent now. */
void skt_connection_release (SktConnection *self);
/* What waits in pieces, or is being collected, is not sent; how many bytes those were is recorded. */
void skt_connection_drop_shaped (SktConnection *self);

/* Orderly: what is queued is written, FIN is sent, what still arrives is kept, then it is closed; a peer that does not
 * finish is left after 2 s. Called again while closing: closes at once. Any thread, as above. */
void skt_connection_disconnect (SktConnection *self);

/* The half-close: what is queued is written, then FIN is sent. What the peer sends goes on to be received, for as long as it sends; when it
 * finishes too, it is closed. Any thread, as above. */
void skt_connection_finish (SktConnection *self);
/* Ends it at once with RST: what has arrived is kept, what is queued here or in the system is not sent. Main thread. */
void skt_connection_reset (SktConnection *self);
/* While stopped nothing is read, so that the peer's window fills; what arrives waits in the system. Property "reading" (boolean). Main thread. */
void skt_connection_set_reading (SktConnection *self, gboolean is_reading);
gboolean skt_connection_is_reading (SktConnection *self);
/* One byte as urgent data (MSG_OOB), after what is queued. Errors as of skt_connection_send_bytes(). */
gboolean skt_connection_send_urgent (SktConnection *self, guint8 byte, GError **error);
/* What is queued, and not handed to the kernel yet, is not sent; a message that is partly written is cut there, and a file that is being sent is
 * sent no further. A note in the journal says how many bytes those were. Main thread. */
void skt_connection_discard_queued (SktConnection *self);
/* It is open, in whichever state. */
gboolean skt_connection_is_open (SktConnection *self);

G_END_DECLS
