/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "skt-sequence.h"

G_BEGIN_DECLS

/* The sequences that are kept in a file. What changes is written soon, by a thread, as a whole. Main thread.
 * Signal: changed. */
#define SKT_TYPE_SEQUENCE_STORE (skt_sequence_store_get_type ())
G_DECLARE_FINAL_TYPE (SktSequenceStore, skt_sequence_store, SKT, SEQUENCE_STORE, GObject)

/* Reads the file; there may be none. A damaged one is renamed, to “….bad-1” and so on, and "problem" says so. */
SktSequenceStore *skt_sequence_store_new (const char *path);

guint skt_sequence_store_get_n (SktSequenceStore *self);
SktSequence *skt_sequence_store_get (SktSequenceStore *self, guint index); /* borrowed */
void skt_sequence_store_insert (SktSequenceStore *self, guint index, SktSequence *sequence);
void skt_sequence_store_replace (SktSequenceStore *self, guint index, SktSequence *sequence);
void skt_sequence_store_remove (SktSequenceStore *self, guint index);
/* A name that none of them has: “Sequence 2”, or, like “HTTP 2”, after the name that is given. (transfer full) */
char *skt_sequence_store_dup_new_name (SktSequenceStore *self, const char *name);

/* What is wrong with the file, as sentences; NULL: nothing. Property "problem". */
const char *skt_sequence_store_get_problem (SktSequenceStore *self);
/* Writes what has changed, and waits until it is written. */
void skt_sequence_store_flush (SktSequenceStore *self);

G_END_DECLS
