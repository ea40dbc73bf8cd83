/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-recent-row.h"

#include <glib/gi18n.h>

struct _SocketeerRecentRow
{
  GtkListBoxRow parent_instance;

  /* template */
  GtkImage *image;
  GtkLabel *endpoint_label, *detail_label;
  GtkButton *remove_button;

  SktRecentEntry entry; /* the endpoint is owned */
};

enum
{
  REMOVE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerRecentRow, socketeer_recent_row, GTK_TYPE_LIST_BOX_ROW)

const SktRecentEntry *
socketeer_recent_row_get_entry (SocketeerRecentRow *self)
{
  g_return_val_if_fail (SOCKETEER_IS_RECENT_ROW (self), NULL);
  return &self->entry;
}

static void
remove_cb (SocketeerRecentRow *self)
{
  g_signal_emit (self, signals[REMOVE], 0);
}

static void
name (gpointer widget, const char *text)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

GtkWidget *
socketeer_recent_row_new (const SktRecentEntry *entry, const char *time)
{
  SocketeerRecentRow *self = g_object_new (SOCKETEER_TYPE_RECENT_ROW, NULL);
  gboolean listens = entry->kind == SKT_RECENT_LISTEN;
  g_autofree char *detail = NULL, *row_name = NULL, *remove_name = NULL;

  self->entry = *entry;
  self->entry.endpoint = g_strdup (entry->endpoint);
  /* Translators: an endpoint that was used; %s is when: "13:02", "yesterday" */
  detail = g_strdup_printf (listens ? _ ("Server, %s") : _ ("Client, %s"), time);
  /* Translators: %1$s is an address and port, %2$s is when it was used: "13:02", "yesterday" */
  row_name = g_strdup_printf (listens ? _ ("Listen on %1$s, used %2$s") : _ ("Connect to %1$s, used %2$s"), entry->endpoint, time);
  /* Translators: button; %s is an address and port */
  remove_name = g_strdup_printf (_ ("Remove %s from the list"), entry->endpoint);
  gtk_image_set_from_icon_name (self->image, listens ? "skt-server-symbolic" : "skt-client-symbolic");
  gtk_label_set_label (self->endpoint_label, entry->endpoint);
  gtk_label_set_label (self->detail_label, detail);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->remove_button), remove_name);
  name (self, row_name);
  name (self->remove_button, remove_name);
  return GTK_WIDGET (self);
}

static void
socketeer_recent_row_finalize (GObject *object)
{
  g_free (SOCKETEER_RECENT_ROW (object)->entry.endpoint);
  G_OBJECT_CLASS (socketeer_recent_row_parent_class)->finalize (object);
}

static void
socketeer_recent_row_class_init (SocketeerRecentRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = socketeer_recent_row_finalize;
  signals[REMOVE] = g_signal_new ("remove", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-recent-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerRecentRow, image);
  gtk_widget_class_bind_template_child (widget_class, SocketeerRecentRow, endpoint_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerRecentRow, detail_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerRecentRow, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
}

static void
socketeer_recent_row_init (SocketeerRecentRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
