/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-connection-options.h"

#include "skt-connection-private.h"
#include "skt-error.h"

#include <glib/gi18n-lib.h>

/* A command to the I/O thread, which owns the descriptor. */
typedef struct
{
  GTask *task;                  /* owned; NULL: has returned */
  SktTransport *transport;      /* owned */
  SktSocketOptions old, new;
  gboolean is_change;
} SktOptionsCommand;

typedef struct
{
  SktSocketOptions options;
  char *problem;
} SktOptionsAnswer;

static void
answer_free (gpointer data)
{
  SktOptionsAnswer *answer = data;

  g_free (answer->problem);
  g_free (answer);
}

static void
return_closed (SktOptionsCommand *command)
{
  g_task_return_new_error (command->task, SKT_ERROR, SKT_ERROR_NOT_CONNECTED, "%s", _("The connection is closed."));
  g_clear_object (&command->task);
}

static void
command_free (gpointer data)
{
  SktOptionsCommand *command = data;

  if (command->task != NULL)
    return_closed (command);
  skt_transport_unref (command->transport);
  g_free (command);
}

static void
change_options_in_worker (gpointer data)
{
  SktOptionsCommand *command = data;
  SktTransport *transport = command->transport;
  SktOptionsAnswer *answer;

  if (transport->fd < 0)
    return;
  answer = g_new0 (SktOptionsAnswer, 1);
  if (command->is_change)
    {
      answer->problem = skt_socket_options_apply (&command->new, &command->old, transport->fd);
      transport->linger_s = command->new.linger_s > 0 ? command->new.linger_s : 0;
    }
  skt_socket_options_read (&answer->options, transport->fd);
  if (transport->linger_s > 0)
    answer->options.linger_s = transport->linger_s;
  g_task_return_pointer (command->task, answer, answer_free);
  g_clear_object (&command->task);
}

void
skt_connection_change_options_async (SktConnection *self, const SktSocketOptions *old, const SktSocketOptions *new,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  SktOptionsCommand *command;
  SktTransport *transport;

  g_return_if_fail (SKT_IS_CONNECTION (self));
  g_return_if_fail ((old == NULL) == (new == NULL));

  transport = _skt_connection_get_transport (self);
  command = g_new0 (SktOptionsCommand, 1);
  command->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (command->task, skt_connection_change_options_async);
  command->transport = skt_transport_ref (transport);
  if (new != NULL)
    {
      command->old = *old;
      command->new = *new;
      command->is_change = TRUE;
    }
  _skt_engine_invoke (transport->session->engine, change_options_in_worker, command, command_free);
}

gboolean
skt_connection_change_options_finish (SktConnection *self, GAsyncResult *result, SktSocketOptions *ret_options,
                                      char **ret_problem, GError **error)
{
  SktOptionsAnswer *answer;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  answer = g_task_propagate_pointer (G_TASK (result), error);
  if (answer == NULL)
    return FALSE;
  *ret_options = answer->options;
  *ret_problem = g_steal_pointer (&answer->problem);
  answer_free (answer);
  return TRUE;
}
