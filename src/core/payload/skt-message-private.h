/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-message.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_PART_LITERAL,
  SKT_PART_COUNTER,
  SKT_PART_TIME,
  SKT_PART_TIME_MS,
  SKT_PART_TIME_ISO,
  SKT_PART_TIME_ISO_MS,
  SKT_PART_RANDOM,
  SKT_PART_UUID,
  SKT_PART_CRC,
  SKT_PART_RECEIVED,
  SKT_PART_GROUP,
} SktPartKind;

typedef enum
{
  SKT_PART_AS_BYTES,
  SKT_PART_AS_LOWER_HEX,
  SKT_PART_AS_UPPER_HEX,
} SktPartAs;

/* A piece of a message: bytes that are always the same, or a placeholder. */
typedef struct
{
  SktPartKind kind;
  SktPartAs as;
  gsize position;               /* characters of the source before it */
  gsize offset, length;         /* LITERAL: in the literal bytes */
  gboolean is_binary;           /* numbers and UUIDs are bytes, not text */
  gboolean is_little, has_order;
  gboolean has_end;             /* CRC */
  gint begin, end;              /* CRC */
  guint width;                  /* digits, or bytes; 0: as many as it takes */
  guint base;
  guint count;                  /* RANDOM: bytes; GROUP: its number */
  gint64 start, step;
  SktChecksum checksum;
} SktMessagePart;

/* What a source was compiled to. */
typedef struct
{
  GByteArray *literals;
  GArray *parts;                /* SktMessagePart, no two LITERAL ones in a row */
  SktEncoding encoding;         /* of the text that placeholders give */
  const char *note;             /* static */
} SktMessageProgram;

/* Appends to a part that is being filled. */
void _skt_message_program_append (SktMessageProgram *self, const guint8 *bytes, gsize length);

/* A source becomes a program. The source is valid UTF-8. *ret_position is set on error. */
gboolean _skt_message_compile_text (SktMessageProgram *self, const SktMessageSettings *settings, gsize *ret_position, GError **error);
gboolean _skt_message_compile_hex (SktMessageProgram *self, const SktMessageSettings *settings, gsize *ret_position, GError **error);
GBytes *_skt_message_read_base64 (const char *source, gsize *ret_position, GError **error);

/* A hexdump with offsets: TRUE if the text is one. Then either *ret_bytes, or *error and *ret_position are set. */
gboolean _skt_message_read_hexdump (const char *source, GBytes **ret_bytes, gsize *ret_position, GError **error);
/* The same of an array of C, or of hex with comments. */
gboolean _skt_message_read_c (const char *source, GBytes **ret_bytes, gsize *ret_position, GError **error);

/* The placeholder at `text`, which begins with “${”; its end in *ret_end. `first`: the source, to which positions are relative. */
gboolean _skt_message_parse_placeholder (const char *first,
                                         const char *text,
                                         gboolean is_hex,
                                         SktMessagePart *ret_part,
                                         const char **ret_end,
                                         gsize *ret_position,
                                         GError **error);

/* The bytes of all parts. (transfer full) */
GByteArray *_skt_message_program_run (const SktMessageProgram *self, const SktMessageContext *context, GError **error);

/* Appends or inserts what the settings ask for. */
gboolean _skt_message_add_checksum (const SktMessageSettings *settings, GByteArray *bytes, GError **error);
/* Makes the two ends of a range of `length` bytes from numbers that may count from the end. `is_end`: 0 is the end. */
gboolean _skt_message_resolve (gint value, gsize length, gboolean is_end, gsize *ret_offset);
void _skt_message_append_checksum (GByteArray *bytes, SktChecksum checksum, const guint8 *data, gsize length, gboolean is_little);

/* What the source has at a place, to be named in a message: “q”, U+202E, or “the end”. (transfer full) */
char *_skt_message_dup_name (const char *place);
/* SKT_ERROR_BAD_MESSAGE. Its format is an argument of who calls it. */
void _skt_message_set_error (GError **error, const char *format, ...);
gsize _skt_message_get_position (const char *first, const char *place);

G_END_DECLS
