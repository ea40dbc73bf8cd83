/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-page-private.h"

#include <glib/gi18n.h>

/* -- Clearing ------------------------------------------------------------------------------------------------ */

/* What a clear has done, for its undo. While one can be undone it holds the journal, so that the end of another's time does
 * not release what this one would bring back. Shared by the toast and by what runs in a worker: the journal's header is written
 * there, and not on the main thread. */
typedef struct
{
  gatomicrefcount ref_count;
  GWeakRef page;
  SktJournal *journal;
  guint64 before, after; /* first record */
  gboolean undone;       /* main thread */
} Clearing;

static Clearing *
clearing_ref (Clearing *clearing)
{
  g_atomic_ref_count_inc (&clearing->ref_count);
  return clearing;
}

static void
clearing_unref (gpointer data)
{
  Clearing *clearing = data;

  if (!g_atomic_ref_count_dec (&clearing->ref_count))
    return;
  g_weak_ref_clear (&clearing->page);
  skt_journal_unref (clearing->journal);
  g_free (clearing);
}

static void
clearing_unref_closure (gpointer data, GClosure *closure)
{
  clearing_unref (data);
}

static void
run_in_worker (Clearing *clearing, GTaskThreadFunc func, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, clearing);
  g_task_set_task_data (task, clearing_ref (clearing), clearing_unref);
  g_task_run_in_thread (task, func);
}

static void
reload_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Clearing *clearing = g_task_get_task_data (G_TASK (result));
  g_autoptr (SocketeerPage) page = g_weak_ref_get (&clearing->page);

  if (page != NULL && page->journal == clearing->journal)
    socketeer_byte_view_reload (socketeer_transcript_get_byte_view (page->transcript));
}

static void
undo_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Clearing *clearing = task_data;
  skt_journal_set_first_record (clearing->journal, clearing->before);
  skt_journal_unhold (clearing->journal);
}

static void
set_after_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Clearing *clearing = task_data;
  skt_journal_set_first_record (clearing->journal, clearing->after);
}

static void
release_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Clearing *clearing = task_data;
  skt_journal_release (clearing->journal);
  skt_journal_unhold (clearing->journal);
}

static void
undo_clear_cb (AdwToast *toast, gpointer user_data)
{
  Clearing *clearing = user_data;

  clearing->undone = TRUE;
  run_in_worker (clearing, undo_in_worker, reload_cb);
}

/* Once it can't be undone any more, the disk space is given back. */
static void
clear_dismissed_cb (AdwToast *toast, gpointer user_data)
{
  Clearing *clearing = user_data;

  if (!clearing->undone)
    run_in_worker (clearing, release_in_worker, NULL);
}

static void
cleared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Clearing *clearing = g_task_get_task_data (G_TASK (result));
  g_autoptr (SocketeerPage) page = g_weak_ref_get (&clearing->page);
  AdwToast *toast;

  reload_cb (object, result, user_data);
  if (page == NULL)
    {
      run_in_worker (clearing, release_in_worker, NULL);
      return;
    }
  toast = adw_toast_new (_ ("Transcript cleared"));
  adw_toast_set_button_label (toast, _ ("Undo"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_clear_cb), clearing_ref (clearing),
                         clearing_unref_closure, 0);
  g_signal_connect_data (toast, "dismissed", G_CALLBACK (clear_dismissed_cb), clearing_ref (clearing),
                         clearing_unref_closure, 0);
  _socketeer_page_toast (page, toast);
}

static void
clear_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerPage *self = SOCKETEER_PAGE (widget);
  Clearing *clearing;

  if (self->journal == NULL)
    return;
  clearing = g_new0 (Clearing, 1);
  g_atomic_ref_count_init (&clearing->ref_count);
  g_weak_ref_init (&clearing->page, self);
  clearing->journal = skt_journal_ref (self->journal);
  skt_journal_hold (clearing->journal);
  clearing->before = skt_journal_get_first_record (self->journal);
  clearing->after = skt_journal_get_n_records (self->journal);
  run_in_worker (clearing, set_after_in_worker, cleared_cb);
  clearing_unref (clearing);
}

void
_socketeer_page_save_class_init (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "page.clear", NULL, clear_action);
}
