/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-access.h"
#include "skt-file-feed.h"
#include "skt-reply-times.h"
#include "skt-send-queue.h"
#include "skt-session-worker.h"

G_BEGIN_DECLS

/* The half of a connection that lives on the I/O thread: descriptor, send queue, what epoll is asked for, counters.
 * Functions are the I/O thread's unless it is said otherwise. */
struct _SktTransport
{
  gatomicrefcount ref_count;
  SktSessionWorker *session;    /* owned */
  guint32 id;

  /* I/O thread */
  int fd;                       /* -1: not open (yet, or any more) */
  guint32 interest;             /* epoll events that are asked for */
  SktConnectionStatus now;
  SktPeer peer;                 /* server: what its gate counts */
  gint64 started;               /* us, monotonic: when it was opened, or connecting began */
  SktReason end_reason;         /* how it ends, if is_ending or must_end */
  int end_code;
  SktResponder *responder;      /* owned; NULL: no rules are on */
  GSource *sample_timer;        /* NULL: not sampled now */
  GSource *pause_timer;         /* between two pieces while it is ready some time; NULL: there was no pause yet */
  guint64 request_time_ns;      /* of the last record the user sent, if nothing came since; 0: no reply is awaited */
  GList closing_link;
  guint linger_s;               /* how long closing waits for the peer; 0: the default */
  gint64 closing_deadline;      /* us, monotonic; 0: not in the list */
  guint is_watched : 1;         /* in the epoll set */
  guint peer_has_finished : 1;  /* read returned 0 */
  guint is_ending : 1;          /* once the queue is written, FIN is sent */
  guint has_sent_fin : 1;
  guint must_end : 1;           /* the socket is of no use any more: read what is in it, then close */
  guint is_read_blocked : 1;    /* echo: the peer does not read */
  guint reads_by_pipe : 1;      /* reads have become large */
  guint is_touched : 1;
  guint is_sampled : 1;         /* somebody looks at it */
  guint is_unacknowledged : 1;  /* in session->unacknowledged */
  guint is_read_stopped : 1;    /* by the user: the peer's window fills */
  guint user_ended : 1;         /* the user has asked for the end, in whichever way */
  guint fin_flags : 4;          /* SKT_RECORD_FLAG_LOCAL_FIRST or _PEER_FIRST once a FIN was sent or came */

  /* guarded by session->lock */
  SktConnectionStatus published;
  SktSendQueue queue;
  SktReplyTimes *replies;       /* NULL: none yet */
  SktFileFeed *feed;            /* borrowed: a file that is being sent; NULL: none */
  gboolean accepts_bytes;
  gboolean is_over;             /* closed or failed: commands are of no use */
  gboolean has_wake_up;         /* a command to write what is queued is under way */
  gboolean is_dirty;            /* in session->dirty */
};

/* Not open yet; made known to the main thread with that state. `remote_address` may be NULL. */
SktTransport *skt_transport_new (SktSessionWorker *session, SktState state, const char *remote_address);
/* Any thread. */
SktTransport *skt_transport_ref (SktTransport *self);
void skt_transport_unref (SktTransport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktTransport, skt_transport_unref)

/* The descriptor (its ownership is taken) is connected. */
void skt_transport_open (SktTransport *self, int fd, const char *local_address, const char *remote_address);
/* A transport that never was open has failed or was cancelled. */
void skt_transport_fail (SktTransport *self, SktState state, SktReason reason, int code);
void skt_transport_set_connecting (SktTransport *self, SktState state, const char *remote_address);

/* Does what the epoll events ask for; reads at most about `quota` bytes and returns how many. */
gsize skt_transport_handle_events (SktTransport *self, guint32 events, gsize quota);
/* Writes what is queued, as much as the socket takes. */
void skt_transport_write (SktTransport *self);
/* Orderly, with a deadline; the second time at once. */
void skt_transport_disconnect (SktTransport *self);
/* Reads what is in the socket into the journal, then closes. */
void skt_transport_end_now (SktTransport *self, SktReason reason, int code);
/* Whether its session can store bytes has changed, or a setting. */
void skt_transport_update (SktTransport *self);
void skt_transport_set_no_delay (SktTransport *self, gboolean no_delay);
/* Whether now.sample is renewed a few times a second while it is open. */
void skt_transport_set_sampled (SktTransport *self, gboolean is_sampled);
/* The half-close: what is queued is written, then FIN is sent; the peer can go on. */
void skt_transport_finish (SktTransport *self);
/* What has arrived is kept, what is queued is not sent, the peer gets RST. */
void skt_transport_reset (SktTransport *self);
void skt_transport_set_reading (SktTransport *self, gboolean is_reading);
/* What is queued is not sent; a partly written message is cut where it is. Recorded as a note. */
void skt_transport_discard (SktTransport *self);
/* Bytes were taken out of the queue by others. */
void skt_transport_queue_changed (SktTransport *self);

/* Main thread, synchronous: all or nothing. */
gboolean skt_transport_queue_bytes (SktTransport *self, GBytes *bytes, GError **error);
/* Any thread. Whether a command has to be given to write what is queued; with the session's lock held. */
gboolean skt_transport_needs_wake_up_locked (SktTransport *self);
/* Any thread, without the lock: gives it. */
void skt_transport_wake_up (SktTransport *self);
gboolean skt_transport_queue_shaped (SktTransport *self, GBytes *bytes, const SktShape *shape, GError **error);
gboolean skt_transport_queue_urgent (SktTransport *self, guint8 byte, GError **error);
/* Main thread: nothing more can be queued. FALSE if it is over. */
gboolean skt_transport_request_disconnect (SktTransport *self);
void skt_transport_request_sampled (SktTransport *self, gboolean is_sampled);
guint skt_transport_list_queued (SktTransport *self, guint max, GPtrArray *bytes);
void skt_transport_get_reply_times (SktTransport *self, SktReplySummary *ret_summary);
gboolean skt_transport_request_finish (SktTransport *self);
gboolean skt_transport_request_reset (SktTransport *self);
gboolean skt_transport_request_reading (SktTransport *self, gboolean is_reading);
gboolean skt_transport_request_discard (SktTransport *self);
/* What is being collected is written now; what waits in pieces, or is being collected, is dropped. */
gboolean skt_transport_request_release (SktTransport *self);
gboolean skt_transport_request_drop_shaped (SktTransport *self);

/* I/O thread. What could be queued now without growing beyond `bound` bytes; an unwritten piece leaves no room at all. */
gboolean skt_transport_has_room (SktTransport *self, gsize size, gsize bound);
gboolean skt_transport_accepts_bytes (SktTransport *self);
/* Queues without writing. FALSE as of skt_transport_queue_bytes(). */
gboolean skt_transport_push (SktTransport *self, GBytes *bytes, const SktShape *shape, gconstpointer owner, GError **error);
/* Drops what `owner` has queued and is not begun. Returns how many messages. */
guint skt_transport_drop (SktTransport *self, gconstpointer owner);

G_END_DECLS
