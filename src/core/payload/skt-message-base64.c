/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-message-private.h"

#include "skt-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char *first;
  GByteArray *bytes;
  guint32 bits;         /* of the group that is being read */
  guint n_in_group;     /* characters, 0..3 */
  const char *last;     /* the last of them */
  char own_sign;        /* the first of + / - _ that was met: tells which alphabet it is */
} Reader;

static gboolean
fail_at (Reader *self, const char *place, const char *format, gsize *ret_position, GError **error)
{
  g_autofree char *name = _skt_message_dup_name (place);

  *ret_position = _skt_message_get_position (self->first, place);
  _skt_message_set_error (error, format, name, *ret_position + 1);
  return FALSE;
}

/* 0..63, or -1. */
static int
get_value (char c)
{
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  if (c == '+' || c == '-')
    return 62;
  return c == '/' || c == '_' ? 63 : -1;
}

static gboolean
is_url_sign (char c)
{
  return c == '-' || c == '_';
}

static gboolean
take (Reader *self, const char *place, gsize *ret_position, GError **error)
{
  int value = get_value (*place);

  if (value < 0)
    return fail_at (self, place,
                    /* Translators: “!” at position 5 … */
                    _ ("%s at position %zu is no character of Base64: A to Z, a to z, 0 to 9, + and / (or - and _) are"),
                    ret_position, error);
  if (value >= 62 && self->own_sign != '\0' && is_url_sign (*place) != is_url_sign (self->own_sign))
    return fail_at (self, place, _ ("%s at position %zu is of another alphabet than what is before it: use + and /, or - and _"),
                    ret_position, error);
  if (value >= 62 && self->own_sign == '\0')
    self->own_sign = *place;
  self->bits = self->bits << 6 | value;
  self->last = place;
  if (++self->n_in_group == 4)
    {
      guint8 group[3] = { self->bits >> 16, self->bits >> 8, self->bits };

      g_byte_array_append (self->bytes, group, 3);
      self->n_in_group = 0;
      self->bits = 0;
    }
  return TRUE;
}

/* What is left when the characters are over. */
static gboolean
finish (Reader *self, gsize *ret_position, GError **error)
{
  guint8 rest[2];

  if (self->n_in_group == 0)
    return TRUE;
  if (self->n_in_group == 1)
    return fail_at (self, self->last, _ ("%s at position %zu stands alone: a byte takes two characters at least"), ret_position, error);
  if ((self->bits & (self->n_in_group == 2 ? 0xF : 0x3)) != 0)
    return fail_at (self, self->last, _ ("%s at position %zu has bits that belong to no byte: something is missing after it"),
                    ret_position, error);
  self->bits <<= 6 * (4 - self->n_in_group);
  rest[0] = self->bits >> 16;
  rest[1] = self->bits >> 8;
  g_byte_array_append (self->bytes, rest, self->n_in_group - 1);
  return TRUE;
}

static const char *
skip_space (const char *p)
{
  while (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n')
    p++;
  return p;
}

/* From the first “=” on: as many as fill the group, or none. */
static gboolean
check_padding (Reader *self, const char *p, gsize *ret_position, GError **error)
{
  guint n_wanted = self->n_in_group >= 2 ? 4 - self->n_in_group : 0;
  guint n = 0;

  for (; *p == '='; p = skip_space (p + 1))
    if (++n > n_wanted)
      return fail_at (self, p, _ ("%s at position %zu is too much: padding fills the last four characters"), ret_position, error);
  if (*p != '\0')
    return fail_at (self, p, _ ("%s at position %zu comes after the padding, which ends Base64"), ret_position, error);
  if (n > 0 && n < n_wanted)
    return fail_at (self, p, _ ("%s at position %zu should be “=”: the padding is “==” here, or none at all"), ret_position, error);
  return TRUE;
}

static gboolean
read_all (Reader *self, gsize *ret_position, GError **error)
{
  const char *p;

  for (p = skip_space (self->first); *p != '\0' && *p != '='; p = skip_space (p + 1))
    if (!take (self, p, ret_position, error))
      return FALSE;
  return check_padding (self, p, ret_position, error) && finish (self, ret_position, error);
}

GBytes *
_skt_message_read_base64 (const char *source, gsize *ret_position, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Reader self = { source, bytes };

  if (!read_all (&self, ret_position, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
