/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-preset.h"

#include "skt-error.h"
#include "skt-message-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Of a name made from a message. */
#define EXCERPT_LENGTH 24

static const char *const key_ids[SKT_N_PRESET_KEYS + 1] = {
  "",       "F1",     "F2",     "F3",     "F4",     "F5",     "F6",     "F7",     "F8",     "F9",     "F10", "F11", "F12",
  "Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4", "Ctrl+5", "Ctrl+6", "Ctrl+7", "Ctrl+8", "Ctrl+9", NULL,
};

static const char *const colour_ids[SKT_N_PRESET_COLOURS + 1] = {
  "none", "red", "orange", "yellow", "green", "blue", "purple", NULL,
};

struct _SktPreset
{
  GObject parent_instance;
  SktPresetSettings settings; /* all of it is owned */
};

G_DEFINE_FINAL_TYPE (SktPreset, skt_preset, G_TYPE_OBJECT)

const char *
skt_preset_key_get_id (SktPresetKey key)
{
  g_return_val_if_fail (key < SKT_N_PRESET_KEYS, "");
  return key_ids[key];
}

gboolean
skt_preset_key_from_id (const char *id, SktPresetKey *ret_key)
{
  for (guint i = 0; i < SKT_N_PRESET_KEYS; i++)
    if (g_str_equal (key_ids[i], id))
      {
        *ret_key = i;
        return TRUE;
      }
  return FALSE;
}

const char *
skt_preset_colour_get_id (SktPresetColour colour)
{
  g_return_val_if_fail (colour < SKT_N_PRESET_COLOURS, colour_ids[0]);
  return colour_ids[colour];
}

/* One line, without what can't be seen. */
static char *
clean (const char *text, glong max_length)
{
  GString *clean = g_string_new (NULL);
  glong n = 0;

  for (const char *p = text != NULL ? text : ""; *p != '\0' && n < max_length; p = g_utf8_next_char (p), n++)
    {
      gunichar c = g_utf8_get_char (p);
      g_string_append_unichar (clean, g_unichar_isprint (c) ? c : ' ');
    }
  return g_strstrip (g_string_free (clean, FALSE));
}

static char *
make_name (const char *name, SktMessage *message)
{
  g_autofree char *cleaned = clean (name, SKT_PRESET_NAME_MAX);
  g_autofree char *excerpt = NULL;

  if (cleaned[0] != '\0')
    return g_steal_pointer (&cleaned);
  excerpt = clean (skt_message_get_settings (message)->source, EXCERPT_LENGTH);
  /* Translators: the name of a kept message of which nothing can be seen */
  return excerpt[0] != '\0' ? g_steal_pointer (&excerpt) : g_strdup (_ ("Unnamed"));
}

SktPreset *
skt_preset_new (const SktPresetSettings *settings)
{
  SktPreset *self;

  g_return_val_if_fail (settings != NULL && settings->message != NULL, NULL);
  g_return_val_if_fail (settings->key < SKT_N_PRESET_KEYS && settings->colour < SKT_N_PRESET_COLOURS, NULL);

  self = g_object_new (SKT_TYPE_PRESET, NULL);
  self->settings.id = settings->id != NULL ? g_strdup (settings->id) : g_uuid_string_random ();
  self->settings.name = make_name (settings->name, settings->message);
  self->settings.group = clean (settings->group, SKT_PRESET_NAME_MAX);
  self->settings.key = settings->key;
  self->settings.colour = settings->colour;
  self->settings.message = skt_message_ref (settings->message);
  return self;
}

static void
skt_preset_finalize (GObject *object)
{
  SktPreset *self = SKT_PRESET (object);

  g_free ((char *) self->settings.id);
  g_free ((char *) self->settings.name);
  g_free ((char *) self->settings.group);
  g_clear_pointer (&self->settings.message, skt_message_unref);
  G_OBJECT_CLASS (skt_preset_parent_class)->finalize (object);
}

static void
skt_preset_class_init (SktPresetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = skt_preset_finalize;
}

static void
skt_preset_init (SktPreset *self)
{
}

const SktPresetSettings *
skt_preset_get_settings (SktPreset *self)
{
  g_return_val_if_fail (SKT_IS_PRESET (self), NULL);
  return &self->settings;
}

const char *
skt_preset_get_id (SktPreset *self)
{
  g_return_val_if_fail (SKT_IS_PRESET (self), NULL);
  return self->settings.id;
}

const char *
skt_preset_get_name (SktPreset *self)
{
  g_return_val_if_fail (SKT_IS_PRESET (self), NULL);
  return self->settings.name;
}

const char *
skt_preset_get_group (SktPreset *self)
{
  g_return_val_if_fail (SKT_IS_PRESET (self), NULL);
  return self->settings.group;
}

SktMessage *
skt_preset_get_message (SktPreset *self)
{
  g_return_val_if_fail (SKT_IS_PRESET (self), NULL);
  return self->settings.message;
}

JsonObject *
skt_preset_to_json (SktPreset *self)
{
  JsonObject *object;

  g_return_val_if_fail (SKT_IS_PRESET (self), NULL);

  object = json_object_new ();
  json_object_set_string_member (object, "id", self->settings.id);
  json_object_set_string_member (object, "name", self->settings.name);
  if (self->settings.group[0] != '\0')
    json_object_set_string_member (object, "group", self->settings.group);
  if (self->settings.key != SKT_PRESET_KEY_NONE)
    json_object_set_string_member (object, "key", key_ids[self->settings.key]);
  if (self->settings.colour != SKT_PRESET_COLOUR_NONE)
    json_object_set_string_member (object, "colour", colour_ids[self->settings.colour]);
  json_object_set_object_member (object, "message", skt_message_to_json (self->settings.message));
  return object;
}

SktPreset *
skt_preset_from_json (JsonObject *tainted_object, GError **error)
{
  SktPresetSettings settings = { 0, };
  JsonObject *tainted_message = NULL;
  g_autoptr (SktMessage) message = NULL;
  guint key = SKT_PRESET_KEY_NONE, colour = SKT_PRESET_COLOUR_NONE;

  g_return_val_if_fail (tainted_object != NULL, NULL);

  if (!skt_json_read_string (tainted_object, "id", &settings.id, error) ||
      !skt_json_read_string (tainted_object, "name", &settings.name, error) ||
      !skt_json_read_string (tainted_object, "group", &settings.group, error) ||
      !skt_json_read_choice (tainted_object, "key", key_ids, &key, error) ||
      !skt_json_read_choice (tainted_object, "colour", colour_ids, &colour, error) ||
      !skt_json_read_object (tainted_object, "message", &tainted_message, error))
    return NULL;
  if (tainted_message == NULL)
    {
      g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("“message” is missing"));
      return NULL;
    }
  message = skt_message_from_json (tainted_message, error);
  if (message == NULL)
    return NULL;
  if (settings.id != NULL && (settings.id[0] == '\0' || strlen (settings.id) > SKT_PRESET_NAME_MAX))
    settings.id = NULL;
  settings.key = key;
  settings.colour = colour;
  settings.message = message;
  return skt_preset_new (&settings);
}
