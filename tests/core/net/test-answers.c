/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"

#include "skt-session-private.h"

#include <string.h>
#include <unistd.h>

/* -- Rules --------------------------------------------------------------------------------------------------- */

static SktMessage *
new_text (const char *text)
{
  SktMessageSettings settings = { .form = SKT_MESSAGE_TEXT, .source = text };
  g_autoptr (GError) error = NULL;
  SktMessage *message = skt_message_new (&settings, NULL, &error);

  g_assert_no_error (error);
  return message;
}

static SktMatchRule *
new_match (SktMatchKind kind, const char *text, const char *frame_text)
{
  g_autoptr (GError) error = NULL;
  SktFrameRule frame = { 0 };
  SktMatchRule *match;

  if (frame_text != NULL)
    g_assert_true (skt_frame_rule_parse (frame_text, &frame, NULL));
  match = skt_match_rule_new (kind, text, SKT_ENCODING_UTF_8, TRUE, &frame, NULL, &error);
  g_assert_no_error (error);
  return match;
}

/* Takes the match; `text` NULL: echo. */
static SktAnswerRule *
new_rule (SktMatchRule *match, const char *text, SktAnswerSettings settings)
{
  g_autoptr (SktMatchRule) owned = match;
  g_autoptr (SktMessage) message = text != NULL ? new_text (text) : NULL;

  settings.match = match;
  settings.message = message;
  settings.is_echo = text == NULL;
  return skt_answer_rule_new (&settings);
}

/* Takes the rules. */
static void
set_rules (SktSession *session, SktConnection *connection, SktAnswerRule *first, ...)
{
  g_autoptr (GPtrArray) rules = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_answer_rule_unref);
  g_autoptr (SktAnswers) answers = NULL;
  va_list list;

  va_start (list, first);
  for (SktAnswerRule *rule = first; rule != NULL; rule = va_arg (list, SktAnswerRule *))
    g_ptr_array_add (rules, rule);
  va_end (list);
  answers = skt_answers_new (rules);
  skt_session_set_answers (session, answers, connection);
}

static SktAnswerCounts
get_counts (SktAnswerRule *rule)
{
  SktAnswerCounts counts;

  skt_answer_rule_get_counts (rule, &counts);
  return counts;
}

/* -- A server with one client that is a plain socket --------------------------------------------------------- */

typedef struct
{
  SktSession *session;
  guint16 port;
  int fd;
} Exchange;

static void
begin (CheckFixture *fixture, Exchange *self)
{
  self->session = check_session_new (fixture, SKT_SESSION_SERVER);
  self->port = check_session_listen (self->session);
  self->fd = check_socket_connect (self->port);
  check_wait_for_connection (self->session, 1);
}

static void
end (Exchange *self)
{
  close (self->fd);
  check_session_close (self->session);
}

static void
expect (int fd, const char *expected)
{
  gsize length = strlen (expected);
  g_autofree char *got = g_malloc0 (length + 1);

  g_assert_cmpuint (check_socket_receive (fd, got, length), ==, length);
  g_assert_cmpstr (got, ==, expected);
}

/* Waits until so many bytes have been read. */
static void
send_and_wait (Exchange *self, const char *bytes, gsize length)
{
  guint64 before = skt_session_get_bytes_received (self->session);

  check_socket_send (self->fd, bytes, length);
  check_wait (skt_session_get_bytes_received (self->session) == before + length);
}

/* Each kind of rule, with its input split at every byte: each half is a read of its own. */
static void
test_split (CheckFixture *fixture, gconstpointer data)
{
  const struct { SktMatchKind kind; const char *text, *frame, *stream, *expected; } cases[] = {
    { SKT_MATCH_TEXT, "ping", NULL, "xpping.ping", "<ping><ping>" },
    { SKT_MATCH_HEX, "70 ?? 6e", NULL, "ppinpun", "<pin><pun>" },
    { SKT_MATCH_REGEX, "n=\\d+", NULL, "n=1\nan=23 n=4\n", "<n=1><n=23><n=4>" },
    { SKT_MATCH_FRAME, NULL, "line lf", "ab\ncd\n", "<ab\n><cd\n>" },
    { SKT_MATCH_FRAME, NULL, "length width=1", "\2ab\1c", "<\2ab><\1c>" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize split = 0; split < strlen (cases[i].stream); split++)
      {
        SktAnswerRule *rule = new_rule (new_match (cases[i].kind, cases[i].text, cases[i].frame), NULL,
                                        (SktAnswerSettings) { 0 });
        g_autoptr (GString) plain = g_string_new (cases[i].expected);
        Exchange exchange;

        g_string_replace (plain, "<", "", 0);
        g_string_replace (plain, ">", "", 0);
        begin (fixture, &exchange);
        set_rules (exchange.session, NULL, skt_answer_rule_ref (rule), NULL);
        if (split > 0)
          send_and_wait (&exchange, cases[i].stream, split);
        send_and_wait (&exchange, cases[i].stream + split, strlen (cases[i].stream) - split);
        expect (exchange.fd, plain->str);
        g_assert_cmpuint (get_counts (rule).n_answers, ==, i == 2 ? 3 : 2);
        skt_answer_rule_unref (rule);
        end (&exchange);
      }
}

static void
test_any (CheckFixture *fixture, gconstpointer data)
{
  Exchange exchange;

  begin (fixture, &exchange);
  set_rules (exchange.session, NULL, new_rule (new_match (SKT_MATCH_ANY, NULL, NULL), "got it", (SktAnswerSettings) { 0 }),
             NULL);
  check_socket_send (exchange.fd, "x", 1);
  expect (exchange.fd, "got it");
  end (&exchange);
}

/* Two rules in one read answer in the order of the stream; both are recorded as sent by itself. */
static void
test_order (CheckFixture *fixture, gconstpointer data)
{
  Exchange exchange;
  g_autoptr (GByteArray) sent = NULL;

  begin (fixture, &exchange);
  set_rules (exchange.session, NULL,
             new_rule (new_match (SKT_MATCH_TEXT, "b", NULL), "2", (SktAnswerSettings) { 0 }),
             new_rule (new_match (SKT_MATCH_TEXT, "a", NULL), "1", (SktAnswerSettings) { 0 }), NULL);
  check_socket_send (exchange.fd, "a b ab", 6);
  expect (exchange.fd, "1212");
  check_wait (skt_session_get_bytes_sent (exchange.session) == 4);
  sent = check_journal_bytes (skt_session_get_journal (exchange.session), 1, SKT_RECORD_SENT);
  g_assert_cmpmem (sent->data, sent->len, "1212", 4);
  g_assert_true (check_journal_last (skt_session_get_journal (exchange.session), 1, SKT_RECORD_SENT).flags
                 & SKT_RECORD_FLAG_AUTOMATIC);
  end (&exchange);
}

static void
test_delay (CheckFixture *fixture, gconstpointer data)
{
  Exchange exchange;
  gint64 begun;

  begin (fixture, &exchange);
  set_rules (exchange.session, NULL,
             new_rule (new_match (SKT_MATCH_TEXT, "a", NULL), "late", (SktAnswerSettings) { .delay_ms = 120 }),
             new_rule (new_match (SKT_MATCH_TEXT, "a", NULL), "soon ", (SktAnswerSettings) { .delay_ms = 40 }), NULL);
  begun = g_get_monotonic_time ();
  check_socket_send (exchange.fd, "a", 1);
  expect (exchange.fd, "soon ");
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 40 * 1000);
  expect (exchange.fd, "late");
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 120 * 1000);
  end (&exchange);
}

/* What was not due when it was switched off is not sent. */
static void
test_stop (CheckFixture *fixture, gconstpointer data)
{
  SktAnswerRule *rule = new_rule (new_match (SKT_MATCH_TEXT, "a", NULL), "x", (SktAnswerSettings) { .delay_ms = 60000 });
  Exchange exchange;

  begin (fixture, &exchange);
  set_rules (exchange.session, NULL, skt_answer_rule_ref (rule), NULL);
  send_and_wait (&exchange, "a", 1);
  g_assert_cmpuint (get_counts (rule).n_matches, ==, 1);
  skt_session_set_answers (exchange.session, NULL, NULL);
  check_wait (get_counts (rule).n_held_back == 1);
  g_assert_cmpuint (get_counts (rule).n_answers, ==, 0);
  send_and_wait (&exchange, "a", 1);
  g_assert_cmpuint (get_counts (rule).n_matches, ==, 1);
  g_assert_cmpuint (skt_session_get_bytes_sent (exchange.session), ==, 0);
  skt_answer_rule_unref (rule);
  end (&exchange);
}

static void
test_once (CheckFixture *fixture, gconstpointer data)
{
  SktAnswerRule *rule = new_rule (new_match (SKT_MATCH_TEXT, "a", NULL), "x", (SktAnswerSettings) { .is_once = TRUE });
  Exchange exchange;
  int other;

  begin (fixture, &exchange);
  set_rules (exchange.session, NULL, skt_answer_rule_ref (rule), NULL);
  send_and_wait (&exchange, "aaa", 3);
  send_and_wait (&exchange, "a", 1);
  expect (exchange.fd, "x");
  /* for each connection */
  other = check_socket_connect (exchange.port);
  check_socket_send (other, "a", 1);
  expect (other, "x");
  g_assert_cmpuint (get_counts (rule).n_answers, ==, 2);
  close (other);
  skt_answer_rule_unref (rule);
  end (&exchange);
}

static void
test_limit (CheckFixture *fixture, gconstpointer data)
{
  SktAnswerRule *rule = new_rule (new_match (SKT_MATCH_TEXT, "a", NULL), "x", (SktAnswerSettings) { .max_per_second = 3 });
  Exchange exchange;
  SktAnswerCounts counts;

  begin (fixture, &exchange);
  set_rules (exchange.session, NULL, skt_answer_rule_ref (rule), NULL);
  send_and_wait (&exchange, "aaaaaaaaaa", 10);
  counts = get_counts (rule);
  g_assert_cmpuint (counts.n_matches, ==, 10);
  g_assert_cmpuint (counts.n_answers, ==, 3);
  g_assert_cmpuint (counts.n_held_back, ==, 7);
  expect (exchange.fd, "xxx");
  /* the next second */
  check_run_for (1050);
  send_and_wait (&exchange, "a", 1);
  expect (exchange.fd, "x");
  skt_answer_rule_unref (rule);
  end (&exchange);
}

static void
test_greeting (CheckFixture *fixture, gconstpointer data)
{
  Exchange exchange;
  int other;

  begin (fixture, &exchange);
  set_rules (exchange.session, NULL, new_rule (NULL, "hello", (SktAnswerSettings) { 0 }),
             new_rule (new_match (SKT_MATCH_TEXT, "a", NULL), "x", (SktAnswerSettings) { 0 }), NULL);
  other = check_socket_connect (exchange.port);
  expect (other, "hello");
  /* who was there before is not greeted */
  send_and_wait (&exchange, "a", 1);
  expect (exchange.fd, "x");
  close (other);
  end (&exchange);
}

static void
test_close (CheckFixture *fixture, gconstpointer data)
{
  Exchange exchange;
  g_autoptr (GByteArray) got = NULL;
  int code = 0;

  begin (fixture, &exchange);
  set_rules (exchange.session, NULL,
             new_rule (new_match (SKT_MATCH_TEXT, "quit", NULL), "bye", (SktAnswerSettings) { .closes = TRUE }),
             new_rule (new_match (SKT_MATCH_TEXT, "after", NULL), "no", (SktAnswerSettings) { 0 }), NULL);
  check_socket_send (exchange.fd, "quit after", 10);
  got = check_socket_receive_all (exchange.fd, &code);
  g_assert_nonnull (got);
  g_assert_cmpmem (got->data, got->len, "bye", 3);
  close (exchange.fd);
  check_wait (skt_session_get_n_open (exchange.session) == 0);
  check_assert_events (exchange.session, 1, "opened finished peer-finished closed(1)");
  check_session_close (exchange.session);
}

/* A rule that is also in the next set goes on where it was, in the middle of a match. */
static void
test_swap (CheckFixture *fixture, gconstpointer data)
{
  SktAnswerRule *kept = new_rule (new_match (SKT_MATCH_TEXT, "ping", NULL), "1", (SktAnswerSettings) { 0 });
  Exchange exchange;

  begin (fixture, &exchange);
  set_rules (exchange.session, NULL, new_rule (new_match (SKT_MATCH_TEXT, "g", NULL), "0", (SktAnswerSettings) { 0 }),
             skt_answer_rule_ref (kept), NULL);
  send_and_wait (&exchange, "pi", 2);
  set_rules (exchange.session, NULL, skt_answer_rule_ref (kept),
             new_rule (new_match (SKT_MATCH_TEXT, "ng", NULL), "2", (SktAnswerSettings) { 0 }), NULL);
  send_and_wait (&exchange, "ng", 2);
  expect (exchange.fd, "12");
  g_assert_cmpuint (get_counts (kept).n_answers, ==, 1);
  skt_answer_rule_unref (kept);
  end (&exchange);
}

static void
test_one_connection (CheckFixture *fixture, gconstpointer data)
{
  Exchange exchange;
  SktConnection *second;
  int other;

  begin (fixture, &exchange);
  other = check_socket_connect (exchange.port);
  second = check_wait_for_connection (exchange.session, 2);
  set_rules (exchange.session, second, new_rule (new_match (SKT_MATCH_ANY, NULL, NULL), "x", (SktAnswerSettings) { 0 }),
             NULL);
  send_and_wait (&exchange, "a", 1);
  check_socket_send (other, "a", 1);
  expect (other, "x");
  g_assert_cmpuint (skt_connection_get_bytes_sent (skt_session_get_connection (exchange.session, 1)), ==, 0);
  close (other);
  end (&exchange);
}

/* A frame that a pause ends is answered when the pause is over, not when more comes. */
static void
test_pause (CheckFixture *fixture, gconstpointer data)
{
  Exchange exchange;

  begin (fixture, &exchange);
  set_rules (exchange.session, NULL, new_rule (new_match (SKT_MATCH_FRAME, NULL, "pause 30"), NULL, (SktAnswerSettings) { 0 }),
             NULL);
  check_socket_send (exchange.fd, "ab", 2);
  expect (exchange.fd, "ab");
  check_socket_send (exchange.fd, "c", 1);
  expect (exchange.fd, "c");
  end (&exchange);
}

/* Two programs that answer each other: bounded by the limit, and it stops. */
static void
test_ping_pong (CheckFixture *fixture, gconstpointer data)
{
  SktSession *server = check_session_new (fixture, SKT_SESSION_SERVER);
  SktSession *client = check_session_new (fixture, SKT_SESSION_CLIENT);
  SktAnswerSettings settings = { .max_per_second = SKT_ANSWER_DEFAULT_LIMIT };
  SktAnswerRule *rules[2];
  g_autoptr (GBytes) go = g_bytes_new_static ("go", 2);

  check_session_connect (client, "127.0.0.1", check_session_listen (server));
  check_wait_for_connection (server, 1);
  check_wait (skt_session_get_state (client) == SKT_STATE_CONNECTED);
  for (guint i = 0; i < 2; i++)
    {
      rules[i] = new_rule (new_match (SKT_MATCH_ANY, NULL, NULL), "again", settings);
      set_rules (i == 0 ? server : client, NULL, skt_answer_rule_ref (rules[i]), NULL);
    }
  g_assert_true (skt_connection_send_bytes (skt_session_get_current (client), go, NULL));
  /* one of them has held one back, so nobody sends any more */
  check_wait (get_counts (rules[0]).n_held_back + get_counts (rules[1]).n_held_back == 1);
  g_assert_cmpuint (get_counts (rules[0]).n_answers, <=, SKT_ANSWER_DEFAULT_LIMIT);
  g_assert_cmpuint (get_counts (rules[1]).n_answers, <=, SKT_ANSWER_DEFAULT_LIMIT);
  skt_answer_rule_unref (rules[0]);
  skt_answer_rule_unref (rules[1]);
  check_session_close (client);
  check_session_close (server);
}

/* A peer that only sends: the answers are held back, not queued without end. */
static void
test_full_queue (CheckFixture *fixture, gconstpointer data)
{
  g_autofree char *kib = g_strnfill (1024, 'x');
  SktAnswerRule *rule = new_rule (new_match (SKT_MATCH_TEXT, "a", NULL), kib, (SktAnswerSettings) { 0 });
  g_autofree char *many = g_strnfill (64 * 1024, 'a');
  Exchange exchange;

  begin (fixture, &exchange);
  skt_session_set_queue_bound (exchange.session, 64 * 1024);
  set_rules (exchange.session, NULL, skt_answer_rule_ref (rule), NULL);
  while (get_counts (rule).n_held_back == 0)
    {
      g_assert_cmpuint (get_counts (rule).n_answers, <, 1024 * 1024);
      send_and_wait (&exchange, many, 64 * 1024);
    }
  g_assert_cmpuint (skt_session_get_bytes_queued (exchange.session), <=, 64 * 1024);
  skt_answer_rule_unref (rule);
  end (&exchange);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  check_add ("/core/answers/split", test_split);
  check_add ("/core/answers/any", test_any);
  check_add ("/core/answers/order", test_order);
  check_add ("/core/answers/delay", test_delay);
  check_add ("/core/answers/stop", test_stop);
  check_add ("/core/answers/once", test_once);
  check_add ("/core/answers/limit", test_limit);
  check_add ("/core/answers/greeting", test_greeting);
  check_add ("/core/answers/close", test_close);
  check_add ("/core/answers/swap", test_swap);
  check_add ("/core/answers/one-connection", test_one_connection);
  check_add ("/core/answers/pause", test_pause);
  check_add ("/core/answers/ping-pong", test_ping_pong);
  check_add ("/core/answers/full-queue", test_full_queue);
  return g_test_run ();
}
