/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-connection-actions.h"

#include <glib/gi18n.h>

typedef struct
{
  SocketeerConnectionAction action;
  gboolean (*is_enabled) (SktConnection *connection);
  void (*run) (SktConnection *connection);
} Entry;

static gboolean
can_reset (SktConnection *connection)
{
  return skt_connection_is_open (connection);
}

static gboolean
can_close (SktConnection *connection)
{
  return skt_connection_is_open (connection);
}

static gboolean
can_stop_reading (SktConnection *connection)
{
  SktState state = skt_connection_get_state (connection);

  return (state == SKT_STATE_CONNECTED || state == SKT_STATE_FINISHED) && skt_connection_is_reading (connection);
}

static gboolean
can_resume_reading (SktConnection *connection)
{
  return skt_connection_is_open (connection) && !skt_connection_is_reading (connection);
}

static void
stop_reading (SktConnection *connection)
{
  skt_connection_set_reading (connection, FALSE);
}

static void
resume_reading (SktConnection *connection)
{
  skt_connection_set_reading (connection, TRUE);
}

static gboolean
can_discard (SktConnection *connection)
{
  return skt_connection_is_open (connection) && skt_connection_get_bytes_queued (connection) > 0;
}

static const Entry entries[] = {
  { { "finish", N_ ("Finish Sending"),
      N_ ("Sends FIN after what is queued: the peer reads the end of the stream, and can go on sending.") },
    skt_connection_can_send, skt_connection_finish },
  { { "close", N_ ("Close"),
      N_ ("Sends FIN after what is queued, keeps what still arrives, and waits a little for the peer’s FIN. The second time it is closed at once.") },
    can_close, skt_connection_disconnect },
  { { "reset", N_ ("Reset"),
      N_ ("Sends RST at once: what is queued is dropped, and the peer gets an error instead of the end of the stream.") },
    can_reset, skt_connection_reset },
  { { "stop-reading", N_ ("Stop Reading"),
      N_ ("Leaves what arrives in the system: the window that is told to the peer shrinks to 0, and it must wait. Nothing is lost.") },
    can_stop_reading, stop_reading },
  { { "resume-reading", N_ ("Resume Reading"),
      N_ ("Reads what has waited, and tells the peer with a window update that there is room again.") },
    can_resume_reading, resume_reading },
  { { "discard", N_ ("Discard Queued"),
      N_ ("Drops what waits in this program to be sent. What the system has already is sent, and a message that is half sent ends there.") },
    can_discard, skt_connection_discard_queued },
};

const SocketeerConnectionAction *
socketeer_connection_actions_list (guint *ret_n)
{
  static SocketeerConnectionAction actions[G_N_ELEMENTS (entries)];

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    actions[i] = (SocketeerConnectionAction){ entries[i].action.name, _ (entries[i].action.title),
                                              _ (entries[i].action.sentence) };
  *ret_n = G_N_ELEMENTS (entries);
  return actions;
}

/* -- The group ---------------------------------------------------------------------------------------------------- */

static void
update (GSimpleActionGroup *group, SktConnection *connection)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      GAction *action = g_action_map_lookup_action (G_ACTION_MAP (group), entries[i].action.name);

      g_simple_action_set_enabled (G_SIMPLE_ACTION (action), entries[i].is_enabled (connection));
    }
}

static void
connection_notify_cb (SktConnection *connection, GParamSpec *pspec, gpointer user_data)
{
  update (user_data, connection);
}

static void
activate_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *name = g_action_get_name (G_ACTION (action));

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (g_str_equal (entries[i].action.name, name))
      entries[i].run (user_data);
}

GSimpleActionGroup *
socketeer_connection_actions_new (SktConnection *connection)
{
  GSimpleActionGroup *group = g_simple_action_group_new ();

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autoptr (GSimpleAction) action = g_simple_action_new (entries[i].action.name, NULL);

      g_signal_connect_object (action, "activate", G_CALLBACK (activate_cb), connection, 0);
      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
    }
  g_object_set_data_full (G_OBJECT (group), "connection", g_object_ref (connection), g_object_unref);
  g_signal_connect_object (connection, "notify::state", G_CALLBACK (connection_notify_cb), group, 0);
  g_signal_connect_object (connection, "notify::reading", G_CALLBACK (connection_notify_cb), group, 0);
  g_signal_connect_object (connection, "notify::bytes-queued", G_CALLBACK (connection_notify_cb), group, 0);
  update (group, connection);
  return group;
}

/* -- The context menu --------------------------------------------------------------------------------------------- */

GMenuModel *
socketeer_connection_actions_create_menu (void)
{
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autofree char *name = g_strconcat ("connection.", entries[i].action.name, NULL);

      if (!g_str_equal (entries[i].action.name, "close"))
        g_menu_append (menu, _ (entries[i].action.title), name);
    }
  return G_MENU_MODEL (menu);
}
