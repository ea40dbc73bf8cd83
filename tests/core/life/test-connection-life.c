/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-rows.h"
#include "skt-life-list.h"
#include "skt-life.h"

#include <string.h>

#define T0 G_GUINT64_CONSTANT (1700000000000000000)
#define MS G_GUINT64_CONSTANT (1000000)

static void
add (SktJournal *journal, SktRecord record, const char *bytes)
{
  g_autoptr (GError) error = NULL;

  record.time_ns = T0 + record.time_ns * MS;
  g_assert_true (skt_journal_append (journal, &record, (const guint8 *) bytes, strlen (bytes), &error));
  g_assert_no_error (error);
  g_assert_true (skt_journal_flush (journal, &error));
}

#define add_event(journal, kind_, id, at, detail) \
  add (journal, (SktRecord){ .kind = kind_, .connection = id, .time_ns = at }, detail)

static const SktLifeStep *
get_step (SktLife *life, guint i)
{
  GPtrArray *steps = skt_life_get_steps (life);

  g_assert_cmpuint (i, <, steps->len);
  return steps->pdata[i];
}

static void
check_step (SktLife *life, guint i, SktLifeStepKind kind, SktTcpState state, int since_ms, int duration_ms)
{
  const SktLifeStep *step = get_step (life, i);

  g_assert_cmpint (step->kind, ==, kind);
  g_assert_cmpstr (skt_tcp_state_get_name (step->state), ==, skt_tcp_state_get_name (state));
  g_assert_cmpint (step->since_start_ns, ==, (gint64) since_ms * (gint64) MS);
  g_assert_cmpint (step->duration_ns, ==, duration_ms < 0 ? -1 : (gint64) duration_ms * (gint64) MS);
}

static void
check_sentence (SktLife *life, guint i, const char *expected)
{
  g_autofree char *text = skt_life_step_to_text (get_step (life, i));

  g_assert_cmpstr (text, ==, expected);
}

static void
test_client (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLife) life = skt_life_new (journal, 1), reset = skt_life_new (journal, 3);
  g_autofree char *text = NULL;

  add_event (journal, SKT_RECORD_RESOLVING, 1, 0, "example");
  add_event (journal, SKT_RECORD_CONNECTING, 1, 5, "[2001:db8::1]:80");
  add (journal, (SktRecord){ .kind = SKT_RECORD_FAILED, .connection = 1, .time_ns = 7, .reason = SKT_REASON_REFUSED }, "[2001:db8::1]:80");
  add_event (journal, SKT_RECORD_CONNECTING, 1, 7, "192.0.2.1:80");
  g_assert_false (skt_life_extend (life, G_MAXUINT64, NULL));
  g_assert_false (skt_life_is_over (life));
  check_step (life, 2, SKT_LIFE_ATTEMPT, SKT_TCP_STATE_SYN_SENT, 7, -1);
  check_sentence (life, 2, "SYN is sent to 192.0.2.1:80; its answer is awaited.");
  add_event (journal, SKT_RECORD_OPENED, 1, 10, "192.0.2.9:4000 192.0.2.1:80");
  add_event (journal, SKT_RECORD_SENT, 1, 20, "abc");
  add_event (journal, SKT_RECORD_SENT, 1, 21, "def");
  add_event (journal, SKT_RECORD_RECEIVED, 1, 30, "ghijk");
  add_event (journal, SKT_RECORD_NOTE, 1, 31, "a note");
  add_event (journal, SKT_RECORD_RECEIVED, 1, 35, "l");
  add_event (journal, SKT_RECORD_PEER_FINISHED, 1, 40, "");
  add (journal, (SktRecord){ .kind = SKT_RECORD_CLOSED, .connection = 1, .time_ns = 41, .reason = SKT_REASON_PEER_CLOSED, .stream_offset = 2 }, "");
  add_event (journal, SKT_RECORD_RESOLVING, 2, 50, "other");

  /* a record at a time: the same */
  while (skt_life_extend (life, 1, NULL))
    ;
  g_assert_true (skt_life_is_over (life));
  g_assert_cmpuint (skt_life_get_n_left (life), ==, 0);
  g_assert_cmpuint (skt_life_get_steps (life)->len, ==, 8);
  check_step (life, 0, SKT_LIFE_LOOKUP, SKT_TCP_STATE_CLOSED, 0, 5);
  check_step (life, 1, SKT_LIFE_ATTEMPT, SKT_TCP_STATE_SYN_SENT, 5, 2);
  check_step (life, 2, SKT_LIFE_ATTEMPT, SKT_TCP_STATE_SYN_SENT, 7, 3);
  check_step (life, 3, SKT_LIFE_OPENED, SKT_TCP_STATE_ESTABLISHED, 10, 30);
  check_step (life, 4, SKT_LIFE_FIRST_SENT, SKT_TCP_STATE_ESTABLISHED, 20, -1);
  check_step (life, 5, SKT_LIFE_FIRST_RECEIVED, SKT_TCP_STATE_ESTABLISHED, 30, -1);
  check_step (life, 6, SKT_LIFE_PEER_FINISHED, SKT_TCP_STATE_CLOSE_WAIT, 40, 1);
  check_step (life, 7, SKT_LIFE_CLOSED, SKT_TCP_STATE_LAST_ACK, 41, -1);
  check_sentence (life, 0, "The name “example” was looked up; that took 5 ms.");
  check_sentence (life, 1, "Tried to connect to [2001:db8::1]:80 in vain for 2 ms: refused: nothing listens on this port "
                           "(RST in answer to SYN).");
  check_sentence (life, 2, "SYN was sent to 192.0.2.1:80; SYN and ACK came back after 3 ms.");
  check_sentence (life, 3, "The connection was established: 192.0.2.9:4000 → 192.0.2.1:80.");
  check_sentence (life, 4, "The first 3 bytes were sent in one write.");
  check_sentence (life, 5, "The first 5 bytes were received in one read.");
  check_sentence (life, 7, "For the program the connection is over: the peer closed the connection (FIN); 2 bytes were left unsent.");
  add (journal, (SktRecord){ .kind = SKT_RECORD_OPENED, .connection = 3, .time_ns = 60 }, "a b");
  add (journal, (SktRecord){ .kind = SKT_RECORD_CLOSED, .connection = 3, .time_ns = 61, .reason = SKT_REASON_RESET, .stream_offset = 1,
                             .unacknowledged = 5, .flags = SKT_RECORD_FLAG_LOCAL_FIRST }, "1.000");
  skt_life_extend (reset, G_MAXUINT64, NULL);
  check_sentence (reset, 1, "For the program the connection is over: the peer reset the connection (RST); 1 byte was left unsent; "
                            "5 bytes were not acknowledged; your FIN came first.");
  text = skt_life_to_text (life);
  g_assert_nonnull (strstr (text, "     +0.010000  ESTABLISHED   The connection was established: 192.0.2.9:4000 → 192.0.2.1:80. [30 ms]\n"));
}

static void
test_accepted (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLife) life = skt_life_new (journal, 2);

  add_event (journal, SKT_RECORD_LISTENING, 0, 0, "0.0.0.0:80");
  add_event (journal, SKT_RECORD_STOPPED_LISTENING, 0, 1, "");
  add_event (journal, SKT_RECORD_LISTENING, 0, 2, "[::]:80");
  add_event (journal, SKT_RECORD_OPENED, 1, 8, "[::1]:80 [::1]:4000");
  add_event (journal, SKT_RECORD_OPENED, 2, 10, "[::1]:80 [::1]:4001");
  add_event (journal, SKT_RECORD_RECEIVED, 1, 11, "x");
  add_event (journal, SKT_RECORD_STOPPED_LISTENING, 0, 12, "");
  add_event (journal, SKT_RECORD_PEER_FINISHED, 2, 20, "");
  add (journal, (SktRecord){ .kind = SKT_RECORD_CLOSED, .connection = 2, .time_ns = 20, .reason = SKT_REASON_LOCAL_CLOSED,
                             .flags = SKT_RECORD_FLAG_LOCAL_FIRST }, "");
  g_assert_false (skt_life_extend (life, G_MAXUINT64, NULL));
  g_assert_true (skt_life_is_over (life));
  g_assert_cmpuint (skt_life_get_steps (life)->len, ==, 4);
  check_step (life, 0, SKT_LIFE_LISTEN, SKT_TCP_STATE_LISTEN, -8, -1);
  check_sentence (life, 0, "This side listened on [::]:80.");
  check_step (life, 1, SKT_LIFE_OPENED, SKT_TCP_STATE_ESTABLISHED, 0, 10);
  check_step (life, 2, SKT_LIFE_PEER_FINISHED, SKT_TCP_STATE_TIME_WAIT, 10, 0);
  check_step (life, 3, SKT_LIFE_CLOSED, SKT_TCP_STATE_TIME_WAIT, 10, -1);
}

/* FIN from here first; then the peer's. And the other way round. */
static void
test_finished (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLife) first = skt_life_new (journal, 1);
  g_autoptr (SktLife) second = skt_life_new (journal, 2);

  add_event (journal, SKT_RECORD_OPENED, 1, 0, "a b");
  add_event (journal, SKT_RECORD_FINISHED, 1, 10, "");
  add_event (journal, SKT_RECORD_OPENED, 2, 15, "a b");
  add_event (journal, SKT_RECORD_PEER_FINISHED, 1, 20, "");
  add (journal, (SktRecord){ .kind = SKT_RECORD_CLOSED, .connection = 1, .time_ns = 20, .reason = SKT_REASON_LOCAL_CLOSED,
                             .flags = SKT_RECORD_FLAG_LOCAL_FIRST }, "");
  add_event (journal, SKT_RECORD_PEER_FINISHED, 2, 30, "");
  add_event (journal, SKT_RECORD_FINISHED, 2, 35, "");
  add (journal, (SktRecord){ .kind = SKT_RECORD_CLOSED, .connection = 2, .time_ns = 36, .reason = SKT_REASON_PEER_CLOSED,
                             .flags = SKT_RECORD_FLAG_PEER_FIRST }, "");
  skt_life_extend (first, G_MAXUINT64, NULL);
  g_assert_cmpuint (skt_life_get_steps (first)->len, ==, 4);
  check_step (first, 1, SKT_LIFE_FINISHED, SKT_TCP_STATE_FIN_WAIT_1, 10, 10);
  check_step (first, 2, SKT_LIFE_PEER_FINISHED, SKT_TCP_STATE_TIME_WAIT, 20, 0);
  check_step (first, 3, SKT_LIFE_CLOSED, SKT_TCP_STATE_TIME_WAIT, 20, -1);
  check_sentence (first, 1, "This side has finished sending (FIN).");
  skt_life_extend (second, G_MAXUINT64, NULL);
  check_step (second, 1, SKT_LIFE_PEER_FINISHED, SKT_TCP_STATE_CLOSE_WAIT, 15, 5);
  check_step (second, 2, SKT_LIFE_FINISHED, SKT_TCP_STATE_LAST_ACK, 20, 1);
  check_step (second, 3, SKT_LIFE_CLOSED, SKT_TCP_STATE_LAST_ACK, 21, -1);
}

static SktTcpState
state_after (SktReason reason, gboolean has_peer_finished, guint flags)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLife) life = skt_life_new (journal, 1);

  add_event (journal, SKT_RECORD_OPENED, 1, 0, "a b");
  if (has_peer_finished)
    add_event (journal, SKT_RECORD_PEER_FINISHED, 1, 1, "");
  add (journal, (SktRecord){ .kind = SKT_RECORD_CLOSED, .connection = 1, .time_ns = 2, .reason = reason, .flags = flags }, "");
  skt_life_extend (life, G_MAXUINT64, NULL);
  return skt_life_get_state (life);
}

static void
test_states_after_close (void)
{
  g_assert_cmpint (state_after (SKT_REASON_RESET, FALSE, 0), ==, SKT_TCP_STATE_CLOSED);
  g_assert_cmpint (state_after (SKT_REASON_RESET, TRUE, 0), ==, SKT_TCP_STATE_CLOSED);
  g_assert_cmpint (state_after (SKT_REASON_TIMED_OUT, FALSE, 0), ==, SKT_TCP_STATE_CLOSED);
  g_assert_cmpint (state_after (SKT_REASON_LOCAL_CLOSED, FALSE, SKT_RECORD_FLAG_LOCAL_FIRST), ==, SKT_TCP_STATE_FIN_WAIT_1);
  g_assert_cmpint (state_after (SKT_REASON_LOCAL_CLOSED, TRUE, SKT_RECORD_FLAG_LOCAL_FIRST), ==, SKT_TCP_STATE_TIME_WAIT);
  g_assert_cmpint (state_after (SKT_REASON_LOCAL_CLOSED, TRUE, 0), ==, SKT_TCP_STATE_LAST_ACK);
  g_assert_cmpint (state_after (SKT_REASON_PEER_CLOSED, TRUE, 0), ==, SKT_TCP_STATE_LAST_ACK);
}

/* One that could not be made is over when the next one is there. */
static void
test_failed (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLife) life = skt_life_new (journal, 1);

  add_event (journal, SKT_RECORD_RESOLVING, 1, 0, "nobody");
  add (journal, (SktRecord){ .kind = SKT_RECORD_FAILED, .connection = 1, .time_ns = 4, .reason = SKT_REASON_NAME_NOT_FOUND }, "nobody");
  skt_life_extend (life, G_MAXUINT64, NULL);
  g_assert_false (skt_life_is_over (life));
  g_assert_cmpuint (skt_life_get_steps (life)->len, ==, 1);
  check_step (life, 0, SKT_LIFE_LOOKUP, SKT_TCP_STATE_CLOSED, 0, 4);
  check_sentence (life, 0, "The name “nobody” was looked up in vain for 4 ms: there is no host of that name.");
  add_event (journal, SKT_RECORD_CONNECTING, 2, 10, "192.0.2.1:1");
  skt_life_extend (life, G_MAXUINT64, NULL);
  g_assert_true (skt_life_is_over (life));
}

/* Details come from a file, and there may be far too many events. */
static void
test_hostile (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLife) life = skt_life_new (journal, 1);
  g_auto (GStrv) lines = NULL;
  g_autofree char *text = NULL;

  add_event (journal, SKT_RECORD_CONNECTING, 1, 10, "a\nb\xff");
  add_event (journal, SKT_RECORD_CONNECTING, 1, 3, "earlier");
  add_event (journal, SKT_RECORD_OPENED, 1, 4, "");
  for (guint i = 0; i < 600; i++)
    add_event (journal, SKT_RECORD_PEER_FINISHED, 1, 5 + i, "");
  add_event (journal, SKT_RECORD_CLOSED, 1, 5000, "");
  skt_life_extend (life, G_MAXUINT64, NULL);
  g_assert_true (skt_life_is_over (life));
  g_assert_cmpuint (skt_life_get_steps (life)->len, ==, 501);
  check_sentence (life, 0, "SYN was sent to a\xef\xbf\xbd" "b\xef\xbf\xbd; SYN and ACK came back after 0 µs.");
  text = skt_life_to_text (life);
  lines = g_strsplit (text, "\n", 0);
  g_assert_cmpuint (g_strv_length (lines), ==, 502);
}

static void
test_cancelled_and_cleared (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (SktLife) life = skt_life_new (journal, 1);
  g_autoptr (SktLife) after = NULL;

  add_event (journal, SKT_RECORD_OPENED, 1, 0, "a b");
  g_cancellable_cancel (cancellable);
  skt_life_extend (life, G_MAXUINT64, cancellable);
  g_assert_cmpuint (skt_life_get_n_left (life), ==, 1);

  skt_journal_set_first_record (journal, 1);
  add_event (journal, SKT_RECORD_RECEIVED, 1, 5, "x");
  after = skt_life_new (journal, 1);
  skt_life_extend (after, G_MAXUINT64, NULL);
  g_assert_cmpuint (skt_life_get_steps (after)->len, ==, 1);
  check_step (after, 0, SKT_LIFE_FIRST_RECEIVED, SKT_TCP_STATE_CLOSED, 0, -1);
}

static void
check_entry (GPtrArray *list, guint i, guint32 id, gboolean is_opened, const char *address)
{
  const SktLifeEntry *entry = list->pdata[i];

  g_assert_cmpuint (entry->id, ==, id);
  g_assert_cmpint (entry->is_opened, ==, is_opened);
  g_assert_cmpstr (entry->address, ==, address);
}

static void
test_list (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) list = NULL, few = NULL;

  add_event (journal, SKT_RECORD_NOTE, 0, 0, "of no connection");
  add_event (journal, SKT_RECORD_RESOLVING, 1, 0, "name");
  add_event (journal, SKT_RECORD_FAILED, 1, 1, "name");
  add_event (journal, SKT_RECORD_RESOLVING, 2, 2, "name");
  add_event (journal, SKT_RECORD_CONNECTING, 2, 2, "192.0.2.1:80");
  add_event (journal, SKT_RECORD_OPENED, 3, 3, "192.0.2.9:4000 192.0.2.1:80");
  add_event (journal, SKT_RECORD_RECEIVED, 5, 3, "data alone");
  add_event (journal, SKT_RECORD_OPENED, 4, 4, "broken");
  add_event (journal, SKT_RECORD_CONNECTING, 3, 5, "later");
  list = skt_life_list_new (journal, 100, NULL);
  g_assert_cmpuint (list->len, ==, 5);
  check_entry (list, 0, 1, FALSE, "name");
  check_entry (list, 1, 2, FALSE, "192.0.2.1:80");
  check_entry (list, 2, 3, TRUE, "192.0.2.1:80");
  check_entry (list, 3, 4, TRUE, "broken");
  check_entry (list, 4, 5, FALSE, NULL);
  few = skt_life_list_new (journal, 2, NULL);
  g_assert_cmpuint (few->len, ==, 2);
  g_cancellable_cancel (cancellable);
  g_assert_null (skt_life_list_new (journal, 100, cancellable));
}

static void
test_durations (void)
{
  static const struct
  {
    gint64 ns;
    const char *text;
  } cases[] = {
    { -5, "0 µs" }, { 999999, "999 µs" }, { 1500000, "1.5 ms" }, { 12345678, "12.3 ms" }, { 1234000000, "1.234 s" },
    { 123 * G_GINT64_CONSTANT (1000000000), "2 min 3 s" }, { 7322 * G_GINT64_CONSTANT (1000000000), "2 h 2 min" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = skt_life_duration_to_text (cases[i].ns);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/life/finished", test_finished);
  g_test_add_func ("/core/life/client", test_client);
  g_test_add_func ("/core/life/accepted", test_accepted);
  g_test_add_func ("/core/life/states-after-close", test_states_after_close);
  g_test_add_func ("/core/life/failed", test_failed);
  g_test_add_func ("/core/life/hostile", test_hostile);
  g_test_add_func ("/core/life/cancelled-and-cleared", test_cancelled_and_cleared);
  g_test_add_func ("/core/life/durations", test_durations);
  g_test_add_func ("/core/connection-life/list", test_list);
  return g_test_run ();
}
