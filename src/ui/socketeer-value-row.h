/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A row of a list that has a name and a value, which is copied by its button, by Ctrl+C and by
 * socketeer_value_row_copy(). */
#define SOCKETEER_TYPE_VALUE_ROW (socketeer_value_row_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerValueRow, socketeer_value_row, SOCKETEER, VALUE_ROW, GtkListBoxRow)

/* `name` as shown, `spoken` for assistive technology; `caption` (may be NULL) stands below. n_lines, n_chars: the room
 * that is kept for the value, whatever it is, so that the list does not jump. is_wide: the value stands below the name.
 * `names`: aligns values; NULL: they stand at the right edge. */
GtkWidget *socketeer_value_row_new (const char *name,
                                    const char *spoken,
                                    const char *caption,
                                    guint n_lines,
                                    guint n_chars,
                                    gboolean is_wide,
                                    GtkSizeGroup *names);

void socketeer_value_row_set_name (SocketeerValueRow *self, const char *name, const char *spoken);

/* NULL: there is none, shown as a dash. */
void socketeer_value_row_set_value (SocketeerValueRow *self, const char *value);
const char *socketeer_value_row_get_value (SocketeerValueRow *self);
/* It is being computed, shown as an ellipsis; until then there is none. */
void socketeer_value_row_set_pending (SocketeerValueRow *self);

/* Puts the value on the clipboard, and shows so. Nothing if there is none. */
void socketeer_value_row_copy (SocketeerValueRow *self);

G_END_DECLS
