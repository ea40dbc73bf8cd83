/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-json.h"
#include "skt-message.h"

G_BEGIN_DECLS

/* The key that sends a preset: F1 to F12, Ctrl+1 to Ctrl+9. */
typedef enum
{
  SKT_PRESET_KEY_NONE,
  SKT_PRESET_KEY_F1,
  SKT_PRESET_KEY_F12 = SKT_PRESET_KEY_F1 + 11,
  SKT_PRESET_KEY_CTRL_1,
  SKT_PRESET_KEY_CTRL_9 = SKT_PRESET_KEY_CTRL_1 + 8,
  SKT_N_PRESET_KEYS,
} SktPresetKey;

/* "" (none), "F1", "Ctrl+1": for files, and as shown. Static. */
const char *skt_preset_key_get_id (SktPresetKey key);
gboolean skt_preset_key_from_id (const char *id, SktPresetKey *ret_key);

typedef enum
{
  SKT_PRESET_COLOUR_NONE,
  SKT_PRESET_COLOUR_RED,
  SKT_PRESET_COLOUR_ORANGE,
  SKT_PRESET_COLOUR_YELLOW,
  SKT_PRESET_COLOUR_GREEN,
  SKT_PRESET_COLOUR_BLUE,
  SKT_PRESET_COLOUR_PURPLE,
  SKT_N_PRESET_COLOURS,
} SktPresetColour;

/* "none", "red": for files and style classes, never translated. Static. */
const char *skt_preset_colour_get_id (SktPresetColour colour);

/* Characters of a name or a group; more is cut. */
#define SKT_PRESET_NAME_MAX 200

typedef struct
{
  const char *id;       /* NULL: a new one is made up */
  const char *name;
  const char *group;    /* "" or NULL: in none */
  SktPresetKey key;
  SktPresetColour colour;
  SktMessage *message;
} SktPresetSettings;

/* A message with a name, to be sent again and again. Immutable: what is edited is replaced by another one of the same id. */
#define SKT_TYPE_PRESET (skt_preset_get_type ())
G_DECLARE_FINAL_TYPE (SktPreset, skt_preset, SKT, PRESET, GObject)

/* Spaces around name and group go, line breaks and tabs become spaces. An empty name becomes the beginning of the message. */
SktPreset *skt_preset_new (const SktPresetSettings *settings);
/* Borrowed, all of it. */
const SktPresetSettings *skt_preset_get_settings (SktPreset *self);
const char *skt_preset_get_id (SktPreset *self);
const char *skt_preset_get_name (SktPreset *self);
const char *skt_preset_get_group (SktPreset *self);
SktMessage *skt_preset_get_message (SktPreset *self);

/* {"id": …, "name": …, "group": …, "key": "F5", "colour": "red", "message": {…}} (transfer full) */
JsonObject *skt_preset_to_json (SktPreset *self);
/* Only the message must be there. Errors: SKT_ERROR_BAD_FILE. (transfer full) */
SktPreset *skt_preset_from_json (JsonObject *tainted_object, GError **error);

G_END_DECLS
