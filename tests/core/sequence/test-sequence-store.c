/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-sequence.h"
#include "skt-sequence-store.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

typedef struct
{
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("sequences-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "socketeer", "sequences.json", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_no_errno (g_remove (path));
    }
  g_rmdir (folder);
  g_assert_no_errno (g_rmdir (self->folder));
  g_free (self->folder);
  g_free (self->path);
}

static guint n_changed;

static void
changed_cb (void)
{
  n_changed++;
}

static void
test_keep (Fixture *self, gconstpointer data)
{
  SktSequenceStore *store = skt_sequence_store_new (self->path);
  g_autoptr (SktSequence) a = skt_sequence_new ("a", NULL);
  g_autoptr (SktSequence) b = skt_sequence_new ("b", NULL);
  GStatBuf info;

  g_assert_null (skt_sequence_store_get_problem (store));
  g_assert_cmpuint (skt_sequence_store_get_n (store), ==, 0);
  g_assert_null (skt_sequence_store_get (store, 0));
  n_changed = 0;
  g_signal_connect (store, "changed", changed_cb, NULL);
  skt_sequence_store_insert (store, 0, a);
  skt_sequence_store_insert (store, 0, b);
  skt_sequence_store_replace (store, 1, b);
  skt_sequence_store_remove (store, 0);
  skt_sequence_store_insert (store, 99, a);
  g_assert_cmpuint (n_changed, ==, 5);
  g_assert_finalize_object (store);

  g_assert_no_errno (g_stat (self->path, &info));
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  store = skt_sequence_store_new (self->path);
  g_assert_cmpuint (skt_sequence_store_get_n (store), ==, 2);
  g_assert_cmpstr (skt_sequence_get_name (skt_sequence_store_get (store, 0)), ==, "b");
  g_assert_cmpstr (skt_sequence_get_name (skt_sequence_store_get (store, 1)), ==, "a");
  g_assert_finalize_object (store);
}

static void
test_names (Fixture *self, gconstpointer data)
{
  SktSequenceStore *store = skt_sequence_store_new (self->path);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = skt_sequence_store_dup_new_name (store, i == 0 ? NULL : "HTTP");
      g_autoptr (SktSequence) sequence = skt_sequence_new (name, NULL);
      static const char *const expected[] = { "Sequence 1", "HTTP", "HTTP 2" };

      g_assert_cmpstr (name, ==, expected[i]);
      skt_sequence_store_insert (store, 0, sequence);
    }
  g_assert_finalize_object (store);
}

static void
test_damaged (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *bad = g_strconcat (self->path, ".bad-2", NULL), *first = g_strconcat (self->path, ".bad-1", NULL);
  g_autofree char *text = NULL;
  g_autoptr (SktSequence) sequence = skt_sequence_new ("new", NULL);
  SktSequenceStore *store;

  g_mkdir (folder, 0700);
  g_assert_true (g_file_set_contents (first, "older", -1, NULL));
  g_assert_true (g_file_set_contents (self->path, "{\"format\": 7", -1, NULL));
  store = skt_sequence_store_new (self->path);
  g_assert_nonnull (strstr (skt_sequence_store_get_problem (store), "sequences.json” was damaged and is kept as"));
  g_assert_nonnull (strstr (skt_sequence_store_get_problem (store), "sequences.json.bad-2”"));
  skt_sequence_store_insert (store, 0, sequence);
  skt_sequence_store_flush (store);
  g_assert_true (g_file_get_contents (bad, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "{\"format\": 7");
  g_assert_true (g_file_test (self->path, G_FILE_TEST_EXISTS));
  g_assert_finalize_object (store);
}

/* What can't be read is said, and is not written over. */
static void
test_unreadable (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "file", "sequences.json", NULL);
  g_autofree char *file = g_path_get_dirname (path);
  g_autoptr (SktSequence) sequence = skt_sequence_new ("a", NULL);
  SktSequenceStore *store;

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  store = skt_sequence_store_new (path);
  g_assert_nonnull (strstr (skt_sequence_store_get_problem (store), "can't be read"));
  skt_sequence_store_insert (store, 0, sequence);
  skt_sequence_store_flush (store);
  g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));
  g_assert_finalize_object (store);
  g_assert_no_errno (g_remove (file));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/core/sequence-store/keep", Fixture, NULL, set_up, test_keep, tear_down);
  g_test_add ("/core/sequence-store/names", Fixture, NULL, set_up, test_names, tear_down);
  g_test_add ("/core/sequence-store/damaged", Fixture, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/core/sequence-store/unreadable", Fixture, NULL, set_up, test_unreadable, tear_down);
  return g_test_run ();
}
