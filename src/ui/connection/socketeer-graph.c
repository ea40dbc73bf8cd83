/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-graph.h"

#include <glib/gi18n.h>
#include <math.h>

#include "socketeer-compat.h"

#define PLOT_HEIGHT 56
#define PAD 2
#define VALUE_CHARS 10
#define SPAN_MIN (15 * G_TIME_SPAN_SECOND)
#define SPAN_MAX (180 * G_TIME_SPAN_SECOND)
/* Nothing was sampled in between. */
#define GAP (G_TIME_SPAN_SECOND + G_TIME_SPAN_SECOND / 2)
/* A description costs a message to assistive technology. */
#define DESCRIBE_INTERVAL (2 * G_TIME_SPAN_SECOND)

typedef struct
{
  gint64 time;
  double values[SOCKETEER_GRAPH_MAX_SERIES]; /* NAN: none */
} Point;

struct _SocketeerGraph
{
  GtkWidget parent_instance;

  /* children */
  GtkWidget *header;
  GtkLabel *title_label;
  GtkInscription *value_labels[SOCKETEER_GRAPH_MAX_SERIES];

  /* owned */
  char *title;
  char *names[SOCKETEER_GRAPH_MAX_SERIES];
  SocketeerGraphFunc funcs[SOCKETEER_GRAPH_MAX_SERIES];
  SocketeerGraphFormat format;
  GArray *points;                  /* Point */
  PangoLayout *top_layout, *span_layout;

  double top;                      /* of the scale */
  gint64 span;                     /* us */
  gint64 chosen;                   /* time of a point; 0: none */
  gint64 described;
  double pointer_x, pointer_y;
  guint is_binary : 1;
};

G_DEFINE_FINAL_TYPE (SocketeerGraph, socketeer_graph, GTK_TYPE_WIDGET)

double
socketeer_graph_round_up (double value, gboolean is_binary)
{
  double power;

  if (!(value > 0))
    return 1;
  if (is_binary)
    return exp2 (ceil (log2 (value) - 1e-9));
  power = pow (10, floor (log10 (value) + 1e-9));
  for (guint i = 0; i < 3; i++)
    {
      static const double steps[] = { 1, 2, 5 };
      if (value <= steps[i] * power * (1 + 1e-9))
        return steps[i] * power;
    }
  return 10 * power;
}

/* -- Words ------------------------------------------------------------------------------------------------------- */

static const Point *
get_point (SocketeerGraph *self, guint i)
{
  return &g_array_index (self->points, Point, i);
}

static const Point *
get_last (SocketeerGraph *self)
{
  return self->points->len > 0 ? get_point (self, self->points->len - 1) : NULL;
}

/* The index of the chosen point, -1: none. */
static int
find_chosen (SocketeerGraph *self)
{
  if (self->chosen == 0)
    return -1;
  for (guint i = self->points->len; i > 0; i--)
    if (get_point (self, i - 1)->time == self->chosen)
      return i - 1;
  return -1;
}

static const Point *
get_shown (SocketeerGraph *self)
{
  int chosen = find_chosen (self);

  return chosen >= 0 ? get_point (self, chosen) : get_last (self);
}

static char *
format_value (SocketeerGraph *self, const Point *point, guint series)
{
  return point != NULL && !isnan (point->values[series]) ? self->format (point->values[series]) : g_strdup ("—");
}

static char *
dup_age (SocketeerGraph *self, const Point *point)
{
  double seconds = (double) (get_last (self)->time - point->time) / G_USEC_PER_SEC;

  return g_strdup_printf (_ ("%.1f s ago"), seconds);
}

static void
get_range (SocketeerGraph *self, guint series, double *ret_min, double *ret_max)
{
  *ret_min = *ret_max = NAN;
  for (guint i = 0; i < self->points->len; i++)
    {
      double value = get_point (self, i)->values[series];
      if (isnan (value))
        continue;
      *ret_min = isnan (*ret_min) ? value : MIN (*ret_min, value);
      *ret_max = isnan (*ret_max) ? value : MAX (*ret_max, value);
    }
}

/* "received: 1.2 MiB/s now, 0 B/s to 3.4 MiB/s" */
static char *
describe_series (SocketeerGraph *self, guint series)
{
  g_autofree char *value = format_value (self, get_shown (self), series), *low = NULL, *high = NULL;
  double min, max;

  get_range (self, series, &min, &max);
  if (isnan (min))
    return g_strdup (value);
  low = self->format (min);
  high = self->format (max);
  if (self->names[series] != NULL)
    /* Translators: name of a line in a graph, its value, and the least and the largest one */
    return g_strdup_printf (_ ("%s: %s, from %s to %s"), self->names[series], value, low, high);
  /* Translators: a value in a graph, and the least and the largest one */
  return g_strdup_printf (_ ("%s, from %s to %s"), value, low, high);
}

static void
describe (SocketeerGraph *self, gboolean at_once)
{
  gint64 now = g_get_monotonic_time ();
  g_autoptr (GString) text = NULL;
  int chosen = find_chosen (self);

  if (!at_once && now - self->described < DESCRIBE_INTERVAL)
    return;
  self->described = now;
  text = g_string_new (NULL);
  if (chosen >= 0)
    {
      g_autofree char *age = dup_age (self, get_point (self, chosen));
      g_string_append_printf (text, "%s: ", age);
    }
  for (guint i = 0; i < SOCKETEER_GRAPH_MAX_SERIES && self->funcs[i] != NULL; i++)
    {
      g_autofree char *series = describe_series (self, i);
      g_string_append_printf (text, "%s%s", i > 0 ? "; " : "", series);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text->str, -1);
}

static void
update_labels (SocketeerGraph *self)
{
  int chosen = find_chosen (self);
  g_autofree char *age = chosen >= 0 ? dup_age (self, get_point (self, chosen)) : NULL;
  /* Translators: what a graph shows, and how long ago what was chosen in it was */
  g_autofree char *title = age != NULL ? g_strdup_printf (_ ("%s, %s"), self->title, age) : NULL;

  gtk_label_set_label (self->title_label, title != NULL ? title : self->title);
  for (guint i = 0; i < SOCKETEER_GRAPH_MAX_SERIES && self->funcs[i] != NULL; i++)
    {
      g_autofree char *value = format_value (self, get_shown (self), i);
      gtk_inscription_set_text (self->value_labels[i], value);
    }
}

/* -- Values ------------------------------------------------------------------------------------------------------ */

static void
update_points (SocketeerGraph *self, const SktTcpHistory *history)
{
  guint n = history != NULL ? skt_tcp_history_get_n (history) : 0;
  const SktTcpInfo *before = NULL, *last = n > 0 ? skt_tcp_history_get_last (history) : NULL;

  g_array_set_size (self->points, 0);
  for (guint i = 0; i < n; i++)
    {
      const SktTcpInfo *sample = skt_tcp_history_get (history, i);
      gboolean is_next = before != NULL && sample->time - before->time < GAP;
      Point point = { .time = sample->time };

      for (guint k = 0; k < SOCKETEER_GRAPH_MAX_SERIES; k++)
        point.values[k] = self->funcs[k] != NULL ? self->funcs[k](is_next ? before : NULL, sample) : NAN;
      if (last->time - sample->time <= SPAN_MAX)
        g_array_append_val (self->points, point);
      before = sample;
    }
}

static void
set_layout_text (SocketeerGraph *self, PangoLayout **layout, const char *text)
{
  if (*layout == NULL)
    {
      PangoAttrList *attributes = pango_attr_list_new ();

      *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
      pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
      pango_layout_set_attributes (*layout, attributes);
      pango_attr_list_unref (attributes);
    }
  pango_layout_set_text (*layout, text, -1);
}

static void
update_scale (SocketeerGraph *self)
{
  gint64 age = self->points->len > 0 ? get_last (self)->time - get_point (self, 0)->time : 0;
  double top = 0;
  g_autofree char *top_text = NULL, *span_text = NULL;

  for (guint k = 0; k < SOCKETEER_GRAPH_MAX_SERIES; k++)
    {
      double min, max;
      get_range (self, k, &min, &max);
      if (max > top)
        top = max;
    }
  self->top = socketeer_graph_round_up (top, self->is_binary);
  for (self->span = SPAN_MIN; self->span < age && self->span < SPAN_MAX;)
    self->span = MIN (self->span * 2, SPAN_MAX);
  top_text = top > 0 ? self->format (self->top) : g_strdup ("");
  /* Translators: the left end of a graph is so many seconds ago */
  span_text = g_strdup_printf (_ ("%d s ago"), (int) (self->span / G_USEC_PER_SEC));
  set_layout_text (self, &self->top_layout, top_text);
  set_layout_text (self, &self->span_layout, span_text);
}

void
socketeer_graph_update (SocketeerGraph *self, const SktTcpHistory *history)
{
  g_return_if_fail (SOCKETEER_IS_GRAPH (self));

  update_points (self, history);
  update_scale (self);
  update_labels (self);
  describe (self, FALSE);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* -- Drawing ----------------------------------------------------------------------------------------------------- */

static void
get_plot (SocketeerGraph *self, graphene_rect_t *ret_area)
{
  int y = gtk_widget_get_height (GTK_WIDGET (self)) - PLOT_HEIGHT;

  *ret_area = GRAPHENE_RECT_INIT (0, y, gtk_widget_get_width (GTK_WIDGET (self)), PLOT_HEIGHT);
}

static double
get_x (SocketeerGraph *self, const graphene_rect_t *area, gint64 time)
{
  double age = (double) (get_last (self)->time - time) / self->span;

  return area->origin.x + area->size.width - PAD - age * (area->size.width - 2 * PAD);
}

static double
get_y (SocketeerGraph *self, const graphene_rect_t *area, double value)
{
  return area->origin.y + area->size.height - PAD - value / self->top * (area->size.height - 2 * PAD);
}

static void
get_color (SocketeerGraph *self, guint series, GdkRGBA *ret_color)
{
  socketeer_compat_get_color (GTK_WIDGET (self), ret_color);
  socketeer_compat_lookup_color (GTK_WIDGET (self), series == 0 ? "accent_color" : "success_color", ret_color);
}

/* The lines are told apart by dashes too. */
static void
draw_series (SocketeerGraph *self, cairo_t *cr, const graphene_rect_t *area, guint series)
{
  static const double dashes[] = { 5, 3 };
  GdkRGBA color;
  gint64 before = 0;

  get_color (self, series, &color);
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_line_width (cr, 1.5);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_dash (cr, dashes, series > 0 ? G_N_ELEMENTS (dashes) : 0, 0);
  for (guint i = 0; i < self->points->len; i++)
    {
      const Point *point = get_point (self, i);
      double x = get_x (self, area, point->time);

      if (isnan (point->values[series]))
        before = 0;
      else if (before == 0 || point->time - before > GAP)
        {
          /* a point that stands alone is one of the line */
          cairo_move_to (cr, x - 1, get_y (self, area, point->values[series]));
          cairo_line_to (cr, x, get_y (self, area, point->values[series]));
          before = point->time;
        }
      else
        {
          cairo_line_to (cr, x, get_y (self, area, point->values[series]));
          before = point->time;
        }
    }
  cairo_stroke (cr);
}

static void
draw_chosen (SocketeerGraph *self, GtkSnapshot *snapshot, const graphene_rect_t *area, const GdkRGBA *text)
{
  int chosen = find_chosen (self);
  const Point *point;
  double x;

  if (chosen < 0)
    return;
  point = get_point (self, chosen);
  x = floor (get_x (self, area, point->time));
  gtk_snapshot_append_color (snapshot, text, &GRAPHENE_RECT_INIT (x, area->origin.y, 1, area->size.height));
  for (guint k = 0; k < SOCKETEER_GRAPH_MAX_SERIES; k++)
    if (!isnan (point->values[k]))
      gtk_snapshot_append_color (snapshot, text,
                                 &GRAPHENE_RECT_INIT (x - 2, floor (get_y (self, area, point->values[k])) - 2, 5, 5));
}

static void
draw_layout (GtkSnapshot *snapshot, PangoLayout *layout, double x, double y, const GdkRGBA *color)
{
  if (layout == NULL || pango_layout_get_text (layout)[0] == '\0')
    return;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
socketeer_graph_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SocketeerGraph *self = SOCKETEER_GRAPH (widget);
  graphene_rect_t area;
  GdkRGBA text, faint, dim;
  int height = 0;

  GTK_WIDGET_CLASS (socketeer_graph_parent_class)->snapshot (widget, snapshot);
  get_plot (self, &area);
  if (area.size.width <= 2 * PAD || area.origin.y < 0)
    return;
  socketeer_compat_get_color (widget, &text);
  faint = dim = text;
  faint.alpha *= 0.07;
  dim.alpha *= 0.62;
  gtk_snapshot_append_color (snapshot, &faint, &area);
  gtk_snapshot_append_color (snapshot, &faint,
                             &GRAPHENE_RECT_INIT (0, area.origin.y + PLOT_HEIGHT / 2, area.size.width, 1));
  draw_layout (snapshot, self->top_layout, 4, area.origin.y + 1, &dim);
  if (self->span_layout != NULL)
    {
      pango_layout_get_pixel_size (self->span_layout, NULL, &height);
      draw_layout (snapshot, self->span_layout, 4, area.origin.y + area.size.height - height - 1, &dim);
    }
  if (self->points->len > 0)
    {
      cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &area);
      for (guint k = 0; k < SOCKETEER_GRAPH_MAX_SERIES && self->funcs[k] != NULL; k++)
        draw_series (self, cr, &area, k);
      cairo_destroy (cr);
      draw_chosen (self, snapshot, &area, &text);
    }
}

/* -- Choosing ---------------------------------------------------------------------------------------------------- */

static void
choose (SocketeerGraph *self, int i)
{
  gint64 time = i >= 0 && (guint) i < self->points->len ? get_point (self, i)->time : 0;

  if (time == self->chosen)
    return;
  self->chosen = time;
  update_labels (self);
  describe (self, TRUE);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, gpointer user_data)
{
  SocketeerGraph *self = user_data;
  graphene_rect_t area;
  int best = -1;
  double distance = G_MAXDOUBLE;

  /* what is moved under a pointer that stands still does not choose */
  if (x == self->pointer_x && y == self->pointer_y)
    return;
  self->pointer_x = x;
  self->pointer_y = y;
  get_plot (self, &area);
  for (guint i = 0; i < self->points->len; i++)
    {
      double d = fabs (get_x (self, &area, get_point (self, i)->time) - x);
      if (d < distance)
        {
          distance = d;
          best = i;
        }
    }
  choose (self, best);
}

static void
leave_cb (GtkEventControllerMotion *controller, gpointer user_data)
{
  choose (user_data, -1);
}

static gboolean
step_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  SocketeerGraph *self = SOCKETEER_GRAPH (widget);
  int step = g_variant_get_int32 (args), chosen = find_chosen (self), n = self->points->len;

  if (n == 0)
    return TRUE;
  if (step == 0)
    choose (self, -1);
  else
    choose (self, CLAMP ((chosen >= 0 ? chosen : n - 1 - (step < 0 ? 0 : 1)) + step, 0, n - 1));
  return TRUE;
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  gtk_widget_grab_focus (GTK_WIDGET (user_data));
}

static void
focus_leave_cb (GtkEventControllerFocus *controller, gpointer user_data)
{
  choose (user_data, -1);
}

/* -- GObject ----------------------------------------------------------------------------------------------------- */

static void
socketeer_graph_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  SocketeerGraph *self = SOCKETEER_GRAPH (widget);

  gtk_widget_measure (self->header, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum += PLOT_HEIGHT;
      *natural += PLOT_HEIGHT;
    }
}

static void
socketeer_graph_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_size_allocate (SOCKETEER_GRAPH (widget)->header,
                            &(GtkAllocation){ 0, 0, width, MAX (height - PLOT_HEIGHT, 0) }, -1);
}

static void
socketeer_graph_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  SocketeerGraph *self = SOCKETEER_GRAPH (widget);

  GTK_WIDGET_CLASS (socketeer_graph_parent_class)->css_changed (widget, change);
  if (self->top_layout != NULL)
    pango_layout_context_changed (self->top_layout);
  if (self->span_layout != NULL)
    pango_layout_context_changed (self->span_layout);
}

static void
socketeer_graph_dispose (GObject *object)
{
  SocketeerGraph *self = SOCKETEER_GRAPH (object);

  g_clear_pointer (&self->header, gtk_widget_unparent);
  g_clear_object (&self->top_layout);
  g_clear_object (&self->span_layout);
  G_OBJECT_CLASS (socketeer_graph_parent_class)->dispose (object);
}

static void
socketeer_graph_finalize (GObject *object)
{
  SocketeerGraph *self = SOCKETEER_GRAPH (object);

  g_array_unref (self->points);
  g_free (self->title);
  for (guint i = 0; i < SOCKETEER_GRAPH_MAX_SERIES; i++)
    g_free (self->names[i]);
  G_OBJECT_CLASS (socketeer_graph_parent_class)->finalize (object);
}

static void
socketeer_graph_class_init (SocketeerGraphClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const struct
  {
    guint key;
    int step;
  } keys[] = {
    { GDK_KEY_Left, -1 }, { GDK_KEY_Right, 1 }, { GDK_KEY_Page_Up, -20 }, { GDK_KEY_Page_Down, 20 },
    { GDK_KEY_Home, -G_MAXINT16 }, { GDK_KEY_End, G_MAXINT16 }, { GDK_KEY_Escape, 0 },
  };

  object_class->dispose = socketeer_graph_dispose;
  object_class->finalize = socketeer_graph_finalize;
  widget_class->measure = socketeer_graph_measure;
  widget_class->size_allocate = socketeer_graph_size_allocate;
  widget_class->snapshot = socketeer_graph_snapshot;
  widget_class->css_changed = socketeer_graph_css_changed;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding (widget_class, keys[i].key, 0, step_cb, "i", keys[i].step);
  gtk_widget_class_set_css_name (widget_class, "graph");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
socketeer_graph_init (SocketeerGraph *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->points = g_array_new (FALSE, FALSE, sizeof (Point));
  self->span = SPAN_MIN;
  self->top = 1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  g_signal_connect (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  g_signal_connect (focus, "leave", G_CALLBACK (focus_leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

static GtkWidget *
new_value_label (void)
{
  GtkWidget *label = gtk_inscription_new (NULL);

  gtk_inscription_set_min_chars (GTK_INSCRIPTION (label), VALUE_CHARS);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (label), VALUE_CHARS);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (label), 1);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "value");
  return label;
}

/* The line itself, so that it is known by its dashes: a sample of two characters. */
static GtkWidget *
new_key (SocketeerGraph *self, guint series)
{
  GtkWidget *label = gtk_label_new (NULL);
  g_autofree char *text = g_strdup_printf ("%s %s", series == 0 ? "━━" : "╍╍", self->names[series]);

  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, series == 0 ? "sent" : "received");
  return label;
}

static void
build_header (SocketeerGraph *self)
{
  GtkWidget *grid = gtk_grid_new (), *title = gtk_label_new (self->title);

  self->header = grid;
  self->title_label = GTK_LABEL (title);
  gtk_label_set_xalign (self->title_label, 0);
  gtk_label_set_ellipsize (self->title_label, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (title, "name");
  gtk_grid_set_column_spacing (GTK_GRID (grid), 8);
  gtk_grid_attach (GTK_GRID (grid), title, 0, 0, self->names[0] != NULL ? 2 : 1, 1);
  for (guint i = 0; i < SOCKETEER_GRAPH_MAX_SERIES && self->funcs[i] != NULL; i++)
    {
      GtkWidget *value = new_value_label ();

      self->value_labels[i] = GTK_INSCRIPTION (value);
      if (self->names[i] != NULL)
        gtk_grid_attach (GTK_GRID (grid), new_key (self, i), 0, i + 1, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), value, 1, self->names[i] != NULL ? (int) i + 1 : 0, 1, 1);
    }
  gtk_widget_set_parent (grid, GTK_WIDGET (self));
}

GtkWidget *
socketeer_graph_new (const SocketeerGraphOptions *options)
{
  SocketeerGraph *self = g_object_new (SOCKETEER_TYPE_GRAPH, NULL);
  /* Translators: %s is what a graph shows, for assistive technology */
  g_autofree char *label = g_strdup_printf (_ ("Graph: %s"), options->title);

  self->title = g_strdup (options->title);
  self->format = options->format;
  self->is_binary = options->is_binary != FALSE;
  for (guint i = 0; i < SOCKETEER_GRAPH_MAX_SERIES; i++)
    {
      self->names[i] = g_strdup (options->names[i]);
      self->funcs[i] = options->funcs[i];
    }
  build_header (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  socketeer_graph_update (self, NULL);
  return GTK_WIDGET (self);
}
