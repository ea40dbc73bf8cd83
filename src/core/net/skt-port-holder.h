/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-tcp-state.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Who has a local address and port that could not be bound to. */
typedef struct
{
  SktTcpState state;    /* of its socket; LISTEN, mostly */
  char *address;        /* on which it is */
  guint32 uid;          /* of its owner */
  guint pid;            /* 0: not known: a program of another user, or none any more */
  char *program;        /* name, not trusted; NULL with pid 0 */
  gboolean is_self;     /* this very program */
} SktPortHolder;

void skt_port_holder_free (SktPortHolder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktPortHolder, skt_port_holder_free)

/* NULL: nobody was found, or the system does not tell. `address`: a literal; NULL: any. Goes through the sockets of this machine and the
 * descriptors of the user's programs, which may take 100 ms: a worker's call. (transfer full) */
SktPortHolder *skt_port_holder_find (const char *address, guint16 port);

/* A sentence on who it is, translated. (transfer full) */
char *skt_port_holder_to_text (const SktPortHolder *self);

G_END_DECLS
