/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-hit-marks.h"

#include <math.h>
#include <string.h>

#include "socketeer-compat.h"

#define WIDTH 5
#define MIN_HEIGHT 2

struct _SocketeerHitMarks
{
  GtkWidget parent_instance;
  guint8 marks[SOCKETEER_N_HIT_MARKS];
  gboolean has_marks;
};

G_DEFINE_FINAL_TYPE (SocketeerHitMarks, socketeer_hit_marks, GTK_TYPE_WIDGET)

void
socketeer_hit_marks_set (SocketeerHitMarks *self, const guint8 *marks)
{
  g_return_if_fail (SOCKETEER_IS_HIT_MARKS (self));

  if (marks == NULL ? !self->has_marks : self->has_marks && memcmp (marks, self->marks, sizeof self->marks) == 0)
    return;
  self->has_marks = marks != NULL;
  if (marks != NULL)
    memcpy (self->marks, marks, sizeof self->marks);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const guint8 *
socketeer_hit_marks_get (SocketeerHitMarks *self)
{
  g_return_val_if_fail (SOCKETEER_IS_HIT_MARKS (self), NULL);
  return self->has_marks ? self->marks : NULL;
}

static void
socketeer_hit_marks_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SocketeerHitMarks *self = SOCKETEER_HIT_MARKS (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GdkRGBA color;

  if (!self->has_marks || width <= 0 || height <= 0)
    return;
  if (!socketeer_compat_lookup_color (widget, "warning_color", &color))
    gdk_rgba_parse (&color, "#9c6e03");
  for (guint i = 0; i < SOCKETEER_N_HIT_MARKS; i++)
    {
      guint first = i;
      double y, end;

      if (self->marks[i] == 0)
        continue;
      while (i + 1 < SOCKETEER_N_HIT_MARKS && self->marks[i + 1] != 0)
        i++;
      y = floor ((double) first * height / SOCKETEER_N_HIT_MARKS);
      end = ceil ((double) (i + 1) * height / SOCKETEER_N_HIT_MARKS);
      y = MIN (y, height - MIN_HEIGHT);
      gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (0, y, width, MAX (MIN_HEIGHT, end - y)));
    }
}

static void
socketeer_hit_marks_measure (GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : 0;
}

static void
socketeer_hit_marks_class_init (SocketeerHitMarksClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = socketeer_hit_marks_snapshot;
  widget_class->measure = socketeer_hit_marks_measure;
  gtk_widget_class_set_css_name (widget_class, "hitmarks");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
socketeer_hit_marks_init (SocketeerHitMarks *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}
