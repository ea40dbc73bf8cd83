/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-tour-layout.h"

/* Of the second child, beside the first. */
#define SIDE_WIDTH 270
/* What the first needs beside it, to be of use. */
#define MIN_REST 440

struct _SocketeerTourLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (SocketeerTourLayout, socketeer_tour_layout, GTK_TYPE_LAYOUT_MANAGER)

static GtkWidget *
skip_hidden (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static void
get_children (GtkWidget *widget, GtkWidget **ret_first, GtkWidget **ret_second)
{
  *ret_first = skip_hidden (gtk_widget_get_first_child (widget));
  *ret_second = *ret_first != NULL ? skip_hidden (gtk_widget_get_next_sibling (*ret_first)) : NULL;
}

static int
get_minimum (GtkWidget *child, GtkOrientation orientation, int for_size)
{
  int minimum;

  gtk_widget_measure (child, orientation, for_size, &minimum, NULL, NULL, NULL);
  return minimum;
}

static int
get_side_width (GtkWidget *second)
{
  return MAX (SIDE_WIDTH, get_minimum (second, GTK_ORIENTATION_HORIZONTAL, -1));
}

static gboolean
is_side_by_side (GtkWidget *first, GtkWidget *second, int width)
{
  return width - get_side_width (second) >= MAX (MIN_REST, get_minimum (first, GTK_ORIENTATION_HORIZONTAL, -1));
}

static GtkSizeRequestMode
socketeer_tour_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure_height (GtkWidget *first, GtkWidget *second, int width, int *minimum, int *natural)
{
  int second_minimum, second_natural, side;

  if (width < 0 || is_side_by_side (first, second, width))
    {
      side = get_side_width (second);
      gtk_widget_measure (first, GTK_ORIENTATION_VERTICAL, width < 0 ? -1 : width - side, minimum, natural, NULL, NULL);
      gtk_widget_measure (second, GTK_ORIENTATION_VERTICAL, side, &second_minimum, &second_natural, NULL, NULL);
      *minimum = MAX (*minimum, second_minimum);
      *natural = MAX (*natural, second_natural);
      return;
    }
  gtk_widget_measure (first, GTK_ORIENTATION_VERTICAL, width, minimum, natural, NULL, NULL);
  gtk_widget_measure (second, GTK_ORIENTATION_VERTICAL, width, &second_minimum, &second_natural, NULL, NULL);
  *minimum += second_minimum;
  *natural += second_natural;
}

static void
socketeer_tour_layout_measure (GtkLayoutManager *manager,
                               GtkWidget *widget,
                               GtkOrientation orientation,
                               int for_size,
                               int *minimum,
                               int *natural,
                               int *minimum_baseline,
                               int *natural_baseline)
{
  GtkWidget *first, *second;

  *minimum = *natural = 0;
  get_children (widget, &first, &second);
  if (first == NULL)
    return;
  if (second == NULL)
    gtk_widget_measure (first, orientation, for_size, minimum, natural, NULL, NULL);
  else if (orientation == GTK_ORIENTATION_VERTICAL)
    measure_height (first, second, for_size, minimum, natural);
  else
    {
      gtk_widget_measure (first, orientation, -1, minimum, natural, NULL, NULL);
      *minimum = MAX (*minimum, get_minimum (second, orientation, -1));
      *natural += get_side_width (second);
    }
}

static void
allocate (GtkWidget *child, int x, int y, int width, int height)
{
  gtk_widget_size_allocate (child, &(GtkAllocation){ x, y, width, height }, -1);
}

/* Below: what it would like to have, but no more than the smaller part. */
static int
get_height_below (GtkWidget *first, GtkWidget *second, int width, int height)
{
  int minimum, natural, most = MIN (height * 2 / 5, height - get_minimum (first, GTK_ORIENTATION_VERTICAL, width));

  gtk_widget_measure (second, GTK_ORIENTATION_VERTICAL, width, &minimum, &natural, NULL, NULL);
  return MAX (minimum, MIN (natural, most));
}

static void
socketeer_tour_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkWidget *first, *second;
  int side;

  get_children (widget, &first, &second);
  if (first == NULL)
    return;
  if (second == NULL)
    allocate (first, 0, 0, width, height);
  else if (is_side_by_side (first, second, width))
    {
      side = get_side_width (second);
      allocate (first, is_rtl ? side : 0, 0, width - side, height);
      allocate (second, is_rtl ? 0 : width - side, 0, side, height);
    }
  else
    {
      side = get_height_below (first, second, width, height);
      allocate (first, 0, 0, width, height - side);
      allocate (second, 0, height - side, width, side);
    }
}

static void
socketeer_tour_layout_class_init (SocketeerTourLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->get_request_mode = socketeer_tour_layout_get_request_mode;
  manager_class->measure = socketeer_tour_layout_measure;
  manager_class->allocate = socketeer_tour_layout_allocate;
}

static void
socketeer_tour_layout_init (SocketeerTourLayout *self)
{
}

/* -- The card -------------------------------------------------------------------------------------------------- */

#define CARD_SPACING 10
/* What the card needs to have its buttons at the side. */
#define MIN_CARD_WIDTH 460

struct _SocketeerTourCardLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (SocketeerTourCardLayout, socketeer_tour_card_layout, GTK_TYPE_LAYOUT_MANAGER)

static int
get_natural (GtkWidget *child, GtkOrientation orientation, int for_size)
{
  int natural;

  gtk_widget_measure (child, orientation, for_size, NULL, &natural, NULL, NULL);
  return natural;
}

static int
get_buttons_width (GtkWidget *buttons, int width)
{
  return MIN (get_natural (buttons, GTK_ORIENTATION_HORIZONTAL, -1), width / 2);
}

static void
socketeer_tour_card_layout_measure (GtkLayoutManager *manager,
                                    GtkWidget *widget,
                                    GtkOrientation orientation,
                                    int for_size,
                                    int *minimum,
                                    int *natural,
                                    int *minimum_baseline,
                                    int *natural_baseline)
{
  GtkWidget *text = gtk_widget_get_first_child (widget), *buttons = gtk_widget_get_last_child (widget);
  gboolean is_wide = orientation == GTK_ORIENTATION_VERTICAL && for_size >= MIN_CARD_WIDTH;
  int rest = is_wide ? for_size - get_buttons_width (buttons, for_size) - CARD_SPACING : for_size;
  int second_minimum, second_natural;

  gtk_widget_measure (text, orientation, rest, minimum, natural, NULL, NULL);
  gtk_widget_measure (buttons, orientation, is_wide ? for_size - rest - CARD_SPACING : rest, &second_minimum, &second_natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL && !is_wide)
    {
      *minimum += second_minimum + CARD_SPACING;
      *natural += second_natural + CARD_SPACING;
      return;
    }
  *minimum = MAX (*minimum, second_minimum);
  *natural = MAX (*natural, second_natural);
}

static void
socketeer_tour_card_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  GtkWidget *text = gtk_widget_get_first_child (widget), *buttons = gtk_widget_get_last_child (widget);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int side;

  if (width >= MIN_CARD_WIDTH)
    {
      side = get_buttons_width (buttons, width);
      allocate (text, is_rtl ? side + CARD_SPACING : 0, 0, width - side - CARD_SPACING, height);
      allocate (buttons, is_rtl ? 0 : width - side, 0, side, height);
      return;
    }
  side = get_minimum (buttons, GTK_ORIENTATION_VERTICAL, width);
  allocate (text, 0, 0, width, height - side - CARD_SPACING);
  allocate (buttons, 0, height - side, width, side);
}

static void
socketeer_tour_card_layout_class_init (SocketeerTourCardLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->get_request_mode = socketeer_tour_layout_get_request_mode;
  manager_class->measure = socketeer_tour_card_layout_measure;
  manager_class->allocate = socketeer_tour_card_layout_allocate;
}

static void
socketeer_tour_card_layout_init (SocketeerTourCardLayout *self)
{
}
