/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-byte-view-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* What a frame may spend on characters that it meets for the first time, and what is done of the rest before the next one. */
#define FRAME_SHAPING_US 1000
#define PENDING_SHAPING_US 4000
/* Following so many new bytes at once, it is drawn anew only so often: between these, and taking no more than this part of the time. */
#define FLOOD_BYTES (64 * 1024)
#define FLOOD_MS 100
#define FLOOD_MAX_MS 400
#define FLOOD_PART 24
/* In a view of fewer cells the gutter has no column for the peer. */
#define MIN_CELLS_WITH_PEER 56
#define COLUMN_CELLS 10 /* each further one */
#define MIN_SCALE 0.4
#define MAX_SCALE 5.0
static const SktPosition END = { G_MAXUINT64, 0 };

enum
{
  PROP_0,
  PROP_FOLLOWING,
  PROP_PAUSED,
  PROP_FONT_SCALE,
  PROP_HAS_SELECTION,
  PROP_NEW_BYTES,
  PROP_IS_EMPTY,
  N_PROPS,
  PROP_HADJUSTMENT = N_PROPS,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};
static GParamSpec *props[N_PROPS];

enum
{
  MESSAGE,
  CONTEXT_MENU,
  CURSOR_MOVED,
  RELOADED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE_WITH_CODE (SocketeerByteView, socketeer_byte_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL)
                               _socketeer_byte_view_accessible_text_init (g_define_type_id))

/* -- Place --------------------------------------------------------------------------------------------------- */

double
_socketeer_byte_view_get_gutter_x (SocketeerByteView *self)
{
  return SOCKETEER_BYTE_VIEW_PAD / 2 + socketeer_glyphs_get_advance (self->glyphs) +
         _socketeer_byte_view_get_check_width (self);
}

double
_socketeer_byte_view_get_gutter_width (SocketeerByteView *self)
{
  if (self->cache == NULL)
    return 0;
  return _socketeer_byte_view_get_gutter_x (self) + SOCKETEER_BYTE_VIEW_PAD + _socketeer_byte_view_get_ack_width (self) +
         socketeer_row_cache_get_gutter_cells (self->cache) * socketeer_glyphs_get_advance (self->glyphs);
}

double
_socketeer_byte_view_get_content_x (SocketeerByteView *self)
{
  double scrolled = self->hadjustment != NULL ? gtk_adjustment_get_value (self->hadjustment) : 0;
  return _socketeer_byte_view_get_gutter_width (self) + SOCKETEER_BYTE_VIEW_PAD - floor (scrolled);
}

static void
set_new_bytes (SocketeerByteView *self)
{
  guint64 published = self->journal != NULL ? skt_journal_get_payload_length (self->journal) : 0;
  guint64 new_bytes = 0;

  if (self->following && !self->paused)
    self->shown_payload = published;
  else if (published > self->shown_payload)
    new_bytes = published - self->shown_payload;
  if (new_bytes == self->new_bytes)
    return;
  self->new_bytes = new_bytes;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NEW_BYTES]);
}

void
socketeer_byte_view_set_following (SocketeerByteView *self, gboolean following)
{
  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));

  following = !!following;
  if (self->following == following)
    return;
  self->following = following;
  _socketeer_byte_view_queue_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FOLLOWING]);
}

gboolean
socketeer_byte_view_get_following (SocketeerByteView *self)
{
  g_return_val_if_fail (SOCKETEER_IS_BYTE_VIEW (self), FALSE);
  return self->following;
}

void
socketeer_byte_view_set_paused (SocketeerByteView *self, gboolean paused)
{
  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));

  paused = !!paused;
  if (self->paused == paused)
    return;
  self->paused = paused;
  if (paused && self->following && self->journal != NULL)
    self->shown_payload = skt_journal_get_payload_length (self->journal);
  if (self->source != NULL)
    skt_row_source_set_limit (self->source,
                              paused ? skt_journal_get_n_records (self->journal) : G_MAXUINT64);
  _socketeer_byte_view_queue_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PAUSED]);
}

/* Moves the place by whole rows and pixels, relative to where it is: exact wherever it is, indexed or not. */
static void
move_top (SocketeerByteView *self, double pixels)
{
  int row_height = socketeer_glyphs_get_row_height (self->glyphs);
  double offset = self->top_offset + pixels;
  gint64 n = floor (offset / row_height);
  guint wanted = ABS (n) + (n >= 0);
  g_autofree SktRow *rows = g_new (SktRow, MAX (1, wanted));
  guint got;

  self->top_offset = offset - n * row_height;
  if (n == 0)
    return;
  if (n > 0)
    {
      got = skt_row_source_get_rows (self->source, self->top, wanted, rows);
      if (got > 0)
        self->top = (SktPosition){ rows[got - 1].record, rows[got - 1].begin };
      return;
    }
  got = skt_row_source_get_rows_before (self->source, self->top, wanted, rows);
  if (got > 0)
    self->top = (SktPosition){ rows[0].record, rows[0].begin };
  if (got < wanted)
    self->top_offset = 0;
}

/* Where the adjustment says, after the user moved it. */
static void
go_to_value (SocketeerByteView *self, double value)
{
  int row_height = socketeer_glyphs_get_row_height (self->glyphs);
  double delta = value - self->last_value;
  double page = gtk_adjustment_get_page_size (self->vadjustment);
  double row = floor (value / row_height);

  if (!self->in_cursor_scroll)
    self->cursor_is_lost = TRUE;
  if (value >= gtk_adjustment_get_upper (self->vadjustment) - page - 0.5)
    {
      socketeer_byte_view_set_following (self, TRUE);
      self->last_value = value;
      return;
    }
  /* From the end, the place is where the first row on the screen is. */
  if (self->following && self->rows->len > 0)
    {
      const SocketeerRow *first = g_ptr_array_index (self->rows, 0);
      self->top = (SktPosition){ first->row.record, first->row.begin };
      self->top_offset = -self->first_y;
    }
  socketeer_byte_view_set_following (self, FALSE);

  if (!skt_row_source_is_exact (self->source) && fabs (delta) < 4 * page)
    move_top (self, delta);
  else
    {
      self->top = skt_row_source_from_row_number (self->source, row);
      self->top_offset = value - row * row_height;
    }
  self->last_value = value;
}

void
_socketeer_byte_view_scroll_pixels (SocketeerByteView *self, double pixels)
{
  if (self->vadjustment != NULL)
    gtk_adjustment_set_value (self->vadjustment, gtk_adjustment_get_value (self->vadjustment) + pixels);
}

static void
vadjustment_value_changed_cb (GtkAdjustment *adjustment, gpointer user_data)
{
  SocketeerByteView *self = user_data;

  if (self->in_update || self->source == NULL || self->glyphs == NULL)
    return;
  if (gtk_adjustment_get_value (adjustment) == self->last_value)
    return;
  go_to_value (self, gtk_adjustment_get_value (adjustment));
  _socketeer_byte_view_queue_update (self);
}

static void
hadjustment_value_changed_cb (GtkAdjustment *adjustment, gpointer user_data)
{
  SocketeerByteView *self = user_data;
  if (!self->in_update)
    _socketeer_byte_view_queue_update (self);
}

/* -- Update: once a frame at most, before drawing ------------------------------------------------------------- */

/* The rows of the page into `rows`; sets top, top_offset, first_y. */
static guint
collect_rows (SocketeerByteView *self, SktRow *rows, guint fit)
{
  int row_height = socketeer_glyphs_get_row_height (self->glyphs);
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  guint got = 0;

  self->has_before = FALSE;
  if (!self->following)
    {
      got = skt_row_source_get_rows (self->source, self->top, fit, rows);
      self->first_y = -self->top_offset;
      if (got * row_height + self->first_y >= height)
        return got;
    }
  /* At the end the last row stands on the lower edge; when there are too few they begin at the upper one. */
  got = skt_row_source_get_rows_before (self->source, END, fit, rows);
  self->first_y = MIN (0, height - (double) got * row_height);
  while (got > 0 && self->first_y <= -row_height)
    {
      self->before = rows[0];
      self->has_before = TRUE;
      memmove (rows, rows + 1, --got * sizeof *rows);
      self->first_y += row_height;
    }
  if (got > 0)
    {
      self->top = (SktPosition){ rows[0].record, rows[0].begin };
      self->top_offset = -self->first_y;
    }
  return got;
}

static void
configure_vertical (SocketeerByteView *self)
{
  int row_height = socketeer_glyphs_get_row_height (self->glyphs);
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  double upper = 0, value = 0;

  if (self->vadjustment == NULL)
    return;
  if (self->source != NULL)
    upper = (double) skt_row_source_get_n_rows (self->source) * row_height;
  upper = MAX (upper, height);
  if (self->following && upper - height != self->last_value)
    self->cursor_is_lost = TRUE;
  if (self->following || self->source == NULL)
    value = upper - height;
  else
    value = CLAMP ((double) skt_row_source_to_row_number (self->source, self->top) * row_height + self->top_offset, 0,
                   upper - height);
  self->last_value = value;
  gtk_adjustment_configure (self->vadjustment, value, 0, upper, row_height, height * 0.9, height);
}

static void
configure_horizontal (SocketeerByteView *self)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self)), content = width, value;

  if (self->hadjustment == NULL)
    return;
  if (self->cache != NULL)
    content = MAX (width, _socketeer_byte_view_get_gutter_width (self) + 2 * SOCKETEER_BYTE_VIEW_PAD +
                            self->max_cells * socketeer_glyphs_get_advance (self->glyphs));
  value = CLAMP (gtk_adjustment_get_value (self->hadjustment), 0, content - width);
  gtk_adjustment_configure (self->hadjustment, value, 0, content, 10 * socketeer_glyphs_get_advance (self->glyphs),
                            width * 0.9, width);
}

static void
get_visible_cells (SocketeerByteView *self, guint *ret_from, guint *ret_to)
{
  double advance = socketeer_glyphs_get_advance (self->glyphs);
  double scrolled = self->hadjustment != NULL ? gtk_adjustment_get_value (self->hadjustment) : 0;
  double width = gtk_widget_get_width (GTK_WIDGET (self)) - _socketeer_byte_view_get_gutter_width (self);
  double from = (scrolled - SOCKETEER_BYTE_VIEW_PAD) / advance - 1;

  *ret_from = MAX (0, from);
  *ret_to = (scrolled + MAX (width, 0)) / advance + 2;
}

static void
set_is_empty (SocketeerByteView *self, gboolean is_empty)
{
  if (self->is_empty == is_empty)
    return;
  self->is_empty = is_empty;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IS_EMPTY]);
}

static void
load_rows (SocketeerByteView *self)
{
  int row_height = socketeer_glyphs_get_row_height (self->glyphs);
  guint fit = gtk_widget_get_height (GTK_WIDGET (self)) / row_height + 2;
  g_autofree SktRow *rows = g_new (SktRow, fit);
  guint n, from, to;

  socketeer_row_cache_trim (self->cache);
  n = collect_rows (self, rows, fit);
  _socketeer_byte_view_pause_load (self, rows, n);
  if (self->time_column == SOCKETEER_TIME_DELTA && n > 0 && !self->has_before)
    self->has_before = skt_row_source_get_rows_before (self->source, (SktPosition){ rows[0].record, rows[0].begin }, 1,
                                                       &self->before) == 1;
  socketeer_row_cache_set_previous (self->cache, self->has_before ? &self->before : NULL);
  get_visible_cells (self, &from, &to);
  for (guint i = 0; i < n; i++)
    {
      SocketeerRow *row = socketeer_row_cache_get (self->cache, &rows[i], from, to);
      self->max_cells = MAX (self->max_cells, row->n_cells);
      g_ptr_array_add (self->rows, row);
    }
}

/* Following so many new bytes, that the page is gone before anybody has read it. */
static gboolean
is_in_flood (SocketeerByteView *self)
{
  return self->journal != NULL && self->following &&
         skt_journal_get_payload_length (self->journal) > self->shown_payload + FLOOD_BYTES;
}

static void
painted_cb (GdkFrameClock *clock, gpointer user_data)
{
  SocketeerByteView *self = user_data;

  g_clear_signal_handler (&self->painted_id, clock);
  self->page_us = g_get_monotonic_time () - self->page_begun;
}

/* How long a page takes from here until it is painted is what the next one waits for. */
static void
begin_page (SocketeerByteView *self)
{
  self->page_begun = g_get_monotonic_time ();
  if (self->painted_id == 0 && is_in_flood (self))
    self->painted_id = g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (self)), "after-paint", G_CALLBACK (painted_cb), self);
}

static guint
get_flood_interval (SocketeerByteView *self)
{
  return (guint) CLAMP (self->page_us * FLOOD_PART / G_TIME_SPAN_MILLISECOND, FLOOD_MS, FLOOD_MAX_MS);
}

/* One slice between two frames, before anything else is drawn: so there is an end of it even when frames follow close. */
static gboolean
shape_pending_cb (gpointer user_data)
{
  SocketeerByteView *self = user_data;
  gint64 begun = g_get_monotonic_time ();

  self->shaping_id = 0;
  socketeer_glyphs_shape_pending (self->glyphs, PENDING_SHAPING_US);
  self->page_us += g_get_monotonic_time () - begun;
  /* In a flood the next page is soon enough. */
  if (!is_in_flood (self))
    _socketeer_byte_view_queue_update (self);
  return G_SOURCE_REMOVE;
}

static void
queue_shaping (SocketeerByteView *self)
{
  if (self->shaping_id == 0 && socketeer_glyphs_has_pending (self->glyphs))
    self->shaping_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, shape_pending_cb, self, NULL);
}

static void
load (SocketeerByteView *self)
{
  gboolean has_unchecked;

  _socketeer_byte_view_ensure_style (self);
  socketeer_glyphs_begin_frame (self->glyphs, is_in_flood (self) ? 0 : FRAME_SHAPING_US);
  self->in_update = TRUE;
  g_ptr_array_set_size (self->rows, 0);
  if (self->source != NULL && gtk_widget_get_height (GTK_WIDGET (self)) > 0)
    {
      skt_row_source_update (self->source);
      load_rows (self);
    }
  _socketeer_byte_view_find_load (self);
  has_unchecked = _socketeer_byte_view_checks_load (self);
  configure_vertical (self);
  configure_horizontal (self);
  self->in_update = FALSE;
  _socketeer_byte_view_tip_check (self);
  _socketeer_byte_view_rows_queue (self);
  queue_shaping (self);
  if (has_unchecked && !is_in_flood (self))
    _socketeer_byte_view_queue_update (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  SocketeerByteView *self = SOCKETEER_BYTE_VIEW (widget);

  self->tick_id = 0;
  begin_page (self);
  load (self);
  _socketeer_byte_view_rows_ensure (self);
  set_new_bytes (self);
  set_is_empty (self, self->rows->len == 0);
  return G_SOURCE_REMOVE;
}

/* A view that nobody sees (another tab) does nothing until it is mapped. */
void
_socketeer_byte_view_queue_update (SocketeerByteView *self)
{
  if (self->tick_id == 0 && !self->in_update && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

static void
forget_rows (SocketeerByteView *self)
{
  g_ptr_array_set_size (self->rows, 0);
  if (self->cache != NULL)
    socketeer_row_cache_clear (self->cache);
  self->max_cells = 0;
}

/* The columns for the peer and the like give way to the bytes where there is not room for both; hovering tells it. */
static void
set_cache_peers (SocketeerByteView *self)
{
  static const SocketeerColumns none = { 0 };

  socketeer_row_cache_set_columns (self->cache, self->is_narrow ? &none : &self->columns);
  socketeer_row_cache_set_peers (self->cache, self->is_narrow || !self->columns.peer ? 0 : self->peer_cells, self->peer_func,
                                 self->peer_data);
}

static void
socketeer_byte_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  SocketeerByteView *self = SOCKETEER_BYTE_VIEW (widget);
  guint wanted = MIN_CELLS_WITH_PEER + (self->columns.offset + self->columns.size) * COLUMN_CELLS;
  gboolean is_narrow = self->glyphs != NULL && width < (int) wanted * socketeer_glyphs_get_advance (self->glyphs);

  if (self->is_narrow != is_narrow)
    {
      self->is_narrow = is_narrow;
      if (self->cache != NULL)
        {
          forget_rows (self);
          set_cache_peers (self);
        }
    }
  load (self);
  /* Who listens to properties may want to resize something: not now. */
  _socketeer_byte_view_queue_update (self);
  _socketeer_byte_view_rows_allocate (self);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_POPOVER (child))
      gtk_popover_present (GTK_POPOVER (child));
}

static void
socketeer_byte_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (socketeer_byte_view_parent_class)->map (widget);
  _socketeer_byte_view_queue_update (SOCKETEER_BYTE_VIEW (widget));
}

static void
socketeer_byte_view_unmap (GtkWidget *widget)
{
  SocketeerByteView *self = SOCKETEER_BYTE_VIEW (widget);

  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (widget, self->tick_id);
  self->tick_id = 0;
  if (self->painted_id != 0)
    g_clear_signal_handler (&self->painted_id, gtk_widget_get_frame_clock (widget));
  g_clear_handle_id (&self->shaping_id, g_source_remove);
  g_clear_handle_id (&self->pause_id, g_source_remove);
  _socketeer_byte_view_tip_hide (self);
  GTK_WIDGET_CLASS (socketeer_byte_view_parent_class)->unmap (widget);
}

static void
socketeer_byte_view_measure (GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline)
{
  *minimum = 0;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 400 : 200;
}

static void
socketeer_byte_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (socketeer_byte_view_parent_class)->css_changed (widget, change);
  _socketeer_byte_view_update_style (SOCKETEER_BYTE_VIEW (widget));
}

static void
socketeer_byte_view_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (socketeer_byte_view_parent_class)->system_setting_changed (widget, setting);
  /* Resolution or hinting: the same font is not the same. */
  g_clear_pointer (&SOCKETEER_BYTE_VIEW (widget)->font, pango_font_description_free);
  _socketeer_byte_view_update_style (SOCKETEER_BYTE_VIEW (widget));
}

/* -- Setters ------------------------------------------------------------------------------------------------- */

static void
growth_due_cb (gpointer data, gpointer unused)
{
  _socketeer_byte_view_queue_update (data);
}

/* When every frame would show another page nobody can read them, and the time is better spent on what comes in. What a person does
 * is shown at once all the same. */
static void
queue_growth (SocketeerByteView *self)
{
  if (is_in_flood (self))
    socketeer_throttle_queue (&self->growth, get_flood_interval (self), growth_due_cb, self);
  else
    _socketeer_byte_view_queue_update (self);
}

static void
source_changed_cb (SktRowSource *source, gpointer user_data)
{
  queue_growth (user_data);
}

static void
drop_journal (SocketeerByteView *self)
{
  forget_rows (self);
  _socketeer_byte_view_clear_checks (self);
  if (self->source != NULL)
    g_signal_handlers_disconnect_by_data (self->source, self);
  g_clear_object (&self->source);
  g_clear_pointer (&self->cache, socketeer_row_cache_free);
  g_clear_pointer (&self->layout, skt_layout_unref);
  g_clear_pointer (&self->journal, skt_journal_unref);
}

void
socketeer_byte_view_set_journal (SocketeerByteView *self, SktJournal *journal, SktLayout *layout)
{
  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));
  g_return_if_fail (journal == NULL || layout != NULL);

  drop_journal (self);
  self->top = self->anchor = self->cursor = (SktPosition){ 0, 0 };
  self->mark = G_MAXUINT64;
  self->here = self->cursor;
  self->top_offset = 0;
  self->goal_cell = -1;
  self->shown_payload = journal != NULL ? skt_journal_get_payload_length (journal) : 0;
  if (journal != NULL)
    {
      _socketeer_byte_view_ensure_style (self);
      self->journal = skt_journal_ref (journal);
      self->layout = skt_layout_ref (layout);
      self->source = skt_row_source_new (journal, layout);
      g_signal_connect (self->source, "changed", G_CALLBACK (source_changed_cb), self);
      self->cache = socketeer_row_cache_new (journal);
      socketeer_row_cache_set_style (self->cache, self->layout, self->glyphs, &self->palette);
      set_cache_peers (self);
      _socketeer_byte_view_apply_time_column (self);
      if (self->paused)
        skt_row_source_set_limit (self->source, skt_journal_get_n_records (journal));
    }
  _socketeer_byte_view_cursor_moved (self);
  self->cursor_is_lost = TRUE;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
socketeer_byte_view_set_layout (SocketeerByteView *self, SktLayout *layout)
{
  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));
  g_return_if_fail (self->journal != NULL);

  forget_rows (self);
  skt_layout_ref (layout);
  skt_layout_unref (self->layout);
  self->layout = layout;
  skt_row_source_set_layout (self->source, layout);
  socketeer_row_cache_set_style (self->cache, self->layout, self->glyphs, &self->palette);
  self->top_offset = 0;
  self->goal_cell = -1;
  if (skt_layout_get_view (layout) == SKT_VIEW_TEXT)
    self->cursor_in_hex = FALSE;
  _socketeer_byte_view_queue_update (self);
  g_signal_emit (self, signals[CURSOR_MOVED], 0);
}

void
socketeer_byte_view_set_peers (SocketeerByteView *self,
                               guint peer_cells,
                               SocketeerPeerFunc func,
                               gpointer user_data)
{
  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));

  self->peer_cells = peer_cells;
  self->peer_func = func;
  self->peer_data = user_data;
  if (self->cache == NULL)
    return;
  forget_rows (self);
  set_cache_peers (self);
  _socketeer_byte_view_queue_update (self);
}

void
socketeer_byte_view_set_columns (SocketeerByteView *self, const SocketeerColumns *columns)
{
  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));

  self->columns = *columns;
  if (self->cache == NULL)
    return;
  forget_rows (self);
  set_cache_peers (self);
  /* There may be room for them, or not. */
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  _socketeer_byte_view_queue_update (self);
}

void
socketeer_byte_view_journal_grown (SocketeerByteView *self)
{
  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));
  if (self->journal != NULL)
    queue_growth (self);
}

void
socketeer_byte_view_reload (SocketeerByteView *self)
{
  guint64 first;

  g_return_if_fail (SOCKETEER_IS_BYTE_VIEW (self));
  if (self->journal == NULL)
    return;
  first = skt_journal_get_first_record (self->journal);
  self->shown_payload = skt_journal_get_payload_length (self->journal);
  _socketeer_byte_view_apply_time_column (self);
  socketeer_byte_view_set_layout (self, self->layout);
  if (self->top.record < first)
    self->top = (SktPosition){ first, 0 };
  if (self->cursor.record < first || self->anchor.record < first)
    socketeer_byte_view_select (self, (SktPosition){ first, 0 }, (SktPosition){ first, 0 });
  g_signal_emit (self, signals[RELOADED], 0);
}

static void
set_font_scale (SocketeerByteView *self, double scale)
{
  scale = CLAMP (scale, MIN_SCALE, MAX_SCALE);
  if (self->font_scale == scale)
    return;
  self->font_scale = scale;
  _socketeer_byte_view_update_style (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FONT_SCALE]);
}

static void
set_adjustment (SocketeerByteView *self, GtkAdjustment **slot, GtkAdjustment *adjustment, GCallback callback)
{
  if (*slot != NULL)
    g_signal_handlers_disconnect_by_data (*slot, self);
  g_set_object (slot, adjustment);
  if (adjustment != NULL)
    g_signal_connect (adjustment, "value-changed", callback, self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/* -- GObject ------------------------------------------------------------------------------------------------- */

static void
socketeer_byte_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SocketeerByteView *self = SOCKETEER_BYTE_VIEW (object);

  switch (prop_id)
    {
    case PROP_FOLLOWING:
      g_value_set_boolean (value, self->following);
      break;
    case PROP_PAUSED:
      g_value_set_boolean (value, self->paused);
      break;
    case PROP_FONT_SCALE:
      g_value_set_double (value, self->font_scale);
      break;
    case PROP_HAS_SELECTION:
      g_value_set_boolean (value, self->has_selection);
      break;
    case PROP_NEW_BYTES:
      g_value_set_uint64 (value, self->new_bytes);
      break;
    case PROP_IS_EMPTY:
      g_value_set_boolean (value, self->is_empty);
      break;
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->hadjustment);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->vadjustment);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, self->hscroll_policy);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->vscroll_policy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_byte_view_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SocketeerByteView *self = SOCKETEER_BYTE_VIEW (object);

  switch (prop_id)
    {
    case PROP_FOLLOWING:
      socketeer_byte_view_set_following (self, g_value_get_boolean (value));
      break;
    case PROP_PAUSED:
      socketeer_byte_view_set_paused (self, g_value_get_boolean (value));
      break;
    case PROP_FONT_SCALE:
      set_font_scale (self, g_value_get_double (value));
      break;
    case PROP_HADJUSTMENT:
      set_adjustment (self, &self->hadjustment, g_value_get_object (value), G_CALLBACK (hadjustment_value_changed_cb));
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, &self->vadjustment, g_value_get_object (value), G_CALLBACK (vadjustment_value_changed_cb));
      break;
    case PROP_HSCROLL_POLICY:
      self->hscroll_policy = g_value_get_enum (value);
      break;
    case PROP_VSCROLL_POLICY:
      self->vscroll_policy = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_byte_view_dispose (GObject *object)
{
  SocketeerByteView *self = SOCKETEER_BYTE_VIEW (object);

  _socketeer_byte_view_input_dispose (self);
  _socketeer_byte_view_find_dispose (self);
  _socketeer_byte_view_rows_dispose (self);
  _socketeer_byte_view_accessible_text_dispose (self);
  _socketeer_byte_view_places_dispose (self);
  _socketeer_byte_view_tip_dispose (self);
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
  self->tick_id = 0;
  g_clear_handle_id (&self->shaping_id, g_source_remove);
  g_clear_handle_id (&self->pause_id, g_source_remove);
  socketeer_throttle_clear (&self->growth);
  drop_journal (self);
  set_adjustment (self, &self->hadjustment, NULL, NULL);
  set_adjustment (self, &self->vadjustment, NULL, NULL);
  g_clear_pointer (&self->glyphs, socketeer_glyphs_free);
  g_clear_pointer (&self->font, pango_font_description_free);

  G_OBJECT_CLASS (socketeer_byte_view_parent_class)->dispose (object);
}

static void
socketeer_byte_view_finalize (GObject *object)
{
  SocketeerByteView *self = SOCKETEER_BYTE_VIEW (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->a11y_rows);

  G_OBJECT_CLASS (socketeer_byte_view_parent_class)->finalize (object);
}

static void
socketeer_byte_view_class_init (SocketeerByteViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags rw = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = socketeer_byte_view_get_property;
  object_class->set_property = socketeer_byte_view_set_property;
  object_class->dispose = socketeer_byte_view_dispose;
  object_class->finalize = socketeer_byte_view_finalize;
  widget_class->map = socketeer_byte_view_map;
  widget_class->unmap = socketeer_byte_view_unmap;
  widget_class->measure = socketeer_byte_view_measure;
  widget_class->size_allocate = socketeer_byte_view_size_allocate;
  widget_class->snapshot = _socketeer_byte_view_snapshot;
  widget_class->css_changed = socketeer_byte_view_css_changed;
  widget_class->system_setting_changed = socketeer_byte_view_system_setting_changed;

  props[PROP_FOLLOWING] = g_param_spec_boolean ("following", NULL, NULL, TRUE, rw);
  props[PROP_PAUSED] = g_param_spec_boolean ("paused", NULL, NULL, FALSE, rw);
  props[PROP_FONT_SCALE] = g_param_spec_double ("font-scale", NULL, NULL, 0.1, 10, 1, rw);
  props[PROP_HAS_SELECTION] = g_param_spec_boolean ("has-selection", NULL, NULL, FALSE, ro);
  props[PROP_NEW_BYTES] = g_param_spec_uint64 ("new-bytes", NULL, NULL, 0, G_MAXUINT64, 0, ro);
  props[PROP_IS_EMPTY] = g_param_spec_boolean ("is-empty", NULL, NULL, TRUE, ro);
  g_object_class_install_properties (object_class, N_PROPS, props);
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");

  signals[MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[RELOADED] = g_signal_new ("reloaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
  signals[CONTEXT_MENU] = g_signal_new ("context-menu", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[CURSOR_MOVED] = g_signal_new ("cursor-moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "byteview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
  _socketeer_byte_view_input_class_init (widget_class);
}

static void
socketeer_byte_view_init (SocketeerByteView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->rows = g_ptr_array_new ();
  self->a11y_rows = g_ptr_array_new ();
  self->following = TRUE;
  self->is_empty = TRUE;
  self->font_scale = 1;
  self->columns.peer = TRUE;
  self->goal_cell = -1;
  self->cursor_is_lost = TRUE;
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (widget, "monospace");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Transcript"), -1);
  _socketeer_byte_view_input_init (self);
  _socketeer_byte_view_places_init (self);
  _socketeer_byte_view_tip_init (self);
}

GtkWidget *
socketeer_byte_view_new (void)
{
  return g_object_new (SOCKETEER_TYPE_BYTE_VIEW, NULL);
}
