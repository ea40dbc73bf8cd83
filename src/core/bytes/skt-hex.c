/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-hex.h"

#include "skt-encoding-private.h"
#include "skt-error.h"
#include "skt-hex-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* -- Parsing ------------------------------------------------------------------------------------------------- */

static gboolean
is_separator (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ';' || c == ':' || c == '-';
}

/* The length of a prefix of a byte or group at the start of the text, or 0. */
static gsize
get_prefix_length (const char *text, const char *end)
{
  if (*text == '%')
    return 1;
  if ((*text == '0' || *text == '\\') && text + 1 < end && (text[1] == 'x' || text[1] == 'X'))
    return 2;
  return 0;
}

/* Characters in the text; bytes that are not UTF-8 count one each. */
static gsize
count_characters (const char *tainted_text, const char *end)
{
  gsize n = 0;

  while (tainted_text < end)
    {
      SktUnitKind kind;

      tainted_text += skt_encoding_next_unit (SKT_ENCODING_UTF_8, (const guint8 *) tainted_text, end - tainted_text,
                                              &kind);
      n++;
    }
  return n;
}

static void
set_parse_error (GError **error, SktError code, const char *place, const char *end, gsize position, gboolean has_masks)
{
  g_autofree char *name = place < end ? _skt_dup_character_name (place, end) : NULL;

  if (code == SKT_ERROR_HALF_BYTE)
    g_set_error (error, SKT_ERROR, code,
                 _("Half a byte at position %zu: write two digits for each byte"), position + 1);
  else if (name == NULL)
    g_set_error_literal (error, SKT_ERROR, code, _("Digits are missing at the end: write two for each byte"));
  else if (has_masks)
    g_set_error (error, SKT_ERROR, code,
                 /* Translators: “g” at position 5 … */
                 _("%s at position %zu is neither a hexadecimal digit nor “?”, which stands for any"), name,
                 position + 1);
  else
    g_set_error (error, SKT_ERROR, code,
                 /* Translators: “g” at position 5 … */
                 _("%s at position %zu is not a hexadecimal digit"), name, position + 1);
}

typedef struct
{
  GByteArray *bytes;
  GByteArray *masks;    /* NULL: “?” is no digit */
  const char *end;
} Parse;

static gboolean
is_digit (const Parse *self, const char *p)
{
  return p < self->end && (g_ascii_isxdigit (*p) || (*p == '?' && self->masks != NULL));
}

static guint8
get_value (char c)
{
  return c == '?' ? 0 : g_ascii_xdigit_value (c);
}

static guint8
get_mask (char c)
{
  return c == '?' ? 0 : 0xF;
}

/* Appends the bytes of a run of digits and returns its end. *ret_is_half: its last digit is alone. */
static const char *
parse_run (Parse *self, const char *text, gboolean *ret_is_half)
{
  const char *p = text;

  *ret_is_half = FALSE;
  while (is_digit (self, p) && get_prefix_length (p, self->end) == 0)
    {
      guint8 byte, mask;

      *ret_is_half = !is_digit (self, p + 1) || get_prefix_length (p + 1, self->end) != 0;
      if (*ret_is_half)
        return p;
      byte = get_value (p[0]) << 4 | get_value (p[1]);
      g_byte_array_append (self->bytes, &byte, 1);
      mask = get_mask (p[0]) << 4 | get_mask (p[1]);
      if (self->masks != NULL)
        g_byte_array_append (self->masks, &mask, 1);
      p += 2;
    }
  return p;
}

gboolean
_skt_hex_parse_masked (const char *text,
                       gsize length,
                       GByteArray *bytes,
                       GByteArray *masks,
                       gsize *ret_position,
                       GError **error)
{
  Parse parse = { bytes, masks, text + length };
  const char *end = parse.end;
  const char *p = text;
  gboolean is_half = FALSE;
  gboolean is_bad = FALSE;
  gsize position;

  while (p < end && !is_bad)
    {
      const char *run;

      if (is_separator (*p))
        {
          p++;
          continue;
        }
      run = p + get_prefix_length (p, end);
      p = parse_run (&parse, run, &is_half);
      is_bad = is_half || p == run;
    }
  if (!is_bad)
    return TRUE;

  /* "ag": the digit is alone because what follows is none, and that is the mistake. */
  if (is_half && p + 1 < end && !is_separator (p[1]) && !is_digit (&parse, p + 1)
      && get_prefix_length (p + 1, end) == 0)
    {
      is_half = FALSE;
      p++;
    }
  position = count_characters (text, p);
  if (ret_position != NULL)
    *ret_position = position;
  set_parse_error (error, is_half ? SKT_ERROR_HALF_BYTE : SKT_ERROR_BAD_HEX, p, end, position, masks != NULL);
  return FALSE;
}

GBytes *
skt_hex_parse (const char *text, gssize length, gsize *ret_position, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  if (!_skt_hex_parse_masked (text, length < 0 ? strlen (text) : (gsize) length, bytes, NULL, ret_position, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/* -- Writing ------------------------------------------------------------------------------------------------- */

static const char digits[] = "0123456789abcdef";

/* Makes room at the end and returns where it begins. */
static char *
extend (GString *text, gsize length)
{
  gsize old_length = text->len;

  g_string_set_size (text, old_length + length);
  return text->str + old_length;
}

static inline char *
put_byte (char *p, guint8 byte)
{
  *p++ = digits[byte >> 4];
  *p++ = digits[byte & 0xF];
  return p;
}

void
skt_hex_append (GString *text, const guint8 *bytes, gsize length)
{
  char *p;

  g_return_if_fail (text != NULL && (bytes != NULL || length == 0));

  if (length == 0)
    return;
  p = extend (text, length * 3 - 1);
  for (gsize i = 0; i < length; i++)
    {
      if (i > 0)
        *p++ = ' ';
      p = put_byte (p, bytes[i]);
    }
}

/* -- hexdump -C ---------------------------------------------------------------------------------------------- */

#define LINE_LENGTH 16

void
skt_hexdump_init (SktHexdump *self)
{
  *self = (SktHexdump) { 0 };
}

static char *
put_offset (char *p, guint64 offset)
{
  guint n_digits = 8;

  while (n_digits < 16 && offset >> (n_digits * 4) != 0)
    n_digits++;
  while (n_digits-- > 0)
    *p++ = digits[(offset >> (n_digits * 4)) & 0xF];
  return p;
}

/* "00000000  64 65 66 …  67  |def…|" */
static void
append_line (GString *text, guint64 offset, const guint8 *bytes, gsize length)
{
  /* A space before each byte, one more before each eight, two at the end. */
  const gsize n_columns = LINE_LENGTH * 3 + 4;
  char line[16 + LINE_LENGTH * 4 + 8];
  char *p = put_offset (line, offset);

  memset (p, ' ', n_columns);
  for (gsize i = 0; i < length; i++)
    put_byte (p + 2 + i * 3 + i / 8, bytes[i]);
  p += n_columns;
  *p++ = '|';
  for (gsize i = 0; i < length; i++)
    *p++ = bytes[i] >= 0x20 && bytes[i] <= 0x7E ? bytes[i] : '.';
  *p++ = '|';
  *p++ = '\n';
  g_string_append_len (text, line, p - line);
}

static void
append_or_repeat (SktHexdump *self, GString *text, const guint8 *bytes, gsize length)
{
  /* A shorter last line is never a repetition. */
  if (length == LINE_LENGTH && self->has_previous && memcmp (bytes, self->previous, length) == 0)
    {
      if (!self->in_repeat)
        g_string_append (text, "*\n");
      self->in_repeat = TRUE;
    }
  else
    {
      append_line (text, self->offset, bytes, length);
      memcpy (self->previous, bytes, length);
      self->has_previous = TRUE;
      self->in_repeat = FALSE;
    }
  self->offset += length;
}

void
skt_hexdump_append (SktHexdump *self, GString *text, const guint8 *bytes, gsize length)
{
  g_return_if_fail (self != NULL && text != NULL && (bytes != NULL || length == 0));

  while (length > 0)
    {
      gsize n = MIN (length, (gsize) (LINE_LENGTH - self->fill));

      if (self->fill == 0 && n == LINE_LENGTH)
        append_or_repeat (self, text, bytes, LINE_LENGTH);
      else
        {
          memcpy (self->line + self->fill, bytes, n);
          self->fill += n;
        }
      if (self->fill == LINE_LENGTH)
        {
          append_or_repeat (self, text, self->line, LINE_LENGTH);
          self->fill = 0;
        }
      bytes += n;
      length -= n;
    }
}

void
skt_hexdump_finish (SktHexdump *self, GString *text)
{
  char line[17];
  char *p;

  g_return_if_fail (self != NULL && text != NULL);

  if (self->fill > 0)
    append_or_repeat (self, text, self->line, self->fill);
  self->fill = 0;
  if (self->offset == 0)
    return;
  p = put_offset (line, self->offset);
  *p++ = '\n';
  g_string_append_len (text, line, p - line);
}
