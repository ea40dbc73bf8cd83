/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-inspect.h"

#include <arpa/inet.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "skt-charmap-private.h"
#include "skt-decode.h"

/* Times outside are taken for other numbers. */
#define FIRST_TIME G_GINT64_CONSTANT (631152000)  /* 1990-01-01 */
#define LAST_TIME G_GINT64_CONSTANT (4102444799)  /* 2099-12-31 23:59:59 */

static const struct
{
  const char *name;
  guint8 width; /* bytes it takes; 0: it varies */
  gboolean has_order;
} kinds[SKT_N_INSPECT] = {
  [SKT_INSPECT_HEX] = { N_ ("Hex"), 1, FALSE },
  [SKT_INSPECT_BINARY] = { N_ ("Binary"), 1, FALSE },
  [SKT_INSPECT_OCTAL] = { N_ ("Octal"), 1, FALSE },
  [SKT_INSPECT_UINT_8] = { "uint8", 1, FALSE },
  [SKT_INSPECT_INT_8] = { "int8", 1, FALSE },
  [SKT_INSPECT_UINT_16] = { "uint16", 2, TRUE },
  [SKT_INSPECT_INT_16] = { "int16", 2, TRUE },
  [SKT_INSPECT_UINT_32] = { "uint32", 4, TRUE },
  [SKT_INSPECT_INT_32] = { "int32", 4, TRUE },
  [SKT_INSPECT_UINT_64] = { "uint64", 8, TRUE },
  [SKT_INSPECT_INT_64] = { "int64", 8, TRUE },
  [SKT_INSPECT_HALF] = { "half", 2, TRUE },
  [SKT_INSPECT_FLOAT] = { "float", 4, TRUE },
  [SKT_INSPECT_DOUBLE] = { "double", 8, TRUE },
  [SKT_INSPECT_BCD] = { "BCD", 0, TRUE },
  [SKT_INSPECT_UTF_8] = { "UTF-8", 0, FALSE },
  [SKT_INSPECT_GB18030] = { "GB18030", 0, FALSE },
  /* Translators: the character in the encoding of the view */
  [SKT_INSPECT_ENCODING] = { N_ ("Character"), 0, FALSE },
  /* Translators: Unix time in seconds, as a number of 32 bits. Keep it short. */
  [SKT_INSPECT_TIME_32] = { N_ ("Time, 32-bit s"), 4, TRUE },
  [SKT_INSPECT_TIME_64] = { N_ ("Time, 64-bit s"), 8, TRUE },
  [SKT_INSPECT_TIME_64_MS] = { N_ ("Time, 64-bit ms"), 8, TRUE },
  [SKT_INSPECT_IPV4] = { "IPv4", 4, FALSE },
  [SKT_INSPECT_IPV6] = { "IPv6", 16, FALSE },
  [SKT_INSPECT_MAC] = { "MAC", 6, FALSE },
};

const char *
skt_inspect_get_name (SktInspect what)
{
  g_return_val_if_fail (what < SKT_N_INSPECT, NULL);
  return _ (kinds[what].name);
}

gboolean
skt_inspect_has_order (SktInspect what)
{
  g_return_val_if_fail (what < SKT_N_INSPECT, FALSE);
  return kinds[what].has_order;
}

/* -- Numbers with a point ------------------------------------------------------------------------------------ */

typedef gboolean (*IsSameFunc) (double read_back, double value);

static gboolean
is_same_double (double read_back, double value)
{
  return read_back == value;
}

static gboolean
is_same_float (double read_back, double value)
{
  return (float) read_back == (float) value;
}

static double
half_to_double (guint16 bits)
{
  int exponent = (bits >> 10) & 0x1F;
  double mantissa = bits & 0x3FF;
  double value;

  if (exponent == 0x1F)
    value = mantissa == 0 ? INFINITY : NAN;
  else if (exponent == 0)
    value = ldexp (mantissa, -24);
  else
    value = ldexp (mantissa + 1024, exponent - 25);
  return (bits & 0x8000) != 0 ? -value : value;
}

/* The distance of halves around a value of one. */
static double
get_half_step (double value)
{
  int exponent;

  frexp (value, &exponent);
  return ldexp (1, MAX (exponent, -13) - 11);
}

/* Nearer to it than to any other half. Below a power of two they are twice as dense. */
static gboolean
is_same_half (double read_back, double value)
{
  double away = fabs (read_back) - fabs (value), step = get_half_step (value);
  int exponent;

  if (away < 0 && frexp (fabs (value), &exponent) == 0.5 && exponent > -13)
    step /= 2;
  return fabs (away) < step / 2;
}

static char *
format_double (const char *conversion, int precision, double value)
{
  char format[16], buffer[64];

  g_snprintf (format, sizeof format, "%%.%d%s", precision, conversion);
  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, format, value));
}

/* The fewest digits that are read back as the same; with an exponent only if it is very large or small. */
static char *
dup_shortest (double value, int max_digits, IsSameFunc is_same)
{
  g_autofree char *digits = NULL;
  int n = 0, exponent;

  if (isnan (value))
    return g_strdup ("nan");
  if (isinf (value))
    return g_strdup (value < 0 ? "-inf" : "inf");
  if (value == 0)
    return g_strdup (signbit (value) ? "-0" : "0");
  do
    {
      g_free (digits);
      digits = format_double ("e", n++, value);
    }
  while (n < max_digits && !is_same (g_ascii_strtod (digits, NULL), value));
  exponent = atoi (strchr (digits, 'e') + 1);
  if (exponent < -4 || exponent >= max_digits)
    return g_steal_pointer (&digits);
  return format_double ("f", MAX (n - 1 - exponent, 0), value);
}

char *
skt_inspect_dup_double (double value)
{
  return dup_shortest (value, 17, is_same_double);
}

char *
skt_inspect_dup_float (float value)
{
  return dup_shortest (value, 9, is_same_float);
}

char *
skt_inspect_dup_half (guint16 bits)
{
  return dup_shortest (half_to_double (bits), 5, is_same_half);
}

/* -- Other forms --------------------------------------------------------------------------------------------- */

static char *
dup_float (guint64 bits)
{
  guint32 bits32 = bits;
  float value;

  memcpy (&value, &bits32, sizeof value);
  return skt_inspect_dup_float (value);
}

static char *
dup_double (guint64 bits)
{
  double value;

  memcpy (&value, &bits, sizeof value);
  return skt_inspect_dup_double (value);
}

static char *
dup_binary (guint8 byte)
{
  char digits[9] = "";

  for (guint bit = 0; bit < 8; bit++)
    digits[bit] = (byte & 0x80 >> bit) != 0 ? '1' : '0';
  return g_strdup (digits);
}

static char *
dup_bcd (const guint8 *bytes, gsize length, gboolean is_big_endian)
{
  GString *digits = g_string_new (NULL);

  length = MIN (length, 4);
  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = bytes[is_big_endian ? i : length - 1 - i];

      g_string_append_c (digits, byte >> 4 < 10 ? '0' + (byte >> 4) : '?');
      g_string_append_c (digits, (byte & 0xF) < 10 ? '0' + (byte & 0xF) : '?');
    }
  return g_string_free (digits, FALSE);
}

/* "你 U+4F60", "\n U+000A", "<U+202E>". */
static char *
dup_character (SktEncoding encoding, const guint8 *bytes, gsize length)
{
  SktUnitKind kind;
  gsize n = skt_encoding_next_unit (encoding, bytes, length, &kind);
  SktDecoded row;
  gunichar c;
  char *value;

  if (kind != SKT_UNIT_CHARACTER)
    return NULL;
  c = _skt_charmap_get (encoding, bytes, n);
  if (c == SKT_NO_CHARACTER)
    return NULL;
  skt_decoded_init (&row);
  skt_decode_row (encoding, NULL, bytes, n, TRUE, &row);
  if (row.spans->len == 1 && g_array_index (row.spans, SktSpan, 0).kind == SKT_SPAN_INVISIBLE)
    value = g_strdup_printf ("U+%04X", c);
  else
    value = g_strdup_printf ("%s U+%04X", row.text->str, c);
  skt_decoded_clear (&row);
  return value;
}

static char *
dup_time (gint64 time_ms, gboolean has_ms, GTimeZone *zone)
{
  gint64 seconds = time_ms / 1000;
  g_autoptr (GTimeZone) local = zone != NULL ? g_time_zone_ref (zone) : g_time_zone_new_local ();
  g_autoptr (GDateTime) utc = NULL, there = NULL;
  g_autofree char *first = NULL, *offset = NULL, *second = NULL;
  char fraction[8] = "";

  if (seconds < FIRST_TIME || seconds > LAST_TIME)
    return NULL;
  utc = g_date_time_new_from_unix_utc (seconds);
  there = g_date_time_to_timezone (utc, local);
  first = g_date_time_format (there, "%Y-%m-%d %H:%M:%S");
  offset = g_date_time_format (there, "%:z");
  second = g_date_time_format (utc, "%Y-%m-%d %H:%M:%S");
  if (has_ms)
    g_snprintf (fraction, sizeof fraction, ".%03d", (int) (time_ms % 1000));
  return g_strdup_printf ("%s%s %s\n%s%s UTC", first, fraction, offset, second, fraction);
}

static char *
dup_seconds (guint64 seconds, GTimeZone *zone)
{
  return seconds <= LAST_TIME ? dup_time (seconds * 1000, FALSE, zone) : NULL;
}

static char *
dup_milliseconds (guint64 milliseconds, GTimeZone *zone)
{
  return milliseconds / 1000 <= LAST_TIME ? dup_time (milliseconds, TRUE, zone) : NULL;
}

static char *
dup_ip (int family, const guint8 *bytes)
{
  char text[INET6_ADDRSTRLEN];

  return g_strdup (inet_ntop (family, bytes, text, sizeof text));
}

static char *
dup_mac (const guint8 *bytes)
{
  return g_strdup_printf ("%02x:%02x:%02x:%02x:%02x:%02x", bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]);
}

/* -- All of them --------------------------------------------------------------------------------------------- */

static guint64
read_number (const guint8 *bytes, guint width, gboolean is_big_endian)
{
  guint64 number = 0;

  for (guint i = 0; i < width; i++)
    number = number << 8 | bytes[is_big_endian ? i : width - 1 - i];
  return number;
}

static char *
dup_number (SktInspect what, guint64 number, GTimeZone *zone)
{
  switch ((int) what)
    {
    case SKT_INSPECT_HEX:
      return g_strdup_printf ("0x%02" PRIX64, number);
    case SKT_INSPECT_BINARY:
      return dup_binary (number);
    case SKT_INSPECT_OCTAL:
      return g_strdup_printf ("%03" PRIo64, number);
    case SKT_INSPECT_INT_8:
      return g_strdup_printf ("%d", (gint8) number);
    case SKT_INSPECT_INT_16:
      return g_strdup_printf ("%d", (gint16) number);
    case SKT_INSPECT_INT_32:
      return g_strdup_printf ("%d", (gint32) number);
    case SKT_INSPECT_INT_64:
      return g_strdup_printf ("%" PRId64, (gint64) number);
    case SKT_INSPECT_HALF:
      return skt_inspect_dup_half (number);
    case SKT_INSPECT_FLOAT:
      return dup_float (number);
    case SKT_INSPECT_DOUBLE:
      return dup_double (number);
    case SKT_INSPECT_TIME_32:
    case SKT_INSPECT_TIME_64:
      return dup_seconds (number, zone);
    case SKT_INSPECT_TIME_64_MS:
      return dup_milliseconds (number, zone);
    default:
      return g_strdup_printf ("%" PRIu64, number);
    }
}

char *
skt_inspect_dup_value (SktInspect what,
                       gboolean is_big_endian,
                       SktEncoding encoding,
                       GTimeZone *zone,
                       const guint8 *bytes,
                       gsize length)
{
  g_return_val_if_fail (what < SKT_N_INSPECT && encoding < SKT_N_ENCODINGS, NULL);
  g_return_val_if_fail (bytes != NULL || length == 0, NULL);

  if (length == 0 || length < kinds[what].width)
    return NULL;
  switch ((int) what)
    {
    case SKT_INSPECT_BCD:
      return dup_bcd (bytes, length, is_big_endian);
    case SKT_INSPECT_UTF_8:
      return dup_character (SKT_ENCODING_UTF_8, bytes, length);
    case SKT_INSPECT_GB18030:
      return dup_character (SKT_ENCODING_GB18030, bytes, length);
    case SKT_INSPECT_ENCODING:
      return dup_character (encoding, bytes, length);
    case SKT_INSPECT_IPV4:
      return dup_ip (AF_INET, bytes);
    case SKT_INSPECT_IPV6:
      return dup_ip (AF_INET6, bytes);
    case SKT_INSPECT_MAC:
      return dup_mac (bytes);
    default:
      return dup_number (what, read_number (bytes, kinds[what].width, is_big_endian), zone);
    }
}
