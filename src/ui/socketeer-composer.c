/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-composer.h"

#include <glib/gi18n.h>
#include <string.h>

#include "skt-hex.h"
#include "socketeer-encodings.h"
#include "socketeer-format.h"
#include "socketeer-settings.h"

/* Above this a text is not encoded at each key, only when it is sent. */
#define LIVE_LIMIT (256 * 1024)

static const char *const ending_names[SKT_N_LINE_ENDINGS] = { "none", "lf", "cr", "crlf", "nul" };

struct _SocketeerComposer
{
  GtkWidget parent_instance;

  /* template */
  GtkToggleButton *text_button, *hex_button;
  GtkDropDown *encoding_drop_down, *ending_drop_down;
  GtkLabel *problem_label, *count_label;
  GtkTextView *text_view;
  GtkButton *send_button;

  /* borrowed */
  GtkTextBuffer *buffer;
  GtkTextTag *bad_tag;

  gboolean can_send;
};

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

static gboolean
is_hex (SocketeerComposer *self)
{
  return gtk_toggle_button_get_active (self->hex_button);
}

static char *
dup_text (SocketeerComposer *self)
{
  GtkTextIter start, end;
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, TRUE);
}

static GBytes *
encode (SocketeerComposer *self, const char *text, gsize *ret_position, GError **error)
{
  if (is_hex (self))
    return skt_hex_parse (text, -1, ret_position, error);
  return skt_payload_from_text (text, -1, gtk_drop_down_get_selected (self->encoding_drop_down),
                                gtk_drop_down_get_selected (self->ending_drop_down), ret_position, error);
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
  g_autofree char *text = NULL;
  SktMessageSettings settings = { 0, };

  g_return_val_if_fail (SOCKETEER_IS_COMPOSER (self), NULL);

  settings.source = text = dup_text (self);
  settings.form = is_hex (self) ? SKT_MESSAGE_HEX : SKT_MESSAGE_TEXT;
  settings.encoding = gtk_drop_down_get_selected (self->encoding_drop_down);
  settings.ending = gtk_drop_down_get_selected (self->ending_drop_down);
  return skt_message_new (&settings, NULL, error);
}

void
socketeer_composer_set_message (SocketeerComposer *self, SktMessage *message)
{
  const SktMessageSettings *settings;

  g_return_if_fail (SOCKETEER_IS_COMPOSER (self));
  g_return_if_fail (message != NULL);

  settings = skt_message_get_settings (message);
  gtk_toggle_button_set_active (settings->form == SKT_MESSAGE_HEX ? self->hex_button : self->text_button, TRUE);
  gtk_drop_down_set_selected (self->encoding_drop_down, settings->encoding);
  gtk_drop_down_set_selected (self->ending_drop_down, settings->ending);
  gtk_text_buffer_set_text (self->buffer, settings->source, -1);
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

/* What is typed, counted and checked, at each change. */
static void
update (SocketeerComposer *self)
{
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize position = 0;

  clear_bad (self);
  socketeer_composer_set_problem (self, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->encoding_drop_down), !is_hex (self));
  gtk_widget_set_sensitive (GTK_WIDGET (self->ending_drop_down), !is_hex (self));
  if (gtk_text_buffer_get_char_count (self->buffer) > LIVE_LIMIT)
    {
      set_count (self, -1);
      return;
    }
  text = dup_text (self);
  bytes = encode (self, text, &position, &error);
  set_count (self, bytes != NULL ? (gssize) g_bytes_get_size (bytes) : -1);
  if (bytes == NULL)
    {
      socketeer_composer_set_problem (self, error->message);
      mark_bad (self, position);
    }
}

static void
send_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerComposer *self = SOCKETEER_COMPOSER (widget);
  g_autofree char *text = dup_text (self);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  gboolean sent = FALSE;
  gsize position = 0;

  bytes = encode (self, text, &position, &error);
  if (bytes == NULL)
    {
      GtkTextIter iter;
      socketeer_composer_set_problem (self, error->message);
      mark_bad (self, position);
      gtk_text_buffer_get_iter_at_offset (self->buffer, &iter, position);
      gtk_text_buffer_place_cursor (self->buffer, &iter);
      gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
      return;
    }
  if (g_bytes_get_size (bytes) == 0)
    {
      socketeer_composer_set_problem (self, _ ("There is nothing to send: type a message first."));
      return;
    }
  socketeer_composer_set_problem (self, NULL);
  g_signal_emit (self, signals[SEND], 0, bytes, &sent);
}

static void
changed_cb (SocketeerComposer *self)
{
  update (self);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, gpointer data)
{
  if ((keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter) &&
      (state & GDK_CONTROL_MASK) != 0)
    {
      gtk_widget_activate_action (data, "composer.send", NULL);
      return GDK_EVENT_STOP;
    }
  return GDK_EVENT_PROPAGATE;
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
                               can_send ? _ ("Send (Ctrl+Enter)") : _ ("Not connected: there is nobody to send to"));
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

static void
load_settings (SocketeerComposer *self)
{
  GSettings *settings = socketeer_settings_get ();
  g_autofree char *encoding = g_settings_get_string (settings, "send-encoding");
  g_autofree char *ending = g_settings_get_string (settings, "line-ending");
  SktEncoding value = SKT_ENCODING_UTF_8;

  skt_encoding_from_name (encoding, &value);
  gtk_drop_down_set_selected (self->encoding_drop_down, value);
  for (guint i = 0; i < SKT_N_LINE_ENDINGS; i++)
    if (g_str_equal (ending, ending_names[i]))
      gtk_drop_down_set_selected (self->ending_drop_down, i);
  gtk_toggle_button_set_active (g_settings_get_boolean (settings, "send-as-hex") ? self->hex_button : self->text_button,
                                TRUE);
}

/* The user's choice is offered to the next page. */
static void
save_settings (SocketeerComposer *self)
{
  GSettings *settings = socketeer_settings_get ();
  guint ending = gtk_drop_down_get_selected (self->ending_drop_down);

  g_settings_set_string (settings, "send-encoding",
                         skt_encoding_get_name (gtk_drop_down_get_selected (self->encoding_drop_down)));
  if (ending < SKT_N_LINE_ENDINGS)
    g_settings_set_string (settings, "line-ending", ending_names[ending]);
  g_settings_set_boolean (settings, "send-as-hex", is_hex (self));
}

static void
choice_changed_cb (SocketeerComposer *self)
{
  update (self);
  save_settings (self);
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
  GtkWidget *child;

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
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, encoding_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, ending_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, problem_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, count_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, text_view);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposer, send_button);
}

static void
socketeer_composer_init (SocketeerComposer *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->can_send = TRUE;
  self->buffer = gtk_text_view_get_buffer (self->text_view);
  self->bad_tag = gtk_text_buffer_create_tag (self->buffer, NULL, "underline", PANGO_UNDERLINE_ERROR, NULL);
  socketeer_encodings_fill (self->encoding_drop_down);
  load_settings (self);
  update (self);

  g_signal_connect_swapped (self->buffer, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->hex_button, "toggled", G_CALLBACK (choice_changed_cb), self);
  g_signal_connect_swapped (self->encoding_drop_down, "notify::selected", G_CALLBACK (choice_changed_cb), self);
  g_signal_connect_swapped (self->ending_drop_down, "notify::selected", G_CALLBACK (choice_changed_cb), self);
  /* Before the text view, which would insert a line. */
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->text_view), keys);
}
