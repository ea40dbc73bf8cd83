/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where sessions are kept, and how long after they were closed. All calls here wait for the disk: a worker's. */

/* Sessions that were closed and kept (skt_journal_set_mark_on_free()). */
typedef struct
{
  guint n;
  guint64 size; /* bytes on disk */
} SktRetentionUsage;

/* The folder for sessions in one that the user has chosen: itself, if it is one. (transfer full) */
char *skt_retention_dup_place_in (const char *folder);

/* Makes the place if it is not there, its parent must be; and tries whether sessions can be kept in it, for nobody else to read. The
 * error says in words what to do. */
gboolean skt_retention_check_place (const char *place, GError **error);

/* What is kept in the places (NULL-terminated; those that are not there have nothing). */
void skt_retention_measure (const char *const *places, SktRetentionUsage *ret_usage);

/* Deletes what was closed more than max_age_s seconds before now_s (Unix time), and then the oldest of the rest until no more than
 * max_size bytes are left. *ret_left (may be NULL): what is. */
void skt_retention_sweep (const char *const *places,
                          guint64 max_age_s,
                          guint64 max_size,
                          gint64 now_s,
                          SktRetentionUsage *ret_left);

G_END_DECLS
