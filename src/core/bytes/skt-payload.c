/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-payload.h"

#include "skt-encoding-private.h"

#include <string.h>

static const struct
{
  const char *text;
  gsize length;
} endings[SKT_N_LINE_ENDINGS] = {
  [SKT_LINE_ENDING_NONE] = { "", 0 },
  [SKT_LINE_ENDING_LF] = { "\n", 1 },
  [SKT_LINE_ENDING_CR] = { "\r", 1 },
  [SKT_LINE_ENDING_CRLF] = { "\r\n", 2 },
  [SKT_LINE_ENDING_NUL] = { "\0", 1 },
};

static gboolean
ends_lines (SktLineEnding ending)
{
  return ending == SKT_LINE_ENDING_LF || ending == SKT_LINE_ENDING_CR || ending == SKT_LINE_ENDING_CRLF;
}

/* The bytes of a line break that is to be replaced at the start of the text, which may be LF, CR or CRLF; 0 if there is none. */
static gsize
get_break_length (const char *text, const char *end, SktLineEnding ending)
{
  if (!ends_lines (ending))
    return 0;
  if (*text == '\r')
    return text + 1 < end && text[1] == '\n' ? 2 : 1;
  return *text == '\n' ? 1 : 0;
}

static GString *
replace_breaks (const char *utf8, gsize length, SktLineEnding ending)
{
  const char *end = utf8 + length;
  GString *text = g_string_sized_new (length + 2);

  for (const char *p = utf8; p < end;)
    {
      gsize n_break = get_break_length (p, end, ending);
      const char *next = p;

      if (n_break > 0)
        g_string_append_len (text, endings[ending].text, endings[ending].length);
      while (n_break == 0 && next < end && get_break_length (next, end, ending) == 0)
        next++;
      g_string_append_len (text, p, next - p);
      p = next + n_break;
    }
  g_string_append_len (text, endings[ending].text, endings[ending].length);
  return text;
}

/* The place in the user's text of character number `position` in the text with the replaced breaks. That character
 * is no break. */
static const char *
find_character (const char *utf8, const char *end, SktLineEnding ending, gsize position, gsize *ret_position)
{
  gsize n_inner = ending == SKT_LINE_ENDING_CRLF ? 2 : 1;
  const char *p = utf8;

  *ret_position = 0;
  while (p < end && position > 0)
    {
      gsize n_break = get_break_length (p, end, ending);

      p = n_break > 0 ? p + n_break : g_utf8_next_char (p);
      *ret_position += MAX (n_break, 1);
      position -= n_break > 0 ? n_inner : 1;
    }
  return p;
}

GBytes *
skt_payload_from_text (const char *utf8,
                       gssize length,
                       SktEncoding encoding,
                       SktLineEnding ending,
                       gsize *ret_position,
                       GError **error)
{
  g_autoptr (GString) text = NULL;
  g_autoptr (GError) local_error = NULL;
  GBytes *bytes;
  const char *end;
  const char *place;
  gsize position = 0;

  g_return_val_if_fail (utf8 != NULL || length == 0, NULL);
  g_return_val_if_fail ((guint) ending < SKT_N_LINE_ENDINGS, NULL);

  if (utf8 == NULL)
    utf8 = "";
  end = utf8 + (length < 0 ? strlen (utf8) : (gsize) length);
  text = replace_breaks (utf8, end - utf8, ending);
  bytes = skt_encoding_encode (encoding, text->str, text->len, &position, &local_error);
  if (bytes != NULL)
    return bytes;

  place = find_character (utf8, end, ending, position, &position);
  _skt_encoding_set_error (error, encoding, place, end, position);
  if (ret_position != NULL)
    *ret_position = position;
  return NULL;
}
