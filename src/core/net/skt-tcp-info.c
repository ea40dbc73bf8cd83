/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-tcp-info.h"

#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* They clash with <netinet/tcp.h>, so nothing that includes it may be included here. */
#include <linux/sockios.h>
#include <linux/tcp.h>

/* Fields are only ever added at the end of the structure: what is after those of the header at hand has its place for good. */
#define RCV_WND_OFFSET 232
G_STATIC_ASSERT (offsetof (struct tcp_info, tcpi_snd_wnd) + sizeof (__u32) == RCV_WND_OFFSET);
/* More than any kernel of today fills. */
#define MAX_SIZE 512

/* A field that the kernel has filled in, of 1, 4 or 8 bytes in the byte order of this machine. */
static guint64
get_field (const guint8 *bytes, gsize length, gsize offset, gsize size)
{
  guint64 value64;
  guint32 value32;

  if (offset + size > length)
    return SKT_TCP_UNKNOWN;
  switch (size)
    {
    case 1:
      return bytes[offset];
    case 4:
      memcpy (&value32, bytes + offset, sizeof value32);
      return value32;
    default:
      memcpy (&value64, bytes + offset, sizeof value64);
      return value64;
    }
}

#define FIELD(name) \
  get_field (bytes, length, offsetof (struct tcp_info, name), sizeof (((struct tcp_info *) NULL)->name))

static void
parse_acknowledgement (const guint8 *bytes, gsize length, SktTcpInfo *info)
{
  info->state = FIELD (tcpi_state);
  info->rtt = FIELD (tcpi_rtt);
  info->rtt_variation = FIELD (tcpi_rttvar);
  info->min_rtt = FIELD (tcpi_min_rtt);
  if (info->min_rtt == G_MAXUINT32)
    info->min_rtt = SKT_TCP_UNKNOWN;
  info->unacked = FIELD (tcpi_unacked);
  info->sacked = FIELD (tcpi_sacked);
  info->bytes_acked = FIELD (tcpi_bytes_acked);
  info->bytes_received = FIELD (tcpi_bytes_received);
  info->bytes_sent = FIELD (tcpi_bytes_sent);
  info->segments_sent = FIELD (tcpi_segs_out);
  info->segments_received = FIELD (tcpi_segs_in);
  info->last_data_sent = FIELD (tcpi_last_data_sent);
  info->last_data_received = FIELD (tcpi_last_data_recv);
  info->last_ack_received = FIELD (tcpi_last_ack_recv);
}

static void
parse_retransmission (const guint8 *bytes, gsize length, SktTcpInfo *info)
{
  info->rto = FIELD (tcpi_rto);
  info->backoff = FIELD (tcpi_backoff);
  info->timeouts = FIELD (tcpi_retransmits);
  info->probes = FIELD (tcpi_probes);
  info->lost = FIELD (tcpi_lost);
  info->retransmitting = FIELD (tcpi_retrans);
  info->total_retransmitted = FIELD (tcpi_total_retrans);
  info->bytes_retransmitted = FIELD (tcpi_bytes_retrans);
}

static void
parse_control (const guint8 *bytes, gsize length, SktTcpInfo *info)
{
  info->ca_state = FIELD (tcpi_ca_state);
  info->send_window = FIELD (tcpi_snd_wnd);
  info->receive_window = get_field (bytes, length, RCV_WND_OFFSET, sizeof (guint32));
  info->receive_window_limit = FIELD (tcpi_rcv_ssthresh);
  info->send_mss = FIELD (tcpi_snd_mss);
  info->receive_mss = FIELD (tcpi_rcv_mss);
  info->advertised_mss = FIELD (tcpi_advmss);
  info->path_mtu = FIELD (tcpi_pmtu);
  info->busy_time = FIELD (tcpi_busy_time);
  info->rwnd_limited = FIELD (tcpi_rwnd_limited);
  info->sndbuf_limited = FIELD (tcpi_sndbuf_limited);
  info->congestion_window = FIELD (tcpi_snd_cwnd);
  info->slow_start_threshold = FIELD (tcpi_snd_ssthresh);
  info->delivery_rate = FIELD (tcpi_delivery_rate);
  info->pacing_rate = FIELD (tcpi_pacing_rate);
  info->not_sent = FIELD (tcpi_notsent_bytes);
}

void
skt_tcp_info_parse (const guint8 *bytes, gsize length, SktTcpInfo *ret_info)
{
  struct tcp_info head = { 0, };

  memset (ret_info, 0, sizeof *ret_info);
  parse_acknowledgement (bytes, length, ret_info);
  parse_retransmission (bytes, length, ret_info);
  parse_control (bytes, length, ret_info);
  /* bits have no offset */
  memcpy (&head, bytes, MIN (length, sizeof head));
  ret_info->is_app_limited = skt_tcp_is_known (ret_info->delivery_rate) ? head.tcpi_delivery_rate_app_limited
                                                                         : SKT_TCP_UNKNOWN;
  ret_info->send_queue = ret_info->receive_queue = SKT_TCP_UNKNOWN;
  ret_info->queued = ret_info->sent = ret_info->acknowledged = ret_info->received = SKT_TCP_UNKNOWN;
}

guint64
skt_tcp_read_send_queue (int fd)
{
  int size;

  return ioctl (fd, SIOCOUTQ, &size) == 0 && size >= 0 ? (guint64) size : SKT_TCP_UNKNOWN;
}

gboolean
skt_tcp_info_read (int fd, SktTcpInfo *ret_info)
{
  guint8 bytes[MAX_SIZE];
  socklen_t length = sizeof bytes;
  socklen_t name_length = sizeof ret_info->congestion_algorithm - 1;
  int size;

  if (getsockopt (fd, IPPROTO_TCP, TCP_INFO, bytes, &length) != 0)
    return FALSE;
  skt_tcp_info_parse (bytes, length, ret_info);
  ret_info->time = g_get_monotonic_time ();
  if (getsockopt (fd, IPPROTO_TCP, TCP_CONGESTION, ret_info->congestion_algorithm, &name_length) != 0)
    ret_info->congestion_algorithm[0] = '\0';
  ret_info->send_queue = skt_tcp_read_send_queue (fd);
  if (ioctl (fd, SIOCINQ, &size) == 0 && size >= 0)
    ret_info->receive_queue = (guint64) size;
  return TRUE;
}

const char *
skt_tcp_state_to_name (guint64 state)
{
  return skt_tcp_state_get_name (state < SKT_N_TCP_STATES ? (SktTcpState) state : SKT_TCP_STATE_UNKNOWN);
}
