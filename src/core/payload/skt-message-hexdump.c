/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-message-private.h"

#include "skt-encoding-private.h"
#include "skt-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Dumps are hexdump -C, xxd, tcpdump -X, od -t x1 (also with z), Wireshark and their like: lines of an offset, bytes, and perhaps what
 * they are as text. Where the bytes of a line end is told by the next offset, by a bar, or by a text column that fits them;
 * never by how wide the line is. */

#define MAX_LINE_BYTES 256
/* What lines that are the same (“*”) may become. */
#define MAX_BYTES (64 * 1024 * 1024)

typedef struct
{
  const char *begin, *end;      /* without the line break */
  const char *data;             /* after the offset */
  guint64 offset;
  gboolean is_star;
  guint n_digits;               /* of the offset */
} Line;

typedef struct
{
  const char *first;
  GArray *lines;                /* Line, those that are not blank */
  guint base;                   /* of the offsets */
  GByteArray *bytes;
  gsize position;
  GError *error;
} Reader;

/* The bytes at the start of a line's data, up to what is no pair of digits. */
typedef struct
{
  guint n;
  guint8 bytes[MAX_LINE_BYTES];
  const char *ends[MAX_LINE_BYTES];     /* of each byte */
  const char *stop;                     /* what is no byte any more */
} Row;

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

static const char *
skip_blanks (const char *p, const char *end)
{
  while (p < end && is_blank (*p))
    p++;
  return p;
}

/* -- Lines --------------------------------------------------------------------------------------------------- */

static gboolean
parse_offset (Line *line, guint base)
{
  const char *p = skip_blanks (line->begin, line->end);
  const char *digits;

  line->is_star = p + 1 == line->end && *p == '*';
  if (line->is_star)
    return TRUE;
  if (line->end - p > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
    p += 2;
  for (digits = p, line->offset = 0; p < line->end && g_ascii_isxdigit (*p) && (guint) g_ascii_xdigit_value (*p) < base; p++)
    line->offset = line->offset * base + g_ascii_xdigit_value (*p);
  line->n_digits = p - digits;
  if (line->n_digits < 4 || line->n_digits > 16)
    return FALSE;
  if (p < line->end && *p == ':')
    p++;
  line->data = p;
  return p == line->end || is_blank (*p);
}

/* FALSE if a line has no offset. */
static gboolean
split_lines (Reader *self)
{
  const char *p = self->first;

  g_array_set_size (self->lines, 0);
  while (*p != '\0')
    {
      gsize length = strcspn (p, "\r\n");
      Line line = { .begin = p, .end = p + length };

      while (line.end > line.begin && is_blank (line.end[-1]))
        line.end--;
      if (line.end > line.begin)
        {
          if (!parse_offset (&line, self->base))
            return FALSE;
          g_array_append_val (self->lines, line);
        }
      p += length;
      p += strspn (p, "\r\n");
    }
  return self->lines->len > 0;
}

static void
read_row (const Line *line, Row *row)
{
  const char *p = skip_blanks (line->data, line->end);

  row->n = 0;
  row->stop = p;
  while (row->n < MAX_LINE_BYTES && line->end - p >= 2 && g_ascii_isxdigit (p[0]) && g_ascii_isxdigit (p[1]))
    {
      row->bytes[row->n] = g_ascii_xdigit_value (p[0]) << 4 | g_ascii_xdigit_value (p[1]);
      row->ends[row->n++] = p += 2;
      row->stop = p = skip_blanks (p, line->end);
    }
}

/* -- Where the bytes end ------------------------------------------------------------------------------------- */

static gboolean
is_shown_as (char c, guint8 byte)
{
  return c == (byte >= 0x20 && byte <= 0x7E ? (char) byte : '.') || c == '.';
}

/* Whether a text column fits the first n bytes: one character for each, perhaps a space after eight; blanks at the end
 * may have gone. */
static gboolean
fits (const Row *row, guint n, const char *text, const char *end)
{
  const char *p = text;
  guint n_letters = 0;
  gboolean has_gap = FALSE;

  for (guint i = 0; i < n; i++)
    {
      if (i == 8 && n > 8 && p < end && *p == ' ' && (row->bytes[8] != ' ' || (end - p == (gssize) (n - 8) + 1)) && !has_gap)
        {
          has_gap = TRUE;
          p++;
        }
      if (p >= end)
        {
          if (row->bytes[i] != ' ')
            return FALSE;
          continue;
        }
      if (!is_shown_as (*p, row->bytes[i]))
        return FALSE;
      n_letters += *p != '.' && *p != ' ';
      p++;
    }
  return p >= end && n > 0 && (n_letters > 0 || end > text);
}

/* Whether what follows the first n bytes of a line is what they are as text, which may begin with blanks of its own. */
static gboolean
has_column (const Line *line, const Row *row, guint n)
{
  const char *gap = row->ends[n - 1];
  const char *column = skip_blanks (gap, line->end);

  if (column - gap < 1 || column == line->end)
    return FALSE;
  for (const char *text = MAX (gap + 1, column - n); text <= column; text++)
    if (fits (row, n, text, line->end))
      return TRUE;
  return FALSE;
}

/* “|…|”, “>…<” around the text, which need not fit: what is between them is no byte whatever it is. */
static gboolean
has_bar (const Line *line, const Row *row)
{
  if (row->n == 0 || row->stop >= line->end)
    return FALSE;
  return is_blank (row->stop[-1])
         && ((*row->stop == '|' && line->end[-1] == '|') || (*row->stop == '>' && line->end[-1] == '<'));
}

/* How many bytes a line has whose next offset nobody knows; 0: that can't be told. */
static guint
count_alone (const Line *line, const Row *row)
{
  /* The first that fits: before that, what would be text is longer than it can be; after it, bytes are text that looks like bytes. */
  for (guint n = 1; n <= row->n; n++)
    if (has_column (line, row, n))
      return n;
  return row->stop >= line->end || has_bar (line, row) ? row->n : 0;
}

/* The first two bytes are written together. */
static gboolean
is_grouped (const Row *row)
{
  return row->n >= 2 && row->ends[1] == row->ends[0] + 2;
}

/* -- Is it one? ---------------------------------------------------------------------------------------------- */

static gboolean
has_text (const Line *line)
{
  Row row;
  guint n;

  read_row (line, &row);
  n = count_alone (line, &row);
  return n > 0 && row.ends[n - 1] < line->end;
}

static gboolean
is_zero_with_colon (const Line *line)
{
  return line->offset == 0 && line->data[-1] == ':' && line->data < line->end;
}

/* Offsets that count what is between them, or a text column that fits. Else digits that look like an offset are bytes. */
static gboolean
is_dump (Reader *self)
{
  const Line *lines = (const Line *) self->lines->data;
  Row row;

  if (lines[0].is_star)
    return FALSE;
  if (has_text (&lines[0]))
    return TRUE;
  if (self->lines->len == 1)
    return is_zero_with_colon (&lines[0]);
  read_row (&lines[0], &row);
  if (row.n == 0 || (is_grouped (&row) && lines[0].n_digits < 6 && lines[0].data[-1] != ':'))
    return FALSE;
  if (lines[1].is_star)
    return TRUE;
  return lines[1].offset > lines[0].offset && lines[1].offset - lines[0].offset <= row.n;
}

static gboolean
find_base (Reader *self)
{
  static const guint bases[] = { 16, 10, 8 };

  for (guint i = 0; i < G_N_ELEMENTS (bases); i++)
    {
      self->base = bases[i];
      if (split_lines (self) && is_dump (self))
        return TRUE;
    }
  return FALSE;
}

/* -- Reading ------------------------------------------------------------------------------------------------- */

static gboolean
fail (Reader *self, const char *place, const char *message)
{
  self->position = _skt_message_get_position (self->first, place);
  _skt_message_set_error (&self->error, message, self->position + 1);
  return FALSE;
}

static gboolean
fail_digit (Reader *self, const Line *line, const char *place)
{
  g_autofree char *name = NULL;

  if (place >= line->end)
    return fail (self, place, _ ("Bytes are missing at position %zu of the hexdump: the next offset counts more than the line has"));
  if (g_ascii_isxdigit (*place))
    {
      self->position = _skt_message_get_position (self->first, place);
      g_set_error (&self->error, SKT_ERROR, SKT_ERROR_HALF_BYTE,
                   _ ("Half a byte at position %zu: write two digits for each byte"), self->position + 1);
      return FALSE;
    }
  name = _skt_dup_character_name (place, line->end);
  self->position = _skt_message_get_position (self->first, place);
  g_set_error (&self->error, SKT_ERROR, SKT_ERROR_BAD_HEX,
               /* Translators: “g” at position 5 … */
               _ ("%s at position %zu is not a hexadecimal digit, nor does a text column begin there"), name, self->position + 1);
  return FALSE;
}

/* “hexdump” without -C and “od -x” write words of 16 bits in the byte order of their machine. */
static gboolean
has_words (const Line *line, const Row *row)
{
  return line->n_digits == 7 && is_grouped (row);
}

static gboolean
repeat (Reader *self, const Line *star, guint64 n_bytes)
{
  guint length = self->bytes->len;
  /* At least one line was read before it. */
  const Line *last = star - 1;
  Row row;
  guint n;

  read_row (last, &row);
  n = last->is_star || row.n == 0 ? 0 : MIN (count_alone (last, &row), length);
  if (n == 0 || n_bytes % n != 0)
    return fail (self, star->begin, _ ("“*” at position %zu repeats no whole number of the line before it"));
  if (n_bytes > MAX_BYTES)
    return fail (self, star->begin, _ ("“*” at position %zu stands for more than 64 MiB: send a file instead"));
  g_byte_array_set_size (self->bytes, length + n_bytes);
  for (guint64 i = 0; i < n_bytes; i++)
    self->bytes->data[length + i] = self->bytes->data[length - n + i % n];
  return TRUE;
}

/* `next`: the line with an offset that follows, or NULL. */
static gboolean
read_line (Reader *self, const Line *line, const Line *next)
{
  Row row;
  guint n;

  read_row (line, &row);
  if (has_words (line, &row))
    return fail (self, line->begin, _ ("The hexdump at position %zu has words in its machine’s byte order: make it with hexdump -C or xxd"));
  n = next != NULL ? next->offset - line->offset : count_alone (line, &row);
  if (next != NULL && (next->offset < line->offset || next->offset - line->offset > MAX_LINE_BYTES))
    return fail (self, next->begin, _ ("The offset at position %zu of the hexdump is not the one before it and the bytes between them"));
  if (n > row.n || (n == 0 && next == NULL && row.stop < line->end))
    return fail_digit (self, line, row.stop);
  if (n == 0)
    return row.n == 0 || fail (self, next->begin, _ ("The offset at position %zu of the hexdump is that of the line before"));
  if (n < row.n && !is_blank (*row.ends[n - 1]))
    return fail (self, row.ends[n - 1], _ ("Position %zu of the hexdump should be between bytes and text: the next offset says so"));
  /* More bytes than the next offset counts, and they are no text. */
  if (n < row.n && next != NULL && !has_column (line, &row, n))
    return fail (self, next->begin, _ ("The offset at position %zu of the hexdump is not the one before it and the bytes between them"));
  g_byte_array_append (self->bytes, row.bytes, n);
  return TRUE;
}

static gboolean
read_dump (Reader *self)
{
  const Line *lines = (const Line *) self->lines->data;
  const guint n_lines = self->lines->len;

  for (guint i = 0; i < n_lines; i++)
    {
      const Line *next = i + 1 < n_lines ? &lines[i + 1] : NULL;
      guint64 end = lines[0].offset + self->bytes->len;

      if (lines[i].is_star)
        {
          if (next == NULL || next->is_star)
            return fail (self, lines[i].begin, _ ("After “*” at position %zu of the hexdump an offset is missing: it says how often"));
          if (next->offset < end || !repeat (self, &lines[i], next->offset - end))
            return self->error != NULL ? FALSE : fail (self, next->begin, _ ("The offset at position %zu of the hexdump goes back"));
        }
      else if (!read_line (self, &lines[i], next != NULL && next->is_star ? NULL : next))
        return FALSE;
    }
  return TRUE;
}

gboolean
_skt_message_read_hexdump (const char *source, GBytes **ret_bytes, gsize *ret_position, GError **error)
{
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (Line));
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Reader self = { .first = source, .lines = lines, .bytes = bytes };

  if (!find_base (&self))
    return FALSE;
  if (read_dump (&self))
    *ret_bytes = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  else
    {
      *ret_position = self.position;
      g_propagate_error (error, self.error);
    }
  return TRUE;
}
