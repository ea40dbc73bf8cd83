/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-page-private.h"

#include <glib/gi18n.h>

#include "skt-file-job.h"
#include "skt-journal-limit.h"
#include "socketeer-file-row.h"
#include "socketeer-notify.h"
#include "socketeer-settings.h"

/* Sending files, one after another; and what waits to be sent: how much may, and discarding it. */

/* What is dropped at a time. */
#define MAX_DROPPED 100

struct _SocketeerPageFiles
{
  SocketeerPage *page; /* borrowed */
  GQueue jobs;         /* SktFileJob, owned: the first is being sent, the others wait */
  GtkWidget *scroller, *box;
  GtkWidget *drop_label;
  GtkFileChooserNative *chooser;
};

/* -- One after another ---------------------------------------------------------------------------------------- */

static void start_next (SocketeerPageFiles *self);

typedef struct
{
  SocketeerPage *page;       /* owned */
  GApplication *application; /* owned, held: the program does not end under its thread; or NULL */
} Holding;

/* To who does not look. What was cancelled is known to who did it. */
static void
tell_finished (SocketeerPageFiles *self, SktFileJob *job)
{
  SktFileState state = skt_file_job_get_state (job);
  const char *report = skt_file_job_get_report (job);
  g_autofree char *name = skt_file_job_dup_name (job);

  if (state == SKT_FILE_CANCELLED)
    return;
  socketeer_notify (GTK_WIDGET (self->page), SOCKETEER_NOTIFY_TRANSFER, 1,
                    state == SKT_FILE_SENT          ? _ ("File sent")
                    : state == SKT_FILE_PARTLY_SENT ? _ ("File not sent to all")
                                                    : _ ("File not sent"),
                    report != NULL ? report : name);
}

static void
finished_cb (SktFileJob *job, gpointer user_data)
{
  SocketeerPageFiles *self = user_data;
  gboolean was_first = g_queue_peek_head (&self->jobs) == job;

  tell_finished (self, job);
  if (g_queue_remove (&self->jobs, job))
    g_object_unref (job);
  if (was_first)
    start_next (self);
}

static void
let_go_cb (SktFileJob *job, gpointer user_data)
{
  Holding *holding = user_data;

  if (holding->application != NULL)
    g_application_release (holding->application);
  g_clear_object (&holding->application);
  g_object_unref (holding->page);
  g_free (holding);
}

static void
start_next (SocketeerPageFiles *self)
{
  SktFileJob *job = g_queue_peek_head (&self->jobs);
  Holding *holding;

  if (job == NULL)
    return;
  holding = g_new0 (Holding, 1);
  holding->page = g_object_ref (self->page);
  if (g_application_get_default () != NULL)
    {
      holding->application = g_object_ref (g_application_get_default ());
      g_application_hold (holding->application);
    }
  g_signal_connect_after (job, "finished", G_CALLBACK (let_go_cb), holding);
  skt_file_job_start (job);
}

/* Whom the composer would send to now. */
static GPtrArray *
dup_receivers (SocketeerPage *self)
{
  g_autoptr (GPtrArray) choice = _socketeer_page_dup_choice (self);
  GPtrArray *receivers = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *all = skt_session_get_connections (self->session);
  guint n = choice != NULL ? choice->len : g_list_model_get_n_items (all);

  for (guint i = 0; i < n; i++)
    {
      SktConnection *connection = choice != NULL ? g_object_ref (choice->pdata[i]) : g_list_model_get_item (all, i);

      if (skt_connection_can_send (connection))
        g_ptr_array_add (receivers, connection);
      else
        g_object_unref (connection);
    }
  return receivers;
}

static void
add_row (SocketeerPageFiles *self, SktFileJob *job)
{
  GtkWidget *row = socketeer_file_row_new (job);

  gtk_box_append (GTK_BOX (self->box), row);
}

gboolean
socketeer_page_send_file (SocketeerPage *self, const char *path)
{
  g_autoptr (GPtrArray) receivers = NULL;
  SktFileJob *job;

  g_return_val_if_fail (SOCKETEER_IS_PAGE (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  if (self->session == NULL || self->is_closed)
    return FALSE;
  receivers = dup_receivers (self);
  if (receivers->len == 0)
    {
      g_autoptr (GError) error = skt_session_dup_nobody_error (self->session);
      /* Translators: %s is a sentence that says why */
      g_autofree char *problem = g_strdup_printf (_ ("The file was not sent. %s"), error->message);

      socketeer_composer_set_problem (self->composer, problem);
      return FALSE;
    }
  job = skt_file_job_new (self->session, receivers, path);
  g_signal_connect (job, "finished", G_CALLBACK (finished_cb), self->files);
  add_row (self->files, job);
  g_queue_push_tail (&self->files->jobs, job);
  if (self->files->jobs.length == 1)
    start_next (self->files);
  return TRUE;
}

/* -- Choosing ------------------------------------------------------------------------------------------------- */

static void
send_gfile (SocketeerPage *self, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);

  if (path != NULL)
    socketeer_page_send_file (self, path);
  else
    _socketeer_page_say (self, _ ("Only files on this computer can be sent: copy it here first."));
}

static void
chooser_response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  SocketeerPage *self = user_data;

  if (response == GTK_RESPONSE_ACCEPT && self->session != NULL)
    {
      g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));

      for (guint i = 0; i < g_list_model_get_n_items (files); i++)
        {
          g_autoptr (GFile) file = g_list_model_get_item (files, i);

          send_gfile (self, file);
        }
    }
  gtk_native_dialog_destroy (dialog);
  g_clear_object (&self->files->chooser);
}

static void
send_file_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerPage *self = SOCKETEER_PAGE (widget);
  GtkFileChooserNative *chooser;

  if (self->session == NULL || self->files->chooser != NULL)
    return;
  chooser = gtk_file_chooser_native_new (_ ("Send Files"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                         /* Translators: button of a file dialog */
                                         GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Send"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chooser_response_cb), self, 0);
  self->files->chooser = chooser;
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* -- Dropping ------------------------------------------------------------------------------------------------- */

static void
update_drop_label (SocketeerPageFiles *self)
{
  g_autoptr (GPtrArray) receivers = dup_receivers (self->page);
  g_autofree char *text = NULL;

  if (receivers->len == 0)
    text = g_strdup (_ ("Nothing is connected: a file cannot be sent"));
  else if (receivers->len == 1)
    /* Translators: %s is an address and port */
    text = g_strdup_printf (_ ("Drop files to send them to %s"), skt_connection_get_remote_address (receivers->pdata[0]));
  else
    text = g_strdup_printf (ngettext ("Drop files to send them to %u connection", "Drop files to send them to %u connections",
                                      receivers->len), receivers->len);
  gtk_label_set_label (GTK_LABEL (self->drop_label), text);
}

static GdkDragAction
drop_enter_cb (GtkDropTarget *target, double x, double y, gpointer user_data)
{
  SocketeerPageFiles *self = user_data;

  if (self->page->session == NULL)
    return 0;
  update_drop_label (self);
  gtk_widget_set_visible (self->drop_label, TRUE);
  return skt_session_get_n_open (self->page->session) > 0 ? GDK_ACTION_COPY : 0;
}

static void
drop_leave_cb (GtkDropTarget *target, gpointer user_data)
{
  SocketeerPageFiles *self = user_data;

  gtk_widget_set_visible (self->drop_label, FALSE);
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, gpointer user_data)
{
  SocketeerPageFiles *self = user_data;
  guint n = 0;

  gtk_widget_set_visible (self->drop_label, FALSE);
  if (!G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST) || self->page->session == NULL)
    return FALSE;
  for (GSList *l = g_value_get_boxed (value); l != NULL; l = l->next)
    {
      if (n++ == MAX_DROPPED)
        {
          _socketeer_page_say (self->page, _ ("The first 100 files are sent: drop the others later."));
          break;
        }
      send_gfile (self->page, l->data);
    }
  return n > 0;
}

/* The label is over the transcript and the composer, and goes round nothing. */
static void
add_drop_target (SocketeerPageFiles *self)
{
  GtkWidget *page = GTK_WIDGET (self->page), *content = GTK_WIDGET (self->page->connection_flap);
  GtkWidget *overlay = gtk_overlay_new (), *before = gtk_widget_get_prev_sibling (content);
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_object_ref (content);
  gtk_widget_unparent (content);
  gtk_widget_insert_after (overlay, page, before);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), content);
  g_object_unref (content);

  self->drop_label = gtk_label_new (NULL);
  gtk_widget_set_visible (self->drop_label, FALSE);
  gtk_widget_set_can_target (self->drop_label, FALSE);
  gtk_label_set_wrap (GTK_LABEL (self->drop_label), TRUE);
  gtk_widget_add_css_class (self->drop_label, "drop-hint");
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->drop_label);

  /* before the message, which would take the files' names as text */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect (target, "enter", G_CALLBACK (drop_enter_cb), self);
  g_signal_connect (target, "leave", G_CALLBACK (drop_leave_cb), self);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (page, GTK_EVENT_CONTROLLER (target));
}

/* -- What waits to be sent ------------------------------------------------------------------------------------ */

/* What was refused for it can be sent now. */
static void
forget_queue_problem (SocketeerPage *self)
{
  if (g_strcmp0 (socketeer_composer_get_problem (self->composer), self->queue_problem) == 0)
    socketeer_composer_set_problem (self->composer, NULL);
  g_clear_pointer (&self->queue_problem, g_free);
}

static void
discard_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerPage *self = SOCKETEER_PAGE (widget);
  g_autoptr (GPtrArray) choice = NULL;
  GListModel *all;

  if (self->session == NULL)
    return;
  forget_queue_problem (self);
  choice = _socketeer_page_dup_choice (self);
  if (choice != NULL)
    {
      for (guint i = 0; i < choice->len; i++)
        skt_connection_discard_queued (choice->pdata[i]);
      return;
    }
  all = skt_session_get_connections (self->session);
  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (SktConnection) connection = g_list_model_get_item (all, i);

      if (skt_connection_get_bytes_queued (connection) > 0)
        skt_connection_discard_queued (connection);
    }
}

static void
queue_limit_changed_cb (SocketeerPage *self)
{
  if (self->session != NULL)
    skt_session_set_queue_bound (self->session,
                                 (guint64) g_settings_get_int (socketeer_settings_get (), "send-queue-limit") * SKT_JOURNAL_MIB);
}

/* -- Page ----------------------------------------------------------------------------------------------------- */

static void
make_box (SocketeerPageFiles *self)
{
  self->scroller = gtk_scrolled_window_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (self->scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (self->scroller), 180);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), self->box);
  gtk_widget_set_visible (self->scroller, FALSE);
  gtk_box_append (self->page->jobs_box, self->scroller);
}

static void
rows_changed_cb (GListModel *rows, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  SocketeerPageFiles *self = user_data;

  gtk_widget_set_visible (self->scroller, g_list_model_get_n_items (rows) > 0);
}

void
_socketeer_page_files_class_init (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "page.send-file", NULL, send_file_action);
  gtk_widget_class_install_action (klass, "page.discard-queued", NULL, discard_action);
}

void
_socketeer_page_files_init (SocketeerPage *self)
{
  g_autoptr (GListModel) rows = NULL;

  self->files = g_new0 (SocketeerPageFiles, 1);
  self->files->page = self;
  g_queue_init (&self->files->jobs);
  make_box (self->files);
  rows = gtk_widget_observe_children (self->files->box);
  g_signal_connect (rows, "items-changed", G_CALLBACK (rows_changed_cb), self->files);
  g_object_set_data_full (G_OBJECT (self->files->box), "rows", g_steal_pointer (&rows), g_object_unref);
  add_drop_target (self->files);
  g_signal_connect_object (socketeer_settings_get (), "changed::send-queue-limit", G_CALLBACK (queue_limit_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

void
_socketeer_page_files_watch (SocketeerPage *self)
{
  queue_limit_changed_cb (self);
}

void
_socketeer_page_files_close (SocketeerPage *self)
{
  /* those that wait first, so that none of them begins */
  while (self->files->jobs.length > 1)
    skt_file_job_cancel (g_queue_peek_tail (&self->files->jobs));
  if (self->files->jobs.length == 1)
    skt_file_job_cancel (g_queue_peek_head (&self->files->jobs));
}

void
_socketeer_page_files_dispose (SocketeerPage *self)
{
  SktFileJob *job;

  if (self->files == NULL)
    return;
  if (self->files->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->files->chooser));
  g_clear_object (&self->files->chooser);
  while ((job = g_queue_pop_head (&self->files->jobs)) != NULL)
    {
      g_signal_handlers_disconnect_by_data (job, self->files);
      skt_file_job_cancel (job);
      g_object_unref (job);
    }
}

void
_socketeer_page_files_finalize (SocketeerPage *self)
{
  g_clear_pointer (&self->files, g_free);
}
