/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-page-private.h"

#include <glib/gi18n.h>

#include "skt-journal-limit.h"
#include "skt-size.h"
#include "socketeer-settings.h"

/* Room in the journal: clearing, its limit, and what is offered while receiving is paused for want of room. */

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
  gboolean is_over;      /* main thread: it was undone, or can't be any more */
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

static Clearing *
clearing_new (SocketeerPage *self)
{
  Clearing *clearing = g_new0 (Clearing, 1);

  g_atomic_ref_count_init (&clearing->ref_count);
  g_weak_ref_init (&clearing->page, self);
  clearing->journal = skt_journal_ref (self->journal);
  clearing->before = skt_journal_get_first_record (self->journal);
  clearing->after = skt_journal_get_n_records (self->journal);
  return clearing;
}

static void
run_in_worker (Clearing *clearing, GTaskThreadFunc func, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, clearing);
  g_task_set_task_data (task, clearing_ref (clearing), clearing_unref);
  g_task_run_in_thread (task, func);
}

/* NULL: it was closed meanwhile. */
static SocketeerPage *
dup_page (GAsyncResult *result)
{
  Clearing *clearing = g_task_get_task_data (G_TASK (result));
  g_autoptr (SocketeerPage) page = g_weak_ref_get (&clearing->page);

  return page != NULL && page->journal == clearing->journal ? g_steal_pointer (&page) : NULL;
}

static void
reload_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SocketeerPage) page = dup_page (result);

  if (page != NULL)
    socketeer_byte_view_reload (socketeer_transcript_get_byte_view (page->transcript));
}

/* The disk has more space: the session looks whether it can go on, and tells how large the journal is now. */
static void
released_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SocketeerPage) page = dup_page (result);

  if (page != NULL && page->session != NULL)
    skt_session_resume (page->session);
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
clear_now_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Clearing *clearing = task_data;
  skt_journal_set_first_record (clearing->journal, clearing->after);
  skt_journal_release (clearing->journal);
}

static void
undo_clear_cb (AdwToast *toast, gpointer user_data)
{
  Clearing *clearing = user_data;

  if (clearing->is_over)
    return;
  clearing->is_over = TRUE;
  run_in_worker (clearing, undo_in_worker, reload_cb);
}

/* Once it can't be undone any more, the disk space is given back. */
static void
end_undo (Clearing *clearing)
{
  if (clearing->is_over)
    return;
  clearing->is_over = TRUE;
  run_in_worker (clearing, release_in_worker, released_cb);
}

static void
clear_dismissed_cb (AdwToast *toast, gpointer user_data)
{
  Clearing *clearing = user_data;
  g_autoptr (SocketeerPage) page = g_weak_ref_get (&clearing->page);

  end_undo (clearing);
  if (page != NULL && page->undo_toasts != NULL)
    g_ptr_array_remove (page->undo_toasts, toast);
}

static void
cleared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Clearing *clearing = g_task_get_task_data (G_TASK (result));
  g_autoptr (SocketeerPage) page = dup_page (result);
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
  g_object_set_data_full (G_OBJECT (toast), "clearing", clearing_ref (clearing), clearing_unref);
  g_ptr_array_add (page->undo_toasts, g_object_ref (toast));
  _socketeer_page_toast (page, toast);
}

static void
clear (SocketeerPage *self)
{
  Clearing *clearing = clearing_new (self);

  skt_journal_hold (clearing->journal);
  run_in_worker (clearing, set_after_in_worker, cleared_cb);
  clearing_unref (clearing);
}

/* -- Clearing while receiving is paused ------------------------------------------------------------------------ */

/* Nothing that was cleared before can be brought back any more, or it would keep its room. */
static void
dismiss_undo_toasts (SocketeerPage *self)
{
  while (self->undo_toasts->len > 0)
    {
      g_autoptr (AdwToast) toast = g_object_ref (g_ptr_array_index (self->undo_toasts, self->undo_toasts->len - 1));

      end_undo (g_object_get_data (G_OBJECT (toast), "clearing"));
      g_ptr_array_remove (self->undo_toasts, toast);
      adw_toast_dismiss (toast);
    }
}

static void
cleared_now_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SocketeerPage) page = dup_page (result);

  reload_cb (object, result, user_data);
  released_cb (object, result, user_data);
  if (page != NULL)
    _socketeer_page_say (page, _ ("Transcript cleared"));
}

static void
question_response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  SocketeerPage *self = user_data;
  Clearing *clearing;

  g_clear_weak_pointer (&self->question);
  if (!g_str_equal (response, "clear") || self->journal == NULL)
    return;
  dismiss_undo_toasts (self);
  clearing = clearing_new (self);
  run_in_worker (clearing, clear_now_in_worker, cleared_now_cb);
  clearing_unref (clearing);
}

/* An undo would need the room that is to be made, so it is asked beforehand. */
static void
ask_to_clear (SocketeerPage *self)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  g_autofree char *size = skt_size_to_text (skt_session_get_journal_size (self->session));
  AdwMessageDialog *dialog;

  if (self->question != NULL)
    return;
  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (window, _ ("Clear and Go On?"), NULL));
  adw_message_dialog_format_body (dialog,
                                  /* Translators: %s is a size such as “16 GiB” */
                                  _ ("What this tab has received and sent up to now, %s, is deleted from the disk at once. "
                                     "This cannot be undone: save first what you need. Then receiving goes on."),
                                  size);
  adw_message_dialog_add_responses (dialog, "cancel", _ ("Cancel"), "clear", _ ("Delete and Go On"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "clear", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (question_response_cb), self, 0);
  g_set_weak_pointer (&self->question, GTK_WINDOW (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
clear_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerPage *self = SOCKETEER_PAGE (widget);

  if (self->journal == NULL)
    return;
  if (self->session != NULL && skt_session_is_stalled (self->session))
    ask_to_clear (self);
  else
    clear (self);
}

/* -- The limit ------------------------------------------------------------------------------------------------- */

static guint64
get_raised_limit (SocketeerPage *self)
{
  if (self->session == NULL || skt_session_get_pause (self->session) != SKT_PAUSE_LIMIT)
    return 0;
  return skt_journal_get_raised_limit (self->journal);
}

static void
raise_limit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerPage *self = SOCKETEER_PAGE (widget);
  guint64 limit = get_raised_limit (self);
  g_autofree char *size = NULL, *message = NULL;

  if (limit == 0)
    return;
  g_settings_set_int (socketeer_settings_get (), "journal-limit", limit / SKT_JOURNAL_MIB);
  size = skt_size_to_text (limit);
  /* Translators: %s is a size such as “32 GiB” */
  message = g_strdup_printf (_ ("Each tab may keep %s now. Preferences can change it."), size);
  _socketeer_page_say (self, message);
}

static void
resume_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerPage *self = SOCKETEER_PAGE (widget);

  if (self->session != NULL)
    skt_session_resume (self->session);
}

static void
limit_changed_cb (GSettings *settings, const char *key, gpointer user_data)
{
  SocketeerPage *self = user_data;

  if (self->session != NULL && !self->is_closed)
    skt_session_set_journal_limit (self->session, g_settings_get_int (settings, key) * SKT_JOURNAL_MIB);
}

void
_socketeer_page_room_watch (SocketeerPage *self)
{
  GSettings *settings = socketeer_settings_get ();

  limit_changed_cb (settings, "journal-limit", self);
  g_signal_connect_object (settings, "changed::journal-limit", G_CALLBACK (limit_changed_cb), self, 0);
}

void
_socketeer_page_room_update (SocketeerPage *self, gboolean is_shown)
{
  SktPause pause = self->session != NULL ? skt_session_get_pause (self->session) : SKT_PAUSE_NONE;
  guint64 limit = get_raised_limit (self);
  g_autofree char *size = skt_size_to_text (limit);
  /* Translators: button; %s is a size such as “32 GiB” */
  g_autofree char *label = g_strdup_printf (_ ("Raise Limit to %s"), size);

  gtk_widget_set_visible (GTK_WIDGET (self->pause_box), is_shown && pause != SKT_PAUSE_NONE);
  /* A hole in a file makes it no shorter. */
  gtk_widget_set_visible (GTK_WIDGET (self->pause_clear_button), pause != SKT_PAUSE_FILE_TOO_LARGE);
  gtk_widget_set_visible (GTK_WIDGET (self->raise_button), limit > 0);
  if (limit > 0)
    gtk_button_set_label (self->raise_button, label);
  /* What was asked for while paused is not what is wanted now. */
  if (pause == SKT_PAUSE_NONE && self->question != NULL)
    gtk_window_close (self->question);
}

void
_socketeer_page_room_class_init (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "page.clear", NULL, clear_action);
  gtk_widget_class_install_action (klass, "page.raise-limit", NULL, raise_limit_action);
  gtk_widget_class_install_action (klass, "page.resume", NULL, resume_action);
  gtk_widget_class_bind_template_child (klass, SocketeerPage, pause_box);
  gtk_widget_class_bind_template_child (klass, SocketeerPage, pause_clear_button);
  gtk_widget_class_bind_template_child (klass, SocketeerPage, raise_button);
  gtk_widget_class_bind_template_child (klass, SocketeerPage, resume_button);
}

void
_socketeer_page_room_init (SocketeerPage *self)
{
  self->undo_toasts = g_ptr_array_new_with_free_func (g_object_unref);
}

void
_socketeer_page_room_dispose (SocketeerPage *self)
{
  if (self->question != NULL)
    gtk_window_destroy (self->question);
  g_clear_weak_pointer (&self->question);
  g_clear_pointer (&self->undo_toasts, g_ptr_array_unref);
}
