/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-port-holder.h"

#include "skt-endpoint.h"
#include "skt-sock-diag.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In a sandbox, whose processes see none but their own, each user but the own one is this one (user_namespaces(7)). */
#define OVERFLOW_UID 65534

void
skt_port_holder_free (SktPortHolder *self)
{
  if (self == NULL)
    return;
  g_free (self->address);
  g_free (self->program);
  g_free (self);
}

/* -- The socket ----------------------------------------------------------------------------------------------- */

static GInetAddress *
get_inet (const SktSockDiag *info)
{
  return g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (info->local));
}

/* Whether two sockets on the same port are in each other's way. */
static gboolean
is_in_the_way (const SktSockDiag *info, GInetAddress *wanted)
{
  GInetAddress *theirs = get_inet (info);
  g_autofree char *their_text = NULL;
  g_autofree char *wanted_text = NULL;

  if (wanted == NULL || g_inet_address_get_is_any (wanted) || g_inet_address_get_is_any (theirs))
    return TRUE;
  if (g_inet_address_equal (wanted, theirs))
    return TRUE;
  /* ::ffff:127.0.0.1 */
  their_text = g_inet_address_to_string (theirs);
  wanted_text = g_inet_address_to_string (wanted);
  return g_str_has_prefix (their_text, "::ffff:") && g_str_equal (their_text + strlen ("::ffff:"), wanted_text);
}

/* -- Its program ---------------------------------------------------------------------------------------------- */

static gboolean
has_descriptor (const char *pid, const char *wanted)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "fd", NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *descriptor = g_build_filename (path, name, NULL);
      char target[64];
      gssize n = readlink (descriptor, target, sizeof target - 1);

      if (n > 0)
        {
          target[n] = '\0';
          if (g_str_equal (target, wanted))
            return TRUE;
        }
    }
  return FALSE;
}

static guint
find_pid (guint32 inode)
{
  g_autofree char *wanted = g_strdup_printf ("socket:[%u]", inode);
  g_autofree char *self = g_strdup_printf ("%d", (int) getpid ());
  g_autoptr (GDir) processes = NULL;
  const char *name;

  if (inode == 0)
    return 0;
  /* a program that was started from here may have inherited it */
  if (has_descriptor (self, wanted))
    return (guint) getpid ();
  processes = g_dir_open ("/proc", 0, NULL);
  while (processes != NULL && (name = g_dir_read_name (processes)) != NULL)
    if (g_ascii_isdigit (name[0]) && has_descriptor (name, wanted))
      return (guint) strtoul (name, NULL, 10);
  return 0;
}

static char *
dup_program (guint pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%u/comm", pid);
  char *name = NULL;

  if (!g_file_get_contents (path, &name, NULL, NULL))
    return g_strdup ("?");
  return g_strchomp (name);
}

SktPortHolder *
skt_port_holder_find (const char *address, guint16 port)
{
  g_autoptr (GPtrArray) sockets = skt_sock_diag_list_port (port, NULL);
  g_autoptr (GInetAddress) wanted = address != NULL ? g_inet_address_new_from_string (address) : NULL;

  for (guint i = 0; sockets != NULL && i < sockets->len; i++)
    {
      const SktSockDiag *info = sockets->pdata[i];
      SktPortHolder *holder;

      if (!is_in_the_way (info, wanted))
        continue;
      holder = g_new0 (SktPortHolder, 1);
      holder->state = info->state;
      holder->address = skt_endpoint_format_address (info->local);
      holder->uid = info->uid;
      holder->pid = find_pid (info->inode);
      holder->is_self = holder->pid == (guint) getpid ();
      holder->program = holder->pid != 0 ? dup_program (holder->pid) : NULL;
      return holder;
    }
  return NULL;
}

/* -- As text -------------------------------------------------------------------------------------------------- */

static char *
dup_user_name (guint32 uid)
{
  char buffer[4096];
  struct passwd entry, *found = NULL;

  if (getpwuid_r (uid, &entry, buffer, sizeof buffer, &found) == 0 && found != NULL)
    return g_utf8_make_valid (found->pw_name, -1);
  return g_strdup_printf ("%u", uid);
}

char *
skt_port_holder_to_text (const SktPortHolder *self)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->is_self && self->state == SKT_TCP_STATE_LISTEN)
    return g_strdup_printf (_("Another page of this program listens on %s."), self->address);
  if (self->is_self)
    return g_strdup_printf (_("A connection of this program uses %s."), self->address);
  if (self->program != NULL)
    {
      name = g_utf8_make_valid (self->program, -1);
      /* Translators: name of a program, number of its process, address and port */
      return g_strdup_printf (_("The program “%s” (process %u) has %s."), name, self->pid, self->address);
    }
  /* A listening socket always is some program's. */
  if (self->state == SKT_TCP_STATE_LISTEN && (self->uid == getuid () || self->uid == OVERFLOW_UID))
    /* Translators: address and port */
    return g_strdup_printf (_("A program that cannot be seen from here has %s."), self->address);
  /* The system tells no user of a connection in TIME-WAIT, which has no program any more: it says 0. */
  if (self->state != SKT_TCP_STATE_TIME_WAIT && self->uid != getuid ())
    {
      name = dup_user_name (self->uid);
      /* Translators: name of a user of this machine, address and port */
      return g_strdup_printf (_("A program of the user “%s” has %s."), name, self->address);
    }
  /* Translators: address and port, then a state of TCP such as TIME-WAIT */
  return g_strdup_printf (_("The system still has a connection of %s, in state %s."), self->address,
                          skt_tcp_state_get_name (self->state));
}
