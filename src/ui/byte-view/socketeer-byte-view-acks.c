/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-byte-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "socketeer-painter.h"

/* Whether what was sent is acknowledged is no part of the journal, and changes: it is a mark at the end of the gutter, looked up whenever
 * a row is drawn. */

#define MARK_CELLS 2

static SocketeerAck
get_ack (SocketeerByteView *self, const SktRecord *record, guint64 end)
{
  guint64 acknowledged;
  gboolean is_over;

  if (self->ack_func == NULL || record->kind != SKT_RECORD_SENT ||
      !self->ack_func (record->connection, &acknowledged, &is_over, self->ack_data))
    return SOCKETEER_ACK_UNKNOWN;
  if (acknowledged >= end)
    return SOCKETEER_ACK_ACKNOWLEDGED;
  return is_over ? SOCKETEER_ACK_NEVER : SOCKETEER_ACK_OUTSTANDING;
}

/* All bytes of a row are of one stream, without a gap, whatever the records are that they came in. */
static SocketeerAck
get_row_ack (SocketeerByteView *self, const SocketeerRow *row)
{
  return get_ack (self, &row->record, row->record.stream_offset + row->row.begin + row->row.length);
}

static const char *
get_mark (SocketeerAck ack)
{
  switch (ack)
    {
    case SOCKETEER_ACK_OUTSTANDING:
      return "✓";
    case SOCKETEER_ACK_ACKNOWLEDGED:
      return "✓✓";
    case SOCKETEER_ACK_NEVER:
      return "!";
    case SOCKETEER_ACK_UNKNOWN:
    case SOCKETEER_N_ACKS:
    default:
      return "";
    }
}

static const char *
get_words (SocketeerAck ack)
{
  switch (ack)
    {
    case SOCKETEER_ACK_OUTSTANDING:
      return _ ("✓ handed to the kernel, not acknowledged by the peer yet");
    case SOCKETEER_ACK_ACKNOWLEDGED:
      return _ ("✓✓ acknowledged by the peer: it has arrived there");
    case SOCKETEER_ACK_NEVER:
      return _ ("! not acknowledged before the connection was closed");
    case SOCKETEER_ACK_UNKNOWN:
    case SOCKETEER_N_ACKS:
    default:
      return "";
    }
}

double
_socketeer_byte_view_get_ack_width (SocketeerByteView *self)
{
  return self->ack_func != NULL ? MARK_CELLS * socketeer_glyphs_get_advance (self->glyphs) : 0;
}

static GskRenderNode *
make_node (SocketeerByteView *self, SocketeerAck ack, gboolean *ret_is_pending)
{
  g_autoptr (SocketeerPainter) painter = socketeer_painter_new ();
  const GdkRGBA *color = ack == SOCKETEER_ACK_NEVER ? &self->palette.error
                         : ack == SOCKETEER_ACK_ACKNOWLEDGED ? &self->palette.sent
                                                             : &self->palette.dim;

  socketeer_painter_begin (painter, self->glyphs, 0, MARK_CELLS, &self->palette.box);
  socketeer_painter_add_words (painter, get_mark (ack), 0, MARK_CELLS, color);
  return socketeer_painter_end (painter, ret_is_pending);
}

void
_socketeer_byte_view_draw_ack (SocketeerByteView *self, GtkSnapshot *snapshot, const SocketeerRow *row, double y)
{
  SocketeerAck ack = row->bytes != NULL ? get_row_ack (self, row) : SOCKETEER_ACK_UNKNOWN;
  GskRenderNode *node;
  gboolean is_pending = FALSE;
  double x;

  if (ack == SOCKETEER_ACK_UNKNOWN)
    return;
  node = self->ack_nodes[ack] != NULL ? self->ack_nodes[ack] : make_node (self, ack, &is_pending);
  self->ack_nodes[ack] = node;
  if (node == NULL)
    return;
  x = _socketeer_byte_view_get_gutter_width (self) - SOCKETEER_BYTE_VIEW_PAD / 2 - _socketeer_byte_view_get_ack_width (self);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (floor (x), y));
  gtk_snapshot_append_node (snapshot, node);
  gtk_snapshot_restore (snapshot);
  /* drawn with placeholders: not to be kept */
  if (is_pending)
    g_clear_pointer (&self->ack_nodes[ack], gsk_render_node_unref);
}

void
_socketeer_byte_view_clear_acks (SocketeerByteView *self)
{
  for (guint i = 0; i < SOCKETEER_N_ACKS; i++)
    g_clear_pointer (&self->ack_nodes[i], gsk_render_node_unref);
}

const char *
_socketeer_byte_view_get_ack_words (SocketeerByteView *self, const SocketeerRow *row)
{
  return row->bytes != NULL ? get_words (get_row_ack (self, row)) : "";
}

char *
_socketeer_byte_view_dup_ack_line (SocketeerByteView *self, const SktRecord *record, guint32 begin)
{
  SocketeerAck ack = get_ack (self, record, record->stream_offset + MIN ((guint64) begin + 1, record->length));

  return ack != SOCKETEER_ACK_UNKNOWN ? g_strdup (get_words (ack)) : NULL;
}

void
socketeer_byte_view_set_acks (SocketeerByteView *self, SocketeerAckFunc func, gpointer user_data)
{
  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));

  self->ack_func = func;
  self->ack_data = user_data;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
socketeer_byte_view_acks_changed (SocketeerByteView *self)
{
  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  for (guint i = 0; i < self->rows->len; i++)
    if (((SocketeerRow *) self->rows->pdata[i])->record.kind == SKT_RECORD_SENT)
      {
        gtk_widget_queue_draw (GTK_WIDGET (self));
        _socketeer_byte_view_rows_queue (self);
        return;
      }
}
