/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-waiting.h"

#include <glib/gi18n.h>

#include "skt-literal.h"
#include "socketeer-format.h"

#define MAX_ROWS 3
/* Of a message, as much as a row may show. */
#define MAX_BYTES 200
/* What is over sooner is no waiting. */
#define SHOW_AFTER_MS 300
#define RENEW_MS 250

struct _SocketeerWaiting
{
  GtkWidget parent_instance;

  /* borrowed: children */
  GtkLabel *rows[MAX_ROWS];
  GtkLabel *rest_label;

  /* owned */
  SktSession *session;
  GSignalGroup *signals;

  SocketeerTranscript *transcript; /* borrowed */
  guint timer; /* 0: nothing waits */
};

G_DEFINE_FINAL_TYPE (SocketeerWaiting, socketeer_waiting, GTK_TYPE_WIDGET)

typedef struct
{
  guint n_shown;
  guint64 n_others;
} Count;

static void
show_row (SocketeerWaiting *self, GtkLabel *row, SktConnection *connection, GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  const char *address = skt_connection_get_remote_address (connection);
  g_autofree char *size = socketeer_format_bytes (length);
  g_autoptr (GString) content = g_string_new (NULL);
  g_autofree char *text = NULL;

  skt_literal_append_escaped (content, socketeer_transcript_get_encoding (self->transcript), data, MIN (length, MAX_BYTES));
  if (length > MAX_BYTES)
    g_string_append (content, "…");
  /* Translators: of what waits to be sent: address, “12 bytes”, the bytes as text */
  text = g_strdup_printf (_ ("queued → %s, %s: %s"), address != NULL ? address : "?", size, content->str);
  gtk_label_set_label (row, text);
  gtk_widget_set_visible (GTK_WIDGET (row), TRUE);
}

static void
show_connection (SocketeerWaiting *self, SktConnection *connection, Count *count)
{
  g_autoptr (GPtrArray) queued = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  guint n = skt_connection_list_queued (connection, MAX_ROWS - count->n_shown, queued);

  for (guint i = 0; i < queued->len; i++)
    show_row (self, self->rows[count->n_shown++], connection, queued->pdata[i]);
  count->n_others += n - queued->len;
}

static void
show (SocketeerWaiting *self)
{
  GListModel *connections = skt_session_get_connections (self->session);
  guint n = g_list_model_get_n_items (connections);
  Count count = { 0, };
  g_autofree char *rest = NULL;

  for (guint id = 1; id <= n; id++)
    {
      SktConnection *connection = skt_session_get_connection (self->session, id);
      if (skt_connection_get_bytes_queued (connection) > 0)
        show_connection (self, connection, &count);
    }
  for (guint i = count.n_shown; i < MAX_ROWS; i++)
    gtk_widget_set_visible (GTK_WIDGET (self->rows[i]), FALSE);
  if (count.n_others > 0)
    rest = g_strdup_printf (ngettext ("and %u more message", "and %u more messages", (guint) count.n_others), (guint) count.n_others);
  gtk_label_set_label (self->rest_label, rest != NULL ? rest : "");
  gtk_widget_set_visible (GTK_WIDGET (self->rest_label), rest != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), count.n_shown > 0);
}

static void
stop (SocketeerWaiting *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static gboolean
renew_cb (gpointer user_data)
{
  show (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
show_cb (gpointer user_data)
{
  SocketeerWaiting *self = user_data;

  show (self);
  self->timer = g_timeout_add (RENEW_MS, renew_cb, self);
  return G_SOURCE_REMOVE;
}

static void
queued_cb (SktSession *session, GParamSpec *pspec, gpointer user_data)
{
  SocketeerWaiting *self = user_data;

  if (skt_session_get_bytes_queued (session) == 0)
    stop (self);
  else if (self->timer == 0)
    self->timer = g_timeout_add (SHOW_AFTER_MS, show_cb, self);
}

void
socketeer_waiting_set_session (SocketeerWaiting *self, SktSession *session, SocketeerTranscript *transcript)
{
  g_return_if_fail (SOCKETEER_IS_WAITING (self));

  stop (self);
  self->transcript = transcript;
  g_set_object (&self->session, session);
  g_signal_group_set_target (self->signals, session);
}

static void
socketeer_waiting_dispose (GObject *object)
{
  SocketeerWaiting *self = SOCKETEER_WAITING (object);
  GtkWidget *child;

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_object (&self->session);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (socketeer_waiting_parent_class)->dispose (object);
}

static void
socketeer_waiting_class_init (SocketeerWaitingClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_waiting_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "waiting");
}

static GtkLabel *
add_label (SocketeerWaiting *self)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_widget_set_visible (label, FALSE);
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  return GTK_LABEL (label);
}

static void
socketeer_waiting_init (SocketeerWaiting *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  for (guint i = 0; i < MAX_ROWS; i++)
    self->rows[i] = add_label (self);
  self->rest_label = add_label (self);
  self->signals = g_signal_group_new (SKT_TYPE_SESSION);
  g_signal_group_connect (self->signals, "notify::bytes-queued", G_CALLBACK (queued_cb), self);
}
