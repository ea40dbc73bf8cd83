/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-export-private.h"

#include <string.h>

#include "skt-decode.h"
#include "skt-record-text.h"

/* The text form:
 *
 *   2026-11-21 12:34:56.789123 · 127.0.0.1:53412  connected: 127.0.0.1:7788 → 127.0.0.1:53412
 *   2026-11-21 12:34:56.790001 ← 127.0.0.1:53412  first line of a read
 *                                                 second line of it
 *   2026-11-21 12:34:56.790417 → 127.0.0.1:53412  answer
 *
 * Lines end where the peer's lines end (LF or CR LF, not printed) and at 1,024 bytes. What can't be shown as itself
 * is \xHH. */

#define ROW_MAX 1024
/* Enough to see where a row ends. */
#define ROW_PIECE (2 * ROW_MAX)

#define ARROW_RECEIVED "←"
#define ARROW_SENT "→"
#define MARK_EVENT "·"

/* One direction of a connection. */
typedef struct
{
  SktCarry carry;
  guint64 last_time_ns; /* of the record that the carry came with */
} Stream;

typedef struct
{
  Stream received;
  Stream sent;
} Connection;

typedef struct
{
  SktExport *export;
  GString *out;             /* the file's */
  GHashTable *connections;  /* guint32 -> Connection */
  gint64 second;            /* whose date and time second_text is */
  char *second_text;
  GString *row;             /* reused */
} Writer;

static Connection *
ensure_connection (Writer *self, guint32 id)
{
  Connection *connection = g_hash_table_lookup (self->connections, GUINT_TO_POINTER (id));

  if (connection == NULL)
    {
      connection = g_new0 (Connection, 1);
      g_hash_table_insert (self->connections, GUINT_TO_POINTER (id), connection);
    }
  return connection;
}

/* -- Parts of a line ----------------------------------------------------------------------------------------- */

static void
append_time (Writer *self, guint64 time_ns)
{
  const gint64 second = time_ns / 1000000000;

  if (self->second_text == NULL || self->second != second)
    {
      g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (second);

      g_free (self->second_text);
      self->second = second;
      self->second_text = time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S") : NULL;
      /* A time that no calendar has, from a file that was made up. */
      if (self->second_text == NULL)
        self->second_text = g_strdup_printf ("%19" G_GINT64_FORMAT, second);
    }
  g_string_append (self->out, self->second_text);
  g_string_append_printf (self->out, ".%06u", (guint) (time_ns % 1000000000 / 1000));
}

/* Returns its width in characters, by which further lines are indented. */
static gsize
append_prefix (Writer *self, guint64 time_ns, const char *mark, guint32 id)
{
  const gsize start = self->out->len;
  const SktExportPeer *peer = _skt_export_get_peer (self->export, id);

  append_time (self, time_ns);
  g_string_append_printf (self->out, " %s ", mark);
  if (peer != NULL)
    g_string_append_printf (self->out, "%s  ", peer->remote);
  else if (id != 0)
    g_string_append_printf (self->out, "#%u  ", id);
  return g_utf8_strlen (self->out->str + start, self->out->len - start);
}

static void
append_indent (Writer *self, gsize width)
{
  const gsize start = self->out->len;

  g_string_set_size (self->out, start + width);
  memset (self->out->str + start, ' ', width);
}

/* The decoded row, without its line end. */
static void
append_row (Writer *self)
{
  gsize length = self->row->len;

  if (length > 0 && self->row->str[length - 1] == '\n')
    {
      length--;
      if (length > 0 && self->row->str[length - 1] == '\r')
        length--;
    }
  _skt_export_append_safe (self->out, self->row->str, length);
  g_string_append_c (self->out, '\n');
}

/* -- Records ------------------------------------------------------------------------------------------------- */

/* A character that was begun and never finished: its bytes shall not be missing. */
static void
finish_stream (Writer *self, guint32 id, const char *mark, Stream *stream)
{
  if (stream->carry.length == 0)
    return;
  append_prefix (self, stream->last_time_ns, mark, id);
  for (guint i = 0; i < stream->carry.length; i++)
    g_string_append_printf (self->out, "\\x%02X", stream->carry.bytes[i]);
  g_string_append_c (self->out, '\n');
  stream->carry.length = 0;
}

static void
finish_streams (Writer *self, guint32 id, Connection *connection)
{
  finish_stream (self, id, ARROW_RECEIVED, &connection->received);
  finish_stream (self, id, ARROW_SENT, &connection->sent);
}

static gboolean
write_data (Writer *self, const SktRecord *record, GError **error)
{
  Connection *connection = ensure_connection (self, record->connection);
  const gboolean is_received = record->kind == SKT_RECORD_RECEIVED;
  Stream *stream = is_received ? &connection->received : &connection->sent;
  const guint64 end = record->offset + record->length;
  guint64 offset = record->offset;
  gsize width = append_prefix (self, record->time_ns, is_received ? ARROW_RECEIVED : ARROW_SENT, record->connection);

  stream->last_time_ns = record->time_ns;
  if ((record->flags & SKT_RECORD_FLAG_URGENT) != 0)
    g_string_append (self->out, "[urgent] ");
  if (record->length == 0)
    g_string_append_c (self->out, '\n');
  while (offset < end)
    {
      const SktCarry carry = stream->carry;
      gsize length, row_length;
      const guint8 *bytes = _skt_export_peek (self->export, offset, MIN (end - offset, ROW_PIECE), &length, error);

      if (bytes == NULL)
        return FALSE;
      if (offset > record->offset)
        append_indent (self, width);
      row_length = skt_encoding_split_row (self->export->encoding, &stream->carry, bytes, length, ROW_MAX);
      g_string_truncate (self->row, 0);
      skt_decode_append_plain (self->export->encoding, &carry, bytes, row_length, offset + row_length == end,
                               self->row);
      append_row (self);
      offset += row_length;
      if (!_skt_export_turn (self->export, offset, error))
        return FALSE;
    }
  return TRUE;
}

static void
write_event (Writer *self, const SktRecord *record)
{
  g_autofree char *tainted_detail = NULL;
  g_autofree char *sentence = NULL;

  if (!_skt_export_wants_connection (self->export, record->connection))
    return;
  tainted_detail = _skt_export_dup_detail (self->export, record);
  sentence = skt_record_to_text (record, tainted_detail, strlen (tainted_detail));
  append_prefix (self, record->time_ns, MARK_EVENT, record->connection);
  _skt_export_append_safe (self->out, sentence, strlen (sentence));
  g_string_append_c (self->out, '\n');
}

static gboolean
write_record (Writer *self, const SktRecord *record, GError **error)
{
  if (_skt_export_wants_data (self->export, record))
    return write_data (self, record, error);
  if (skt_record_is_data (record))
    return TRUE;

  if (record->kind == SKT_RECORD_OPENED)
    _skt_export_note_opened (self->export, record);
  else if (record->kind == SKT_RECORD_PEER_FINISHED)
    finish_stream (self, record->connection, ARROW_RECEIVED,
                   &ensure_connection (self, record->connection)->received);
  else if (record->kind == SKT_RECORD_FINISHED)
    finish_stream (self, record->connection, ARROW_SENT, &ensure_connection (self, record->connection)->sent);
  else if (record->kind == SKT_RECORD_CLOSED)
    finish_streams (self, record->connection, ensure_connection (self, record->connection));
  if (self->export->direction == SKT_EXPORT_BOTH)
    write_event (self, record);
  return TRUE;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  const guint first = GPOINTER_TO_UINT (a), second = GPOINTER_TO_UINT (b);

  return (first > second) - (first < second);
}

static void
finish_all (Writer *self)
{
  g_autoptr (GList) ids = g_list_sort (g_hash_table_get_keys (self->connections), compare_ids);

  for (GList *l = ids; l != NULL; l = l->next)
    finish_streams (self, GPOINTER_TO_UINT (l->data), g_hash_table_lookup (self->connections, l->data));
}

static gboolean
write_all (Writer *self, GError **error)
{
  if (!_skt_export_note_earlier (self->export, NULL, NULL, error))
    return FALSE;
  for (guint64 i = self->export->first_record; i < self->export->n_records; i++)
    {
      SktRecord record;

      if (!_skt_export_get_record (self->export, i, &record, error) || !write_record (self, &record, error) ||
          !_skt_export_turn (self->export, record.offset, error))
        return FALSE;
    }
  finish_all (self);
  return TRUE;
}

gboolean
_skt_export_write_text (SktExport *self, GError **error)
{
  Writer writer = {
    .export = self,
    .out = self->file->buffer,
    .connections = g_hash_table_new_full (NULL, NULL, NULL, g_free),
    .row = g_string_new (NULL),
  };
  gboolean ok = write_all (&writer, error);

  g_hash_table_unref (writer.connections);
  g_string_free (writer.row, TRUE);
  g_free (writer.second_text);
  return ok;
}
