/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-connection-pane.h"

#include "socketeer-connection-kernel.h"
#include "socketeer-connection-summary.h"
#include "socketeer-paths.h"
#include "socketeer-settings.h"

struct _SocketeerConnectionPane
{
  GtkWidget parent_instance;

  /* template */
  GtkStack *stack, *content_stack;
  GtkLabel *hint_label;
  GtkButton *close_button;

  /* owned */
  SktConnection *connection;
};

enum
{
  PROP_0,
  PROP_CONNECTION,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  CLOSE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerConnectionPane, socketeer_connection_pane, GTK_TYPE_WIDGET)

void
socketeer_connection_pane_set_connection (SocketeerConnectionPane *self, SktConnection *connection, const char *hint)
{
  g_return_if_fail (SOCKETEER_IS_CONNECTION_PANE (self));

  gtk_label_set_label (self->hint_label, hint);
  gtk_stack_set_visible_child_name (self->content_stack, connection != NULL ? "connection" : "hint");
  if (g_set_object (&self->connection, connection))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CONNECTION]);
}

static void
close_clicked_cb (SocketeerConnectionPane *self)
{
  g_signal_emit (self, signals[CLOSE], 0);
}

static void
socketeer_connection_pane_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SocketeerConnectionPane *self = SOCKETEER_CONNECTION_PANE (object);

  switch (prop_id)
    {
    case PROP_CONNECTION:
      g_value_set_object (value, self->connection);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_connection_pane_dispose (GObject *object)
{
  SocketeerConnectionPane *self = SOCKETEER_CONNECTION_PANE (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (socketeer_connection_pane_parent_class)->dispose (object);
}

static void
socketeer_connection_pane_class_init (SocketeerConnectionPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = socketeer_connection_pane_get_property;
  object_class->dispose = socketeer_connection_pane_dispose;
  props[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL, SKT_TYPE_CONNECTION, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CLOSE] =
    g_signal_new ("close", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (SOCKETEER_TYPE_CONNECTION_KERNEL);
  g_type_ensure (SOCKETEER_TYPE_CONNECTION_SUMMARY);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-connection-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionPane, stack);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionPane, content_stack);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionPane, hint_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionPane, close_button);
}

static void
socketeer_connection_pane_init (SocketeerConnectionPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->close_button, "clicked", G_CALLBACK (close_clicked_cb), self);
  g_settings_bind (socketeer_settings_get (), "connection-pane-page", self->stack, "visible-child-name", G_SETTINGS_BIND_DEFAULT);
}
