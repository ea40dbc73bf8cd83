/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers for people: "12,345 bytes", "1.2 MiB/s" (binary units, as tools of this field use them). (transfer full) Pure. */
char *socketeer_format_bytes (guint64 n);
/* "1,204" */
char *socketeer_format_count (guint64 n);
char *socketeer_format_size (guint64 n);
char *socketeer_format_rate (double bytes_per_second);

/* Addresses, arrows and numbers stand from left to right where the interface goes from right to left, too. (transfer full) both */
char *socketeer_format_take_ltr (char *text);

G_END_DECLS
