/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-byte-view-private.h"
#include "socketeer-frame-check.h"
#include "socketeer-settings.h"
#include "socketeer-transcript.h"

typedef struct
{
  SktJournal *journal;
  SocketeerTranscript *transcript;
  SocketeerByteView *view;
  GtkWidget *window;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  static const char *const keys[] = { "view", "encoding", "font-scale", "hex-bytes-per-row", "frame-check" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (socketeer_settings_get (), keys[i]);
  self->journal = check_journal_new ();
  self->transcript = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_TRANSCRIPT, NULL));
  self->view = socketeer_transcript_get_byte_view (self->transcript);
  socketeer_transcript_set_journal (self->transcript, self->journal);
  self->window = check_window_new (GTK_WIDGET (self->transcript));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  check_window_destroy (self->window);
  g_assert_finalize_object (self->transcript);
  skt_journal_unref (self->journal);
}

static void
settle (Fixture *self)
{
  socketeer_byte_view_journal_grown (self->view);
  check_frames (self->window, 4);
}

static void
add (Fixture *self, guint n)
{
  for (guint i = 0; i < n; i++)
    check_journal_add (self->journal, SKT_RECORD_RECEIVED, 1 + i % 2, "text\n", 5);
  settle (self);
}

static void
test_view (Fixture *self, gconstpointer data)
{
  static const char *const buttons[] = { "text_button", "hex_button", "both_button" };

  add (self, 3);
  for (guint i = 2 * SKT_N_VIEWS; i > 0; i--)
    {
      SktView view = (i - 1) % SKT_N_VIEWS;
      g_autofree char *name = NULL;

      socketeer_transcript_set_view (self->transcript, view);
      g_assert_true (gtk_toggle_button_get_active (check_child (self->transcript, SOCKETEER_TYPE_TRANSCRIPT, buttons[view])));
      g_assert_cmpint (skt_layout_get_view (self->view->layout), ==, view);
      name = g_settings_get_string (socketeer_settings_get (), "view");
      g_assert_cmpstr (name, ==, skt_view_get_name (view));
      settle (self);
    }
  socketeer_transcript_set_encoding (self->transcript, SKT_ENCODING_BIG5);
  g_assert_cmpint (socketeer_transcript_get_encoding (self->transcript), ==, SKT_ENCODING_BIG5);
  g_assert_cmpint (skt_layout_get_encoding (self->view->layout), ==, SKT_ENCODING_BIG5);
}

static void
test_filter (Fixture *self, gconstpointer data)
{
  const guint32 ids[] = { 2 };

  add (self, 10);
  socketeer_transcript_set_filter (self->transcript, ids, 1);
  settle (self);
  g_assert_cmpuint (self->view->rows->len, ==, 5);
  socketeer_transcript_set_filter (self->transcript, ids, 0); /* an empty choice is not "all" */
  settle (self);
  g_assert_cmpuint (self->view->rows->len, ==, 0);
  socketeer_transcript_set_filter (self->transcript, NULL, 0);
  settle (self);
  g_assert_cmpuint (self->view->rows->len, ==, 10);
}

static void
test_empty_text (Fixture *self, gconstpointer data)
{
  GtkWidget *label = check_child (self->transcript, SOCKETEER_TYPE_TRANSCRIPT, "empty_label");

  socketeer_transcript_set_empty_text (self->transcript, "Nothing <yet>");
  settle (self);
  g_assert_true (gtk_widget_get_visible (label));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (label)), ==, "Nothing <yet>");
  add (self, 1);
  g_assert_false (gtk_widget_get_visible (label));
}

static void
test_jump (Fixture *self, gconstpointer data)
{
  GtkRevealer *revealer = check_child (self->transcript, SOCKETEER_TYPE_TRANSCRIPT, "jump_revealer");
  GtkLabel *label = check_child (self->transcript, SOCKETEER_TYPE_TRANSCRIPT, "jump_label");
  GtkButton *button = check_child (self->transcript, SOCKETEER_TYPE_TRANSCRIPT, "jump_button");
  GtkToggleButton *pause = check_child (self->transcript, SOCKETEER_TYPE_TRANSCRIPT, "pause_button");

  add (self, 200);
  g_assert_false (gtk_revealer_get_reveal_child (revealer));
  gtk_adjustment_set_value (self->view->vadjustment, 0);
  settle (self);
  g_assert_true (gtk_revealer_get_reveal_child (revealer));
  g_assert_cmpstr (gtk_label_get_label (label), ==, "Go to the end");
  add (self, 2);
  g_assert_cmpstr (gtk_label_get_label (label), ==, "10 bytes new");
  g_signal_emit_by_name (button, "clicked");
  settle (self);
  g_assert_false (gtk_revealer_get_reveal_child (revealer));

  gtk_toggle_button_set_active (pause, TRUE);
  settle (self);
  g_assert_true (gtk_revealer_get_reveal_child (revealer));
  add (self, 3);
  g_assert_cmpstr (gtk_label_get_label (label), ==, "View paused: 15 bytes new");
  g_signal_emit_by_name (button, "clicked");
  settle (self);
  g_assert_false (gtk_toggle_button_get_active (pause));
  g_assert_false (gtk_revealer_get_reveal_child (revealer));
}

/* As far as it goes in both directions, and back; the size is stored. */
static void
test_zoom (Fixture *self, gconstpointer data)
{
  double scale;

  add (self, 3);
  for (guint i = 0; i < 30; i++)
    socketeer_transcript_zoom (self->transcript, 1.1);
  settle (self);
  g_object_get (self->view, "font-scale", &scale, NULL);
  g_assert_cmpfloat (scale, >, 2);
  g_assert_cmpfloat (g_settings_get_double (socketeer_settings_get (), "font-scale"), ==, scale);
  for (guint i = 0; i < 60; i++)
    socketeer_transcript_zoom (self->transcript, 1 / 1.1);
  settle (self);
  g_object_get (self->view, "font-scale", &scale, NULL);
  g_assert_cmpfloat (scale, <, 0.7);
  g_assert_cmpfloat (g_settings_get_double (socketeer_settings_get (), "font-scale"), ==, scale);
  socketeer_transcript_zoom (self->transcript, 0);
  g_object_get (self->view, "font-scale", &scale, NULL);
  g_assert_cmpfloat (scale, ==, 1);
}

/* The checksum of frames goes to the view and to the settings, and from there to the next page. */
static void
test_frame_check (Fixture *self, gconstpointer data)
{
  SocketeerFrameCheck *editor = check_child (self->transcript, SOCKETEER_TYPE_TRANSCRIPT, "frame_check");
  GtkDropDown *checksum = check_child (editor, SOCKETEER_TYPE_FRAME_CHECK, "checksum_drop_down");
  SocketeerTranscript *next;
  g_autofree char *text = NULL;

  g_assert_false (self->view->frame_check.is_on);
  gtk_drop_down_set_selected (checksum, 1 + SKT_CHECKSUM_LRC);
  g_assert_true (self->view->frame_check.is_on);
  g_assert_cmpint (self->view->frame_check.checksum, ==, SKT_CHECKSUM_LRC);
  text = g_settings_get_string (socketeer_settings_get (), "frame-check");
  g_assert_cmpstr (text, ==, "lrc form=bytes order=big begin=0 gap=0 at=-1");

  next = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_TRANSCRIPT, NULL));
  g_assert_cmpint (socketeer_transcript_get_byte_view (next)->frame_check.checksum, ==, SKT_CHECKSUM_LRC);
  g_object_run_dispose (G_OBJECT (next));
  g_assert_finalize_object (next);

  /* What is damaged is as good as nothing. */
  g_settings_set_string (socketeer_settings_get (), "frame-check", "crc-99");
  next = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_TRANSCRIPT, NULL));
  g_assert_false (socketeer_transcript_get_byte_view (next)->frame_check.is_on);
  g_object_run_dispose (G_OBJECT (next));
  g_assert_finalize_object (next);
}

static void
test_context_menu (Fixture *self, gconstpointer data)
{
  add (self, 3);
  check_press (GTK_WIDGET (self->view), GDK_KEY_Menu, 0);
  check_frames (self->window, 3);
  check_press (GTK_WIDGET (self->view), GDK_KEY_F10, GDK_SHIFT_MASK);
  check_frames (self->window, 3);
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/ui/transcript/view", test_view);
  ADD ("/ui/transcript/filter", test_filter);
  ADD ("/ui/transcript/empty-text", test_empty_text);
  ADD ("/ui/transcript/jump", test_jump);
  ADD ("/ui/transcript/zoom", test_zoom);
  ADD ("/ui/transcript/context-menu", test_context_menu);
  ADD ("/ui/transcript/frame-check", test_frame_check);
  return g_test_run ();
}
