/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-tour.h"

G_BEGIN_DECLS

/* What came of the bytes of one step. */
typedef struct
{
  guint64 n_bytes;  /* that the client sent */
  guint64 n_writes; /* of the client */
  guint64 n_reads;  /* of the server */
} SktTourCounts;

/* What can be seen of a step that is done. (transfer full) */
char *_skt_tour_step_dup_seen (SktTourStep step, SktConnection *connection, SktConnection *peer, const SktTourCounts *counts);

/* Datagrams over loopback, which is done at once: three that are received, and one to a port where nobody is. A sentence with what was seen
 * (transfer full), or NULL and an error. */
char *_skt_tour_send_datagrams (GError **error);

G_END_DECLS
