/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-access.h"

#include "skt-error.h"

#include <arpa/inet.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define SEPARATORS " \t\r\n,;"
/* Of an IPv4 address in one of IPv6. */
#define MAPPED_PREFIX 96

static const guint8 mapped_start[12] = { [10] = 0xFF, [11] = 0xFF };

typedef struct
{
  SktPeer address;
  guint prefix;                 /* 0 to 128, of all 128 bits */
  gboolean is_ipv4;
} SktNetwork;

struct _SktAccess
{
  gatomicrefcount ref_count;
  GArray *allow;                /* SktNetwork */
  GArray *deny;                 /* SktNetwork */
  guint max_connections;
  guint max_per_address;
};

/* -- Addresses ------------------------------------------------------------------------------------------------- */

static gboolean
is_mapped (const SktPeer *peer)
{
  return memcmp (peer->bytes, mapped_start, sizeof mapped_start) == 0;
}

static void
set_ipv4 (SktPeer *self, const void *address)
{
  memcpy (self->bytes, mapped_start, sizeof mapped_start);
  memcpy (self->bytes + sizeof mapped_start, address, 4);
}

gboolean
skt_peer_from_native (SktPeer *self, const struct sockaddr *native)
{
  memset (self, 0, sizeof *self);
  if (native->sa_family == AF_INET)
    set_ipv4 (self, &((const struct sockaddr_in *) native)->sin_addr);
  else if (native->sa_family == AF_INET6)
    memcpy (self->bytes, &((const struct sockaddr_in6 *) native)->sin6_addr, sizeof self->bytes);
  else
    return FALSE;
  return TRUE;
}

char *
skt_peer_to_text (const SktPeer *self)
{
  char text[INET6_ADDRSTRLEN] = "";

  if (is_mapped (self))
    inet_ntop (AF_INET, self->bytes + sizeof mapped_start, text, sizeof text);
  else
    inet_ntop (AF_INET6, self->bytes, text, sizeof text);
  return g_strdup (text);
}

guint
skt_peer_hash (gconstpointer peer)
{
  guint32 words[4];

  memcpy (words, peer, sizeof words);
  return (words[0] * 31 + words[1]) * 31 + words[2] + words[3] * 2654435761u;
}

gboolean
skt_peer_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (SktPeer)) == 0;
}

/* -- Networks -------------------------------------------------------------------------------------------------- */

static gboolean
parse_prefix (const char *text, guint most, guint *ret_prefix)
{
  gsize length = strlen (text);

  if (length == 0 || length > 3 || strspn (text, "0123456789") != length)
    return FALSE;
  *ret_prefix = (guint) atoi (text);
  return *ret_prefix <= most;
}

/* 10.1.2.3/8 is 10.0.0.0/8: only the bits of the prefix are compared. */
static gboolean
parse_network (const char *text, SktNetwork *network, GError **error)
{
  const char *slash = strchr (text, '/');
  g_autofree char *address = slash != NULL ? g_strndup (text, slash - text) : g_strdup (text);
  guint most;

  memset (network, 0, sizeof *network);
  if (inet_pton (AF_INET, address, network->address.bytes + 12) == 1)
    {
      network->is_ipv4 = TRUE;
      memcpy (network->address.bytes, mapped_start, sizeof mapped_start);
    }
  else if (inet_pton (AF_INET6, address, network->address.bytes) != 1)
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_ADDRESS,
                   _("“%s” is not an address. Write networks as 192.168.1.0/24 or 2001:db8::/32, separated by commas."), text);
      return FALSE;
    }
  most = network->is_ipv4 ? 32 : 128;
  network->prefix = most;
  if (slash != NULL && !parse_prefix (slash + 1, most, &network->prefix))
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_ADDRESS,
                   _("“%s”: after the slash comes the length of the prefix, a number from 0 to %u."), text, most);
      return FALSE;
    }
  if (network->is_ipv4)
    network->prefix += MAPPED_PREFIX;
  else
    network->is_ipv4 = is_mapped (&network->address) && network->prefix >= MAPPED_PREFIX;
  return TRUE;
}

/* As they are typed in Chinese. */
static void
blank_wide_separators (char *text)
{
  static const char *const wide[] = { "，", "；", "、" };

  for (guint i = 0; i < G_N_ELEMENTS (wide); i++)
    for (char *p = text; (p = strstr (p, wide[i])) != NULL;)
      memset (p, ' ', strlen (wide[i]));
}

static GArray *
parse_networks (const char *text, GError **error)
{
  g_autoptr (GArray) networks = g_array_new (FALSE, FALSE, sizeof (SktNetwork));
  g_autofree char *valid = NULL;

  if (text == NULL)
    return g_steal_pointer (&networks);
  valid = g_utf8_make_valid (text, -1);
  blank_wide_separators (valid);
  for (const char *p = valid + strspn (valid, SEPARATORS); *p != '\0'; p += strspn (p, SEPARATORS))
    {
      gsize length = strcspn (p, SEPARATORS);
      g_autofree char *part = g_strndup (p, length);
      SktNetwork network;

      if (!parse_network (part, &network, error))
        return NULL;
      g_array_append_val (networks, network);
      p += length;
    }
  return g_steal_pointer (&networks);
}

static gboolean
network_contains (const SktNetwork *network, const SktPeer *peer)
{
  guint whole = network->prefix / 8, rest = network->prefix % 8;

  if (network->is_ipv4 != is_mapped (peer) || memcmp (network->address.bytes, peer->bytes, whole) != 0)
    return FALSE;
  return rest == 0 || (network->address.bytes[whole] ^ peer->bytes[whole]) >> (8 - rest) == 0;
}

static gboolean
networks_contain (GArray *networks, const SktPeer *peer)
{
  for (guint i = 0; i < networks->len; i++)
    if (network_contains (&g_array_index (networks, SktNetwork, i), peer))
      return TRUE;
  return FALSE;
}

gboolean
skt_access_check_networks (const char *text, GError **error)
{
  g_autoptr (GArray) networks = parse_networks (text, error);

  return networks != NULL;
}

/* -- Access ---------------------------------------------------------------------------------------------------- */

SktAccess *
skt_access_new (const SktAccessOptions *options, GError **error)
{
  g_autoptr (GArray) allow = NULL;
  g_autoptr (GArray) deny = NULL;
  SktAccess *self;

  g_return_val_if_fail (options != NULL, NULL);

  allow = parse_networks (options->allow, error);
  if (allow == NULL)
    return NULL;
  deny = parse_networks (options->deny, error);
  if (deny == NULL)
    return NULL;

  self = g_new0 (SktAccess, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->allow = g_steal_pointer (&allow);
  self->deny = g_steal_pointer (&deny);
  self->max_connections = options->max_connections;
  self->max_per_address = options->max_per_address;
  return self;
}

SktAccess *
skt_access_ref (SktAccess *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
skt_access_unref (SktAccess *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->allow);
  g_array_unref (self->deny);
  g_free (self);
}

SktAdmission
skt_access_judge (SktAccess *self, const SktPeer *peer, guint n_open, guint n_from_peer)
{
  if (networks_contain (self->deny, peer))
    return SKT_ADMISSION_DENIED;
  if (self->allow->len > 0 && !networks_contain (self->allow, peer))
    return SKT_ADMISSION_NOT_ALLOWED;
  if (self->max_per_address > 0 && n_from_peer >= self->max_per_address)
    return SKT_ADMISSION_TOO_MANY_FROM_ADDRESS;
  if (self->max_connections > 0 && n_open >= self->max_connections)
    return SKT_ADMISSION_TOO_MANY;
  return SKT_ADMISSION_ACCEPTED;
}

char *
skt_access_admission_to_text (SktAccess *self, SktAdmission admission)
{
  switch (admission)
    {
    case SKT_ADMISSION_DENIED:
      /* Translators: why a connection was refused, as a clause */
      return g_strdup (_("its address is on the deny list"));
    case SKT_ADMISSION_NOT_ALLOWED:
      return g_strdup (_("its address is not on the allow list"));
    case SKT_ADMISSION_TOO_MANY:
      return g_strdup_printf (ngettext ("the limit is %u connection", "the limit is %u connections", self->max_connections),
                              self->max_connections);
    case SKT_ADMISSION_TOO_MANY_FROM_ADDRESS:
      return g_strdup_printf (ngettext ("the limit is %u connection from one address",
                                        "the limit is %u connections from one address", self->max_per_address),
                              self->max_per_address);
    case SKT_ADMISSION_ACCEPTED:
    case SKT_N_ADMISSIONS:
    default:
      g_return_val_if_reached (NULL);
    }
}
