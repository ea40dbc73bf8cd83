/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-row.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Bytes of a session that the user has marked, in order of place, each with a text that may be empty. Main thread.
 * Signal "changed": there is one more or less, or a text is another one. */
#define SKT_TYPE_BOOKMARKS (skt_bookmarks_get_type ())
G_DECLARE_FINAL_TYPE (SktBookmarks, skt_bookmarks, SKT, BOOKMARKS, GObject)

#define SKT_BOOKMARKS_MAX 500
#define SKT_BOOKMARK_LABEL_MAX 200 /* bytes */

SktBookmarks *skt_bookmarks_new (void);

guint skt_bookmarks_get_n (SktBookmarks *self);
/* label (may be NULL): borrowed until the next change. */
SktPosition skt_bookmarks_get (SktBookmarks *self, guint i, const char **ret_label);

/* The first one at or after `position`; get_n() if there is none. */
guint skt_bookmarks_find (SktBookmarks *self, SktPosition position);

/* FALSE if there are SKT_BOOKMARKS_MAX. Adding where there is one does nothing. */
gboolean skt_bookmarks_add (SktBookmarks *self, SktPosition position);
void skt_bookmarks_remove (SktBookmarks *self, SktPosition position);
/* Cut at SKT_BOOKMARK_LABEL_MAX, its line breaks as spaces. */
void skt_bookmarks_set_label (SktBookmarks *self, SktPosition position, const char *label);

/* The group "Bookmarks" of session.ini (see docs/journal-format.md). (transfer full) */
GKeyFile *skt_bookmarks_to_info (SktBookmarks *self);
/* Replaces all by what is there; what makes no sense is left out. Emits "changed" only if something is another one. */
void skt_bookmarks_load_info (SktBookmarks *self, GKeyFile *tainted_info);

G_END_DECLS
