/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-preferences.h"

#include <glib/gi18n.h>

#include "skt-journal-limit.h"
#include "skt-size.h"
#include "socketeer-settings.h"

struct _SocketeerPreferences
{
  AdwPreferencesWindow parent_instance;

  /* template */
  GtkSwitch *automatic_switch;
  GtkSpinButton *limit_spin, *queue_spin;
  AdwActionRow *limit_row, *folder_row;
};

G_DEFINE_FINAL_TYPE (SocketeerPreferences, socketeer_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* -- Journal limit: the key is in MiB, 0 is automatic ---------------------------------------------------------- */

static char *
dup_limit_text (GtkSpinButton *spin)
{
  guint64 limit = (guint64) gtk_adjustment_get_value (gtk_spin_button_get_adjustment (spin));

  return skt_size_to_text (limit * SKT_JOURNAL_MIB);
}

static int
limit_input_cb (GtkSpinButton *spin, double *ret_value, gpointer user_data)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (spin));
  g_autofree char *old_text = dup_limit_text (spin);
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
limit_output_cb (GtkSpinButton *spin, gpointer user_data)
{
  g_autofree char *text = dup_limit_text (spin);

  if (!g_str_equal (gtk_editable_get_text (GTK_EDITABLE (spin)), text))
    gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

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

/* -- Folder ---------------------------------------------------------------------------------------------------- */

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
      g_autofree char *escaped = g_markup_escape_text (message, -1);

      adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), adw_toast_new (escaped));
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

/* -- Object ---------------------------------------------------------------------------------------------------- */

static void
socketeer_preferences_class_init (SocketeerPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerPreferences, automatic_switch);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPreferences, limit_spin);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPreferences, queue_spin);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPreferences, limit_row);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPreferences, folder_row);
  gtk_widget_class_bind_template_callback (widget_class, limit_input_cb);
  gtk_widget_class_bind_template_callback (widget_class, limit_output_cb);
  gtk_widget_class_bind_template_callback (widget_class, folder_clicked_cb);
}

static void
socketeer_preferences_init (SocketeerPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->automatic_switch, "notify::active", G_CALLBACK (store_limit), self);
  g_signal_connect_swapped (self->limit_spin, "value-changed", G_CALLBACK (store_limit), self);
  g_signal_connect_object (socketeer_settings_get (), "changed::journal-limit", G_CALLBACK (show_limit), self,
                           G_CONNECT_SWAPPED);
  g_settings_bind (socketeer_settings_get (), "send-queue-limit", self->queue_spin, "value", G_SETTINGS_BIND_DEFAULT);
  show_limit (self);
  show_folder (self);
}

SocketeerPreferences *
socketeer_preferences_new (GtkWindow *parent)
{
  return g_object_new (SOCKETEER_TYPE_PREFERENCES, "transient-for", parent, NULL);
}
