/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-page-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "skt-error.h"
#include "socketeer-connection-row.h"
#include "socketeer-format.h"
#include "socketeer-mnemonic.h"
#include "socketeer-narrow.h"
#include "socketeer-notify.h"
#include "socketeer-page-panes.h"
#include "socketeer-pane-switch.h"
#include "socketeer-reach-bar.h"
#include "socketeer-settings.h"
#include "socketeer-wrap-layout.h"
#include "socketeer-storage.h"

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_ACTIVE,
  PROP_BUSY,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  TOAST,
  ACTIVITY,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerPage, socketeer_page, GTK_TYPE_WIDGET)

/* -- Telling the user ---------------------------------------------------------------------------------------- */

void
_socketeer_page_toast (SocketeerPage *self, AdwToast *toast)
{
  g_signal_emit (self, signals[TOAST], 0, toast);
  g_object_unref (toast);
}

/* Toasts take markup: what comes from a peer, a file name or an error is escaped. */
void
_socketeer_page_say (SocketeerPage *self, const char *message)
{
  g_autofree char *escaped = g_markup_escape_text (message, -1);
  _socketeer_page_toast (self, adw_toast_new (escaped));
}

static void
update_problem (SocketeerPage *self)
{
  const char *problem = self->input_problem;

  if (problem == NULL && self->session != NULL)
    problem = skt_session_get_problem (self->session);
  if (problem != NULL && g_strcmp0 (problem, self->hidden_problem) == 0)
    problem = NULL;
  else
    g_clear_pointer (&self->hidden_problem, g_free);
  gtk_label_set_label (self->problem_label, problem != NULL ? problem : "");
  _socketeer_page_room_update (self, self->input_problem == NULL);
  gtk_revealer_set_reveal_child (self->problem_revealer, problem != NULL);
}

static void
bar_problem_cb (GtkWidget *bar, const char *problem, gpointer user_data)
{
  SocketeerPage *self = user_data;

  /* A new attempt: what it says is news, even if it is the same again. */
  g_clear_pointer (&self->hidden_problem, g_free);
  g_free (self->input_problem);
  self->input_problem = g_strdup (problem);
  update_problem (self);
}

static void
problem_close_cb (SocketeerPage *self)
{
  g_free (self->hidden_problem);
  self->hidden_problem = g_strdup (gtk_label_get_label (self->problem_label));
  g_clear_pointer (&self->input_problem, g_free);
  update_problem (self);
}

/* -- State --------------------------------------------------------------------------------------------------- */

static void
set_state_class (SocketeerPage *self, const char *name)
{
  if (self->state_class == name)
    return;
  if (self->state_class != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->state_image), self->state_class);
  self->state_class = name;
  gtk_widget_add_css_class (GTK_WIDGET (self->state_image), name);
}

static char *
dup_state_text (SocketeerPage *self, SktState state)
{
  const char *target = skt_session_get_target (self->session), *attempt = skt_session_get_attempt (self->session);

  if (state == SKT_STATE_RESOLVING && target != NULL)
    /* Translators: the name of a host is being looked up */
    return g_strdup_printf (_ ("resolving %s"), target);
  if (state == SKT_STATE_CONNECTING && (attempt != NULL || target != NULL))
    /* Translators: %s is an address and port */
    return g_strdup_printf (_ ("connecting to %s"), attempt != NULL ? attempt : target);
  if (state == SKT_STATE_LISTENING && target != NULL)
    /* Translators: the server waits for clients; %s is an address and port */
    return g_strdup_printf (_ ("listening on %s"), target);
  if (state == SKT_STATE_IDLE)
    return g_strdup (self->kind == SOCKETEER_PAGE_SERVER ? _ ("not listening") : _ ("not connected"));
  return g_strdup (skt_state_to_text (state));
}

static char *
dup_detail (SocketeerPage *self, SktState state)
{
  SktConnection *current = skt_session_get_current (self->session);
  guint n_open = skt_session_get_n_open (self->session);

  if (self->kind == SOCKETEER_PAGE_SERVER)
    return n_open == 0 ? g_strdup ("")
                       : g_strdup_printf (ngettext ("%u client connected", "%u clients connected", n_open), n_open);
  if (current == NULL || skt_connection_get_local_address (current) == NULL)
    return g_strdup ("");
  if (state == SKT_STATE_CLOSED && skt_connection_get_end_text (current) != NULL)
    return g_strdup (skt_connection_get_end_text (current));
  if (state == SKT_STATE_CONNECTED || state == SKT_STATE_PEER_FINISHED || state == SKT_STATE_FINISHED || state == SKT_STATE_CLOSING)
    return socketeer_format_take_ltr (g_strdup_printf ("%s → %s", skt_connection_get_local_address (current),
                                                       skt_connection_get_remote_address (current)));
  return g_strdup ("");
}

static char *
dup_title (SocketeerPage *self, SktState state)
{
  const char *target = self->session != NULL ? skt_session_get_target (self->session) : NULL;
  const char *colon = target != NULL ? strrchr (target, ':') : NULL;
  guint n_open;

  if (self->kind == SOCKETEER_PAGE_JOURNAL)
    return g_strdup (self->name);
  if (self->kind == SOCKETEER_PAGE_CLIENT)
    return target != NULL ? socketeer_format_take_ltr (g_strdup_printf ("→ %s", target))
                          : g_strdup (self->name != NULL ? self->name : _ ("New Client"));
  n_open = skt_session_get_n_open (self->session);
  if (colon == NULL || (state != SKT_STATE_LISTENING && n_open == 0))
    return g_strdup (colon != NULL ? _ ("Server") : self->name != NULL ? self->name : _ ("New Server"));
  return socketeer_format_take_ltr (n_open > 0 ? g_strdup_printf ("⇠ %s (%u)", colon, n_open) : g_strdup_printf ("⇠ %s", colon));
}

void
_socketeer_page_update_title (SocketeerPage *self)
{
  SktState state = self->session != NULL ? skt_session_get_state (self->session) : SKT_STATE_IDLE;
  gboolean is_busy = state == SKT_STATE_RESOLVING || state == SKT_STATE_CONNECTING;
  gboolean is_active = self->session != NULL &&
                       (state == SKT_STATE_LISTENING || skt_session_get_n_open (self->session) > 0);
  g_autofree char *title = dup_title (self, state);

  if (g_strcmp0 (title, self->title) != 0)
    {
      g_free (self->title);
      self->title = g_steal_pointer (&title);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TITLE]);
    }
  if (is_active != self->is_active)
    {
      self->is_active = is_active;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ACTIVE]);
    }
  if (is_busy != self->is_busy)
    {
      self->is_busy = is_busy;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
    }
}

static void
update_empty_text (SocketeerPage *self, SktState state)
{
  const char *text;

  if (self->kind == SOCKETEER_PAGE_SERVER)
    text = state == SKT_STATE_LISTENING ? _ ("Listening. What clients send appears here.")
                                        : _ ("Choose an address and a port and press Listen.\nWhat clients send appears here.");
  else
    text = state == SKT_STATE_CONNECTED
             ? _ ("Connected. What is sent and received appears here.")
             : _ ("Enter a host and a port and press Connect.\nWhat is sent and received appears here.");
  socketeer_transcript_set_empty_text (self->transcript, text);
}

/* `choice`: the chosen clients, NULL: all. */
static gboolean
can_send (SocketeerPage *self, GPtrArray *choice)
{
  SktRecipientsKind kind = socketeer_send_options_get_recipients (self->send_options);
  SktConnection *current = skt_session_get_current (self->session);

  if (self->connection_list == NULL)
    return current != NULL && skt_connection_can_send (current);
  if (choice == NULL || kind == SKT_RECIPIENTS_ALL || kind == SKT_RECIPIENTS_ALL_BUT)
    return skt_session_get_n_open (self->session) > 0;
  for (guint i = 0; i < choice->len; i++)
    if (skt_connection_can_send (g_ptr_array_index (choice, i)))
      return TRUE;
  return FALSE;
}

/* Whom the composer sends to, and whom the connection pane tells about. `choice` as above. */
static void
update_choice (SocketeerPage *self, GPtrArray *choice)
{
  SktConnection *connection = choice != NULL && choice->len == 1 ? g_ptr_array_index (choice, 0) : NULL;
  const char *hint = _ ("Choose one client in the list to see all about its connection here.");

  if (self->connection_list == NULL)
    {
      connection = skt_session_get_current (self->session);
      hint = _ ("Connect to see all about the connection here.");
    }
  socketeer_connection_pane_set_connection (self->connection_pane, connection, hint);
  socketeer_composer_set_can_send (self->composer, can_send (self, choice));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.send-file", can_send (self, choice));
}

GPtrArray *
_socketeer_page_dup_choice (SocketeerPage *self)
{
  return self->connection_list != NULL ? socketeer_connection_list_dup_choice (self->connection_list) : NULL;
}

static void
update (SocketeerPage *self)
{
  SktState state;
  g_autofree char *text = NULL, *detail = NULL;
  g_autoptr (GPtrArray) choice = NULL;

  _socketeer_page_update_title (self);
  if (self->session == NULL)
    return;
  state = skt_session_get_state (self->session);
  text = dup_state_text (self, state);
  detail = dup_detail (self, state);
  gtk_label_set_label (self->state_label, text);
  gtk_label_set_label (self->detail_label, detail);
  gtk_image_set_from_icon_name (self->state_image, socketeer_connection_row_get_state_icon (state));
  set_state_class (self, socketeer_connection_row_get_state_class (state));
  choice = _socketeer_page_dup_choice (self);
  update_choice (self, choice);
  update_empty_text (self, state);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.disconnect-all", skt_session_get_n_open (self->session) > 0);
}

/* Who has pressed Connect wants to send: unless the keyboard is at work elsewhere, it goes to the message. */
static void
move_focus (SocketeerPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (self->client_bar == NULL || skt_session_get_state (self->session) != SKT_STATE_CONNECTED ||
      !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (focus == NULL || gtk_widget_is_ancestor (focus, GTK_WIDGET (self->client_bar)))
    socketeer_composer_focus (self->composer);
}

static void
session_notify_cb (SktSession *session, GParamSpec *pspec, gpointer user_data)
{
  SocketeerPage *self = user_data;

  /* What was typed is history once something else happens. */
  if (g_str_equal (pspec->name, "state"))
    {
      g_clear_pointer (&self->input_problem, g_free);
      move_focus (self);
    }
  update (self);
  update_problem (self);
}

/* How far the limit could be raised has changed. */
static void
room_notify_cb (SktSession *session, GParamSpec *pspec, gpointer user_data)
{
  SocketeerPage *self = user_data;

  _socketeer_page_room_update (self, self->input_problem == NULL);
}

static void
journal_grown_cb (SktSession *session, gpointer user_data)
{
  _socketeer_page_announce_grown (user_data);
  g_signal_emit (user_data, signals[ACTIVITY], 0);
}

static void
choice_changed_cb (SocketeerConnectionList *list, gpointer user_data)
{
  SocketeerPage *self = user_data;
  g_autoptr (GPtrArray) choice = socketeer_connection_list_dup_choice (list);
  g_autofree guint32 *ids = NULL;

  if (choice != NULL)
    {
      ids = g_new (guint32, choice->len);
      for (guint i = 0; i < choice->len; i++)
        ids[i] = skt_connection_get_id (g_ptr_array_index (choice, i));
    }
  socketeer_transcript_set_filter (self->transcript, ids, choice != NULL ? choice->len : 0);
  update_choice (self, choice);
}

/* -- Sending ------------------------------------------------------------------------------------------------- */

gboolean
_socketeer_page_send_bytes (SocketeerPage *self, GBytes *bytes)
{
  g_autoptr (GError) error = NULL;

  if (!self->is_closed && socketeer_send_options_send (self->send_options, bytes, &error))
    return TRUE;
  if (error == NULL)
    return FALSE;
  socketeer_composer_set_problem (self->composer, error->message);
  if (g_error_matches (error, SKT_ERROR, SKT_ERROR_QUEUE_FULL))
    {
      g_free (self->queue_problem);
      self->queue_problem = g_strdup (error->message);
    }
  return FALSE;
}

static gboolean
composer_send_cb (SocketeerComposer *composer, GBytes *bytes, gpointer user_data)
{
  return _socketeer_page_send_bytes (user_data, bytes);
}

static void
send_problem_cb (SocketeerPage *self, const char *problem)
{
  socketeer_composer_set_problem (self->composer, problem);
}

/* -- Actions and calls --------------------------------------------------------------------------------------- */

gboolean
socketeer_page_connect (SocketeerPage *self, const char *endpoint)
{
  g_return_val_if_fail (SOCKETEER_IS_PAGE (self) && self->client_bar != NULL, FALSE);
  return socketeer_client_bar_connect_to (self->client_bar, endpoint);
}

gboolean
socketeer_page_listen (SocketeerPage *self, const char *endpoint)
{
  g_return_val_if_fail (SOCKETEER_IS_PAGE (self) && self->server_bar != NULL, FALSE);
  return socketeer_server_bar_listen_on (self->server_bar, endpoint);
}

void
socketeer_page_fill (SocketeerPage *self, const char *endpoint, gboolean is_kept)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self) && self->kind != SOCKETEER_PAGE_JOURNAL);
  if (self->client_bar != NULL)
    socketeer_client_bar_fill (self->client_bar, endpoint, is_kept);
  else
    socketeer_server_bar_fill (self->server_bar, endpoint, is_kept);
  self->is_passing = !is_kept;
  _socketeer_page_name_by_bar (self);
}

void
socketeer_page_disconnect (SocketeerPage *self)
{
  g_autoptr (GPtrArray) choice = NULL;
  SktState state;

  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  if (self->session == NULL)
    return;
  state = skt_session_get_state (self->session);
  if (state == SKT_STATE_RESOLVING || state == SKT_STATE_CONNECTING)
    {
      skt_session_cancel (self->session);
      return;
    }
  choice = _socketeer_page_dup_choice (self);
  if (choice == NULL)
    skt_session_disconnect_all (self->session);
  else
    for (guint i = 0; i < choice->len; i++)
      skt_connection_disconnect (g_ptr_array_index (choice, i));
}

void
socketeer_page_stop_listening (SocketeerPage *self)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  if (self->session != NULL && self->kind == SOCKETEER_PAGE_SERVER)
    skt_session_stop_listening (self->session);
}

void
socketeer_page_set_echo (SocketeerPage *self, gboolean echo)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  if (self->session != NULL)
    g_object_set (self->session, "echo", echo, NULL);
}

void
socketeer_page_set_view (SocketeerPage *self, SktView view)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  socketeer_transcript_set_view (self->transcript, view);
}

void
socketeer_page_set_mode (SocketeerPage *self, SktMode mode)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  socketeer_transcript_set_mode (self->transcript, mode);
}

void
socketeer_page_set_frame_rule (SocketeerPage *self, const SktFrameRule *rule)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  socketeer_transcript_set_frame_rule (self->transcript, rule);
}

void
socketeer_page_set_frame_check (SocketeerPage *self, const SktFrameCheck *check)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  socketeer_transcript_set_frame_check (self->transcript, check);
}

void
socketeer_page_show_filter (SocketeerPage *self)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  socketeer_transcript_show_filter (self->transcript);
}

void
socketeer_page_find (SocketeerPage *self)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  socketeer_transcript_find (self->transcript);
}

void
socketeer_page_find_step (SocketeerPage *self, gboolean is_forward)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  socketeer_transcript_find_step (self->transcript, is_forward);
}

void
socketeer_page_set_encoding (SocketeerPage *self, SktEncoding encoding)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  socketeer_transcript_set_encoding (self->transcript, encoding);
  socketeer_composer_set_encoding (self->composer, encoding);
}

void
socketeer_page_zoom (SocketeerPage *self, double factor)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  socketeer_transcript_zoom (self->transcript, factor);
}

static gboolean
has_focus (SocketeerPage *self, GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && gtk_widget_is_ancestor (focus, widget);
}

void
socketeer_page_focus (SocketeerPage *self)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  if (self->client_bar != NULL)
    socketeer_client_bar_focus (self->client_bar);
  if (self->server_bar != NULL)
    socketeer_server_bar_focus (self->server_bar);
  if (self->kind == SOCKETEER_PAGE_JOURNAL)
    gtk_widget_grab_focus (GTK_WIDGET (socketeer_transcript_get_byte_view (self->transcript)));
  /* What is connected or listens has entries that can't be changed. */
  else if (!has_focus (self, GTK_WIDGET (self->bar_box)))
    socketeer_composer_focus (self->composer);
}

static void
disconnect_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerPage *self = SOCKETEER_PAGE (widget);
  if (self->session != NULL)
    skt_session_disconnect_all (self->session);
}

static void
reset_counters_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  socketeer_status_bar_reset (SOCKETEER_PAGE (widget)->status_bar);
}

SocketeerPageKind
socketeer_page_get_kind (SocketeerPage *self)
{
  g_return_val_if_fail (SOCKETEER_IS_PAGE (self), SOCKETEER_PAGE_CLIENT);
  return self->kind;
}

SktSession *
socketeer_page_get_session (SocketeerPage *self)
{
  g_return_val_if_fail (SOCKETEER_IS_PAGE (self), NULL);
  return self->session;
}

const char *
socketeer_page_get_title (SocketeerPage *self)
{
  g_return_val_if_fail (SOCKETEER_IS_PAGE (self), NULL);
  return self->title;
}

gboolean
socketeer_page_is_active (SocketeerPage *self)
{
  g_return_val_if_fail (SOCKETEER_IS_PAGE (self), FALSE);
  return self->is_active;
}

/* -- Making and ending --------------------------------------------------------------------------------------- */

static void
transcript_message_cb (SocketeerTranscript *transcript, const char *message, gpointer user_data)
{
  _socketeer_page_say (user_data, message);
}

static void
bind_panes (SocketeerPage *self)
{
  gboolean has_tools = self->session != NULL;

  socketeer_pane_switch_bind (self->connection_button, self->connection_flap, GTK_WIDGET (self->connection_pane), "connection-pane");
  if (has_tools)
    {
      socketeer_tool_pane_set_page (self->tool_pane, self);
      socketeer_tool_pane_set_button (self->tool_pane, self->tool_button);
      has_tools = !socketeer_tool_pane_is_empty (self->tool_pane);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->tool_button), has_tools);
  if (has_tools)
    socketeer_pane_switch_bind (self->tool_button, self->tool_flap, GTK_WIDGET (self->tool_pane), "tool-pane");
}

static void
reach_message_cb (SocketeerReachBar *bar, const char *message, gpointer user_data)
{
  _socketeer_page_say (user_data, message);
}

/* In a narrow window the list takes the place of the transcript while it is wanted. */
static void
update_list (SocketeerPage *self)
{
  gboolean is_stacked = socketeer_split_is_stacked (self->side_split);
  gboolean is_wanted = gtk_toggle_button_get_active (self->list_button);

  gtk_widget_set_visible (GTK_WIDGET (self->list_button), is_stacked);
  gtk_widget_set_visible (GTK_WIDGET (self->connection_list), !is_stacked || is_wanted);
  gtk_widget_set_visible (GTK_WIDGET (self->composer_paned), !is_stacked || !is_wanted);
}

/* Nor is there room for the message below an inspector that is below the transcript. */
static void
update_composer (SocketeerPage *self)
{
  gtk_widget_set_visible (self->composer_box, !socketeer_transcript_has_inspector_below (self->transcript));
}

static void
add_reach_bar (SocketeerPage *self)
{
  GtkWidget *bar = g_object_new (SOCKETEER_TYPE_REACH_BAR, NULL);

  socketeer_reach_bar_set_session (SOCKETEER_REACH_BAR (bar), self->session);
  gtk_box_append (self->bar_box, bar);
  g_signal_connect (bar, "message", G_CALLBACK (reach_message_cb), self);
}

static void
clients_changed_cb (GListModel *clients, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  SocketeerPage *self = user_data;
  g_autoptr (SktConnection) latest = n_added > 0 ? g_list_model_get_item (clients, position + n_added - 1) : NULL;
  const char *address = latest != NULL ? skt_connection_get_remote_address (latest) : NULL;
  g_autofree char *text = NULL;

  if (latest == NULL)
    return;
  /* Translators: in a notification: who has connected last; %s is an address and port */
  text = g_strdup_printf (_ ("from %s"), address != NULL ? address : "?");
  socketeer_notify (GTK_WIDGET (self), SOCKETEER_NOTIFY_CLIENT, n_added, NULL, text);
}

static void
add_bar (SocketeerPage *self)
{
  GtkWidget *bar;

  if (self->kind == SOCKETEER_PAGE_CLIENT)
    {
      bar = g_object_new (SOCKETEER_TYPE_CLIENT_BAR, NULL);
      self->client_bar = SOCKETEER_CLIENT_BAR (bar);
      socketeer_client_bar_set_session (self->client_bar, self->session);
    }
  else
    {
      bar = g_object_new (SOCKETEER_TYPE_SERVER_BAR, NULL);
      self->server_bar = SOCKETEER_SERVER_BAR (bar);
      socketeer_server_bar_set_session (self->server_bar, self->session);
      self->connection_list = g_object_new (SOCKETEER_TYPE_CONNECTION_LIST, NULL);
      socketeer_connection_list_set_session (self->connection_list, self->session);
      g_signal_connect_object (skt_session_get_connections (self->session), "items-changed", G_CALLBACK (clients_changed_cb), self, 0);
      add_reach_bar (self);
      gtk_widget_set_size_request (GTK_WIDGET (self->connection_list), 240, -1);
      gtk_paned_set_start_child (self->side_paned, GTK_WIDGET (self->connection_list));
      g_signal_connect_swapped (self->side_split, "notify::stacked", G_CALLBACK (update_list), self);
      g_signal_connect_swapped (self->list_button, "toggled", G_CALLBACK (update_list), self);
      g_signal_connect (self->connection_list, "choice-changed", G_CALLBACK (choice_changed_cb), self);
    }
  gtk_box_prepend (self->bar_box, bar);
  g_signal_connect (bar, "problem", G_CALLBACK (bar_problem_cb), self);
}

SocketeerPage *
socketeer_page_new (SktEngine *engine, SocketeerPageKind kind, GError **error)
{
  g_autoptr (SktSession) session = NULL;
  SocketeerPage *self;

  g_return_val_if_fail (kind != SOCKETEER_PAGE_JOURNAL, NULL);
  session = skt_session_new (engine, kind == SOCKETEER_PAGE_CLIENT ? SKT_SESSION_CLIENT : SKT_SESSION_SERVER, NULL,
                             error);
  if (session == NULL)
    return NULL;
  self = g_object_new (SOCKETEER_TYPE_PAGE, NULL);
  self->kind = kind;
  self->session = g_steal_pointer (&session);
  self->journal = skt_journal_ref (skt_session_get_journal (self->session));
  add_bar (self);
  g_signal_group_set_target (self->signals, self->session);
  socketeer_transcript_set_session (self->transcript, self->session);
  g_signal_connect_swapped (self->transcript, "inspector-moved", G_CALLBACK (update_composer), self);
  socketeer_status_bar_set_session (self->status_bar, self->session);
  socketeer_waiting_set_session (self->waiting, self->session, self->transcript);
  _socketeer_page_room_watch (self);
  _socketeer_page_files_watch (self);
  socketeer_send_options_set_page (self->send_options, self, self->composer);
  bind_panes (self);
  socketeer_connection_pane_set_journal (self->connection_pane, self->journal, self->session, NULL);
  update (self);
  socketeer_narrow_add_tips (GTK_WIDGET (self));
  _socketeer_page_tab_watch (self);
  return self;
}

SocketeerPage *
socketeer_page_new_for_journal (SktJournal *journal, GHashTable *peers, const char *name, const char *warning)
{
  SocketeerPage *self = g_object_new (SOCKETEER_TYPE_PAGE, NULL);

  self->kind = SOCKETEER_PAGE_JOURNAL;
  self->journal = skt_journal_ref (journal);
  self->name = g_strdup (name);
  self->input_problem = g_strdup (warning);
  gtk_widget_set_visible (GTK_WIDGET (self->composer), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->send_options), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->status_bar), FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.clear", FALSE);
  socketeer_transcript_set_empty_text (self->transcript, _ ("Nothing was sent or received in this session."));
  socketeer_transcript_set_peers (self->transcript, peers);
  socketeer_transcript_set_journal (self->transcript, journal);
  bind_panes (self);
  socketeer_connection_pane_set_journal (self->connection_pane, journal, NULL, peers);
  socketeer_connection_pane_set_connection (self->connection_pane, NULL,
                                            _ ("This session is not going on. What became of its connections is under “Life”, and all that happened under “Log”."));
  gtk_widget_set_visible (GTK_WIDGET (self->state_image), FALSE);
  gtk_label_set_label (self->state_label, _ ("opened session"));
  gtk_label_set_label (self->detail_label, name);
  _socketeer_page_update_title (self);
  update_problem (self);
  socketeer_narrow_add_tips (GTK_WIDGET (self));
  return self;
}

void
socketeer_page_close (SocketeerPage *self)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));

  g_cancellable_cancel (self->exporting);
  if (self->is_closed)
    return;
  self->is_closed = TRUE;
  socketeer_notify_close (self);
  _socketeer_page_announce_dispose (self);
  g_signal_group_set_target (self->signals, NULL);
  socketeer_transcript_close (self->transcript);
  socketeer_connection_pane_set_journal (self->connection_pane, NULL, NULL, NULL);
  socketeer_tool_pane_close (self->tool_pane);
  socketeer_send_options_close (self->send_options);
  socketeer_waiting_set_session (self->waiting, NULL, NULL);
  _socketeer_page_files_close (self);
  g_clear_pointer (&self->journal, self->session == NULL ? _socketeer_page_drop_journal : skt_journal_unref);
  if (self->session != NULL)
    skt_session_close_async (self->session, socketeer_storage_keeps_closed (skt_session_get_journal (self->session)), NULL, NULL);
}

static void
socketeer_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SocketeerPage *self = SOCKETEER_PAGE (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_ACTIVE:
      g_value_set_boolean (value, self->is_active);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, self->is_busy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_page_dispose (GObject *object)
{
  SocketeerPage *self = SOCKETEER_PAGE (object);
  GtkWidget *child;

  g_clear_object (&self->signals);
  _socketeer_page_announce_dispose (self);
  _socketeer_page_export_dispose (self);
  _socketeer_page_room_dispose (self);
  _socketeer_page_files_dispose (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->session);
  g_clear_pointer (&self->journal, skt_journal_unref);

  G_OBJECT_CLASS (socketeer_page_parent_class)->dispose (object);
}

static void
socketeer_page_finalize (GObject *object)
{
  SocketeerPage *self = SOCKETEER_PAGE (object);

  g_free (self->title);
  g_free (self->name);
  g_free (self->input_problem);
  g_free (self->hidden_problem);
  g_free (self->queue_problem);
  _socketeer_page_files_finalize (self);

  G_OBJECT_CLASS (socketeer_page_parent_class)->finalize (object);
}

static void
socketeer_page_class_init (SocketeerPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = socketeer_page_get_property;
  object_class->dispose = socketeer_page_dispose;
  object_class->finalize = socketeer_page_finalize;
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, FALSE, flags);
  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[TOAST] = g_signal_new ("toast", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, ADW_TYPE_TOAST);
  signals[ACTIVITY] = g_signal_new ("activity", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "page.disconnect-all", NULL, disconnect_all_action);
  gtk_widget_class_install_action (widget_class, "page.reset-counters", NULL, reset_counters_action);
  _socketeer_page_export_class_init (widget_class);
  _socketeer_page_files_class_init (widget_class);
  _socketeer_page_command_class_init (widget_class);
  socketeer_page_compose_class_init (widget_class);

  g_type_ensure (SOCKETEER_TYPE_TRANSCRIPT);
  g_type_ensure (SOCKETEER_TYPE_COMPOSER);
  g_type_ensure (SOCKETEER_TYPE_SEND_OPTIONS);
  g_type_ensure (SOCKETEER_TYPE_STATUS_BAR);
  g_type_ensure (SOCKETEER_TYPE_TOOL_PANE);
  g_type_ensure (SOCKETEER_TYPE_WAITING);
  g_type_ensure (SOCKETEER_TYPE_CONNECTION_PANE);
  g_type_ensure (SOCKETEER_TYPE_SPLIT);
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_MAIN); /* a landmark */
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, bar_box);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, state_image);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, state_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, detail_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, problem_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, problem_revealer);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, problem_close_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, side_paned);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, side_split);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, list_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, connection_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, connection_flap);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, connection_pane);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, tool_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, tool_flap);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, tool_pane);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, composer_paned);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, composer_box);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, transcript);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, waiting);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, composer);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, send_options);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, status_bar);
  _socketeer_page_room_class_init (widget_class);
  gtk_widget_class_bind_template_child (widget_class, SocketeerPage, jobs_box);
}

static void
socketeer_page_init (SocketeerPage *self)
{
  static const char *const names[] = { "state", "attempt", "target", "problem", "n-open", "pause" };

  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_mnemonic_keep_names (GTK_WIDGET (self));
  _socketeer_page_room_init (self);
  _socketeer_page_files_init (self);
  _socketeer_page_announce_init (self);
  socketeer_page_add_escape (self);
  socketeer_page_compose_init (self);
  self->signals = g_signal_group_new (SKT_TYPE_SESSION);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *detailed = g_strconcat ("notify::", names[i], NULL);
      g_signal_group_connect (self->signals, detailed, G_CALLBACK (session_notify_cb), self);
    }
  g_signal_group_connect (self->signals, "notify::free-disk", G_CALLBACK (room_notify_cb), self);
  g_signal_group_connect (self->signals, "notify::journal-limit", G_CALLBACK (room_notify_cb), self);
  g_signal_group_connect (self->signals, "journal-grown", G_CALLBACK (journal_grown_cb), self);
  g_signal_connect (self->composer, "send", G_CALLBACK (composer_send_cb), self);
  g_signal_connect_swapped (self->send_options, "recipients-changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->send_options, "problem", G_CALLBACK (send_problem_cb), self);
  g_signal_connect (self->transcript, "message", G_CALLBACK (transcript_message_cb), self);
  g_signal_connect_swapped (self->problem_close_button, "clicked", G_CALLBACK (problem_close_cb), self);
}
