/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-composer-history.h"

#include <glib/gi18n.h>
#include <string.h>

#include "socketeer-preset-row.h"
#include "socketeer-shortcuts.h"
#include "socketeer-stores.h"

#define NOT_IN_HISTORY (-1)

struct _SocketeerComposerHistory
{
  GtkWidget parent_instance;

  /* template */
  GtkMenuButton *button;
  GtkPopover *popover;
  GtkSearchEntry *search_entry;
  GtkLabel *problem_label, *none_label;
  GtkStack *stack;
  GtkListView *list_view;
  GtkButton *clear_button;

  /* owned */
  GtkStringList *list;  /* excerpts of what is found */
  GPtrArray *found;     /* SktMessage of the same */
  char *draft;          /* what was being typed, as text */
  SktMessage *choices;  /* how it would have been sent; its text is empty. NULL: as it is */

  /* borrowed */
  SocketeerComposer *composer;
  GtkTextView *view;
  GtkTextBuffer *buffer;

  int place;            /* in the history, 0 the newest */
  gboolean is_changing; /* the text is changed here, not typed */
};

G_DEFINE_FINAL_TYPE (SocketeerComposerHistory, socketeer_composer_history, GTK_TYPE_WIDGET)

/* Its file is read when it is first needed. */
static SktHistory *
get_history (void)
{
  return socketeer_stores_get_history ();
}

static char *
dup_text (SocketeerComposerHistory *self)
{
  GtkTextIter start, end;
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, TRUE);
}

/* -- Up and Down --------------------------------------------------------------------------------------------- */

static void
forget_draft (SocketeerComposerHistory *self)
{
  self->place = NOT_IN_HISTORY;
  g_clear_pointer (&self->draft, g_free);
  g_clear_pointer (&self->choices, skt_message_unref);
}

/* It may be wrong as it is, so it is no message yet. */
static void
keep_draft (SocketeerComposerHistory *self)
{
  forget_draft (self);
  self->draft = dup_text (self);
  gtk_text_buffer_set_text (self->buffer, "", -1);
  self->choices = socketeer_composer_dup_message (self->composer, NULL);
}

static void
restore_draft (SocketeerComposerHistory *self)
{
  if (self->choices != NULL)
    socketeer_composer_set_message (self->composer, self->choices);
  gtk_text_buffer_set_text (self->buffer, self->draft, -1);
  forget_draft (self);
}

/* So that the same key goes on. */
static void
place_cursor (SocketeerComposerHistory *self, gboolean at_start)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_place_cursor (self->buffer, at_start ? &start : &end);
  gtk_text_view_scroll_mark_onscreen (self->view, gtk_text_buffer_get_insert (self->buffer));
}

static gboolean
is_shown (SocketeerComposerHistory *self, SktMessage *message)
{
  g_autoptr (SktMessage) shown = socketeer_composer_dup_message (self->composer, NULL);
  return shown != NULL && skt_history_is_same (shown, message);
}

/* What was just sent and still stands there is passed over. */
static gboolean
go_back (SocketeerComposerHistory *self)
{
  int place = self->place + 1;
  SktMessage *message = skt_history_get (get_history (), place);

  if (message != NULL && self->place == NOT_IN_HISTORY && is_shown (self, message))
    message = skt_history_get (get_history (), ++place);
  if (message == NULL)
    return FALSE;
  if (self->place == NOT_IN_HISTORY)
    keep_draft (self);
  self->place = place;
  socketeer_composer_set_message (self->composer, message);
  return TRUE;
}

static gboolean
go_forward (SocketeerComposerHistory *self)
{
  SktMessage *message = self->place > 0 ? skt_history_get (get_history (), self->place - 1) : NULL;

  if (self->place == NOT_IN_HISTORY)
    return FALSE;
  if (message == NULL)
    {
      restore_draft (self);
      return TRUE;
    }
  self->place--;
  socketeer_composer_set_message (self->composer, message);
  return TRUE;
}

static gboolean
is_in_line_of (SocketeerComposerHistory *self, gboolean is_first)
{
  GtkTextIter cursor, end;
  GdkRectangle at, border;

  if (gtk_text_buffer_get_has_selection (self->buffer))
    return FALSE;
  gtk_text_buffer_get_iter_at_mark (self->buffer, &cursor, gtk_text_buffer_get_insert (self->buffer));
  if (is_first)
    gtk_text_buffer_get_start_iter (self->buffer, &end);
  else
    gtk_text_buffer_get_end_iter (self->buffer, &end);
  /* Of the lines that are seen: a long one is wrapped. */
  gtk_text_view_get_iter_location (self->view, &cursor, &at);
  gtk_text_view_get_iter_location (self->view, &end, &border);
  return at.y == border.y;
}

static gboolean
key_cb (GtkWidget *widget, const char *name, gpointer user_data)
{
  SocketeerComposerHistory *self = user_data;
  gboolean is_up = g_str_equal (name, "earlier");
  gboolean has_gone;

  if (!is_in_line_of (self, is_up))
    return GDK_EVENT_PROPAGATE;
  self->is_changing = TRUE;
  has_gone = is_up ? go_back (self) : go_forward (self);
  self->is_changing = FALSE;
  if (!has_gone)
    return GDK_EVENT_PROPAGATE;
  place_cursor (self, is_up);
  return GDK_EVENT_STOP;
}

/* What is typed over something of the history is what is being typed. */
static void
text_changed_cb (SocketeerComposerHistory *self)
{
  if (!self->is_changing)
    forget_draft (self);
}

void
socketeer_composer_history_sent (SocketeerComposerHistory *self)
{
  g_autoptr (SktMessage) message = NULL;

  g_return_if_fail (SOCKETEER_IS_COMPOSER_HISTORY (self));

  message = socketeer_composer_dup_message (self->composer, NULL);
  forget_draft (self);
  if (message != NULL)
    skt_history_add (get_history (), message);
}

/* -- List ---------------------------------------------------------------------------------------------------- */

static gboolean
matches (SktMessage *message, const char *folded)
{
  g_autofree char *text = NULL;

  if (folded[0] == '\0')
    return TRUE;
  text = g_utf8_casefold (skt_message_get_settings (message)->source, -1);
  return strstr (text, folded) != NULL;
}

static void
update_problem (SocketeerComposerHistory *self)
{
  g_autofree char *problem = NULL;

  g_object_get (get_history (), "problem", &problem, NULL);
  gtk_label_set_label (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
}

static void
update_list (SocketeerComposerHistory *self)
{
  SktHistory *history = get_history ();
  g_autofree char *folded = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)), -1);
  g_autoptr (GPtrArray) excerpts = g_ptr_array_new_with_free_func (g_free);
  guint n = skt_history_get_n (history), before = g_list_model_get_n_items (G_LIST_MODEL (self->list));

  g_ptr_array_set_size (self->found, 0);
  for (guint i = 0; i < n; i++)
    {
      SktMessage *message = skt_history_get (history, i);

      if (!matches (message, folded))
        continue;
      g_ptr_array_add (self->found, skt_message_ref (message));
      g_ptr_array_add (excerpts, socketeer_preset_dup_excerpt (message));
    }
  g_ptr_array_add (excerpts, NULL);
  gtk_string_list_splice (self->list, 0, before, (const char *const *) excerpts->pdata);
  gtk_label_set_label (self->none_label, n == 0 ? _ ("Nothing was sent from here yet") : _ ("Nothing that was sent has this in it"));
  gtk_stack_set_visible_child_name (self->stack, self->found->len > 0 ? "some" : "none");
  gtk_widget_set_sensitive (GTK_WIDGET (self->clear_button), n > 0);
  update_problem (self);
}

static void
popover_shown_cb (SocketeerComposerHistory *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  update_list (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
take (SocketeerComposerHistory *self, guint position)
{
  if (position >= self->found->len)
    return;
  gtk_popover_popdown (self->popover);
  socketeer_composer_set_message (self->composer, self->found->pdata[position]);
  socketeer_composer_focus (self->composer);
}

static void
activated_cb (GtkListView *view, guint position, gpointer user_data)
{
  take (user_data, position);
}

/* Enter in the search takes the newest that was found. */
static void
search_activated_cb (SocketeerComposerHistory *self)
{
  take (self, 0);
}

static void
clear_clicked_cb (SocketeerComposerHistory *self)
{
  skt_history_clear (get_history ());
  update_list (self);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "monospace");
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  SocketeerComposerHistory *self = user_data;
  guint position = gtk_list_item_get_position (item);
  GtkWidget *label = gtk_list_item_get_child (item);
  g_autofree char *form = NULL;

  gtk_label_set_label (GTK_LABEL (label), gtk_string_object_get_string (gtk_list_item_get_item (item)));
  if (position < self->found->len)
    form = socketeer_preset_dup_form (self->found->pdata[position]);
  gtk_widget_set_tooltip_text (label, form);
}

/* -- Making -------------------------------------------------------------------------------------------------- */

void
socketeer_composer_history_set_composer (SocketeerComposerHistory *self, SocketeerComposer *composer, GtkTextView *view)
{
  g_return_if_fail (SOCKETEER_IS_COMPOSER_HISTORY (self) && self->composer == NULL);

  self->composer = composer;
  self->view = view;
  self->buffer = gtk_text_view_get_buffer (view);
  g_signal_connect_object (self->buffer, "changed", G_CALLBACK (text_changed_cb), self, G_CONNECT_SWAPPED);
  /* Before the text view, which would move the cursor. */
  socketeer_shortcuts_add (GTK_WIDGET (view), "history", GTK_PHASE_CAPTURE, key_cb, self);
}

static void
make_list (SocketeerComposerHistory *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  self->list = gtk_string_list_new (NULL);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  gtk_list_view_set_factory (self->list_view, factory);
  g_object_unref (factory);
  {
    g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->list)));
    gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (selection));
  }
}

static void
socketeer_composer_history_dispose (GObject *object)
{
  SocketeerComposerHistory *self = SOCKETEER_COMPOSER_HISTORY (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  forget_draft (self);
  g_clear_object (&self->list);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  G_OBJECT_CLASS (socketeer_composer_history_parent_class)->dispose (object);
}

static void
socketeer_composer_history_class_init (SocketeerComposerHistoryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_composer_history_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-composer-history.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposerHistory, button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposerHistory, popover);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposerHistory, search_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposerHistory, problem_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposerHistory, none_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposerHistory, stack);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposerHistory, list_view);
  gtk_widget_class_bind_template_child (widget_class, SocketeerComposerHistory, clear_button);
}

static void
socketeer_composer_history_init (SocketeerComposerHistory *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->place = NOT_IN_HISTORY;
  self->found = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_message_unref);
  make_list (self);
  g_signal_connect_swapped (self->popover, "show", G_CALLBACK (popover_shown_cb), self);
  g_signal_connect_swapped (self->search_entry, "search-changed", G_CALLBACK (update_list), self);
  g_signal_connect_swapped (self->search_entry, "activate", G_CALLBACK (search_activated_cb), self);
  g_signal_connect (self->list_view, "activate", G_CALLBACK (activated_cb), self);
  g_signal_connect_swapped (self->clear_button, "clicked", G_CALLBACK (clear_clicked_cb), self);
}
