/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-kernel PORT
 *
 * Connects to 127.0.0.1:PORT, sends 8 MiB as far as they go, and for each line of standard input prints what the program says of the
 * connection's TCP, as "NAME VALUE" lines named as ss(8) names them, and an empty line. Times are in ms, rates in bit/s, and "time" is
 * when it was looked at, in ms. */
#include "socketeer-config.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "skt-tcp-info.h"

#define SIZE (8 * 1024 * 1024)

static void
print (const char *name, guint64 value, double scale)
{
  if (skt_tcp_is_known (value))
    printf ("%s %.17g\n", name, value * scale);
}

static void
print_all (const SktTcpInfo *info)
{
  print ("time", info->time, 1e-3);
  print ("bytes_acked", info->bytes_acked, 1);
  print ("bytes_received", info->bytes_received, 1);
  print ("bytes_sent", info->bytes_sent, 1);
  print ("bytes_retrans", info->bytes_retransmitted, 1);
  print ("segs_out", info->segments_sent, 1);
  print ("segs_in", info->segments_received, 1);
  print ("mss", info->send_mss, 1);
  print ("rcvmss", info->receive_mss, 1);
  print ("advmss", info->advertised_mss, 1);
  print ("pmtu", info->path_mtu, 1);
  print ("cwnd", info->congestion_window, 1);
  print ("unacked", info->unacked, 1);
  print ("notsent", info->not_sent, 1);
  print ("rcv_ssthresh", info->receive_window_limit, 1);
  print ("backoff", info->backoff, 1);
  print ("rto", info->rto, 1e-3);
  print ("rtt", info->rtt, 1e-3);
  print ("minrtt", info->min_rtt, 1e-3);
  print ("delivery_rate", info->delivery_rate, 8);
  print ("pacing_rate", info->pacing_rate, 8);
  print ("lastsnd", info->last_data_sent, 1);
  print ("lastrcv", info->last_data_received, 1);
  print ("lastack", info->last_ack_received, 1);
  print ("busy", info->busy_time, 1e-3);
  print ("rwnd_limited", info->rwnd_limited, 1e-3);
  printf ("\n");
  fflush (stdout);
}

int
main (int argc, char *argv[])
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl (INADDR_LOOPBACK) } };
  g_autofree char *bytes = g_malloc0 (SIZE);
  char line[16];
  SktTcpInfo info;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (argc != 2)
    return 2;
  address.sin_port = htons (atoi (argv[1]));
  if (fd < 0 || connect (fd, (struct sockaddr *) &address, sizeof address) != 0 || send (fd, bytes, SIZE, MSG_DONTWAIT) <= 0)
    {
      perror ("bench-kernel");
      return 1;
    }
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      if (!skt_tcp_info_read (fd, &info))
        return 1;
      print_all (&info);
    }
  return 0;
}
