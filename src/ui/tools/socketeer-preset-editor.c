/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-preset-editor.h"

#include <glib/gi18n.h>

#include "socketeer-mnemonic.h"
#include "socketeer-preset-keys.h"
#include "socketeer-preset-row.h"

struct _SocketeerPresetEditor
{
  GtkWidget parent_instance;

  /* template */
  GtkEntry *name_entry, *group_entry;
  GtkMenuButton *group_button;
  GtkDropDown *key_drop_down, *colour_drop_down;
  GtkTextView *message_view;
  GtkLabel *key_label, *form_label, *problem_label;
  GtkButton *take_button, *cancel_button, *save_button;

  /* owned */
  SktPresetStore *store;
  SktPreset *preset;
  SktMessage *message; /* how it is sent: its settings but for what is typed */

  SocketeerPage *page; /* borrowed */
  GtkTextBuffer *buffer;
  GtkTextTag *bad_tag;
};

enum
{
  DONE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerPresetEditor, socketeer_preset_editor, GTK_TYPE_WIDGET)

static void
show_problem (SocketeerPresetEditor *self, const char *problem)
{
  gtk_label_set_label (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
}

static char *
dup_source (SocketeerPresetEditor *self)
{
  GtkTextIter start, end;
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, TRUE);
}

/* What is typed, sent as before. NULL: it can't be, which is shown. */
static SktMessage *
make_message (SocketeerPresetEditor *self)
{
  SktMessageSettings settings = *skt_message_get_settings (self->message);
  g_autofree char *source = dup_source (self);
  g_autoptr (GError) error = NULL;
  GtkTextIter start, end;
  gsize position = 0;
  SktMessage *message;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_remove_tag (self->buffer, self->bad_tag, &start, &end);
  settings.source = source;
  message = skt_message_new (&settings, &position, &error);
  if (message == NULL)
    {
      gtk_text_buffer_get_iter_at_offset (self->buffer, &start, position);
      end = start;
      gtk_text_iter_forward_char (&end);
      gtk_text_buffer_apply_tag (self->buffer, self->bad_tag, &start, &end);
    }
  show_problem (self, error != NULL ? error->message : NULL);
  return message;
}

static void
message_changed_cb (SocketeerPresetEditor *self)
{
  g_autoptr (SktMessage) message = make_message (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), message != NULL);
}

/* Which key is taken from what. */
static void
key_changed_cb (SocketeerPresetEditor *self)
{
  SktPresetKey key = gtk_drop_down_get_selected (self->key_drop_down);
  SktPreset *other = key != SKT_PRESET_KEY_NONE ? skt_preset_store_find_key (self->store, key) : NULL;
  g_autofree char *use = socketeer_preset_key_dup_use (key);
  g_autoptr (GString) text = g_string_new (NULL);

  if (other != NULL && !g_str_equal (skt_preset_get_id (other), skt_preset_get_id (self->preset)))
    /* Translators: %1$s is a key, %2$s the name of a preset */
    g_string_append_printf (text, _ ("%1$s sends “%2$s”: this preset takes it."), skt_preset_key_get_id (key), skt_preset_get_name (other));
  else if (use != NULL)
    /* Translators: %1$s is a key, %2$s says what it does ("shows About the connection") */
    g_string_append_printf (text, _ ("%1$s %2$s: the preset takes it."), skt_preset_key_get_id (key), use);
  gtk_label_set_label (self->key_label, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->key_label), text->len > 0);
}

static void
set_message (SocketeerPresetEditor *self, SktMessage *message)
{
  g_autofree char *form = socketeer_preset_dup_form (message);
  SktMessage *before = self->message;

  self->message = skt_message_ref (message);
  g_clear_pointer (&before, skt_message_unref);
  gtk_label_set_label (self->form_label, form);
  gtk_text_buffer_set_text (self->buffer, skt_message_get_settings (message)->source, -1);
}

static void
take_clicked_cb (SocketeerPresetEditor *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktMessage) message = socketeer_page_dup_message (self->page, &error);

  if (message != NULL)
    set_message (self, message);
  else
    show_problem (self, error->message);
}

static void
done (SocketeerPresetEditor *self)
{
  g_signal_emit (self, signals[DONE], 0);
}

static void
save (SocketeerPresetEditor *self)
{
  g_autoptr (SktMessage) message = make_message (self);
  g_autoptr (SocketeerPresetEditor) guard = g_object_ref (self);
  g_autoptr (SktPreset) preset = NULL;

  if (message == NULL)
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->message_view));
      return;
    }
  preset = skt_preset_new (&(SktPresetSettings){
    .id = skt_preset_get_id (self->preset),
    .name = gtk_editable_get_text (GTK_EDITABLE (self->name_entry)),
    .group = gtk_editable_get_text (GTK_EDITABLE (self->group_entry)),
    .key = gtk_drop_down_get_selected (self->key_drop_down),
    .colour = gtk_drop_down_get_selected (self->colour_drop_down),
    .message = message,
  });
  done (self);
  skt_preset_store_replace (self->store, preset);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, gpointer user_data)
{
  gboolean is_enter = keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter;

  if (keyval == GDK_KEY_Escape)
    done (user_data);
  else if (is_enter && (state & GDK_CONTROL_MASK) != 0)
    save (user_data);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

/* -- Groups that are there ----------------------------------------------------------------------------------- */

static void
group_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerPresetEditor *self = SOCKETEER_PRESET_EDITOR (widget);
  gtk_editable_set_text (GTK_EDITABLE (self->group_entry), g_variant_get_string (parameter, NULL));
}

static void
create_groups_cb (GtkMenuButton *button, gpointer user_data)
{
  SocketeerPresetEditor *self = user_data;
  g_auto (GStrv) groups = skt_preset_store_dup_groups (self->store);
  g_autoptr (GMenu) menu = g_menu_new ();

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (groups[i][0] != '\0' ? groups[i] : _ ("In no group"), NULL);
      g_menu_item_set_action_and_target (item, "preset-editor.group", "s", groups[i]);
      g_menu_append_item (menu, item);
    }
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

/* -- Making -------------------------------------------------------------------------------------------------- */

static void
fill_drop_downs (SocketeerPresetEditor *self)
{
  g_autoptr (GtkStringList) keys = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) colours = gtk_string_list_new (NULL);

  for (guint i = 0; i < SKT_N_PRESET_KEYS; i++)
    /* Translators: a preset that no key sends */
    gtk_string_list_append (keys, i == SKT_PRESET_KEY_NONE ? _ ("No key") : skt_preset_key_get_id (i));
  for (guint i = 0; i < SKT_N_PRESET_COLOURS; i++)
    {
      g_autofree char *text =
        g_strdup_printf ("%s %s", socketeer_preset_colour_get_sign (i), socketeer_preset_colour_get_name (i));
      gtk_string_list_append (colours, g_strchug (text));
    }
  gtk_drop_down_set_model (self->key_drop_down, G_LIST_MODEL (keys));
  gtk_drop_down_set_model (self->colour_drop_down, G_LIST_MODEL (colours));
}

GtkWidget *
socketeer_preset_editor_new (SktPresetStore *store, SktPreset *preset, SocketeerPage *page)
{
  SocketeerPresetEditor *self = g_object_new (SOCKETEER_TYPE_PRESET_EDITOR, NULL);
  const SktPresetSettings *settings = skt_preset_get_settings (preset);

  self->store = g_object_ref (store);
  self->preset = g_object_ref (preset);
  self->page = page;
  gtk_editable_set_text (GTK_EDITABLE (self->name_entry), settings->name);
  gtk_editable_set_text (GTK_EDITABLE (self->group_entry), settings->group);
  gtk_drop_down_set_selected (self->key_drop_down, settings->key);
  gtk_drop_down_set_selected (self->colour_drop_down, settings->colour);
  set_message (self, settings->message);
  g_signal_connect_swapped (self->buffer, "changed", G_CALLBACK (message_changed_cb), self);
  g_signal_connect_swapped (self->key_drop_down, "notify::selected", G_CALLBACK (key_changed_cb), self);
  return GTK_WIDGET (self);
}

void
socketeer_preset_editor_focus (SocketeerPresetEditor *self)
{
  g_return_if_fail (SOCKETEER_IS_PRESET_EDITOR (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->name_entry));
  gtk_editable_select_region (GTK_EDITABLE (self->name_entry), 0, -1);
}

static void
socketeer_preset_editor_dispose (GObject *object)
{
  SocketeerPresetEditor *self = SOCKETEER_PRESET_EDITOR (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->store);
  g_clear_object (&self->preset);
  g_clear_pointer (&self->message, skt_message_unref);
  G_OBJECT_CLASS (socketeer_preset_editor_parent_class)->dispose (object);
}

static void
socketeer_preset_editor_class_init (SocketeerPresetEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_preset_editor_dispose;
  signals[DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (widget_class, "preset-editor.group", "s", group_action);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-preset-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetEditor, name_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetEditor, group_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetEditor, group_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetEditor, key_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetEditor, colour_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetEditor, message_view);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetEditor, key_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetEditor, form_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetEditor, problem_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetEditor, take_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetEditor, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPresetEditor, save_button);
}

static void
socketeer_preset_editor_init (SocketeerPresetEditor *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_mnemonic_keep_names (GTK_WIDGET (self));
  self->buffer = gtk_text_view_get_buffer (self->message_view);
  self->bad_tag = gtk_text_buffer_create_tag (self->buffer, NULL, "underline", PANGO_UNDERLINE_ERROR, NULL);
  fill_drop_downs (self);
  gtk_menu_button_set_create_popup_func (self->group_button, create_groups_cb, self, NULL);
  g_signal_connect_swapped (self->name_entry, "activate", G_CALLBACK (save), self);
  g_signal_connect_swapped (self->group_entry, "activate", G_CALLBACK (save), self);
  g_signal_connect_swapped (self->take_button, "clicked", G_CALLBACK (take_clicked_cb), self);
  g_signal_connect_swapped (self->cancel_button, "clicked", G_CALLBACK (done), self);
  g_signal_connect_swapped (self->save_button, "clicked", G_CALLBACK (save), self);
  /* Before the text view, which would insert a line, and the list, which would move. */
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}
