/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-text-view PORT
 *
 * The program to compare with: what comes in at a port is put at the end of a GtkTextBuffer, as a first program with GTK does it.
 * Prints "listening", then, when all has arrived and the text view has measured every line, so that one can scroll to any, "scrolled SECONDS":
 * the time on the monotonic clock. Ends when its standard input does. */
#include "socketeer-config.h"

#include <gtk/gtk.h>

#include <gio/gunixinputstream.h>
#include <stdlib.h>
#include <unistd.h>

#define READ_SIZE (64 * 1024)

typedef struct
{
  GMainLoop *loop;
  GtkTextView *view;
  GtkTextMark *end;
  GSocketListener *listener;
  GSocketConnection *connection;
  char bytes[READ_SIZE];
  char input[1];
} TextViewer;

static gboolean
measured_cb (gpointer user_data)
{
  g_print ("scrolled %.6f\n", g_get_monotonic_time () / 1e6);
  return G_SOURCE_REMOVE;
}

static void read_next (TextViewer *self);

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  TextViewer *self = user_data;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (object), result, NULL);
  GtkTextIter end;

  if (n <= 0)
    {
      g_io_stream_close (G_IO_STREAM (self->connection), NULL, NULL);
      /* The view measures lines in a source of higher priority: when there is nothing left to measure this one runs. */
      g_idle_add_full (G_PRIORITY_LOW, measured_cb, NULL, NULL);
      return;
    }
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_insert (buffer, &end, self->bytes, n);
  gtk_text_view_scroll_mark_onscreen (self->view, self->end);
  read_next (self);
}

static void
read_next (TextViewer *self)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (self->connection)), self->bytes, sizeof self->bytes,
                             G_PRIORITY_DEFAULT, NULL, read_cb, self);
}

static void
accepted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  TextViewer *self = user_data;

  self->connection = g_socket_listener_accept_finish (G_SOCKET_LISTENER (object), result, NULL, NULL);
  if (self->connection != NULL)
    read_next (self);
}

static void
input_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  TextViewer *self = user_data;

  g_main_loop_quit (self->loop);
}

static void
show (TextViewer *self)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkTextBuffer *buffer;
  GtkTextIter end;

  self->view = GTK_TEXT_VIEW (gtk_text_view_new ());
  gtk_text_view_set_monospace (self->view, TRUE);
  gtk_text_view_set_editable (self->view, FALSE);
  buffer = gtk_text_view_get_buffer (self->view);
  gtk_text_buffer_get_end_iter (buffer, &end);
  self->end = gtk_text_buffer_create_mark (buffer, NULL, &end, FALSE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->view));
  gtk_window_set_child (GTK_WINDOW (window), scrolled);
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  TextViewer self = { NULL, };
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  if (argc != 2)
    {
      g_printerr ("usage: bench-text-view PORT\n");
      return 2;
    }
  gtk_init ();
  self.loop = g_main_loop_new (NULL, FALSE);
  self.listener = g_socket_listener_new ();
  address = g_inet_socket_address_new (loopback, atoi (argv[1]));
  if (!g_socket_listener_add_address (self.listener, address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, NULL, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  show (&self);
  g_socket_listener_accept_async (self.listener, NULL, accepted_cb, &self);
  g_input_stream_read_async (input, self.input, 1, G_PRIORITY_DEFAULT, NULL, input_cb, &self);
  g_print ("listening\n");
  g_main_loop_run (self.loop);
  return 0;
}
