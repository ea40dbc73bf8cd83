/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-session.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_FILE_WAITING,             /* not started */
  SKT_FILE_SENDING,
  SKT_FILE_SENT,                /* whole, to all of them */
  SKT_FILE_PARTLY_SENT,         /* some of them got less, or nothing */
  SKT_FILE_CANCELLED,
  SKT_FILE_FAILED,              /* it can't be read */
} SktFileState;

/* Of one receiver. */
typedef enum
{
  SKT_FILE_END_NONE,            /* not over */
  SKT_FILE_END_SENT,            /* all of it was handed to the kernel */
  SKT_FILE_END_GONE,            /* the connection is over, or was closed for sending */
  SKT_FILE_END_DISCARDED,       /* what was queued was discarded by the user */
  SKT_FILE_END_STOPPED,         /* the job was cancelled, or failed */
} SktFileEnd;

typedef struct
{
  guint64 size;                 /* of the file when it was opened; 0: not opened yet */
  guint64 sent;                 /* bytes handed to the kernel, of all receivers together */
  guint64 expected;             /* ... that are to be: those who are gone count what they got */
  guint n_receivers;
  guint n_open;                 /* of them, those that are not over */
  gint64 elapsed;               /* us */
  gboolean waits_for_journal;   /* what is sent has no room in the journal now */
} SktFileProgress;

typedef struct
{
  const char *address;          /* borrowed; NULL: not known */
  guint64 sent;                 /* bytes handed to the kernel */
  SktFileEnd end;
} SktFileReceiver;

/* One file that is sent to some connections, each at its own speed. A thread reads it, for each receiver when its send queue has room: at most
 * 32 MiB are in memory, however many they are. Main thread, all of it. It lives until its thread is done.
 * Signals: finished (): all is over. Emitted once, on the main thread. */
#define SKT_TYPE_FILE_JOB (skt_file_job_get_type ())
G_DECLARE_FINAL_TYPE (SktFileJob, skt_file_job, SKT, FILE_JOB, GObject)

/* `connections`: SktConnection, of that session; `path` in the encoding of file names. Nothing happens before it is started. */
SktFileJob *skt_file_job_new (SktSession *session, GPtrArray *connections, const char *path);
/* Who is no longer open then is told as gone. A connection to which another file is being sent gets this one not at all. */
void skt_file_job_start (SktFileJob *self);

/* Bytes a second for each receiver, 0: as fast as it takes them. At once. */
void skt_file_job_set_limit (SktFileJob *self, guint64 limit);
guint64 skt_file_job_get_limit (SktFileJob *self);
/* What is queued (1 MiB a receiver at most) still goes. */
void skt_file_job_set_paused (SktFileJob *self, gboolean is_paused);
gboolean skt_file_job_get_paused (SktFileJob *self);
/* Nothing more is handed to the kernel: what is queued of it is dropped. One that is not started is over at once. */
void skt_file_job_cancel (SktFileJob *self);

const char *skt_file_job_get_path (SktFileJob *self);
/* For people, valid UTF-8. (transfer full) */
char *skt_file_job_dup_name (SktFileJob *self);
SktFileState skt_file_job_get_state (SktFileJob *self);
gboolean skt_file_job_is_over (SktFileJob *self);
void skt_file_job_get_progress (SktFileJob *self, SktFileProgress *ret_progress);
guint skt_file_job_get_n_receivers (SktFileJob *self);
void skt_file_job_get_receiver (SktFileJob *self, guint position, SktFileReceiver *ret_receiver);
/* "127.0.0.1:5000: 12 of 4,096 bytes, then the connection ended" (transfer full) */
char *skt_file_job_dup_receiver_text (SktFileJob *self, guint position);
/* When it is over: what became of it, with the SHA-256 if all of it was read. NULL before. */
const char *skt_file_job_get_report (SktFileJob *self);
/* Hexadecimal; of the bytes as they were read for whoever was first. NULL: not all of it was read. */
const char *skt_file_job_get_sha256 (SktFileJob *self);

G_END_DECLS
