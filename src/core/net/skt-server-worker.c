/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-server-worker.h"

#include "skt-endpoint.h"
#include "skt-gate.h"
#include "skt-holder-search.h"
#include "skt-problem.h"
#include "skt-transport.h"

#include <errno.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define DEFAULT_BACKLOG 128
/* What one turn accepts at most. */
#define ACCEPT_BATCH 64
#define LISTEN_RETRY G_TIME_SPAN_SECOND

struct _SktServerWorker
{
  SktSessionWorker *session;    /* borrowed: the owner */
  int fd;                       /* -1: not listening */
  GSource *source;              /* NULL: connections are left in the kernel's queue */
  SktGate *gate;
  guint attempt;                /* counts the calls to listen */
  SktListenOptions wanted;      /* the last of them */
  char *address;                /* wanted.address */
  GSource *retry_timer;         /* not NULL: waiting to try again */
  int retry_code;               /* errno of the last attempt */
};

/* Not a GSocketService: when that is stopped, a connection that it has just accepted and not told of yet is closed, and
 * its peer, that may have sent already, gets a RST. */

/* -- Accepting ------------------------------------------------------------------------------------------------ */

static char *
dup_local_name (int fd)
{
  struct sockaddr_storage native;
  socklen_t size = sizeof native;
  g_autoptr (GSocketAddress) address = NULL;

  if (getsockname (fd, (struct sockaddr *) &native, &size) == 0)
    address = g_socket_address_new_from_native (&native, size);
  return skt_endpoint_format_address (address);
}

/* With RST: a peer that gets FIN may think that it was served. */
static void
reset (int fd)
{
  struct linger linger = { .l_onoff = 1 };

  setsockopt (fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  close (fd);
}

/* `native` is from accept(), which knows also those that have reset already; getpeername() does not. */
static void
accepted (SktServerWorker *self, int fd, struct sockaddr_storage *native, socklen_t size)
{
  g_autoptr (GSocketAddress) address = g_socket_address_new_from_native (native, size);
  g_autofree char *remote = skt_endpoint_format_address (address);
  g_autofree char *local = NULL;
  g_autoptr (SktTransport) transport = NULL;
  SktPeer peer;

  skt_peer_from_native (&peer, (struct sockaddr *) native);
  if (!skt_gate_admit (self->gate, &peer, remote))
    {
      reset (fd);
      return;
    }
  local = dup_local_name (fd);
  transport = skt_transport_new (self->session, SKT_STATE_CONNECTED, remote);
  transport->peer = peer;
  skt_transport_open (transport, fd, local, remote);
}

void
skt_server_worker_connection_ended (SktServerWorker *self, SktTransport *transport)
{
  skt_gate_leave (self->gate, &transport->peer);
}

void
skt_server_worker_set_access (SktServerWorker *self, SktAccess *access)
{
  skt_gate_set_access (self->gate, access);
}

static void
accept_failed (SktServerWorker *self, int code)
{
  SktRecord record = { .kind = SKT_RECORD_FAILED, .reason = skt_reason_from_errno (code), .code = code };

  skt_session_worker_append_event (self->session, record, NULL);
  _skt_engine_pause_accepting_in_worker (self->session->engine);
}

/* Of the connection that was to be accepted, not of the listening socket (accept(2)). */
static gboolean
is_connection_error (int code)
{
  return code == EINTR || code == ECONNABORTED || code == EPROTO || code == ENETDOWN || code == ENOPROTOOPT ||
         code == EHOSTDOWN || code == ENONET || code == EHOSTUNREACH || code == EOPNOTSUPP || code == ENETUNREACH;
}

static gboolean
accept_cb (int listening_fd, GIOCondition condition, gpointer data)
{
  SktServerWorker *self = data;

  g_source_set_ready_time (self->source, -1);
  /* accepting one may be the reason not to accept more */
  for (guint i = 0; i < ACCEPT_BATCH && self->source != NULL; i++)
    {
      struct sockaddr_storage native = { 0, };
      socklen_t size = sizeof native;
      int fd = accept4 (self->fd, (struct sockaddr *) &native, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);

      if (fd >= 0)
        accepted (self, fd, &native, size);
      else if (errno == EAGAIN || errno == EWOULDBLOCK)
        {
          /* nobody waits any more: said here, and not when there is room, so that it does not come and go with each that ends */
          skt_session_worker_set_problem (self->session, SKT_PROBLEM_DESCRIPTORS, NULL);
          break;
        }
      else if (!is_connection_error (errno))
        {
          accept_failed (self, errno);
          break;
        }
    }
  return G_SOURCE_CONTINUE;
}

static void
set_accepting (SktServerWorker *self, gboolean should_accept)
{
  if (should_accept == (self->source != NULL))
    return;
  if (should_accept)
    {
      self->source = g_unix_fd_source_new (self->fd, G_IO_IN);
      g_source_set_callback (self->source, G_SOURCE_FUNC (accept_cb), self, NULL);
      /* also when nobody waits, which it then finds out */
      g_source_set_ready_time (self->source, 0);
      g_source_attach (self->source, g_main_context_get_thread_default ());
      return;
    }
  _skt_clear_source (&self->source);
}

void
skt_server_worker_update (SktServerWorker *self)
{
  gboolean has_descriptors = _skt_engine_has_descriptors_in_worker (self->session->engine);
  gboolean should_accept = has_descriptors && skt_session_worker_can_accept (self->session);
  g_autofree char *problem = NULL;

  if (self->fd < 0)
    return;
  /* the number is that of the moment when accepting stopped */
  if (!has_descriptors && self->session->problems[SKT_PROBLEM_DESCRIPTORS] == NULL)
    {
      problem = skt_problem_for_descriptors (_skt_engine_get_n_connections_in_worker (self->session->engine));
      skt_session_worker_set_problem (self->session, SKT_PROBLEM_DESCRIPTORS, problem);
    }
  set_accepting (self, should_accept);
}

/* -- Listening ------------------------------------------------------------------------------------------------ */

static int
bind_and_listen (int fd, GSocketAddress *address, const SktListenOptions *options)
{
  struct sockaddr_storage native = { 0, };
  gssize size = g_socket_address_get_native_size (address);
  int backlog = options->backlog > 0 ? options->backlog : DEFAULT_BACKLOG;
  int yes = 1, no = 0;

  if (!g_socket_address_to_native (address, &native, sizeof native, NULL))
    return EINVAL;
  if (!options->no_reuse)
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
open_listening_socket (GSocketAddress *address, const SktListenOptions *options, int *ret_code)
{
  int family = g_socket_address_get_family (address) == G_SOCKET_FAMILY_IPV6 ? AF_INET6 : AF_INET;
  int fd = socket (family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  *ret_code = fd < 0 ? errno : bind_and_listen (fd, address, options);
  if (*ret_code == 0)
    return fd;
  if (fd >= 0)
    close (fd);
  return -1;
}

static int
open_on_all_addresses (const SktListenOptions *options, int *ret_code)
{
  g_autoptr (GInetAddress) any_6 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GInetAddress) any_4 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address_6 = g_inet_socket_address_new (any_6, options->port);
  g_autoptr (GSocketAddress) address_4 = g_inet_socket_address_new (any_4, options->port);
  int fd = open_listening_socket (address_6, options, ret_code);

  /* no IPv6 in this kernel, or switched off */
  if (fd < 0 && (*ret_code == EAFNOSUPPORT || *ret_code == EADDRNOTAVAIL))
    fd = open_listening_socket (address_4, options, ret_code);
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
  g_autoptr (GSocketAddress) address = NULL;

  if (is_any (options->address))
    return open_on_all_addresses (options, ret_code);
  address = g_inet_socket_address_new_from_string (options->address, options->port);
  if (address == NULL)
    {
      *ret_code = EADDRNOTAVAIL;
      return -1;
    }
  return open_listening_socket (address, options, ret_code);
}

static void
holder_found_cb (SktSessionWorker *session, const SktPortHolder *holder, const char *subject, guint attempt)
{
  SktServerWorker *self = session->server;
  g_autofree char *problem = NULL;

  /* it may have been tried again meanwhile */
  if (attempt != self->attempt || self->fd >= 0)
    return;
  problem = skt_problem_for_listen (subject, SKT_REASON_ADDRESS_IN_USE, EADDRINUSE, holder);
  skt_session_worker_set_problem (session, SKT_PROBLEM_ENDPOINT, problem);
}

static void
search_holder (SktServerWorker *self, const SktListenOptions *options, const char *endpoint)
{
  skt_holder_search (self->session, is_any (options->address) ? NULL : options->address, options->port, endpoint, self->attempt,
                     holder_found_cb);
}

static void
failed (SktServerWorker *self, const SktListenOptions *options, int code)
{
  g_autofree char *address = skt_endpoint_format (is_any (options->address) ? "*" : options->address, options->port);
  SktReason reason = skt_reason_from_errno (code);
  SktRecord record = { .kind = SKT_RECORD_FAILED, .reason = reason, .code = code };
  g_autofree char *problem = skt_problem_for_listen (address, reason, code, NULL);

  skt_session_worker_append_event (self->session, record, address);
  skt_session_worker_set_problem (self->session, SKT_PROBLEM_ENDPOINT, problem);
  skt_session_worker_set_target (self->session, NULL);
  skt_session_worker_set_state (self->session, SKT_STATE_FAILED);
  if (reason == SKT_REASON_ADDRESS_IN_USE)
    search_holder (self, options, address);
}

static gboolean retry_cb (gpointer data);

/* What failed now may work later. Told once, and again when it fails for another reason. */
static void
not_now (SktServerWorker *self, int code)
{
  gboolean can_wait = self->wanted.again && (code == EADDRINUSE || code == EADDRNOTAVAIL);

  if (!can_wait)
    _skt_clear_source (&self->retry_timer);
  if (self->retry_timer == NULL || code != self->retry_code)
    failed (self, &self->wanted, code);
  self->retry_code = code;
  if (!can_wait)
    return;
  if (self->retry_timer == NULL)
    self->retry_timer = _skt_engine_add_timer_in_worker (self->session->engine, LISTEN_RETRY, retry_cb, self);
  g_source_set_ready_time (self->retry_timer, g_get_monotonic_time () + LISTEN_RETRY);
  skt_session_worker_set_state (self->session, SKT_STATE_WAITING);
}

static void
try_to_listen (SktServerWorker *self)
{
  SktRecord record = { .kind = SKT_RECORD_LISTENING };
  g_autofree char *address = NULL;
  g_autofree char *refused = NULL;
  int fd, code;

  fd = open_socket (&self->wanted, &code);
  if (fd < 0)
    {
      not_now (self, code);
      return;
    }
  _skt_clear_source (&self->retry_timer);
  self->fd = fd;
  address = dup_local_name (fd);
  /* buffers must be set before connections come: the window scale is told in the handshake */
  if (self->session->options != NULL)
    refused = skt_socket_options_apply (self->session->options, NULL, fd);
  skt_session_worker_append_event (self->session, record, address);
  if (refused != NULL)
    skt_session_worker_append_event (self->session, (SktRecord){ .kind = SKT_RECORD_NOTE }, refused);
  skt_session_worker_set_problem (self->session, SKT_PROBLEM_ENDPOINT, NULL);
  skt_session_worker_set_target (self->session, address);
  skt_session_worker_set_state (self->session, SKT_STATE_LISTENING);
  skt_session_worker_write_info (self->session);
  _skt_engine_add_server_in_worker (self->session->engine, self);
  _skt_engine_take_descriptor_in_worker (self->session->engine, fd);
  skt_server_worker_update (self);
}

static gboolean
retry_cb (gpointer data)
{
  try_to_listen (data);
  return G_SOURCE_CONTINUE;
}

void
skt_server_worker_listen (SktServerWorker *self, const SktListenOptions *options)
{
  if (self->fd >= 0 || self->session->journal == NULL)
    return;
  _skt_clear_source (&self->retry_timer);
  self->attempt++;
  g_free (self->address);
  self->address = g_strdup (options->address);
  self->wanted = *options;
  self->wanted.address = self->address;
  try_to_listen (self);
}

/* Nobody waits for the address any more. */
static void
give_up (SktServerWorker *self)
{
  if (self->retry_timer == NULL)
    return;
  _skt_clear_source (&self->retry_timer);
  /* nor who has it */
  self->attempt++;
  skt_session_worker_set_problem (self->session, SKT_PROBLEM_ENDPOINT, NULL);
  skt_session_worker_set_state (self->session, SKT_STATE_IDLE);
}

void
skt_server_worker_stop (SktServerWorker *self)
{
  SktRecord record = { .kind = SKT_RECORD_STOPPED_LISTENING, .reason = SKT_REASON_LOCAL_CLOSED };

  give_up (self);
  if (self->fd < 0)
    return;
  set_accepting (self, FALSE);
  skt_gate_flush (self->gate);
  close (self->fd);
  self->fd = -1;
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
  self->gate = skt_gate_new (session);
  return self;
}

void
skt_server_worker_free (SktServerWorker *self)
{
  g_assert (self->fd < 0);

  _skt_clear_source (&self->retry_timer);
  skt_gate_free (self->gate);
  g_free (self->address);
  g_free (self);
}
