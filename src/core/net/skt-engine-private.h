/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-engine.h"
#include "skt-journal.h"

G_BEGIN_DECLS

typedef struct _SktSessionWorker SktSessionWorker;
typedef struct _SktServerWorker SktServerWorker;
typedef struct _SktTransport SktTransport;
typedef struct _SktResponder SktResponder;

typedef void (*SktCommandFunc) (gpointer data);

/* -- Main thread ---------------------------------------------------------------------------------------------- */

/* Runs func(data) on the I/O thread, in the order of the calls, then frees data there. FALSE if the engine is stopped:
 * then nothing is run and data is freed at once. Any thread that holds a reference to the engine. */
gboolean _skt_engine_invoke (SktEngine *self, SktCommandFunc func, gpointer data, GDestroyNotify destroy);
gboolean _skt_engine_is_stopped (SktEngine *self);

/* -- Any thread ----------------------------------------------------------------------------------------------- */

GMainContext *_skt_engine_get_main_context (SktEngine *self);
/* Drops a reference to a journal (transfer full) where it may take long. */
void _skt_engine_discard_journal (SktEngine *self, SktJournal *journal, gboolean is_deleted);
/* session.ini, by the sync thread; ownership of `info` is taken. */
void _skt_engine_write_info (SktEngine *self, SktJournal *journal, GKeyFile *info);
/* Has the disk under the journal measured; the sessions are told. While the sync thread runs. */
void _skt_engine_measure (SktEngine *self, SktJournal *journal);
/* How often the I/O thread had something to do: for the tests that prove that it does not spin. */
guint64 _skt_engine_get_n_dispatches (SktEngine *self);

/* -- I/O thread ----------------------------------------------------------------------------------------------- */

void _skt_engine_add_session_in_worker (SktEngine *self, SktSessionWorker *session);
void _skt_engine_remove_session_in_worker (SktEngine *self, SktSessionWorker *session);

/* The session has something to flush and to publish: done before the thread waits again. */
void _skt_engine_touch_in_worker (SktEngine *self, SktSessionWorker *session);
void _skt_engine_flush_in_worker (SktEngine *self);
void _skt_engine_queue_sync_in_worker (SktEngine *self, SktJournal *journal);

/* The transport's descriptor in the epoll set; `events` may be 0 (then only errors and hang-ups are told). */
gboolean _skt_engine_watch_in_worker (SktEngine *self, SktTransport *transport, int fd, guint32 events);
void _skt_engine_change_watch_in_worker (SktEngine *self, SktTransport *transport, int fd, guint32 events);
void _skt_engine_unwatch_in_worker (SktEngine *self, int fd);

/* A source that runs `func` after `delay_us` (-1: not before g_source_set_ready_time()) and again whenever a ready
 * time is set. Its ready time is -1 when func is called. (transfer full: destroy and unref) */
GSource *_skt_engine_add_timer_in_worker (SktEngine *self, gint64 delay_us, GSourceFunc func, gpointer data);

/* Descriptors of connections and listening sockets. When few are left, no server accepts; `fd` tells it for
 * descriptors that others in the process have opened. */
void _skt_engine_take_descriptor_in_worker (SktEngine *self, int fd);
void _skt_engine_release_descriptor_in_worker (SktEngine *self);
/* accept(2) has failed: no server accepts for a second. */
void _skt_engine_pause_accepting_in_worker (SktEngine *self);
gboolean _skt_engine_has_descriptors_in_worker (SktEngine *self);
guint _skt_engine_get_n_connections_in_worker (SktEngine *self);
void _skt_engine_add_server_in_worker (SktEngine *self, SktServerWorker *server);
void _skt_engine_remove_server_in_worker (SktEngine *self, SktServerWorker *server);

/* Asynchronous GIO calls that are under way: stopping waits for their callbacks. */
void _skt_engine_begin_operation_in_worker (SktEngine *self);
void _skt_engine_end_operation_in_worker (SktEngine *self);

/* 256 KiB for bytes that must be kept over an append to the journal. */
#define SKT_READ_SIZE (256 * 1024)
/* What one read by the pipe takes at most. */
#define SKT_PIPE_READ_SIZE (2 * SKT_READ_SIZE)
guint8 *_skt_engine_get_scratch_in_worker (SktEngine *self);
/* A pipe that is empty between its uses and takes a large read: end to read from, end to write to. FALSE: there is none. */
gboolean _skt_engine_get_pipe_in_worker (SktEngine *self, int *ret_read_fd, int *ret_write_fd);

/* Destroys and forgets a source, if there is one. On its thread. */
void _skt_clear_source (GSource **source);
/* Calls callback(data) in that context, once interval (us) has passed since last (monotonic; 0: at once), and destroys data after it.
 * Any thread. */
void _skt_call_later (GMainContext *context, gint64 last, gint64 interval, GSourceFunc callback, gpointer data, GDestroyNotify destroy);

G_END_DECLS
