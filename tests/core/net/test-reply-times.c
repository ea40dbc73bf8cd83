/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"
#include "skt-reply-times.h"

#include <unistd.h>

/* -- The histogram ------------------------------------------------------------------------------------------------- */

static int
compare (gconstpointer a, gconstpointer b)
{
  guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;

  return x < y ? -1 : x > y;
}

static void
assert_near (guint64 value, guint64 expected)
{
  guint64 off = value > expected ? value - expected : expected - value;

  /* half a bucket: 1/64 */
  g_assert_cmpuint (off, <=, expected / 64 + 1);
}

static void
check_all (GArray *times)
{
  g_autoptr (SktReplyTimes) replies = skt_reply_times_new ();
  SktReplySummary summary;
  guint64 n = times->len, last = g_array_index (times, guint64, times->len - 1);

  for (guint i = 0; i < n; i++)
    skt_reply_times_add (replies, g_array_index (times, guint64, i));
  g_array_sort (times, compare);
  skt_reply_times_get_summary (replies, &summary);
  g_assert_cmpuint (summary.count, ==, n);
  g_assert_cmpuint (summary.last, ==, last);
  g_assert_cmpuint (summary.min, ==, g_array_index (times, guint64, 0));
  g_assert_cmpuint (summary.max, ==, g_array_index (times, guint64, n - 1));
  assert_near (summary.median, g_array_index (times, guint64, (n + 1) / 2 - 1));
  assert_near (summary.p99, g_array_index (times, guint64, n - n / 100 - 1));
}

static void
test_random (void)
{
  for (guint round = 0; round < 300; round++)
    {
      g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (guint64));
      guint n = g_test_rand_int_range (1, 400);

      for (guint i = 0; i < n; i++)
        {
          guint64 time = ((guint64) g_test_rand_int () << 32 | (guint32) g_test_rand_int ()) >> g_test_rand_int_range (0, 64);
          g_array_append_val (times, time);
        }
      check_all (times);
    }
}

static void
test_borders (void)
{
  static const guint64 borders[] = { 0, 1, 31, 32, 33, 63, 64, 65, 1023, 1024, G_MAXUINT32, G_MAXUINT64 };
  SktReplySummary summary;

  for (guint i = 0; i < G_N_ELEMENTS (borders); i++)
    {
      g_autoptr (SktReplyTimes) replies = skt_reply_times_new ();

      skt_reply_times_add (replies, borders[i]);
      skt_reply_times_get_summary (replies, &summary);
      /* one time alone is exact */
      g_assert_cmpuint (summary.median, ==, borders[i]);
      g_assert_cmpuint (summary.p99, ==, borders[i]);
    }
  skt_reply_times_get_summary (NULL, &summary);
  g_assert_cmpuint (summary.count, ==, 0);
}

/* -- A connection -------------------------------------------------------------------------------------------------- */

/* The times between the records of the journal, by the definition. */
static GArray *
list_times (SktJournal *journal)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  GArray *times = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint64 sent = 0;

  for (guint64 i = 0; i < skt_journal_get_n_records (journal); i++)
    {
      SktRecord record;

      g_assert_true (skt_journal_reader_get_record (reader, i, &record));
      if (record.kind == SKT_RECORD_SENT)
        sent = (record.flags & SKT_RECORD_FLAG_AUTOMATIC) == 0 ? record.time_ns : 0;
      else if (record.kind == SKT_RECORD_RECEIVED && sent != 0)
        {
          guint64 time = record.time_ns - sent;

          g_array_append_val (times, time);
          sent = 0;
        }
    }
  return times;
}

static void
send_text (SktConnection *connection, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, 1);
  g_autoptr (GError) error = NULL;
  guint64 before = skt_connection_get_bytes_sent (connection);

  g_assert_true (skt_connection_send_bytes (connection, bytes, &error));
  g_assert_no_error (error);
  check_wait (skt_connection_get_bytes_sent (connection) == before + 1);
}

static void
answer (SktConnection *connection, int fd)
{
  guint64 before = skt_connection_get_bytes_received (connection);

  check_socket_send (fd, "a", 1);
  check_wait (skt_connection_get_bytes_received (connection) == before + 1);
}

static void
test_connection (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  SktConnection *connection = check_wait_for_connection (session, 1);
  g_autoptr (GArray) times = NULL;
  SktReplySummary summary;

  /* what comes first is no reply */
  answer (connection, fd);
  skt_connection_get_reply_times (connection, &summary);
  g_assert_cmpuint (summary.count, ==, 0);
  for (guint i = 0; i < 5; i++)
    {
      send_text (connection, "r");
      /* a peer that takes its time; the last of two requests counts */
      check_run_for (10 * i);
      if (i == 3)
        send_text (connection, "r");
      answer (connection, fd);
      /* a second part of the answer is none */
      answer (connection, fd);
    }
  skt_connection_get_reply_times (connection, &summary);
  times = list_times (skt_session_get_journal (session));
  g_assert_cmpuint (summary.count, ==, 5);
  g_assert_cmpuint (times->len, ==, 5);
  g_assert_cmpuint (summary.last, ==, g_array_index (times, guint64, 4));
  g_assert_cmpuint (summary.last, >=, 40 * G_GUINT64_CONSTANT (1000000));
  g_array_sort (times, compare);
  g_assert_cmpuint (summary.min, ==, g_array_index (times, guint64, 0));
  g_assert_cmpuint (summary.max, ==, g_array_index (times, guint64, 4));
  assert_near (summary.median, g_array_index (times, guint64, 2));
  assert_near (summary.p99, g_array_index (times, guint64, 4));
  g_assert_cmpuint (skt_connection_get_n_reads (connection), ==, 11);
  g_assert_cmpuint (skt_connection_get_n_writes (connection), ==, 6);
  close (fd);
  check_session_close (session);
}

/* An echo is an answer: what comes after it is not one. */
static void
test_echo (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  int fd = check_socket_connect (check_session_listen (session));
  SktConnection *connection = check_wait_for_connection (session, 1);
  SktReplySummary summary;

  g_object_set (session, "echo", TRUE, NULL);
  for (guint i = 0; i < 5; i++)
    {
      answer (connection, fd);
      check_wait (skt_connection_get_bytes_sent (connection) == i + 1);
    }
  skt_connection_get_reply_times (connection, &summary);
  g_assert_cmpuint (summary.count, ==, 0);
  close (fd);
  check_session_close (session);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/reply-times/random", test_random);
  g_test_add_func ("/core/reply-times/borders", test_borders);
  check_add ("/core/reply-times/connection", test_connection);
  check_add ("/core/reply-times/echo", test_echo);
  return g_test_run ();
}
