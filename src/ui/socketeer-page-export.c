/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-page-private.h"

#include <glib/gi18n.h>

#include "socketeer-format.h"
#include "socketeer-notify.h"
#include "socketeer-paths.h"
#include "socketeer-progress-row.h"

/* -- Exporting ----------------------------------------------------------------------------------------------- */

typedef struct
{
  SocketeerPage *page;        /* owned */
  SocketeerProgressRow *row;  /* owned */
  GApplication *application;  /* owned, held: what is half written must be taken away before the program ends; or NULL */
  GCancellable *cancellable;  /* owned */
  gulong cancelled_handler;
  char *path;
} Export;

static void
export_free (Export *export)
{
  g_cancellable_disconnect (export->page->exporting, export->cancelled_handler);
  socketeer_progress_row_finish (export->row);
  g_object_unref (export->row);
  g_object_unref (export->page);
  g_object_unref (export->cancellable);
  if (export->application != NULL)
    g_application_release (export->application);
  g_clear_object (&export->application);
  g_free (export->path);
  g_free (export);
}

static void
exported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Export *export = user_data;
  g_autoptr (GError) error = NULL;
  guint64 length = 0;

  if (skt_export_finish (result, &length, &error))
    {
      g_autofree char *name = g_filename_display_basename (export->path);
      g_autofree char *bytes = socketeer_format_bytes (length);
      /* Translators: the first %s is a file's name, the second “12 bytes” */
      g_autofree char *message = g_strdup_printf (_ ("Saved “%s”: %s"), name, bytes);
      _socketeer_page_say (export->page, message);
      socketeer_notify (GTK_WIDGET (export->page), SOCKETEER_NOTIFY_TRANSFER, 1, _ ("File saved"), message);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      _socketeer_page_toast (export->page, socketeer_problem_toast_new (error->message));
      socketeer_notify (GTK_WIDGET (export->page), SOCKETEER_NOTIFY_TRANSFER, 1, _ ("File not saved"), error->message);
    }
  export_free (export);
}

static void
page_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static Export *
begin_export (SocketeerPage *self, const char *path)
{
  Export *export = g_new0 (Export, 1);
  g_autofree char *name = g_filename_display_basename (path);
  /* Translators: %s is a file's name */
  g_autofree char *title = g_strdup_printf (_ ("Saving “%s”"), name);
  GtkWidget *row;

  if (self->exporting == NULL)
    self->exporting = g_cancellable_new ();
  export->page = g_object_ref (self);
  export->path = g_strdup (path);
  export->cancellable = g_cancellable_new ();
  export->cancelled_handler = g_cancellable_connect (self->exporting, G_CALLBACK (page_cancelled_cb),
                                                     export->cancellable, NULL);
  if (g_application_get_default () != NULL)
    {
      export->application = g_object_ref (g_application_get_default ());
      g_application_hold (export->application);
    }
  /* Translators: name of a button */
  row = socketeer_progress_row_new (title, _ ("Cancel saving"), export->cancellable);
  gtk_box_append (self->jobs_box, row);
  export->row = g_object_ref (SOCKETEER_PROGRESS_ROW (row));
  return export;
}

/* Those chosen in the list. NULL: all. */
static guint32 *
dup_chosen (SocketeerPage *self, gsize *ret_n)
{
  g_autoptr (GPtrArray) choice = NULL;
  guint32 *ids;

  *ret_n = 0;
  if (self->connection_list != NULL)
    choice = socketeer_connection_list_dup_choice (self->connection_list);
  if (choice == NULL)
    return NULL;
  *ret_n = choice->len;
  ids = g_new (guint32, choice->len + 1);
  for (guint i = 0; i < choice->len; i++)
    ids[i] = skt_connection_get_id (g_ptr_array_index (choice, i));
  return ids;
}

/* What was cleared may be gone from the disk, with the records that say who is at the other end. */
static GHashTable *
list_addresses (SocketeerPage *self)
{
  GHashTable *addresses;
  GListModel *connections;

  if (self->session == NULL || skt_journal_get_first_record (self->journal) == 0)
    return NULL;
  addresses = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  connections = skt_session_get_connections (self->session);
  for (guint i = 0; i < g_list_model_get_n_items (connections); i++)
    {
      g_autoptr (SktConnection) connection = g_list_model_get_item (connections, i);

      if (skt_connection_get_local_address (connection) != NULL)
        g_hash_table_insert (addresses, GUINT_TO_POINTER (skt_connection_get_id (connection)),
                             g_strdup_printf ("%s %s", skt_connection_get_local_address (connection),
                                              skt_connection_get_remote_address (connection)));
    }
  return addresses;
}

void
socketeer_page_export (SocketeerPage *self, const SocketeerSaveChoice *choice, const char *path)
{
  SktExportOptions options = { .format = choice->format, .direction = choice->direction };
  g_autoptr (GHashTable) addresses = NULL;
  g_autofree guint32 *ids = NULL;
  Export *export;

  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  g_return_if_fail (self->journal != NULL);

  options.has_range = choice->selection_only;
  if (choice->selection_only &&
      !socketeer_byte_view_get_selection (socketeer_transcript_get_byte_view (self->transcript), &options.from,
                                          &options.to))
    {
      _socketeer_page_say (self, _ ("Nothing was saved: nothing is selected in the transcript."));
      return;
    }
  options.encoding = socketeer_transcript_get_encoding (self->transcript);
  options.connections = ids = dup_chosen (self, &options.n_connections);
  options.addresses = addresses = list_addresses (self);
  export = begin_export (self, path);
  skt_export_async (self->journal, &options, path, export->cancellable, socketeer_progress_row_update, export->row,
                    exported_cb, export);
}

/* -- Asking -------------------------------------------------------------------------------------------------- */

static void
chooser_response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  SocketeerPage *self = user_data;
  const SocketeerSaveChoice *choice = g_object_get_data (G_OBJECT (dialog), "choice");

  if (response == GTK_RESPONSE_ACCEPT && self->journal != NULL)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
      const char *name_in_folder = g_object_get_data (G_OBJECT (dialog), "name-in-folder");

      if (path != NULL)
        {
          /* Without a name in it, the path is what it was. */
          g_autofree char *target = g_build_filename (path, name_in_folder, NULL);

          socketeer_page_export (self, choice, target);
        }
      else
        _socketeer_page_say (self, _ ("Only files on this computer can be written: choose another folder."));
    }
  gtk_native_dialog_destroy (dialog);
  g_clear_object (&self->chooser);
}

void
socketeer_page_save_as (SocketeerPage *self, const SocketeerSaveChoice *choice)
{
  /* In a sandbox no folder can be made beside a file that was chosen, only in a folder that was. */
  const gboolean needs_folder = choice->format == SKT_EXPORT_SESSION && socketeer_paths_is_sandboxed ();
  g_autofree char *name = NULL;
  GtkFileChooserNative *chooser;

  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  if (self->journal == NULL || self->chooser != NULL)
    return;
  chooser = gtk_file_chooser_native_new (choice->format == SKT_EXPORT_SESSION ? _ ("Save as a New Folder") : _ ("Save"),
                                         GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                         needs_folder ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER
                                                      : GTK_FILE_CHOOSER_ACTION_SAVE,
                                         needs_folder ? _ ("_Save") : NULL, NULL);
  name = socketeer_save_choice_dup_file_name (choice);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  if (needs_folder)
    g_object_set_data_full (G_OBJECT (chooser), "name-in-folder", g_steal_pointer (&name), g_free);
  else
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  g_object_set_data_full (G_OBJECT (chooser), "choice", g_memdup2 (choice, sizeof *choice), g_free);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chooser_response_cb), self, 0);
  self->chooser = chooser;
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
chosen_cb (SocketeerSaveDialog *dialog, const SocketeerSaveChoice *choice, gpointer user_data)
{
  socketeer_page_save_as (user_data, choice);
}

void
socketeer_page_save (SocketeerPage *self, gboolean prefers_selection)
{
  SocketeerByteView *view;
  SocketeerSaveDialog *dialog;
  g_autofree guint32 *ids = NULL;
  SktPosition from, to;
  gsize n_connections;

  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  if (self->journal == NULL || self->chooser != NULL)
    return;
  view = socketeer_transcript_get_byte_view (self->transcript);
  ids = dup_chosen (self, &n_connections);
  dialog = socketeer_save_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                      socketeer_byte_view_get_selection (view, &from, &to), prefers_selection,
                                      n_connections);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (chosen_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  socketeer_page_save (SOCKETEER_PAGE (widget), FALSE);
}

static void
save_selection_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  socketeer_page_save (SOCKETEER_PAGE (widget), TRUE);
}

static void
save_as_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *format_name, *direction_name;
  SocketeerSaveChoice choice;

  g_variant_get (parameter, "(&s&s)", &format_name, &direction_name);
  if (socketeer_save_choice_parse (format_name, direction_name, &choice))
    socketeer_page_save_as (SOCKETEER_PAGE (widget), &choice);
}

void
_socketeer_page_export_class_init (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "page.save", NULL, save_action);
  gtk_widget_class_install_action (klass, "page.save-selection", NULL, save_selection_action);
  gtk_widget_class_install_action (klass, "page.save-as", "(ss)", save_as_action);
}

void
_socketeer_page_export_dispose (SocketeerPage *self)
{
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  g_clear_object (&self->exporting);
}

/* -- Journals that are looked at ------------------------------------------------------------------------------ */

static void
drop_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  skt_journal_unref (task_data);
  g_task_return_boolean (task, TRUE);
}

static void
dropped_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  if (user_data != NULL)
    g_application_release (user_data);
}

/* That of an imported file is deleted with its last reference, which takes a while for a large one; the program must not
 * end before. */
void
_socketeer_page_drop_journal (SktJournal *journal)
{
  GApplication *application = g_application_get_default ();
  g_autoptr (GTask) task = g_task_new (NULL, NULL, dropped_cb, application);

  if (application != NULL)
    g_application_hold (application);
  g_task_set_task_data (task, journal, NULL);
  g_task_run_in_thread (task, drop_in_worker);
}
