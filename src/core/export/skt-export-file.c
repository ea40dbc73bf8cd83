/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-export-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE (256 * 1024)
#define MAX_TRIES 100

static void
set_error (GError **error, int code, const char *path)
{
  g_autofree char *name = g_filename_display_name (path);
  const GIOErrorEnum io_code = g_io_error_from_errno (code);

  switch (code)
    {
    case ENOSPC:
    case EDQUOT:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                   _("“%s” was not written: the disk or your quota is full. Free some space there or choose another "
                     "folder"), name);
      break;
    case EFBIG:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                   _("“%s” was not written: files as large as this are not allowed there. Choose another folder or "
                     "export less"), name);
      break;
    case ENOENT:
    case ENOTDIR:
      g_set_error (error, G_IO_ERROR, io_code,
                   _("“%s” was not written: its folder does not exist. Choose another folder"), name);
      break;
    case EISDIR:
      g_set_error (error, G_IO_ERROR, io_code,
                   _("“%s” was not written: a folder has that name. Choose another name"), name);
      break;
    case EEXIST:
      g_set_error (error, G_IO_ERROR, io_code,
                   _("“%s” was not written: a device, a pipe or a socket has that name. Choose another name"), name);
      break;
    case EACCES:
    case EPERM:
    case EROFS:
      g_set_error (error, G_IO_ERROR, io_code,
                   _("“%s” was not written: you may not write there. Choose another folder"), name);
      break;
    default:
      g_set_error (error, G_IO_ERROR, io_code, _("“%s” was not written: %s"), name, g_strerror (code));
      break;
    }
}

/* In the open folder, under a name that nobody else has: never through a link. */
static int
create_temporary (SktExportFile *self)
{
  for (guint i = 0; i < MAX_TRIES; i++)
    {
      g_autofree char *name = g_strdup_printf (".socketeer-export-%08x%08x", g_random_int (), g_random_int ());
      int fd = openat (self->dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

      if (fd < 0 && errno == EEXIST)
        continue;
      if (fd >= 0)
        self->temporary_name = g_steal_pointer (&name);
      return fd;
    }
  return -1;
}

static gboolean
open_file (SktExportFile *self)
{
  g_autofree char *folder = g_path_get_dirname (self->target_path);
  struct stat info;

  self->dir_fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->dir_fd < 0)
    return FALSE;
  if (fstatat (self->dir_fd, self->target_name, &info, 0) != 0)
    {
      if (errno != ENOENT)
        return FALSE;
    }
  else if (S_ISDIR (info.st_mode))
    {
      errno = EISDIR;
      return FALSE;
    }
  /* To be renamed over would be the end of a device or a pipe, for all who use it. */
  else if (!S_ISREG (info.st_mode))
    {
      errno = EEXIST;
      return FALSE;
    }
  self->fd = create_temporary (self);
  return self->fd >= 0 && fchmod (self->fd, 0600) == 0;
}

SktExportFile *
_skt_export_file_new (const char *target_path, GError **error)
{
  g_autoptr (SktExportFile) self = g_new0 (SktExportFile, 1);

  self->dir_fd = self->fd = -1;
  self->target_path = g_canonicalize_filename (target_path, NULL);
  self->target_name = g_path_get_basename (self->target_path);
  if (!open_file (self))
    {
      set_error (error, errno, self->target_path);
      return NULL;
    }
  self->buffer = g_string_sized_new (2 * BUFFER_SIZE);
  return g_steal_pointer (&self);
}

void
_skt_export_file_free (SktExportFile *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  if (self->temporary_name != NULL)
    unlinkat (self->dir_fd, self->temporary_name, 0);
  if (self->dir_fd >= 0)
    close (self->dir_fd);
  if (self->buffer != NULL)
    g_string_free (self->buffer, TRUE);
  g_free (self->temporary_name);
  g_free (self->target_name);
  g_free (self->target_path);
  g_free (self);
}

static gboolean
write_buffer (SktExportFile *self, GError **error)
{
  gsize done = 0;

  while (done < self->buffer->len)
    {
      gssize n = write (self->fd, self->buffer->str + done, self->buffer->len - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          set_error (error, n == 0 ? EIO : errno, self->target_path);
          return FALSE;
        }
      done += n;
    }
  self->length += done;
  g_string_truncate (self->buffer, 0);
  return TRUE;
}

gboolean
_skt_export_file_drain (SktExportFile *self, GError **error)
{
  return self->buffer->len < BUFFER_SIZE || write_buffer (self, error);
}

/* Whether the folder that is open still is where the target is to be. */
static gboolean
folder_is_there (SktExportFile *self)
{
  g_autofree char *folder = g_path_get_dirname (self->target_path);
  struct stat opened, named;

  return fstat (self->dir_fd, &opened) == 0 && stat (folder, &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

gboolean
_skt_export_file_commit (SktExportFile *self, GError **error)
{
  if (!write_buffer (self, error))
    return FALSE;
  if (!folder_is_there (self))
    {
      set_error (error, ENOENT, self->target_path);
      return FALSE;
    }
  if (fdatasync (self->fd) != 0 ||
      renameat (self->dir_fd, self->temporary_name, self->dir_fd, self->target_name) != 0)
    {
      set_error (error, errno, self->target_path);
      return FALSE;
    }
  g_clear_pointer (&self->temporary_name, g_free);
  /* The new name too. Where folders can't be synced, the file itself still is. */
  (void) fsync (self->dir_fd);
  return TRUE;
}
