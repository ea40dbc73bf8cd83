/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-export.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "skt-journal-private.h"

static const SktExportOptions session = { SKT_EXPORT_SESSION, SKT_EXPORT_BOTH };

static void
remove_session (Fixture *fixture)
{
  const char *names[] = { "payload", "records", "session.ini" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->target, names[i], NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (fixture->target), ==, 0);
}

static void
assert_mode (const char *path, const char *name, guint mode)
{
  g_autofree char *file = g_build_filename (path, name, NULL);
  struct stat info;

  g_assert_cmpint (stat (file, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 07777, ==, mode);
}

/* Opens what was saved, and finds in it all that is offered of the journal, byte for byte. */
static SktJournal *
open_saved (Fixture *fixture)
{
  g_autofree char *warning = NULL;
  g_autoptr (GError) error = NULL;
  SktJournal *saved = skt_journal_open (fixture->target, &warning, &error);
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (fixture->journal);
  g_autoptr (SktJournalReader) saved_reader = NULL;

  g_assert_no_error (error);
  g_assert_null (warning);
  saved_reader = skt_journal_reader_new (saved);
  g_assert_cmpuint (skt_journal_get_n_records (saved), ==, skt_journal_get_n_records (fixture->journal));
  g_assert_cmpuint (skt_journal_get_first_record (saved), ==, skt_journal_get_first_record (fixture->journal));
  for (guint64 i = 0; i < skt_journal_get_n_records (saved); i++)
    {
      SktRecord record, saved_record;
      g_autofree guint8 *bytes = NULL;
      g_autofree guint8 *saved_bytes = NULL;

      g_assert_true (skt_journal_reader_get_record (reader, i, &record));
      g_assert_true (skt_journal_reader_get_record (saved_reader, i, &saved_record));
      g_assert_cmpmem (&record, sizeof record, &saved_record, sizeof saved_record);
      if (i < skt_journal_get_first_record (saved))
        continue;
      bytes = g_malloc (record.length + 1);
      saved_bytes = g_malloc (record.length + 1);
      g_assert_cmpuint (skt_journal_read_payload (fixture->journal, record.offset, bytes, record.length), ==,
                        record.length);
      g_assert_cmpuint (skt_journal_read_payload (saved, record.offset, saved_bytes, record.length), ==,
                        record.length);
      g_assert_cmpmem (bytes, record.length, saved_bytes, record.length);
    }
  return saved;
}

static char *
dup_detail (SktJournal *journal, guint64 index)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  SktRecord record;
  char *text;

  g_assert_true (skt_journal_reader_get_record (reader, index, &record));
  text = g_malloc0 (record.length + 1);
  skt_journal_read_payload (journal, record.offset, (guint8 *) text, record.length);
  return text;
}

static void
append_records (Fixture *fixture)
{
  g_autofree guint8 *bytes = g_malloc (700000);

  fill_random (bytes, 700000);
  append (fixture, SKT_RECORD_OPENED, 1, "127.0.0.1:7788 127.0.0.1:53412");
  for (guint i = 0; i < 2000; i++)
    append_at (fixture, i % 2 ? SKT_RECORD_RECEIVED : SKT_RECORD_SENT, 1, 0, bytes + i, i % 500 ? 100 : 600000);
  publish (fixture);
}

static void
test_whole (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GKeyFile) info = g_key_file_new ();
  g_autoptr (GKeyFile) saved_info = NULL;
  g_autoptr (SktJournal) saved = NULL;
  g_autofree char *target = NULL;
  SktExportOptions options = session;

  append_records (fixture);
  g_key_file_set_string (info, "Session", "target", "127.0.0.1:7788");
  g_assert_true (skt_journal_write_info (fixture->journal, info, NULL));
  /* It is all of it, whatever the range. */
  options.direction = SKT_EXPORT_SENT;
  options.has_range = TRUE;
  start (fixture, options, fixture->target);
  append (fixture, SKT_RECORD_RECEIVED, 1, "later");
  wait_until_done (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (fixture->last_done, ==, fixture->last_total);
  assert_mode (fixture->target, ".", 0700);
  assert_mode (fixture->target, "payload", 0600);
  assert_mode (fixture->target, "records", 0600);
  assert_mode (fixture->target, "session.ini", 0600);
  saved = open_saved (fixture);
  g_assert_cmpuint (fixture->length, >, skt_journal_get_disk_size (saved));
  saved_info = skt_journal_load_info (fixture->target, NULL);
  g_assert_nonnull (saved_info);
  target = g_key_file_get_string (saved_info, "Session", "target", NULL);
  g_assert_cmpstr (target, ==, "127.0.0.1:7788");
  remove_session (fixture);
}

/* What was cleared is not in it, even where the disk still has it; who is at the other end is. */
static void
test_cleared (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) addresses = g_hash_table_new (NULL, NULL);
  g_autoptr (SktJournal) saved = NULL;
  SktExportOptions options = session;
  const guint8 zeros[] = "0.0.0.0:0000000000000000000000";
  g_autofree guint8 *was_cleared = NULL;
  g_autofree char *detail = NULL;
  g_autofree char *other_detail = NULL;
  SktRecord record;

  append_at (fixture, SKT_RECORD_OPENED, 2, TIME_NS, zeros, sizeof zeros - 1);
  append_records (fixture);
  skt_journal_set_first_record (fixture->journal, 1500);
  g_hash_table_insert (addresses, GUINT_TO_POINTER (2), (gpointer) "1.2.3.4:1000 5.6.7.8:999999999");
  options.addresses = addresses;
  start (fixture, options, fixture->target);
  wait_until_done (fixture);
  g_assert_no_error (fixture->error);
  saved = open_saved (fixture);
  detail = dup_detail (saved, 1);
  g_assert_cmpstr (detail, ==, "127.0.0.1:7788 127.0.0.1:53412");
  other_detail = dup_detail (saved, 0);
  g_assert_cmpstr (other_detail, ==, "1.2.3.4:1000 5.6.7.8:999999999");
  {
    g_autoptr (SktJournalReader) reader = skt_journal_reader_new (saved);

    g_assert_true (skt_journal_reader_get_record (reader, 2, &record));
  }
  was_cleared = g_malloc (record.length);
  g_assert_cmpuint (skt_journal_read_payload (saved, record.offset, was_cleared, record.length), ==, record.length);
  for (guint i = 0; i < record.length; i++)
    g_assert_cmpuint (was_cleared[i], ==, 0);
  remove_session (fixture);
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) saved = NULL;

  start (fixture, session, fixture->target);
  wait_until_done (fixture);
  g_assert_no_error (fixture->error);
  saved = open_saved (fixture);
  remove_session (fixture);
}

/* Nothing is ever replaced by it. */
static void
test_exists (Fixture *fixture, gconstpointer data)
{
  append_records (fixture);
  write_old_target (fixture);
  start (fixture, session, fixture->target);
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  assert_old_target (fixture);
  g_assert_cmpint (g_unlink (fixture->target), ==, 0);
  g_assert_cmpint (g_mkdir (fixture->target, 0700), ==, 0);
  start (fixture, session, fixture->target);
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_cmpint (g_rmdir (fixture->target), ==, 0);
}

static void
assert_nothing_left (Fixture *fixture)
{
  write_old_target (fixture);
  assert_old_target (fixture);
  g_assert_cmpint (g_unlink (fixture->target), ==, 0);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  append_much (fixture);
  fixture->cancel_on_progress = TRUE;
  for (guint i = 0; i < 100; i++)
    {
      g_cancellable_reset (fixture->cancellable);
      start (fixture, session, fixture->target);
      wait_until_done (fixture);
      if (!fixture->ok)
        break;
      remove_session (fixture);
    }
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_nothing_left (fixture);
}

/* -- The Nth write fails ------------------------------------------------------------------------------------- */

static gssize (*plain_pwrite) (int fd, const void *bytes, gsize length, goffset offset);
static guint n_writes, failing_write;
static gboolean is_short;

static gssize
failing_pwrite (int fd, const void *bytes, gsize length, goffset offset)
{
  if (++n_writes < failing_write)
    return plain_pwrite (fd, bytes, length, offset);
  if (is_short && length > 1)
    return plain_pwrite (fd, bytes, length / 2, offset);
  errno = ENOSPC;
  return -1;
}

static void
test_faults (Fixture *fixture, gconstpointer data)
{
  append_records (fixture);
  plain_pwrite = _skt_journal_pwrite;
  _skt_journal_pwrite = failing_pwrite;
  for (guint i = 0; i < 2; i++)
    {
      is_short = i == 1;
      for (failing_write = 1; failing_write == 1 || fixture->error != NULL; failing_write++)
        {
          n_writes = 0;
          start (fixture, session, fixture->target);
          wait_until_done (fixture);
          if (fixture->ok)
            {
              g_autoptr (SktJournal) saved = open_saved (fixture);

              remove_session (fixture);
              break;
            }
          g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
          g_assert_nonnull (strstr (fixture->error->message, fixture->target));
          assert_nothing_left (fixture);
        }
      /* Payload, records, the header, the address. */
      g_assert_cmpuint (failing_write, >, 5);
    }
  _skt_journal_pwrite = plain_pwrite;
}

static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (fixture->folder, "missing", "saved", NULL);

  append_records (fixture);
  start (fixture, session, missing);
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (fixture->error->message, "its folder does not exist"));
  set_file_limit (100000);
  start (fixture, session, fixture->target);
  wait_until_done (fixture);
  set_file_limit (RLIM_INFINITY);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  assert_nothing_left (fixture);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *payload = g_build_filename (skt_journal_get_path (fixture->journal), "payload", NULL);

  append_much (fixture);
  g_assert_cmpint (truncate (payload, 1000000), ==, 0);
  start (fixture, session, fixture->target);
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  assert_nothing_left (fixture);
}

void
add_session_tests (void)
{
  ADD ("session", test_whole);
  ADD ("session-cleared", test_cleared);
  ADD ("session-empty", test_empty);
  ADD ("session-exists", test_exists);
  ADD ("session-cancel", test_cancel);
  ADD ("session-faults", test_faults);
  ADD ("session-no-folder", test_no_folder);
  ADD ("session-damaged", test_damaged);
}
