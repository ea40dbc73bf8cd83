/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-tour-private.h"

#include "skt-endpoint.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What is on this computer answers in milliseconds. */
#define PATIENCE_MS 15000
#define PIECE_SIZE 6
#define PIECE_PAUSE_MS 250

static const char message[] = "Hello, server!\n";
static const char *const three[] = { "one\n", "two\n", "three\n" };
static const char whole[] = "one message in pieces\n";
static const char late[] = "The server still has something to say.\n";

/* What is being done. Each change of the sessions lets it go on. */
typedef enum
{
  PHASE_NONE,
  PHASE_END,     /* CONNECT: an older connection is to end first */
  PHASE_PREPARE, /* the server has to listen, and the client to be connected to it */
  PHASE_WRITE,   /* READS: one write after another, while the server does not read */
  PHASE_WAIT,    /* it is done: until it can be seen */
} Phase;

struct _SktTour
{
  GObject parent_instance;

  /* owned */
  SktSession *server, *client; /* NULL: stopped */
  char *host;
  char *seen[SKT_TOUR_N_STEPS]; /* NULL: not done */
  char *problem;
  SktConnection *connection, *peer; /* the two ends of the one that is looked at; NULL: none yet */

  int port;
  SktTourStep step;
  Phase phase;
  guint variant;
  guint n_written;    /* of the three */
  gboolean has_dropped;
  struct
  {
    gboolean is_on;
    guint64 record; /* the first that came after it */
  } asked[2];      /* of this action, by session kind: the client to connect, the server to listen, each once */
  SktTourCounts base; /* of READS: what there was before */
  guint64 base_received, base_read;
  guint patience_id;
  gboolean is_late_sent; /* what the server sends to a half-closed client */
};

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SktTour, skt_tour, G_TYPE_OBJECT)

static void
changed (SktTour *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* -- Where it stands ------------------------------------------------------------------------------------------ */

/* The server's end of the client's connection; NULL: it was not accepted yet, or is another server's. Borrowed. */
static SktConnection *
find_peer (SktTour *self, SktConnection *connection)
{
  GListModel *all = skt_session_get_connections (self->server);

  for (guint i = g_list_model_get_n_items (all); i > 0; i--)
    {
      SktConnection *peer = skt_session_get_connection (self->server, i);
      if (g_strcmp0 (skt_connection_get_remote_address (peer), skt_connection_get_local_address (connection)) == 0 &&
          g_strcmp0 (skt_connection_get_local_address (peer), skt_connection_get_remote_address (connection)) == 0)
        return peer;
    }
  return NULL;
}

static void
take_counts (SktTour *self)
{
  self->base.n_bytes = skt_connection_get_bytes_sent (self->connection);
  self->base.n_writes = skt_connection_get_n_writes (self->connection);
  self->base.n_reads = self->peer != NULL ? skt_connection_get_n_reads (self->peer) : 0;
  self->base_received = skt_connection_get_bytes_received (self->connection);
  self->base_read = self->peer != NULL ? skt_connection_get_bytes_received (self->peer) : 0;
}

/* Since take_counts(). FALSE: not all that was sent was read. */
static gboolean
get_counts (SktTour *self, SktTourCounts *ret_counts)
{
  ret_counts->n_bytes = skt_connection_get_bytes_sent (self->connection) - self->base.n_bytes;
  ret_counts->n_writes = skt_connection_get_n_writes (self->connection) - self->base.n_writes;
  ret_counts->n_reads = self->peer != NULL ? skt_connection_get_n_reads (self->peer) - self->base.n_reads : 0;
  return self->peer != NULL && skt_connection_get_bytes_queued (self->connection) == 0 &&
         skt_connection_get_bytes_received (self->peer) - self->base_read == ret_counts->n_bytes;
}

static void
find_connection (SktTour *self)
{
  SktConnection *connection = skt_session_get_current (self->client);
  SktConnection *peer = connection != NULL ? find_peer (self, connection) : NULL;
  gboolean is_new = connection != self->connection || peer != self->peer;

  if (connection != self->connection)
    self->is_late_sent = FALSE;
  g_set_object (&self->connection, connection);
  g_set_object (&self->peer, peer);
  if (is_new && connection != NULL)
    take_counts (self);
}

/* -- Noticing -------------------------------------------------------------------------------------------------- */

static void
set_done (SktTour *self, SktTourStep step)
{
  SktTourCounts counts;

  get_counts (self, &counts);
  g_free (self->seen[step]);
  self->seen[step] = _skt_tour_step_dup_seen (step, self->connection, self->peer, &counts);
}

static gboolean
has_ended_by (SktConnection *connection, SktReason a, SktReason b)
{
  SktReason reason = skt_connection_get_reason (connection);
  return skt_connection_get_state (connection) == SKT_STATE_CLOSED && (reason == a || reason == b);
}

/* Whether what somebody has done on the connection is what the step is about. */
static gboolean
is_seen (SktTour *self, SktTourStep step)
{
  SktTourCounts counts;

  switch (step)
    {
    case SKT_TOUR_CONNECT:
      return skt_connection_get_opened_time (self->connection) != 0;
    case SKT_TOUR_SEND:
      return self->peer != NULL && skt_connection_get_bytes_received (self->peer) > 0;
    case SKT_TOUR_READS:
      return get_counts (self, &counts) && counts.n_bytes > 0 && counts.n_reads != counts.n_writes;
    case SKT_TOUR_HALF_CLOSE:
      return skt_connection_get_state (self->connection) == SKT_STATE_FINISHED && self->is_late_sent &&
             skt_connection_get_bytes_received (self->connection) >= self->base_received + strlen (late);
    case SKT_TOUR_CLOSE:
      return has_ended_by (self->connection, SKT_REASON_LOCAL_CLOSED, SKT_REASON_PEER_CLOSED);
    case SKT_TOUR_RESET:
      return has_ended_by (self->connection, SKT_REASON_LOCAL_RESET, SKT_REASON_RESET) && self->peer != NULL &&
             !skt_connection_is_open (self->peer);
    case SKT_TOUR_UDP:
    case SKT_TOUR_N_STEPS:
    default:
      return FALSE;
    }
}

static gboolean
notice (SktTour *self)
{
  gboolean has_changed = FALSE;

  for (SktTourStep step = 0; step < SKT_TOUR_N_STEPS; step++)
    if (self->seen[step] == NULL && !(step == self->step && self->phase != PHASE_NONE) && is_seen (self, step))
      {
        set_done (self, step);
        has_changed = TRUE;
      }
  return has_changed;
}

/* Somebody has half-closed it: the server shows that it may still send. */
static void
send_late (SktTour *self)
{
  g_autoptr (GBytes) bytes = NULL;

  if (self->step != SKT_TOUR_HALF_CLOSE || self->is_late_sent || self->peer == NULL ||
      skt_connection_get_state (self->connection) != SKT_STATE_FINISHED ||
      skt_connection_get_state (self->peer) != SKT_STATE_PEER_FINISHED)
    return;
  bytes = g_bytes_new_static (late, strlen (late));
  self->base_received = skt_connection_get_bytes_received (self->connection);
  self->is_late_sent = skt_connection_send_bytes (self->peer, bytes, NULL);
}

/* -- Doing ------------------------------------------------------------------------------------------------------ */

static void
end_action (SktTour *self)
{
  /* Never left not reading: nobody would know why. */
  if (self->phase == PHASE_WRITE && self->peer != NULL)
    skt_connection_set_reading (self->peer, TRUE);
  self->phase = PHASE_NONE;
  g_clear_handle_id (&self->patience_id, g_source_remove);
}

static void
fail (SktTour *self, const char *problem)
{
  end_action (self);
  g_free (self->problem);
  self->problem = g_strdup (problem);
  changed (self);
}

static gboolean
patience_cb (gpointer user_data)
{
  SktTour *self = user_data;

  self->patience_id = 0;
  fail (self, _ ("It takes too long. Close the connection of the client, and try this step again."));
  return G_SOURCE_REMOVE;
}

/* A session and its connection tell of a change one after the other. */
static gboolean
is_idle (SktTour *self)
{
  SktState state = skt_session_get_state (self->client);

  return (state == SKT_STATE_IDLE || state == SKT_STATE_CLOSED || state == SKT_STATE_FAILED) &&
         (self->connection == NULL || !skt_connection_is_open (self->connection));
}

/* What a state allows without anything else: a half-closed connection can be closed, or reset. */
static gboolean
is_ready (SktTour *self, SktState state)
{
  return state == SKT_STATE_CONNECTED ||
         (state == SKT_STATE_FINISHED && (self->step == SKT_TOUR_CLOSE || self->step == SKT_TOUR_RESET));
}

/* The journal knows what became of it; the state may still be the one of before. */
static gboolean
has_failed_since (SktSession *session, guint64 record_number)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (skt_session_get_journal (session));
  SktRecord record;

  for (; skt_journal_reader_get_record (reader, record_number, &record); record_number++)
    if (record.kind == SKT_RECORD_FAILED)
      return skt_session_get_state (session) == SKT_STATE_FAILED && skt_session_get_problem (session) != NULL;
  return FALSE;
}

/* TRUE the first time. */
static gboolean
ask_once (SktTour *self, SktSession *session)
{
  SktSessionKind kind = skt_session_get_kind (session);

  if (self->asked[kind].is_on)
    {
      if (has_failed_since (session, self->asked[kind].record))
        fail (self, skt_session_get_problem (session));
      return FALSE;
    }
  self->asked[kind].is_on = TRUE;
  self->asked[kind].record = skt_journal_get_n_records (skt_session_get_journal (session));
  return TRUE;
}

/* What there is of the connection must go: it is made anew. Once: another time would cut it off. */
static void
drop_connection (SktTour *self)
{
  SktState state = skt_session_get_state (self->client);

  if (self->has_dropped)
    return;
  self->has_dropped = TRUE;
  if (state == SKT_STATE_WAITING || state == SKT_STATE_RESOLVING || state == SKT_STATE_CONNECTING)
    skt_session_cancel (self->client);
  else if (state == SKT_STATE_FINISHED && self->peer != NULL)
    skt_connection_disconnect (self->peer);
  else
    skt_session_disconnect_all (self->client);
}

static gboolean
prepare_server (SktTour *self)
{
  if (skt_session_get_state (self->server) == SKT_STATE_LISTENING)
    return TRUE;
  if (skt_session_get_state (self->server) != SKT_STATE_WAITING && ask_once (self, self->server))
    skt_session_listen (self->server, &(SktListenOptions){ .address = self->host, .port = self->port, .backlog = 128 });
  return FALSE;
}

/* TRUE: the client is connected to the server, and both ends are known. */
static gboolean
prepare (SktTour *self)
{
  SktState state = skt_session_get_state (self->client);
  g_autofree char *endpoint = skt_endpoint_format (self->host, self->port);

  if (!prepare_server (self))
    return FALSE;
  if (is_idle (self))
    {
      if (ask_once (self, self->client))
        skt_session_connect (self->client, &(SktConnectOptions){ .host = self->host, .port = self->port, .timeout_ms = PATIENCE_MS });
      return FALSE;
    }
  if (state == SKT_STATE_WAITING)
    drop_connection (self);
  if (self->connection == NULL || state != skt_connection_get_state (self->connection) || state == SKT_STATE_RESOLVING ||
      state == SKT_STATE_CONNECTING || state == SKT_STATE_CLOSING)
    return FALSE;
  if (!is_ready (self, state) || g_strcmp0 (skt_connection_get_remote_address (self->connection), endpoint) != 0)
    {
      drop_connection (self);
      return FALSE;
    }
  return self->peer != NULL;
}

static gboolean
send (SktTour *self, const char *text, const SktShape *shape)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  if (skt_connection_send_shaped (self->connection, bytes, shape, &error))
    return TRUE;
  fail (self, error->message);
  return FALSE;
}

static void
close_connection (SktTour *self)
{
  if (skt_connection_get_state (self->connection) == SKT_STATE_FINISHED)
    skt_connection_disconnect (self->peer);
  else
    skt_connection_disconnect (self->connection);
}

static void
begin_reads (SktTour *self)
{
  static const SktShape pieces = { .piece = PIECE_SIZE, .pause_ms = PIECE_PAUSE_MS };

  if (self->variant == 1)
    {
      send (self, whole, &pieces);
      return;
    }
  skt_connection_set_reading (self->peer, FALSE);
  self->n_written = 0;
  self->phase = PHASE_WRITE;
}

/* Both ends are there. */
static void
begin (SktTour *self)
{
  take_counts (self);
  self->phase = PHASE_WAIT;
  switch (self->step)
    {
    case SKT_TOUR_SEND:
      send (self, message, NULL);
      break;
    case SKT_TOUR_READS:
      begin_reads (self);
      break;
    case SKT_TOUR_HALF_CLOSE:
      skt_connection_finish (self->connection);
      break;
    case SKT_TOUR_CLOSE:
      close_connection (self);
      break;
    case SKT_TOUR_RESET:
      skt_connection_reset (self->connection);
      break;
    case SKT_TOUR_CONNECT:
    case SKT_TOUR_UDP:
    case SKT_TOUR_N_STEPS:
    default:
      break;
    }
}

/* Each of the three is a write of its own; then the server reads again. */
static void
write_next (SktTour *self)
{
  SktTourCounts counts;

  get_counts (self, &counts);
  if (!skt_connection_is_open (self->connection))
    fail (self, _ ("The connection has ended."));
  else if (counts.n_writes < self->n_written || (self->n_written == 0 && skt_connection_is_reading (self->peer)))
    return;
  else if (self->n_written < G_N_ELEMENTS (three))
    send (self, three[self->n_written++], NULL);
  else
    {
      skt_connection_set_reading (self->peer, TRUE);
      self->phase = PHASE_WAIT;
    }
}

static gboolean
is_visible (SktTour *self)
{
  SktTourCounts counts;

  switch (self->step)
    {
    case SKT_TOUR_SEND:
      return get_counts (self, &counts) && counts.n_bytes == strlen (message) &&
             skt_connection_get_bytes_received (self->connection) - self->base_received == strlen (message);
    case SKT_TOUR_READS:
      return get_counts (self, &counts) && counts.n_bytes == (self->variant == 1 ? strlen (whole) : strlen ("one\ntwo\nthree\n"));
    case SKT_TOUR_CONNECT:
    case SKT_TOUR_HALF_CLOSE:
    case SKT_TOUR_CLOSE:
    case SKT_TOUR_RESET:
    case SKT_TOUR_UDP:
    case SKT_TOUR_N_STEPS:
    default:
      return is_seen (self, self->step);
    }
}

static void
advance (SktTour *self)
{
  if (self->phase == PHASE_END && is_idle (self))
    self->phase = PHASE_PREPARE;
  if (self->phase == PHASE_PREPARE && prepare (self))
    begin (self);
  if (self->phase == PHASE_WRITE)
    write_next (self);
  if (self->phase == PHASE_WAIT && is_visible (self))
    {
      end_action (self);
      set_done (self, self->step);
      changed (self);
    }
  else if (self->phase == PHASE_WAIT && self->step != SKT_TOUR_CLOSE && self->step != SKT_TOUR_RESET &&
           !skt_connection_is_open (self->connection))
    fail (self, _ ("The connection has ended."));
}

static void
sessions_cb (SktTour *self)
{
  if (self->client == NULL)
    return;
  find_connection (self);
  if (self->connection != NULL)
    {
      send_late (self);
      if (notice (self))
        changed (self);
    }
  /* `changed` may have stopped it. */
  if (self->client != NULL && self->phase != PHASE_NONE)
    advance (self);
}

/* -- Public ----------------------------------------------------------------------------------------------------- */

static void
send_datagrams (SktTour *self)
{
  g_autoptr (GError) error = NULL;
  char *seen = _skt_tour_send_datagrams (&error);

  if (seen == NULL)
    {
      fail (self, error->message);
      return;
    }
  g_free (self->seen[SKT_TOUR_UDP]);
  self->seen[SKT_TOUR_UDP] = seen;
  skt_session_note (self->client, seen);
  changed (self);
}

void
skt_tour_act (SktTour *self, guint variant)
{
  g_return_if_fail (SKT_IS_TOUR (self) && skt_tour_step_get_action (self->step, variant) != NULL);

  if (self->client == NULL || self->phase != PHASE_NONE)
    return;
  g_clear_pointer (&self->problem, g_free);
  if (self->step == SKT_TOUR_UDP)
    {
      send_datagrams (self);
      return;
    }
  self->variant = variant;
  self->has_dropped = FALSE;
  memset (self->asked, 0, sizeof self->asked);
  self->patience_id = g_timeout_add (PATIENCE_MS, patience_cb, self);
  if (self->step == SKT_TOUR_CONNECT && !is_idle (self))
    {
      self->phase = PHASE_END;
      drop_connection (self);
    }
  else
    self->phase = PHASE_PREPARE;
  changed (self);
  sessions_cb (self);
}

gboolean
skt_tour_is_running (SktTour *self)
{
  g_return_val_if_fail (SKT_IS_TOUR (self), FALSE);
  return self->phase != PHASE_NONE;
}

SktTourStep
skt_tour_get_step (SktTour *self)
{
  g_return_val_if_fail (SKT_IS_TOUR (self), SKT_TOUR_CONNECT);
  return self->step;
}

void
skt_tour_set_step (SktTour *self, SktTourStep step)
{
  g_return_if_fail (SKT_IS_TOUR (self) && step < SKT_TOUR_N_STEPS);

  if (self->step == step || self->client == NULL)
    return;
  end_action (self);
  g_clear_pointer (&self->problem, g_free);
  self->step = step;
  g_object_set (self->server, "close-on-peer-finish", step != SKT_TOUR_HALF_CLOSE, NULL);
  if (step == SKT_TOUR_READS && self->connection != NULL)
    take_counts (self);
  changed (self);
  sessions_cb (self);
}

gboolean
skt_tour_is_done (SktTour *self, SktTourStep step)
{
  g_return_val_if_fail (SKT_IS_TOUR (self) && step < SKT_TOUR_N_STEPS, FALSE);
  return self->seen[step] != NULL;
}

const char *
skt_tour_get_seen (SktTour *self)
{
  g_return_val_if_fail (SKT_IS_TOUR (self), NULL);
  return self->seen[self->step];
}

const char *
skt_tour_get_problem (SktTour *self)
{
  g_return_val_if_fail (SKT_IS_TOUR (self), NULL);
  return self->problem;
}

void
skt_tour_stop (SktTour *self)
{
  g_return_if_fail (SKT_IS_TOUR (self));

  if (self->client == NULL)
    return;
  end_action (self);
  g_object_set (self->server, "close-on-peer-finish", TRUE, NULL);
  g_signal_handlers_disconnect_by_data (self->server, self);
  g_signal_handlers_disconnect_by_data (self->client, self);
  g_clear_object (&self->connection);
  g_clear_object (&self->peer);
  g_clear_object (&self->server);
  g_clear_object (&self->client);
}

static void
watch (SktTour *self, SktSession *session)
{
  g_signal_connect_object (session, "notify::state", G_CALLBACK (sessions_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "journal-grown", G_CALLBACK (sessions_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "connections-updated", G_CALLBACK (sessions_cb), self, G_CONNECT_SWAPPED);
}

SktTour *
skt_tour_new (SktSession *server, SktSession *client, const char *endpoint)
{
  SktTour *self;

  g_return_val_if_fail (SKT_IS_SESSION (server) && SKT_IS_SESSION (client), NULL);
  self = g_object_new (SKT_TYPE_TOUR, NULL);
  skt_endpoint_parse (endpoint, &self->host, &self->port, NULL);
  self->server = g_object_ref (server);
  self->client = g_object_ref (client);
  watch (self, server);
  watch (self, client);
  sessions_cb (self);
  return self;
}

static void
skt_tour_dispose (GObject *object)
{
  skt_tour_stop (SKT_TOUR (object));
  G_OBJECT_CLASS (skt_tour_parent_class)->dispose (object);
}

static void
skt_tour_finalize (GObject *object)
{
  SktTour *self = SKT_TOUR (object);

  for (guint i = 0; i < SKT_TOUR_N_STEPS; i++)
    g_free (self->seen[i]);
  g_free (self->problem);
  g_free (self->host);
  G_OBJECT_CLASS (skt_tour_parent_class)->finalize (object);
}

static void
skt_tour_class_init (SktTourClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = skt_tour_dispose;
  G_OBJECT_CLASS (klass)->finalize = skt_tour_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
skt_tour_init (SktTour *self)
{
}
