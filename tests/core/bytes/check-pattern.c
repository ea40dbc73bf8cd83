/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "check-pattern.h"

#include "skt-charmap-private.h"
#include "skt-hex-private.h"

#include <string.h>

static void
append_range (GString *list, gsize begin, gsize end)
{
  g_string_append_printf (list, "%s%zu-%zu", list->len > 0 ? " " : "", begin, end);
}

/* -- Text ---------------------------------------------------------------------------------------------------- */

static gunichar
fold (gunichar c)
{
  return c == 0x130 || c == 0x131 ? c : g_unichar_tolower (g_unichar_toupper (c));
}

/* As which character the encoding reads back what it writes. */
static gunichar
read_back (SktEncoding encoding, gunichar c)
{
  char text[8] = { 0 };
  g_autoptr (GBytes) bytes = NULL;

  g_unichar_to_utf8 (c, text);
  bytes = skt_encoding_encode (encoding, text, -1, NULL, NULL);
  g_assert_nonnull (bytes);
  return _skt_charmap_get (encoding, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* The characters, and where they begin and the last ends. */
static void
decode (SktEncoding encoding, const guint8 *bytes, gsize length, GArray *characters, GArray *offsets)
{
  for (gsize offset = 0; offset < length;)
    {
      SktUnitKind kind;
      gsize n = skt_encoding_next_unit (encoding, bytes + offset, length - offset, &kind);
      gunichar c = kind == SKT_UNIT_CHARACTER ? _skt_charmap_get (encoding, bytes + offset, n) : SKT_NO_CHARACTER;

      g_array_append_val (characters, c);
      g_array_append_val (offsets, offset);
      offset += n;
    }
  g_array_append_val (offsets, length);
}

static gboolean
is_same (SktEncoding encoding, gunichar wanted, gunichar c, gboolean match_case)
{
  if (c == SKT_NO_CHARACTER)
    return FALSE;
  return c == read_back (encoding, wanted) || (!match_case && fold (c) == fold (wanted));
}

static void
list_text (GString *list,
           SktEncoding encoding,
           const char *text,
           gboolean match_case,
           const guint8 *bytes,
           gsize length)
{
  g_autoptr (GArray) characters = g_array_new (FALSE, FALSE, sizeof (gunichar));
  g_autoptr (GArray) offsets = g_array_new (FALSE, FALSE, sizeof (gsize));
  glong n_wanted;
  g_autofree gunichar *wanted = g_utf8_to_ucs4_fast (text, -1, &n_wanted);

  decode (encoding, bytes, length, characters, offsets);
  for (guint i = 0; i + n_wanted <= characters->len;)
    {
      glong k = 0;

      while (k < n_wanted && is_same (encoding, wanted[k], g_array_index (characters, gunichar, i + k), match_case))
        k++;
      if (k == n_wanted)
        append_range (list, g_array_index (offsets, gsize, i), g_array_index (offsets, gsize, i + k));
      i += k == n_wanted ? n_wanted : 1;
    }
}

/* -- Hex ----------------------------------------------------------------------------------------------------- */

static void
list_hex (GString *list, const char *text, const guint8 *bytes, gsize length)
{
  g_autoptr (GByteArray) values = g_byte_array_new ();
  g_autoptr (GByteArray) masks = g_byte_array_new ();

  g_assert_true (_skt_hex_parse_masked (text, strlen (text), values, masks, NULL, NULL));
  for (gsize i = 0; i + values->len <= length;)
    {
      gsize k = 0;

      while (k < values->len && (bytes[i + k] & masks->data[k]) == values->data[k])
        k++;
      if (k == values->len)
        append_range (list, i, i + k);
      i += k == values->len ? k : 1;
    }
}

/* -- All ----------------------------------------------------------------------------------------------------- */

char *
check_pattern_list_naively (SktPatternKind kind,
                            const char *text,
                            SktEncoding encoding,
                            gboolean match_case,
                            const guint8 *bytes,
                            gsize length)
{
  GString *list = g_string_new (NULL);

  if (kind == SKT_PATTERN_TEXT)
    list_text (list, encoding, text, match_case, bytes, length);
  else
    list_hex (list, text, bytes, length);
  return g_string_free (list, FALSE);
}

char *
check_pattern_list (const SktPattern *pattern, const guint8 *bytes, gsize length)
{
  GString *list = g_string_new (NULL);
  gsize start = 0, begin, end, n = 0;

  while (skt_pattern_find (pattern, bytes, length, start, &begin, &end))
    {
      g_assert_cmpuint (begin, >=, start);
      g_assert_cmpuint (end, >, begin);
      g_assert_cmpuint (end, <=, length);
      append_range (list, begin, end);
      start = end;
      n++;
    }
  g_assert_cmpuint (skt_pattern_count (pattern, bytes, length), ==, n);
  return g_string_free (list, FALSE);
}
