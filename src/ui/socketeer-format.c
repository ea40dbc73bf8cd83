/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-format.h"

#include <glib/gi18n.h>

char *
socketeer_format_bytes (guint64 n)
{
  /* ngettext takes an unsigned long: the last digits decide, so keep them. */
  gulong form = n > G_MAXUINT32 ? n % 1000000 + 1000000 : n;
  return g_strdup_printf (ngettext ("%" G_GUINT64_FORMAT " byte", "%" G_GUINT64_FORMAT " bytes", form), n);
}

char *
socketeer_format_size (guint64 n)
{
  static const char units[] = "KMGTPE";
  double value = n / 1024.0;
  guint i = 0;

  if (n < 1024)
    return g_strdup_printf ("%u B", (guint) n);
  for (; value >= 1023.95 && i < 5; i++)
    value /= 1024;
  return g_strdup_printf ("%.1f %ciB", value, units[i]);
}

char *
socketeer_format_rate (double bytes_per_second)
{
  g_autofree char *size = socketeer_format_size (bytes_per_second);
  /* Translators: a rate; %s is a size such as “1.2 MiB” */
  return g_strdup_printf (_ ("%s/s"), size);
}
