/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-bookmark-store.h"

#define WRITE_DELAY_MS 500

struct _SocketeerBookmarkStore
{
  /* owned */
  SktBookmarks *bookmarks;
  SktJournal *journal;
  GCancellable *loading;
  GThreadPool *writer; /* one thread at a time, so that the last state is written last */
  guint write_id;
  gboolean is_loading; /* what changes now comes from the file */
};

typedef struct
{
  SktJournal *journal;
  GKeyFile *info;
} Write;

static void
write_in_worker (gpointer data, gpointer user_data)
{
  Write *write = data;
  g_autoptr (GError) error = NULL;

  if (!skt_journal_write_info (write->journal, write->info, &error))
    g_message ("%s: bookmarks are not kept: %s", skt_journal_get_path (write->journal), error->message);
  g_key_file_unref (write->info);
  skt_journal_unref (write->journal);
  g_free (write);
}

static void
write_now (SocketeerBookmarkStore *self)
{
  Write *write = g_new (Write, 1);

  *write = (Write){ skt_journal_ref (self->journal), skt_bookmarks_to_info (self->bookmarks) };
  g_thread_pool_push (self->writer, write, NULL);
}

static gboolean
write_cb (gpointer user_data)
{
  SocketeerBookmarkStore *self = user_data;

  self->write_id = 0;
  write_now (self);
  return G_SOURCE_REMOVE;
}

static void
changed_cb (SktBookmarks *bookmarks, gpointer user_data)
{
  SocketeerBookmarkStore *self = user_data;

  if (!self->is_loading && self->write_id == 0)
    self->write_id = g_timeout_add (WRITE_DELAY_MS, write_cb, self);
}

static void
load_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  GKeyFile *tainted_info = skt_journal_load_info (task_data, &error);

  if (tainted_info != NULL)
    g_task_return_pointer (task, tainted_info, (GDestroyNotify) g_key_file_unref);
  else
    g_task_return_error (task, error);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SocketeerBookmarkStore *self;
  g_autoptr (GKeyFile) tainted_info = g_task_propagate_pointer (G_TASK (result), NULL);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return; /* the store is gone */
  self = user_data;
  /* A journal that is being made has no file yet. What the user did in the meantime counts. */
  if (tainted_info == NULL || skt_bookmarks_get_n (self->bookmarks) > 0)
    return;
  self->is_loading = TRUE;
  skt_bookmarks_load_info (self->bookmarks, tainted_info);
  self->is_loading = FALSE;
}

SocketeerBookmarkStore *
socketeer_bookmark_store_new (SktJournal *journal)
{
  SocketeerBookmarkStore *self = g_new0 (SocketeerBookmarkStore, 1);
  g_autoptr (GTask) task = NULL;

  self->bookmarks = skt_bookmarks_new ();
  self->journal = skt_journal_ref (journal);
  self->loading = g_cancellable_new ();
  self->writer = g_thread_pool_new (write_in_worker, NULL, 1, FALSE, NULL);
  g_signal_connect (self->bookmarks, "changed", G_CALLBACK (changed_cb), self);
  task = g_task_new (NULL, self->loading, loaded_cb, self);
  g_task_set_source_tag (task, socketeer_bookmark_store_new);
  g_task_set_task_data (task, g_strdup (skt_journal_get_path (journal)), g_free);
  g_task_run_in_thread (task, load_in_worker);
  return self;
}

void
socketeer_bookmark_store_free (SocketeerBookmarkStore *self)
{
  g_cancellable_cancel (self->loading);
  g_object_unref (self->loading);
  if (self->write_id != 0)
    {
      g_source_remove (self->write_id);
      write_now (self);
    }
  /* What was pushed is done, later. */
  g_thread_pool_free (self->writer, FALSE, FALSE);
  g_signal_handlers_disconnect_by_data (self->bookmarks, self);
  g_object_unref (self->bookmarks);
  skt_journal_unref (self->journal);
  g_free (self);
}

SktBookmarks *
socketeer_bookmark_store_get (SocketeerBookmarkStore *self)
{
  return self->bookmarks;
}
