/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-command.h"
#include "skt-error.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS 30000

static const char *const programs[SKT_N_COMMANDS] = { "ncat", "socat", "nc", "python3" };

static GBytes *
all_bytes (void)
{
  guint8 data[256 * 3];

  for (guint i = 0; i < 256; i++)
    {
      data[i] = i;
      /* digits after an escape, and all once more between quotes */
      data[256 + i] = i % 2 == 0 ? 255 - i : '1';
      data[512 + i] = i % 2 == 0 ? i : '\'';
    }
  return g_bytes_new (data, sizeof data);
}

/* -- Words ---------------------------------------------------------------------------------------------------- */

static void
assert_line (SktCommand command, const SktCommandTarget *target, const char *text, const char *expected)
{
  g_autoptr (GBytes) bytes = text != NULL ? g_bytes_new (text, strlen (text)) : NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = skt_command_make (command, target, bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (line, ==, expected);
}

static void
test_lines (void)
{
  const SktCommandTarget plain = { .host = "example.org", .port = 80 };
  const SktCommandTarget bound = { .host = "::1", .port = 7788, .local_host = "::1", .local_port = 4000 };
  const SktCommandTarget odd = { .host = "fe80::1%eth 0", .port = 1 };
  const SktCommandTarget all = { .listens = TRUE, .port = 7788 };
  const SktCommandTarget one = { .listens = TRUE, .host = "127.0.0.1", .port = 7788 };

  assert_line (SKT_COMMAND_NCAT, &plain, "GET /\r\n", "printf 'GET /\\r\\n' | ncat example.org 80");
  assert_line (SKT_COMMAND_NC, &plain, "-100%'\\", "printf '\\055100%%\\047\\\\' | nc example.org 80");
  assert_line (SKT_COMMAND_SOCAT, &plain, NULL, "socat -t 86400 - TCP:example.org:80");
  assert_line (SKT_COMMAND_NCAT, &bound, NULL, "ncat -s ::1 -p 4000 ::1 7788");
  assert_line (SKT_COMMAND_SOCAT, &bound, NULL, "socat -t 86400 - 'TCP:[::1]:7788,bind=[::1],sourceport=4000,reuseaddr'");
  assert_line (SKT_COMMAND_NC, &odd, NULL, "nc 'fe80::1%eth 0' 1");
  assert_line (SKT_COMMAND_NCAT, &all, "hi", "printf 'hi' | ncat -l 7788");
  assert_line (SKT_COMMAND_NC, &one, "hi", "printf 'hi' | nc -l 127.0.0.1 7788");
  assert_line (SKT_COMMAND_SOCAT, &one, NULL, "socat -t 86400 - TCP4-LISTEN:7788,bind=127.0.0.1,reuseaddr");
  assert_line (SKT_COMMAND_PYTHON, &plain, "a\"'\n",
               "python3 -c 'import socket, sys; s = socket.create_connection((\"example.org\", 80)); s.sendall(b\"a\\\"\\x27\\n\"); "
               "[(sys.stdout.buffer.write(b), sys.stdout.flush()) for b in iter(lambda: s.recv(65536), b\"\")]'");
}

static void
test_too_long (void)
{
  const SktCommandTarget plain = { .host = "example.org", .port = 80 };
  g_autofree char *text = g_strnfill (SKT_COMMAND_MAX_BYTES + 1, 'x');
  g_autoptr (GBytes) bytes = g_bytes_new (text, SKT_COMMAND_MAX_BYTES + 1);
  g_autoptr (GError) error = NULL;

  g_assert_null (skt_command_make (SKT_COMMAND_NCAT, &plain, bytes, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_MESSAGE);
}

static void
test_printf (void)
{
  g_autoptr (GBytes) bytes = all_bytes (), output = NULL;
  g_autofree char *line = skt_command_make_printf (bytes);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) shell =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "sh", "-c", line, NULL);

  g_assert_no_error (error);
  g_subprocess_communicate (shell, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, output));
}

/* -- Run by a shell ------------------------------------------------------------------------------------------- */

static int
listen_here (guint16 *ret_port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, size), ==, 0);
  g_assert_cmpint (listen (fd, 5), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &address, &size), ==, 0);
  *ret_port = ntohs (address.sin_port);
  return fd;
}

static void
wait_readable (int fd)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

  g_assert_cmpint (poll (&poll_fd, 1, PATIENCE_MS), ==, 1);
}

static void
assert_receives (int fd, GBytes *expected)
{
  gsize length = g_bytes_get_size (expected), n = 0;
  g_autofree guint8 *buffer = g_malloc (length);

  while (n < length)
    {
      gssize got;

      wait_readable (fd);
      got = recv (fd, buffer + n, length - n, 0);
      g_assert_cmpint (got, >, 0);
      n += got;
    }
  g_assert_cmpmem (buffer, n, g_bytes_get_data (expected, NULL), length);
}

static gboolean
has_program (SktCommand command)
{
  g_autofree char *path = g_find_program_in_path (programs[command]);

  if (path == NULL)
    g_test_skip (programs[command]);
  return path != NULL;
}

static GSubprocess *
run (SktCommand command, const SktCommandTarget *target, GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = skt_command_make (command, target, bytes, &error);
  GSubprocess *shell;

  g_assert_no_error (error);
  shell = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "sh", "-c", line, NULL);
  g_assert_no_error (error);
  return shell;
}

/* What comes back is printed, and the end of the connection is that of the command. */
static void
finish (GSubprocess *shell, int fd)
{
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (send (fd, "back", 4, MSG_NOSIGNAL), ==, 4);
  close (fd);
  g_subprocess_communicate (shell, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (output, NULL), g_bytes_get_size (output), "back", 4);
}

static void
test_connects (gconstpointer data)
{
  SktCommand command = GPOINTER_TO_UINT (data);
  SktCommandTarget target = { .host = "127.0.0.1" };
  g_autoptr (GBytes) bytes = all_bytes ();
  g_autoptr (GSubprocess) shell = NULL;
  int listener, fd;

  if (!has_program (command))
    return;
  listener = listen_here (&target.port);
  shell = run (command, &target, bytes);
  wait_readable (listener);
  fd = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);
  assert_receives (fd, bytes);
  finish (shell, fd);
  close (listener);
}

/* The local port of the page is that of the command. */
static void
test_connects_from (gconstpointer data)
{
  SktCommand command = GPOINTER_TO_UINT (data);
  SktCommandTarget target = { .host = "127.0.0.1", .local_host = "127.0.0.1" };
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (GSubprocess) shell = NULL;
  struct sockaddr_in peer;
  socklen_t size = sizeof peer;
  int listener, fd;

  if (!has_program (command))
    return;
  close (listen_here (&target.local_port));
  listener = listen_here (&target.port);
  shell = run (command, &target, bytes);
  wait_readable (listener);
  fd = accept4 (listener, (struct sockaddr *) &peer, &size, SOCK_CLOEXEC);
  g_assert_cmpuint (ntohs (peer.sin_port), ==, target.local_port);
  assert_receives (fd, bytes);
  finish (shell, fd);
  close (listener);
}

static int
connect_to (guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  gint64 deadline = g_get_monotonic_time () + PATIENCE_MS * G_TIME_SPAN_MILLISECOND;

  /* until it listens */
  for (;;)
    {
      int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

      if (connect (fd, (struct sockaddr *) &address, sizeof address) == 0)
        return fd;
      close (fd);
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (10000);
    }
}

static void
test_listens (gconstpointer data)
{
  SktCommand command = GPOINTER_TO_UINT (data) / 2;
  SktCommandTarget target = { .listens = TRUE, .host = GPOINTER_TO_UINT (data) % 2 == 0 ? "127.0.0.1" : NULL };
  g_autoptr (GBytes) bytes = all_bytes ();
  g_autoptr (GSubprocess) shell = NULL;
  int fd;

  if (!has_program (command))
    return;
  close (listen_here (&target.port));
  shell = run (command, &target, bytes);
  fd = connect_to (target.port);
  assert_receives (fd, bytes);
  finish (shell, fd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/command/lines", test_lines);
  g_test_add_func ("/core/command/too-long", test_too_long);
  g_test_add_func ("/core/command/printf", test_printf);
  for (guint i = 0; i < SKT_N_COMMANDS; i++)
    {
      g_autofree char *connects = g_strdup_printf ("/core/command/connects/%s", programs[i]);
      g_autofree char *connects_from = g_strdup_printf ("/core/command/connects-from/%s", programs[i]);
      g_autofree char *listens = g_strdup_printf ("/core/command/listens/%s", programs[i]);
      g_autofree char *listens_all = g_strdup_printf ("/core/command/listens-on-all/%s", programs[i]);

      g_test_add_data_func (connects, GUINT_TO_POINTER (i), test_connects);
      g_test_add_data_func (connects_from, GUINT_TO_POINTER (i), test_connects_from);
      g_test_add_data_func (listens, GUINT_TO_POINTER (2 * i), test_listens);
      g_test_add_data_func (listens_all, GUINT_TO_POINTER (2 * i + 1), test_listens);
    }
  return g_test_run ();
}
