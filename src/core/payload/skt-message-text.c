/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-message-private.h"

#include "skt-encoding-private.h"
#include "skt-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* From character `run` of the text that is to be encoded on, it is that from character `source` of the source on. */
typedef struct
{
  gsize run, source;
} Anchor;

typedef struct
{
  SktMessageProgram *program;
  const SktMessageSettings *settings;
  const char *first;    /* the source */
  const char *place;
  gsize position;       /* characters before the place */
  GString *run;         /* text that is to be encoded in one piece */
  gsize run_characters;
  GArray *anchors;      /* Anchor, in order */
  GError *error;
} Reader;

/* -- Text in the encoding ------------------------------------------------------------------------------------ */

static void
add_text (Reader *self, const char *text, gsize length, gsize n_characters)
{
  Anchor anchor = { self->run_characters, self->position };

  g_array_append_val (self->anchors, anchor);
  g_string_append_len (self->run, text, length);
  self->run_characters += n_characters;
}

static void
advance (Reader *self, const char *place)
{
  self->position += g_utf8_strlen (self->place, place - self->place);
  self->place = place;
}

/* Where in the source character `character` of the run was written. */
static gsize
find_source (Reader *self, gsize character)
{
  guint low = 0, high = self->anchors->len;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->anchors, Anchor, middle).run <= character)
        low = middle;
      else
        high = middle;
    }
  return g_array_index (self->anchors, Anchor, low).source + character - g_array_index (self->anchors, Anchor, low).run;
}

static gboolean
flush_run (Reader *self)
{
  g_autoptr (GBytes) bytes = NULL;
  gsize position = 0;

  if (self->run->len == 0)
    return TRUE;
  bytes = skt_encoding_encode (self->settings->encoding, self->run->str, self->run->len, &position, NULL);
  if (bytes == NULL)
    {
      const char *bad = g_utf8_offset_to_pointer (self->run->str, position);

      self->position = find_source (self, position);
      _skt_encoding_set_error (&self->error, self->settings->encoding, bad, self->run->str + self->run->len, self->position);
      return FALSE;
    }
  _skt_message_program_append (self->program, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_string_truncate (self->run, 0);
  g_array_set_size (self->anchors, 0);
  self->run_characters = 0;
  return TRUE;
}

/* -- Escapes ------------------------------------------------------------------------------------------------- */

static gboolean
fail_at (Reader *self, const char *place, const char *format)
{
  g_autofree char *name = _skt_message_dup_name (place);

  advance (self, place);
  _skt_message_set_error (&self->error, format, name, self->position + 1);
  return FALSE;
}

static gboolean
read_byte (Reader *self)
{
  const char *digits = self->place + 2;
  guint8 byte;

  for (guint i = 0; i < 2; i++)
    if (!g_ascii_isxdigit (digits[i]))
      return fail_at (self, digits + i,
                      /* Translators: “g” at position 5 …; or: The end at position 5 … */
                      _ ("%s at position %zu is not a hexadecimal digit: \\x takes two of them, as in \\x0D"));
  byte = g_ascii_xdigit_value (digits[0]) << 4 | g_ascii_xdigit_value (digits[1]);
  if (!flush_run (self))
    return FALSE;
  _skt_message_program_append (self->program, &byte, 1);
  advance (self, digits + 2);
  return TRUE;
}

static gboolean
read_character (Reader *self)
{
  const char *p = self->place + 2;
  gunichar c = 0;
  char utf8[6];

  if (*p != '{')
    return fail_at (self, p, _ ("%s at position %zu should be “{”: a character by its number is written as in \\u{20AC}"));
  for (p++; g_ascii_isxdigit (*p) && c <= 0x10FFFF; p++)
    c = c << 4 | g_ascii_xdigit_value (*p);
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
    return fail_at (self, self->place, _ ("%s at position %zu begins the number of no character: they go to 10FFFF, without D800 to DFFF"));
  if (*p != '}' || p == self->place + 3)
    return fail_at (self, p, _ ("%s at position %zu is not a hexadecimal digit: a character by its number is written as in \\u{20AC}"));
  add_text (self, utf8, g_unichar_to_utf8 (c, utf8), 1);
  advance (self, p + 1);
  return TRUE;
}

static gboolean
read_escape (Reader *self)
{
  static const char names[] = "rnt\\0";
  static const char values[] = "\r\n\t\\\0";
  const char *found;
  char c = self->place[1];

  if (c == 'x')
    return read_byte (self);
  if (c == 'u')
    return read_character (self);
  found = c != '\0' ? strchr (names, c) : NULL;
  if (found == NULL)
    return fail_at (self, self->place + 1,
                    _ ("%s at position %zu makes no escape: \\r \\n \\t \\0 \\xNN \\u{NNNN} do, and \\\\ is a backslash"));
  add_text (self, &values[found - names], 1, 1);
  advance (self, self->place + 2);
  return TRUE;
}

/* -- All of it ----------------------------------------------------------------------------------------------- */

static const char *
get_ending (SktLineEnding ending)
{
  return ending == SKT_LINE_ENDING_CR ? "\r" : ending == SKT_LINE_ENDING_CRLF ? "\r\n" : "\n";
}

static gboolean
ends_lines (SktLineEnding ending)
{
  return ending == SKT_LINE_ENDING_LF || ending == SKT_LINE_ENDING_CR || ending == SKT_LINE_ENDING_CRLF;
}

static void
read_break (Reader *self)
{
  const char *ending = get_ending (self->settings->ending);

  add_text (self, ending, strlen (ending), strlen (ending));
  advance (self, self->place + (self->place[0] == '\r' && self->place[1] == '\n' ? 2 : 1));
}

static gboolean
read_placeholder (Reader *self)
{
  SktMessagePart part;
  const char *end;

  if (!flush_run (self)
      || !_skt_message_parse_placeholder (self->first, self->place, FALSE, &part, &end, &self->position, &self->error))
    return FALSE;
  g_array_append_val (self->program->parts, part);
  advance (self, end);
  return TRUE;
}

static void
read_plain (Reader *self, const char *stops)
{
  gsize length = strcspn (self->place + 1, stops) + 1;
  const char *end = self->place + length;
  gsize n_characters;

  /* The first character is plain whatever it is. */
  n_characters = g_utf8_strlen (self->place, length);
  add_text (self, self->place, length, n_characters);
  self->position += n_characters;
  self->place = end;
}

static gboolean
read_next (Reader *self, const char *stops)
{
  const SktMessageSettings *settings = self->settings;
  const char *p = self->place;

  if (settings->has_escapes && *p == '\\')
    return read_escape (self);
  if (settings->has_placeholders && g_str_has_prefix (p, "${"))
    return read_placeholder (self);
  if (settings->has_placeholders && g_str_has_prefix (p, "$${"))
    {
      add_text (self, "${", 2, 2);
      advance (self, p + 3);
    }
  else if (ends_lines (settings->ending) && (*p == '\r' || *p == '\n'))
    read_break (self);
  else
    read_plain (self, stops);
  return TRUE;
}

static gboolean
add_ending (Reader *self)
{
  SktLineEnding ending = self->settings->ending;

  if (ending == SKT_LINE_ENDING_NUL)
    add_text (self, "", 1, 1);
  else if (ends_lines (ending))
    add_text (self, get_ending (ending), strlen (get_ending (ending)), strlen (get_ending (ending)));
  return flush_run (self);
}

gboolean
_skt_message_compile_text (SktMessageProgram *program, const SktMessageSettings *settings, gsize *ret_position, GError **error)
{
  g_autofree char *stops = g_strconcat (settings->has_escapes ? "\\" : "", settings->has_placeholders ? "$" : "",
                                        ends_lines (settings->ending) ? "\r\n" : "", NULL);
  Reader self = { program, settings, settings->source, settings->source };
  gboolean is_good = TRUE;

  self.run = g_string_new (NULL);
  self.anchors = g_array_new (FALSE, FALSE, sizeof (Anchor));
  while (is_good && *self.place != '\0')
    is_good = read_next (&self, stops);
  is_good = is_good && add_ending (&self);
  g_string_free (self.run, TRUE);
  g_array_unref (self.anchors);
  if (is_good)
    return TRUE;
  *ret_position = self.position;
  g_propagate_error (error, self.error);
  return FALSE;
}
