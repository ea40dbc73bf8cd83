/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-session.h"

G_BEGIN_DECLS

typedef enum
{
  SOCKETEER_ORDER_ARRIVAL,
  SOCKETEER_ORDER_NEWEST,
  SOCKETEER_ORDER_ADDRESS,
  SOCKETEER_ORDER_STATE,
  SOCKETEER_ORDER_RECEIVED,     /* most first */
  SOCKETEER_ORDER_SENT,
  SOCKETEER_N_ORDERS,
} SocketeerConnectionOrder;

typedef enum
{
  SOCKETEER_SHOW_ALL,
  SOCKETEER_SHOW_OPEN,
  SOCKETEER_SHOW_ENDED,
  SOCKETEER_N_SHOWS,
} SocketeerConnectionShow;

/* A place in the list, and the connection that is there now: property "connection" (NULL: the place of "All"). */
#define SOCKETEER_TYPE_CONNECTION_PLACE (socketeer_connection_place_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerConnectionPlace, socketeer_connection_place, SOCKETEER, CONNECTION_PLACE, GObject)

SktConnection *socketeer_connection_place_get_connection (SocketeerConnectionPlace *self); /* borrowed */

/* What a list of connections shows, as a list of places: "All" first, then the connections that are to be seen, in an order.
 * It is the selection too, which belongs to the connections and not to their places: it outlives sorting and what hides them.
 * "All" excludes the others, and nothing chosen is "All".
 *
 * Signals: choice-changed; shown-changed: how many are shown, or are chosen and not shown, may have changed. Main thread. */
#define SOCKETEER_TYPE_CONNECTION_MODEL (socketeer_connection_model_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerConnectionModel, socketeer_connection_model, SOCKETEER, CONNECTION_MODEL, GObject)

SocketeerConnectionModel *socketeer_connection_model_new (SktSession *session);

void socketeer_connection_model_set_order (SocketeerConnectionModel *self, SocketeerConnectionOrder order);
void socketeer_connection_model_set_show (SocketeerConnectionModel *self, SocketeerConnectionShow show);
/* Part of an address with port, or of the words for a state or an end; "" or NULL: all. */
void socketeer_connection_model_set_search (SocketeerConnectionModel *self, const char *text);
/* The ended ones are shown no more; what they sent and received stays where it is. */
void socketeer_connection_model_remove_ended (SocketeerConnectionModel *self);
/* What changes while it is held waits: nothing moves under the pointer, or where nobody looks. New ones come at the
 * end all the same, but not with the newest first. */
void socketeer_connection_model_set_held (SocketeerConnectionModel *self, gboolean held);

/* Chooses one alone; NULL: "All". It needn't be shown. */
void socketeer_connection_model_choose (SocketeerConnectionModel *self, SktConnection *connection);
gboolean socketeer_connection_model_is_chosen (SocketeerConnectionModel *self, SktConnection *connection);

/* Connections, without "All". */
guint socketeer_connection_model_get_n_shown (SocketeerConnectionModel *self);
/* Those that are chosen and not shown. */
guint socketeer_connection_model_get_n_chosen_hidden (SocketeerConnectionModel *self);
/* Something is kept from sight by search or show. */
gboolean socketeer_connection_model_is_filtered (SocketeerConnectionModel *self);
/* The chosen connections in the order of arrival (transfer full, element-type SktConnection), or NULL: all. */
GPtrArray *socketeer_connection_model_dup_choice (SocketeerConnectionModel *self);

G_END_DECLS
