/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-message-private.h"

#include "skt-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

gboolean
_skt_message_resolve (gint value, gsize length, gboolean is_end, gsize *ret_offset)
{
  gsize n = value < 0 ? (gsize) -(gint64) value : (gsize) value;

  if (n > length)
    return FALSE;
  *ret_offset = value < 0 || (is_end && value == 0) ? length - n : n;
  return TRUE;
}

void
_skt_message_append_checksum (GByteArray *bytes, SktChecksum checksum, const guint8 *data, gsize length, gboolean is_little)
{
  const guint width = skt_checksum_get_width (checksum);
  SktChecksumState state;
  guint32 value;

  skt_checksum_init (&state, checksum);
  skt_checksum_update (&state, data != NULL ? data : (const guint8 *) "", length);
  value = skt_checksum_get_value (&state);
  for (guint i = 0; i < width; i++)
    {
      guint8 byte = value >> 8 * (is_little ? i : width - 1 - i);

      g_byte_array_append (bytes, &byte, 1);
    }
}

static gboolean
set_error (GError **error, const char *format, gint value, gsize length)
{
  g_autofree char *bytes = g_strdup_printf (ngettext ("%zu byte", "%zu bytes", length), length);

  _skt_message_set_error (error, format, value, bytes);
  return FALSE;
}

gboolean
_skt_message_add_checksum (const SktMessageSettings *settings, GByteArray *bytes, GError **error)
{
  g_autoptr (GByteArray) sum = g_byte_array_new ();
  gsize begin, end, at, length = bytes->len;

  if (!_skt_message_resolve (settings->checksum_begin, length, FALSE, &begin))
    /* Translators: %d: a number of bytes, negative: from the end; %s: 5 bytes */
    return set_error (error, _ ("The checksum can’t begin at byte %d: the message has %s without it"), settings->checksum_begin, length);
  if (!_skt_message_resolve (settings->checksum_end, length, TRUE, &end) || end < begin)
    return set_error (error, _ ("The checksum can’t end at byte %d: that is before its beginning, or outside of the message, which has %s without it"),
                      settings->checksum_end, length);
  if (!_skt_message_resolve (settings->checksum_at, length, TRUE, &at))
    return set_error (error, _ ("The checksum can’t be put at byte %d: the message has %s without it"), settings->checksum_at, length);

  _skt_message_append_checksum (sum, settings->checksum, bytes->len > 0 ? bytes->data + begin : NULL, end - begin,
                                settings->checksum_is_little);
  g_byte_array_append (bytes, sum->data, sum->len);
  if (at == length)
    return TRUE;
  memmove (bytes->data + at + sum->len, bytes->data + at, length - at);
  memcpy (bytes->data + at, sum->data, sum->len);
  return TRUE;
}
