/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-tcp-state.h"

#include <glib.h>

G_BEGIN_DECLS

/* What the kernel says of a TCP connection at one moment: TCP_INFO of tcp(7), SIOCOUTQ and SIOCINQ, TCP_CONGESTION.
 * A kernel that is older than a value does not fill it: that is SKT_TCP_UNKNOWN. */

#define SKT_TCP_UNKNOWN G_MAXUINT64
/* There is no slow-start threshold yet. */
#define SKT_TCP_NO_THRESHOLD 0x7fffffff

/* What congestion control is doing. */
typedef enum
{
  SKT_TCP_CA_OPEN,
  SKT_TCP_CA_DISORDER,
  SKT_TCP_CA_CWR,
  SKT_TCP_CA_RECOVERY,
  SKT_TCP_CA_LOSS,
} SktTcpCaState;

typedef struct
{
  gint64 time;                  /* us, monotonic: when it was read */
  guint64 state;                /* SktTcpState */
  guint64 ca_state;             /* SktTcpCaState */

  /* acknowledgement and round trip */
  guint64 rtt;                  /* us, smoothed; 0: not measured yet */
  guint64 rtt_variation;        /* us */
  guint64 min_rtt;              /* us */
  guint64 unacked;              /* segments */
  guint64 sacked;               /* segments that were acknowledged out of order */
  guint64 bytes_acked;          /* as the kernel counts: with the SYN of the connecting side, and FIN */
  guint64 bytes_received;
  guint64 bytes_sent;           /* with those sent again */
  guint64 segments_sent, segments_received;
  guint64 last_data_sent, last_data_received, last_ack_received; /* ms ago; what was sent last is the kernel's secret */

  /* retransmission */
  guint64 rto;                  /* us */
  guint64 backoff;              /* doublings of it */
  guint64 timeouts;             /* retransmissions in a row without an answer */
  guint64 probes;               /* window or keep-alive probes in a row without an answer */
  guint64 lost;                 /* segments that are taken for lost now */
  guint64 retransmitting;       /* segments sent again and not acknowledged yet */
  guint64 total_retransmitted;  /* segments */
  guint64 bytes_retransmitted;

  /* flow control; bytes */
  guint64 send_window;          /* the peer's, as it said last */
  guint64 receive_window;       /* ours, as we said last */
  guint64 receive_window_limit; /* ours is at most that (rcv_ssthresh) */
  guint64 send_mss, receive_mss, advertised_mss, path_mtu;
  guint64 busy_time;            /* us in which something was to be sent or acknowledged */
  guint64 rwnd_limited;         /* us of it in which the peer's window was the limit */
  guint64 sndbuf_limited;       /* us of it in which the send buffer was */

  /* congestion control */
  guint64 congestion_window;    /* segments */
  guint64 slow_start_threshold; /* segments, or SKT_TCP_NO_THRESHOLD */
  guint64 delivery_rate;        /* bytes/s */
  guint64 pacing_rate;          /* bytes/s */
  guint64 is_app_limited;       /* the delivery rate is what was given to be sent, not what the path takes */
  char congestion_algorithm[16]; /* "": unknown */

  /* queues; bytes */
  guint64 send_queue;           /* SIOCOUTQ: given to the kernel and not acknowledged, with a FIN as one */
  guint64 not_sent;             /* of it: not sent yet */
  guint64 receive_queue;        /* SIOCINQ: arrived and not read */

  /* what this program counts, filled by the connection */
  guint64 queued;               /* not given to the kernel yet */
  guint64 sent;                 /* given to the kernel */
  guint64 acknowledged;         /* of them */
  guint64 received;
} SktTcpInfo;

/* Reads all from the descriptor of a TCP socket. FALSE and errno if TCP_INFO can't be read. Any thread; 4 system calls. */
gboolean skt_tcp_info_read (int fd, SktTcpInfo *ret_info);

/* The same from the bytes that getsockopt(TCP_INFO) gave. */
void skt_tcp_info_parse (const guint8 *bytes, gsize length, SktTcpInfo *ret_info);

/* SIOCOUTQ; SKT_TCP_UNKNOWN on failure. */
guint64 skt_tcp_read_send_queue (int fd);

static inline gboolean
skt_tcp_is_known (guint64 value)
{
  return value != SKT_TCP_UNKNOWN;
}

/* "FIN-WAIT-1", as in RFC 9293; never translated. Static; "?" for what it does not name. */
const char *skt_tcp_state_to_name (guint64 state);

G_END_DECLS
