/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-message.h"

#include "skt-decode-private.h"
#include "skt-hex.h"
#include "skt-literal.h"

#include <string.h>

/* What a line break of the text is sent as. */
static const char *
get_break (SktLineEnding ending)
{
  return ending == SKT_LINE_ENDING_CR ? "\r" : ending == SKT_LINE_ENDING_CRLF ? "\r\n" : "\n";
}

static gboolean
is_wide (SktEncoding encoding)
{
  return encoding == SKT_ENCODING_UTF_16LE || encoding == SKT_ENCODING_UTF_16BE;
}

/* The line ending at the end of the bytes, as it is encoded; 0 if it isn't there. */
static gsize
get_ending_length (const SktMessageSettings *settings, const guint8 *data, gsize length)
{
  g_autoptr (GBytes) ending = skt_payload_from_text ("", 0, settings->encoding, settings->ending, NULL, NULL);
  gsize n;
  const guint8 *bytes;

  if (ending == NULL)
    return 0;
  bytes = g_bytes_get_data (ending, &n);
  if (n == 0 || n > length || memcmp (data + length - n, bytes, n) != 0)
    return 0;
  return n;
}

/* The bytes of no multi-byte character of these sets are those of a line break. In UTF-16 they are, so there all breaks are escapes. */
static void
append_lines (GString *text, const SktMessageSettings *settings, const guint8 *data, gsize length)
{
  const char *line_break = get_break (settings->ending);
  const gsize n_break = strlen (line_break);

  while (length > 0)
    {
      const guint8 *found = is_wide (settings->encoding) ? NULL : memmem (data, length, line_break, n_break);
      gsize n = found != NULL ? (gsize) (found - data) : length;

      skt_literal_append_escaped (text, settings->encoding, data, n);
      data += n;
      length -= n;
      if (found != NULL)
        {
          g_string_append_c (text, '\n');
          data += n_break;
          length -= n_break;
        }
    }
}

/* Without escapes, of which only those of characters that can be typed may be there. FALSE: there are others. */
static gboolean
remove_escapes (GString *text)
{
  GString *plain = g_string_sized_new (text->len);
  const char *p;

  for (p = text->str; *p != '\0'; p++)
    if (*p != '\\')
      g_string_append_c (plain, *p);
    else if (p[1] == '\\' || p[1] == 't')
      g_string_append_c (plain, *++p == 't' ? '\t' : '\\');
    else
      break;
  if (*p == '\0')
    g_string_assign (text, plain->str);
  g_string_free (plain, TRUE);
  return *p == '\0';
}

static void
write_text (GString *text, SktMessageSettings *settings, const guint8 *data, gsize length)
{
  gsize n_ending = get_ending_length (settings, data, length);

  if (n_ending == 0)
    settings->ending = SKT_LINE_ENDING_NONE;
  append_lines (text, settings, data, length - n_ending);
  if (!settings->has_escapes && !remove_escapes (text))
    settings->has_escapes = TRUE;
}

static SktMessage *
check (const SktMessageSettings *settings, GBytes *bytes)
{
  SktMessage *message = skt_message_new (settings, NULL, NULL);
  g_autoptr (GBytes) sent = message != NULL ? skt_message_expand (message, NULL, NULL) : NULL;

  if (sent != NULL && g_bytes_equal (sent, bytes))
    return message;
  g_clear_pointer (&message, skt_message_unref);
  return NULL;
}

SktMessage *
skt_message_new_in_form (const SktMessageSettings *settings, GBytes *bytes)
{
  g_autoptr (GString) text = g_string_new (NULL);
  SktMessageSettings own;
  SktMessage *message;
  gsize length;
  const guint8 *data;

  g_return_val_if_fail (settings != NULL && bytes != NULL, NULL);

  own = *settings;
  own.has_placeholders = FALSE;
  own.has_checksum = FALSE;
  data = g_bytes_get_data (bytes, &length);
  if (length == 0)
    own.ending = SKT_LINE_ENDING_NONE;
  else if (own.form == SKT_MESSAGE_TEXT)
    write_text (text, &own, data, length);
  else if (own.form == SKT_MESSAGE_HEX)
    skt_hex_append (text, data, length);
  else
    skt_literal_append_base64 (text, data, length);
  own.has_placeholders = settings->has_placeholders && strstr (text->str, "${") == NULL;
  own.source = text->str;
  message = check (&own, bytes);
  if (message != NULL)
    return message;

  /* What this C library reads and writes differently: byte by byte. */
  own.form = SKT_MESSAGE_TEXT;
  own.ending = SKT_LINE_ENDING_NONE;
  own.has_escapes = TRUE;
  own.has_placeholders = FALSE;
  g_string_truncate (text, 0);
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "\\x%02X", data[i]);
  own.source = text->str;
  return skt_message_new (&own, NULL, NULL);
}

/* -- Control characters -------------------------------------------------------------------------------------- */

gboolean
skt_message_is_control (const SktMessageSettings *settings, gunichar c)
{
  const SktLineEnding ending = settings->ending;

  if (c == '\n' || c == '\t')
    return FALSE;
  if (c == '\r')
    return ending == SKT_LINE_ENDING_NONE || ending == SKT_LINE_ENDING_NUL;
  return c < 0x20 || c == 0x7F || (c >= 0x80 && _skt_character_is_invisible (c));
}

static void
append_control (GString *text, SktEncoding encoding, gunichar c)
{
  if (c == '\r')
    g_string_append (text, "\\r");
  else if (c == '\0')
    g_string_append (text, "\\0");
  else if (c < 0x80 && !is_wide (encoding))
    g_string_append_printf (text, "\\x%02X", c);
  else
    g_string_append_printf (text, "\\u{%X}", c);
}

char *
skt_message_escape_controls (const SktMessageSettings *settings, const char *utf8, gsize length, gsize *ret_n, gsize *ret_first)
{
  GString *text = g_string_sized_new (length);
  const char *end = utf8 + length;
  gsize n = 0, position = 0;

  g_return_val_if_fail (settings != NULL && (utf8 != NULL || length == 0), NULL);

  for (const char *p = utf8; p < end; p = g_utf8_next_char (p), position++)
    {
      gunichar c = g_utf8_get_char (p);

      if (skt_message_is_control (settings, c))
        {
          if (n++ == 0 && ret_first != NULL)
            *ret_first = position;
          append_control (text, settings->encoding, c);
        }
      else if (c == '\\' && !settings->has_escapes)
        g_string_append (text, "\\\\");
      else
        g_string_append_unichar (text, c);
    }
  if (ret_n != NULL)
    *ret_n = n;
  return g_string_free (text, FALSE);
}
