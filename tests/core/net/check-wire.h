/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Two private network namespaces and a wire between them that behaves as badly as a test wants. All of this process is in
 * the first ("here"); sockets can be made in the second ("there"). Nothing outside of them is touched. The wire is a pair of tun
 * devices and a thread that carries packets between them. */
#define CHECK_WIRE_HERE "10.9.0.1"
#define CHECK_WIRE_THERE "10.9.0.2"
#define CHECK_WIRE_HERE_6 "fd09::1"
#define CHECK_WIRE_THERE_6 "fd09::2"

typedef enum
{
  CHECK_WIRE_CARRIES,
  CHECK_WIRE_RESETS,       /* answers SYNs from here with RST, as a firewall may */
  CHECK_WIRE_UNREACHABLE,  /* answers them with ICMP destination unreachable, `code` */
  CHECK_WIRE_ALL_UNREACHABLE, /* the same for all TCP from here */
} CheckWireAnswer;

typedef struct
{
  guint loss;              /* of 1000 packets, each way */
  guint reorder;           /* of 1000 packets: they come some milliseconds late */
  guint delay_ms;          /* each way */
  guint rate;              /* bytes/s each way, with a queue of 64 KiB; 0: unlimited */
  gboolean is_cut;         /* nothing passes */
  CheckWireAnswer answer;  /* IPv4 */
  guint8 code;
} CheckWireRules;

/* Before the process has threads. FALSE: it is not allowed here; *ret_reason (static) says what failed. */
gboolean check_wire_begin (const char **ret_reason);
void check_wire_end (void);

/* NULL: all passes. */
void check_wire_set (const CheckWireRules *rules);
/* The device here, as if a plug was pulled. */
void check_wire_set_link (gboolean is_up);

/* One more address of this side, which comes and goes as that of an adapter does. */
void check_wire_set_more (const char *address, gboolean is_there);

int check_wire_socket_there (int family, int type);
/* Listens there; *port: 0 for any, then the true one. */
int check_wire_listen_there (int family, guint16 *port);
/* Has connected from there to an address and port here. */
int check_wire_connect_there (const char *address, guint16 port);

/* Whether the name server of this process is there (10.9.0.2:53), where nobody answers unless the test does. */
gboolean check_wire_has_name_server (void);

G_END_DECLS
