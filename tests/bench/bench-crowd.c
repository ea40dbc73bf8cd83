/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-crowd connect PORT N AT_ONCE
 *   Opens N connections to 127.0.0.1:PORT, at most AT_ONCE of them under way at a time, and prints
 *     "connected SECONDS FAILED SLOWEST"  when all are established (or refused); SLOWEST: seconds of the slowest connect(2)
 *     "accepted SECONDS LEFT"             when the listening socket's queue is empty, or has not become shorter for 10 s
 *   both from the first connect(2) on. Then it holds them until its standard input ends.
 * bench-crowd echo PORT N
 *   Sends 64 bytes and waits for them N times on one connection; prints "P50 P99" in microseconds. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE 64
#define WARM_UP 1000
#define PATIENCE 10.0
/* Connections that are forgotten by a full queue try again after 1, 3, 7, 15 and 31 s. */
#define CONNECT_PATIENCE 40.0

static void
die (const char *what)
{
  perror (what);
  exit (1);
}

static double
get_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static struct sockaddr_in
get_address (int port)
{
  return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons (port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
}

/* -- Connecting ------------------------------------------------------------------------------------------------ */

static void
raise_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    die ("getrlimit");
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit (RLIMIT_NOFILE, &limit) != 0)
    die ("setrlimit");
}

static int
begin (int epoll_fd, int port, double *started)
{
  struct sockaddr_in address = get_address (port);
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  struct epoll_event event = { .events = EPOLLOUT, .data.fd = fd };

  if (fd < 0)
    die ("socket");
  started[fd] = get_seconds ();
  if (connect (fd, (struct sockaddr *) &address, sizeof address) != 0 && errno != EINPROGRESS)
    {
      close (fd);
      return 0;
    }
  if (epoll_ctl (epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
    die ("epoll_ctl");
  return 1;
}

static int
finish (int epoll_fd, int fd)
{
  int code = 0;
  socklen_t size = sizeof code;

  epoll_ctl (epoll_fd, EPOLL_CTL_DEL, fd, NULL);
  if (getsockopt (fd, SOL_SOCKET, SO_ERROR, &code, &size) == 0 && code == 0)
    return 1;
  close (fd);
  return 0;
}

static void
connect_all (int port, int n, int at_once, double begun)
{
  int epoll_fd = epoll_create1 (EPOLL_CLOEXEC), n_begun = 0, n_under_way = 0, n_failed = 0;
  double *started = calloc (n + 64, sizeof *started), slowest = 0;
  struct epoll_event events[256];

  if (epoll_fd < 0 || started == NULL)
    die ("epoll_create1");
  while (n_begun < n || n_under_way > 0)
    {
      int got;

      for (; n_begun < n && n_under_way < at_once; n_begun++)
        if (begin (epoll_fd, port, started))
          n_under_way++;
        else
          n_failed++;
      got = epoll_wait (epoll_fd, events, 256, (int) (CONNECT_PATIENCE * 1000));
      if (got < 0)
        die ("epoll_wait");
      for (int i = 0; i < got; i++)
        {
          double seconds = get_seconds () - started[events[i].data.fd];

          slowest = seconds > slowest ? seconds : slowest;
          n_failed += !finish (epoll_fd, events[i].data.fd);
        }
      n_under_way -= got;
      if (got == 0)
        {
          n_failed += n_under_way;
          break;
        }
    }
  printf ("connected %.6f %d %.6f\n", get_seconds () - begun, n_failed, slowest);
  fflush (stdout);
  close (epoll_fd);
  free (started);
}

/* Connections that wait to be accepted; listening sockets are the first in the table. */
static int
get_queue (int port)
{
  char table[16384], *line = table;
  int fd = open ("/proc/net/tcp", O_RDONLY | O_CLOEXEC), queue = -1;
  ssize_t size = fd < 0 ? -1 : read (fd, table, sizeof table - 1);

  if (size < 0)
    die ("/proc/net/tcp");
  close (fd);
  table[size] = '\0';
  while (queue < 0 && line != NULL)
    {
      unsigned local_port, state, sent, received;

      if (sscanf (line, "%*d: %*x:%x %*x:%*x %x %x:%x", &local_port, &state, &sent, &received) == 4 && state == 10 &&
          (int) local_port == port)
        queue = (int) received;
      line = strchr (line, '\n');
      line = line != NULL ? line + 1 : NULL;
    }
  return queue;
}

static void
wait_accepted (int port, double begun)
{
  int least = get_queue (port), left;
  double changed = get_seconds ();

  while ((left = get_queue (port)) > 0 && get_seconds () - changed < PATIENCE)
    {
      if (left < least)
        changed = get_seconds ();
      least = left < least ? left : least;
      usleep (500);
    }
  printf ("accepted %.6f %d\n", get_seconds () - begun, left);
  fflush (stdout);
}

static void
hold (void)
{
  char byte;

  while (read (STDIN_FILENO, &byte, 1) > 0)
    ;
}

/* -- Echo ------------------------------------------------------------------------------------------------------ */

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static void
echo (int port, int n)
{
  struct sockaddr_in address = get_address (port);
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
  double *times = calloc (n + WARM_UP, sizeof *times);
  char message[MESSAGE], answer[MESSAGE];

  if (fd < 0 || times == NULL || connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    die ("connect");
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  for (int i = 0; i < n + WARM_UP; i++)
    {
      double begun = get_seconds ();

      memset (message, i, sizeof message);
      if (send (fd, message, sizeof message, 0) != sizeof message ||
          recv (fd, answer, sizeof answer, MSG_WAITALL) != sizeof answer)
        die ("echo");
      times[i] = get_seconds () - begun;
      if (memcmp (message, answer, sizeof message) != 0)
        die ("the answer is another one");
    }
  qsort (times + WARM_UP, n, sizeof *times, compare);
  printf ("%.2f %.2f\n", times[WARM_UP + n / 2] * 1e6, times[WARM_UP + n * 99L / 100] * 1e6);
  close (fd);
  free (times);
}

int
main (int argc, char *argv[])
{
  double begun = get_seconds ();

  if (argc == 5 && strcmp (argv[1], "connect") == 0)
    {
      raise_limit ();
      connect_all (atoi (argv[2]), atoi (argv[3]), atoi (argv[4]), begun);
      wait_accepted (atoi (argv[2]), begun);
      hold ();
      return 0;
    }
  if (argc == 4 && strcmp (argv[1], "echo") == 0)
    {
      echo (atoi (argv[2]), atoi (argv[3]));
      return 0;
    }
  fputs ("usage: bench-crowd connect PORT N AT_ONCE | echo PORT N\n", stderr);
  return 2;
}
