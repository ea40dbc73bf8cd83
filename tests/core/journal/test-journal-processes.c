/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-journal.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "skt-journal-private.h"

/* Two processes: this program starts itself as the other one. */

/* -- The other one ------------------------------------------------------------------------------------------- */

/* Appends record after record, and prints how many have been flushed, until it is killed. */
static int
help_write (const char *path)
{
  g_autoptr (SktJournal) journal = skt_journal_create (path, NULL);
  guint64 offset = 0;

  if (journal == NULL)
    return 1;
  for (guint64 i = 1;; i++)
    {
      gsize size, length = (i * 7919) % 700;
      SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = i, .stream_offset = offset };

      if (length <= SKT_JOURNAL_BUFFER_SIZE && i % 3 != 0)
        {
          guint8 *room = skt_journal_reserve (journal, length, &size, NULL);

          for (gsize j = 0; j < length; j++)
            room[j] = pattern_byte (offset + j);
          if (!skt_journal_append (journal, &record, NULL, length, NULL))
            return 1;
        }
      else
        {
          g_autofree guint8 *bytes = pattern_new (offset, length);

          if (!skt_journal_append (journal, &record, bytes, length, NULL))
            return 1;
        }
      offset += length;
      if (i % 5 == 0)
        {
          if (!skt_journal_flush (journal, NULL))
            return 1;
          printf ("%" G_GUINT64_FORMAT "\n", i);
          fflush (stdout);
        }
    }
}

/* Holds a journal until its input ends. */
static int
help_hold (const char *path)
{
  g_autoptr (SktJournal) journal = skt_journal_create (path, NULL);

  if (journal == NULL)
    return 1;
  printf ("ready\n");
  fflush (stdout);
  while (getchar () != EOF)
    ;
  return 0;
}

int
run_helper (int argc, char **argv)
{
  if (argc != 3)
    return 2;
  return g_str_equal (argv[1], "--helper-write") ? help_write (argv[2]) : help_hold (argv[2]);
}

/* -- This one ------------------------------------------------------------------------------------------------ */

static GSubprocess *
start_helper (const char *what, const char *path)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDIN_PIPE, &error,
                                           program_path, what, path, NULL);

  g_assert_no_error (error);
  return process;
}

static char *
read_line (GDataInputStream *stream)
{
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line (stream, NULL, NULL, &error);

  g_assert_no_error (error);
  return line;
}

static void
test_lock (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocess) process = start_helper ("--helper-hold", fixture->path);
  g_autoptr (GDataInputStream) output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autofree char *line = read_line (output);
  g_autofree char *own_path = g_build_filename (fixture->folder, "own", NULL);
  g_autoptr (SktJournal) own = skt_journal_create (own_path, NULL);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (line, ==, "ready");
  before = skt_journal_list_abandoned (fixture->folder);
  g_assert_cmpuint (before->len, ==, 0);
  g_assert_false (skt_journal_delete (fixture->path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);

  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (process), NULL, NULL));
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
  after = skt_journal_list_abandoned (fixture->folder);
  g_assert_cmpuint (after->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (after, 0), ==, fixture->path);
}

static void
check_survived (const char *path, guint64 n_flushed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktJournal) journal = skt_journal_open (path, NULL, &error);
  g_autoptr (SktJournalReader) reader = NULL;
  guint64 n, offset = 0;

  g_assert_no_error (error);
  n = skt_journal_get_n_records (journal);
  g_assert_cmpuint (n, >=, n_flushed);
  reader = skt_journal_reader_new (journal);
  for (guint64 i = 1; i <= n; i++)
    {
      guint8 bytes[700];
      SktRecord record;

      g_assert_true (skt_journal_reader_get_record (reader, i - 1, &record));
      g_assert_cmpuint (record.connection, ==, i);
      g_assert_cmpuint (record.offset, ==, offset);
      g_assert_cmpuint (record.length, ==, (i * 7919) % 700);
      g_assert_cmpuint (skt_journal_read_payload (journal, offset, bytes, record.length), ==, record.length);
      for (gsize j = 0; j < record.length; j++)
        if (bytes[j] != pattern_byte (offset + j))
          g_error ("wrong byte in record %" G_GUINT64_FORMAT, i);
      offset += record.length;
    }
}

/* Killed at any moment: all that it said was flushed is there, and right. */
static void
test_kill (Fixture *fixture, gconstpointer data)
{
  for (guint round = 0; round < 8; round++)
    {
      g_autofree char *path = g_strdup_printf ("%s-%u", fixture->path, round);
      g_autoptr (GSubprocess) process = start_helper ("--helper-write", path);
      g_autoptr (GDataInputStream) output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
      g_autoptr (GPtrArray) abandoned = NULL;
      guint n_lines = g_test_rand_int_range (1, 3000);
      guint64 n_flushed = 0;
      char *line;

      for (guint i = 0; i < n_lines; i++)
        {
          line = read_line (output);
          g_assert_nonnull (line);
          n_flushed = g_ascii_strtoull (line, NULL, 10);
          g_free (line);
        }
      g_subprocess_force_exit (process);
      /* What it still managed to say. The last line may be half a number. */
      while ((line = read_line (output)) != NULL)
        {
          guint64 n = g_ascii_strtoull (line, NULL, 10);

          n_flushed = MAX (n_flushed, n);
          g_free (line);
        }
      g_assert_true (g_subprocess_wait (process, NULL, NULL));
      g_assert_cmpint (g_subprocess_get_term_sig (process), ==, SIGKILL);

      check_survived (path, n_flushed);
      abandoned = skt_journal_list_abandoned (fixture->folder);
      g_assert_cmpuint (abandoned->len, ==, 1);
      g_assert_cmpstr (g_ptr_array_index (abandoned, 0), ==, path);
      g_assert_true (skt_journal_delete (path, NULL));
    }
}

#define ADD(name, func) \
  g_test_add ("/core/journal/processes/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
add_process_tests (void)
{
  ADD ("lock", test_lock);
  ADD ("kill", test_kill);
}
