/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-sequence-json.h"

#include "skt-error.h"
#include "skt-message-json.h"

#include <glib/gi18n-lib.h>

#define FORMAT "socketeer-sequences"
#define VERSION_NUMBER 1
#define MAX_SEQUENCES 10000

static const char *const kind_ids[SKT_N_STEP_KINDS + 1] = { "send", "wait", "pause", "repeat", "stop",
                                                            "wait-end", "finish", "close", NULL };
static const char *const match_ids[SKT_N_MATCH_KINDS + 1] = { "any", "frame", "text", "hex", "regex", NULL };

/* -- Writing ---------------------------------------------------------------------------------------------------- */

static void
write_match (JsonObject *object, const SktStepSettings *settings)
{
  g_autofree char *frame = NULL;

  json_object_set_string_member (object, "match", match_ids[settings->match]);
  switch (settings->match)
    {
    case SKT_MATCH_FRAME:
      frame = skt_frame_rule_to_string (&settings->frame);
      json_object_set_string_member (object, "frame", frame);
      return;
    case SKT_MATCH_TEXT:
    case SKT_MATCH_REGEX:
      json_object_set_string_member (object, "encoding", skt_encoding_get_name (settings->encoding));
      json_object_set_boolean_member (object, "match-case", settings->match_case);
      json_object_set_string_member (object, "text", settings->text);
      return;
    case SKT_MATCH_HEX:
      json_object_set_string_member (object, "text", settings->text);
      return;
    case SKT_MATCH_ANY:
    case SKT_N_MATCH_KINDS:
    default:
      return;
    }
}

static void
write_timeout (JsonObject *object, const SktStepSettings *settings)
{
  json_object_set_int_member (object, "timeout", settings->timeout_ms);
  if (settings->goes_on)
    json_object_set_boolean_member (object, "goes-on", TRUE);
}

static void
write_stop (JsonObject *object, const SktStepSettings *settings)
{
  if (settings->by_count)
    json_object_set_int_member (object, "count", settings->count);
  else
    write_match (object, settings);
  if (settings->is_failure)
    json_object_set_boolean_member (object, "failure", TRUE);
}

static JsonObject *
step_to_json (const SktStep *step)
{
  const SktStepSettings *settings = skt_step_get_settings (step);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "kind", kind_ids[settings->kind]);
  switch (settings->kind)
    {
    case SKT_STEP_SEND:
      json_object_set_object_member (object, "message", skt_message_to_json (settings->message));
      break;
    case SKT_STEP_WAIT:
      write_match (object, settings);
      write_timeout (object, settings);
      break;
    case SKT_STEP_WAIT_END:
      write_timeout (object, settings);
      break;
    case SKT_STEP_PAUSE:
      json_object_set_int_member (object, "ms", settings->pause_ms);
      break;
    case SKT_STEP_REPEAT:
      json_object_set_int_member (object, "to", settings->to);
      json_object_set_int_member (object, "count", settings->count);
      break;
    case SKT_STEP_STOP:
      write_stop (object, settings);
      break;
    case SKT_STEP_FINISH:
    case SKT_STEP_CLOSE:
    case SKT_N_STEP_KINDS:
    default:
      break;
    }
  return object;
}

JsonObject *
skt_sequence_to_json (const SktSequence *self)
{
  JsonObject *object = json_object_new ();
  JsonArray *steps = json_array_new ();

  for (guint i = 0; i < skt_sequence_get_n_steps (self); i++)
    json_array_add_object_element (steps, step_to_json (skt_sequence_get_step (self, i)));
  json_object_set_string_member (object, "name", skt_sequence_get_name (self));
  json_object_set_array_member (object, "steps", steps);
  return object;
}

JsonObject *
skt_sequences_to_json (GPtrArray *sequences)
{
  JsonObject *object = skt_json_object_new (FORMAT, VERSION_NUMBER);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < sequences->len; i++)
    json_array_add_object_element (array, skt_sequence_to_json (sequences->pdata[i]));
  json_object_set_array_member (object, "sequences", array);
  return object;
}

/* -- Reading ---------------------------------------------------------------------------------------------------- */

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, message);
  return FALSE;
}

static gboolean
read_uint (JsonObject *tainted_object, const char *name, guint max, guint *value, GError **error)
{
  gint64 number = *value;

  if (!skt_json_read_int (tainted_object, name, 0, max, &number, error))
    return FALSE;
  *value = (guint) number;
  return TRUE;
}

static gboolean
read_frame (JsonObject *tainted_object, SktStepSettings *settings, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  const char *frame = NULL;

  if (!skt_json_read_string (tainted_object, "frame", &frame, error))
    return FALSE;
  if (frame == NULL || skt_frame_rule_parse (frame, &settings->frame, &local_error))
    return TRUE;
  g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("“frame” can't be used: %s"), local_error->message);
  return FALSE;
}

static gboolean
read_match (JsonObject *tainted_object, SktStepSettings *settings, GError **error)
{
  const char *encoding = NULL;
  guint match = SKT_MATCH_ANY;

  settings->match_case = TRUE;
  if (!skt_json_read_choice (tainted_object, "match", match_ids, &match, error) ||
      !skt_json_read_string (tainted_object, "text", &settings->text, error) ||
      !skt_json_read_string (tainted_object, "encoding", &encoding, error) ||
      !skt_json_read_boolean (tainted_object, "match-case", &settings->match_case, error))
    return FALSE;
  if (encoding != NULL && !skt_encoding_from_name (encoding, &settings->encoding))
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("“encoding” is “%s”, which is not known"), encoding);
      return FALSE;
    }
  settings->match = match;
  return read_frame (tainted_object, settings, error);
}

static gboolean
read_message (JsonObject *tainted_object, SktMessage **message, GError **error)
{
  JsonObject *tainted_message = NULL;

  if (!skt_json_read_object (tainted_object, "message", &tainted_message, error))
    return FALSE;
  if (tainted_message == NULL)
    return refuse (error, _ ("“message” is missing"));
  *message = skt_message_from_json (tainted_message, error);
  return *message != NULL;
}

static SktStep *
step_from_json (JsonObject *tainted_object, GError **error)
{
  g_autoptr (SktMessage) message = NULL;
  g_autoptr (GError) local_error = NULL;
  SktStepSettings settings = { .frame = { .kind = SKT_FRAME_LINE, .line_ending = SKT_LINE_ENDING_LF } };
  guint kind = SKT_N_STEP_KINDS;
  SktStep *self;

  if (!skt_json_read_choice (tainted_object, "kind", kind_ids, &kind, error))
    return NULL;
  if (kind == SKT_N_STEP_KINDS)
    {
      refuse (error, _ ("“kind” is missing"));
      return NULL;
    }
  settings.kind = kind;
  settings.by_count = settings.kind == SKT_STEP_STOP && json_object_has_member (tainted_object, "count");
  if ((settings.kind == SKT_STEP_SEND && !read_message (tainted_object, &message, error)) ||
      ((settings.kind == SKT_STEP_WAIT || settings.kind == SKT_STEP_STOP) && !read_match (tainted_object, &settings, error)) ||
      !read_uint (tainted_object, "timeout", SKT_STEP_MAX_MS, &settings.timeout_ms, error) ||
      !read_uint (tainted_object, "ms", SKT_STEP_MAX_MS, &settings.pause_ms, error) ||
      !read_uint (tainted_object, "to", SKT_SEQUENCE_MAX_STEPS, &settings.to, error) ||
      !read_uint (tainted_object, "count", SKT_STEP_MAX_COUNT, &settings.count, error) ||
      !skt_json_read_boolean (tainted_object, "goes-on", &settings.goes_on, error) ||
      !skt_json_read_boolean (tainted_object, "failure", &settings.is_failure, error))
    return NULL;
  settings.message = message;
  self = skt_step_new (&settings, NULL, &local_error);
  if (self == NULL)
    refuse (error, local_error->message);
  return self;
}

/* The element of an array if it is an object. */
static JsonObject *
get_object_element (JsonArray *tainted_array, guint index)
{
  JsonNode *node = json_array_get_element (tainted_array, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static SktStep *
read_step (JsonArray *tainted_steps, guint index, GError **error)
{
  JsonObject *tainted_step = get_object_element (tainted_steps, index);
  SktStep *step = NULL;

  if (tainted_step != NULL)
    step = step_from_json (tainted_step, error);
  else
    refuse (error, _ ("it is no object"));
  if (step == NULL)
    /* Translators: what is wrong with it follows */
    g_prefix_error (error, _ ("step %u: "), index + 1);
  return step;
}

SktSequence *
skt_sequence_from_json (JsonObject *tainted_object, GError **error)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_step_unref);
  JsonArray *tainted_steps = NULL;
  const char *name = "";
  guint n_steps;

  g_return_val_if_fail (tainted_object != NULL, NULL);

  if (!skt_json_read_string (tainted_object, "name", &name, error) ||
      !skt_json_read_array (tainted_object, "steps", &tainted_steps, error))
    return NULL;
  n_steps = tainted_steps != NULL ? json_array_get_length (tainted_steps) : 0;
  if (n_steps > SKT_SEQUENCE_MAX_STEPS)
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("there are %u steps, more than %d"), n_steps, SKT_SEQUENCE_MAX_STEPS);
      return NULL;
    }
  for (guint i = 0; i < n_steps; i++)
    {
      SktStep *step = read_step (tainted_steps, i, error);

      if (step == NULL)
        return NULL;
      g_ptr_array_add (steps, step);
    }
  return skt_sequence_new (name, steps);
}

static SktSequence *
read_sequence (JsonArray *tainted_array, guint index, GError **error)
{
  JsonObject *tainted_sequence = get_object_element (tainted_array, index);
  SktSequence *sequence = NULL;

  if (tainted_sequence != NULL)
    sequence = skt_sequence_from_json (tainted_sequence, error);
  else
    refuse (error, _ ("it is no object"));
  if (sequence == NULL)
    /* Translators: what is wrong with it follows */
    g_prefix_error (error, _ ("sequence %u: "), index + 1);
  return sequence;
}

GPtrArray *
skt_sequences_from_json (JsonObject *tainted_object, GError **error)
{
  g_autoptr (GPtrArray) sequences = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_sequence_unref);
  JsonArray *tainted_array = NULL;
  guint n;

  if (!skt_json_check_format (tainted_object, FORMAT, VERSION_NUMBER, _ ("It is no file of sequences"), error) ||
      !skt_json_read_array (tainted_object, "sequences", &tainted_array, error))
    return NULL;
  n = tainted_array != NULL ? json_array_get_length (tainted_array) : 0;
  if (n > MAX_SEQUENCES)
    {
      refuse (error, _ ("there are too many sequences"));
      return NULL;
    }
  for (guint i = 0; i < n; i++)
    {
      SktSequence *sequence = read_sequence (tainted_array, i, error);

      if (sequence == NULL)
        return NULL;
      g_ptr_array_add (sequences, sequence);
    }
  return g_steal_pointer (&sequences);
}
