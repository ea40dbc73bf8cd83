/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-byte-view-text.h"

#include <string.h>

#include "socketeer-byte-view-private.h"
#include "socketeer-row-cache-private.h"

static gsize
get_hex_length (SktLayout *layout, guint32 n)
{
  return skt_layout_get_view (layout) == SKT_VIEW_TEXT || n == 0 ? 0 : 3 * (gsize) n - 1;
}

/* How much of the label, at its end, are the bytes of the row: see socketeer_row_to_label(). */
static gsize
get_content_length (const SocketeerRow *row, SktLayout *layout)
{
  const char *tag = _socketeer_row_get_tag (row);
  gsize length = get_hex_length (layout, row->row.length);

  if (row->bytes == NULL)
    return 0;
  if (skt_layout_get_view (layout) == SKT_VIEW_BOTH)
    length += 2;
  if (skt_layout_has_text (layout))
    length += row->decoded.text->len;
  return length + (tag != NULL ? strlen (tag) + 3 : 0);
}

static void
append_row (SocketeerViewText *self, GString *text, SocketeerByteView *view, const SocketeerRow *row)
{
  g_autofree char *label = _socketeer_byte_view_dup_row_label (view, row);
  SocketeerViewLine line;

  if (self->lines->len > 0)
    {
      g_string_append_c (text, '\n');
      self->n_chars++;
    }
  /* One line for one row, whatever is in it. */
  g_strdelimit (label, "\n", ' ');
  line.begin = self->n_chars;
  line.begin_byte = text->len;
  g_string_append (text, label);
  line.content_byte = text->len - MIN (strlen (label), get_content_length (row, view->layout));
  self->n_chars += g_utf8_strlen (label, -1);
  g_array_append_val (self->lines, line);
}

SocketeerViewText *
socketeer_view_text_new (SocketeerByteView *view)
{
  SocketeerViewText *self = g_new0 (SocketeerViewText, 1);
  GString *text = g_string_new (NULL);

  self->lines = g_array_new (FALSE, FALSE, sizeof (SocketeerViewLine));
  for (guint i = 0; i < view->rows->len; i++)
    append_row (self, text, view, g_ptr_array_index (view->rows, i));
  self->text = g_string_free (text, FALSE);
  return self;
}

void
socketeer_view_text_free (SocketeerViewText *self)
{
  g_free (self->text);
  g_array_unref (self->lines);
  g_free (self);
}

char *
socketeer_view_text_dup (const SocketeerViewText *self, guint begin, guint end)
{
  end = MIN (end, self->n_chars);
  return begin < end ? g_utf8_substring (self->text, begin, end) : g_strdup ("");
}

static guint
find_line (const SocketeerViewText *self, guint offset)
{
  guint i = self->lines->len - 1;

  while (i > 0 && g_array_index (self->lines, SocketeerViewLine, i).begin > offset)
    i--;
  return i;
}

static gboolean
begins_word (const char *text, const char *p)
{
  return p == text || (!g_unichar_isspace (g_utf8_get_char (p)) && g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (p))));
}

static void
find_word (const SocketeerViewText *self, guint offset, guint *ret_begin, guint *ret_end)
{
  const char *at = g_utf8_offset_to_pointer (self->text, offset), *p = at;

  *ret_begin = offset;
  while (!begins_word (self->text, p))
    {
      p = g_utf8_prev_char (p);
      (*ret_begin)--;
    }
  *ret_end = offset;
  do
    {
      at = g_utf8_next_char (at);
      (*ret_end)++;
    }
  while (*at != '\0' && !begins_word (self->text, at));
}

void
socketeer_view_text_find_unit (const SocketeerViewText *self,
                               guint offset,
                               SocketeerTextUnit unit,
                               guint *ret_begin,
                               guint *ret_end)
{
  guint line;

  *ret_begin = *ret_end = MIN (offset, self->n_chars);
  if (self->lines->len == 0)
    return;
  if (unit == SOCKETEER_TEXT_LINE)
    {
      line = find_line (self, offset);
      *ret_begin = g_array_index (self->lines, SocketeerViewLine, line).begin;
      *ret_end = line + 1 < self->lines->len ? g_array_index (self->lines, SocketeerViewLine, line + 1).begin : self->n_chars;
    }
  else if (offset < self->n_chars && unit == SOCKETEER_TEXT_CHARACTER)
    *ret_end = offset + 1;
  else if (offset < self->n_chars)
    find_word (self, offset, ret_begin, ret_end);
}

/* Where byte i of the row is among its bytes, in the text. */
static gsize
get_byte_place (const SocketeerRow *row, SocketeerByteView *view, guint32 i)
{
  gsize hex_length = get_hex_length (view->layout, row->row.length);

  if (row->bytes == NULL)
    return 0;
  if (hex_length > 0 && (view->cursor_in_hex || !skt_layout_has_text (view->layout)))
    return i < row->row.length ? 3 * (gsize) i : hex_length;
  if (skt_layout_get_view (view->layout) == SKT_VIEW_BOTH)
    hex_length += 2;
  for (guint k = 0; k < row->decoded.spans->len; k++)
    {
      const SktSpan *span = &g_array_index (row->decoded.spans, SktSpan, k);
      if (i < span->offset + span->length)
        return hex_length + span->text_offset;
    }
  return hex_length + row->decoded.text->len;
}

guint
socketeer_view_text_find_position (const SocketeerViewText *self, SocketeerByteView *view, SktPosition position)
{
  SocketeerViewLine *line;
  SocketeerRow *row;
  guint i;

  g_return_val_if_fail (self->lines->len == view->rows->len, 0);

  i = _socketeer_byte_view_find_row (view, position);
  if (i == G_MAXUINT)
    return 0;
  row = g_ptr_array_index (view->rows, i);
  line = &g_array_index (self->lines, SocketeerViewLine, i);
  if (i + 1 == view->rows->len && !_socketeer_byte_view_row_holds (row, position))
    return self->n_chars;
  return line->begin + g_utf8_pointer_to_offset (self->text + line->begin_byte,
                                                 self->text + line->content_byte +
                                                   get_byte_place (row, view, socketeer_row_find_position (row, position)));
}

gboolean
socketeer_view_text_compare (const SocketeerViewText *old,
                             const SocketeerViewText *new,
                             guint *ret_begin,
                             guint *ret_old_end,
                             guint *ret_new_end)
{
  const char *a = old->text, *b = new->text, *a_end = a + strlen (a), *b_end = b + strlen (b);
  guint tail = 0;

  *ret_begin = 0;
  while (*a != '\0' && g_utf8_get_char (a) == g_utf8_get_char (b))
    {
      a = g_utf8_next_char (a);
      b = g_utf8_next_char (b);
      (*ret_begin)++;
    }
  if (*a == '\0' && *b == '\0')
    return FALSE;
  while (a_end > a && b_end > b && g_utf8_get_char (g_utf8_prev_char (a_end)) == g_utf8_get_char (g_utf8_prev_char (b_end)))
    {
      a_end = g_utf8_prev_char (a_end);
      b_end = g_utf8_prev_char (b_end);
      tail++;
    }
  *ret_old_end = old->n_chars - tail;
  *ret_new_end = new->n_chars - tail;
  return TRUE;
}
