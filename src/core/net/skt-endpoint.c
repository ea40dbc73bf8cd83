/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-endpoint.h"

#include "skt-error.h"

#include <glib/gi18n-lib.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#define MAX_HOST_LENGTH 253
#define MAX_LABEL_LENGTH 63

/* -- Ports ---------------------------------------------------------------------------------------------------- */

static gboolean
is_all_digits (const char *text)
{
  return text[0] != '\0' && text[strspn (text, "0123456789")] == '\0';
}

int
skt_endpoint_parse_port (const char *text, int minimum, GError **error)
{
  g_autofree char *trimmed = NULL;
  const char *significant;

  g_return_val_if_fail (text != NULL, -1);
  g_return_val_if_fail (minimum == 0 || minimum == 1, -1);

  trimmed = g_utf8_make_valid (text, -1);
  g_strstrip (trimmed);

  if (is_all_digits (trimmed))
    {
      int port;

      significant = trimmed + strspn (trimmed, "0");
      port = strlen (significant) <= 5 ? atoi (significant) : G_MAXINT;
      if (port >= minimum && port <= 65535)
        return port;
    }

  if (trimmed[0] == '\0')
    g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_PORT,
                 _("The port is missing. A port is a number from %d to 65535."), minimum);
  else
    g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_PORT,
                 _("“%s” is not a port. A port is a number from %d to 65535."), trimmed, minimum);
  return -1;
}

/* -- Hosts ---------------------------------------------------------------------------------------------------- */

static gboolean
is_scope (const char *text)
{
  if (text[0] == '\0')
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("._-@:", *p) == NULL)
      return FALSE;
  return TRUE;
}

/* An IPv6 literal, with or without a scope ("fe80::1%eth0"). */
static gboolean
is_ipv6_literal (const char *text)
{
  const char *percent = strchr (text, '%');
  g_autofree char *address = percent != NULL ? g_strndup (text, percent - text) : g_strdup (text);
  g_autoptr (GInetAddress) parsed = NULL;

  if (strchr (address, ':') == NULL || (percent != NULL && !is_scope (percent + 1)))
    return FALSE;
  parsed = g_inet_address_new_from_string (address);
  return parsed != NULL && g_inet_address_get_family (parsed) == G_SOCKET_FAMILY_IPV6;
}

/* NULL, or the first character of `host` that no host name has. */
static const char *
find_bad_character (const char *host)
{
  for (const char *p = host; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c < 0x80 ? !g_ascii_isalnum ((char) c) && strchr ("-_.", (char) c) == NULL
                   : !g_unichar_isgraph (c))
        return p;
    }
  return NULL;
}

static gboolean
has_good_labels (const char *ascii)
{
  gsize length = strlen (ascii);
  g_auto (GStrv) labels = NULL;

  if (length > 0 && ascii[length - 1] == '.')   /* fully qualified */
    length--;
  if (length == 0 || length > MAX_HOST_LENGTH)
    return FALSE;

  {
    g_autofree char *name = g_strndup (ascii, length);
    labels = g_strsplit (name, ".", -1);
  }
  for (guint i = 0; labels[i] != NULL; i++)
    if (labels[i][0] == '\0' || strlen (labels[i]) > MAX_LABEL_LENGTH)
      return FALSE;
  return TRUE;
}

static gboolean
check_host_name (const char *host, GError **error)
{
  const char *bad = find_bad_character (host);
  g_autofree char *ascii = NULL;

  if (bad != NULL)
    {
      g_autofree char *character = g_strndup (bad, g_utf8_next_char (bad) - bad);

      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_ADDRESS,
                   _("“%s” cannot be a host: host names and addresses have no “%s”. "
                     "Enter a name such as example.com or an IP address."),
                   host, character);
      return FALSE;
    }

  ascii = g_hostname_is_non_ascii (host) ? g_hostname_to_ascii (host) : g_strdup (host);
  if (ascii == NULL || !has_good_labels (ascii))
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_ADDRESS,
                   _("“%s” cannot be a host name. Enter a name such as example.com or an IP address."), host);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_host (const char *host, GError **error)
{
  if (host[0] == '\0')
    {
      g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_ADDRESS,
                           _("The host is missing. Enter a host name or an IP address."));
      return FALSE;
    }
  if (strchr (host, ':') == NULL)
    return check_host_name (host, error);
  if (is_ipv6_literal (host))
    return TRUE;

  g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_ADDRESS,
               _("“%s” is not an IPv6 address, and nothing else has more than one colon. "
                 "An IPv6 address with a port is written [::1]:80."),
               host);
  return FALSE;
}

/* -- Splitting ------------------------------------------------------------------------------------------------ */

static char *
trim (const char *text)
{
  const char *end = text + strlen (text);

  while (g_unichar_isspace (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  while (end > text)
    {
      const char *previous = g_utf8_prev_char (end);

      if (!g_unichar_isspace (g_utf8_get_char (previous)))
        break;
      end = previous;
    }
  return g_strndup (text, end - text);
}

/* Takes "tcp://" and what may follow the authority off. */
static gboolean
strip_scheme (char **text, GError **error)
{
  const char *mark = strstr (*text, "://");
  char *rest;

  if (mark == NULL)
    return TRUE;
  if (mark - *text != 3 || g_ascii_strncasecmp (*text, "tcp", 3) != 0)
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_ADDRESS,
                   _("“%s” is not a TCP address. Only tcp://host:port is understood."), *text);
      return FALSE;
    }
  rest = g_strdup (mark + 3);
  rest[strcspn (rest, "/?#")] = '\0';
  g_free (*text);
  *text = rest;
  return TRUE;
}

/* "[v6]", "[v6]:port", "[v6] port" */
static gboolean
split_bracketed (const char *text, char **ret_host, char **ret_port, GError **error)
{
  const char *close = strchr (text, ']');
  g_autofree char *host = NULL;
  g_autofree char *rest = NULL;

  if (close != NULL)
    {
      host = g_strndup (text + 1, close - text - 1);
      rest = trim (close + 1);
    }
  if (close == NULL || !is_ipv6_literal (host)
      || (rest[0] != '\0' && rest[0] != ':' && close[1] == rest[0]))
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_ADDRESS,
                   _("“%s” is not an IPv6 address in brackets, such as [::1]:80."), text);
      return FALSE;
    }
  *ret_port = rest[0] == '\0' ? NULL : g_strdup (rest[0] == ':' ? rest + 1 : rest);
  *ret_host = g_steal_pointer (&host);
  return TRUE;
}

static const char *
find_space (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isspace (g_utf8_get_char (p)))
      return p;
  return NULL;
}

/* "host", "host:port", "host port", "host: port", "v6 literal" */
static void
split_plain (const char *text, char **ret_host, char **ret_port)
{
  const char *space = find_space (text);
  const char *colon = strchr (text, ':');

  *ret_port = NULL;
  if (space != NULL)
    {
      const char *end = space > text && space[-1] == ':' && colon == space - 1 ? space - 1 : space;

      *ret_host = g_strndup (text, end - text);
      *ret_port = trim (space);
    }
  else if (colon != NULL && strchr (colon + 1, ':') == NULL)
    {
      *ret_host = g_strndup (text, colon - text);
      *ret_port = g_strdup (colon + 1);
    }
  else
    *ret_host = g_strdup (text);
}

static gboolean
split (const char *text, char **ret_host, char **ret_port, GError **error)
{
  g_autofree char *trimmed = NULL;

  if (!g_utf8_validate (text, -1, NULL))
    {
      g_autofree char *shown = g_utf8_make_valid (text, -1);

      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_ADDRESS, _("“%s” is not valid text (UTF-8)."), shown);
      return FALSE;
    }
  trimmed = trim (text);
  if (!strip_scheme (&trimmed, error))
    return FALSE;
  if (trimmed[0] == '[')
    return split_bracketed (trimmed, ret_host, ret_port, error);
  split_plain (trimmed, ret_host, ret_port);
  return TRUE;
}

gboolean
skt_endpoint_parse (const char *text, char **ret_host, int *ret_port, GError **error)
{
  g_autofree char *host = NULL;
  g_autofree char *port_text = NULL;
  int port = -1;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (ret_host != NULL && ret_port != NULL, FALSE);

  if (!split (text, &host, &port_text, error) || !check_host (host, error))
    return FALSE;
  if (port_text != NULL)
    {
      port = skt_endpoint_parse_port (port_text, 1, error);
      if (port < 0)
        return FALSE;
    }
  *ret_host = g_steal_pointer (&host);
  *ret_port = port;
  return TRUE;
}

gboolean
skt_endpoint_parse_listen (const char *text, char **ret_address, int *ret_port, GError **error)
{
  g_autofree char *host = NULL;
  g_autofree char *port_text = NULL;
  gboolean is_any;
  int port;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (ret_address != NULL && ret_port != NULL, FALSE);

  if (!split (text, &host, &port_text, error))
    return FALSE;
  if (port_text == NULL && is_all_digits (host))
    {
      port_text = g_steal_pointer (&host);
      host = g_strdup ("");
    }
  is_any = host[0] == '\0' || g_str_equal (host, "*");
  if (!is_any && !g_hostname_is_ip_address (host) && !is_ipv6_literal (host))
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_ADDRESS,
                   _("“%s” is not an IP address of this machine. Enter one, or only a port to listen on all of them."),
                   host);
      return FALSE;
    }
  port = skt_endpoint_parse_port (port_text != NULL ? port_text : "", 0, error);
  if (port < 0)
    return FALSE;
  *ret_address = is_any ? NULL : g_steal_pointer (&host);
  *ret_port = port;
  return TRUE;
}

/* -- Formatting ----------------------------------------------------------------------------------------------- */

static char *
format_host (const char *host, int port)
{
  gboolean has_brackets = strchr (host, ':') != NULL && port >= 0;

  if (port < 0)
    return g_strdup (host);
  return has_brackets ? g_strdup_printf ("[%s]:%d", host, port) : g_strdup_printf ("%s:%d", host, port);
}

/* NULL if it is no IPv4-mapped IPv6 address. */
static char *
dup_mapped_ipv4 (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);
  static const guint8 prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };

  if (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6 || memcmp (bytes, prefix, sizeof prefix) != 0)
    return NULL;
  return g_strdup_printf ("%u.%u.%u.%u", bytes[12], bytes[13], bytes[14], bytes[15]);
}

char *
skt_endpoint_format (const char *host, int port)
{
  g_autoptr (GInetAddress) address = NULL;
  g_autofree char *mapped = NULL;

  g_return_val_if_fail (host != NULL, NULL);

  address = strchr (host, ':') != NULL ? g_inet_address_new_from_string (host) : NULL;
  mapped = address != NULL ? dup_mapped_ipv4 (address) : NULL;
  return format_host (mapped != NULL ? mapped : host, port);
}

char *
skt_endpoint_format_address (GSocketAddress *address)
{
  GInetSocketAddress *inet;
  g_autofree char *text = NULL;
  guint32 scope = 0;

  if (address == NULL || !G_IS_INET_SOCKET_ADDRESS (address))
    return g_strdup ("?");

  inet = G_INET_SOCKET_ADDRESS (address);
  text = dup_mapped_ipv4 (g_inet_socket_address_get_address (inet));
  if (text == NULL)
    text = g_inet_address_to_string (g_inet_socket_address_get_address (inet));
  if (g_socket_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    scope = g_inet_socket_address_get_scope_id (inet);
  if (scope != 0)
    {
      char name[IF_NAMESIZE];
      char *scoped = if_indextoname (scope, name) != NULL ? g_strdup_printf ("%s%%%s", text, name)
                                                          : g_strdup_printf ("%s%%%u", text, scope);
      g_free (text);
      text = scoped;
    }
  return format_host (text, g_inet_socket_address_get_port (inet));
}

/* -- This machine --------------------------------------------------------------------------------------------- */

static char *
dup_interface_address (const struct ifaddrs *interface)
{
  g_autoptr (GSocketAddress) address = NULL;
  g_autofree char *text = NULL;
  guint32 scope;
  gsize size;

  if (interface->ifa_addr == NULL || (interface->ifa_flags & IFF_UP) == 0)
    return NULL;
  if (interface->ifa_addr->sa_family == AF_INET)
    size = sizeof (struct sockaddr_in);
  else if (interface->ifa_addr->sa_family == AF_INET6)
    size = sizeof (struct sockaddr_in6);
  else
    return NULL;

  address = g_socket_address_new_from_native (interface->ifa_addr, size);
  if (address == NULL)
    return NULL;
  text = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  scope = interface->ifa_addr->sa_family == AF_INET6
              ? g_inet_socket_address_get_scope_id (G_INET_SOCKET_ADDRESS (address))
              : 0;
  return scope != 0 ? g_strdup_printf ("%s%%%s", text, interface->ifa_name) : g_steal_pointer (&text);
}

char **
skt_endpoint_list_local_addresses (void)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  struct ifaddrs *interfaces = NULL;
  guint n_loopback = 0;

  if (getifaddrs (&interfaces) == 0)
    {
      for (const struct ifaddrs *i = interfaces; i != NULL; i = i->ifa_next)
        {
          char *text = dup_interface_address (i);

          if (text == NULL)
            continue;
          if (g_ptr_array_find_with_equal_func (found, text, g_str_equal, NULL))
            g_free (text);
          else if ((i->ifa_flags & IFF_LOOPBACK) != 0)
            g_ptr_array_insert (found, (gint) n_loopback++, text);
          else
            g_ptr_array_add (found, text);
        }
      freeifaddrs (interfaces);
    }
  g_ptr_array_add (found, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&found), FALSE);
}
