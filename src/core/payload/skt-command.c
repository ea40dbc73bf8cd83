/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-command.h"

#include "skt-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

const char *
skt_command_get_name (SktCommand command)
{
  static const char *const names[SKT_N_COMMANDS] = { "ncat", "socat", "nc", "Python" };

  g_return_val_if_fail (command < SKT_N_COMMANDS, NULL);
  return names[command];
}

static gboolean
has_text (const char *text)
{
  return text != NULL && *text != '\0';
}

static gboolean
has_bytes (GBytes *bytes)
{
  return bytes != NULL && g_bytes_get_size (bytes) > 0;
}

/* As it is if the shell takes it so. */
static char *
quote (const char *text)
{
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.:-_/@+,=";

  return *text != '\0' && text[strspn (text, plain)] == '\0' ? g_strdup (text) : g_shell_quote (text);
}

/* In the format of printf(1), whose octal escapes POSIX has and whose hexadecimal ones it has not. A minus sign at the beginning would be
 * an option. */
char *
skt_command_make_printf (GBytes *bytes)
{
  GString *line = g_string_new ("printf '");
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = data[i];

      if (byte == '\n')
        g_string_append (line, "\\n");
      else if (byte == '\r')
        g_string_append (line, "\\r");
      else if (byte == '\t')
        g_string_append (line, "\\t");
      else if (byte == '\\')
        g_string_append (line, "\\\\");
      else if (byte == '%')
        g_string_append (line, "%%");
      else if (byte < 0x20 || byte >= 0x7F || byte == '\'' || byte == '!' || (byte == '-' && i == 0))
        g_string_append_printf (line, "\\%03o", byte);
      else
        g_string_append_c (line, byte);
    }
  g_string_append_c (line, '\'');
  return g_string_free (line, FALSE);
}

/* In double quotes, which the shell's single quotes around all of it leave alone. */
static void
append_python_string (GString *line, const guint8 *data, gsize length)
{
  g_string_append_c (line, '"');
  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = data[i];

      if (byte == '\n')
        g_string_append (line, "\\n");
      else if (byte == '\r')
        g_string_append (line, "\\r");
      else if (byte == '\\' || byte == '"')
        g_string_append_printf (line, "\\%c", byte);
      else if (byte < 0x20 || byte >= 0x7F || byte == '\'' || byte == '!')
        g_string_append_printf (line, "\\x%02x", byte);
      else
        g_string_append_c (line, byte);
    }
  g_string_append_c (line, '"');
}

static void
append_python_address (GString *line, const char *host, guint16 port)
{
  g_string_append_c (line, '(');
  append_python_string (line, (const guint8 *) host, strlen (host));
  g_string_append_printf (line, ", %u)", port);
}

static gboolean
is_ipv6 (const char *host)
{
  return strchr (host, ':') != NULL;
}

static void
append_python_listening (GString *line, const SktCommandTarget *target)
{
  const char *host = target->host != NULL ? target->host : "";

  g_string_append (line, "s = socket.create_server(");
  append_python_address (line, host, target->port);
  if (!has_text (host))
    g_string_append (line, ", family=socket.AF_INET6, dualstack_ipv6=True");
  else if (is_ipv6 (host))
    g_string_append (line, ", family=socket.AF_INET6");
  g_string_append (line, ").accept()[0]; ");
}

static void
append_python_connecting (GString *line, const SktCommandTarget *target)
{
  g_string_append (line, "s = socket.create_connection(");
  append_python_address (line, target->host, target->port);
  if (has_text (target->local_host) || target->local_port > 0)
    {
      g_string_append (line, ", source_address=");
      append_python_address (line, target->local_host != NULL ? target->local_host : "", target->local_port);
    }
  g_string_append (line, "); ");
}

static void
append_python (GString *line, const SktCommandTarget *target, GBytes *bytes)
{
  g_string_append (line, "python3 -c 'import socket, sys; ");
  if (target->listens)
    append_python_listening (line, target);
  else
    append_python_connecting (line, target);
  if (has_bytes (bytes))
    {
      gsize length;
      const guint8 *data = g_bytes_get_data (bytes, &length);

      g_string_append (line, "s.sendall(b");
      append_python_string (line, data, length);
      g_string_append (line, "); ");
    }
  g_string_append (line, "[(sys.stdout.buffer.write(b), sys.stdout.flush()) for b in iter(lambda: s.recv(65536), b\"\")]'");
}

/* ncat and nc. */
static void
append_cat (GString *line, const char *name, const SktCommandTarget *target)
{
  g_string_append (line, name);
  if (target->listens)
    g_string_append (line, " -l");
  if (!target->listens && has_text (target->local_host))
    {
      g_autofree char *local = quote (target->local_host);

      g_string_append_printf (line, " -s %s", local);
    }
  if (!target->listens && target->local_port > 0)
    g_string_append_printf (line, " -p %u", target->local_port);
  if (has_text (target->host))
    {
      g_autofree char *host = quote (target->host);

      g_string_append_printf (line, " %s", host);
    }
  g_string_append_printf (line, " %u", target->port);
}

/* socat takes addresses of IPv6 in brackets. */
static char *
dup_socat_host (const char *host)
{
  return is_ipv6 (host) ? g_strdup_printf ("[%s]", host) : g_strdup (host);
}

static void
append_socat (GString *line, const SktCommandTarget *target)
{
  g_autoptr (GString) address = g_string_new (NULL);
  g_autofree char *host = dup_socat_host (target->host != NULL ? target->host : "");
  g_autofree char *quoted = NULL;

  if (!target->listens)
    {
      g_string_append_printf (address, "TCP:%s:%u", host, target->port);
      if (has_text (target->local_host))
        {
          g_autofree char *local = dup_socat_host (target->local_host);

          g_string_append_printf (address, ",bind=%s", local);
        }
      if (target->local_port > 0)
        g_string_append_printf (address, ",sourceport=%u,reuseaddr", target->local_port);
    }
  else if (!has_text (target->host))
    g_string_append_printf (address, "TCP6-LISTEN:%u,ipv6-v6only=0,reuseaddr", target->port);
  else
    g_string_append_printf (address, "TCP%s-LISTEN:%u,bind=%s,reuseaddr", is_ipv6 (target->host) ? "6" : "4", target->port, host);
  quoted = quote (address->str);
  /* half a second after its input has ended it would give up waiting for an answer */
  g_string_append_printf (line, "socat -t 86400 - %s", quoted);
}

char *
skt_command_make (SktCommand command, const SktCommandTarget *target, GBytes *bytes, GError **error)
{
  GString *line;

  g_return_val_if_fail (command < SKT_N_COMMANDS, NULL);
  g_return_val_if_fail (target != NULL && (target->listens || has_text (target->host)), NULL);

  if (has_bytes (bytes) && g_bytes_get_size (bytes) > SKT_COMMAND_MAX_BYTES)
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_MESSAGE,
                   ngettext ("A command can carry %d byte at most: this is too long.", "A command can carry %d bytes at most: this is too long.",
                             SKT_COMMAND_MAX_BYTES),
                   SKT_COMMAND_MAX_BYTES);
      return NULL;
    }
  line = g_string_new (NULL);
  if (command == SKT_COMMAND_PYTHON)
    {
      append_python (line, target, bytes);
      return g_string_free (line, FALSE);
    }
  if (has_bytes (bytes))
    {
      g_autofree char *printed = skt_command_make_printf (bytes);

      g_string_append_printf (line, "%s | ", printed);
    }
  if (command == SKT_COMMAND_SOCAT)
    append_socat (line, target);
  else
    append_cat (line, skt_command_get_name (command), target);
  return g_string_free (line, FALSE);
}
