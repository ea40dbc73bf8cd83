/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-session.h"

G_BEGIN_DECLS

/* What the network tests share: an engine with a folder for its journals, waiting without sleeps, peers made of plain
 * sockets on loopback, and looking into journals. */

typedef struct
{
  SktEngine *engine;
  char *folder;
} CheckFixture;

void check_set_up (CheckFixture *fixture, gconstpointer data);
/* Stops the engine; fails if threads, descriptors or journal folders are left. */
void check_tear_down (CheckFixture *fixture, gconstpointer data);
#define check_add(path, func) g_test_add (path, CheckFixture, NULL, check_set_up, func, check_tear_down)

/* Runs the main context until the condition holds; fails after a minute. */
#define check_wait(condition) \
  G_STMT_START \
  { \
    gint64 check_deadline = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND; \
    while (!(condition)) \
      check_iterate (check_deadline, G_STRLOC ": " #condition); \
  } \
  G_STMT_END
void check_iterate (gint64 deadline, const char *what);
/* Runs it for as long as that. */
void check_run_for (guint milliseconds);

SktSession *check_session_new (CheckFixture *fixture, SktSessionKind kind);
/* Closes it, deletes its journal, and fails if anything still refers to it. */
void check_session_close (SktSession *session);

/* Listens on 127.0.0.1 and returns the port. */
guint16 check_session_listen (SktSession *session);
guint16 check_port_of (const char *address);
void check_session_connect (SktSession *session, const char *host, guint16 port);
/* Waits until the session has that many connections and returns the last. */
SktConnection *check_wait_for_connection (SktSession *session, guint n);

/* -- Plain sockets; each fails the test if it does not work --------------------------------------------------- */

int check_socket_listen (int backlog, guint16 *ret_port);
int check_socket_accept (int fd);
int check_socket_connect (guint16 port);
void check_socket_send (int fd, const void *bytes, gsize length);
/* Until end of file or `length`; returns how many. */
gsize check_socket_receive (int fd, void *bytes, gsize length);
/* Until end of file; NULL with *ret_code set when it ended by an error. */
GByteArray *check_socket_receive_all (int fd, int *ret_code);
void check_socket_reset (int fd);
/* A port at which nothing listens. */
guint16 check_unused_port (void);

guint8 *check_random_bytes (gsize length);

/* A thread that connects, sends random bytes as fast as they are taken, and closes. */
typedef struct
{
  guint16 port;
  gsize length;
  guint32 seed;
  gint is_done;         /* atomic: all is sent */
  GThread *thread;
  GChecksum *checksum;  /* SHA-256; the thread's until it was joined */
} CheckFlood;
void check_flood_start (CheckFlood *self, guint16 port, gsize length);
/* Joins it, compares with the SHA-256 of all that was received, and frees. */
void check_flood_end (CheckFlood *self, GChecksum *received);

/* -- Journals ------------------------------------------------------------------------------------------------- */

/* Bytes of that connection and kind; fails if stream offsets have gaps. */
GByteArray *check_journal_bytes (SktJournal *journal, guint32 connection, SktRecordKind kind);
/* SHA-256 of them, for very many. */
char *check_journal_hash (SktJournal *journal, guint32 connection, SktRecordKind kind, guint64 *ret_length);
/* The same for the records that are offered, added to a checksum; *length (in, out): bytes of the stream so far. Returns the number
 * of the record after them. */
guint64 check_journal_add_to_hash (SktJournal *journal, guint32 connection, SktRecordKind kind, GChecksum *checksum, guint64 *length);
/* Words for the events of a connection: "opened peer-finished closed(2)", the number being the reason. */
char *check_journal_events (SktJournal *journal, guint32 connection);
guint check_journal_count (SktJournal *journal, guint32 connection, SktRecordKind kind);
/* The last record of that kind; fails if there is none. */
SktRecord check_journal_last (SktJournal *journal, guint32 connection, SktRecordKind kind);

#define check_assert_events(session, id, expected) \
  G_STMT_START \
  { \
    g_autofree char *check_events = check_journal_events (skt_session_get_journal (session), id); \
    g_assert_cmpstr (check_events, ==, expected); \
  } \
  G_STMT_END

guint check_count_threads (const char *prefix);
void check_no_threads (const char *prefix);
guint check_count_descriptors (void);

G_END_DECLS
