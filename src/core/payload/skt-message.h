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

/* How what is typed becomes bytes. What belongs to other forms is kept, and not used.
 *
 * TEXT: line breaks and the line ending as of skt_payload_from_text(). With escapes, \r \n \t \0 \\ and \u{1F600} stand for
 * those characters, which are encoded like others but are no line breaks of the text; \xNN (two digits) is that byte
 * itself, in any encoding. Any other backslash is an error.
 * HEX: as of skt_hex_parse(); besides output of hexdump -C, xxd, tcpdump, od -t x1 and Wireshark, from which offsets and text
 * column are left out (and verified: nothing is guessed), and one array of C with numbers and comments. See
 * skt_message_get_note().
 * BASE64: RFC 4648, the standard or the URL alphabet, with or without padding, spaces and line breaks.
 *
 * Placeholders (TEXT and HEX; a literal “${” is written “$${” in TEXT). Options follow a colon, separated by commas:
 *   ${counter}      width, base (2…36), start, step: start + index × step. In HEX it is binary: width in bytes (1…8, 1), order
 *                   (big or little), start and step; what is too large goes on at 0.
 *   ${time}         seconds since 1970 UTC; ${time:ms} milliseconds; in HEX binary with width (4; 8) and order;
 *                   ${time:iso} 2026-01-31T12:00:00Z, ${time:iso-ms} with milliseconds.
 *   ${random:8}     that many random bytes (1…65536).
 *   ${uuid}         a random UUID (version 4) as text; in HEX its 16 bytes.
 *   ${crc:crc-16/modbus,begin=0,end=-3,order=little}
 *                   any checksum by its id over a range of the message, whose positions are as of checksum_begin and
 *                   checksum_end below; without end up to its own place, or to the end of the message if it begins after that. The
 *                   range can't hold a checksum that follows or itself. order: as protocols usually have it if not given.
 *   ${received}     what it answers; ${0} the same; ${1}, ${2}, … what the groups of a rule's expression have; empty if there is none.
 * random, crc, received and groups are bytes, and with as=hex or as=HEX their digits as text. */
typedef struct
{
  SktMessageForm form;
  const char *source;           /* as typed, UTF-8 */
  SktEncoding encoding;         /* TEXT */
  SktLineEnding ending;         /* TEXT: as of skt_payload_from_text() */
  gboolean has_escapes;         /* TEXT */
  gboolean has_placeholders;    /* TEXT, HEX: ${…} are replaced when it is sent */
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
 * *ret_position (may be NULL) is the 0-based offset in characters of the source: their number if the source is not to blame (a
 * checksum's range that is not in the message; of what depends on what was received that is only seen when it is expanded). */
SktMessage *skt_message_new (const SktMessageSettings *settings, gsize *ret_position, GError **error);
/* A message that is sent as exactly these bytes, written in the form of `settings` (of which the source is not used): line breaks
 * where the ending allows it, escapes switched on and the line ending off if that is needed; placeholders off if these
 * bytes would have one, and the checksum off. (transfer full) */
SktMessage *skt_message_new_in_form (const SktMessageSettings *settings, GBytes *bytes);
/* To be sent as they are: HEX. */
SktMessage *skt_message_new_from_bytes (GBytes *bytes);
SktMessage *skt_message_ref (SktMessage *self);
void skt_message_unref (SktMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktMessage, skt_message_unref)

/* Borrowed; the source is the message's own. */
const SktMessageSettings *skt_message_get_settings (const SktMessage *self);
/* It is the same each time it is sent. */
gboolean skt_message_is_constant (const SktMessage *self);
/* It has a ${…}. */
gboolean skt_message_has_placeholder (const SktMessage *self);
/* The highest group that it has a ${1}, ${2}, … of; 0: none. */
guint skt_message_get_last_group (const SktMessage *self);
/* A sentence on how the source was read, where that is not as it stands (a hexdump, an array of C), translated; or NULL. Static. */
const char *skt_message_get_note (const SktMessage *self);

/* The same text with escapes for what would not be seen in it: control characters, invisible ones, those that change the order of
 * others. Line feeds and tabs remain, and carriage returns where the line ending replaces line breaks. `has_escapes` of the settings
 * tells whether it has escapes already; if not, backslashes are escaped too. *ret_n (may be NULL): how many there were,
 * *ret_first the 0-based offset in characters of the first. NUL is one of them. (transfer full) */
char *skt_message_escape_controls (const SktMessageSettings *settings, const char *utf8, gsize length, gsize *ret_n, gsize *ret_first);
/* Whether that character would be made an escape. */
gboolean skt_message_is_control (const SktMessageSettings *settings, gunichar c);

/* What placeholders take their values from. All 0: the first, sent now, in answer to nothing. */
typedef struct
{
  guint64 index;                /* how often it was sent before: what counters count */
  gint64 time_us;               /* realtime; 0: now */
  guint64 seed;                 /* random bytes and UUIDs are the same for the same seed and index; 0: new ones each time */
  GBytes *received;             /* what it answers; may be NULL */
  GPtrArray *groups;            /* GBytes: what a rule's expression has captured, [0] all of it; may be NULL */
} SktMessageContext;

/* The bytes to send. Of a constant one always the same reference. `context` may be NULL. Error: SKT_ERROR_BAD_MESSAGE (the range or place of
 * a checksum that is not in what the placeholders gave). (transfer full) Any thread. */
GBytes *skt_message_expand (const SktMessage *self, const SktMessageContext *context, GError **error);

G_END_DECLS
