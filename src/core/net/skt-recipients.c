/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-recipients.h"

#include <stdlib.h>
#include <string.h>

struct _SktRecipients
{
  gatomicrefcount ref_count;
  SktRecipientsKind kind;
  guint32 *ids;                 /* ascending */
  gsize n_ids;
};

static int
compare_ids (const void *a, const void *b)
{
  guint32 first = *(const guint32 *) a, second = *(const guint32 *) b;

  return first < second ? -1 : first > second;
}

SktRecipients *
skt_recipients_new (SktRecipientsKind kind, const guint32 *chosen, gsize n_chosen)
{
  SktRecipients *self;

  g_return_val_if_fail (kind < SKT_N_RECIPIENTS, NULL);

  self = g_new0 (SktRecipients, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->n_ids = n_chosen;
  self->ids = g_memdup2 (chosen, n_chosen * sizeof *chosen);
  if (n_chosen > 1)
    qsort (self->ids, n_chosen, sizeof *self->ids, compare_ids);
  return self;
}

SktRecipients *
skt_recipients_ref (SktRecipients *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
skt_recipients_unref (SktRecipients *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->ids);
  g_free (self);
}

SktRecipientsKind
skt_recipients_get_kind (const SktRecipients *self)
{
  return self->kind;
}

gboolean
skt_recipients_has_names (const SktRecipients *self)
{
  return self->kind == SKT_RECIPIENTS_CHOSEN && self->n_ids > 0;
}

gboolean
skt_recipients_includes (const SktRecipients *self, guint32 id)
{
  gboolean is_chosen = self->n_ids > 0 && bsearch (&id, self->ids, self->n_ids, sizeof *self->ids, compare_ids) != NULL;

  if (self->kind == SKT_RECIPIENTS_ALL)
    return TRUE;
  if (self->kind == SKT_RECIPIENTS_ALL_BUT)
    return !is_chosen;
  return self->n_ids == 0 || is_chosen;
}

guint32
skt_recipients_get_earlier (guint32 a, guint32 b, guint32 last)
{
  if (a == 0 || b == 0)
    return MAX (a, b);
  if ((a > last) != (b > last))
    return a > last ? a : b;
  return MIN (a, b);
}
