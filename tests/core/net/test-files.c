/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"

#include "skt-error.h"
#include "skt-file-job.h"
#include "skt-session-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB (1024 * 1024)

/* -- Files and readers ----------------------------------------------------------------------------------------- */

typedef struct
{
  char *folder;
  char *path;
  char *hash;
  guint8 *bytes;
  gsize length;
} File;

static void
file_make (File *file, gsize length)
{
  g_autoptr (GError) error = NULL;

  file->folder = g_dir_make_tmp ("skt-files-XXXXXX", &error);
  g_assert_no_error (error);
  file->path = g_build_filename (file->folder, "sent.bin", NULL);
  file->length = length;
  file->bytes = check_random_bytes (MAX (length, 1));
  file->hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, file->bytes, length);
  g_file_set_contents (file->path, (char *) file->bytes, length, &error);
  g_assert_no_error (error);
}

static void
file_clear (File *file)
{
  g_assert_cmpint (g_unlink (file->path), ==, 0);
  g_assert_cmpint (g_rmdir (file->folder), ==, 0);
  g_free (file->folder);
  g_free (file->path);
  g_free (file->hash);
  g_free (file->bytes);
}

/* Reads until it has `length` bytes. The system's buffers take up to 10 MB for one that does not. */
typedef struct
{
  int fd;
  gsize length;
  gint n_received;      /* KiB, atomic */
  char *hash;
  GThread *thread;
} Reader;

static gpointer
reader_thread (gpointer data)
{
  Reader *reader = data;
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *chunk = g_malloc (64 * 1024);
  gsize done = 0;

  while (done < reader->length)
    {
      gssize n = recv (reader->fd, chunk, MIN (64 * 1024, reader->length - done), 0);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      g_checksum_update (checksum, chunk, n);
      done += n;
      g_atomic_int_set (&reader->n_received, done / 1024);
    }
  reader->length = done;
  reader->hash = g_strdup (g_checksum_get_string (checksum));
  g_checksum_free (checksum);
  return NULL;
}

static void
reader_start (Reader *reader, int fd, gsize length)
{
  *reader = (Reader){ .fd = fd, .length = length };
  reader->thread = g_thread_new ("reader", reader_thread, reader);
}

static void
reader_end (Reader *reader, const File *file)
{
  g_thread_join (reader->thread);
  if (file != NULL)
    {
      g_assert_cmpuint (reader->length, ==, file->length);
      g_assert_cmpstr (reader->hash, ==, file->hash);
    }
  g_free (reader->hash);
}

static GPtrArray *
list_connections (SktSession *session)
{
  GPtrArray *array = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *list = skt_session_get_connections (session);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    g_ptr_array_add (array, g_list_model_get_item (list, i));
  return array;
}

static void
finished_cb (SktFileJob *job, gpointer data)
{
  (*(guint *) data)++;
}

static SktFileJob *
job_new (SktSession *session, const char *path, guint *n_finished)
{
  g_autoptr (GPtrArray) connections = list_connections (session);
  SktFileJob *job = skt_file_job_new (session, connections, path);

  *n_finished = 0;
  g_signal_connect (job, "finished", G_CALLBACK (finished_cb), n_finished);
  g_assert_cmpint (skt_file_job_get_state (job), ==, SKT_FILE_WAITING);
  return job;
}

static void
job_end (SktFileJob *job, const guint *n_finished)
{
  check_wait (skt_file_job_is_over (job));
  g_assert_cmpuint (*n_finished, ==, 1);
  g_assert_nonnull (skt_file_job_get_report (job));
  g_assert_finalize_object (job);
}

static guint64
get_sent (SktFileJob *job)
{
  SktFileProgress progress;

  skt_file_job_get_progress (job, &progress);
  return progress.sent;
}

static void
assert_receiver (SktFileJob *job, guint position, SktFileEnd end, guint64 sent)
{
  SktFileReceiver receiver;

  skt_file_job_get_receiver (job, position, &receiver);
  g_assert_cmpint (receiver.end, ==, end);
  g_assert_cmpuint (receiver.sent, ==, sent);
}

/* -- Sending --------------------------------------------------------------------------------------------------- */

static void
test_one (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  g_autofree char *recorded = NULL;
  SktFileProgress progress;
  SktFileJob *job;
  Reader reader;
  File file;
  guint64 length;
  guint n_finished;

  file_make (&file, 50 * MIB + 12345);
  check_wait_for_connection (session, 1);
  job = job_new (session, file.path, &n_finished);
  reader_start (&reader, fd, file.length);
  skt_file_job_start (job);
  check_wait (skt_file_job_is_over (job));
  reader_end (&reader, &file);

  g_assert_cmpint (skt_file_job_get_state (job), ==, SKT_FILE_SENT);
  g_assert_cmpstr (skt_file_job_get_sha256 (job), ==, file.hash);
  g_assert_nonnull (strstr (skt_file_job_get_report (job), file.hash));
  g_assert_nonnull (strstr (skt_file_job_get_report (job), "to 1 connection in "));
  skt_file_job_get_progress (job, &progress);
  g_assert_cmpuint (progress.sent, ==, file.length);
  g_assert_cmpuint (progress.expected, ==, file.length);
  g_assert_cmpuint (progress.n_open, ==, 0);
  /* what is sent is in the journal */
  check_wait (skt_session_get_bytes_sent (session) == file.length);
  recorded = check_journal_hash (skt_session_get_journal (session), 1, SKT_RECORD_SENT, &length);
  g_assert_cmpstr (recorded, ==, file.hash);
  job_end (job, &n_finished);
  close (fd);
  file_clear (&file);
  check_session_close (session);
}

/* Sizes around the pieces it is cut into. */
static void
test_sizes (CheckFixture *fixture, gconstpointer data)
{
  static const gsize sizes[] = { 1, 2, 262143, 262144, 262145, 1048576, 1048577 };
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));

  check_wait_for_connection (session, 1);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      SktFileJob *job;
      Reader reader;
      File file;
      guint n_finished;

      file_make (&file, sizes[i]);
      job = job_new (session, file.path, &n_finished);
      reader_start (&reader, fd, file.length);
      skt_file_job_start (job);
      check_wait (skt_file_job_is_over (job));
      reader_end (&reader, &file);
      g_assert_cmpstr (skt_file_job_get_sha256 (job), ==, file.hash);
      job_end (job, &n_finished);
      file_clear (&file);
    }
  close (fd);
  check_session_close (session);
}

/* One that does not read holds nobody up, and gets the same bytes when it does. */
static void
test_several (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  int slow = check_socket_connect (port);
  Reader readers[4], slow_reader;
  SktFileReceiver receiver;
  SktFileJob *job;
  File file;
  guint n_finished;

  check_wait_for_connection (session, 1);
  file_make (&file, 24 * MIB);
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      reader_start (&readers[i], check_socket_connect (port), file.length);
      check_wait_for_connection (session, i + 2);
    }
  job = job_new (session, file.path, &n_finished);
  skt_file_job_start (job);
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      check_wait ((gsize) g_atomic_int_get (&readers[i].n_received) == file.length / 1024);
      reader_end (&readers[i], &file);
    }
  g_assert_false (skt_file_job_is_over (job));
  g_assert_cmpuint (n_finished, ==, 0);
  skt_file_job_get_receiver (job, 0, &receiver);
  g_assert_cmpint (receiver.end, ==, SKT_FILE_END_NONE);
  g_assert_cmpuint (receiver.sent, <, 16 * MIB);
  /* The counters of those that are done may come later. */
  check_wait (skt_session_get_bytes_queued (session) <= 2 * MIB);

  reader_start (&slow_reader, slow, file.length);
  check_wait (skt_file_job_is_over (job));
  reader_end (&slow_reader, &file);
  for (guint i = 0; i < 5; i++)
    assert_receiver (job, i, SKT_FILE_END_SENT, file.length);
  g_assert_cmpint (skt_file_job_get_state (job), ==, SKT_FILE_SENT);
  g_assert_cmpstr (skt_file_job_get_sha256 (job), ==, file.hash);
  job_end (job, &n_finished);
  close (slow);
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    close (readers[i].fd);
  file_clear (&file);
  check_session_close (session);
}

/* One resets in the middle, another gets all of it. */
static void
test_reset (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  int fd = check_socket_connect (port);
  SktFileReceiver receiver;
  g_autofree char *text = NULL;
  SktFileJob *job;
  Reader reader;
  File file;
  guint n_finished;

  file_make (&file, 16 * MIB);
  check_wait_for_connection (session, 1);
  reader_start (&reader, check_socket_connect (port), file.length);
  check_wait_for_connection (session, 2);
  job = job_new (session, file.path, &n_finished);
  skt_file_job_start (job);
  check_wait ((skt_file_job_get_receiver (job, 0, &receiver), receiver.sent > 0));
  check_socket_reset (fd);
  check_wait (skt_file_job_is_over (job));
  reader_end (&reader, &file);
  skt_file_job_get_receiver (job, 0, &receiver);
  g_assert_cmpint (receiver.end, ==, SKT_FILE_END_GONE);
  g_assert_cmpuint (receiver.sent, <, file.length);
  assert_receiver (job, 1, SKT_FILE_END_SENT, file.length);
  g_assert_cmpint (skt_file_job_get_state (job), ==, SKT_FILE_PARTLY_SENT);
  text = skt_file_job_dup_receiver_text (job, 0);
  g_assert_nonnull (strstr (text, "then the connection was closed"));
  g_assert_nonnull (strstr (skt_file_job_get_report (job), text));
  job_end (job, &n_finished);
  close (reader.fd);
  file_clear (&file);
  check_session_close (session);
}

/* Nothing more comes after what the kernel has, and the connection goes on. */
static void
test_cancel (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  SktConnection *connection = check_wait_for_connection (session, 1);
  g_autofree guint8 *received = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("after", 5);
  g_autoptr (GError) error = NULL;
  SktFileJob *job;
  guint64 sent;
  File file;
  guint n_finished;

  file_make (&file, 16 * MIB);
  job = job_new (session, file.path, &n_finished);
  skt_file_job_start (job);
  check_wait (skt_connection_get_bytes_queued (connection) > MIB / 2);
  skt_file_job_cancel (job);
  check_wait (skt_file_job_is_over (job));
  g_assert_cmpint (skt_file_job_get_state (job), ==, SKT_FILE_CANCELLED);
  check_wait (skt_connection_get_bytes_queued (connection) == 0);
  sent = get_sent (job);
  assert_receiver (job, 0, SKT_FILE_END_STOPPED, sent);
  g_assert_cmpuint (skt_connection_get_bytes_sent (connection), ==, sent);
  g_assert_null (skt_file_job_get_sha256 (job));

  g_assert_true (skt_connection_send_bytes (connection, bytes, &error));
  g_assert_no_error (error);
  received = g_malloc (sent + 5);
  g_assert_cmpuint (check_socket_receive (fd, received, sent + 5), ==, sent + 5);
  g_assert_cmpmem (received, sent, file.bytes, sent);
  g_assert_cmpmem (received + sent, 5, "after", 5);
  job_end (job, &n_finished);
  close (fd);
  file_clear (&file);
  check_session_close (session);
}

static void
test_cancel_before (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  SktFileJob *job;
  guint n_finished;

  check_session_listen (session);
  job = job_new (session, "/nowhere/at/all", &n_finished);
  skt_file_job_cancel (job);
  skt_file_job_cancel (job);
  g_assert_cmpint (skt_file_job_get_state (job), ==, SKT_FILE_CANCELLED);
  job_end (job, &n_finished);
  check_session_close (session);
}

static void
test_pause (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  SktFileJob *job;
  Reader reader;
  File file;
  guint64 before;
  guint n_finished;

  file_make (&file, 32 * MIB);
  check_wait_for_connection (session, 1);
  job = job_new (session, file.path, &n_finished);
  skt_file_job_set_paused (job, TRUE);
  reader_start (&reader, fd, file.length);
  skt_file_job_start (job);
  check_run_for (50);
  g_assert_cmpuint (get_sent (job), ==, 0);
  skt_file_job_set_paused (job, FALSE);
  check_wait (get_sent (job) > 0);
  skt_file_job_set_paused (job, TRUE);
  g_assert_true (skt_file_job_get_paused (job));
  /* what is queued goes, then nothing */
  do
    {
      before = get_sent (job);
      check_run_for (50);
    }
  while (get_sent (job) != before);
  skt_file_job_set_paused (job, FALSE);
  check_wait (skt_file_job_is_over (job));
  reader_end (&reader, &file);
  job_end (job, &n_finished);
  close (fd);
  file_clear (&file);
  check_session_close (session);
}

/* 400 kB at 1 MB/s, for each: not sooner than in 0.3 s, as 100 ms may come at once; and changed in between. */
static void
test_limit (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  Reader readers[2];
  SktFileJob *job;
  gint64 start;
  File file;
  guint n_finished;

  file_make (&file, 400 * 1000);
  for (guint i = 0; i < 2; i++)
    {
      reader_start (&readers[i], check_socket_connect (port), file.length);
      check_wait_for_connection (session, i + 1);
    }
  job = job_new (session, file.path, &n_finished);
  skt_file_job_set_limit (job, 1000 * 1000);
  g_assert_cmpuint (skt_file_job_get_limit (job), ==, 1000 * 1000);
  start = g_get_monotonic_time ();
  skt_file_job_start (job);
  check_wait (skt_file_job_is_over (job));
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 240 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpint (g_get_monotonic_time () - start, <=, 30 * G_TIME_SPAN_SECOND);
  for (guint i = 0; i < 2; i++)
    {
      reader_end (&readers[i], &file);
      reader_start (&readers[i], readers[i].fd, file.length);
    }
  job_end (job, &n_finished);

  job = job_new (session, file.path, &n_finished);
  skt_file_job_set_limit (job, 10);
  skt_file_job_start (job);
  check_wait (get_sent (job) > 0);
  g_assert_cmpuint (get_sent (job), <, file.length / 10);
  skt_file_job_set_limit (job, 0);
  check_wait (skt_file_job_is_over (job));
  for (guint i = 0; i < 2; i++)
    {
      reader_end (&readers[i], &file);
      close (readers[i].fd);
    }
  job_end (job, &n_finished);
  file_clear (&file);
  check_session_close (session);
}

/* -- What can't be sent ---------------------------------------------------------------------------------------- */

static void
assert_refused (SktSession *session, const char *path, const char *words)
{
  guint n_finished;
  SktFileJob *job = job_new (session, path, &n_finished);

  skt_file_job_start (job);
  check_wait (skt_file_job_is_over (job));
  g_assert_cmpint (skt_file_job_get_state (job), ==, SKT_FILE_FAILED);
  g_assert_cmpuint (get_sent (job), ==, 0);
  g_assert_nonnull (strstr (skt_file_job_get_report (job), words));
  job_end (job, &n_finished);
}

static void
test_refused (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  g_autofree char *fifo = NULL;
  File file;

  check_wait_for_connection (session, 1);
  file_make (&file, 0);
  fifo = g_build_filename (file.folder, "fifo", NULL);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_refused (session, file.path, "is empty");
  assert_refused (session, file.folder, "is a folder");
  assert_refused (session, fifo, "is not a regular file");
  assert_refused (session, "/dev/zero", "is not a regular file");
  assert_refused (session, "/nowhere/at/all", "No such file");
  g_assert_cmpint (g_unlink (fifo), ==, 0);
  close (fd);
  file_clear (&file);
  check_session_close (session);
}

static void
test_shrinks (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  SktConnection *connection = check_wait_for_connection (session, 1);
  SktFileJob *job;
  File file;
  Reader reader;
  guint n_finished;

  file_make (&file, 32 * MIB);
  job = job_new (session, file.path, &n_finished);
  skt_file_job_start (job);
  check_wait (skt_connection_get_bytes_queued (connection) > MIB / 2);
  g_assert_cmpint (truncate (file.path, MIB), ==, 0);
  reader_start (&reader, fd, file.length);
  check_wait (skt_file_job_is_over (job));
  g_assert_cmpint (skt_file_job_get_state (job), ==, SKT_FILE_FAILED);
  g_assert_nonnull (strstr (skt_file_job_get_report (job), "became shorter"));
  g_assert_nonnull (strstr (skt_file_job_get_report (job), "Until then"));
  job_end (job, &n_finished);
  shutdown (fd, SHUT_RDWR);
  reader_end (&reader, NULL);
  close (fd);
  file_clear (&file);
  check_session_close (session);
}

/* Who is gone before it begins, and a session that is closed under it. */
static void
test_gone (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  int fd = check_socket_connect (port), slow;
  SktFileJob *job;
  File file;
  guint n_finished;

  file_make (&file, 16 * MIB);
  check_wait_for_connection (session, 1);
  job = job_new (session, file.path, &n_finished);
  close (fd);
  check_wait (skt_session_get_n_open (session) == 0);
  skt_file_job_start (job);
  check_wait (skt_file_job_is_over (job));
  g_assert_cmpint (skt_file_job_get_state (job), ==, SKT_FILE_PARTLY_SENT);
  assert_receiver (job, 0, SKT_FILE_END_GONE, 0);
  job_end (job, &n_finished);

  slow = check_socket_connect (port);
  check_wait_for_connection (session, 2);
  job = job_new (session, file.path, &n_finished);
  skt_file_job_start (job);
  check_wait (get_sent (job) > 0);
  skt_session_close_async (session, FALSE, NULL, NULL);
  check_wait (skt_file_job_is_over (job));
  g_assert_cmpint (skt_file_job_get_state (job), ==, SKT_FILE_PARTLY_SENT);
  job_end (job, &n_finished);
  close (slow);
  file_clear (&file);
  check_session_close (session);
}

/* -- Beside it -------------------------------------------------------------------------------------------------- */

/* A message in the middle is sent, and told. */
static void
test_between (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  SktConnection *connection = check_wait_for_connection (session, 1);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);
  g_autoptr (GError) error = NULL;
  SktFileJob *job;
  Reader reader;
  File file;
  guint n_finished;

  file_make (&file, 16 * MIB);
  job = job_new (session, file.path, &n_finished);
  skt_file_job_start (job);
  check_wait (skt_connection_get_bytes_queued (connection) > MIB / 2);
  g_assert_true (skt_connection_send_bytes (connection, bytes, &error));
  g_assert_no_error (error);
  reader_start (&reader, fd, file.length + 5);
  check_wait (skt_file_job_is_over (job));
  g_assert_nonnull (strstr (skt_file_job_get_report (job), "5 bytes of other messages were sent in between"));
  g_thread_join (reader.thread);
  g_assert_cmpuint (reader.length, ==, file.length + 5);
  g_free (reader.hash);
  job_end (job, &n_finished);
  close (fd);
  file_clear (&file);
  check_session_close (session);
}

/* Discarding cuts a message where it is; the file goes no further; counters and the note are true. */
static void
test_discard (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  SktConnection *connection = check_wait_for_connection (session, 1);
  g_autofree guint8 *random = check_random_bytes (16 * MIB), *received = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static (random, 16 * MIB);
  g_autoptr (GBytes) after = g_bytes_new_static ("after", 5);
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) note = NULL;
  g_autofree char *expected = NULL;
  guint64 sent;

  g_assert_true (skt_connection_send_bytes (connection, bytes, &error));
  g_assert_no_error (error);
  check_wait (skt_connection_get_bytes_sent (connection) > 0);
  skt_connection_discard_queued (connection);
  check_wait (skt_connection_get_bytes_queued (connection) == 0);
  sent = skt_connection_get_bytes_sent (connection);
  g_assert_cmpuint (sent, <, 16 * MIB);
  check_wait (check_journal_count (skt_session_get_journal (session), 1, SKT_RECORD_NOTE) == 1);
  expected = g_strdup_printf ("discarded %" G_GUINT64_FORMAT " bytes that waited to be sent", 16 * MIB - sent);
  note = check_journal_bytes (skt_session_get_journal (session), 1, SKT_RECORD_NOTE);
  g_assert_cmpmem (note->data, note->len, expected, strlen (expected));

  g_assert_true (skt_connection_send_bytes (connection, after, &error));
  received = g_malloc (sent + 5);
  g_assert_cmpuint (check_socket_receive (fd, received, sent + 5), ==, sent + 5);
  g_assert_cmpmem (received, sent, random, sent);
  g_assert_cmpmem (received + sent, 5, "after", 5);
  close (fd);
  check_session_close (session);
}

static void
test_discard_file (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  SktConnection *connection = check_wait_for_connection (session, 1);
  SktFileJob *job;
  File file;
  guint n_finished;

  file_make (&file, 16 * MIB);
  job = job_new (session, file.path, &n_finished);
  skt_file_job_start (job);
  check_wait (skt_connection_get_bytes_queued (connection) > MIB / 2);
  skt_connection_discard_queued (connection);
  check_wait (skt_file_job_is_over (job));
  assert_receiver (job, 0, SKT_FILE_END_DISCARDED, get_sent (job));
  check_wait (skt_connection_get_bytes_queued (connection) == 0);
  g_assert_cmpuint (skt_connection_get_bytes_sent (connection), ==, get_sent (job));
  job_end (job, &n_finished);
  close (fd);
  file_clear (&file);
  check_session_close (session);
}

/* Very many messages of one byte take more memory than their bytes. */
static void
test_small_messages (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  SktConnection *connection = check_wait_for_connection (session, 1);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (GBytes) many = g_bytes_new_take (g_malloc0 (8 * MIB), 8 * MIB);
  g_autoptr (GError) error = NULL;
  guint64 n = 0;

  skt_session_set_queue_bound (session, 16 * MIB);
  g_assert_true (skt_connection_send_bytes (connection, many, &error));
  while (skt_connection_send_bytes (connection, bytes, &error))
    g_assert_cmpuint (n++, <, 16 * MIB);
  g_assert_error (error, SKT_ERROR, SKT_ERROR_QUEUE_FULL);
  g_assert_nonnull (strstr (error->message, "messages already wait"));
  g_assert_cmpuint (n, <, 16 * MIB / 100);
  g_clear_error (&error);
  /* the bound counts at once */
  skt_session_set_queue_bound (session, 64 * MIB);
  g_assert_true (skt_connection_send_bytes (connection, bytes, &error));
  g_assert_no_error (error);
  close (fd);
  check_session_close (session);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  check_add ("/core/files/one", test_one);
  check_add ("/core/files/sizes", test_sizes);
  check_add ("/core/files/several", test_several);
  check_add ("/core/files/reset", test_reset);
  check_add ("/core/files/cancel", test_cancel);
  check_add ("/core/files/cancel-before", test_cancel_before);
  check_add ("/core/files/pause", test_pause);
  check_add ("/core/files/limit", test_limit);
  check_add ("/core/files/refused", test_refused);
  check_add ("/core/files/shrinks", test_shrinks);
  check_add ("/core/files/gone", test_gone);
  check_add ("/core/files/between", test_between);
  check_add ("/core/files/discard", test_discard);
  check_add ("/core/files/discard-file", test_discard_file);
  check_add ("/core/files/small-messages", test_small_messages);
  return g_test_run ();
}
