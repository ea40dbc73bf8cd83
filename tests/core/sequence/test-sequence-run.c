/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-net.h"
#include "check-sequence.h"
#include "skt-error.h"
#include "skt-sequence-run.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* A run against a plain socket. */

typedef struct
{
  SktSession *session;
  SktConnection *connection;
  int listener, peer;
  SktSequenceRun *run;
  GString *log;         /* "2+matched …\n": number, + - or ., text */
} Dialogue;

static void
begin (Dialogue *self, CheckFixture *fixture)
{
  guint16 port;

  *self = (Dialogue){ .log = g_string_new (NULL) };
  self->listener = check_socket_listen (8, &port);
  self->session = check_session_new (fixture, SKT_SESSION_CLIENT);
  check_session_connect (self->session, "127.0.0.1", port);
  self->peer = check_socket_accept (self->listener);
  g_assert_no_errno (setsockopt (self->peer, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof (int)));
  check_wait (skt_session_get_state (self->session) == SKT_STATE_CONNECTED);
  self->connection = skt_session_get_current (self->session);
}

static void
end (Dialogue *self)
{
  if (self->run != NULL)
    g_assert_finalize_object (self->run);
  if (self->peer >= 0)
    close (self->peer);
  close (self->listener);
  g_string_free (self->log, TRUE);
  check_session_close (self->session);
}

/* Takes the steps. */
static void
start (Dialogue *self, GPtrArray *steps)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktSequence) sequence = check_sequence_new (steps);

  self->run = skt_sequence_run_new (self->session, self->connection, sequence, &error);
  g_assert_no_error (error);
}

static void
take_lines (Dialogue *self)
{
  guint64 n_lost;
  g_autoptr (GPtrArray) lines = skt_sequence_run_take_lines (self->run, &n_lost);

  g_assert_cmpuint (n_lost, ==, 0);
  for (guint i = 0; i < lines->len; i++)
    {
      const SktRunLine *line = lines->pdata[i];

      g_string_append_printf (self->log, "%u%c%s\n", line->step, ".+-"[line->kind], line->text);
    }
}

static void
wait_end (Dialogue *self, SktRunState state)
{
  check_wait (skt_sequence_run_get_state (self->run) != SKT_RUN_RUNNING);
  take_lines (self);
  if (skt_sequence_run_get_state (self->run) != state)
    g_error ("the run has ended as %d:\n%s", skt_sequence_run_get_state (self->run), self->log->str);
  g_assert_cmpuint (skt_sequence_run_get_step (self->run), ==, 0);
}

static void
assert_log (Dialogue *self, const char *pattern)
{
  if (!g_regex_match_simple (pattern, self->log->str, G_REGEX_DOTALL, 0))
    g_error ("not like “%s”:\n%s", pattern, self->log->str);
}

/* What the peer gets, all of it. */
static void
assert_peer_gets (Dialogue *self, const char *expected)
{
  g_autofree char *bytes = g_malloc0 (strlen (expected) + 1);
  int n = 0;

  /* Not by a blocking read: the main thread has to tell the run of what comes. */
  check_wait (ioctl (self->peer, FIONREAD, &n) == 0 && n >= (int) strlen (expected));
  g_assert_cmpuint (check_socket_receive (self->peer, bytes, strlen (expected)), ==, strlen (expected));
  g_assert_cmpstr (bytes, ==, expected);
}

/* -- Waiting ---------------------------------------------------------------------------------------------------- */

typedef struct
{
  SktMatchKind match;
  const char *text;
  const char *input;
  gsize length;
  const char *matched; /* as it is told */
} Wait;

static const Wait waits[] = {
  { SKT_MATCH_TEXT, "+PONG", "xx+PONG\r\n", 9, "5 bytes.*\\+PONG" },
  { SKT_MATCH_HEX, "00 ?? 0f", "\x01\x00\x10\x0f\xff", 5, "3 bytes.*00 10 0f" },
  { SKT_MATCH_REGEX, "^id=(\\d+)", "x=1\r\nid=4711\r\n", 14, "7 bytes.*id=4711" },
  { SKT_MATCH_FRAME, "", "one line\r\nmore", 14, "10 bytes.*one line" },
};

/* Wherever TCP splits it: a wait that sees each piece on its own. */
static void
test_split (CheckFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      const Wait *wait = &waits[i];
      Dialogue self;

      begin (&self, fixture);
      for (gsize split = 0; split <= wait->length; split++)
        {
          GPtrArray *steps = check_steps_new ();
          g_autofree char *pattern = g_strdup_printf ("^1\\+matched %s", wait->matched);
          guint64 before = skt_connection_get_bytes_received (self.connection);

          g_string_truncate (self.log, 0);
          check_steps_wait (steps, wait->match, wait->text, 60000);
          start (&self, steps);
          if (split > 0)
            {
              check_socket_send (self.peer, wait->input, split);
              check_wait (skt_connection_get_bytes_received (self.connection) == before + split);
            }
          if (split < wait->length)
            check_socket_send (self.peer, wait->input + split, wait->length - split);
          check_wait (skt_connection_get_bytes_received (self.connection) == before + wait->length);
          wait_end (&self, SKT_RUN_PASSED);
          assert_log (&self, pattern);
          g_assert_finalize_object (g_steal_pointer (&self.run));
        }
      end (&self);
    }
}

static void
test_any (CheckFixture *fixture, gconstpointer data)
{
  GPtrArray *steps = check_steps_new ();
  Dialogue self;

  begin (&self, fixture);
  check_steps_wait (steps, SKT_MATCH_ANY, "", 60000);
  start (&self, steps);
  check_socket_send (self.peer, "hi", 2);
  wait_end (&self, SKT_RUN_PASSED);
  assert_log (&self, "^1\\+matched 2 bytes .*: hi\n$");
  end (&self);
}

/* A frame that a pause ends, and one that the peer's FIN ends. */
static void
test_frame_by_pause (CheckFixture *fixture, gconstpointer data)
{
  GPtrArray *steps = check_steps_new ();
  SktStepSettings settings = { .kind = SKT_STEP_WAIT, .match = SKT_MATCH_FRAME, .timeout_ms = 60000 };
  Dialogue self;

  begin (&self, fixture);
  settings.frame = (SktFrameRule){ .kind = SKT_FRAME_PAUSE, .pause_ms = 30 };
  check_steps_add (steps, &settings);
  check_steps_send (steps, "next");
  settings.frame.pause_ms = 60000;
  check_steps_add (steps, &settings);
  start (&self, steps);
  check_socket_send (self.peer, "one", 3);
  assert_peer_gets (&self, "next");
  check_socket_send (self.peer, "two", 3);
  shutdown (self.peer, SHUT_WR);
  wait_end (&self, SKT_RUN_PASSED);
  assert_log (&self, "^1\\+matched 3 bytes after [0-9.]+ ms: one\n2\\+sent 4 bytes: next\n3\\+matched 3 bytes .*: two\n$");
  end (&self);
}

/* Each wait begins where the match before has ended: nothing is found twice or missed, also what came before it was waited for. */
static void
test_in_turn (CheckFixture *fixture, gconstpointer data)
{
  GPtrArray *steps = check_steps_new ();
  Dialogue self;

  begin (&self, fixture);
  check_socket_send (self.peer, "a1 ", 3);
  check_wait (skt_connection_get_bytes_received (self.connection) == 3);
  check_steps_wait (steps, SKT_MATCH_TEXT, "go", 60000);
  check_steps_wait (steps, SKT_MATCH_TEXT, "a", 60000);
  check_steps_wait (steps, SKT_MATCH_REGEX, "(\\d)b", 60000);
  check_steps_wait (steps, SKT_MATCH_TEXT, "a", 60000);
  check_steps_wait (steps, SKT_MATCH_HEX, "61", 100);
  start (&self, steps);
  /* "a1" came before the run; "b" and "a" are in the line that the expression had to see whole. */
  check_socket_send (self.peer, "go a2 3b a\n", 11);
  wait_end (&self, SKT_RUN_FAILED);
  assert_log (&self, "^1\\+matched 2 bytes.*: go\n2\\+.*: a\n3\\+.*: 3b\n4\\+.*: a\n5-nothing matched in 100 ms\n$");
  end (&self);
}

static void
test_captures (CheckFixture *fixture, gconstpointer data)
{
  GPtrArray *steps = check_steps_new ();
  Dialogue self;

  begin (&self, fixture);
  check_steps_send (steps, "GET\\n");
  check_steps_wait (steps, SKT_MATCH_REGEX, "^id=(\\d+) (\\w+)", 60000);
  check_steps_send (steps, "[${2}:${1}]${received}");
  start (&self, steps);
  assert_peer_gets (&self, "GET\n");
  check_socket_send (self.peer, "id=17 abc\n", 10);
  assert_peer_gets (&self, "[abc:17]id=17 abc");
  wait_end (&self, SKT_RUN_PASSED);
  assert_log (&self, "^1\\+sent 4 bytes: GET\\\\n\n2\\+.*\n3\\+sent 17 bytes: \\[abc:17\\]id=17 abc\n$");
  end (&self);
}

static void
test_timeout (CheckFixture *fixture, gconstpointer data)
{
  GPtrArray *steps = check_steps_new ();
  g_autofree char *summary = NULL;
  gint64 before;
  Dialogue self;

  begin (&self, fixture);
  check_steps_add (steps, &(SktStepSettings){ .kind = SKT_STEP_WAIT, .match = SKT_MATCH_TEXT, .text = "no", .timeout_ms = 50, .goes_on = TRUE });
  check_steps_send (steps, "x");
  check_steps_wait (steps, SKT_MATCH_TEXT, "no", 50);
  check_steps_send (steps, "y");
  before = g_get_monotonic_time ();
  start (&self, steps);
  assert_peer_gets (&self, "x");
  wait_end (&self, SKT_RUN_FAILED);
  g_assert_cmpint (g_get_monotonic_time () - before, >=, 100000);
  assert_log (&self, "^1\\.nothing matched in 50 ms\n2\\+sent 1 byte: x\n3-nothing matched in 50 ms\n$");
  summary = skt_sequence_run_dup_summary (self.run);
  g_assert_true (g_regex_match_simple ("^1 passed, 1 failed, 1 timed out, in [0-9.]+ (ms|s)$", summary, 0, 0));
  end (&self);
}

/* -- Repeating -------------------------------------------------------------------------------------------------- */

static void
test_repeat (CheckFixture *fixture, gconstpointer data)
{
  GPtrArray *steps = check_steps_new ();
  Dialogue self;

  begin (&self, fixture);
  check_steps_send (steps, "a${counter}");
  check_steps_send (steps, "b");
  check_steps_repeat (steps, 2, 3);
  check_steps_repeat (steps, 1, 2);
  start (&self, steps);
  assert_peer_gets (&self, "a0bbba1bbb");
  wait_end (&self, SKT_RUN_PASSED);
  assert_log (&self, "\n3\\.again from step 2, time 2 of 3\n.*\n3\\+done 3 times\n4\\.again from step 1, time 2 of 2\n.*4\\+done 2 times\n$");
  end (&self);
}

static void
test_repeat_until_stop (CheckFixture *fixture, gconstpointer data)
{
  GPtrArray *steps = check_steps_new ();
  Dialogue self;

  begin (&self, fixture);
  check_steps_send (steps, "x");
  check_steps_pause (steps, 1);
  check_steps_add (steps, &(SktStepSettings){ .kind = SKT_STEP_STOP, .by_count = TRUE, .count = 4 });
  check_steps_repeat (steps, 1, 0);
  start (&self, steps);
  assert_peer_gets (&self, "xxxx");
  wait_end (&self, SKT_RUN_PASSED);
  assert_log (&self, "3\\.goes on: reached 3 of 4 times\n.*3\\+stopped: reached 4 times\n$");
  end (&self);
}

static void
test_stop_when (CheckFixture *fixture, gconstpointer data)
{
  GPtrArray *steps = check_steps_new ();
  Dialogue self;

  begin (&self, fixture);
  check_steps_wait (steps, SKT_MATCH_TEXT, "READY", 60000);
  check_steps_pause (steps, 1);
  check_steps_add (steps, &(SktStepSettings){ .kind = SKT_STEP_STOP, .match = SKT_MATCH_TEXT, .text = "ERROR", .is_failure = TRUE });
  check_steps_repeat (steps, 2, 0);
  start (&self, steps);
  /* What is before the last match does not count. */
  check_socket_send (self.peer, "ERROR READY ok ERR", 18);
  check_wait (skt_sequence_run_get_step (self.run) > 1);
  check_socket_send (self.peer, "OR 5\n", 5);
  wait_end (&self, SKT_RUN_FAILED);
  assert_log (&self, "3-stopped: there is ERROR\n$");
  end (&self);
}

/* -- Stopping and ends, in each kind of step --------------------------------------------------------------------- */

/* Steps that stay where they are for a minute; NULL: there are no more. */
static GPtrArray *
long_steps (guint i)
{
  GPtrArray *steps = check_steps_new ();

  switch (i)
    {
    case 0:
      check_steps_wait (steps, SKT_MATCH_TEXT, "never", 60000);
      return steps;
    case 1:
      check_steps_wait (steps, SKT_MATCH_REGEX, "^never", 0);
      return steps;
    case 2:
      check_steps_pause (steps, 60000);
      return steps;
    case 3:
      check_steps_add (steps, &(SktStepSettings){ .kind = SKT_STEP_WAIT_END, .timeout_ms = 60000 });
      return steps;
    case 4:
      check_steps_send (steps, "x");
      check_steps_pause (steps, 1);
      check_steps_add (steps, &(SktStepSettings){ .kind = SKT_STEP_STOP, .match = SKT_MATCH_TEXT, .text = "never" });
      check_steps_repeat (steps, 1, 0);
      return steps;
    default:
      g_ptr_array_unref (steps);
      return NULL;
    }
}

static void
test_stop (CheckFixture *fixture, gconstpointer data)
{
  GPtrArray *steps;

  for (guint i = 0; (steps = long_steps (i)) != NULL; i++)
    {
      Dialogue self;
      gint64 before;

      begin (&self, fixture);
      start (&self, steps);
      check_socket_send (self.peer, "something", 9);
      check_wait (skt_connection_get_bytes_received (self.connection) == 9);
      g_assert_cmpint (skt_sequence_run_get_state (self.run), ==, SKT_RUN_RUNNING);
      before = g_get_monotonic_time ();
      skt_sequence_run_stop (self.run);
      while (skt_sequence_run_get_state (self.run) == SKT_RUN_RUNNING)
        g_thread_yield ();
      g_test_message ("stopped after %d us", (int) (g_get_monotonic_time () - before));
      g_assert_cmpint (g_get_monotonic_time () - before, <, 100000);
      wait_end (&self, SKT_RUN_STOPPED);
      assert_log (&self, "[0-9]\\.stopped by you\n$");
      end (&self);
    }
}

/* Disposing stops, too. */
static void
test_dispose (CheckFixture *fixture, gconstpointer data)
{
  GPtrArray *steps;

  for (guint i = 0; (steps = long_steps (i)) != NULL; i++)
    {
      Dialogue self;

      begin (&self, fixture);
      start (&self, steps);
      g_assert_finalize_object (g_steal_pointer (&self.run));
      check_no_threads ("skt-sequence");
      end (&self);
    }
}

static void
test_end (CheckFixture *fixture, gconstpointer data)
{
  GPtrArray *steps;

  for (guint reset = 0; reset < 2; reset++)
    for (guint i = 0; (steps = long_steps (i)) != NULL; i++)
      {
        Dialogue self;

        begin (&self, fixture);
        start (&self, steps);
        if (reset)
          check_socket_reset (self.peer);
        else
          close (self.peer);
        self.peer = -1;
        wait_end (&self, i == 3 ? SKT_RUN_PASSED : SKT_RUN_FAILED);
        if (i == 3)
          assert_log (&self, reset ? "1\\+the connection has ended: peer reset" : "1\\+the peer has finished sending \\(FIN\\)\n$");
        else if (i < 2 && !reset)
          assert_log (&self, "1-(the peer has finished sending \\(FIN\\), and what is waited for has not come|the connection has ended: .*FIN.*)\n$");
        else
          assert_log (&self, reset ? "[0-9]-(the connection has ended: .*RST|nothing was sent)" : "[0-9]-(the connection has ended: .*FIN|nothing was sent)");
        end (&self);
      }
}

/* What came before the end is found. */
static void
test_match_before_end (CheckFixture *fixture, gconstpointer data)
{
  GPtrArray *steps = check_steps_new ();
  Dialogue self;

  begin (&self, fixture);
  check_steps_wait (steps, SKT_MATCH_TEXT, "a", 60000);
  check_steps_wait (steps, SKT_MATCH_TEXT, "b", 60000);
  start (&self, steps);
  check_socket_send (self.peer, "a..b", 4);
  close (self.peer);
  self.peer = -1;
  wait_end (&self, SKT_RUN_PASSED);
  end (&self);
}

static void
test_half_close (CheckFixture *fixture, gconstpointer data)
{
  GPtrArray *steps = check_steps_new ();
  char byte;
  Dialogue self;

  begin (&self, fixture);
  check_steps_send (steps, "last");
  check_steps_kind (steps, SKT_STEP_FINISH);
  check_steps_wait (steps, SKT_MATCH_TEXT, "bye", 60000);
  check_steps_add (steps, &(SktStepSettings){ .kind = SKT_STEP_WAIT_END, .timeout_ms = 60000 });
  start (&self, steps);
  assert_peer_gets (&self, "last");
  g_assert_cmpuint (check_socket_receive (self.peer, &byte, 1), ==, 0);
  check_socket_send (self.peer, "bye", 3);
  shutdown (self.peer, SHUT_WR);
  wait_end (&self, SKT_RUN_PASSED);
  assert_log (&self, "2\\+finishes sending \\(FIN\\)\n3\\+matched 3 bytes.*\n4\\+the peer has finished sending \\(FIN\\)\n$");
  end (&self);
}

static void
test_close (CheckFixture *fixture, gconstpointer data)
{
  GPtrArray *steps = check_steps_new ();
  char byte;
  Dialogue self;

  begin (&self, fixture);
  check_steps_kind (steps, SKT_STEP_CLOSE);
  start (&self, steps);
  g_assert_cmpuint (check_socket_receive (self.peer, &byte, 1), ==, 0);
  wait_end (&self, SKT_RUN_PASSED);
  end (&self);
}

static void
test_refused (CheckFixture *fixture, gconstpointer data)
{
  GPtrArray *steps = check_steps_new ();
  g_autoptr (SktSequence) sequence = NULL;
  g_autoptr (SktSequence) empty = NULL;
  g_autoptr (GError) error = NULL;
  Dialogue self;

  begin (&self, fixture);
  check_steps_send (steps, "x");
  sequence = check_sequence_new (steps);
  empty = skt_sequence_new ("empty", NULL);
  g_assert_null (skt_sequence_run_new (self.session, self.connection, empty, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_SEQUENCE);
  g_clear_error (&error);
  skt_connection_disconnect (self.connection);
  close (self.peer);
  self.peer = -1;
  check_wait (!skt_connection_is_open (self.connection));
  g_assert_null (skt_sequence_run_new (self.session, self.connection, sequence, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_NOT_CONNECTED);
  end (&self);
}

/* On a server with several clients each run sees what its own one sends, and "updated" tells of all. */
static void
test_several (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  guint16 port = check_session_listen (session);
  SktSequenceRun *runs[3];
  int peers[3];

  for (guint i = 0; i < 3; i++)
    {
      GPtrArray *steps = check_steps_new ();
      g_autofree char *wanted = g_strdup_printf ("I am %u", i);
      g_autoptr (SktSequence) sequence = NULL;
      SktConnection *connection;

      peers[i] = check_socket_connect (port);
      connection = check_wait_for_connection (session, i + 1);
      check_wait (skt_connection_is_open (connection));
      check_steps_wait (steps, SKT_MATCH_TEXT, wanted, 60000);
      sequence = check_sequence_new (steps);
      runs[i] = skt_sequence_run_new (session, connection, sequence, NULL);
    }
  for (guint i = 0; i < 3; i++)
    check_socket_send (peers[i], "I am 1", 6);
  check_wait (skt_sequence_run_get_state (runs[1]) == SKT_RUN_PASSED);
  g_assert_cmpint (skt_sequence_run_get_state (runs[0]), ==, SKT_RUN_RUNNING);
  check_socket_send (peers[0], "I am 0", 6);
  check_socket_send (peers[2], "I am 2", 6);
  check_wait (skt_sequence_run_get_state (runs[0]) == SKT_RUN_PASSED);
  check_wait (skt_sequence_run_get_state (runs[2]) == SKT_RUN_PASSED);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_finalize_object (runs[i]);
      close (peers[i]);
    }
  check_session_close (session);
}

/* A flood that never matches: Stop is prompt, and lines are bounded. */
static void
test_flood (CheckFixture *fixture, gconstpointer data)
{
  GPtrArray *steps = check_steps_new ();
  g_autoptr (GPtrArray) lines = NULL;
  g_autofree char *block = g_strnfill (1 << 20, 'x');
  guint64 n_lost = 0;
  gint64 before;
  Dialogue self;

  begin (&self, fixture);
  check_steps_wait (steps, SKT_MATCH_ANY, "", 60000);
  check_steps_repeat (steps, 1, 0);
  start (&self, steps);
  for (guint i = 0; i < 64; i++)
    check_socket_send (self.peer, block, 1 << 20);
  check_wait (skt_connection_get_bytes_received (self.connection) == 64 << 20);
  before = g_get_monotonic_time ();
  skt_sequence_run_stop (self.run);
  while (skt_sequence_run_get_state (self.run) == SKT_RUN_RUNNING)
    g_thread_yield ();
  g_assert_cmpint (g_get_monotonic_time () - before, <, 100000);
  lines = skt_sequence_run_take_lines (self.run, &n_lost);
  g_assert_cmpuint (lines->len, <=, SKT_RUN_MAX_LINES);
  end (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  check_add ("/core/sequence-run/split", test_split);
  check_add ("/core/sequence-run/any", test_any);
  check_add ("/core/sequence-run/frame-by-pause", test_frame_by_pause);
  check_add ("/core/sequence-run/in-turn", test_in_turn);
  check_add ("/core/sequence-run/captures", test_captures);
  check_add ("/core/sequence-run/timeout", test_timeout);
  check_add ("/core/sequence-run/repeat", test_repeat);
  check_add ("/core/sequence-run/repeat-until-stop", test_repeat_until_stop);
  check_add ("/core/sequence-run/stop-when", test_stop_when);
  check_add ("/core/sequence-run/stop", test_stop);
  check_add ("/core/sequence-run/dispose", test_dispose);
  check_add ("/core/sequence-run/end", test_end);
  check_add ("/core/sequence-run/match-before-end", test_match_before_end);
  check_add ("/core/sequence-run/half-close", test_half_close);
  check_add ("/core/sequence-run/close", test_close);
  check_add ("/core/sequence-run/refused", test_refused);
  check_add ("/core/sequence-run/several", test_several);
  check_add ("/core/sequence-run/flood", test_flood);
  return g_test_run ();
}
