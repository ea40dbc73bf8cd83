/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-tcp-state.h"

#include <glib/gi18n-lib.h>

static const struct
{
  const char *name;
  const char *sentence;
} states[SKT_N_TCP_STATES] = {
  [SKT_TCP_STATE_UNKNOWN] = { "?", NULL },
  [SKT_TCP_STATE_ESTABLISHED] = { "ESTABLISHED", N_("Both sides know of each other; bytes can go both ways.") },
  [SKT_TCP_STATE_SYN_SENT] = { "SYN-SENT", N_("A SYN was sent; the answer, SYN and ACK, has not come yet.") },
  [SKT_TCP_STATE_SYN_RECEIVED] = { "SYN-RECEIVED", N_("The peer’s SYN was answered; its ACK has not come yet.") },
  [SKT_TCP_STATE_FIN_WAIT_1] = { "FIN-WAIT-1", N_("This side has finished and sent FIN; the peer has not acknowledged it yet.") },
  [SKT_TCP_STATE_FIN_WAIT_2] = { "FIN-WAIT-2", N_("The peer has acknowledged the FIN, and may itself still send.") },
  [SKT_TCP_STATE_TIME_WAIT] = { "TIME-WAIT", N_("Both sides have finished. The system keeps the pair of addresses for a while, "
                                                "so that late segments are not taken for those of a new connection.") },
  [SKT_TCP_STATE_CLOSED] = { "CLOSED", N_("There is no connection.") },
  [SKT_TCP_STATE_CLOSE_WAIT] = { "CLOSE-WAIT", N_("The peer has finished; this side may still send.") },
  [SKT_TCP_STATE_LAST_ACK] = { "LAST-ACK", N_("Both sides have finished; the last FIN, from here, waits to be acknowledged.") },
  [SKT_TCP_STATE_LISTEN] = { "LISTEN", N_("Connections can come in.") },
  [SKT_TCP_STATE_CLOSING] = { "CLOSING", N_("Both sides sent FIN at the same time; that of this side waits to be acknowledged.") },
  [SKT_TCP_STATE_NEW_SYN_RECEIVED] = { "SYN-RECEIVED", N_("The peer’s SYN was answered; its ACK has not come yet.") },
};

const char *
skt_tcp_state_get_name (SktTcpState state)
{
  return states[(guint) state < SKT_N_TCP_STATES ? state : SKT_TCP_STATE_UNKNOWN].name;
}

const char *
skt_tcp_state_get_sentence (SktTcpState state)
{
  if ((guint) state >= SKT_N_TCP_STATES || states[state].sentence == NULL)
    return NULL;
  return _(states[state].sentence);
}
