/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-reach-bar.h"

#include <glib/gi18n.h>

#include "skt-reach.h"
#include "socketeer-wrap-layout.h"

/* A machine with many containers has a lot of addresses; the first ones are those of its interfaces in their order. */
#define MAX_SHOWN 5

struct _SocketeerReachBar
{
  GtkWidget parent_instance;

  /* borrowed: child */
  GtkLabel *label;

  /* owned */
  SktSession *session;
  GSignalGroup *signals;
  char **shown; /* endpoints that have a button; NULL: none */
};

enum
{
  MESSAGE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerReachBar, socketeer_reach_bar, GTK_TYPE_WIDGET)

static void
copy_clicked_cb (GtkButton *button, gpointer user_data)
{
  SocketeerReachBar *self = user_data;
  const char *endpoint = gtk_button_get_label (button);
  /* Translators: an address and port was put on the clipboard */
  g_autofree char *message = g_strdup_printf (_ ("%s copied"), endpoint);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), endpoint);
  g_signal_emit (self, signals[MESSAGE], 0, message);
}

static void
add_button (SocketeerReachBar *self, const char *endpoint)
{
  GtkWidget *button = gtk_button_new_with_label (endpoint);
  /* Translators: %s is an address and port */
  g_autofree char *name = g_strdup_printf (_ ("Copy %s"), endpoint);

  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "numeric");
  g_signal_connect (button, "clicked", G_CALLBACK (copy_clicked_cb), self);
  gtk_widget_set_parent (button, GTK_WIDGET (self));
}

static void
set_buttons (SocketeerReachBar *self, char **endpoints)
{
  GtkWidget *button;

  if (self->shown != NULL && g_strv_equal ((const char *const *) self->shown, (const char *const *) endpoints))
    return;
  while ((button = gtk_widget_get_next_sibling (GTK_WIDGET (self->label))) != NULL)
    gtk_widget_unparent (button);
  for (guint i = 0; endpoints[i] != NULL; i++)
    add_button (self, endpoints[i]);
  g_strfreev (self->shown);
  self->shown = g_strdupv (endpoints);
}

static char *
dup_sentence (SktReach reach, guint n_endpoints)
{
  if (reach == SKT_REACH_LOOPBACK)
    return g_strdup (_ ("Only programs on this machine can connect; a device on the network can’t reach this. Listen on all addresses to "
                        "let it."));
  if (n_endpoints == 0)
    return g_strdup (_ ("This machine has no address in a network now, so that only its own programs can connect."));
  if (n_endpoints > MAX_SHOWN)
    return g_strdup_printf (ngettext ("On a device in the network, type one of these addresses, or %u other:",
                                      "On a device in the network, type one of these addresses, or one of %u others:",
                                      n_endpoints - MAX_SHOWN),
                            n_endpoints - MAX_SHOWN);
  if (n_endpoints > 1)
    /* Translators: addresses follow */
    return g_strdup (_ ("On a device in the network, type one of these addresses:"));
  /* Translators: an address follows */
  return g_strdup (_ ("On a device in the network, type:"));
}

static void
update (SocketeerReachBar *self)
{
  gboolean is_listening = self->session != NULL && skt_session_get_state (self->session) == SKT_STATE_LISTENING;
  g_auto (GStrv) endpoints = NULL;
  g_autofree char *sentence = NULL;
  SktReach reach;
  guint n;

  reach = skt_reach_find (is_listening ? skt_session_get_target (self->session) : NULL, &endpoints);
  gtk_widget_set_visible (GTK_WIDGET (self), reach != SKT_REACH_NONE);
  if (reach == SKT_REACH_NONE)
    return;
  n = g_strv_length (endpoints);
  sentence = dup_sentence (reach, n);
  for (guint i = MAX_SHOWN; i < n; i++)
    g_clear_pointer (&endpoints[i], g_free);
  gtk_label_set_label (self->label, sentence);
  set_buttons (self, endpoints);
}

static void
notify_cb (SktSession *session, GParamSpec *pspec, gpointer user_data)
{
  update (user_data);
}

static void
network_changed_cb (GNetworkMonitor *monitor, gboolean is_available, gpointer user_data)
{
  update (user_data);
}

void
socketeer_reach_bar_set_session (SocketeerReachBar *self, SktSession *session)
{
  g_return_if_fail (SOCKETEER_IS_REACH_BAR (self));

  g_set_object (&self->session, session);
  g_signal_group_set_target (self->signals, session);
  update (self);
}

static void
socketeer_reach_bar_dispose (GObject *object)
{
  SocketeerReachBar *self = SOCKETEER_REACH_BAR (object);
  GtkWidget *child;

  g_clear_object (&self->signals);
  g_clear_object (&self->session);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->shown, g_strfreev);

  G_OBJECT_CLASS (socketeer_reach_bar_parent_class)->dispose (object);
}

static void
socketeer_reach_bar_class_init (SocketeerReachBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_reach_bar_dispose;
  signals[MESSAGE] =
    g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (widget_class, SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "reachbar");
}

static void
socketeer_reach_bar_init (SocketeerReachBar *self)
{
  GtkWidget *label = gtk_label_new (NULL);

  self->label = GTK_LABEL (label);
  gtk_label_set_wrap (self->label, TRUE);
  gtk_label_set_lines (self->label, 2);
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (self->label, 0);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _ ("Who can connect"), -1);
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  g_object_set (gtk_widget_get_layout_manager (GTK_WIDGET (self)), "spacing", 4, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  self->signals = g_signal_group_new (SKT_TYPE_SESSION);
  g_signal_group_connect (self->signals, "notify::state", G_CALLBACK (notify_cb), self);
  g_signal_group_connect (self->signals, "notify::target", G_CALLBACK (notify_cb), self);
  /* Interfaces come and go. */
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed", G_CALLBACK (network_changed_cb), self, 0);
}
