/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-journal.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_IMPORT_RAW,       /* any file: its bytes as if they had been received */
  SKT_IMPORT_CAPTURE,   /* pcapng or pcap: what TCP connections in it carried */
  SKT_IMPORT_SESSION,   /* a saved session, opened where it is */
} SktImportKind;

/* What was opened. */
typedef struct
{
  SktImportKind kind;
  SktJournal *journal;  /* owned. A session is only read and stays; else it is a new one, which goes with its last
                           reference (skt_journal_set_delete_on_free()) */
  GHashTable *peers;    /* owned: connection id → address and port of the peer (strings) */
  char *name;           /* of the file or folder, for people */
  char *warning;        /* what could not be read, sentences, or NULL */
} SktImport;

void skt_import_free (SktImport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktImport, skt_import_free)

/* Opens a file or folder in a worker thread: what it is tells its content. A folder, or one of the files in it, that is a
 * saved session; pcapng (of ours: the exact inverse of the export, but for events without packets) and pcap files with
 * TCP over IP; anything else is raw bytes. Journals are made in the folder `sessions_path`. Memory does not grow with
 * the file's size. `progress` (may be NULL) is called in the caller's context, with bytes read and in all.
 * What is damaged or cut off gives a prefix and a warning. Errors, in words: G_IO_ERROR, SKT_ERROR_BAD_JOURNAL. */
void skt_import_async (const char *path,
                       const char *sessions_path,
                       GCancellable *cancellable,
                       GFileProgressCallback progress,
                       gpointer progress_data,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
SktImport *skt_import_finish (GAsyncResult *result, GError **error);

/* The same at once, in the calling thread. */
SktImport *skt_import (const char *path, const char *sessions_path, GCancellable *cancellable, GError **error);

G_END_DECLS
