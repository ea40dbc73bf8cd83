/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-answers.h"

struct _SktAnswerRule
{
  gatomicrefcount ref_count;
  SktAnswerSettings settings;
  guint64 counts[SKT_N_ANSWER_EVENTS]; /* written by the I/O thread only */
  gint is_too_slow;                    /* atomic */
};

struct _SktAnswers
{
  gatomicrefcount ref_count;
  GPtrArray *rules;
};

G_DEFINE_BOXED_TYPE (SktAnswerRule, skt_answer_rule, skt_answer_rule_ref, skt_answer_rule_unref)

SktAnswerRule *
skt_answer_rule_new (const SktAnswerSettings *settings)
{
  SktAnswerRule *self;

  g_return_val_if_fail (settings != NULL, NULL);
  g_return_val_if_fail (settings->match != NULL || !settings->is_echo, NULL);

  self = g_new0 (SktAnswerRule, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->settings = *settings;
  if (settings->match != NULL)
    skt_match_rule_ref (settings->match);
  if (settings->message != NULL)
    skt_message_ref (settings->message);
  return self;
}

SktAnswerRule *
skt_answer_rule_ref (SktAnswerRule *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
skt_answer_rule_unref (SktAnswerRule *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->settings.match, skt_match_rule_unref);
  g_clear_pointer (&self->settings.message, skt_message_unref);
  g_free (self);
}

const SktAnswerSettings *
skt_answer_rule_get_settings (const SktAnswerRule *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->settings;
}

void
skt_answer_rule_get_counts (const SktAnswerRule *self, SktAnswerCounts *ret_counts)
{
  g_return_if_fail (self != NULL && ret_counts != NULL);

  ret_counts->n_matches = __atomic_load_n (&self->counts[SKT_ANSWER_MATCHED], __ATOMIC_RELAXED);
  ret_counts->n_answers = __atomic_load_n (&self->counts[SKT_ANSWER_SENT], __ATOMIC_RELAXED);
  ret_counts->n_held_back = __atomic_load_n (&self->counts[SKT_ANSWER_HELD_BACK], __ATOMIC_RELAXED);
  ret_counts->n_failed = __atomic_load_n (&self->counts[SKT_ANSWER_FAILED], __ATOMIC_RELAXED);
  ret_counts->is_too_slow = skt_answer_rule_is_too_slow (self);
}

/* Nobody else writes it: no locked addition. */
void
skt_answer_rule_count (SktAnswerRule *self, SktAnswerEvent event)
{
  __atomic_store_n (&self->counts[event], self->counts[event] + 1, __ATOMIC_RELAXED);
}

void
skt_answer_rule_set_too_slow (SktAnswerRule *self)
{
  g_atomic_int_set (&self->is_too_slow, TRUE);
}

gboolean
skt_answer_rule_is_too_slow (const SktAnswerRule *self)
{
  return g_atomic_int_get (&self->is_too_slow);
}

SktAnswers *
skt_answers_new (GPtrArray *rules)
{
  SktAnswers *self;

  g_return_val_if_fail (rules != NULL, NULL);

  self = g_new0 (SktAnswers, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_answer_rule_unref);
  for (guint i = 0; i < rules->len; i++)
    g_ptr_array_add (self->rules, skt_answer_rule_ref (rules->pdata[i]));
  return self;
}

SktAnswers *
skt_answers_ref (SktAnswers *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
skt_answers_unref (SktAnswers *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->rules);
  g_free (self);
}

guint
skt_answers_get_n_rules (const SktAnswers *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->rules->len;
}

SktAnswerRule *
skt_answers_get_rule (const SktAnswers *self, guint n)
{
  g_return_val_if_fail (self != NULL && n < self->rules->len, NULL);

  return self->rules->pdata[n];
}
