/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Splits what a user types or pastes: "host:port", "[v6]:port", "host", "v6 literal", "tcp://host:port/", "host port"
 * with white space around. *ret_host without brackets (transfer full), *ret_port -1 if there is none. Port 0 is
 * refused. Errors: SKT_ERROR_BAD_ADDRESS (empty, or a character that no host name has), SKT_ERROR_BAD_PORT (with what
 * was typed and what is allowed). */
gboolean skt_endpoint_parse (const char *text, char **ret_host, int *ret_port, GError **error);

/* The same for listening: "port", "address:port", "[v6]:port", "*:port", ":port". *ret_address is NULL for all
 * addresses (transfer full); port 0 (any) is allowed. Errors as above. */
gboolean skt_endpoint_parse_listen (const char *text, char **ret_address, int *ret_port, GError **error);

/* A port typed by itself: decimal digits only, `minimum` (0 or 1) to 65535. -1 and SKT_ERROR_BAD_PORT otherwise. */
int skt_endpoint_parse_port (const char *text, int minimum, GError **error);

/* "127.0.0.1:7788", "[::1]:7788", with scope ("[fe80::1%eth0]:80") where there is one; an IPv4-mapped IPv6 address as
 * IPv4. (transfer full) */
char *skt_endpoint_format (const char *host, int port);
char *skt_endpoint_format_address (GSocketAddress *address);

/* Addresses of this machine's interfaces, as strings, loopback first, no duplicates. (transfer full) */
char **skt_endpoint_list_local_addresses (void);

G_END_DECLS
