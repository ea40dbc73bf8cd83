/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-sequence.h"

#include "skt-hex.h"
#include "skt-literal.h"

#include <glib/gi18n-lib.h>

/* Steps in words. */

#define MAX_BYTES 512
#define MAX_CHARACTERS 160

static void
cut (GString *text, gsize start, gboolean has_more)
{
  const char *begin = text->str + start;

  if (g_utf8_strlen (begin, -1) > MAX_CHARACTERS)
    {
      g_string_truncate (text, g_utf8_offset_to_pointer (begin, MAX_CHARACTERS) - text->str);
      has_more = TRUE;
    }
  if (has_more)
    g_string_append (text, "…");
}

void
skt_sequence_append_bytes (GString *text, GBytes *bytes, SktEncoding encoding, gboolean is_hex)
{
  gsize length, start = text->len;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  gsize shown = MIN (length, MAX_BYTES);

  if (is_hex)
    skt_hex_append (text, data, shown);
  else
    skt_literal_append_escaped (text, encoding, data, shown);
  cut (text, start, shown < length);
}

char *
skt_sequence_format_ms (guint64 us)
{
  if (us < 1000000)
    return g_strdup_printf (us < 10000 && us % 1000 != 0 ? _ ("%.1f ms") : _ ("%.0f ms"), us / 1e3);
  return g_strdup_printf (us % 1000000 != 0 ? _ ("%.1f s") : _ ("%.0f s"), us / 1e6);
}

const char *
skt_step_kind_to_text (SktStepKind kind)
{
  switch (kind)
    {
    case SKT_STEP_SEND:
      return _ ("Send");
    case SKT_STEP_WAIT:
      return _ ("Wait for data");
    case SKT_STEP_PAUSE:
      return _ ("Pause");
    case SKT_STEP_REPEAT:
      return _ ("Repeat");
    case SKT_STEP_STOP:
      return _ ("Stop when");
    case SKT_STEP_WAIT_END:
      return _ ("Wait for the end");
    case SKT_STEP_FINISH:
      return _ ("Half-close");
    case SKT_STEP_CLOSE:
      return _ ("Disconnect");
    case SKT_N_STEP_KINDS:
    default:
      g_return_val_if_reached ("");
    }
}

/* What is typed, on one line. */
static char *
dup_source (const char *source)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (const char *p = source; *p != '\0'; p++)
    if (*p == '\n')
      g_string_append (text, "\\n");
    else if (*p == '\r')
      g_string_append (text, "\\r");
    else if (*p == '\t')
      g_string_append (text, "\\t");
    else if (g_ascii_iscntrl (*p))
      g_string_append_printf (text, "\\x%02X", (guint) *p);
    else
      g_string_append_c (text, *p);
  cut (text, 0, FALSE);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
send_to_words (const SktStepSettings *settings)
{
  static const char *const endings[SKT_N_LINE_ENDINGS] = { "", " + LF", " + CR", " + CR LF", " + NUL" };
  const SktMessageSettings *message = skt_message_get_settings (settings->message);
  g_autofree char *source = dup_source (message->source);

  switch (message->form)
    {
    case SKT_MESSAGE_HEX:
      /* Translators: a step; %s is hexadecimal digits that are sent */
      return g_strdup_printf (_ ("Send hex %s"), source);
    case SKT_MESSAGE_BASE64:
      /* Translators: a step; %s is what is sent, as Base64 */
      return g_strdup_printf (_ ("Send Base64 %s"), source);
    case SKT_MESSAGE_TEXT:
    case SKT_N_MESSAGE_FORMS:
    default:
      /* Translators: a step; the second %s is empty or the line ending, such as “ + CR LF” */
      return g_strdup_printf (_ ("Send “%s”%s"), source, endings[message->ending]);
    }
}

static char *
match_to_words (const SktStepSettings *settings)
{
  g_autofree char *text = dup_source (settings->text);
  g_autofree char *frame = NULL;

  switch (settings->match)
    {
    case SKT_MATCH_TEXT:
      /* Translators: what is waited for; %s is text */
      return g_strdup_printf (_ ("“%s”"), text);
    case SKT_MATCH_HEX:
      /* Translators: what is waited for; %s is hexadecimal digits */
      return g_strdup_printf (_ ("hex %s"), text);
    case SKT_MATCH_REGEX:
      /* Translators: what is waited for; %s is a regular expression */
      return g_strdup_printf (_ ("regex %s"), text);
    case SKT_MATCH_FRAME:
      frame = skt_frame_rule_to_string (&settings->frame);
      /* Translators: what is waited for; %s is how a frame ends, in the form of settings, such as “line lf” */
      return g_strdup_printf (_ ("a frame (%s)"), frame);
    case SKT_MATCH_ANY:
    case SKT_N_MATCH_KINDS:
    default:
      /* Translators: what is waited for */
      return g_strdup (_ ("any data"));
    }
}

static char *
add_timeout (const SktStepSettings *settings, char *words)
{
  g_autofree char *begin = words;
  g_autofree char *time = NULL;

  if (settings->timeout_ms == 0)
    return g_steal_pointer (&begin);
  time = skt_sequence_format_ms ((guint64) settings->timeout_ms * 1000);
  /* Translators: the first %s is what is waited for, the second one a time */
  return settings->goes_on ? g_strdup_printf (_ ("%s, at most %s, then go on"), begin, time)
                           : g_strdup_printf (_ ("%s, at most %s"), begin, time);
}

static char *
wait_to_words (const SktStepSettings *settings)
{
  g_autofree char *match = match_to_words (settings);

  return add_timeout (settings, g_strdup_printf (_ ("Wait for %s"), match));
}

static char *
stop_to_words (const SktStepSettings *settings)
{
  g_autofree char *match = NULL;

  if (settings->by_count)
    return g_strdup_printf (settings->is_failure
                              ? ngettext ("Fail when this was reached %u time", "Fail when this was reached %u times", settings->count)
                              : ngettext ("Stop when this was reached %u time", "Stop when this was reached %u times", settings->count),
                            settings->count);
  match = match_to_words (settings);
  return g_strdup_printf (settings->is_failure ? _ ("Fail when there is %s") : _ ("Stop when there is %s"), match);
}

char *
skt_step_to_words (const SktStep *self)
{
  const SktStepSettings *settings = skt_step_get_settings (self);
  g_autofree char *time = NULL;

  switch (settings->kind)
    {
    case SKT_STEP_SEND:
      return send_to_words (settings);
    case SKT_STEP_WAIT:
      return wait_to_words (settings);
    case SKT_STEP_PAUSE:
      time = skt_sequence_format_ms ((guint64) settings->pause_ms * 1000);
      return g_strdup_printf (_ ("Pause %s"), time);
    case SKT_STEP_REPEAT:
      if (settings->count == 0)
        return g_strdup_printf (_ ("Repeat from step %u until stopped"), settings->to);
      return g_strdup_printf (ngettext ("Repeat from step %u, %u time in all", "Repeat from step %u, %u times in all", settings->count),
                              settings->to, settings->count);
    case SKT_STEP_STOP:
      return stop_to_words (settings);
    case SKT_STEP_WAIT_END:
      return add_timeout (settings, g_strdup (_ ("Wait until the peer has finished (FIN)")));
    case SKT_STEP_FINISH:
      return g_strdup (_ ("Half-close: finish sending (FIN)"));
    case SKT_STEP_CLOSE:
      return g_strdup (_ ("Disconnect"));
    case SKT_N_STEP_KINDS:
    default:
      g_return_val_if_reached (NULL);
    }
}
