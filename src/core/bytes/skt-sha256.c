/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-sha256.h"

#include <string.h>

#define BLOCK 64

struct _SktSha256
{
  GChecksum *slow;      /* NULL: the rest is used */
  guint32 state[8];
  guint64 length;       /* bytes so far */
  guint8 rest[BLOCK];   /* length % BLOCK of them */
};

#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>

static const guint32 constants[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
  0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
  0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
  0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
  0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
  0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static gboolean
has_instructions (void)
{
  unsigned int a, b, c, d;

  return __builtin_cpu_supports ("sse4.1") && __builtin_cpu_supports ("ssse3") && __get_cpuid_count (7, 0, &a, &b, &c, &d) &&
         (b & (1u << 29)) != 0;
}

/* The instructions want the words of the state as ABEF and CDGH. */
__attribute__ ((target ("sha,sse4.1,ssse3"))) static void
add_blocks (guint32 *state, const guint8 *data, gsize n_blocks)
{
  const __m128i order = _mm_set_epi64x (0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  __m128i t = _mm_shuffle_epi32 (_mm_loadu_si128 ((const __m128i *) state), 0xB1);
  __m128i s1 = _mm_shuffle_epi32 (_mm_loadu_si128 ((const __m128i *) (state + 4)), 0x1B);
  __m128i s0 = _mm_alignr_epi8 (t, s1, 8);

  s1 = _mm_blend_epi16 (s1, t, 0xF0);
  for (; n_blocks > 0; n_blocks--, data += BLOCK)
    {
      const __m128i before0 = s0, before1 = s1;
      __m128i w[4];

      for (guint i = 0; i < 4; i++)
        w[i] = _mm_shuffle_epi8 (_mm_loadu_si128 ((const __m128i *) (data + 16 * i)), order);
#pragma GCC unroll 16
      for (guint i = 0; i < 16; i++)
        {
          t = _mm_add_epi32 (w[i & 3], _mm_loadu_si128 ((const __m128i *) (constants + 4 * i)));
          s1 = _mm_sha256rnds2_epu32 (s1, s0, t);
          s0 = _mm_sha256rnds2_epu32 (s0, s1, _mm_shuffle_epi32 (t, 0x0E));
          if (i >= 12)
            continue;
          t = _mm_add_epi32 (_mm_sha256msg1_epu32 (w[i & 3], w[(i + 1) & 3]),
                             _mm_alignr_epi8 (w[(i + 3) & 3], w[(i + 2) & 3], 4));
          w[i & 3] = _mm_sha256msg2_epu32 (t, w[(i + 3) & 3]);
        }
      s0 = _mm_add_epi32 (s0, before0);
      s1 = _mm_add_epi32 (s1, before1);
    }
  t = _mm_shuffle_epi32 (s0, 0x1B);
  s1 = _mm_shuffle_epi32 (s1, 0xB1);
  _mm_storeu_si128 ((__m128i *) state, _mm_blend_epi16 (t, s1, 0xF0));
  _mm_storeu_si128 ((__m128i *) (state + 4), _mm_alignr_epi8 (s1, t, 8));
}
#else
static gboolean
has_instructions (void)
{
  return FALSE;
}

static void
add_blocks (guint32 *state, const guint8 *data, gsize n_blocks)
{
  g_assert_not_reached ();
}
#endif

SktSha256 *
skt_sha256_new (void)
{
  static const guint32 start[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
  SktSha256 *self = g_new0 (SktSha256, 1);

  memcpy (self->state, start, sizeof start);
  if (!has_instructions ())
    self->slow = g_checksum_new (G_CHECKSUM_SHA256);
  return self;
}

void
skt_sha256_free (SktSha256 *self)
{
  g_clear_pointer (&self->slow, g_checksum_free);
  g_free (self);
}

gboolean
skt_sha256_is_fast (SktSha256 *self)
{
  return self->slow == NULL;
}

void
skt_sha256_update (SktSha256 *self, const void *data, gsize length)
{
  const guint8 *bytes = data;
  gsize n_rest = self->length % BLOCK, n;

  if (self->slow != NULL)
    {
      g_checksum_update (self->slow, data, length);
      return;
    }
  self->length += length;
  if (n_rest > 0)
    {
      n = MIN (length, BLOCK - n_rest);
      memcpy (self->rest + n_rest, bytes, n);
      bytes += n;
      length -= n;
      if (n_rest + n < BLOCK)
        return;
      add_blocks (self->state, self->rest, 1);
    }
  add_blocks (self->state, bytes, length / BLOCK);
  if (length % BLOCK > 0)
    memcpy (self->rest, bytes + length / BLOCK * BLOCK, length % BLOCK);
}

char *
skt_sha256_finish (SktSha256 *self)
{
  guint8 padding[BLOCK + 8] = { 0x80, };
  gsize n_rest = self->length % BLOCK, n_zero = (n_rest < 56 ? 56 : 120) - n_rest;
  guint64 bits = GUINT64_TO_BE (self->length * 8);
  GString *text;

  if (self->slow != NULL)
    return g_strdup (g_checksum_get_string (self->slow));
  memcpy (padding + n_zero, &bits, sizeof bits);
  skt_sha256_update (self, padding, n_zero + sizeof bits);
  text = g_string_sized_new (64);
  for (guint i = 0; i < 8; i++)
    g_string_append_printf (text, "%08x", self->state[i]);
  return g_string_free (text, FALSE);
}
