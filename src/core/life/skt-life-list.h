/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-journal.h"

G_BEGIN_DECLS

/* A connection that a journal tells of. */
typedef struct
{
  guint32 id;
  gboolean is_opened;   /* FALSE: it was tried in vain, or the journal does not tell how it began */
  char *address;        /* of the peer, of what was tried last, or the host's name; not trusted; NULL: not known */
} SktLifeEntry;

/* The connections among the published records, by their ids; when there are more than `max`, those with the lowest. Looks at every
 * record and reads no data: in a worker. NULL if it was cancelled. (transfer full, element-type SktLifeEntry) */
GPtrArray *skt_life_list_new (SktJournal *journal, guint max, GCancellable *cancellable);

G_END_DECLS
