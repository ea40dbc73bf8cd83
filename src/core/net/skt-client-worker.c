/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-client-worker.h"

#include "skt-endpoint.h"
#include "skt-holder-search.h"
#include "skt-problem.h"
#include "skt-transport.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>
#include <unistd.h>

/* SktClientWorker:
 *
 * The lookup and each attempt have a cancellable of their own in `operation`. A callback that comes with another one
 * is of something that was cancelled or ran out of time, and is ignored: nothing waits for GIO to finish what is no
 * longer wanted. */

struct _SktClientWorker
{
  SktSessionWorker *session;    /* borrowed: the owner */
  SktTransport *transport;      /* the current connection; NULL: none yet */

  /* settings of the current connection */
  char *host;
  guint16 port;
  GSocketAddress *local;        /* with its port; NULL: any address */
  guint16 local_port;
  guint timeout_ms;

  SktReconnect reconnect;
  guint n_retries;              /* since it was connected last, or began */
  GSource *retry_timer;         /* not NULL: waiting to connect again */

  GCancellable *operation;      /* NULL: nothing is under way */
  GSource *timer;
  GQueue addresses;             /* GSocketAddress, owned: those that are still to be tried */
  GSocketAddress *attempt;
  GPtrArray *failures;          /* SktFailure, owned */
};

/* User data of an asynchronous call. */
typedef struct
{
  SktSessionWorker *session;
  GCancellable *operation;
} SktOperation;

static void try_next (SktClientWorker *self);
static void start (SktClientWorker *self);

static SktOperation *
begin_operation (SktClientWorker *self)
{
  SktOperation *operation = g_new (SktOperation, 1);

  g_assert (self->operation == NULL);
  self->operation = g_cancellable_new ();
  operation->session = skt_session_worker_ref (self->session);
  operation->operation = g_object_ref (self->operation);
  _skt_engine_begin_operation_in_worker (self->session->engine);
  return operation;
}

/* The client whose operation this was, if it still wants to know. */
static SktClientWorker *
end_operation (SktOperation *operation)
{
  SktClientWorker *self = operation->session->client;

  _skt_engine_end_operation_in_worker (operation->session->engine);
  if (self->operation != operation->operation)
    return NULL;
  g_clear_object (&self->operation);
  _skt_clear_source (&self->timer);
  return self;
}

static void
operation_free (SktOperation *operation)
{
  g_object_unref (operation->operation);
  skt_session_worker_unref (operation->session);
  g_free (operation);
}

/* Forgets the operation: its callback will be ignored. */
static void
abandon_operation (SktClientWorker *self)
{
  _skt_clear_source (&self->timer);
  if (self->operation == NULL)
    return;
  g_cancellable_cancel (self->operation);
  g_clear_object (&self->operation);
}

/* -- Failing -------------------------------------------------------------------------------------------------- */

static void
append_failed (SktClientWorker *self, const char *what, SktReason reason, int code)
{
  SktRecord record = { .kind = SKT_RECORD_FAILED, .connection = self->transport->id, .reason = reason, .code = code };

  skt_session_worker_append_event (self->session, record, what);
}

static void
add_failure (SktClientWorker *self, const char *what, SktReason reason, int code, const char *message)
{
  SktFailure *failure = g_new0 (SktFailure, 1);

  failure->address = g_strdup (what);
  failure->reason = reason;
  failure->code = code;
  failure->message = g_strdup (message);
  g_ptr_array_add (self->failures, failure);
  append_failed (self, what, reason, code);
}

static void
reset (SktClientWorker *self)
{
  abandon_operation (self);
  g_queue_clear_full (&self->addresses, g_object_unref);
  g_clear_object (&self->attempt);
  g_ptr_array_set_size (self->failures, 0);
  skt_session_worker_set_attempt (self->session, NULL);
}

/* -- Again ---------------------------------------------------------------------------------------------------- */

guint
skt_reconnect_get_delay (const SktReconnect *self, guint n)
{
  double delay = self->interval_ms;

  for (guint i = 1; i < n && delay < G_MAXINT; i++)
    delay *= MAX (self->growth, 1);
  if (self->cap_ms > 0)
    delay = MIN (delay, MAX (self->cap_ms, self->interval_ms));
  return (guint) MIN (delay, G_MAXINT);
}

static void
set_retry (SktClientWorker *self, gint64 time, guint number)
{
  self->session->now.retry_time = time;
  self->session->now.retry_number = number;
  skt_session_worker_touch (self->session);
}

static void
clear_retry (SktClientWorker *self)
{
  if (self->retry_timer == NULL)
    return;
  _skt_clear_source (&self->retry_timer);
  set_retry (self, 0, 0);
}

static gboolean
retry_cb (gpointer data)
{
  SktClientWorker *self = data;

  clear_retry (self);
  start (self);
  return G_SOURCE_REMOVE;
}

/* That nothing more happens by itself must be said. */
static void
tell_given_up (SktClientWorker *self)
{
  g_autofree char *sentence = g_strdup_printf (ngettext ("given up: connecting again was tried %u time in vain, which is the limit",
                                                         "given up: connecting again was tried %u times in vain, which is the limit",
                                                         self->n_retries),
                                               self->n_retries);

  skt_session_worker_append_event (self->session, (SktRecord){ .kind = SKT_RECORD_NOTE }, sentence);
}

static void
retry_later (SktClientWorker *self)
{
  gint64 delay;

  if (!self->reconnect.is_on)
    return;
  if (self->reconnect.count > 0 && self->n_retries >= self->reconnect.count)
    {
      tell_given_up (self);
      return;
    }
  self->n_retries++;
  delay = (gint64) skt_reconnect_get_delay (&self->reconnect, self->n_retries) * 1000;
  self->retry_timer = _skt_engine_add_timer_in_worker (self->session->engine, delay, retry_cb, self);
  set_retry (self, g_get_monotonic_time () + delay, self->n_retries);
  skt_session_worker_set_state (self->session, SKT_STATE_WAITING);
}

void
skt_client_worker_ended (SktClientWorker *self, SktTransport *transport)
{
  if (transport == self->transport && !transport->user_ended)
    retry_later (self);
}

/* `subject`: what was said when it failed. */
static void
holder_found_cb (SktSessionWorker *session, const SktPortHolder *holder, const char *subject, guint attempt)
{
  g_autofree char *who = NULL, *problem = NULL;

  /* it may have been tried again meanwhile */
  if (session->client->transport == NULL || session->client->transport->id != attempt ||
      session->client->transport->now.state != SKT_STATE_FAILED)
    return;
  who = skt_port_holder_to_text (holder);
  problem = g_strconcat (subject, " ", who, NULL);
  skt_session_worker_set_problem (session, SKT_PROBLEM_ENDPOINT, problem);
}

static void
search_holder (SktClientWorker *self, const char *problem)
{
  g_autofree char *local = NULL;

  if (self->local != NULL)
    local = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (self->local)));
  skt_holder_search (self->session, local, self->local_port, problem, self->transport->id, holder_found_cb);
}

/* No address is left. */
static void
fail (SktClientWorker *self)
{
  const SktFailure *last = self->failures->pdata[self->failures->len - 1];
  SktReason reason = last->reason;
  int code = last->code;
  g_autofree char *problem = skt_problem_for_connect (self->failures, self->timeout_ms);

  reset (self);
  skt_transport_fail (self->transport, SKT_STATE_FAILED, reason, code);
  skt_session_worker_set_problem (self->session, SKT_PROBLEM_ENDPOINT, problem);
  if (reason == SKT_REASON_ADDRESS_IN_USE && self->local_port != 0)
    search_holder (self, problem);
  retry_later (self);
}

static void
attempt_failed (SktClientWorker *self, SktReason reason, int code, const char *message)
{
  g_autofree char *address = skt_endpoint_format_address (self->attempt);

  add_failure (self, address, reason, code, message);
  try_next (self);
}

static gboolean
timer_cb (gpointer data)
{
  SktClientWorker *self = data;

  abandon_operation (self);
  attempt_failed (self, SKT_REASON_CONNECT_TIMEOUT, 0, NULL);
  return G_SOURCE_CONTINUE;
}

/* -- Local address -------------------------------------------------------------------------------------------- */

/* What the socket is bound to before it connects; NULL: nothing in particular. */
static GSocketAddress *
dup_local (SktClientWorker *self)
{
  GSocketFamily family = g_socket_address_get_family (self->attempt);
  g_autoptr (GInetAddress) any = NULL;

  if (self->local != NULL)
    return g_object_ref (self->local);
  if (self->local_port == 0)
    return NULL;
  any = g_inet_address_new_any (family);
  return g_inet_socket_address_new (any, self->local_port);
}

/* errno of what `call` (bind or connect) does with a socket of that type, 0: it works. GIO has one code for many errors. */
static int
test_address (GSocketAddress *address, int type, int (*call) (int fd, const struct sockaddr *native, socklen_t size))
{
  struct sockaddr_storage native = { 0, };
  gssize size = g_socket_address_get_native_size (address);
  int code, fd;

  if (size < 0 || !g_socket_address_to_native (address, &native, sizeof native, NULL))
    return EINVAL;
  fd = socket (native.ss_family, type | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return errno;
  code = call (fd, (struct sockaddr *) &native, (socklen_t) size) == 0 ? 0 : errno;
  close (fd);
  return code;
}

static int
bind_to (int fd, const struct sockaddr *native, socklen_t size)
{
  return bind (fd, native, size);
}

static int
connect_to (int fd, const struct sockaddr *native, socklen_t size)
{
  return connect (fd, native, size);
}

/* Leaves out the addresses of the family that the local address is not of. */
static gboolean
filter_addresses (SktClientWorker *self)
{
  GList *next;

  if (self->local == NULL)
    return TRUE;
  for (GList *l = self->addresses.head; l != NULL; l = next)
    {
      next = l->next;
      if (g_socket_address_get_family (l->data) == g_socket_address_get_family (self->local))
        continue;
      g_object_unref (l->data);
      g_queue_delete_link (&self->addresses, l);
    }
  return !g_queue_is_empty (&self->addresses);
}

/* -- Connecting ----------------------------------------------------------------------------------------------- */

static gboolean
is_self_connected (GSocketConnection *connection)
{
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  g_autofree char *local_text = NULL;
  g_autofree char *remote_text = NULL;

  if (local == NULL || remote == NULL)
    return FALSE;
  local_text = skt_endpoint_format_address (local);
  remote_text = skt_endpoint_format_address (remote);
  return g_str_equal (local_text, remote_text);
}

static gboolean
is_ipv6_off (GSocketAddress *remote, int code)
{
  return g_socket_address_get_family (remote) == G_SOCKET_FAMILY_IPV6 && (code == EADDRNOTAVAIL || code == EAFNOSUPPORT);
}

/* A datagram socket is only told where it would send: that finds the way, or why there is none. */
static void
connect_failed (SktClientWorker *self, const GError *error)
{
  SktReason reason = skt_reason_from_error (error);
  int code = reason == SKT_REASON_OTHER ? test_address (self->attempt, SOCK_DGRAM, connect_to) : 0;
  g_autofree char *address = NULL, *message = NULL;

  if (code == 0)
    attempt_failed (self, reason, 0, error->message);
  else if (is_ipv6_off (self->attempt, code))
    {
      address = skt_endpoint_format_address (self->attempt);
      /* Translators: %s is an address and port */
      message = g_strdup_printf (_("Cannot connect to %s: this machine has no IPv6 address. IPv6 may be switched off here."), address);
      attempt_failed (self, SKT_REASON_ADDRESS_NOT_AVAILABLE, code, message);
    }
  else
    attempt_failed (self, skt_reason_from_errno (code), code, NULL);
}

static void
opened (SktClientWorker *self, GSocketConnection *connection)
{
  int own_fd = g_socket_get_fd (g_socket_connection_get_socket (connection));
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autofree char *local_text = skt_endpoint_format_address (local);
  g_autofree char *remote_text = skt_endpoint_format_address (self->attempt);
  /* a descriptor of our own: GIO's goes with its object */
  int fd = fcntl (own_fd, F_DUPFD_CLOEXEC, 0);

  if (fd < 0)
    {
      attempt_failed (self, skt_reason_from_errno (errno), errno, NULL);
      return;
    }
  reset (self);
  self->n_retries = 0;
  skt_session_worker_set_problem (self->session, SKT_PROBLEM_ENDPOINT, NULL);
  skt_transport_open (self->transport, fd, local_text, remote_text);
}

static void
connect_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SktOperation *operation = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  SktClientWorker *self = end_operation (operation);

  if (self != NULL)
    {
      if (connection == NULL)
        connect_failed (self, error);
      else if (is_self_connected (connection))
        attempt_failed (self, SKT_REASON_SELF_CONNECTED, 0, NULL);
      else
        opened (self, connection);
    }
  operation_free (operation);
}

/* What the handshake depends on: interface, window scale, hop limit. What is refused here is refused, and told, when it is open. */
static void
event_cb (GSocketClient *client, GSocketClientEvent event, GSocketConnectable *connectable, GIOStream *stream, gpointer data)
{
  SktSessionWorker *session = data;
  g_autofree char *refused = NULL;

  if (event != G_SOCKET_CLIENT_CONNECTING || session->options == NULL || !G_IS_SOCKET_CONNECTION (stream))
    return;
  refused = skt_socket_options_apply (session->options, NULL,
                                      g_socket_get_fd (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream))));
}

/* Why the interface can't be used; NULL: it can, or none is asked for. */
static char *
test_interface (SktClientWorker *self)
{
  SktSocketOptions options;

  if (self->session->options == NULL || self->session->options->interface[0] == '\0')
    return NULL;
  skt_socket_options_init (&options);
  g_strlcpy (options.interface, self->session->options->interface, sizeof options.interface);
  return skt_socket_options_test (&options);
}

static void
start_attempt (SktClientWorker *self, GSocketAddress *local)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  SktOperation *operation = begin_operation (self);

  g_socket_client_set_enable_proxy (client, FALSE);
  g_signal_connect_data (client, "event", G_CALLBACK (event_cb), skt_session_worker_ref (self->session),
                         (GClosureNotify) (void (*) (void)) skt_session_worker_unref, 0);
  if (local != NULL)
    g_socket_client_set_local_address (client, local);
  if (self->timeout_ms > 0)
    self->timer = _skt_engine_add_timer_in_worker (self->session->engine, (gint64) self->timeout_ms * 1000, timer_cb,
                                                   self);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (self->attempt), self->operation, connect_cb, operation);
}

static void
begin_attempt (SktClientWorker *self)
{
  SktRecord record = { .kind = SKT_RECORD_CONNECTING, .connection = self->transport->id };
  g_autofree char *address = skt_endpoint_format_address (self->attempt);
  g_autoptr (GSocketAddress) local = dup_local (self);
  g_autofree char *refused = test_interface (self);
  int code;

  skt_session_worker_append_event (self->session, record, address);
  skt_session_worker_set_attempt (self->session, address);
  skt_transport_set_connecting (self->transport, SKT_STATE_CONNECTING, address);

  code = local != NULL ? test_address (local, SOCK_STREAM, bind_to) : 0;
  if (code == 0 && !_skt_engine_has_descriptors_in_worker (self->session->engine))
    code = EMFILE;
  if (refused != NULL)
    /* a bind to an address of another interface would be told instead */
    attempt_failed (self, SKT_REASON_ADDRESS_NOT_AVAILABLE, 0, refused);
  else if (code == EADDRNOTAVAIL)
    {
      g_autofree char *local_text = skt_endpoint_format_address (local);
      /* Translators: an address and port to connect to, and the local one that was asked for */
      g_autofree char *message = g_strdup_printf (_("Cannot connect to %s from %s: this machine does not have the local "
                                                    "address."),
                                                  address, local_text);
      attempt_failed (self, SKT_REASON_ADDRESS_NOT_AVAILABLE, code, message);
    }
  else if (code != 0)
    attempt_failed (self, skt_reason_from_errno (code), code, NULL);
  else
    start_attempt (self, local);
}

static void
try_next (SktClientWorker *self)
{
  g_clear_object (&self->attempt);
  self->attempt = g_queue_pop_head (&self->addresses);
  if (self->attempt != NULL)
    begin_attempt (self);
  else
    fail (self);
}

static void
try_all (SktClientWorker *self)
{
  g_autofree char *local = NULL;
  g_autofree char *message = NULL;

  if (filter_addresses (self))
    {
      try_next (self);
      return;
    }
  local = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (self->local)));
  if (g_socket_address_get_family (self->local) == G_SOCKET_FAMILY_IPV6)
    message = g_strdup_printf (_("“%s” has no IPv6 address, but the local address %s is one."), self->host, local);
  else
    message = g_strdup_printf (_("“%s” has no IPv4 address, but the local address %s is one."), self->host, local);
  add_failure (self, self->host, SKT_REASON_ADDRESS_NOT_AVAILABLE, 0, message);
  fail (self);
}

/* -- Resolving ------------------------------------------------------------------------------------------------ */

static void
lookup_failed (SktClientWorker *self, const GError *error)
{
  add_failure (self, self->host, skt_reason_from_error (error), 0, error->message);
  fail (self);
}

static void
lookup_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SktOperation *operation = data;
  g_autoptr (GError) error = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);
  SktClientWorker *self = end_operation (operation);

  if (self != NULL && addresses == NULL)
    lookup_failed (self, error);
  else if (self != NULL)
    {
      for (GList *l = addresses; l != NULL; l = l->next)
        g_queue_push_tail (&self->addresses, g_inet_socket_address_new (l->data, self->port));
      try_all (self);
    }
  g_resolver_free_addresses (addresses);
  operation_free (operation);
}

static void
resolve (SktClientWorker *self)
{
  SktRecord record = { .kind = SKT_RECORD_RESOLVING, .connection = self->transport->id };
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  SktOperation *operation = begin_operation (self);

  skt_session_worker_append_event (self->session, record, self->host);
  g_resolver_lookup_by_name_async (resolver, self->host, self->operation, lookup_cb, operation);
}

/* -- Commands ------------------------------------------------------------------------------------------------- */

static gboolean
is_busy (SktClientWorker *self)
{
  return self->operation != NULL || (self->transport != NULL && self->transport->fd >= 0);
}

static gboolean
set_local (SktClientWorker *self, const SktConnectOptions *options)
{
  g_clear_object (&self->local);
  self->local_port = options->local_port;
  if (options->local_address == NULL || options->local_address[0] == '\0')
    return TRUE;
  self->local = g_inet_socket_address_new_from_string (options->local_address, options->local_port);
  return self->local != NULL;
}

static void
begin (SktClientWorker *self, gboolean is_literal)
{
  g_autofree char *target = skt_endpoint_format (self->host, self->port);

  g_clear_pointer (&self->transport, skt_transport_unref);
  self->transport = skt_transport_new (self->session, SKT_STATE_IDLE, target);
  skt_session_worker_set_target (self->session, target);
  skt_session_worker_write_info (self->session);
  skt_session_worker_set_problem (self->session, SKT_PROBLEM_ENDPOINT, NULL);
  skt_transport_set_connecting (self->transport, is_literal ? SKT_STATE_CONNECTING : SKT_STATE_RESOLVING, target);
}

/* The first time and again. */
static void
start (SktClientWorker *self)
{
  g_autoptr (GSocketAddress) literal = g_inet_socket_address_new_from_string (self->host, self->port);

  begin (self, literal != NULL);
  if (literal != NULL)
    {
      g_queue_push_tail (&self->addresses, g_steal_pointer (&literal));
      try_all (self);
    }
  else
    resolve (self);
}

void
skt_client_worker_connect (SktClientWorker *self, const SktConnectOptions *options)
{
  if (is_busy (self) || self->session->journal == NULL)
    return;

  clear_retry (self);
  g_free (self->host);
  self->host = g_strdup (options->host);
  self->port = options->port;
  self->timeout_ms = options->timeout_ms;
  self->reconnect = options->reconnect;
  self->n_retries = 0;

  if (!set_local (self, options))
    {
      g_autofree char *message = g_strdup_printf (_("The local address “%s” is not an IP address."),
                                                  options->local_address);

      /* that will not become one */
      self->reconnect.is_on = FALSE;
      begin (self, TRUE);
      add_failure (self, options->local_address, SKT_REASON_ADDRESS_NOT_AVAILABLE, 0, message);
      fail (self);
    }
  else
    start (self);
}

void
skt_client_worker_cancel (SktClientWorker *self)
{
  if (self->retry_timer != NULL)
    {
      clear_retry (self);
      skt_session_worker_set_state (self->session, SKT_STATE_IDLE);
    }
  if (self->operation == NULL)
    return;
  reset (self);
  append_failed (self, self->session->now.target, SKT_REASON_CANCELLED, 0);
  skt_transport_fail (self->transport, SKT_STATE_CLOSED, SKT_REASON_CANCELLED, 0);
  skt_session_worker_set_state (self->session, SKT_STATE_IDLE);
}

void
skt_client_worker_close (SktClientWorker *self)
{
  skt_client_worker_cancel (self);
  self->reconnect.is_on = FALSE;
  if (self->transport != NULL)
    skt_transport_end_now (self->transport, SKT_REASON_LOCAL_CLOSED, 0);
  g_clear_pointer (&self->transport, skt_transport_unref);
}

SktClientWorker *
skt_client_worker_new (SktSessionWorker *session)
{
  SktClientWorker *self = g_new0 (SktClientWorker, 1);

  self->session = session;
  self->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_failure_free);
  return self;
}

void
skt_client_worker_free (SktClientWorker *self)
{
  g_assert (self->operation == NULL);
  g_assert (self->retry_timer == NULL);

  g_clear_pointer (&self->transport, skt_transport_unref);
  g_clear_object (&self->local);
  g_ptr_array_unref (self->failures);
  g_free (self->host);
  g_free (self);
}
