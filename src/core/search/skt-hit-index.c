/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-hit-index.h"

/* Blocks whose sum is kept, so that a place is found among millions of them. */
#define GROUP 1024

struct _SktHitIndex
{
  guint64 first_block;
  guint64 total;
  GArray *counts;       /* guint32, from first_block on */
  GArray *sums;         /* guint64, of GROUP counts each */
};

SktHitIndex *
skt_hit_index_new (guint64 first_block)
{
  SktHitIndex *self = g_new0 (SktHitIndex, 1);

  self->first_block = first_block;
  self->counts = g_array_new (FALSE, TRUE, sizeof (guint32));
  self->sums = g_array_new (FALSE, TRUE, sizeof (guint64));
  return self;
}

void
skt_hit_index_free (SktHitIndex *self)
{
  g_array_unref (self->counts);
  g_array_unref (self->sums);
  g_free (self);
}

void
skt_hit_index_add (SktHitIndex *self, guint64 block, gint64 n)
{
  guint64 i = block - self->first_block;

  g_return_if_fail (block >= self->first_block && i < G_MAXUINT / 8);

  if (i >= self->counts->len)
    {
      g_array_set_size (self->counts, i + 1);
      g_array_set_size (self->sums, i / GROUP + 1);
    }
  g_array_index (self->counts, guint32, i) += n;
  g_array_index (self->sums, guint64, i / GROUP) += n;
  self->total += n;
}

guint64
skt_hit_index_get_total (SktHitIndex *self)
{
  return self->total;
}

guint32
skt_hit_index_get_count (SktHitIndex *self, guint64 block)
{
  if (block < self->first_block || block - self->first_block >= self->counts->len)
    return 0;
  return g_array_index (self->counts, guint32, block - self->first_block);
}

guint64
skt_hit_index_get_count_before (SktHitIndex *self, guint64 block)
{
  guint64 end = block > self->first_block ? MIN (block - self->first_block, self->counts->len) : 0;
  guint64 n = 0;

  for (guint64 group = 0; group < end / GROUP; group++)
    n += g_array_index (self->sums, guint64, group);
  for (guint64 i = end / GROUP * GROUP; i < end; i++)
    n += g_array_index (self->counts, guint32, i);
  return n;
}

static gboolean
find_forward (SktHitIndex *self, guint64 i, guint64 *ret_block)
{
  while (i < self->counts->len)
    {
      if (i % GROUP == 0 && g_array_index (self->sums, guint64, i / GROUP) == 0)
        i += GROUP;
      else if (g_array_index (self->counts, guint32, i) == 0)
        i++;
      else
        {
          *ret_block = self->first_block + i;
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
find_backward (SktHitIndex *self, guint64 end, guint64 *ret_block)
{
  guint64 i = MIN (end, self->counts->len);

  while (i > 0)
    {
      if (i % GROUP == 0 && g_array_index (self->sums, guint64, i / GROUP - 1) == 0)
        i -= GROUP;
      else if (g_array_index (self->counts, guint32, i - 1) == 0)
        i--;
      else
        {
          *ret_block = self->first_block + i - 1;
          return TRUE;
        }
    }
  return FALSE;
}

gboolean
skt_hit_index_find_block (SktHitIndex *self, guint64 block, gboolean is_forward, guint64 *ret_block)
{
  if (is_forward)
    return find_forward (self, block > self->first_block ? block - self->first_block : 0, ret_block);
  return block >= self->first_block && find_backward (self, block - self->first_block + 1, ret_block);
}

gsize
skt_hit_index_get_memory (SktHitIndex *self)
{
  return self->counts->len * sizeof (guint32) + self->sums->len * sizeof (guint64);
}
