/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-recipients.h"
#include "skt-session.h"

G_BEGIN_DECLS

/* To those of a session's connections that are meant. `turn` (in, out; may be NULL unless NEXT): who had the last one, 0: none yet. `shape`
 * may be NULL. All or nothing for each. TRUE if all took it. Errors: SKT_ERROR_NOT_CONNECTED when there is none; the one that did not take it,
 * with its address; or, of several, how many got it and who did not, by address (the first ones, and how many more). Main thread. */
gboolean skt_send_to (SktSession *session,
                      SktRecipients *recipients,
                      guint32 *turn,
                      const SktShape *shape,
                      GBytes *bytes,
                      GError **error);

G_END_DECLS
