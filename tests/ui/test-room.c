/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "skt-journal-limit.h"
#include "skt-journal-private.h"
#include "socketeer-page-private.h"
#include "socketeer-preferences.h"
#include "socketeer-settings.h"

#include <string.h>
#include <unistd.h>

/* What is shown and offered when a journal has no room: the page's banner, the status bar, the preferences. */

#define MIB (1024 * 1024)

typedef struct
{
  SktEngine *engine;
  SocketeerPage *page;
  SktSession *session;  /* borrowed */
  SktJournal *journal;  /* borrowed */
  GtkWidget *window;
  GPtrArray *toasts;    /* AdwToast */
  GtkLabel *kept;
  GtkWidget *warning;
  guint16 port;
} Fixture;

static void
toast_cb (SocketeerPage *page, AdwToast *toast, GPtrArray *toasts)
{
  g_ptr_array_add (toasts, g_object_ref (toast));
}

static void
set_limit (int mib)
{
  g_settings_set_int (socketeer_settings_get (), "journal-limit", mib);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  set_limit (4);
  self->engine = skt_engine_new ();
  self->page = g_object_ref_sink (socketeer_page_new (self->engine, SOCKETEER_PAGE_SERVER, &error));
  g_assert_no_error (error);
  self->session = socketeer_page_get_session (self->page);
  self->journal = skt_session_get_journal (self->session);
  self->toasts = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (self->page, "toast", G_CALLBACK (toast_cb), self->toasts);
  self->kept = check_child (self->page->status_bar, SOCKETEER_TYPE_STATUS_BAR, "kept_label");
  self->warning = check_child (self->page->status_bar, SOCKETEER_TYPE_STATUS_BAR, "warning_image");
  self->window = check_window_new (GTK_WIDGET (self->page));
  g_assert_true (socketeer_page_listen (self->page, "127.0.0.1:0"));
  check_wait (skt_session_get_state (self->session) == SKT_STATE_LISTENING);
  self->port = check_port_of (skt_session_get_target (self->session));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gpointer weak = self->page, weak_session = self->session;

  check_window_destroy (self->window);
  g_ptr_array_unref (self->toasts);
  g_object_add_weak_pointer (G_OBJECT (self->page), &weak);
  g_object_add_weak_pointer (G_OBJECT (self->session), &weak_session);
  socketeer_page_close (self->page);
  g_object_unref (self->page);
  check_wait (weak == NULL && weak_session == NULL);
  skt_engine_stop (self->engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->engine);
  g_settings_reset (socketeer_settings_get (), "journal-limit");
}

static gboolean
is_shown (Fixture *self, const char *name)
{
  return gtk_widget_is_visible (check_child (self->page, SOCKETEER_TYPE_PAGE, name));
}

static gboolean
kept_has (Fixture *self, const char *text)
{
  return strstr (gtk_label_get_label (self->kept), text) != NULL;
}

static void
wait_for_pause (Fixture *self)
{
  check_wait (skt_session_get_pause (self->session) == SKT_PAUSE_LIMIT);
  check_wait (gtk_revealer_get_reveal_child (self->page->problem_revealer));
}

static void
click (Fixture *self, const char *name)
{
  GtkButton *button = check_child (self->page, SOCKETEER_TYPE_PAGE, name);

  g_assert_true (gtk_widget_is_sensitive (GTK_WIDGET (button)));
  g_signal_emit_by_name (button, "clicked");
}

static void
end_flood (Fixture *self, CheckFlood *flood, GChecksum *received, guint64 length)
{
  check_wait (skt_session_get_bytes_received (self->session) == flood->length);
  check_wait (skt_session_get_n_open (self->session) == 0);
  check_journal_add_to_hash (self->journal, 1, SKT_RECORD_RECEIVED, received, &length);
  g_assert_cmpuint (length, ==, flood->length);
  check_flood_end (flood, received);
  g_checksum_free (received);
}

/* Banner, raise, and it goes on; again, because it was raised to twice as much only. */
static void
test_raise (Fixture *self, gconstpointer data)
{
  CheckFlood flood;

  g_assert_false (is_shown (self, "pause_box"));
  g_assert_false (gtk_widget_get_visible (self->warning));
  check_flood_start (&flood, self->port, 12 * MIB);
  wait_for_pause (self);
  g_assert_cmpstr (gtk_label_get_text (self->page->problem_label), ==,
                   "The journal has reached its limit of 4 MiB. Receiving is paused; nothing is lost: the sender waits.");
  g_assert_true (is_shown (self, "pause_box"));
  g_assert_true (is_shown (self, "pause_clear_button"));
  g_assert_true (is_shown (self, "resume_button"));
  g_assert_true (is_shown (self, "raise_button"));
  g_assert_cmpstr (gtk_button_get_label (self->page->raise_button), ==, "Raise Limit to 8 MiB");
  g_assert_true (gtk_widget_get_visible (self->warning));
  g_assert_cmpstr (gtk_label_get_label (self->kept), ==, "nothing dropped · receiving is paused · journal 3.9 MiB");

  /* Resume without room changes nothing. */
  click (self, "resume_button");
  check_run_for (50);
  g_assert_cmpint (skt_session_get_pause (self->session), ==, SKT_PAUSE_LIMIT);

  click (self, "raise_button");
  g_assert_cmpint (g_settings_get_int (socketeer_settings_get (), "journal-limit"), ==, 8);
  g_assert_cmpuint (self->toasts->len, ==, 1);
  check_wait (strstr (gtk_label_get_text (self->page->problem_label), "limit of 8 MiB.") != NULL);
  check_wait (g_str_equal (gtk_button_get_label (self->page->raise_button), "Raise Limit to 16 MiB"));
  click (self, "raise_button");
  check_wait (skt_session_get_pause (self->session) == SKT_PAUSE_NONE);
  g_assert_false (gtk_revealer_get_reveal_child (self->page->problem_revealer));
  g_assert_false (is_shown (self, "pause_box"));
  end_flood (self, &flood, g_checksum_new (G_CHECKSUM_SHA256), 0);
  check_wait (!gtk_widget_get_visible (self->warning));
  check_wait (kept_has (self, "nothing dropped · journal 12 MiB · "));
}

/* The banner hidden, the status bar still says it; what was typed wrongly meanwhile does not offer to clear. */
static void
test_hidden (Fixture *self, gconstpointer data)
{
  CheckFlood flood;

  check_flood_start (&flood, self->port, 6 * MIB);
  wait_for_pause (self);
  g_signal_emit_by_name (self->page->problem_close_button, "clicked");
  g_assert_false (gtk_revealer_get_reveal_child (self->page->problem_revealer));
  check_run_for (1200); /* it looks for room in vain */
  g_assert_false (gtk_revealer_get_reveal_child (self->page->problem_revealer));
  check_wait (kept_has (self, "receiving is paused"));

  g_signal_emit_by_name (self->page->server_bar, "problem", "This is no address.");
  g_assert_true (gtk_revealer_get_reveal_child (self->page->problem_revealer));
  g_assert_false (is_shown (self, "pause_box"));
  g_signal_emit_by_name (self->page->server_bar, "problem", NULL);
  g_assert_true (is_shown (self, "pause_box"));
  set_limit (0);
  end_flood (self, &flood, g_checksum_new (G_CHECKSUM_SHA256), 0);
}

static AdwMessageDialog *
find_question (Fixture *self)
{
  check_wait (self->page->question != NULL && gtk_widget_get_mapped (GTK_WIDGET (self->page->question)));
  return ADW_MESSAGE_DIALOG (self->page->question);
}

/* Clearing while paused is asked for, makes the room at once, and takes an older clear's undo with it. */
static void
test_clear (Fixture *self, gconstpointer data)
{
  CheckFlood flood;
  GChecksum *received = g_checksum_new (G_CHECKSUM_SHA256);
  guint64 length = 0, n;

  check_flood_start (&flood, self->port, 6 * MIB);
  wait_for_pause (self);
  click (self, "pause_clear_button");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (find_question (self)), "3.9 MiB"));
  gtk_window_close (GTK_WINDOW (find_question (self)));
  check_wait (self->page->question == NULL);
  g_assert_cmpuint (skt_journal_get_first_record (self->journal), ==, 0);

  n = check_journal_add_to_hash (self->journal, 1, SKT_RECORD_RECEIVED, received, &length);
  click (self, "pause_clear_button");
  adw_message_dialog_response (find_question (self), "clear");
  check_wait (skt_journal_get_first_record (self->journal) == n);
  check_wait (skt_session_get_pause (self->session) == SKT_PAUSE_NONE);
  g_assert_false (gtk_revealer_get_reveal_child (self->page->problem_revealer));
  check_wait (self->toasts->len == 1);
  g_assert_null (adw_toast_get_button_label (g_ptr_array_index (self->toasts, 0)));
  end_flood (self, &flood, received, length);
  g_assert_cmpuint (skt_journal_get_disk_size (self->journal), <, 3 * MIB);
  check_wait (kept_has (self, "journal 2.") || kept_has (self, "journal 2 MiB"));
}

/* An ordinary clear, that can be undone, keeps its bytes for a while; clearing for room ends that. */
static void
test_clear_ends_undo (Fixture *self, gconstpointer data)
{
  CheckFlood flood;
  int fd = check_socket_connect (self->port);
  g_autofree guint8 *bytes = check_random_bytes (2 * MIB);

  check_socket_send (fd, bytes, 2 * MIB);
  check_wait (skt_session_get_bytes_received (self->session) == 2 * MIB);
  gtk_widget_activate_action (GTK_WIDGET (self->page), "page.clear", NULL);
  check_wait (self->toasts->len == 1);
  g_assert_nonnull (adw_toast_get_button_label (g_ptr_array_index (self->toasts, 0)));
  g_assert_cmpuint (self->page->undo_toasts->len, ==, 1);
  g_assert_cmpuint (skt_journal_get_disk_size (self->journal), >, 2 * MIB);

  check_flood_start (&flood, self->port, 3 * MIB);
  wait_for_pause (self);
  gtk_widget_activate_action (GTK_WIDGET (self->page), "page.clear", NULL);
  adw_message_dialog_response (find_question (self), "clear");
  check_wait (skt_session_get_pause (self->session) == SKT_PAUSE_NONE);
  g_assert_cmpuint (self->page->undo_toasts->len, ==, 0);
  check_wait (skt_session_get_bytes_received (self->session) == 5 * MIB);
  g_assert_cmpuint (skt_journal_get_disk_size (self->journal), <, 2 * MIB);
  g_thread_join (flood.thread);
  g_checksum_free (flood.checksum);
  close (fd);
}

/* A question that is no longer one goes away. */
static void
test_question_closes (Fixture *self, gconstpointer data)
{
  CheckFlood flood;

  check_flood_start (&flood, self->port, 6 * MIB);
  wait_for_pause (self);
  click (self, "pause_clear_button");
  find_question (self);
  set_limit (0);
  check_wait (self->page->question == NULL);
  g_assert_cmpuint (skt_journal_get_first_record (self->journal), ==, 0);
  end_flood (self, &flood, g_checksum_new (G_CHECKSUM_SHA256), 0);
}

static void
test_page_closes_with_question (Fixture *self, gconstpointer data)
{
  CheckFlood flood;

  check_flood_start (&flood, self->port, 5 * MIB);
  wait_for_pause (self);
  click (self, "pause_clear_button");
  find_question (self);
  set_limit (0);
  check_wait (g_atomic_int_get (&flood.is_done));
  g_thread_join (flood.thread);
  g_checksum_free (flood.checksum);
}

/* The last tenth, and a disk that is nearly full, in words and with an icon. */
static void
test_warnings (Fixture *self, gconstpointer data)
{
  int fd = check_socket_connect (self->port);
  g_autofree guint8 *bytes = check_random_bytes (4 * MIB);

  check_socket_send (fd, bytes, 3 * MIB);
  check_wait (skt_session_get_bytes_received (self->session) == 3 * MIB);
  g_assert_false (gtk_widget_get_visible (self->warning));
  check_socket_send (fd, bytes, MIB * 7 / 10);
  check_wait (gtk_widget_get_visible (self->warning));
  check_wait (g_str_equal (gtk_label_get_label (self->kept), "nothing dropped · near the limit · journal 3.7 MiB of 4 MiB"));
  set_limit (8);
  check_wait (!gtk_widget_get_visible (self->warning));
  close (fd);
}

static gboolean
is_drawn (GtkWidget *widget)
{
  return gtk_widget_get_mapped (widget) && gtk_widget_get_height (widget) > 0;
}

/* Both ways: what is changed here is stored and holds at once; what is changed elsewhere is shown here. */
static void
test_preferences (Fixture *self, gconstpointer data)
{
  SocketeerPreferences *preferences = socketeer_preferences_new (GTK_WINDOW (self->window));
  GtkSwitch *automatic = check_child (preferences, SOCKETEER_TYPE_PREFERENCES, "automatic_switch");
  GtkSpinButton *spin = check_child (preferences, SOCKETEER_TYPE_PREFERENCES, "limit_spin");
  AdwActionRow *folder = check_child (preferences, SOCKETEER_TYPE_PREFERENCES, "folder_row");
  GSettings *settings = socketeer_settings_get ();
  g_autofree char *path = skt_journal_dup_sessions_path ();

  adw_preferences_window_set_visible_page_name (ADW_PREFERENCES_WINDOW (preferences), "storage");
  gtk_window_present (GTK_WINDOW (preferences));
  check_wait (is_drawn (GTK_WIDGET (spin)));
  g_assert_false (gtk_switch_get_active (automatic));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "4 MiB");
  g_assert_cmpstr (adw_action_row_get_subtitle (folder), ==, path);

  gtk_editable_set_text (GTK_EDITABLE (spin), "1700 MiB");
  gtk_spin_button_update (spin);
  g_assert_cmpint (g_settings_get_int (settings, "journal-limit"), ==, 1700);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "1.7 GiB");
  check_wait (skt_session_get_journal_limit (self->session) == G_GUINT64_CONSTANT (1700) * MIB);
  /* What is shown is rounded; looking at it changes nothing. */
  gtk_spin_button_update (spin);
  g_assert_cmpint (g_settings_get_int (settings, "journal-limit"), ==, 1700);

  gtk_editable_set_text (GTK_EDITABLE (spin), "much");
  gtk_spin_button_update (spin);
  g_assert_cmpint (g_settings_get_int (settings, "journal-limit"), ==, 1700);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "1.7 GiB");
  gtk_editable_set_text (GTK_EDITABLE (spin), "0");
  gtk_spin_button_update (spin);
  g_assert_cmpint (g_settings_get_int (settings, "journal-limit"), ==, 1);
  gtk_editable_set_text (GTK_EDITABLE (spin), "3");
  gtk_spin_button_update (spin);
  g_assert_cmpint (g_settings_get_int (settings, "journal-limit"), ==, 3 * 1024);

  gtk_switch_set_active (automatic, TRUE);
  g_assert_cmpint (g_settings_get_int (settings, "journal-limit"), ==, 0);
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (spin)));
  check_wait (skt_session_get_journal_limit (self->session) ==
              skt_journal_compute_automatic_limit (self->journal->measured_size, skt_journal_get_free_disk (self->journal)));
  gtk_switch_set_active (automatic, FALSE);
  g_assert_cmpint (g_settings_get_int (settings, "journal-limit"), ==, 3 * 1024);

  set_limit (20 * 1024);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "20 GiB");
  set_limit (0);
  g_assert_true (gtk_switch_get_active (automatic));
  check_window_destroy (GTK_WIDGET (preferences));
}

/* Without anything chosen it begins with the limit that there is. */
static void
test_preferences_default (Fixture *self, gconstpointer data)
{
  SocketeerPreferences *preferences;
  GtkSpinButton *spin;
  GtkSwitch *automatic;

  set_limit (0);
  preferences = socketeer_preferences_new (NULL);
  spin = check_child (preferences, SOCKETEER_TYPE_PREFERENCES, "limit_spin");
  automatic = check_child (preferences, SOCKETEER_TYPE_PREFERENCES, "automatic_switch");
  adw_preferences_window_set_visible_page_name (ADW_PREFERENCES_WINDOW (preferences), "storage");
  gtk_window_present (GTK_WINDOW (preferences));
  check_wait (is_drawn (GTK_WIDGET (spin)));
  g_assert_true (gtk_switch_get_active (automatic));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "16 GiB");
  g_assert_cmpint (g_settings_get_int (socketeer_settings_get (), "journal-limit"), ==, 0);
  gtk_switch_set_active (automatic, FALSE);
  g_assert_cmpint (g_settings_get_int (socketeer_settings_get (), "journal-limit"), ==, 16 * 1024);
  check_window_destroy (GTK_WIDGET (preferences));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
  ADD ("/ui/room/raise", test_raise);
  ADD ("/ui/room/hidden", test_hidden);
  ADD ("/ui/room/clear", test_clear);
  ADD ("/ui/room/clear-ends-undo", test_clear_ends_undo);
  ADD ("/ui/room/question-closes", test_question_closes);
  ADD ("/ui/room/page-closes-with-question", test_page_closes_with_question);
  ADD ("/ui/room/warnings", test_warnings);
  ADD ("/ui/room/preferences", test_preferences);
  ADD ("/ui/room/preferences-default", test_preferences_default);
  return g_test_run ();
}
