/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-row-source.h"

/* A journal in a temporary folder that goes with it. */
SktJournal *check_journal_new (void);
void check_journal_add (SktJournal *journal, SktRecordKind kind, guint32 connection, const void *bytes, gsize length);
void check_journal_add_random (SktJournal *journal, GRand *rand, guint n_records, guint max_length);

SktLayout *check_layout_new (SktView view, SktEncoding encoding, guint bytes_per_row);
SktLayout *check_layout_new_filtered (SktView view,
                                      SktEncoding encoding,
                                      guint bytes_per_row,
                                      const guint32 *connections,
                                      gsize n_connections);

/* All rows, found by one walk from the start: what everything else must agree with. (transfer full, SktRow) */
GArray *check_list_rows (SktJournal *journal, SktLayout *layout);

/* The text of all rows of one stream, in order. (transfer full) */
char *check_dup_text (SktJournal *journal, SktLayout *layout, guint64 stream);

void check_assert_same_row (const SktRow *a, const SktRow *b);
