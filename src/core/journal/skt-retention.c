/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-retention.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "skt-journal-private.h"

#define PLACE_NAME "socketeer-sessions"

/* -- Places -------------------------------------------------------------------------------------------------- */

char *
skt_retention_dup_place_in (const char *folder)
{
  g_autofree char *path = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  path = g_canonicalize_filename (folder, NULL);
  name = g_path_get_basename (path);
  return g_str_equal (name, PLACE_NAME) ? g_steal_pointer (&path) : g_build_filename (path, PLACE_NAME, NULL);
}

static gboolean
is_writable (const char *place)
{
  g_autofree char *name = _skt_journal_dup_temporary_name ("try");
  g_autofree char *path = g_build_filename (place, name, NULL);

  return g_mkdir (path, 0700) == 0 && g_rmdir (path) == 0;
}

/* A file system without permissions, or somebody else's folder. */
static gboolean
is_private (const char *place)
{
  struct stat info;

  return g_chmod (place, 0700) == 0 && g_lstat (place, &info) == 0 && S_ISDIR (info.st_mode) &&
         (info.st_mode & 0077) == 0 && info.st_uid == geteuid ();
}

gboolean
skt_retention_check_place (const char *place, GError **error)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (place != NULL, FALSE);

  name = g_filename_display_name (place);
  if (g_mkdir (place, 0700) != 0 && errno != EEXIST)
    {
      int code = errno;

      /* Translators: the first %s is a folder, the second why it can't be written to */
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _("“%s” cannot be made: %s. Choose a folder that you may write to"),
                   name, g_strerror (code));
      return FALSE;
    }
  if (!is_private (place))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                   _("“%s” cannot be kept from others’ eyes: it is not yours, or its file system has no permissions. Choose another folder"),
                   name);
      return FALSE;
    }
  if (!is_writable (place))
    {
      int code = errno;

      /* Translators: the first %s is a folder, the second why */
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _("“%s” cannot be written to: %s. Choose another folder"), name,
                   g_strerror (code));
      return FALSE;
    }
  return TRUE;
}

/* -- What is kept -------------------------------------------------------------------------------------------- */

typedef struct
{
  char *path;
  gint64 closed_s;
  guint64 size;
} Kept;

static void
kept_free (gpointer data)
{
  Kept *self = data;

  g_free (self->path);
  g_free (self);
}

static int
compare_kept (gconstpointer a, gconstpointer b)
{
  const Kept *first = *(const Kept *const *) a;
  const Kept *second = *(const Kept *const *) b;

  return first->closed_s < second->closed_s ? -1 : first->closed_s > second->closed_s;
}

static guint64
get_size (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint64 size = 0;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file_path = g_build_filename (path, name, NULL);
      struct stat info;

      if (g_lstat (file_path, &info) == 0)
        size += (guint64) info.st_blocks * 512;
    }
  return size;
}

/* Oldest first. */
static GPtrArray *
list_kept (const char *const *places)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (kept_free);

  for (guint i = 0; places[i] != NULL; i++)
    {
      g_autoptr (GPtrArray) paths = NULL;

      /* The same place twice is one. */
      if (g_strv_contains (places + i + 1, places[i]))
        continue;
      paths = _skt_journal_list (places[i], TRUE);
      for (guint k = 0; k < paths->len; k++)
        {
          const char *path = g_ptr_array_index (paths, k);
          g_autofree char *mark = g_build_filename (path, SKT_JOURNAL_CLOSED, NULL);
          struct stat info;
          Kept *one;

          if (g_lstat (mark, &info) != 0)
            continue;
          one = g_new0 (Kept, 1);
          one->path = g_strdup (path);
          one->closed_s = info.st_mtim.tv_sec;
          one->size = get_size (path);
          g_ptr_array_add (all, one);
        }
    }
  g_ptr_array_sort (all, compare_kept);
  return all;
}

static void
add_up (GPtrArray *kept, SktRetentionUsage *ret_usage)
{
  *ret_usage = (SktRetentionUsage){ 0 };
  for (guint i = 0; i < kept->len; i++)
    {
      ret_usage->n++;
      ret_usage->size += ((Kept *) g_ptr_array_index (kept, i))->size;
    }
}

void
skt_retention_measure (const char *const *places, SktRetentionUsage *ret_usage)
{
  g_autoptr (GPtrArray) kept = NULL;

  g_return_if_fail (places != NULL && ret_usage != NULL);

  kept = list_kept (places);
  add_up (kept, ret_usage);
}

void
skt_retention_sweep (const char *const *places,
                     guint64 max_age_s,
                     guint64 max_size,
                     gint64 now_s,
                     SktRetentionUsage *ret_left)
{
  g_autoptr (GPtrArray) kept = NULL;
  SktRetentionUsage left;

  g_return_if_fail (places != NULL);

  kept = list_kept (places);
  add_up (kept, &left);
  for (guint i = 0; i < kept->len; i++)
    {
      const Kept *one = g_ptr_array_index (kept, i);
      g_autoptr (GError) error = NULL;

      /* One from the future (the clock was set back) is as new as can be. */
      if (left.size <= max_size && (one->closed_s > now_s || (guint64) (now_s - one->closed_s) < max_age_s))
        continue;
      if (!skt_journal_delete (one->path, &error))
        {
          g_message ("%s", error->message);
          continue;
        }
      left.n--;
      left.size -= one->size;
    }
  if (ret_left != NULL)
    *ret_left = left;
}
