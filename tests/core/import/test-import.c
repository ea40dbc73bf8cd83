/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-import.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "skt-error.h"

/* -- Raw ----------------------------------------------------------------------------------------------------- */

static void
check_raw (Fixture *fixture, gsize length)
{
  g_autofree guint8 *bytes = g_malloc (length + 1);
  g_autoptr (SktJournalReader) reader = NULL;
  guint64 offset = 0;
  struct stat info;

  for (gsize i = 0; i < length; i++)
    bytes[i] = g_test_rand_int ();
  write_file (fixture, bytes, length);
  g_assert_cmpint (stat (fixture->file, &info), ==, 0);
  import_async (fixture, fixture->file);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (fixture->import->kind, ==, SKT_IMPORT_RAW);
  g_assert_cmpstr (fixture->import->name, ==, "file");
  g_assert_null (fixture->import->warning);
  g_assert_cmpuint (fixture->n_progress, >=, 1);
  g_assert_cmpint (fixture->last_done, ==, fixture->last_total);
  reader = skt_journal_reader_new (fixture->import->journal);
  for (guint64 i = 0; i < skt_journal_get_n_records (fixture->import->journal); i++)
    {
      g_autofree guint8 *read = NULL;
      SktRecord record;

      g_assert_true (skt_journal_reader_get_record (reader, i, &record));
      g_assert_cmpint (record.kind, ==, SKT_RECORD_RECEIVED);
      g_assert_cmpuint (record.connection, ==, 1);
      g_assert_cmpuint (record.stream_offset, ==, offset);
      g_assert_cmpuint (record.time_ns, ==, (guint64) info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec);
      g_assert_cmpuint (record.length, >, 0);
      read = g_malloc (record.length);
      g_assert_cmpuint (skt_journal_read_payload (fixture->import->journal, record.offset, read, record.length), ==,
                        record.length);
      g_assert_cmpmem (read, record.length, bytes + offset, record.length);
      offset += record.length;
    }
  g_assert_cmpuint (offset, ==, length);
  g_assert_cmpuint (count_sessions (fixture), ==, 1);
}

static void
test_raw (Fixture *fixture, gconstpointer data)
{
  const gsize lengths[] = { 0, 1, 3, 4, 11, 12, 65535, 65536, 65537, 5000000 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    check_raw (fixture, lengths[i]);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autofree guint8 *bytes = g_malloc0 (30000000);

  write_file (fixture, bytes, 30000000);
  g_cancellable_cancel (fixture->cancellable);
  import_async (fixture, fixture->file);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fixture->cancel_on_progress = TRUE;
  for (guint i = 0; i < 100; i++)
    {
      g_cancellable_reset (fixture->cancellable);
      import_async (fixture, fixture->file);
      if (fixture->error != NULL)
        break;
    }
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_sessions (fixture), ==, 0);
}

/* -- What can't be opened -------------------------------------------------------------------------------------- */

static void
assert_refused (Fixture *fixture, const char *path, GQuark domain, int code, const char *words)
{
  import_async (fixture, path);
  g_assert_error (fixture->error, domain, code);
  g_assert_nonnull (strstr (fixture->error->message, words));
  g_assert_cmpuint (count_sessions (fixture), ==, 0);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "folder", NULL);
  g_autofree char *fifo = g_build_filename (fixture->folder, "fifo", NULL);

  assert_refused (fixture, fixture->file, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no such file");
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  assert_refused (fixture, folder, SKT_ERROR, SKT_ERROR_BAD_JOURNAL, "there is no file “records”");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_refused (fixture, fifo, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "not a file");
  assert_refused (fixture, "/dev/zero", G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "not a file");
  if (geteuid () != 0)
    {
      write_file (fixture, "x", 1);
      g_assert_cmpint (chmod (fixture->file, 0), ==, 0);
      assert_refused (fixture, fixture->file, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "you may not read it");
    }
}

/* No room for the journal. */
static void
test_disk_full (Fixture *fixture, gconstpointer data)
{
  g_autofree guint8 *bytes = g_malloc0 (3000000);
  struct rlimit limit;

  write_file (fixture, bytes, 3000000);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = 1500000;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  import_async (fixture, fixture->file);
  limit.rlim_cur = limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_cmpuint (count_sessions (fixture), ==, 0);
}

/* -- Sessions and what was exported ------------------------------------------------------------------------------ */

static SktJournal *
make_journal (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "original", NULL);
  g_autoptr (GError) error = NULL;
  SktJournal *journal = skt_journal_create (path, &error);

  g_assert_no_error (error);
  skt_journal_set_delete_on_free (journal, TRUE);
  return journal;
}

static void
add (SktJournal *journal, SktRecord record, const void *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  static guint64 time = TIME_NS;

  record.time_ns = time++;
  skt_journal_append (journal, &record, bytes, length, &error);
  g_assert_no_error (error);
}

static void
add_event (SktJournal *journal, SktRecordKind kind, guint32 connection, const char *detail)
{
  add (journal, (SktRecord) { .kind = kind, .connection = connection }, detail, strlen (detail));
}

static void
test_session (Fixture *fixture, gconstpointer data)
{
  const char *names[] = { "payload", "records", "session.ini" };
  g_autoptr (SktJournal) journal = make_journal (fixture);
  g_autoptr (GKeyFile) info = g_key_file_new ();

  add_event (journal, SKT_RECORD_OPENED, 7, "127.0.0.1:1 127.0.0.1:2");
  add_event (journal, SKT_RECORD_RECEIVED, 7, "hello");
  g_assert_true (skt_journal_flush (journal, NULL));
  g_key_file_set_string (info, "Session", "target", "127.0.0.1:2");
  g_assert_true (skt_journal_write_info (journal, info, NULL));
  export_to_file (fixture, journal, SKT_EXPORT_SESSION);
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *path = i == 3 ? g_strdup (fixture->file) : g_build_filename (fixture->file, names[i], NULL);

      import_async (fixture, path);
      g_assert_no_error (fixture->error);
      g_assert_cmpint (fixture->import->kind, ==, SKT_IMPORT_SESSION);
      g_assert_cmpstr (fixture->import->name, ==, "file");
      g_assert_cmpstr (skt_journal_get_path (fixture->import->journal), ==, fixture->file);
      g_assert_cmpstr (g_hash_table_lookup (fixture->import->peers, GUINT_TO_POINTER (7)), ==, "127.0.0.1:2");
      assert_records (fixture, "#7 connected: 127.0.0.1:1 → 127.0.0.1:2\nreceived #7 0 hello\n");
      end_import (fixture);
      /* Looked at is not deleted. */
      g_assert_true (g_file_test (fixture->file, G_FILE_TEST_IS_DIR));
    }
  g_assert_cmpuint (count_sessions (fixture), ==, 0);
}

/* A file that has the name of one of a session's is not one for that. */
static void
test_session_names (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->file);
  fixture->file = g_build_filename (fixture->folder, "payload", NULL);
  write_file (fixture, "plain", 5);
  import_ok (fixture);
  g_assert_cmpint (fixture->import->kind, ==, SKT_IMPORT_RAW);
  assert_records (fixture, "received #1 0 plain\n");
}

/* What is exported as pcapng and opened again is what it was. */
static void
test_pcapng_inverse (Fixture *fixture, gconstpointer data)
{
  const struct { SktReason reason; int code; guint64 unsent; } ends[] = {
    { SKT_REASON_PEER_CLOSED, 0, 0 },        { SKT_REASON_LOCAL_CLOSED, 0, 0 },
    { SKT_REASON_RESET, ECONNRESET, 12345 }, { SKT_REASON_TIMED_OUT, ETIMEDOUT, G_MAXUINT64 },
    { SKT_REASON_OTHER, EIO, 1 },
  };
  g_autoptr (SktJournal) journal = make_journal (fixture);
  g_autofree guint8 *bytes = g_malloc (100000);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  guint64 offsets[10][2] = { 0 };

  for (guint32 id = 1; id <= 6; id++)
    {
      g_autofree char *detail = id % 2 ? g_strdup_printf ("127.0.0.1:7788 127.0.0.%u:%u", id, id == 3 ? 5001 : 5000 + id)
                                       : g_strdup_printf ("[fe80::1]:7788 [fe80::%u]:65535", id);
      add_event (journal, SKT_RECORD_OPENED, id * 1000, detail);
    }
  for (guint i = 0; i < 500; i++)
    {
      const guint id = 1 + g_test_rand_int_range (0, 6);
      const gboolean is_sent = g_test_rand_bit ();
      const gsize length = i % 20 == 0 ? g_test_rand_int_range (16000, 100000) : g_test_rand_int_range (1, 50);

      memset (bytes, 'a' + i % 26, length);
      add (journal,
           (SktRecord) { .kind = is_sent ? SKT_RECORD_SENT : SKT_RECORD_RECEIVED, .connection = id * 1000,
                         .stream_offset = offsets[id][is_sent],
                         .flags = is_sent && i % 3 == 0 ? SKT_RECORD_FLAG_AUTOMATIC
                                  : length == 1            ? SKT_RECORD_FLAG_URGENT
                                                           : 0 },
           bytes, length);
      offsets[id][is_sent] += length;
    }
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      if (ends[i].reason == SKT_REASON_PEER_CLOSED)
        add_event (journal, SKT_RECORD_PEER_FINISHED, (i + 1) * 1000, "");
      if (i < 2)
        add_event (journal, SKT_RECORD_FINISHED, (i + 1) * 1000, "");
      add (journal,
           (SktRecord) { .kind = SKT_RECORD_CLOSED, .connection = (i + 1) * 1000, .reason = ends[i].reason,
                         .code = ends[i].code, .stream_offset = ends[i].unsent, .unacknowledged = i * 1000,
                         .flags = i == 0 ? SKT_RECORD_FLAG_PEER_FIRST : i == 1 ? SKT_RECORD_FLAG_LOCAL_FIRST : 0 },
           (const guint8 *) "12.345", i % 2 == 0 ? 6 : 0);
    }
  /* The same two ports again. */
  add_event (journal, SKT_RECORD_OPENED, 9000, "127.0.0.1:7788 127.0.0.1:5001");
  add (journal, (SktRecord) { .kind = SKT_RECORD_RECEIVED, .connection = 9000 }, "again", 5);
  g_assert_true (skt_journal_flush (journal, NULL));

  export_to_file (fixture, journal, SKT_EXPORT_PCAPNG);
  import_ok (fixture);
  g_assert_cmpint (fixture->import->kind, ==, SKT_IMPORT_CAPTURE);
  g_assert_null (fixture->import->warning);
  after = dup_records (fixture, TRUE);
  end_import (fixture);
  fixture->import = g_new0 (SktImport, 1);
  fixture->import->journal = skt_journal_ref (journal);
  before = dup_records (fixture, TRUE);
  g_assert_cmpstr (after, ==, before);
}

/* A raw file as well: there are no addresses, and none are made up on the way back. */
static void
test_raw_inverse (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (SktJournal) journal = NULL;
  g_autofree guint8 *bytes = g_malloc0 (200000);

  write_file (fixture, bytes, 200000);
  import_ok (fixture);
  before = dup_records (fixture, TRUE);
  journal = skt_journal_ref (fixture->import->journal);
  export_to_file (fixture, journal, SKT_EXPORT_PCAPNG);
  import_ok (fixture);
  g_assert_cmpint (fixture->import->kind, ==, SKT_IMPORT_CAPTURE);
  after = dup_records (fixture, TRUE);
  g_assert_cmpstr (after, ==, before);
}

/* What was cleared stays so, and the rest is as it was. A client's connection is that of a client afterwards. */
static void
test_cleared_inverse (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = make_journal (fixture);

  add_event (journal, SKT_RECORD_CONNECTING, 1, "127.0.0.1:2");
  add_event (journal, SKT_RECORD_OPENED, 1, "127.0.0.1:1 127.0.0.1:2");
  add (journal, (SktRecord) { .kind = SKT_RECORD_RECEIVED, .connection = 1 }, "cleared", 7);
  add (journal, (SktRecord) { .kind = SKT_RECORD_RECEIVED, .connection = 1, .stream_offset = 7 }, "rest", 4);
  add_event (journal, SKT_RECORD_CONNECTING, 2, "127.0.0.1:4");
  add_event (journal, SKT_RECORD_OPENED, 2, "127.0.0.1:3 127.0.0.1:4");
  g_assert_true (skt_journal_flush (journal, NULL));
  skt_journal_set_first_record (journal, 3);
  export_to_file (fixture, journal, SKT_EXPORT_PCAPNG);
  import_ok (fixture);
  assert_records (fixture,
                  "#1 connected: 127.0.0.1:1 → 127.0.0.1:2\n"
                  "received #1 7 rest\n"
                  "#2 connecting to 127.0.0.1:4\n"
                  "#2 connected: 127.0.0.1:3 → 127.0.0.1:4\n");
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  ADD ("raw", test_raw);
  ADD ("cancel", test_cancel);
  ADD ("refused", test_refused);
  ADD ("disk-full", test_disk_full);
  ADD ("session", test_session);
  ADD ("session-names", test_session_names);
  ADD ("pcapng-inverse", test_pcapng_inverse);
  ADD ("raw-inverse", test_raw_inverse);
  ADD ("cleared-inverse", test_cleared_inverse);
  add_capture_tests ();
  return g_test_run ();
}
