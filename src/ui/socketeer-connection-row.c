/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-connection-row.h"

#include <glib/gi18n.h>

#include "socketeer-format.h"
#include "socketeer-throttle.h"

/* A label that changes has the whole window measured anew. */
#define RENEW_MS 250
/* GtkListView makes 200 rows in one frame, of which a dozen are seen: so many are filled at once, the others soon, a few at a time. */
#define MAX_AT_ONCE 16
#define FEW 8
#define UNFILLED_HEIGHT 48

struct _SocketeerConnectionRow
{
  GtkWidget parent_instance;

  /* template */
  GtkImage *state_image;
  GtkLabel *title_label, *state_label, *bytes_label;
  GtkButton *disconnect_button;

  /* owned */
  SktConnection *connection;
  GSignalGroup *signals;

  const char *state_class; /* static */
  SocketeerThrottle throttle;
  gboolean is_filled;      /* it has its children */
};

/* Main thread: rows that are not filled, borrowed, in the order in which they were made; how many were filled since the main loop was
 * last idle; what fills more of them. */
static GQueue unfilled = G_QUEUE_INIT;
static guint n_filled;
static guint filling;

G_DEFINE_FINAL_TYPE (SocketeerConnectionRow, socketeer_connection_row, GTK_TYPE_WIDGET)

const char *
socketeer_connection_row_get_state_icon (SktState state)
{
  switch (state)
    {
    case SKT_STATE_RESOLVING:
    case SKT_STATE_CONNECTING:
    case SKT_STATE_WAITING:
      return "content-loading-symbolic";
    case SKT_STATE_CONNECTED:
      return "emblem-ok-symbolic";
    case SKT_STATE_PEER_FINISHED:
    case SKT_STATE_FINISHED:
    case SKT_STATE_CLOSING:
      return "media-skip-forward-symbolic";
    case SKT_STATE_FAILED:
      return "dialog-warning-symbolic";
    case SKT_STATE_LISTENING:
      return "skt-server-symbolic";
    case SKT_STATE_IDLE:
    case SKT_STATE_CLOSED:
    case SKT_N_STATES:
    default:
      return "media-playback-stop-symbolic";
    }
}

const char *
socketeer_connection_row_get_state_class (SktState state)
{
  switch (state)
    {
    case SKT_STATE_RESOLVING:
    case SKT_STATE_CONNECTING:
    case SKT_STATE_WAITING:
      return "accent";
    case SKT_STATE_CONNECTED:
    case SKT_STATE_LISTENING:
      return "success";
    case SKT_STATE_PEER_FINISHED:
    case SKT_STATE_FINISHED:
    case SKT_STATE_CLOSING:
      return "warning";
    case SKT_STATE_FAILED:
      return "error";
    case SKT_STATE_IDLE:
    case SKT_STATE_CLOSED:
    case SKT_N_STATES:
    default:
      return "dim-label";
    }
}

static void
set_state_class (SocketeerConnectionRow *self, const char *name)
{
  if (self->state_class == name)
    return;
  if (self->state_class != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->state_image), self->state_class);
  self->state_class = name;
  gtk_widget_add_css_class (GTK_WIDGET (self->state_image), name);
}

static void
update (SocketeerConnectionRow *self)
{
  SktState state;
  const char *end;
  g_autofree char *received = NULL, *sent = NULL, *bytes = NULL;

  if (self->connection == NULL || !self->is_filled)
    return;
  state = skt_connection_get_state (self->connection);
  end = skt_connection_get_end_text (self->connection);
  gtk_image_set_from_icon_name (self->state_image, socketeer_connection_row_get_state_icon (state));
  set_state_class (self, socketeer_connection_row_get_state_class (state));
  gtk_label_set_label (self->state_label, end != NULL ? end : skt_state_to_text (state));
  /* Setting a tooltip looks for the pointer, even if it is the same. */
  if (g_strcmp0 (gtk_widget_get_tooltip_text (GTK_WIDGET (self->state_label)), end) != 0)
    gtk_widget_set_tooltip_text (GTK_WIDGET (self->state_label), end);
  received = socketeer_format_size (skt_connection_get_bytes_received (self->connection));
  sent = socketeer_format_size (skt_connection_get_bytes_sent (self->connection));
  bytes = g_strdup_printf ("← %s   → %s", received, sent);
  gtk_label_set_label (self->bytes_label, bytes);
  gtk_widget_set_visible (GTK_WIDGET (self->disconnect_button),
                          skt_connection_is_open (self->connection));
}

static void
update_later (gpointer data, gpointer unused)
{
  update (data);
}

static void
notify_cb (SktConnection *connection, GParamSpec *pspec, gpointer user_data)
{
  SocketeerConnectionRow *self = user_data;

  if (g_str_has_prefix (pspec->name, "bytes-"))
    socketeer_throttle_queue (&self->throttle, RENEW_MS, update_later, self);
  else
    update (self);
}

static void
disconnect_clicked_cb (SocketeerConnectionRow *self)
{
  if (self->connection != NULL)
    skt_connection_disconnect (self->connection);
}

static void
show (SocketeerConnectionRow *self)
{
  SktConnection *connection = self->connection;
  g_autofree char *label = NULL;
  gboolean is_all = connection == NULL;

  if (!self->is_filled)
    return;
  gtk_label_set_label (self->title_label, is_all ? C_ ("connections", "All")
                                                 : skt_connection_get_remote_address (connection));
  gtk_widget_set_visible (GTK_WIDGET (self->state_label), !is_all);
  gtk_widget_set_visible (GTK_WIDGET (self->bytes_label), !is_all);
  gtk_widget_set_visible (GTK_WIDGET (self->disconnect_button), !is_all);
  gtk_widget_set_visible (GTK_WIDGET (self->state_image), !is_all);
  if (is_all)
    return;
  /* Translators: name of a button for screen readers; %s is an address */
  label = g_strdup_printf (_ ("Disconnect %s"), skt_connection_get_remote_address (connection));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->disconnect_button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  update (self);
}

void
socketeer_connection_row_set_connection (SocketeerConnectionRow *self, SktConnection *connection)
{
  g_return_if_fail (SOCKETEER_IS_CONNECTION_ROW (self));

  g_set_object (&self->connection, connection);
  g_signal_group_set_target (self->signals, connection);
  show (self);
}

SktConnection *
socketeer_connection_row_get_connection (SocketeerConnectionRow *self)
{
  g_return_val_if_fail (SOCKETEER_IS_CONNECTION_ROW (self), NULL);
  return self->connection;
}

/* -- Filling ------------------------------------------------------------------------------------------------------ */

static void
fill (SocketeerConnectionRow *self)
{
  self->is_filled = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->disconnect_button, "clicked", G_CALLBACK (disconnect_clicked_cb), self);
  gtk_widget_set_size_request (GTK_WIDGET (self), -1, -1);
}

static gboolean
fill_cb (gpointer user_data)
{
  n_filled = 0;
  for (guint i = 0; i < FEW && !g_queue_is_empty (&unfilled); i++)
    {
      SocketeerConnectionRow *row = g_queue_pop_head (&unfilled);

      fill (row);
      show (row);
    }
  if (!g_queue_is_empty (&unfilled))
    return G_SOURCE_CONTINUE;
  filling = 0;
  return G_SOURCE_REMOVE;
}

static void
fill_now_or_later (SocketeerConnectionRow *self)
{
  if (filling == 0)
    filling = g_idle_add (fill_cb, NULL);
  if (n_filled < MAX_AT_ONCE)
    {
      n_filled++;
      fill (self);
      return;
    }
  /* about as high as it will be */
  gtk_widget_set_size_request (GTK_WIDGET (self), -1, UNFILLED_HEIGHT);
  g_queue_push_tail (&unfilled, self);
}

/* -- GObject ------------------------------------------------------------------------------------------------------ */

static void
socketeer_connection_row_dispose (GObject *object)
{
  SocketeerConnectionRow *self = SOCKETEER_CONNECTION_ROW (object);
  GtkWidget *child;

  g_queue_remove (&unfilled, self);
  socketeer_throttle_clear (&self->throttle);
  g_clear_object (&self->signals);
  g_clear_object (&self->connection);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (socketeer_connection_row_parent_class)->dispose (object);
}

static void
socketeer_connection_row_class_init (SocketeerConnectionRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_connection_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-connection-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionRow, state_image);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionRow, state_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionRow, bytes_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionRow, disconnect_button);
}

static void
socketeer_connection_row_init (SocketeerConnectionRow *self)
{
  self->signals = g_signal_group_new (SKT_TYPE_CONNECTION);
  g_signal_group_connect (self->signals, "notify", G_CALLBACK (notify_cb), self);
  fill_now_or_later (self);
}

GtkWidget *
socketeer_connection_row_new (void)
{
  return g_object_new (SOCKETEER_TYPE_CONNECTION_ROW, NULL);
}
