/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-receive FOLDER PORT
 *
 * Receives and keeps as the program does, but without a window: one server session whose journal is in FOLDER. Prints "listening".
 * Ends, and removes what it kept, when its standard input does. */
#include "socketeer-config.h"

#include "skt-engine.h"
#include "skt-session.h"

#include <gio/gunixinputstream.h>

#include <stdlib.h>
#include <unistd.h>

static void
state_cb (SktSession *session, GParamSpec *pspec, gpointer user_data)
{
  SktState state = skt_session_get_state (session);

  if (state != SKT_STATE_LISTENING && state != SKT_STATE_FAILED)
    return;
  g_print ("%s\n", state == SKT_STATE_LISTENING ? "listening" : skt_session_get_problem (session));
}

static void
input_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_main_loop_quit (user_data);
}

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  skt_session_close_finish (SKT_SESSION (object), result);
  g_main_loop_quit (user_data);
}

int
main (int argc, char *argv[])
{
  g_autoptr (SktEngine) engine = NULL;
  g_autoptr (SktSession) session = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  SktListenOptions options = { .address = "127.0.0.1" };
  char byte;

  if (argc != 3)
    {
      g_printerr ("usage: bench-receive FOLDER PORT\n");
      return 2;
    }
  engine = skt_engine_new ();
  session = skt_session_new (engine, SKT_SESSION_SERVER, argv[1], &error);
  if (session == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  g_signal_connect (session, "notify::state", G_CALLBACK (state_cb), NULL);
  options.port = atoi (argv[2]);
  skt_session_listen (session, &options);
  g_input_stream_read_async (input, &byte, 1, G_PRIORITY_DEFAULT, NULL, input_cb, loop);
  g_main_loop_run (loop);

  skt_session_close_async (session, FALSE, closed_cb, loop);
  g_main_loop_run (loop);
  skt_engine_stop (engine);
  return 0;
}
