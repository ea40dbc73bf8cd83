/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-rows.h"
#include "skt-bookmarks.h"

#include <string.h>

static void
changed_cb (SktBookmarks *bookmarks, guint *n)
{
  ++*n;
}

static void
assert_bookmark (SktBookmarks *bookmarks, guint i, guint64 record, guint32 begin, const char *wanted)
{
  const char *label;
  SktPosition position;

  g_assert_cmpuint (i, <, skt_bookmarks_get_n (bookmarks));
  position = skt_bookmarks_get (bookmarks, i, &label);
  g_assert_cmpuint (position.record, ==, record);
  g_assert_cmpuint (position.begin, ==, begin);
  g_assert_cmpstr (label, ==, wanted);
}

static void
test_order (void)
{
  g_autoptr (SktBookmarks) bookmarks = skt_bookmarks_new ();
  guint n = 0;

  g_signal_connect (bookmarks, "changed", G_CALLBACK (changed_cb), &n);
  g_assert_cmpuint (skt_bookmarks_find (bookmarks, (SktPosition){ 0, 0 }), ==, 0);
  g_assert_true (skt_bookmarks_add (bookmarks, (SktPosition){ 5, 10 }));
  g_assert_true (skt_bookmarks_add (bookmarks, (SktPosition){ 5, 2 }));
  g_assert_true (skt_bookmarks_add (bookmarks, (SktPosition){ 1, 0 }));
  g_assert_true (skt_bookmarks_add (bookmarks, (SktPosition){ 9, 0 }));
  g_assert_cmpuint (n, ==, 4);
  /* Once is enough. */
  g_assert_true (skt_bookmarks_add (bookmarks, (SktPosition){ 5, 2 }));
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpuint (skt_bookmarks_get_n (bookmarks), ==, 4);
  assert_bookmark (bookmarks, 0, 1, 0, NULL);
  assert_bookmark (bookmarks, 1, 5, 2, NULL);
  assert_bookmark (bookmarks, 2, 5, 10, NULL);
  assert_bookmark (bookmarks, 3, 9, 0, NULL);
  g_assert_cmpuint (skt_bookmarks_find (bookmarks, (SktPosition){ 5, 2 }), ==, 1);
  g_assert_cmpuint (skt_bookmarks_find (bookmarks, (SktPosition){ 5, 3 }), ==, 2);
  g_assert_cmpuint (skt_bookmarks_find (bookmarks, (SktPosition){ 10, 0 }), ==, 4);

  skt_bookmarks_remove (bookmarks, (SktPosition){ 5, 3 });
  g_assert_cmpuint (n, ==, 4);
  skt_bookmarks_remove (bookmarks, (SktPosition){ 5, 2 });
  g_assert_cmpuint (n, ==, 5);
  assert_bookmark (bookmarks, 1, 5, 10, NULL);
}

static void
test_labels (void)
{
  g_autoptr (SktBookmarks) bookmarks = skt_bookmarks_new ();
  g_autofree char *long_label = g_strnfill (1000, 'x');
  g_autoptr (GString) wide = g_string_new ("x");
  SktPosition position = { 3, 4 };
  const char *label;
  guint n = 0;

  skt_bookmarks_add (bookmarks, position);
  g_signal_connect (bookmarks, "changed", G_CALLBACK (changed_cb), &n);
  skt_bookmarks_set_label (bookmarks, position, " here\nit\tbroke ");
  assert_bookmark (bookmarks, 0, 3, 4, "here it broke");
  skt_bookmarks_set_label (bookmarks, position, "here it broke");
  g_assert_cmpuint (n, ==, 1);
  skt_bookmarks_set_label (bookmarks, position, "");
  assert_bookmark (bookmarks, 0, 3, 4, NULL);
  skt_bookmarks_set_label (bookmarks, position, NULL);
  g_assert_cmpuint (n, ==, 2);
  skt_bookmarks_set_label (bookmarks, (SktPosition){ 3, 5 }, "nobody");
  g_assert_cmpuint (n, ==, 2);
  skt_bookmarks_set_label (bookmarks, position, long_label);
  skt_bookmarks_get (bookmarks, 0, &label);
  g_assert_cmpuint (strlen (label), ==, SKT_BOOKMARK_LABEL_MAX);
  /* Never in the middle of a character. */
  for (guint i = 0; i < 100; i++)
    g_string_append (wide, "中");
  skt_bookmarks_set_label (bookmarks, position, wide->str);
  skt_bookmarks_get (bookmarks, 0, &label);
  g_assert_true (g_utf8_validate (label, -1, NULL));
  g_assert_cmpuint (strlen (label), ==, 199);
}

static void
test_bounded (void)
{
  g_autoptr (SktBookmarks) bookmarks = skt_bookmarks_new (), copy = skt_bookmarks_new ();
  g_autoptr (GKeyFile) info = NULL;

  for (guint i = 0; i < SKT_BOOKMARKS_MAX; i++)
    g_assert_true (skt_bookmarks_add (bookmarks, (SktPosition){ i, 0 }));
  g_assert_false (skt_bookmarks_add (bookmarks, (SktPosition){ 1, 1 }));
  g_assert_true (skt_bookmarks_add (bookmarks, (SktPosition){ 1, 0 }));
  info = skt_bookmarks_to_info (bookmarks);
  g_key_file_set_string (info, "Bookmarks", "500", "900:0 one too many");
  skt_bookmarks_load_info (copy, info);
  g_assert_cmpuint (skt_bookmarks_get_n (copy), ==, SKT_BOOKMARKS_MAX);
}

static void
test_info (void)
{
  g_autoptr (SktBookmarks) bookmarks = skt_bookmarks_new (), copy = skt_bookmarks_new ();
  g_autoptr (GKeyFile) info = NULL, none = NULL;
  guint n = 0;

  skt_bookmarks_add (bookmarks, (SktPosition){ G_MAXINT64 - 1, G_MAXUINT32 });
  skt_bookmarks_add (bookmarks, (SktPosition){ 7, 0 });
  skt_bookmarks_set_label (bookmarks, (SktPosition){ 7, 0 }, "<b>&; = [x] \\n 中");
  info = skt_bookmarks_to_info (bookmarks);
  g_signal_connect (copy, "changed", G_CALLBACK (changed_cb), &n);
  skt_bookmarks_load_info (copy, info);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (skt_bookmarks_get_n (copy), ==, 2);
  assert_bookmark (copy, 0, 7, 0, "<b>&; = [x] \\n 中");
  assert_bookmark (copy, 1, G_MAXINT64 - 1, G_MAXUINT32, NULL);
  skt_bookmarks_load_info (copy, info);
  g_assert_cmpuint (n, ==, 1);

  skt_bookmarks_remove (bookmarks, (SktPosition){ 7, 0 });
  skt_bookmarks_remove (bookmarks, (SktPosition){ G_MAXINT64 - 1, G_MAXUINT32 });
  none = skt_bookmarks_to_info (bookmarks);
  g_assert_true (g_key_file_has_group (none, "Bookmarks"));
  skt_bookmarks_load_info (copy, none);
  g_assert_cmpuint (skt_bookmarks_get_n (copy), ==, 0);
}

/* A file that somebody else has been at. */
static void
test_bad_info (void)
{
  static const char text[] = "[Bookmarks]\nn=99\n0=5:1 good\n1=\n2=x\n3=5\n4=5:\n5=5:x\n6=5:4294967296\n7=-5:1\n8=5:1 twice\n"
                             "9=99999999999999999999:1\n10=3:2\n11=4:1x\n12=6:0 \xff\xfe\n13=8:0\\n\nx=1:1\n";
  g_autoptr (SktBookmarks) bookmarks = skt_bookmarks_new ();
  g_autoptr (GKeyFile) info = g_key_file_new (), empty = g_key_file_new ();

  g_assert_true (g_key_file_load_from_data (info, text, sizeof text - 1, 0, NULL));
  skt_bookmarks_load_info (bookmarks, info);
  g_assert_cmpuint (skt_bookmarks_get_n (bookmarks), ==, 2);
  assert_bookmark (bookmarks, 0, 3, 2, NULL);
  g_assert_cmpuint (skt_bookmarks_get (bookmarks, 1, NULL).record, ==, 5);
  skt_bookmarks_load_info (bookmarks, empty);
  g_assert_cmpuint (skt_bookmarks_get_n (bookmarks), ==, 0);
}

/* Others write the file too. */
static void
test_file (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktBookmarks) bookmarks = skt_bookmarks_new (), copy = skt_bookmarks_new ();
  g_autoptr (GKeyFile) session = g_key_file_new (), info = NULL, loaded = NULL;
  g_autofree char *kind = NULL;

  g_key_file_set_string (session, "Session", "kind", "client");
  skt_bookmarks_add (bookmarks, (SktPosition){ 2, 1 });
  info = skt_bookmarks_to_info (bookmarks);
  g_assert_true (skt_journal_write_info (journal, info, NULL));
  g_assert_true (skt_journal_write_info (journal, session, NULL));
  g_assert_true (skt_journal_write_info (journal, session, NULL));
  loaded = skt_journal_load_info (skt_journal_get_path (journal), NULL);
  g_assert_nonnull (loaded);
  kind = g_key_file_get_string (loaded, "Session", "kind", NULL);
  g_assert_cmpstr (kind, ==, "client");
  skt_bookmarks_load_info (copy, loaded);
  assert_bookmark (copy, 0, 2, 1, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/bookmarks/order", test_order);
  g_test_add_func ("/core/bookmarks/labels", test_labels);
  g_test_add_func ("/core/bookmarks/bounded", test_bounded);
  g_test_add_func ("/core/bookmarks/info", test_info);
  g_test_add_func ("/core/bookmarks/bad-info", test_bad_info);
  g_test_add_func ("/core/bookmarks/file", test_file);
  return g_test_run ();
}
