/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-tcp-state.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the system knows of TCP sockets, whosever they are: sock_diag(7), for which no privilege is needed. */
typedef struct
{
  SktTcpState state;    /* CLOSED: there is no such socket */
  gint time_left_ms;    /* TIME-WAIT, and FIN-WAIT-2 of a socket that was closed: until it is gone; -1: not known */
  guint n_waiting;      /* LISTEN: connections that are established and not accepted yet ... */
  guint backlog;        /* ... and how many there may be */
  guint32 inode;        /* 0: no descriptor refers to it any more */
  guint32 uid;          /* of the owner */
  GSocketAddress *local; /* only in what skt_sock_diag_list_port() gives; owned */
} SktSockDiag;

/* The socket with these addresses, as skt_endpoint_format() writes them. A look-up in a hash table of the kernel, about 10 us: on any
 * thread. Errors: G_IO_ERROR when the system does not tell, SKT_ERROR_BAD_ADDRESS, SKT_ERROR_BAD_PORT. */
gboolean skt_sock_diag_find (const char *local, const char *remote, SktSockDiag *ret_info, GError **error);
/* The same for a socket that listens there. */
gboolean skt_sock_diag_find_listening (const char *local, SktSockDiag *ret_info, GError **error);

/* All sockets of this machine that have the local port, those that listen first. Goes through all there are: a worker's call. NULL and
 * G_IO_ERROR when the system does not tell. (transfer full, element-type SktSockDiag) */
GPtrArray *skt_sock_diag_list_port (guint16 port, GError **error);
void skt_sock_diag_free (SktSockDiag *self);

G_END_DECLS
