/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How what is sent is cut or joined, to try how a parser at the other end takes halves and several at once. All 0: each message is one write. */
typedef struct
{
  guint piece;          /* bytes of one write; 0: all at once */
  guint pause_ms;       /* between two pieces, at least; what comes after them waits too */
  guint join;           /* so many messages are collected and written at once; 0 or 1: none. Not together with `piece` */
} SktShape;

/* What is collected is written when it reaches this, however many messages it is. */
#define SKT_SHAPE_JOIN_BOUND (128 * 1024)

static inline gboolean
skt_shape_is_plain (const SktShape *self)
{
  return self == NULL || (self->piece == 0 && self->join <= 1);
}

G_END_DECLS
