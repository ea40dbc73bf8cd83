/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-journal.h"

G_BEGIN_DECLS

/* A piece of the payload where the page cache has it: going over it costs half of what copying it does. Memory is only lent; what the system can't
 * read (a failing disk, a file that somebody has cut) is seen as zeros instead of ending the program by SIGBUS. */
typedef struct
{
  const guint8 *bytes;
  gsize length;

  /* private */
  guint8 *base;
  gsize size;
  guint entry;
} SktJournalMap;

/* Maps payload bytes [offset, offset + length), or as many as are published. FALSE: that is not possible now, or there are none; they can be read.
 * Any thread. */
gboolean skt_journal_map_payload (SktJournal *self, guint64 offset, gsize length, SktJournalMap *ret_map);
/* Whether all that was looked at so far was really there. Any thread. */
gboolean skt_journal_map_is_sound (const SktJournalMap *self);
void skt_journal_map_clear (SktJournalMap *self);

G_END_DECLS
