/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-pattern-private.h"

#include "skt-charmap-private.h"
#include "skt-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define REPLACEMENT 0xFFFD

/* GRegex's message is "… ‘PATTERN’ at char 5: missing terminating ]", in the user's language. The place and the reason
 * are taken out of it; FALSE if it does not look so. */
static gboolean
split_message (const char *message, const char *text, gsize *ret_position, const char **ret_reason)
{
  const char *p = strstr (message, text);
  char *end;

  if (p == NULL)
    return FALSE;
  p += strlen (text);
  while (*p != '\0' && !g_ascii_isdigit (*p))
    p++;
  *ret_position = g_ascii_strtoull (p, &end, 10);
  p = strstr (p, ": ");
  if (end == NULL || p == NULL || p[2] == '\0')
    return FALSE;
  *ret_reason = p + 2;
  return TRUE;
}

/* The first \C, which matches one byte: in the middle of a character nothing that the library does is defined any more. */
static const char *
find_byte_escape (const char *text)
{
  for (const char *p = strchr (text, '\\'); p != NULL && p[1] != '\0'; p = strchr (p, '\\'))
    {
      if (p[1] == 'C')
        return p;
      p += 2;
      /* up to \E nothing is an escape */
      if (p[-1] == 'Q' && (p = strstr (p, "\\E")) == NULL)
        return NULL;
    }
  return NULL;
}

gboolean
_skt_pattern_set_regex (SktPattern *self, const char *text, gboolean match_case, gsize *ret_position, GError **error)
{
  GRegexCompileFlags flags = G_REGEX_OPTIMIZE | G_REGEX_MULTILINE | G_REGEX_NEWLINE_ANYCRLF;
  g_autoptr (GError) local_error = NULL;
  const char *reason = NULL;
  const char *byte_escape = find_byte_escape (text);
  gsize position = 0;

  if (byte_escape != NULL)
    {
      g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_PATTERN,
                           _("\\C would match half a character: write . for any character, or search for bytes as hex"));
      if (ret_position != NULL)
        *ret_position = g_utf8_pointer_to_offset (text, byte_escape);
      return FALSE;
    }
  self->regex = g_regex_new (text, flags | (match_case ? 0 : G_REGEX_CASELESS), 0, &local_error);
  if (self->regex != NULL)
    {
      self->may_overlap = TRUE;
      return TRUE;
    }

  if (split_message (local_error->message, text, &position, &reason))
    g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_PATTERN,
                 /* Translators: %s is the reason in the words of the library, such as “missing terminating ]” */
                 _("The regular expression has a mistake at position %zu: %s"), position, reason);
  else
    g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_PATTERN, local_error->message);
  if (ret_position != NULL)
    *ret_position = MAX (position, 1) - 1;
  return FALSE;
}

/* -- Lines --------------------------------------------------------------------------------------------------- */

static gboolean
is_ascii (const guint8 *bytes, gsize length)
{
  guint64 eight;
  gsize n = 0;

  for (; n + sizeof eight <= length; n += sizeof eight)
    {
      memcpy (&eight, bytes + n, sizeof eight);
      if ((eight & G_GUINT64_CONSTANT (0x8080808080808080)) != 0)
        return FALSE;
    }
  for (; n < length; n++)
    if (bytes[n] >= 0x80)
      return FALSE;
  return TRUE;
}

/* Whether the line is its own text, byte for byte. */
static gboolean
is_same_as_text (SktEncoding encoding, const guint8 *line, gsize length)
{
  if (!_skt_charmap_has_ascii (encoding))
    return FALSE;
  return is_ascii (line, length)
         || (encoding == SKT_ENCODING_UTF_8 && g_utf8_validate_len ((const char *) line, length, NULL));
}

/* The next unit of the line as text. What is no character is one that means so. */
static gsize
next_as_text (SktEncoding encoding, const guint8 *bytes, gsize length, gunichar *ret_character)
{
  SktUnitKind kind;
  gsize n = skt_encoding_next_unit (encoding, bytes, length, &kind);
  gunichar c = kind == SKT_UNIT_CHARACTER ? _skt_charmap_get (encoding, bytes, n) : SKT_NO_CHARACTER;

  *ret_character = c == SKT_NO_CHARACTER ? REPLACEMENT : c;
  return n;
}

/* Where text and bytes are while both are walked side by side. */
typedef struct
{
  gsize in_bytes;
  gsize in_text;
} Place;

static void
walk_to_bytes (SktEncoding encoding, const guint8 *line, gsize length, gsize target, Place *place)
{
  while (place->in_bytes < target)
    {
      gunichar c;

      place->in_bytes += next_as_text (encoding, line + place->in_bytes, length - place->in_bytes, &c);
      place->in_text += g_unichar_to_utf8 (c, NULL);
    }
}

static void
walk_to_text (SktEncoding encoding, const guint8 *line, gsize length, gsize target, Place *place)
{
  while (place->in_text < target && place->in_bytes < length)
    {
      gunichar c;

      place->in_bytes += next_as_text (encoding, line + place->in_bytes, length - place->in_bytes, &c);
      place->in_text += g_unichar_to_utf8 (c, NULL);
    }
}

static GString *
decode_line (SktEncoding encoding, const guint8 *line, gsize length)
{
  GString *text = g_string_sized_new (length + length / 2);

  for (gsize n = 0; n < length;)
    {
      gunichar c;

      n += next_as_text (encoding, line + n, length - n, &c);
      g_string_append_unichar (text, c);
    }
  return text;
}

/* Matches that are not empty, from `start` of the text on. An expression that takes too long on this line (it may try
 * each way through it) has no match in it. */
static gboolean
begin_match (const GRegex *regex, const char *text, gsize length, gsize start, GMatchInfo **ret_match)
{
  return g_regex_match_full (regex, text, length, start, G_REGEX_MATCH_NOTEMPTY, ret_match, NULL);
}

gboolean
_skt_pattern_find_in_line (const SktPattern *self,
                           const guint8 *line,
                           gsize length,
                           gsize start,
                           gsize *ret_begin,
                           gsize *ret_end)
{
  gboolean is_same = is_same_as_text (self->encoding, line, length);
  g_autoptr (GString) text = is_same ? NULL : decode_line (self->encoding, line, length);
  g_autoptr (GMatchInfo) match = NULL;
  Place place = { 0 };
  int begin, end;

  if (is_same)
    place = (Place) { start, start };
  else
    walk_to_bytes (self->encoding, line, length, start, &place);
  if (!begin_match (self->regex, is_same ? (const char *) line : text->str, is_same ? length : text->len,
                    place.in_text, &match)
      || !g_match_info_fetch_pos (match, 0, &begin, &end))
    return FALSE;

  *ret_begin = begin;
  *ret_end = end;
  if (!is_same)
    {
      walk_to_text (self->encoding, line, length, begin, &place);
      *ret_begin = place.in_bytes;
      walk_to_text (self->encoding, line, length, end, &place);
      *ret_end = place.in_bytes;
    }
  return TRUE;
}

/* Groups are in no order, and few: each is walked to from the line's start. */
static SktByteRange
get_range (SktEncoding encoding, const guint8 *line, gsize length, gboolean is_same, int begin, int end)
{
  Place place = { 0 };
  SktByteRange range = { MAX (begin, 0), MAX (end, 0) };

  if (is_same)
    return range;
  walk_to_text (encoding, line, length, range.begin, &place);
  range.begin = place.in_bytes;
  walk_to_text (encoding, line, length, range.end, &place);
  range.end = place.in_bytes;
  return range;
}

gboolean
skt_pattern_find_groups_in_line (const SktPattern *self,
                                 const guint8 *line,
                                 gsize length,
                                 gsize start,
                                 GArray *ranges)
{
  g_autoptr (GString) text = NULL;
  g_autoptr (GMatchInfo) match = NULL;
  Place place = { 0 };
  gboolean is_same;

  g_return_val_if_fail (self != NULL && self->regex != NULL, FALSE);
  g_return_val_if_fail (line != NULL && length <= G_MAXINT / 8 && start <= length, FALSE);

  is_same = is_same_as_text (self->encoding, line, length);
  if (is_same)
    place = (Place) { start, start };
  else
    {
      text = decode_line (self->encoding, line, length);
      walk_to_bytes (self->encoding, line, length, start, &place);
    }
  g_array_set_size (ranges, 0);
  if (!begin_match (self->regex, is_same ? (const char *) line : text->str, is_same ? length : text->len,
                    place.in_text, &match))
    return FALSE;
  for (int i = 0; i <= g_regex_get_capture_count (self->regex); i++)
    {
      int begin = -1, end = -1;
      SktByteRange range;

      if (!g_match_info_fetch_pos (match, i, &begin, &end))
        begin = end = -1;
      range = get_range (self->encoding, line, length, is_same, begin, end);
      g_array_append_val (ranges, range);
    }
  return TRUE;
}

void
skt_pattern_list_in_line (const SktPattern *self, const guint8 *line, gsize length, GArray *ranges)
{
  g_autoptr (GString) text = NULL;
  g_autoptr (GMatchInfo) match = NULL;
  Place place = { 0 };
  gboolean is_same;
  gboolean is_going_on;

  g_return_if_fail (self != NULL && self->regex != NULL);
  g_return_if_fail (line != NULL && length <= G_MAXINT / 8);

  is_same = is_same_as_text (self->encoding, line, length);
  if (!is_same)
    text = decode_line (self->encoding, line, length);
  is_going_on = begin_match (self->regex, is_same ? (const char *) line : text->str, is_same ? length : text->len, 0,
                             &match);
  while (is_going_on)
    {
      SktByteRange range;
      int begin, end;

      if (!g_match_info_fetch_pos (match, 0, &begin, &end))
        break;
      range = (SktByteRange) { begin, end };
      if (!is_same)
        {
          walk_to_text (self->encoding, line, length, begin, &place);
          range.begin = place.in_bytes;
          walk_to_text (self->encoding, line, length, end, &place);
          range.end = place.in_bytes;
        }
      g_array_append_val (ranges, range);
      is_going_on = g_match_info_next (match, NULL);
    }
}

gsize
skt_pattern_find_line_end (const SktPattern *self, const guint8 *bytes, gsize length)
{
  gboolean is_little = self->encoding == SKT_ENCODING_UTF_16LE;
  const guint8 *found;

  if (_skt_charmap_has_ascii (self->encoding))
    {
      found = length > 0 ? memchr (bytes, '\n', length) : NULL;
      return found != NULL ? found - bytes + 1 : 0;
    }
  for (gsize i = 0; i + 2 <= length; i += 2)
    if (bytes[i + (is_little ? 0 : 1)] == '\n' && bytes[i + (is_little ? 1 : 0)] == 0)
      return i + 2;
  return 0;
}
