/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-frame-check.h"
#include "socketeer-narrow.h"
#include "socketeer-wrap-layout.h"

#include <glib/gi18n.h>

#include "socketeer-mnemonic.h"

struct _SocketeerFrameCheck
{
  GtkWidget parent_instance;

  /* template */
  GtkDropDown *checksum_drop_down, *form_drop_down, *order_drop_down;
  GtkSpinButton *begin_button, *gap_button, *after_button;
  GtkLabel *parameters_label;
  GtkWidget *settings_box;

  SktFrameCheck check;
  gboolean is_setting;
};

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerFrameCheck, socketeer_frame_check, GTK_TYPE_WIDGET)

/* The first choice is none. */
static void
fill (GtkDropDown *drop_down)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  /* Translators: no checksum */
  gtk_string_list_append (list, C_ ("checksum", "None"));
  for (guint i = 0; i < SKT_N_CHECKSUMS; i++)
    gtk_string_list_append (list, skt_checksum_get_name (i));
  gtk_drop_down_set_model (drop_down, G_LIST_MODEL (list));
}

static SktFrameCheck
read_check (SocketeerFrameCheck *self)
{
  guint checksum = gtk_drop_down_get_selected (self->checksum_drop_down);

  if (checksum == 0 || checksum > SKT_N_CHECKSUMS)
    return (SktFrameCheck){ 0 };
  return (SktFrameCheck){
    .is_on = TRUE,
    .checksum = checksum - 1,
    .form = MIN (gtk_drop_down_get_selected (self->form_drop_down), SKT_N_FRAME_CHECK_FORMS - 1),
    .is_little = gtk_drop_down_get_selected (self->order_drop_down) == 1,
    .begin = gtk_spin_button_get_value_as_int (self->begin_button),
    .gap = gtk_spin_button_get_value_as_int (self->gap_button),
    .after = gtk_spin_button_get_value_as_int (self->after_button),
  };
}

static void
show (SocketeerFrameCheck *self)
{
  const SktFrameCheck *check = &self->check;
  g_autofree char *parameters = NULL, *text = NULL;
  const char *aliases;

  gtk_widget_set_visible (self->settings_box, check->is_on);
  if (!check->is_on)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (self->order_drop_down), skt_checksum_get_width (check->checksum) > 1);
  parameters = skt_checksum_dup_parameters (check->checksum);
  aliases = skt_checksum_get_aliases (check->checksum);
  text = aliases != NULL ? g_strdup_printf ("%s\n%s", parameters, aliases) : g_steal_pointer (&parameters);
  gtk_label_set_label (self->parameters_label, text);
}

static void
changed_cb (SocketeerFrameCheck *self)
{
  SktFrameCheck check;

  if (self->is_setting)
    return;
  check = read_check (self);
  if (skt_frame_check_equal (&check, &self->check))
    return;
  self->check = check;
  show (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Another checksum comes with the byte order that is usual for it. */
static void
checksum_cb (SocketeerFrameCheck *self)
{
  guint checksum = gtk_drop_down_get_selected (self->checksum_drop_down);

  if (self->is_setting)
    return;
  if (checksum > 0 && checksum <= SKT_N_CHECKSUMS)
    {
      self->is_setting = TRUE;
      gtk_drop_down_set_selected (self->order_drop_down, skt_checksum_is_little_endian (checksum - 1));
      self->is_setting = FALSE;
    }
  changed_cb (self);
}

void
socketeer_frame_check_set (SocketeerFrameCheck *self, const SktFrameCheck *check)
{
  g_return_if_fail (SOCKETEER_IS_FRAME_CHECK (self));

  self->check = *check;
  self->is_setting = TRUE;
  gtk_drop_down_set_selected (self->checksum_drop_down, check->is_on ? check->checksum + 1 : 0);
  if (check->is_on)
    {
      gtk_drop_down_set_selected (self->form_drop_down, check->form);
      gtk_drop_down_set_selected (self->order_drop_down, check->is_little);
      gtk_spin_button_set_value (self->begin_button, check->begin);
      gtk_spin_button_set_value (self->gap_button, check->gap);
      gtk_spin_button_set_value (self->after_button, check->after);
    }
  self->is_setting = FALSE;
  show (self);
}

const SktFrameCheck *
socketeer_frame_check_get (SocketeerFrameCheck *self)
{
  g_return_val_if_fail (SOCKETEER_IS_FRAME_CHECK (self), NULL);
  return &self->check;
}

static void
socketeer_frame_check_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (socketeer_frame_check_parent_class)->dispose (object);
}

static void
socketeer_frame_check_class_init (SocketeerFrameCheckClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_frame_check_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-frame-check.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameCheck, checksum_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameCheck, form_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameCheck, order_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameCheck, begin_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameCheck, gap_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameCheck, after_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameCheck, parameters_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameCheck, settings_box);
}

static void
socketeer_frame_check_init (SocketeerFrameCheck *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_mnemonic_keep_names (GTK_WIDGET (self));
  socketeer_narrow_let_shrink (GTK_WIDGET (self));
  fill (self->checksum_drop_down);
  g_signal_connect_swapped (self->checksum_drop_down, "notify::selected", G_CALLBACK (checksum_cb), self);
  g_signal_connect_swapped (self->form_drop_down, "notify::selected", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->order_drop_down, "notify::selected", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->begin_button, "value-changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->gap_button, "value-changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->after_button, "value-changed", G_CALLBACK (changed_cb), self);
  show (self);
}
