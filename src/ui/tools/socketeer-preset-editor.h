/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-preset-store.h"
#include "socketeer-page.h"

G_BEGIN_DECLS

/* All of a preset, to be changed in place.
 * Signals: done: it was saved or given up, and can go. */
#define SOCKETEER_TYPE_PRESET_EDITOR (socketeer_preset_editor_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerPresetEditor, socketeer_preset_editor, SOCKETEER, PRESET_EDITOR, GtkWidget)

/* `page`: whose composer can be taken from (borrowed, outlives it). */
GtkWidget *socketeer_preset_editor_new (SktPresetStore *store, SktPreset *preset, SocketeerPage *page);
/* To type its name. */
void socketeer_preset_editor_focus (SocketeerPresetEditor *self);

G_END_DECLS
