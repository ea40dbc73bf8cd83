/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "skt-message.h"

G_BEGIN_DECLS

/* More are forgotten, the oldest first; so is what is more than a MiB of text all together. */
#define SKT_HISTORY_MAX 500
#define SKT_HISTORY_MAX_SIZE (1024 * 1024)

/* What was sent, as it was typed, the newest first; kept in a file. One for all windows. Main thread.
 * Properties: problem (string): what is wrong with the file, in words, or NULL. Signals: changed. */
#define SKT_TYPE_HISTORY (skt_history_get_type ())
G_DECLARE_FINAL_TYPE (SktHistory, skt_history, SKT, HISTORY, GObject)

/* Reads the file, at once. A damaged one is kept aside. `path` NULL: only in memory. */
SktHistory *skt_history_new (const char *path);

guint skt_history_get_n (SktHistory *self);
/* 0: the newest. Borrowed, until the next change. */
SktMessage *skt_history_get (SktHistory *self, guint i);
/* Nothing happens if it is the same as the newest one, or has nothing in it, or is larger than all that is kept. */
void skt_history_add (SktHistory *self, SktMessage *message);
void skt_history_clear (SktHistory *self);

/* All settings are the same. */
gboolean skt_history_is_same (SktMessage *a, SktMessage *b);

G_END_DECLS
