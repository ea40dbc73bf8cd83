/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-tabs.h"

/* A page that was closed is kept whole, without a window: nothing has to be made again from what was kept of it, its journal goes on, and what it costs
 * are its widgets (about a MiB) and the two files of its journal. */

typedef struct
{
  SocketeerPage *page;  /* owned */
  guint number, timer;
  int position;
} Closed;

/* The latest last. */
static GQueue closed = G_QUEUE_INIT;
/* A window that is never shown, with the pages in it: GTK 4.8 complains when a widget that has changed without a window, while assistive technology
 * looked, gets one. */
static GtkWidget *shelf;
static guint last_number;

static void
closed_free (Closed *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->page);
  g_free (self);
}

static void
put_on_shelf (SocketeerPage *page)
{
  if (shelf == NULL)
    {
      shelf = gtk_window_new ();
      gtk_window_set_child (GTK_WINDOW (shelf), gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
    }
  gtk_box_append (GTK_BOX (gtk_window_get_child (GTK_WINDOW (shelf))), GTK_WIDGET (page));
}

static void
take_from_shelf (SocketeerPage *page)
{
  gtk_box_remove (GTK_BOX (gtk_window_get_child (GTK_WINDOW (shelf))), GTK_WIDGET (page));
  if (closed.length > 0)
    return;
  gtk_window_destroy (GTK_WINDOW (shelf));
  shelf = NULL;
}

/* The offer is over. */
static void
forget (Closed *self)
{
  g_queue_remove (&closed, self);
  take_from_shelf (self->page);
  socketeer_page_close (self->page);
  closed_free (self);
}

static gboolean
timer_cb (gpointer user_data)
{
  Closed *self = user_data;

  self->timer = 0;
  forget (self);
  return G_SOURCE_REMOVE;
}

static Closed *
find (guint number)
{
  for (GList *l = closed.tail; l != NULL; l = l->prev)
    if (number == 0 || ((Closed *) l->data)->number == number)
      return l->data;
  return NULL;
}

guint
socketeer_closed_tabs_add (SocketeerPage *page, int position)
{
  Closed *self = g_new0 (Closed, 1);

  g_return_val_if_fail (gtk_widget_get_parent (GTK_WIDGET (page)) == NULL, 0);

  self->page = g_object_ref (page);
  put_on_shelf (page);
  self->position = position;
  self->number = ++last_number;
  self->timer = g_timeout_add_seconds (SOCKETEER_CLOSED_TABS_SECONDS, timer_cb, self);
  g_queue_push_tail (&closed, self);
  while (closed.length > SOCKETEER_CLOSED_TABS_MAX)
    forget (g_queue_peek_head (&closed));
  return self->number;
}

SocketeerPage *
socketeer_closed_tabs_take (guint number, int *ret_position)
{
  Closed *self = find (number);
  SocketeerPage *page;

  if (self == NULL)
    return NULL;
  g_queue_remove (&closed, self);
  page = g_steal_pointer (&self->page);
  take_from_shelf (page);
  *ret_position = self->position;
  closed_free (self);
  return page;
}

void
socketeer_closed_tabs_end (void)
{
  while (closed.length > 0)
    forget (g_queue_peek_head (&closed));
}
