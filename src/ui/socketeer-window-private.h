/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-window.h"

G_BEGIN_DECLS

/* What the parts of the window's code share. */
void _socketeer_window_add_tab (SocketeerWindow *self, SocketeerPage *page);
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

/* A session of before, in the place where it is. */
void _socketeer_window_open_session (SocketeerWindow *self, const char *path);
/* Asks for a file and opens it. */
void _socketeer_window_ask_and_open (SocketeerWindow *self);
void _socketeer_window_ask_and_open_folder (SocketeerWindow *self);

G_END_DECLS
