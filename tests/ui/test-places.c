/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-hostile.h"
#include "check-ui.h"
#include "skt-time-text.h"
#include "socketeer-bookmark-store.h"
#include "socketeer-byte-view-private.h"
#include "socketeer-places.h"
#include "socketeer-settings.h"

#include <string.h>

#define S G_GUINT64_CONSTANT (1000000000)
#define BEGIN (1767225600 * S) /* 2026-01-01 00:00 UTC */

typedef struct
{
  CheckView view;
  GtkWidget *places;
  CheckText message;
  gboolean had_popover;
} Fixture;

static void
add_at (SktJournal *journal, SktRecordKind kind, guint64 time_ns, guint64 stream_offset, const char *text)
{
  g_autoptr (GError) error = NULL;
  SktRecord record = { .kind = kind, .connection = 1, .time_ns = time_ns, .stream_offset = stream_offset };

  g_assert_true (skt_journal_append (journal, &record, (const guint8 *) text, strlen (text), &error));
  g_assert_no_error (error);
}

static char *
dup_peer (guint32 connection, gpointer user_data)
{
  return g_strdup_printf ("peer %u", connection);
}

/* 100 lines received, 10 ms apart, 12 bytes each. */
static void
set_up (Fixture *self, gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *scrolled;

  check_view_set_up (&self->view, data);
  g_settings_reset (socketeer_settings_get (), "time-column");
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *line = g_strdup_printf ("line %06u\n", i);
      add_at (self->view.journal, SKT_RECORD_RECEIVED, BEGIN + i * S / 100, 12 * i, line);
    }
  g_assert_true (skt_journal_flush (self->view.journal, NULL));
  self->places = g_object_new (SOCKETEER_TYPE_PLACES, NULL);
  g_object_ref_sink (self->places);
  scrolled = g_object_ref (gtk_window_get_child (GTK_WINDOW (self->view.window)));
  gtk_window_set_child (GTK_WINDOW (self->view.window), box);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), self->places);
  gtk_box_append (GTK_BOX (box), scrolled);
  g_object_unref (scrolled);
  check_keep_text (self->places, "message", &self->message);
  socketeer_byte_view_set_peers (self->view.view, 0, dup_peer, NULL);
  socketeer_places_set_peers (SOCKETEER_PLACES (self->places), dup_peer, NULL);
  socketeer_places_set_view (SOCKETEER_PLACES (self->places), self->view.view, self->view.window);
  socketeer_places_set_journal (SOCKETEER_PLACES (self->places), self->view.journal);
  check_view_settle (&self->view);
}

/* When a popover closes, GTK 4.8 looks for a tooltip in it half a second later, and warns if it is gone by then. */
static void
wait_for_tooltips (void)
{
  gint64 end = g_get_monotonic_time () + 700 * G_TIME_SPAN_MILLISECOND;
  check_wait (g_get_monotonic_time () > end);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->had_popover)
    wait_for_tooltips ();
  socketeer_places_set_journal (SOCKETEER_PLACES (self->places), NULL);
  gtk_box_remove (GTK_BOX (gtk_window_get_child (GTK_WINDOW (self->view.window))), self->places);
  check_frames (self->view.window, 3);
  g_assert_finalize_object (self->places);
  check_text_clear (&self->message);
  check_view_tear_down (&self->view, data);
}

static void
activate (Fixture *self, const char *action, const char *target)
{
  self->had_popover = self->had_popover || g_str_equal (action, "places.bookmarks") || g_str_equal (action, "places.go-to") ||
                      g_str_equal (action, "places.details");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->view.view), action, target != NULL ? "s" : NULL, target));
}

static SocketeerRow *
get_shown (Fixture *self, guint64 record)
{
  for (guint i = 0; i < self->view.view->rows->len; i++)
    {
      SocketeerRow *row = g_ptr_array_index (self->view.view->rows, i);
      if (row->row.record == record)
        return row;
    }
  return NULL;
}

static void
set_cursor (Fixture *self, guint64 record, guint32 begin)
{
  socketeer_byte_view_select (self->view.view, (SktPosition){ record, begin }, (SktPosition){ record, begin });
}

/* -- The byte under the pointer ------------------------------------------------------------------------------- */

static void
assert_details (Fixture *self, SktPosition position, const char *wanted)
{
  g_autofree char *details = socketeer_byte_view_dup_details (self->view.view, position);
  g_assert_cmpstr (details, ==, wanted);
}

static void
test_details (Fixture *self, gconstpointer data)
{
  add_at (self->view.journal, SKT_RECORD_SENT, BEGIN + 2 * S + 7, 3, "x");
  add_at (self->view.journal, SKT_RECORD_PEER_FINISHED, BEGIN + S, 0, "");
  g_assert_true (skt_journal_flush (self->view.journal, NULL));

  assert_details (self, (SktPosition){ 0, 0 },
                  "Record #1, received from peer 1\n"
                  "Offset 0 (0x0) of what came from there; 0 in this read of 12 bytes\n"
                  "2026-01-01 00:00:00.000000000 +0000");
  assert_details (self, (SktPosition){ 99, 5 },
                  "Record #100, received from peer 1\n"
                  "Offset 1193 (0x4a9) of what came from there; 5 in this read of 12 bytes\n"
                  "2026-01-01 00:00:00.990000000 +0000, +0.010000 s after record #99");
  assert_details (self, (SktPosition){ 100, 0 },
                  "Record #101, sent to peer 1\n"
                  "Offset 3 (0x3) of what was sent there; 0 in this write of 1 byte\n"
                  "2026-01-01 00:00:02.000000007 +0000, +1.010000 s after record #100");
  /* An event, and a clock that was set back. */
  assert_details (self, (SktPosition){ 101, 0 },
                  "Record #102\n2026-01-01 00:00:01.000000000 +0000, -1.000000 s after record #101");
  assert_details (self, (SktPosition){ 102, 0 }, NULL);
}

/* Each cell of a row is the byte that is drawn there. */
static void
test_byte_at (Fixture *self, gconstpointer data)
{
  static const SktView views[] = { SKT_VIEW_TEXT, SKT_VIEW_HEX, SKT_VIEW_BOTH };

  for (guint v = 0; v < G_N_ELEMENTS (views); v++)
    {
      SocketeerByteView *view = self->view.view;
      double advance, x;
      const SocketeerRow *row;
      int y;

      check_view_set_layout (&self->view, views[v], SKT_ENCODING_UTF_8);
      check_view_settle (&self->view);
      advance = socketeer_glyphs_get_advance (view->glyphs);
      row = g_ptr_array_index (view->rows, 3);
      y = view->first_y + 3.5 * check_view_get_row_height (&self->view);
      for (guint i = 0; i < row->row.length; i++)
        for (guint in_hex = 0; in_hex < 2; in_hex++)
          {
            SktPosition position;
            GdkRectangle area;
            guint cell, n;

            if (!socketeer_row_get_byte_cells (row, view->layout, i, in_hex, &cell, &n))
              continue;
            for (double part = 0.1; part < n; part += 0.4)
              {
                x = _socketeer_byte_view_get_content_x (view) + (cell + part) * advance;
                g_assert_true (_socketeer_byte_view_find_byte_at (view, x, y, &position, &area));
                g_assert_cmpuint (position.record, ==, row->row.record);
                g_assert_cmpuint (position.begin, ==, row->row.begin + i);
                g_assert_cmpint (area.x, <=, x);
                g_assert_cmpint (area.y, <=, y);
                g_assert_cmpint (area.y + area.height, >, y);
              }
          }
    }
}

static GtkEventController *
find_motion (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      if (GTK_IS_EVENT_CONTROLLER_MOTION (controller))
        return controller;
    }
  g_assert_not_reached ();
}

static gboolean
has_tip (Fixture *self)
{
  return self->view.view->tip != NULL && gtk_widget_get_visible (self->view.view->tip);
}

static void
point_at (Fixture *self, guint64 record, guint32 begin)
{
  GdkRectangle area;

  g_assert_true (socketeer_byte_view_get_area (self->view.view, (SktPosition){ record, begin }, &area));
  g_signal_emit_by_name (find_motion (GTK_WIDGET (self->view.view)), "motion", area.x + 3.0, area.y + 3.0);
}

/* Comes when the pointer stands still, goes when it moves, and when other rows come under it. */
static void
test_hover (Fixture *self, gconstpointer data)
{
  GtkWidget *label;

  point_at (self, 98, 5);
  check_wait (has_tip (self));
  label = gtk_popover_get_child (GTK_POPOVER (self->view.view->tip));
  g_assert_true (g_str_has_prefix (gtk_label_get_label (GTK_LABEL (label)),
                                   "Record #99, received from peer 1\nOffset 1181 (0x49d) "));
  point_at (self, 97, 2);
  g_assert_false (has_tip (self));
  check_wait (has_tip (self));
  g_assert_true (g_str_has_prefix (gtk_label_get_label (GTK_LABEL (label)), "Record #98, "));
  g_signal_emit_by_name (find_motion (GTK_WIDGET (self->view.view)), "leave");
  g_assert_false (has_tip (self));
  g_assert_cmpuint (self->view.view->tip_id, ==, 0);

  point_at (self, 97, 2);
  check_wait (has_tip (self));
  add_at (self->view.journal, SKT_RECORD_RECEIVED, BEGIN + S, 1200, "another line\n");
  g_assert_true (skt_journal_flush (self->view.journal, NULL));
  check_view_settle (&self->view);
  g_assert_false (has_tip (self));
  /* And comes again, of what is there now. */
  check_wait (has_tip (self));
  g_assert_true (g_str_has_prefix (gtk_label_get_label (GTK_LABEL (label)), "Record #99, "));
  /* Keys and clicks are not hindered. */
  set_cursor (self, 96, 0);
  g_assert_false (has_tip (self));
  /* The view may go while it is there. */
  point_at (self, 97, 2);
  check_wait (has_tip (self));
}

/* What the pointer tells, the cursor tells too, in a few words. */
static void
test_description (Fixture *self, gconstpointer data)
{
  SocketeerByteView *view = self->view.view;

  gtk_widget_grab_focus (GTK_WIDGET (view));
  set_cursor (self, 99, 5);
  check_wait (view->a11y_id == 0);
  set_cursor (self, 99, 6);
  check_wait (view->a11y_id == 0);
  gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "0, 30, offset 1194 (0x4aa)");
}

static void
test_details_popover (Fixture *self, gconstpointer data)
{
  GtkPopover *popover = check_child (self->places, SOCKETEER_TYPE_PLACES, "details_popover");
  GtkLabel *label = check_child (self->places, SOCKETEER_TYPE_PLACES, "details_label");

  set_cursor (self, 98, 1);
  activate (self, "places.details", "cursor");
  check_wait (gtk_widget_get_mapped (GTK_WIDGET (popover)));
  g_assert_true (g_str_has_prefix (gtk_label_get_label (label), "Record #99, received from peer 1\nOffset 1177 "));
  gtk_popover_popdown (popover);
  check_wait (!gtk_widget_get_mapped (GTK_WIDGET (popover)));
}

/* -- The time column ------------------------------------------------------------------------------------------ */

static void
test_time_column (Fixture *self, gconstpointer data)
{
  SocketeerByteView *view = self->view.view;
  double width = _socketeer_byte_view_get_gutter_width (view);
  g_autofree char *setting = NULL;

  g_assert_cmpstr (get_shown (self, 99)->time, ==, "00:00:00.990");
  activate (self, "places.time-column", "delta");
  check_view_settle (&self->view);
  for (guint i = 0; i < view->rows->len; i++)
    g_assert_cmpstr (((SocketeerRow *) g_ptr_array_index (view->rows, i))->time, ==, "+0.010000");
  setting = g_settings_get_string (socketeer_settings_get (), "time-column");
  g_assert_cmpstr (setting, ==, "delta");

  set_cursor (self, 97, 3);
  activate (self, "places.time-from", "cursor");
  check_view_settle (&self->view);
  g_assert_cmpstr (get_shown (self, 99)->time, ==, "+0.020000");
  g_assert_cmpstr (get_shown (self, 97)->time, ==, "+0.000000");
  g_assert_cmpstr (get_shown (self, 95)->time, ==, "-0.020000");
  /* No column is wider than another. */
  g_assert_cmpfloat (_socketeer_byte_view_get_gutter_width (view), ==, width);

  /* At the top, the first has none before it. */
  activate (self, "places.time-column", "delta");
  gtk_adjustment_set_value (self->view.v, 0);
  check_view_settle (&self->view);
  g_assert_cmpstr (get_shown (self, 0)->time, ==, "+0.000000");
  g_assert_cmpstr (get_shown (self, 1)->time, ==, "+0.010000");
  activate (self, "places.time-column", "clock");
  check_view_settle (&self->view);
  g_assert_cmpstr (get_shown (self, 1)->time, ==, "00:00:00.010");
}

/* Whichever way one comes to a row, it says the time since the one shown before it. */
static void
test_delta_everywhere (Fixture *self, gconstpointer data)
{
  static const double places[] = { 0.3, 0.31, 0.7, 0.69, 1, 0, 0.5 };

  activate (self, "places.time-column", "delta");
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      gtk_adjustment_set_value (self->view.v, places[i] * check_view_get_end (&self->view));
      check_view_settle (&self->view);
      for (guint j = 0; j < self->view.view->rows->len; j++)
        {
          const SocketeerRow *row = g_ptr_array_index (self->view.view->rows, j);
          g_assert_cmpstr (row->time, ==, row->row.record == 0 ? "+0.000000" : "+0.010000");
        }
    }
}

/* Of what is shown: what is filtered out does not count. */
static void
test_delta_of_shown (Fixture *self, gconstpointer data)
{
  const SktLayoutOptions options = { .encoding = SKT_ENCODING_UTF_8, .hides_sent = TRUE };
  g_autoptr (SktLayout) layout = skt_layout_new (&options);

  add_at (self->view.journal, SKT_RECORD_SENT, BEGIN + 2 * S, 0, "sent");
  add_at (self->view.journal, SKT_RECORD_RECEIVED, BEGIN + 3 * S, 1200, "received");
  g_assert_true (skt_journal_flush (self->view.journal, NULL));
  activate (self, "places.time-column", "delta");
  check_view_settle (&self->view);
  g_assert_cmpstr (get_shown (self, 101)->time, ==, "+1.000000");
  socketeer_byte_view_set_layout (self->view.view, layout);
  check_view_settle (&self->view);
  g_assert_null (get_shown (self, 100));
  g_assert_cmpstr (get_shown (self, 101)->time, ==, "+2.010000");
}

/* -- Bookmarks ------------------------------------------------------------------------------------------------ */

static gboolean
has_bookmark (Fixture *self, guint64 record)
{
  const SocketeerRow *row = get_shown (self, record);
  return row != NULL && _socketeer_byte_view_has_bookmark (self->view.view, row);
}

static void
test_bookmarks (Fixture *self, gconstpointer data)
{
  SktPosition cursor;

  activate (self, "places.next-bookmark", NULL);
  g_assert_cmpuint (self->message.n, ==, 1);
  set_cursor (self, 97, 4);
  activate (self, "places.bookmark", "cursor");
  g_assert_true (has_bookmark (self, 97));
  g_assert_false (has_bookmark (self, 96));
  check_wait (self->view.view->a11y_id == 0);
  set_cursor (self, 10, 0);
  activate (self, "places.bookmark", "cursor");

  /* Round and round. */
  activate (self, "places.next-bookmark", NULL);
  cursor = socketeer_byte_view_get_cursor (self->view.view);
  g_assert_cmpuint (cursor.record, ==, 97);
  g_assert_cmpuint (cursor.begin, ==, 0);
  activate (self, "places.next-bookmark", NULL);
  g_assert_cmpuint (socketeer_byte_view_get_cursor (self->view.view).record, ==, 10);
  check_view_settle (&self->view);
  g_assert_true (has_bookmark (self, 10));
  g_assert_false (socketeer_byte_view_get_following (self->view.view));
  activate (self, "places.previous-bookmark", NULL);
  g_assert_cmpuint (socketeer_byte_view_get_cursor (self->view.view).record, ==, 97);
  activate (self, "places.previous-bookmark", NULL);
  g_assert_cmpuint (socketeer_byte_view_get_cursor (self->view.view).record, ==, 10);

  /* Once more takes it away. */
  activate (self, "places.bookmark", "cursor");
  check_view_settle (&self->view);
  g_assert_false (has_bookmark (self, 10));
  g_assert_cmpuint (self->message.n, ==, 1);
}

/* A bookmark is a byte: it is in the row that has the byte, however one looks. */
static void
test_bookmark_in_views (Fixture *self, gconstpointer data)
{
  add_at (self->view.journal, SKT_RECORD_RECEIVED, BEGIN + S, 1200, "first line\nsecond line that is longer than a row\n");
  g_assert_true (skt_journal_flush (self->view.journal, NULL));
  check_view_settle (&self->view);
  set_cursor (self, 100, 15);
  activate (self, "places.bookmark", "cursor");
  for (guint view = 0; view < SKT_N_VIEWS; view++)
    {
      guint n = 0;

      check_view_set_layout (&self->view, view, SKT_ENCODING_UTF_8);
      check_view_settle (&self->view);
      for (guint i = 0; i < self->view.view->rows->len; i++)
        {
          const SocketeerRow *row = g_ptr_array_index (self->view.view->rows, i);
          gboolean wanted = row->row.record == 100 && row->row.begin <= 11 && row->row.begin + row->row.length > 11;
          g_assert_true (_socketeer_byte_view_has_bookmark (self->view.view, row) == wanted);
          n += wanted;
        }
      g_assert_cmpuint (n, ==, 1);
    }
}

static char *
dup_stored (Fixture *self, const char *key)
{
  g_autoptr (GKeyFile) info = skt_journal_load_info (skt_journal_get_path (self->view.journal), NULL);
  return info != NULL ? g_key_file_get_string (info, "Bookmarks", key, NULL) : NULL;
}

static gboolean
is_stored (Fixture *self, const char *key, const char *wanted)
{
  g_autofree char *value = dup_stored (self, key);
  return g_strcmp0 (value, wanted) == 0;
}

/* What is marked comes back with the journal. */
static void
test_bookmarks_are_kept (Fixture *self, gconstpointer data)
{
  set_cursor (self, 96, 3);
  activate (self, "places.bookmark", "cursor");
  check_wait (is_stored (self, "0", "96:0 "));
  set_cursor (self, 98, 3);
  activate (self, "places.bookmark", "cursor");
  /* Not yet written: letting go of the journal does. */
  socketeer_places_set_journal (SOCKETEER_PLACES (self->places), NULL);
  check_view_settle (&self->view);
  g_assert_false (has_bookmark (self, 96));
  check_wait (is_stored (self, "1", "98:0 "));

  socketeer_places_set_journal (SOCKETEER_PLACES (self->places), self->view.journal);
  check_wait (has_bookmark (self, 96) && has_bookmark (self, 98));
  set_cursor (self, 96, 0);
  activate (self, "places.bookmark", "cursor");
  set_cursor (self, 98, 0);
  activate (self, "places.bookmark", "cursor");
  check_wait (is_stored (self, "n", "0"));
  g_assert_true (is_stored (self, "0", NULL));
}

static GtkWidget *
find_child (GtkWidget *widget, GType type)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (child, type) ? child : find_child (child, type);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
test_list (Fixture *self, gconstpointer data)
{
  GtkPopover *popover = check_child (self->places, SOCKETEER_TYPE_PLACES, "list_popover");
  GtkListBox *list = check_child (self->places, SOCKETEER_TYPE_PLACES, "list_box");
  GtkStack *stack = check_child (self->places, SOCKETEER_TYPE_PLACES, "list_stack");
  GtkWidget *row, *entry, *last;

  activate (self, "places.bookmarks", NULL);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (stack), ==, "none");
  for (guint i = 90; i < 93; i++)
    {
      set_cursor (self, i, 0);
      activate (self, "places.bookmark", "cursor");
    }
  g_assert_cmpstr (gtk_stack_get_visible_child_name (stack), ==, "some");
  row = GTK_WIDGET (gtk_list_box_get_row_at_index (list, 1));
  g_assert_nonnull (gtk_list_box_get_row_at_index (list, 2));
  g_assert_null (gtk_list_box_get_row_at_index (list, 3));

  /* A text, which stays while it is typed. */
  entry = find_child (row, GTK_TYPE_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entry), "<b>&");
  g_assert_true (find_child (GTK_WIDGET (gtk_list_box_get_row_at_index (list, 1)), GTK_TYPE_ENTRY) == entry);
  check_wait (is_stored (self, "1", "91:0 <b>&"));

  /* The last button removes, the first goes there. */
  last = gtk_widget_get_last_child (gtk_widget_get_first_child (GTK_WIDGET (gtk_list_box_get_row_at_index (list, 0))));
  g_signal_emit_by_name (last, "clicked");
  g_assert_true (GTK_WIDGET (gtk_list_box_get_row_at_index (list, 0)) == row);
  g_assert_null (gtk_list_box_get_row_at_index (list, 2));
  g_signal_emit_by_name (find_child (row, GTK_TYPE_BUTTON), "clicked");
  g_assert_cmpuint (socketeer_byte_view_get_cursor (self->view.view).record, ==, 91);
  check_wait (!gtk_widget_get_mapped (GTK_WIDGET (popover)));
}

static void
test_too_many (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < SKT_BOOKMARKS_MAX; i++)
    skt_bookmarks_add (self->view.view->bookmarks, (SktPosition){ 1000 + i, 0 });
  set_cursor (self, 98, 0);
  activate (self, "places.bookmark", "cursor");
  g_assert_false (has_bookmark (self, 98));
  g_assert_cmpuint (self->message.n, ==, 1);
  g_assert_nonnull (strstr (self->message.text, "500"));
}

/* -- Going to a place ----------------------------------------------------------------------------------------- */

static void
type_place (Fixture *self, const char *text)
{
  GtkEntry *entry = check_child (self->places, SOCKETEER_TYPE_PLACES, "goto_entry");
  GtkWidget *button = check_child (self->places, SOCKETEER_TYPE_PLACES, "goto_button");

  activate (self, "places.go-to", NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  g_signal_emit_by_name (button, "clicked");
}

static void
test_go_to (Fixture *self, gconstpointer data)
{
  GtkPopover *popover = check_child (self->places, SOCKETEER_TYPE_PLACES, "goto_popover");
  GtkLabel *label = check_child (self->places, SOCKETEER_TYPE_PLACES, "goto_error");
  SktPosition cursor;

  type_place (self, "#11");
  check_wait (socketeer_byte_view_get_cursor (self->view.view).record == 10);
  check_wait (!gtk_widget_get_mapped (GTK_WIDGET (popover)));
  check_view_settle (&self->view);
  g_assert_nonnull (get_shown (self, 10));
  g_assert_false (socketeer_byte_view_get_following (self->view.view));

  type_place (self, "601"); /* 12 bytes a record */
  check_wait (socketeer_byte_view_get_cursor (self->view.view).record == 50);
  cursor = socketeer_byte_view_get_cursor (self->view.view);
  g_assert_cmpuint (cursor.begin, ==, 1);
  type_place (self, "+100 ms");
  check_wait (socketeer_byte_view_get_cursor (self->view.view).record == 60);
  type_place (self, "00:00:00.2");
  check_wait (socketeer_byte_view_get_cursor (self->view.view).record == 20);

  type_place (self, "1200");
  check_wait (gtk_widget_get_visible (GTK_WIDGET (label)));
  g_assert_cmpstr (gtk_label_get_label (label), ==, "Only 1200 bytes have been received from there");
  type_place (self, "nowhere");
  g_assert_true (g_str_has_prefix (gtk_label_get_label (label), "Not a place"));
  g_assert_cmpuint (socketeer_byte_view_get_cursor (self->view.view).record, ==, 20);
  /* Typing on takes the error away. */
  gtk_editable_set_text (check_child (self->places, SOCKETEER_TYPE_PLACES, "goto_entry"), "1");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (label)));
  gtk_popover_popdown (popover);
}

/* In a row that is wide, the byte is brought into sight sideways too. */
static void
test_go_to_sideways (Fixture *self, gconstpointer data)
{
  g_autofree char *line = g_strnfill (1000, 'x');
  GdkRectangle area;

  add_at (self->view.journal, SKT_RECORD_RECEIVED, BEGIN + S, 1200, line);
  g_assert_true (skt_journal_flush (self->view.journal, NULL));
  check_view_settle (&self->view);
  socketeer_byte_view_go_to (self->view.view, (SktPosition){ 100, 900 });
  check_view_settle (&self->view);
  g_assert_cmpfloat (gtk_adjustment_get_value (self->view.h), >, 0);
  g_assert_true (socketeer_byte_view_get_area (self->view.view, (SktPosition){ 100, 900 }, &area));
  g_assert_cmpint (area.x, >, _socketeer_byte_view_get_gutter_width (self->view.view));
  g_assert_cmpint (area.x, <, gtk_widget_get_width (GTK_WIDGET (self->view.view)));
}

/* Whatever the bytes are: what is said of them is text that hides nothing, and no label takes it for markup. */
static void
test_hostile (Fixture *self, gconstpointer data)
{
  GtkListBox *list = check_child (self->places, SOCKETEER_TYPE_PLACES, "list_box");
  guint64 offset = 1200;

  for (guint i = 0; i < G_N_ELEMENTS (check_hostile); i++)
    {
      SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 1, .stream_offset = offset };
      g_assert_true (skt_journal_append (self->view.journal, &record, (const guint8 *) check_hostile[i].bytes,
                                         check_hostile[i].length, NULL));
      offset += check_hostile[i].length;
    }
  g_assert_true (skt_journal_flush (self->view.journal, NULL));
  check_view_settle (&self->view);
  for (guint i = 0; i < G_N_ELEMENTS (check_hostile); i++)
    {
      SktPosition position = { 100 + i, 0 };
      g_autofree char *excerpt = socketeer_byte_view_dup_excerpt (self->view.view, position);
      g_autofree char *details = socketeer_byte_view_dup_details (self->view.view, position);

      g_assert_true (g_utf8_validate (excerpt, -1, NULL) && g_utf8_validate (details, -1, NULL));
      for (const char *p = excerpt; *p != '\0'; p = g_utf8_next_char (p))
        g_assert_true (!g_unichar_iscntrl (g_utf8_get_char (p)) && g_unichar_type (g_utf8_get_char (p)) != G_UNICODE_FORMAT);
      socketeer_byte_view_toggle_bookmark (self->view.view, position);
      skt_bookmarks_set_label (self->view.view->bookmarks, position, check_hostile[i].bytes);
    }
  activate (self, "places.bookmarks", NULL);
  check_view_settle (&self->view);
  g_assert_nonnull (gtk_list_box_get_row_at_index (list, G_N_ELEMENTS (check_hostile) - 1));
  check_wait (self->view.view->a11y_id == 0);
  for (guint view = 0; view < SKT_N_VIEWS; view++)
    {
      check_view_set_layout (&self->view, view, SKT_ENCODING_UTF_8);
      check_view_settle (&self->view);
    }
  gtk_popover_popdown (check_child (self->places, SOCKETEER_TYPE_PLACES, "list_popover"));
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  check_ui_init (&argc, &argv);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/ui/places/details", test_details);
  ADD ("/ui/places/byte-at", test_byte_at);
  ADD ("/ui/places/hover", test_hover);
  ADD ("/ui/places/description", test_description);
  ADD ("/ui/places/details-popover", test_details_popover);
  ADD ("/ui/places/time-column", test_time_column);
  ADD ("/ui/places/delta-everywhere", test_delta_everywhere);
  ADD ("/ui/places/delta-of-shown", test_delta_of_shown);
  ADD ("/ui/places/bookmarks", test_bookmarks);
  ADD ("/ui/places/bookmark-in-views", test_bookmark_in_views);
  ADD ("/ui/places/bookmarks-are-kept", test_bookmarks_are_kept);
  ADD ("/ui/places/list", test_list);
  ADD ("/ui/places/too-many", test_too_many);
  ADD ("/ui/places/hostile", test_hostile);
  ADD ("/ui/places/go-to", test_go_to);
  ADD ("/ui/places/go-to-sideways", test_go_to_sideways);
  return g_test_run ();
}
