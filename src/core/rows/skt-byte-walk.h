/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-row.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Walks the bytes [from, to) of a session that a layout shows, record after record, reading ahead in blocks of at most
 * 256 KiB however small the records are. What it is used for doesn't depend on where rows end, unless only those with a
 * pattern are shown: then it is the bytes of these, in that order. One thread at a time. */
typedef struct _SktByteWalk SktByteWalk;

SktByteWalk *skt_byte_walk_new (SktJournal *journal, SktLayout *layout, SktPosition from, SktPosition to);
void skt_byte_walk_free (SktByteWalk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktByteWalk, skt_byte_walk_free)

/* Bytes of one record. */
typedef struct
{
  guint64 index;           /* the record's number */
  const SktRecord *record; /* both borrowed until the next call */
  const guint8 *bytes;
  guint32 begin;           /* of the bytes, in the record */
  guint32 length;          /* at least 1 */
} SktBytePiece;

/* The next piece. FALSE at the end, or with an error: G_IO_ERROR_CANCELLED, SKT_ERROR_BAD_JOURNAL if bytes that were
 * published can't be read. */
gboolean skt_byte_walk_next (SktByteWalk *self, SktBytePiece *ret_piece, GCancellable *cancellable, GError **error);

/* Fills the buffer as far as there are bytes: less than `size` only at the end. Don't mix with skt_byte_walk_next().
 * FALSE: as there. */
gboolean skt_byte_walk_read (SktByteWalk *self,
                             guint8 *buffer,
                             gsize size,
                             gsize *ret_length,
                             GCancellable *cancellable,
                             GError **error);

/* Up to `length` bytes of the stream (one direction of one connection) that the byte at `at` belongs to, from there on,
 * whatever is shown: TCP keeps order, not the borders of reads. 0 if there is no byte at `at` (an event, the end of a
 * record). For a few bytes: looks at no more than 2,048 records. *ret_record (may be NULL): the record of the first. */
gsize skt_byte_walk_peek_stream (SktJournal *journal,
                                 SktPosition at,
                                 guint8 *buffer,
                                 gsize length,
                                 SktRecord *ret_record);

G_END_DECLS
