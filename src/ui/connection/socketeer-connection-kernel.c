/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-connection-kernel.h"

#include <glib/gi18n.h>
#include <math.h>

#include "skt-tcp-verdict.h"
#include "socketeer-format.h"
#include "socketeer-graph.h"
#include "socketeer-kernel-rows.h"
#include "socketeer-paths.h"
#include "socketeer-value-row.h"

#define VALUE_CHARS 14
#define N_GRAPHS 4

struct _SocketeerConnectionKernel
{
  GtkWidget parent_instance;

  /* template */
  GtkInscription *verdict_label;
  GtkBox *box;

  /* owned */
  SktConnection *connection;
  GSignalGroup *signals;
  SktTcpHistory *history;       /* of the connection, as long as it is the same */
  char *verdict;

  /* borrowed: children */
  GPtrArray *rows;              /* SocketeerValueRow, as socketeer_kernel_rows_get() has them */
  SocketeerGraph *graphs[N_GRAPHS];

  guint is_sampled : 1;
};

enum
{
  PROP_0,
  PROP_CONNECTION,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (SocketeerConnectionKernel, socketeer_connection_kernel, GTK_TYPE_WIDGET)

/* -- Graphs ------------------------------------------------------------------------------------------------------ */

static double
get_growth (const SktTcpInfo *before, const SktTcpInfo *sample, guint64 from, guint64 to)
{
  if (before == NULL || sample->time <= before->time || !skt_tcp_is_known (from) || !skt_tcp_is_known (to) || to < from)
    return NAN;
  return (to - from) * (double) G_USEC_PER_SEC / (sample->time - before->time);
}

static double
get_sent_rate (const SktTcpInfo *before, const SktTcpInfo *sample)
{
  return before != NULL ? get_growth (before, sample, before->acknowledged, sample->acknowledged) : NAN;
}

static double
get_received_rate (const SktTcpInfo *before, const SktTcpInfo *sample)
{
  return before != NULL ? get_growth (before, sample, before->bytes_received, sample->bytes_received) : NAN;
}

static double
or_nan (guint64 value)
{
  return skt_tcp_is_known (value) ? value : NAN;
}

static double
get_rtt (const SktTcpInfo *before, const SktTcpInfo *sample)
{
  return sample->rtt > 0 ? or_nan (sample->rtt) : NAN;
}

static double
get_window (const SktTcpInfo *before, const SktTcpInfo *sample)
{
  return or_nan (sample->congestion_window);
}

static double
get_send_queue (const SktTcpInfo *before, const SktTcpInfo *sample)
{
  return or_nan (sample->send_queue) + or_nan (sample->queued);
}

static double
get_receive_queue (const SktTcpInfo *before, const SktTcpInfo *sample)
{
  return or_nan (sample->receive_queue);
}

static char *
format_size (double value)
{
  return socketeer_format_size (value);
}

static char *
format_segments (double value)
{
  char number[32];

  g_snprintf (number, sizeof number, "%.0f", value);
  /* Translators: %s is a number of TCP segments */
  return g_strdup_printf (ngettext ("%s segment", "%s segments", (gulong) value), number);
}

static const struct
{
  SocketeerKernelGroup group;
  SocketeerGraphOptions options; /* strings are untranslated */
} graphs[N_GRAPHS] = {
  { SOCKETEER_KERNEL_CONNECTION,
    { N_ ("Throughput"), { N_ ("Sent and acknowledged"), N_ ("Received") }, { get_sent_rate, get_received_rate },
      socketeer_format_rate, TRUE } },
  { SOCKETEER_KERNEL_ACKNOWLEDGEMENT,
    { N_ ("Round trip time"), { NULL, NULL }, { get_rtt, NULL }, socketeer_kernel_format_time, FALSE } },
  { SOCKETEER_KERNEL_CONGESTION,
    { N_ ("Congestion window"), { NULL, NULL }, { get_window, NULL }, format_segments, FALSE } },
  { SOCKETEER_KERNEL_QUEUES,
    { N_ ("Bytes that wait"), { N_ ("To be sent or acknowledged"), N_ ("To be read") },
      { get_send_queue, get_receive_queue }, format_size, TRUE } },
};

static void
add_graphs (SocketeerConnectionKernel *self, SocketeerKernelGroup group)
{
  for (guint i = 0; i < N_GRAPHS; i++)
    {
      SocketeerGraphOptions options = graphs[i].options;

      if (graphs[i].group != group)
        continue;
      options.title = _ (options.title);
      for (guint k = 0; k < SOCKETEER_GRAPH_MAX_SERIES; k++)
        options.names[k] = options.names[k] != NULL ? _ (options.names[k]) : NULL;
      self->graphs[i] = SOCKETEER_GRAPH (socketeer_graph_new (&options));
      gtk_box_append (self->box, GTK_WIDGET (self->graphs[i]));
    }
}

/* -- What is shown ----------------------------------------------------------------------------------------------- */

static void
update_verdict (SocketeerConnectionKernel *self)
{
  SktVerdict verdict;
  g_autofree char *text = NULL;

  skt_verdict_judge (self->history, skt_connection_get_state (self->connection), &verdict);
  text = skt_verdict_to_text (&verdict);
  if (g_strcmp0 (text, self->verdict) == 0)
    return;
  gtk_inscription_set_text (self->verdict_label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->verdict_label), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  g_free (self->verdict);
  self->verdict = g_steal_pointer (&text);
}

static void
update (SocketeerConnectionKernel *self)
{
  const SktTcpInfo *sample = skt_tcp_history_get_last (self->history);
  guint n;
  const SocketeerKernelRow *rows = socketeer_kernel_rows_get (&n);

  if (self->connection == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  update_verdict (self);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *value = sample != NULL ? rows[i].format (sample) : NULL;
      socketeer_value_row_set_value (self->rows->pdata[i], value);
    }
  for (guint i = 0; i < N_GRAPHS; i++)
    socketeer_graph_update (self->graphs[i], self->history);
}

/* What was sampled before, for somebody else, or while this was mapped, is known still. */
static void
take_sample (SocketeerConnectionKernel *self)
{
  const SktTcpInfo *sample = skt_connection_get_sample (self->connection);
  const SktTcpInfo *last = skt_tcp_history_get_last (self->history);

  if (sample != NULL && (last == NULL || last->time < sample->time))
    skt_tcp_history_add (self->history, sample);
}

static void
sampled_cb (SktConnection *connection, gpointer user_data)
{
  SocketeerConnectionKernel *self = user_data;

  if (!self->is_sampled)
    return;
  take_sample (self);
  update (self);
}

static void
state_changed_cb (SktConnection *connection, GParamSpec *pspec, gpointer user_data)
{
  SocketeerConnectionKernel *self = user_data;

  if (self->is_sampled)
    update (self);
}

static void
set_sampled (SocketeerConnectionKernel *self, gboolean is_sampled)
{
  if (self->is_sampled == (is_sampled != FALSE))
    return;
  self->is_sampled = is_sampled != FALSE;
  skt_connection_set_sampled (self->connection, is_sampled);
}

static void
show_connection (SocketeerConnectionKernel *self)
{
  if (self->connection == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  set_sampled (self, TRUE);
  take_sample (self);
  update (self);
}

static void
set_connection (SocketeerConnectionKernel *self, SktConnection *connection)
{
  if (connection == self->connection)
    return;
  if (self->connection != NULL)
    set_sampled (self, FALSE);
  g_set_object (&self->connection, connection);
  g_signal_group_set_target (self->signals, connection);
  skt_tcp_history_clear (self->history);
  show_connection (self);
}

/* -- GObject ----------------------------------------------------------------------------------------------------- */

static void
socketeer_connection_kernel_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (socketeer_connection_kernel_parent_class)->map (widget);
  show_connection (SOCKETEER_CONNECTION_KERNEL (widget));
}

static void
socketeer_connection_kernel_unmap (GtkWidget *widget)
{
  SocketeerConnectionKernel *self = SOCKETEER_CONNECTION_KERNEL (widget);

  GTK_WIDGET_CLASS (socketeer_connection_kernel_parent_class)->unmap (widget);
  if (self->connection != NULL)
    set_sampled (self, FALSE);
}

static void
socketeer_connection_kernel_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CONNECTION:
      g_value_set_object (value, SOCKETEER_CONNECTION_KERNEL (object)->connection);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_connection_kernel_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CONNECTION:
      set_connection (SOCKETEER_CONNECTION_KERNEL (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_connection_kernel_dispose (GObject *object)
{
  SocketeerConnectionKernel *self = SOCKETEER_CONNECTION_KERNEL (object);
  GtkWidget *child;

  if (self->connection != NULL)
    set_sampled (self, FALSE);
  g_clear_object (&self->signals);
  g_clear_object (&self->connection);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (socketeer_connection_kernel_parent_class)->dispose (object);
}

static void
socketeer_connection_kernel_finalize (GObject *object)
{
  SocketeerConnectionKernel *self = SOCKETEER_CONNECTION_KERNEL (object);

  skt_tcp_history_free (self->history);
  g_ptr_array_unref (self->rows);
  g_free (self->verdict);
  G_OBJECT_CLASS (socketeer_connection_kernel_parent_class)->finalize (object);
}

static void
socketeer_connection_kernel_class_init (SocketeerConnectionKernelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = socketeer_connection_kernel_get_property;
  object_class->set_property = socketeer_connection_kernel_set_property;
  object_class->dispose = socketeer_connection_kernel_dispose;
  object_class->finalize = socketeer_connection_kernel_finalize;
  widget_class->map = socketeer_connection_kernel_map;
  widget_class->unmap = socketeer_connection_kernel_unmap;
  props[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL, SKT_TYPE_CONNECTION, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-connection-kernel.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionKernel, verdict_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionKernel, box);
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, gpointer user_data)
{
  socketeer_value_row_copy (SOCKETEER_VALUE_ROW (row));
}

static void
add_heading (SocketeerConnectionKernel *self, const char *title)
{
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (label, "kernel-heading");
  gtk_box_append (self->box, label);
}

static void
add_group (SocketeerConnectionKernel *self, SocketeerKernelGroup group)
{
  GtkWidget *list = gtk_list_box_new ();
  const char *title = socketeer_kernel_group_get_title (group);
  guint n;
  const SocketeerKernelRow *rows = socketeer_kernel_rows_get (&n);

  add_heading (self, title);
  add_graphs (self, group);
  gtk_list_box_set_activate_on_single_click (GTK_LIST_BOX (list), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_widget_add_css_class (list, "values");
  for (guint i = 0; i < n; i++)
    if (rows[i].group == group)
      {
        GtkWidget *row = socketeer_value_row_new (_ (rows[i].name), _ (rows[i].name), _ (rows[i].caption), 1, VALUE_CHARS,
                                                  FALSE, NULL);
        g_ptr_array_add (self->rows, row);
        gtk_list_box_append (GTK_LIST_BOX (list), row);
      }
  g_signal_connect (list, "row-activated", G_CALLBACK (row_activated_cb), NULL);
  gtk_box_append (self->box, list);
}

static void
socketeer_connection_kernel_init (SocketeerConnectionKernel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->history = skt_tcp_history_new ();
  self->rows = g_ptr_array_new ();
  for (guint group = 0; group < SOCKETEER_N_KERNEL_GROUPS; group++)
    add_group (self, group);
  self->signals = g_signal_group_new (SKT_TYPE_CONNECTION);
  g_signal_group_connect (self->signals, "sampled", G_CALLBACK (sampled_cb), self);
  g_signal_group_connect (self->signals, "notify::state", G_CALLBACK (state_changed_cb), self);
}
