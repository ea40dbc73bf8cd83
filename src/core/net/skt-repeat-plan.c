/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-repeat-plan.h"

/* xorshift: that it is not predictable does not matter, that a test can repeat it does. */
static guint32
next_random (SktRepeatPlan *self)
{
  self->seed ^= self->seed << 13;
  self->seed ^= self->seed >> 17;
  self->seed ^= self->seed << 5;
  return self->seed;
}

static void
set_due (SktRepeatPlan *self)
{
  self->due = self->start + (gint64) self->next * self->interval;
  if (self->jitter > 0)
    self->due += (gint64) (next_random (self) % (guint64) (2 * self->jitter + 1)) - self->jitter;
}

void
skt_repeat_plan_init (SktRepeatPlan *self, gint64 start, gint64 interval, gint64 jitter, guint32 seed)
{
  g_return_if_fail (interval >= 0 && jitter >= 0);

  *self = (SktRepeatPlan){ .start = start, .interval = interval, .jitter = MIN (jitter, interval / 2) };
  self->seed = seed != 0 ? seed : 1;
  /* the first one at once */
  self->due = start;
}

gboolean
skt_repeat_plan_is_due (const SktRepeatPlan *self, gint64 now)
{
  return self->interval == 0 || now >= self->due;
}

void
skt_repeat_plan_take (SktRepeatPlan *self, gint64 now)
{
  self->n_taken++;
  self->next++;
  if (self->interval == 0)
    return;
  self->sum_lateness += now - self->due;
  self->max_lateness = MAX (self->max_lateness, now - self->due);
  if (now - self->start >= (gint64) self->next * self->interval)
    {
      guint64 latest = (guint64) ((now - self->start) / self->interval);

      self->n_missed += latest - self->next + 1;
      self->next = latest + 1;
    }
  set_due (self);
}

gint64
skt_repeat_plan_get_mean_lateness (const SktRepeatPlan *self)
{
  return self->n_taken > 0 ? self->sum_lateness / (gint64) self->n_taken : 0;
}
