/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-journal.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "skt-journal-private.h"
#include "skt-retention.h"

/* Sessions that are kept for a while after they were closed, and where. */

#define DAY (24 * 60 * 60)
#define NOW G_GINT64_CONSTANT (1800000000)

static char *
add_session (Fixture *fixture, const char *name, gsize size, gint64 closed_s)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *mark = g_build_filename (path, SKT_JOURNAL_CLOSED, NULL);
  g_autoptr (GError) error = NULL;
  SktJournal *journal = skt_journal_create (path, &error);
  Model *model = model_new ();

  g_assert_no_error (error);
  for (gsize done = 0; done < size; done += 1000)
    append_pattern (journal, model, 1000);
  g_assert_true (skt_journal_flush (journal, &error));
  if (closed_s != 0)
    skt_journal_set_mark_on_free (journal, TRUE);
  g_assert_false (g_file_test (mark, G_FILE_TEST_EXISTS));
  skt_journal_unref (journal);
  model_free (model);
  g_assert_true (g_file_test (mark, G_FILE_TEST_EXISTS) == (closed_s != 0));
  if (closed_s != 0)
    g_assert_cmpint (utimensat (AT_FDCWD, mark, (struct timespec[]){ { closed_s, 0 }, { closed_s, 0 } }, 0), ==, 0);
  return g_steal_pointer (&path);
}

static gboolean
exists (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_mark (Fixture *fixture, gconstpointer data)
{
  const char *places[] = { fixture->folder, fixture->folder, "/nonexistent/place", NULL };
  g_autofree char *killed = add_session (fixture, "killed", 1000, 0);
  g_autofree char *closed = add_session (fixture, "closed", 1000, NOW);
  g_autofree char *mark = g_build_filename (closed, SKT_JOURNAL_CLOSED, NULL);
  g_autoptr (GPtrArray) abandoned = skt_journal_list_abandoned (fixture->folder);
  g_autoptr (GError) error = NULL;
  SktRetentionUsage usage;
  struct stat info;

  /* What was closed is no session of a program that was killed, and the other way round. */
  g_assert_cmpuint (abandoned->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (abandoned, 0), ==, killed);
  skt_retention_measure (places, &usage);
  g_assert_cmpuint (usage.n, ==, 1);
  g_assert_cmpuint (usage.size, >=, 1000);
  g_assert_cmpint (g_stat (mark, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_true (skt_journal_delete (closed, &error));
  g_assert_no_error (error);
  skt_retention_measure (places, &usage);
  g_assert_cmpuint (usage.n, ==, 0);
  g_assert_true (exists (fixture, "killed"));
}

/* A session in use is never deleted, and one that is to be deleted is not kept. */
static void
test_mark_late (Fixture *fixture, gconstpointer data)
{
  const char *places[] = { fixture->folder, NULL };
  SktJournal *journal = skt_journal_create (fixture->path, NULL);
  SktRetentionUsage left;

  skt_journal_set_mark_on_free (journal, TRUE);
  skt_retention_sweep (places, 0, 0, NOW, &left);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_DIR));
  skt_journal_set_delete_on_free (journal, TRUE);
  skt_journal_unref (journal);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_age (Fixture *fixture, gconstpointer data)
{
  const char *places[] = { fixture->folder, NULL };
  g_autofree char *killed = add_session (fixture, "killed", 1000, 0);
  g_autofree char *old = add_session (fixture, "old", 1000, NOW - 8 * DAY);
  g_autofree char *fresh = add_session (fixture, "fresh", 1000, NOW - 6 * DAY);
  g_autofree char *future = add_session (fixture, "future", 1000, NOW + DAY);
  SktRetentionUsage left;

  skt_retention_sweep (places, 7 * DAY, G_MAXUINT64, NOW, &left);
  g_assert_false (exists (fixture, "old"));
  g_assert_true (exists (fixture, "fresh") && exists (fixture, "future") && exists (fixture, "killed"));
  g_assert_cmpuint (left.n, ==, 2);
  /* None are to be kept. */
  skt_retention_sweep (places, 0, 0, NOW, &left);
  g_assert_cmpuint (left.n, ==, 0);
  g_assert_cmpuint (left.size, ==, 0);
  g_assert_false (exists (fixture, "fresh") || exists (fixture, "future"));
  g_assert_true (exists (fixture, "killed"));
}

static void
test_size (Fixture *fixture, gconstpointer data)
{
  const char *places[] = { fixture->folder, NULL };
  g_autofree char *second = add_session (fixture, "a", 200 * 1000, NOW - 2);
  g_autofree char *first = add_session (fixture, "b", 200 * 1000, NOW - 3);
  g_autofree char *third = add_session (fixture, "c", 200 * 1000, NOW - 1);
  SktRetentionUsage all, left;

  skt_retention_measure (places, &all);
  g_assert_cmpuint (all.n, ==, 3);
  skt_retention_sweep (places, DAY, all.size, NOW, &left);
  g_assert_cmpuint (left.n, ==, 3);
  skt_retention_sweep (places, DAY, all.size - 1, NOW, &left);
  g_assert_cmpuint (left.n, ==, 2);
  g_assert_cmpuint (left.size, <, all.size);
  g_assert_false (exists (fixture, "b"));
  skt_retention_sweep (places, DAY, left.size / 2, NOW, &left);
  g_assert_true (exists (fixture, "c") && !exists (fixture, "a"));
}

static void
test_place (Fixture *fixture, gconstpointer data)
{
  g_autofree char *place = skt_retention_dup_place_in (fixture->folder);
  g_autofree char *again = skt_retention_dup_place_in (place);
  g_autofree char *sessions = NULL;
  g_autofree char *usual = skt_journal_dup_sessions_path ();
  g_autoptr (GError) error = NULL;
  struct stat info;

  g_assert_true (g_str_has_prefix (place, fixture->folder));
  g_assert_cmpstr (place, ==, again);
  g_assert_true (skt_retention_check_place (place, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (place, 0755), ==, 0);
  g_assert_true (skt_retention_check_place (place, &error));
  g_assert_cmpint (g_stat (place, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);

  skt_journal_set_sessions_path (place);
  sessions = skt_journal_dup_sessions_path ();
  g_assert_cmpstr (sessions, ==, place);
  skt_journal_set_sessions_path (NULL);
  g_clear_pointer (&sessions, g_free);
  sessions = skt_journal_dup_sessions_path ();
  g_assert_cmpstr (sessions, ==, usual);
}

static void
test_bad_place (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (fixture->folder, "missing", "socketeer-sessions", NULL);
  g_autofree char *file = g_build_filename (fixture->folder, "file", NULL);
  g_autofree char *target = g_build_filename (fixture->folder, "target", NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (skt_retention_check_place (missing, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  write_file (fixture->folder, "file", "x", 1);
  g_assert_false (skt_retention_check_place (file, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);
  /* Where it leads, another may decide. */
  g_assert_cmpint (g_mkdir (target, 0700), ==, 0);
  g_assert_cmpint (symlink (target, link), ==, 0);
  g_assert_false (skt_retention_check_place (link, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);
  g_assert_false (skt_retention_check_place ("/proc/socketeer-sessions", &error));
  g_assert_nonnull (error);
}

#define ADD(name, func) \
  g_test_add ("/core/retention/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
add_retention_tests (void)
{
  ADD ("mark", test_mark);
  ADD ("mark-late", test_mark_late);
  ADD ("age", test_age);
  ADD ("size", test_size);
  ADD ("place", test_place);
  ADD ("bad-place", test_bad_place);
}
