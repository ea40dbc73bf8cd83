/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-journal-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static gssize
plain_pwrite (int fd, const void *bytes, gsize length, goffset offset)
{
  return pwrite (fd, bytes, length, offset);
}

gssize (*_skt_journal_pwrite) (int fd, const void *bytes, gsize length, goffset offset) = plain_pwrite;

static gssize
plain_splice (int pipe_fd, int fd, gsize length, goffset offset)
{
  return splice (pipe_fd, NULL, fd, &offset, length, SPLICE_F_MOVE);
}

gssize (*_skt_journal_splice) (int pipe_fd, int fd, gsize length, goffset offset) = plain_splice;

/* -- File space ---------------------------------------------------------------------------------------------- */

/* Reserves space ahead of what will be written up to `end`. Whatever fails here is for write() to report. */
static void
reserve_space (SktJournal *self, guint64 end)
{
  guint64 step = SKT_JOURNAL_RESERVE_STEP;

  /* A small session shall not take 64 MiB. */
  if (end <= SKT_JOURNAL_BUFFER_SIZE || end <= self->reserved_end || end < self->reserve_again_at)
    return;

  for (; step >= SKT_JOURNAL_RESERVE_MIN; step /= 2)
    {
      guint64 start = MAX (self->reserved_end, self->payload_written);

      if (fallocate (self->payload_fd, FALLOC_FL_KEEP_SIZE, start, end - start + step) == 0)
        {
          self->reserved_end = end + step;
          return;
        }
      if (errno != ENOSPC && errno != EDQUOT)
        break;
    }
  self->reserve_again_at = end + SKT_JOURNAL_RESERVE_STEP;
}

void
_skt_journal_writer_close (SktJournal *self)
{
  if (ftruncate (self->payload_fd, self->payload_written) != 0)
    g_message ("%s: reserved space could not be given back: %s", self->path, g_strerror (errno));
}

/* -- Flush --------------------------------------------------------------------------------------------------- */

/* How many waiting records have all their payload in the file. */
static gsize
count_ready (SktJournal *self)
{
  gsize low = 0, high = self->n_waiting;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      const SktRecord *stored = &self->waiting[middle];

      if (GUINT64_FROM_LE (stored->offset) + GUINT32_FROM_LE (stored->length) <= self->payload_written)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
publish (SktJournal *self, gsize n_records)
{
  const SktRecord *last;

  if (n_records == 0)
    return;
  last = &self->waiting[n_records - 1];
  atomic_store_explicit (&self->payload_length, GUINT64_FROM_LE (last->offset) + GUINT32_FROM_LE (last->length),
                         memory_order_release);
  atomic_store_explicit (&self->n_records,
                         atomic_load_explicit (&self->n_records, memory_order_relaxed) + n_records,
                         memory_order_release);
  self->n_waiting -= n_records;
  memmove (self->waiting, self->waiting + n_records, self->n_waiting * sizeof (SktRecord));
}

/* Writes the buffer and the records, and publishes what is whole. What could not be written, and `keep` bytes of room
 * after it, are then at the start of the buffer. A record of which a part was written is simply written again. */
static gboolean
flush_keeping (SktJournal *self, gsize keep, GError **error)
{
  gsize written = 0, ready;
  int code = 0;

  if (self->fill > 0)
    {
      reserve_space (self, self->payload_written + self->fill);
      if (!_skt_journal_pwrite_all (self->payload_fd, self->buffer, self->fill, self->payload_written, &written))
        code = errno;
      self->payload_written += written;
      self->fill -= written;
      if (written > 0 && self->fill + keep > 0)
        memmove (self->buffer, self->buffer + written, self->fill + keep);
    }

  ready = count_ready (self);
  if (ready > 0)
    {
      guint64 offset = sizeof (SktJournalHeader) +
                       atomic_load_explicit (&self->n_records, memory_order_relaxed) * sizeof (SktRecord);

      if (!_skt_journal_pwrite_all (self->records_fd, self->waiting, ready * sizeof (SktRecord), offset, &written) &&
          code == 0)
        code = errno;
      publish (self, written / sizeof (SktRecord));
      atomic_store (&self->is_dirty, TRUE);
    }

  if (code != 0)
    {
      self->error_code = code;
      _skt_journal_set_errno (error, code, self->path);
    }
  return code == 0;
}

gboolean
skt_journal_flush (SktJournal *self, GError **error)
{
  g_return_val_if_fail (self != NULL && self->is_writer, FALSE);

  if (!self->room_is_kept)
    self->room_left = 0;
  return flush_keeping (self, self->room_left, error);
}

gboolean
skt_journal_has_unflushed (SktJournal *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->fill > 0 || self->n_waiting > 0;
}

/* -- Append -------------------------------------------------------------------------------------------------- */

guint8 *
skt_journal_reserve (SktJournal *self, gsize wanted, gsize *ret_size, GError **error)
{
  g_return_val_if_fail (self != NULL && self->is_writer, NULL);
  g_return_val_if_fail (wanted <= SKT_JOURNAL_BUFFER_SIZE, NULL);

  self->room_left = 0;
  self->room_is_kept = FALSE;
  wanted = MAX (wanted, 1);
  if (self->fill + wanted > SKT_JOURNAL_BUFFER_SIZE || self->n_waiting >= SKT_JOURNAL_WAITING_RECORDS)
    {
      g_autoptr (GError) local_error = NULL;

      /* What was written before the disk was full may be room enough. */
      if (!flush_keeping (self, 0, &local_error) &&
          (self->fill + wanted > SKT_JOURNAL_BUFFER_SIZE || self->n_waiting >= SKT_JOURNAL_WAITING_RECORDS))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }
  *ret_size = self->room_left = SKT_JOURNAL_BUFFER_SIZE - self->fill;
  return self->buffer + self->fill;
}

/* Bytes larger than the buffer, which is empty, go to the file at once. They do not count before all of them are
 * there. */
static gboolean
write_through (SktJournal *self, const guint8 *data, gsize length, GError **error)
{
  gsize written;

  reserve_space (self, self->payload_written + length);
  if (!_skt_journal_pwrite_all (self->payload_fd, data, length, self->payload_written, &written))
    {
      self->error_code = errno;
      _skt_journal_set_errno (error, errno, self->path);
      return FALSE;
    }
  self->payload_written += length;
  return TRUE;
}

/* Makes room for one more record, flushing if there is none. */
static gboolean
ensure_slot (SktJournal *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (self->n_waiting < SKT_JOURNAL_WAITING_RECORDS || flush_keeping (self, self->room_left, &local_error) ||
      self->n_waiting < SKT_JOURNAL_WAITING_RECORDS + SKT_JOURNAL_WAITING_SLACK)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Puts `length` bytes into the buffer, or through it into the file. */
static gboolean
take_data (SktJournal *self, const guint8 *data, gsize length, GError **error)
{
  if (self->fill + length > SKT_JOURNAL_BUFFER_SIZE)
    {
      g_autoptr (GError) local_error = NULL;

      if (flush_keeping (self, 0, &local_error))
        {
          if (length > SKT_JOURNAL_BUFFER_SIZE)
            return write_through (self, data, length, error);
        }
      else if (self->fill + length > SKT_JOURNAL_BUFFER_SIZE + SKT_JOURNAL_BUFFER_SLACK)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }
  memcpy (self->buffer + self->fill, data, length);
  self->fill += length;
  return TRUE;
}

static guint64
get_time_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);
  return (guint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

/* A record of the last `length` bytes, in the file or in the buffer. */
static void
add_record (SktJournal *self, SktRecord *record, gsize length)
{
  if (record->time_ns == 0)
    record->time_ns = get_time_ns ();
  record->offset = self->payload_written + self->fill - length;
  record->length = length;
  if (record->kind != SKT_RECORD_CLOSED)
    record->unacknowledged = 0;
  _skt_record_to_disk (record, &self->waiting[self->n_waiting]);
  record->crc = GUINT32_FROM_LE (self->waiting[self->n_waiting].crc);
  self->n_waiting++;
}

gboolean
skt_journal_append (SktJournal *self, SktRecord *record, const guint8 *data, gsize length, GError **error)
{
  gboolean in_room = data == NULL && length > 0;

  g_return_val_if_fail (self != NULL && self->is_writer, FALSE);
  g_return_val_if_fail (record->kind > SKT_RECORD_NONE && record->kind < SKT_N_RECORD_KINDS, FALSE);
  g_return_val_if_fail (length <= G_MAXUINT32, FALSE);
  g_return_val_if_fail (!in_room || length <= self->room_left, FALSE);

  if (!in_room)
    self->room_left = 0;
  self->room_is_kept = FALSE;
  if (!ensure_slot (self, error))
    {
      self->room_is_kept = in_room;
      return FALSE;
    }
  if (in_room)
    {
      self->fill += length;
      self->room_left -= length;
    }
  else if (length > 0 && !take_data (self, data, length, error))
    return FALSE;

  add_record (self, record, length);
  return TRUE;
}

/* What the file does not take goes into the room, where the next flush finds it. */
static void
read_into_buffer (SktJournal *self, int pipe_fd, gsize length)
{
  while (length > 0)
    {
      gssize n = read (pipe_fd, self->buffer + self->fill, length);

      if (n < 0 && errno == EINTR)
        continue;
      g_assert (n > 0);
      self->fill += n;
      length -= n;
    }
}

void
skt_journal_append_from_pipe (SktJournal *self, SktRecord *record, int pipe_fd, gsize length)
{
  gsize left = length;

  g_return_if_fail (self != NULL && self->is_writer);
  g_return_if_fail (length > 0 && length <= self->room_left);

  self->room_left = 0;
  self->room_is_kept = FALSE;
  if (self->fill == 0 || flush_keeping (self, 0, NULL))
    {
      reserve_space (self, self->payload_written + length);
      while (left > 0)
        {
          gssize n = _skt_journal_splice (pipe_fd, self->payload_fd, left, self->payload_written);

          if (n <= 0)
            break;
          self->payload_written += n;
          left -= n;
        }
    }
  read_into_buffer (self, pipe_fd, left);
  add_record (self, record, length);
}
