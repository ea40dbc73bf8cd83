/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-session-private.h"

#include "skt-client-worker.h"
#include "skt-error.h"
#include "skt-responder.h"
#include "skt-server-worker.h"

#include <glib/gi18n-lib.h>

/* What is asked of a session goes to its worker half by the engine's queue. */

/* -- In the worker -------------------------------------------------------------------------------------------- */

/* Arguments of a command: only what it needs is set. */
typedef struct
{
  SktSessionWorker *worker;
  SktConnectOptions connect;
  SktListenOptions listen;
  char *host;
  char *address;
  SktAccess *access;
  SktSocketOptions *options;
  gboolean flag;
  SktAnswers *answers;          /* owned */
  guint32 connection;
} SktCommandArguments;

static void
arguments_free (SktCommandArguments *arguments)
{
  skt_session_worker_unref (arguments->worker);
  g_free (arguments->host);
  g_free (arguments->address);
  g_clear_pointer (&arguments->access, skt_access_unref);
  g_clear_pointer (&arguments->answers, skt_answers_unref);
  g_free (arguments->options);
  g_free (arguments);
}

static SktCommandArguments *
arguments_new (SktSession *self)
{
  SktCommandArguments *arguments = g_new0 (SktCommandArguments, 1);

  arguments->worker = skt_session_worker_ref (self->worker);
  return arguments;
}

static gboolean
invoke (SktSession *self, SktCommandFunc func, SktCommandArguments *arguments)
{
  return _skt_engine_invoke (self->engine, func, arguments, (GDestroyNotify) arguments_free);
}

static void
add_session_in_worker (gpointer data)
{
  SktCommandArguments *arguments = data;

  _skt_engine_add_session_in_worker (arguments->worker->engine, arguments->worker);
}

static void
connect_in_worker (gpointer data)
{
  SktCommandArguments *arguments = data;

  skt_client_worker_connect (arguments->worker->client, &arguments->connect);
}

static void
cancel_in_worker (gpointer data)
{
  SktCommandArguments *arguments = data;

  skt_client_worker_cancel (arguments->worker->client);
}

static void
listen_in_worker (gpointer data)
{
  SktCommandArguments *arguments = data;

  skt_server_worker_listen (arguments->worker->server, &arguments->listen);
}

static void
stop_listening_in_worker (gpointer data)
{
  SktCommandArguments *arguments = data;

  skt_server_worker_stop (arguments->worker->server);
}

static void
set_access_in_worker (gpointer data)
{
  SktCommandArguments *arguments = data;

  skt_server_worker_set_access (arguments->worker->server, arguments->access);
}

static void
set_answers_in_worker (gpointer data)
{
  SktCommandArguments *arguments = data;

  skt_session_worker_set_answers (arguments->worker, arguments->answers, arguments->connection);
}

static void
disconnect_all_in_worker (gpointer data)
{
  SktCommandArguments *arguments = data;

  skt_session_worker_disconnect_all (arguments->worker);
}

static void
note_in_worker (gpointer data)
{
  SktCommandArguments *arguments = data;
  SktRecord record = { .kind = SKT_RECORD_NOTE };

  skt_session_worker_append_event (arguments->worker, record, arguments->host);
}

static void
resume_in_worker (gpointer data)
{
  SktCommandArguments *arguments = data;

  skt_session_worker_resume (arguments->worker);
}

static void
watch_acks_in_worker (gpointer data)
{
  SktCommandArguments *arguments = data;

  skt_session_worker_watch_acks (arguments->worker, arguments->flag);
}

static void
set_options_in_worker (gpointer data)
{
  SktCommandArguments *arguments = data;

  g_free (arguments->worker->options);
  arguments->worker->options = g_steal_pointer (&arguments->options);
}

static void
set_no_delay_in_worker (gpointer data)
{
  SktCommandArguments *arguments = data;
  GHashTableIter iter;
  gpointer transport;

  g_hash_table_iter_init (&iter, arguments->worker->transports);
  while (g_hash_table_iter_next (&iter, NULL, &transport))
    skt_transport_set_no_delay (transport, arguments->flag);
}

static void
close_in_worker (gpointer data)
{
  SktCommandArguments *arguments = data;

  skt_session_worker_close (arguments->worker, arguments->flag);
}

/* -- Privately ------------------------------------------------------------------------------------------------ */

void
_skt_session_begin (SktSession *self)
{
  invoke (self, add_session_in_worker, arguments_new (self));
}

void
_skt_session_set_no_delay (SktSession *self, gboolean no_delay)
{
  SktCommandArguments *arguments = arguments_new (self);

  arguments->flag = no_delay;
  invoke (self, set_no_delay_in_worker, arguments);
}

void
_skt_session_close_worker (SktSession *self, gboolean keep)
{
  SktCommandArguments *arguments;

  if (self->is_closing)
    return;
  self->is_closing = TRUE;
  arguments = arguments_new (self);
  arguments->flag = keep;
  invoke (self, close_in_worker, arguments);
}

/* -- What is asked of it -------------------------------------------------------------------------------------- */

void
skt_session_connect (SktSession *self, const SktConnectOptions *options)
{
  SktCommandArguments *arguments;

  g_return_if_fail (SKT_IS_SESSION (self));
  g_return_if_fail (self->worker->kind == SKT_SESSION_CLIENT);
  g_return_if_fail (options != NULL && options->host != NULL);

  arguments = arguments_new (self);
  arguments->connect = *options;
  arguments->connect.host = arguments->host = g_strdup (options->host);
  arguments->connect.local_address = arguments->address = g_strdup (options->local_address);
  invoke (self, connect_in_worker, arguments);
}

void
skt_session_cancel (SktSession *self)
{
  g_return_if_fail (SKT_IS_SESSION (self));
  g_return_if_fail (self->worker->kind == SKT_SESSION_CLIENT);

  invoke (self, cancel_in_worker, arguments_new (self));
}

void
skt_session_listen (SktSession *self, const SktListenOptions *options)
{
  SktCommandArguments *arguments;

  g_return_if_fail (SKT_IS_SESSION (self));
  g_return_if_fail (self->worker->kind == SKT_SESSION_SERVER);
  g_return_if_fail (options != NULL);

  arguments = arguments_new (self);
  arguments->listen = *options;
  arguments->listen.address = arguments->address = g_strdup (options->address);
  invoke (self, listen_in_worker, arguments);
}

void
skt_session_stop_listening (SktSession *self)
{
  g_return_if_fail (SKT_IS_SESSION (self));
  g_return_if_fail (self->worker->kind == SKT_SESSION_SERVER);

  invoke (self, stop_listening_in_worker, arguments_new (self));
}

void
skt_session_set_access (SktSession *self, SktAccess *access)
{
  SktCommandArguments *arguments;

  g_return_if_fail (SKT_IS_SESSION (self));
  g_return_if_fail (self->worker->kind == SKT_SESSION_SERVER);

  arguments = arguments_new (self);
  arguments->access = access != NULL ? skt_access_ref (access) : NULL;
  invoke (self, set_access_in_worker, arguments);
}

void
skt_session_set_answers (SktSession *self, SktAnswers *answers, SktConnection *connection)
{
  SktCommandArguments *arguments;

  g_return_if_fail (SKT_IS_SESSION (self));
  g_return_if_fail (connection == NULL || SKT_IS_CONNECTION (connection));

  arguments = arguments_new (self);
  arguments->answers = answers != NULL ? skt_answers_ref (answers) : NULL;
  arguments->connection = connection != NULL ? skt_connection_get_id (connection) : 0;
  invoke (self, set_answers_in_worker, arguments);
}

void
skt_session_disconnect_all (SktSession *self)
{
  g_return_if_fail (SKT_IS_SESSION (self));

  invoke (self, disconnect_all_in_worker, arguments_new (self));
}

GError *
skt_session_dup_nobody_error (SktSession *self)
{
  g_return_val_if_fail (SKT_IS_SESSION (self), NULL);

  return g_error_new_literal (SKT_ERROR, SKT_ERROR_NOT_CONNECTED,
                              skt_session_get_n_open (self) > 0
                                ? _("This side has finished sending (FIN): nothing more can be sent.")
                                : _("Nothing is connected, so there is nobody to send to."));
}

gboolean
skt_session_send (SktSession *self, GPtrArray *connections, GBytes *bytes, guint *ret_n_sent, GError **error)
{
  GPtrArray *all = connections != NULL ? connections : self->by_id;
  g_autoptr (GError) first_error = NULL;
  guint n_sent = 0, n_tried = 0;

  g_return_val_if_fail (SKT_IS_SESSION (self), FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);

  for (guint i = 0; i < all->len; i++)
    {
      SktConnection *connection = all->pdata[i];
      g_autoptr (GError) own_error = NULL;

      if (connections == NULL && !skt_connection_can_send (connection))
        continue;
      n_tried++;
      if (skt_connection_send_bytes (connection, bytes, &own_error))
        n_sent++;
      else if (first_error == NULL)
        {
          const char *address = skt_connection_get_remote_address (connection);

          g_prefix_error (&own_error, "%s: ", address != NULL ? address : "?");
          first_error = g_steal_pointer (&own_error);
        }
    }
  if (n_tried == 0)
    first_error = skt_session_dup_nobody_error (self);
  if (ret_n_sent != NULL)
    *ret_n_sent = n_sent;
  if (first_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first_error));
  return FALSE;
}

void
skt_session_set_socket_options (SktSession *self, const SktSocketOptions *options)
{
  SktCommandArguments *arguments;
  SktSocketOptions defaults;

  g_return_if_fail (SKT_IS_SESSION (self));
  g_return_if_fail (options != NULL);

  self->options = *options;
  skt_socket_options_init (&defaults);
  defaults.no_delay = options->no_delay;
  arguments = arguments_new (self);
  if (!skt_socket_options_equal (options, &defaults))
    arguments->options = g_memdup2 (options, sizeof *options);
  invoke (self, set_options_in_worker, arguments);
  g_object_set (self, "no-delay", options->no_delay, NULL);
}

void
skt_session_get_socket_options (SktSession *self, SktSocketOptions *ret_options)
{
  gboolean no_delay;

  g_return_if_fail (SKT_IS_SESSION (self));

  g_object_get (self, "no-delay", &no_delay, NULL);
  *ret_options = self->options;
  ret_options->no_delay = no_delay;
}

void
skt_session_note (SktSession *self, const char *sentence)
{
  SktCommandArguments *arguments;

  g_return_if_fail (SKT_IS_SESSION (self));
  g_return_if_fail (sentence != NULL);

  arguments = arguments_new (self);
  arguments->host = g_strdup (sentence);
  invoke (self, note_in_worker, arguments);
}

void
skt_session_resume (SktSession *self)
{
  g_return_if_fail (SKT_IS_SESSION (self));

  invoke (self, resume_in_worker, arguments_new (self));
}

void
skt_session_watch_acknowledgements (SktSession *self, gboolean watch)
{
  SktCommandArguments *arguments;

  g_return_if_fail (SKT_IS_SESSION (self));

  arguments = arguments_new (self);
  arguments->flag = watch;
  invoke (self, watch_acks_in_worker, arguments);
}
