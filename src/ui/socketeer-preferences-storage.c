/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-preferences-private.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "skt-journal-limit.h"
#include "skt-size.h"
#include "socketeer-settings.h"
#include "socketeer-storage.h"

/* The page “Storage” of the preferences. */

/* -- Sizes: the keys are in MiB -------------------------------------------------------------------------------- */

static char *
dup_size_text (GtkSpinButton *spin)
{
  guint64 size = (guint64) gtk_adjustment_get_value (gtk_spin_button_get_adjustment (spin));

  return skt_size_to_text (size * SKT_JOURNAL_MIB);
}

static int
size_input_cb (GtkSpinButton *spin, double *ret_value, gpointer user_data)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (spin));
  g_autofree char *old_text = dup_size_text (spin);
  guint64 size;

  /* What is shown is rounded: it is no new value as long as nobody has typed another. */
  if (g_str_equal (text, old_text))
    *ret_value = gtk_adjustment_get_value (gtk_spin_button_get_adjustment (spin));
  else if (skt_size_from_text (text, SKT_JOURNAL_GIB, &size))
    *ret_value = MAX (size / SKT_JOURNAL_MIB, 1);
  else
    return GTK_INPUT_ERROR;
  return TRUE;
}

static gboolean
size_output_cb (GtkSpinButton *spin, gpointer user_data)
{
  g_autofree char *text = dup_size_text (spin);

  if (!g_str_equal (gtk_editable_get_text (GTK_EDITABLE (spin)), text))
    gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

/* -- Journal limit: 0 is automatic ----------------------------------------------------------------------------- */

static void
store_limit (SocketeerPreferences *self)
{
  GSettings *settings = socketeer_settings_get ();
  gboolean is_automatic = gtk_switch_get_active (self->automatic_switch);
  int limit = is_automatic ? 0 : gtk_spin_button_get_value_as_int (self->limit_spin);

  gtk_widget_set_sensitive (GTK_WIDGET (self->limit_row), !is_automatic);
  if (g_settings_get_int (settings, "journal-limit") != limit)
    g_settings_set_int (settings, "journal-limit", limit);
}

/* It may be changed elsewhere: by the button of a page whose journal is full. */
static void
show_limit (SocketeerPreferences *self)
{
  int limit = g_settings_get_int (socketeer_settings_get (), "journal-limit");

  g_signal_handlers_block_by_func (self->automatic_switch, store_limit, self);
  g_signal_handlers_block_by_func (self->limit_spin, store_limit, self);
  if (limit > 0 || gtk_spin_button_get_value (self->limit_spin) < 2)
    gtk_spin_button_set_value (self->limit_spin,
                               limit > 0 ? limit : (double) (SKT_JOURNAL_AUTOMATIC_LIMIT / SKT_JOURNAL_MIB));
  gtk_switch_set_active (self->automatic_switch, limit == 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->limit_row), limit != 0);
  g_signal_handlers_unblock_by_func (self->automatic_switch, store_limit, self);
  g_signal_handlers_unblock_by_func (self->limit_spin, store_limit, self);
}

/* A focused button must not become insensitive: the keyboard would be nowhere. */
static void
set_sensitive (GtkWidget *button, gboolean is_sensitive, GtkWidget *otherwise)
{
  if (!is_sensitive && gtk_window_get_focus (GTK_WINDOW (gtk_widget_get_root (button))) == button)
    gtk_widget_grab_focus (otherwise);
  gtk_widget_set_sensitive (button, is_sensitive);
}

/* -- Place ----------------------------------------------------------------------------------------------------- */

static void
folder_clicked_cb (SocketeerPreferences *self)
{
  g_autofree char *path = skt_journal_dup_sessions_path ();
  g_autofree char *uri = NULL;

  /* A program that has not kept anything yet has no folder. */
  if (g_mkdir_with_parents (path, 0700) != 0)
    {
      g_autofree char *name = g_filename_display_name (path);
      g_autofree char *message = g_strdup_printf (_ ("“%s” cannot be opened."), name);

      _socketeer_preferences_say (self, message, NULL, NULL, NULL);
      return;
    }
  uri = g_filename_to_uri (path, NULL, NULL);
  gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

static void
show_folder (SocketeerPreferences *self)
{
  g_autofree char *path = skt_journal_dup_sessions_path ();
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *escaped = g_markup_escape_text (name, -1);

  adw_action_row_set_subtitle (self->folder_row, escaped);
}

static void
chosen_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SocketeerPreferences) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!socketeer_storage_choose_finish (result, &error) && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    _socketeer_preferences_say (self, error->message, NULL, NULL, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->choose_button), TRUE);
}

void
_socketeer_preferences_choose_folder (SocketeerPreferences *self, const char *folder)
{
  set_sensitive (GTK_WIDGET (self->choose_button), FALSE, GTK_WIDGET (self->folder_button));
  socketeer_storage_choose_async (folder, self->cancellable, chosen_cb, g_object_ref (self));
}

static void
response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  SocketeerPreferences *self = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

      if (path != NULL)
        _socketeer_preferences_choose_folder (self, path);
      else
        _socketeer_preferences_say (self, _ ("Only folders on this computer can be chosen."), NULL, NULL, NULL);
    }
  gtk_native_dialog_destroy (dialog);
  g_clear_object (&self->chooser);
}

static void
choose_clicked_cb (SocketeerPreferences *self)
{
  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_ ("Place of Journals"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                               NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* -- Closed tabs ----------------------------------------------------------------------------------------------- */

static void
show_kept (SocketeerPreferences *self)
{
  g_autofree char *size = skt_size_to_text (self->kept.size);
  g_autofree char *text = NULL;

  if (self->deleting)
    text = g_strdup (_ ("Being deleted"));
  else if (self->kept.n == 0)
    /* Translators: how much the journals of closed tabs take: there are none */
    text = g_strdup (C_ ("kept sessions", "Nothing"));
  else
    /* Translators: how many sessions (journals of closed tabs), and their size, such as “12 MiB” */
    text = g_strdup_printf (ngettext ("%u session, %s", "%u sessions, %s", self->kept.n), self->kept.n, size);
  adw_action_row_set_subtitle (self->kept_row, text);
  set_sensitive (GTK_WIDGET (self->delete_kept_button), self->kept.n > 0 && !self->deleting, GTK_WIDGET (self->keep_days_spin));
}

static void
measured_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SocketeerPreferences) self = user_data;

  if (socketeer_storage_measure_finish (result, &self->kept, NULL))
    show_kept (self);
}

static void
delete_now (SocketeerPreferences *self)
{
  if (!self->deleting)
    return;
  self->deleting = FALSE;
  socketeer_storage_measure_async (TRUE, self->cancellable, measured_cb, g_object_ref (self));
}

static void
keep_again_cb (SocketeerPreferences *self)
{
  self->deleting = FALSE;
  show_kept (self);
}

/* Undone they are as long as the toast is there; then they go. */
static void
delete_kept_clicked_cb (SocketeerPreferences *self)
{
  AdwToast *toast;

  if (self->deleting)
    return;
  self->deleting = TRUE;
  show_kept (self);
  toast = _socketeer_preferences_say (self, _ ("Journals of closed tabs are deleted"), G_CALLBACK (keep_again_cb), self, NULL);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (delete_now), self, G_CONNECT_SWAPPED);
}

static void
show_keep_days (SocketeerPreferences *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->keep_limit_row), g_settings_get_int (socketeer_settings_get (), "keep-closed-days") > 0);
}

/* -------------------------------------------------------------------------------------------------------------- */

void
_socketeer_preferences_storage_class_init (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_callback (klass, size_input_cb);
  gtk_widget_class_bind_template_callback (klass, size_output_cb);
  gtk_widget_class_bind_template_callback (klass, folder_clicked_cb);
  gtk_widget_class_bind_template_callback (klass, choose_clicked_cb);
  gtk_widget_class_bind_template_callback (klass, delete_kept_clicked_cb);
}

void
_socketeer_preferences_storage_init (SocketeerPreferences *self)
{
  GSettings *settings = socketeer_settings_get ();

  socketeer_storage_start ();
  self->cancellable = g_cancellable_new ();
  g_signal_connect_swapped (self->automatic_switch, "notify::active", G_CALLBACK (store_limit), self);
  g_signal_connect_swapped (self->limit_spin, "value-changed", G_CALLBACK (store_limit), self);
  g_signal_connect_object (settings, "changed::journal-limit", G_CALLBACK (show_limit), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::journal-folder", G_CALLBACK (show_folder), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::keep-closed-days", G_CALLBACK (show_keep_days), self, G_CONNECT_SWAPPED);
  g_settings_bind (settings, "keep-closed-days", self->keep_days_spin, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "keep-closed-limit", self->keep_limit_spin, "value", G_SETTINGS_BIND_DEFAULT);
  show_limit (self);
  show_folder (self);
  show_keep_days (self);
  show_kept (self);
  socketeer_storage_measure_async (FALSE, self->cancellable, measured_cb, g_object_ref (self));
}

void
_socketeer_preferences_storage_dispose (SocketeerPreferences *self)
{
  /* Nobody can undo it any more. */
  if (self->deleting)
    {
      self->deleting = FALSE;
      socketeer_storage_measure_async (TRUE, NULL, NULL, NULL);
    }
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
}
