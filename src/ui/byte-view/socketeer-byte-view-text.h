/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-byte-view.h"

G_BEGIN_DECLS

/* The rows that are on the screen as one text: a line for each, as assistive technology says it. Offsets are in characters, as
 * GtkAccessibleText wants them. */
typedef struct
{
  char *text;         /* UTF-8 */
  guint n_chars;
  GArray *lines;      /* of SocketeerViewLine */
} SocketeerViewText;

typedef struct
{
  guint begin;        /* where the line begins, in characters */
  gsize begin_byte;   /* in the text */
  gsize content_byte; /* where the bytes of the row begin, in the text */
} SocketeerViewLine;

typedef enum
{
  SOCKETEER_TEXT_CHARACTER,
  SOCKETEER_TEXT_WORD,
  SOCKETEER_TEXT_LINE,
} SocketeerTextUnit;

SocketeerViewText *socketeer_view_text_new (SocketeerByteView *view);
void socketeer_view_text_free (SocketeerViewText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SocketeerViewText, socketeer_view_text_free)

/* Characters [begin, end), as far as there are such. (transfer full) */
char *socketeer_view_text_dup (const SocketeerViewText *self, guint begin, guint end);

/* What the character at the offset is part of. A line has its line feed, a word the white space after it. */
void socketeer_view_text_find_unit (const SocketeerViewText *self,
                                    guint offset,
                                    SocketeerTextUnit unit,
                                    guint *ret_begin,
                                    guint *ret_end);

/* Where the byte at the position is; the beginning or the end of the text if it is above or below what is on the screen. */
guint socketeer_view_text_find_position (const SocketeerViewText *self, SocketeerByteView *view, SktPosition position);

/* What differs between two texts: [begin, old_end) was replaced by [begin, new_end). FALSE: nothing. */
gboolean socketeer_view_text_compare (const SocketeerViewText *old,
                                      const SocketeerViewText *new,
                                      guint *ret_begin,
                                      guint *ret_old_end,
                                      guint *ret_new_end);

G_END_DECLS
