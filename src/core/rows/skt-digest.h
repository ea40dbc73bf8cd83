/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-checksum.h"
#include "skt-row.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What can be said of many bytes, one after another. */
typedef struct
{
  guint64 length;
  guint64 sum;          /* modulo 2^64 */
  double entropy;       /* of single bytes, in bits a byte: 0 to 8 */
  guint n_distinct;     /* how many of the 256 values occur */
  guint8 xor;

  gboolean is_complete; /* what follows is known too */
  guint32 checksums[SKT_N_CHECKSUMS];
  char md5[32 + 1];
  char sha1[40 + 1];
  char sha256[64 + 1];
} SktDigest;

/* Called in the caller's context, at most ten times a second, with bytes done and in all. `digest`: what is known so
 * far (not complete), or NULL if nothing is yet. */
typedef void (*SktDigestProgressFunc) (const SktDigest *digest, guint64 done, guint64 total, gpointer user_data);

/* Of the bytes [from, to) that the layout shows, in a worker, in two passes: first what needs no more than counting,
 * then the checksums. Takes less than 1 MiB however many they are. `progress` may be NULL; it isn't called after the
 * callback. Errors: as skt_byte_walk_next(). */
void skt_digest_async (SktJournal *journal,
                       SktLayout *layout,
                       SktPosition from,
                       SktPosition to,
                       GCancellable *cancellable,
                       SktDigestProgressFunc progress,
                       gpointer progress_data,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
gboolean skt_digest_finish (GAsyncResult *result, SktDigest *ret_digest, GError **error);

/* The same at once if it takes no longer than a millisecond or so: FALSE if there are more than 32 KiB or 1,024
 * records, or if they can't be read. */
gboolean skt_digest_try_now (SktJournal *journal,
                             SktLayout *layout,
                             SktPosition from,
                             SktPosition to,
                             SktDigest *ret_digest);

G_END_DECLS
