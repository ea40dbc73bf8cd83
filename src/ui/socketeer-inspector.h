/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-byte-view.h"

G_BEGIN_DECLS

/* What the bytes at the cursor of a byte view could mean, and what is to be said of those that are selected: numbers,
 * characters, times and addresses; length, entropy, checksums. Every value copies. Follows the view at most once a
 * frame, computes nothing while it isn't shown, and stops what takes long when the selection changes.
 *
 * Signal close: the user wants it to go (button, Escape). */
#define SOCKETEER_TYPE_INSPECTOR (socketeer_inspector_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerInspector, socketeer_inspector, SOCKETEER, INSPECTOR, GtkWidget)

/* Borrowed; NULL before it is disposed of. */
void socketeer_inspector_set_view (SocketeerInspector *self, SocketeerByteView *view);

/* More bytes may follow those at the cursor. */
void socketeer_inspector_journal_grown (SocketeerInspector *self);

/* Gives the keyboard to the values. */
void socketeer_inspector_focus (SocketeerInspector *self);

G_END_DECLS
