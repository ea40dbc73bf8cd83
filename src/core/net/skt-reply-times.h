/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long a peer took to answer: from the last record sent by the user to the next one received. What is sent automatically (echo) is an
 * answer itself, and none is awaited for it.
 *
 * `count`, `last`, `min` and `max` are exact; the median and the 99th percentile come from a histogram whose buckets are 1/32 of their octave
 * wide, and are the middle of theirs, so at most 1.6 % off. All in ns; the records' own times are compared. */
typedef struct
{
  guint64 count;
  guint64 last, min, max;
  guint64 median, p99;
} SktReplySummary;

/* The histogram is as large as the times are spread: 128 bytes for each octave. */
typedef struct _SktReplyTimes SktReplyTimes;

SktReplyTimes *skt_reply_times_new (void);
void skt_reply_times_free (SktReplyTimes *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktReplyTimes, skt_reply_times_free)

void skt_reply_times_add (SktReplyTimes *self, guint64 time_ns);
/* NULL for self: none yet. */
void skt_reply_times_get_summary (const SktReplyTimes *self, SktReplySummary *ret_summary);

G_END_DECLS
