/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-server-worker.h"

#include "skt-endpoint.h"
#include "skt-problem.h"
#include "skt-transport.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define DEFAULT_BACKLOG 128
/* What one turn accepts at most, besides the one that GIO has accepted. */
#define ACCEPT_BATCH 64

struct _SktServerWorker
{
  SktSessionWorker *session;    /* borrowed: the owner */
  GSocketService *service;      /* NULL: not listening */
  int fd;                       /* borrowed from the service's socket */
  gboolean is_accepting;
};

/* -- Accepting ------------------------------------------------------------------------------------------------ */

static char *
dup_name (int fd, int (*get_name) (int, struct sockaddr *, socklen_t *))
{
  struct sockaddr_storage native;
  socklen_t size = sizeof native;
  g_autoptr (GSocketAddress) address = NULL;

  /* a peer that has reset already has no name any more */
  if (get_name (fd, (struct sockaddr *) &native, &size) == 0)
    address = g_socket_address_new_from_native (&native, size);
  return skt_endpoint_format_address (address);
}

static int
get_local_name (int fd, struct sockaddr *address, socklen_t *size)
{
  return getsockname (fd, address, size);
}

static int
get_peer_name (int fd, struct sockaddr *address, socklen_t *size)
{
  return getpeername (fd, address, size);
}

static void
accepted (SktServerWorker *self, int fd)
{
  g_autofree char *local = dup_name (fd, get_local_name);
  g_autofree char *remote = dup_name (fd, get_peer_name);
  g_autoptr (SktTransport) transport = skt_transport_new (self->session, SKT_STATE_CONNECTED, remote);

  skt_transport_open (transport, fd, local, remote);
}

/* One turn of GIO's service accepts one connection; when many come at once the others are taken here. */
static void
accept_more (SktServerWorker *self)
{
  for (guint i = 0; i < ACCEPT_BATCH && self->is_accepting; i++)
    {
      int fd = accept4 (self->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

      if (fd < 0)
        break;
      accepted (self, fd);
    }
}

static gboolean
service_incoming_cb (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  SktServerWorker *self = data;
  int fd = fcntl (g_socket_get_fd (g_socket_connection_get_socket (connection)), F_DUPFD_CLOEXEC, 0);

  if (fd >= 0)
    accepted (self, fd);
  else
    {
      SktRecord record = { .kind = SKT_RECORD_FAILED, .reason = skt_reason_from_errno (errno), .code = errno };

      skt_session_worker_append_event (self->session, record, NULL);
    }
  accept_more (self);
  return TRUE;
}

void
skt_server_worker_update (SktServerWorker *self)
{
  gboolean has_descriptors = _skt_engine_has_descriptors_in_worker (self->session->engine);
  gboolean should_accept = has_descriptors && skt_session_worker_can_accept (self->session);
  g_autofree char *problem = NULL;

  if (self->service == NULL)
    return;
  if (!has_descriptors)
    problem = skt_problem_for_descriptors (_skt_engine_get_n_connections_in_worker (self->session->engine));
  /* the number is that of the moment when accepting stopped */
  if (has_descriptors || self->session->problems[SKT_PROBLEM_DESCRIPTORS] == NULL)
    skt_session_worker_set_problem (self->session, SKT_PROBLEM_DESCRIPTORS, problem);

  if (should_accept == self->is_accepting)
    return;
  self->is_accepting = should_accept;
  if (should_accept)
    g_socket_service_start (self->service);
  else
    g_socket_service_stop (self->service);
}

/* -- Listening ------------------------------------------------------------------------------------------------ */

static int
bind_and_listen (int fd, GSocketAddress *address, int backlog)
{
  struct sockaddr_storage native = { 0, };
  gssize size = g_socket_address_get_native_size (address);
  int yes = 1, no = 0;

  if (!g_socket_address_to_native (address, &native, sizeof native, NULL))
    return EINVAL;
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  /* accepted connections inherit it, so that not one urgent byte is missed */
  setsockopt (fd, SOL_SOCKET, SO_OOBINLINE, &yes, sizeof yes);
  if (native.ss_family == AF_INET6)
    setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
  if (bind (fd, (struct sockaddr *) &native, (socklen_t) size) != 0 || listen (fd, backlog) != 0)
    return errno;
  return 0;
}

/* Made by hand, for the errno and because the backlog must be set before connections come. -1 with *ret_code. */
static int
open_listening_socket (GSocketAddress *address, int backlog, int *ret_code)
{
  int family = g_socket_address_get_family (address) == G_SOCKET_FAMILY_IPV6 ? AF_INET6 : AF_INET;
  int fd = socket (family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  *ret_code = fd < 0 ? errno : bind_and_listen (fd, address, backlog);
  if (*ret_code == 0)
    return fd;
  if (fd >= 0)
    close (fd);
  return -1;
}

static int
open_on_all_addresses (guint16 port, int backlog, int *ret_code)
{
  g_autoptr (GInetAddress) any_6 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GInetAddress) any_4 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address_6 = g_inet_socket_address_new (any_6, port);
  g_autoptr (GSocketAddress) address_4 = g_inet_socket_address_new (any_4, port);
  int fd = open_listening_socket (address_6, backlog, ret_code);

  /* no IPv6 in this kernel, or switched off */
  if (fd < 0 && (*ret_code == EAFNOSUPPORT || *ret_code == EADDRNOTAVAIL))
    fd = open_listening_socket (address_4, backlog, ret_code);
  return fd;
}

static gboolean
is_any (const char *address)
{
  return address == NULL || address[0] == '\0' || g_str_equal (address, "*");
}

static int
open_socket (const SktListenOptions *options, int *ret_code)
{
  int backlog = options->backlog > 0 ? options->backlog : DEFAULT_BACKLOG;
  g_autoptr (GSocketAddress) address = NULL;

  if (is_any (options->address))
    return open_on_all_addresses (options->port, backlog, ret_code);
  address = g_inet_socket_address_new_from_string (options->address, options->port);
  if (address == NULL)
    {
      *ret_code = EADDRNOTAVAIL;
      return -1;
    }
  return open_listening_socket (address, backlog, ret_code);
}

static void
failed (SktServerWorker *self, const SktListenOptions *options, int code)
{
  g_autofree char *address = skt_endpoint_format (is_any (options->address) ? "*" : options->address, options->port);
  SktReason reason = skt_reason_from_errno (code);
  SktRecord record = { .kind = SKT_RECORD_FAILED, .reason = reason, .code = code };
  g_autofree char *problem = skt_problem_for_listen (address, reason, code);

  skt_session_worker_append_event (self->session, record, address);
  skt_session_worker_set_problem (self->session, SKT_PROBLEM_ENDPOINT, problem);
  skt_session_worker_set_target (self->session, NULL);
  skt_session_worker_set_state (self->session, SKT_STATE_FAILED);
}

static void
start_service (SktServerWorker *self, GSocket *socket)
{
  self->fd = g_socket_get_fd (socket);
  self->service = g_socket_service_new ();
  self->is_accepting = TRUE;
  g_signal_connect (self->service, "incoming", G_CALLBACK (service_incoming_cb), self);
  g_socket_listener_add_socket (G_SOCKET_LISTENER (self->service), socket, NULL, NULL);
  _skt_engine_add_server_in_worker (self->session->engine, self);
  _skt_engine_take_descriptor_in_worker (self->session->engine, self->fd);
  skt_server_worker_update (self);
}

void
skt_server_worker_listen (SktServerWorker *self, const SktListenOptions *options)
{
  SktRecord record = { .kind = SKT_RECORD_LISTENING };
  g_autoptr (GSocket) socket = NULL;
  g_autofree char *address = NULL;
  int fd, code;

  if (self->service != NULL || self->session->journal == NULL)
    return;
  fd = open_socket (options, &code);
  if (fd < 0)
    {
      failed (self, options, code);
      return;
    }
  address = dup_name (fd, get_local_name);
  socket = g_socket_new_from_fd (fd, NULL);
  if (socket == NULL)
    {
      close (fd);
      failed (self, options, EIO);
      return;
    }
  skt_session_worker_append_event (self->session, record, address);
  skt_session_worker_set_problem (self->session, SKT_PROBLEM_ENDPOINT, NULL);
  skt_session_worker_set_target (self->session, address);
  skt_session_worker_set_state (self->session, SKT_STATE_LISTENING);
  skt_session_worker_write_info (self->session);
  start_service (self, socket);
}

void
skt_server_worker_stop (SktServerWorker *self)
{
  SktRecord record = { .kind = SKT_RECORD_STOPPED_LISTENING, .reason = SKT_REASON_LOCAL_CLOSED };

  if (self->service == NULL)
    return;
  /* first stop, then close: else GIO accepts from a closed socket without end */
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_clear_object (&self->service);
  self->fd = -1;
  self->is_accepting = FALSE;
  _skt_engine_remove_server_in_worker (self->session->engine, self);
  _skt_engine_release_descriptor_in_worker (self->session->engine);

  skt_session_worker_append_event (self->session, record, NULL);
  skt_session_worker_set_problem (self->session, SKT_PROBLEM_DESCRIPTORS, NULL);
  skt_session_worker_set_target (self->session, NULL);
  skt_session_worker_set_state (self->session, SKT_STATE_IDLE);
}

SktServerWorker *
skt_server_worker_new (SktSessionWorker *session)
{
  SktServerWorker *self = g_new0 (SktServerWorker, 1);

  self->session = session;
  self->fd = -1;
  return self;
}

void
skt_server_worker_free (SktServerWorker *self)
{
  g_assert (self->service == NULL);

  g_free (self);
}
