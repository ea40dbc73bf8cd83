/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-sent-marks.h"

#include "socketeer-throttle.h"

/* Marks change with what is acknowledged: at most so often, because a frame costs more than asking. */
#define RENEW_MS 100

struct _SocketeerSentMarks
{
  SocketeerByteView *view;      /* borrowed */
  SktSession *session;
  SocketeerThrottle throttle;
  gboolean is_watching;
};

static gboolean
get_ack_cb (guint32 connection, guint64 *ret_acknowledged, gboolean *ret_is_over, gpointer user_data)
{
  SocketeerSentMarks *self = user_data;
  SktConnection *found = skt_session_get_connection (self->session, connection);
  SktState state;

  if (found == NULL)
    return FALSE;
  state = skt_connection_get_state (found);
  *ret_acknowledged = skt_connection_get_bytes_acknowledged (found);
  *ret_is_over = state == SKT_STATE_CLOSED || state == SKT_STATE_FAILED;
  return TRUE;
}

static void
set_watching (SocketeerSentMarks *self, gboolean is_watching)
{
  if (self->is_watching == is_watching)
    return;
  self->is_watching = is_watching;
  skt_session_watch_acknowledgements (self->session, is_watching);
}

static void
mapped_cb (GtkWidget *view, gpointer user_data)
{
  set_watching (user_data, TRUE);
}

static void
unmapped_cb (GtkWidget *view, gpointer user_data)
{
  set_watching (user_data, FALSE);
}

static void
renew (gpointer data, gpointer unused)
{
  socketeer_byte_view_acks_changed (((SocketeerSentMarks *) data)->view);
}

static void
changed_cb (SktSession *session, GParamSpec *pspec, gpointer user_data)
{
  SocketeerSentMarks *self = user_data;

  if (self->is_watching)
    socketeer_throttle_queue (&self->throttle, RENEW_MS, renew, self);
}

SocketeerSentMarks *
socketeer_sent_marks_new (SocketeerByteView *view, SktSession *session)
{
  SocketeerSentMarks *self = g_new0 (SocketeerSentMarks, 1);

  self->view = view;
  self->session = g_object_ref (session);
  socketeer_byte_view_set_acks (view, get_ack_cb, self);
  g_signal_connect (view, "map", G_CALLBACK (mapped_cb), self);
  g_signal_connect (view, "unmap", G_CALLBACK (unmapped_cb), self);
  g_signal_connect (session, "notify::bytes-acknowledged", G_CALLBACK (changed_cb), self);
  /* what was not acknowledged before the end never will be */
  g_signal_connect (session, "notify::n-open", G_CALLBACK (changed_cb), self);
  set_watching (self, gtk_widget_get_mapped (GTK_WIDGET (view)));
  return self;
}

void
socketeer_sent_marks_free (SocketeerSentMarks *self)
{
  socketeer_throttle_clear (&self->throttle);
  set_watching (self, FALSE);
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_signal_handlers_disconnect_by_data (self->view, self);
  socketeer_byte_view_set_acks (self->view, NULL, NULL);
  g_object_unref (self->session);
  g_free (self);
}
