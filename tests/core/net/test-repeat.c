/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"

#include "skt-repeat-plan.h"
#include "skt-repeat.h"
#include "skt-send-to.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MS G_TIME_SPAN_MILLISECOND

/* -- The plan, with a clock of our own ------------------------------------------------------------------------ */

static void
test_plan_no_drift (void)
{
  SktRepeatPlan plan;
  const gint64 start = 123456789;
  gint64 now;

  skt_repeat_plan_init (&plan, start, 10 * MS, 0, 1);
  for (guint n = 0; n < 10000; n++)
    {
      g_assert_cmpint (plan.due, ==, start + n * 10 * MS);
      g_assert_false (skt_repeat_plan_is_due (&plan, plan.due - 1));
      now = plan.due + g_test_rand_int_range (0, 10 * MS);
      g_assert_true (skt_repeat_plan_is_due (&plan, now));
      skt_repeat_plan_take (&plan, now);
    }
  g_assert_cmpuint (plan.n_taken, ==, 10000);
  g_assert_cmpuint (plan.n_missed, ==, 0);
  g_assert_cmpint (plan.max_lateness, <, 10 * MS);
  g_assert_cmpint (skt_repeat_plan_get_mean_lateness (&plan), <, plan.max_lateness);
}

static void
test_plan_missed (void)
{
  SktRepeatPlan plan;

  skt_repeat_plan_init (&plan, 1000, 10 * MS, 0, 1);
  skt_repeat_plan_take (&plan, 1000);
  /* the one due at 10 ms is late by 35: it is sent, those of 20, 30 and 40 are missed, that of 50 is due when it was */
  skt_repeat_plan_take (&plan, 1000 + 45 * MS);
  g_assert_cmpuint (plan.n_missed, ==, 3);
  g_assert_cmpint (plan.due, ==, 1000 + 50 * MS);
  g_assert_false (skt_repeat_plan_is_due (&plan, 1000 + 45 * MS));
  g_assert_cmpint (plan.max_lateness, ==, 35 * MS);
  /* at the very moment when the next one is due, it is missed too */
  skt_repeat_plan_take (&plan, 1000 + 60 * MS);
  g_assert_cmpuint (plan.n_missed, ==, 4);
  g_assert_cmpint (plan.due, ==, 1000 + 70 * MS);
  g_assert_cmpuint (plan.n_taken, ==, 3);
}

static void
test_plan_jitter (void)
{
  SktRepeatPlan plan;
  gint64 least = 0, most = 0, sum = 0;

  /* no more than half of the interval */
  skt_repeat_plan_init (&plan, 0, 10 * MS, 100 * MS, g_test_rand_int ());
  g_assert_cmpint (plan.due, ==, 0);
  skt_repeat_plan_take (&plan, 0);
  for (gint64 n = 1; n <= 10000; n++)
    {
      gint64 off = plan.due - n * 10 * MS;

      g_assert_cmpint (ABS (off), <=, 5 * MS);
      least = MIN (least, off);
      most = MAX (most, off);
      sum += off;
      skt_repeat_plan_take (&plan, plan.due);
    }
  g_assert_cmpuint (plan.n_missed, ==, 0);
  g_assert_cmpint (plan.max_lateness, ==, 0);
  g_assert_cmpint (least, <, -4 * MS);
  g_assert_cmpint (most, >, 4 * MS);
  g_assert_cmpint (ABS (sum / 10000), <, MS);
}

static void
test_plan_always (void)
{
  SktRepeatPlan plan;

  skt_repeat_plan_init (&plan, 1000, 0, 0, 1);
  for (guint i = 0; i < 10; i++)
    {
      g_assert_true (skt_repeat_plan_is_due (&plan, 1000));
      skt_repeat_plan_take (&plan, 5000);
    }
  g_assert_cmpuint (plan.n_taken, ==, 10);
  g_assert_cmpuint (plan.n_missed, ==, 0);
}

/* -- Recipients ----------------------------------------------------------------------------------------------- */

static void
test_recipients (void)
{
  const guint32 chosen[] = { 7, 2, 5 };
  g_autoptr (SktRecipients) some = skt_recipients_new (SKT_RECIPIENTS_CHOSEN, chosen, 3);
  g_autoptr (SktRecipients) none = skt_recipients_new (SKT_RECIPIENTS_CHOSEN, NULL, 0);
  g_autoptr (SktRecipients) all = skt_recipients_new (SKT_RECIPIENTS_ALL, chosen, 3);
  g_autoptr (SktRecipients) but = skt_recipients_new (SKT_RECIPIENTS_ALL_BUT, chosen, 3);

  for (guint32 id = 1; id < 10; id++)
    {
      gboolean is_chosen = id == 2 || id == 5 || id == 7;

      g_assert_cmpint (skt_recipients_includes (some, id), ==, is_chosen);
      g_assert_true (skt_recipients_includes (none, id));
      g_assert_true (skt_recipients_includes (all, id));
      g_assert_cmpint (skt_recipients_includes (but, id), ==, !is_chosen);
    }
  g_assert_cmpuint (skt_recipients_get_earlier (0, 4, 9), ==, 4);
  g_assert_cmpuint (skt_recipients_get_earlier (3, 4, 0), ==, 3);
  g_assert_cmpuint (skt_recipients_get_earlier (3, 4, 3), ==, 4);
  g_assert_cmpuint (skt_recipients_get_earlier (3, 4, 4), ==, 3);
}

/* -- With connections ----------------------------------------------------------------------------------------- */

/* A session and its peer; a thread may read what the peer gets. */
typedef struct
{
  SktSession *session;
  SktConnection *connection;
  int listener, fd;
  SktRecipients *recipients;
} Pair;

static void
pair_open (Pair *self, CheckFixture *fixture)
{
  guint16 port;

  self->listener = check_socket_listen (1, &port);
  self->session = check_session_new (fixture, SKT_SESSION_CLIENT);
  check_session_connect (self->session, "127.0.0.1", port);
  self->fd = check_socket_accept (self->listener);
  self->connection = check_wait_for_connection (self->session, 1);
  check_wait (skt_connection_can_send (self->connection));
  self->recipients = skt_recipients_new (SKT_RECIPIENTS_ALL, NULL, 0);
}

static void
pair_close (Pair *self)
{
  if (self->fd >= 0)
    close (self->fd);
  close (self->listener);
  skt_recipients_unref (self->recipients);
  check_session_close (self->session);
}

static SktRepeat *
repeat (SktSession *session, SktRecipients *recipients, const char *text, guint interval_ms, guint64 count)
{
  const SktRepeatOptions options = { .interval_ms = interval_ms, .count = count };
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (SktMessage) message = skt_message_new_from_bytes (bytes);

  return skt_repeat_new (session, message, recipients, &options);
}

static SktRepeatProgress
get_progress (SktRepeat *self)
{
  SktRepeatProgress progress;

  skt_repeat_get_progress (self, &progress);
  return progress;
}

static void
count_cb (SktRepeat *self, guint *n)
{
  ++*n;
}

static void
test_ten_ms (CheckFixture *fixture, gconstpointer data)
{
  SktRepeatProgress progress;
  SktRepeat *running;
  Pair pair;
  guint n_changed = 0;
  gint64 begin, duration;
  char buffer[400];
  g_autofree char *text = NULL;

  pair_open (&pair, fixture);
  begin = g_get_monotonic_time ();
  running = repeat (pair.session, pair.recipients, "x", 10, 300);
  g_signal_connect (running, "changed", G_CALLBACK (count_cb), &n_changed);
  check_wait (skt_repeat_is_over (running));
  duration = g_get_monotonic_time () - begin;
  progress = get_progress (running);
  text = skt_repeat_dup_text (running);
  g_test_message ("300 at 10 ms: %.3f s, mean lateness %.3f ms, max %.3f ms, missed %u, told %u times: %s", duration / 1e6,
                  progress.mean_lateness / 1e3, progress.max_lateness / 1e3, (guint) progress.n_missed, n_changed, text);
  g_assert_cmpint (progress.state, ==, SKT_REPEAT_FINISHED);
  g_assert_cmpuint (progress.n_sent, ==, 300);
  g_assert_cmpint (duration, >=, 2990 * MS);
  /* each that was missed takes its time, and no error adds up */
  g_assert_cmpint (duration, <, (2990 + 10 * (gint64) progress.n_missed) * MS + progress.max_lateness + 500 * MS);
  g_assert_cmpuint (check_socket_receive (pair.fd, buffer, 300), ==, 300);
  /* each is a write of its own */
  check_wait (skt_connection_get_n_writes (pair.connection) == 300);
  g_assert_cmpuint (n_changed, <, 60);
  g_assert_finalize_object (running);
  pair_close (&pair);
}

static gpointer
read_all (gpointer data)
{
  static char buffer[64 * 1024];
  guint64 *total = g_new0 (guint64, 1);
  gssize n;

  while ((n = recv (GPOINTER_TO_INT (data), buffer, sizeof buffer, 0)) > 0)
    *total += n;
  return total;
}

static void
test_fast_and_stop (CheckFixture *fixture, gconstpointer data)
{
  g_autofree guint64 *total = NULL;
  SktRepeat *running;
  GThread *reader;
  Pair pair;
  gint64 begin, took;
  guint64 sent;

  pair_open (&pair, fixture);
  reader = g_thread_new ("reader", read_all, GINT_TO_POINTER (pair.fd));
  running = repeat (pair.session, pair.recipients, "0123456789", 0, 0);
  check_wait (get_progress (running).n_sent > 20000);
  begin = g_get_monotonic_time ();
  skt_repeat_stop (running);
  check_wait (skt_repeat_is_over (running));
  took = g_get_monotonic_time () - begin;
  sent = get_progress (running).n_sent;
  g_test_message ("as fast as possible: stopped after %.2f ms", took / 1e3);
  g_assert_cmpint (took, <, G_TIME_SPAN_SECOND);
  g_assert_cmpint (get_progress (running).state, ==, SKT_REPEAT_STOPPED);
  check_wait (skt_session_get_bytes_queued (pair.session) == 0);
  check_wait (skt_session_get_bytes_sent (pair.session) == (sent - get_progress (running).n_dropped) * 10);
  check_run_for (50);
  g_assert_cmpuint (get_progress (running).n_sent, ==, sent);
  shutdown (pair.fd, SHUT_RDWR);
  total = g_thread_join (reader);
  g_assert_cmpuint (*total, <=, sent * 10);
  g_assert_finalize_object (running);
  pair_close (&pair);
}

/* Memory stays what it is, and it is said; when the peer reads, it goes on. */
static void
test_peer_does_not_read (CheckFixture *fixture, gconstpointer data)
{
  g_autofree char *block = g_strnfill (1000, 'b');
  g_autofree char *text = NULL;
  g_autofree guint64 *total = NULL;
  SktRepeat *running;
  GThread *reader;
  Pair pair;
  guint64 n;

  pair_open (&pair, fixture);
  running = repeat (pair.session, pair.recipients, block, 0, 0);
  check_wait (get_progress (running).state == SKT_REPEAT_WAITS);
  check_run_for (100);
  g_assert_cmpint (get_progress (running).state, ==, SKT_REPEAT_WAITS);
  g_assert_cmpuint (skt_session_get_bytes_queued (pair.session), <=, 64 * 1024);
  text = skt_repeat_dup_text (running);
  g_assert_nonnull (strstr (text, "the peer does not read"));
  n = get_progress (running).n_sent;
  reader = g_thread_new ("reader", read_all, GINT_TO_POINTER (pair.fd));
  check_wait (get_progress (running).n_sent > n + 1000);
  skt_repeat_stop (running);
  check_wait (skt_repeat_is_over (running));
  shutdown (pair.fd, SHUT_RDWR);
  total = g_thread_join (reader);
  g_assert_finalize_object (running);
  pair_close (&pair);
}

/* What waits when it is stopped is dropped, and counted. */
static void
test_stop_while_waiting (CheckFixture *fixture, gconstpointer data)
{
  g_autofree char *block = g_strnfill (1000, 'b');
  SktRepeat *running;
  Pair pair;

  pair_open (&pair, fixture);
  running = repeat (pair.session, pair.recipients, block, 0, 0);
  check_wait (get_progress (running).state == SKT_REPEAT_WAITS);
  skt_repeat_stop (running);
  check_wait (skt_repeat_is_over (running));
  g_assert_cmpuint (get_progress (running).n_dropped, >, 10);
  /* but for one that is begun */
  check_wait (skt_session_get_bytes_queued (pair.session) < 1000);
  g_assert_finalize_object (running);
  pair_close (&pair);
}

static void
test_ends_with_connection (CheckFixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  SktRepeat *running;
  Pair pair;

  pair_open (&pair, fixture);
  running = repeat (pair.session, pair.recipients, "x", 3600 * 1000, 0);
  check_wait (get_progress (running).n_sent == 1);
  close (pair.fd);
  pair.fd = -1;
  check_wait (skt_repeat_is_over (running));
  text = skt_repeat_dup_text (running);
  g_assert_cmpint (get_progress (running).state, ==, SKT_REPEAT_NOBODY);
  g_assert_true (g_str_has_prefix (text, "Ended: nobody is connected"));
  g_assert_finalize_object (running);

  /* nobody was there in the first place */
  running = repeat (pair.session, pair.recipients, "x", 1, 0);
  check_wait (skt_repeat_is_over (running));
  g_assert_cmpuint (get_progress (running).n_sent, ==, 0);
  g_assert_finalize_object (running);
  pair_close (&pair);
}

/* Dropping it, and closing the session under it, end it. */
static void
test_dropped (CheckFixture *fixture, gconstpointer data)
{
  SktRepeat *running;
  Pair pair;

  pair_open (&pair, fixture);
  running = repeat (pair.session, pair.recipients, "x", 1, 0);
  check_wait (get_progress (running).n_sent > 0);
  g_assert_finalize_object (running);
  running = repeat (pair.session, pair.recipients, "x", 1, 0);
  check_wait (get_progress (running).n_sent > 0);
  pair_close (&pair);
  check_wait (skt_repeat_is_over (running));
  g_assert_finalize_object (running);
}

/* -- To whom -------------------------------------------------------------------------------------------------- */

#define N_PEERS 4

typedef struct
{
  SktSession *session;
  int fds[N_PEERS];
} Crowd;

static void
crowd_open (Crowd *self, CheckFixture *fixture)
{
  guint16 port;

  self->session = check_session_new (fixture, SKT_SESSION_SERVER);
  port = check_session_listen (self->session);
  for (guint i = 0; i < N_PEERS; i++)
    {
      self->fds[i] = check_socket_connect (port);
      check_wait (skt_connection_can_send (check_wait_for_connection (self->session, i + 1)));
    }
}

static void
crowd_close (Crowd *self)
{
  for (guint i = 0; i < N_PEERS; i++)
    if (self->fds[i] >= 0)
      close (self->fds[i]);
  check_session_close (self->session);
}

static void
assert_gets (Crowd *self, guint peer, const char *expected)
{
  char buffer[100];
  gsize length = strlen (expected);

  g_assert_cmpuint (check_socket_receive (self->fds[peer], buffer, length), ==, length);
  g_assert_cmpmem (buffer, length, expected, length);
  g_assert_cmpint (recv (self->fds[peer], buffer, 1, MSG_DONTWAIT), ==, -1);
}

static void
send_text (Crowd *self, SktRecipients *recipients, guint32 *turn, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  guint64 before = skt_session_get_bytes_sent (self->session);

  skt_send_to (self->session, recipients, turn, NULL, bytes, &error);
  g_assert_no_error (error);
  check_wait (skt_session_get_bytes_sent (self->session) > before);
}

static void
test_next_in_turn (CheckFixture *fixture, gconstpointer data)
{
  const guint32 chosen[] = { 2, 4 };
  g_autoptr (SktRecipients) next = skt_recipients_new (SKT_RECIPIENTS_NEXT, NULL, 0);
  g_autoptr (SktRecipients) next_chosen = skt_recipients_new (SKT_RECIPIENTS_NEXT, chosen, 2);
  static const char *const texts[] = { "a", "b", "c", "d", "e", "f", "g", "h" };
  guint32 turn = 0;
  Crowd crowd;

  crowd_open (&crowd, fixture);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    send_text (&crowd, next, &turn, texts[i]);
  assert_gets (&crowd, 0, "ae");
  assert_gets (&crowd, 1, "bf");
  assert_gets (&crowd, 2, "cg");
  assert_gets (&crowd, 3, "dh");
  /* one leaves: the others take turns */
  close (crowd.fds[1]);
  crowd.fds[1] = -1;
  check_wait (!skt_connection_can_send (skt_session_get_connection (crowd.session, 2)));
  for (guint i = 0; i < 6; i++)
    send_text (&crowd, next, &turn, texts[i]);
  assert_gets (&crowd, 0, "ad");
  assert_gets (&crowd, 2, "be");
  assert_gets (&crowd, 3, "cf");
  turn = 0;
  send_text (&crowd, next_chosen, &turn, "x");
  send_text (&crowd, next_chosen, &turn, "y");
  assert_gets (&crowd, 3, "xy");
  crowd_close (&crowd);
}

static void
test_repeat_in_turn (CheckFixture *fixture, gconstpointer data)
{
  g_autoptr (SktRecipients) next = skt_recipients_new (SKT_RECIPIENTS_NEXT, NULL, 0);
  SktRepeat *running;
  Crowd crowd;

  crowd_open (&crowd, fixture);
  running = repeat (crowd.session, next, "x", 1, 3 * N_PEERS);
  check_wait (skt_repeat_is_over (running));
  for (guint i = 0; i < N_PEERS; i++)
    assert_gets (&crowd, i, "xxx");
  g_assert_finalize_object (running);
  crowd_close (&crowd);
}

static void
test_all_but (CheckFixture *fixture, gconstpointer data)
{
  const guint32 chosen[] = { 1, 3 }, everybody[] = { 1, 2, 3, 4 };
  g_autoptr (SktRecipients) but = skt_recipients_new (SKT_RECIPIENTS_ALL_BUT, chosen, 2);
  g_autoptr (SktRecipients) nobody = skt_recipients_new (SKT_RECIPIENTS_ALL_BUT, everybody, 4);
  g_autoptr (SktRecipients) all = skt_recipients_new (SKT_RECIPIENTS_ALL, chosen, 2);
  g_autoptr (SktRecipients) some = skt_recipients_new (SKT_RECIPIENTS_CHOSEN, chosen, 2);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("z", 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  Crowd crowd;

  crowd_open (&crowd, fixture);
  send_text (&crowd, but, NULL, "but");
  check_wait (skt_session_get_bytes_sent (crowd.session) == 6);
  send_text (&crowd, all, NULL, "all");
  check_wait (skt_session_get_bytes_sent (crowd.session) == 18);
  send_text (&crowd, some, NULL, "some");
  assert_gets (&crowd, 0, "allsome");
  assert_gets (&crowd, 1, "butall");
  assert_gets (&crowd, 2, "allsome");
  assert_gets (&crowd, 3, "butall");

  /* nobody is left, though they are connected */
  g_assert_false (skt_send_to (crowd.session, nobody, NULL, NULL, bytes, &error));
  g_assert_true (g_str_has_prefix (error->message, "Nobody but the chosen is connected"));
  g_clear_error (&error);

  /* one of the chosen is over: the other one gets it, and it is said */
  address = g_strdup (skt_connection_get_remote_address (skt_session_get_connection (crowd.session, 3)));
  close (crowd.fds[2]);
  crowd.fds[2] = -1;
  check_wait (!skt_connection_can_send (skt_session_get_connection (crowd.session, 3)));
  g_assert_false (skt_send_to (crowd.session, some, NULL, NULL, bytes, &error));
  g_assert_true (g_str_has_prefix (error->message, "Sent to 1 of 2. Not to "));
  g_assert_nonnull (strstr (error->message, address));
  assert_gets (&crowd, 0, "z");
  g_clear_error (&error);
  /* it is not one of all */
  send_text (&crowd, all, NULL, "y");
  assert_gets (&crowd, 3, "y");
  crowd_close (&crowd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/repeat/plan/no-drift", test_plan_no_drift);
  g_test_add_func ("/core/repeat/plan/missed", test_plan_missed);
  g_test_add_func ("/core/repeat/plan/jitter", test_plan_jitter);
  g_test_add_func ("/core/repeat/plan/always", test_plan_always);
  g_test_add_func ("/core/repeat/recipients", test_recipients);
  check_add ("/core/repeat/ten-ms", test_ten_ms);
  check_add ("/core/repeat/fast-and-stop", test_fast_and_stop);
  check_add ("/core/repeat/peer-does-not-read", test_peer_does_not_read);
  check_add ("/core/repeat/stop-while-waiting", test_stop_while_waiting);
  check_add ("/core/repeat/ends-with-connection", test_ends_with_connection);
  check_add ("/core/repeat/dropped", test_dropped);
  check_add ("/core/repeat/next-in-turn", test_next_in_turn);
  check_add ("/core/repeat/repeat-in-turn", test_repeat_in_turn);
  check_add ("/core/repeat/all-but", test_all_but);
  return g_test_run ();
}
