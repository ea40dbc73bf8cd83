/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-journal.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "skt-journal-private.h"

/* Session folders: names, locks, lists, deleting. */

static SktJournal *
create_at (const char *path)
{
  g_autoptr (GError) error = NULL;
  SktJournal *journal = skt_journal_create (path, &error);

  g_assert_no_error (error);
  return journal;
}

static guint
count_abandoned (Fixture *fixture)
{
  g_autoptr (GPtrArray) paths = skt_journal_list_abandoned (fixture->folder);

  return paths->len;
}

static void
test_names (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sessions = skt_journal_dup_sessions_path ();
  g_autofree char *first = skt_journal_dup_new_path (fixture->folder);
  g_autofree char *second = skt_journal_dup_new_path (fixture->folder);

  g_assert_true (g_str_has_prefix (sessions, g_get_user_state_dir ()));
  g_assert_true (g_str_has_suffix (sessions, "/socketeer/sessions"));
  g_assert_true (g_str_has_prefix (first, fixture->folder));
  g_assert_cmpstr (first, !=, second);
  g_assert_false (g_file_test (first, G_FILE_TEST_EXISTS));
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  const char *names[] = { "c", "a", "b" };
  g_autofree char *missing = g_build_filename (fixture->folder, "missing", NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL);
  g_autoptr (GPtrArray) paths = NULL;
  g_autoptr (GPtrArray) none = skt_journal_list_abandoned (missing);
  SktJournal *journals[G_N_ELEMENTS (names)];

  g_assert_cmpuint (none->len, ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, names[i], NULL);

      journals[i] = create_at (path);
    }
  /* Other things that lie there are none of ours. */
  write_file (fixture->folder, "file", "", 0);
  g_assert_cmpint (g_mkdir (other, 0700), ==, 0);
  write_file (other, "payload", "", 0);
  g_assert_cmpint (symlink (skt_journal_get_path (journals[0]), link), ==, 0);

  /* Held, in this process as in any other. */
  g_assert_cmpuint (count_abandoned (fixture), ==, 0);
  skt_journal_unref (journals[1]);
  g_assert_cmpuint (count_abandoned (fixture), ==, 1);
  skt_journal_unref (journals[2]);
  skt_journal_unref (journals[0]);

  /* Oldest first, not by name. */
  paths = skt_journal_list_abandoned (fixture->folder);
  g_assert_cmpuint (paths->len, ==, 3);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (g_str_has_suffix (g_ptr_array_index (paths, i), names[i]));
  g_assert_true (g_str_has_prefix (g_ptr_array_index (paths, 0), fixture->folder));
}

static void
test_reading_does_not_lock (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) writer = create_at (fixture->path);
  g_autoptr (Model) model = model_new ();
  g_autoptr (SktJournal) reader = NULL;

  append_pattern (writer, model, 10);
  g_assert_true (skt_journal_flush (writer, NULL));
  /* Also while it is written. */
  reader = skt_journal_open (fixture->path, NULL, NULL);
  g_assert_nonnull (reader);
  check_all (reader, model);
  g_clear_pointer (&writer, skt_journal_unref);
  g_assert_cmpuint (count_abandoned (fixture), ==, 1);
}

static void
test_delete (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create_at (fixture->path);
  g_autoptr (GKeyFile) info = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (skt_journal_write_info (journal, info, NULL));
  write_file (fixture->path, SKT_JOURNAL_INFO_TEMPORARY, "", 0);
  g_assert_false (skt_journal_delete (fixture->path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&error);
  g_clear_pointer (&journal, skt_journal_unref);
  skt_journal_delete (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_false (skt_journal_delete (fixture->path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  /* Nor under another name. */
  g_assert_cmpint (rmdir (fixture->folder), ==, 0);
  g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);
}

static void
assert_not_deleted (const char *path)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (skt_journal_delete (path, &error));
  g_assert_nonnull (error);
}

static void
assert_exists (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_delete_foreign (Fixture *fixture, gconstpointer data)
{
  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);
  g_autofree char *link_slash = g_strconcat (link, "/", NULL);
  g_autofree char *other = g_build_filename (fixture->path, "other", NULL);
  g_autofree char *info = g_build_filename (fixture->path, "session.ini", NULL);
  g_autofree char *empty = g_build_filename (fixture->folder, "empty", NULL);
  g_autofree char *file = g_build_filename (fixture->path, "payload", NULL);

  skt_journal_unref (create_at (fixture->path));

  /* A link to it, with and without a slash. */
  g_assert_cmpint (symlink (fixture->path, link), ==, 0);
  assert_not_deleted (link);
  assert_not_deleted (link_slash);
  assert_exists (fixture->path, "records");

  /* With something else in it. */
  write_file (fixture->path, "other", "precious", 8);
  assert_not_deleted (fixture->path);
  g_assert_cmpint (unlink (other), ==, 0);
  g_assert_cmpint (g_mkdir (info, 0700), ==, 0);
  assert_not_deleted (fixture->path);
  g_assert_cmpint (rmdir (info), ==, 0);
  g_assert_cmpint (symlink (fixture->folder, info), ==, 0);
  assert_not_deleted (fixture->path);
  assert_exists (fixture->path, "payload");
  assert_exists (fixture->path, "records");
  g_assert_cmpint (unlink (info), ==, 0);

  /* A folder that is empty, a file. */
  g_assert_cmpint (g_mkdir (empty, 0700), ==, 0);
  assert_not_deleted (empty);
  assert_not_deleted (file);
  assert_exists (fixture->folder, "empty");

  g_assert_true (skt_journal_delete (fixture->path, NULL));
}

/* A damaged one can be got rid of too. */
static void
test_delete_damaged (Fixture *fixture, gconstpointer data)
{
  skt_journal_unref (create_at (fixture->path));
  write_file (fixture->path, "records", "garbage", 7);
  g_assert_true (skt_journal_delete (fixture->path, NULL));
}

static void
test_delete_on_free (Fixture *fixture, gconstpointer data)
{
  SktJournal *journal = create_at (fixture->path);
  g_autoptr (Model) model = model_new ();
  g_autoptr (SktJournalReader) reader = NULL;

  append_pattern (journal, model, 100);
  skt_journal_set_delete_on_free (journal, TRUE);
  skt_journal_set_delete_on_free (journal, FALSE);
  skt_journal_unref (journal);
  g_assert_cmpuint (count_abandoned (fixture), ==, 1);

  /* One that was opened, and only when the last one lets it go. */
  journal = skt_journal_open (fixture->path, NULL, NULL);
  check_all (journal, model);
  skt_journal_set_delete_on_free (journal, TRUE);
  reader = skt_journal_reader_new (journal);
  skt_journal_unref (journal);
  g_assert_cmpuint (count_abandoned (fixture), ==, 1);
  g_clear_pointer (&reader, skt_journal_reader_free);
  g_assert_cmpuint (count_abandoned (fixture), ==, 0);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

/* Another folder that took the place of ours meanwhile is left alone. */
static void
test_delete_on_free_replaced (Fixture *fixture, gconstpointer data)
{
  g_autofree char *moved = g_build_filename (fixture->folder, "moved", NULL);
  SktJournal *journal = create_at (fixture->path);

  skt_journal_set_delete_on_free (journal, TRUE);
  g_assert_cmpint (g_rename (fixture->path, moved), ==, 0);
  skt_journal_unref (create_at (fixture->path));
  g_test_expect_message ("Skt", G_LOG_LEVEL_MESSAGE, "*was not deleted*");
  skt_journal_unref (journal);
  g_test_assert_expected_messages ();
  assert_exists (fixture->path, "records");
  assert_exists (moved, "records");
}

/* What was left half made or half deleted is never listed, and removed when it is old and nobody holds it. */
static void
test_stale (Fixture *fixture, gconstpointer data)
{
  g_autofree char *half = g_build_filename (fixture->folder, SKT_JOURNAL_TEMPORARY_PREFIX "new-1-1-00", NULL);
  g_autofree char *empty = g_build_filename (fixture->folder, SKT_JOURNAL_TEMPORARY_PREFIX "new-1-2-00", NULL);
  g_autofree char *foreign = g_build_filename (fixture->folder, SKT_JOURNAL_TEMPORARY_PREFIX "x", NULL);
  const struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
  SktJournal *journal = create_at (half);

  g_assert_cmpint (g_mkdir (empty, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (foreign, 0700), ==, 0);
  write_file (foreign, "precious", "", 0);
  g_assert_cmpuint (count_abandoned (fixture), ==, 0);
  g_assert_cmpint (utimensat (AT_FDCWD, half, old, 0), ==, 0);
  g_assert_cmpint (utimensat (AT_FDCWD, empty, old, 0), ==, 0);
  g_assert_cmpint (utimensat (AT_FDCWD, foreign, old, 0), ==, 0);
  g_assert_cmpuint (count_abandoned (fixture), ==, 0);
  g_assert_true (g_file_test (half, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (empty, G_FILE_TEST_EXISTS));

  skt_journal_unref (journal);
  g_assert_cmpint (utimensat (AT_FDCWD, half, old, 0), ==, 0);
  g_assert_cmpuint (count_abandoned (fixture), ==, 0);
  g_assert_false (g_file_test (half, G_FILE_TEST_EXISTS));
  assert_exists (foreign, "precious");
}

static gboolean stop_listing;

static gpointer
list_in_thread (gpointer data)
{
  while (!g_atomic_int_get (&stop_listing))
    {
      g_autoptr (GPtrArray) paths = skt_journal_list_abandoned (data);

      if (paths->len > 0)
        return GINT_TO_POINTER (TRUE);
    }
  return GINT_TO_POINTER (FALSE);
}

/* Who lists at any moment never takes a session that is being made or deleted for an abandoned one. */
static void
test_list_races (Fixture *fixture, gconstpointer data)
{
  GThread *thread;

  g_atomic_int_set (&stop_listing, FALSE);
  thread = g_thread_new ("list", list_in_thread, fixture->folder);
  for (guint i = 0; i < 300; i++)
    {
      SktJournal *journal = create_at (fixture->path);

      skt_journal_set_delete_on_free (journal, TRUE);
      skt_journal_unref (journal);
    }
  g_atomic_int_set (&stop_listing, TRUE);
  g_assert_false (GPOINTER_TO_INT (g_thread_join (thread)));
}

static void
test_info (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create_at (fixture->path);
  g_autoptr (GKeyFile) info = g_key_file_new ();
  g_autofree char *file = g_build_filename (fixture->path, "session.ini", NULL);
  g_autoptr (GError) error = NULL;
  struct stat stat_info;

  g_assert_null (skt_journal_load_info (fixture->path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  for (int i = 0; i < 3; i++)
    {
      g_autoptr (GKeyFile) loaded = NULL;

      g_key_file_set_integer (info, "session", "number", i);
      skt_journal_write_info (journal, info, &error);
      g_assert_no_error (error);
      loaded = skt_journal_load_info (fixture->path, &error);
      g_assert_no_error (error);
      g_assert_cmpint (g_key_file_get_integer (loaded, "session", "number", NULL), ==, i);
    }
  g_assert_cmpint (stat (file, &stat_info), ==, 0);
  g_assert_cmphex (stat_info.st_mode & 07777, ==, 0600);

  write_file (fixture->path, "session.ini", "[broken", 7);
  g_assert_null (skt_journal_load_info (fixture->path, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpint (unlink (file), ==, 0);
  g_assert_cmpint (mkfifo (file, 0600), ==, 0);
  g_assert_null (skt_journal_load_info (fixture->path, &error));
  g_assert_nonnull (error);
}

#define ADD(name, func) \
  g_test_add ("/core/journal/folder/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
add_folder_tests (void)
{
  ADD ("names", test_names);
  ADD ("list", test_list);
  ADD ("reading-does-not-lock", test_reading_does_not_lock);
  ADD ("delete", test_delete);
  ADD ("delete-foreign", test_delete_foreign);
  ADD ("delete-damaged", test_delete_damaged);
  ADD ("delete-on-free", test_delete_on_free);
  ADD ("delete-on-free-replaced", test_delete_on_free_replaced);
  ADD ("stale", test_stale);
  ADD ("list-races", test_list_races);
  ADD ("info", test_info);
}
