/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A folder of the build tree (`name` beside the folder that the running program is in), if it is run from there and not
 * installed; else NULL. (transfer full) */
char *socketeer_paths_dup_in_build_folder (const char *name);

/* Where translations are. (transfer full) */
char *socketeer_paths_dup_locale_folder (void);

/* Whether the program runs in a Flatpak sandbox, where a chosen file is all that is granted, not what is beside it. */
gboolean socketeer_paths_is_sandboxed (void);

G_END_DECLS
