/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-preset-store.h"
#include "socketeer-page.h"

G_BEGIN_DECLS

/* The presets of all windows, as a page sends them: by button, and by their keys while the page is seen. */
#define SOCKETEER_TYPE_PRESETS (socketeer_presets_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerPresets, socketeer_presets, SOCKETEER, PRESETS, GtkWidget)

/* `page`: borrowed, contains it. */
GtkWidget *socketeer_presets_new (SktPresetStore *store, SocketeerPage *page);
/* The page is being closed: nothing is sent any more. */
void socketeer_presets_close (SocketeerPresets *self);

/* What happened to be wrong, at the place where it is seen; NULL: nothing. */
void socketeer_presets_set_problem (SocketeerPresets *self, const char *problem);

G_END_DECLS
