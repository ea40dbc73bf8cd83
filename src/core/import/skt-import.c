/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-import-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE (256 * 1024)
/* A record of a raw file. */
#define RAW_SIZE (64 * 1024)
#define DETAIL_MAX 256

void
skt_import_free (SktImport *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->journal, skt_journal_unref);
  g_clear_pointer (&self->peers, g_hash_table_unref);
  g_free (self->name);
  g_free (self->warning);
  g_free (self);
}

/* -- Reading the file ---------------------------------------------------------------------------------------- */

static gsize
read_at (SktImporter *self, guint64 offset, guint8 *buffer, gsize length)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = pread (self->fd, buffer + done, length - done, offset + done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      done += n;
    }
  return done;
}

const guint8 *
_skt_importer_peek (SktImporter *self, gsize length)
{
  if (length > self->size - self->offset)
    return NULL;
  if (self->fill < length)
    {
      guint64 end = self->offset + self->fill;

      if (self->fill > 0 && self->start > 0)
        memmove (self->buffer, self->buffer + self->start, self->fill);
      self->start = 0;
      if (self->capacity < MAX (length, BUFFER_SIZE))
        {
          self->capacity = MAX (length, BUFFER_SIZE);
          self->buffer = g_realloc (self->buffer, self->capacity);
        }
      self->fill += read_at (self, end, self->buffer + self->fill,
                             MIN (self->capacity - self->fill, self->size - end));
    }
  return self->fill >= length ? self->buffer + self->start : NULL;
}

void
_skt_importer_skip (SktImporter *self, guint64 length)
{
  const gsize buffered = MIN (length, self->fill);

  self->offset += length;
  self->start += buffered;
  self->fill -= buffered;
}

gboolean
_skt_importer_turn (SktImporter *self, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  skt_progress_set (self->progress, MIN (self->offset, MAX (self->size, 1) - 1), MAX (self->size, 1));
  return TRUE;
}

void
_skt_importer_warn (SktImporter *self, const char *sentence)
{
  if (self->warning->len > 0)
    g_string_append_c (self->warning, ' ');
  g_string_append (self->warning, sentence);
}

/* -- Raw files ----------------------------------------------------------------------------------------------- */

static gboolean
import_raw (SktImporter *self, guint64 time_ns, GError **error)
{
  while (self->offset < self->size)
    {
      SktRecord record = {
        .kind = SKT_RECORD_RECEIVED,
        .connection = 1,
        .time_ns = time_ns,
        .stream_offset = self->offset,
      };
      gsize room, length;
      guint8 *bytes;

      if (!_skt_importer_turn (self, error))
        return FALSE;
      bytes = skt_journal_reserve (self->journal, RAW_SIZE, &room, error);
      if (bytes == NULL)
        return FALSE;
      length = read_at (self, self->offset, bytes, MIN (RAW_SIZE, self->size - self->offset));
      if (length == 0)
        {
          g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, self->offset);
          /* Translators: a number of bytes */
          g_autofree char *text = g_strdup_printf (_("This file could be read only up to byte %s."), number);

          _skt_importer_warn (self, text);
          break;
        }
      if (!skt_journal_append (self->journal, &record, NULL, length, error))
        return FALSE;
      self->offset += length;
    }
  return TRUE;
}

/* -- What it is ---------------------------------------------------------------------------------------------- */

static gboolean
set_error (GError **error, int code, const char *path)
{
  g_autofree char *name = g_filename_display_name (path);
  const GIOErrorEnum io_code = g_io_error_from_errno (code);

  if (code == ENOENT || code == ENOTDIR)
    g_set_error (error, G_IO_ERROR, io_code, _("“%s” cannot be opened: there is no such file"), name);
  else if (code == EACCES || code == EPERM)
    g_set_error (error, G_IO_ERROR, io_code, _("“%s” cannot be opened: you may not read it"), name);
  else
    g_set_error (error, G_IO_ERROR, io_code, _("“%s” cannot be opened: %s"), name, g_strerror (code));
  return FALSE;
}

static gboolean
is_session_folder (const char *path)
{
  static const char magic[] = "SKTJRNL\n";
  g_autofree char *records = g_build_filename (path, "records", NULL);
  char start[sizeof magic - 1];
  int fd = open (records, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  gboolean is_ours = fd >= 0 && read (fd, start, sizeof start) == sizeof start &&
                     memcmp (start, magic, sizeof start) == 0;

  if (fd >= 0)
    close (fd);
  return is_ours;
}

/* The folder if it is that of a session, or if the file is one of those in it; else NULL. */
static char *
dup_session_path (const char *path)
{
  static const char *const names[] = { "payload", "records", "session.ini", NULL };
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *parent = g_path_get_dirname (path);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return g_strdup (path);
  if (g_strv_contains (names, name) && is_session_folder (parent))
    return g_steal_pointer (&parent);
  return NULL;
}

/* An OPENED record's detail is "local remote". */
static GHashTable *
list_peers (SktJournal *journal, GCancellable *cancellable)
{
  GHashTable *peers = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  const guint64 n = skt_journal_get_n_records (journal);

  for (guint64 i = 0; i < n && !g_cancellable_is_cancelled (cancellable); i++)
    {
      char detail[DETAIL_MAX];
      const char *space;
      SktRecord record;
      gsize length;

      if (!skt_journal_reader_get_record (reader, i, &record) || record.kind != SKT_RECORD_OPENED)
        continue;
      length = skt_journal_read_payload (journal, record.offset, (guint8 *) detail,
                                         MIN (record.length, DETAIL_MAX - 1));
      detail[length] = '\0';
      space = strchr (detail, ' ');
      if (space != NULL && g_utf8_validate (space, -1, NULL))
        g_hash_table_insert (peers, GUINT_TO_POINTER (record.connection), g_strdup (space + 1));
    }
  return peers;
}

static SktImport *
open_session (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (SktImport) import = g_new0 (SktImport, 1);

  import->kind = SKT_IMPORT_SESSION;
  import->journal = skt_journal_open (path, &import->warning, error);
  if (import->journal == NULL)
    return NULL;
  import->peers = list_peers (import->journal, cancellable);
  import->name = g_filename_display_basename (path);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&import);
}

/* -- The task ------------------------------------------------------------------------------------------------ */

static void
importer_clear (SktImporter *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->flows, _skt_flows_free);
  g_free (self->buffer);
  g_string_free (self->warning, TRUE);
}

/* So that it has a name if the program is killed while it is looked at. */
static void
write_info (SktJournal *journal, const char *name)
{
  g_autoptr (GKeyFile) info = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  g_key_file_set_string (info, "Session", "kind", "import");
  g_key_file_set_string (info, "Session", "target", name);
  if (!skt_journal_write_info (journal, info, &error))
    g_message ("%s", error->message);
}

static gboolean
import_file (SktImporter *self, SktImport *import, guint64 time_ns, GError **error)
{
  const gsize n = MIN (self->size, 12);
  const guint8 *start = _skt_importer_peek (self, n);

  import->kind = start != NULL && _skt_import_is_capture (start, n) ? SKT_IMPORT_CAPTURE : SKT_IMPORT_RAW;
  if (!(import->kind == SKT_IMPORT_CAPTURE ? _skt_import_capture (self, error) : import_raw (self, time_ns, error)))
    return FALSE;
  /* A full disk at the last moment counts too. */
  return skt_journal_flush (self->journal, error);
}

static SktImport *
open_file (const char *path, const char *sessions_path, SktProgress *progress, GCancellable *cancellable,
           GError **error)
{
  SktImporter importer = { .path = path, .cancellable = cancellable, .progress = progress };
  g_autoptr (SktImport) import = g_new0 (SktImport, 1);
  g_autofree char *journal_path = skt_journal_dup_new_path (sessions_path);
  struct stat info;
  gboolean ok;

  /* Without O_NONBLOCK a FIFO would block for ever. */
  importer.fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (importer.fd < 0 || fstat (importer.fd, &info) != 0)
    {
      set_error (error, errno, path);
      return NULL;
    }
  if (!S_ISREG (info.st_mode))
    {
      g_autofree char *name = g_filename_display_name (path);

      close (importer.fd);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                   _("“%s” cannot be opened: it is not a file but a device or the like"), name);
      return NULL;
    }
  import->name = g_filename_display_basename (path);
  import->journal = importer.journal = skt_journal_create (journal_path, error);
  if (import->journal == NULL)
    {
      close (importer.fd);
      return NULL;
    }
  skt_journal_set_delete_on_free (import->journal, TRUE);
  write_info (import->journal, import->name);
  importer.size = info.st_size;
  importer.warning = g_string_new (NULL);
  ok = import_file (&importer, import, (guint64) info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec, error);
  if (ok && importer.warning->len > 0)
    import->warning = g_strdup (importer.warning->str);
  importer_clear (&importer);
  if (!ok)
    return NULL;
  import->peers = list_peers (import->journal, cancellable);
  skt_progress_set (progress, MAX (importer.size, 1), MAX (importer.size, 1));
  return g_steal_pointer (&import);
}

static SktImport *
open_any (const char *path, const char *sessions_path, SktProgress *progress, GCancellable *cancellable,
          GError **error)
{
  g_autofree char *clean_path = g_canonicalize_filename (path, NULL);
  g_autofree char *session_path = dup_session_path (clean_path);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (session_path != NULL)
    return open_session (session_path, cancellable, error);
  return open_file (clean_path, sessions_path, progress, cancellable, error);
}

SktImport *
skt_import (const char *path, const char *sessions_path, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (path != NULL && sessions_path != NULL, NULL);

  return open_any (path, sessions_path, NULL, cancellable, error);
}

typedef struct
{
  char *path;
  char *sessions_path;
  SktProgress *progress;
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;

  g_free (self->path);
  g_free (self->sessions_path);
  skt_progress_unref (self->progress);
  g_free (self);
}

static void
import_free (gpointer data)
{
  skt_import_free (data);
}

static void
import_in_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Request *request = task_data;
  GError *error = NULL;
  SktImport *import = open_any (request->path, request->sessions_path, request->progress, cancellable, &error);

  if (import != NULL)
    g_task_return_pointer (task, import, import_free);
  else
    g_task_return_error (task, error);
}

void
skt_import_async (const char *path,
                  const char *sessions_path,
                  GCancellable *cancellable,
                  GFileProgressCallback progress,
                  gpointer progress_data,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Request *request;

  g_return_if_fail (path != NULL && sessions_path != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, skt_import_async);
  /* Else what was opened at the moment of cancelling would be deleted on the caller's thread. */
  g_task_set_check_cancellable (task, FALSE);
  request = g_new0 (Request, 1);
  request->path = g_strdup (path);
  request->sessions_path = g_strdup (sessions_path);
  request->progress = skt_progress_new (progress, progress_data, task);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, import_in_thread);
}

SktImport *
skt_import_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, skt_import_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

