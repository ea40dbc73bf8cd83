/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-life-chooser.h"

#include <glib/gi18n.h>

#include "skt-life-list.h"
#include "skt-record-text.h"
#include "socketeer-paths.h"

/* A damaged or hostile journal may have any number. */
#define MAX_ENTRIES 20000

struct _SocketeerLifeChooser
{
  GtkWidget parent_instance;

  /* template */
  GtkDropDown *drop_down;

  /* owned */
  GPtrArray *entries;    /* SktLifeEntry; NULL: none */
  GCancellable *looking; /* NULL: no worker is at it */

  guint chosen;
};

enum
{
  PROP_0,
  PROP_CHOSEN,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (SocketeerLifeChooser, socketeer_life_chooser, GTK_TYPE_WIDGET)

/* -- Choosing ----------------------------------------------------------------------------------------------------- */

static void
selected_cb (SocketeerLifeChooser *self)
{
  guint i = gtk_drop_down_get_selected (self->drop_down);
  guint chosen = self->entries != NULL && i < self->entries->len ? ((SktLifeEntry *) self->entries->pdata[i])->id : 0;

  if (chosen == self->chosen)
    return;
  self->chosen = chosen;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CHOSEN]);
}

static char *
entry_to_text (const SktLifeEntry *entry)
{
  SktRecord note = { .kind = SKT_RECORD_NOTE };
  g_autofree char *address = entry->address != NULL ? skt_record_to_text (&note, entry->address, -1) : NULL;

  if (address == NULL)
    return g_strdup_printf ("%u", entry->id);
  if (!entry->is_opened)
    /* Translators: number of a connection, then an address or a host */
    return g_strdup_printf (_ ("%u: %s (never made)"), entry->id, address);
  return g_strdup_printf ("%u: %s", entry->id, address);
}

static void
show (SocketeerLifeChooser *self, GPtrArray *entries)
{
  g_auto (GStrv) names = g_new0 (char *, (entries != NULL ? entries->len : 0) + 1);
  g_autoptr (GtkStringList) model = NULL;

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    names[i] = entry_to_text (entries->pdata[i]);
  model = gtk_string_list_new ((const char *const *) names);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  self->entries = entries;
  gtk_drop_down_set_model (self->drop_down, G_LIST_MODEL (model));
  gtk_widget_set_visible (GTK_WIDGET (self), entries != NULL && entries->len > 0);
  selected_cb (self);
}

/* -- Looking ------------------------------------------------------------------------------------------------------ */

static void
journal_unref (SktJournal **journal)
{
  g_clear_pointer (journal, skt_journal_unref);
  g_free (journal);
}

static void
look_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  SktJournal **journal = task_data;
  GPtrArray *entries = skt_life_list_new (*journal, MAX_ENTRIES, cancellable);

  /* the last reference deletes the files: not on the main thread */
  g_clear_pointer (journal, skt_journal_unref);
  g_task_return_pointer (task, entries, (GDestroyNotify) g_ptr_array_unref);
}

static void
looked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SocketeerLifeChooser *self = SOCKETEER_LIFE_CHOOSER (object);
  g_autoptr (GPtrArray) entries = g_task_propagate_pointer (G_TASK (result), NULL);

  if (g_task_get_cancellable (G_TASK (result)) != self->looking)
    return;
  g_clear_object (&self->looking);
  show (self, g_steal_pointer (&entries));
}

void
socketeer_life_chooser_set_journal (SocketeerLifeChooser *self, SktJournal *journal)
{
  g_autoptr (GTask) task = NULL;
  SktJournal **data;

  g_return_if_fail (SOCKETEER_IS_LIFE_CHOOSER (self));

  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  show (self, NULL);
  if (journal == NULL)
    return;
  data = g_new (SktJournal *, 1);
  *data = skt_journal_ref (journal);
  self->looking = g_cancellable_new ();
  task = g_task_new (self, self->looking, looked_cb, NULL);
  g_task_set_task_data (task, data, (GDestroyNotify) journal_unref);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, look_in_worker);
}

guint32
socketeer_life_chooser_get_chosen (SocketeerLifeChooser *self)
{
  g_return_val_if_fail (SOCKETEER_IS_LIFE_CHOOSER (self), 0);
  return self->chosen;
}

/* -- GObject ------------------------------------------------------------------------------------------------------ */

static void
socketeer_life_chooser_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CHOSEN:
      g_value_set_uint (value, SOCKETEER_LIFE_CHOOSER (object)->chosen);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_life_chooser_dispose (GObject *object)
{
  SocketeerLifeChooser *self = SOCKETEER_LIFE_CHOOSER (object);
  GtkWidget *child;

  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  self->drop_down = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->entries, g_ptr_array_unref);

  G_OBJECT_CLASS (socketeer_life_chooser_parent_class)->dispose (object);
}

static void
socketeer_life_chooser_class_init (SocketeerLifeChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = socketeer_life_chooser_get_property;
  G_OBJECT_CLASS (klass)->dispose = socketeer_life_chooser_dispose;
  props[PROP_CHOSEN] =
    g_param_spec_uint ("chosen", NULL, NULL, 0, G_MAXUINT32, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-life-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerLifeChooser, drop_down);
}

static void
socketeer_life_chooser_init (SocketeerLifeChooser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->drop_down, "notify::selected", G_CALLBACK (selected_cb), self);
}
