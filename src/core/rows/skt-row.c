/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-row.h"

#include <stdlib.h>
#include <string.h>

struct _SktLayout
{
  gatomicrefcount ref_count;
  SktView view;
  SktEncoding encoding;
  guint bytes_per_row;
  guint32 *connections; /* sorted; NULL: all */
  gsize n_connections;
};

static const char *const view_names[SKT_N_VIEWS] = {
  [SKT_VIEW_TEXT] = "text",
  [SKT_VIEW_HEX] = "hex",
  [SKT_VIEW_BOTH] = "both",
};

gboolean
skt_view_from_name (const char *name, SktView *ret_view)
{
  for (guint i = 0; i < SKT_N_VIEWS; i++)
    if (g_ascii_strcasecmp (name, view_names[i]) == 0)
      {
        *ret_view = i;
        return TRUE;
      }
  return FALSE;
}

const char *
skt_view_get_name (SktView view)
{
  g_return_val_if_fail (view < SKT_N_VIEWS, NULL);
  return view_names[view];
}

static int
compare_ids (const void *a, const void *b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;
  return x < y ? -1 : x > y;
}

SktLayout *
skt_layout_new (SktView view,
                SktEncoding encoding,
                guint bytes_per_row,
                const guint32 *connections,
                gsize n_connections)
{
  g_return_val_if_fail (view < SKT_N_VIEWS && encoding < SKT_N_ENCODINGS, NULL);
  g_return_val_if_fail (bytes_per_row >= 1 && bytes_per_row <= 64, NULL);

  SktLayout *self = g_new0 (SktLayout, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->view = view;
  self->encoding = encoding;
  self->bytes_per_row = bytes_per_row;
  if (connections != NULL)
    {
      /* One byte more, so that an empty choice is not "all". */
      self->connections = g_malloc (n_connections * sizeof (guint32) + 1);
      if (n_connections > 0)
        memcpy (self->connections, connections, n_connections * sizeof (guint32));
      self->n_connections = n_connections;
      qsort (self->connections, n_connections, sizeof (guint32), compare_ids);
    }
  return self;
}

SktLayout *
skt_layout_ref (SktLayout *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
skt_layout_unref (SktLayout *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->connections);
  g_free (self);
}

SktView
skt_layout_get_view (const SktLayout *self)
{
  return self->view;
}

SktEncoding
skt_layout_get_encoding (const SktLayout *self)
{
  return self->encoding;
}

guint
skt_layout_get_bytes_per_row (const SktLayout *self)
{
  return self->bytes_per_row;
}

gboolean
skt_layout_has_text (const SktLayout *self)
{
  return self->view != SKT_VIEW_HEX;
}

gboolean
skt_layout_shows (const SktLayout *self, const SktRecord *record)
{
  if (self->connections == NULL || record->connection == 0)
    return TRUE;
  return bsearch (&record->connection, self->connections, self->n_connections, sizeof (guint32), compare_ids) != NULL;
}
