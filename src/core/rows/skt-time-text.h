/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "2026-01-31 12:00:05.123456789 +0100": a record's time (ns since 1970) in the local time zone, all that is known of it. (transfer full) */
char *skt_time_to_text (guint64 time_ns);

/* How long one time is after another, in ns; to be used instead of a cast, which overflows for times that are damaged. */
gint64 skt_time_get_difference (guint64 time_ns, guint64 since_ns);

/* A difference in ASCII, always with its sign, at most 12 characters below 10,000 days: "+0.000013" seconds, "-12:34:56.7" from 1,000 s on, "+123d 04:05"
 * from 100 hours on. */
void skt_time_format_difference (gint64 difference_ns, char *buffer, gsize size);

G_END_DECLS
