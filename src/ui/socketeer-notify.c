/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-notify.h"

#include <glib/gi18n.h>

#include "socketeer-paths.h"
#include "socketeer-settings.h"
#include "socketeer-window-private.h"

/* What comes close together is counted before it is told. */
#define GATHER_US (250 * G_TIME_SPAN_MILLISECOND)
/* Between two of them, whatever they are about. */
#define PAUSE_US G_TIME_SPAN_SECOND
/* Between two of the same kind and page, while it goes on: longer each time. */
#define FIRST_INTERVAL_US G_TIME_SPAN_SECOND
#define MAX_INTERVAL_US (30 * G_TIME_SPAN_SECOND)
#define MAX_LINE 160 /* characters */
#define MAX_LINES 4

/* One kind of a page. */
typedef struct
{
  guint64 n;        /* since the page was looked at last */
  char *title;      /* of the latest; NULL: that of the kind */
  GQueue lines;     /* the latest, strings: one of them, except of transfers */
  gboolean is_due;  /* there is more than was told */
  gboolean is_told;
  guint asked;      /* counts up: an answer to an older question is of no use */
  gint64 due;       /* monotonic: not before */
  gint64 next, interval;
} Item;

/* Of a page. */
typedef struct
{
  SocketeerPage *page; /* borrowed */
  guint number;
  Item items[SOCKETEER_N_NOTIFY_KINDS];
  GtkExpressionWatch *watch; /* of whether the window that it is in is active; NULL: the page is going */
  gboolean is_closed;
} Notes;

static const struct
{
  const char *key, *id;
} kinds[] = {
  { "notify-client-connected", "client" },
  { "notify-match-found", "match" },
  { "notify-transfer-done", "transfer" },
};

static GPtrArray *all_notes; /* Notes, borrowed */
static guint last_number;
static guint timer_id;
static gint64 next_time; /* monotonic */

static void tell (Notes *self, SocketeerNotifyKind kind);

/* -- Who is looking --------------------------------------------------------------------------------------------- */

static gboolean
is_any_window_active (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (gtk_window_is_active (window))
        return TRUE;
    }
  return FALSE;
}

static char *
dup_id (Notes *self, SocketeerNotifyKind kind)
{
  return g_strdup_printf ("%s-%u", kinds[kind].id, self->number);
}

static void
forget (Item *item)
{
  g_clear_pointer (&item->title, g_free);
  g_queue_clear_full (&item->lines, g_free);
  item->n = 0;
  item->is_due = item->is_told = FALSE;
  item->next = item->interval = 0;
  item->asked++;
}

static void
withdraw (Notes *self, SocketeerNotifyKind kind)
{
  GApplication *application = g_application_get_default ();
  g_autofree char *id = dup_id (self, kind);

  if (self->items[kind].is_told && application != NULL && g_application_get_is_registered (application))
    g_application_withdraw_notification (application, id);
  forget (&self->items[kind]);
}

static void
withdraw_all (Notes *self)
{
  for (guint i = 0; i < SOCKETEER_N_NOTIFY_KINDS; i++)
    withdraw (self, i);
}

static void
look_cb (gpointer user_data)
{
  Notes *self = user_data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self->page));

  /* Of a tab that was closed nothing is told either. */
  if (root == NULL)
    withdraw_all (self);
  else if (GTK_IS_WINDOW (root) && gtk_window_is_active (GTK_WINDOW (root)) && gtk_widget_get_mapped (GTK_WIDGET (self->page)))
    withdraw_all (self);
}

/* -- When ------------------------------------------------------------------------------------------------------- */

static gint64
get_due (const Item *item)
{
  return MAX (MAX (item->due, item->next), next_time);
}

/* What is due first; FALSE: nothing is. */
static gboolean
find_next (Notes **ret_notes, SocketeerNotifyKind *ret_kind)
{
  gint64 first = G_MAXINT64;

  for (guint i = 0; i < all_notes->len; i++)
    for (guint kind = 0; kind < SOCKETEER_N_NOTIFY_KINDS; kind++)
      {
        Notes *notes = all_notes->pdata[i];
        Item *item = &notes->items[kind];

        if (!item->is_due || MAX (item->due, item->next) >= first)
          continue;
        first = MAX (item->due, item->next);
        *ret_notes = notes;
        *ret_kind = kind;
      }
  return first < G_MAXINT64;
}

static gboolean timer_cb (gpointer user_data);

static void
set_timer (void)
{
  Notes *notes;
  SocketeerNotifyKind kind;

  g_clear_handle_id (&timer_id, g_source_remove);
  if (find_next (&notes, &kind))
    {
      gint64 rest = get_due (&notes->items[kind]) - g_get_monotonic_time ();

      timer_id = g_timeout_add (rest > 0 ? rest / 1000 + 1 : 0, timer_cb, NULL);
    }
}

static gboolean
timer_cb (gpointer user_data)
{
  gint64 now = g_get_monotonic_time ();
  Notes *notes;
  SocketeerNotifyKind kind;

  timer_id = 0;
  if (!find_next (&notes, &kind))
    return G_SOURCE_REMOVE;
  if (get_due (&notes->items[kind]) <= now)
    {
      Item *item = &notes->items[kind];

      /* Quiet for a while: it is news again. */
      item->interval = item->interval == 0 || now - item->next > 2 * item->interval ? FIRST_INTERVAL_US
                                                                                    : MIN (2 * item->interval, MAX_INTERVAL_US);
      item->is_due = FALSE;
      item->next = now + item->interval;
      next_time = now + PAUSE_US;
      tell (notes, kind);
    }
  set_timer ();
  return G_SOURCE_REMOVE;
}

/* -- In words --------------------------------------------------------------------------------------------------- */

/* One line of plain text, not too long. */
static char *
cut (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *start = NULL;

  g_strdelimit (g_strstrip (valid), "\r\n\t", ' ');
  if (g_utf8_strlen (valid, -1) <= MAX_LINE)
    return g_steal_pointer (&valid);
  start = g_utf8_substring (valid, 0, MAX_LINE);
  return g_strconcat (start, "…", NULL);
}

static char *
dup_title (const Item *item, SocketeerNotifyKind kind)
{
  guint n = MIN (item->n, G_MAXUINT);

  switch (kind)
    {
    case SOCKETEER_NOTIFY_CLIENT:
      /* Translators: title of a notification: so many have connected since one looked */
      return g_strdup_printf (ngettext ("%u new client connected", "%u new clients connected", n), n);
    case SOCKETEER_NOTIFY_MATCH:
      /* Translators: title of a notification: what was waited for or searched for has come */
      return g_strdup_printf (ngettext ("%u match found", "%u matches found", n), n);
    case SOCKETEER_NOTIFY_TRANSFER:
    case SOCKETEER_N_NOTIFY_KINDS:
    default:
      if (n == 1 && item->title != NULL)
        return g_strdup (item->title);
      /* Translators: title of a notification: files that were sent, saved or opened, or failed to be */
      return g_strdup_printf (ngettext ("%u transfer is over", "%u transfers are over", n), n);
    }
}

static char *
dup_body (const Notes *self, const Item *item)
{
  const char *title = socketeer_page_get_title (self->page);
  GString *text = g_string_new (NULL);

  if (title != NULL)
    g_string_append (text, title);
  for (GList *l = item->lines.head; l != NULL; l = l->next)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", (const char *) l->data);
  return g_string_free (text, FALSE);
}

/* -- Telling ---------------------------------------------------------------------------------------------------- */

typedef struct
{
  SocketeerPage *page; /* owned */
  SocketeerNotifyKind kind;
  guint asked;
} Question;

static Notes *
get_notes (SocketeerPage *page)
{
  return g_object_get_data (G_OBJECT (page), "notes");
}

static void
question_free (Question *self)
{
  g_object_unref (self->page);
  g_free (self);
}

static void
send_notification (Notes *self, SocketeerNotifyKind kind, gboolean takes_markup)
{
  Item *item = &self->items[kind];
  g_autofree char *id = dup_id (self, kind), *title = dup_title (item, kind), *body = dup_body (self, item);
  g_autofree char *escaped = takes_markup ? g_markup_escape_text (body, -1) : NULL;
  g_autoptr (GNotification) notification = g_notification_new (title);

  g_notification_set_body (notification, takes_markup ? escaped : body);
  g_notification_set_default_action_and_target (notification, "app.show-page", "u", self->number);
  item->is_told = TRUE;
  g_application_send_notification (g_application_get_default (), id, notification);
}

/* Who has looked in the meantime needs nothing told. */
static void
answer (Question *question, gboolean takes_markup)
{
  Notes *notes = get_notes (question->page);

  if (notes != NULL && !notes->is_closed && notes->items[question->kind].asked == question->asked && !is_any_window_active ())
    send_notification (notes, question->kind, takes_markup);
  question_free (question);
}

static void
capabilities_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);
  g_autofree const char **capabilities = NULL;

  /* There is nobody who would show it. */
  if (reply == NULL)
    {
      question_free (user_data);
      return;
    }
  g_variant_get (reply, "(^a&s)", &capabilities);
  answer (user_data, g_strv_contains (capabilities, "body-markup"));
}

static void
owner_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, NULL);
  gboolean has_owner = FALSE;

  if (reply != NULL)
    g_variant_get (reply, "(b)", &has_owner);
  if (has_owner)
    {
      answer (user_data, FALSE);
      return;
    }
  g_dbus_connection_call (G_DBUS_CONNECTION (object), "org.freedesktop.Notifications", "/org/freedesktop/Notifications",
                          "org.freedesktop.Notifications", "GetCapabilities", NULL, G_VARIANT_TYPE ("(as)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                          capabilities_cb, user_data);
}

/* GLib gives it to GNOME's own service, which takes plain text, or else to the one of freedesktop.org, which may take markup, and warns when there
 * is none: so that is asked before. The portal is there in a sandbox, and takes plain text. */
static void
tell (Notes *self, SocketeerNotifyKind kind)
{
  GApplication *application = g_application_get_default ();
  GDBusConnection *bus = application != NULL ? g_application_get_dbus_connection (application) : NULL;
  Question *question;

  if (bus == NULL || is_any_window_active () || !g_settings_get_boolean (socketeer_settings_get (), kinds[kind].key))
    {
      withdraw (self, kind);
      return;
    }
  question = g_new (Question, 1);
  *question = (Question){ g_object_ref (self->page), kind, ++self->items[kind].asked };
  if (socketeer_paths_is_sandboxed ())
    answer (question, FALSE);
  else
    g_dbus_connection_call (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
                            g_variant_new ("(s)", "org.gtk.Notifications"), G_VARIANT_TYPE ("(b)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                            owner_cb, question);
}

/* -- Pages ------------------------------------------------------------------------------------------------------ */

static void
watch_gone_cb (gpointer user_data)
{
  ((Notes *) user_data)->watch = NULL;
}

static void
free_notes (gpointer data)
{
  Notes *self = data;

  if (self->watch != NULL)
    gtk_expression_watch_unwatch (self->watch);
  withdraw_all (self);
  g_ptr_array_remove_fast (all_notes, self);
  g_free (self);
  set_timer ();
}

static Notes *
add_notes (SocketeerPage *page)
{
  GtkExpression *root = gtk_property_expression_new (GTK_TYPE_WIDGET, NULL, "root");
  GtkExpression *is_active = gtk_property_expression_new (GTK_TYPE_WINDOW, root, "is-active");
  Notes *self = g_new0 (Notes, 1);

  if (all_notes == NULL)
    all_notes = g_ptr_array_new ();
  g_ptr_array_add (all_notes, self);
  self->page = page;
  self->number = ++last_number;
  for (guint i = 0; i < SOCKETEER_N_NOTIFY_KINDS; i++)
    g_queue_init (&self->items[i].lines);
  self->watch = gtk_expression_watch (is_active, page, look_cb, self, watch_gone_cb);
  gtk_expression_unref (is_active);
  g_signal_connect_data (page, "map", G_CALLBACK (look_cb), self, NULL, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_object_set_data_full (G_OBJECT (page), "notes", self, free_notes);
  return self;
}

void
socketeer_notify (GtkWidget *widget, SocketeerNotifyKind kind, guint64 n, const char *title, const char *text)
{
  GtkWidget *page = gtk_widget_get_ancestor (widget, SOCKETEER_TYPE_PAGE);
  Notes *notes;
  Item *item;

  if (page == NULL || n == 0 || g_application_get_default () == NULL || is_any_window_active () ||
      !g_settings_get_boolean (socketeer_settings_get (), kinds[kind].key))
    return;
  notes = get_notes (SOCKETEER_PAGE (page));
  if (notes == NULL)
    notes = add_notes (SOCKETEER_PAGE (page));
  if (notes->is_closed)
    return;
  item = &notes->items[kind];
  item->n += n;
  g_free (item->title);
  item->title = g_strdup (title);
  while (item->lines.length >= (kind == SOCKETEER_NOTIFY_TRANSFER ? MAX_LINES : 1))
    g_free (g_queue_pop_head (&item->lines));
  g_queue_push_tail (&item->lines, cut (text));
  if (item->is_due)
    return;
  item->is_due = TRUE;
  item->due = g_get_monotonic_time () + GATHER_US;
  set_timer ();
}

void
socketeer_notify_close (SocketeerPage *page)
{
  Notes *notes = get_notes (page);

  if (notes == NULL)
    return;
  withdraw_all (notes);
  notes->is_closed = TRUE;
  set_timer ();
}

/* -- The action -------------------------------------------------------------------------------------------------- */

static void
show_page_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  guint number = g_variant_get_uint32 (parameter);

  for (guint i = 0; all_notes != NULL && i < all_notes->len; i++)
    {
      Notes *notes = all_notes->pdata[i];
      GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (notes->page));

      if (notes->number != number || !SOCKETEER_IS_WINDOW (root))
        continue;
      _socketeer_window_select (SOCKETEER_WINDOW (root), notes->page);
      gtk_window_present (GTK_WINDOW (root));
      return;
    }
  /* Its tab was closed, or it is of another run of the program. */
  g_application_activate (user_data);
}

void
socketeer_notify_start (GtkApplication *application)
{
  static const GActionEntry entries[] = {
    { .name = "show-page", .activate = show_page_action, .parameter_type = "u" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries), application);
}
