/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-connection-list.h"

#include <glib/gi18n.h>

#include "socketeer-connection-model.h"
#include "socketeer-connection-actions.h"
#include "socketeer-connection-row.h"
#include "socketeer-shortcuts.h"

struct _SocketeerConnectionList
{
  GtkWidget parent_instance;

  /* template */
  GtkLabel *title_label, *note_label;
  GtkListView *list_view;
  GtkToggleButton *search_button;
  GtkEditable *search_entry;
  GtkButton *disconnect_button;
  GMenuModel *context_menu;

  /* owned */
  SktSession *session;
  GSignalGroup *signals;
  SocketeerConnectionModel *model;
  GSimpleActionGroup *actions;
  SktConnection *menu_connection; /* that the menu is of; NULL: all */
  GtkWidget *popover; /* child; NULL: not asked for yet */

  gboolean has_pointer;
};

enum
{
  CHOICE_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerConnectionList, socketeer_connection_list, GTK_TYPE_WIDGET)

/* -- Words above the list -------------------------------------------------------------------------------------- */

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
update_note (SocketeerConnectionList *self)
{
  guint n = g_list_model_get_n_items (skt_session_get_connections (self->session));
  guint n_shown = socketeer_connection_model_get_n_shown (self->model);
  guint n_hidden = socketeer_connection_model_get_n_chosen_hidden (self->model);
  guint64 n_refused = skt_session_get_n_refused (self->session);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;

  if (n_shown != n)
    /* Translators: above the list of clients: so many are in the list, of all there have been */
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%u of %u shown", "%u of %u shown", n_shown), n_shown, n));
  if (n_hidden > 0)
    /* Translators: of the chosen clients; others are kept from the list by a search or filter */
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%u chosen one is not shown", "%u chosen ones are not shown", n_hidden),
                                             n_hidden));
  if (n_refused > 0)
    /* Translators: above the list of clients: so many more were refused by the limits that the user has set */
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%lu refused", "%lu refused", (gulong) n_refused), (gulong) n_refused));
  g_ptr_array_add (parts, NULL);
  text = g_strjoinv (" · ", (char **) parts->pdata);
  gtk_label_set_label (self->note_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), parts->len > 1);
}

static void
session_notify_cb (SktSession *session, GParamSpec *pspec, gpointer user_data)
{
  update_title (user_data);
}

static void
refused_cb (SktSession *session, GParamSpec *pspec, gpointer user_data)
{
  update_note (user_data);
}

/* -- Actions --------------------------------------------------------------------------------------------------- */

static void
set_enabled (SocketeerConnectionList *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

/* "All" is ended by its own button, not by one key. */
static void
update_actions (SocketeerConnectionList *self)
{
  gboolean has_choice = !socketeer_connection_model_is_chosen (self->model, NULL);

  set_enabled (self, "disconnect", has_choice);
  set_enabled (self, "copy-address", has_choice);
  set_enabled (self, "show-everyone", has_choice);
}

static void
choice_changed_cb (SocketeerConnectionList *self)
{
  update_actions (self);
  g_signal_emit (self, signals[CHOICE_CHANGED], 0);
}

static void
disconnect_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GPtrArray) choice = socketeer_connection_list_dup_choice (user_data);

  for (guint i = 0; choice != NULL && i < choice->len; i++)
    skt_connection_disconnect (g_ptr_array_index (choice, i));
}

/* One on a line. */
static void
copy_address_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GPtrArray) choice = socketeer_connection_list_dup_choice (user_data);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; choice != NULL && i < choice->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            skt_connection_get_remote_address (g_ptr_array_index (choice, i)));
  gdk_clipboard_set_text (gtk_widget_get_clipboard (user_data), text->str);
}

static void
remove_ended_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  socketeer_connection_model_remove_ended (((SocketeerConnectionList *) user_data)->model);
}

/* The transcript has what is chosen. */
static void
show_only_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerConnectionList *self = user_data;

  if (self->menu_connection != NULL)
    socketeer_connection_model_choose (self->model, self->menu_connection);
}

static void
show_everyone_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  socketeer_connection_model_choose (((SocketeerConnectionList *) user_data)->model, NULL);
}

static void
end_search_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerConnectionList *self = user_data;

  gtk_toggle_button_set_active (self->search_button, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->list_view));
}

static const char *const order_names[SOCKETEER_N_ORDERS] = { "arrival", "newest", "address", "state", "received", "sent" };
static const char *const show_names[SOCKETEER_N_SHOWS] = { "all", "open", "ended" };

static int
find_name (const char *const *names, guint n, GVariant *value)
{
  for (guint i = 0; i < n; i++)
    if (g_str_equal (names[i], g_variant_get_string (value, NULL)))
      return i;
  return -1;
}

static void
order_changed_cb (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  SocketeerConnectionList *self = user_data;
  int order = find_name (order_names, SOCKETEER_N_ORDERS, value);

  if (order < 0)
    return;
  g_simple_action_set_state (action, value);
  socketeer_connection_model_set_order (self->model, order);
}

static void
show_changed_cb (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  SocketeerConnectionList *self = user_data;
  int show = find_name (show_names, SOCKETEER_N_SHOWS, value);

  if (show < 0)
    return;
  g_simple_action_set_state (action, value);
  socketeer_connection_model_set_show (self->model, show);
}

static void menu_action (GSimpleAction *action, GVariant *parameter, gpointer user_data);

static const GActionEntry entries[] = {
  { .name = "disconnect", .activate = disconnect_action },
  { .name = "copy-address", .activate = copy_address_action },
  { .name = "remove-ended", .activate = remove_ended_action },
  { .name = "show-only", .activate = show_only_action },
  { .name = "show-everyone", .activate = show_everyone_action },
  { .name = "end-search", .activate = end_search_action },
  { .name = "menu", .activate = menu_action },
  { .name = "order", .parameter_type = "s", .state = "'arrival'", .change_state = order_changed_cb },
  { .name = "show", .parameter_type = "s", .state = "'all'", .change_state = show_changed_cb },
};

/* -- Menu ------------------------------------------------------------------------------------------------------ */

/* The row of the list at a descendant of it, or NULL. */
static SocketeerConnectionRow *
find_row (SocketeerConnectionList *self, GtkWidget *widget)
{
  GtkWidget *child;

  while (widget != NULL && gtk_widget_get_parent (widget) != GTK_WIDGET (self->list_view))
    widget = gtk_widget_get_parent (widget);
  child = widget != NULL ? gtk_widget_get_first_child (widget) : NULL;
  return SOCKETEER_IS_CONNECTION_ROW (child) ? SOCKETEER_CONNECTION_ROW (child) : NULL;
}

/* What is done to one connection is for the only chosen one. */
static void
update_connection_actions (SocketeerConnectionList *self)
{
  g_autoptr (GPtrArray) choice = socketeer_connection_list_dup_choice (self);
  g_autoptr (GSimpleActionGroup) group = NULL;

  if (choice != NULL && choice->len == 1)
    group = socketeer_connection_actions_new (g_ptr_array_index (choice, 0));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "connection", G_ACTION_GROUP (group));
}

static GMenuModel *
create_menu (SocketeerConnectionList *self)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenuModel) actions = socketeer_connection_actions_create_menu ();

  g_menu_append_section (menu, NULL, actions);
  for (int i = 0; i < g_menu_model_get_n_items (self->context_menu); i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new_from_model (self->context_menu, i);

      g_menu_insert_item (menu, i == 0 ? 0 : -1, item);
    }
  return G_MENU_MODEL (menu);
}

/* The keyboard goes back to where the menu came from. */
static void
menu_closed_cb (GtkPopover *popover, gpointer user_data)
{
  SocketeerConnectionList *self = user_data;

  gtk_widget_grab_focus (GTK_WIDGET (self->list_view));
}

/* x, y: in the list view. */
static void
pop_up_menu (SocketeerConnectionList *self, double x, double y)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  SocketeerConnectionRow *row = focus != NULL ? find_row (self, gtk_widget_get_first_child (focus)) : NULL;
  SktConnection *connection;
  double own_x = x, own_y = y;

  update_connection_actions (self);
  connection = row != NULL ? socketeer_connection_row_get_connection (row) : NULL;
  g_set_object (&self->menu_connection, connection);
  set_enabled (self, "show-only", self->menu_connection != NULL);
  if (self->popover == NULL)
    {
      g_autoptr (GMenuModel) menu = create_menu (self);

      self->popover = gtk_popover_menu_new_from_model (menu);
      gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
      gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
      gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
      g_signal_connect (self->popover, "closed", G_CALLBACK (menu_closed_cb), self);
    }
  gtk_widget_translate_coordinates (GTK_WIDGET (self->list_view), GTK_WIDGET (self), x, y, &own_x, &own_y);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &(GdkRectangle){ (int) own_x, (int) own_y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
secondary_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  SocketeerConnectionList *self = user_data;
  SocketeerConnectionRow *row = find_row (self, gtk_widget_pick (GTK_WIDGET (self->list_view), x, y, GTK_PICK_DEFAULT));
  SktConnection *connection;

  if (row == NULL)
    return;
  connection = socketeer_connection_row_get_connection (row);
  if (!socketeer_connection_model_is_chosen (self->model, connection))
    socketeer_connection_model_choose (self->model, connection);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_grab_focus (gtk_widget_get_parent (GTK_WIDGET (row)));
  pop_up_menu (self, x, y);
}

static void
menu_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerConnectionList *self = user_data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  SocketeerConnectionRow *row = focus != NULL ? find_row (self, gtk_widget_get_first_child (focus)) : NULL;
  SktConnection *connection = row != NULL ? socketeer_connection_row_get_connection (row) : NULL;
  double x = 24, y = 24;

  /* As by the right button: the menu is of what one is at. */
  if (row != NULL && !socketeer_connection_model_is_chosen (self->model, connection))
    socketeer_connection_model_choose (self->model, connection);
  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list_view)))
    gtk_widget_translate_coordinates (focus, GTK_WIDGET (self->list_view), 24, gtk_widget_get_height (focus) / 2, &x, &y);
  pop_up_menu (self, x, y);
}

/* -- Calm ------------------------------------------------------------------------------------------------------ */

static void
update_held (SocketeerConnectionList *self)
{
  if (self->model != NULL)
    socketeer_connection_model_set_held (self->model, self->has_pointer || !gtk_widget_get_mapped (GTK_WIDGET (self)));
}

static void
pointer_enter_cb (GtkEventControllerMotion *controller, double x, double y, gpointer user_data)
{
  ((SocketeerConnectionList *) user_data)->has_pointer = TRUE;
  update_held (user_data);
}

static void
pointer_leave_cb (GtkEventControllerMotion *controller, gpointer user_data)
{
  ((SocketeerConnectionList *) user_data)->has_pointer = FALSE;
  update_held (user_data);
}

static void
socketeer_connection_list_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (socketeer_connection_list_parent_class)->map (widget);
  update_held (SOCKETEER_CONNECTION_LIST (widget));
}

static void
socketeer_connection_list_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (socketeer_connection_list_parent_class)->unmap (widget);
  update_held (SOCKETEER_CONNECTION_LIST (widget));
}

/* -- Search ---------------------------------------------------------------------------------------------------- */

static void
search_changed_cb (SocketeerConnectionList *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (self->search_entry));

  g_strstrip (text);
  if (self->model != NULL)
    socketeer_connection_model_set_search (self->model, text);
}

static void
search_toggled_cb (SocketeerConnectionList *self)
{
  if (gtk_toggle_button_get_active (self->search_button))
    gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  else
    gtk_editable_set_text (self->search_entry, "");
}

/* -- Rows ------------------------------------------------------------------------------------------------------ */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  gtk_list_item_set_child (item, socketeer_connection_row_new ());
}

static void
show_connection (SocketeerConnectionPlace *place, GParamSpec *pspec, gpointer user_data)
{
  GtkListItem *item = user_data;
  GtkWidget *row = gtk_list_item_get_child (item);
  GtkWidget *parent = gtk_widget_get_parent (row);
  SktConnection *connection = socketeer_connection_place_get_connection (place);

  socketeer_connection_row_set_connection (SOCKETEER_CONNECTION_ROW (row), connection);
  /* The list's own item widget has no name otherwise. */
  if (parent != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    connection != NULL ? skt_connection_get_remote_address (connection)
                                                       : C_ ("connections", "All"),
                                    -1);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  SocketeerConnectionPlace *place = gtk_list_item_get_item (item);

  g_signal_connect (place, "notify::connection", G_CALLBACK (show_connection), item);
  show_connection (place, NULL, item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), show_connection, item);
  socketeer_connection_row_set_connection (SOCKETEER_CONNECTION_ROW (gtk_list_item_get_child (item)), NULL);
}

/* -- Public ---------------------------------------------------------------------------------------------------- */

GPtrArray *
socketeer_connection_list_dup_choice (SocketeerConnectionList *self)
{
  g_return_val_if_fail (SOCKETEER_IS_CONNECTION_LIST (self), NULL);
  return self->model != NULL ? socketeer_connection_model_dup_choice (self->model) : NULL;
}

guint
socketeer_connection_list_get_n_shown (SocketeerConnectionList *self)
{
  g_return_val_if_fail (SOCKETEER_IS_CONNECTION_LIST (self), 0);
  return self->model != NULL ? socketeer_connection_model_get_n_shown (self->model) : 0;
}

GtkWidget *
socketeer_connection_list_get_list (SocketeerConnectionList *self)
{
  g_return_val_if_fail (SOCKETEER_IS_CONNECTION_LIST (self), NULL);
  return GTK_WIDGET (self->list_view);
}

void
socketeer_connection_list_set_session (SocketeerConnectionList *self, SktSession *session)
{
  g_return_if_fail (SOCKETEER_IS_CONNECTION_LIST (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  self->model = socketeer_connection_model_new (session);
  g_signal_group_set_target (self->signals, session);
  g_signal_connect_object (skt_session_get_connections (session), "items-changed", G_CALLBACK (update_title), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "shown-changed", G_CALLBACK (update_note), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "choice-changed", G_CALLBACK (choice_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->model));
  update_held (self);
  update_actions (self);
  update_title (self);
}

static void
socketeer_connection_list_dispose (GObject *object)
{
  SocketeerConnectionList *self = SOCKETEER_CONNECTION_LIST (object);
  GtkWidget *child;

  g_clear_object (&self->signals);
  self->popover = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->menu_connection);
  g_clear_object (&self->model);
  g_clear_object (&self->session);
  g_clear_object (&self->actions);

  G_OBJECT_CLASS (socketeer_connection_list_parent_class)->dispose (object);
}

static void
socketeer_connection_list_class_init (SocketeerConnectionListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_connection_list_dispose;
  widget_class->map = socketeer_connection_list_map;
  widget_class->unmap = socketeer_connection_list_unmap;
  signals[CHOICE_CHANGED] = g_signal_new ("choice-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-connection-list.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionList, title_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionList, note_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionList, list_view);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionList, search_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionList, search_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionList, disconnect_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionList, context_menu);
  gtk_widget_class_bind_template_callback (widget_class, secondary_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, pointer_enter_cb);
  gtk_widget_class_bind_template_callback (widget_class, pointer_leave_cb);
}

static void
socketeer_connection_list_init (SocketeerConnectionList *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "connections", G_ACTION_GROUP (self->actions));
  self->signals = g_signal_group_new (SKT_TYPE_SESSION);
  g_signal_group_connect (self->signals, "notify::n-open", G_CALLBACK (session_notify_cb), self);
  g_signal_group_connect (self->signals, "notify::n-refused", G_CALLBACK (refused_cb), self);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  gtk_list_view_set_factory (self->list_view, factory);
  socketeer_shortcuts_add (GTK_WIDGET (self->list_view), "clients", GTK_PHASE_BUBBLE, NULL, NULL);
  socketeer_shortcuts_add (GTK_WIDGET (self->search_entry), "client-search", GTK_PHASE_BUBBLE, NULL, NULL);
  g_signal_connect_swapped (self->search_button, "toggled", G_CALLBACK (search_toggled_cb), self);
  g_signal_connect_swapped (self->search_entry, "changed", G_CALLBACK (search_changed_cb), self);
}
