/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-byte-view-private.h"

#include <string.h>

#include "socketeer-byte-view-text.h"

#if GTK_CHECK_VERSION(4, 14, 0)

/* What is used here is newer than the version that the program is written for. */
G_GNUC_BEGIN_IGNORE_DEPRECATIONS

/* Made when somebody asks for the text: nobody else needs it. What was told last. */
typedef struct _SocketeerAccessibleText
{
  SocketeerViewText *text;
  guint caret;
  guint selection_begin, selection_end;
} SocketeerAccessibleText;

static void
get_places (SocketeerByteView *self,
            const SocketeerViewText *text,
            guint *ret_caret,
            guint *ret_selection_begin,
            guint *ret_selection_end)
{
  SktPosition from, to;

  *ret_caret = *ret_selection_begin = *ret_selection_end = 0;
  if (self->journal == NULL)
    return;
  *ret_caret = socketeer_view_text_find_position (text, self, self->cursor);
  *ret_selection_begin = *ret_selection_end = *ret_caret;
  if (!socketeer_byte_view_get_selection (self, &from, &to))
    return;
  *ret_selection_begin = socketeer_view_text_find_position (text, self, from);
  *ret_selection_end = socketeer_view_text_find_position (text, self, to);
}

/* The text as it was told last: what is asked for fits what was announced. */
static SocketeerAccessibleText *
ensure (SocketeerByteView *self)
{
  SocketeerAccessibleText *known = self->accessible_text;

  if (known != NULL)
    return known;
  known = self->accessible_text = g_new0 (SocketeerAccessibleText, 1);
  known->text = socketeer_view_text_new (self);
  get_places (self, known->text, &known->caret, &known->selection_begin, &known->selection_end);
  return known;
}

/* text: (transfer full) With its NUL: earlier versions of GTK take it for a string. */
static GBytes *
to_bytes (char *text)
{
  return g_bytes_new_take (text, strlen (text) + 1);
}

static GBytes *
get_contents (GtkAccessibleText *accessible, unsigned int begin, unsigned int end)
{
  return to_bytes (socketeer_view_text_dup (ensure (SOCKETEER_BYTE_VIEW (accessible))->text, begin, end));
}

static GBytes *
get_contents_at (GtkAccessibleText *accessible,
                 unsigned int offset,
                 GtkAccessibleTextGranularity granularity,
                 unsigned int *ret_begin,
                 unsigned int *ret_end)
{
  SocketeerAccessibleText *known = ensure (SOCKETEER_BYTE_VIEW (accessible));
  SocketeerTextUnit unit = SOCKETEER_TEXT_LINE;
  guint begin, end;

  if (granularity == GTK_ACCESSIBLE_TEXT_GRANULARITY_CHARACTER)
    unit = SOCKETEER_TEXT_CHARACTER;
  else if (granularity == GTK_ACCESSIBLE_TEXT_GRANULARITY_WORD)
    unit = SOCKETEER_TEXT_WORD;
  socketeer_view_text_find_unit (known->text, offset, unit, &begin, &end);
  if (ret_begin != NULL)
    *ret_begin = begin;
  if (ret_end != NULL)
    *ret_end = end;
  return to_bytes (socketeer_view_text_dup (known->text, begin, end));
}

static unsigned int
get_caret_position (GtkAccessibleText *accessible)
{
  return ensure (SOCKETEER_BYTE_VIEW (accessible))->caret;
}

static gboolean
get_selection (GtkAccessibleText *accessible, gsize *ret_n, GtkAccessibleTextRange **ret_ranges)
{
  SocketeerAccessibleText *known = ensure (SOCKETEER_BYTE_VIEW (accessible));
  gboolean has = known->selection_begin != known->selection_end;

  *ret_n = has ? 1 : 0;
  if (ret_ranges == NULL)
    return has;
  *ret_ranges = NULL;
  if (has)
    {
      *ret_ranges = g_new (GtkAccessibleTextRange, 1);
      **ret_ranges = (GtkAccessibleTextRange){ known->selection_begin, known->selection_end - known->selection_begin };
    }
  return has;
}

/* None, but lists that can be walked. */
static gboolean
get_attributes (GtkAccessibleText *accessible,
                unsigned int offset,
                gsize *ret_n,
                GtkAccessibleTextRange **ret_ranges,
                char ***ret_names,
                char ***ret_values)
{
  *ret_n = 0;
  if (ret_ranges != NULL)
    *ret_ranges = NULL;
  if (ret_names != NULL)
    *ret_names = g_new0 (char *, 1);
  if (ret_values != NULL)
    *ret_values = g_new0 (char *, 1);
  return FALSE;
}

#if GTK_CHECK_VERSION(4, 16, 0)
/* Its rows: for magnifiers, which follow the caret. */
static gboolean
get_extents (GtkAccessibleText *accessible, unsigned int begin, unsigned int end, graphene_rect_t *ret_extents)
{
  SocketeerByteView *self = SOCKETEER_BYTE_VIEW (accessible);
  SocketeerAccessibleText *known = ensure (self);
  int row_height = socketeer_glyphs_get_row_height (self->glyphs);
  guint first = G_MAXUINT, last = 0;

  for (guint i = 0; i < known->text->lines->len; i++)
    {
      guint line = g_array_index (known->text->lines, SocketeerViewLine, i).begin;
      if (line <= begin)
        first = i;
      if (line < end || line <= begin)
        last = i;
    }
  if (first == G_MAXUINT)
    return FALSE;
  graphene_rect_init (ret_extents, 0, self->first_y + first * row_height, gtk_widget_get_width (GTK_WIDGET (self)),
                      (last - first + 1) * row_height);
  return TRUE;
}
#endif

static void
interface_init (gpointer iface, gpointer data)
{
  GtkAccessibleTextInterface *text = iface;

  text->get_contents = get_contents;
  text->get_contents_at = get_contents_at;
  text->get_caret_position = get_caret_position;
  text->get_selection = get_selection;
  text->get_attributes = get_attributes;
#if GTK_CHECK_VERSION(4, 16, 0)
  text->get_extents = get_extents;
#endif
}

void
_socketeer_byte_view_accessible_text_init (GType type)
{
  g_type_add_interface_static (type, GTK_TYPE_ACCESSIBLE_TEXT, &(GInterfaceInfo){ interface_init, NULL, NULL });
}

/* What was there is told to go while it is still there, and what is new when it is there. */
static void
change_contents (SocketeerByteView *self, SocketeerAccessibleText *known)
{
  g_autoptr (SocketeerViewText) text = socketeer_view_text_new (self);
  SocketeerViewText *old = known->text;
  guint begin, old_end, new_end;

  if (!socketeer_view_text_compare (old, text, &begin, &old_end, &new_end))
    {
      /* The same characters, maybe of other rows. */
      known->text = g_steal_pointer (&text);
      socketeer_view_text_free (old);
      return;
    }
  if (old_end > begin)
    gtk_accessible_text_update_contents (GTK_ACCESSIBLE_TEXT (self), GTK_ACCESSIBLE_TEXT_CONTENT_CHANGE_REMOVE, begin, old_end);
  known->text = g_steal_pointer (&text);
  socketeer_view_text_free (old);
  if (new_end > begin)
    gtk_accessible_text_update_contents (GTK_ACCESSIBLE_TEXT (self), GTK_ACCESSIBLE_TEXT_CONTENT_CHANGE_INSERT, begin, new_end);
}

void
_socketeer_byte_view_accessible_text_update (SocketeerByteView *self)
{
  SocketeerAccessibleText *known = self->accessible_text, before;

  if (known == NULL)
    return;
  before = *known;
  change_contents (self, known);
  get_places (self, known->text, &known->caret, &known->selection_begin, &known->selection_end);
  if (known->caret != before.caret)
    gtk_accessible_text_update_caret_position (GTK_ACCESSIBLE_TEXT (self));
  if (known->selection_begin != before.selection_begin || known->selection_end != before.selection_end)
    gtk_accessible_text_update_selection_bound (GTK_ACCESSIBLE_TEXT (self));
}

void
_socketeer_byte_view_accessible_text_dispose (SocketeerByteView *self)
{
  if (self->accessible_text != NULL)
    socketeer_view_text_free (self->accessible_text->text);
  g_clear_pointer (&self->accessible_text, g_free);
}

G_GNUC_END_IGNORE_DEPRECATIONS

#else

void
_socketeer_byte_view_accessible_text_init (GType type)
{
}

void
_socketeer_byte_view_accessible_text_update (SocketeerByteView *self)
{
}

void
_socketeer_byte_view_accessible_text_dispose (SocketeerByteView *self)
{
}

#endif
