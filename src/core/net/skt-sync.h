/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-journal.h"

G_BEGIN_DECLS

/* The sync thread: does the file work that may block for long, so that neither the I/O thread nor the main thread
 * waits for it. */
typedef struct _SktSync SktSync;

/* `measured` is called in the sync thread when the disk under journals was measured. */
SktSync *skt_sync_new (void (*measured) (gpointer data), gpointer data);

/* Does what is left to do and joins the thread. */
void skt_sync_free (SktSync *self);

/* The journal has been written: it is synced within a second. Any thread. */
void skt_sync_queue (SktSync *self, SktJournal *journal);

/* Asks how much is free on the journal's disk, which is also done before each sync. Any thread. */
void skt_sync_measure (SktSync *self, SktJournal *journal);

/* Stores what the journal does not know itself (session.ini; ownership of `info` is taken), which includes a sync. Any
 * thread. */
void skt_sync_write_info (SktSync *self, SktJournal *journal, GKeyFile *info);

/* Drops the reference (transfer full) in the sync thread, because the last one may delete GiBs of files; a sync that
 * is still queued for it is left out when `is_deleted`. Any thread. */
void skt_sync_discard (SktSync *self, SktJournal *journal, gboolean is_deleted);

G_END_DECLS
