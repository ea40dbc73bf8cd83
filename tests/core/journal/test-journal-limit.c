/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-journal.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "skt-journal-limit.h"
#include "skt-journal-private.h"

#define MIB SKT_JOURNAL_MIB
#define GIB SKT_JOURNAL_GIB
#define UNKNOWN G_MAXUINT64

/* How large a journal may become: the numbers, and that they are true at any moment. */

static SktJournal *
create (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  SktJournal *journal = skt_journal_create (fixture->path, &error);

  g_assert_no_error (error);
  return journal;
}

static void
test_automatic (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint64 size, free, limit;
  } cases[] = {
    { 0, UNKNOWN, 16 * GIB },
    { 0, 1000 * GIB, 16 * GIB },
    { 0, 18 * GIB, 16 * GIB },
    { 0, 18 * GIB - 1, 16 * GIB - 1 },
    { 0, 5 * GIB, 3 * GIB },
    /* what it has already counts as free: the limit does not move while it grows */
    { 2 * GIB, 3 * GIB, 3 * GIB },
    { 3 * GIB, 2 * GIB, 3 * GIB },
    /* it has become larger than it should be */
    { 3 * GIB, GIB, 2 * GIB },
    /* little is free: a little is allowed, never more than half */
    { 0, 2 * GIB + 70 * MIB, 70 * MIB },
    { 0, 2 * GIB, 64 * MIB },
    { 0, GIB, 64 * MIB },
    { 0, 100 * MIB, 50 * MIB },
    { 0, 0, 1 },
    { G_MAXUINT64 - 5, 100, 16 * GIB },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (skt_journal_compute_automatic_limit (cases[i].size, cases[i].free), ==, cases[i].limit);
}

static void
test_raised (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint64 limit, size, free, raised;
  } cases[] = {
    { 16 * GIB, 16 * GIB, UNKNOWN, 32 * GIB },
    { 16 * GIB, 16 * GIB, 1000 * GIB, 32 * GIB },
    { 16 * GIB, 16 * GIB, 8 * GIB, 24 * GIB - 256 * MIB },
    { 16 * GIB, 16 * GIB, 256 * MIB, 0 },
    { 16 * GIB, 16 * GIB, 400 * MIB, 0 },
    { 16 * GIB, 16 * GIB, 0, 0 },
    { MIB, MIB, 1000 * GIB, 2 * MIB },
    { MIB + 5, MIB, 1000 * GIB, 2 * MIB },
    { G_MAXUINT64, 0, UNKNOWN, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (skt_journal_compute_raised_limit (cases[i].limit, cases[i].size, cases[i].free), ==,
                      cases[i].raised);
}

/* The room shrinks by each record and its bytes, written or buffered, and never is more than the limit allows. */
static void
test_room (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (Model) model = model_new ();
  const guint64 limit = 16000, header = 64, record = sizeof (SktRecord);

  g_assert_cmpuint (skt_journal_get_limit (journal), ==, SKT_JOURNAL_AUTOMATIC_LIMIT);
  skt_journal_set_limit (journal, limit);
  g_assert_cmpuint (skt_journal_get_limit (journal), ==, limit);
  g_assert_cmpuint (skt_journal_get_room (journal, TRUE), ==, limit - header - record);
  g_assert_cmpuint (skt_journal_get_room (journal, FALSE), ==, limit - limit / 64 - header - record);

  while (skt_journal_get_room (journal, FALSE) > 0)
    {
      guint64 room = skt_journal_get_room (journal, TRUE);
      guint64 length = g_test_rand_int_range (0, 200);

      length = MIN (length, skt_journal_get_room (journal, FALSE));
      append_pattern (journal, model, length);
      g_assert_cmpuint (skt_journal_get_room (journal, TRUE), ==, room - MIN (room, length + record));
      if (g_test_rand_int_range (0, 3) == 0)
        {
          room = skt_journal_get_room (journal, TRUE);
          g_assert_true (skt_journal_flush (journal, NULL));
          g_assert_cmpuint (skt_journal_get_room (journal, TRUE), ==, room);
        }
    }
  g_assert_true (skt_journal_flush (journal, NULL));
  g_assert_cmpuint (skt_journal_get_disk_size (journal), <=, limit - limit / 64);
  g_assert_cmpuint (skt_journal_get_disk_size (journal), >, limit - limit / 64 - 2 * record);

  /* Smaller than it is; larger; none to speak of. */
  skt_journal_set_limit (journal, 1);
  g_assert_cmpuint (skt_journal_get_room (journal, TRUE), ==, 0);
  skt_journal_set_limit (journal, 2 * limit);
  g_assert_cmpuint (skt_journal_get_room (journal, FALSE), >=, limit - limit / 8);
  skt_journal_set_limit (journal, G_MAXUINT64);
  g_assert_cmpuint (skt_journal_get_room (journal, FALSE), >, G_MAXINT64);
  check_all (journal, model);
}

/* What was cleared counts until it is released. */
static void
test_room_after_release (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (Model) model = model_new ();
  guint64 room, n = 20;

  for (guint i = 0; i < n; i++)
    append_pattern (journal, model, 10000);
  g_assert_true (skt_journal_flush (journal, NULL));
  skt_journal_set_limit (journal, 200000);
  g_assert_cmpuint (skt_journal_get_room (journal, TRUE), ==, 0);

  skt_journal_set_first_record (journal, n);
  g_assert_cmpuint (skt_journal_get_room (journal, TRUE), ==, 0);
  skt_journal_hold (journal);
  skt_journal_release (journal);
  g_assert_cmpuint (skt_journal_get_room (journal, TRUE), ==, 0);
  skt_journal_unhold (journal);
  /* whole blocks of the file system */
  room = skt_journal_get_room (journal, TRUE);
  g_assert_cmpuint (room, >, 200000 - 2 * 4096);
  append_pattern (journal, model, 10000);
  g_assert_cmpuint (skt_journal_get_room (journal, TRUE), ==, room - 10000 - sizeof (SktRecord));
}

static void
flip (Fixture *fixture, goffset offset)
{
  g_autofree char *file = g_build_filename (fixture->path, SKT_JOURNAL_RECORDS, NULL);
  int fd = g_open (file, O_RDWR, 0);
  guint8 byte;

  g_assert_cmpint (pread (fd, &byte, 1, offset), ==, 1);
  byte ^= 0x40;
  g_assert_cmpint (pwrite (fd, &byte, 1, offset), ==, 1);
  close (fd);
}

static void
check_reopened (Fixture *fixture, Model *model, guint64 first, gboolean is_damaged)
{
  g_autofree char *warning = NULL;
  g_autoptr (SktJournal) journal = skt_journal_open (fixture->path, &warning, NULL);
  g_autoptr (SktJournalReader) reader = NULL;

  g_assert_nonnull (journal);
  g_assert_true ((warning != NULL) == is_damaged);
  g_assert_cmpuint (skt_journal_get_n_records (journal), ==, model->records->len);
  g_assert_cmpuint (skt_journal_get_first_record (journal), ==, first);
  g_assert_cmpuint (skt_journal_get_payload_length (journal), ==, model->payload->len);
  reader = skt_journal_reader_new (journal);
  for (guint64 i = first; i < model->records->len; i++)
    {
      const SktRecord *expected = &g_array_index (model->records, SktRecord, i);
      SktRecord record;
      guint8 bytes[16];

      g_assert_true (skt_journal_reader_get_record (reader, i, &record));
      g_assert_cmpmem (&record, sizeof record, expected, sizeof *expected);
      g_assert_cmpuint (skt_journal_read_payload (journal, record.offset, bytes, record.length), ==, record.length);
      g_assert_cmpmem (bytes, record.length, model->payload->data + record.offset, record.length);
    }
}

/* Small reads: most of what a journal takes is records, and they are given back too. */
static void
test_records_released (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (SktJournalReader) reader = NULL;
  g_autoptr (Model) model = model_new ();
  SktRecord record;
  guint64 size, room;

  for (guint i = 0; i < 3000; i++)
    append_pattern (journal, model, 10);
  g_assert_true (skt_journal_flush (journal, NULL));
  size = skt_journal_get_disk_size (journal);
  room = skt_journal_get_room (journal, TRUE);
  skt_journal_set_first_record (journal, 2000);
  skt_journal_release (journal);
  if (skt_journal_get_disk_size (journal) == size)
    {
      g_test_skip ("this file system cannot give back space in the middle of a file");
      return;
    }
  g_assert_cmpuint (skt_journal_get_disk_size (journal), <, size - 2000 * 58 + 4 * journal->hole_block);
  g_assert_cmpuint (skt_journal_get_room (journal, TRUE) - room, ==, size - skt_journal_get_disk_size (journal));
  reader = skt_journal_reader_new (journal);
  for (guint i = 0; i < 1999; i++)
    g_assert_false (skt_journal_reader_get_record (reader, i, &record));
  check_reopened (fixture, model, 2000, FALSE);

  /* Once more, and on from there. */
  skt_journal_set_first_record (journal, 2500);
  skt_journal_release (journal);
  append_pattern (journal, model, 10);
  g_assert_true (skt_journal_flush (journal, NULL));
  check_reopened (fixture, model, 2500, FALSE);
  size = skt_journal_get_disk_size (journal);
  g_clear_pointer (&reader, skt_journal_reader_free);
  g_clear_pointer (&journal, skt_journal_unref);
  journal = skt_journal_open (fixture->path, NULL, NULL);
  g_assert_cmpuint (skt_journal_get_disk_size (journal), ==, size);

  /* What was cleared may be damaged, ... */
  flip (fixture, sizeof (SktJournalHeader) + 2499 * sizeof record + 3);
  check_reopened (fixture, model, 2500, FALSE);
  flip (fixture, sizeof (SktJournalHeader) + 2499 * sizeof record + 3);
  /* ... and without a header the first record that is there is the first. */
  flip (fixture, 35);
  check_reopened (fixture, model, 2499, TRUE);
}

static void
test_buffer_room (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (Model) model = model_new ();

  g_assert_cmpuint (skt_journal_get_buffer_room (journal), ==, SKT_JOURNAL_BUFFER_SIZE);
  append_pattern (journal, model, 10);
  g_assert_cmpuint (skt_journal_get_buffer_room (journal), ==, SKT_JOURNAL_BUFFER_SIZE - 10);
  for (guint i = 1; i < SKT_JOURNAL_WAITING_RECORDS; i++)
    append_pattern (journal, model, 0);
  g_assert_cmpuint (skt_journal_get_buffer_room (journal), ==, 0);
  g_assert_true (skt_journal_flush (journal, NULL));
  g_assert_cmpuint (skt_journal_get_buffer_room (journal), ==, SKT_JOURNAL_BUFFER_SIZE);
}

static void
test_measure (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);

  g_assert_cmpuint (skt_journal_get_free_disk (journal), ==, UNKNOWN);
  g_assert_false (skt_journal_is_limited_by_disk (journal));
  skt_journal_measure (journal);
  g_assert_cmpuint (skt_journal_get_free_disk (journal), <, UNKNOWN);
  g_assert_cmpuint (skt_journal_get_limit (journal), ==,
                    skt_journal_compute_automatic_limit (skt_journal_get_disk_size (journal),
                                                         skt_journal_get_free_disk (journal)));

  /* As if it were a small disk. */
  atomic_store (&journal->free_disk, 3 * GIB);
  skt_journal_set_limit (journal, 0);
  g_assert_cmpuint (skt_journal_get_limit (journal), ==, GIB + journal->measured_size);
  g_assert_true (skt_journal_is_limited_by_disk (journal));
  /* A limit that a person has chosen is that limit. */
  skt_journal_set_limit (journal, 5 * GIB);
  g_assert_cmpuint (skt_journal_get_limit (journal), ==, 5 * GIB);
  g_assert_false (skt_journal_is_limited_by_disk (journal));
  g_assert_cmpuint (skt_journal_get_raised_limit (journal), ==, 0);
  skt_journal_set_limit (journal, GIB);
  g_assert_cmpuint (skt_journal_get_raised_limit (journal), ==, 2 * GIB);
}

static gpointer
set_limits_in_thread (gpointer data)
{
  SktJournal *journal = data;

  for (guint i = 0; i < 20000; i++)
    skt_journal_set_limit (journal, i % 2 == 0 ? 10000 : 20000);
  return NULL;
}

/* From any thread while another writes: what is seen is one or the other. */
static void
test_threads (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  GThread *thread;

  skt_journal_set_limit (journal, 10000);
  thread = g_thread_new ("limits", set_limits_in_thread, journal);
  for (guint i = 0; i < 20000; i++)
    {
      guint64 room = skt_journal_get_room (journal, TRUE);

      g_assert_true (room == 10000 - 64 - 48 || room == 20000 - 64 - 48);
    }
  g_thread_join (thread);
}

#define ADD(name, func) g_test_add ("/core/journal/limit/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
add_limit_tests (void)
{
  ADD ("automatic", test_automatic);
  ADD ("raised", test_raised);
  ADD ("room", test_room);
  ADD ("room-after-release", test_room_after_release);
  ADD ("records-released", test_records_released);
  ADD ("buffer-room", test_buffer_room);
  ADD ("measure", test_measure);
  ADD ("threads", test_threads);
}
