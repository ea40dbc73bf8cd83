/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-sequence.h"

#include "skt-error.h"

#include <glib/gi18n-lib.h>

struct _SktStep
{
  gatomicrefcount ref_count;
  SktStepSettings settings;
  char *text;
  SktMatchRule *rule;
};

struct _SktSequence
{
  gatomicrefcount ref_count;
  char *name;
  GPtrArray *steps;
};

/* -- Steps ------------------------------------------------------------------------------------------------------ */

static gboolean
has_rule (const SktStepSettings *settings)
{
  return settings->kind == SKT_STEP_WAIT || (settings->kind == SKT_STEP_STOP && !settings->by_count);
}

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_SEQUENCE, message);
  return FALSE;
}

static gboolean
check_settings (const SktStepSettings *settings, GError **error)
{
  switch (settings->kind)
    {
    case SKT_STEP_SEND:
      return settings->message != NULL || refuse (error, _ ("There is nothing to send: type a message"));
    case SKT_STEP_WAIT:
    case SKT_STEP_WAIT_END:
      if (settings->timeout_ms > SKT_STEP_MAX_MS)
        return refuse (error, _ ("A wait lasts at most a day (86400000 ms)"));
      return TRUE;
    case SKT_STEP_PAUSE:
      if (settings->pause_ms < 1 || settings->pause_ms > SKT_STEP_MAX_MS)
        return refuse (error, _ ("A pause lasts from 1 ms to a day (86400000 ms)"));
      return TRUE;
    case SKT_STEP_REPEAT:
      if (settings->to < 1)
        return refuse (error, _ ("Steps are counted from 1"));
      if (settings->count == 1 || settings->count > SKT_STEP_MAX_COUNT)
        return refuse (error, _ ("Steps are repeated 2 times or more, up to 1000000000 times, or (0) until the sequence is stopped"));
      return TRUE;
    case SKT_STEP_STOP:
      if (settings->by_count && (settings->count < 1 || settings->count > SKT_STEP_MAX_COUNT))
        return refuse (error, _ ("A step is counted from 1 to 1000000000 times"));
      return TRUE;
    case SKT_STEP_FINISH:
    case SKT_STEP_CLOSE:
      return TRUE;
    case SKT_N_STEP_KINDS:
    default:
      return refuse (error, _ ("There is no such step"));
    }
}

SktStep *
skt_step_new (const SktStepSettings *settings, gsize *ret_position, GError **error)
{
  g_autoptr (SktMatchRule) rule = NULL;
  const char *text = settings->text != NULL ? settings->text : "";
  SktStep *self;

  g_return_val_if_fail (settings != NULL, NULL);

  if (ret_position != NULL)
    *ret_position = 0;
  if (!check_settings (settings, error))
    return NULL;
  if (has_rule (settings))
    {
      rule = skt_match_rule_new (settings->match, text, settings->encoding, settings->match_case, &settings->frame,
                                 ret_position, error);
      if (rule == NULL)
        return NULL;
    }
  self = g_new0 (SktStep, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->settings = *settings;
  self->settings.text = self->text = g_strdup (text);
  self->settings.message = settings->message != NULL ? skt_message_ref (settings->message) : NULL;
  self->rule = g_steal_pointer (&rule);
  return self;
}

SktStep *
skt_step_ref (SktStep *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
skt_step_unref (SktStep *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->settings.message, skt_message_unref);
  g_clear_pointer (&self->rule, skt_match_rule_unref);
  g_free (self->text);
  g_free (self);
}

const SktStepSettings *
skt_step_get_settings (const SktStep *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return &self->settings;
}

SktMatchRule *
skt_step_get_rule (const SktStep *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->rule;
}

/* -- Sequences -------------------------------------------------------------------------------------------------- */

static char *
dup_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);

  g_strstrip (valid);
  return g_utf8_strlen (valid, -1) > SKT_SEQUENCE_MAX_NAME ? g_utf8_substring (valid, 0, SKT_SEQUENCE_MAX_NAME)
                                                           : g_steal_pointer (&valid);
}

SktSequence *
skt_sequence_new (const char *name, GPtrArray *steps)
{
  SktSequence *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_new0 (SktSequence, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->name = dup_name (name);
  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_step_unref);
  for (guint i = 0; steps != NULL && i < MIN (steps->len, SKT_SEQUENCE_MAX_STEPS); i++)
    g_ptr_array_add (self->steps, skt_step_ref (steps->pdata[i]));
  return self;
}

SktSequence *
skt_sequence_ref (SktSequence *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
skt_sequence_unref (SktSequence *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->steps);
  g_free (self->name);
  g_free (self);
}

const char *
skt_sequence_get_name (const SktSequence *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->name;
}

guint
skt_sequence_get_n_steps (const SktSequence *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->steps->len;
}

SktStep *
skt_sequence_get_step (const SktSequence *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->steps->len, NULL);
  return self->steps->pdata[index];
}

/* -- Checks ----------------------------------------------------------------------------------------------------- */

/* All steps from `first` to `last` (from 0) are done one after another, so one that takes time is enough. */
static gboolean
takes_time (const SktSequence *self, guint first, guint last)
{
  for (guint i = first; i <= last; i++)
    {
      SktStepKind kind = skt_step_get_settings (self->steps->pdata[i])->kind;

      if (kind == SKT_STEP_WAIT || kind == SKT_STEP_PAUSE)
        return TRUE;
    }
  return FALSE;
}

static gboolean
check_repeat (const SktSequence *self, guint index, GError **error)
{
  const SktStepSettings *settings = skt_step_get_settings (self->steps->pdata[index]);
  guint number = index + 1;

  if (index == 0)
    return refuse (error, _ ("Step 1 has nothing before it that could be repeated: move it down"));
  if (settings->to >= number)
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_SEQUENCE,
                   _ ("Step %u goes back to step %u, which is not before it: choose a step from 1 to %u"), number,
                   settings->to, number - 1);
      return FALSE;
    }
  if (settings->count == 0 && !takes_time (self, settings->to - 1, index))
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_SEQUENCE,
                   _ ("Step %u repeats without end and without a rest: add a pause or a wait between step %u and it, or say how often"),
                   number, settings->to);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_close (const SktSequence *self, guint index, GError **error)
{
  if (index + 1 == self->steps->len)
    return TRUE;
  g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_SEQUENCE,
               _ ("Step %u disconnects, so that nothing can follow: move it to the end, or half-close instead"), index + 1);
  return FALSE;
}

static gboolean
check_send (const SktSequence *self, guint index, GError **error)
{
  for (guint i = 0; i < index; i++)
    if (skt_step_get_settings (self->steps->pdata[i])->kind == SKT_STEP_FINISH)
      {
        g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_SEQUENCE,
                     _ ("Step %u sends, but step %u has finished sending: move it before that"), index + 1, i + 1);
        return FALSE;
      }
  return TRUE;
}

static gboolean
check_step (const SktSequence *self, guint index, GError **error)
{
  SktStepKind kind = skt_step_get_settings (self->steps->pdata[index])->kind;

  return (kind != SKT_STEP_REPEAT || check_repeat (self, index, error)) &&
         (kind != SKT_STEP_CLOSE || check_close (self, index, error)) &&
         (kind != SKT_STEP_SEND || check_send (self, index, error));
}

gboolean
skt_sequence_check (const SktSequence *self, guint *ret_step, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (ret_step != NULL)
    *ret_step = 0;
  if (self->steps->len == 0)
    return refuse (error, _ ("There are no steps yet"));
  for (guint i = 0; i < self->steps->len; i++)
    if (!check_step (self, i, error))
      {
        if (ret_step != NULL)
          *ret_step = i + 1;
        return FALSE;
      }
  return TRUE;
}

/* -- Changes ---------------------------------------------------------------------------------------------------- */

static SktSequence *
copy (const SktSequence *self)
{
  return skt_sequence_new (self->name, self->steps);
}

/* numbers[i]: the number that step i + 1 has now. */
static void
renumber (SktSequence *self, const guint *numbers, guint n)
{
  for (guint i = 0; i < self->steps->len; i++)
    {
      SktStepSettings settings = *skt_step_get_settings (self->steps->pdata[i]);

      if (settings.kind != SKT_STEP_REPEAT || settings.to > n || numbers[settings.to - 1] == settings.to)
        continue;
      settings.to = MAX (numbers[settings.to - 1], 1);
      skt_step_unref (self->steps->pdata[i]);
      self->steps->pdata[i] = skt_step_new (&settings, NULL, NULL);
    }
}

SktSequence *
skt_sequence_rename (const SktSequence *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);
  return skt_sequence_new (name, self->steps);
}

SktSequence *
skt_sequence_insert (const SktSequence *self, guint index, SktStep *step)
{
  SktSequence *other;
  g_autofree guint *numbers = NULL;

  g_return_val_if_fail (self != NULL && step != NULL && index <= self->steps->len, NULL);

  other = copy (self);
  if (self->steps->len >= SKT_SEQUENCE_MAX_STEPS)
    return other;
  numbers = g_new (guint, self->steps->len + 1);
  for (guint i = 0; i < self->steps->len; i++)
    numbers[i] = i + 1 + (i >= index);
  renumber (other, numbers, self->steps->len);
  g_ptr_array_insert (other->steps, (int) index, skt_step_ref (step));
  return other;
}

SktSequence *
skt_sequence_replace (const SktSequence *self, guint index, SktStep *step)
{
  SktSequence *other;

  g_return_val_if_fail (self != NULL && step != NULL && index < self->steps->len, NULL);

  other = copy (self);
  skt_step_unref (other->steps->pdata[index]);
  other->steps->pdata[index] = skt_step_ref (step);
  return other;
}

SktSequence *
skt_sequence_remove (const SktSequence *self, guint index)
{
  SktSequence *other;
  g_autofree guint *numbers = NULL;

  g_return_val_if_fail (self != NULL && index < self->steps->len, NULL);

  other = copy (self);
  g_ptr_array_remove_index (other->steps, index);
  numbers = g_new (guint, self->steps->len);
  /* Who went back to it goes back to the one after it. */
  for (guint i = 0; i < self->steps->len; i++)
    numbers[i] = i + 1 - (i > index);
  renumber (other, numbers, self->steps->len);
  return other;
}

SktSequence *
skt_sequence_move (const SktSequence *self, guint from, guint to)
{
  SktSequence *other;
  g_autofree guint *numbers = NULL;
  SktStep *step;

  g_return_val_if_fail (self != NULL && from < self->steps->len && to < self->steps->len, NULL);

  other = copy (self);
  step = g_ptr_array_steal_index (other->steps, from);
  g_ptr_array_insert (other->steps, (int) to, step);
  numbers = g_new (guint, self->steps->len);
  for (guint i = 0; i < self->steps->len; i++)
    numbers[i] = i + 1 + (i < from && i >= to) - (i > from && i <= to);
  numbers[from] = to + 1;
  renumber (other, numbers, self->steps->len);
  return other;
}
