/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-responder.h"

#include "skt-transport-private.h"

/* Answers of one connection that wait for their time. */
#define MAX_DELAYED 1000
/* An expression that takes longer for one read keeps all connections waiting. */
#define PATIENCE (250 * G_TIME_SPAN_MILLISECOND)
#define NO_TIME G_MAXINT64

/* Where the connection stands for one rule. */
typedef struct
{
  SktAnswerRule *rule;          /* owned */
  SktStreamMatcher *matcher;    /* owned; NULL: greeting */
  guint64 begin;                /* of the matcher's stream in what was fed */
  guint64 n_answers;
  gint64 second_begin;          /* us, monotonic: of the second in which n_in_second are counted */
  guint n_in_second;
} Standing;

typedef struct
{
  SktAnswerRule *rule;          /* owned */
  GBytes *bytes;                /* owned, NULL: none */
  gint64 due;                   /* us, monotonic; 0: at once */
  guint64 place;                /* in what was fed: where its match ends */
} Answer;

struct _SktResponder
{
  SktTransport *transport;      /* borrowed */
  SktAnswers *answers;          /* owned */
  GArray *standings;            /* Standing */
  GArray *ready;                /* Answer: found in the bytes that are being taken, in any order */
  GQueue delayed;               /* Answer, owned, the first to be due first */
  GSource *timer;               /* NULL until something is waited for */
  guint64 n_fed;                /* bytes */
};

static void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->rule, skt_answer_rule_unref);
  g_clear_pointer (&answer->bytes, g_bytes_unref);
}

static void
answer_free (Answer *answer)
{
  answer_clear (answer);
  g_free (answer);
}

static void
standing_clear (Standing *standing)
{
  g_clear_pointer (&standing->rule, skt_answer_rule_unref);
  g_clear_pointer (&standing->matcher, skt_stream_matcher_free);
}

static gboolean
is_open (const SktResponder *self)
{
  return self->transport->fd >= 0 && !self->transport->is_ending && !self->transport->must_end;
}

/* -- What is to be sent -------------------------------------------------------------------------------------- */

static gboolean
is_done (const Standing *standing)
{
  return skt_answer_rule_get_settings (standing->rule)->is_once && standing->n_answers > 0;
}

static gboolean
is_at_limit (Standing *standing, gint64 now)
{
  guint limit = skt_answer_rule_get_settings (standing->rule)->max_per_second;

  if (limit == 0)
    return FALSE;
  if (standing->second_begin == 0 || now - standing->second_begin >= G_TIME_SPAN_SECOND)
    {
      standing->second_begin = now;
      standing->n_in_second = 0;
    }
  return standing->n_in_second >= limit;
}

/* FALSE: it can't be made. */
static gboolean
make_bytes (const Standing *standing, const SktMatch *match, GBytes **ret_bytes)
{
  const SktAnswerSettings *settings = skt_answer_rule_get_settings (standing->rule);
  SktMessageContext context = { .index = standing->n_answers };

  if (match != NULL)
    {
      context.received = match->bytes;
      context.groups = match->groups;
    }
  if (settings->message != NULL)
    *ret_bytes = skt_message_expand (settings->message, &context, NULL);
  else
    *ret_bytes = settings->is_echo ? g_bytes_ref (match->bytes) : NULL;
  return *ret_bytes != NULL || settings->message == NULL;
}

/* `match` NULL: greeting. */
static void
add_answer (SktResponder *self, Standing *standing, const SktMatch *match, gint64 now)
{
  const SktAnswerSettings *settings = skt_answer_rule_get_settings (standing->rule);
  Answer answer = { .place = match != NULL ? standing->begin + match->end : 0 };

  if (!make_bytes (standing, match, &answer.bytes))
    {
      skt_answer_rule_count (standing->rule, SKT_ANSWER_FAILED);
      return;
    }
  standing->n_answers++;
  standing->n_in_second++;
  answer.rule = skt_answer_rule_ref (standing->rule);
  if (settings->delay_ms > 0)
    answer.due = now + settings->delay_ms * (gint64) G_TIME_SPAN_MILLISECOND;
  g_array_append_val (self->ready, answer);
}

static gboolean
has_room (const SktResponder *self)
{
  return self->delayed.length + self->ready->len < MAX_DELAYED;
}

/* -- Matching ------------------------------------------------------------------------------------------------ */

static void
feed_rule (SktResponder *self, Standing *standing, const guint8 *bytes, gsize length, guint64 time_ns, gint64 now)
{
  while (length > 0 && !is_done (standing))
    {
      gboolean can_answer = has_room (self) && !is_at_limit (standing, now);
      gboolean is_found;
      SktMatch match;
      gsize n = skt_stream_matcher_feed (standing->matcher, bytes, length, time_ns, &is_found,
                                         can_answer ? &match : NULL);

      bytes += n;
      length -= n;
      if (!is_found)
        continue;
      skt_answer_rule_count (standing->rule, SKT_ANSWER_MATCHED);
      if (can_answer)
        add_answer (self, standing, &match, now);
      else
        skt_answer_rule_count (standing->rule, SKT_ANSWER_HELD_BACK);
    }
}

void
skt_responder_feed (SktResponder *self, const guint8 *bytes, gsize length, guint64 time_ns)
{
  gint64 now = g_get_monotonic_time ();
  gint64 begin = now;

  if (!is_open (self))
    return;
  for (guint i = 0; i < self->standings->len; i++)
    {
      Standing *standing = &g_array_index (self->standings, Standing, i);
      gint64 end;

      if (standing->matcher == NULL || skt_answer_rule_is_too_slow (standing->rule))
        continue;
      feed_rule (self, standing, bytes, length, time_ns, now);
      end = g_get_monotonic_time ();
      if (end - begin > PATIENCE)
        skt_answer_rule_set_too_slow (standing->rule);
      begin = end;
    }
  self->n_fed += length;
}

/* Frames that a pause ends. Returns when the next of them would be, us on the monotonic clock. */
static gint64
look_at_pauses (SktResponder *self)
{
  gint64 now = g_get_monotonic_time ();
  guint64 real_ns = (guint64) g_get_real_time () * 1000;
  gint64 next = NO_TIME;

  for (guint i = 0; i < self->standings->len; i++)
    {
      Standing *standing = &g_array_index (self->standings, Standing, i);
      guint64 deadline = standing->matcher != NULL ? skt_stream_matcher_get_deadline (standing->matcher) : 0;
      gboolean can_answer;
      SktMatch match;

      if (deadline == 0 || is_done (standing))
        continue;
      if (real_ns <= deadline)
        {
          next = MIN (next, now + (gint64) ((deadline - real_ns) / 1000) + 1);
          continue;
        }
      can_answer = has_room (self) && !is_at_limit (standing, now);
      if (!skt_stream_matcher_wait (standing->matcher, real_ns, can_answer ? &match : NULL))
        continue;
      skt_answer_rule_count (standing->rule, SKT_ANSWER_MATCHED);
      if (can_answer)
        add_answer (self, standing, &match, now);
      else
        skt_answer_rule_count (standing->rule, SKT_ANSWER_HELD_BACK);
    }
  return next;
}

/* -- Sending ------------------------------------------------------------------------------------------------- */

/* FALSE: the peer does not read, or nothing can be recorded. */
static gboolean
queue_answer (SktResponder *self, GBytes *bytes)
{
  SktSessionWorker *session = self->transport->session;
  gsize size = g_bytes_get_size (bytes);
  gboolean is_taken;

  g_mutex_lock (&session->lock);
  is_taken = self->transport->queue.size + size <= session->queue_bound
             && (session->refusal == NULL || size + sizeof (SktRecord) <= session->reserve_left);
  if (is_taken)
    {
      skt_send_queue_push (&self->transport->queue, bytes, SKT_RECORD_FLAG_AUTOMATIC);
      session->reserve_left -= MIN (session->reserve_left, size + sizeof (SktRecord));
    }
  g_mutex_unlock (&session->lock);
  return is_taken;
}

/* Returns whether the connection is to be closed. */
static gboolean
send_answer (SktResponder *self, const Answer *answer)
{
  gboolean is_taken = answer->bytes == NULL || queue_answer (self, answer->bytes);

  skt_answer_rule_count (answer->rule, is_taken ? SKT_ANSWER_SENT : SKT_ANSWER_HELD_BACK);
  return is_taken && skt_answer_rule_get_settings (answer->rule)->closes;
}

/* What is queued goes; the transport may be closed by that, and the responder is gone then. */
static void
write_answers (SktTransport *transport, gboolean closes)
{
  g_autoptr (SktTransport) kept = skt_transport_ref (transport);

  _skt_transport_touch (transport);
  if (closes)
    skt_transport_disconnect (transport);
  else
    skt_transport_write (transport);
}

static int
compare_answers (gconstpointer a, gconstpointer b)
{
  const Answer *x = a;
  const Answer *y = b;

  return x->place < y->place ? -1 : x->place > y->place;
}

/* Nearly always at the end. */
static void
delay_answer (SktResponder *self, Answer answer)
{
  GList *after = self->delayed.tail;

  while (after != NULL && ((Answer *) after->data)->due > answer.due)
    after = after->prev;
  g_queue_insert_after (&self->delayed, after, g_memdup2 (&answer, sizeof answer));
}

static gboolean timer_cb (gpointer data);

static void
set_timer (SktResponder *self, gint64 pause_end)
{
  const Answer *first = g_queue_peek_head (&self->delayed);
  gint64 due = MIN (pause_end, first != NULL ? first->due : NO_TIME);

  if (due == NO_TIME && self->timer == NULL)
    return;
  if (self->timer == NULL)
    self->timer = _skt_engine_add_timer_in_worker (self->transport->session->engine, -1, timer_cb, self);
  g_source_set_ready_time (self->timer, due == NO_TIME ? -1 : due);
}

/* In the order of the stream, whichever rule found them; after one that closes, no more. */
static void
send_ready (SktResponder *self, gint64 pause_end)
{
  gint64 now = g_get_monotonic_time ();
  gboolean has_sent = FALSE;
  gboolean closes = FALSE;

  g_array_sort (self->ready, compare_answers);
  for (guint i = 0; i < self->ready->len; i++)
    {
      Answer *answer = &g_array_index (self->ready, Answer, i);

      if (answer->due != 0)
        {
          delay_answer (self, *answer);
          *answer = (Answer) { NULL };
        }
      else if (closes)
        skt_answer_rule_count (answer->rule, SKT_ANSWER_HELD_BACK);
      else
        {
          closes = send_answer (self, answer);
          has_sent = TRUE;
        }
    }
  g_array_set_size (self->ready, 0);

  while (!closes && self->delayed.length > 0 && ((Answer *) self->delayed.head->data)->due <= now)
    {
      Answer *answer = g_queue_pop_head (&self->delayed);

      closes = send_answer (self, answer);
      has_sent = TRUE;
      answer_free (answer);
    }
  set_timer (self, pause_end);
  if (has_sent)
    write_answers (self->transport, closes);
}

void
skt_responder_answer (SktResponder *self)
{
  if (!is_open (self))
    {
      g_array_set_size (self->ready, 0);
      return;
    }
  send_ready (self, look_at_pauses (self));
}

static gboolean
timer_cb (gpointer data)
{
  SktResponder *self = data;

  /* counters may change */
  _skt_transport_touch (self->transport);
  skt_responder_answer (self);
  return G_SOURCE_CONTINUE;
}

/* -- Life ---------------------------------------------------------------------------------------------------- */

static void
find_standing (SktResponder *self, SktAnswerRule *rule, Standing *ret_standing)
{
  for (guint i = 0; i < self->standings->len; i++)
    {
      Standing *standing = &g_array_index (self->standings, Standing, i);

      if (standing->rule == rule)
        {
          *ret_standing = *standing;
          *standing = (Standing) { NULL };
          return;
        }
    }
  *ret_standing = (Standing) { .rule = skt_answer_rule_ref (rule), .begin = self->n_fed };
  if (skt_answer_rule_get_settings (rule)->match != NULL)
    ret_standing->matcher = skt_stream_matcher_new (skt_answer_rule_get_settings (rule)->match);
}

static GArray *
new_standings (void)
{
  GArray *standings = g_array_new (FALSE, FALSE, sizeof (Standing));

  g_array_set_clear_func (standings, (GDestroyNotify) standing_clear);
  return standings;
}

static gboolean
has_rule (const SktAnswers *answers, const SktAnswerRule *rule)
{
  for (guint i = 0; i < skt_answers_get_n_rules (answers); i++)
    if (skt_answers_get_rule (answers, i) == rule)
      return TRUE;
  return FALSE;
}

/* `answers`: those that stay; NULL: none. */
static void
drop_delayed (SktResponder *self, SktAnswers *answers)
{
  for (GList *link = self->delayed.head, *next; link != NULL; link = next)
    {
      Answer *answer = link->data;

      next = link->next;
      if (answers != NULL && has_rule (answers, answer->rule))
        continue;
      skt_answer_rule_count (answer->rule, SKT_ANSWER_HELD_BACK);
      answer_free (answer);
      g_queue_delete_link (&self->delayed, link);
    }
}

void
skt_responder_set_answers (SktResponder *self, SktAnswers *answers)
{
  GArray *standings = new_standings ();

  g_array_set_size (standings, skt_answers_get_n_rules (answers));
  for (guint i = 0; i < standings->len; i++)
    find_standing (self, skt_answers_get_rule (answers, i), &g_array_index (standings, Standing, i));
  g_array_unref (self->standings);
  self->standings = standings;
  drop_delayed (self, answers);
  skt_answers_ref (answers);
  g_clear_pointer (&self->answers, skt_answers_unref);
  self->answers = answers;
  set_timer (self, self->timer != NULL ? g_get_monotonic_time () : NO_TIME);
}

SktResponder *
skt_responder_new (SktTransport *transport, SktAnswers *answers, gboolean is_new)
{
  SktResponder *self = g_new0 (SktResponder, 1);
  gint64 now = g_get_monotonic_time ();

  self->transport = transport;
  self->standings = new_standings ();
  self->ready = g_array_new (FALSE, FALSE, sizeof (Answer));
  g_array_set_clear_func (self->ready, (GDestroyNotify) answer_clear);
  skt_responder_set_answers (self, answers);
  for (guint i = 0; is_new && i < self->standings->len; i++)
    {
      Standing *standing = &g_array_index (self->standings, Standing, i);

      if (standing->matcher != NULL)
        continue;
      skt_answer_rule_count (standing->rule, SKT_ANSWER_MATCHED);
      add_answer (self, standing, NULL, now);
    }
  return self;
}

void
skt_responder_free (SktResponder *self)
{
  _skt_clear_source (&self->timer);
  drop_delayed (self, NULL);
  g_array_unref (self->ready);
  g_array_unref (self->standings);
  skt_answers_unref (self->answers);
  g_free (self);
}

/* -- Session ------------------------------------------------------------------------------------------------- */

static gboolean
applies_to (const SktSessionWorker *session, const SktTransport *transport)
{
  return session->answers != NULL
         && (session->answering_connection == 0 || session->answering_connection == transport->id);
}

void
skt_responder_begin (SktTransport *transport)
{
  if (!applies_to (transport->session, transport))
    return;
  transport->responder = skt_responder_new (transport, transport->session->answers, TRUE);
  skt_responder_answer (transport->responder);
}

void
skt_session_worker_set_answers (SktSessionWorker *self, SktAnswers *answers, guint32 connection)
{
  GHashTableIter iter;
  gpointer value;

  if (answers != NULL)
    skt_answers_ref (answers);
  g_clear_pointer (&self->answers, skt_answers_unref);
  self->answers = answers;
  self->answering_connection = connection;

  g_hash_table_iter_init (&iter, self->transports);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      SktTransport *transport = value;

      if (!applies_to (self, transport))
        g_clear_pointer (&transport->responder, skt_responder_free);
      else if (transport->responder != NULL)
        skt_responder_set_answers (transport->responder, answers);
      else
        transport->responder = skt_responder_new (transport, answers, FALSE);
    }
  /* counters may have changed */
  skt_session_worker_touch (self);
}
