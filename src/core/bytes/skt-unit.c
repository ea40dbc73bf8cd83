/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-unit-private.h"

#include <string.h>

/* Where characters begin and end. One function for each family of encodings says what is at the start of some
 * bytes, and one finds, near a given place, a border that is certain without walking from the row's start. The rest
 * is common to all. */

typedef gsize (*NextUnitFunc) (const guint8 *bytes, gsize length, SktUnitKind *ret_kind);

/* A unit border at or before `end`, found by looking back from there, not before `start` (which is one). */
typedef gsize (*FindBorderFunc) (const guint8 *bytes, gsize start, gsize end);

static inline gboolean
is_in (guint8 byte, guint8 first, guint8 last)
{
  return byte >= first && byte <= last;
}

static inline gsize
give (gsize length, SktUnitKind kind, SktUnitKind *ret_kind)
{
  *ret_kind = kind;
  return length;
}

/* -- Single bytes -------------------------------------------------------------------------------------------- */

static gsize
next_single (const guint8 *bytes, gsize length, SktUnitKind *ret_kind)
{
  return give (1, SKT_UNIT_CHARACTER, ret_kind);
}

static gsize
next_ascii (const guint8 *bytes, gsize length, SktUnitKind *ret_kind)
{
  return give (1, bytes[0] < 0x80 ? SKT_UNIT_CHARACTER : SKT_UNIT_INVALID, ret_kind);
}

static gsize
find_border_single (const guint8 *bytes, gsize start, gsize end)
{
  return end;
}

/* -- UTF-8 --------------------------------------------------------------------------------------------------- */

/* Unicode, table 3-7: the second byte's range depends on the first; what follows is 80..BF. */
static gsize
utf8_sequence_length (guint8 lead, guint8 *ret_low, guint8 *ret_high)
{
  *ret_low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  *ret_high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (is_in (lead, 0xC2, 0xDF))
    return 2;
  if (is_in (lead, 0xE0, 0xEF))
    return 3;
  if (is_in (lead, 0xF0, 0xF4))
    return 4;
  return 1;
}

static gsize
next_utf8 (const guint8 *bytes, gsize length, SktUnitKind *ret_kind)
{
  guint8 low, high;
  gsize wanted;
  gsize n = 1;

  if (bytes[0] < 0x80)
    return give (1, SKT_UNIT_CHARACTER, ret_kind);

  wanted = utf8_sequence_length (bytes[0], &low, &high);
  if (wanted == 1)
    return give (1, SKT_UNIT_INVALID, ret_kind);
  for (; n < wanted; n++, low = 0x80, high = 0xBF)
    {
      if (n == length)
        return give (n, SKT_UNIT_INCOMPLETE, ret_kind);
      if (!is_in (bytes[n], low, high))
        return give (n, SKT_UNIT_INVALID, ret_kind);
    }
  return give (n, SKT_UNIT_CHARACTER, ret_kind);
}

/* A byte outside 80..BF always begins a unit, and one that reaches `end` begins at most three bytes before. */
static gsize
find_border_utf8 (const guint8 *bytes, gsize start, gsize end)
{
  for (gsize i = end; i > start && end - i < SKT_UNIT_MAX - 1; i--)
    {
      if (bytes[i - 1] < 0x80)
        return i;
      if (bytes[i - 1] >= 0xC0)
        return i - 1;
    }
  return end;
}

/* -- UTF-16 -------------------------------------------------------------------------------------------------- */

static inline gboolean
is_high_surrogate (guint8 upper_byte)
{
  return is_in (upper_byte, 0xD8, 0xDB);
}

static inline gboolean
is_low_surrogate (guint8 upper_byte)
{
  return is_in (upper_byte, 0xDC, 0xDF);
}

/* `upper`: where in a pair of bytes the one is that tells surrogates. */
static inline gsize
next_utf16 (const guint8 *bytes, gsize length, gsize upper, SktUnitKind *ret_kind)
{
  if (length < 2)
    return give (1, SKT_UNIT_INCOMPLETE, ret_kind);
  if (is_low_surrogate (bytes[upper]))
    return give (2, SKT_UNIT_INVALID, ret_kind);
  if (!is_high_surrogate (bytes[upper]))
    return give (2, SKT_UNIT_CHARACTER, ret_kind);
  if (length > 2 + upper && !is_low_surrogate (bytes[2 + upper]))
    return give (2, SKT_UNIT_INVALID, ret_kind);
  if (length < 4)
    return give (length, SKT_UNIT_INCOMPLETE, ret_kind);
  return give (4, SKT_UNIT_CHARACTER, ret_kind);
}

static gsize
next_utf16le (const guint8 *bytes, gsize length, SktUnitKind *ret_kind)
{
  return next_utf16 (bytes, length, 1, ret_kind);
}

static gsize
next_utf16be (const guint8 *bytes, gsize length, SktUnitKind *ret_kind)
{
  return next_utf16 (bytes, length, 0, ret_kind);
}

/* A high surrogate is always the first half of its unit, if it has another half at all. */
static inline gsize
find_border_utf16 (const guint8 *bytes, gsize start, gsize end, gsize upper)
{
  gsize border = end - ((end - start) & 1);

  if (border - start >= 2 && is_high_surrogate (bytes[border - 2 + upper]))
    border -= 2;
  return border;
}

static gsize
find_border_utf16le (const guint8 *bytes, gsize start, gsize end)
{
  return find_border_utf16 (bytes, start, end, 1);
}

static gsize
find_border_utf16be (const guint8 *bytes, gsize start, gsize end)
{
  return find_border_utf16 (bytes, start, end, 0);
}

/* -- Lead and trail bytes ------------------------------------------------------------------------------------ */

typedef gboolean (*ByteTest) (guint8 byte);

static inline gsize
next_of_two (const guint8 *bytes,
             gsize length,
             ByteTest is_single,
             ByteTest is_lead,
             ByteTest is_trail,
             SktUnitKind *ret_kind)
{
  if (!is_lead (bytes[0]))
    return give (1, is_single (bytes[0]) ? SKT_UNIT_CHARACTER : SKT_UNIT_INVALID, ret_kind);
  if (length < 2)
    return give (1, SKT_UNIT_INCOMPLETE, ret_kind);
  if (!is_trail (bytes[1]))
    return give (1, SKT_UNIT_INVALID, ret_kind);
  return give (2, SKT_UNIT_CHARACTER, ret_kind);
}

/* A byte that can't lead is the last of its unit, whether alone or as a trail byte. */
static inline gsize
find_border_after_non_lead (const guint8 *bytes, gsize start, gsize end, ByteTest is_lead)
{
  while (end > start && is_lead (bytes[end - 1]))
    end--;
  return end;
}

static inline gboolean
is_ascii (guint8 byte)
{
  return byte < 0x80;
}

static inline gboolean
is_81_to_fe (guint8 byte)
{
  return is_in (byte, 0x81, 0xFE);
}

/* Code page 936 has the euro sign at 80. */
static inline gboolean
is_gbk_single (guint8 byte)
{
  return byte <= 0x80;
}

static inline gboolean
is_gbk_trail (guint8 byte)
{
  return is_in (byte, 0x40, 0x7E) || is_in (byte, 0x80, 0xFE);
}

static gsize
next_gbk (const guint8 *bytes, gsize length, SktUnitKind *ret_kind)
{
  return next_of_two (bytes, length, is_gbk_single, is_81_to_fe, is_gbk_trail, ret_kind);
}

static inline gboolean
is_big5_trail (guint8 byte)
{
  return is_in (byte, 0x40, 0x7E) || is_in (byte, 0xA1, 0xFE);
}

static gsize
next_big5 (const guint8 *bytes, gsize length, SktUnitKind *ret_kind)
{
  return next_of_two (bytes, length, is_ascii, is_81_to_fe, is_big5_trail, ret_kind);
}

static inline gboolean
is_uhc_trail (guint8 byte)
{
  return is_in (byte, 0x41, 0x5A) || is_in (byte, 0x61, 0x7A) || is_81_to_fe (byte);
}

static gsize
next_euc_kr (const guint8 *bytes, gsize length, SktUnitKind *ret_kind)
{
  return next_of_two (bytes, length, is_ascii, is_81_to_fe, is_uhc_trail, ret_kind);
}

static gsize
find_border_81_to_fe (const guint8 *bytes, gsize start, gsize end)
{
  return find_border_after_non_lead (bytes, start, end, is_81_to_fe);
}

static inline gboolean
is_shift_jis_single (guint8 byte)
{
  return byte < 0x80 || is_in (byte, 0xA1, 0xDF);
}

static inline gboolean
is_shift_jis_lead (guint8 byte)
{
  return is_in (byte, 0x81, 0x9F) || is_in (byte, 0xE0, 0xFC);
}

static inline gboolean
is_shift_jis_trail (guint8 byte)
{
  return is_in (byte, 0x40, 0x7E) || is_in (byte, 0x80, 0xFC);
}

static gsize
next_shift_jis (const guint8 *bytes, gsize length, SktUnitKind *ret_kind)
{
  return next_of_two (bytes, length, is_shift_jis_single, is_shift_jis_lead, is_shift_jis_trail, ret_kind);
}

static gsize
find_border_shift_jis (const guint8 *bytes, gsize start, gsize end)
{
  return find_border_after_non_lead (bytes, start, end, is_shift_jis_lead);
}

static inline gboolean
is_euc_jp_lead (guint8 byte)
{
  return byte == 0x8E || byte == 0x8F || is_in (byte, 0xA1, 0xFE);
}

static gsize
next_euc_jp (const guint8 *bytes, gsize length, SktUnitKind *ret_kind)
{
  gsize wanted = bytes[0] == 0x8F ? 3 : 2;
  guint8 high = bytes[0] == 0x8E ? 0xDF : 0xFE;

  if (!is_euc_jp_lead (bytes[0]))
    return give (1, is_ascii (bytes[0]) ? SKT_UNIT_CHARACTER : SKT_UNIT_INVALID, ret_kind);
  for (gsize n = 1; n < wanted; n++)
    {
      if (n == length)
        return give (n, SKT_UNIT_INCOMPLETE, ret_kind);
      if (!is_in (bytes[n], 0xA1, high))
        return give (1, SKT_UNIT_INVALID, ret_kind);
    }
  return give (wanted, SKT_UNIT_CHARACTER, ret_kind);
}

/* Bytes that can't lead can't be inside a unit of three either. */
static gsize
find_border_euc_jp (const guint8 *bytes, gsize start, gsize end)
{
  return find_border_after_non_lead (bytes, start, end, is_euc_jp_lead);
}

/* -- GB18030: one, two or four bytes ------------------------------------------------------------------------- */

static inline gboolean
is_digit (guint8 byte)
{
  return is_in (byte, 0x30, 0x39);
}

static gsize
next_gb18030 (const guint8 *bytes, gsize length, SktUnitKind *ret_kind)
{
  if (!is_81_to_fe (bytes[0]))
    return give (1, is_ascii (bytes[0]) ? SKT_UNIT_CHARACTER : SKT_UNIT_INVALID, ret_kind);
  if (length < 2)
    return give (1, SKT_UNIT_INCOMPLETE, ret_kind);
  if (is_gbk_trail (bytes[1]))
    return give (2, SKT_UNIT_CHARACTER, ret_kind);
  if (!is_digit (bytes[1]) || (length > 2 && !is_81_to_fe (bytes[2])) || (length > 3 && !is_digit (bytes[3])))
    return give (1, SKT_UNIT_INVALID, ret_kind);
  if (length < 4)
    return give (length, SKT_UNIT_INCOMPLETE, ret_kind);
  return give (4, SKT_UNIT_CHARACTER, ret_kind);
}

/* Here a digit may also be in the middle of a unit, but only after a byte that can lead. */
static gsize
find_border_gb18030 (const guint8 *bytes, gsize start, gsize end)
{
  for (; end > start; end--)
    {
      if (is_81_to_fe (bytes[end - 1]))
        continue;
      if (!is_digit (bytes[end - 1]) || end - 1 == start || !is_81_to_fe (bytes[end - 2]))
        break;
    }
  return end;
}

/* -- All encodings ------------------------------------------------------------------------------------------- */

static const struct
{
  NextUnitFunc next_unit;
  FindBorderFunc find_border;
} families[SKT_N_ENCODINGS] = {
  [SKT_ENCODING_UTF_8] = { next_utf8, find_border_utf8 },
  [SKT_ENCODING_GB18030] = { next_gb18030, find_border_gb18030 },
  [SKT_ENCODING_GBK] = { next_gbk, find_border_81_to_fe },
  [SKT_ENCODING_BIG5] = { next_big5, find_border_81_to_fe },
  [SKT_ENCODING_SHIFT_JIS] = { next_shift_jis, find_border_shift_jis },
  [SKT_ENCODING_EUC_JP] = { next_euc_jp, find_border_euc_jp },
  [SKT_ENCODING_EUC_KR] = { next_euc_kr, find_border_81_to_fe },
  [SKT_ENCODING_ASCII] = { next_ascii, find_border_single },
  [SKT_ENCODING_ISO_8859_1] = { next_single, find_border_single },
  [SKT_ENCODING_ISO_8859_15] = { next_single, find_border_single },
  [SKT_ENCODING_WINDOWS_1252] = { next_single, find_border_single },
  [SKT_ENCODING_WINDOWS_1251] = { next_single, find_border_single },
  [SKT_ENCODING_KOI8_R] = { next_single, find_border_single },
  [SKT_ENCODING_UTF_16LE] = { next_utf16le, find_border_utf16le },
  [SKT_ENCODING_UTF_16BE] = { next_utf16be, find_border_utf16be },
};

static gboolean
is_utf16 (SktEncoding encoding)
{
  return encoding == SKT_ENCODING_UTF_16LE || encoding == SKT_ENCODING_UTF_16BE;
}

gsize
skt_encoding_next_unit (SktEncoding encoding, const guint8 *bytes, gsize length, SktUnitKind *ret_kind)
{
  g_return_val_if_fail ((guint) encoding < SKT_N_ENCODINGS, 1);
  g_return_val_if_fail (bytes != NULL && length >= 1 && ret_kind != NULL, 1);

  return families[encoding].next_unit (bytes, length, ret_kind);
}

gsize
skt_encoding_find_border (SktEncoding encoding, const guint8 *bytes, gsize length, gsize border, gsize target)
{
  gsize p;

  g_return_val_if_fail ((guint) encoding < SKT_N_ENCODINGS, target);
  g_return_val_if_fail (bytes != NULL || length == 0, target);
  g_return_val_if_fail (border <= target && target <= length, target);

  p = families[encoding].find_border (bytes, border, target);
  while (p < target)
    {
      SktUnitKind kind;
      gsize n = families[encoding].next_unit (bytes + p, length - p, &kind);

      if (p + n > target || kind == SKT_UNIT_INCOMPLETE)
        break;
      p += n;
    }
  return p;
}

void
_skt_unit_walk_init (SktUnitWalk *self,
                     SktEncoding encoding,
                     const SktCarry *carry,
                     const guint8 *bytes,
                     gsize length,
                     gboolean is_last)
{
  gsize n = MIN (length, SKT_UNIT_MAX - 1);

  self->encoding = encoding;
  self->is_last = is_last;
  self->bytes = bytes;
  self->length = length;
  self->offset = 0;
  self->carry_length = carry != NULL ? MIN (carry->length, SKT_CARRY_MAX) : 0;
  self->head_length = 0;
  self->head_offset = 0;
  if (self->carry_length == 0)
    return;

  memcpy (self->head, carry->bytes, self->carry_length);
  if (n > 0)
    memcpy (self->head + self->carry_length, bytes, n);
  self->head_length = self->carry_length + n;
}

/* A row in the middle of a piece ends at a unit border: what looks begun there was found invalid by what follows. */
static inline gsize
next_in_walk (SktUnitWalk *self, const guint8 *bytes, gsize length, SktUnitKind *ret_kind)
{
  gsize n = families[self->encoding].next_unit (bytes, length, ret_kind);

  if (*ret_kind != SKT_UNIT_INCOMPLETE || self->is_last)
    return n;

  *ret_kind = SKT_UNIT_INVALID;
  if (self->encoding == SKT_ENCODING_UTF_8)
    return n;
  return is_utf16 (self->encoding) ? MIN (n, 2) : 1;
}

static void
next_in_head (SktUnitWalk *self, SktUnit *ret_unit)
{
  const guint8 *bytes = self->head + self->head_offset;
  gsize n = next_in_walk (self, bytes, self->head_length - self->head_offset, &ret_unit->kind);

  ret_unit->bytes = bytes;
  ret_unit->n_bytes = n;
  ret_unit->carried = MIN (n, (gsize) (self->carry_length - self->head_offset));
  ret_unit->length = n - ret_unit->carried;
  ret_unit->offset = 0;
  self->head_offset += n;
  self->offset = ret_unit->length;
}

gboolean
_skt_unit_walk_next (SktUnitWalk *self, SktUnit *ret_unit)
{
  gsize n;

  if (self->head_offset < self->carry_length)
    {
      next_in_head (self, ret_unit);
      return TRUE;
    }
  if (self->offset >= self->length)
    return FALSE;

  ret_unit->bytes = self->bytes + self->offset;
  n = next_in_walk (self, ret_unit->bytes, self->length - self->offset, &ret_unit->kind);
  ret_unit->n_bytes = n;
  ret_unit->carried = 0;
  ret_unit->length = n;
  ret_unit->offset = self->offset;
  self->offset += n;
  return TRUE;
}

static void
set_carry (SktCarry *carry, const guint8 *bytes, gsize length)
{
  SktCarry begun = { .length = length };

  g_assert (length <= SKT_CARRY_MAX);
  memcpy (begun.bytes, bytes, length);
  *carry = begun;
}

static gboolean
is_utf16_line_feed (SktEncoding encoding, const guint8 *bytes)
{
  gboolean is_little = encoding == SKT_ENCODING_UTF_16LE;

  return bytes[is_little ? 0 : 1] == 0x0A && bytes[is_little ? 1 : 0] == 0x00;
}

/* Just after the first line feed in [start, end), or 0. No encoding here but UTF-16 has 0A inside a unit. */
static gsize
find_line_end (SktEncoding encoding, const guint8 *bytes, gsize start, gsize end)
{
  if (is_utf16 (encoding))
    end -= (end - start) & 1;

  for (gsize from = start; from < end;)
    {
      const guint8 *found = memchr (bytes + from, 0x0A, end - from);
      gsize pair;

      if (found == NULL)
        return 0;
      if (!is_utf16 (encoding))
        return found - bytes + 1;

      pair = (found - bytes) - ((found - bytes - start) & 1);
      if (is_utf16_line_feed (encoding, bytes + pair))
        return pair + 2;
      from = found - bytes + 1;
    }
  return 0;
}

/* Walks the units that begin in the carry. Returns TRUE if the row ends with them; in any case how many bytes of
 * the row they take is in *ret_taken, and the carry is used up or what is begun now. */
static gboolean
take_carry (SktEncoding encoding, SktCarry *carry, const guint8 *bytes, gsize length, gsize *ret_taken)
{
  SktUnitWalk walk;
  SktUnit unit;
  SktCarry begun = { 0 };
  gboolean is_end = FALSE;

  _skt_unit_walk_init (&walk, encoding, carry, bytes, length, TRUE);
  while (walk.head_offset < walk.carry_length && _skt_unit_walk_next (&walk, &unit))
    {
      if (unit.kind == SKT_UNIT_INCOMPLETE)
        set_carry (&begun, unit.bytes, unit.n_bytes);
      else if (unit.length > 0 && is_utf16 (encoding))
        is_end = unit.n_bytes == 2 && is_utf16_line_feed (encoding, unit.bytes);
    }
  *carry = begun;
  *ret_taken = walk.offset;
  return is_end || walk.offset == length;
}

/* Whether the unit has more bytes than there is room for, as far as one byte more can tell: so that the answer stays the same whatever comes
 * after that. What is a lone byte in the end may have looked like the first of four. */
static gboolean
is_longer (SktEncoding encoding, const guint8 *bytes, gsize length, gsize room)
{
  SktUnitKind kind;

  return length > 0 && families[encoding].next_unit (bytes, MIN (length, room + 1), &kind) > room;
}

/* The row has no line feed: it ends at the last border at or before `end`, or at `length` if that is `end`. `start`
 * is a border; the units before it are taken already. */
static gsize
find_row_end (SktEncoding encoding, SktCarry *carry, const guint8 *bytes, gsize start, gsize length, gsize end)
{
  gsize border = families[encoding].find_border (bytes, start, end);

  while (border < end)
    {
      SktUnitKind kind;
      gsize n;

      if (border > 0 && is_longer (encoding, bytes + border, length - border, end - border))
        break;
      n = families[encoding].next_unit (bytes + border, length - border, &kind);
      if (kind == SKT_UNIT_INCOMPLETE)
        set_carry (carry, bytes + border, n);
      border += n;
    }
  return border;
}

gsize
skt_encoding_split_row (SktEncoding encoding, SktCarry *carry, const guint8 *bytes, gsize length, gsize max_bytes)
{
  gsize start = 0;
  gsize end = MIN (length, MAX (max_bytes, 1));
  gsize line_end;

  g_return_val_if_fail ((guint) encoding < SKT_N_ENCODINGS, length);
  g_return_val_if_fail (carry != NULL && bytes != NULL && length >= 1, length);

  if (carry->length > 0 && take_carry (encoding, carry, bytes, length, &start))
    return start;
  if (start >= end)
    return start;

  line_end = find_line_end (encoding, bytes, start, end);
  if (line_end > 0)
    return line_end;
  return find_row_end (encoding, carry, bytes, start, length, end);
}
