/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-export.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEADLINE_SECONDS 60

/* -- Names --------------------------------------------------------------------------------------------------- */

static void
test_names (void)
{
  const char *formats[] = { "raw", "hexdump", "text", "csv", "jsonl", "pcapng", "session" };
  const char *directions[] = { "received", "sent", "both" };
  SktExportFormat format;
  SktExportDirection direction;

  for (guint i = 0; i < SKT_N_EXPORT_FORMATS; i++)
    {
      g_assert_true (skt_export_format_from_name (formats[i], &format));
      g_assert_cmpuint (format, ==, i);
    }
  for (guint i = 0; i < G_N_ELEMENTS (directions); i++)
    {
      g_assert_true (skt_export_direction_from_name (directions[i], &direction));
      g_assert_cmpuint (direction, ==, i + 1);
    }
  g_assert_false (skt_export_format_from_name ("", &format));
  g_assert_false (skt_export_format_from_name ("RAW", &format));
  g_assert_false (skt_export_direction_from_name ("all", &direction));
  g_assert_cmpuint (format, ==, SKT_EXPORT_SESSION);
  g_assert_cmpuint (direction, ==, SKT_EXPORT_BOTH);
}

/* -- Raw ----------------------------------------------------------------------------------------------------- */

static void
test_raw (Fixture *fixture, gconstpointer data)
{
  enum { RECEIVED, SENT, BOTH, FILTERED, N_SUMS };
  const guint32 chosen[] = { 3, 1 };
  const SktExportOptions options[N_SUMS] = {
    [RECEIVED] = { SKT_EXPORT_RAW, SKT_EXPORT_RECEIVED },
    [SENT] = { SKT_EXPORT_RAW, SKT_EXPORT_SENT },
    [BOTH] = { SKT_EXPORT_RAW, SKT_EXPORT_BOTH },
    [FILTERED] = { SKT_EXPORT_RAW, SKT_EXPORT_SENT, 0, chosen, G_N_ELEMENTS (chosen) },
  };
  GChecksum *sums[N_SUMS];
  gsize lengths[N_SUMS] = { 0 };
  g_autofree guint8 *bytes = g_malloc (300000);

  for (gsize i = 0; i < N_SUMS; i++)
    sums[i] = g_checksum_new (G_CHECKSUM_SHA256);
  for (guint i = 0; i < 400; i++)
    {
      gsize length = i % 40 == 0 ? 100000 + g_test_rand_int_range (0, 200000) : g_test_rand_int_range (0, 3000);
      guint32 connection = g_test_rand_int_range (1, 5);
      gboolean is_received = g_test_rand_int_range (0, 2) == 0;
      gboolean is_in[N_SUMS] = { is_received, !is_received, TRUE, !is_received && connection % 2 != 0 };

      fill_random (bytes, length);
      append_at (fixture, is_received ? SKT_RECORD_RECEIVED : SKT_RECORD_SENT, connection, 0, bytes, length);
      if (i % 10 == 0)
        append (fixture, SKT_RECORD_NOTE, connection, "not payload");
      for (gsize j = 0; j < N_SUMS; j++)
        if (is_in[j])
          {
            g_checksum_update (sums[j], bytes, length);
            lengths[j] += length;
          }
    }
  publish (fixture);
  g_assert_cmpuint (lengths[BOTH], >, 1024 * 1024);

  for (gsize i = 0; i < N_SUMS; i++)
    {
      g_autofree char *sum = NULL;

      export_ok (fixture, options[i]);
      g_assert_cmpuint (fixture->length, ==, lengths[i]);
      sum = checksum_of_target (fixture);
      g_assert_cmpstr (sum, ==, g_checksum_get_string (sums[i]));
      g_checksum_free (sums[i]);
    }
}

/* Without a record there is what a file of the format always has. */
static void
test_empty (Fixture *fixture, gconstpointer data)
{
  const guint32 none = 0;
  guint64 lengths[SKT_EXPORT_SESSION];

  for (SktExportFormat format = 0; format < SKT_EXPORT_SESSION; format++)
    {
      export_ok (fixture, (SktExportOptions) { format, SKT_EXPORT_BOTH });
      lengths[format] = fixture->length;
      g_assert_true ((lengths[format] > 0) == (format == SKT_EXPORT_CSV || format == SKT_EXPORT_PCAPNG));
    }
  append (fixture, SKT_RECORD_RECEIVED, 1, "hello");
  publish (fixture);
  for (SktExportFormat format = 0; format < SKT_EXPORT_SESSION; format++)
    {
      export_ok (fixture, (SktExportOptions) { format, SKT_EXPORT_BOTH, 0, &none, 0 });
      g_assert_cmpuint (fixture->length, ==, lengths[format]);
      export_ok (fixture, (SktExportOptions) { format, SKT_EXPORT_SENT });
      g_assert_cmpuint (fixture->length, ==, lengths[format]);
    }
}

/* Any range gives what the same range of the bytes is. */
static void
test_range (Fixture *fixture, gconstpointer data)
{
  const char *pieces[] = { "abc", "", "defgh", "i", "jklm" };
  const SktRecordKind kinds[] = { SKT_RECORD_RECEIVED, SKT_RECORD_NOTE, SKT_RECORD_SENT, SKT_RECORD_RECEIVED,
                                  SKT_RECORD_RECEIVED };
  SktExportOptions options = { SKT_EXPORT_RAW, SKT_EXPORT_BOTH, .has_range = TRUE };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    append (fixture, kinds[i], 1, pieces[i]);
  publish (fixture);
  for (guint64 from = 0; from < 5; from++)
    for (guint begin = 0; begin <= strlen (pieces[from]); begin++)
      for (guint64 to = from; to < 5; to++)
        for (guint end = to > from ? 0 : begin; end <= strlen (pieces[to]); end++)
          {
            g_autoptr (GString) expected = g_string_new (NULL);
            g_autofree char *text = NULL;

            for (guint64 i = from; i <= to; i++)
              {
                guint start = i == from ? begin : 0;

                g_string_append_len (expected, pieces[i] + start, (i == to ? end : strlen (pieces[i])) - start);
              }
            options.from = (SktPosition) { from, begin };
            options.to = (SktPosition) { to, end };
            export_ok (fixture, options);
            text = read_target (fixture);
            g_assert_cmpstr (text, ==, expected->str);
          }
  /* Beyond the end, and what was cleared, is not there. */
  skt_journal_set_first_record (fixture->journal, 3);
  options.from = (SktPosition) { 0, 1 };
  options.to = (SktPosition) { 100, 1 };
  export_ok (fixture, options);
  g_assert_cmpuint (fixture->length, ==, 5);
  options.to = (SktPosition) { 2, 1 };
  export_ok (fixture, options);
  g_assert_cmpuint (fixture->length, ==, 0);
}

/* What comes, and what is cleared, after the call makes no difference to it. */
static void
test_snapshot (Fixture *fixture, gconstpointer data)
{
  g_autofree guint8 *bytes = g_malloc (1024 * 1024);
  g_autofree char *expected = NULL;
  g_autofree char *sum = NULL;
  guint64 size_before;

  fill_random (bytes, 1024 * 1024);
  append_at (fixture, SKT_RECORD_RECEIVED, 1, 0, bytes, 1024 * 1024);
  expected = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, 1024 * 1024);
  publish (fixture);
  start (fixture, (SktExportOptions) { SKT_EXPORT_RAW, SKT_EXPORT_BOTH }, fixture->target);
  append (fixture, SKT_RECORD_RECEIVED, 1, "later");
  publish (fixture);
  size_before = skt_journal_get_disk_size (fixture->journal);
  skt_journal_set_first_record (fixture->journal, 1);
  skt_journal_release (fixture->journal);
  wait_until_done (fixture);
  g_assert_no_error (fixture->error);
  sum = checksum_of_target (fixture);
  g_assert_cmpstr (sum, ==, expected);
  /* The space was given back when the export had ended. */
  skt_journal_release (fixture->journal);
  if (skt_journal_get_disk_size (fixture->journal) == size_before)
    g_test_message ("this file system cannot give back space in the middle of a file");
  else
    g_assert_cmpuint (skt_journal_get_disk_size (fixture->journal), <, 100000);

  /* And cleared is cleared for the next one. */
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_RAW, SKT_EXPORT_BOTH });
  g_assert_cmpuint (fixture->length, ==, strlen ("later"));
}

/* -- Hexdump ------------------------------------------------------------------------------------------------- */

static void
test_hexdump (Fixture *fixture, gconstpointer data)
{
  g_autofree char *program = g_find_program_in_path ("hexdump");
  g_autofree char *raw = g_build_filename (fixture->folder, "raw", NULL);
  g_autofree guint8 *bytes = g_malloc0 (50000);
  g_autofree char *text = NULL;
  g_autofree char *expected = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  if (program == NULL)
    {
      g_test_skip ("no hexdump");
      return;
    }
  /* Runs of the same line, over borders of records too. */
  fill_random (bytes, 20000);
  fill_random (bytes + 30000, 10001);
  for (gsize at = 0; at < 50000 - 7;)
    {
      gsize length = MIN (50000 - 7 - at, (gsize) 1 + at % 997);

      append_at (fixture, at % 2 != 0 ? SKT_RECORD_RECEIVED : SKT_RECORD_SENT, 1, 0, bytes + at, length);
      at += length;
    }
  publish (fixture);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_RAW, SKT_EXPORT_BOTH });
  g_assert_cmpint (g_rename (fixture->target, raw), ==, 0);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_HEXDUMP, SKT_EXPORT_BOTH });
  text = read_target (fixture);

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "-C", raw, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &expected, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
  g_assert_nonnull (strstr (text, "\n*\n"));
  g_assert_cmpint (g_unlink (raw), ==, 0);
}

/* -- What can go wrong --------------------------------------------------------------------------------------- */

static void
test_cancel_before (Fixture *fixture, gconstpointer data)
{
  append_much (fixture);
  write_old_target (fixture);
  g_cancellable_cancel (fixture->cancellable);
  start (fixture, (SktExportOptions) { SKT_EXPORT_RAW, SKT_EXPORT_BOTH }, fixture->target);
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_old_target (fixture);
}

static void
test_cancel_during (Fixture *fixture, gconstpointer data)
{
  const gint64 deadline = g_get_monotonic_time () + DEADLINE_SECONDS * G_USEC_PER_SEC;

  append_much (fixture);
  fixture->cancel_on_progress = TRUE;
  /* On a busy machine the worker may have ended before the first progress is told here. */
  do
    {
      g_cancellable_reset (fixture->cancellable);
      write_old_target (fixture);
      start (fixture, (SktExportOptions) { SKT_EXPORT_TEXT, SKT_EXPORT_BOTH }, fixture->target);
      wait_until_done (fixture);
      g_assert_cmpuint (fixture->n_progress, >=, 1);
    }
  while (fixture->ok && g_get_monotonic_time () < deadline);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_old_target (fixture);
}

static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (fixture->folder, "missing", "target", NULL);
  g_autofree char *through_file = g_build_filename (fixture->target, "target", NULL);
  const SktExportOptions options = { SKT_EXPORT_RAW, SKT_EXPORT_BOTH };

  append (fixture, SKT_RECORD_RECEIVED, 1, "hello");
  publish (fixture);
  start (fixture, options, missing);
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (fixture->error->message, missing));

  write_old_target (fixture);
  start (fixture, options, through_file);
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  assert_old_target (fixture);

  start (fixture, options, fixture->folder);
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  assert_old_target (fixture);
  start (fixture, options, "/");
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
}

/* A pipe or a device of that name would be gone for all who use it. */
static void
test_no_ordinary_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *pipe = g_build_filename (fixture->folder, "pipe", NULL);
  const SktExportOptions options = { SKT_EXPORT_RAW, SKT_EXPORT_BOTH };
  struct stat info;

  append (fixture, SKT_RECORD_RECEIVED, 1, "hello");
  publish (fixture);
  g_assert_no_errno (mkfifo (pipe, 0600));
  start (fixture, options, pipe);
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_nonnull (strstr (fixture->error->message, pipe));
  g_assert_no_errno (g_lstat (pipe, &info));
  g_assert_true (S_ISFIFO (info.st_mode));
  g_assert_no_errno (g_unlink (pipe));
}

static void
move_folder_cb (goffset done, goffset total, gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *folder = g_path_get_dirname (fixture->target);
  g_autofree char *moved = g_strconcat (folder, "-moved", NULL);

  if (fixture->n_progress++ == 0)
    g_assert_cmpint (g_rename (folder, moved), ==, 0);
}

static void
vanished_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  skt_export_finish (result, NULL, &fixture->error);
  fixture->is_done = TRUE;
}

/* The folder is moved away while it is written to: nothing is left in it. */
static void
test_folder_vanishes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "vanishing", NULL);
  g_autofree char *moved = g_strconcat (folder, "-moved", NULL);
  const SktExportOptions options = { SKT_EXPORT_TEXT, SKT_EXPORT_BOTH };

  append_much (fixture);
  g_free (fixture->target);
  fixture->target = g_build_filename (folder, "target", NULL);
  for (guint i = 0; i < 100 && fixture->error == NULL; i++)
    {
      g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
      fixture->is_done = FALSE;
      fixture->n_progress = 0;
      skt_export_async (fixture->journal, &options, fixture->target, NULL, move_folder_cb, fixture, vanished_cb,
                        fixture);
      wait_until_done (fixture);
      /* The worker may have been done before it was moved. */
      if (fixture->error == NULL)
        {
          g_autofree char *written = g_build_filename (moved, "target", NULL);

          g_assert_cmpint (g_unlink (written), ==, 0);
        }
      g_assert_cmpint (g_rmdir (moved), ==, 0);
    }
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (fixture->error->message, "its folder does not exist"));
}

/* Known before anything is written. */
static void
test_name_too_long (Fixture *fixture, gconstpointer data)
{
  g_autofree char *name = g_strnfill (300, 'x');
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  start (fixture, (SktExportOptions) { SKT_EXPORT_RAW, SKT_EXPORT_BOTH }, path);
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG);
}

/* A link at the target is replaced, and where it points to is not written. */
static void
test_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL);
  g_autofree char *text = NULL;

  append (fixture, SKT_RECORD_RECEIVED, 1, "hello");
  publish (fixture);
  g_assert_true (g_file_set_contents (other, "precious", -1, NULL));
  g_assert_cmpint (symlink ("other", fixture->target), ==, 0);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_RAW, SKT_EXPORT_BOTH });
  g_assert_false (g_file_test (fixture->target, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (g_file_get_contents (other, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "precious");
  g_assert_cmpint (g_unlink (other), ==, 0);
}

static void
test_disk_full (Fixture *fixture, gconstpointer data)
{
  const rlim_t limits[] = { 0, 1, 100000, 5000000 };

  append_much (fixture);
  write_old_target (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    for (SktExportFormat format = 0; format < SKT_EXPORT_SESSION; format++)
      {
        set_file_limit (limits[i]);
        start (fixture, (SktExportOptions) { format, SKT_EXPORT_BOTH }, fixture->target);
        wait_until_done (fixture);
        set_file_limit (RLIM_INFINITY);
        /* So short is the dump of one letter repeated. */
        if (fixture->ok && format == SKT_EXPORT_HEXDUMP && limits[i] >= 100000)
          {
            write_old_target (fixture);
            continue;
          }
        g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
        g_assert_nonnull (strstr (fixture->error->message, fixture->target));
        assert_old_target (fixture);
      }
}

/* Files that were cut off under it: no export is better than one that is silently short. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *payload = g_build_filename (skt_journal_get_path (fixture->journal), "payload", NULL);

  append_much (fixture);
  write_old_target (fixture);
  g_assert_cmpint (truncate (payload, 1000000), ==, 0);
  for (SktExportFormat format = 0; format < SKT_EXPORT_SESSION; format++)
    {
      start (fixture, (SktExportOptions) { format, SKT_EXPORT_BOTH }, fixture->target);
      wait_until_done (fixture);
      g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      assert_old_target (fixture);
    }
}

/* In a context of the caller's own, and the journal given up by the caller meanwhile. */
static void
test_context (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  append_much (fixture);
  g_main_context_push_thread_default (context);
  start (fixture, (SktExportOptions) { SKT_EXPORT_RAW, SKT_EXPORT_BOTH }, fixture->target);
  g_clear_pointer (&fixture->journal, skt_journal_unref);
  while (!fixture->is_done)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->length, ==, 256 * 64 * 1024);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* Central European time, in winter and summer, for the one test that is about zones. */
  g_setenv ("TZ", g_test_subprocess () ? "CET-1CEST,M3.5.0,M10.5.0/3" : "UTC", TRUE);
  g_test_add_func ("/core/export/names", test_names);
  ADD ("raw", test_raw);
  ADD ("empty", test_empty);
  ADD ("range", test_range);
  ADD ("snapshot", test_snapshot);
  ADD ("hexdump", test_hexdump);
  ADD ("cancel-before", test_cancel_before);
  ADD ("cancel-during", test_cancel_during);
  ADD ("no-folder", test_no_folder);
  ADD ("no-ordinary-file", test_no_ordinary_file);
  ADD ("folder-vanishes", test_folder_vanishes);
  ADD ("name-too-long", test_name_too_long);
  ADD ("link", test_link);
  ADD ("disk-full", test_disk_full);
  ADD ("damaged", test_damaged);
  ADD ("context", test_context);
  add_text_tests ();
  add_record_tests ();
  add_pcapng_tests ();
  add_session_tests ();
  return g_test_run ();
}
