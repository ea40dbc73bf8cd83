/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-message-private.h"

#include "skt-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_RANDOM 65536
#define MAX_DIGITS 64

typedef enum
{
  OPTION_WIDTH = 1 << 0,
  OPTION_BASE = 1 << 1,
  OPTION_START = 1 << 2,
  OPTION_STEP = 1 << 3,
  OPTION_ORDER = 1 << 4,
  OPTION_BEGIN = 1 << 5,
  OPTION_END = 1 << 6,
  OPTION_AS = 1 << 7,
} Option;

static const char *const option_names[] = { "width", "base", "start", "step", "order", "begin", "end", "as" };

/* A word without “=” that some take first. */
typedef enum
{
  WORD_NONE,
  WORD_TIME,
  WORD_COUNT,
  WORD_CHECKSUM,
} Word;

static const struct
{
  const char *name;
  SktPartKind kind;
  Word word;
  guint text_options, hex_options;
} kinds[] = {
  { "counter", SKT_PART_COUNTER, WORD_NONE, OPTION_WIDTH | OPTION_BASE | OPTION_START | OPTION_STEP,
    OPTION_WIDTH | OPTION_ORDER | OPTION_START | OPTION_STEP },
  { "time", SKT_PART_TIME, WORD_TIME, 0, OPTION_WIDTH | OPTION_ORDER },
  { "random", SKT_PART_RANDOM, WORD_COUNT, OPTION_AS, OPTION_AS },
  { "uuid", SKT_PART_UUID, WORD_NONE, 0, 0 },
  { "crc", SKT_PART_CRC, WORD_CHECKSUM, OPTION_BEGIN | OPTION_END | OPTION_ORDER | OPTION_AS,
    OPTION_BEGIN | OPTION_END | OPTION_ORDER | OPTION_AS },
  { "received", SKT_PART_RECEIVED, WORD_NONE, OPTION_AS, OPTION_AS },
};

typedef struct
{
  const char *first;    /* the source */
  gboolean is_hex;
  const char *name;     /* of the placeholder */
  gsize name_length;
  Word word;
  guint options;
  SktMessagePart *part;
  gsize position;       /* of what is wrong */
  GError *error;
} Parser;

/* A piece between colon, commas and brace. */
typedef struct
{
  const char *begin, *end;
} Piece;

static gboolean
equals (Piece piece, const char *text)
{
  return (gsize) (piece.end - piece.begin) == strlen (text) && strncmp (piece.begin, text, strlen (text)) == 0;
}

/* `format` takes a text and the 1-based position. */
static gboolean
fail (Parser *self, Piece piece, const char *format)
{
  g_autofree char *text = g_strndup (piece.begin, piece.end - piece.begin);

  self->position = _skt_message_get_position (self->first, piece.begin);
  _skt_message_set_error (&self->error, format, text, self->position + 1);
  return FALSE;
}

static gboolean
read_number (Parser *self, Piece piece, gint64 min, gint64 max, gint64 *ret_value)
{
  g_autofree char *text = g_strndup (piece.begin, piece.end - piece.begin);
  g_autofree char *limits = NULL;

  if (g_ascii_string_to_signed (text, 10, min, max, ret_value, NULL))
    return TRUE;
  limits = g_strdup_printf ("%" G_GINT64_FORMAT "…%" G_GINT64_FORMAT, min, max);
  self->position = _skt_message_get_position (self->first, piece.begin);
  g_set_error (&self->error, SKT_ERROR, SKT_ERROR_BAD_MESSAGE,
               /* Translators: “abc” at position 5 is no number that can be used here: 1…8 */
               _ ("“%s” at position %zu is no number that can be used here: %s"), text, self->position + 1, limits);
  return FALSE;
}

static char *
dup_options (guint options)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (option_names); i++)
    if ((options & 1u << i) != 0)
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", option_names[i]);
  return g_string_free (text, FALSE);
}

static gboolean
fail_option (Parser *self, Piece name)
{
  g_autofree char *text = g_strndup (name.begin, name.end - name.begin);
  g_autofree char *placeholder = g_strndup (self->name, self->name_length);
  g_autofree char *options = dup_options (self->options);

  self->position = _skt_message_get_position (self->first, name.begin);
  if (*options == '\0')
    g_set_error (&self->error, SKT_ERROR, SKT_ERROR_BAD_MESSAGE, _ ("“%s” at position %zu can’t be used: ${%s} has no options here"), text,
                 self->position + 1, placeholder);
  else
    g_set_error (&self->error, SKT_ERROR, SKT_ERROR_BAD_MESSAGE,
                 /* Translators: “abc” at position 5 is no option of ${counter} here: width, base, … are */
                 _ ("“%s” at position %zu is no option of ${%s} here; it has: %s"), text, self->position + 1, placeholder, options);
  return FALSE;
}

/* -- Options ------------------------------------------------------------------------------------------------- */

static gboolean
set_number (Parser *self, Option option, Piece value)
{
  const gboolean is_range = option == OPTION_BEGIN || option == OPTION_END;
  gint64 min = option == OPTION_BASE ? 2 : 1;
  gint64 max = option == OPTION_BASE ? 36 : self->is_hex ? 8 : MAX_DIGITS;
  gint64 number;

  if (option == OPTION_START || option == OPTION_STEP)
    min = G_MININT64, max = G_MAXINT64;
  else if (is_range)
    min = G_MININT32, max = G_MAXINT32;
  if (!read_number (self, value, min, max, &number))
    return FALSE;
  if (option == OPTION_WIDTH)
    self->part->width = number;
  else if (option == OPTION_BASE)
    self->part->base = number;
  else if (option == OPTION_START)
    self->part->start = number;
  else if (option == OPTION_STEP)
    self->part->step = number;
  else if (option == OPTION_BEGIN)
    self->part->begin = number;
  else
    {
      self->part->end = number;
      self->part->has_end = TRUE;
    }
  return TRUE;
}

static gboolean
set_option (Parser *self, Option option, Piece value)
{
  if (option == OPTION_ORDER)
    {
      if (!equals (value, "big") && !equals (value, "little"))
        return fail (self, value, _ ("“%s” at position %zu is no byte order: big and little are"));
      self->part->is_little = equals (value, "little");
      self->part->has_order = TRUE;
      return TRUE;
    }
  if (option != OPTION_AS)
    return set_number (self, option, value);
  if (equals (value, "bytes"))
    self->part->as = SKT_PART_AS_BYTES;
  else if (equals (value, "hex"))
    self->part->as = SKT_PART_AS_LOWER_HEX;
  else if (equals (value, "HEX"))
    self->part->as = SKT_PART_AS_UPPER_HEX;
  else
    return fail (self, value, _ ("“%s” at position %zu is no way to write bytes: bytes, hex and HEX are"));
  return TRUE;
}

static gboolean
read_option (Parser *self, Piece piece, const char *equals_sign)
{
  Piece name = { piece.begin, equals_sign };
  Piece value = { equals_sign + 1, piece.end };

  for (guint i = 0; i < G_N_ELEMENTS (option_names); i++)
    if (equals (name, option_names[i]) && (self->options & 1u << i) != 0)
      return set_option (self, 1u << i, value);
  return fail_option (self, name);
}

static gboolean
read_time_word (Parser *self, Piece piece)
{
  static const struct
  {
    const char *name;
    SktPartKind kind;
  } words[] = {
    { "s", SKT_PART_TIME },
    { "ms", SKT_PART_TIME_MS },
    { "iso", SKT_PART_TIME_ISO },
    { "iso-ms", SKT_PART_TIME_ISO_MS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (equals (piece, words[i].name))
      {
        self->part->kind = words[i].kind;
        if (self->part->kind >= SKT_PART_TIME_ISO)
          self->options = 0;
        return TRUE;
      }
  return fail (self, piece, _ ("“%s” at position %zu is no form of the time: s, ms, iso and iso-ms are"));
}

static gboolean
read_word (Parser *self, Piece piece)
{
  Word word = self->word;
  gint64 number;

  self->word = WORD_NONE;
  if (word == WORD_TIME)
    return read_time_word (self, piece);
  if (word == WORD_COUNT)
    {
      if (!read_number (self, piece, 1, MAX_RANDOM, &number))
        return FALSE;
      self->part->count = number;
      return TRUE;
    }
  if (word == WORD_CHECKSUM)
    {
      g_autofree char *id = g_strndup (piece.begin, piece.end - piece.begin);

      if (skt_checksum_from_id (id, &self->part->checksum))
        return TRUE;
      return fail (self, piece, _ ("“%s” at position %zu is no checksum: sum-8, crc-16/modbus, crc-32/iso-hdlc and others are"));
    }
  return fail_option (self, piece);
}

static gboolean
read_pieces (Parser *self, Piece all)
{
  for (const char *p = all.begin; p <= all.end;)
    {
      const char *comma = memchr (p, ',', all.end - p);
      Piece piece = { p, comma != NULL ? comma : all.end };
      const char *sign = memchr (piece.begin, '=', piece.end - piece.begin);

      if (!(sign != NULL ? read_option (self, piece, sign) : read_word (self, piece)))
        return FALSE;
      p = piece.end + 1;
    }
  return TRUE;
}

/* -- The placeholder ----------------------------------------------------------------------------------------- */

static gboolean
find_kind (Parser *self, Piece name)
{
  SktMessagePart *part = self->part;
  gint64 number;

  self->name = name.begin;
  self->name_length = name.end - name.begin;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (equals (name, kinds[i].name))
      {
        part->kind = kinds[i].kind;
        self->word = kinds[i].word;
        self->options = self->is_hex ? kinds[i].hex_options : kinds[i].text_options;
        return TRUE;
      }
  if (name.begin < name.end && g_ascii_isdigit (*name.begin))
    {
      if (!read_number (self, name, 0, 99, &number))
        return FALSE;
      part->kind = SKT_PART_GROUP;
      part->count = number;
      self->options = OPTION_AS;
      return TRUE;
    }
  return fail (self, name, _ ("“%s” at position %zu is no placeholder: counter, time, random, uuid, crc, received, 0, 1, 2, … are"));
}

static gboolean
complete (Parser *self, Piece whole)
{
  SktMessagePart *part = self->part;

  if (part->kind == SKT_PART_RANDOM && part->count == 0)
    return fail (self, whole, _ ("“%s” at position %zu lacks the number of bytes, as in ${random:8}"));
  if (part->kind == SKT_PART_CRC && self->word == WORD_CHECKSUM)
    return fail (self, whole, _ ("“%s” at position %zu lacks the checksum, as in ${crc:crc-16/modbus}"));
  if (part->kind == SKT_PART_CRC && !part->has_order)
    part->is_little = part->as == SKT_PART_AS_BYTES && skt_checksum_is_little_endian (part->checksum);
  if (part->is_binary && part->width == 0)
    part->width = part->kind == SKT_PART_COUNTER ? 1 : part->kind == SKT_PART_TIME ? 4 : 8;
  return TRUE;
}

gboolean
_skt_message_parse_placeholder (const char *first,
                                const char *text,
                                gboolean is_hex,
                                SktMessagePart *ret_part,
                                const char **ret_end,
                                gsize *ret_position,
                                GError **error)
{
  SktMessagePart part = { .position = _skt_message_get_position (first, text), .is_binary = is_hex, .base = 10, .step = 1 };
  Parser self = { .first = first, .is_hex = is_hex, .part = &part };
  const char *end = text + 2 + strcspn (text + 2, "}\r\n");
  const char *colon = memchr (text, ':', end - text);
  Piece name = { text + 2, colon != NULL ? colon : end };
  gboolean is_good;

  if (*end != '}')
    is_good = fail (&self, (Piece){ text, text + 2 },
                    is_hex ? _ ("“%s” at position %zu begins a placeholder that “}” does not end")
                           : _ ("“%s” at position %zu begins a placeholder that “}” does not end; for the two characters write $${"));
  else
    is_good = find_kind (&self, name) && (colon == NULL || read_pieces (&self, (Piece){ colon + 1, end }))
              && complete (&self, (Piece){ text, end + 1 });
  if (!is_good)
    {
      *ret_position = self.position;
      g_propagate_error (error, self.error);
      return FALSE;
    }
  *ret_part = part;
  *ret_end = end + 1;
  return TRUE;
}
