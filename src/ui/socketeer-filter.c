/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-filter.h"

#include <glib/gi18n.h>

#include "socketeer-entry.h"
#include "socketeer-narrow.h"
#include "socketeer-wrap-layout.h"

#define TYPING_MS 150

struct _SocketeerFilter
{
  GtkWidget parent_instance;

  /* template */
  GtkCheckButton *received_button, *sent_button, *events_button, *case_button;
  GtkEntry *entry;
  GtkDropDown *kind_drop_down;
  GtkLabel *problem_label;
  GtkButton *reset_button;

  gboolean is_active;
  guint typing_id; /* a little after the last key */
};

enum
{
  PROP_0,
  PROP_ACTIVE,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerFilter, socketeer_filter, GTK_TYPE_WIDGET)

static const char *
get_text (SocketeerFilter *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

gboolean
socketeer_filter_shows_received (SocketeerFilter *self)
{
  return gtk_check_button_get_active (self->received_button);
}

gboolean
socketeer_filter_shows_sent (SocketeerFilter *self)
{
  return gtk_check_button_get_active (self->sent_button);
}

gboolean
socketeer_filter_shows_events (SocketeerFilter *self)
{
  return gtk_check_button_get_active (self->events_button);
}

gboolean
socketeer_filter_is_active (SocketeerFilter *self)
{
  g_return_val_if_fail (SOCKETEER_IS_FILTER (self), FALSE);
  return self->is_active;
}

SktPattern *
socketeer_filter_dup_pattern (SocketeerFilter *self, SktEncoding encoding)
{
  g_autoptr (GError) error = NULL;
  SktPattern *pattern = NULL;

  g_return_val_if_fail (SOCKETEER_IS_FILTER (self), NULL);

  if (get_text (self)[0] != '\0')
    pattern = skt_pattern_new (gtk_drop_down_get_selected (self->kind_drop_down), get_text (self), encoding,
                               gtk_check_button_get_active (self->case_button), NULL, &error);
  socketeer_entry_set_bad (self->entry, error != NULL);
  gtk_label_set_label (self->problem_label, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), error != NULL);
  return pattern;
}

static void
changed_cb (SocketeerFilter *self)
{
  gboolean is_active = !socketeer_filter_shows_received (self) || !socketeer_filter_shows_sent (self) ||
                       !socketeer_filter_shows_events (self) || get_text (self)[0] != '\0';

  gtk_widget_set_sensitive (GTK_WIDGET (self->case_button),
                            gtk_drop_down_get_selected (self->kind_drop_down) != SKT_PATTERN_HEX);
  gtk_widget_set_sensitive (GTK_WIDGET (self->reset_button), is_active);
  if (self->is_active != is_active)
    {
      self->is_active = is_active;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ACTIVE]);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
typing_cb (gpointer user_data)
{
  SocketeerFilter *self = user_data;

  self->typing_id = 0;
  changed_cb (self);
  return G_SOURCE_REMOVE;
}

/* Not at each key: the way of looking is made anew. */
static void
typed_cb (SocketeerFilter *self)
{
  g_clear_handle_id (&self->typing_id, g_source_remove);
  self->typing_id = g_timeout_add (TYPING_MS, typing_cb, self);
}

static void
icon_cb (GtkEntry *entry, GtkEntryIconPosition position, gpointer user_data)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
}

void
socketeer_filter_reset (SocketeerFilter *self)
{
  g_return_if_fail (SOCKETEER_IS_FILTER (self));

  gtk_check_button_set_active (self->received_button, TRUE);
  gtk_check_button_set_active (self->sent_button, TRUE);
  gtk_check_button_set_active (self->events_button, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  g_clear_handle_id (&self->typing_id, g_source_remove);
  changed_cb (self);
}

static void
socketeer_filter_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ACTIVE:
      g_value_set_boolean (value, SOCKETEER_FILTER (object)->is_active);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_filter_dispose (GObject *object)
{
  GtkWidget *child;

  g_clear_handle_id (&SOCKETEER_FILTER (object)->typing_id, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (socketeer_filter_parent_class)->dispose (object);
}

static void
socketeer_filter_class_init (SocketeerFilterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = socketeer_filter_get_property;
  object_class->dispose = socketeer_filter_dispose;
  props[PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-filter.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerFilter, received_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFilter, sent_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFilter, events_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFilter, case_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFilter, entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFilter, kind_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFilter, problem_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFilter, reset_button);
}

static void
socketeer_filter_init (SocketeerFilter *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_narrow_let_shrink (GTK_WIDGET (self));
  g_signal_connect_swapped (self->received_button, "toggled", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->sent_button, "toggled", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->events_button, "toggled", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->case_button, "toggled", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->kind_drop_down, "notify::selected", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (typed_cb), self);
  g_signal_connect (self->entry, "icon-release", G_CALLBACK (icon_cb), self);
  g_signal_connect_swapped (self->reset_button, "clicked", G_CALLBACK (socketeer_filter_reset), self);
}
