/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-empty
 *
 * The program to compare starting with: an empty AdwApplicationWindow. Prints "shown SECONDS", the time on the monotonic clock, when its
 * first frame is painted. Ends when its standard input does. */
#include "socketeer-config.h"

#include <adwaita.h>

#include <gio/gunixinputstream.h>
#include <unistd.h>

static void
painted_cb (GdkFrameClock *clock, gpointer user_data)
{
  g_signal_handlers_disconnect_by_func (clock, painted_cb, user_data);
  g_print ("shown %.6f\n", g_get_monotonic_time () / 1e6);
}

static void
input_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_application_quit (user_data);
}

static void
activate_cb (GApplication *application, gpointer user_data)
{
  static char input[1];
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (application));
  g_autoptr (GInputStream) stream = g_unix_input_stream_new (STDIN_FILENO, FALSE);

  g_input_stream_read_async (stream, input, 1, G_PRIORITY_DEFAULT, NULL, input_cb, application);
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  gtk_widget_realize (window);
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (painted_cb), NULL);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_autoptr (AdwApplication) application = adw_application_new ("io.github.socketeer.Empty", G_APPLICATION_DEFAULT_FLAGS);

  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
