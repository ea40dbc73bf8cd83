/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-journal.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "skt-journal-private.h"

/* Writes that fail or are short: nothing is lost, nothing comes twice, and what is published is always whole. */

#define BUFFER SKT_JOURNAL_BUFFER_SIZE

/* -- Injected through the hook ------------------------------------------------------------------------------- */

static int fail_code;           /* 0: succeed */
static gint64 bytes_left;       /* until it fails */
static guint max_piece;         /* short writes; 0: whole ones */
static guint one_in;            /* fails or is interrupted at random, once in so many calls; 0: never */
static int random_codes[3] = { EINTR, ENOSPC, EIO };

/* How much of `length` is to be written; -1 with errno set: it fails. */
static gssize
limit_length (gsize length)
{
  if (one_in != 0 && g_test_rand_int_range (0, one_in) == 0)
    {
      errno = random_codes[g_test_rand_int_range (0, G_N_ELEMENTS (random_codes))];
      return -1;
    }
  if (fail_code != 0 && bytes_left <= 0)
    {
      errno = fail_code;
      return -1;
    }
  if (max_piece != 0)
    {
      gsize piece = g_test_rand_int_range (1, max_piece + 1);

      length = MIN (length, piece);
    }
  if (fail_code != 0)
    length = MIN (length, (gsize) bytes_left);
  bytes_left -= length;
  return length;
}

static gssize (*true_pwrite) (int fd, const void *bytes, gsize length, goffset offset);
static gssize (*true_splice) (int pipe_fd, int fd, gsize length, goffset offset);

static gssize
faulty_pwrite (int fd, const void *bytes, gsize length, goffset offset)
{
  gssize n = limit_length (length);

  return n < 0 ? n : true_pwrite (fd, bytes, n, offset);
}

static gssize
faulty_splice (int pipe_fd, int fd, gsize length, goffset offset)
{
  gssize n = limit_length (length);

  return n < 0 ? n : true_splice (pipe_fd, fd, n, offset);
}

static void
faults_set_up (Fixture *fixture, gconstpointer data)
{
  fixture_set_up (fixture, data);
  true_pwrite = _skt_journal_pwrite;
  _skt_journal_pwrite = faulty_pwrite;
  true_splice = _skt_journal_splice;
  _skt_journal_splice = faulty_splice;
  fail_code = 0;
  max_piece = one_in = 0;
}

static void
faults_tear_down (Fixture *fixture, gconstpointer data)
{
  _skt_journal_pwrite = true_pwrite;
  _skt_journal_splice = true_splice;
  fixture_tear_down (fixture, data);
}

static SktJournal *
create (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  SktJournal *journal = skt_journal_create (fixture->path, &error);

  g_assert_no_error (error);
  return journal;
}

/* What is published is right, and a second look at the files (as after a crash now) finds the same. */
static void
check_now (Fixture *fixture, SktJournal *journal, Model *model)
{
  g_autoptr (SktJournal) opened = NULL;
  guint64 n = skt_journal_get_n_records (journal);

  check_prefix (journal, model, n);
  opened = skt_journal_open (fixture->path, NULL, NULL);
  g_assert_nonnull (opened);
  check_prefix (opened, model, skt_journal_get_n_records (opened));
  g_assert_cmpuint (skt_journal_get_n_records (opened), >=, n);
}

static void
finish (Fixture *fixture, SktJournal *journal, Model *model)
{
  g_autoptr (SktJournal) opened = NULL;
  g_autofree char *warning = NULL;
  g_autoptr (GError) error = NULL;

  fail_code = 0;
  one_in = 0;
  skt_journal_flush (journal, &error);
  g_assert_no_error (error);
  check_all (journal, model);
  skt_journal_unref (journal);
  opened = skt_journal_open (fixture->path, &warning, &error);
  g_assert_no_error (error);
  g_assert_null (warning);
  check_all (opened, model);
}

static void
test_short_writes (Fixture *fixture, gconstpointer data)
{
  SktJournal *journal = create (fixture);
  g_autoptr (Model) model = model_new ();

  max_piece = 50;
  for (guint i = 0; i < 300; i++)
    {
      append_pattern (journal, model, g_test_rand_int_range (0, 300));
      if (i % 7 == 0)
        g_assert_true (skt_journal_flush (journal, NULL));
    }
  finish (fixture, journal, model);
}

/* The pipe is empty afterwards, whatever the file took. */
static void
append_by_pipe (SktJournal *journal, SktRecord *record, const guint8 *bytes, gsize length)
{
  int fds[2], left = -1;

  g_assert_cmpint (pipe (fds), ==, 0);
  g_assert_cmpint (write (fds[1], bytes, length), ==, length);
  skt_journal_append_from_pipe (journal, record, fds[0], length);
  g_assert_cmpint (ioctl (fds[0], FIONREAD, &left), ==, 0);
  g_assert_cmpint (left, ==, 0);
  close (fds[0]);
  close (fds[1]);
}

/* The four ways to append, which may fail here: only what was accepted is in the model. */
static void
try_append (SktJournal *journal, Model *model)
{
  gsize length = g_test_rand_int_range (0, 65);
  g_autofree guint8 *bytes = NULL;
  g_autoptr (GError) error = NULL;
  SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 1 };
  gsize size;

  switch (g_test_rand_int_range (0, 5))
    {
    case 0:
      length = g_test_rand_int_range (0, 20) == 0 ? BUFFER + length : 4 * length;
      bytes = pattern_new (model->payload->len, length);
      if (skt_journal_append (journal, &record, bytes, length, &error))
        model_add (model, &record, bytes);
      else
        g_assert_nonnull (error);
      break;
    case 1:
    case 2:
      {
        guint8 *room = skt_journal_reserve (journal, length, &size, &error);

        g_assert_true ((room == NULL) == (error != NULL));
        if (room == NULL)
          break;
        g_assert_cmpuint (size, >=, length);
        bytes = pattern_new (model->payload->len, length);
        memcpy (room, bytes, length);
        g_assert_true (skt_journal_append (journal, &record, NULL, length, &error));
        model_add (model, &record, bytes);
        break;
      }
    case 3:
      if (length > 0 && skt_journal_reserve (journal, length, &size, &error) != NULL)
        {
          bytes = pattern_new (model->payload->len, length);
          append_by_pipe (journal, &record, bytes, length);
          model_add (model, &record, bytes);
        }
      break;
    default:
      if (!skt_journal_flush (journal, &error))
        g_assert_nonnull (error);
      break;
    }
}

static void
test_random_errors (Fixture *fixture, gconstpointer data)
{
  SktJournal *journal = create (fixture);
  g_autoptr (Model) model = model_new ();

  for (guint i = 0; i < 3000; i++)
    {
      one_in = i % 300 < 150 ? 3 : 30;
      max_piece = i % 500 < 250 ? 40 : 0;
      try_append (journal, model);
      if (i % 50 == 0)
        check_now (fixture, journal, model);
    }
  finish (fixture, journal, model);
}

/* Bytes come by a pipe: those that the file takes, and those that it does not, are in the same record. */
static void
test_short_splices (Fixture *fixture, gconstpointer data)
{
  SktJournal *journal = create (fixture);
  g_autoptr (Model) model = model_new ();

  for (guint i = 0; i < 300; i++)
    {
      gsize length = g_test_rand_int_range (1, 65), size;
      g_autofree guint8 *bytes = pattern_new (model->payload->len, length);
      SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 1 };

      max_piece = i % 3 == 0 ? 0 : 50;
      fail_code = i % 5 == 0 ? ENOSPC : 0;
      bytes_left = g_test_rand_int_range (0, 65);
      if (i % 7 == 0)
        {
          /* something in the buffer before it */
          fail_code = 0;
          append_pattern (journal, model, 2);
          g_clear_pointer (&bytes, g_free);
          bytes = pattern_new (model->payload->len, length);
        }
      if (skt_journal_reserve (journal, length, &size, NULL) == NULL)
        {
          fail_code = 0;
          g_assert_nonnull (skt_journal_reserve (journal, length, &size, NULL));
        }
      append_by_pipe (journal, &record, bytes, length);
      g_assert_cmpuint (record.offset + length, ==, model->payload->len + length);
      model_add (model, &record, bytes);
      (void) skt_journal_flush (journal, NULL);
      if (i % 10 == 0)
        check_now (fixture, journal, model);
    }
  finish (fixture, journal, model);
}

/* The disk is full after any number of bytes; reserve says so when the buffer is full, events can still be noted, and
 * then there is room again. */
static void
fill_disk_after (Fixture *fixture, gint64 n_bytes, int code)
{
  SktJournal *journal = create (fixture);
  g_autoptr (Model) model = model_new ();
  g_autoptr (GError) error = NULL;
  const gsize piece = MIN (BUFFER, 4096) / 8;
  const int expected_code = code == EIO ? G_IO_ERROR_FAILED : G_IO_ERROR_NO_SPACE;
  guint n_refused = 0;

  fail_code = code;
  bytes_left = n_bytes;
  while (n_refused < 3)
    {
      SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 1 };
      g_autofree guint8 *bytes = pattern_new (model->payload->len, piece);
      gsize size;
      guint8 *room = skt_journal_reserve (journal, piece, &size, &error);

      if (room == NULL)
        {
          g_assert_error (error, G_IO_ERROR, expected_code);
          g_clear_error (&error);
          g_assert_true (skt_journal_has_unflushed (journal));
          n_refused++;
          continue;
        }
      if (g_test_rand_bit ())
        append_by_pipe (journal, &record, bytes, piece);
      else
        {
          memcpy (room, bytes, piece);
          g_assert_true (skt_journal_append (journal, &record, NULL, piece, NULL));
        }
      model_add (model, &record, bytes);
      if (g_test_rand_int_range (0, 4) == 0)
        (void) skt_journal_flush (journal, NULL);
    }
  check_now (fixture, journal, model);
  append_event (journal, model, SKT_RECORD_CLOSED, "full");
  g_assert_false (skt_journal_flush (journal, &error));
  g_assert_nonnull (error);
  finish (fixture, journal, model);
  remove_tree (fixture->path);
}

static void
test_disk_full (Fixture *fixture, gconstpointer data)
{
  const int codes[] = { ENOSPC, EIO, EFBIG, EDQUOT };

  if (BUFFER > 1000)
    for (gint64 n = 0; n < 4; n++)
      {
        fail_code = 0;
        fill_disk_after (fixture, n * 300007, codes[n]);
      }
  else
    for (gint64 n = 0; n < 400; n++)
      {
        fail_code = 0;
        fill_disk_after (fixture, n, codes[n % G_N_ELEMENTS (codes)]);
      }
}

/* Bytes in the room stay there when the append has to be tried again. */
static void
test_room_kept (Fixture *fixture, gconstpointer data)
{
  SktJournal *journal = create (fixture);
  g_autoptr (Model) model = model_new ();
  const guint n_slots = SKT_JOURNAL_WAITING_RECORDS + SKT_JOURNAL_WAITING_SLACK;
  const guint room_length = MIN (BUFFER - 8, n_slots + 8);
  g_autofree guint8 *bytes = NULL;
  SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 1 };
  gsize size;
  guint8 *room;

  append_pattern (journal, model, 3);
  bytes = pattern_new (3, room_length);
  room = skt_journal_reserve (journal, room_length, &size, NULL);
  memcpy (room, bytes, room_length);
  fail_code = ENOSPC;
  bytes_left = 2;
  for (guint i = 0; i < n_slots - 1; i++)
    {
      g_assert_true (skt_journal_append (journal, &record, NULL, 1, NULL));
      model_add (model, &record, bytes + i);
      record.time_ns = 0;
    }
  for (guint i = 0; i < 3; i++)
    g_assert_false (skt_journal_append (journal, &record, NULL, room_length - n_slots + 1, NULL));
  g_assert_false (skt_journal_flush (journal, NULL));
  bytes_left = 5;
  g_assert_false (skt_journal_append (journal, &record, NULL, room_length - n_slots + 1, NULL));
  fail_code = 0;
  g_assert_true (skt_journal_flush (journal, NULL));
  g_assert_true (skt_journal_append (journal, &record, NULL, room_length - n_slots + 1, NULL));
  model_add (model, &record, bytes + n_slots - 1);
  finish (fixture, journal, model);
}

/* A header that can't be written leaves the payload alone. */
static void
test_clear_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (Model) model = model_new ();
  guint64 size;

  for (guint i = 0; i < 10; i++)
    append_pattern (journal, model, 20000);
  g_assert_true (skt_journal_flush (journal, NULL));
  size = skt_journal_get_disk_size (journal);

  fail_code = ENOSPC;
  bytes_left = 0;
  g_test_expect_message ("Skt", G_LOG_LEVEL_MESSAGE, "*clearing could not be stored*");
  skt_journal_set_first_record (journal, 9);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (skt_journal_get_first_record (journal), ==, 9);
  g_test_expect_message ("Skt", G_LOG_LEVEL_MESSAGE, "*clearing could not be stored*");
  skt_journal_release (journal);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (skt_journal_get_disk_size (journal), ==, size);
  check_all (journal, model);

  fail_code = 0;
  skt_journal_release (journal);
  g_assert_cmpuint (skt_journal_get_first_record (journal), ==, 9);
  g_assert_cmpuint (journal->released_record, ==, 9);
}

static void
test_create_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fail_code = ENOSPC;
  for (bytes_left = 0; bytes_left < 64; bytes_left += 13)
    {
      gint64 start = bytes_left;

      g_assert_null (skt_journal_create (fixture->path, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
      g_clear_error (&error);
      bytes_left = start;
    }
  /* Nothing is left over. */
  g_assert_cmpint (rmdir (fixture->folder), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (fixture->folder, 0700), ==, 0);
}

static void
test_info_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = create (fixture);
  g_autoptr (GKeyFile) info = g_key_file_new ();
  g_autoptr (GKeyFile) loaded = NULL;
  g_autofree char *kind = NULL;
  g_autoptr (GError) error = NULL;

  g_key_file_set_string (info, "session", "kind", "client");
  g_assert_true (skt_journal_write_info (journal, info, NULL));
  g_key_file_set_string (info, "session", "kind", "server");
  fail_code = ENOSPC;
  bytes_left = 5;
  g_assert_false (skt_journal_write_info (journal, info, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  loaded = skt_journal_load_info (fixture->path, NULL);
  kind = g_key_file_get_string (loaded, "session", "kind", NULL);
  g_assert_cmpstr (kind, ==, "client");
  fail_code = 0;
  skt_journal_set_delete_on_free (journal, TRUE);
}

/* -- The kernel's own limit ---------------------------------------------------------------------------------- */

static void
set_file_limit (rlim_t limit)
{
  struct rlimit now;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &now), ==, 0);
  now.rlim_cur = limit == RLIM_INFINITY ? now.rlim_max : limit;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &now), ==, 0);
}

/* Both files end at `limit` bytes, wherever in a record that is, until it is lifted. */
static void
write_against_limit (Fixture *fixture, rlim_t limit)
{
  SktJournal *journal = create (fixture);
  g_autoptr (Model) model = model_new ();
  g_autoptr (GError) error = NULL;
  gboolean has_failed = FALSE;

  /* No assertion between: what it prints would be cut off as well. */
  set_file_limit (limit);
  for (guint i = 0; i < 40; i++)
    {
      gsize length = g_test_rand_int_range (0, 40);
      g_autofree guint8 *bytes = pattern_new (model->payload->len, length);
      SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 1 };

      if (skt_journal_append (journal, &record, bytes, length, NULL))
        model_add (model, &record, bytes);
      if (i % 3 == 0 && !skt_journal_flush (journal, error == NULL ? &error : NULL))
        has_failed = TRUE;
    }
  set_file_limit (RLIM_INFINITY);

  g_assert_true (has_failed);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  check_now (fixture, journal, model);
  append_pattern (journal, model, 30);
  finish (fixture, journal, model);
  remove_tree (fixture->path);
}

static void
test_file_limit (Fixture *fixture, gconstpointer data)
{
  for (rlim_t limit = 64; limit < 64 + 5 * 48; limit += BUFFER > 1000 ? 5 : 1)
    write_against_limit (fixture, limit);
}

/* Larger than the buffer, and it fails in the middle: no byte of it counts. */
static void
test_write_through_limit (Fixture *fixture, gconstpointer data)
{
  SktJournal *journal = create (fixture);
  g_autoptr (Model) model = model_new ();
  const gsize length = 4 * BUFFER;
  g_autofree guint8 *bytes = pattern_new (10, length);

  append_pattern (journal, model, 10);
  for (guint i = 1; i < 4; i++)
    {
      SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 1 };
      gboolean ok;

      set_file_limit (MAX (i * BUFFER + 1, 64 + 48));
      ok = skt_journal_append (journal, &record, bytes, length, NULL);
      set_file_limit (RLIM_INFINITY);
      g_assert_false (ok);
      check_now (fixture, journal, model);
    }
  append_pattern (journal, model, 3);
  finish (fixture, journal, model);
}

#define ADD(name, func) g_test_add ("/core/journal/faults/" name, Fixture, NULL, faults_set_up, func, faults_tear_down)

void
add_fault_tests (void)
{
  ADD ("short-writes", test_short_writes);
  ADD ("short-splices", test_short_splices);
  ADD ("random-errors", test_random_errors);
  ADD ("disk-full", test_disk_full);
  ADD ("room-kept", test_room_kept);
  ADD ("clear-fails", test_clear_fails);
  ADD ("create-fails", test_create_fails);
  ADD ("info-fails", test_info_fails);
  ADD ("file-limit", test_file_limit);
  ADD ("write-through-limit", test_write_through_limit);
}
