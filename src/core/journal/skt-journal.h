/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-progress.h"
#include "skt-record.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The journal of one session: an append-only pair of files, `payload` and `records`, in a folder of its own (0700,
 * files 0600).
 *
 * One thread writes (the I/O thread); any number of threads read what is published. Payload is written first, then
 * the records, then the published lengths are stored (release): whoever sees a record (acquire) can read all its
 * bytes. Reference counted, atomic. See docs/journal-format.md. */
typedef struct _SktJournal SktJournal;

SktJournal *skt_journal_ref (SktJournal *self);
void skt_journal_unref (SktJournal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktJournal, skt_journal_unref)

/* Makes the folder `path` (its parent is made too, 0700) and an empty journal in it, and holds a lock (flock on the
 * records file) for as long as it lives, by which other processes see that the session is in use. */
SktJournal *skt_journal_create (const char *path, GError **error);

/* Opens an existing journal for reading only. What is damaged or cut off at the end is left out: a usable prefix,
 * whose records are all whole and inside the payload. *ret_warning (may be NULL) is then set to a sentence that says
 * how much is missing, else to NULL. Errors: SKT_ERROR_BAD_JOURNAL, G_IO_ERROR. */
SktJournal *skt_journal_open (const char *path, char **ret_warning, GError **error);

const char *skt_journal_get_path (SktJournal *self);
/* When it was created, CLOCK_REALTIME; 0 if that is not known (damaged header). */
guint64 skt_journal_get_created (SktJournal *self);

/* -- Reading: any thread ------------------------------------------------------------------------------------- */

/* Records [first, n) are offered. `first` grows when the user clears; numbers and offsets never change. Records
 * before `first` can still be got until they are released: then they are gone, and their payload reads as zeros. */
guint64 skt_journal_get_n_records (SktJournal *self);
guint64 skt_journal_get_first_record (SktJournal *self);
/* Bytes of payload that are published, and bytes on disk that the journal takes (payload and records not released). */
guint64 skt_journal_get_payload_length (SktJournal *self);
guint64 skt_journal_get_disk_size (SktJournal *self);

/* A reader has a small cache of its own; one thread at a time uses it. */
typedef struct _SktJournalReader SktJournalReader;
SktJournalReader *skt_journal_reader_new (SktJournal *journal);
SktJournal *skt_journal_reader_get_journal (SktJournalReader *self); /* borrowed */
void skt_journal_reader_free (SktJournalReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktJournalReader, skt_journal_reader_free)

/* Record number `index`, checked: kind in range, payload range inside what is published, crc right. FALSE if index is
 * out of range, or the record is damaged. Sequential and nearby access is cheap (blocks are cached). */
gboolean skt_journal_reader_get_record (SktJournalReader *self, guint64 index, SktRecord *ret_record);

/* Reads payload bytes [offset, offset + length). Returns how many were read: less than `length` only past the
 * published end or when the file was damaged. Thread safe even without a reader. */
gsize skt_journal_read_payload (SktJournal *self, guint64 offset, guint8 *buffer, gsize length);

/* The same through the reader's cache, for small reads near each other: returns a borrowed pointer, valid until the
 * next call with this reader, and the number of bytes there in *ret_length (<= length, and <= 64 KiB: ask again for
 * the rest). NULL and 0 if none. */
const guint8 *skt_journal_reader_peek_payload (SktJournalReader *self, guint64 offset, gsize length, gsize *ret_length);

/* -- Writing: the one writing thread ------------------------------------------------------------------------- */

/* Room for at least `wanted` (<= 1 MiB) bytes at the end of the write buffer, to receive into. Flushes first if the
 * buffer has not enough room; if that fails, returns NULL (see skt_journal_flush()). *ret_size: bytes of room. The
 * next call, if it is skt_journal_append() of bytes in the room, does not fail. Any other call ends the room. */
guint8 *skt_journal_reserve (SktJournal *self, gsize wanted, gsize *ret_size, GError **error);

/* Appends a record. `length` bytes that were put into the reserved room (data == NULL), or are copied from `data`
 * (which may be larger than the buffer: written through), are its payload; offset, length and crc are filled in, and
 * time_ns if it is 0. Several appends may use up the same room, one after another. On failure nothing is appended;
 * bytes in the room are kept there for the same append to be tried again, also after a flush. While the disk is full
 * there still is some space for events (64 KiB, 1,024 records) after reserve has begun to fail. */
gboolean skt_journal_append (SktJournal *self, SktRecord *record, const guint8 *data, gsize length, GError **error);

/* The same for `length` bytes that are in a pipe: the way of large reads, which need not pass through memory of ours. There must be room for
 * them (skt_journal_reserve()), because what the file does not take is read into it; so this does not fail, and the next flush tells. */
void skt_journal_append_from_pipe (SktJournal *self, SktRecord *record, int pipe_fd, gsize length);

/* Writes what is buffered and publishes it. On failure (full disk, ...) what was not written stays buffered, nothing
 * is lost, and the call can be repeated when there is room. The error says in words what to do. */
gboolean skt_journal_flush (SktJournal *self, GError **error);
gboolean skt_journal_has_unflushed (SktJournal *self);

/* -- Any thread ---------------------------------------------------------------------------------------------- */

/* Forgets what is before record number `first` (clear): it is no longer offered, also when the journal is opened
 * again. The disk space of what is before it is given back by skt_journal_release(), until when
 * skt_journal_set_first_record() may be undone. Release waits for the disk once: a worker's call. With a journal that
 * was opened, clearing is not stored, and release does nothing. */
void skt_journal_set_first_record (SktJournal *self, guint64 first);
void skt_journal_release (SktJournal *self);

/* While held (counted), skt_journal_release() is put off until the last unhold: for who copies payload out. */
void skt_journal_hold (SktJournal *self);
void skt_journal_unhold (SktJournal *self);

/* fdatasync of both files if anything was written since the last call. Blocks: the sync thread's call. */
gboolean skt_journal_sync (SktJournal *self, GError **error);

/* Removes the folder and all in it when the last reference goes (or says that it is to stay, with FALSE; default
 * FALSE). Several GiB take a while to delete: who drops the last reference chooses the thread. */
void skt_journal_set_delete_on_free (SktJournal *self, gboolean delete_on_free);

/* If it is not deleted when the last reference goes, it is marked as closed then: kept on purpose for a while (skt-retention.h), and no
 * session of a program that was killed. Only for who writes it. Default FALSE. */
void skt_journal_set_mark_on_free (SktJournal *self, gboolean mark_on_free);

/* Writes records [first_record, n_records) of what is published as a journal of its own: into a new folder beside `path`, which then
 * gets that name; nothing is replaced, and a failure leaves nothing behind. The payload of earlier records is left out, but
 * for the addresses of connections, which `addresses` (connection id → "local remote"; may be NULL) helps with. Blocks: a worker's
 * call; the journal should be held. *ret_length (may be NULL): bytes written. Errors: G_IO_ERROR. */
gboolean skt_journal_copy (SktJournal *self,
                           guint64 first_record,
                           guint64 n_records,
                           const char *path,
                           GHashTable *addresses,
                           SktProgress *progress,
                           GCancellable *cancellable,
                           guint64 *ret_length,
                           GError **error);

/* -- Session folders ----------------------------------------------------------------------------------------- */

/* Where new sessions are kept: $XDG_STATE_HOME/socketeer/sessions, or what was set. Any thread. (transfer full) */
char *skt_journal_dup_sessions_path (void);
char *skt_journal_dup_default_sessions_path (void);
/* For sessions that are made from now on; NULL: the default. Any thread. */
void skt_journal_set_sessions_path (const char *path);

/* The file session.ini in the folder: what the journal does not know (kind, program version, settings, bookmarks). The groups of
 * `info` replace those of the same name, the others stay; the file is replaced as a whole and synced. Any thread; waits for the disk. */
gboolean skt_journal_write_info (SktJournal *self, GKeyFile *info, GError **error);
GKeyFile *skt_journal_load_info (const char *path, GError **error);

/* A new name in the sessions folder: date, time, process and a counter. Does not create it. (transfer full) */
char *skt_journal_dup_new_path (const char *sessions_path);

/* Paths of the journals under sessions_path that no living process writes, oldest first: sessions of a program that
 * was killed; not those that are marked as closed. Never NULL. (transfer full, element-type filename) */
GPtrArray *skt_journal_list_abandoned (const char *sessions_path);

/* Deletes a journal's folder: only if it looks like one of ours and nobody writes it, and without following symbolic
 * links. */
gboolean skt_journal_delete (const char *path, GError **error);

G_END_DECLS
