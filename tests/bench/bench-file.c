/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-file FOLDER PORT FILE
 *
 * Sends a file as the program does, but without a window: one client session whose journal is in FOLDER, connected to 127.0.0.1:PORT. Prints
 * "SECONDS KIB REPORT": until all was handed to the kernel and the peer has ended the connection; by how much memory grew at most. */
#include "socketeer-config.h"

#include "skt-engine.h"
#include "skt-file-job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static guint64
read_kib (const char *name)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL) || (line = strstr (text, name)) == NULL)
    return 0;
  return g_ascii_strtoull (line + strlen (name) + 1, NULL, 10);
}

static void
wait_for (SktSession *session, SktState state)
{
  while (skt_session_get_state (session) != state)
    {
      if (skt_session_get_state (session) == SKT_STATE_FAILED)
        g_error ("%s", skt_session_get_problem (session));
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

int
main (int argc, char *argv[])
{
  g_autoptr (SktEngine) engine = NULL;
  g_autoptr (SktSession) session = NULL;
  g_autoptr (SktFileJob) job = NULL;
  g_autoptr (GPtrArray) connections = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  SktConnectOptions options = { .host = "127.0.0.1" };
  gboolean is_closed = FALSE;
  guint64 before, most;
  gint64 start, end;

  if (argc != 4)
    {
      g_printerr ("usage: bench-file FOLDER PORT FILE\n");
      return 2;
    }
  engine = skt_engine_new ();
  session = skt_session_new (engine, SKT_SESSION_CLIENT, argv[1], &error);
  if (session == NULL)
    g_error ("%s", error->message);
  options.port = atoi (argv[2]);
  skt_session_connect (session, &options);
  wait_for (session, SKT_STATE_CONNECTED);
  g_ptr_array_add (connections, skt_session_get_current (session));
  job = skt_file_job_new (session, connections, argv[3]);
  before = read_kib ("VmRSS:");
  start = g_get_monotonic_time ();
  skt_file_job_start (job);
  while (!skt_file_job_is_over (job))
    g_main_context_iteration (NULL, TRUE);
  skt_connection_disconnect (connections->pdata[0]);
  wait_for (session, SKT_STATE_CLOSED);
  end = g_get_monotonic_time ();
  most = read_kib ("VmHWM:");
  printf ("%.6f %" G_GUINT64_FORMAT " %s\n", (double) (end - start) / G_TIME_SPAN_SECOND, most - MIN (most, before),
          skt_file_job_get_report (job));
  skt_session_close_async (session, FALSE, closed_cb, &is_closed);
  while (!is_closed)
    g_main_context_iteration (NULL, TRUE);
  return skt_file_job_get_state (job) == SKT_FILE_SENT ? 0 : 1;
}
