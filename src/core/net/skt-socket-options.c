/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-socket-options.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ALLOWED_CONGESTION "/proc/sys/net/ipv4/tcp_allowed_congestion_control"

void
skt_socket_options_init (SktSocketOptions *self)
{
  *self = (SktSocketOptions){ .no_delay = TRUE, .linger_s = -1 };
}

/* Those that are plain numbers, in the order in which they are set. */
typedef struct
{
  gsize offset;
  const char *key;              /* in the text form */
  int level, name;
  const char *title;
} SktNumber;

static const SktNumber numbers[] = {
  { G_STRUCT_OFFSET (SktSocketOptions, keep_idle_s), "idle", IPPROTO_TCP, TCP_KEEPIDLE, N_("Keep-alive after (TCP_KEEPIDLE)") },
  { G_STRUCT_OFFSET (SktSocketOptions, keep_interval_s), "interval", IPPROTO_TCP, TCP_KEEPINTVL,
    N_("Keep-alive interval (TCP_KEEPINTVL)") },
  { G_STRUCT_OFFSET (SktSocketOptions, keep_count), "count", IPPROTO_TCP, TCP_KEEPCNT, N_("Keep-alive probes (TCP_KEEPCNT)") },
  { G_STRUCT_OFFSET (SktSocketOptions, user_timeout_ms), "user-timeout", IPPROTO_TCP, TCP_USER_TIMEOUT,
    N_("User timeout (TCP_USER_TIMEOUT)") },
  { G_STRUCT_OFFSET (SktSocketOptions, send_buffer), "send-buffer", SOL_SOCKET, SO_SNDBUF, N_("Send buffer (SO_SNDBUF)") },
  { G_STRUCT_OFFSET (SktSocketOptions, receive_buffer), "receive-buffer", SOL_SOCKET, SO_RCVBUF,
    N_("Receive buffer (SO_RCVBUF)") },
};

static guint
get_number (const SktSocketOptions *self, const SktNumber *number)
{
  return *(const guint *) ((const char *) self + number->offset);
}

static void
set_number (SktSocketOptions *self, const SktNumber *number, guint value)
{
  *(guint *) ((char *) self + number->offset) = value;
}

gboolean
skt_socket_options_equal (const SktSocketOptions *self, const SktSocketOptions *other)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (get_number (self, &numbers[i]) != get_number (other, &numbers[i]))
      return FALSE;
  return !self->no_delay == !other->no_delay && !self->keep_alive == !other->keep_alive &&
         self->linger_s == other->linger_s && self->ttl == other->ttl &&
         strcmp (self->congestion, other->congestion) == 0 && strcmp (self->interface, other->interface) == 0;
}

/* -- Setting -------------------------------------------------------------------------------------------------- */

static void
add_refusal (GString *refusals, const char *title, int code)
{
  if (refusals->len > 0)
    g_string_append_c (refusals, '\n');
  /* Translators: the name of a socket option, then the reason in the system’s words */
  g_string_append_printf (refusals, _("%s was refused: %s."), title, g_strerror (code));
}

static void
set_option (int fd, int level, int name, int value, const char *title, GString *refusals)
{
  if (setsockopt (fd, level, name, &value, sizeof value) != 0)
    add_refusal (refusals, title, errno);
}

static gboolean
is_ip6 (int fd)
{
  int domain = AF_INET;
  socklen_t size = sizeof domain;

  return getsockopt (fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_INET6;
}

/* An IPv6 socket may speak IPv4: both are set. -1: back to the default. */
static void
set_ttl (int fd, guint ttl, GString *refusals)
{
  int value = ttl > 0 ? (int) ttl : -1;

  if (is_ip6 (fd))
    set_option (fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, value, _("Hop limit (IPV6_UNICAST_HOPS)"), refusals);
  set_option (fd, IPPROTO_IP, IP_TTL, value, _("Time to live (IP_TTL)"), refusals);
}

/* close(2) would block for as long as SO_LINGER says, and with it all that is done on this thread: only 0 goes to the kernel. */
static void
set_linger (int fd, int linger_s, GString *refusals)
{
  const struct linger linger = { .l_onoff = linger_s == 0, .l_linger = 0 };

  if (setsockopt (fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) != 0)
    add_refusal (refusals, _("Linger (SO_LINGER)"), errno);
}

static int
get_option (int fd, int level, int name)
{
  int value = 0;
  socklen_t size = sizeof value;

  return getsockopt (fd, level, name, &value, &size) == 0 ? MAX (value, 0) : 0;
}

/* The system's default of an option, from a socket that nothing was set on. */
static int
get_default (const SktNumber *number)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int value = fd >= 0 ? get_option (fd, number->level, number->name) : 0;

  if (fd >= 0)
    close (fd);
  return value;
}

char *
skt_socket_options_apply (const SktSocketOptions *self, const SktSocketOptions *old, int fd)
{
  g_autoptr (GString) refusals = g_string_new (NULL);
  SktSocketOptions defaults;
  const gboolean is_first = old == NULL;

  skt_socket_options_init (&defaults);
  if (is_first)
    old = &defaults;
  if (is_first || !self->no_delay != !old->no_delay)
    set_option (fd, IPPROTO_TCP, TCP_NODELAY, self->no_delay != FALSE, "TCP_NODELAY", refusals);
  if (!self->keep_alive != !old->keep_alive)
    set_option (fd, SOL_SOCKET, SO_KEEPALIVE, self->keep_alive != FALSE, "SO_KEEPALIVE", refusals);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      guint value = get_number (self, &numbers[i]);

      /* 0 is itself the default of the user timeout; half of what is read, because the kernel doubles buffers */
      if (value == get_number (old, &numbers[i]))
        continue;
      if (value == 0)
        value = get_default (&numbers[i]) / (numbers[i].level == SOL_SOCKET ? 2 : 1);
      set_option (fd, numbers[i].level, numbers[i].name, (int) MIN (value, G_MAXINT), _(numbers[i].title), refusals);
    }
  if (self->linger_s != old->linger_s)
    set_linger (fd, self->linger_s, refusals);
  if (self->ttl != old->ttl)
    set_ttl (fd, self->ttl, refusals);
  if (self->congestion[0] != '\0' && strcmp (self->congestion, old->congestion) != 0 &&
      setsockopt (fd, IPPROTO_TCP, TCP_CONGESTION, self->congestion, strlen (self->congestion)) != 0)
    add_refusal (refusals, _("Congestion control (TCP_CONGESTION)"), errno);
  if (strcmp (self->interface, old->interface) != 0 &&
      setsockopt (fd, SOL_SOCKET, SO_BINDTODEVICE, self->interface, strlen (self->interface)) != 0)
    add_refusal (refusals, _("Network interface (SO_BINDTODEVICE)"), errno);
  return refusals->len > 0 ? g_string_free (g_steal_pointer (&refusals), FALSE) : NULL;
}

char *
skt_socket_options_test (const SktSocketOptions *self)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  char *refusals;

  if (fd < 0)
    return g_strdup (g_strerror (errno));
  refusals = skt_socket_options_apply (self, NULL, fd);
  close (fd);
  return refusals;
}

/* -- Reading -------------------------------------------------------------------------------------------------- */

static void
get_name (int fd, int level, int name, char *ret_name, gsize size)
{
  char buffer[64] = { 0, };
  socklen_t length = sizeof buffer - 1;

  if (getsockopt (fd, level, name, buffer, &length) != 0)
    buffer[0] = '\0';
  g_strlcpy (ret_name, buffer, size);
}

void
skt_socket_options_read (SktSocketOptions *ret_self, int fd)
{
  struct linger linger = { 0, };
  socklen_t size = sizeof linger;

  skt_socket_options_init (ret_self);
  ret_self->no_delay = get_option (fd, IPPROTO_TCP, TCP_NODELAY) != 0;
  ret_self->keep_alive = get_option (fd, SOL_SOCKET, SO_KEEPALIVE) != 0;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    set_number (ret_self, &numbers[i], get_option (fd, numbers[i].level, numbers[i].name));
  if (getsockopt (fd, SOL_SOCKET, SO_LINGER, &linger, &size) == 0 && linger.l_onoff)
    ret_self->linger_s = linger.l_linger;
  ret_self->ttl = is_ip6 (fd) ? get_option (fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS) : get_option (fd, IPPROTO_IP, IP_TTL);
  get_name (fd, IPPROTO_TCP, TCP_CONGESTION, ret_self->congestion, sizeof ret_self->congestion);
  get_name (fd, SOL_SOCKET, SO_BINDTODEVICE, ret_self->interface, sizeof ret_self->interface);
}

char **
skt_socket_options_list_congestion (void)
{
  g_autofree char *contents = NULL;

  if (!g_file_get_contents (ALLOWED_CONGESTION, &contents, NULL, NULL))
    return g_new0 (char *, 1);
  return g_strsplit (g_strstrip (contents), " ", -1);
}

/* -- Text ----------------------------------------------------------------------------------------------------- */

char *
skt_socket_options_to_text (const SktSocketOptions *self)
{
  GString *text = g_string_new (self->no_delay ? "no-delay=1" : "no-delay=0");

  if (self->keep_alive)
    g_string_append (text, " keep-alive=1");
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (get_number (self, &numbers[i]) != 0)
      g_string_append_printf (text, " %s=%u", numbers[i].key, get_number (self, &numbers[i]));
  if (self->linger_s >= 0)
    g_string_append_printf (text, " linger=%d", self->linger_s);
  if (self->ttl != 0)
    g_string_append_printf (text, " ttl=%u", self->ttl);
  if (self->congestion[0] != '\0')
    g_string_append_printf (text, " congestion=%s", self->congestion);
  if (self->interface[0] != '\0')
    g_string_append_printf (text, " interface=%s", self->interface);
  return g_string_free (text, FALSE);
}

static void
take_word (SktSocketOptions *self, const char *key, const char *value)
{
  guint64 n = 0;

  if (g_str_equal (key, "congestion"))
    g_strlcpy (self->congestion, value, sizeof self->congestion);
  else if (g_str_equal (key, "interface"))
    g_strlcpy (self->interface, value, sizeof self->interface);
  if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT, &n, NULL))
    return;
  if (g_str_equal (key, "no-delay"))
    self->no_delay = n != 0;
  else if (g_str_equal (key, "keep-alive"))
    self->keep_alive = n != 0;
  else if (g_str_equal (key, "linger"))
    self->linger_s = n;
  else if (g_str_equal (key, "ttl"))
    self->ttl = MIN (n, 255);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (g_str_equal (key, numbers[i].key))
      set_number (self, &numbers[i], n);
}

void
skt_socket_options_parse (SktSocketOptions *ret_self, const char *tainted_text)
{
  g_auto (GStrv) words = g_strsplit (tainted_text, " ", -1);

  skt_socket_options_init (ret_self);
  for (guint i = 0; words[i] != NULL; i++)
    {
      char *equals = strchr (words[i], '=');

      if (equals == NULL)
        continue;
      *equals = '\0';
      take_word (ret_self, words[i], equals + 1);
    }
}
