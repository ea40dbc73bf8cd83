/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The states of RFC 9293, section 3.3.2, with the numbers of Linux (tcp_states.h). */
typedef enum
{
  SKT_TCP_STATE_UNKNOWN,
  SKT_TCP_STATE_ESTABLISHED,
  SKT_TCP_STATE_SYN_SENT,
  SKT_TCP_STATE_SYN_RECEIVED,
  SKT_TCP_STATE_FIN_WAIT_1,
  SKT_TCP_STATE_FIN_WAIT_2,
  SKT_TCP_STATE_TIME_WAIT,
  SKT_TCP_STATE_CLOSED,
  SKT_TCP_STATE_CLOSE_WAIT,
  SKT_TCP_STATE_LAST_ACK,
  SKT_TCP_STATE_LISTEN,
  SKT_TCP_STATE_CLOSING,
  SKT_TCP_STATE_NEW_SYN_RECEIVED, /* Linux: a SYN-RECEIVED that has no socket yet */
  SKT_N_TCP_STATES,
} SktTcpState;

/* "FIN-WAIT-1", as RFC 9293 writes it; not translated. "?" for UNKNOWN. Static. */
const char *skt_tcp_state_get_name (SktTcpState state);
/* What the state means, one sentence for somebody who learns TCP, translated; NULL for UNKNOWN. Static. */
const char *skt_tcp_state_get_sentence (SktTcpState state);

G_END_DECLS
