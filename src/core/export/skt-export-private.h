/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-export.h"

#include <gio/gio.h>

#include "skt-progress.h"

G_BEGIN_DECLS

/* -- The file that is written: a temporary one beside the target --------------------------------------------- */

typedef struct
{
  char *target_path;
  char *target_name;    /* the last part of it */
  char *temporary_name;
  int dir_fd;
  int fd;
  GString *buffer;
  guint64 length;       /* bytes given to it so far, without the buffer */
} SktExportFile;

SktExportFile *_skt_export_file_new (const char *target_path, GError **error);
/* Removes the temporary file if it has not taken the target's place. */
void _skt_export_file_free (SktExportFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktExportFile, _skt_export_file_free)

/* What is to be written is appended to self->buffer; this writes it out if it is large. */
gboolean _skt_export_file_drain (SktExportFile *self, GError **error);
/* Writes the rest, syncs and renames. */
gboolean _skt_export_file_commit (SktExportFile *self, GError **error);

/* -- One export ---------------------------------------------------------------------------------------------- */

/* Owned by the task; of the worker thread while it runs. */
typedef struct
{
  SktJournal *journal;  /* owned, held */
  char *target_path;
  SktExportFormat format;
  SktExportDirection direction;
  SktEncoding encoding;
  GHashTable *connections; /* set of ids; NULL: all */
  GHashTable *addresses;   /* id → "local remote"; may be NULL */
  gboolean has_range;
  SktPosition from, to;
  guint64 first_record;    /* as they were at the call, then less by the range */
  guint64 n_records;
  SktProgress *progress;   /* owned; NULL: nobody wants it */
  GCancellable *cancellable;   /* owned */

  SktJournalReader *reader; /* owned */
  SktExportFile *file;      /* owned */
  guint64 start;            /* payload: where the first record begins and the last one ends */
  guint64 end;
  guint n_turns;
  GHashTable *peers;        /* id → SktExportPeer; NULL: none yet */
} SktExport;

gboolean _skt_export_wants_connection (const SktExport *self, guint32 connection);
gboolean _skt_export_wants_data (const SktExport *self, const SktRecord *record);
/* Of a range only the part that is in it. Fails if the record can't be read. */
gboolean _skt_export_get_record (SktExport *self, guint64 index, SktRecord *ret_record, GError **error);
/* At least one byte, as many of `length` as there are at once. Borrowed until the next reading. NULL: the file is
 * damaged. */
const guint8 *_skt_export_peek (SktExport *self, guint64 offset, gsize length, gsize *ret_length, GError **error);
/* To be called often: drains the buffer, tells the progress, FALSE if cancelled or the disk is full. */
gboolean _skt_export_turn (SktExport *self, guint64 offset, GError **error);

gboolean _skt_export_write_text (SktExport *self, GError **error);
gboolean _skt_export_write_records (SktExport *self, GError **error);
gboolean _skt_export_write_pcapng (SktExport *self, GError **error);

/* -- What several formats need -------------------------------------------------------------------------------- */

/* Addresses and ports of a connection, as UTF-8 without control characters. */
typedef struct
{
  char *local;
  char *remote;
} SktExportPeer;

/* From an OPENED record. */
void _skt_export_note_opened (SktExport *self, const SktRecord *record);
/* From those before the first record, which may have been cleared; `each` (may be NULL) is called with every record. */
gboolean _skt_export_note_earlier (SktExport *self,
                                   void (*each) (const SktRecord *record, gpointer data),
                                   gpointer data,
                                   GError **error);
/* NULL: not known. */
const SktExportPeer *_skt_export_get_peer (const SktExport *self, guint32 connection);

/* An event's detail, cut if it is longer than any of ours. (transfer full) */
char *_skt_export_dup_detail (SktExport *self, const SktRecord *record);

/* Appends text so that nothing in it can drive a terminal: C0, DEL and C1 (of which U+009B begins sequences too) as
 * escapes. */
void _skt_export_append_safe (GString *out, const char *text, gsize length);

G_END_DECLS
