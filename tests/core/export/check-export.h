/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-export.h"

#include <errno.h>
#include <sys/resource.h>

#define TIME_NS G_GUINT64_CONSTANT (1795264496789123456) /* 2026-11-21 12:34:56.789123 UTC */

/* A folder of its own with a journal and a target for each test. */
typedef struct
{
  char *folder;
  char *target;
  SktJournal *journal;

  /* The last export. */
  gboolean is_done;
  gboolean ok;
  guint64 length;
  GError *error;

  /* Progress. */
  GCancellable *cancellable;
  GThread *thread;
  guint n_progress;
  goffset last_done;
  goffset last_total;
  gboolean cancel_on_progress;
} Fixture;


void set_up (Fixture *fixture, gconstpointer data);
void tear_down (Fixture *fixture, gconstpointer data);
#define ADD(name, func) g_test_add ("/core/export/" name, Fixture, NULL, set_up, func, tear_down)

/* Adds to the journal. */
void append_at (Fixture *fixture, SktRecordKind kind, guint32 connection, guint64 time_ns, const void *bytes, gsize length);
void append (Fixture *fixture, SktRecordKind kind, guint32 connection, const char *text);
void append_much (Fixture *fixture);
void publish (Fixture *fixture);
void fill_random (guint8 *bytes, gsize length);

/* Exports, and waits until it is done. export_ok() to the target, which must go well. */
void start (Fixture *fixture, SktExportOptions options, const char *target);
void wait_until_done (Fixture *fixture);
void export_ok (Fixture *fixture, SktExportOptions options);
/* (transfer full) */
char *read_target (Fixture *fixture);
char *checksum_of_target (Fixture *fixture);

/* A failure leaves the old file as it was, and nothing else in the folder. */
void write_old_target (Fixture *fixture);
void assert_old_target (Fixture *fixture);
void set_file_limit (rlim_t limit);

void add_text_tests (void);
void add_record_tests (void);
void add_pcapng_tests (void);
void add_session_tests (void);
