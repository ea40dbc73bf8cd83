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

/* Takes over what is good in the file. An error: some of it is not, or nothing is; not to be freed. */
typedef void (*SktJsonFileTake) (JsonObject *tainted_object, gpointer user_data, GError **error);

/* Reads the file, if there is one, at once. A damaged one is renamed to PATH.bad-N, and what is good in it is written anew; one that can't be read
 * or renamed stays as it is, and nothing is written any more: it is never overwritten. A file above 64 MiB is none of ours. Returns what is to be
 * said of it (transfer full), NULL: nothing. */
char *skt_json_file_read (SktJsonFile *self, SktJsonFileTake take);

/* It has changed: it will be written. */
void skt_json_file_changed (SktJsonFile *self);
/* What has changed is written now; returns when it is. */
void skt_json_file_flush (SktJsonFile *self);

G_END_DECLS
