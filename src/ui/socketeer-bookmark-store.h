/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-bookmarks.h"

G_BEGIN_DECLS

/* The bookmarks of a journal, and their way to and from its session.ini: read once, written half a second after a change, both in
 * a worker. Main thread. */
typedef struct _SocketeerBookmarkStore SocketeerBookmarkStore;

SocketeerBookmarkStore *socketeer_bookmark_store_new (SktJournal *journal);

/* What is not written yet is written on; the journal is let go in the worker. */
void socketeer_bookmark_store_free (SocketeerBookmarkStore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SocketeerBookmarkStore, socketeer_bookmark_store_free)

SktBookmarks *socketeer_bookmark_store_get (SocketeerBookmarkStore *self); /* borrowed */

G_END_DECLS
