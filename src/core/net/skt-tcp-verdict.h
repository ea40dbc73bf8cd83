/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-connection.h"
#include "skt-tcp-history.h"

G_BEGIN_DECLS

/* What the figures of a connection mean, in one sentence. */

typedef enum
{
  SKT_VERDICT_NOT_OPEN,         /* idle, or being looked up */
  SKT_VERDICT_CONNECTING,
  SKT_VERDICT_UNKNOWN,          /* no sample yet */
  SKT_VERDICT_OVER,
  SKT_VERDICT_OVER_UNACKNOWLEDGED, /* bytes: were not acknowledged */
  SKT_VERDICT_NOT_READING,      /* we are not; bytes: wait in the receive queue */
  SKT_VERDICT_ZERO_WINDOW,      /* duration; count: window probes without an answer of room */
  SKT_VERDICT_OUTSTANDING,      /* duration, count: retransmissions */
  SKT_VERDICT_LOSSES,           /* count: segments sent again lately; rates */
  SKT_VERDICT_RECEIVER_LIMITED, /* rates */
  SKT_VERDICT_BUFFER_LIMITED,   /* rates */
  SKT_VERDICT_CONGESTION_LIMITED, /* rates */
  SKT_VERDICT_FLOWS,            /* rates */
  SKT_VERDICT_WAITS_FOR_FIN_ACK,/* duration */
  SKT_VERDICT_WE_FINISHED,      /* duration: idle */
  SKT_VERDICT_PEER_FINISHED,    /* duration: idle */
  SKT_VERDICT_PROBES_UNANSWERED,/* duration: idle; count: keep-alive probes */
  SKT_VERDICT_ALIVE,            /* duration: idle; age of the answer to a keep-alive probe */
  SKT_VERDICT_IDLE,             /* duration: idle */
  SKT_N_VERDICTS,
} SktVerdictKind;

typedef struct
{
  SktVerdictKind kind;
  gint64 duration;              /* us */
  gint64 age;                   /* us */
  guint64 count;
  guint64 bytes;
  double sent_rate;             /* bytes/s that are acknowledged */
  double received_rate;         /* bytes/s */
} SktVerdict;

/* Judges the last sample by those before it. Pure. */
void skt_verdict_judge (const SktTcpHistory *history, SktState state, SktVerdict *ret_verdict);

/* Translated, without a full stop. (transfer full) */
char *skt_verdict_to_text (const SktVerdict *verdict);

G_END_DECLS
