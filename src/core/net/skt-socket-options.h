/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SKT_CONGESTION_MAX 16 /* TCP_CA_NAME_MAX */
#define SKT_INTERFACE_MAX 16  /* IFNAMSIZ */

/* socket(7), tcp(7), ip(7). 0 or "": the system's default. */
typedef struct
{
  gboolean no_delay;            /* TCP_NODELAY */
  gboolean keep_alive;          /* SO_KEEPALIVE */
  guint keep_idle_s;            /* TCP_KEEPIDLE */
  guint keep_interval_s;        /* TCP_KEEPINTVL */
  guint keep_count;             /* TCP_KEEPCNT */
  guint user_timeout_ms;        /* TCP_USER_TIMEOUT */
  int linger_s;                 /* -1: the default; 0: closing sends RST (SO_LINGER); else how long closing waits for the peer */
  guint send_buffer;            /* SO_SNDBUF, bytes; as read: what the kernel really reserves, which is twice what was asked for */
  guint receive_buffer;         /* SO_RCVBUF, the same */
  guint ttl;                    /* IP_TTL, IPV6_UNICAST_HOPS */
  char congestion[SKT_CONGESTION_MAX]; /* TCP_CONGESTION */
  char interface[SKT_INTERFACE_MAX];   /* SO_BINDTODEVICE, before connecting only */
} SktSocketOptions;

void skt_socket_options_init (SktSocketOptions *self);
gboolean skt_socket_options_equal (const SktSocketOptions *self, const SktSocketOptions *other);

/* Sets what differs from `old` (NULL: from the defaults; no_delay is always set). What the system refuses is said in sentences, one a line
 * (transfer full); NULL: nothing. Any thread; system calls that do not block. */
char *skt_socket_options_apply (const SktSocketOptions *self, const SktSocketOptions *old, int fd);
/* The same on a socket that is thrown away: what would be refused. */
char *skt_socket_options_test (const SktSocketOptions *self);
/* What is in effect. */
void skt_socket_options_read (SktSocketOptions *ret_self, int fd);

/* "keep-alive=1 idle=60 ttl=5" with what differs from the defaults, and back; what is not understood is left at its default. (transfer full) */
char *skt_socket_options_to_text (const SktSocketOptions *self);
void skt_socket_options_parse (SktSocketOptions *ret_self, const char *tainted_text);

/* What this user may choose for `congestion`. (transfer full) */
char **skt_socket_options_list_congestion (void);

G_END_DECLS
