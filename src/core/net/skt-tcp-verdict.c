/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-tcp-verdict.h"

#include <glib/gi18n-lib.h>

/* What is said of the traffic is about the last second. */
#define LATELY G_TIME_SPAN_SECOND
/* Shorter than that it is the ordinary way of things. */
#define LONG_OUTSTANDING G_TIME_SPAN_SECOND
#define LONG_UNREAD G_TIME_SPAN_SECOND
/* Traffic that is older is none. */
#define IDLE (2 * G_TIME_SPAN_SECOND)
/* An acknowledgement so much later than all data answers a keep-alive probe; earlier it may be a delayed one. */
#define LATE_ACK (2 * G_TIME_SPAN_SECOND)

/* -- What the samples say ------------------------------------------------------------------------------------- */

static guint64
or_zero (guint64 value)
{
  return skt_tcp_is_known (value) ? value : 0;
}

/* How much a counter has grown. */
static guint64
grown (guint64 before, guint64 now)
{
  return skt_tcp_is_known (before) && skt_tcp_is_known (now) && now > before ? now - before : 0;
}

static gboolean
has_something_to_send (const SktTcpInfo *now)
{
  return or_zero (now->send_queue) > 0 || or_zero (now->queued) > 0;
}

/* Since when what `is_so` says of a sample has been true of all of them. */
static gint64
get_duration (const SktTcpHistory *history, gboolean (*is_so) (const SktTcpInfo *sample, const SktTcpInfo *now))
{
  const SktTcpInfo *now = skt_tcp_history_get_last (history);
  gint64 since = now->time;

  for (guint i = skt_tcp_history_get_n (history); i > 0; i--)
    {
      const SktTcpInfo *sample = skt_tcp_history_get (history, i - 1);

      if (!is_so (sample, now))
        break;
      since = sample->time;
    }
  return now->time - since;
}

static gboolean
is_window_zero (const SktTcpInfo *sample, const SktTcpInfo *now)
{
  if (sample->state != now->state && sample->state == SKT_TCP_STATE_SYN_SENT)
    return FALSE;
  if (skt_tcp_is_known (sample->send_window))
    return sample->send_window == 0;
  /* older kernels: something waits, nothing is on its way, and the peer is asked for room */
  return or_zero (sample->probes) > 0 && sample->unacked == 0 && or_zero (sample->not_sent) > 0;
}

static gboolean
is_outstanding (const SktTcpInfo *sample, const SktTcpInfo *now)
{
  return or_zero (sample->unacked) > 0 && sample->bytes_acked == now->bytes_acked;
}

static gboolean
is_unread (const SktTcpInfo *sample, const SktTcpInfo *now)
{
  return or_zero (sample->receive_queue) > 0 && sample->received == now->received;
}

/* When the last data went either way. */
static gint64
get_idle_time (const SktTcpInfo *now)
{
  return (gint64) MIN (or_zero (now->last_data_sent), or_zero (now->last_data_received)) *
         G_TIME_SPAN_MILLISECOND;
}

/* -- Judging -------------------------------------------------------------------------------------------------- */

static gboolean
judge_stalls (const SktTcpHistory *history, SktVerdict *verdict)
{
  const SktTcpInfo *now = skt_tcp_history_get_last (history);

  if (is_window_zero (now, now) && has_something_to_send (now))
    {
      verdict->kind = SKT_VERDICT_ZERO_WINDOW;
      verdict->duration = get_duration (history, is_window_zero);
      verdict->count = or_zero (now->probes);
      return TRUE;
    }
  if (or_zero (now->unacked) > 0)
    {
      /* It may have been so before anybody looked; a retransmission is data that is sent. */
      verdict->duration = MAX (get_duration (history, is_outstanding),
                               (gint64) or_zero (now->last_data_sent) * G_TIME_SPAN_MILLISECOND);
      verdict->count = or_zero (now->timeouts);
      if (verdict->count > 0 || verdict->duration >= LONG_OUTSTANDING)
        {
          verdict->kind = SKT_VERDICT_OUTSTANDING;
          return TRUE;
        }
    }
  if (get_duration (history, is_unread) >= LONG_UNREAD)
    {
      verdict->kind = SKT_VERDICT_NOT_READING;
      verdict->bytes = or_zero (now->receive_queue);
      return TRUE;
    }
  return FALSE;
}

static SktVerdictKind
judge_limits (const SktTcpInfo *before, const SktTcpInfo *now)
{
  guint64 busy = grown (before->busy_time, now->busy_time);
  guint64 by_receiver = grown (before->rwnd_limited, now->rwnd_limited);
  guint64 by_buffer = grown (before->sndbuf_limited, now->sndbuf_limited);
  guint64 passed = now->time - before->time;

  if (by_receiver * 2 > passed)
    return SKT_VERDICT_RECEIVER_LIMITED;
  if (by_buffer * 2 > passed)
    return SKT_VERDICT_BUFFER_LIMITED;
  /* busy all the time, with more to send than is on its way */
  if ((busy - MIN (busy, by_receiver + by_buffer)) * 2 > passed && or_zero (now->not_sent) > 0 &&
      or_zero (before->not_sent) > 0)
    return SKT_VERDICT_CONGESTION_LIMITED;
  return SKT_VERDICT_FLOWS;
}

static gboolean
judge_traffic (const SktTcpHistory *history, SktVerdict *verdict)
{
  const SktTcpInfo *now = skt_tcp_history_get_last (history);
  const SktTcpInfo *before = skt_tcp_history_get_before (history, LATELY);
  double seconds;
  guint64 sent, received;

  if (before == NULL || before->time >= now->time)
    return FALSE;
  seconds = (double) (now->time - before->time) / G_TIME_SPAN_SECOND;
  sent = grown (before->acknowledged, now->acknowledged);
  received = grown (before->bytes_received, now->bytes_received);
  if (sent + received == 0)
    return FALSE;
  verdict->sent_rate = sent / seconds;
  verdict->received_rate = received / seconds;
  verdict->count = grown (before->total_retransmitted, now->total_retransmitted);
  verdict->kind = verdict->count > 0 ? SKT_VERDICT_LOSSES : judge_limits (before, now);
  return TRUE;
}

static void
judge_silence (const SktTcpHistory *history, SktVerdict *verdict)
{
  const SktTcpInfo *now = skt_tcp_history_get_last (history);
  gint64 ack_age = (gint64) or_zero (now->last_ack_received) * G_TIME_SPAN_MILLISECOND;

  verdict->duration = get_idle_time (now);
  verdict->age = ack_age;
  verdict->bytes = or_zero (now->send_queue);
  verdict->count = or_zero (now->probes);
  if (now->state == SKT_TCP_STATE_FIN_WAIT_1 || now->state == SKT_TCP_STATE_CLOSING || now->state == SKT_TCP_STATE_LAST_ACK)
    verdict->kind = SKT_VERDICT_WAITS_FOR_FIN_ACK;
  else if (verdict->count > 0)
    verdict->kind = SKT_VERDICT_PROBES_UNANSWERED;
  else if (now->state == SKT_TCP_STATE_FIN_WAIT_2)
    verdict->kind = SKT_VERDICT_WE_FINISHED;
  else if (now->state == SKT_TCP_STATE_CLOSE_WAIT)
    verdict->kind = SKT_VERDICT_PEER_FINISHED;
  else if (is_window_zero (now, now))
    {
      verdict->kind = SKT_VERDICT_ZERO_WINDOW;
      verdict->duration = get_duration (history, is_window_zero);
    }
  else if (verdict->duration >= IDLE && ack_age + LATE_ACK <= verdict->duration)
    verdict->kind = SKT_VERDICT_ALIVE;
  else
    verdict->kind = SKT_VERDICT_IDLE;
}

static void
judge_end (const SktTcpInfo *last, SktVerdict *verdict)
{
  guint64 unacknowledged = last != NULL ? grown (last->acknowledged, last->sent) : 0;

  verdict->bytes = unacknowledged;
  verdict->kind = unacknowledged > 0 ? SKT_VERDICT_OVER_UNACKNOWLEDGED : SKT_VERDICT_OVER;
}

void
skt_verdict_judge (const SktTcpHistory *history, SktState state, SktVerdict *ret_verdict)
{
  const SktTcpInfo *now = skt_tcp_history_get_last (history);

  *ret_verdict = (SktVerdict){ SKT_VERDICT_UNKNOWN, };
  if (state == SKT_STATE_CLOSED || state == SKT_STATE_FAILED)
    judge_end (now, ret_verdict);
  else if (state == SKT_STATE_CONNECTING)
    ret_verdict->kind = SKT_VERDICT_CONNECTING;
  else if (state == SKT_STATE_IDLE || state == SKT_STATE_RESOLVING || state == SKT_STATE_LISTENING)
    ret_verdict->kind = SKT_VERDICT_NOT_OPEN;
  else if (now != NULL && !judge_stalls (history, ret_verdict) && !judge_traffic (history, ret_verdict))
    judge_silence (history, ret_verdict);
}

/* -- Words ---------------------------------------------------------------------------------------------------- */

static char *
duration_to_text (gint64 duration)
{
  gint64 seconds = duration / G_TIME_SPAN_SECOND;

  if (seconds < 1)
    /* Translators: a duration in seconds, less than one */
    return g_strdup_printf (_("%.1f s"), duration / (double) G_TIME_SPAN_SECOND);
  if (seconds < 100)
    /* Translators: a duration in seconds */
    return g_strdup_printf (_("%d s"), (int) seconds);
  if (seconds < 100 * 60)
    /* Translators: a duration in minutes */
    return g_strdup_printf (_("%d min"), (int) (seconds / 60));
  /* Translators: a duration in hours */
  return g_strdup_printf (_("%d h"), (int) MIN (seconds / 3600, G_MAXINT));
}

static char *
rate_to_text (double rate)
{
  g_autofree char *size = g_format_size_full ((guint64) rate, G_FORMAT_SIZE_IEC_UNITS);

  /* Translators: a rate; %s is a size such as “1.2 MiB” */
  return g_strdup_printf (_("%s/s"), size);
}

static char *
rates_to_text (const SktVerdict *verdict)
{
  g_autofree char *sent = rate_to_text (verdict->sent_rate);
  g_autofree char *received = rate_to_text (verdict->received_rate);

  if (verdict->received_rate <= 0)
    /* Translators: what is sent and acknowledged; %s is a rate such as “1.2 MiB/s” */
    return g_strdup_printf (_("data flows at %s to the peer"), sent);
  if (verdict->sent_rate <= 0)
    return g_strdup_printf (_("data flows at %s from the peer"), received);
  return g_strdup_printf (_("data flows at %s to the peer, %s from it"), sent, received);
}

static char *
stall_to_text (const SktVerdict *verdict)
{
  g_autofree char *duration = duration_to_text (verdict->duration);
  g_autofree char *size = g_format_size_full (verdict->bytes, G_FORMAT_SIZE_IEC_UNITS);

  if (verdict->kind == SKT_VERDICT_NOT_READING)
    return g_strdup_printf (_("this program is not reading: %s wait in the receive queue"), size);
  if (verdict->kind == SKT_VERDICT_OUTSTANDING)
    {
      if (verdict->count == 0)
        return g_strdup_printf (_("acknowledgement outstanding for %s"), duration);
      return g_strdup_printf (ngettext ("acknowledgement outstanding for %s, %u retransmission",
                                        "acknowledgement outstanding for %s, %u retransmissions",
                                        (gulong) verdict->count),
                              duration, (guint) verdict->count);
    }
  if (verdict->duration < G_TIME_SPAN_SECOND)
    return g_strdup (_("peer is not reading: its window is 0"));
  return g_strdup_printf (_("peer is not reading: its window has been 0 for %s"), duration);
}

static char *
traffic_to_text (const SktVerdict *verdict)
{
  g_autofree char *rates = rates_to_text (verdict);

  switch ((guint) verdict->kind)
    {
    case SKT_VERDICT_LOSSES:
      /* Translators: the second %s is as in “data flows at 1.2 MiB/s to the peer” */
      return g_strdup_printf (ngettext ("%u segment was sent again in the last second; %s",
                                        "%u segments were sent again in the last second; %s",
                                        (gulong) verdict->count),
                              (guint) verdict->count, rates);
    case SKT_VERDICT_RECEIVER_LIMITED:
      return g_strdup_printf (_("limited by the receiver’s window; %s"), rates);
    case SKT_VERDICT_BUFFER_LIMITED:
      return g_strdup_printf (_("limited by the send buffer; %s"), rates);
    case SKT_VERDICT_CONGESTION_LIMITED:
      return g_strdup_printf (_("limited by congestion control; %s"), rates);
    default:
      return g_steal_pointer (&rates);
    }
}

static char *
silence_to_text (const SktVerdict *verdict)
{
  g_autofree char *duration = duration_to_text (verdict->duration);
  g_autofree char *age = duration_to_text (verdict->age);

  switch ((guint) verdict->kind)
    {
    case SKT_VERDICT_WAITS_FOR_FIN_ACK:
      return g_strdup (_("this side has finished; its FIN is not acknowledged yet"));
    case SKT_VERDICT_WE_FINISHED:
      return g_strdup_printf (_("this side has finished, the peer may still send; idle for %s"), duration);
    case SKT_VERDICT_PEER_FINISHED:
      return g_strdup_printf (_("the peer has finished, this side may still send; idle for %s"), duration);
    case SKT_VERDICT_PROBES_UNANSWERED:
      return g_strdup_printf (ngettext ("idle for %s, %u keep-alive probe without an answer",
                                        "idle for %s, %u keep-alive probes without an answer",
                                        (gulong) verdict->count),
                              duration, (guint) verdict->count);
    case SKT_VERDICT_ALIVE:
      /* Translators: the second %s is how long ago: “idle for 12 s, alive (keep-alive answered 2 s ago)” */
      return g_strdup_printf (_("idle for %s, alive (keep-alive answered %s ago)"), duration, age);
    default:
      if (verdict->bytes > 0)
        return g_strdup (_("no traffic; some bytes are not acknowledged yet"));
      if (verdict->duration < IDLE)
        return g_strdup (_("no traffic; all that was sent is acknowledged"));
      return g_strdup_printf (_("idle for %s; all that was sent is acknowledged"), duration);
    }
}

char *
skt_verdict_to_text (const SktVerdict *verdict)
{
  g_autofree char *size = NULL;

  switch ((guint) verdict->kind)
    {
    case SKT_VERDICT_NOT_OPEN:
      return g_strdup (_("there is no connection yet"));
    case SKT_VERDICT_CONNECTING:
      return g_strdup (_("no connection yet: the peer has not answered the SYN"));
    case SKT_VERDICT_UNKNOWN:
      return g_strdup (_("the kernel has not been asked yet"));
    case SKT_VERDICT_OVER:
      return g_strdup (_("the connection is over"));
    case SKT_VERDICT_OVER_UNACKNOWLEDGED:
      size = g_format_size_full (verdict->bytes, G_FORMAT_SIZE_IEC_UNITS);
      return g_strdup_printf (_("the connection is over; when it was closed, %s were not acknowledged"), size);
    case SKT_VERDICT_NOT_READING:
    case SKT_VERDICT_ZERO_WINDOW:
    case SKT_VERDICT_OUTSTANDING:
      return stall_to_text (verdict);
    case SKT_VERDICT_LOSSES:
    case SKT_VERDICT_RECEIVER_LIMITED:
    case SKT_VERDICT_BUFFER_LIMITED:
    case SKT_VERDICT_CONGESTION_LIMITED:
    case SKT_VERDICT_FLOWS:
      return traffic_to_text (verdict);
    default:
      return silence_to_text (verdict);
    }
}
