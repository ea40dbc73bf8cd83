/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Marks an entry as holding what can't be used, for the eye and for assistive technology; or no longer. */
void socketeer_entry_set_bad (GtkEntry *entry, gboolean bad);

void socketeer_entry_set_port (GtkEntry *entry, int port);

/* Its text, in place of *text. */
void socketeer_entry_get_kept (GtkEntry *entry, char **text);

G_END_DECLS
