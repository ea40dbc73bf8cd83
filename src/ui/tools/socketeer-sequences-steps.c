/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-sequences-private.h"

#include <glib/gi18n.h>

#include "socketeer-page-private.h"
#include "socketeer-preset-chooser.h"
#include "socketeer-shortcuts.h"
#include "socketeer-step-dialog.h"
#include "socketeer-stores.h"

/* The list of steps, and what is done to them. */

static guint
get_n_steps (SocketeerSequences *self)
{
  return self->current != NULL ? skt_sequence_get_n_steps (self->current) : 0;
}

guint
_socketeer_sequences_steps_get_selected (SocketeerSequences *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  return row != NULL ? (guint) gtk_list_box_row_get_index (row) : GTK_INVALID_LIST_POSITION;
}

/* -- Rows ------------------------------------------------------------------------------------------------------- */

static GtkWidget *
label_new (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *
row_new (SktStep *step, guint number)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  g_autofree char *words = skt_step_to_words (step);
  g_autofree char *text = g_strdup_printf ("%u", number);
  GtkWidget *mark = label_new (text, "number"), *label = label_new (words, NULL);

  gtk_label_set_width_chars (GTK_LABEL (mark), 3);
  gtk_label_set_xalign (GTK_LABEL (mark), 1);
  gtk_widget_set_valign (mark, GTK_ALIGN_START);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (label), 3);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), mark);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data (G_OBJECT (row), "mark", mark);
  return row;
}

static void
name_row (GtkWidget *row, SktStep *step, guint number, gboolean is_at_work)
{
  g_autofree char *words = skt_step_to_words (step);
  /* Translators: the step of a sequence that is being done, read aloud; and one that is not */
  g_autofree char *name = is_at_work ? g_strdup_printf (_ ("Step %u, at work: %s"), number, words)
                                     : g_strdup_printf (_ ("Step %u: %s"), number, words);
  g_autofree char *text = g_strdup_printf ("%s%u", is_at_work ? "▶ " : "", number);

  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_label_set_label (g_object_get_data (G_OBJECT (row), "mark"), text);
  if (is_at_work)
    gtk_widget_add_css_class (row, "at-work");
  else
    gtk_widget_remove_css_class (row, "at-work");
}

static void
mark_row (SocketeerSequences *self, guint number, gboolean is_at_work)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, (int) number - 1);

  if (number > 0 && row != NULL)
    name_row (GTK_WIDGET (row), skt_sequence_get_step (self->current, number - 1), number, is_at_work);
}

void
_socketeer_sequences_steps_update (SocketeerSequences *self)
{
  guint step = _socketeer_sequences_get_step (self);

  if (step == self->shown_step)
    return;
  mark_row (self, self->shown_step, FALSE);
  self->shown_step = step;
  mark_row (self, step, TRUE);
}

static void
show_problem (SocketeerSequences *self)
{
  g_autoptr (GError) error = NULL;
  gboolean is_good = self->current == NULL || skt_sequence_get_n_steps (self->current) == 0 ||
                     skt_sequence_check (self->current, NULL, &error);

  gtk_label_set_label (self->problem_label, is_good ? "" : error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), !is_good);
}

static void
set_enabled (SocketeerSequences *self)
{
  guint selected, n = get_n_steps (self);
  gboolean has_selected;

  /* From GTK 4.10 on a list that goes tells once more what is selected: nothing. */
  if (self->list == NULL)
    return;
  selected = _socketeer_sequences_steps_get_selected (self);
  has_selected = selected < n;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sequences.edit", has_selected);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sequences.remove", has_selected);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sequences.compose",
                                 has_selected && skt_step_get_settings (skt_sequence_get_step (self->current, selected))->kind == SKT_STEP_SEND);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sequences.up", has_selected && selected > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sequences.down", has_selected && selected + 1 < n);
}

void
_socketeer_sequences_steps_fill (SocketeerSequences *self, guint selected)
{
  guint n = get_n_steps (self);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *child, *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean had_focus = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list));
  GtkListBoxRow *row;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL && GTK_IS_LIST_BOX_ROW (child))
    gtk_list_box_remove (self->list, child);
  self->shown_step = 0;
  for (guint i = 0; i < n; i++)
    {
      SktStep *step = skt_sequence_get_step (self->current, i);

      child = row_new (step, i + 1);
      name_row (child, step, i + 1, FALSE);
      gtk_list_box_append (self->list, child);
    }
  row = n > 0 ? gtk_list_box_get_row_at_index (self->list, (int) MIN (selected, n - 1)) : NULL;
  gtk_list_box_select_row (self->list, row);
  if (had_focus && row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
  show_problem (self);
  set_enabled (self);
  _socketeer_sequences_steps_update (self);
}

/* -- Actions ---------------------------------------------------------------------------------------------------- */

static void
insert (SocketeerSequences *self, SktStep *step)
{
  guint selected = _socketeer_sequences_steps_get_selected (self), n = get_n_steps (self);
  guint index = selected < n ? selected + 1 : n;
  g_autoptr (SktSequence) changed = NULL;

  if (n >= SKT_SEQUENCE_MAX_STEPS)
    {
      g_autofree char *text = g_strdup_printf (_ ("A sequence has at most %d steps."), SKT_SEQUENCE_MAX_STEPS);

      _socketeer_page_say (self->page, text);
      return;
    }
  changed = skt_sequence_insert (self->current, index, step);
  _socketeer_sequences_change (self, changed, index);
}

static void
added_cb (SocketeerSequences *self, SktStep *step)
{
  if (self->current != NULL && self->page != NULL)
    insert (self, step);
}

/* What is edited may have been changed or moved by another page meanwhile: then it is added. */
static void
edited_cb (SocketeerStepDialog *dialog, SktStep *step, gpointer user_data)
{
  SocketeerSequences *self = user_data;
  SktStep *old = g_object_get_data (G_OBJECT (dialog), "step");

  if (self->current == NULL || self->page == NULL)
    return;
  for (guint i = 0; i < get_n_steps (self); i++)
    if (skt_sequence_get_step (self->current, i) == old)
      {
        g_autoptr (SktSequence) changed = skt_sequence_replace (self->current, i, step);

        _socketeer_sequences_change (self, changed, i);
        return;
      }
  insert (self, step);
}

static void
present (SocketeerSequences *self, GtkWindow *dialog)
{
  g_set_weak_pointer (&self->dialog, dialog);
  gtk_window_present (dialog);
}

static void
add_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerSequences *self = SOCKETEER_SEQUENCES (widget);
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (widget));
  guint selected = _socketeer_sequences_steps_get_selected (self), n = get_n_steps (self);
  int kind = g_variant_get_int32 (parameter);
  SocketeerStepDialog *dialog;

  if (self->dialog != NULL || kind < 0 || kind >= SKT_N_STEP_KINDS)
    return;
  dialog = socketeer_step_dialog_new (window, kind, NULL, selected < n ? selected + 2 : n + 1);
  g_signal_connect_object (dialog, "done", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
  present (self, GTK_WINDOW (dialog));
}

static void
edit (SocketeerSequences *self, guint index)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  SktStep *step = skt_sequence_get_step (self->current, index);
  SocketeerStepDialog *dialog;

  if (self->dialog != NULL)
    return;
  dialog = socketeer_step_dialog_new (window, skt_step_get_settings (step)->kind, step, index + 1);
  g_object_set_data_full (G_OBJECT (dialog), "step", skt_step_ref (step), (GDestroyNotify) skt_step_unref);
  g_signal_connect_object (dialog, "done", G_CALLBACK (edited_cb), self, 0);
  present (self, GTK_WINDOW (dialog));
}

static void
edit_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerSequences *self = SOCKETEER_SEQUENCES (widget);

  edit (self, _socketeer_sequences_steps_get_selected (self));
}

static void
row_activated_cb (SocketeerSequences *self, GtkListBoxRow *row)
{
  edit (self, (guint) gtk_list_box_row_get_index (row));
}

static void
add_composer_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerSequences *self = SOCKETEER_SEQUENCES (widget);
  g_autoptr (GError) error = NULL;
  g_autoptr (SktMessage) message = socketeer_page_dup_message (self->page, &error);
  g_autoptr (SktStep) step = NULL;

  if (message == NULL)
    {
      _socketeer_page_say (self->page, error->message);
      return;
    }
  step = skt_step_new (&(SktStepSettings){ .kind = SKT_STEP_SEND, .message = message }, NULL, NULL);
  insert (self, step);
}

static void
preset_chosen_cb (SocketeerSequences *self, SktPreset *preset)
{
  g_autoptr (SktStep) step =
    skt_step_new (&(SktStepSettings){ .kind = SKT_STEP_SEND, .message = skt_preset_get_message (preset) }, NULL, NULL);

  added_cb (self, step);
}

static void
add_preset_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerSequences *self = SOCKETEER_SEQUENCES (widget);
  SocketeerPresetChooser *chooser;

  if (self->dialog != NULL)
    return;
  chooser = socketeer_preset_chooser_new (GTK_WINDOW (gtk_widget_get_root (widget)), socketeer_stores_get_presets ());
  g_signal_connect_object (chooser, "done", G_CALLBACK (preset_chosen_cb), self, G_CONNECT_SWAPPED);
  present (self, GTK_WINDOW (chooser));
}

static void
compose_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerSequences *self = SOCKETEER_SEQUENCES (widget);
  SktStep *step = skt_sequence_get_step (self->current, _socketeer_sequences_steps_get_selected (self));

  socketeer_page_edit_message (self->page, skt_step_get_settings (step)->message);
}

static void
move (SocketeerSequences *self, int by)
{
  guint selected = _socketeer_sequences_steps_get_selected (self);
  g_autoptr (SktSequence) changed = skt_sequence_move (self->current, selected, (guint) ((int) selected + by));

  _socketeer_sequences_change (self, changed, (guint) ((int) selected + by));
}

static void
up_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  move (SOCKETEER_SEQUENCES (widget), -1);
}

static void
down_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  move (SOCKETEER_SEQUENCES (widget), 1);
}

static void
remove_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerSequences *self = SOCKETEER_SEQUENCES (widget);
  guint selected = _socketeer_sequences_steps_get_selected (self);
  g_autoptr (SktSequence) before = skt_sequence_ref (self->current);
  g_autoptr (SktSequence) changed = skt_sequence_remove (before, selected);
  g_autofree char *text = g_strdup_printf (_ ("Step %u deleted"), selected + 1);

  _socketeer_sequences_change (self, changed, selected);
  _socketeer_sequences_offer_undo (self, text, before, FALSE);
}

void
_socketeer_sequences_steps_class_init (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_callback (klass, row_activated_cb);
  gtk_widget_class_bind_template_callback_full (klass, "row_selected_cb", G_CALLBACK (set_enabled));
  gtk_widget_class_install_action (klass, "sequences.add", "i", add_action_cb);
  gtk_widget_class_install_action (klass, "sequences.add-composer", NULL, add_composer_action_cb);
  gtk_widget_class_install_action (klass, "sequences.add-preset", NULL, add_preset_action_cb);
  gtk_widget_class_install_action (klass, "sequences.compose", NULL, compose_action_cb);
  gtk_widget_class_install_action (klass, "sequences.edit", NULL, edit_action_cb);
  gtk_widget_class_install_action (klass, "sequences.up", NULL, up_action_cb);
  gtk_widget_class_install_action (klass, "sequences.down", NULL, down_action_cb);
  gtk_widget_class_install_action (klass, "sequences.remove", NULL, remove_action_cb);
}

void
_socketeer_sequences_steps_init (SocketeerSequences *self)
{
  GtkWidget *empty = label_new (_ ("No steps yet. “Add” below adds one."), "steps-empty");

  socketeer_shortcuts_add (GTK_WIDGET (self->list), "steps", GTK_PHASE_BUBBLE, NULL, NULL);
  gtk_label_set_wrap (GTK_LABEL (empty), TRUE);
  gtk_list_box_set_placeholder (self->list, empty);
}
