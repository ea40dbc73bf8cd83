/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-window.h"

G_BEGIN_DECLS

/* The tabs of all windows, kept from one start of the program to the next. Main thread. */

/* Opens the windows and tabs that were open last, filled in and nothing more, and keeps from now on what is open. There is a window afterwards.
 * Once, until socketeer_tabs_end(). */
void socketeer_tabs_begin (GtkApplication *application, SktEngine *engine);
/* Something may have changed. Nothing happens before the beginning. */
void socketeer_tabs_changed (void);
/* What is open now is what will be opened: before windows are closed because the program ends. */
void socketeer_tabs_end (void);

/* -- Tabs that were closed and can be brought back -- */

/* So many at most, and each for so long. */
#define SOCKETEER_CLOSED_TABS_MAX 10
#define SOCKETEER_CLOSED_TABS_SECONDS 600

/* A page that rests (socketeer_page_rest()) and is in no window; a reference is taken. Its number. */
guint socketeer_closed_tabs_add (SocketeerPage *page, int position);
/* The one with this number, 0: the latest. NULL: it is gone. *ret_position: where it was. (transfer full) */
SocketeerPage *socketeer_closed_tabs_take (guint number, int *ret_position);
/* Their sessions end, and their journals go: before the program ends. */
void socketeer_closed_tabs_end (void);

G_END_DECLS
