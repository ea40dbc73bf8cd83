/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The program's settings, made at the first call. Borrowed. Main thread. */
GSettings *socketeer_settings_get (void);

/* A text, in place of *text. */
void socketeer_settings_get_kept (GSettings *settings, const char *key, char **text);
/* What was chosen in a tab becomes what new tabs begin with, unless the user does not want that (`remember-choices`). Other tabs stay as
 * they are. A floating value is consumed. */
void socketeer_settings_remember (const char *key, GVariant *value);
void socketeer_settings_remember_string (const char *key, const char *value);
void socketeer_settings_remember_int (const char *key, int value);
/* A setting that was remembered meanwhile is again what it was: in no tab anything changes. */
void socketeer_settings_put_back (const char *key, GVariant *value);
/* Whether one of these is going on: a change of a setting then is none for the open tabs. */
gboolean socketeer_settings_is_remembering (void);

/* While nobody has typed another text, and the entry (any GtkEditable) is sensitive, it shows the setting (a string, or an integer). */
void socketeer_settings_bind_default (const char *key, GtkEditable *editable);

G_END_DECLS
