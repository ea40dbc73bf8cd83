/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-status-bar.h"

#include <glib/gi18n.h>

#include "socketeer-format.h"
#include "socketeer-throttle.h"

struct _SocketeerStatusBar
{
  GtkWidget parent_instance;

  /* template */
  GtkLabel *received_label, *received_rate_label, *sent_label, *sent_rate_label, *kept_label;

  /* owned */
  GSignalGroup *signals;
  SktSession *session;

  guint64 received_base, sent_base;
  SocketeerThrottle throttle;
};

G_DEFINE_FINAL_TYPE (SocketeerStatusBar, socketeer_status_bar, GTK_TYPE_WIDGET)

static void
set_number (GtkLabel *label, guint64 n)
{
  char text[32];
  g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT, n);
  gtk_label_set_label (label, text);
}

static void
set_rate (GtkLabel *label, double rate)
{
  g_autofree char *text = rate > 0 ? socketeer_format_rate (rate) : g_strdup ("");
  gtk_label_set_label (label, text);
}

static void
update (SocketeerStatusBar *self)
{
  g_autofree char *size = NULL, *text = NULL;

  if (self->session == NULL)
    return;
  set_number (self->received_label, skt_session_get_bytes_received (self->session) - self->received_base);
  set_number (self->sent_label, skt_session_get_bytes_sent (self->session) - self->sent_base);
  set_rate (self->received_rate_label, skt_session_get_rate_received (self->session));
  set_rate (self->sent_rate_label, skt_session_get_rate_sent (self->session));

  size = socketeer_format_size (skt_session_get_bytes_received (self->session) +
                                skt_session_get_bytes_sent (self->session));
  /* Translators: status bar; %s is the size of what is stored, such as “1.2 MiB”. All that was received and sent is kept. */
  text = g_strdup_printf (_ ("nothing dropped · %s kept"), size);
  gtk_label_set_label (self->kept_label, text);
}

static void
update_later (gpointer data, gpointer unused)
{
  update (data);
}

static void
session_notify_cb (SktSession *session, GParamSpec *pspec, gpointer user_data)
{
  SocketeerStatusBar *self = user_data;

  if (g_str_has_prefix (pspec->name, "bytes-") || g_str_has_prefix (pspec->name, "rate-"))
    socketeer_throttle_queue (&self->throttle, update_later, self);
  else
    update (self);
}

void
socketeer_status_bar_set_session (SocketeerStatusBar *self, SktSession *session)
{
  g_return_if_fail (SOCKETEER_IS_STATUS_BAR (self));

  g_set_object (&self->session, session);
  g_signal_group_set_target (self->signals, session);
  self->received_base = self->sent_base = 0;
  update (self);
}

void
socketeer_status_bar_reset (SocketeerStatusBar *self)
{
  g_return_if_fail (SOCKETEER_IS_STATUS_BAR (self));

  if (self->session == NULL)
    return;
  self->received_base = skt_session_get_bytes_received (self->session);
  self->sent_base = skt_session_get_bytes_sent (self->session);
  update (self);
}

static void
socketeer_status_bar_dispose (GObject *object)
{
  SocketeerStatusBar *self = SOCKETEER_STATUS_BAR (object);
  GtkWidget *child;

  socketeer_throttle_clear (&self->throttle);
  g_clear_object (&self->signals);
  g_clear_object (&self->session);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (socketeer_status_bar_parent_class)->dispose (object);
}

static void
socketeer_status_bar_class_init (SocketeerStatusBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_status_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-status-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerStatusBar, received_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerStatusBar, received_rate_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerStatusBar, sent_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerStatusBar, sent_rate_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerStatusBar, kept_label);
}

static void
socketeer_status_bar_init (SocketeerStatusBar *self)
{
  static const char *const names[] = { "bytes-received", "bytes-sent", "rate-received", "rate-sent" };

  gtk_widget_init_template (GTK_WIDGET (self));
  self->signals = g_signal_group_new (SKT_TYPE_SESSION);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *detailed = g_strconcat ("notify::", names[i], NULL);
      g_signal_group_connect (self->signals, detailed, G_CALLBACK (session_notify_cb), self);
    }
}
