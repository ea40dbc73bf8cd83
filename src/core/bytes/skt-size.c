/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-size.h"

#include <stdlib.h>
#include <string.h>

static const char units[] = "KMGTPE";

char *
skt_size_to_text (guint64 size)
{
  double value = size / 1024.0;
  guint i = 0;
  guint64 tenths;

  if (size < 1024)
    return g_strdup_printf ("%u B", (guint) size);
  for (; value >= 1023.95 && i + 1 < strlen (units); i++)
    value /= 1024;
  tenths = (guint64) (value * 10 + 0.5);
  if (tenths % 10 == 0)
    return g_strdup_printf ("%u %ciB", (guint) (tenths / 10), units[i]);
  return g_strdup_printf ("%.1f %ciB", tenths / 10.0, units[i]);
}

/* What follows the number: "", "b", "k", "kb", "kib" … */
static gboolean
parse_unit (const char *text, guint64 default_unit, double *ret_factor)
{
  g_autofree char *unit = g_strstrip (g_ascii_strdown (text, -1));
  const char *found;

  *ret_factor = default_unit;
  if (unit[0] == '\0')
    return TRUE;
  *ret_factor = 1;
  if (g_str_equal (unit, "b"))
    return TRUE;
  found = strchr (units, g_ascii_toupper (unit[0]));
  if (found == NULL || (unit[1] != '\0' && !g_str_equal (unit + 1, "b") && !g_str_equal (unit + 1, "ib")))
    return FALSE;
  for (gssize i = found - units; i >= 0; i--)
    *ret_factor *= 1024;
  return TRUE;
}

gboolean
skt_size_from_text (const char *text, guint64 default_unit, guint64 *ret_size)
{
  g_autofree char *copy = NULL;
  double number, factor, size;
  char *end;

  g_return_val_if_fail (text != NULL, FALSE);

  /* Either decimal separator, whatever the locale has. No other letters, or "nan" and "0x1p3" would be numbers. */
  copy = g_strstrip (g_strdelimit (g_strdup (text), ",", '.'));
  if (!g_ascii_isdigit (copy[0]) || (copy[0] == '0' && g_ascii_tolower (copy[1]) == 'x'))
    return FALSE;
  number = g_ascii_strtod (copy, &end);
  if (!parse_unit (end, default_unit, &factor))
    return FALSE;
  size = number * factor + 0.5;
  /* 2^64 as a double */
  if (!(size >= 0 && size < 18446744073709551616.0))
    return FALSE;
  *ret_size = (guint64) size;
  return TRUE;
}
