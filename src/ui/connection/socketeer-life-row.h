/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-tcp-state.h"

G_BEGIN_DECLS

/* A step of a timeline: a mark on its line, the state that begins with it, when that was, what happened, and what the state means. */
#define SOCKETEER_TYPE_LIFE_ROW (socketeer_life_row_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerLifeRow, socketeer_life_row, SOCKETEER, LIFE_ROW, GtkListBoxRow)

GtkWidget *socketeer_life_row_new (void);

/* `title`, in words: what it is; `time` (may be NULL): after the start; `sentence`: what happened; `note` (may be NULL): what that means,
 * `duration` (may be NULL): how long it took or lasted. is_live: it goes on, and changes. */
void socketeer_life_row_set (SocketeerLifeRow *self,
                             const char *title,
                             const char *time,
                             const char *sentence,
                             const char *note,
                             const char *duration,
                             gboolean is_live);
/* Whether the line comes from above and goes on below. */
void socketeer_life_row_set_ends (SocketeerLifeRow *self, gboolean is_first, gboolean is_last);

G_END_DECLS
