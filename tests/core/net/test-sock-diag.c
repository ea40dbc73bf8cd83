/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-net.h"
#include "skt-endpoint.h"
#include "skt-port-holder.h"
#include "skt-sock-diag.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The state of a socket as /proc/net/tcp has it, 0: it is not there. */
static guint
read_proc_state (guint16 local, guint16 remote)
{
  g_autofree char *all = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *wanted = g_strdup_printf (" 0100007F:%04X 0100007F:%04X ", local, remote);

  g_assert_true (g_file_get_contents ("/proc/net/tcp", &all, NULL, NULL));
  lines = g_strsplit (all, "\n", 0);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *found = strstr (lines[i], wanted);
      if (found != NULL)
        return strtoul (found + strlen (wanted), NULL, 16);
    }
  return 0;
}

static gboolean
is_there (void)
{
  SktSockDiag info;
  g_autoptr (GError) error = NULL;

  if (skt_sock_diag_find ("127.0.0.1:1", "127.0.0.1:2", &info, &error))
    return TRUE;
  g_test_skip (error->message);
  return FALSE;
}

typedef struct
{
  int listener, near, far;
  guint16 port, near_port;
  char *near_address, *far_address;
} Pair;

static void
pair_set_up (Pair *self, gconstpointer data)
{
  struct sockaddr_storage native;
  socklen_t size = sizeof native;
  g_autoptr (GSocketAddress) address = NULL;

  self->listener = check_socket_listen (7, &self->port);
  self->near = check_socket_connect (self->port);
  self->far = check_socket_accept (self->listener);
  g_assert_no_errno (getsockname (self->near, (struct sockaddr *) &native, &size));
  address = g_socket_address_new_from_native (&native, size);
  self->near_address = skt_endpoint_format_address (address);
  self->near_port = check_port_of (self->near_address);
  self->far_address = skt_endpoint_format ("127.0.0.1", self->port);
}

static void
close_one (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
pair_tear_down (Pair *self, gconstpointer data)
{
  close_one (&self->near);
  close_one (&self->far);
  close_one (&self->listener);
  g_free (self->near_address);
  g_free (self->far_address);
}

static SktSockDiag
find (Pair *self)
{
  SktSockDiag info = { 0, };
  g_autoptr (GError) error = NULL;

  g_assert_true (skt_sock_diag_find (self->near_address, self->far_address, &info, &error));
  g_assert_no_error (error);
  return info;
}

static void
check_state (Pair *self, SktTcpState state)
{
  /* the acknowledgement of a FIN may be delayed */
  check_wait (find (self).state == state);
  g_assert_cmpuint (read_proc_state (self->near_port, self->port), ==, state == SKT_TCP_STATE_CLOSED ? 0 : state);
}

static void
test_active_close (Pair *self, gconstpointer data)
{
  SktSockDiag info;

  if (!is_there ())
    return;
  info = find (self);
  g_assert_cmpuint (info.inode, >, 0);
  g_assert_cmpuint (info.uid, ==, getuid ());
  check_state (self, SKT_TCP_STATE_ESTABLISHED);
  close_one (&self->near);
  check_state (self, SKT_TCP_STATE_FIN_WAIT_2);
  g_assert_cmpuint (find (self).inode, ==, 0);
  close_one (&self->far);
  check_state (self, SKT_TCP_STATE_TIME_WAIT);
  info = find (self);
  g_assert_cmpint (info.time_left_ms, >, 50000);
  g_assert_cmpint (info.time_left_ms, <=, 60000);
}

static void
test_passive_close (Pair *self, gconstpointer data)
{
  if (!is_there ())
    return;
  close_one (&self->far);
  check_state (self, SKT_TCP_STATE_CLOSE_WAIT);
  close_one (&self->near);
  check_state (self, SKT_TCP_STATE_CLOSED);
}

/* The side that is gone has a listener on its port, which must not be taken for it. */
static void
test_gone_behind_listener (Pair *self, gconstpointer data)
{
  SktSockDiag info;

  if (!is_there ())
    return;
  check_socket_reset (self->near);
  self->near = -1;
  close_one (&self->far);
  g_assert_true (skt_sock_diag_find (self->far_address, self->near_address, &info, NULL));
  g_assert_cmpint (info.state, ==, SKT_TCP_STATE_CLOSED);
}

static void
test_listening (Pair *self, gconstpointer data)
{
  SktSockDiag info;
  int waiting[3];

  if (!is_there ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (waiting); i++)
    waiting[i] = check_socket_connect (self->port);
  g_assert_true (skt_sock_diag_find_listening (self->far_address, &info, NULL));
  g_assert_cmpint (info.state, ==, SKT_TCP_STATE_LISTEN);
  g_assert_cmpuint (info.backlog, ==, 7);
  g_assert_cmpuint (info.n_waiting, ==, 3);
  for (guint i = 0; i < G_N_ELEMENTS (waiting); i++)
    close (waiting[i]);
  close_one (&self->listener);
  g_assert_true (skt_sock_diag_find_listening (self->far_address, &info, NULL));
  g_assert_cmpint (info.state, ==, SKT_TCP_STATE_CLOSED);
}

static void
test_bad_addresses (void)
{
  SktSockDiag info = { .state = SKT_TCP_STATE_LISTEN };
  static const char *const cases[][2] = { { "", "127.0.0.1:1" }, { "localhost:1", "127.0.0.1:1" }, { "127.0.0.1:1", "[::1]:1" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (skt_sock_diag_find (cases[i][0], cases[i][1], &info, &error));
      g_assert_nonnull (error);
      g_assert_cmpint (info.state, ==, SKT_TCP_STATE_LISTEN);
    }
}

static void
test_holder (Pair *self, gconstpointer data)
{
  g_autoptr (SktPortHolder) holder = NULL, any = NULL, other = NULL, nobody = NULL;
  g_autofree char *text = NULL;
  g_autofree char *expected = g_strdup_printf ("Another page of this program listens on 127.0.0.1:%u.", self->port);

  if (!is_there ())
    return;
  holder = skt_port_holder_find ("127.0.0.1", self->port);
  g_assert_nonnull (holder);
  g_assert_cmpint (holder->state, ==, SKT_TCP_STATE_LISTEN);
  g_assert_cmpstr (holder->address, ==, self->far_address);
  g_assert_cmpuint (holder->pid, ==, getpid ());
  g_assert_true (holder->is_self);
  text = skt_port_holder_to_text (holder);
  g_assert_cmpstr (text, ==, expected);
  any = skt_port_holder_find (NULL, self->port);
  g_assert_cmpuint (any->pid, ==, getpid ());
  other = skt_port_holder_find ("127.0.0.2", self->port);
  g_assert_null (other);
  nobody = skt_port_holder_find (NULL, check_unused_port ());
  g_assert_null (nobody);
}

/* A child that alone has the socket: it is named. */
static void
test_holder_is_other_program (Pair *self, gconstpointer data)
{
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE);
  g_autoptr (GError) error = NULL;
  g_autoptr (SktPortHolder) holder = NULL;
  g_autofree char *text = NULL;
  g_autofree char *expected = NULL;

  if (!is_there ())
    return;
  g_subprocess_launcher_take_fd (launcher, self->listener, 3);
  self->listener = -1;
  child = g_subprocess_launcher_spawn (launcher, &error, "cat", NULL);
  g_assert_no_error (error);
  g_clear_object (&launcher);
  holder = skt_port_holder_find (NULL, self->port);
  g_assert_nonnull (holder);
  expected = g_strdup_printf ("The program “cat” (process %s) has 127.0.0.1:%u.", g_subprocess_get_identifier (child), self->port);
  text = skt_port_holder_to_text (holder);
  g_assert_cmpstr (text, ==, expected);
  g_assert_false (holder->is_self);
  g_subprocess_force_exit (child);
  g_assert_true (g_subprocess_wait (child, NULL, &error));
}

#define add_pair(path, func) g_test_add (path, Pair, NULL, pair_set_up, func, pair_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_pair ("/core/sock-diag/active-close", test_active_close);
  add_pair ("/core/sock-diag/passive-close", test_passive_close);
  add_pair ("/core/sock-diag/gone-behind-listener", test_gone_behind_listener);
  add_pair ("/core/sock-diag/listening", test_listening);
  g_test_add_func ("/core/sock-diag/bad-addresses", test_bad_addresses);
  add_pair ("/core/port-holder/self", test_holder);
  add_pair ("/core/port-holder/other-program", test_holder_is_other_program);
  return g_test_run ();
}
