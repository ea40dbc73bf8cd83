/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-start-page.h"

#include <glib/gi18n.h>

#include "socketeer-mnemonic.h"
#include "socketeer-recent-row.h"
#include "socketeer-shortcuts.h"
#include "socketeer-stores.h"

struct _SocketeerStartPage
{
  GtkWidget parent_instance;

  /* template */
  GtkWidget *scroller, *connect_button, *recent_box;
  GtkListBox *list;
  GtkLabel *problem_label;

  /* owned */
  SktRecent *recent; /* NULL: not asked for yet */
};

enum
{
  OPEN,
  TOAST,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerStartPage, socketeer_start_page, GTK_TYPE_WIDGET)

char *
socketeer_start_page_dup_time (GDateTime *time, GDateTime *now)
{
  int year, month, day, year_now, month_now, day_now;
  g_autoptr (GDateTime) day_before = g_date_time_add_days (now, -1);

  g_date_time_get_ymd (time, &year, &month, &day);
  g_date_time_get_ymd (now, &year_now, &month_now, &day_now);
  if (year == year_now && month == month_now && day == day_now)
    return g_date_time_format (time, "%H:%M");
  g_date_time_get_ymd (day_before, &year_now, &month_now, &day_now);
  if (year == year_now && month == month_now && day == day_now)
    /* Translators: when an endpoint was used */
    return g_strdup (_ ("yesterday"));
  return g_date_time_format (time, "%x");
}

static char *
dup_time (gint64 time, GDateTime *now)
{
  g_autoptr (GDateTime) used = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);
  return used != NULL ? socketeer_start_page_dup_time (used, now) : g_strdup ("?");
}

/* -- Removing ------------------------------------------------------------------------------------------------- */

typedef struct
{
  SktRecentKind kind;
  char *endpoint;
  gint64 time;
} Removed;

static void
removed_free (gpointer data)
{
  Removed *removed = data;

  g_free (removed->endpoint);
  g_free (removed);
}

static void
undo_cb (AdwToast *toast, gpointer user_data)
{
  GPtrArray *removed = user_data;

  for (guint i = 0; i < removed->len; i++)
    {
      const Removed *one = g_ptr_array_index (removed, i);
      skt_recent_add (socketeer_stores_get_recent (), one->kind, one->endpoint, one->time);
    }
}

static void
add_removed (GPtrArray *removed, const SktRecentEntry *entry)
{
  Removed *one = g_new (Removed, 1);

  *one = (Removed){ entry->kind, g_strdup (entry->endpoint), entry->time };
  g_ptr_array_add (removed, one);
}

static void
array_unref_notify (gpointer data, GClosure *closure)
{
  g_ptr_array_unref (data);
}

/* Takes the array. */
static void
offer_undo (SocketeerStartPage *self, GPtrArray *removed)
{
  g_autofree char *text = g_strdup_printf (ngettext ("%u endpoint was removed from the list", "%u endpoints were removed from the list",
                                                     removed->len),
                                           removed->len);
  g_autoptr (AdwToast) toast = adw_toast_new (text);

  adw_toast_set_button_label (toast, _ ("Undo"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_cb), removed, array_unref_notify, 0);
  g_signal_emit (self, signals[TOAST], 0, toast);
}

static void
clear_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SocketeerStartPage *self = SOCKETEER_START_PAGE (widget);
  GPtrArray *removed = g_ptr_array_new_with_free_func (removed_free);

  for (guint i = 0; i < skt_recent_get_n (self->recent); i++)
    add_removed (removed, skt_recent_get (self->recent, i));
  skt_recent_clear (self->recent);
  offer_undo (self, removed);
  gtk_widget_grab_focus (self->connect_button);
}

static void
remove_cb (SocketeerRecentRow *row, gpointer user_data)
{
  SocketeerStartPage *self = user_data;
  int index = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));
  GPtrArray *removed = g_ptr_array_new_with_free_func (removed_free);
  const Removed *one;
  GtkListBoxRow *next;

  add_removed (removed, socketeer_recent_row_get_entry (row));
  one = g_ptr_array_index (removed, 0);
  skt_recent_remove (self->recent, one->kind, one->endpoint); /* the row is gone now */
  offer_undo (self, removed);
  next = gtk_list_box_get_row_at_index (self->list, MAX (0, MIN (index, (int) skt_recent_get_n (self->recent) - 1)));
  gtk_widget_grab_focus (next != NULL ? GTK_WIDGET (next) : self->connect_button);
}

static gboolean
key_cb (GtkWidget *widget, const char *name, gpointer user_data)
{
  SocketeerStartPage *self = user_data;
  GtkWidget *row = gtk_widget_get_focus_child (GTK_WIDGET (self->list));

  if (row == NULL)
    return GDK_EVENT_PROPAGATE;
  remove_cb (SOCKETEER_RECENT_ROW (row), self);
  return GDK_EVENT_STOP;
}

/* -- The list -------------------------------------------------------------------------------------------------- */

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, gpointer user_data)
{
  const SktRecentEntry *entry = socketeer_recent_row_get_entry (SOCKETEER_RECENT_ROW (row));
  g_autofree char *endpoint = g_strdup (entry->endpoint);

  g_signal_emit (user_data, signals[OPEN], 0, entry->kind, endpoint);
}

static void
fill (SocketeerStartPage *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *problem = NULL;
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < skt_recent_get_n (self->recent); i++)
    {
      const SktRecentEntry *entry = skt_recent_get (self->recent, i);
      g_autofree char *time = dup_time (entry->time, now);

      row = socketeer_recent_row_new (entry, time);
      g_signal_connect (row, "remove", G_CALLBACK (remove_cb), self);
      gtk_list_box_append (self->list, row);
    }
  gtk_widget_set_visible (self->recent_box, skt_recent_get_n (self->recent) > 0);
  g_object_get (self->recent, "problem", &problem, NULL);
  gtk_label_set_label (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
}

/* Otherwise it is made when it is shown. */
static void
changed_cb (SocketeerStartPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    fill (self);
}

/* What was "13:02" is yesterday now: made anew whenever it is shown. */
static void
socketeer_start_page_map (GtkWidget *widget)
{
  SocketeerStartPage *self = SOCKETEER_START_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  if (self->recent == NULL)
    {
      self->recent = g_object_ref (socketeer_stores_get_recent ());
      g_signal_connect_object (self->recent, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->recent, "notify::problem", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
    }
  fill (self);
  GTK_WIDGET_CLASS (socketeer_start_page_parent_class)->map (widget);
  /* The last tab was closed: the keyboard must be somewhere. */
  if (root != NULL && gtk_root_get_focus (root) == NULL)
    gtk_widget_grab_focus (self->connect_button);
}

GtkWidget *
socketeer_start_page_get_first (SocketeerStartPage *self)
{
  g_return_val_if_fail (SOCKETEER_IS_START_PAGE (self), NULL);
  return self->connect_button;
}

static void
socketeer_start_page_dispose (GObject *object)
{
  SocketeerStartPage *self = SOCKETEER_START_PAGE (object);

  g_clear_object (&self->recent);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  G_OBJECT_CLASS (socketeer_start_page_parent_class)->dispose (object);
}

static void
socketeer_start_page_class_init (SocketeerStartPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_start_page_dispose;
  widget_class->map = socketeer_start_page_map;
  signals[OPEN] = g_signal_new ("open", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT,
                                G_TYPE_STRING);
  signals[TOAST] = g_signal_new ("toast", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, ADW_TYPE_TOAST);
  gtk_widget_class_install_action (widget_class, "start.clear-recent", NULL, clear_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerStartPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, SocketeerStartPage, connect_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerStartPage, recent_box);
  gtk_widget_class_bind_template_child (widget_class, SocketeerStartPage, list);
  gtk_widget_class_bind_template_child (widget_class, SocketeerStartPage, problem_label);
}

static void
socketeer_start_page_init (SocketeerStartPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_mnemonic_keep_names (GTK_WIDGET (self));
  socketeer_shortcuts_add (GTK_WIDGET (self->list), "recent", GTK_PHASE_BUBBLE, key_cb, self);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (row_activated_cb), self);
}
