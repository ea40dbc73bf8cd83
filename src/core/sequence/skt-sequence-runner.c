/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-sequence-run-private.h"

#include "skt-error.h"

#include <glib/gi18n-lib.h>

/* Bytes that are looked at before it is seen whether the user has stopped it. */
#define SLICE (16 * 1024)
/* An answer mostly comes soon: for that long it is looked for each millisecond, instead of when the main thread is told. */
#define EAGER_US (20 * 1000)
#define EAGER_STEP_US 1000
/* So long after it was received all is published. */
#define PUBLISH_NS (20 * 1000 * 1000)

/* A place in what the connection receives. */
typedef struct
{
  guint64 record;
  guint32 offset;               /* in the record */
  gboolean is_finished;         /* the peer's FIN is before it */
} Place;

/* What one step has seen already, so that it need not look at it again. */
typedef struct
{
  SktStreamMatcher *matcher;    /* NULL: it has not looked yet */
  Place place;
  guint64 base;                 /* `n_matches` when it began to look */
  guint64 n;                    /* how often: SEND sent, REPEAT went back, STOP was reached */
} StepState;

typedef struct
{
  SktRunShared *shared;
  SktJournal *journal;
  SktJournalReader *reader;
  StepState *states;            /* one for each step */
  Place place;                  /* after the last match */
  guint64 n_matches;
  GBytes *received;             /* the last match; NULL: none yet */
  GPtrArray *groups;            /* GBytes; may be NULL */
  guint index;                  /* of the step, from 0 */
} Runner;

typedef enum
{
  NEXT,         /* the step has passed */
  JUMP,         /* index is set */
  PASSED,       /* the run is over */
  FAILED,
  STOPPED,
} Outcome;

/* -- Telling ---------------------------------------------------------------------------------------------------- */

static void
add_line (Runner *self, SktRunLineKind kind, char *text)
{
  SktRunShared *shared = self->shared;
  SktRunLine *line = g_new (SktRunLine, 1);

  *line = (SktRunLine){ g_get_real_time (), self->index + 1, kind, text };
  g_mutex_lock (&shared->lock);
  if (shared->lines.length >= SKT_RUN_MAX_LINES)
    {
      skt_run_line_free (g_queue_pop_head (&shared->lines));
      shared->n_lost++;
    }
  g_queue_push_tail (&shared->lines, line);
  shared->n_passed += kind == SKT_RUN_LINE_PASS;
  shared->n_failed += kind == SKT_RUN_LINE_FAIL;
  _skt_run_shared_tell_locked (shared);
  g_mutex_unlock (&shared->lock);
}

static Outcome
fail (Runner *self, char *text)
{
  add_line (self, SKT_RUN_LINE_FAIL, text);
  return FAILED;
}

static Outcome
pass (Runner *self, char *text)
{
  add_line (self, SKT_RUN_LINE_PASS, text);
  return NEXT;
}

static void
set_step (Runner *self)
{
  g_mutex_lock (&self->shared->lock);
  self->shared->step = self->index + 1;
  _skt_run_shared_tell_locked (self->shared);
  g_mutex_unlock (&self->shared->lock);
}

/* -- Waiting ---------------------------------------------------------------------------------------------------- */

static gboolean
is_stopped (Runner *self)
{
  gboolean stopped;

  g_mutex_lock (&self->shared->lock);
  stopped = self->shared->is_stopped;
  g_mutex_unlock (&self->shared->lock);
  return stopped;
}

static gboolean
is_over (Runner *self)
{
  gboolean over;

  g_mutex_lock (&self->shared->lock);
  over = self->shared->is_over;
  g_mutex_unlock (&self->shared->lock);
  return over;
}

/* Until something has changed, or the time has come. */
static void
sleep_until (Runner *self, gint64 time)
{
  SktRunShared *shared = self->shared;

  g_mutex_lock (&shared->lock);
  while (!shared->is_awake && !shared->is_stopped)
    if (!g_cond_wait_until (&shared->changed, &shared->lock, time))
      break;
  shared->is_awake = FALSE;
  g_mutex_unlock (&shared->lock);
}

static Outcome
fail_for_end (Runner *self)
{
  g_autofree char *end = NULL;

  g_mutex_lock (&self->shared->lock);
  end = g_strdup (self->shared->end_text);
  g_mutex_unlock (&self->shared->lock);
  /* Translators: %s is how, such as “peer closed (FIN) after 12.3 s” */
  return fail (self, end != NULL ? g_strdup_printf (_ ("the connection has ended: %s"), end) : g_strdup (_ ("the connection has ended")));
}

/* -- What was received ------------------------------------------------------------------------------------------ */

/* What the user has cleared may be gone. */
static void
skip_cleared (Runner *self, Place *place)
{
  guint64 first = skt_journal_get_first_record (self->journal);

  if (place->record < first)
    {
      place->record = first;
      place->offset = 0;
    }
}

/* Goes on with the bytes of a record. TRUE: a match ends at the place that has been reached. */
static gboolean
feed_record (Runner *self, StepState *state, const SktRecord *record, SktMatch *match)
{
  gboolean found = FALSE;
  gsize length;
  const guint8 *bytes = skt_journal_reader_peek_payload (self->reader, record->offset + state->place.offset,
                                                         MIN (record->length - state->place.offset, SLICE), &length);

  if (length == 0)
    {
      /* damaged */
      state->place.offset = record->length;
      return FALSE;
    }
  state->place.offset += skt_stream_matcher_feed (state->matcher, bytes, length, record->time_ns, &found, match);
  return found;
}

typedef enum
{
  LOOK_MATCH,
  LOOK_NOTHING,         /* up to the end of what is there */
  LOOK_STOPPED,
} Look;

/* Moves it back by so many of the connection's bytes, which it has passed. */
static void
step_back (Runner *self, Place *place, gsize n)
{
  guint32 id = skt_connection_get_id (self->shared->connection);

  while (n > place->offset && place->record > self->shared->first_record)
    {
      SktRecord record;

      n -= place->offset;
      place->offset = 0;
      place->record--;
      if (skt_journal_reader_get_record (self->reader, place->record, &record) && record.connection == id &&
          record.kind == SKT_RECORD_RECEIVED)
        place->offset = record.length;
      place->is_finished = FALSE;
    }
  place->offset -= MIN (n, place->offset);
}

/* Looks at what came up to record `end`. The record that a match has ended in: *ret_record. */
static Look
look (Runner *self, StepState *state, guint64 end, SktMatch *match, SktRecord *ret_record)
{
  Look result = LOOK_NOTHING;

  skt_journal_hold (self->journal);
  skip_cleared (self, &state->place);
  while (state->place.record < end && result == LOOK_NOTHING)
    {
      SktRecord record;
      gboolean is_ours = skt_journal_reader_get_record (self->reader, state->place.record, &record) &&
                         record.connection == skt_connection_get_id (self->shared->connection);

      if (is_ours && record.kind == SKT_RECORD_PEER_FINISHED)
        state->place.is_finished = TRUE;
      if (!is_ours || record.kind != SKT_RECORD_RECEIVED || state->place.offset >= record.length)
        {
          state->place.record++;
          state->place.offset = 0;
          if (state->place.record % 4096 == 0 && is_stopped (self))
            result = LOOK_STOPPED;
          continue;
        }
      if (is_stopped (self))
        result = LOOK_STOPPED;
      else if (feed_record (self, state, &record, match))
        {
          gsize n_rest;

          result = LOOK_MATCH;
          *ret_record = record;
          skt_stream_matcher_get_rest (state->matcher, &n_rest);
          step_back (self, &state->place, n_rest);
        }
    }
  skt_journal_unhold (self->journal);
  return result;
}

/* Where a step goes on to look: where it was, if there was no match since, else after the last one. */
static void
begin_to_look (Runner *self, StepState *state, SktMatchRule *rule)
{
  if (state->matcher != NULL && state->base == self->n_matches)
    return;
  if (state->matcher == NULL)
    state->matcher = skt_stream_matcher_new (rule);
  else
    skt_stream_matcher_reset (state->matcher);
  state->place = self->place;
  state->base = self->n_matches;
}

static void
keep_match (Runner *self, StepState *state, const SktMatch *match)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (match->bytes, &length);

  g_clear_pointer (&self->received, g_bytes_unref);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  self->received = g_bytes_new (data, length);
  if (match->groups != NULL)
    {
      self->groups = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
      for (guint i = 0; i < match->groups->len; i++)
        {
          data = g_bytes_get_data (match->groups->pdata[i], &length);
          g_ptr_array_add (self->groups, g_bytes_new (data, length));
        }
    }
  self->place = state->place;
  self->n_matches++;
}

/* -- Steps ------------------------------------------------------------------------------------------------------ */

static gboolean
is_shown_as_hex (const SktStepSettings *settings)
{
  return settings->kind == SKT_STEP_SEND ? skt_message_get_settings (settings->message)->form != SKT_MESSAGE_TEXT
                                         : settings->match == SKT_MATCH_HEX;
}

static char *
bytes_to_words (const SktStepSettings *settings, GBytes *bytes)
{
  GString *text = g_string_new (NULL);
  SktEncoding encoding =
    settings->kind == SKT_STEP_SEND ? skt_message_get_settings (settings->message)->encoding : settings->encoding;

  skt_sequence_append_bytes (text, bytes, encoding, is_shown_as_hex (settings));
  return g_string_free (text, FALSE);
}

static Outcome
do_send (Runner *self, StepState *state, const SktStepSettings *settings)
{
  SktMessageContext context = { .index = state->n, .received = self->received, .groups = self->groups };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = skt_message_expand (settings->message, &context, &error);
  g_autofree char *words = NULL, *size = NULL;
  gboolean is_sent;

  if (bytes == NULL)
    return fail (self, g_strdup_printf (_ ("nothing was sent: %s"), error->message));
  if (is_over (self))
    return fail_for_end (self);
  /* Under the lock: once it is stopped nothing is sent. */
  g_mutex_lock (&self->shared->lock);
  if (self->shared->is_stopped)
    {
      g_mutex_unlock (&self->shared->lock);
      return STOPPED;
    }
  is_sent = skt_connection_send_bytes (self->shared->connection, bytes, &error);
  g_mutex_unlock (&self->shared->lock);
  if (!is_sent)
    return fail (self, g_strdup_printf (_ ("nothing was sent: %s"), error->message));
  state->n++;
  words = bytes_to_words (settings, bytes);
  size = g_strdup_printf (ngettext ("%u byte", "%u bytes", (guint) g_bytes_get_size (bytes)), (guint) g_bytes_get_size (bytes));
  /* Translators: the first %s is “12 bytes”, the second one the bytes */
  return pass (self, g_strdup_printf (_ ("sent %s: %s"), size, words));
}

/* How long after the beginning of the wait its match came. */
static guint64
get_wait_us (const SktRecord *record, gint64 begin, gint64 begin_real)
{
  gint64 elapsed = g_get_monotonic_time () - begin;

  return (guint64) CLAMP ((gint64) (record->time_ns / 1000) - begin_real, 0, MAX (elapsed, 0));
}

static Outcome
pass_match (Runner *self, const SktStepSettings *settings, guint64 time_us)
{
  g_autofree char *words = bytes_to_words (settings, self->received);
  g_autofree char *time = skt_sequence_format_ms (MAX (time_us / 100 * 100, 100));
  guint length = (guint) g_bytes_get_size (self->received);
  g_autofree char *size = g_strdup_printf (ngettext ("%u byte", "%u bytes", length), length);

  if (time_us == 0)
    /* Translators: what was waited for had come before; the first %s is “12 bytes”, the second one the bytes */
    return pass (self, g_strdup_printf (_ ("matched %s that had come before: %s"), size, words));
  /* Translators: the first %s is “12 bytes”, the second one a time, the third one the bytes */
  return pass (self, g_strdup_printf (_ ("matched %s after %s: %s"), size, time, words));
}

static Outcome
time_up (Runner *self, const SktStepSettings *settings)
{
  g_autofree char *time = skt_sequence_format_ms ((guint64) settings->timeout_ms * 1000);
  /* Translators: %s is a time */
  char *text = settings->kind == SKT_STEP_WAIT ? g_strdup_printf (_ ("nothing matched in %s"), time)
                                               : g_strdup_printf (_ ("the peer has not finished in %s"), time);

  if (!settings->goes_on)
    return fail (self, text);
  g_mutex_lock (&self->shared->lock);
  self->shared->n_late++;
  g_mutex_unlock (&self->shared->lock);
  add_line (self, SKT_RUN_LINE_INFO, text);
  return NEXT;
}

/* A frame that ends with a pause is whole: `now_us` (realtime) is from before what has come was looked at. */
static gboolean
look_at_pause (StepState *state, gint64 now_us, gboolean is_last, SktMatch *match, SktRecord *ret_record)
{
  guint64 end = skt_stream_matcher_get_deadline (state->matcher), now_ns = (guint64) now_us * 1000;

  if (end == 0 || (now_ns < end + PUBLISH_NS && !is_last))
    return FALSE;
  ret_record->time_ns = now_ns;
  return skt_stream_matcher_wait (state->matcher, MAX (now_ns, end + 1), match);
}

/* Of a wait that began then; soon, while it is young, or a frame may end. */
static void
sleep_in_wait (Runner *self, StepState *state, gint64 begin, gint64 deadline)
{
  gint64 now = g_get_monotonic_time ();

  if (now - begin < EAGER_US)
    deadline = MIN (now + EAGER_STEP_US, deadline);
  else if (state->matcher != NULL && skt_stream_matcher_get_deadline (state->matcher) != 0)
    deadline = MIN (now + 10 * EAGER_STEP_US, deadline);
  sleep_until (self, deadline);
}

static gint64
get_deadline (const SktStepSettings *settings, gint64 begin)
{
  return settings->timeout_ms == 0 ? G_MAXINT64 : begin + (gint64) settings->timeout_ms * 1000;
}

static Outcome
do_wait (Runner *self, StepState *state, const SktStepSettings *settings, SktMatchRule *rule)
{
  gint64 begin = g_get_monotonic_time (), begin_real = g_get_real_time ();
  gint64 deadline = get_deadline (settings, begin);

  begin_to_look (self, state, rule);
  for (;;)
    {
      /* In this order: what is published after one of them was seen came too late. */
      gboolean over = is_over (self), is_late = g_get_monotonic_time () >= deadline;
      gint64 now_real = g_get_real_time ();
      SktRecord record;
      SktMatch match;

      switch (look (self, state, skt_journal_get_n_records (self->journal), &match, &record))
        {
        case LOOK_MATCH:
          keep_match (self, state, &match);
          return pass_match (self, settings, get_wait_us (&record, begin, begin_real));
        case LOOK_STOPPED:
          return STOPPED;
        case LOOK_NOTHING:
        default:
          break;
        }
      if (is_stopped (self))
        return STOPPED;
      if (look_at_pause (state, now_real, over || state->place.is_finished, &match, &record))
        {
          keep_match (self, state, &match);
          return pass_match (self, settings, get_wait_us (&record, begin, begin_real));
        }
      if (over)
        return fail_for_end (self);
      if (state->place.is_finished)
        return fail (self, g_strdup (_ ("the peer has finished sending (FIN), and what is waited for has not come")));
      if (is_late)
        return time_up (self, settings);
      sleep_in_wait (self, state, begin, deadline);
    }
}

/* Looks for the peer's FIN, from where the last match has ended. */
static gboolean
has_peer_finished (Runner *self, StepState *state)
{
  if (state->base != self->n_matches || state->place.record < self->place.record)
    state->place = self->place;
  state->base = self->n_matches;
  for (guint64 end = skt_journal_get_n_records (self->journal); state->place.record < end && !state->place.is_finished; state->place.record++)
    {
      SktRecord record;

      state->place.is_finished = skt_journal_reader_get_record (self->reader, state->place.record, &record) &&
                                 record.connection == skt_connection_get_id (self->shared->connection) &&
                                 record.kind == SKT_RECORD_PEER_FINISHED;
      if (state->place.record % 4096 == 0 && is_stopped (self))
        break;
    }
  return state->place.is_finished;
}

static Outcome
do_wait_end (Runner *self, StepState *state, const SktStepSettings *settings)
{
  gint64 begin = g_get_monotonic_time ();
  gint64 deadline = get_deadline (settings, begin);

  for (;;)
    {
      gboolean over = is_over (self), is_late = g_get_monotonic_time () >= deadline;

      if (has_peer_finished (self, state))
        return pass (self, g_strdup (_ ("the peer has finished sending (FIN)")));
      if (is_stopped (self))
        return STOPPED;
      if (over)
        {
          g_autofree char *end = NULL;

          g_mutex_lock (&self->shared->lock);
          end = g_strdup (self->shared->end_text);
          g_mutex_unlock (&self->shared->lock);
          return pass (self, end != NULL ? g_strdup_printf (_ ("the connection has ended: %s"), end)
                                         : g_strdup (_ ("the connection has ended")));
        }
      if (is_late)
        return time_up (self, settings);
      sleep_in_wait (self, state, begin, deadline);
    }
}

static Outcome
do_pause (Runner *self, const SktStepSettings *settings)
{
  g_autofree char *time = skt_sequence_format_ms ((guint64) settings->pause_ms * 1000);
  gint64 end = g_get_monotonic_time () + (gint64) settings->pause_ms * 1000;

  while (g_get_monotonic_time () < end)
    {
      if (is_stopped (self))
        return STOPPED;
      if (is_over (self))
        return fail_for_end (self);
      sleep_until (self, end);
    }
  return pass (self, g_strdup_printf (_ ("paused %s"), time));
}

static Outcome
do_repeat (Runner *self, StepState *state, const SktStepSettings *settings)
{
  g_autofree char *n = g_strdup_printf ("%" G_GUINT64_FORMAT, state->n + 2);

  if (settings->count != 0 && state->n + 1 >= settings->count)
    {
      state->n = 0;
      return pass (self, g_strdup_printf (ngettext ("done %u time", "done %u times", settings->count), settings->count));
    }
  state->n++;
  if (settings->count == 0)
    /* Translators: steps are repeated; the first %s is how often they are run with this time */
    add_line (self, SKT_RUN_LINE_INFO, g_strdup_printf (_ ("again from step %2$u, time %1$s"), n, settings->to));
  else
    /* Translators: the same, of how many times */
    add_line (self, SKT_RUN_LINE_INFO, g_strdup_printf (_ ("again from step %2$u, time %1$s of %3$u"), n, settings->to, settings->count));
  self->index = settings->to - 1;
  return JUMP;
}

static Outcome
stop_when (Runner *self, const SktStepSettings *settings, char *text)
{
  if (settings->is_failure)
    return fail (self, text);
  pass (self, text);
  return PASSED;
}

static Outcome
do_stop (Runner *self, StepState *state, const SktStepSettings *settings, SktMatchRule *rule)
{
  g_autofree char *words = NULL, *n = NULL;
  SktRecord record;
  SktMatch match;
  Look result;

  if (settings->by_count)
    {
      n = g_strdup_printf ("%" G_GUINT64_FORMAT, ++state->n);
      if (state->n >= settings->count)
        return stop_when (self, settings, g_strdup_printf (_ ("stopped: reached %s times"), n));
      add_line (self, SKT_RUN_LINE_INFO, g_strdup_printf (_ ("goes on: reached %s of %u times"), n, settings->count));
      return NEXT;
    }
  begin_to_look (self, state, rule);
  result = look (self, state, skt_journal_get_n_records (self->journal), &match, &record);
  if (result == LOOK_STOPPED)
    return STOPPED;
  if (result == LOOK_MATCH)
    {
      words = bytes_to_words (settings, match.bytes);
      return stop_when (self, settings, g_strdup_printf (_ ("stopped: there is %s"), words));
    }
  add_line (self, SKT_RUN_LINE_INFO, g_strdup (_ ("goes on: nothing of it has come")));
  return NEXT;
}

static Outcome
do_end (Runner *self, gboolean is_close)
{
  if (is_over (self))
    return fail_for_end (self);
  g_mutex_lock (&self->shared->lock);
  if (!self->shared->is_stopped)
    {
      if (is_close)
        skt_connection_disconnect (self->shared->connection);
      else
        skt_connection_finish (self->shared->connection);
    }
  g_mutex_unlock (&self->shared->lock);
  if (is_stopped (self))
    return STOPPED;
  return pass (self, g_strdup (is_close ? _ ("disconnects") : _ ("finishes sending (FIN)")));
}

static Outcome
do_step (Runner *self)
{
  SktStep *step = skt_sequence_get_step (self->shared->sequence, self->index);
  const SktStepSettings *settings = skt_step_get_settings (step);
  StepState *state = &self->states[self->index];

  switch (settings->kind)
    {
    case SKT_STEP_SEND:
      return do_send (self, state, settings);
    case SKT_STEP_WAIT:
      return do_wait (self, state, settings, skt_step_get_rule (step));
    case SKT_STEP_PAUSE:
      return do_pause (self, settings);
    case SKT_STEP_REPEAT:
      return do_repeat (self, state, settings);
    case SKT_STEP_STOP:
      return do_stop (self, state, settings, skt_step_get_rule (step));
    case SKT_STEP_WAIT_END:
      return do_wait_end (self, state, settings);
    case SKT_STEP_FINISH:
      return do_end (self, FALSE);
    case SKT_STEP_CLOSE:
      return do_end (self, TRUE);
    case SKT_N_STEP_KINDS:
    default:
      g_assert_not_reached ();
    }
}

static Outcome
run (Runner *self)
{
  guint n_steps = skt_sequence_get_n_steps (self->shared->sequence);

  while (self->index < n_steps)
    {
      Outcome outcome;

      if (is_stopped (self))
        return STOPPED;
      set_step (self);
      outcome = do_step (self);
      if (outcome == NEXT)
        self->index++;
      else if (outcome != JUMP)
        return outcome;
    }
  return PASSED;
}

static void
end (Runner *self, Outcome outcome)
{
  SktRunShared *shared = self->shared;

  if (outcome == STOPPED)
    add_line (self, SKT_RUN_LINE_INFO, g_strdup (_ ("stopped by you")));
  g_mutex_lock (&shared->lock);
  shared->end = g_get_monotonic_time ();
  shared->state = outcome == STOPPED ? SKT_RUN_STOPPED : outcome == FAILED ? SKT_RUN_FAILED : SKT_RUN_PASSED;
  _skt_run_shared_tell_locked (shared);
  g_mutex_unlock (&shared->lock);
}

gpointer
_skt_sequence_runner (gpointer data)
{
  Runner self = { .shared = data };
  guint n_steps = skt_sequence_get_n_steps (self.shared->sequence);

  self.journal = g_steal_pointer (&self.shared->journal);
  self.reader = skt_journal_reader_new (self.journal);
  self.states = g_new0 (StepState, n_steps);
  self.place.record = self.shared->first_record;
  end (&self, run (&self));

  for (guint i = 0; i < n_steps; i++)
    g_clear_pointer (&self.states[i].matcher, skt_stream_matcher_free);
  g_free (self.states);
  g_clear_pointer (&self.received, g_bytes_unref);
  g_clear_pointer (&self.groups, g_ptr_array_unref);
  skt_journal_reader_free (self.reader);
  skt_journal_unref (self.journal);
  _skt_run_shared_unref (self.shared);
  return NULL;
}
