/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-frame.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "skt-error.h"
#include "skt-hex.h"

/* -- The rule ------------------------------------------------------------------------------------------------ */

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_RULE, message);
  return FALSE;
}

gboolean
skt_frame_rule_check (const SktFrameRule *rule, GError **error)
{
  switch (rule->kind)
    {
    case SKT_FRAME_LINE:
      if (rule->line_ending != SKT_LINE_ENDING_LF && rule->line_ending != SKT_LINE_ENDING_CR &&
          rule->line_ending != SKT_LINE_ENDING_CRLF)
        return refuse (error, _ ("Choose LF, CR or CRLF as the end of a line."));
      return TRUE;
    case SKT_FRAME_FIXED:
      if (rule->length < 1 || rule->length > SKT_FRAME_MAX_LENGTH)
        return refuse (error, _ ("A frame’s length is at least 1 byte and at most 1 GiB."));
      return TRUE;
    case SKT_FRAME_DELIMITER:
      if (rule->delimiter_length < 1 || rule->delimiter_length > SKT_FRAME_MAX_DELIMITER)
        return refuse (error, _ ("A delimiter has 1 to 16 bytes, written as hex, such as 0d 0a."));
      return TRUE;
    case SKT_FRAME_LENGTH_FIELD:
      if (rule->field_width != 1 && rule->field_width != 2 && rule->field_width != 4 && rule->field_width != 8)
        return refuse (error, _ ("A length field has 1, 2, 4 or 8 bytes."));
      if (rule->field_offset > SKT_FRAME_MAX_OFFSET)
        return refuse (error, _ ("A length field begins at most 65,535 bytes after the frame’s beginning."));
      return TRUE;
    case SKT_FRAME_PAUSE:
      if (rule->pause_ms < 1 || rule->pause_ms > SKT_FRAME_MAX_PAUSE_MS)
        return refuse (error, _ ("A pause is at least 1 millisecond and at most a day."));
      return TRUE;
    case SKT_N_FRAME_KINDS:
    default:
      return refuse (error, _ ("There is no such rule for frames."));
    }
}

static gboolean
parse_number (const char *text, gint64 min, gint64 max, gint64 *ret_value)
{
  return g_ascii_string_to_signed (text, 10, min, max, ret_value, NULL);
}

static gboolean
parse_delimiter (const char *text, SktFrameRule *rule)
{
  g_autoptr (GBytes) bytes = skt_hex_parse (text, -1, NULL, NULL);
  gsize length;
  const guint8 *data;

  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &length);
  if (length > SKT_FRAME_MAX_DELIMITER)
    return FALSE;
  if (length > 0)
    memcpy (rule->delimiter, data, length);
  rule->delimiter_length = length;
  return TRUE;
}

static gboolean
parse_field (const char *word, SktFrameRule *rule)
{
  const char *value = strchr (word, '=');
  gint64 number = 0;

  if (value == NULL)
    return FALSE;
  value++;
  if (g_str_equal (word, "order=big") || g_str_equal (word, "order=little"))
    rule->field_is_little = g_str_equal (value, "little");
  else if (g_str_equal (word, "counts=rest") || g_str_equal (word, "counts=all"))
    rule->field_counts_all = g_str_equal (value, "all");
  else if (g_str_has_prefix (word, "offset=") && parse_number (value, 0, G_MAXUINT32, &number))
    rule->field_offset = number;
  else if (g_str_has_prefix (word, "width=") && parse_number (value, 0, 255, &number))
    rule->field_width = number;
  else if (g_str_has_prefix (word, "adjust=") && parse_number (value, G_MININT32, G_MAXINT32, &number))
    rule->field_adjustment = number;
  else
    return FALSE;
  return TRUE;
}

static gboolean
parse_words (char **words, SktFrameRule *rule)
{
  const char *first = words[0] != NULL && words[1] != NULL ? words[1] : "";
  gint64 number = 0;

  if (words[0] == NULL)
    return FALSE;
  if (g_str_equal (words[0], "line"))
    {
      rule->kind = SKT_FRAME_LINE;
      rule->line_ending = g_str_equal (first, "crlf") ? SKT_LINE_ENDING_CRLF
                          : g_str_equal (first, "cr") ? SKT_LINE_ENDING_CR
                          : g_str_equal (first, "lf") ? SKT_LINE_ENDING_LF
                                                      : SKT_LINE_ENDING_NONE;
      return TRUE;
    }
  if (g_str_equal (words[0], "fixed"))
    {
      rule->kind = SKT_FRAME_FIXED;
      if (!parse_number (first, 0, G_MAXUINT32, &number))
        return FALSE;
      rule->length = number;
      return TRUE;
    }
  if (g_str_equal (words[0], "delimiter"))
    {
      g_autofree char *rest = g_strjoinv (" ", words + 1);
      rule->kind = SKT_FRAME_DELIMITER;
      return parse_delimiter (rest, rule);
    }
  if (g_str_equal (words[0], "pause"))
    {
      rule->kind = SKT_FRAME_PAUSE;
      if (!parse_number (first, 0, G_MAXUINT32, &number))
        return FALSE;
      rule->pause_ms = number;
      return TRUE;
    }
  if (!g_str_equal (words[0], "length"))
    return FALSE;
  rule->kind = SKT_FRAME_LENGTH_FIELD;
  rule->field_width = 2;
  for (guint i = 1; words[i] != NULL; i++)
    if (!parse_field (words[i], rule))
      return FALSE;
  return TRUE;
}

gboolean
skt_frame_rule_parse (const char *text, SktFrameRule *ret_rule, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);
  g_auto (GStrv) words = g_strsplit (g_strstrip (lower), " ", -1);
  SktFrameRule rule = { 0 };

  if (!parse_words (words, &rule))
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_RULE,
                   /* Translators: the words that follow “such as” are typed as they are */
                   _ ("“%s” is no rule for frames. Rules are such as: line lf, fixed 16, delimiter 0d0a, length offset=2 "
                      "width=2 order=big counts=rest adjust=0, pause 20."),
                   text);
      return FALSE;
    }
  if (!skt_frame_rule_check (&rule, error))
    return FALSE;
  *ret_rule = rule;
  return TRUE;
}

char *
skt_frame_rule_to_string (const SktFrameRule *rule)
{
  g_autoptr (GString) text = g_string_new (NULL);

  switch (rule->kind)
    {
    case SKT_FRAME_LINE:
      return g_strdup_printf ("line %s", rule->line_ending == SKT_LINE_ENDING_CRLF ? "crlf"
                                         : rule->line_ending == SKT_LINE_ENDING_CR ? "cr"
                                                                                   : "lf");
    case SKT_FRAME_FIXED:
      return g_strdup_printf ("fixed %u", rule->length);
    case SKT_FRAME_DELIMITER:
      g_string_append (text, "delimiter ");
      for (guint i = 0; i < rule->delimiter_length; i++)
        g_string_append_printf (text, "%02x", rule->delimiter[i]);
      return g_string_free (g_steal_pointer (&text), FALSE);
    case SKT_FRAME_LENGTH_FIELD:
      return g_strdup_printf ("length offset=%u width=%u order=%s counts=%s adjust=%d", rule->field_offset,
                              rule->field_width, rule->field_is_little ? "little" : "big",
                              rule->field_counts_all ? "all" : "rest", rule->field_adjustment);
    case SKT_FRAME_PAUSE:
      return g_strdup_printf ("pause %u", rule->pause_ms);
    case SKT_N_FRAME_KINDS:
    default:
      g_return_val_if_reached (NULL);
    }
}

gboolean
skt_frame_rule_equal (const SktFrameRule *a, const SktFrameRule *b)
{
  g_autofree char *x = skt_frame_rule_to_string (a), *y = skt_frame_rule_to_string (b);
  return g_strcmp0 (x, y) == 0;
}

/* -- Following a stream -------------------------------------------------------------------------------------- */

static gsize
end_frame (SktFrameState *state, gsize length, gboolean *ret_complete)
{
  guint64 last_time_ns = state->last_time_ns;

  *state = (SktFrameState){ .last_time_ns = last_time_ns };
  *ret_complete = TRUE;
  return length;
}

static gsize
go_on (SktFrameState *state, gsize length)
{
  state->seen += length;
  return length;
}

static gsize
next_by_length (SktFrameState *state, guint64 frame_length, const guint8 *bytes, gsize length, gboolean *ret_complete)
{
  guint64 rest = frame_length - state->seen;

  if (rest <= length)
    return end_frame (state, rest, ret_complete);
  return go_on (state, length);
}

/* After a byte that does not go on with the delimiter: the longest beginning of it that the bytes seen last
 * are. All of these are known, as they matched: a delimiter is short, so this is done the plain way. */
static guint
fall_back (const guint8 *delimiter, guint matched, guint8 byte)
{
  for (guint n = matched; n > 0; n--)
    if (delimiter[n - 1] == byte && memcmp (delimiter, delimiter + matched - (n - 1), n - 1) == 0)
      return n;
  return 0;
}

static gsize
next_by_delimiter (SktFrameState *state,
                   const guint8 *delimiter,
                   guint delimiter_length,
                   const guint8 *bytes,
                   gsize length,
                   gboolean *ret_complete)
{
  for (gsize i = 0; i < length; i++)
    {
      if (state->matched == 0)
        {
          const guint8 *found = memchr (bytes + i, delimiter[0], length - i);
          if (found == NULL)
            break;
          i = found - bytes;
          state->matched = 1;
        }
      else if (bytes[i] == delimiter[state->matched])
        state->matched++;
      else
        state->matched = fall_back (delimiter, state->matched, bytes[i]);
      if (state->matched == delimiter_length)
        return end_frame (state, i + 1, ret_complete);
    }
  return go_on (state, length);
}

static guint64
get_frame_length (const SktFrameRule *rule, guint64 value)
{
  guint64 header = (guint64) rule->field_offset + rule->field_width;
  gint64 base = rule->field_counts_all ? 0 : header;
  gint64 length;

  /* More than this never comes. */
  if (value > G_MAXINT64 / 2)
    return G_MAXINT64;
  length = base + (gint64) value + rule->field_adjustment;
  return length < (gint64) header ? header : (guint64) length;
}

static gsize
next_by_field (const SktFrameRule *rule,
               SktFrameState *state,
               const guint8 *bytes,
               gsize length,
               gboolean *ret_complete)
{
  guint64 header = (guint64) rule->field_offset + rule->field_width;
  gsize n = 0, rest;

  for (; !state->has_length && n < length; n++)
    {
      guint64 at = state->seen + n;
      if (at >= rule->field_offset)
        {
          if (rule->field_is_little)
            state->value |= (guint64) bytes[n] << (8 * (at - rule->field_offset));
          else
            state->value = state->value << 8 | bytes[n];
        }
      if (at + 1 == header)
        {
          state->value = get_frame_length (rule, state->value);
          state->has_length = TRUE;
        }
    }
  state->seen += n;
  if (!state->has_length)
    return n;
  if (state->seen == state->value)
    return end_frame (state, n, ret_complete);
  if (n == length)
    return n;
  rest = next_by_length (state, state->value, bytes + n, length - n, ret_complete);
  return n + rest;
}

gsize
skt_frame_next (const SktFrameRule *rule,
                SktFrameState *state,
                const guint8 *bytes,
                gsize length,
                gboolean *ret_complete)
{
  *ret_complete = FALSE;
  switch (rule->kind)
    {
    case SKT_FRAME_LINE:
      if (rule->line_ending == SKT_LINE_ENDING_CRLF)
        return next_by_delimiter (state, (const guint8 *) "\r\n", 2, bytes, length, ret_complete);
      return next_by_delimiter (state, (const guint8 *) (rule->line_ending == SKT_LINE_ENDING_CR ? "\r" : "\n"), 1,
                                bytes, length, ret_complete);
    case SKT_FRAME_FIXED:
      return next_by_length (state, rule->length, bytes, length, ret_complete);
    case SKT_FRAME_DELIMITER:
      return next_by_delimiter (state, rule->delimiter, rule->delimiter_length, bytes, length, ret_complete);
    case SKT_FRAME_LENGTH_FIELD:
      return next_by_field (rule, state, bytes, length, ret_complete);
    case SKT_FRAME_PAUSE:
      return go_on (state, length);
    case SKT_N_FRAME_KINDS:
    default:
      g_return_val_if_reached (length);
    }
}

gboolean
skt_frame_pause_is_over (const SktFrameRule *rule, guint64 last_ns, guint64 now_ns)
{
  /* A clock that was set back is no pause. */
  return rule->kind == SKT_FRAME_PAUSE && now_ns > last_ns && now_ns - last_ns > (guint64) rule->pause_ms * 1000000;
}

gboolean
skt_frame_begin_piece (const SktFrameRule *rule, SktFrameState *state, guint64 time_ns)
{
  gboolean ends = FALSE;

  if (rule->kind != SKT_FRAME_PAUSE)
    return FALSE;
  if (state->seen > 0 && skt_frame_pause_is_over (rule, state->last_time_ns, time_ns))
    {
      state->seen = 0;
      ends = TRUE;
    }
  state->last_time_ns = time_ns;
  return ends;
}
