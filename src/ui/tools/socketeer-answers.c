/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-answers.h"

#include "socketeer-answer-dialog.h"
#include "socketeer-frame-rule.h"
#include "socketeer-notify.h"
#include "socketeer-page-private.h"
#include "socketeer-shortcuts.h"
#include "socketeer-stores.h"
#include "socketeer-wrap-layout.h"

#include <glib/gi18n.h>

#define TEXT_MAX 60

enum
{
  SCOPE_ALL,
  SCOPE_CHOSEN,
};

struct _SocketeerAnswers
{
  GtkWidget parent_instance;

  /* template */
  GtkSwitch *master_switch;
  GtkLabel *state_label, *problem_label;
  GtkDropDown *scope_drop_down;
  GtkListBox *list_box;

  SocketeerPage *page;       /* borrowed */
  SktSession *session;       /* owned */
  SktAnswerStore *store;     /* owned */
  GHashTable *rules;         /* SktAnswerEntry → SktAnswerRule, owned: of this page, with its counters */
  SktConnection *connection; /* owned: the only one that is answered; NULL: all */
  GHashTable *told;          /* SktAnswerRule, borrowed, → how many of its matches were told */
};

enum
{
  PROP_0,
  PROP_IS_ACTIVE,
};

G_DEFINE_FINAL_TYPE (SocketeerAnswers, socketeer_answers, GTK_TYPE_WIDGET)

/* -- In words ------------------------------------------------------------------------------------------------ */

static char *
quote (const char *text)
{
  g_autofree char *visible = g_utf8_make_valid (text, -1);
  g_autofree char *cut = g_utf8_substring (visible, 0, MIN (g_utf8_strlen (visible, -1), TEXT_MAX));

  g_strdelimit (cut, "\r\n\t", ' ');
  return g_strdup_printf ("“%s%s”", cut, g_utf8_strlen (visible, -1) > TEXT_MAX ? "…" : "");
}

static char *
describe_when (const SktAnswerEntrySettings *settings)
{
  g_autofree char *text = quote (settings->text);

  switch (settings->when)
    {
    case SKT_ANSWER_WHEN_ANY:
      return g_strdup (_("Anything"));
    case SKT_ANSWER_WHEN_FRAME:
      return socketeer_frame_rule_to_words (&settings->frame);
    case SKT_ANSWER_WHEN_HEX:
      /* Translators: bytes that are waited for, such as “hex 01 ?? 03” */
      return g_strdup_printf (_("hex %s"), settings->text);
    case SKT_ANSWER_WHEN_REGEX:
      return g_strdup_printf (_("expression %s"), text);
    case SKT_ANSWER_WHEN_CONNECTED:
      return g_strdup (_("Connection opened"));
    case SKT_ANSWER_WHEN_TEXT:
    case SKT_N_ANSWER_WHENS:
    default:
      return g_steal_pointer (&text);
    }
}

static char *
describe_answer (const SktAnswerEntrySettings *settings)
{
  const SktMessageSettings *message;

  if (settings->sends == SKT_ANSWER_SENDS_MATCH)
    return g_strdup (_("what matched"));
  if (settings->sends == SKT_ANSWER_SENDS_NOTHING)
    return g_strdup (_("close"));
  message = skt_message_get_settings (settings->message);
  return message->form == SKT_MESSAGE_HEX ? g_strdup_printf (_("hex %s"), message->source) : quote (message->source);
}

static char *
describe (SktAnswerEntry *entry)
{
  const SktAnswerEntrySettings *settings = skt_answer_entry_get_settings (entry);
  g_autofree char *when = describe_when (settings);
  g_autofree char *answer = describe_answer (settings);

  return g_strdup_printf ("%s → %s", when, answer);
}

static char *
number_to_text (guint64 number)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, number);
}

static char *
describe_counts (SktAnswerRule *rule)
{
  GString *text = g_string_new (NULL);
  SktAnswerCounts counts;
  g_autofree char *matches = NULL, *answers = NULL, *held_back = NULL, *failed = NULL;

  skt_answer_rule_get_counts (rule, &counts);
  matches = number_to_text (counts.n_matches);
  answers = number_to_text (counts.n_answers);
  held_back = number_to_text (counts.n_held_back);
  failed = number_to_text (counts.n_failed);
  /* Translators: how often a rule has matched and answered; %s are numbers */
  g_string_append_printf (text, _("matched %s · answered %s"), matches, answers);
  if (counts.n_held_back > 0)
    /* Translators: answers that were not sent, as they were more than the limit; goes on after “matched 3 · answered 1” */
    g_string_append_printf (text, _(" · held back %s"), held_back);
  if (counts.n_failed > 0)
    /* Translators: answers that could not be put together */
    g_string_append_printf (text, _(" · could not be made %s"), failed);
  if (counts.is_too_slow)
    g_string_append_printf (text, "\n%s", _("The expression takes too long and is not tried any more: make it simpler."));
  return g_string_free (text, FALSE);
}

/* -- Rows ---------------------------------------------------------------------------------------------------- */

static SktAnswerRule *
get_rule (SocketeerAnswers *self, SktAnswerEntry *entry)
{
  SktAnswerRule *rule = g_hash_table_lookup (self->rules, entry);

  if (rule == NULL)
    {
      rule = skt_answer_entry_new_rule (entry);
      g_hash_table_insert (self->rules, g_object_ref (entry), rule);
    }
  return rule;
}

static SktAnswerEntry *
get_entry (SocketeerAnswers *self, guint position)
{
  g_autoptr (SktAnswerEntry) entry = g_list_model_get_item (G_LIST_MODEL (self->store), position);

  return entry; /* the store has it */
}

static void
on_toggled_cb (GtkCheckButton *button, gpointer user_data)
{
  SocketeerAnswers *self = user_data;
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_LIST_BOX_ROW);
  int position = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));
  g_autoptr (SktAnswerEntry) entry = NULL;

  if (position < 0)
    return;
  entry = skt_answer_entry_copy (get_entry (self, position), gtk_check_button_get_active (button));
  skt_answer_store_replace (self->store, position, entry);
}

static GtkWidget *
new_label (const char *text, const char *style_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (style_class != NULL)
    {
      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, style_class);
    }
  return label;
}

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  SocketeerAnswers *self = user_data;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *on_button = gtk_check_button_new ();
  g_autofree char *title = describe (item);
  g_autofree char *counts = describe_counts (get_rule (self, item));
  GtkWidget *counts_label = new_label (counts, "dim-label");

  gtk_check_button_set_active (GTK_CHECK_BUTTON (on_button), skt_answer_entry_get_settings (item)->is_on);
  gtk_accessible_update_property (GTK_ACCESSIBLE (on_button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Rule is on"), -1);
  g_signal_connect (on_button, "toggled", G_CALLBACK (on_toggled_cb), self);
  gtk_box_append (GTK_BOX (texts), new_label (title, NULL));
  gtk_box_append (GTK_BOX (texts), counts_label);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (box), on_button);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, counts, -1);
  g_object_set_data (G_OBJECT (row), "counts", counts_label);
  return row;
}

/* Whether the pane is seen or not. That a connection was opened is told as that. */
static void
notify_matches (SocketeerAnswers *self)
{
  SktAnswerEntry *entry;
  SktAnswerRule *rule;
  GHashTableIter iter;

  g_hash_table_iter_init (&iter, self->rules);
  while (g_hash_table_iter_next (&iter, (gpointer *) &entry, (gpointer *) &rule))
    {
      gsize n_told = GPOINTER_TO_SIZE (g_hash_table_lookup (self->told, rule));
      g_autofree char *text = NULL;
      SktAnswerCounts counts;

      skt_answer_rule_get_counts (rule, &counts);
      if (counts.n_matches <= n_told)
        continue;
      g_hash_table_insert (self->told, rule, GSIZE_TO_POINTER ((gsize) counts.n_matches));
      if (skt_answer_entry_get_settings (entry)->when == SKT_ANSWER_WHEN_CONNECTED)
        continue;
      text = describe (entry);
      socketeer_notify (GTK_WIDGET (self->page), SOCKETEER_NOTIFY_MATCH, counts.n_matches - n_told, NULL, text);
    }
}

static void
update_counts (SocketeerAnswers *self)
{
  GtkListBoxRow *row;

  notify_matches (self);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list_box, i)) != NULL; i++)
    {
      GtkLabel *label = g_object_get_data (G_OBJECT (row), "counts");
      g_autofree char *text = describe_counts (get_rule (self, get_entry (self, i)));

      if (g_str_equal (gtk_label_get_label (label), text))
        continue;
      gtk_label_set_label (label, text);
      gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
    }
}

static int
get_selected (SocketeerAnswers *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list_box);

  return row != NULL ? gtk_list_box_row_get_index (row) : -1;
}

static void
select_row (SocketeerAnswers *self, int position)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list_box, position);

  if (row == NULL)
    return;
  gtk_list_box_select_row (self->list_box, row);
  gtk_widget_grab_focus (GTK_WIDGET (row));
}

/* -- Switching on and off ------------------------------------------------------------------------------------ */

static void
show_state (SocketeerAnswers *self, guint n_on)
{
  g_autofree char *text = NULL;
  const char *address = self->connection != NULL ? skt_connection_get_remote_address (self->connection) : NULL;
  gboolean is_active = gtk_switch_get_active (self->master_switch);

  if (!is_active)
    text = g_strdup (_("Answers are off"));
  else if (address != NULL)
    /* Translators: %1$u is a number, %2$s an address */
    text = g_strdup_printf (ngettext ("%1$u rule answers %2$s", "%1$u rules answer %2$s", n_on), n_on, address);
  else
    text = g_strdup_printf (ngettext ("%u rule answers", "%u rules answer", n_on), n_on);
  gtk_label_set_label (self->state_label, text);
}

static void
apply (SocketeerAnswers *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));
  g_autoptr (GPtrArray) rules = g_ptr_array_new ();
  g_autoptr (SktAnswers) answers = NULL;

  for (guint i = 0; i < n; i++)
    {
      SktAnswerEntry *entry = get_entry (self, i);

      if (skt_answer_entry_get_settings (entry)->is_on)
        g_ptr_array_add (rules, get_rule (self, entry));
    }
  show_state (self, rules->len);
  if (self->session == NULL)
    return;
  if (gtk_switch_get_active (self->master_switch) && rules->len > 0)
    answers = skt_answers_new (rules);
  skt_session_set_answers (self->session, answers, self->connection);
}

/* Only the one that is chosen now, even if another one is chosen later. */
static void
choose_connection (SocketeerAnswers *self)
{
  g_autoptr (GPtrArray) choice = NULL;

  g_clear_object (&self->connection);
  if (gtk_drop_down_get_selected (self->scope_drop_down) == SCOPE_ALL || self->page == NULL)
    return;
  choice = _socketeer_page_dup_choice (self->page);
  if (choice != NULL && choice->len > 0)
    self->connection = g_object_ref (choice->pdata[0]);
}

static void
switched_cb (SocketeerAnswers *self)
{
  choose_connection (self);
  if (gtk_drop_down_get_selected (self->scope_drop_down) == SCOPE_CHOSEN && self->connection == NULL
      && gtk_switch_get_active (self->master_switch))
    {
      gtk_switch_set_active (self->master_switch, FALSE);
      g_signal_emit_by_name (self->page, "message", _("Choose a connection in the list first."));
      return;
    }
  apply (self);
  g_object_notify (G_OBJECT (self), "is-active");
}

static void
forget_unused (SocketeerAnswers *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));
  GHashTable *used = g_hash_table_new_full (NULL, NULL, g_object_unref, (GDestroyNotify) skt_answer_rule_unref);
  g_autoptr (GHashTable) told = NULL;
  GHashTableIter iter;
  gpointer rule;

  for (guint i = 0; i < n; i++)
    {
      SktAnswerEntry *entry = get_entry (self, i);

      g_hash_table_insert (used, g_object_ref (entry), skt_answer_rule_ref (get_rule (self, entry)));
    }
  g_hash_table_unref (self->rules);
  self->rules = used;
  /* Of those that are gone nothing can match any more. */
  told = g_steal_pointer (&self->told);
  self->told = g_hash_table_new (NULL, NULL);
  g_hash_table_iter_init (&iter, used);
  while (g_hash_table_iter_next (&iter, NULL, &rule))
    g_hash_table_insert (self->told, rule, g_hash_table_lookup (told, rule));
}

static void
update_actions (SocketeerAnswers *self)
{
  int position = get_selected (self);
  int n = g_list_model_get_n_items (G_LIST_MODEL (self->store));
  gboolean can_undo;

  g_object_get (self->store, "can-undo", &can_undo, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "answers.add", n < SKT_ANSWER_MAX_RULES);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "answers.edit", position >= 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "answers.duplicate", position >= 0 && n < SKT_ANSWER_MAX_RULES);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "answers.delete", position >= 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "answers.move-up", position > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "answers.move-down", position >= 0 && position < n - 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "answers.undo", can_undo);
}

static void
store_changed_cb (SocketeerAnswers *self, guint position)
{
  forget_unused (self);
  apply (self);
  if (get_selected (self) < 0)
    gtk_list_box_select_row (self->list_box, gtk_list_box_get_row_at_index (self->list_box, position));
  update_actions (self);
}

static void
store_problem_cb (SocketeerAnswers *self)
{
  const char *problem = skt_answer_store_get_problem (self->store);

  gtk_label_set_label (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
}

/* -- Actions ------------------------------------------------------------------------------------------------- */

static void
saved_cb (SocketeerAnswers *self, SktAnswerEntry *entry, SocketeerAnswerDialog *dialog)
{
  SktAnswerEntry *edited = g_object_get_data (G_OBJECT (dialog), "edited");
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));
  guint position = n;

  for (guint i = 0; edited != NULL && i < n; i++)
    if (get_entry (self, i) == edited)
      position = i;
  if (position < n)
    skt_answer_store_replace (self->store, position, entry);
  else
    skt_answer_store_insert (self->store, n, entry);
  select_row (self, position);
}

/* `edited` NULL: a new one. */
static void
open_dialog (SocketeerAnswers *self, SktAnswerEntry *edited)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  SktEncoding encoding = socketeer_transcript_get_encoding (self->page->transcript);
  SocketeerAnswerDialog *dialog = socketeer_answer_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, edited, encoding);

  if (edited != NULL)
    g_object_set_data_full (G_OBJECT (dialog), "edited", g_object_ref (edited), g_object_unref);
  g_signal_connect_object (dialog, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  open_dialog (SOCKETEER_ANSWERS (widget), NULL);
}

static void
edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerAnswers *self = SOCKETEER_ANSWERS (widget);
  int position = get_selected (self);

  if (position >= 0)
    open_dialog (self, get_entry (self, position));
}

static void
duplicate_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerAnswers *self = SOCKETEER_ANSWERS (widget);
  int position = get_selected (self);
  g_autoptr (SktAnswerEntry) copy = NULL;

  if (position < 0)
    return;
  copy = skt_answer_entry_copy (get_entry (self, position), FALSE);
  skt_answer_store_insert (self->store, position + 1, copy);
  select_row (self, position + 1);
}

static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerAnswers *self = SOCKETEER_ANSWERS (widget);
  int position = get_selected (self);

  if (position < 0)
    return;
  skt_answer_store_remove (self->store, position);
  select_row (self, MIN (position, (int) g_list_model_get_n_items (G_LIST_MODEL (self->store)) - 1));
}

static void
move (SocketeerAnswers *self, int delta)
{
  int position = get_selected (self);

  if (position >= 0 && skt_answer_store_move (self->store, position, delta))
    select_row (self, position + delta);
}

static void
move_up_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  move (SOCKETEER_ANSWERS (widget), -1);
}

static void
move_down_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  move (SOCKETEER_ANSWERS (widget), 1);
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerAnswers *self = SOCKETEER_ANSWERS (widget);

  skt_answer_store_undo (self->store);
  update_actions (self);
}

/* -- Public -------------------------------------------------------------------------------------------------- */

GtkWidget *
socketeer_answers_new (SocketeerPage *page, SktAnswerStore *store)
{
  SocketeerAnswers *self;

  g_return_val_if_fail (SOCKETEER_IS_PAGE (page), NULL);

  self = g_object_new (SOCKETEER_TYPE_ANSWERS, NULL);
  self->page = page;
  self->session = g_object_ref (socketeer_page_get_session (page));
  self->store = g_object_ref (store != NULL ? store : socketeer_stores_get_answers ());
  gtk_widget_set_visible (GTK_WIDGET (self->scope_drop_down), socketeer_page_get_kind (page) == SOCKETEER_PAGE_SERVER);
  gtk_list_box_bind_model (self->list_box, G_LIST_MODEL (self->store), create_row_cb, self, NULL);
  g_signal_connect_object (self->store, "items-changed", G_CALLBACK (store_changed_cb), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->store, "notify::problem", G_CALLBACK (store_problem_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->store, "notify::can-undo", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "connections-updated", G_CALLBACK (update_counts), self, G_CONNECT_SWAPPED);
  store_problem_cb (self);
  show_state (self, 0);
  update_actions (self);
  return GTK_WIDGET (self);
}

void
socketeer_answers_set_active (SocketeerAnswers *self, gboolean is_active)
{
  g_return_if_fail (SOCKETEER_IS_ANSWERS (self));

  gtk_switch_set_active (self->master_switch, is_active);
}

void
socketeer_answers_close (SocketeerAnswers *self)
{
  g_return_if_fail (SOCKETEER_IS_ANSWERS (self));

  socketeer_answers_set_active (self, FALSE);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_object (&self->connection);
}

gboolean
socketeer_answers_is_active (SocketeerAnswers *self)
{
  g_return_val_if_fail (SOCKETEER_IS_ANSWERS (self), FALSE);

  return gtk_switch_get_active (self->master_switch);
}

/* -- GObject ------------------------------------------------------------------------------------------------- */

static void
socketeer_answers_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_assert (id == PROP_IS_ACTIVE);
  g_value_set_boolean (value, socketeer_answers_is_active (SOCKETEER_ANSWERS (object)));
}

static void
socketeer_answers_dispose (GObject *object)
{
  SocketeerAnswers *self = SOCKETEER_ANSWERS (object);
  GtkWidget *child;

  if (self->list_box != NULL)
    gtk_list_box_bind_model (self->list_box, NULL, NULL, NULL, NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  self->list_box = NULL;
  self->page = NULL;
  g_clear_object (&self->session);
  g_clear_object (&self->connection);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (socketeer_answers_parent_class)->dispose (object);
}

static void
socketeer_answers_finalize (GObject *object)
{
  g_hash_table_unref (SOCKETEER_ANSWERS (object)->told);
  g_hash_table_unref (SOCKETEER_ANSWERS (object)->rules);
  G_OBJECT_CLASS (socketeer_answers_parent_class)->finalize (object);
}

static void
socketeer_answers_class_init (SocketeerAnswersClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_answers_dispose;
  G_OBJECT_CLASS (klass)->finalize = socketeer_answers_finalize;
  G_OBJECT_CLASS (klass)->get_property = socketeer_answers_get_property;
  g_object_class_install_property (G_OBJECT_CLASS (klass), PROP_IS_ACTIVE,
                                   g_param_spec_boolean ("is-active", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-answers.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswers, master_switch);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswers, state_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswers, problem_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswers, scope_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAnswers, list_box);
  gtk_widget_class_install_action (widget_class, "answers.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "answers.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget_class, "answers.duplicate", NULL, duplicate_action);
  gtk_widget_class_install_action (widget_class, "answers.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "answers.move-up", NULL, move_up_action);
  gtk_widget_class_install_action (widget_class, "answers.move-down", NULL, move_down_action);
  gtk_widget_class_install_action (widget_class, "answers.undo", NULL, undo_action);
}

static void
row_activated_cb (SocketeerAnswers *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "answers.edit", NULL);
}

static void
socketeer_answers_init (SocketeerAnswers *self)
{
  self->rules = g_hash_table_new_full (NULL, NULL, g_object_unref, (GDestroyNotify) skt_answer_rule_unref);
  self->told = g_hash_table_new (NULL, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_activate_on_single_click (self->list_box, FALSE);
  g_signal_connect_swapped (self->master_switch, "notify::active", G_CALLBACK (switched_cb), self);
  g_signal_connect_swapped (self->scope_drop_down, "notify::selected", G_CALLBACK (switched_cb), self);
  g_signal_connect_swapped (self->list_box, "row-activated", G_CALLBACK (row_activated_cb), self);
  g_signal_connect_swapped (self->list_box, "selected-rows-changed", G_CALLBACK (update_actions), self);
  g_signal_connect_swapped (self, "map", G_CALLBACK (update_counts), self);
  socketeer_shortcuts_add (GTK_WIDGET (self), "answers", GTK_PHASE_BUBBLE, NULL, NULL);
}
