/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-connection-pane.h"

#include "socketeer-connection-control.h"
#include "socketeer-connection-kernel.h"
#include "socketeer-connection-life.h"
#include "socketeer-connection-log.h"
#include "socketeer-connection-summary.h"
#include "socketeer-paths.h"
#include "socketeer-settings.h"
#include "socketeer-wrap-layout.h"

struct _SocketeerConnectionPane
{
  GtkWidget parent_instance;

  /* template */
  GtkStack *stack, *content_stack;
  GtkLabel *hint_label;
  GtkButton *close_button;
  SocketeerConnectionLife *life;
  SocketeerConnectionLog *log;

  /* owned */
  SktConnection *connection;
  GSignalGroup *session_signals;

  gboolean is_opened; /* there is a journal and no session */
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

/* The log has something to say also when there is no connection, and of an opened session the timeline too. */
static void
update_content (SocketeerConnectionPane *self)
{
  const char *tab = gtk_stack_get_visible_child_name (self->stack);
  gboolean has_content = self->connection != NULL || g_strcmp0 (tab, "log") == 0 || (self->is_opened && g_strcmp0 (tab, "life") == 0);

  gtk_stack_set_visible_child_name (self->content_stack, has_content ? "connection" : "hint");
}

void
socketeer_connection_pane_set_connection (SocketeerConnectionPane *self, SktConnection *connection, const char *hint)
{
  g_return_if_fail (SOCKETEER_IS_CONNECTION_PANE (self));

  gtk_label_set_label (self->hint_label, hint);
  if (g_set_object (&self->connection, connection))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CONNECTION]);
  update_content (self);
}

static void
journal_grown_cb (SktSession *session, gpointer user_data)
{
  SocketeerConnectionPane *self = user_data;

  socketeer_connection_log_journal_grown (self->log);
  socketeer_connection_life_journal_grown (self->life);
}

void
socketeer_connection_pane_set_journal (SocketeerConnectionPane *self, SktJournal *journal, SktSession *session, GHashTable *peers)
{
  g_return_if_fail (SOCKETEER_IS_CONNECTION_PANE (self));

  self->is_opened = journal != NULL && session == NULL;
  g_signal_group_set_target (self->session_signals, session);
  socketeer_connection_log_set_journal (self->log, journal, session, peers);
  socketeer_connection_life_set_journal (self->life, journal, session);
  update_content (self);
}

static void
visible_child_cb (GtkStack *stack, GParamSpec *pspec, gpointer user_data)
{
  update_content (user_data);
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

  g_clear_object (&self->session_signals);
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
  g_type_ensure (SOCKETEER_TYPE_CONNECTION_LIFE);
  g_type_ensure (SOCKETEER_TYPE_CONNECTION_LOG);
  g_type_ensure (SOCKETEER_TYPE_CONNECTION_CONTROL);
  g_type_ensure (SOCKETEER_TYPE_CONNECTION_SUMMARY);
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-connection-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionPane, stack);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionPane, content_stack);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionPane, hint_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionPane, close_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionPane, life);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionPane, log);
}

static void
socketeer_connection_pane_init (SocketeerConnectionPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->session_signals = g_signal_group_new (SKT_TYPE_SESSION);
  g_signal_group_connect (self->session_signals, "journal-grown", G_CALLBACK (journal_grown_cb), self);
  g_signal_connect (self->stack, "notify::visible-child", G_CALLBACK (visible_child_cb), self);
  g_signal_connect_swapped (self->close_button, "clicked", G_CALLBACK (close_clicked_cb), self);
  g_settings_bind (socketeer_settings_get (), "connection-pane-page", self->stack, "visible-child-name", G_SETTINGS_BIND_DEFAULT);
}
