/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-page-private.h"

#include <glib/gi18n.h>

#include "socketeer-announce.h"
#include "socketeer-format.h"

/* What a page has a screen reader say: its state, its problem, and what has arrived. */

/* Looking up, connecting and connected follow each other closely: only the last is said. */
#define STATE_MS 300
/* Clients that come and go: their number is said so often. */
#define STATE_INTERVAL_US (2 * G_TIME_SPAN_SECOND)
/* What arrives is said soon when it was quiet before; when it goes on, less and less often. */
#define DATA_MS 250
#define QUIET_US (3 * G_TIME_SPAN_SECOND)
#define FIRST_INTERVAL_US G_TIME_SPAN_SECOND
#define MAX_INTERVAL_US (30 * G_TIME_SPAN_SECOND)

struct _SocketeerPageAnnouncer
{
  guint state_id;
  guint data_id;
  char *said;         /* of state and problem */
  gint64 said_at;     /* monotonic */
  guint64 received;   /* bytes, when they were spoken of last */
  gint64 grown;       /* monotonic */
  gint64 next;        /* not before */
  gint64 interval;    /* us, after that */
};

/* -- State ---------------------------------------------------------------------------------------------------- */

static char *
dup_state (SocketeerPage *self)
{
  const char *state = gtk_label_get_label (self->state_label), *detail = gtk_label_get_label (self->detail_label);
  const char *problem = gtk_label_get_label (self->problem_label);
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();

  for (guint i = 0; i < 3; i++)
    {
      const char *part = i == 0 ? state : i == 1 ? detail : problem;
      if (part[0] != '\0')
        g_ptr_array_add (parts, (gpointer) part);
    }
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (", ", (char **) parts->pdata);
}

static gboolean
state_due_cb (gpointer user_data)
{
  SocketeerPage *self = user_data;
  g_autofree char *text = dup_state (self);

  self->announcer->state_id = 0;
  if (g_strcmp0 (text, self->announcer->said) == 0)
    return G_SOURCE_REMOVE;
  g_free (self->announcer->said);
  self->announcer->said = g_steal_pointer (&text);
  self->announcer->said_at = g_get_monotonic_time ();
  socketeer_announce (GTK_WIDGET (self), self->announcer->said);
  return G_SOURCE_REMOVE;
}

static void
state_changed_cb (SocketeerPage *self)
{
  gint64 rest = self->announcer->said_at + STATE_INTERVAL_US - g_get_monotonic_time ();

  if (self->announcer->state_id != 0)
    return;
  if (self->connection_list == NULL || rest <= STATE_MS * 1000)
    rest = STATE_MS * 1000;
  self->announcer->state_id = g_timeout_add (rest / 1000, state_due_cb, self);
}

/* -- Data ----------------------------------------------------------------------------------------------------- */

/* "received from 127.0.0.1:53412, 12 bytes: hello" if it is a single read; NULL: it is not. */
static char *
dup_read (SocketeerPage *self, guint64 n_bytes)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (self->journal);
  guint64 n = skt_journal_get_n_records (self->journal);
  g_autofree char *excerpt = NULL;
  SktConnection *connection;
  SktRecord record;
  const char *address;

  if (n == 0 || !skt_journal_reader_get_record (reader, n - 1, &record) || record.kind != SKT_RECORD_RECEIVED ||
      record.length != n_bytes)
    return NULL;
  connection = skt_session_get_connection (self->session, record.connection);
  address = connection != NULL ? skt_connection_get_remote_address (connection) : NULL;
  excerpt = socketeer_byte_view_dup_excerpt (socketeer_transcript_get_byte_view (self->transcript), (SktPosition){ n - 1, 0 });
  /* Translators: as a screen reader says it: peer, number of bytes, the first of the bytes */
  return g_strdup_printf (ngettext ("received from %s, %u byte: %s", "received from %s, %u bytes: %s", record.length),
                          address != NULL ? address : "?", record.length, excerpt != NULL ? excerpt : "");
}

static gboolean
data_due_cb (gpointer user_data)
{
  SocketeerPage *self = user_data;
  SocketeerPageAnnouncer *announcer = self->announcer;
  guint64 received = self->session != NULL ? skt_session_get_bytes_received (self->session) : 0;
  guint64 n = received > announcer->received ? received - announcer->received : 0;
  g_autofree char *text = NULL, *size = NULL;

  announcer->data_id = 0;
  announcer->received = received;
  announcer->next = g_get_monotonic_time () + announcer->interval;
  announcer->interval = MIN (2 * announcer->interval, MAX_INTERVAL_US);
  if (n == 0)
    return G_SOURCE_REMOVE;
  text = dup_read (self, n);
  if (text == NULL)
    {
      size = socketeer_format_bytes (n);
      /* Translators: as a screen reader says it: “12 bytes”, of several reads */
      text = g_strdup_printf (_ ("%s received"), size);
    }
  socketeer_announce (GTK_WIDGET (self), text);
  return G_SOURCE_REMOVE;
}

void
_socketeer_page_announce_grown (SocketeerPage *self)
{
  SocketeerPageAnnouncer *announcer = self->announcer;
  gint64 now = g_get_monotonic_time ();

  if (announcer == NULL || self->session == NULL || skt_session_get_bytes_received (self->session) == announcer->received)
    return;
  if (announcer->data_id == 0 && now - announcer->grown > QUIET_US && now >= announcer->next)
    announcer->interval = FIRST_INTERVAL_US;
  announcer->grown = now;
  if (announcer->data_id == 0)
    announcer->data_id = g_timeout_add (MAX (DATA_MS, (announcer->next - now) / 1000 + 1), data_due_cb, self);
}

/* -- Making --------------------------------------------------------------------------------------------------- */

void
_socketeer_page_announce_init (SocketeerPage *self)
{
  self->announcer = g_new0 (SocketeerPageAnnouncer, 1);
  self->announcer->interval = FIRST_INTERVAL_US;
  self->announcer->said = dup_state (self);
  g_signal_connect_swapped (self->state_label, "notify::label", G_CALLBACK (state_changed_cb), self);
  g_signal_connect_swapped (self->detail_label, "notify::label", G_CALLBACK (state_changed_cb), self);
  g_signal_connect_swapped (self->problem_label, "notify::label", G_CALLBACK (state_changed_cb), self);
}

void
_socketeer_page_announce_dispose (SocketeerPage *self)
{
  if (self->announcer == NULL)
    return;
  g_clear_handle_id (&self->announcer->state_id, g_source_remove);
  g_clear_handle_id (&self->announcer->data_id, g_source_remove);
  for (guint i = 0; i < 3; i++)
    {
      GtkLabel *label = i == 0 ? self->state_label : i == 1 ? self->detail_label : self->problem_label;
      if (label != NULL)
        g_signal_handlers_disconnect_by_func (label, state_changed_cb, self);
    }
  g_free (self->announcer->said);
  g_clear_pointer (&self->announcer, g_free);
}
