/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-charmap-private.h"

/* What iconv maps is asked once and kept in tables, so that reading takes no conversion descriptor, which would
 * belong to one thread. UTF-8, UTF-16 and the supplementary planes in GB18030 are computed. */

#define N_PAIRS 0x10000     /* one and two bytes, as a number; single bytes are below 100, pairs from 8000 */
#define N_TRIPLES (94 * 94) /* EUC-JP: after 8F, two bytes from A1 to FE */
#define N_QUADS 39420       /* GB18030: four bytes from 81308130 to 8431A439, the rest of the BMP */

static const struct
{
  const char *decode;
  const char *encode;
} iconv_names[SKT_N_ENCODINGS] = {
  [SKT_ENCODING_UTF_8] = { "UTF-8", "UTF-8" },
  [SKT_ENCODING_GB18030] = { "GB18030", "GB18030" },
  [SKT_ENCODING_GBK] = { "GBK", "GBK" },
  [SKT_ENCODING_BIG5] = { "BIG5", "BIG5" },
  [SKT_ENCODING_SHIFT_JIS] = { "CP932", "CP932" },
  [SKT_ENCODING_EUC_JP] = { "EUC-JP", "EUC-JP" },
  [SKT_ENCODING_EUC_KR] = { "CP949", "EUC-KR" },
  [SKT_ENCODING_ASCII] = { "US-ASCII", "US-ASCII" },
  [SKT_ENCODING_ISO_8859_1] = { "ISO-8859-1", "ISO-8859-1" },
  [SKT_ENCODING_ISO_8859_15] = { "ISO-8859-15", "ISO-8859-15" },
  [SKT_ENCODING_WINDOWS_1252] = { "CP1252", "CP1252" },
  [SKT_ENCODING_WINDOWS_1251] = { "CP1251", "CP1251" },
  [SKT_ENCODING_KOI8_R] = { "KOI8-R", "KOI8-R" },
  [SKT_ENCODING_UTF_16LE] = { "UTF-16LE", "UTF-16LE" },
  [SKT_ENCODING_UTF_16BE] = { "UTF-16BE", "UTF-16BE" },
};

const char *
_skt_charmap_get_iconv_name (SktEncoding encoding, gboolean for_encoding)
{
  return for_encoding ? iconv_names[encoding].encode : iconv_names[encoding].decode;
}

gboolean
_skt_charmap_has_ascii (SktEncoding encoding)
{
  return encoding != SKT_ENCODING_UTF_16LE && encoding != SKT_ENCODING_UTF_16BE;
}

/* -- Filling the tables -------------------------------------------------------------------------------------- */

static GIConv
open_converter (SktEncoding encoding)
{
  GIConv converter = g_iconv_open ("UTF-8", iconv_names[encoding].decode);

  if (converter == (GIConv) -1)
    g_message ("The C library cannot convert from %s: only its ASCII characters are shown as such",
               iconv_names[encoding].decode);
  return converter;
}

static void
close_converter (GIConv converter)
{
  if (converter != (GIConv) -1)
    g_iconv_close (converter);
}

static gunichar
convert_unit (GIConv converter, const guint8 *unit, gsize length)
{
  char text[32];
  char *input = (char *) unit;
  char *output = text;
  gsize input_left = length;
  gsize output_left = sizeof text;
  gunichar character;

  if (converter == (GIConv) -1)
    return length == 1 && unit[0] < 0x80 ? unit[0] : SKT_NO_CHARACTER;
  if (length == 1 && unit[0] < 0x80)
    return unit[0];

  g_iconv (converter, NULL, NULL, NULL, NULL);
  if (g_iconv (converter, &input, &input_left, &output, &output_left) == (gsize) -1 || input_left > 0)
    return SKT_NO_CHARACTER;
  if (g_iconv (converter, NULL, NULL, &output, &output_left) == (gsize) -1 || output == text)
    return SKT_NO_CHARACTER;

  character = g_utf8_get_char_validated (text, output - text);
  if ((gint32) character < 0 || g_utf8_next_char (text) != output)
    return SKT_NO_CHARACTER;
  return character;
}

static gunichar
convert_pair (SktEncoding encoding, GIConv converter, guint pair)
{
  guint8 bytes[2] = { pair >> 8, pair & 0xFF };
  gsize skip = pair < 0x100 ? 1 : 0;
  SktUnitKind kind;

  if (skt_encoding_next_unit (encoding, bytes + skip, 2 - skip, &kind) != 2 - skip || kind != SKT_UNIT_CHARACTER)
    return SKT_NO_CHARACTER;
  return convert_unit (converter, bytes + skip, 2 - skip);
}

static gboolean
has_pairs (SktEncoding encoding)
{
  return encoding >= SKT_ENCODING_GB18030 && encoding <= SKT_ENCODING_EUC_KR;
}

static gunichar *
new_pairs (SktEncoding encoding)
{
  guint n = has_pairs (encoding) ? N_PAIRS : 0x100;
  gunichar *pairs = g_new (gunichar, n);
  GIConv converter = open_converter (encoding);

  for (guint pair = 0; pair < n; pair++)
    pairs[pair] = convert_pair (encoding, converter, pair);
  close_converter (converter);
  return pairs;
}

static gunichar *
new_triples (SktEncoding encoding)
{
  gunichar *triples = g_new (gunichar, N_TRIPLES);
  GIConv converter = open_converter (encoding);

  for (guint i = 0; i < N_TRIPLES; i++)
    {
      guint8 unit[3] = { 0x8F, 0xA1 + i / 94, 0xA1 + i % 94 };

      triples[i] = convert_unit (converter, unit, sizeof unit);
    }
  close_converter (converter);
  return triples;
}

static gunichar *
new_quads (SktEncoding encoding)
{
  gunichar *quads = g_new (gunichar, N_QUADS);
  GIConv converter = open_converter (encoding);

  for (guint i = 0; i < N_QUADS; i++)
    {
      guint8 unit[4] = { 0x81 + i / 12600, 0x30 + i / 1260 % 10, 0x81 + i / 10 % 126, 0x30 + i % 10 };

      quads[i] = convert_unit (converter, unit, sizeof unit);
    }
  close_converter (converter);
  return quads;
}

/* Tables live as long as the process. */
static inline const gunichar *
get_table (gunichar **table, SktEncoding encoding, gunichar *(*create) (SktEncoding encoding))
{
  if (g_once_init_enter (table))
    g_once_init_leave (table, create (encoding));
  return *table;
}

/* -- Looking up ---------------------------------------------------------------------------------------------- */

static inline gboolean
is_character (gunichar c)
{
  return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

static gunichar
get_utf8 (const guint8 *unit, gsize length)
{
  switch (length)
    {
    case 1:
      return unit[0];
    case 2:
      return (unit[0] & 0x1F) << 6 | (unit[1] & 0x3F);
    case 3:
      return (unit[0] & 0x0F) << 12 | (unit[1] & 0x3F) << 6 | (unit[2] & 0x3F);
    default:
      return (unit[0] & 0x07) << 18 | (unit[1] & 0x3F) << 12 | (unit[2] & 0x3F) << 6 | (unit[3] & 0x3F);
    }
}

static gunichar
get_utf16 (const guint8 *unit, gsize length, gsize upper)
{
  gunichar first = unit[upper] << 8 | unit[1 - upper];

  if (length == 2)
    return first;
  return 0x10000 + ((first & 0x3FF) << 10) + ((unit[2 + upper] & 0x3) << 8 | unit[3 - upper]);
}

static gunichar
get_gb18030_quad (const guint8 *unit)
{
  static gunichar *quads;
  guint number = (((unit[0] - 0x81) * 10 + (unit[1] - 0x30)) * 126 + (unit[2] - 0x81)) * 10 + (unit[3] - 0x30);
  const guint first_supplementary = (0x90 - 0x81) * 12600;

  if (number < N_QUADS)
    return get_table (&quads, SKT_ENCODING_GB18030, new_quads)[number];
  if (number >= first_supplementary)
    return 0x10000 + (number - first_supplementary);
  return SKT_NO_CHARACTER;
}

gunichar
_skt_charmap_get (SktEncoding encoding, const guint8 *unit, gsize length)
{
  static gunichar *pairs[SKT_N_ENCODINGS];
  static gunichar *triples;
  gunichar c;

  if (encoding == SKT_ENCODING_UTF_8)
    return get_utf8 (unit, length);
  if (encoding == SKT_ENCODING_UTF_16LE || encoding == SKT_ENCODING_UTF_16BE)
    return get_utf16 (unit, length, encoding == SKT_ENCODING_UTF_16LE ? 1 : 0);

  if (length <= 2)
    c = get_table (&pairs[encoding], encoding, new_pairs)[length == 1 ? unit[0] : unit[0] << 8 | unit[1]];
  else if (length == 3)
    c = get_table (&triples, encoding, new_triples)[(unit[1] - 0xA1) * 94 + (unit[2] - 0xA1)];
  else
    c = get_gb18030_quad (unit);
  return is_character (c) ? c : SKT_NO_CHARACTER;
}
