/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "skt-preset-store.h"

G_BEGIN_DECLS

/* A dialog with all presets, to be searched, of which one is chosen. Signal: done (SktPreset), before it closes. */
#define SOCKETEER_TYPE_PRESET_CHOOSER (socketeer_preset_chooser_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerPresetChooser, socketeer_preset_chooser, SOCKETEER, PRESET_CHOOSER, AdwWindow)

SocketeerPresetChooser *socketeer_preset_chooser_new (GtkWindow *parent, SktPresetStore *store);

G_END_DECLS
