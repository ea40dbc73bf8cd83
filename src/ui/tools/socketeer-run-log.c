/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-run-log.h"

#include "socketeer-compat.h"
#include "socketeer-follow.h"

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
  SocketeerFollow follow;
};

G_DEFINE_FINAL_TYPE (SocketeerRunLog, socketeer_run_log, GTK_TYPE_WIDGET)

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
  socketeer_follow_queue (&self->follow);
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
  socketeer_follow_restart (&self->follow);
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
  socketeer_follow_queue (&SOCKETEER_RUN_LOG (widget)->follow);
}

static void
socketeer_run_log_dispose (GObject *object)
{
  SocketeerRunLog *self = SOCKETEER_RUN_LOG (object);
  GtkWidget *child;

  socketeer_follow_clear (&self->follow);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
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
  gtk_widget_init_template (GTK_WIDGET (self));
  self->buffer = gtk_text_view_get_buffer (self->text_view);
  self->time_tag = gtk_text_buffer_create_tag (self->buffer, NULL, "family", "monospace", "scale", 0.9, NULL);
  self->pass_tag = gtk_text_buffer_create_tag (self->buffer, NULL, NULL);
  self->fail_tag = gtk_text_buffer_create_tag (self->buffer, NULL, NULL);
  socketeer_follow_init (&self->follow, self->scrolled);
}
