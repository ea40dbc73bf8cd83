/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "skt-recipients.h"
#include "socketeer-page-private.h"
#include "socketeer-settings.h"

#include <string.h>
#include <unistd.h>

typedef struct
{
  SktEngine *engine;
  SocketeerPage *page;
  GtkWidget *window;
  int listener, peer;
  GtkButton *start;
  GtkLabel *state, *hint;
  GtkDropDown *shape, *to;
  GtkWidget *piece_box, *join_box, *to_box;
} Fixture;

static gpointer
part (Fixture *self, const char *name)
{
  return gtk_widget_get_template_child (GTK_WIDGET (self->page->send_options), SOCKETEER_TYPE_SEND_OPTIONS, name);
}

static void
set_number (Fixture *self, const char *name, double value)
{
  gtk_spin_button_set_value (part (self, name), value);
}

static void
type (Fixture *self, const char *text)
{
  GtkTextView *view = check_child (self->page->composer, SOCKETEER_TYPE_COMPOSER, "text_view");

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (view), text, -1);
}

static void
open_page (Fixture *self, SocketeerPageKind kind)
{
  g_autoptr (GError) error = NULL;

  self->engine = skt_engine_new ();
  self->page = g_object_ref_sink (socketeer_page_new (self->engine, kind, &error));
  g_assert_no_error (error);
  g_settings_reset (socketeer_settings_get (), "send-options");
  self->window = check_window_new (GTK_WIDGET (self->page));
  self->start = part (self, "start_button");
  self->state = part (self, "state_label");
  self->hint = part (self, "hint_label");
  self->shape = part (self, "shape_drop_down");
  self->to = part (self, "to_drop_down");
  self->piece_box = part (self, "piece_box");
  self->join_box = part (self, "join_box");
  self->to_box = part (self, "to_box");
  self->listener = self->peer = -1;
}

static void
open_client (Fixture *self)
{
  g_autofree char *endpoint = NULL;
  guint16 port;

  open_page (self, SOCKETEER_PAGE_CLIENT);
  self->listener = check_socket_listen (1, &port);
  endpoint = g_strdup_printf ("127.0.0.1:%u", port);
  g_assert_true (socketeer_page_connect (self->page, endpoint));
  self->peer = check_socket_accept (self->listener);
  check_wait (skt_session_get_state (self->page->session) == SKT_STATE_CONNECTED);
}

static void
close_page (Fixture *self)
{
  gpointer weak = self->page;

  socketeer_page_close (self->page);
  check_window_destroy (self->window);
  g_object_add_weak_pointer (weak, (gpointer *) &weak);
  g_object_unref (self->page);
  check_wait (weak == NULL);
  if (self->peer >= 0)
    close (self->peer);
  if (self->listener >= 0)
    close (self->listener);
  skt_engine_stop (self->engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->engine);
}

static void
assert_gets (Fixture *self, const char *expected)
{
  char buffer[200];
  gsize length = strlen (expected);

  g_assert_cmpuint (check_socket_receive (self->peer, buffer, length), ==, length);
  g_assert_cmpmem (buffer, length, expected, length);
}

static void
click (GtkButton *button)
{
  g_signal_emit_by_name (button, "clicked");
}

static gboolean
says (GtkLabel *label, const char *part_of_it)
{
  return strstr (gtk_label_get_label (label), part_of_it) != NULL;
}

static void
test_repeat (void)
{
  Fixture self;

  open_client (&self);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (self.state)));
  /* nothing to send: said at the composer */
  type (&self, "");
  click (self.start);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (self.state)));
  g_assert_true (says (check_child (self.page->composer, SOCKETEER_TYPE_COMPOSER, "problem_label"), "nothing to send"));

  type (&self, "ab");
  set_number (&self, "interval_spin", 1);
  set_number (&self, "count_spin", 5);
  click (self.start);
  assert_gets (&self, "ababababab");
  check_wait (says (self.state, "Done · 5 sent"));
  g_assert_cmpstr (gtk_button_get_label (self.start), ==, "Start");

  set_number (&self, "count_spin", 0);
  click (self.start);
  g_assert_cmpstr (gtk_button_get_label (self.start), ==, "Stop");
  assert_gets (&self, "abababab");
  click (self.start);
  check_wait (says (self.state, "Stopped · "));
  g_assert_cmpstr (gtk_button_get_label (self.start), ==, "Start");

  /* the page is closed while it runs */
  click (self.start);
  check_wait (says (self.state, "Repeating · "));
  close_page (&self);
}

static void
test_shape (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("abcde", 5);
  Fixture self;

  open_client (&self);
  g_assert_false (gtk_widget_get_visible (self.piece_box));
  g_assert_false (gtk_widget_get_visible (self.join_box));
  g_assert_false (gtk_widget_get_visible (self.to_box));
  gtk_drop_down_set_selected (self.shape, 1);
  g_assert_true (gtk_widget_get_visible (self.piece_box));
  set_number (&self, "piece_spin", 2);
  set_number (&self, "pause_spin", 1);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (self.hint)));
  g_object_set (self.page->session, "no-delay", FALSE, NULL);
  g_assert_true (says (self.hint, "TCP_NODELAY is off"));
  g_object_set (self.page->session, "no-delay", TRUE, NULL);
  set_number (&self, "pause_spin", 0);
  g_assert_true (says (self.hint, "Without a pause"));
  g_assert_true (_socketeer_page_send_bytes (self.page, bytes));
  assert_gets (&self, "abcde");
  check_wait (skt_connection_get_n_writes (skt_session_get_current (self.page->session)) == 3);

  gtk_drop_down_set_selected (self.shape, 2);
  g_assert_true (gtk_widget_get_visible (self.join_box));
  g_assert_false (gtk_widget_get_visible (self.piece_box));
  set_number (&self, "join_spin", 3);
  g_assert_true (_socketeer_page_send_bytes (self.page, bytes));
  g_assert_true (_socketeer_page_send_bytes (self.page, bytes));
  click (part (&self, "release_button"));
  assert_gets (&self, "abcdeabcde");
  check_wait (skt_connection_get_n_writes (skt_session_get_current (self.page->session)) == 4);
  close_page (&self);
}

static void
test_recipients (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  guint16 port;
  int second;
  Fixture self;

  open_page (&self, SOCKETEER_PAGE_SERVER);
  g_assert_true (gtk_widget_get_visible (self.to_box));
  g_assert_true (socketeer_page_listen (self.page, "127.0.0.1:0"));
  check_wait (skt_session_get_state (self.page->session) == SKT_STATE_LISTENING && skt_session_get_target (self.page->session) != NULL);
  port = check_port_of (skt_session_get_target (self.page->session));
  self.peer = check_socket_connect (port);
  check_wait (skt_session_get_n_open (self.page->session) == 1);
  second = check_socket_connect (port);
  check_wait (skt_session_get_n_open (self.page->session) == 2);

  gtk_drop_down_set_selected (self.to, SKT_RECIPIENTS_NEXT);
  for (guint i = 0; i < 3; i++)
    g_assert_true (_socketeer_page_send_bytes (self.page, bytes));
  assert_gets (&self, "xx");
  check_wait (skt_session_get_bytes_sent (self.page->session) == 3);
  gtk_drop_down_set_selected (self.to, SKT_RECIPIENTS_ALL);
  g_assert_true (_socketeer_page_send_bytes (self.page, bytes));
  assert_gets (&self, "x");
  check_wait (skt_session_get_bytes_sent (self.page->session) == 5);
  close (second);
  close_page (&self);
}

static void
test_row (void)
{
  Fixture self;

  open_client (&self);
  g_assert_false (gtk_revealer_get_reveal_child (part (&self, "revealer")));
  g_settings_set_boolean (socketeer_settings_get (), "send-options", TRUE);
  g_assert_true (gtk_revealer_get_reveal_child (part (&self, "revealer")));
  g_settings_reset (socketeer_settings_get (), "send-options");
  close_page (&self);
}

int
main (int argc, char **argv)
{
  check_ui_init (&argc, &argv);

  g_test_add_func ("/ui/send-options/row", test_row);
  g_test_add_func ("/ui/send-options/repeat", test_repeat);
  g_test_add_func ("/ui/send-options/shape", test_shape);
  g_test_add_func ("/ui/send-options/recipients", test_recipients);
  return g_test_run ();
}
