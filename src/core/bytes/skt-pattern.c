/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-pattern-private.h"

#include "skt-error.h"
#include "skt-hex-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* -- Making -------------------------------------------------------------------------------------------------- */

static gboolean
set_hex (SktPattern *self, const char *text, gsize *ret_position, GError **error)
{
  g_autoptr (GByteArray) values = g_byte_array_new ();
  g_autoptr (GByteArray) masks = g_byte_array_new ();
  gboolean is_exact = TRUE;
  gboolean is_any = TRUE;

  if (!_skt_hex_parse_masked (text, strlen (text), values, masks, ret_position, error))
    return FALSE;
  if (values->len > SKT_PATTERN_MAX)
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_PATTERN, _("Too long: at most %d bytes can be searched for at once"),
                   SKT_PATTERN_MAX);
      return FALSE;
    }

  for (guint i = 0; i < masks->len; i++)
    {
      is_exact = is_exact && masks->data[i] == 0xFF;
      is_any = is_any && masks->data[i] == 0;
    }
  if (is_any)
    {
      g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_PATTERN,
                           values->len == 0 ? _("Nothing to search for") : _("Give at least one digit that is known"));
      return FALSE;
    }

  self->min_length = self->max_length = values->len;
  self->values = g_byte_array_free (g_steal_pointer (&values), FALSE);
  if (!is_exact)
    self->masks = g_byte_array_free (g_steal_pointer (&masks), FALSE);
  return TRUE;
}

/* Whether the bytes may be the same when moved on by `shift`. */
static gboolean
overlaps_at (const SktPattern *self, gsize shift)
{
  for (gsize i = 0; i + shift < self->max_length; i++)
    {
      guint8 mask = self->masks != NULL ? self->masks[i] & self->masks[i + shift] : 0xFF;

      if (((self->values[i] ^ self->values[i + shift]) & mask) != 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
overlaps_itself (const SktPattern *self)
{
  for (gsize shift = 1; shift < self->max_length; shift++)
    if (overlaps_at (self, shift))
      return TRUE;
  return FALSE;
}

static gboolean
check_text (const char *text, gsize *ret_position, GError **error)
{
  const char *end;

  if (*text == '\0')
    g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_PATTERN, _("Nothing to search for"));
  else if (!g_utf8_validate (text, -1, &end))
    {
      g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_CHARACTER,
                           _("This is not text: search for such bytes as hex"));
      if (ret_position != NULL)
        *ret_position = g_utf8_pointer_to_offset (text, end);
    }
  else if (g_utf8_strlen (text, -1) > SKT_PATTERN_MAX)
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_PATTERN,
                   _("Too long: at most %d characters can be searched for at once"), SKT_PATTERN_MAX);
      if (ret_position != NULL)
        *ret_position = SKT_PATTERN_MAX;
    }
  else
    return TRUE;
  return FALSE;
}

static gboolean
set_pattern (SktPattern *self, const char *text, gboolean match_case, gsize *ret_position, GError **error)
{
  if (self->kind != SKT_PATTERN_HEX && !check_text (text, ret_position, error))
    return FALSE;
  if (self->kind == SKT_PATTERN_REGEX)
    return _skt_pattern_set_regex (self, text, match_case, ret_position, error);
  if (self->kind == SKT_PATTERN_TEXT)
    {
      if (!_skt_pattern_set_text (self, text, match_case, ret_position, error))
        return FALSE;
    }
  else
    {
      if (!set_hex (self, text, ret_position, error))
        return FALSE;
      self->may_overlap = overlaps_itself (self);
    }
  _skt_pattern_choose_filter (self);
  return TRUE;
}

SktPattern *
skt_pattern_new (SktPatternKind kind,
                 const char *text,
                 SktEncoding encoding,
                 gboolean match_case,
                 gsize *ret_position,
                 GError **error)
{
  g_autoptr (SktPattern) self = NULL;

  g_return_val_if_fail ((guint) kind < SKT_N_PATTERN_KINDS && (guint) encoding < SKT_N_ENCODINGS, NULL);
  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (SktPattern, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->encoding = encoding;
  if (ret_position != NULL)
    *ret_position = 0;
  if (!set_pattern (self, text, match_case, ret_position, error))
    return NULL;
  return g_steal_pointer (&self);
}

SktPattern *
skt_pattern_ref (SktPattern *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
skt_pattern_unref (SktPattern *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->values);
  g_free (self->masks);
  g_clear_pointer (&self->spellings, g_array_unref);
  g_clear_pointer (&self->characters, g_array_unref);
  g_clear_pointer (&self->regex, g_regex_unref);
  g_free (self);
}

SktPatternKind
skt_pattern_get_kind (const SktPattern *self)
{
  return self->kind;
}

SktEncoding
skt_pattern_get_encoding (const SktPattern *self)
{
  return self->encoding;
}

gsize
skt_pattern_get_max_length (const SktPattern *self)
{
  return self->max_length;
}

gboolean
skt_pattern_needs_borders (const SktPattern *self)
{
  return self->needs_borders;
}

gboolean
skt_pattern_may_overlap (const SktPattern *self)
{
  return self->may_overlap;
}

/* -- At one place -------------------------------------------------------------------------------------------- */

static gboolean
matches_in_fixed_places (const SktPattern *self, const guint8 *bytes)
{
  if (self->masks == NULL)
    return memcmp (bytes, self->values, self->max_length) == 0;
  for (gsize i = 0; i < self->max_length; i++)
    if ((bytes[i] & self->masks[i]) != self->values[i])
      return FALSE;
  return TRUE;
}

static const SktSpelling *
find_spelling_before (const SktPattern *self, const SktSpelled *spelled, const guint8 *bytes, gsize end)
{
  for (guint i = 0; i < spelled->n; i++)
    {
      const SktSpelling *spelling = &g_array_index (self->spellings, SktSpelling, spelled->first + i);

      if (spelling->length <= end && memcmp (bytes + end - spelling->length, spelling->bytes, spelling->length) == 0)
        return spelling;
    }
  return NULL;
}

static const SktSpelling *
find_spelling_at (const SktPattern *self, const SktSpelled *spelled, const guint8 *bytes, gsize start, gsize length)
{
  for (guint i = 0; i < spelled->n; i++)
    {
      const SktSpelling *spelling = &g_array_index (self->spellings, SktSpelling, spelled->first + i);

      if (spelling->length <= length - start && memcmp (bytes + start, spelling->bytes, spelling->length) == 0)
        return spelling;
    }
  return NULL;
}

/* Goes back and forth from the anchor's character, which begins at `place`. Spellings that begin or end at one place
 * are never more than one: none is the beginning or the end of another (_skt_pattern_choose_filter() sees to the
 * ends). */
static gboolean
matches_spelled (const SktPattern *self,
                 const guint8 *bytes,
                 gsize length,
                 gsize place,
                 gsize *ret_begin,
                 gsize *ret_end)
{
  const SktSpelled *characters = (const SktSpelled *) (void *) self->characters->data;
  gsize begin = place, end = place;

  for (gsize i = self->anchor_character; i < self->characters->len; i++)
    {
      const SktSpelling *spelling = find_spelling_at (self, &characters[i], bytes, end, length);

      if (spelling == NULL)
        return FALSE;
      end += spelling->length;
    }
  for (gsize i = self->anchor_character; i-- > 0;)
    {
      const SktSpelling *spelling = find_spelling_before (self, &characters[i], bytes, begin);

      if (spelling == NULL)
        return FALSE;
      begin -= spelling->length;
    }
  *ret_begin = begin;
  *ret_end = end;
  return TRUE;
}

/* -- Searching ----------------------------------------------------------------------------------------------- */

static gboolean
find_fixed (const SktPattern *self, const guint8 *bytes, gsize length, gsize start, gsize *ret_begin, gsize *ret_end)
{
  gsize from, to;

  if (length < self->max_length || start > length - self->max_length)
    return FALSE;
  from = start + self->anchor;
  to = length - self->max_length + self->anchor + 1;
  for (;;)
    {
      from = _skt_filter_seek (&self->filter, bytes, from, to);
      if (from == to)
        return FALSE;
      if (matches_in_fixed_places (self, bytes + from - self->anchor))
        {
          *ret_begin = from - self->anchor;
          *ret_end = *ret_begin + self->max_length;
          return TRUE;
        }
      from++;
    }
}

static gboolean
find_spelled (const SktPattern *self, const guint8 *bytes, gsize length, gsize start, gsize *ret_begin, gsize *ret_end)
{
  gsize from = start + MAX (self->anchor_offset, 0);
  gsize to = length - self->filter.distance;

  if (length < self->min_length || start > length - self->min_length)
    return FALSE;
  for (; from < to; from++)
    {
      gsize begin, end;

      from = _skt_filter_seek (&self->filter, bytes, from, to);
      if (from == to)
        return FALSE;
      if (matches_spelled (self, bytes, length, from - self->anchor_offset, &begin, &end) && begin >= start)
        {
          *ret_begin = begin;
          *ret_end = end;
          return TRUE;
        }
    }
  return FALSE;
}

gboolean
skt_pattern_find_raw (const SktPattern *self,
                      const guint8 *bytes,
                      gsize length,
                      gsize start,
                      gsize *ret_begin,
                      gsize *ret_end)
{
  g_return_val_if_fail (self != NULL && self->regex == NULL, FALSE);
  g_return_val_if_fail (bytes != NULL || length == 0, FALSE);

  if (self->values != NULL)
    return find_fixed (self, bytes, length, start, ret_begin, ret_end);
  return find_spelled (self, bytes, length, start, ret_begin, ret_end);
}

/* `*border` is a character border at or before `start`, and on return one nearer to what was found. */
static gboolean
find_on_border (const SktPattern *self,
                const guint8 *bytes,
                gsize length,
                gsize start,
                gsize *border,
                gsize *ret_begin,
                gsize *ret_end)
{
  gsize begin, end;

  while (skt_pattern_find_raw (self, bytes, length, start, &begin, &end))
    {
      if (self->needs_borders)
        *border = skt_encoding_find_border (self->encoding, bytes, length, *border, begin);
      if (!self->needs_borders || *border == begin)
        {
          *ret_begin = begin;
          *ret_end = end;
          return TRUE;
        }
      start = begin + 1;
    }
  return FALSE;
}

static gsize
get_line_length (const SktPattern *self, const guint8 *bytes, gsize length)
{
  gsize n = skt_pattern_find_line_end (self, bytes, length);

  return n > 0 ? n : length;
}

static gboolean
find_regex (const SktPattern *self, const guint8 *bytes, gsize length, gsize start, gsize *ret_begin, gsize *ret_end)
{
  for (gsize line = 0; line < length;)
    {
      gsize n = get_line_length (self, bytes + line, length - line);

      if (line + n > start
          && _skt_pattern_find_in_line (self, bytes + line, n, start > line ? start - line : 0, ret_begin, ret_end))
        {
          *ret_begin += line;
          *ret_end += line;
          return TRUE;
        }
      line += n;
    }
  return FALSE;
}

gboolean
skt_pattern_find (const SktPattern *self,
                  const guint8 *bytes,
                  gsize length,
                  gsize start,
                  gsize *ret_begin,
                  gsize *ret_end)
{
  gsize border = 0;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (bytes != NULL || length == 0, FALSE);
  g_return_val_if_fail (ret_begin != NULL && ret_end != NULL, FALSE);

  if (self->regex != NULL)
    return find_regex (self, bytes, length, start, ret_begin, ret_end);
  return find_on_border (self, bytes, length, start, &border, ret_begin, ret_end);
}

static gsize
count_by_line (const SktPattern *self, const guint8 *bytes, gsize length)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (SktByteRange));
  gsize n_matches = 0;

  for (gsize line = 0; line < length;)
    {
      gsize n = get_line_length (self, bytes + line, length - line);

      g_array_set_size (ranges, 0);
      skt_pattern_list_in_line (self, bytes + line, n, ranges);
      n_matches += ranges->len;
      line += n;
    }
  return n_matches;
}

guint
skt_pattern_get_n_groups (const SktPattern *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->regex != NULL ? g_regex_get_capture_count (self->regex) : 0;
}

gsize
skt_pattern_count (const SktPattern *self, const guint8 *bytes, gsize length)
{
  gsize n = 0, start = 0, border = 0;
  gsize begin, end;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (bytes != NULL || length == 0, 0);

  if (self->regex != NULL)
    return count_by_line (self, bytes, length);
  while (find_on_border (self, bytes, length, start, &border, &begin, &end))
    {
      n++;
      start = end;
    }
  return n;
}
