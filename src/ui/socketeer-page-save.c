/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-page-private.h"

#include <glib/gi18n.h>

#include "socketeer-format.h"

/* -- Exporting ----------------------------------------------------------------------------------------------- */

typedef struct
{
  SocketeerPage *page; /* owned */
  char *path;
} Export;

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
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    _socketeer_page_say (export->page, error->message);
  g_object_unref (export->page);
  g_free (export->path);
  g_free (export);
}

void
socketeer_page_export (SocketeerPage *self, SktExportFormat format, SktExportDirection direction, const char *path)
{
  SktExportOptions options = { .format = format, .direction = direction };
  g_autofree guint32 *ids = NULL;
  Export *export;

  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  g_return_if_fail (self->journal != NULL);

  options.encoding = socketeer_transcript_get_encoding (self->transcript);
  if (self->connection_list != NULL)
    {
      g_autoptr (GPtrArray) choice = socketeer_connection_list_dup_choice (self->connection_list);
      if (choice != NULL)
        {
          ids = g_new (guint32, choice->len);
          for (guint i = 0; i < choice->len; i++)
            ids[i] = skt_connection_get_id (g_ptr_array_index (choice, i));
          options.connections = ids;
          options.n_connections = choice->len;
        }
    }
  if (self->exporting == NULL)
    self->exporting = g_cancellable_new ();
  export = g_new0 (Export, 1);
  export->page = g_object_ref (self);
  export->path = g_strdup (path);
  skt_export_async (self->journal, &options, path, self->exporting, NULL, NULL, exported_cb, export);
}

typedef struct
{
  SktExportFormat format;
  SktExportDirection direction;
} SaveChoice;

static void
chooser_response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  SocketeerPage *self = user_data;
  SaveChoice *choice = g_object_get_data (G_OBJECT (dialog), "choice");

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
      if (path != NULL)
        socketeer_page_export (self, choice->format, choice->direction, path);
      else
        _socketeer_page_say (self, _ ("Only files on this computer can be written: choose another folder."));
    }
  gtk_native_dialog_destroy (dialog);
  g_clear_object (&self->chooser);
}

static char *
suggest_name (SktExportFormat format, SktExportDirection direction)
{
  static const char *const endings[] = { [SKT_EXPORT_RAW] = "bin", [SKT_EXPORT_HEXDUMP] = "hex", [SKT_EXPORT_TEXT] = "txt" };
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");
  const char *what = direction == SKT_EXPORT_RECEIVED ? "received" : direction == SKT_EXPORT_SENT ? "sent" : "both";

  return g_strdup_printf ("socketeer-%s-%s.%s", time, what, endings[format]);
}

void
socketeer_page_save_as (SocketeerPage *self, SktExportFormat format, SktExportDirection direction)
{
  GtkFileChooserNative *chooser;
  g_autofree char *name = suggest_name (format, direction);
  SaveChoice *choice;

  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  if (self->journal == NULL || self->chooser != NULL)
    return;
  chooser = gtk_file_chooser_native_new (_ ("Save"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                         GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  choice = g_new (SaveChoice, 1);
  *choice = (SaveChoice){ format, direction };
  g_object_set_data_full (G_OBJECT (chooser), "choice", choice, g_free);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chooser_response_cb), self, 0);
  self->chooser = chooser;
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
save_as_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *format_name, *direction_name;
  SktExportFormat format;
  SktExportDirection direction;

  g_variant_get (parameter, "(&s&s)", &format_name, &direction_name);
  if (skt_export_format_from_name (format_name, &format) && skt_export_direction_from_name (direction_name, &direction))
    socketeer_page_save_as (SOCKETEER_PAGE (widget), format, direction);
}

void
_socketeer_page_save_class_init (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "page.save-as", "(ss)", save_as_action);
}

void
_socketeer_page_save_dispose (SocketeerPage *self)
{
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  g_clear_object (&self->exporting);
}
