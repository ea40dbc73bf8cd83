/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-presets.h"

G_BEGIN_DECLS

SktPresetStore *_socketeer_presets_get_store (SocketeerPresets *self);
/* Says it in passing, with Undo, which removes what was added or puts back what was removed: `removed` and `added` (SktPreset; one of them NULL).
 * `position`: where the removed ones were. */
void _socketeer_presets_offer_undo (SocketeerPresets *self, const char *text, GPtrArray *removed, guint position, GPtrArray *added);

/* Asks for a file. */
void _socketeer_presets_import (SocketeerPresets *self);
void _socketeer_presets_export (SocketeerPresets *self);
/* What the dialogs do. Says what has come of it. */
void _socketeer_presets_import_file (SocketeerPresets *self, GFile *file);
void _socketeer_presets_export_file (SocketeerPresets *self, GFile *file);

G_END_DECLS
