/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "skt-recent.h"

#include <glib/gstdio.h>
#include <string.h>

static void
count_cb (SktRecent *recent, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
assert_endpoints (SktRecent *recent, const char *expected)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < skt_recent_get_n (recent); i++)
    {
      const SktRecentEntry *entry = skt_recent_get (recent, i);
      g_string_append_printf (all, "%s%c%s@%d", i > 0 ? " " : "", entry->kind == SKT_RECENT_LISTEN ? '<' : '>', entry->endpoint,
                              (int) entry->time);
    }
  g_assert_cmpstr (all->str, ==, expected);
}

static void
test_order (void)
{
  SktRecent *recent = skt_recent_new (NULL);
  guint n_changed = 0;

  g_signal_connect (recent, "changed", G_CALLBACK (count_cb), &n_changed);
  g_assert_true (skt_recent_add (recent, SKT_RECENT_CONNECT, "plc:502", 1));
  g_assert_true (skt_recent_add (recent, SKT_RECENT_LISTEN, "*:7788", 2));
  g_assert_true (skt_recent_add (recent, SKT_RECENT_CONNECT, "[::1]:80", 3));
  g_assert_true (skt_recent_add (recent, SKT_RECENT_CONNECT, "PLC:502", 4)); /* the same */
  g_assert_cmpuint (n_changed, ==, 4);
  assert_endpoints (recent, ">PLC:502@4 >[::1]:80@3 <*:7788@2");
  g_assert_null (skt_recent_get (recent, 3));

  /* Neither is of use another time. */
  g_assert_false (skt_recent_add (recent, SKT_RECENT_LISTEN, "127.0.0.1:0", 5));
  g_assert_false (skt_recent_add (recent, SKT_RECENT_CONNECT, "no port", 5));
  skt_recent_remove (recent, SKT_RECENT_LISTEN, "plc:502"); /* it is the other kind */
  g_assert_cmpuint (n_changed, ==, 4);

  /* Removed, and brought back to its place. */
  skt_recent_remove (recent, SKT_RECENT_CONNECT, "[::1]:80");
  assert_endpoints (recent, ">PLC:502@4 <*:7788@2");
  g_assert_true (skt_recent_add (recent, SKT_RECENT_CONNECT, "[::1]:80", 3));
  assert_endpoints (recent, ">PLC:502@4 >[::1]:80@3 <*:7788@2");
  /* An earlier time changes nothing of a later one. */
  g_assert_true (skt_recent_add (recent, SKT_RECENT_CONNECT, "plc:502", 1));
  assert_endpoints (recent, ">plc:502@4 >[::1]:80@3 <*:7788@2");

  n_changed = 0;
  skt_recent_clear (recent);
  skt_recent_clear (recent);
  g_assert_cmpuint (n_changed, ==, 1);
  g_assert_cmpuint (skt_recent_get_n (recent), ==, 0);
  g_assert_finalize_object (recent);
}

static void
test_bound (void)
{
  g_autoptr (SktRecent) recent = skt_recent_new (NULL);

  for (guint i = 1; i <= SKT_RECENT_MAX + 5; i++)
    {
      g_autofree char *endpoint = g_strdup_printf ("host:%u", i);
      skt_recent_add (recent, SKT_RECENT_CONNECT, endpoint, i);
    }
  g_assert_cmpuint (skt_recent_get_n (recent), ==, SKT_RECENT_MAX);
  g_assert_cmpstr (skt_recent_get (recent, 0)->endpoint, ==, "host:25");
  g_assert_cmpstr (skt_recent_get (recent, SKT_RECENT_MAX - 1)->endpoint, ==, "host:6");
}

static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("skt-recent-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "state", "recent.json", NULL);
  g_autofree char *state = g_path_get_dirname (path);
  SktRecent *recent = skt_recent_new (path);
  GStatBuf info;

  skt_recent_add (recent, SKT_RECENT_CONNECT, "plc.example:502", 1000);
  skt_recent_add (recent, SKT_RECENT_LISTEN, "127.0.0.1:7788", 2000);
  g_object_unref (recent);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  recent = skt_recent_new (path);
  assert_endpoints (recent, "<127.0.0.1:7788@2000 >plc.example:502@1000");
  skt_recent_clear (recent);
  g_object_unref (recent);
  recent = skt_recent_new (path);
  g_assert_cmpuint (skt_recent_get_n (recent), ==, 0);
  g_object_unref (recent);
  g_unlink (path);
  g_rmdir (state);
  g_rmdir (folder);
}

/* What is good in it is used, the rest is kept aside. */
static void
test_damaged (void)
{
  g_autofree char *folder = g_dir_make_tmp ("skt-recent-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "recent.json", NULL);
  g_autofree char *aside = g_strconcat (path, ".bad-1", NULL);
  g_autofree char *problem = NULL;
  SktRecent *recent;

  g_assert_true (g_file_set_contents (path,
                                      "{\"format\": \"socketeer-recent\", \"version\": 1, \"endpoints\": ["
                                      "{\"kind\": \"connect\", \"endpoint\": \"good:1\", \"time\": 7}, 5, "
                                      "{\"kind\": \"fly\", \"endpoint\": \"bad:1\"}, {\"kind\": \"listen\", \"endpoint\": \"*:0\"}, "
                                      "{\"kind\": \"connect\", \"endpoint\": \"<b>\\n:9\"}, {\"kind\": \"connect\"}, "
                                      "{\"kind\": \"connect\", \"endpoint\": \"x:1\", \"time\": -1}]}",
                                      -1, NULL));
  recent = skt_recent_new (path);
  assert_endpoints (recent, ">good:1@7");
  g_object_get (recent, "problem", &problem, NULL);
  g_assert_nonnull (problem);
  g_assert_nonnull (strstr (problem, aside));
  g_object_unref (recent);
  g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS) && g_file_test (path, G_FILE_TEST_EXISTS));
  g_unlink (aside);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/recent/order", test_order);
  g_test_add_func ("/core/recent/bound", test_bound);
  g_test_add_func ("/core/recent/file", test_file);
  g_test_add_func ("/core/recent/damaged", test_damaged);
  return g_test_run ();
}
