/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#define MTU 1500
#define QUEUE_BYTES (64 * 1024)
#define LATE_US 3000

typedef struct
{
  gint64 due;              /* us, monotonic */
  int to;                  /* side */
  gsize length;
  guint8 bytes[MTU];
} Packet;

enum
{
  HERE,
  THERE,
  N_SIDES
};

static struct
{
  int tun[N_SIDES];
  int ns[N_SIDES];
  int wake;
  GThread *thread;
  gboolean has_name_server;

  GMutex lock;
  CheckWireRules rules;
  gboolean must_stop;

  /* the thread's */
  GSequence *packets;      /* Packet by `due` */
  gint64 free_at[N_SIDES]; /* when a narrow wire has carried what it was given */
  guint32 seed;
} wire;

/* -- Answers of the wire itself --------------------------------------------------------------------------------- */

static guint16
get_checksum (const guint8 *bytes, gsize length, guint32 sum)
{
  for (gsize i = 0; i < length; i++)
    sum += i % 2 == 0 ? (guint32) bytes[i] << 8 : bytes[i];
  while (sum >> 16 != 0)
    sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

static void
put_16 (guint8 *to, guint16 value)
{
  to[0] = value >> 8;
  to[1] = value & 0xff;
}

/* An IPv4 header from the one that it answers. */
static void
begin_answer (guint8 *answer, const guint8 *packet, guint8 protocol, gsize length)
{
  memset (answer, 0, 20);
  answer[0] = 0x45;
  put_16 (answer + 2, length);
  answer[8] = 64;
  answer[9] = protocol;
  memcpy (answer + 12, packet + 16, 4);
  memcpy (answer + 16, packet + 12, 4);
  put_16 (answer + 10, get_checksum (answer, 20, 0));
}

static gsize
make_unreachable (guint8 *answer, const guint8 *packet, guint8 code)
{
  begin_answer (answer, packet, IPPROTO_ICMP, 56);
  memset (answer + 20, 0, 8);
  answer[20] = 3;
  answer[21] = code;
  memcpy (answer + 28, packet, 28);
  put_16 (answer + 22, get_checksum (answer + 20, 36, 0));
  return 56;
}

static gsize
make_reset (guint8 *answer, const guint8 *packet)
{
  const guint8 *tcp = packet + 20;
  guint32 sequence = ntohl (*(const guint32 *) (tcp + 4)) + 1;
  guint32 sum = IPPROTO_TCP + 20;

  begin_answer (answer, packet, IPPROTO_TCP, 40);
  memset (answer + 20, 0, 20);
  memcpy (answer + 20, tcp + 2, 2);
  memcpy (answer + 22, tcp, 2);
  put_16 (answer + 28, sequence >> 16);
  put_16 (answer + 30, sequence & 0xffff);
  answer[32] = 0x50;
  answer[33] = 0x14; /* RST, ACK */
  for (guint i = 12; i < 20; i += 2)
    sum += (guint32) answer[i] << 8 | answer[i + 1];
  put_16 (answer + 36, get_checksum (answer + 20, 20, sum));
  return 40;
}

static gboolean
is_tcp (const guint8 *packet, gsize length)
{
  return length >= 40 && packet[0] == 0x45 && packet[9] == IPPROTO_TCP;
}

static gboolean
is_syn (const guint8 *packet, gsize length)
{
  return is_tcp (packet, length) && (packet[33] & 0x12) == 0x02;
}

static gboolean
is_answered (const CheckWireRules *rules, const guint8 *packet, gsize length)
{
  if (rules->answer == CHECK_WIRE_ALL_UNREACHABLE)
    return is_tcp (packet, length);
  return rules->answer != CHECK_WIRE_CARRIES && is_syn (packet, length);
}

/* -- Carrying ---------------------------------------------------------------------------------------------------- */

static guint
draw (void)
{
  wire.seed = wire.seed * 1664525 + 1013904223;
  return (wire.seed >> 8) % 1000;
}

static int
compare_due (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 x = ((const Packet *) a)->due, y = ((const Packet *) b)->due;

  return (x > y) - (x < y);
}

static void
deliver (const Packet *packet)
{
  /* a device that is down takes none: lost, as on a cable */
  if (write (wire.tun[packet->to], packet->bytes, packet->length) < 0)
    return;
}

/* When the packet comes out of the wire; 0: never. */
static gint64
get_due (const CheckWireRules *rules, int to, gsize length, gint64 now)
{
  gint64 due = now + rules->delay_ms * 1000;

  if (rules->is_cut || (rules->loss > 0 && draw () < rules->loss))
    return 0;
  if (rules->reorder > 0 && draw () < rules->reorder)
    due += LATE_US;
  if (rules->rate > 0)
    {
      gint64 begin = MAX (now, wire.free_at[to]);

      if ((begin - now) * rules->rate / G_USEC_PER_SEC > QUEUE_BYTES)
        return 0;
      wire.free_at[to] = begin + (gint64) length * G_USEC_PER_SEC / rules->rate;
      due += wire.free_at[to] - now;
    }
  return due;
}

static void
carry (const CheckWireRules *rules, int from, Packet *packet)
{
  gint64 now = g_get_monotonic_time ();

  if (from == HERE && is_answered (rules, packet->bytes, packet->length))
    {
      Packet answer = { .to = HERE };

      answer.length = rules->answer == CHECK_WIRE_RESETS ? make_reset (answer.bytes, packet->bytes)
                                                         : make_unreachable (answer.bytes, packet->bytes, rules->code);
      deliver (&answer);
      return;
    }
  packet->to = !from;
  packet->due = get_due (rules, packet->to, packet->length, now);
  if (packet->due == 0)
    return;
  if (packet->due <= now && g_sequence_is_empty (wire.packets))
    deliver (packet);
  else
    g_sequence_insert_sorted (wire.packets, g_memdup2 (packet, sizeof *packet), compare_due, NULL);
}

static int
deliver_due (void)
{
  while (!g_sequence_is_empty (wire.packets))
    {
      GSequenceIter *first = g_sequence_get_begin_iter (wire.packets);
      const Packet *packet = g_sequence_get (first);
      gint64 left = packet->due - g_get_monotonic_time ();

      if (left > 0)
        return (int) (left + 999) / 1000;
      deliver (packet);
      g_sequence_remove (first);
    }
  return -1;
}

static gpointer
wire_thread (gpointer data)
{
  struct pollfd fds[] = { { wire.tun[HERE], POLLIN, 0 }, { wire.tun[THERE], POLLIN, 0 }, { wire.wake, POLLIN, 0 } };
  gboolean must_stop = FALSE;

  while (!must_stop)
    {
      CheckWireRules rules;
      guint64 wakes;

      poll (fds, G_N_ELEMENTS (fds), deliver_due ());
      if ((fds[2].revents & POLLIN) != 0)
        g_assert_cmpint (read (wire.wake, &wakes, sizeof wakes), ==, sizeof wakes);
      g_mutex_lock (&wire.lock);
      rules = wire.rules;
      must_stop = wire.must_stop;
      g_mutex_unlock (&wire.lock);
      for (int side = 0; side < N_SIDES; side++)
        if ((fds[side].revents & POLLIN) != 0)
          {
            Packet packet = { 0, };
            gssize n = read (wire.tun[side], packet.bytes, MTU);

            packet.length = MAX (n, 0);
            if (n > 0)
              carry (&rules, side, &packet);
          }
    }
  return NULL;
}

void
check_wire_set (const CheckWireRules *rules)
{
  guint64 one = 1;

  g_mutex_lock (&wire.lock);
  wire.rules = rules != NULL ? *rules : (CheckWireRules){ 0 };
  g_mutex_unlock (&wire.lock);
  g_assert_cmpint (write (wire.wake, &one, sizeof one), ==, sizeof one);
}

/* -- Namespaces ---------------------------------------------------------------------------------------------------- */

static gboolean
set_flags (int fd, const char *name, gboolean is_up)
{
  struct ifreq request = { 0, };

  g_strlcpy (request.ifr_name, name, sizeof request.ifr_name);
  request.ifr_flags = is_up ? IFF_UP | IFF_RUNNING : 0;
  return ioctl (fd, SIOCSIFFLAGS, &request) == 0;
}

static gboolean
set_address (int fd, const char *name, unsigned long what, const char *address)
{
  struct ifreq request = { 0, };
  struct sockaddr_in *native = (struct sockaddr_in *) &request.ifr_addr;

  g_strlcpy (request.ifr_name, name, sizeof request.ifr_name);
  native->sin_family = AF_INET;
  inet_pton (AF_INET, address, &native->sin_addr);
  return ioctl (fd, what, &request) == 0;
}

/* Without IPv6 in the kernel its tests are skipped. */
static void
set_address_6 (const char *address)
{
  struct
  {
    struct in6_addr address;
    guint32 prefix_length;
    int index;
  } request = { .prefix_length = 64 };
  int fd = socket (AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct ifreq name = { .ifr_name = "wire" };

  if (fd < 0)
    return;
  inet_pton (AF_INET6, address, &request.address);
  if (ioctl (fd, SIOCGIFINDEX, &name) == 0)
    {
      request.index = name.ifr_ifindex;
      if (ioctl (fd, SIOCSIFADDR, &request) != 0)
        g_test_message ("no IPv6: %s", g_strerror (errno));
    }
  close (fd);
}

static gboolean
open_side (int side)
{
  static const char *const addresses[] = { CHECK_WIRE_HERE, CHECK_WIRE_THERE };
  static const char *const addresses_6[] = { CHECK_WIRE_HERE_6, CHECK_WIRE_THERE_6 };
  struct ifreq request = { .ifr_name = "wire", .ifr_flags = IFF_TUN | IFF_NO_PI };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  gboolean is_open;

  wire.tun[side] = open ("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  wire.ns[side] = open ("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  is_open = fd >= 0 && wire.tun[side] >= 0 && wire.ns[side] >= 0 && ioctl (wire.tun[side], TUNSETIFF, &request) == 0 &&
            set_flags (fd, "lo", TRUE) && set_address (fd, "wire", SIOCSIFADDR, addresses[side]) &&
            set_address (fd, "wire", SIOCSIFNETMASK, "255.255.255.0") && set_flags (fd, "wire", TRUE);
  if (is_open)
    set_address_6 (addresses_6[side]);
  if (fd >= 0)
    close (fd);
  return is_open;
}

/* A file of our own where the list of name servers is, seen by this process alone. */
static gboolean
set_name_server (void)
{
  g_autofree char *path = NULL;
  const char text[] = "nameserver " CHECK_WIRE_THERE "\noptions timeout:1 attempts:1\n";
  int fd = g_file_open_tmp ("skt-resolv-XXXXXX", &path, NULL);
  gboolean done;

  if (fd < 0)
    return FALSE;
  done = write (fd, text, strlen (text)) == (gssize) strlen (text) && unshare (CLONE_NEWNS) == 0 &&
         mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
         mount (path, "/etc/resolv.conf", NULL, MS_BIND, NULL) == 0;
  close (fd);
  g_unlink (path);
  return done;
}

gboolean
check_wire_begin (const char **ret_reason)
{
  wire.wake = eventfd (0, EFD_CLOEXEC);
  wire.seed = 1;
  *ret_reason = "network namespaces are not permitted here";
  if (unshare (CLONE_NEWNET) != 0)
    return FALSE;
  *ret_reason = "no tun device can be made here";
  if (!open_side (HERE) || unshare (CLONE_NEWNET) != 0 || !open_side (THERE))
    return FALSE;
  g_assert_cmpint (setns (wire.ns[HERE], CLONE_NEWNET), ==, 0);
  wire.has_name_server = set_name_server ();
  wire.packets = g_sequence_new (g_free);
  wire.thread = g_thread_new ("wire", wire_thread, NULL);
  return TRUE;
}

void
check_wire_end (void)
{
  if (wire.thread == NULL)
    return;
  wire.must_stop = TRUE;
  check_wire_set (NULL);
  g_thread_join (wire.thread);
  g_sequence_free (wire.packets);
  for (int side = 0; side < N_SIDES; side++)
    {
      close (wire.tun[side]);
      close (wire.ns[side]);
    }
  close (wire.wake);
}

gboolean
check_wire_has_name_server (void)
{
  return wire.has_name_server;
}

void
check_wire_set_link (gboolean is_up)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_assert_true (set_flags (fd, "wire", is_up));
  close (fd);
}

void
check_wire_set_more (const char *address, gboolean is_there)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  if (is_there)
    g_assert_true (set_address (fd, "wire:1", SIOCSIFADDR, address) && set_address (fd, "wire:1", SIOCSIFNETMASK, "255.255.255.0"));
  else
    g_assert_true (set_flags (fd, "wire:1", FALSE));
  close (fd);
}

/* -- Sockets there -------------------------------------------------------------------------------------------------- */

int
check_wire_socket_there (int family, int type)
{
  int fd;

  /* a socket stays in the namespace in which it was made */
  g_assert_cmpint (setns (wire.ns[THERE], CLONE_NEWNET), ==, 0);
  fd = socket (family, type | SOCK_CLOEXEC, 0);
  g_assert_cmpint (setns (wire.ns[HERE], CLONE_NEWNET), ==, 0);
  return fd;
}

int
check_wire_listen_there (int family, guint16 *port)
{
  struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons (*port) };
  struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons (*port) };
  struct sockaddr *address = family == AF_INET6 ? (struct sockaddr *) &six : (struct sockaddr *) &four;
  socklen_t size = family == AF_INET6 ? sizeof six : sizeof four;
  int fd = check_wire_socket_there (family, SOCK_STREAM);
  int yes = 1;

  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  g_assert_no_errno (bind (fd, address, size));
  g_assert_no_errno (listen (fd, 128));
  g_assert_no_errno (getsockname (fd, address, &size));
  *port = ntohs (family == AF_INET6 ? six.sin6_port : four.sin_port);
  return fd;
}

int
check_wire_connect_there (const char *address_here, guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  int fd = check_wire_socket_there (AF_INET, SOCK_STREAM);

  inet_pton (AF_INET, address_here, &address.sin_addr);
  g_assert_no_errno (connect (fd, (struct sockaddr *) &address, sizeof address));
  return fd;
}
