/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-message-private.h"

#include "skt-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const SktMessageProgram *program;
  const SktMessageContext *context;
  gint64 time_us;
  GRand *random;        /* made when it is needed */
  GByteArray *bytes;
  gsize *places;        /* of each part in the bytes */
} Run;

/* -- Values -------------------------------------------------------------------------------------------------- */

/* Text is ASCII, which all encodings but UTF-16 write as it is. */
static void
append_text (Run *self, const char *text)
{
  g_autoptr (GBytes) bytes = skt_encoding_encode (self->program->encoding, text, -1, NULL, NULL);

  if (bytes != NULL)
    g_byte_array_append (self->bytes, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
append_bytes (Run *self, const SktMessagePart *part, const guint8 *bytes, gsize length)
{
  g_autoptr (GString) text = NULL;

  if (part->as == SKT_PART_AS_BYTES)
    {
      if (length > 0)
        g_byte_array_append (self->bytes, bytes, length);
      return;
    }
  text = g_string_sized_new (length * 2);
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, part->as == SKT_PART_AS_UPPER_HEX ? "%02X" : "%02x", bytes[i]);
  append_text (self, text->str);
}

static void
append_binary (Run *self, const SktMessagePart *part, guint64 value)
{
  for (guint i = 0; i < part->width; i++)
    {
      guint8 byte = value >> 8 * (part->is_little ? i : part->width - 1 - i);

      g_byte_array_append (self->bytes, &byte, 1);
    }
}

static void
append_digits (Run *self, guint64 value, gboolean is_negative, guint base, guint width)
{
  static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
  char text[160];
  char *p = text + sizeof text - 1;
  guint n = 0;

  *p = '\0';
  do
    {
      *--p = digits[value % base];
      value /= base;
      n++;
    }
  while (value != 0 || n + is_negative < width);
  if (is_negative)
    *--p = '-';
  append_text (self, p);
}

static void
append_counter (Run *self, const SktMessagePart *part)
{
  guint64 index = self->context != NULL ? self->context->index : 0;
  /* Modulo 2^64, as binary counters do. */
  guint64 value = (guint64) part->start + (guint64) part->step * index;
  gboolean is_negative = (gint64) value < 0 && (part->start < 0 || part->step < 0);

  if (part->is_binary)
    append_binary (self, part, value);
  else
    append_digits (self, is_negative ? -value : value, is_negative, part->base, part->width);
}

static void
append_iso (Run *self, gboolean has_ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (self->time_us / G_USEC_PER_SEC);
  g_autofree char *seconds = time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%S") : g_strdup ("");
  g_autofree char *text = has_ms ? g_strdup_printf ("%s.%03dZ", seconds, (int) (self->time_us / 1000 % 1000))
                                 : g_strconcat (seconds, "Z", NULL);

  append_text (self, text);
}

static void
append_time (Run *self, const SktMessagePart *part)
{
  gint64 value = self->time_us / (part->kind == SKT_PART_TIME ? G_USEC_PER_SEC : 1000);

  if (part->kind == SKT_PART_TIME_ISO || part->kind == SKT_PART_TIME_ISO_MS)
    append_iso (self, part->kind == SKT_PART_TIME_ISO_MS);
  else if (part->is_binary)
    append_binary (self, part, value);
  else
    append_digits (self, value, FALSE, 10, 0);
}

/* -- Random -------------------------------------------------------------------------------------------------- */

static void
fill_random (Run *self, guint8 *bytes, gsize length)
{
  if (self->random == NULL && self->context != NULL && self->context->seed != 0)
    {
      const guint64 seed = self->context->seed, index = self->context->index;
      const guint32 seeds[] = { seed, seed >> 32, index, index >> 32 };

      self->random = g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
    }
  if (self->random == NULL)
    self->random = g_rand_new ();
  for (gsize i = 0; i < length; i++)
    bytes[i] = g_rand_int (self->random) >> 13;
}

static void
append_random (Run *self, const SktMessagePart *part)
{
  g_autofree guint8 *bytes = g_malloc (part->count);

  fill_random (self, bytes, part->count);
  append_bytes (self, part, bytes, part->count);
}

/* RFC 9562, version 4. */
static void
append_uuid (Run *self, const SktMessagePart *part)
{
  guint8 b[16];
  g_autofree char *text = NULL;

  fill_random (self, b, sizeof b);
  b[6] = (b[6] & 0x0F) | 0x40;
  b[8] = (b[8] & 0x3F) | 0x80;
  if (part->is_binary)
    {
      g_byte_array_append (self->bytes, b, sizeof b);
      return;
    }
  text = g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3],
                          b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
  append_text (self, text);
}

/* -- What was received --------------------------------------------------------------------------------------- */

static void
append_received (Run *self, const SktMessagePart *part)
{
  GBytes *bytes = NULL;
  gsize length;
  const guint8 *data;

  if (self->context == NULL)
    return;
  if (part->kind == SKT_PART_RECEIVED || (part->count == 0 && self->context->groups == NULL))
    bytes = self->context->received;
  else if (self->context->groups != NULL && part->count < self->context->groups->len)
    bytes = g_ptr_array_index (self->context->groups, part->count);
  if (bytes == NULL)
    return;
  data = g_bytes_get_data (bytes, &length);
  append_bytes (self, part, data, length);
}

/* -- Checksums ----------------------------------------------------------------------------------------------- */

static gboolean
fail (const SktMessagePart *part, gint value, const char *format, GError **error)
{
  _skt_message_set_error (error, format, part->position + 1, value);
  return FALSE;
}

/* Room for it, so that all lengths are known before the first is counted. */
static void
reserve_checksum (Run *self, const SktMessagePart *part)
{
  static const guint8 zeros[4] = { 0, };

  append_bytes (self, part, zeros, skt_checksum_get_width (part->checksum));
}

static gboolean
get_range (Run *self, guint i, gsize *ret_begin, gsize *ret_end, GError **error)
{
  const SktMessagePart *parts = (const SktMessagePart *) self->program->parts->data;
  const SktMessagePart *part = &parts[i];
  const gsize length = self->bytes->len;

  if (!_skt_message_resolve (part->begin, length, FALSE, ret_begin))
    return fail (part, part->begin, _ ("The checksum at position %zu can’t begin at byte %d: the message is too short"), error);
  if (!part->has_end)
    *ret_end = *ret_begin <= self->places[i] ? self->places[i] : length;
  else if (!_skt_message_resolve (part->end, length, TRUE, ret_end) || *ret_end < *ret_begin)
    return fail (part, part->end, _ ("The checksum at position %zu can’t end at byte %d: that is before its beginning, or outside of the message"),
                 error);
  /* Those that follow are not known yet. */
  for (guint k = i; k < self->program->parts->len; k++)
    if (parts[k].kind == SKT_PART_CRC && self->places[k] < *ret_end && self->places[k + 1] > *ret_begin)
      return fail (part, (int) self->places[k],
                   _ ("The range of the checksum at position %zu holds itself, or a later one, at byte %d: end it before that"), error);
  return TRUE;
}

static gboolean
fill_checksum (Run *self, guint i, GError **error)
{
  const SktMessagePart *part = &g_array_index (self->program->parts, SktMessagePart, i);
  g_autoptr (GByteArray) sum = g_byte_array_new ();
  GByteArray *bytes = self->bytes;
  gsize begin, end;

  if (!get_range (self, i, &begin, &end, error))
    return FALSE;
  _skt_message_append_checksum (sum, part->checksum, bytes->data + begin, end - begin, part->is_little);
  self->bytes = g_byte_array_new ();
  append_bytes (self, part, sum->data, sum->len);
  memcpy (bytes->data + self->places[i], self->bytes->data, self->bytes->len);
  g_byte_array_unref (self->bytes);
  self->bytes = bytes;
  return TRUE;
}

/* -- All of it ----------------------------------------------------------------------------------------------- */

static void
append_part (Run *self, const SktMessagePart *part)
{
  switch (part->kind)
    {
    case SKT_PART_LITERAL:
      g_byte_array_append (self->bytes, self->program->literals->data + part->offset, part->length);
      break;
    case SKT_PART_COUNTER:
      append_counter (self, part);
      break;
    case SKT_PART_TIME:
    case SKT_PART_TIME_MS:
    case SKT_PART_TIME_ISO:
    case SKT_PART_TIME_ISO_MS:
      append_time (self, part);
      break;
    case SKT_PART_RANDOM:
      append_random (self, part);
      break;
    case SKT_PART_UUID:
      append_uuid (self, part);
      break;
    case SKT_PART_CRC:
      reserve_checksum (self, part);
      break;
    case SKT_PART_RECEIVED:
    case SKT_PART_GROUP:
      append_received (self, part);
      break;
    }
}

GByteArray *
_skt_message_program_run (const SktMessageProgram *program, const SktMessageContext *context, GError **error)
{
  const guint n = program->parts->len;
  g_autofree gsize *places = g_new (gsize, n + 1);
  Run self = { program, context, .bytes = g_byte_array_new (), .places = places };
  gboolean is_good = TRUE;

  self.time_us = context != NULL && context->time_us != 0 ? context->time_us : g_get_real_time ();
  for (guint i = 0; i < n; i++)
    {
      places[i] = self.bytes->len;
      append_part (&self, &g_array_index (program->parts, SktMessagePart, i));
    }
  places[n] = self.bytes->len;
  for (guint i = 0; i < n && is_good; i++)
    if (g_array_index (program->parts, SktMessagePart, i).kind == SKT_PART_CRC)
      is_good = fill_checksum (&self, i, error);
  g_clear_pointer (&self.random, g_rand_free);
  if (is_good)
    return self.bytes;
  g_byte_array_unref (self.bytes);
  return NULL;
}
