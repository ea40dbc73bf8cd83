/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SKT_RECIPIENTS_CHOSEN,        /* nothing chosen: all */
  SKT_RECIPIENTS_ALL,
  SKT_RECIPIENTS_ALL_BUT,       /* all but the chosen */
  SKT_RECIPIENTS_NEXT,          /* one, each time the next of the chosen (nothing chosen: of all), in the order of arrival */
  SKT_N_RECIPIENTS,
} SktRecipientsKind;

/* To whom of a session's connections something goes, by their ids, which begin with 1. Atomically reference counted, never changed: any thread. */
typedef struct _SktRecipients SktRecipients;

SktRecipients *skt_recipients_new (SktRecipientsKind kind, const guint32 *chosen, gsize n_chosen);
SktRecipients *skt_recipients_ref (SktRecipients *self);
void skt_recipients_unref (SktRecipients *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktRecipients, skt_recipients_unref)

SktRecipientsKind skt_recipients_get_kind (const SktRecipients *self);
/* It names connections: they get it, or it is said why not, also when they are over. Else who is over is not meant. */
gboolean skt_recipients_has_names (const SktRecipients *self);
/* Whether that connection is meant; NEXT: whether its turn can come. */
gboolean skt_recipients_includes (const SktRecipients *self, guint32 id);

/* NEXT: of two that are meant (0: none) the one whose turn is earlier when `last` had the last one (0: none had). */
guint32 skt_recipients_get_earlier (guint32 a, guint32 b, guint32 last);

G_END_DECLS
