/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"

#include "skt-engine-private.h"
#include "skt-journal-limit.h"
#include "skt-journal-private.h"
#include "skt-transport-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define MIB (1024 * 1024)

/* A flood while the disk, or what is done to it, fails: in the end every byte that was sent is there, once and in order. */

/* -- A flood --------------------------------------------------------------------------------------------------- */

typedef struct
{
  SktSession *session;
  SktJournal *journal;          /* borrowed */
  CheckFlood flood;             /* connection 1 */
  GChecksum *checksum;          /* of what was received */
  guint64 length;
} Flooded;

static void
prepare (Flooded *self, CheckFixture *fixture)
{
  self->session = check_session_new (fixture, SKT_SESSION_SERVER);
  self->journal = skt_session_get_journal (self->session);
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  self->length = 0;
}

static void
flood (Flooded *self, gsize length)
{
  check_flood_start (&self->flood, check_session_listen (self->session), length);
}

static void
begin (Flooded *self, CheckFixture *fixture, gsize length)
{
  prepare (self, fixture);
  flood (self, length);
}

static gboolean
is_over (Flooded *self)
{
  SktConnection *connection = skt_session_get_connection (self->session, 1);

  return connection != NULL && skt_connection_get_state (connection) == SKT_STATE_CLOSED;
}

static void
wait_for_pause (Flooded *self, SktPause pause)
{
  check_wait (skt_session_get_pause (self->session) == pause);
  g_assert_nonnull (strstr (skt_session_get_problem (self->session), "nothing is lost"));
}

static guint64
take_received (Flooded *self)
{
  return check_journal_add_to_hash (self->journal, 1, SKT_RECORD_RECEIVED, self->checksum, &self->length);
}

static void
end (Flooded *self)
{
  check_wait (is_over (self));
  check_wait (skt_session_get_pause (self->session) == SKT_PAUSE_NONE);
  g_assert_null (skt_session_get_problem (self->session));
  take_received (self);
  g_assert_cmpuint (self->length, ==, self->flood.length);
  check_flood_end (&self->flood, self->checksum);
  g_checksum_free (self->checksum);
  check_session_close (self->session);
}

/* -- Writes that fail ------------------------------------------------------------------------------------------ */

/* atomic: the I/O thread writes */
static gint n_before;           /* writes that succeed before one fails */
static gint n_failing;          /* writes that fail then */
static gint fail_code;
static gint max_piece;          /* 0: as much as is asked for */

static gboolean
is_to_fail (void)
{
  if (g_atomic_int_get (&n_before) > 0)
    g_atomic_int_add (&n_before, -1);
  else if (g_atomic_int_get (&n_failing) > 0)
    {
      g_atomic_int_add (&n_failing, -1);
      errno = g_atomic_int_get (&fail_code);
      return TRUE;
    }
  return FALSE;
}

static gsize
shorten (gsize length)
{
  gsize piece = g_atomic_int_get (&max_piece);

  return piece > 0 ? MIN (length, piece) : length;
}

static gssize
faulty_pwrite (int fd, const void *bytes, gsize length, goffset offset)
{
  return is_to_fail () ? -1 : pwrite (fd, bytes, shorten (length), offset);
}

static gssize
faulty_splice (int pipe_fd, int fd, gsize length, goffset offset)
{
  return is_to_fail () ? -1 : splice (pipe_fd, NULL, fd, &offset, shorten (length), SPLICE_F_MOVE);
}

static void
fail_writes (guint before, guint failing, int code)
{
  g_atomic_int_set (&fail_code, code);
  g_atomic_int_set (&n_before, before);
  g_atomic_int_set (&n_failing, failing);
}

static const struct
{
  int code;
  SktPause pause;
} codes[] = {
  { ENOSPC, SKT_PAUSE_DISK_FULL },
  { EDQUOT, SKT_PAUSE_DISK_FULL },
  { EFBIG, SKT_PAUSE_FILE_TOO_LARGE },
  { EIO, SKT_PAUSE_ERROR },
  { EROFS, SKT_PAUSE_ERROR },
};

/* Whichever write it is, of payload or of records: once. */
static void
test_nth_write_once (CheckFixture *fixture, gconstpointer data)
{
  for (guint n = 0; n < 20; n++)
    {
      Flooded flooded;

      prepare (&flooded, fixture);
      fail_writes (n, 1, codes[n % G_N_ELEMENTS (codes)].code);
      flood (&flooded, 2 * MIB);
      while (!is_over (&flooded))
        {
          check_wait (is_over (&flooded) || skt_session_is_stalled (flooded.session));
          if (!is_over (&flooded))
            skt_session_resume (flooded.session);
          check_run_for (1);
        }
      end (&flooded);
    }
  g_assert_cmpint (n_failing, ==, 0);
}

/* ... and from there on, until that is mended. */
static void
test_nth_write_for_ever (CheckFixture *fixture, gconstpointer data)
{
  for (guint n = 0; n < 15; n++)
    {
      Flooded flooded;
      guint64 n_dispatches, received;

      prepare (&flooded, fixture);
      fail_writes (n, G_MAXINT, codes[n % G_N_ELEMENTS (codes)].code);
      flood (&flooded, 4 * MIB);
      wait_for_pause (&flooded, codes[n % G_N_ELEMENTS (codes)].pause);
      skt_session_resume (flooded.session);
      received = skt_session_get_bytes_received (flooded.session);
      n_dispatches = _skt_engine_get_n_dispatches (fixture->engine);
      check_run_for (50);
      g_assert_cmpuint (_skt_engine_get_n_dispatches (fixture->engine) - n_dispatches, <, 20);
      g_assert_cmpint (skt_session_get_pause (flooded.session), ==, codes[n % G_N_ELEMENTS (codes)].pause);
      g_assert_cmpuint (skt_session_get_bytes_received (flooded.session), ==, received);
      fail_writes (0, 0, 0);
      skt_session_resume (flooded.session);
      end (&flooded);
    }
}

static void
test_short_writes (CheckFixture *fixture, gconstpointer data)
{
  Flooded flooded;

  g_atomic_int_set (&max_piece, 777);
  begin (&flooded, fixture, 4 * MIB);
  end (&flooded);
  g_atomic_int_set (&max_piece, 0);
}

/* -- The folder ------------------------------------------------------------------------------------------------ */

static void
remove_files (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_assert_cmpint (g_unlink (file), ==, 0);
    }
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

/* The files have no name any more, but they are there until the session ends. */
static void
test_folder_removed (CheckFixture *fixture, gconstpointer data)
{
  Flooded flooded;

  begin (&flooded, fixture, 24 * MIB);
  check_wait (skt_session_get_bytes_received (flooded.session) > 0);
  remove_files (skt_journal_get_path (flooded.journal));
  end (&flooded);
}

/* -- A disk of our own ----------------------------------------------------------------------------------------- */

static gboolean has_namespace;

static gboolean
write_text (const char *path, const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  gboolean ok = fd >= 0 && write (fd, text, strlen (text)) == (gssize) strlen (text);

  if (fd >= 0)
    close (fd);
  return ok;
}

/* Where this process may mount something that nobody else sees; before there are threads. */
static gboolean
enter_namespace (void)
{
  g_autofree char *uid_map = g_strdup_printf ("0 %u 1", geteuid ());
  g_autofree char *gid_map = g_strdup_printf ("0 %u 1", getegid ());
  gboolean is_root = geteuid () == 0;

  if (unshare (is_root ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0)
    return FALSE;
  if (!is_root && !(write_text ("/proc/self/setgroups", "deny") && write_text ("/proc/self/uid_map", uid_map) &&
                    write_text ("/proc/self/gid_map", gid_map)))
    return FALSE;
  return mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static gboolean
mount_disk (CheckFixture *fixture, const char *options, unsigned long flags)
{
  if (has_namespace && mount ("tmpfs", fixture->folder, "tmpfs", flags, options) == 0)
    return TRUE;
  g_test_skip ("mounting is not allowed here");
  return FALSE;
}

static void
unmount_disk (CheckFixture *fixture)
{
  /* files that are just being closed keep it busy for a moment */
  check_wait (umount (fixture->folder) == 0);
}

/* A disk that is full, has room again, is full again, and is cleared: twice as much goes through it as it holds. */
static void
test_disk_full (CheckFixture *fixture, gconstpointer data)
{
  g_autofree char *filler = g_build_filename (fixture->folder, "filler", NULL);
  g_autofree guint8 *bytes = g_malloc0 (12 * MIB);
  g_autoptr (GError) error = NULL;
  guint n_cleared = 0;
  Flooded flooded;

  if (!mount_disk (fixture, "size=24m", 0))
    return;
  g_file_set_contents (filler, (const char *) bytes, 12 * MIB, &error);
  g_assert_no_error (error);

  prepare (&flooded, fixture);
  skt_session_set_journal_limit (flooded.session, SKT_JOURNAL_GIB);
  flood (&flooded, 48 * MIB);
  wait_for_pause (&flooded, SKT_PAUSE_DISK_FULL);
  g_assert_nonnull (strstr (skt_session_get_problem (flooded.session), "No space left"));
  g_assert_cmpuint (skt_journal_get_disk_size (flooded.journal), >, 10 * MIB);
  g_assert_cmpuint (skt_journal_get_disk_size (flooded.journal), <=, 12 * MIB);
  check_wait (skt_session_get_free_disk (flooded.session) < MIB);

  g_assert_cmpint (g_unlink (filler), ==, 0);
  check_wait (skt_journal_get_disk_size (flooded.journal) > 22 * MIB);
  /* the last bytes may be in memory still when the connection is over */
  while (!is_over (&flooded) || skt_session_get_pause (flooded.session) != SKT_PAUSE_NONE)
    {
      check_wait (is_over (&flooded) || skt_session_get_pause (flooded.session) == SKT_PAUSE_DISK_FULL);
      skt_journal_set_first_record (flooded.journal, take_received (&flooded));
      skt_journal_release (flooded.journal);
      skt_session_resume (flooded.session);
      check_run_for (20);
      n_cleared++;
    }
  g_assert_cmpuint (n_cleared, >=, 1);
  end (&flooded);
  unmount_disk (fixture);
}

/* Without a preference, some of a small disk is left to others. */
static void
test_automatic_limit (CheckFixture *fixture, gconstpointer data)
{
  Flooded flooded;

  if (!mount_disk (fixture, "size=24m", 0))
    return;
  begin (&flooded, fixture, 32 * MIB);
  wait_for_pause (&flooded, SKT_PAUSE_LIMIT);
  g_assert_nonnull (strstr (skt_session_get_problem (flooded.session), "what is left of the disk is kept free"));
  g_assert_cmpuint (skt_journal_get_disk_size (flooded.journal), <=, 12 * MIB);
  /* in whole pages, which may be large */
  g_assert_cmpuint (skt_session_get_free_disk (flooded.session), >, 4 * MIB);
  while (!is_over (&flooded) || skt_session_get_pause (flooded.session) != SKT_PAUSE_NONE)
    {
      skt_journal_set_first_record (flooded.journal, take_received (&flooded));
      skt_journal_release (flooded.journal);
      skt_session_resume (flooded.session);
      check_run_for (20);
    }
  end (&flooded);
  unmount_disk (fixture);
}

static void
test_read_only_at_start (CheckFixture *fixture, gconstpointer data)
{
  g_autofree char *sessions = g_build_filename (fixture->folder, "sessions", NULL);
  g_autoptr (GError) error = NULL;
  SktSession *session;

  if (!mount_disk (fixture, "size=1m", MS_RDONLY))
    return;
  session = skt_session_new (fixture->engine, SKT_SESSION_CLIENT, sessions, &error);
  g_assert_null (session);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY);
  g_assert_nonnull (strstr (error->message, sessions));
  unmount_disk (fixture);
}

/* Full from the start: no session, and nothing is left behind. */
static void
test_full_at_start (CheckFixture *fixture, gconstpointer data)
{
  g_autofree char *filler = g_build_filename (fixture->folder, "filler", NULL);
  g_autofree char *sessions = g_build_filename (fixture->folder, "sessions", NULL);
  g_autofree guint8 *bytes = g_malloc0 (MIB);
  g_autoptr (GError) error = NULL;
  int fd;

  if (!mount_disk (fixture, "size=1m", 0))
    return;
  fd = g_open (filler, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  g_assert_cmpint (fd, >=, 0);
  while (write (fd, bytes, MIB) > 0)
    ;
  close (fd);
  g_assert_null (skt_session_new (fixture->engine, SKT_SESSION_CLIENT, sessions, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_cmpint (g_rmdir (sessions), ==, 0);
  unmount_disk (fixture);
}

int
main (int argc, char **argv)
{
  has_namespace = enter_namespace ();
  _skt_journal_pwrite = faulty_pwrite;
  _skt_journal_splice = faulty_splice;
#ifdef BY_PIPE
  _skt_transport_pipe_begin = _skt_transport_pipe_keep = 1;
#endif
  g_test_init (&argc, &argv, NULL);

  check_add ("/core/faults/nth-write-once", test_nth_write_once);
  check_add ("/core/faults/nth-write-for-ever", test_nth_write_for_ever);
  check_add ("/core/faults/short-writes", test_short_writes);
  check_add ("/core/faults/folder-removed", test_folder_removed);
  check_add ("/core/faults/disk-full", test_disk_full);
  check_add ("/core/faults/automatic-limit", test_automatic_limit);
  check_add ("/core/faults/read-only-at-start", test_read_only_at_start);
  check_add ("/core/faults/full-at-start", test_full_at_start);
  return g_test_run ();
}
