/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-tour.h"

#include <glib/gi18n.h>

#include "socketeer-tour-layout.h"
#include "socketeer-wrap-layout.h"

struct _SocketeerTour
{
  GtkWidget parent_instance;

  /* template */
  GtkWidget *box, *seen_box;
  GtkScrolledWindow *scroller;
  GtkLabel *title_label, *number_label, *text_label, *seen_label, *problem_label;
  GtkButton *act_button, *other_button, *show_button, *back_button, *next_button;
  GtkSpinner *spinner;

  /* owned */
  SktTour *tour;

  guint scroll_id; /* 0: it is where it should be */
};

enum
{
  SHOW,
  ACT,
  CLOSE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerTour, socketeer_tour, GTK_TYPE_WIDGET)

static const char *
get_show_label (SktTourPlace place)
{
  switch (place)
    {
    case SKT_TOUR_PLACE_CLIENT:
      /* Translators: button of the guided tour: shows the rows of the client's transcript */
      return _ ("Show the Client’s Rows");
    case SKT_TOUR_PLACE_SERVER:
      /* Translators: button of the guided tour: shows the rows of the server's transcript */
      return _ ("Show the Server’s Rows");
    case SKT_TOUR_PLACE_LIFE:
      /* Translators: button of the guided tour; “Life” is the name of a tab */
      return _ ("Show “Life”");
    case SKT_TOUR_PLACE_KERNEL:
    default:
      /* Translators: button of the guided tour; “Kernel” is the name of a tab */
      return _ ("Show “Kernel”");
    }
}

static void
show_text (GtkLabel *label, GtkWidget *place, const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (place, text != NULL);
}

static void
update_buttons (SocketeerTour *self, SktTourStep step)
{
  const char *other = skt_tour_step_get_action (step, 1);
  gboolean is_done = skt_tour_is_done (self->tour, step);

  gtk_button_set_label (self->act_button, skt_tour_step_get_action (step, 0));
  gtk_button_set_label (self->other_button, other != NULL ? other : "");
  gtk_widget_set_visible (GTK_WIDGET (self->other_button), other != NULL);
  gtk_button_set_label (self->show_button, get_show_label (skt_tour_step_get_place (step)));
  /* Translators: button at the last step of the guided tour: closes it */
  gtk_button_set_label (self->next_button, step + 1 < SKT_TOUR_N_STEPS ? _ ("Next") : _ ("Finish"));
  /* What is to be done next is the one that stands out. */
  if (is_done)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->act_button), "suggested-action");
      gtk_widget_add_css_class (GTK_WIDGET (self->next_button), "suggested-action");
    }
  else
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->act_button), "suggested-action");
      gtk_widget_remove_css_class (GTK_WIDGET (self->next_button), "suggested-action");
    }
  /* The keyboard is not left on what takes it no more. */
  if (step == 0 && gtk_widget_has_focus (GTK_WIDGET (self->back_button)))
    gtk_widget_grab_focus (GTK_WIDGET (self->next_button));
  gtk_widget_set_sensitive (GTK_WIDGET (self->back_button), step > 0);
}

/* When it has its place: what can be seen now, or what went wrong, is below the rest, and there may be little room. */
static gboolean
scroll_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  SocketeerTour *self = SOCKETEER_TOUR (widget);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  gboolean is_done = gtk_widget_get_visible (self->seen_box) || gtk_widget_get_visible (GTK_WIDGET (self->problem_label));
  graphene_point_t point;

  self->scroll_id = 0;
  if (!is_done)
    gtk_adjustment_set_value (adjustment, 0);
  else if (gtk_widget_compute_point (gtk_widget_get_visible (self->seen_box) ? self->seen_box : GTK_WIDGET (self->problem_label),
                                     gtk_widget_get_parent (self->seen_box), &GRAPHENE_POINT_INIT (0, 0), &point))
    gtk_adjustment_set_value (adjustment, point.y);
  return G_SOURCE_REMOVE;
}

static void
update (SocketeerTour *self)
{
  SktTourStep step = skt_tour_get_step (self->tour);
  gboolean is_running = skt_tour_is_running (self->tour);
  /* Translators: of the guided tour: the number of a step, and how many there are */
  g_autofree char *number = g_strdup_printf (_ ("Guided tour, step %1$u of %2$u"), (guint) step + 1, (guint) SKT_TOUR_N_STEPS);

  gtk_label_set_label (self->number_label, number);
  gtk_label_set_label (self->title_label, skt_tour_step_get_title (step));
  gtk_label_set_label (self->text_label, skt_tour_step_get_text (step));
  show_text (self->seen_label, self->seen_box, skt_tour_get_seen (self->tour));
  show_text (self->problem_label, GTK_WIDGET (self->problem_label), skt_tour_get_problem (self->tour));
  gtk_spinner_set_spinning (self->spinner, is_running);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_running);
  update_buttons (self, step);
  if (self->scroll_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->scroll_id);
  self->scroll_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll_cb, NULL, NULL);
}

static void
act_cb (SocketeerTour *self)
{
  g_signal_emit (self, signals[ACT], 0);
  skt_tour_act (self->tour, 0);
}

static void
other_cb (SocketeerTour *self)
{
  g_signal_emit (self, signals[ACT], 0);
  skt_tour_act (self->tour, 1);
}

static void
show_cb (SocketeerTour *self)
{
  g_signal_emit (self, signals[SHOW], 0, skt_tour_step_get_place (skt_tour_get_step (self->tour)));
}

static void
back_cb (SocketeerTour *self)
{
  SktTourStep step = skt_tour_get_step (self->tour);

  if (step > 0)
    skt_tour_set_step (self->tour, step - 1);
}

static void
close_cb (SocketeerTour *self)
{
  g_signal_emit (self, signals[CLOSE], 0);
}

static void
next_cb (SocketeerTour *self)
{
  SktTourStep step = skt_tour_get_step (self->tour);

  if (step + 1 < SKT_TOUR_N_STEPS)
    skt_tour_set_step (self->tour, step + 1);
  else
    close_cb (self);
}

SktTour *
socketeer_tour_get_tour (SocketeerTour *self)
{
  g_return_val_if_fail (SOCKETEER_IS_TOUR (self), NULL);
  return self->tour;
}

void
socketeer_tour_focus (SocketeerTour *self)
{
  g_return_if_fail (SOCKETEER_IS_TOUR (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->act_button));
}

GtkWidget *
socketeer_tour_new (SktTour *tour)
{
  SocketeerTour *self = g_object_new (SOCKETEER_TYPE_TOUR, NULL);

  self->tour = g_object_ref (tour);
  g_signal_connect_object (tour, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

static void
socketeer_tour_dispose (GObject *object)
{
  SocketeerTour *self = SOCKETEER_TOUR (object);

  if (self->tour != NULL)
    skt_tour_stop (self->tour);
  g_clear_object (&self->tour);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (socketeer_tour_parent_class)->dispose (object);
}

static void
socketeer_tour_class_init (SocketeerTourClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_tour_dispose;
  signals[SHOW] = g_signal_new ("show-place", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[ACT] = g_signal_new ("act", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CLOSE] = g_signal_new ("close", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (SOCKETEER_TYPE_TOUR_CARD_LAYOUT);
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-tour.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerTour, box);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTour, seen_box);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTour, scroller);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTour, title_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTour, number_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTour, text_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTour, seen_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTour, problem_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTour, act_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTour, other_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTour, show_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTour, back_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTour, next_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTour, spinner);
  gtk_widget_class_bind_template_callback (widget_class, act_cb);
  gtk_widget_class_bind_template_callback (widget_class, other_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_cb);
}

static void
socketeer_tour_init (SocketeerTour *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
