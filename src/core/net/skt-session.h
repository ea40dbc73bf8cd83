/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-access.h"
#include "skt-answers.h"
#include "skt-connection.h"
#include "skt-engine.h"
#include "skt-journal.h"
#include "skt-socket-options.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_SESSION_CLIENT,
  SKT_SESSION_SERVER,
} SktSessionKind;

/* Why nothing is read from the sockets, so that TCP makes the senders wait. It ends by itself when there is room: looked for once a second. */
typedef enum
{
  SKT_PAUSE_NONE,
  SKT_PAUSE_LIMIT,              /* the journal has reached its limit */
  SKT_PAUSE_DISK_FULL,          /* or the quota is (ENOSPC, EDQUOT) */
  SKT_PAUSE_FILE_TOO_LARGE,     /* for the file system, or for this process (EFBIG, RLIMIT_FSIZE); clearing does not help */
  SKT_PAUSE_ERROR,              /* the journal can't be written for another reason */
  SKT_N_PAUSES,
} SktPause;

/* What one page does: a journal and the connections whose traffic is in it. Main thread object; its worker half lives on the I/O thread.
 * Properties (notify, main thread, at most once per 16 ms):
 *   kind (int), state (int: SktState), target (string: what it is connecting to, or where it listens; NULL), attempt (string: "127.0.0.1:7788", the address tried now),
 *   problem (string, NULL: none): what went wrong, for which address, and what to do next, as translated sentences, also for a full journal,
 *   bytes-received, bytes-sent (uint64, since the session began), rate-received, rate-sent (double, bytes/s over the last second),
 *   bytes-queued (uint64: not given to the kernel yet), bytes-acknowledged (uint64: the sum of its connections'),
 *   pause (int: SktPause), stalled (boolean: pause is not SKT_PAUSE_NONE), journal-size, journal-limit, free-disk (uint64, bytes: see the getters),
 *   n-open (uint: connections that are open now), n-refused (uint64: connections that access refused), echo (boolean, rw), close-on-peer-finish (boolean, rw, default TRUE), no-delay (boolean, rw, default TRUE).
 * Signals:
 *   journal-grown: more records are published (at most once per 16 ms).
 *   connections-updated: something of one connection or of several has changed, or there are more (at most once per 16 ms): for who
 *     looks at all of them. */
#define SKT_TYPE_SESSION (skt_session_get_type ())
G_DECLARE_FINAL_TYPE (SktSession, skt_session, SKT, SESSION, GObject)

/* Creates the journal under sessions_path (NULL: skt_journal_dup_sessions_path()). Fails if it can't. The few small
 * file calls of that are the only ones made on the main thread. */
SktSession *skt_session_new (SktEngine *engine, SktSessionKind kind, const char *sessions_path, GError **error);

SktSessionKind skt_session_get_kind (SktSession *self);
SktState skt_session_get_state (SktSession *self);
SktJournal *skt_session_get_journal (SktSession *self);         /* borrowed */
const char *skt_session_get_problem (SktSession *self);
const char *skt_session_get_target (SktSession *self);
const char *skt_session_get_attempt (SktSession *self);
guint64 skt_session_get_bytes_received (SktSession *self);
guint64 skt_session_get_bytes_sent (SktSession *self);
guint64 skt_session_get_bytes_queued (SktSession *self);
guint64 skt_session_get_bytes_acknowledged (SktSession *self);
/* Sent on connections that are open, and not acknowledged. Up to date as bytes-acknowledged is. */
guint64 skt_session_get_bytes_unacknowledged (SktSession *self);
double skt_session_get_rate_received (SktSession *self);
double skt_session_get_rate_sent (SktSession *self);
guint skt_session_get_n_open (SktSession *self);
guint64 skt_session_get_n_refused (SktSession *self);
/* Receiving is paused; "problem" says why. What is sent, and events, go on as far as a reserve reaches. Property "stalled". */
gboolean skt_session_is_stalled (SktSession *self);
SktPause skt_session_get_pause (SktSession *self);
/* Bytes on disk that the journal takes, and at how many receiving is paused. */
guint64 skt_session_get_journal_size (SktSession *self);
guint64 skt_session_get_journal_limit (SktSession *self);
/* Bytes free where the journal is, measured at most once a second while there is traffic; G_MAXUINT64: not known. */
guint64 skt_session_get_free_disk (SktSession *self);

/* All connections in the order of their ids, ended ones too: item type SktConnection, id = position + 1. Borrowed. */
GListModel *skt_session_get_connections (SktSession *self);
SktConnection *skt_session_get_connection (SktSession *self, guint32 id); /* borrowed, NULL: none */
/* Client: the connection that is current, NULL if none was opened yet. Borrowed. */
SktConnection *skt_session_get_current (SktSession *self);

/* Connecting again by itself, after an end or a failure that was not the user's. The wait grows from one failure to the next, and is the first one
 * again after a success. */
typedef struct
{
  gboolean is_on;
  guint interval_ms;            /* first wait */
  double growth;                /* factor for each further one, from 1 */
  guint cap_ms;                 /* no wait is longer; 0: no cap */
  guint count;                  /* attempts in a row, 0: no limit */
} SktReconnect;

/* The wait before attempt n (from 1), in ms. */
guint skt_reconnect_get_delay (const SktReconnect *self, guint n);

typedef struct
{
  const char *host;             /* name or literal, without brackets */
  guint16 port;
  const char *local_address;    /* NULL or "": the system chooses; else a literal of this machine */
  guint16 local_port;           /* 0: the system chooses */
  guint timeout_ms;             /* for each address; 0: the system's */
  SktReconnect reconnect;
} SktConnectOptions;

/* Client only. Resolves, then tries one address after another. All it says comes back by properties. Ignored unless idle, closed or failed. */
void skt_session_connect (SktSession *self, const SktConnectOptions *options);
/* While the state is WAITING: when the next attempt is (us, monotonic), and its number, from 1; else 0. Property "retry-time" (int64). */
gint64 skt_session_get_retry_time (SktSession *self);
guint skt_session_get_retry_number (SktSession *self);
/* Ends resolving or connecting, or waiting to connect again, at once. */
void skt_session_cancel (SktSession *self);

typedef struct
{
  const char *address;          /* literal; NULL, "" or "*": all addresses (dual stack) */
  guint16 port;                 /* 0: any */
  int backlog;                  /* 128 */
  gboolean no_reuse;            /* without SO_REUSEADDR: not while connections of an earlier server are in TIME-WAIT */
  gboolean again;               /* as long as the address is in use, or not there, it is tried again every second */
} SktListenOptions;

/* Server only. The state becomes LISTENING, FAILED, or WAITING (options.again); "target" then has the true port. */
void skt_session_listen (SktSession *self, const SktListenOptions *options);
/* Closes the listening socket, or gives up trying again; accepted connections go on. */
void skt_session_stop_listening (SktSession *self);

/* Server only. Who may connect from now on, and how many; NULL: everybody. Who may not is accepted and reset at once, which is recorded. */
void skt_session_set_access (SktSession *self, SktAccess *access);

/* Disconnects the current connection (client) or all (server). */
void skt_session_disconnect_all (SktSession *self);

/* Why nothing can be sent to anybody: nothing is connected, or this side has finished. (transfer full) */
GError *skt_session_dup_nobody_error (SktSession *self);

/* To the given connections (array of SktConnection), or with NULL to all that are open. All or nothing for each; TRUE if all took it.
 * *ret_n_sent (may be NULL): how many did. Error: SKT_ERROR_NOT_CONNECTED when there is none, or the first that failed, with its address. */
gboolean skt_session_send (SktSession *self, GPtrArray *connections, GBytes *bytes, guint *ret_n_sent, GError **error);

/* How many bytes each connection may have queued at most, SKT_SEND_QUEUE_BOUND unless it is said; takes effect at once. More is refused. */
void skt_session_set_queue_bound (SktSession *self, guint64 bound);

/* For connections that are opened from now on, and for the listening socket. Sets property "no-delay" too, which is that of open ones as well. */
void skt_session_set_socket_options (SktSession *self, const SktSocketOptions *options);
void skt_session_get_socket_options (SktSession *self, SktSocketOptions *ret_options);

/* Rules that answer by themselves on all its connections, or on the one that is given; NULL: none. They replace those before at once. Their counters
 * (skt_answer_rule_get_counts()) have changed at most when connections-updated is emitted. */
void skt_session_set_answers (SktSession *self, SktAnswers *answers, SktConnection *connection);

/* Adds a record of kind NOTE. */
void skt_session_note (SktSession *self, const char *sentence);

/* Looks for room at once: after the journal was released, the disk has more space, or a limit was raised. Also measures the disk, and tells of the
 * journal's size, when nothing is paused. */
void skt_session_resume (SktSession *self);

/* In bytes, 0: automatic (SKT_JOURNAL_AUTOMATIC_LIMIT, or what leaves SKT_JOURNAL_AUTOMATIC_FREE). Takes effect at once. */
void skt_session_set_journal_limit (SktSession *self, guint64 limit);

/* Whether bytes-acknowledged follows for all its connections that have something unacknowledged, within 0.1 s: while somebody looks. What was
 * acknowledged at its end is known of each connection in any case. */
void skt_session_watch_acknowledgements (SktSession *self, gboolean watch);

/* Ends all connections (RST if they don't end by themselves at once), closes the listening socket, drops the journal (deleted unless `keep`).
 * The session is of no use afterwards. The callback runs on the main thread when all is closed. */
void skt_session_close_async (SktSession *self, gboolean keep, GAsyncReadyCallback callback, gpointer user_data);
void skt_session_close_finish (SktSession *self, GAsyncResult *result);

G_END_DECLS
