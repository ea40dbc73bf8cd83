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

/* A session of before, in the place where it is. */
void _socketeer_window_open_session (SocketeerWindow *self, const char *path);
/* Asks for a file and opens it. */
void _socketeer_window_ask_and_open (SocketeerWindow *self);

G_END_DECLS
