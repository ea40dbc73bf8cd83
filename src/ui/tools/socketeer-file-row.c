/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-file-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "skt-size.h"
#include "socketeer-format.h"

#define RENEW_MS 250
#define RATE_INTERVAL (G_USEC_PER_SEC / 2)
/* The list of receivers is for looking at. */
#define MAX_RECEIVERS 100

struct _SocketeerFileRow
{
  GtkWidget parent_instance;

  /* template */
  GtkImage *problem_image;
  GtkLabel *title_label, *report_label, *detail_label, *receivers_label;
  GtkToggleButton *details_button, *pause_button;
  GtkEntry *limit_entry;
  GtkButton *cancel_button, *close_button;
  GtkWidget *progress_box, *details_window;
  GtkProgressBar *bar;

  /* owned */
  SktFileJob *job;
  guint timer; /* while it is mapped and not over */

  /* Of the last measurement. */
  gint64 rate_time;
  guint64 rate_sent;
  double rate; /* bytes a second, all receivers together; 0: not known */
};

G_DEFINE_FINAL_TYPE (SocketeerFileRow, socketeer_file_row, GTK_TYPE_WIDGET)

/* -- Progress ------------------------------------------------------------------------------------------------- */

static void
measure_rate (SocketeerFileRow *self, guint64 sent)
{
  const gint64 now = g_get_monotonic_time ();

  if (self->rate_time != 0 && now - self->rate_time < RATE_INTERVAL)
    return;
  if (self->rate_time != 0)
    {
      double rate = (double) (sent - self->rate_sent) * G_USEC_PER_SEC / (now - self->rate_time);

      self->rate = self->rate == 0 ? rate : (self->rate + rate) / 2;
    }
  self->rate_time = now;
  self->rate_sent = sent;
}

static char *
dup_remaining (double seconds)
{
  if (seconds < 60)
    /* Translators: that long it takes yet */
    return g_strdup_printf (_ ("%d s left"), (int) seconds + 1);
  if (seconds < 3600)
    /* Translators: minutes and seconds that it takes yet */
    return g_strdup_printf (_ ("%d:%02d min left"), (int) (seconds / 60), (int) seconds % 60);
  if (seconds < 100 * 3600.0)
    /* Translators: hours and minutes that it takes yet */
    return g_strdup_printf (_ ("%d:%02d h left"), (int) (seconds / 3600), (int) (seconds / 60) % 60);
  return g_strdup (_ ("more than 100 h left"));
}

static char *
dup_detail (SocketeerFileRow *self, const SktFileProgress *progress)
{
  g_autofree char *sent = NULL, *expected = NULL, *rate = NULL, *remaining = NULL;

  if (skt_file_job_get_state (self->job) == SKT_FILE_WAITING)
    /* Translators: a file that is sent when those before it are */
    return g_strdup (_ ("waiting for the file before it"));
  if (progress->waits_for_journal)
    return g_strdup (_ ("waiting for room in the journal"));
  sent = socketeer_format_size (progress->sent);
  expected = socketeer_format_size (progress->expected);
  if (skt_file_job_get_paused (self->job))
    /* Translators: two sizes such as “1.2 MiB” */
    return g_strdup_printf (_ ("paused at %s of %s"), sent, expected);
  if (self->rate < 1)
    return progress->sent > 0 && self->rate_time != 0 && progress->sent < progress->expected
             /* Translators: two sizes such as “1.2 MiB” */
             ? g_strdup_printf (_ ("%s of %s, waiting for the peer to read"), sent, expected)
             : g_strdup_printf (_ ("%s of %s"), sent, expected);
  rate = socketeer_format_rate (self->rate);
  remaining = dup_remaining ((progress->expected - progress->sent) / self->rate);
  /* Translators: two sizes such as “1.2 MiB”, a rate such as “3.4 MiB/s”, and “12 s left” */
  return g_strdup_printf (_ ("%s of %s, %s, %s"), sent, expected, rate, remaining);
}

static void
update_receivers (SocketeerFileRow *self)
{
  guint n = skt_file_job_get_n_receivers (self->job);
  GString *text;

  if (!gtk_toggle_button_get_active (self->details_button))
    return;
  text = g_string_new (NULL);
  for (guint i = 0; i < MIN (n, MAX_RECEIVERS); i++)
    {
      g_autofree char *one = skt_file_job_dup_receiver_text (self->job, i);

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", one);
    }
  if (n > MAX_RECEIVERS)
    {
      g_string_append_c (text, '\n');
      g_string_append_printf (text, ngettext ("and %u more", "and %u more", n - MAX_RECEIVERS), n - MAX_RECEIVERS);
    }
  gtk_label_set_label (self->receivers_label, text->str);
  g_string_free (text, TRUE);
}

static void
update (SocketeerFileRow *self)
{
  g_autofree char *detail = NULL;
  SktFileProgress progress;

  skt_file_job_get_progress (self->job, &progress);
  if (skt_file_job_get_state (self->job) == SKT_FILE_SENDING)
    measure_rate (self, progress.sent);
  detail = dup_detail (self, &progress);
  gtk_label_set_label (self->detail_label, detail);
  gtk_progress_bar_set_fraction (self->bar, progress.expected > 0 ? (double) progress.sent / progress.expected : 0);
  update_receivers (self);
}

static gboolean
timer_cb (gpointer data)
{
  update (data);
  return G_SOURCE_CONTINUE;
}

static void
update_timer (SocketeerFileRow *self)
{
  gboolean runs = gtk_widget_get_mapped (GTK_WIDGET (self)) && !skt_file_job_is_over (self->job);

  if (!runs)
    g_clear_handle_id (&self->timer, g_source_remove);
  else if (self->timer == 0)
    {
      update (self);
      self->timer = g_timeout_add (RENEW_MS, timer_cb, self);
    }
}

static void
map_cb (SocketeerFileRow *self)
{
  update_timer (self);
}

/* -- Its buttons ---------------------------------------------------------------------------------------------- */

static void
limit_changed_cb (SocketeerFileRow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->limit_entry));
  g_autofree char *number = g_strstrip (g_strdup (text));
  guint64 limit = 0;
  gboolean is_good;

  if (g_str_has_suffix (number, "/s"))
    number[strlen (number) - 2] = '\0';
  is_good = number[0] == '\0' || (skt_size_from_text (number, 1, &limit) && limit > 0);
  if (is_good)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->limit_entry), "error");
      skt_file_job_set_limit (self->job, limit);
    }
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->limit_entry), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->limit_entry), GTK_ACCESSIBLE_STATE_INVALID,
                               is_good ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->limit_entry),
                               is_good ? _ ("At most so many bytes a second to each receiver, such as 100 KiB; empty: no limit")
                                       : _ ("This is not a rate: enter a number of bytes a second, such as 5000, 100 KiB or 2 MiB"));
}

static void
pause_toggled_cb (SocketeerFileRow *self)
{
  gboolean is_paused = gtk_toggle_button_get_active (self->pause_button);

  skt_file_job_set_paused (self->job, is_paused);
  gtk_button_set_icon_name (GTK_BUTTON (self->pause_button),
                            is_paused ? "media-playback-start-symbolic" : "media-playback-pause-symbolic");
  self->rate = 0;
  self->rate_time = 0;
  update (self);
}

static void
cancel_cb (SocketeerFileRow *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->cancel_button), FALSE);
  skt_file_job_cancel (self->job);
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
close_cb (SocketeerFileRow *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, remove_cb, g_object_ref (self), g_object_unref);
}

static void
finished_cb (SktFileJob *job, gpointer user_data)
{
  SocketeerFileRow *self = user_data;
  gboolean is_good = skt_file_job_get_state (job) == SKT_FILE_SENT;
  gboolean had_focus = gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL;

  g_clear_handle_id (&self->timer, g_source_remove);
  gtk_label_set_label (self->report_label, skt_file_job_get_report (job));
  gtk_widget_set_visible (GTK_WIDGET (self->problem_image), !is_good);
  gtk_widget_set_visible (GTK_WIDGET (self->title_label), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->report_label), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->limit_entry), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->pause_button), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel_button), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->close_button), TRUE);
  gtk_widget_set_visible (self->progress_box, FALSE);
  update_receivers (self);
  if (had_focus)
    gtk_widget_grab_focus (GTK_WIDGET (self->close_button));
}

/* -- Object --------------------------------------------------------------------------------------------------- */

static void
socketeer_file_row_dispose (GObject *object)
{
  SocketeerFileRow *self = SOCKETEER_FILE_ROW (object);
  GtkWidget *child;

  g_clear_handle_id (&self->timer, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->job);

  G_OBJECT_CLASS (socketeer_file_row_parent_class)->dispose (object);
}

static void
socketeer_file_row_class_init (SocketeerFileRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_file_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-file-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerFileRow, problem_image);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFileRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFileRow, report_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFileRow, detail_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFileRow, receivers_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFileRow, details_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFileRow, pause_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFileRow, limit_entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFileRow, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFileRow, close_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFileRow, progress_box);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFileRow, details_window);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFileRow, bar);
  gtk_widget_class_bind_template_callback (widget_class, limit_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, pause_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_cb);
}

static void
socketeer_file_row_init (SocketeerFileRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
socketeer_file_row_new (SktFileJob *job)
{
  SocketeerFileRow *self = g_object_new (SOCKETEER_TYPE_FILE_ROW, NULL);
  guint n = skt_file_job_get_n_receivers (job);
  g_autofree char *name = skt_file_job_dup_name (job);
  /* Translators: a file's name, and to how many connections it is sent */
  g_autofree char *title = g_strdup_printf (ngettext ("Sending “%s” to %u connection", "Sending “%s” to %u connections", n), name, n);

  self->job = g_object_ref (job);
  gtk_label_set_label (self->title_label, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->details_button), n > 1);
  g_signal_connect_object (job, "finished", G_CALLBACK (finished_cb), self, 0);
  g_signal_connect_swapped (self->details_button, "toggled", G_CALLBACK (update_receivers), self);
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
  g_signal_connect_after (self, "unmap", G_CALLBACK (map_cb), NULL);
  return GTK_WIDGET (self);
}
