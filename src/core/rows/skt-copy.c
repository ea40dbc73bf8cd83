/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-copy-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "skt-byte-walk.h"
#include "skt-decode.h"
#include "skt-literal.h"

/* Many small reads make much JSON of few bytes. */
#define JSON_MAX_LENGTH (256 * 1024 * 1024)

void
_skt_copy_set_too_large (GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
               _ ("The selection is too large for the clipboard (over %u MiB). Save it to a file instead."),
               SKT_COPY_MAX_BYTES / 1024 / 1024);
}

/* -- All the bytes one after another --------------------------------------------------------------------------- */

static GByteArray *
gather (SktByteWalk *walk, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) local_error = NULL;
  SktBytePiece piece;

  while (skt_byte_walk_next (walk, &piece, cancellable, &local_error))
    {
      if (bytes->len + (guint64) piece.length > SKT_COPY_MAX_BYTES)
        {
          _skt_copy_set_too_large (error);
          return NULL;
        }
      g_byte_array_append (bytes, piece.bytes, piece.length);
    }
  if (local_error == NULL)
    return g_steal_pointer (&bytes);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static char *
dup_literal (SktCopyFormat format, SktEncoding encoding, const GByteArray *bytes)
{
  GString *text = g_string_new (NULL);

  if (format == SKT_COPY_C_ARRAY)
    skt_literal_append_c (text, bytes->data, bytes->len);
  else if (format == SKT_COPY_PYTHON)
    skt_literal_append_python (text, bytes->data, bytes->len);
  else if (format == SKT_COPY_ESCAPED)
    skt_literal_append_escaped (text, encoding, bytes->data, bytes->len);
  else
    skt_literal_append_base64 (text, bytes->data, bytes->len);
  return g_string_free (text, FALSE);
}

/* -- JSON ---------------------------------------------------------------------------------------------------- */

/* Of a stream: the character that is begun and not finished, and where its next byte is. */
typedef struct
{
  SktCarry carry;
  guint64 offset;
} Decoder;

typedef struct
{
  SktJournal *journal;
  SktEncoding encoding;
  GHashTable *peers;    /* connection → address */
  GHashTable *decoders; /* stream → Decoder */
  GString *text;
  GString *decoded;

  /* the record that is gathered */
  guint64 index;
  SktRecord record;
  guint32 begin;
  GByteArray *bytes;
} Json;

/* From "local remote". */
static char *
dup_peer (Json *self, const SktRecord *opened)
{
  char tainted_detail[256];
  gsize length = skt_journal_read_payload (self->journal, opened->offset, (guint8 *) tainted_detail,
                                           MIN (opened->length, sizeof tainted_detail - 1));
  const char *space;

  tainted_detail[length] = '\0';
  space = strchr (tainted_detail, ' ');
  return space != NULL ? g_utf8_make_valid (space + 1, -1) : NULL;
}

/* The connections' beginnings may be long before what is selected. */
static gboolean
find_peers (Json *self, guint64 end, GCancellable *cancellable, GError **error)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (self->journal);
  guint64 n = MIN (end, skt_journal_get_n_records (self->journal));
  SktRecord record;

  for (guint64 i = 0; i < n; i++)
    {
      char *peer;

      if (i % 4096 == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (!skt_journal_reader_get_record (reader, i, &record) || record.kind != SKT_RECORD_OPENED)
        continue;
      peer = dup_peer (self, &record);
      if (peer != NULL)
        g_hash_table_insert (self->peers, GUINT_TO_POINTER (record.connection), peer);
    }
  return TRUE;
}

static void
append_time (GString *text, guint64 time_ns)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (time_ns / 1000000000);
  g_autofree char *seconds = time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%S") : NULL;

  if (seconds == NULL)
    g_string_append (text, "null");
  else
    g_string_append_printf (text, "\"%s.%09uZ\"", seconds, (guint) (time_ns % 1000000000));
}

static void
append_string (GString *text, const char *string)
{
  if (string == NULL)
    g_string_append (text, "null");
  else
    skt_literal_append_json (text, string, strlen (string));
}

static Decoder *
ensure_decoder (Json *self, guint64 stream, guint64 offset)
{
  Decoder *decoder = g_hash_table_lookup (self->decoders, &stream);

  if (decoder == NULL)
    {
      decoder = g_new0 (Decoder, 1);
      g_hash_table_insert (self->decoders, g_memdup2 (&stream, sizeof stream), decoder);
    }
  /* What was between is not shown. */
  if (decoder->offset != offset)
    decoder->carry = (SktCarry){ 0 };
  return decoder;
}

/* A character that two reads share is in the text of the one that finishes it. */
static void
decode (Json *self)
{
  guint64 offset = self->record.stream_offset + self->begin;
  Decoder *decoder = ensure_decoder (self, skt_stream_key (&self->record), offset);
  const guint8 *bytes = self->bytes->data;
  gsize length = self->bytes->len;

  decoder->offset = offset + length;
  g_string_truncate (self->decoded, 0);
  skt_decode_append_plain (self->encoding, &decoder->carry, bytes, length, TRUE, self->decoded);
  for (gsize n; length > 0; bytes += n, length -= n)
    n = skt_encoding_split_row (self->encoding, &decoder->carry, bytes, length, SKT_TEXT_ROW_BYTES);
}

static void
append_object (Json *self)
{
  static const char digits[] = "0123456789abcdef";
  GString *text = self->text;

  g_string_append (text, text->len > 1 ? ",\n  {\"time\": " : "\n  {\"time\": ");
  append_time (text, self->record.time_ns);
  g_string_append_printf (text, ", \"direction\": \"%s\", \"connection\": %u, \"peer\": ",
                          self->record.kind == SKT_RECORD_SENT ? "sent" : "received", self->record.connection);
  append_string (text, g_hash_table_lookup (self->peers, GUINT_TO_POINTER (self->record.connection)));
  g_string_append_printf (text, ", \"offset\": %" G_GUINT64_FORMAT ", \"hex\": \"",
                          self->record.stream_offset + self->begin);
  for (guint i = 0; i < self->bytes->len; i++)
    {
      g_string_append_c (text, digits[self->bytes->data[i] >> 4]);
      g_string_append_c (text, digits[self->bytes->data[i] & 0xF]);
    }
  g_string_append (text, "\", \"text\": ");
  decode (self);
  skt_literal_append_json (text, self->decoded->str, self->decoded->len);
  g_string_append_c (text, '}');
}

static gboolean
append_objects (Json *self, SktByteWalk *walk, guint64 *n_bytes, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SktBytePiece piece;

  g_string_append_c (self->text, '[');
  while (skt_byte_walk_next (walk, &piece, cancellable, &local_error))
    {
      if (self->bytes->len > 0 && (piece.index != self->index || piece.begin != self->begin + self->bytes->len))
        {
          append_object (self);
          g_byte_array_set_size (self->bytes, 0);
        }
      if (self->bytes->len == 0)
        {
          self->index = piece.index;
          self->record = *piece.record;
          self->begin = piece.begin;
        }
      g_byte_array_append (self->bytes, piece.bytes, piece.length);
      *n_bytes += piece.length;
      if (*n_bytes > SKT_COPY_MAX_BYTES || self->text->len > JSON_MAX_LENGTH)
        {
          _skt_copy_set_too_large (error);
          return FALSE;
        }
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (self->bytes->len > 0)
    append_object (self);
  g_string_append (self->text, "\n]\n");
  return TRUE;
}

static char *
dup_json (SktJournal *journal,
          SktByteWalk *walk,
          SktEncoding encoding,
          guint64 end_record,
          guint64 *n_bytes,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (GHashTable) peers = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (GHashTable) decoders = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GString) text = g_string_new (NULL), decoded = g_string_new (NULL);
  Json json = {
    .journal = journal,
    .encoding = encoding,
    .peers = peers,
    .decoders = decoders,
    .text = text,
    .decoded = decoded,
    .bytes = bytes,
  };

  if (!find_peers (&json, end_record, cancellable, error) ||
      !append_objects (&json, walk, n_bytes, cancellable, error))
    return NULL;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* -- Any of them --------------------------------------------------------------------------------------------- */

char *
_skt_copy_bytes (SktJournal *journal,
                 SktLayout *layout,
                 SktPosition from,
                 SktPosition to,
                 SktCopyFormat format,
                 GCancellable *cancellable,
                 guint64 *ret_n_bytes,
                 GError **error)
{
  g_autoptr (SktByteWalk) walk = skt_byte_walk_new (journal, layout, from, to);
  SktEncoding encoding = skt_layout_get_encoding (layout);
  g_autoptr (GByteArray) bytes = NULL;
  guint64 n_bytes = 0;
  char *text = NULL;

  if (format == SKT_COPY_JSON)
    text = dup_json (journal, walk, encoding, to.begin > 0 ? to.record + 1 : to.record, &n_bytes, cancellable, error);
  else
    {
      bytes = gather (walk, cancellable, error);
      if (bytes != NULL)
        {
          n_bytes = bytes->len;
          text = dup_literal (format, encoding, bytes);
        }
    }
  if (text != NULL && ret_n_bytes != NULL)
    *ret_n_bytes = n_bytes;
  return text;
}
