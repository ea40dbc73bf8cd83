/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-life-row.h"

#include <glib/gi18n.h>

#include "socketeer-compat.h"

/* -- The mark ------------------------------------------------------------------------------------------------- */

#define MARK_WIDTH 16
#define DOT 10
/* Its middle is beside that of the title. */
#define DOT_TOP 6

#define TYPE_LIFE_MARK (life_mark_get_type ())
G_DECLARE_FINAL_TYPE (LifeMark, life_mark, SOCKETEER, LIFE_MARK, GtkWidget)

struct _LifeMark
{
  GtkWidget parent_instance;
  gboolean is_first, is_last, is_live;
};

G_DEFINE_FINAL_TYPE (LifeMark, life_mark, GTK_TYPE_WIDGET)

static void
life_mark_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? MARK_WIDTH : DOT_TOP + DOT;
}

static void
draw_line (GtkSnapshot *snapshot, const GdkRGBA *color, float from, float to)
{
  if (to > from)
    gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT (MARK_WIDTH / 2 - 1, from, 2, to - from));
}

/* A dot, or a ring for what goes on. */
static void
draw_dot (GtkSnapshot *snapshot, const GdkRGBA *color, gboolean is_ring)
{
  const graphene_rect_t bounds = GRAPHENE_RECT_INIT ((MARK_WIDTH - DOT) / 2, DOT_TOP, DOT, DOT);
  const float widths[4] = { 2, 2, 2, 2 };
  const GdkRGBA colors[4] = { *color, *color, *color, *color };
  GskRoundedRect circle;

  gsk_rounded_rect_init_from_rect (&circle, &bounds, DOT / 2.0f);
  if (is_ring)
    {
      gtk_snapshot_append_border (snapshot, &circle, widths, colors);
      return;
    }
  gtk_snapshot_push_rounded_clip (snapshot, &circle);
  gtk_snapshot_append_color (snapshot, color, &bounds);
  gtk_snapshot_pop (snapshot);
}

static void
life_mark_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LifeMark *self = SOCKETEER_LIFE_MARK (widget);
  float height = gtk_widget_get_height (widget);
  GdkRGBA color, line;

  socketeer_compat_get_color (widget, &color);
  line = color;
  line.alpha *= 0.35f;
  if (!self->is_first)
    draw_line (snapshot, &line, 0, DOT_TOP);
  if (!self->is_last)
    draw_line (snapshot, &line, DOT_TOP + DOT, height);
  draw_dot (snapshot, &color, self->is_live);
}

static void
life_mark_class_init (LifeMarkClass *klass)
{
  GTK_WIDGET_CLASS (klass)->measure = life_mark_measure;
  GTK_WIDGET_CLASS (klass)->snapshot = life_mark_snapshot;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
life_mark_init (LifeMark *self)
{
}

/* -- The row -------------------------------------------------------------------------------------------------- */

struct _SocketeerLifeRow
{
  GtkListBoxRow parent_instance;

  /* borrowed: children */
  LifeMark *mark;
  GtkLabel *title_label, *time_label, *sentence_label, *note_label;
};

G_DEFINE_FINAL_TYPE (SocketeerLifeRow, socketeer_life_row, GTK_TYPE_LIST_BOX_ROW)

static void
set_label (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

static void
set_spoken (SocketeerLifeRow *self, const char *title, const char *time, const char *sentence, const char *note)
{
  GString *spoken = g_string_new (title);

  if (time != NULL)
    g_string_append_printf (spoken, ", %s", time);
  g_string_append_printf (spoken, ": %s", sentence);
  if (note != NULL)
    g_string_append_printf (spoken, " %s", note);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken->str, -1);
  g_string_free (spoken, TRUE);
}

void
socketeer_life_row_set (SocketeerLifeRow *self,
                        const char *title,
                        const char *time,
                        const char *sentence,
                        const char *note,
                        const char *duration,
                        gboolean is_live)
{
  g_autofree char *full = NULL;

  g_return_if_fail (SOCKETEER_IS_LIFE_ROW (self));

  /* Translators: what a connection’s state is, then for how long it was in it: “ESTABLISHED for 12.3 s” */
  full = duration != NULL ? g_strdup_printf (_ ("%s for %s"), title, duration) : g_strdup (title);
  gtk_label_set_label (self->title_label, full);
  set_label (self->time_label, time);
  gtk_label_set_label (self->sentence_label, sentence);
  set_label (self->note_label, note);
  set_spoken (self, full, time, sentence, note);
  if (self->mark->is_live != is_live)
    {
      self->mark->is_live = is_live;
      gtk_widget_queue_draw (GTK_WIDGET (self->mark));
    }
}

void
socketeer_life_row_set_ends (SocketeerLifeRow *self, gboolean is_first, gboolean is_last)
{
  g_return_if_fail (SOCKETEER_IS_LIFE_ROW (self));

  if (self->mark->is_first == is_first && self->mark->is_last == is_last)
    return;
  self->mark->is_first = is_first;
  self->mark->is_last = is_last;
  gtk_widget_queue_draw (GTK_WIDGET (self->mark));
}

static void
socketeer_life_row_class_init (SocketeerLifeRowClass *klass)
{
}

static GtkLabel *
add_label (GtkWidget *box, const char *css_class, gboolean wraps)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), wraps);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
socketeer_life_row_init (SocketeerLifeRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *heading = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->mark = g_object_new (TYPE_LIFE_MARK, NULL);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->mark));
  gtk_box_append (GTK_BOX (box), words);
  gtk_box_append (GTK_BOX (words), heading);
  gtk_widget_set_hexpand (words, TRUE);
  self->title_label = add_label (heading, "heading", TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->title_label), TRUE);
  self->time_label = add_label (heading, "time", FALSE);
  gtk_widget_set_valign (GTK_WIDGET (self->time_label), GTK_ALIGN_START);
  self->sentence_label = add_label (words, NULL, TRUE);
  self->note_label = add_label (words, "dim-label", TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->note_label), "caption");
  gtk_widget_set_margin_bottom (words, 10);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
}

GtkWidget *
socketeer_life_row_new (void)
{
  return g_object_new (SOCKETEER_TYPE_LIFE_ROW, NULL);
}
