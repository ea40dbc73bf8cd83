/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-answers.h"
#include "skt-engine-private.h"
#include "skt-session.h"
#include "skt-tcp-info.h"
#include "skt-socket-options.h"

G_BEGIN_DECLS

typedef struct _SktClientWorker SktClientWorker;

/* What the main thread is told of a session. Strings are shared (GRefString), NULL: none. */
typedef struct
{
  SktState state;
  char *target;
  char *attempt;
  char *problem;
  guint64 bytes_received;
  guint64 bytes_sent;
  guint64 bytes_queued;         /* not given to the kernel yet */
  guint64 bytes_acknowledged;   /* as far as it was asked for: skt_session_watch_acknowledgements() */
  guint64 bytes_abandoned;      /* sent on connections that are over, and not acknowledged before */
  guint n_open;
  guint64 n_refused;
  SktPause pause;
  guint64 journal_size;
  guint64 journal_limit;
  guint64 free_disk;
  gint64 retry_time;            /* us, monotonic; 0: none */
  guint retry_number;
  gboolean is_closed;
} SktSessionStatus;

/* ... of one of its connections. */
typedef struct
{
  SktState state;
  SktReason reason;
  guint64 bytes_received;
  guint64 bytes_sent;
  guint64 bytes_queued;
  guint64 bytes_acknowledged;
  guint64 n_reads;
  guint64 n_writes;
  guint64 last_traffic_ns;      /* CLOCK_REALTIME; 0: none yet */
  gint64 opened_time;           /* us, realtime */
  gboolean is_read_stopped;     /* by the user */
  char *local_address;          /* GRefString */
  char *remote_address;         /* GRefString */
  char *end_text;               /* GRefString */
  SktTcpInfo *sample;           /* atomic reference counted box, never changed; NULL: none was taken */
} SktConnectionStatus;

void skt_connection_status_copy (SktConnectionStatus *self, const SktConnectionStatus *from);
void skt_connection_status_clear (SktConnectionStatus *self);
void skt_session_status_copy (SktSessionStatus *self, const SktSessionStatus *from);
void skt_session_status_clear (SktSessionStatus *self);
/* Replaces a GRefString by a new one with that text, or NULL. */
void skt_ref_string_set (char **string, const char *text);

/* Called on the main thread with what has changed: transports (SktTransport) and for each its SktConnectionStatus. */
typedef void (*SktDeliverFunc) (gpointer data, const SktSessionStatus *status, GPtrArray *transports, GArray *statuses);

/* Of several problems the first is shown. */
typedef enum
{
  SKT_PROBLEM_JOURNAL,
  SKT_PROBLEM_DESCRIPTORS,
  SKT_PROBLEM_ENDPOINT,         /* connecting or listening failed */
  SKT_N_PROBLEMS,
} SktProblem;

/* The half of a session that lives on the I/O thread. Functions are the I/O thread's unless it is said otherwise. */
struct _SktSessionWorker
{
  gatomicrefcount ref_count;
  SktEngine *engine;            /* borrowed: it outlives its I/O thread */
  SktSessionKind kind;
  gint64 created;               /* us, realtime */

  /* atomic, set by the main thread */
  gint has_echo;
  gint closes_on_peer_finish;
  gint has_no_delay;

  /* I/O thread */
  SktJournal *journal;          /* NULL: closed */
  GHashTable *transports;       /* guint32 id -> SktTransport, owned: those that are open */
  SktClientWorker *client;      /* NULL: server */
  SktServerWorker *server;      /* NULL: client */
  SktSocketOptions *options;    /* owned; NULL: the defaults (has_no_delay counts, not what is here) */
  SktAnswers *answers;          /* owned; NULL: no rules are on */
  guint32 answering_connection; /* 0: all */
  GQueue unwritten;             /* SktUnwritten, owned: records that the journal did not take */
  GSource *journal_timer;       /* not NULL: paused (now.pause), looks for room */
  GQueue closing;               /* SktTransport by its closing_link: those with a deadline, earliest first */
  GSource *closing_timer;
  GQueue unacknowledged;        /* SktTransport, owned, by is_unacknowledged: the next to be asked first */
  GSource *ack_timer;           /* NULL, or not ready: nothing is unacknowledged */
  gboolean watches_acks;
  GPtrArray *repeats;           /* SktRepeatWorker, owned: those that run; NULL: none */
  GPtrArray *touched;           /* SktTransport, owned: those whose status is to be published */
  char *problems[SKT_N_PROBLEMS];
  SktSessionStatus now;
  guint32 last_id;
  gboolean has_appended;        /* since the last flush */
  gboolean is_touched;          /* engine's */

  /* guarded by lock, as is what transports say is */
  GMutex lock;
  SktSessionStatus published;
  GPtrArray *dirty;             /* SktTransport, owned: published, not delivered yet; NULL: nobody wants to know */
  gboolean has_notification;
  gint64 last_delivery;         /* us, monotonic */
  guint64 queue_bound;          /* bytes each transport queues at most */
  char *refusal;                /* why no more than reserve_left can be sent now (the journal), NULL: not so */
  guint64 reserve_left;         /* bytes; what is queued counts as if it were stored */
  GCond feeds_cond;             /* a file that is being sent may have something to do */

  /* main thread */
  SktDeliverFunc deliver;       /* NULL: nobody listens any more */
  gpointer deliver_data;
};

/* Takes a reference to the journal. Main thread. */
SktSessionWorker *skt_session_worker_new (SktEngine *engine, SktSessionKind kind, SktJournal *journal, gint64 created);
/* The main half goes away: nothing is delivered any more. Main thread. */
void skt_session_worker_forget_main (SktSessionWorker *self);
/* Any thread. */
SktSessionWorker *skt_session_worker_ref (SktSessionWorker *self);
void skt_session_worker_unref (SktSessionWorker *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktSessionWorker, skt_session_worker_unref)

/* -- Journal -------------------------------------------------------------------------------------------------- */

/* Room to receive into; NULL when receiving is paused. *ret_size: no more may be read, at most SKT_PIPE_READ_SIZE. */
guint8 *skt_session_worker_reserve (SktSessionWorker *self, gsize *ret_size);
/* The same for bytes that are to be sent, `wanted` or fewer: while receiving is paused there is a reserve. */
guint8 *skt_session_worker_reserve_to_send (SktSessionWorker *self, gsize wanted, gsize *ret_size);
/* Appends a record; time 0: now. Data NULL: `length` bytes of the reserved room. What the journal does not take is
 * kept and appended when it does, in order. */
void skt_session_worker_append (SktSessionWorker *self, SktRecord *record, const void *data, gsize length);
/* Appends a record of bytes in a pipe, for which there is reserved room. */
void skt_session_worker_append_from_pipe (SktSessionWorker *self, SktRecord *record, int pipe_fd, gsize length);
/* An event with a text as detail, which may be NULL. */
void skt_session_worker_append_event (SktSessionWorker *self, SktRecord record, const char *detail);
/* Whether the journal takes what is appended now. If not, events are kept, in its buffer or here. */
gboolean skt_session_worker_can_store (SktSessionWorker *self);
gboolean skt_session_worker_can_receive (SktSessionWorker *self);
gboolean skt_session_worker_can_send (SktSessionWorker *self);
gboolean skt_session_worker_can_accept (SktSessionWorker *self);
/* If paused, tries whether there is room now; has the disk measured. */
void skt_session_worker_resume (SktSessionWorker *self);
/* The disk was measured. */
void skt_session_worker_measured (SktSessionWorker *self);
/* session.ini: what it is, and where it connects to or listens. */
void skt_session_worker_write_info (SktSessionWorker *self);

/* -- Status --------------------------------------------------------------------------------------------------- */

void skt_session_worker_touch (SktSessionWorker *self);
/* Flushes the journal and publishes what has changed. */
void skt_session_worker_flush (SktSessionWorker *self);
void skt_session_worker_set_state (SktSessionWorker *self, SktState state);
void skt_session_worker_set_target (SktSessionWorker *self, const char *target);
void skt_session_worker_set_attempt (SktSessionWorker *self, const char *attempt);
/* NULL: there is none any more. */
void skt_session_worker_set_problem (SktSessionWorker *self, SktProblem kind, const char *sentences);

/* -- Transports ----------------------------------------------------------------------------------------------- */

guint32 skt_session_worker_next_id (SktSessionWorker *self);
void skt_session_worker_transport_opened (SktSessionWorker *self, SktTransport *transport);
void skt_session_worker_transport_ended (SktSessionWorker *self, SktTransport *transport);
/* The transport has until now + delay to end by itself. */
void skt_session_worker_set_deadline (SktSessionWorker *self, SktTransport *transport, gint64 delay_us);
void skt_session_worker_clear_deadline (SktSessionWorker *self, SktTransport *transport);
void skt_session_worker_disconnect_all (SktSessionWorker *self);
/* Whether acknowledgements are looked for, a few times a second, where some are outstanding. In skt-transport-sample.c. */
void skt_session_worker_watch_acks (SktSessionWorker *self, gboolean watches);

/* In skt-repeat.c. There may be room to send now, or (has_ended) nobody to send to any more. */
void _skt_session_worker_wake_repeats (SktSessionWorker *self, gboolean has_ended);
static inline void
skt_session_worker_look_at_repeats (SktSessionWorker *self, gboolean has_ended)
{
  if (self->repeats != NULL)
    _skt_session_worker_wake_repeats (self, has_ended);
}
void skt_session_worker_end_repeats (SktSessionWorker *self);

/* Ends everything and gives the journal up, which is deleted unless `keep`. */
void skt_session_worker_close (SktSessionWorker *self, gboolean keep);

G_END_DECLS
