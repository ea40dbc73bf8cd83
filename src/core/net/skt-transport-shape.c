/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-transport-private.h"

#include "skt-connection-private.h"

#include <glib/gi18n-lib.h>

/* Writing in pieces with pauses, and joining messages. The order is the queue's: while there is a pause nothing of it is written. */

/* -- I/O thread ----------------------------------------------------------------------------------------------- */

gboolean
_skt_transport_is_pausing (SktTransport *self)
{
  return self->pause_timer != NULL && g_source_get_ready_time (self->pause_timer) != -1;
}

gboolean
_skt_transport_can_write (SktTransport *self)
{
  gboolean has_some;

  if (_skt_transport_is_pausing (self))
    return FALSE;
  g_mutex_lock (&self->session->lock);
  has_some = self->queue.size > skt_send_queue_get_held (&self->queue);
  g_mutex_unlock (&self->session->lock);
  return has_some;
}

static gboolean
pause_timer_cb (gpointer data)
{
  g_autoptr (SktTransport) self = skt_transport_ref (data);

  skt_transport_write (self);
  _skt_transport_touch (self);
  return G_SOURCE_CONTINUE;
}

void
_skt_transport_begin_pause (SktTransport *self, guint ms)
{
  gint64 duration = (gint64) ms * G_TIME_SPAN_MILLISECOND;

  if (self->pause_timer == NULL)
    self->pause_timer = _skt_engine_add_timer_in_worker (self->session->engine, duration, pause_timer_cb, self);
  else
    g_source_set_ready_time (self->pause_timer, g_get_monotonic_time () + duration);
}

void
_skt_transport_end_pause (SktTransport *self)
{
  _skt_clear_source (&self->pause_timer);
}

gboolean
skt_transport_accepts_bytes (SktTransport *self)
{
  gboolean accepts;

  g_mutex_lock (&self->session->lock);
  accepts = self->accepts_bytes;
  g_mutex_unlock (&self->session->lock);
  return accepts;
}

gboolean
skt_transport_has_room (SktTransport *self, gsize size, gsize bound)
{
  gsize waiting;

  if (_skt_transport_is_pausing (self) || !skt_session_worker_can_send (self->session))
    return FALSE;
  g_mutex_lock (&self->session->lock);
  waiting = self->queue.size - skt_send_queue_get_held (&self->queue);
  g_mutex_unlock (&self->session->lock);
  return waiting == 0 || waiting + size <= bound;
}

gboolean
skt_transport_push (SktTransport *self, GBytes *bytes, const SktShape *shape, gconstpointer owner, GError **error)
{
  SktSessionWorker *session = self->session;
  gsize size = g_bytes_get_size (bytes);
  gboolean can_queue;

  g_mutex_lock (&session->lock);
  can_queue = _skt_transport_check_can_queue_locked (self, size, error);
  if (can_queue)
    {
      skt_send_queue_push_shaped (&self->queue, bytes, 0, shape, owner);
      session->reserve_left -= MIN (session->reserve_left, size + sizeof (SktRecord));
    }
  g_mutex_unlock (&session->lock);
  _skt_transport_touch (self);
  return can_queue;
}

guint
skt_transport_drop (SktTransport *self, gconstpointer owner)
{
  guint n;

  g_mutex_lock (&self->session->lock);
  n = skt_send_queue_drop (&self->queue, owner);
  g_mutex_unlock (&self->session->lock);
  if (n > 0)
    {
      _skt_transport_touch (self);
      _skt_transport_update_interest (self);
    }
  return n;
}

static void
release_in_worker (gpointer data)
{
  SktTransport *self = data;

  if (self->fd < 0)
    return;
  g_mutex_lock (&self->session->lock);
  skt_send_queue_release (&self->queue);
  g_mutex_unlock (&self->session->lock);
  skt_transport_write (self);
  _skt_transport_touch (self);
}

static void
note_dropped (SktTransport *self, guint64 n)
{
  SktRecord record = { .kind = SKT_RECORD_NOTE, .connection = self->id };
  g_autofree char *sentence = NULL;

  sentence = g_strdup_printf (ngettext ("sending in pieces was stopped: %lu byte was not sent",
                                        "sending in pieces was stopped: %lu bytes were not sent", n),
                              (gulong) n);
  skt_session_worker_append_event (self->session, record, sentence);
}

static void
drop_shaped_in_worker (gpointer data)
{
  SktTransport *self = data;
  guint64 n;

  if (self->fd < 0)
    return;
  g_mutex_lock (&self->session->lock);
  n = skt_send_queue_drop_shaped (&self->queue);
  g_mutex_unlock (&self->session->lock);
  if (n == 0)
    return;
  note_dropped (self, n);
  _skt_transport_end_pause (self);
  skt_transport_write (self);
  _skt_transport_touch (self);
}

/* -- Main thread ---------------------------------------------------------------------------------------------- */

gboolean
skt_transport_request_release (SktTransport *self)
{
  return _skt_transport_request (self, release_in_worker, FALSE);
}

gboolean
skt_transport_request_drop_shaped (SktTransport *self)
{
  return _skt_transport_request (self, drop_shaped_in_worker, FALSE);
}

gboolean
skt_connection_send_shaped (SktConnection *self, GBytes *bytes, const SktShape *shape, GError **error)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);

  return skt_transport_queue_shaped (_skt_connection_get_transport (self), bytes, shape, error);
}

void
skt_connection_release (SktConnection *self)
{
  g_return_if_fail (SKT_IS_CONNECTION (self));
  skt_transport_request_release (_skt_connection_get_transport (self));
}

void
skt_connection_drop_shaped (SktConnection *self)
{
  g_return_if_fail (SKT_IS_CONNECTION (self));
  skt_transport_request_drop_shaped (_skt_connection_get_transport (self));
}
