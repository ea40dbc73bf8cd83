/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"

#include "skt-journal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKET_PATIENCE_MS 60000

/* -- Fixture -------------------------------------------------------------------------------------------------- */

void
check_set_up (CheckFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("skt-test-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->engine = skt_engine_new ();
}

static gboolean
is_empty_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  return dir == NULL || g_dir_read_name (dir) == NULL;
}

void
check_tear_down (CheckFixture *fixture, gconstpointer data)
{
  g_autofree char *sessions = g_build_filename (fixture->folder, "sessions", NULL);

  skt_engine_stop (fixture->engine);
  check_no_threads ("skt-");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->engine);

  g_assert_true (is_empty_folder (sessions));
  g_rmdir (sessions);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
}

static gboolean
tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
check_iterate (gint64 deadline, const char *what)
{
  guint tick = g_timeout_add (5, tick_cb, NULL);

  g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
  if (g_get_monotonic_time () > deadline)
    g_error ("waited too long: %s", what);
}

void
check_run_for (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + (gint64) milliseconds * 1000;

  while (g_get_monotonic_time () < end)
    check_iterate (G_MAXINT64, "");
}

SktSession *
check_session_new (CheckFixture *fixture, SktSessionKind kind)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sessions = g_build_filename (fixture->folder, "sessions", NULL);
  SktSession *session = skt_session_new (fixture->engine, kind, sessions, &error);

  g_assert_no_error (error);
  g_assert_nonnull (session);
  return session;
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  skt_session_close_finish (SKT_SESSION (source), result);
  *(gboolean *) data = TRUE;
}

void
check_session_close (SktSession *session)
{
  gboolean is_closed = FALSE;

  skt_session_close_async (session, FALSE, closed_cb, &is_closed);
  check_wait (is_closed);
  g_assert_finalize_object (session);
}

guint16
check_port_of (const char *address)
{
  const char *colon;

  g_assert_nonnull (address);
  colon = strrchr (address, ':');
  g_assert_nonnull (colon);
  return (guint16) atoi (colon + 1);
}

guint16
check_session_listen (SktSession *session)
{
  SktListenOptions options = { .address = "127.0.0.1", .port = 0, .backlog = 4096 };

  skt_session_listen (session, &options);
  check_wait (skt_session_get_state (session) == SKT_STATE_LISTENING);
  return check_port_of (skt_session_get_target (session));
}

void
check_session_connect (SktSession *session, const char *host, guint16 port)
{
  SktConnectOptions options = { .host = host, .port = port, .timeout_ms = 10000 };

  skt_session_connect (session, &options);
}

SktConnection *
check_wait_for_connection (SktSession *session, guint n)
{
  GListModel *connections = skt_session_get_connections (session);

  check_wait (g_list_model_get_n_items (connections) >= n);
  return skt_session_get_connection (session, n);
}

/* -- Plain sockets -------------------------------------------------------------------------------------------- */

static struct sockaddr_in
loopback (guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  return address;
}

static int
new_socket (void)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

int
check_socket_listen (int backlog, guint16 *ret_port)
{
  struct sockaddr_in address = loopback (0);
  socklen_t size = sizeof address;
  int fd = new_socket ();

  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, size), ==, 0);
  g_assert_cmpint (listen (fd, backlog), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &address, &size), ==, 0);
  *ret_port = ntohs (address.sin_port);
  return fd;
}

int
check_socket_accept (int fd)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
  int accepted;

  g_assert_cmpint (poll (&poll_fd, 1, SOCKET_PATIENCE_MS), ==, 1);
  accepted = accept4 (fd, NULL, NULL, SOCK_CLOEXEC);
  g_assert_cmpint (accepted, >=, 0);
  return accepted;
}

int
check_socket_connect (guint16 port)
{
  struct sockaddr_in address = loopback (port);
  int fd = new_socket ();

  if (connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    g_error ("connect: %s", g_strerror (errno));
  return fd;
}

void
check_socket_send (int fd, const void *bytes, gsize length)
{
  const guint8 *p = bytes;

  while (length > 0)
    {
      gssize n = send (fd, p, length, MSG_NOSIGNAL);

      if (n < 0)
        g_error ("send: %s", g_strerror (errno));
      p += n;
      length -= n;
    }
}

gsize
check_socket_receive (int fd, void *bytes, gsize length)
{
  guint8 *p = bytes;
  gsize n_read = 0;

  while (n_read < length)
    {
      gssize n = recv (fd, p + n_read, length - n_read, 0);

      if (n < 0)
        g_error ("recv: %s", g_strerror (errno));
      if (n == 0)
        break;
      n_read += n;
    }
  return n_read;
}

GByteArray *
check_socket_receive_all (int fd, int *ret_code)
{
  GByteArray *all = g_byte_array_new ();
  guint8 buffer[65536];
  gssize n;

  while ((n = recv (fd, buffer, sizeof buffer, 0)) > 0)
    g_byte_array_append (all, buffer, n);
  if (ret_code != NULL)
    *ret_code = n < 0 ? errno : 0;
  return all;
}

void
check_socket_reset (int fd)
{
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };

  g_assert_cmpint (setsockopt (fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger), ==, 0);
  close (fd);
}

guint16
check_unused_port (void)
{
  guint16 port;
  int fd = check_socket_listen (1, &port);

  close (fd);
  return port;
}

guint8 *
check_random_bytes (gsize length)
{
  guint8 *bytes = g_malloc (length);
  guint32 *words = (guint32 *) (gpointer) bytes;

  for (gsize i = 0; i < length / 4; i++)
    words[i] = g_test_rand_int ();
  for (gsize i = length / 4 * 4; i < length; i++)
    bytes[i] = (guint8) g_test_rand_int ();
  return bytes;
}

static gpointer
flood_thread (gpointer data)
{
  CheckFlood *self = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (self->seed);
  g_autofree guint32 *block = g_malloc (64 * 1024);
  int fd = check_socket_connect (self->port);
  gsize left = self->length;

  while (left > 0)
    {
      gsize n = g_rand_int_range (rand, 1, 64 * 1024);

      n = MIN (n, left);
      for (gsize i = 0; i <= n / 4 && i < 16 * 1024; i++)
        block[i] = g_rand_int (rand);
      g_checksum_update (self->checksum, (guint8 *) block, n);
      check_socket_send (fd, block, n);
      left -= n;
    }
  close (fd);
  g_atomic_int_set (&self->is_done, TRUE);
  return NULL;
}

void
check_flood_start (CheckFlood *self, guint16 port, gsize length)
{
  *self = (CheckFlood){ .port = port, .length = length, .seed = g_test_rand_int () };
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  self->thread = g_thread_new ("flood", flood_thread, self);
}

void
check_flood_end (CheckFlood *self, GChecksum *received)
{
  g_thread_join (self->thread);
  g_assert_cmpstr (g_checksum_get_string (received), ==, g_checksum_get_string (self->checksum));
  g_checksum_free (self->checksum);
}

/* -- Journals ------------------------------------------------------------------------------------------------- */

typedef void (*RecordFunc) (SktJournal *journal, const SktRecord *record, gpointer data);

static guint64
foreach_record (SktJournal *journal, guint32 connection, RecordFunc func, gpointer data)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  guint64 n = skt_journal_get_n_records (journal);

  for (guint64 i = skt_journal_get_first_record (journal); i < n; i++)
    {
      SktRecord record;

      g_assert_true (skt_journal_reader_get_record (reader, i, &record));
      if (record.connection == connection)
        func (journal, &record, data);
    }
  return n;
}

typedef struct
{
  SktRecordKind kind;
  guint64 length;
  GByteArray *bytes;
  GChecksum *checksum;
} Collected;

static void
collect (SktJournal *journal, const SktRecord *record, gpointer data)
{
  Collected *collected = data;
  g_autofree guint8 *bytes = NULL;

  if (record->kind != collected->kind)
    return;
  g_assert_cmpuint (record->stream_offset, ==, collected->length);
  g_assert_cmpuint (record->length, >, 0);
  bytes = g_malloc (record->length);
  g_assert_cmpuint (skt_journal_read_payload (journal, record->offset, bytes, record->length), ==, record->length);
  if (collected->bytes != NULL)
    g_byte_array_append (collected->bytes, bytes, record->length);
  if (collected->checksum != NULL)
    g_checksum_update (collected->checksum, bytes, record->length);
  collected->length += record->length;
}

GByteArray *
check_journal_bytes (SktJournal *journal, guint32 connection, SktRecordKind kind)
{
  Collected collected = { .kind = kind, .bytes = g_byte_array_new () };

  foreach_record (journal, connection, collect, &collected);
  return collected.bytes;
}

guint64
check_journal_add_to_hash (SktJournal *journal, guint32 connection, SktRecordKind kind, GChecksum *checksum, guint64 *length)
{
  Collected collected = { .kind = kind, .checksum = checksum, .length = *length };
  guint64 n = foreach_record (journal, connection, collect, &collected);

  *length = collected.length;
  return n;
}

char *
check_journal_hash (SktJournal *journal, guint32 connection, SktRecordKind kind, guint64 *ret_length)
{
  Collected collected = { .kind = kind, .checksum = g_checksum_new (G_CHECKSUM_SHA256) };
  char *text;

  foreach_record (journal, connection, collect, &collected);
  text = g_strdup (g_checksum_get_string (collected.checksum));
  g_checksum_free (collected.checksum);
  *ret_length = collected.length;
  return text;
}

static void
add_event (SktJournal *journal, const SktRecord *record, gpointer data)
{
  static const char *const words[SKT_N_RECORD_KINDS] = {
    [SKT_RECORD_RESOLVING] = "resolving",
    [SKT_RECORD_CONNECTING] = "connecting",
    [SKT_RECORD_OPENED] = "opened",
    [SKT_RECORD_PEER_FINISHED] = "peer-finished",
    [SKT_RECORD_CLOSED] = "closed",
    [SKT_RECORD_FAILED] = "failed",
    [SKT_RECORD_LISTENING] = "listening",
    [SKT_RECORD_STOPPED_LISTENING] = "stopped-listening",
    [SKT_RECORD_NOTE] = "note",
    [SKT_RECORD_FINISHED] = "finished",
  };
  GString *text = data;

  if (skt_record_is_data (record))
    return;
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, words[record->kind]);
  if (record->reason != SKT_REASON_NONE)
    g_string_append_printf (text, "(%u)", record->reason);
}

char *
check_journal_events (SktJournal *journal, guint32 connection)
{
  GString *text = g_string_new (NULL);

  foreach_record (journal, connection, add_event, text);
  return g_string_free (text, FALSE);
}

typedef struct
{
  SktRecordKind kind;
  guint n;
  SktRecord last;
} Counted;

static void
count (SktJournal *journal, const SktRecord *record, gpointer data)
{
  Counted *counted = data;

  if (record->kind != counted->kind)
    return;
  counted->n++;
  counted->last = *record;
}

guint
check_journal_count (SktJournal *journal, guint32 connection, SktRecordKind kind)
{
  Counted counted = { .kind = kind };

  foreach_record (journal, connection, count, &counted);
  return counted.n;
}

SktRecord
check_journal_last (SktJournal *journal, guint32 connection, SktRecordKind kind)
{
  Counted counted = { .kind = kind };

  foreach_record (journal, connection, count, &counted);
  g_assert_cmpuint (counted.n, >, 0);
  return counted.last;
}

/* -- The process ---------------------------------------------------------------------------------------------- */

guint
check_count_threads (const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/task", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", name, "comm", NULL);
      g_autofree char *comm = NULL;

      if (g_file_get_contents (path, &comm, NULL, NULL) && g_str_has_prefix (comm, prefix))
        n++;
    }
  return n;
}

/* A thread that was joined is still listed for a moment. */
void
check_no_threads (const char *prefix)
{
  check_wait (check_count_threads (prefix) == 0);
}

guint
check_count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n - 1;
}
