/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-message-private.h"

#include "skt-error.h"
#include "skt-hex.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char *first;
  const char *p;
  GByteArray *bytes;
  gsize position;
  GError *error;
} Reader;

static gboolean
fail (Reader *self, const char *place, const char *format)
{
  g_autofree char *name = _skt_message_dup_name (place);

  self->position = _skt_message_get_position (self->first, place);
  _skt_message_set_error (&self->error, format, name, self->position + 1);
  return FALSE;
}

/* The source with blanks for comments, a blank for each character. (transfer full) */
static char *
blank_comments (const char *source)
{
  GString *text = g_string_sized_new (strlen (source));
  const char *p = source;

  while (*p != '\0')
    {
      const char *end = p;

      if (p[0] == '/' && p[1] == '/')
        end = p + strcspn (p, "\r\n");
      else if (p[0] == '/' && p[1] == '*')
        {
          end = strstr (p + 2, "*/");
          end = end != NULL ? end + 2 : p;
        }
      if (end == p)
        g_string_append_c (text, *p++);
      for (; p < end; p = g_utf8_next_char (p))
        g_string_append_c (text, *p == '\n' || *p == '\r' ? *p : ' ');
    }
  return g_string_free (text, FALSE);
}

static void
skip_space (Reader *self)
{
  while (g_ascii_isspace (*self->p))
    self->p++;
}

/* What is read, before the brace: words, stars, brackets with a number, “=”. */
static gboolean
skip_declaration (Reader *self)
{
  while (*self->p != '{')
    {
      if (*self->p == '\0' || (!g_ascii_isspace (*self->p) && !g_ascii_isalnum (*self->p) && strchr ("_*[]=:<>,.", *self->p) == NULL))
        return fail (self, self->p, _ ("%s at position %zu can’t be read: before “{” there is only the name of an array of C"));
      self->p++;
    }
  self->p++;
  return TRUE;
}

/* “(byte)”, “(unsigned char)” */
static gboolean
skip_cast (Reader *self)
{
  const char *p = self->p;

  if (*p != '(')
    return TRUE;
  for (p++; g_ascii_isalnum (*p) || *p == '_' || *p == ' '; p++)
    ;
  if (*p != ')')
    return fail (self, p, _ ("%s at position %zu should be “)” after a type"));
  self->p = p + 1;
  skip_space (self);
  return TRUE;
}

static gboolean
read_character (Reader *self)
{
  static const char names[] = "rnt0\\'\"abfv";
  static const char values[] = "\r\n\t\0\\'\"\a\b\f\v";
  const char *p = self->p + 1;
  guint8 value = *p;
  const char *name;

  if (*p == '\\' && p[1] == 'x' && g_ascii_isxdigit (p[2]) && g_ascii_isxdigit (p[3]))
    {
      value = g_ascii_xdigit_value (p[2]) << 4 | g_ascii_xdigit_value (p[3]);
      p += 3;
    }
  else if (*p == '\\' && p[1] != '\0' && (name = strchr (names, p[1])) != NULL)
    {
      value = values[name - names];
      p++;
    }
  else if (value < 0x20 || value >= 0x7F || value == '\'' || value == '\\')
    return fail (self, p, _ ("%s at position %zu is no character of one byte"));
  if (p[1] != '\'')
    return fail (self, p + 1, _ ("%s at position %zu should be the “'” that ends a character"));
  g_byte_array_append (self->bytes, &value, 1);
  self->p = p + 2;
  return TRUE;
}

static guint
get_base (const char **p)
{
  if ((*p)[0] != '0')
    return 10;
  if ((*p)[1] == 'x' || (*p)[1] == 'X')
    {
      *p += 2;
      return 16;
    }
  if ((*p)[1] == 'b' || (*p)[1] == 'B')
    {
      *p += 2;
      return 2;
    }
  return 8;
}

/* As C reads it: 0x1F, 31, 037, 0b11111, -1; with the suffixes of C. */
static gboolean
read_number (Reader *self)
{
  const char *p = self->p + (*self->p == '-' || *self->p == '+');
  const gboolean is_negative = *self->p == '-';
  const guint base = get_base (&p);
  const char *digits = p;
  guint value = 0;
  guint8 byte;

  for (; g_ascii_isxdigit (*p) && (guint) g_ascii_xdigit_value (*p) < base; p++)
    value = MIN (value * base + g_ascii_xdigit_value (*p), 100000);
  if (p == digits)
    return fail (self, p, _ ("%s at position %zu is no digit of a number"));
  if (value > 255 || (is_negative && value > 128))
    return fail (self, self->p, _ ("%s at position %zu begins a number that is no byte: they go from 0 to 255, or from -128"));
  while (*p == 'u' || *p == 'U' || *p == 'l' || *p == 'L')
    p++;
  byte = is_negative ? 256 - value : value;
  g_byte_array_append (self->bytes, &byte, 1);
  self->p = p;
  return TRUE;
}

/* “};” and what xxd -i writes after it: the length. */
static gboolean
check_rest (Reader *self)
{
  for (; *self->p != '\0'; self->p++)
    if (!g_ascii_isspace (*self->p) && !g_ascii_isalnum (*self->p) && strchr ("_;=", *self->p) == NULL)
      return fail (self, self->p, _ ("%s at position %zu comes after the array: paste one at a time"));
  return TRUE;
}

static gboolean
read_elements (Reader *self)
{
  for (;;)
    {
      skip_space (self);
      if (*self->p == '}')
        break;
      if (!skip_cast (self) || !(*self->p == '\'' ? read_character (self) : read_number (self)))
        return FALSE;
      skip_space (self);
      if (*self->p == '}')
        break;
      if (*self->p != ',')
        return fail (self, self->p, _ ("%s at position %zu should be “,” or “}” after a number"));
      self->p++;
    }
  self->p++;
  return check_rest (self);
}

gboolean
_skt_message_read_c (const char *source, GBytes **ret_bytes, gsize *ret_position, GError **error)
{
  const gboolean has_comments = strstr (source, "//") != NULL || strstr (source, "/*") != NULL;
  g_autofree char *text = NULL;
  g_autoptr (GByteArray) bytes = NULL;
  Reader self = { NULL, };

  if (!has_comments && strchr (source, '{') == NULL)
    return FALSE;
  text = blank_comments (source);
  if (strchr (text, '{') == NULL)
    {
      *ret_bytes = skt_hex_parse (text, -1, ret_position, error);
      return TRUE;
    }
  bytes = g_byte_array_new ();
  self = (Reader){ .first = text, .p = text, .bytes = bytes };
  if (skip_declaration (&self) && read_elements (&self))
    *ret_bytes = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  else
    {
      *ret_position = self.position;
      g_propagate_error (error, self.error);
    }
  return TRUE;
}
