/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "skt-engine.h"
#include "socketeer-page.h"

G_BEGIN_DECLS

#define SOCKETEER_TYPE_WINDOW (socketeer_window_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerWindow, socketeer_window, SOCKETEER, WINDOW, AdwApplicationWindow)

SocketeerWindow *socketeer_window_new (GtkApplication *application, SktEngine *engine);

/* A new tab, shown. NULL if the session could not be made: the user has been told. Borrowed. */
SocketeerPage *socketeer_window_add_page (SocketeerWindow *self, SocketeerPageKind kind);

/* A client page that is free: the one that is shown, or a new one. */
SocketeerPage *socketeer_window_get_free_page (SocketeerWindow *self, SocketeerPageKind kind);

/* A server page that echoes and a client page connected to it. */
void socketeer_window_show_demo (SocketeerWindow *self);

/* The same two pages, not connected yet, with the guided tour; if it is shown already, the keyboard goes there. */
void socketeer_window_start_tour (SocketeerWindow *self);

/* Offers the sessions (paths) that a program that was killed has left. */
void socketeer_window_offer_recovery (SocketeerWindow *self, GPtrArray *paths);

/* Opens a file or a saved session in a page of its own; says so if it can't. */
void socketeer_window_open (SocketeerWindow *self, const char *path);

/* There is no other one. */
gboolean socketeer_window_is_last (SocketeerWindow *self);

/* Ends all sessions: before the program ends. */
void socketeer_window_close_pages (SocketeerWindow *self);

G_END_DECLS
