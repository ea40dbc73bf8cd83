/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-connection.h"

#include "skt-connection-private.h"

#include <glib/gi18n-lib.h>

/* SktConnection:
 *
 * The main thread's copy of what its transport, on the I/O thread, last published. */

enum
{
  PROP_0,
  PROP_ID,
  PROP_STATE,
  PROP_LOCAL_ADDRESS,
  PROP_REMOTE_ADDRESS,
  PROP_BYTES_RECEIVED,
  PROP_BYTES_SENT,
  PROP_BYTES_QUEUED,
  PROP_BYTES_ACKNOWLEDGED,
  PROP_REASON,
  PROP_END_TEXT,
  PROP_READING,
  N_PROPS,
};

enum
{
  SIGNAL_SAMPLED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

struct _SktConnection
{
  GObject parent_instance;

  SktTransport *transport;
  SktConnectionStatus status;
  guint n_watchers;             /* who want samples */
};

G_DEFINE_FINAL_TYPE (SktConnection, skt_connection, G_TYPE_OBJECT)

const char *
skt_state_to_text (SktState state)
{
  switch (state)
    {
    case SKT_STATE_IDLE:
      /* Translators: state of a connection or server: nothing happens yet */
      return _("idle");
    case SKT_STATE_RESOLVING:
      return _("looking up the name");
    case SKT_STATE_CONNECTING:
      return _("connecting");
    case SKT_STATE_CONNECTED:
      return _("connected");
    case SKT_STATE_PEER_FINISHED:
      return _("peer has finished");
    case SKT_STATE_CLOSING:
      return _("closing");
    case SKT_STATE_CLOSED:
      return _("closed");
    case SKT_STATE_FAILED:
      return _("failed");
    case SKT_STATE_LISTENING:
      return _("listening");
    case SKT_STATE_FINISHED:
      /* Translators: state of a connection: this side has sent FIN, the peer may still send */
      return _("you have finished");
    case SKT_STATE_WAITING:
      /* Translators: state of a client or server that will connect or listen again by itself */
      return _("waiting to try again");
    case SKT_N_STATES:
    default:
      g_return_val_if_reached ("");
    }
}

static void
skt_connection_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SktConnection *self = SKT_CONNECTION (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_uint (value, self->transport->id);
      break;
    case PROP_STATE:
      g_value_set_int (value, self->status.state);
      break;
    case PROP_LOCAL_ADDRESS:
      g_value_set_string (value, self->status.local_address);
      break;
    case PROP_REMOTE_ADDRESS:
      g_value_set_string (value, self->status.remote_address);
      break;
    case PROP_BYTES_RECEIVED:
      g_value_set_uint64 (value, self->status.bytes_received);
      break;
    case PROP_BYTES_SENT:
      g_value_set_uint64 (value, self->status.bytes_sent);
      break;
    case PROP_BYTES_QUEUED:
      g_value_set_uint64 (value, self->status.bytes_queued);
      break;
    case PROP_BYTES_ACKNOWLEDGED:
      g_value_set_uint64 (value, self->status.bytes_acknowledged);
      break;
    case PROP_REASON:
      g_value_set_int (value, self->status.reason);
      break;
    case PROP_END_TEXT:
      g_value_set_string (value, self->status.end_text);
      break;
    case PROP_READING:
      g_value_set_boolean (value, !self->status.is_read_stopped);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
skt_connection_finalize (GObject *object)
{
  SktConnection *self = SKT_CONNECTION (object);

  if (self->n_watchers > 0)
    skt_transport_request_sampled (self->transport, FALSE);
  skt_connection_status_clear (&self->status);
  g_clear_pointer (&self->transport, skt_transport_unref);

  G_OBJECT_CLASS (skt_connection_parent_class)->finalize (object);
}

static void
skt_connection_class_init (SktConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = skt_connection_get_property;
  object_class->finalize = skt_connection_finalize;

  properties[PROP_ID] = g_param_spec_uint ("id", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, SKT_N_STATES - 1, SKT_STATE_IDLE, flags);
  properties[PROP_LOCAL_ADDRESS] = g_param_spec_string ("local-address", NULL, NULL, NULL, flags);
  properties[PROP_REMOTE_ADDRESS] = g_param_spec_string ("remote-address", NULL, NULL, NULL, flags);
  properties[PROP_BYTES_RECEIVED] = g_param_spec_uint64 ("bytes-received", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_BYTES_SENT] = g_param_spec_uint64 ("bytes-sent", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_BYTES_QUEUED] = g_param_spec_uint64 ("bytes-queued", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_BYTES_ACKNOWLEDGED] =
      g_param_spec_uint64 ("bytes-acknowledged", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_REASON] = g_param_spec_int ("reason", NULL, NULL, 0, SKT_N_REASONS - 1, SKT_REASON_NONE, flags);
  properties[PROP_END_TEXT] = g_param_spec_string ("end-text", NULL, NULL, NULL, flags);
  properties[PROP_READING] = g_param_spec_boolean ("reading", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_SAMPLED] =
      g_signal_new ("sampled", SKT_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
skt_connection_init (SktConnection *self)
{
}

SktConnection *
_skt_connection_new (SktTransport *transport, const SktConnectionStatus *status)
{
  SktConnection *self = g_object_new (SKT_TYPE_CONNECTION, NULL);

  self->transport = skt_transport_ref (transport);
  skt_connection_status_copy (&self->status, status);
  return self;
}

void
_skt_connection_update (SktConnection *self, const SktConnectionStatus *status)
{
  const SktConnectionStatus *old = &self->status;
  const struct
  {
    guint property;
    gboolean has_changed;
  } changes[] = {
    { PROP_LOCAL_ADDRESS, g_strcmp0 (old->local_address, status->local_address) != 0 },
    { PROP_REMOTE_ADDRESS, g_strcmp0 (old->remote_address, status->remote_address) != 0 },
    { PROP_BYTES_RECEIVED, old->bytes_received != status->bytes_received },
    { PROP_BYTES_SENT, old->bytes_sent != status->bytes_sent },
    { PROP_BYTES_QUEUED, old->bytes_queued != status->bytes_queued },
    { PROP_BYTES_ACKNOWLEDGED, old->bytes_acknowledged != status->bytes_acknowledged },
    { PROP_REASON, old->reason != status->reason },
    { PROP_END_TEXT, g_strcmp0 (old->end_text, status->end_text) != 0 },
    { PROP_READING, old->is_read_stopped != status->is_read_stopped },
    { PROP_STATE, old->state != status->state },
  };
  gboolean has_sample = status->sample != NULL && old->sample != status->sample;

  skt_connection_status_copy (&self->status, status);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    if (changes[i].has_changed)
      g_object_notify_by_pspec (G_OBJECT (self), properties[changes[i].property]);
  if (has_sample)
    g_signal_emit (self, signals[SIGNAL_SAMPLED], 0);
}

SktTransport *
_skt_connection_get_transport (SktConnection *self)
{
  return self->transport;
}

guint32
skt_connection_get_id (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), 0);
  return self->transport->id;
}

SktState
skt_connection_get_state (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), SKT_STATE_IDLE);
  return self->status.state;
}

const char *
skt_connection_get_local_address (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), NULL);
  return self->status.local_address;
}

const char *
skt_connection_get_remote_address (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), NULL);
  return self->status.remote_address;
}

guint64
skt_connection_get_bytes_received (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), 0);
  return self->status.bytes_received;
}

guint64
skt_connection_get_bytes_sent (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), 0);
  return self->status.bytes_sent;
}

guint64
skt_connection_get_bytes_queued (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), 0);
  return self->status.bytes_queued;
}

guint64
skt_connection_get_bytes_acknowledged (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), 0);
  return self->status.bytes_acknowledged;
}

const SktTcpInfo *
skt_connection_get_sample (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), NULL);
  return self->status.sample;
}

void
skt_connection_set_sampled (SktConnection *self, gboolean is_sampled)
{
  g_return_if_fail (SKT_IS_CONNECTION (self));
  g_return_if_fail (is_sampled || self->n_watchers > 0);

  if (is_sampled ? self->n_watchers++ == 0 : --self->n_watchers == 0)
    skt_transport_request_sampled (self->transport, is_sampled);
}

guint64
skt_connection_get_n_reads (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), 0);
  return self->status.n_reads;
}

guint64
skt_connection_get_n_writes (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), 0);
  return self->status.n_writes;
}

gint64
skt_connection_get_last_traffic (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), 0);
  return (gint64) (self->status.last_traffic_ns / 1000);
}

guint
skt_connection_list_queued (SktConnection *self, guint max, GPtrArray *bytes)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), 0);
  return skt_transport_list_queued (self->transport, max, bytes);
}

void
skt_connection_get_reply_times (SktConnection *self, SktReplySummary *ret_summary)
{
  g_return_if_fail (SKT_IS_CONNECTION (self));
  skt_transport_get_reply_times (self->transport, ret_summary);
}

gint64
skt_connection_get_opened_time (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), 0);
  return self->status.opened_time;
}

SktReason
skt_connection_get_reason (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), SKT_REASON_NONE);
  return self->status.reason;
}

const char *
skt_connection_get_end_text (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), NULL);
  return self->status.end_text;
}

gboolean
skt_connection_can_send (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), FALSE);
  return self->status.state == SKT_STATE_CONNECTED || self->status.state == SKT_STATE_PEER_FINISHED;
}

gboolean
skt_connection_send_bytes (SktConnection *self, GBytes *bytes, GError **error)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);
  return skt_transport_queue_bytes (self->transport, bytes, error);
}

void
skt_connection_disconnect (SktConnection *self)
{
  g_return_if_fail (SKT_IS_CONNECTION (self));
  skt_transport_request_disconnect (self->transport);
}

void
skt_connection_finish (SktConnection *self)
{
  g_return_if_fail (SKT_IS_CONNECTION (self));
  skt_transport_request_finish (self->transport);
}

void
skt_connection_discard_queued (SktConnection *self)
{
  g_return_if_fail (SKT_IS_CONNECTION (self));

  skt_transport_request_discard (self->transport);
}

void
skt_connection_reset (SktConnection *self)
{
  g_return_if_fail (SKT_IS_CONNECTION (self));
  skt_transport_request_reset (self->transport);
}

void
skt_connection_set_reading (SktConnection *self, gboolean is_reading)
{
  g_return_if_fail (SKT_IS_CONNECTION (self));
  skt_transport_request_reading (self->transport, is_reading);
}

gboolean
skt_connection_is_reading (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), FALSE);
  return !self->status.is_read_stopped;
}

gboolean
skt_connection_send_urgent (SktConnection *self, guint8 byte, GError **error)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), FALSE);
  return skt_transport_queue_urgent (self->transport, byte, error);
}

gboolean
skt_connection_is_open (SktConnection *self)
{
  g_return_val_if_fail (SKT_IS_CONNECTION (self), FALSE);
  switch (self->status.state)
    {
    case SKT_STATE_CONNECTED:
    case SKT_STATE_PEER_FINISHED:
    case SKT_STATE_FINISHED:
    case SKT_STATE_CLOSING:
      return TRUE;
    case SKT_STATE_IDLE:
    case SKT_STATE_RESOLVING:
    case SKT_STATE_CONNECTING:
    case SKT_STATE_CLOSED:
    case SKT_STATE_FAILED:
    case SKT_STATE_LISTENING:
    case SKT_STATE_WAITING:
    case SKT_N_STATES:
    default:
      return FALSE;
    }
}
