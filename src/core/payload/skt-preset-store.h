/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "skt-preset.h"

G_BEGIN_DECLS

/* All presets, in order, those of a group together: a GListModel of SktPreset that is kept in a file. One for all windows. Main thread.
 * A key belongs to one preset: who is given it takes it from the other.
 * Properties: problem (string): what is wrong with the file, in words, or NULL; can-undo (boolean). */
#define SKT_TYPE_PRESET_STORE (skt_preset_store_get_type ())
G_DECLARE_FINAL_TYPE (SktPresetStore, skt_preset_store, SKT, PRESET_STORE, GObject)

/* Reads the file, at once. A damaged one is kept aside, what is good in it is taken over, and `problem` says so. `path` NULL: only in memory. */
SktPresetStore *skt_preset_store_new (const char *path);
const char *skt_preset_store_get_problem (SktPresetStore *self);

/* By id (borrowed), or NULL. */
SktPreset *skt_preset_store_find (SktPresetStore *self, const char *id);
/* By key (borrowed), or NULL. Not for NONE. */
SktPreset *skt_preset_store_find_key (SktPresetStore *self, SktPresetKey key);
/* Position of an id; G_MAXUINT if there is none. */
guint skt_preset_store_get_position (SktPresetStore *self, const char *id);
/* Names of all groups in order, "" for those without; NULL-terminated. (transfer full) */
char **skt_preset_store_dup_groups (SktPresetStore *self);

/* Puts a preset at a position (above all: at the end), or as near to it as its group is; one of that id is replaced. */
void skt_preset_store_insert (SktPresetStore *self, SktPreset *preset, guint position);
/* In place of the one of its id: it stays where it is, or goes to the end of its new group. */
void skt_preset_store_replace (SktPresetStore *self, SktPreset *preset);
void skt_preset_store_remove (SktPresetStore *self, const char *id);
/* Before `before_id` (NULL: to the end of the group), in that group. */
void skt_preset_store_move (SktPresetStore *self, const char *id, const char *group, const char *before_id);
/* One place up or down (delta -1, 1) in its group; at its border to the group beside. FALSE: there is nowhere to go. */
gboolean skt_preset_store_step (SktPresetStore *self, const char *id, int delta);
/* Adds all (SktPreset) at the end, with new ids where one is taken, and without keys that are taken. One step of undo. Returns those added
 * (transfer container). */
GPtrArray *skt_preset_store_add_all (SktPresetStore *self, GPtrArray *presets);
void skt_preset_store_remove_all (SktPresetStore *self, GPtrArray *presets);

/* Takes back the last of these, as often as 100 times. */
gboolean skt_preset_store_undo (SktPresetStore *self);

/* {"format": "socketeer-presets", "version": 1, "presets": […]} (transfer full) */
JsonObject *skt_preset_store_to_json (SktPresetStore *self);
/* SktPreset of such an object; *ret_n_bad: how many were left out, *ret_problem (transfer full) says why the first was. NULL and
 * SKT_ERROR_BAD_FILE if it is something else. (transfer full) */
GPtrArray *skt_presets_from_json (JsonObject *tainted_object, guint *ret_n_bad, char **ret_problem, GError **error);

G_END_DECLS
