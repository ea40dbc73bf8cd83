/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-port-holder.h"
#include "skt-session.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* From errno of recv(2), send(2), bind(2) ..., and from the errors of GIO's connect and lookup. */
SktReason skt_reason_from_errno (int code);
SktReason skt_reason_from_error (const GError *error);

/* One address that could not be connected to. */
typedef struct
{
  char *address;        /* or the host, when there was no address */
  SktReason reason;
  int code;             /* errno, 0: unknown */
  char *message;        /* the system's words, for SKT_REASON_OTHER; may be NULL */
} SktFailure;

void skt_failure_free (SktFailure *self);

/* Sentences on what went wrong and what to do. (transfer full) */
char *skt_problem_for_connect (GPtrArray *failures, guint timeout_ms);
/* `holder`: who has the address, for SKT_REASON_ADDRESS_IN_USE; NULL: not known. */
char *skt_problem_for_listen (const char *address, SktReason reason, int code, const SktPortHolder *holder);
char *skt_problem_for_descriptors (guint n_open);
/* Why receiving is paused: returns one sentence without its full stop, and in *ret_problem all that is to be said. `error`: why
 * the journal can't be written, or NULL. */
char *skt_problem_for_pause (SktPause pause, SktJournal *journal, const GError *error, char **ret_problem);

G_END_DECLS
