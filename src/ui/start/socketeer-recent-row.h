/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-recent.h"

G_BEGIN_DECLS

/* One endpoint that was used: of which kind, where, when, and a button that forgets it.
 * Signal: remove: that is wanted. */
#define SOCKETEER_TYPE_RECENT_ROW (socketeer_recent_row_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerRecentRow, socketeer_recent_row, SOCKETEER, RECENT_ROW, GtkListBoxRow)

/* The entry is copied. `time`: when it was used, in words. */
GtkWidget *socketeer_recent_row_new (const SktRecentEntry *entry, const char *time);
const SktRecentEntry *socketeer_recent_row_get_entry (SocketeerRecentRow *self);

G_END_DECLS
