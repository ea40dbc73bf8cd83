/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-search-run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Counts what matches in all of a journal, as the window's search does, and prints "COUNT SECONDS".
 *
 *   bench-search [--hex | --regex] [--ignore-case] [--threads=N] FOLDER PATTERN
 *   bench-search --create=FILE [--read-size=N] FOLDER
 *
 * The second makes a journal of what is in the file, as reads of N bytes. */

static char *create_from;
static int read_size = 256 * 1024;
static int n_threads = 2;
static gboolean is_hex;
static gboolean is_regex;
static gboolean ignores_case;
static char **arguments;

static const GOptionEntry options[] = {
  { "create", 0, 0, G_OPTION_ARG_FILENAME, &create_from, "Make a journal of this file", "FILE" },
  { "read-size", 0, 0, G_OPTION_ARG_INT, &read_size, "Bytes of one read", "N" },
  { "threads", 0, 0, G_OPTION_ARG_INT, &n_threads, "Workers", "N" },
  { "hex", 0, 0, G_OPTION_ARG_NONE, &is_hex, "The pattern is hex", NULL },
  { "regex", 0, 0, G_OPTION_ARG_NONE, &is_regex, "The pattern is a regular expression", NULL },
  { "ignore-case", 0, 0, G_OPTION_ARG_NONE, &ignores_case, "Upper and lower case are the same", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments, NULL, "FOLDER [PATTERN]" },
  { NULL },
};

static void
check (GError *error)
{
  if (error == NULL)
    return;
  g_printerr ("%s\n", error->message);
  exit (1);
}

static void
create_journal (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktJournal) journal = skt_journal_create (path, &error);
  g_autofree guint8 *buffer = g_malloc (MAX (read_size, 1));
  int fd = open (create_from, O_RDONLY | O_CLOEXEC);
  guint64 stream_offset = 0;
  gssize n;

  check (error);
  if (fd < 0)
    g_error ("%s: %s", create_from, g_strerror (errno));
  while ((n = read (fd, buffer, MAX (read_size, 1))) > 0)
    {
      SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 1, .stream_offset = stream_offset };

      skt_journal_append (journal, &record, buffer, n, &error);
      check (error);
      stream_offset += n;
    }
  close (fd);
  skt_journal_flush (journal, &error);
  check (error);
}

static gpointer
work_thread (gpointer run)
{
  skt_search_run_work (run);
  return NULL;
}

static void
search (const char *path, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *warning = NULL;
  g_autoptr (SktJournal) journal = skt_journal_open (path, &warning, &error);
  SktPatternKind kind = is_hex ? SKT_PATTERN_HEX : is_regex ? SKT_PATTERN_REGEX : SKT_PATTERN_TEXT;
  g_autoptr (SktLayout) layout = NULL;
  g_autoptr (SktPattern) pattern = NULL;
  g_autoptr (SktSearchRun) run = NULL;
  GPtrArray *threads = g_ptr_array_new ();
  gint64 start = g_get_monotonic_time ();

  check (error);
  pattern = skt_pattern_new (kind, text, SKT_ENCODING_UTF_8, !ignores_case, NULL, &error);
  check (error);
  layout = skt_layout_new (&(SktLayoutOptions) { .view = SKT_VIEW_TEXT });
  run = skt_search_run_new (journal, layout, pattern);
  for (int i = 0; i < CLAMP (n_threads, 1, 64); i++)
    g_ptr_array_add (threads, g_thread_new ("search", work_thread, run));
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (threads->pdata[i]);
  g_ptr_array_unref (threads);
  g_print ("%" G_GUINT64_FORMAT " %.4f\n", skt_search_run_get_n_hits (run),
           (g_get_monotonic_time () - start) / 1e6);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  guint n;

  g_option_context_add_main_entries (context, options, NULL);
  g_option_context_parse (context, &argc, &argv, &error);
  check (error);
  n = arguments != NULL ? g_strv_length (arguments) : 0;
  if (create_from != NULL && n == 1)
    create_journal (arguments[0]);
  else if (create_from == NULL && n == 2)
    search (arguments[0], arguments[1]);
  else
    {
      g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

      g_printerr ("%s", help);
      return 1;
    }
  return 0;
}
