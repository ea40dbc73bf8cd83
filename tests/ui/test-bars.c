/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-client-bar.h"
#include "socketeer-server-bar.h"

#include <unistd.h>

static const char *
get_text (gpointer entry)
{
  return gtk_editable_get_text (GTK_EDITABLE (entry));
}

static SocketeerClientBar *
client_bar_new (CheckFixture *fixture, SktSession **ret_session)
{
  SocketeerClientBar *bar = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_CLIENT_BAR, NULL));

  *ret_session = check_session_new (fixture, SKT_SESSION_CLIENT);
  socketeer_client_bar_set_session (bar, *ret_session);
  return bar;
}

static SocketeerServerBar *
server_bar_new (CheckFixture *fixture, SktSession **ret_session)
{
  SocketeerServerBar *bar = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_SERVER_BAR, NULL));

  *ret_session = check_session_new (fixture, SKT_SESSION_SERVER);
  socketeer_server_bar_set_session (bar, *ret_session);
  return bar;
}

/* -- Client ---------------------------------------------------------------------------------------------------- */

static void
test_client_refuses (CheckFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *endpoint;
    const char *entry; /* which is marked */
  } cases[] = {
    { "", "host_entry" },
    { "   ", "host_entry" },
    { "127.0.0.1:0", "host_entry" },
    { "127.0.0.1:70000", "host_entry" },
    { "127.0.0.1:65536", "host_entry" },
    { "127.0.0.1:abc", "host_entry" },
    { "127.0.0.1:-1", "host_entry" },
    { "127.0.0.1:", "host_entry" },
    { ":80", "host_entry" },
    { "a b c:1", "host_entry" },
    { "ho<st:1", "host_entry" },
    { "[::1:80", "host_entry" },
  };
  SktSession *session;
  SocketeerClientBar *bar = client_bar_new (fixture, &session);
  CheckText problem;

  check_keep_text (bar, "problem", &problem);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GtkWidget *entry = check_child (bar, SOCKETEER_TYPE_CLIENT_BAR, cases[i].entry);

      check_text_clear (&problem);
      g_test_message ("“%s”", cases[i].endpoint);
      g_assert_false (socketeer_client_bar_connect_to (bar, cases[i].endpoint));
      g_assert_cmpuint (problem.n, ==, 1);
      g_assert_nonnull (problem.text);
      g_assert_cmpstr (problem.text, !=, "");
      g_assert_true (gtk_widget_has_css_class (entry, "error"));
      g_assert_cmpint (skt_session_get_state (session), ==, SKT_STATE_IDLE);
      /* The mark goes when one types. */
      gtk_editable_set_text (GTK_EDITABLE (entry), "localhost");
      g_assert_false (gtk_widget_has_css_class (entry, "error"));
    }
  check_text_clear (&problem);
  g_assert_finalize_object (bar);
  check_session_close (session);
}

static void
test_client_refuses_port (CheckFixture *fixture, gconstpointer data)
{
  static const char *const ports[] = { "", "0", "70000", "abc", "-1", "1.5", "0x50", "99999999999999999999", "８０" };
  SktSession *session;
  SocketeerClientBar *bar = client_bar_new (fixture, &session);
  GtkWidget *port = check_child (bar, SOCKETEER_TYPE_CLIENT_BAR, "port_entry");
  CheckText problem;

  check_keep_text (bar, "problem", &problem);
  for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
    {
      check_text_clear (&problem);
      gtk_editable_set_text (GTK_EDITABLE (port), ports[i]);
      g_assert_false (socketeer_client_bar_connect_to (bar, "127.0.0.1"));
      g_assert_cmpuint (problem.n, ==, 1);
      g_assert_nonnull (problem.text);
      g_assert_true (gtk_widget_has_css_class (port, "error"));
    }
  g_assert_cmpint (skt_session_get_state (session), ==, SKT_STATE_IDLE);
  check_text_clear (&problem);
  g_assert_finalize_object (bar);
  check_session_close (session);
}

/* "host:port" in Host fills both entries, pasted or typed. */
static void
test_client_takes_apart (CheckFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *typed;
    const char *host;
  } cases[] = {
    { "127.0.0.1:%u", "127.0.0.1" },
    { "tcp://127.0.0.1:%u/", "127.0.0.1" },
    { "  127.0.0.1:%u ", "127.0.0.1" },
    { "127.0.0.1 %u", "127.0.0.1" },
    { "[::1]:%u", "::1" },
  };
  SktSession *session;
  SocketeerClientBar *bar = client_bar_new (fixture, &session);
  GtkWidget *host = check_child (bar, SOCKETEER_TYPE_CLIENT_BAR, "host_entry");
  GtkWidget *port = check_child (bar, SOCKETEER_TYPE_CLIENT_BAR, "port_entry");
  CheckText problem;

  check_keep_text (bar, "problem", &problem);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", check_unused_port ());
      g_auto (GStrv) parts = g_strsplit (cases[i / 2].typed, "%u", 2);
      g_autofree char *typed = g_strconcat (parts[0], number, parts[1], NULL);
      int position = 0;

      check_text_clear (&problem);
      gtk_editable_set_text (GTK_EDITABLE (host), "");
      gtk_editable_set_text (GTK_EDITABLE (port), "1");
      if (i % 2 == 0)
        {
          gtk_editable_insert_text (GTK_EDITABLE (host), typed, -1, &position); /* pasted */
          g_assert_cmpstr (get_text (host), ==, cases[i / 2].host);
          g_assert_cmpstr (get_text (port), ==, number);
        }
      else
        for (const char *p = typed; *p != '\0'; p++)
          gtk_editable_insert_text (GTK_EDITABLE (host), p, 1, &position);
      socketeer_client_bar_activate (bar);
      g_assert_cmpstr (get_text (host), ==, cases[i / 2].host);
      g_assert_cmpstr (get_text (port), ==, number);
      g_assert_cmpuint (problem.n, ==, 1);
      g_assert_null (problem.text);
      check_wait (skt_session_get_state (session) == SKT_STATE_FAILED);
    }
  check_text_clear (&problem);
  g_assert_finalize_object (bar);
  check_session_close (session);
}

static void
test_client_button (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session;
  SocketeerClientBar *bar = client_bar_new (fixture, &session);
  GtkButton *button = check_child (bar, SOCKETEER_TYPE_CLIENT_BAR, "connect_button");
  GtkWidget *host = check_child (bar, SOCKETEER_TYPE_CLIENT_BAR, "host_entry");
  guint16 port;
  int listening = check_socket_listen (8, &port);
  g_autofree char *endpoint = g_strdup_printf ("127.0.0.1:%u", port);

  g_assert_cmpstr (gtk_button_get_label (button), ==, "_Connect");
  for (guint i = 0; i < 2; i++)
    {
      int accepted;

      g_assert_true (socketeer_client_bar_connect_to (bar, endpoint));
      check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
      g_assert_cmpstr (gtk_button_get_label (button), ==, "Dis_connect");
      g_assert_false (gtk_widget_get_sensitive (host));
      accepted = check_socket_accept (listening);
      g_signal_emit_by_name (button, "clicked");
      close (accepted);
      check_wait (skt_session_get_state (session) == SKT_STATE_CLOSED);
      g_assert_cmpstr (gtk_button_get_label (button), ==, "_Connect");
      g_assert_true (gtk_widget_get_sensitive (host));
    }
  close (listening);
  g_assert_finalize_object (bar);
  check_session_close (session);
}

static void
test_client_cancel (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session;
  SocketeerClientBar *bar = client_bar_new (fixture, &session);
  GtkButton *button = check_child (bar, SOCKETEER_TYPE_CLIENT_BAR, "connect_button");
  guint16 port;
  int listening = check_socket_listen (0, &port), first;
  g_autofree char *endpoint = g_strdup_printf ("127.0.0.1:%u", port);

  /* Nobody accepts and the queue is full: the next SYN is not answered. */
  first = check_socket_connect (port);
  g_assert_true (socketeer_client_bar_connect_to (bar, endpoint));
  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTING);
  g_assert_cmpstr (gtk_button_get_label (button), ==, "_Cancel");
  g_signal_emit_by_name (button, "clicked");
  check_wait (skt_session_get_state (session) != SKT_STATE_CONNECTING);
  g_assert_cmpstr (gtk_button_get_label (button), ==, "_Connect");
  close (first);
  close (listening);
  g_assert_finalize_object (bar);
  check_session_close (session);
}

/* -- Server ---------------------------------------------------------------------------------------------------- */

static void
test_server_listens (CheckFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *endpoint;
    const char *target; /* how it begins */
  } cases[] = {
    { "127.0.0.1:0", "127.0.0.1:" },
    { "0", "127.0.0.1:" },
    { ":0", "[::]:" },
    { "*:0", "[::]:" },
    { "0.0.0.0:0", "0.0.0.0:" },
    { "[::1]:0", "[::1]:" },
    { " 127.0.0.1:0 ", "127.0.0.1:" },
  };
  SktSession *session;
  SocketeerServerBar *bar = server_bar_new (fixture, &session);
  GtkButton *button = check_child (bar, SOCKETEER_TYPE_SERVER_BAR, "listen_button");
  GtkWidget *port = check_child (bar, SOCKETEER_TYPE_SERVER_BAR, "port_entry");
  CheckText problem;

  check_keep_text (bar, "problem", &problem);
  g_assert_cmpstr (gtk_button_get_label (button), ==, "_Listen");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      check_text_clear (&problem);
      g_test_message ("“%s”", cases[i].endpoint);
      g_assert_true (socketeer_server_bar_listen_on (bar, cases[i].endpoint));
      g_assert_cmpuint (problem.n, ==, 1);
      g_assert_null (problem.text);
      check_wait (skt_session_get_state (session) == SKT_STATE_LISTENING ||
                  skt_session_get_state (session) == SKT_STATE_FAILED);
      g_assert_cmpint (skt_session_get_state (session), ==, SKT_STATE_LISTENING);
      check_wait (skt_session_get_target (session) != NULL);
      g_test_message ("listening on %s", skt_session_get_target (session));
      g_assert_true (g_str_has_prefix (skt_session_get_target (session), cases[i].target));
      g_assert_cmpstr (gtk_button_get_label (button), ==, "Stop _listening");
      g_assert_false (gtk_widget_get_sensitive (port));
      g_signal_emit_by_name (button, "clicked");
      check_wait (skt_session_get_state (session) != SKT_STATE_LISTENING);
      g_assert_cmpstr (gtk_button_get_label (button), ==, "_Listen");
      g_assert_true (gtk_widget_get_sensitive (port));
    }
  check_text_clear (&problem);
  g_assert_finalize_object (bar);
  check_session_close (session);
}

static void
test_server_port (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session;
  SocketeerServerBar *bar = server_bar_new (fixture, &session);
  guint16 port = check_unused_port ();
  g_autofree char *number = g_strdup_printf ("%u", port), *target = g_strdup_printf ("127.0.0.1:%u", port);

  g_assert_true (socketeer_server_bar_listen_on (bar, number));
  check_wait (skt_session_get_state (session) == SKT_STATE_LISTENING);
  check_wait (skt_session_get_target (session) != NULL);
  g_assert_cmpstr (skt_session_get_target (session), ==, target);
  g_assert_finalize_object (bar);
  check_session_close (session);
}

/* Nothing of this listens anywhere, least of all on an address that was not meant. */
static void
test_server_refuses (CheckFixture *fixture, gconstpointer data)
{
  static const char *const endpoints[] = { "127.0.0.1:70000", "127.0.0.1:abc", "127.0.0.1:", "abc", "", "-1", "70000",
                                           ":", "127.0.0.1:0x50", "[::1]", "::1", "a b:0", "192.0.2.1.5:0", "localhost:" };
  SktSession *session;
  SocketeerServerBar *bar = server_bar_new (fixture, &session);
  CheckText problem;

  check_keep_text (bar, "problem", &problem);
  for (guint i = 0; i < G_N_ELEMENTS (endpoints); i++)
    {
      gboolean taken;

      check_text_clear (&problem);
      g_test_message ("“%s”", endpoints[i]);
      taken = socketeer_server_bar_listen_on (bar, endpoints[i]);
      if (taken)
        {
          check_wait (skt_session_get_state (session) == SKT_STATE_LISTENING ||
                      skt_session_get_state (session) == SKT_STATE_FAILED);
          g_assert_cmpint (skt_session_get_state (session), ==, SKT_STATE_FAILED);
          g_assert_nonnull (skt_session_get_problem (session));
          continue;
        }
      g_assert_cmpuint (problem.n, ==, 1);
      g_assert_nonnull (problem.text);
      g_assert_cmpint (skt_session_get_state (session), !=, SKT_STATE_LISTENING);
    }
  check_text_clear (&problem);
  g_assert_finalize_object (bar);
  check_session_close (session);
}

static void
test_server_echo (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session;
  SocketeerServerBar *bar = server_bar_new (fixture, &session);
  GtkToggleButton *button = check_child (bar, SOCKETEER_TYPE_SERVER_BAR, "echo_button");
  gboolean echo;

  gtk_toggle_button_set_active (button, TRUE);
  g_object_get (session, "echo", &echo, NULL);
  g_assert_true (echo);
  g_object_set (session, "echo", FALSE, NULL);
  g_assert_false (gtk_toggle_button_get_active (button));
  g_assert_finalize_object (bar);
  check_session_close (session);
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
  check_add ("/ui/bars/client-refuses", test_client_refuses);
  check_add ("/ui/bars/client-refuses-port", test_client_refuses_port);
  check_add ("/ui/bars/client-takes-apart", test_client_takes_apart);
  check_add ("/ui/bars/client-button", test_client_button);
  check_add ("/ui/bars/client-cancel", test_client_cancel);
  check_add ("/ui/bars/server-listens", test_server_listens);
  check_add ("/ui/bars/server-port", test_server_port);
  check_add ("/ui/bars/server-refuses", test_server_refuses);
  check_add ("/ui/bars/server-echo", test_server_echo);
  return g_test_run ();
}
