/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-run-log.h"

#include "socketeer-compat.h"

#define MAX_LINES 2000

struct _SocketeerRunLog
{
  GtkWidget parent_instance;

  /* template */
  GtkScrolledWindow *scrolled;
  GtkTextView *text_view;

  /* borrowed */
  GtkTextBuffer *buffer;
  GtkTextTag *time_tag, *pass_tag, *fail_tag;

  guint n_lines;
  double last_value, last_end; /* of the vertical adjustment */
  guint follow_id;
  gboolean is_following;
};

G_DEFINE_FINAL_TYPE (SocketeerRunLog, socketeer_run_log, GTK_TYPE_WIDGET)

/* -- Following -------------------------------------------------------------------------------------------------- */

static double
get_end (GtkAdjustment *adjustment)
{
  return gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
}

static gboolean
follow_cb (gpointer user_data)
{
  SocketeerRunLog *self = user_data;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);

  self->follow_id = 0;
  gtk_adjustment_set_value (adjustment, get_end (adjustment));
  return G_SOURCE_REMOVE;
}

/* Not at once: the end moves while the view is allocated. */
static void
queue_follow (SocketeerRunLog *self)
{
  if (self->is_following && self->follow_id == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->follow_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, follow_cb, self, NULL);
}

static void
adjustment_changed_cb (GtkAdjustment *adjustment, gpointer user_data)
{
  SocketeerRunLog *self = user_data;

  queue_follow (self);
  self->last_end = get_end (adjustment);
}

/* Only the user scrolls up, and by that the end stays where it is; at the end it is followed again. */
static void
scrolled_cb (GtkAdjustment *adjustment, gpointer user_data)
{
  SocketeerRunLog *self = user_data;
  double value = gtk_adjustment_get_value (adjustment), end = get_end (adjustment);

  if (value >= end - 1)
    self->is_following = TRUE;
  else if (value < self->last_value && end == self->last_end && self->follow_id == 0)
    self->is_following = FALSE;
  self->last_value = value;
  self->last_end = end;
}

/* -- Lines ------------------------------------------------------------------------------------------------------ */

static GtkTextTag *
get_tag (SocketeerRunLog *self, SktRunLineKind kind)
{
  return kind == SKT_RUN_LINE_PASS ? self->pass_tag : kind == SKT_RUN_LINE_FAIL ? self->fail_tag : NULL;
}

/* The mark, and of what has failed all of the line. */
static void
apply_tag (SocketeerRunLog *self, SktRunLineKind kind, guint line, gsize time_length)
{
  GtkTextTag *tag = get_tag (self, kind);
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_line_index (self->buffer, &start, (int) line, 0);
  end = start;
  gtk_text_iter_set_line_index (&end, (int) time_length);
  gtk_text_buffer_apply_tag (self->buffer, self->time_tag, &start, &end);
  if (tag == NULL)
    return;
  start = end;
  if (kind == SKT_RUN_LINE_FAIL)
    gtk_text_iter_forward_to_line_end (&end);
  else
    gtk_text_iter_forward_chars (&end, 3);
  gtk_text_buffer_apply_tag (self->buffer, tag, &start, &end);
}

static void
delete_first_lines (SocketeerRunLog *self, guint n)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_start_iter (self->buffer, &start);
  gtk_text_buffer_get_iter_at_line (self->buffer, &end, (int) n);
  gtk_text_buffer_delete (self->buffer, &start, &end);
  self->n_lines -= n;
}

void
socketeer_run_log_add (SocketeerRunLog *self, const SktRunLine *line, const char *peer)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *shown = NULL;
  GtkTextIter end;
  gsize time_length;

  g_return_if_fail (SOCKETEER_IS_RUN_LOG (self));

  /* A tenth at once: a text view is slow at deleting lines one by one. */
  if (self->n_lines >= MAX_LINES)
    delete_first_lines (self, MAX_LINES / 10);
  skt_run_line_append (line, peer, text, &time_length);
  shown = g_utf8_make_valid (text->str, (gssize) text->len);
  gtk_text_buffer_get_end_iter (self->buffer, &end);
  gtk_text_buffer_insert (self->buffer, &end, shown, -1);
  apply_tag (self, line->kind, self->n_lines, time_length);
  self->n_lines++;
  queue_follow (self);
}

void
socketeer_run_log_add_text (SocketeerRunLog *self, SktRunLineKind kind, const char *text, const char *peer)
{
  SktRunLine line = { g_get_real_time (), 0, kind, (char *) text };

  socketeer_run_log_add (self, &line, peer);
}

void
socketeer_run_log_clear (SocketeerRunLog *self)
{
  g_return_if_fail (SOCKETEER_IS_RUN_LOG (self));

  gtk_text_buffer_set_text (self->buffer, "", 0);
  self->n_lines = 0;
  self->is_following = TRUE;
}

gboolean
socketeer_run_log_is_empty (SocketeerRunLog *self)
{
  g_return_val_if_fail (SOCKETEER_IS_RUN_LOG (self), TRUE);
  return self->n_lines == 0;
}

char *
socketeer_run_log_dup_text (SocketeerRunLog *self)
{
  GtkTextIter start, end;

  g_return_val_if_fail (SOCKETEER_IS_RUN_LOG (self), NULL);

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, TRUE);
}

/* -- GtkWidget -------------------------------------------------------------------------------------------------- */

static void
set_tag_color (SocketeerRunLog *self, GtkTextTag *tag, const char *name)
{
  GdkRGBA color;

  if (socketeer_compat_lookup_color (GTK_WIDGET (self), name, &color))
    g_object_set (tag, "foreground-rgba", &color, NULL);
}

/* Also when the theme changes between light and dark. */
static void
socketeer_run_log_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  SocketeerRunLog *self = SOCKETEER_RUN_LOG (widget);
  GdkRGBA color;

  GTK_WIDGET_CLASS (socketeer_run_log_parent_class)->css_changed (widget, change);
  socketeer_compat_get_color (widget, &color);
  color.alpha *= 0.6f;
  g_object_set (self->time_tag, "foreground-rgba", &color, NULL);
  set_tag_color (self, self->pass_tag, "success_color");
  set_tag_color (self, self->fail_tag, "error_color");
}

static void
socketeer_run_log_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (socketeer_run_log_parent_class)->map (widget);
  queue_follow (SOCKETEER_RUN_LOG (widget));
}

static void
socketeer_run_log_dispose (GObject *object)
{
  SocketeerRunLog *self = SOCKETEER_RUN_LOG (object);
  GtkWidget *child;

  g_clear_handle_id (&self->follow_id, g_source_remove);
  if (self->scrolled != NULL)
    g_signal_handlers_disconnect_by_data (gtk_scrolled_window_get_vadjustment (self->scrolled), self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  self->scrolled = NULL;
  G_OBJECT_CLASS (socketeer_run_log_parent_class)->dispose (object);
}

static void
socketeer_run_log_class_init (SocketeerRunLogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_run_log_dispose;
  widget_class->css_changed = socketeer_run_log_css_changed;
  widget_class->map = socketeer_run_log_map;
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-run-log.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerRunLog, scrolled);
  gtk_widget_class_bind_template_child (widget_class, SocketeerRunLog, text_view);
}

static void
socketeer_run_log_init (SocketeerRunLog *self)
{
  GtkAdjustment *adjustment;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->buffer = gtk_text_view_get_buffer (self->text_view);
  self->time_tag = gtk_text_buffer_create_tag (self->buffer, NULL, "family", "monospace", "scale", 0.9, NULL);
  self->pass_tag = gtk_text_buffer_create_tag (self->buffer, NULL, NULL);
  self->fail_tag = gtk_text_buffer_create_tag (self->buffer, NULL, NULL);
  self->is_following = TRUE;
  adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  g_signal_connect (adjustment, "changed", G_CALLBACK (adjustment_changed_cb), self);
  g_signal_connect (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self);
}
