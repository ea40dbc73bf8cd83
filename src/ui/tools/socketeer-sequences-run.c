/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-sequences-private.h"

#include <glib/gi18n.h>

#include "socketeer-notify.h"
#include "socketeer-page-private.h"
#include "socketeer-problem-toast.h"

/* Running sequences, and the log of it. */

/* Each has a thread. */
#define MAX_RUNS 64

guint
socketeer_sequences_get_n_running (SocketeerSequences *self)
{
  g_return_val_if_fail (SOCKETEER_IS_SEQUENCES (self), 0);
  return self->runs->len - self->n_passed - self->n_failed - self->n_stopped;
}

/* What a line is about; NULL: there is only one. */
static const char *
get_peer (SocketeerSequences *self, SktSequenceRun *run)
{
  return self->runs->len > 1 ? skt_connection_get_remote_address (skt_sequence_run_get_connection (run)) : NULL;
}

guint
_socketeer_sequences_get_step (SocketeerSequences *self)
{
  SktSequenceRun *run = self->runs->len > 0 ? self->runs->pdata[0] : NULL;

  return run != NULL && skt_sequence_run_get_sequence (run) == self->current ? skt_sequence_run_get_step (run) : 0;
}

/* -- What is shown ---------------------------------------------------------------------------------------------- */

static char *
dup_status (SocketeerSequences *self)
{
  SktSequenceRun *run;
  g_autofree char *summary = NULL;

  if (self->runs->len == 0)
    return g_strdup ("");
  run = self->runs->pdata[0];
  if (self->runs->len > 1)
    {
      guint n = socketeer_sequences_get_n_running (self);

      if (n > 0)
        return g_strdup_printf (ngettext ("Running on %u connection", "Running on %u connections", n), n);
      /* Translators: of runs of a sequence, one on each connection */
      return g_strdup_printf (_ ("%s Connections: %u passed, %u failed, %u stopped"), self->n_failed > 0 ? "✗" : "✓", self->n_passed,
                              self->n_failed, self->n_stopped);
    }
  summary = skt_sequence_run_dup_summary (run);
  switch (skt_sequence_run_get_state (run))
    {
    case SKT_RUN_PASSED:
      /* Translators: what came of a sequence; what follows: “12 passed, 0 failed, in 3.2 s” */
      return g_strdup_printf (_ ("✓ Passed: %s"), summary);
    case SKT_RUN_FAILED:
      return g_strdup_printf (_ ("✗ Failed: %s"), summary);
    case SKT_RUN_STOPPED:
      return g_strdup_printf (_ ("Stopped: %s"), summary);
    case SKT_RUN_RUNNING:
    default:
      return g_strdup_printf (_ ("Running: step %u of %u"), skt_sequence_run_get_step (run),
                              skt_sequence_get_n_steps (skt_sequence_run_get_sequence (run)));
    }
}

void
_socketeer_sequences_run_update (SocketeerSequences *self)
{
  gboolean is_running = socketeer_sequences_get_n_running (self) > 0;
  gboolean can_run = is_running || (self->current != NULL && skt_sequence_check (self->current, NULL, NULL));
  g_autofree char *status = dup_status (self);

  gtk_button_set_label (self->run_button, is_running ? _ ("Stop") : _ ("Run"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->run_button), is_running ? "sequences.stop" : "sequences.run");
  gtk_widget_set_visible (self->spinner, is_running);
  g_object_set (self->spinner, "spinning", is_running, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sequences.run", can_run && !is_running);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sequences.stop", is_running);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sequences.copy-log", !socketeer_run_log_is_empty (self->log));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sequences.save-log", !socketeer_run_log_is_empty (self->log));
  gtk_label_set_label (self->status_label, status);
  gtk_widget_set_visible (self->log_box, !socketeer_run_log_is_empty (self->log));
  _socketeer_sequences_steps_update (self);
  if (self->was_running != is_running)
    {
      self->was_running = is_running;
      g_object_notify (G_OBJECT (self), "is-running");
    }
}

/* -- The runs --------------------------------------------------------------------------------------------------- */

/* What a wait has waited for has come. */
static void
notify_match (SocketeerSequences *self, SktSequenceRun *run, const SktRunLine *line)
{
  SktSequence *sequence = skt_sequence_run_get_sequence (run);
  g_autofree char *text = NULL;

  if (self->page == NULL || line->kind != SKT_RUN_LINE_PASS || line->step == 0 ||
      skt_step_get_settings (skt_sequence_get_step (sequence, line->step - 1))->kind != SKT_STEP_WAIT)
    return;
  /* Translators: in a notification: the name of a sequence, and what has come of a step of it */
  text = g_strdup_printf (_ ("“%s”: %s"), skt_sequence_get_name (sequence), line->text);
  socketeer_notify (GTK_WIDGET (self->page), SOCKETEER_NOTIFY_MATCH, 1, NULL, text);
}

static void
show_lines (SocketeerSequences *self, SktSequenceRun *run)
{
  guint64 n_lost;
  g_autoptr (GPtrArray) lines = skt_sequence_run_take_lines (run, &n_lost);

  if (n_lost > 0)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, n_lost);
      g_autofree char *text = g_strdup_printf (_ ("… %s lines are left out"), number);

      socketeer_run_log_add_text (self->log, SKT_RUN_LINE_INFO, text, get_peer (self, run));
    }
  for (guint i = 0; i < lines->len; i++)
    {
      notify_match (self, run, lines->pdata[i]);
      socketeer_run_log_add (self->log, lines->pdata[i], get_peer (self, run));
    }
}

static void
end_run (SocketeerSequences *self, SktSequenceRun *run, SktRunState state)
{
  g_autofree char *summary = skt_sequence_run_dup_summary (run);
  const char *name = skt_sequence_get_name (skt_sequence_run_get_sequence (run));
  g_autofree char *text = NULL;

  g_object_set_data (G_OBJECT (run), "has-ended", GINT_TO_POINTER (TRUE));
  if (state == SKT_RUN_PASSED)
    self->n_passed++;
  else if (state == SKT_RUN_FAILED)
    self->n_failed++;
  else
    self->n_stopped++;
  /* Translators: the first %s is the name of a sequence, the second one “12 passed, 0 failed, in 3.2 s” */
  text = state == SKT_RUN_PASSED   ? g_strdup_printf (_ ("“%s” has passed: %s"), name, summary)
         : state == SKT_RUN_FAILED ? g_strdup_printf (_ ("“%s” has failed: %s"), name, summary)
                                   : g_strdup_printf (_ ("“%s” was stopped: %s"), name, summary);
  socketeer_run_log_add_text (self->log,
                              state == SKT_RUN_PASSED   ? SKT_RUN_LINE_PASS
                              : state == SKT_RUN_FAILED ? SKT_RUN_LINE_FAIL
                                                        : SKT_RUN_LINE_INFO,
                              text, get_peer (self, run));
  /* Nobody sees the log: what came of it is told in passing. */
  if (self->page != NULL && !gtk_widget_get_mapped (GTK_WIDGET (self)))
    _socketeer_page_say (self->page, text);
}

static void
run_updated_cb (SocketeerSequences *self, SktSequenceRun *run)
{
  /* In this order: what is done before it has ended is told before. */
  SktRunState state = skt_sequence_run_get_state (run);

  show_lines (self, run);
  if (state != SKT_RUN_RUNNING && g_object_get_data (G_OBJECT (run), "has-ended") == NULL)
    end_run (self, run, state);
  _socketeer_sequences_run_update (self);
}

/* Nothing is sent any more. forget: they have ended when this returns. */
void
_socketeer_sequences_stop (SocketeerSequences *self, gboolean forget)
{
  for (guint i = 0; i < self->runs->len; i++)
    skt_sequence_run_stop (self->runs->pdata[i]);
  if (!forget)
    return;
  for (guint i = 0; i < self->runs->len; i++)
    g_signal_handlers_disconnect_by_data (self->runs->pdata[i], self);
  g_ptr_array_set_size (self->runs, 0);
  self->n_passed = self->n_failed = self->n_stopped = 0;
}

/* Whom the composer would send to (element-type SktConnection). */
static GPtrArray *
list_connections (SocketeerSequences *self)
{
  SktSession *session = socketeer_page_get_session (self->page);
  GPtrArray *choice = _socketeer_page_dup_choice (self->page);
  GListModel *all;

  if (choice != NULL)
    return choice;
  choice = g_ptr_array_new_with_free_func (g_object_unref);
  if (skt_session_get_kind (session) == SKT_SESSION_CLIENT)
    {
      if (skt_session_get_current (session) != NULL)
        g_ptr_array_add (choice, g_object_ref (skt_session_get_current (session)));
      return choice;
    }
  all = skt_session_get_connections (session);
  for (guint i = 0; i < g_list_model_get_n_items (all) && choice->len <= MAX_RUNS; i++)
    {
      g_autoptr (SktConnection) connection = g_list_model_get_item (all, i);

      if (skt_connection_is_open (connection))
        g_ptr_array_add (choice, g_steal_pointer (&connection));
    }
  return choice;
}

static void
say (SocketeerSequences *self, const char *problem)
{
  _socketeer_page_toast (self->page, socketeer_problem_toast_new (problem));
}

static gboolean
start (SocketeerSequences *self, SktConnection *connection, GError **error)
{
  SktSequenceRun *run = skt_sequence_run_new (socketeer_page_get_session (self->page), connection, self->current, error);

  if (run == NULL)
    return FALSE;
  g_ptr_array_add (self->runs, run);
  g_signal_connect_object (run, "updated", G_CALLBACK (run_updated_cb), self, G_CONNECT_SWAPPED);
  return TRUE;
}

static void
run_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerSequences *self = SOCKETEER_SEQUENCES (widget);
  g_autoptr (GPtrArray) connections = list_connections (self);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf (_ ("“%s” begins"), skt_sequence_get_name (self->current));

  if (connections->len == 0 || connections->len > MAX_RUNS)
    {
      g_autofree char *many = g_strdup_printf (_ ("A sequence runs on at most %d connections at once: choose some in the list."), MAX_RUNS);

      say (self, connections->len == 0 ? _ ("Not connected: connect first, then run the sequence.") : many);
      return;
    }
  _socketeer_sequences_stop (self, TRUE);
  socketeer_run_log_clear (self->log);
  for (guint i = 0; i < connections->len; i++)
    {
      g_autoptr (GError) local_error = NULL;

      if (!start (self, connections->pdata[i], &local_error) && error == NULL)
        error = g_steal_pointer (&local_error);
    }
  if (error != NULL)
    say (self, error->message);
  if (self->runs->len > 0)
    socketeer_run_log_add_text (self->log, SKT_RUN_LINE_INFO, text, NULL);
  _socketeer_sequences_run_update (self);
}

static void
stop_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _socketeer_sequences_stop (SOCKETEER_SEQUENCES (widget), FALSE);
}

/* -- The log ---------------------------------------------------------------------------------------------------- */

static void
copy_log_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerSequences *self = SOCKETEER_SEQUENCES (widget);
  g_autofree char *text = socketeer_run_log_dup_text (self->log);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SocketeerSequences) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_basename (G_FILE (object));
  g_autofree char *text = NULL;

  if (self->page == NULL)
    return;
  if (!g_file_replace_contents_finish (G_FILE (object), result, NULL, &error))
    {
      say (self, error->message);
      return;
    }
  text = g_strdup_printf (_ ("The run log was saved as “%s”."), name);
  _socketeer_page_say (self->page, text);
}

static void
chooser_response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  SocketeerSequences *self = user_data;
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autofree char *text = socketeer_run_log_dup_text (self->log);
  g_autoptr (GBytes) bytes = NULL;

  g_clear_object (&self->chooser);
  if (file == NULL)
    return;
  bytes = g_bytes_new (text, strlen (text));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL, saved_cb, g_object_ref (self));
}

static void
save_log_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerSequences *self = SOCKETEER_SEQUENCES (widget);

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_ ("Save Run Log"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), "run-log.txt");
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

void
_socketeer_sequences_run_class_init (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "sequences.run", NULL, run_action_cb);
  gtk_widget_class_install_action (klass, "sequences.stop", NULL, stop_action_cb);
  gtk_widget_class_install_action (klass, "sequences.copy-log", NULL, copy_log_action_cb);
  gtk_widget_class_install_action (klass, "sequences.save-log", NULL, save_log_action_cb);
}
