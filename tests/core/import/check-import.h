/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-export.h"
#include "skt-import.h"

#define TIME_NS G_GUINT64_CONSTANT (1795264496789123456)

/* A folder of its own, with one for sessions in it. */
typedef struct
{
  char *folder;
  char *sessions;
  char *file;           /* to be opened */
  SktImport *import;    /* what came of it */

  gboolean is_done;
  GError *error;
  GCancellable *cancellable;
  guint n_progress;
  goffset last_done, last_total;
  gboolean cancel_on_progress;
} Fixture;

void set_up (Fixture *fixture, gconstpointer data);
void tear_down (Fixture *fixture, gconstpointer data);
#define ADD(name, func) g_test_add ("/core/import/" name, Fixture, NULL, set_up, func, tear_down)

void write_file (Fixture *fixture, const void *bytes, gsize length);
/* In a worker, with progress. */
void import_async (Fixture *fixture, const char *path);
/* At once; must go well. */
void import_ok (Fixture *fixture);
void end_import (Fixture *fixture);
guint count_sessions (Fixture *fixture);

/* All records of what was opened, a line for each: "3 received #2 0 hello", or with the sentence of an event. */
char *dup_records (Fixture *fixture, gboolean with_times);

/* Exports a journal to the file. */
void export_to_file (Fixture *fixture, SktJournal *journal, SktExportFormat format);

/* -- A capture that is made by hand ---------------------------------------------------------------------------- */

typedef struct
{
  GByteArray *bytes;
  gboolean is_swapped;  /* the other order of bytes */
} Capture;

/* link_type -1: no interface. resolution: as in if_tsresol; 6 is written as none. */
void capture_begin (Capture *self, int link_type, guint8 resolution);
void capture_clear (Capture *self);
void capture_block (Capture *self, guint32 type, const void *body, gsize length);
/* A frame that is there already. */
void capture_frame (Capture *self, guint64 time, const void *frame, gsize length, gsize original);
/* A segment of TCP over IPv4, between 10.0.0.1:1000 (from 0) and 10.0.0.2:2000 (from 1). */
void capture_segment (Capture *self, guint from, guint32 sequence, guint32 acknowledgement, const char *flags,
                      const char *text);
/* The same without a block. */
GByteArray *make_packet (guint from, guint32 sequence, guint32 acknowledgement, const char *flags, const char *text);
void capture_import (Fixture *fixture, Capture *self);
void assert_records (Fixture *fixture, const char *expected);

void add_capture_tests (void);
