/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-places.h"

#include <glib/gi18n.h>

#include "skt-goto.h"
#include "skt-time-text.h"
#include "socketeer-bookmark-store.h"
#include "socketeer-settings.h"
#include "socketeer-shortcuts.h"

static const char *const time_columns[SOCKETEER_N_TIME_COLUMNS] = {
  [SOCKETEER_TIME_CLOCK] = "clock",
  [SOCKETEER_TIME_DELTA] = "delta",
  [SOCKETEER_TIME_MARK] = "mark",
  [SOCKETEER_TIME_NONE] = "none",
};

struct _SocketeerPlaces
{
  GtkWidget parent_instance;

  /* template */
  GtkMenuButton *button;
  GtkPopover *goto_popover, *list_popover, *details_popover;
  GtkEntry *goto_entry;
  GtkButton *goto_button;
  GtkDropDown *goto_scope;
  GtkStringList *goto_scopes;
  GtkLabel *goto_error, *details_label;
  GtkStack *list_stack;
  GtkListBox *list_box;

  /* owned */
  GSimpleActionGroup *actions;
  SktJournal *journal;
  SocketeerBookmarkStore *store;
  GCancellable *going;

  SocketeerByteView *view; /* weak */
  SocketeerPeerFunc peer_func;
  gpointer peer_data;
  guint32 goto_connection; /* that the first two scopes are about; 0: there is only the session */
  SocketeerTimeColumn time_column;
  guint64 mark; /* record; G_MAXUINT64: the session's beginning */
};

enum
{
  MESSAGE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerPlaces, socketeer_places, GTK_TYPE_WIDGET)

/* The position that an action is about. */
static SktPosition
get_place (SocketeerPlaces *self, GVariant *parameter)
{
  return g_str_equal (g_variant_get_string (parameter, NULL), "here") ? socketeer_byte_view_get_here (self->view)
                                                                       : socketeer_byte_view_get_cursor (self->view);
}

static gboolean
is_ready (SocketeerPlaces *self)
{
  return self->view != NULL && self->journal != NULL;
}

static void
point_to_button (SocketeerPlaces *self, GtkPopover *popover)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  gtk_popover_set_pointing_to (popover, &(GdkRectangle){ 0, 0, MAX (1, width), MAX (1, height) });
}

static void
popover_closed_cb (GtkPopover *popover, gpointer user_data)
{
  SocketeerPlaces *self = user_data;

  if (self->view != NULL && gtk_widget_get_mapped (GTK_WIDGET (self->view)))
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* -- Time column ---------------------------------------------------------------------------------------------- */

static void
set_time_column (SocketeerPlaces *self, SocketeerTimeColumn column)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "time-column");

  self->time_column = column;
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_string (time_columns[column]));
  if (self->view != NULL)
    socketeer_byte_view_set_time_column (self->view, column, self->mark);
}

static SocketeerTimeColumn
column_from_name (const char *name)
{
  for (guint i = 0; i < SOCKETEER_N_TIME_COLUMNS; i++)
    if (g_str_equal (name, time_columns[i]))
      return i;
  return SOCKETEER_TIME_CLOCK;
}

static void
change_time_column (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  SocketeerTimeColumn column = column_from_name (g_variant_get_string (value, NULL));

  socketeer_settings_remember_string ("time-column", time_columns[column]);
  set_time_column (user_data, column);
}

static void
show_time_column (SocketeerPlaces *self)
{
  g_autofree char *name = g_settings_get_string (socketeer_settings_get (), "time-column");

  if (!socketeer_settings_is_remembering ())
    set_time_column (self, column_from_name (name));
}

static void
time_from_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPlaces *self = user_data;

  if (!is_ready (self))
    return;
  self->mark = get_place (self, parameter).record;
  set_time_column (self, SOCKETEER_TIME_MARK);
}

/* -- Bookmarks ------------------------------------------------------------------------------------------------ */

static void
say (SocketeerPlaces *self, const char *message)
{
  g_signal_emit (self, signals[MESSAGE], 0, message);
}

static void
bookmark_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPlaces *self = user_data;
  g_autofree char *message = NULL;

  if (!is_ready (self) || socketeer_byte_view_toggle_bookmark (self->view, get_place (self, parameter)))
    return;
  message = g_strdup_printf (ngettext ("There is %u bookmark already, and no more can be kept",
                                       "There are %u bookmarks already, and no more can be kept", SKT_BOOKMARKS_MAX),
                             SKT_BOOKMARKS_MAX);
  say (self, message);
}

static void
step_bookmark (SocketeerPlaces *self, gboolean forward)
{
  if (is_ready (self) && !socketeer_byte_view_step_bookmark (self->view, forward))
    say (self, _ ("No bookmarks. Ctrl+B marks the row of the cursor."));
}

static void
next_bookmark_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  step_bookmark (user_data, TRUE);
}

static void
previous_bookmark_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  step_bookmark (user_data, FALSE);
}

/* What a row of the list is about. */
typedef struct
{
  SocketeerPlaces *places;
  SktPosition position;
} Item;

static void
item_clicked_cb (GtkButton *button, gpointer user_data)
{
  Item *item = user_data;
  SocketeerPlaces *self = item->places;
  SktPosition position = item->position;

  gtk_popover_popdown (self->list_popover);
  if (is_ready (self))
    socketeer_byte_view_go_to (self->view, position);
}

static void
item_removed_cb (GtkButton *button, gpointer user_data)
{
  Item *item = user_data;
  skt_bookmarks_remove (socketeer_bookmark_store_get (item->places->store), item->position);
}

static void
item_label_cb (GtkEditable *editable, gpointer user_data)
{
  Item *item = user_data;
  SktBookmarks *bookmarks = socketeer_bookmark_store_get (item->places->store);

  skt_bookmarks_set_label (bookmarks, item->position, gtk_editable_get_text (editable));
}

/* "12:00:05.123 ← #17" */
static char *
dup_item_title (SocketeerPlaces *self, SktPosition position)
{
  SktRecord record;
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *text = NULL;

  if (!socketeer_byte_view_get_record (self->view, position, &record))
    return g_strdup_printf ("#%" G_GUINT64_FORMAT, position.record + 1);
  time = g_date_time_new_from_unix_local (record.time_ns / 1000000000);
  text = time != NULL ? g_date_time_format (time, "%H:%M:%S") : g_strdup ("?");
  return g_strdup_printf ("%s.%03u  %s  #%" G_GUINT64_FORMAT, text, (guint) (record.time_ns / 1000000 % 1000),
                          record.kind == SKT_RECORD_RECEIVED ? "←" : record.kind == SKT_RECORD_SENT ? "→" : "•",
                          position.record + 1);
}

static GtkWidget *
make_item_button (SocketeerPlaces *self, Item *item)
{
  GtkWidget *button = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *title = dup_item_title (self, item->position);
  g_autofree char *excerpt = socketeer_byte_view_dup_excerpt (self->view, item->position);
  g_autofree char *name = g_strdup_printf ("%s %s", title, excerpt != NULL ? excerpt : "");
  GtkWidget *title_label = gtk_label_new (title), *label = gtk_label_new (excerpt);

  gtk_label_set_xalign (GTK_LABEL (title_label), 0);
  gtk_widget_add_css_class (title_label, "numeric");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (GTK_BOX (box), title_label);
  gtk_box_append (GTK_BOX (box), label);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_hexpand (button, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect (button, "clicked", G_CALLBACK (item_clicked_cb), item);
  return button;
}

static GtkWidget *
make_item (SocketeerPlaces *self, SktPosition position, const char *label)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *entry = gtk_entry_new (), *remove = gtk_button_new_from_icon_name ("user-trash-symbolic");
  Item *item = g_new (Item, 1);

  *item = (Item){ self, position };
  g_object_set_data_full (G_OBJECT (row), "socketeer-item", item, g_free);
  gtk_box_append (GTK_BOX (box), make_item_button (self, item));

  gtk_editable_set_text (GTK_EDITABLE (entry), label != NULL ? label : "");
  /* Translators: a text that the user gives a bookmark */
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _ ("Note"));
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 12);
  gtk_entry_set_max_length (GTK_ENTRY (entry), SKT_BOOKMARK_LABEL_MAX);
  gtk_widget_set_valign (entry, GTK_ALIGN_CENTER);
  /* Translators: a text that the user gives a bookmark */
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Note"), -1);
  g_signal_connect (entry, "changed", G_CALLBACK (item_label_cb), item);
  gtk_box_append (GTK_BOX (box), entry);

  gtk_widget_add_css_class (remove, "flat");
  gtk_widget_set_valign (remove, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (remove, _ ("Remove the bookmark"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (remove), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Remove the bookmark"), -1);
  g_signal_connect (remove, "clicked", G_CALLBACK (item_removed_cb), item);
  gtk_box_append (GTK_BOX (box), remove);

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

static const Item *
get_item (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "socketeer-item");
}

/* Only rows whose bookmark is new or gone change, so that a text can be typed. */
static void
update_list (SocketeerPlaces *self)
{
  SktBookmarks *bookmarks = self->store != NULL ? socketeer_bookmark_store_get (self->store) : NULL;
  guint n = bookmarks != NULL && is_ready (self) ? skt_bookmarks_get_n (bookmarks) : 0, at = 0;
  guint64 first = n > 0 ? skt_journal_get_first_record (self->journal) : 0;
  GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->list_box)), *next;

  for (guint i = n > 0 ? skt_bookmarks_find (bookmarks, (SktPosition){ first, 0 }) : 0; i < n; i++, at++)
    {
      const char *label;
      SktPosition position = skt_bookmarks_get (bookmarks, i, &label);

      for (; row != NULL && skt_position_compare (&get_item (row)->position, &position) < 0; row = next)
        {
          next = gtk_widget_get_next_sibling (row);
          gtk_list_box_remove (self->list_box, row);
        }
      if (row != NULL && skt_position_compare (&get_item (row)->position, &position) == 0)
        row = gtk_widget_get_next_sibling (row);
      else
        gtk_list_box_insert (self->list_box, make_item (self, position, label), at);
    }
  for (; row != NULL; row = next)
    {
      next = gtk_widget_get_next_sibling (row);
      gtk_list_box_remove (self->list_box, row);
    }
  gtk_stack_set_visible_child_name (self->list_stack, at > 0 ? "some" : "none");
}

static void
clear_list (SocketeerPlaces *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list_box))) != NULL)
    gtk_list_box_remove (self->list_box, row);
}

static void
bookmarks_changed_cb (SktBookmarks *bookmarks, gpointer user_data)
{
  SocketeerPlaces *self = user_data;

  if (gtk_widget_get_visible (GTK_WIDGET (self->list_popover)))
    update_list (self);
}

static void
bookmarks_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPlaces *self = user_data;

  if (!is_ready (self))
    return;
  clear_list (self);
  update_list (self);
  point_to_button (self, self->list_popover);
  gtk_popover_popup (self->list_popover);
}

/* -- Details -------------------------------------------------------------------------------------------------- */

static void
details_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPlaces *self = user_data;
  g_autofree char *details = NULL;
  GdkRectangle area;
  double x, y;

  if (!is_ready (self))
    return;
  details = socketeer_byte_view_dup_details (self->view, get_place (self, parameter));
  if (details == NULL)
    return;
  gtk_label_set_label (self->details_label, details);
  point_to_button (self, self->details_popover);
  if (socketeer_byte_view_get_area (self->view, get_place (self, parameter), &area) &&
      gtk_widget_translate_coordinates (GTK_WIDGET (self->view), GTK_WIDGET (self), area.x, area.y, &x, &y))
    gtk_popover_set_pointing_to (self->details_popover, &(GdkRectangle){ x, y, area.width, area.height });
  gtk_popover_popup (self->details_popover);
  /* To be read first, and selected if one wants. */
  gtk_label_select_region (self->details_label, 0, 0);
}

/* -- Going to a place ----------------------------------------------------------------------------------------- */

static void
show_goto_error (SocketeerPlaces *self, const char *message)
{
  gtk_label_set_label (self->goto_error, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->goto_error), message != NULL);
  if (message != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->goto_entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->goto_entry), "error");
}

/* Offsets count in the streams of the connection at the cursor, or in the session. */
static void
fill_scopes (SocketeerPlaces *self)
{
  SktPosition cursor = socketeer_byte_view_get_cursor (self->view);
  guint selected = gtk_drop_down_get_selected (self->goto_scope);
  g_autoptr (GPtrArray) scopes = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *peer = NULL;
  guint32 connection = 0;
  SktRecord record;

  if (socketeer_byte_view_get_record (self->view, cursor, &record))
    connection = record.connection;
  if (connection != 0 && self->peer_func != NULL)
    peer = self->peer_func (connection, self->peer_data);
  if (connection != 0)
    {
      /* Translators: where an offset counts; %s is an address and port */
      g_ptr_array_add (scopes, g_strdup_printf (_ ("Received from %s"), peer != NULL ? peer : "?"));
      /* Translators: where an offset counts; %s is an address and port */
      g_ptr_array_add (scopes, g_strdup_printf (_ ("Sent to %s"), peer != NULL ? peer : "?"));
    }
  /* Translators: where an offset counts: in all that is kept, both directions and what events say, in order */
  g_ptr_array_add (scopes, g_strdup (_ ("All of the session, as it is kept")));
  g_ptr_array_add (scopes, NULL);
  gtk_string_list_splice (self->goto_scopes, 0, g_list_model_get_n_items (G_LIST_MODEL (self->goto_scopes)),
                          (const char *const *) scopes->pdata);
  if (self->goto_connection != connection || selected >= scopes->len - 1)
    selected = connection != 0 && record.kind == SKT_RECORD_SENT ? 1 : 0;
  self->goto_connection = connection;
  gtk_drop_down_set_selected (self->goto_scope, selected);
}

static SktGotoScope
get_scope (SocketeerPlaces *self)
{
  guint selected = gtk_drop_down_get_selected (self->goto_scope);

  if (self->goto_connection == 0 || selected > 1)
    return (SktGotoScope){ 0, SKT_RECORD_RECEIVED };
  return (SktGotoScope){ self->goto_connection, selected == 1 ? SKT_RECORD_SENT : SKT_RECORD_RECEIVED };
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SocketeerPlaces) self = user_data;
  g_autoptr (GError) error = NULL;
  SktPosition position;

  if (!skt_goto_find_finish (result, &position, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_goto_error (self, error->message);
      return;
    }
  if (!is_ready (self) || g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  gtk_popover_popdown (self->goto_popover);
  socketeer_byte_view_go_to (self->view, position);
}

static void
cancel_going (SocketeerPlaces *self)
{
  g_cancellable_cancel (self->going);
  g_clear_object (&self->going);
}

static void
goto_cb (SocketeerPlaces *self)
{
  g_autoptr (GError) error = NULL;
  SktGotoScope scope;
  SktGoto place;

  if (!is_ready (self))
    return;
  cancel_going (self);
  if (!skt_goto_parse (gtk_editable_get_text (GTK_EDITABLE (self->goto_entry)), &place, &error))
    {
      show_goto_error (self, error->message);
      return;
    }
  show_goto_error (self, NULL);
  scope = get_scope (self);
  self->going = g_cancellable_new ();
  skt_goto_find_async (self->journal, &place, &scope, socketeer_byte_view_get_cursor (self->view), self->going, found_cb,
                       g_object_ref (self));
}

static void
goto_changed_cb (SocketeerPlaces *self)
{
  show_goto_error (self, NULL);
}

static void
goto_closed_cb (SocketeerPlaces *self)
{
  cancel_going (self);
}

static void
goto_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerPlaces *self = user_data;

  if (!is_ready (self))
    return;
  show_goto_error (self, NULL);
  fill_scopes (self);
  point_to_button (self, self->goto_popover);
  gtk_popover_popup (self->goto_popover);
  gtk_widget_grab_focus (GTK_WIDGET (self->goto_entry));
  gtk_editable_select_region (GTK_EDITABLE (self->goto_entry), 0, -1);
}

/* -- Set-up --------------------------------------------------------------------------------------------------- */

void
socketeer_places_set_view (SocketeerPlaces *self, SocketeerByteView *view, GtkWidget *owner)
{
  g_return_if_fail (SOCKETEER_IS_PLACES (self));
  g_return_if_fail (self->view == NULL);

  g_set_weak_pointer (&self->view, view);
  gtk_widget_insert_action_group (owner, "places", G_ACTION_GROUP (self->actions));
  socketeer_shortcuts_add (owner, "places", GTK_PHASE_BUBBLE, NULL, NULL);
  socketeer_byte_view_set_time_column (view, self->time_column, self->mark);
}

void
socketeer_places_set_peers (SocketeerPlaces *self, SocketeerPeerFunc func, gpointer user_data)
{
  g_return_if_fail (SOCKETEER_IS_PLACES (self));
  self->peer_func = func;
  self->peer_data = user_data;
}

void
socketeer_places_set_journal (SocketeerPlaces *self, SktJournal *journal)
{
  g_return_if_fail (SOCKETEER_IS_PLACES (self));

  cancel_going (self);
  gtk_popover_popdown (self->goto_popover);
  gtk_popover_popdown (self->list_popover);
  clear_list (self);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (socketeer_bookmark_store_get (self->store), self);
  if (self->view != NULL)
    socketeer_byte_view_set_bookmarks (self->view, NULL);
  g_clear_pointer (&self->store, socketeer_bookmark_store_free);
  g_clear_pointer (&self->journal, skt_journal_unref);
  self->mark = G_MAXUINT64;
  if (journal == NULL)
    return;
  self->journal = skt_journal_ref (journal);
  self->store = socketeer_bookmark_store_new (journal);
  g_signal_connect (socketeer_bookmark_store_get (self->store), "changed", G_CALLBACK (bookmarks_changed_cb), self);
  if (self->view == NULL)
    return;
  socketeer_byte_view_set_bookmarks (self->view, socketeer_bookmark_store_get (self->store));
  socketeer_byte_view_set_time_column (self->view, self->time_column, self->mark);
}

static void
socketeer_places_dispose (GObject *object)
{
  SocketeerPlaces *self = SOCKETEER_PLACES (object);

  if (self->goto_popover != NULL)
    {
      socketeer_places_set_journal (self, NULL);
      g_clear_weak_pointer (&self->view);
      gtk_widget_unparent (GTK_WIDGET (self->goto_popover));
      gtk_widget_unparent (GTK_WIDGET (self->list_popover));
      gtk_widget_unparent (GTK_WIDGET (self->details_popover));
      gtk_widget_unparent (GTK_WIDGET (self->button));
      self->goto_popover = NULL;
    }
  g_clear_object (&self->actions);

  G_OBJECT_CLASS (socketeer_places_parent_class)->dispose (object);
}

static void
socketeer_places_class_init (SocketeerPlacesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_places_dispose;
  signals[MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-places.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerPlaces, button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPlaces, goto_popover);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPlaces, list_popover);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPlaces, details_popover);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPlaces, goto_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPlaces, goto_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPlaces, goto_scope);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPlaces, goto_scopes);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPlaces, goto_error);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPlaces, details_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPlaces, list_stack);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPlaces, list_box);
}

static void
add_popover (SocketeerPlaces *self, GtkPopover *popover)
{
  gtk_widget_set_parent (GTK_WIDGET (popover), GTK_WIDGET (self));
  gtk_popover_set_position (popover, GTK_POS_BOTTOM);
  g_signal_connect (popover, "closed", G_CALLBACK (popover_closed_cb), self);
}

static void
socketeer_places_init (SocketeerPlaces *self)
{
  static const GActionEntry entries[] = {
    { .name = "go-to", .activate = goto_action },
    { .name = "bookmark", .activate = bookmark_action, .parameter_type = "s" },
    { .name = "next-bookmark", .activate = next_bookmark_action },
    { .name = "previous-bookmark", .activate = previous_bookmark_action },
    { .name = "bookmarks", .activate = bookmarks_action },
    { .name = "details", .activate = details_action, .parameter_type = "s" },
    { .name = "time-from", .activate = time_from_action, .parameter_type = "s" },
    { .name = "time-column", .parameter_type = "s", .state = "'clock'", .change_state = change_time_column },
  };

  self->mark = G_MAXUINT64;
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_popover (self, self->goto_popover);
  add_popover (self, self->list_popover);
  add_popover (self, self->details_popover);
  show_time_column (self);
  g_signal_connect_object (socketeer_settings_get (), "changed::time-column", G_CALLBACK (show_time_column), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->goto_entry, "activate", G_CALLBACK (goto_cb), self);
  g_signal_connect_swapped (self->goto_entry, "changed", G_CALLBACK (goto_changed_cb), self);
  g_signal_connect_swapped (self->goto_button, "clicked", G_CALLBACK (goto_cb), self);
  g_signal_connect_swapped (self->goto_popover, "closed", G_CALLBACK (goto_closed_cb), self);
}
