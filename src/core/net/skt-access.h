/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

struct sockaddr;

G_BEGIN_DECLS

/* Who may connect to a server, and how many. Pure, and never changed once it is made: reference counted, any thread. */
typedef struct _SktAccess SktAccess;

/* An address: that of IPv6, or IPv4 as ::ffff:a.b.c.d, so that both are compared in one way however the socket tells them. */
typedef struct
{
  guint8 bytes[16];
} SktPeer;

typedef struct
{
  const char *allow;            /* networks, NULL or "": everybody */
  const char *deny;             /* networks that may not, even if they are allowed; NULL or "": nobody */
  guint max_connections;        /* open ones, 0: any number */
  guint max_per_address;        /* open ones from one address, 0: any number */
} SktAccessOptions;

typedef enum
{
  SKT_ADMISSION_ACCEPTED,
  SKT_ADMISSION_DENIED,           /* by the deny list */
  SKT_ADMISSION_NOT_ALLOWED,      /* there is an allow list, which does not have it */
  SKT_ADMISSION_TOO_MANY,
  SKT_ADMISSION_TOO_MANY_FROM_ADDRESS,
  SKT_N_ADMISSIONS,
} SktAdmission;

/* Whether a text is a list of networks: addresses, or with a prefix length (CIDR: RFC 4632, RFC 4291), separated by
 * commas, semicolons or white space. An IPv4 network has no IPv6 addresses but IPv4-mapped ones, and the other way
 * round. Error: SKT_ERROR_BAD_ADDRESS, a sentence that names what is wrong. */
gboolean skt_access_check_networks (const char *text, GError **error);

/* NULL and SKT_ERROR_BAD_ADDRESS when a list can't be used. */
SktAccess *skt_access_new (const SktAccessOptions *options, GError **error);
SktAccess *skt_access_ref (SktAccess *self);
void skt_access_unref (SktAccess *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktAccess, skt_access_unref)

/* n_open, n_from_peer: connections that are open, in all and from that address. */
SktAdmission skt_access_judge (SktAccess *self, const SktPeer *peer, guint n_open, guint n_from_peer);
/* In words, translated, as a clause: "its address is on the deny list". (transfer full) */
char *skt_access_admission_to_text (SktAccess *self, SktAdmission admission);

/* FALSE, and all zero: not an address of IPv4 or IPv6. */
gboolean skt_peer_from_native (SktPeer *self, const struct sockaddr *native);
/* "127.0.0.1" or "2001:db8::1". (transfer full) */
char *skt_peer_to_text (const SktPeer *self);
guint skt_peer_hash (gconstpointer peer);
gboolean skt_peer_equal (gconstpointer a, gconstpointer b);

G_END_DECLS
