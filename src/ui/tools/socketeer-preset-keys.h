/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-preset.h"

G_BEGIN_DECLS

/* The key of a preset that was pressed; NONE if it is none. Shift, Alt and others with it make it another key. */
SktPresetKey socketeer_preset_key_from_event (guint keyval, GdkModifierType state);

/* As accelerators are written; NULL for NONE. (transfer full) */
char *socketeer_preset_key_dup_accelerator (SktPresetKey key);

/* What else the key does in this program, in words ("shows About the connection"), or NULL. (transfer full) */
char *socketeer_preset_key_dup_use (SktPresetKey key);

G_END_DECLS
