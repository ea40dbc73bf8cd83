/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The program's settings, made at the first call. Borrowed. Main thread. */
GSettings *socketeer_settings_get (void);

/* A text, in place of *text. */
void socketeer_settings_get_kept (GSettings *settings, const char *key, char **text);

G_END_DECLS
