/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-frame-rule.h"

#include <glib/gi18n.h>
#include <string.h>

#include "skt-hex.h"
#include "socketeer-entry.h"
#include "socketeer-mnemonic.h"
#include "socketeer-narrow.h"
#include "socketeer-wrap-layout.h"

static const SktLineEnding endings[] = { SKT_LINE_ENDING_LF, SKT_LINE_ENDING_CRLF, SKT_LINE_ENDING_CR };
static const guint8 field_widths[] = { 1, 2, 4, 8 };

struct _SocketeerFrameRule
{
  GtkWidget parent_instance;

  /* template */
  GtkDropDown *kind_drop_down, *ending_drop_down, *width_drop_down, *order_drop_down, *counts_drop_down;
  GtkStack *stack;
  GtkSpinButton *length_button, *offset_button, *adjustment_button, *pause_button;
  GtkEntry *delimiter_entry;
  GtkLabel *problem_label;

  SktFrameRule rule; /* the last good one */
  gboolean is_setting;
};

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerFrameRule, socketeer_frame_rule, GTK_TYPE_WIDGET)

static guint
find_index (const guint8 *list, guint n, guint8 value)
{
  for (guint i = 0; i < n; i++)
    if (list[i] == value)
      return i;
  return 0;
}

static gboolean
read_delimiter (SocketeerFrameRule *self, SktFrameRule *rule, GError **error)
{
  g_autoptr (GBytes) bytes = skt_hex_parse (gtk_editable_get_text (GTK_EDITABLE (self->delimiter_entry)), -1, NULL, error);
  gsize length;
  const guint8 *data;

  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &length);
  /* Too many are refused by the check that follows. */
  if (length > 0 && length <= sizeof rule->delimiter)
    memcpy (rule->delimiter, data, length);
  rule->delimiter_length = MIN (length, 255);
  return TRUE;
}

static gboolean
read_rule (SocketeerFrameRule *self, SktFrameRule *rule, GError **error)
{
  memset (rule, 0, sizeof *rule);
  rule->kind = gtk_drop_down_get_selected (self->kind_drop_down);
  rule->line_ending = endings[gtk_drop_down_get_selected (self->ending_drop_down)];
  rule->length = gtk_spin_button_get_value_as_int (self->length_button);
  rule->field_offset = gtk_spin_button_get_value_as_int (self->offset_button);
  rule->field_width = field_widths[gtk_drop_down_get_selected (self->width_drop_down)];
  rule->field_is_little = gtk_drop_down_get_selected (self->order_drop_down) == 1;
  rule->field_counts_all = gtk_drop_down_get_selected (self->counts_drop_down) == 1;
  rule->field_adjustment = gtk_spin_button_get_value_as_int (self->adjustment_button);
  rule->pause_ms = gtk_spin_button_get_value_as_int (self->pause_button);
  if (rule->kind == SKT_FRAME_DELIMITER && !read_delimiter (self, rule, error))
    return FALSE;
  return skt_frame_rule_check (rule, error);
}

static void
changed_cb (SocketeerFrameRule *self)
{
  static const char *const pages[SKT_N_FRAME_KINDS] = { "line", "fixed", "delimiter", "length", "pause" };
  g_autoptr (GError) error = NULL;
  SktFrameRule rule;
  gboolean is_good;

  if (self->is_setting)
    return;
  gtk_stack_set_visible_child_name (self->stack, pages[gtk_drop_down_get_selected (self->kind_drop_down)]);
  is_good = read_rule (self, &rule, &error);
  socketeer_entry_set_bad (self->delimiter_entry, !is_good && rule.kind == SKT_FRAME_DELIMITER);
  gtk_label_set_label (self->problem_label, is_good ? "" : error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), !is_good);
  if (!is_good || skt_frame_rule_equal (&rule, &self->rule))
    return;
  self->rule = rule;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
socketeer_frame_rule_set (SocketeerFrameRule *self, const SktFrameRule *rule)
{
  g_autoptr (GString) delimiter = g_string_new (NULL);

  g_return_if_fail (SOCKETEER_IS_FRAME_RULE (self));

  self->rule = *rule;
  self->is_setting = TRUE;
  gtk_drop_down_set_selected (self->kind_drop_down, rule->kind);
  switch (rule->kind)
    {
    case SKT_FRAME_LINE:
      for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
        if (endings[i] == rule->line_ending)
          gtk_drop_down_set_selected (self->ending_drop_down, i);
      break;
    case SKT_FRAME_FIXED:
      gtk_spin_button_set_value (self->length_button, rule->length);
      break;
    case SKT_FRAME_DELIMITER:
      skt_hex_append (delimiter, rule->delimiter, rule->delimiter_length);
      gtk_editable_set_text (GTK_EDITABLE (self->delimiter_entry), delimiter->str);
      break;
    case SKT_FRAME_LENGTH_FIELD:
      gtk_spin_button_set_value (self->offset_button, rule->field_offset);
      gtk_drop_down_set_selected (self->width_drop_down,
                                  find_index (field_widths, G_N_ELEMENTS (field_widths), rule->field_width));
      gtk_drop_down_set_selected (self->order_drop_down, rule->field_is_little);
      gtk_drop_down_set_selected (self->counts_drop_down, rule->field_counts_all);
      gtk_spin_button_set_value (self->adjustment_button, rule->field_adjustment);
      break;
    case SKT_FRAME_PAUSE:
      gtk_spin_button_set_value (self->pause_button, rule->pause_ms);
      break;
    case SKT_N_FRAME_KINDS:
    default:
      break;
    }
  self->is_setting = FALSE;
  changed_cb (self);
}

const SktFrameRule *
socketeer_frame_rule_get (SocketeerFrameRule *self)
{
  g_return_val_if_fail (SOCKETEER_IS_FRAME_RULE (self), NULL);
  return &self->rule;
}

char *
socketeer_frame_rule_to_words (const SktFrameRule *rule)
{
  g_autoptr (GString) delimiter = g_string_new (NULL);

  switch (rule->kind)
    {
    case SKT_FRAME_LINE:
      /* Translators: frames are lines; %s: LF, CR or CRLF */
      return g_strdup_printf (_ ("Lines, %s"), rule->line_ending == SKT_LINE_ENDING_LF   ? "LF"
                                               : rule->line_ending == SKT_LINE_ENDING_CR ? "CR"
                                                                                         : "CRLF");
    case SKT_FRAME_FIXED:
      /* Translators: the length of each frame */
      return g_strdup_printf (ngettext ("%u byte each", "%u bytes each", rule->length), rule->length);
    case SKT_FRAME_DELIMITER:
      skt_hex_append (delimiter, rule->delimiter, rule->delimiter_length);
      /* Translators: how each frame ends; %s: bytes in hex */
      return g_strdup_printf (_ ("Up to %s"), delimiter->str);
    case SKT_FRAME_LENGTH_FIELD:
      /* Translators: frames begin with a field that says their length; %u: its offset */
      return g_strdup_printf (_ ("Length at %u"), rule->field_offset);
    case SKT_FRAME_PAUSE:
      /* Translators: frames end with a pause of so many milliseconds */
      return g_strdup_printf (_ ("Pause of %u ms"), rule->pause_ms);
    case SKT_N_FRAME_KINDS:
    default:
      g_return_val_if_reached (NULL);
    }
}

static void
socketeer_frame_rule_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (socketeer_frame_rule_parent_class)->dispose (object);
}

static void
socketeer_frame_rule_class_init (SocketeerFrameRuleClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_frame_rule_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-frame-rule.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameRule, kind_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameRule, ending_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameRule, width_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameRule, order_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameRule, counts_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameRule, stack);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameRule, length_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameRule, offset_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameRule, adjustment_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameRule, pause_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameRule, delimiter_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFrameRule, problem_label);
}

static void
socketeer_frame_rule_init (SocketeerFrameRule *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_mnemonic_keep_names (GTK_WIDGET (self));
  socketeer_narrow_let_shrink (GTK_WIDGET (self));
  self->rule = (SktFrameRule){ .kind = SKT_FRAME_LINE, .line_ending = SKT_LINE_ENDING_LF };
  for (guint i = 0; i < 5; i++)
    {
      GtkDropDown *drop_downs[] = { self->kind_drop_down, self->ending_drop_down, self->width_drop_down,
                                    self->order_drop_down, self->counts_drop_down };
      g_signal_connect_swapped (drop_downs[i], "notify::selected", G_CALLBACK (changed_cb), self);
    }
  g_signal_connect_swapped (self->length_button, "value-changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->offset_button, "value-changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->adjustment_button, "value-changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->pause_button, "value-changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->delimiter_entry, "changed", G_CALLBACK (changed_cb), self);
}
