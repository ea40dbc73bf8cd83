/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "fuzz-driver.h"

#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Runs a fuzz target as an ordinary test: over each file of the corpus folders, then over inputs made from them at
 * random.
 *
 * fuzz-hex [--seed=N] [--runs=N] FOLDER...
 *
 * A failure is repeated with the seed that was printed. */

#define MAX_LENGTH 4096
#define MAX_MUTATIONS 8

static guint64 current_run;

static void
abort_cb (int signal_number)
{
  char text[64];
  int n = snprintf (text, sizeof text, "failed in run %" G_GUINT64_FORMAT "\n", current_run);

  if (write (STDERR_FILENO, text, n) != n)
    _exit (2);
  signal (signal_number, SIG_DFL);
  raise (signal_number);
}

static void
run_target (const guint8 *bytes, gsize length)
{
  /* A copy of exactly this size, so that reading past the end is found. */
  g_autofree guint8 *copy = g_memdup2 (bytes, length);
  static const guint8 nothing[1];

  current_run++;
  LLVMFuzzerTestOneInput (copy != NULL ? copy : nothing, length);
}

static void
load_folder (GPtrArray *corpus, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (path, 0, &error);
  const char *name;

  if (folder == NULL)
    g_error ("%s", error->message);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      char *contents;
      gsize length;

      if (!g_file_get_contents (file, &contents, &length, &error))
        g_error ("%s", error->message);
      g_ptr_array_add (corpus, g_bytes_new_take (contents, length));
    }
}

/* g_dir_read_name() has no order, and a seed must always mean the same. */
static int
compare_bytes (gconstpointer a, gconstpointer b)
{
  return g_bytes_compare (*(GBytes *const *) a, *(GBytes *const *) b);
}

static guint8
make_byte (GRand *rand)
{
  static const guint8 special[] = "\x00\x0A\x0D 09afx%\\,:\x7F\x80\x81\x8F\xA1\xC3\xD8\xDC\xE4\xF0\xFE\xFF";

  if (g_rand_boolean (rand))
    return g_rand_int (rand);
  return special[g_rand_int_range (rand, 0, sizeof special - 1)];
}

static void
insert_range (GByteArray *input, gsize at, const guint8 *bytes, gsize length)
{
  gsize rest = input->len - at;

  if (length == 0)
    return;
  g_byte_array_set_size (input, input->len + length);
  memmove (input->data + at + length, input->data + at, rest);
  memcpy (input->data + at, bytes, length);
}

static void
mutate (GRand *rand, GByteArray *input, GPtrArray *corpus)
{
  gsize at = g_rand_int_range (rand, 0, input->len + 1);
  gsize n = MIN (input->len - at, (gsize) 1 << (at % 7));
  g_autofree guint8 *range = g_memdup2 (input->data + at, n);
  guint8 byte = make_byte (rand);

  switch (g_rand_int_range (rand, 0, 6))
    {
    case 0:
      insert_range (input, at, &byte, 1);
      break;
    case 1:
      if (n > 0)
        g_byte_array_remove_range (input, at, n);
      break;
    case 2:
      if (n > 0)
        insert_range (input, at, range, n);
      break;
    case 3:
      if (n > 0)
        input->data[at] ^= 1 << (byte & 7);
      break;
    case 4:
      if (corpus->len > 0)
        {
          GBytes *other = corpus->pdata[g_rand_int_range (rand, 0, corpus->len)];

          insert_range (input, at, g_bytes_get_data (other, NULL), g_bytes_get_size (other));
        }
      break;
    default:
      if (n > 0)
        input->data[at] = byte;
      break;
    }
  if (input->len > MAX_LENGTH)
    g_byte_array_set_size (input, MAX_LENGTH);
}

static GByteArray *
make_input (GRand *rand, GPtrArray *corpus)
{
  GByteArray *input = g_byte_array_new ();

  if (corpus->len > 0 && g_rand_int_range (rand, 0, 4) != 0)
    {
      GBytes *base = corpus->pdata[g_rand_int_range (rand, 0, corpus->len)];
      guint n = g_rand_int_range (rand, 1, MAX_MUTATIONS + 1);

      g_byte_array_append (input, g_bytes_get_data (base, NULL), g_bytes_get_size (base));
      for (guint i = 0; i < n; i++)
        mutate (rand, input, corpus);
    }
  else
    {
      guint n = g_rand_int_range (rand, 0, 64);

      for (guint i = 0; i < n; i++)
        {
          guint8 byte = make_byte (rand);

          g_byte_array_append (input, &byte, 1);
        }
    }
  return input;
}

static void
run_at_random (GPtrArray *corpus, guint32 seed, guint64 n_runs)
{
  GRand *rand = g_rand_new_with_seed (seed);

  for (guint64 i = 0; i < n_runs; i++)
    {
      g_autoptr (GByteArray) input = make_input (rand, corpus);

      run_target (input->data, input->len);
    }
  g_rand_free (rand);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GPtrArray) corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  guint32 seed = g_random_int ();
  guint64 n_runs = 20000;

  for (int i = 1; i < argc; i++)
    {
      if (g_str_has_prefix (argv[i], "--seed="))
        seed = g_ascii_strtoull (argv[i] + strlen ("--seed="), NULL, 10);
      else if (g_str_has_prefix (argv[i], "--runs="))
        n_runs = g_ascii_strtoull (argv[i] + strlen ("--runs="), NULL, 10);
      else
        load_folder (corpus, argv[i]);
    }
  g_ptr_array_sort (corpus, compare_bytes);
  g_print ("%u files, then %" G_GUINT64_FORMAT " inputs with --seed=%u\n", corpus->len, n_runs, seed);
  fflush (stdout);
  signal (SIGABRT, abort_cb);

  for (guint i = 0; i < corpus->len; i++)
    run_target (g_bytes_get_data (corpus->pdata[i], NULL), g_bytes_get_size (corpus->pdata[i]));
  run_at_random (corpus, seed, n_runs);
  return 0;
}
