/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-sequence-run.h"

#include "skt-error.h"
#include "skt-sequence-run-private.h"

#include <glib/gi18n-lib.h>

#define TELL_MS 20

struct _SktSequenceRun
{
  GObject parent_instance;

  SktSession *session;
  SktConnection *connection;
  SktRunShared *shared;
  GThread *thread;
};

enum
{
  UPDATED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SktSequenceRun, skt_sequence_run, G_TYPE_OBJECT)

/* -- Lines ------------------------------------------------------------------------------------------------------ */

void
skt_run_line_free (SktRunLine *self)
{
  g_free (self->text);
  g_free (self);
}

void
skt_run_line_append (const SktRunLine *self, const char *peer, GString *text, gsize *ret_time_length)
{
  static const char *const marks[] = { "·", "✓", "✗" };
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (self->time_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  g_autofree char *time = g_date_time_format (local, "%H:%M:%S");
  gsize start = text->len;

  g_string_append_printf (text, "%s.%03d", time, (int) (self->time_us % G_USEC_PER_SEC / 1000));
  if (ret_time_length != NULL)
    *ret_time_length = text->len - start;
  g_string_append_printf (text, "  %s ", marks[self->kind]);
  if (peer != NULL)
    g_string_append_printf (text, "%s  ", peer);
  if (self->step != 0)
    g_string_append_printf (text, "%u  ", self->step);
  g_string_append (text, self->text);
  g_string_append_c (text, '\n');
}

/* -- What is shared --------------------------------------------------------------------------------------------- */

SktRunShared *
_skt_run_shared_ref (SktRunShared *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
_skt_run_shared_unref (SktRunShared *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_assert (self->journal == NULL);
  skt_sequence_unref (self->sequence);
  g_queue_clear_full (&self->lines, (GDestroyNotify) skt_run_line_free);
  g_free (self->end_text);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

static gboolean
tell_cb (gpointer data)
{
  SktRunShared *self = data;

  g_mutex_lock (&self->lock);
  self->is_told = FALSE;
  g_mutex_unlock (&self->lock);
  if (self->run != NULL)
    {
      g_autoptr (SktSequenceRun) run = g_object_ref (self->run);

      g_signal_emit (run, signals[UPDATED], 0);
    }
  return G_SOURCE_REMOVE;
}

void
_skt_run_shared_tell_locked (SktRunShared *self)
{
  g_autoptr (GSource) source = NULL;

  if (self->is_told)
    return;
  self->is_told = TRUE;
  source = g_timeout_source_new (TELL_MS);
  g_source_set_callback (source, tell_cb, _skt_run_shared_ref (self), (GDestroyNotify) _skt_run_shared_unref);
  g_source_attach (source, NULL);
}

static void
wake_locked (SktRunShared *shared)
{
  shared->is_awake = TRUE;
  g_cond_signal (&shared->changed);
}

static void
journal_grown_cb (SktSequenceRun *self)
{
  g_mutex_lock (&self->shared->lock);
  wake_locked (self->shared);
  g_mutex_unlock (&self->shared->lock);
}

static void
connection_changed_cb (SktSequenceRun *self)
{
  SktRunShared *shared = self->shared;

  if (skt_connection_is_open (self->connection))
    return;
  g_mutex_lock (&shared->lock);
  if (!shared->is_over)
    shared->end_text = g_strdup (skt_connection_get_end_text (self->connection));
  shared->is_over = TRUE;
  wake_locked (shared);
  g_mutex_unlock (&shared->lock);
}

/* -- The run ---------------------------------------------------------------------------------------------------- */

SktSequenceRun *
skt_sequence_run_new (SktSession *session, SktConnection *connection, SktSequence *sequence, GError **error)
{
  SktSequenceRun *self;
  SktRunShared *shared;

  g_return_val_if_fail (SKT_IS_SESSION (session) && SKT_IS_CONNECTION (connection) && sequence != NULL, NULL);

  if (!skt_sequence_check (sequence, NULL, error))
    return NULL;
  if (!skt_connection_is_open (connection))
    {
      g_set_error_literal (error, SKT_ERROR, SKT_ERROR_NOT_CONNECTED, _ ("Not connected: connect first, then run the sequence"));
      return NULL;
    }
  self = g_object_new (SKT_TYPE_SEQUENCE_RUN, NULL);
  self->session = g_object_ref (session);
  self->connection = g_object_ref (connection);
  self->shared = shared = g_new0 (SktRunShared, 1);
  g_atomic_ref_count_init (&shared->ref_count);
  g_mutex_init (&shared->lock);
  g_cond_init (&shared->changed);
  shared->run = self;
  shared->sequence = skt_sequence_ref (sequence);
  shared->connection = connection;
  shared->journal = skt_journal_ref (skt_session_get_journal (session));
  shared->first_record = skt_journal_get_n_records (shared->journal);
  shared->begin = g_get_monotonic_time ();
  shared->step = 1;
  g_signal_connect_object (session, "journal-grown", G_CALLBACK (journal_grown_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "notify::state", G_CALLBACK (connection_changed_cb), self, G_CONNECT_SWAPPED);
  self->thread = g_thread_new ("skt-sequence", _skt_sequence_runner, _skt_run_shared_ref (shared));
  return self;
}

void
skt_sequence_run_stop (SktSequenceRun *self)
{
  SktRunShared *shared;

  g_return_if_fail (SKT_IS_SEQUENCE_RUN (self));

  shared = self->shared;
  g_mutex_lock (&shared->lock);
  shared->is_stopped = TRUE;
  wake_locked (shared);
  g_mutex_unlock (&shared->lock);
}

SktRunState
skt_sequence_run_get_state (SktSequenceRun *self)
{
  SktRunState state;

  g_return_val_if_fail (SKT_IS_SEQUENCE_RUN (self), SKT_RUN_FAILED);
  g_mutex_lock (&self->shared->lock);
  state = self->shared->state;
  g_mutex_unlock (&self->shared->lock);
  return state;
}

SktConnection *
skt_sequence_run_get_connection (SktSequenceRun *self)
{
  g_return_val_if_fail (SKT_IS_SEQUENCE_RUN (self), NULL);
  return self->connection;
}

SktSequence *
skt_sequence_run_get_sequence (SktSequenceRun *self)
{
  g_return_val_if_fail (SKT_IS_SEQUENCE_RUN (self), NULL);
  return self->shared->sequence;
}

guint
skt_sequence_run_get_step (SktSequenceRun *self)
{
  guint step;

  g_return_val_if_fail (SKT_IS_SEQUENCE_RUN (self), 0);
  g_mutex_lock (&self->shared->lock);
  step = self->shared->state == SKT_RUN_RUNNING ? self->shared->step : 0;
  g_mutex_unlock (&self->shared->lock);
  return step;
}

GPtrArray *
skt_sequence_run_take_lines (SktSequenceRun *self, guint64 *ret_n_lost)
{
  GPtrArray *lines;
  SktRunLine *line;

  g_return_val_if_fail (SKT_IS_SEQUENCE_RUN (self), NULL);

  lines = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_run_line_free);
  g_mutex_lock (&self->shared->lock);
  while ((line = g_queue_pop_head (&self->shared->lines)) != NULL)
    g_ptr_array_add (lines, line);
  *ret_n_lost = self->shared->n_lost;
  self->shared->n_lost = 0;
  g_mutex_unlock (&self->shared->lock);
  return lines;
}

char *
skt_sequence_run_dup_summary (SktSequenceRun *self)
{
  SktRunShared *shared;
  g_autofree char *passed = NULL, *failed = NULL, *late = NULL, *time = NULL;
  gint64 end;

  g_return_val_if_fail (SKT_IS_SEQUENCE_RUN (self), NULL);

  shared = self->shared;
  g_mutex_lock (&shared->lock);
  end = shared->end != 0 ? shared->end : g_get_monotonic_time ();
  time = skt_sequence_format_ms ((guint64) (end - shared->begin) / 1000 * 1000);
  passed = g_strdup_printf ("%" G_GUINT64_FORMAT, shared->n_passed);
  failed = g_strdup_printf ("%" G_GUINT64_FORMAT, shared->n_failed);
  late = shared->n_late > 0 ? g_strdup_printf ("%" G_GUINT64_FORMAT, shared->n_late) : NULL;
  g_mutex_unlock (&shared->lock);
  if (late == NULL)
    /* Translators: numbers of steps, and a time */
    return g_strdup_printf (_ ("%s passed, %s failed, in %s"), passed, failed, time);
  /* Translators: numbers of steps, and a time; the third is waits whose time was up and that were gone on from */
  return g_strdup_printf (_ ("%s passed, %s failed, %s timed out, in %s"), passed, failed, late, time);
}

static void
skt_sequence_run_dispose (GObject *object)
{
  SktSequenceRun *self = SKT_SEQUENCE_RUN (object);

  if (self->thread != NULL)
    {
      skt_sequence_run_stop (self);
      g_thread_join (g_steal_pointer (&self->thread));
    }
  if (self->shared != NULL)
    self->shared->run = NULL;
  g_clear_object (&self->connection);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (skt_sequence_run_parent_class)->dispose (object);
}

static void
skt_sequence_run_finalize (GObject *object)
{
  SktSequenceRun *self = SKT_SEQUENCE_RUN (object);

  g_clear_pointer (&self->shared, _skt_run_shared_unref);
  G_OBJECT_CLASS (skt_sequence_run_parent_class)->finalize (object);
}

static void
skt_sequence_run_class_init (SktSequenceRunClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = skt_sequence_run_dispose;
  G_OBJECT_CLASS (klass)->finalize = skt_sequence_run_finalize;
  signals[UPDATED] =
    g_signal_new ("updated", SKT_TYPE_SEQUENCE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
skt_sequence_run_init (SktSequenceRun *self)
{
}
