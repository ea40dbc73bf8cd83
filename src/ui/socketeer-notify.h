/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "socketeer-page.h"

G_BEGIN_DECLS

/* Notifications of the desktop for who is busy in another program: only while no window of this one is active. There is one of each kind and page
 * at most, in which what happens later is added up; so it is not shown again more than once a second, and less and less often. It is withdrawn
 * when the page is looked at. Main thread. */
typedef enum
{
  SOCKETEER_NOTIFY_CLIENT,   /* connected to a server page */
  SOCKETEER_NOTIFY_MATCH,    /* of a rule, a sequence's wait, or a search */
  SOCKETEER_NOTIFY_TRANSFER, /* a file was sent, saved or opened, or failed to be */
  SOCKETEER_N_NOTIFY_KINDS,
} SocketeerNotifyKind;

/* Adds the action that a click on a notification activates. */
void socketeer_notify_start (GtkApplication *application);

/* `widget`: a page, or in one; elsewhere nothing happens. n: how many there were of it. title: NULL: that of the kind. text: plain, which may have come
 * from a peer; it is cut short. */
void socketeer_notify (GtkWidget *widget, SocketeerNotifyKind kind, guint64 n, const char *title, const char *text);

/* The page is being closed: what was told of it is withdrawn, and nothing more is told. */
void socketeer_notify_close (SocketeerPage *page);

G_END_DECLS
