/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drag-source FILE...
 *
 * A window of 120 x 80 from which the files can be dragged, as from a file manager: text/uri-list and what GTK offers beside it. Prints
 * "dropped" or "cancelled" when a drag is over. Ends when its standard input does. */
#include <gtk/gtk.h>

#include <gio/gunixinputstream.h>
#include <unistd.h>

static void
end_cb (GtkDragSource *source, GdkDrag *drag, gboolean delete_data, gpointer user_data)
{
  g_print ("dropped\n");
}

static gboolean
cancel_cb (GtkDragSource *source, GdkDrag *drag, GdkDragCancelReason reason, gpointer user_data)
{
  g_print ("cancelled\n");
  return FALSE;
}

static void
input_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_main_loop_quit (user_data);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GSList) files = NULL;
  g_autoptr (GdkContentProvider) content = NULL;
  GtkDragSource *source;
  GtkWidget *window, *label;
  char byte[1];

  gtk_init ();
  for (int i = argc - 1; i > 0; i--)
    files = g_slist_prepend (files, g_file_new_for_commandline_arg (argv[i]));
  content = gdk_content_provider_new_typed (GDK_TYPE_FILE_LIST, files);

  source = gtk_drag_source_new ();
  gtk_drag_source_set_content (source, content);
  g_signal_connect (source, "drag-end", G_CALLBACK (end_cb), NULL);
  g_signal_connect (source, "drag-cancel", G_CALLBACK (cancel_cb), NULL);
  label = gtk_label_new ("files");
  gtk_widget_add_controller (label, GTK_EVENT_CONTROLLER (source));
  window = gtk_window_new ();
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_title (GTK_WINDOW (window), "drag-source");
  gtk_window_set_default_size (GTK_WINDOW (window), 120, 80);
  gtk_window_set_child (GTK_WINDOW (window), label);
  gtk_window_present (GTK_WINDOW (window));
  g_input_stream_read_async (input, byte, 1, G_PRIORITY_DEFAULT, NULL, input_cb, loop);
  g_main_loop_run (loop);
  g_slist_free_full (g_steal_pointer (&files), g_object_unref);
  return 0;
}
