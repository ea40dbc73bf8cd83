/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-connection-life.h"

#include <glib/gi18n.h>
#include <string.h>
#include <sys/utsname.h>

#include "skt-life.h"
#include "skt-sock-diag.h"
#include "skt-time-text.h"
#include "socketeer-format.h"
#include "socketeer-life-chooser.h"
#include "socketeer-life-row.h"
#include "socketeer-paths.h"
#include "socketeer-throttle.h"
#include "socketeer-wrap-layout.h"

#define RENEW_MS 200
/* How often the system is asked about what the program has closed. */
#define ASK_MS 500
/* Records that are looked through at once: a millisecond. */
#define MAX_AT_ONCE 16384

struct _SocketeerConnectionLife
{
  GtkWidget parent_instance;

  /* template */
  GtkListBox *list;
  GtkButton *copy_button, *save_button;
  SocketeerLifeChooser *chooser;

  /* owned */
  SktJournal *journal;
  SktSession *session;
  SktConnection *connection;
  GSignalGroup *signals;
  SktLife *life;         /* NULL: nothing to look at, or a worker has it */
  GCancellable *looking; /* NULL: no worker is at it */
  GtkFileChooserNative *saver;

  GPtrArray *rows;       /* SocketeerLifeRow, borrowed: children */
  SocketeerThrottle throttle;
  guint timer;           /* asks the system; 0: not mapped, or nothing to ask */
  SktSockDiag after;     /* what it said of the connection after its end */
  SktSockDiag listening; /* ... and of the socket that listens */
  gboolean has_after, is_gone, has_listening;
};

enum
{
  PROP_0,
  PROP_CONNECTION,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (SocketeerConnectionLife, socketeer_connection_life, GTK_TYPE_WIDGET)

static void update (SocketeerConnectionLife *self);

/* A session that was opened has no connections, only their ids. 0: there is nothing to tell about. */
static guint32
get_id (SocketeerConnectionLife *self)
{
  return self->connection != NULL ? skt_connection_get_id (self->connection) : socketeer_life_chooser_get_chosen (self->chooser);
}

/* Whether nothing will be added: the journal is all that is left of it. */
static gboolean
is_from_journal (SocketeerConnectionLife *self)
{
  return self->connection == NULL;
}

/* -- Rows ------------------------------------------------------------------------------------------------------- */

static SocketeerLifeRow *
get_row (SocketeerConnectionLife *self, guint i)
{
  while (self->rows->len <= i)
    {
      GtkWidget *row = socketeer_life_row_new ();

      gtk_list_box_append (self->list, row);
      g_ptr_array_add (self->rows, row);
    }
  return self->rows->pdata[i];
}

static void
set_n_rows (SocketeerConnectionLife *self, guint n)
{
  while (self->rows->len > n)
    gtk_list_box_remove (self->list, g_ptr_array_remove_index (self->rows, self->rows->len - 1));
  for (guint i = 0; i < n; i++)
    socketeer_life_row_set_ends (self->rows->pdata[i], i == 0, i == n - 1);
}

static gboolean
begins_state (const SktLifeStep *step, const SktLifeStep *before)
{
  if (step->kind == SKT_LIFE_CLOSED && before != NULL && before->state == step->state)
    return FALSE;
  return step->kind == SKT_LIFE_OPENED || step->kind >= SKT_LIFE_PEER_FINISHED;
}

static const char *
get_title (const SktLifeStep *step, const SktLifeStep *before)
{
  switch ((guint) step->kind)
    {
    case SKT_LIFE_LOOKUP:
      return _ ("Name lookup");
    case SKT_LIFE_FIRST_RECEIVED:
      return _ ("First bytes received");
    case SKT_LIFE_FIRST_SENT:
      return _ ("First bytes sent");
    case SKT_LIFE_CLOSED:
      if (!begins_state (step, before))
        /* Translators: the end of a connection */
        return C_ ("connection", "End");
      return skt_tcp_state_get_name (step->state);
    default:
      return skt_tcp_state_get_name (step->state);
    }
}

/* What the state means. */
static const char *
get_note (const SktLifeStep *step)
{
  if (step->kind == SKT_LIFE_FINISHED && step->state == SKT_TCP_STATE_FIN_WAIT_1)
    return _ ("FIN-WAIT-2 from when the peer acknowledges the FIN, which is mostly at once: when that was is not recorded.");
  return skt_tcp_state_get_sentence (step->state);
}

/* LISTEN has its queue while it goes on. */
static char *
dup_sentence (SocketeerConnectionLife *self, const SktLifeStep *step)
{
  g_autofree char *sentence = skt_life_step_to_text (step);
  g_autofree char *queue = NULL;

  if (step->kind != SKT_LIFE_LISTEN || !self->has_listening)
    return g_steal_pointer (&sentence);
  queue = g_strdup_printf (ngettext ("%u connection of at most %u waits in its queue to be accepted.",
                                     "%u connections of at most %u wait in its queue to be accepted.", self->listening.n_waiting),
                           self->listening.n_waiting, self->listening.backlog);
  /* Translators: two whole sentences; leave out the space where your language has none there */
  return g_strdup_printf (C_ ("two sentences", "%s %s"), sentence, queue);
}

static void
show_step (SocketeerConnectionLife *self, GPtrArray *steps, guint i, gboolean is_live)
{
  const SktLifeStep *step = steps->pdata[i], *before = i > 0 ? steps->pdata[i - 1] : NULL;
  const SktLifeStep *after = i + 1 < steps->len ? steps->pdata[i + 1] : NULL;
  g_autofree char *sentence = dup_sentence (self, step);
  g_autofree char *duration = NULL;
  gboolean has_note = begins_state (step, before) || (step->kind == SKT_LIFE_ATTEMPT && step->duration_ns < 0);
  char since[32];

  /* what goes on in the same state was not over then */
  if (begins_state (step, before) && step->duration_ns >= 0 && (after == NULL || after->kind != SKT_LIFE_CLOSED || begins_state (after, step)))
    duration = skt_life_duration_to_text (step->duration_ns);
  skt_time_format_difference (step->since_start_ns, since, sizeof since);
  socketeer_life_row_set (get_row (self, i), get_title (step, before), since, sentence,
                          has_note ? get_note (step) : NULL, duration, is_live);
}

static char *
dup_after_sentence (SocketeerConnectionLife *self)
{
  int seconds = (self->after.time_left_ms + 999) / 1000;

  if (self->is_gone)
    return g_strdup (_ ("The system keeps nothing of the connection any more."));
  if (self->after.time_left_ms < 0)
    return g_strdup (_ ("The system still keeps the connection."));
  return g_strdup_printf (ngettext ("The system still keeps the connection, for %d second more.",
                                    "The system still keeps the connection, for %d seconds more.", seconds),
                          seconds);
}

static void
show_after (SocketeerConnectionLife *self, guint i)
{
  SktTcpState state = self->is_gone ? SKT_TCP_STATE_CLOSED : self->after.state;
  g_autofree char *sentence = dup_after_sentence (self);

  socketeer_life_row_set (get_row (self, i), skt_tcp_state_get_name (state), NULL, sentence,
                          self->is_gone ? NULL : skt_tcp_state_get_sentence (state), NULL, !self->is_gone);
}

/* The journal ends before the connection does: the program was killed, or its end was not kept. */
static gboolean
lacks_end (SocketeerConnectionLife *self)
{
  return is_from_journal (self) && !skt_life_is_over (self->life) && skt_life_get_state (self->life) != SKT_TCP_STATE_CLOSED;
}

static const char *
get_lack_sentence (void)
{
  return _ ("The journal ends here: how the connection ended was not recorded.");
}

static void
show (SocketeerConnectionLife *self)
{
  GPtrArray *steps;
  gboolean goes_on;
  guint n;

  if (self->life == NULL)
    return;
  steps = skt_life_get_steps (self->life);
  n = steps->len;
  goes_on = !is_from_journal (self) && !skt_life_is_over (self->life) && skt_life_get_state (self->life) != SKT_TCP_STATE_CLOSED;
  for (guint i = 0; i < n; i++)
    show_step (self, steps, i, goes_on && i == n - 1);
  if (self->has_after)
    show_after (self, n++);
  if (lacks_end (self))
    socketeer_life_row_set (get_row (self, n++), C_ ("connection", "End not known"), NULL, get_lack_sentence (), NULL, NULL, FALSE);
  set_n_rows (self, n);
}

static void
update_buttons (SocketeerConnectionLife *self)
{
  gboolean has_report = self->life != NULL && get_id (self) != 0;

  gtk_widget_set_sensitive (GTK_WIDGET (self->copy_button), has_report);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), has_report);
}

/* -- What the system knows -------------------------------------------------------------------------------------- */

static gboolean
should_ask_after (SocketeerConnectionLife *self)
{
  SktTcpState state = self->life != NULL ? skt_life_get_state (self->life) : SKT_TCP_STATE_CLOSED;
  SktReason reason;

  if (self->life == NULL || self->connection == NULL || self->is_gone || !skt_life_is_over (self->life) || state == SKT_TCP_STATE_CLOSED)
    return FALSE;
  reason = skt_connection_get_reason (self->connection);
  return (reason == SKT_REASON_LOCAL_CLOSED || reason == SKT_REASON_PEER_CLOSED) &&
         skt_connection_get_local_address (self->connection) != NULL &&
         skt_connection_get_remote_address (self->connection) != NULL;
}

static void
ask_after (SocketeerConnectionLife *self)
{
  self->has_after = skt_sock_diag_find (skt_connection_get_local_address (self->connection),
                                        skt_connection_get_remote_address (self->connection), &self->after, NULL);
  /* what the system does not tell stays unknown; another connection may have got the same addresses */
  self->is_gone = !self->has_after || self->after.state == SKT_TCP_STATE_CLOSED || self->after.inode != 0;
}

static gboolean
should_ask_listening (SocketeerConnectionLife *self)
{
  GPtrArray *steps = self->life != NULL ? skt_life_get_steps (self->life) : NULL;
  const SktLifeStep *first = steps != NULL && steps->len > 0 ? steps->pdata[0] : NULL;

  return first != NULL && first->kind == SKT_LIFE_LISTEN && self->session != NULL &&
         skt_session_get_state (self->session) == SKT_STATE_LISTENING &&
         g_strcmp0 (skt_session_get_target (self->session), first->detail) == 0;
}

static void
ask_listening (SocketeerConnectionLife *self)
{
  self->has_listening = skt_sock_diag_find_listening (skt_session_get_target (self->session), &self->listening, NULL) &&
                        self->listening.state == SKT_TCP_STATE_LISTEN;
}

static gboolean
timer_cb (gpointer user_data)
{
  SocketeerConnectionLife *self = user_data;
  gboolean asks_listening = should_ask_listening (self), asks_after = should_ask_after (self);

  self->has_listening = FALSE;
  if (asks_listening)
    ask_listening (self);
  if (asks_after)
    ask_after (self);
  show (self);
  if (asks_listening || asks_after)
    return G_SOURCE_CONTINUE;
  self->timer = 0;
  return G_SOURCE_REMOVE;
}

static void
update_timer (SocketeerConnectionLife *self)
{
  if (self->timer != 0 || !(should_ask_listening (self) || should_ask_after (self)))
    return;
  self->timer = g_timeout_add (ASK_MS, timer_cb, self);
  if (timer_cb (self) == G_SOURCE_REMOVE)
    g_warn_if_reached ();
}

/* -- Looking ---------------------------------------------------------------------------------------------------- */

static void
look_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  SktLife *life = *(SktLife **) task_data;

  skt_life_extend (life, G_MAXUINT64, cancellable);
  if (g_cancellable_is_cancelled (cancellable))
    /* here, because the last reference to its journal deletes the files */
    g_clear_pointer ((SktLife **) task_data, skt_life_free);
  g_task_return_boolean (task, TRUE);
}

static void
look_free (SktLife **look)
{
  g_clear_pointer (look, skt_life_free);
  g_free (look);
}

static void
looked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SocketeerConnectionLife *self = SOCKETEER_CONNECTION_LIFE (object);
  SktLife **look = g_task_get_task_data (G_TASK (result));

  if (g_task_get_cancellable (G_TASK (result)) != self->looking)
    return;
  g_clear_object (&self->looking);
  self->life = g_steal_pointer (look);
  update (self);
}

/* The life is the worker's until it is done. */
static void
look (SocketeerConnectionLife *self)
{
  g_autoptr (GTask) task = NULL;
  SktLife **look = g_new (SktLife *, 1);

  *look = g_steal_pointer (&self->life);
  self->looking = g_cancellable_new ();
  task = g_task_new (self, self->looking, looked_cb, NULL);
  g_task_set_task_data (task, look, (GDestroyNotify) look_free);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, look_in_worker);
}

/* Forgets all that is known. */
static void
clear (SocketeerConnectionLife *self)
{
  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  g_clear_pointer (&self->life, skt_life_free);
  g_clear_handle_id (&self->timer, g_source_remove);
  self->has_after = self->is_gone = self->has_listening = FALSE;
  set_n_rows (self, 0);
}

static void
update (SocketeerConnectionLife *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || get_id (self) == 0 || self->journal == NULL || self->looking != NULL)
    {
      update_buttons (self);
      return;
    }
  if (self->life == NULL)
    self->life = skt_life_new (self->journal, get_id (self));
  if (skt_life_get_n_left (self->life) > MAX_AT_ONCE)
    look (self);
  else
    {
      skt_life_extend (self->life, MAX_AT_ONCE, NULL);
      show (self);
      update_timer (self);
    }
  update_buttons (self);
}

static void
update_func (gpointer data, gpointer user_data)
{
  update (data);
}

static void
queue_update (SocketeerConnectionLife *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    socketeer_throttle_queue (&self->throttle, RENEW_MS, update_func, self);
}

void
socketeer_connection_life_journal_grown (SocketeerConnectionLife *self)
{
  g_return_if_fail (SOCKETEER_IS_CONNECTION_LIFE (self));
  queue_update (self);
}

void
socketeer_connection_life_set_journal (SocketeerConnectionLife *self, SktJournal *journal, SktSession *session)
{
  g_return_if_fail (SOCKETEER_IS_CONNECTION_LIFE (self));

  clear (self);
  g_clear_pointer (&self->journal, skt_journal_unref);
  self->journal = journal != NULL ? skt_journal_ref (journal) : NULL;
  g_set_object (&self->session, session);
  socketeer_life_chooser_set_journal (self->chooser, session == NULL ? journal : NULL);
  update (self);
}

static void
state_changed_cb (SktConnection *connection, GParamSpec *pspec, gpointer user_data)
{
  queue_update (user_data);
}

static void
set_connection (SocketeerConnectionLife *self, SktConnection *connection)
{
  if (!g_set_object (&self->connection, connection))
    return;
  g_signal_group_set_target (self->signals, connection);
  clear (self);
  update (self);
}

static void
chosen_cb (SocketeerConnectionLife *self)
{
  if (self->connection != NULL)
    return;
  clear (self);
  update (self);
}

/* -- Report ----------------------------------------------------------------------------------------------------- */

static void
add_system (GString *text)
{
  struct utsname system;

  g_string_append_printf (text, "Socketeer %s", PACKAGE_VERSION);
  if (uname (&system) == 0)
    g_string_append_printf (text, ", %s %s %s", system.sysname, system.release, system.machine);
  g_string_append_c (text, '\n');
}

static void
add_replies (GString *text, SktConnection *connection)
{
  SktReplySummary replies;
  g_autofree char *count = NULL, *last = NULL, *min = NULL, *median = NULL, *p99 = NULL;

  skt_connection_get_reply_times (connection, &replies);
  if (replies.count == 0)
    return;
  count = socketeer_format_count (replies.count);
  last = skt_life_duration_to_text ((gint64) replies.last);
  min = skt_life_duration_to_text ((gint64) replies.min);
  median = skt_life_duration_to_text ((gint64) replies.median);
  p99 = skt_life_duration_to_text ((gint64) replies.p99);
  /* Translators: a number, then durations */
  g_string_append_printf (text, _ ("Replies: %s; last after %s; fastest %s; median %s; 99 %% within %s"), count, last, min, median, p99);
  g_string_append_c (text, '\n');
}

static void
add_counters (GString *text, SktConnection *connection)
{
  g_autofree char *received = socketeer_format_bytes (skt_connection_get_bytes_received (connection));
  g_autofree char *sent = socketeer_format_bytes (skt_connection_get_bytes_sent (connection));
  g_autofree char *queued = socketeer_format_bytes (skt_connection_get_bytes_queued (connection));
  g_autofree char *reads = socketeer_format_count (skt_connection_get_n_reads (connection));
  g_autofree char *writes = socketeer_format_count (skt_connection_get_n_writes (connection));

  /* Translators: %s are numbers of bytes such as “12 bytes” */
  g_string_append_printf (text, _ ("Received: %s; sent: %s; waiting to be sent: %s"), received, sent, queued);
  /* Translators: numbers of reads and of writes */
  g_string_append_printf (text, _ ("; reads: %s; writes: %s"), reads, writes);
  g_string_append_c (text, '\n');
  add_replies (text, connection);
}

static void
add_options (GString *text, SktSession *session)
{
  gboolean no_delay, echo, closes;
  g_autofree char *all = NULL;
  const char *others;
  SktSocketOptions options;

  g_object_get (session, "no-delay", &no_delay, "echo", &echo, "close-on-peer-finish", &closes, NULL);
  skt_session_get_socket_options (session, &options);
  all = skt_socket_options_to_text (&options);
  others = strchr (all, ' '); /* after TCP_NODELAY, which is always there */
  /* Translators: options of a connection; %s is “on” or “off” */
  g_string_append_printf (text, _ ("TCP_NODELAY: %s; echo: %s; close when the peer has finished: %s"), no_delay ? _ ("on") : _ ("off"),
                          echo ? _ ("on") : _ ("off"), closes ? _ ("on") : _ ("off"));
  g_string_append_c (text, '\n');
  if (others != NULL)
    {
      /* Translators: %s are options as they are written in settings, “keep-alive=1 ttl=5” */
      g_string_append_printf (text, _ ("Socket options that differ from the system’s: %s"), others + 1);
      g_string_append_c (text, '\n');
    }
}

static void
add_connection (GString *text, SktConnection *connection)
{
  const char *local = skt_connection_get_local_address (connection), *remote = skt_connection_get_remote_address (connection);
  const char *end = skt_connection_get_end_text (connection);

  /* Translators: number of a connection, local address → remote address */
  g_string_append_printf (text, _ ("Connection %u: %s → %s"), skt_connection_get_id (connection), local != NULL ? local : "?",
                          remote != NULL ? remote : "?");
  g_string_append_printf (text, "\n%s\n", end != NULL ? end : skt_state_to_text (skt_connection_get_state (connection)));
  add_counters (text, connection);
}

static void
add_after (GString *text, SocketeerConnectionLife *self)
{
  g_autofree char *after = dup_after_sentence (self);

  g_string_append_printf (text, "%s: %s\n", skt_tcp_state_get_name (self->is_gone ? SKT_TCP_STATE_CLOSED : self->after.state), after);
}

char *
socketeer_connection_life_dup_report (SocketeerConnectionLife *self)
{
  GString *text;
  g_autofree char *steps = NULL;

  g_return_val_if_fail (SOCKETEER_IS_CONNECTION_LIFE (self), NULL);

  if (get_id (self) == 0 || self->life == NULL)
    return NULL;
  text = g_string_new (NULL);
  add_system (text);
  if (self->connection != NULL)
    add_connection (text, self->connection);
  else
    {
      /* Translators: number of a connection */
      g_string_append_printf (text, _ ("Connection %u of an opened session, from its journal"), get_id (self));
      g_string_append_c (text, '\n');
    }
  if (self->session != NULL)
    add_options (text, self->session);
  steps = skt_life_to_text (self->life);
  g_string_append_printf (text, "\n%s", steps);
  if (self->has_after)
    add_after (text, self);
  if (lacks_end (self))
    g_string_append_printf (text, "%s\n", get_lack_sentence ());
  return g_string_free (text, FALSE);
}

static void
copy_clicked_cb (SocketeerConnectionLife *self)
{
  g_autofree char *report = socketeer_connection_life_dup_report (self);

  if (report != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), report);
}

static void
show_failure (SocketeerConnectionLife *self, const char *message)
{
  GtkWidget *button = GTK_WIDGET (self->save_button);

  gtk_widget_set_tooltip_text (button, message);
  gtk_widget_add_css_class (button, "error");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, message, -1);
}

static void
saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SocketeerConnectionLife) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (object), result, NULL, &error))
    show_failure (self, error->message);
}

static void
saver_response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  SocketeerConnectionLife *self = user_data;
  g_autofree char *report = socketeer_connection_life_dup_report (self);

  if (response == GTK_RESPONSE_ACCEPT && report != NULL)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autoptr (GBytes) bytes = g_bytes_new (report, strlen (report));

      g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, saved_cb, g_object_ref (self));
    }
  g_clear_object (&self->saver);
}

static void
save_clicked_cb (SocketeerConnectionLife *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autofree char *name = NULL;

  if (self->saver != NULL || get_id (self) == 0)
    return;
  gtk_widget_remove_css_class (GTK_WIDGET (self->save_button), "error");
  name = g_strdup_printf ("connection-%u.txt", get_id (self));
  self->saver = gtk_file_chooser_native_new (_ ("Save Report"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->saver), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->saver), name);
  g_signal_connect_object (self->saver, "response", G_CALLBACK (saver_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->saver));
}

/* -- GObject ---------------------------------------------------------------------------------------------------- */

static void
socketeer_connection_life_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (socketeer_connection_life_parent_class)->map (widget);
  update (SOCKETEER_CONNECTION_LIFE (widget));
}

static void
socketeer_connection_life_unmap (GtkWidget *widget)
{
  SocketeerConnectionLife *self = SOCKETEER_CONNECTION_LIFE (widget);

  GTK_WIDGET_CLASS (socketeer_connection_life_parent_class)->unmap (widget);
  socketeer_throttle_clear (&self->throttle);
  g_clear_handle_id (&self->timer, g_source_remove);
}

static void
socketeer_connection_life_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CONNECTION:
      g_value_set_object (value, SOCKETEER_CONNECTION_LIFE (object)->connection);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_connection_life_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CONNECTION:
      set_connection (SOCKETEER_CONNECTION_LIFE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
socketeer_connection_life_dispose (GObject *object)
{
  SocketeerConnectionLife *self = SOCKETEER_CONNECTION_LIFE (object);
  GtkWidget *child;

  socketeer_throttle_clear (&self->throttle);
  if (self->list != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->chooser, self);
      clear (self);
    }
  g_clear_pointer (&self->journal, skt_journal_unref);
  g_clear_object (&self->session);
  g_clear_object (&self->signals);
  g_clear_object (&self->connection);
  if (self->saver != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->saver));
  g_clear_object (&self->saver);
  self->list = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (socketeer_connection_life_parent_class)->dispose (object);
}

static void
socketeer_connection_life_class_init (SocketeerConnectionLifeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = socketeer_connection_life_get_property;
  object_class->set_property = socketeer_connection_life_set_property;
  object_class->dispose = socketeer_connection_life_dispose;
  widget_class->map = socketeer_connection_life_map;
  widget_class->unmap = socketeer_connection_life_unmap;
  props[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL, SKT_TYPE_CONNECTION, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (SOCKETEER_TYPE_LIFE_CHOOSER);
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-connection-life.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionLife, list);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionLife, copy_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionLife, save_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionLife, chooser);
}

static void
socketeer_connection_life_init (SocketeerConnectionLife *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->copy_button, "clicked", G_CALLBACK (copy_clicked_cb), self);
  g_signal_connect_swapped (self->save_button, "clicked", G_CALLBACK (save_clicked_cb), self);
  g_signal_connect_swapped (self->chooser, "notify::chosen", G_CALLBACK (chosen_cb), self);
  self->signals = g_signal_group_new (SKT_TYPE_CONNECTION);
  g_signal_group_connect (self->signals, "notify::state", G_CALLBACK (state_changed_cb), self);
  update_buttons (self);
}
