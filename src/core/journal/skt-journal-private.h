/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-journal.h"

#include <stdatomic.h>

G_BEGIN_DECLS

/* Sizes. The tests are built a second time with tiny ones, so that every border lies within a few bytes. */
#ifdef SKT_JOURNAL_TINY
#define SKT_JOURNAL_BUFFER_SIZE 64
#define SKT_JOURNAL_BUFFER_SLACK 16
#define SKT_JOURNAL_WAITING_RECORDS 5
#define SKT_JOURNAL_WAITING_SLACK 3
#define SKT_JOURNAL_RESERVE_STEP 256
#define SKT_JOURNAL_RESERVE_MIN 64
#define SKT_JOURNAL_SCAN_RECORDS 3
#define SKT_JOURNAL_BLOCK_RECORDS 4
#define SKT_JOURNAL_N_BLOCKS 2
#define SKT_JOURNAL_WINDOW_SIZE 32
#else
#define SKT_JOURNAL_BUFFER_SIZE (1024 * 1024)
/* Beyond the buffer, for events: that a connection ended can be noted while the disk is full. */
#define SKT_JOURNAL_BUFFER_SLACK (64 * 1024)
#define SKT_JOURNAL_WAITING_RECORDS 8192
#define SKT_JOURNAL_WAITING_SLACK 1024
/* File space is reserved this far ahead. */
#define SKT_JOURNAL_RESERVE_STEP (64 * 1024 * 1024)
#define SKT_JOURNAL_RESERVE_MIN (4 * 1024 * 1024)
/* Records read at once when a journal is opened, a block of a reader's cache, and how many of those it keeps. */
#define SKT_JOURNAL_SCAN_RECORDS (1024 * 1024 / 48)
#define SKT_JOURNAL_BLOCK_RECORDS 256
#define SKT_JOURNAL_N_BLOCKS 4
#define SKT_JOURNAL_WINDOW_SIZE (128 * 1024)
#endif
/* A window begins at a multiple of this, so that any piece of this length is inside one window. */
#define SKT_JOURNAL_PEEK_MAX (SKT_JOURNAL_WINDOW_SIZE / 2)

#define SKT_JOURNAL_VERSION 2
#define SKT_JOURNAL_PAYLOAD "payload"
#define SKT_JOURNAL_RECORDS "records"
#define SKT_JOURNAL_INFO "session.ini"
#define SKT_JOURNAL_INFO_TEMPORARY "session.ini.new"
#define SKT_JOURNAL_CLOSED "closed" /* empty; its time is when the session was closed and kept */
/* Folders that are being made or deleted begin so, and are never listed. */
#define SKT_JOURNAL_TEMPORARY_PREFIX ".skt-"

/* The first 64 bytes of the file `records`, little-endian. */
typedef struct
{
  guint8 magic[8];
  guint32 version;
  guint32 header_size;
  guint32 record_size;
  guint32 flags;        /* 0 */
  guint64 created_ns;   /* CLOCK_REALTIME */
  guint64 first_record; /* those before were cleared */
  guint32 reserved[5];  /* 0 */
  guint32 crc;          /* CRC-32/ISO-HDLC of the 60 bytes before */
} SktJournalHeader;
G_STATIC_ASSERT (sizeof (SktJournalHeader) == 64);

struct _SktJournal
{
  gatomicrefcount ref_count;

  /* Constant after creation. */
  char *path;
  int dir_fd;
  int payload_fd;
  int records_fd;
  gboolean is_writer;
  guint64 created_ns;
  guint64 hole_block;     /* bytes: space is given back in whole blocks of the file system */

  /* Published by the writing thread with release, payload_length before n_records. */
  _Atomic guint64 n_records;
  _Atomic guint64 payload_length;
  atomic_bool is_dirty;   /* written since the last sync */
  atomic_bool delete_on_free;
  atomic_bool mark_on_free;

  /* Written under the lock, read anywhere. */
  GMutex lock;
  _Atomic guint64 first_record;
  _Atomic guint64 released_offset; /* payload before it was given back */
  _Atomic guint64 released_records_size; /* bytes of `records` that were given back */
  guint64 released_record;         /* first_record can't go back before this one */
  guint64 stored_first_record;     /* what the header on disk says */
  guint n_holds;
  gboolean release_wanted;

  /* See skt-journal-limit.h. The limit and what is free are stored under limit_lock and read anywhere. */
  GMutex limit_lock;
  _Atomic guint64 limit;           /* bytes, that holds now */
  _Atomic guint64 free_disk;       /* bytes; G_MAXUINT64: not known */
  guint64 wanted_limit;            /* bytes; 0: automatic */
  guint64 measured_size;           /* size on disk when free_disk was measured */

  /* The writing thread's. buffer[0..fill) is the payload from payload_written on; waiting[] are the records after the
   * published ones, as stored. */
  guint8 *buffer;
  gsize fill;
  gsize room_left;        /* after fill: what was reserved and no append took yet */
  gboolean room_is_kept;  /* an append failed: its bytes must stay in the room over a flush */
  SktRecord *waiting;
  gsize n_waiting;
  guint64 payload_written;
  guint64 reserved_end;
  guint64 reserve_again_at;
  int error_code;         /* errno of the last write that failed */
};

/* pwrite(), replaced by tests that need short writes and errors. */
extern gssize (*_skt_journal_pwrite) (int fd, const void *bytes, gsize length, goffset offset);

/* splice() from a pipe into a file, likewise. */
extern gssize (*_skt_journal_splice) (int pipe_fd, int fd, gsize length, goffset offset);

SktJournal *_skt_journal_new (const char *path);

void _skt_journal_header_to_disk (const SktJournal *self, guint64 first_record, SktJournalHeader *ret_header);
void _skt_record_to_disk (const SktRecord *record, SktRecord *ret_stored);
/* FALSE if the checksum or the kind is wrong. */
gboolean _skt_record_from_disk (const SktRecord *tainted_stored, SktRecord *ret_record);

/* Reads up to `length` bytes: less at the end of the file, or on an error. */
gsize _skt_journal_pread_all (int fd, void *buffer, gsize length, guint64 offset);
/* Writes all; on failure FALSE with errno set. *ret_written is set in any case. */
gboolean _skt_journal_pwrite_all (int fd, const void *bytes, gsize length, guint64 offset, gsize *ret_written);

void _skt_journal_set_errno (GError **error, int code, const char *path);

/* Gives the file its true length, without what was reserved for more. */
void _skt_journal_writer_close (SktJournal *self);

/* Deletes the folder that dir_fd is and that is at `path`. */
/* As skt_journal_list_abandoned(), or those that are marked as closed. (transfer full) */
GPtrArray *_skt_journal_list (const char *sessions_path, gboolean is_closed);
gboolean _skt_journal_delete_folder (int dir_fd, const char *path, GError **error);
char *_skt_journal_dup_temporary_name (const char *what);

G_END_DECLS
