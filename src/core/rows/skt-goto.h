/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-row.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* A place that the user names. */
typedef enum
{
  SKT_GOTO_OFFSET,  /* "1204", "0x4b4": a byte, counted from 0 where SktGotoScope says */
  SKT_GOTO_MOVE,    /* "+100", "-0x10": so many bytes from here, in the stream of the record that is there */
  SKT_GOTO_PERCENT, /* "50%", "12.5 %": of all that is kept in the session */
  SKT_GOTO_RECORD,  /* "#17": a record, counted from 1, as they happened; clearing does not change the numbers */
  SKT_GOTO_TIME,    /* "2026-01-31 12:00[:05[.25]]": what happened then or first after it */
  SKT_GOTO_CLOCK,   /* "12:00[:05[.25]]": the same on the day of the record that is here */
  SKT_GOTO_DELAY,   /* "+5 s", "-250 ms": so long after or before the record that is here; ns, us, ms, s, min, h, d */
} SktGotoKind;

typedef struct
{
  SktGotoKind kind;
  guint64 number;    /* OFFSET: bytes; RECORD; TIME: ns since 1970; CLOCK: ns since midnight */
  gint64 difference; /* MOVE: bytes; DELAY: ns */
  double percent;
} SktGoto;

/* Times are local. Errors: G_IO_ERROR_INVALID_ARGUMENT, with what can be said. */
gboolean skt_goto_parse (const char *text, SktGoto *ret_goto, GError **error);

/* Where an offset counts: the bytes of one direction of a connection; or, if connection is 0, all that is kept in the session in the
 * order it came, which includes what events say (the file `payload` of the journal). */
typedef struct
{
  guint32 connection;
  SktRecordKind kind; /* SKT_RECORD_RECEIVED or SENT */
} SktGotoScope;

/* Finds it among what is published. `here`: what MOVE, CLOCK and DELAY start from. A few dozen records are read, as offsets and times
 * grow from record to record; an offset in a stream that has no records for long can take as many as there are, so that this
 * is for a worker where there are millions. If the clock was set back in between, one of the places is found. Errors:
 * G_IO_ERROR_NOT_FOUND (a sentence: beyond the end, or cleared), G_IO_ERROR_CANCELLED. Any thread. */
gboolean skt_goto_find (SktJournal *journal,
                        const SktGoto *place,
                        const SktGotoScope *scope,
                        SktPosition here,
                        GCancellable *cancellable,
                        SktPosition *ret_position,
                        GError **error);

/* The same in a worker. */
void skt_goto_find_async (SktJournal *journal,
                          const SktGoto *place,
                          const SktGotoScope *scope,
                          SktPosition here,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean skt_goto_find_finish (GAsyncResult *result, SktPosition *ret_position, GError **error);

G_END_DECLS
