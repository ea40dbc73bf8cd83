/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-connection-list.h"

#include <glib/gi18n.h>

#include "socketeer-connection-row.h"

struct _SocketeerConnectionList
{
  GtkWidget parent_instance;

  /* template */
  GtkLabel *title_label;
  GtkListView *list_view;
  GtkButton *disconnect_button;

  /* owned */
  SktSession *session;
  GSignalGroup *signals;
  GtkMultiSelection *selection; /* over {All} followed by the connections */

  GtkBitset *choice; /* what was told last */

  gboolean in_change;
};

enum
{
  CHOICE_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerConnectionList, socketeer_connection_list, GTK_TYPE_WIDGET)

static void
update_title (SocketeerConnectionList *self)
{
  guint n = g_list_model_get_n_items (skt_session_get_connections (self->session));
  guint n_open = skt_session_get_n_open (self->session);
  g_autofree char *text = NULL;

  if (n == 0)
    text = g_strdup (_ ("No clients yet"));
  else
    /* Translators: above the list of clients; the first number are open, the second all there have been */
    text = g_strdup_printf (_ ("%u open of %u"), n_open, n);
  gtk_label_set_label (self->title_label, text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->disconnect_button), n_open > 0);
}

static void
session_notify_cb (SktSession *session, GParamSpec *pspec, gpointer user_data)
{
  update_title (user_data);
}

static void
tell_choice (SocketeerConnectionList *self)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  if (self->choice != NULL && gtk_bitset_equals (self->choice, selected))
    return;
  g_clear_pointer (&self->choice, gtk_bitset_unref);
  self->choice = gtk_bitset_copy (selected);
  g_signal_emit (self, signals[CHOICE_CHANGED], 0);
}

/* "All" excludes the others; nothing chosen is "All". */
static void
selection_changed_cb (GtkSelectionModel *model, guint position, guint n_items, gpointer user_data)
{
  SocketeerConnectionList *self = user_data;
  g_autoptr (GtkBitset) selected = NULL;
  gboolean all_touched = position == 0;

  if (self->in_change)
    return;
  self->in_change = TRUE;
  selected = gtk_selection_model_get_selection (model);
  if (gtk_bitset_get_size (selected) == 0)
    gtk_selection_model_select_item (model, 0, TRUE);
  else if (gtk_bitset_contains (selected, 0) &&
           gtk_bitset_get_size (selected) == g_list_model_get_n_items (G_LIST_MODEL (model)))
    gtk_selection_model_select_item (model, 0, TRUE); /* Ctrl+A is All: also those that come later */
  else if (gtk_bitset_contains (selected, 0) && gtk_bitset_get_size (selected) > 1)
    {
      /* Which of the two came last? What was touched in this change, and not all the range that a click replaces. */
      if (all_touched && n_items == 1)
        gtk_selection_model_select_item (model, 0, TRUE);
      else
        gtk_selection_model_unselect_item (model, 0);
    }
  self->in_change = FALSE;
  tell_choice (self);
}

GPtrArray *
socketeer_connection_list_dup_choice (SocketeerConnectionList *self)
{
  g_autoptr (GtkBitset) selected = NULL;
  GPtrArray *choice;
  GtkBitsetIter iter;
  guint position;

  g_return_val_if_fail (SOCKETEER_IS_CONNECTION_LIST (self), NULL);

  if (self->selection == NULL)
    return NULL;
  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  if (gtk_bitset_contains (selected, 0) || gtk_bitset_is_empty (selected))
    return NULL;
  choice = g_ptr_array_new_with_free_func (g_object_unref);
  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    g_ptr_array_add (choice, g_list_model_get_item (skt_session_get_connections (self->session), position - 1));
  return choice;
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  gtk_list_item_set_child (item, socketeer_connection_row_new ());
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *row = gtk_list_item_get_child (item);
  GtkWidget *parent = gtk_widget_get_parent (row);
  gpointer object = gtk_list_item_get_item (item);
  SktConnection *connection = SKT_IS_CONNECTION (object) ? object : NULL;

  socketeer_connection_row_set_connection (SOCKETEER_CONNECTION_ROW (row), connection);
  /* The list's own item widget has no name otherwise. */
  if (parent != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    connection != NULL ? skt_connection_get_remote_address (connection)
                                                       : C_ ("connections", "All"),
                                    -1);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  socketeer_connection_row_set_connection (SOCKETEER_CONNECTION_ROW (gtk_list_item_get_child (item)), NULL);
}

void
socketeer_connection_list_set_session (SocketeerConnectionList *self, SktSession *session)
{
  g_autoptr (GListStore) models = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr (GtkStringList) all = gtk_string_list_new ((const char *[]){ "all", NULL });

  g_return_if_fail (SOCKETEER_IS_CONNECTION_LIST (self));

  g_set_object (&self->session, session);
  g_signal_group_set_target (self->signals, session);
  g_list_store_append (models, all);
  g_list_store_append (models, skt_session_get_connections (session));
  g_clear_object (&self->selection);
  self->selection =
    gtk_multi_selection_new (G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&models)))));
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), 0, TRUE);
  g_clear_pointer (&self->choice, gtk_bitset_unref);
  self->choice = gtk_bitset_new_range (0, 1);
  g_signal_connect_object (skt_session_get_connections (session), "items-changed", G_CALLBACK (update_title), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (selection_changed_cb), self, 0);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));
  update_title (self);
}

static void
socketeer_connection_list_dispose (GObject *object)
{
  SocketeerConnectionList *self = SOCKETEER_CONNECTION_LIST (object);
  GtkWidget *child;

  g_clear_object (&self->signals);
  g_clear_object (&self->selection);
  g_clear_pointer (&self->choice, gtk_bitset_unref);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (socketeer_connection_list_parent_class)->dispose (object);
}

static void
socketeer_connection_list_class_init (SocketeerConnectionListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_connection_list_dispose;
  signals[CHOICE_CHANGED] = g_signal_new ("choice-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-connection-list.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionList, title_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionList, list_view);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionList, disconnect_button);
}

static void
socketeer_connection_list_init (SocketeerConnectionList *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->signals = g_signal_group_new (SKT_TYPE_SESSION);
  g_signal_group_connect (self->signals, "notify::n-open", G_CALLBACK (session_notify_cb), self);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  gtk_list_view_set_factory (self->list_view, factory);
}
