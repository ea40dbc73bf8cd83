/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-row.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  SKT_COPY_TEXT,        /* decoded; reads and writes begin on lines of their own; NUL as \0 */
  SKT_COPY_HEX,         /* "de ad be ef", a line for each read or write */
  SKT_COPY_HEXDUMP,     /* `hexdump -C` of all the bytes one after another */
  /* These take the bytes one after another, whatever the rows: see skt-literal.h. */
  SKT_COPY_C_ARRAY,
  SKT_COPY_PYTHON,      /* a bytes literal */
  SKT_COPY_ESCAPED,     /* text on one line, with \r \n \t \0 \xNN \\ for what is no visible character */
  SKT_COPY_BASE64,
  SKT_COPY_JSON,        /* an array with an object for each read or write: "time" (RFC 3339, UTC), "direction" ("received",
                           "sent"), "connection" (number), "peer" (address or null), "offset" (in the stream), "hex",
                           "text" (a character shared by two reads is in the second; invalid bytes are \xHH) */
  SKT_N_COPY_FORMATS,
} SktCopyFormat;

/* More than this is not put on the clipboard: it is to be saved instead. */
#define SKT_COPY_MAX_BYTES (32 * 1024 * 1024)

/* "text", "hex", "hexdump", "c", "python", "escaped", "base64", "json". FALSE if unknown. */
gboolean skt_copy_format_from_name (const char *name, SktCopyFormat *ret_format);

/* The bytes [from, to) that the layout shows, as text for the clipboard, made in a worker. Errors: G_IO_ERROR_CANCELLED,
 * G_IO_ERROR_MESSAGE_TOO_LARGE (with what to do). */
void skt_selection_copy_async (SktJournal *journal,
                               SktLayout *layout,
                               SktPosition from,
                               SktPosition to,
                               SktCopyFormat format,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);

/* (transfer full) UTF-8. *ret_n_bytes (may be NULL): how many bytes of payload it stands for. */
char *skt_selection_copy_finish (GAsyncResult *result, guint64 *ret_n_bytes, GError **error);

/* The same at once, in the calling thread. */
char *skt_selection_copy (SktJournal *journal,
                          SktLayout *layout,
                          SktPosition from,
                          SktPosition to,
                          SktCopyFormat format,
                          GCancellable *cancellable,
                          guint64 *ret_n_bytes,
                          GError **error);

G_END_DECLS
