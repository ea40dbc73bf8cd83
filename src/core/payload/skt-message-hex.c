/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-message-private.h"

#include "skt-error.h"
#include "skt-hex.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A space for each character, so that positions stay what they are. */
static void
append_blanks (GString *text, const char *from, const char *to)
{
  for (; from < to; from = g_utf8_next_char (from))
    g_string_append_c (text, ' ');
}

/* The source with blanks for placeholders, and those as parts (whose offset is that of their blanks, their length that of their text). */
static GString *
blank_placeholders (const char *source, GArray *parts, gsize *ret_position, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (const char *p = source; *p != '\0';)
    {
      const char *next = strstr (p, "${");
      SktMessagePart part;
      const char *end;

      if (next == NULL)
        {
          g_string_append (text, p);
          break;
        }
      g_string_append_len (text, p, next - p);
      if (!_skt_message_parse_placeholder (source, next, TRUE, &part, &end, ret_position, error))
        return NULL;
      part.offset = text->len;
      append_blanks (text, next, end);
      part.length = text->len - part.offset;
      g_array_append_val (parts, part);
      p = end;
    }
  return g_steal_pointer (&text);
}

static void
append_hex (SktMessageProgram *program, const char *text, gsize length)
{
  g_autoptr (GBytes) bytes = skt_hex_parse (text, length, NULL, NULL);

  g_assert (bytes != NULL);
  _skt_message_program_append (program, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static gboolean
compile_with_placeholders (SktMessageProgram *program, const char *source, gsize *ret_position, GError **error)
{
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (SktMessagePart));
  g_autoptr (GString) text = blank_placeholders (source, parts, ret_position, error);
  g_autoptr (GBytes) all = NULL;
  gsize done = 0;

  if (text == NULL)
    return FALSE;
  /* Of the whole, for its positions: what is good there is good between blanks too. */
  all = skt_hex_parse (text->str, text->len, ret_position, error);
  if (all == NULL)
    return FALSE;
  for (guint i = 0; i < parts->len; i++)
    {
      const SktMessagePart *part = &g_array_index (parts, SktMessagePart, i);

      append_hex (program, text->str + done, part->offset - done);
      done = part->offset + part->length;
      g_array_append_vals (program->parts, part, 1);
    }
  append_hex (program, text->str + done, text->len - done);
  return TRUE;
}

gboolean
_skt_message_compile_hex (SktMessageProgram *program, const SktMessageSettings *settings, gsize *ret_position, GError **error)
{
  const char *source = settings->source;
  g_autoptr (GBytes) bytes = NULL;

  if (settings->has_placeholders && strstr (source, "${") != NULL)
    return compile_with_placeholders (program, source, ret_position, error);
  if (_skt_message_read_hexdump (source, &bytes, ret_position, error))
    program->note = _ ("Read as a hexdump: offsets and the text column are not sent");
  else if (_skt_message_read_c (source, &bytes, ret_position, error))
    program->note = strchr (source, '{') != NULL ? _ ("Read as an array of C: only its numbers are sent")
                                                 : _ ("Comments are not sent");
  else
    bytes = skt_hex_parse (source, -1, ret_position, error);
  if (bytes == NULL)
    return FALSE;
  _skt_message_program_append (program, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return TRUE;
}
