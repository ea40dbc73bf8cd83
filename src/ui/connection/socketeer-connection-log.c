/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-connection-log.h"

#include "skt-event-list.h"
#include "socketeer-follow.h"
#include "socketeer-paths.h"
#include "socketeer-throttle.h"

#define MAX_LINES 2000
#define RENEW_MS 100
/* Records that are looked through at once: a millisecond. */
#define MAX_AT_ONCE 16384

struct _SocketeerConnectionLog
{
  GtkWidget parent_instance;

  /* template */
  GtkScrolledWindow *scrolled;
  GtkTextView *text_view;

  /* borrowed */
  GtkTextBuffer *buffer;
  GtkTextTag *time_tag;

  /* owned */
  SktJournal *journal;
  SktJournalReader *reader;
  SktSession *session;
  GHashTable *peers;
  GCancellable *looking; /* NULL: no worker is at it */

  SocketeerThrottle throttle;
  guint64 first, next;   /* what is shown is of the records [first, next) */
  guint n_lines;
  SocketeerFollow follow;
};

G_DEFINE_FINAL_TYPE (SocketeerConnectionLog, socketeer_connection_log, GTK_TYPE_WIDGET)

static void update (SocketeerConnectionLog *self);

/* -- Lines ------------------------------------------------------------------------------------------------------ */

/* Who is meant; NULL: that is clear. */
static const char *
get_peer (SocketeerConnectionLog *self, const SktRecord *record)
{
  SktConnection *connection;

  if (record->connection == 0 || record->kind == SKT_RECORD_OPENED)
    return NULL;
  if (self->session == NULL)
    return self->peers != NULL ? g_hash_table_lookup (self->peers, GUINT_TO_POINTER (record->connection)) : NULL;
  if (skt_session_get_kind (self->session) == SKT_SESSION_CLIENT)
    return NULL;
  connection = skt_session_get_connection (self->session, record->connection);
  return connection != NULL ? skt_connection_get_remote_address (connection) : NULL;
}

static void
delete_lines (SocketeerConnectionLog *self, guint n)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_start_iter (self->buffer, &start);
  gtk_text_buffer_get_iter_at_line (self->buffer, &end, (int) n);
  gtk_text_buffer_delete (self->buffer, &start, &end);
  self->n_lines -= n;
}

static void
add_line (SocketeerConnectionLog *self, const SktEvent *event)
{
  gsize time_length;
  g_autofree char *line = skt_event_to_line (event, get_peer (self, &event->record), &time_length);
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (self->buffer, &end);
  gtk_text_buffer_insert_with_tags (self->buffer, &end, line, (int) time_length, self->time_tag, NULL);
  gtk_text_buffer_insert (self->buffer, &end, line + time_length, -1);
  gtk_text_buffer_insert (self->buffer, &end, "\n", 1);
  self->n_lines++;
}

static void
add_events (SocketeerConnectionLog *self, GPtrArray *events)
{
  if (events->len == 0)
    return;
  if (self->n_lines + events->len > MAX_LINES)
    delete_lines (self, MIN (self->n_lines, self->n_lines + events->len - MAX_LINES));
  for (guint i = 0; i < events->len; i++)
    add_line (self, events->pdata[i]);
  socketeer_follow_queue (&self->follow);
}

/* -- Looking for events ----------------------------------------------------------------------------------------- */

typedef struct
{
  SktJournal *journal;
  guint64 first, end;
} Look;

static void
look_free (Look *look)
{
  g_clear_pointer (&look->journal, skt_journal_unref);
  g_free (look);
}

static void
look_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Look *look = task_data;
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (look->journal);
  GPtrArray *events = skt_event_list_new (reader, look->first, look->end, MAX_LINES, cancellable);

  /* the last reference deletes the files: not on the main thread */
  g_clear_pointer (&look->journal, skt_journal_unref);
  if (events != NULL)
    g_task_return_pointer (task, events, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
}

static void
looked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SocketeerConnectionLog *self = SOCKETEER_CONNECTION_LOG (object);
  g_autoptr (GPtrArray) events = g_task_propagate_pointer (G_TASK (result), NULL);
  const Look *look = g_task_get_task_data (G_TASK (result));

  if (events == NULL || g_task_get_cancellable (G_TASK (result)) != self->looking)
    return;
  g_clear_object (&self->looking);
  self->next = look->end;
  add_events (self, events);
  update (self);
}

static void
look (SocketeerConnectionLog *self, guint64 end)
{
  g_autoptr (GTask) task = NULL;
  Look *data = g_new (Look, 1);

  data->journal = skt_journal_ref (self->journal);
  data->first = self->next;
  data->end = end;
  self->looking = g_cancellable_new ();
  task = g_task_new (self, self->looking, looked_cb, NULL);
  g_task_set_task_data (task, data, (GDestroyNotify) look_free);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, look_in_worker);
}

static void
stop_looking (SocketeerConnectionLog *self)
{
  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
}

/* From the beginning again. */
static void
clear (SocketeerConnectionLog *self)
{
  stop_looking (self);
  gtk_text_buffer_set_text (self->buffer, "", 0);
  self->n_lines = 0;
  self->first = self->next = self->journal != NULL ? skt_journal_get_first_record (self->journal) : 0;
  socketeer_follow_restart (&self->follow);
}

static void
update (SocketeerConnectionLog *self)
{
  guint64 end;

  if (self->journal == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  /* the user has cleared, or undone it */
  if (skt_journal_get_first_record (self->journal) != self->first)
    clear (self);
  end = skt_journal_get_n_records (self->journal);
  if (self->looking != NULL || end <= self->next)
    return;
  if (end - self->next > MAX_AT_ONCE)
    {
      look (self, end);
      return;
    }
  {
    g_autoptr (GPtrArray) events = skt_event_list_new (self->reader, self->next, end, MAX_LINES, NULL);

    self->next = end;
    add_events (self, events);
  }
}

static void
update_func (gpointer data, gpointer user_data)
{
  update (data);
}

void
socketeer_connection_log_journal_grown (SocketeerConnectionLog *self)
{
  g_return_if_fail (SOCKETEER_IS_CONNECTION_LOG (self));

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    socketeer_throttle_queue (&self->throttle, RENEW_MS, update_func, self);
}

void
socketeer_connection_log_set_journal (SocketeerConnectionLog *self, SktJournal *journal, SktSession *session, GHashTable *peers)
{
  g_return_if_fail (SOCKETEER_IS_CONNECTION_LOG (self));

  socketeer_throttle_clear (&self->throttle);
  stop_looking (self);
  g_clear_pointer (&self->reader, skt_journal_reader_free);
  g_clear_pointer (&self->journal, skt_journal_unref);
  g_clear_pointer (&self->peers, g_hash_table_unref);
  g_set_object (&self->session, session);
  if (journal != NULL)
    {
      self->journal = skt_journal_ref (journal);
      self->reader = skt_journal_reader_new (journal);
    }
  self->peers = peers != NULL ? g_hash_table_ref (peers) : NULL;
  clear (self);
  update (self);
}

/* -- GObject ---------------------------------------------------------------------------------------------------- */

static void
socketeer_connection_log_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (socketeer_connection_log_parent_class)->map (widget);
  update (SOCKETEER_CONNECTION_LOG (widget));
  socketeer_follow_queue (&SOCKETEER_CONNECTION_LOG (widget)->follow);
}

static void
socketeer_connection_log_unmap (GtkWidget *widget)
{
  SocketeerConnectionLog *self = SOCKETEER_CONNECTION_LOG (widget);

  socketeer_throttle_clear (&self->throttle);
  socketeer_follow_cancel (&self->follow);
  GTK_WIDGET_CLASS (socketeer_connection_log_parent_class)->unmap (widget);
}

static void
socketeer_connection_log_dispose (GObject *object)
{
  SocketeerConnectionLog *self = SOCKETEER_CONNECTION_LOG (object);
  GtkWidget *child;

  socketeer_throttle_clear (&self->throttle);
  socketeer_follow_clear (&self->follow);
  stop_looking (self);
  g_clear_pointer (&self->reader, skt_journal_reader_free);
  g_clear_pointer (&self->journal, skt_journal_unref);
  g_clear_pointer (&self->peers, g_hash_table_unref);
  g_clear_object (&self->session);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (socketeer_connection_log_parent_class)->dispose (object);
}

static void
socketeer_connection_log_class_init (SocketeerConnectionLogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_connection_log_dispose;
  widget_class->map = socketeer_connection_log_map;
  widget_class->unmap = socketeer_connection_log_unmap;
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-connection-log.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionLog, scrolled);
  gtk_widget_class_bind_template_child (widget_class, SocketeerConnectionLog, text_view);
}

static void
socketeer_connection_log_init (SocketeerConnectionLog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->buffer = gtk_text_view_get_buffer (self->text_view);
  gtk_text_buffer_set_enable_undo (self->buffer, FALSE);
  self->time_tag = gtk_text_buffer_create_tag (self->buffer, NULL, "weight", PANGO_WEIGHT_BOLD, NULL);
  socketeer_follow_init (&self->follow, self->scrolled);
}
