/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* When something that is repeated is due. The n-th is due at start + n × interval, whenever the others were sent: errors don't add up. One that
 * is late is sent at once; if more than one is due, the others are missed, so that there is never a burst. Times are us, monotonic. Pure. */
typedef struct
{
  gint64 start;
  gint64 interval;              /* 0: always due */
  gint64 jitter;                /* each is due up to so much earlier or later; no more than half of the interval */
  guint64 next;                 /* number of the next one, from 0 */
  gint64 due;                   /* when it is */
  guint32 seed;
  guint64 n_taken, n_missed;
  gint64 sum_lateness, max_lateness;
} SktRepeatPlan;

void skt_repeat_plan_init (SktRepeatPlan *self, gint64 start, gint64 interval, gint64 jitter, guint32 seed);
gboolean skt_repeat_plan_is_due (const SktRepeatPlan *self, gint64 now);
/* The next one, which is due, is sent now. */
void skt_repeat_plan_take (SktRepeatPlan *self, gint64 now);
/* 0: none was taken. */
gint64 skt_repeat_plan_get_mean_lateness (const SktRepeatPlan *self);

G_END_DECLS
