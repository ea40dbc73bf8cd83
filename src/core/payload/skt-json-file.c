/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-json-file.h"

#include "skt-error.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define WRITE_DELAY_MS 300
#define MAX_SIZE (64 * 1024 * 1024)
#define MAX_ASIDE 1000

struct _SktJsonFile
{
  char *path;
  SktJsonFileMake make;
  SktJsonFileProblem problem;
  gpointer user_data;
  GThreadPool *writer; /* one thread at a time, so that the last state is written last */
  guint write_id;
  gboolean is_stopped;
  gboolean has_problem;

  GMutex lock;
  /* by the lock */
  char *result; /* of the last write: a problem */
  guint report_id;
};

static gboolean
report_cb (gpointer user_data)
{
  SktJsonFile *self = user_data;
  g_autofree char *problem = NULL;

  g_mutex_lock (&self->lock);
  self->report_id = 0;
  problem = g_strdup (self->result);
  g_mutex_unlock (&self->lock);
  if (problem == NULL && !self->has_problem)
    return G_SOURCE_REMOVE;
  self->has_problem = problem != NULL;
  if (self->problem != NULL)
    self->problem (problem, self->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
write_text (const char *path, const char *text, gsize length, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int saved_errno = errno;
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), "%s: %s", folder, g_strerror (saved_errno));
      return FALSE;
    }
  return g_file_set_contents_full (path, text, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

static void
write_in_worker (gpointer data, gpointer user_data)
{
  JsonObject *object = data;
  SktJsonFile *self = user_data;
  g_autoptr (GError) error = NULL;
  gsize length;
  g_autofree char *text = skt_json_format (object, &length);

  json_object_unref (object);
  write_text (self->path, text, length, &error);
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->result, g_free);
  if (error != NULL)
    self->result = g_strdup_printf (_ ("Can't be kept in a file: %s"), error->message);
  if (self->report_id == 0)
    self->report_id = g_idle_add (report_cb, self);
  g_mutex_unlock (&self->lock);
}

SktJsonFile *
skt_json_file_new (const char *path, SktJsonFileMake make, SktJsonFileProblem problem, gpointer user_data)
{
  SktJsonFile *self = g_new0 (SktJsonFile, 1);

  self->path = g_strdup (path);
  self->make = make;
  self->problem = problem;
  self->user_data = user_data;
  self->writer = g_thread_pool_new (write_in_worker, self, 1, FALSE, NULL);
  g_mutex_init (&self->lock);
  return self;
}

static void
write_now (SktJsonFile *self)
{
  self->write_id = 0;
  g_thread_pool_push (self->writer, self->make (self->user_data), NULL);
}

/* All that is to be written is. */
static void
finish_writing (SktJsonFile *self)
{
  if (self->write_id != 0)
    {
      g_source_remove (self->write_id);
      write_now (self);
    }
  g_thread_pool_free (self->writer, FALSE, TRUE);
}

void
skt_json_file_flush (SktJsonFile *self)
{
  finish_writing (self);
  self->writer = g_thread_pool_new (write_in_worker, self, 1, FALSE, NULL);
}

void
skt_json_file_free (SktJsonFile *self)
{
  finish_writing (self);
  if (self->report_id != 0)
    g_source_remove (self->report_id);
  if (self->result != NULL)
    g_message ("%s: %s", self->path, self->result);
  g_free (self->result);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self);
}

/* NULL without an error: there is none. */
static JsonObject *
load (SktJsonFile *self, GError **error)
{
  g_autofree char *tainted_text = NULL;
  g_autoptr (GError) local_error = NULL;
  GStatBuf info;
  gsize length;

  if (g_stat (self->path, &info) == 0 && (!S_ISREG (info.st_mode) || info.st_size > MAX_SIZE))
    {
      g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("It is too large, or no ordinary file"));
      return NULL;
    }
  if (g_file_get_contents (self->path, &tainted_text, &length, &local_error))
    return skt_json_parse (tainted_text, length, error);
  if (!g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static char *
keep_aside (SktJsonFile *self, GError **error)
{
  for (guint i = 1; i <= MAX_ASIDE; i++)
    {
      g_autofree char *aside = g_strdup_printf ("%s.bad-%u", self->path, i);

      if (g_file_test (aside, G_FILE_TEST_EXISTS))
        continue;
      if (g_rename (self->path, aside) == 0)
        return g_steal_pointer (&aside);
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
      return NULL;
    }
  g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("There are too many damaged files already"));
  return NULL;
}

static gboolean
write_cb (gpointer user_data)
{
  write_now (user_data);
  return G_SOURCE_REMOVE;
}

void
skt_json_file_changed (SktJsonFile *self)
{
  if (!self->is_stopped && self->write_id == 0)
    self->write_id = g_timeout_add (WRITE_DELAY_MS, write_cb, self);
}

static void
stop (SktJsonFile *self)
{
  self->is_stopped = TRUE;
  g_clear_handle_id (&self->write_id, g_source_remove);
}

/* `rest`: some of it was good. */
static char *
tell_damaged (SktJsonFile *self, const char *reason, gboolean rest)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = keep_aside (self, &error);

  if (aside == NULL)
    {
      stop (self);
      /* Translators: %1$s is the name of a file, the others are reasons */
      return g_strdup_printf (_ ("“%1$s” is damaged (%2$s) and can't be kept aside (%3$s): changes are not kept."), self->path, reason,
                              error->message);
    }
  if (rest)
    skt_json_file_changed (self);
  /* Translators: %1$s and %2$s are names of a file, %3$s says what was wrong with it */
  return g_strdup_printf (_ ("“%1$s” was damaged and is kept as “%2$s” (%3$s)."), self->path, aside, reason);
}

char *
skt_json_file_read (SktJsonFile *self, SktJsonFileTake take)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) tainted_object = load (self, &error);

  if (tainted_object != NULL)
    take (tainted_object, self->user_data, &error);
  if (error == NULL)
    return NULL;
  if (g_error_matches (error, SKT_ERROR, SKT_ERROR_BAD_FILE))
    return tell_damaged (self, error->message, tainted_object != NULL);
  stop (self);
  /* Translators: %1$s is the name of a file, %2$s what the system says */
  return g_strdup_printf (_ ("“%1$s” can't be read (%2$s): changes are not kept."), self->path, error->message);
}
