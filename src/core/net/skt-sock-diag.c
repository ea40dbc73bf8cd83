/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-sock-diag.h"

#include "skt-endpoint.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The timer that `idiag_expires` is of, as in tcp_diag: 3 is TIME-WAIT's, which also keeps FIN-WAIT-2 of a closed socket; a
 * keep-alive (2) serves for the latter too while it has a socket. */
#define TIMER_KEEP_ALIVE 2
#define TIMER_TIME_WAIT 3

#define BUFFER_SIZE 32768

typedef struct
{
  struct nlmsghdr header;
  struct inet_diag_req_v2 request;
} Request;

static void
set_error (GError **error, int code)
{
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
}

static void
request_init (Request *self, int family, guint16 flags)
{
  memset (self, 0, sizeof *self);
  self->header.nlmsg_len = sizeof *self;
  self->header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  self->header.nlmsg_flags = NLM_F_REQUEST | flags;
  self->request.sdiag_family = family;
  self->request.sdiag_protocol = IPPROTO_TCP;
  self->request.idiag_states = G_MAXUINT32;
  self->request.id.idiag_cookie[0] = self->request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
}

static gboolean
parse_address (const char *text, struct sockaddr_storage *ret_native, GError **error)
{
  g_autofree char *host = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  int port;

  memset (ret_native, 0, sizeof *ret_native);
  if (!skt_endpoint_parse (text, &host, &port, error))
    return FALSE;
  address = g_inet_socket_address_new_from_string (host, MAX (port, 0));
  if (address != NULL)
    return g_socket_address_to_native (address, ret_native, sizeof *ret_native, error);
  set_error (error, EINVAL);
  return FALSE;
}

/* Address and port of one end into the request. */
static void
put_address (const struct sockaddr_storage *native, __be32 *address, __be16 *port, __u32 *interface)
{
  const struct sockaddr_in *in = (const struct sockaddr_in *) native;
  const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *) native;

  if (native->ss_family == AF_INET)
    {
      memcpy (address, &in->sin_addr, sizeof in->sin_addr);
      *port = in->sin_port;
      return;
    }
  memcpy (address, &in6->sin6_addr, sizeof in6->sin6_addr);
  *port = in6->sin6_port;
  if (in6->sin6_scope_id != 0)
    *interface = in6->sin6_scope_id;
}

/* -- Asking --------------------------------------------------------------------------------------------------- */

/* -1 and an error if the system has no sock_diag or does not permit it. */
static int
send_request (const Request *request, GError **error)
{
  int fd = socket (AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
  int code;

  if (fd >= 0 && sendto (fd, request, sizeof *request, 0, (struct sockaddr *) &kernel, sizeof kernel) == sizeof *request)
    return fd;
  code = errno;
  if (fd >= 0)
    close (fd);
  set_error (error, code);
  return -1;
}

/* The kernel answers before sendto() returns, so this never waits. */
static gssize
receive (int fd, void *buffer, gsize size)
{
  gssize n;

  do
    n = recv (fd, buffer, size, MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  return n;
}

static GSocketAddress *
dup_local (const struct inet_diag_msg *message)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_bytes (
      (const guint8 *) message->id.idiag_src, message->idiag_family == AF_INET6 ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4);

  return g_inet_socket_address_new (address, g_ntohs (message->id.idiag_sport));
}

static void
take_message (const struct inet_diag_msg *message, SktSockDiag *info)
{
  info->state = message->idiag_state;
  info->time_left_ms = -1;
  if (message->idiag_timer == TIMER_TIME_WAIT || (message->idiag_inode == 0 && message->idiag_timer == TIMER_KEEP_ALIVE))
    info->time_left_ms = (gint) MIN (message->idiag_expires, (guint) G_MAXINT);
  if (message->idiag_state == SKT_TCP_STATE_LISTEN)
    {
      info->n_waiting = message->idiag_rqueue;
      info->backlog = message->idiag_wqueue;
    }
  info->inode = message->idiag_inode;
  info->uid = message->idiag_uid;
}

/* The answer to a question for one socket; errno, 0 if there was one. */
static int
receive_one (int fd, SktSockDiag *ret_info)
{
  union
  {
    struct nlmsghdr header;
    guint8 bytes[BUFFER_SIZE];
  } buffer;
  gssize n = receive (fd, &buffer, sizeof buffer);

  if (n < 0)
    return errno;
  if (!NLMSG_OK (&buffer.header, (gsize) n))
    return EPROTO;
  if (buffer.header.nlmsg_type == NLMSG_ERROR)
    {
      const struct nlmsgerr *problem = NLMSG_DATA (&buffer.header);
      return buffer.header.nlmsg_len >= NLMSG_LENGTH (sizeof *problem) ? -problem->error : EPROTO;
    }
  if (buffer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY || buffer.header.nlmsg_len < NLMSG_LENGTH (sizeof (struct inet_diag_msg)))
    return EPROTO;
  take_message (NLMSG_DATA (&buffer.header), ret_info);
  return 0;
}

static gboolean
find (const Request *request, gboolean wants_listening, SktSockDiag *ret_info, GError **error)
{
  SktSockDiag found = { 0, };
  int fd = send_request (request, error);
  int code;

  if (fd < 0)
    return FALSE;
  code = receive_one (fd, &found);
  close (fd);
  if (code != 0 && code != ENOENT)
    {
      set_error (error, code);
      return FALSE;
    }
  /* for a connection that is gone the kernel finds who listens on its port, as it does for a segment */
  if (code == ENOENT || (found.state == SKT_TCP_STATE_LISTEN) != wants_listening)
    found = (SktSockDiag){ .state = SKT_TCP_STATE_CLOSED, .time_left_ms = -1 };
  *ret_info = found;
  return TRUE;
}

gboolean
skt_sock_diag_find (const char *local, const char *remote, SktSockDiag *ret_info, GError **error)
{
  struct sockaddr_storage source, destination;
  Request request;

  g_return_val_if_fail (local != NULL && remote != NULL && ret_info != NULL, FALSE);

  if (!parse_address (local, &source, error) || !parse_address (remote, &destination, error))
    return FALSE;
  if (source.ss_family != destination.ss_family)
    {
      set_error (error, EAFNOSUPPORT);
      return FALSE;
    }
  request_init (&request, source.ss_family, 0);
  put_address (&source, request.request.id.idiag_src, &request.request.id.idiag_sport, &request.request.id.idiag_if);
  put_address (&destination, request.request.id.idiag_dst, &request.request.id.idiag_dport, &request.request.id.idiag_if);
  return find (&request, FALSE, ret_info, error);
}

gboolean
skt_sock_diag_find_listening (const char *local, SktSockDiag *ret_info, GError **error)
{
  struct sockaddr_storage source;
  Request request;

  g_return_val_if_fail (local != NULL && ret_info != NULL, FALSE);

  if (!parse_address (local, &source, error))
    return FALSE;
  request_init (&request, source.ss_family, 0);
  put_address (&source, request.request.id.idiag_src, &request.request.id.idiag_sport, &request.request.id.idiag_if);
  return find (&request, TRUE, ret_info, error);
}

/* -- Listing -------------------------------------------------------------------------------------------------- */

void
skt_sock_diag_free (SktSockDiag *self)
{
  g_clear_object (&self->local);
  g_free (self);
}

/* FALSE at the end; *ret_code: errno, 0: that was all. */
static gboolean
take_part (guint8 *bytes, gsize n, guint16 port, GPtrArray *found, int *ret_code)
{
  *ret_code = 0;
  for (struct nlmsghdr *header = (struct nlmsghdr *) bytes; NLMSG_OK (header, n); header = NLMSG_NEXT (header, n))
    {
      const struct inet_diag_msg *message = NLMSG_DATA (header);
      SktSockDiag *info;

      if (header->nlmsg_type == NLMSG_DONE)
        return FALSE;
      if (header->nlmsg_type == NLMSG_ERROR)
        {
          *ret_code = -((const struct nlmsgerr *) NLMSG_DATA (header))->error;
          return FALSE;
        }
      if (header->nlmsg_len < NLMSG_LENGTH (sizeof *message) || message->id.idiag_sport != g_htons (port))
        continue;
      info = g_new0 (SktSockDiag, 1);
      take_message (message, info);
      info->local = dup_local (message);
      if (info->state == SKT_TCP_STATE_LISTEN)
        g_ptr_array_insert (found, 0, info);
      else
        g_ptr_array_add (found, info);
    }
  return TRUE;
}

static int
list_family (int family, guint16 port, GPtrArray *found, GError **error)
{
  Request request;
  g_autofree guint8 *bytes = g_malloc (BUFFER_SIZE);
  int fd, code = 0;
  gssize n;

  request_init (&request, family, NLM_F_DUMP);
  request.request.id.idiag_sport = g_htons (port);
  fd = send_request (&request, error);
  if (fd < 0)
    return FALSE;
  do
    {
      n = receive (fd, bytes, BUFFER_SIZE);
      if (n < 0)
        code = errno;
    }
  while (n > 0 && take_part (bytes, (gsize) n, port, found, &code));
  close (fd);
  if (code == 0)
    return TRUE;
  set_error (error, code);
  return FALSE;
}

GPtrArray *
skt_sock_diag_list_port (guint16 port, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_sock_diag_free);

  if (!list_family (AF_INET, port, found, error) || !list_family (AF_INET6, port, found, error))
    return NULL;
  return g_steal_pointer (&found);
}
