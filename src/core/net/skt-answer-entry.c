/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-answer-entry.h"

#include "skt-error.h"
#include "skt-message-json.h"

#include <glib/gi18n-lib.h>

/* In files: never translated, never changed. */
static const char *const when_ids[SKT_N_ANSWER_WHENS + 1] = { "any", "frame", "text", "hex", "regex", "connected", NULL };
static const char *const sends_ids[SKT_N_ANSWER_SENDS + 1] = { "message", "match", "nothing", NULL };

struct _SktAnswerEntry
{
  GObject parent_instance;

  SktAnswerEntrySettings settings;
  char *text;
  SktMessage *message;
  SktMatchRule *match;  /* NULL: CONNECTED */
};

G_DEFINE_FINAL_TYPE (SktAnswerEntry, skt_answer_entry, G_TYPE_OBJECT)

/* A place in the message that no match would ever fill. */
static gboolean
check_groups (const SktAnswerEntrySettings *settings, const SktMatchRule *match, GError **error)
{
  guint last = settings->sends == SKT_ANSWER_SENDS_MESSAGE ? skt_message_get_last_group (settings->message) : 0;
  guint n = match != NULL ? skt_match_rule_get_n_groups (match) : 0;

  if (last <= n)
    return TRUE;
  if (settings->when == SKT_ANSWER_WHEN_REGEX)
    g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_RULE,
                 ngettext ("${%1$u} is empty for ever: the regular expression has %2$u group.",
                           "${%1$u} is empty for ever: the regular expression has %2$u groups.", n),
                 last, n);
  else
    g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_RULE,
                 _("${%u} is empty for ever: only a regular expression has groups. ${0} is all that has matched."), last);
  return FALSE;
}

static gboolean
check (const SktAnswerEntrySettings *settings, GError **error)
{
  if (settings->when == SKT_ANSWER_WHEN_CONNECTED && settings->sends == SKT_ANSWER_SENDS_MATCH)
    g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_RULE,
                         _("When a connection is opened nothing has matched yet: write what is to be sent."));
  else if (settings->sends == SKT_ANSWER_SENDS_MESSAGE && settings->message == NULL)
    g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_RULE, _("Write what is to be sent."));
  else if (settings->sends == SKT_ANSWER_SENDS_NOTHING && !settings->closes)
    g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_RULE, _("A rule that sends nothing must close the connection."));
  else
    return TRUE;
  return FALSE;
}

SktAnswerEntry *
skt_answer_entry_new (const SktAnswerEntrySettings *settings, gsize *ret_position, GError **error)
{
  static const SktMatchKind kinds[] = { SKT_MATCH_ANY, SKT_MATCH_FRAME, SKT_MATCH_TEXT, SKT_MATCH_HEX, SKT_MATCH_REGEX };
  g_autoptr (SktMatchRule) match = NULL;
  SktAnswerEntry *self;

  g_return_val_if_fail (settings != NULL && settings->when < SKT_N_ANSWER_WHENS, NULL);

  if (ret_position != NULL)
    *ret_position = 0;
  if (settings->when != SKT_ANSWER_WHEN_CONNECTED)
    {
      match = skt_match_rule_new (kinds[settings->when], settings->text != NULL ? settings->text : "",
                                  settings->encoding, settings->match_case, &settings->frame, ret_position, error);
      if (match == NULL)
        return NULL;
    }
  if (!check (settings, error) || !check_groups (settings, match, error))
    return NULL;
  self = g_object_new (SKT_TYPE_ANSWER_ENTRY, NULL);
  self->settings = *settings;
  self->settings.text = self->text = g_strdup (settings->text != NULL ? settings->text : "");
  self->message = settings->message != NULL ? skt_message_ref (settings->message) : NULL;
  self->match = g_steal_pointer (&match);
  return self;
}

const SktAnswerEntrySettings *
skt_answer_entry_get_settings (SktAnswerEntry *self)
{
  g_return_val_if_fail (SKT_IS_ANSWER_ENTRY (self), NULL);

  return &self->settings;
}

SktAnswerEntry *
skt_answer_entry_copy (SktAnswerEntry *self, gboolean is_on)
{
  SktAnswerEntrySettings settings;

  g_return_val_if_fail (SKT_IS_ANSWER_ENTRY (self), NULL);

  settings = self->settings;
  settings.is_on = is_on;
  return skt_answer_entry_new (&settings, NULL, NULL);
}

SktAnswerRule *
skt_answer_entry_new_rule (SktAnswerEntry *self)
{
  g_return_val_if_fail (SKT_IS_ANSWER_ENTRY (self), NULL);

  return skt_answer_rule_new (&(SktAnswerSettings){
    .match = self->match,
    .message = self->settings.sends == SKT_ANSWER_SENDS_MESSAGE ? self->message : NULL,
    .is_echo = self->settings.sends == SKT_ANSWER_SENDS_MATCH,
    .delay_ms = self->settings.delay_ms,
    .is_once = self->settings.is_once,
    .max_per_second = self->settings.max_per_second,
    .closes = self->settings.closes,
  });
}

/* -- JSON ---------------------------------------------------------------------------------------------------- */

JsonObject *
skt_answer_entry_to_json (SktAnswerEntry *self)
{
  const SktAnswerEntrySettings *settings;
  JsonObject *object = json_object_new ();

  g_return_val_if_fail (SKT_IS_ANSWER_ENTRY (self), object);

  settings = &self->settings;
  json_object_set_boolean_member (object, "on", settings->is_on);
  json_object_set_string_member (object, "when", when_ids[settings->when]);
  if (settings->text[0] != '\0')
    json_object_set_string_member (object, "text", settings->text);
  json_object_set_string_member (object, "encoding", skt_encoding_get_name (settings->encoding));
  json_object_set_boolean_member (object, "match-case", settings->match_case);
  if (skt_frame_rule_check (&settings->frame, NULL))
    {
      g_autofree char *frame = skt_frame_rule_to_string (&settings->frame);

      json_object_set_string_member (object, "frame", frame);
    }
  json_object_set_string_member (object, "sends", sends_ids[settings->sends]);
  if (settings->message != NULL)
    json_object_set_object_member (object, "message", skt_message_to_json (settings->message));
  json_object_set_int_member (object, "delay-ms", settings->delay_ms);
  json_object_set_boolean_member (object, "once", settings->is_once);
  json_object_set_int_member (object, "limit", settings->max_per_second);
  json_object_set_boolean_member (object, "closes", settings->closes);
  return object;
}

static gboolean
read_match (JsonObject *tainted_object, SktAnswerEntrySettings *settings, GError **error)
{
  const char *encoding = NULL, *frame = NULL;

  if (!skt_json_read_string (tainted_object, "text", &settings->text, error)
      || !skt_json_read_string (tainted_object, "encoding", &encoding, error)
      || !skt_json_read_boolean (tainted_object, "match-case", &settings->match_case, error)
      || !skt_json_read_string (tainted_object, "frame", &frame, error))
    return FALSE;
  if (encoding != NULL && !skt_encoding_from_name (encoding, &settings->encoding))
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _("“encoding” is “%s”, which is not known"), encoding);
      return FALSE;
    }
  return frame == NULL || skt_frame_rule_parse (frame, &settings->frame, error);
}

static gboolean
read_answer (JsonObject *tainted_object, SktAnswerEntrySettings *settings, GError **error)
{
  JsonObject *tainted_message = NULL;
  gint64 delay = 0, limit = SKT_ANSWER_DEFAULT_LIMIT;

  if (!skt_json_read_int (tainted_object, "delay-ms", 0, SKT_ANSWER_MAX_DELAY_MS, &delay, error)
      || !skt_json_read_boolean (tainted_object, "once", &settings->is_once, error)
      || !skt_json_read_int (tainted_object, "limit", 0, G_MAXINT, &limit, error)
      || !skt_json_read_boolean (tainted_object, "closes", &settings->closes, error)
      || !skt_json_read_object (tainted_object, "message", &tainted_message, error))
    return FALSE;
  settings->delay_ms = delay;
  settings->max_per_second = limit;
  if (tainted_message != NULL)
    settings->message = skt_message_from_json (tainted_message, error);
  return tainted_message == NULL || settings->message != NULL;
}

SktAnswerEntry *
skt_answer_entry_from_json (JsonObject *tainted_object, GError **error)
{
  SktAnswerEntrySettings settings = { .match_case = TRUE };
  guint when = SKT_ANSWER_WHEN_ANY, sends = SKT_ANSWER_SENDS_MESSAGE;
  SktAnswerEntry *self = NULL;

  g_return_val_if_fail (tainted_object != NULL, NULL);

  if (!skt_json_read_boolean (tainted_object, "on", &settings.is_on, error)
      || !skt_json_read_choice (tainted_object, "when", when_ids, &when, error)
      || !skt_json_read_choice (tainted_object, "sends", sends_ids, &sends, error)
      || !read_match (tainted_object, &settings, error))
    return NULL;
  settings.when = when;
  settings.sends = sends;
  if (read_answer (tainted_object, &settings, error))
    self = skt_answer_entry_new (&settings, NULL, error);
  g_clear_pointer (&settings.message, skt_message_unref);
  return self;
}

/* -- GObject ------------------------------------------------------------------------------------------------- */

static void
skt_answer_entry_finalize (GObject *object)
{
  SktAnswerEntry *self = SKT_ANSWER_ENTRY (object);

  g_free (self->text);
  g_clear_pointer (&self->message, skt_message_unref);
  g_clear_pointer (&self->match, skt_match_rule_unref);
  G_OBJECT_CLASS (skt_answer_entry_parent_class)->finalize (object);
}

static void
skt_answer_entry_class_init (SktAnswerEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = skt_answer_entry_finalize;
}

static void
skt_answer_entry_init (SktAnswerEntry *self)
{
}
