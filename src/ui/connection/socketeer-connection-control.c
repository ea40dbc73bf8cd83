/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-connection-control.h"

#include <glib/gi18n.h>

#include "skt-connection-options.h"
#include "socketeer-connection-actions.h"
#include "socketeer-socket-options.h"

struct _SocketeerConnectionControl
{
  GtkWidget parent_instance;

  /* borrowed: children */
  GtkWidget *urgent_box;
  GtkEntry *urgent_entry;
  GtkButton *urgent_button;
  GtkLabel *urgent_label;
  SocketeerSocketOptions *options_widget;

  /* owned */
  SktConnection *connection;
  GSignalGroup *signals;
  GCancellable *cancellable; /* of the reading or change of options; NULL: none is under way */

  SktSocketOptions options; /* in effect, as read last */
};

enum
{
  PROP_0,
  PROP_CONNECTION,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (SocketeerConnectionControl, socketeer_connection_control, GTK_TYPE_WIDGET)

/* -- Options ------------------------------------------------------------------------------------------------------ */

static void
options_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree char *problem = NULL;
  g_autoptr (GError) error = NULL;
  SocketeerConnectionControl *self;
  SktSocketOptions options;

  if (!skt_connection_change_options_finish (SKT_CONNECTION (source), result, &options, &problem, &error))
    {
      /* cancelled: the widget may be gone; closed: it has become insensitive */
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      self = user_data;
      g_clear_object (&self->cancellable);
      return;
    }
  self = user_data;
  g_clear_object (&self->cancellable);
  self->options = options;
  socketeer_socket_options_set (self->options_widget, &options, TRUE);
  socketeer_socket_options_set_problem (self->options_widget, problem);
}

static void
request_options (SocketeerConnectionControl *self, const SktSocketOptions *new)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  skt_connection_change_options_async (self->connection, new != NULL ? &self->options : NULL, new, self->cancellable,
                                       options_cb, self);
}

static void
options_changed_cb (SocketeerConnectionControl *self)
{
  SktSocketOptions options;

  if (self->connection == NULL)
    return;
  socketeer_socket_options_get (self->options_widget, &options);
  request_options (self, &options);
}

/* -- Urgent data -------------------------------------------------------------------------------------------------- */

/* Two hex digits, or one character of ASCII. */
static gboolean
parse_byte (const char *text, guint8 *ret_byte)
{
  if (g_ascii_isxdigit (text[0]) && g_ascii_isxdigit (text[1]) && text[2] == '\0')
    *ret_byte = g_ascii_xdigit_value (text[0]) << 4 | g_ascii_xdigit_value (text[1]);
  else if (g_ascii_isprint (text[0]) && text[1] == '\0')
    *ret_byte = text[0];
  else
    return FALSE;
  return TRUE;
}

static void
update_urgent (SocketeerConnectionControl *self)
{
  guint8 byte;
  gboolean is_byte = parse_byte (gtk_editable_get_text (GTK_EDITABLE (self->urgent_entry)), &byte);

  gtk_widget_set_sensitive (GTK_WIDGET (self->urgent_button),
                            is_byte && self->connection != NULL && skt_connection_can_send (self->connection));
}

static void
send_urgent_cb (SocketeerConnectionControl *self)
{
  g_autoptr (GError) error = NULL;
  guint8 byte;

  if (self->connection == NULL || !parse_byte (gtk_editable_get_text (GTK_EDITABLE (self->urgent_entry)), &byte))
    return;
  if (!skt_connection_send_urgent (self->connection, byte, &error))
    gtk_label_set_label (self->urgent_label, error->message);
}

/* -- Which connection --------------------------------------------------------------------------------------------- */

static void
update (SocketeerConnectionControl *self)
{
  gboolean is_open = self->connection != NULL && skt_connection_is_open (self->connection);

  update_urgent (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->options_widget), is_open);
  if (is_open && self->cancellable == NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    request_options (self, NULL);
}

static void
state_cb (SktConnection *connection, GParamSpec *pspec, gpointer user_data)
{
  update (user_data);
}

static void
set_connection (SocketeerConnectionControl *self, SktConnection *connection)
{
  g_autoptr (GSimpleActionGroup) group = NULL;

  if (!g_set_object (&self->connection, connection))
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_signal_group_set_target (self->signals, connection);
  if (connection != NULL)
    group = socketeer_connection_actions_new (connection);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "connection", group != NULL ? G_ACTION_GROUP (group) : NULL);
  socketeer_socket_options_set_problem (self->options_widget, NULL);
  update (self);
}

/* -- Building ----------------------------------------------------------------------------------------------------- */

static GtkLabel *
append_sentence (GtkWidget *box, const char *sentence)
{
  GtkWidget *label = gtk_label_new (sentence);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 30);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "caption");
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
append_heading (GtkWidget *box, const char *title)
{
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_set_margin_top (label, 6);
  gtk_box_append (GTK_BOX (box), label);
}

static void
append_actions (GtkWidget *box)
{
  guint n;
  const SocketeerConnectionAction *actions = socketeer_connection_actions_list (&n);

  for (guint i = 0; i < n; i++)
    {
      GtkWidget *button = gtk_button_new_with_label (actions[i].title);
      g_autofree char *name = g_strconcat ("connection.", actions[i].name, NULL);

      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), name);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, actions[i].sentence, -1);
      gtk_box_append (GTK_BOX (box), button);
      append_sentence (box, actions[i].sentence);
    }
}

static void
append_urgent (SocketeerConnectionControl *self, GtkWidget *box)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  append_heading (box, _ ("Urgent data"));
  self->urgent_entry = GTK_ENTRY (gtk_entry_new ());
  gtk_editable_set_text (GTK_EDITABLE (self->urgent_entry), "21");
  gtk_editable_set_width_chars (GTK_EDITABLE (self->urgent_entry), 4);
  gtk_entry_set_max_length (self->urgent_entry, 2);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->urgent_entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Urgent byte"), -1);
  self->urgent_button = GTK_BUTTON (gtk_button_new_with_label (_ ("Send Urgent Byte")));
  gtk_widget_set_hexpand (GTK_WIDGET (self->urgent_button), TRUE);
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (self->urgent_entry));
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (self->urgent_button));
  gtk_box_append (GTK_BOX (box), row);
  self->urgent_label =
    append_sentence (box, _ ("Two hex digits, or a character. Sends it in the stream, with the URG flag and the urgent pointer behind it (MSG_OOB)."));
  g_signal_connect_swapped (self->urgent_entry, "changed", G_CALLBACK (update_urgent), self);
  g_signal_connect_swapped (self->urgent_entry, "activate", G_CALLBACK (send_urgent_cb), self);
  g_signal_connect_swapped (self->urgent_button, "clicked", G_CALLBACK (send_urgent_cb), self);
}

static void
socketeer_connection_control_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (socketeer_connection_control_parent_class)->map (widget);
  update (SOCKETEER_CONNECTION_CONTROL (widget));
}

static void
socketeer_connection_control_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CONNECTION:
      g_value_set_object (value, SOCKETEER_CONNECTION_CONTROL (object)->connection);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_connection_control_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CONNECTION:
      set_connection (SOCKETEER_CONNECTION_CONTROL (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_connection_control_dispose (GObject *object)
{
  SocketeerConnectionControl *self = SOCKETEER_CONNECTION_CONTROL (object);
  GtkWidget *child;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->signals);
  g_clear_object (&self->connection);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (socketeer_connection_control_parent_class)->dispose (object);
}

static void
socketeer_connection_control_class_init (SocketeerConnectionControlClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = socketeer_connection_control_get_property;
  object_class->set_property = socketeer_connection_control_set_property;
  object_class->dispose = socketeer_connection_control_dispose;
  widget_class->map = socketeer_connection_control_map;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  props[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL, SKT_TYPE_CONNECTION, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
socketeer_connection_control_init (SocketeerConnectionControl *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  append_actions (box);
  append_urgent (self, box);
  append_heading (box, _ ("Socket options"));
  self->options_widget = g_object_new (SOCKETEER_TYPE_SOCKET_OPTIONS, NULL);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->options_widget));
  g_signal_connect_swapped (self->options_widget, "changed", G_CALLBACK (options_changed_cb), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_widget_set_parent (scrolled, GTK_WIDGET (self));
  self->signals = g_signal_group_new (SKT_TYPE_CONNECTION);
  g_signal_group_connect (self->signals, "notify::state", G_CALLBACK (state_cb), self);
  update (self);
}
