/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-gate.h"

#include <glib/gi18n-lib.h>

/* Refusals told one by one in an interval; the others are counted and told at its end. */
#define TOLD_AT_ONCE 5
#define INTERVAL G_TIME_SPAN_SECOND
/* It doubles while there are more, so that a flood of days does not fill the journal. */
#define MAX_INTERVAL (64 * INTERVAL)

struct _SktGate
{
  SktSessionWorker *session;    /* borrowed: the owner's owner */
  SktAccess *access;            /* NULL: everybody */
  GHashTable *counts;           /* SktPeer -> number of open connections */

  GSource *timer;               /* the end of the interval; NULL: nothing was refused for a while */
  gint64 interval;              /* us */
  gint64 begun;                 /* us, monotonic */
  guint n_told;                 /* in this interval */
  guint n_more;                 /* not told yet */
  char *last;                   /* the sentence on the last of those */
};

/* -- Refusals -------------------------------------------------------------------------------------------------- */

static void
note (SktGate *self, const char *sentence)
{
  SktRecord record = { .kind = SKT_RECORD_NOTE };

  skt_session_worker_append_event (self->session, record, sentence);
}

static void
tell_others (SktGate *self)
{
  guint seconds = (guint) ((g_get_monotonic_time () - self->begun + G_TIME_SPAN_SECOND - 1) / G_TIME_SPAN_SECOND);
  g_autofree char *count = NULL;
  g_autofree char *within = NULL;
  g_autofree char *sentence = NULL;

  if (self->n_more == 0)
    return;
  count = g_strdup_printf (ngettext ("%u more connection was refused", "%u more connections were refused", self->n_more),
                           self->n_more);
  within = g_strdup_printf (ngettext ("within %u second", "within %u seconds", seconds), seconds);
  /* Translators: “12 more connections were refused”, “within 2 seconds”, and a sentence on the last of them */
  sentence = g_strdup_printf (_("%s %s; the last: %s"), count, within, self->last);
  note (self, sentence);
  self->n_more = 0;
  g_clear_pointer (&self->last, g_free);
}

static gboolean
timer_cb (gpointer data)
{
  SktGate *self = data;

  if (self->n_told == 0 && self->n_more == 0)
    {
      _skt_clear_source (&self->timer);
      return G_SOURCE_REMOVE;
    }
  self->interval = self->n_more > 0 ? MIN (2 * self->interval, MAX_INTERVAL) : INTERVAL;
  tell_others (self);
  self->n_told = 0;
  self->begun = g_get_monotonic_time ();
  g_source_set_ready_time (self->timer, self->begun + self->interval);
  return G_SOURCE_CONTINUE;
}

static void
refuse (SktGate *self, const char *name, SktAdmission admission)
{
  g_autofree char *reason = skt_access_admission_to_text (self->access, admission);
  /* Translators: a connection was refused; the first %s is an address, the second the reason as a clause */
  g_autofree char *sentence = g_strdup_printf (_("refused %s: %s"), name, reason);

  if (self->timer == NULL)
    {
      self->interval = INTERVAL;
      self->begun = g_get_monotonic_time ();
      self->n_told = 0;
      self->timer = _skt_engine_add_timer_in_worker (self->session->engine, self->interval, timer_cb, self);
    }
  self->session->now.n_refused++;
  skt_session_worker_touch (self->session);
  if (self->n_told < TOLD_AT_ONCE)
    {
      self->n_told++;
      note (self, sentence);
      return;
    }
  self->n_more++;
  g_free (self->last);
  self->last = g_steal_pointer (&sentence);
}

void
skt_gate_flush (SktGate *self)
{
  tell_others (self);
  _skt_clear_source (&self->timer);
}

/* -- Admission ------------------------------------------------------------------------------------------------- */

static guint
get_count (SktGate *self, const SktPeer *peer)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, peer));
}

gboolean
skt_gate_admit (SktGate *self, const SktPeer *peer, const char *name)
{
  guint n = get_count (self, peer);

  if (self->access != NULL)
    {
      SktAdmission admission = skt_access_judge (self->access, peer, self->session->now.n_open, n);

      if (admission != SKT_ADMISSION_ACCEPTED)
        {
          refuse (self, name, admission);
          return FALSE;
        }
    }
  g_hash_table_insert (self->counts, g_memdup2 (peer, sizeof *peer), GUINT_TO_POINTER (n + 1));
  return TRUE;
}

void
skt_gate_leave (SktGate *self, const SktPeer *peer)
{
  guint n = get_count (self, peer);

  if (n > 1)
    g_hash_table_insert (self->counts, g_memdup2 (peer, sizeof *peer), GUINT_TO_POINTER (n - 1));
  else
    g_hash_table_remove (self->counts, peer);
}

void
skt_gate_set_access (SktGate *self, SktAccess *access)
{
  g_clear_pointer (&self->access, skt_access_unref);
  if (access != NULL)
    self->access = skt_access_ref (access);
}

/* -- Life ------------------------------------------------------------------------------------------------------ */

SktGate *
skt_gate_new (SktSessionWorker *session)
{
  SktGate *self = g_new0 (SktGate, 1);

  self->session = session;
  self->counts = g_hash_table_new_full (skt_peer_hash, skt_peer_equal, g_free, NULL);
  return self;
}

void
skt_gate_free (SktGate *self)
{
  g_assert (self->timer == NULL);

  g_clear_pointer (&self->access, skt_access_unref);
  g_hash_table_unref (self->counts);
  g_free (self->last);
  g_free (self);
}
