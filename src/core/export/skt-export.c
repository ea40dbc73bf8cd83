/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-export-private.h"

#include <glib/gi18n-lib.h>

#include "skt-hex.h"

#define PIECE_SIZE (64 * 1024)

/* -- Names --------------------------------------------------------------------------------------------------- */

static gboolean
find_name (const char *const *names, gsize n_names, const char *name, guint *ret_index)
{
  for (gsize i = 0; i < n_names; i++)
    if (g_str_equal (names[i], name))
      {
        *ret_index = i;
        return TRUE;
      }
  return FALSE;
}

gboolean
skt_export_format_from_name (const char *name, SktExportFormat *ret_format)
{
  static const char *const names[SKT_N_EXPORT_FORMATS] = {
    [SKT_EXPORT_RAW] = "raw",
    [SKT_EXPORT_HEXDUMP] = "hexdump",
    [SKT_EXPORT_TEXT] = "text",
    [SKT_EXPORT_CSV] = "csv",
    [SKT_EXPORT_JSON_LINES] = "jsonl",
    [SKT_EXPORT_PCAPNG] = "pcapng",
    [SKT_EXPORT_SESSION] = "session",
  };
  guint index;

  g_return_val_if_fail (name != NULL, FALSE);

  if (!find_name (names, G_N_ELEMENTS (names), name, &index))
    return FALSE;
  *ret_format = index;
  return TRUE;
}

gboolean
skt_export_direction_from_name (const char *name, SktExportDirection *ret_direction)
{
  static const char *const names[] = { "received", "sent", "both" };
  static const SktExportDirection directions[] = { SKT_EXPORT_RECEIVED, SKT_EXPORT_SENT, SKT_EXPORT_BOTH };
  guint index;

  g_return_val_if_fail (name != NULL, FALSE);

  if (!find_name (names, G_N_ELEMENTS (names), name, &index))
    return FALSE;
  *ret_direction = directions[index];
  return TRUE;
}

static void
tell_progress (SktExport *self, guint64 offset)
{
  skt_progress_set (self->progress, CLAMP (offset, self->start, self->end) - self->start, self->end - self->start);
}

/* -- Reading ------------------------------------------------------------------------------------------------- */

gboolean
_skt_export_wants_connection (const SktExport *self, guint32 connection)
{
  return self->connections == NULL || g_hash_table_contains (self->connections, GUINT_TO_POINTER (connection));
}

gboolean
_skt_export_wants_data (const SktExport *self, const SktRecord *record)
{
  SktExportDirection direction = record->kind == SKT_RECORD_RECEIVED ? SKT_EXPORT_RECEIVED : SKT_EXPORT_SENT;

  return skt_record_is_data (record) && (self->direction & direction) != 0 &&
         _skt_export_wants_connection (self, record->connection);
}

static void
set_damaged (SktExport *self, GError **error)
{
  g_autofree char *name = g_filename_display_name (skt_journal_get_path (self->journal));

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               _("Nothing was exported: the session’s files in “%s” can no longer be read as they were written. Look "
                 "there whether they were changed or the disk has failed"),
               name);
}

/* Leaves of the first and the last record what is to be exported. */
static void
clip_record (const SktExport *self, guint64 index, SktRecord *record)
{
  guint32 begin = 0, end = record->length;

  if (!skt_record_is_data (record))
    return;
  if (index == self->from.record)
    begin = MIN (self->from.begin, end);
  if (index == self->to.record)
    end = CLAMP (self->to.begin, begin, end);
  record->offset += begin;
  record->stream_offset += begin;
  record->length = end - begin;
}

gboolean
_skt_export_get_record (SktExport *self, guint64 index, SktRecord *ret_record, GError **error)
{
  if (!skt_journal_reader_get_record (self->reader, index, ret_record))
    {
      set_damaged (self, error);
      return FALSE;
    }
  if (self->has_range)
    clip_record (self, index, ret_record);
  return TRUE;
}

const guint8 *
_skt_export_peek (SktExport *self, guint64 offset, gsize length, gsize *ret_length, GError **error)
{
  const guint8 *bytes = skt_journal_reader_peek_payload (self->reader, offset, length, ret_length);

  if (bytes == NULL)
    set_damaged (self, error);
  return bytes;
}

gboolean
_skt_export_turn (SktExport *self, guint64 offset, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  /* Not a look at the clock for each of many small records. */
  if (++self->n_turns % 64 == 0)
    tell_progress (self, offset);
  return _skt_export_file_drain (self->file, error);
}

/* -- Raw and hexdump ----------------------------------------------------------------------------------------- */

static gboolean
write_data (SktExport *self, const SktRecord *record, SktHexdump *dump, GError **error)
{
  const guint64 end = record->offset + record->length;
  guint64 offset = record->offset;

  while (offset < end)
    {
      gsize length;
      const guint8 *bytes = _skt_export_peek (self, offset, MIN (end - offset, PIECE_SIZE), &length, error);

      if (bytes == NULL)
        return FALSE;
      if (dump != NULL)
        skt_hexdump_append (dump, self->file->buffer, bytes, length);
      else
        g_string_append_len (self->file->buffer, (const char *) bytes, length);
      offset += length;
      if (!_skt_export_turn (self, offset, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_bytes (SktExport *self, GError **error)
{
  SktHexdump dump;
  const gboolean is_dump = self->format == SKT_EXPORT_HEXDUMP;

  skt_hexdump_init (&dump);
  for (guint64 i = self->first_record; i < self->n_records; i++)
    {
      SktRecord record;

      if (!_skt_export_get_record (self, i, &record, error))
        return FALSE;
      if (_skt_export_wants_data (self, &record))
        {
          if (!write_data (self, &record, is_dump ? &dump : NULL, error))
            return FALSE;
        }
      else if (!_skt_export_turn (self, record.offset, error))
        return FALSE;
    }
  if (is_dump)
    skt_hexdump_finish (&dump, self->file->buffer);
  return TRUE;
}

/* -- The task ------------------------------------------------------------------------------------------------ */

/* What may block: giving back disk space that was held, or deleting the journal if nobody else has it any more. */
static void
let_go_in_thread (SktExport *self)
{
  g_clear_pointer (&self->file, _skt_export_file_free);
  g_clear_pointer (&self->reader, skt_journal_reader_free);
  skt_journal_unhold (self->journal);
  g_clear_pointer (&self->journal, skt_journal_unref);
}

static void
export_free (gpointer data)
{
  SktExport *self = data;

  g_clear_pointer (&self->connections, g_hash_table_unref);
  g_clear_pointer (&self->addresses, g_hash_table_unref);
  g_clear_pointer (&self->peers, g_hash_table_unref);
  g_clear_pointer (&self->progress, skt_progress_unref);
  g_clear_object (&self->cancellable);
  g_free (self->target_path);
  g_free (self);
}

/* Which records, and which payload from `start` to `end`. */
static gboolean
find_range (SktExport *self, GError **error)
{
  SktRecord record;

  if (self->has_range)
    {
      self->first_record = MAX (self->first_record, self->from.record);
      self->n_records = MIN (self->n_records, self->to.record + (self->to.begin > 0 ? 1 : 0));
    }
  if (self->first_record >= self->n_records)
    return TRUE;
  if (!_skt_export_get_record (self, self->first_record, &record, error))
    return FALSE;
  self->start = record.offset;
  /* The selection begins behind the last byte of it. */
  if (self->has_range && self->from.begin > 0 && self->first_record == self->from.record && record.length == 0)
    self->first_record++;
  if (!_skt_export_get_record (self, self->n_records - 1, &record, error))
    return FALSE;
  self->end = MAX (self->start, record.offset + record.length);
  return TRUE;
}

static gboolean
write_format (SktExport *self, GError **error)
{
  switch (self->format)
    {
    case SKT_EXPORT_RAW:
    case SKT_EXPORT_HEXDUMP:
      return write_bytes (self, error);
    case SKT_EXPORT_TEXT:
      return _skt_export_write_text (self, error);
    case SKT_EXPORT_CSV:
    case SKT_EXPORT_JSON_LINES:
      return _skt_export_write_records (self, error);
    case SKT_EXPORT_PCAPNG:
      return _skt_export_write_pcapng (self, error);
    case SKT_EXPORT_SESSION:
    case SKT_N_EXPORT_FORMATS:
    default:
      g_assert_not_reached ();
    }
}

static gboolean
write_file (SktExport *self, guint64 *ret_length, GError **error)
{
  self->file = _skt_export_file_new (self->target_path, error);
  if (self->file == NULL || !find_range (self, error))
    return FALSE;
  tell_progress (self, self->start);
  if (!write_format (self, error) || g_cancellable_set_error_if_cancelled (self->cancellable, error) ||
      !_skt_export_file_commit (self->file, error))
    return FALSE;
  *ret_length = self->file->length;
  return TRUE;
}

static gboolean
run (SktExport *self, guint64 *ret_length, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (self->format == SKT_EXPORT_SESSION)
    return skt_journal_copy (self->journal, self->first_record, self->n_records, self->target_path, self->addresses,
                             self->progress, self->cancellable, ret_length, error);

  self->reader = skt_journal_reader_new (self->journal);
  if (!write_file (self, ret_length, error))
    return FALSE;
  tell_progress (self, self->end);
  return TRUE;
}

static void
export_in_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  SktExport *self = task_data;
  GError *error = NULL;
  guint64 length = 0;
  gboolean ok = run (self, &length, &error);

  /* Before the caller hears of it: what was half written is gone then. */
  let_go_in_thread (self);
  if (ok)
    g_task_return_pointer (task, g_memdup2 (&length, sizeof length), g_free);
  else
    g_task_return_error (task, error);
}

static GHashTable *
copy_strings (GHashTable *table)
{
  GHashTable *copy = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy, key, g_strdup (value));
  return copy;
}

static GHashTable *
new_set (const guint32 *connections, gsize n_connections)
{
  GHashTable *set = g_hash_table_new (NULL, NULL);

  for (gsize i = 0; i < n_connections; i++)
    g_hash_table_add (set, GUINT_TO_POINTER (connections[i]));
  return set;
}

void
skt_export_async (SktJournal *journal,
                  const SktExportOptions *options,
                  const char *target_path,
                  GCancellable *cancellable,
                  GFileProgressCallback progress,
                  gpointer progress_data,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  SktExport *self;

  g_return_if_fail (journal != NULL && options != NULL && target_path != NULL);
  g_return_if_fail ((guint) options->format < SKT_N_EXPORT_FORMATS);
  g_return_if_fail ((options->direction & SKT_EXPORT_BOTH) != 0);
  g_return_if_fail ((guint) options->encoding < SKT_N_ENCODINGS);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, skt_export_async);
  /* Cancelled after the file took the target's place is done, and must not be told as cancelled. */
  g_task_set_check_cancellable (task, FALSE);

  self = g_new0 (SktExport, 1);
  self->journal = skt_journal_ref (journal);
  skt_journal_hold (journal);
  self->target_path = g_strdup (target_path);
  self->format = options->format;
  self->direction = options->direction;
  self->encoding = options->encoding;
  self->first_record = skt_journal_get_first_record (journal);
  self->n_records = skt_journal_get_n_records (journal);
  if (options->connections != NULL)
    self->connections = new_set (options->connections, options->n_connections);
  if (options->addresses != NULL)
    self->addresses = copy_strings (options->addresses);
  self->has_range = options->has_range;
  self->from = options->from;
  self->to = options->to;
  if (cancellable != NULL)
    self->cancellable = g_object_ref (cancellable);
  self->progress = skt_progress_new (progress, progress_data, task);

  g_task_set_task_data (task, self, export_free);
  g_task_run_in_thread (task, export_in_thread);
}

gboolean
skt_export_finish (GAsyncResult *result, guint64 *ret_length, GError **error)
{
  g_autofree guint64 *length = NULL;

  g_return_val_if_fail (g_async_result_is_tagged (result, skt_export_async), FALSE);

  length = g_task_propagate_pointer (G_TASK (result), error);
  if (length == NULL)
    return FALSE;
  if (ret_length != NULL)
    *ret_length = *length;
  return TRUE;
}
