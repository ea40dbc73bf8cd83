/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-composer-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "skt-error.h"
#include "socketeer-encodings.h"
#include "socketeer-format.h"
#include "socketeer-mnemonic.h"
#include "socketeer-settings.h"
#include "socketeer-shortcuts.h"
#include "socketeer-wrap-layout.h"

/* Above this a text is not encoded at each key, only when it is sent. */
#define LIVE_LIMIT (256 * 1024)

static const char *const ending_names[SKT_N_LINE_ENDINGS] = { "none", "lf", "cr", "crlf", "nul" };
static const char *const form_names[SKT_N_MESSAGE_FORMS] = { "text", "hex", "base64" };

/* Characters of a line. */
#define WRAP_MAX 8192

/* Nothing of a line is drawn that is wider than 2^21 pixels. */
#define SHOWN_IN_LINE 100000

enum
{
  PROP_0,
  PROP_CAN_SEND,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  SEND,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerComposer, socketeer_composer, GTK_TYPE_WIDGET)

static SktMessageForm
get_form (SocketeerComposer *self)
{
  if (gtk_toggle_button_get_active (self->hex_button))
    return SKT_MESSAGE_HEX;
  return gtk_toggle_button_get_active (self->base64_button) ? SKT_MESSAGE_BASE64 : SKT_MESSAGE_TEXT;
}

static void
set_form (SocketeerComposer *self, SktMessageForm form)
{
  GtkToggleButton *buttons[SKT_N_MESSAGE_FORMS] = { self->text_button, self->hex_button, self->base64_button };

  gtk_toggle_button_set_active (buttons[form], TRUE);
}

static char *
dup_text (SocketeerComposer *self)
{
  GtkTextIter start, end;
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, TRUE);
}

void
_socketeer_composer_fill_settings (SocketeerComposer *self, SktMessageSettings *ret_settings, char **ret_source)
{
  *ret_source = dup_text (self);
  *ret_settings = (SktMessageSettings){ .form = get_form (self), .source = *ret_source };
  ret_settings->encoding = gtk_drop_down_get_selected (self->encoding_drop_down);
  ret_settings->ending = gtk_drop_down_get_selected (self->ending_drop_down);
  socketeer_message_options_get (self->options, ret_settings);
}

static SktMessage *
make_message (SocketeerComposer *self, gsize *ret_position, GError **error)
{
  SktMessageSettings settings;
  g_autofree char *source = NULL;

  _socketeer_composer_fill_settings (self, &settings, &source);
  return skt_message_new (&settings, ret_position, error);
}

/* As it would be sent now: what is shown is what is sent, but for the time. */
static GBytes *
expand (SocketeerComposer *self, SktMessage *message, GError **error)
{
  return skt_message_expand (message, &(SktMessageContext){ .index = self->index, .seed = self->seed }, error);
}

GBytes *
socketeer_composer_encode_text (SocketeerComposer *self, const char *text, GError **error)
{
  g_return_val_if_fail (SOCKETEER_IS_COMPOSER (self), NULL);
  return skt_payload_from_text (text, -1, gtk_drop_down_get_selected (self->encoding_drop_down),
                                gtk_drop_down_get_selected (self->ending_drop_down), NULL, error);
}

SktMessage *
socketeer_composer_dup_message (SocketeerComposer *self, GError **error)
{
  g_return_val_if_fail (SOCKETEER_IS_COMPOSER (self), NULL);

  if (self->other_problem != NULL)
    {
      g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_MESSAGE, self->other_problem);
      return NULL;
    }
  return make_message (self, NULL, error);
}

void
_socketeer_composer_apply_settings (SocketeerComposer *self, const SktMessageSettings *settings)
{
  set_form (self, settings->form);
  gtk_drop_down_set_selected (self->encoding_drop_down, settings->encoding);
  gtk_drop_down_set_selected (self->ending_drop_down, settings->ending);
  socketeer_message_options_set (self->options, settings);
}

void
_socketeer_composer_replace_text (SocketeerComposer *self, const char *text)
{
  GtkTextIter start, end;

  self->is_setting = TRUE;
  gtk_text_buffer_begin_user_action (self->buffer);
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_delete (self->buffer, &start, &end);
  gtk_text_buffer_insert (self->buffer, &start, text, -1);
  gtk_text_buffer_end_user_action (self->buffer);
  self->is_setting = FALSE;
}

void
socketeer_composer_set_message (SocketeerComposer *self, SktMessage *message)
{
  const SktMessageSettings *settings;

  g_return_if_fail (SOCKETEER_IS_COMPOSER (self));
  g_return_if_fail (message != NULL);

  settings = skt_message_get_settings (message);
  g_clear_pointer (&self->other_problem, g_free);
  _socketeer_composer_apply_settings (self, settings);
  _socketeer_composer_replace_text (self, settings->source);
  _socketeer_composer_update (self);
}

void
socketeer_composer_get_tab (SocketeerComposer *self, SktTab *tab)
{
  SktMessageSettings settings;
  g_autofree char *source = NULL;

  g_return_if_fail (SOCKETEER_IS_COMPOSER (self));

  _socketeer_composer_fill_settings (self, &settings, &source);
  settings.source = NULL; /* it goes to the tab */
  tab->message = settings;
  g_free (tab->source);
  tab->source = g_steal_pointer (&source);
}

void
socketeer_composer_set_tab (SocketeerComposer *self, const SktTab *tab)
{
  g_return_if_fail (SOCKETEER_IS_COMPOSER (self));

  g_clear_pointer (&self->other_problem, g_free);
  _socketeer_composer_apply_settings (self, &tab->message);
  _socketeer_composer_replace_text (self, tab->source);
  _socketeer_composer_update (self);
}

void
socketeer_composer_set_problem (SocketeerComposer *self, const char *problem)
{
  g_return_if_fail (SOCKETEER_IS_COMPOSER (self));

  gtk_label_set_label (self->problem_label, problem != NULL ? problem : "");
  /* A tooltip becomes the accessible description, which is the label's name here. */
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->problem_label), problem);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->problem_label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _ ("Message problem"), -1);
}

const char *
socketeer_composer_get_problem (SocketeerComposer *self)
{
  g_return_val_if_fail (SOCKETEER_IS_COMPOSER (self), NULL);
  return gtk_label_get_label (self->problem_label);
}

static void
mark_bad (SocketeerComposer *self, gsize position)
{
  GtkTextIter start, end;
  gtk_text_buffer_get_iter_at_offset (self->buffer, &start, position);
  end = start;
  gtk_text_iter_forward_char (&end);
  gtk_text_buffer_apply_tag (self->buffer, self->bad_tag, &start, &end);
}

static void
clear_bad (SocketeerComposer *self)
{
  GtkTextIter start, end;
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_remove_tag (self->buffer, self->bad_tag, &start, &end);
}

static void
set_count (SocketeerComposer *self, gssize n)
{
  g_autofree char *text = n >= 0 ? socketeer_format_bytes (n) : g_strdup ("–");
  gtk_label_set_label (self->count_label, text);
}

static void
show_bad (SocketeerComposer *self, const char *problem, gsize position)
{
  set_count (self, -1);
  socketeer_composer_set_problem (self, problem);
  mark_bad (self, position);
}

static void
show_choices (SocketeerComposer *self, SktMessageForm form)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->encoding_drop_down), form == SKT_MESSAGE_TEXT);
  gtk_widget_set_sensitive (GTK_WIDGET (self->ending_drop_down), form == SKT_MESSAGE_TEXT);
  socketeer_message_options_set_form (self->options, form);
}

/* NULL: all is shown. (transfer full) */
static char *
dup_hidden_note (SocketeerComposer *self)
{
  if (self->n_hidden == 0)
    return NULL;
  /* Translators: below the message that is typed: the end of a very long line, which is sent like the rest */
  return g_strdup_printf (ngettext ("%u character at the end of a long line is sent, but not shown",
                                    "%u characters at the end of a long line are sent, but not shown", self->n_hidden),
                          self->n_hidden);
}

static void
show_note (SocketeerComposer *self, SktMessage *message, const SktMessageSettings *settings)
{
  g_autofree char *controls = _socketeer_composer_mark_controls (self, settings);
  g_autofree char *hidden = dup_hidden_note (self);
  const char *note = controls != NULL ? controls : hidden;

  if (note == NULL && message != NULL)
    note = skt_message_get_note (message);
  gtk_widget_set_visible (GTK_WIDGET (self->escape_button), controls != NULL);
  gtk_label_set_label (self->note_label, note != NULL ? note : "");
}

/* What is typed, counted and checked, at each change. */
void
_socketeer_composer_update (SocketeerComposer *self)
{
  g_autofree char *text = NULL;
  g_autoptr (SktMessage) message = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  SktMessageSettings settings;
  gsize position = 0;

  clear_bad (self);
  socketeer_composer_set_problem (self, NULL);
  show_choices (self, get_form (self));
  if (gtk_text_buffer_get_char_count (self->buffer) > LIVE_LIMIT)
    {
      g_autofree char *hidden = dup_hidden_note (self);

      set_count (self, -1);
      gtk_label_set_label (self->note_label, hidden != NULL ? hidden : "");
      _socketeer_composer_preview_update (self, NULL, NULL, _ ("too long to be shown"));
      return;
    }
  _socketeer_composer_fill_settings (self, &settings, &text);
  message = skt_message_new (&settings, &position, &error);
  if (message != NULL)
    {
      position = gtk_text_buffer_get_char_count (self->buffer);
      bytes = expand (self, message, &error);
    }
  set_count (self, bytes != NULL ? (gssize) g_bytes_get_size (bytes) : -1);
  show_note (self, message, &settings);
  if (bytes == NULL)
    show_bad (self, error->message, position);
  _socketeer_composer_preview_update (self, message, bytes, NULL);
}

static void
refuse (SocketeerComposer *self, const char *problem, gsize position)
{
  GtkTextIter iter;

  show_bad (self, problem, position);
  gtk_text_buffer_get_iter_at_offset (self->buffer, &iter, position);
  gtk_text_buffer_place_cursor (self->buffer, &iter);
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

static void
send_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerComposer *self = SOCKETEER_COMPOSER (widget);
  g_autoptr (SktMessage) message = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  gboolean sent = FALSE;
  gsize position = 0;

  if (self->other_problem != NULL)
    {
      socketeer_composer_set_problem (self, self->other_problem);
      if (gtk_widget_get_root (widget) != NULL)
        gtk_entry_grab_focus_without_selecting (self->other_entry);
      return;
    }
  message = make_message (self, &position, &error);
  if (message != NULL)
    {
      position = gtk_text_buffer_get_char_count (self->buffer);
      bytes = expand (self, message, &error);
    }
  if (bytes == NULL)
    {
      refuse (self, error->message, position);
      return;
    }
  if (g_bytes_get_size (bytes) == 0)
    {
      socketeer_composer_set_problem (self, _ ("There is nothing to send: type a message first."));
      return;
    }
  socketeer_composer_set_problem (self, NULL);
  g_signal_emit (self, signals[SEND], 0, bytes, &sent);
  if (!sent)
    return;
  socketeer_composer_history_sent (self->history);
  self->index++;
  if (!skt_message_is_constant (message))
    _socketeer_composer_update (self);
}

/* Another message: its counters begin anew, and its random bytes are new ones. */
static void
begin_anew (SocketeerComposer *self)
{
  self->index = 0;
  do
    self->seed = (guint64) g_random_int () << 32 | g_random_int ();
  while (self->seed == 0);
}

/* Hides the end of a line that is longer than what can be drawn. */
static void
hide_end (SocketeerComposer *self, const GtkTextIter *line)
{
  GtkTextIter start = *line, end = *line;

  gtk_text_iter_set_line_offset (&start, SHOWN_IN_LINE);
  gtk_text_iter_forward_to_line_end (&end);
  gtk_text_buffer_apply_tag (self->buffer, self->hidden_tag, &start, &end);
  self->n_hidden += gtk_text_iter_get_offset (&end) - gtk_text_iter_get_offset (&start);
}

static void
show_all (SocketeerComposer *self)
{
  GtkTextIter start, end;

  if (self->n_hidden == 0)
    return;
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_remove_tag (self->buffer, self->hidden_tag, &start, &end);
  self->n_hidden = 0;
}

/* To wrap a line takes time by the square of its length, which stalls the window for seconds with 60,000 characters: a long one is not. */
static void
update_long_lines (SocketeerComposer *self)
{
  GtkWrapMode mode = GTK_WRAP_WORD_CHAR;
  int n = gtk_text_buffer_get_char_count (self->buffer) > WRAP_MAX ? gtk_text_buffer_get_line_count (self->buffer) : 0;

  show_all (self);
  for (int i = 0; i < n; i++)
    {
      GtkTextIter iter;
      int length;

      gtk_text_buffer_get_iter_at_line (self->buffer, &iter, i);
      length = gtk_text_iter_get_chars_in_line (&iter);
      if (length > WRAP_MAX)
        mode = GTK_WRAP_NONE;
      if (length > SHOWN_IN_LINE + 1) /* with its end */
        hide_end (self, &iter);
    }
  if (gtk_text_view_get_wrap_mode (self->text_view) != mode)
    gtk_text_view_set_wrap_mode (self->text_view, mode);
}

static void
changed_cb (SocketeerComposer *self)
{
  update_long_lines (self);
  /* In the middle of being filled it is no message. */
  if (self->is_setting && gtk_text_buffer_get_char_count (self->buffer) == 0)
    return;
  begin_anew (self);
  if (!self->is_rewriting)
    g_clear_pointer (&self->other_problem, g_free);
  _socketeer_composer_update (self);
}

void
socketeer_composer_set_can_send (SocketeerComposer *self, gboolean can_send)
{
  g_return_if_fail (SOCKETEER_IS_COMPOSER (self));

  can_send = !!can_send;
  if (self->can_send == can_send)
    return;
  self->can_send = can_send;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "composer.send", can_send);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->send_button),
                               can_send ? _ ("Send (Ctrl+Enter)") : _ ("Nobody to send to: not connected, or you have finished sending"));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_SEND]);
}

void
socketeer_composer_set_encoding (SocketeerComposer *self, SktEncoding encoding)
{
  g_return_if_fail (SOCKETEER_IS_COMPOSER (self));
  gtk_drop_down_set_selected (self->encoding_drop_down, encoding);
}

void
socketeer_composer_focus (SocketeerComposer *self)
{
  g_return_if_fail (SOCKETEER_IS_COMPOSER (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

GtkWidget *
socketeer_composer_get_text_view (SocketeerComposer *self)
{
  g_return_val_if_fail (SOCKETEER_IS_COMPOSER (self), NULL);
  return GTK_WIDGET (self->text_view);
}

void
socketeer_composer_add_button (SocketeerComposer *self, GtkWidget *button)
{
  g_return_if_fail (SOCKETEER_IS_COMPOSER (self));
  gtk_box_insert_child_after (self->send_box, button, gtk_widget_get_prev_sibling (GTK_WIDGET (self->send_button)));
}

static void choice_changed_cb (SocketeerComposer *self);

/* A setting that is shown is none that was chosen here. */
static void
show_choice (SocketeerComposer *self, GtkDropDown *drop_down, guint selected)
{
  g_signal_handlers_block_by_func (drop_down, choice_changed_cb, self);
  gtk_drop_down_set_selected (drop_down, selected);
  g_signal_handlers_unblock_by_func (drop_down, choice_changed_cb, self);
}

static void
show_encoding (SocketeerComposer *self)
{
  g_autofree char *encoding = g_settings_get_string (socketeer_settings_get (), "send-encoding");
  SktEncoding value = SKT_ENCODING_UTF_8;

  skt_encoding_from_name (encoding, &value);
  show_choice (self, self->encoding_drop_down, value);
}

static void
show_ending (SocketeerComposer *self)
{
  g_autofree char *ending = g_settings_get_string (socketeer_settings_get (), "line-ending");

  for (guint i = 0; i < SKT_N_LINE_ENDINGS; i++)
    if (g_str_equal (ending, ending_names[i]))
      show_choice (self, self->ending_drop_down, i);
}

/* In the preferences, or by another program: in all tabs. */
static void
setting_changed_cb (GSettings *settings, const char *key, gpointer user_data)
{
  SocketeerComposer *self = user_data;

  if (socketeer_settings_is_remembering ())
    return;
  if (g_str_equal (key, "line-ending"))
    show_ending (self);
  else
    show_encoding (self);
  changed_cb (self);
}

static void
load_settings (SocketeerComposer *self)
{
  GSettings *settings = socketeer_settings_get ();
  g_autofree char *form = g_settings_get_string (settings, "send-form");

  show_encoding (self);
  show_ending (self);
  g_signal_connect_object (settings, "changed::send-encoding", G_CALLBACK (setting_changed_cb), self, 0);
  g_signal_connect_object (settings, "changed::line-ending", G_CALLBACK (setting_changed_cb), self, 0);
  for (guint i = 0; i < SKT_N_MESSAGE_FORMS; i++)
    if (g_str_equal (form, form_names[i]))
      set_form (self, i);
  socketeer_message_options_load (self->options);
}

/* The user's choice is offered to the next page. */
static void
save_settings (SocketeerComposer *self)
{
  GSettings *settings = socketeer_settings_get ();
  guint ending = gtk_drop_down_get_selected (self->ending_drop_down);

  socketeer_settings_remember_string ("send-encoding",
                                      skt_encoding_get_name (gtk_drop_down_get_selected (self->encoding_drop_down)));
  if (ending < SKT_N_LINE_ENDINGS)
    socketeer_settings_remember_string ("line-ending", ending_names[ending]);
  g_settings_set_string (settings, "send-form", form_names[get_form (self)]);
  socketeer_message_options_save (self->options);
}

static void
choice_changed_cb (SocketeerComposer *self)
{
  changed_cb (self);
  save_settings (self);
}

static void
form_toggled_cb (SocketeerComposer *self, GtkToggleButton *button)
{
  /* One was let go when another is pressed: once is enough. */
  if (gtk_toggle_button_get_active (button))
    choice_changed_cb (self);
}

static void
insert_cb (SocketeerComposer *self, const char *placeholder)
{
  gtk_text_buffer_begin_user_action (self->buffer);
  gtk_text_buffer_delete_selection (self->buffer, TRUE, TRUE);
  gtk_text_buffer_insert_at_cursor (self->buffer, placeholder, -1);
  gtk_text_buffer_end_user_action (self->buffer);
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

static void
socketeer_composer_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SocketeerComposer *self = SOCKETEER_COMPOSER (object);

  if (prop_id == PROP_CAN_SEND)
    g_value_set_boolean (value, self->can_send);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
socketeer_composer_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_CAN_SEND)
    socketeer_composer_set_can_send (SOCKETEER_COMPOSER (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
socketeer_composer_dispose (GObject *object)
{
  SocketeerComposer *self = SOCKETEER_COMPOSER (object);
  GtkWidget *child;

  if (self->paste != NULL)
    g_cancellable_cancel (self->paste);
  g_clear_object (&self->paste);
  g_clear_pointer (&self->other_problem, g_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (socketeer_composer_parent_class)->dispose (object);
}

static void
socketeer_composer_class_init (SocketeerComposerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = socketeer_composer_get_property;
  object_class->set_property = socketeer_composer_set_property;
  object_class->dispose = socketeer_composer_dispose;
  props[PROP_CAN_SEND] = g_param_spec_boolean ("can-send", NULL, NULL, TRUE,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[SEND] = g_signal_new ("send", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 1, G_TYPE_BYTES);

  gtk_widget_class_install_action (widget_class, "composer.send", NULL, send_action);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-composer.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, text_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, hex_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, base64_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, options);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, other_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, other_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, note_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, escape_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, encoding_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, ending_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, problem_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, count_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, text_view);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, send_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, send_box);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, history);
  g_type_ensure (SOCKETEER_TYPE_COMPOSER_HISTORY);
}

static void
socketeer_composer_init (SocketeerComposer *self)
{
  g_type_ensure (SOCKETEER_TYPE_MESSAGE_OPTIONS);
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_mnemonic_keep_names (GTK_WIDGET (self));
  /* Bytes go from left to right, whatever the interface does. */
  gtk_widget_set_direction (GTK_WIDGET (self->text_view), GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (GTK_WIDGET (self->other_entry), GTK_TEXT_DIR_LTR);
  self->can_send = TRUE;
  self->buffer = gtk_text_view_get_buffer (self->text_view);
  self->hidden_tag = gtk_text_buffer_create_tag (self->buffer, NULL, "invisible", TRUE, NULL);
  self->bad_tag = gtk_text_buffer_create_tag (self->buffer, NULL, "underline", PANGO_UNDERLINE_ERROR, NULL);
  socketeer_encodings_fill (self->encoding_drop_down);
  load_settings (self);
  _socketeer_composer_preview_init (self);
  _socketeer_composer_paste_init (self);
  begin_anew (self);
  _socketeer_composer_update (self);
  socketeer_composer_history_set_composer (self->history, self, self->text_view);

  g_signal_connect_swapped (self->buffer, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->text_button, "toggled", G_CALLBACK (form_toggled_cb), self);
  g_signal_connect_swapped (self->hex_button, "toggled", G_CALLBACK (form_toggled_cb), self);
  g_signal_connect_swapped (self->base64_button, "toggled", G_CALLBACK (form_toggled_cb), self);
  g_signal_connect_swapped (self->encoding_drop_down, "notify::selected", G_CALLBACK (choice_changed_cb), self);
  g_signal_connect_swapped (self->ending_drop_down, "notify::selected", G_CALLBACK (choice_changed_cb), self);
  g_signal_connect_swapped (self->options, "changed", G_CALLBACK (choice_changed_cb), self);
  g_signal_connect_swapped (self->options, "insert", G_CALLBACK (insert_cb), self);
  /* Before the text view, which would insert a line. */
  socketeer_shortcuts_add (GTK_WIDGET (self->text_view), "message", GTK_PHASE_CAPTURE, NULL, NULL);
  socketeer_shortcuts_add (GTK_WIDGET (self->other_entry), "message", GTK_PHASE_CAPTURE, NULL, NULL);
}
