/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-preset-chooser.h"

#include "socketeer-mnemonic.h"
#include "socketeer-preset-row.h"

struct _SocketeerPresetChooser
{
  AdwWindow parent_instance;

  /* template */
  GtkSearchEntry *search_entry;
  GtkStack *stack;
  GtkListView *list_view;
  GtkButton *add_button;

  /* owned */
  GtkFilterListModel *model;
  GtkSingleSelection *selection;
  char *found; /* what is searched for, case-folded; NULL: nothing is */
};

enum
{
  DONE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerPresetChooser, socketeer_preset_chooser, ADW_TYPE_WINDOW)

/* -- The list --------------------------------------------------------------------------------------------------- */

static gboolean
matches (gpointer item, gpointer user_data)
{
  SocketeerPresetChooser *self = user_data;

  return self->found == NULL || socketeer_preset_matches (item, self->found);
}

static GtkWidget *
label_new (const char *class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *message = label_new ("dim-label");

  gtk_widget_add_css_class (message, "caption");
  gtk_widget_add_css_class (box, "preset-choice");
  gtk_box_append (GTK_BOX (box), label_new (NULL));
  gtk_box_append (GTK_BOX (box), message);
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  SktPreset *preset = gtk_list_item_get_item (item);
  GtkWidget *box = gtk_list_item_get_child (item);
  const char *group = skt_preset_get_group (preset);
  g_autofree char *name = g_strdup_printf (*group != '\0' ? "%s · %s" : "%s", skt_preset_get_name (preset), group);
  g_autofree char *excerpt = socketeer_preset_dup_excerpt (skt_preset_get_message (preset));

  gtk_label_set_label (GTK_LABEL (gtk_widget_get_first_child (box)), name);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_last_child (box)), excerpt);
}

static void
update (SocketeerPresetChooser *self)
{
  gboolean has_some = g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0;

  gtk_stack_set_visible_child_name (self->stack, has_some ? "some" : "none");
  gtk_widget_set_sensitive (GTK_WIDGET (self->add_button), has_some);
}

static void
search_changed_cb (SocketeerPresetChooser *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  g_free (self->found);
  self->found = *text != '\0' ? g_utf8_casefold (text, -1) : NULL;
  gtk_filter_changed (gtk_filter_list_model_get_filter (self->model), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
choose_cb (SocketeerPresetChooser *self)
{
  SktPreset *preset = gtk_single_selection_get_selected_item (self->selection);

  if (preset == NULL)
    return;
  g_signal_emit (self, signals[DONE], 0, preset);
  gtk_window_close (GTK_WINDOW (self));
}

/* -- GObject ---------------------------------------------------------------------------------------------------- */

SocketeerPresetChooser *
socketeer_preset_chooser_new (GtkWindow *parent, SktPresetStore *store)
{
  SocketeerPresetChooser *self = g_object_new (SOCKETEER_TYPE_PRESET_CHOOSER, "transient-for", parent, NULL);

  gtk_filter_list_model_set_model (self->model, G_LIST_MODEL (store));
  update (self);
  return self;
}

static void
socketeer_preset_chooser_dispose (GObject *object)
{
  SocketeerPresetChooser *self = SOCKETEER_PRESET_CHOOSER (object);

  if (self->model != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->model, self);
      gtk_filter_list_model_set_filter (self->model, NULL);
    }
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (socketeer_preset_chooser_parent_class)->dispose (object);
}

static void
socketeer_preset_chooser_finalize (GObject *object)
{
  g_free (SOCKETEER_PRESET_CHOOSER (object)->found);
  G_OBJECT_CLASS (socketeer_preset_chooser_parent_class)->finalize (object);
}

#define bind(name) gtk_widget_class_bind_template_child (widget_class, SocketeerPresetChooser, name)

static void
socketeer_preset_chooser_class_init (SocketeerPresetChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_preset_chooser_dispose;
  G_OBJECT_CLASS (klass)->finalize = socketeer_preset_chooser_finalize;
  signals[DONE] =
    g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, SKT_TYPE_PRESET);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-preset-chooser.ui");
  bind (search_entry);
  bind (stack);
  bind (list_view);
  bind (add_button);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
socketeer_preset_chooser_init (SocketeerPresetChooser *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_mnemonic_keep_names (GTK_WIDGET (self));
  self->model = gtk_filter_list_model_new (NULL, GTK_FILTER (gtk_custom_filter_new (matches, self, NULL)));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->model)));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_list_view_set_factory (self->list_view, factory);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_swapped (self->model, "items-changed", G_CALLBACK (update), self);
  gtk_search_entry_set_key_capture_widget (self->search_entry, GTK_WIDGET (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}
