/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-format.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

char *
socketeer_format_bytes (guint64 n)
{
  char number[32];

  /* Not G_GUINT64_FORMAT in the string: xgettext can't read it. */
  g_snprintf (number, sizeof number, "%" G_GUINT64_FORMAT, n);
  /* Translators: %s is a number */
  return g_strdup_printf (ngettext ("%s byte", "%s bytes", n), number);
}

char *
socketeer_format_count (guint64 n)
{
  return g_strdup_printf ("%'" G_GINT64_MODIFIER "u", n);
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

/* The left-to-right mark, as the first character that has a direction, gives it to all. */
char *
socketeer_format_take_ltr (char *text)
{
  char *marked;

  if (gtk_widget_get_default_direction () != GTK_TEXT_DIR_RTL || *text == '\0')
    return text;
  marked = g_strconcat ("\xE2\x80\x8E", text, NULL);
  g_free (text);
  return marked;
}
