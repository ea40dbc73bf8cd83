/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-life.h"

#include "skt-time-text.h"

#include <string.h>

/* How often it is looked whether to stop. */
#define SLICE 4096
/* A damaged or hostile journal may have any number of events for one connection. */
#define MAX_STEPS 500
#define MAX_DETAIL 1024

struct _SktLife
{
  SktJournalReader *reader;     /* owned */
  guint32 connection;
  guint64 next;                 /* record to be looked at */
  GPtrArray *steps;             /* SktLifeStep, owned */
  SktLifeStep *pending;         /* borrowed: the lookup or attempt that is under way; NULL: none */
  SktLifeStep *current;         /* borrowed: the step whose state the connection is in; NULL: none */
  SktLifeStep *peer_finished;   /* borrowed; NULL: it has not */
  gboolean has_finished;        /* this side has sent FIN */
  SktLifeStep *listening;       /* owned: not a step yet; NULL: nothing listens */
  SktTcpState state;
  gboolean has_started, is_opened, is_over, has_received, has_sent;
  guint64 started_ns;
};

static void
step_free (SktLifeStep *step)
{
  g_free (step->detail);
  g_free (step);
}

static void
clear_step (SktLifeStep **step)
{
  g_clear_pointer (step, step_free);
}

static char *
dup_detail (SktLife *self, const SktRecord *record)
{
  gsize length;
  const guint8 *bytes = NULL;

  if (record->length > 0 && !skt_record_is_data (record))
    bytes = skt_journal_reader_peek_payload (self->reader, record->offset, MIN (record->length, MAX_DETAIL), &length);
  return bytes != NULL ? g_strndup ((const char *) bytes, length) : NULL;
}

static SktLifeStep *
step_new (SktLife *self, SktLifeStepKind kind, const SktRecord *record)
{
  SktLifeStep *step = g_new0 (SktLifeStep, 1);

  step->kind = kind;
  step->time_ns = record->time_ns;
  step->duration_ns = -1;
  step->detail = dup_detail (self, record);
  return step;
}

static void
end_step (SktLifeStep **step, guint64 time_ns)
{
  if (*step != NULL)
    /* the clock may have been set back */
    (*step)->duration_ns = MAX (skt_time_get_difference (time_ns, (*step)->time_ns), 0);
  *step = NULL;
}

static SktLifeStep *
add_step (SktLife *self, SktLifeStepKind kind, const SktRecord *record)
{
  SktLifeStep *step = step_new (self, kind, record);

  step->since_start_ns = skt_time_get_difference (record->time_ns, self->started_ns);
  step->state = self->state;
  g_ptr_array_add (self->steps, step);
  return step;
}

/* A step with which the connection goes into another state. */
static SktLifeStep *
add_state (SktLife *self, SktLifeStepKind kind, SktTcpState state, const SktRecord *record)
{
  SktLifeStep *step;

  end_step (&self->current, record->time_ns);
  self->state = state;
  step = add_step (self, kind, record);
  self->current = step;
  return step;
}

/* -- Events --------------------------------------------------------------------------------------------------- */

static void
take_failed (SktLife *self, const SktRecord *record)
{
  SktLifeStep *step = self->pending != NULL ? self->pending : add_step (self, SKT_LIFE_FAILED, record);

  step->reason = record->reason;
  step->code = record->code;
  self->state = SKT_TCP_STATE_CLOSED;
  end_step (&self->pending, record->time_ns);
  self->current = NULL;
}

static void
take_opened (SktLife *self, const SktRecord *record)
{
  end_step (&self->pending, record->time_ns);
  if (self->steps->len == 0 && self->listening != NULL)
    {
      self->listening->since_start_ns = skt_time_get_difference (self->listening->time_ns, self->started_ns);
      self->listening->state = SKT_TCP_STATE_LISTEN;
      g_ptr_array_add (self->steps, g_steal_pointer (&self->listening));
    }
  add_state (self, SKT_LIFE_OPENED, SKT_TCP_STATE_ESTABLISHED, record);
  self->is_opened = TRUE;
}

/* In which state the system has it when the program has closed its descriptor. */
static SktTcpState
get_state_after_close (SktLife *self, const SktRecord *record)
{
  if (record->reason != SKT_REASON_LOCAL_CLOSED && record->reason != SKT_REASON_PEER_CLOSED)
    return SKT_TCP_STATE_CLOSED;
  if (self->has_finished)
    return self->state;
  if (self->peer_finished == NULL)
    return SKT_TCP_STATE_FIN_WAIT_1;
  /* a journal that does not tell when FIN was sent */
  return (record->flags & SKT_RECORD_FLAG_LOCAL_FIRST) != 0 ? SKT_TCP_STATE_TIME_WAIT : SKT_TCP_STATE_LAST_ACK;
}

static void
take_closed (SktLife *self, const SktRecord *record)
{
  SktLifeStep *step;

  end_step (&self->pending, record->time_ns);
  step = add_state (self, SKT_LIFE_CLOSED, get_state_after_close (self, record), record);
  /* that this side had finished before is known only now */
  if (step->state == SKT_TCP_STATE_TIME_WAIT && !self->has_finished)
    self->peer_finished->state = SKT_TCP_STATE_TIME_WAIT;
  step->reason = record->reason;
  step->code = record->code;
  step->n_bytes = record->stream_offset;
  step->unacknowledged = record->unacknowledged;
  step->flags = record->flags;
  self->is_over = TRUE;
}

static void
take_finished (SktLife *self, const SktRecord *record)
{
  self->has_finished = TRUE;
  add_state (self, SKT_LIFE_FINISHED, self->peer_finished != NULL ? SKT_TCP_STATE_LAST_ACK : SKT_TCP_STATE_FIN_WAIT_1, record);
}

static void
take_event (SktLife *self, const SktRecord *record)
{
  switch ((guint) record->kind)
    {
    case SKT_RECORD_RESOLVING:
      self->pending = add_step (self, SKT_LIFE_LOOKUP, record);
      break;
    case SKT_RECORD_CONNECTING:
      end_step (&self->pending, record->time_ns);
      self->pending = add_state (self, SKT_LIFE_ATTEMPT, SKT_TCP_STATE_SYN_SENT, record);
      self->current = NULL;
      break;
    case SKT_RECORD_OPENED:
      take_opened (self, record);
      break;
    case SKT_RECORD_PEER_FINISHED:
      self->peer_finished = add_state (self, SKT_LIFE_PEER_FINISHED,
                                       self->has_finished ? SKT_TCP_STATE_TIME_WAIT : SKT_TCP_STATE_CLOSE_WAIT, record);
      break;
    case SKT_RECORD_FINISHED:
      take_finished (self, record);
      break;
    case SKT_RECORD_CLOSED:
      take_closed (self, record);
      break;
    case SKT_RECORD_FAILED:
      take_failed (self, record);
      break;
    default:
      break;
    }
}

static void
take_data (SktLife *self, const SktRecord *record)
{
  gboolean is_received = record->kind == SKT_RECORD_RECEIVED;
  gboolean *has_any = is_received ? &self->has_received : &self->has_sent;

  if (*has_any)
    return;
  *has_any = TRUE;
  add_step (self, is_received ? SKT_LIFE_FIRST_RECEIVED : SKT_LIFE_FIRST_SENT, record)->n_bytes = record->length;
}

/* Events of the listening socket, before the connection was accepted. */
static void
take_session_event (SktLife *self, const SktRecord *record)
{
  if (self->has_started || (record->kind != SKT_RECORD_LISTENING && record->kind != SKT_RECORD_STOPPED_LISTENING))
    return;
  clear_step (&self->listening);
  if (record->kind == SKT_RECORD_LISTENING)
    self->listening = step_new (self, SKT_LIFE_LISTEN, record);
}

static void
take (SktLife *self, const SktRecord *record)
{
  if (record->connection == 0)
    {
      take_session_event (self, record);
      return;
    }
  if (record->connection != self->connection)
    {
      /* It could not be made, and the next one is there already. */
      self->is_over = self->has_started && !self->is_opened && self->pending == NULL && record->connection > self->connection;
      return;
    }
  if (self->steps->len >= MAX_STEPS && record->kind != SKT_RECORD_CLOSED)
    return;
  if (!self->has_started)
    {
      self->has_started = TRUE;
      self->started_ns = record->time_ns;
    }
  if (skt_record_is_data (record))
    take_data (self, record);
  else
    take_event (self, record);
}

/* -- Public --------------------------------------------------------------------------------------------------- */

SktLife *
skt_life_new (SktJournal *journal, guint32 connection)
{
  SktLife *self;

  g_return_val_if_fail (journal != NULL, NULL);

  self = g_new0 (SktLife, 1);
  self->reader = skt_journal_reader_new (journal);
  self->connection = connection;
  self->next = skt_journal_get_first_record (journal);
  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
  self->state = SKT_TCP_STATE_CLOSED;
  return self;
}

void
skt_life_free (SktLife *self)
{
  if (self == NULL)
    return;
  clear_step (&self->listening);
  g_ptr_array_unref (self->steps);
  skt_journal_reader_free (self->reader);
  g_free (self);
}

guint64
skt_life_get_n_left (SktLife *self)
{
  guint64 n_records;

  g_return_val_if_fail (self != NULL, 0);

  n_records = skt_journal_get_n_records (skt_journal_reader_get_journal (self->reader));
  return self->is_over || n_records < self->next ? 0 : n_records - self->next;
}

gboolean
skt_life_extend (SktLife *self, guint64 max_records, GCancellable *cancellable)
{
  guint64 n_left = skt_life_get_n_left (self);
  guint64 end = self->next + MIN (n_left, max_records);

  while (self->next < end && !self->is_over)
    {
      SktRecord record;

      if (self->next % SLICE == 0 && g_cancellable_is_cancelled (cancellable))
        return FALSE;
      if (skt_journal_reader_get_record (self->reader, self->next, &record))
        take (self, &record);
      self->next++;
    }
  return skt_life_get_n_left (self) > 0;
}

guint32
skt_life_get_connection (SktLife *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->connection;
}

gboolean
skt_life_is_over (SktLife *self)
{
  g_return_val_if_fail (self != NULL, TRUE);
  return self->is_over;
}

GPtrArray *
skt_life_get_steps (SktLife *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->steps;
}

SktTcpState
skt_life_get_state (SktLife *self)
{
  g_return_val_if_fail (self != NULL, SKT_TCP_STATE_UNKNOWN);
  return self->state;
}
