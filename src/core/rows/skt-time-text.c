/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-time-text.h"

#define NS_PER_S G_GUINT64_CONSTANT (1000000000)

char *
skt_time_to_text (guint64 time_ns)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (time_ns / NS_PER_S);
  g_autofree char *begin = NULL, *zone = NULL;

  if (time == NULL)
    return g_strdup ("?");
  begin = g_date_time_format (time, "%Y-%m-%d %H:%M:%S");
  zone = g_date_time_format (time, "%z");
  return g_strdup_printf ("%s.%09u %s", begin, (guint) (time_ns % NS_PER_S), zone);
}

gint64
skt_time_get_difference (guint64 time_ns, guint64 since_ns)
{
  if (time_ns >= since_ns)
    return MIN (time_ns - since_ns, G_MAXINT64);
  return -(gint64) MIN (since_ns - time_ns, G_MAXINT64);
}

void
skt_time_format_difference (gint64 difference_ns, char *buffer, gsize size)
{
  char sign = difference_ns < 0 ? '-' : '+';
  guint64 ns = difference_ns < 0 ? -(guint64) difference_ns : (guint64) difference_ns;
  guint64 seconds = ns / NS_PER_S;
  guint64 hours = seconds / 3600;
  guint minutes = seconds / 60 % 60;

  if (seconds < 1000)
    g_snprintf (buffer, size, "%c%u.%06u", sign, (guint) seconds, (guint) (ns % NS_PER_S / 1000));
  else if (hours < 100)
    g_snprintf (buffer, size, "%c%02u:%02u:%02u.%u", sign, (guint) hours, minutes, (guint) (seconds % 60),
                (guint) (ns % NS_PER_S / 100000000));
  else
    g_snprintf (buffer, size, "%c%ud %02u:%02u", sign, (guint) (hours / 24), (guint) (hours % 24), minutes);
}
