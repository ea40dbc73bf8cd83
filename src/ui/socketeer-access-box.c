/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-access-box.h"

#include <glib/gi18n.h>

#include "socketeer-entry.h"
#include "socketeer-mnemonic.h"
#include "socketeer-settings.h"
#include "socketeer-narrow.h"

struct _SocketeerAccessBox
{
  GtkWidget parent_instance;

  /* template */
  GtkSpinButton *limit_spin, *address_limit_spin;
  GtkEntry *allow_entry, *deny_entry;
  GtkLabel *allow_problem, *deny_problem;

  /* owned */
  SktSession *session;

  gboolean is_loading;
};

G_DEFINE_FINAL_TYPE (SocketeerAccessBox, socketeer_access_box, GTK_TYPE_WIDGET)

static const char *
get_text (GtkEntry *entry)
{
  return gtk_editable_get_text (GTK_EDITABLE (entry));
}

static void
show_problem (GtkEntry *entry, GtkLabel *label, const char *problem)
{
  socketeer_entry_set_bad (entry, problem != NULL);
  gtk_label_set_label (label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (label), problem != NULL);
}

static char *
check (GtkEntry *entry, GtkLabel *label)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *shown = NULL;

  if (skt_access_check_networks (get_text (entry), &error))
    {
      show_problem (entry, label, NULL);
      return NULL;
    }
  /* Translators: %s is a sentence on what is wrong with what was entered */
  shown = g_strdup_printf (_ ("%s This is not in force."), error->message);
  show_problem (entry, label, shown);
  return g_strdup (error->message);
}

static void
save (SocketeerAccessBox *self)
{
  GSettings *settings = socketeer_settings_get ();

  g_settings_set_int (settings, "max-connections", gtk_spin_button_get_value_as_int (self->limit_spin));
  g_settings_set_int (settings, "max-connections-per-address", gtk_spin_button_get_value_as_int (self->address_limit_spin));
  g_settings_set_string (settings, "allowed-networks", get_text (self->allow_entry));
  g_settings_set_string (settings, "denied-networks", get_text (self->deny_entry));
}

static void
put_in_force (SocketeerAccessBox *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktAccess) access = NULL;

  access = skt_access_new (&(SktAccessOptions){
                             .allow = get_text (self->allow_entry),
                             .deny = get_text (self->deny_entry),
                             .max_connections = gtk_spin_button_get_value_as_int (self->limit_spin),
                             .max_per_address = gtk_spin_button_get_value_as_int (self->address_limit_spin),
                           },
                           &error);
  g_return_if_fail (access != NULL);
  skt_session_set_access (self->session, access);
}

gboolean
socketeer_access_box_apply (SocketeerAccessBox *self, char **ret_problem)
{
  g_autofree char *allow = NULL, *deny = NULL;

  g_return_val_if_fail (SOCKETEER_IS_ACCESS_BOX (self), FALSE);

  allow = check (self->allow_entry, self->allow_problem);
  deny = check (self->deny_entry, self->deny_problem);
  if (allow == NULL && deny == NULL)
    {
      put_in_force (self);
      save (self);
      return TRUE;
    }
  if (ret_problem != NULL)
    {
      gtk_widget_grab_focus (GTK_WIDGET (allow != NULL ? self->allow_entry : self->deny_entry));
      *ret_problem = g_strdup (allow != NULL ? allow : deny);
    }
  return FALSE;
}

static void
changed_cb (SocketeerAccessBox *self)
{
  if (self->session != NULL && !self->is_loading)
    socketeer_access_box_apply (self, NULL);
}

/* Not while it is typed: 10.0.0.0/2 is on the way to 10.0.0.0/24. */
static void
text_changed_cb (GtkEntry *entry, gpointer user_data)
{
  SocketeerAccessBox *self = user_data;

  show_problem (entry, entry == self->allow_entry ? self->allow_problem : self->deny_problem, NULL);
}

static void
load (SocketeerAccessBox *self)
{
  GSettings *settings = socketeer_settings_get ();
  g_autofree char *allow = g_settings_get_string (settings, "allowed-networks");
  g_autofree char *deny = g_settings_get_string (settings, "denied-networks");

  self->is_loading = TRUE;
  gtk_spin_button_set_value (self->limit_spin, g_settings_get_int (settings, "max-connections"));
  gtk_spin_button_set_value (self->address_limit_spin, g_settings_get_int (settings, "max-connections-per-address"));
  gtk_editable_set_text (GTK_EDITABLE (self->allow_entry), allow);
  gtk_editable_set_text (GTK_EDITABLE (self->deny_entry), deny);
  self->is_loading = FALSE;
}

void
socketeer_access_box_set_session (SocketeerAccessBox *self, SktSession *session)
{
  g_return_if_fail (SOCKETEER_IS_ACCESS_BOX (self));

  g_set_object (&self->session, session);
  load (self);
  socketeer_access_box_apply (self, NULL);
}

void
socketeer_access_box_get_tab (SocketeerAccessBox *self, SktTab *tab)
{
  g_return_if_fail (SOCKETEER_IS_ACCESS_BOX (self));

  socketeer_entry_get_kept (self->allow_entry, &tab->allow);
  socketeer_entry_get_kept (self->deny_entry, &tab->deny);
  tab->max_connections = gtk_spin_button_get_value_as_int (self->limit_spin);
  tab->max_per_address = gtk_spin_button_get_value_as_int (self->address_limit_spin);
}

void
socketeer_access_box_set_tab (SocketeerAccessBox *self, const SktTab *tab)
{
  g_return_if_fail (SOCKETEER_IS_ACCESS_BOX (self));

  self->is_loading = TRUE;
  gtk_spin_button_set_value (self->limit_spin, tab->max_connections);
  gtk_spin_button_set_value (self->address_limit_spin, tab->max_per_address);
  gtk_editable_set_text (GTK_EDITABLE (self->allow_entry), tab->allow);
  gtk_editable_set_text (GTK_EDITABLE (self->deny_entry), tab->deny);
  self->is_loading = FALSE;
  changed_cb (self);
}

static void
socketeer_access_box_dispose (GObject *object)
{
  SocketeerAccessBox *self = SOCKETEER_ACCESS_BOX (object);
  GtkWidget *child;

  g_clear_object (&self->session);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (socketeer_access_box_parent_class)->dispose (object);
}

static void
socketeer_access_box_class_init (SocketeerAccessBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_access_box_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-access-box.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerAccessBox, limit_spin);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAccessBox, address_limit_spin);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAccessBox, allow_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAccessBox, deny_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAccessBox, allow_problem);
  gtk_widget_class_bind_template_child (widget_class, SocketeerAccessBox, deny_problem);
}

static gboolean
output_cb (GtkSpinButton *spin, gpointer user_data)
{
  if (gtk_spin_button_get_value_as_int (spin) != 0)
    return FALSE;
  /* Translators: instead of a number; keep it short */
  gtk_editable_set_text (GTK_EDITABLE (spin), _ ("no limit"));
  return TRUE;
}

static void
watch_entry (SocketeerAccessBox *self, GtkEntry *entry)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect_swapped (focus, "leave", G_CALLBACK (changed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (entry), focus);
  g_signal_connect_swapped (entry, "activate", G_CALLBACK (changed_cb), self);
  g_signal_connect (entry, "changed", G_CALLBACK (text_changed_cb), self);
}

static void
socketeer_access_box_init (SocketeerAccessBox *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_mnemonic_keep_names (GTK_WIDGET (self));
  socketeer_narrow_let_shrink (GTK_WIDGET (self));
  g_signal_connect (self->limit_spin, "output", G_CALLBACK (output_cb), NULL);
  g_signal_connect (self->address_limit_spin, "output", G_CALLBACK (output_cb), NULL);
  gtk_spin_button_update (self->limit_spin);
  gtk_spin_button_update (self->address_limit_spin);
  g_signal_connect_swapped (self->limit_spin, "value-changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->address_limit_spin, "value-changed", G_CALLBACK (changed_cb), self);
  watch_entry (self, self->allow_entry);
  watch_entry (self, self->deny_entry);
}
