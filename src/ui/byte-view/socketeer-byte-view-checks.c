/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-byte-view-private.h"

#include <math.h>

#include "skt-frame-reader.h"
#include "socketeer-painter.h"

/* Whether the checksum of a frame is right is looked up when its first row comes on the screen, and kept with that row. A frame may be
 * much longer than its row: so many bytes are read in one update, and the other frames wait for the next. */
#define UPDATE_COST (128 * 1024)
#define MARK_CELLS 2

static gboolean
is_on (SocketeerByteView *self)
{
  return self->frame_check.is_on && self->layout != NULL && skt_layout_get_mode (self->layout) == SKT_MODE_FRAMES;
}

static gboolean
begins_frame (const SocketeerRow *row)
{
  return row->bytes != NULL && row->row.is_first && !row->row.continues;
}

static guint64
now_ns (void)
{
  return (guint64) g_get_real_time () * 1000;
}

double
_socketeer_byte_view_get_check_width (SocketeerByteView *self)
{
  return is_on (self) ? MARK_CELLS * socketeer_glyphs_get_advance (self->glyphs) : 0;
}

/* -- Looking ------------------------------------------------------------------------------------------------- */

static gsize
look (SocketeerByteView *self, SocketeerRow *row, guint64 n_records)
{
  const SktFrameRule *rule = skt_layout_get_frame_rule (self->layout);
  SktPosition begin = { row->row.record, row->row.begin };
  gsize length = 0, cost = 0;
  SktFrameRead read = skt_frame_read (self->check_reader, rule, begin, now_ns (), self->check_buffer,
                                      SKT_FRAME_CHECK_MAX_LENGTH, &length, &cost);

  row->check_looked = n_records;
  row->check_is_over = read != SKT_FRAME_READ_OPEN;
  if (read == SKT_FRAME_READ_WHOLE)
    row->check_verdict = skt_frame_check_verify (&self->frame_check, rule, self->check_buffer, length,
                                                 &row->check_expected, &row->check_found);
  return cost;
}

/* The rows that were never looked at, or (`again`) those whose frame was not complete then. FALSE: there is no more time. */
static gboolean
look_at_rows (SocketeerByteView *self, gboolean again, guint64 n_records, gsize *cost)
{
  guint n = self->rows->len, begin = again ? self->check_next : 0;

  for (guint k = 0; k < n; k++)
    {
      guint i = (begin + k) % n;
      SocketeerRow *row = g_ptr_array_index (self->rows, i);
      if (!begins_frame (row) || row->check_is_over || (row->check_looked != 0) != again || row->check_looked == n_records)
        continue;
      if (*cost >= UPDATE_COST)
        {
          if (again)
            self->check_next = i;
          return FALSE;
        }
      *cost += look (self, row, n_records);
    }
  return TRUE;
}

static void
ensure_reader (SocketeerByteView *self)
{
  if (self->check_reader == NULL)
    self->check_reader = skt_journal_reader_new (self->journal);
}

gboolean
_socketeer_byte_view_checks_load (SocketeerByteView *self)
{
  guint64 n_records;
  gsize cost = 0;

  if (!is_on (self) || self->rows->len == 0)
    return FALSE;
  n_records = skt_journal_get_n_records (self->journal);
  ensure_reader (self);
  if (self->check_buffer == NULL)
    self->check_buffer = g_malloc (SKT_FRAME_CHECK_MAX_LENGTH);
  if (!look_at_rows (self, FALSE, n_records, &cost))
    return TRUE;
  /* What has arrived since the view stands still is not shown: nor is what it makes of a frame. */
  return !self->paused && !look_at_rows (self, TRUE, n_records, &cost);
}

/* -- Frames that a pause ends -------------------------------------------------------------------------------- */

static gboolean
pause_over_cb (gpointer user_data)
{
  SocketeerByteView *self = user_data;

  self->pause_id = 0;
  /* Nothing has been published, and yet those that were open are to be looked at again. */
  for (guint i = 0; i < self->rows->len; i++)
    {
      SocketeerRow *row = g_ptr_array_index (self->rows, i);
      if (row->check_looked != 0)
        row->check_looked = G_MAXUINT64;
    }
  _socketeer_byte_view_queue_update (self);
  return G_SOURCE_REMOVE;
}

void
_socketeer_byte_view_pause_load (SocketeerByteView *self, SktRow *rows, guint n)
{
  const SktFrameRule *rule = skt_layout_get_frame_rule (self->layout);
  guint64 now = now_ns (), n_records = skt_journal_get_n_records (self->journal);
  SktRecord record;

  g_clear_handle_id (&self->pause_id, g_source_remove);
  if (n == 0 || n_records == 0 || skt_layout_get_mode (self->layout) != SKT_MODE_FRAMES || rule->kind != SKT_FRAME_PAUSE)
    return;
  ensure_reader (self);
  if (rows[n - 1].is_open && skt_journal_reader_get_record (self->check_reader, rows[n - 1].end.record, &record) &&
      skt_frame_pause_is_over (rule, record.time_ns, now))
    rows[n - 1].is_unfinished = FALSE;
  /* After the last record all that are open are. A clock that was set back is no reason to wait for longer. */
  if (skt_journal_reader_get_record (self->check_reader, n_records - 1, &record) &&
      !skt_frame_pause_is_over (rule, record.time_ns, now))
    self->pause_id = g_timeout_add (rule->pause_ms + 1 - (now > record.time_ns ? (now - record.time_ns) / 1000000 : 0),
                                    pause_over_cb, self);
}

void
_socketeer_byte_view_clear_checks (SocketeerByteView *self)
{
  g_clear_pointer (&self->check_reader, skt_journal_reader_free);
  g_clear_pointer (&self->check_buffer, g_free);
  self->check_next = 0;
}

void
socketeer_byte_view_set_frame_check (SocketeerByteView *self, const SktFrameCheck *check)
{
  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));

  if (skt_frame_check_equal (&self->frame_check, check))
    return;
  self->frame_check = *check;
  g_ptr_array_set_size (self->rows, 0);
  if (self->cache != NULL)
    socketeer_row_cache_clear (self->cache);
  _socketeer_byte_view_clear_checks (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  _socketeer_byte_view_queue_update (self);
}

/* -- The mark ------------------------------------------------------------------------------------------------ */

static GskRenderNode *
make_node (SocketeerByteView *self, gboolean is_right, gboolean *ret_is_pending)
{
  g_autoptr (SocketeerPainter) painter = socketeer_painter_new ();

  socketeer_painter_begin (painter, self->glyphs, 0, MARK_CELLS, &self->palette.box);
  socketeer_painter_add_words (painter, is_right ? "✓" : "✗", 0, MARK_CELLS,
                               is_right ? &self->palette.received : &self->palette.error);
  return socketeer_painter_end (painter, ret_is_pending);
}

void
_socketeer_byte_view_draw_check (SocketeerByteView *self, GtkSnapshot *snapshot, const SocketeerRow *row, double y)
{
  gboolean is_right = row->check_verdict == SKT_FRAME_VERDICT_RIGHT, is_pending = FALSE;
  GskRenderNode *node;
  double x;

  if (row->check_verdict == SKT_FRAME_VERDICT_NONE || !is_on (self))
    return;
  node = self->check_nodes[is_right] != NULL ? self->check_nodes[is_right] : make_node (self, is_right, &is_pending);
  self->check_nodes[is_right] = node;
  if (node == NULL)
    return;
  x = _socketeer_byte_view_get_gutter_x (self) - _socketeer_byte_view_get_check_width (self);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (floor (x), y));
  gtk_snapshot_append_node (snapshot, node);
  gtk_snapshot_restore (snapshot);
  /* drawn with placeholders: not to be kept */
  if (is_pending)
    g_clear_pointer (&self->check_nodes[is_right], gsk_render_node_unref);
}

void
_socketeer_byte_view_clear_check_marks (SocketeerByteView *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->check_nodes); i++)
    g_clear_pointer (&self->check_nodes[i], gsk_render_node_unref);
}

/* -- In words ------------------------------------------------------------------------------------------------ */

char *
_socketeer_byte_view_dup_check_words (SocketeerByteView *self, const SocketeerRow *row)
{
  if (!is_on (self))
    return NULL;
  return skt_frame_verdict_to_text (row->check_verdict, &self->frame_check, row->check_expected, row->check_found);
}

static gboolean
row_has (const SktRow *row, SktPosition position)
{
  SktPosition begin = { row->record, row->begin };
  return skt_position_compare (&begin, &position) <= 0 && !skt_row_is_before (row, position);
}

char *
_socketeer_byte_view_dup_check_line (SocketeerByteView *self, SktPosition position)
{
  const SocketeerRow *row = NULL;
  guint i;

  if (!is_on (self))
    return NULL;
  for (i = self->rows->len; i > 0; i--)
    {
      row = g_ptr_array_index (self->rows, i - 1);
      if (row->bytes != NULL && row_has (&row->row, position))
        break;
    }
  /* Back to the row that the frame begins with: between its rows may be those of other streams. */
  for (; i > 0; i--)
    {
      const SocketeerRow *before = g_ptr_array_index (self->rows, i - 1);
      if (begins_frame (before) && skt_stream_key (&before->record) == skt_stream_key (&row->record))
        return _socketeer_byte_view_dup_check_words (self, before);
    }
  return NULL;
}
