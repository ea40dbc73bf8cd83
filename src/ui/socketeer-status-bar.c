/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-status-bar.h"

#include <glib/gi18n.h>

#include "skt-journal-limit.h"
#include "skt-size.h"
#include "socketeer-format.h"
#include "socketeer-throttle.h"
#include "socketeer-wrap-layout.h"

/* A label that changes has the whole window measured anew. */
#define RENEW_MS 250
/* What waits for less is no wait. */
#define DISCARD_AFTER_MS 500

struct _SocketeerStatusBar
{
  GtkWidget parent_instance;

  /* template */
  GtkLabel *received_label, *received_rate_label, *sent_label, *sent_rate_label, *waiting_label, *kept_label;
  GtkWidget *warning_image, *discard_button;

  /* owned */
  GSignalGroup *signals;
  SktSession *session;

  guint64 received_base, sent_base;
  guint discard_timer; /* bytes are queued, and the button is not shown yet */
  SocketeerThrottle throttle;
};

G_DEFINE_FINAL_TYPE (SocketeerStatusBar, socketeer_status_bar, GTK_TYPE_WIDGET)

static void
set_number (GtkLabel *label, guint64 n)
{
  char text[32];
  g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT, n);
  gtk_label_set_label (label, text);
}

static void
set_rate (GtkLabel *label, double rate)
{
  g_autofree char *text = rate > 0 ? socketeer_format_rate (rate) : g_strdup ("");
  gtk_label_set_label (label, text);
}

/* What the journal takes, as long as there is nothing to worry about. */
static char *
dup_journal_text (const char *size, guint64 free_disk)
{
  g_autofree char *free_text = skt_size_to_text (free_disk);

  if (free_disk == G_MAXUINT64)
    /* Translators: status bar; %s is the size of what is stored, such as “1.2 GiB” */
    return g_strdup_printf (_ ("journal %s"), size);
  /* Translators: status bar; the first %s is the size of what is stored, the second what is free on the disk, such as “1.2 GiB” */
  return g_strdup_printf (_ ("journal %s · %s free"), size, free_text);
}

/* NULL: nothing to warn of. */
static char *
dup_warning (SktSession *session, const char *size)
{
  guint64 limit = skt_session_get_journal_limit (session), free_disk = skt_session_get_free_disk (session);
  g_autofree char *limit_text = skt_size_to_text (limit), *free_text = skt_size_to_text (free_disk);

  if (skt_session_is_stalled (session))
    /* Translators: status bar; %s is the size of what is stored, such as “16 GiB” */
    return g_strdup_printf (_ ("receiving is paused · journal %s"), size);
  if (skt_session_get_journal_size (session) > limit - limit / 10)
    /* Translators: status bar; sizes such as “14.6 GiB” and “16 GiB” */
    return g_strdup_printf (_ ("near the limit · journal %s of %s"), size, limit_text);
  if (free_disk < SKT_JOURNAL_AUTOMATIC_FREE)
    /* Translators: status bar; sizes: of what is stored, and of what is free on the disk */
    return g_strdup_printf (_ ("disk nearly full · journal %s · %s free"), size, free_text);
  return NULL;
}

static void
set_warning (SocketeerStatusBar *self, gboolean is_warning)
{
  if (gtk_widget_get_visible (self->warning_image) == is_warning)
    return;
  gtk_widget_set_visible (self->warning_image, is_warning);
  if (is_warning)
    gtk_widget_remove_css_class (GTK_WIDGET (self->kept_label), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->kept_label), "dim-label");
}

static void
update_journal (SocketeerStatusBar *self)
{
  g_autofree char *size = skt_size_to_text (skt_session_get_journal_size (self->session));
  g_autofree char *warning = dup_warning (self->session, size);
  g_autofree char *journal = dup_journal_text (size, skt_session_get_free_disk (self->session));
  /* Translators: status bar; %s is “journal 1.2 GiB · 43 GiB free”. All that was received and sent is kept. */
  g_autofree char *text = g_strdup_printf (_ ("nothing dropped · %s"), warning != NULL ? warning : journal);

  set_warning (self, warning != NULL);
  gtk_label_set_label (self->kept_label, text);
}

static gboolean
discard_timer_cb (gpointer data)
{
  SocketeerStatusBar *self = data;

  self->discard_timer = 0;
  gtk_widget_set_visible (self->discard_button, TRUE);
  return G_SOURCE_REMOVE;
}

/* It does not come and go with every message. */
static void
update_discard (SocketeerStatusBar *self, gboolean is_waiting)
{
  if (!is_waiting)
    {
      g_clear_handle_id (&self->discard_timer, g_source_remove);
      gtk_widget_set_visible (self->discard_button, FALSE);
    }
  else if (self->discard_timer == 0 && !gtk_widget_get_visible (self->discard_button))
    self->discard_timer = g_timeout_add (DISCARD_AFTER_MS, discard_timer_cb, self);
}

/* What the user has sent and the kernel has not taken: only then is what it has taken worth a place here. */
static void
update_waiting (SocketeerStatusBar *self)
{
  guint64 queued = skt_session_get_bytes_queued (self->session);
  g_autofree char *queued_text = NULL, *sent_text = NULL, *text = NULL;

  if (queued > 0)
    {
      queued_text = socketeer_format_size (queued);
      sent_text = socketeer_format_size (skt_session_get_bytes_unacknowledged (self->session));
      /* Translators: status bar; sizes of what waits to be handed to the kernel, and of what the kernel has and the peer has not acknowledged */
      text = g_strdup_printf (_ ("%s queued · %s not acknowledged"), queued_text, sent_text);
    }
  gtk_label_set_label (self->waiting_label, text != NULL ? text : "");
  update_discard (self, queued > 0);
}

static void
update (SocketeerStatusBar *self)
{
  if (self->session == NULL)
    return;
  set_number (self->received_label, skt_session_get_bytes_received (self->session) - self->received_base);
  set_number (self->sent_label, skt_session_get_bytes_sent (self->session) - self->sent_base);
  set_rate (self->received_rate_label, skt_session_get_rate_received (self->session));
  set_rate (self->sent_rate_label, skt_session_get_rate_sent (self->session));
  update_waiting (self);
  update_journal (self);
}

/* What others write on the disk is not told; who comes to this window wants to see what is true now. */
static void
measure (SocketeerStatusBar *self)
{
  if (self->session != NULL)
    skt_session_resume (self->session);
}

static void
update_later (gpointer data, gpointer unused)
{
  update (data);
}

/* What changes with every byte; the rest is told at once. */
static gboolean
is_quantity (const char *property)
{
  static const char *const names[] = {
    "bytes-received", "bytes-sent", "bytes-queued", "rate-received", "rate-sent", "journal-size", "free-disk", NULL
  };

  return g_strv_contains (names, property);
}

static void
session_notify_cb (SktSession *session, GParamSpec *pspec, gpointer user_data)
{
  SocketeerStatusBar *self = user_data;

  if (is_quantity (pspec->name))
    socketeer_throttle_queue (&self->throttle, RENEW_MS, update_later, self);
  else
    update (self);
}

void
socketeer_status_bar_set_session (SocketeerStatusBar *self, SktSession *session)
{
  g_return_if_fail (SOCKETEER_IS_STATUS_BAR (self));

  g_set_object (&self->session, session);
  g_signal_group_set_target (self->signals, session);
  self->received_base = self->sent_base = 0;
  update (self);
}

void
socketeer_status_bar_reset (SocketeerStatusBar *self)
{
  g_return_if_fail (SOCKETEER_IS_STATUS_BAR (self));

  if (self->session == NULL)
    return;
  self->received_base = skt_session_get_bytes_received (self->session);
  self->sent_base = skt_session_get_bytes_sent (self->session);
  update (self);
}

static void
socketeer_status_bar_dispose (GObject *object)
{
  SocketeerStatusBar *self = SOCKETEER_STATUS_BAR (object);
  GtkWidget *child;

  socketeer_throttle_clear (&self->throttle);
  g_clear_handle_id (&self->discard_timer, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_object (&self->session);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (socketeer_status_bar_parent_class)->dispose (object);
}

static void
socketeer_status_bar_class_init (SocketeerStatusBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_status_bar_dispose;
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-status-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerStatusBar, received_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerStatusBar, received_rate_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerStatusBar, sent_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerStatusBar, sent_rate_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerStatusBar, waiting_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerStatusBar, kept_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerStatusBar, warning_image);
  gtk_widget_class_bind_template_child (widget_class, SocketeerStatusBar, discard_button);
}

static void
socketeer_status_bar_init (SocketeerStatusBar *self)
{
  static const char *const names[] = { "bytes-received", "bytes-sent",    "rate-received", "rate-sent", "bytes-queued",
                                       "journal-size",   "journal-limit", "free-disk",     "pause" };

  gtk_widget_init_template (GTK_WIDGET (self));
  self->signals = g_signal_group_new (SKT_TYPE_SESSION);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *detailed = g_strconcat ("notify::", names[i], NULL);
      g_signal_group_connect (self->signals, detailed, G_CALLBACK (session_notify_cb), self);
    }
  g_signal_connect (self, "map", G_CALLBACK (measure), NULL);
}
