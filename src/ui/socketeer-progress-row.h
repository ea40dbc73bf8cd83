/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A row at the bottom of a page or a window for something that takes a while: what, how far, how fast, and Cancel. It shows
 * itself only when it has lasted for a moment. */
#define SOCKETEER_TYPE_PROGRESS_ROW (socketeer_progress_row_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerProgressRow, socketeer_progress_row, SOCKETEER, PROGRESS_ROW, GtkWidget)

/* `title`: “Saving “file””; `cancel_label`: the name of the button for screen readers. Cancel cancels `cancellable`. */
GtkWidget *socketeer_progress_row_new (const char *title, const char *cancel_label, GCancellable *cancellable);

/* Bytes. A GFileProgressCallback. */
void socketeer_progress_row_update (goffset done, goffset total, gpointer self);

/* It is over: takes itself out of the box it is in. */
void socketeer_progress_row_finish (SocketeerProgressRow *self);

G_END_DECLS
