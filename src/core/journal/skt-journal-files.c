/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-journal-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "skt-checksum.h"
#include "skt-error.h"

/* -- Create -------------------------------------------------------------------------------------------------- */

/* Writing past RLIMIT_FSIZE, here or in an export, shall be an error code, not the end of the program. */
static void
ignore_sigxfsz (void)
{
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      struct sigaction action;

      if (sigaction (SIGXFSZ, NULL, &action) == 0 && action.sa_handler == SIG_DFL)
        signal (SIGXFSZ, SIG_IGN);
      g_once_init_leave (&done, 1);
    }
}

static int
create_file_at (int dir_fd, const char *name)
{
  int fd = openat (dir_fd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd >= 0 && fchmod (fd, 0600) != 0)
    {
      close (fd);
      return -1;
    }
  return fd;
}

static gboolean
write_new_header (SktJournal *self)
{
  SktJournalHeader header;
  gsize written;

  _skt_journal_header_to_disk (self, 0, &header);
  return _skt_journal_pwrite_all (self->records_fd, &header, sizeof header, 0, &written);
}

/* Fills the new folder at temporary_path. FALSE with errno set. */
static gboolean
create_files (SktJournal *self, const char *temporary_path)
{
  struct stat info;

  /* The umask may have taken bits away. */
  if (chmod (temporary_path, 0700) != 0)
    return FALSE;
  self->dir_fd = open (temporary_path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (self->dir_fd < 0)
    return FALSE;
  self->records_fd = create_file_at (self->dir_fd, SKT_JOURNAL_RECORDS);
  if (self->records_fd < 0)
    return FALSE;
  /* A file system without locks only costs that other processes don't see that the session is in use. */
  if (flock (self->records_fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return FALSE;
  self->payload_fd = create_file_at (self->dir_fd, SKT_JOURNAL_PAYLOAD);
  if (self->payload_fd < 0 || fstat (self->payload_fd, &info) != 0)
    return FALSE;
  self->hole_block = MAX (4096, (guint64) info.st_blksize);
  return write_new_header (self);
}

static void
remove_temporary (SktJournal *self, const char *temporary_path)
{
  if (self->dir_fd >= 0)
    {
      unlinkat (self->dir_fd, SKT_JOURNAL_RECORDS, 0);
      unlinkat (self->dir_fd, SKT_JOURNAL_PAYLOAD, 0);
    }
  rmdir (temporary_path);
}

/* Never replaces what is there. */
static int
rename_new (const char *from, const char *to)
{
  int result = renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);

  if (result == 0 || (errno != EINVAL && errno != ENOSYS))
    return result;
  if (g_file_test (to, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
    {
      errno = EEXIST;
      return -1;
    }
  return rename (from, to);
}

SktJournal *
skt_journal_create (const char *path, GError **error)
{
  g_autoptr (SktJournal) self = NULL;
  g_autofree char *parent = NULL;
  g_autofree char *name = NULL;
  g_autofree char *temporary_path = NULL;
  struct timespec now;
  int code;

  g_return_val_if_fail (path != NULL, NULL);

  ignore_sigxfsz ();
  self = _skt_journal_new (path);
  clock_gettime (CLOCK_REALTIME, &now);
  self->created_ns = (guint64) now.tv_sec * 1000000000 + now.tv_nsec;

  /* Under another name until it is locked: who lists the sessions meanwhile must not take it for an abandoned one. */
  parent = g_path_get_dirname (self->path);
  name = _skt_journal_dup_temporary_name ("new");
  temporary_path = g_build_filename (parent, name, NULL);
  if (g_mkdir_with_parents (parent, 0700) != 0 || mkdir (temporary_path, 0700) != 0)
    {
      _skt_journal_set_errno (error, errno, parent);
      return NULL;
    }
  if (!create_files (self, temporary_path) || rename_new (temporary_path, self->path) != 0)
    {
      code = errno;
      remove_temporary (self, temporary_path);
      _skt_journal_set_errno (error, code, self->path);
      return NULL;
    }

  self->is_writer = TRUE;
  self->buffer = g_malloc (SKT_JOURNAL_BUFFER_SIZE + SKT_JOURNAL_BUFFER_SLACK);
  self->waiting = g_new (SktRecord, SKT_JOURNAL_WAITING_RECORDS + SKT_JOURNAL_WAITING_SLACK);
  atomic_store (&self->is_dirty, TRUE);
  return g_steal_pointer (&self);
}

/* -- Open ---------------------------------------------------------------------------------------------------- */

static gboolean
bad_journal (GError **error, const char *path, const char *what)
{
  g_autofree char *name = g_filename_display_name (path);

  /* Translators: the first %s is a folder, the second a sentence without its full stop. */
  g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_JOURNAL, _("“%s” cannot be opened: %s"), name, what);
  return FALSE;
}

static int
open_file_at (int dir_fd, const char *name, struct stat *ret_info)
{
  /* Without O_NONBLOCK a FIFO of that name would block for ever. */
  int fd = openat (dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

  if (fd >= 0 && fstat (fd, ret_info) == 0 && S_ISREG (ret_info->st_mode))
    return fd;
  if (fd >= 0)
    {
      close (fd);
      errno = EINVAL;
    }
  return -1;
}

static gboolean
open_files (SktJournal *self, guint64 *ret_records_size, guint64 *ret_payload_size, GError **error)
{
  struct stat info;

  self->dir_fd = open (self->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (self->dir_fd < 0)
    {
      if (errno == ENOTDIR || errno == ELOOP)
        return bad_journal (error, self->path, _("it is not a folder"));
      _skt_journal_set_errno (error, errno, self->path);
      return FALSE;
    }
  self->records_fd = open_file_at (self->dir_fd, SKT_JOURNAL_RECORDS, &info);
  if (self->records_fd < 0)
    return bad_journal (error, self->path, _("there is no file “records” in it that could be read"));
  *ret_records_size = info.st_size;
  self->payload_fd = open_file_at (self->dir_fd, SKT_JOURNAL_PAYLOAD, &info);
  if (self->payload_fd < 0)
    return bad_journal (error, self->path, _("there is no file “payload” in it that could be read"));
  *ret_payload_size = info.st_size;
  self->hole_block = MAX (4096, (guint64) info.st_blksize);
  /* As long as the session is being written by another, this fails, and does not matter. */
  (void) flock (self->records_fd, LOCK_SH | LOCK_NB);
  return TRUE;
}

/* *ret_is_damaged: it is a header of ours, but what it says can't be trusted. */
static gboolean
read_header (SktJournal *self, guint64 *ret_first_record, gboolean *ret_is_damaged, GError **error)
{
  SktJournalHeader tainted_header, expected;
  gsize length;

  _skt_journal_header_to_disk (self, 0, &expected);
  length = _skt_journal_pread_all (self->records_fd, &tainted_header, sizeof tainted_header, 0);
  if (length < sizeof tainted_header || memcmp (tainted_header.magic, expected.magic, sizeof expected.magic) != 0)
    return bad_journal (error, self->path, _("its file “records” is not that of a session of this program"));
  if (GUINT32_FROM_LE (tainted_header.version) > SKT_JOURNAL_VERSION)
    return bad_journal (error, self->path, _("it was written by a newer version of this program: use that one"));
  /* An older version has fewer kinds of records and knows less of how connections ended; what it has is the same. */
  if (tainted_header.version == 0 || tainted_header.header_size != expected.header_size ||
      tainted_header.record_size != expected.record_size)
    return bad_journal (error, self->path, _("the header of its file “records” is damaged"));

  *ret_is_damaged = skt_crc32 (0, (const guint8 *) &tainted_header, G_STRUCT_OFFSET (SktJournalHeader, crc)) !=
                    GUINT32_FROM_LE (tainted_header.crc);
  if (*ret_is_damaged)
    return TRUE;
  self->created_ns = GUINT64_FROM_LE (tainted_header.created_ns);
  *ret_first_record = GUINT64_FROM_LE (tainted_header.first_record);
  return TRUE;
}

static gsize
read_stored (SktJournal *self, SktRecord *tainted_stored, guint64 first, gsize wanted)
{
  return _skt_journal_pread_all (self->records_fd, tainted_stored, wanted * sizeof (SktRecord),
                                 sizeof (SktJournalHeader) + first * sizeof (SktRecord)) / sizeof (SktRecord);
}

/* How many records at the beginning were given back to the disk: they read as zeros. For when no header says it. */
static guint64
count_released (SktJournal *self, guint64 n_stored)
{
  static const SktRecord nothing;
  g_autofree SktRecord *tainted_stored = g_new (SktRecord, SKT_JOURNAL_SCAN_RECORDS);
  guint64 n_released = 0;

  while (n_released < n_stored)
    {
      gsize n = read_stored (self, tainted_stored, n_released, MIN (SKT_JOURNAL_SCAN_RECORDS, n_stored - n_released));

      for (gsize i = 0; i < n; i++)
        if (memcmp (&tainted_stored[i], &nothing, sizeof nothing) != 0)
          return n_released + i;
      if (n == 0)
        break;
      n_released += n;
    }
  /* Nothing but zeros is no session that was cleared. */
  return 0;
}

/* The end of the last record that was cleared. It may be damaged: nobody asks for it. */
static guint64
get_end_of_cleared (SktJournal *self, guint64 first, guint64 payload_size)
{
  SktRecord tainted_stored, record;

  if (first == 0 || read_stored (self, &tainted_stored, first - 1, 1) == 0 ||
      !_skt_record_from_disk (&tainted_stored, &record) || record.offset > payload_size ||
      record.length > payload_size - record.offset)
    return 0;
  return record.offset + record.length;
}

/* Walks the records from `first` on up to one that is damaged or not all there. */
static void
scan_records (SktJournal *self, guint64 first, guint64 n_stored, guint64 payload_size)
{
  g_autofree SktRecord *tainted_stored = g_new (SktRecord, SKT_JOURNAL_SCAN_RECORDS);
  guint64 n_good = first, end = get_end_of_cleared (self, first, payload_size);
  gboolean is_good = TRUE;

  while (is_good && n_good < n_stored)
    {
      gsize wanted = MIN (SKT_JOURNAL_SCAN_RECORDS, n_stored - n_good);
      gsize n = read_stored (self, tainted_stored, n_good, wanted);

      is_good = n == wanted;
      for (gsize i = 0; i < n; i++)
        {
          SktRecord record;

          if (!_skt_record_from_disk (&tainted_stored[i], &record) || record.offset < end ||
              record.offset > payload_size || record.length > payload_size - record.offset)
            {
              is_good = FALSE;
              break;
            }
          end = record.offset + record.length;
          n_good++;
        }
    }
  atomic_store (&self->payload_length, end);
  atomic_store (&self->n_records, n_good);
}

/* With no header to say what was cleared: what was given back to the disk is no longer payload. */
static guint64
find_first_after_hole (SktJournal *self, guint64 low)
{
  guint64 high = skt_journal_get_n_records (self);
  guint64 hole_end = atomic_load (&self->released_offset);
  g_autoptr (SktJournalReader) reader = NULL;

  if (hole_end == 0)
    return low;
  reader = skt_journal_reader_new (self);
  while (low < high)
    {
      guint64 middle = low + (high - low) / 2;
      SktRecord record;

      if (skt_journal_reader_get_record (reader, middle, &record) && record.offset < hole_end)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
find_hole (SktJournal *self)
{
  guint64 length = skt_journal_get_payload_length (self);
  off_t data = lseek (self->payload_fd, 0, SEEK_DATA);

  if (data >= 0)
    atomic_store (&self->released_offset, MIN ((guint64) data, length));
  else if (errno == ENXIO)
    atomic_store (&self->released_offset, length);
  /* The header takes the first block. */
  data = lseek (self->records_fd, self->hole_block, SEEK_DATA);
  if (data > (off_t) self->hole_block)
    atomic_store (&self->released_records_size,
                  MIN (data - self->hole_block, skt_journal_get_n_records (self) * sizeof (SktRecord)));
}

static char *
describe_damage (SktJournal *self, guint64 records_size, guint64 payload_size, gboolean header_is_damaged)
{
  guint64 stored = (records_size - sizeof (SktJournalHeader) + sizeof (SktRecord) - 1) / sizeof (SktRecord);
  guint64 n_lost = stored - skt_journal_get_n_records (self);
  guint64 payload_lost = payload_size - skt_journal_get_payload_length (self);
  g_autofree char *records_text = g_strdup_printf ("%" G_GUINT64_FORMAT, n_lost);
  g_autofree char *payload_text = g_strdup_printf ("%" G_GUINT64_FORMAT, payload_lost);
  GString *text = g_string_new (NULL);

  if (n_lost > 0 || payload_lost > 0)
    g_string_append_printf (text,
                            /* Translators: two numbers. A record is one read, write or event. */
                            _("The end of this session is damaged or was cut off. Left out: %s (records), "
                              "%s (bytes that belong to no whole record)."),
                            records_text, payload_text);
  if (header_is_damaged)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "",
                            _("The header of this session is damaged: what had been cleared may be shown again."));
  if (text->len > 0)
    return g_string_free (text, FALSE);
  g_string_free (text, TRUE);
  return NULL;
}

SktJournal *
skt_journal_open (const char *path, char **ret_warning, GError **error)
{
  g_autoptr (SktJournal) self = NULL;
  guint64 records_size, payload_size, n_stored, first_record = 0;
  gboolean is_damaged = FALSE;

  g_return_val_if_fail (path != NULL, NULL);

  ignore_sigxfsz ();
  self = _skt_journal_new (path);
  if (!open_files (self, &records_size, &payload_size, error) ||
      !read_header (self, &first_record, &is_damaged, error))
    return NULL;

  n_stored = (records_size - sizeof (SktJournalHeader)) / sizeof (SktRecord);
  if (is_damaged)
    first_record = count_released (self, n_stored);
  scan_records (self, MIN (first_record, n_stored), n_stored, payload_size);
  if (first_record > 0 || is_damaged)
    find_hole (self);
  if (is_damaged)
    first_record = find_first_after_hole (self, first_record);
  first_record = MIN (first_record, skt_journal_get_n_records (self));
  atomic_store (&self->first_record, first_record);
  self->stored_first_record = first_record;
  if (atomic_load (&self->released_offset) > 0)
    self->released_record = first_record;
  if (ret_warning != NULL)
    *ret_warning = describe_damage (self, records_size, payload_size, is_damaged);
  return g_steal_pointer (&self);
}
