/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-journal.h"

G_BEGIN_DECLS

/* An event of a journal: a record that is not data. */
typedef struct
{
  guint64 index;        /* of the record */
  SktRecord record;
  char *detail;         /* as stored: not trusted; NULL: none */
} SktEvent;

void skt_event_free (SktEvent *self);

/* The events among records [first, end), oldest first; when there are more than `max`, the last of them. Looks from the end
 * backwards and stops when it has enough, so that what it costs is bounded by the records that are looked at.
 * Of the thread that uses the reader; blocks. NULL if it was cancelled. (transfer full, element-type SktEvent) */
GPtrArray *skt_event_list_new (SktJournalReader *reader, guint64 first, guint64 end, guint max, GCancellable *cancellable);

/* The line of the log for it: "2026-01-31 12:00:05.123456 127.0.0.1:53412: the peer has finished sending (FIN)", in the local time zone,
 * without a line feed. `peer` (may be NULL): the address of its connection. *ret_time_length (may be NULL): the first bytes, which are the
 * time. (transfer full) */
char *skt_event_to_line (const SktEvent *self, const char *peer, gsize *ret_time_length);

G_END_DECLS
