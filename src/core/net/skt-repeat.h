/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-message.h"
#include "skt-recipients.h"
#include "skt-session.h"

G_BEGIN_DECLS

typedef struct
{
  guint interval_ms;            /* 0: as fast as it is taken */
  guint jitter_ms;              /* each is sent up to so much earlier or later; at most half of the interval counts */
  guint64 count;                /* 0: until it is stopped */
  SktShape shape;
} SktRepeatOptions;

typedef enum
{
  SKT_REPEAT_RUNS,
  SKT_REPEAT_WAITS,             /* one is due, and nobody takes it: the peer does not read, or it could not be recorded */
  SKT_REPEAT_FINISHED,          /* `count` were sent */
  SKT_REPEAT_STOPPED,
  SKT_REPEAT_NOBODY,            /* nobody is left to send to */
  SKT_REPEAT_FAILED,            /* the message can't be expanded any more */
} SktRepeatState;

typedef struct
{
  SktRepeatState state;
  guint64 n_sent;               /* times it was sent, to however many */
  guint64 n_missed;             /* that were due while an earlier one was late */
  guint64 n_skipped;            /* a recipient did not get one because it does not read, while another one did */
  guint64 n_dropped;            /* when it was stopped, some were queued for a recipient: they are not sent */
  gint64 mean_lateness;         /* us */
  gint64 max_lateness;          /* us */
} SktRepeatProgress;

/* Sends a message again and again, by the monotonic clock and on the I/O thread, from when it is made until it ends by itself or is stopped;
 * dropping it stops it too. Main thread. Signal: changed, at most ten times a second and at the end. */
#define SKT_TYPE_REPEAT (skt_repeat_get_type ())
G_DECLARE_FINAL_TYPE (SktRepeat, skt_repeat, SKT, REPEAT, GObject)

/* Begins at once. The message is expanded each time, with the times it was sent before as its index. */
SktRepeat *skt_repeat_new (SktSession *session, SktMessage *message, SktRecipients *recipients, const SktRepeatOptions *options);
/* Nothing is sent after a few ms, but the rest of a message that is begun; what is queued is dropped. */
void skt_repeat_stop (SktRepeat *self);
gboolean skt_repeat_is_over (SktRepeat *self);
void skt_repeat_get_progress (SktRepeat *self, SktRepeatProgress *ret_progress);
/* In words, translated: "Repeating · 1234 sent · late by 0.06 ms on average, 1.20 ms at most · 1 missed". (transfer full) */
char *skt_repeat_dup_text (SktRepeat *self);

G_END_DECLS
