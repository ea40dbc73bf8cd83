/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-message-options.h"

#include <glib/gi18n.h>
#include <string.h>

#include "socketeer-settings.h"
#include "socketeer-narrow.h"

/* Where the checksum is put, as items of the drop-down. */
enum
{
  PLACE_END,
  PLACE_OFFSET,
};

struct _SocketeerMessageOptions
{
  GtkWidget parent_instance;

  /* template */
  GtkMenuButton *button;
  GtkPopover *popover;
  GtkLabel *summary_label;
  GtkCheckButton *escapes_check, *placeholders_check, *checksum_check, *little_check;
  GtkFlowBox *insert_box;
  GtkGrid *checksum_grid;
  GtkDropDown *checksum_drop_down, *place_drop_down;
  GtkLabel *parameters_label;
  GtkSpinButton *begin_spin, *end_spin, *at_spin;

  SktMessageForm form;
  gboolean is_setting;
};

enum
{
  CHANGED,
  INSERT,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerMessageOptions, socketeer_message_options, GTK_TYPE_WIDGET)

/* The form in HEX is binary: a width is part of it. */
static const struct
{
  const char *name;
  const char *text, *hex;
} placeholders[] = {
  { N_ ("Counter"), "${counter}", "${counter:width=2}" },
  { N_ ("Time (s)"), "${time}", "${time}" },
  { N_ ("Time (ms)"), "${time:ms}", "${time:ms}" },
  { N_ ("Date and time"), "${time:iso}", "${time:iso}" },
  { N_ ("Random bytes"), "${random:8,as=hex}", "${random:8}" },
  { N_ ("UUID"), "${uuid}", "${uuid}" },
  { N_ ("Checksum"), "${crc:crc-16/modbus,begin=0,as=HEX}", "${crc:crc-16/modbus,begin=0}" },
  { N_ ("What was received"), "${received}", "${received}" },
};

/* -- What is shown ------------------------------------------------------------------------------------------- */

static void
show_summary (SocketeerMessageOptions *self)
{
  SktMessageSettings settings = { 0, };
  g_autoptr (GString) text = g_string_new (NULL);

  socketeer_message_options_get (self, &settings);
  if (settings.has_escapes && self->form == SKT_MESSAGE_TEXT)
    g_string_append (text, "\\n");
  if (settings.has_placeholders && self->form != SKT_MESSAGE_BASE64)
    g_string_append_printf (text, "%s${}", text->len > 0 ? "  " : "");
  if (settings.has_checksum)
    g_string_append_printf (text, "%sΣ", text->len > 0 ? "  " : "");
  gtk_label_set_label (self->summary_label, text->len > 0 ? text->str : "…");
}

static void
show_checksum (SocketeerMessageOptions *self)
{
  SktChecksum checksum = gtk_drop_down_get_selected (self->checksum_drop_down);
  g_autofree char *parameters = NULL;
  g_autofree char *text = NULL;
  const char *aliases;

  if (checksum >= SKT_N_CHECKSUMS)
    return;
  parameters = skt_checksum_dup_parameters (checksum);
  aliases = skt_checksum_get_aliases (checksum);
  text = aliases != NULL ? g_strdup_printf ("%s\n%s", parameters, aliases) : g_strdup_printf ("%s\n", parameters);
  gtk_label_set_label (self->parameters_label, text);
}

static void
show (SocketeerMessageOptions *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->escapes_check), self->form == SKT_MESSAGE_TEXT);
  gtk_widget_set_sensitive (GTK_WIDGET (self->placeholders_check), self->form != SKT_MESSAGE_BASE64);
  gtk_widget_set_sensitive (GTK_WIDGET (self->insert_box), self->form != SKT_MESSAGE_BASE64);
  gtk_widget_set_visible (GTK_WIDGET (self->checksum_grid), gtk_check_button_get_active (self->checksum_check));
  gtk_widget_set_sensitive (GTK_WIDGET (self->at_spin), gtk_drop_down_get_selected (self->place_drop_down) == PLACE_OFFSET);
  show_checksum (self);
  show_summary (self);
}

/* -- What is chosen ------------------------------------------------------------------------------------------ */

void
socketeer_message_options_get (SocketeerMessageOptions *self, SktMessageSettings *settings)
{
  guint checksum;

  g_return_if_fail (SOCKETEER_IS_MESSAGE_OPTIONS (self));

  checksum = gtk_drop_down_get_selected (self->checksum_drop_down);
  settings->has_escapes = gtk_check_button_get_active (self->escapes_check);
  settings->has_placeholders = gtk_check_button_get_active (self->placeholders_check);
  settings->has_checksum = gtk_check_button_get_active (self->checksum_check);
  settings->checksum = checksum < SKT_N_CHECKSUMS ? checksum : 0;
  settings->checksum_begin = gtk_spin_button_get_value_as_int (self->begin_spin);
  settings->checksum_end = gtk_spin_button_get_value_as_int (self->end_spin);
  settings->checksum_at = gtk_drop_down_get_selected (self->place_drop_down) == PLACE_OFFSET
                            ? gtk_spin_button_get_value_as_int (self->at_spin) : 0;
  settings->checksum_is_little = gtk_check_button_get_active (self->little_check);
}

void
socketeer_message_options_set (SocketeerMessageOptions *self, const SktMessageSettings *settings)
{
  g_return_if_fail (SOCKETEER_IS_MESSAGE_OPTIONS (self));

  self->is_setting = TRUE;
  self->form = settings->form;
  gtk_check_button_set_active (self->escapes_check, settings->has_escapes);
  gtk_check_button_set_active (self->placeholders_check, settings->has_placeholders);
  gtk_check_button_set_active (self->checksum_check, settings->has_checksum);
  gtk_drop_down_set_selected (self->checksum_drop_down, settings->checksum);
  gtk_spin_button_set_value (self->begin_spin, settings->checksum_begin);
  gtk_spin_button_set_value (self->end_spin, settings->checksum_end);
  gtk_drop_down_set_selected (self->place_drop_down, settings->checksum_at != 0 ? PLACE_OFFSET : PLACE_END);
  gtk_spin_button_set_value (self->at_spin, settings->checksum_at);
  gtk_check_button_set_active (self->little_check, settings->checksum_is_little);
  self->is_setting = FALSE;
  show (self);
}

void
socketeer_message_options_set_form (SocketeerMessageOptions *self, SktMessageForm form)
{
  g_return_if_fail (SOCKETEER_IS_MESSAGE_OPTIONS (self));

  self->form = form;
  show (self);
}

static void
changed_cb (SocketeerMessageOptions *self)
{
  if (self->is_setting)
    return;
  show (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* The order that its protocols have, until the user says otherwise. */
static void
checksum_chosen_cb (SocketeerMessageOptions *self)
{
  SktChecksum checksum = gtk_drop_down_get_selected (self->checksum_drop_down);

  if (!self->is_setting && checksum < SKT_N_CHECKSUMS)
    {
      self->is_setting = TRUE;
      gtk_check_button_set_active (self->little_check, skt_checksum_is_little_endian (checksum));
      self->is_setting = FALSE;
    }
  changed_cb (self);
}

static void
insert_clicked_cb (GtkButton *button, SocketeerMessageOptions *self)
{
  guint i = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "placeholder"));

  gtk_check_button_set_active (self->placeholders_check, TRUE);
  gtk_menu_button_popdown (self->button);
  g_signal_emit (self, signals[INSERT], 0, self->form == SKT_MESSAGE_HEX ? placeholders[i].hex : placeholders[i].text);
}

/* -- The program's settings ---------------------------------------------------------------------------------- */

void
socketeer_message_options_load (SocketeerMessageOptions *self)
{
  GSettings *settings = socketeer_settings_get ();
  g_autofree char *id = g_settings_get_string (settings, "send-checksum-kind");
  SktMessageSettings chosen = { .form = self->form };

  chosen.has_escapes = g_settings_get_boolean (settings, "send-escapes");
  chosen.has_placeholders = g_settings_get_boolean (settings, "send-placeholders");
  chosen.has_checksum = g_settings_get_boolean (settings, "send-checksum");
  chosen.checksum = SKT_CHECKSUM_CRC_16_MODBUS;
  skt_checksum_from_id (id, &chosen.checksum);
  g_settings_get (settings, "send-checksum-range", "(iii)", &chosen.checksum_begin, &chosen.checksum_end, &chosen.checksum_at);
  chosen.checksum_is_little = g_settings_get_boolean (settings, "send-checksum-low-first");
  socketeer_message_options_set (self, &chosen);
}

void
socketeer_message_options_save (SocketeerMessageOptions *self)
{
  GSettings *settings = socketeer_settings_get ();
  SktMessageSettings chosen = { 0, };

  socketeer_message_options_get (self, &chosen);
  g_settings_set_boolean (settings, "send-escapes", chosen.has_escapes);
  g_settings_set_boolean (settings, "send-placeholders", chosen.has_placeholders);
  g_settings_set_boolean (settings, "send-checksum", chosen.has_checksum);
  g_settings_set_string (settings, "send-checksum-kind", skt_checksum_get_id (chosen.checksum));
  g_settings_set (settings, "send-checksum-range", "(iii)", chosen.checksum_begin, chosen.checksum_end, chosen.checksum_at);
  g_settings_set_boolean (settings, "send-checksum-low-first", chosen.checksum_is_little);
}

/* -- The widget ---------------------------------------------------------------------------------------------- */

static void
socketeer_message_options_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (socketeer_message_options_parent_class)->dispose (object);
}

static void
socketeer_message_options_class_init (SocketeerMessageOptionsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = socketeer_message_options_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[INSERT] = g_signal_new ("insert", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-message-options.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerMessageOptions, button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerMessageOptions, popover);
  gtk_widget_class_bind_template_child (widget_class, SocketeerMessageOptions, summary_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerMessageOptions, escapes_check);
  gtk_widget_class_bind_template_child (widget_class, SocketeerMessageOptions, placeholders_check);
  gtk_widget_class_bind_template_child (widget_class, SocketeerMessageOptions, checksum_check);
  gtk_widget_class_bind_template_child (widget_class, SocketeerMessageOptions, little_check);
  gtk_widget_class_bind_template_child (widget_class, SocketeerMessageOptions, insert_box);
  gtk_widget_class_bind_template_child (widget_class, SocketeerMessageOptions, checksum_grid);
  gtk_widget_class_bind_template_child (widget_class, SocketeerMessageOptions, checksum_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerMessageOptions, place_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerMessageOptions, parameters_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerMessageOptions, begin_spin);
  gtk_widget_class_bind_template_child (widget_class, SocketeerMessageOptions, end_spin);
  gtk_widget_class_bind_template_child (widget_class, SocketeerMessageOptions, at_spin);
}

static void
fill_insert_box (SocketeerMessageOptions *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (placeholders); i++)
    {
      GtkWidget *button = gtk_button_new_with_label (_ (placeholders[i].name));
      g_autofree char *tip = g_strdup_printf (_ ("Insert %s"), placeholders[i].text);

      gtk_widget_set_tooltip_text (button, tip);
      g_object_set_data (G_OBJECT (button), "placeholder", GUINT_TO_POINTER (i));
      g_signal_connect (button, "clicked", G_CALLBACK (insert_clicked_cb), self);
      gtk_flow_box_append (self->insert_box, button);
      gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE);
    }
}

static void
socketeer_message_options_init (SocketeerMessageOptions *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_narrow_let_shrink (GTK_WIDGET (self));
  for (guint i = 0; i < SKT_N_CHECKSUMS; i++)
    gtk_string_list_append (names, skt_checksum_get_name (i));
  gtk_drop_down_set_model (self->checksum_drop_down, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->checksum_drop_down, SKT_CHECKSUM_CRC_16_MODBUS);
  fill_insert_box (self);
  show (self);

  g_signal_connect_swapped (self->escapes_check, "toggled", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->placeholders_check, "toggled", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->checksum_check, "toggled", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->little_check, "toggled", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->checksum_drop_down, "notify::selected", G_CALLBACK (checksum_chosen_cb), self);
  g_signal_connect_swapped (self->place_drop_down, "notify::selected", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->begin_spin, "value-changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->end_spin, "value-changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->at_spin, "value-changed", G_CALLBACK (changed_cb), self);
}
