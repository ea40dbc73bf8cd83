/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "16 GiB", "1.2 MiB", "512 B": at most one digit after the point, and none that says nothing. (transfer full) */
char *skt_size_to_text (guint64 size);

/* The reverse, as a person types it: "16 GiB", "500 MiB", "1.5g", "64 KB"; units are binary, a number without one counts in
 * `default_unit` bytes. FALSE if it is none, negative, or above G_MAXUINT64. */
gboolean skt_size_from_text (const char *text, guint64 default_unit, guint64 *ret_size);

G_END_DECLS
