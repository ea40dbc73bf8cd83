/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-progress.h"

#define INTERVAL (G_USEC_PER_SEC / 10)

/* Shared by the worker and a source in the caller's context, of which at most one waits. */
struct _SktProgress
{
  gatomicrefcount ref_count;
  GFileProgressCallback callback;
  gpointer data;
  GMainContext *context;
  int priority;

  GMutex lock;
  goffset done;
  goffset total;
  gboolean is_waiting;

  gint64 last_time; /* the worker's */
};

SktProgress *
skt_progress_new (GFileProgressCallback callback, gpointer data, GTask *task)
{
  SktProgress *self;

  g_return_val_if_fail (G_IS_TASK (task), NULL);

  if (callback == NULL)
    return NULL;
  self = g_new0 (SktProgress, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->callback = callback;
  self->data = data;
  self->context = g_main_context_ref (g_task_get_context (task));
  self->priority = g_task_get_priority (task);
  return self;
}

void
skt_progress_unref (SktProgress *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
unref_cb (gpointer data)
{
  skt_progress_unref (data);
}

static gboolean
idle_cb (gpointer data)
{
  SktProgress *self = data;
  goffset done, total;

  g_mutex_lock (&self->lock);
  done = self->done;
  total = self->total;
  self->is_waiting = FALSE;
  g_mutex_unlock (&self->lock);

  self->callback (done, total, self->data);
  return G_SOURCE_REMOVE;
}

/* The source has the priority of the task's own and is attached before it, so that it is not called after the task
 * has ended. */
static void
tell (SktProgress *self, guint64 done, guint64 total)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autoptr (GSource) source = NULL;

  self->done = done;
  self->total = total;
  if (self->is_waiting)
    return;
  self->is_waiting = TRUE;
  g_atomic_ref_count_inc (&self->ref_count);
  source = g_idle_source_new ();
  g_source_set_priority (source, self->priority);
  g_source_set_callback (source, idle_cb, self, unref_cb);
  g_source_set_static_name (source, "[socketeer] progress");
  g_source_attach (source, self->context);
}

void
skt_progress_set (SktProgress *self, guint64 done, guint64 total)
{
  gint64 now;

  if (self == NULL)
    return;
  now = g_get_monotonic_time ();
  if (done < total && now - self->last_time < INTERVAL)
    return;
  self->last_time = now;
  tell (self, MIN (done, total), total);
}
