/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-preset-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "socketeer-preset-editor.h"

/* Of the message, in characters: a row is not wider. */
#define EXCERPT_LENGTH 120

static const struct
{
  const char *sign, *name;
} colours[SKT_N_PRESET_COLOURS] = {
  /* Translators: a preset without a colour */
  [SKT_PRESET_COLOUR_NONE] = { "", N_ ("No colour") },
  [SKT_PRESET_COLOUR_RED] = { "▲", N_ ("Red") },
  [SKT_PRESET_COLOUR_ORANGE] = { "◆", N_ ("Orange") },
  [SKT_PRESET_COLOUR_YELLOW] = { "★", N_ ("Yellow") },
  [SKT_PRESET_COLOUR_GREEN] = { "●", N_ ("Green") },
  [SKT_PRESET_COLOUR_BLUE] = { "■", N_ ("Blue") },
  [SKT_PRESET_COLOUR_PURPLE] = { "▼", N_ ("Purple") },
};

struct _SocketeerPresetRow
{
  GtkListBoxRow parent_instance;

  /* template */
  GtkBox *box;
  GtkLabel *mark_label, *name_label, *message_label, *key_label;
  GtkButton *send_button;
  GtkMenuButton *menu_button;

  /* owned */
  SktPreset *preset;

  SocketeerPresetEditor *editor; /* child of the box while it is edited */
};

enum
{
  DROPPED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerPresetRow, socketeer_preset_row, GTK_TYPE_LIST_BOX_ROW)

const char *
socketeer_preset_colour_get_sign (SktPresetColour colour)
{
  g_return_val_if_fail (colour < SKT_N_PRESET_COLOURS, "");
  return colours[colour].sign;
}

const char *
socketeer_preset_colour_get_name (SktPresetColour colour)
{
  g_return_val_if_fail (colour < SKT_N_PRESET_COLOURS, "");
  return _ (colours[colour].name);
}

char *
socketeer_preset_dup_form (SktMessage *message)
{
  static const char *const endings[SKT_N_LINE_ENDINGS] = { NULL, "LF", "CR", "CRLF", "NUL" };
  const SktMessageSettings *settings = skt_message_get_settings (message);
  GString *text = g_string_new (NULL);

  if (settings->form == SKT_MESSAGE_TEXT)
    {
      g_string_printf (text, "%s, %s", _ ("Text"), skt_encoding_get_name (settings->encoding));
      if (endings[settings->ending] != NULL)
        g_string_append_printf (text, ", %s", endings[settings->ending]);
      if (settings->has_escapes)
        g_string_append_printf (text, ", %s", _ ("escapes"));
    }
  else
    g_string_assign (text, settings->form == SKT_MESSAGE_HEX ? _ ("Hex") : "Base64");
  if (settings->has_placeholders)
    g_string_append_printf (text, ", %s", _ ("placeholders"));
  if (settings->has_checksum)
    g_string_append_printf (text, ", %s", skt_checksum_get_name (settings->checksum));
  return g_string_free (text, FALSE);
}

char *
socketeer_preset_dup_excerpt (SktMessage *message)
{
  const char *source = skt_message_get_settings (message)->source;
  GString *text = g_string_new (NULL);
  guint n = 0;

  for (const char *p = source; *p != '\0' && n < EXCERPT_LENGTH; p = g_utf8_next_char (p), n++)
    {
      gunichar c = g_utf8_get_char (p);
      if (c == '\n')
        g_string_append (text, "↵");
      else
        g_string_append_unichar (text, g_unichar_isprint (c) ? c : c == '\t' ? ' ' : 0x00B7);
    }
  return g_string_free (text, FALSE);
}

SktPreset *
socketeer_preset_row_get_preset (SocketeerPresetRow *self)
{
  g_return_val_if_fail (SOCKETEER_IS_PRESET_ROW (self), NULL);
  return self->preset;
}

static void
show_mark (SocketeerPresetRow *self, SktPresetColour colour)
{
  for (guint i = 0; i < SKT_N_PRESET_COLOURS; i++)
    {
      g_autofree char *class_name = g_strconcat ("preset-", skt_preset_colour_get_id (i), NULL);
      if (i == colour)
        gtk_widget_add_css_class (GTK_WIDGET (self->mark_label), class_name);
      else
        gtk_widget_remove_css_class (GTK_WIDGET (self->mark_label), class_name);
    }
  gtk_label_set_label (self->mark_label, colours[colour].sign);
}

/* As it is read out: "Reset, red, F5, AT+RST". */
static void
name_row (SocketeerPresetRow *self, const SktPresetSettings *settings, const char *excerpt)
{
  g_autoptr (GString) text = g_string_new (settings->name);
  /* Translators: %s is the name of a preset */
  g_autofree char *send = g_strdup_printf (_ ("Send “%s”"), settings->name);
  /* Translators: a menu; %s is the name of a preset */
  g_autofree char *more = g_strdup_printf (_ ("More for “%s”"), settings->name);

  if (settings->colour != SKT_PRESET_COLOUR_NONE)
    g_string_append_printf (text, ", %s", socketeer_preset_colour_get_name (settings->colour));
  if (settings->key != SKT_PRESET_KEY_NONE)
    g_string_append_printf (text, ", %s", skt_preset_key_get_id (settings->key));
  g_string_append_printf (text, ", %s", excerpt);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text->str, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->send_button), GTK_ACCESSIBLE_PROPERTY_LABEL, send, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL, more, -1);
}

void
socketeer_preset_row_set_preset (SocketeerPresetRow *self, SktPreset *preset)
{
  const SktPresetSettings *settings;
  g_autofree char *excerpt = NULL;
  g_autofree char *form = NULL;
  g_autofree char *tooltip = NULL;

  g_return_if_fail (SOCKETEER_IS_PRESET_ROW (self) && SKT_IS_PRESET (preset));

  if (!g_set_object (&self->preset, preset))
    return;
  settings = skt_preset_get_settings (preset);
  excerpt = socketeer_preset_dup_excerpt (settings->message);
  form = socketeer_preset_dup_form (settings->message);
  tooltip = g_strdup_printf ("%s\n%s\n%s", settings->name, excerpt, form);
  gtk_label_set_label (self->name_label, settings->name);
  gtk_label_set_label (self->message_label, excerpt);
  gtk_label_set_label (self->key_label, skt_preset_key_get_id (settings->key));
  gtk_widget_set_visible (GTK_WIDGET (self->key_label), settings->key != SKT_PRESET_KEY_NONE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->send_button), "s", settings->id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->send_button), "presets.send");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name_label), tooltip);
  show_mark (self, settings->colour);
  name_row (self, settings, excerpt);
}

gboolean
socketeer_preset_matches (SktPreset *preset, const char *folded)
{
  const SktPresetSettings *settings = skt_preset_get_settings (preset);
  const char *const texts[] = { settings->name, settings->group, skt_message_get_settings (settings->message)->source };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = g_utf8_casefold (texts[i], -1);
      if (strstr (text, folded) != NULL)
        return TRUE;
    }
  return FALSE;
}

gboolean
socketeer_preset_row_matches (SocketeerPresetRow *self, const char *folded)
{
  return socketeer_preset_matches (self->preset, folded);
}

/* -- Editing ------------------------------------------------------------------------------------------------- */

static void
editor_done_cb (SocketeerPresetRow *self)
{
  if (self->editor == NULL)
    return;
  gtk_box_remove (self->box, GTK_WIDGET (self->editor));
  self->editor = NULL;
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

gboolean
socketeer_preset_row_is_edited (SocketeerPresetRow *self)
{
  g_return_val_if_fail (SOCKETEER_IS_PRESET_ROW (self), FALSE);
  return self->editor != NULL;
}

void
socketeer_preset_row_edit (SocketeerPresetRow *self, SktPresetStore *store, SocketeerPage *page)
{
  g_return_if_fail (SOCKETEER_IS_PRESET_ROW (self));

  if (self->editor == NULL)
    {
      self->editor = SOCKETEER_PRESET_EDITOR (socketeer_preset_editor_new (store, self->preset, page));
      g_signal_connect_swapped (self->editor, "done", G_CALLBACK (editor_done_cb), self);
      gtk_box_append (self->box, GTK_WIDGET (self->editor));
    }
  socketeer_preset_editor_focus (self->editor);
}

/* -- Menu ---------------------------------------------------------------------------------------------------- */

static void
append (GMenu *menu, const char *label, const char *action, const char *id)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);
  g_menu_item_set_action_and_target (item, action, "s", id);
  g_menu_append_item (menu, item);
}

/* Made when it is opened: there may be hundreds of rows. */
static void
create_menu_cb (GtkMenuButton *button, gpointer user_data)
{
  SocketeerPresetRow *self = user_data;
  const char *id = skt_preset_get_id (self->preset);
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) place = g_menu_new ();
  g_autoptr (GMenu) remove = g_menu_new ();

  append (menu, _ ("_Edit…"), "presets.edit", id);
  append (menu, _ ("_Put into the Composer"), "presets.compose", id);
  append (menu, _ ("D_uplicate"), "presets.duplicate", id);
  append (place, _ ("Move _Up"), "presets.up", id);
  append (place, _ ("Move _Down"), "presets.down", id);
  append (remove, _ ("De_lete"), "presets.remove", id);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (place));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (remove));
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

/* -- Dragging ------------------------------------------------------------------------------------------------ */

static GdkContentProvider *
drag_prepare_cb (GtkDragSource *source, double x, double y, gpointer user_data)
{
  SocketeerPresetRow *self = user_data;
  return self->editor == NULL ? gdk_content_provider_new_typed (SKT_TYPE_PRESET, self->preset) : NULL;
}

static void
drag_begin_cb (GtkDragSource *source, GdkDrag *drag, gpointer user_data)
{
  g_autoptr (GdkPaintable) icon = gtk_widget_paintable_new (user_data);
  gtk_drag_source_set_icon (source, icon, 0, 0);
}

static gboolean
is_after (SocketeerPresetRow *self, double y)
{
  return y > gtk_widget_get_height (GTK_WIDGET (self)) / 2.0;
}

static void
show_drop (SocketeerPresetRow *self, gboolean is_over, gboolean after)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self), "drop-before");
  gtk_widget_remove_css_class (GTK_WIDGET (self), "drop-after");
  if (is_over)
    gtk_widget_add_css_class (GTK_WIDGET (self), after ? "drop-after" : "drop-before");
}

static GdkDragAction
drop_motion_cb (GtkDropTarget *target, double x, double y, gpointer user_data)
{
  show_drop (user_data, TRUE, is_after (user_data, y));
  return GDK_ACTION_MOVE;
}

static void
drop_leave_cb (GtkDropTarget *target, gpointer user_data)
{
  show_drop (user_data, FALSE, FALSE);
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, gpointer user_data)
{
  show_drop (user_data, FALSE, FALSE);
  g_signal_emit (user_data, signals[DROPPED], 0, g_value_get_object (value), is_after (user_data, y));
  return TRUE;
}

static void
add_dragging (SocketeerPresetRow *self)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (SKT_TYPE_PRESET, GDK_ACTION_MOVE);

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect (source, "prepare", G_CALLBACK (drag_prepare_cb), self);
  g_signal_connect (source, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (source));
  g_signal_connect (target, "motion", G_CALLBACK (drop_motion_cb), self);
  g_signal_connect (target, "leave", G_CALLBACK (drop_leave_cb), self);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* -- Making -------------------------------------------------------------------------------------------------- */

GtkWidget *
socketeer_preset_row_new (SktPreset *preset)
{
  SocketeerPresetRow *self = g_object_new (SOCKETEER_TYPE_PRESET_ROW, NULL);

  socketeer_preset_row_set_preset (self, preset);
  return GTK_WIDGET (self);
}

static void
socketeer_preset_row_finalize (GObject *object)
{
  g_clear_object (&SOCKETEER_PRESET_ROW (object)->preset);
  G_OBJECT_CLASS (socketeer_preset_row_parent_class)->finalize (object);
}

static void
socketeer_preset_row_class_init (SocketeerPresetRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = socketeer_preset_row_finalize;
  signals[DROPPED] = g_signal_new ("dropped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                   SKT_TYPE_PRESET, G_TYPE_BOOLEAN);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-preset-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetRow, box);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetRow, mark_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetRow, message_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetRow, key_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetRow, send_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetRow, menu_button);
}

static void
socketeer_preset_row_init (SocketeerPresetRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->menu_button, create_menu_cb, self, NULL);
  add_dragging (self);
}
