/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-sequences-private.h"

#include <glib/gi18n.h>

#include "socketeer-page-private.h"
#include "socketeer-stores.h"

#define UNDO_S 10

enum
{
  PROP_0,
  PROP_IS_RUNNING,
};

G_DEFINE_FINAL_TYPE (SocketeerSequences, socketeer_sequences, GTK_TYPE_WIDGET)

/* -- Choosing --------------------------------------------------------------------------------------------------- */

static void
fill_names (SocketeerSequences *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (guint i = 0; i < skt_sequence_store_get_n (self->store); i++)
    gtk_string_list_append (names, skt_sequence_get_name (skt_sequence_store_get (self->store, i)));
  self->is_updating = TRUE;
  gtk_drop_down_set_model (self->drop_down, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->drop_down, self->current != NULL ? self->index : GTK_INVALID_LIST_POSITION);
  self->is_updating = FALSE;
}

static void
set_enabled (SocketeerSequences *self)
{
  static const char *const actions[] = { "sequences.rename", "sequences.duplicate", "sequences.delete", "sequences.add",
                                         "sequences.add-composer", "sequences.add-preset" };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i], self->current != NULL);
}

static void
show_current (SocketeerSequences *self, guint index, guint selected)
{
  SktSequence *sequence = skt_sequence_store_get (self->store, index);

  if (sequence != NULL)
    skt_sequence_ref (sequence);
  g_clear_pointer (&self->current, skt_sequence_unref);
  self->current = sequence;
  self->index = index;
  gtk_stack_set_visible_child_name (self->stack, sequence != NULL ? "some" : "none");
  gtk_stack_set_visible_child_name (self->name_stack, "choose");
  fill_names (self);
  set_enabled (self);
  _socketeer_sequences_steps_fill (self, selected);
  _socketeer_sequences_run_update (self);
}

/* Another page has changed something. */
static void
store_changed_cb (SocketeerSequences *self)
{
  guint n = skt_sequence_store_get_n (self->store), index = MIN (self->index, MAX (n, 1) - 1);

  if (self->is_updating)
    return;
  for (guint i = 0; i < n; i++)
    if (skt_sequence_store_get (self->store, i) == self->current)
      index = i;
  show_current (self, index, _socketeer_sequences_steps_get_selected (self));
}

static void
store_problem_cb (SocketeerSequences *self)
{
  const char *problem = skt_sequence_store_get_problem (self->store);

  gtk_label_set_label (self->file_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->file_label), problem != NULL);
}

static void
selected_cb (SocketeerSequences *self)
{
  guint index = gtk_drop_down_get_selected (self->drop_down);

  if (!self->is_updating && index != GTK_INVALID_LIST_POSITION)
    show_current (self, index, 0);
}

/* -- Changing --------------------------------------------------------------------------------------------------- */

static void
end_undo (SocketeerSequences *self)
{
  g_autoptr (AdwToast) toast = g_steal_pointer (&self->undo_toast);

  if (toast != NULL)
    adw_toast_dismiss (toast);
}

void
_socketeer_sequences_change (SocketeerSequences *self, SktSequence *sequence, guint selected)
{
  end_undo (self);
  self->is_updating = TRUE;
  skt_sequence_store_replace (self->store, self->index, sequence);
  self->is_updating = FALSE;
  show_current (self, self->index, selected);
}

static void
add (SocketeerSequences *self, guint index, SktSequence *sequence)
{
  end_undo (self);
  self->is_updating = TRUE;
  skt_sequence_store_insert (self->store, index, sequence);
  self->is_updating = FALSE;
  show_current (self, index, 0);
}

/* A name, or an empty one, for a copy of steps. */
static void
add_named (SocketeerSequences *self, guint index, SktSequence *sequence, const char *name)
{
  g_autofree char *new_name = skt_sequence_store_dup_new_name (self->store, name);
  g_autoptr (SktSequence) named =
    sequence != NULL ? skt_sequence_rename (sequence, new_name) : skt_sequence_new (new_name, NULL);

  add (self, index, named);
}

typedef struct
{
  SktSequence *before, *after; /* after NULL: it was deleted */
  guint index;
} Undo;

static void
undo_free (gpointer data)
{
  Undo *undo = data;

  skt_sequence_unref (undo->before);
  g_clear_pointer (&undo->after, skt_sequence_unref);
  g_free (undo);
}

static void
undo_cb (AdwToast *toast, gpointer user_data)
{
  SocketeerSequences *self = user_data;
  Undo *undo = g_object_get_data (G_OBJECT (toast), "undo");

  g_clear_object (&self->undo_toast);
  if (self->page == NULL)
    return;
  if (undo->after == NULL)
    add (self, MIN (undo->index, skt_sequence_store_get_n (self->store)), undo->before);
  else
    for (guint i = 0; i < skt_sequence_store_get_n (self->store); i++)
      if (skt_sequence_store_get (self->store, i) == undo->after)
        {
          self->index = i;
          _socketeer_sequences_change (self, undo->before, 0);
          break;
        }
}

static void
undo_dismissed_cb (AdwToast *toast, gpointer user_data)
{
  SocketeerSequences *self = user_data;

  if (toast == self->undo_toast)
    g_clear_object (&self->undo_toast);
}

void
_socketeer_sequences_offer_undo (SocketeerSequences *self, const char *what, SktSequence *before, gboolean was_deleted)
{
  g_autofree char *escaped = g_markup_escape_text (what, -1);
  AdwToast *toast = adw_toast_new (escaped);
  Undo *undo = g_new0 (Undo, 1);

  undo->before = skt_sequence_ref (before);
  undo->after = was_deleted ? NULL : skt_sequence_ref (self->current);
  undo->index = self->index;
  g_object_set_data_full (G_OBJECT (toast), "undo", undo, undo_free);
  adw_toast_set_button_label (toast, _ ("Undo"));
  adw_toast_set_timeout (toast, UNDO_S);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_cb), self, 0);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (undo_dismissed_cb), self, 0);
  end_undo (self);
  self->undo_toast = g_object_ref (toast);
  _socketeer_page_toast (self->page, toast);
}

static void
new_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerSequences *self = SOCKETEER_SEQUENCES (widget);

  add_named (self, skt_sequence_store_get_n (self->store), NULL, NULL);
}

static void
duplicate_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerSequences *self = SOCKETEER_SEQUENCES (widget);
  g_autoptr (SktSequence) current = skt_sequence_ref (self->current);

  add_named (self, self->index + 1, current, skt_sequence_get_name (current));
}

static void
delete_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerSequences *self = SOCKETEER_SEQUENCES (widget);
  g_autoptr (SktSequence) current = skt_sequence_ref (self->current);
  g_autofree char *text = g_strdup_printf (_ ("Sequence “%s” deleted"), skt_sequence_get_name (current));
  guint index = self->index;

  self->is_updating = TRUE;
  skt_sequence_store_remove (self->store, index);
  self->is_updating = FALSE;
  _socketeer_sequences_offer_undo (self, text, current, TRUE);
  show_current (self, MIN (index, MAX (skt_sequence_store_get_n (self->store), 1) - 1), 0);
}

static void
rename_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerSequences *self = SOCKETEER_SEQUENCES (widget);

  gtk_editable_set_text (GTK_EDITABLE (self->name_entry), skt_sequence_get_name (self->current));
  gtk_stack_set_visible_child_name (self->name_stack, "rename");
  gtk_widget_grab_focus (GTK_WIDGET (self->name_entry));
}

static void
name_done_cb (SocketeerSequences *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_entry))));
  g_autoptr (SktSequence) renamed = NULL;

  gtk_stack_set_visible_child_name (self->name_stack, "choose");
  gtk_widget_grab_focus (GTK_WIDGET (self->drop_down));
  if (self->current == NULL || *name == '\0' || g_str_equal (name, skt_sequence_get_name (self->current)))
    return;
  renamed = skt_sequence_rename (self->current, name);
  _socketeer_sequences_change (self, renamed, _socketeer_sequences_steps_get_selected (self));
}

static gboolean
name_key_cb (SocketeerSequences *self, guint keyval, guint keycode, GdkModifierType state)
{
  if (keyval != GDK_KEY_Escape)
    return FALSE;
  gtk_stack_set_visible_child_name (self->name_stack, "choose");
  gtk_widget_grab_focus (GTK_WIDGET (self->drop_down));
  return TRUE;
}

/* -- Examples --------------------------------------------------------------------------------------------------- */

static void
append_send (GPtrArray *steps, SktMessageForm form, const char *source, SktLineEnding ending, gboolean has_escapes)
{
  SktMessageSettings message = { .form = form, .source = source, .ending = ending, .has_escapes = has_escapes };
  SktStepSettings settings = { .kind = SKT_STEP_SEND };
  g_autoptr (SktMessage) made = skt_message_new (&message, NULL, NULL);

  settings.message = made;
  g_ptr_array_add (steps, skt_step_new (&settings, NULL, NULL));
}

static void
append_wait (GPtrArray *steps, SktMatchKind match, const char *text)
{
  SktStepSettings settings = {
    .kind = SKT_STEP_WAIT, .match = match, .text = text, .match_case = TRUE, .timeout_ms = 5000
  };

  g_ptr_array_add (steps, skt_step_new (&settings, NULL, NULL));
}

static void
example_action_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SocketeerSequences *self = SOCKETEER_SEQUENCES (widget);
  const char *example = g_variant_get_string (parameter, NULL), *name;
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_step_unref);
  g_autoptr (SktSequence) sequence = NULL;

  if (g_str_equal (example, "modbus"))
    {
      name = _ ("Modbus/TCP read");
      append_send (steps, SKT_MESSAGE_HEX, "00 01 00 00 00 06 01 03 00 00 00 02", SKT_LINE_ENDING_NONE, FALSE);
      append_wait (steps, SKT_MATCH_HEX, "00 01 00 00 00 07 01 03 04 ?? ?? ?? ??");
    }
  else if (g_str_equal (example, "redis"))
    {
      name = _ ("Redis dialogue");
      append_send (steps, SKT_MESSAGE_TEXT, "PING", SKT_LINE_ENDING_CRLF, FALSE);
      append_wait (steps, SKT_MATCH_TEXT, "+PONG");
    }
  else
    {
      name = _ ("HTTP request");
      append_send (steps, SKT_MESSAGE_TEXT, "GET / HTTP/1.1\nHost: localhost\nConnection: close\n", SKT_LINE_ENDING_CRLF, FALSE);
      append_wait (steps, SKT_MATCH_REGEX, "^HTTP/1\\.[01] (\\d+)");
    }
  sequence = skt_sequence_new (name, steps);
  add_named (self, skt_sequence_store_get_n (self->store), sequence, name);
}

/* -- GtkWidget -------------------------------------------------------------------------------------------------- */

void
socketeer_sequences_set_page (SocketeerSequences *self, SocketeerPage *page)
{
  g_return_if_fail (SOCKETEER_IS_SEQUENCES (self) && SOCKETEER_IS_PAGE (page));

  self->page = page;
  show_current (self, 0, 0);
  store_problem_cb (self);
}

void
socketeer_sequences_close (SocketeerSequences *self)
{
  g_return_if_fail (SOCKETEER_IS_SEQUENCES (self));

  _socketeer_sequences_stop (self, TRUE);
  end_undo (self);
  if (self->dialog != NULL)
    gtk_window_destroy (self->dialog);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  self->page = NULL;
}

static void
socketeer_sequences_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_assert (id == PROP_IS_RUNNING);
  g_value_set_boolean (value, socketeer_sequences_get_n_running (SOCKETEER_SEQUENCES (object)) > 0);
}

static void
socketeer_sequences_dispose (GObject *object)
{
  SocketeerSequences *self = SOCKETEER_SEQUENCES (object);
  GtkWidget *child;

  socketeer_sequences_close (self);
  g_clear_pointer (&self->runs, g_ptr_array_unref);
  g_clear_pointer (&self->current, skt_sequence_unref);
  g_clear_object (&self->store);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (socketeer_sequences_parent_class)->dispose (object);
}

#define bind(name) gtk_widget_class_bind_template_child (widget_class, SocketeerSequences, name)

static void
socketeer_sequences_class_init (SocketeerSequencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_sequences_dispose;
  G_OBJECT_CLASS (klass)->get_property = socketeer_sequences_get_property;
  g_object_class_install_property (G_OBJECT_CLASS (klass), PROP_IS_RUNNING,
                                   g_param_spec_boolean ("is-running", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_type_ensure (SOCKETEER_TYPE_RUN_LOG);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-sequences.ui");
  bind (stack);
  bind (name_stack);
  bind (drop_down);
  bind (name_entry);
  bind (list);
  bind (problem_label);
  bind (file_label);
  bind (status_label);
  bind (run_button);
  bind (spinner);
  bind (log_box);
  bind (log);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_done_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_key_cb);
  gtk_widget_class_install_action (widget_class, "sequences.new", NULL, new_action_cb);
  gtk_widget_class_install_action (widget_class, "sequences.rename", NULL, rename_action_cb);
  gtk_widget_class_install_action (widget_class, "sequences.duplicate", NULL, duplicate_action_cb);
  gtk_widget_class_install_action (widget_class, "sequences.delete", NULL, delete_action_cb);
  gtk_widget_class_install_action (widget_class, "sequences.example", "s", example_action_cb);
  _socketeer_sequences_steps_class_init (widget_class);
  _socketeer_sequences_run_class_init (widget_class);
}

static void
socketeer_sequences_init (SocketeerSequences *self)
{
  self->store = g_object_ref (socketeer_stores_get_sequences ());
  self->runs = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  _socketeer_sequences_steps_init (self);
  g_signal_connect_object (self->store, "changed", G_CALLBACK (store_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->store, "notify::problem", G_CALLBACK (store_problem_cb), self, G_CONNECT_SWAPPED);
}
