/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-presets-private.h"

#include <glib/gi18n.h>

#include "skt-preset-import.h"

/* What a person has made is far smaller. */
#define MAX_SIZE (16 * 1024 * 1024)

typedef struct
{
  GFile *file;
  char *group;
  GPtrArray *presets;
  SktPresetFile kind;
  guint n_bad;
  char *problem;
} Import;

static void
import_free (gpointer data)
{
  Import *import = data;

  g_object_unref (import->file);
  g_free (import->group);
  g_clear_pointer (&import->presets, g_ptr_array_unref);
  g_free (import->problem);
  g_free (import);
}

static void
import_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Import *import = task_data;
  g_autoptr (GFileInfo) info = NULL;
  g_autofree char *tainted_text = NULL;
  GError *error = NULL;
  gsize length;

  info = g_file_query_info (import->file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, cancellable, &error);
  if (info != NULL && g_file_info_get_size (info) > MAX_SIZE)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("It is too large to be a list of messages"));
  else if (info != NULL && g_file_load_contents (import->file, cancellable, &tainted_text, &length, NULL, &error))
    import->presets = skt_preset_import (tainted_text, length, import->group, &import->kind, &import->n_bad, &import->problem, &error);
  if (import->presets != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* "3 presets of Packet Sender were imported. 1 could not be: “x”: …" */
static char *
dup_result (const Import *import)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text,
                          /* Translators: %1$u counts, %2$s is the name of the program whose file it was */
                          ngettext ("%1$u preset of %2$s was imported", "%1$u presets of %2$s were imported", import->presets->len),
                          import->presets->len, skt_preset_file_get_name (import->kind));
  return g_string_free (text, FALSE);
}

static void
show_bad (SocketeerPresets *self, const Import *import)
{
  g_autofree char *text = NULL;

  if (import->n_bad == 0)
    return;
  /* Translators: %1$u counts, %2$s says what was wrong with the first */
  text = g_strdup_printf (ngettext ("%1$u message of the file was left out. %2$s", "%1$u messages of the file were left out. %2$s",
                                    import->n_bad),
                          import->n_bad, import->problem);
  socketeer_presets_set_problem (self, text);
}

static void
imported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SocketeerPresets *self = SOCKETEER_PRESETS (object);
  Import *import = g_task_get_task_data (G_TASK (result));
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) added = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_autofree char *name = g_file_get_basename (import->file);
      /* Translators: %1$s is the name of a file, %2$s says what is wrong */
      text = g_strdup_printf (_ ("“%1$s” can't be imported. %2$s"), name, error->message);
      socketeer_presets_set_problem (self, text);
      return;
    }
  socketeer_presets_set_problem (self, NULL);
  added = skt_preset_store_add_all (_socketeer_presets_get_store (self), import->presets);
  text = dup_result (import);
  _socketeer_presets_offer_undo (self, text, NULL, 0, added);
  show_bad (self, import);
}

void
_socketeer_presets_import_file (SocketeerPresets *self, GFile *file)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, imported_cb, NULL);
  g_autofree char *name = g_file_get_basename (file);
  Import *import = g_new0 (Import, 1);
  char *dot;

  import->file = g_object_ref (file);
  import->group = g_filename_display_name (name);
  dot = strrchr (import->group, '.');
  if (dot != NULL && dot != import->group)
    *dot = '\0';
  g_task_set_source_tag (task, _socketeer_presets_import_file);
  g_task_set_task_data (task, import, import_free);
  g_task_run_in_thread (task, import_in_worker);
}

static void
exported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SocketeerPresets) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!g_file_replace_contents_finish (G_FILE (object), result, NULL, &error))
    text = g_strdup_printf (_ ("The presets can't be exported. %s"), error->message);
  socketeer_presets_set_problem (self, text);
}

void
_socketeer_presets_export_file (SocketeerPresets *self, GFile *file)
{
  g_autoptr (JsonObject) object = skt_preset_store_to_json (_socketeer_presets_get_store (self));
  gsize length;
  char *text = skt_json_format (object, &length);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, length);

  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, exported_cb, g_object_ref (self));
}

static void
response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  SocketeerPresets *self = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      if (gtk_file_chooser_get_action (GTK_FILE_CHOOSER (dialog)) == GTK_FILE_CHOOSER_ACTION_OPEN)
        _socketeer_presets_import_file (self, file);
      else
        _socketeer_presets_export_file (self, file);
    }
  gtk_native_dialog_destroy (dialog);
  g_object_set_data (G_OBJECT (self), "file-chooser", NULL);
}

static void
ask (SocketeerPresets *self, const char *title, GtkFileChooserAction action)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkFileChooserNative *chooser;

  if (g_object_get_data (G_OBJECT (self), "file-chooser") != NULL)
    return;
  chooser = gtk_file_chooser_native_new (title, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, action, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  if (action == GTK_FILE_CHOOSER_ACTION_SAVE)
    /* Translators: the name of a file */
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), _ ("presets.json"));
  g_signal_connect_object (chooser, "response", G_CALLBACK (response_cb), self, 0);
  g_object_set_data_full (G_OBJECT (self), "file-chooser", chooser, g_object_unref);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

void
_socketeer_presets_import (SocketeerPresets *self)
{
  ask (self, _ ("Import Presets"), GTK_FILE_CHOOSER_ACTION_OPEN);
}

void
_socketeer_presets_export (SocketeerPresets *self)
{
  ask (self, _ ("Export Presets"), GTK_FILE_CHOOSER_ACTION_SAVE);
}
