/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-step-dialog.h"

#include <glib/gi18n.h>

#include "skt-error.h"
#include "socketeer-encodings.h"
#include "socketeer-entry.h"
#include "socketeer-frame-rule.h"
#include "socketeer-mnemonic.h"
#include "socketeer-narrow.h"

#define DEFAULT_TIMEOUT_MS 5000
#define DEFAULT_PAUSE_MS 1000

struct _SocketeerStepDialog
{
  AdwWindow parent_instance;

  /* template */
  GtkDropDown *kind_drop_down, *form_drop_down, *ending_drop_down, *encoding_drop_down;
  GtkDropDown *when_drop_down, *match_drop_down, *match_encoding_drop_down, *late_drop_down, *outcome_drop_down;
  GtkWidget *message_box, *text_row, *match_box, *pattern_box, *late_box, *pause_row, *to_row, *count_row, *when_row, *outcome_row;
  GtkWidget *match_row, *match_options, *regex_label;
  GtkTextView *message_view;
  GtkCheckButton *escapes_button, *placeholders_button, *checksum_button, *case_button;
  GtkEntry *pattern_entry;
  SocketeerFrameRule *frame_rule;
  GtkSpinButton *timeout_button, *pause_button, *to_button, *count_button;
  GtkLabel *about_label, *count_label, *problem_label;
  GtkButton *apply_button;

  /* owned */
  SktStep *step; /* what is shown; NULL: it can't be used */
  SktMessage *message; /* what it began with; NULL: nothing */
  guint number;
  gboolean is_setting;
};

enum
{
  DONE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerStepDialog, socketeer_step_dialog, ADW_TYPE_WINDOW)

/* -- Reading ---------------------------------------------------------------------------------------------------- */

static char *
dup_source (SocketeerStepDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->message_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
}

static SktMessage *
read_message (SocketeerStepDialog *self, GError **error)
{
  g_autofree char *source = dup_source (self);
  SktMessageSettings settings = { 0 };

  if (self->message != NULL)
    settings = *skt_message_get_settings (self->message);
  settings.form = gtk_drop_down_get_selected (self->form_drop_down);
  settings.source = source;
  settings.encoding = gtk_drop_down_get_selected (self->encoding_drop_down);
  settings.ending = gtk_drop_down_get_selected (self->ending_drop_down);
  settings.has_escapes = gtk_check_button_get_active (self->escapes_button);
  settings.has_placeholders = gtk_check_button_get_active (self->placeholders_button);
  settings.has_checksum = settings.has_checksum && gtk_check_button_get_active (self->checksum_button);
  if (*source == '\0' && settings.ending == SKT_LINE_ENDING_NONE && !settings.has_checksum)
    {
      g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_SEQUENCE, _ ("There is nothing to send: type a message"));
      return NULL;
    }
  return skt_message_new (&settings, NULL, error);
}

static SktStep *
read_step (SocketeerStepDialog *self, GError **error)
{
  g_autoptr (SktMessage) message = NULL;
  SktStepSettings settings = { .kind = gtk_drop_down_get_selected (self->kind_drop_down) };

  if (settings.kind == SKT_STEP_SEND)
    {
      message = read_message (self, error);
      if (message == NULL)
        return NULL;
    }
  settings.message = message;
  settings.match = gtk_drop_down_get_selected (self->match_drop_down);
  settings.text = gtk_editable_get_text (GTK_EDITABLE (self->pattern_entry));
  settings.encoding = gtk_drop_down_get_selected (self->match_encoding_drop_down);
  settings.match_case = gtk_check_button_get_active (self->case_button);
  settings.frame = *socketeer_frame_rule_get (self->frame_rule);
  settings.timeout_ms = (guint) gtk_spin_button_get_value (self->timeout_button);
  settings.goes_on = gtk_drop_down_get_selected (self->late_drop_down) == 1;
  settings.pause_ms = (guint) gtk_spin_button_get_value (self->pause_button);
  settings.to = (guint) gtk_spin_button_get_value (self->to_button);
  settings.count = (guint) gtk_spin_button_get_value (self->count_button);
  settings.by_count = gtk_drop_down_get_selected (self->when_drop_down) == 1;
  settings.is_failure = gtk_drop_down_get_selected (self->outcome_drop_down) == 1;
  return skt_step_new (&settings, NULL, error);
}

/* -- Showing ---------------------------------------------------------------------------------------------------- */

static const char *
get_about (SktStepKind kind)
{
  switch (kind)
    {
    case SKT_STEP_SEND:
      return _ ("Placeholders ${1}, ${2}… and ${received} stand for what the last wait has found.");
    case SKT_STEP_WAIT:
      return _ ("Looks at what has come since the match before, from its end on: an answer that is already there is found too.");
    case SKT_STEP_STOP:
      return _ ("Ends the run, as passed or failed, if this is so when the step is reached.");
    case SKT_STEP_WAIT_END:
      return _ ("Until the peer has finished sending, or the connection has ended.");
    case SKT_STEP_FINISH:
      return _ ("Nothing can be sent after this; what the peer sends is still received.");
    case SKT_STEP_CLOSE:
      return _ ("Ends the connection, in order. The last step.");
    case SKT_STEP_REPEAT:
      return _ ("Goes back to an earlier step and does all from there on again.");
    case SKT_STEP_PAUSE:
    case SKT_N_STEP_KINDS:
    default:
      return "";
    }
}

static void
show_fields (SocketeerStepDialog *self)
{
  SktStepKind kind = gtk_drop_down_get_selected (self->kind_drop_down);
  SktMatchKind match = gtk_drop_down_get_selected (self->match_drop_down);
  gboolean by_count = kind == SKT_STEP_STOP && gtk_drop_down_get_selected (self->when_drop_down) == 1;
  gboolean has_match = kind == SKT_STEP_WAIT || (kind == SKT_STEP_STOP && !by_count);
  gboolean is_text = match == SKT_MATCH_TEXT || match == SKT_MATCH_REGEX;

  gtk_widget_set_visible (self->message_box, kind == SKT_STEP_SEND);
  gtk_widget_set_visible (self->text_row, gtk_drop_down_get_selected (self->form_drop_down) == SKT_MESSAGE_TEXT);
  gtk_widget_set_visible (self->when_row, kind == SKT_STEP_STOP);
  gtk_widget_set_visible (self->outcome_row, kind == SKT_STEP_STOP);
  gtk_widget_set_visible (self->match_box, has_match);
  gtk_widget_set_visible (self->pattern_box, is_text || match == SKT_MATCH_HEX);
  gtk_widget_set_visible (self->match_options, is_text);
  gtk_widget_set_visible (self->regex_label, match == SKT_MATCH_REGEX);
  gtk_widget_set_visible (GTK_WIDGET (self->frame_rule), match == SKT_MATCH_FRAME);
  gtk_widget_set_visible (self->late_box, kind == SKT_STEP_WAIT || kind == SKT_STEP_WAIT_END);
  gtk_widget_set_sensitive (GTK_WIDGET (self->late_drop_down), gtk_spin_button_get_value (self->timeout_button) > 0);
  gtk_widget_set_visible (self->pause_row, kind == SKT_STEP_PAUSE);
  gtk_widget_set_visible (self->to_row, kind == SKT_STEP_REPEAT);
  gtk_widget_set_visible (self->count_row, kind == SKT_STEP_REPEAT || by_count);
  gtk_label_set_label (self->count_label, kind == SKT_STEP_REPEAT ? _ ("Times in all (0: until stopped)") : _ ("Times"));
  gtk_label_set_label (self->about_label, get_about (kind));
  gtk_widget_set_visible (GTK_WIDGET (self->about_label), *get_about (kind) != '\0');
}

static void
changed_cb (SocketeerStepDialog *self)
{
  g_autoptr (GError) error = NULL;
  SktStepKind kind;

  if (self->is_setting)
    return;
  show_fields (self);
  g_clear_pointer (&self->step, skt_step_unref);
  self->step = read_step (self, &error);
  kind = gtk_drop_down_get_selected (self->kind_drop_down);
  /* In an empty one nothing is wrong yet. */
  socketeer_entry_set_bad (self->pattern_entry, error != NULL && (kind == SKT_STEP_WAIT || kind == SKT_STEP_STOP) &&
                                                  *gtk_editable_get_text (GTK_EDITABLE (self->pattern_entry)) != '\0');
  gtk_label_set_label (self->problem_label, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), error != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->apply_button), error == NULL);
}

static void
apply_cb (SocketeerStepDialog *self)
{
  if (self->step == NULL)
    return;
  g_signal_emit (self, signals[DONE], 0, self->step);
  gtk_window_close (GTK_WINDOW (self));
}

/* -- Setting ---------------------------------------------------------------------------------------------------- */

static void
set_message (SocketeerStepDialog *self, SktMessage *message)
{
  const SktMessageSettings *settings = skt_message_get_settings (message);

  self->message = skt_message_ref (message);
  gtk_drop_down_set_selected (self->form_drop_down, settings->form);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->message_view), settings->source, -1);
  gtk_drop_down_set_selected (self->encoding_drop_down, settings->encoding);
  gtk_drop_down_set_selected (self->ending_drop_down, settings->ending);
  gtk_check_button_set_active (self->escapes_button, settings->has_escapes);
  gtk_check_button_set_active (self->placeholders_button, settings->has_placeholders);
  if (settings->has_checksum)
    {
      g_autofree char *label = g_strdup_printf (_ ("Checksum %s"), skt_checksum_get_name (settings->checksum));

      gtk_check_button_set_label (self->checksum_button, label);
      gtk_check_button_set_active (self->checksum_button, TRUE);
      gtk_widget_set_visible (GTK_WIDGET (self->checksum_button), TRUE);
    }
}

static void
set_match (SocketeerStepDialog *self, const SktStepSettings *settings)
{
  gtk_drop_down_set_selected (self->match_drop_down, settings->match);
  gtk_editable_set_text (GTK_EDITABLE (self->pattern_entry), settings->text);
  gtk_drop_down_set_selected (self->match_encoding_drop_down, settings->encoding);
  gtk_check_button_set_active (self->case_button, settings->match_case);
  if (settings->match == SKT_MATCH_FRAME)
    socketeer_frame_rule_set (self->frame_rule, &settings->frame);
}

static void
set_step (SocketeerStepDialog *self, const SktStepSettings *settings)
{
  switch (settings->kind)
    {
    case SKT_STEP_SEND:
      set_message (self, settings->message);
      break;
    case SKT_STEP_STOP:
    case SKT_STEP_WAIT:
    case SKT_STEP_WAIT_END:
      set_match (self, settings);
      gtk_spin_button_set_value (self->timeout_button, settings->timeout_ms);
      gtk_drop_down_set_selected (self->late_drop_down, settings->goes_on);
      gtk_drop_down_set_selected (self->when_drop_down, settings->by_count);
      gtk_drop_down_set_selected (self->outcome_drop_down, settings->is_failure);
      if (settings->by_count)
        gtk_spin_button_set_value (self->count_button, settings->count);
      break;
    case SKT_STEP_PAUSE:
      gtk_spin_button_set_value (self->pause_button, settings->pause_ms);
      break;
    case SKT_STEP_REPEAT:
      gtk_spin_button_set_value (self->to_button, settings->to);
      gtk_spin_button_set_value (self->count_button, settings->count);
      break;
    case SKT_STEP_FINISH:
    case SKT_STEP_CLOSE:
    case SKT_N_STEP_KINDS:
    default:
      break;
    }
}

static void
set_defaults (SocketeerStepDialog *self)
{
  SktFrameRule rule = { .kind = SKT_FRAME_LINE, .line_ending = SKT_LINE_ENDING_LF };

  socketeer_frame_rule_set (self->frame_rule, &rule);
  gtk_drop_down_set_selected (self->match_drop_down, SKT_MATCH_TEXT);
  gtk_check_button_set_active (self->case_button, TRUE);
  gtk_check_button_set_active (self->escapes_button, TRUE);
  gtk_spin_button_set_value (self->timeout_button, DEFAULT_TIMEOUT_MS);
  gtk_spin_button_set_value (self->pause_button, DEFAULT_PAUSE_MS);
  gtk_spin_button_set_range (self->to_button, 1, MAX (self->number, 2) - 1);
  gtk_spin_button_set_value (self->count_button, 2);
}

static void
fill_kinds (SocketeerStepDialog *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (SktStepKind kind = 0; kind < SKT_N_STEP_KINDS; kind++)
    gtk_string_list_append (names, skt_step_kind_to_text (kind));
  gtk_drop_down_set_model (self->kind_drop_down, G_LIST_MODEL (names));
}

static void
focus (SocketeerStepDialog *self, SktStepKind kind)
{
  GtkWidget *const fields[SKT_N_STEP_KINDS] = {
    [SKT_STEP_SEND] = GTK_WIDGET (self->message_view),
    [SKT_STEP_WAIT] = GTK_WIDGET (self->pattern_entry),
    [SKT_STEP_STOP] = GTK_WIDGET (self->when_drop_down),
    [SKT_STEP_PAUSE] = GTK_WIDGET (self->pause_button),
    [SKT_STEP_REPEAT] = GTK_WIDGET (self->to_button),
    [SKT_STEP_WAIT_END] = GTK_WIDGET (self->timeout_button),
  };

  if (fields[kind] != NULL)
    gtk_widget_grab_focus (fields[kind]);
}

SocketeerStepDialog *
socketeer_step_dialog_new (GtkWindow *parent, SktStepKind kind, SktStep *step, guint number)
{
  SocketeerStepDialog *self;
  g_autofree char *title = g_strdup_printf (_ ("Step %u"), number);

  g_return_val_if_fail (step == NULL || skt_step_get_settings (step)->kind == kind, NULL);

  self = g_object_new (SOCKETEER_TYPE_STEP_DIALOG, "transient-for", parent, "title", title, NULL);
  self->number = number;
  self->is_setting = TRUE;
  set_defaults (self);
  gtk_drop_down_set_selected (self->kind_drop_down, kind);
  if (step != NULL)
    set_step (self, skt_step_get_settings (step));
  gtk_button_set_label (self->apply_button, step != NULL ? _ ("Apply") : _ ("Add"));
  self->is_setting = FALSE;
  changed_cb (self);
  focus (self, kind);
  return self;
}

/* -- GObject ---------------------------------------------------------------------------------------------------- */

static void
socketeer_step_dialog_dispose (GObject *object)
{
  SocketeerStepDialog *self = SOCKETEER_STEP_DIALOG (object);

  self->is_setting = TRUE;
  g_clear_pointer (&self->step, skt_step_unref);
  g_clear_pointer (&self->message, skt_message_unref);
  G_OBJECT_CLASS (socketeer_step_dialog_parent_class)->dispose (object);
}

#define bind(name) gtk_widget_class_bind_template_child (widget_class, SocketeerStepDialog, name)

static void
bind_children (GtkWidgetClass *widget_class)
{
  bind (kind_drop_down);
  bind (form_drop_down);
  bind (ending_drop_down);
  bind (encoding_drop_down);
  bind (when_drop_down);
  bind (match_drop_down);
  bind (match_encoding_drop_down);
  bind (late_drop_down);
  bind (outcome_drop_down);
  bind (message_box);
  bind (text_row);
  bind (match_box);
  bind (match_row);
  bind (match_options);
  bind (regex_label);
  bind (pattern_box);
  bind (late_box);
  bind (pause_row);
  bind (to_row);
  bind (count_row);
  bind (when_row);
  bind (outcome_row);
  bind (message_view);
  bind (escapes_button);
  bind (placeholders_button);
  bind (checksum_button);
  bind (case_button);
  bind (pattern_entry);
  bind (frame_rule);
  bind (timeout_button);
  bind (pause_button);
  bind (to_button);
  bind (count_button);
  bind (about_label);
  bind (count_label);
  bind (problem_label);
  bind (apply_button);
}

static void
socketeer_step_dialog_class_init (SocketeerStepDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_step_dialog_dispose;
  signals[DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_POINTER);
  g_type_ensure (SOCKETEER_TYPE_FRAME_RULE);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-step-dialog.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
socketeer_step_dialog_init (SocketeerStepDialog *self)
{
  self->is_setting = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_mnemonic_keep_names (GTK_WIDGET (self));
  socketeer_narrow_let_shrink (GTK_WIDGET (self));
  fill_kinds (self);
  socketeer_encodings_fill (self->encoding_drop_down);
  socketeer_encodings_fill (self->match_encoding_drop_down);
  g_signal_connect_swapped (gtk_text_view_get_buffer (self->message_view), "changed", G_CALLBACK (changed_cb), self);
}
