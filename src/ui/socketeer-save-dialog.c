/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-save-dialog.h"
#include "socketeer-narrow.h"
#include "socketeer-wrap-layout.h"

#include <glib/gi18n.h>

#include "socketeer-mnemonic.h"

struct _SocketeerSaveDialog
{
  AdwWindow parent_instance;

  /* template */
  GtkCheckButton *raw_button, *hexdump_button, *text_button, *csv_button, *jsonl_button, *pcapng_button,
    *session_button;
  GtkToggleButton *received_button, *sent_button, *both_button;
  GtkToggleButton *everything_button, *selection_button;
  AdwActionRow *what_row, *direction_row;
};

enum
{
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* The last one, for as long as the program runs. */
static SocketeerSaveChoice last_choice = { SKT_EXPORT_RAW, SKT_EXPORT_RECEIVED, FALSE };

G_DEFINE_FINAL_TYPE (SocketeerSaveDialog, socketeer_save_dialog, ADW_TYPE_WINDOW)

/* -- Choices ------------------------------------------------------------------------------------------------- */

gboolean
socketeer_save_choice_parse (const char *format, const char *direction, SocketeerSaveChoice *ret_choice)
{
  static const char prefix[] = "selection-";
  SocketeerSaveChoice choice = { .direction = SKT_EXPORT_BOTH };

  if (!skt_export_format_from_name (format, &choice.format))
    return FALSE;
  choice.selection_only = g_str_has_prefix (direction, "selection");
  if (g_str_has_prefix (direction, prefix))
    direction += sizeof prefix - 1;
  if (!g_str_equal (direction, "selection") && !skt_export_direction_from_name (direction, &choice.direction))
    return FALSE;
  *ret_choice = choice;
  return TRUE;
}

char *
socketeer_save_choice_dup_file_name (const SocketeerSaveChoice *self)
{
  static const char *const endings[SKT_N_EXPORT_FORMATS] = {
    [SKT_EXPORT_RAW] = "bin",          [SKT_EXPORT_HEXDUMP] = "hex",   [SKT_EXPORT_TEXT] = "txt",
    [SKT_EXPORT_CSV] = "csv",          [SKT_EXPORT_JSON_LINES] = "jsonl", [SKT_EXPORT_PCAPNG] = "pcapng",
    [SKT_EXPORT_SESSION] = "socketeer",
  };
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");
  const char *what = self->direction == SKT_EXPORT_RECEIVED ? "-received"
                     : self->direction == SKT_EXPORT_SENT   ? "-sent"
                                                            : "";

  return g_strdup_printf ("socketeer-%s%s.%s", time, self->format == SKT_EXPORT_SESSION ? "" : what,
                          endings[self->format]);
}

/* -- The dialog ---------------------------------------------------------------------------------------------- */

static void
get_format_buttons (SocketeerSaveDialog *self, GtkCheckButton *ret_buttons[SKT_N_EXPORT_FORMATS])
{
  ret_buttons[SKT_EXPORT_RAW] = self->raw_button;
  ret_buttons[SKT_EXPORT_HEXDUMP] = self->hexdump_button;
  ret_buttons[SKT_EXPORT_TEXT] = self->text_button;
  ret_buttons[SKT_EXPORT_CSV] = self->csv_button;
  ret_buttons[SKT_EXPORT_JSON_LINES] = self->jsonl_button;
  ret_buttons[SKT_EXPORT_PCAPNG] = self->pcapng_button;
  ret_buttons[SKT_EXPORT_SESSION] = self->session_button;
}

static SktExportFormat
get_format (SocketeerSaveDialog *self)
{
  GtkCheckButton *buttons[SKT_N_EXPORT_FORMATS];

  get_format_buttons (self, buttons);
  for (guint i = 0; i < SKT_N_EXPORT_FORMATS; i++)
    if (gtk_check_button_get_active (buttons[i]))
      return i;
  return SKT_EXPORT_RAW;
}

static SktExportDirection
get_direction (SocketeerSaveDialog *self)
{
  if (gtk_toggle_button_get_active (self->both_button))
    return SKT_EXPORT_BOTH;
  return gtk_toggle_button_get_active (self->sent_button) ? SKT_EXPORT_SENT : SKT_EXPORT_RECEIVED;
}

/* A session is always all of it. */
static void
update (SocketeerSaveDialog *self)
{
  const gboolean has_parts = get_format (self) != SKT_EXPORT_SESSION;

  gtk_widget_set_sensitive (GTK_WIDGET (self->what_row), has_parts);
  gtk_widget_set_sensitive (GTK_WIDGET (self->direction_row), has_parts);
}

static void
save_cb (SocketeerSaveDialog *self)
{
  SocketeerSaveChoice choice = {
    .format = get_format (self),
    .direction = get_direction (self),
    .selection_only = gtk_toggle_button_get_active (self->selection_button),
  };

  last_choice = choice;
  if (choice.format == SKT_EXPORT_SESSION)
    {
      choice.direction = SKT_EXPORT_BOTH;
      choice.selection_only = FALSE;
    }
  /* The next dialog comes in place of this one, which can tell only while it is there. */
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_emit (self, signals[CHOSEN], 0, &choice);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
load_choice (SocketeerSaveDialog *self, gboolean has_selection, gboolean prefers_selection)
{
  GtkCheckButton *buttons[SKT_N_EXPORT_FORMATS];
  SktExportFormat format = last_choice.format;

  /* Who asks for the selection does not want all of it. */
  if (prefers_selection && format == SKT_EXPORT_SESSION)
    format = SKT_EXPORT_RAW;
  get_format_buttons (self, buttons);
  gtk_check_button_set_active (buttons[format], TRUE);
  /* Not on Cancel: Enter saves. */
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (buttons[format]));
  gtk_toggle_button_set_active (prefers_selection || last_choice.direction == SKT_EXPORT_BOTH ? self->both_button
                                : last_choice.direction == SKT_EXPORT_SENT                    ? self->sent_button
                                                                                              : self->received_button,
                                TRUE);
  gtk_toggle_button_set_active (has_selection && prefers_selection ? self->selection_button : self->everything_button,
                                TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->selection_button), has_selection);
  if (!has_selection)
    gtk_widget_set_tooltip_text (GTK_WIDGET (self->selection_button), _ ("Nothing is selected in the transcript"));
}

static void
socketeer_save_dialog_class_init (SocketeerSaveDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_POINTER);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-save-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerSaveDialog, raw_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerSaveDialog, hexdump_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerSaveDialog, text_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerSaveDialog, csv_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerSaveDialog, jsonl_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerSaveDialog, pcapng_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerSaveDialog, session_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerSaveDialog, received_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerSaveDialog, sent_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerSaveDialog, both_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerSaveDialog, everything_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerSaveDialog, selection_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerSaveDialog, what_row);
  gtk_widget_class_bind_template_child (widget_class, SocketeerSaveDialog, direction_row);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);
}

static void
socketeer_save_dialog_init (SocketeerSaveDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_mnemonic_keep_names (GTK_WIDGET (self));
  socketeer_narrow_let_shrink (GTK_WIDGET (self));
}

SocketeerSaveDialog *
socketeer_save_dialog_new (GtkWindow *parent, gboolean has_selection, gboolean prefers_selection, guint n_connections)
{
  SocketeerSaveDialog *self = g_object_new (SOCKETEER_TYPE_SAVE_DIALOG, "transient-for", parent, NULL);

  load_choice (self, has_selection, prefers_selection);
  if (n_connections > 0)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("Of the %u connection that is chosen in the list",
                                                         "Of the %u connections that are chosen in the list",
                                                         n_connections),
                                               n_connections);
      adw_action_row_set_subtitle (self->what_row, text);
    }
  update (self);
  return self;
}
