/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-preset-store.h"
#include "socketeer-page.h"

G_BEGIN_DECLS

/* A preset in the list: its mark, name, message and key, a Send button and a menu. Its buttons are the actions presets.NAME(id) of who has it.
 * Signals: dropped (SktPreset, gboolean after): that one was dragged here. */
#define SOCKETEER_TYPE_PRESET_ROW (socketeer_preset_row_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerPresetRow, socketeer_preset_row, SOCKETEER, PRESET_ROW, GtkListBoxRow)

GtkWidget *socketeer_preset_row_new (SktPreset *preset);
SktPreset *socketeer_preset_row_get_preset (SocketeerPresetRow *self); /* borrowed */
/* Another one of the same id. What is being edited stays. */
void socketeer_preset_row_set_preset (SocketeerPresetRow *self, SktPreset *preset);

/* To be changed in place. */
void socketeer_preset_row_edit (SocketeerPresetRow *self, SktPresetStore *store, SocketeerPage *page);
gboolean socketeer_preset_row_is_edited (SocketeerPresetRow *self);
/* Name, group or message has it. `folded`: of g_utf8_casefold(). */
gboolean socketeer_preset_row_matches (SocketeerPresetRow *self, const char *folded);

gboolean socketeer_preset_matches (SktPreset *preset, const char *folded);

/* A sign of its own for each colour, so that it is not told by colour alone: "▲". "" for none. Static. */
const char *socketeer_preset_colour_get_sign (SktPresetColour colour);
/* Translated. */
const char *socketeer_preset_colour_get_name (SktPresetColour colour);
/* The beginning of its text in one line, in which control characters are seen. (transfer full) */
char *socketeer_preset_dup_excerpt (SktMessage *message);
/* "Text, UTF-8, CRLF", "Hex". (transfer full) */
char *socketeer_preset_dup_form (SktMessage *message);

G_END_DECLS
