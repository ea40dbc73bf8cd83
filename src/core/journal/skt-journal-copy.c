/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-journal-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_SIZE (256 * 1024)

typedef struct
{
  SktJournal *journal;
  guint64 first_record;
  guint64 n_records;
  GHashTable *addresses;
  SktProgress *progress;
  GCancellable *cancellable;

  char *path;           /* where it is to be */
  char *temporary_path;
  int dir_fd, payload_fd, records_fd;
  guint64 start, end;   /* payload that is copied */
  guint64 done, total;
  guint8 *buffer;
} Copy;

static gboolean
fail (Copy *self, int code, GError **error)
{
  g_autofree char *name = g_filename_display_name (self->path);
  const GIOErrorEnum io_code = g_io_error_from_errno (code);

  if (code == EEXIST || code == ENOTEMPTY)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                 _("“%s” was not written: something of that name is already there. Choose another name"), name);
  else if (code == ENOSPC || code == EDQUOT)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                 _("“%s” was not written: the disk or your quota is full. Free some space there or choose another "
                   "folder"), name);
  else if (code == EFBIG)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                 _("“%s” was not written: files as large as this are not allowed there. Choose another folder or "
                   "export less"), name);
  else if (code == ENOENT || code == ENOTDIR)
    g_set_error (error, G_IO_ERROR, io_code,
                 _("“%s” was not written: its folder does not exist. Choose another folder"), name);
  else if (code == EACCES || code == EPERM || code == EROFS)
    g_set_error (error, G_IO_ERROR, io_code,
                 _("“%s” was not written: you may not write there. Choose another folder"), name);
  else
    g_set_error (error, G_IO_ERROR, io_code, _("“%s” was not written: %s"), name, g_strerror (code));
  return FALSE;
}

/* -- Files --------------------------------------------------------------------------------------------------- */

static int
create_file (Copy *self, const char *name)
{
  int fd = openat (self->dir_fd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd >= 0 && fchmod (fd, 0600) != 0)
    {
      close (fd);
      return -1;
    }
  return fd;
}

static gboolean
create_folder (Copy *self, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (self->path);
  g_autofree char *name = _skt_journal_dup_temporary_name ("save");
  g_autofree char *temporary_path = g_build_filename (parent, name, NULL);

  if (g_file_test (self->path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
    return fail (self, EEXIST, error);
  if (mkdir (temporary_path, 0700) != 0)
    return fail (self, errno, error);
  self->temporary_path = g_steal_pointer (&temporary_path);
  self->dir_fd = open (self->temporary_path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (self->dir_fd < 0 || fchmod (self->dir_fd, 0700) != 0)
    return fail (self, errno, error);
  self->payload_fd = create_file (self, SKT_JOURNAL_PAYLOAD);
  self->records_fd = self->payload_fd >= 0 ? create_file (self, SKT_JOURNAL_RECORDS) : -1;
  return self->records_fd >= 0 || fail (self, errno, error);
}

static void
copy_clear (Copy *self)
{
  if (self->payload_fd >= 0)
    close (self->payload_fd);
  if (self->records_fd >= 0)
    close (self->records_fd);
  if (self->temporary_path != NULL)
    {
      if (self->dir_fd >= 0)
        {
          unlinkat (self->dir_fd, SKT_JOURNAL_PAYLOAD, 0);
          unlinkat (self->dir_fd, SKT_JOURNAL_RECORDS, 0);
          unlinkat (self->dir_fd, SKT_JOURNAL_INFO, 0);
        }
      rmdir (self->temporary_path);
    }
  if (self->dir_fd >= 0)
    close (self->dir_fd);
  g_free (self->temporary_path);
  g_free (self->path);
  g_free (self->buffer);
}

static gboolean
write_at (Copy *self, int fd, const void *bytes, gsize length, guint64 offset, GError **error)
{
  gsize written;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (!_skt_journal_pwrite_all (fd, bytes, length, offset, &written))
    return fail (self, errno, error);
  self->done += length;
  skt_progress_set (self->progress, MIN (self->done, self->total - 1), self->total);
  return TRUE;
}

static gboolean
fail_to_read (Copy *self, GError **error)
{
  g_autofree char *name = g_filename_display_name (self->journal->path);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               _("Nothing was saved: the session’s files in “%s” can no longer be read as they were written. Look "
                 "there whether they were changed or the disk has failed"),
               name);
  return FALSE;
}

/* -- What is copied ------------------------------------------------------------------------------------------ */

static gboolean
read_record (Copy *self, guint64 index, SktRecord *ret_record)
{
  SktRecord tainted_stored;

  return _skt_journal_pread_all (self->journal->records_fd, &tainted_stored, sizeof tainted_stored,
                                 sizeof (SktJournalHeader) + index * sizeof tainted_stored) == sizeof tainted_stored &&
         _skt_record_from_disk (&tainted_stored, ret_record);
}

static gboolean
find_payload (Copy *self, GError **error)
{
  SktRecord record;

  if (self->n_records > 0)
    {
      if (!read_record (self, self->n_records - 1, &record))
        return fail_to_read (self, error);
      self->start = self->end = record.offset + record.length;
    }
  if (self->first_record < self->n_records)
    {
      if (!read_record (self, self->first_record, &record))
        return fail_to_read (self, error);
      self->start = record.offset;
    }
  if (self->start > self->end)
    return fail_to_read (self, error);
  self->total = self->end - self->start + sizeof (SktJournalHeader) + self->n_records * sizeof (SktRecord);
  return TRUE;
}

/* What was cleared is not copied, but a hole is left for it: offsets and numbers of records stay as they were. */
static gboolean
copy_payload (Copy *self, GError **error)
{
  for (guint64 offset = self->start; offset < self->end;)
    {
      gsize length = skt_journal_read_payload (self->journal, offset, self->buffer,
                                               MIN (PIECE_SIZE, self->end - offset));

      if (length == 0)
        return fail_to_read (self, error);
      if (!write_at (self, self->payload_fd, self->buffer, length, offset, error))
        return FALSE;
      offset += length;
    }
  /* Nothing but what was cleared: the file is as long all the same. */
  if (ftruncate (self->payload_fd, self->end) != 0)
    return fail (self, errno, error);
  return TRUE;
}

static gboolean
copy_records (Copy *self, GError **error)
{
  SktJournalHeader header;

  _skt_journal_header_to_disk (self->journal, self->first_record, &header);
  if (!write_at (self, self->records_fd, &header, sizeof header, 0, error))
    return FALSE;
  for (guint64 index = 0; index < self->n_records;)
    {
      const gsize n = MIN (PIECE_SIZE / sizeof (SktRecord), self->n_records - index);
      const guint64 offset = sizeof header + index * sizeof (SktRecord);

      if (_skt_journal_pread_all (self->journal->records_fd, self->buffer, n * sizeof (SktRecord), offset) <
          n * sizeof (SktRecord))
        return fail_to_read (self, error);
      if (!write_at (self, self->records_fd, self->buffer, n * sizeof (SktRecord), offset, error))
        return FALSE;
      index += n;
    }
  return TRUE;
}

/* Addresses of connections that were opened before what was cleared: where their payload is in the hole, and was
 * given back to the disk, they come from the caller. */
static gboolean
copy_addresses (Copy *self, GError **error)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (self->journal);

  for (guint64 i = 0; i < self->first_record; i++)
    {
      SktRecord record;
      const char *known = NULL;

      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      if (!skt_journal_reader_get_record (reader, i, &record) || record.kind != SKT_RECORD_OPENED ||
          record.length > PIECE_SIZE)
        continue;
      if (self->addresses != NULL)
        known = g_hash_table_lookup (self->addresses, GUINT_TO_POINTER (record.connection));
      if (known != NULL && strlen (known) == record.length)
        memcpy (self->buffer, known, record.length);
      else if (skt_journal_read_payload (self->journal, record.offset, self->buffer, record.length) < record.length ||
               memchr (self->buffer, '\0', record.length) != NULL)
        continue;
      if (!write_at (self, self->payload_fd, self->buffer, record.length, record.offset, error))
        return FALSE;
    }
  return TRUE;
}

/* There may be none. */
static gboolean
copy_info (Copy *self, GError **error)
{
  g_autoptr (GKeyFile) info = skt_journal_load_info (self->journal->path, NULL);
  g_autofree char *text = NULL;
  gsize length;
  gboolean ok;
  int fd;

  if (info == NULL)
    return TRUE;
  text = g_key_file_to_data (info, &length, NULL);
  fd = create_file (self, SKT_JOURNAL_INFO);
  if (fd < 0)
    return fail (self, errno, error);
  ok = write_at (self, fd, text, length, 0, error);
  if (ok && fdatasync (fd) != 0)
    ok = fail (self, errno, error);
  close (fd);
  return ok;
}

static gboolean
finish (Copy *self, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (self->path);
  int fd;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (fdatasync (self->payload_fd) != 0 || fdatasync (self->records_fd) != 0)
    return fail (self, errno, error);
  /* Where the file system can't refuse to replace, an empty folder is the most that rename() does. */
  if (renameat2 (AT_FDCWD, self->temporary_path, AT_FDCWD, self->path, RENAME_NOREPLACE) != 0 &&
      ((errno != EINVAL && errno != ENOSYS) || rename (self->temporary_path, self->path) != 0))
    return fail (self, errno, error);
  g_clear_pointer (&self->temporary_path, g_free);
  (void) fsync (self->dir_fd);
  fd = open (parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0)
    {
      (void) fsync (fd);
      close (fd);
    }
  skt_progress_set (self->progress, self->total, self->total);
  return TRUE;
}

gboolean
skt_journal_copy (SktJournal *self,
                  guint64 first_record,
                  guint64 n_records,
                  const char *path,
                  GHashTable *addresses,
                  SktProgress *progress,
                  GCancellable *cancellable,
                  guint64 *ret_length,
                  GError **error)
{
  Copy copy = {
    .journal = self,
    .addresses = addresses,
    .progress = progress,
    .cancellable = cancellable,
    .dir_fd = -1,
    .payload_fd = -1,
    .records_fd = -1,
  };
  gboolean ok;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  copy.n_records = MIN (n_records, skt_journal_get_n_records (self));
  copy.first_record = MIN (first_record, copy.n_records);
  copy.path = g_canonicalize_filename (path, NULL);
  copy.buffer = g_malloc (PIECE_SIZE);
  ok = create_folder (&copy, error) && find_payload (&copy, error) && copy_payload (&copy, error) &&
       copy_addresses (&copy, error) && copy_records (&copy, error) && copy_info (&copy, error) &&
       finish (&copy, error);
  if (ok && ret_length != NULL)
    *ret_length = copy.done;
  copy_clear (&copy);
  return ok;
}
