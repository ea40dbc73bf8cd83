/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-tool-pane.h"

#include <glib/gi18n.h>

#include "socketeer-answers.h"
#include "socketeer-presets.h"
#include "socketeer-sequences.h"
#include "socketeer-settings.h"
#include "socketeer-stores.h"
#include "socketeer-wrap-layout.h"

struct _SocketeerToolPane
{
  GtkWidget parent_instance;

  /* template */
  GtkStack *stack;
  GtkButton *close_button;

  /* weak */
  GtkToggleButton *button; /* that shows the pane, and whether something is at work in it */
  GtkWidget *mark;         /* on the button */

  /* borrowed: children of the stack; NULL without a page */
  SocketeerPresets *presets;
  SocketeerSequences *sequences;
  SocketeerAnswers *answers;
};

enum
{
  CLOSE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerToolPane, socketeer_tool_pane, GTK_TYPE_WIDGET)

/* -- What is at work while the pane is hidden ------------------------------------------------------------------- */

/* What the button says; its name is read out, its tooltip is its description too. */
static void
say_on_button (SocketeerToolPane *self, const char *name, const char *tooltip)
{
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* The button has a name; what is drawn on it needs none. */
static GtkWidget *
new_image (const char *icon_name)
{
  return g_object_new (GTK_TYPE_IMAGE, "icon-name", icon_name, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
}

static void
update_button (SocketeerToolPane *self)
{
  guint n_running = self->sequences != NULL ? socketeer_sequences_get_n_running (self->sequences) : 0;
  gboolean answers = self->answers != NULL && socketeer_answers_is_active (self->answers);

  if (self->button == NULL)
    return;
  gtk_widget_set_visible (self->mark, n_running > 0 || answers);
  if (n_running > 0 && answers)
    /* Translators: the name of a button, which tells what is going on in the pane that it shows */
    say_on_button (self, _ ("Sending tools: a sequence runs, answers are on"),
                   _ ("A sequence runs, and answers are on. Show the sending tools (F7)"));
  else if (n_running > 0)
    say_on_button (self, _ ("Sending tools: a sequence runs"), _ ("A sequence runs. Show the sending tools (F7)"));
  else if (answers)
    say_on_button (self, _ ("Sending tools: answers are on"), _ ("Answers are on. Show the sending tools (F7)"));
  else
    say_on_button (self, _ ("Sending tools"), _ ("Show the sending tools (F7)"));
}

void
socketeer_tool_pane_set_button (SocketeerToolPane *self, GtkToggleButton *button)
{
  GtkWidget *overlay = gtk_overlay_new ();

  g_return_if_fail (SOCKETEER_IS_TOOL_PANE (self));
  g_return_if_fail (self->button == NULL);

  g_set_weak_pointer (&self->button, button);
  g_set_weak_pointer (&self->mark, new_image ("media-playback-start-symbolic"));
  gtk_image_set_pixel_size (GTK_IMAGE (self->mark), 9);
  gtk_widget_set_halign (self->mark, GTK_ALIGN_END);
  gtk_widget_set_valign (self->mark, GTK_ALIGN_END);
  gtk_widget_add_css_class (self->mark, "tool-mark");
  gtk_overlay_set_child (GTK_OVERLAY (overlay), new_image ("skt-tools-symbolic"));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->mark);
  gtk_button_set_child (GTK_BUTTON (button), overlay);
  gtk_widget_add_css_class (GTK_WIDGET (button), "image-button");
  update_button (self);
}

/* -- Making ----------------------------------------------------------------------------------------------------- */

/* The setting may name a tool that this version does not have. */
static void
bind_visible_child (SocketeerToolPane *self)
{
  g_autofree char *name = g_settings_get_string (socketeer_settings_get (), "tool-pane-page");

  if (gtk_stack_get_child_by_name (self->stack, name) != NULL)
    g_settings_bind (socketeer_settings_get (), "tool-pane-page", self->stack, "visible-child-name", G_SETTINGS_BIND_DEFAULT);
}

void
socketeer_tool_pane_set_page (SocketeerToolPane *self, SocketeerPage *page)
{
  g_return_if_fail (SOCKETEER_IS_TOOL_PANE (self));
  g_return_if_fail (SOCKETEER_IS_PAGE (page));

  self->presets = SOCKETEER_PRESETS (socketeer_presets_new (socketeer_stores_get_presets (), page));
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->presets), "presets", _ ("Presets"));
  self->sequences = g_object_new (SOCKETEER_TYPE_SEQUENCES, NULL);
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->sequences), "sequences", _ ("Sequences"));
  socketeer_sequences_set_page (self->sequences, page);
  self->answers = SOCKETEER_ANSWERS (socketeer_answers_new (page, NULL));
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->answers), "answers", _ ("Answers"));
  g_signal_connect_object (self->sequences, "notify::is-running", G_CALLBACK (update_button), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->answers, "notify::is-active", G_CALLBACK (update_button), self, G_CONNECT_SWAPPED);
  bind_visible_child (self);
}

void
socketeer_tool_pane_close (SocketeerToolPane *self)
{
  g_return_if_fail (SOCKETEER_IS_TOOL_PANE (self));

  if (self->presets == NULL)
    return;
  socketeer_presets_close (self->presets);
  socketeer_sequences_close (self->sequences);
  socketeer_answers_close (self->answers);
}

void
socketeer_tool_pane_stop (SocketeerToolPane *self)
{
  g_return_if_fail (SOCKETEER_IS_TOOL_PANE (self));

  if (self->sequences != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self->sequences), "sequences.stop", NULL);
}

gboolean
socketeer_tool_pane_is_empty (SocketeerToolPane *self)
{
  g_return_val_if_fail (SOCKETEER_IS_TOOL_PANE (self), TRUE);
  return gtk_widget_get_first_child (GTK_WIDGET (self->stack)) == NULL;
}

static void
close_clicked_cb (SocketeerToolPane *self)
{
  g_signal_emit (self, signals[CLOSE], 0);
}

static void
socketeer_tool_pane_dispose (GObject *object)
{
  SocketeerToolPane *self = SOCKETEER_TOOL_PANE (object);
  GtkWidget *child;

  g_clear_weak_pointer (&self->button);
  g_clear_weak_pointer (&self->mark);
  self->sequences = NULL;
  self->answers = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (socketeer_tool_pane_parent_class)->dispose (object);
}

static void
socketeer_tool_pane_class_init (SocketeerToolPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_tool_pane_dispose;
  signals[CLOSE] =
    g_signal_new ("close", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-tool-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerToolPane, stack);
  gtk_widget_class_bind_template_child (widget_class, SocketeerToolPane, close_button);
}

static void
socketeer_tool_pane_init (SocketeerToolPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->close_button, "clicked", G_CALLBACK (close_clicked_cb), self);
}
