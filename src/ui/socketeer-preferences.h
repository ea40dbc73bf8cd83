/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The preferences: what is changed takes effect at once, in all pages. */
#define SOCKETEER_TYPE_PREFERENCES (socketeer_preferences_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerPreferences, socketeer_preferences, SOCKETEER, PREFERENCES, AdwPreferencesWindow)

/* `parent` may be NULL. */
SocketeerPreferences *socketeer_preferences_new (GtkWindow *parent);

G_END_DECLS
