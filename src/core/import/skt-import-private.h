/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-import.h"

G_BEGIN_DECLS

/* -- One import: of the worker thread ------------------------------------------------------------------------- */

typedef struct _SktFlows SktFlows;

typedef struct
{
  const char *path;
  GCancellable *cancellable;    /* may be NULL */
  SktProgress *progress;        /* may be NULL */
  SktJournal *journal;          /* owned by the caller; that is written */
  SktFlows *flows;              /* captures: owned */
  GString *warning;

  /* The file, as long as it was at the beginning. */
  int fd;
  guint64 size;
  guint64 offset;               /* of what comes next */
  guint8 *buffer;               /* owned: from `offset` on there are `fill` bytes at `start` */
  gsize capacity, start, fill;
} SktImporter;

/* The next `length` bytes without taking them. NULL if the file ends before. Borrowed until the next reading. */
const guint8 *_skt_importer_peek (SktImporter *self, gsize length);
void _skt_importer_skip (SktImporter *self, guint64 length);
/* To be called often: tells the progress, FALSE if cancelled. */
gboolean _skt_importer_turn (SktImporter *self, GError **error);
/* Another sentence. */
void _skt_importer_warn (SktImporter *self, const char *sentence);

/* -- Captures ------------------------------------------------------------------------------------------------- */

/* Whether the file begins as one. `bytes` are its first ones. */
gboolean _skt_import_is_capture (const guint8 *bytes, gsize length);
gboolean _skt_import_capture (SktImporter *self, GError **error);

/* A TCP segment as it was found in a packet. Index 0 is its sender, 1 its receiver. */
typedef struct
{
  guint64 time_ns;
  guint8 addresses[2][16];
  guint16 ports[2];
  gboolean is_ip6;
  guint32 sequence;
  guint32 acknowledgement;
  guint flags;          /* SKT_TCP_* */
  const guint8 *bytes;  /* borrowed */
  gsize length;
  gboolean is_cut;      /* not all its bytes were captured */
  guint direction;      /* SKT_PCAPNG_INBOUND, SKT_PCAPNG_OUTBOUND; 0: not known */
  const char *comment;  /* of a file of ours; may be NULL */
} SktSegment;

/* FALSE if the packet is no TCP segment, or one that can't be read. */
gboolean _skt_segment_parse (SktSegment *ret_segment, guint link_type, const guint8 *bytes, gsize length);

/* Puts the segments of connections into order, and writes what they carried. */
SktFlows *_skt_flows_new (SktJournal *journal);
void _skt_flows_free (SktFlows *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktFlows, _skt_flows_free)
/* In a file of ours segments up to one with PSH are one record, and comments tell the rest. */
void _skt_flows_set_is_ours (SktFlows *self, gboolean is_ours);
/* Errors are those of writing only. */
gboolean _skt_flows_take (SktFlows *self, const SktSegment *segment, GError **error);
/* What still waits for something that did not come. */
gboolean _skt_flows_finish (SktFlows *self, GError **error);
/* Segments of connections of which there were too many at a time. */
guint64 _skt_flows_get_n_refused (SktFlows *self);

G_END_DECLS
