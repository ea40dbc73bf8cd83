/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-transport-private.h"

#include "skt-tcp-info.h"

/* What the kernel knows of a connection, asked for only while somebody looks: all of it for a connection that is
 * sampled, and how much is acknowledged for those that have something unacknowledged while their session's marks are shown. */

#define SAMPLE_INTERVAL (250 * G_TIME_SPAN_MILLISECOND)
#define ACK_INTERVAL (100 * G_TIME_SPAN_MILLISECOND)
/* Connections that are asked at a time. */
#define ACKS_AT_ONCE 256

/* -- Acknowledged --------------------------------------------------------------------------------------------- */

/* SIOCOUTQ counts from the first byte that is not acknowledged, so that nothing has to be known of the SYN, which
 * tcpi_bytes_acked counts on the connecting side only. A FIN counts as one, and is the last to be acknowledged. */
void
_skt_transport_update_acknowledged (SktTransport *self)
{
  guint64 outstanding, acknowledged;

  if (self->fd < 0)
    return;
  outstanding = skt_tcp_read_send_queue (self->fd);
  if (!skt_tcp_is_known (outstanding))
    return;
  if (self->has_sent_fin && outstanding > 0)
    outstanding--;
  acknowledged = self->now.bytes_sent - MIN (outstanding, self->now.bytes_sent);
  if (acknowledged <= self->now.bytes_acknowledged)
    return;
  self->session->now.bytes_acknowledged += acknowledged - self->now.bytes_acknowledged;
  self->now.bytes_acknowledged = acknowledged;
  _skt_transport_touch (self);
}

static gboolean
ack_timer_cb (gpointer data)
{
  SktSessionWorker *session = data;

  for (guint n = MIN (session->unacknowledged.length, ACKS_AT_ONCE); n > 0; n--)
    {
      g_autoptr (SktTransport) transport = g_queue_pop_head (&session->unacknowledged);

      transport->is_unacknowledged = FALSE;
      _skt_transport_update_acknowledged (transport);
      _skt_transport_expect_acknowledgement (transport);
    }
  return G_SOURCE_CONTINUE;
}

void
_skt_transport_expect_acknowledgement (SktTransport *self)
{
  SktSessionWorker *session = self->session;

  if (!session->watches_acks || self->is_unacknowledged || self->fd < 0 ||
      self->now.bytes_acknowledged >= self->now.bytes_sent)
    return;
  self->is_unacknowledged = TRUE;
  g_queue_push_tail (&session->unacknowledged, skt_transport_ref (self));
  if (session->ack_timer == NULL)
    session->ack_timer = _skt_engine_add_timer_in_worker (session->engine, -1, ack_timer_cb, session);
  if (g_source_get_ready_time (session->ack_timer) < 0)
    g_source_set_ready_time (session->ack_timer, g_get_monotonic_time () + ACK_INTERVAL);
}

static void
forget_unacknowledged (SktSessionWorker *session)
{
  SktTransport *transport;

  while ((transport = g_queue_pop_head (&session->unacknowledged)) != NULL)
    {
      transport->is_unacknowledged = FALSE;
      skt_transport_unref (transport);
    }
  _skt_clear_source (&session->ack_timer);
}

void
skt_session_worker_watch_acks (SktSessionWorker *session, gboolean watches)
{
  GHashTableIter iter;
  gpointer transport;

  session->watches_acks = watches && session->journal != NULL;
  if (!session->watches_acks)
    {
      forget_unacknowledged (session);
      return;
    }
  g_hash_table_iter_init (&iter, session->transports);
  while (g_hash_table_iter_next (&iter, NULL, &transport))
    _skt_transport_expect_acknowledgement (transport);
}

/* -- Samples -------------------------------------------------------------------------------------------------- */

static void
take_sample (SktTransport *self)
{
  SktTcpInfo *sample = g_atomic_rc_box_new0 (SktTcpInfo);

  _skt_transport_update_acknowledged (self);
  if (!skt_tcp_info_read (self->fd, sample))
    {
      g_atomic_rc_box_release (sample);
      return;
    }
  sample->queued = _skt_transport_get_queued (self);
  sample->sent = self->now.bytes_sent;
  sample->acknowledged = self->now.bytes_acknowledged;
  sample->received = self->now.bytes_received;
  g_clear_pointer (&self->now.sample, g_atomic_rc_box_release);
  self->now.sample = sample;
  _skt_transport_touch (self);
}

static gboolean
sample_timer_cb (gpointer data)
{
  SktTransport *self = data;

  take_sample (self);
  g_source_set_ready_time (self->sample_timer, g_get_monotonic_time () + SAMPLE_INTERVAL);
  return G_SOURCE_CONTINUE;
}

static void
stop_sampling (SktTransport *self)
{
  _skt_clear_source (&self->sample_timer);
}

void
_skt_transport_update_sampling (SktTransport *self)
{
  if (!self->is_sampled || self->fd < 0)
    stop_sampling (self);
  else if (self->sample_timer == NULL)
    self->sample_timer = _skt_engine_add_timer_in_worker (self->session->engine, 0, sample_timer_cb, self);
}

void
skt_transport_set_sampled (SktTransport *self, gboolean is_sampled)
{
  self->is_sampled = is_sampled != FALSE;
  _skt_transport_update_sampling (self);
}

void
_skt_transport_take_last_sample (SktTransport *self)
{
  stop_sampling (self);
  if (self->is_sampled)
    take_sample (self);
  else
    _skt_transport_update_acknowledged (self);
  self->session->now.bytes_abandoned += self->now.bytes_sent - self->now.bytes_acknowledged;
}
