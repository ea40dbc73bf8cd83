/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-index lines FOLDER FILE
 * bench-index records FOLDER N
 *
 * lines: makes a journal of the file, as if it had come in reads of 256 KiB; says "ready"; then, for each line on its standard input,
 * builds the row index of the text view ("reads" or "stream"), and prints "SECONDS ROWS". Removes the journal at the end.
 *
 * records: makes a journal of N records of 20 bytes (19 characters and a line feed) and leaves it in the folder, as a program that was
 * killed would; prints its path. */
#include "socketeer-config.h"

#include "skt-journal.h"
#include "skt-row-index.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE (256 * 1024)
#define PIECE_SIZE 20

static void
check (gboolean ok, GError *error)
{
  if (ok)
    return;
  g_printerr ("%s\n", error->message);
  exit (1);
}

static void
append (SktJournal *journal, const guint8 *bytes, gsize length, guint64 *stream_offset)
{
  GError *error = NULL;
  SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 1, .stream_offset = *stream_offset };

  *stream_offset += length;
  check (skt_journal_append (journal, &record, bytes, length, &error), error);
}

static SktJournal *
create_journal (const char *folder)
{
  g_autofree char *path = skt_journal_dup_new_path (folder);
  GError *error = NULL;
  SktJournal *journal = skt_journal_create (path, &error);

  check (journal != NULL, error);
  return journal;
}

static void
fill_from_file (SktJournal *journal, const char *path)
{
  g_autofree guint8 *bytes = g_malloc (READ_SIZE);
  guint64 offset = 0;
  GError *error = NULL;
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gssize n;

  if (fd < 0)
    {
      perror (path);
      exit (1);
    }
  while ((n = read (fd, bytes, READ_SIZE)) > 0)
    append (journal, bytes, n, &offset);
  close (fd);
  check (skt_journal_flush (journal, &error), error);
}

static void
build_index (SktJournal *journal, SktMode mode)
{
  SktLayoutOptions options = { .view = SKT_VIEW_TEXT, .mode = mode, .encoding = SKT_ENCODING_UTF_8 };
  g_autoptr (SktLayout) layout = skt_layout_new (&options);
  gint64 started = g_get_monotonic_time ();
  g_autoptr (SktRowIndex) index = skt_row_index_new (journal, layout);

  while (!skt_row_index_extend (index, G_MAXINT64, NULL))
    ;
  printf ("%.6f %llu\n", (g_get_monotonic_time () - started) / 1e6,
          (unsigned long long) skt_row_index_get_n_rows (index));
  fflush (stdout);
}

static void
run_lines (const char *folder, const char *path)
{
  SktJournal *journal = create_journal (folder);
  char line[80];

  skt_journal_set_delete_on_free (journal, TRUE);
  fill_from_file (journal, path);
  puts ("ready");
  fflush (stdout);
  while (fgets (line, sizeof line, stdin) != NULL)
    build_index (journal, strcmp (line, "stream\n") == 0 ? SKT_MODE_STREAM : SKT_MODE_READS);
  skt_journal_unref (journal);
}

static void
run_records (const char *folder, guint64 n)
{
  SktJournal *journal = create_journal (folder);
  guint64 offset = 0;
  GError *error = NULL;

  for (guint64 i = 0; i < n; i++)
    {
      char piece[PIECE_SIZE + 1];

      g_snprintf (piece, sizeof piece, "%019" G_GUINT64_FORMAT "\n", i);
      append (journal, (const guint8 *) piece, PIECE_SIZE, &offset);
    }
  check (skt_journal_flush (journal, &error), error);
  puts (skt_journal_get_path (journal));
  skt_journal_unref (journal);
}

int
main (int argc, char *argv[])
{
  if (argc == 4 && strcmp (argv[1], "lines") == 0)
    run_lines (argv[2], argv[3]);
  else if (argc == 4 && strcmp (argv[1], "records") == 0)
    run_records (argv[2], g_ascii_strtoull (argv[3], NULL, 10));
  else
    {
      g_printerr ("usage: bench-index lines FOLDER FILE | records FOLDER N\n");
      return 2;
    }
  return 0;
}
