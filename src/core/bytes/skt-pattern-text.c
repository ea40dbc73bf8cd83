/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-pattern-private.h"

#include "skt-charmap-private.h"

#include <stdlib.h>
#include <string.h>

/* -- Case ---------------------------------------------------------------------------------------------------- */

typedef struct
{
  gunichar key;         /* what the characters have in common */
  gunichar c;
} Member;

/* Simple case folding: what is the same without case is mapped to the same. The Turkish letters are left out, as in
 * CaseFolding.txt: they would make “i” the same as “İ” and “ı”. */
static gunichar
fold (gunichar c)
{
  if (c == 0x0130 || c == 0x0131)
    return c;
  return g_unichar_tolower (g_unichar_toupper (c));
}

static int
compare_members (const void *a, const void *b)
{
  const Member *x = a;
  const Member *y = b;

  if (x->key != y->key)
    return x->key < y->key ? -1 : 1;
  return x->c < y->c ? -1 : x->c > y->c;
}

static GArray *
new_case_table (void)
{
  /* Where Unicode has letters with case. */
  static const gunichar ranges[][2] = {
    { 0x0041, 0x0587 }, { 0x10A0, 0x1FFF }, { 0x2100, 0x24FF }, { 0x2C00, 0x2DFF },
    { 0xA640, 0xABBF }, { 0xFF21, 0xFF5A }, { 0x10400, 0x10FFF }, { 0x11800, 0x118FF },
    { 0x16E00, 0x16EFF }, { 0x1E900, 0x1E9FF },
  };
  GArray *table = g_array_new (FALSE, FALSE, sizeof (Member));

  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    for (gunichar c = ranges[i][0]; c <= ranges[i][1]; c++)
      {
        gunichar key = fold (c);
        Member member = { key, c };

        if (key != c || g_unichar_toupper (c) != c)
          g_array_append_val (table, member);
      }
  g_array_sort (table, compare_members);
  return table;
}

/* The first place in a sorted table with that key or a greater one. */
static guint
find_members (const GArray *table, gunichar key)
{
  guint low = 0, high = table->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (table, Member, middle).key < key)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static const GArray *
get_case_table (void)
{
  static GArray *table;

  if (g_once_init_enter (&table))
    g_once_init_leave (&table, new_case_table ());
  return table;
}

/* -- Spellings ----------------------------------------------------------------------------------------------- */

/* Pairs of bytes that mean the same character as another pair: key is the character, c the pair. Shift_JIS has some
 * hundred of them. */
static GArray *
new_doubles (SktEncoding encoding)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Member));
  GArray *doubles = g_array_new (FALSE, FALSE, sizeof (Member));

  for (guint pair = 0x8000; pair <= 0xFFFF; pair++)
    {
      guint8 bytes[2] = { pair >> 8, pair & 0xFF };
      SktUnitKind kind;
      Member member = { SKT_NO_CHARACTER, pair };

      if (skt_encoding_next_unit (encoding, bytes, 2, &kind) == 2 && kind == SKT_UNIT_CHARACTER)
        member.key = _skt_charmap_get (encoding, bytes, 2);
      if (member.key != SKT_NO_CHARACTER)
        g_array_append_val (all, member);
    }
  g_array_sort (all, compare_members);
  for (guint i = 0; i < all->len; i++)
    {
      const Member *member = &g_array_index (all, Member, i);

      if ((i > 0 && member[-1].key == member->key) || (i + 1 < all->len && member[1].key == member->key))
        g_array_append_val (doubles, *member);
    }
  return doubles;
}

static const GArray *
get_doubles (SktEncoding encoding)
{
  static GArray *doubles[SKT_N_ENCODINGS];

  if (encoding < SKT_ENCODING_GB18030 || encoding > SKT_ENCODING_EUC_KR)
    return NULL;
  if (g_once_init_enter (&doubles[encoding]))
    g_once_init_leave (&doubles[encoding], new_doubles (encoding));
  return doubles[encoding];
}

static void
append_spelling (GArray *spellings, guint first, const guint8 *bytes, gsize length)
{
  SktSpelling spelling = { .length = length };

  g_assert (length >= 1 && length <= SKT_UNIT_MAX);
  memcpy (spelling.bytes, bytes, length);
  for (guint i = first; i < spellings->len; i++)
    if (memcmp (&g_array_index (spellings, SktSpelling, i), &spelling, sizeof spelling) == 0)
      return;
  g_array_append_val (spellings, spelling);
}

static void
append_spellings_of (GArray *spellings, guint first, SktEncoding encoding, gunichar c)
{
  const GArray *doubles = get_doubles (encoding);
  char text[8] = { 0 };
  g_autoptr (GBytes) bytes = NULL;

  g_unichar_to_utf8 (c, text);
  bytes = skt_encoding_encode (encoding, text, -1, NULL, NULL);
  if (bytes != NULL)
    {
      append_spelling (spellings, first, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      /* Shift_JIS reads some signs by another name than they may be typed. */
      c = _skt_charmap_get (encoding, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    }

  for (guint i = doubles != NULL ? find_members (doubles, c) : 0; doubles != NULL && i < doubles->len; i++)
    {
      const Member *member = &g_array_index (doubles, Member, i);
      guint8 pair[2] = { member->c >> 8, member->c & 0xFF };

      if (member->key != c)
        break;
      append_spelling (spellings, first, pair, 2);
    }
}

static void
append_character (SktPattern *self, gunichar c, gboolean match_case)
{
  SktSpelled spelled = { .first = self->spellings->len, .min_length = SKT_UNIT_MAX };

  append_spellings_of (self->spellings, spelled.first, self->encoding, c);
  if (!match_case)
    {
      const GArray *table = get_case_table ();
      gunichar key = fold (c);

      for (guint i = find_members (table, key); i < table->len; i++)
        {
          const Member *member = &g_array_index (table, Member, i);

          if (member->key != key)
            break;
          append_spellings_of (self->spellings, spelled.first, self->encoding, member->c);
        }
    }

  spelled.n = self->spellings->len - spelled.first;
  for (guint i = spelled.first; i < self->spellings->len; i++)
    {
      const SktSpelling *spelling = &g_array_index (self->spellings, SktSpelling, i);

      spelled.min_length = MIN (spelled.min_length, spelling->length);
      spelled.max_length = MAX (spelled.max_length, spelling->length);
    }
  self->min_length += spelled.min_length;
  self->max_length += spelled.max_length;
  g_array_append_val (self->characters, spelled);
}

/* -- Fixed places -------------------------------------------------------------------------------------------- */

/* One spelling, or two that differ in one bit, as “é” and “É” do. */
static gboolean
append_masked (const SktPattern *self, const SktSpelled *spelled, GByteArray *values, GByteArray *masks)
{
  const SktSpelling *a = &g_array_index (self->spellings, SktSpelling, spelled->first);
  const SktSpelling *b = spelled->n == 2 ? a + 1 : a;
  guint n_different = 0;

  if (spelled->n > 2 || a->length != b->length)
    return FALSE;
  for (gsize i = 0; i < a->length; i++)
    {
      guint8 different = a->bytes[i] ^ b->bytes[i];
      guint8 mask = ~different;
      guint8 value = a->bytes[i] & mask;

      n_different += different != 0;
      if ((different & (different - 1)) != 0 || n_different > 1)
        return FALSE;
      g_byte_array_append (values, &value, 1);
      g_byte_array_append (masks, &mask, 1);
    }
  return TRUE;
}

static void
try_fixed_places (SktPattern *self)
{
  g_autoptr (GByteArray) values = g_byte_array_new ();
  g_autoptr (GByteArray) masks = g_byte_array_new ();
  gboolean is_exact = TRUE;

  for (guint i = 0; i < self->characters->len; i++)
    if (!append_masked (self, &g_array_index (self->characters, SktSpelled, i), values, masks))
      return;
  for (guint i = 0; i < masks->len; i++)
    is_exact = is_exact && masks->data[i] == 0xFF;
  self->values = g_byte_array_free (g_steal_pointer (&values), FALSE);
  if (!is_exact)
    self->masks = g_byte_array_free (g_steal_pointer (&masks), FALSE);
}

/* -- All ----------------------------------------------------------------------------------------------------- */

static gboolean
have_spelling_in_common (const SktPattern *self, const SktSpelled *a, const SktSpelled *b)
{
  for (guint i = 0; i < a->n; i++)
    for (guint j = 0; j < b->n; j++)
      if (memcmp (&g_array_index (self->spellings, SktSpelling, a->first + i),
                  &g_array_index (self->spellings, SktSpelling, b->first + j), sizeof (SktSpelling)) == 0)
        return TRUE;
  return FALSE;
}

/* Whether the end of the text is like its beginning. */
static gboolean
overlaps_itself (const SktPattern *self)
{
  const SktSpelled *characters = (const SktSpelled *) (void *) self->characters->data;
  guint n = self->characters->len;

  for (guint shift = 1; shift < n; shift++)
    {
      guint i = 0;

      while (i + shift < n && have_spelling_in_common (self, &characters[i], &characters[i + shift]))
        i++;
      if (i + shift == n)
        return TRUE;
    }
  return FALSE;
}

gboolean
_skt_pattern_set_text (SktPattern *self, const char *text, gboolean match_case, gsize *ret_position, GError **error)
{
  g_autoptr (GBytes) bytes = skt_encoding_encode (self->encoding, text, -1, ret_position, error);

  if (bytes == NULL)
    return FALSE;

  self->spellings = g_array_new (FALSE, FALSE, sizeof (SktSpelling));
  self->characters = g_array_new (FALSE, FALSE, sizeof (SktSpelled));
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    append_character (self, g_utf8_get_char (p), match_case);
  self->needs_borders = self->encoding != SKT_ENCODING_UTF_8
                        && (self->encoding <= SKT_ENCODING_EUC_KR || self->encoding >= SKT_ENCODING_UTF_16LE);
  self->may_overlap = overlaps_itself (self);
  try_fixed_places (self);
  return TRUE;
}
