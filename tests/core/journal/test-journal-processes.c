/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-journal.h"

#include <gio/gunixinputstream.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "skt-journal-private.h"

/* Two processes: this program starts itself as the other one. */

/* -- The other one ------------------------------------------------------------------------------------------- */

/* What is published: told through the pipe, each in one write. */
typedef struct
{
  guint64 n_records;
  guint64 payload_length;
} Published;

static gboolean
tell_published (SktJournal *journal)
{
  Published published = { skt_journal_get_n_records (journal), skt_journal_get_payload_length (journal) };

  return write (STDOUT_FILENO, &published, sizeof published) == sizeof published;
}

/* Mostly short, some longer than the buffer of the tiny journal, some as long as a large read. */
static gsize
get_length (guint64 i)
{
  return i % 50 == 0 ? 100000 : (i * 7919) % 700;
}

static gboolean
append_number (SktJournal *journal, guint64 i, guint64 offset)
{
  gsize size, length = get_length (i);
  SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = i, .stream_offset = offset };
  g_autofree guint8 *bytes = pattern_new (offset, length);
  guint8 *room;

  if (length > SKT_JOURNAL_BUFFER_SIZE || i % 3 == 0)
    return skt_journal_append (journal, &record, bytes, length, NULL);
  room = skt_journal_reserve (journal, length, &size, NULL);
  if (room == NULL)
    return FALSE;
  memcpy (room, bytes, length);
  return skt_journal_append (journal, &record, NULL, length, NULL);
}

/* Appends record after record, as fast as it can, until it is killed. */
static int
help_write (const char *path)
{
  g_autoptr (SktJournal) journal = skt_journal_create (path, NULL);
  guint64 offset = 0;

  if (journal == NULL)
    return 1;
  for (guint64 i = 1;; i++)
    {
      if (!append_number (journal, i, offset))
        return 1;
      offset += get_length (i);
      if (i % 5 == 0 && (!skt_journal_flush (journal, NULL) || !tell_published (journal)))
        return 1;
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
check_survived (const char *path, const Published *published)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktJournal) journal = skt_journal_open (path, NULL, &error);
  g_autoptr (SktJournalReader) reader = NULL;
  g_autofree guint8 *bytes = g_malloc (100000);
  guint64 n, offset = 0;

  g_assert_no_error (error);
  n = skt_journal_get_n_records (journal);
  g_assert_cmpuint (n, >=, published->n_records);
  g_assert_cmpuint (skt_journal_get_payload_length (journal), >=, published->payload_length);
  reader = skt_journal_reader_new (journal);
  for (guint64 i = 1; i <= n; i++)
    {
      g_autofree guint8 *expected = pattern_new (offset, get_length (i));
      SktRecord record;

      g_assert_true (skt_journal_reader_get_record (reader, i - 1, &record));
      g_assert_cmpuint (record.connection, ==, i);
      g_assert_cmpuint (record.offset, ==, offset);
      g_assert_cmpuint (record.length, ==, get_length (i));
      g_assert_cmpuint (skt_journal_read_payload (journal, offset, bytes, record.length), ==, record.length);
      g_assert_true (memcmp (bytes, expected, record.length) == 0);
      offset += record.length;
    }
}

/* Reads what it tells until `end` (us, monotonic), or, with G_MAXINT64, until it tells no more. */
static void
read_published (int fd, gint64 end, Published *published)
{
  for (;;)
    {
      gint64 left = end == G_MAXINT64 ? -1 : MAX (end - g_get_monotonic_time (), 0);
      struct timespec timeout = { left / G_USEC_PER_SEC, left % G_USEC_PER_SEC * 1000 };
      struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
      Published told[64];
      gssize n;

      if (left == 0 || ppoll (&poll_fd, 1, left < 0 ? NULL : &timeout, NULL) <= 0)
        return;
      n = read (fd, told, sizeof told);
      if (n <= 0)
        return;
      g_assert_cmpint (n % (gssize) sizeof (Published), ==, 0);
      *published = told[n / (gssize) sizeof (Published) - 1];
    }
}

static GSubprocess *
start_writer (const char *path, int *ret_fd)
{
  GSubprocess *process = start_helper ("--helper-write", path);

  *ret_fd = g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (g_subprocess_get_stdout_pipe (process)));
  return process;
}

static void
kill_writer (GSubprocess *process, int fd, Published *published)
{
  g_subprocess_force_exit (process);
  /* what it still managed to say */
  read_published (fd, G_MAXINT64, published);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_cmpint (g_subprocess_get_term_sig (process), ==, SIGKILL);
}

/* Killed at any moment, from before its journal exists: all that was published is there, and right. */
static void
test_kill (Fixture *fixture, gconstpointer data)
{
  guint n_empty = 0;

  for (guint round = 0; round < 100; round++)
    {
      g_autofree char *path = g_strdup_printf ("%s-%u", fixture->path, round);
      gint64 delay = g_test_rand_int_range (0, 25000);
      gint64 deadline = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
      Published published = { 0, 0 };
      int fd;
      g_autoptr (GSubprocess) process = start_writer (path, &fd);
      g_autoptr (GPtrArray) abandoned = NULL;

      /* Every other one is killed while it starts, for which it takes some ms. */
      while (round % 2 != 0 && published.n_records == 0)
        {
          g_assert_cmpint (g_get_monotonic_time (), <, deadline);
          read_published (fd, g_get_monotonic_time () + 1000, &published);
        }
      read_published (fd, g_get_monotonic_time () + delay, &published);
      kill_writer (process, fd, &published);
      abandoned = skt_journal_list_abandoned (fixture->folder);
      if (published.n_records == 0)
        n_empty++;
      if (abandoned->len == 0)
        {
          g_assert_cmpuint (published.n_records, ==, 0);
          continue;
        }
      g_assert_cmpuint (abandoned->len, ==, 1);
      g_assert_cmpstr (g_ptr_array_index (abandoned, 0), ==, path);
      check_survived (path, &published);
      g_assert_true (skt_journal_delete (path, NULL));
    }
  g_test_message ("killed before anything was published: %u of 100", n_empty);
  g_assert_cmpuint (n_empty, <=, 50);
}

/* Two programs keep sessions in one folder: neither takes the other's for abandoned, and both can be killed. */
static void
test_two_programs (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path_1 = g_strconcat (fixture->path, "-1", NULL), *path_2 = g_strconcat (fixture->path, "-2", NULL);
  Published published[2] = { { 0, 0 } };
  g_autoptr (GPtrArray) abandoned = NULL;
  gint64 deadline = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;
  int fds[2];
  g_autoptr (GSubprocess) first = start_writer (path_1, &fds[0]);
  g_autoptr (GSubprocess) second = start_writer (path_2, &fds[1]);

  while (published[0].n_records < 500 || published[1].n_records < 500)
    {
      g_autoptr (GPtrArray) meanwhile = skt_journal_list_abandoned (fixture->folder);

      g_assert_cmpuint (meanwhile->len, ==, 0);
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      for (guint i = 0; i < 2; i++)
        read_published (fds[i], g_get_monotonic_time () + 1000, &published[i]);
    }
  g_assert_false (skt_journal_delete (path_2, NULL));
  kill_writer (first, fds[0], &published[0]);
  abandoned = skt_journal_list_abandoned (fixture->folder);
  g_assert_cmpuint (abandoned->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (abandoned, 0), ==, path_1);
  check_survived (path_1, &published[0]);
  kill_writer (second, fds[1], &published[1]);
  check_survived (path_2, &published[1]);
}

#define ADD(name, func) \
  g_test_add ("/core/journal/processes/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
add_process_tests (void)
{
  ADD ("lock", test_lock);
  ADD ("kill", test_kill);
  ADD ("two-programs", test_two_programs);
}
