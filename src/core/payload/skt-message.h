/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "skt-checksum.h"
#include "skt-payload.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_MESSAGE_TEXT,
  SKT_MESSAGE_HEX,
  SKT_MESSAGE_BASE64,
  SKT_N_MESSAGE_FORMS,
} SktMessageForm;

/* How what is typed becomes bytes. What belongs to other forms is kept, and not used. */
typedef struct
{
  SktMessageForm form;
  const char *source;           /* as typed, UTF-8 */
  SktEncoding encoding;         /* TEXT */
  SktLineEnding ending;         /* TEXT: as of skt_payload_from_text() */
  gboolean has_escapes;         /* TEXT: \r \n \t \0 \xNN \u{…} \\ stand for what they name */
  gboolean has_placeholders;    /* ${…} are replaced when it is sent */
  gboolean has_checksum;
  SktChecksum checksum;
  gint checksum_begin;          /* the range it is of, in bytes of the message without it; negative: from the end, -1 is the last byte */
  gint checksum_end;            /* after its last byte; 0: to the end; else as checksum_begin */
  gint checksum_at;             /* where it is inserted, as above; 0: at the end */
  gboolean checksum_is_little;  /* low byte first */
} SktMessageSettings;

/* What is typed or kept to be sent. Immutable, atomically reference counted: any thread. */
#define SKT_TYPE_MESSAGE (skt_message_get_type ())
typedef struct _SktMessage SktMessage;
GType skt_message_get_type (void);

/* Checks all of it. Errors: those of skt_payload_from_text() and skt_hex_parse(), SKT_ERROR_BAD_MESSAGE; the message names the place;
 * *ret_position (may be NULL) is the 0-based offset in characters of the source. */
SktMessage *skt_message_new (const SktMessageSettings *settings, gsize *ret_position, GError **error);
/* To be sent as they are: HEX. */
SktMessage *skt_message_new_from_bytes (GBytes *bytes);
SktMessage *skt_message_ref (SktMessage *self);
void skt_message_unref (SktMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktMessage, skt_message_unref)

/* Borrowed; the source is the message's own. */
const SktMessageSettings *skt_message_get_settings (const SktMessage *self);
/* It is the same each time it is sent. */
gboolean skt_message_is_constant (const SktMessage *self);

/* What placeholders take their values from. All 0: the first, sent now, in answer to nothing. */
typedef struct
{
  guint64 index;                /* how often it was sent before: what counters count */
  gint64 time_us;               /* realtime; 0: now */
  GBytes *received;             /* what it answers; may be NULL */
  GPtrArray *groups;            /* GBytes: what a rule's expression has captured, [0] all of it; may be NULL */
} SktMessageContext;

/* The bytes to send. Of a constant one always the same reference. `context` may be NULL. Error: SKT_ERROR_BAD_MESSAGE (a checksum's range that
 * is not in what the placeholders gave). (transfer full) Any thread. */
GBytes *skt_message_expand (const SktMessage *self, const SktMessageContext *context, GError **error);

G_END_DECLS
