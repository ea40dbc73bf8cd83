/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-row-cache-private.h"

#include <string.h>

#include "skt-time-text.h"

/* No cluster is as long as this. */
#define MAX_RUN_BEYOND 256

/* -- Gutter --------------------------------------------------------------------------------------------------- */

/* From left to right: time, direction, offset, size, peer. Each has a cell between it and the next; the direction has one for “…”. */
#define DIRECTION_CELLS 2
#define OFFSET_CELLS 10
#define SIZE_CELLS 8

static guint
get_time_cells (SocketeerRowCache *self)
{
  return self->time_column != SOCKETEER_TIME_NONE ? SOCKETEER_ROW_TIME_CELLS + 1 : 0;
}

gboolean
_socketeer_row_has_offset (SocketeerRowCache *self)
{
  return self->columns.offset && skt_layout_get_view (self->layout) == SKT_VIEW_TEXT;
}

static guint
get_offset_cells (SocketeerRowCache *self)
{
  return _socketeer_row_has_offset (self) ? OFFSET_CELLS + 1 : 0;
}

static guint
get_size_cells (SocketeerRowCache *self)
{
  return self->columns.size && skt_layout_get_mode (self->layout) == SKT_MODE_READS ? SIZE_CELLS + 1 : 0;
}

guint
socketeer_row_cache_get_gutter_cells (SocketeerRowCache *self)
{
  return get_time_cells (self) + DIRECTION_CELLS + get_offset_cells (self) + get_size_cells (self) +
         (self->peer_cells > 0 ? self->peer_cells + 1 : 0);
}

static void
add_right_aligned (SocketeerRowCache *self, const char *text, guint cell, guint n_cells)
{
  gsize length = MIN (strlen (text), n_cells);

  socketeer_painter_add_ascii (self->painter, text, length, cell + n_cells - length, &self->palette.dim);
}

static void
draw_offset (SocketeerRowCache *self, const SocketeerRow *row, guint cell)
{
  guint64 offset = row->record.stream_offset + row->row.begin;
  char text[24];

  if (get_offset_cells (self) == 0 || row->bytes == NULL)
    return;
  g_snprintf (text, sizeof text, "%08" G_GINT64_MODIFIER "x", offset);
  add_right_aligned (self, strlen (text) <= OFFSET_CELLS ? text : text + strlen (text) - OFFSET_CELLS, cell, OFFSET_CELLS);
}

static void
draw_size (SocketeerRowCache *self, const SocketeerRow *row, guint cell)
{
  char text[24];

  if (get_size_cells (self) == 0 || row->bytes == NULL)
    return;
  g_snprintf (text, sizeof text, "%u", row->record.length);
  if (strlen (text) > SIZE_CELLS)
    g_snprintf (text, sizeof text, "%u MiB", row->record.length >> 20);
  add_right_aligned (self, text, cell, SIZE_CELLS);
}

void
_socketeer_row_format_time (guint64 time_ns, char *buffer, gsize size)
{
  /* Rows that come one after another are mostly of one second. */
  static gint64 last_seconds = -1;
  static char last[16];
  gint64 seconds = time_ns / 1000000000;

  if (seconds != last_seconds)
    {
      g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);
      if (time == NULL)
        {
          g_strlcpy (buffer, "--:--:--.---", size);
          return;
        }
      g_snprintf (last, sizeof last, "%02d:%02d:%02d", g_date_time_get_hour (time), g_date_time_get_minute (time),
                  g_date_time_get_second (time));
      last_seconds = seconds;
    }
  g_snprintf (buffer, size, "%s.%03u", last, (guint) (time_ns / 1000000 % 1000));
}

static guint64
get_time_of (SocketeerRowCache *self, guint64 record_number, guint64 otherwise)
{
  SktRecord record;

  return skt_journal_reader_get_record (self->reader, record_number, &record) ? record.time_ns : otherwise;
}

void
_socketeer_row_format_time_column (SocketeerRowCache *self, const SocketeerRow *row, char *buffer, gsize size)
{
  guint64 time_ns = row->record.time_ns, since = self->since_ns;

  if (self->time_column == SOCKETEER_TIME_NONE)
    {
      buffer[0] = '\0';
      return;
    }
  if (self->time_column == SOCKETEER_TIME_CLOCK)
    {
      _socketeer_row_format_time (time_ns, buffer, size);
      return;
    }
  if (self->time_column == SOCKETEER_TIME_DELTA)
    since = self->has_previous ? get_time_of (self, self->previous.end.record, time_ns) : time_ns;
  skt_time_format_difference (skt_time_get_difference (time_ns, since), buffer, size);
}

/* Of a row that begins a read, a write or a frame, or is an event. */
static void
draw_beginning (SocketeerRowCache *self, SocketeerRow *row)
{
  const SocketeerPalette *palette = &self->palette;
  guint cell = get_time_cells (self);
  const char *mark = "•";
  const GdkRGBA *color = &palette->event;

  /* Only the first time: it may be drawn again, alone, when the name of its peer is known. */
  if (row->time[0] == '\0')
    _socketeer_row_format_time_column (self, row, row->time, sizeof row->time);
  if (cell > 0)
    add_right_aligned (self, row->time, 0, SOCKETEER_ROW_TIME_CELLS);
  if (row->record.kind == SKT_RECORD_RECEIVED)
    mark = "←", color = &palette->received;
  else if (row->record.kind == SKT_RECORD_SENT)
    mark = "→", color = &palette->sent;
  socketeer_painter_add_words (self->painter, mark, cell, 1, color);
  if (row->row.continues)
    socketeer_painter_add_words (self->painter, "…", cell + 1, 1, color);
  draw_size (self, row, cell + DIRECTION_CELLS + get_offset_cells (self));
  if (self->peer_cells > 0 && row->record.connection != 0 && self->peer_func != NULL)
    {
      g_autofree char *peer = self->peer_func (row->record.connection, self->peer_data);
      row->lacks_peer = peer == NULL;
      if (peer != NULL)
        socketeer_painter_add_words (self->painter, peer, cell + DIRECTION_CELLS + get_offset_cells (self) + get_size_cells (self),
                                     self->peer_cells, color);
    }
}

void
_socketeer_row_draw_gutter (SocketeerRowCache *self, SocketeerRow *row)
{
  gboolean is_pending;

  g_clear_pointer (&row->gutter, gsk_render_node_unref);
  socketeer_painter_begin (self->painter, self->glyphs, 0, G_MAXUINT, &self->palette.box);
  if (row->row.is_first)
    draw_beginning (self, row);
  draw_offset (self, row, get_time_cells (self) + DIRECTION_CELLS);
  row->gutter = socketeer_painter_end (self->painter, &is_pending);
  row->gutter_is_pending = is_pending;
}

/* -- Text ----------------------------------------------------------------------------------------------------- */

static const GdkRGBA *
get_span_color (SocketeerRowCache *self, SktSpanKind kind)
{
  switch (kind)
    {
    case SKT_SPAN_INVALID:
      return &self->palette.error;
    case SKT_SPAN_CONTROL:
    case SKT_SPAN_PART:
      return &self->palette.dim;
    case SKT_SPAN_INVISIBLE:
      return &self->palette.token;
    case SKT_SPAN_TEXT:
    default:
      return &self->palette.text;
    }
}

/* ASCII, and no mark follows that is to be shaped together with it. */
static gboolean
span_is_simple (const SktDecoded *decoded, guint i)
{
  const SktSpan *span = &g_array_index (decoded->spans, SktSpan, i);
  const SktSpan *next = i + 1 < decoded->spans->len ? span + 1 : NULL;

  if (span->kind != SKT_SPAN_TEXT || decoded->is_simple)
    return TRUE;
  if (span->text_length != 1 || (guchar) decoded->text->str[span->text_offset] >= 0x80)
    return FALSE;
  return next == NULL || next->kind != SKT_SPAN_TEXT || next->cells > 0;
}

/* A run of spans that are drawn in one go. */
typedef struct
{
  guint first, end; /* spans */
  guint cell;
  guint n_cells;
  SktSpanKind kind;
  gboolean is_simple;
} Run;

/* Text beyond ASCII. A span of several characters is a mark on a base that is not in the bytes: the base has the cells. */
static void
draw_complex_run (SocketeerRowCache *self, SocketeerRow *row, const Run *run, const char *text, gsize length)
{
  g_autofree guint16 *cells = g_new (guint16, length + 1);
  gsize at = 0;
  guint n = 0;

  for (guint i = run->first; i < run->end; i++)
    {
      const SktSpan *span = &g_array_index (row->decoded.spans, SktSpan, i);
      gsize first = g_utf8_next_char (text + at) - (text + at);

      for (gsize j = 0; j < span->text_length; j++)
        cells[at + j] = j < first ? n : n + span->cells;
      at += span->text_length;
      n += span->cells;
    }
  cells[length] = n;
  socketeer_painter_add_text (self->painter, text, length, cells, row->text_cell + run->cell,
                              get_span_color (self, run->kind));
}

static void
draw_run (SocketeerRowCache *self, SocketeerRow *row, const Run *run)
{
  const SktSpan *first = &g_array_index (row->decoded.spans, SktSpan, run->first);
  const SktSpan *last = &g_array_index (row->decoded.spans, SktSpan, run->end - 1);
  const char *text = row->decoded.text->str + first->text_offset;
  gsize length = last->text_offset + last->text_length - first->text_offset;
  guint cell = row->text_cell + run->cell;

  if (run->kind != SKT_SPAN_TEXT && run->n_cells > 0)
    socketeer_painter_add_box (self->painter, cell, run->n_cells, &self->palette.box);
  if (run->is_simple)
    socketeer_painter_add_ascii (self->painter, text, length, cell, get_span_color (self, run->kind));
  else
    draw_complex_run (self, row, run, text, length);
}

/* The spans that touch cells [from, to) of the column of characters. Runs begin and end where they do in the row, so that what is
 * shaped together does not depend on what is in sight. */
static void
draw_text (SocketeerRowCache *self, SocketeerRow *row, guint from, guint to)
{
  GArray *spans = row->decoded.spans;
  guint cell = 0;
  Run run = { 0 };

  for (guint i = 0; i < spans->len; i++)
    {
      const SktSpan *span = &g_array_index (spans, SktSpan, i);
      gboolean is_simple = span_is_simple (&row->decoded, i);
      gboolean is_in_run = run.end > run.first && run.kind == span->kind && run.is_simple == is_simple;
      /* A tab has more cells than glyphs: nothing can follow in its run. */
      gboolean is_odd = span->kind == SKT_SPAN_CONTROL && span->cells != span->text_length;

      if (cell >= to && (is_simple || !is_in_run || cell >= to + MAX_RUN_BEYOND))
        break;
      if (run.end > run.first && !is_in_run)
        {
          if (run.cell + run.n_cells >= from)
            draw_run (self, row, &run);
          run.end = run.first = 0;
        }
      if (run.end == run.first)
        run = (Run){ i, i, cell, 0, span->kind, is_simple };
      run.end = i + 1;
      run.n_cells += span->cells;
      cell += span->cells;
      if (is_odd)
        {
          draw_run (self, row, &run);
          run.end = run.first = 0;
        }
    }
  if (run.end > run.first)
    draw_run (self, row, &run);
}

/* -- Bytes ---------------------------------------------------------------------------------------------------- */

guint
_socketeer_row_get_hex_cell (const SocketeerRow *row, guint32 i)
{
  return row->hex_cell + i * 3 + i / 8;
}

static void
draw_hex (SocketeerRowCache *self, SocketeerRow *row)
{
  static const char digits[] = "0123456789abcdef";
  char buffer[128 * 4];
  guint64 offset = row->record.stream_offset + row->row.begin;
  gsize length = row->hex_cell - 2;

  for (gsize i = length; i > 0; i--, offset >>= 4)
    buffer[i - 1] = digits[offset & 15];
  socketeer_painter_add_ascii (self->painter, buffer, length, 0, &self->palette.dim);
  length = 0;
  for (guint32 i = 0; i < row->row.length; i++)
    {
      gsize at = _socketeer_row_get_hex_cell (row, i) - row->hex_cell;

      memset (buffer + length, ' ', at - length);
      length = at;
      buffer[length] = digits[row->bytes[i] >> 4];
      buffer[length + 1] = digits[row->bytes[i] & 15];
      length += 2;
    }
  socketeer_painter_add_ascii (self->painter, buffer, length, row->hex_cell, &self->palette.text);
}

static void
draw_ascii (SocketeerRowCache *self, SocketeerRow *row)
{
  /* Bars left and right, dots for what is no character. */
  char printable[256], other[256];
  guint32 n = MIN (row->row.length, sizeof other - 2);

  other[0] = other[n + 1] = '|';
  for (guint32 i = 0; i < n; i++)
    {
      gboolean is_printable = row->bytes[i] >= 0x20 && row->bytes[i] < 0x7f;
      printable[i] = is_printable ? row->bytes[i] : ' ';
      other[i + 1] = is_printable ? ' ' : '.';
    }
  socketeer_painter_add_ascii (self->painter, printable, n, row->text_cell, &self->palette.text);
  socketeer_painter_add_ascii (self->painter, other, n + 2, row->text_cell - 1, &self->palette.dim);
}

/* In a box like a token's, a cell wider at either side. */
static void
draw_tag (SocketeerRowCache *self, SocketeerRow *row, const char *words)
{
  guint n = _socketeer_row_count_cells (words);

  socketeer_painter_add_box (self->painter, row->tag_cell - 1, n + 2, &self->palette.box);
  socketeer_painter_add_words (self->painter, words, row->tag_cell, n, &self->palette.dim);
}

void
_socketeer_row_draw_content (SocketeerRowCache *self, SocketeerRow *row, guint from, guint to)
{
  SktView view = skt_layout_get_view (self->layout);
  gboolean is_pending;

  g_clear_pointer (&row->content, gsk_render_node_unref);
  row->is_drawn = TRUE;
  row->from_cell = from;
  row->to_cell = to;
  socketeer_painter_begin (self->painter, self->glyphs, from, to, &self->palette.box);
  if (row->words != NULL)
    socketeer_painter_add_words (self->painter, row->words, 0, G_MAXUINT16, &self->palette.event);
  else
    {
      if (view != SKT_VIEW_TEXT)
        draw_hex (self, row);
      if (view == SKT_VIEW_HEX)
        draw_ascii (self, row);
      else
        draw_text (self, row, from > row->text_cell ? from - row->text_cell : 0,
                   to > row->text_cell ? to - row->text_cell : 0);
    }
  if (_socketeer_row_get_tag (row) != NULL)
    draw_tag (self, row, _socketeer_row_get_tag (row));
  row->content = socketeer_painter_end (self->painter, &is_pending);
  row->is_pending = is_pending;
}
