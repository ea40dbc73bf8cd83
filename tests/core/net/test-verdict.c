/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "skt-tcp-verdict.h"

#include <locale.h>
#include <string.h>

/* Sentences made of samples that were made up, and reading what a kernel gives. */

#define SECOND G_TIME_SPAN_SECOND

/* An established connection on which nothing happens. */
static SktTcpInfo
quiet (double seconds)
{
  SktTcpInfo info = { 0, };

  info.time = 1000 * SECOND + seconds * SECOND;
  info.state = SKT_TCP_STATE_ESTABLISHED;
  info.send_window = 65536;
  info.rto = 204000;
  return info;
}

static void
check (SktTcpHistory *history, SktState state, const char *expected)
{
  SktVerdict verdict;
  g_autofree char *text = NULL;

  skt_verdict_judge (history, state, &verdict);
  text = skt_verdict_to_text (&verdict);
  g_assert_cmpstr (text, ==, expected);
}

static void
check_one (SktTcpInfo info, const char *expected)
{
  g_autoptr (SktTcpHistory) history = skt_tcp_history_new ();

  skt_tcp_history_add (history, &info);
  check (history, SKT_STATE_CONNECTED, expected);
}

static void
check_two (SktTcpInfo first, SktTcpInfo last, const char *expected)
{
  g_autoptr (SktTcpHistory) history = skt_tcp_history_new ();

  skt_tcp_history_add (history, &first);
  skt_tcp_history_add (history, &last);
  check (history, SKT_STATE_CONNECTED, expected);
}

static void
test_not_open (void)
{
  g_autoptr (SktTcpHistory) history = skt_tcp_history_new ();
  SktTcpInfo info = quiet (0);

  check (history, SKT_STATE_IDLE, "there is no connection yet");
  check (history, SKT_STATE_RESOLVING, "there is no connection yet");
  check (history, SKT_STATE_CONNECTING, "no connection yet: the peer has not answered the SYN");
  check (history, SKT_STATE_CONNECTED, "the kernel has not been asked yet");
  check (history, SKT_STATE_CLOSED, "the connection is over");
  info.sent = 2000;
  info.acknowledged = 976;
  skt_tcp_history_add (history, &info);
  check (history, SKT_STATE_CLOSED,
         "the connection is over; when it was closed, 1.0\u00a0KiB were not acknowledged");
}

static void
test_zero_window (void)
{
  SktTcpInfo first = quiet (0), last = quiet (3.2);

  check_one (quiet (0), "no traffic; all that was sent is acknowledged");
  first.send_window = last.send_window = 0;
  check_one (first, "peer is not reading: its window is 0");
  first.queued = last.send_queue = last.not_sent = 500;
  check_one (last, "peer is not reading: its window is 0");
  check_two (first, last, "peer is not reading: its window has been 0 for 3 s");
  /* a retransmission counts less than the window */
  last.unacked = 1;
  last.timeouts = 2;
  check_two (first, last, "peer is not reading: its window has been 0 for 3 s");
  /* a kernel that does not tell the window */
  last.send_window = SKT_TCP_UNKNOWN;
  last.unacked = last.timeouts = 0;
  last.probes = 1;
  check_one (last, "peer is not reading: its window is 0");
}

static void
test_outstanding (void)
{
  SktTcpInfo first = quiet (0), last = quiet (4.1);

  first.unacked = last.unacked = 2;
  first.send_queue = last.send_queue = 100;
  check_one (first, "no traffic; some bytes are not acknowledged yet");
  check_two (first, last, "acknowledgement outstanding for 4 s");
  last.timeouts = 1;
  check_two (first, last, "acknowledgement outstanding for 4 s, 1 retransmission");
  last.timeouts = 3;
  check_two (first, last, "acknowledgement outstanding for 4 s, 3 retransmissions");
  /* nobody looked when it began */
  last.last_data_sent = 7000;
  check_one (last, "acknowledgement outstanding for 7 s, 3 retransmissions");
  last.last_data_sent = 0;
  last.bytes_acked = 50;
  check_two (first, last, "acknowledgement outstanding for 0.0 s, 3 retransmissions");
}

static void
test_not_reading (void)
{
  SktTcpInfo first = quiet (0), last = quiet (1.5);

  first.receive_queue = last.receive_queue = 3 * 1024 * 1024;
  check_two (first, last, "this program is not reading: 3.0\u00a0MiB wait in the receive queue");
  first.time = last.time - 100 * G_TIME_SPAN_MILLISECOND;
  check_two (first, last, "no traffic; all that was sent is acknowledged");
}

static void
test_traffic (void)
{
  SktTcpInfo first = quiet (0), last = quiet (1);

  last.acknowledged = 1258291;
  check_two (first, last, "data flows at 1.2\u00a0MiB/s to the peer");
  last.bytes_received = 2048;
  check_two (first, last, "data flows at 1.2\u00a0MiB/s to the peer, 2.0\u00a0KiB/s from it");
  last.acknowledged = 0;
  check_two (first, last, "data flows at 2.0\u00a0KiB/s from the peer");
  last.acknowledged = 1024;
  last.bytes_received = 0;
  last.busy_time = 900000;
  check_two (first, last, "data flows at 1.0\u00a0KiB/s to the peer");
  first.not_sent = last.not_sent = 5000;
  check_two (first, last, "limited by congestion control; data flows at 1.0\u00a0KiB/s to the peer");
  last.rwnd_limited = 600000;
  check_two (first, last, "limited by the receiver’s window; data flows at 1.0\u00a0KiB/s to the peer");
  last.rwnd_limited = 0;
  last.sndbuf_limited = 600000;
  check_two (first, last, "limited by the send buffer; data flows at 1.0\u00a0KiB/s to the peer");
  last.total_retransmitted = 2;
  check_two (first, last,
             "2 segments were sent again in the last second; data flows at 1.0\u00a0KiB/s to the peer");
}

static void
test_silence (void)
{
  SktTcpInfo info = quiet (0);

  info.last_data_sent = 12400;
  info.last_data_received = 12900;
  info.last_ack_received = 12400;
  check_one (info, "idle for 12 s; all that was sent is acknowledged");
  info.last_ack_received = 2000;
  check_one (info, "idle for 12 s, alive (keep-alive answered 2 s ago)");
  info.probes = 2;
  check_one (info, "idle for 12 s, 2 keep-alive probes without an answer");
  info.probes = 0;
  info.state = SKT_TCP_STATE_FIN_WAIT_2;
  check_one (info, "this side has finished, the peer may still send; idle for 12 s");
  info.state = SKT_TCP_STATE_FIN_WAIT_1;
  check_one (info, "this side has finished; its FIN is not acknowledged yet");
  info.state = SKT_TCP_STATE_CLOSE_WAIT;
  check_one (info, "the peer has finished, this side may still send; idle for 12 s");
  info.state = SKT_TCP_STATE_ESTABLISHED;
  info.last_data_sent = info.last_data_received = info.last_ack_received = 7200 * 1000;
  check_one (info, "idle for 2 h; all that was sent is acknowledged");
}

static void
test_history (void)
{
  g_autoptr (SktTcpHistory) history = skt_tcp_history_new ();

  g_assert_null (skt_tcp_history_get_last (history));
  g_assert_null (skt_tcp_history_get_before (history, 1));
  for (guint i = 0; i < SKT_TCP_HISTORY_SIZE + 100; i++)
    {
      SktTcpInfo info = quiet (i / 4.0);

      info.rtt = i;
      skt_tcp_history_add (history, &info);
      g_assert_cmpuint (skt_tcp_history_get_n (history), ==, MIN (i + 1, SKT_TCP_HISTORY_SIZE));
      g_assert_cmpuint (skt_tcp_history_get_last (history)->rtt, ==, i);
    }
  for (guint i = 0; i < SKT_TCP_HISTORY_SIZE; i++)
    g_assert_cmpuint (skt_tcp_history_get (history, i)->rtt, ==, i + 100);
  g_assert_cmpuint (skt_tcp_history_get_before (history, SECOND)->rtt, ==, SKT_TCP_HISTORY_SIZE + 100 - 1 - 4);
  g_assert_cmpuint (skt_tcp_history_get_before (history, 1000 * SECOND)->rtt, ==, 100);
  skt_tcp_history_clear (history);
  g_assert_cmpuint (skt_tcp_history_get_n (history), ==, 0);
}

/* What an older kernel does not fill is unknown, at any length. */
static void
test_parse (void)
{
  guint8 bytes[300];
  SktTcpInfo info;

  memset (bytes, 1, sizeof bytes);
  skt_tcp_info_parse (bytes, sizeof bytes, &info);
  g_assert_cmpuint (info.state, ==, SKT_TCP_STATE_ESTABLISHED);
  g_assert_cmpuint (info.rtt, ==, 0x01010101);
  g_assert_cmpuint (info.bytes_acked, ==, G_GUINT64_CONSTANT (0x0101010101010101));
  g_assert_cmpuint (info.send_window, ==, 0x01010101);
  g_assert_cmpuint (info.receive_window, ==, 0x01010101);
  g_assert_cmpuint (info.is_app_limited, ==, 1);
  skt_tcp_info_parse (bytes, 232, &info);
  g_assert_true (skt_tcp_is_known (info.send_window));
  g_assert_false (skt_tcp_is_known (info.receive_window));
  skt_tcp_info_parse (bytes, 231, &info);
  g_assert_false (skt_tcp_is_known (info.send_window));
  skt_tcp_info_parse (bytes, 104, &info);
  g_assert_true (skt_tcp_is_known (info.total_retransmitted));
  g_assert_false (skt_tcp_is_known (info.bytes_acked));
  g_assert_false (skt_tcp_is_known (info.is_app_limited));
  for (gsize length = 0; length < 8; length++)
    skt_tcp_info_parse (bytes, length, &info);
  g_assert_false (skt_tcp_is_known (info.rto));
  memset (bytes, 0xff, sizeof bytes);
  skt_tcp_info_parse (bytes, sizeof bytes, &info);
  g_assert_false (skt_tcp_is_known (info.min_rtt));
  g_assert_cmpstr (skt_tcp_state_to_name (info.state), ==, "?");
  g_assert_cmpstr (skt_tcp_state_to_name (SKT_TCP_STATE_CLOSING), ==, "CLOSING");
  g_assert_cmpstr (skt_tcp_state_to_name (SKT_TCP_STATE_FIN_WAIT_1), ==, "FIN-WAIT-1");
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/verdict/not-open", test_not_open);
  g_test_add_func ("/core/verdict/zero-window", test_zero_window);
  g_test_add_func ("/core/verdict/outstanding", test_outstanding);
  g_test_add_func ("/core/verdict/not-reading", test_not_reading);
  g_test_add_func ("/core/verdict/traffic", test_traffic);
  g_test_add_func ("/core/verdict/silence", test_silence);
  g_test_add_func ("/core/tcp-info/history", test_history);
  g_test_add_func ("/core/tcp-info/parse", test_parse);
  return g_test_run ();
}
