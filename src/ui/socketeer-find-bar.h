/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "socketeer-byte-view.h"
#include "socketeer-hit-marks.h"

G_BEGIN_DECLS

/* Finds text, bytes or a regular expression in a transcript: an entry that searches while one types, how many there
 * are, and ways to the next and the previous. Hidden until it is opened. */
#define SOCKETEER_TYPE_FIND_BAR (socketeer_find_bar_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerFindBar, socketeer_find_bar, SOCKETEER, FIND_BAR, GtkWidget)

/* Where it shows what it finds; both live as long as the bar. */
void socketeer_find_bar_set_views (SocketeerFindBar *self, SocketeerByteView *view, SocketeerHitMarks *marks);

/* What it searches, in the layout's encoding, as far as the layout shows it. NULL: nothing. */
void socketeer_find_bar_set_journal (SocketeerFindBar *self, SktJournal *journal, SktLayout *layout);

/* The journal has grown. */
void socketeer_find_bar_update (SocketeerFindBar *self);

/* Shows it with the keyboard in its entry. A short selection of the view is put in. */
void socketeer_find_bar_open (SocketeerFindBar *self);
void socketeer_find_bar_close (SocketeerFindBar *self);
gboolean socketeer_find_bar_is_open (SocketeerFindBar *self);

/* Goes to the next or previous hit; opens the bar if there is nothing to go to. */
void socketeer_find_bar_step (SocketeerFindBar *self, gboolean is_forward);

/* Searches for what is selected in the view, and leaves the keyboard where it is. */
void socketeer_find_bar_find_selection (SocketeerFindBar *self);

G_END_DECLS
