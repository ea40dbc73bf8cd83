/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-reach.h"

#include "skt-endpoint.h"

#include <gio/gio.h>

static GInetAddress *
parse (const char *text)
{
  /* without the scope: "fe80::1%eth0" */
  g_auto (GStrv) parts = g_strsplit (text, "%", 2);

  return g_inet_address_new_from_string (parts[0]);
}

/* Endpoints of the family with the port, into the array. */
static void
add_family (GPtrArray *endpoints, char **addresses, GSocketFamily family, int port)
{
  for (guint i = 0; addresses[i] != NULL; i++)
    {
      g_autoptr (GInetAddress) address = parse (addresses[i]);

      if (address == NULL || g_inet_address_get_family (address) != family || g_inet_address_get_is_loopback (address))
        continue;
      /* 169.254.0.0/16 is what a device on a cable between the two has */
      if (family == G_SOCKET_FAMILY_IPV4 || !g_inet_address_get_is_link_local (address))
        g_ptr_array_add (endpoints, skt_endpoint_format (addresses[i], port));
    }
}

static char **
list_endpoints (gboolean has_ipv6, int port)
{
  g_auto (GStrv) addresses = skt_endpoint_list_local_addresses ();
  GPtrArray *endpoints = g_ptr_array_new ();

  add_family (endpoints, addresses, G_SOCKET_FAMILY_IPV4, port);
  if (has_ipv6)
    add_family (endpoints, addresses, G_SOCKET_FAMILY_IPV6, port);
  g_ptr_array_add (endpoints, NULL);
  return (char **) g_ptr_array_free (endpoints, FALSE);
}

static SktReach
classify (GInetAddress *address)
{
  if (g_inet_address_get_is_any (address))
    return SKT_REACH_ALL;
  return g_inet_address_get_is_loopback (address) ? SKT_REACH_LOOPBACK : SKT_REACH_ONE;
}

SktReach
skt_reach_find (const char *target, char ***ret_endpoints)
{
  g_autofree char *host = NULL;
  g_autoptr (GInetAddress) address = NULL;
  g_auto (GStrv) endpoints = NULL;
  SktReach reach = SKT_REACH_NONE;
  int port;

  if (target != NULL && skt_endpoint_parse (target, &host, &port, NULL))
    address = parse (host);
  if (address != NULL)
    reach = classify (address);
  if (reach == SKT_REACH_ALL)
    endpoints = list_endpoints (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6, port);
  else
    endpoints = g_new0 (char *, 2);
  if (reach == SKT_REACH_ONE)
    endpoints[0] = g_strdup (target);
  if (ret_endpoints != NULL)
    *ret_endpoints = g_steal_pointer (&endpoints);
  return reach;
}

gboolean
skt_reach_has_global_ipv6 (void)
{
  g_auto (GStrv) addresses = skt_endpoint_list_local_addresses ();

  for (guint i = 0; addresses[i] != NULL; i++)
    {
      g_autoptr (GInetAddress) address = parse (addresses[i]);

      if (address != NULL && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 && !g_inet_address_get_is_loopback (address) &&
          !g_inet_address_get_is_link_local (address))
        return TRUE;
    }
  return FALSE;
}
