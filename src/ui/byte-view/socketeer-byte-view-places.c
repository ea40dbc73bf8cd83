/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-byte-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "skt-hex.h"
#include "skt-record-text.h"
#include "skt-time-text.h"
#include "socketeer-painter.h"

/* -- The byte at a place -------------------------------------------------------------------------------------- */

SktPosition
socketeer_byte_view_get_here (SocketeerByteView *self)
{
  g_return_val_if_fail (SOCKETEER_IS_BYTE_VIEW (self), ((SktPosition){ 0, 0 }));
  return self->here;
}

void
_socketeer_byte_view_set_here (SocketeerByteView *self, const SktPosition *here)
{
  self->here = here != NULL ? *here : self->cursor;
}

static gboolean
covers (SocketeerByteView *self, const SocketeerRow *row, guint32 i, gboolean in_hex, double cell, guint *ret_cell, guint *ret_n)
{
  return socketeer_row_get_byte_cells (row, self->layout, i, in_hex, ret_cell, ret_n) && cell >= *ret_cell &&
         cell < *ret_cell + *ret_n;
}

gboolean
_socketeer_byte_view_find_byte_at (SocketeerByteView *self, double x, double y, SktPosition *ret_position, GdkRectangle *ret_area)
{
  const SocketeerRow *row;
  double content_x, advance, cell;
  int row_height, i;
  gboolean in_hex = FALSE;
  guint first = 0, n = 0;
  guint32 byte = 0;

  if (self->glyphs == NULL || self->rows->len == 0)
    return FALSE;
  row_height = socketeer_glyphs_get_row_height (self->glyphs);
  advance = socketeer_glyphs_get_advance (self->glyphs);
  content_x = _socketeer_byte_view_get_content_x (self);
  cell = (x - content_x) / advance;
  i = floor ((y - self->first_y) / row_height);
  if (i < 0 || i >= (int) self->rows->len)
    return FALSE;
  row = g_ptr_array_index (self->rows, i);
  if (row->bytes != NULL && row->row.length > 0 && x >= _socketeer_byte_view_get_gutter_width (self))
    {
      /* The nearest border is left or right of the byte. */
      byte = socketeer_row_find_byte (row, self->layout, cell, &in_hex);
      if (byte > 0 && covers (self, row, byte - 1, in_hex, cell, &first, &n))
        byte--;
      else if (!covers (self, row, byte, in_hex, cell, &first, &n))
        first = n = 0;
      byte = MIN (byte, row->row.length - 1);
    }
  *ret_position = socketeer_row_get_position (row, byte);
  if (ret_area != NULL)
    *ret_area = (GdkRectangle){ n > 0 ? content_x + first * advance : x, self->first_y + i * row_height,
                                MAX (1, n * advance), row_height };
  return TRUE;
}

/* -- What is known of it -------------------------------------------------------------------------------------- */

/* "Record #17: received from 127.0.0.1:53412" */
static char *
dup_record_line (SocketeerByteView *self, guint64 number, const SktRecord *record)
{
  g_autofree char *name = g_strdup_printf ("#%" G_GUINT64_FORMAT, number + 1);
  g_autofree char *peer = NULL;

  if (!skt_record_is_data (record))
    /* Translators: %s is a number like #17 */
    return g_strdup_printf (_ ("Record %s"), name);
  if (self->peer_func != NULL)
    peer = self->peer_func (record->connection, self->peer_data);
  if (peer == NULL)
    return g_strdup_printf (record->kind == SKT_RECORD_SENT
                              /* Translators: %s is a number like #17 */
                              ? _ ("Record %s, sent")
                              /* Translators: %s is a number like #17 */
                              : _ ("Record %s, received"),
                            name);
  return g_strdup_printf (record->kind == SKT_RECORD_SENT
                            /* Translators: a number like #17, an address and port */
                            ? _ ("Record %s, sent to %s")
                            /* Translators: a number like #17, an address and port */
                            : _ ("Record %s, received from %s"),
                          name, peer);
}

static char *
dup_offset_line (const SktRecord *record, guint32 begin)
{
  guint64 offset = record->stream_offset + begin;
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT " (0x%" G_GINT64_MODIFIER "x)", offset, offset);

  if (record->kind == SKT_RECORD_SENT)
    /* Translators: offsets, counted from 0: the first %s like “1204 (0x4b4)”; a write is what was written in one go */
    return g_strdup_printf (ngettext ("Offset %s of what was sent there; %u in this write of %u byte",
                                      "Offset %s of what was sent there; %u in this write of %u bytes", record->length),
                            text, begin, record->length);
  /* Translators: offsets, counted from 0: the first %s like “1204 (0x4b4)”; a read is what came in one go */
  return g_strdup_printf (ngettext ("Offset %s of what came from there; %u in this read of %u byte",
                                    "Offset %s of what came from there; %u in this read of %u bytes", record->length),
                          text, begin, record->length);
}

/* "2026-01-31 12:00:05.123456789 +0100, +0.000013 s after record #16" */
static char *
dup_time_line (SktJournalReader *reader, guint64 number, const SktRecord *record)
{
  g_autofree char *time = skt_time_to_text (record->time_ns), *name = NULL, *duration = NULL;
  SktRecord before;
  char difference[32];

  if (number == 0 || !skt_journal_reader_get_record (reader, number - 1, &before))
    return g_steal_pointer (&time);
  name = g_strdup_printf ("#%" G_GUINT64_FORMAT, number);
  skt_time_format_difference (skt_time_get_difference (record->time_ns, before.time_ns), difference, sizeof difference);
  /* From 1000 seconds on it has hours and minutes: +00:16:40.0 */
  duration = strchr (difference, ':') != NULL ? g_strdup (difference)
                                              /* Translators: a number of seconds, with its sign: “+0.000013 s” */
                                              : g_strdup_printf (C_ ("difference", "%s s"), difference);
  /* Translators: a date and time, a duration with its sign (“+0.000013 s” or “+00:16:40.0”), a number like #16 */
  return g_strdup_printf (_ ("%s, %s after record %s"), time, duration, name);
}

char *
socketeer_byte_view_dup_details (SocketeerByteView *self, SktPosition position)
{
  g_autoptr (SktJournalReader) reader = NULL;
  g_autofree char *record_line = NULL, *offset_line = NULL, *time_line = NULL, *ack_line = NULL;
  g_autofree char *check_line = NULL, *details = NULL;
  SktRecord record;

  g_return_val_if_fail (SOCKETEER_IS_BYTE_VIEW (self), NULL);

  if (self->journal == NULL)
    return NULL;
  reader = skt_journal_reader_new (self->journal);
  if (!skt_journal_reader_get_record (reader, position.record, &record))
    return NULL;
  record_line = dup_record_line (self, position.record, &record);
  time_line = dup_time_line (reader, position.record, &record);
  if (!skt_record_is_data (&record))
    return g_strjoin ("\n", record_line, time_line, NULL);
  offset_line = dup_offset_line (&record, MIN (position.begin, record.length));
  ack_line = _socketeer_byte_view_dup_ack_line (self, &record, position.begin);
  check_line = _socketeer_byte_view_dup_check_line (self, position);
  details = g_strjoin ("\n", record_line, offset_line, time_line, ack_line, NULL);
  return check_line != NULL ? g_strjoin ("\n", details, check_line, NULL) : g_steal_pointer (&details);
}

/* The bytes of a bookmark, enough to know it by. */
#define EXCERPT_BYTES 48

char *
socketeer_byte_view_dup_excerpt (SocketeerByteView *self, SktPosition position)
{
  g_autoptr (SktJournalReader) reader = NULL;
  guint8 bytes[EXCERPT_BYTES];
  SktRecord record;
  SktDecoded decoded;
  gsize length;
  char *text;

  g_return_val_if_fail (SOCKETEER_IS_BYTE_VIEW (self), NULL);

  if (self->journal == NULL)
    return NULL;
  reader = skt_journal_reader_new (self->journal);
  if (!skt_journal_reader_get_record (reader, position.record, &record))
    return NULL;
  if (!skt_record_is_data (&record))
    {
      g_autofree char *detail = g_malloc (257);
      length = skt_journal_read_payload (self->journal, record.offset, (guint8 *) detail, MIN (record.length, 256));
      return skt_record_to_text (&record, detail, length);
    }
  length = skt_journal_read_payload (self->journal, record.offset + MIN (position.begin, record.length), bytes,
                                     MIN (EXCERPT_BYTES, record.length - MIN (position.begin, record.length)));
  if (!skt_layout_has_text (self->layout))
    {
      g_autoptr (GString) hex = g_string_new (NULL);
      skt_hex_append (hex, bytes, MIN (length, 16));
      return g_string_free (g_steal_pointer (&hex), FALSE);
    }
  skt_decoded_init (&decoded);
  skt_decode_row (skt_layout_get_encoding (self->layout), NULL, bytes, length, TRUE, &decoded);
  text = g_strdup (decoded.text->str);
  skt_decoded_clear (&decoded);
  return text;
}

gboolean
socketeer_byte_view_get_record (SocketeerByteView *self, SktPosition position, SktRecord *ret_record)
{
  g_autoptr (SktJournalReader) reader = NULL;

  g_return_val_if_fail (SOCKETEER_IS_BYTE_VIEW (self), FALSE);

  if (self->journal == NULL)
    return FALSE;
  reader = skt_journal_reader_new (self->journal);
  return skt_journal_reader_get_record (reader, position.record, ret_record);
}

/* -- Going there ---------------------------------------------------------------------------------------------- */

static gboolean
row_has (const SktRow *row, SktPosition position)
{
  SktPosition begin = { row->record, row->begin };
  return skt_position_compare (&begin, &position) <= 0 && !skt_row_is_before (row, position);
}

static gboolean
is_in_sight (SocketeerByteView *self, SktPosition position)
{
  int row_height = socketeer_glyphs_get_row_height (self->glyphs);
  double y = self->first_y;

  for (guint i = 0; i < self->rows->len; i++, y += row_height)
    if (row_has (&((SocketeerRow *) g_ptr_array_index (self->rows, i))->row, position))
      return y >= 0 && y + row_height <= gtk_widget_get_height (GTK_WIDGET (self));
  return FALSE;
}

gboolean
socketeer_byte_view_get_area (SocketeerByteView *self, SktPosition position, GdkRectangle *ret_area)
{
  int row_height, width = gtk_widget_get_width (GTK_WIDGET (self));
  double advance, gutter, x;

  g_return_val_if_fail (SOCKETEER_IS_BYTE_VIEW (self), FALSE);

  if (self->glyphs == NULL)
    return FALSE;
  row_height = socketeer_glyphs_get_row_height (self->glyphs);
  advance = socketeer_glyphs_get_advance (self->glyphs);
  gutter = _socketeer_byte_view_get_gutter_width (self);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const SocketeerRow *row = g_ptr_array_index (self->rows, i);
      double y = self->first_y + i * row_height;
      guint cell = 0, n = 0;
      guint32 byte;

      if (!row_has (&row->row, position))
        continue;
      byte = socketeer_row_find_position (row, position);
      if (byte > 0 && byte == row->row.length)
        byte--;
      socketeer_row_get_byte_cells (row, self->layout, byte, self->cursor_in_hex, &cell, &n);
      x = CLAMP (_socketeer_byte_view_get_content_x (self) + cell * advance, gutter, MAX (gutter, width - advance));
      *ret_area = (GdkRectangle){ x, MAX (0, y), MAX (1, n * advance), row_height };
      return TRUE;
    }
  return FALSE;
}

void
socketeer_byte_view_go_to (SocketeerByteView *self, SktPosition position)
{
  SktRow row;
  guint above, got;

  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));

  if (self->source == NULL || self->glyphs == NULL || skt_row_source_get_rows (self->source, position, 1, &row) == 0)
    return;
  self->goal_cell = -1;
  self->anchor = self->cursor = position;
  if (self->following || !is_in_sight (self, position))
    {
      g_autofree SktRow *rows = NULL;

      above = gtk_widget_get_height (GTK_WIDGET (self)) / socketeer_glyphs_get_row_height (self->glyphs) / 3;
      rows = g_new (SktRow, above + 1);
      got = skt_row_source_get_rows_before (self->source, (SktPosition){ row.record, row.begin }, above, rows);
      socketeer_byte_view_set_following (self, FALSE);
      self->top = got > 0 ? (SktPosition){ rows[0].record, rows[0].begin } : (SktPosition){ row.record, row.begin };
      self->top_offset = 0;
    }
  _socketeer_byte_view_cursor_moved (self);
  _socketeer_byte_view_show_cursor_cell (self);
  _socketeer_byte_view_rows_queue (self);
  _socketeer_byte_view_queue_update (self);
}

/* -- Bookmarks ------------------------------------------------------------------------------------------------ */

static void
bookmarks_changed_cb (SktBookmarks *bookmarks, gpointer user_data)
{
  gtk_widget_queue_draw (user_data);
  _socketeer_byte_view_rows_queue (user_data);
}

void
socketeer_byte_view_set_bookmarks (SocketeerByteView *self, SktBookmarks *bookmarks)
{
  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));

  if (self->bookmarks != NULL)
    g_signal_handlers_disconnect_by_data (self->bookmarks, self);
  g_set_object (&self->bookmarks, bookmarks);
  if (bookmarks != NULL)
    g_signal_connect (bookmarks, "changed", G_CALLBACK (bookmarks_changed_cb), self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The first one in the row, or -1. */
static int
find_in_row (SocketeerByteView *self, const SktRow *row)
{
  guint i;

  if (self->bookmarks == NULL || skt_bookmarks_get_n (self->bookmarks) == 0)
    return -1;
  i = skt_bookmarks_find (self->bookmarks, (SktPosition){ row->record, row->begin });
  return i < skt_bookmarks_get_n (self->bookmarks) && row_has (row, skt_bookmarks_get (self->bookmarks, i, NULL)) ? (int) i : -1;
}

gboolean
_socketeer_byte_view_has_bookmark (SocketeerByteView *self, const SocketeerRow *row)
{
  return find_in_row (self, &row->row) >= 0;
}

void
_socketeer_byte_view_draw_bookmark (SocketeerByteView *self, GtkSnapshot *snapshot, const SocketeerRow *row, double y)
{
  if (!_socketeer_byte_view_has_bookmark (self, row))
    return;
  if (self->bookmark_node == NULL)
    {
      g_autoptr (SocketeerPainter) painter = socketeer_painter_new ();
      socketeer_painter_begin (painter, self->glyphs, 0, 2, &self->palette.box);
      socketeer_painter_add_words (painter, "◆", 0, 1, &self->palette.sent);
      self->bookmark_node = socketeer_painter_end (painter, NULL);
    }
  if (self->bookmark_node == NULL)
    return;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (SOCKETEER_BYTE_VIEW_PAD / 2, y));
  gtk_snapshot_append_node (snapshot, self->bookmark_node);
  gtk_snapshot_restore (snapshot);
}

gboolean
socketeer_byte_view_toggle_bookmark (SocketeerByteView *self, SktPosition position)
{
  SktRow row;
  gboolean removed = FALSE;
  int i;

  g_return_val_if_fail (SOCKETEER_IS_BYTE_VIEW (self), FALSE);

  if (self->bookmarks == NULL || self->source == NULL || skt_row_source_get_rows (self->source, position, 1, &row) == 0)
    return TRUE;
  while ((i = find_in_row (self, &row)) >= 0)
    {
      skt_bookmarks_remove (self->bookmarks, skt_bookmarks_get (self->bookmarks, i, NULL));
      removed = TRUE;
    }
  return removed || skt_bookmarks_add (self->bookmarks, (SktPosition){ row.record, row.begin });
}

gboolean
socketeer_byte_view_step_bookmark (SocketeerByteView *self, gboolean forward)
{
  guint64 first;
  guint begin, n, i;

  g_return_val_if_fail (SOCKETEER_IS_BYTE_VIEW (self), FALSE);

  if (self->bookmarks == NULL || self->journal == NULL)
    return FALSE;
  first = skt_journal_get_first_record (self->journal);
  begin = skt_bookmarks_find (self->bookmarks, (SktPosition){ first, 0 });
  n = skt_bookmarks_get_n (self->bookmarks);
  if (begin == n)
    return FALSE;
  i = skt_bookmarks_find (self->bookmarks, self->cursor);
  if (forward)
    {
      SktPosition position = i < n ? skt_bookmarks_get (self->bookmarks, i, NULL) : self->cursor;

      if (i < n && skt_position_compare (&position, &self->cursor) == 0)
        i++;
      if (i >= n || i < begin)
        i = begin;
    }
  else
    i = i > begin ? i - 1 : n - 1;
  socketeer_byte_view_go_to (self, skt_bookmarks_get (self->bookmarks, i, NULL));
  return TRUE;
}

/* -- The time column ------------------------------------------------------------------------------------------ */

void
_socketeer_byte_view_apply_time_column (SocketeerByteView *self)
{
  g_autoptr (SktJournalReader) reader = NULL;
  SktRecord record = { 0 };

  if (self->cache == NULL)
    return;
  /* A record that was cleared still says when it was. */
  reader = skt_journal_reader_new (self->journal);
  if (self->mark == G_MAXUINT64 || !skt_journal_reader_get_record (reader, self->mark, &record))
    record.time_ns = skt_journal_get_created (self->journal);
  socketeer_row_cache_set_time_column (self->cache, self->time_column, record.time_ns);
}

void
socketeer_byte_view_set_time_column (SocketeerByteView *self, SocketeerTimeColumn column, guint64 mark)
{
  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));

  if (self->time_column == column && self->mark == mark)
    return;
  self->time_column = column;
  self->mark = mark;
  if (self->cache == NULL)
    return;
  g_ptr_array_set_size (self->rows, 0);
  socketeer_row_cache_clear (self->cache);
  _socketeer_byte_view_apply_time_column (self);
  _socketeer_byte_view_queue_update (self);
}

/* -- Set-up --------------------------------------------------------------------------------------------------- */

void
_socketeer_byte_view_places_init (SocketeerByteView *self)
{
  self->mark = G_MAXUINT64;
}

void
_socketeer_byte_view_places_dispose (SocketeerByteView *self)
{
  socketeer_byte_view_set_bookmarks (self, NULL);
  g_clear_pointer (&self->bookmark_node, gsk_render_node_unref);
  _socketeer_byte_view_clear_acks (self);
  _socketeer_byte_view_clear_check_marks (self);
}
