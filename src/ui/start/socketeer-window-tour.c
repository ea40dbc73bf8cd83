/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-window-private.h"

#include "skt-endpoint.h"
#include "socketeer-settings.h"
#include "socketeer-tour.h"

/* A server that echoes and a client of it, on loopback: alone (the demonstration), or with the guided tour, which connects them. */

#define CONNECT_TIMEOUT_MS 10000

typedef struct
{
  SocketeerWindow *window; /* borrowed: it owns this */
  SktSession *session;     /* owned: the server whose port is waited for */
  SocketeerPage *server;   /* borrowed, while the session is waited for */
  gboolean has_tour;
} Demo;

static void
demo_free (gpointer data)
{
  Demo *demo = data;

  g_signal_handlers_disconnect_by_data (demo->session, demo);
  g_object_unref (demo->session);
  g_free (demo);
}

/* -- The tour -------------------------------------------------------------------------------------------------- */

static SocketeerTour *
get_tour (SocketeerWindow *self)
{
  GtkWidget *last = gtk_widget_get_last_child (_socketeer_window_get_tour_place (self));
  return SOCKETEER_IS_TOUR (last) ? SOCKETEER_TOUR (last) : NULL;
}

void
_socketeer_window_end_tour (SocketeerWindow *self)
{
  SocketeerTour *tour = get_tour (self);

  g_object_set_data (G_OBJECT (self), "demo", NULL);
  if (tour == NULL)
    return;
  skt_tour_stop (socketeer_tour_get_tour (tour));
  gtk_widget_unparent (GTK_WIDGET (tour));
}

static SocketeerPage *
get_page (SocketeerTour *tour, const char *name)
{
  return g_object_get_data (G_OBJECT (tour), name);
}

void
_socketeer_window_page_closes (SocketeerWindow *self, SocketeerPage *page)
{
  SocketeerTour *tour = get_tour (self);
  Demo *demo = g_object_get_data (G_OBJECT (self), "demo");

  if (demo != NULL && demo->server == page)
    g_object_set_data (G_OBJECT (self), "demo", NULL);
  if (tour != NULL && (get_page (tour, "server") == page || get_page (tour, "client") == page))
    _socketeer_window_end_tour (self);
}

static void
close_cb (SocketeerWindow *self)
{
  SocketeerPage *client = get_page (get_tour (self), "client");

  _socketeer_window_end_tour (self);
  _socketeer_window_select (self, client);
  socketeer_page_focus (client);
}

static void
show_place_cb (SocketeerWindow *self, guint place)
{
  SocketeerTour *tour = get_tour (self);
  GSettings *settings = socketeer_settings_get ();

  _socketeer_window_select (self, get_page (tour, place == SKT_TOUR_PLACE_SERVER ? "server" : "client"));
  if (place != SKT_TOUR_PLACE_LIFE && place != SKT_TOUR_PLACE_KERNEL)
    return;
  g_settings_set_string (settings, "connection-pane-page", place == SKT_TOUR_PLACE_LIFE ? "life" : "kernel");
  g_settings_set_boolean (settings, "connection-pane", TRUE);
}

/* What happens is to be seen: at either side of it. */
static void
act_cb (SocketeerWindow *self)
{
  SocketeerTour *tour = get_tour (self);

  if (!_socketeer_window_is_selected (self, get_page (tour, "server")))
    _socketeer_window_select (self, get_page (tour, "client"));
}

static void
add_tour (SocketeerWindow *self, SocketeerPage *server, SocketeerPage *client, const char *endpoint)
{
  g_autoptr (SktTour) tour = skt_tour_new (socketeer_page_get_session (server), socketeer_page_get_session (client), endpoint);
  GtkWidget *card = socketeer_tour_new (tour);

  g_object_set_data (G_OBJECT (card), "server", server);
  g_object_set_data (G_OBJECT (card), "client", client);
  g_signal_connect_object (card, "close", G_CALLBACK (close_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "show-place", G_CALLBACK (show_place_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "act", G_CALLBACK (act_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (card, _socketeer_window_get_tour_place (self));
  socketeer_tour_focus (SOCKETEER_TOUR (card));
}

/* -- Both pages ------------------------------------------------------------------------------------------------ */

static void
connect_client (SocketeerPage *client, const char *endpoint)
{
  g_autofree char *host = NULL;
  int port;

  if (skt_endpoint_parse (endpoint, &host, &port, NULL))
    skt_session_connect (socketeer_page_get_session (client),
                         &(SktConnectOptions){ .host = host, .port = port, .timeout_ms = CONNECT_TIMEOUT_MS });
}

static void
server_state_cb (Demo *demo)
{
  SocketeerWindow *self = demo->window;
  SktState state = skt_session_get_state (demo->session);
  g_autofree char *endpoint = g_strdup (skt_session_get_target (demo->session));
  SocketeerPage *server = demo->server, *client;
  gboolean has_tour = demo->has_tour;

  if (state != SKT_STATE_FAILED && (state != SKT_STATE_LISTENING || endpoint == NULL))
    return;
  g_object_set_data (G_OBJECT (self), "demo", NULL); /* it is freed */
  client = state == SKT_STATE_LISTENING ? socketeer_window_add_page (self, SOCKETEER_PAGE_CLIENT) : NULL;
  if (client == NULL)
    return;
  socketeer_page_fill (client, endpoint, FALSE);
  if (has_tour)
    add_tour (self, server, client, endpoint);
  else
    connect_client (client, endpoint);
}

static void
open_demo (SocketeerWindow *self, gboolean has_tour)
{
  SocketeerPage *server;
  Demo *demo;

  if (g_object_get_data (G_OBJECT (self), "demo") != NULL)
    return;
  server = socketeer_window_add_page (self, SOCKETEER_PAGE_SERVER);
  if (server == NULL)
    return;
  demo = g_new0 (Demo, 1);
  demo->window = self;
  demo->session = g_object_ref (socketeer_page_get_session (server));
  demo->server = server;
  demo->has_tour = has_tour;
  g_object_set_data_full (G_OBJECT (self), "demo", demo, demo_free);
  g_signal_connect_swapped (demo->session, "notify::state", G_CALLBACK (server_state_cb), demo);
  g_signal_connect_swapped (demo->session, "notify::target", G_CALLBACK (server_state_cb), demo);
  socketeer_page_set_echo (server, TRUE);
  socketeer_page_fill (server, "127.0.0.1:0", FALSE);
  skt_session_listen (demo->session, &(SktListenOptions){ .address = "127.0.0.1", .backlog = 128 });
}

void
socketeer_window_show_demo (SocketeerWindow *self)
{
  g_return_if_fail (SOCKETEER_IS_WINDOW (self));
  open_demo (self, FALSE);
}

void
socketeer_window_start_tour (SocketeerWindow *self)
{
  g_return_if_fail (SOCKETEER_IS_WINDOW (self));

  if (get_tour (self) == NULL)
    open_demo (self, TRUE);
  else
    socketeer_tour_focus (get_tour (self));
}
