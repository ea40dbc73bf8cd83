/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-tour-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* On loopback a datagram is in the receiver's queue when the call that sent it returns: none of these sockets is waited for. */

static const char *const datagrams[] = { "one\n", "two\n", "three\n" };

/* On a port of loopback that the system chooses. */
static GSocket *
open_socket (GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, error);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);

  if (socket == NULL || !g_socket_bind (socket, address, FALSE, error))
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  return g_steal_pointer (&socket);
}

/* "4, 4, 6": the length of each that was received. */
static char *
receive_all (GSocket *socket)
{
  GString *lengths = g_string_new (NULL);
  char buffer[64];
  gssize n;

  while ((n = g_socket_receive (socket, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_string_append_printf (lengths, "%s%" G_GSSIZE_FORMAT, lengths->len > 0 ? ", " : "", n);
  return g_string_free (lengths, FALSE);
}

static char *
send_to_receiver (GError **error)
{
  g_autoptr (GSocket) sender = open_socket (error);
  g_autoptr (GSocket) receiver = sender != NULL ? open_socket (error) : NULL;
  g_autoptr (GSocketAddress) address = receiver != NULL ? g_socket_get_local_address (receiver, error) : NULL;

  if (address == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (datagrams); i++)
    if (g_socket_send_to (sender, address, datagrams[i], strlen (datagrams[i]), NULL, error) < 0)
      return NULL;
  return receive_all (receiver);
}

/* To a port that was free a moment ago. What the system tells of it, which it does afterwards and only for a connected UDP socket; NULL: nothing. */
static char *
send_to_nobody (GError **error)
{
  g_autoptr (GSocket) sender = open_socket (error);
  g_autoptr (GSocket) nobody = sender != NULL ? open_socket (error) : NULL;
  g_autoptr (GSocketAddress) address = nobody != NULL ? g_socket_get_local_address (nobody, error) : NULL;
  g_autoptr (GError) told = NULL;
  char buffer[64];

  if (address == NULL || !g_socket_close (nobody, error) || !g_socket_connect (sender, address, NULL, error) ||
      g_socket_send (sender, datagrams[0], strlen (datagrams[0]), NULL, error) < 0)
    return NULL;
  if (g_socket_receive (sender, buffer, sizeof buffer, NULL, &told) < 0 &&
      g_error_matches (told, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return g_strdup ("ECONNREFUSED");
  return g_strdup ("");
}

char *
_skt_tour_send_datagrams (GError **error)
{
  g_autofree char *lengths = send_to_receiver (error);
  g_autofree char *told = lengths != NULL ? send_to_nobody (error) : NULL;

  if (told == NULL)
    return NULL;
  if (*told == '\0')
    /* Translators: "4, 4, 6", lengths in bytes */
    return g_strdup_printf (_ ("Three datagrams of 4, 4 and 6 bytes were sent without connecting, and were received one by one: %s bytes. One to a "
                               "port where nobody is was “sent” as well, and nothing told that it was lost."),
                            lengths);
  /* Translators: %1$s: "4, 4, 6", lengths in bytes; %2$s is the name of an error code */
  return g_strdup_printf (_ ("Three datagrams of 4, 4 and 6 bytes were sent without connecting, and were received one by one: %1$s bytes. One to a "
                             "port where nobody is was “sent” as well; only afterwards ICMP said “port unreachable” (%2$s)."),
                          lengths, told);
}
