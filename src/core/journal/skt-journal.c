/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-journal-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "skt-checksum.h"
#include "skt-journal-limit.h"

static const guint8 magic[8] = "SKTJRNL\n";

/* -- Form on disk -------------------------------------------------------------------------------------------- */

void
_skt_journal_header_to_disk (const SktJournal *self, guint64 first_record, SktJournalHeader *ret_header)
{
  memset (ret_header, 0, sizeof *ret_header);
  memcpy (ret_header->magic, magic, sizeof magic);
  ret_header->version = GUINT32_TO_LE (SKT_JOURNAL_VERSION);
  ret_header->header_size = GUINT32_TO_LE (sizeof (SktJournalHeader));
  ret_header->record_size = GUINT32_TO_LE (sizeof (SktRecord));
  ret_header->created_ns = GUINT64_TO_LE (self->created_ns);
  ret_header->first_record = GUINT64_TO_LE (first_record);
  ret_header->crc = GUINT32_TO_LE (skt_crc32 (0, (const guint8 *) ret_header, G_STRUCT_OFFSET (SktJournalHeader, crc)));
}

static void
swap_record (const SktRecord *from, SktRecord *to)
{
  to->time_ns = GUINT64_TO_LE (from->time_ns);
  to->offset = GUINT64_TO_LE (from->offset);
  to->stream_offset = GUINT64_TO_LE (from->stream_offset);
  to->length = GUINT32_TO_LE (from->length);
  to->connection = GUINT32_TO_LE (from->connection);
  to->kind = from->kind;
  to->reason = from->reason;
  to->flags = GUINT16_TO_LE (from->flags);
  to->code = GINT32_TO_LE (from->code);
  to->unacknowledged = GUINT32_TO_LE (from->unacknowledged);
  to->crc = GUINT32_TO_LE (from->crc);
}

void
_skt_record_to_disk (const SktRecord *record, SktRecord *ret_stored)
{
  swap_record (record, ret_stored);
  ret_stored->crc =
    GUINT32_TO_LE (skt_crc32 (0, (const guint8 *) ret_stored, G_STRUCT_OFFSET (SktRecord, crc)));
}

gboolean
_skt_record_from_disk (const SktRecord *tainted_stored, SktRecord *ret_record)
{
  guint32 crc = skt_crc32 (0, (const guint8 *) tainted_stored, G_STRUCT_OFFSET (SktRecord, crc));

  if (crc != GUINT32_FROM_LE (tainted_stored->crc))
    return FALSE;
  if (tainted_stored->kind == SKT_RECORD_NONE || tainted_stored->kind >= SKT_N_RECORD_KINDS)
    return FALSE;
  swap_record (tainted_stored, ret_record);
  return TRUE;
}

/* -- Files --------------------------------------------------------------------------------------------------- */

gsize
_skt_journal_pread_all (int fd, void *buffer, gsize length, guint64 offset)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = pread (fd, (guint8 *) buffer + done, length - done, offset + done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      done += n;
    }
  return done;
}

gboolean
_skt_journal_pwrite_all (int fd, const void *bytes, gsize length, guint64 offset, gsize *ret_written)
{
  gsize done = 0;
  int code = 0;

  while (done < length)
    {
      gssize n = _skt_journal_pwrite (fd, (const guint8 *) bytes + done, length - done, offset + done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          code = n == 0 ? EIO : errno;
          break;
        }
      done += n;
    }
  *ret_written = done;
  errno = code;
  return done == length;
}

void
_skt_journal_set_errno (GError **error, int code, const char *path)
{
  g_autofree char *name = g_filename_display_name (path);
  GIOErrorEnum io_code = g_io_error_from_errno (code);

  if (code == ENOSPC || code == EDQUOT)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                 /* Translators: %s is a folder. */
                 _("No space left for “%s”: the disk or your quota is full. Delete files there, then try again"), name);
  else if (code == EFBIG)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                 /* Translators: %s is a folder. */
                 _("The file in “%s” has reached the largest size that this system allows a file here: go on in a new "
                   "tab, or have that limit raised"),
                 name);
  else
    g_set_error (error, G_IO_ERROR, io_code, _("“%s” could not be read or written: %s"), name, g_strerror (code));
}

/* -- Life ---------------------------------------------------------------------------------------------------- */

SktJournal *
_skt_journal_new (const char *path)
{
  SktJournal *self = g_new0 (SktJournal, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->path = g_canonicalize_filename (path, NULL);
  self->dir_fd = self->payload_fd = self->records_fd = -1;
  self->hole_block = 4096;
  g_mutex_init (&self->lock);
  g_mutex_init (&self->limit_lock);
  atomic_init (&self->limit, SKT_JOURNAL_AUTOMATIC_LIMIT);
  atomic_init (&self->free_disk, G_MAXUINT64);
  return self;
}

/* Its time is when the session was closed. */
static void
mark_closed (SktJournal *self)
{
  int fd = openat (self->dir_fd, SKT_JOURNAL_CLOSED, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    g_message ("%s: %s", self->path, g_strerror (errno));
  else
    close (fd);
}

static void
skt_journal_free (SktJournal *self)
{
  g_autoptr (GError) error = NULL;
  gboolean delete = atomic_load (&self->delete_on_free) && self->dir_fd >= 0;

  if (self->is_writer && !delete)
    {
      if (!skt_journal_flush (self, &error))
        g_message ("%s", error->message);
      g_clear_error (&error);
      _skt_journal_writer_close (self);
    }
  if (delete && !_skt_journal_delete_folder (self->dir_fd, self->path, &error))
    g_message ("%s", error->message);
  if (!delete && self->is_writer && atomic_load (&self->mark_on_free))
    mark_closed (self);

  if (self->payload_fd >= 0)
    close (self->payload_fd);
  if (self->dir_fd >= 0)
    close (self->dir_fd);
  /* Last, because with it goes the lock. */
  if (self->records_fd >= 0)
    close (self->records_fd);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->limit_lock);
  g_free (self->buffer);
  g_free (self->waiting);
  g_free (self->path);
  g_free (self);
}

SktJournal *
skt_journal_ref (SktJournal *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
skt_journal_unref (SktJournal *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    skt_journal_free (self);
}

void
skt_journal_set_delete_on_free (SktJournal *self, gboolean delete_on_free)
{
  g_return_if_fail (self != NULL);

  atomic_store (&self->delete_on_free, delete_on_free != FALSE);
}

void
skt_journal_set_mark_on_free (SktJournal *self, gboolean mark_on_free)
{
  g_return_if_fail (self != NULL);

  atomic_store (&self->mark_on_free, mark_on_free != FALSE);
}

/* -- What there is ------------------------------------------------------------------------------------------- */

const char *
skt_journal_get_path (SktJournal *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->path;
}

guint64
skt_journal_get_created (SktJournal *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->created_ns;
}

guint64
skt_journal_get_n_records (SktJournal *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return atomic_load_explicit (&self->n_records, memory_order_acquire);
}

guint64
skt_journal_get_first_record (SktJournal *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return atomic_load_explicit (&self->first_record, memory_order_acquire);
}

guint64
skt_journal_get_payload_length (SktJournal *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return atomic_load_explicit (&self->payload_length, memory_order_acquire);
}

guint64
skt_journal_get_disk_size (SktJournal *self)
{
  guint64 released;

  g_return_val_if_fail (self != NULL, 0);

  /* Before the lengths, so that it is never more than those. */
  released = atomic_load_explicit (&self->released_offset, memory_order_acquire) +
             atomic_load_explicit (&self->released_records_size, memory_order_acquire);
  return skt_journal_get_payload_length (self) + sizeof (SktJournalHeader) +
         skt_journal_get_n_records (self) * sizeof (SktRecord) - released;
}

gsize
skt_journal_read_payload (SktJournal *self, guint64 offset, guint8 *buffer, gsize length)
{
  guint64 end;

  g_return_val_if_fail (self != NULL, 0);

  end = skt_journal_get_payload_length (self);
  if (offset >= end)
    return 0;
  return _skt_journal_pread_all (self->payload_fd, buffer, MIN (length, end - offset), offset);
}

/* -- Clear --------------------------------------------------------------------------------------------------- */

static gboolean
store_first_record_locked (SktJournal *self)
{
  guint64 first = atomic_load (&self->first_record);
  SktJournalHeader header;
  gsize written;

  if (self->stored_first_record == first)
    return TRUE;
  if (!self->is_writer)
    return FALSE;

  _skt_journal_header_to_disk (self, first, &header);
  if (!_skt_journal_pwrite_all (self->records_fd, &header, sizeof header, 0, &written))
    {
      g_message ("%s: clearing could not be stored: %s", self->path, g_strerror (errno));
      return FALSE;
    }
  self->stored_first_record = first;
  atomic_store (&self->is_dirty, TRUE);
  return TRUE;
}

void
skt_journal_set_first_record (SktJournal *self, guint64 first)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL);

  locker = g_mutex_locker_new (&self->lock);
  first = CLAMP (first, self->released_record, skt_journal_get_n_records (self));
  atomic_store_explicit (&self->first_record, first, memory_order_release);
  store_first_record_locked (self);
}

/* Where the payload of the records from `first` on begins. */
static gboolean
find_offset (SktJournal *self, guint64 first, guint64 *ret_offset)
{
  SktRecord stored, record;
  guint64 index = MAX (first, 1) - 1;

  if (first == 0)
    {
      *ret_offset = 0;
      return TRUE;
    }
  if (_skt_journal_pread_all (self->records_fd, &stored, sizeof stored,
                              sizeof (SktJournalHeader) + index * sizeof stored) < sizeof stored ||
      !_skt_record_from_disk (&stored, &record))
    return FALSE;
  *ret_offset = record.offset + record.length;
  return TRUE;
}

/* Records before `first` go as well, but for the last of them, which says where the payload after it begins. To the byte, so
 * that each is either there or all zeros, and only if it gives back a block. */
static void
release_records_locked (SktJournal *self, guint64 first)
{
  guint64 start = sizeof (SktJournalHeader);
  guint64 end = start + (first - 1) * sizeof (SktRecord);
  guint64 whole = end - end % self->hole_block;

  if (whole > self->hole_block &&
      fallocate (self->records_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, start, end - start) == 0)
    atomic_store_explicit (&self->released_records_size, whole - self->hole_block, memory_order_release);
}

static void
release_locked (SktJournal *self)
{
  guint64 first = atomic_load (&self->first_record);
  guint64 start = atomic_load (&self->released_offset);
  guint64 end;

  if (!self->is_writer || first <= self->released_record || !find_offset (self, first, &end))
    return;

  end -= end % self->hole_block;
  /* The header must say so on disk before the bytes go, or after a power cut zeros would be shown as payload. */
  if (!store_first_record_locked (self) || fdatasync (self->records_fd) != 0)
    return;
  self->released_record = first;
  if (end > start &&
      fallocate (self->payload_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, start, end - start) == 0)
    atomic_store_explicit (&self->released_offset, end, memory_order_release);
  release_records_locked (self, first);
}

void
skt_journal_release (SktJournal *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL);

  locker = g_mutex_locker_new (&self->lock);
  if (self->n_holds > 0)
    self->release_wanted = TRUE;
  else
    release_locked (self);
}

void
skt_journal_hold (SktJournal *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL);

  locker = g_mutex_locker_new (&self->lock);
  self->n_holds++;
}

void
skt_journal_unhold (SktJournal *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (self->n_holds > 0);

  locker = g_mutex_locker_new (&self->lock);
  if (--self->n_holds > 0 || !self->release_wanted)
    return;
  self->release_wanted = FALSE;
  release_locked (self);
}

/* -- Sync ---------------------------------------------------------------------------------------------------- */

gboolean
skt_journal_sync (SktJournal *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!atomic_exchange (&self->is_dirty, FALSE))
    return TRUE;
  /* Payload first: records on disk should find their bytes there. */
  if (fdatasync (self->payload_fd) == 0 && fdatasync (self->records_fd) == 0)
    return TRUE;
  atomic_store (&self->is_dirty, TRUE);
  _skt_journal_set_errno (error, errno, self->path);
  return FALSE;
}
