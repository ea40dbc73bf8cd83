/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-encoding.h"
#include "skt-journal.h"
#include "skt-row.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_EXPORT_RAW,       /* the payload bytes, nothing else */
  SKT_EXPORT_HEXDUMP,   /* of those bytes, as `hexdump -C` prints them */
  SKT_EXPORT_TEXT,      /* UTF-8: each read or write with time, direction and peer, then its text; with BOTH also the
                           events as sentences */
  SKT_EXPORT_CSV,       /* a line for each record, see docs/export-formats.md; with BOTH also the events */
  SKT_EXPORT_JSON_LINES, /* the same as JSON */
  SKT_EXPORT_PCAPNG,    /* packets with made-up headers that carry the bytes */
  SKT_EXPORT_SESSION,   /* a folder: a journal of its own that skt_journal_open() takes. Always all of it */
  SKT_N_EXPORT_FORMATS,
} SktExportFormat;

typedef enum
{
  SKT_EXPORT_RECEIVED = 1 << 0,
  SKT_EXPORT_SENT = 1 << 1,
  SKT_EXPORT_BOTH = SKT_EXPORT_RECEIVED | SKT_EXPORT_SENT,
} SktExportDirection;

/* "raw", "hexdump", "text", "csv", "jsonl", "pcapng", "session"; "received", "sent", "both". FALSE if unknown. */
gboolean skt_export_format_from_name (const char *name, SktExportFormat *ret_format);
gboolean skt_export_direction_from_name (const char *name, SktExportDirection *ret_direction);

typedef struct
{
  SktExportFormat format;
  SktExportDirection direction;
  SktEncoding encoding;                 /* for text */
  const guint32 *connections;           /* only these (ids; copied), NULL: all */
  gsize n_connections;
  gboolean has_range;                   /* only bytes and events of [from, to) */
  SktPosition from, to;
  GHashTable *addresses;                /* connection id → "local remote" (strings; copied), for those whose OPENED record
                                           was cleared and its payload given back; may be NULL */
} SktExportOptions;

/* Writes what was published when it was called to `target` on a worker thread: into a temporary file (0600) beside
 * it, synced, then renamed, so that a failure harms no old file and leaves nothing behind. `progress` (may be NULL)
 * is called on the worker's behalf in the caller's context, with bytes done and in all, at most ten times a second.
 * A session is a new folder (0700): nothing of that name may be there yet (G_IO_ERROR_EXISTS).
 * Errors: G_IO_ERROR (with the path and what to do in words), G_IO_ERROR_CANCELLED. */
void skt_export_async (SktJournal *journal,
                       const SktExportOptions *options,
                       const char *target_path,
                       GCancellable *cancellable,
                       GFileProgressCallback progress,
                       gpointer progress_data,
                       GAsyncReadyCallback callback,
                       gpointer user_data);

/* *ret_length (may be NULL): bytes written to the file. */
gboolean skt_export_finish (GAsyncResult *result, guint64 *ret_length, GError **error);

G_END_DECLS
