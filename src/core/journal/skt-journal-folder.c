/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-journal-private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Half-made or half-deleted folders of a program that was killed are removed after this time. */
#define STALE_SECONDS (60 * 60)
#define INFO_SIZE_MAX (1024 * 1024)

static const char *const known_names[] = {
  SKT_JOURNAL_PAYLOAD,
  SKT_JOURNAL_RECORDS,
  SKT_JOURNAL_INFO,
  SKT_JOURNAL_INFO_TEMPORARY,
  SKT_JOURNAL_CLOSED,
  NULL,
};

/* -- Names --------------------------------------------------------------------------------------------------- */

static guint
next_number (void)
{
  static guint counter = 0;

  return (guint) g_atomic_int_add (&counter, 1) + 1;
}

char *
_skt_journal_dup_temporary_name (const char *what)
{
  return g_strdup_printf (SKT_JOURNAL_TEMPORARY_PREFIX "%s-%d-%u-%08x", what, (int) getpid (), next_number (),
                          g_random_int ());
}

/* Where new sessions are kept, if not at the usual place. */
G_LOCK_DEFINE_STATIC (place);
static char *chosen_place;

char *
skt_journal_dup_default_sessions_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "socketeer", "sessions", NULL);
}

char *
skt_journal_dup_sessions_path (void)
{
  char *path;

  G_LOCK (place);
  path = chosen_place != NULL ? g_strdup (chosen_place) : skt_journal_dup_default_sessions_path ();
  G_UNLOCK (place);
  return path;
}

void
skt_journal_set_sessions_path (const char *path)
{
  G_LOCK (place);
  g_free (chosen_place);
  chosen_place = g_strdup (path);
  G_UNLOCK (place);
}

char *
skt_journal_dup_new_path (const char *sessions_path)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *name = g_strdup_printf ("%s-%d-%u", date, (int) getpid (), next_number ());

  g_return_val_if_fail (sessions_path != NULL, NULL);

  return g_build_filename (sessions_path, name, NULL);
}

/* -- Delete -------------------------------------------------------------------------------------------------- */

/* The names in the folder, `records` (by which it is known) last, or NULL with errno set. */
static GPtrArray *
list_names (int dir_fd)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  int fd = openat (dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *entry;

  if (dir == NULL)
    {
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  while ((entry = readdir (dir)) != NULL)
    if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
      g_ptr_array_add (names, g_strdup (entry->d_name));
  closedir (dir);
  for (guint i = 0; i < names->len; i++)
    if (g_str_equal (g_ptr_array_index (names, i), SKT_JOURNAL_RECORDS))
      {
        g_ptr_array_add (names, g_ptr_array_steal_index (names, i));
        break;
      }
  return g_steal_pointer (&names);
}

/* Only plain files of our names, and at least one of the two that make a journal. */
static gboolean
looks_like_ours (int dir_fd, GPtrArray *names)
{
  gboolean has_files = FALSE;

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      struct stat info;

      if (!g_strv_contains (known_names, name) || fstatat (dir_fd, name, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
          !S_ISREG (info.st_mode))
        return FALSE;
      has_files |= g_str_equal (name, SKT_JOURNAL_PAYLOAD) || g_str_equal (name, SKT_JOURNAL_RECORDS);
    }
  return has_files;
}

/* Whether `path` still is the folder that dir_fd is. */
static gboolean
is_same_folder (int dir_fd, const char *path)
{
  struct stat opened, named;

  return fstat (dir_fd, &opened) == 0 && lstat (path, &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

gboolean
_skt_journal_delete_folder (int dir_fd, const char *path, GError **error)
{
  g_autoptr (GPtrArray) names = list_names (dir_fd);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *name = _skt_journal_dup_temporary_name ("delete");
  g_autofree char *temporary_path = g_build_filename (parent, name, NULL);
  g_autofree char *display_name = g_filename_display_name (path);
  gboolean is_renamed;

  if (names == NULL || !looks_like_ours (dir_fd, names) || !is_same_folder (dir_fd, path))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   _("“%s” was not deleted: it holds something else than a session of this program"), display_name);
      return FALSE;
    }

  /* What is half deleted must not be offered as a session. */
  is_renamed = rename (path, temporary_path) == 0;
  for (guint i = 0; i < names->len; i++)
    if (unlinkat (dir_fd, g_ptr_array_index (names, i), 0) != 0 && errno != ENOENT)
      {
        g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _("“%s” could not be deleted: %s"),
                     display_name, g_strerror (errno));
        return FALSE;
      }
  if (rmdir (is_renamed ? temporary_path : path) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _("“%s” could not be deleted: %s"),
                   display_name, g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}

/* Whether the session in the folder is held by nobody. *ret_records_fd (may be NULL) then is the open file. */
static gboolean
is_unused (int dir_fd, int *ret_records_fd)
{
  int fd = openat (dir_fd, SKT_JOURNAL_RECORDS, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  gboolean is_locked = fd >= 0 && flock (fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;

  if (ret_records_fd != NULL && !is_locked)
    *ret_records_fd = fd;
  else if (fd >= 0)
    close (fd);
  return !is_locked;
}

gboolean
skt_journal_delete (const char *path, GError **error)
{
  g_autofree char *clean_path = NULL;
  gboolean ok;
  int dir_fd;

  g_return_val_if_fail (path != NULL, FALSE);

  /* Also because with a slash at its end a symbolic link would be followed. */
  clean_path = g_canonicalize_filename (path, NULL);
  dir_fd = open (clean_path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (dir_fd < 0)
    {
      g_autofree char *name = g_filename_display_name (clean_path);

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _("“%s” could not be deleted: %s"), name,
                   g_strerror (errno));
      return FALSE;
    }
  ok = is_unused (dir_fd, NULL);
  if (!ok)
    {
      g_autofree char *name = g_filename_display_name (clean_path);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                   _("“%s” was not deleted: the session is in use. Close it first"), name);
    }
  ok = ok && _skt_journal_delete_folder (dir_fd, clean_path, error);
  close (dir_fd);
  return ok;
}

/* -- List ---------------------------------------------------------------------------------------------------- */

typedef struct
{
  char *path;
  guint64 created_ns;
} Found;

static void
found_free (gpointer data)
{
  Found *self = data;

  g_free (self->path);
  g_free (self);
}

static int
compare_found (gconstpointer a, gconstpointer b)
{
  const Found *first = *(const Found *const *) a;
  const Found *second = *(const Found *const *) b;

  if (first->created_ns != second->created_ns)
    return first->created_ns < second->created_ns ? -1 : 1;
  return strcmp (first->path, second->path);
}

static guint64
get_created (int records_fd)
{
  SktJournalHeader tainted_header;
  struct stat info;

  if (_skt_journal_pread_all (records_fd, &tainted_header, sizeof tainted_header, 0) == sizeof tainted_header)
    return GUINT64_FROM_LE (tainted_header.created_ns);
  if (fstat (records_fd, &info) != 0)
    return 0;
  return (guint64) info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
}

/* What a killed program left behind while it made or deleted a folder. */
static void
remove_stale (int dir_fd, const char *path)
{
  g_autoptr (GPtrArray) names = NULL;
  struct stat info;

  if (fstat (dir_fd, &info) != 0 || info.st_mtime > time (NULL) - STALE_SECONDS || !is_unused (dir_fd, NULL))
    return;
  names = list_names (dir_fd);
  if (names != NULL && names->len == 0)
    rmdir (path);
  else if (names != NULL)
    _skt_journal_delete_folder (dir_fd, path, NULL);
}

/* Whether it was not being deleted by its writer, which let go of the lock after that. */
static gboolean
still_exists (int dir_fd, const char *path, int records_fd)
{
  struct stat info;

  return fstat (records_fd, &info) == 0 && info.st_nlink > 0 && is_same_folder (dir_fd, path);
}

/* Whether it was closed by the user and kept, not left behind. */
static gboolean
has_mark (int dir_fd)
{
  return faccessat (dir_fd, SKT_JOURNAL_CLOSED, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void
look_at_folder (const char *sessions_path, const char *name, gboolean is_closed, GPtrArray *found)
{
  g_autofree char *path = g_build_filename (sessions_path, name, NULL);
  int dir_fd = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  int records_fd = -1;

  if (dir_fd < 0)
    return;
  if (g_str_has_prefix (name, SKT_JOURNAL_TEMPORARY_PREFIX))
    remove_stale (dir_fd, path);
  else if (name[0] != '.' && is_unused (dir_fd, &records_fd) && records_fd >= 0 &&
           still_exists (dir_fd, path, records_fd) && has_mark (dir_fd) == is_closed)
    {
      Found *one = g_new0 (Found, 1);

      one->created_ns = get_created (records_fd);
      one->path = g_steal_pointer (&path);
      g_ptr_array_add (found, one);
    }
  if (records_fd >= 0)
    close (records_fd);
  close (dir_fd);
}

GPtrArray *
_skt_journal_list (const char *sessions_path, gboolean is_closed)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (found_free);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  dir = g_dir_open (sessions_path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    look_at_folder (sessions_path, name, is_closed, found);
  g_ptr_array_sort (found, compare_found);
  for (guint i = 0; i < found->len; i++)
    {
      Found *one = g_ptr_array_index (found, i);

      g_ptr_array_add (paths, g_steal_pointer (&one->path));
    }
  return paths;
}

GPtrArray *
skt_journal_list_abandoned (const char *sessions_path)
{
  g_return_val_if_fail (sessions_path != NULL, g_ptr_array_new_with_free_func (g_free));

  return _skt_journal_list (sessions_path, FALSE);
}

/* -- session.ini --------------------------------------------------------------------------------------------- */

/* What two threads write goes to one file, in which each replaces its own groups. */
G_LOCK_DEFINE_STATIC (info);

static void
copy_group (GKeyFile *from, const char *group, GKeyFile *to)
{
  g_auto (GStrv) keys = g_key_file_get_keys (from, group, NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_autofree char *value = g_key_file_get_value (from, group, keys[i], NULL);
      if (value != NULL)
        g_key_file_set_value (to, group, keys[i], value);
    }
}

/* The groups of `info`, and those of the file that are not in it. */
static char *
merge_info (SktJournal *self, GKeyFile *info, gsize *ret_length)
{
  g_autoptr (GKeyFile) all = g_key_file_new ();
  g_autoptr (GKeyFile) stored = skt_journal_load_info (self->path, NULL);
  GKeyFile *const sources[] = { info, stored };

  for (guint i = 0; i < G_N_ELEMENTS (sources) && sources[i] != NULL; i++)
    {
      g_auto (GStrv) groups = g_key_file_get_groups (sources[i], NULL);
      for (guint j = 0; groups[j] != NULL; j++)
        if (!g_key_file_has_group (all, groups[j]))
          copy_group (sources[i], groups[j], all);
    }
  return g_key_file_to_data (all, ret_length, NULL);
}

static gboolean
write_info_locked (SktJournal *self, GKeyFile *info, GError **error)
{
  g_autofree char *text = NULL;
  gsize length, written;
  gboolean ok;
  int fd, code = 0;

  text = merge_info (self, info, &length);
  unlinkat (self->dir_fd, SKT_JOURNAL_INFO_TEMPORARY, 0);
  fd = openat (self->dir_fd, SKT_JOURNAL_INFO_TEMPORARY, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    {
      _skt_journal_set_errno (error, errno, self->path);
      return FALSE;
    }
  ok = fchmod (fd, 0600) == 0 && _skt_journal_pwrite_all (fd, text, length, 0, &written) && fdatasync (fd) == 0 &&
       renameat (self->dir_fd, SKT_JOURNAL_INFO_TEMPORARY, self->dir_fd, SKT_JOURNAL_INFO) == 0;
  if (!ok)
    {
      code = errno;
      unlinkat (self->dir_fd, SKT_JOURNAL_INFO_TEMPORARY, 0);
      _skt_journal_set_errno (error, code, self->path);
    }
  close (fd);
  return ok;
}

gboolean
skt_journal_write_info (SktJournal *self, GKeyFile *info, GError **error)
{
  gboolean ok;

  g_return_val_if_fail (self != NULL && info != NULL, FALSE);

  G_LOCK (info);
  ok = write_info_locked (self, info, error);
  G_UNLOCK (info);
  return ok;
}

GKeyFile *
skt_journal_load_info (const char *path, GError **error)
{
  g_autoptr (GKeyFile) info = g_key_file_new ();
  g_autofree char *file_path = NULL;
  g_autofree char *tainted_text = NULL;
  struct stat stat_info;
  gsize length;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  file_path = g_build_filename (path, SKT_JOURNAL_INFO, NULL);
  fd = open (file_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0 || fstat (fd, &stat_info) != 0 || !S_ISREG (stat_info.st_mode) || stat_info.st_size > INFO_SIZE_MAX)
    {
      _skt_journal_set_errno (error, fd < 0 ? errno : EINVAL, file_path);
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  tainted_text = g_malloc (stat_info.st_size + 1);
  length = _skt_journal_pread_all (fd, tainted_text, stat_info.st_size, 0);
  close (fd);
  tainted_text[length] = 0;
  if (!g_key_file_load_from_data (info, tainted_text, length, G_KEY_FILE_NONE, error))
    return NULL;
  return g_steal_pointer (&info);
}
