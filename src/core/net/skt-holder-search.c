/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-holder-search.h"

typedef struct
{
  SktSessionWorker *session;    /* owned */
  char *subject;
  char *address;                /* NULL: all */
  guint16 port;
  guint attempt;
  SktHolderFunc found;
} SktHolderSearch;

static void
holder_search_free (SktHolderSearch *search)
{
  skt_session_worker_unref (search->session);
  g_free (search->subject);
  g_free (search->address);
  g_free (search);
}

static void
search_in_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  SktHolderSearch *search = task_data;

  g_task_return_pointer (task, skt_port_holder_find (search->address, search->port), (GDestroyNotify) skt_port_holder_free);
}

static void
searched_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  SktHolderSearch *search = g_task_get_task_data (G_TASK (result));
  g_autoptr (SktPortHolder) holder = g_task_propagate_pointer (G_TASK (result), NULL);

  _skt_engine_end_operation_in_worker (search->session->engine);
  if (holder != NULL && search->session->journal != NULL)
    search->found (search->session, holder, search->subject, search->attempt);
}

void
skt_holder_search (SktSessionWorker *session,
                   const char *address,
                   guint16 port,
                   const char *subject,
                   guint attempt,
                   SktHolderFunc found)
{
  SktHolderSearch *search = g_new (SktHolderSearch, 1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, searched_cb, NULL);

  search->session = skt_session_worker_ref (session);
  search->subject = g_strdup (subject);
  search->address = g_strdup (address);
  search->port = port;
  search->attempt = attempt;
  search->found = found;
  _skt_engine_begin_operation_in_worker (session->engine);
  g_task_set_task_data (task, search, (GDestroyNotify) holder_search_free);
  g_task_run_in_thread (task, search_in_thread);
}
