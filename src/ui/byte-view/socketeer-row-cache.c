/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-row-cache-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "skt-hex.h"
#include "skt-record-text.h"

#define MAX_ROWS 384
#define MAX_SPARE 256
#define BUFFER_SIZE (SKT_TEXT_ROW_BYTES + 16)
#define MIN_OFFSET_DIGITS 8
/* Cells drawn left and right of what one sees when it has scrolled sideways, so that not each step draws anew. */
#define CELL_MARGIN 40

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
  g_free (row->buffer);
  g_free (row);
}

/* A row that is no longer needed lends its memory to the next one. */
static void
give_back (SocketeerRowCache *self, SocketeerRow *row)
{
  SktDecoded decoded = row->decoded;
  guint8 *buffer = row->buffer;

  if (self->spare->len >= MAX_SPARE)
    {
      row_free (row);
      return;
    }
  g_clear_pointer (&row->gutter, gsk_render_node_unref);
  g_clear_pointer (&row->content, gsk_render_node_unref);
  g_clear_pointer (&row->pieces, g_array_unref);
  g_free (row->words);
  *row = (SocketeerRow){ .decoded = decoded, .buffer = buffer };
  g_ptr_array_add (self->spare, row);
}

static SocketeerRow *
take_spare (SocketeerRowCache *self)
{
  SocketeerRow *row;

  if (self->spare->len > 0)
    return g_ptr_array_steal_index_fast (self->spare, self->spare->len - 1);
  row = g_new0 (SocketeerRow, 1);
  skt_decoded_init (&row->decoded);
  row->buffer = g_malloc (BUFFER_SIZE);
  return row;
}

SocketeerRowCache *
socketeer_row_cache_new (SktJournal *journal)
{
  SocketeerRowCache *self = g_new0 (SocketeerRowCache, 1);
  self->journal = skt_journal_ref (journal);
  self->reader = skt_journal_reader_new (journal);
  self->rows = g_hash_table_new_full (row_hash, row_equal, NULL, NULL);
  self->retired = g_ptr_array_new_with_free_func (row_free);
  self->spare = g_ptr_array_new_with_free_func (row_free);
  self->painter = socketeer_painter_new ();
  return self;
}

void
socketeer_row_cache_free (SocketeerRowCache *self)
{
  socketeer_row_cache_clear (self);
  g_hash_table_unref (self->rows);
  g_ptr_array_unref (self->retired);
  g_ptr_array_unref (self->spare);
  socketeer_painter_free (self->painter);
  skt_journal_reader_free (self->reader);
  skt_journal_unref (self->journal);
  g_free (self);
}

void
socketeer_row_cache_clear (SocketeerRowCache *self)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    {
      g_hash_table_iter_steal (&iter);
      give_back (self, row);
    }
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

void
socketeer_row_cache_set_time_column (SocketeerRowCache *self, SocketeerTimeColumn column, guint64 since_ns)
{
  self->time_column = column;
  self->since_ns = since_ns;
}

void
socketeer_row_cache_set_columns (SocketeerRowCache *self, const SocketeerColumns *columns)
{
  self->columns = *columns;
}

void
socketeer_row_cache_set_previous (SocketeerRowCache *self, const SktRow *previous)
{
  self->has_previous = previous != NULL;
  if (previous != NULL)
    self->previous = *previous;
}

/* -- Making rows --------------------------------------------------------------------------------------------- */

const char *
_socketeer_row_get_tag (const SocketeerRow *row)
{
  /* Translators: behind the last bytes of a frame (message) of which more is expected */
  if (row->row.is_unfinished)
    return _ ("partial frame");
  /* Translators: behind a byte that was sent or received as urgent data (URG flag, MSG_OOB) */
  if (row->row.is_first && skt_record_is_data (&row->record) && (row->record.flags & SKT_RECORD_FLAG_URGENT) != 0)
    return _ ("urgent");
  return NULL;
}

guint
_socketeer_row_count_cells (const char *words)
{
  guint n = 0;
  for (const char *p = words; *p != '\0'; p = g_utf8_next_char (p))
    n += g_unichar_iswide (g_utf8_get_char (p)) ? 2 : 1;
  return n;
}

static void
load_event (SocketeerRowCache *self, SocketeerRow *row)
{
  g_autofree char *detail = NULL;
  gsize length = MIN (row->record.length, 4096);

  detail = g_malloc (length + 1);
  length = skt_journal_read_payload (self->journal, row->record.offset, (guint8 *) detail, length);
  row->words = skt_record_to_text (&row->record, detail, length);
  row->n_cells = _socketeer_row_count_cells (row->words);
}

static void
load_data (SocketeerRowCache *self, SocketeerRow *row)
{
  SktView view = skt_layout_get_view (self->layout);
  guint per_row = skt_layout_get_bytes_per_row (self->layout);
  guint64 last = row->record.stream_offset + row->record.length;
  gsize got;

  if (row->row.length > BUFFER_SIZE)
    row->buffer = g_realloc (row->buffer, row->row.length);
  row->bytes = row->buffer;
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
  SocketeerRow *row = take_spare (self);
  const char *tag;

  row->row = *skt_row;
  row->asked_length = skt_row->length;
  if (!skt_journal_reader_get_record (self->reader, skt_row->record, &row->record))
    row->record.kind = SKT_RECORD_NOTE;
  if (skt_record_is_data (&row->record))
    load_data (self, row);
  else
    load_event (self, row);
  tag = _socketeer_row_get_tag (row);
  if (tag != NULL)
    {
      row->tag_cell = row->n_cells + 2;
      row->n_cells = row->tag_cell + _socketeer_row_count_cells (tag) + 1;
    }
  return row;
}

/* What is not drawn yet, or not well enough. */
static void
draw (SocketeerRowCache *self, SocketeerRow *row, guint from_cell, guint to_cell)
{
  /* The journal may be ahead of what is known of its connections. */
  if ((row->row.is_first || _socketeer_row_has_offset (self)) && (row->gutter == NULL || row->lacks_peer || row->gutter_is_pending))
    _socketeer_row_draw_gutter (self, row);
  if (!row->is_drawn || row->is_pending)
    _socketeer_row_draw_content (self, row, from_cell, to_cell);
  else if (from_cell < row->from_cell || MIN (to_cell, row->n_cells) > row->to_cell)
    _socketeer_row_draw_content (self, row, from_cell > CELL_MARGIN ? from_cell - CELL_MARGIN : 0,
                                 to_cell + CELL_MARGIN);
  socketeer_row_cache_set_previous (self, &row->row);
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
    }
  if (from_cell < to_cell)
    draw (self, row, from_cell, to_cell);
  row->used = self->clock;
  return row;
}

void
socketeer_row_cache_trim (SocketeerRowCache *self)
{
  GHashTableIter iter;
  gpointer key;

  self->clock++;
  while (self->retired->len > 0)
    give_back (self, g_ptr_array_steal_index_fast (self->retired, self->retired->len - 1));
  if (g_hash_table_size (self->rows) <= MAX_ROWS)
    return;
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (((SocketeerRow *) key)->used + 1 < self->clock)
      {
        g_hash_table_iter_steal (&iter);
        give_back (self, key);
      }
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
      *ret_cell = _socketeer_row_get_hex_cell (self, i);
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
      for (i = 0; i < self->row.length && cell >= _socketeer_row_get_hex_cell (self, i) + 1; i++)
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
  char clock[32];
  const char *time = clock;

  _socketeer_row_format_time (self->record.time_ns, clock, sizeof clock);
  if (self->time[0] != '\0')
    time = self->time;
  if (self->words != NULL)
    {
      return g_strdup_printf ("%s %s", time, self->words);
    }
  if (skt_layout_get_view (layout) != SKT_VIEW_TEXT)
    skt_hex_append (content, self->bytes, self->row.length);
  if (skt_layout_get_view (layout) == SKT_VIEW_BOTH)
    g_string_append (content, "  ");
  if (skt_layout_has_text (layout))
    g_string_append (content, self->decoded.text->str);
  if (_socketeer_row_get_tag (self) != NULL)
    g_string_append_printf (content, " (%s)", _socketeer_row_get_tag (self));
  if (!self->row.is_first)
    return g_string_free (g_steal_pointer (&content), FALSE);

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
