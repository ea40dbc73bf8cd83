/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-wrap-layout.h"

struct _SocketeerWrapLayout
{
  GtkLayoutManager parent_instance;
  int spacing;
  int height; /* what was told for any width */
  gboolean is_stale; /* that is no longer so */
};

enum
{
  PROP_0,
  PROP_SPACING,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (SocketeerWrapLayout, socketeer_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

/* The children [first, end) of a line. */
typedef struct
{
  GtkWidget *first, *end;
  int width; /* natural, with spacing */
  int height;
  int n_expand;
} Line;

static GtkWidget *
skip_hidden (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

/* One that expands takes what is left in its line, so it is content with its least width before the line is broken. */
static int
get_width (GtkWidget *child, int available)
{
  int minimum, natural;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  if (gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL))
    return minimum;
  return MAX (minimum, MIN (natural, available));
}

/* The line that begins with the child; FALSE if there is none. */
static gboolean
next_line (SocketeerWrapLayout *self, GtkWidget *child, int available, Line *line)
{
  *line = (Line){ .first = skip_hidden (child) };

  for (child = line->first; child != NULL; child = skip_hidden (gtk_widget_get_next_sibling (child)))
    {
      int width = get_width (child, available), height, spacing = line->width > 0 ? self->spacing : 0;

      if (child != line->first && line->width + spacing + width > available)
        break;
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, &height, NULL, NULL, NULL);
      line->width += spacing + width;
      line->height = MAX (line->height, height);
      line->n_expand += gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL);
    }
  line->end = child;
  return line->first != NULL;
}

static GtkSizeRequestMode
socketeer_wrap_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
socketeer_wrap_layout_measure (GtkLayoutManager *manager,
                               GtkWidget *widget,
                               GtkOrientation orientation,
                               int for_size,
                               int *minimum,
                               int *natural,
                               int *minimum_baseline,
                               int *natural_baseline)
{
  SocketeerWrapLayout *self = SOCKETEER_WRAP_LAYOUT (manager);
  GtkWidget *child = gtk_widget_get_first_child (widget);
  int width = for_size;
  Line line;

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      for (child = skip_hidden (child); child != NULL; child = skip_hidden (gtk_widget_get_next_sibling (child)))
        {
          int child_minimum, child_natural;
          gtk_widget_measure (child, orientation, -1, &child_minimum, &child_natural, NULL, NULL);
          *minimum = MAX (*minimum, child_minimum);
          *natural += child_natural + (*natural > 0 ? self->spacing : 0);
        }
      return;
    }
  /* Some containers (AdwFlap) ask for the height without a width: then the one that there is counts. */
  if (for_size < 0)
    width = gtk_widget_get_width (widget) > 0 ? gtk_widget_get_width (widget) : G_MAXINT;
  for (; next_line (self, child, width, &line); child = line.end)
    {
      *natural += line.height + (*natural > 0 ? self->spacing : 0);
      if (line.end == NULL)
        break;
    }
  *minimum = *natural;
  if (for_size < 0)
    self->height = *natural;
}

static gboolean
measure_again_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  SOCKETEER_WRAP_LAYOUT (user_data)->is_stale = FALSE;
  gtk_widget_queue_resize (widget);
  return G_SOURCE_REMOVE;
}

static void
allocate_line (SocketeerWrapLayout *self, const Line *line, int y, int available, gboolean is_rtl)
{
  int rest = MAX (0, available - line->width), n_expand = line->n_expand, x = 0;

  for (GtkWidget *child = line->first; child != line->end; child = skip_hidden (gtk_widget_get_next_sibling (child)))
    {
      int width = get_width (child, available);

      if (n_expand > 0 && gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL))
        {
          int share = rest / n_expand--;
          width += share;
          rest -= share;
        }
      gtk_widget_size_allocate (child,
                                &(GtkAllocation){ is_rtl ? available - x - width : x, y, width, line->height }, -1);
      x += width + self->spacing;
    }
}

static void
socketeer_wrap_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  SocketeerWrapLayout *self = SOCKETEER_WRAP_LAYOUT (manager);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkWidget *child = gtk_widget_get_first_child (widget);
  Line line;
  int y = 0;

  for (; next_line (self, child, width, &line); child = line.end)
    {
      allocate_line (self, &line, y, width, is_rtl);
      y += line.height + self->spacing;
      if (line.end == NULL)
        break;
    }
  if (y > 0 && y - self->spacing != self->height && !self->is_stale)
    {
      self->is_stale = TRUE;
      self->height = y - self->spacing;
      gtk_widget_add_tick_callback (widget, measure_again_cb, g_object_ref (self), g_object_unref);
    }
}

static void
socketeer_wrap_layout_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SPACING:
      g_value_set_int (value, SOCKETEER_WRAP_LAYOUT (object)->spacing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_wrap_layout_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SPACING:
      SOCKETEER_WRAP_LAYOUT (object)->spacing = g_value_get_int (value);
      gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (object));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_wrap_layout_class_init (SocketeerWrapLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  object_class->get_property = socketeer_wrap_layout_get_property;
  object_class->set_property = socketeer_wrap_layout_set_property;
  manager_class->get_request_mode = socketeer_wrap_layout_get_request_mode;
  manager_class->measure = socketeer_wrap_layout_measure;
  manager_class->allocate = socketeer_wrap_layout_allocate;
  props[PROP_SPACING] = g_param_spec_int ("spacing", NULL, NULL, 0, G_MAXINT, 0,
                                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
socketeer_wrap_layout_init (SocketeerWrapLayout *self)
{
}
