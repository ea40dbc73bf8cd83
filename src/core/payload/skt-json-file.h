/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-json.h"

G_BEGIN_DECLS

/* A file in which the program keeps something as a JSON object: written a moment after a change, in a worker, to a temporary file that is then
 * renamed. Main thread, but where said. */
typedef struct _SktJsonFile SktJsonFile;

/* What is to be written, as it is now. (transfer full) */
typedef JsonObject *(*SktJsonFileMake) (gpointer user_data);
/* What has gone wrong with writing; NULL: it works again. */
typedef void (*SktJsonFileProblem) (const char *problem, gpointer user_data);

/* The folder is made when something is written. */
SktJsonFile *skt_json_file_new (const char *path, SktJsonFileMake make, SktJsonFileProblem problem, gpointer user_data);
/* What has changed is written first; returns when it is. */
void skt_json_file_free (SktJsonFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktJsonFile, skt_json_file_free)

/* NULL without an error: there is no file yet. SKT_ERROR_BAD_FILE: see skt_json_file_keep_aside(). Errors of GIO: it can't be read.
 * A file above 64 MiB is none of ours. Reads at once. (transfer full) */
JsonObject *skt_json_file_load (SktJsonFile *self, GError **error);
/* Renames a file that is damaged to PATH.bad-N, so that it is not overwritten. Returns the new name (transfer full) or NULL and an error. */
char *skt_json_file_keep_aside (SktJsonFile *self, GError **error);

/* It has changed: it will be written. */
void skt_json_file_changed (SktJsonFile *self);
/* Nothing is written any more, whatever changes: the file is there and could not be read or kept aside. */
void skt_json_file_stop (SktJsonFile *self);

G_END_DECLS
