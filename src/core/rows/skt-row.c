/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-row.h"

#include <stdlib.h>
#include <string.h>

struct _SktLayout
{
  gatomicrefcount ref_count;
  SktView view;
  SktMode mode;
  SktEncoding encoding;
  guint bytes_per_row;
  guint hidden_kinds; /* bit SktRecordKind */
  SktFrameRule frame_rule;
  SktPattern *pattern; /* owned; NULL: all */
  guint32 *connections; /* sorted; NULL: all */
  gsize n_connections;
};

static const char *const view_names[SKT_N_VIEWS] = {
  [SKT_VIEW_TEXT] = "text",
  [SKT_VIEW_HEX] = "hex",
  [SKT_VIEW_BOTH] = "both",
};

static const char *const mode_names[SKT_N_MODES] = {
  [SKT_MODE_READS] = "reads",
  [SKT_MODE_STREAM] = "stream",
  [SKT_MODE_FRAMES] = "frames",
};

gboolean
skt_view_from_name (const char *name, SktView *ret_view)
{
  for (guint i = 0; i < SKT_N_VIEWS; i++)
    if (g_ascii_strcasecmp (name, view_names[i]) == 0)
      {
        *ret_view = i;
        return TRUE;
      }
  return FALSE;
}

const char *
skt_view_get_name (SktView view)
{
  g_return_val_if_fail (view < SKT_N_VIEWS, NULL);
  return view_names[view];
}

gboolean
skt_mode_from_name (const char *name, SktMode *ret_mode)
{
  for (guint i = 0; i < SKT_N_MODES; i++)
    if (g_ascii_strcasecmp (name, mode_names[i]) == 0)
      {
        *ret_mode = i;
        return TRUE;
      }
  return FALSE;
}

const char *
skt_mode_get_name (SktMode mode)
{
  g_return_val_if_fail (mode < SKT_N_MODES, NULL);
  return mode_names[mode];
}

static int
compare_ids (const void *a, const void *b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;
  return x < y ? -1 : x > y;
}

static guint
get_hidden_kinds (const SktLayoutOptions *options)
{
  guint data = 1u << SKT_RECORD_RECEIVED | 1u << SKT_RECORD_SENT;

  return (options->hides_received ? 1u << SKT_RECORD_RECEIVED : 0) | (options->hides_sent ? 1u << SKT_RECORD_SENT : 0) |
         (options->hides_events || options->pattern != NULL ? ~data : 0);
}

SktLayout *
skt_layout_new (const SktLayoutOptions *options)
{
  guint bytes_per_row = options->bytes_per_row != 0 ? options->bytes_per_row : 16;
  SktLayout *self;

  g_return_val_if_fail (options->view < SKT_N_VIEWS && options->encoding < SKT_N_ENCODINGS, NULL);
  g_return_val_if_fail (options->mode < SKT_N_MODES && bytes_per_row <= 64, NULL);
  g_return_val_if_fail (options->mode != SKT_MODE_FRAMES || options->frame_rule != NULL, NULL);

  self = g_new0 (SktLayout, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->view = options->view;
  self->mode = options->mode;
  self->encoding = options->encoding;
  self->bytes_per_row = bytes_per_row;
  self->hidden_kinds = get_hidden_kinds (options);
  if (options->frame_rule != NULL)
    self->frame_rule = *options->frame_rule;
  if (options->pattern != NULL)
    self->pattern = skt_pattern_ref (options->pattern);
  if (options->connections != NULL)
    {
      gsize size = options->n_connections * sizeof (guint32);
      /* One byte more, so that an empty choice is not "all". */
      self->connections = g_malloc (size + 1);
      if (size > 0)
        memcpy (self->connections, options->connections, size);
      self->n_connections = options->n_connections;
      qsort (self->connections, self->n_connections, sizeof (guint32), compare_ids);
    }
  return self;
}

SktLayout *
skt_layout_ref (SktLayout *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
skt_layout_unref (SktLayout *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->pattern, skt_pattern_unref);
  g_free (self->connections);
  g_free (self);
}

SktView
skt_layout_get_view (const SktLayout *self)
{
  return self->view;
}

SktMode
skt_layout_get_mode (const SktLayout *self)
{
  return self->mode;
}

const SktFrameRule *
skt_layout_get_frame_rule (const SktLayout *self)
{
  return &self->frame_rule;
}

SktPattern *
skt_layout_get_pattern (const SktLayout *self)
{
  return self->pattern;
}

SktEncoding
skt_layout_get_encoding (const SktLayout *self)
{
  return self->encoding;
}

guint
skt_layout_get_bytes_per_row (const SktLayout *self)
{
  return self->bytes_per_row;
}

gboolean
skt_layout_has_text (const SktLayout *self)
{
  return self->view != SKT_VIEW_HEX;
}

gboolean
skt_layout_shows (const SktLayout *self, const SktRecord *record)
{
  if (record->kind < 32 && (self->hidden_kinds >> record->kind & 1) != 0)
    return FALSE;
  if (self->connections == NULL || record->connection == 0)
    return TRUE;
  return bsearch (&record->connection, self->connections, self->n_connections, sizeof (guint32), compare_ids) != NULL;
}

/* -- Where a row's bytes lie ---------------------------------------------------------------------------------- */

GArray *
skt_row_list_pieces (const SktRow *row, SktJournalReader *reader, const SktLayout *layout)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (SktRowPiece));
  SktRowPiece piece = { row->record, row->begin, 0 };
  SktRecord record;
  guint64 stream;

  g_array_append_val (pieces, piece);
  if (row->end.record == row->record || !skt_journal_reader_get_record (reader, row->record, &record))
    return pieces;
  stream = skt_stream_key (&record);
  piece.index = record.length - MIN (record.length, row->begin);
  for (guint64 i = row->record + 1; i <= row->end.record && piece.index < row->length; i++)
    {
      if (!skt_journal_reader_get_record (reader, i, &record) || !skt_record_is_data (&record) ||
          skt_stream_key (&record) != stream || !skt_layout_shows (layout, &record) || record.length == 0)
        continue;
      piece.record = i;
      piece.begin = 0;
      g_array_append_val (pieces, piece);
      piece.index += record.length;
    }
  return pieces;
}

gsize
skt_row_read (const SktRow *row,
              SktJournal *journal,
              SktJournalReader *reader,
              const SktLayout *layout,
              guint8 *buffer)
{
  g_autoptr (GArray) pieces = skt_row_list_pieces (row, reader, layout);
  guint64 offset = 0;
  gsize done = 0, wanted = 0;

  /* Records of a few bytes each mostly lie one after another: they are read in one go. */
  for (guint i = 0; i < pieces->len; i++)
    {
      const SktRowPiece *piece = &g_array_index (pieces, SktRowPiece, i);
      guint32 end = i + 1 < pieces->len ? piece[1].index : row->length;
      SktRecord record;

      if (!skt_journal_reader_get_record (reader, piece->record, &record))
        break;
      if (wanted > 0 && record.offset + piece->begin != offset + wanted)
        {
          gsize got = skt_journal_read_payload (journal, offset, buffer + done, wanted);
          done += got;
          if (got < wanted)
            return done;
          wanted = 0;
        }
      if (wanted == 0)
        offset = record.offset + piece->begin;
      wanted += end - piece->index;
    }
  return done + (wanted > 0 ? skt_journal_read_payload (journal, offset, buffer + done, wanted) : 0);
}

SktPosition
skt_row_get_position (const SktRow *row, const GArray *pieces, guint32 i)
{
  const SktRowPiece *piece;
  guint k = pieces->len - 1;

  if (i >= row->length)
    return row->end;
  while (k > 0 && g_array_index (pieces, SktRowPiece, k).index > i)
    k--;
  piece = &g_array_index (pieces, SktRowPiece, k);
  return (SktPosition){ piece->record, piece->begin + (i - piece->index) };
}

guint32
skt_row_find_position (const SktRow *row, const GArray *pieces, SktPosition position)
{
  for (guint k = 0; k < pieces->len; k++)
    {
      const SktRowPiece *piece = &g_array_index (pieces, SktRowPiece, k);
      guint32 end = k + 1 < pieces->len ? piece[1].index : row->length;

      if (position.record < piece->record || (position.record == piece->record && position.begin <= piece->begin))
        return piece->index;
      if (position.record == piece->record && position.begin - piece->begin <= end - piece->index)
        return piece->index + (position.begin - piece->begin);
    }
  return row->length;
}
