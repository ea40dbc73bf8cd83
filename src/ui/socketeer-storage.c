/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-storage.h"

#include "skt-journal-limit.h"
#include "socketeer-settings.h"

#define DAY_S (24 * 60 * 60)
#define MAX_PLACES 16

/* What a worker needs. */
typedef struct
{
  char **places;
  guint64 max_age_s, max_size;
} Query;

static void
query_free (gpointer data)
{
  Query *self = data;

  g_strfreev (self->places);
  g_free (self);
}

static Query *
query_new (void)
{
  GSettings *settings = socketeer_settings_get ();
  int days = g_settings_get_int (settings, "keep-closed-days");
  Query *self = g_new0 (Query, 1);

  self->places = socketeer_storage_dup_places ();
  self->max_age_s = (guint64) days * DAY_S;
  self->max_size = days > 0 ? g_settings_get_int (settings, "keep-closed-limit") * SKT_JOURNAL_MIB : 0;
  return self;
}

/* -- Places ---------------------------------------------------------------------------------------------------- */

static void
place_changed_cb (GSettings *settings)
{
  g_autofree char *place = g_settings_get_string (settings, "journal-folder");

  /* What is no absolute path would be somewhere else each time. */
  skt_journal_set_sessions_path (g_path_is_absolute (place) ? place : NULL);
}

void
socketeer_storage_start (void)
{
  static gboolean is_started;

  if (!is_started)
    g_signal_connect (socketeer_settings_get (), "changed::journal-folder", G_CALLBACK (place_changed_cb), NULL);
  is_started = TRUE;
  place_changed_cb (socketeer_settings_get ());
}

char **
socketeer_storage_dup_places (void)
{
  g_auto (GStrv) before = g_settings_get_strv (socketeer_settings_get (), "journal-folders-before");
  g_autoptr (GStrvBuilder) places = g_strv_builder_new ();
  g_autofree char *current = skt_journal_dup_sessions_path ();
  g_autofree char *usual = skt_journal_dup_default_sessions_path ();

  g_strv_builder_add (places, current);
  if (!g_str_equal (current, usual))
    g_strv_builder_add (places, usual);
  for (guint i = 0; before[i] != NULL; i++)
    if (g_path_is_absolute (before[i]) && !g_str_equal (before[i], current) && !g_str_equal (before[i], usual))
      g_strv_builder_add (places, before[i]);
  return g_strv_builder_end (places);
}

/* Sessions of the place that is left are found there still. */
void
socketeer_storage_set_place (const char *place)
{
  GSettings *settings = socketeer_settings_get ();
  g_autofree char *old = g_settings_get_string (settings, "journal-folder");
  g_auto (GStrv) before = g_settings_get_strv (settings, "journal-folders-before");
  g_autoptr (GStrvBuilder) places = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  if (g_strcmp0 (old, place != NULL ? place : "") == 0)
    return;
  if (*old != '\0')
    g_strv_builder_add (places, old);
  for (guint i = 0; before[i] != NULL && i < MAX_PLACES; i++)
    if (!g_str_equal (before[i], old) && g_strcmp0 (before[i], place) != 0)
      g_strv_builder_add (places, before[i]);
  all = g_strv_builder_end (places);
  g_settings_set_strv (settings, "journal-folders-before", (const char *const *) all);
  g_settings_set_string (settings, "journal-folder", place != NULL ? place : "");
}

static void
check_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (skt_retention_check_place (task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
socketeer_storage_choose_async (const char *folder, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (folder != NULL);

  g_task_set_task_data (task, skt_retention_dup_place_in (folder), g_free);
  g_task_run_in_thread (task, check_in_worker);
}

gboolean
socketeer_storage_choose_finish (GAsyncResult *result, GError **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  socketeer_storage_set_place (g_task_get_task_data (G_TASK (result)));
  return TRUE;
}

/* -- Closed sessions ------------------------------------------------------------------------------------------- */

/* max_age_s 0 in a query: nothing is to be kept. */
static void
sweep_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Query *query = task_data;

  skt_retention_sweep ((const char *const *) query->places, query->max_age_s, query->max_size, g_get_real_time () / G_USEC_PER_SEC,
                       NULL);
  g_task_return_boolean (task, TRUE);
}

gboolean
socketeer_storage_keeps_closed (SktJournal *journal)
{
  g_autoptr (GTask) task = NULL;
  Query *query;
  guint64 size;

  g_return_val_if_fail (journal != NULL, FALSE);

  size = skt_journal_get_disk_size (journal);
  query = query_new ();
  /* Where nothing happened there is nothing to be kept. */
  if (query->max_age_s == 0 || size > query->max_size || skt_journal_get_payload_length (journal) == 0)
    {
      query_free (query);
      return FALSE;
    }
  skt_journal_set_mark_on_free (journal, TRUE);
  /* Room for it among the others. */
  query->max_size -= size;
  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_task_data (task, query, query_free);
  g_task_run_in_thread (task, sweep_in_worker);
  return TRUE;
}

static void
measure_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Query *query = task_data;
  SktRetentionUsage *usage = g_new0 (SktRetentionUsage, 1);

  if (query->max_age_s == 0)
    skt_retention_sweep ((const char *const *) query->places, 0, 0, g_get_real_time () / G_USEC_PER_SEC, usage);
  else
    skt_retention_measure ((const char *const *) query->places, usage);
  g_task_return_pointer (task, usage, g_free);
}

void
socketeer_storage_measure_async (gboolean deletes, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Query *query = query_new ();

  query->max_age_s = deletes ? 0 : 1;
  g_task_set_task_data (task, query, query_free);
  g_task_run_in_thread (task, measure_in_worker);
}

gboolean
socketeer_storage_measure_finish (GAsyncResult *result, SktRetentionUsage *ret_usage, GError **error)
{
  g_autofree SktRetentionUsage *usage = g_task_propagate_pointer (G_TASK (result), error);

  if (usage == NULL)
    return FALSE;
  *ret_usage = *usage;
  return TRUE;
}

/* -- Sessions of a program that was killed --------------------------------------------------------------------- */

static void
look_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Query *query = task_data;
  GPtrArray *all = g_ptr_array_new_with_free_func (g_free);

  skt_retention_sweep ((const char *const *) query->places, query->max_age_s, query->max_size, g_get_real_time () / G_USEC_PER_SEC,
                       NULL);
  for (guint i = 0; query->places[i] != NULL; i++)
    {
      g_autoptr (GPtrArray) paths = skt_journal_list_abandoned (query->places[i]);
      while (paths->len > 0)
        g_ptr_array_add (all, g_ptr_array_steal_index (paths, 0));
    }
  g_task_return_pointer (task, all, (GDestroyNotify) g_ptr_array_unref);
}

void
socketeer_storage_look_async (GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_task_data (task, query_new (), query_free);
  g_task_run_in_thread (task, look_in_worker);
}

GPtrArray *
socketeer_storage_look_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
