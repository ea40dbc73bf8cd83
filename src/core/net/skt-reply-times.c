/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-reply-times.h"

#include <string.h>

#define OCTAVE_BITS 5
#define OCTAVE (1 << OCTAVE_BITS)

struct _SktReplyTimes
{
  SktReplySummary exact;        /* but for median and p99 */
  guint32 *counts;              /* of buckets first .. first + n */
  guint first, n;
};

/* Times below 32 ns have a bucket each; above, an octave has 32. */
static guint
get_bucket (guint64 time_ns)
{
  guint octave;

  if (time_ns < OCTAVE)
    return (guint) time_ns;
  octave = 63 - (guint) __builtin_clzll (time_ns) - OCTAVE_BITS;
  return (octave + 1) * OCTAVE + (guint) ((time_ns >> octave) - OCTAVE);
}

/* The middle of a bucket. */
static guint64
get_time (guint bucket)
{
  guint octave = bucket / OCTAVE;
  guint64 low, width;

  if (octave == 0)
    return bucket;
  width = G_GUINT64_CONSTANT (1) << (octave - 1);
  low = (guint64) (OCTAVE + bucket % OCTAVE) * width;
  return low + width / 2;
}

SktReplyTimes *
skt_reply_times_new (void)
{
  return g_new0 (SktReplyTimes, 1);
}

void
skt_reply_times_free (SktReplyTimes *self)
{
  if (self == NULL)
    return;
  g_free (self->counts);
  g_free (self);
}

/* Whole octaves, so that it seldom grows. */
static void
make_room (SktReplyTimes *self, guint bucket)
{
  guint first = bucket - bucket % OCTAVE, end = first + OCTAVE;
  guint32 *counts;

  if (self->n > 0)
    {
      first = MIN (first, self->first);
      end = MAX (end, self->first + self->n);
    }
  if (end - first == self->n)
    return;
  counts = g_new0 (guint32, end - first);
  if (self->n > 0)
    memcpy (counts + (self->first - first), self->counts, self->n * sizeof *counts);
  g_free (self->counts);
  self->counts = counts;
  self->first = first;
  self->n = end - first;
}

void
skt_reply_times_add (SktReplyTimes *self, guint64 time_ns)
{
  guint bucket = get_bucket (time_ns);
  SktReplySummary *exact = &self->exact;

  make_room (self, bucket);
  if (self->counts[bucket - self->first] < G_MAXUINT32)
    self->counts[bucket - self->first]++;
  exact->last = time_ns;
  exact->min = exact->count == 0 ? time_ns : MIN (exact->min, time_ns);
  exact->max = MAX (exact->max, time_ns);
  exact->count++;
}

/* The time that `rank` (from 1) of all are not longer than. */
static guint64
find_rank (const SktReplyTimes *self, guint64 rank)
{
  guint64 n = 0;

  for (guint i = 0; i < self->n; i++)
    {
      n += self->counts[i];
      if (n >= rank)
        return CLAMP (get_time (self->first + i), self->exact.min, self->exact.max);
    }
  return self->exact.max;
}

void
skt_reply_times_get_summary (const SktReplyTimes *self, SktReplySummary *ret_summary)
{
  memset (ret_summary, 0, sizeof *ret_summary);
  if (self == NULL || self->exact.count == 0)
    return;
  *ret_summary = self->exact;
  ret_summary->median = find_rank (self, (self->exact.count + 1) / 2);
  ret_summary->p99 = find_rank (self, self->exact.count - self->exact.count / 100);
}
