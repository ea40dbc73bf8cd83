/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-hit-scanner.h"

#include <string.h>

/* Bytes of which a character border may need one more than three to be known. */
#define BORDER_BYTES 4

typedef struct
{
  guint32 begin;
  guint32 end;
  guint32 first_range;  /* those are counted from the line's start */
  guint32 n_ranges;
} SktRawLine;

typedef struct
{
  guint64 stream;
  guint64 end;          /* in the stream: after what was fed */
  guint64 free_from;    /* in the stream: the next hit may begin here */
  GByteArray *tail;     /* the bytes before `end` that a hit may still begin in, from a border on; REGEX: the line */
  GArray *parts;        /* SktHitPart: where in the payload they are */
  GArray *settled;      /* guint64: payload offsets of hits that may be withdrawn; NULL: none */
  gboolean is_dirty;    /* in the scanner's list of lines that were not settled */
} Stream;

struct _SktHitScanner
{
  /* owned */
  SktPattern *pattern;
  GHashTable *streams;  /* stream + 1 → Stream */
  GPtrArray *dirty;     /* Stream, borrowed */
  GByteArray *join;     /* a tail and what follows it */
  GArray *found_parts;  /* SktHitPart */
  GArray *ranges;       /* SktByteRange of one line */

  /* constant */
  gboolean is_by_line;
  gboolean needs_borders;
  gboolean is_utf16;
  SktEncoding encoding;
  gsize keep;           /* bytes of a stream that a hit may begin in though it is not all there */
  SktHitFunc func;
  gpointer user_data;

  Stream *last_stream;  /* borrowed */
};

/* -- Ahead of the scanner ------------------------------------------------------------------------------------ */

void
skt_raw_hits_init (SktRawHits *self)
{
  *self = (SktRawHits) { 0 };
  self->ranges = g_array_new (FALSE, FALSE, sizeof (SktByteRange));
  self->lines = g_array_new (FALSE, FALSE, sizeof (SktRawLine));
}

void
skt_raw_hits_clear (SktRawHits *self)
{
  g_clear_pointer (&self->ranges, g_array_unref);
  g_clear_pointer (&self->lines, g_array_unref);
}

/* Lines in the middle of the bytes; that they are lines of one stream is for the scanner to see. */
static void
fill_lines (SktRawHits *self, const SktPattern *pattern, const guint8 *bytes, gsize length)
{
  gsize line = 0;
  gsize n;

  while (line < length && (n = skt_pattern_find_line_end (pattern, bytes + line, length - line)) > 0)
    {
      SktRawLine entry = { line, line + n, self->ranges->len, 0 };

      if (line > 0 && n <= SKT_LINE_STEP)
        {
          skt_pattern_list_in_line (pattern, bytes + line, n, self->ranges);
          entry.n_ranges = self->ranges->len - entry.first_range;
          g_array_append_val (self->lines, entry);
        }
      line += n;
    }
}

static gboolean
is_utf16 (SktEncoding encoding)
{
  return encoding == SKT_ENCODING_UTF_16LE || encoding == SKT_ENCODING_UTF_16BE;
}

void
skt_raw_hits_fill (SktRawHits *self, const SktPattern *pattern, const guint8 *bytes, gsize length)
{
  gsize begin, end, start = 0;

  g_array_set_size (self->ranges, 0);
  g_array_set_size (self->lines, 0);
  self->next_range = self->next_line = 0;
  if (skt_pattern_get_kind (pattern) == SKT_PATTERN_REGEX)
    {
      /* Where units of two bytes begin is not known here. */
      if (!is_utf16 (skt_pattern_get_encoding (pattern)))
        fill_lines (self, pattern, bytes, length);
      return;
    }
  while (skt_pattern_find_raw (pattern, bytes, length, start, &begin, &end))
    {
      SktByteRange range = { begin, end };

      g_array_append_val (self->ranges, range);
      start = begin + 1;
    }
}

/* -- Streams ------------------------------------------------------------------------------------------------- */

static void
stream_free (gpointer data)
{
  Stream *self = data;

  g_byte_array_unref (self->tail);
  g_array_unref (self->parts);
  g_clear_pointer (&self->settled, g_array_unref);
  g_free (self);
}

static gpointer
stream_to_key (guint64 stream)
{
  return (gpointer) (gsize) (stream + 1);
}

/* The stream, or NULL if it is new. */
static Stream *
find_stream (SktHitScanner *self, guint64 stream)
{
  if (self->last_stream == NULL || self->last_stream->stream != stream)
    self->last_stream = g_hash_table_lookup (self->streams, stream_to_key (stream));
  return self->last_stream;
}

static Stream *
get_stream (SktHitScanner *self, guint64 stream, guint64 stream_offset)
{
  Stream *s = find_stream (self, stream);

  if (s != NULL)
    return s;
  s = g_new0 (Stream, 1);
  s->stream = stream;
  s->end = stream_offset;
  s->free_from = stream_offset;
  s->tail = g_byte_array_new ();
  s->parts = g_array_new (FALSE, FALSE, sizeof (SktHitPart));
  g_hash_table_insert (self->streams, stream_to_key (stream), s);
  self->last_stream = s;
  return s;
}

static void
stream_append (Stream *self, guint64 offset, const guint8 *bytes, gsize length)
{
  SktHitPart part = { offset, length };
  SktHitPart *last = self->parts->len > 0 ? &g_array_index (self->parts, SktHitPart, self->parts->len - 1) : NULL;

  if (length == 0)
    return;
  g_byte_array_append (self->tail, bytes, length);
  if (last != NULL && last->offset + last->length == offset)
    last->length += length;
  else
    g_array_append_val (self->parts, part);
}

static void
stream_drop (Stream *self, gsize length)
{
  guint n_parts = 0;

  if (length > 0)
    g_byte_array_remove_range (self->tail, 0, length);
  while (length > 0)
    {
      SktHitPart *part = &g_array_index (self->parts, SktHitPart, n_parts);
      gsize n = MIN (length, part->length);

      part->offset += n;
      part->length -= n;
      length -= n;
      n_parts += part->length == 0;
    }
  if (n_parts > 0)
    g_array_remove_range (self->parts, 0, n_parts);
}

static void
stream_clear (Stream *self)
{
  g_byte_array_set_size (self->tail, 0);
  g_array_set_size (self->parts, 0);
}

/* -- Telling ------------------------------------------------------------------------------------------------- */

static void
tell (SktHitScanner *self, Stream *s, guint64 stream_end, const SktHitPart *parts, guint n_parts)
{
  SktFoundHit hit = { .stream = s->stream, .stream_end = stream_end, .n_parts = n_parts, .parts = parts };

  self->func (&hit, self->user_data);
}

/* A hit that begins in the tail: bytes [begin, end) of tail and piece, which is at `offset` in the payload. */
static void
tell_from_tail (SktHitScanner *self, Stream *s, gsize begin, gsize end, guint64 offset)
{
  gsize at = 0;

  g_array_set_size (self->found_parts, 0);
  for (guint i = 0; i < s->parts->len && at < end; i++)
    {
      SktHitPart part = g_array_index (s->parts, SktHitPart, i);
      gsize first = MAX (begin, at);
      gsize last = MIN (end, at + part.length);
      SktHitPart inside = { part.offset + (first - at), last - first };

      if (first < last)
        g_array_append_val (self->found_parts, inside);
      at += part.length;
    }
  if (end > s->tail->len)
    {
      SktHitPart part = { offset, end - s->tail->len };

      g_array_append_val (self->found_parts, part);
    }
  tell (self, s, s->end - s->tail->len + end, (const SktHitPart *) (void *) self->found_parts->data,
        self->found_parts->len);
}

/* -- Text and hex -------------------------------------------------------------------------------------------- */

static gboolean
is_on_border (SktHitScanner *self, const guint8 *bytes, gsize length, gsize *border, gsize begin)
{
  if (!self->needs_borders)
    return TRUE;
  if (begin < *border)
    return FALSE;
  *border = skt_encoding_find_border (self->encoding, bytes, length, *border, begin);
  return *border == begin;
}

/* Hits that begin in the tail. `join` is the tail and the beginning of the piece. */
static void
search_join (SktHitScanner *self, Stream *s, guint64 offset)
{
  const guint8 *bytes = self->join->data;
  gsize length = self->join->len;
  guint64 start = s->end - s->tail->len;
  gsize from = s->free_from > start ? s->free_from - start : 0;
  gsize border = 0;
  gsize begin, end;

  while (from < s->tail->len && skt_pattern_find_raw (self->pattern, bytes, length, from, &begin, &end)
         && begin < s->tail->len)
    {
      from = begin + 1;
      if (!is_on_border (self, bytes, length, &border, begin))
        continue;
      tell_from_tail (self, s, begin, end, offset);
      from = end;
      s->free_from = start + end;
    }
}

/* The first character border of the piece, which may be at its end or, if even that is inside of a character, after. */
static gsize
find_first_border (SktHitScanner *self, Stream *s)
{
  gsize tail_length = s->tail->len;
  SktUnitKind kind;
  gsize border;

  if (!self->needs_borders)
    return 0;
  border = skt_encoding_find_border (self->encoding, self->join->data, self->join->len, 0, tail_length);
  while (border < tail_length)
    {
      border += skt_encoding_next_unit (self->encoding, self->join->data + border, self->join->len - border, &kind);
      if (kind == SKT_UNIT_INCOMPLETE)
        return G_MAXSIZE;
    }
  return border - tail_length;
}

static void
tell_in_piece (SktHitScanner *self, Stream *s, guint64 stream_offset, guint64 offset, gsize begin, gsize end)
{
  SktHitPart part = { offset + begin, end - begin };

  s->free_from = stream_offset + end;
  tell (self, s, s->free_from, &part, 1);
}

static void
search_piece (SktHitScanner *self,
              Stream *s,
              guint64 stream_offset,
              guint64 offset,
              const guint8 *bytes,
              gsize length,
              gsize border)
{
  gsize from = s->free_from > stream_offset ? s->free_from - stream_offset : 0;
  gsize begin, end;

  from = MAX (from, border);
  while (from < length && skt_pattern_find_raw (self->pattern, bytes, length, from, &begin, &end))
    {
      from = begin + 1;
      if (!is_on_border (self, bytes, length, &border, begin))
        continue;
      tell_in_piece (self, s, stream_offset, offset, begin, end);
      from = end;
    }
}

/* The same, but what matches was found already. */
static void
take_raw (SktHitScanner *self,
          Stream *s,
          guint64 stream_offset,
          guint64 offset,
          const guint8 *bytes,
          gsize length,
          gsize border,
          SktRawHits *raw,
          gsize raw_base)
{
  gsize from = s->free_from > stream_offset ? s->free_from - stream_offset : 0;

  from = MAX (from, border);
  for (; raw->next_range < raw->ranges->len; raw->next_range++)
    {
      SktByteRange range = g_array_index (raw->ranges, SktByteRange, raw->next_range);

      if (range.begin >= raw_base + length)
        break;
      if (range.begin < raw_base || range.begin - raw_base < from || range.end > raw_base + length
          || !is_on_border (self, bytes, length, &border, range.begin - raw_base))
        continue;
      tell_in_piece (self, s, stream_offset, offset, range.begin - raw_base, range.end - raw_base);
      from = range.end - raw_base;
    }
}

static void
keep_tail (SktHitScanner *self, Stream *s, guint64 offset, const guint8 *bytes, gsize length, gsize border)
{
  gsize keep = self->keep;

  if (length >= keep + BORDER_BYTES)
    {
      gsize start = length - keep;

      if (self->needs_borders)
        start = skt_encoding_find_border (self->encoding, bytes, length, border, start);
      stream_clear (s);
      stream_append (s, offset + start, bytes + start, length - start);
    }
  else
    {
      gsize skipped = s->tail->len == 0 ? MIN (border, length) : 0;
      gsize start;

      stream_append (s, offset + skipped, bytes + skipped, length - skipped);
      start = s->tail->len > keep ? s->tail->len - keep : 0;
      if (self->needs_borders)
        start = skt_encoding_find_border (self->encoding, s->tail->data, s->tail->len, 0, start);
      stream_drop (s, start);
    }
}

static void
feed_bytes (SktHitScanner *self,
            Stream *s,
            guint64 stream_offset,
            guint64 offset,
            const guint8 *bytes,
            gsize length,
            SktRawHits *raw,
            gsize raw_base)
{
  gsize border = self->is_utf16 && self->needs_borders ? stream_offset & 1 : 0;

  if (s->tail->len > 0)
    {
      g_byte_array_set_size (self->join, 0);
      g_byte_array_append (self->join, s->tail->data, s->tail->len);
      g_byte_array_append (self->join, bytes, MIN (length, self->keep + BORDER_BYTES));
      search_join (self, s, offset);
      border = find_first_border (self, s);
    }
  if (raw != NULL)
    take_raw (self, s, stream_offset, offset, bytes, length, border, raw, raw_base);
  else
    search_piece (self, s, stream_offset, offset, bytes, length, border);
  if (self->keep > 0)
    keep_tail (self, s, offset, bytes, length, border);
}

/* -- Lines --------------------------------------------------------------------------------------------------- */

static void
withdraw (SktHitScanner *self, Stream *s)
{
  for (guint i = 0; s->settled != NULL && i < s->settled->len; i++)
    {
      SktHitPart part = { g_array_index (s->settled, guint64, i), 0 };
      SktFoundHit hit = { .stream = s->stream, .is_withdrawn = TRUE, .n_parts = 1, .parts = &part };

      self->func (&hit, self->user_data);
    }
  g_clear_pointer (&s->settled, g_array_unref);
}

/* The length at which a line that begins there in the stream is cut. */
static gsize
get_line_limit (guint64 line_start)
{
  guint64 step = SKT_LINE_STEP;

  return (line_start + 2 * step - 1) / step * step - line_start;
}

/* Up to and with the line feed in the bytes that follow the tail; 0: there is none. */
static gsize
find_line_end (SktHitScanner *self, Stream *s, const guint8 *bytes, gsize length)
{
  gsize n;

  if (!self->is_utf16 || s->tail->len % 2 == 0)
    return skt_pattern_find_line_end (self->pattern, bytes, length);
  if (length > 0)
    {
      guint8 unit[2] = { s->tail->data[s->tail->len - 1], bytes[0] };

      if (skt_pattern_find_line_end (self->pattern, unit, 2) > 0)
        return 1;
    }
  n = length > 1 ? skt_pattern_find_line_end (self->pattern, bytes + 1, length - 1) : 0;
  return n > 0 ? n + 1 : 0;
}

/* The first `length` bytes of the tail are a line. */
static void
search_tail_line (SktHitScanner *self, Stream *s, gsize length)
{
  guint64 start = s->end - s->tail->len;

  g_array_set_size (self->ranges, 0);
  skt_pattern_list_in_line (self->pattern, s->tail->data, length, self->ranges);
  for (guint i = 0; i < self->ranges->len; i++)
    {
      SktByteRange range = g_array_index (self->ranges, SktByteRange, i);

      if (start + range.begin >= s->free_from)
        tell_from_tail (self, s, range.begin, range.end, 0);
    }
}

/* A line that is all in one piece. Uses what was found in it already, if it was. */
static void
search_whole_line (SktHitScanner *self,
                   Stream *s,
                   guint64 stream_offset,
                   guint64 offset,
                   const guint8 *line,
                   gsize length,
                   SktRawHits *raw,
                   gsize raw_base)
{
  const SktByteRange *ranges;
  guint n;

  while (raw != NULL && raw->next_line < raw->lines->len
         && g_array_index (raw->lines, SktRawLine, raw->next_line).begin < raw_base)
    raw->next_line++;
  if (raw != NULL && raw->next_line < raw->lines->len
      && g_array_index (raw->lines, SktRawLine, raw->next_line).begin == raw_base
      && g_array_index (raw->lines, SktRawLine, raw->next_line).end == raw_base + length)
    {
      const SktRawLine *entry = &g_array_index (raw->lines, SktRawLine, raw->next_line);

      ranges = (const SktByteRange *) (void *) raw->ranges->data + entry->first_range;
      n = entry->n_ranges;
    }
  else
    {
      g_array_set_size (self->ranges, 0);
      skt_pattern_list_in_line (self->pattern, line, length, self->ranges);
      ranges = (const SktByteRange *) (void *) self->ranges->data;
      n = self->ranges->len;
    }
  for (guint i = 0; i < n; i++)
    tell_in_piece (self, s, stream_offset, offset, ranges[i].begin, ranges[i].end);
}

/* The tail has grown to where its line is cut. */
static void
cut_line (SktHitScanner *self, Stream *s)
{
  gsize length = s->tail->len;

  if (!self->is_utf16)
    length = MAX (1, skt_encoding_find_border (self->encoding, s->tail->data, s->tail->len, 0, s->tail->len));
  search_tail_line (self, s, length);
  stream_drop (s, length);
}

/* Takes one line or what there is of it. Returns how many bytes those were. */
static gsize
feed_line (SktHitScanner *self,
           Stream *s,
           guint64 stream_offset,
           guint64 offset,
           const guint8 *bytes,
           gsize length,
           SktRawHits *raw,
           gsize raw_base)
{
  gsize room = get_line_limit (stream_offset - s->tail->len) - s->tail->len;
  gsize n = find_line_end (self, s, bytes, MIN (length, room));

  if (n > 0 && s->tail->len == 0)
    {
      search_whole_line (self, s, stream_offset, offset, bytes, n, raw, raw_base);
      return n;
    }

  stream_append (s, offset, bytes, n > 0 ? n : MIN (length, room));
  s->end = stream_offset + (n > 0 ? n : MIN (length, room));
  if (n > 0)
    {
      search_tail_line (self, s, s->tail->len);
      stream_clear (s);
      return n;
    }
  if (length >= room)
    cut_line (self, s);
  return MIN (length, room);
}

static void
feed_lines (SktHitScanner *self,
            Stream *s,
            guint64 stream_offset,
            guint64 offset,
            const guint8 *bytes,
            gsize length,
            SktRawHits *raw,
            gsize raw_base)
{
  gsize n = 0;

  withdraw (self, s);
  if (self->is_utf16 && s->tail->len == 0 && stream_offset % 2 != 0)
    n = 1;
  while (n < length)
    n += feed_line (self, s, stream_offset + n, offset + n, bytes + n, length - n, raw, raw_base + n);
  if (s->tail->len > 0 && !s->is_dirty)
    {
      s->is_dirty = TRUE;
      g_ptr_array_add (self->dirty, s);
    }
}

static void
settle_line (SktHitScanner *self, Stream *s)
{
  guint64 start = s->end - s->tail->len;

  g_array_set_size (self->ranges, 0);
  skt_pattern_list_in_line (self->pattern, s->tail->data, s->tail->len, self->ranges);
  for (guint i = 0; i < self->ranges->len; i++)
    {
      SktByteRange range = g_array_index (self->ranges, SktByteRange, i);

      if (start + range.begin < s->free_from)
        continue;
      tell_from_tail (self, s, range.begin, range.end, 0);
      if (s->settled == NULL)
        s->settled = g_array_new (FALSE, FALSE, sizeof (guint64));
      g_array_append_val (s->settled, g_array_index (self->found_parts, SktHitPart, 0).offset);
    }
}

/* -- All ----------------------------------------------------------------------------------------------------- */

SktHitScanner *
skt_hit_scanner_new (SktPattern *pattern, SktHitFunc func, gpointer user_data)
{
  SktHitScanner *self = g_new0 (SktHitScanner, 1);

  self->pattern = skt_pattern_ref (pattern);
  self->streams = g_hash_table_new_full (NULL, NULL, NULL, stream_free);
  self->dirty = g_ptr_array_new ();
  self->join = g_byte_array_new ();
  self->found_parts = g_array_new (FALSE, FALSE, sizeof (SktHitPart));
  self->ranges = g_array_new (FALSE, FALSE, sizeof (SktByteRange));
  self->is_by_line = skt_pattern_get_kind (pattern) == SKT_PATTERN_REGEX;
  self->needs_borders = skt_pattern_needs_borders (pattern);
  self->encoding = skt_pattern_get_encoding (pattern);
  self->is_utf16 = is_utf16 (self->encoding);
  if (!self->is_by_line)
    self->keep = skt_pattern_get_max_length (pattern) - 1 + (self->needs_borders ? BORDER_BYTES - 1 : 0);
  self->func = func;
  self->user_data = user_data;
  return self;
}

void
skt_hit_scanner_free (SktHitScanner *self)
{
  g_hash_table_unref (self->streams);
  g_ptr_array_unref (self->dirty);
  g_byte_array_unref (self->join);
  g_array_unref (self->found_parts);
  g_array_unref (self->ranges);
  skt_pattern_unref (self->pattern);
  g_free (self);
}

void
skt_hit_scanner_feed (SktHitScanner *self,
                      guint64 stream,
                      guint64 stream_offset,
                      guint64 offset,
                      const guint8 *bytes,
                      gsize length,
                      SktRawHits *raw,
                      gsize raw_base)
{
  Stream *s = get_stream (self, stream, stream_offset);

  if (length == 0)
    return;
  if (s->end != stream_offset)
    {
      if (self->is_by_line)
        {
          withdraw (self, s);
          if (s->tail->len > 0)
            search_tail_line (self, s, s->tail->len);
        }
      stream_clear (s);
      s->end = stream_offset;
      s->free_from = stream_offset;
    }
  if (self->is_by_line)
    feed_lines (self, s, stream_offset, offset, bytes, length, raw, raw_base);
  else
    feed_bytes (self, s, stream_offset, offset, bytes, length, raw, raw_base);
  s->end = stream_offset + length;
}

void
skt_hit_scanner_seed (SktHitScanner *self,
                      guint64 stream,
                      guint64 stream_offset,
                      guint64 free_from,
                      guint64 offset,
                      const guint8 *bytes,
                      gsize length)
{
  Stream *s = get_stream (self, stream, stream_offset);

  stream_append (s, offset, bytes, length);
  s->free_from = free_from;
}

void
skt_hit_scanner_settle (SktHitScanner *self)
{
  for (guint i = 0; i < self->dirty->len; i++)
    {
      Stream *s = self->dirty->pdata[i];

      s->is_dirty = FALSE;
      if (s->tail->len > 0 && s->settled == NULL)
        settle_line (self, s);
    }
  g_ptr_array_set_size (self->dirty, 0);
}

gsize
skt_hit_scanner_get_wanted (SktHitScanner *self, guint64 stream)
{
  const Stream *s = find_stream (self, stream);

  if (!self->is_by_line)
    return self->keep;
  return s == NULL || s->tail->len == 0 ? 0 : SKT_LINE_MAX;
}
