/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "socketeer-byte-view.h"

G_BEGIN_DECLS

/* The button for places and times in a transcript, its menu, and what that opens: going to a place, bookmarks, what is known of a
 * byte. The actions are in the group "places" of the widget that is given, with keys that work inside it:
 * go-to, bookmark (s: cursor | here), next-bookmark, previous-bookmark, bookmarks, details (s), time-from (s),
 * time-column (s, state: clock | delta | mark).
 * Signals: message (string): to be told to the user. */
#define SOCKETEER_TYPE_PLACES (socketeer_places_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerPlaces, socketeer_places, SOCKETEER, PLACES, GtkWidget)

/* Once. `owner` contains both. */
void socketeer_places_set_view (SocketeerPlaces *self, SocketeerByteView *view, GtkWidget *owner);

/* Another journal: its bookmarks are loaded, those of the one before stored. NULL: none. The last reference may go in a worker. */
void socketeer_places_set_journal (SocketeerPlaces *self, SktJournal *journal);

/* How a connection's peer is called, as for socketeer_byte_view_set_peers(). */
void socketeer_places_set_peers (SocketeerPlaces *self, SocketeerPeerFunc func, gpointer user_data);

G_END_DECLS
