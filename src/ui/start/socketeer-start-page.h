/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "skt-recent.h"

G_BEGIN_DECLS

/* What a window shows that has no tab: three things to begin with, and the endpoints that were used last.
 * Signals: open (uint: SktRecentKind, string: endpoint): one of these was chosen; toast (AdwToast): some were removed, which can be undone. */
#define SOCKETEER_TYPE_START_PAGE (socketeer_start_page_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerStartPage, socketeer_start_page, SOCKETEER, START_PAGE, GtkWidget)

/* What the keyboard begins with. Borrowed. */
GtkWidget *socketeer_start_page_get_first (SocketeerStartPage *self);

/* When that was, in words, for somebody for whom it is `now` (both local time): "13:02", "yesterday", "12/31/26". (transfer full) */
char *socketeer_start_page_dup_time (GDateTime *time, GDateTime *now);

G_END_DECLS
