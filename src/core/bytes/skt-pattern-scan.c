/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-pattern-private.h"

#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

/* The inner loop of searching: two bytes of the pattern are looked for in all places at once. Two that were chosen well
 * leave so few places that the rest need not be fast. */

static inline gboolean
probe_matches (const SktProbe *probe, guint8 byte)
{
  return (byte & probe->masks[0]) == probe->values[0] || (byte & probe->masks[1]) == probe->values[1];
}

/* -- Portable ------------------------------------------------------------------------------------------------ */

static gsize
seek_slowly (const SktFilter *self, const guint8 *bytes, gsize from, gsize to)
{
  for (gsize i = from; i < to; i++)
    if (probe_matches (&self->first, bytes[i]) && probe_matches (&self->second, bytes[i + self->distance]))
      return i;
  return to;
}

static gsize
seek_portable (const SktFilter *self, const guint8 *bytes, gsize from, gsize to)
{
  guint8 second = self->second.values[0];

  if (!self->is_exact)
    return seek_slowly (self, bytes, from, to);
  while (from < to)
    {
      const guint8 *found = memchr (bytes + from, self->first.values[0], to - from);

      if (found == NULL)
        return to;
      if (found[self->distance] == second)
        return found - bytes;
      from = found - bytes + 1;
    }
  return to;
}

#ifdef __x86_64__

/* -- 16 at a time: every processor of this kind -------------------------------------------------------------- */

static inline __m128i
load_16 (const guint8 *bytes)
{
  return _mm_loadu_si128 ((const __m128i_u *) bytes);
}

static inline __m128i
compare_16 (const SktProbe *probe, __m128i bytes)
{
  __m128i a = _mm_and_si128 (bytes, _mm_set1_epi8 (probe->masks[0]));
  __m128i b = _mm_and_si128 (bytes, _mm_set1_epi8 (probe->masks[1]));

  return _mm_or_si128 (_mm_cmpeq_epi8 (a, _mm_set1_epi8 (probe->values[0])),
                       _mm_cmpeq_epi8 (b, _mm_set1_epi8 (probe->values[1])));
}

static gsize
seek_exact_sse2 (const SktFilter *self, const guint8 *bytes, gsize from, gsize to)
{
  const guint8 *ahead = bytes + self->distance;
  const __m128i first = _mm_set1_epi8 (self->first.values[0]);
  const __m128i second = _mm_set1_epi8 (self->second.values[0]);
  gsize i = from;

  for (; i + 32 <= to; i += 32)
    {
      __m128i low = _mm_and_si128 (_mm_cmpeq_epi8 (load_16 (bytes + i), first),
                                   _mm_cmpeq_epi8 (load_16 (ahead + i), second));
      __m128i high = _mm_and_si128 (_mm_cmpeq_epi8 (load_16 (bytes + i + 16), first),
                                    _mm_cmpeq_epi8 (load_16 (ahead + i + 16), second));
      guint32 found = (guint32) _mm_movemask_epi8 (low) | (guint32) _mm_movemask_epi8 (high) << 16;

      if (found != 0)
        return i + __builtin_ctz (found);
    }
  return seek_slowly (self, bytes, i, to);
}

static gsize
seek_masked_sse2 (const SktFilter *self, const guint8 *bytes, gsize from, gsize to)
{
  const guint8 *ahead = bytes + self->distance;
  gsize i = from;

  for (; i + 16 <= to; i += 16)
    {
      guint32 found = _mm_movemask_epi8 (_mm_and_si128 (compare_16 (&self->first, load_16 (bytes + i)),
                                                        compare_16 (&self->second, load_16 (ahead + i))));

      if (found != 0)
        return i + __builtin_ctz (found);
    }
  return seek_slowly (self, bytes, i, to);
}

/* -- 32 at a time -------------------------------------------------------------------------------------------- */

#define AVX2 __attribute__ ((target ("avx2")))

AVX2 static inline __m256i
load_32 (const guint8 *bytes)
{
  return _mm256_loadu_si256 ((const __m256i_u *) bytes);
}

typedef struct
{
  __m256i masks[2];
  __m256i values[2];
} WideProbe;

AVX2 static inline void
widen (const SktProbe *probe, WideProbe *ret_probe)
{
  for (gsize i = 0; i < 2; i++)
    {
      ret_probe->masks[i] = _mm256_set1_epi8 (probe->masks[i]);
      ret_probe->values[i] = _mm256_set1_epi8 (probe->values[i]);
    }
}

AVX2 static inline __m256i
compare_32 (const WideProbe *probe, __m256i bytes)
{
  return _mm256_or_si256 (_mm256_cmpeq_epi8 (_mm256_and_si256 (bytes, probe->masks[0]), probe->values[0]),
                          _mm256_cmpeq_epi8 (_mm256_and_si256 (bytes, probe->masks[1]), probe->values[1]));
}

AVX2 static inline __m256i
compare_exact_32 (const guint8 *bytes, const guint8 *ahead, __m256i first, __m256i second)
{
  return _mm256_and_si256 (_mm256_cmpeq_epi8 (load_32 (bytes), first), _mm256_cmpeq_epi8 (load_32 (ahead), second));
}

AVX2 static inline gsize
first_of_64 (__m256i low, __m256i high)
{
  guint64 found = (guint32) _mm256_movemask_epi8 (low) | (guint64) (guint32) _mm256_movemask_epi8 (high) << 32;

  return __builtin_ctzll (found);
}

AVX2 static gsize
seek_exact_avx2 (const SktFilter *self, const guint8 *bytes, gsize from, gsize to)
{
  const guint8 *ahead = bytes + self->distance;
  const __m256i first = _mm256_set1_epi8 (self->first.values[0]);
  const __m256i second = _mm256_set1_epi8 (self->second.values[0]);
  gsize i = from;

  for (; i + 128 <= to; i += 128)
    {
      __m256i a = compare_exact_32 (bytes + i, ahead + i, first, second);
      __m256i b = compare_exact_32 (bytes + i + 32, ahead + i + 32, first, second);
      __m256i c = compare_exact_32 (bytes + i + 64, ahead + i + 64, first, second);
      __m256i d = compare_exact_32 (bytes + i + 96, ahead + i + 96, first, second);
      __m256i ab = _mm256_or_si256 (a, b);
      __m256i all = _mm256_or_si256 (ab, _mm256_or_si256 (c, d));

      if (_mm256_testz_si256 (all, all))
        continue;
      return _mm256_testz_si256 (ab, ab) ? i + 64 + first_of_64 (c, d) : i + first_of_64 (a, b);
    }
  return seek_exact_sse2 (self, bytes, i, to);
}

AVX2 static gsize
seek_masked_avx2 (const SktFilter *self, const guint8 *bytes, gsize from, gsize to)
{
  const guint8 *ahead = bytes + self->distance;
  WideProbe first, second;
  gsize i = from;

  widen (&self->first, &first);
  widen (&self->second, &second);
  for (; i + 64 <= to; i += 64)
    {
      __m256i low = _mm256_and_si256 (compare_32 (&first, load_32 (bytes + i)),
                                      compare_32 (&second, load_32 (ahead + i)));
      __m256i high = _mm256_and_si256 (compare_32 (&first, load_32 (bytes + i + 32)),
                                       compare_32 (&second, load_32 (ahead + i + 32)));
      __m256i both = _mm256_or_si256 (low, high);

      if (!_mm256_testz_si256 (both, both))
        return i + first_of_64 (low, high);
    }
  return seek_masked_sse2 (self, bytes, i, to);
}

static gboolean
has_avx2 (void)
{
  return __builtin_cpu_supports ("avx2") != 0;
}

gboolean
_skt_filter_seek_with (SktScan scan,
                       const SktFilter *self,
                       const guint8 *bytes,
                       gsize from,
                       gsize to,
                       gsize *ret_place)
{
  if (scan == SKT_SCAN_AVX2 && !has_avx2 ())
    return FALSE;
  if (scan == SKT_SCAN_AVX2)
    *ret_place = (self->is_exact ? seek_exact_avx2 : seek_masked_avx2) (self, bytes, from, to);
  else if (scan == SKT_SCAN_SSE2)
    *ret_place = (self->is_exact ? seek_exact_sse2 : seek_masked_sse2) (self, bytes, from, to);
  else
    *ret_place = seek_portable (self, bytes, from, to);
  return TRUE;
}

gsize
_skt_filter_seek (const SktFilter *self, const guint8 *bytes, gsize from, gsize to)
{
  gsize place = to;

  _skt_filter_seek_with (has_avx2 () ? SKT_SCAN_AVX2 : SKT_SCAN_SSE2, self, bytes, from, to, &place);
  return place;
}

#else

gboolean
_skt_filter_seek_with (SktScan scan,
                       const SktFilter *self,
                       const guint8 *bytes,
                       gsize from,
                       gsize to,
                       gsize *ret_place)
{
  if (scan != SKT_SCAN_PORTABLE)
    return FALSE;
  *ret_place = seek_portable (self, bytes, from, to);
  return TRUE;
}

gsize
_skt_filter_seek (const SktFilter *self, const guint8 *bytes, gsize from, gsize to)
{
  return seek_portable (self, bytes, from, to);
}

#endif
