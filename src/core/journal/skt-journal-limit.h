/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-journal.h"

G_BEGIN_DECLS

/* How large a journal may become, and how much is free where it is.
 *
 * The limit is for what the journal takes on disk: payload that was not released, and records. Writing does not fail at
 * it: who receives asks for the room first. A part of it is kept as a reserve, for what is sent and for events while
 * receiving is paused. */

#define SKT_JOURNAL_MIB G_GUINT64_CONSTANT (0x100000)
#define SKT_JOURNAL_GIB (1024 * SKT_JOURNAL_MIB)
/* The automatic limit: this much, or what leaves so much free on the file system, whichever is less. */
#define SKT_JOURNAL_AUTOMATIC_LIMIT (16 * SKT_JOURNAL_GIB)
#define SKT_JOURNAL_AUTOMATIC_FREE (2 * SKT_JOURNAL_GIB)

/* In bytes; 0: automatic. Any thread, at any time; who writes sees it at the next question for room. */
void skt_journal_set_limit (SktJournal *self, guint64 limit);
/* What it is at present, in bytes, never 0. Any thread. */
guint64 skt_journal_get_limit (SktJournal *self);
/* Whether it is automatic, and less than SKT_JOURNAL_AUTOMATIC_LIMIT for what is free on the disk. Any thread. */
gboolean skt_journal_is_limited_by_disk (SktJournal *self);
/* To what it could be raised: twice as much, or as far as the disk goes, in whole MiB. 0: no further. Any thread. */
guint64 skt_journal_get_raised_limit (SktJournal *self);

/* How many bytes more, in one record, may be appended: of what was received, or (for_reserve) of what is sent or noted
 * while receiving is paused. What is buffered counts as if it were written. A few loads: no system call. The writing
 * thread. */
guint64 skt_journal_get_room (SktJournal *self, gboolean for_reserve);
/* Bytes that can be appended without writing to the file: what is left while that fails. The writing thread. */
guint64 skt_journal_get_buffer_room (SktJournal *self);
/* errno of the last write that failed. The writing thread. */
int skt_journal_get_error_code (SktJournal *self);

/* Asks the file system how much is free (statvfs(3), which may block: not the main and not the writing thread). The
 * automatic limit follows. */
void skt_journal_measure (SktJournal *self);
/* Bytes that were free for this user when it was asked last; G_MAXUINT64: not known. Any thread. */
guint64 skt_journal_get_free_disk (SktJournal *self);

/* The automatic limit of a journal that takes `size` bytes where `free` are free (G_MAXUINT64: not known). */
guint64 skt_journal_compute_automatic_limit (guint64 size, guint64 free);
/* See skt_journal_get_raised_limit(). */
guint64 skt_journal_compute_raised_limit (guint64 limit, guint64 size, guint64 free);

G_END_DECLS
