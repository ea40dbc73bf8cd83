/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-pattern-private.h"

#include <string.h>

/* Which two bytes of a pattern to look for. */

/* About how often a byte is met, in ten thousandths, in a mixture of text and binary data. */
static guint
get_frequency (guint8 byte)
{
  static const char common[] = " etaoinsrhldcu0mf1p2gwyb3v";

  if (byte == 0x00)
    return 600;
  if (byte == 0xFF || byte == '\n')
    return 150;
  if (byte < 0x20 && byte != '\r')
    return 20;
  for (gsize i = 0; i < sizeof common - 1; i++)
    if (byte == (guint8) common[i])
      return 600 >> (i / 5);
  if (byte >= 0x80)
    return byte < 0xC0 ? 40 : byte >= 0xE3 && byte <= 0xE9 ? 60 : 20;
  if (g_ascii_isdigit (byte) || byte == '.' || byte == ',' || byte == '\r' || byte == '-' || byte == '/')
    return 90;
  return g_ascii_islower (byte) ? 25 : g_ascii_isupper (byte) ? 35 : 30;
}

static guint
get_probe_frequency (const SktProbe *probe)
{
  guint sum = 0;

  for (guint byte = 0; byte < 256; byte++)
    if ((byte & probe->masks[0]) == probe->values[0] || (byte & probe->masks[1]) == probe->values[1])
      sum += get_frequency (byte);
  return sum;
}

static SktProbe
make_probe (guint8 value, guint8 mask)
{
  return (SktProbe) { { mask, mask }, { value & mask, value & mask } };
}

/* A probe that all of the bytes pass, and few others: one byte by itself, the others by the bits they have in common. */
static SktProbe
make_probe_of (const guint8 *bytes, gsize n)
{
  SktProbe best = make_probe (0, 0);
  guint best_frequency = G_MAXUINT;

  for (gsize alone = 0; alone < n; alone++)
    {
      gsize any = alone == 0 && n > 1 ? 1 : 0;
      guint8 different = 0;
      SktProbe probe = make_probe (bytes[alone], 0xFF);
      guint frequency;

      for (gsize i = 0; i < n; i++)
        if (i != alone)
          different |= bytes[i] ^ bytes[any];
      probe.masks[1] = ~different;
      probe.values[1] = bytes[any] & ~different;
      frequency = get_probe_frequency (&probe);
      if (frequency < best_frequency)
        {
          best = probe;
          best_frequency = frequency;
        }
    }
  return best;
}

/* -- Candidates ---------------------------------------------------------------------------------------------- */

/* The two rarest bytes of a run, whose distances from each other are the same in all matches. */
typedef struct
{
  gboolean has_second;
  SktProbe probes[2];
  guint frequencies[2];
  gssize offsets[2];
} Pair;

static void
pair_take (Pair *self, gsize at, const SktProbe *probe, guint frequency, gssize offset)
{
  self->probes[at] = *probe;
  self->frequencies[at] = frequency;
  self->offsets[at] = offset;
}

static void
pair_offer (Pair *self, gboolean is_first_offer, SktProbe probe, gssize offset)
{
  guint frequency = get_probe_frequency (&probe);

  if (is_first_offer)
    {
      pair_take (self, 0, &probe, frequency, offset);
      self->has_second = FALSE;
    }
  else if (frequency < self->frequencies[0])
    {
      self->probes[1] = self->probes[0];
      self->frequencies[1] = self->frequencies[0];
      self->offsets[1] = self->offsets[0];
      self->has_second = TRUE;
      pair_take (self, 0, &probe, frequency, offset);
    }
  else if (!self->has_second || frequency < self->frequencies[1])
    {
      self->has_second = TRUE;
      pair_take (self, 1, &probe, frequency, offset);
    }
}

static guint64
pair_get_frequency (const Pair *self)
{
  return (guint64) self->frequencies[0] * (self->has_second ? self->frequencies[1] : 10000);
}

static gboolean
is_exact (const SktProbe *probe)
{
  return probe->masks[0] == 0xFF && probe->masks[1] == 0xFF && probe->values[0] == probe->values[1];
}

/* Returns the offset of the filter's first byte. */
static gssize
pair_get_filter (const Pair *self, SktFilter *ret_filter)
{
  gsize second = self->has_second ? 1 : 0;
  gsize low = self->offsets[second] < self->offsets[0] ? second : 0;
  gsize high = second - low;

  ret_filter->first = self->probes[low];
  ret_filter->second = self->probes[high];
  ret_filter->distance = self->offsets[high] - self->offsets[low];
  ret_filter->is_exact = is_exact (&ret_filter->first) && is_exact (&ret_filter->second);
  return self->offsets[low];
}

static void
choose_in_fixed_places (SktPattern *self)
{
  Pair pair;

  for (gsize i = 0; i < self->max_length; i++)
    pair_offer (&pair, i == 0, make_probe (self->values[i], self->masks != NULL ? self->masks[i] : 0xFF), i);
  self->anchor = pair_get_filter (&pair, &self->filter);
}

/* -- Characters in several spellings ------------------------------------------------------------------------- */

/* Byte `offset` of the spellings, counted from the end if it is less than 0. */
static SktProbe
make_spelled_probe (const SktPattern *self, const SktSpelled *spelled, gssize offset)
{
  guint8 bytes[256];
  gsize n = MIN (spelled->n, sizeof bytes);

  for (gsize i = 0; i < n; i++)
    {
      const SktSpelling *spelling = &g_array_index (self->spellings, SktSpelling, spelled->first + i);

      bytes[i] = spelling->bytes[offset < 0 ? spelling->length + offset : offset];
    }
  return make_probe_of (bytes, n);
}

static gboolean
is_end_of (const SktSpelling *a, const SktSpelling *b)
{
  return a->length < b->length && memcmp (a->bytes, b->bytes + b->length - a->length, a->length) == 0;
}

/* Whether the character can be recognized from its end. */
static gboolean
can_go_back (const SktPattern *self, const SktSpelled *spelled)
{
  const SktSpelling *spellings = &g_array_index (self->spellings, SktSpelling, spelled->first);

  for (guint i = 0; i < spelled->n; i++)
    for (guint j = 0; j < spelled->n; j++)
      if (is_end_of (&spellings[i], &spellings[j]))
        return FALSE;
  return TRUE;
}

/* The run from character `first` on, to the first byte of the first whose length varies. *ret_next: the one after. */
static Pair
choose_in_run (const SktPattern *self, gsize first, gsize *ret_next)
{
  const SktSpelled *characters = (const SktSpelled *) (void *) self->characters->data;
  gboolean is_first_offer = TRUE;
  gssize offset = 0;
  gsize i = first;
  Pair pair = { 0 };

  if (first > 0)
    {
      pair_offer (&pair, TRUE, make_spelled_probe (self, &characters[first - 1], -1), -1);
      is_first_offer = FALSE;
    }
  for (; i < self->characters->len; i++)
    {
      gsize n_fixed = characters[i].min_length == characters[i].max_length ? characters[i].max_length : 1;

      for (gsize k = 0; k < n_fixed; k++)
        {
          pair_offer (&pair, is_first_offer, make_spelled_probe (self, &characters[i], k), offset++);
          is_first_offer = FALSE;
        }
      if (characters[i].min_length != characters[i].max_length)
        break;
    }
  *ret_next = i + 1;
  return pair;
}

static void
choose_in_runs (SktPattern *self)
{
  const SktSpelled *characters = (const SktSpelled *) (void *) self->characters->data;
  gsize next = 0;
  Pair best;

  for (gsize first = 0; first < self->characters->len; first = next)
    {
      Pair pair = choose_in_run (self, first, &next);

      if (first == 0 || pair_get_frequency (&pair) < pair_get_frequency (&best))
        {
          best = pair;
          self->anchor_character = first;
        }
      if (next <= self->characters->len && !can_go_back (self, &characters[next - 1]))
        break;
    }
  self->anchor_offset = pair_get_filter (&best, &self->filter);
}

void
_skt_pattern_choose_filter (SktPattern *self)
{
  if (self->values != NULL)
    choose_in_fixed_places (self);
  else
    choose_in_runs (self);
}
