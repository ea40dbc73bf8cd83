/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-encoding-private.h"

#include "skt-charmap-private.h"
#include "skt-error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* -- Names --------------------------------------------------------------------------------------------------- */

static const char *const names[SKT_N_ENCODINGS] = {
  [SKT_ENCODING_UTF_8] = "UTF-8",
  [SKT_ENCODING_GB18030] = "GB18030",
  [SKT_ENCODING_GBK] = "GBK",
  [SKT_ENCODING_BIG5] = "Big5",
  [SKT_ENCODING_SHIFT_JIS] = "Shift_JIS",
  [SKT_ENCODING_EUC_JP] = "EUC-JP",
  [SKT_ENCODING_EUC_KR] = "EUC-KR",
  [SKT_ENCODING_ASCII] = "ASCII",
  [SKT_ENCODING_ISO_8859_1] = "ISO-8859-1",
  [SKT_ENCODING_ISO_8859_15] = "ISO-8859-15",
  [SKT_ENCODING_WINDOWS_1252] = "Windows-1252",
  [SKT_ENCODING_WINDOWS_1251] = "Windows-1251",
  [SKT_ENCODING_KOI8_R] = "KOI8-R",
  [SKT_ENCODING_UTF_16LE] = "UTF-16LE",
  [SKT_ENCODING_UTF_16BE] = "UTF-16BE",
};

/* Lower case, without '-', '_' and ' '. The names above need no entry. */
static const struct
{
  const char *alias;
  SktEncoding encoding;
} aliases[] = {
  { "gb180302000", SKT_ENCODING_GB18030 },
  { "gb180302005", SKT_ENCODING_GB18030 },
  { "gb180302022", SKT_ENCODING_GB18030 },
  { "cp936", SKT_ENCODING_GBK },
  { "ms936", SKT_ENCODING_GBK },
  { "windows936", SKT_ENCODING_GBK },
  { "gb2312", SKT_ENCODING_GBK },
  { "euccn", SKT_ENCODING_GBK },
  { "cp950", SKT_ENCODING_BIG5 },
  { "windows950", SKT_ENCODING_BIG5 },
  { "cnbig5", SKT_ENCODING_BIG5 },
  { "bigfive", SKT_ENCODING_BIG5 },
  { "sjis", SKT_ENCODING_SHIFT_JIS },
  { "xsjis", SKT_ENCODING_SHIFT_JIS },
  { "cp932", SKT_ENCODING_SHIFT_JIS },
  { "ms932", SKT_ENCODING_SHIFT_JIS },
  { "mskanji", SKT_ENCODING_SHIFT_JIS },
  { "windows932", SKT_ENCODING_SHIFT_JIS },
  { "windows31j", SKT_ENCODING_SHIFT_JIS },
  { "ujis", SKT_ENCODING_EUC_JP },
  { "cp949", SKT_ENCODING_EUC_KR },
  { "uhc", SKT_ENCODING_EUC_KR },
  { "windows949", SKT_ENCODING_EUC_KR },
  { "ksc5601", SKT_ENCODING_EUC_KR },
  { "ksc56011987", SKT_ENCODING_EUC_KR },
  { "usascii", SKT_ENCODING_ASCII },
  { "ansix3.41968", SKT_ENCODING_ASCII },
  { "iso646us", SKT_ENCODING_ASCII },
  { "latin1", SKT_ENCODING_ISO_8859_1 },
  { "l1", SKT_ENCODING_ISO_8859_1 },
  { "8859.1", SKT_ENCODING_ISO_8859_1 },
  { "cp819", SKT_ENCODING_ISO_8859_1 },
  { "latin9", SKT_ENCODING_ISO_8859_15 },
  { "l9", SKT_ENCODING_ISO_8859_15 },
  { "cp1252", SKT_ENCODING_WINDOWS_1252 },
  { "cp1251", SKT_ENCODING_WINDOWS_1251 },
  { "koi8", SKT_ENCODING_KOI8_R },
  { "utf16", SKT_ENCODING_UTF_16LE },
  { "ucs2le", SKT_ENCODING_UTF_16LE },
  { "ucs2be", SKT_ENCODING_UTF_16BE },
};

const char *
skt_encoding_get_name (SktEncoding encoding)
{
  g_return_val_if_fail ((guint) encoding < SKT_N_ENCODINGS, NULL);

  return names[encoding];
}

static char *
fold_name (const char *name)
{
  GString *folded = g_string_new (NULL);

  for (const char *p = name; *p != '\0'; p++)
    if (strchr ("-_ ", *p) == NULL)
      g_string_append_c (folded, g_ascii_tolower (*p));
  return g_string_free (folded, FALSE);
}

gboolean
skt_encoding_from_name (const char *name, SktEncoding *ret_encoding)
{
  g_autofree char *folded = NULL;

  g_return_val_if_fail (name != NULL && ret_encoding != NULL, FALSE);

  folded = fold_name (name);
  for (SktEncoding encoding = 0; encoding < SKT_N_ENCODINGS; encoding++)
    {
      g_autofree char *folded_name = fold_name (names[encoding]);

      if (g_str_equal (folded, folded_name))
        {
          *ret_encoding = encoding;
          return TRUE;
        }
    }
  for (gsize i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (g_str_equal (folded, aliases[i].alias))
      {
        *ret_encoding = aliases[i].encoding;
        return TRUE;
      }
  return FALSE;
}

/* -- Errors -------------------------------------------------------------------------------------------------- */

/* The character at the start of the text, or SKT_NO_CHARACTER. */
static gunichar
get_character (const char *tainted_text, const char *end)
{
  SktUnitKind kind;
  gsize n = skt_encoding_next_unit (SKT_ENCODING_UTF_8, (const guint8 *) tainted_text, end - tainted_text, &kind);

  if (kind != SKT_UNIT_CHARACTER)
    return SKT_NO_CHARACTER;
  return _skt_charmap_get (SKT_ENCODING_UTF_8, (const guint8 *) tainted_text, n);
}

static gboolean
is_seen_alone (gunichar c)
{
  return g_unichar_isgraph (c) && !g_unichar_ismark (c);
}

char *
_skt_dup_character_name (const char *tainted_text, const char *end)
{
  gunichar c = get_character (tainted_text, end);
  char text[7] = { 0 };

  if (c == SKT_NO_CHARACTER)
    return g_strdup_printf ("\\x%02X", (guint8) tainted_text[0]);
  if (!is_seen_alone (c))
    return g_strdup_printf ("U+%04X", c);
  g_unichar_to_utf8 (c, text);
  /* Translators: a single character in quotation marks, part of a message */
  return g_strdup_printf (_("“%s”"), text);
}

void
_skt_encoding_set_error (GError **error,
                         SktEncoding encoding,
                         const char *tainted_text,
                         const char *end,
                         gsize position)
{
  gunichar c = get_character (tainted_text, end);
  g_autofree char *name = _skt_dup_character_name (tainted_text, end);

  if (c == SKT_NO_CHARACTER)
    g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_CHARACTER,
                 /* Translators: \xE4 at position 5 … */
                 _("%s at position %zu is not text: send such bytes as hex"), name, position + 1);
  else if (!is_seen_alone (c))
    g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_CHARACTER,
                 /* Translators: U+202E at position 5 … GBK */
                 _("The character %s at position %zu"
                   " does not exist in %s: remove it or choose another encoding, such as UTF-8"),
                 name, position + 1, names[encoding]);
  else
    g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_CHARACTER,
                 /* Translators: “é” (U+00E9) at position 5 … GBK */
                 _("%s (U+%04X) at position %zu"
                   " does not exist in %s: remove it or choose another encoding, such as UTF-8"),
                 name, c, position + 1, names[encoding]);
}

/* -- Encoding ------------------------------------------------------------------------------------------------ */

/* The number of bytes at the start that are UTF-8. */
static gsize
get_valid_length (const char *tainted_text, gsize length)
{
  const guint8 *bytes = (const guint8 *) tainted_text;
  gsize offset = 0;

  while (offset < length)
    {
      SktUnitKind kind;
      gsize n = skt_encoding_next_unit (SKT_ENCODING_UTF_8, bytes + offset, length - offset, &kind);

      if (kind != SKT_UNIT_CHARACTER)
        break;
      offset += n;
    }
  return offset;
}

static void
append_utf16 (GByteArray *bytes, guint unit, gboolean is_little)
{
  guint8 pair[2] = { is_little ? unit & 0xFF : unit >> 8, is_little ? unit >> 8 : unit & 0xFF };

  g_byte_array_append (bytes, pair, sizeof pair);
}

static void
encode_utf16 (GByteArray *bytes, const char *utf8, gsize length, gboolean is_little)
{
  for (const char *p = utf8; p < utf8 + length; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c >= 0x10000)
        {
          append_utf16 (bytes, 0xD800 + ((c - 0x10000) >> 10), is_little);
          append_utf16 (bytes, 0xDC00 + ((c - 0x10000) & 0x3FF), is_little);
        }
      else
        append_utf16 (bytes, c, is_little);
    }
}

/* What iconv makes of valid UTF-8, up to the first character that it refuses. */
static void
encode_with_iconv (GByteArray *bytes, SktEncoding encoding, const char *utf8, gsize length)
{
  GIConv converter = g_iconv_open (_skt_charmap_get_iconv_name (encoding, TRUE), "UTF-8");
  char *input = (char *) utf8;
  gsize input_left = length;
  gboolean is_going_on = converter != (GIConv) -1;

  while (is_going_on && input_left > 0)
    {
      char buffer[4096];
      char *output = buffer;
      gsize output_left = sizeof buffer;

      is_going_on = g_iconv (converter, &input, &input_left, &output, &output_left) != (gsize) -1 || errno == E2BIG;
      g_byte_array_append (bytes, (const guint8 *) buffer, output - buffer);
    }
  if (converter != (GIConv) -1)
    g_iconv_close (converter);
}

/* Eight characters of JIS X 0208 are mapped to other code points by Microsoft's table, with which Shift_JIS is
 * read, than by the standard's. Input methods write these, the bytes are the same, and so they can be sent. */
static gboolean
is_same_in_jis (gunichar standard, gunichar microsoft)
{
  static const gunichar pairs[][2] = {
    { 0x00A2, 0xFFE0 }, { 0x00A3, 0xFFE1 }, { 0x00A6, 0xFFE4 }, { 0x00AC, 0xFFE2 },
    { 0x2014, 0x2015 }, { 0x2016, 0x2225 }, { 0x2212, 0xFF0D }, { 0x301C, 0xFF5E },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (standard == pairs[i][0] && microsoft == pairs[i][1])
      return TRUE;
  return FALSE;
}

static gboolean
is_read_back (SktEncoding encoding, gunichar written, gunichar read)
{
  return read == written || (encoding == SKT_ENCODING_SHIFT_JIS && is_same_in_jis (written, read));
}

/* iconv also leaves characters out (tags) and takes similar ones (a backslash for ¥ in Shift_JIS). Only what is
 * read back as the same is right. Returns how many bytes of the text are, and the number of their characters. */
static gsize
get_encoded_length (SktEncoding encoding,
                    const GByteArray *bytes,
                    const char *utf8,
                    gsize length,
                    gsize *ret_n_characters)
{
  const char *p = utf8;
  gsize offset = 0;

  *ret_n_characters = 0;
  while (p < utf8 + length && offset < bytes->len)
    {
      SktUnitKind kind;
      gsize n = skt_encoding_next_unit (encoding, bytes->data + offset, bytes->len - offset, &kind);

      if (kind != SKT_UNIT_CHARACTER
          || !is_read_back (encoding, g_utf8_get_char (p), _skt_charmap_get (encoding, bytes->data + offset, n)))
        break;
      offset += n;
      p = g_utf8_next_char (p);
      ++*ret_n_characters;
    }
  return p - utf8;
}

GBytes *
skt_encoding_encode (SktEncoding encoding, const char *utf8, gssize length, gsize *ret_position, GError **error)
{
  g_autoptr (GByteArray) bytes = NULL;
  gsize size;
  gsize valid_length;
  gsize encoded_length;
  gsize n_characters;

  g_return_val_if_fail ((guint) encoding < SKT_N_ENCODINGS, NULL);
  g_return_val_if_fail (utf8 != NULL || length == 0, NULL);

  size = length < 0 ? strlen (utf8) : (gsize) length;
  valid_length = get_valid_length (utf8, size);
  bytes = g_byte_array_sized_new (MIN (valid_length, G_MAXUINT / 4));
  if (encoding == SKT_ENCODING_UTF_8)
    g_byte_array_append (bytes, (const guint8 *) utf8, valid_length);
  else if (encoding == SKT_ENCODING_UTF_16LE || encoding == SKT_ENCODING_UTF_16BE)
    encode_utf16 (bytes, utf8, valid_length, encoding == SKT_ENCODING_UTF_16LE);
  else
    encode_with_iconv (bytes, encoding, utf8, valid_length);

  encoded_length = get_encoded_length (encoding, bytes, utf8, valid_length, &n_characters);
  if (encoded_length < size)
    {
      if (ret_position != NULL)
        *ret_position = n_characters;
      _skt_encoding_set_error (error, encoding, utf8 + encoded_length, utf8 + size, n_characters);
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
