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
  update (group, connection);
  return group;
}

/* -- The context menu --------------------------------------------------------------------------------------------- */

static GQuark
connection_quark (void)
{
  return g_quark_from_static_string ("socketeer-menu-connection");
}

void
socketeer_connection_menu_set (GtkWidget *row, SktConnection *connection)
{
  g_object_set_qdata_full (G_OBJECT (row), connection_quark (), connection != NULL ? g_object_ref (connection) : NULL,
                           g_object_unref);
}

static GMenuModel *
create_menu (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) ends = g_menu_new ();
  g_autoptr (GMenu) reading = g_menu_new ();

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autofree char *name = g_strconcat ("connection.", entries[i].action.name, NULL);

      g_menu_append (i < 3 ? ends : reading, _ (entries[i].action.title), name);
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (ends));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (reading));
  return G_MENU_MODEL (menu);
}

/* Not at once: the action that was chosen is activated after the popover has closed. */
static void
unparent_later (gpointer popover)
{
  gtk_widget_unparent (popover);
  g_object_unref (popover);
}

static void
closed_cb (GtkPopover *popover)
{
  g_idle_add_once (unparent_later, g_object_ref (popover));
}

static void
popup (GtkWidget *list, SktConnection *connection, const GdkRectangle *at)
{
  g_autoptr (GMenuModel) menu = create_menu ();
  g_autoptr (GSimpleActionGroup) group = socketeer_connection_actions_new (connection);
  GtkWidget *popover = gtk_popover_menu_new_from_model (menu);

  gtk_widget_insert_action_group (list, "connection", G_ACTION_GROUP (group));
  gtk_widget_set_parent (popover, list);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), at);
  gtk_accessible_update_property (GTK_ACCESSIBLE (popover), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  skt_connection_get_remote_address (connection), -1);
  g_signal_connect (popover, "closed", G_CALLBACK (closed_cb), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

/* Of the widget or what it is in, up to the list. */
static SktConnection *
find_above (GtkWidget *widget, GtkWidget *list)
{
  for (; widget != NULL && widget != list; widget = gtk_widget_get_parent (widget))
    {
      SktConnection *connection = g_object_get_qdata (G_OBJECT (widget), connection_quark ());

      if (connection != NULL)
        return connection;
    }
  return NULL;
}

/* Of what is in it: the keyboard is at the list's own widget around a row. */
static SktConnection *
find_below (GtkWidget *widget)
{
  SktConnection *connection = g_object_get_qdata (G_OBJECT (widget), connection_quark ());

  for (GtkWidget *child = gtk_widget_get_first_child (widget); connection == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    connection = find_below (child);
  return connection;
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  GtkWidget *list = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  GtkWidget *at = gtk_widget_pick (list, x, y, GTK_PICK_DEFAULT);
  SktConnection *connection = at != NULL ? find_above (at, list) : NULL;

  if (connection == NULL)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  popup (list, connection, &(GdkRectangle){ (int) x, (int) y, 1, 1 });
}

static gboolean
menu_key_cb (GtkWidget *list, GVariant *arguments, gpointer user_data)
{
  GtkRoot *root = gtk_widget_get_root (list);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  SktConnection *connection = NULL;
  graphene_rect_t bounds;

  if (focus != NULL && focus != list && gtk_widget_is_ancestor (focus, list))
    connection = find_above (focus, list);
  if (connection == NULL && focus != NULL && focus != list && gtk_widget_is_ancestor (focus, list))
    connection = find_below (focus);
  if (connection == NULL || !gtk_widget_compute_bounds (focus, list, &bounds))
    return FALSE;
  popup (list, connection,
         &(GdkRectangle){ (int) bounds.origin.x, (int) bounds.origin.y, (int) bounds.size.width, (int) bounds.size.height });
  return TRUE;
}

void
socketeer_connection_menu_install (GtkWidget *list)
{
  GtkGesture *gesture = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (gesture), GTK_PHASE_CAPTURE);
  g_signal_connect (gesture, "pressed", G_CALLBACK (pressed_cb), NULL);
  gtk_widget_add_controller (list, GTK_EVENT_CONTROLLER (gesture));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("Menu|<Shift>F10"),
                                                          gtk_callback_action_new (menu_key_cb, NULL, NULL)));
  gtk_widget_add_controller (list, keys);
}
