/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-decode.h"

#include "skt-charmap-private.h"
#include "skt-decode-private.h"
#include "skt-unit-private.h"

#include <string.h>

#define MAX_MARKS 8             /* combining marks on one base that are drawn on it */
#define TAB_WIDTH 8
#define DOTTED_CIRCLE 0x25CC

void
skt_decoded_init (SktDecoded *self)
{
  g_return_if_fail (self != NULL);

  *self = (SktDecoded) { 0 };
  self->text = g_string_new (NULL);
  self->spans = g_array_new (FALSE, FALSE, sizeof (SktSpan));
  self->is_simple = TRUE;
}

void
skt_decoded_clear (SktDecoded *self)
{
  g_return_if_fail (self != NULL);

  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_clear_pointer (&self->spans, g_array_unref);
  *self = (SktDecoded) { 0 };
}

/* -- What a character is shown as ---------------------------------------------------------------------------- */

/* Characters that leave no trace on the screen though their category is a letter or a mark: fillers, variation
 * selectors and the like (Default_Ignorable_Code_Point). */
static gboolean
is_ignorable (gunichar c)
{
  static const struct
  {
    gunichar first;
    gunichar last;
  } ranges[] = {
    { 0x034F, 0x034F }, { 0x115F, 0x1160 }, { 0x17B4, 0x17B5 }, { 0x180B, 0x180F },
    { 0x3164, 0x3164 }, { 0xFE00, 0xFE0F }, { 0xFFA0, 0xFFA0 }, { 0xE0000, 0xE0FFF },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    if (c >= ranges[i].first && c <= ranges[i].last)
      return TRUE;
  return FALSE;
}

static gboolean
is_invisible (gunichar c, GUnicodeType type)
{
  if (type == G_UNICODE_SPACE_SEPARATOR)
    return c != 0x20 && c != 0x3000;
  return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_UNASSIGNED
         || type == G_UNICODE_PRIVATE_USE || type == G_UNICODE_SURROGATE || type == G_UNICODE_LINE_SEPARATOR
         || type == G_UNICODE_PARAGRAPH_SEPARATOR || is_ignorable (c);
}

gboolean
_skt_character_is_invisible (gunichar c)
{
  return is_invisible (c, g_unichar_type (c));
}

/* -- Spans --------------------------------------------------------------------------------------------------- */

typedef struct
{
  SktDecoded *row;
  gboolean has_base;    /* the last span is text that a mark can stand on, or a mark on such */
  guint n_marks;        /* on that base */
  gboolean is_east_asian;
} Shower;

static void
append_span (Shower *self, const SktUnit *unit, SktSpanKind kind, gsize text_offset, guint cells)
{
  SktSpan span = {
    .offset = unit->offset,
    .text_offset = text_offset,
    .length = unit->length,
    .text_length = self->row->text->len - text_offset,
    .kind = kind,
    .carried = unit->carried,
    .cells = cells,
  };

  g_array_append_val (self->row->spans, span);
  self->row->n_cells += cells;
}

static inline char *
put_hex_byte (char *p, guint8 byte)
{
  static const char digits[] = "0123456789ABCDEF";

  *p++ = '\\';
  *p++ = 'x';
  *p++ = digits[byte >> 4];
  *p++ = digits[byte & 0xF];
  return p;
}

static gsize
append_hex_bytes (GString *text, const guint8 *bytes, gsize n)
{
  char buffer[4 * SKT_UNIT_MAX];
  char *p = buffer;

  for (gsize i = 0; i < n; i++)
    p = put_hex_byte (p, bytes[i]);
  g_string_append_len (text, buffer, p - buffer);
  return p - buffer;
}

static void
show_invalid (Shower *self, const SktUnit *unit)
{
  gsize text_offset = self->row->text->len;
  gsize cells = append_hex_bytes (self->row->text, unit->bytes, unit->n_bytes);

  append_span (self, unit, SKT_SPAN_INVALID, text_offset, cells);
  self->has_base = FALSE;
}

/* Bytes that came with the carry were shown at the end of an earlier row. */
static void
show_part (Shower *self, const SktUnit *unit)
{
  gsize text_offset = self->row->text->len;
  gsize cells = append_hex_bytes (self->row->text, unit->bytes + unit->carried, unit->length);

  append_span (self, unit, SKT_SPAN_PART, text_offset, cells);
  self->has_base = FALSE;
}

static void
show_control (Shower *self, const SktUnit *unit, gunichar c)
{
  gsize text_offset = self->row->text->len;
  guint cells;

  if (c == '\0' || c == '\t' || c == '\n' || c == '\r')
    {
      const char name[2] = { '\\', c == '\0' ? '0' : c == '\t' ? 't' : c == '\n' ? 'n' : 'r' };
      g_string_append_len (self->row->text, name, sizeof name);
    }
  else
    append_hex_bytes (self->row->text, &(guint8){ c }, 1);
  cells = self->row->text->len - text_offset;
  if (c == '\t') /* what follows stands at a tab stop */
    cells = TAB_WIDTH - self->row->n_cells % TAB_WIDTH + (self->row->n_cells % TAB_WIDTH == TAB_WIDTH - 1 ? TAB_WIDTH : 0);
  append_span (self, unit, SKT_SPAN_CONTROL, text_offset, cells);
  self->has_base = FALSE;
}

static void
show_token (Shower *self, const SktUnit *unit, gunichar c)
{
  static const char digits[] = "0123456789ABCDEF";
  gsize text_offset = self->row->text->len;
  char token[] = "<U+10FFFF>";
  guint n = 3;

  /* Not by printf: there may be thousands on a screen. */
  for (int shift = c > 0xFFFFF ? 20 : c > 0xFFFF ? 16 : 12; shift >= 0; shift -= 4)
    token[n++] = digits[c >> shift & 0xF];
  token[n++] = '>';
  g_string_append_len (self->row->text, token, n);
  append_span (self, unit, SKT_SPAN_INVISIBLE, text_offset, n);
}

/* A character that joins the one before it: marks, and the vowels and finals of conjoining Hangul. */
static void
show_mark (Shower *self, const SktUnit *unit, gunichar c, GUnicodeType type)
{
  gsize text_offset = self->row->text->len;
  gboolean needs_base = type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
  guint cells = g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;

  if (self->has_base && self->n_marks >= MAX_MARKS)
    {
      show_token (self, unit, c);
      return;
    }
  if (!self->has_base)
    {
      if (needs_base)
        g_string_append_unichar (self->row->text, DOTTED_CIRCLE);
      cells = MAX (cells, 1);
      self->n_marks = 0;
    }
  self->has_base = TRUE;
  self->n_marks++;
  g_string_append_unichar (self->row->text, c);
  append_span (self, unit, SKT_SPAN_TEXT, text_offset, cells);
  self->row->is_simple = FALSE;
}

static void
show_text (Shower *self, const SktUnit *unit, gunichar c)
{
  gsize text_offset = self->row->text->len;

  /* Characters of ambiguous width (“℃”, “①”) are drawn wide where they take two bytes in a set of East Asia. */
  gboolean is_wide = self->is_east_asian && unit->n_bytes > 1 ? g_unichar_iswide_cjk (c) : g_unichar_iswide (c);

  g_string_append_unichar (self->row->text, c);
  append_span (self, unit, SKT_SPAN_TEXT, text_offset, is_wide ? 2 : 1);
  self->has_base = TRUE;
  self->n_marks = 0;
  if (c >= 0x7F)
    self->row->is_simple = FALSE;
}

static void
show_character (Shower *self, const SktUnit *unit, gunichar c)
{
  GUnicodeType type;

  if (c < 0x20 || c == 0x7F)
    {
      show_control (self, unit, c);
      return;
    }

  type = g_unichar_type (c);
  if (is_invisible (c, type))
    {
      show_token (self, unit, c);
      self->has_base = FALSE;
    }
  else if (type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK || type == G_UNICODE_SPACING_MARK
           || g_unichar_iszerowidth (c))
    show_mark (self, unit, c, type);
  else
    show_text (self, unit, c);
}

/* The length of the run of printable ASCII at the start. */
static gsize
count_printable (const guint8 *bytes, gsize length)
{
  gsize n = 0;

  while (n < length && (guint8) (bytes[n] - 0x20) < 0x5F)
    n++;
  return n;
}

static void
show_printable (Shower *self, const guint8 *bytes, gsize offset, gsize length)
{
  SktDecoded *row = self->row;
  guint first = row->spans->len;
  gsize text_offset = row->text->len;
  SktSpan *spans;

  g_string_append_len (row->text, (const char *) bytes + offset, length);
  g_array_set_size (row->spans, first + length);
  spans = &g_array_index (row->spans, SktSpan, first);
  for (gsize i = 0; i < length; i++)
    spans[i] = (SktSpan) {
      .offset = offset + i,
      .text_offset = text_offset + i,
      .length = 1,
      .text_length = 1,
      .kind = SKT_SPAN_TEXT,
      .cells = 1,
    };
  row->n_cells += length;
  self->has_base = TRUE;
  self->n_marks = 0;
}

static void
show_unit (Shower *self, SktEncoding encoding, const SktUnit *unit)
{
  gunichar c = SKT_NO_CHARACTER;

  if (unit->kind == SKT_UNIT_INCOMPLETE)
    {
      show_part (self, unit);
      return;
    }
  if (unit->kind == SKT_UNIT_CHARACTER)
    c = _skt_charmap_get (encoding, unit->bytes, unit->n_bytes);
  if (c == SKT_NO_CHARACTER)
    show_invalid (self, unit);
  else
    show_character (self, unit, c);
}

void
skt_decode_row (SktEncoding encoding,
                const SktCarry *carry,
                const guint8 *bytes,
                gsize length,
                gboolean is_last,
                SktDecoded *ret_row)
{
  Shower shower = {
    .row = ret_row,
    .is_east_asian = encoding >= SKT_ENCODING_GB18030 && encoding <= SKT_ENCODING_EUC_KR,
  };
  gboolean has_ascii;
  SktUnitWalk walk;
  SktUnit unit;

  g_return_if_fail ((guint) encoding < SKT_N_ENCODINGS);
  g_return_if_fail (bytes != NULL || length == 0);
  g_return_if_fail (ret_row != NULL && ret_row->text != NULL);

  g_string_truncate (ret_row->text, 0);
  g_array_set_size (ret_row->spans, 0);
  ret_row->n_cells = 0;
  ret_row->is_simple = TRUE;

  has_ascii = _skt_charmap_has_ascii (encoding);
  _skt_unit_walk_init (&walk, encoding, carry, bytes, length, is_last);
  while (_skt_unit_walk_next (&walk, &unit))
    {
      gsize n;

      show_unit (&shower, encoding, &unit);
      if (!has_ascii || walk.head_offset < walk.carry_length)
        continue;
      n = count_printable (bytes + walk.offset, length - walk.offset);
      if (n > 0)
        show_printable (&shower, bytes, walk.offset, n);
      walk.offset += n;
    }
}

/* -- Plain text ---------------------------------------------------------------------------------------------- */

static gsize
count_ascii (const guint8 *bytes, gsize length)
{
  gsize n = 0;
  guint64 eight;

  for (; n + sizeof eight <= length; n += sizeof eight)
    {
      memcpy (&eight, bytes + n, sizeof eight);
      if ((eight & G_GUINT64_CONSTANT (0x8080808080808080)) != 0)
        break;
    }
  while (n < length && bytes[n] < 0x80)
    n++;
  return n;
}

/* The length of what can be copied as it is at the start of the bytes: characters in UTF-8, else ASCII. */
static gsize
count_copyable (SktEncoding encoding, const guint8 *bytes, gsize length)
{
  gsize n = 0;

  if (!_skt_charmap_has_ascii (encoding))
    return 0;
  while (n < length)
    {
      SktUnitKind kind;
      gsize n_unit;

      n += count_ascii (bytes + n, length - n);
      if (n == length || encoding != SKT_ENCODING_UTF_8)
        break;
      n_unit = skt_encoding_next_unit (encoding, bytes + n, length - n, &kind);
      if (kind != SKT_UNIT_CHARACTER)
        break;
      n += n_unit;
    }
  return n;
}

static void
append_plain_unit (SktEncoding encoding, const SktUnit *unit, GString *text)
{
  gunichar c = SKT_NO_CHARACTER;

  if (unit->kind == SKT_UNIT_INCOMPLETE)
    return;
  if (unit->kind == SKT_UNIT_CHARACTER)
    c = _skt_charmap_get (encoding, unit->bytes, unit->n_bytes);
  if (c == SKT_NO_CHARACTER)
    append_hex_bytes (text, unit->bytes, unit->n_bytes);
  else
    g_string_append_unichar (text, c);
}

void
skt_decode_append_plain (SktEncoding encoding,
                         const SktCarry *carry,
                         const guint8 *bytes,
                         gsize length,
                         gboolean is_last,
                         GString *text)
{
  SktUnitWalk walk;
  SktUnit unit;

  g_return_if_fail ((guint) encoding < SKT_N_ENCODINGS);
  g_return_if_fail (bytes != NULL || length == 0);
  g_return_if_fail (text != NULL);

  _skt_unit_walk_init (&walk, encoding, carry, bytes, length, is_last);
  while (_skt_unit_walk_next (&walk, &unit))
    {
      gsize n;

      append_plain_unit (encoding, &unit, text);
      if (walk.head_offset < walk.carry_length)
        continue;
      n = count_copyable (encoding, bytes + walk.offset, length - walk.offset);
      g_string_append_len (text, (const char *) bytes + walk.offset, n);
      walk.offset += n;
    }
}
