/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From where an address can be reached that something listens on. */
typedef enum
{
  SKT_REACH_NONE,               /* not an address */
  SKT_REACH_LOOPBACK,           /* from this machine only */
  SKT_REACH_ONE,                /* by this one address */
  SKT_REACH_ALL,                /* by every address of this machine */
} SktReach;

/* `target`: as skt_session_get_target() has it. *ret_endpoints (may be NULL): what is to be typed on another device, each address with the
 * port: IPv4 first; IPv6 link-local ones not, which need the name of an interface of that device; empty for NONE and LOOPBACK. (transfer full) */
SktReach skt_reach_find (const char *target, char ***ret_endpoints);

/* Whether this machine has an IPv6 address besides loopback and link-local ones. */
gboolean skt_reach_has_global_ipv6 (void);

G_END_DECLS
