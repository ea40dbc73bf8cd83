/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-tab-store.h"
#include "socketeer-start-page.h"
#include "socketeer-window.h"

G_BEGIN_DECLS

/* What the parts of the window's code share. */
void _socketeer_window_add_tab (SocketeerWindow *self, SocketeerPage *page);
void _socketeer_window_insert_tab (SocketeerWindow *self, SocketeerPage *page, int position);
AdwTabView *_socketeer_window_get_tab_view (SocketeerWindow *self);
SktEngine *_socketeer_window_get_engine (SocketeerWindow *self);
/* (transfer full) */
void _socketeer_window_add_toast (SocketeerWindow *self, AdwToast *toast);

/* Tabs: their menu, closing and coming back, and other windows. */
void _socketeer_window_tabs_init (SocketeerWindow *self);
void _socketeer_window_tabs_update (SocketeerWindow *self);
/* All of them, as if the user had. */
void _socketeer_window_close_tabs (SocketeerWindow *self);
void _socketeer_window_tab_comes (SocketeerWindow *self, SocketeerPage *page);
void _socketeer_window_tab_goes (SocketeerWindow *self, SocketeerPage *page);
/* (transfer full) */
SktTabWindow *_socketeer_window_dup_saved (SocketeerWindow *self);
/* FALSE: not all of it could be opened. */
gboolean _socketeer_window_open_saved (SocketeerWindow *self, const SktTabWindow *saved);

void _socketeer_window_say_problem (SocketeerWindow *self, const char *message);
/* At the bottom: rows of what is being opened. Borrowed. */
GtkBox *_socketeer_window_get_jobs_box (SocketeerWindow *self);
/* Cancelled when the window is closed. Borrowed. */
GCancellable *_socketeer_window_get_opening (SocketeerWindow *self);

/* Where the start page or the tabs are, and beside them the card of the tour. Borrowed. */
GtkWidget *_socketeer_window_get_tour_place (SocketeerWindow *self);
void _socketeer_window_select (SocketeerWindow *self, SocketeerPage *page);
gboolean _socketeer_window_is_selected (SocketeerWindow *self, SocketeerPage *page);
/* Before a page, or all of them, are closed: the tour ends with what it is about. */
void _socketeer_window_page_closes (SocketeerWindow *self, SocketeerPage *page);
void _socketeer_window_end_tour (SocketeerWindow *self);

/* Shortcuts, the overlay that lists them, panes. */
void _socketeer_window_keys_init (SocketeerWindow *self);
/* Another tab is shown: the keyboard goes where it was there, unless it is outside the tabs. */
void _socketeer_window_move_focus (SocketeerWindow *self);
GtkWidget *_socketeer_window_get_tab_bar (SocketeerWindow *self);
GtkWidget *_socketeer_window_get_recovery_bar (SocketeerWindow *self);
SocketeerStartPage *_socketeer_window_get_start_page (SocketeerWindow *self);

/* A session of before, in the place where it is. */
void _socketeer_window_open_session (SocketeerWindow *self, const char *path);
/* Asks for a file and opens it. */
void _socketeer_window_ask_and_open (SocketeerWindow *self);
void _socketeer_window_ask_and_open_folder (SocketeerWindow *self);

G_END_DECLS
