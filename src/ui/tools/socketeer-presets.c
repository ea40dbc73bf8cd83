/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-presets-private.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "socketeer-mnemonic.h"
#include "socketeer-page-private.h"
#include "socketeer-preset-keys.h"
#include "socketeer-preset-row.h"
#include "socketeer-problem-toast.h"
#include "socketeer-shortcuts.h"

/* From so many on there is something to search. */
#define SEARCH_MIN 8
#define UNDO_SECONDS 15
/* A row takes about 1 ms to make: of hundreds, some are made at a time. */
#define SLICE_US 4000

struct _SocketeerPresets
{
  GtkWidget parent_instance;

  /* template */
  GtkSearchEntry *search_entry;
  GtkLabel *problem_label, *file_label;
  GtkStack *stack;
  GtkListBox *list_box;
  GtkScrolledWindow *scrolled;

  /* owned */
  SktPresetStore *store;
  GHashTable *rows;     /* id → SocketeerPresetRow, a child of the list */
  GHashTable *headings; /* group → GtkListBoxRow, a child of the list */
  GHashTable *folded;   /* groups whose rows are hidden */
  GHashTable *counts;   /* id → how often it was sent on this page, GUINT_TO_POINTER */
  char *found;          /* what is searched for, case-folded, or NULL */

  SocketeerPage *page; /* borrowed; NULL once it is closed */
  GtkWidget *window;   /* weak: where the keys are listened to */
  GtkEventController *keys;
  guint slice_id;      /* makes the rows that are missing; 0: there are none, or nobody sees them */
};

G_DEFINE_FINAL_TYPE (SocketeerPresets, socketeer_presets, GTK_TYPE_WIDGET)

static const char *
get_id (GtkListBoxRow *row)
{
  return SOCKETEER_IS_PRESET_ROW (row) ? skt_preset_get_id (socketeer_preset_row_get_preset (SOCKETEER_PRESET_ROW (row))) : NULL;
}

SktPresetStore *
_socketeer_presets_get_store (SocketeerPresets *self)
{
  return self->store;
}

void
socketeer_presets_set_problem (SocketeerPresets *self, const char *problem)
{
  g_return_if_fail (SOCKETEER_IS_PRESETS (self));
  gtk_label_set_label (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
}

/* -- Sending ------------------------------------------------------------------------------------------------- */

static gboolean
send_preset (SocketeerPresets *self, SktPreset *preset)
{
  const char *id = skt_preset_get_id (preset);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, id));
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (self->page == NULL)
    return FALSE;
  if (socketeer_page_send_message (self->page, skt_preset_get_message (preset), &(SktMessageContext){ .index = count }, &error))
    {
      g_hash_table_replace (self->counts, g_strdup (id), GUINT_TO_POINTER (count + 1));
      socketeer_presets_set_problem (self, NULL);
      return TRUE;
    }
  /* Translators: %1$s is the name of a preset, %2$s says why */
  text = g_strdup_printf (_ ("“%1$s” was not sent. %2$s"), skt_preset_get_name (preset), error->message);
  socketeer_presets_set_problem (self, text);
  /* By its key, with the pane closed. */
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    _socketeer_page_toast (self->page, socketeer_problem_toast_new (text));
  return FALSE;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, gpointer user_data)
{
  SocketeerPresets *self = user_data;
  SktPresetKey key = socketeer_preset_key_from_event (keyval, state);
  SktPreset *preset;

  /* One of the pages of the window is seen. */
  if (key == SKT_PRESET_KEY_NONE || self->page == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self->page)))
    return GDK_EVENT_PROPAGATE;
  preset = skt_preset_store_find_key (self->store, key);
  if (preset == NULL)
    return GDK_EVENT_PROPAGATE;
  send_preset (self, preset);
  return GDK_EVENT_STOP;
}

/* The window's own accelerators are a controller of it in the capture phase; what is added later comes first. */
static void
listen_to_keys (SocketeerPresets *self, GtkWidget *window)
{
  if (self->window == window)
    return;
  if (self->window != NULL)
    {
      gtk_widget_remove_controller (self->window, self->keys);
      g_clear_weak_pointer (&self->window);
      self->keys = NULL;
    }
  if (window == NULL)
    return;
  g_set_weak_pointer (&self->window, window);
  self->keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (self->keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (self->keys, "key-pressed", G_CALLBACK (key_pressed_cb), self, 0);
  gtk_widget_add_controller (window, self->keys);
}

static void
socketeer_presets_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (socketeer_presets_parent_class)->root (widget);
  listen_to_keys (SOCKETEER_PRESETS (widget), GTK_WIDGET (gtk_widget_get_root (widget)));
}

static void
socketeer_presets_unroot (GtkWidget *widget)
{
  listen_to_keys (SOCKETEER_PRESETS (widget), NULL);
  GTK_WIDGET_CLASS (socketeer_presets_parent_class)->unroot (widget);
}

/* -- What is seen -------------------------------------------------------------------------------------------- */

static gboolean
is_seen (SocketeerPresets *self, SocketeerPresetRow *row)
{
  if (socketeer_preset_row_is_edited (row))
    return TRUE;
  if (self->found != NULL)
    return socketeer_preset_row_matches (row, self->found);
  return !g_hash_table_contains (self->folded, skt_preset_get_group (socketeer_preset_row_get_preset (row)));
}

static void
update_heading (SocketeerPresets *self, GtkWidget *heading, const char *group)
{
  gboolean is_folded = g_hash_table_contains (self->folded, group);
  GtkWidget *box = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (heading));
  GtkWidget *icon = gtk_widget_get_first_child (box);

  gtk_image_set_from_icon_name (GTK_IMAGE (icon), is_folded ? "pan-end-symbolic" : "pan-down-symbolic");
  gtk_accessible_update_state (GTK_ACCESSIBLE (heading), GTK_ACCESSIBLE_STATE_EXPANDED, !is_folded, -1);
  gtk_widget_set_visible (heading, self->found == NULL);
}

/* Which rows can be seen, and what stands there instead if there are none. */
static void
update_seen (SocketeerPresets *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store)), n_seen = 0;
  GHashTableIter iter;
  gpointer group, row;

  g_hash_table_iter_init (&iter, self->headings);
  while (g_hash_table_iter_next (&iter, &group, &row))
    update_heading (self, row, group);
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    {
      gboolean seen = is_seen (self, row);
      gtk_widget_set_visible (row, seen);
      n_seen += seen;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->search_entry), n >= SEARCH_MIN || self->found != NULL);
  gtk_stack_set_visible_child_name (self->stack, n == 0                                                               ? "none"
                                                 : n_seen == 0 && self->found != NULL && self->slice_id == 0 ? "nothing-found"
                                                                                                             : "some");
}

static void
search_changed_cb (SocketeerPresets *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  g_clear_pointer (&self->found, g_free);
  if (text[0] != '\0')
    self->found = g_utf8_casefold (text, -1);
  update_seen (self);
}

static void
row_activated_cb (GtkListBox *list_box, GtkListBoxRow *row, gpointer user_data)
{
  SocketeerPresets *self = user_data;
  const char *id = get_id (row), *group;

  if (id != NULL)
    {
      if (self->page != NULL && !socketeer_preset_row_is_edited (SOCKETEER_PRESET_ROW (row)))
        socketeer_page_edit_message (self->page, skt_preset_get_message (skt_preset_store_find (self->store, id)));
      return;
    }
  group = g_object_get_data (G_OBJECT (row), "group");
  if (!g_hash_table_remove (self->folded, group))
    g_hash_table_add (self->folded, g_strdup (group));
  update_seen (self);
}

/* -- Dragging ------------------------------------------------------------------------------------------------ */

static void
row_dropped_cb (SocketeerPresetRow *row, SktPreset *dragged, gboolean after, gpointer user_data)
{
  SocketeerPresets *self = user_data;
  SktPreset *preset = socketeer_preset_row_get_preset (row);
  const char *group = skt_preset_get_group (preset);
  guint position = skt_preset_store_get_position (self->store, skt_preset_get_id (preset)) + (after ? 1 : 0);
  g_autoptr (SktPreset) before = g_list_model_get_item (G_LIST_MODEL (self->store), position);
  g_autofree char *id = g_strdup (skt_preset_get_id (dragged));

  if (before != NULL && !g_str_equal (skt_preset_get_group (before), group))
    g_clear_object (&before);
  skt_preset_store_move (self->store, id, group, before != NULL ? skt_preset_get_id (before) : NULL);
}

/* Into the group, first. */
static gboolean
heading_drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, gpointer user_data)
{
  SocketeerPresets *self = user_data;
  const char *group = g_object_get_data (G_OBJECT (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (target))), "group");
  g_autofree char *id = g_strdup (skt_preset_get_id (g_value_get_object (value)));
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SktPreset) preset = g_list_model_get_item (G_LIST_MODEL (self->store), i);

      if (!g_str_equal (skt_preset_get_group (preset), group))
        continue;
      skt_preset_store_move (self->store, id, group, skt_preset_get_id (preset));
      return TRUE;
    }
  return FALSE;
}

/* -- Rows ---------------------------------------------------------------------------------------------------- */

static GtkWidget *
make_heading (SocketeerPresets *self, const char *group)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  /* Translators: presets that are in no group */
  GtkWidget *label = gtk_label_new (group[0] != '\0' ? group : _ ("In no group"));
  GtkDropTarget *target = gtk_drop_target_new (SKT_TYPE_PRESET, GDK_ACTION_MOVE);

  gtk_box_append (GTK_BOX (box), gtk_image_new ());
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "heading");
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_add_css_class (row, "preset-heading");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, gtk_label_get_label (GTK_LABEL (label)), -1);
  g_object_set_data_full (G_OBJECT (row), "group", g_strdup (group), g_free);
  g_signal_connect (target, "drop", G_CALLBACK (heading_drop_cb), self);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (target));
  return row;
}

static GtkWidget *
take_heading (SocketeerPresets *self, const char *group)
{
  GtkWidget *heading = g_hash_table_lookup (self->headings, group);

  if (heading == NULL)
    {
      heading = g_object_ref_sink (make_heading (self, group));
      g_hash_table_insert (self->headings, g_strdup (group), heading);
    }
  return heading;
}

static GtkWidget *
take_row (SocketeerPresets *self, SktPreset *preset)
{
  GtkWidget *row = g_hash_table_lookup (self->rows, skt_preset_get_id (preset));

  if (row != NULL)
    {
      socketeer_preset_row_set_preset (SOCKETEER_PRESET_ROW (row), preset);
      return row;
    }
  row = g_object_ref_sink (socketeer_preset_row_new (preset));
  g_signal_connect (row, "dropped", G_CALLBACK (row_dropped_cb), self);
  g_hash_table_insert (self->rows, g_strdup (skt_preset_get_id (preset)), row);
  return row;
}

/* The rows that there have to be, in order. A single group needs no heading if it has no name. When the deadline is over, rows that were never
 * made are left out. */
static GPtrArray *
take_rows (SocketeerPresets *self, gint64 deadline, gboolean *ret_is_whole)
{
  GPtrArray *rows = g_ptr_array_new ();
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));
  g_auto (GStrv) groups = skt_preset_store_dup_groups (self->store);
  gboolean has_headings = groups[0] != NULL && (groups[1] != NULL || groups[0][0] != '\0');
  g_autofree char *group = NULL;

  *ret_is_whole = TRUE;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SktPreset) preset = g_list_model_get_item (G_LIST_MODEL (self->store), i);

      if (!*ret_is_whole && !g_hash_table_contains (self->rows, skt_preset_get_id (preset)))
        continue;
      if (has_headings && g_strcmp0 (group, skt_preset_get_group (preset)) != 0)
        g_ptr_array_add (rows, take_heading (self, skt_preset_get_group (preset)));
      g_free (group);
      group = g_strdup (skt_preset_get_group (preset));
      g_ptr_array_add (rows, take_row (self, preset));
      *ret_is_whole = g_get_monotonic_time () < deadline;
    }
  *ret_is_whole = g_hash_table_size (self->rows) >= n;
  if (!has_headings)
    g_hash_table_remove_all (self->folded); /* there is nothing to unfold them with */
  return rows;
}

static gboolean
is_not_in (gpointer key, gpointer value, gpointer user_data)
{
  return !g_hash_table_contains (user_data, value);
}

static void
remove_rows (SocketeerPresets *self, GPtrArray *rows)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (NULL, NULL);
  GtkWidget *child, *next;

  for (guint i = 0; i < rows->len; i++)
    g_hash_table_add (wanted, rows->pdata[i]);
  for (child = gtk_widget_get_first_child (GTK_WIDGET (self->list_box)); child != NULL; child = next)
    {
      next = gtk_widget_get_next_sibling (child);
      if (!g_hash_table_contains (wanted, child))
        gtk_list_box_remove (self->list_box, child);
    }
  g_hash_table_foreach_remove (self->rows, is_not_in, wanted);
  g_hash_table_foreach_remove (self->headings, is_not_in, wanted);
}

/* A row that goes while it is selected believes that it is, and could not be selected again. */
static void
take_out (SocketeerPresets *self, GtkWidget *row)
{
  if (gtk_list_box_get_selected_row (self->list_box) == GTK_LIST_BOX_ROW (row))
    gtk_list_box_select_row (self->list_box, NULL);
  gtk_list_box_remove (self->list_box, row);
}

static void
place_row (SocketeerPresets *self, GtkWidget *row, guint index)
{
  GtkWidget *there = GTK_WIDGET (gtk_list_box_get_row_at_index (self->list_box, index));

  if (there == row)
    return;
  /* One that goes further down: it comes again, and those after it stay. What is being edited is never taken out. */
  if (there != NULL && gtk_widget_get_next_sibling (there) == row &&
      !(SOCKETEER_IS_PRESET_ROW (there) && socketeer_preset_row_is_edited (SOCKETEER_PRESET_ROW (there))))
    {
      take_out (self, there);
      return;
    }
  if (gtk_widget_get_parent (row) != NULL)
    take_out (self, row);
  gtk_list_box_insert (self->list_box, row, index);
}

static gboolean slice_cb (gpointer user_data);

/* Rows that stay are not touched, so that what is edited in them stays, and the focus; only those that have moved are put elsewhere. */
static void
update_rows_until (SocketeerPresets *self, gint64 deadline)
{
  gboolean is_whole;
  g_autoptr (GPtrArray) rows = take_rows (self, deadline, &is_whole);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr (GtkWidget) focus = NULL; /* may be in a row that goes */
  GtkListBoxRow *selected;

  if (root != NULL)
    g_set_object (&focus, gtk_root_get_focus (root));
  if (focus != NULL && !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list_box)))
    g_clear_object (&focus);
  remove_rows (self, rows);
  selected = gtk_list_box_get_selected_row (self->list_box);
  for (guint i = 0; i < rows->len; i++)
    place_row (self, rows->pdata[i], i);
  if (selected != NULL && gtk_list_box_get_selected_row (self->list_box) != selected)
    gtk_list_box_select_row (self->list_box, selected);
  /* It was in a row that was taken out for a moment. */
  if (focus != NULL && gtk_root_get_focus (root) != focus && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list_box)))
    gtk_widget_grab_focus (focus);
  if (is_whole)
    g_clear_handle_id (&self->slice_id, g_source_remove);
  else if (self->slice_id == 0)
    self->slice_id = g_idle_add (slice_cb, self);
  update_seen (self);
}

static gboolean
slice_cb (gpointer user_data)
{
  SocketeerPresets *self = user_data;

  update_rows_until (self, g_get_monotonic_time () + SLICE_US);
  return self->slice_id != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* Nothing is made for who does not see it. */
static void
update_rows (SocketeerPresets *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    update_rows_until (self, g_get_monotonic_time () + SLICE_US);
}

static gboolean
first_slice_cb (gpointer user_data)
{
  SocketeerPresets *self = user_data;

  self->slice_id = 0;
  update_rows (self);
  return G_SOURCE_REMOVE;
}

/* This may be in the middle of an allocation; what is in sight is made before it is drawn. */
static void
mapped_cb (SocketeerPresets *self)
{
  if (self->slice_id == 0)
    self->slice_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, first_slice_cb, self, NULL);
}

static void
unmapped_cb (SocketeerPresets *self)
{
  g_clear_handle_id (&self->slice_id, g_source_remove);
}

/* -- Actions ------------------------------------------------------------------------------------------------- */

static SktPreset *
find (GtkWidget *widget, GVariant *parameter)
{
  return skt_preset_store_find (SOCKETEER_PRESETS (widget)->store, g_variant_get_string (parameter, NULL));
}

static void
send_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SktPreset *preset = find (widget, parameter);
  if (preset != NULL)
    send_preset (SOCKETEER_PRESETS (widget), preset);
}

static void
compose_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerPresets *self = SOCKETEER_PRESETS (widget);
  SktPreset *preset = find (widget, parameter);

  if (preset != NULL && self->page != NULL)
    socketeer_page_edit_message (self->page, skt_preset_get_message (preset));
}

static void
edit (SocketeerPresets *self, const char *id)
{
  GtkWidget *row;

  if (!g_hash_table_contains (self->rows, id))
    update_rows_until (self, G_MAXINT64);
  row = g_hash_table_lookup (self->rows, id);
  if (row == NULL || self->page == NULL)
    return;
  gtk_widget_show (row);
  socketeer_preset_row_edit (SOCKETEER_PRESET_ROW (row), self->store, self->page);
}

static void
edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  edit (SOCKETEER_PRESETS (widget), g_variant_get_string (parameter, NULL));
}

/* Into the group that is selected, after it. */
static void
add_message (SocketeerPresets *self, SktMessage *message)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list_box);
  const char *id = row != NULL ? get_id (row) : NULL;
  guint position = id != NULL ? skt_preset_store_get_position (self->store, id) : G_MAXUINT;
  const char *group = id != NULL ? skt_preset_get_group (skt_preset_store_find (self->store, id)) : "";
  g_autoptr (SktPreset) preset = skt_preset_new (&(SktPresetSettings){ .group = group, .message = message });

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  g_hash_table_remove (self->folded, group);
  skt_preset_store_insert (self->store, preset, position != G_MAXUINT ? position + 1 : G_MAXUINT);
  edit (self, skt_preset_get_id (preset));
}

static void
add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerPresets *self = SOCKETEER_PRESETS (widget);
  g_autoptr (SktMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  if (self->page == NULL)
    return;
  message = socketeer_page_dup_message (self->page, &error);
  if (message != NULL && skt_message_get_settings (message)->source[0] == '\0')
    {
      socketeer_presets_set_problem (self, _ ("There is nothing to keep: type a message first."));
      return;
    }
  socketeer_presets_set_problem (self, error != NULL ? error->message : NULL);
  if (message != NULL)
    add_message (self, message);
}

static void
duplicate_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerPresets *self = SOCKETEER_PRESETS (widget);
  SktPreset *preset = find (widget, parameter);
  g_autoptr (SktPreset) copy = NULL;
  SktPresetSettings settings;

  if (preset == NULL)
    return;
  settings = *skt_preset_get_settings (preset);
  settings.id = NULL;
  settings.key = SKT_PRESET_KEY_NONE;
  copy = skt_preset_new (&settings);
  skt_preset_store_insert (self->store, copy, skt_preset_store_get_position (self->store, skt_preset_get_id (preset)) + 1);
  edit (self, skt_preset_get_id (copy));
}

static void
step (GtkWidget *widget, GVariant *parameter, int delta)
{
  SocketeerPresets *self = SOCKETEER_PRESETS (widget);
  GtkWidget *row = g_hash_table_lookup (self->rows, g_variant_get_string (parameter, NULL));

  if (skt_preset_store_step (self->store, g_variant_get_string (parameter, NULL), delta) && row != NULL)
    gtk_widget_grab_focus (row);
}

static void
up_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step (widget, parameter, -1);
}

static void
down_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step (widget, parameter, 1);
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerPresets *self = SOCKETEER_PRESETS (widget);
  SktPreset *preset = find (widget, parameter);
  g_autoptr (GPtrArray) removed = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *text = NULL;
  guint position;

  if (preset == NULL)
    return;
  g_ptr_array_add (removed, g_object_ref (preset));
  /* Translators: %s is the name of a preset */
  text = g_strdup_printf (_ ("“%s” deleted"), skt_preset_get_name (preset));
  position = skt_preset_store_get_position (self->store, skt_preset_get_id (preset));
  skt_preset_store_remove (self->store, skt_preset_get_id (removed->pdata[0]));
  _socketeer_presets_offer_undo (self, text, removed, position, NULL);
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  skt_preset_store_undo (SOCKETEER_PRESETS (widget)->store);
}

static void
import_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _socketeer_presets_import (SOCKETEER_PRESETS (widget));
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _socketeer_presets_export (SOCKETEER_PRESETS (widget));
}

/* -- Undo in passing ----------------------------------------------------------------------------------------- */

typedef struct
{
  SktPresetStore *store;
  GPtrArray *removed, *added;
  guint position;
} Undo;

static void
undo_free (gpointer data, GClosure *closure)
{
  Undo *undo = data;

  g_object_unref (undo->store);
  g_clear_pointer (&undo->removed, g_ptr_array_unref);
  g_clear_pointer (&undo->added, g_ptr_array_unref);
  g_free (undo);
}

static void
undo_clicked_cb (AdwToast *toast, gpointer user_data)
{
  Undo *undo = user_data;

  for (guint i = 0; undo->removed != NULL && i < undo->removed->len; i++)
    skt_preset_store_insert (undo->store, undo->removed->pdata[i], undo->position + i);
  if (undo->added != NULL)
    skt_preset_store_remove_all (undo->store, undo->added);
}

void
_socketeer_presets_offer_undo (SocketeerPresets *self, const char *text, GPtrArray *removed, guint position, GPtrArray *added)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast;
  Undo *undo;

  if (self->page == NULL)
    return;
  toast = adw_toast_new (escaped);
  undo = g_new0 (Undo, 1);
  undo->store = g_object_ref (self->store);
  undo->removed = removed != NULL ? g_ptr_array_ref (removed) : NULL;
  undo->added = added != NULL ? g_ptr_array_ref (added) : NULL;
  undo->position = position;
  adw_toast_set_button_label (toast, _ ("Undo"));
  adw_toast_set_timeout (toast, UNDO_SECONDS);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_clicked_cb), undo, undo_free, 0);
  _socketeer_page_toast (self->page, toast);
}

/* -- Making -------------------------------------------------------------------------------------------------- */

static gboolean
list_key_cb (GtkWidget *widget, const char *name, gpointer user_data)
{
  SocketeerPresets *self = user_data;
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  const char *id = GTK_IS_LIST_BOX_ROW (focus) ? get_id (GTK_LIST_BOX_ROW (focus)) : NULL;
  g_autofree char *action = g_strconcat ("presets.", name, NULL);

  if (g_str_equal (name, "undo"))
    return !GTK_IS_EDITABLE (focus) && !GTK_IS_TEXT_VIEW (focus) && skt_preset_store_undo (self->store);
  if (id == NULL)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_activate_action (GTK_WIDGET (self), action, "s", id);
  return GDK_EVENT_STOP;
}

static gboolean
has_text (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  g_value_set_boolean (to, g_value_get_string (from) != NULL);
  return TRUE;
}

static void
can_undo_cb (SocketeerPresets *self)
{
  gboolean can_undo;
  g_object_get (self->store, "can-undo", &can_undo, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "presets.undo", can_undo);
}

GtkWidget *
socketeer_presets_new (SktPresetStore *store, SocketeerPage *page)
{
  SocketeerPresets *self = g_object_new (SOCKETEER_TYPE_PRESETS, NULL);

  self->store = g_object_ref (store);
  self->page = page;
  g_object_bind_property (store, "problem", self->file_label, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property_full (store, "problem", self->file_label, "visible", G_BINDING_SYNC_CREATE, has_text, NULL, NULL, NULL);
  g_signal_connect_object (store, "items-changed", G_CALLBACK (update_rows), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (store, "notify::can-undo", G_CALLBACK (can_undo_cb), self, G_CONNECT_SWAPPED);
  can_undo_cb (self);
  return GTK_WIDGET (self);
}

void
socketeer_presets_close (SocketeerPresets *self)
{
  g_return_if_fail (SOCKETEER_IS_PRESETS (self));
  self->page = NULL;
}

static void
socketeer_presets_dispose (GObject *object)
{
  SocketeerPresets *self = SOCKETEER_PRESETS (object);
  GtkWidget *child;

  listen_to_keys (self, NULL);
  g_clear_handle_id (&self->slice_id, g_source_remove);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_hash_table_remove_all (self->rows);
  g_hash_table_remove_all (self->headings);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (socketeer_presets_parent_class)->dispose (object);
}

static void
socketeer_presets_finalize (GObject *object)
{
  SocketeerPresets *self = SOCKETEER_PRESETS (object);

  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->headings);
  g_hash_table_unref (self->folded);
  g_hash_table_unref (self->counts);
  g_free (self->found);
  G_OBJECT_CLASS (socketeer_presets_parent_class)->finalize (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "presets.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "presets.import", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "presets.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "presets.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "presets.send", "s", send_action);
  gtk_widget_class_install_action (widget_class, "presets.compose", "s", compose_action);
  gtk_widget_class_install_action (widget_class, "presets.edit", "s", edit_action);
  gtk_widget_class_install_action (widget_class, "presets.duplicate", "s", duplicate_action);
  gtk_widget_class_install_action (widget_class, "presets.up", "s", up_action);
  gtk_widget_class_install_action (widget_class, "presets.down", "s", down_action);
  gtk_widget_class_install_action (widget_class, "presets.remove", "s", remove_action);
}

static void
socketeer_presets_class_init (SocketeerPresetsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = socketeer_presets_dispose;
  object_class->finalize = socketeer_presets_finalize;
  widget_class->root = socketeer_presets_root;
  widget_class->unroot = socketeer_presets_unroot;
  install_actions (widget_class);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-presets.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresets, search_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresets, problem_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresets, file_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresets, stack);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresets, list_box);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresets, scrolled);
}

static void
socketeer_presets_init (SocketeerPresets *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_mnemonic_keep_names (GTK_WIDGET (self));
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->headings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->folded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_signal_connect_swapped (self->search_entry, "search-changed", G_CALLBACK (search_changed_cb), self);
  g_signal_connect (self->list_box, "row-activated", G_CALLBACK (row_activated_cb), self);
  g_signal_connect (self, "map", G_CALLBACK (mapped_cb), NULL);
  g_signal_connect (self, "unmap", G_CALLBACK (unmapped_cb), NULL);
  socketeer_shortcuts_add (GTK_WIDGET (self->list_box), "presets", GTK_PHASE_BUBBLE, list_key_cb, self);
}
