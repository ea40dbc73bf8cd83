/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-frame-stats.h"

#include <errno.h>
#include <time.h>

#include "socketeer-byte-view.h"
#include "socketeer-connection-list.h"

/* SocketeerFrameStats:
 *
 * Between stats-begin and stats-end the cost of each frame and the lateness of a timer are noted; then a line of JSON is added to the
 * file, with times in microseconds (clock values are CLOCK_MONOTONIC's):
 *
 * A list of numbers for each of these, in order:
 *
 *   work      from the frame clock's start to the end of the snapshot; work_cpu: what the main thread computed meanwhile
 *   frame     from there until the frame is painted
 *   late      how late a timer of 16 ms was
 *
 * and
 *
 *   first     when the first frame of the window was painted
 *   upper     what the transcript's scrollbar spans, and when that has changed last
 *   listed    how many connections the list of a server has, and when that has changed last
 *   actions   each action that was activated, with the time until the snapshot after it, and until that was painted */

#define TIMER_MS 16

typedef struct
{
  char *name;
  char *parameter;
  gint64 started;
  gint64 snapshot; /* 0: not yet */
  gint64 shown;
} Action;

typedef struct
{
  gint64 time;
  gint64 cpu;
} Moment;

struct _SocketeerFrameStats
{
  /* borrowed */
  GtkApplicationWindow *window;
  GtkWidget *byte_view; /* weak */
  GtkWidget *connection_list; /* weak */

  /* owned */
  char *path;
  char *name; /* NULL: no interval is open */
  GdkFrameClock *clock;
  GArray *work, *work_cpu, *frame, *late; /* gint64, us */
  GArray *actions;                        /* Action */

  gulong hooks[2];
  guint timer_id;
  gint64 timer_due;
  Moment begin, frame_start, snapshot;
  gboolean in_frame;
  gint64 first_frame; /* 0: not yet */
  double upper;
  gint64 upper_changed;
  guint listed;
  gint64 listed_changed;
};

static Moment
get_moment (void)
{
  struct timespec cpu;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &cpu);
  return (Moment){ g_get_monotonic_time (), (gint64) cpu.tv_sec * G_USEC_PER_SEC + cpu.tv_nsec / 1000 };
}

static void
action_clear (gpointer data)
{
  Action *action = data;

  g_free (action->name);
  g_free (action->parameter);
}

/* -- What is noted --------------------------------------------------------------------------------------------- */

static void
note_difference (GArray *array, gint64 from, gint64 to)
{
  gint64 difference = to - from;

  g_array_append_val (array, difference);
}

static void
before_paint_cb (GdkFrameClock *clock, gpointer user_data)
{
  SocketeerFrameStats *self = user_data;

  self->in_frame = TRUE;
  self->frame_start = get_moment ();
  self->snapshot = (Moment){ 0 };
}

void
socketeer_frame_stats_snapshot_done (SocketeerFrameStats *self)
{
  if (!self->in_frame)
    return;
  self->snapshot = get_moment ();
  for (guint i = 0; i < self->actions->len; i++)
    {
      Action *action = &g_array_index (self->actions, Action, i);

      if (action->snapshot == 0)
        action->snapshot = self->snapshot.time;
    }
}

static GtkWidget *
find_mapped (GtkWidget *widget, GType type)
{
  GtkWidget *found = NULL;

  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_mapped (child))
      found = find_mapped (child, type);
  return found;
}

static GtkAdjustment *
get_adjustment (SocketeerFrameStats *self)
{
  if (self->byte_view == NULL || !gtk_widget_get_mapped (self->byte_view))
    g_set_weak_pointer (&self->byte_view, find_mapped (GTK_WIDGET (self->window), SOCKETEER_TYPE_BYTE_VIEW));
  return self->byte_view != NULL ? gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->byte_view)) : NULL;
}

static guint
get_listed (SocketeerFrameStats *self)
{
  if (self->connection_list == NULL || !gtk_widget_get_mapped (self->connection_list))
    g_set_weak_pointer (&self->connection_list, find_mapped (GTK_WIDGET (self->window), SOCKETEER_TYPE_CONNECTION_LIST));
  return self->connection_list != NULL
           ? socketeer_connection_list_get_n_shown (SOCKETEER_CONNECTION_LIST (self->connection_list)) : 0;
}

static void
after_paint_cb (GdkFrameClock *clock, gpointer user_data)
{
  SocketeerFrameStats *self = user_data;
  gint64 now = g_get_monotonic_time ();
  GtkAdjustment *adjustment = get_adjustment (self);

  if (self->first_frame == 0)
    self->first_frame = now;
  if (self->name != NULL && self->in_frame && self->snapshot.time != 0)
    {
      note_difference (self->work, self->frame_start.time, self->snapshot.time);
      note_difference (self->work_cpu, self->frame_start.cpu, self->snapshot.cpu);
      note_difference (self->frame, self->frame_start.time, now);
      for (guint i = 0; i < self->actions->len; i++)
        {
          Action *action = &g_array_index (self->actions, Action, i);

          if (action->shown == 0)
            action->shown = now;
        }
    }
  self->in_frame = FALSE;
  if (adjustment != NULL && gtk_adjustment_get_upper (adjustment) != self->upper)
    {
      self->upper = gtk_adjustment_get_upper (adjustment);
      self->upper_changed = now;
    }
  if (self->name != NULL && get_listed (self) != self->listed)
    {
      self->listed = get_listed (self);
      self->listed_changed = now;
    }
}

static gboolean
timer_cb (gpointer user_data)
{
  SocketeerFrameStats *self = user_data;
  gint64 now = g_get_monotonic_time ();

  if (self->name != NULL && self->timer_due != 0)
    note_difference (self->late, self->timer_due, MAX (now, self->timer_due));
  self->timer_due = now + TIMER_MS * 1000;
  return G_SOURCE_CONTINUE;
}

static void
note_action (SocketeerFrameStats *self, const char *name, GVariant *parameter)
{
  Action action = { .started = g_get_monotonic_time () };

  if (self->name == NULL)
    return;
  action.name = g_strdup (name);
  action.parameter = parameter != NULL ? g_variant_print (parameter, FALSE) : g_strdup ("");
  g_array_append_val (self->actions, action);
}

/* Any action of the program, before its handler runs. */
static gboolean
action_hook (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer user_data)
{
  const char *name = g_action_get_name (g_value_get_object (&values[0]));

  if (!g_str_has_prefix (name, "stats-"))
    note_action (user_data, name, g_value_get_variant (&values[1]));
  return TRUE;
}

/* -- The line -------------------------------------------------------------------------------------------------- */

static void
append_times (GString *line, const char *name, GArray *times)
{
  g_string_append_printf (line, ", \"%s\": [", name);
  for (guint i = 0; i < times->len; i++)
    g_string_append_printf (line, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : "", g_array_index (times, gint64, i));
  g_string_append_c (line, ']');
}

static void
append_string (GString *line, const char *name, const char *value)
{
  g_autofree char *escaped = g_strescape (value, NULL);

  g_string_append_printf (line, "\"%s\": \"%s\"", name, escaped);
}

static void
append_actions (GString *line, GArray *actions)
{
  g_string_append (line, ", \"actions\": [");
  for (guint i = 0; i < actions->len; i++)
    {
      const Action *action = &g_array_index (actions, Action, i);

      g_string_append (line, i > 0 ? ", {" : "{");
      append_string (line, "name", action->name);
      g_string_append (line, ", ");
      append_string (line, "parameter", action->parameter);
      g_string_append_printf (line, ", \"snapshot\": %" G_GINT64_FORMAT ", \"shown\": %" G_GINT64_FORMAT "}",
                              action->snapshot != 0 ? action->snapshot - action->started : -1,
                              action->shown != 0 ? action->shown - action->started : -1);
    }
  g_string_append (line, "]");
}

static void
end_interval (SocketeerFrameStats *self)
{
  g_autoptr (GString) line = g_string_new ("{");
  Moment end = get_moment ();
  FILE *file;

  if (self->name == NULL)
    return;
  append_string (line, "name", self->name);
  g_string_append_printf (line, ", \"begin\": %" G_GINT64_FORMAT ", \"end\": %" G_GINT64_FORMAT ", \"cpu\": %" G_GINT64_FORMAT,
                          self->begin.time, end.time, end.cpu - self->begin.cpu);
  g_string_append_printf (line, ", \"first\": %" G_GINT64_FORMAT, self->first_frame);
  g_string_append_printf (line, ", \"upper\": %.0f, \"upper_changed\": %" G_GINT64_FORMAT, self->upper, self->upper_changed);
  g_string_append_printf (line, ", \"listed\": %u, \"listed_changed\": %" G_GINT64_FORMAT, self->listed, self->listed_changed);
  append_times (line, "work", self->work);
  append_times (line, "work_cpu", self->work_cpu);
  append_times (line, "frame", self->frame);
  append_times (line, "late", self->late);
  append_actions (line, self->actions);
  g_string_append (line, "}\n");
  g_clear_pointer (&self->name, g_free);

  file = fopen (self->path, "a");
  if (file == NULL || fputs (line->str, file) == EOF)
    g_message ("%s: %s", self->path, g_strerror (errno));
  if (file != NULL)
    fclose (file);
}

/* -- Actions --------------------------------------------------------------------------------------------------- */

static void
begin_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerFrameStats *self = user_data;

  end_interval (self);
  g_array_set_size (self->work, 0);
  g_array_set_size (self->work_cpu, 0);
  g_array_set_size (self->frame, 0);
  g_array_set_size (self->late, 0);
  g_array_set_size (self->actions, 0);
  self->in_frame = FALSE;
  self->name = g_variant_dup_string (parameter, NULL);
  self->begin = get_moment ();
}

static void
end_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  end_interval (user_data);
}

/* To that part of what can be scrolled: 0 is the start, 1 the end. */
static void
scroll_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerFrameStats *self = user_data;
  GtkAdjustment *adjustment = get_adjustment (self);

  if (adjustment == NULL)
    return;
  note_action (self, "scroll", parameter);
  gtk_adjustment_set_value (adjustment, g_variant_get_double (parameter) * (gtk_adjustment_get_upper (adjustment) -
                                                                            gtk_adjustment_get_page_size (adjustment)));
}

static const GActionEntry actions[] = {
  { .name = "stats-begin", .activate = begin_action, .parameter_type = "s" },
  { .name = "stats-end", .activate = end_action },
  { .name = "stats-scroll", .activate = scroll_action, .parameter_type = "d" },
};

/* -- Life ------------------------------------------------------------------------------------------------------ */

static void
forget_clock (SocketeerFrameStats *self)
{
  if (self->clock != NULL)
    g_signal_handlers_disconnect_by_data (self->clock, self);
  g_clear_object (&self->clock);
}

static void
realize_cb (GtkWidget *window, gpointer user_data)
{
  SocketeerFrameStats *self = user_data;

  forget_clock (self);
  self->clock = g_object_ref (gtk_widget_get_frame_clock (window));
  g_signal_connect (self->clock, "before-paint", G_CALLBACK (before_paint_cb), self);
  g_signal_connect (self->clock, "after-paint", G_CALLBACK (after_paint_cb), self);
}

static gulong
add_hook (SocketeerFrameStats *self, const char *signal_name)
{
  g_type_class_unref (g_type_class_ref (G_TYPE_SIMPLE_ACTION));
  return g_signal_add_emission_hook (g_signal_lookup (signal_name, G_TYPE_SIMPLE_ACTION), 0, action_hook, self, NULL);
}

SocketeerFrameStats *
socketeer_frame_stats_new (GtkApplicationWindow *window)
{
  const char *path = g_getenv ("SOCKETEER_FRAME_STATS");
  SocketeerFrameStats *self;

  if (path == NULL || path[0] == '\0')
    return NULL;
  self = g_new0 (SocketeerFrameStats, 1);
  self->window = window;
  self->path = g_strdup (path);
  self->work = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->work_cpu = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->frame = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->late = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->actions = g_array_new (FALSE, FALSE, sizeof (Action));
  g_array_set_clear_func (self->actions, action_clear);
  g_action_map_add_action_entries (G_ACTION_MAP (window), actions, G_N_ELEMENTS (actions), self);
  self->hooks[0] = add_hook (self, "activate");
  self->hooks[1] = add_hook (self, "change-state");
  self->timer_id = g_timeout_add_full (G_PRIORITY_DEFAULT, TIMER_MS, timer_cb, self, NULL);
  g_signal_connect (window, "realize", G_CALLBACK (realize_cb), self);
  return self;
}

void
socketeer_frame_stats_free (SocketeerFrameStats *self)
{
  end_interval (self);
  g_signal_remove_emission_hook (g_signal_lookup ("activate", G_TYPE_SIMPLE_ACTION), self->hooks[0]);
  g_signal_remove_emission_hook (g_signal_lookup ("change-state", G_TYPE_SIMPLE_ACTION), self->hooks[1]);
  g_signal_handlers_disconnect_by_data (self->window, self);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    g_action_map_remove_action (G_ACTION_MAP (self->window), actions[i].name);
  forget_clock (self);
  g_source_remove (self->timer_id);
  g_clear_weak_pointer (&self->byte_view);
  g_array_unref (self->work);
  g_array_unref (self->work_cpu);
  g_array_unref (self->frame);
  g_array_unref (self->late);
  g_array_unref (self->actions);
  g_free (self->name);
  g_free (self->path);
  g_free (self);
}
