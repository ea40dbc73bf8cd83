/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-kernel-rows.h"

#include <glib/gi18n.h>

#include "socketeer-format.h"

/* -- How they are written ---------------------------------------------------------------------------------------- */

char *
socketeer_kernel_format_time (double us)
{
  if (us < 10000)
    /* Translators: milliseconds */
    return g_strdup_printf (_ ("%.3f ms"), us / 1000);
  if (us < 10000000)
    return g_strdup_printf (_ ("%.1f ms"), us / 1000);
  /* Translators: seconds */
  return g_strdup_printf (_ ("%.1f s"), us / 1000000);
}

static char *
time_or_none (guint64 us)
{
  return skt_tcp_is_known (us) && us > 0 ? socketeer_kernel_format_time (us) : NULL;
}

static char *
ago (guint64 ms)
{
  if (!skt_tcp_is_known (ms))
    return NULL;
  /* Translators: how long ago something was, in seconds */
  return g_strdup_printf (_ ("%.1f s ago"), ms / 1000.0);
}

static char *
bytes (guint64 n)
{
  return skt_tcp_is_known (n) ? socketeer_format_bytes (n) : NULL;
}

static char *
number (guint64 n)
{
  return skt_tcp_is_known (n) ? socketeer_format_count (n) : NULL;
}

static char *
rate (guint64 n)
{
  return skt_tcp_is_known (n) && n > 0 && n < G_MAXINT64 ? socketeer_format_rate (n) : NULL;
}

/* "3 (4,344 bytes)" */
static char *
segments_and_bytes (guint64 segments, guint64 n_bytes)
{
  g_autofree char *first = number (segments), *second = bytes (n_bytes);

  if (first == NULL || second == NULL)
    return g_steal_pointer (&first);
  return g_strdup_printf ("%s (%s)", first, second);
}

/* "1.2 s (34 %)" of the time it was busy */
static char *
share (guint64 part, guint64 whole)
{
  g_autofree char *time = NULL;

  if (!skt_tcp_is_known (part) || !skt_tcp_is_known (whole))
    return NULL;
  time = socketeer_kernel_format_time (part);
  if (whole == 0)
    return g_steal_pointer (&time);
  /* Translators: a time, and which part of the whole time it is */
  return g_strdup_printf (_ ("%s (%.0f %%)"), time, 100.0 * part / whole);
}

/* -- What they are ----------------------------------------------------------------------------------------------- */

#define FORMAT(name, expression) \
  static char *format_##name (const SktTcpInfo *info) { return expression; }

FORMAT (state, g_strdup (skt_tcp_state_to_name (info->state)))
FORMAT (received, bytes (info->bytes_received))
FORMAT (sent, bytes (info->sent))
FORMAT (segments_sent, number (info->segments_sent))
FORMAT (segments_received, number (info->segments_received))

FORMAT (rtt, time_or_none (info->rtt))
FORMAT (rtt_variation, time_or_none (info->rtt_variation))
FORMAT (min_rtt, time_or_none (info->min_rtt))
FORMAT (acknowledged, bytes (info->acknowledged))
FORMAT (unacked, number (info->unacked))
FORMAT (sacked, number (info->sacked))
FORMAT (last_data_sent, ago (info->last_data_sent))
FORMAT (last_ack_received, ago (info->last_ack_received))
FORMAT (last_data_received, ago (info->last_data_received))
FORMAT (last_ack_sent, NULL)

FORMAT (rto, time_or_none (info->rto))
FORMAT (backoff, number (info->backoff))
FORMAT (timeouts, number (info->timeouts))
FORMAT (probes, number (info->probes))
FORMAT (retransmitted, segments_and_bytes (info->total_retransmitted, info->bytes_retransmitted))
FORMAT (lost, number (info->lost))

FORMAT (send_window, bytes (info->send_window))
FORMAT (rwnd_limited, share (info->rwnd_limited, info->busy_time))
FORMAT (sndbuf_limited, share (info->sndbuf_limited, info->busy_time))
FORMAT (send_mss, bytes (info->send_mss))
FORMAT (receive_mss, bytes (info->receive_mss))
FORMAT (advertised_mss, bytes (info->advertised_mss))
FORMAT (path_mtu, bytes (info->path_mtu))

FORMAT (algorithm, info->congestion_algorithm[0] != '\0' ? g_strdup (info->congestion_algorithm) : NULL)
FORMAT (congestion_window, number (info->congestion_window))
FORMAT (delivery_rate, rate (info->delivery_rate))

FORMAT (queued, bytes (info->queued))
FORMAT (send_queue, bytes (info->send_queue))
FORMAT (not_sent, bytes (info->not_sent))
FORMAT (receive_queue, bytes (info->receive_queue))

static char *
format_receive_window (const SktTcpInfo *info)
{
  g_autofree char *limit = bytes (info->receive_window_limit);

  if (skt_tcp_is_known (info->receive_window))
    return bytes (info->receive_window);
  /* Translators: %s is a number of bytes */
  return limit != NULL ? g_strdup_printf (_ ("at most %s"), limit) : NULL;
}

static char *
format_threshold (const SktTcpInfo *info)
{
  if (info->slow_start_threshold == SKT_TCP_NO_THRESHOLD)
    /* Translators: there is no slow-start threshold yet */
    return g_strdup (C_ ("threshold", "none yet"));
  return number (info->slow_start_threshold);
}

static char *
format_ca_state (const SktTcpInfo *info)
{
  switch (info->ca_state)
    {
    case SKT_TCP_CA_OPEN:
      /* Translators: congestion control: all goes well */
      return g_strdup (C_ ("congestion", "undisturbed"));
    case SKT_TCP_CA_DISORDER:
      /* Translators: congestion control: acknowledgements hint at reordering or loss */
      return g_strdup (C_ ("congestion", "out of order"));
    case SKT_TCP_CA_CWR:
      /* Translators: congestion control: the window is made smaller because the network says that it is congested */
      return g_strdup (C_ ("congestion", "slowing down"));
    case SKT_TCP_CA_RECOVERY:
      /* Translators: congestion control: lost segments are sent again without waiting for the timeout */
      return g_strdup (C_ ("congestion", "fast recovery"));
    case SKT_TCP_CA_LOSS:
      /* Translators: congestion control: the retransmission timeout has run out */
      return g_strdup (C_ ("congestion", "after a timeout"));
    default:
      return NULL;
    }
}

static char *
format_congestion_limited (const SktTcpInfo *info)
{
  guint64 others = info->rwnd_limited + info->sndbuf_limited;

  if (!skt_tcp_is_known (info->busy_time) || !skt_tcp_is_known (info->rwnd_limited) ||
      !skt_tcp_is_known (info->sndbuf_limited))
    return NULL;
  return share (info->busy_time - MIN (info->busy_time, others), info->busy_time);
}

static const SocketeerKernelRow rows[] = {
  { SOCKETEER_KERNEL_CONNECTION, N_ ("TCP state"),
    N_ ("Where the connection is in its life, by the names of RFC 9293."), format_state },
  { SOCKETEER_KERNEL_CONNECTION, N_ ("Received"), N_ ("Bytes that arrived in order, as the kernel counts them."),
    format_received },
  { SOCKETEER_KERNEL_CONNECTION, N_ ("Given to the kernel"),
    N_ ("Bytes that were written to the socket. That does not mean that they were sent."), format_sent },
  { SOCKETEER_KERNEL_CONNECTION, N_ ("Segments sent"),
    N_ ("TCP cuts the bytes into segments as it likes; bare acknowledgements are segments too."), format_segments_sent },
  { SOCKETEER_KERNEL_CONNECTION, N_ ("Segments received"), N_ ("All that came from the peer, bare acknowledgements too."),
    format_segments_received },

  { SOCKETEER_KERNEL_ACKNOWLEDGEMENT, N_ ("Round trip time"),
    N_ ("From sending a byte to its acknowledgement, smoothed (SRTT): the way there and back, and the peer’s delay."),
    format_rtt },
  { SOCKETEER_KERNEL_ACKNOWLEDGEMENT, N_ ("Variation"),
    N_ ("How much the round trip time changes (RTTVAR). The more it does, the longer TCP waits before it sends again."),
    format_rtt_variation },
  { SOCKETEER_KERNEL_ACKNOWLEDGEMENT, N_ ("Shortest round trip"),
    N_ ("The path itself, when nothing waits in queues on the way."), format_min_rtt },
  { SOCKETEER_KERNEL_ACKNOWLEDGEMENT, N_ ("Acknowledged"),
    N_ ("Bytes that have arrived at the peer’s kernel. Its program may not have read them yet."), format_acknowledged },
  { SOCKETEER_KERNEL_ACKNOWLEDGEMENT, N_ ("Unacknowledged"),
    N_ ("Segments on their way. A copy of them is kept until they are acknowledged."), format_unacked },
  { SOCKETEER_KERNEL_ACKNOWLEDGEMENT, N_ ("Acknowledged out of order"),
    N_ ("Segments that arrived after one that is missing (SACK): they need not be sent again."), format_sacked },
  { SOCKETEER_KERNEL_ACKNOWLEDGEMENT, N_ ("Last data sent"), N_ ("The last segment with bytes from here."),
    format_last_data_sent },
  { SOCKETEER_KERNEL_ACKNOWLEDGEMENT, N_ ("Last ACK received"),
    N_ ("The last sign of life of the peer; it answers to keep-alive probes by one too."), format_last_ack_received },
  { SOCKETEER_KERNEL_ACKNOWLEDGEMENT, N_ ("Last data received"), N_ ("The last segment with bytes from the peer."),
    format_last_data_received },
  { SOCKETEER_KERNEL_ACKNOWLEDGEMENT, N_ ("Last ACK sent"), N_ ("Linux does not remember it."), format_last_ack_sent },

  { SOCKETEER_KERNEL_RETRANSMISSION, N_ ("Retransmission timeout"),
    N_ ("When no acknowledgement comes for so long, the oldest segment is sent again (RTO). It follows from the round "
        "trip time."),
    format_rto },
  { SOCKETEER_KERNEL_RETRANSMISSION, N_ ("Backoff"),
    N_ ("How often the timeout was doubled, because there was no answer the time before."), format_backoff },
  { SOCKETEER_KERNEL_RETRANSMISSION, N_ ("Timeouts in a row"),
    N_ ("How often the oldest segment was sent again without an answer. After about 15 times the connection is given "
        "up."),
    format_timeouts },
  { SOCKETEER_KERNEL_RETRANSMISSION, N_ ("Probes in a row"),
    N_ ("Questions without an answer: whether the window is open again, or whether the peer is still there."),
    format_probes },
  { SOCKETEER_KERNEL_RETRANSMISSION, N_ ("Sent again"),
    N_ ("Segments since the connection began. Some on a long way are ordinary; many cost speed."),
    format_retransmitted },
  { SOCKETEER_KERNEL_RETRANSMISSION, N_ ("Taken for lost"), N_ ("Segments that TCP thinks are lost, and will send again."),
    format_lost },

  { SOCKETEER_KERNEL_FLOW, N_ ("Send window"),
    N_ ("So many bytes the peer has room for. When its program does not read it goes to 0, and nothing may be sent."),
    format_send_window },
  { SOCKETEER_KERNEL_FLOW, N_ ("Receive window"),
    N_ ("So many bytes the peer may send now. It shrinks while this program does not read."), format_receive_window },
  { SOCKETEER_KERNEL_FLOW, N_ ("Limited by the receiver"),
    N_ ("How long the peer’s window has held up what was to be sent, and the part of the time with something to send."),
    format_rwnd_limited },
  { SOCKETEER_KERNEL_FLOW, N_ ("Limited by the send buffer"),
    N_ ("How long a send buffer that is too small has (SO_SNDBUF)."), format_sndbuf_limited },
  { SOCKETEER_KERNEL_FLOW, N_ ("Segment size sent"),
    N_ ("At most so many bytes go in one segment to the peer (MSS)."), format_send_mss },
  { SOCKETEER_KERNEL_FLOW, N_ ("Segment size received"),
    N_ ("What the peer’s segments seem to be, as far as was seen."), format_receive_mss },
  { SOCKETEER_KERNEL_FLOW, N_ ("Segment size offered"), N_ ("What this side told the peer that it takes."),
    format_advertised_mss },
  { SOCKETEER_KERNEL_FLOW, N_ ("Path MTU"), N_ ("The largest IP packet that the path is known to take."),
    format_path_mtu },

  { SOCKETEER_KERNEL_CONGESTION, N_ ("Algorithm"), N_ ("How it is decided how much the network takes."),
    format_algorithm },
  { SOCKETEER_KERNEL_CONGESTION, N_ ("Congestion window"),
    N_ ("So many segments may be on their way: TCP’s guess of what the network takes. It grows with acknowledgements "
        "and shrinks when segments are lost."),
    format_congestion_window },
  { SOCKETEER_KERNEL_CONGESTION, N_ ("Slow-start threshold"),
    N_ ("Below it the window doubles in each round trip, above it grows slowly. A loss sets it."), format_threshold },
  { SOCKETEER_KERNEL_CONGESTION, N_ ("Condition"), N_ ("What congestion control is doing."), format_ca_state },
  { SOCKETEER_KERNEL_CONGESTION, N_ ("Limited by congestion"),
    N_ ("How long neither window nor buffer, but the network and its round trips were the limit."),
    format_congestion_limited },
  { SOCKETEER_KERNEL_CONGESTION, N_ ("Delivery rate"),
    N_ ("How fast bytes arrived at the peer when it was last measured."), format_delivery_rate },

  { SOCKETEER_KERNEL_QUEUES, N_ ("Waiting in this program"),
    N_ ("Bytes that the kernel has not taken yet, because its send buffer is full."), format_queued },
  { SOCKETEER_KERNEL_QUEUES, N_ ("In the send queue"),
    N_ ("Bytes that the kernel has taken and the peer has not acknowledged (SIOCOUTQ)."), format_send_queue },
  { SOCKETEER_KERNEL_QUEUES, N_ ("Of it not sent yet"),
    N_ ("They wait for room in the send window or the congestion window."), format_not_sent },
  { SOCKETEER_KERNEL_QUEUES, N_ ("In the receive queue"),
    N_ ("Bytes that have arrived and that this program has not read yet (SIOCINQ)."), format_receive_queue },
};

const SocketeerKernelRow *
socketeer_kernel_rows_get (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (rows);
  return rows;
}

const char *
socketeer_kernel_group_get_title (SocketeerKernelGroup group)
{
  switch (group)
    {
    case SOCKETEER_KERNEL_CONNECTION:
      return _ ("Connection");
    case SOCKETEER_KERNEL_ACKNOWLEDGEMENT:
      return _ ("Acknowledgement and round trip");
    case SOCKETEER_KERNEL_RETRANSMISSION:
      return _ ("Retransmission");
    case SOCKETEER_KERNEL_FLOW:
      return _ ("Flow control");
    case SOCKETEER_KERNEL_CONGESTION:
      return _ ("Congestion control");
    case SOCKETEER_KERNEL_QUEUES:
      return _ ("Queues");
    case SOCKETEER_N_KERNEL_GROUPS:
    default:
      g_return_val_if_reached ("");
    }
}
