/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-byte-view-private.h"

#include <glib/gi18n.h>

/* GTK has no text interface for widgets that draw themselves. So each visible row has an empty child, recycled, whose
 * accessible label is the row. A label costs a D-Bus message when somebody listens: they are renewed at most four times a
 * second, and only where they differ. */
#define RENEW_MS 250
#define MAX_ROWS 200

#define SOCKETEER_TYPE_BYTE_ROW (socketeer_byte_row_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerByteRow, socketeer_byte_row, SOCKETEER, BYTE_ROW, GtkWidget)

struct _SocketeerByteRow
{
  GtkWidget parent_instance;
  char *label;
  char *description;
};

G_DEFINE_FINAL_TYPE (SocketeerByteRow, socketeer_byte_row, GTK_TYPE_WIDGET)

static void
socketeer_byte_row_finalize (GObject *object)
{
  g_free (SOCKETEER_BYTE_ROW (object)->label);
  g_free (SOCKETEER_BYTE_ROW (object)->description);
  G_OBJECT_CLASS (socketeer_byte_row_parent_class)->finalize (object);
}

static void
socketeer_byte_row_class_init (SocketeerByteRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = socketeer_byte_row_finalize;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
socketeer_byte_row_init (SocketeerByteRow *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

static void
set_description (SocketeerByteRow *row, const char *description)
{
  if (g_strcmp0 (row->description, description) == 0)
    return;
  g_free (row->description);
  row->description = g_strdup (description);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

static void
set_label (SocketeerByteRow *row, char *label)
{
  if (g_strcmp0 (row->label, label) == 0)
    {
      g_free (label);
      return;
    }
  g_free (row->label);
  row->label = label;
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label != NULL ? label : "", -1);
}

/* The marks of the row, in words. (transfer full) */
static char *
describe_marks (SocketeerByteView *self, const SocketeerRow *row)
{
  const char *ack = _socketeer_byte_view_get_ack_words (self, row);
  g_autofree char *check = _socketeer_byte_view_dup_check_words (self, row);

  if (check == NULL)
    return g_strdup (ack);
  return ack[0] != '\0' ? g_strdup_printf ("%s; %s", check, ack) : g_steal_pointer (&check);
}

/* label: (transfer full) */
static char *
mark_label (char *label)
{
  /* Translators: a row as a screen reader says it, if it has a bookmark */
  char *marked = g_strdup_printf (_ ("%s (bookmark)"), label);

  g_free (label);
  return marked;
}

char *
_socketeer_byte_view_dup_row_label (SocketeerByteView *self, const SocketeerRow *row)
{
  g_autofree char *peer = NULL;

  if (self->peer_func != NULL && row->record.connection != 0)
    peer = self->peer_func (row->record.connection, self->peer_data);
  return socketeer_row_to_label (row, self->layout, peer);
}

static gboolean
renew_cb (gpointer user_data)
{
  SocketeerByteView *self = user_data;

  self->a11y_id = 0;
  for (guint i = 0; i < self->a11y_rows->len; i++)
    {
      char *label = NULL;
      g_autofree char *description = NULL;
      if (i < self->rows->len)
        {
          const SocketeerRow *row = g_ptr_array_index (self->rows, i);
          label = _socketeer_byte_view_dup_row_label (self, row);
          if (_socketeer_byte_view_has_bookmark (self, row))
            label = mark_label (label);
          description = describe_marks (self, row);
        }
      set_label (g_ptr_array_index (self->a11y_rows, i), label);
      set_description (g_ptr_array_index (self->a11y_rows, i), description != NULL ? description : "");
    }
  _socketeer_byte_view_describe_cursor (self);
  _socketeer_byte_view_accessible_text_update (self);
  return G_SOURCE_REMOVE;
}

void
_socketeer_byte_view_rows_queue (SocketeerByteView *self)
{
  if (self->a11y_id == 0)
    self->a11y_id = g_timeout_add (RENEW_MS, renew_cb, self);
}

/* As many children as rows are in sight: a nameless one would be read too. Not in size_allocate: a new child asks for another one. */
void
_socketeer_byte_view_rows_ensure (SocketeerByteView *self)
{
  int row_height = socketeer_glyphs_get_row_height (self->glyphs);
  guint fit = MIN (MAX_ROWS, gtk_widget_get_height (GTK_WIDGET (self)) / row_height + 1);
  guint wanted = MIN (fit, self->rows->len);

  while (self->a11y_rows->len < wanted)
    {
      GtkWidget *row = g_object_new (SOCKETEER_TYPE_BYTE_ROW, NULL);
      gtk_widget_insert_before (row, GTK_WIDGET (self), NULL);
      g_ptr_array_add (self->a11y_rows, row);
    }
  while (self->a11y_rows->len > wanted)
    gtk_widget_unparent (g_ptr_array_steal_index (self->a11y_rows, self->a11y_rows->len - 1));
}

void
_socketeer_byte_view_rows_allocate (SocketeerByteView *self)
{
  int row_height = socketeer_glyphs_get_row_height (self->glyphs);
  int width = MAX (1, gtk_widget_get_width (GTK_WIDGET (self)));

  for (guint i = 0; i < self->a11y_rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->a11y_rows, i);
      int minimum;
      gtk_widget_measure (row, GTK_ORIENTATION_VERTICAL, -1, &minimum, NULL, NULL, NULL);
      gtk_widget_size_allocate (row, &(GtkAllocation){ 0, i * row_height, width, MAX (row_height, minimum) }, -1);
    }
}

void
_socketeer_byte_view_rows_dispose (SocketeerByteView *self)
{
  g_clear_handle_id (&self->a11y_id, g_source_remove);
  while (self->a11y_rows != NULL && self->a11y_rows->len > 0)
    gtk_widget_unparent (g_ptr_array_steal_index (self->a11y_rows, self->a11y_rows->len - 1));
}
