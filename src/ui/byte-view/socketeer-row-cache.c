/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-row-cache.h"

#include <glib/gi18n.h>
#include <string.h>

#include "skt-hex.h"
#include "skt-record-text.h"

#define MAX_ROWS 1024
#define TIME_CELLS 12 /* 12:34:56.789 */
#define MIN_OFFSET_DIGITS 8

struct _SocketeerRowCache
{
  /* owned */
  SktJournal *journal;
  SktJournalReader *reader;
  GHashTable *rows; /* SocketeerRow, by record and begin: a set */
  GPtrArray *retired; /* rows that were replaced and may still be on the screen */

  /* borrowed */
  SktLayout *layout;
  SocketeerGlyphs *glyphs;
  SocketeerPalette palette;
  guint peer_cells;
  SocketeerPeerFunc peer_func;
  gpointer peer_data;

  guint64 clock;
};

static guint
row_hash (gconstpointer key)
{
  const SocketeerRow *row = key;
  return (guint) (row->row.record * 2654435761u) ^ (guint) (row->row.record >> 32) ^ row->row.begin;
}

static gboolean
row_equal (gconstpointer a, gconstpointer b)
{
  const SocketeerRow *x = a, *y = b;
  return x->row.record == y->row.record && x->row.begin == y->row.begin;
}

static void
row_free (gpointer data)
{
  SocketeerRow *row = data;

  skt_decoded_clear (&row->decoded);
  g_clear_pointer (&row->gutter, gsk_render_node_unref);
  g_clear_pointer (&row->content, gsk_render_node_unref);
  g_clear_pointer (&row->pieces, g_array_unref);
  g_free (row->words);
  g_free (row->bytes);
  g_free (row);
}

SocketeerRowCache *
socketeer_row_cache_new (SktJournal *journal)
{
  SocketeerRowCache *self = g_new0 (SocketeerRowCache, 1);
  self->journal = skt_journal_ref (journal);
  self->reader = skt_journal_reader_new (journal);
  self->rows = g_hash_table_new_full (row_hash, row_equal, row_free, NULL);
  self->retired = g_ptr_array_new_with_free_func (row_free);
  return self;
}

void
socketeer_row_cache_free (SocketeerRowCache *self)
{
  g_hash_table_unref (self->rows);
  g_ptr_array_unref (self->retired);
  skt_journal_reader_free (self->reader);
  skt_journal_unref (self->journal);
  g_free (self);
}

void
socketeer_row_cache_clear (SocketeerRowCache *self)
{
  g_hash_table_remove_all (self->rows);
}

void
socketeer_row_cache_set_style (SocketeerRowCache *self,
                               SktLayout *layout,
                               SocketeerGlyphs *glyphs,
                               const SocketeerPalette *palette)
{
  self->layout = layout;
  self->glyphs = glyphs;
  self->palette = *palette;
}

void
socketeer_row_cache_set_peers (SocketeerRowCache *self, guint peer_cells, SocketeerPeerFunc func, gpointer user_data)
{
  self->peer_cells = peer_cells;
  self->peer_func = func;
  self->peer_data = user_data;
}

guint
socketeer_row_cache_get_gutter_cells (SocketeerRowCache *self)
{
  return TIME_CELLS + 3 + (self->peer_cells > 0 ? self->peer_cells + 1 : 0);
}

/* -- Drawing ------------------------------------------------------------------------------------------------- */

static void
format_time (guint64 time_ns, char *buffer, gsize size)
{
  gint64 seconds = time_ns / 1000000000;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);

  if (time == NULL)
    g_strlcpy (buffer, "--:--:--.---", size);
  else
    g_snprintf (buffer, size, "%02d:%02d:%02d.%03u", g_date_time_get_hour (time), g_date_time_get_minute (time),
                g_date_time_get_second (time), (guint) (time_ns / 1000000 % 1000));
}

static void
draw_gutter (SocketeerRowCache *self, SocketeerRow *row)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  const SocketeerPalette *palette = &self->palette;
  char time[32];
  const char *mark = "•";
  const GdkRGBA *color = &palette->event;

  format_time (row->record.time_ns, time, sizeof time);
  socketeer_glyphs_append_simple (self->glyphs, snapshot, time, strlen (time), 0, &palette->dim);
  if (row->record.kind == SKT_RECORD_RECEIVED)
    mark = "←", color = &palette->received;
  else if (row->record.kind == SKT_RECORD_SENT)
    mark = "→", color = &palette->sent;
  socketeer_glyphs_append_words (self->glyphs, snapshot, mark, TIME_CELLS + 1, 1, color);
  if (row->row.continues)
    socketeer_glyphs_append_words (self->glyphs, snapshot, "…", TIME_CELLS + 2, 1, color);
  if (self->peer_cells > 0 && row->record.connection != 0 && self->peer_func != NULL)
    {
      g_autofree char *peer = self->peer_func (row->record.connection, self->peer_data);
      row->lacks_peer = peer == NULL;
      if (peer != NULL)
        socketeer_glyphs_append_words (self->glyphs, snapshot, peer, TIME_CELLS + 3, self->peer_cells, color);
    }
  row->gutter = gtk_snapshot_free_to_node (snapshot);
}

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

  if (span->kind != SKT_SPAN_TEXT)
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

static void
draw_run (SocketeerRowCache *self, SocketeerRow *row, GtkSnapshot *snapshot, const Run *run)
{
  const SktSpan *first = &g_array_index (row->decoded.spans, SktSpan, run->first);
  const SktSpan *last = &g_array_index (row->decoded.spans, SktSpan, run->end - 1);
  const char *text = row->decoded.text->str + first->text_offset;
  gsize length = last->text_offset + last->text_length - first->text_offset;
  guint cell = row->text_cell + run->cell;
  double advance = socketeer_glyphs_get_advance (self->glyphs);
  const GdkRGBA *color = get_span_color (self, run->kind);

  if (run->kind != SKT_SPAN_TEXT && run->n_cells > 0)
    gtk_snapshot_append_color (snapshot, &self->palette.box,
                               &GRAPHENE_RECT_INIT (cell * advance + 0.5, 1, run->n_cells * advance - 1,
                                                    socketeer_glyphs_get_row_height (self->glyphs) - 2));
  if (run->is_simple)
    {
      socketeer_glyphs_append_simple (self->glyphs, snapshot, text, length, cell, color);
      return;
    }

  g_autofree guint16 *cells = g_new0 (guint16, length + 1);
  guint n = 0;
  for (guint i = run->first; i < run->end; i++)
    {
      const SktSpan *span = &g_array_index (row->decoded.spans, SktSpan, i);
      for (guint j = 0; j < span->text_length; j++)
        cells[span->text_offset - first->text_offset + j] = n;
      n += span->cells;
    }
  cells[length] = n;
  socketeer_glyphs_append_text (self->glyphs, snapshot, text, length, cells, cell, color);
}

/* The spans that touch cells [from, to) of the column of characters. */
static void
draw_text (SocketeerRowCache *self, SocketeerRow *row, GtkSnapshot *snapshot, guint from, guint to)
{
  GArray *spans = row->decoded.spans;
  guint cell = 0;
  Run run = { 0 };

  for (guint i = 0; i < spans->len; i++)
    {
      const SktSpan *span = &g_array_index (spans, SktSpan, i);
      gboolean is_simple = span_is_simple (&row->decoded, i);
      /* A tab has more cells than glyphs: nothing can follow in its run. */
      gboolean is_odd = span->kind == SKT_SPAN_CONTROL && span->cells != span->text_length;

      if (cell >= to)
        break;
      if (cell + span->cells < from)
        {
          cell += span->cells;
          continue;
        }
      if (run.end > run.first && (run.kind != span->kind || run.is_simple != is_simple))
        {
          draw_run (self, row, snapshot, &run);
          run.end = run.first = 0;
        }
      if (run.end == run.first)
        run = (Run){ i, i, cell, 0, span->kind, is_simple };
      run.end = i + 1;
      run.n_cells += span->cells;
      cell += span->cells;
      if (is_odd)
        {
          draw_run (self, row, snapshot, &run);
          run.end = run.first = 0;
        }
    }
  if (run.end > run.first)
    draw_run (self, row, snapshot, &run);
}

static guint
hex_cell_of (const SocketeerRow *row, guint32 i)
{
  return row->hex_cell + i * 3 + i / 8;
}

static void
draw_hex (SocketeerRowCache *self, SocketeerRow *row, GtkSnapshot *snapshot)
{
  static const char digits[] = "0123456789abcdef";
  char buffer[128 * 4];
  guint64 offset = row->record.stream_offset + row->row.begin;
  int n = g_snprintf (buffer, sizeof buffer, "%0*" G_GINT64_MODIFIER "x", (int) row->hex_cell - 2, offset);
  gsize length = 0;

  socketeer_glyphs_append_simple (self->glyphs, snapshot, buffer, n, 0, &self->palette.dim);
  for (guint32 i = 0; i < row->row.length; i++)
    {
      gsize at = hex_cell_of (row, i) - row->hex_cell;

      memset (buffer + length, ' ', at - length);
      length = at;
      buffer[length] = digits[row->bytes[i] >> 4];
      buffer[length + 1] = digits[row->bytes[i] & 15];
      length += 2;
    }
  socketeer_glyphs_append_simple (self->glyphs, snapshot, buffer, length, row->hex_cell, &self->palette.text);
}

static void
draw_ascii (SocketeerRowCache *self, SocketeerRow *row, GtkSnapshot *snapshot)
{
  char printable[256] = "", other[256] = "";
  gboolean has_other = FALSE;

  for (guint32 i = 0; i < row->row.length; i++)
    {
      gboolean is_printable = row->bytes[i] >= 0x20 && row->bytes[i] < 0x7f;
      printable[i] = is_printable ? row->bytes[i] : ' ';
      other[i] = is_printable ? ' ' : '.';
      has_other = has_other || !is_printable;
    }
  socketeer_glyphs_append_simple (self->glyphs, snapshot, printable, row->row.length, row->text_cell,
                                  &self->palette.text);
  if (has_other)
    socketeer_glyphs_append_simple (self->glyphs, snapshot, other, row->row.length, row->text_cell,
                                    &self->palette.dim);
  socketeer_glyphs_append_simple (self->glyphs, snapshot, "|", 1, row->text_cell - 1, &self->palette.dim);
  socketeer_glyphs_append_simple (self->glyphs, snapshot, "|", 1, row->text_cell + row->row.length,
                                  &self->palette.dim);
}

/* Translators: behind the last bytes of a frame (message) of which more is expected */
#define UNFINISHED N_ ("partial frame")

static guint
count_cells (const char *words)
{
  guint n = 0;
  for (const char *p = words; *p != '\0'; p = g_utf8_next_char (p))
    n += g_unichar_iswide (g_utf8_get_char (p)) ? 2 : 1;
  return n;
}

static void
draw_unfinished (SocketeerRowCache *self, SocketeerRow *row, GtkSnapshot *snapshot)
{
  double advance = socketeer_glyphs_get_advance (self->glyphs);
  guint n = count_cells (_ (UNFINISHED));

  gtk_snapshot_append_color (snapshot, &self->palette.box,
                             &GRAPHENE_RECT_INIT ((row->unfinished_cell - 0.5) * advance, 1, (n + 1) * advance,
                                                  socketeer_glyphs_get_row_height (self->glyphs) - 2));
  socketeer_glyphs_append_words (self->glyphs, snapshot, _ (UNFINISHED), row->unfinished_cell, n, &self->palette.dim);
}

static void
draw_content (SocketeerRowCache *self, SocketeerRow *row, guint from, guint to)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  SktView view = skt_layout_get_view (self->layout);

  g_clear_pointer (&row->content, gsk_render_node_unref);
  row->from_cell = from;
  row->to_cell = to;
  if (row->words != NULL)
    {
      socketeer_glyphs_append_words (self->glyphs, snapshot, row->words, 0, G_MAXUINT16, &self->palette.event);
      row->to_cell = G_MAXUINT;
      row->from_cell = 0;
    }
  else
    {
      if (view != SKT_VIEW_TEXT)
        draw_hex (self, row, snapshot);
      if (view == SKT_VIEW_HEX)
        draw_ascii (self, row, snapshot);
      else
        draw_text (self, row, snapshot, from > row->text_cell ? from - row->text_cell : 0,
                   to > row->text_cell ? to - row->text_cell : 0);
    }
  if (row->row.is_unfinished)
    draw_unfinished (self, row, snapshot);
  row->content = gtk_snapshot_free_to_node (snapshot);
}

/* -- Making rows --------------------------------------------------------------------------------------------- */

static void
load_event (SocketeerRowCache *self, SocketeerRow *row)
{
  g_autofree char *detail = NULL;
  gsize length = MIN (row->record.length, 4096);

  detail = g_malloc (length + 1);
  length = skt_journal_read_payload (self->journal, row->record.offset, (guint8 *) detail, length);
  row->words = skt_record_to_text (&row->record, detail, length);
  row->n_cells = count_cells (row->words);
}

static void
load_data (SocketeerRowCache *self, SocketeerRow *row)
{
  SktView view = skt_layout_get_view (self->layout);
  guint per_row = skt_layout_get_bytes_per_row (self->layout);
  guint64 last = row->record.stream_offset + row->record.length;
  gsize got;

  row->bytes = g_malloc (row->row.length + 1);
  row->pieces = skt_row_list_pieces (&row->row, self->reader, self->layout);
  got = skt_row_read (&row->row, self->journal, self->reader, self->layout, row->bytes);
  if (got < row->row.length)
    row->row.length = got;

  if (view != SKT_VIEW_TEXT)
    {
      row->hex_cell = MIN_OFFSET_DIGITS + 2;
      while (row->hex_cell < 18 && last >> (4 * (row->hex_cell - 2)) != 0)
        row->hex_cell += 2;
      row->text_cell = row->hex_cell + per_row * 3 + (per_row - 1) / 8 + 2;
    }
  if (view == SKT_VIEW_HEX)
    {
      row->n_cells = row->text_cell + per_row + 1;
      return;
    }
  skt_decode_row (skt_layout_get_encoding (self->layout), &row->row.carry, row->bytes, row->row.length,
                  row->row.ends_piece, &row->decoded);
  row->n_cells = row->text_cell + row->decoded.n_cells;
}

static SocketeerRow *
make_row (SocketeerRowCache *self, const SktRow *skt_row)
{
  SocketeerRow *row = g_new0 (SocketeerRow, 1);

  row->row = *skt_row;
  row->asked_length = skt_row->length;
  skt_decoded_init (&row->decoded);
  if (!skt_journal_reader_get_record (self->reader, skt_row->record, &row->record))
    row->record.kind = SKT_RECORD_NOTE;
  if (skt_record_is_data (&row->record))
    load_data (self, row);
  else
    load_event (self, row);
  if (row->row.is_unfinished)
    {
      row->unfinished_cell = row->n_cells + 2;
      row->n_cells = row->unfinished_cell + count_cells (_ (UNFINISHED)) + 1;
    }
  if (row->row.is_first)
    draw_gutter (self, row);
  return row;
}

static gboolean
has_same_flags (const SktRow *a, const SktRow *b)
{
  return a->is_first == b->is_first && a->ends_piece == b->ends_piece && a->continues == b->continues &&
         a->is_unfinished == b->is_unfinished && a->is_last == b->is_last;
}

SocketeerRow *
socketeer_row_cache_get (SocketeerRowCache *self, const SktRow *skt_row, guint from_cell, guint to_cell)
{
  SocketeerRow key = { .row = *skt_row };
  SocketeerRow *row = g_hash_table_lookup (self->rows, &key);

  /* An open row becomes longer; while the index is behind, rows are guessed to end or to begin otherwise. */
  if (row != NULL && (row->asked_length != skt_row->length || !has_same_flags (&row->row, skt_row) ||
                      memcmp (&row->row.carry, &skt_row->carry, sizeof (SktCarry)) != 0))
    {
      g_hash_table_steal (self->rows, row);
      g_ptr_array_add (self->retired, row);
      row = NULL;
    }
  if (row == NULL)
    {
      row = make_row (self, skt_row);
      g_hash_table_add (self->rows, row);
      draw_content (self, row, from_cell, to_cell);
    }
  /* The journal may be ahead of what is known of its connections. */
  if (row->lacks_peer)
    {
      g_clear_pointer (&row->gutter, gsk_render_node_unref);
      draw_gutter (self, row);
    }
  if (from_cell < to_cell && (from_cell < row->from_cell || MIN (to_cell, row->n_cells) > row->to_cell))
    draw_content (self, row, from_cell, to_cell);
  row->used = self->clock;
  return row;
}

void
socketeer_row_cache_trim (SocketeerRowCache *self)
{
  GHashTableIter iter;
  gpointer key;

  self->clock++;
  g_ptr_array_set_size (self->retired, 0);
  if (g_hash_table_size (self->rows) <= MAX_ROWS)
    return;
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (((SocketeerRow *) key)->used + 1 < self->clock)
      g_hash_table_iter_remove (&iter);
}

/* -- Places -------------------------------------------------------------------------------------------------- */

SktPosition
socketeer_row_get_position (const SocketeerRow *self, guint32 i)
{
  if (self->pieces == NULL)
    return (SktPosition){ self->row.record, self->row.begin };
  return skt_row_get_position (&self->row, self->pieces, i);
}

guint32
socketeer_row_find_position (const SocketeerRow *self, SktPosition position)
{
  return self->pieces != NULL ? skt_row_find_position (&self->row, self->pieces, position) : 0;
}

/* The span that holds byte i, and the cell where it begins. */
static const SktSpan *
find_span (const SocketeerRow *self, guint32 i, guint *ret_cell)
{
  guint cell = 0;

  for (guint k = 0; k < self->decoded.spans->len; k++)
    {
      const SktSpan *span = &g_array_index (self->decoded.spans, SktSpan, k);
      if (i >= span->offset && i < span->offset + span->length)
        {
          *ret_cell = cell;
          return span;
        }
      cell += span->cells;
    }
  return NULL;
}

gboolean
socketeer_row_get_byte_cells (const SocketeerRow *self,
                              SktLayout *layout,
                              guint32 i,
                              gboolean in_hex,
                              guint *ret_cell,
                              guint *ret_n_cells)
{
  SktView view = skt_layout_get_view (layout);
  const SktSpan *span;
  guint cell;

  if (self->bytes == NULL || i >= self->row.length || (in_hex && view == SKT_VIEW_TEXT))
    return FALSE;
  if (in_hex)
    {
      *ret_cell = hex_cell_of (self, i);
      *ret_n_cells = 2;
      return TRUE;
    }
  if (view == SKT_VIEW_HEX)
    {
      *ret_cell = self->text_cell + i;
      *ret_n_cells = 1;
      return TRUE;
    }
  span = find_span (self, i, &cell);
  if (span == NULL)
    return FALSE;
  *ret_cell = self->text_cell + cell;
  *ret_n_cells = span->cells;
  return TRUE;
}

static guint32
find_byte_in_text (const SocketeerRow *self, double cell)
{
  guint at = 0;

  for (guint k = 0; k < self->decoded.spans->len; k++)
    {
      const SktSpan *span = &g_array_index (self->decoded.spans, SktSpan, k);
      if (cell < at + span->cells / 2.0 && span->cells > 0)
        return span->offset;
      at += span->cells;
    }
  return self->row.length;
}

guint32
socketeer_row_find_byte (const SocketeerRow *self, SktLayout *layout, double cell, gboolean *ret_in_hex)
{
  SktView view = skt_layout_get_view (layout);
  gboolean in_hex = view != SKT_VIEW_TEXT && cell < self->text_cell - 1.5;
  guint32 i;

  if (ret_in_hex != NULL)
    *ret_in_hex = in_hex;
  if (self->bytes == NULL)
    return 0;
  if (in_hex)
    {
      for (i = 0; i < self->row.length && cell >= hex_cell_of (self, i) + 1; i++)
        ;
      return i;
    }
  if (view == SKT_VIEW_HEX)
    return CLAMP (cell - self->text_cell + 0.5, 0, self->row.length);
  return find_byte_in_text (self, cell - self->text_cell);
}

guint32
socketeer_row_step (const SocketeerRow *self, SktLayout *layout, guint32 i, gboolean forward)
{
  guint cell;
  const SktSpan *span;

  if (!forward && i == 0)
    return 0;
  if (forward && i >= self->row.length)
    return self->row.length;
  if (skt_layout_get_view (layout) == SKT_VIEW_HEX)
    return forward ? i + 1 : i - 1;
  span = find_span (self, forward ? i : i - 1, &cell);
  if (span == NULL)
    return forward ? i + 1 : i - 1;
  return forward ? span->offset + span->length : span->offset;
}

char *
socketeer_row_to_label (const SocketeerRow *self, SktLayout *layout, const char *peer)
{
  g_autoptr (GString) content = g_string_new (NULL);
  guint32 length = self->record.length;
  char time[32];

  if (self->words != NULL)
    {
      format_time (self->record.time_ns, time, sizeof time);
      return g_strdup_printf ("%s %s", time, self->words);
    }
  if (skt_layout_get_view (layout) != SKT_VIEW_TEXT)
    skt_hex_append (content, self->bytes, self->row.length);
  if (skt_layout_get_view (layout) == SKT_VIEW_BOTH)
    g_string_append (content, "  ");
  if (skt_layout_has_text (layout))
    g_string_append (content, self->decoded.text->str);
  if (self->row.is_unfinished)
    g_string_append_printf (content, " (%s)", _ (UNFINISHED));
  if (!self->row.is_first)
    return g_string_free (g_steal_pointer (&content), FALSE);

  format_time (self->record.time_ns, time, sizeof time);
  if (peer == NULL)
    peer = "?";
  if (skt_layout_get_mode (layout) != SKT_MODE_READS)
    length = self->row.length;
  if (self->record.kind == SKT_RECORD_RECEIVED)
    /* Translators: a row as a screen reader says it: time, peer, number of bytes, the bytes. */
    return g_strdup_printf (ngettext ("%s received from %s, %u byte: %s", "%s received from %s, %u bytes: %s",
                                      length),
                            time, peer, length, content->str);
  /* Translators: a row as a screen reader says it: time, peer, number of bytes, the bytes. */
  return g_strdup_printf (ngettext ("%s sent to %s, %u byte: %s", "%s sent to %s, %u bytes: %s", length),
                          time, peer, length, content->str);
}
