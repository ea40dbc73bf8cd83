/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-journal.h"

G_BEGIN_DECLS

/* Which connection of an opened session is told about: a drop-down with all that its journal knows of, hidden while there is none.
 * Property: chosen (uint), the id; 0: none. */
#define SOCKETEER_TYPE_LIFE_CHOOSER (socketeer_life_chooser_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerLifeChooser, socketeer_life_chooser, SOCKETEER, LIFE_CHOOSER, GtkWidget)

/* A worker looks for its connections; the first one is chosen then. NULL: there are none. */
void socketeer_life_chooser_set_journal (SocketeerLifeChooser *self, SktJournal *journal);
guint32 socketeer_life_chooser_get_chosen (SocketeerLifeChooser *self);

G_END_DECLS
