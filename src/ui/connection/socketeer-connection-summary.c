/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-connection-summary.h"

#include <glib/gi18n.h>

#include "skt-life.h"
#include "socketeer-format.h"
#include "socketeer-paths.h"
#include "socketeer-value-row.h"

#define RENEW_MS 500
#define VALUE_CHARS 20

typedef enum
{
  ROW_STATE,
  ROW_PEER,
  ROW_LOCAL,
  ROW_OPENED,
  ROW_DURATION,
  ROW_IDLE,
  ROW_RECEIVED,
  ROW_RECEIVED_RATE,
  ROW_SENT,
  ROW_SENT_RATE,
  ROW_QUEUED,
  ROW_READS,
  ROW_WRITES,
  ROW_REPLIES,
  ROW_LAST_REPLY,
  ROW_MIN_REPLY,
  ROW_MEDIAN_REPLY,
  ROW_P99_REPLY,
  N_ROWS
} Row;

/* What was counted when. */
typedef struct
{
  gint64 time; /* us, monotonic; 0: never */
  guint64 received, sent;
} Sample;

struct _SocketeerConnectionSummary
{
  GtkWidget parent_instance;

  /* template */
  GtkListBox *list;

  /* owned */
  SktConnection *connection;
  GSignalGroup *signals;

  /* borrowed: children */
  SocketeerValueRow *rows[N_ROWS];

  guint timer;         /* 0: not mapped, or nothing to count */
  Sample last;         /* of the timer */
  double received_rate, sent_rate;
};

enum
{
  PROP_0,
  PROP_CONNECTION,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (SocketeerConnectionSummary, socketeer_connection_summary, GTK_TYPE_WIDGET)

/* -- Values ----------------------------------------------------------------------------------------------------- */

static void
set_value (SocketeerConnectionSummary *self, Row row, char *value)
{
  socketeer_value_row_set_value (self->rows[row], value);
  g_free (value);
}

static char *
dup_time (gint64 time_us)
{
  g_autoptr (GDateTime) time = NULL;

  if (time_us == 0)
    return NULL;
  time = g_date_time_new_from_unix_local (time_us / G_USEC_PER_SEC);
  /* Translators: date and time, see g_date_time_format() */
  return g_date_time_format (time, _ ("%Y-%m-%d %H:%M:%S"));
}

static char *
dup_duration (gint64 duration_us)
{
  gint64 seconds = MAX (duration_us, 0) / G_USEC_PER_SEC;

  if (seconds < 3600)
    return g_strdup_printf ("%" G_GINT64_FORMAT ":%02" G_GINT64_FORMAT, seconds / 60, seconds % 60);
  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02" G_GINT64_FORMAT ":%02" G_GINT64_FORMAT, seconds / 3600, seconds / 60 % 60,
                          seconds % 60);
}

static gboolean
is_open (SktState state)
{
  return state == SKT_STATE_CONNECTED || state == SKT_STATE_PEER_FINISHED || state == SKT_STATE_FINISHED || state == SKT_STATE_CLOSING;
}

static void
update_times (SocketeerConnectionSummary *self, gboolean open)
{
  gint64 opened = skt_connection_get_opened_time (self->connection), last = skt_connection_get_last_traffic (self->connection);

  set_value (self, ROW_OPENED, dup_time (opened));
  set_value (self, ROW_DURATION, open && opened != 0 ? dup_duration (g_get_real_time () - opened) : NULL);
  /* without any traffic: since it was opened */
  set_value (self, ROW_IDLE, open && opened != 0 ? dup_duration (g_get_real_time () - MAX (opened, last)) : NULL);
}

static void
update_replies (SocketeerConnectionSummary *self)
{
  SktReplySummary replies;
  gboolean has_any;

  skt_connection_get_reply_times (self->connection, &replies);
  has_any = replies.count > 0;
  set_value (self, ROW_REPLIES, socketeer_format_count (replies.count));
  set_value (self, ROW_LAST_REPLY, has_any ? skt_life_duration_to_text ((gint64) replies.last) : NULL);
  set_value (self, ROW_MIN_REPLY, has_any ? skt_life_duration_to_text ((gint64) replies.min) : NULL);
  set_value (self, ROW_MEDIAN_REPLY, has_any ? skt_life_duration_to_text ((gint64) replies.median) : NULL);
  set_value (self, ROW_P99_REPLY, has_any ? skt_life_duration_to_text ((gint64) replies.p99) : NULL);
}

static void
update (SocketeerConnectionSummary *self)
{
  SktState state;
  const char *end;
  gboolean open;

  if (self->connection == NULL)
    return;
  state = skt_connection_get_state (self->connection);
  end = skt_connection_get_end_text (self->connection);
  open = is_open (state);
  socketeer_value_row_set_value (self->rows[ROW_STATE], end != NULL ? end : skt_state_to_text (state));
  socketeer_value_row_set_value (self->rows[ROW_PEER], skt_connection_get_remote_address (self->connection));
  socketeer_value_row_set_value (self->rows[ROW_LOCAL], skt_connection_get_local_address (self->connection));
  update_times (self, open);
  set_value (self, ROW_RECEIVED, socketeer_format_bytes (skt_connection_get_bytes_received (self->connection)));
  set_value (self, ROW_SENT, socketeer_format_bytes (skt_connection_get_bytes_sent (self->connection)));
  set_value (self, ROW_QUEUED, socketeer_format_bytes (skt_connection_get_bytes_queued (self->connection)));
  set_value (self, ROW_READS, socketeer_format_count (skt_connection_get_n_reads (self->connection)));
  set_value (self, ROW_WRITES, socketeer_format_count (skt_connection_get_n_writes (self->connection)));
  update_replies (self);
  set_value (self, ROW_RECEIVED_RATE, open ? socketeer_format_rate (self->received_rate) : NULL);
  set_value (self, ROW_SENT_RATE, open ? socketeer_format_rate (self->sent_rate) : NULL);
}

/* -- Counting --------------------------------------------------------------------------------------------------- */

static void
take_sample (SocketeerConnectionSummary *self)
{
  Sample now = { g_get_monotonic_time (), skt_connection_get_bytes_received (self->connection),
                 skt_connection_get_bytes_sent (self->connection) };
  double seconds = (double) (now.time - self->last.time) / G_USEC_PER_SEC;

  if (self->last.time != 0 && seconds > 0)
    {
      self->received_rate = (now.received - self->last.received) / seconds;
      self->sent_rate = (now.sent - self->last.sent) / seconds;
    }
  self->last = now;
}

static gboolean
timer_cb (gpointer user_data)
{
  SocketeerConnectionSummary *self = user_data;

  take_sample (self);
  update (self);
  return G_SOURCE_CONTINUE;
}

/* Only what somebody sees, and only what may change, is counted. */
static void
update_timer (SocketeerConnectionSummary *self)
{
  gboolean should_run = gtk_widget_get_mapped (GTK_WIDGET (self)) && self->connection != NULL &&
                        is_open (skt_connection_get_state (self->connection));

  if (!should_run)
    g_clear_handle_id (&self->timer, g_source_remove);
  else if (self->timer == 0)
    {
      self->last = (Sample){ 0 };
      self->received_rate = self->sent_rate = 0;
      take_sample (self);
      self->timer = g_timeout_add (RENEW_MS, timer_cb, self);
    }
}

static void
state_changed_cb (SktConnection *connection, GParamSpec *pspec, gpointer user_data)
{
  update_timer (user_data);
  update (user_data);
}

static void
set_connection (SocketeerConnectionSummary *self, SktConnection *connection)
{
  if (!g_set_object (&self->connection, connection))
    return;
  g_signal_group_set_target (self->signals, connection);
  g_clear_handle_id (&self->timer, g_source_remove);
  update_timer (self);
  update (self);
}

/* -- GObject ---------------------------------------------------------------------------------------------------- */

static void
socketeer_connection_summary_map (GtkWidget *widget)
{
  SocketeerConnectionSummary *self = SOCKETEER_CONNECTION_SUMMARY (widget);

  GTK_WIDGET_CLASS (socketeer_connection_summary_parent_class)->map (widget);
  update_timer (self);
  update (self);
}

static void
socketeer_connection_summary_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (socketeer_connection_summary_parent_class)->unmap (widget);
  update_timer (SOCKETEER_CONNECTION_SUMMARY (widget));
}

static void
socketeer_connection_summary_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CONNECTION:
      g_value_set_object (value, SOCKETEER_CONNECTION_SUMMARY (object)->connection);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_connection_summary_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CONNECTION:
      set_connection (SOCKETEER_CONNECTION_SUMMARY (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_connection_summary_dispose (GObject *object)
{
  SocketeerConnectionSummary *self = SOCKETEER_CONNECTION_SUMMARY (object);
  GtkWidget *child;

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_object (&self->connection);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (socketeer_connection_summary_parent_class)->dispose (object);
}

static void
socketeer_connection_summary_class_init (SocketeerConnectionSummaryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = socketeer_connection_summary_get_property;
  object_class->set_property = socketeer_connection_summary_set_property;
  object_class->dispose = socketeer_connection_summary_dispose;
  widget_class->map = socketeer_connection_summary_map;
  widget_class->unmap = socketeer_connection_summary_unmap;
  props[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL, SKT_TYPE_CONNECTION, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-connection-summary.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionSummary, list);
}

static void
add_row (SocketeerConnectionSummary *self, Row row, const char *name, gboolean is_wide)
{
  GtkWidget *widget = socketeer_value_row_new (name, name, NULL, row == ROW_STATE ? 2 : 1, VALUE_CHARS, is_wide, NULL);

  self->rows[row] = SOCKETEER_VALUE_ROW (widget);
  gtk_list_box_append (self->list, widget);
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, gpointer user_data)
{
  socketeer_value_row_copy (SOCKETEER_VALUE_ROW (row));
}

static void
socketeer_connection_summary_init (SocketeerConnectionSummary *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_row (self, ROW_STATE, _ ("State"), TRUE);
  add_row (self, ROW_PEER, _ ("Peer"), TRUE);
  add_row (self, ROW_LOCAL, _ ("This side"), TRUE);
  /* Translators: when the connection was opened: date and time */
  add_row (self, ROW_OPENED, C_ ("connection", "Opened"), FALSE);
  /* Translators: how long the connection has been open: hours, minutes, seconds */
  add_row (self, ROW_DURATION, C_ ("connection", "Open for"), FALSE);
  /* Translators: since when nothing was sent or received: hours, minutes, seconds */
  add_row (self, ROW_IDLE, C_ ("connection", "Idle for"), FALSE);
  add_row (self, ROW_RECEIVED, _ ("Received"), FALSE);
  add_row (self, ROW_RECEIVED_RATE, _ ("Received per second"), FALSE);
  add_row (self, ROW_SENT, _ ("Sent"), FALSE);
  add_row (self, ROW_SENT_RATE, _ ("Sent per second"), FALSE);
  /* Translators: bytes that the user has sent and that the system has not taken yet */
  add_row (self, ROW_QUEUED, _ ("Waiting to be sent"), FALSE);
  /* Translators: how often read(2) has given bytes of the connection: each is a record, and a row of the transcript */
  add_row (self, ROW_READS, C_ ("connection", "Reads"), FALSE);
  /* Translators: how often write(2) has taken bytes of the connection */
  add_row (self, ROW_WRITES, C_ ("connection", "Writes"), FALSE);
  /* Translators: how often something was received after something was sent */
  add_row (self, ROW_REPLIES, C_ ("connection", "Replies"), FALSE);
  /* Translators: time from the last bytes sent to the first ones received after them */
  add_row (self, ROW_LAST_REPLY, _ ("Last reply after"), FALSE);
  /* Translators: the shortest such time */
  add_row (self, ROW_MIN_REPLY, _ ("Fastest reply after"), FALSE);
  /* Translators: half of the replies came faster */
  add_row (self, ROW_MEDIAN_REPLY, _ ("Median reply after"), FALSE);
  /* xgettext:no-c-format */
  add_row (self, ROW_P99_REPLY, _ ("99% of replies within"), FALSE);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (row_activated_cb), NULL);
  self->signals = g_signal_group_new (SKT_TYPE_CONNECTION);
  g_signal_group_connect (self->signals, "notify::state", G_CALLBACK (state_changed_cb), self);
  g_signal_group_connect (self->signals, "notify::end-text", G_CALLBACK (state_changed_cb), self);
}
