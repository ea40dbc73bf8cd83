/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-split.h"

struct _SocketeerSplit
{
  GtkWidget parent_instance;

  /* borrowed: the child */
  GtkPaned *paned;

  int widths[2]; /* least ones of the two children when they were last visible */
  int places[2]; /* of the handle: beside each other, stacked; -1: not moved */
  int useful[2]; /* widths, if that is more than they need */
  double stacked_share;
  guint tick; /* the orientation is to change before the next frame */
  gboolean is_stacked;
};

enum
{
  PROP_0,
  PROP_PANED,
  PROP_STACKED,
  PROP_STACKED_SHARE,
  PROP_START_WIDTH,
  PROP_END_WIDTH,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (SocketeerSplit, socketeer_split, GTK_TYPE_WIDGET)

/* Of the bar between the two: what the theme gives it, and what is drawn beside it. */
#define HANDLE 8
/* A width at which no child is narrower than it would like. */
#define LARGE 1048576

static GtkWidget *
get_child (SocketeerSplit *self, guint i)
{
  return i == 0 ? gtk_paned_get_start_child (self->paned) : gtk_paned_get_end_child (self->paned);
}

static gboolean
is_shown (SocketeerSplit *self, guint i)
{
  GtkWidget *child = get_child (self, i);
  return child != NULL && gtk_widget_get_visible (child);
}

/* What each child needs; of one that is hidden while they are stacked, what it needed before. */
static void
update_widths (SocketeerSplit *self)
{
  for (guint i = 0; i < 2; i++)
    if (is_shown (self, i))
      gtk_widget_measure (get_child (self, i), GTK_ORIENTATION_HORIZONTAL, -1, &self->widths[i], NULL, NULL, NULL);
    else if (!self->is_stacked || get_child (self, i) == NULL)
      self->widths[i] = 0;
}

static gboolean
has_to_stack (SocketeerSplit *self, int width)
{
  update_widths (self);
  return self->widths[0] > 0 && self->widths[1] > 0 && width < MAX (self->useful[0], self->widths[0]) + HANDLE + MAX (self->useful[1], self->widths[1]);
}

static int
get_height (SocketeerSplit *self, guint i, int width)
{
  int minimum = 0;

  if (is_shown (self, i))
    gtk_widget_measure (get_child (self, i), GTK_ORIENTATION_VERTICAL, width, &minimum, NULL, NULL, NULL);
  return minimum;
}

/* The height for a width at which they will stand the other way than they do now. */
static int
get_other_height (SocketeerSplit *self, int width)
{
  if (self->is_stacked)
    return MAX (get_height (self, 0, -1), get_height (self, 1, -1));
  return get_height (self, 0, width) + HANDLE + get_height (self, 1, width);
}

static GtkSizeRequestMode
socketeer_split_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
socketeer_split_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  SocketeerSplit *self = SOCKETEER_SPLIT (widget);
  int least;

  *minimum = *natural = 0;
  if (self->paned == NULL)
    return;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      update_widths (self);
      gtk_widget_measure (GTK_WIDGET (self->paned), orientation, -1, minimum, natural, NULL, NULL);
      *minimum = MAX (is_shown (self, 0) ? self->widths[0] : 0, is_shown (self, 1) ? self->widths[1] : 0);
      *natural = MAX (*natural, *minimum);
      return;
    }
  /* A flap that this is in asks without a width, and the window takes the answer for its least height. That of the children is not to be asked without
   * a width then: they would answer for the widths of the arrangement before. */
  if (for_size < 0 && gtk_widget_get_width (widget) > 0)
    for_size = gtk_widget_get_width (widget);
  if (for_size >= 0 && has_to_stack (self, for_size) != self->is_stacked)
    {
      *minimum = *natural = get_other_height (self, for_size);
      return;
    }
  gtk_widget_measure (GTK_WIDGET (self->paned), GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (self->paned), orientation, for_size < 0 ? -1 : MAX (for_size, least), minimum, natural, NULL, NULL);
  if (for_size < 0 && !self->is_stacked)
    {
      /* The paned gives one child its least width, at which it may be higher than it says without a width. */
      int minimum_for_width, natural_for_width;

      gtk_widget_measure (GTK_WIDGET (self->paned), orientation, MAX (least, LARGE), &minimum_for_width, &natural_for_width, NULL, NULL);
      *minimum = MAX (*minimum, minimum_for_width);
      *natural = MAX (*natural, natural_for_width);
    }
}

static void
set_stacked (SocketeerSplit *self, gboolean is_stacked)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  gboolean is_moved;

  if (self->is_stacked == is_stacked)
    return;
  g_object_get (self->paned, "position-set", &is_moved, NULL);
  self->places[self->is_stacked] = is_moved ? gtk_paned_get_position (self->paned) : -1;
  self->is_stacked = is_stacked;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->paned), is_stacked ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  if (self->places[is_stacked] >= 0)
    gtk_paned_set_position (self->paned, self->places[is_stacked]);
  else if (is_stacked)
    gtk_paned_set_position (self->paned, (int) (height * self->stacked_share));
  else
    g_object_set (self->paned, "position-set", FALSE, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STACKED]);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  SocketeerSplit *self = SOCKETEER_SPLIT (widget);

  self->tick = 0;
  if (self->paned != NULL)
    set_stacked (self, has_to_stack (self, gtk_widget_get_width (widget)));
  return G_SOURCE_REMOVE;
}

/* Nothing may change while sizes are given out: what no longer fits is cut for this one frame. */
static void
socketeer_split_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  SocketeerSplit *self = SOCKETEER_SPLIT (widget);
  int least_width, least_height, child_width;

  if (self->paned == NULL)
    return;
  if (has_to_stack (self, width) != self->is_stacked && self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (widget, tick_cb, NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (self->paned), GTK_ORIENTATION_HORIZONTAL, -1, &least_width, NULL, NULL, NULL);
  child_width = MAX (width, least_width);
  gtk_widget_measure (GTK_WIDGET (self->paned), GTK_ORIENTATION_VERTICAL, child_width, &least_height, NULL, NULL, NULL);
  gtk_widget_size_allocate (GTK_WIDGET (self->paned), &(GtkAllocation){ 0, 0, child_width, MAX (height, least_height) }, -1);
}

static void
set_paned (SocketeerSplit *self, GtkPaned *paned)
{
  if (self->paned != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->paned));
  self->paned = paned;
  if (paned != NULL)
    gtk_widget_set_parent (GTK_WIDGET (paned), GTK_WIDGET (self));
}

static void
socketeer_split_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SocketeerSplit *self = SOCKETEER_SPLIT (object);

  switch (prop_id)
    {
    case PROP_PANED:
      g_value_set_object (value, self->paned);
      break;
    case PROP_STACKED:
      g_value_set_boolean (value, self->is_stacked);
      break;
    case PROP_STACKED_SHARE:
      g_value_set_double (value, self->stacked_share);
      break;
    case PROP_START_WIDTH:
    case PROP_END_WIDTH:
      g_value_set_int (value, self->useful[prop_id - PROP_START_WIDTH]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_split_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SocketeerSplit *self = SOCKETEER_SPLIT (object);

  switch (prop_id)
    {
    case PROP_PANED:
      set_paned (self, g_value_get_object (value));
      break;
    case PROP_STACKED_SHARE:
      self->stacked_share = g_value_get_double (value);
      break;
    case PROP_START_WIDTH:
    case PROP_END_WIDTH:
      self->useful[prop_id - PROP_START_WIDTH] = g_value_get_int (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_split_dispose (GObject *object)
{
  SocketeerSplit *self = SOCKETEER_SPLIT (object);

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  set_paned (self, NULL);
  G_OBJECT_CLASS (socketeer_split_parent_class)->dispose (object);
}

static void
socketeer_split_class_init (SocketeerSplitClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = socketeer_split_get_property;
  object_class->set_property = socketeer_split_set_property;
  object_class->dispose = socketeer_split_dispose;
  widget_class->get_request_mode = socketeer_split_get_request_mode;
  widget_class->measure = socketeer_split_measure;
  widget_class->size_allocate = socketeer_split_size_allocate;
  props[PROP_PANED] = g_param_spec_object ("paned", NULL, NULL, GTK_TYPE_PANED, flags);
  props[PROP_STACKED] = g_param_spec_boolean ("stacked", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_STACKED_SHARE] = g_param_spec_double ("stacked-share", NULL, NULL, 0, 1, 0.5, flags);
  props[PROP_START_WIDTH] = g_param_spec_int ("start-width", NULL, NULL, 0, G_MAXINT, 0, flags);
  props[PROP_END_WIDTH] = g_param_spec_int ("end-width", NULL, NULL, 0, G_MAXINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
socketeer_split_init (SocketeerSplit *self)
{
  self->places[0] = self->places[1] = -1;
  self->stacked_share = 0.5;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

gboolean
socketeer_split_is_stacked (SocketeerSplit *self)
{
  g_return_val_if_fail (SOCKETEER_IS_SPLIT (self), FALSE);
  return self->is_stacked;
}
