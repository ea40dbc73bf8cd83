/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-journal.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "skt-journal-private.h"

const char *program_path;

#define BUFFER SKT_JOURNAL_BUFFER_SIZE

static SktJournal *
create (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  SktJournal *journal = skt_journal_create (fixture->path, &error);

  g_assert_no_error (error);
  return journal;
}

static void
flush (SktJournal *journal)
{
  g_autoptr (GError) error = NULL;

  skt_journal_flush (journal, &error);
  g_assert_no_error (error);
  g_assert_false (skt_journal_has_unflushed (journal));
}

static void
check_reopened (Fixture *fixture, Model *model)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *warning = NULL;
  g_autoptr (SktJournal) journal = skt_journal_open (fixture->path, &warning, &error);

  g_assert_no_error (error);
  g_assert_null (warning);
  check_all (journal, model);
}

static void
assert_mode (const char *folder, const char *name, guint mode)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 07777, ==, mode);
}

static void
test_create (Fixture *fixture, gconstpointer data)
{
  const mode_t masks[] = { 0, 022, 0377, 0777 };

  for (gsize i = 0; i < G_N_ELEMENTS (masks); i++)
    {
      g_autoptr (SktJournal) journal = NULL;
      mode_t old = umask (masks[i]);

      journal = create (fixture);
      umask (old);
      assert_mode (fixture->path, "", 0700);
      assert_mode (fixture->path, "records", 0600);
      assert_mode (fixture->path, "payload", 0600);
      g_assert_cmpstr (skt_journal_get_path (journal), ==, fixture->path);
      g_assert_cmpuint (skt_journal_get_n_records (journal), ==, 0);
      g_assert_cmpuint (skt_journal_get_first_record (journal), ==, 0);
      g_assert_cmpuint (skt_journal_get_disk_size (journal), ==, 64);
      g_assert_cmpuint (skt_journal_get_created (journal) / 1000000000, >, 1700000000);
      g_assert_cmpint (fcntl (journal->payload_fd, F_GETFD) & FD_CLOEXEC, !=, 0);
      g_assert_cmpint (fcntl (journal->records_fd, F_GETFD) & FD_CLOEXEC, !=, 0);
      g_assert_cmpint (fcntl (journal->dir_fd, F_GETFD) & FD_CLOEXEC, !=, 0);
      skt_journal_set_delete_on_free (journal, TRUE);
      g_clear_pointer (&journal, skt_journal_unref);
      g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
    }
}

static void
test_create_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktJournal) journal = create (fixture);
  g_autofree char *below_file = g_build_filename (fixture->path, "records", "x", NULL);

  /* What is there is not touched. */
  g_assert_null (skt_journal_create (fixture->path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_null (skt_journal_create (below_file, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  assert_mode (fixture->path, "payload", 0600);
  /* Nor is anything left over. */
  g_clear_pointer (&journal, skt_journal_unref);
  remove_tree (fixture->path);
  g_assert_cmpint (rmdir (fixture->folder), ==, 0);
  g_assert_cmpint (mkdir (fixture->folder, 0700), ==, 0);
}

static void
test_create_parents (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, "a", "b", "session", NULL);
  g_autoptr (SktJournal) journal = skt_journal_create (path, &error);

  g_assert_no_error (error);
  assert_mode (fixture->folder, "a", 0700);
  assert_mode (fixture->folder, "a/b", 0700);
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (Model) model = model_new ();

  flush (journal);
  check_all (journal, model);
  check_reopened (fixture, model);
}

static void
test_fields (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (Model) model = model_new ();
  g_autoptr (GBytes) bytes = NULL;
  const guint8 *stored;
  SktRecord record = {
    .time_ns = G_GUINT64_CONSTANT (0x0102030405060708),
    .stream_offset = G_GUINT64_CONSTANT (0x1112131415161718),
    .connection = 0x21222324,
    .kind = SKT_RECORD_SENT,
    .reason = SKT_REASON_RESET,
    .flags = SKT_RECORD_FLAG_AUTOMATIC,
    .code = -2,
    .unacknowledged = 77,
  };

  g_assert_true (skt_journal_append (journal, &record, (const guint8 *) "hello", 5, NULL));
  g_assert_cmpuint (record.unacknowledged, ==, 0);
  g_assert_cmpuint (record.length, ==, 5);
  model_add (model, &record, (const guint8 *) "hello");
  append_event (journal, model, SKT_RECORD_CLOSED, "");
  g_assert_cmpuint (g_array_index (model->records, SktRecord, 1).time_ns / 1000000000, >, 1700000000);
  g_assert_cmpuint (skt_journal_get_n_records (journal), ==, 0);
  g_assert_true (skt_journal_has_unflushed (journal));
  flush (journal);
  g_assert_cmpuint (skt_journal_get_disk_size (journal), ==, 64 + 2 * 48 + 5);
  check_all (journal, model);
  check_reopened (fixture, model);

  /* Little-endian, as docs/journal-format.md says. */
  bytes = read_file (fixture->path, "records");
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 64 + 2 * 48);
  stored = g_bytes_get_data (bytes, NULL);
  g_assert_cmpmem (stored, 24, "SKTJRNL\n\2\0\0\0\x40\0\0\0\x30\0\0\0\0\0\0", 24);
  g_assert_cmpmem (stored + 64, 44,
                   "\x08\x07\x06\x05\x04\x03\x02\x01\0\0\0\0\0\0\0\0\x18\x17\x16\x15\x14\x13\x12\x11"
                   "\x05\0\0\0\x24\x23\x22\x21\x02\x03\x01\0\xfe\xff\xff\xff\0\0\0",
                   44);
}

/* -- Writing in every way against a model -------------------------------------------------------------------- */

static void
append_in_room (SktJournal *journal, Model *model, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *data = pattern_new (model->payload->len, length);
  SktRecord record = { .kind = SKT_RECORD_SENT, .connection = 2 };
  gsize room;
  guint8 *buffer = skt_journal_reserve (journal, length, &room, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (room, >=, MAX (length, 1));
  memcpy (buffer, data, length);
  skt_journal_append (journal, &record, NULL, length, &error);
  g_assert_no_error (error);
  model_add (model, &record, data);
}

/* One room used up by several records. */
static void
append_room_in_pieces (SktJournal *journal, Model *model, gsize length)
{
  g_autofree guint8 *data = pattern_new (model->payload->len, length);
  gsize room, done = 0;
  guint8 *buffer = skt_journal_reserve (journal, length, &room, NULL);

  memcpy (buffer, data, length);
  while (done < length)
    {
      SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 3 };
      gsize n = g_test_rand_int_range (1, MIN (length - done, 7) + 1);

      g_assert_true (skt_journal_append (journal, &record, NULL, n, NULL));
      model_add (model, &record, data + done);
      done += n;
    }
}

static void
test_random (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (Model) model = model_new ();
  guint64 n_before = 0;

  for (guint i = 0; i < 2000; i++)
    {
      guint64 n;

      switch (g_test_rand_int_range (0, 7))
        {
        case 0:
          append_in_room (journal, model, g_test_rand_int_range (0, 65));
          break;
        case 1:
          append_room_in_pieces (journal, model, g_test_rand_int_range (0, 65));
          break;
        case 2:
          append_event (journal, model, SKT_RECORD_NOTE, i % 2 != 0 ? "" : "detail");
          break;
        case 3:
          append_pattern (journal, model, g_test_rand_int_range (0, 200));
          break;
        case 4:
          if (i % 64 == 0)
            append_pattern (journal, model, BUFFER + g_test_rand_int_range (-2, 70));
          break;
        case 5:
          /* The readers of a journal that grows are others than those of one that is complete. */
          if (i % 16 == 0)
            check_prefix (journal, model, skt_journal_get_n_records (journal));
          break;
        default:
          flush (journal);
          g_assert_cmpuint (skt_journal_get_n_records (journal), ==, model->records->len);
          break;
        }
      n = skt_journal_get_n_records (journal);
      g_assert_cmpuint (n, >=, n_before);
      n_before = n;
    }
  flush (journal);
  check_all (journal, model);
  check_reopened (fixture, model);
  g_clear_pointer (&journal, skt_journal_unref);
  check_reopened (fixture, model);
}

/* Many records, so that the waiting ones are flushed by number. */
static void
test_many_records (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (Model) model = model_new ();

  for (guint i = 0; i < 3 * SKT_JOURNAL_WAITING_RECORDS + 1; i++)
    append_pattern (journal, model, 1);
  g_assert_cmpuint (skt_journal_get_n_records (journal), ==, 3 * SKT_JOURNAL_WAITING_RECORDS);
  flush (journal);
  check_all (journal, model);
  check_reopened (fixture, model);
}

/* Sizes around the buffer's, copied and in the room, in a buffer that is empty or not. */
static void
test_buffer_borders (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (Model) model = model_new ();

  for (int first = 0; first < 3; first++)
    for (int n = -2; n <= 2; n++)
      {
        append_pattern (journal, model, first);
        append_pattern (journal, model, BUFFER + n);
        append_pattern (journal, model, first);
        append_in_room (journal, model, BUFFER - ABS (n));
      }
  append_pattern (journal, model, 3 * BUFFER + 5);
  flush (journal);
  check_all (journal, model);
  check_reopened (fixture, model);
}

/* Space that was reserved beyond the end is given back on closing. */
static void
test_reserved_space (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->path, "payload", NULL);
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (Model) model = model_new ();
  struct stat info;

  append_pattern (journal, model, 2 * BUFFER);
  append_pattern (journal, model, 10);
  flush (journal);
  g_assert_cmpint (stat (file, &info), ==, 0);
  g_assert_cmpuint (info.st_size, ==, 2 * BUFFER + 10);
  g_clear_pointer (&journal, skt_journal_unref);
  g_assert_cmpint (stat (file, &info), ==, 0);
  g_assert_cmpuint (info.st_size, ==, 2 * BUFFER + 10);
  g_assert_cmpuint (info.st_blocks * 512, <, 2 * BUFFER + 10 + 1024 * 1024);
  check_reopened (fixture, model);
}

/* -- Reading ------------------------------------------------------------------------------------------------- */

/* One reader that follows a growing journal: what it cached of a block or window that was not full must not hide the
 * rest. */
static void
test_follow (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  g_autoptr (Model) model = model_new ();
  SktRecord record;

  g_assert_true (skt_journal_reader_get_journal (reader) == journal);
  for (guint i = 0; i < 3 * SKT_JOURNAL_BLOCK_RECORDS; i++)
    {
      const SktRecord *expected;
      const guint8 *bytes;
      gsize n;

      append_pattern (journal, model, i % 5);
      g_assert_false (skt_journal_reader_get_record (reader, i, &record));
      flush (journal);
      g_assert_true (skt_journal_reader_get_record (reader, i, &record));
      expected = &g_array_index (model->records, SktRecord, i);
      g_assert_cmpmem (&record, sizeof record, expected, sizeof *expected);
      bytes = skt_journal_reader_peek_payload (reader, record.offset, record.length + 1, &n);
      g_assert_cmpuint (n, ==, record.length);
      g_assert_true ((bytes == NULL) == (n == 0));
      if (n > 0)
        g_assert_cmpmem (bytes, n, model->payload->data + record.offset, n);
    }
}

static void
test_random_access (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  g_autoptr (Model) model = model_new ();
  guint length;

  for (guint i = 0; i < 2000; i++)
    append_pattern (journal, model, g_test_rand_int_range (0, 400));
  flush (journal);
  length = model->payload->len;

  for (guint i = 0; i < 20000; i++)
    {
      guint64 index = g_test_rand_int_range (0, 2000);
      guint64 offset = g_test_rand_int_range (0, length);
      gsize wanted = g_test_rand_int_range (1, 2 * SKT_JOURNAL_PEEK_MAX);
      gsize expected = MIN (MIN (wanted, SKT_JOURNAL_PEEK_MAX), length - offset);
      SktRecord record;
      const guint8 *bytes;
      gsize n;

      g_assert_true (skt_journal_reader_get_record (reader, index, &record));
      g_assert_cmpmem (&record, sizeof record, &g_array_index (model->records, SktRecord, index), sizeof record);
      bytes = skt_journal_reader_peek_payload (reader, offset, wanted, &n);
      g_assert_cmpuint (n, ==, expected);
      g_assert_cmpint (memcmp (bytes, model->payload->data + offset, n), ==, 0);
    }
}

typedef struct
{
  SktJournal *journal;
  guint64 n_records;
} Follower;

/* Checks each record as soon as it is published. */
static gpointer
follow_in_thread (gpointer data)
{
  Follower *self = data;
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (self->journal);
  guint64 next = 0, end = 0;

  while (next < self->n_records)
    {
      guint64 n = skt_journal_get_n_records (self->journal);

      if (n == next)
        g_thread_yield ();
      for (; next < n; next++)
        {
          SktRecord record;

          g_assert_true (skt_journal_reader_get_record (reader, next, &record));
          g_assert_cmpuint (record.connection, ==, (guint32) next);
          g_assert_cmpuint (record.offset, ==, end);
          while (end < record.offset + record.length)
            {
              gsize length;
              const guint8 *bytes =
                skt_journal_reader_peek_payload (reader, end, record.offset + record.length - end, &length);

              g_assert_nonnull (bytes);
              for (gsize i = 0; i < length; i++)
                if (bytes[i] != pattern_byte (end + i))
                  g_error ("wrong byte at %" G_GUINT64_FORMAT, end + i);
              end += length;
            }
        }
    }
  return NULL;
}

static void
test_concurrent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  Follower follower = { journal, BUFFER > 1000 ? 60000 : 8000 };
  GThread *threads[2];
  guint64 offset = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("follower", follow_in_thread, &follower);
  for (guint i = 0; i < follower.n_records; i++)
    {
      gsize size, length = g_random_int_range (0, BUFFER > 1000 ? 1200 : 60);
      guint8 *room = skt_journal_reserve (journal, length, &size, NULL);
      SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = i };

      g_assert_nonnull (room);
      for (gsize j = 0; j < length; j++)
        room[j] = pattern_byte (offset + j);
      g_assert_true (skt_journal_append (journal, &record, NULL, length, NULL));
      offset += length;
      if (g_random_int_range (0, 50) == 0)
        g_assert_true (skt_journal_flush (journal, NULL));
    }
  g_assert_true (skt_journal_flush (journal, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (skt_journal_get_payload_length (journal), ==, offset);
}

/* -- Clear --------------------------------------------------------------------------------------------------- */

static guint64
stored_first_record (Fixture *fixture)
{
  g_autofree char *warning = NULL;
  g_autoptr (SktJournal) journal = skt_journal_open (fixture->path, &warning, NULL);

  g_assert_nonnull (journal);
  g_assert_null (warning);
  return skt_journal_get_first_record (journal);
}

static void
test_clear (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (Model) model = model_new ();

  for (guint i = 0; i < 10; i++)
    append_pattern (journal, model, 10);
  flush (journal);
  skt_journal_set_first_record (journal, 7);
  g_assert_cmpuint (skt_journal_get_first_record (journal), ==, 7);
  g_assert_cmpuint (stored_first_record (fixture), ==, 7);
  /* Undo. */
  skt_journal_set_first_record (journal, 0);
  g_assert_cmpuint (stored_first_record (fixture), ==, 0);
  /* Not beyond what there is. */
  skt_journal_set_first_record (journal, 99);
  g_assert_cmpuint (skt_journal_get_first_record (journal), ==, 10);
  /* Released is released. */
  skt_journal_set_first_record (journal, 5);
  skt_journal_release (journal);
  skt_journal_set_first_record (journal, 2);
  g_assert_cmpuint (skt_journal_get_first_record (journal), ==, 5);
  g_assert_cmpuint (stored_first_record (fixture), ==, 5);
  /* Less than a block: nothing was given back. */
  check_all (journal, model);
}

static void
check_from (SktJournal *journal, Model *model, guint64 first)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);

  for (guint64 i = first; i < model->records->len; i++)
    {
      g_autofree guint8 *bytes = NULL;
      SktRecord record;

      g_assert_true (skt_journal_reader_get_record (reader, i, &record));
      bytes = g_malloc (record.length);
      g_assert_cmpuint (skt_journal_read_payload (journal, record.offset, bytes, record.length), ==, record.length);
      g_assert_cmpmem (bytes, record.length, model->payload->data + record.offset, record.length);
    }
}

static void
test_release (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->path, "payload", NULL);
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (Model) model = model_new ();
  g_autofree char *warning = NULL;
  guint64 full_size;
  struct stat before, after;

  for (guint i = 0; i < 100; i++)
    append_pattern (journal, model, 10001);
  flush (journal);
  g_assert_true (skt_journal_sync (journal, NULL));
  full_size = skt_journal_get_disk_size (journal);
  g_assert_cmpint (stat (file, &before), ==, 0);

  /* Not while somebody copies it out. */
  skt_journal_hold (journal);
  skt_journal_hold (journal);
  skt_journal_set_first_record (journal, 60);
  skt_journal_release (journal);
  g_assert_cmpuint (skt_journal_get_disk_size (journal), ==, full_size);
  skt_journal_unhold (journal);
  g_assert_cmpuint (skt_journal_get_disk_size (journal), ==, full_size);
  check_all (journal, model);
  skt_journal_unhold (journal);

  if (skt_journal_get_disk_size (journal) == full_size)
    {
      g_test_skip ("this file system cannot give back space in the middle of a file");
      return;
    }
  g_assert_cmpint (stat (file, &after), ==, 0);
  g_assert_cmpint (after.st_size, ==, before.st_size);
  g_assert_cmpint (before.st_blocks - after.st_blocks, >, 60 * 10001 / 512 - 64);
  g_assert_cmpuint (full_size - skt_journal_get_disk_size (journal), >, 60 * 10001 - 2 * journal->hole_block);
  check_from (journal, model, 60);

  /* More, and all of it. */
  append_pattern (journal, model, 12345);
  flush (journal);
  skt_journal_set_first_record (journal, 90);
  skt_journal_release (journal);
  check_from (journal, model, 90);
  skt_journal_set_first_record (journal, 101);
  skt_journal_release (journal);
  g_assert_cmpuint (skt_journal_get_disk_size (journal), <, 64 + 101 * 48 + journal->hole_block);
  append_pattern (journal, model, 5000);
  flush (journal);
  check_from (journal, model, 101);
  full_size = skt_journal_get_disk_size (journal);

  g_clear_pointer (&journal, skt_journal_unref);
  journal = skt_journal_open (fixture->path, &warning, NULL);
  g_assert_nonnull (journal);
  g_assert_null (warning);
  g_assert_cmpuint (skt_journal_get_first_record (journal), ==, 101);
  g_assert_cmpuint (skt_journal_get_disk_size (journal), ==, full_size);
  check_from (journal, model, 101);
}

/* With a damaged header, what was given back to the disk is not offered as payload. */
static void
test_release_header_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->path, "records", NULL);
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (Model) model = model_new ();
  g_autofree char *warning = NULL;
  guint64 full_size, first;
  int fd;

  for (guint i = 0; i < 100; i++)
    append_pattern (journal, model, 10001);
  flush (journal);
  full_size = skt_journal_get_disk_size (journal);
  skt_journal_set_first_record (journal, 50);
  skt_journal_release (journal);
  if (skt_journal_get_disk_size (journal) == full_size)
    {
      g_test_skip ("this file system cannot give back space in the middle of a file");
      return;
    }
  g_clear_pointer (&journal, skt_journal_unref);

  fd = g_open (file, O_RDWR, 0);
  g_assert_cmpint (pwrite (fd, "\x7f", 1, 35), ==, 1);
  close (fd);
  journal = skt_journal_open (fixture->path, &warning, NULL);
  g_assert_nonnull (warning);
  first = skt_journal_get_first_record (journal);
  g_assert_cmpuint (first, >, 40);
  g_assert_cmpuint (first, <=, 50);
  check_from (journal, model, first);
}

static void
test_sync (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (Model) model = model_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    {
      append_pattern (journal, model, 100);
      flush (journal);
      g_assert_true (atomic_load (&journal->is_dirty));
      g_assert_true (skt_journal_sync (journal, &error));
      g_assert_false (atomic_load (&journal->is_dirty));
      g_assert_true (skt_journal_sync (journal, &error));
      g_assert_no_error (error);
    }
}

#define ADD(name, func) g_test_add ("/core/journal/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  program_path = argv[0];
  if (argc > 1 && g_str_has_prefix (argv[1], "--helper-"))
    return run_helper (argc, argv);

  g_test_init (&argc, &argv, NULL);
  ADD ("create", test_create);
  ADD ("create-fails", test_create_fails);
  ADD ("create-parents", test_create_parents);
  ADD ("empty", test_empty);
  ADD ("fields", test_fields);
  ADD ("random", test_random);
  ADD ("many-records", test_many_records);
  ADD ("buffer-borders", test_buffer_borders);
  ADD ("reserved-space", test_reserved_space);
  ADD ("follow", test_follow);
  ADD ("random-access", test_random_access);
  ADD ("concurrent", test_concurrent);
  ADD ("clear", test_clear);
  ADD ("release", test_release);
  ADD ("release-header-damaged", test_release_header_damaged);
  ADD ("sync", test_sync);
  add_damage_tests ();
  add_fault_tests ();
  add_folder_tests ();
  add_limit_tests ();
  add_map_tests ();
  add_process_tests ();
  add_retention_tests ();
  return g_test_run ();
}
