/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-page-private.h"

#include <glib/gi18n.h>

#include "skt-hex.h"
#include "skt-selection.h"
#include "socketeer-page-panes.h"

/* What is selected in the transcript, as the message that is typed: to send it again, or something like it. */

#define MAX_BYTES (64 * 1024) /* more is no message that one edits */

static void
copied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SocketeerPage) self = user_data;
  g_autoptr (GError) error = NULL;
  guint64 n_bytes = 0;
  g_autofree char *hex = skt_selection_copy_finish (result, &n_bytes, &error);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (SktMessage) message = NULL;

  if (self->is_closed || self->session == NULL || (hex != NULL && n_bytes == 0))
    return;
  if (n_bytes > MAX_BYTES)
    {
      _socketeer_page_say (self, _ ("A message can be edited up to 64 KiB: save the selection and send it as a file."));
      return;
    }
  bytes = hex != NULL ? skt_hex_parse (hex, -1, NULL, &error) : NULL;
  if (bytes == NULL)
    {
      _socketeer_page_say (self, error->message);
      return;
    }
  message = skt_message_new_from_bytes (bytes);
  socketeer_page_edit_message (self, message);
}

static void
compose_selection_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerPage *self = SOCKETEER_PAGE (widget);
  SocketeerByteView *view = socketeer_transcript_get_byte_view (self->transcript);
  SktPosition from, to;

  if (self->journal != NULL && socketeer_byte_view_get_selection (view, &from, &to))
    skt_selection_copy_async (self->journal, socketeer_byte_view_get_layout (view), from, to, SKT_COPY_HEX, self->exporting, copied_cb,
                              g_object_ref (self));
}

static void
has_selection_cb (SocketeerByteView *view, GParamSpec *pspec, gpointer user_data)
{
  SocketeerPage *self = user_data;
  gboolean has_selection;

  g_object_get (view, "has-selection", &has_selection, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.compose-selection", has_selection && self->session != NULL);
}

void
socketeer_page_compose_class_init (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "page.compose-selection", NULL, compose_selection_action);
}

void
socketeer_page_compose_init (SocketeerPage *self)
{
  SocketeerByteView *view = socketeer_transcript_get_byte_view (self->transcript);

  g_signal_connect_object (view, "notify::has-selection", G_CALLBACK (has_selection_cb), self, 0);
  has_selection_cb (view, NULL, self);
}
