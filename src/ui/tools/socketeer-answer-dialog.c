/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-answer-dialog.h"

#include "skt-error.h"
#include "socketeer-frame-rule.h"
#include "socketeer-mnemonic.h"

#include <glib/gi18n.h>

typedef enum
{
  SENDS_TEXT,
  SENDS_HEX,
  SENDS_MATCH,
  SENDS_NOTHING,
} Sends;

struct _SocketeerAnswerDialog
{
  AdwWindow parent_instance;

  /* template */
  AdwComboRow *when_row, *encoding_row, *sends_row, *ending_row;
  AdwEntryRow *text_row, *message_row;
  AdwActionRow *case_row, *delay_row, *limit_row, *once_row, *close_row;
  GtkSwitch *case_switch, *once_switch, *close_switch;
  GtkSpinButton *delay_button, *limit_button;
  GtkLabel *text_problem, *message_problem, *problem, *hint, *regex_hint;
  SocketeerFrameRule *frame_rule;
  GtkButton *save_button;

  /* owned */
  SktAnswerEntry *entry; /* what it would be; NULL: it can't be used */
  SktMessage *message;   /* kept while something else is chosen */

  gboolean is_on;
  gboolean is_loading;
};

enum
{
  SAVED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerAnswerDialog, socketeer_answer_dialog, ADW_TYPE_WINDOW)

/* -- What is wrong ------------------------------------------------------------------------------------------- */

/* The message names the place. */
static void
show_problem (GtkLabel *label, AdwEntryRow *row, const GError *error)
{
  gtk_label_set_label (label, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (label), error != NULL);
  if (row == NULL)
    return;
  if (error != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               error != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

/* -- What is written ----------------------------------------------------------------------------------------- */

static const char *
get_text (AdwEntryRow *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static gboolean
has_text (SktAnswerWhen when)
{
  return when == SKT_ANSWER_WHEN_TEXT || when == SKT_ANSWER_WHEN_HEX || when == SKT_ANSWER_WHEN_REGEX;
}

/* NULL: it can't be sent, which is shown. */
static SktMessage *
make_message (SocketeerAnswerDialog *self)
{
  g_autoptr (GError) error = NULL;
  SktMessageSettings settings = {
    .form = adw_combo_row_get_selected (self->sends_row) == SENDS_HEX ? SKT_MESSAGE_HEX : SKT_MESSAGE_TEXT,
    .source = get_text (self->message_row),
    .encoding = adw_combo_row_get_selected (self->encoding_row),
    .ending = adw_combo_row_get_selected (self->ending_row),
    .has_escapes = TRUE,
    .has_placeholders = TRUE,
  };
  SktMessage *message = skt_message_new (&settings, NULL, &error);

  show_problem (self->message_problem, self->message_row, error);
  return message;
}

static void
make_entry (SocketeerAnswerDialog *self)
{
  g_autoptr (GError) error = NULL;
  Sends sends = adw_combo_row_get_selected (self->sends_row);
  gboolean has_message = sends == SENDS_TEXT || sends == SENDS_HEX;
  SktAnswerEntrySettings settings = {
    .is_on = self->is_on,
    .when = adw_combo_row_get_selected (self->when_row),
    .text = get_text (self->text_row),
    .encoding = adw_combo_row_get_selected (self->encoding_row),
    .match_case = gtk_switch_get_active (self->case_switch),
    .frame = *socketeer_frame_rule_get (self->frame_rule),
    .sends = has_message             ? SKT_ANSWER_SENDS_MESSAGE
             : sends == SENDS_MATCH ? SKT_ANSWER_SENDS_MATCH
                                    : SKT_ANSWER_SENDS_NOTHING,
    .delay_ms = gtk_spin_button_get_value_as_int (self->delay_button),
    .is_once = gtk_switch_get_active (self->once_switch),
    .max_per_second = gtk_spin_button_get_value_as_int (self->limit_button),
    .closes = gtk_switch_get_active (self->close_switch),
  };

  g_clear_object (&self->entry);
  g_clear_pointer (&self->message, skt_message_unref);
  show_problem (self->message_problem, self->message_row, NULL);
  show_problem (self->text_problem, self->text_row, NULL);
  show_problem (self->problem, NULL, NULL);
  if (has_message)
    settings.message = self->message = make_message (self);
  if (has_message && self->message == NULL)
    return;
  self->entry = skt_answer_entry_new (&settings, NULL, &error);
  /* In an empty one nothing is wrong yet. */
  if (error != NULL && error->code != SKT_ERROR_BAD_RULE && has_text (settings.when) && *settings.text == '\0')
    return;
  if (error != NULL && error->code != SKT_ERROR_BAD_RULE && has_text (settings.when))
    show_problem (self->text_problem, self->text_row, error);
  else
    show_problem (self->problem, NULL, error);
}

static void
update_rows (SocketeerAnswerDialog *self)
{
  SktAnswerWhen when = adw_combo_row_get_selected (self->when_row);
  Sends sends = adw_combo_row_get_selected (self->sends_row);
  gboolean is_text = when == SKT_ANSWER_WHEN_TEXT || when == SKT_ANSWER_WHEN_REGEX;
  gboolean has_message = sends == SENDS_TEXT || sends == SENDS_HEX;

  gtk_widget_set_visible (GTK_WIDGET (self->text_row), has_text (when));
  gtk_widget_set_visible (GTK_WIDGET (self->case_row), is_text);
  gtk_widget_set_visible (GTK_WIDGET (self->regex_hint), when == SKT_ANSWER_WHEN_REGEX);
  gtk_widget_set_visible (GTK_WIDGET (self->encoding_row), is_text || sends == SENDS_TEXT);
  gtk_widget_set_visible (GTK_WIDGET (self->frame_rule), when == SKT_ANSWER_WHEN_FRAME);
  gtk_widget_set_visible (GTK_WIDGET (self->message_row), has_message);
  gtk_widget_set_visible (GTK_WIDGET (self->ending_row), sends == SENDS_TEXT);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), has_message);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->text_row),
                                 when == SKT_ANSWER_WHEN_HEX     ? _("Bytes, ? for any digit")
                                 : when == SKT_ANSWER_WHEN_REGEX ? _("Regular expression")
                                                                 : _("Text"));
}

static void
changed_cb (SocketeerAnswerDialog *self)
{
  if (self->is_loading)
    return;
  update_rows (self);
  make_entry (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), self->entry != NULL);
}

static void
save_cb (SocketeerAnswerDialog *self)
{
  if (self->entry == NULL)
    return;
  g_signal_emit (self, signals[SAVED], 0, self->entry);
  gtk_window_close (GTK_WINDOW (self));
}

/* -- What was written ---------------------------------------------------------------------------------------- */

static void
load_message (SocketeerAnswerDialog *self, const SktMessageSettings *message, SktAnswerSends sends)
{
  Sends choice = sends == SKT_ANSWER_SENDS_MATCH ? SENDS_MATCH : SENDS_NOTHING;

  if (sends == SKT_ANSWER_SENDS_MESSAGE)
    choice = message != NULL && message->form == SKT_MESSAGE_HEX ? SENDS_HEX : SENDS_TEXT;
  adw_combo_row_set_selected (self->sends_row, choice);
  if (message == NULL)
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->message_row), message->source);
  adw_combo_row_set_selected (self->ending_row, message->ending);
}

static void
load (SocketeerAnswerDialog *self, const SktAnswerEntrySettings *settings)
{
  self->is_on = settings->is_on;
  adw_combo_row_set_selected (self->when_row, settings->when);
  gtk_editable_set_text (GTK_EDITABLE (self->text_row), settings->text);
  adw_combo_row_set_selected (self->encoding_row, settings->encoding);
  gtk_switch_set_active (self->case_switch, settings->match_case);
  if (skt_frame_rule_check (&settings->frame, NULL))
    socketeer_frame_rule_set (self->frame_rule, &settings->frame);
  load_message (self, settings->message != NULL ? skt_message_get_settings (settings->message) : NULL, settings->sends);
  gtk_spin_button_set_value (self->delay_button, settings->delay_ms);
  gtk_spin_button_set_value (self->limit_button, settings->max_per_second);
  gtk_switch_set_active (self->once_switch, settings->is_once);
  gtk_switch_set_active (self->close_switch, settings->closes);
}

SocketeerAnswerDialog *
socketeer_answer_dialog_new (GtkWindow *parent, SktAnswerEntry *entry, SktEncoding encoding)
{
  SocketeerAnswerDialog *self = g_object_new (SOCKETEER_TYPE_ANSWER_DIALOG, "transient-for", parent, NULL);
  SktAnswerEntrySettings fresh = {
    .is_on = TRUE,
    .when = SKT_ANSWER_WHEN_TEXT,
    .text = "",
    .encoding = encoding,
    .match_case = TRUE,
    .max_per_second = SKT_ANSWER_DEFAULT_LIMIT,
  };

  self->is_loading = TRUE;
  load (self, entry != NULL ? skt_answer_entry_get_settings (entry) : &fresh);
  self->is_loading = FALSE;
  changed_cb (self);
  return self;
}

/* -- GObject ------------------------------------------------------------------------------------------------- */

static void
socketeer_answer_dialog_finalize (GObject *object)
{
  SocketeerAnswerDialog *self = SOCKETEER_ANSWER_DIALOG (object);

  g_clear_object (&self->entry);
  g_clear_pointer (&self->message, skt_message_unref);
  G_OBJECT_CLASS (socketeer_answer_dialog_parent_class)->finalize (object);
}

static void
socketeer_answer_dialog_class_init (SocketeerAnswerDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SOCKETEER_TYPE_FRAME_RULE);
  G_OBJECT_CLASS (klass)->finalize = socketeer_answer_dialog_finalize;
  signals[SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                 SKT_TYPE_ANSWER_ENTRY);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-answer-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, when_row);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, encoding_row);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, sends_row);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, ending_row);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, text_row);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, message_row);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, case_row);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, delay_row);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, limit_row);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, once_row);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, close_row);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, case_switch);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, once_switch);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, close_switch);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, delay_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, limit_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, text_problem);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, message_problem);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, problem);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, hint);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, regex_hint);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, frame_rule);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswerDialog, save_button);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
socketeer_answer_dialog_init (SocketeerAnswerDialog *self)
{
  g_autoptr (GtkStringList) encodings = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_mnemonic_keep_names (GTK_WIDGET (self));
  self->is_loading = TRUE;
  for (guint i = 0; i < SKT_N_ENCODINGS; i++)
    gtk_string_list_append (encodings, skt_encoding_get_name (i));
  adw_combo_row_set_model (self->encoding_row, G_LIST_MODEL (encodings));

  g_signal_connect_swapped (self->when_row, "notify::selected", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->encoding_row, "notify::selected", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->sends_row, "notify::selected", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->ending_row, "notify::selected", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->text_row, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->message_row, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->case_switch, "notify::active", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->once_switch, "notify::active", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->close_switch, "notify::active", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->delay_button, "value-changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->limit_button, "value-changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->frame_rule, "changed", G_CALLBACK (changed_cb), self);
}
