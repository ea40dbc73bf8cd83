/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-literal.h"

#include <string.h>

#include "skt-charmap-private.h"
#include "skt-decode-private.h"
#include "skt-unit-private.h"

#define C_BYTES_PER_LINE 12
#define PYTHON_COLUMNS 80
#define BASE64_COLUMNS 76

static const char digits[] = "0123456789abcdef";

static inline gboolean
is_printable (guint8 byte)
{
  return byte >= 0x20 && byte < 0x7F;
}

/* The bytes at the start that are written as they are. */
static gsize
count_plain (const guint8 *bytes, gsize length, guint8 quote)
{
  gsize n = 0;

  while (n < length && is_printable (bytes[n]) && bytes[n] != '\\' && bytes[n] != quote)
    n++;
  return n;
}

/* -- C ------------------------------------------------------------------------------------------------------- */

void
skt_literal_append_c (GString *text, const guint8 *bytes, gsize length)
{
  g_return_if_fail (text != NULL && (bytes != NULL || length == 0));

  if (length == 0)
    return;
  g_string_append_printf (text, "const unsigned char data[%" G_GSIZE_FORMAT "] = {", length);
  for (gsize i = 0; i < length; i++)
    {
      char number[] = " 0x00,";

      number[3] = digits[bytes[i] >> 4];
      number[4] = digits[bytes[i] & 0xF];
      if (i % C_BYTES_PER_LINE == 0)
        g_string_append (text, "\n ");
      g_string_append_len (text, number, 6);
    }
  g_string_append (text, "\n};\n");
}

/* -- Python -------------------------------------------------------------------------------------------------- */

static void
append_python_byte (GString *text, guint8 byte)
{
  const char hex[] = { '\\', 'x', digits[byte >> 4], digits[byte & 0xF] };

  if (byte == '\n')
    g_string_append (text, "\\n");
  else if (byte == '\r')
    g_string_append (text, "\\r");
  else if (byte == '\t')
    g_string_append (text, "\\t");
  else if (!is_printable (byte))
    g_string_append_len (text, hex, sizeof hex);
  else
    {
      if (byte == '\'' || byte == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, byte);
    }
}

/* How many of the bytes fit into `columns`, and how wide they are. */
static gsize
measure_python (const guint8 *bytes, gsize length, gsize columns, gboolean ends_at_line, gsize *ret_width)
{
  gsize width = 0, n;

  for (n = 0; n < length; n++)
    {
      gboolean is_short = bytes[n] != '\0' && strchr ("\n\r\t'\\", bytes[n]) != NULL;
      gsize wide = is_short ? 2 : is_printable (bytes[n]) ? 1 : 4;

      if (width + wide > columns || (ends_at_line && n > 0 && bytes[n - 1] == '\n'))
        break;
      width += wide;
    }
  *ret_width = width;
  return n;
}

static void
append_python_literal (GString *text, const guint8 *bytes, gsize length)
{
  g_string_append (text, "b'");
  for (gsize i = 0; i < length; i++)
    append_python_byte (text, bytes[i]);
  g_string_append_c (text, '\'');
}

void
skt_literal_append_python (GString *text, const guint8 *bytes, gsize length)
{
  gsize width;

  g_return_if_fail (text != NULL && (bytes != NULL || length == 0));

  if (measure_python (bytes, length, PYTHON_COLUMNS - strlen ("b''"), FALSE, &width) == length)
    {
      append_python_literal (text, bytes, length);
      return;
    }
  g_string_append (text, "(\n");
  while (length > 0)
    {
      gsize n = measure_python (bytes, length, PYTHON_COLUMNS - strlen ("    b''"), TRUE, &width);

      g_string_append (text, "    ");
      append_python_literal (text, bytes, n);
      g_string_append_c (text, '\n');
      bytes += n;
      length -= n;
    }
  g_string_append (text, ")\n");
}

/* -- Escaped text -------------------------------------------------------------------------------------------- */

static void
append_escaped_bytes (GString *text, const guint8 *bytes, gsize length)
{
  static const char upper_digits[] = "0123456789ABCDEF";

  for (gsize i = 0; i < length; i++)
    {
      const char hex[] = { '\\', 'x', upper_digits[bytes[i] >> 4], upper_digits[bytes[i] & 0xF] };
      g_string_append_len (text, hex, sizeof hex);
    }
}

/* Several sets have characters twice, of which one is written when the text is encoded again. */
static gboolean
has_doubles (SktEncoding encoding)
{
  return encoding >= SKT_ENCODING_GB18030 && encoding <= SKT_ENCODING_EUC_KR;
}

/* What the encoding writes for a character, packed; 0: nothing. */
static guint32
encode_packed (GIConv converter, gunichar c)
{
  char utf8[6], encoded[SKT_UNIT_MAX] = "";
  char *in = utf8, *out = encoded;
  gsize in_left = g_unichar_to_utf8 (c, utf8), out_left = sizeof encoded;
  guint32 packed = 0;

  if (converter == (GIConv) -1 || g_iconv (converter, &in, &in_left, &out, &out_left) == (gsize) -1)
    return 0;
  for (char *p = encoded; p < out; p++)
    packed = packed << 8 | (guint8) *p;
  return packed;
}

typedef struct
{
  SktEncoding encoding;
  GIConv converter;      /* if has_doubles () */
  GHashTable *written;   /* character → what is written for it, packed */
} Escaper;

static gboolean
is_written_so (Escaper *self, gunichar c, const guint8 *bytes, gsize length)
{
  guint32 packed = 0;
  gpointer found;

  if (self->written == NULL)
    return TRUE;
  if (!g_hash_table_lookup_extended (self->written, GUINT_TO_POINTER (c), NULL, &found))
    {
      found = GUINT_TO_POINTER (encode_packed (self->converter, c));
      g_hash_table_insert (self->written, GUINT_TO_POINTER (c), found);
    }
  for (gsize i = 0; i < length; i++)
    packed = packed << 8 | bytes[i];
  return packed == GPOINTER_TO_UINT (found);
}

static void
append_escaped_unit (Escaper *self, GString *text, const SktUnit *unit)
{
  gunichar c = SKT_NO_CHARACTER;

  if (unit->kind == SKT_UNIT_CHARACTER)
    c = _skt_charmap_get (self->encoding, unit->bytes, unit->n_bytes);
  if (c < 0x80 && _skt_charmap_has_ascii (self->encoding) && (unit->n_bytes > 1 || unit->bytes[0] != c))
    c = SKT_NO_CHARACTER; /* ASCII by other bytes than its own */
  if (c == '\\')
    g_string_append (text, "\\\\");
  else if (unit->n_bytes == 1 && (c == '\n' || c == '\r' || c == '\t' || c == '\0'))
    g_string_append (text, c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\t' ? "\\t" : "\\0");
  else if (c == SKT_NO_CHARACTER || c < 0x20 || c == 0x7F || _skt_character_is_invisible (c) ||
           (c >= 0x80 && !is_written_so (self, c, unit->bytes, unit->n_bytes)))
    append_escaped_bytes (text, unit->bytes, unit->n_bytes);
  else
    g_string_append_unichar (text, c);
}

/* "\0" before a digit would be read as an octal number: what follows decides how a NUL is written. `at`: where that begins. */
static void
write_out_nul (GString *text, gsize at)
{
  if (text->len > at && g_ascii_isdigit (text->str[at]))
    g_string_insert (text, (gssize) at - 1, "x0");
}

void
skt_literal_append_escaped (GString *text, SktEncoding encoding, const guint8 *bytes, gsize length)
{
  Escaper self = { encoding };
  gboolean after_nul = FALSE;
  SktUnitWalk walk;
  SktUnit unit;

  g_return_if_fail (text != NULL && (bytes != NULL || length == 0));
  g_return_if_fail (encoding < SKT_N_ENCODINGS);

  if (has_doubles (encoding))
    {
      self.converter = g_iconv_open (_skt_charmap_get_iconv_name (encoding, TRUE), "UTF-8");
      self.written = g_hash_table_new (NULL, NULL);
    }
  _skt_unit_walk_init (&walk, encoding, NULL, bytes, length, TRUE);
  while (_skt_unit_walk_next (&walk, &unit))
    {
      gsize n, at = text->len;

      append_escaped_unit (&self, text, &unit);
      if (after_nul)
        write_out_nul (text, at);
      after_nul = text->len >= at + 2 && strcmp (text->str + text->len - 2, "\\0") == 0;
      if (!_skt_charmap_has_ascii (encoding))
        continue;
      n = count_plain (bytes + walk.offset, length - walk.offset, '\\');
      at = text->len;
      g_string_append_len (text, (const char *) bytes + walk.offset, n);
      if (after_nul && n > 0)
        write_out_nul (text, at);
      after_nul = after_nul && n == 0;
      walk.offset += n;
    }
  if (self.written != NULL && self.converter != (GIConv) -1)
    g_iconv_close (self.converter);
  g_clear_pointer (&self.written, g_hash_table_unref);
}

/* -- Base64 -------------------------------------------------------------------------------------------------- */

void
skt_literal_append_base64 (GString *text, const guint8 *bytes, gsize length)
{
  const gsize piece = length <= SKT_BASE64_LINE_BYTES ? MAX (length, 1) : BASE64_COLUMNS / 4 * 3;

  g_return_if_fail (text != NULL && (bytes != NULL || length == 0));

  for (gsize done = 0; done < length; done += piece)
    {
      g_autofree char *line = g_base64_encode (bytes + done, MIN (piece, length - done));

      g_string_append (text, line);
      if (length > SKT_BASE64_LINE_BYTES)
        g_string_append_c (text, '\n');
    }
}

/* -- JSON ---------------------------------------------------------------------------------------------------- */

static void
append_json_unit (GString *text, guint16 unit)
{
  g_string_append_printf (text, "\\u%04x", unit);
}

static void
append_json_character (GString *text, gunichar c)
{
  if (c == '"' || c == '\\')
    g_string_append_printf (text, "\\%c", c);
  else if (c == '\n' || c == '\r' || c == '\t')
    g_string_append (text, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
  else if (c < 0x20 || c == 0x7F || (c >= 0x80 && _skt_character_is_invisible (c)))
    {
      if (c > 0xFFFF)
        append_json_unit (text, 0xD800 + ((c - 0x10000) >> 10));
      append_json_unit (text, c > 0xFFFF ? 0xDC00 + ((c - 0x10000) & 0x3FF) : c);
    }
  else
    g_string_append_unichar (text, c);
}

void
skt_literal_append_json (GString *text, const char *utf8, gsize length)
{
  const char *end = utf8 + length;

  g_return_if_fail (text != NULL && (utf8 != NULL || length == 0));

  g_string_append_c (text, '"');
  for (const char *p = utf8; p < end;)
    {
      gsize n = count_plain ((const guint8 *) p, end - p, '"');

      g_string_append_len (text, p, n);
      p += n;
      if (p == end)
        break;
      append_json_character (text, g_utf8_get_char (p));
      p = g_utf8_next_char (p);
    }
  g_string_append_c (text, '"');
}
