/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-journal.h"

/* What a journal must hold: kept beside it while it is written. */
typedef struct
{
  GArray *records;      /* SktRecord */
  GByteArray *payload;
} Model;

Model *model_new (void);
void model_free (Model *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Model, model_free)
void model_add (Model *self, const SktRecord *record, const guint8 *data);

/* A folder of its own for each test. */
typedef struct
{
  char *folder;
  char *path;   /* of a journal in it that does not exist yet */
} Fixture;

void fixture_set_up (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);
void remove_tree (const char *path);

/* The byte that belongs at an offset in a patterned payload. */
guint8 pattern_byte (guint64 offset);
guint8 *pattern_new (guint64 offset, gsize length);

/* Appends a patterned data record of connection 1, copied; stops the test if it fails. */
void append_pattern (SktJournal *journal, Model *model, gsize length);
void append_event (SktJournal *journal, Model *model, SktRecordKind kind, const char *detail);

/* The journal's published records are exactly the first ones of the model, read in every way there is. */
void check_prefix (SktJournal *journal, Model *model, guint64 n_records);
/* The same for all of them. */
void check_all (SktJournal *journal, Model *model);

void write_file (const char *folder, const char *name, const void *bytes, gsize length);
GBytes *read_file (const char *folder, const char *name);

/* Runs this program as a helper. */
extern const char *program_path;
int run_helper (int argc, char **argv);

void add_damage_tests (void);
void add_fault_tests (void);
void add_folder_tests (void);
void add_limit_tests (void);
void add_map_tests (void);
void add_process_tests (void);
void add_retention_tests (void);
