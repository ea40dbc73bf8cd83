/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-journal.h"

#include "skt-journal-map.h"

#include <signal.h>
#include <unistd.h>

#define LENGTH 100000

static SktJournal *
make (Fixture *fixture, Model *model)
{
  g_autoptr (GError) error = NULL;
  SktJournal *journal = skt_journal_create (fixture->path, &error);

  g_assert_no_error (error);
  append_pattern (journal, model, LENGTH);
  g_assert_true (skt_journal_flush (journal, NULL));
  return journal;
}

static void
test_pieces (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint64 offset;
    gsize length, expected;
  } cases[] = {
    { 0, LENGTH, LENGTH }, { 0, 1, 1 }, { 4096, 4096, 4096 }, { 4095, 2, 2 }, { 12345, 50000, 50000 }, { 99999, 5, 1 },
  };
  g_autoptr (Model) model = model_new ();
  g_autoptr (SktJournal) journal = make (fixture, model);
  SktJournalMap map;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (skt_journal_map_payload (journal, cases[i].offset, cases[i].length, &map));
      g_assert_cmpmem (map.bytes, map.length, model->payload->data + cases[i].offset, cases[i].expected);
      g_assert_true (skt_journal_map_is_sound (&map));
      skt_journal_map_clear (&map);
    }
  g_assert_false (skt_journal_map_payload (journal, LENGTH, 1, &map));
}

/* As many as there are places for; then what is given back can be had again. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Model) model = model_new ();
  g_autoptr (SktJournal) journal = make (fixture, model);
  SktJournalMap maps[1000];
  guint n = 0;

  while (n < G_N_ELEMENTS (maps) && skt_journal_map_payload (journal, n, 10, &maps[n]))
    n++;
  g_assert_cmpuint (n, >=, 8);
  g_assert_cmpuint (n, <, G_N_ELEMENTS (maps));
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpmem (maps[i].bytes, maps[i].length, model->payload->data + i, 10);
      skt_journal_map_clear (&maps[i]);
    }
  g_assert_true (skt_journal_map_payload (journal, 0, 10, &maps[0]));
  skt_journal_map_clear (&maps[0]);
}

/* Somebody has cut the file: what is gone is zeros, what is there stays, and it is told. */
static void
test_cut (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Model) model = model_new ();
  g_autoptr (SktJournal) journal = make (fixture, model);
  g_autofree char *path = g_build_filename (fixture->path, "payload", NULL);
  gsize page = sysconf (_SC_PAGESIZE);
  SktJournalMap map;

  g_assert_true (skt_journal_map_payload (journal, 0, LENGTH, &map));
  g_assert_cmpint (truncate (path, page), ==, 0);
  g_assert_cmpmem (map.bytes, page, model->payload->data, page);
  g_assert_true (skt_journal_map_is_sound (&map));
  g_assert_cmpuint (map.bytes[page], ==, 0);
  g_assert_false (skt_journal_map_is_sound (&map));
  g_assert_cmpuint (map.bytes[LENGTH - 1], ==, 0);
  g_assert_cmpmem (map.bytes, page, model->payload->data, page);
  skt_journal_map_clear (&map);
}

/* What is not in a piece ends the program as before. */
static void
test_other_sigbus (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Model) model = model_new ();
  g_autoptr (SktJournal) journal = make (fixture, model);
  SktJournalMap map;

  if (g_test_subprocess ())
    {
      g_assert_true (skt_journal_map_payload (journal, 0, LENGTH, &map));
      kill (getpid (), SIGBUS);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
}

void
add_map_tests (void)
{
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/core/journal/map/pieces", test_pieces);
  ADD ("/core/journal/map/many", test_many);
  ADD ("/core/journal/map/cut", test_cut);
  ADD ("/core/journal/map/other-sigbus", test_other_sigbus);
#undef ADD
}
