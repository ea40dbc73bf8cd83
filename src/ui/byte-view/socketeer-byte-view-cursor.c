/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-byte-view-private.h"

#include <glib/gi18n.h>

#include "skt-byte-walk.h"

/* What is said of the cursor and the selection. Short: it is said at each key. */

/* So many bytes of a selection are counted at once; of a larger one it is said that it has more. The inspector counts all. */
#define MAX_COUNTED (64 * 1024)

guint
_socketeer_byte_view_find_row (SocketeerByteView *self, SktPosition position)
{
  guint found = G_MAXUINT;

  for (guint i = 0; i < self->rows->len; i++)
    {
      SktPosition first = socketeer_row_get_position (g_ptr_array_index (self->rows, i), 0);
      if (skt_position_compare (&first, &position) <= 0)
        found = i;
    }
  return found;
}

gboolean
_socketeer_byte_view_row_holds (const SocketeerRow *row, SktPosition position)
{
  SktPosition first = socketeer_row_get_position (row, 0), last = socketeer_row_get_position (row, row->row.length);

  return skt_position_compare (&first, &position) <= 0 && skt_position_compare (&position, &last) <= 0;
}

static const char *
get_control_name (guint8 byte)
{
  switch (byte)
    {
    case 0x00:
      /* Translators: the names of control characters, as a screen reader says them */
      return _ ("null");
    case 0x07:
      return C_ ("control character", "bell");
    case 0x08:
      return C_ ("control character", "backspace");
    case 0x09:
      return C_ ("control character", "tab");
    case 0x0a:
      return C_ ("control character", "line feed");
    case 0x0b:
      return C_ ("control character", "vertical tab");
    case 0x0c:
      return C_ ("control character", "form feed");
    case 0x0d:
      return C_ ("control character", "carriage return");
    case 0x1b:
      return C_ ("control character", "escape");
    case 0x20:
      return C_ ("control character", "space");
    case 0x7f:
      return C_ ("control character", "delete");
    default:
      return C_ ("control character", "control character");
    }
}

static char *
dup_span_words (const SocketeerRow *row, const SktSpan *span, guint8 byte)
{
  g_autofree char *text = g_strndup (row->decoded.text->str + span->text_offset, span->text_length);

  if (byte == ' ' || span->kind == SKT_SPAN_CONTROL)
    return g_strdup (get_control_name (byte));
  if (span->kind == SKT_SPAN_INVALID)
    /* Translators: of a byte, as a screen reader says it */
    return g_strdup (_ ("no character"));
  if (span->kind == SKT_SPAN_PART)
    /* Translators: of a byte, as a screen reader says it */
    return g_strdup (_ ("part of a character"));
  if (span->kind == SKT_SPAN_INVISIBLE)
    /* Translators: %s is U+202E or the like, in angle brackets; a screen reader says it */
    return g_strdup_printf (_ ("invisible %s"), text);
  return g_steal_pointer (&text);
}

/* "h", "line feed": what the byte is, in the way of looking; NULL: nothing but its number. */
static char *
dup_character_words (SocketeerByteView *self, const SocketeerRow *row, guint32 i)
{
  if (!skt_layout_has_text (self->layout))
    return NULL;
  for (guint k = 0; k < row->decoded.spans->len; k++)
    {
      const SktSpan *span = &g_array_index (row->decoded.spans, SktSpan, k);
      if (i >= span->offset && i < span->offset + span->length)
        return dup_span_words (row, span, row->bytes[i]);
    }
  return NULL;
}

static char *
dup_offset (SocketeerByteView *self, SktPosition position)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (self->journal);
  SktRecord record;
  guint64 offset;

  if (!skt_journal_reader_get_record (reader, position.record, &record) || !skt_record_is_data (&record))
    return NULL;
  offset = record.stream_offset + MIN (position.begin, record.length);
  return g_strdup_printf ("%" G_GUINT64_FORMAT " (0x%" G_GINT64_MODIFIER "x)", offset, offset);
}

/* "line feed, 0A, offset 33 (0x21)" */
static char *
dup_byte_words (SocketeerByteView *self)
{
  g_autofree char *offset = dup_offset (self, self->cursor), *words = NULL;
  guint i = _socketeer_byte_view_find_row (self, self->cursor);
  SocketeerRow *row = i != G_MAXUINT ? g_ptr_array_index (self->rows, i) : NULL;
  guint32 byte = row != NULL ? socketeer_row_find_position (row, self->cursor) : 0;

  if (offset == NULL)
    return NULL;
  if (row == NULL || row->bytes == NULL || !_socketeer_byte_view_row_holds (row, self->cursor))
    /* Translators: where the cursor is, as a screen reader says it */
    return g_strdup_printf (_ ("offset %s"), offset);
  if (byte >= row->row.length)
    /* Translators: where the cursor is, as a screen reader says it: behind the last byte of a row */
    return g_strdup_printf (_ ("end of the row, offset %s"), offset);
  words = dup_character_words (self, row, byte);
  if (words == NULL)
    /* Translators: what is at the cursor, as a screen reader says it: two hexadecimal digits, an offset */
    return g_strdup_printf (_ ("%02X, offset %s"), row->bytes[byte], offset);
  /* Translators: what is at the cursor, as a screen reader says it: “line feed”, two hexadecimal digits, an offset */
  return g_strdup_printf (_ ("%s, %02X, offset %s"), words, row->bytes[byte], offset);
}

static guint64
count_selected (SocketeerByteView *self, SktPosition from, SktPosition to)
{
  g_autoptr (SktByteWalk) walk = skt_byte_walk_new (self->journal, self->layout, from, to);
  SktBytePiece piece;
  guint64 n = 0;

  while (n <= MAX_COUNTED && skt_byte_walk_next (walk, &piece, NULL, NULL))
    n += piece.length;
  return n;
}

/* "3 bytes selected, from offset 33 (0x21)" */
static char *
dup_selection_words (SocketeerByteView *self, SktPosition from, SktPosition to)
{
  guint n = (guint) MIN (count_selected (self, from, to), MAX_COUNTED + 1);
  g_autofree char *offset = dup_offset (self, from);
  /* Translators: as a screen reader says it */
  g_autofree char *count = n > MAX_COUNTED ? g_strdup_printf (_ ("more than %u bytes selected"), MAX_COUNTED)
                                           : g_strdup_printf (ngettext ("%u byte selected", "%u bytes selected", n), n);

  if (offset == NULL)
    return g_steal_pointer (&count);
  /* Translators: as a screen reader says it: “3 bytes selected”, an offset */
  return g_strdup_printf (_ ("%s, from offset %s"), count, offset);
}

#if !GTK_CHECK_VERSION(4, 14, 0)
/* With a text interface a screen reader says the line by itself. */
static char *
dup_new_row (SocketeerByteView *self)
{
  guint i = _socketeer_byte_view_find_row (self, self->cursor);
  SocketeerRow *row = i != G_MAXUINT ? g_ptr_array_index (self->rows, i) : NULL;
  SktPosition first;

  if (row == NULL || !_socketeer_byte_view_row_holds (row, self->cursor))
    return NULL;
  first = socketeer_row_get_position (row, 0);
  if (skt_position_compare (&first, &self->described) == 0)
    return NULL;
  self->described = first;
  return _socketeer_byte_view_dup_row_label (self, row);
}
#endif

static char *
dup_words (SocketeerByteView *self)
{
  g_autofree char *row = NULL, *byte = NULL;
  SktPosition from, to;

  if (self->journal == NULL)
    return NULL;
  if (socketeer_byte_view_get_selection (self, &from, &to))
    return dup_selection_words (self, from, to);
  byte = dup_byte_words (self);
#if !GTK_CHECK_VERSION(4, 14, 0)
  row = dup_new_row (self);
#endif
  if (row == NULL || byte == NULL)
    return row != NULL ? g_steal_pointer (&row) : g_steal_pointer (&byte);
  return g_strjoin ("\n", row, byte, NULL);
}

/* A screen reader says the description of what has the keyboard whenever it changes. Nothing of it changes while the cursor stands still,
 * however much arrives. */
void
_socketeer_byte_view_describe_cursor (SocketeerByteView *self)
{
  g_autofree char *words = NULL;

  if (!gtk_widget_has_focus (GTK_WIDGET (self)) || !self->is_to_describe)
    return;
  self->is_to_describe = FALSE;
  words = dup_words (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words != NULL ? words : "", -1);
}
