/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-connection.h"
#include "skt-problem.h"
#include "skt-record-text.h"

#include <errno.h>
#include <string.h>

static void
assert_text (SktRecord record, const char *detail, const char *expected)
{
  g_autofree char *text = skt_record_to_text (&record, detail, detail != NULL ? (gssize) strlen (detail) : 0);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_records (void)
{
  assert_text ((SktRecord){ .kind = SKT_RECORD_RECEIVED, .length = 1 }, NULL, "received 1 byte");
  assert_text ((SktRecord){ .kind = SKT_RECORD_RECEIVED, .length = 2 }, "payload", "received 2 bytes");
  assert_text ((SktRecord){ .kind = SKT_RECORD_SENT, .length = 2 }, NULL, "sent 2 bytes");
  assert_text ((SktRecord){ .kind = SKT_RECORD_SENT, .length = 2, .flags = SKT_RECORD_FLAG_AUTOMATIC }, NULL,
               "sent 2 bytes back (echo)");
  assert_text ((SktRecord){ .kind = SKT_RECORD_RESOLVING }, "foo", "looking up “foo”");
  assert_text ((SktRecord){ .kind = SKT_RECORD_CONNECTING }, "127.0.0.1:80", "connecting to 127.0.0.1:80");
  assert_text ((SktRecord){ .kind = SKT_RECORD_OPENED }, "127.0.0.1:40312 127.0.0.1:7788",
               "connected: 127.0.0.1:40312 → 127.0.0.1:7788");
  assert_text ((SktRecord){ .kind = SKT_RECORD_OPENED }, "damaged", "connected: damaged");
  assert_text ((SktRecord){ .kind = SKT_RECORD_OPENED }, NULL, "connected");
  assert_text ((SktRecord){ .kind = SKT_RECORD_PEER_FINISHED }, NULL, "the peer has finished sending (FIN)");
  assert_text ((SktRecord){ .kind = SKT_RECORD_CLOSED, .reason = SKT_REASON_PEER_CLOSED }, NULL,
               "closed: the peer closed the connection (FIN)");
  assert_text ((SktRecord){ .kind = SKT_RECORD_CLOSED, .reason = SKT_REASON_RESET, .stream_offset = 1 }, NULL,
               "closed: the peer reset the connection (RST); 1 byte was left unsent");
  assert_text ((SktRecord){ .kind = SKT_RECORD_CLOSED, .reason = SKT_REASON_LOCAL_CLOSED,
                           .stream_offset = 5000000001 }, NULL,
               "closed: you closed the connection; 5000000001 bytes were left unsent");
  assert_text ((SktRecord){ .kind = SKT_RECORD_CLOSED, .reason = SKT_REASON_OTHER, .code = EIO }, NULL,
               "closed: Input/output error");
  assert_text ((SktRecord){ .kind = SKT_RECORD_FAILED, .reason = SKT_REASON_REFUSED }, "127.0.0.1:80",
               "failed: 127.0.0.1:80: refused: nothing listens on this port (RST in answer to SYN)");
  assert_text ((SktRecord){ .kind = SKT_RECORD_FAILED, .reason = SKT_REASON_CANCELLED }, NULL, "failed: you cancelled");
  assert_text ((SktRecord){ .kind = SKT_RECORD_LISTENING }, "[::]:80", "listening on [::]:80");
  assert_text ((SktRecord){ .kind = SKT_RECORD_STOPPED_LISTENING, .reason = SKT_REASON_LOCAL_CLOSED }, NULL,
               "stopped listening");
  assert_text ((SktRecord){ .kind = SKT_RECORD_NOTE }, "step 2 begins", "step 2 begins");
  assert_text ((SktRecord){ .kind = SKT_RECORD_FINISHED }, NULL, "this side has finished sending (FIN)");
  assert_text ((SktRecord){ .kind = SKT_RECORD_RECEIVED, .length = 1, .flags = SKT_RECORD_FLAG_URGENT }, "!",
               "received an urgent byte");
}

/* What a damaged file may hold. */
static void
test_tainted (void)
{
  g_autofree char *part = NULL;
  SktRecord note = { .kind = SKT_RECORD_NOTE };

  assert_text (note, "a\nb", "a\357\277\275b");
  assert_text (note, "a\342\200\256b", "a\357\277\275b");
  assert_text (note, "a\377b", "a\357\277\275b");
  assert_text ((SktRecord){ .kind = SKT_RECORD_NONE }, "x", "unknown record (kind 0)");
  assert_text ((SktRecord){ .kind = 200 }, "x", "unknown record (kind 200)");
  assert_text ((SktRecord){ .kind = SKT_RECORD_CLOSED, .reason = 200 }, NULL, "closed: unknown reason 200");
  part = skt_record_to_text (&note, "not terminated", 3);
  g_assert_cmpstr (part, ==, "not");
}

static void
test_reasons (void)
{
  for (guint reason = 0; reason < SKT_N_REASONS; reason++)
    {
      g_autofree char *text = skt_reason_to_text (reason, 0);
      g_autofree char *end = skt_end_to_text (&(SktRecord){ .reason = reason }, 12345678);

      g_assert_cmpuint (strlen (text), >, 3);
      g_assert_nonnull (strstr (end, "12.3 s"));
      g_assert_cmpint (text[strlen (text) - 1], !=, '.');
    }
  g_assert_cmpstr (skt_reason_get_advice (SKT_REASON_REFUSED, FALSE), ==, "Start the server there or check the port.");
  g_assert_cmpstr (skt_reason_get_advice (SKT_REASON_ADDRESS_IN_USE, TRUE), ==,
                   "Choose another port, or stop the other program.");
  g_assert_null (skt_reason_get_advice (SKT_REASON_PEER_CLOSED, FALSE));
  g_assert_null (skt_reason_get_advice (200, TRUE));
}

static void
assert_end (SktReason reason, gint64 duration_us, const char *expected)
{
  g_autofree char *text = skt_end_to_text (&(SktRecord){ .kind = SKT_RECORD_CLOSED, .reason = reason }, duration_us);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_ends (void)
{
  assert_end (SKT_REASON_PEER_CLOSED, 12300000, "peer closed (FIN) after 12.3 s");
  assert_end (SKT_REASON_RESET, 200000, "peer reset the connection (RST) after 0.2 s");
  assert_end (SKT_REASON_LOCAL_CLOSED, 3000000, "you closed after 3.0 s");
  assert_end (SKT_REASON_LOCAL_CLOSED, 63 * G_TIME_SPAN_SECOND, "you closed after 1 min 3 s");
  assert_end (SKT_REASON_TIMED_OUT, 2 * G_TIME_SPAN_HOUR + 61 * G_TIME_SPAN_SECOND,
              "timed out: no acknowledgement after 2 h 1 min");
  assert_end (SKT_REASON_REFUSED, 0,
              "failed after 0.0 s: refused: nothing listens on this port (RST in answer to SYN)");
  assert_end (SKT_REASON_LOCAL_RESET, 100000, "you reset the connection (RST) after 0.1 s");
  assert_end (SKT_REASON_KEEP_ALIVE, 100000, "timed out: keep-alive unanswered after 0.1 s");
  assert_end (SKT_REASON_HOST_UNREACHABLE, 100000, "host could no longer be reached after 0.1 s");
  assert_end (SKT_REASON_NETWORK_UNREACHABLE, 100000, "network could no longer be reached after 0.1 s");
}

static void
assert_end_of (SktRecord record, const char *expected)
{
  g_autofree char *text = NULL;

  record.kind = SKT_RECORD_CLOSED;
  text = skt_end_to_text (&record, 100000);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_end_details (void)
{
  assert_end_of ((SktRecord){ .reason = SKT_REASON_TIMED_OUT, .stream_offset = 5, .unacknowledged = 1 },
                 "timed out: no acknowledgement after 0.1 s; 5 bytes were left unsent; 1 byte was not acknowledged");
  assert_end_of ((SktRecord){ .reason = SKT_REASON_LOCAL_CLOSED, .flags = SKT_RECORD_FLAG_LOCAL_FIRST },
                 "you closed after 0.1 s");
  assert_end_of ((SktRecord){ .reason = SKT_REASON_LOCAL_CLOSED, .flags = SKT_RECORD_FLAG_PEER_FIRST },
                 "you closed after 0.1 s; the peer’s FIN came first");
  assert_end_of ((SktRecord){ .reason = SKT_REASON_PEER_CLOSED, .flags = SKT_RECORD_FLAG_LOCAL_FIRST },
                 "peer closed (FIN) after 0.1 s; your FIN came first");
  assert_end_of ((SktRecord){ .reason = SKT_REASON_RESET, .flags = SKT_RECORD_FLAG_PEER_FIRST, .unacknowledged = 2 },
                 "peer reset the connection (RST) after 0.1 s; 2 bytes were not acknowledged; the peer’s FIN came first");
  assert_text ((SktRecord){ .kind = SKT_RECORD_CLOSED, .reason = SKT_REASON_RESET, .unacknowledged = 2 }, "75.500",
               "closed: the peer reset the connection (RST) after 1 min 15 s; 2 bytes were not acknowledged");
  assert_text ((SktRecord){ .kind = SKT_RECORD_CLOSED, .reason = SKT_REASON_RESET }, "damaged",
               "closed: the peer reset the connection (RST)");
  assert_text ((SktRecord){ .kind = SKT_RECORD_CLOSED, .reason = SKT_REASON_RESET }, "1e300",
               "closed: the peer reset the connection (RST)");
}

static void
test_errno (void)
{
  g_assert_cmpint (skt_reason_from_errno (ECONNRESET), ==, SKT_REASON_RESET);
  g_assert_cmpint (skt_reason_from_errno (EPIPE), ==, SKT_REASON_RESET);
  g_assert_cmpint (skt_reason_from_errno (ETIMEDOUT), ==, SKT_REASON_TIMED_OUT);
  g_assert_cmpint (skt_reason_from_errno (EADDRNOTAVAIL), ==, SKT_REASON_ADDRESS_NOT_AVAILABLE);
  g_assert_cmpint (skt_reason_from_errno (EMFILE), ==, SKT_REASON_OUT_OF_DESCRIPTORS);
  g_assert_cmpint (skt_reason_from_errno (EIO), ==, SKT_REASON_OTHER);
}

static void
test_states (void)
{
  for (guint state = 0; state < SKT_N_STATES; state++)
    for (guint other = 0; other < state; other++)
      g_assert_cmpstr (skt_state_to_text (state), !=, skt_state_to_text (other));
  g_assert_cmpstr (skt_state_to_text (SKT_STATE_CONNECTED), ==, "connected");
  g_assert_cmpstr (skt_state_to_text (SKT_STATE_PEER_FINISHED), ==, "peer has finished");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/text/records", test_records);
  g_test_add_func ("/core/text/tainted", test_tainted);
  g_test_add_func ("/core/text/reasons", test_reasons);
  g_test_add_func ("/core/text/ends", test_ends);
  g_test_add_func ("/core/text/ends-details", test_end_details);
  g_test_add_func ("/core/text/errno", test_errno);
  g_test_add_func ("/core/text/states", test_states);
  return g_test_run ();
}
