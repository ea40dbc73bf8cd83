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
  SKT_N_COPY_FORMATS,
} SktCopyFormat;

/* More than this is not put on the clipboard: it is to be saved instead. */
#define SKT_COPY_MAX_BYTES (32 * 1024 * 1024)

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
