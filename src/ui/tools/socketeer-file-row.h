/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-file-job.h"

G_BEGIN_DECLS

/* A file that is being sent, waits for others, or was sent: how far, how fast, how long yet; pause, limit, cancel; and what became of it, until it
 * is closed: then it takes itself out of the box it is in. */
#define SOCKETEER_TYPE_FILE_ROW (socketeer_file_row_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerFileRow, socketeer_file_row, SOCKETEER, FILE_ROW, GtkWidget)

GtkWidget *socketeer_file_row_new (SktFileJob *job);

G_END_DECLS
