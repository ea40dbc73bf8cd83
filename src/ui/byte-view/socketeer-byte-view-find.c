/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-byte-view-private.h"

#include <math.h>
#include <string.h>

/* Hits that touch are drawn as one where a row has more than this many. */
#define MAX_HITS_IN_ROW 64
/* The hit that is gone to stands this far down the view, of 1. */
#define PLACE_OF_HIT 0.33

/* -- Where hits are on the screen ----------------------------------------------------------------------------- */

static gboolean
can_join (SocketeerByteView *self, const SocketeerHighlight *a, const SocketeerHighlight *b)
{
  return a->row == b->row && a->cell + a->n_cells == b->cell && a->hit != self->hit.offset
         && b->hit != self->hit.offset;
}

static void
append_highlight (SocketeerByteView *self, guint row, guint cell, guint n_cells, guint64 hit, gboolean is_dense)
{
  SocketeerHighlight highlight = { row, cell, MAX (n_cells, 1), hit };
  SocketeerHighlight *last = self->highlights->len > 0
                        ? &g_array_index (self->highlights, SocketeerHighlight, self->highlights->len - 1)
                        : NULL;

  if (is_dense && last != NULL && can_join (self, last, &highlight))
    last->n_cells += highlight.n_cells;
  else
    g_array_append_val (self->highlights, highlight);
}

/* The cells of the character that a byte belongs to: [from, to). */
typedef struct
{
  guint from;
  guint to;
} Cells;

static Cells *
list_text_cells (const SocketeerRow *row)
{
  Cells *cells = g_new0 (Cells, row->row.length);
  guint cell = row->text_cell;

  for (guint i = 0; i < row->decoded.spans->len; i++)
    {
      const SktSpan *span = &g_array_index (row->decoded.spans, SktSpan, i);

      for (guint32 k = span->offset; k < MIN (row->row.length, span->offset + span->length); k++)
        cells[k] = (Cells) { cell, cell + span->cells };
      cell += span->cells;
    }
  return cells;
}

/* Bytes [first, last) of a row: in the column of characters, and in that of bytes if there is one. */
static void
highlight_bytes (SocketeerByteView *self,
                 guint i,
                 guint32 first,
                 guint32 last,
                 const Cells *text_cells,
                 guint64 hit,
                 gboolean is_dense)
{
  const SocketeerRow *row = g_ptr_array_index (self->rows, i);
  guint from, to, n;

  if (text_cells != NULL)
    append_highlight (self, i, text_cells[first].from, text_cells[last - 1].to - text_cells[first].from, hit, is_dense);
  else if (socketeer_row_get_byte_cells (row, self->layout, first, FALSE, &from, &n)
           && socketeer_row_get_byte_cells (row, self->layout, last - 1, FALSE, &to, &n))
    append_highlight (self, i, from, to + n - from, hit, is_dense);
  if (socketeer_row_get_byte_cells (row, self->layout, first, TRUE, &from, &n)
      && socketeer_row_get_byte_cells (row, self->layout, last - 1, TRUE, &to, &n))
    append_highlight (self, i, from, to + n - from, hit, FALSE);
}

/* Pieces [first, last) may be in the row. */
static void
highlight_row (SocketeerByteView *self, guint i, guint first, guint last)
{
  const SocketeerRow *row = g_ptr_array_index (self->rows, i);
  g_autofree Cells *text_cells = NULL;

  if (skt_layout_has_text (self->layout))
    text_cells = list_text_cells (row);
  for (guint k = first; k < last; k++)
    {
      const SktHitPiece *piece = &g_array_index (self->pieces, SktHitPiece, k);
      guint32 from = socketeer_row_find_position (row, (SktPosition) { piece->record, piece->begin });
      guint32 to = socketeer_row_find_position (row, (SktPosition) { piece->record, piece->begin + piece->length });

      if (from < to)
        highlight_bytes (self, i, from, to, text_cells, piece->hit, last - first > MAX_HITS_IN_ROW);
    }
}

static int
compare_pieces (const void *a, const void *b)
{
  const SktHitPiece *x = a;
  const SktHitPiece *y = b;

  return skt_position_compare (&(SktPosition) { x->record, x->begin }, &(SktPosition) { y->record, y->begin });
}

static gboolean
is_before_row (const SktHitPiece *piece, const SktRow *row)
{
  SktPosition end = { piece->record, piece->begin + piece->length };
  SktPosition begin = { row->record, row->begin };

  return skt_position_compare (&end, &begin) <= 0;
}

static gboolean
is_after_row (const SktHitPiece *piece, const SktRow *row)
{
  SktPosition begin = { piece->record, piece->begin };

  return skt_position_compare (&begin, &row->end) >= 0;
}

static void
highlight_rows (SocketeerByteView *self)
{
  guint first = 0;

  for (guint i = 0; i < self->rows->len; i++)
    {
      const SocketeerRow *row = g_ptr_array_index (self->rows, i);
      guint last;

      if (row->bytes == NULL || row->row.length == 0)
        continue;
      while (first < self->pieces->len && is_before_row (&g_array_index (self->pieces, SktHitPiece, first), &row->row))
        first++;
      last = first;
      while (last < self->pieces->len && !is_after_row (&g_array_index (self->pieces, SktHitPiece, last), &row->row))
        last++;
      if (first < last)
        highlight_row (self, i, first, last);
    }
}

void
_socketeer_byte_view_find_load (SocketeerByteView *self)
{
  const SocketeerRow *first, *last;

  if (self->search == NULL || self->source == NULL)
    return;
  g_array_set_size (self->highlights, 0);
  if (self->rows->len == 0)
    return;
  first = g_ptr_array_index (self->rows, 0);
  last = g_ptr_array_index (self->rows, self->rows->len - 1);
  skt_search_get_pieces (self->search, (SktPosition) { first->row.record, first->row.begin }, last->row.end,
                         self->pieces);
  g_array_sort (self->pieces, compare_pieces);
  highlight_rows (self);
}

/* -- Drawing -------------------------------------------------------------------------------------------------- */

/* The first of the row's highlights. */
static guint
find_highlight (SocketeerByteView *self, guint row)
{
  guint low = 0, high = self->highlights->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->highlights, SocketeerHighlight, middle).row < row)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
draw_outline (GtkSnapshot *snapshot, const graphene_rect_t *rect, float width, const GdkRGBA *color)
{
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, rect, 2);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]) { width, width, width, width },
                              (GdkRGBA[4]) { *color, *color, *color, *color });
}

static graphene_rect_t
get_rect (SocketeerByteView *self, const SocketeerHighlight *highlight, double x, double y)
{
  double advance = socketeer_glyphs_get_advance (self->glyphs);
  double left = floor (x + highlight->cell * advance);

  return GRAPHENE_RECT_INIT (left, y, ceil (x + (highlight->cell + highlight->n_cells) * advance) - left,
                             socketeer_glyphs_get_row_height (self->glyphs));
}

void
_socketeer_byte_view_find_draw (SocketeerByteView *self, GtkSnapshot *snapshot, guint row, double x, double y)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  gboolean is_at_hit = self->has_hit && socketeer_byte_view_is_at_hit (self, &self->hit);

  if (self->search == NULL)
    return;
  for (guint i = find_highlight (self, row); i < self->highlights->len; i++)
    {
      const SocketeerHighlight *highlight = &g_array_index (self->highlights, SocketeerHighlight, i);
      graphene_rect_t rect = get_rect (self, highlight, x, y);

      if (highlight->row != row)
        break;
      if (rect.origin.x >= width || rect.origin.x + rect.size.width <= 0)
        continue;
      if (is_at_hit && highlight->hit == self->hit.offset)
        continue;
      gtk_snapshot_append_color (snapshot, &self->palette.hit, &rect);
      draw_outline (snapshot, &rect, 1, &self->palette.hit_line);
    }
}

void
_socketeer_byte_view_find_draw_current (SocketeerByteView *self,
                                        GtkSnapshot *snapshot,
                                        guint row,
                                        double x,
                                        double y)
{
  if (self->search == NULL || !self->has_hit || !socketeer_byte_view_is_at_hit (self, &self->hit))
    return;
  for (guint i = find_highlight (self, row); i < self->highlights->len; i++)
    {
      const SocketeerHighlight *highlight = &g_array_index (self->highlights, SocketeerHighlight, i);
      graphene_rect_t rect = get_rect (self, highlight, x, y);

      if (highlight->row != row)
        break;
      if (highlight->hit == self->hit.offset)
        draw_outline (snapshot, &rect, 2, &self->palette.text);
    }
}

/* -- Going there ---------------------------------------------------------------------------------------------- */

gboolean
socketeer_byte_view_is_at_hit (SocketeerByteView *self, const SktHit *hit)
{
  SktPosition from, to;

  g_return_val_if_fail (SOCKETEER_IS_BYTE_VIEW (self) && hit != NULL, FALSE);

  return socketeer_byte_view_get_selection (self, &from, &to) && skt_position_compare (&from, &hit->from) == 0
         && skt_position_compare (&to, &hit->to) == 0;
}

static gboolean
holds (const SktRow *row, SktPosition position)
{
  SktPosition begin = { row->record, row->begin };

  return skt_position_compare (&begin, &position) <= 0 && !skt_row_is_before (row, position);
}

/* Whether the row of the position is wholly in sight. */
static gboolean
is_in_sight (SocketeerByteView *self, SktPosition position)
{
  int row_height = socketeer_glyphs_get_row_height (self->glyphs);
  int height = gtk_widget_get_height (GTK_WIDGET (self));

  for (guint i = 0; i < self->rows->len; i++)
    {
      const SocketeerRow *row = g_ptr_array_index (self->rows, i);
      double y = self->first_y + (double) i * row_height;

      if (holds (&row->row, position))
        return y >= 0 && y + row_height <= height;
    }
  return FALSE;
}

/* The rows stay where they are, whatever arrives. */
static void
stop_following (SocketeerByteView *self)
{
  if (self->following && self->rows->len > 0)
    {
      const SocketeerRow *first = g_ptr_array_index (self->rows, 0);

      self->top = (SktPosition) { first->row.record, first->row.begin };
      self->top_offset = -self->first_y;
    }
  socketeer_byte_view_set_following (self, FALSE);
}

/* By rows, as row numbers may not be known yet. */
static void
bring_into_sight (SocketeerByteView *self, SktPosition position)
{
  int row_height = socketeer_glyphs_get_row_height (self->glyphs);
  guint wanted = MAX (1, gtk_widget_get_height (GTK_WIDGET (self)) * PLACE_OF_HIT / row_height);
  g_autofree SktRow *rows = g_new (SktRow, wanted);
  guint n = skt_row_source_get_rows_before (self->source, position, wanted, rows);
  SktRow row;

  if (n > 0)
    self->top = (SktPosition) { rows[0].record, rows[0].begin };
  else if (skt_row_source_get_rows (self->source, position, 1, &row) == 1)
    self->top = (SktPosition) { row.record, row.begin };
  self->top_offset = 0;
}

/* Sideways, if the hit begins and ends in one row. */
static void
bring_cells_into_sight (SocketeerByteView *self, const SktHit *hit)
{
  double advance = socketeer_glyphs_get_advance (self->glyphs);
  double gutter = _socketeer_byte_view_get_gutter_width (self) + 2 * SOCKETEER_BYTE_VIEW_PAD;
  gboolean is_two = skt_layout_get_view (self->layout) != SKT_VIEW_TEXT;
  guint from = 0, to = 0, n = 0;
  const SocketeerRow *row;
  guint32 first, last;
  SktRow skt_row;

  if (self->hadjustment == NULL || skt_row_source_get_rows (self->source, hit->from, 1, &skt_row) != 1)
    return;
  row = socketeer_row_cache_get (self->cache, &skt_row, 0, 0);
  if (row->bytes == NULL || row->row.length == 0)
    return;
  first = MIN (socketeer_row_find_position (row, hit->from), row->row.length - 1);
  last = MAX (socketeer_row_find_position (row, hit->to), first + 1) - 1;
  /* Of two columns the first will do. */
  if (!socketeer_row_get_byte_cells (row, self->layout, first, is_two, &from, &n)
      || !socketeer_row_get_byte_cells (row, self->layout, last, is_two, &to, &n))
    return;
  /* A row that the view has not seen yet may be wider than all before. */
  self->max_cells = MAX (self->max_cells, row->n_cells);
  if (gtk_adjustment_get_upper (self->hadjustment) < gutter + self->max_cells * advance)
    gtk_adjustment_set_upper (self->hadjustment, gutter + self->max_cells * advance);
  gtk_adjustment_clamp_page (self->hadjustment, from > 4 ? (from - 4) * advance : 0, gutter + (to + n + 4) * advance);
}

void
socketeer_byte_view_set_hit (SocketeerByteView *self, const SktHit *hit)
{
  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self) && hit != NULL);

  self->hit = *hit;
  self->has_hit = TRUE;
  _socketeer_byte_view_queue_update (self);
}

void
socketeer_byte_view_show_hit (SocketeerByteView *self, const SktHit *hit)
{
  SktRow row;

  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self) && hit != NULL);

  if (self->source == NULL || self->glyphs == NULL)
    return;
  /* Found in what a view that is held still does not show. */
  if (self->paused && (skt_row_source_get_rows (self->source, hit->from, 1, &row) == 0 || !holds (&row, hit->from)))
    socketeer_byte_view_set_paused (self, FALSE);

  socketeer_byte_view_set_hit (self, hit);
  self->goal_cell = -1;
  socketeer_byte_view_select (self, hit->to, hit->from);
  stop_following (self);
  if (!is_in_sight (self, hit->from))
    bring_into_sight (self, hit->from);
  bring_cells_into_sight (self, hit);
  _socketeer_byte_view_queue_update (self);
}

SktPosition
socketeer_byte_view_get_place (SocketeerByteView *self)
{
  g_return_val_if_fail (SOCKETEER_IS_BYTE_VIEW (self), ((SktPosition) { 0, 0 }));

  if (!self->cursor_is_lost)
    return skt_position_compare (&self->anchor, &self->cursor) < 0 ? self->anchor : self->cursor;
  if (self->rows->len > 0)
    {
      const SocketeerRow *first = g_ptr_array_index (self->rows, 0);

      return (SktPosition) { first->row.record, first->row.begin };
    }
  return self->top;
}

gboolean
socketeer_byte_view_sample (SocketeerByteView *self, SktPosition *positions, guint n)
{
  guint64 n_rows;

  g_return_val_if_fail (SOCKETEER_IS_BYTE_VIEW (self) && positions != NULL, FALSE);

  if (self->source == NULL || self->vadjustment == NULL
      || gtk_adjustment_get_upper (self->vadjustment) <= gtk_adjustment_get_page_size (self->vadjustment) + 0.5)
    return FALSE;
  n_rows = skt_row_source_get_n_rows (self->source);
  for (guint i = 0; i < n; i++)
    positions[i] = skt_row_source_from_row_number (self->source, n_rows / n * i + n_rows % n * i / n);
  positions[n] = (SktPosition) { G_MAXUINT64, 0 };
  return TRUE;
}

/* -- The search ------------------------------------------------------------------------------------------------ */

static void
changed_cb (SktSearch *search, gpointer user_data)
{
  _socketeer_byte_view_queue_update (user_data);
}

void
socketeer_byte_view_set_search (SocketeerByteView *self, SktSearch *search)
{
  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));

  if (self->search == search)
    return;
  if (self->search != NULL)
    g_signal_handlers_disconnect_by_data (self->search, self);
  g_set_object (&self->search, search);
  self->has_hit = FALSE;
  if (self->pieces == NULL)
    {
      self->pieces = g_array_new (FALSE, FALSE, sizeof (SktHitPiece));
      self->highlights = g_array_new (FALSE, FALSE, sizeof (SocketeerHighlight));
    }
  g_array_set_size (self->highlights, 0);
  if (search != NULL)
    g_signal_connect (search, "changed", G_CALLBACK (changed_cb), self);
  _socketeer_byte_view_queue_update (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
_socketeer_byte_view_find_dispose (SocketeerByteView *self)
{
  if (self->search != NULL)
    g_signal_handlers_disconnect_by_data (self->search, self);
  g_clear_object (&self->search);
  g_clear_pointer (&self->pieces, g_array_unref);
  g_clear_pointer (&self->highlights, g_array_unref);
}
