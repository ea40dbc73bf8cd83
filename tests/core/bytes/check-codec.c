/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "check-codec.h"

#include <string.h>

static gboolean
is_line_feed (SktEncoding encoding, const guint8 *unit, gsize length)
{
  if (encoding == SKT_ENCODING_UTF_16LE)
    return length == 2 && unit[0] == '\n' && unit[1] == 0;
  if (encoding == SKT_ENCODING_UTF_16BE)
    return length == 2 && unit[0] == 0 && unit[1] == '\n';
  return length == 1 && unit[0] == '\n';
}

gsize
check_split_row_slowly (SktEncoding encoding, SktCarry *carry, const guint8 *bytes, gsize length, gsize max_bytes)
{
  gsize n_carried = carry->length;
  gsize total = n_carried + length;
  g_autofree guint8 *all = g_malloc (total);
  gsize begin = 0;

  /* one byte more than the row may have is all that is looked at */
  gsize seen = MIN (total, n_carried + max_bytes + 1);

  memcpy (all, carry->bytes, n_carried);
  memcpy (all + n_carried, bytes, length);
  *carry = (SktCarry) { 0 };
  while (begin < total)
    {
      SktUnitKind kind, seen_kind;
      gsize end = begin + skt_encoding_next_unit (encoding, all + begin, total - begin, &kind);

      g_assert_cmpuint (end, >, begin);
      g_assert_cmpuint (end, <=, total);
      if (begin > n_carried &&
          (begin >= n_carried + max_bytes ||
           begin + skt_encoding_next_unit (encoding, all + begin, seen - begin, &seen_kind) > n_carried + max_bytes))
        return begin - n_carried;
      if (kind == SKT_UNIT_INCOMPLETE)
        {
          g_assert_cmpuint (end, ==, total);
          carry->length = end - begin;
          g_assert_cmpuint (carry->length, <=, SKT_CARRY_MAX);
          memcpy (carry->bytes, all + begin, carry->length);
        }
      if (end > n_carried && is_line_feed (encoding, all + begin, end - begin))
        return end - n_carried;
      begin = end;
    }
  return length;
}

static guint
get_cells (const SktSpan *span, const char *text, guint column)
{
  const char *end = text + span->text_length;
  gunichar first = g_utf8_get_char (text);

  if (span->text_length == 0)
    return 0;
  if (span->kind == SKT_SPAN_CONTROL)
    return g_str_has_prefix (text, "\\t") ? (column + 2 + 7) / 8 * 8 - column : span->text_length;
  if (span->kind != SKT_SPAN_TEXT)
    return span->text_length;
  if (g_utf8_next_char (text) != end)
    {
      g_assert_cmpuint (first, ==, 0x25CC);
      g_assert_cmpint (g_utf8_strlen (text, end - text), ==, 2);
      return 1;
    }
  if (g_unichar_iszerowidth (first))
    return span->cells & 1; /* 1 without a base */
  /* Wide in the sets of East Asia, narrow elsewhere: the tables of test-decode say which. */
  if (g_unichar_iswide_cjk (first) && !g_unichar_iswide (first))
    return CLAMP (span->cells, 1, 2);
  return g_unichar_iswide (first) ? 2 : 1;
}

static void
check_span_text (const SktSpan *span, const char *text)
{
  switch ((SktSpanKind) span->kind)
    {
    case SKT_SPAN_INVALID:
      g_assert_cmpuint (span->text_length, ==, 4 * (span->length + span->carried));
      g_assert_true (g_str_has_prefix (text, "\\x"));
      break;
    case SKT_SPAN_PART:
      g_assert_cmpuint (span->text_length, ==, 4 * span->length);
      break;
    case SKT_SPAN_CONTROL:
      g_assert_cmpuint (span->text_length, ==, text[1] == 'x' ? 4 : 2);
      g_assert_cmpint (text[0], ==, '\\');
      break;
    case SKT_SPAN_INVISIBLE:
      g_assert_true (g_str_has_prefix (text, "<U+"));
      g_assert_true (text[span->text_length - 1] == '>');
      break;
    case SKT_SPAN_TEXT:
      g_assert_cmpuint (span->text_length, >, 0);
      g_assert_true (g_unichar_isprint (g_utf8_get_char (text)) || g_unichar_ismark (g_utf8_get_char (text)));
      break;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
has_only_simple_text (const GString *text)
{
  for (const char *p = text->str; p < text->str + text->len; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c < 0x20 || c > 0x7E)
        return FALSE;
    }
  return TRUE;
}

static void
check_row (const SktDecoded *row, const SktCarry *carry, gsize length, gboolean is_last, GString *shown)
{
  gsize offset = 0;
  gsize text_offset = 0;
  gsize carried = 0;
  guint n_cells = 0;

  g_assert_true (g_utf8_validate_len (row->text->str, row->text->len, NULL));
  for (guint i = 0; i < row->spans->len; i++)
    {
      const SktSpan *span = &g_array_index (row->spans, SktSpan, i);
      const char *text = row->text->str + text_offset;

      g_assert_cmpuint (span->offset, ==, offset);
      g_assert_cmpuint (span->text_offset, ==, text_offset);
      g_assert_cmpuint (span->length + span->carried, >, 0);
      g_assert_cmpuint (span->cells, ==, get_cells (span, text, n_cells));
      g_assert_true (span->kind != SKT_SPAN_PART || (is_last && i + 1 == row->spans->len));
      check_span_text (span, text);
      if (shown != NULL && span->kind != SKT_SPAN_PART)
        g_string_append_len (shown, text, span->text_length);
      offset += span->length;
      text_offset += span->text_length;
      carried += span->carried;
      n_cells += span->cells;
    }
  g_assert_cmpuint (offset, ==, length);
  g_assert_cmpuint (text_offset, ==, row->text->len);
  g_assert_cmpuint (carried, ==, carry->length);
  g_assert_cmpuint (n_cells, ==, row->n_cells);
  g_assert_cmpint (row->is_simple, ==, has_only_simple_text (row->text));
}

void
check_piece (SktEncoding encoding,
             SktCarry *carry,
             const guint8 *bytes,
             gsize length,
             gsize max_bytes,
             GString *plain,
             GString *shown)
{
  SktDecoded row;

  skt_decoded_init (&row);
  while (length > 0)
    {
      SktCarry carry_in = *carry;
      SktCarry slow_carry = *carry;
      gsize n = skt_encoding_split_row (encoding, carry, bytes, length, max_bytes);

      g_assert_cmpuint (n, >=, 1);
      g_assert_cmpuint (n, ==, check_split_row_slowly (encoding, &slow_carry, bytes, length, max_bytes));
      g_assert_cmpmem (carry, sizeof *carry, &slow_carry, sizeof slow_carry);
      g_assert_true (carry->length == 0 || n == length);

      skt_decode_row (encoding, &carry_in, bytes, n, n == length, &row);
      check_row (&row, &carry_in, n, n == length, shown);
      if (plain != NULL)
        skt_decode_append_plain (encoding, &carry_in, bytes, n, n == length, plain);
      bytes += n;
      length -= n;
    }
  skt_decoded_clear (&row);
}

char *
check_without_marks (const GString *shown)
{
  GString *rest = g_string_new (NULL);

  for (const char *p = shown->str; p < shown->str + shown->len; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      char *end = NULL;

      if (c == 0x25CC || g_unichar_ismark (c) || g_unichar_iszerowidth (c))
        continue;
      if (g_str_has_prefix (p, "<U+"))
        {
          c = g_ascii_strtoull (p + 3, &end, 16);
          if (*end == '>' && (g_unichar_ismark (c) || g_unichar_iszerowidth (c)))
            {
              p = end;
              continue;
            }
        }
      g_string_append_len (rest, p, g_utf8_next_char (p) - p);
    }
  return g_string_free (rest, FALSE);
}
