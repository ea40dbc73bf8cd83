/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-rows.h"

#include <string.h>

#define PAGE 7

static const SktPosition end_position = { G_MAXUINT64, 0 };

/* A page anywhere, and the page before it: the same with and without an index. */
static void
assert_pages (SktRowSource *source, GArray *expected)
{
  SktRow rows[PAGE];
  guint n;

  n = skt_row_source_get_rows_before (source, end_position, PAGE, rows);
  g_assert_cmpuint (n, ==, MIN (PAGE, expected->len));
  for (guint i = 0; i < n; i++)
    check_assert_same_row (&rows[i], &g_array_index (expected, SktRow, expected->len - n + i));

  for (guint i = 0; i < expected->len; i++)
    {
      const SktRow *first = &g_array_index (expected, SktRow, i);
      SktPosition position = { first->record, first->begin };

      n = skt_row_source_get_rows (source, position, PAGE, rows);
      g_assert_cmpuint (n, ==, MIN (PAGE, expected->len - i));
      for (guint j = 0; j < n; j++)
        check_assert_same_row (&rows[j], &g_array_index (expected, SktRow, i + j));
      n = skt_row_source_get_rows_before (source, position, PAGE, rows);
      g_assert_cmpuint (n, ==, MIN (PAGE, i));
      for (guint j = 0; j < n; j++)
        check_assert_same_row (&rows[j], &g_array_index (expected, SktRow, i - n + j));
    }
}

static void
assert_numbers (SktRowSource *source, GArray *expected)
{
  g_assert_true (skt_row_source_is_exact (source));
  g_assert_cmpuint (skt_row_source_get_n_rows (source), ==, expected->len);
  for (guint i = 0; i < expected->len; i++)
    {
      const SktRow *row = &g_array_index (expected, SktRow, i);
      SktPosition position = skt_row_source_from_row_number (source, i);

      g_assert_cmpuint (position.record, ==, row->record);
      g_assert_cmpuint (position.begin, ==, row->begin);
      g_assert_cmpuint (skt_row_source_to_row_number (source, position), ==, i);
    }
}

static void
test_random (void)
{
  GRand *rand = g_rand_new_with_seed (g_test_rand_int ());

  for (guint round = 0; round < 12; round++)
    {
      g_autoptr (SktJournal) journal = check_journal_new ();
      SktView view = round % SKT_N_VIEWS;
      g_autoptr (SktLayout) layout = check_layout_new (view, SKT_ENCODING_UTF_8, 8);
      g_autoptr (SktRowSource) source = skt_row_source_new (journal, layout);
      g_autoptr (GArray) expected = NULL;

      check_journal_add_random (journal, rand, 60, 40);
      expected = check_list_rows (journal, layout);
      /* Nothing is indexed yet: pages are walked from where they are. */
      g_assert_false (skt_row_source_is_exact (source));
      assert_pages (source, expected);
      skt_row_source_finish (source);
      assert_pages (source, expected);
      assert_numbers (source, expected);
    }
  g_rand_free (rand);
}

/* Where one is stays the same place, whatever way of looking is chosen. */
static void
test_change_layout (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) text = check_layout_new (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);
  g_autoptr (SktLayout) hex = check_layout_new (SKT_VIEW_HEX, SKT_ENCODING_UTF_8, 16);
  g_autoptr (SktRowSource) source = NULL;
  SktRow row;

  for (guint i = 0; i < 50; i++)
    check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "0123456789012345678901234567890123456789\n", 41);
  source = skt_row_source_new (journal, text);
  g_assert_cmpuint (skt_row_source_get_n_rows (source), ==, 50);
  skt_row_source_set_layout (source, hex);
  g_assert_cmpuint (skt_row_source_get_n_rows (source), ==, 150);
  g_assert_cmpuint (skt_row_source_get_rows (source, (SktPosition){ 20, 33 }, 1, &row), ==, 1);
  check_assert_same_row (&row, &(SktRow){ .record = 20, .begin = 32, .length = 9, .end = { 20, 41 }, .is_last = TRUE,
                                          .ends_piece = TRUE });
  g_assert_cmpuint (skt_row_source_to_row_number (source, (SktPosition){ 20, 33 }), ==, 62);
}

static void
count_cb (SktRowSource *source, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
test_changed (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);
  g_autoptr (SktRowSource) source = skt_row_source_new (journal, layout);
  guint n_changed = 0;

  g_signal_connect (source, "changed", G_CALLBACK (count_cb), &n_changed);
  skt_row_source_update (source);
  g_assert_cmpuint (n_changed, ==, 0);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "a\nb\n", 4);
  skt_row_source_update (source);
  g_assert_cmpuint (n_changed, ==, 1);
  skt_row_source_update (source);
  g_assert_cmpuint (n_changed, ==, 1);
  g_assert_cmpuint (skt_row_source_get_n_rows (source), ==, 2);
}

/* More than the main thread does itself: a worker, which says when it is done. */
static void
test_worker (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);
  g_autoptr (SktRowSource) source = NULL;
  gsize piece = 1000 * 1000;
  g_autofree char *bytes = g_malloc (piece);

  memset (bytes, 'x', piece);
  for (gsize i = 99; i < piece; i += 100)
    bytes[i] = '\n';
  for (guint i = 0; i < 5; i++)
    check_journal_add (journal, SKT_RECORD_RECEIVED, 1, bytes, piece);
  source = skt_row_source_new (journal, layout);
  while (!skt_row_source_is_exact (source))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (skt_row_source_get_n_rows (source), ==, 5 * piece / 100);

  /* Dropped while a worker is at it. */
  skt_row_source_set_layout (source, layout);
  g_assert_finalize_object (g_steal_pointer (&source));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_limit (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);
  g_autoptr (SktRowSource) source = skt_row_source_new (journal, layout);
  SktRow rows[2];

  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "one\n", 4);
  skt_row_source_update (source);
  skt_row_source_set_limit (source, 1);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "two\n", 4);
  skt_row_source_update (source);
  g_assert_cmpuint (skt_row_source_get_n_rows (source), ==, 1);
  g_assert_cmpuint (skt_row_source_get_rows (source, (SktPosition){ 0, 0 }, 2, rows), ==, 1);
  g_assert_cmpuint (skt_row_source_get_rows_before (source, end_position, 2, rows), ==, 1);
  skt_row_source_set_limit (source, G_MAXUINT64);
  g_assert_cmpuint (skt_row_source_get_n_rows (source), ==, 2);
}

static void
test_first_record (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);
  g_autoptr (SktRowSource) source = skt_row_source_new (journal, layout);
  SktRow rows[3];

  for (guint i = 0; i < 3; i++)
    check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "line\n", 5);
  skt_journal_set_first_record (journal, 2);
  skt_row_source_set_layout (source, layout);
  g_assert_cmpuint (skt_row_source_get_n_rows (source), ==, 1);
  g_assert_cmpuint (skt_row_source_get_rows_before (source, end_position, 3, rows), ==, 1);
  g_assert_cmpuint (rows[0].record, ==, 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/row-source/random", test_random);
  g_test_add_func ("/core/row-source/change-layout", test_change_layout);
  g_test_add_func ("/core/row-source/changed", test_changed);
  g_test_add_func ("/core/row-source/worker", test_worker);
  g_test_add_func ("/core/row-source/limit", test_limit);
  g_test_add_func ("/core/row-source/first-record", test_first_record);
  return g_test_run ();
}
