/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-progress-row.h"

#include <glib/gi18n.h>

#include "socketeer-format.h"

/* What is over sooner needs no row. */
#define SHOW_AFTER_MS 400
#define RATE_INTERVAL (G_USEC_PER_SEC / 2)

struct _SocketeerProgressRow
{
  GtkWidget parent_instance;

  /* template */
  GtkRevealer *revealer;
  GtkLabel *title_label, *detail_label;
  GtkProgressBar *bar;
  GtkButton *cancel_button;

  /* owned */
  GCancellable *cancellable;
  guint show_source;

  /* Of the last measurement. */
  gint64 rate_time;
  goffset rate_done;
  double rate; /* bytes a second; 0: not known yet */
};

G_DEFINE_FINAL_TYPE (SocketeerProgressRow, socketeer_progress_row, GTK_TYPE_WIDGET)

static gboolean
show_cb (gpointer data)
{
  SocketeerProgressRow *self = data;

  self->show_source = 0;
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  return G_SOURCE_REMOVE;
}

static void
measure_rate (SocketeerProgressRow *self, goffset done)
{
  const gint64 now = g_get_monotonic_time ();
  double rate;

  if (self->rate_time == 0)
    {
      self->rate_time = now;
      self->rate_done = done;
      return;
    }
  if (now - self->rate_time < RATE_INTERVAL)
    return;
  rate = (done - self->rate_done) * (double) G_USEC_PER_SEC / (now - self->rate_time);
  self->rate = self->rate == 0 ? rate : (self->rate + rate) / 2;
  self->rate_time = now;
  self->rate_done = done;
}

static char *
dup_detail (SocketeerProgressRow *self, goffset done, goffset total)
{
  g_autofree char *done_text = socketeer_format_size (done);
  g_autofree char *total_text = socketeer_format_size (total);
  g_autofree char *rate_text = NULL;

  if (g_cancellable_is_cancelled (self->cancellable))
    return g_strdup (_ ("Cancelling…"));
  if (done >= total)
    /* Translators: all is written; it is waited for the disk */
    return g_strdup (_ ("Finishing…"));
  if (self->rate <= 0)
    /* Translators: two sizes such as “1.2 MiB” */
    return g_strdup_printf (_ ("%s of %s"), done_text, total_text);
  rate_text = socketeer_format_rate (self->rate);
  /* Translators: two sizes such as “1.2 MiB”, and a rate such as “3.4 MiB/s” */
  return g_strdup_printf (_ ("%s of %s, %s"), done_text, total_text, rate_text);
}

void
socketeer_progress_row_update (goffset done, goffset total, gpointer data)
{
  SocketeerProgressRow *self = data;
  g_autofree char *detail = NULL;

  g_return_if_fail (SOCKETEER_IS_PROGRESS_ROW (self));

  /* Its page was closed meanwhile. */
  if (self->revealer == NULL)
    return;
  measure_rate (self, done);
  detail = dup_detail (self, done, total);
  gtk_label_set_label (self->detail_label, detail);
  gtk_progress_bar_set_fraction (self->bar, total > 0 ? CLAMP ((double) done / total, 0, 1) : 0);
}

static void
cancel_cb (SocketeerProgressRow *self)
{
  g_cancellable_cancel (self->cancellable);
  gtk_label_set_label (self->detail_label, _ ("Cancelling…"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->cancel_button), FALSE);
}

static gboolean
remove_cb (gpointer data)
{
  GtkWidget *self = data, *parent = gtk_widget_get_parent (self);

  if (parent != NULL && GTK_IS_BOX (parent))
    gtk_box_remove (GTK_BOX (parent), self);
  return G_SOURCE_REMOVE;
}

static void
remove_soon (SocketeerProgressRow *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, remove_cb, g_object_ref (self), g_object_unref);
}

void
socketeer_progress_row_finish (SocketeerProgressRow *self)
{
  g_return_if_fail (SOCKETEER_IS_PROGRESS_ROW (self));

  g_clear_handle_id (&self->show_source, g_source_remove);
  if (self->revealer == NULL)
    return;
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || !gtk_revealer_get_child_revealed (self->revealer))
    {
      remove_soon (self);
      return;
    }
  g_signal_connect_object (self->revealer, "notify::child-revealed", G_CALLBACK (remove_soon), self,
                           G_CONNECT_SWAPPED);
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}

static void
socketeer_progress_row_dispose (GObject *object)
{
  SocketeerProgressRow *self = SOCKETEER_PROGRESS_ROW (object);

  g_clear_handle_id (&self->show_source, g_source_remove);
  g_clear_pointer ((GtkWidget **) &self->revealer, gtk_widget_unparent);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (socketeer_progress_row_parent_class)->dispose (object);
}

static void
socketeer_progress_row_class_init (SocketeerProgressRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_progress_row_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-progress-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerProgressRow, revealer);
  gtk_widget_class_bind_template_child (widget_class, SocketeerProgressRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerProgressRow, detail_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerProgressRow, bar);
  gtk_widget_class_bind_template_child (widget_class, SocketeerProgressRow, cancel_button);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
}

static void
socketeer_progress_row_init (SocketeerProgressRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
socketeer_progress_row_new (const char *title, const char *cancel_label, GCancellable *cancellable)
{
  SocketeerProgressRow *self = g_object_new (SOCKETEER_TYPE_PROGRESS_ROW, NULL);

  self->cancellable = g_object_ref (cancellable);
  gtk_label_set_label (self->title_label, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->cancel_button), GTK_ACCESSIBLE_PROPERTY_LABEL, cancel_label,
                                  -1);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  self->show_source = g_timeout_add (SHOW_AFTER_MS, show_cb, self);
  return GTK_WIDGET (self);
}
