/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-stream-match.h"

/* How much more than the longest match is looked at where what is held meets new bytes: what may belong to a character before it. */
#define BORDER_ROOM 8

struct _SktMatchRule
{
  gatomicrefcount ref_count;
  SktMatchKind kind;
  SktPattern *pattern;  /* TEXT, HEX, REGEX */
  SktFrameRule frame;
};

struct _SktStreamMatcher
{
  SktMatchRule *rule;
  guint64 offset;       /* of what is in the buffer, or comes next */
  GByteArray *buffer;   /* what may still become a match; begins at a character border (TEXT), a line (REGEX), a frame */
  gsize start;          /* REGEX: where in the line that is begun the next match may begin */
  SktFrameState frame;
  guint64 frame_length; /* of the frame that is begun, so far */
  gboolean has_rest;    /* the last call has found a match */
  GArray *ranges;       /* SktByteRange: scratch */
  GBytes *bytes;        /* of the last match */
  GPtrArray *groups;
};

/* -- Rules --------------------------------------------------------------------------------------------------- */

static SktPatternKind
get_pattern_kind (SktMatchKind kind)
{
  return kind == SKT_MATCH_TEXT ? SKT_PATTERN_TEXT : kind == SKT_MATCH_HEX ? SKT_PATTERN_HEX : SKT_PATTERN_REGEX;
}

SktMatchRule *
skt_match_rule_new (SktMatchKind kind,
                    const char *text,
                    SktEncoding encoding,
                    gboolean match_case,
                    const SktFrameRule *frame,
                    gsize *ret_position,
                    GError **error)
{
  SktPattern *pattern = NULL;
  SktMatchRule *self;

  g_return_val_if_fail (kind < SKT_N_MATCH_KINDS, NULL);
  g_return_val_if_fail (kind != SKT_MATCH_FRAME || frame != NULL, NULL);
  g_return_val_if_fail (kind < SKT_MATCH_TEXT || text != NULL, NULL);

  if (ret_position != NULL)
    *ret_position = 0;
  if (kind == SKT_MATCH_FRAME && !skt_frame_rule_check (frame, error))
    return NULL;
  if (kind >= SKT_MATCH_TEXT)
    {
      pattern = skt_pattern_new (get_pattern_kind (kind), text, encoding, match_case, ret_position, error);
      if (pattern == NULL)
        return NULL;
    }
  self = g_new0 (SktMatchRule, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->pattern = pattern;
  if (kind == SKT_MATCH_FRAME)
    self->frame = *frame;
  return self;
}

SktMatchRule *
skt_match_rule_ref (SktMatchRule *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
skt_match_rule_unref (SktMatchRule *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->pattern, skt_pattern_unref);
  g_free (self);
}

SktMatchKind
skt_match_rule_get_kind (const SktMatchRule *self)
{
  g_return_val_if_fail (self != NULL, SKT_MATCH_ANY);

  return self->kind;
}

guint
skt_match_rule_get_n_groups (const SktMatchRule *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->kind == SKT_MATCH_REGEX ? skt_pattern_get_n_groups (self->pattern) : 0;
}

/* -- Matchers ------------------------------------------------------------------------------------------------ */

SktStreamMatcher *
skt_stream_matcher_new (SktMatchRule *rule)
{
  SktStreamMatcher *self;

  g_return_val_if_fail (rule != NULL, NULL);

  self = g_new0 (SktStreamMatcher, 1);
  self->rule = skt_match_rule_ref (rule);
  self->buffer = g_byte_array_new ();
  if (rule->kind == SKT_MATCH_REGEX)
    self->ranges = g_array_new (FALSE, FALSE, sizeof (SktByteRange));
  return self;
}

static void
clear_match (SktStreamMatcher *self)
{
  self->has_rest = FALSE;
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
}

void
skt_stream_matcher_free (SktStreamMatcher *self)
{
  g_return_if_fail (self != NULL);

  clear_match (self);
  g_byte_array_unref (self->buffer);
  g_clear_pointer (&self->ranges, g_array_unref);
  skt_match_rule_unref (self->rule);
  g_free (self);
}

void
skt_stream_matcher_reset (SktStreamMatcher *self)
{
  g_return_if_fail (self != NULL);

  clear_match (self);
  g_byte_array_set_size (self->buffer, 0);
  self->offset = 0;
  self->start = 0;
  self->frame = (SktFrameState) { 0 };
  self->frame_length = 0;
}

/* The match is [begin, end) of `bytes`, which are at `offset` in the stream; as many of them as are there. */
static void
give_match (SktStreamMatcher *self, const guint8 *bytes, gsize begin, gsize end, SktMatch *match)
{
  self->has_rest = TRUE;
  if (match == NULL)
    return;
  self->bytes = g_bytes_new (bytes + begin, end - begin);
  *match = (SktMatch) { self->offset + begin, self->offset + end, self->bytes, NULL };
}

static void
drop_from_buffer (SktStreamMatcher *self, gsize n)
{
  if (n == self->buffer->len)
    g_byte_array_set_size (self->buffer, 0);
  else if (n > 0)
    g_byte_array_remove_range (self->buffer, 0, n);
  self->offset += n;
}

/* -- Text and hex -------------------------------------------------------------------------------------------- */

/* Before what is returned no match begins that more bytes could finish. */
static gsize
find_undecided (const SktPattern *pattern, const guint8 *bytes, gsize length)
{
  gsize longest = skt_pattern_get_max_length (pattern);
  gsize target = length >= longest ? length - (longest - 1) : 0;

  if (!skt_pattern_needs_borders (pattern))
    return target;
  return skt_encoding_find_border (skt_pattern_get_encoding (pattern), bytes, length, 0, target);
}

/* Where what is held meets the new bytes. FALSE: all is said, *n_taken bytes of them are taken. */
static gboolean
feed_border (SktStreamMatcher *self,
             const guint8 *bytes,
             gsize length,
             gsize *n_taken,
             gboolean *ret_found,
             SktMatch *ret_match)
{
  const SktPattern *pattern = self->rule->pattern;
  gsize n_held = self->buffer->len;
  gsize n = MIN (length, 2 * skt_pattern_get_max_length (pattern) + BORDER_ROOM);
  gsize begin, end;

  g_byte_array_append (self->buffer, bytes, n);
  if (skt_pattern_find (pattern, self->buffer->data, self->buffer->len, 0, &begin, &end))
    {
      *ret_found = TRUE;
      give_match (self, self->buffer->data, begin, end, ret_match);
      g_byte_array_set_size (self->buffer, MAX (end, n_held));
      drop_from_buffer (self, end);
      *n_taken = end > n_held ? end - n_held : 0;
      return FALSE;
    }
  end = find_undecided (pattern, self->buffer->data, self->buffer->len);
  *n_taken = n;
  if (n < length)
    {
      g_assert (end >= n_held);
      *n_taken = end - n_held;
      g_byte_array_set_size (self->buffer, end);
    }
  drop_from_buffer (self, end);
  return n < length;
}

static gsize
feed_pattern (SktStreamMatcher *self, const guint8 *bytes, gsize length, gboolean *ret_found, SktMatch *ret_match)
{
  const SktPattern *pattern = self->rule->pattern;
  gsize n_taken = 0;
  gsize begin, end;

  if (self->buffer->len > 0 && !feed_border (self, bytes, length, &n_taken, ret_found, ret_match))
    return n_taken;
  bytes += n_taken;
  length -= n_taken;
  if (skt_pattern_find (pattern, bytes, length, 0, &begin, &end))
    {
      *ret_found = TRUE;
      give_match (self, bytes, begin, end, ret_match);
      self->offset += end;
      return n_taken + end;
    }
  end = find_undecided (pattern, bytes, length);
  g_byte_array_append (self->buffer, bytes + end, length - end);
  self->offset += end;
  return n_taken + length;
}

/* -- Regular expressions, by line ---------------------------------------------------------------------------- */

/* How many of the bytes belong to the line that has begun in the buffer, if it ends among them; else 0. */
static gsize
find_line_end (const SktStreamMatcher *self, const guint8 *bytes, gsize length)
{
  const SktPattern *pattern = self->rule->pattern;
  gsize n_held = self->buffer->len;
  gsize skip = 0;
  gsize n;

  if (skt_pattern_get_encoding (pattern) >= SKT_ENCODING_UTF_16LE && n_held % 2 != 0)
    {
      guint8 unit[2] = { self->buffer->data[n_held - 1], bytes[0] };

      if (skt_pattern_find_line_end (pattern, unit, 2) > 0)
        return 1;
      skip = 1;
    }
  n = skt_pattern_find_line_end (pattern, bytes + skip, length - skip);
  return n > 0 ? skip + n : 0;
}

/* The match whose groups are in the ranges. */
static void
give_groups (SktStreamMatcher *self, const guint8 *line, SktMatch *match)
{
  const SktByteRange *ranges = (const SktByteRange *) (void *) self->ranges->data;

  give_match (self, line, ranges[0].begin, ranges[0].end, match);
  if (match == NULL)
    return;
  self->groups = g_ptr_array_new_full (self->ranges->len, (GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < self->ranges->len; i++)
    g_ptr_array_add (self->groups, g_bytes_new (line + ranges[i].begin, ranges[i].end - ranges[i].begin));
  match->groups = self->groups;
}

/* The line of `length` bytes is whole; the first `n_held` of it are in the buffer, which has all of them if there are such. Returns how many of
 * the others are taken. */
static gsize
search_line (SktStreamMatcher *self,
             const guint8 *line,
             gsize length,
             gsize n_held,
             gboolean *ret_found,
             SktMatch *ret_match)
{
  gsize end = length;

  *ret_found = self->start < length
               && skt_pattern_find_groups_in_line (self->rule->pattern, line, length, self->start, self->ranges);
  if (*ret_found)
    {
      end = g_array_index (self->ranges, SktByteRange, 0).end;
      give_groups (self, line, ret_match);
    }

  if (end < length)
    {
      /* The line goes on: what is before may be looked at by the expression. */
      if (n_held == 0)
        g_byte_array_append (self->buffer, line, end);
      g_byte_array_set_size (self->buffer, MAX (end, n_held));
      self->start = end;
    }
  else
    {
      if (n_held == 0)
        self->offset += length;
      else
        {
          g_byte_array_set_size (self->buffer, MAX (length, n_held));
          drop_from_buffer (self, length);
        }
      self->start = 0;
    }
  return end > n_held ? end - n_held : 0;
}

/* Where a line is cut that is too long. */
static gsize
cut_line (const SktStreamMatcher *self, const guint8 *line)
{
  gsize n = skt_encoding_find_border (skt_pattern_get_encoding (self->rule->pattern), line, SKT_STREAM_MATCH_MAX, 0,
                                      SKT_STREAM_MATCH_MAX);

  return n > 0 ? n : SKT_STREAM_MATCH_MAX;
}

static gsize
feed_line (SktStreamMatcher *self, const guint8 *bytes, gsize length, gboolean *ret_found, SktMatch *ret_match)
{
  gsize n_held = self->buffer->len;
  gsize room = SKT_STREAM_MATCH_MAX - n_held;
  gsize n = find_line_end (self, bytes, MIN (length, room));
  gboolean is_cut = n == 0 && length >= room;

  if (n == 0 && !is_cut)
    {
      g_byte_array_append (self->buffer, bytes, length);
      return length;
    }
  if (is_cut)
    n = room;
  if (n_held > 0)
    {
      g_byte_array_append (self->buffer, bytes, n);
      bytes = self->buffer->data;
      n += n_held;
    }
  return search_line (self, bytes, is_cut ? cut_line (self, bytes) : n, n_held, ret_found, ret_match);
}

static gsize
feed_lines (SktStreamMatcher *self, const guint8 *bytes, gsize length, gboolean *ret_found, SktMatch *ret_match)
{
  gsize n_taken = 0;

  while (!*ret_found && n_taken < length)
    n_taken += feed_line (self, bytes + n_taken, length - n_taken, ret_found, ret_match);
  return n_taken;
}

/* -- Frames -------------------------------------------------------------------------------------------------- */

static void
hold_frame (SktStreamMatcher *self, const guint8 *bytes, gsize length)
{
  g_byte_array_append (self->buffer, bytes, MIN (length, SKT_STREAM_MATCH_MAX - self->buffer->len));
  self->frame_length += length;
}

/* The frame is whole: its bytes are those, or as many as are held of it. */
static void
give_frame (SktStreamMatcher *self, const guint8 *bytes, gsize n_bytes, guint64 length, SktMatch *match)
{
  give_match (self, bytes, 0, n_bytes, match);
  if (match != NULL)
    match->end = self->offset + length;
  self->offset += length;
  self->frame_length = 0;
  g_byte_array_set_size (self->buffer, 0);
}

static gsize
feed_frame (SktStreamMatcher *self,
            const guint8 *bytes,
            gsize length,
            guint64 time_ns,
            gboolean *ret_found,
            SktMatch *ret_match)
{
  gboolean is_complete;
  gsize n;

  if (skt_stream_matcher_wait (self, time_ns, ret_match))
    {
      *ret_found = TRUE;
      return 0;
    }
  n = skt_frame_next (&self->rule->frame, &self->frame, bytes, length, &is_complete);
  if (is_complete && self->frame_length == 0)
    give_frame (self, bytes, MIN (n, SKT_STREAM_MATCH_MAX), n, ret_match);
  else
    {
      hold_frame (self, bytes, n);
      if (is_complete)
        give_frame (self, self->buffer->data, self->buffer->len, self->frame_length, ret_match);
    }
  *ret_found = is_complete;
  return n;
}

/* -- All ----------------------------------------------------------------------------------------------------- */

gsize
skt_stream_matcher_feed (SktStreamMatcher *self,
                         const guint8 *bytes,
                         gsize length,
                         guint64 time_ns,
                         gboolean *ret_found,
                         SktMatch *ret_match)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (bytes != NULL && length > 0, 0);
  g_return_val_if_fail (ret_found != NULL, 0);

  clear_match (self);
  *ret_found = FALSE;
  switch (self->rule->kind)
    {
    case SKT_MATCH_ANY:
      *ret_found = TRUE;
      give_match (self, bytes, 0, length, ret_match);
      self->offset += length;
      return length;
    case SKT_MATCH_FRAME:
      return feed_frame (self, bytes, length, time_ns, ret_found, ret_match);
    case SKT_MATCH_TEXT:
    case SKT_MATCH_HEX:
      return feed_pattern (self, bytes, length, ret_found, ret_match);
    case SKT_MATCH_REGEX:
      return feed_lines (self, bytes, length, ret_found, ret_match);
    case SKT_N_MATCH_KINDS:
    default:
      g_return_val_if_reached (length);
    }
}

const guint8 *
skt_stream_matcher_get_rest (const SktStreamMatcher *self, gsize *ret_length)
{
  g_return_val_if_fail (self != NULL && ret_length != NULL, NULL);

  *ret_length = self->has_rest ? self->buffer->len - MIN (self->start, self->buffer->len) : 0;
  return *ret_length > 0 ? self->buffer->data + self->start : NULL;
}

guint64
skt_stream_matcher_get_deadline (const SktStreamMatcher *self)
{
  g_return_val_if_fail (self != NULL, 0);

  if (self->rule->kind != SKT_MATCH_FRAME || self->rule->frame.kind != SKT_FRAME_PAUSE || self->frame_length == 0)
    return 0;
  return self->frame.last_time_ns + (guint64) self->rule->frame.pause_ms * 1000000;
}

gboolean
skt_stream_matcher_wait (SktStreamMatcher *self, guint64 time_ns, SktMatch *ret_match)
{
  g_return_val_if_fail (self != NULL, FALSE);

  clear_match (self);
  if (self->rule->kind != SKT_MATCH_FRAME || !skt_frame_begin_piece (&self->rule->frame, &self->frame, time_ns))
    return FALSE;
  give_frame (self, self->buffer->data, self->buffer->len, self->frame_length, ret_match);
  return TRUE;
}
