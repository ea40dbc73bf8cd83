/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-export.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEADLINE_SECONDS 60

void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("skt-test-export-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->target = g_build_filename (fixture->folder, "target", NULL);
  path = g_build_filename (fixture->folder, "session", NULL);
  fixture->journal = skt_journal_create (path, &error);
  g_assert_no_error (error);
  skt_journal_set_delete_on_free (fixture->journal, TRUE);
  fixture->cancellable = g_cancellable_new ();
  fixture->thread = g_thread_self ();
}

/* Whatever the test wrote into the folder it removed or knows: only the target is expected. */
void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->journal, skt_journal_unref);
  g_unlink (fixture->target);
  g_assert_cmpint (rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->target);
  g_clear_error (&fixture->error);
  g_object_unref (fixture->cancellable);
}

void
append_at (Fixture *fixture, SktRecordKind kind, guint32 connection, guint64 time_ns, const void *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  SktRecord record = { .kind = kind, .connection = connection, .time_ns = time_ns };

  skt_journal_append (fixture->journal, &record, bytes, length, &error);
  g_assert_no_error (error);
}

void
append (Fixture *fixture, SktRecordKind kind, guint32 connection, const char *text)
{
  append_at (fixture, kind, connection, TIME_NS, text, strlen (text));
}

void
publish (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  skt_journal_flush (fixture->journal, &error);
  g_assert_no_error (error);
}

/* -- Running one --------------------------------------------------------------------------------------------- */

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  g_assert_false (fixture->is_done);
  g_clear_error (&fixture->error);
  fixture->length = 0;
  fixture->ok = skt_export_finish (result, &fixture->length, &fixture->error);
  g_assert_true (fixture->ok == (fixture->error == NULL));
  fixture->is_done = TRUE;
}

static void
progress_cb (goffset done, goffset total, gpointer data)
{
  Fixture *fixture = data;

  g_assert_true (g_thread_self () == fixture->thread);
  g_assert_false (fixture->is_done);
  g_assert_cmpint (done, <=, total);
  g_assert_cmpint (done, >=, fixture->last_done);
  fixture->last_done = done;
  fixture->last_total = total;
  fixture->n_progress++;
  if (fixture->cancel_on_progress)
    g_cancellable_cancel (fixture->cancellable);
}

void
start (Fixture *fixture, SktExportOptions options, const char *target)
{
  fixture->is_done = FALSE;
  fixture->n_progress = 0;
  fixture->last_done = fixture->last_total = 0;
  skt_export_async (fixture->journal, &options, target, fixture->cancellable, progress_cb, fixture, finished_cb,
                    fixture);
}

static gboolean
deadline_cb (gpointer data)
{
  g_error ("the export does not end");
  return G_SOURCE_REMOVE;
}

void
wait_until_done (Fixture *fixture)
{
  guint deadline = g_timeout_add_seconds (DEADLINE_SECONDS, deadline_cb, NULL);

  while (!fixture->is_done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline);
}

void
export_ok (Fixture *fixture, SktExportOptions options)
{
  struct stat info;

  start (fixture, options, fixture->target);
  wait_until_done (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (stat (fixture->target, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 07777, ==, 0600);
  g_assert_cmpuint (info.st_size, ==, fixture->length);
  g_assert_cmpuint (fixture->n_progress, >=, 1);
  g_assert_cmpint (fixture->last_done, ==, fixture->last_total);
}

char *
read_target (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  char *text;
  gsize length;

  g_file_get_contents (fixture->target, &text, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length, ==, fixture->length);
  return text;
}

char *
checksum_of_target (Fixture *fixture)
{
  g_autofree char *bytes = read_target (fixture);

  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, fixture->length);
}

void
fill_random (guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    bytes[i] = g_random_int ();
}

void
write_old_target (Fixture *fixture)
{
  g_assert_true (g_file_set_contents (fixture->target, "old", -1, NULL));
}

/* The old file is as it was, and nothing else is in the folder (which the end of the test checks too). */
void
assert_old_target (Fixture *fixture)
{
  g_autofree char *text = NULL;
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  g_assert_true (g_file_get_contents (fixture->target, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "old");
  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_true (g_str_equal (name, "target") || g_str_equal (name, "session"));
}

void
append_much (Fixture *fixture)
{
  g_autofree guint8 *bytes = g_malloc (64 * 1024);

  for (guint i = 0; i < 256; i++)
    {
      memset (bytes, 'a' + i % 26, 64 * 1024);
      append_at (fixture, SKT_RECORD_RECEIVED, 1, TIME_NS, bytes, 64 * 1024);
    }
  publish (fixture);
}

void
set_file_limit (rlim_t limit)
{
  struct rlimit now;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &now), ==, 0);
  now.rlim_cur = limit == RLIM_INFINITY ? now.rlim_max : limit;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &now), ==, 0);
}
