/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-selection.h"

G_BEGIN_DECLS

/* Of the formats from SKT_COPY_C_ARRAY on, which don't depend on where rows end. Arguments and errors as
 * skt_selection_copy(). */
char *_skt_copy_bytes (SktJournal *journal,
                       SktLayout *layout,
                       SktPosition from,
                       SktPosition to,
                       SktCopyFormat format,
                       GCancellable *cancellable,
                       guint64 *ret_n_bytes,
                       GError **error);

void _skt_copy_set_too_large (GError **error);

G_END_DECLS
