/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-send [--kind lines|random|marks|one-line] [--chunk BYTES] [--piece BYTES] [--listen] PORT SIZE
 *
 * Sends SIZE bytes to 127.0.0.1:PORT (or, with --listen, to who connects there), then FIN, and waits for the peer's FIN. Prints
 * "SECONDS BYTES STARTED": from the first byte to the peer's end; STARTED is on the monotonic clock.
 *
 * The bytes come from a file in memory by sendfile(2), in chunks of 1 MiB, so that the sender is as little in the way as can be. With
 * --piece, which stands for a device that sends short messages, each piece is a send(2) of its own with TCP_NODELAY. */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PATTERN_SIZE (16 * 1024 * 1024)

static unsigned char *pattern;
static int pattern_fd;

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

/* -- What is sent ---------------------------------------------------------------------------------------------- */

static uint32_t
next_random (void)
{
  static uint64_t state = 88172645463325252;

  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state >> 16;
}

/* As a log has them: 20 to 120 characters. */
static void
fill_lines (void)
{
  static const char words[] = "the quick brown fox jumps over the lazy dog 0123456789 temperature=21.5 humidity=47 ok ";
  size_t pos = 0;

  while (pos < PATTERN_SIZE)
    {
      size_t length = 20 + next_random () % 101;
      size_t start = next_random () % 40;

      for (size_t i = 0; i < length && pos < PATTERN_SIZE; i++)
        pattern[pos++] = words[(start + i) % (sizeof words - 1)];
      if (pos < PATTERN_SIZE)
        pattern[pos++] = '\n';
    }
  pattern[PATTERN_SIZE - 1] = '\n';
}

static void
fill_random (void)
{
  for (size_t i = 0; i < PATTERN_SIZE; i++)
    pattern[i] = next_random ();
}

/* U+0301, combining acute accent, on one letter at the start. */
static void
fill_marks (void)
{
  for (size_t i = 0; i < PATTERN_SIZE; i += 2)
    memcpy (pattern + i, "\xCC\x81", 2);
  memcpy (pattern, "ee", 2);
}

static void
fill_one_line (void)
{
  for (size_t i = 0; i < PATTERN_SIZE; i++)
    pattern[i] = 'a' + i % 26;
}

static void
make_pattern (const char *kind)
{
  pattern_fd = memfd_create ("bench-send", MFD_CLOEXEC);
  if (pattern_fd < 0 || ftruncate (pattern_fd, PATTERN_SIZE) != 0)
    die ("memfd");
  pattern = mmap (NULL, PATTERN_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, pattern_fd, 0);
  if (pattern == MAP_FAILED)
    die ("mmap");
  if (strcmp (kind, "lines") == 0)
    fill_lines ();
  else if (strcmp (kind, "random") == 0)
    fill_random ();
  else if (strcmp (kind, "marks") == 0)
    fill_marks ();
  else if (strcmp (kind, "one-line") == 0)
    fill_one_line ();
  else
    {
      fprintf (stderr, "kinds are lines, random, marks, one-line\n");
      exit (2);
    }
}

/* -- Sending --------------------------------------------------------------------------------------------------- */

static void
send_chunks (int fd, uint64_t size, size_t chunk)
{
  uint64_t sent = 0;

  while (sent < size)
    {
      off_t offset = sent % PATTERN_SIZE;
      size_t length = PATTERN_SIZE - offset;
      ssize_t n;

      if (length > chunk)
        length = chunk;
      if (length > size - sent)
        length = size - sent;
      n = sendfile (fd, pattern_fd, &offset, length);
      if (n < 0 && errno != EINTR)
        die ("sendfile");
      if (n > 0)
        sent += n;
    }
}

static void
send_pieces (int fd, uint64_t size, size_t piece)
{
  uint64_t sent = 0;

  while (sent < size)
    {
      size_t length = piece < size - sent ? piece : size - sent;
      size_t offset = sent % (PATTERN_SIZE - piece);
      ssize_t n = send (fd, pattern + offset, length, MSG_NOSIGNAL);

      if (n < 0 && errno != EINTR)
        die ("send");
      if (n > 0)
        sent += n;
    }
}

static int
open_socket (int port, int listens)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int yes = 1, client;

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (fd < 0)
    die ("socket");
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (!listens)
    {
      if (connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
        die ("connect");
      return fd;
    }
  if (bind (fd, (struct sockaddr *) &address, sizeof address) != 0 || listen (fd, 1) != 0)
    die ("listen");
  client = accept (fd, NULL, NULL);
  if (client < 0)
    die ("accept");
  setsockopt (client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  close (fd);
  return client;
}

/* What the peer sends is read and thrown away. */
static void
wait_for_end (int fd)
{
  char buffer[4096];
  ssize_t n;

  do
    n = recv (fd, buffer, sizeof buffer, 0);
  while (n > 0 || (n < 0 && errno == EINTR));
}

int
main (int argc, char *argv[])
{
  static const struct option options[] = {
    { "kind", required_argument, NULL, 'k' },  { "chunk", required_argument, NULL, 'c' },
    { "piece", required_argument, NULL, 'p' }, { "listen", no_argument, NULL, 'l' },
    { NULL, 0, NULL, 0 },
  };
  const char *kind = "lines";
  size_t chunk = 1024 * 1024, piece = 0;
  uint64_t size;
  int option, fd, listens = 0;
  double started;

  while ((option = getopt_long (argc, argv, "", options, NULL)) != -1)
    switch (option)
      {
      case 'k':
        kind = optarg;
        break;
      case 'c':
        chunk = strtoull (optarg, NULL, 10);
        break;
      case 'p':
        piece = strtoull (optarg, NULL, 10);
        break;
      case 'l':
        listens = 1;
        break;
      default:
        return 2;
      }
  if (argc - optind != 2 || chunk == 0 || piece > 65536)
    {
      fprintf (stderr, "usage: bench-send [--kind KIND] [--chunk BYTES] [--piece BYTES] [--listen] PORT SIZE\n");
      return 2;
    }
  size = strtoull (argv[optind + 1], NULL, 10);
  make_pattern (kind);

  fd = open_socket (atoi (argv[optind]), listens);
  started = get_seconds ();
  if (piece > 0)
    send_pieces (fd, size, piece);
  else
    send_chunks (fd, size, chunk);
  shutdown (fd, SHUT_WR);
  wait_for_end (fd);
  printf ("%.6f %llu %.6f\n", get_seconds () - started, (unsigned long long) size, started);
  return 0;
}
