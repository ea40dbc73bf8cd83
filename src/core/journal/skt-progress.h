/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Tells the caller of a task how far its worker is: the worker sets the numbers, the callback runs in the context of the
 * task with at most one call waiting, at most ten times a second, and never after the task's own callback. */
typedef struct _SktProgress SktProgress;

/* NULL if nobody wants to know (callback NULL), which the other functions take. */
SktProgress *skt_progress_new (GFileProgressCallback callback, gpointer data, GTask *task);
void skt_progress_unref (SktProgress *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktProgress, skt_progress_unref)

/* The worker's. The end (done == total) is told at once. */
void skt_progress_set (SktProgress *self, guint64 done, guint64 total);

G_END_DECLS
