/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#include "socketeer-byte-view-private.h"
#include "socketeer-resources.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>

/* GLib leaves its first table of quarks behind when there are more than 2,048 of them (g_quark_from_string() in GLib 2.74): what
 * the libraries allocate before main() is not looked at. Only these two are early enough and late enough for that. */
__attribute__ ((section (".preinit_array"), used)) static void (*const begin_loading) (void) = __lsan_disable;

__attribute__ ((constructor)) static void
end_loading (void)
{
  __lsan_enable ();
}
#endif

static char *state_folder;

/* Journals are gone by then; what the stores keep in files is not. */
static void
remove_state_folder (void)
{
  static const char *const paths[] = { "socketeer/history.json", "socketeer/presets.json", "socketeer/sequences.json", "socketeer/answers.json",
                                       "socketeer/sessions",     "socketeer",              "" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *path = g_build_filename (state_folder, paths[i], NULL);
      g_remove (path);
    }
  g_clear_pointer (&state_folder, g_free);
}

/* Not G_TEST_OPTION_ISOLATE_DIRS: it leaks in GLib 2.74. */
void
check_ui_init (int *argc, char ***argv)
{
  g_autoptr (GError) error = NULL;

  state_folder = g_dir_make_tmp ("skt-ui-XXXXXX", &error);
  g_assert_no_error (error);
  g_setenv ("XDG_STATE_HOME", state_folder, TRUE);
  g_setenv ("XDG_CONFIG_HOME", state_folder, TRUE);
  atexit (remove_state_folder);
  g_test_init (argc, argv, NULL);
  adw_init ();
  socketeer_register_resource ();
}

gboolean
check_has_sessions (void)
{
  g_autofree char *path = skt_journal_dup_sessions_path ();
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  return dir != NULL && g_dir_read_name (dir) != NULL;
}

/* -- Windows and frames --------------------------------------------------------------------------------------- */

static void
count_cb (gpointer object, guint *count)
{
  (*count)++;
}

void
check_frames (GtkWidget *widget, guint n)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  gint64 deadline = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
  guint count = 0;
  gulong id;

  g_assert_nonnull (clock);
  id = g_signal_connect (clock, "after-paint", G_CALLBACK (count_cb), &count);
  while (count < n)
    {
      gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
      check_iterate (deadline, "a frame");
    }
  g_signal_handler_disconnect (clock, id);
}

GtkWidget *
check_window_new (GtkWidget *child)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 640, 400);
  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));
  check_wait (gtk_widget_get_mapped (window) && gtk_widget_get_height (window) > 0);
  check_frames (window, 3);
  return window;
}

void
check_window_destroy (GtkWidget *window)
{
  gpointer weak = window;

  g_object_add_weak_pointer (G_OBJECT (window), &weak);
  gtk_window_destroy (GTK_WINDOW (window));
  check_wait (weak == NULL);
}

static gint64 frame_begin, longest_frame;

static void
before_paint_cb (GdkFrameClock *clock, gpointer user_data)
{
  frame_begin = g_get_monotonic_time ();
}

static void
after_paint_cb (GdkFrameClock *clock, gpointer user_data)
{
  if (frame_begin != 0)
    longest_frame = MAX (longest_frame, g_get_monotonic_time () - frame_begin);
}

void
check_frames_watch (GtkWidget *widget)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);

  frame_begin = longest_frame = 0;
  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), NULL);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), NULL);
}

gint64
check_frames_take_longest (void)
{
  gint64 longest = longest_frame;
  longest_frame = 0;
  return longest;
}

/* -- Keys and clicks ------------------------------------------------------------------------------------------ */

static gboolean
activate_in (GtkWidget *widget, GListModel *shortcuts, guint keyval, GdkModifierType modifiers)
{
  for (guint i = 0; i < g_list_model_get_n_items (shortcuts); i++)
    {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, i);
      GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

      if (GTK_IS_KEYVAL_TRIGGER (trigger) &&
          gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == keyval &&
          gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)) == modifiers)
        return gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), GTK_SHORTCUT_ACTION_EXCLUSIVE, widget,
                                             gtk_shortcut_get_arguments (shortcut));
    }
  return FALSE;
}

gboolean
check_press (GtkWidget *widget, guint keyval, GdkModifierType modifiers)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  gboolean done = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !done; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      if (GTK_IS_SHORTCUT_CONTROLLER (controller))
        done = activate_in (widget, G_LIST_MODEL (controller), keyval, modifiers);
    }
  return done;
}

void
check_click (GtkWidget *widget, int n_press, double x, double y)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      if (GTK_IS_GESTURE_CLICK (controller) &&
          gtk_gesture_single_get_button (GTK_GESTURE_SINGLE (controller)) == GDK_BUTTON_PRIMARY)
        {
          g_signal_emit_by_name (controller, "pressed", n_press, x, y);
          return;
        }
    }
  g_assert_not_reached ();
}

/* -- Signals -------------------------------------------------------------------------------------------------- */

static void
count_notify_cb (GObject *object, GParamSpec *pspec, CheckCount *count)
{
  count->n++;
}

static void
count_signal_cb (CheckCount *count)
{
  count->n++;
}

void
check_count_notify (gpointer object, const char *property, CheckCount *count)
{
  g_autofree char *detailed = g_strconcat ("notify::", property, NULL);
  count->n = 0;
  g_signal_connect (object, detailed, G_CALLBACK (count_notify_cb), count);
}

void
check_count_signal (gpointer object, const char *signal, CheckCount *count)
{
  count->n = 0;
  g_signal_connect_swapped (object, signal, G_CALLBACK (count_signal_cb), count);
}

static void
keep_text_cb (gpointer object, const char *text, CheckText *kept)
{
  kept->n++;
  g_free (kept->text);
  kept->text = g_strdup (text);
}

void
check_keep_text (gpointer object, const char *signal, CheckText *kept)
{
  *kept = (CheckText){ 0 };
  g_signal_connect (object, signal, G_CALLBACK (keep_text_cb), kept);
}

void
check_text_clear (CheckText *kept)
{
  g_clear_pointer (&kept->text, g_free);
  kept->n = 0;
}

/* -- Clipboard ------------------------------------------------------------------------------------------------ */

typedef struct
{
  char *text;
  gboolean done;
} Read;

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Read *read = user_data;

  read->text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (object), result, NULL);
  read->done = TRUE;
}

char *
check_dup_clipboard (GtkWidget *widget)
{
  Read read = { 0 };

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), NULL, read_cb, &read);
  check_wait (read.done);
  return read.text;
}

void
check_clear_clipboard (GtkWidget *widget)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), "(nothing copied)");
}

/* -- A byte view in a window ---------------------------------------------------------------------------------- */

void
check_view_set_up (CheckView *self, gconstpointer data)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);

  self->journal = check_journal_new ();
  self->view = SOCKETEER_BYTE_VIEW (socketeer_byte_view_new ());
  g_object_ref_sink (self->view);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->view));
  self->v = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  self->h = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (scrolled));
  socketeer_byte_view_set_journal (self->view, self->journal, layout);
  self->window = check_window_new (scrolled);
}

void
check_view_tear_down (CheckView *self, gconstpointer data)
{
  check_window_destroy (self->window);
  /* An event or a frame that is under way may still hold it. */
  check_wait (G_OBJECT (self->view)->ref_count == 1);
  g_assert_finalize_object (self->view);
  skt_journal_unref (self->journal);
}

void
check_view_set_layout (CheckView *self, SktView view, SktEncoding encoding)
{
  g_autoptr (SktLayout) layout = check_layout_new (view, encoding, 16);
  socketeer_byte_view_set_layout (self->view, layout);
}

void
check_view_settle (CheckView *self)
{
  socketeer_byte_view_journal_grown (self->view);
  check_frames (self->window, 2);
  check_wait (self->view->source == NULL || skt_row_source_is_exact (self->view->source));
  check_frames (self->window, 3);
}

void
check_view_add_lines (CheckView *self, guint from, guint n)
{
  g_autoptr (GError) error = NULL;

  for (guint i = from; i < from + n; i++)
    {
      SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 1 };
      g_autofree char *line = g_strdup_printf ("line %06u\n", i);

      record.stream_offset = 12 * (guint64) i;
      g_assert_true (skt_journal_append (self->journal, &record, (const guint8 *) line, strlen (line), &error));
      g_assert_no_error (error);
    }
  g_assert_true (skt_journal_flush (self->journal, &error));
  g_assert_no_error (error);
}

double
check_view_get_upper (CheckView *self)
{
  return gtk_adjustment_get_upper (self->v);
}

double
check_view_get_end (CheckView *self)
{
  return gtk_adjustment_get_upper (self->v) - gtk_adjustment_get_page_size (self->v);
}

int
check_view_get_row_height (CheckView *self)
{
  return socketeer_glyphs_get_row_height (self->view->glyphs);
}

guint64
check_view_get_first (CheckView *self)
{
  g_assert_cmpuint (self->view->rows->len, >, 0);
  return ((SocketeerRow *) g_ptr_array_index (self->view->rows, 0))->row.record;
}

guint64
check_view_get_last (CheckView *self)
{
  g_assert_cmpuint (self->view->rows->len, >, 0);
  return ((SocketeerRow *) g_ptr_array_index (self->view->rows, self->view->rows->len - 1))->row.record;
}
