/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-selection.h"

#include "skt-copy-private.h"
#include "skt-decode.h"
#include "skt-hex.h"
#include "skt-row-scanner.h"

typedef struct
{
  SktJournal *journal;
  SktLayout *layout;
  SktPosition from, to;
  SktCopyFormat format;
  guint64 n_bytes;
} Copy;

static void
copy_free (Copy *copy)
{
  skt_journal_unref (copy->journal);
  skt_layout_unref (copy->layout);
  g_free (copy);
}

gboolean
skt_copy_format_from_name (const char *name, SktCopyFormat *ret_format)
{
  static const char *const names[SKT_N_COPY_FORMATS] = {
    [SKT_COPY_TEXT] = "text",       [SKT_COPY_HEX] = "hex",         [SKT_COPY_HEXDUMP] = "hexdump",
    [SKT_COPY_C_ARRAY] = "c",       [SKT_COPY_PYTHON] = "python",   [SKT_COPY_ESCAPED] = "escaped",
    [SKT_COPY_BASE64] = "base64",   [SKT_COPY_JSON] = "json",
  };

  for (guint i = 0; i < SKT_N_COPY_FORMATS; i++)
    if (g_str_equal (name, names[i]))
      {
        *ret_format = i;
        return TRUE;
      }
  return FALSE;
}

/* What of the row is selected: its bytes [*ret_begin, *ret_end). */
static gboolean
clip_row (const Copy *copy, const SktRow *row, SktJournalReader *reader, guint32 *ret_begin, guint32 *ret_end)
{
  g_autoptr (GArray) pieces = NULL;
  SktPosition start = { row->record, row->begin };

  *ret_begin = 0;
  *ret_end = row->length;
  if (skt_position_compare (&start, &copy->from) < 0 || skt_position_compare (&row->end, &copy->to) > 0)
    {
      pieces = skt_row_list_pieces (row, reader, copy->layout);
      *ret_begin = skt_row_find_position (row, pieces, copy->from);
      *ret_end = skt_row_find_position (row, pieces, copy->to);
    }
  return *ret_begin < *ret_end;
}

static void
begin_line (GString *text)
{
  if (text->len > 0 && text->str[text->len - 1] != '\n')
    g_string_append_c (text, '\n');
}

/* A clipboard takes text up to the first NUL: from `start` on they are written out. */
static void
write_out_nuls (GString *text, gsize start)
{
  for (gsize i = start; i < text->len; i++)
    if (text->str[i] == '\0')
      {
        text->str[i] = '\\';
        g_string_insert_c (text, ++i, '0');
      }
}

/* Bytes [begin, begin + length) of the row. starts_line: they do not go on with what was before. */
static void
append_row (const Copy *copy,
            GString *text,
            SktHexdump *dump,
            const SktRow *row,
            guint32 begin,
            const guint8 *bytes,
            gsize length,
            gboolean starts_line)
{
  gsize start;

  switch (copy->format)
    {
    case SKT_COPY_TEXT:
      if (starts_line)
        begin_line (text);
      start = text->len;
      skt_decode_append_plain (skt_layout_get_encoding (copy->layout), begin == 0 ? &row->carry : NULL, bytes, length,
                               row->ends_piece && begin + length == row->length, text);
      write_out_nuls (text, start);
      break;
    case SKT_COPY_HEX:
      if (starts_line)
        begin_line (text);
      else if (text->len > 0)
        g_string_append_c (text, ' ');
      skt_hex_append (text, bytes, length);
      break;
    case SKT_COPY_HEXDUMP:
      skt_hexdump_append (dump, text, bytes, length);
      break;
    case SKT_COPY_C_ARRAY:
    case SKT_COPY_PYTHON:
    case SKT_COPY_ESCAPED:
    case SKT_COPY_BASE64:
    case SKT_COPY_JSON:
    case SKT_N_COPY_FORMATS:
    default:
      g_assert_not_reached ();
    }
}

/* Reads, writes and frames begin on lines of their own; in a stream only what another one has interrupted does. */
static gboolean
starts_line (const Copy *copy, const SktRow *row, guint64 stream, guint64 last_stream)
{
  if (skt_layout_get_mode (copy->layout) == SKT_MODE_STREAM)
    return stream != last_stream;
  return row->is_first;
}

static char *
copy_rows (SktJournal *journal,
           SktLayout *layout,
           SktPosition from,
           SktPosition to,
           SktCopyFormat format,
           GCancellable *cancellable,
           guint64 *ret_n_bytes,
           GError **error)
{
  Copy copy = { journal, layout, from, to, format, 0 };
  g_autoptr (SktRowScanner) scanner = skt_row_scanner_new (journal, layout);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree guint8 *buffer = g_malloc (SKT_TEXT_ROW_BYTES + 8);
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  guint64 last_stream = G_MAXUINT64;
  SktHexdump dump;
  SktRow row = { 0 };

  skt_hexdump_init (&dump);
  skt_row_scanner_seek_guess (scanner, from.record);
  skt_row_scanner_set_end (scanner, to.begin > 0 ? to.record + 1 : to.record);
  while (!row.is_open && skt_row_scanner_next (scanner, &row))
    {
      const SktRecord *record = skt_row_scanner_get_record (scanner);
      guint32 begin, end;
      gsize length;

      if (!skt_record_is_data (record) || !clip_row (&copy, &row, reader, &begin, &end))
        continue;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      copy.n_bytes += end - begin;
      if (copy.n_bytes > SKT_COPY_MAX_BYTES)
        {
          _skt_copy_set_too_large (error);
          return NULL;
        }
      length = skt_row_read (&row, journal, reader, layout, buffer);
      end = MIN (end, length);
      if (begin < end)
        append_row (&copy, text, &dump, &row, begin, buffer + begin, end - begin,
                    begin == 0 && starts_line (&copy, &row, skt_stream_key (record), last_stream));
      last_stream = skt_stream_key (record);
    }
  if (format == SKT_COPY_HEXDUMP)
    skt_hexdump_finish (&dump, text);
  if (ret_n_bytes != NULL)
    *ret_n_bytes = copy.n_bytes;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
skt_selection_copy (SktJournal *journal,
                    SktLayout *layout,
                    SktPosition from,
                    SktPosition to,
                    SktCopyFormat format,
                    GCancellable *cancellable,
                    guint64 *ret_n_bytes,
                    GError **error)
{
  g_return_val_if_fail (format < SKT_N_COPY_FORMATS, NULL);
  return (format < SKT_COPY_C_ARRAY ? copy_rows : _skt_copy_bytes) (journal, layout, from, to, format, cancellable,
                                                                    ret_n_bytes, error);
}

static void
copy_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Copy *copy = task_data;
  GError *error = NULL;
  char *text = skt_selection_copy (copy->journal, copy->layout, copy->from, copy->to, copy->format, cancellable,
                                   &copy->n_bytes, &error);
  if (text == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, text, g_free);
}

void
skt_selection_copy_async (SktJournal *journal,
                          SktLayout *layout,
                          SktPosition from,
                          SktPosition to,
                          SktCopyFormat format,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Copy *copy = g_new0 (Copy, 1);

  *copy = (Copy){ skt_journal_ref (journal), skt_layout_ref (layout), from, to, format, 0 };
  g_task_set_source_tag (task, skt_selection_copy_async);
  g_task_set_task_data (task, copy, (GDestroyNotify) copy_free);
  g_task_run_in_thread (task, copy_in_worker);
}

char *
skt_selection_copy_finish (GAsyncResult *result, guint64 *ret_n_bytes, GError **error)
{
  Copy *copy = g_task_get_task_data (G_TASK (result));
  char *text = g_task_propagate_pointer (G_TASK (result), error);

  if (text != NULL && ret_n_bytes != NULL)
    *ret_n_bytes = copy->n_bytes;
  return text;
}
