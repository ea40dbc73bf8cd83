/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-window-private.h"

#include <glib/gi18n.h>

#include "skt-import.h"
#include "socketeer-notify.h"
#include "socketeer-progress-row.h"

/* Opening files: each becomes a page on which it is looked at. */

/* Who has waited longer may be busy with something else. */
#define LONG_US (3 * G_TIME_SPAN_SECOND)

typedef struct
{
  SocketeerWindow *window;    /* owned */
  SocketeerProgressRow *row;  /* owned */
  GApplication *application;  /* owned, held: what is half imported must be deleted before the program ends; or NULL */
  GCancellable *cancellable;  /* owned */
  gulong cancelled_handler;
  gint64 begun;               /* monotonic */
  gboolean is_recovered;      /* named by where it had connected to, not by its folder */
} Opening;

static void
opening_free (Opening *opening)
{
  g_cancellable_disconnect (_socketeer_window_get_opening (opening->window), opening->cancelled_handler);
  socketeer_progress_row_finish (opening->row);
  g_object_unref (opening->row);
  g_object_unref (opening->cancellable);
  g_object_unref (opening->window);
  if (opening->application != NULL)
    g_application_release (opening->application);
  g_clear_object (&opening->application);
  g_free (opening);
}

/* "127.0.0.1:7788, 2026-11-21 13:02": where it connected to or listened, and when it began. */
static char *
dup_session_name (SktJournal *journal)
{
  g_autoptr (GKeyFile) info = skt_journal_load_info (skt_journal_get_path (journal), NULL);
  g_autofree char *target = info != NULL ? g_key_file_get_string (info, "Session", "target", NULL) : NULL;
  g_autoptr (GDateTime) created = g_date_time_new_from_unix_local (skt_journal_get_created (journal) / 1000000000);
  g_autofree char *time = created != NULL ? g_date_time_format (created, "%Y-%m-%d %H:%M") : g_strdup ("?");

  /* Translators: name of a session that was found again: an address and port, and when it began */
  return target != NULL ? g_strdup_printf (_ ("%s, %s"), target, time) : g_steal_pointer (&time);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Opening *opening = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SktImport) import = skt_import_finish (result, &error);

  if (import != NULL && !g_cancellable_is_cancelled (opening->cancellable))
    {
      g_autofree char *name = opening->is_recovered ? dup_session_name (import->journal) : g_strdup (import->name);
      SocketeerPage *page = socketeer_page_new_for_journal (import->journal, import->peers, name, import->warning);

      _socketeer_window_add_tab (opening->window, page);
      if (g_get_monotonic_time () - opening->begun > LONG_US)
        socketeer_notify (GTK_WIDGET (page), SOCKETEER_NOTIFY_TRANSFER, 1, _ ("File opened"), import->warning != NULL ? import->warning : name);
    }
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    _socketeer_window_say_problem (opening->window, error->message);
  opening_free (opening);
}

static void
window_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
open_path (SocketeerWindow *self, const char *path, gboolean is_recovered)
{
  Opening *opening = g_new0 (Opening, 1);
  g_autofree char *name = g_filename_display_basename (path);
  /* Translators: %s is a file's name */
  g_autofree char *title = g_strdup_printf (_ ("Opening “%s”"), name);
  g_autofree char *sessions_path = skt_journal_dup_sessions_path ();
  GtkWidget *row;

  opening->window = g_object_ref (self);
  opening->begun = g_get_monotonic_time ();
  opening->is_recovered = is_recovered;
  opening->cancellable = g_cancellable_new ();
  opening->cancelled_handler = g_cancellable_connect (_socketeer_window_get_opening (self),
                                                      G_CALLBACK (window_cancelled_cb), opening->cancellable, NULL);
  if (g_application_get_default () != NULL)
    {
      opening->application = g_object_ref (g_application_get_default ());
      g_application_hold (opening->application);
    }
  /* Translators: name of a button */
  row = socketeer_progress_row_new (title, _ ("Cancel opening"), opening->cancellable);
  gtk_box_append (_socketeer_window_get_jobs_box (self), row);
  opening->row = g_object_ref (SOCKETEER_PROGRESS_ROW (row));
  skt_import_async (path, sessions_path, opening->cancellable, socketeer_progress_row_update, row, opened_cb, opening);
}

void
socketeer_window_open (SocketeerWindow *self, const char *path)
{
  g_return_if_fail (SOCKETEER_IS_WINDOW (self) && path != NULL);

  open_path (self, path, FALSE);
}

void
_socketeer_window_open_session (SocketeerWindow *self, const char *path)
{
  open_path (self, path, TRUE);
}

/* -- Asking -------------------------------------------------------------------------------------------------- */

static void
response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  SocketeerWindow *self = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));

      for (guint i = 0; i < g_list_model_get_n_items (files); i++)
        {
          g_autoptr (GFile) file = g_list_model_get_item (files, i);
          g_autofree char *path = g_file_get_path (file);

          if (path != NULL)
            open_path (self, path, FALSE);
          else
            _socketeer_window_say_problem (self, _ ("Only files on this computer can be opened."));
        }
    }
  gtk_native_dialog_destroy (dialog);
  g_object_set_data (G_OBJECT (self), "open-chooser", NULL);
}

static void
ask (SocketeerWindow *self, const char *title, GtkFileChooserAction action)
{
  GtkFileChooserNative *chooser;

  if (g_object_get_data (G_OBJECT (self), "open-chooser") != NULL)
    return;
  chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (chooser), action == GTK_FILE_CHOOSER_ACTION_OPEN);
  g_signal_connect_object (chooser, "response", G_CALLBACK (response_cb), self, 0);
  g_object_set_data_full (G_OBJECT (self), "open-chooser", chooser, g_object_unref);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

void
_socketeer_window_ask_and_open (SocketeerWindow *self)
{
  ask (self, _ ("Open"), GTK_FILE_CHOOSER_ACTION_OPEN);
}

/* A file of a session's folder will do as well, except in a sandbox, where the files beside it are not granted with it. */
void
_socketeer_window_ask_and_open_folder (SocketeerWindow *self)
{
  ask (self, _ ("Open Session Folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}
