/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-export-private.h"

#include <string.h>

#include "skt-decode.h"
#include "skt-hex.h"
#include "skt-record-text.h"

/* CSV (RFC 4180) and JSON Lines: one record is one line, in valid UTF-8. See docs/export-formats.md. */

/* A row of text that is decoded at once. */
#define ROW_MAX 1024
#define PIECE_SIZE (32 * 1024)

/* What is begun and not finished in one direction of one connection. */
typedef struct
{
  guint64 key;
  SktCarry carry;
} Stream;

typedef struct
{
  SktExport *export;
  GString *out;         /* the file's */
  gboolean is_json;
  GHashTable *streams;  /* Stream.key → Stream */
  GString *text;        /* reused */
  gint64 second;        /* whose date, time and zone are in: */
  char *second_text;
  char *zone_text;
} Writer;

static const char *const event_names[SKT_N_RECORD_KINDS] = {
  [SKT_RECORD_RESOLVING] = "resolving",
  [SKT_RECORD_CONNECTING] = "connecting",
  [SKT_RECORD_OPENED] = "opened",
  [SKT_RECORD_PEER_FINISHED] = "peer-finished",
  [SKT_RECORD_CLOSED] = "closed",
  [SKT_RECORD_FAILED] = "failed",
  [SKT_RECORD_LISTENING] = "listening",
  [SKT_RECORD_STOPPED_LISTENING] = "stopped-listening",
  [SKT_RECORD_NOTE] = "note",
  [SKT_RECORD_FINISHED] = "finished",
};

/* -- Escapes ------------------------------------------------------------------------------------------------- */

/* Control characters, and what reorders or hides its neighbours: those that the window shows as tokens too. */
static gboolean
is_hidden (gunichar c)
{
  GUnicodeType type;

  if (c < 0x7F)
    return c < 0x20;
  if (c < 0xA0)
    return TRUE;
  type = g_unichar_type (c);
  return type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

static void
append_json_character (GString *out, gunichar c)
{
  static const char short_forms[][2] = { { '"', '"' },  { '\\', '\\' }, { '\b', 'b' }, { '\f', 'f' },
                                         { '\n', 'n' }, { '\r', 'r' },  { '\t', 't' } };

  for (gsize i = 0; i < G_N_ELEMENTS (short_forms); i++)
    if (c == (gunichar) short_forms[i][0])
      {
        g_string_append_c (out, '\\');
        g_string_append_c (out, short_forms[i][1]);
        return;
      }
  if (c > 0xFFFF)
    g_string_append_printf (out, "\\u%04x\\u%04x", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + ((c - 0x10000) & 0x3FF));
  else
    g_string_append_printf (out, "\\u%04x", c);
}

static void
append_csv_character (GString *out, gunichar c)
{
  if (c == '"')
    g_string_append (out, "\"\"");
  else if (c == '\n' || c == '\r' || c == '\t')
    g_string_append (out, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
  else if (c < 0x80)
    g_string_append_printf (out, "\\x%02X", c);
  else
    g_string_append_printf (out, "\\u%04X", c);
}

/* A part of a string that is in quotes. */
static void
append_escaped (Writer *self, const char *text, gsize length)
{
  const char *end = text + length, *start = text;

  for (const char *p = text; p < end;)
    {
      const gboolean is_ascii = (guchar) *p < 0x80;
      const gunichar c = is_ascii ? (gunichar) *p : g_utf8_get_char (p);
      const char *next = is_ascii ? p + 1 : g_utf8_next_char (p);

      if (c == '"' || (c == '\\' && self->is_json) || is_hidden (c))
        {
          g_string_append_len (self->out, start, p - start);
          if (self->is_json)
            append_json_character (self->out, c);
          else
            append_csv_character (self->out, c);
          start = next;
        }
      p = next;
    }
  g_string_append_len (self->out, start, end - start);
}

/* A spreadsheet takes a cell that begins so for a formula, and a peer must not be able to write formulas. The
 * apostrophe itself too, so that whoever takes one away has the text as it was. */
static gboolean
is_formula (const char *text)
{
  static const char *const starts[] = { "=", "+", "-", "@", "'", "＝", "＋", "－", "＠" };

  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    if (g_str_has_prefix (text, starts[i]))
      return TRUE;
  return FALSE;
}

static void
append_string (Writer *self, const char *text)
{
  g_string_append_c (self->out, '"');
  if (!self->is_json && is_formula (text))
    g_string_append_c (self->out, '\'');
  append_escaped (self, text, strlen (text));
  g_string_append_c (self->out, '"');
}

/* -- Fields -------------------------------------------------------------------------------------------------- */

/* The fields of a line come in this order. JSON leaves out what there is not, CSV leaves it empty. */
static void
begin_field (Writer *self, const char *name)
{
  if (self->is_json)
    g_string_append_printf (self->out, ",\"%s\":", name);
  else
    g_string_append_c (self->out, ',');
}

static void
append_number (Writer *self, const char *name, guint64 number)
{
  begin_field (self, name);
  g_string_append_printf (self->out, "%" G_GUINT64_FORMAT, number);
}

static void
append_word (Writer *self, const char *name, const char *word)
{
  begin_field (self, name);
  append_string (self, word);
}

static void
skip_fields (Writer *self, guint n)
{
  for (; !self->is_json && n > 0; n--)
    g_string_append_c (self->out, ',');
}

/* ISO 8601 with nanoseconds and the zone. */
static void
append_time (Writer *self, guint64 time_ns)
{
  const gint64 second = time_ns / 1000000000;

  if (self->second_text == NULL || self->second != second)
    {
      g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (second);

      if (time == NULL)
        time = g_date_time_new_from_unix_utc (0);
      g_free (self->second_text);
      g_free (self->zone_text);
      self->second = second;
      self->second_text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
      self->zone_text = g_date_time_format (time, "%:z");
    }
  begin_field (self, "time");
  g_string_append_printf (self->out, self->is_json ? "\"%s.%09u%s\"" : "%s.%09u%s", self->second_text,
                          (guint) (time_ns % 1000000000), self->zone_text);
}

static void
append_connection (Writer *self, guint32 id)
{
  const SktExportPeer *peer = _skt_export_get_peer (self->export, id);

  if (id == 0)
    skip_fields (self, 1);
  else
    append_number (self, "connection", id);
  if (peer == NULL)
    skip_fields (self, 2);
  else
    {
      append_word (self, "local", peer->local);
      append_word (self, "peer", peer->remote);
    }
}

/* -- Data ---------------------------------------------------------------------------------------------------- */

static gboolean
append_hex (Writer *self, const SktRecord *record, GError **error)
{
  const guint64 end = record->offset + record->length;
  guint64 offset = record->offset;

  begin_field (self, "hex");
  g_string_append_c (self->out, '"');
  while (offset < end)
    {
      gsize length;
      const guint8 *bytes = _skt_export_peek (self->export, offset, MIN (end - offset, PIECE_SIZE), &length, error);

      if (bytes == NULL)
        return FALSE;
      if (self->is_json)
        {
          static const char digits[] = "0123456789abcdef";
          gsize at = self->out->len;

          g_string_set_size (self->out, at + 2 * length);
          for (gsize i = 0; i < length; i++)
            {
              self->out->str[at++] = digits[bytes[i] >> 4];
              self->out->str[at++] = digits[bytes[i] & 15];
            }
        }
      else
        {
          /* With spaces: else 1e10 becomes a number in a spreadsheet, and 0001 loses its zeros. */
          if (offset > record->offset)
            g_string_append_c (self->out, ' ');
          skt_hex_append (self->out, bytes, length);
        }
      offset += length;
      if (!_skt_export_turn (self->export, record->offset, error))
        return FALSE;
    }
  g_string_append_c (self->out, '"');
  return TRUE;
}

static Stream *
ensure_stream (Writer *self, guint64 key)
{
  Stream *stream = g_hash_table_lookup (self->streams, &key);

  if (stream == NULL)
    {
      stream = g_new0 (Stream, 1);
      stream->key = key;
      g_hash_table_add (self->streams, stream);
    }
  return stream;
}

static gboolean
append_text (Writer *self, const SktRecord *record, GError **error)
{
  const SktEncoding encoding = self->export->encoding;
  Stream *stream = ensure_stream (self, skt_stream_key (record));
  const guint64 end = record->offset + record->length;
  guint64 offset = record->offset;
  gboolean is_first = TRUE;

  begin_field (self, "text");
  g_string_append_c (self->out, '"');
  while (offset < end)
    {
      const SktCarry carry = stream->carry;
      gsize length, row_length;
      const guint8 *bytes = _skt_export_peek (self->export, offset, MIN (end - offset, 2 * ROW_MAX), &length, error);

      if (bytes == NULL)
        return FALSE;
      row_length = skt_encoding_split_row (encoding, &stream->carry, bytes, length, ROW_MAX);
      g_string_truncate (self->text, 0);
      skt_decode_append_plain (encoding, &carry, bytes, row_length, offset + row_length == end, self->text);
      if (is_first && !self->is_json && is_formula (self->text->str))
        g_string_append_c (self->out, '\'');
      is_first = is_first && self->text->len == 0;
      append_escaped (self, self->text->str, self->text->len);
      offset += row_length;
      if (!_skt_export_turn (self->export, offset, error))
        return FALSE;
    }
  g_string_append_c (self->out, '"');
  return TRUE;
}

/* -- Lines --------------------------------------------------------------------------------------------------- */

static void
begin_line (Writer *self, guint64 index)
{
  if (self->is_json)
    g_string_append_printf (self->out, "{\"record\":%" G_GUINT64_FORMAT, index);
  else
    g_string_append_printf (self->out, "%" G_GUINT64_FORMAT, index);
}

static void
end_line (Writer *self)
{
  g_string_append (self->out, self->is_json ? "}\n" : "\r\n");
}

static gboolean
write_data (Writer *self, guint64 index, const SktRecord *record, GError **error)
{
  begin_line (self, index);
  append_time (self, record->time_ns);
  append_word (self, "direction", record->kind == SKT_RECORD_RECEIVED ? "received" : "sent");
  if ((record->flags & SKT_RECORD_FLAG_URGENT) != 0)
    append_word (self, "event", "urgent");
  else
    skip_fields (self, 1);
  append_connection (self, record->connection);
  append_number (self, "stream_offset", record->stream_offset);
  append_number (self, "length", record->length);
  if (!append_hex (self, record, error) || !append_text (self, record, error))
    return FALSE;
  end_line (self);
  return TRUE;
}

static void
write_event (Writer *self, guint64 index, const SktRecord *record)
{
  g_autofree char *tainted_detail = _skt_export_dup_detail (self->export, record);
  g_autofree char *sentence = skt_record_to_text (record, tainted_detail, strlen (tainted_detail));

  begin_line (self, index);
  append_time (self, record->time_ns);
  skip_fields (self, 1);
  append_word (self, "event", event_names[record->kind]);
  append_connection (self, record->connection);
  skip_fields (self, 3);
  append_word (self, "text", sentence);
  end_line (self);
}

static gboolean
write_record (Writer *self, guint64 index, const SktRecord *record, GError **error)
{
  if (_skt_export_wants_data (self->export, record))
    return write_data (self, index, record, error);
  if (skt_record_is_data (record))
    return TRUE;
  if (record->kind == SKT_RECORD_OPENED)
    _skt_export_note_opened (self->export, record);
  if (record->kind == SKT_RECORD_CLOSED)
    for (guint i = 0; i < 2; i++)
      g_hash_table_remove (self->streams, &(guint64){ (guint64) record->connection << 1 | i });
  if (self->export->direction == SKT_EXPORT_BOTH && _skt_export_wants_connection (self->export, record->connection))
    write_event (self, index, record);
  return TRUE;
}

static gboolean
write_all (Writer *self, GError **error)
{
  if (!_skt_export_note_earlier (self->export, NULL, NULL, error))
    return FALSE;
  if (!self->is_json)
    g_string_append (self->out, "record,time,direction,event,connection,local,peer,stream_offset,length,hex,text\r\n");
  for (guint64 i = self->export->first_record; i < self->export->n_records; i++)
    {
      SktRecord record;

      if (!_skt_export_get_record (self->export, i, &record, error) || !write_record (self, i, &record, error) ||
          !_skt_export_turn (self->export, record.offset, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
_skt_export_write_records (SktExport *self, GError **error)
{
  Writer writer = {
    .export = self,
    .out = self->file->buffer,
    .is_json = self->format == SKT_EXPORT_JSON_LINES,
    .streams = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free),
    .text = g_string_new (NULL),
  };
  gboolean ok = write_all (&writer, error);

  g_hash_table_unref (writer.streams);
  g_string_free (writer.text, TRUE);
  g_free (writer.second_text);
  g_free (writer.zone_text);
  return ok;
}
