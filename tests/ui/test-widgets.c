/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-access-box.h"
#include "socketeer-client-bar.h"
#include "socketeer-composer.h"
#include "socketeer-connection-list.h"
#include "socketeer-connection-row.h"
#include "socketeer-server-bar.h"
#include "socketeer-status-bar.h"
#include "socketeer-transcript.h"

#include <unistd.h>

/* Each widget is made and goes again, shown and not shown. */

typedef GType (*TypeFunc) (void);

static void
test_new (gconstpointer data)
{
  GtkWidget *widget = g_object_ref_sink (g_object_new (((TypeFunc) data) (), NULL));
  g_assert_finalize_object (widget);
}

static void
test_shown (gconstpointer data)
{
  GtkWidget *widget = g_object_ref_sink (g_object_new (((TypeFunc) data) (), NULL));
  GtkWidget *window = check_window_new (widget);

  check_window_destroy (window);
  g_assert_finalize_object (widget);
}

static void
add (const char *name, TypeFunc func)
{
  g_autofree char *made = g_strdup_printf ("/ui/widgets/%s/new", name);
  g_autofree char *shown = g_strdup_printf ("/ui/widgets/%s/shown", name);

  g_test_add_data_func (made, func, test_new);
  g_test_add_data_func (shown, func, test_shown);
}

/* Without a model a status bar counts nothing; with one it counts from where it was reset. */
static void
test_status_bar (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  SocketeerStatusBar *bar = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_STATUS_BAR, NULL));
  GtkLabel *received = check_child (bar, SOCKETEER_TYPE_STATUS_BAR, "received_label");
  GtkLabel *kept = check_child (bar, SOCKETEER_TYPE_STATUS_BAR, "kept_label");
  int client;

  socketeer_status_bar_reset (bar);
  socketeer_status_bar_set_session (bar, session);
  g_assert_cmpstr (gtk_label_get_label (received), ==, "0");
  client = check_socket_connect (check_session_listen (session));
  check_socket_send (client, "hello", 5);
  check_wait (skt_session_get_bytes_received (session) == 5);
  /* numbers that follow each other closely come late */
  check_wait (g_str_equal (gtk_label_get_label (received), "5"));
  socketeer_status_bar_reset (bar);
  g_assert_cmpstr (gtk_label_get_label (received), ==, "0");
  check_socket_send (client, "you", 3);
  check_wait (skt_session_get_bytes_received (session) == 8);
  check_wait (g_str_equal (gtk_label_get_label (received), "3"));
  g_assert_true (g_str_has_prefix (gtk_label_get_label (kept), "nothing dropped · journal "));
  close (client);
  g_assert_finalize_object (bar);
  check_session_close (session);
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
  add ("access-box", socketeer_access_box_get_type);
  add ("byte-view", socketeer_byte_view_get_type);
  add ("client-bar", socketeer_client_bar_get_type);
  add ("composer", socketeer_composer_get_type);
  add ("connection-list", socketeer_connection_list_get_type);
  add ("connection-row", socketeer_connection_row_get_type);
  add ("server-bar", socketeer_server_bar_get_type);
  add ("status-bar", socketeer_status_bar_get_type);
  add ("transcript", socketeer_transcript_get_type);
  check_add ("/ui/widgets/status-bar/counts", test_status_bar);
  return g_test_run ();
}
